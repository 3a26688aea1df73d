/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-source-state.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One source of a room: how it is, what helps, and its place in the order. Main thread only.
 * Signal "act" (const char *kind, const char *what): "up", "down", "remove", "take" or a remedy of tempo-music-words.h. */
#define TEMPO_TYPE_SOURCE_ROW (tempo_source_row_get_type ())
G_DECLARE_FINAL_TYPE (TempoSourceRow, tempo_source_row, TEMPO, SOURCE_ROW, AdwPreferencesRow)

/* The source at @index of @n. */
GtkWidget *tempo_source_row_new (const TempoSourceState *state, guint index, guint n);

G_END_DECLS
