/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "music/spotify/tempo-spotify-error.h"
#include "music/spotify/tempo-spotify-gate.h"
#include "music/spotify/tempo-spotify-reader.h"
#include "music/tempo-source.h"

G_BEGIN_DECLS

/* The Spotify account of one organization: its own client id, its own grant, its own connections. Whatever goes wrong
 * here is nobody else's. Made by TempoSpotifyService, one for each organization. Engine thread only. */
#define TEMPO_TYPE_SPOTIFY_ACCOUNT (tempo_spotify_account_get_type ())
G_DECLARE_FINAL_TYPE (TempoSpotifyAccount, tempo_spotify_account, TEMPO, SPOTIFY_ACCOUNT, GObject)

/* Signals:
 *  "status-changed" (void)
 *  "playing-changed" (void)   tempo_spotify_account_get_playback() has a newer answer
 *  "playlist-changed" (void)  songs of a playlist came in
 */

/* What is known about the account and may lie in a file: nothing secret. Texts are NULL when unknown. */
typedef struct
{
  char *client_id;      /* (owned) */
  char *account_id;     /* (owned) */
  char *user_id;        /* (owned) */
  char *name;           /* (owned) */
  gint64 authorized_at; /* wall us */
} TempoSpotifyProfile;
TempoSpotifyProfile *tempo_spotify_profile_copy (const TempoSpotifyProfile *self);
void tempo_spotify_profile_free (TempoSpotifyProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyProfile, tempo_spotify_profile_free)

/* How the account is. Texts live until control returns to the main loop. */
typedef struct
{
  const char *state;      /* disconnected, connecting, ready, idle, needs_sign_in, limited, no_device, premium_required, not_allowed, unreachable */
  const char *account_id; /* (nullable) */
  const char *name;       /* (nullable) */
  const char *client_id;  /* (nullable) */
  const char *device;     /* (nullable) name of what sounds */
  gint64 until;           /* wall us, when it is "limited" */
  gint64 expires_at;      /* wall us at which a person must sign in again, 0 unknown */
  gboolean expires_soon;  /* less than a month of six is left */
  gboolean quota;         /* limited because all apps of the same developer asked too much */
} TempoSpotifyStatus;
void tempo_spotify_account_get_status (TempoSpotifyAccount *self, TempoSpotifyStatus *status);
/* Waits until the secrets were asked; never fails. */
void tempo_spotify_account_load_async (TempoSpotifyAccount *self, GAsyncReadyCallback callback, gpointer user_data);
void tempo_spotify_account_load_finish (TempoSpotifyAccount *self, GAsyncResult *result);

/* Ends the account: tokens, caches, watching. The secrets are gone when it is finished. */
void tempo_spotify_account_disconnect_async (TempoSpotifyAccount *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_spotify_account_disconnect_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);

/* One call of the Web API. */
typedef struct
{
  TempoSpotifyPriority priority;
  const char *method;
  const char *path;   /* "/me/player?…" */
  const char *body;   /* (nullable) JSON */
  gboolean forgiving; /* a refusal tells about the thing asked for, not about the account */
} TempoSpotifyCall;
/* Errors: TEMPO_SPOTIFY_ERROR. Commands (not GET) go out one after another, in this order. */
void tempo_spotify_account_call_async (TempoSpotifyAccount *self, const TempoSpotifyCall *call, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) (nullable): NULL without @error when the answer was empty. */
JsonObject *tempo_spotify_account_call_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);

/* (element TempoSong), at most 10; nothing for less than three characters. The same words cost a call in five minutes only once. */
void tempo_spotify_account_search_async (TempoSpotifyAccount *self, const char *query, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *tempo_spotify_account_search_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);
/* A song that came by in a search, a playlist or at the player. (transfer full) (nullable). */
TempoSong *tempo_spotify_account_lookup (TempoSpotifyAccount *self, const char *uri);
/* A song kept from before: known again, with its picture if that is where Spotify has its pictures. */
void tempo_spotify_account_remember (TempoSpotifyAccount *self, TempoSong *song);
void tempo_spotify_account_artwork_async (TempoSpotifyAccount *self, const char *artwork, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_spotify_account_artwork_finish (TempoSpotifyAccount *self, GAsyncResult *result, char **content_type, GError **error);

/* (element TempoSpotifyDevice) (transfer full). */
void tempo_spotify_account_list_devices_async (TempoSpotifyAccount *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *tempo_spotify_account_list_devices_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);
/* (element TempoPlaylist) (transfer full): what can be read only. */
void tempo_spotify_account_list_playlists_async (TempoSpotifyAccount *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *tempo_spotify_account_list_playlists_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error);
/* Songs of a playlist, at most 500: (element TempoSong) (transfer none) (nullable), NULL until they came. Asks for them. */
GPtrArray *tempo_spotify_account_get_playlist (TempoSpotifyAccount *self, const char *playlist_id);

/* Somebody wants to know what sounds, or no longer does. @who: told apart by its address. */
void tempo_spotify_account_watch (TempoSpotifyAccount *self, gpointer who, gboolean watching);
/* Asks again in @delay_us, when that is sooner than it would be otherwise. */
void tempo_spotify_account_look_again (TempoSpotifyAccount *self, gint64 delay_us);
/* There was nothing to play on, as a look at the devices told. */
void tempo_spotify_account_miss_device (TempoSpotifyAccount *self);
/* What sounded when last asked; NULL when not known. (transfer none) (nullable). */
const TempoSpotifyPlayback *tempo_spotify_account_get_playback (TempoSpotifyAccount *self);
void tempo_spotify_account_get_figures (TempoSpotifyAccount *self, TempoSourceFigures *figures);
/* The sentence of a state, for logs and screens that know no better. (transfer none). */
const char *tempo_spotify_account_get_sentence (TempoSpotifyAccount *self);

G_END_DECLS
