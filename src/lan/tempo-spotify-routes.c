/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting an organization's Spotify account, and what staff ask about it. */
#include "config.h"

#include "venue/tempo-host-spotify.h"

#include "access/tempo-permission.h"
#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-fallback.h"
#include "model/tempo-refusal.h"
#include "music/tempo-source.h"

#define N_(text) text
#define MAX_CLIENT_ID 128
#define RETRY_SECONDS 30

static TempoHost *
get_host (TempoExchange *exchange)
{
  return tempo_visit_get (exchange)->server->host;
}

/* FALSE when it answered: this installation was made without Spotify. */
static gboolean
has_spotify (TempoExchange *exchange)
{
  if (tempo_host_has_spotify (get_host (exchange)))
    return TRUE;
  tempo_answer_code (exchange, 501, "source_unavailable", "this installation has no Spotify");
  return FALSE;
}

/* An organization that never connected has nothing that could come back by waiting. */
static void
answer_error (TempoExchange *exchange, const GError *error)
{
  if (error->domain != TEMPO_SPOTIFY_ERROR)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_DISCONNECTED))
    {
      tempo_answer_code (exchange, 501, "source_unavailable", error->message);
      return;
    }
  tempo_exchange_set_retry_after (exchange, RETRY_SECONDS);
  if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_LIMITED))
    tempo_answer_code (exchange, 429, "rate", error->message);
  else
    tempo_answer_code (exchange, 503, "source_unavailable", error->message);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = tempo_host_spotify_sign_in_finish (TEMPO_HOST (source), result, &error);
  TempoJson *json;

  if (address == NULL)
    {
      answer_error (exchange, error);
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "authorizeUrl", address);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
post_auth (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoActor) actor = NULL;
  GError *error = NULL;
  const char *client_id;
  gboolean noticed;

  if (body == NULL || !has_spotify (exchange))
    return;
  client_id = tempo_json_get_string (body, "clientId", MAX_CLIENT_ID, NULL, &error);
  noticed = tempo_json_get_bool (body, "noticeConfirmed", FALSE, &error);
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  actor = tempo_visit_make_actor (exchange);
  tempo_host_spotify_sign_in_async (visit->server->host, actor, visit->organization_id, client_id, noticed,
                                    tempo_lan_server_get_port (visit->server), NULL, signed_in_cb,
                                    tempo_exchange_ref (exchange));
}

static void
report_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoSpotifyReport) report = tempo_host_spotify_report_finish (TEMPO_HOST (source), result, &error);
  g_autoptr (GBytes) json = report != NULL ? tempo_spotify_report_to_bytes (report) : NULL;

  if (json == NULL)
    answer_error (exchange, error);
  else
    tempo_exchange_answer_json (exchange, 200, json);
}

static void
get_status (TempoExchange *exchange, gpointer user_data)
{
  if (has_spotify (exchange))
    tempo_host_spotify_report_async (get_host (exchange), tempo_visit_get (exchange)->organization_id, NULL, report_cb,
                                     tempo_exchange_ref (exchange));
}

static void
disconnected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;

  if (!tempo_host_spotify_disconnect_finish (TEMPO_HOST (source), result, &error))
    answer_error (exchange, error);
  else
    tempo_exchange_answer_empty (exchange, 204);
}

static void
delete_account (TempoExchange *exchange, gpointer user_data)
{
  g_autoptr (TempoActor) actor = NULL;

  if (!has_spotify (exchange))
    return;
  actor = tempo_visit_make_actor (exchange);
  tempo_host_spotify_disconnect_async (get_host (exchange), actor, tempo_visit_get (exchange)->organization_id, NULL,
                                       disconnected_cb, tempo_exchange_ref (exchange));
}

/* --- the browser comes back from Spotify --- */

static void
answer_page (TempoExchange *exchange, guint status, const char *title, const char *text)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  /* The address holds a code, used up but nobody's business. */
  tempo_exchange_set_header (exchange, "Cache-Control", "no-store");
  tempo_page_answer_plain (exchange, status, tempo_fallback_text (visit, title), tempo_fallback_text (visit, text));
}

