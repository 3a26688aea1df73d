/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-fallback.h"

#include "base/tempo-json.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-sentences.h"
#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-rules.h"

#define N_(text) text
#define n_(one, many) one, many
#define NEXT_MAX 30

/* What one rendering needs at hand. */
typedef struct
{
  TempoVisit *visit;
  TempoRoom *room;
  TempoRoomView *view; /* (owned) */
  const char *closed;  /* (nullable) the code of why nothing can be asked */
  char *action;        /* (owned) where forms go */
  char *token;         /* (owned) */
} Rendering;

/* A message of the pages' catalog. Static tables mark theirs with N_(), so that
 * one extraction finds scripts and server alike.
 */
const char *
tempo_fallback_text (TempoVisit *visit, const char *msgid)
{
  return tempo_catalog_lookup (visit->server->catalog, visit->language, NULL, msgid);
}

static void
append_bytes (GString *html, GBytes *part)
{
  gsize length;
  const char *text = g_bytes_get_data (part, &length);

  g_string_append_len (html, text, length);
  g_bytes_unref (part);
}

static GBytes *
make_form (Rendering *rendering, TempoSong *song)
{
  return tempo_page_fill (tempo_lan_server_get_template (rendering->visit->server,
                                                         "guest/fallback-form.html"),
                          "action", rendering->action, "token", rendering->token, "field", "songId",
                          "value", song->id, "label",
                          tempo_fallback_text (rendering->visit, N_ ("Ask for it")), "title",
                          song->title, NULL);
}

static void
append_row (
  GString *html, Rendering *rendering, TempoSong *song, const char *state, gboolean askable)
{
  g_autoptr (GString) form = g_string_new (NULL);

  if (askable && song->id != NULL)
    append_bytes (form, make_form (rendering, song));
  append_bytes (html, tempo_page_fill (tempo_lan_server_get_template (rendering->visit->server,
                                                                      "guest/fallback-row.html"),
                                       "title", song->title, "artist", song->artist, "state", state,
                                       "form", form->str, NULL));
}

static char *
render_results (Rendering *rendering, GPtrArray *songs)
{
  GString *html = g_string_new (NULL);

  for (guint i = 0; songs != NULL && i < songs->len; i++)
    {
      TempoSong *song = g_ptr_array_index (songs, i);
      const char *state = tempo_room_get_song_state (rendering->room, song, NULL);
      const char *words = "";

      if (g_strcmp0 (state, "queued") == 0)
        words = tempo_fallback_text (rendering->visit, N_ ("Already asked for"));
      else if (g_strcmp0 (state, "played") == 0)
        words = tempo_fallback_text (rendering->visit, N_ ("Played tonight"));
      append_row (html, rendering, song, words, rendering->closed == NULL);
    }
  return g_string_free (html, FALSE);
}

static void
append_own (
  GString *html, Rendering *rendering, TempoGuest *guest, GPtrArray *requests, const char *state)
{
  for (guint i = 0; i < requests->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (requests, i);

      if (g_strcmp0 (request->guest_id, guest->id) == 0)
        append_row (html, rendering, request->song, state, FALSE);
    }
}

static char *
render_mine (Rendering *rendering)
{
  TempoGuest *guest = tempo_room_find_guest (rendering->room, rendering->visit->guest_digest);
  GString *html = g_string_new (NULL);

  if (guest != NULL)
    {
      append_own (html, rendering, guest, rendering->view->queue,
                  tempo_fallback_text (rendering->visit, N_ ("You're on the list.")));
      append_own (html, rendering, guest, rendering->view->inbox,
                  tempo_fallback_text (rendering->visit, N_ ("Asked. The host will have a look.")));
    }
  return g_string_free (html, FALSE);
}

static char *
render_queue (Rendering *rendering)
{
  GString *html = g_string_new (NULL);

  for (guint i = 0; i < MIN (rendering->view->queue->len, NEXT_MAX); i++)
    {
      TempoRequest *request = g_ptr_array_index (rendering->view->queue, i);

      append_row (html, rendering, request->song, request->name, FALSE);
    }
  return g_string_free (html, FALSE);
}

static char *
render_free_text (Rendering *rendering)
{
  GString *html = g_string_new (NULL);
  TempoVisit *visit = rendering->visit;

  if (rendering->closed == NULL && rendering->view->event->rules->free_text)
    append_bytes (html, tempo_page_fill (
                          tempo_lan_server_get_template (visit->server, "guest/fallback-free.html"),
                          "action", rendering->action, "token", rendering->token, "label_free",
                          tempo_fallback_text (visit, N_ ("Not in the list? Ask for it by name.")),
                          "label_title", tempo_fallback_text (visit, N_ ("Title")), "label_artist",
                          tempo_fallback_text (visit, N_ ("Artist")), "label_ask",
                          tempo_fallback_text (visit, N_ ("Ask for it")), NULL));
  return g_string_free (html, FALSE);
}

