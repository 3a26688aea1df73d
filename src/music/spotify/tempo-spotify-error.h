/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a caller of Spotify can act on. */
typedef enum
{
  TEMPO_SPOTIFY_ERROR_DISCONNECTED,     /* nobody signed in */
  TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN,    /* the grant is over: a person must sign in again */
  TEMPO_SPOTIFY_ERROR_LIMITED,          /* asked too much, or the budget is spent: later */
  TEMPO_SPOTIFY_ERROR_NO_DEVICE,        /* nothing to sound on */
  TEMPO_SPOTIFY_ERROR_PREMIUM_REQUIRED, /* the account has no Premium */
  TEMPO_SPOTIFY_ERROR_NOT_ALLOWED,      /* not on the app's list of people, or the app's owner has no Premium */
  TEMPO_SPOTIFY_ERROR_RESTRICTED,       /* this device or song does not take this command */
  TEMPO_SPOTIFY_ERROR_NOT_FOUND,        /* no such thing */
  TEMPO_SPOTIFY_ERROR_UNREACHABLE,      /* no answer, an outage, or one that makes no sense: later */
  TEMPO_SPOTIFY_ERROR_INVALID,          /* asked for something that cannot be */
} TempoSpotifyError;
#define TEMPO_SPOTIFY_ERROR (tempo_spotify_error_quark ())
GQuark tempo_spotify_error_quark (void);

G_END_DECLS
