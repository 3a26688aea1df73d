/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan-fixture.h"
#include "model/tempo-setting.h"

/* What is set for an organization and its rooms, over the API. */

/* The description names every setting, and no other. */
static void
test_settings_described (void)
{
  static const char *const schemas[] = { "OrganizationSettings", "RoomSettings" };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autoptr (LanAnswer) description = lan_call (self, "GET", "/api/openapi.json", NULL, NULL);
  guint n, described = 0, told = 0;
  const TempoSetting *settings = tempo_setting_list (&n);

  for (guint i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      g_autofree char *path = g_strdup_printf ("components.schemas.%s.properties", schemas[i]);

      described += json_object_get_size (json_node_get_object (lan_answer_get_node (description, path)));
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path =
        g_strdup_printf ("components.schemas.%s.properties.%s", schemas[settings[i].scope], settings[i].key);

      g_test_message ("%s", path);
      if ((settings[i].flags & TEMPO_SETTING_LOCAL) != 0)
        {
          g_assert_null (lan_answer_get_node (description, path));
          continue;
        }
      g_assert_nonnull (lan_answer_get_node (description, path));
      told += (settings[i].flags & TEMPO_SETTING_SECRET) != 0 ? 2 : 1;
    }
  g_assert_cmpuint (described, ==, told);
}

static void
test_settings (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *room = g_strdup_printf ("/api/usera/rooms/%s/settings", self->room_id);
  g_autoptr (LanAnswer) audit = NULL;
  const struct
  {
    const char *target;
    const char *body; /* NULL: read */
    guint status;
    const char *path;
    const char *text; /* (nullable) what stands there */
  } rows[] = {
    { "/api/usera/settings", NULL, 200, "settings.accent", "#f5a524" },
    { "/api/usera/settings", "{\"settings\":{\"contact\":\"+34 555 01\",\"accent\":\"#336699\"}}", 200, "settings.contact",
      "+34 555 01" },
    { "/api/usera/settings", NULL, 200, "settings.accent", "#336699" },
    { "/api/usera/settings", "{\"settings\":{\"welcome\":\"Hi\",\"colour\":\"red\"}}", 422, "field", "colour" },
    { "/api/usera/settings", "{\"settings\":{\"forgetGuestsDays\":\"x\"}}", 422, "field", "forgetGuestsDays" },
    { "/api/usera/settings", "{\"settings\":{\"accent\":null}}", 200, "settings.accent", "#f5a524" },
    { room, NULL, 200, "settings.name", "Main" },
    { room, "{\"settings\":{\"announcement\":\"Cake at ten\",\"wifiPassword\":\"hunter2 hunter2\"}}", 200,
      "settings.announcement", "Cake at ten" },
    { room, "{\"settings\":{\"musicFolder\":\"/etc\"}}", 403, "code", "forbidden" },
    { room, "{\"settings\":{\"accent\":\"#336699\"}}", 422, "field", "accent" },
    { room, "{\"settings\":{\"name\":\"\"}}", 422, "field", "name" },
    { "/api/usera/rooms/nowhere/settings", NULL, 404, "code", "not_found" },
    { "/api/usera/rooms/nowhere/settings", "{\"settings\":{}}", 404, "code", "not_found" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) answer =
        lan_call (self, rows[i].body != NULL ? "PUT" : "GET", rows[i].target, ann, rows[i].body);

      g_test_message ("%u: %s %s", i, rows[i].target, answer->body);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
      g_assert_cmpstr (lan_answer_get_text (answer, rows[i].path), ==, rows[i].text);
      g_assert_null (strstr (answer->body, "hunter2"));
    }

  audit = lan_call (self, "GET", "/api/usera/audit", ann, NULL);
  g_assert_cmpuint (audit->status, ==, 200);
  g_assert_nonnull (strstr (audit->body, "+34 555 01"));
  g_assert_null (strstr (audit->body, "hunter2"));
}

/* What the house never plays is refused whatever the night's rules say; staff may. */
static void
test_blocked (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) before = lan_ask (self, guest, "Purple Rain");
  g_autoptr (LanAnswer) set =
    lan_call (self, "PUT", "/api/usera/settings", ann, "{\"settings\":{\"blockedWords\":[\"rain\"]}}");
  g_autoptr (LanAnswer) after = lan_ask (self, guest, "Rain Song");
  g_autoptr (LanAnswer) other = lan_ask (self, guest, "Terrain");

  g_assert_cmpuint (before->status, ==, 201);
  g_assert_cmpuint (set->status, ==, 200);
  g_assert_cmpuint (after->status, ==, 409);
  g_assert_cmpstr (lan_answer_get_text (after, "code"), ==, "blocked");
  g_assert_cmpuint (other->status, ==, 201);
}

