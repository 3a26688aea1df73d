/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room's documents: for guests, staff and displays, whole and as changes. Only shown state is written. */
#include "venue/tempo-room-private.h"

#include "base/tempo-json.h"
#include "base/tempo-qr.h"
#include "model/tempo-room-view.h"
#include "model/tempo-source-state.h"
#include "model/tempo-rules.h"

#define MAX_DISPLAY_QUEUE 8
#define MAX_STAFF_GUESTS 1000
/* Waiting times in a cached document may be this old. */
#define SHARED_STATE_US (5 * G_TIME_SPAN_SECOND)

/* Sums lengths while the queue is written front to back. */
typedef struct
{
  TempoRoom *room;
  gint64 ahead_ms; /* -1: a length ahead is unknown and nothing plays */
  guint index;
} EtaWalk;

#define MINE_MAX 20 /* own requests in a guest's state */

static void
begin_walk (EtaWalk *walk,
            TempoRoom *room)
{
  TempoNowPlaying *now = room->shown_now;

  *walk = (EtaWalk) { room, 0, 0 };
  if (now != NULL)
    {
      gint64 length = now->song->duration_ms > 0 ? now->song->duration_ms : TEMPO_UNKNOWN_SONG_MS;

      walk->ahead_ms = MAX (0, length - tempo_now_playing_position (now, tempo_venue_now (room->venue)));
    }
}

/* Seconds until the song at the walk's place, which then moves behind it. */
static gint
walk_on (EtaWalk *walk)
{
  TempoRequest *request = g_ptr_array_index (walk->room->shown_queue, walk->index);
  gint eta = walk->ahead_ms < 0 || walk->index >= TEMPO_ROOM_MAX_ETA ? -1 : (gint) (walk->ahead_ms / 1000);

  walk->index++;
  if (walk->ahead_ms < 0)
    return eta;

  if (request->song->duration_ms > 0)
    walk->ahead_ms += request->song->duration_ms;
  else if (walk->room->shown_now != NULL)
    walk->ahead_ms += TEMPO_UNKNOWN_SONG_MS;
  else
    walk->ahead_ms = -1;

  return eta;
}

/* The active event, or the one that is planned next: phones say when to come back. */
static TempoEvent *
find_told_event (TempoRoom *self)
{
  TempoEvent *next = NULL;
  GHashTableIter iter;
  gpointer event;

  if (self->shown_event != NULL)
    return self->shown_event;

  g_hash_table_iter_init (&iter, self->venue->scheduled);
  while (g_hash_table_iter_next (&iter, NULL, &event))
    {
      TempoEvent *planned = event;

      if (g_strcmp0 (planned->room_id, self->shown_info->id) != 0 || planned->starts_at == 0)
        continue;
      if (next == NULL || planned->starts_at < next->starts_at)
        next = planned;
    }

  return next;
}

static void
write_event (TempoRoom *self,
             TempoJson *json)
{
  TempoEvent *event = find_told_event (self);

  if (event != NULL)
    tempo_event_to_json (event, json, "event");
  else
    tempo_json_null (json, "event");
}

static void
write_now (TempoRoom *self,
           TempoJson *json)
{
  if (self->shown_now != NULL)
    tempo_now_playing_to_json (self->shown_now, self->shown_info->code, json, "nowPlaying");
  else
    tempo_json_null (json, "nowPlaying");
}

static void
write_queue (TempoRoom *self,
             TempoShownPart *part,
             gboolean staff,
             guint max,
             TempoJson *json)
{
  const char *guest_id = part != NULL ? part->guest->id : NULL;
  EtaWalk walk;

  begin_walk (&walk, self);
  tempo_json_begin_array (json, "queue");
  for (guint i = 0; i < MIN (self->shown_queue->len, max); i++)
    {
      TempoRequest *request = g_ptr_array_index (self->shown_queue, i);
      TempoRequestJson how = { .room_code = self->shown_info->code, .position = i + 1, .staff = staff };

      how.eta_seconds = walk_on (&walk);
      how.mine = guest_id != NULL && g_strcmp0 (request->guest_id, guest_id) == 0;
      how.voted = part != NULL && g_hash_table_contains (part->votes, request->id);
      tempo_request_to_json (request, &how, json, NULL);
    }
  tempo_json_end_array (json);
}

