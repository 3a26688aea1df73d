/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "model/tempo-guest.h"
#include "music/tempo-source.h"

#define SEARCH_MAX_RESULTS 20
#define SEARCH_MAX_CHARACTERS 200
#define SONG_ID_MAX_CHARACTERS 200
#define KEY_MAX_BYTES 80
/* A source that was asked too much: it knows better, the guest need not. */
#define LIMITED_SECONDS 30
#define ARTWORK_MAX_LENGTH 64
#define FOR_EVER "public, max-age=31536000, immutable"

static void
get_room (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (GBytes) state =
    tempo_room_get_state (tempo_visit_get_room (visit), visit->guest_digest);

  tempo_exchange_answer_json (exchange, 200, state);
}

static void
stream_room (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  tempo_room_feeds_take_guest (visit->server->feeds, tempo_visit_get_room (visit),
                               visit->guest_digest, exchange);
}

/* What a result says beyond the song: greyed out when tonight already has it. */
static void
write_result (TempoRoom *room, TempoSong *song, TempoJson *json)
{
  const char *request_id = NULL;
  const char *state = tempo_room_get_song_state (room, song, &request_id);
  TempoJson *inner = tempo_json_new ();
  gsize length;
  const char *text;

  tempo_song_to_json (song, tempo_room_get_info (room)->code, inner, NULL);
  text = tempo_json_peek (inner, &length);
  /* The song's object is opened up again for two members of the search. */
  g_assert (length > 2 && text[length - 1] == '}');
  {
    g_autoptr (GString) object = g_string_new_len (text, length - 1);

    g_string_append_printf (object, ",\"state\":%s%s%s,\"requestId\":", state ? "\"" : "",
                            state ? state : "null", state ? "\"" : "");
    g_string_append_printf (object, "%s%s%s}", request_id ? "\"" : "",
                            request_id ? request_id : "null", request_id ? "\"" : "");
    tempo_json_raw (json, NULL, object->str, object->len);
  }
  tempo_json_free (inner);
}

static void
answer_songs (TempoExchange *exchange, GPtrArray *songs, const char *query)
{
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));
  TempoJson *json;

  if (room == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "the room went away");
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "songs");
  for (guint i = 0; songs != NULL && i < MIN (songs->len, SEARCH_MAX_RESULTS); i++)
    write_result (room, g_ptr_array_index (songs, i), json);
  tempo_json_end_array (json);
  tempo_json_string (json, "query", query);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
search_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) songs = tempo_source_search_finish (TEMPO_SOURCE (source), result, &error);

  if (songs == NULL && g_error_matches (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_LIMITED))
    {
      tempo_exchange_set_retry_after (exchange, LIMITED_SECONDS);
      tempo_answer_code (exchange, 429, "rate", error->message);
    }
  else if (songs == NULL)
    tempo_answer_code (exchange, 503, "source_unavailable", error->message);
  else
    {
      TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));

      if (songs->len == 0 && room != NULL)
        tempo_room_note_miss (room, tempo_exchange_get_query (exchange, "q"));
      answer_songs (exchange, songs, tempo_exchange_get_query (exchange, "q"));
    }
}

/* A source that cannot search (the DJ plays) finds nothing, which is the truth
 * and no error: the page then offers to ask by name. */
static void
search_songs (TempoExchange *exchange, gpointer user_data)
{
  TempoSource *source = tempo_room_get_source (tempo_visit_get_room (tempo_visit_get (exchange)));
  const char *text = tempo_exchange_get_query (exchange, "q");
  g_autofree char *query = g_strstrip (g_strdup (text != NULL ? text : ""));

  if (g_utf8_strlen (query, -1) > SEARCH_MAX_CHARACTERS)
    {
      tempo_answer_code (exchange, 422, "invalid", "\"q\" is over 200 characters");
    }
  else if (source == NULL || !(tempo_source_get_abilities (source) & TEMPO_SOURCE_SEARCH))
    {
      answer_songs (exchange, NULL, query);
    }
  else if (*query == '\0')
    {
      g_autoptr (GPtrArray) songs = tempo_source_suggest (source, SEARCH_MAX_RESULTS);

      answer_songs (exchange, songs, "");
    }
  else
    {
      tempo_source_search_async (source, query, SEARCH_MAX_RESULTS, NULL, search_done_cb,
                                 tempo_exchange_ref (exchange));
    }
}

/* Reads what guests and staff send alike. FALSE when it answered. */
gboolean
tempo_submission_read (TempoExchange *exchange, JsonObject *body, TempoCommand *command)
{
  GError *error = NULL;
  const char *key = tempo_exchange_get_header (exchange, "Idempotency-Key");

  command->song_id =
    g_strdup (tempo_json_get_string (body, "songId", SONG_ID_MAX_CHARACTERS, NULL, &error));
  if (error == NULL)
    command->title =
      g_strdup (tempo_json_get_string (body, "title", TEMPO_SONG_MAX_TEXT, NULL, &error));
  if (error == NULL)
    command->artist =
      g_strdup (tempo_json_get_string (body, "artist", TEMPO_SONG_MAX_TEXT, NULL, &error));
  if (error == NULL)
    command->name =
      g_strdup (tempo_json_get_string (body, "name", TEMPO_REQUEST_MAX_NAME, NULL, &error));
  if (error == NULL)
    command->message =
      g_strdup (tempo_json_get_string (body, "message", TEMPO_REQUEST_MAX_MESSAGE, NULL, &error));
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return FALSE;
    }
  if (command->song_id == NULL && (command->title == NULL || *command->title == '\0'))
    {
      tempo_answer_code (exchange, 422, "invalid", "\"songId\" or \"title\" is missing");
      return FALSE;
    }
  if (key != NULL && (*key == '\0' || strlen (key) > KEY_MAX_BYTES))
    {
      tempo_answer_code (exchange, 422, "invalid", "Idempotency-Key is empty or over 80 bytes");
      return FALSE;
    }
  command->key = g_strdup (key);
  return TRUE;
}

