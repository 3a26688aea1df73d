/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room as another thread sees it. The engine leaves the newest view in a mailbox that both share; the
 * monitor's thread takes it out once a dispatch, however many were left meanwhile. */
#include "venue/tempo-monitor.h"

#include "model/tempo-refusal.h"
#include "music/library/tempo-library.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-viewer-private.h"

struct _TempoViewer
{
  gatomicrefcount ref_count;
  GMutex lock;
  GMainContext *context;  /* (owned) of the monitor */
  TempoRoomView *latest;  /* (owned) (nullable) not yet taken out */
  gboolean scheduled;
  TempoMonitor *monitor;  /* (unowned) (nullable) monitor's thread only */
  TempoRoom *room;        /* (owned) (nullable) engine thread only */
  gboolean gone;          /* engine thread only */
};

struct _TempoMonitor
{
  GObject parent_instance;

  TempoHost *host;       /* (owned) */
  char *organization_id; /* (owned) */
  char *room_id;         /* (owned) */
  TempoRoomView *view;   /* (owned) (nullable) */
  TempoViewer *viewer;   /* (owned) */
};

typedef struct
{
  GObjectClass parent_class;
} TempoMonitorClass;

enum
{
  PROP_0,
  PROP_VIEW,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (TempoMonitor, tempo_monitor, G_TYPE_OBJECT)

static TempoViewer *
viewer_ref (TempoViewer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
viewer_unref (TempoViewer *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->latest);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
take_out_cb (gpointer user_data)
{
  TempoViewer *self = user_data;
  TempoRoomView *view;

  g_mutex_lock (&self->lock);
  view = g_steal_pointer (&self->latest);
  self->scheduled = FALSE;
  g_mutex_unlock (&self->lock);

  if (view == NULL || self->monitor == NULL)
    {
      g_clear_object (&view);
      return G_SOURCE_REMOVE;
    }

  g_clear_object (&self->monitor->view);
  self->monitor->view = view;
  g_object_notify_by_pspec (G_OBJECT (self->monitor), props[PROP_VIEW]);

  return G_SOURCE_REMOVE;
}

/* Engine thread: a monitor comes, and goes. */

static void
begin_on_engine (TempoHost *host,
                 GTask *task)
{
  TempoViewer *self = g_task_get_task_data (task);
  TempoMonitor *monitor = g_task_get_source_object (task);
  TempoRoom *room = tempo_host_find_room (host, monitor->organization_id, monitor->room_id);

  if (room != NULL && !self->gone)
    {
      self->room = g_object_ref (room);
      g_ptr_array_add (room->viewers, self);
      tempo_room_show_viewers (room);
    }
  g_task_return_boolean (task, TRUE);
}

static gboolean
end_cb (gpointer user_data)
{
  TempoViewer *self = user_data;

  self->gone = TRUE;
  if (self->room != NULL)
    g_ptr_array_remove_fast (self->room->viewers, self);
  g_clear_object (&self->room);

  return G_SOURCE_REMOVE;
}

static void
tempo_monitor_dispose (GObject *object)
{
  TempoMonitor *self = TEMPO_MONITOR (object);

  if (self->viewer != NULL)
    {
      self->viewer->monitor = NULL;
      g_main_context_invoke_full (self->host->context, G_PRIORITY_DEFAULT, end_cb,
                                  g_steal_pointer (&self->viewer),
                                  (GDestroyNotify) viewer_unref);
    }
  g_clear_object (&self->view);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (tempo_monitor_parent_class)->dispose (object);
}

static void
tempo_monitor_finalize (GObject *object)
{
  TempoMonitor *self = TEMPO_MONITOR (object);

  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->room_id, g_free);

  G_OBJECT_CLASS (tempo_monitor_parent_class)->finalize (object);
}

static void
tempo_monitor_get_property (GObject *object,
                            guint property_id,
                            GValue *value,
                            GParamSpec *pspec)
{
  TempoMonitor *self = TEMPO_MONITOR (object);

  switch (property_id)
    {
    case PROP_VIEW:
      g_value_set_object (value, self->view);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_monitor_class_init (TempoMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_monitor_dispose;
  object_class->finalize = tempo_monitor_finalize;
  object_class->get_property = tempo_monitor_get_property;

  props[PROP_VIEW] = g_param_spec_object ("view", NULL, NULL, TEMPO_TYPE_ROOM_VIEW,
                                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
tempo_monitor_init (TempoMonitor *self)
{
  TempoViewer *viewer = g_new0 (TempoViewer, 1);

  g_atomic_ref_count_init (&viewer->ref_count);
  g_mutex_init (&viewer->lock);
  viewer->context = g_main_context_ref_thread_default ();
  viewer->monitor = self;
  self->viewer = viewer;
}

/* Asking the room's source, which lives on the engine thread. */

typedef struct
{
  char *text;   /* (owned) (nullable) query, artwork id or folder */
  char *source; /* (owned) (nullable) */
  guint limit;
} Question;

static void
free_question (gpointer data)
{
  g_autofree Question *question = data;

  g_clear_pointer (&question->text, g_free);
  g_clear_pointer (&question->source, g_free);
}

static GTask *
ask (TempoMonitor *self,
     gpointer tag,
     const char *text,
     const char *source,
     guint limit,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->text = g_strdup (text);
  question->source = g_strdup (source);
  question->limit = limit;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, question, free_question);

  return task;
}

static TempoSource *
find_source (TempoHost *host,
             GTask *task,
             TempoSourceAbilities ability)
{
  TempoMonitor *self = g_task_get_source_object (task);
  TempoRoom *room = tempo_host_find_room (host, self->organization_id, self->room_id);

  if (room != NULL && tempo_player_can (room->player, ability))
    return tempo_player_get_source (room->player);

  g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SOURCE, NULL, "the source cannot do this"));

  return NULL;
}

static void
searched_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *songs = tempo_source_search_finish (TEMPO_SOURCE (object), result, &error);

  if (songs == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, songs, (GDestroyNotify) g_ptr_array_unref);
}

static void
search_on_engine (TempoHost *host,
                  GTask *task)
{
  Question *question = g_task_get_task_data (task);
  TempoSource *source = find_source (host, task, TEMPO_SOURCE_SEARCH);

  if (source == NULL)
    return;
  if (question->text == NULL || *question->text == '\0')
    g_task_return_pointer (task, tempo_source_suggest (source, question->limit),
                           (GDestroyNotify) g_ptr_array_unref);
  else
    tempo_source_search_async (source, question->text, question->limit, NULL, searched_cb, g_object_ref (task));
}

static void
artwork_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GBytes *bytes = tempo_host_load_artwork_finish (TEMPO_HOST (object), result, NULL, &error);

