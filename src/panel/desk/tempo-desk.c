/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-desk.h"

#include "venue/tempo-actor.h"

/* Pictures kept decoded; a 300 × 300 cover is 360 KB. */
#define MAX_COVERS 120

struct _TempoDesk
{
  GObject parent_instance;

  TempoLink *link;        /* (owned) */
  TempoRoomView *view;    /* (owned) (nullable) */
  TempoDeskList *inbox;   /* (owned) */
  TempoDeskList *queue;   /* (owned) */
  TempoDeskList *history; /* (owned) */
  TempoDeskList *guests;  /* (owned) */
  TempoActor *actor;      /* (owned) */
  GHashTable *covers;     /* (owned) artwork id -> GdkTexture */
  guint waiting;
  guint staff_port;
  gboolean staff_plain;
  char *staff_fingerprint; /* (owned) (nullable) */
};

enum
{
  PROP_LINK = 1,
  PROP_VIEW,
  PROP_WAITING,
  PROP_STAFF_PORT,
  N_PROPS
};

enum
{
  SIGNAL_DONE,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static GParamSpec *pspecs[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TempoDesk, tempo_desk, G_TYPE_OBJECT)

static const char *
get_request_id (gconstpointer value)
{
  return ((const TempoRequest *) value)->id;
}

static const char *
get_guest_id (gconstpointer value)
{
  return ((const TempoGuest *) value)->id;
}

static void
view_changed_cb (TempoDesk *self)
{
  TempoRoomView *view = tempo_link_get_view (self->link);

  if (!g_set_object (&self->view, view))
    return;
  tempo_desk_list_update (self->queue, view != NULL ? view->queue : NULL);
  tempo_desk_list_update (self->inbox, view != NULL ? view->inbox : NULL);
  tempo_desk_list_update (self->history, view != NULL ? view->history : NULL);
  tempo_desk_list_update (self->guests, view != NULL ? view->guests : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_VIEW]);
}

static void
tempo_desk_constructed (GObject *object)
{
  TempoDesk *self = TEMPO_DESK (object);

  G_OBJECT_CLASS (tempo_desk_parent_class)->constructed (object);
  g_signal_connect_object (self->link, "notify::view", G_CALLBACK (view_changed_cb), self, G_CONNECT_SWAPPED);
  view_changed_cb (self);
}