/* Why nothing can be asked now, as a code of the sentences; NULL when it can. */
static const char *
find_closed_code (TempoRoomView *view)
{
  if (view->event == NULL)
    return "not_started";
  if (view->room->switch_state == TEMPO_SWITCH_CLOSED)
    return "closed";
  return view->room->switch_state == TEMPO_SWITCH_RESTRICTED ? "restricted" : NULL;
}

/* How many more may be asked for, as the answer of every request says too. */
static char *
render_left (Rendering *rendering)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autoptr (JsonObject) object = NULL;
  TempoVisit *visit = rendering->visit;
  TempoRefusalDetail detail = { 0 };
  JsonObject *left;
  gsize length;
  const char *text;

  tempo_json_begin_object (json, NULL);
  tempo_room_write_left (rendering->room, visit->guest_digest, json, "left");
  tempo_json_end_object (json);
  text = tempo_json_peek (json, &length);
  object = tempo_json_parse (text, length, NULL);
  left = object != NULL ? json_object_get_object_member (object, "left") : NULL;
  if (left == NULL || rendering->closed != NULL || json_object_get_null_member (left, "requests"))
    return g_strdup ("");
  detail.count = (guint) json_object_get_int_member (left, "requests");
  return tempo_sentence_new ("left", &detail, visit->server->catalog, visit->language);
}

static char *
render_now (Rendering *rendering)
{
  TempoNowPlaying *now = rendering->view->now_playing;

  if (now == NULL)
    return g_strdup ("");
  return now->song->artist != NULL && *now->song->artist != '\0'
           ? g_strdup_printf ("%s · %s", now->song->title, now->song->artist)
           : g_strdup (now->song->title);
}

static char *
render_said (Rendering *rendering, TempoExchange *exchange, const char *said)
{
  TempoVisit *visit = rendering->visit;
  TempoRefusalDetail detail = { .count = (guint) tempo_exchange_get_query_int (exchange, "count", 1,
                                                                               1000, 1) };

  if (said == NULL || !tempo_sentence_exists (said))
    said = rendering->closed;
  return said != NULL ? tempo_sentence_new (said, &detail, visit->server->catalog, visit->language)
                      : NULL;
}

/* Everything a guest needs for one evening, without a script: forms post and
 * come back to this page. Only the templates are markup; every text of guests
 * and tags goes through an escaping field.
 */
char *
tempo_fallback_new (
  TempoExchange *exchange, TempoRoom *room, GPtrArray *songs, const char *query, const char *said)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (TempoRoomView) view = tempo_room_get_view (room);
  const char *slug = tempo_room_get_organization (room)->slug;
  g_autofree char *page = g_strdup_printf ("/%s/%s", slug, tempo_room_get_info (room)->code);
  g_autofree char *action = g_strdup_printf ("%s/requests", page);
  g_autofree char *token = tempo_checks_make_form_token (visit);
  Rendering rendering = { visit, room, view, find_closed_code (view), action, token };
  g_autofree char *results = render_results (&rendering, songs);
  g_autofree char *mine = render_mine (&rendering);
  g_autofree char *queue = render_queue (&rendering);
  g_autofree char *free_text = render_free_text (&rendering);
  g_autofree char *left = render_left (&rendering);
  g_autofree char *now = render_now (&rendering);
  g_autofree char *sentence = render_said (&rendering, exchange, said);
  GString *html = g_string_new (NULL);

  append_bytes (html,
                tempo_page_fill (tempo_lan_server_get_template (visit->server,
                                                                "guest/fallback.html"),
                                 "said", sentence, "said_hidden", sentence == NULL ? "hidden" : "",
                                 "title", tempo_room_get_organization (room)->name, "now", now,
                                 "page", page, "query", query, "left", left, "label_search",
                                 tempo_fallback_text (visit, N_ ("What do you want to hear?")),
                                 "label_find", tempo_fallback_text (visit, N_ ("Search")),
                                 "label_results", tempo_fallback_text (visit, N_ ("Found")),
                                 "label_yours", tempo_fallback_text (visit, N_ ("Yours")),
                                 "label_next", tempo_fallback_text (visit, N_ ("Up next")),
                                 "results", results, "mine", mine, "queue", queue, "free_text",
                                 free_text, NULL));
  return g_string_free (html, FALSE);
}
