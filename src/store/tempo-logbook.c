/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/tempo-logbook.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tempo-clock.h"
#include "store/tempo-files.h"

/* What waits for a slow disk, of one organization. More is left out, and how much is told. */
#define MAX_WAITING (64 * 1024)
/* Room for the time and the level in front of what is said. */
#define MAX_HEAD 64

typedef struct
{
  char *folder;     /* (owned) organizations/ID/logs */
  char *id;         /* (owned) */
  GString *waiting; /* (owned) whole lines */
  guint left_out;   /* lines that found no room since the last that did */
  gboolean writing; /* the thread is at the files */
  gboolean failing; /* and told so */
} House;

struct _TempoLogbook
{
  char *data_dir; /* (owned) */
  GMutex lock;
  GCond changed;
  GHashTable *houses; /* (owned) id → House */
  GThread *thread;    /* (nullable) from the first line on */
  gboolean ending;
};

static void
free_house (gpointer data)
{
  g_autofree House *house = data;

  g_clear_pointer (&house->folder, g_free);
  g_clear_pointer (&house->id, g_free);
  g_string_free (house->waiting, TRUE);
}

static char *
name_file (const char *folder, guint number)
{
  g_autofree char *name = number == 0 ? g_strdup ("tempo.log") : g_strdup_printf ("tempo.%u.log", number);

  return g_build_filename (folder, name, NULL);
}

/* The oldest goes, the others move on. */
static gboolean
rotate (const char *folder, GError **error)
{
  for (guint i = TEMPO_LOGBOOK_FILES - 1; i > 0; i--)
    {
      g_autofree char *from = name_file (folder, i - 1);
      g_autofree char *to = name_file (folder, i);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        return tempo_files_fail ("Moving", from, errno, error);
    }
  return TRUE;
}

/* (-1 on failure). Never through a link, and never the folder of an organization that is gone. */
static int
open_file (const char *folder, GError **error)
{
  g_autofree char *path = name_file (folder, 0);
  int fd = -1;

  if (g_mkdir (folder, 0700) != 0 && errno != EEXIST)
    {
      tempo_files_fail ("Making the folder", folder, errno, error);
      return -1;
    }
  fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    tempo_files_fail ("Opening", path, errno, error);
  return fd;
}

/* All or nothing: half a line would be taken for a whole one. */
static gboolean
append (int fd, goffset size, const GString *lines, GError **error)
{
  gsize done = 0;

  while (done < lines->len)
    {
      ssize_t step = write (fd, lines->str + done, lines->len - done);
      int number = errno;

      if (step < 0 && number == EINTR)
        continue;
      if (step < 0)
        {
          if (done > 0 && ftruncate (fd, size) != 0)
            number = errno;
          return tempo_files_fail ("Writing", "tempo.log", number, error);
        }
      done += (gsize) step;
    }
  return TRUE;
}

static gboolean
write_lines (const char *folder, const GString *lines, GError **error)
{
  int fd = open_file (folder, error);
  struct stat info = { 0 };
  gboolean written = FALSE;

  if (fd >= 0 && fstat (fd, &info) == 0 && info.st_size > 0
      && info.st_size + (goffset) lines->len > TEMPO_LOGBOOK_FILE_BYTES)
    {
      close (fd);
      if (!rotate (folder, error))
        return FALSE;
      info.st_size = 0;
      fd = open_file (folder, error);
    }
  if (fd < 0)
    return FALSE;
  written = append (fd, info.st_size, lines, error);
  close (fd);
  return written;
}

/* With the lock, which is given back while the disk is asked. */
static void
serve (TempoLogbook *self, House *house)
{
  g_autoptr (GString) lines = house->waiting;
  g_autoptr (GError) error = NULL;
  gboolean written = FALSE;

  house->waiting = g_string_new (NULL);
  house->writing = TRUE;
  g_mutex_unlock (&self->lock);
  written = write_lines (house->folder, lines, &error);
  g_mutex_lock (&self->lock);
  /* Said where it can be said, once. */
  if (!written && !house->failing)
    g_message ("The logbook of %s is not written: %s", house->id, error->message);
  house->failing = !written;
  house->writing = FALSE;
  g_cond_broadcast (&self->changed);
}