static void
tempo_desk_get_property (GObject *object,
                         guint property_id,
                         GValue *value,
                         GParamSpec *pspec)
{
  TempoDesk *self = TEMPO_DESK (object);

  switch (property_id)
    {
    case PROP_LINK:
      g_value_set_object (value, self->link);
      break;
    case PROP_VIEW:
      g_value_set_object (value, self->view);
      break;
    case PROP_WAITING:
      g_value_set_uint (value, self->waiting);
      break;
    case PROP_STAFF_PORT:
      g_value_set_uint (value, self->staff_port);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_desk_set_property (GObject *object,
                         guint property_id,
                         const GValue *value,
                         GParamSpec *pspec)
{
  TempoDesk *self = TEMPO_DESK (object);

  switch (property_id)
    {
    case PROP_LINK:
      self->link = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_desk_dispose (GObject *object)
{
  TempoDesk *self = TEMPO_DESK (object);

  g_clear_object (&self->view);
  g_clear_object (&self->inbox);
  g_clear_object (&self->queue);
  g_clear_object (&self->history);
  g_clear_object (&self->guests);
  g_clear_object (&self->link);
  g_clear_pointer (&self->actor, tempo_actor_unref);
  g_clear_pointer (&self->covers, g_hash_table_unref);
  g_clear_pointer (&self->staff_fingerprint, g_free);

  G_OBJECT_CLASS (tempo_desk_parent_class)->dispose (object);
}

static void
tempo_desk_class_init (TempoDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = tempo_desk_constructed;
  object_class->get_property = tempo_desk_get_property;
  object_class->set_property = tempo_desk_set_property;
  object_class->dispose = tempo_desk_dispose;

  pspecs[PROP_LINK] = g_param_spec_object ("link", NULL, NULL, TEMPO_TYPE_LINK,
                                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  pspecs[PROP_VIEW] = g_param_spec_object ("view", NULL, NULL, TEMPO_TYPE_ROOM_VIEW, flags);
  pspecs[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  pspecs[PROP_STAFF_PORT] = g_param_spec_uint ("staff-port", NULL, NULL, 0, G_MAXUINT16, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, pspecs);

  signals[SIGNAL_DONE] = g_signal_new ("done", TEMPO_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, tempo_command_get_type (), tempo_outcome_get_type ());
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", TEMPO_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, tempo_command_get_type (), G_TYPE_ERROR);
}

static void
tempo_desk_init (TempoDesk *self)
{
  self->actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  self->inbox = tempo_desk_list_new (get_request_id);
  self->queue = tempo_desk_list_new (get_request_id);
  self->history = tempo_desk_list_new (get_request_id);
  self->guests = tempo_desk_list_new (get_guest_id);
  self->covers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static void
set_waiting (TempoDesk *self,
             guint waiting)
{
  self->waiting = waiting;
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_WAITING]);
}

static void
executed_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoDesk *self = g_task_get_source_object (task);
  TempoCommand *command = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_link_execute_finish (TEMPO_LINK (object), result, &error);

  set_waiting (self, self->waiting - 1);
  if (outcome == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_REFUSED], 0, command, error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_signal_emit (self, signals[SIGNAL_DONE], 0, command, outcome);
  g_task_return_pointer (task, g_steal_pointer (&outcome), (GDestroyNotify) tempo_outcome_unref);
}

typedef struct
{
  char *artwork;      /* (owned) */
  GBytes *bytes;      /* (owned) (nullable) */
} Cover;

static void
free_cover (Cover *cover)
{
  g_clear_pointer (&cover->bytes, g_bytes_unref);
  g_clear_pointer (&cover->artwork, g_free);
  g_free (cover);
}

/* Decoding a large JPEG takes longer than a frame, so it happens on a worker. */
static void
decode_cover_thread (GTask *task,
                     gpointer source,
                     gpointer task_data,
                     GCancellable *cancellable)
{
  Cover *cover = task_data;
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = gdk_texture_new_from_bytes (cover->bytes, &error);

  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
cover_decoded_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoDesk *self = g_task_get_source_object (task);
  Cover *cover = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), &error);

  if (texture == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (self->covers != NULL)
    {
      if (g_hash_table_size (self->covers) >= MAX_COVERS)
        g_hash_table_remove_all (self->covers);
      g_hash_table_insert (self->covers, g_strdup (cover->artwork), g_object_ref (texture));
    }
  g_task_return_pointer (task, g_steal_pointer (&texture), g_object_unref);
}

static void
cover_fetched_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GTask) decode = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_link_artwork_finish (TEMPO_LINK (object), result, &error);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Cover *cover;

  if (bytes == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  cover = g_new0 (Cover, 1);
  cover->artwork = g_strdup (g_task_get_task_data (task));
  cover->bytes = g_steal_pointer (&bytes);
  /* Not of the desk, which must not end in the thread when that is the last to let go of the task. */
  decode = g_task_new (NULL, cancellable, cover_decoded_cb, g_steal_pointer (&task));
  g_task_set_source_tag (decode, cover_fetched_cb);
  g_task_set_task_data (decode, cover, (GDestroyNotify) free_cover);
  g_task_run_in_thread (decode, decode_cover_thread);
}

static void
send_patch (TempoDesk *self,
            TempoAction action,
            const char *key,
            JsonNode *value)
{
  TempoCommand *command = tempo_desk_command (self, action);

  if (command == NULL)
    {
      json_node_unref (value);
      return;
    }
  command->patch = json_object_new ();
  json_object_set_member (command->patch, key, value);
  tempo_desk_send (self, command);
}

/* A desk at the end of @link. It follows the room the link shows,
 * whichever that is.
 */
TempoDesk *
tempo_desk_new (TempoLink *link)
{
  g_return_val_if_fail (TEMPO_IS_LINK (link), NULL);
  return g_object_new (TEMPO_TYPE_DESK, "link", link, NULL);
}

/* The line to the engine, for what is not a command:
 * searching, lists, first run.
 * (transfer none).
 */
TempoLink *
tempo_desk_get_link (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);
  return self->link;
}

/* The newest view whose lists the desk already shows,
 * NULL while no room is open.
 * (transfer none) (nullable).
 */
TempoRoomView *
tempo_desk_get_view (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);
  return self->view;
}

/* What waits for a decision, oldest first: new ones
 * come at the end, where nobody's finger is.
 * (transfer none).
 */
