/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"

static char *
make_target (LanFixture *self)
{
  return g_strdup_printf ("/api/rooms/%s/stream", self->room_code);
}

static void
test_state_first_then_change (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *target = make_target (self);
  g_autofree char *listener = lan_meet_guest (self);
  g_autofree char *asker = lan_meet_guest (self);
  g_autoptr (LanStream) stream = lan_stream_new (self, target, listener);
  g_autofree char *name = NULL;
  g_autofree char *state_id = NULL;
  g_autofree char *change_id = NULL;
  g_autoptr (JsonObject) state = NULL;
  g_autoptr (JsonObject) change = NULL;
  g_autoptr (LanAnswer) asked = NULL;
  JsonArray *put;

  g_assert_cmpuint (lan_stream_get_status (stream), ==, 200);
  state = lan_stream_next (stream, &name, &state_id);
  g_assert_cmpstr (name, ==, "state");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "queue")), ==, 0);
  g_assert_cmpint (g_ascii_strtoll (state_id, NULL, 10), ==,
                   json_object_get_int_member (state, "revision"));

  asked = lan_ask (self, asker, "Zombie Walk");
  g_assert_cmpuint (asked->status, ==, 201);
  change = lan_stream_next_named (stream, "change", &change_id);
  g_assert_nonnull (change);
  g_assert_cmpint (g_ascii_strtoll (change_id, NULL, 10), >, g_ascii_strtoll (state_id, NULL, 10));
  put = json_object_get_array_member (json_object_get_object_member (change, "queue"), "put");
  g_assert_cmpuint (json_array_get_length (put), ==, 1);
  {
    JsonObject *request =
      json_object_get_object_member (json_array_get_object_element (put, 0), "request");

    /* What all listeners get says nothing of whose it is. */
    g_assert_cmpstr (json_object_get_string_member (request, "id"), ==,
                     lan_answer_get_text (asked, "request.id"));
    g_assert_false (json_object_get_boolean_member (request, "mine"));
  }
}

static void
test_you (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *target = make_target (self);
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanStream) stream = lan_stream_new (self, target, guest);
  g_autoptr (JsonObject) state = lan_stream_next (stream, NULL, NULL);
  g_autoptr (LanAnswer) asked = lan_ask (self, guest, "Zombie Walk");
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) you = lan_stream_next_named (stream, "you", &id);
  JsonArray *mine = json_object_get_array_member (you, "mine");

  g_assert_null (id);
  g_assert_cmpuint (json_array_get_length (mine), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (mine, 0), "id"),
                   ==, lan_answer_get_text (asked, "request.id"));
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (you, "left"),
                                               "requests"),
                   ==, 2);
  g_assert_nonnull (json_object_get_array_member (you, "votes"));
}

/* A phone that slept takes up where it stopped: the missed changes and what is its own, not the whole again. */
static void
test_last_event_id (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *target = make_target (self);
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *asker = lan_meet_guest (self);
  g_autofree char *id = NULL;
  g_autofree char *headers = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (LanAnswer) one = NULL;
  g_autoptr (LanAnswer) two = NULL;

  {
    g_autoptr (LanStream) stream = lan_stream_new (self, target, guest);
    g_autoptr (JsonObject) state = lan_stream_next (stream, NULL, NULL);
    g_autoptr (JsonObject) change = NULL;

    one = lan_ask (self, asker, "One");
    change = lan_stream_next_named (stream, "change", &id);
    g_assert_nonnull (change);
  }
  two = lan_ask (self, asker, "Two");
  headers = g_strdup_printf ("%sLast-Event-ID: %s\r\n", guest, id);
  {
    g_autoptr (LanStream) again = lan_stream_new (self, target, headers);
    g_autoptr (JsonObject) change = lan_stream_next (again, &first, NULL);
    g_autoptr (JsonObject) you = lan_stream_next (again, &second, NULL);

    g_assert_cmpstr (first, ==, "change");
    g_assert_cmpstr (second, ==, "you");
  }
  {
    g_autofree char *old = g_strdup_printf ("%sLast-Event-ID: 1\r\n", guest);
    g_autoptr (LanStream) again = lan_stream_new (self, target, old);
    g_autofree char *name = NULL;
    g_autoptr (JsonObject) state = lan_stream_next (again, &name, NULL);

    g_assert_cmpstr (name, ==, "state");
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "queue")), ==, 2);
  }
}

