/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/spotify/tempo-spotify-account.h"
#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* Spotify for staff and panel: sign in, look, end. Any thread; callbacks come in the caller's thread-default main
 * context. What may be asked of whom is the caller's to check, as for every read; what changes something is written
 * to the log with @actor. Errors: TEMPO_REFUSAL (SOURCE: this installation has no Spotify), TEMPO_SPOTIFY_ERROR. */

/* A copy of how an account is. */
typedef struct
{
  char *state;      /* (owned) one of the words of TempoSpotifyStatus */
  char *account_id; /* (owned) (nullable) */
  char *name;       /* (owned) (nullable) */
  char *client_id;  /* (owned) (nullable) */
  char *device;     /* (owned) (nullable) */
  gint64 until;
  gint64 expires_at;
  gboolean expires_soon;
  gboolean quota;
  gboolean noticed; /* somebody confirmed what Spotify's terms allow */
} TempoSpotifyReport;
void tempo_spotify_report_free (TempoSpotifyReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyReport, tempo_spotify_report_free)
/* {"state","account","until","expiresAt"} and what else is known. */
/* The contract's JSON. (transfer full). */
GBytes *tempo_spotify_report_to_bytes (TempoSpotifyReport *self);

/* Is there any Spotify here? */
gboolean tempo_host_has_spotify (TempoHost *self);
/* The address to open in a browser on this machine. @client_id: (nullable) the one used before. @port: the LAN server's.
 * @noticed: the notice about Spotify's terms was shown and confirmed. (transfer full). */
void tempo_host_spotify_sign_in_async (TempoHost *self, TempoActor *actor, const char *organization_id, const char *client_id, gboolean noticed,
                                       guint16 port, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *tempo_host_spotify_sign_in_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* What the browser brought back. @organization: (nullable) slug or id whose address it came to. @code, @refusal: (nullable). (transfer full)
 * the report of the account. */
void tempo_host_spotify_callback_async (TempoHost *self, const char *organization, const char *state, const char *code, const char *refusal,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
TempoSpotifyReport *tempo_host_spotify_callback_finish (TempoHost *self, GAsyncResult *result, GError **error);
void tempo_host_spotify_report_async (TempoHost *self, const char *organization_id, GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
TempoSpotifyReport *tempo_host_spotify_report_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* Deletes tokens, caches and what is known about the account. */
void tempo_host_spotify_disconnect_async (TempoHost *self, TempoActor *actor, const char *organization_id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_host_spotify_disconnect_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* (element TempoPlaylist) (transfer full). */
void tempo_host_spotify_list_playlists_async (TempoHost *self, const char *organization_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *tempo_host_spotify_list_playlists_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* (element TempoSpotifyDevice) (transfer full). */
void tempo_host_spotify_list_devices_async (TempoHost *self, const char *organization_id, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *tempo_host_spotify_list_devices_finish (TempoHost *self, GAsyncResult *result, GError **error);

G_END_DECLS
