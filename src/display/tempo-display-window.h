/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "venue/tempo-monitor.h"

G_BEGIN_DECLS

/* The projector window: what plays, what is next, how to join. Shows the newest view
 * of a TempoMonitor; fullscreen on the monitor the host chose, found again by its
 * name, and windowed (never lost) while that monitor is away. Main thread only. */

#define TEMPO_TYPE_DISPLAY_WINDOW (tempo_display_window_get_type ())
G_DECLARE_FINAL_TYPE (TempoDisplayWindow, tempo_display_window, TEMPO, DISPLAY_WINDOW, GtkWindow)

/* A window that is not shown yet. (transfer none): GTK owns toplevels. */
TempoDisplayWindow *tempo_display_window_new (TempoMonitor *monitor);
/* The same fed by hand, for tests and previews; @view may be NULL. */
TempoDisplayWindow *tempo_display_window_new_for_view (TempoRoomView *view);
void tempo_display_window_set_view (TempoDisplayWindow *self, TempoRoomView *view);

/* Shows it fullscreen on the monitor whose tempo_display_monitor_name() is @name.
 * NULL or a name that is not there now: as a window, until a monitor of that name comes. */
void tempo_display_window_show_on (TempoDisplayWindow *self, const char *name);
const char *tempo_display_window_get_monitor_name (TempoDisplayWindow *self);

/* Shows on every monitor its number, name and size for five seconds. */
void tempo_display_identify (void);

G_END_DECLS
