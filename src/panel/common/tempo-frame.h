/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Calls @func once when @widget has been laid out anew with all that was changed so far: sizes, and what a scrolled list
 * holds, are true then, and may be changed. Not at all when the widget goes away first. Main thread only. */
typedef void (*TempoFrameFunc) (GtkWidget *widget);
void tempo_frame_after_layout (GtkWidget *widget, TempoFrameFunc func);

G_END_DECLS
