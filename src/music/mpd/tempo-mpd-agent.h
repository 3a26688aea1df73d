/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/mpd/tempo-mpd-hand.h"
#include "music/mpd/tempo-mpd-source.h"

G_BEGIN_DECLS

/* Speaks with a daemon on a thread of its own: takes orders from the source and tells it what
 * happened. Made, ordered about and closed on the engine thread, where its news come. */

typedef enum
{
  TEMPO_MPD_PLAY,      /* song, value: ms */
  TEMPO_MPD_HAND_OVER, /* song */
  TEMPO_MPD_TAKE_BACK,
  TEMPO_MPD_PAUSE,
  TEMPO_MPD_RESUME,
  TEMPO_MPD_STOP,
  TEMPO_MPD_SEEK,      /* value: ms, song: in which, NULL: in whichever is ours */
  TEMPO_MPD_VOLUME,    /* value: per cent */
  TEMPO_MPD_SEARCH,    /* text, limit; answers songs */
  TEMPO_MPD_PICTURE,   /* song with a uri of ours; answers picture */
  TEMPO_MPD_PLAYLISTS, /* limit; answers songs (element TempoPlaylist) */
  TEMPO_MPD_FILLER,    /* text: list or NULL, limit; answers songs */
} TempoMpdOrderKind;

typedef struct
{
  TempoMpdOrderKind kind;
  guint generation;  /* PLAY, STOP: what happens to the hand from here on carries it */
  TempoSong *song;   /* (owned) (nullable) */
  char *text;        /* (owned) (nullable) */
  double value;
  guint limit;
  GTask *task;       /* (owned) (nullable) for whom; ended by the source */
  GPtrArray *songs;  /* (owned) (nullable) answer */
  GBytes *picture;   /* (owned) (nullable) answer */
  GError *error;     /* (owned) (nullable) answer, TEMPO_SOURCE_ERROR */
} TempoMpdOrder;

typedef enum
{
  TEMPO_MPD_TOLD_ANSWER, /* order */
  TEMPO_MPD_TOLD_HEALTH, /* health, code, text */
  TEMPO_MPD_TOLD_PLAYING, /* look, song, ours */
  TEMPO_MPD_TOLD_CATALOGUE, /* songs: a few of the house */
  TEMPO_MPD_TOLD_STARTED,
  TEMPO_MPD_TOLD_ENDED,
  TEMPO_MPD_TOLD_ADVANCED,
  TEMPO_MPD_TOLD_DISPLACED,
  TEMPO_MPD_TOLD_FAILED, /* error */
  TEMPO_MPD_TOLD_WANTS_NEXT,
} TempoMpdNewsKind;

typedef struct
{
  TempoMpdNewsKind kind;
  guint generation;
  TempoMpdOrder *order; /* (owned) (nullable) */
  TempoSourceHealth health;
  const char *code;     /* static */
  char *text;           /* (owned) (nullable) */
  TempoMpdLook look;
  TempoSong *song;      /* (owned) (nullable) */
  gboolean ours;
  GPtrArray *songs;     /* (owned) (nullable) */
  GError *error;        /* (owned) (nullable) */
  guint64 calls;        /* so far */
  guint64 failures;
} TempoMpdNews;

typedef struct _TempoMpdAgent TempoMpdAgent;
typedef void (*TempoMpdNewsFunc) (TempoMpdNews *news, gpointer user_data);

TempoMpdAgent *tempo_mpd_agent_new (const TempoMpdOptions *options, TempoMpdNewsFunc func, gpointer user_data);
/* @order: (transfer full) is answered by TEMPO_MPD_TOLD_ANSWER when it has a task or asks for something. */
void tempo_mpd_agent_order (TempoMpdAgent *self, TempoMpdOrder *order);
/* No news come any more. Waits a moment for the thread, never for the network. */
void tempo_mpd_agent_close (TempoMpdAgent *self);

TempoMpdOrder *tempo_mpd_order_new (TempoMpdOrderKind kind);
void tempo_mpd_order_free (TempoMpdOrder *order);

G_END_DECLS
