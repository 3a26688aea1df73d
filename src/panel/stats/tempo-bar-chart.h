/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A row of bars with a name under some of them. It tells itself to screen readers as one picture whose
 * description is every bar in words, because the figures stand nowhere else. Main thread only. */
#define TEMPO_TYPE_BAR_CHART (tempo_bar_chart_get_type ())
G_DECLARE_FINAL_TYPE (TempoBarChart, tempo_bar_chart, TEMPO, BAR_CHART, GtkWidget)

#define TEMPO_BAR_CHART_MAX 400

GtkWidget *tempo_bar_chart_new (void);
void tempo_bar_chart_clear (TempoBarChart *self);
/* @part: of @value, drawn darker: what was declined. Bars beyond the most there may be are left out. */
void tempo_bar_chart_add (TempoBarChart *self, const char *label, guint value, guint part);
guint tempo_bar_chart_get_n (TempoBarChart *self);

G_END_DECLS
