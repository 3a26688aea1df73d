/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"

/* With a real folder of music, the one of the demonstration. */

static LanAnswer *
search (LanFixture *self, const char *query)
{
  g_autofree char *target = g_strdup_printf ("/api/rooms/%s/search?q=%s", self->room_code, query);

  return lan_call (self, "GET", target, NULL, NULL);
}

static JsonArray *
get_songs (LanAnswer *answer)
{
  g_assert_cmpuint (answer->status, ==, 200);
  return json_object_get_array_member (answer->json, "songs");
}

/* The folder is read behind the start: asks until @query finds something. */
static LanAnswer *
wait_for_song (LanFixture *self, const char *query)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < deadline)
    {
      g_autoptr (LanAnswer) answer = search (self, query);

      if (answer->status == 200 && json_array_get_length (get_songs (answer)) > 0)
        return g_steal_pointer (&answer);
    }
  g_assert_not_reached ();
}

static void
test_search (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_music ();
  g_autoptr (LanAnswer) found = wait_for_song (self, "harb");
  g_autoptr (LanAnswer) none = search (self, "zzzz");
  g_autoptr (LanAnswer) suggestions = search (self, "");
  JsonObject *song = json_array_get_object_element (get_songs (found), 0);

  g_assert_nonnull (strstr (json_object_get_string_member (song, "title"), "Harbour"));
  g_assert_true (json_object_get_null_member (song, "state"));
  g_assert_true (json_object_get_null_member (song, "requestId"));
  g_assert_cmpint (json_object_get_int_member (song, "durationMs"), >, 1000);
  g_assert_false (json_object_has_member (song, "uri"));
  g_assert_cmpuint (json_array_get_length (get_songs (none)), ==, 0);
  g_assert_cmpuint (json_array_get_length (get_songs (suggestions)), >, 0);
}

static void
test_ask_for_found (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_music ();
  g_autofree char *ann = lan_sign_in (self, "ann");
  /* The filler may just have begun with the very song. */
  g_autofree char *event = lan_start_event (self, ann, "\"approval\":true,\"noRepeatMinutes\":0");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) found = wait_for_song (self, "harb");
  JsonObject *song = json_array_get_object_element (get_songs (found), 0);
  g_autofree char *target = g_strdup_printf ("/api/rooms/%s/requests", self->room_code);
  g_autofree char *body = g_strdup_printf ("{\"songId\":\"%s\"}", json_object_get_string_member (song, "id"));
  g_autoptr (LanAnswer) asked = lan_call (self, "POST", target, guest, body);
  g_autoptr (LanAnswer) unknown = lan_call (self, "POST", target, guest, "{\"songId\":\"no-such-song\"}");
  g_autoptr (LanAnswer) again = search (self, "harb");
  JsonObject *queued = json_array_get_object_element (get_songs (again), 0);

  g_assert_cmpuint (asked->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (asked, "request.song.title"), ==, json_object_get_string_member (song, "title"));
  g_assert_cmpuint (unknown->status, ==, 404);
  g_assert_cmpstr (lan_answer_get_text (unknown, "code"), ==, "no_song");
  g_assert_cmpstr (json_object_get_string_member (queued, "state"), ==, "queued");
  g_assert_cmpstr (json_object_get_string_member (queued, "requestId"), ==, lan_answer_get_text (asked, "request.id"));
}

static void
test_artwork (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_music ();
  g_autoptr (LanAnswer) found = wait_for_song (self, "harb");
  JsonObject *song = json_array_get_object_element (get_songs (found), 0);
  const char *url = json_object_get_string_member_with_default (song, "artworkUrl", NULL);
  g_autoptr (LanAnswer) picture = NULL;
  g_autofree char *type = NULL;
  g_autofree char *cache = NULL;

  g_assert_nonnull (url);
  picture = lan_call (self, "GET", url, NULL, NULL);
  type = lan_answer_get_header (picture, "Content-Type");
  cache = lan_answer_get_header (picture, "Cache-Control");
  g_assert_cmpuint (picture->status, ==, 200);
  g_assert_true (g_str_has_prefix (type, "image/"));
  g_assert_nonnull (strstr (cache, "immutable"));
}

/* The page without scripts shows what the search finds, each with its form. */
static void
test_page_without_scripts (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_music ();
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) found = wait_for_song (self, "harb");
  g_autofree char *target = g_strdup_printf ("/usera/%s?q=harb", self->room_code);
  g_autoptr (LanAnswer) page = lan_call (self, "GET", target, guest, NULL);

  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->body, "Harbour"));
  g_assert_nonnull (strstr (page->body, "name=\"songId\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/music/search", test_search);
  g_test_add_func ("/lan/music/ask", test_ask_for_found);
  g_test_add_func ("/lan/music/artwork", test_artwork);
  g_test_add_func ("/lan/music/page", test_page_without_scripts);
  return g_test_run ();
}
