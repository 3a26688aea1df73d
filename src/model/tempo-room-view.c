/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-room-view.h"

#include "model/tempo-event.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-organization.h"
#include "model/tempo-record-private.h"
#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "model/tempo-source-state.h"

static const TempoField view_fields[] = {
  TEMPO_FIELD (TempoRoomView, revision, UINT64),
  TEMPO_FIELD_OF (TempoRoomView, organization, OBJECT, tempo_organization_get_type),
  TEMPO_FIELD_OF (TempoRoomView, room, OBJECT, tempo_room_info_get_type),
  TEMPO_FIELD_OF (TempoRoomView, event, OBJECT, tempo_event_get_type),
  TEMPO_FIELD_OF (TempoRoomView, now_playing, OBJECT, tempo_now_playing_get_type),
  TEMPO_FIELD_OF (TempoRoomView, queue, BOXED, g_ptr_array_get_type),
  TEMPO_FIELD_OF (TempoRoomView, inbox, BOXED, g_ptr_array_get_type),
  TEMPO_FIELD_OF (TempoRoomView, history, BOXED, g_ptr_array_get_type),
  TEMPO_FIELD_OF (TempoRoomView, guests, BOXED, g_ptr_array_get_type),
  TEMPO_FIELD_OF (TempoRoomView, health, BOXED, g_ptr_array_get_type),
  TEMPO_FIELD_OF (TempoRoomView, sources, BOXED, g_ptr_array_get_type),
  TEMPO_FIELD (TempoRoomView, join_url, TEXT),
  TEMPO_FIELD (TempoRoomView, join_text, TEXT),
  TEMPO_FIELD (TempoRoomView, undo_label, TEXT),
  TEMPO_FIELD (TempoRoomView, wifi_shown, FLAG),
  TEMPO_FIELD (TempoRoomView, filler_folder, TEXT),
  TEMPO_FIELD (TempoRoomView, listeners, COUNT),
  TEMPO_FIELD (TempoRoomView, displays, COUNT),
  TEMPO_FIELD (TempoRoomView, filler, FLAG),
  TEMPO_FIELD_OF (TempoRoomView, up_next_filler, OBJECT, tempo_song_get_type),
};

TEMPO_DEFINE_RECORD (TempoRoomView, tempo_room_view, view_fields)

/* What is left of the song that plays. */
static gint64
remaining_ms (TempoNowPlaying *now_playing,
              gint64 now)
{
  gint64 length = now_playing->song->duration_ms;

  if (length <= 0)
    length = TEMPO_ASSUMED_SONG_SECONDS * 1000;

  return MAX (0, length - tempo_now_playing_position (now_playing, now));
}

/**
 * tempo_health_new:
 * @code: a static word
 * @level: how bad
 * @text: (nullable): what is the matter, in English
 *
 * Returns: (transfer full): one line of the health strip
 */
TempoHealth *
tempo_health_new (const char *code,
                  TempoHealthLevel level,
                  const char *text)
{
  TempoHealth *self = g_new0 (TempoHealth, 1);

  self->code = code;
  self->level = level;
  self->text = g_strdup (text != NULL ? text : "");

  return self;
}

void
tempo_health_free (TempoHealth *health)
{
  g_free (health->text);
  g_free (health);
}

/**
 * tempo_room_view_new:
 *
 * Returns: (transfer full): an unshared view with empty lists, which own what is
 *   put into them
 */
TempoRoomView *
tempo_room_view_new (void)
{
  TempoRoomView *self = g_object_new (TEMPO_TYPE_ROOM_VIEW, NULL);

  self->queue = g_ptr_array_new_with_free_func (g_object_unref);
  self->inbox = g_ptr_array_new_with_free_func (g_object_unref);
  self->history = g_ptr_array_new_with_free_func (g_object_unref);
  self->guests = g_ptr_array_new_with_free_func (g_object_unref);
  self->health = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_health_free);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_source_state_free);
  self->join_url = g_strdup ("");
  self->join_text = g_strdup ("");

  return self;
}

/**
 * tempo_room_view_eta:
 * @self: a view
 * @index: a place of the queue, from 0
 * @now: wall time
 *
 * What is left of the playing song and the lengths of those ahead; an unknown
 * length counts TEMPO_ASSUMED_SONG_SECONDS. While nothing plays there is no
 * clock to hold such a guess against, so then it is no estimate at all.
 *
 * Returns: seconds until that song starts, or -1
 */
gint
tempo_room_view_eta (TempoRoomView *self,
                     guint index,
                     gint64 now)
{
  gint64 sum_ms = self->now_playing != NULL ? remaining_ms (self->now_playing, now) : 0;

  if (index >= self->queue->len)
    return -1;

  for (guint i = 0; i < index; i++)
    {
      TempoRequest *ahead = g_ptr_array_index (self->queue, i);

      if (ahead->song->duration_ms > 0)
        sum_ms += ahead->song->duration_ms;
      else if (self->now_playing != NULL)
        sum_ms += TEMPO_ASSUMED_SONG_SECONDS * 1000;
      else
        return -1;
    }

  return (gint) MIN (sum_ms / 1000, G_MAXINT);
}
