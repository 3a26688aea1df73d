/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From rows to objects. The columns are those every statement of the same kind selects, in that order. */
#include "venue/tempo-loaded-private.h"

#include "base/tempo-json.h"
#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "model/tempo-rules.h"
#include "model/tempo-song.h"

static TempoSong *
read_song (TempoRows *rows)
{
  TempoSong *song = tempo_song_new (tempo_rows_text (rows, 5), tempo_rows_text (rows, 6),
                                    tempo_rows_text (rows, 7));

  song->album = g_strdup (tempo_rows_text (rows, 8));
  song->artwork = g_strdup (tempo_rows_text (rows, 9));
  song->uri = g_strdup (tempo_rows_text (rows, 10));
  song->duration_ms = tempo_rows_int (rows, 11);
  song->explicit_content = tempo_rows_int (rows, 12) != 0;

  return song;
}

static char *
read_text (TempoRows *rows,
           int column)
{
  return g_strdup (tempo_rows_text (rows, column));
}

/**
 * tempo_rows_to_request:
 * @rows: a row of a request statement
 * @song_key: (out) (optional): the key of its song
 *
 * Returns: (transfer full): the request
 */
TempoRequest *
tempo_rows_to_request (TempoRows *rows,
                       char **song_key)
{
  g_autoptr (TempoSong) song = read_song (rows);
  TempoRequest *self = tempo_request_new (tempo_rows_text (rows, 0), song);
  const char *name = tempo_rows_text (rows, 14);

  g_clear_pointer (&self->number, g_free);
  g_clear_pointer (&self->event_id, g_free);
  g_clear_pointer (&self->name, g_free);
  self->number = read_text (rows, 1);
  self->event_id = read_text (rows, 2);
  self->guest_id = read_text (rows, 3);
  tempo_request_status_from_string (tempo_rows_text (rows, 4), &self->status);
  self->name = g_strdup (name != NULL ? name : "");
  self->message = read_text (rows, 15);
  self->message_shown = tempo_rows_int (rows, 16) != 0;
  self->pinned = tempo_rows_int (rows, 17) != 0;
  self->by_staff = tempo_rows_int (rows, 18) != 0;
  self->rank = tempo_rows_int (rows, 19);
  self->votes = (guint) tempo_rows_int (rows, 20);
  self->turn = (guint) tempo_rows_int (rows, 21);
  self->reason_code = read_text (rows, 22);
  self->reason_text = read_text (rows, 23);
  self->created_at = tempo_rows_int (rows, 24);
  self->decided_at = tempo_rows_int (rows, 25);
  self->started_at = tempo_rows_int (rows, 26);
  self->ended_at = tempo_rows_int (rows, 27);
  if (song_key != NULL)
    *song_key = read_text (rows, 13);

  return self;
}

/**
 * tempo_rows_to_event:
 * @rows: a row of an event statement
 *
 * Rules that cannot be read (from a newer Tempo, by hand) become the defaults: an event must not vanish for them.
 *
 * Returns: (transfer full): the event
 */
TempoEvent *
tempo_rows_to_event (TempoRows *rows)
{
  g_autoptr (TempoRules) rules = tempo_rules_from_text (tempo_rows_text (rows, 5), NULL);
  TempoEvent *self;

  if (rules == NULL)
    rules = tempo_rules_new_default ();

  self = tempo_event_new (tempo_rows_text (rows, 0), tempo_rows_text (rows, 1),
                          tempo_rows_text (rows, 3), rules);
  g_clear_pointer (&self->number, g_free);
  self->number = read_text (rows, 2);
  tempo_event_state_from_string (tempo_rows_text (rows, 4), &self->state);
  self->starts_at = tempo_rows_int (rows, 6);
  self->started_at = tempo_rows_int (rows, 7);
  self->last_call_at = tempo_rows_int (rows, 8);
  self->ended_at = tempo_rows_int (rows, 9);
  self->created_at = tempo_rows_int (rows, 10);

  return self;
}

/**
 * tempo_rows_to_guest:
 * @rows: a row of a guest statement
 *
 * Returns: (transfer full): the guest, without counts
 */
TempoGuest *
tempo_rows_to_guest (TempoRows *rows)
{
  TempoGuest *self = tempo_guest_new (tempo_rows_text (rows, 0), tempo_rows_text (rows, 1),
                                      tempo_rows_text (rows, 2));

  self->held = tempo_rows_int (rows, 3) != 0;
  self->muted_until = tempo_rows_int (rows, 4);
  self->banned_until = tempo_rows_int (rows, 5);
  self->first_seen_at = tempo_rows_int (rows, 6);
  self->last_seen_at = tempo_rows_int (rows, 7);

  return self;
}

/**
 * tempo_song_to_text:
 * @song: a song
 * @next_id: (nullable): the request that is locked as the next
 *
 * Returns: (transfer full): what tempo_song_from_text() reads; unlike the pages' JSON it names the file
 */
char *
tempo_song_to_text (TempoSong *song,
                    const char *next_id)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "id", song->id);
  tempo_json_string (json, "title", song->title);
  tempo_json_string (json, "artist", song->artist);
  tempo_json_string (json, "album", song->album);
  tempo_json_string (json, "artwork", song->artwork);
  tempo_json_string (json, "uri", song->uri);
  tempo_json_int (json, "durationMs", song->duration_ms);
  tempo_json_bool (json, "explicit", song->explicit_content);
  tempo_json_string (json, "next", next_id);
  tempo_json_end_object (json);

  return g_strdup (tempo_json_peek (json, NULL));
}

/**
 * tempo_song_from_text:
 * @text: (nullable): what tempo_song_to_text() made
 * @next_id: (out) (transfer full) (nullable): the request that was locked
 *
 * Returns: (transfer full) (nullable): the song
 */
TempoSong *
tempo_song_from_text (const char *text,
                      char **next_id)
{
  g_autoptr (JsonObject) object = text != NULL ? tempo_json_parse (text, strlen (text), NULL) : NULL;
  TempoSong *song;

  if (object == NULL)
    return NULL;

  song = tempo_song_new (tempo_json_get_string (object, "id", 4096, NULL, NULL),
                         tempo_json_get_string (object, "title", 4096, "", NULL),
                         tempo_json_get_string (object, "artist", 4096, "", NULL));
  *next_id = g_strdup (tempo_json_get_string (object, "next", 64, NULL, NULL));
  song->album = g_strdup (tempo_json_get_string (object, "album", 4096, NULL, NULL));
  song->artwork = g_strdup (tempo_json_get_string (object, "artwork", 128, NULL, NULL));
  song->uri = g_strdup (tempo_json_get_string (object, "uri", 65536, NULL, NULL));
  song->duration_ms = tempo_json_get_int (object, "durationMs", 0, G_MAXINT64, 0, NULL);
  song->explicit_content = tempo_json_get_bool (object, "explicit", FALSE, NULL);

  return song;
}
