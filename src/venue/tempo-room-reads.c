/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What servers on the engine thread read of a room, and how they hear of changes. */
#include "venue/tempo-room-private.h"

#include "model/tempo-rules.h"

/**
 * tempo_room_get_info:
 * @self: a room
 *
 * Returns: (transfer none): the room as shown
 */
TempoRoomInfo *
tempo_room_get_info (TempoRoom *self)
{
  return self->shown_info;
}

/**
 * tempo_room_get_organization:
 * @self: a room
 *
 * Returns: (transfer none): its organization
 */
TempoOrganization *
tempo_room_get_organization (TempoRoom *self)
{
  return self->venue->organization;
}

/**
 * tempo_room_get_event:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): the active event as shown
 */
TempoEvent *
tempo_room_get_event (TempoRoom *self)
{
  return self->shown_event;
}

/**
 * tempo_room_get_source:
 * @self: a room
 *
 * Returns: (transfer none): where its music comes from
 */
TempoSource *
tempo_room_get_source (TempoRoom *self)
{
  return tempo_player_get_source (self->player);
}

/**
 * tempo_room_get_revision:
 * @self: a room
 *
 * Returns: the number of the state that is shown
 */
guint64
tempo_room_get_revision (TempoRoom *self)
{
  return self->revision;
}

/**
 * tempo_room_find_request:
 * @self: a room
 * @request_id: an id
 *
 * Returns: (transfer none) (nullable): the request, of the active event
 */
TempoRequest *
tempo_room_find_request (TempoRoom *self,
                         const char *request_id)
{
  TempoSlot *slot = tempo_room_find_slot (self, request_id);

  return slot != NULL ? slot->request : NULL;
}

/**
 * tempo_room_get_position:
 * @self: a room
 * @request_id: an id
 *
 * Returns: its place in the queue as shown, from 1; 0 when it is not there
 */
guint
tempo_room_get_position (TempoRoom *self,
                         const char *request_id)
{
  for (guint i = 0; i < self->shown_queue->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (self->shown_queue, i);

      if (g_strcmp0 (request->id, request_id) == 0)
        return i + 1;
    }

  return 0;
}

/**
 * tempo_room_find_guest:
 * @self: a room
 * @token_digest: (nullable): of a cookie
 *
 * Returns: (transfer none) (nullable): the guest, with its counts of tonight, when it has a part here
 */
TempoGuest *
tempo_room_find_guest (TempoRoom *self,
                       const char *token_digest)
{
  TempoShownPart *part = tempo_room_get_shown_part (self, token_digest);

  return part != NULL ? part->guest : NULL;
}

/**
 * tempo_room_get_song_state:
 * @self: a room
 * @song: a song of a search
 * @request_id: (out) (optional) (transfer none) (nullable): the live request of it
 *
 * Returns: (nullable): "queued", "played" or nothing
 */
const char *
tempo_room_get_song_state (TempoRoom *self,
                           TempoSong *song,
                           const char **request_id)
{
  g_autofree char *key = tempo_song_key (song->artist, song->title);
  const char *live = g_hash_table_lookup (self->live, key);
  gint64 *played;

  if (request_id != NULL)
    *request_id = live;
  if (live != NULL)
    return "queued";

  played = g_hash_table_lookup (self->plays, key);
  if (played == NULL || self->shown_event == NULL || self->shown_event->rules->no_repeat_minutes == 0)
    return NULL;
  if (*played + self->shown_event->rules->no_repeat_minutes * G_TIME_SPAN_MINUTE <= tempo_venue_now (self->venue))
    return NULL;

  return "played";
}

/**
 * tempo_room_explain:
 * @self: a room
 * @request_id: a queued request
 * @place: (out) (optional): why it stands there
 * @turn: (out) (optional): a number of the sentence
 * @votes: (out) (optional): another
 *
 * Returns: %FALSE when it is not queued
 */
gboolean
tempo_room_explain (TempoRoom *self,
                    const char *request_id,
                    TempoPlace *place,
                    guint *turn,
                    guint *votes)
{
  guint position = tempo_room_get_position (self, request_id);
  TempoPlace why;

  if (position == 0 || self->shown_event == NULL)
    return FALSE;

  why = tempo_order_explain (self->shown_queue, position - 1, self->shown_event->rules->order,
                             self->shown_locked, turn, votes);
  if (tempo_room_is_held (self, g_ptr_array_index (self->shown_queue, position - 1)))
    why = TEMPO_PLACE_HELD;
  if (place != NULL)
    *place = why;

  return TRUE;
}

static gboolean
is_song (TempoSong *song,
         const char *song_id,
         const char *artwork)
{
  return (song_id != NULL && g_strcmp0 (song->id, song_id) == 0) || (artwork != NULL && g_strcmp0 (song->artwork, artwork) == 0);
}

/**
 * tempo_room_recall:
 * @self: a room
 * @source: its source
 * @song_id: (nullable): a song's id
 * @artwork: (nullable): or its picture's
 *
 * A catalogue in memory ends with the program, the room's requests do not.
 *
 * Returns: %TRUE when @source was told of such a song
 */
gboolean
tempo_room_recall (TempoRoom *self,
                   TempoSource *source,
                   const char *song_id,
                   const char *artwork)
{
  GHashTableIter iter;
  gpointer slot;

  if (self->now != NULL && is_song (self->now->song, song_id, artwork))
    {
      tempo_source_remember (source, self->now->song);
      return TRUE;
    }
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    if (is_song (((TempoSlot *) slot)->request->song, song_id, artwork))
      {
        tempo_source_remember (source, ((TempoSlot *) slot)->request->song);
        return TRUE;
      }

  return FALSE;
}

/**
 * tempo_room_watch:
 * @self: a room
 * @func: called after each commit that changed something here
 * @user_data: for @func
 *
 * Returns: an id for tempo_room_unwatch()
 */
guint
tempo_room_watch (TempoRoom *self,
                  TempoRoomChangeFunc func,
                  gpointer user_data)
{
  TempoRoomWatch watch = { func, user_data, ++self->next_watch };

  g_array_append_val (self->watches, watch);

  return watch.id;
}

/**
 * tempo_room_unwatch:
 * @self: a room
 * @watch_id: what tempo_room_watch() answered
 *
 * Also from within the function that is called.
 */
void
tempo_room_unwatch (TempoRoom *self,
                    guint watch_id)
{
  for (guint i = 0; i < self->watches->len; i++)
    if (g_array_index (self->watches, TempoRoomWatch, i).id == watch_id)
      {
        g_array_remove_index (self->watches, i);
        return;
      }
}
