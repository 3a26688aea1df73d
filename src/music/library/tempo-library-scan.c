/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-scan.h"

#include <glib/gstdio.h>
#include <string.h>

#include "music/tempo-artwork.h"
#include "music/library/tempo-library-walk.h"
#include "music/library/tempo-library-watch.h"
#include "music/tempo-worker.h"

#define BATCH_US (G_USEC_PER_SEC / 4)  /* a transaction's longest life: how old a search may be */
#define RETRY_SECONDS 10               /* a folder that is not there is looked for this often */
#define RESCAN_SECONDS 600             /* when not all folders can be watched */
#define STOP_WAIT (3 * G_USEC_PER_SEC)

/* What lives on the worker. */
typedef struct
{
  char *index_path; /* (owned) */
  char *artwork_dir; /* (owned) */
  GMainContext *engine; /* (owned) where reports go */
  GMainContext *context; /* (owned) the worker's */
  TempoLibraryIndex *index; /* (owned) (nullable) */
  TempoLibraryReader *reader; /* (owned) (nullable) made for the first file */
  TempoLibraryReadFunc read_func; /* (nullable) the seam */
  gpointer read_data;
  TempoLibraryWatch *watch; /* (owned) (nullable) */
  GSource *timer; /* (owned) (nullable) the next look without being told */
  guint quiet_ms;
  char *folder; /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) of the work at hand */
  TempoLibraryScan *owner; /* (owned) for reports only; never looked into here */
  TempoScanReport report; /* what was told last */
  gint64 last_commit; /* monotonic */
} Scanner;

struct _TempoLibraryScan
{
  int references; /* (atomic) the owner's, the scanner's and one for each report on its way */
  TempoWorker *worker; /* (owned) */
  Scanner *scanner; /* (owned by the worker) */
  GCancellable *cancellable; /* (owned) of the newest work */
  TempoScanFunc func; /* (nullable) engine thread; NULL once freed */
  gpointer user_data;
};

typedef struct
{
  Scanner *scanner;
  GCancellable *cancellable; /* (owned) (nullable) */
  char *text; /* (owned) (nullable) folder or song id */
  char *reason; /* (owned) (nullable) */
} Job;

typedef struct
{
  TempoLibraryScan *owner; /* (owned) */
  TempoScanReport report;
} Told;

static void
free_job (gpointer data)
{
  g_autofree Job *job = data;

  g_clear_object (&job->cancellable);
  g_clear_pointer (&job->text, g_free);
  g_clear_pointer (&job->reason, g_free);
}

static void
scan_unref (TempoLibraryScan *self)
{
  if (g_atomic_int_dec_and_test (&self->references))
    g_free (self);
}

static void
tell_func (gpointer data)
{
  Told *told = data;

  if (told->owner->func)
    told->owner->func (&told->report, told->owner->user_data);
}

static void
free_told (gpointer data)
{
  g_autofree Told *told = data;

  g_clear_pointer (&told->report.trouble, g_free);
  scan_unref (told->owner);
}

static void
tell (Scanner *self)
{
  Told *told = g_new0 (Told, 1);

  g_atomic_int_inc (&self->owner->references);
  told->owner = self->owner;
  told->report = self->report;
  told->report.trouble = g_strdup (self->report.trouble);
  tempo_post (self->engine, tell_func, told, free_told);
  self->report.changed = FALSE;
}

/* Commits what was written, when it is time or @now, and tells how far it is. */
static gboolean
breathe (Scanner *self, gboolean now, GError **error)
{
  gint64 time = g_get_monotonic_time ();

  if (!now && time - self->last_commit < BATCH_US)
    return TRUE;
  if (!tempo_library_index_commit (self->index, error))
    return FALSE;
  if (self->report.changed)
    self->report.counts = tempo_library_index_count (self->index);
  tell (self);
  self->last_commit = time;
  return tempo_library_index_begin (self->index, error);
}

