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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/house/settings-described", test_settings_described);
  g_test_add_func ("/lan/house/settings", test_settings);
  g_test_add_func ("/lan/house/blocked", test_blocked);
  return g_test_run ();
}
