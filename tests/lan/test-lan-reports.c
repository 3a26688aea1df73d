/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "lan-fixture.h"

#define PATIENCE (20 * G_USEC_PER_SEC)

static LanAnswer *
get (LanFixture *self, const char *session, const char *pattern, const char *word)
{
  g_auto (GStrv) parts = g_strsplit (pattern, "%s", 2);
  g_autofree char *target = g_strjoinv (word, parts);

  return lan_call (self, "GET", target, session, NULL);
}

static void
decline (LanFixture *self, const char *session, LanAnswer *asked)
{
  g_autofree char *target = g_strdup_printf ("/api/usera/requests/%s", lan_answer_get_text (asked, "request.id"));
  g_autoptr (LanAnswer) answer = lan_call (self, "PATCH", target, session, "{\"status\":\"declined\",\"reason\":\"not_here\"}");

  g_assert_cmpuint (answer->status, ==, 200);
}

static void
play (LanFixture *self, const char *session, LanAnswer *asked)
{
  g_autofree char *target = g_strdup_printf ("/api/usera/requests/%s", lan_answer_get_text (asked, "request.id"));
  g_autoptr (LanAnswer) begun = lan_call (self, "PATCH", target, session, "{\"status\":\"playing\"}");
  g_autoptr (LanAnswer) over = lan_call (self, "PATCH", target, session, "{\"status\":\"played\"}");

  g_assert_cmpuint (begun->status, ==, 200);
  g_assert_cmpuint (over->status, ==, 200);
}

static const char *
get_item_text (LanAnswer *answer, const char *list, guint index, const char *member)
{
  JsonArray *array = json_node_get_array (lan_answer_get_node (answer, list));

  g_assert_cmpuint (json_array_get_length (array), >, index);
  return json_object_get_string_member (json_array_get_object_element (array, index), member);
}

static gint64
get_item_int (LanAnswer *answer, const char *list, guint index, const char *member)
{
  JsonArray *array = json_node_get_array (lan_answer_get_node (answer, list));

  g_assert_cmpuint (json_array_get_length (array), >, index);
  return json_object_get_int_member (json_array_get_object_element (array, index), member);
}

/* A small night: two songs, one asked for by two, one declined, one that a formula hides in. */
static void
test_night (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"approval\":true,\"perGuest\":2,\"duplicates\":\"vote\"");
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *other = lan_meet_guest (self);
  g_autoptr (LanAnswer) one = lan_ask (self, guest, "=HYPERLINK(0)");
  g_autoptr (LanAnswer) two = lan_ask (self, guest, "Declined \\\"one\\\"");
  g_autoptr (LanAnswer) third = lan_ask (self, guest, "Too many");
  g_autoptr (LanAnswer) again = lan_ask (self, other, "=HYPERLINK(0)");
  g_autoptr (LanAnswer) stats = NULL;
  g_autoptr (LanAnswer) setlist = NULL;
  g_autoptr (LanAnswer) csv = NULL;
  g_autoptr (LanAnswer) m3u = NULL;
  g_autoptr (LanAnswer) report = NULL;

  g_assert_cmpuint (third->status, ==, 429);
  g_assert_cmpuint (again->status, ==, 200);
  play (self, ann, one);
  decline (self, ann, two);
  stats = get (self, ann, "/api/usera/stats?event=%s", event);
  g_assert_cmpuint (stats->status, ==, 200);
  g_assert_cmpint (lan_answer_get_int (stats, "stats.totals.requests"), ==, 2);
  g_assert_cmpint (lan_answer_get_int (stats, "stats.totals.guests"), ==, 1);
  g_assert_cmpint (lan_answer_get_int (stats, "stats.totals.votes"), ==, 1);
  g_assert_cmpint (lan_answer_get_int (stats, "stats.totals.played"), ==, 1);
  g_assert_cmpint (lan_answer_get_int (stats, "stats.totals.declined"), ==, 1);
  g_assert_cmpstr (get_item_text (stats, "stats.songs", 0, "title"), ==, "=HYPERLINK(0)");
  g_assert_cmpint (get_item_int (stats, "stats.byHour", 0, "requests"), ==, 2);
  g_assert_cmpstr (get_item_text (stats, "stats.refused", 0, "code"), ==, "not_here");

  setlist = get (self, ann, "/api/usera/events/%s/setlist", event);
  csv = get (self, ann, "/api/usera/events/%s/setlist.csv", event);
  m3u = get (self, ann, "/api/usera/events/%s/setlist.m3u", event);
  report = get (self, ann, "/api/usera/events/%s/report.csv", event);
  g_assert_cmpstr (get_item_text (setlist, "setlist", 0, "title"), ==, "=HYPERLINK(0)");
  g_assert_nonnull (strstr (csv->body, ",\"'=HYPERLINK(0)\","));
  g_assert_null (strstr (csv->body, "\"=HYPERLINK"));
  g_assert_nonnull (strstr (csv->head, "attachment; filename=\"setlist.csv\""));
  g_assert_true (g_str_has_prefix (m3u->body, "#EXTM3U\n#EXTINF:"));
  g_assert_nonnull (strstr (report->body, "\"'=HYPERLINK(0)\""));
  g_assert_nonnull (strstr (report->body, "\"Declined \"\"one\"\"\""));
}

