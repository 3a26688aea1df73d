/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-password.h"
#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-staff.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-people.h"

static TempoPeopleCommand *
make_command (TempoExchange *exchange, TempoPeopleAct act)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (TempoActor) actor = tempo_visit_make_actor (exchange);
  TempoPeopleCommand *command = tempo_people_command_new (act, actor, visit->organization_id);

  command->member_id = g_strdup (tempo_exchange_get_param (exchange, "id"));
  return command;
}

/* Runs @command unless the body was wrong. Takes @error. */
static void
run (TempoExchange *exchange, TempoPeopleCommand *command, GAsyncReadyCallback callback, GError *error)
{
  if (error != NULL)
    tempo_answer_invalid (exchange, error);
  else
    tempo_people_execute_async (tempo_visit_get (exchange)->server->host, command, callback, tempo_exchange_ref (exchange));
}

/* (nullable): after having answered the refusal. */
static TempoPeopleOutcome *
finish (TempoExchange *exchange, GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  TempoPeopleOutcome *outcome = tempo_people_execute_finish (TEMPO_HOST (source), result, &error);

  if (outcome == NULL)
    tempo_answer_error (exchange, error);
  else
    tempo_auth_drop_sessions (tempo_visit_get (exchange)->server, outcome);
  return outcome;
}

static void
member_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (TempoPeopleOutcome) outcome = finish (exchange, source, result);
  gboolean made = g_str_equal (tempo_exchange_get_method (exchange), "POST");
  TempoJson *json;

  if (outcome == NULL)
    return;
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_people_write_member (TEMPO_HOST (source), outcome->member, json, "member");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, made ? 201 : 200, json);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (TempoPeopleOutcome) outcome = finish (exchange, source, result);

  if (outcome != NULL)
    tempo_exchange_answer_empty (exchange, 204);
}

static void
list_members (TempoExchange *exchange, gpointer user_data)
{
  tempo_staff_answer_list (exchange, "members");
}

/* Absent is NONE; a word that is none of the roles is a mistake. */
static TempoRole
read_role (JsonObject *body, GError **error)
{
  const char *word = tempo_json_get_string (body, "role", 20, NULL, error);
  TempoRole role = TEMPO_ROLE_NONE;

  if (*error == NULL && word != NULL && (!tempo_role_from_string (word, &role) || role == TEMPO_ROLE_NONE))
    g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"role\" is not owner, admin, member or viewer");
  return role;
}

static void
create_member (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoPeopleCommand) command = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  command = make_command (exchange, TEMPO_PEOPLE_CREATE);
  command->username = g_strdup (tempo_json_get_string (body, "username", TEMPO_MEMBER_MAX_USERNAME, NULL, &error));
  command->password = g_strdup (tempo_json_get_string (body, "password", TEMPO_PASSWORD_MAX_BYTES, NULL, &error));
  command->role = read_role (body, &error);
  run (exchange, command, member_done_cb, error);
}

static void
change_member (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoPeopleCommand) command = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  command = make_command (exchange, TEMPO_PEOPLE_CHANGE);
  command->role = read_role (body, &error);
  command->password = g_strdup (tempo_json_get_string (body, "password", TEMPO_PASSWORD_MAX_BYTES, NULL, &error));
  command->set_active = json_object_has_member (body, "active");
  command->active = tempo_json_get_bool (body, "active", TRUE, &error);
  run (exchange, command, member_done_cb, error);
}

static void
remove_member (TempoExchange *exchange, gpointer user_data)
{
  g_autoptr (TempoPeopleCommand) command = make_command (exchange, TEMPO_PEOPLE_REMOVE);

  run (exchange, command, done_cb, NULL);
}

static void
reset_factor (TempoExchange *exchange, gpointer user_data)
{
  g_autoptr (TempoPeopleCommand) command = make_command (exchange, TEMPO_PEOPLE_FACTOR_RESET);

  run (exchange, command, done_cb, NULL);
}

static void
end_sessions (TempoExchange *exchange, gpointer user_data)
{
  g_autoptr (TempoPeopleCommand) command = make_command (exchange, TEMPO_PEOPLE_END_SESSIONS);

  run (exchange, command, done_cb, NULL);
}

