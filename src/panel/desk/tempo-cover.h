/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* A song's picture as a rounded square, a note on a quiet tone while there is none. Main thread only. */
#define TEMPO_TYPE_COVER (tempo_cover_get_type ())
G_DECLARE_FINAL_TYPE (TempoCover, tempo_cover, TEMPO, COVER, GtkWidget)

/* @desk, @song: (nullable). */
void tempo_cover_set_song (TempoCover *self, TempoDesk *desk, TempoSong *song);

/* Any picture of the house's by its id, such as its sign. @desk, @picture: (nullable). */
void tempo_cover_set_picture (TempoCover *self, TempoDesk *desk, const char *picture);

G_END_DECLS