/* The place of @request, which mostly is the very object that is queued: ids made in the same
 * second begin alike, so comparing them costs more than looking for the object first. */
static guint
find_place (TempoRoom *self,
            TempoRequest *request)
{
  gpointer *queued = self->shown_queue->pdata;

  /* From the end: what was just asked for is what is mostly told. */
  for (guint place = self->shown_queue->len; place > 0; place--)
    if (queued[place - 1] == request)
      return place;
  return tempo_room_get_position (self, request->id);
}

/* The newest ones only: what one guest asked for grows all night, what a phone is told must not. */
static void
write_mine (TempoRoom *self,
            TempoShownPart *part,
            TempoJson *json)
{
  guint first = part != NULL && part->mine->len > MINE_MAX ? part->mine->len - MINE_MAX : 0;

  tempo_json_begin_array (json, "mine");
  for (guint i = first; part != NULL && i < part->mine->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (part->mine, i);
      TempoRequestJson how = { .room_code = self->shown_info->code, .mine = TRUE, .eta_seconds = -1 };

      if (request->status == TEMPO_REQUEST_APPROVED)
        how.position = find_place (self, request);
      if (how.position > 0)
        how.eta_seconds = tempo_room_eta (self, how.position - 1);
      tempo_request_to_json (request, &how, json, NULL);
    }
  tempo_json_end_array (json);
}

static void
write_votes (TempoShownPart *part,
             TempoJson *json)
{
  GHashTableIter iter;
  gpointer id;

  tempo_json_begin_array (json, "votes");
  if (part != NULL)
    {
      g_hash_table_iter_init (&iter, part->votes);
      while (g_hash_table_iter_next (&iter, &id, NULL))
        tempo_json_string (json, NULL, id);
    }
  tempo_json_end_array (json);
}

/* Who the guest is to this house, and what staff took from them: a phone that opens anew says so before
 * anything is asked. */
static void
write_me (TempoShownPart *part,
          TempoJson *json)
{
  if (part == NULL)
    {
      tempo_json_null (json, "me");
      return;
    }
  tempo_json_begin_object (json, "me");
  tempo_json_string (json, "name", part->guest->name);
  tempo_json_time (json, "mutedUntil", part->guest->muted_until);
  tempo_json_time (json, "bannedUntil", part->guest->banned_until);
  tempo_json_end_object (json);
}

/* What guests may know of where the music comes from: whose songs they search, and whether while they type. */
static void
write_source (TempoRoom *self,
              TempoJson *json)
{
  const char *kind = tempo_player_get_kind (self->player);
  const char *search = "none";

  if (tempo_player_can (self->player, TEMPO_SOURCE_SEARCH))
    search = tempo_player_can (self->player, TEMPO_SOURCE_SEARCH_COSTS) ? "submit" : "typing";
  tempo_json_begin_object (json, "source");
  tempo_json_string (json, "kind", kind);
  /* A name that must be shown beside its songs. */
  tempo_json_string (json, "name", g_str_equal (kind, "spotify") ? "Spotify" : NULL);
  tempo_json_string (json, "search", search);
  tempo_json_end_object (json);
}

static void
write_sources (TempoRoom *self,
               TempoJson *json)
{
  g_autoptr (GPtrArray) states = tempo_player_list_states (self->player);

  tempo_json_begin_array (json, "sources");
  for (guint i = 0; i < states->len; i++)
    tempo_source_state_to_json (g_ptr_array_index (states, i), json, NULL);
  tempo_json_end_array (json);
}

static GBytes *
write_state (TempoRoom *self,
             TempoShownPart *part,
             const char *token_digest)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_organization_to_json (self->venue->organization, json, "organization");
  tempo_room_info_to_json (self->shown_info, json, "room");
  write_source (self, json);
  write_event (self, json);
  write_now (self, json);
  write_queue (self, part, FALSE, G_MAXUINT, json);
  write_mine (self, part, json);
  write_votes (part, json);
  write_me (part, json);
  tempo_room_write_left (self, token_digest, json, "left");
  tempo_json_int (json, "revision", (gint64) self->revision);
  tempo_json_end_object (json);

  return tempo_json_finish (g_steal_pointer (&json));
}

