/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/tempo-json.h"
#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Who did what: one entry of the log. Main thread only. */
#define TEMPO_TYPE_LOG_ROW (tempo_log_row_get_type ())
G_DECLARE_FINAL_TYPE (TempoLogRow, tempo_log_row, TEMPO, LOG_ROW, GtkBox)

TempoLogRow *tempo_log_row_new (void);
/* @entry: as the engine lists it. Rows are used again, so everything is set anew. */
void tempo_log_row_bind (TempoLogRow *self, TempoDesk *desk, JsonObject *entry);

G_END_DECLS
