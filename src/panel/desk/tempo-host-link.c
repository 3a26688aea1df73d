/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-host-link.h"

#include "base/tempo-clock.h"
#include "model/tempo-organization.h"
#include "model/tempo-room-info.h"
#include "panel/desk/tempo-spotify-line.h"
#include "venue/tempo-monitor.h"
#include "venue/tempo-room.h"

struct _TempoHostLink
{
  TempoLink parent_instance;

  TempoHost *host;       /* (owned) */
  TempoMonitor *monitor; /* (owned) (nullable) of the open room */
};

G_DEFINE_FINAL_TYPE (TempoHostLink, tempo_host_link, TEMPO_TYPE_LINK)

static void
view_changed_cb (TempoHostLink *self)
{
  tempo_link_take_view (TEMPO_LINK (self), tempo_monitor_get_view (self->monitor));
}

/* Every task of this file ends the same way: the host's or monitor's own result
 * is kept in a task of the link and taken out by the finish function. */
static void
finished_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_pointer (task, g_object_ref (result), g_object_unref);
}

static GTask *
begin (TempoLink *link,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (link, cancellable, callback, user_data);

  /* The inner result tells about a cancellation, and must reach its finish function. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, begin);
  return task;
}

static GAsyncResult *
take_result (GAsyncResult *result,
             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Between two rooms there is nothing to ask. */
static gboolean
need_room (TempoHostLink *self,
           GTask *task)
{
  if (self->monitor != NULL)
    return TRUE;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "no room is open");
  g_object_unref (task);
  return FALSE;
}

static void
execute_async (TempoLink *link,
               TempoCommand *command,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);

  tempo_host_execute_async (self->host, command, cancellable, finished_cb, begin (link, cancellable, callback,
                                                                                  user_data));
}

static TempoOutcome *
execute_finish (TempoLink *link,
                GAsyncResult *result,
                GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL ? tempo_host_execute_finish (TEMPO_HOST_LINK (link)->host, inner, error) : NULL;
}

static void
people_async (TempoLink *link,
              TempoPeopleCommand *command,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  tempo_people_execute_async (TEMPO_HOST_LINK (link)->host, command, finished_cb, begin (link, NULL, callback, user_data));
}

static TempoPeopleOutcome *
people_finish (TempoLink *link,
               GAsyncResult *result,
               GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL ? tempo_people_execute_finish (TEMPO_HOST_LINK (link)->host, inner, error) : NULL;
}

static void
search_async (TempoLink *link,
              const char *query,
              guint limit,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  GTask *task = begin (link, cancellable, callback, user_data);

  if (!need_room (self, task))
    return;
  g_task_set_task_data (task, g_object_ref (self->monitor), g_object_unref);
  tempo_monitor_search_async (self->monitor, query, limit, cancellable, finished_cb, task);
}

static GPtrArray *
search_finish (TempoLink *link,
               GAsyncResult *result,
               GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL ? tempo_monitor_search_finish (g_task_get_task_data (G_TASK (result)), inner, error) : NULL;
}

static void
artwork_async (TempoLink *link,
               const char *artwork,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  GTask *task = begin (link, cancellable, callback, user_data);

  if (!need_room (self, task))
    return;
  g_task_set_task_data (task, g_object_ref (self->monitor), g_object_unref);
  tempo_monitor_artwork_async (self->monitor, artwork, cancellable, finished_cb, task);
}

static GBytes *
artwork_finish (TempoLink *link,
                GAsyncResult *result,
                GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL ? tempo_monitor_artwork_finish (g_task_get_task_data (G_TASK (result)), inner, error) : NULL;
}

static void
set_music_async (TempoLink *link,
                 const char *source,
                 const char *folder,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  GTask *task = begin (link, cancellable, callback, user_data);

  if (!need_room (self, task))
    return;
  g_task_set_task_data (task, g_object_ref (self->monitor), g_object_unref);
  tempo_monitor_set_music_async (self->monitor, source, folder, cancellable, finished_cb, task);
}