/* Rooms come, are named, lose their code, and are closed without losing what happened there. */
static void
test_rooms (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *main_room = g_strdup_printf ("/api/usera/rooms/%s", self->room_id);
  g_autofree char *main_page = g_strdup_printf ("/api/rooms/%s", self->room_code);
  g_autoptr (LanAnswer) only = lan_call (self, "PATCH", main_room, ann, "{\"active\":false}");
  g_autoptr (LanAnswer) made = lan_call (self, "POST", "/api/usera/rooms", ann, "{\"name\":\"Yard\"}");
  g_autofree char *yard_id = g_strdup (lan_answer_get_text (made, "room.id"));
  g_autofree char *yard_code = g_strdup (lan_answer_get_text (made, "room.code"));
  g_autofree char *yard = g_strdup_printf ("/api/usera/rooms/%s", yard_id);
  g_autofree char *yard_page = g_strdup_printf ("/api/rooms/%s", yard_code);
  g_autofree char *yard_renew = g_strdup_printf ("%s/code", yard);
  g_autofree char *event = g_strdup_printf ("{\"roomId\":\"%s\",\"name\":\"Friday\",\"state\":\"active\"}", yard_id);
  g_autofree char *main_event = g_strdup_printf ("{\"roomId\":\"%s\",\"name\":\"x\",\"state\":\"active\"}", self->room_id);
  g_autofree char *display_body = g_strdup_printf ("{\"roomId\":\"%s\",\"name\":\"TV\"}", yard_id);
  g_autoptr (LanAnswer) display = lan_call (self, "POST", "/api/usera/displays", ann, display_body);
  g_autofree char *display_page = g_strdup_printf ("/d/%s", lan_answer_get_text (display, "display.token"));
  g_autoptr (LanAnswer) first = lan_call (self, "POST", "/api/usera/events", ann, event);
  g_autofree char *night = g_strdup_printf ("/api/usera/events/%s", lan_answer_get_text (first, "event.id"));
  g_autoptr (LanAnswer) renewed = NULL;
  g_autofree char *new_page = NULL;
  const struct
  {
    const char *method, *target, *body;
    guint status;
    const char *code; /* (nullable) */
  } rows[] = {
    { "POST", "/api/usera/events", event, 409, "event_active" },
    /* Another room's night goes beside it. */
    { "POST", "/api/usera/events", main_event, 201, NULL },
    { "PATCH", yard, "{\"active\":false}", 409, "event_active" },
    { "PATCH", night, "{\"state\":\"ended\"}", 200, NULL },
    { "GET", yard_page, NULL, 200, NULL },
    { "GET", display_page, NULL, 200, NULL },
    { "PATCH", yard, "{\"active\":false}", 200, NULL },
    { "GET", yard_page, NULL, 404, "not_found" },
    { "GET", display_page, NULL, 404, NULL },
    { "POST", "/api/usera/events", event, 409, "state" },
    { "GET", main_page, NULL, 200, NULL },
  };

  g_assert_cmpuint (only->status, ==, 409);
  g_assert_cmpuint (first->status, ==, 201);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, rows[i].method, rows[i].target, ann, rows[i].body);

      g_test_message ("%u: %s %s: %s", i, rows[i].method, rows[i].target, answer->body);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
      if (rows[i].code != NULL)
        g_assert_cmpstr (lan_answer_get_text (answer, "code"), ==, rows[i].code);
    }
  {
    g_autoptr (LanAnswer) list = lan_call (self, "GET", "/api/usera/rooms", ann, NULL);
    g_autoptr (LanAnswer) open = lan_call (self, "PATCH", yard, ann, "{\"active\":true,\"name\":\"Garden\"}");
    g_autoptr (LanAnswer) again = lan_call (self, "GET", yard_page, NULL, NULL);

    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (list->json, "rooms")), ==, 2);
    g_assert_cmpstr (lan_answer_get_text (open, "room.name"), ==, "Garden");
    g_assert_cmpuint (again->status, ==, 200);
  }

  renewed = lan_call (self, "POST", yard_renew, ann, NULL);
  g_assert_cmpuint (renewed->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (renewed, "room.code"), !=, yard_code);
  new_page = g_strdup_printf ("/api/rooms/%s", lan_answer_get_text (renewed, "room.code"));
  {
    g_autoptr (LanAnswer) old = lan_call (self, "GET", yard_page, NULL, NULL);
    g_autoptr (LanAnswer) now = lan_call (self, "GET", new_page, NULL, NULL);

    g_assert_cmpuint (old->status, ==, 404);
    g_assert_cmpuint (now->status, ==, 200);
  }
}

