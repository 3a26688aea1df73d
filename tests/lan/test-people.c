/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People over HTTP: members, links, second factors, sessions. */
#include "config.h"

#include <string.h>

#include "access/tempo-permission.h"
#include "access/tempo-totp.h"
#include "base/tempo-clock.h"
#include "lan-fixture.h"
#include "lan/tempo-checks.h"

/* (transfer full): the member's id. */
static char *
add_member (LanFixture *self, const char *session, const char *username, const char *role)
{
  g_autofree char *body =
    g_strdup_printf ("{\"username\":\"%s\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"%s\"}", username, role);
  g_autoptr (LanAnswer) answer = lan_call (self, "POST", "/api/usera/members", session, body);

  g_assert_cmpuint (answer->status, ==, 201);
  return g_strdup (lan_answer_get_text (answer, "member.id"));
}

static void
check (LanFixture *self, const char *method, const char *target, const char *session, const char *body, guint status,
       const char *code)
{
  g_autoptr (LanAnswer) answer = lan_call (self, method, target, session, body);

  g_test_message ("%s %s %s", method, target, body != NULL ? body : "");
  g_assert_cmpuint (answer->status, ==, status);
  if (code != NULL)
    g_assert_cmpstr (lan_answer_get_text (answer, "code"), ==, code);
}

/* Nobody above the own rank, never the last owner; where rights shrink, sessions end. */
static void
test_members (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *admin_id = add_member (self, ann, "ada", "admin");
  g_autofree char *member_id = add_member (self, ann, "max", "member");
  g_autofree char *admin = lan_sign_in (self, "ada");
  g_autofree char *max = lan_sign_in (self, "max");
  g_autoptr (LanAnswer) me = lan_call (self, "GET", "/api/auth/me", ann, NULL);
  g_autofree char *owner = g_strdup_printf ("/api/usera/members/%s", lan_answer_get_text (me, "member.id"));
  g_autofree char *member = g_strdup_printf ("/api/usera/members/%s", member_id);
  g_autofree char *other = g_strdup_printf ("/api/usera/members/%s", admin_id);

  check (self, "PATCH", owner, admin, "{\"role\":\"member\"}", 403, "forbidden");
  check (self, "PATCH", member, admin, "{\"role\":\"owner\"}", 403, "forbidden");
  check (self, "DELETE", owner, admin, NULL, 403, "forbidden");
  check (self, "PATCH", owner, ann, "{\"role\":\"admin\"}", 409, "last_owner");
  check (self, "PATCH", owner, ann, "{\"active\":false}", 409, "last_owner");
  check (self, "DELETE", owner, ann, NULL, 409, "last_owner");
  check (self, "PATCH", member, admin, "{}", 422, "invalid");
  check (self, "PATCH", member, admin, "{\"role\":\"king\"}", 422, "invalid");
  check (self, "PATCH", member, admin, "{\"password\":\"short\"}", 422, "weak_password");
  check (self, "PATCH", "/api/usera/members/0190a000-0000-7000-8000-000000000000", ann, "{\"role\":\"viewer\"}", 404, NULL);

  /* More rights keep the session, fewer end it. */
  check (self, "PATCH", member, admin, "{\"role\":\"admin\"}", 200, NULL);
  check (self, "GET", "/api/usera/audit", max, NULL, 200, NULL);
  check (self, "PATCH", member, admin, "{\"role\":\"viewer\"}", 200, NULL);
  check (self, "GET", "/api/auth/me", max, NULL, 401, "unauthenticated");
  check (self, "PATCH", member, admin, "{\"active\":false}", 200, NULL);
  check (self, "POST", "/api/auth/login", NULL, "{\"username\":\"max\",\"password\":\"" LAN_PASSWORD "\"}", 401, "wrong_password");
  check (self, "PATCH", member, admin, "{\"active\":true}", 200, NULL);
  g_clear_pointer (&max, g_free);
  max = lan_sign_in (self, "max");
  check (self, "DELETE", member, admin, NULL, 204, NULL);
  check (self, "GET", "/api/auth/me", max, NULL, 401, NULL);
  check (self, "DELETE", other, ann, NULL, 204, NULL);
  check (self, "GET", "/api/usera/members", admin, NULL, 401, NULL);
}

