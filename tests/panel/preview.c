/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shows one page of the panel on the twin, for looking at it:
 * run-with-display.sh panel-preview PAGE WIDTH HEIGHT light|dark|contrast FILE
 * writes a PNG of the screen's window by asking the renderer, and ends. */
#include <adwaita.h>

#include "panel/finder/tempo-finder.h"
#include "panel/display/tempo-cards.h"
#include "panel/selftest/tempo-test-window.h"
#include "panel/settings/tempo-rules-window.h"
#include "panel/settings/tempo-settings-page.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

#define SPOTIFY_SONG "spotify:track:4uLU6hMCjMI75M1A2tKUQC"

static void
press (GtkWidget *window,
       const char *action)
{
  gtk_widget_activate_action (window, action, NULL);
}

static GtkWindow *
find_dialog (GtkWindow *parent)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (window) == parent)
        return window;
    }
  return parent;
}

/* The form open, with a list above the fold, and a line that is refused. */
static void
show_announcements (TempoWindow *window)
{
  static const char *const lines[] = { "Fri,Sat 23:00-01:00 Night bus at one", "21:00-23:00 Kitchen closes at eleven" };
  JsonArray *list = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  GtkWidget *group, *text;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    json_array_add_string_element (list, lines[i]);
  json_node_take_array (node, list);
  tempo_desk_set_setting (tempo_window_get_desk (window), TRUE, "announcements", node);
  tempo_window_show_place (window, "room");
  test_wait_ms (300);
  group = test_find (GTK_WIDGET (window), "TempoAnnouncements");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (test_find (group, "AdwExpanderRow")), TRUE);
  test_wait_ms (300);
  text = test_find (group, "AdwEntryRow");
  g_signal_emit_by_name (text, "entry-activated");
  test_wait_ms (100);
  gtk_widget_child_focus (test_find_nth (group, "AdwActionRow", test_count (group, "AdwActionRow") - 1), GTK_DIR_TAB_FORWARD);
}

/* An organization being named, with letters that are free, or somebody's. */
static void
type_organization (GtkWindow *dialog,
                   const char *page)
{
  GtkWidget *group = test_find (GTK_WIDGET (dialog), "TempoNewOrganization");

  gtk_editable_set_text (GTK_EDITABLE (test_find (group, "AdwEntryRow")), "The Blue Kettle");
  if (g_str_equal (page, "house-conflict"))
    gtk_editable_set_text (GTK_EDITABLE (test_find (group, "TempoLettersRow")), "tin");
  test_wait_ms (100);
  gtk_widget_child_focus (test_find (group, "AdwActionRow"), GTK_DIR_TAB_FORWARD);
}

static void
prepare (TempoWindow *window,
         TempoTwin *twin,
         const char *page)
{
  if (g_str_equal (page, "empty"))
    tempo_twin_open_empty (twin);
  else if (g_str_has_prefix (page, "setup"))
    ;
  else
    tempo_twin_fill (twin, 6, 9, 24);
  /* Spotify's songs; with "spotify-menu" what can be done with the first on the list. */
  if (g_str_has_prefix (page, "spotify"))
    {
      tempo_twin_put (twin, TEMPO_REQUEST_PLAYING, SPOTIFY_SONG, "Midnight Ferry to Anywhere Else", "Salt Choir, Dana Rivers", "Ann");
      tempo_twin_put (twin, TEMPO_REQUEST_APPROVED, SPOTIFY_SONG, "Velvet Static", "Moth & Flame", "Max");
      tempo_twin_put (twin, TEMPO_REQUEST_PENDING, SPOTIFY_SONG, "Slow Satellite", "Hexagon", "Jo");
    }
  if (g_str_equal (page, "music"))
    {
      tempo_twin_add_source (twin, "spotify", "needs_sign_in");
      tempo_twin_add_source (twin, "mpd", "unreachable");
      tempo_twin_add_source (twin, "mpris", "gone");
      tempo_twin_add_source (twin, "library", "ready");
    }
  /* "music-limited" and so on: Spotify first, in that state. */
  if (g_str_has_prefix (page, "music-"))
    {
      const char *state = page + strlen ("music-");
      gboolean well = g_str_equal (state, "ready") || g_str_equal (state, "idle");

      tempo_twin_set_spotify (twin, state);
      tempo_twin_add_source (twin, "spotify", g_intern_string (state));
      tempo_twin_add_source (twin, "library", "ready");
      tempo_twin_set_health (twin, "fallback", well ? TEMPO_HEALTH_GOOD : TEMPO_HEALTH_WARNING);
    }
  tempo_desk_set_staff_door (tempo_window_get_desk (window), 8443,
                             "A1:0A:A5:85:28:D3:D1:C4:76:19:B6:B2:99:F6:A4:8C:7A:BD:4A:C1:07:8E:4E:6B:E3:72:F2:92:9C:DC:AB:6C");
  tempo_window_show_ready (window);
  test_settle ();
  if (g_strv_contains ((const char *const[]) { "room", "music", "history", "stats", "log", "guests", "people", "display", "settings", NULL }, page))
    tempo_window_show_place (window, page);
  if (g_str_has_prefix (page, "music-"))
    tempo_window_show_place (window, "music");
  if (g_str_equal (page, "spotify-menu"))
    gtk_menu_button_popup (GTK_MENU_BUTTON (test_find (test_find (GTK_WIDGET (window), "TempoQueueRow"), "GtkMenuButton")));
  /* With a line for the guests, which the phones of the preview show. */
  if (g_str_equal (page, "settings"))
    gtk_editable_set_text (GTK_EDITABLE (test_find_row (GTK_WIDGET (window), "A line for your guests")),
                           "Happy hour until nine, and the dance floor opens when the band has packed up");
  if (g_str_equal (page, "announcements"))
    show_announcements (window);
  if (g_str_has_prefix (page, "lock"))
    tempo_twin_set_pin (twin, "2580");
  if (g_str_equal (page, "lock"))
    press (GTK_WIDGET (window), "win.lock");
  if (g_str_equal (page, "pin") || g_str_equal (page, "lock-pin"))
    {
      tempo_window_show_place (window, "settings");
      tempo_settings_page_begin_pin (TEMPO_SETTINGS_PAGE (test_find (GTK_WIDGET (window), "TempoSettingsPage")));
    }
  if (g_str_equal (page, "licence"))
    {
      tempo_twin_set_health (twin, "licence_grace", TEMPO_HEALTH_WARNING);
      press (GTK_WIDGET (window), "win.show-licence");
    }
  if (g_str_equal (page, "finder"))
    press (GTK_WIDGET (window), "win.find");
  if (g_str_equal (page, "add"))
    press (GTK_WIDGET (window), "win.add");
  if (g_str_equal (page, "rules"))
    press (GTK_WIDGET (window), "win.rules");
  if (g_str_equal (page, "log"))
    {
      tempo_twin_set_folder (twin, "/home/host/.local/share/tempo");
      tempo_window_show_place (window, "tonight");
      tempo_window_show_place (window, page);
    }
  if (g_str_has_prefix (page, "broken"))
    tempo_twin_set_unopened (twin, "The Blue Kettle", TEMPO_STORE_ERROR_CORRUPT);
  if (g_str_equal (page, "broken-here"))
    tempo_twin_set_health (twin, "store", TEMPO_HEALTH_BAD);
  if (g_str_has_prefix (page, "broken"))
    tempo_window_show_ready (window);
  if (g_str_has_prefix (page, "house") || g_str_equal (page, "broken-house"))
    press (GTK_WIDGET (window), "win.house");
  if (g_str_has_prefix (page, "house-"))
    type_organization (find_dialog (GTK_WINDOW (window)), page);
  if (g_str_equal (page, "selftest"))
    press (GTK_WIDGET (window), "win.self-test");
  if (g_str_equal (page, "shortcuts"))
    press (GTK_WIDGET (window), "win.show-help-overlay");
}

