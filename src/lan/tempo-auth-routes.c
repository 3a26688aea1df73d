/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "access/tempo-password.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "model/tempo-refusal.h"

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

static void
answer_session (TempoExchange *exchange, TempoMember *member, const char *token, gint64 expires_at)
{
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  if (token != NULL)
    tempo_json_string (json, "token", token);
  tempo_json_time (json, "expiresAt", expires_at);
  tempo_member_to_json (member, json, "member");
  write_organizations (tempo_visit_get (exchange)->server, member, json);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoMember) member = tempo_host_sign_in_finish (TEMPO_HOST (source), result, &error);
  g_autofree char *token = NULL;
  gint64 expires_at;

  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_UNAUTHENTICATED))
    {
      tempo_answer_code (exchange, 401, "wrong_password", error->message);
      return;
    }
  if (member == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  token = tempo_checks_open_session (exchange, member, &expires_at);
  answer_session (exchange, member, token, expires_at);
}

static void
login (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  JsonObject *body;
  GError *error = NULL;
  const char *username, *password = NULL, *organization = NULL;

  if (!tempo_require_https (exchange))
    return;
  body = tempo_exchange_need_json (exchange);
  if (body == NULL)
    return;
  username = tempo_json_get_string (body, "username", TEMPO_MEMBER_MAX_USERNAME, NULL, &error);
  if (error == NULL)
    password = tempo_json_get_string (body, "password", TEMPO_PASSWORD_MAX_BYTES, NULL, &error);
  if (error == NULL)
    organization =
      tempo_json_get_string (body, "organization", TEMPO_ORGANIZATION_MAX_NAME, NULL, &error);
  if (error == NULL && (username == NULL || password == NULL))
    g_set_error (&error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" is missing",
                 username == NULL ? "username" : "password");
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  tempo_host_sign_in_async (server->host, username, password, organization,
                            tempo_exchange_get_address (exchange), NULL, signed_in_cb,
                            tempo_exchange_ref (exchange));
}

static void
logout (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  tempo_checks_close_session (exchange);
  tempo_room_feeds_drop_session (visit->server->feeds, visit->claims->session_id);
  tempo_exchange_answer_empty (exchange, 204);
}

static void
get_me (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  answer_session (exchange, visit->member, NULL, visit->claims->expires_at * G_USEC_PER_SEC);
}

static const TempoRoute routes[] = {
  { "POST", "/api/auth/login", TEMPO_WHO (OPEN, 0), 0, 0, login },
  { "POST", "/api/auth/logout", TEMPO_WHO (AUTH, 0), 0, 0, logout },
  { "GET", "/api/auth/me", TEMPO_WHO (AUTH, 0), 0, 0, get_me },
};

/* Sessions of staff. Slowing down and the bounded pool of password checks are
 * the engine's, because the panel's own sign-in shares them.
 */
void
tempo_auth_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