static void
test_invitations (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) made =
    lan_call (self, "POST", "/api/usera/invitations", ann, "{\"role\":\"member\",\"note\":\"for Max\"}");
  g_autofree char *target = g_strdup_printf ("/api/invitations/%s", lan_answer_get_text (made, "token"));
  g_autoptr (LanAnswer) peeked = NULL;
  g_autoptr (LanAnswer) accepted = NULL;
  g_autoptr (LanAnswer) late = NULL;
  g_autofree char *late_target = NULL;
  g_autofree char *late_id = NULL;

  g_assert_cmpuint (made->status, ==, 201);
  g_assert_nonnull (strstr (lan_answer_get_text (made, "url"), "/invite/"));
  peeked = lan_call (self, "GET", target, NULL, NULL);
  g_assert_cmpuint (peeked->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (peeked, "role"), ==, "member");
  check (self, "POST", target, NULL, "{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\"}", 409, "conflict");
  check (self, "POST", target, NULL, "{\"username\":\"max\",\"password\":\"short\"}", 422, "weak_password");
  accepted = lan_call (self, "POST", target, NULL, "{\"username\":\"max\",\"password\":\"" LAN_PASSWORD "\"}");
  g_assert_cmpuint (accepted->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (accepted, "member.role"), ==, "member");
  /* Once. */
  check (self, "POST", target, NULL, "{\"username\":\"moe\",\"password\":\"" LAN_PASSWORD "\"}", 410, "used_up");
  check (self, "GET", target, NULL, NULL, 410, "used_up");
  check (self, "GET", "/api/invitations/nothing", NULL, NULL, 410, "used_up");

  late = lan_call (self, "POST", "/api/usera/invitations", ann, "{\"role\":\"viewer\"}");
  late_target = g_strdup_printf ("/api/invitations/%s", lan_answer_get_text (late, "token"));
  late_id = g_strdup_printf ("/api/usera/invitations/%s", lan_answer_get_text (late, "invitation.id"));
  check (self, "GET", late_target, NULL, NULL, 200, NULL);
  check (self, "DELETE", late_id, ann, NULL, 204, NULL);
  check (self, "GET", late_target, NULL, NULL, 410, NULL);
  g_clear_pointer (&late, lan_answer_free);
  g_clear_pointer (&late_target, g_free);
  late = lan_call (self, "POST", "/api/usera/invitations", ann, "{\"role\":\"viewer\"}");
  late_target = g_strdup_printf ("/api/invitations/%s", lan_answer_get_text (late, "token"));
  tempo_clock_advance (self->clock, 72 * G_TIME_SPAN_HOUR);
  check (self, "GET", late_target, NULL, NULL, 410, NULL);
}

static void
test_resets (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *id = add_member (self, ann, "max", "member");
  g_autofree char *max = lan_sign_in (self, "max");
  g_autofree char *make = g_strdup_printf ("/api/usera/members/%s/reset", id);
  g_autoptr (LanAnswer) first = lan_call (self, "POST", make, ann, "{}");
  g_autoptr (LanAnswer) second = lan_call (self, "POST", make, ann, "{}");
  g_autofree char *older = g_strdup_printf ("/api/resets/%s", lan_answer_get_text (first, "token"));
  g_autofree char *newer = g_strdup_printf ("/api/resets/%s", lan_answer_get_text (second, "token"));

  check (self, "POST", make, max, "{}", 403, "forbidden");
  check (self, "GET", older, NULL, NULL, 410, NULL);
  check (self, "GET", newer, NULL, NULL, 200, NULL);
  check (self, "POST", newer, NULL, "{\"password\":\"another horse\"}", 200, NULL);
  check (self, "POST", newer, NULL, "{\"password\":\"another horse\"}", 410, "used_up");
  check (self, "GET", "/api/auth/me", max, NULL, 401, NULL);
  check (self, "POST", "/api/auth/login", NULL, "{\"username\":\"max\",\"password\":\"another horse\"}", 200, NULL);
}

static char *
code_body (LanFixture *self, const char *secret, gint64 shift)
{
  g_autofree char *code = tempo_totp_generate (secret, tempo_clock_now (self->clock) / G_USEC_PER_SEC + shift);

  return g_strdup_printf ("{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\",\"code\":\"%s\"}", code);
}

