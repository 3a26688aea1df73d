/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

/* IN_CREATE as well as IN_CLOSE_WRITE: links are never written to. */
#define EVENTS                                                                                                     \
  (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF            \
   | IN_ATTRIB | IN_ONLYDIR)

struct _TempoLibraryWatch
{
  GMainContext *context; /* (owned) */
  char *folder; /* (owned) */
  int fd;
  GHashTable *dirs; /* (owned) watch descriptor -> relative path */
  GHashTable *dirty; /* (owned) relative paths */
  gboolean lost; /* events were lost */
  GSource *source; /* (owned) */
  GSource *timer; /* (owned) (nullable) */
  guint quiet_ms;
  gint64 first_event; /* monotonic, of those not reported yet */
  guint unwatched;
  TempoLibraryWatchFunc func;
  gpointer user_data;
};

static gboolean
report_cb (gpointer data)
{
  TempoLibraryWatch *self = data;
  g_autoptr (GPtrArray) dirs = g_ptr_array_new_with_free_func (g_free);
  gboolean lost = self->lost;
  GHashTableIter iter;
  gpointer key;

  g_clear_pointer (&self->timer, g_source_unref);
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (dirs, g_strdup (key));
  g_hash_table_remove_all (self->dirty);
  self->lost = FALSE;
  self->first_event = 0;
  self->func (lost ? NULL : dirs, self->user_data);
  return G_SOURCE_REMOVE;
}

/* Copying an album makes an event for every write; the report waits for the end
 * of it, but not for the end of a copy that takes an hour. */
static void
schedule_report (TempoLibraryWatch *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 latest;

  if (self->first_event == 0)
    self->first_event = now;
  latest = self->first_event + (gint64) self->quiet_ms * 10 * 1000;
  if (self->timer == NULL)
    {
      self->timer = g_timeout_source_new (self->quiet_ms);
      g_source_set_callback (self->timer, report_cb, self, NULL);
      g_source_attach (self->timer, self->context);
    }
  g_source_set_ready_time (self->timer, MIN (now + (gint64) self->quiet_ms * 1000, latest));
}

static void
take_event (TempoLibraryWatch *self, const struct inotify_event *event)
{
  const char *dir;

  if (event->mask & IN_Q_OVERFLOW)
    {
      self->lost = TRUE;
      schedule_report (self);
      return;
    }
  dir = g_hash_table_lookup (self->dirs, GINT_TO_POINTER (event->wd));
  if (dir == NULL)
    return;
  /* Hidden files are not music; editors and downloads make many of them. */
  if (event->len > 0 && event->name[0] == '.')
    return;
  g_hash_table_add (self->dirty, g_strdup (dir));
  if (event->mask & (IN_IGNORED | IN_UNMOUNT))
    g_hash_table_remove (self->dirs, GINT_TO_POINTER (event->wd));
  schedule_report (self);
}

static gboolean
readable_cb (gint fd, GIOCondition condition, gpointer user_data)
{
  TempoLibraryWatch *self = user_data;
  union
  {
    char bytes[16384];
    struct inotify_event align;
  } buffer;
  gssize length = read (fd, buffer.bytes, sizeof buffer.bytes);

  if (length <= 0)
    return length < 0 && (errno == EAGAIN || errno == EINTR) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  for (gssize at = 0; at + (gssize) sizeof (struct inotify_event) <= length;)
    {
      const struct inotify_event *event = (const struct inotify_event *) (const void *) (buffer.bytes + at);

      take_event (self, event);
      at += sizeof (struct inotify_event) + event->len;
    }
  return G_SOURCE_CONTINUE;
}

/**
 * tempo_library_watch_new:
 *
 * Watches nothing yet. When the system gives no inotify descriptor at all, every
 * tempo_library_watch_add() says so and the library lives by rescans alone.
 */
TempoLibraryWatch *
tempo_library_watch_new (GMainContext *context, const char *folder, guint quiet_ms, TempoLibraryWatchFunc func,
                         gpointer user_data)
{
  TempoLibraryWatch *self = g_new0 (TempoLibraryWatch, 1);

  self->context = g_main_context_ref (context);
  self->folder = g_strdup (folder);
  self->quiet_ms = quiet_ms;
  self->func = func;
  self->user_data = user_data;
  self->dirs = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->dirty = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->fd >= 0)
    {
      self->source = g_unix_fd_source_new (self->fd, G_IO_IN);
      g_source_set_callback (self->source, G_SOURCE_FUNC (readable_cb), self, NULL);
      g_source_attach (self->source, self->context);
    }
  return self;
}

/**
 * tempo_library_watch_free:
 *
 * Reports nothing more. NULL is allowed;
 * otherwise on the thread of its context.
 */
void
tempo_library_watch_free (TempoLibraryWatch *self)
{
  if (self == NULL)
    return;
  if (self->source != NULL)
    g_source_destroy (self->source);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->fd >= 0)
    close (self->fd);
  g_hash_table_unref (self->dirs);
  g_hash_table_unref (self->dirty);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->folder, g_free);
  g_free (self);
}

/**
 * tempo_library_watch_add:
 *
 * To be called before the folder is listed, so that nothing can come between. A
 * folder that is watched already stays watched under its newest name.
 */
gboolean
tempo_library_watch_add (TempoLibraryWatch *self, const char *dir)
{
  g_autofree char *path = g_build_filename (self->folder, dir, NULL);
  int wd;

  if (self->fd < 0 || g_hash_table_size (self->dirs) >= TEMPO_LIBRARY_WATCH_MAX)
    {
      self->unwatched++;
      return FALSE;
    }
  wd = inotify_add_watch (self->fd, path, EVENTS);
  if (wd < 0)
    {
      /* A folder that vanished in between is not a lack of watches. */
      if (errno == ENOSPC || errno == ENOMEM)
        self->unwatched++;
      return FALSE;
    }
  g_hash_table_insert (self->dirs, GINT_TO_POINTER (wd), g_strdup (dir));
  return TRUE;
}

/**
 * tempo_library_watch_get_unwatched:
 *
 * More than 0 means that changes in some folders are only found by looking, so
 * the owner looks now and then.
 */
guint
tempo_library_watch_get_unwatched (TempoLibraryWatch *self)
{
  return self->unwatched;
}
