/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan-fixture.h"

/* What a client that knows only the written contract does and expects. */

static char *
make_target (LanFixture *self, const char *rest)
{
  return g_strdup_printf ("/api/rooms/%s%s", self->room_code, rest);
}

/* A night without a word about rules, in a room without music: guests ask by name, the host marks
 * what plays. Only a host who says so takes the words away. */
static void
test_no_catalogue (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) event = lan_call (self, "POST", "/api/usera/events", ann,
                                          "{\"name\":\"Friday\",\"state\":\"active\"}");
  g_autoptr (LanAnswer) asked = lan_ask (self, NULL, "Lighthouse");
  g_autofree char *request = g_strdup_printf ("/api/usera/requests/%s",
                                              lan_answer_get_text (asked, "request.id"));
  g_autoptr (LanAnswer) playing = lan_call (self, "PATCH", request, ann, "{\"status\":\"playing\"}");
  g_autoptr (LanAnswer) played = lan_call (self, "PATCH", request, ann, "{\"status\":\"played\"}");
  g_autofree char *rules = g_strdup_printf ("/api/usera/events/%s",
                                            lan_answer_get_text (event, "event.id"));
  g_autoptr (LanAnswer) strict =
    lan_call (self, "PATCH", rules, ann, "{\"rules\":{\"freeText\":false}}");
  g_autoptr (LanAnswer) refused = lan_ask (self, NULL, "Harbour");
  g_autofree char *room = g_strdup_printf ("/api/usera/rooms/%s", self->room_id);
  g_autoptr (LanAnswer) manual = lan_call (self, "PATCH", room, ann, "{\"source\":\"manual\"}");
  g_autoptr (LanAnswer) again = lan_ask (self, NULL, "Harbour");

  g_assert_cmpuint (event->status, ==, 201);
  g_assert_true (json_node_get_boolean (lan_answer_get_node (event, "event.rules.freeText")));
  g_assert_cmpuint (asked->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (asked, "request.status"), ==, "pending");
  g_assert_cmpuint (playing->status, ==, 200);
  g_assert_cmpuint (played->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (played, "request.status"), ==, "played");
  g_assert_cmpuint (strict->status, ==, 200);
  g_assert_cmpuint (refused->status, ==, 409);
  g_assert_cmpstr (lan_answer_get_text (refused, "code"), ==, "free_text");
  /* Who changes to playing by hand in the middle of the night does not want to hear nothing any more. */
  g_assert_cmpuint (manual->status, ==, 200);
  g_assert_cmpuint (again->status, ==, 201);
}

/* A program shows its token and needs no more; a browser's cookie alone moves nothing. */
static void
test_bodyless (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *cookie =
    g_strdup_printf ("Cookie: tempo_session=%s", ann + strlen ("Authorization: Bearer "));
  g_autoptr (LanAnswer) stranger = lan_call (self, "POST", "/api/usera/playback/skip", NULL, NULL);
  g_autoptr (LanAnswer) skip = lan_call (self, "POST", "/api/usera/playback/skip", ann, NULL);
  g_autoptr (LanAnswer) ridden = lan_call (self, "POST", "/api/auth/logout", cookie, NULL);
  g_autoptr (LanAnswer) still = lan_call (self, "GET", "/api/auth/me", cookie, NULL);
  g_autoptr (LanAnswer) logout = lan_call (self, "POST", "/api/auth/logout", ann, NULL);
  g_autoptr (LanAnswer) out = lan_call (self, "GET", "/api/auth/me", ann, NULL);

  g_assert_cmpuint (stranger->status, ==, 401);
  g_assert_cmpuint (skip->status, ==, 409); /* nothing plays */
  g_assert_cmpuint (ridden->status, ==, 415);
  g_assert_cmpuint (still->status, ==, 200);
  g_assert_cmpuint (logout->status, ==, 204);
  g_assert_cmpuint (out->status, ==, 401);
}