static void
write_delta (TempoRoom *self,
             TempoDelta *delta,
             const char *key,
             gboolean placed,
             gboolean staff,
             TempoJson *json)
{
  EtaWalk walk;

  begin_walk (&walk, self);
  tempo_json_begin_object (json, key);
  if (delta->all)
    tempo_json_bool (json, "all", TRUE);
  tempo_json_begin_array (json, "remove");
  for (guint i = 0; i < delta->remove->len; i++)
    tempo_json_string (json, NULL, g_ptr_array_index (delta->remove, i));
  tempo_json_end_array (json);
  tempo_json_begin_array (json, "put");
  for (guint i = 0; i < delta->put->len; i++)
    {
      TempoDeltaPut *put = &g_array_index (delta->put, TempoDeltaPut, i);
      TempoRequestJson how = { .room_code = self->shown_info->code, .staff = staff, .eta_seconds = -1 };

      if (placed && put->index < TEMPO_ROOM_MAX_ETA)
        {
          while (walk.index < put->index)
            walk_on (&walk);
          how.eta_seconds = walk_on (&walk);
        }
      if (placed)
        how.position = put->index + 1;
      tempo_json_begin_object (json, NULL);
      tempo_json_int (json, "index", put->index);
      tempo_request_to_json (put->request, &how, json, "request");
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  tempo_json_end_object (json);
}

static void
write_health (TempoRoom *self,
              TempoJson *json)
{
  static const char *const levels[] = { "good", "warning", "bad" };
  g_autoptr (GPtrArray) health = tempo_room_list_health (self);

  tempo_json_begin_array (json, "health");
  for (guint i = 0; i < health->len; i++)
    {
      TempoHealth *line = g_ptr_array_index (health, i);

      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "code", line->code);
      tempo_json_string (json, "level", levels[line->level]);
      tempo_json_string (json, "text", line->text);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
}

/* What only staff see of the room itself. The Wi-Fi password is not among it: displays draw it, nobody reads it. */
static void
write_room_settings (TempoRoom *self,
                     TempoJson *json)
{
  TempoRoomInfo *info = self->shown_info;

  tempo_json_begin_object (json, "settings");
  tempo_json_string (json, "source", info->source);
  tempo_json_double (json, "volume", info->volume);
  tempo_json_bool (json, "filler", self->shown_filler);
  tempo_json_string (json, "announcement", info->announcement);
  tempo_json_string (json, "wifiSsid", info->wifi_ssid);
  tempo_json_bool (json, "wifiShown", self->shown_wifi);
  tempo_json_string (json, "undo", self->shown_undo);
  tempo_json_end_object (json);
}

static gboolean
is_seen_by_guests (TempoRoomChange *change)
{
  return change->queue != NULL
         || (change->dirty & (TEMPO_DIRTY_ROOM | TEMPO_DIRTY_EVENT | TEMPO_DIRTY_NOW | TEMPO_DIRTY_ORGANIZATION)) != 0;
}

/* The members both guests and staff get. */
static void
write_common_change (TempoRoom *self,
                     TempoRoomChange *change,
                     gboolean staff,
                     TempoJson *json)
{
  tempo_json_int (json, "revision", (gint64) self->revision);
  if (change->dirty & TEMPO_DIRTY_ORGANIZATION)
    tempo_organization_to_json (self->venue->organization, json, "organization");
  if (change->dirty & TEMPO_DIRTY_ROOM)
    {
      tempo_room_info_to_json (self->shown_info, json, "room");
      write_source (self, json);
    }
  if (change->dirty & TEMPO_DIRTY_EVENT)
    write_event (self, json);
  if (change->dirty & TEMPO_DIRTY_NOW)
    write_now (self, json);
  if (change->queue != NULL)
    write_delta (self, change->queue, "queue", TRUE, staff, json);
}

static GBytes *
write_guests_change (TempoRoom *self,
                     TempoRoomChange *change)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  write_common_change (self, change, FALSE, json);
  tempo_json_end_object (json);

  return tempo_json_finish (g_steal_pointer (&json));
}