  if (bytes == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
}

static void
artwork_on_engine (TempoHost *host,
                   GTask *task)
{
  TempoMonitor *self = g_task_get_source_object (task);
  Question *question = g_task_get_task_data (task);
  TempoRoom *room = tempo_host_find_room (host, self->organization_id, self->room_id);

  if (room != NULL)
    tempo_host_load_artwork_async (host, room, question->text, artwork_cb, g_object_ref (task));
  else
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such room"));
}

static void
music_set_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (object), result, &error);

  if (outcome == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * tempo_viewer_show:
 * @self: the engine's end of a monitor
 * @view: the newest view
 *
 * Engine thread: leaves it in the mailbox.
 */
void
tempo_viewer_show (TempoViewer *self,
                   TempoRoomView *view)
{
  gboolean schedule;

  g_mutex_lock (&self->lock);
  g_set_object (&self->latest, view);
  schedule = !self->scheduled;
  self->scheduled = TRUE;
  g_mutex_unlock (&self->lock);

  if (schedule)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, take_out_cb, viewer_ref (self), (GDestroyNotify) viewer_unref);
      g_source_attach (source, self->context);
    }
}

/**
 * tempo_monitor_new:
 * @host: a running engine
 * @organization_id: slug or id
 * @room_id: id or join code
 *
 * Returns: (transfer full): a monitor of this thread; its view arrives soon
 */
TempoMonitor *
tempo_monitor_new (TempoHost *host,
                   const char *organization_id,
                   const char *room_id)
{
  TempoMonitor *self = g_object_new (TEMPO_TYPE_MONITOR, NULL);
  g_autoptr (GTask) task = NULL;

  self->host = g_object_ref (host);
  self->organization_id = g_strdup (organization_id);
  self->room_id = g_strdup (room_id);
  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, tempo_monitor_new);
  g_task_set_task_data (task, viewer_ref (self->viewer), (GDestroyNotify) viewer_unref);
  tempo_host_invoke (host, task, begin_on_engine);

  return self;
}

/**
 * tempo_monitor_get_view:
 * @self: a monitor
 *
 * Returns: (transfer none) (nullable): the newest view
 */
TempoRoomView *
tempo_monitor_get_view (TempoMonitor *self)
{
  return self->view;
}

/**
 * tempo_monitor_get_host:
 * @self: a monitor
 *
 * Returns: (transfer none): the engine
 */
TempoHost *
tempo_monitor_get_host (TempoMonitor *self)
{
  return self->host;
}

