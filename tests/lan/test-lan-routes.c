/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan-fixture.h"
#include "lan/tempo-lan-private.h"

/* "GET /api/{org}/rooms" of every route; {name...} reads as {name}, as the description has it. */
static void
collect_cb (const TempoRoute *route, gpointer user_data)
{
  g_autoptr (GString) name = g_string_new (NULL);

  g_string_printf (name, "%s %s", route->method, route->pattern);
  g_string_replace (name, "...", "", 0);
  g_ptr_array_add (user_data, g_strdup (name->str));
}

static GPtrArray *
list_routes (LanFixture *self)
{
  GPtrArray *routes = g_ptr_array_new_with_free_func (g_free);

  tempo_router_walk (self->server->router, collect_cb, routes);
  return routes;
}

static JsonObject *
get_paths (LanAnswer *description)
{
  return json_object_get_object_member (description->json, "paths");
}

/* Every route is described, and everything described is routed. */
static void
test_description (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autoptr (LanAnswer) description = lan_call (self, "GET", "/api/openapi.json", NULL, NULL);
  g_autoptr (GPtrArray) routes = list_routes (self);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) paths = NULL;
  guint described = 0;

  g_assert_cmpuint (description->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (description, "openapi"), ==, "3.1.0");
  paths = json_object_get_members (get_paths (description));
  for (guint i = 0; i < routes->len; i++)
    g_hash_table_add (known, g_ptr_array_index (routes, i));
  for (GList *path = paths; path != NULL; path = path->next)
    {
      g_autoptr (GList) methods = json_object_get_members (
        json_object_get_object_member (get_paths (description), path->data));

      for (GList *method = methods; method != NULL; method = method->next)
        {
          g_autofree char *upper = g_ascii_strup (method->data, -1);
          g_autofree char *name = g_strdup_printf ("%s %s", upper, (char *) path->data);

          g_test_message ("described: %s", name);
          g_assert_true (g_hash_table_contains (known, name));
          described++;
        }
    }
  g_assert_cmpuint (described, ==, routes->len);
}

/* References of the description that lead nowhere. */
static void
check_references (JsonNode *node, JsonObject *top)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        check_references (json_array_get_element (array, i), top);
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) members = json_object_get_members (object);
      const char *reference = json_object_get_string_member_with_default (object, "$ref", NULL);

      if (reference != NULL)
        {
          g_auto (GStrv) steps = g_strsplit (reference, "/", 0);
          JsonObject *at = top;

          for (guint i = 1; steps[i] != NULL; i++)
            {
              g_test_message ("%s", reference);
              g_assert_true (json_object_has_member (at, steps[i]));
              at = json_object_get_object_member (at, steps[i]);
            }
        }
      for (GList *member = members; member != NULL; member = member->next)
        check_references (json_object_get_member (object, member->data), top);
    }
}

static void
test_references (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autoptr (LanAnswer) description = lan_call (self, "GET", "/api/openapi.json", NULL, NULL);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), description->json);

  check_references (node, description->json);
}

/* A path of the route that exists as far as it can: {org} is usera, {room} its room. */
static char *
fill_pattern (LanFixture *self, const char *route)
{
  GString *target = g_string_new (strchr (route, ' ') + 1);

  g_string_replace (target, "{org}", "usera", 0);
  g_string_replace (target, "{room}", self->room_code, 0);
  g_string_replace (target, "{id}", "0190a000-0000-7000-8000-000000000000", 0);
  g_string_replace (target, "{code}", self->room_code, 0);
  g_string_replace (target, "{token}", "none", 0);
  g_string_replace (target, "{name}", "guest/guest.js", 0);
  return g_string_free (target, FALSE);
}

static gboolean
is_staff (LanAnswer *description, const char *route)
{
  g_autofree char *method = g_ascii_strdown (route, strchr (route, ' ') - route);
  JsonObject *path =
    json_object_get_object_member (get_paths (description), strchr (route, ' ') + 1);
  JsonArray *tags =
    json_object_get_array_member (json_object_get_object_member (path, method), "tags");

  return g_str_equal (json_array_get_string_element (tags, 0), "staff");
}

/* No staff route answers without a session, none of usera's answers userb: by the table, so that a new one is covered. */
static void
test_staff_routes_are_guarded (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autoptr (LanAnswer) description = lan_call (self, "GET", "/api/openapi.json", NULL, NULL);
  g_autoptr (GPtrArray) routes = list_routes (self);
  g_autofree char *bob = NULL;
  guint guarded = 0;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  for (guint i = 0; i < routes->len; i++)
    {
      const char *route = g_ptr_array_index (routes, i);
      g_autofree char *target = fill_pattern (self, route);
      g_autofree char *method = g_strndup (route, strchr (route, ' ') - route);
      const char *body = g_str_equal (method, "GET") ? NULL : "{}";
      g_autoptr (LanAnswer) nobody = NULL;
      g_autoptr (LanAnswer) other = NULL;

      if (!is_staff (description, route))
        continue;
      g_test_message ("%s", route);
      nobody = lan_call (self, method, target, NULL, body);
      g_assert_cmpuint (nobody->status, ==, 401);
      other = lan_call (self, method, target, bob, body);
      g_assert_cmpuint (other->status, ==, 403);
      guarded++;
    }
  g_assert_cmpuint (guarded, >=, 25);
}