static void
walk_setup (TempoWindow *window,
            const char *page)
{
  GtkWidget *setup = test_find (GTK_WIDGET (window), "TempoSetup");
  GtkWidget *entry = test_find (setup, "GtkEntry");

  gtk_editable_set_text (GTK_EDITABLE (entry), "The Tin Heron");
  if (g_str_equal (page, "setup-taken"))
    {
      tempo_twin_set_unopened (TEMPO_TWIN (tempo_desk_get_link (tempo_window_get_desk (window))), "Cellar", TEMPO_STORE_ERROR_CORRUPT);
      gtk_editable_set_text (GTK_EDITABLE (test_find (setup, "TempoLettersRow")), "off");
    }
  if (g_str_equal (page, "setup") || g_str_equal (page, "setup-taken"))
    return;
  gtk_widget_activate_action (setup, "setup.create", NULL);
  test_settle ();
  if (g_str_equal (page, "setup-music"))
    return;
  gtk_widget_activate_action (setup, "setup.use-manual", NULL);
  test_settle ();
}

/* What keeps the window wide: the wide widgets, when PREVIEW_MEASURE is set. */
static void
measure (GtkWidget *widget,
         int depth)
{
  int minimum = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum > 350)
    g_print ("%*s%s %d\n", depth, "", G_OBJECT_TYPE_NAME (widget), minimum);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    measure (child, depth + 1);
}

int
main (int argc,
      char **argv)
{
  const char *page = argc > 1 ? argv[1] : "tonight";
  int width = argc > 2 ? atoi (argv[2]) : 1200;
  int height = argc > 3 ? atoi (argv[3]) : 800;
  const char *scheme = argc > 4 ? argv[4] : "light";
  const char *file = argc > 5 ? argv[5] : NULL;
  g_autoptr (TempoLink) link = NULL;
  g_autoptr (TempoDesk) desk = NULL;
  TempoWindow *window;
  GtkWindow *shown;

  if (g_str_equal (scheme, "contrast"))
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);
  test_init_gtk ();
  if (g_str_equal (scheme, "dark"))
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  link = tempo_twin_new ();
  desk = tempo_desk_new (link);
  window = tempo_window_new (NULL, desk);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  prepare (window, TEMPO_TWIN (link), page);
  if (g_str_has_prefix (page, "setup"))
    walk_setup (window, page);
  test_wait_ms (700);
  shown = find_dialog (GTK_WINDOW (window));
  if (TEMPO_IS_FINDER (shown))
    {
      tempo_finder_search (TEMPO_FINDER (shown), g_str_equal (page, "add") ? "m" : "an");
      test_wait_ms (300);
    }
  if (g_getenv ("PREVIEW_MEASURE") != NULL)
    measure (GTK_WIDGET (shown), 0);
  if (file != NULL && g_str_equal (page, "spotify-menu"))
    test_shoot (GTK_NATIVE (test_find (test_find (GTK_WIDGET (window), "TempoQueueRow"), "GtkPopoverMenu")), file);
  else if (file != NULL)
    test_shoot (GTK_NATIVE (shown), file);
  else
    while (g_list_model_get_n_items (gtk_window_get_toplevels ()) > 0)
      g_main_context_iteration (NULL, TRUE);
  return 0;
}
