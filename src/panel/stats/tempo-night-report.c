/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/stats/tempo-night-report.h"

#include <glib/gi18n.h>

#include "base/tempo-clock.h"

#define MARGIN 48.0
#define LINE 16.0
#define HEAD 96.0

typedef struct
{
  char *title;         /* (owned) */
  JsonObject *totals;  /* (owned) (nullable) */
  JsonArray *setlist;  /* (owned) */
} Report;

static void
free_report (gpointer data,
             GClosure *closure)
{
  Report *report = data;

  g_clear_pointer (&report->title, g_free);
  g_clear_pointer (&report->totals, json_object_unref);
  g_clear_pointer (&report->setlist, json_array_unref);
  g_free (report);
}

static guint
count_lines (double height)
{
  return (guint) MAX (1, (height - 2 * MARGIN - HEAD) / LINE);
}

static void
draw_text (cairo_t *cr,
           const char *text,
           double x,
           double y,
           double width,
           double size,
           gboolean bold)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();

  pango_font_description_set_family (font, "Sans");
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_height (layout, -1);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static char *
format_clock (JsonObject *song)
{
  const char *text = json_object_get_string_member_with_default (song, "startedAt", NULL);
  gint64 wall_us = 0;
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (text == NULL || !tempo_time_parse (text, &wall_us))
    return g_strdup ("");
  utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  local = g_date_time_to_local (utc);
  return g_date_time_format (local, "%H:%M");
}

static void
draw_song (cairo_t *cr,
           JsonObject *song,
           double y,
           double width)
{
  g_autofree char *clock = format_clock (song);
  const char *artist = json_object_get_string_member_with_default (song, "artist", "");
  g_autofree char *text = g_strdup_printf ("%s%s%s", json_object_get_string_member_with_default (song, "title", ""),
                                           artist != NULL && *artist != '\0' ? " · " : "", artist != NULL ? artist : "");
  const char *name = json_object_get_string_member_with_default (song, "name", NULL);

  draw_text (cr, clock, MARGIN, y, 48, 10, FALSE);
  draw_text (cr, text, MARGIN + 48, y, width - 2 * MARGIN - 48 - 130, 10, FALSE);
  draw_text (cr, name != NULL ? name : "", width - MARGIN - 120, y, 120, 10, FALSE);
}

static char *
describe_totals (JsonObject *totals)
{
  guint requests = (guint) json_object_get_int_member_with_default (totals, "requests", 0);
  guint guests = (guint) json_object_get_int_member_with_default (totals, "guests", 0);
  guint played = (guint) json_object_get_int_member_with_default (totals, "played", 0);
  /* Translators: %u is how many songs were asked for in a night. */
  g_autofree char *first = g_strdup_printf (ngettext ("%u request", "%u requests", requests), requests);
  /* Translators: %u is how many guests asked for songs in a night. */
  g_autofree char *second = g_strdup_printf (ngettext ("%u guest", "%u guests", guests), guests);
  g_autofree char *third = g_strdup_printf (ngettext ("%u played", "%u played", played), played);

  return g_strjoin (" · ", first, second, third, NULL);
}

guint
tempo_night_report_count_pages (JsonArray *setlist,
                                double height)
{
  guint lines = count_lines (height);

  return MAX (1, (json_array_get_length (setlist) + lines - 1) / lines);
}

/* Each page has the head, so that loose sheets can be told.
 */
void
tempo_night_report_draw (cairo_t *cr,
                         const char *title,
                         JsonObject *totals,
                         JsonArray *setlist,
                         guint page,
                         double width,
                         double height)
{
  guint lines = count_lines (height);
  guint first = page * lines;
  guint last = MIN (first + lines, json_array_get_length (setlist));
  g_autofree char *number = g_strdup_printf ("%u / %u", page + 1, tempo_night_report_count_pages (setlist, height));
  double y = MARGIN;

  cairo_set_source_rgb (cr, 0, 0, 0);
  draw_text (cr, title, MARGIN, y, width - 2 * MARGIN, 20, TRUE);
  if (totals != NULL)
    {
      g_autofree char *text = describe_totals (totals);

      draw_text (cr, text, MARGIN, y + 32, width - 2 * MARGIN, 12, FALSE);
    }
  cairo_set_line_width (cr, 0.5);
  cairo_move_to (cr, MARGIN, y + 60);
  cairo_line_to (cr, width - MARGIN, y + 60);
  cairo_stroke (cr);
  y += HEAD - 24;
  for (guint i = first; i < last; i++, y += LINE)
    draw_song (cr, json_array_get_object_element (setlist, i), y, width);
  draw_text (cr, number, MARGIN, height - MARGIN, width - 2 * MARGIN, 9, FALSE);
}

static void
begin_print_cb (GtkPrintOperation *operation,
                GtkPrintContext *context,
                Report *report)
{
  gtk_print_operation_set_n_pages (operation, (int) tempo_night_report_count_pages (report->setlist,
                                                                                    gtk_print_context_get_height (context)));
}

static void
draw_page_cb (GtkPrintOperation *operation,
              GtkPrintContext *context,
              int page,
              Report *report)
{
  tempo_night_report_draw (gtk_print_context_get_cairo_context (context), report->title, report->totals, report->setlist,
                           (guint) page, gtk_print_context_get_width (context), gtk_print_context_get_height (context));
}

void
tempo_night_report_print (GtkWindow *parent,
                          const char *title,
                          JsonObject *stats,
                          JsonArray *setlist)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  Report *report = g_new0 (Report, 1);

  report->title = g_strdup (title);
  report->totals = stats != NULL && json_object_has_member (stats, "totals")
    ? json_object_ref (json_object_get_object_member (stats, "totals")) : NULL;
  report->setlist = json_array_ref (setlist);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (operation, C_ ("statistics", "Night report"));
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_print_cb), report);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (draw_page_cb), report, free_report, 0);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}
