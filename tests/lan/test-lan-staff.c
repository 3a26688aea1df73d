/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"

static char *
make_request_target (LanAnswer *asked)
{
  return g_strdup_printf ("/api/usera/requests/%s", lan_answer_get_text (asked, "request.id"));
}

/* How many requests a part of a change speaks of. */
static guint
count_members (JsonObject *change, const char *part, const char *member)
{
  return json_array_get_length (
    json_object_get_array_member (json_object_get_object_member (change, part), member));
}

static void
test_events (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *target = g_strdup_printf ("/api/usera/events/%s", event);
  g_autoptr (LanAnswer) second =
    lan_call (self, "POST", "/api/usera/events", ann, "{\"name\":\"Second\",\"state\":\"active\"}");
  g_autoptr (LanAnswer) planned =
    lan_call (self, "POST", "/api/usera/events", ann, "{\"name\":\"Saturday\"}");
  g_autoptr (LanAnswer) nameless = lan_call (self, "POST", "/api/usera/events", ann, "{}");
  g_autoptr (LanAnswer) wrong = lan_call (self, "POST", "/api/usera/events", ann,
                                          "{\"name\":\"x\",\"rules\":{\"order\":\"loud\"}}");
  g_autoptr (LanAnswer) rules =
    lan_call (self, "PATCH", target, ann, "{\"name\":\"Late Friday\",\"rules\":{\"perGuest\":5}}");
  g_autoptr (LanAnswer) call =
    lan_call (self, "PATCH", target, ann, "{\"lastCallAt\":\"2026-11-21T23:00:00Z\"}");
  g_autoptr (LanAnswer) bad_time =
    lan_call (self, "PATCH", target, ann, "{\"lastCallAt\":\"soon\"}");
  g_autoptr (LanAnswer) nothing = lan_call (self, "PATCH", target, ann, "{}");
  g_autoptr (LanAnswer) ended = lan_call (self, "PATCH", target, ann, "{\"state\":\"ended\"}");
  g_autoptr (LanAnswer) list = lan_call (self, "GET", "/api/usera/events", ann, NULL);

  g_assert_cmpuint (second->status, ==, 409);
  g_assert_cmpstr (lan_answer_get_text (second, "code"), ==, "event_active");
  g_assert_cmpuint (planned->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (planned, "event.state"), ==, "scheduled");
  g_assert_cmpuint (nameless->status, ==, 422);
  g_assert_cmpuint (wrong->status, ==, 422);
  g_assert_cmpuint (rules->status, ==, 200);
  g_assert_cmpint (lan_answer_get_int (rules, "event.rules.perGuest"), ==, 5);
  g_assert_cmpstr (lan_answer_get_text (rules, "event.name"), ==, "Late Friday");
  g_assert_cmpuint (call->status, ==, 200);
  g_assert_cmpuint (bad_time->status, ==, 422);
  g_assert_cmpuint (nothing->status, ==, 422);
  g_assert_cmpuint (ended->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (ended, "event.state"), ==, "ended");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (list->json, "events")), ==,
                    2);
}

static void
test_decide (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"approval\":true");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) one = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) two = lan_ask (self, guest, "Two");
  g_autofree char *first = make_request_target (one);
  g_autofree char *second = make_request_target (two);
  g_autoptr (LanAnswer) approved =
    lan_call (self, "PATCH", first, ann, "{\"status\":\"approved\"}");
  g_autoptr (LanAnswer) declined =
    lan_call (self, "PATCH", second, ann,
              "{\"status\":\"declined\",\"reason\":\"Not tonight, sorry\"}");
  g_autoptr (LanAnswer) undone = lan_call (self, "POST", "/api/usera/undo", ann, "{}");
  g_autoptr (LanAnswer) ready =
    lan_call (self, "PATCH", second, ann, "{\"status\":\"declined\",\"reason\":\"later\"}");
  g_autoptr (LanAnswer) strange = lan_call (self, "PATCH", second, ann, "{\"status\":\"eaten\"}");
  g_autoptr (LanAnswer) inbox =
    lan_call (self, "GET", "/api/usera/requests?status=approved", ann, NULL);
  g_autoptr (LanAnswer) unknown =
    lan_call (self, "GET", "/api/usera/requests?status=eaten", ann, NULL);
  g_autoptr (LanAnswer) missing =
    lan_call (self, "PATCH", "/api/usera/requests/0190a000-0000-7000-8000-000000000000", ann,
              "{\"status\":\"approved\"}");

  g_assert_cmpuint (approved->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (approved, "request.status"), ==, "approved");
  g_assert_cmpuint (declined->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (declined, "request.reason.text"), ==, "Not tonight, sorry");
  g_assert_true (json_node_get_boolean (lan_answer_get_node (declined, "canUndo")));
  g_assert_cmpuint (undone->status, ==, 200);
  g_assert_cmpuint (ready->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (ready, "request.reason.code"), ==, "later");
  g_assert_cmpuint (strange->status, ==, 422);
  g_assert_cmpuint (inbox->status, ==, 200);
  g_assert_cmpuint (unknown->status, ==, 422);
  g_assert_cmpuint (missing->status, ==, 404);
}

