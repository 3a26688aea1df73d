/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the engine's memory from the file: at start, and after a commit that failed. Runs on a
 * worker; only the active event of each room is read, so its cost does not grow with the years. */
#include "venue/tempo-loaded-private.h"

#include "base/tempo-json.h"
#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "model/tempo-member.h"
#include "model/tempo-room-info.h"
#include "model/tempo-rules.h"
#include "venue/tempo-people-private.h"

#define MAX_FINAL 1000
/* The longest "no repeat" that makes sense, and the span of plays that is kept at hand. */
#define PLAYS_US (24 * G_TIME_SPAN_HOUR)

static void
free_loaded_request (gpointer data)
{
  g_autofree TempoLoadedRequest *loaded = data;

  g_clear_object (&loaded->request);
  g_clear_pointer (&loaded->song_key, g_free);
  g_clear_pointer (&loaded->room_id, g_free);
}

static void
free_loaded_room (gpointer data)
{
  g_autofree TempoLoadedRoom *loaded = data;

  g_clear_object (&loaded->info);
  g_clear_pointer (&loaded->music_folder, g_free);
  g_clear_pointer (&loaded->filler_folder, g_free);
  g_clear_object (&loaded->event);
  g_clear_pointer (&loaded->requests, g_ptr_array_unref);
  g_clear_pointer (&loaded->votes, g_ptr_array_unref);
  g_clear_pointer (&loaded->asked, g_hash_table_unref);
  g_clear_pointer (&loaded->served, g_hash_table_unref);
  g_clear_pointer (&loaded->plays, g_hash_table_unref);
  g_clear_pointer (&loaded->settings, g_hash_table_unref);
  g_clear_object (&loaded->song);
  g_clear_pointer (&loaded->playing_id, g_free);
  g_clear_pointer (&loaded->next_id, g_free);
}

static void
free_loaded_display (gpointer data)
{
  g_autofree TempoLoadedDisplay *loaded = data;

  g_clear_pointer (&loaded->id, g_free);
  g_clear_pointer (&loaded->room_id, g_free);
  g_clear_pointer (&loaded->name, g_free);
  g_clear_pointer (&loaded->digest, g_free);
}

static TempoLoaded *
make_loaded (void)
{
  TempoLoaded *self = g_new0 (TempoLoaded, 1);

  self->rooms = g_ptr_array_new_with_free_func (free_loaded_room);
  self->guests = g_ptr_array_new_with_free_func (g_object_unref);
  self->members = g_ptr_array_new_with_free_func (g_object_unref);
  self->people = tempo_people_new ();
  self->scheduled = g_ptr_array_new_with_free_func (g_object_unref);
  self->displays = g_ptr_array_new_with_free_func (free_loaded_display);
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->next_request = 1;
  self->next_event = 1;

  return self;
}

static TempoLoadedRoom *
find_room (TempoLoaded *self,
           const char *room_id)
{
  for (guint i = 0; i < self->rooms->len; i++)
    {
      TempoLoadedRoom *room = g_ptr_array_index (self->rooms, i);

      if (g_strcmp0 (room->info->id, room_id) == 0)
        return room;
    }

  return NULL;
}

/* The order of sources as the file has it. What cannot be read leaves the one in "source". */
static void
read_sources (TempoRoomInfo *info,
              const char *source,
              const char *text)
{
  g_autoptr (JsonNode) node = text != NULL && *text != '\0' ? json_from_string (text, NULL) : NULL;
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) kinds = g_strv_builder_new ();
  g_auto (GStrv) sources = NULL;

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), TEMPO_ROOM_MAX_SOURCES); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (item) && tempo_source_kind_is_known (json_node_get_string (item)))
        g_strv_builder_add (kinds, json_node_get_string (item));
    }
  sources = g_strv_builder_end (kinds);
  if (sources[0] != NULL)
    tempo_room_info_set_sources (info, (const char *const *) sources);
  else
    tempo_room_info_set_sources (info, (const char *const[]) { source != NULL ? source : "manual", NULL });
}

static TempoLoadedRoom *
read_room (TempoRows *rows)
{
  TempoLoadedRoom *room = g_new0 (TempoLoadedRoom, 1);
  TempoRoomInfo *info = tempo_room_info_new (tempo_rows_text (rows, 0), tempo_rows_text (rows, 1),
                                             tempo_rows_text (rows, 2));

  room->info = info;
  read_sources (info, tempo_rows_text (rows, 3), tempo_rows_text (rows, 15));
  info->fallback_seconds = (guint) tempo_rows_int (rows, 16);
  tempo_switch_from_string (tempo_rows_text (rows, 4), &info->switch_state);
  info->volume = tempo_rows_double (rows, 5);
  info->wifi_ssid = g_strdup (tempo_rows_text (rows, 6));
  info->wifi_password = g_strdup (tempo_rows_text (rows, 7));
  info->wifi_hidden = tempo_rows_int (rows, 8) != 0;
  room->wifi_shown = tempo_rows_int (rows, 9) != 0;
  info->announcement = g_strdup (tempo_rows_text (rows, 10));
  room->filler = tempo_rows_int (rows, 11) != 0;
  room->music_folder = g_strdup (tempo_rows_text (rows, 12));
  room->filler_folder = g_strdup (tempo_rows_text (rows, 13));
  info->created_at = tempo_rows_int (rows, 14);
  room->requests = g_ptr_array_new_with_free_func (free_loaded_request);
  room->votes = g_ptr_array_new_with_free_func (g_free);
  room->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  room->served = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  room->plays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  room->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return room;
}

