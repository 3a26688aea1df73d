/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "base/tempo-qr.h"
#include "access/tempo-password.h"
#include "access/tempo-totp.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-login-private.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-people.h"

static void
write_organization (TempoJson *json, TempoOrganization *organization)
{
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "id", organization->id);
  tempo_json_string (json, "slug", organization->slug);
  tempo_json_string (json, "name", organization->name);
  tempo_json_end_object (json);
}

/* A member sees the own organization, the super admin all of the host. */
static void
write_organizations (TempoLanServer *server, TempoMember *member, TempoJson *json)
{
  g_autoptr (GPtrArray) all = tempo_host_list_organizations (server->host);

  tempo_json_begin_array (json, "organizations");
  for (guint i = 0; i < all->len; i++)
    {
      TempoOrganization *organization = g_ptr_array_index (all, i);

      if (member->super_admin || g_str_equal (organization->id, member->organization_id))
        write_organization (json, organization);
    }
  tempo_json_end_array (json);
}

void
tempo_auth_answer_session (TempoExchange *exchange, guint status, TempoMember *member, const char *token, gint64 expires_at)
{
  TempoHost *host = tempo_visit_get (exchange)->server->host;
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  if (token != NULL)
    tempo_json_string (json, "token", token);
  tempo_json_time (json, "expiresAt", expires_at);
  tempo_member_to_json (member, json, "member");
  tempo_json_bool (json, "secondFactor", tempo_people_has_factor (host, member));
  tempo_json_bool (json, "secondFactorMissing", tempo_people_needs_factor (host, member));
  write_organizations (tempo_visit_get (exchange)->server, member, json);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, status, json);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoMember) member = tempo_people_sign_in_finish (TEMPO_HOST (source), result, &error);
  g_autofree char *token = NULL;
  gint64 expires_at;

  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_UNAUTHENTICATED))
    {
      tempo_answer_code (exchange, 401, "wrong_password", error->message);
      return;
    }
  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_WRONG_CODE))
    {
      tempo_answer_code (exchange, 401, "wrong_code", error->message);
      return;
    }
  if (member == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  token = tempo_checks_open_session (exchange, member, &expires_at);
  tempo_auth_answer_session (exchange, 200, member, token, expires_at);
}

static void
login (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  TempoSignIn who = { NULL };
  JsonObject *body;
  GError *error = NULL;

  if (!tempo_require_https (exchange))
    return;
  body = tempo_exchange_need_json (exchange);
  if (body == NULL)
    return;
  if (!tempo_login_read (body, &who, &error))
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  who.address = tempo_exchange_get_address (exchange);
  who.agent = tempo_exchange_get_header (exchange, "User-Agent");
  who.local = tempo_exchange_is_loopback (exchange);
  tempo_people_sign_in_async (server->host, &who, signed_in_cb, tempo_exchange_ref (exchange));
}

/* A command of the signed-in person about itself. (transfer full). */
static TempoPeopleCommand *
make_own (TempoExchange *exchange, TempoPeopleAct act)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (TempoActor) actor = tempo_visit_make_actor (exchange);

  return tempo_people_command_new (act, actor, visit->member->organization_id);
}

void
tempo_auth_drop_sessions (TempoLanServer *server, TempoPeopleOutcome *outcome)
{
  for (guint i = 0; outcome->ended != NULL && outcome->ended[i] != NULL; i++)
    tempo_room_feeds_drop_session (server->feeds, outcome->ended[i]);
}

static void
sessions_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoPeopleOutcome) outcome = tempo_people_execute_finish (TEMPO_HOST (source), result, &error);

  if (outcome == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  tempo_auth_drop_sessions (visit->server, outcome);
  if (g_strv_contains ((const char *const *) outcome->ended, visit->claims->session_id))
    tempo_checks_forget_cookie (exchange);
  tempo_exchange_answer_empty (exchange, 204);
}

static void
logout (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  g_autoptr (JsonObject) body = tempo_answer_optional_json (exchange);
  g_autoptr (TempoPeopleCommand) command = NULL;
  GError *error = NULL;
  gboolean everywhere;

  if (body == NULL)
    return;
  everywhere = tempo_json_get_bool (body, "everywhere", FALSE, &error);
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  command = make_own (exchange, TEMPO_PEOPLE_END_SESSIONS);
  if (!everywhere)
    command->session_id = g_strdup (tempo_visit_get (exchange)->claims->session_id);
  tempo_people_execute_async (server->host, command, sessions_ended_cb, tempo_exchange_ref (exchange));
}

static void
get_me (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  tempo_auth_answer_session (exchange, 200, visit->member, NULL, visit->claims->expires_at * G_USEC_PER_SEC);
}

