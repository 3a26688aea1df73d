/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "music/spotify/tempo-spotify-alarms.h"
#include "music/spotify/tempo-spotify-error.h"

G_BEGIN_DECLS

/* HTTP to Spotify, with an end to everything: time, bytes, depth of JSON. Each account has one of its own, because
 * connections that hang would otherwise be the connections another account waits for. It knows no tokens
 * and no rules; see TempoSpotifyAccount. One thread. */
#define TEMPO_TYPE_SPOTIFY_CLIENT (tempo_spotify_client_get_type ())
G_DECLARE_FINAL_TYPE (TempoSpotifyClient, tempo_spotify_client, TEMPO, SPOTIFY_CLIENT, GObject)

#define TEMPO_SPOTIFY_MAX_BODY (1024 * 1024)
#define TEMPO_SPOTIFY_DEADLINE_US (15 * G_TIME_SPAN_SECOND)

typedef struct
{
  guint status;
  JsonObject *json;  /* (owned) (nullable) no body, or none of ours */
  char *retry_after; /* (owned) (nullable) */
} TempoSpotifyReply;
void tempo_spotify_reply_free (TempoSpotifyReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyReply, tempo_spotify_reply_free)

/* @alarms: outlive it. */
TempoSpotifyClient *tempo_spotify_client_new (TempoSpotifyAlarms *alarms);
/* @bearer: (nullable). @type, @body: (nullable). Any status is an answer; errors are TEMPO_SPOTIFY_ERROR_UNREACHABLE and cancellation. */
void tempo_spotify_client_send_async (TempoSpotifyClient *self, const char *method, const char *address, const char *bearer, const char *type,
                                      GBytes *body, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
TempoSpotifyReply *tempo_spotify_client_send_finish (TempoSpotifyClient *self, GAsyncResult *result, GError **error);
/* How many messages are on their way. */
guint tempo_spotify_client_get_busy (TempoSpotifyClient *self);
/* A picture, which needs no token and counts for no gate. */
void tempo_spotify_client_fetch_async (TempoSpotifyClient *self, const char *address, gsize max_bytes, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_spotify_client_fetch_finish (TempoSpotifyClient *self, GAsyncResult *result, GError **error);

G_END_DECLS
