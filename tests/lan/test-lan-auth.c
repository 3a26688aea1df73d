/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"
#include "lan/tempo-lan-private.h"

/* The six scenarios of the authorization tests, in their order. */

static void
test_successful_authentication (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autoptr (LanAnswer) login =
    lan_call (self, "POST", "/api/auth/login", NULL,
              "{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\"}");
  g_autofree char *cookie = NULL;
  g_autofree char *attributes = NULL;
  g_autofree char *line = NULL;
  g_autoptr (LanAnswer) own = NULL;
  g_autoptr (LanAnswer) me = NULL;

  g_assert_cmpuint (login->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (login, "member.username"), ==, "ann");
  g_assert_cmpstr (lan_answer_get_text (login, "member.role"), ==, "owner");
  cookie = lan_answer_get_cookie (login, "tempo_session");
  g_assert_cmpstr (cookie, ==, lan_answer_get_text (login, "token"));
  attributes = lan_answer_get_header (login, "Set-Cookie");
  g_assert_nonnull (strstr (attributes, "HttpOnly"));
  g_assert_nonnull (strstr (attributes, "SameSite=Strict"));
  g_assert_nonnull (strstr (attributes, "Path=/"));

  line = g_strdup_printf ("Cookie: tempo_session=%s\r\n", cookie);
  own = lan_call (self, "GET", "/api/usera/requests", line, NULL);
  g_assert_cmpuint (own->status, ==, 200);
  me = lan_call (self, "GET", "/api/auth/me", line, NULL);
  g_assert_cmpuint (me->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (me, "member.username"), ==, "ann");
}

static guint
count_refusals (LanFixture *self, const char *session, const char *organization)
{
  g_autofree char *target = g_strdup_printf ("/api/%s/audit?limit=200", organization);
  g_autoptr (LanAnswer) audit = lan_call (self, "GET", target, session, NULL);
  JsonArray *rows = json_object_get_array_member (audit->json, "audit");
  guint n = 0;

  g_assert_cmpuint (audit->status, ==, 200);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    n += g_str_equal (json_object_get_string_member (json_array_get_object_element (rows, i),
                                                     "action"),
                      "refused");
  return n;
}

static void
test_cross_user_access_prevention (void)
{
  static const char *const targets[] = { "/api/usera/requests", "/api/usera/rooms",
                                         "/api/usera/audit", "/api/nobody/requests" };
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = NULL;
  g_autofree char *bob = NULL;
  g_autofree char *by_id = NULL;
  g_autoptr (LanAnswer) id_answer = NULL;

  lan_fixture_add_userb (self);
  ann = lan_sign_in (self, "ann");
  bob = lan_sign_in (self, "bob");
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", targets[i], bob, NULL);

      g_assert_cmpuint (answer->status, ==, 403);
      g_assert_cmpstr (lan_answer_get_text (answer, "code"), ==, "forbidden");
    }
  by_id = g_strdup_printf ("/api/%s/requests", self->organization_id);
  id_answer = lan_call (self, "GET", by_id, bob, NULL);
  g_assert_cmpuint (id_answer->status, ==, 403);
  /* Both sides can read of it: bob's own log has all five, ann's those that were about hers. */
  g_assert_cmpuint (count_refusals (self, bob, "userb"), ==, 5);
  g_assert_cmpuint (count_refusals (self, ann, "usera"), ==, 4);
}

static void
test_token_expiry (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) before = NULL;
  g_autoptr (LanAnswer) after = NULL;

  tempo_clock_advance (self->clock, G_GINT64_CONSTANT (3599) * G_USEC_PER_SEC);
  before = lan_call (self, "GET", "/api/usera/requests", ann, NULL);
  g_assert_cmpuint (before->status, ==, 200);
  tempo_clock_advance (self->clock, G_GINT64_CONSTANT (2) * G_USEC_PER_SEC);
  after = lan_call (self, "GET", "/api/usera/requests", ann, NULL);
  g_assert_cmpuint (after->status, ==, 401);
  g_assert_cmpstr (lan_answer_get_text (after, "code"), ==, "unauthenticated");
}

