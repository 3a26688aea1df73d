/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-clock.h"
#include "lan-fixture.h"
#include "licence-fixture.h"

#define DAY_US (24 * G_TIME_SPAN_HOUR)

static gint64
get_now (LanFixture *self)
{
  return tempo_clock_now (self->clock) / G_USEC_PER_SEC;
}

static LanAnswer *
put (LanFixture *self, const char *session, const char *member, const char *value)
{
  g_autofree char *body = g_strdup_printf ("{\"%s\":\"%s\"}", member, value);

  return lan_call (self, "PUT", "/api/usera/licence", session, body);
}

/* A document for "usera" with @rooms rooms and @events events at once, put in place. */
static void
install (LanFixture *self, const char *session, const char *key, guint rooms, guint events)
{
  g_autoptr (TempoLicence) licence = licence_fixture_make (self->organization_id, key, get_now (self));
  g_autofree char *document = NULL;
  g_autoptr (LanAnswer) answer = NULL;

  licence->limits.of[TEMPO_LIMIT_ROOMS] = rooms;
  licence->limits.of[TEMPO_LIMIT_EVENTS] = events;
  document = licence_fixture_sign (licence);
  answer = put (self, session, "document", document);
  g_assert_cmpuint (answer->status, ==, 200);
}

static LanAnswer *
create_room (LanFixture *self, const char *session, const char *key)
{
  g_autofree char *body = key != NULL ? g_strdup_printf ("{\"licenseKey\":\"%s\",\"name\":\"Yard\",\"hostName\":\"Bar\"}", key)
                                      : g_strdup ("{\"name\":\"Yard\"}");

  return lan_call (self, "POST", "/api/rooms/create", session, body);
}

static void
expect_state (LanFixture *self, const char *session, const char *state, const char *tier)
{
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", "/api/usera/licence", session, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (answer, "licence.state"), ==, state);
  g_assert_cmpstr (lan_answer_get_text (answer, "licence.tier"), ==, tier);
}

static void
expect_code (LanAnswer *answer, guint status, const char *code)
{
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_cmpstr (lan_answer_get_text (answer, "code"), ==, code);
}

/* By hand first, then the document, then gone again. */
static void
test_enter (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *key = tempo_licence_key_new ("USR", 2026);
  g_autoptr (LanAnswer) wrong = put (self, ann, "key", "TEMPO-USR-2026-WRONGWRONG");
  g_autoptr (LanAnswer) neither = lan_call (self, "PUT", "/api/usera/licence", ann, "{}");
  g_autoptr (LanAnswer) rubbish = put (self, ann, "document", "a.b.c");
  g_autoptr (LanAnswer) entered = NULL;
  g_autoptr (LanAnswer) removed = NULL;
  g_autoptr (LanAnswer) log = NULL;

  expect_state (self, ann, "none", "community");
  expect_code (wrong, 422, "invalid");
  expect_code (neither, 422, "invalid");
  expect_code (rubbish, 422, "invalid");
  entered = put (self, ann, "key", key);
  g_assert_cmpuint (entered->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (entered, "licence.lastFour"), ==, tempo_licence_key_last_four (key));
  expect_state (self, ann, "none", "community");
  install (self, ann, key, 7, 3);
  expect_state (self, ann, "valid", "medium");
  removed = lan_call (self, "DELETE", "/api/usera/licence", ann, NULL);
  g_assert_cmpuint (removed->status, ==, 200);
  expect_state (self, ann, "none", "community");
  log = lan_call (self, "GET", "/api/usera/audit", ann, NULL);
  g_assert_nonnull (strstr (log->body, "\"action\":\"licence\""));
  g_assert_null (strstr (log->body, key));
}

/* Only the owner enters one; whoever sees staff pages may look. */
static void
test_roles (void)
{
  static const struct { const char *role; guint look, enter; } cases[] = {
    { "viewer", 200, 403 }, { "member", 200, 403 }, { "admin", 200, 403 }, { "owner", 200, 200 },
  };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *key = tempo_licence_key_new ("USR", 2026);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"username\":\"%s\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"%s\"}",
                                               cases[i].role, cases[i].role);
      g_autoptr (LanAnswer) made = lan_call (self, "POST", "/api/usera/members", ann, body);
      g_autofree char *session = lan_sign_in (self, cases[i].role);
      g_autoptr (LanAnswer) look = lan_call (self, "GET", "/api/usera/licence", session, NULL);
      g_autoptr (LanAnswer) enter = put (self, session, "key", key);

      g_assert_cmpuint (made->status, ==, 201);
      g_assert_cmpuint (look->status, ==, cases[i].look);
      g_assert_cmpuint (enter->status, ==, cases[i].enter);
    }
}

/* Somebody else's document, and somebody else's key. */
static void
test_foreign (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *bob = NULL;
  g_autofree char *key = tempo_licence_key_new ("USR", 2026);
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\"}", key);
  g_autoptr (TempoLicence) other = licence_fixture_make ("somebody", key, get_now (self));
  g_autoptr (TempoLicence) bearer = licence_fixture_make ("", key, get_now (self));
  g_autofree char *other_document = licence_fixture_sign (other);
  g_autofree char *bearer_document = licence_fixture_sign (bearer);
  g_autoptr (LanAnswer) refused = put (self, ann, "document", other_document);
  g_autoptr (LanAnswer) too_early = put (self, ann, "document", bearer_document);
  g_autoptr (LanAnswer) entered = put (self, ann, "key", key);
  g_autoptr (LanAnswer) taken = put (self, ann, "document", bearer_document);
  g_autoptr (LanAnswer) twice = NULL;
  g_autoptr (LanAnswer) across = NULL;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  twice = lan_call (self, "PUT", "/api/userb/licence", bob, body);
  across = lan_call (self, "GET", "/api/usera/licence", bob, NULL);
  expect_code (refused, 422, "invalid");
  expect_code (too_early, 422, "invalid");
  g_assert_cmpuint (entered->status, ==, 200);
  g_assert_cmpuint (taken->status, ==, 200);
  expect_state (self, ann, "valid", "medium");
  expect_code (twice, 409, "conflict");
  expect_code (across, 403, "forbidden");
}