static gboolean
step_cb (TempoLibraryWalk *walk, gpointer user_data, GError **error)
{
  Scanner *self = user_data;

  self->report.changed = self->report.changed || walk->changed;
  walk->changed = FALSE;
  self->report.total = walk->found;
  self->report.scanned = walk->found - walk->pending->len;
  return breathe (self, FALSE, error);
}

static TempoReading *
read_file (Scanner *self, const char *path, GError **error)
{
  if (self->read_func != NULL)
    return self->read_func (path, self->cancellable, self->read_data, error);
  if (self->reader == NULL)
    self->reader = tempo_library_reader_new (TEMPO_LIBRARY_READ_TIMEOUT, error);
  return self->reader ? tempo_library_reader_read (self->reader, path, self->cancellable, error) : NULL;
}

/* Opens one file and stores what it is, or why it is nothing. */
static gboolean
read_pending (Scanner *self, const TempoPendingFile *file, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, file->dir, file->name, NULL);
  g_autofree char *artwork = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (TempoReading) reading = read_file (self, path, &reason);
  TempoIndexFile stored;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (reading != NULL)
    {
      tempo_reading_complete (reading, file->name);
      /* A song without its picture is still a song. */
      if (reading->image != NULL)
        artwork = tempo_artwork_store (self->artwork_dir, reading->image, NULL);
    }
  self->report.changed = TRUE;
  stored = (TempoIndexFile){ file->dir_row, file->dir,  file->name,
                             file->mtime,   file->size, reason ? reason->message : NULL };
  return tempo_library_index_put (self->index, &stored, reading, artwork, error);
}