static gboolean
set_music_finish (TempoLink *link,
                  GAsyncResult *result,
                  GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL && tempo_monitor_set_music_finish (g_task_get_task_data (G_TASK (result)), inner, error);
}

static void
list_async (TempoLink *link,
            const char *list,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  GTask *task = begin (link, cancellable, callback, user_data);
  gboolean of_room;

  if (!need_room (self, task))
    return;
  of_room = g_str_equal (list, "room-settings");
  tempo_host_list_async (self->host, tempo_monitor_get_organization_id (self->monitor), of_room ? "settings-here" : list,
                         of_room ? tempo_monitor_get_room_id (self->monitor) : NULL, NULL, 100, cancellable, finished_cb, task);
}

static GBytes *
list_finish (TempoLink *link,
             GAsyncResult *result,
             GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL ? tempo_host_list_finish (TEMPO_HOST_LINK (link)->host, inner, error) : NULL;
}

static void
set_logo_async (TempoLink *link,
                GBytes *image,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  GTask *task = begin (link, NULL, callback, user_data);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);

  if (need_room (self, task))
    tempo_host_set_logo_async (self->host, actor, tempo_monitor_get_organization_id (self->monitor), image,
                               finished_cb, task);
}

static gboolean
set_logo_finish (TempoLink *link,
                 GAsyncResult *result,
                 GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL && tempo_host_set_logo_finish (TEMPO_HOST_LINK (link)->host, inner, error);
}

static gboolean
has_pin (TempoLink *link)
{
  return tempo_pin_is_set (TEMPO_HOST_LINK (link)->host);
}

static void
check_pin_async (TempoLink *link,
                 const char *pin,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  tempo_pin_check_async (TEMPO_HOST_LINK (link)->host, pin, finished_cb, begin (link, NULL, callback, user_data));
}

static gboolean
check_pin_finish (TempoLink *link,
                  GAsyncResult *result,
                  GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL && tempo_pin_check_finish (TEMPO_HOST_LINK (link)->host, inner, error);
}