/* Three wait; one call lists them, and whoever watches hears of it once. */
static void
test_approve_all (void)
{
  static const char *const wrong[] = { "{}", "{\"status\":\"declined\"}", "{\"status\":true}" };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"approval\":true,\"perGuest\":0");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) one = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) two = lan_ask (self, guest, "Two");
  g_autoptr (LanAnswer) three = lan_ask (self, guest, "Three");
  g_autoptr (LanStream) stream = lan_stream_new (self, "/api/usera/stream", ann);
  g_autoptr (JsonObject) state = lan_stream_next (stream, NULL, NULL);
  g_autoptr (LanAnswer) all = NULL, none = NULL, later = NULL;
  g_autoptr (JsonObject) change = NULL, next = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (LanAnswer) refused = lan_call (self, "PATCH", "/api/usera/requests", ann, wrong[i]);

      g_assert_cmpuint (refused->status, ==, 422);
    }
  all = lan_call (self, "PATCH", "/api/usera/requests", ann, "{\"status\":\"approved\"}");
  g_assert_cmpuint (all->status, ==, 200);
  g_assert_cmpint (lan_answer_get_int (all, "count"), ==, 3);

  change = lan_stream_next_named (stream, "change", NULL);
  g_assert_cmpuint (count_members (change, "inbox", "remove"), ==, 3);
  g_assert_cmpuint (count_members (change, "queue", "put"), ==, 3);
  later = lan_ask (self, guest, "Four");
  next = lan_stream_next_named (stream, "change", NULL);
  g_assert_cmpuint (count_members (next, "inbox", "put"), ==, 1);

  lan_answer_free (g_steal_pointer (&later));
  later = lan_call (self, "PATCH", "/api/usera/requests", ann, "{\"status\":\"approved\"}");
  none = lan_call (self, "PATCH", "/api/usera/requests", ann, "{\"status\":\"approved\"}");
  g_assert_cmpint (lan_answer_get_int (later, "count"), ==, 1);
  g_assert_cmpuint (none->status, ==, 200);
  g_assert_cmpint (lan_answer_get_int (none, "count"), ==, 0);
}

static void
test_order (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"perGuest\":0");
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *state_target = g_strdup_printf ("/api/rooms/%s", self->room_code);
  g_autoptr (LanAnswer) one = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) two = lan_ask (self, guest, "Two");
  g_autoptr (LanAnswer) three = lan_ask (self, guest, "Three");
  g_autofree char *target = make_request_target (three);
  g_autoptr (LanAnswer) moved = lan_call (self, "PATCH", target, ann, "{\"position\":2}");
  g_autoptr (LanAnswer) state = lan_call (self, "GET", state_target, guest, NULL);
  JsonArray *queue = json_object_get_array_member (state->json, "queue");

  g_assert_cmpuint (moved->status, ==, 200);
  g_assert_true (json_node_get_boolean (lan_answer_get_node (moved, "request.pinned")));
  g_assert_cmpint (lan_answer_get_int (moved, "request.position"), ==, 2);
  g_assert_cmpuint (json_array_get_length (queue), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (queue, 1), "id"),
                   ==, lan_answer_get_text (three, "request.id"));
}

static void
test_for_a_guest (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autoptr (LanAnswer) added = lan_call (self, "POST", "/api/usera/requests", ann,
                                          "{\"title\":\"Zombie Walk\",\"name\":\"Table 4\"}");

  g_assert_cmpuint (added->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (added, "request.name"), ==, "Table 4");
  g_assert_true (json_node_get_boolean (lan_answer_get_node (added, "request.byStaff")));
}

static void
test_guests (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) asked = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) list = lan_call (self, "GET", "/api/usera/requests", ann, NULL);
  JsonObject *request =
    json_array_get_object_element (json_object_get_array_member (list->json, "requests"), 0);
  g_autofree char *target =
    g_strdup_printf ("/api/usera/guests/%s", json_object_get_string_member (request, "guestId"));
  g_autoptr (LanAnswer) muted =
    lan_call (self, "PATCH", target, ann, "{\"mutedUntil\":\"2026-11-21T23:30:00Z\"}");
  g_autoptr (LanAnswer) refused = lan_ask (self, guest, "Two");
  g_autoptr (LanAnswer) lifted =
    lan_call (self, "PATCH", target, ann, "{\"mutedUntil\":null,\"name\":\"Max\",\"held\":true}");
  g_autoptr (LanAnswer) again = lan_ask (self, guest, "Two");
  g_autoptr (LanAnswer) missing =
    lan_call (self, "PATCH", "/api/usera/guests/0190a000-0000-7000-8000-000000000000", ann,
              "{\"held\":true}");

  g_assert_cmpuint (muted->status, ==, 200);
  g_assert_cmpuint (refused->status, ==, 403);
  g_assert_cmpstr (lan_answer_get_text (refused, "code"), ==, "muted");
  g_assert_cmpstr (lan_answer_get_text (refused, "until"), ==, "2026-11-21T23:30:00.000Z");
  g_assert_cmpuint (lifted->status, ==, 200);
  g_assert_cmpuint (again->status, ==, 201);
  g_assert_cmpuint (missing->status, ==, 404);
}

