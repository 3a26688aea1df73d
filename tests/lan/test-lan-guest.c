/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"

/* @path: after the room's own; its {id} is @id. */
static char *
make_target (LanFixture *self, const char *path, const char *id)
{
  GString *target = g_string_new (NULL);

  g_string_printf (target, "/api/rooms/%s%s", self->room_code, path);
  if (id != NULL)
    g_string_replace (target, "{id}", id, 0);
  return g_string_free (target, FALSE);
}

static void
test_not_started (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) answer = lan_ask (self, guest, "Zombie Walk");
  g_autofree char *type = lan_answer_get_header (answer, "Content-Type");

  g_assert_cmpuint (answer->status, ==, 409);
  g_assert_cmpstr (type, ==, "application/problem+json");
  g_assert_cmpstr (lan_answer_get_text (answer, "code"), ==, "not_started");
  g_assert_cmpstr (lan_answer_get_text (answer, "title"), ==,
                   "No event is running here yet. Come back a little later.");
}

static void
test_state (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *target = make_target (self, "", NULL);
  g_autofree char *by_id = g_strdup_printf ("/api/rooms/%s", self->room_id);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, NULL, NULL);
  g_autoptr (LanAnswer) same = lan_call (self, "GET", by_id, NULL, NULL);
  g_autoptr (LanAnswer) none = lan_call (self, "GET", "/api/rooms/NONE", NULL, NULL);
  g_autofree char *cookie = lan_answer_get_header (answer, "Set-Cookie");
  static const char *const members[] = { "organization.slug",
                                         "organization.branding",
                                         "room.code",
                                         "room.switch",
                                         "event",
                                         "nowPlaying",
                                         "queue",
                                         "mine",
                                         "left",
                                         "revision" };

  g_assert_cmpuint (answer->status, ==, 200);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    g_assert_nonnull (lan_answer_get_node (answer, members[i]));
  g_assert_nonnull (strstr (cookie, "tempo_guest="));
  g_assert_nonnull (strstr (cookie, "HttpOnly"));
  g_assert_cmpuint (same->status, ==, 200);
  g_assert_cmpuint (none->status, ==, 404);
  g_assert_cmpstr (lan_answer_get_text (none, "code"), ==, "not_found");
}

static void
test_submit_merge_withdraw (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *first = lan_meet_guest (self);
  g_autofree char *second = lan_meet_guest (self);
  g_autoptr (LanAnswer) asked = lan_ask (self, first, "Zombie Walk");
  g_autoptr (LanAnswer) merged = lan_ask (self, second, "zombie WALK");
  g_autofree char *id = g_strdup (lan_answer_get_text (asked, "request.id"));
  g_autofree char *target = NULL;
  g_autofree char *state = make_target (self, "", NULL);
  g_autoptr (LanAnswer) seen = NULL;
  g_autoptr (LanAnswer) foreign = NULL;
  g_autoptr (LanAnswer) withdrawn = NULL;
  g_autoptr (LanAnswer) again = NULL;

  g_assert_cmpuint (asked->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (asked, "request.status"), ==, "approved");
  g_assert_true (g_str_has_prefix (lan_answer_get_text (asked, "request.number"), "USE-REQ-"));
  g_assert_true (json_node_get_boolean (lan_answer_get_node (asked, "request.mine")));
  g_assert_cmpint (lan_answer_get_int (asked, "left.requests"), ==, 2);
  g_assert_cmpuint (merged->status, ==, 200);
  g_assert_true (json_node_get_boolean (lan_answer_get_node (merged, "merged")));
  g_assert_cmpstr (lan_answer_get_text (merged, "request.id"), ==, id);
  g_assert_cmpint (lan_answer_get_int (merged, "request.votes"), ==, 1);

  seen = lan_call (self, "GET", state, first, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (seen->json, "mine")), ==,
                    1);

  target = make_target (self, "/requests/{id}", id);
  foreign = lan_call (self, "DELETE", target, second, "{}");
  g_assert_cmpuint (foreign->status, >=, 403);
  g_assert_cmpuint (foreign->status, <=, 404);
  withdrawn = lan_call (self, "DELETE", target, first, "{}");
  g_assert_cmpuint (withdrawn->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (withdrawn, "request.status"), ==, "withdrawn");
  g_assert_cmpint (lan_answer_get_int (withdrawn, "left.requests"), ==, 3);
  again = lan_call (self, "DELETE", target, first, "{}");
  g_assert_cmpuint (again->status, ==, 200); /* a lost answer may be asked for again */
}

