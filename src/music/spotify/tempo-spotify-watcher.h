/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/spotify/tempo-spotify-reader.h"

G_BEGIN_DECLS

/* Follows what an account plays, for all rooms that want to know: Spotify pushes nothing, so it is asked - every
 * twenty seconds while something plays, a second after the end of a song, once in a while otherwise, never when
 * nobody wants to know. Belongs to a TempoSpotifyAccount. Engine thread only. */
typedef struct _TempoSpotifyWatcher TempoSpotifyWatcher;

/* @account: owns it. */
TempoSpotifyWatcher *tempo_spotify_watcher_new (gpointer account);
void tempo_spotify_watcher_free (TempoSpotifyWatcher *self);
void tempo_spotify_watcher_set (TempoSpotifyWatcher *self, gpointer who, gboolean watching);
void tempo_spotify_watcher_look_again (TempoSpotifyWatcher *self, gint64 delay_us);
/* The account is another, or signed in anew: what was seen counts no more. */
void tempo_spotify_watcher_restart (TempoSpotifyWatcher *self);
const TempoSpotifyPlayback *tempo_spotify_watcher_get_playback (TempoSpotifyWatcher *self);
gint64 tempo_spotify_watcher_get_lag (TempoSpotifyWatcher *self);

G_END_DECLS