static void
test_rooms_and_switch (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *target = g_strdup_printf ("/api/usera/rooms/%s", self->room_id);
  g_autoptr (LanAnswer) closed = lan_call (self, "PATCH", target, ann, "{\"switch\":\"closed\"}");
  g_autoptr (LanAnswer) refused = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) edited =
    lan_call (self, "PATCH", target, ann,
              "{\"switch\":\"open\",\"name\":\"Bar\",\"announcement\":\"Cake at ten\"}");
  g_autoptr (LanAnswer) asked = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) wrong = lan_call (self, "PATCH", target, ann, "{\"switch\":\"ajar\"}");
  g_autoptr (LanAnswer) made =
    lan_call (self, "POST", "/api/usera/rooms", ann, "{\"name\":\"Yard\"}");
  g_autoptr (LanAnswer) list = lan_call (self, "GET", "/api/usera/rooms", ann, NULL);
  g_autoptr (LanAnswer) which = lan_call (self, "POST", "/api/usera/playback/pause", ann, "{}");

  g_assert_cmpuint (closed->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (closed, "room.switch"), ==, "closed");
  g_assert_cmpuint (refused->status, ==, 409);
  g_assert_cmpstr (lan_answer_get_text (refused, "code"), ==, "closed");
  g_assert_cmpuint (edited->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (edited, "room.name"), ==, "Bar");
  g_assert_cmpstr (lan_answer_get_text (edited, "room.announcement"), ==, "Cake at ten");
  g_assert_cmpuint (asked->status, ==, 201);
  g_assert_cmpuint (wrong->status, ==, 422);
  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (list->json, "rooms")), ==,
                    2);
  /* With two rooms nobody guesses which one is meant. */
  g_assert_cmpuint (which->status, ==, 422);
}

static void
test_volume_settings_members (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) loud =
    lan_call (self, "POST", "/api/usera/playback/volume", ann, "{\"volume\":1.5}");
  g_autoptr (LanAnswer) silent = lan_call (self, "POST", "/api/usera/playback/volume", ann, "{}");
  g_autoptr (LanAnswer) settings = lan_call (self, "GET", "/api/usera/settings", ann, NULL);
  g_autoptr (LanAnswer) wrong = lan_call (self, "PUT", "/api/usera/settings", ann, "{}");
  g_autoptr (LanAnswer) member =
    lan_call (self, "POST", "/api/usera/members", ann,
              "{\"username\":\"eve\",\"password\":\"long enough 1\",\"role\":\"member\"}");
  g_autoptr (LanAnswer) twice =
    lan_call (self, "POST", "/api/usera/members", ann,
              "{\"username\":\"eve\",\"password\":\"long enough 1\",\"role\":\"member\"}");
  g_autoptr (LanAnswer) role =
    lan_call (self, "POST", "/api/usera/members", ann,
              "{\"username\":\"x\",\"password\":\"long enough 1\",\"role\":\"king\"}");
  g_autoptr (LanAnswer) list = lan_call (self, "GET", "/api/usera/members", ann, NULL);

  g_assert_cmpuint (loud->status, ==, 422);
  g_assert_cmpuint (silent->status, ==, 422);
  g_assert_cmpuint (settings->status, ==, 200);
  g_assert_nonnull (lan_answer_get_node (settings, "settings"));
  g_assert_cmpuint (wrong->status, ==, 422);
  g_assert_cmpuint (member->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (member, "member.role"), ==, "member");
  g_assert_cmpuint (twice->status, ==, 409);
  g_assert_cmpuint (role->status, ==, 422);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (list->json, "members")),
                    ==, 2);
  g_assert_null (strstr (list->body, "$2b$"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/staff/events", test_events);
  g_test_add_func ("/lan/staff/decide", test_decide);
  g_test_add_func ("/lan/staff/approve-all", test_approve_all);
  g_test_add_func ("/lan/staff/order", test_order);
  g_test_add_func ("/lan/staff/for-a-guest", test_for_a_guest);
  g_test_add_func ("/lan/staff/guests", test_guests);
  g_test_add_func ("/lan/staff/rooms-and-switch", test_rooms_and_switch);
  g_test_add_func ("/lan/staff/volume-settings-members", test_volume_settings_members);
  return g_test_run ();
}