static void
test_limit (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"perGuest\":2,\"approval\":true");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) one = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) two = lan_ask (self, guest, "Two");
  g_autoptr (LanAnswer) three = lan_ask (self, guest, "Three");

  g_assert_cmpuint (one->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (one, "request.status"), ==, "pending");
  g_assert_cmpuint (two->status, ==, 201);
  g_assert_cmpuint (three->status, ==, 429);
  g_assert_cmpstr (lan_answer_get_text (three, "code"), ==, "limit");
  g_assert_cmpint (lan_answer_get_int (three, "count"), ==, 2);
  g_assert_nonnull (strstr (lan_answer_get_text (three, "title"), "You have 2 songs waiting."));
}

static void
test_votes (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *first = lan_meet_guest (self);
  g_autofree char *second = lan_meet_guest (self);
  g_autoptr (LanAnswer) locked = lan_ask (self, first, "Opener");
  g_autoptr (LanAnswer) asked = lan_ask (self, first, "Zombie Walk");
  g_autofree char *target =
    make_target (self, "/requests/{id}/vote", lan_answer_get_text (asked, "request.id"));
  g_autoptr (LanAnswer) own = lan_call (self, "PUT", target, first, "{}");
  g_autoptr (LanAnswer) vote = lan_call (self, "PUT", target, second, "{}");
  g_autoptr (LanAnswer) twice = lan_call (self, "PUT", target, second, "{}");
  g_autoptr (LanAnswer) back = lan_call (self, "DELETE", target, second, "{}");
  g_autofree char *nothing =
    make_target (self, "/requests/{id}/vote", "0190a000-0000-7000-8000-000000000000");
  g_autoptr (LanAnswer) missing = lan_call (self, "PUT", nothing, second, "{}");

  g_assert_cmpuint (own->status, ==, 409);
  g_assert_cmpstr (lan_answer_get_text (own, "code"), ==, "own_vote");
  g_assert_cmpuint (vote->status, ==, 200);
  g_assert_cmpint (lan_answer_get_int (vote, "request.votes"), ==, 1);
  g_assert_true (json_node_get_boolean (lan_answer_get_node (vote, "request.voted")));
  g_assert_cmpint (lan_answer_get_int (twice, "request.votes"), ==, 1);
  g_assert_cmpint (lan_answer_get_int (back, "request.votes"), ==, 0);
  g_assert_cmpuint (missing->status, ==, 404);
}

static void
test_idempotency (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *headers = g_strconcat (guest, "Idempotency-Key: 6f1d\r\n", NULL);
  g_autofree char *state = make_target (self, "", NULL);
  g_autofree char *requests = make_target (self, "/requests", NULL);
  g_autoptr (LanAnswer) first = lan_ask (self, headers, "Zombie Walk");
  g_autoptr (LanAnswer) second = lan_ask (self, headers, "Zombie Walk");
  g_autoptr (LanAnswer) seen = lan_call (self, "GET", state, guest, NULL);
  g_autofree char *other = lan_meet_guest (self);
  g_autofree char *other_headers = g_strconcat (other, "Idempotency-Key: 6f1d\r\n", NULL);
  g_autoptr (LanAnswer) third = lan_ask (self, other_headers, "Another");
  g_autofree char *long_key = g_strnfill (81, 'k');
  g_autofree char *long_headers = g_strdup_printf ("%sIdempotency-Key: %s\r\n", guest, long_key);
  g_autoptr (LanAnswer) too_long = lan_ask (self, long_headers, "Third");

  g_assert_cmpuint (first->status, ==, 201);
  g_assert_cmpuint (second->status, ==, 201);
  g_assert_true (json_node_get_boolean (lan_answer_get_node (second, "request.mine")));
  g_assert_cmpstr (lan_answer_get_text (first, "request.id"), ==,
                   lan_answer_get_text (second, "request.id"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (seen->json, "mine")), ==,
                    1);
  /* The key is the guest's own: another guest's same key is another request. */
  g_assert_cmpuint (third->status, ==, 201);
  g_assert_cmpuint (too_long->status, ==, 422);
}

