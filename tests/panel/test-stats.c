/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures as the panel shows and prints them. */
#include "base/tempo-json.h"
#include "panel/stats/tempo-bar-chart.h"
#include "panel/stats/tempo-night-report.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

static gboolean
shows_figures (gpointer data)
{
  return test_find (data, "TempoBarChart") != NULL;
}

static void
set_up (TestPanel *panel,
        gconstpointer data)
{
  test_panel_begin (panel);
  tempo_twin_fill (panel->twin, 3, 6, 10);
}

static void
tear_down (TestPanel *panel,
           gconstpointer data)
{
  test_panel_end (panel);
}

/* The page asks when it is shown; guests' words are text and never markup. */
static void
test_page (TestPanel *panel,
           gconstpointer data)
{
  GtkWidget *page = test_panel_show (panel, "stats", "TempoStatsPage");

  test_wait (shows_figures, page);
  g_assert_true (test_has_text (page, "68"));
  g_assert_true (test_has_text (page, "Zombie Walk"));
  g_assert_true (test_has_text (page, "Über den Dächern <b>"));
  g_assert_true (test_has_text (page, "Had all their songs waiting"));
  g_assert_true (test_has_text (page, "moonlight tram"));
  g_assert_cmpuint (tempo_bar_chart_get_n (TEMPO_BAR_CHART (test_find (page, "TempoBarChart"))), ==, 4);
}

/* Not more bars than there is room for, and none after clearing. */
static void
test_chart (void)
{
  g_autoptr (GtkWidget) chart = g_object_ref_sink (tempo_bar_chart_new ());

  for (guint i = 0; i < TEMPO_BAR_CHART_MAX + 10; i++)
    tempo_bar_chart_add (TEMPO_BAR_CHART (chart), "22:00", i, i / 2);
  g_assert_cmpuint (tempo_bar_chart_get_n (TEMPO_BAR_CHART (chart)), ==, TEMPO_BAR_CHART_MAX);
  tempo_bar_chart_clear (TEMPO_BAR_CHART (chart));
  g_assert_cmpuint (tempo_bar_chart_get_n (TEMPO_BAR_CHART (chart)), ==, 0);
}

static JsonArray *
make_setlist (guint songs)
{
  JsonArray *setlist = json_array_new ();

  for (guint i = 0; i < songs; i++)
    {
      JsonObject *song = json_object_new ();

      json_object_set_string_member (song, "title", "Zombie Walk");
      json_object_set_string_member (song, "artist", "The Cranes");
      json_object_set_string_member (song, "startedAt", "2026-11-20T22:00:00Z");
      if (i % 2 == 0)
        json_object_set_string_member (song, "name", "Ann");
      else
        json_object_set_null_member (song, "name");
      json_array_add_object_element (setlist, song);
    }

  return setlist;
}

/* Every song has a line on some page of A4. */
static void
test_report (void)
{
  static const struct { guint songs, pages; } cases[] = { { 0, 1 }, { 1, 1 }, { 40, 1 }, { 41, 2 }, { 400, 10 } };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 595, 842);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonArray) setlist = make_setlist (cases[i].songs);

      g_assert_cmpuint (tempo_night_report_count_pages (setlist, 842), ==, cases[i].pages);
      for (guint page = 0; page < cases[i].pages; page++)
        tempo_night_report_draw (cr, "The Tin Heron · Friday", NULL, setlist, page, 595, 842);
    }
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  g_test_add ("/panel/stats/page", TestPanel, NULL, set_up, test_page, tear_down);
  g_test_add_func ("/panel/stats/chart", test_chart);
  g_test_add_func ("/panel/stats/report", test_report);

  return g_test_run ();
}