/* What is over is another answer than what is somebody else's. */
static void
test_past_and_foreign (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"approval\":true");
  g_autoptr (LanAnswer) asked = lan_ask (self, NULL, "Lighthouse");
  g_autofree char *request_path = g_strdup_printf ("/requests/%s",
                                                   lan_answer_get_text (asked, "request.id"));
  g_autofree char *request = g_strconcat ("/api/usera", request_path, NULL);
  g_autofree char *foreign_request = g_strconcat ("/api/userb", request_path, NULL);
  g_autofree char *night = g_strdup_printf ("/api/usera/events/%s", event);
  g_autofree char *foreign_night = g_strdup_printf ("/api/userb/events/%s", event);
  g_autofree char *list = g_strdup_printf ("/api/usera/requests?eventId=%s", event);
  g_autofree char *foreign_list = g_strdup_printf ("/api/userb/requests?eventId=%s", event);
  g_autofree char *bob = NULL;
  const struct
  {
    const char *method;
    const char *target;
    gboolean foreign;
    const char *body;
    guint status;
  } rows[] = {
    { "PATCH", night, FALSE, "{\"state\":\"ended\"}", 200 },
    { "PATCH", night, FALSE, "{\"state\":\"active\"}", 409 },
    { "PATCH", request, FALSE, "{\"status\":\"approved\"}", 409 },
    { "GET", list, FALSE, NULL, 200 },
    { "PATCH", foreign_night, TRUE, "{\"state\":\"ended\"}", 404 },
    { "PATCH", foreign_request, TRUE, "{\"status\":\"approved\"}", 404 },
    { "GET", foreign_list, TRUE, NULL, 404 },
    { "PATCH", "/api/usera/events/nonsense", FALSE, "{\"state\":\"ended\"}", 404 },
  };

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) answer =
        lan_call (self, rows[i].method, rows[i].target, rows[i].foreign ? bob : ann, rows[i].body);

      g_test_message ("%s %s", rows[i].method, rows[i].target);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
    }
}

/* Two houses with an "ann" each, and nobody says which: the password tells. */
static void
test_same_username (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) made = lan_call (
    self, "POST", "/api/organizations/create", ann,
    "{\"name\":\"Other\",\"slug\":\"other\",\"username\":\"ann\",\"password\":\"quite another 1\"}");
  g_autoptr (LanAnswer) other = lan_call (self, "POST", "/api/auth/login", NULL,
                                          "{\"username\":\"ann\",\"password\":\"quite another 1\"}");
  g_autoptr (LanAnswer) first = lan_call (
    self, "POST", "/api/auth/login", NULL, "{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\"}");
  g_autoptr (LanAnswer) neither = lan_call (self, "POST", "/api/auth/login", NULL,
                                            "{\"username\":\"ann\",\"password\":\"no such\"}");
  g_autoptr (LanAnswer) elsewhere =
    lan_call (self, "POST", "/api/auth/login", NULL,
              "{\"username\":\"ann\",\"password\":\"quite another 1\",\"organization\":\"usera\"}");

  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpuint (other->status, ==, 200);
  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (first, "member.id"), !=,
                   lan_answer_get_text (other, "member.id"));
  g_assert_cmpuint (neither->status, ==, 401);
  g_assert_cmpstr (lan_answer_get_text (neither, "code"), ==, "wrong_password");
  g_assert_cmpuint (elsewhere->status, ==, 401);
}

/* Names stand beside other names: nothing in them may reach out. */
static void
test_clean_names (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *target = make_target (self, "/requests");
  g_autoptr (LanAnswer) answer = lan_call (
    self, "POST", target, NULL,
    "{\"title\":\"A\\nB\\u202eC\",\"artist\":\"\\u2067D\\tE\\u2069\",\"name\":\"\\ufeffF\\u0007G\"}");
  g_autoptr (LanAnswer) nul = lan_call (self, "POST", target, NULL, "{\"title\":\"A\\u0000B\"}");

  g_assert_cmpuint (answer->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (answer, "request.song.title"), ==, "A B C");
  g_assert_cmpstr (lan_answer_get_text (answer, "request.song.artist"), ==, "D E");
  g_assert_cmpstr (lan_answer_get_text (answer, "request.name"), ==, "F G");
  g_assert_cmpuint (nul->status, ==, 400);
}

/* Lists that one signed-in person could grow without end. */
static void
test_caps (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  guint status = 201;
  guint n = 0;

  lan_lift_limits (self, ann);
  while (status == 201 && n <= 200)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "POST", "/api/usera/displays", ann, "{\"name\":\"Wall\"}");

      status = answer->status;
      n += status == 201;
    }
  g_assert_cmpuint (status, ==, 409);
  g_assert_cmpuint (n, ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/contract/no-catalogue", test_no_catalogue);
  g_test_add_func ("/lan/contract/bodyless", test_bodyless);
  g_test_add_func ("/lan/contract/past-and-foreign", test_past_and_foreign);
  g_test_add_func ("/lan/contract/same-username", test_same_username);
  g_test_add_func ("/lan/contract/clean-names", test_clean_names);
  g_test_add_func ("/lan/contract/caps", test_caps);
  return g_test_run ();
}
