/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/spotify/tempo-spotify-service.h"
#include "music/tempo-source.h"

G_BEGIN_DECLS

/* A room's music from its organization's Spotify account. Spotify's queue can be added to and nothing else, so the
 * engine keeps its own and hands over one song shortly before the end; whatever people play on the account besides
 * is theirs and is only shown. Rooms of one organization share the account. Engine thread only. */
#define TEMPO_TYPE_SPOTIFY_SOURCE (tempo_spotify_source_get_type ())
G_DECLARE_FINAL_TYPE (TempoSpotifySource, tempo_spotify_source, TEMPO, SPOTIFY_SOURCE, GObject)

/* @service: outlives it. (transfer full). */
TempoSource *tempo_spotify_source_new (TempoSpotifyService *service, const char *organization);
/* Where songs begin to play; NULL (as at first): where something plays already, or the only device there is. */
void tempo_spotify_source_set_device (TempoSpotifySource *self, const char *device_id);
TempoSpotifyAccount *tempo_spotify_source_get_account (TempoSpotifySource *self);

G_END_DECLS