static gboolean
load_rooms (TempoLoaded *self,
            TempoScope *scope,
            GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "room-load", "");
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    g_ptr_array_add (self->rooms, read_room (rows));
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_closed_rooms (TempoLoaded *self,
                   TempoScope *scope,
                   GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "room-closed-list", "");
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    find_room (self, tempo_rows_text (rows, 0))->info->active = FALSE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_room_settings (TempoLoaded *self,
                    TempoScope *scope,
                    GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "room-setting-list", "");
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    {
      TempoLoadedRoom *room = find_room (self, tempo_rows_text (rows, 0));

      if (room != NULL)
        g_hash_table_insert (room->settings, g_strdup (tempo_rows_text (rows, 1)),
                             g_strdup (tempo_rows_text (rows, 2)));
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_events (TempoLoaded *self,
             TempoScope *scope,
             GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "event-load", "");
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    {
      g_autoptr (TempoEvent) event = tempo_rows_to_event (rows);
      TempoLoadedRoom *room = find_room (self, event->room_id);

      if (event->state == TEMPO_EVENT_ACTIVE && room != NULL)
        g_set_object (&room->event, event);
      else if (event->state == TEMPO_EVENT_SCHEDULED)
        g_ptr_array_add (self->scheduled, g_object_ref (event));
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_requests_of (TempoRows *rows,
                  GPtrArray *list,
                  GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    {
      TempoLoadedRequest *loaded = g_new0 (TempoLoadedRequest, 1);

      loaded->request = tempo_rows_to_request (rows, &loaded->song_key);
      loaded->room_id = g_strdup (tempo_rows_text (rows, 28));
      g_ptr_array_add (list, loaded);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_requests (TempoLoadedRoom *room,
               TempoScope *scope,
               GError **error)
{
  g_autoptr (TempoRows) final = NULL;
  g_autoptr (TempoRows) live = NULL;

  final = tempo_scope_query (scope, error, "request-load-final", "si", room->event->id, (gint64) MAX_FINAL);
  if (!load_requests_of (final, room->requests, error))
    return FALSE;
  for (guint i = 0, j = room->requests->len; i + 1 < j; i++)
    {
      gpointer other = room->requests->pdata[--j];

      room->requests->pdata[j] = room->requests->pdata[i];
      room->requests->pdata[i] = other;
    }

  live = tempo_scope_query (scope, error, "request-load-live", "s", room->event->id);
  return load_requests_of (live, room->requests, error);
}

static gboolean
load_counts (TempoLoadedRoom *room,
             TempoScope *scope,
             GError **error)
{
  g_autoptr (TempoRows) counts = tempo_scope_query (scope, error, "request-count-by-guest", "s",
                                                    room->event->id);
  g_autoptr (TempoRows) votes = NULL;
  g_autoptr (GError) failure = NULL;

  if (counts == NULL)
    return FALSE;
  while (tempo_rows_next (counts, &failure))
    {
      const char *guest_id = tempo_rows_text (counts, 0);

      g_hash_table_insert (room->asked, g_strdup (guest_id), GUINT_TO_POINTER (tempo_rows_int (counts, 1)));
      g_hash_table_insert (room->served, g_strdup (guest_id), GUINT_TO_POINTER (tempo_rows_int (counts, 2)));
    }

  if (failure == NULL)
    votes = tempo_scope_query (scope, &failure, "vote-load", "s", room->event->id);
  while (votes != NULL && tempo_rows_next (votes, &failure))
    {
      g_ptr_array_add (room->votes, g_strdup (tempo_rows_text (votes, 0)));
      g_ptr_array_add (room->votes, g_strdup (tempo_rows_text (votes, 1)));
    }

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_guests (TempoLoaded *self,
             TempoLoadedRoom *room,
             TempoScope *scope,
             GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "guest-load", "s", room->event->id);
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    g_ptr_array_add (self->guests, tempo_rows_to_guest (rows));
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_plays (TempoLoadedRoom *room,
            TempoScope *scope,
            gint64 now,
            GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "play-load", "si", room->info->id,
                                                  now - PLAYS_US);
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    {
      gint64 *at = g_new (gint64, 1);

      *at = tempo_rows_int (rows, 1);
      g_hash_table_insert (room->plays, g_strdup (tempo_rows_text (rows, 0)), at);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_playback (TempoLoaded *self,
               TempoScope *scope,
               GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "playback-load", "");
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    {
      TempoLoadedRoom *room = find_room (self, tempo_rows_text (rows, 0));

      if (room == NULL)
        continue;
      room->playing_id = g_strdup (tempo_rows_text (rows, 1));
      room->song = tempo_song_from_text (tempo_rows_text (rows, 2), &room->next_id);
      room->position_ms = tempo_rows_int (rows, 3);
      room->as_of = tempo_rows_int (rows, 4);
      room->playing = tempo_rows_int (rows, 5) != 0;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_members (TempoLoaded *self,
              TempoScope *scope,
              GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "member-load", "");
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    {
      TempoRole role = TEMPO_ROLE_VIEWER;
      TempoMember *member;

      tempo_role_from_string (tempo_rows_text (rows, 3), &role);
      member = tempo_member_new (tempo_rows_text (rows, 0), tempo_rows_text (rows, 1), role);
      g_clear_pointer (&member->password_hash, g_free);
      member->password_hash = g_strdup (tempo_rows_text (rows, 2));
      member->token_version = (guint) tempo_rows_int (rows, 4);
      member->created_at = tempo_rows_int (rows, 5);
      member->active = tempo_rows_int (rows, 6) != 0;
      member->password_set_at = tempo_rows_int (rows, 7);
      g_ptr_array_add (self->members, member);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_displays (TempoLoaded *self,
               TempoScope *scope,
               GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "display-load", "");
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (tempo_rows_next (rows, &failure))
    {
      TempoLoadedDisplay *display = g_new0 (TempoLoadedDisplay, 1);

      display->id = g_strdup (tempo_rows_text (rows, 0));
      display->room_id = g_strdup (tempo_rows_text (rows, 1));
      display->name = g_strdup (tempo_rows_text (rows, 2));
      display->digest = g_strdup (tempo_rows_text (rows, 3));
      g_ptr_array_add (self->displays, display);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_settings (TempoLoaded *self,
               TempoScope *scope,
               GError **error)
{
  g_autoptr (TempoRows) settings = tempo_scope_query (scope, error, "setting-list", "");
  g_autoptr (TempoRows) counters = NULL;
  g_autoptr (GError) failure = NULL;

  if (settings == NULL)
    return FALSE;
  while (tempo_rows_next (settings, &failure))
    g_hash_table_insert (self->settings, g_strdup (tempo_rows_text (settings, 0)),
                         g_strdup (tempo_rows_text (settings, 1)));

  if (failure == NULL)
    counters = tempo_scope_query (scope, &failure, "counter-load", "");
  while (counters != NULL && tempo_rows_next (counters, &failure))
    {
      if (g_str_equal (tempo_rows_text (counters, 0), "REQ"))
        self->next_request = tempo_rows_int (counters, 1);
      else if (g_str_equal (tempo_rows_text (counters, 0), "EVT"))
        self->next_event = tempo_rows_int (counters, 1);
    }

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

/**
 * tempo_loaded_read:
 * @scope: a read-only scope
 * @now: (type gint64): the time, behind a pointer
 * @error: where the store's errors go
 *
 * Returns: (transfer full) (nullable): a #TempoLoaded
 */
gpointer
tempo_loaded_read (TempoScope *scope,
                   gpointer now,
                   GError **error)
{
  g_autoptr (TempoLoaded) self = make_loaded ();
  gint64 at = *(gint64 *) now;

  if (!load_rooms (self, scope, error) || !load_closed_rooms (self, scope, error)
      || !load_room_settings (self, scope, error)
      || !load_events (self, scope, error)
      || !load_playback (self, scope, error)
      || !load_members (self, scope, error) || !tempo_people_load (self->people, scope, error) || !load_displays (self, scope, error)
        || !load_settings (self, scope, error))
    return NULL;

  for (guint i = 0; i < self->rooms->len; i++)
    {
      TempoLoadedRoom *room = g_ptr_array_index (self->rooms, i);

      if (!load_plays (room, scope, at, error))
        return NULL;
      if (room->event == NULL)
        continue;
      if (!load_requests (room, scope, error) || !load_counts (room, scope, error)
          || !load_guests (self, room, scope, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * tempo_loaded_free:
 * @self: (transfer full): what was read
 *
 * Frees it.
 */
void
tempo_loaded_free (TempoLoaded *self)
{
  g_clear_pointer (&self->rooms, g_ptr_array_unref);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_clear_pointer (&self->people, tempo_people_free);
  g_clear_pointer (&self->scheduled, g_ptr_array_unref);
  g_clear_pointer (&self->displays, g_ptr_array_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_free (self);
}
