/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/spotify/tempo-spotify-source.h"

G_BEGIN_DECLS

typedef enum
{
  TEMPO_SPOTIFY_THEIRS,   /* nothing of Tempo's sounds; maybe somebody else's music does */
  TEMPO_SPOTIFY_STARTING, /* Spotify was told to play and has not been seen to */
  TEMPO_SPOTIFY_OURS,     /* seen to play, or held */
} TempoSpotifyTurn;

struct _TempoSpotifySource
{
  GObject parent_instance;

  TempoSpotifyAccount *account; /* (owned) */
  TempoSpotifyAlarms *alarms;   /* (unowned) */
  TempoClock *clock;            /* (owned) */
  char *device;                 /* (owned) (nullable) chosen by the host */
  char *playlist;               /* (owned) (nullable) */
  GArray *order;                /* (owned) (element guint) of the playlist, shuffled; taken from the end */
  gboolean watching;
  double volume;                /* as asked last, negative never */

  TempoSpotifyTurn turn;
  TempoSong *song;       /* (owned) (nullable) ours */
  gint64 position_ms;    /* of ours */
  gint64 as_of;          /* wall us */
  gboolean running;      /* ours is not held */
  guint attempt;         /* of play(): answers to an earlier one count no more */
  guint looks;           /* since Spotify was told to play */
  gboolean listed;       /* devices were looked through for this attempt */

  TempoSong *next;       /* (owned) (nullable) handed over, has not begun */
  gboolean next_seen;    /* it is in Spotify's queue */
  gboolean next_refused; /* it was not taken: the engine waits for an "ended" */
  char *wanted;          /* (owned) (nullable) item for which the next was asked */
  gint64 wanted_ms;      /* its place at the last look */
  guint next_alarm;
};

/* tempo-spotify-source-turns.c: what begins and ends, and whose it is. */
void tempo_spotify_source_begin (TempoSpotifySource *self, TempoSong *song, gint64 position_ms);
gboolean tempo_spotify_source_pass_on (TempoSpotifySource *self, TempoSong *song);
/* The account told something new. */
void tempo_spotify_source_follow (TempoSpotifySource *self);
/* Nothing of ours sounds any more. */
void tempo_spotify_source_let_go (TempoSpotifySource *self);
gint64 tempo_spotify_source_get_place (TempoSpotifySource *self);
/* Ours is now at that place, running or held. */
void tempo_spotify_source_set_place (TempoSpotifySource *self, gint64 position_ms, gboolean running);
/* The same song, also where Spotify plays another recording of it in the account's country. */
gboolean tempo_spotify_source_is_same (TempoSong *a, TempoSong *b);
void tempo_spotify_source_update_watch (TempoSpotifySource *self);
/* "/me/player/…" with the device it is for. @query: "" or "name=value". (transfer full). */
char *tempo_spotify_source_make_path (TempoSpotifySource *self, const char *command, const char *query);
/* (transfer full). */
GError *tempo_spotify_source_make_error (const GError *error);

G_END_DECLS
