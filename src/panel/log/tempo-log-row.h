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
/* @entry: as the engine lists it. @day: (nullable) the heading of the day that begins with it.
 * Rows are used again, so everything is set anew. */
void tempo_log_row_bind (TempoLogRow *self, JsonObject *entry, const char *day);
/* When it happened, in wall microseconds; 0 when that cannot be read. */
gint64 tempo_log_row_read_time (JsonObject *entry);

G_END_DECLS
