/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Which player on this computer the open room follows. Main thread only. */
#define TEMPO_TYPE_MPRIS_SETTINGS (tempo_mpris_settings_get_type ())
G_DECLARE_FINAL_TYPE (TempoMprisSettings, tempo_mpris_settings, TEMPO, MPRIS_SETTINGS, AdwPreferencesGroup)

/* @desk: (nullable) lets go of everything. */
void tempo_mpris_settings_set_desk (TempoMprisSettings *self, TempoDesk *desk);
/* Shows what is set; @settings are those of the room. */
void tempo_mpris_settings_take (TempoMprisSettings *self, JsonObject *settings);
/* Looks which players there are. */
void tempo_mpris_settings_refresh (TempoMprisSettings *self);

G_END_DECLS