TempoDeskList *
tempo_desk_get_inbox (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);
  return self->inbox;
}

/* What will play, in that order.
 * The first one is locked.
 * (transfer none).
 */
TempoDeskList *
tempo_desk_get_queue (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);
  return self->queue;
}

/* What came to an end in this event,
 * newest first.
 * (transfer none).
 */
TempoDeskList *
tempo_desk_get_history (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);
  return self->history;
}

/* Who was here in this event,
 * newest first; the values are TempoGuest.
 * (transfer none).
 */
TempoDeskList *
tempo_desk_get_guests (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);
  return self->guests;
}

/* The engine's wall time in microseconds;
 * everything that counts down counts from here.
 */
gint64
tempo_desk_get_now (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), 0);
  return tempo_link_get_now (self->link);
}

/* Who asked, with what the host knows of them. NULL for songs
 * that staff added and for guests of an earlier event.
 * (transfer none) (nullable).
 */
TempoGuest *
tempo_desk_find_guest (TempoDesk *self,
                       const char *guest_id)
{
  TempoDeskItem *item;

  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);

  item = tempo_desk_list_find (self->guests, guest_id, NULL);
  return item != NULL ? tempo_desk_item_get_value (item) : NULL;
}

/* How many commands are on their way. The application waits
 * for zero before it lets the engine stop.
 */
guint
tempo_desk_get_waiting (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), 0);
  return self->waiting;
}

/* A fresh command of the person at the desk, for the room that is open.
 * NULL when none is, which only happens between two rooms.
 * (transfer full) (nullable).
 */
TempoCommand *
tempo_desk_command (TempoDesk *self,
                    TempoAction action)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), NULL);

  if (self->view == NULL)
    return NULL;
  return tempo_command_new (action, self->actor, self->view->organization->id, self->view->room->id);
}

/* Sends @command and lets go of it. What comes of it is told
 * by the signals; the window answers with a toast.
 */
void
tempo_desk_send (TempoDesk *self,
                 TempoCommand *command)
{
  tempo_desk_send_async (self, command, NULL, NULL);
}

/* Sends @command for a caller that needs the outcome itself,
 * a new display's token for one. The signals come first.
 */
void
tempo_desk_send_async (TempoDesk *self,
                       TempoCommand *command,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEMPO_IS_DESK (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tempo_desk_send_async);
  if (command == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "no room is open");
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, command, (GDestroyNotify) tempo_command_unref);
  set_waiting (self, self->waiting + 1);
  tempo_link_execute_async (self->link, command, NULL, executed_cb, task);
}

/* Ends tempo_desk_send_async().
 * Errors are those of the engine.
 * (transfer full).
 */