static void
test_staff (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"approval\":true");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanStream) nobody = lan_stream_new (self, "/api/usera/stream", "");
  g_autoptr (LanStream) stream = lan_stream_new (self, "/api/usera/stream", ann);
  g_autofree char *name = NULL;
  g_autoptr (JsonObject) state = lan_stream_next (stream, &name, NULL);
  g_autoptr (LanAnswer) asked = lan_ask (self, guest, "Zombie Walk");
  g_autoptr (JsonObject) change = lan_stream_next_named (stream, "change", NULL);
  JsonArray *rooms;

  g_assert_cmpuint (lan_stream_get_status (nobody), ==, 401);
  g_assert_cmpstr (name, ==, "state");
  rooms = json_object_get_array_member (state, "rooms");
  g_assert_cmpuint (json_array_get_length (rooms), ==, 1);
  g_assert_true (json_object_has_member (json_array_get_object_element (rooms, 0), "inbox"));
  g_assert_cmpstr (json_object_get_string_member (change, "roomId"), ==, self->room_id);
  g_assert_true (json_object_has_member (change, "inbox"));
}

/* Signing out ends the stream, too. */
static void
test_staff_logout (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanStream) stream = lan_stream_new (self, "/api/usera/stream", ann);
  g_autoptr (JsonObject) state = lan_stream_next (stream, NULL, NULL);
  g_autoptr (LanAnswer) out = lan_call (self, "POST", "/api/auth/logout", ann, "{}");
  JsonObject *event;

  g_assert_cmpuint (out->status, ==, 204);
  while ((event = lan_stream_next (stream, NULL, NULL)) != NULL)
    json_object_unref (event);
}

/* A session that is over is told nothing more: checked before each change is sent. */
static void
test_staff_expiry (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event_id = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanStream) stream = lan_stream_new (self, "/api/usera/stream", ann);
  g_autoptr (JsonObject) state = lan_stream_next (stream, NULL, NULL);
  g_autoptr (LanAnswer) asked = NULL;

  g_assert_nonnull (state);
  tempo_clock_advance (self->clock, G_GINT64_CONSTANT (3601) * G_USEC_PER_SEC);
  asked = lan_ask (self, guest, "Zombie Walk");
  g_assert_cmpuint (asked->status, ==, 201);
  g_assert_null (lan_stream_next_named (stream, "change", NULL));
}

static void
test_display (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) made =
    lan_call (self, "POST", "/api/usera/displays", ann, "{\"name\":\"Bar\"}");
  g_autofree char *page = g_strdup_printf ("/d/%s", lan_answer_get_text (made, "display.token"));
  g_autofree char *state_target = g_strconcat (page, "/state", NULL);
  g_autofree char *target = g_strconcat (page, "/stream", NULL);
  g_autofree char *revoke =
    g_strdup_printf ("/api/usera/displays/%s", lan_answer_get_text (made, "display.id"));
  g_autoptr (LanAnswer) html = NULL;
  g_autoptr (LanAnswer) state = NULL;
  g_autoptr (LanStream) stream = NULL;
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (LanAnswer) asked = NULL;
  g_autoptr (LanAnswer) revoked = NULL;
  g_autoptr (LanAnswer) gone = NULL;
  JsonObject *more;

  g_assert_cmpuint (made->status, ==, 201);
  html = lan_call (self, "GET", page, "Accept: text/html\r\n", NULL);
  g_assert_cmpuint (html->status, ==, 200);
  state = lan_call (self, "GET", state_target, NULL, NULL);
  g_assert_cmpuint (state->status, ==, 200);
  g_assert_nonnull (lan_answer_get_text (state, "join.url"));
  g_assert_cmpint (lan_answer_get_int (state, "join.qr.size"), >=, 21);

  stream = lan_stream_new (self, target, "");
  first = lan_stream_next_named (stream, "display", NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (first, "queue")), ==, 0);
  asked = lan_ask (self, guest, "Zombie Walk");
  g_assert_cmpuint (asked->status, ==, 201);
  do
    {
      g_clear_pointer (&second, json_object_unref);
      second = lan_stream_next_named (stream, "display", NULL);
    }
  while (second != NULL
         && json_array_get_length (json_object_get_array_member (second, "queue")) == 0);
  g_assert_nonnull (second);

  revoked = lan_call (self, "DELETE", revoke, ann, "{}");
  g_assert_cmpuint (revoked->status, ==, 204);
  while ((more = lan_stream_next (stream, NULL, NULL)) != NULL)
    json_object_unref (more);
  gone = lan_call (self, "GET", state_target, NULL, NULL);
  g_assert_cmpuint (gone->status, ==, 404);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/stream/state-first-then-change", test_state_first_then_change);
  g_test_add_func ("/lan/stream/you", test_you);
  g_test_add_func ("/lan/stream/last-event-id", test_last_event_id);
  g_test_add_func ("/lan/stream/staff", test_staff);
  g_test_add_func ("/lan/stream/staff-logout", test_staff_logout);
  g_test_add_func ("/lan/stream/staff-expiry", test_staff_expiry);
  g_test_add_func ("/lan/stream/display", test_display);
  return g_test_run ();
}
