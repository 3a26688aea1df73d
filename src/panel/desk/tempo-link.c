/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-link.h"

#include "model/tempo-refusal.h"

typedef struct
{
  TempoRoomView *view; /* (owned) (nullable) */
  gboolean locked;
} TempoLinkPrivate;

enum
{
  PROP_VIEW = 1,
  PROP_LOCKED,
  N_PROPS
};

static GParamSpec *pspecs[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TempoLink, tempo_link, G_TYPE_OBJECT)

static void
tempo_link_get_property (GObject *object,
                         guint property_id,
                         GValue *value,
                         GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_VIEW:
      g_value_set_object (value, tempo_link_get_view (TEMPO_LINK (object)));
      break;
    case PROP_LOCKED:
      g_value_set_boolean (value, tempo_link_get_locked (TEMPO_LINK (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_link_dispose (GObject *object)
{
  TempoLinkPrivate *priv = tempo_link_get_instance_private (TEMPO_LINK (object));

  g_clear_object (&priv->view);

  G_OBJECT_CLASS (tempo_link_parent_class)->dispose (object);
}

static void
tempo_link_class_init (TempoLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = tempo_link_get_property;
  object_class->dispose = tempo_link_dispose;

  pspecs[PROP_VIEW] = g_param_spec_object ("view", NULL, NULL, TEMPO_TYPE_ROOM_VIEW,
                                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  pspecs[PROP_LOCKED] = g_param_spec_boolean ("locked", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, pspecs);
}

static void
tempo_link_init (TempoLink *self)
{
}

/* The newest view of the open room, NULL before one was opened.
 * It is immutable: keep a reference for as long as it is drawn.
 * (transfer none) (nullable).
 */
TempoRoomView *
tempo_link_get_view (TempoLink *self)
{
  TempoLinkPrivate *priv = tempo_link_get_instance_private (self);

  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);
  return priv->view;
}

/* For subclasses only: what the engine said last. An older view of the same
 * room never comes after a newer one, so there is nothing to compare.
 */
void
tempo_link_take_view (TempoLink *self,
                      TempoRoomView *view)
{
  TempoLinkPrivate *priv = tempo_link_get_instance_private (self);

  g_return_if_fail (TEMPO_IS_LINK (self));

  if (g_set_object (&priv->view, view))
    g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_VIEW]);
}

/* Shuts the line for everything that changes anything, or opens it again.
 * Whichever key, button, drop or notification would have come through, this is the one place all of them pass.
 */
void
tempo_link_set_locked (TempoLink *self,
                       gboolean locked)
{
  TempoLinkPrivate *priv = tempo_link_get_instance_private (self);

  g_return_if_fail (TEMPO_IS_LINK (self));

  if (priv->locked == locked)
    return;
  priv->locked = locked;
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_LOCKED]);
}

/* Whether the line is shut. */
gboolean
tempo_link_get_locked (TempoLink *self)
{
  TempoLinkPrivate *priv = tempo_link_get_instance_private (self);

  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);
  return priv->locked;
}

/* The answer in place of the engine's while the line is shut. */
static gboolean
refuse_locked (TempoLink *self,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  if (!tempo_link_get_locked (self))
    return FALSE;
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, refuse_locked);
  g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_FORBIDDEN, NULL, "the desktop is locked"));
  return TRUE;
}

static gboolean
was_refused (GAsyncResult *result,
             GError **error)
{
  if (!g_async_result_is_tagged (result, refuse_locked))
    return FALSE;
  g_task_propagate_boolean (G_TASK (result), error);
  return TRUE;
}

/* Gives a command to the engine. The answer comes after it is on disk,
 * in the main context.
 */
void
tempo_link_execute_async (TempoLink *self,
                          TempoCommand *command,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  if (refuse_locked (self, callback, user_data))
    return;
  TEMPO_LINK_GET_CLASS (self)->execute_async (self, command, cancellable, callback, user_data);
}

/* Ends tempo_link_execute_async().
 * Fails as the engine does: TEMPO_REFUSAL, or TEMPO_STORE_ERROR
 * when the disk is the matter.
 */
