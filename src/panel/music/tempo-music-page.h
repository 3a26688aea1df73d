/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Where the music of the open room comes from: its sources in order, how each is, what helps, and how each is set up. Main thread
 * only. */
#define TEMPO_TYPE_MUSIC_PAGE (tempo_music_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoMusicPage, tempo_music_page, TEMPO, MUSIC_PAGE, AdwBin)

/* @desk: (nullable) lets go of everything. */
void tempo_music_page_set_desk (TempoMusicPage *self, TempoDesk *desk);

G_END_DECLS
