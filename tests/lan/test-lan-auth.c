/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"
#include "lan/tempo-lan-private.h"

static void
test_logout (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *first = lan_sign_in (self, "ann");
  g_autofree char *second = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) out = lan_call (self, "POST", "/api/auth/logout", first, "{}");
  g_autoptr (LanAnswer) gone = lan_call (self, "GET", "/api/auth/me", first, NULL);
  g_autoptr (LanAnswer) there = lan_call (self, "GET", "/api/auth/me", second, NULL);

  g_assert_cmpuint (out->status, ==, 204);
  g_assert_cmpuint (gone->status, ==, 401);
  g_assert_cmpuint (there->status, ==, 200);
}

/* A session in use goes on; the cookie is renewed once it is ten minutes old, and stays the same session. */
static void
test_renewal (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *bearer = lan_sign_in (self, "ann");
  g_autofree char *token = g_strndup (bearer + strlen ("Authorization: Bearer "),
                                      strcspn (bearer + strlen ("Authorization: Bearer "), "\r"));
  g_autofree char *line = g_strdup_printf ("Cookie: tempo_session=%s\r\n", token);
  g_autoptr (LanAnswer) early = lan_call (self, "GET", "/api/auth/me", line, NULL);
  g_autofree char *none = lan_answer_get_cookie (early, "tempo_session");
  g_autoptr (LanAnswer) late = NULL;
  g_autofree char *renewed = NULL;
  g_autofree char *again = NULL;
  g_autoptr (LanAnswer) after = NULL;

  g_assert_null (none);
  tempo_clock_advance (self->clock, G_GINT64_CONSTANT (1900) * G_USEC_PER_SEC);
  late = lan_call (self, "GET", "/api/auth/me", line, NULL);
  renewed = lan_answer_get_cookie (late, "tempo_session");
  g_assert_nonnull (renewed);
  tempo_clock_advance (self->clock, G_GINT64_CONSTANT (1900) * G_USEC_PER_SEC);
  again = g_strdup_printf ("Cookie: tempo_session=%s\r\n", renewed);
  after = lan_call (self, "GET", "/api/auth/me", again, NULL);
  g_assert_cmpuint (after->status, ==, 200);
}

static void
test_roles (void)
{
  static const struct
  {
    const char *method, *target, *body;
    guint viewer, member, admin;
  } rows[] = {
    { "GET", "/api/usera/rooms", NULL, 200, 200, 200 },
    { "GET", "/api/usera/audit", NULL, 403, 403, 200 },
    { "POST", "/api/usera/playback/pause", "{}", 403, 0, 0 },
    { "POST", "/api/usera/rooms", "{\"name\":\"Yard\"}", 403, 403, 201 },
    { "PUT", "/api/usera/settings", "{\"settings\":{}}", 403, 403, 200 },
    { "POST", "/api/usera/members",
      "{\"username\":\"x1\",\"password\":\"long enough 1\",\"role\":\"owner\"}", 403, 403, 403 },
    { "POST", "/api/organizations/create",
      "{\"name\":\"n\",\"username\":\"u\",\"password\":\"long enough 1\"}", 403, 403, 403 },
  };
  static const char *const roles[] = { "viewer", "member", "admin" };
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");

  for (guint r = 0; r < G_N_ELEMENTS (roles); r++)
    {
      g_autofree char *body =
        g_strdup_printf ("{\"username\":\"%s\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"%s\"}",
                         roles[r], roles[r]);
      g_autoptr (LanAnswer) made = lan_call (self, "POST", "/api/usera/members", ann, body);
      g_autofree char *session = NULL;

      g_assert_cmpuint (made->status, ==, 201);
      session = lan_sign_in (self, roles[r]);
      for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        {
          guint wanted = r == 0 ? rows[i].viewer : r == 1 ? rows[i].member : rows[i].admin;
          g_autoptr (LanAnswer) answer =
            lan_call (self, rows[i].method, rows[i].target, session, rows[i].body);

          if (wanted == 0) /* allowed; what comes of it is the player's */
            g_assert_cmpuint (answer->status, !=, 403);
          else
            g_assert_cmpuint (answer->status, ==, wanted);
        }
    }
}

static void
test_wrong_password (void)
{
  static const char *const bodies[] = {
    "{\"username\":\"ann\",\"password\":\"wrong wrong\"}",
    "{\"username\":\"nobody\",\"password\":\"" LAN_PASSWORD "\"}",
  };
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "POST", "/api/auth/login", NULL, bodies[i]);

      /* The two may not be told apart. */
      g_assert_cmpuint (answer->status, ==, 401);
      if (sentence != NULL)
        g_assert_cmpstr (lan_answer_get_text (answer, "title"), ==, sentence);
      else
        sentence = g_strdup (lan_answer_get_text (answer, "title"));
    }
}

static void
test_over_http (void)
{
  g_assert_true (tempo_auth_allows (TRUE, NULL));
  g_assert_true (tempo_auth_allows (TRUE, "false"));
  g_assert_false (tempo_auth_allows (FALSE, NULL));
  g_assert_false (tempo_auth_allows (FALSE, "false"));
  g_assert_false (tempo_auth_allows (FALSE, ""));
  g_assert_true (tempo_auth_allows (FALSE, "true"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/auth/over-http", test_over_http);
  g_test_add_func ("/lan/auth/logout", test_logout);
  g_test_add_func ("/lan/auth/renewal", test_renewal);
  g_test_add_func ("/lan/auth/roles", test_roles);
  g_test_add_func ("/lan/auth/wrong-password", test_wrong_password);
  return g_test_run ();
}
