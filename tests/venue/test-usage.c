/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "venue/tempo-days-private.h"
#include "venue/tempo-tally-private.h"
#include "venue/tempo-usage-private.h"

/* Midnights of a zone with summer time, and days around months and leap years. */
static void
test_days (void)
{
  static const struct { const char *day; int n; const char *then; } cases[] = {
    { "2026-11-27", 1, "2026-11-28" }, { "2026-12-31", 1, "2027-01-01" }, { "2028-02-28", 1, "2028-02-29" },
    { "2026-03-01", -1, "2026-02-28" }, { "2026-01-01", -365, "2025-01-01" },
  };
  static const char *const invalid[] = { NULL, "", "2026-2-3", "2026-02-30", "2026-13-01", "2026-02-03x", "20260-2-03", "aaaa-bb-cc" };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Madrid");
  gint64 from, to;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *then = tempo_day_add (cases[i].day, cases[i].n);

      g_assert_cmpstr (then, ==, cases[i].then);
    }
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    g_assert_false (tempo_day_is_valid (invalid[i]));
  if (zone == NULL)
    return;
  tempo_day_bounds (zone, "2026-03-29", &from, &to);
  g_assert_cmpint (to - from, ==, 23 * G_TIME_SPAN_HOUR);
  tempo_day_bounds (zone, "2026-10-25", &from, &to);
  g_assert_cmpint (to - from, ==, 25 * G_TIME_SPAN_HOUR);
}

static guint
count_statements (TempoTally *tally)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();

  return tempo_tally_drain (tally, "2026-11-27", batch) ? 1 : 0;
}

/* Bounded, and empty after it was written. */
static void
test_tally (void)
{
  g_autofree char *text = NULL;
  TempoTally *tally = tempo_tally_new ();

  g_assert_cmpuint (count_statements (tally), ==, 0);
  for (guint i = 0; i < 5000; i++)
    {
      g_clear_pointer (&text, g_free);
      text = g_strdup_printf ("word%u", i);
      tempo_tally_count (tally, text);
      tempo_tally_miss (tally, "room", text);
    }
  tempo_tally_miss (tally, "room", "ab");
  tempo_tally_raise (tally, "peakListeners", 0);
  g_assert_cmpuint (count_statements (tally), ==, 1);
  g_assert_cmpuint (count_statements (tally), ==, 0);
  tempo_tally_free (tally);
}

typedef struct
{
  char *text; /* (owned) */
  gboolean done;
} Reading;

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_host_list_finish (TEMPO_HOST (object), result, &error);

  g_assert_no_error (error);
  reading->text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  reading->done = TRUE;
}

static char *
read_usage (Fixture *f)
{
  Reading reading = { NULL, FALSE };

  tempo_host_list_async (f->host, f->org, "usage", NULL, NULL, 50, NULL, read_cb, &reading);
  fixture_wait (&reading.done);
  return reading.text;
}

static void
count_days (Fixture *f, TempoRoom *room, gpointer data)
{
  tempo_usage_count_days (room->venue);
}

static void
set_zone (Fixture *f)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_SETTING);

  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "timezone", "UTC");
  g_clear_pointer (&command->room_id, g_free);
  tempo_outcome_unref (fixture_do (f, command));
}

/* Three days without Tempo: the next time it runs it counts what each of them was, once, however often. */
static void
test_catch_up (void)
{
  Fixture f = { 0 };
  g_autofree char *before = NULL;
  g_autofree char *first = NULL;
  g_autofree char *id = NULL;

  fixture_set_up (&f, "{\"approval\":false,\"perGuest\":9}");
  set_zone (&f);
  id = fixture_ask (&f, "ann", "s1");
  before = read_usage (&f);
  g_assert_nonnull (strstr (before, "{\"day\":\"2025-11-20\",\"guests\":1,"));
  tempo_clock_advance (f.clock, 3 * G_TIME_SPAN_DAY);
  fixture_restart (&f);
  for (guint i = 0; i < 3; i++)
    {
      fixture_on_engine (&f, count_days, NULL);
      /* Stopping waits for the counting. */
      fixture_restart (&f);
      g_clear_pointer (&first, g_free);
      first = read_usage (&f);
      g_assert_nonnull (strstr (first, "{\"day\":\"2025-11-20\",\"guests\":1,"));
      g_assert_nonnull (strstr (first, "\"day\":\"2025-11-21\""));
      g_assert_nonnull (strstr (first, "\"day\":\"2025-11-22\""));
      g_assert_nonnull (strstr (first, "\"day\":\"2025-11-23\""));
      g_assert_nonnull (strstr (first, "\"storageBytes\""));
      g_assert_null (strstr (first, "\"requests\":2"));
    }
  fixture_tear_down (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/usage/days", test_days);
  g_test_add_func ("/venue/usage/tally", test_tally);
  g_test_add_func ("/venue/usage/catch-up", test_catch_up);

  return g_test_run ();
}