/* By TLS where there is a door for it, because a password will be typed there. Otherwise by plain HTTP: where that is not
 * allowed either (@here_only), it opens on this machine alone. Whoever asks at this machine asks for somebody elsewhere. */
static char *
make_url (TempoExchange *exchange, const char *page, const char *token, gboolean *here_only)
{
  TempoLanServer *server = tempo_visit_get (exchange)->server;
  g_autofree char *base = tempo_lan_server_get_tls_url (server);

  *here_only = !tempo_lan_server_admits_staff (server);
  if (base == NULL && !*here_only)
    base = tempo_lan_server_get_url (server);
  if (base == NULL)
    base = g_strdup_printf ("http://%s", tempo_exchange_get_host (exchange));
  return g_strconcat (base, page, "/", token, NULL);
}

static void
invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (TempoPeopleOutcome) outcome = finish (exchange, source, result);
  g_autofree char *url = NULL;
  gboolean reset, here_only = FALSE;
  TempoJson *json;

  if (outcome == NULL)
    return;
  reset = outcome->member != NULL;
  url = make_url (exchange, reset ? "/reset" : "/invite", outcome->token, &here_only);
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, reset ? "reset" : "invitation");
  tempo_json_string (json, "id", outcome->target_id);
  tempo_json_time (json, "expiresAt", outcome->until);
  tempo_json_end_object (json);
  tempo_json_string (json, "url", url);
  tempo_json_bool (json, "hereOnly", here_only);
  tempo_json_string (json, "token", outcome->token);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 201, json);
}

static void
list_invitations (TempoExchange *exchange, gpointer user_data)
{
  tempo_staff_answer_list (exchange, "invitations");
}

static void
invite (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoPeopleCommand) command = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  command = make_command (exchange, TEMPO_PEOPLE_INVITE);
  command->role = read_role (body, &error);
  command->note = g_strdup (tempo_json_get_string (body, "note", TEMPO_INVITATION_MAX_NOTE, NULL, &error));
  run (exchange, command, invited_cb, error);
}

static void
revoke_invitation (TempoExchange *exchange, gpointer user_data)
{
  g_autoptr (TempoPeopleCommand) command = make_command (exchange, TEMPO_PEOPLE_REVOKE_INVITATION);

  command->target_id = g_steal_pointer (&command->member_id);
  run (exchange, command, done_cb, NULL);
}

static void
make_reset (TempoExchange *exchange, gpointer user_data)
{
  g_autoptr (TempoPeopleCommand) command = make_command (exchange, TEMPO_PEOPLE_RESET);

  run (exchange, command, invited_cb, NULL);
}

/* What the page of a link shows before anything is typed. Says no more than the link's owner was told. */
static void
peek (TempoExchange *exchange, gboolean reset)
{
  TempoLanServer *server = tempo_visit_get (exchange)->server;
  g_autoptr (GError) error = NULL;
  g_autofree char *username = NULL;
  TempoOrganization *organization;
  TempoRole role;
  TempoJson *json;

  if (!tempo_people_peek (server->host, tempo_exchange_get_param (exchange, "token"), &organization, &role, &username, &error)
      || reset != (role == TEMPO_ROLE_NONE))
    {
      tempo_answer_code (exchange, 410, "used_up", NULL);
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, "organization");
  tempo_json_string (json, "slug", organization->slug);
  tempo_json_string (json, "name", organization->name);
  tempo_json_end_object (json);
  if (reset)
    tempo_json_string (json, "username", username);
  else
    tempo_json_string (json, "role", tempo_role_to_string (role));
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
get_invitation (TempoExchange *exchange, gpointer user_data)
{
  peek (exchange, FALSE);
}

static void
get_reset (TempoExchange *exchange, gpointer user_data)
{
  peek (exchange, TRUE);
}

/* Whoever made an account by a link is signed in with it. With a new password for an account that has a second factor
 * the code is still to be asked for: such a person signs in as always. */
static void
link_used_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (TempoPeopleOutcome) outcome = finish (exchange, source, result);
  gboolean made = g_str_has_prefix (tempo_exchange_get_path (exchange), "/api/invitations/");
  g_autofree char *token = NULL;
  gint64 expires_at;

  if (outcome == NULL)
    return;
  if (tempo_people_has_factor (TEMPO_HOST (source), outcome->member))
    {
      tempo_exchange_answer_empty (exchange, 204);
      return;
    }
  token = tempo_checks_open_session (exchange, outcome->member, &expires_at);
  tempo_auth_answer_session (exchange, made ? 201 : 200, outcome->member, token, expires_at);
}

