/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/spotify/tempo-spotify-reader.h"

G_BEGIN_DECLS

/* What a sign-in at Spotify left behind. It lives in TempoSecrets under the organization's id and the name that
 * tempo_spotify_secret_name() gives, as one JSON object:
 *   {"clientId", "refreshToken", "accessToken", "expiresAt", "authorizedAt"}     times: wall microseconds
 * "accessToken" and "expiresAt" may be absent (it is then refreshed first), "authorizedAt" too (then the six months
 * are counted from the day it is met). Immutable; any thread. */
typedef struct
{
  char *client_id; /* (owned) */
  char *refresh;   /* (owned) */
  char *access;    /* (owned) "" none */
  gint64 expires_at;
  gint64 authorized_at; /* 0 unknown */
  gint64 early;         /* us before its end from which the access token is renewed first */
} TempoSpotifyTokens;

/* @account_id: (nullable): NULL for a token whose account was not asked for yet: it is moved to the account's name once
 * that is known. Who brings tokens from elsewhere stores them there. (transfer full). */
char *tempo_spotify_secret_name (const char *account_id);

TempoSpotifyTokens *tempo_spotify_tokens_new (const char *client_id, const char *refresh, const char *access,
                                              gint64 expires_at, gint64 authorized_at);
/* What @grant makes of @before: the old refresh token stays good when there is no new one. (transfer full). */
/* Says how long the access token was given for. */
void tempo_spotify_tokens_set_life (TempoSpotifyTokens *self, gint64 life_us);
TempoSpotifyTokens *tempo_spotify_tokens_renew (TempoSpotifyTokens *before, TempoSpotifyGrant *grant, gint64 now);
/* @secret: (nullable). NULL when it is nothing of ours. (transfer full). */
TempoSpotifyTokens *tempo_spotify_tokens_read (const char *secret);
/* (transfer full): wipe it. */
char *tempo_spotify_tokens_write (TempoSpotifyTokens *self);
void tempo_spotify_tokens_free (TempoSpotifyTokens *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyTokens, tempo_spotify_tokens_free)

/* Overwrites and frees. @secret: (transfer full) (nullable). */
void tempo_spotify_wipe (char *secret);

G_END_DECLS
