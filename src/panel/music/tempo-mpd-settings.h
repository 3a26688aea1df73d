/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Where the Music Player Daemon of the open room is. Main thread only. */
#define TEMPO_TYPE_MPD_SETTINGS (tempo_mpd_settings_get_type ())
G_DECLARE_FINAL_TYPE (TempoMpdSettings, tempo_mpd_settings, TEMPO, MPD_SETTINGS, AdwPreferencesGroup)

/* @desk: (nullable) lets go of everything. */
void tempo_mpd_settings_set_desk (TempoMpdSettings *self, TempoDesk *desk);
/* Shows what is set; @settings are those of the room. */
void tempo_mpd_settings_take (TempoMpdSettings *self, JsonObject *settings);

G_END_DECLS