static House *
find_waiting (TempoLogbook *self)
{
  GHashTableIter iter;
  gpointer house = NULL;

  g_hash_table_iter_init (&iter, self->houses);
  while (g_hash_table_iter_next (&iter, NULL, &house))
    if (((House *) house)->waiting->len > 0)
      return house;
  return NULL;
}

static gpointer
write_thread (gpointer data)
{
  TempoLogbook *self = data;
  House *house = NULL;

  g_mutex_lock (&self->lock);
  while ((house = find_waiting (self)) != NULL || !self->ending)
    if (house != NULL)
      serve (self, house);
    else
      g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return NULL;
}

/**
 * tempo_logbook_new: files for what each organization's machinery says
 * @data_dir: of the host; nothing is made in it before the first line
 *
 * Returns: (transfer full): a logbook in which nobody is admitted yet
 */
TempoLogbook *
tempo_logbook_new (const char *data_dir)
{
  TempoLogbook *self = g_new0 (TempoLogbook, 1);

  self->data_dir = g_strdup (data_dir);
  self->houses = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_house);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

/**
 * tempo_logbook_free: writes what waits, then ends the thread
 * @self: (transfer full): a logbook
 */
void
tempo_logbook_free (TempoLogbook *self)
{
  g_mutex_lock (&self->lock);
  self->ending = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_hash_table_unref (self->houses);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self->data_dir);
  g_free (self);
}

/**
 * tempo_logbook_get_path: where the newest lines are
 * @organization_id: whose; there may be no file yet
 *
 * Returns: (transfer full): the path
 */
char *
tempo_logbook_get_path (const char *data_dir, const char *organization_id)
{
  g_return_val_if_fail (organization_id != NULL && strchr (organization_id, '/') == NULL, NULL);

  return g_build_filename (data_dir, "organizations", organization_id, "logs", "tempo.log", NULL);
}

/**
 * tempo_logbook_admit: takes down what is said of an organization from now on
 * @organization_id: one whose folder is there, or that will be silent
 */