static void
pin_set_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (tempo_pin_set_finish (TEMPO_HOST (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
old_checked_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *host = TEMPO_HOST (object);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  GError *error = NULL;

  if (!tempo_pin_check_finish (host, result, &error))
    g_task_return_error (task, error);
  else
    tempo_pin_set_async (host, actor, g_task_get_task_data (task), pin_set_cb, g_object_ref (task));
}

static void
set_pin_async (TempoLink *link,
               const char *old,
               const char *pin,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  GTask *task = g_task_new (link, NULL, callback, user_data);

  g_task_set_source_tag (task, set_pin_async);
  g_task_set_task_data (task, g_strdup (pin), g_free);
  tempo_pin_check_async (TEMPO_HOST_LINK (link)->host, old, old_checked_cb, task);
}

static gboolean
set_pin_finish (TempoLink *link,
                GAsyncResult *result,
                GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
backup_async (TempoLink *link,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  GTask *task = begin (link, cancellable, callback, user_data);

  if (!need_room (self, task))
    return;
  tempo_host_backup_async (self->host, tempo_monitor_get_organization_id (self->monitor), cancellable,
                           finished_cb, task);
}

static char *
backup_finish (TempoLink *link,
               GAsyncResult *result,
               GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL ? tempo_host_backup_finish (TEMPO_HOST_LINK (link)->host, inner, error) : NULL;
}

static void
spotify_async (TempoLink *link,
               const char *act,
               const char *client_id,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  GTask *task = begin (link, NULL, callback, user_data);

  if (need_room (self, task))
    tempo_spotify_line_ask_async (self->host, tempo_monitor_get_organization_id (self->monitor), tempo_link_get_view (link), act, client_id,
                                  finished_cb, task);
}

static GBytes *
spotify_finish (TempoLink *link,
                GAsyncResult *result,
                GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);

  return inner != NULL ? tempo_spotify_line_ask_finish (inner, error) : NULL;
}

static void
venue_created_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHostLink *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOrganization) organization = tempo_host_create_organization_finish (TEMPO_HOST (object),
                                                                                      result, &error);
  g_autoptr (GPtrArray) rooms = NULL;

  if (organization == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  rooms = tempo_host_list_rooms (self->host, organization->id);
  if (rooms->len > 0)
    tempo_link_open_room (TEMPO_LINK (self), ((TempoRoomInfo *) g_ptr_array_index (rooms, 0))->id);
  g_task_return_boolean (task, TRUE);
}

/* The owner at the desk needs no password: whoever sits at the computer is the owner. */
static void
create_venue_async (TempoLink *link,
                    const char *name,
                    const char *code,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  GTask *task = g_task_new (link, cancellable, callback, user_data);

  g_task_set_source_tag (task, create_venue_async);
  tempo_host_create_organization_async (self->host, actor, name, NULL, code, "owner", NULL, venue_created_cb, task);
}

static gboolean
create_venue_finish (TempoLink *link,
                     GAsyncResult *result,
                     GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
update_organization_async (TempoLink *link,
                           const char *organization_id,
                           const char *slug,
                           int active,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);

  tempo_host_update_organization_async (TEMPO_HOST_LINK (link)->host, actor, organization_id, NULL, slug, active, cancellable,
                                        finished_cb, begin (link, cancellable, callback, user_data));
}

static gboolean
update_organization_finish (TempoLink *link,
                            GAsyncResult *result,
                            GError **error)
{
  g_autoptr (GAsyncResult) inner = take_result (result, error);
  g_autoptr (TempoOrganization) organization =
    inner != NULL ? tempo_host_update_organization_finish (TEMPO_HOST_LINK (link)->host, inner, error) : NULL;

  return organization != NULL;
}

static GPtrArray *
list_organizations (TempoLink *link)
{
  return tempo_host_list_organizations (TEMPO_HOST_LINK (link)->host);
}

static GPtrArray *
list_unopened (TempoLink *link)
{
  return tempo_host_list_unopened (TEMPO_HOST_LINK (link)->host);
}

static int
get_unopened (TempoLink *link,
              const char *organization_id)
{
  return tempo_host_get_unopened (TEMPO_HOST_LINK (link)->host, organization_id);
}

static GPtrArray *
list_rooms_of (TempoLink *link,
               const char *organization_id)
{
  return tempo_host_list_rooms (TEMPO_HOST_LINK (link)->host, organization_id);
}

static gboolean
is_open (TempoOrganization *organization,
         TempoRoomInfo *room)
{
  return organization->active && room->active;
}

static GPtrArray *
list_rooms (TempoLink *link)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  g_autoptr (GPtrArray) organizations = tempo_host_list_organizations (self->host);
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < organizations->len; i++)
    {
      TempoOrganization *organization = g_ptr_array_index (organizations, i);
      g_autoptr (GPtrArray) rooms = tempo_host_list_rooms (self->host, organization->id);

      for (guint j = 0; j < rooms->len; j++)
        if (is_open (organization, g_ptr_array_index (rooms, j)))
          g_ptr_array_add (all, g_object_ref (g_ptr_array_index (rooms, j)));
    }
  return all;
}

/* The id of the organization that has @room_id, and the room's, or FALSE. */
static gboolean
find_room (TempoHostLink *self,
           const char *room_id,
           char **organization,
           char **room)
{
  g_autoptr (GPtrArray) organizations = tempo_host_list_organizations (self->host);

  for (guint i = 0; i < organizations->len; i++)
    {
      TempoOrganization *one = g_ptr_array_index (organizations, i);
      g_autoptr (GPtrArray) rooms = tempo_host_list_rooms (self->host, one->id);

      for (guint j = 0; j < rooms->len; j++)
        {
          TempoRoomInfo *info = g_ptr_array_index (rooms, j);

          if (!is_open (one, info) || (room_id != NULL && g_strcmp0 (info->id, room_id) != 0))
            continue;
          *organization = g_strdup (one->id);
          *room = g_strdup (info->id);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
open_room (TempoLink *link,
           const char *room_id)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  g_autofree char *organization = NULL;
  g_autofree char *room = NULL;

  if (!find_room (self, room_id, &organization, &room))
    return FALSE;
  if (self->monitor != NULL && g_strcmp0 (tempo_monitor_get_room_id (self->monitor), room) == 0)
    return TRUE;
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  self->monitor = tempo_monitor_new (self->host, organization, room);
  g_signal_connect_swapped (self->monitor, "notify::view", G_CALLBACK (view_changed_cb), self);
  view_changed_cb (self);
  return TRUE;
}

static void
get_scan (TempoLink *link,
          TempoLinkScan *scan)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);

  if (self->monitor != NULL)
    tempo_monitor_get_scan (self->monitor, &scan->scanning, &scan->scanned, &scan->total, &scan->songs, &scan->broken);
}

