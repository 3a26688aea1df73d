/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"
#include "lan/tempo-lan-private.h"

/* The six scenarios of the authorization tests, in their order and by their names. Each refused attempt is in the log. */

static guint
count_rows (LanFixture *self, const char *session, const char *organization, const char *action)
{
  g_autofree char *target = g_strdup_printf ("/api/%s/audit?limit=200", organization);
  g_autoptr (LanAnswer) audit = lan_call (self, "GET", target, session, NULL);
  JsonArray *rows = json_object_get_array_member (audit->json, "audit");
  guint n = 0;

  g_assert_cmpuint (audit->status, ==, 200);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    n += g_str_equal (json_object_get_string_member (json_array_get_object_element (rows, i),
                                                     "action"),
                      action);
  return n;
}

/* The newest row of @action: "kind id? reason object address". (transfer full). */
static char *
describe_row (LanFixture *self, const char *session, const char *organization, const char *action)
{
  g_autofree char *target = g_strdup_printf ("/api/%s/audit?limit=1&action=%s", organization, action);
  g_autoptr (LanAnswer) audit = lan_call (self, "GET", target, session, NULL);
  JsonArray *rows = json_object_get_array_member (audit->json, "audit");
  JsonObject *row = json_array_get_length (rows) == 1 ? json_array_get_object_element (rows, 0) : NULL;
  JsonObject *actor, *object;

  g_assert_nonnull (row);
  actor = json_object_get_object_member (row, "actor");
  object = json_object_get_object_member (row, "object");
  return g_strdup_printf ("%s %s %s %s %s", json_object_get_string_member (actor, "kind"),
                          json_object_get_null_member (actor, "name") ? "-" : json_object_get_string_member (actor, "name"),
                          json_object_get_null_member (row, "reason") ? "-" : json_object_get_string_member (row, "reason"),
                          json_object_get_string_member (object, "kind"), json_object_get_string_member (row, "address"));
}

static void
expect_row (LanFixture *self, const char *session, const char *organization, const char *action, const char *expected)
{
  g_autofree char *row = describe_row (self, session, organization, action);

  g_assert_cmpstr (row, ==, expected);
}

/* What the program says of itself, of the LAN and of the engine. */
static GMutex log_lock;
static GString *log_lines;

static void
keep_line (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  g_mutex_lock (&log_lock);
  g_string_append_printf (log_lines, "%s\n", message);
  g_mutex_unlock (&log_lock);
}

static void
expect_line (const char *part)
{
  g_mutex_lock (&log_lock);
  g_test_message ("looking for \"%s\" in %s", part, log_lines->str);
  g_assert_nonnull (strstr (log_lines->str, part));
  g_string_truncate (log_lines, 0);
  g_mutex_unlock (&log_lock);
}

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
  g_autoptr (LanAnswer) wrong = NULL;

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

  /* Who came in is in the log, and who was not let in. */
  expect_row (self, line, "usera", "sign_in", "member ann - member 127.0.0.1");
  wrong = lan_call (self, "POST", "/api/auth/login", NULL, "{\"username\":\"ann\",\"password\":\"wrong horse battery\"}");
  g_assert_cmpuint (wrong->status, ==, 401);
  expect_row (self, line, "usera", "refused", "guest - wrong_password member 127.0.0.1");
  expect_line ("Refused a sign-in at 127.0.0.1: wrong_password");
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
  g_assert_cmpuint (count_rows (self, bob, "userb", "refused"), ==, 5);
  g_assert_cmpuint (count_rows (self, ann, "usera", "refused"), ==, 4);
  expect_line ("Refused GET /api/usera/requests to bob at 127.0.0.1: organization");
}

