/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-throttle.h"
#include "base/tempo-clock.h"

#define SECOND G_GINT64_CONSTANT (1000000)

static void
test_bucket (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (0);
  g_autoptr (TempoThrottle) throttle = tempo_throttle_new (clock, 3, 10, 16);
  guint retry = 99;

  for (guint i = 0; i < 3; i++)
    g_assert_true (tempo_throttle_take (throttle, "a", &retry));
  g_assert_cmpuint (retry, ==, 99);
  g_assert_false (tempo_throttle_take (throttle, "a", &retry));
  g_assert_cmpuint (retry, ==, 6);
  g_assert_true (tempo_throttle_take (throttle, "b", NULL));

  tempo_clock_advance (clock, 5 * SECOND);
  g_assert_false (tempo_throttle_take (throttle, "a", &retry));
  g_assert_cmpuint (retry, ==, 1);
  tempo_clock_advance (clock, SECOND);
  g_assert_true (tempo_throttle_take (throttle, "a", NULL));
  g_assert_false (tempo_throttle_take (throttle, "a", NULL));

  /* However long it waits, no more than the burst. */
  tempo_clock_advance (clock, 86400 * SECOND);
  for (guint i = 0; i < 3; i++)
    g_assert_true (tempo_throttle_take (throttle, "a", NULL));
  g_assert_false (tempo_throttle_take (throttle, "a", NULL));
}

/* Whoever waits as told gets one, at every rate. */
static void
test_retry_holds (void)
{
  const double rates[] = { 0.7, 1, 3, 7, 10, 59, 60, 61, 600 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autoptr (TempoClock) clock = tempo_clock_new_fixed (0);
      g_autoptr (TempoThrottle) throttle = tempo_throttle_new (clock, 1, rates[i], 4);

      for (guint round = 0; round < 50; round++)
        {
          guint retry = 0;

          g_assert_true (tempo_throttle_take (throttle, "a", NULL));
          g_assert_false (tempo_throttle_take (throttle, "a", &retry));
          g_assert_cmpuint (retry, >, 0);
          tempo_clock_advance (clock, retry * SECOND);
        }
    }
}

/* The least recently used key goes; the one that floods does not get a new bucket
 * by flooding. */
static void
test_bounded (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (0);
  g_autoptr (TempoThrottle) throttle = tempo_throttle_new (clock, 1, 1, 4);

  g_assert_true (tempo_throttle_take (throttle, "busy", NULL));
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      g_assert_true (tempo_throttle_take (throttle, key, NULL));
      g_assert_false (tempo_throttle_take (throttle, "busy", NULL));
    }
  g_assert_false (tempo_throttle_take (throttle, "9999", NULL));
  g_assert_true (tempo_throttle_take (throttle, "0", NULL));
}

static void
test_failures (void)
{
  const guint waits[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900 };
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (0);
  g_autoptr (TempoThrottle) throttle = tempo_throttle_new (clock, 1, 1, 16);

  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (tempo_throttle_may_try (throttle, "a", NULL));
      tempo_throttle_failed (throttle, "a");
    }
  g_assert_true (tempo_throttle_may_try (throttle, "a", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      guint retry = 0;

      tempo_throttle_failed (throttle, "a");
      g_assert_false (tempo_throttle_may_try (throttle, "a", &retry));
      g_assert_cmpuint (retry, ==, waits[i]);
      g_assert_true (tempo_throttle_may_try (throttle, "b", NULL));
      tempo_clock_advance (clock, waits[i] * SECOND - 1);
      g_assert_false (tempo_throttle_may_try (throttle, "a", NULL));
      tempo_clock_advance (clock, 1);
      g_assert_true (tempo_throttle_may_try (throttle, "a", NULL));
    }
}

static void
fail (TempoThrottle *throttle,
      guint times)
{
  for (guint i = 0; i < times; i++)
    tempo_throttle_failed (throttle, "a");
}

static void
test_forgiven (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (0);
  g_autoptr (TempoThrottle) throttle = tempo_throttle_new (clock, 1, 1, 16);

  /* Five now and five after the window are free. */
  fail (throttle, 5);
  tempo_clock_advance (clock, 301 * SECOND);
  fail (throttle, 5);
  g_assert_true (tempo_throttle_may_try (throttle, "a", NULL));

  /* The right password ends it at once. */
  fail (throttle, 3);
  g_assert_false (tempo_throttle_may_try (throttle, "a", NULL));
  tempo_throttle_succeeded (throttle, "a");
  g_assert_true (tempo_throttle_may_try (throttle, "a", NULL));
  fail (throttle, 5);
  g_assert_true (tempo_throttle_may_try (throttle, "a", NULL));

  /* So does time. */
  fail (throttle, 60);
  g_assert_false (tempo_throttle_may_try (throttle, "a", NULL));
  tempo_clock_advance (clock, 1801 * SECOND);
  fail (throttle, 5);
  g_assert_true (tempo_throttle_may_try (throttle, "a", NULL));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/access/throttle/bucket", test_bucket);
  g_test_add_func ("/access/throttle/retry-holds", test_retry_holds);
  g_test_add_func ("/access/throttle/bounded", test_bounded);
  g_test_add_func ("/access/throttle/failures", test_failures);
  g_test_add_func ("/access/throttle/forgiven", test_forgiven);

  return g_test_run ();
}