static void
answer_failure (TempoExchange *exchange, const GError *error, gboolean refused)
{
  if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_INVALID) || error->domain == TEMPO_REFUSAL)
    answer_page (exchange, 400, N_ ("Spotify is not connected"),
                 N_ ("This sign-in is over or was not begun here. Begin again in Tempo."));
  else if (refused)
    answer_page (exchange, 200, N_ ("Spotify is not connected"), N_ ("You said no. You can close this window."));
  else if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NOT_ALLOWED))
    answer_page (exchange, 403, N_ ("This account may not use the app"),
                 N_ ("Add it in Spotify's dashboard under User Management, and check that the app's owner has Premium. "
                     "Then connect again."));
  else if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_LIMITED))
    answer_page (exchange, 503, N_ ("Spotify asks for a pause"), N_ ("Tempo shows how long. Connect again then."));
  else
    answer_page (exchange, 502, N_ ("Spotify is not connected"),
                 N_ ("Spotify did not finish the sign-in. Begin again in Tempo."));
}

static void
came_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoSpotifyReport) report = tempo_host_spotify_callback_finish (TEMPO_HOST (source), result, &error);

  if (report == NULL)
    answer_failure (exchange, error, tempo_exchange_get_query (exchange, "error") != NULL);
  else
    answer_page (exchange, 200, N_ ("Spotify is connected"), N_ ("You can close this window."));
}

/* Nobody is signed in here: the browser proves by the state that it was sent from here. */
static void
get_callback (TempoExchange *exchange, gpointer user_data)
{
  if (has_spotify (exchange))
    tempo_host_spotify_callback_async (
      get_host (exchange), tempo_exchange_get_param (exchange, "org"), tempo_exchange_get_query (exchange, "state"),
      tempo_exchange_get_query (exchange, "code"), tempo_exchange_get_query (exchange, "error"), NULL, came_back_cb,
      tempo_exchange_ref (exchange));
}

/* --- playlists --- */

static void
playlists_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) playlists = tempo_host_spotify_list_playlists_finish (TEMPO_HOST (source), result, &error);
  TempoJson *json;

  if (playlists == NULL)
    {
      answer_error (exchange, error);
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "playlists");
  for (guint i = 0; i < playlists->len; i++)
    {
      TempoPlaylist *playlist = g_ptr_array_index (playlists, i);

      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "id", playlist->id);
      tempo_json_string (json, "name", playlist->name);
      tempo_json_int (json, "songs", playlist->songs);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

/* The organization is the room's; it must be the member's own. */
static void
get_playlists (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *room_id = tempo_exchange_get_query (exchange, "roomId");
  TempoRoom *room = room_id != NULL ? tempo_host_find_room (visit->server->host, NULL, room_id) : NULL;
  const char *organization_id = room != NULL ? tempo_room_get_organization (room)->id : NULL;

  if (!has_spotify (exchange))
    return;
  if (room_id == NULL)
    {
      tempo_answer_code (exchange, 422, "invalid", "\"roomId\" is missing");
      return;
    }
  if (organization_id == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "no such room");
      return;
    }
  if (!visit->member->super_admin
      && (!g_str_equal (organization_id, visit->member->organization_id)
          || !tempo_permission_allows (visit->member->role, "view")))
    {
      tempo_checks_record_refusal (exchange, "organization");
      tempo_answer_code (exchange, 403, "forbidden", NULL);
      return;
    }
  tempo_host_spotify_list_playlists_async (visit->server->host, organization_id, NULL, playlists_cb,
                                           tempo_exchange_ref (exchange));
}

static const TempoRoute routes[] = {
  { "POST", "/api/organizations/{org}/spotify/auth", TEMPO_WHO (OWN, TEMPO_ACTION_SETTING), 0, 0, post_auth },
  { "GET", "/api/organizations/{org}/spotify/status", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_status },
  { "DELETE", "/api/organizations/{org}/spotify", TEMPO_WHO (OWN, TEMPO_ACTION_SETTING), 0, 0, delete_account },
  { "GET", "/api/organizations/{org}/spotify/callback", TEMPO_WHO (OPEN, 0), 0, 0, get_callback },
  { "GET", "/spotify/callback", TEMPO_WHO (OPEN, 0), 0, 0, get_callback },
  { "GET", "/api/spotify/playlists", TEMPO_WHO (AUTH, 0), 0, 0, get_playlists },
};

void
tempo_spotify_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