void
tempo_logbook_admit (TempoLogbook *self, const char *organization_id)
{
  g_autofree char *path = tempo_logbook_get_path (self->data_dir, organization_id);
  House *house = NULL;

  g_return_if_fail (path != NULL);
  g_mutex_lock (&self->lock);
  if (!g_hash_table_contains (self->houses, organization_id))
    {
      house = g_new0 (House, 1);
      house->id = g_strdup (organization_id);
      house->folder = g_path_get_dirname (path);
      house->waiting = g_string_new (NULL);
      g_hash_table_insert (self->houses, house->id, house);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * tempo_logbook_dismiss: leaves an organization's files alone from now on, so that they can be removed
 * @organization_id: what of it waits is dropped
 */
void
tempo_logbook_dismiss (TempoLogbook *self, const char *organization_id)
{
  House *house = NULL;

  g_mutex_lock (&self->lock);
  while ((house = g_hash_table_lookup (self->houses, organization_id)) != NULL && house->writing)
    g_cond_wait (&self->changed, &self->lock);
  g_hash_table_remove (self->houses, organization_id);
  g_mutex_unlock (&self->lock);
}

/* One line, whatever @text holds: a break in it must not look like another entry. */
static char *
make_line (gint64 at, const char *level, const char *text)
{
  g_autofree char *time = tempo_time_format (at);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  gsize length = strlen (valid);

  if (length > TEMPO_LOGBOOK_LINE_BYTES)
    *g_utf8_find_prev_char (valid, valid + TEMPO_LOGBOOK_LINE_BYTES + 1) = '\0';
  for (char *at_byte = valid; *at_byte != '\0'; at_byte++)
    if (g_ascii_iscntrl (*at_byte))
      *at_byte = ' ';
  return g_strdup_printf ("%s %s %s\n", time, level, valid);
}

static void
queue_line (TempoLogbook *self, House *house, gint64 at, const char *line)
{
  g_autofree char *note = NULL;
  gsize length = strlen (line);

  if (house->waiting->len + length + MAX_HEAD > MAX_WAITING)
    {
      house->left_out++;
      return;
    }
  if (house->left_out > 0)
    {
      g_autofree char *words = g_strdup_printf ("%u lines were left out here", house->left_out);

      note = make_line (at, "warning", words);
      g_string_append (house->waiting, note);
      house->left_out = 0;
    }
  g_string_append_len (house->waiting, line, (gssize) length);
  if (self->thread == NULL)
    self->thread = g_thread_new ("tempo-logbook", write_thread, self);
  g_cond_broadcast (&self->changed);
}

/**
 * tempo_logbook_add: takes down one line
 * @organization_id: whose; of one that is not admitted nothing is kept
 * @at: wall time
 * @level: a word
 * @text: may hold anything; cut and cleaned to one line
 */
void
tempo_logbook_add (TempoLogbook *self, const char *organization_id, gint64 at, const char *level, const char *text)
{
  g_autofree char *line = make_line (at, level, text);
  House *house = NULL;

  g_mutex_lock (&self->lock);
  house = g_hash_table_lookup (self->houses, organization_id);
  if (house != NULL)
    queue_line (self, house, at, line);
  g_mutex_unlock (&self->lock);
}

static gboolean
is_busy (TempoLogbook *self)
{
  GHashTableIter iter;
  gpointer house = NULL;

  g_hash_table_iter_init (&iter, self->houses);
  while (g_hash_table_iter_next (&iter, NULL, &house))
    if (((House *) house)->writing || ((House *) house)->waiting->len > 0)
      return TRUE;
  return FALSE;
}

/**
 * tempo_logbook_flush: waits until all that was added before was written, or could not be
 * @self: a logbook
 */
void
tempo_logbook_flush (TempoLogbook *self)
{
  g_mutex_lock (&self->lock);
  while (is_busy (self))
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* (nullable) without @error when there is no such file, or it is the one that was read last and has moved on since. */
static char *
read_whole (const char *path, struct stat *last, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info = { 0 };
  g_autofree char *text = NULL;
  gsize length = 0;
  ssize_t step = 0;

  if (fd < 0 && errno == ENOENT)
    return NULL;
  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      tempo_files_fail ("Opening", path, fd < 0 ? errno : EINVAL, error);
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (info.st_dev != last->st_dev || info.st_ino != last->st_ino)
    {
      text = g_malloc (TEMPO_LOGBOOK_FILE_BYTES + 1);
      while (length < TEMPO_LOGBOOK_FILE_BYTES
             && ((step = read (fd, text + length, TEMPO_LOGBOOK_FILE_BYTES - length)) > 0 || (step < 0 && errno == EINTR)))
        length += (gsize) MAX (step, 0);
      text[length] = '\0';
      if (step < 0)
        tempo_files_fail ("Reading", path, errno, error);
      *last = info;
    }
  close (fd);
  return step < 0 ? NULL : g_steal_pointer (&text);
}

/* Where the last @lines of @text begin; @lines gets how many of them are missing. */
static const char *
find_last (const char *text, guint *lines)
{
  const char *begin = text + strlen (text);

  while (begin > text && *lines > 0)
    {
      const char *end = begin - 1;

      for (begin = end; begin > text && begin[-1] != '\n';)
        begin--;
      (*lines)--;
    }
  return begin;
}

/**
 * tempo_logbook_read: what was said last
 * @lines: at most so many
 *
 * Blocks for the disk. Another process may be writing: what it says meanwhile may be missing, and is never there twice.
 *
 * Returns: (transfer full): whole lines, oldest first; "" when there are none; NULL with a TEMPO_STORE_ERROR
 */
char *
tempo_logbook_read (const char *data_dir, const char *organization_id, guint lines, GError **error)
{
  g_autofree char *newest = tempo_logbook_get_path (data_dir, organization_id);
  g_autofree char *folder = newest != NULL ? g_path_get_dirname (newest) : NULL;
  g_autoptr (GString) all = g_string_new (NULL);
  struct stat last = { 0 };

  g_return_val_if_fail (newest != NULL, NULL);

  lines = MIN (lines, TEMPO_LOGBOOK_MAX_LINES);
  for (guint i = 0; i < TEMPO_LOGBOOK_FILES && lines > 0; i++)
    {
      g_autoptr (GError) failure = NULL;
      g_autofree char *path = name_file (folder, i);
      g_autofree char *text = read_whole (path, &last, &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (text != NULL)
        g_string_prepend (all, find_last (text, &lines));
    }
  return g_string_free (g_steal_pointer (&all), FALSE);
}
