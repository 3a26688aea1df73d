/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A night on paper: figures, what was wanted most, everything that sounded. Main thread only. */

/* The first line says where and when. How many pages of @width × @height points it takes. */
guint tempo_night_report_count_pages (JsonArray *setlist, double height);
/* Draws page @page, counted from 0. */
void tempo_night_report_draw (cairo_t *cr, const char *title, JsonObject *totals, JsonArray *setlist,
                              guint page, double width, double height);
/* Asks where to print; a PDF file is one of the printers. */
void tempo_night_report_print (GtkWindow *parent, const char *title, JsonObject *stats, JsonArray *setlist);

G_END_DECLS
