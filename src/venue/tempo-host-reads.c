/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What servers and screens ask the engine for without changing anything. */
#include "venue/tempo-host-private.h"

#include "base/tempo-id.h"
#include "model/tempo-room-view.h"
#include "venue/tempo-room-private.h"

/**
 * tempo_host_get_context:
 * @self: the engine
 *
 * Returns: (transfer none): the engine thread's context
 */
GMainContext *
tempo_host_get_context (TempoHost *self)
{
  return self->context;
}

/**
 * tempo_host_get_clock:
 * @self: the engine
 *
 * Returns: (transfer none): its clock
 */
TempoClock *
tempo_host_get_clock (TempoHost *self)
{
  return self->clock;
}

/**
 * tempo_host_get_data_dir:
 * @self: the engine
 *
 * Returns: (transfer none): its data folder
 */
const char *
tempo_host_get_data_dir (TempoHost *self)
{
  return self->data_dir;
}

/**
 * tempo_host_get_secrets:
 * @self: the engine
 *
 * Returns: (transfer none): where secrets live
 */
TempoSecrets *
tempo_host_get_secrets (TempoHost *self)
{
  return self->secrets;
}

/**
 * tempo_host_get_store:
 * @self: the engine
 * @organization_id: slug or id
 *
 * Engine thread.
 *
 * Returns: (transfer none) (nullable): the open file
 */
TempoStore *
tempo_host_get_store (TempoHost *self,
                      const char *organization_id)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization_id);

  return venue != NULL ? venue->store : NULL;
}

/**
 * tempo_host_list_organizations:
 * @self: the engine
 *
 * Any thread.
 *
 * Returns: (transfer full) (element-type TempoOrganization): a snapshot
 */
GPtrArray *
tempo_host_list_organizations (TempoHost *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->organizations->len; i++)
    g_ptr_array_add (list, g_object_ref (g_ptr_array_index (self->organizations, i)));
  g_mutex_unlock (&self->lock);

  return list;
}

/**
 * tempo_host_list_rooms:
 * @self: the engine
 * @organization_id: an id
 *
 * Any thread.
 *
 * Returns: (transfer full) (element-type TempoRoomInfo): a snapshot
 */
GPtrArray *
tempo_host_list_rooms (TempoHost *self,
                       const char *organization_id)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *infos;

  g_mutex_lock (&self->lock);
  infos = organization_id != NULL ? g_hash_table_lookup (self->room_infos, organization_id) : NULL;
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    g_ptr_array_add (list, g_object_ref (g_ptr_array_index (infos, i)));
  g_mutex_unlock (&self->lock);

  return list;
}

/* A room that guests may enter. */
static gboolean
is_open (TempoRoom *room)
{
  return room->shown_info != NULL && room->shown_info->active && room->venue->organization->active;
}

/**
 * tempo_host_find_room:
 * @self: the engine
 * @organization: (nullable): slug or id; any when %NULL
 * @room: (nullable): id or join code
 *
 * Engine thread.
 *
 * Returns: (transfer none) (nullable): the room, unless it or its organization is closed
 */
TempoRoom *
tempo_host_find_room (TempoHost *self,
                      const char *organization,
                      const char *room)
{
  TempoRoom *found = tempo_host_find_any_room (self, organization, room);

  return found != NULL && is_open (found) ? found : NULL;
}

/**
 * tempo_host_find_any_room:
 * @self: the engine
 * @organization: (nullable): slug or id; any when %NULL
 * @room: (nullable): id or join code
 *
 * Engine thread.
 *
 * Returns: (transfer none) (nullable): the room, closed or not
 */
TempoRoom *
tempo_host_find_any_room (TempoHost *self,
                      const char *organization,
                      const char *room)
{
  TempoRoom *found = room != NULL ? g_hash_table_lookup (self->rooms_by_id, room) : NULL;

  if (found == NULL && room != NULL)
    {
      g_autofree char *code = g_ascii_strup (room, -1);

      found = g_hash_table_lookup (self->rooms_by_code, code);
    }
  if (found != NULL && organization != NULL && tempo_host_find_venue (self, organization) != found->venue)
    return NULL;

  return found;
}

/**
 * tempo_host_find_organization:
 * @self: the engine
 * @organization: (nullable): slug or id
 *
 * Engine thread.
 *
 * Returns: (transfer none) (nullable): the organization with its branding
 */
TempoOrganization *
tempo_host_find_organization (TempoHost *self,
                              const char *organization)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization);

  return venue != NULL ? venue->organization : NULL;
}