/* A token for one second, signed with the host's own key for a session that is there. */
static void
test_token_expiry (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *long_token = g_strndup (ann + strlen ("Authorization: Bearer "),
                                           strcspn (ann + strlen ("Authorization: Bearer "), "\r"));
  gint64 now = tempo_clock_now (self->clock) / G_USEC_PER_SEC;
  g_autoptr (TempoClaims) claims = tempo_token_verify (long_token, self->server->session_key, now, NULL);
  g_autofree char *token = NULL;
  g_autofree char *line = NULL;
  g_autoptr (LanAnswer) before = NULL;
  g_autoptr (LanAnswer) after = NULL;

  g_assert_nonnull (claims);
  g_assert_cmpint (claims->expires_at, ==, now + 3600);
  claims->expires_at = now + 1;
  token = tempo_token_sign (claims, self->server->session_key);
  line = g_strdup_printf ("Authorization: Bearer %s\r\n", token);
  before = lan_call (self, "GET", "/api/usera/requests", line, NULL);
  g_assert_cmpuint (before->status, ==, 200);
  tempo_clock_advance (self->clock, 2 * G_USEC_PER_SEC);
  after = lan_call (self, "GET", "/api/usera/requests", line, NULL);
  g_assert_cmpuint (after->status, ==, 401);
  g_assert_cmpstr (lan_answer_get_text (after, "code"), ==, "unauthenticated");
  expect_row (self, ann, "usera", "refused", "guest - session_over path 127.0.0.1");
  expect_line ("Refused GET /api/usera/requests to nobody at 127.0.0.1: session_over");
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
  g_autofree char *again = NULL;
  char *letter;

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (LanAnswer) answer =
        lan_call (self, "GET", "/api/usera/requests", headers[i], NULL);

      g_assert_cmpuint (answer->status, ==, 401);
      expect_line (i == 0 ? "nobody at 127.0.0.1: no_session" : "nobody at 127.0.0.1: ");
    }
  g_assert_cmpuint (count_rows (self, ann, "usera", "refused"), ==, G_N_ELEMENTS (headers));
  /* One letter of the signature. */
  letter = strrchr (ann, '.') + 5;
  *letter = *letter == 'A' ? 'B' : 'A';
  {
    g_autoptr (LanAnswer) forged = lan_call (self, "GET", "/api/usera/requests", ann, NULL);

    g_assert_cmpuint (forged->status, ==, 401);
  }
  again = lan_sign_in (self, "ann");
  expect_row (self, again, "usera", "refused", "guest - bad_session path 127.0.0.1");
  expect_line ("nobody at 127.0.0.1: bad_session");
  /* Whoever goes on and on is not written down for ever. */
  for (guint i = 0; i < 40; i++)
    lan_answer_free (lan_call (self, "GET", "/api/usera/requests", NULL, NULL));
  g_assert_cmpuint (count_rows (self, again, "usera", "refused"), ==, 30);
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
  g_autoptr (LanAnswer) user = NULL;

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
  user = lan_call (self, "POST", "/api/userb/members", ann,
                   "{\"username\":\"dora\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"member\"}");
  g_assert_cmpuint (user->status, ==, 201);
  /* What the operator did in a house stands in that house's log, and so does who was turned away. */
  g_assert_cmpuint (count_rows (self, bob, "userb", "act_as"), ==, 1);
  g_assert_cmpuint (count_rows (self, bob, "userb", "member_create"), ==, 1);
  g_assert_cmpuint (count_rows (self, bob, "userb", "refused"), ==, 1);
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
  guint rows = 0;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", targets[i], bob, NULL);

      g_assert_cmpuint (answer->status, >=, 400);
      g_assert_cmpuint (answer->status, <, 500);
      rows += answer->status == 400;
      g_test_message ("%s: %u", targets[i], answer->status);
    }
  g_assert_cmpuint (rows, >=, 4);
  g_assert_cmpuint (count_rows (self, bob, "userb", "refused"), ==, rows);
  expect_row (self, bob, "userb", "refused", "member bob bad_path path 127.0.0.1");
  expect_line ("to bob at 127.0.0.1: bad_path");
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
  log_lines = g_string_new (NULL);
  g_log_set_handler ("tempo-lan", G_LOG_LEVEL_MESSAGE, keep_line, NULL);
  g_log_set_handler ("tempo-venue", G_LOG_LEVEL_MESSAGE, keep_line, NULL);
  g_test_add_func ("/lan/scenarios/test-1-successful-authentication", test_successful_authentication);
  g_test_add_func ("/lan/scenarios/test-2-cross-user-access-prevention", test_cross_user_access_prevention);
  g_test_add_func ("/lan/scenarios/test-3-token-expiry", test_token_expiry);
  g_test_add_func ("/lan/scenarios/test-4-invalid-token", test_invalid_token);
  g_test_add_func ("/lan/scenarios/test-5-super-admin-override", test_super_admin_override);
  g_test_add_func ("/lan/scenarios/test-6-url-parameter-injection", test_url_parameter_injection);
  g_test_add_func ("/lan/scenarios/performance", test_thousand_calls);
  return g_test_run ();
}
