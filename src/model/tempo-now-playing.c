/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-now-playing.h"

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"
#include "model/tempo-request.h"

static const TempoField now_playing_fields[] = {
  TEMPO_FIELD_OF (TempoNowPlaying, song, OBJECT, tempo_song_get_type),
  TEMPO_FIELD_OF (TempoNowPlaying, request, OBJECT, tempo_request_get_type),
  TEMPO_FIELD (TempoNowPlaying, position_ms, INT64),
  TEMPO_FIELD (TempoNowPlaying, as_of, INT64),
  TEMPO_FIELD (TempoNowPlaying, playing, FLAG),
};

TEMPO_DEFINE_RECORD (TempoNowPlaying, tempo_now_playing, now_playing_fields)

/**
 * tempo_now_playing_new:
 * @song: what sounds
 * @request: (nullable): the wish it comes from; NULL for filler
 * @position_ms: where in the song
 * @as_of: the wall time of that position
 * @playing: %FALSE when paused
 *
 * Returns: (transfer full): what plays
 */
TempoNowPlaying *
tempo_now_playing_new (TempoSong *song,
                       TempoRequest *request,
                       gint64 position_ms,
                       gint64 as_of,
                       gboolean playing)
{
  TempoNowPlaying *self = g_object_new (TEMPO_TYPE_NOW_PLAYING, NULL);

  g_set_object (&self->song, song);
  g_set_object (&self->request, request);
  self->position_ms = position_ms;
  self->as_of = as_of;
  self->playing = playing;

  return self;
}

/**
 * tempo_now_playing_position:
 * @self: what plays
 * @now: wall time; a clock set back does not move the song back
 *
 * Returns: milliseconds, never past the song's end when that is known
 */
gint64
tempo_now_playing_position (TempoNowPlaying *self,
                            gint64 now)
{
  gint64 position = self->position_ms;

  if (self->playing && now > self->as_of)
    position += (now - self->as_of) / 1000;

  return self->song->duration_ms > 0 ? MIN (position, self->song->duration_ms) : position;
}

/**
 * tempo_now_playing_to_json:
 * @self: what plays
 * @room_code: (nullable): whose address serves the artwork
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes the position with its time, so that readers interpolate and nobody has
 * to send one every second.
 */
void
tempo_now_playing_to_json (TempoNowPlaying *self,
                           const char *room_code,
                           TempoJson *json,
                           const char *key)
{
  TempoRequest *request = self->request;

  tempo_json_begin_object (json, key);
  tempo_song_to_json (self->song, room_code, json, "song");
  tempo_json_string (json, "requestId", request != NULL ? request->id : NULL);
  tempo_json_string (json, "name", request != NULL ? request->name : NULL);
  tempo_json_string (json, "message", request != NULL && request->message_shown ? request->message : NULL);
  tempo_json_int (json, "positionMs", self->position_ms);
  tempo_json_time (json, "asOf", self->as_of);
  tempo_json_bool (json, "playing", self->playing);
  tempo_json_end_object (json);
}
