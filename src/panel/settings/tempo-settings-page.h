/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* What outlives the night: name, colour, music, guests' data, backups. Main thread only. */
#define TEMPO_TYPE_SETTINGS_PAGE (tempo_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoSettingsPage, tempo_settings_page, TEMPO, SETTINGS_PAGE, AdwBin)

void tempo_settings_page_set_desk (TempoSettingsPage *self, TempoDesk *desk);
/* Reads settings and backups again. */
void tempo_settings_page_refresh (TempoSettingsPage *self);

/* Takes a PNG or JPEG file as the house's sign. */
void tempo_settings_page_set_logo (TempoSettingsPage *self, GFile *file);
/* Opens the row of the PIN, for somebody who wants to lock without having one. */
void tempo_settings_page_begin_pin (TempoSettingsPage *self);
/* Opens the row of the licence, for somebody who was told that it is over. */
void tempo_settings_page_begin_licence (TempoSettingsPage *self);

G_END_DECLS
