/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The Spotify account of the open room's organization. Main thread only. */
#define TEMPO_TYPE_SPOTIFY_SETTINGS (tempo_spotify_settings_get_type ())
G_DECLARE_FINAL_TYPE (TempoSpotifySettings, tempo_spotify_settings, TEMPO, SPOTIFY_SETTINGS, AdwPreferencesGroup)

/* @desk: (nullable) lets go of everything. */
void tempo_spotify_settings_set_desk (TempoSpotifySettings *self, TempoDesk *desk);
/* Shows what is set; @settings are those of the room. */
void tempo_spotify_settings_take (TempoSpotifySettings *self, JsonObject *settings);
/* Asks how the account is. */
/* The source says something else than before: asks how the account is, and nothing more of Spotify. */
void tempo_spotify_settings_look (TempoSpotifySettings *self);
void tempo_spotify_settings_refresh (TempoSpotifySettings *self);
/* Opens the browser with the app that was used before; without one, the words to confirm come into view. */
void tempo_spotify_settings_sign_in (TempoSpotifySettings *self);

G_END_DECLS
