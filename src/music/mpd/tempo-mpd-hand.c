/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-hand.h"

/* A song that stops this near to its end came to its end: durations in tags are guesses. */
#define END_MS 1200

/**
 * tempo_mpd_look_position:
 *
 * Interpolated, so the daemon is asked only when something happened.
 */
gint64
tempo_mpd_look_position (const TempoMpdLook *look, gint64 at)
{
  gint64 position = look->elapsed_ms;

  if (look->state == TEMPO_MPD_PLAYING && at > look->at)
    position += (at - look->at) / 1000;
  return look->duration_ms > 0 ? MIN (position, look->duration_ms) : position;
}

/**
 * tempo_mpd_look_is_over:
 *
 * With a crossfade the daemon moves on that much earlier. A song of unknown length is over
 * whenever the daemon says so.
 */
gboolean
tempo_mpd_look_is_over (const TempoMpdLook *before, gint64 at)
{
  if (before->duration_ms == 0)
    return TRUE;
  return before->state == TEMPO_MPD_PLAYING
         && tempo_mpd_look_position (before, at) >= before->duration_ms - before->crossfade_ms - END_MS;
}

/* An error stays until the next song is begun by hand: what was there while the song played is not why it stopped. */
static gboolean
has_new_error (const TempoMpdLook *before, const TempoMpdLook *now)
{
  return *now->error != '\0' && (before->state != TEMPO_MPD_PLAYING || !g_str_equal (before->error, now->error));
}

/* Our song is the daemon's current one. */
static TempoMpdVerdict
judge_current (const TempoMpdLook *before, const TempoMpdLook *now, gboolean begun)
{
  if (now->state == TEMPO_MPD_STOPPED && has_new_error (before, now))
    return TEMPO_MPD_FAILS;
  if (now->state == TEMPO_MPD_PAUSED && has_new_error (before, now))
    return TEMPO_MPD_SILENT;
  if (now->state == TEMPO_MPD_STOPPED)
    return tempo_mpd_look_is_over (before, now->at) ? TEMPO_MPD_ENDS : TEMPO_MPD_DISPLACED;
  if (!begun && now->state == TEMPO_MPD_PLAYING && now->sounds)
    return TEMPO_MPD_BEGINS;
  return TEMPO_MPD_STAYS;
}

/**
 * tempo_mpd_judge:
 *
 * The protocol tells states, never reasons. A song that is not the current one any more has
 * come to its end if it was near it; else somebody did that.
 */
TempoMpdVerdict
tempo_mpd_judge (const TempoMpdLook *before, const TempoMpdLook *now, guint current, guint next, gboolean begun)
{
  if (current == 0)
    return TEMPO_MPD_STAYS;
  if (now->song == current)
    return judge_current (before, now, begun);
  if (!begun && *now->error != '\0')
    return TEMPO_MPD_FAILS;
  if (next != 0 && now->song == next && now->state != TEMPO_MPD_STOPPED)
    /* In its "single" mode the daemon halts before each song. */
    return now->state == TEMPO_MPD_PAUSED && before->state == TEMPO_MPD_PLAYING ? TEMPO_MPD_ENDS : TEMPO_MPD_ADVANCES;
  if (has_new_error (before, now) || before->song != current)
    return TEMPO_MPD_ENDS;
  return tempo_mpd_look_is_over (before, now->at) ? TEMPO_MPD_ENDS : TEMPO_MPD_DISPLACED;
}