/* The operator renames, closes and opens organizations; nobody else does, not even their owners. */
static void
test_organizations (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *bob = NULL;
  g_autofree char *page = NULL;
  const struct
  {
    const char *who;
    const char *target;
    const char *body;
    guint status;
    const char *path, *text; /* (nullable) */
  } rows[] = {
    { "bob", "/api/organizations/userb", "{\"name\":\"Mine\"}", 403, "code", "forbidden" },
    { "bob", "/api/organizations/nowhere", "{\"name\":\"Mine\"}", 403, "code", "forbidden" },
    { "ann", "/api/organizations/nowhere", "{\"name\":\"x\"}", 404, "code", "not_found" },
    { "ann", "/api/organizations/userb", "{\"slug\":\"usera\"}", 409, "code", "conflict" },
    { "ann", "/api/organizations/userb", "{\"slug\":\"No Slug\"}", 422, "field", "slug" },
    { "ann", "/api/organizations/userb", "{\"name\":\" \"}", 422, "field", "name" },
    { "ann", "/api/organizations/usera", "{\"active\":false}", 409, "code", "conflict" },
    { "ann", "/api/organizations/userb", "{\"name\":\"Cellar\",\"slug\":\"cellar\"}", 200, "organization.slug", "cellar" },
    { "ann", "/api/organizations/cellar", "{\"active\":false}", 200, "organization.name", "Cellar" },
  };

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) answer =
        lan_call (self, "PATCH", rows[i].target, g_str_equal (rows[i].who, "ann") ? ann : bob, rows[i].body);

      g_test_message ("%u: %s", i, answer->body);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
      g_assert_cmpstr (lan_answer_get_text (answer, rows[i].path), ==, rows[i].text);
    }
  {
    g_autoptr (LanAnswer) staff = lan_call (self, "GET", "/api/cellar/rooms", bob, NULL);
    g_autoptr (LanAnswer) login =
      lan_call (self, "POST", "/api/auth/login", NULL, "{\"username\":\"bob\",\"password\":\"" LAN_PASSWORD "\"}");
    g_autoptr (LanAnswer) guest = lan_call (self, "GET", "/cellar", NULL, NULL);
    g_autoptr (LanAnswer) nobody = lan_call (self, "GET", "/nowhere", NULL, NULL);
    g_autoptr (LanAnswer) kept = lan_call (self, "GET", "/api/cellar/rooms", ann, NULL);
    g_autoptr (LanAnswer) open = lan_call (self, "PATCH", "/api/organizations/cellar", ann, "{\"active\":true}");
    g_autoptr (LanAnswer) back = lan_call (self, "GET", "/api/cellar/rooms", bob, NULL);
    g_autoptr (LanAnswer) audit = lan_call (self, "GET", "/api/cellar/audit", bob, NULL);

    g_assert_cmpuint (staff->status, ==, 401);
    g_assert_cmpuint (login->status, ==, 401);
    g_assert_cmpuint (guest->status, ==, 404);
    g_assert_cmpstr (guest->body, ==, nobody->body);
    g_assert_cmpuint (kept->status, ==, 200);
    g_assert_cmpuint (open->status, ==, 200);
    g_assert_cmpuint (back->status, ==, 200);
    g_assert_nonnull (strstr (audit->body, "organization_edit"));
  }
}

/* The operator's list goes page by page; behind the last of it there is nothing. */
static void
test_pages (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) made = lan_call (self, "POST", "/api/organizations/create", ann,
                                         "{\"name\":\"Second\",\"username\":\"bo\",\"password\":\"" LAN_PASSWORD "\"}");
  g_autoptr (LanAnswer) all = lan_call (self, "GET", "/api/organizations", ann, NULL);
  g_autoptr (LanAnswer) first = lan_call (self, "GET", "/api/organizations?limit=1", ann, NULL);
  g_autoptr (LanAnswer) nothing = lan_call (self, "GET", "/api/organizations?cursor=nobody", ann, NULL);
  g_autoptr (LanAnswer) second = NULL;
  g_autofree char *target = NULL;
  guint n = json_array_get_length (json_object_get_array_member (all->json, "organizations"));

  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpuint (n, >=, 2);
  g_assert_true (json_object_get_null_member (all->json, "next"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (first->json, "organizations")), ==, 1);
  target = g_strconcat ("/api/organizations?limit=200&cursor=", json_object_get_string_member (first->json, "next"), NULL);
  second = lan_call (self, "GET", target, ann, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (second->json, "organizations")), ==, n - 1);
  g_assert_null (strstr (second->body, json_object_get_string_member (first->json, "next")));
  g_assert_cmpuint (nothing->status, ==, 200);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (nothing->json, "organizations")), ==, 0);
}