static GPtrArray *
list_rooms (TempoHost *self,
            const char *organization,
            gboolean closed_too)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      if (organization != NULL && venue != tempo_host_find_venue (self, organization))
        continue;
      for (guint j = 0; j < venue->rooms->len; j++)
        {
          TempoRoom *room = g_ptr_array_index (venue->rooms, j);

          if (is_open (room) || (closed_too && room->shown_info != NULL))
            g_ptr_array_add (list, room);
        }
    }

  return list;
}

/**
 * tempo_host_get_rooms:
 * @self: the engine
 * @organization: (nullable): slug or id; all when %NULL
 *
 * Engine thread.
 *
 * Returns: (transfer container) (element-type TempoRoom): the rooms that guests may enter
 */
GPtrArray *
tempo_host_get_rooms (TempoHost *self,
                      const char *organization)
{
  return list_rooms (self, organization, FALSE);
}

/**
 * tempo_host_get_all_rooms:
 * @self: the engine
 * @organization: (nullable): slug or id; all when %NULL
 *
 * Engine thread.
 *
 * Returns: (transfer container) (element-type TempoRoom): the rooms, closed or not
 */
GPtrArray *
tempo_host_get_all_rooms (TempoHost *self,
                          const char *organization)
{
  return list_rooms (self, organization, TRUE);
}

/**
 * tempo_host_find_member:
 * @self: the engine
 * @organization_id: slug or id
 * @member_id: (nullable): an id
 *
 * Engine thread.
 *
 * Returns: (transfer none) (nullable): the member, while its organization is not closed
 */
TempoMember *
tempo_host_find_member (TempoHost *self,
                        const char *organization_id,
                        const char *member_id)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization_id);

  return venue != NULL && venue->organization->active && member_id != NULL ? g_hash_table_lookup (venue->members, member_id) : NULL;
}

/**
 * tempo_host_find_display:
 * @self: the engine
 * @token: (nullable): what the address of a display holds
 * @display_id: (out) (optional) (transfer full): which display
 *
 * Engine thread.
 *
 * Returns: (transfer none) (nullable): the room it shows
 */
TempoRoom *
tempo_host_find_display (TempoHost *self,
                         const char *token,
                         char **display_id)
{
  g_autofree char *digest = token != NULL ? tempo_token_digest (token) : NULL;

  for (guint i = 0; digest != NULL && i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);
      TempoDisplay *display = g_hash_table_lookup (venue->displays, digest);
      TempoRoom *room = display != NULL ? g_hash_table_lookup (self->rooms_by_id, display->room_id) : NULL;

      if (room == NULL || !is_open (room))
        continue;
      if (display_id != NULL)
        *display_id = g_strdup (display->id);
      return room;
    }

  return NULL;
}

static void
tell_all (TempoHost *self,
          TempoDirty dirty)
{
  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      for (guint j = 0; j < venue->rooms->len; j++)
        tempo_room_tell (g_ptr_array_index (venue->rooms, j), dirty);
    }
}

/**
 * tempo_host_set_address:
 * @self: the engine
 * @base_url: (nullable): http://192.168.1.20:8080
 *
 * Engine thread: what printed codes and displays name.
 */
void
tempo_host_set_address (TempoHost *self,
                        const char *base_url)
{
  if (g_strcmp0 (self->address, base_url) == 0)
    return;

  g_clear_pointer (&self->address, g_free);
  self->address = g_strdup (base_url);
  tell_all (self, TEMPO_DIRTY_HEALTH);
}

/**
 * tempo_host_get_address:
 * @self: the engine
 *
 * Engine thread.
 *
 * Returns: (transfer none) (nullable): what tempo_host_set_address() said
 */
const char *
tempo_host_get_address (TempoHost *self)
{
  return self->address;
}

/**
 * tempo_host_set_health:
 * @self: the engine
 * @code: a stable word
 * @level: a TempoHealthLevel
 * @text: (nullable): what is the matter
 *
 * Engine thread: a line of the health strip that others than the engine know about.
 */
void
tempo_host_set_health (TempoHost *self,
                       const char *code,
                       guint level,
                       const char *text)
{
  for (guint i = 0; i < self->health->len; i++)
    {
      TempoHealth *line = g_ptr_array_index (self->health, i);

      if (!g_str_equal (line->code, code))
        continue;
      if (line->level == level && g_strcmp0 (line->text, text != NULL ? text : "") == 0)
        return;
      g_ptr_array_remove_index (self->health, i);
      break;
    }
  g_ptr_array_add (self->health, tempo_health_new (g_intern_string (code), level, text));
  tell_all (self, TEMPO_DIRTY_HEALTH);
}