TempoOutcome *
tempo_link_execute_finish (TempoLink *self,
                           GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  if (was_refused (result, error))
    return NULL;
  return TEMPO_LINK_GET_CLASS (self)->execute_finish (self, result, error);
}

/* Looks for songs in what the room plays from. A newer search
 * should cancel the older one.
 */
void
tempo_link_search_async (TempoLink *self,
                         const char *query,
                         guint limit,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  TEMPO_LINK_GET_CLASS (self)->search_async (self, query, limit, cancellable, callback, user_data);
}

/* Ends tempo_link_search_async().
 * Fails as the engine does: TEMPO_REFUSAL, or TEMPO_STORE_ERROR
 * when the disk is the matter.
 */
GPtrArray *
tempo_link_search_finish (TempoLink *self,
                          GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->search_finish (self, result, error);
}

/* Fetches the bytes of a picture. Use tempo_desk_load_cover_async()
 * instead, which decodes off the main thread and remembers.
 */
void
tempo_link_artwork_async (TempoLink *self,
                          const char *artwork,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  TEMPO_LINK_GET_CLASS (self)->artwork_async (self, artwork, cancellable, callback, user_data);
}

/* Ends tempo_link_artwork_async().
 * Fails as the engine does: TEMPO_REFUSAL, or TEMPO_STORE_ERROR
 * when the disk is the matter.
 */
GBytes *
tempo_link_artwork_finish (TempoLink *self,
                           GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->artwork_finish (self, result, error);
}

/* Says where the music of the open room comes from.
 * A folder is scanned from then on; tempo_link_get_scan() tells how far.
 */
void
tempo_link_set_music_async (TempoLink *self,
                            const char *source,
                            const char *folder,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  if (refuse_locked (self, callback, user_data))
    return;
  TEMPO_LINK_GET_CLASS (self)->set_music_async (self, source, folder, cancellable, callback, user_data);
}

/* Ends tempo_link_set_music_async().
 * Fails as the engine does: TEMPO_REFUSAL, or TEMPO_STORE_ERROR
 * when the disk is the matter.
 */
gboolean
tempo_link_set_music_finish (TempoLink *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  if (was_refused (result, error))
    return FALSE;
  return TEMPO_LINK_GET_CLASS (self)->set_music_finish (self, result, error);
}

/* Asks for one of the lists of the organization, as JSON text.
 * The words are those of the API.
 */
void
tempo_link_list_async (TempoLink *self,
                       const char *list,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  TEMPO_LINK_GET_CLASS (self)->list_async (self, list, cancellable, callback, user_data);
}

/* Ends tempo_link_list_async().
 * Fails as the engine does: TEMPO_REFUSAL, or TEMPO_STORE_ERROR
 * when the disk is the matter.
 */
GBytes *
tempo_link_list_finish (TempoLink *self,
                        GAsyncResult *result,
                        GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->list_finish (self, result, error);
}

/* What the engine answers is JSON with an object at its top;
 * whoever asked wants that, or one object in it.
 */
JsonObject *
tempo_link_read (GBytes *answer,
                 const char *member)
{
  g_autoptr (JsonObject) top = answer != NULL ? tempo_json_parse (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), NULL) : NULL;
  JsonNode *node;

  if (top == NULL || member == NULL)
    return g_steal_pointer (&top);
  node = json_object_get_member (top, member);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node)) : NULL;
}

/* Ends tempo_link_list_async() for those who show nothing
 * when nothing came.
 */
JsonObject *
tempo_link_list_finish_object (TempoLink *self,
                               GAsyncResult *result,
                               const char *member)
{
  g_autoptr (GBytes) bytes = tempo_link_list_finish (self, result, NULL);

  return tempo_link_read (bytes, member);
}

void
tempo_link_people_async (TempoLink *self,
                         TempoPeopleCommand *command,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  if (refuse_locked (self, callback, user_data))
    return;
  TEMPO_LINK_GET_CLASS (self)->people_async (self, command, callback, user_data);
}

TempoPeopleOutcome *
tempo_link_people_finish (TempoLink *self,
                          GAsyncResult *result,
                          GError **error)
{
  if (was_refused (result, error))
    return NULL;
  return TEMPO_LINK_GET_CLASS (self)->people_finish (self, result, error);
}