TempoOutcome *
tempo_desk_send_finish (TempoDesk *self,
                        GAsyncResult *result,
                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A command without an object: play, pause, skip, undo.
 * Nothing happens while no room is open.
 */
void
tempo_desk_act (TempoDesk *self,
                TempoAction action)
{
  tempo_desk_act_on_request (self, action, NULL);
}

/* A command on one request; NULL is what the action makes of it,
 * which for approving is all of them.
 */
void
tempo_desk_act_on_request (TempoDesk *self,
                           TempoAction action,
                           const char *request_id)
{
  TempoCommand *command = tempo_desk_command (self, action);

  if (command == NULL)
    return;
  command->request_id = g_strdup (request_id);
  tempo_desk_send (self, command);
}

/* A command that switches something on or off,
 * of a request or (NULL) of the room.
 */
void
tempo_desk_set_flag (TempoDesk *self,
                     TempoAction action,
                     const char *request_id,
                     gboolean flag)
{
  TempoCommand *command = tempo_desk_command (self, action);

  if (command == NULL)
    return;
  command->request_id = g_strdup (request_id);
  command->flag = flag;
  tempo_desk_send (self, command);
}

/* Says no, with a reason the guest can read in the guest's own language
 * (@reason_code) or in the host's words (@reason_text, nullable).
 */
void
tempo_desk_decline (TempoDesk *self,
                    const char *request_id,
                    const char *reason_code,
                    const char *reason_text)
{
  TempoCommand *command = tempo_desk_command (self, TEMPO_ACTION_DECLINE);

  if (command == NULL)
    return;
  command->request_id = g_strdup (request_id);
  command->reason_code = g_strdup (reason_code);
  command->reason_text = g_strdup (reason_text);
  tempo_desk_send (self, command);
}

/* Puts a request at @position (1-based) and pins it there:
 * the host's hand counts more than the order.
 */
void
tempo_desk_move (TempoDesk *self,
                 const char *request_id,
                 guint position)
{
  TempoCommand *command = tempo_desk_command (self, TEMPO_ACTION_MOVE);

  if (command == NULL)
    return;
  command->request_id = g_strdup (request_id);
  command->position = MAX (position, 1);
  tempo_desk_send (self, command);
}

/* Open, votes only or closed,
 * from this moment on.
 */
void
tempo_desk_set_switch (TempoDesk *self,
                       TempoSwitch value)
{
  TempoCommand *command = tempo_desk_command (self, TEMPO_ACTION_SWITCH);

  if (command == NULL)
    return;
  command->switch_state = value;
  tempo_desk_send (self, command);
}

/* Plans when requests close by themselves, without touching the switch now.
 * @when 0 takes the plan back.
 */
void
tempo_desk_plan_last_call (TempoDesk *self,
                           gint64 when)
{
  TempoCommand *command = tempo_desk_command (self, TEMPO_ACTION_SWITCH);

  if (command == NULL)
    return;
  command->switch_state = self->view->room->switch_state;
  command->number = when;
  command->flag = TRUE;
  tempo_desk_send (self, command);
}

/* Changes one rule of tonight's event. @value is taken.
 * The rules' names are those of the API.
 */
void
tempo_desk_set_rule (TempoDesk *self,
                     const char *rule,
                     JsonNode *value)
{
  send_patch (self, TEMPO_ACTION_EVENT_RULES, rule, value);
}

/* Changes one setting; @room says whose. @value is taken.
 * The keys are those of the API.
 */
void
tempo_desk_set_setting (TempoDesk *self,
                        gboolean room,
                        const char *key,
                        JsonNode *value)
{
  send_patch (self, room ? TEMPO_ACTION_ROOM_EDIT : TEMPO_ACTION_SETTING, key, value);
}

/* Gets a picture, from memory when it was shown before. The decoded ones are
 * bounded; when the bound is met all are dropped, since rows keep their own.
 */
void
tempo_desk_load_cover_async (TempoDesk *self,
                             const char *artwork,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GdkTexture *known;

  g_return_if_fail (TEMPO_IS_DESK (self));

  g_task_set_source_tag (task, tempo_desk_load_cover_async);
  known = g_hash_table_lookup (self->covers, artwork);
  if (known != NULL)
    {
      g_task_return_pointer (task, g_object_ref (known), g_object_unref);
      return;
    }
  g_task_set_task_data (task, g_strdup (artwork), g_free);
  tempo_link_artwork_async (self->link, artwork, cancellable, cover_fetched_cb, g_steal_pointer (&task));
}

/* Ends tempo_desk_load_cover_async(). A song without a picture
 * is an error like any other: the note is drawn instead.
 * (transfer full).
 */
GdkTexture *
tempo_desk_load_cover_finish (TempoDesk *self,
                              GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Where staff come in by TLS, and what their browsers show of its certificate. 0: they cannot.
 */
void
tempo_desk_set_staff_door (TempoDesk *self,
                           guint port,
                           const char *fingerprint)
{
  g_return_if_fail (TEMPO_IS_DESK (self));

  if (self->staff_port == port && g_strcmp0 (self->staff_fingerprint, fingerprint) == 0)
    return;
  g_clear_pointer (&self->staff_fingerprint, g_free);
  self->staff_fingerprint = g_strdup (fingerprint);
  self->staff_port = port;
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_STAFF_PORT]);
}

/* The port, 0 while there is none. @fingerprint: (out) (optional) (transfer none) (nullable).
 */
guint
tempo_desk_get_staff_door (TempoDesk *self,
                           const char **fingerprint)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), 0);

  if (fingerprint != NULL)
    *fingerprint = self->staff_fingerprint;
  return self->staff_port;
}

/* Whether staff may come in where there is no such door.
 */
void
tempo_desk_set_staff_plain (TempoDesk *self,
                            gboolean allowed)
{
  g_return_if_fail (TEMPO_IS_DESK (self));

  self->staff_plain = allowed;
}

gboolean
tempo_desk_get_staff_plain (TempoDesk *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK (self), FALSE);

  return self->staff_plain;
}
