/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Licences as staff see and enter them, and the seeds' way to make a room: with a licence key,
 * which tells the organization. A key is as good as a password there: it goes by TLS or from this machine, and
 * guessing is slowed per address and per organization code, whoever guesses. */
#include "config.h"

#include "access/tempo-licence-key.h"
#include "access/tempo-permission.h"
#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-staff.h"
#include "model/tempo-refusal.h"

#define MAX_NAME 80
#define BODY_LIMIT 8192

static void
answer_licence (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (GBytes) json = tempo_host_describe_licence (visit->server->host, visit->organization_id);

  if (json != NULL)
    tempo_exchange_answer_json (exchange, 200, json);
  else
    tempo_answer_code (exchange, 404, "not_found", "no such organization");
}

static void
get_licence (TempoExchange *exchange, gpointer user_data)
{
  answer_licence (exchange);
}

static void
changed (TempoExchange *exchange, TempoOutcome *outcome)
{
  answer_licence (exchange);
}

static void
put_licence (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoCommand) command = NULL;

  if (body == NULL)
    return;
  if (!json_object_has_member (body, "key") && !json_object_has_member (body, "document"))
    {
      tempo_answer_code (exchange, 422, "invalid", "\"document\" or \"key\" is missing");
      return;
    }
  command = tempo_make_command (exchange, TEMPO_ACTION_LICENCE);
  command->patch = json_object_ref (body);
  tempo_run_command (exchange, g_steal_pointer (&command), changed);
}

static void
remove_licence (TempoExchange *exchange, gpointer user_data)
{
  tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_LICENCE), changed);
}

/* The seeds' rooms. */

static gboolean
has_session (TempoExchange *exchange)
{
  return tempo_exchange_get_bearer (exchange) != NULL
         || tempo_exchange_get_cookie (exchange, TEMPO_SESSION_COOKIE) != NULL;
}

/* "ACME" of a key that has the right form; what cannot be a key at all counts for its address only. */
static char *
guess_code (const char *key)
{
  g_autofree char *normal = tempo_licence_key_normalize (key, NULL);
  g_auto (GStrv) parts = normal != NULL ? g_strsplit (normal, "-", 3) : NULL;

  return parts != NULL ? g_strconcat ("code ", parts[1], NULL) : NULL;
}

static gboolean
may_guess (TempoExchange *exchange, const char *code)
{
  TempoLanServer *server = tempo_visit_get (exchange)->server;
  guint by_address = 0, by_code = 0;
  g_autoptr (GError) error = NULL;
  TempoRefusalDetail detail = { 0 };

  if (server->no_rate_limit
      || (tempo_throttle_may_try (server->licence_throttle, tempo_exchange_get_address (exchange), &by_address)
          && (code == NULL || tempo_throttle_may_try (server->licence_throttle, code, &by_code))))
    return TRUE;
  detail.until =
    tempo_clock_now (tempo_host_get_clock (server->host)) + (gint64) MAX (by_address, by_code) * G_USEC_PER_SEC;
  error = tempo_refusal_new (TEMPO_REFUSAL_RATE, &detail, "too many wrong licence keys");
  tempo_answer_error (exchange, error);
  return FALSE;
}

/* Whose key it is. NULL when it answered. */
static const char *
open_with_key (TempoExchange *exchange, const char *key)
{
  TempoLanServer *server = tempo_visit_get (exchange)->server;
  g_autofree char *code = guess_code (key);
  g_autoptr (GError) error = NULL;
  const char *organization_id;

  if (!may_guess (exchange, code))
    return NULL;
  organization_id = tempo_host_find_licence_key (server->host, key, &error);
  if (organization_id != NULL)
    {
      tempo_throttle_succeeded (server->licence_throttle, tempo_exchange_get_address (exchange));
      return organization_id;
    }
  tempo_throttle_failed (server->licence_throttle, tempo_exchange_get_address (exchange));
  if (code != NULL)
    tempo_throttle_failed (server->licence_throttle, code);
  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_FORBIDDEN))
    tempo_answer_code (exchange, 403, "licence_key", error->message);
  else
    tempo_answer_error (exchange, error);
  return NULL;
}

