/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-room-view.h"
#include "venue/tempo-player-private.h"
#include "venue/tempo-room-private.h"

/* What the player's files share: tempo-player.c begins and ends songs, tempo-player-sources.c knows which source has
 * its turn, tempo-player-signals.c hears what the sources say, tempo-player-follow.c goes along with what others play. */

/* A source in its place. */
typedef struct
{
  TempoPlayer *player; /* (unowned) */
  char *kind;          /* (owned) */
  char *made_of;       /* (owned) its options; others need another source */
  TempoSource *source; /* (owned) */
  const char *noted;   /* (nullable) static: the state that was told of last */
} TempoSeat;

struct _TempoPlayer
{
  TempoRoom *room;        /* (unowned) owns the player */
  GPtrArray *seats;       /* (owned) (element TempoSeat) in the room's order */
  TempoSeat *active;      /* (unowned) (nullable) before set up */
  TempoSource *source;    /* (unowned) (nullable) the active one's */
  char *chosen;           /* (owned) (nullable) the kind that is next, by the host's choice */
  gboolean fell_back;     /* the active one stands in for one that went away */
  gint64 lost_at;         /* since when the active one is away, 0 it is there */
  GHashTable *matches;    /* (owned) request id → TempoSong of the active source, or NULL */

  TempoActor *system;     /* (owned) */
  TempoSong *song;        /* (owned) (nullable) what the source was handed, or the DJ plays */
  char *request_id;       /* (owned) (nullable) */
  TempoSong *next_filler; /* (owned) (nullable) */
  GHashTable *sounded;    /* (owned) requests that were handed over since the start */
  gboolean engaged;       /* the host wants music */
  gboolean loaded;        /* the source holds the song */
  gboolean blocked;       /* nothing can be played until the source says otherwise */
  gboolean ended_early;   /* the song ended while nothing could be written */
  guint failures;
  gint64 saved_at;
  char *trouble;          /* (owned) (nullable) */
  TempoHealthLevel level;

  /* following */
  TempoSong *handed;      /* (owned) (nullable) what the source goes on with by itself */
  char *handed_id;        /* (owned) (nullable) whose wish that is */
  gboolean wanted;        /* the source asked for the next song and plays the same still */
  gboolean fixed;         /* the list changed, what was handed over cannot be taken back */
  gboolean foreign;       /* what sounds was put on by somebody else */
  gboolean advanced_early, look_again; /* it happened while nothing could be written */
  char *seen_key;         /* (owned) (nullable) the song the source told of last */
};

/* tempo-player.c */
gboolean tempo_player_can_write (TempoPlayer *self);
gint64 tempo_player_now (TempoPlayer *self);
void tempo_player_set_trouble (TempoPlayer *self, TempoHealthLevel level, const char *text);
void tempo_player_show (TempoPlayer *self, TempoRequest *request, gint64 position_ms, gboolean playing);
void tempo_player_forget_song (TempoPlayer *self);
/* @request: (nullable) NULL for filler and foreign songs. @sounding: the source plays it already. */
void tempo_player_begin (TempoPlayer *self, TempoSong *song, TempoRequest *request, const char *song_key,
                         gint64 position_ms, gboolean sounding);
/* @request becomes what plays, as @song of the active source. */
void tempo_player_begin_request (TempoPlayer *self, TempoRequest *request, TempoSong *song, gint64 position_ms,
                                 TempoActor *actor, const char *action, gboolean sounding);
/* The song was played; nothing follows by itself. */
void tempo_player_close (TempoPlayer *self, TempoActor *actor, const char *action, const char *reason);
void tempo_player_fall_silent (TempoPlayer *self);
/* It never sounded: nobody is to hear that it played lately. */
void tempo_player_forget_play (TempoPlayer *self);
/* The song goes back to where it was, first in line. */
void tempo_player_put_back (TempoPlayer *self);
/* The next wish, else the house's own music, else silence. */
void tempo_player_advance (TempoPlayer *self);
/* The first song of the queue that the active source has; @song: (out) (transfer none) as it has it. (nullable). */
TempoRequest *tempo_player_pick (TempoPlayer *self, TempoSong **song);

/* tempo-player-sources.c */
/* @request's song as the active source has it; NULL when it waits for another source. (transfer none) (nullable). */
TempoSong *tempo_player_find_song (TempoPlayer *self, TempoRequest *request);
/* The active one may be away for long enough by now. */
void tempo_player_check_sources (TempoPlayer *self);
/* Between two songs: the host's choice has its turn. FALSE when there is none. */
gboolean tempo_player_take_choice (TempoPlayer *self);
void tempo_player_free_seats (TempoPlayer *self);

/* tempo-player-signals.c */
void tempo_player_connect (TempoSeat *seat);
void tempo_player_catch_up (TempoPlayer *self);

/* tempo-player-follow.c */
/* Forgets what was handed over and who plays: another source has its turn. */
void tempo_player_forget_next (TempoPlayer *self);
void tempo_player_follow (TempoPlayer *self);
void tempo_player_offer_next (TempoPlayer *self);
void tempo_player_take_advance (TempoPlayer *self);
void tempo_player_displace (TempoPlayer *self);
void tempo_player_end_foreign (TempoPlayer *self);