static GBytes *
write_staff_change (TempoRoom *self,
                    TempoRoomChange *change)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "roomId", self->shown_info->id);
  write_common_change (self, change, TRUE, json);
  if (change->inbox != NULL)
    write_delta (self, change->inbox, "inbox", FALSE, TRUE, json);
  if (change->dirty & (TEMPO_DIRTY_ROOM | TEMPO_DIRTY_UNDO))
    write_room_settings (self, json);
  if (change->dirty & (TEMPO_DIRTY_HEALTH | TEMPO_DIRTY_ROOM))
    write_sources (self, json);
  if (change->dirty & TEMPO_DIRTY_HEALTH)
    write_health (self, json);
  if (change->touched->len > 0 || change->forget_parts)
    {
      tempo_json_begin_object (json, "guests");
      tempo_json_bool (json, "all", change->forget_parts);
      tempo_json_begin_array (json, "put");
      for (guint i = 0; i < change->touched->len; i++)
        {
          TempoShownPart *part = tempo_room_get_shown_part (self, g_ptr_array_index (change->touched, i));

          if (part != NULL)
            tempo_guest_to_json (part->guest, json, NULL);
        }
      tempo_json_end_array (json);
      tempo_json_end_object (json);
    }
  tempo_json_end_object (json);

  return tempo_json_finish (g_steal_pointer (&json));
}

static const char *
get_join (TempoRoom *self)
{
  g_autofree char *url = tempo_room_make_join_url (self);
  g_autofree char *text = tempo_room_make_join_text (self);
  g_autofree char *wifi = NULL;
  g_autofree char *key = NULL;
  g_autoptr (TempoJson) json = NULL;

  if (self->shown_wifi)
    wifi = tempo_wifi_code (self->shown_info->wifi_ssid, self->shown_info->wifi_password,
                            self->shown_info->wifi_hidden);
  key = g_strdup_printf ("%s %s %s", url, text, wifi != NULL ? wifi : "");
  if (g_strcmp0 (key, self->join_key) == 0)
    return self->join_json;

  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "url", url);
  tempo_json_string (json, "text", text);
  tempo_qr_text_to_json (*url != '\0' ? url : NULL, json, "qr");
  if (wifi != NULL)
    {
      tempo_json_begin_object (json, "wifi");
      tempo_json_string (json, "ssid", self->shown_info->wifi_ssid);
      tempo_qr_text_to_json (wifi, json, "qr");
      tempo_json_end_object (json);
    }
  else
    {
      tempo_json_null (json, "wifi");
    }
  tempo_json_end_object (json);

  g_clear_pointer (&self->join_key, g_free);
  g_clear_pointer (&self->join_json, g_free);
  self->join_key = g_steal_pointer (&key);
  self->join_json = g_strdup (tempo_json_peek (json, NULL));

  return self->join_json;
}

static void
write_staff_lists (TempoRoom *self,
                   TempoJson *json)
{
  g_autoptr (TempoRoomView) view = tempo_room_get_view (self);

  tempo_json_begin_array (json, "inbox");
  for (guint i = 0; i < self->shown_inbox->len; i++)
    {
      TempoRequestJson how = { .room_code = self->shown_info->code, .staff = TRUE, .eta_seconds = -1 };

      tempo_request_to_json (g_ptr_array_index (self->shown_inbox, i), &how, json, NULL);
    }
  tempo_json_end_array (json);
  tempo_json_begin_array (json, "guests");
  for (guint i = 0; i < MIN (view->guests->len, MAX_STAFF_GUESTS); i++)
    tempo_guest_to_json (g_ptr_array_index (view->guests, i), json, NULL);
  tempo_json_end_array (json);
}

/**
 * tempo_room_eta:
 * @self: a room
 * @index: a place of the shown queue, from 0
 *
 * Returns: seconds until that song starts, -1 when nobody can say
 */
gint
tempo_room_eta (TempoRoom *self,
                guint index)
{
  EtaWalk walk;

  if (index >= self->shown_queue->len || index >= TEMPO_ROOM_MAX_ETA)
    return -1;

  begin_walk (&walk, self);
  while (walk.index < index)
    walk_on (&walk);

  return walk_on (&walk);
}

/**
 * tempo_room_write_change:
 * @self: a room
 * @change: what was just shown
 * @guests: (out): the `change` event, or %NULL when guests see no difference
 * @staff: (out): the same for staff
 *
 * Serialized once for all listeners.
 */