static void
use_link (TempoExchange *exchange, TempoPeopleAct act)
{
  JsonObject *body;
  g_autoptr (TempoPeopleCommand) command = NULL;
  GError *error = NULL;

  if (!tempo_require_https (exchange))
    return;
  body = tempo_exchange_need_json (exchange);
  if (body == NULL)
    return;
  command = tempo_people_command_new (act, NULL, NULL);
  command->token = g_strdup (tempo_exchange_get_param (exchange, "token"));
  command->address = g_strdup (tempo_exchange_get_address (exchange));
  command->agent = g_strdup (tempo_exchange_get_header (exchange, "User-Agent"));
  command->username = g_strdup (tempo_json_get_string (body, "username", TEMPO_MEMBER_MAX_USERNAME, NULL, &error));
  command->password = g_strdup (tempo_json_get_string (body, "password", TEMPO_PASSWORD_MAX_BYTES, NULL, &error));
  run (exchange, command, link_used_cb, error);
}

static void
accept_invitation (TempoExchange *exchange, gpointer user_data)
{
  use_link (exchange, TEMPO_PEOPLE_ACCEPT);
}

static void
use_reset (TempoExchange *exchange, gpointer user_data)
{
  use_link (exchange, TEMPO_PEOPLE_USE_RESET);
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/members", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, list_members },
  { "POST", "/api/{org}/members", TEMPO_WHO (OWN, TEMPO_WHO_MEMBERS), 0, 0, create_member },
  { "PATCH", "/api/{org}/members/{id}", TEMPO_WHO (OWN, TEMPO_WHO_MEMBERS), 0, 0, change_member },
  { "DELETE", "/api/{org}/members/{id}", TEMPO_WHO (OWN, TEMPO_WHO_MEMBERS), 0, 0, remove_member },
  { "POST", "/api/{org}/members/{id}/reset", TEMPO_WHO (OWN, TEMPO_WHO_MEMBERS), 0, 0, make_reset },
  { "DELETE", "/api/{org}/members/{id}/second-factor", TEMPO_WHO (OWN, TEMPO_WHO_FACTOR), 0, 0, reset_factor },
  { "DELETE", "/api/{org}/members/{id}/sessions", TEMPO_WHO (OWN, TEMPO_WHO_SESSIONS), 0, 0, end_sessions },
  { "GET", "/api/{org}/invitations", TEMPO_WHO (OWN, TEMPO_WHO_MEMBERS), 0, 0, list_invitations },
  { "POST", "/api/{org}/invitations", TEMPO_WHO (OWN, TEMPO_WHO_MEMBERS), 0, 0, invite },
  { "DELETE", "/api/{org}/invitations/{id}", TEMPO_WHO (OWN, TEMPO_WHO_MEMBERS), 0, 0, revoke_invitation },
  { "GET", "/api/invitations/{token}", TEMPO_WHO (OPEN, 0), 0, 0, get_invitation },
  { "POST", "/api/invitations/{token}", TEMPO_WHO (OPEN, 0), 0, 0, accept_invitation },
  { "GET", "/api/resets/{token}", TEMPO_WHO (OPEN, 0), 0, 0, get_reset },
  { "POST", "/api/resets/{token}", TEMPO_WHO (OPEN, 0), 0, 0, use_reset },
};

/* People of an organization, and the links by which they come in. Signing in
 * and what one does about oneself is in tempo-auth-routes.c.
 */
void
tempo_people_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