static void
test_invalid_token (void)
{
  static const char *const headers[] = {
    "",
    "Authorization: Bearer nonsense\r\n",
    "Authorization: Bearer a.b.c\r\n",
    "Authorization: Bearer \r\n",
    "Cookie: tempo_session=x.y.z\r\n",
    /* alg none */
    "Authorization: Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhbm4ifQ.\r\n",
  };
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  char *letter;

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (LanAnswer) answer =
        lan_call (self, "GET", "/api/usera/requests", headers[i], NULL);

      g_assert_cmpuint (answer->status, ==, 401);
    }
  /* One letter of the signature. */
  letter = strrchr (ann, '.') + 5;
  *letter = *letter == 'A' ? 'B' : 'A';
  {
    g_autoptr (LanAnswer) forged = lan_call (self, "GET", "/api/usera/requests", ann, NULL);

    g_assert_cmpuint (forged->status, ==, 401);
  }
}

static void
test_super_admin_override (void)
{
  static const char organization[] =
    "{\"name\":\"Third\",\"slug\":\"third\",\"username\":\"cleo\",\"password\":\"" LAN_PASSWORD
    "\"}";
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = NULL;
  g_autofree char *bob = NULL;
  g_autoptr (LanAnswer) other = NULL;
  g_autoptr (LanAnswer) missing = NULL;
  g_autoptr (LanAnswer) refused = NULL;
  g_autoptr (LanAnswer) made = NULL;

  lan_fixture_add_userb (self);
  ann = lan_sign_in (self, "ann");
  bob = lan_sign_in (self, "bob");
  other = lan_call (self, "GET", "/api/userb/requests", ann, NULL);
  g_assert_cmpuint (other->status, ==, 200);
  missing = lan_call (self, "GET", "/api/nobody/requests", ann, NULL);
  g_assert_cmpuint (missing->status, ==, 404);
  refused = lan_call (self, "POST", "/api/organizations/create", bob, organization);
  g_assert_cmpuint (refused->status, ==, 403);
  made = lan_call (self, "POST", "/api/organizations/create", ann, organization);
  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (made, "organization.slug"), ==, "third");
}

static void
test_url_parameter_injection (void)
{
  static const char *const targets[] = {
    "/api/../userb/requests",       "/api/userb%2F../usera/requests",
    "/api/userb/../usera/requests", "/api/%2e%2e/userb/requests",
    "/api/usera%2frequests",        "/api/usera\\requests",
    "/api//userb/requests",         "/api/usera/requests/../../userb/requests",
  };
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *bob = NULL;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", targets[i], bob, NULL);

      g_assert_cmpuint (answer->status, >=, 400);
      g_assert_cmpuint (answer->status, <, 500);
    }
}

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

/* A session in use goes on; the cookie is renewed in its second half. */
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

/* A thousand calls through the three checks; what each costs is told, not judged. */
static void
test_thousand_calls (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  gint64 before, plain, checked;

  before = g_get_monotonic_time ();
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", "/healthz", NULL, NULL);

      g_assert_cmpuint (answer->status, ==, 200);
    }
  plain = g_get_monotonic_time () - before;
  before = g_get_monotonic_time ();
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", "/api/usera/rooms", ann, NULL);

      g_assert_cmpuint (answer->status, ==, 200);
    }
  checked = g_get_monotonic_time () - before;
  g_test_message ("a call: %" G_GINT64_FORMAT " us without a session, %" G_GINT64_FORMAT " us with one", plain / 1000, checked / 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/authorization/1-successful-authentication",
                   test_successful_authentication);
  g_test_add_func ("/lan/authorization/2-cross-user-access-prevention",
                   test_cross_user_access_prevention);
  g_test_add_func ("/lan/authorization/3-token-expiry", test_token_expiry);
  g_test_add_func ("/lan/authorization/4-invalid-token", test_invalid_token);
  g_test_add_func ("/lan/authorization/5-super-admin-override", test_super_admin_override);
  g_test_add_func ("/lan/authorization/6-url-parameter-injection", test_url_parameter_injection);
  g_test_add_func ("/lan/authorization/performance", test_thousand_calls);
  g_test_add_func ("/lan/auth/over-http", test_over_http);
  g_test_add_func ("/lan/auth/logout", test_logout);
  g_test_add_func ("/lan/auth/renewal", test_renewal);
  g_test_add_func ("/lan/auth/roles", test_roles);
  g_test_add_func ("/lan/auth/wrong-password", test_wrong_password);
  return g_test_run ();
}
