/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-clock.h"

#define SECOND G_GINT64_CONSTANT (1000000)

static const struct
{
  const char *name;
  const char *text;
  gint64 wall_us;
  const char *again; /* what comes back, NULL for the same */
} times[] = {
  { "epoch", "1970-01-01T00:00:00.000Z", 0, NULL },
  { "evening", "2026-11-20T21:00:00.000Z", 1795208400 * SECOND, NULL },
  { "milliseconds", "2026-11-20T21:00:00.123Z", 1795208400 * SECOND + 123000, NULL },
  { "microseconds", "2026-11-20T21:00:00.123456Z", 1795208400 * SECOND + 123456, "2026-11-20T21:00:00.123Z" },
  { "nanoseconds", "2026-11-20T21:00:00.123456789Z", 1795208400 * SECOND + 123456, "2026-11-20T21:00:00.123Z" },
  { "no-fraction", "2026-11-20T21:00:00Z", 1795208400 * SECOND, "2026-11-20T21:00:00.000Z" },
  { "small-letters", "2026-11-20t21:00:00z", 1795208400 * SECOND, "2026-11-20T21:00:00.000Z" },
  { "east", "2026-11-21T02:30:00+05:30", 1795208400 * SECOND, "2026-11-20T21:00:00.000Z" },
  { "west", "2026-11-20T13:00:00-08:00", 1795208400 * SECOND, "2026-11-20T21:00:00.000Z" },
  { "unknown-offset", "2026-11-20T21:00:00-00:00", 1795208400 * SECOND, "2026-11-20T21:00:00.000Z" },
  { "leap-day", "2028-02-29T12:00:00.000Z", 1835438400 * SECOND, NULL },
  { "leap-century", "2000-02-29T00:00:00.000Z", 951782400 * SECOND, NULL },
  { "leap-second", "2016-12-31T23:59:60Z", 1483228800 * SECOND, "2017-01-01T00:00:00.000Z" },
  { "before-epoch", "1969-12-31T23:59:59.999Z", -1000, NULL },
  { "year-nought", "0000-01-01T00:00:00.000Z", -62167219200 * SECOND, NULL },
  { "last", "9999-12-31T23:59:59.999Z", 253402300800 * SECOND - 1000, NULL },
};

static const char *const no_times[] = {
  "", "now", "2026-11-20", "2026-11-20T21:00:00", "2026-11-20T21:00Z", "2026-11-20T21:00:00.Z", "2026-13-20T21:00:00Z",
  "2026-00-20T21:00:00Z", "2026-02-29T21:00:00Z", "2026-11-31T21:00:00Z", "2026-11-00T21:00:00Z", "1900-02-29T00:00:00Z",
  "2026-11-20T24:00:00Z", "2026-11-20T21:60:00Z", "2026-11-20T21:00:61Z", "2026-11-20T21:00:00+24:00",
  "2026-11-20T21:00:00+05", "2026-11-20T21:00:00+0530", "2026-11-20T21:00:00Z ", " 2026-11-20T21:00:00Z", "26-11-20T21:00:00Z",
  "2026/11/20T21:00:00Z", "+2026-11-20T21:00:00Z", "2026-11-20T21:00:00ZZ", "2026-1-20T21:00:00Z",
  "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01",
};

static void
test_time (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  gint64 wall_us = 1;
  g_autofree char *text = NULL;

  g_assert_true (tempo_time_parse (times[index].text, &wall_us));
  g_assert_cmpint (wall_us, ==, times[index].wall_us);
  text = tempo_time_format (wall_us);
  g_assert_cmpstr (text, ==, times[index].again != NULL ? times[index].again : times[index].text);
}

static void
test_no_times (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (no_times); i++)
    {
      gint64 wall_us = 42;

      if (tempo_time_parse (no_times[i], &wall_us))
        g_error ("\"%s\" was taken for a time", no_times[i]);
      g_assert_cmpint (wall_us, ==, 42);
    }
  g_assert_false (tempo_time_parse (NULL, &(gint64) { 0 }));
}

/* Times without a form of their own are clamped, never garbled. */
static void
test_clamped (void)
{
  g_autofree char *last = tempo_time_format (G_MAXINT64);
  g_autofree char *first = tempo_time_format (G_MININT64);

  g_assert_cmpstr (last, ==, "9999-12-31T23:59:59.999Z");
  g_assert_cmpstr (first, ==, "0000-01-01T00:00:00.000Z");
}

/* Times that went wrong at random are refused or mean what they are written as. */
static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  guint good = 0;

  for (guint i = 0; i < 20000; i++)
    {
      char text[] = "2026-11-20T21:00:00.123Z";
      gint64 wall_us, again;

      for (gint n = g_rand_int_range (rand, 1, 3); n > 0; n--)
        text[g_rand_int_range (rand, 0, sizeof text - 1)] = (char) g_rand_int_range (rand, i % 2 ? '0' : 1, i % 2 ? '9' + 1 : 127);
      if (tempo_time_parse (text, &wall_us))
        {
          g_autofree char *written = tempo_time_format (wall_us);

          good++;
          g_assert_true (tempo_time_parse (written, &again));
          g_assert_cmpint (again / 1000, ==, wall_us / 1000);
        }
    }
  g_assert_cmpuint (good, >, 1000);
}

/* Every day of nine centuries, against GDateTime. */
static void
test_against_glib (void)
{
  for (gint64 day = -200000; day < 130000; day += 7)
    {
      gint64 seconds = day * 86400 + (day * 7919 % 86400 + 86400) % 86400;
      g_autoptr (GDateTime) other = g_date_time_new_from_unix_utc (seconds);
      g_autofree char *expected = g_date_time_format (other, "%Y-%m-%dT%H:%M:%S.000Z");
      g_autofree char *text = tempo_time_format (seconds * SECOND);
      gint64 back;

      g_assert_cmpstr (text, ==, expected);
      g_assert_true (tempo_time_parse (text, &back));
      g_assert_cmpint (back, ==, seconds * SECOND);
    }
}

static void
test_fixed (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (5 * SECOND);
  gint64 monotonic = tempo_clock_monotonic (clock);

  g_assert_cmpint (tempo_clock_now (clock), ==, 5 * SECOND);
  g_assert_cmpint (tempo_clock_now (clock), ==, 5 * SECOND);
  tempo_clock_advance (clock, 3 * SECOND);
  g_assert_cmpint (tempo_clock_now (clock), ==, 8 * SECOND);
  g_assert_cmpint (tempo_clock_monotonic (clock) - monotonic, ==, 3 * SECOND);
  tempo_clock_advance (clock, -SECOND);
  g_assert_cmpint (tempo_clock_now (clock), ==, 7 * SECOND);
}

static void
test_system (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_system ();
  gint64 before = g_get_real_time ();
  gint64 now, first;

  tempo_clock_advance (clock, 3600 * SECOND);
  now = tempo_clock_now (clock);
  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (now, <=, g_get_real_time ());
  first = tempo_clock_monotonic (clock);
  g_assert_cmpint (tempo_clock_monotonic (clock), >=, first);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *path = g_strdup_printf ("/base/time/%s", times[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_time);
    }
  g_test_add_func ("/base/time/refused", test_no_times);
  g_test_add_func ("/base/time/clamped", test_clamped);
  g_test_add_func ("/base/time/mutations", test_mutations);
  g_test_add_func ("/base/time/against-glib", test_against_glib);
  g_test_add_func ("/base/clock/fixed", test_fixed);
  g_test_add_func ("/base/clock/system", test_system);

  return g_test_run ();
}
