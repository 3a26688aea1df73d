/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the daemon does with Tempo's songs, judged from two looks at it. Pure. */

typedef enum
{
  TEMPO_MPD_STOPPED,
  TEMPO_MPD_PLAYING,
  TEMPO_MPD_PAUSED,
} TempoMpdState;

typedef struct
{
  TempoMpdState state;
  guint song;         /* queue id, 0: none */
  guint next;         /* queue id of what the daemon would go on with, 0: none */
  gint64 elapsed_ms;
  gint64 duration_ms; /* 0: unknown */
  gint64 crossfade_ms;
  gint64 at;          /* monotonic us of the look */
  int volume;         /* per cent, -1: the daemon has no mixer */
  gboolean sounds;    /* the sound's format is known, so the song was opened */
  gboolean random;
  gboolean updating;  /* reads its music, so it may not know yet what it has */
  char error[128];    /* "" when all is well */
} TempoMpdLook;

typedef enum
{
  TEMPO_MPD_STAYS,
  TEMPO_MPD_BEGINS,    /* our song sounds for the first time */
  TEMPO_MPD_ADVANCES,  /* the daemon went on to what we had handed over */
  TEMPO_MPD_ENDS,      /* our song came to its end and ours does not follow */
  TEMPO_MPD_DISPLACED, /* somebody stopped it or put something else on */
  TEMPO_MPD_FAILS,     /* our song cannot be played */
  TEMPO_MPD_SILENT,    /* no output takes the sound */
} TempoMpdVerdict;

/* @current, @next: queue ids of ours, 0: none. @begun: @current was heard. */
TempoMpdVerdict tempo_mpd_judge (const TempoMpdLook *before, const TempoMpdLook *now, guint current, guint next,
                                 gboolean begun);
/* Where the song of @look is at monotonic @at, ms. */
gint64 tempo_mpd_look_position (const TempoMpdLook *look, gint64 at);
/* TRUE when by the look @before the song is over at monotonic @at. */
gboolean tempo_mpd_look_is_over (const TempoMpdLook *before, gint64 at);

G_END_DECLS