/* Changes the sign of the open organization; NULL removes it. */
void
tempo_link_set_logo_async (TempoLink *self,
                           GBytes *image,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  if (refuse_locked (self, callback, user_data))
    return;
  TEMPO_LINK_GET_CLASS (self)->set_logo_async (self, image, callback, user_data);
}

/* Ends tempo_link_set_logo_async(). Fails as the engine does: TEMPO_REFUSAL. */
gboolean
tempo_link_set_logo_finish (TempoLink *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  if (was_refused (result, error))
    return FALSE;
  return TEMPO_LINK_GET_CLASS (self)->set_logo_finish (self, result, error);
}

/* Whether a PIN is set, without which there is no lock. Cheap. */
gboolean
tempo_link_has_pin (TempoLink *self)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  return TEMPO_LINK_GET_CLASS (self)->has_pin (self);
}

/* Asks the engine whether @pin is the one. It slows down who guesses. */
void
tempo_link_check_pin_async (TempoLink *self,
                            const char *pin,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  TEMPO_LINK_GET_CLASS (self)->check_pin_async (self, pin, callback, user_data);
}

/* Ends tempo_link_check_pin_async(). TEMPO_REFUSAL: WRONG_CODE, or RATE with the time from which it may be tried again. */
gboolean
tempo_link_check_pin_finish (TempoLink *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  return TEMPO_LINK_GET_CLASS (self)->check_pin_finish (self, result, error);
}

/* Sets, changes or (@pin NULL) takes away the PIN, when @old is the one in force or none is. */
void
tempo_link_set_pin_async (TempoLink *self,
                          const char *old,
                          const char *pin,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  if (refuse_locked (self, callback, user_data))
    return;
  TEMPO_LINK_GET_CLASS (self)->set_pin_async (self, old, pin, callback, user_data);
}

/* Ends tempo_link_set_pin_async(). Fails as checking does, or with INVALID for what is no PIN. */
gboolean
tempo_link_set_pin_finish (TempoLink *self,
                           GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  if (was_refused (result, error))
    return FALSE;
  return TEMPO_LINK_GET_CLASS (self)->set_pin_finish (self, result, error);
}

/* Makes a verified copy of the organization's file.
 * The engine makes one a day by itself; this is the button.
 */
void
tempo_link_backup_async (TempoLink *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  if (refuse_locked (self, callback, user_data))
    return;
  TEMPO_LINK_GET_CLASS (self)->backup_async (self, cancellable, callback, user_data);
}

/* Ends tempo_link_backup_async().
 * Fails as the engine does: TEMPO_REFUSAL, or TEMPO_STORE_ERROR
 * when the disk is the matter.
 */
char *
tempo_link_backup_finish (TempoLink *self,
                          GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  if (was_refused (result, error))
    return NULL;
  return TEMPO_LINK_GET_CLASS (self)->backup_finish (self, result, error);
}

/* Asks or changes something about the Spotify account of the open organization;
 * the acts are named in the header.
 */
void
tempo_link_spotify_async (TempoLink *self,
                          const char *act,
                          const char *client_id,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  TEMPO_LINK_GET_CLASS (self)->spotify_async (self, act, client_id, callback, user_data);
}

/* Ends tempo_link_spotify_async(). Fails with TEMPO_REFUSAL (SOURCE: made without Spotify)
 * or TEMPO_SPOTIFY_ERROR.
 * (transfer full).
 */
GBytes *
tempo_link_spotify_finish (TempoLink *self,
                           GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->spotify_finish (self, result, error);
}

/* First run: makes the organization with its room and opens it.
 * The view follows.
 */
void
tempo_link_create_venue_async (TempoLink *self,
                               const char *name,
                               const char *code,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  if (refuse_locked (self, callback, user_data))
    return;
  TEMPO_LINK_GET_CLASS (self)->create_venue_async (self, name, code, cancellable, callback, user_data);
}

/* Ends tempo_link_create_venue_async().
 * Fails as the engine does: TEMPO_REFUSAL, or TEMPO_STORE_ERROR
 * when the disk is the matter.
 */