static gboolean
read_all_pending (Scanner *self, TempoLibraryWalk *walk, GError **error)
{
  for (guint i = 0; i < walk->pending->len; i++)
    {
      if (!read_pending (self, g_ptr_array_index (walk->pending, i), error))
        return FALSE;
      self->report.scanned++;
      if (!breathe (self, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

static void
forget_used_cb (const char *artwork, gpointer user_data)
{
  g_hash_table_remove (user_data, artwork);
}

/* Pictures that nothing shows any more. */
static void
sweep_artwork (Scanner *self)
{
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open (self->artwork_dir, 0, NULL);
  GHashTableIter iter;
  gpointer key;

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name != NULL; name = g_dir_read_name (dir))
    g_hash_table_add (files, g_strdup (name));
  tempo_library_index_foreach_artwork (self->index, forget_used_cb, files);
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autofree char *path = tempo_artwork_path (self->artwork_dir, key);

      if (path != NULL)
        g_unlink (path);
    }
}

static void look_at_all (Scanner *self);

static gboolean
timer_cb (gpointer data)
{
  Scanner *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  look_at_all (self);
  return G_SOURCE_REMOVE;
}

static void
set_timer (Scanner *self, guint seconds)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (seconds == 0)
    return;
  self->timer = g_timeout_source_new_seconds (seconds);
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* Ends a look: what was found is told, and when the next one is due. */
static void
finish_look (Scanner *self, gboolean missing, GError *error)
{
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_pointer (&self->report.trouble, g_free);
  if (error != NULL && !cancelled)
    self->report.trouble = g_strdup (error->message);
  self->report.counts = tempo_library_index_count (self->index);
  self->report.scanning = FALSE;
  self->report.missing = missing;
  tell (self);
  if (cancelled)
    return;
  if (missing)
    g_clear_pointer (&self->watch, tempo_library_watch_free);
  if (missing || error != NULL)
    set_timer (self, RETRY_SECONDS);
  else
    set_timer (self, self->watch && tempo_library_watch_get_unwatched (self->watch) > 0 ? RESCAN_SECONDS : 0);
}

/* @dirs: (nullable) only these, not deeper than what is new in them. */
static void
look (Scanner *self, GPtrArray *dirs)
{
  g_auto (TempoLibraryWalk) walk = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean good;

  tempo_library_walk_init (&walk, self->index, self->watch, self->folder, self->artwork_dir, self->cancellable);
  walk.step = step_cb;
  walk.step_data = self;
  self->last_commit = g_get_monotonic_time ();
  good = tempo_library_index_begin (self->index, &error);
  if (dirs == NULL)
    good = good && tempo_library_walk_all (&walk, &error);
  for (guint i = 0; dirs != NULL && good && i < dirs->len; i++)
    good = tempo_library_walk_again (&walk, g_ptr_array_index (dirs, i), &error);
  self->report.changed = self->report.changed || walk.changed;
  self->report.total = walk.found;
  self->report.scanned = walk.found - walk.pending->len;
  if (good && walk.pending->len > 0)
    {
      self->report.scanning = TRUE;
      good = breathe (self, TRUE, &error) && read_all_pending (self, &walk, &error);
    }
  /* What was read before it was cut short is worth keeping. */
  tempo_library_index_commit (self->index, error ? NULL : &error);
  if (good && dirs == NULL && !walk.missing)
    sweep_artwork (self);
  finish_look (self, walk.missing, error);
}

static void
watch_cb (GPtrArray *dirs, gpointer user_data)
{
  Scanner *self = user_data;

  if (dirs == NULL)
    look_at_all (self);
  else
    look (self, dirs);
}

static void
look_at_all (Scanner *self)
{
  if (self->index == NULL || self->folder == NULL)
    return;
  set_timer (self, 0);
  /* Anew each time: watches of folders that moved away go with the old one. */
  g_clear_pointer (&self->watch, tempo_library_watch_free);
  self->watch = tempo_library_watch_new (self->context, self->folder, self->quiet_ms, watch_cb, self);
  self->report.scanning = TRUE;
  tell (self);
  look (self, NULL);
}

static gboolean
open_index (Scanner *self, GError **error)
{
  if (self->index == NULL)
    self->index = tempo_library_index_open (self->index_path, TRUE, error);
  if (self->index == NULL)
    return FALSE;
  /* Without the folder songs have no pictures; that is no reason to have no songs. */
  if (g_mkdir_with_parents (self->artwork_dir, 0700) != 0)
    g_debug ("cannot make the folder of pictures \"%s\"", self->artwork_dir);
  return TRUE;
}

static void
set_folder_func (gpointer data)
{
  Job *job = data;
  Scanner *self = job->scanner;
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (job->cancellable))
    return;
  g_set_object (&self->cancellable, job->cancellable);
  g_clear_pointer (&self->watch, tempo_library_watch_free);
  set_timer (self, 0);
  g_clear_pointer (&self->folder, g_free);
  self->folder = g_strdup (job->text);
  if (!open_index (self, &error) || !tempo_library_index_begin (self->index, &error) ||
      !tempo_library_index_set_folder (self->index, self->folder, &error) ||
      !tempo_library_index_commit (self->index, &error))
    {
      g_clear_pointer (&self->report.trouble, g_free);
      self->report.trouble = g_strdup (error ? error->message : "library index cannot be opened");
      self->report.scanning = FALSE;
      tell (self);
      return;
    }
  self->report.changed = TRUE;
  self->report.counts = tempo_library_index_count (self->index);
  if (self->folder != NULL)
    look_at_all (self);
  else
    tell (self);
}

static void
mark_broken_func (gpointer data)
{
  Job *job = data;
  Scanner *self = job->scanner;
  g_autoptr (GError) error = NULL;

  if (!open_index (self, &error) || !tempo_library_index_begin (self->index, &error) ||
      !tempo_library_index_mark_broken (self->index, job->text, job->reason, &error) ||
      !tempo_library_index_commit (self->index, &error))
    g_debug ("cannot mark song \"%s\" as broken: %s", job->text, error ? error->message : "no index");
  if (self->index == NULL)
    return;
  self->report.counts = tempo_library_index_count (self->index);
  self->report.changed = TRUE;
  tell (self);
}

static void
close_scanner (gpointer data)
{
  g_autofree Scanner *self = data;

  set_timer (self, 0);
  g_clear_pointer (&self->watch, tempo_library_watch_free);
  g_clear_pointer (&self->reader, tempo_library_reader_free);
  g_clear_pointer (&self->index, tempo_library_index_close);
  g_clear_object (&self->cancellable);
  g_main_context_unref (self->engine);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->index_path, g_free);
  g_clear_pointer (&self->artwork_dir, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->report.trouble, g_free);
  scan_unref (self->owner);
}