static gint64
get_now (TempoLink *link)
{
  return tempo_clock_now (tempo_host_get_clock (TEMPO_HOST_LINK (link)->host));
}

static char *
get_folder (TempoLink *link,
            const char *which)
{
  TempoHostLink *self = TEMPO_HOST_LINK (link);
  const char *data = tempo_host_get_data_dir (self->host);

  if (g_str_equal (which, "data"))
    return g_strdup (data);
  if (self->monitor == NULL)
    return NULL;
  return g_build_filename (data, "organizations", tempo_monitor_get_organization_id (self->monitor), which, NULL);
}

static gpointer
get_monitor (TempoLink *link)
{
  return TEMPO_HOST_LINK (link)->monitor;
}

static void
tempo_host_link_dispose (GObject *object)
{
  TempoHostLink *self = TEMPO_HOST_LINK (object);

  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (tempo_host_link_parent_class)->dispose (object);
}

static void
tempo_host_link_class_init (TempoHostLinkClass *klass)
{
  TempoLinkClass *link_class = TEMPO_LINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_host_link_dispose;
  link_class->execute_async = execute_async;
  link_class->execute_finish = execute_finish;
  link_class->people_async = people_async;
  link_class->people_finish = people_finish;
  link_class->search_async = search_async;
  link_class->search_finish = search_finish;
  link_class->artwork_async = artwork_async;
  link_class->artwork_finish = artwork_finish;
  link_class->set_music_async = set_music_async;
  link_class->set_music_finish = set_music_finish;
  link_class->list_async = list_async;
  link_class->list_finish = list_finish;
  link_class->set_logo_async = set_logo_async;
  link_class->set_logo_finish = set_logo_finish;
  link_class->has_pin = has_pin;
  link_class->check_pin_async = check_pin_async;
  link_class->check_pin_finish = check_pin_finish;
  link_class->set_pin_async = set_pin_async;
  link_class->set_pin_finish = set_pin_finish;
  link_class->backup_async = backup_async;
  link_class->backup_finish = backup_finish;
  link_class->spotify_async = spotify_async;
  link_class->spotify_finish = spotify_finish;
  link_class->create_venue_async = create_venue_async;
  link_class->create_venue_finish = create_venue_finish;
  link_class->update_organization_async = update_organization_async;
  link_class->update_organization_finish = update_organization_finish;
  link_class->list_organizations = list_organizations;
  link_class->list_unopened = list_unopened;
  link_class->get_unopened = get_unopened;
  link_class->list_rooms_of = list_rooms_of;
  link_class->list_rooms = list_rooms;
  link_class->open_room = open_room;
  link_class->get_scan = get_scan;
  link_class->get_now = get_now;
  link_class->get_folder = get_folder;
  link_class->get_monitor = get_monitor;
}

static void
tempo_host_link_init (TempoHostLink *self)
{
}

/* A link to @host, which must have been started. It shows no room
 * until tempo_link_open_room().
 */
TempoLink *
tempo_host_link_new (TempoHost *host)
{
  TempoHostLink *self = g_object_new (TEMPO_TYPE_HOST_LINK, NULL);

  self->host = g_object_ref (host);
  return TEMPO_LINK (self);
}