/**
 * tempo_monitor_get_organization_id:
 * @self: a monitor
 *
 * Returns: (transfer none): what it was made with
 */
const char *
tempo_monitor_get_organization_id (TempoMonitor *self)
{
  return self->organization_id;
}

/**
 * tempo_monitor_get_room_id:
 * @self: a monitor
 *
 * Returns: (transfer none): what it was made with
 */
const char *
tempo_monitor_get_room_id (TempoMonitor *self)
{
  return self->room_id;
}

/**
 * tempo_monitor_search_async:
 * @self: a monitor
 * @query: (nullable): words; suggestions without
 * @limit: at most so many
 * @cancellable: (nullable): unused
 * @callback: with the songs
 * @user_data: for @callback
 *
 * Searches the room's catalogue.
 */
void
tempo_monitor_search_async (TempoMonitor *self,
                            const char *query,
                            guint limit,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = ask (self, tempo_monitor_search_async, query, NULL, limit, callback, user_data);

  tempo_host_invoke (self->host, task, search_on_engine);
}

/**
 * tempo_monitor_search_finish:
 * @self: a monitor
 * @result: of the call
 * @error: TEMPO_REFUSAL or TEMPO_SOURCE_ERROR
 *
 * Returns: (transfer full) (nullable) (element-type TempoSong): best first
 */
GPtrArray *
tempo_monitor_search_finish (TempoMonitor *self,
                             GAsyncResult *result,
                             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_monitor_artwork_async:
 * @self: a monitor
 * @artwork: an artwork id, or the organization's sign
 * @cancellable: (nullable): unused
 * @callback: with the picture
 * @user_data: for @callback
 *
 * Fetches a picture.
 */
void
tempo_monitor_artwork_async (TempoMonitor *self,
                             const char *artwork,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = ask (self, tempo_monitor_artwork_async, artwork, NULL, 0, callback, user_data);

  tempo_host_invoke (self->host, task, artwork_on_engine);
}

/**
 * tempo_monitor_artwork_finish:
 * @self: a monitor
 * @result: of the call
 * @error: TEMPO_REFUSAL or TEMPO_SOURCE_ERROR
 *
 * Returns: (transfer full) (nullable): the picture's bytes
 */
GBytes *
tempo_monitor_artwork_finish (TempoMonitor *self,
                              GAsyncResult *result,
                              GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_monitor_set_music_async:
 * @self: a monitor
 * @source: "library" or "manual"
 * @folder: (nullable): of the library
 * @cancellable: (nullable): unused
 * @callback: when it is set
 * @user_data: for @callback
 *
 * Says where the room's music comes from, as the person at the desktop.
 */
void
tempo_monitor_set_music_async (TempoMonitor *self,
                               const char *source,
                               const char *folder,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = ask (self, tempo_monitor_set_music_async, folder, source, 0, callback, user_data);
  g_autoptr (TempoActor) desktop = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  g_autoptr (TempoCommand) command = NULL;

  command = tempo_command_new (TEMPO_ACTION_ROOM_EDIT, desktop, self->organization_id, self->room_id);
  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "source", source);
  if (folder != NULL)
    json_object_set_string_member (command->patch, "musicFolder", folder);
  else
    json_object_set_null_member (command->patch, "musicFolder");
  tempo_host_execute_async (self->host, command, NULL, music_set_cb, g_steal_pointer (&task));
}

/**
 * tempo_monitor_set_music_finish:
 * @self: a monitor
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: %TRUE when it is set
 */
gboolean
tempo_monitor_set_music_finish (TempoMonitor *self,
                                GAsyncResult *result,
                                GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tempo_monitor_get_scan:
 * @self: a monitor
 * @scanning: (out) (optional): files are being read
 * @scanned: (out) (optional): so many were
 * @total: (out) (optional): of so many found
 * @songs: (out) (optional): so many can be played
 * @broken: (out) (optional): so many cannot
 *
 * Any thread: the engine leaves the figures in the host's directory.
 */
void
tempo_monitor_get_scan (TempoMonitor *self,
                        gboolean *scanning,
                        guint *scanned,
                        guint *total,
                        guint *songs,
                        guint *broken)
{
  TempoScan scan = { 0 };

  tempo_host_get_scan (self->host, self->room_id, &scan);
  if (scanning != NULL)
    *scanning = scan.scanning;
  if (scanned != NULL)
    *scanned = scan.scanned;
  if (total != NULL)
    *total = scan.total;
  if (songs != NULL)
    *songs = scan.songs;
  if (broken != NULL)
    *broken = scan.broken;
}