/* Letters and codes that somebody chose are taken, or refused with the field that is wrong. */
static void
test_codes (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
#define MAKE(slug, code) \
  "{\"name\":\"House\",\"slug\":\"" slug "\",\"code\":\"" code "\",\"username\":\"carl\",\"password\":\"" LAN_PASSWORD "\"}"
  const struct
  {
    const char *target;
    const char *body;
    guint status;
    const char *path;
    const char *text;
  } rows[] = {
    { "/api/organizations/create", MAKE ("h1", "H1"), 422, NULL, NULL },
    { "/api/organizations/create", MAKE ("h2", "AB"), 422, "field", "code" },
    { "/api/organizations/create", MAKE ("h3", "mgp"), 201, "organization.slug", "h3" },
    { "/api/organizations/create", MAKE ("h4", "MGP"), 409, "code", "conflict" },
    { "/api/organizations/create", MAKE ("h5", "ABCDE"), 422, NULL, NULL },
    { "/api/usera/rooms", "{\"name\":\"Yard\",\"code\":\"yard7\"}", 201, "room.code", "YARD7" },
    { "/api/usera/rooms", "{\"name\":\"Roof\",\"code\":\"YARD7\"}", 409, "code", "conflict" },
    { "/api/h3/rooms", "{\"name\":\"Roof\",\"code\":\"Yard7\"}", 409, "code", "conflict" },
    { "/api/usera/rooms", "{\"name\":\"Roof\",\"code\":\"no!\"}", 422, "field", "code" },
    { "/api/usera/rooms", "{\"name\":\"Roof\"}", 201, "room.name", "Roof" },
  };
#undef MAKE
  g_autoptr (LanAnswer) page = NULL;

  lan_lift_limits (self, ann);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "POST", rows[i].target, ann, rows[i].body);

      g_test_message ("%u: %s", i, answer->body);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
      if (rows[i].path != NULL)
        g_assert_cmpstr (lan_answer_get_text (answer, rows[i].path), ==, rows[i].text);
    }
  page = lan_call (self, "GET", "/j/yard7", NULL, NULL);
  g_assert_cmpuint (page->status, ==, 302);
  {
    g_autoptr (LanAnswer) log = lan_call (self, "GET", "/api/h3/audit?action=organization_create", ann, NULL);

    /* Who founded it is in its log, by name. */
    g_assert_nonnull (strstr (log->body, "\"kind\":\"member\""));
    g_assert_nonnull (strstr (log->body, "\"name\":\"ann\""));
    g_assert_null (strstr (log->body, "console"));
  }
}

/* A house that is called otherwise now is still found under its last names, and nobody else can have those. */
static void
test_renamed (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *room = g_strdup_printf ("/usera/%s?said=merged&lang=de", self->room_code);
  g_autofree char *there = g_strdup_printf ("/tenth/%s?said=merged&lang=de", self->room_code);
  g_autofree char *own = g_strdup_printf ("/api/organizations/%s", self->organization_id);
  g_autofree char *by_id = g_strdup_printf ("/api/%s/rooms", self->organization_id);
  const struct
  {
    const char *method;
    const char *target;
    const char *body;
    guint status;
    const char *header;
    const char *value;
  } rows[] = {
    { "PATCH", own, "{\"slug\":\"tenth\"}", 200, NULL, NULL },
    { "GET", "/usera", NULL, 308, "Location", "/tenth" },
    { "GET", "/USERA/staff", NULL, 308, "Location", "/tenth/staff" },
    { "GET", room, NULL, 308, "Location", there },
    { "GET", there, NULL, 200, NULL, NULL },
    { "GET", "/api/usera/rooms", NULL, 308, "Location", "/api/tenth/rooms" },
    { "GET", "/%61pi/usera/audit?q=a%20b&cursor=", NULL, 308, "Location", "/%61pi/tenth/audit?q=a%20b&cursor=" },
    { "POST", "/api/usera/events", "{}", 308, "Location", "/api/tenth/events" },
    { "DELETE", "/api/usera/displays/x", NULL, 308, "Location", "/api/tenth/displays/x" },
    { "GET", "/api/organizations/usera/spotify/status", NULL, 308, "Location", "/api/organizations/tenth/spotify/status" },
    /* An id never changes, so there is nothing to send on. */
    { "GET", by_id, NULL, 200, NULL, NULL },
    /* Who renames says which house that is by what it is called now: sent on, a name could be taken back unawares. */
    { "PATCH", "/api/organizations/usera", "{\"slug\":\"usera\"}", 404, NULL, NULL },
    { "GET", "/api/usera-too/rooms", NULL, 404, NULL, NULL },
    { "PATCH", "/api/organizations/userb", "{\"slug\":\"usera\"}", 409, NULL, NULL },
    { "POST", "/api/organizations/create",
      "{\"name\":\"Third\",\"slug\":\"usera\",\"username\":\"carl\",\"password\":\"" LAN_PASSWORD "\"}", 409, NULL, NULL },
    /* A name of one's own can be had again. */
    { "PATCH", own, "{\"slug\":\"usera\"}", 200, NULL, NULL },
    { "GET", "/tenth", NULL, 308, "Location", "/usera" },
    { "GET", "/usera/nowhere", NULL, 404, NULL, NULL },
  };

  lan_lift_limits (self, ann);
  lan_fixture_add_userb (self);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, rows[i].method, rows[i].target, ann, rows[i].body);
      g_autofree char *value = rows[i].header != NULL ? lan_answer_get_header (answer, rows[i].header) : NULL;

      g_test_message ("%u: %s %s", i, rows[i].target, answer->body);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
      g_assert_cmpstr (value, ==, rows[i].value);
    }
}

