/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-gate.h"

#define NOW_US G_GINT64_CONSTANT (1795291200000000)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Retry-After is a second to a week, or nothing. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  gint64 wait = tempo_spotify_read_retry_after (text, NOW_US);

  if (wait != -1)
    {
      g_assert_cmpint (wait, >=, G_TIME_SPAN_SECOND);
      g_assert_cmpint (wait, <=, 7 * G_TIME_SPAN_DAY);
    }
  return 0;
}