static void
test_rate (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (TRUE);
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) last = NULL;
  g_autofree char *retry = NULL;
  g_autofree char *other = NULL;
  g_autoptr (LanAnswer) others = NULL;

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (LanAnswer) answer = lan_ask (self, guest, "One");

      g_assert_cmpstr (lan_answer_get_text (answer, "code"), ==, "not_started");
    }
  last = lan_ask (self, guest, "One");
  g_assert_cmpuint (last->status, ==, 429);
  g_assert_cmpstr (lan_answer_get_text (last, "code"), ==, "rate");
  retry = lan_answer_get_header (last, "Retry-After");
  g_assert_nonnull (retry);
  g_assert_cmpint (g_ascii_strtoll (retry, NULL, 10), >=, 1);

  other = lan_meet_guest (self);
  others = lan_ask (self, other, "One");
  g_assert_cmpstr (lan_answer_get_text (others, "code"), ==, "not_started");
  tempo_clock_advance (self->clock, G_GINT64_CONSTANT (7) * G_USEC_PER_SEC);
  {
    g_autoptr (LanAnswer) again = lan_ask (self, guest, "One");

    g_assert_cmpstr (lan_answer_get_text (again, "code"), ==, "not_started");
  }
}

static void
test_bad_bodies (void)
{
  static const struct
  {
    const char *body;
    const char *headers;
    guint status;
  } rows[] = {
    { "{}", "", 422 },
    { "{\"title\":7}", "", 422 },
    { "{\"title\":\"\"}", "", 422 },
    { "[]", "", 400 },
    { "{", "", 400 },
    { "{\"title\":\"x\"}", "Content-Type: text/plain\r\n", 415 },
    { "title=x", "Content-Type: application/x-www-form-urlencoded\r\n", 415 },
    { "{\"title\":\"x\"}", "Origin: http://evil.example\r\n", 403 },
    { "{\"title\":\"x\"}", "Sec-Fetch-Site: cross-site\r\n", 403 },
  };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *target = make_target (self, "/requests", NULL);
  g_autofree char *padding = g_strnfill (17000, 'x');
  g_autofree char *large = g_strdup_printf ("{\"title\":\"%s\"}", padding);
  g_autofree char *long_title = g_strdup_printf ("{\"title\":\"%.201s\"}", padding);
  g_autoptr (LanAnswer) too_large = lan_call (self, "POST", target, guest, large);
  g_autoptr (LanAnswer) too_long = lan_call (self, "POST", target, guest, long_title);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *headers = g_strconcat (guest, rows[i].headers, NULL);
      g_autoptr (LanAnswer) answer = lan_call (self, "POST", target, headers, rows[i].body);

      g_test_message ("%s %s", rows[i].headers, rows[i].body);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
    }
  g_assert_cmpuint (too_large->status, ==, 413);
  g_assert_cmpuint (too_long->status, ==, 422);
}

static void
test_me (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *target = make_target (self, "/me", NULL);
  g_autofree char *state = make_target (self, "", NULL);
  g_autoptr (LanAnswer) asked = lan_ask (self, guest, "Zombie Walk");
  g_autoptr (LanAnswer) named = lan_call (self, "PUT", target, guest, "{\"name\":\"Max\"}");
  g_autoptr (LanAnswer) forgotten = lan_call (self, "DELETE", target, guest, "{}");
  g_autofree char *cookie = lan_answer_get_header (forgotten, "Set-Cookie");
  g_autoptr (LanAnswer) after = lan_call (self, "GET", state, guest, NULL);

  g_assert_cmpuint (asked->status, ==, 201);
  g_assert_cmpuint (named->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (named, "name"), ==, "Max");
  g_assert_cmpuint (forgotten->status, ==, 204);
  g_assert_nonnull (strstr (cookie, "Max-Age=0"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (after->json, "queue")), ==,
                    0);
}