static void
test_second_factor (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) begun = lan_call (self, "POST", "/api/auth/second-factor", ann, "{}");
  g_autofree char *secret = g_strdup (lan_answer_get_text (begun, "secret"));
  g_autofree char *now = code_body (self, secret, 0);
  g_autofree char *far = code_body (self, secret, 120);
  g_autofree char *next = NULL;
  g_autofree char *recovery = NULL;
  g_autoptr (LanAnswer) confirmed = NULL;
  JsonArray *codes;

  g_assert_cmpuint (begun->status, ==, 201);
  g_assert_true (g_str_has_prefix (lan_answer_get_text (begun, "uri"), "otpauth://totp/usera:ann?secret="));
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (begun->json, "qr"), "size"), >=, 21);
  check (self, "POST", "/api/auth/second-factor/confirm", ann, far, 422, "wrong_code");
  /* Until it is proved it is not asked for. */
  check (self, "POST", "/api/auth/login", NULL, "{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\"}", 200, NULL);
  confirmed = lan_call (self, "POST", "/api/auth/second-factor/confirm", ann, now);
  g_assert_cmpuint (confirmed->status, ==, 200);
  codes = json_object_get_array_member (confirmed->json, "recoveryCodes");
  g_assert_cmpuint (json_array_get_length (codes), ==, 10);

  check (self, "POST", "/api/auth/login", NULL, "{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\"}", 401,
         "second_factor_required");
  check (self, "POST", "/api/auth/login", NULL, now, 401, "wrong_code"); /* it was taken */
  check (self, "POST", "/api/auth/login", NULL, far, 401, "wrong_code");
  tempo_clock_advance (self->clock, 30 * G_USEC_PER_SEC);
  next = code_body (self, secret, 0);
  check (self, "POST", "/api/auth/login", NULL, next, 200, NULL);
  check (self, "POST", "/api/auth/login", NULL, next, 401, "wrong_code");
  recovery = g_strdup_printf ("{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\",\"code\":\"%s\"}",
                              json_array_get_string_element (codes, 3));
  check (self, "POST", "/api/auth/login", NULL, recovery, 200, NULL);
  check (self, "POST", "/api/auth/login", NULL, recovery, 401, "wrong_code");

  check (self, "DELETE", "/api/auth/second-factor", ann, "{\"password\":\"wrong wrong\"}", 422, "wrong_code");
  check (self, "DELETE", "/api/auth/second-factor", ann, "{\"password\":\"" LAN_PASSWORD "\"}", 204, NULL);
  check (self, "POST", "/api/auth/login", NULL, "{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\"}", 200, NULL);
}

/* Who needs a second factor and has none gets as far as setting it up. */
static void
test_required (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *id = add_member (self, ann, "max", "member");
  g_autofree char *max = lan_sign_in (self, "max");

  check (self, "PUT", "/api/usera/settings", ann, "{\"settings\":{\"requireSecondFactor\":\"admins\"}}", 200, NULL);
  check (self, "GET", "/api/usera/rooms", ann, NULL, 403, "second_factor_missing");
  check (self, "GET", "/api/usera/rooms", max, NULL, 200, NULL);
  check (self, "GET", "/api/auth/me", ann, NULL, 200, NULL);
  check (self, "POST", "/api/auth/second-factor", ann, "{}", 201, NULL);
}

static void
test_sessions (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *second = lan_sign_in (self, "ann");
  g_autofree char *id = add_member (self, ann, "max", "member");
  g_autofree char *max = lan_sign_in (self, "max");
  g_autofree char *of_max = g_strdup_printf ("/api/usera/members/%s/sessions", id);
  g_autoptr (LanAnswer) list = lan_call (self, "GET", "/api/auth/sessions", ann, NULL);
  JsonArray *sessions = json_object_get_array_member (list->json, "sessions");
  g_autofree char *other = NULL;

  g_assert_cmpuint (json_array_get_length (sessions), ==, 2);
  for (guint i = 0; i < 2; i++)
    if (!json_object_get_boolean_member (json_array_get_object_element (sessions, i), "current"))
      other = g_strdup_printf ("/api/auth/sessions/%s",
                               json_object_get_string_member (json_array_get_object_element (sessions, i), "id"));
  check (self, "DELETE", other, max, NULL, 404, NULL);
  check (self, "DELETE", other, ann, NULL, 204, NULL);
  check (self, "GET", "/api/auth/me", second, NULL, 401, NULL);
  check (self, "DELETE", of_max, max, NULL, 403, NULL);
  check (self, "DELETE", of_max, ann, NULL, 204, NULL);
  check (self, "GET", "/api/auth/me", max, NULL, 401, NULL);
  g_clear_pointer (&second, g_free);
  second = lan_sign_in (self, "ann");
  check (self, "POST", "/api/auth/logout", ann, "{\"everywhere\":true}", 204, NULL);
  check (self, "GET", "/api/auth/me", ann, NULL, 401, NULL);
  check (self, "GET", "/api/auth/me", second, NULL, 401, NULL);
}

