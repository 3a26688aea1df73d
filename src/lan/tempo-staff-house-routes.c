/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-password.h"
#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-staff.h"

#define LOGO_LIMIT (512 * 1024)

static void
get_settings (TempoExchange *exchange, gpointer user_data)
{
  tempo_staff_answer_list (exchange, "settings");
}

/* The answer is read back from the store: what the engine made of the values
 * is what counts. */
static void
answer_settings (TempoExchange *exchange, TempoOutcome *outcome)
{
  tempo_staff_answer_list (exchange, "settings");
}

/* The command's room is the visit's, if one was chosen. */
static void
put_values (TempoExchange *exchange, TempoAction action)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  JsonNode *settings = body != NULL ? json_object_get_member (body, "settings") : NULL;
  g_autoptr (TempoCommand) command = NULL;

  if (body == NULL)
    return;
  if (settings == NULL || !JSON_NODE_HOLDS_OBJECT (settings))
    {
      tempo_answer_code (exchange, 422, "invalid", "\"settings\" is not an object");
      return;
    }
  command = tempo_make_command (exchange, action);
  command->patch = json_object_ref (json_node_get_object (settings));
  tempo_run_command (exchange, g_steal_pointer (&command), answer_settings);
}

static void
put_settings (TempoExchange *exchange, gpointer user_data)
{
  put_values (exchange, TEMPO_ACTION_SETTING);
}

static void
get_room_settings (TempoExchange *exchange, gpointer user_data)
{
  if (tempo_staff_choose_room (exchange, tempo_exchange_get_param (exchange, "id")))
    tempo_staff_answer_list (exchange, "settings");
}

static void
put_room_settings (TempoExchange *exchange, gpointer user_data)
{
  if (tempo_staff_choose_room (exchange, tempo_exchange_get_param (exchange, "id")))
    put_values (exchange, TEMPO_ACTION_ROOM_EDIT);
}

static void
logo_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;

  if (tempo_host_set_logo_finish (TEMPO_HOST (source), result, &error))
    tempo_exchange_answer_empty (exchange, 204);
  else
    tempo_answer_error (exchange, error);
}

static void
set_logo (TempoExchange *exchange, GBytes *image)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (TempoActor) actor = tempo_visit_make_actor (exchange);

  tempo_host_set_logo_async (visit->server->host, actor, visit->organization_id, image, logo_set_cb,
                             tempo_exchange_ref (exchange));
}

/* The body is the picture itself. What it is, its bytes tell. */
static void
put_logo (TempoExchange *exchange, gpointer user_data)
{
  set_logo (exchange, tempo_exchange_get_body (exchange));
}

static void
remove_logo (TempoExchange *exchange, gpointer user_data)
{
  set_logo (exchange, NULL);
}

static void
list_audit (TempoExchange *exchange, gpointer user_data)
{
  g_autofree char *list = g_strconcat ("audit?", tempo_exchange_get_query_string (exchange), NULL);

  tempo_staff_answer_list (exchange, list);
}

static void
stream_organization (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  tempo_room_feeds_take_staff (visit->server->feeds, visit->organization_id,
                               visit->claims, exchange);
}

/* Text that must be there. NULL with @error set otherwise; nothing is read after an earlier mistake. */
static const char *
need_text (JsonObject *body, const char *member, gsize max_characters, GError **error)
{
  const char *text;

  if (*error != NULL)
    return NULL;
  text = tempo_json_get_string (body, member, max_characters, NULL, error);
  if (*error == NULL && (text == NULL || *text == '\0'))
    g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" is missing", member);
  return text;
}

static void
organization_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOrganization) organization =
    tempo_host_create_organization_finish (TEMPO_HOST (source), result, &error);
  TempoJson *json;

  if (organization == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_organization_to_json (organization, json, "organization");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 201, json);
}

static void
create_organization (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoActor) actor = NULL;
  GError *error = NULL;
  const char *name, *slug = NULL, *code = NULL, *username, *password;

  if (body == NULL)
    return;
  name = need_text (body, "name", TEMPO_ORGANIZATION_MAX_NAME, &error);
  username = need_text (body, "username", TEMPO_MEMBER_MAX_USERNAME, &error);
  password = need_text (body, "password", TEMPO_PASSWORD_MAX_BYTES, &error);
  if (error == NULL)
    slug = tempo_json_get_string (body, "slug", 40, NULL, &error);
  if (error == NULL)
    code = tempo_json_get_string (body, "code", 4, NULL, &error);
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  actor = tempo_visit_make_actor (exchange);
  tempo_host_create_organization_async (server->host, actor, name, slug, code, username, password,
                                        organization_made_cb, tempo_exchange_ref (exchange));
}

static void
organization_updated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOrganization) organization =
    tempo_host_update_organization_finish (TEMPO_HOST (source), result, &error);
  TempoJson *json;

  if (organization == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_organization_to_json (organization, json, "organization");
  tempo_json_bool (json, "active", organization->active);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
update_organization (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoActor) actor = NULL;
  GError *error = NULL;
  const char *name, *slug;
  gboolean active;

  if (body == NULL)
    return;
  name = tempo_json_get_string (body, "name", TEMPO_ORGANIZATION_MAX_NAME, NULL, &error);
  slug = tempo_json_get_string (body, "slug", 40, NULL, &error);
  active = tempo_json_get_bool (body, "active", FALSE, &error);
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  actor = tempo_visit_make_actor (exchange);
  tempo_host_update_organization_async (server->host, actor, tempo_exchange_get_param (exchange, "orgId"), name, slug,
                                        json_object_has_member (body, "active") ? active : -1, NULL,
                                        organization_updated_cb, tempo_exchange_ref (exchange));
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/settings", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_settings },
  { "PUT", "/api/{org}/settings", TEMPO_WHO (OWN, TEMPO_ACTION_SETTING), 0, 0, put_settings },
  { "GET", "/api/{org}/rooms/{id}/settings", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0,
    get_room_settings },
  { "PUT", "/api/{org}/rooms/{id}/settings", TEMPO_WHO (OWN, TEMPO_ACTION_ROOM_EDIT), 0, 0,
    put_room_settings },
  { "PUT", "/api/{org}/logo", TEMPO_WHO (OWN, TEMPO_ACTION_SETTING), LOGO_LIMIT, TEMPO_ROUTE_ANY_TYPE, put_logo },
  { "DELETE", "/api/{org}/logo", TEMPO_WHO (OWN, TEMPO_ACTION_SETTING), 0, 0, remove_logo },
  { "GET", "/api/{org}/audit", TEMPO_WHO (OWN, TEMPO_WHO_AUDIT), 0, 0, list_audit },
  { "GET", "/api/{org}/stream", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, stream_organization },
  { "POST", "/api/organizations/create", TEMPO_WHO (SUPER, 0), 0, 0, create_organization },
  { "PATCH", "/api/organizations/{orgId}", TEMPO_WHO (SUPER, 0), 0, 0, update_organization },
};

/* The organization itself: settings, log, and the stream of all rooms.
 * Making another one is the operator's.
 */
void
tempo_staff_house_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