void
tempo_room_write_change (TempoRoom *self,
                         TempoRoomChange *change,
                         GBytes **guests,
                         GBytes **staff)
{
  *guests = is_seen_by_guests (change) ? write_guests_change (self, change) : NULL;
  *staff = write_staff_change (self, change);
}

/**
 * tempo_room_get_shared_state:
 * @self: a room
 *
 * Returns: (transfer none): the guests' document, for somebody new
 */
GBytes *
tempo_room_get_shared_state (TempoRoom *self)
{
  gint64 now = tempo_venue_now (self->venue);

  if (self->shared_state != NULL && now - self->shared_at > SHARED_STATE_US)
    g_clear_pointer (&self->shared_state, g_bytes_unref);

  if (self->shared_state == NULL)
    {
      self->shared_state = write_state (self, NULL, NULL);
      self->shared_at = now;
    }

  return self->shared_state;
}

/**
 * tempo_room_get_state:
 * @self: a room
 * @token_digest: (nullable): of the guest's cookie
 *
 * Returns: (transfer full): the guests' document, for this one
 */
GBytes *
tempo_room_get_state (TempoRoom *self,
                      const char *token_digest)
{
  TempoShownPart *part = tempo_room_get_shown_part (self, token_digest);

  if (part == NULL)
    return g_bytes_ref (tempo_room_get_shared_state (self));

  return write_state (self, part, token_digest);
}

/**
 * tempo_room_get_you:
 * @self: a room
 * @token_digest: (nullable): of the guest's cookie
 *
 * Returns: (transfer full): the guest's own part alone
 */
GBytes *
tempo_room_get_you (TempoRoom *self,
                    const char *token_digest)
{
  TempoShownPart *part = tempo_room_get_shown_part (self, token_digest);
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  write_mine (self, part, json);
  tempo_room_write_left (self, token_digest, json, "left");
  write_votes (part, json);
  write_me (part, json);
  tempo_json_int (json, "revision", (gint64) self->revision);
  tempo_json_end_object (json);

  return tempo_json_finish (g_steal_pointer (&json));
}

/**
 * tempo_room_get_display_state:
 * @self: a room
 *
 * Returns: (transfer none): what a display shows
 */
GBytes *
tempo_room_get_display_state (TempoRoom *self)
{
  g_autoptr (TempoJson) json = NULL;

  if (self->display_state != NULL)
    return self->display_state;

  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_organization_to_json (self->venue->organization, json, "organization");
  tempo_room_info_to_json (self->shown_info, json, "room");
  write_event (self, json);
  write_source (self, json);
  write_now (self, json);
  write_queue (self, NULL, FALSE, MAX_DISPLAY_QUEUE, json);
  tempo_json_raw (json, "join", get_join (self), -1);
  tempo_json_string (json, "announcement", self->shown_info->announced != NULL ? self->shown_info->announced
                                                                               : self->shown_info->announcement);
  tempo_json_time (json, "lastCallAt", self->shown_event != NULL ? self->shown_event->last_call_at : 0);
  tempo_json_int (json, "revision", (gint64) self->revision);
  tempo_json_end_object (json);
  self->display_state = tempo_json_finish (g_steal_pointer (&json));

  return self->display_state;
}

/**
 * tempo_room_get_staff_state:
 * @self: a room
 *
 * Returns: (transfer none): what the staff stream begins with
 */
GBytes *
tempo_room_get_staff_state (TempoRoom *self)
{
  g_autoptr (TempoJson) json = NULL;

  if (self->staff_state != NULL)
    return self->staff_state;

  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_organization_to_json (self->venue->organization, json, "organization");
  tempo_room_info_to_json (self->shown_info, json, "room");
  write_room_settings (self, json);
  write_event (self, json);
  write_now (self, json);
  write_queue (self, NULL, TRUE, G_MAXUINT, json);
  write_staff_lists (self, json);
  write_source (self, json);
  write_sources (self, json);
  write_health (self, json);
  tempo_json_int (json, "listeners", self->listeners);
  tempo_json_int (json, "displays", self->displays);
  tempo_json_int (json, "revision", (gint64) self->revision);
  tempo_json_end_object (json);
  self->staff_state = tempo_json_finish (g_steal_pointer (&json));

  return self->staff_state;
}
