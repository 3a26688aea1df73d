/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window as a whole: what is shown when, actions, notifications of state, and that it goes away. */
#include "config.h"

#include "model/tempo-refusal.h"
#include "panel/player/tempo-player-bar.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

typedef TestPanel Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  test_panel_begin (fixture);
}

/* Every test ends by proving that the window and the desk are finalized. */
static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  test_panel_end (fixture);
}

static void
open_evening (Fixture *fixture)
{
  tempo_twin_fill (fixture->twin, 6, 9, 12);
  tempo_window_show_ready (fixture->window);
  test_settle ();
}

static GtkWidget *
find (Fixture *fixture,
      const char *type)
{
  return test_find (GTK_WIDGET (fixture->window), type);
}

static void
act (Fixture *fixture,
     const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  test_settle ();
}

static void
test_starting (Fixture *fixture,
               gconstpointer data)
{
  GtkWidget *spinner = find (fixture, "GtkSpinner");
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "the <b>reason</b> & more");

  g_assert_true (gtk_widget_get_mapped (spinner));
  tempo_window_show_failure (fixture->window, error);
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "Tempo Cannot Start"));
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "That did not work: the <b>reason</b> & more"));
}

static void
test_shows_evening (Fixture *fixture,
                    gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  open_evening (fixture);
  g_assert_true (test_has_text (window, "The Tin Heron"));
  g_assert_true (test_has_text (window, "Main room"));
  g_assert_true (test_has_text (window, "Friday, 20 November"));
  g_assert_true (test_has_text (window, "42 guests"));
  g_assert_true (test_has_text (window, "Open"));
  g_assert_true (test_has_text (find (fixture, "TempoPlayerBar"), "Slow Satellite"));
  g_assert_true (test_has_text (find (fixture, "TempoInbox"), "6"));
  g_assert_cmpuint (test_count (find (fixture, "TempoInbox"), "TempoInboxRow"), >=, 6);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "The Tin Heron");
}

/* Names and songs are text, whatever they look like. */
static void
test_no_markup (Fixture *fixture,
                gconstpointer data)
{
  /* Short lists: what is scrolled away is not drawn. */
  tempo_twin_fill (fixture->twin, 1, 1, 0);
  tempo_window_show_ready (fixture->window);
  tempo_twin_ask (fixture->twin, "<b>bold</b> & <i>loud", "<span size='99999'>Eve</span>");
  test_settle ();
  g_assert_true (test_has_text (find (fixture, "TempoInbox"), "<b>bold</b> & <i>loud"));
  act (fixture, "win.approve-all");
  g_assert_true (test_has_text (find (fixture, "TempoQueue"), "<b>bold</b> & <i>loud"));
}

static void
test_places (Fixture *fixture,
             gconstpointer data)
{
  static const struct
  {
    const char *place;
    const char *type;
  } cases[] = {
    { "room", "TempoRoomPage" },
    { "music", "TempoMusicPage" },
    { "history", "TempoHistoryPage" },
    { "guests", "TempoGuestsPage" },
    { "people", "TempoPeoplePage" },
    { "display", "TempoDisplayPage" },
    { "settings", "TempoSettingsPage" },
    { "tonight", "TempoInbox" },
  };

  open_evening (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-place", "s", cases[i].place));
      test_settle ();
      g_assert_cmpstr (tempo_window_get_place (fixture->window), ==, cases[i].place);
      g_assert_true (gtk_widget_get_mapped (find (fixture, cases[i].type)));
    }
}

/* What makes no sense now cannot be done now. */
static void
test_enabled_actions (Fixture *fixture,
                      gconstpointer data)
{
  tempo_twin_open_empty (fixture->twin);
  tempo_window_show_ready (fixture->window);
  test_settle ();
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "Before the Doors"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.end-night", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.rules", NULL);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  act (fixture, "win.open-doors");
  g_assert_cmpint (tempo_twin_get_last (fixture->twin)->action, ==, TEMPO_ACTION_EVENT_CREATE);
  g_assert_true (tempo_twin_get_last (fixture->twin)->flag);
  g_assert_cmpstr (tempo_desk_get_view (fixture->desk)->event->name, ==, "Friday, 20 November");
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "The doors are open"));
}

