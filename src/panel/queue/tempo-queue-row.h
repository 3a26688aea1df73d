/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* A song on the list: its place, why, and what the host can do with it. Rows are
 * dragged onto each other. Main thread only. */
#define TEMPO_TYPE_QUEUE_ROW (tempo_queue_row_get_type ())
G_DECLARE_FINAL_TYPE (TempoQueueRow, tempo_queue_row, TEMPO, QUEUE_ROW, GtkBox)

TempoQueueRow *tempo_queue_row_new (void);
/* @item: (nullable) lets go of the last one. */
void tempo_queue_row_bind (TempoQueueRow *self, TempoDesk *desk, TempoDeskItem *item);
TempoDeskItem *tempo_queue_row_get_item (TempoQueueRow *self);
/* Says why the song stands here. */
void tempo_queue_row_explain (TempoQueueRow *self);

G_END_DECLS