/* Finds the organization the room is for: the key's, else the member's own. FALSE when it answered. */
static gboolean
choose_organization (TempoExchange *exchange, const char *key)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *organization_id = NULL;

  if (has_session (exchange) ? !tempo_require_auth (exchange) : !tempo_require_https (exchange))
    return FALSE;
  if (key == NULL && visit->member == NULL)
    {
      tempo_answer_code (exchange, 401, "unauthenticated", "a licence key or a session is needed");
      return FALSE;
    }
  if (key != NULL && (organization_id = open_with_key (exchange, key)) == NULL)
    return FALSE;
  if (organization_id == NULL)
    organization_id = visit->member->organization_id;
  /* A session narrows what a key opens: staff of one house do not build in another with a key they found. */
  if (visit->member != NULL && !visit->member->super_admin
      && (!g_str_equal (organization_id, visit->member->organization_id)
          || !tempo_permission_allows (visit->member->role, tempo_action_to_string (TEMPO_ACTION_ROOM_CREATE))))
    {
      tempo_checks_record_refusal (exchange, "organization");
      tempo_answer_code (exchange, 403, "forbidden", NULL);
      return FALSE;
    }
  visit->organization_id = g_strdup (organization_id);
  return TRUE;
}

static void
room_made (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoRoom *room = tempo_host_find_room (visit->server->host, visit->organization_id, outcome->target_id);
  TempoJson *json;

  if (room == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "the room went away");
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_staff_write_room (visit->server, room, json, "room");
  tempo_organization_to_json (tempo_room_get_organization (room), json, "organization");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 201, json);
}

/* Who acts without a session: the key, called by its end, and whoever said to hold it. */
static TempoActor *
make_key_actor (TempoExchange *exchange, const char *key, const char *host_name)
{
  TempoActor *actor = tempo_actor_new_local (TEMPO_ACTOR_SYSTEM);
  g_autofree char *normal = tempo_licence_key_normalize (key, NULL);

  g_clear_pointer (&actor->name, g_free);
  actor->name = g_strdup_printf ("licence …%s%s%s", normal != NULL ? tempo_licence_key_last_four (normal) : "",
                                 host_name != NULL ? ": " : "", host_name != NULL ? host_name : "");
  actor->address = g_strdup (tempo_exchange_get_address (exchange));
  return actor;
}

static void
create_room (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoActor) actor = NULL;
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;
  const char *key, *name, *host_name;

  if (body == NULL)
    return;
  key = tempo_json_get_string (body, "licenseKey", TEMPO_LICENCE_KEY_MAX_LENGTH, NULL, &error);
  name = tempo_json_get_string (body, "name", MAX_NAME, NULL, &error);
  host_name = tempo_json_get_string (body, "hostName", MAX_NAME, NULL, &error);
  if (error == NULL && name == NULL)
    g_set_error (&error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"name\" is missing");
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  if (!choose_organization (exchange, key))
    return;

  actor = tempo_visit_get (exchange)->member != NULL ? tempo_visit_make_actor (exchange)
                                                     : make_key_actor (exchange, key, host_name);
  command = tempo_command_new (TEMPO_ACTION_ROOM_CREATE, actor, tempo_visit_get (exchange)->organization_id, NULL);
  command->name = g_strdup (name);
  tempo_run_command (exchange, g_steal_pointer (&command), room_made);
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/licence", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_licence },
  { "PUT", "/api/{org}/licence", TEMPO_WHO (OWN, TEMPO_ACTION_LICENCE), BODY_LIMIT, 0, put_licence },
  { "DELETE", "/api/{org}/licence", TEMPO_WHO (OWN, TEMPO_ACTION_LICENCE), 0, 0, remove_licence },
  { "POST", "/api/rooms/create", TEMPO_WHO (OPEN, 0), 0, 0, create_room },
};

void
tempo_licence_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
