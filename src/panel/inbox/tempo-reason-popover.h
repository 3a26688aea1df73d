/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The ready reasons for a no, numbered as on the keyboard, and a field for one's own. Main thread only. */
#define TEMPO_TYPE_REASON_POPOVER (tempo_reason_popover_get_type ())
G_DECLARE_FINAL_TYPE (TempoReasonPopover, tempo_reason_popover, TEMPO, REASON_POPOVER, GtkPopover)

/* Opens at @parent for one request; goes away by itself. */
TempoReasonPopover *tempo_reason_popover_open (GtkWidget *parent, TempoDesk *desk, const char *request_id,
                                               gboolean own_words);

G_END_DECLS