/* The seeds' call: the key tells the organization. */
static void
test_create_room (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *bob = NULL;
  g_autofree char *key = tempo_licence_key_new ("USR", 2026);
  g_autofree char *unknown = tempo_licence_key_new ("USR", 2026);
  g_autoptr (LanAnswer) no_licence = create_room (self, NULL, key);
  g_autoptr (LanAnswer) made = NULL;
  g_autoptr (LanAnswer) strange = NULL;
  g_autoptr (LanAnswer) typed_wrong = NULL;
  g_autoptr (LanAnswer) nothing = NULL;
  g_autoptr (LanAnswer) own = NULL;
  g_autoptr (LanAnswer) theirs = NULL;
  g_autoptr (LanAnswer) nameless = NULL;
  g_autoptr (LanAnswer) log = NULL;

  install (self, ann, key, 5, 5);
  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  made = create_room (self, NULL, key);
  strange = create_room (self, NULL, unknown);
  typed_wrong = create_room (self, NULL, "TEMPO-USR-2026-WRONGWRONG");
  nothing = create_room (self, NULL, NULL);
  own = create_room (self, bob, NULL);
  theirs = create_room (self, bob, key);
  nameless = lan_call (self, "POST", "/api/rooms/create", NULL, "{\"licenseKey\":\"x\"}");
  log = lan_call (self, "GET", "/api/usera/audit?action=room_edit,room_create", ann, NULL);
  expect_code (no_licence, 403, "licence_key");
  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (made, "organization.id"), ==, self->organization_id);
  g_assert_cmpstr (lan_answer_get_text (made, "room.name"), ==, "Yard");
  g_assert_nonnull (lan_answer_get_text (made, "room.code"));
  expect_code (strange, 403, "licence_key");
  expect_code (typed_wrong, 422, "invalid");
  expect_code (nothing, 401, "unauthenticated");
  g_assert_cmpuint (own->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (own, "organization.slug"), ==, "userb");
  expect_code (theirs, 403, "forbidden");
  expect_code (nameless, 422, "invalid");
  g_assert_nonnull (strstr (log->body, ": Bar"));
  g_assert_null (strstr (log->body, key));
}

/* Guessing is slowed, and right keys of the same place with it. */
static void
test_guessing (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  guint refused = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *key = tempo_licence_key_new ("USR", 2026);
      g_autoptr (LanAnswer) answer = create_room (self, NULL, key);

      g_assert_true (answer->status == 403 || answer->status == 429);
      refused += answer->status == 429;
    }
  g_assert_cmpuint (refused, >=, 14);
}

/* Limits bar what is new; when the time is over, what runs goes on. */
static void
test_limits_and_end (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *later = NULL;
  g_autofree char *key = tempo_licence_key_new ("USR", 2026);
  g_autofree char *guest = NULL;
  g_autofree char *event = NULL;
  g_autofree char *second_event = NULL;
  g_autoptr (LanAnswer) second = NULL;
  g_autoptr (LanAnswer) third = NULL;
  g_autoptr (LanAnswer) at_once = NULL;
  g_autoptr (LanAnswer) asked = NULL;
  g_autoptr (LanAnswer) state = NULL;

  install (self, ann, key, 2, 1);
  event = lan_start_event (self, ann, "");
  guest = lan_meet_guest (self);
  second = create_room (self, ann, NULL);
  third = create_room (self, ann, NULL);
  second_event = g_strdup_printf ("{\"roomId\":\"%s\",\"name\":\"Two\",\"state\":\"active\"}", lan_answer_get_text (second, "room.id"));
  at_once = lan_call (self, "POST", "/api/usera/events", ann, second_event);
  g_assert_cmpuint (second->status, ==, 201);
  expect_code (third, 403, "licence_limit");
  expect_code (at_once, 403, "licence_limit");

  tempo_clock_advance (self->clock, 31 * DAY_US);
  later = lan_sign_in (self, "ann");
  expect_state (self, later, "grace", "medium");
  tempo_clock_advance (self->clock, 14 * DAY_US);
  g_clear_pointer (&later, g_free);
  later = lan_sign_in (self, "ann");
  expect_state (self, later, "restricted", "community");
  asked = lan_ask (self, guest, "Still here");
  g_assert_cmpuint (asked->status, ==, 201);
  state = lan_call (self, "GET", "/api/usera/events", later, NULL);
  g_assert_nonnull (strstr (state->body, "\"active\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/licence/enter", test_enter);
  g_test_add_func ("/lan/licence/roles", test_roles);
  g_test_add_func ("/lan/licence/foreign", test_foreign);
  g_test_add_func ("/lan/licence/create-room", test_create_room);
  g_test_add_func ("/lan/licence/guessing", test_guessing);
  g_test_add_func ("/lan/licence/limits-and-end", test_limits_and_end);

  return g_test_run ();
}