static void
test_languages (void)
{
  static const struct
  {
    const char *headers;
    const char *query;
    const char *title;
  } rows[] = {
    { "Accept-Language: de-AT,de;q=0.9,en;q=0.5\r\n", "", "Du hast 1 Song" },
    { "Accept-Language: fr\r\n", "", "Tu as 1 " },
    { "Accept-Language: fr\r\nCookie: tempo_lang=es\r\n", "", "Tienes 1 " },
    { "Accept-Language: fr\r\n", "?lang=en", "You have 1 song waiting." },
    { "Accept-Language: xx\r\n", "", "You have 1 song waiting." },
  };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"perGuest\":1,\"approval\":true");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) first = lan_ask (self, guest, "One");

  g_assert_cmpuint (first->status, ==, 201);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/requests", rows[i].query, NULL);
      g_autofree char *target = make_target (self, path, NULL);
      const char *cookie = guest + strlen ("Cookie: ");
      g_autofree char *headers =
        strstr (rows[i].headers, "Cookie: ") != NULL
          ? g_strdup_printf ("Accept-Language: fr\r\nCookie: tempo_lang=es; %s", cookie)
          : g_strconcat (rows[i].headers, guest, NULL);
      g_autoptr (LanAnswer) answer =
        lan_call (self, "POST", target, headers, "{\"title\":\"Two\"}");

      g_assert_cmpuint (answer->status, ==, 429);
      g_test_message ("%s", lan_answer_get_text (answer, "title"));
      g_assert_nonnull (strstr (lan_answer_get_text (answer, "title"), rows[i].title));
    }
}

/* A room that has no music yet finds nothing, and guests ask by name; what a search finds stands in test-lan-music.c. */
static void
test_search (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *target = make_target (self, "/search?q=zombie", NULL);
  g_autofree char *bare = make_target (self, "/search", NULL);
  g_autofree char *long_text = g_strnfill (201, 'x');
  g_autofree char *long_path = g_strconcat ("/search?q=", long_text, NULL);
  g_autofree char *long_target = make_target (self, long_path, NULL);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, NULL, NULL);
  g_autoptr (LanAnswer) empty = lan_call (self, "GET", bare, NULL, NULL);
  g_autoptr (LanAnswer) too_long = lan_call (self, "GET", long_target, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (answer->json, "songs")),
                    ==, 0);
  g_assert_cmpuint (empty->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (empty, "query"), ==, "");
  g_assert_cmpuint (too_long->status, ==, 422);
}

static void
test_artwork (void)
{
  static const char *const ids[] = { "0123abcd", "..", "ABCDEF", "zz", "%2e%2e%2fetc" };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *target = make_target (self, "/artwork/{id}", ids[i]);
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, NULL, NULL);

      g_assert_true (answer->status == 404 || answer->status == 400);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/guest/not-started", test_not_started);
  g_test_add_func ("/lan/guest/state", test_state);
  g_test_add_func ("/lan/guest/submit-merge-withdraw", test_submit_merge_withdraw);
  g_test_add_func ("/lan/guest/limit", test_limit);
  g_test_add_func ("/lan/guest/votes", test_votes);
  g_test_add_func ("/lan/guest/idempotency", test_idempotency);
  g_test_add_func ("/lan/guest/rate", test_rate);
  g_test_add_func ("/lan/guest/bad-bodies", test_bad_bodies);
  g_test_add_func ("/lan/guest/me", test_me);
  g_test_add_func ("/lan/guest/languages", test_languages);
  g_test_add_func ("/lan/guest/search", test_search);
  g_test_add_func ("/lan/guest/artwork", test_artwork);
  return g_test_run ();
}