static void
test_transport (Fixture *fixture,
                gconstpointer data)
{
  open_evening (fixture);
  act (fixture, "win.play-pause");
  g_assert_cmpint (tempo_twin_get_last (fixture->twin)->action, ==, TEMPO_ACTION_PAUSE);
  act (fixture, "win.play-pause");
  g_assert_cmpint (tempo_twin_get_last (fixture->twin)->action, ==, TEMPO_ACTION_PLAY);
  act (fixture, "win.skip");
  g_assert_cmpint (tempo_twin_get_last (fixture->twin)->action, ==, TEMPO_ACTION_SKIP);
  g_assert_true (test_has_text (find (fixture, "TempoPlayerBar"), "Midnight Ferry"));
}

static void
test_manual (Fixture *fixture,
             gconstpointer data)
{
  open_evening (fixture);
  tempo_twin_set_source (fixture->twin, "manual");
  test_settle ();
  act (fixture, "win.skip");
  g_assert_cmpint (tempo_twin_get_last (fixture->twin)->action, ==, TEMPO_ACTION_MARK_PLAYING);
  g_assert_true (test_has_text (find (fixture, "TempoPlayerBar"), "Midnight Ferry"));
}

/* The night ends only when the chance to call it back has gone by. */
static void
test_end_night (Fixture *fixture,
                gconstpointer data)
{
  GtkWidget *toast;

  open_evening (fixture);
  act (fixture, "win.end-night");
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "The night ends now"));
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  toast = find (fixture, "AdwToastWidget");
  g_assert_nonnull (toast);
  /* "Keep Going" */
  gtk_widget_activate (test_find_nth (toast, "GtkButton", 0));
  g_signal_emit_by_name (test_find_nth (toast, "GtkButton", 0), "clicked");
  test_settle ();
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  g_assert_nonnull (tempo_desk_get_view (fixture->desk)->event);
}

static gboolean
night_is_over (gpointer data)
{
  return tempo_desk_get_view (data)->event == NULL;
}

static void
test_end_night_for_good (Fixture *fixture,
                         gconstpointer data)
{
  GtkWidget *toast;

  open_evening (fixture);
  act (fixture, "win.end-night");
  toast = find (fixture, "AdwToastWidget");
  g_signal_emit_by_name (test_find_nth (toast, "GtkButton", 1), "clicked");
  test_wait (night_is_over, fixture->desk);
  g_assert_cmpint (tempo_twin_get_last (fixture->twin)->action, ==, TEMPO_ACTION_EVENT_END);
}

static void
test_refusals (Fixture *fixture,
               gconstpointer data)
{
  open_evening (fixture);
  tempo_twin_refuse_next (fixture->twin, tempo_refusal_new (TEMPO_REFUSAL_STATE, NULL, "late"));
  act (fixture, "win.approve-all");
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "Somebody was quicker: it has moved on already."));
  tempo_twin_refuse_next (fixture->twin, tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL, "disk full"));
  act (fixture, "win.approve-all");
  /* The first one belongs to the first run. */
  g_assert_true (test_has_text (test_find_nth (GTK_WIDGET (fixture->window), "TempoNotice", 1), "Open the Folder"));
}

static void
test_health (Fixture *fixture,
             gconstpointer data)
{
  open_evening (fixture);
  tempo_twin_set_health (fixture->twin, "disk", TEMPO_HEALTH_WARNING);
  test_settle ();
  g_assert_true (test_has_text (find (fixture, "TempoHealthButton"), "Disk"));
  tempo_twin_set_health (fixture->twin, "address", TEMPO_HEALTH_BAD);
  test_settle ();
  g_assert_true (test_has_text (find (fixture, "TempoHealthButton"), "Address"));
}

static gboolean
is_wide (gpointer data)
{
  return !tempo_window_get_narrow (data);
}

