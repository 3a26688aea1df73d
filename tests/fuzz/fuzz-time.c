/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/tempo-clock.h"

#define UNTOUCHED G_GINT64_CONSTANT (-4242424242)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Whatever the number, it is written in the one form, which is read again. */
static void
check_written (gint64 wall_us)
{
  char first[TEMPO_TIME_LENGTH + 1];
  char second[TEMPO_TIME_LENGTH + 1];
  gint64 again;

  tempo_time_write (wall_us, first);
  g_assert_cmpuint (strlen (first), ==, TEMPO_TIME_LENGTH);
  g_assert_true (tempo_time_parse (first, &again));
  tempo_time_write (again, second);
  g_assert_cmpstr (first, ==, second);
}

/* What is taken for a time means what it is written as; anything else leaves the answer alone. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  gint64 wall_us = UNTOUCHED;

  if (tempo_time_parse (text, &wall_us))
    {
      char written[TEMPO_TIME_LENGTH + 1];
      gint64 again;

      tempo_time_write (wall_us, written);
      g_assert_true (tempo_time_parse (written, &again));
      g_assert_cmpint (wall_us - again, >=, 0);
      g_assert_cmpint (wall_us - again, <, 1000);
    }
  else
    g_assert_cmpint (wall_us, ==, UNTOUCHED);

  if (size >= sizeof wall_us)
    {
      memcpy (&wall_us, data, sizeof wall_us);
      check_written (wall_us);
    }
  return 0;
}
