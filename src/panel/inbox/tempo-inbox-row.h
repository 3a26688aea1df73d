/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* A request that waits for a decision. Main thread only. */
#define TEMPO_TYPE_INBOX_ROW (tempo_inbox_row_get_type ())
G_DECLARE_FINAL_TYPE (TempoInboxRow, tempo_inbox_row, TEMPO, INBOX_ROW, GtkBox)

TempoInboxRow *tempo_inbox_row_new (void);
/* @item: (nullable) lets go of the last one. */
void tempo_inbox_row_bind (TempoInboxRow *self, TempoDesk *desk, TempoDeskItem *item);
TempoDeskItem *tempo_inbox_row_get_item (TempoInboxRow *self);
/* Opens the ready reasons at the row; @own_words goes straight to the field. */
void tempo_inbox_row_ask_reason (TempoInboxRow *self, gboolean own_words);

G_END_DECLS