/* The width it had when it was closed is no promise: a desktop may show it over the whole screen. */
static void
test_width (Fixture *fixture,
            gconstpointer data)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 700);
  test_panel_close_window (fixture);
  test_panel_open_window (fixture);
  g_assert_true (tempo_window_get_narrow (fixture->window));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1200, 700);
  open_evening (fixture);
  test_wait (is_wide, fixture->window);
}

static void
test_narrow (Fixture *fixture,
             gconstpointer data)
{
  static const char *const places[] = { "tonight", "room", "music", "history", "stats", "log", "guests", "people", "display", "settings" };
  int minimum = 0;

  open_evening (fixture);
  g_assert_false (tempo_window_get_narrow (fixture->window));
  gtk_widget_set_visible (GTK_WIDGET (fixture->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  g_assert_true (tempo_window_get_narrow (fixture->window));
  gtk_window_present (GTK_WINDOW (fixture->window));
  test_settle ();
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      tempo_window_show_place (fixture->window, places[i]);
      test_settle ();
      gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      g_test_message ("%s needs %d pixels", places[i], minimum);
      g_assert_cmpint (minimum, <=, 372);
    }
}

static void
test_ticks_only_when_seen (Fixture *fixture,
                           gconstpointer data)
{
  TempoPlayerBar *player;

  open_evening (fixture);
  player = TEMPO_PLAYER_BAR (find (fixture, "TempoPlayerBar"));
  g_assert_true (tempo_player_bar_is_ticking (player));
  act (fixture, "win.play-pause");
  g_assert_false (tempo_player_bar_is_ticking (player));
  act (fixture, "win.play-pause");
  g_assert_true (tempo_player_bar_is_ticking (player));
  gtk_widget_set_visible (GTK_WIDGET (fixture->window), FALSE);
  g_assert_false (tempo_player_bar_is_ticking (player));
}

/* Every button says what it does, by a label or an accessible name. */
static void
assert_named (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL
      && gtk_widget_get_mapped (widget) && !GTK_IS_WINDOW_CONTROLS (gtk_widget_get_parent (widget)))
    {
      const char *tip = gtk_widget_get_tooltip_text (widget);

      if (tip == NULL)
        g_test_message ("no tooltip: %s", gtk_button_get_icon_name (GTK_BUTTON (widget)));
      if (gtk_widget_get_ancestor (widget, GTK_TYPE_SPIN_BUTTON) == NULL && !ADW_IS_ENTRY_ROW (gtk_widget_get_ancestor (widget, ADW_TYPE_ENTRY_ROW))
          && gtk_widget_get_ancestor (widget, GTK_TYPE_SCALE_BUTTON) == NULL && gtk_widget_get_ancestor (widget, GTK_TYPE_MENU_BUTTON) == NULL)
        g_assert_nonnull (tip);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    assert_named (child);
}

static void
test_buttons_named (Fixture *fixture,
                    gconstpointer data)
{
  static const char *const places[] = { "tonight", "room", "music", "history", "guests", "people", "display", "settings" };

  open_evening (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      tempo_window_show_place (fixture->window, places[i]);
      test_settle ();
      assert_named (GTK_WIDGET (fixture->window));
    }
}

#define ADD(path, func) g_test_add ("/panel/window/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("starting", test_starting);
  ADD ("shows-evening", test_shows_evening);
  ADD ("no-markup", test_no_markup);
  ADD ("places", test_places);
  ADD ("enabled-actions", test_enabled_actions);
  ADD ("transport", test_transport);
  ADD ("manual", test_manual);
  ADD ("end-night", test_end_night);
  ADD ("end-night-for-good", test_end_night_for_good);
  ADD ("refusals", test_refusals);
  ADD ("health", test_health);
  ADD ("narrow", test_narrow);
  ADD ("width", test_width);
  ADD ("ticks-only-when-seen", test_ticks_only_when_seen);
  ADD ("buttons-named", test_buttons_named);
  return g_test_run ();
}