/* The router says what another pattern answers: "create" is an organization's id to PATCH. */
static void
test_wrong_methods (void)
{
  static const char *const methods[] = { "PATCH", "PUT", "DELETE", "POST", "GET" };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autoptr (GPtrArray) routes = list_routes (self);

  for (guint i = 0; i < routes->len; i++)
    {
      g_autofree char *target = fill_pattern (self, g_ptr_array_index (routes, i));

      for (guint m = 0; m < G_N_ELEMENTS (methods); m++)
        {
          g_autoptr (LanAnswer) answer = NULL;
          g_autofree char *allow = NULL;

          if (tempo_router_lookup (self->server->router, methods[m], target, NULL) != NULL)
            continue;
          answer = lan_call (self, methods[m], target, NULL,
                             g_str_equal (methods[m], "GET") ? NULL : "{}");
          allow = lan_answer_get_header (answer, "Allow");
          g_test_message ("%s %s", methods[m], target);
          g_assert_cmpuint (answer->status, ==, 405);
          g_assert_nonnull (allow);
        }
    }
}

/* More than 16 KiB is read by nobody, whoever asks: by the declared length, before any of it came. */
static void
test_too_large (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autoptr (GPtrArray) routes = list_routes (self);
  g_autofree char *ann = lan_sign_in (self, "ann");

  for (guint i = 0; i < routes->len; i++)
    {
      const char *route = g_ptr_array_index (routes, i);
      g_autofree char *target = fill_pattern (self, route);
      g_autofree char *method = g_strndup (route, strchr (route, ' ') - route);
      g_autofree char *request = NULL;
      g_autoptr (LanAnswer) answer = NULL;

      if (g_str_equal (method, "GET"))
        continue;
      request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: "
                                 "close\r\n%sContent-Type: application/json\r\n"
                                 "Content-Length: 1000000\r\n\r\n",
                                 method, target, self->port, ann);
      answer = lan_call_raw (self, request, strlen (request));
      g_test_message ("%s", route);
      g_assert_cmpuint (answer->status, ==, 413);
    }
}

/* Ids of somebody else's things under one's own slug are not there. */
static void
test_foreign_ids (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) asked = lan_ask (self, guest, "Zombie Walk");
  g_autofree char *bob = NULL;
  g_autofree char *request =
    g_strdup_printf ("/api/userb/requests/%s", lan_answer_get_text (asked, "request.id"));
  g_autofree char *of_event = g_strdup_printf ("/api/userb/events/%s", event);
  g_autofree char *room = g_strdup_printf ("/api/userb/rooms/%s", self->room_id);
  g_autofree char *list = g_strdup_printf ("/api/userb/requests?roomId=%s", self->room_id);
  g_autoptr (LanAnswer) decided = NULL;
  g_autoptr (LanAnswer) ended = NULL;
  g_autoptr (LanAnswer) closed = NULL;
  g_autoptr (LanAnswer) listed = NULL;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  decided = lan_call (self, "PATCH", request, bob, "{\"status\":\"declined\"}");
  g_assert_cmpuint (decided->status, ==, 404);
  ended = lan_call (self, "PATCH", of_event, bob, "{\"state\":\"ended\"}");
  g_assert_cmpuint (ended->status, ==, 404);
  closed = lan_call (self, "PATCH", room, bob, "{\"switch\":\"closed\"}");
  g_assert_cmpuint (closed->status, ==, 404);
  listed = lan_call (self, "GET", list, bob, NULL);
  g_assert_cmpuint (listed->status, ==, 404);
}

static void
test_ops (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autoptr (LanAnswer) health = lan_call (self, "GET", "/healthz", NULL, NULL);
  g_autoptr (LanAnswer) ready = lan_call (self, "GET", "/readyz", NULL, NULL);
  g_autoptr (LanAnswer) metrics = lan_call (self, "GET", "/metrics", NULL, NULL);

  g_assert_cmpuint (health->status, ==, 200);
  g_assert_cmpstr (health->body, ==, "ok\n");
  g_assert_cmpuint (ready->status, ==, 200);
  g_assert_cmpuint (metrics->status, ==, 200);
  g_assert_nonnull (strstr (metrics->body, "tempo_listeners{who=\"guest\"} 0"));
  g_assert_nonnull (strstr (metrics->body, "tempo_organizations 1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/routes/description", test_description);
  g_test_add_func ("/lan/routes/references", test_references);
  g_test_add_func ("/lan/routes/guarded", test_staff_routes_are_guarded);
  g_test_add_func ("/lan/routes/wrong-methods", test_wrong_methods);
  g_test_add_func ("/lan/routes/too-large", test_too_large);
  g_test_add_func ("/lan/routes/foreign-ids", test_foreign_ids);
  g_test_add_func ("/lan/routes/ops", test_ops);
  return g_test_run ();
}
