/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpris/tempo-mpris-pictures.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "music/tempo-artwork.h"

/* A player may name the file before it has written it: it is looked for again after 1, 2, 4, 8 and 16 seconds. */
#define MAX_TRIES 5

struct _TempoMprisPictures
{
  TempoMprisPicturesFunc changed;
  gpointer user_data;
  GCancellable *cancellable; /* (owned) */
  GHashTable *pictures; /* (owned) id -> GBytes */
  GQueue order;         /* (unowned) ids, the oldest first */
  char *wanted;         /* (owned) (nullable) id; also of one that turned out to be none */
  char *path;           /* (owned) (nullable) its file */
  GSource *again;       /* (owned) (nullable) until it is tried again */
  guint tries;          /* that brought nothing */
  gboolean reading;     /* one at a time: a disk that hangs costs one thread */
};

typedef struct
{
  TempoMprisPictures *self; /* (unowned) not to be touched when the read was cancelled */
  char *id;                 /* (owned) */
  char *path;               /* (owned) */
} Read;

static void
free_read (gpointer data)
{
  Read *read = data;

  g_free (read->id);
  g_free (read->path);
  g_free (read);
}

static GBytes *
read_all (int fd, gsize size)
{
  g_autofree guint8 *data = g_malloc (size);
  gsize got = 0;

  while (got < size)
    {
      gssize n = read (fd, data + got, size - got);

      if (n == 0 || (n < 0 && errno != EINTR))
        return NULL;
      got += (gsize) MAX (n, 0);
    }
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

/* A player may name a pipe or a device; opening it must not wait, and only a file has a size to go by. */
static GBytes *
read_file (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
  GBytes *bytes = NULL;
  struct stat info;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && info.st_size > 0 && info.st_size <= TEMPO_ARTWORK_MAX_SOURCE)
    bytes = read_all (fd, (gsize) info.st_size);
  close (fd);
  return bytes;
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Read *read = task_data;
  g_autoptr (GBytes) bytes = read_file (read->path);

  g_task_return_pointer (task, bytes && tempo_artwork_is_whole (bytes) ? tempo_artwork_fit (bytes) : NULL, (GDestroyNotify) g_bytes_unref);
}

static void begin_read (TempoMprisPictures *self);

static void
keep (TempoMprisPictures *self, const char *id, GBytes *picture)
{
  char *key = g_strdup (id);

  if (g_queue_get_length (&self->order) >= TEMPO_MPRIS_MAX_PICTURES)
    g_hash_table_remove (self->pictures, g_queue_pop_head (&self->order));
  g_hash_table_insert (self->pictures, key, g_bytes_ref (picture));
  g_queue_push_tail (&self->order, key);
}

static void
stop_trying (TempoMprisPictures *self)
{
  if (self->again != NULL)
    g_source_destroy (self->again);
  g_clear_pointer (&self->again, g_source_unref);
}

static gboolean
again_cb (gpointer data)
{
  TempoMprisPictures *self = data;

  g_clear_pointer (&self->again, g_source_unref);
  if (!self->reading)
    begin_read (self);
  return G_SOURCE_REMOVE;
}

static void
try_later (TempoMprisPictures *self)
{
  if (self->tries >= MAX_TRIES)
    return;
  self->again = g_timeout_source_new (1000u << self->tries++);
  g_source_set_callback (self->again, again_cb, self, NULL);
  g_source_attach (self->again, g_main_context_get_thread_default ());
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Read *read = g_task_get_task_data (G_TASK (result));
  TempoMprisPictures *self = read->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    return;
  self->reading = FALSE;
  if (picture != NULL)
    keep (self, read->id, picture);
  if (self->wanted != NULL && tempo_mpris_pictures_get (self, self->wanted) == NULL)
    {
      if (g_str_equal (self->wanted, read->id))
        try_later (self);
      else
        begin_read (self);
    }
  if (picture != NULL)
    self->changed (self->user_data);
}

static void
begin_read (TempoMprisPictures *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, read_cb, NULL);
  Read *read = g_new (Read, 1);

  *read = (Read) { self, g_strdup (self->wanted), g_strdup (self->path) };
  g_task_set_source_tag (task, begin_read);
  g_task_set_task_data (task, read, free_read);
  self->reading = TRUE;
  g_task_run_in_thread (task, read_thread);
}

/**
 * tempo_mpris_pictures_want:
 *
 * Only the last one wanted waits for the read under way.
 */
void
tempo_mpris_pictures_want (TempoMprisPictures *self, const char *id, const char *path)
{
  if (g_strcmp0 (self->wanted, id) == 0)
    return;
  stop_trying (self);
  self->tries = 0;
  g_free (self->wanted);
  g_free (self->path);
  self->wanted = g_strdup (id);
  self->path = g_strdup (path);
  if (id != NULL && !self->reading && tempo_mpris_pictures_get (self, id) == NULL)
    begin_read (self);
}

GBytes *
tempo_mpris_pictures_get (TempoMprisPictures *self, const char *id)
{
  return id ? g_hash_table_lookup (self->pictures, id) : NULL;
}

TempoMprisPictures *
tempo_mpris_pictures_new (TempoMprisPicturesFunc changed, gpointer user_data)
{
  TempoMprisPictures *self = g_new0 (TempoMprisPictures, 1);

  self->changed = changed;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_queue_init (&self->order);
  return self;
}

void
tempo_mpris_pictures_free (TempoMprisPictures *self)
{
  if (self == NULL)
    return;
  stop_trying (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_queue_clear (&self->order);
  g_clear_pointer (&self->pictures, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}
