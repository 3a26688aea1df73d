/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-hlc-private.h"

#define RESERVE_MS 10000

/**
 * tempo_hlc_next: the time of the next write
 * @last: the time given out before
 * @wall_us: the wall clock, which may stand still or jump either way
 *
 * When the wall clock is not past @last the counter goes on, and over into the milliseconds.
 *
 * Returns: a time greater than @last
 */
gint64
tempo_hlc_next (gint64 last, gint64 wall_us)
{
  gint64 wall = (wall_us / 1000) << TEMPO_HLC_COUNTER_BITS;

  return MAX (wall, last + 1);
}

/**
 * tempo_hlc_reserve: the ceiling to write down before times up to it are given out
 * @last: the time given out before
 *
 * Reserving ten seconds at once means that a busy store writes the ceiling once in ten seconds,
 * not in each commit; after a restart time goes on above the ceiling.
 *
 * Returns: a time ten seconds above @last
 */
gint64
tempo_hlc_reserve (gint64 last)
{
  return last + ((gint64) RESERVE_MS << TEMPO_HLC_COUNTER_BITS);
}
