/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Sign-ins that were begun and not ended: the state that Spotify brings back is random, good once and for ten
 * minutes, and belongs to one organization. One thread. */
typedef struct _TempoSpotifySignIns TempoSpotifySignIns;

#define TEMPO_SPOTIFY_SIGN_IN_US (10 * G_TIME_SPAN_MINUTE)

typedef struct
{
  char *organization; /* (owned) */
  char *client_id;    /* (owned) */
  char *redirect;     /* (owned) the token endpoint wants to hear it again */
  char *verifier;     /* (owned) RFC 7636 */
  gint64 until;       /* monotonic us */
} TempoSpotifySignIn;
void tempo_spotify_sign_in_free (TempoSpotifySignIn *self);

TempoSpotifySignIns *tempo_spotify_sign_ins_new (TempoClock *clock);
void tempo_spotify_sign_ins_free (TempoSpotifySignIns *self);
/* The address of @accounts_url at which a person says yes. (transfer full). */
char *tempo_spotify_sign_ins_begin (TempoSpotifySignIns *self, const char *accounts_url, const char *organization, const char *client_id,
                                    const char *redirect);
/* The sign-in of @state, which is used up by that; NULL when there is none, it is over, or not @organization's.
 * @organization: (nullable) any. (transfer full) (nullable). */
TempoSpotifySignIn *tempo_spotify_sign_ins_take (TempoSpotifySignIns *self, const char *state, const char *organization);
/* Is one of @organization's under way? */
gboolean tempo_spotify_sign_ins_has (TempoSpotifySignIns *self, const char *organization);
void tempo_spotify_sign_ins_forget (TempoSpotifySignIns *self, const char *organization);
/* base64url (SHA-256 (@verifier)), unpadded. (transfer full). */
char *tempo_spotify_make_challenge (const char *verifier);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifySignIn, tempo_spotify_sign_in_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifySignIns, tempo_spotify_sign_ins_free)

G_END_DECLS
