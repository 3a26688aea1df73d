/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The monitors that are there, told when they are known by name: GDK's list changes before a new monitor has a connector,
 * a model or a size (at once on X11, an answer of the compositor later on Wayland). Main thread only.
 *
 * Signal "changed": monitors came, went or became something else; emitted from the main loop, once for many changes. */

#define TEMPO_TYPE_DISPLAY_MONITORS (tempo_display_monitors_get_type ())
G_DECLARE_FINAL_TYPE (TempoDisplayMonitors, tempo_display_monitors, TEMPO, DISPLAY_MONITORS, GObject)

/* Those of @display. */
TempoDisplayMonitors *tempo_display_monitors_new (GdkDisplay *display);
/* (transfer none) of GdkMonitor */
GListModel *tempo_display_monitors_get_list (TempoDisplayMonitors *self);
/* (transfer full) (nullable) the one of that tempo_display_monitor_name() */
GdkMonitor *tempo_display_monitors_find (TempoDisplayMonitors *self, const char *name);

/* A name that stays the same for a monitor across restarts: connector, maker and model, "HDMI-1 ACME P-200". (transfer full). */
char *tempo_display_monitor_name (GdkMonitor *monitor);

G_END_DECLS