/* The own password: the others are signed out, who changed it goes on. */
static void
test_own_password (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *fresh = NULL;
  g_autoptr (LanAnswer) changed = NULL;

  check (self, "POST", "/api/auth/password", ann, "{\"password\":\"wrong wrong\",\"newPassword\":\"another horse\"}", 422,
         "wrong_code");
  changed = lan_call (self, "POST", "/api/auth/password", ann,
                      "{\"password\":\"" LAN_PASSWORD "\",\"newPassword\":\"another horse\"}");
  g_assert_cmpuint (changed->status, ==, 200);
  check (self, "GET", "/api/auth/me", ann, NULL, 401, NULL);
  fresh = g_strdup_printf ("Authorization: Bearer %s\r\n", lan_answer_get_text (changed, "token"));
  check (self, "GET", "/api/auth/me", fresh, NULL, 200, NULL);
}

static gboolean
manage_cb (gpointer data)
{
  LanFixture *self = data;

  tempo_people_set_managed (self->host, "usera", TRUE);
  return G_SOURCE_REMOVE;
}

/* Looked after elsewhere, nothing about people is changed here; sessions still end. */
static void
test_managed (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *ann = lan_sign_in (self, "ann");

  g_main_context_invoke_full (tempo_host_get_context (self->host), G_PRIORITY_HIGH, manage_cb, self, NULL);
  check (self, "POST", "/api/usera/invitations", ann, "{\"role\":\"member\"}", 409, "managed_centrally");
  check (self, "POST", "/api/usera/members", ann, "{\"username\":\"max\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"member\"}", 409,
         "managed_centrally");
  check (self, "POST", "/api/auth/second-factor", ann, "{}", 409, "managed_centrally");
  check (self, "POST", "/api/auth/logout", ann, "{}", 204, NULL);
}

/* Every staff route names an action that the table knows: an owner may it, and nobody may what has no word. */
static void
named_cb (const TempoRoute *route, gpointer user_data)
{
  if (TEMPO_WHO_CHECK (route->who) != TEMPO_CHECK_OWN)
    return;
  g_test_message ("%s %s", route->method, route->pattern);
  g_assert_nonnull (tempo_checks_get_word (TEMPO_WHO_ACTION (route->who)));
  g_assert_true (tempo_permission_allows (TEMPO_ROLE_OWNER, tempo_checks_get_word (TEMPO_WHO_ACTION (route->who))));
  (*(guint *) user_data)++;
}

static void
test_table (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  guint named = 0;

  tempo_router_walk (self->server->router, named_cb, &named);
  g_assert_cmpuint (named, >, 30);
  for (guint action = 0; action < TEMPO_N_ACTIONS; action++)
    {
      g_test_message ("%s", tempo_action_to_string (action));
      g_assert_true (tempo_permission_allows (TEMPO_ROLE_OWNER, tempo_action_to_string (action)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/people/members", test_members);
  g_test_add_func ("/lan/people/invitations", test_invitations);
  g_test_add_func ("/lan/people/resets", test_resets);
  g_test_add_func ("/lan/people/second-factor", test_second_factor);
  g_test_add_func ("/lan/people/required", test_required);
  g_test_add_func ("/lan/people/sessions", test_sessions);
  g_test_add_func ("/lan/people/own-password", test_own_password);
  g_test_add_func ("/lan/people/managed", test_managed);
  g_test_add_func ("/lan/people/table", test_table);
  return g_test_run ();
}
