/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "music/spotify/tempo-spotify-account.h"
#include "music/spotify/tempo-spotify-alarms.h"

G_BEGIN_DECLS

/* Spotify for one installation: an account for each organization, a gate for each client id. What must outlive the
 * process goes through the functions it was given. Engine thread only. */
#define TEMPO_TYPE_SPOTIFY_SERVICE (tempo_spotify_service_get_type ())
G_DECLARE_FINAL_TYPE (TempoSpotifyService, tempo_spotify_service, TEMPO, SPOTIFY_SERVICE, GObject)

#define TEMPO_SPOTIFY_ACCOUNTS_URL "https://accounts.spotify.com"
#define TEMPO_SPOTIFY_API_URL "https://api.spotify.com/v1"
#define TEMPO_SPOTIFY_MAX_CLIENT_ID 128

typedef struct
{
  const char *accounts_url; /* without a slash at the end */
  const char *api_url;      /* without a path: version 1 */
  TempoClock *clock;
  TempoSecrets *secrets;
  /* (transfer full) (nullable): what is known about an organization's account. */
  TempoSpotifyProfile *(*load_profile) (const char *organization, gpointer user_data);
  /* @profile: (nullable) removes. */
  void (*save_profile) (const char *organization, const TempoSpotifyProfile *profile, gpointer user_data);
  /* The gate as it was kept, 0 for none. @reason: (out) (transfer full). */
  gint64 (*load_gate) (const char *client, char **reason, gpointer user_data);
  TempoSpotifyGateFunc save_gate;
  gpointer user_data;
} TempoSpotifyOptions;

TempoSpotifyService *tempo_spotify_service_new (const TempoSpotifyOptions *options);
/* @self: (transfer full). */
void tempo_spotify_service_close (TempoSpotifyService *self);
/* The account of an organization, made when it is met first. (transfer none). */
TempoSpotifyAccount *tempo_spotify_service_get_account (TempoSpotifyService *self, const char *organization);
/* An organization leaves: nothing of it is asked any more. Its secrets stay. */
void tempo_spotify_service_forget (TempoSpotifyService *self, const char *organization);

/* Begins a sign-in. @client_id: (nullable) the one used before. @redirect: http://127.0.0.1:PORT/spotify/callback.
 * Errors: TEMPO_SPOTIFY_ERROR_INVALID. (transfer full) the address to open. */
char *tempo_spotify_service_begin_sign_in (TempoSpotifyService *self, const char *organization, const char *client_id, const char *redirect,
                                           GError **error);
/* Ends it with what the browser brought. @organization: (nullable) whose address it came to. @code, @refusal: (nullable).
 * Errors: TEMPO_SPOTIFY_ERROR_INVALID (no such state), _NEEDS_SIGN_IN (said no, or the code is not good), others as they come.
 * (transfer full) the organization it was for. */
void tempo_spotify_service_end_sign_in_async (TempoSpotifyService *self, const char *organization, const char *state, const char *code,
                                              const char *refusal, GAsyncReadyCallback callback, gpointer user_data);
char *tempo_spotify_service_end_sign_in_finish (TempoSpotifyService *self, GAsyncResult *result, GError **error);
gboolean tempo_spotify_service_is_signing_in (TempoSpotifyService *self, const char *organization);
void tempo_spotify_service_forget_sign_ins (TempoSpotifyService *self, const char *organization);

/* For the parts below and for tests. */
TempoSpotifyAlarms *tempo_spotify_service_get_alarms (TempoSpotifyService *self);
TempoSpotifyGate *tempo_spotify_service_get_gate (TempoSpotifyService *self, const char *client_id);
const TempoSpotifyOptions *tempo_spotify_service_get_options (TempoSpotifyService *self);

G_END_DECLS