/* Figures of days, also of those before today, and what is only tallied. */
static void
test_usage (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"perGuest\":1");
  g_autofree char *guest = lan_meet_guest (self);
  g_autoptr (LanAnswer) one = lan_ask (self, guest, "One");
  g_autoptr (LanAnswer) full = lan_ask (self, guest, "Two");
  g_autoptr (LanAnswer) quota =
    lan_call (self, "PUT", "/api/usera/settings", ann, "{\"settings\":{\"quotaRequestsPerMonth\":1}}");
  g_autoptr (LanAnswer) first = lan_call (self, "GET", "/api/usera/usage", ann, NULL);
  g_autoptr (LanAnswer) second = NULL;
  guint last = json_array_get_length (json_node_get_array (lan_answer_get_node (first, "usage"))) - 1;

  g_assert_cmpuint (quota->status, ==, 200);
  g_assert_cmpuint (full->status, ==, 429);
  g_assert_cmpint (get_item_int (first, "usage", last, "requests"), ==, 1);
  g_assert_cmpint (get_item_int (first, "usage", last, "guests"), ==, 1);
  g_assert_cmpstr (get_item_text (first, "quotas", 0, "level"), ==, "over");
  /* What was tallied by the first question is in the file by the second, whose read follows the write. */
  for (gint64 deadline = g_get_monotonic_time () + PATIENCE; g_get_monotonic_time () < deadline;)
    {
      g_clear_pointer (&second, lan_answer_free);
      second = lan_call (self, "GET", "/api/usera/usage", ann, NULL);
      if (strstr (second->body, "\"apiCalls\"") != NULL)
        break;
    }
  g_assert_nonnull (strstr (second->body, "\"apiCalls\""));
  g_assert_nonnull (strstr (second->body, "\"refused.limit\":1"));
}

static void
test_searches (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_music ();
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) stats = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (LanAnswer) part = get (self, NULL, "/api/rooms/%s/search?q=xyzz", self->room_code);
      g_autoptr (LanAnswer) whole = get (self, NULL, "/api/rooms/%s/search?q=XYZZY+nowhere", self->room_code);

      g_assert_cmpuint (part->status, ==, 200);
      g_assert_cmpuint (whole->status, ==, 200);
    }
  for (gint64 deadline = g_get_monotonic_time () + PATIENCE; g_get_monotonic_time () < deadline;)
    {
      g_clear_pointer (&stats, lan_answer_free);
      stats = lan_call (self, "GET", "/api/usera/stats", ann, NULL);
      if (strstr (stats->body, "xyzzy") != NULL)
        break;
    }
  g_assert_cmpstr (get_item_text (stats, "stats.searches", 0, "words"), ==, "xyzzy nowhere");
}

/* What cannot be read, and whom it is not for. */
static void
test_refused (void)
{
  static const struct { const char *target; guint status; } cases[] = {
    { "/api/usera/usage?from=yesterday", 422 },
    { "/api/usera/usage?from=2026-02-30", 422 },
    { "/api/usera/usage?from=2020-01-01&to=2026-01-01", 422 },
    { "/api/usera/usage?from=2026-02-02&to=2026-02-01", 422 },
    { "/api/usera/usage?from=2026-01-01&to=2026-02-01", 200 },
    { "/api/usera/stats?from=2026-01-01&to=2026-12-31", 422 },
    { "/api/usera/stats?event=nowhere", 404 },
    { "/api/usera/stats?roomId=nowhere", 404 },
    { "/api/usera/events/nowhere/setlist", 404 },
    { "/api/usera/events/nowhere/setlist.csv", 404 },
    { "/api/usera/events/nowhere/report.csv", 404 },
    { "/api/userb/stats", 403 },
    { "/api/userb/usage", 403 },
  };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *bob = NULL;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean foreign = g_str_has_prefix (cases[i].target, "/api/userb");
      g_autofree char *target = foreign ? g_strconcat ("/api/usera", cases[i].target + strlen ("/api/userb"), NULL)
                                        : g_strdup (cases[i].target);
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, foreign ? bob : ann, NULL);

      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/reports/night", test_night);
  g_test_add_func ("/lan/reports/usage", test_usage);
  if (g_getenv ("TEMPO_TEST_MUSIC") != NULL)
    g_test_add_func ("/lan/reports/searches", test_searches);
  g_test_add_func ("/lan/reports/refused", test_refused);

  return g_test_run ();
}
