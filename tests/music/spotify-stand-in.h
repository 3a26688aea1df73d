/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Spotify as its documentation of 2026 has it, on a free port of loopback: the sign-in's page and token endpoint, the Web
 * API below /v1, players that play by a TempoClock. What a test wants to go wrong is a switch. Runs in the thread-default
 * context of the thread that made it. No word and no picture of Spotify's is in it. */
typedef struct _SpotifyStandIn SpotifyStandIn;

SpotifyStandIn *spotify_stand_in_new (TempoClock *clock);
void spotify_stand_in_free (SpotifyStandIn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpotifyStandIn, spotify_stand_in_free)

/* "http://127.0.0.1:PORT" and "…/v1"; (transfer none). */
const char *spotify_stand_in_get_accounts_url (SpotifyStandIn *self);
const char *spotify_stand_in_get_api_url (SpotifyStandIn *self);

/* An account, "ann"; its player is one device, playing nothing. Made by being named first. Fields may be set freely. */
typedef struct
{
  char *id;             /* (owned) */
  gboolean premium;     /* TRUE */
  gboolean allowed;     /* on the app's list: TRUE */
  gboolean rotates;     /* a refresh token is good once: TRUE */
  gint64 token_seconds; /* life of access tokens: 3600 */
  gboolean revoked;     /* the grant is over */
  gboolean device;      /* there is a device: TRUE */
  gboolean active;      /* it is the active one: FALSE */
  gboolean restricted;
  gboolean supports_volume; /* TRUE */
  int volume;
  char *uri;            /* (owned) (nullable) what plays */
  gint64 duration_ms;   /* of every track: 180 000 */
  gint64 position_ms;   /* at as_of */
  gint64 as_of;         /* wall us */
  gboolean playing;
  GPtrArray *queue;     /* (owned) (element utf8) */
  char *refresh_token;  /* (owned) (nullable) the good one */
  GHashTable *access;   /* (owned) access token → its end, wall us (boxed) */
  /* counted */
  guint refreshes, looks, commands, searches, calls;
  guint transfers;      /* to another device */
  guint dead_uses;      /* of a token that was not good any more */
} SpotifyStandInUser;
SpotifyStandInUser *spotify_stand_in_get_user (SpotifyStandIn *self, const char *id);
/* Plays that track from its beginning on the device. */
void spotify_stand_in_play (SpotifyStandIn *self, SpotifyStandInUser *user, const char *track);

typedef enum
{
  SPOTIFY_STAND_IN_WELL,
  SPOTIFY_STAND_IN_HANGS,    /* answers never */
  SPOTIFY_STAND_IN_FAILS,    /* 503 */
  SPOTIFY_STAND_IN_GARBAGE,  /* 200 and no JSON */
  SPOTIFY_STAND_IN_FLOODS,   /* 200 and two MiB */
  SPOTIFY_STAND_IN_UNMEANT,  /* 401 "Access token missing", once for each call */
  SPOTIFY_STAND_IN_REFUSES,  /* 401 "Access token missing", every time */
} SpotifyStandInMood;
/* Of the Web API for one account; of the token endpoint for all. */
void spotify_stand_in_set_mood (SpotifyStandIn *self, const char *user, SpotifyStandInMood mood);
void spotify_stand_in_set_token_mood (SpotifyStandIn *self, SpotifyStandInMood mood);
/* From now on a client id may make @calls in 30 s; then 429 for @retry_after seconds (0: no header), and every call before
 * that lengthens it. 0 calls: no limit. @quota: with the reason QUOTA_EXCEEDED. */
void spotify_stand_in_limit (SpotifyStandIn *self, guint calls, guint retry_after, gboolean quota);
guint spotify_stand_in_get_refusals (SpotifyStandIn *self);
/* Calls that came although a 429 had said to wait. */
guint spotify_stand_in_get_rude (SpotifyStandIn *self);
guint spotify_stand_in_get_calls (SpotifyStandIn *self);
/* Called when a token was given and its answer is about to leave. */
void spotify_stand_in_set_hook (SpotifyStandIn *self, void (*hook) (gpointer data), gpointer data);
/* What the person at the page does: follows @authorize_url as @user and says yes (or no), without a browser. (transfer full): the address
 * the browser is sent to. */
char *spotify_stand_in_consent (SpotifyStandIn *self, const char *authorize_url, const char *user, gboolean yes);

/* One answer that is waited for: pass spotify_waiter_done() and the waiter, zeroed, to what is asked. */
typedef struct
{
  GAsyncResult *result; /* (owned) (nullable) */
  gboolean done;
} SpotifyWaiter;

void spotify_waiter_done (GObject *source, GAsyncResult *result, gpointer waiter);
/* Runs the main loop until it is there, 20 s at the most. (transfer full). */
GAsyncResult *spotify_waiter_wait (SpotifyWaiter *self);

G_END_DECLS