/* Eight old names are kept; the ninth back is anybody's. */
static void
test_renamed_often (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *own = g_strdup_printf ("/api/organizations/%s", self->organization_id);
  g_autoptr (LanAnswer) oldest = NULL, kept = NULL;

  for (guint i = 1; i <= 9; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"slug\":\"name-%u\"}", i);
      g_autoptr (LanAnswer) answer = lan_call (self, "PATCH", own, ann, body);

      g_assert_cmpuint (answer->status, ==, 200);
    }
  oldest = lan_call (self, "GET", "/usera", NULL, NULL);
  g_assert_cmpuint (oldest->status, ==, 404);
  kept = lan_call (self, "GET", "/name-1", NULL, NULL);
  g_assert_cmpuint (kept->status, ==, 308);
}

/* Who stands before a house whose file is damaged is told so in plain words; its neighbour goes on. */
static void
test_broken (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *call = g_strdup_printf ("/api/rooms/%s", self->room_code);
  g_autofree char *page = g_strdup_printf ("/usera/%s", self->room_code);
  g_autofree char *join = g_strdup_printf ("/j/%s", self->room_code);
  const char *const targets[] = { "/usera", "/usera/staff", page, join, call };
  g_autoptr (LanAnswer) neighbour = NULL, unknown = NULL;

  lan_fixture_add_userb (self);
  lan_fixture_break (self, self->organization_id);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", targets[i], "Accept: text/html\r\nAccept-Language: en\r\n", NULL);
      g_autofree char *later = lan_answer_get_header (answer, "Retry-After");
      g_autofree char *refresh = lan_answer_get_header (answer, "Refresh");

      g_test_message ("%s: %s", targets[i], answer->body);
      g_assert_cmpuint (answer->status, ==, 503);
      g_assert_nonnull (later);
      g_assert_nonnull (strstr (answer->body, "ask the people here"));
      /* A page says whose it is and comes back by itself; a program has its own ways. */
      g_assert_cmpstr (refresh, ==, targets[i] == call ? NULL : "60");
      g_assert_cmpint (strstr (answer->body, "<h1>usera</h1>") != NULL, ==, targets[i] != call);
      /* What is wrong with it is the operator's to know. */
      g_assert_null (strstr (answer->body, "database"));
    }
  neighbour = lan_call (self, "GET", "/userb/staff", NULL, NULL);
  g_assert_cmpuint (neighbour->status, ==, 200);
  unknown = lan_call (self, "GET", "/nowhere", NULL, NULL);
  g_assert_cmpuint (unknown->status, ==, 404);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/house/settings-described", test_settings_described);
  g_test_add_func ("/lan/house/settings", test_settings);
  g_test_add_func ("/lan/house/blocked", test_blocked);
  g_test_add_func ("/lan/house/rooms", test_rooms);
  g_test_add_func ("/lan/house/organizations", test_organizations);
  g_test_add_func ("/lan/house/codes", test_codes);
  g_test_add_func ("/lan/house/pages", test_pages);
  g_test_add_func ("/lan/house/renamed", test_renamed);
  g_test_add_func ("/lan/house/renamed-often", test_renamed_often);
  g_test_add_func ("/lan/house/broken", test_broken);

  return g_test_run ();
}
