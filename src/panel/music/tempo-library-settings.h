/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The music folder of the open room. Main thread only. */
#define TEMPO_TYPE_LIBRARY_SETTINGS (tempo_library_settings_get_type ())
G_DECLARE_FINAL_TYPE (TempoLibrarySettings, tempo_library_settings, TEMPO, LIBRARY_SETTINGS, AdwPreferencesGroup)

/* @desk: (nullable) lets go of everything. */
void tempo_library_settings_set_desk (TempoLibrarySettings *self, TempoDesk *desk);
/* @settings: of the room. */
void tempo_library_settings_take (TempoLibrarySettings *self, JsonObject *settings);
/* Looks how far it is read. */
void tempo_library_settings_refresh (TempoLibrarySettings *self);
/* Asks for a folder. */
void tempo_library_settings_choose (TempoLibrarySettings *self);

G_END_DECLS
