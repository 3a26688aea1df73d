/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/spotify/tempo-spotify-account.h"
#include "music/spotify/tempo-spotify-alarms.h"
#include "music/spotify/tempo-spotify-client.h"
#include "music/spotify/tempo-spotify-catalog.h"
#include "music/spotify/tempo-spotify-service.h"
#include "music/spotify/tempo-spotify-sign-ins.h"
#include "music/spotify/tempo-spotify-tokens.h"
#include "music/spotify/tempo-spotify-watcher.h"

G_BEGIN_DECLS

/* So long tokens just given may be refused before another one is asked for, and twice that before it is said that
 * somebody should sign in again. */
#define TEMPO_SPOTIFY_PATIENCE_US (5 * G_TIME_SPAN_MINUTE)

typedef enum
{
  TEMPO_SPOTIFY_UNLOADED,
  TEMPO_SPOTIFY_LOADING,
  TEMPO_SPOTIFY_LOADED,
} TempoSpotifyLoad;

struct _TempoSpotifyAccount
{
  GObject parent_instance;

  TempoSpotifyService *service;  /* (owned) until it is closed both hold the other */
  char *organization;            /* (owned) */
  TempoSpotifyProfile *profile;  /* (owned) (nullable) NULL: never connected */
  TempoSpotifyTokens *tokens;    /* (owned) (nullable) */
  guint generation;              /* of the sign-in: what began before the last one must not undo it */
  gboolean dead;                 /* Spotify took the grant back */
  gboolean adopting;             /* who it is is being asked */
  TempoSpotifyLoad load;
  GPtrArray *load_waiters;       /* (owned) (element GTask) */
  GPtrArray *refresh_waiters;    /* (owned) (nullable) (element GTask) while a refresh is in flight */
  gint64 refreshed_at;           /* monotonic us, 0 never */
  gint64 outage_until;           /* monotonic us */
  gint64 refused_since;          /* monotonic us from which on tokens just given are refused, 0 they are not */
  GCancellable *cancellable;     /* (owned) of everything under way; a new one after each sign-in */
  TempoSpotifyClient *client;    /* (owned) */
  TempoSpotifyCatalog *catalog;  /* (owned) */
  TempoSpotifyWatcher *watcher;  /* (owned) */
  GHashTable *searching;         /* (owned) words → who waits for them (GPtrArray of GTask) */
  GHashTable *playlists;         /* (owned) id → what is known of it */
  GPtrArray *breathing;          /* (owned) (element GTask) refused with a good token, to be asked again in a moment */
  guint breath_alarm;
  GQueue commands;               /* (element GTask) the head is in flight */
  const char *read_problem;      /* static (nullable) state that reading ended in */
  const char *command_problem;   /* static (nullable) */
  const char *last_state;        /* static */
  guint gate_alarm, adopt_alarm;
  guint64 calls, failures;
  const char *last_error;        /* static */
};

TempoSpotifyAccount *tempo_spotify_account_new (TempoSpotifyService *service, const char *organization, const TempoSpotifyProfile *profile);
gint64 tempo_spotify_account_now (TempoSpotifyAccount *self);
gint64 tempo_spotify_account_monotonic (TempoSpotifyAccount *self);
/* Tells listeners when the state became another one. */
void tempo_spotify_account_check (TempoSpotifyAccount *self);
/* A new grant is here and stored; asks who it is. Finishes when that is known, or known not to be. */
void tempo_spotify_account_install_async (TempoSpotifyAccount *self, TempoSpotifyTokens *tokens, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_spotify_account_install_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);

/* tempo-spotify-account-tokens.c */
/* Makes sure of an access token. @refused: (nullable) one that the API just refused. */
void tempo_spotify_account_ensure_async (TempoSpotifyAccount *self, const char *refused, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_spotify_account_ensure_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);
/* Asks who it is and keeps the grant under that name. */
void tempo_spotify_account_adopt_async (TempoSpotifyAccount *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_spotify_account_adopt_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);
void tempo_spotify_account_drop_tokens (TempoSpotifyAccount *self);
/* Sends form fields to the token endpoint, past the gate. Errors: TEMPO_SPOTIFY_ERROR; NEEDS_SIGN_IN for a grant that is not good. */
void tempo_spotify_account_ask_token_async (TempoSpotifyAccount *self, const char *client_id, const char *form, GAsyncReadyCallback callback,
                                            gpointer user_data);
TempoSpotifyGrant *tempo_spotify_account_ask_token_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);

/* tempo-spotify-account-calls.c */
void tempo_spotify_account_refuse_commands (TempoSpotifyAccount *self);
void tempo_spotify_account_stop_breathing (TempoSpotifyAccount *self);
void tempo_spotify_account_note_error (TempoSpotifyAccount *self, const GError *error);

/* tempo-spotify-account-requests.c */
void tempo_spotify_account_free_playlist (gpointer playlist);

G_END_DECLS