static void
list_sessions (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_sessions_write (visit->server->host, visit->member, visit->claims->session_id, json);
  tempo_json_null (json, "next");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
end_session (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  g_autoptr (TempoPeopleCommand) command = make_own (exchange, TEMPO_PEOPLE_END_SESSIONS);

  command->session_id = g_strdup (tempo_exchange_get_param (exchange, "id"));
  tempo_people_execute_async (server->host, command, sessions_ended_cb, tempo_exchange_ref (exchange));
}

/* Everybody else is signed out by a new password; who changed it stays in, with a new session. */
static void
password_changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoPeopleOutcome) outcome = tempo_people_execute_finish (TEMPO_HOST (source), result, &error);
  g_autofree char *token = NULL;
  gint64 expires_at;

  if (outcome == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  tempo_auth_drop_sessions (tempo_visit_get (exchange)->server, outcome);
  token = tempo_checks_open_session (exchange, outcome->member, &expires_at);
  tempo_auth_answer_session (exchange, 200, outcome->member, token, expires_at);
}

static void
change_password (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoPeopleCommand) command = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  command = make_own (exchange, TEMPO_PEOPLE_CHANGE_OWN);
  command->old_password = g_strdup (tempo_json_get_string (body, "password", TEMPO_PASSWORD_MAX_BYTES, NULL, &error));
  command->password = g_strdup (tempo_json_get_string (body, "newPassword", TEMPO_PASSWORD_MAX_BYTES, NULL, &error));
  if (error != NULL)
    tempo_answer_invalid (exchange, error);
  else
    tempo_people_execute_async (server->host, command, password_changed_cb, tempo_exchange_ref (exchange));
}

static void
factor_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoPeopleOutcome) outcome = tempo_people_execute_finish (TEMPO_HOST (source), result, &error);
  TempoJson *json;

  if (outcome == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  if (outcome->secret == NULL && outcome->codes == NULL)
    {
      tempo_exchange_answer_empty (exchange, 204);
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  if (outcome->secret != NULL)
    {
      tempo_json_string (json, "secret", outcome->secret);
      tempo_json_string (json, "uri", outcome->uri);
      tempo_qr_text_to_json (outcome->uri, json, "qr");
    }
  else
    {
      tempo_json_begin_array (json, "recoveryCodes");
      for (guint i = 0; outcome->codes[i] != NULL; i++)
        tempo_json_string (json, NULL, outcome->codes[i]);
      tempo_json_end_array (json);
    }
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, outcome->secret != NULL ? 201 : 200, json);
}

static void
run_factor (TempoExchange *exchange, TempoPeopleAct act)
{
  g_autoptr (JsonObject) body = tempo_answer_optional_json (exchange);
  g_autoptr (TempoPeopleCommand) command = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  command = make_own (exchange, act);
  command->code = g_strdup (tempo_json_get_string (body, "code", TEMPO_TOTP_MAX_CODE, NULL, &error));
  if (act == TEMPO_PEOPLE_FACTOR_DROP)
    command->old_password = g_strdup (tempo_json_get_string (body, "password", TEMPO_PASSWORD_MAX_BYTES, NULL, &error));
  if (error != NULL)
    tempo_answer_invalid (exchange, error);
  else
    tempo_people_execute_async (tempo_visit_get (exchange)->server->host, command, factor_done_cb,
                                tempo_exchange_ref (exchange));
}

static void
begin_factor (TempoExchange *exchange, gpointer user_data)
{
  run_factor (exchange, TEMPO_PEOPLE_FACTOR_BEGIN);
}

static void
confirm_factor (TempoExchange *exchange, gpointer user_data)
{
  run_factor (exchange, TEMPO_PEOPLE_FACTOR_CONFIRM);
}

static void
drop_factor (TempoExchange *exchange, gpointer user_data)
{
  run_factor (exchange, TEMPO_PEOPLE_FACTOR_DROP);
}

static const TempoRoute routes[] = {
  { "POST", "/api/auth/login", TEMPO_WHO (OPEN, 0), 0, 0, login },
  { "POST", "/api/auth/logout", TEMPO_WHO (AUTH, 0), 0, 0, logout },
  { "GET", "/api/auth/me", TEMPO_WHO (AUTH, 0), 0, 0, get_me },
  { "GET", "/api/auth/sessions", TEMPO_WHO (AUTH, 0), 0, 0, list_sessions },
  { "DELETE", "/api/auth/sessions/{id}", TEMPO_WHO (AUTH, 0), 0, 0, end_session },
  { "POST", "/api/auth/password", TEMPO_WHO (AUTH, 0), 0, 0, change_password },
  { "POST", "/api/auth/second-factor", TEMPO_WHO (AUTH, 0), 0, 0, begin_factor },
  { "POST", "/api/auth/second-factor/confirm", TEMPO_WHO (AUTH, 0), 0, 0, confirm_factor },
  { "DELETE", "/api/auth/second-factor", TEMPO_WHO (AUTH, 0), 0, 0, drop_factor },
};

/* Sessions of staff. Slowing down and the bounded pool of password checks are
 * the engine's, because the panel's own sign-in shares them.
 */
void
tempo_auth_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
