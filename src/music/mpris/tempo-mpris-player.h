/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* What is known of one player on the bus. One thread. */

#define TEMPO_MPRIS_PREFIX "org.mpris.MediaPlayer2"
#define TEMPO_MPRIS_PATH "/org/mpris/MediaPlayer2"
#define TEMPO_MPRIS_PLAYER TEMPO_MPRIS_PREFIX ".Player"
#define TEMPO_MPRIS_TIMEOUT_MS 2000 /* some players hang */

typedef struct
{
  char *name;        /* (owned) well-known */
  char *owner;       /* (owned) unique */
  char *track;       /* (owned) (nullable) an object path, for SetPosition */
  TempoSong *song;   /* (owned) (nullable) */
  char *picture;     /* (owned) (nullable) the song's, a file that need not exist */
  char *artwork;     /* (owned) (nullable) its artwork id */
  gboolean answered; /* it told its properties at least once */
  gboolean asking;   /* a question for all of them is under way */
  gboolean stale;    /* to be asked for all of them */
  gboolean drifted;  /* to be asked for its position */
  gboolean jumped;   /* its position is not what it was said to be */
  gboolean playing;
  gboolean stopped;
  gboolean can_control;
  gboolean can_pause;
  gboolean can_seek;
  gboolean has_volume;
  double rate;
  gint64 position_us;
  gint64 at;         /* monotonic us of the position */
  gint64 began_at;   /* monotonic us when it last began to play */
} TempoMprisState;

TempoMprisState *tempo_mpris_state_new (const char *name, const char *owner);
void tempo_mpris_state_free (TempoMprisState *self);
/* Takes over what @properties (a{sv}, any content) tell; others stay. */
void tempo_mpris_state_update (TempoMprisState *self, GVariant *properties, gint64 now);
/* The song with artwork, if it is there, else without. (transfer full) (nullable). */
TempoSong *tempo_mpris_state_dup_song (TempoMprisState *self, gboolean with_artwork);
gint64 tempo_mpris_state_position_ms (TempoMprisState *self, gint64 now);
void tempo_mpris_state_set_position (TempoMprisState *self, gint64 position_us, gint64 now);

G_END_DECLS