gboolean
tempo_link_create_venue_finish (TempoLink *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  if (was_refused (result, error))
    return FALSE;
  return TEMPO_LINK_GET_CLASS (self)->create_venue_finish (self, result, error);
}

/* Changes how addresses call an organization, or closes it and opens it again.
 * What is NULL or -1 stays.
 */
void
tempo_link_update_organization_async (TempoLink *self,
                                      const char *organization_id,
                                      const char *slug,
                                      int active,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  TEMPO_LINK_GET_CLASS (self)->update_organization_async (self, organization_id, slug, active, cancellable, callback, user_data);
}

/* Ends tempo_link_update_organization_async(). Fails with TEMPO_REFUSAL.
 */
gboolean
tempo_link_update_organization_finish (TempoLink *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  return TEMPO_LINK_GET_CLASS (self)->update_organization_finish (self, result, error);
}

/* The organizations of this computer. A snapshot.
 * (transfer full) (element TempoOrganization).
 */
GPtrArray *
tempo_link_list_organizations (TempoLink *self)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->list_organizations (self);
}

/* Those whose file cannot be opened. A snapshot; empty for a link that knows of none.
 * (transfer full) (element TempoOrganization).
 */
GPtrArray *
tempo_link_list_unopened (TempoLink *self)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  if (TEMPO_LINK_GET_CLASS (self)->list_unopened == NULL)
    return g_ptr_array_new_with_free_func (g_object_unref);
  return TEMPO_LINK_GET_CLASS (self)->list_unopened (self);
}

/* The TempoStoreError that keeps one of those shut; -1 for one that is open.
 */
int
tempo_link_get_unopened (TempoLink *self,
                         const char *organization_id)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), -1);

  if (TEMPO_LINK_GET_CLASS (self)->get_unopened == NULL)
    return -1;
  return TEMPO_LINK_GET_CLASS (self)->get_unopened (self, organization_id);
}

/* The rooms of one of them. A snapshot.
 * (transfer full) (element TempoRoomInfo).
 */
GPtrArray *
tempo_link_list_rooms_of (TempoLink *self,
                          const char *organization_id)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->list_rooms_of (self, organization_id);
}

/* The open rooms of every open venue on this computer, for the sidebar.
 * A snapshot; with one room the sidebar shows none.
 * (transfer full) (element TempoRoomInfo).
 */
GPtrArray *
tempo_link_list_rooms (TempoLink *self)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->list_rooms (self);
}

/* Turns to a room; its view follows. @room_id NULL takes the first there is;
 * FALSE says that there is none, which is how first run is known.
 */
gboolean
tempo_link_open_room (TempoLink *self,
                      const char *room_id)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), FALSE);

  return TEMPO_LINK_GET_CLASS (self)->open_room (self, room_id);
}

/* How far the music folder is read. Cheap: the engine keeps the
 * numbers where any thread may look.
 */
void
tempo_link_get_scan (TempoLink *self,
                     TempoLinkScan *scan)
{
  g_return_if_fail (TEMPO_IS_LINK (self));

  *scan = (TempoLinkScan) { 0 };
  TEMPO_LINK_GET_CLASS (self)->get_scan (self, scan);
}

/* The engine's time, so that a test that moves its clock
 * moves the panel's countdowns too.
 */
gint64
tempo_link_get_now (TempoLink *self)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), 0);

  return TEMPO_LINK_GET_CLASS (self)->get_now (self);
}

/* Where the data or the copies of the open organization lie, NULL when there is
 * no such folder (a twin).
 * (transfer full) (nullable).
 */
char *
tempo_link_get_folder (TempoLink *self,
                       const char *which)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->get_folder (self, which);
}

/* The monitor behind the link, which the projector window shares,
 * so that both show the same view in the same frame.
 * (transfer none) (nullable).
 */
gpointer
tempo_link_get_monitor (TempoLink *self)
{
  g_return_val_if_fail (TEMPO_IS_LINK (self), NULL);

  return TEMPO_LINK_GET_CLASS (self)->get_monitor (self);
}