static void
close_func (gpointer data)
{
}

/**
 * tempo_library_scan_new:
 *
 * Nothing is read before a folder is set. @func is called in the default context of
 * the calling thread, the engine's.
 */
TempoLibraryScan *
tempo_library_scan_new (const char *index_path, const char *artwork_dir, TempoScanFunc func, gpointer user_data)
{
  TempoLibraryScan *self = g_new0 (TempoLibraryScan, 1);
  Scanner *scanner = g_new0 (Scanner, 1);

  self->references = 2;
  self->func = func;
  self->user_data = user_data;
  self->worker = tempo_worker_new ("tempo-scan");
  self->scanner = scanner;
  scanner->owner = self;
  scanner->index_path = g_strdup (index_path);
  scanner->artwork_dir = g_strdup (artwork_dir);
  scanner->engine = g_main_context_ref_thread_default ();
  scanner->context = g_main_context_ref (tempo_worker_get_context (self->worker));
  scanner->quiet_ms = 1000;
  return self;
}

/**
 * tempo_library_scan_free:
 *
 * Waits for the file at hand to be let go of, but not for a disk that hangs: then
 * the thread is left to end by itself. NULL is allowed.
 */
void
tempo_library_scan_free (TempoLibraryScan *self)
{
  if (self == NULL)
    return;
  self->func = NULL;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  /* What the worker owns is freed on the worker, as its last work. */
  tempo_worker_post (self->worker, close_func, self->scanner, close_scanner);
  tempo_worker_stop (self->worker, STOP_WAIT);
  tempo_worker_unref (self->worker);
  g_clear_object (&self->cancellable);
  scan_unref (self);
}

/**
 * tempo_library_scan_set_reader:
 *
 * Puts @func in the place of GStreamer, for tests and benches; it is called on the
 * worker. Only before the first folder is set.
 */
void
tempo_library_scan_set_reader (TempoLibraryScan *self, TempoLibraryReadFunc func, gpointer user_data)
{
  g_return_if_fail (self->cancellable == NULL);
  self->scanner->read_func = func;
  self->scanner->read_data = user_data;
}

/**
 * tempo_library_scan_set_quiet_ms:
 *
 * How long the folder must be quiet before changes in it are looked at.
 * Only before the first folder is set.
 */
void
tempo_library_scan_set_quiet_ms (TempoLibraryScan *self, guint quiet_ms)
{
  g_return_if_fail (self->cancellable == NULL);
  self->scanner->quiet_ms = quiet_ms;
}

/**
 * tempo_library_scan_set_folder:
 *
 * The same folder again is a rescan. Work that is going on is cut short, and what
 * it read so far is kept.
 */
void
tempo_library_scan_set_folder (TempoLibraryScan *self, const char *folder)
{
  Job *job = g_new0 (Job, 1);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  job->scanner = self->scanner;
  job->cancellable = g_object_ref (self->cancellable);
  job->text = g_strdup (folder);
  tempo_worker_post (self->worker, set_folder_func, job, free_job);
}

/**
 * tempo_library_scan_mark_broken:
 *
 * Remembers that a song could not be played. While a first scan is
 * going on this waits for its end; the caller remembers it until then.
 */
void
tempo_library_scan_mark_broken (TempoLibraryScan *self, const char *song_id, const char *reason)
{
  Job *job = g_new0 (Job, 1);

  job->scanner = self->scanner;
  job->text = g_strdup (song_id);
  job->reason = g_strdup (reason);
  tempo_worker_post (self->worker, mark_broken_func, job, free_job);
}