static void
submit_request (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoCommand) command = NULL;

  if (body == NULL)
    return;
  command = tempo_make_command (exchange, TEMPO_ACTION_SUBMIT);
  if (tempo_submission_read (exchange, body, command))
    tempo_run_command (exchange, g_steal_pointer (&command), tempo_answer_request);
}

static void
run_on_request (TempoExchange *exchange, TempoAction action)
{
  g_autoptr (TempoCommand) command = tempo_make_command (exchange, action);

  command->request_id = g_strdup (tempo_exchange_get_param (exchange, "id"));
  tempo_run_command (exchange, g_steal_pointer (&command), tempo_answer_request);
}

static void
withdraw_request (TempoExchange *exchange, gpointer user_data)
{
  run_on_request (exchange, TEMPO_ACTION_WITHDRAW);
}

static void
vote_request (TempoExchange *exchange, gpointer user_data)
{
  run_on_request (exchange, TEMPO_ACTION_VOTE);
}

static void
unvote_request (TempoExchange *exchange, gpointer user_data)
{
  run_on_request (exchange, TEMPO_ACTION_UNVOTE);
}

static void
answer_me (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoRoom *room = tempo_visit_get_room (visit);
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "name", outcome->guest != NULL ? outcome->guest->name : NULL);
  if (room != NULL)
    tempo_room_write_left (room, visit->guest_digest, json, "left");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
rename_me (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  command = tempo_make_command (exchange, TEMPO_ACTION_RENAME_SELF);
  command->name =
    g_strdup (tempo_json_get_string (body, "name", TEMPO_REQUEST_MAX_NAME, "", &error));
  if (error != NULL)
    tempo_answer_invalid (exchange, error);
  else
    tempo_run_command (exchange, g_steal_pointer (&command), answer_me);
}

static void
answer_forgotten (TempoExchange *exchange, TempoOutcome *outcome)
{
  tempo_exchange_set_lax_cookie (exchange, TEMPO_GUEST_COOKIE, "", -1);
  tempo_exchange_answer_empty (exchange, 204);
}

static void
forget_me (TempoExchange *exchange, gpointer user_data)
{
  tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_FORGET_SELF),
                     answer_forgotten);
}

static void
artwork_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  const char *type;
  g_autoptr (GBytes) picture =
    tempo_host_load_artwork_finish (TEMPO_HOST (source), result, &type, NULL);

  if (picture == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "no such picture");
      return;
    }
  tempo_exchange_set_header (exchange, "Cache-Control", FOR_EVER);
  tempo_exchange_answer_bytes (exchange, 200, type, picture);
}

/* The id is the digest of the picture, so an answer is good for ever. */
static void
get_artwork (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *id = tempo_exchange_get_param (exchange, "id");
  gsize length = strlen (id);

  if (length > ARTWORK_MAX_LENGTH || strspn (id, "0123456789abcdef") != length)
    tempo_answer_code (exchange, 404, "not_found", "no such picture");
  else
    tempo_host_load_artwork_async (visit->server->host, tempo_visit_get_room (visit), id,
                                   artwork_done_cb, tempo_exchange_ref (exchange));
}

static const TempoRoute routes[] = {
  { "GET", "/api/rooms/{room}", TEMPO_WHO (GUEST, 0), 0, 0, get_room },
  { "GET", "/api/rooms/{room}/stream", TEMPO_WHO (GUEST, 0), 0, 0, stream_room },
  { "GET", "/api/rooms/{room}/search", TEMPO_WHO (SEARCH, 0), 0, 0, search_songs },
  { "POST", "/api/rooms/{room}/requests", TEMPO_WHO (ASK, TEMPO_ACTION_SUBMIT), 0, 0,
    submit_request },
  { "DELETE", "/api/rooms/{room}/requests/{id}", TEMPO_WHO (ACT, TEMPO_ACTION_WITHDRAW), 0, 0,
    withdraw_request },
  { "PUT", "/api/rooms/{room}/requests/{id}/vote", TEMPO_WHO (ACT, TEMPO_ACTION_VOTE), 0, 0,
    vote_request },
  { "DELETE", "/api/rooms/{room}/requests/{id}/vote", TEMPO_WHO (ACT, TEMPO_ACTION_UNVOTE), 0, 0,
    unvote_request },
  { "PUT", "/api/rooms/{room}/me", TEMPO_WHO (ACT, TEMPO_ACTION_RENAME_SELF), 0, 0, rename_me },
  { "DELETE", "/api/rooms/{room}/me", TEMPO_WHO (ACT, TEMPO_ACTION_FORGET_SELF), 0, 0, forget_me },
  { "GET", "/api/rooms/{room}/artwork/{id}", TEMPO_WHO (ROOM, 0), 0, 0, get_artwork },
};

/* Everything a guest's page calls. Submitting, voting and the like are the same
 * use cases that panel and command line call; only who acts differs.
 */
void
tempo_guest_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
