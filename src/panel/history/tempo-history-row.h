/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* A request that came to its end, and how. Main thread only. */
#define TEMPO_TYPE_HISTORY_ROW (tempo_history_row_get_type ())
G_DECLARE_FINAL_TYPE (TempoHistoryRow, tempo_history_row, TEMPO, HISTORY_ROW, GtkBox)

TempoHistoryRow *tempo_history_row_new (void);
/* @item: (nullable) lets go of the last one. */
void tempo_history_row_bind (TempoHistoryRow *self, TempoDesk *desk, TempoDeskItem *item);

G_END_DECLS
