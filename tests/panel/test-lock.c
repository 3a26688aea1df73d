/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desktop's lock: what passes it (nothing), what opens it, when it falls shut, and how its PIN is kept. */
#include "config.h"

#include <unistd.h>

#include "app/tempo-application.h"
#include "base/tempo-clock.h"
#include "model/tempo-refusal.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

#define PIN "2580"
#define MINUTE (60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  TestPanel panel;
  GSettings *settings;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->settings = g_settings_new (TEMPO_APP_ID);
  g_settings_reset (fixture->settings, "locked");
  g_settings_reset (fixture->settings, "lock-after-minutes");
  test_panel_begin (&fixture->panel);
  tempo_twin_fill (fixture->panel.twin, 3, 6, 10);
  tempo_twin_set_pin (fixture->panel.twin, PIN);
  test_panel_show (&fixture->panel, NULL, NULL);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  test_panel_end (&fixture->panel);
  g_settings_reset (fixture->settings, "locked");
  g_settings_reset (fixture->settings, "lock-after-minutes");
  g_clear_object (&fixture->settings);
}

static GtkWidget *
find (Fixture *fixture,
      const char *type)
{
  return test_find (GTK_WIDGET (fixture->panel.window), type);
}

static void
lock (Fixture *fixture)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->panel.window), "win.lock", NULL));
  test_settle ();
  g_assert_true (tempo_window_get_locked (fixture->panel.window));
}

static void
type_pin (Fixture *fixture,
          const char *pin)
{
  GtkWidget *entry = test_find (find (fixture, "TempoLockPage"), "GtkEntry");

  gtk_editable_set_text (GTK_EDITABLE (entry), pin);
  g_signal_emit_by_name (entry, "activate");
  test_settle ();
}

static gboolean
says (Fixture *fixture,
      const char *text)
{
  return test_has_text (find (fixture, "TempoLockPage"), text);
}

/* Starts everything the window has. Returns how many that was. */
static guint
walk_actions (Fixture *fixture)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_GET_CLASS (fixture->panel.window);
  const GVariantType *type;
  const char *name;
  const char *property;
  GType owner;
  guint count = 0;

  for (guint i = 0; gtk_widget_class_query_action (widget_class, i, &owner, &name, &type, &property); i++)
    {
      if (owner != TEMPO_TYPE_WINDOW)
        continue;
      g_assert_true (type == NULL || g_variant_type_equal (type, G_VARIANT_TYPE_STRING));
      gtk_widget_activate_action (GTK_WIDGET (fixture->panel.window), name, type != NULL ? "s" : NULL,
                                  g_str_equal (name, "win.switch") ? "closed" : "guests");
      test_settle ();
      count++;
    }
  return count;
}

static void
test_open (Fixture *fixture,
           gconstpointer data)
{
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
  g_assert_false (gtk_widget_get_mapped (find (fixture, "TempoLockPage")));
  gtk_widget_activate_action (GTK_WIDGET (fixture->panel.window), "win.skip", NULL);
  test_settle ();
  g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_SKIP);
}

static void
test_no_action_passes (Fixture *fixture,
                       gconstpointer data)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint shown;

  lock (fixture);
  shown = g_list_model_get_n_items (windows);
  g_assert_cmpuint (walk_actions (fixture), >=, 20);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, shown);
  g_assert_cmpstr (tempo_window_get_place (fixture->panel.window), ==, "tonight");
  g_assert_true (tempo_window_get_locked (fixture->panel.window));
}

/* The pages behind have actions and keys of their own; none of them is to be seen or reached. */
static void
test_pages_behind (Fixture *fixture,
                   gconstpointer data)
{
  static const char *const types[] = { "TempoInbox", "TempoQueue", "TempoPlayerBar", "TempoSwitchButton",
                                       "TempoHealthButton", "AdwToastWidget" };

  lock (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_false (find (fixture, types[i]) != NULL && gtk_widget_get_mapped (find (fixture, types[i])));
  gtk_widget_activate_action (find (fixture, "TempoInbox"), "inbox.approve-all", NULL);
  gtk_widget_activate_action (find (fixture, "TempoPlayerBar"), "player.play-pause", NULL);
  gtk_widget_activate_action (find (fixture, "TempoPlayerBar"), "player.skip", NULL);
  tempo_desk_move (fixture->panel.desk, "request-12", 1);
  tempo_desk_act (fixture->panel.desk, TEMPO_ACTION_SKIP);
  test_settle ();
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 0);
  g_assert_cmpuint (tempo_desk_get_waiting (fixture->panel.desk), ==, 0);
}

static void
result_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

/* Behind every page is the link, and it is shut for what changes something. */
static void
test_link_shut (Fixture *fixture,
                gconstpointer data)
{
  g_autoptr (GAsyncResult) backup = NULL;
  g_autoptr (GAsyncResult) logo = NULL;
  g_autoptr (GAsyncResult) pin = NULL;
  g_autoptr (GError) error = NULL;

  lock (fixture);
  tempo_link_backup_async (fixture->panel.link, NULL, result_cb, &backup);
  tempo_link_set_logo_async (fixture->panel.link, NULL, result_cb, &logo);
  tempo_link_set_pin_async (fixture->panel.link, PIN, NULL, result_cb, &pin);
  test_wait (has_result, &backup);
  test_wait (has_result, &logo);
  test_wait (has_result, &pin);
  g_assert_null (tempo_link_backup_finish (fixture->panel.link, backup, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_FORBIDDEN);
  g_assert_false (tempo_link_set_logo_finish (fixture->panel.link, logo, NULL));
  g_assert_false (tempo_link_set_pin_finish (fixture->panel.link, pin, NULL));
  g_assert_cmpstr (tempo_twin_get_pin (fixture->panel.twin), ==, PIN);
}

static void
test_shows_little (Fixture *fixture,
                   gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->panel.window);

  lock (fixture);
  g_assert_true (says (fixture, "Slow Satellite"));
  g_assert_true (says (fixture, "Hexagon"));
  g_assert_true (says (fixture, "All is well"));
  g_assert_false (test_has_text (window, "Main room"));
  g_assert_false (test_has_text (window, "42 guests"));
  tempo_twin_set_health (fixture->panel.twin, "disk", TEMPO_HEALTH_WARNING);
  test_settle ();
  g_assert_true (says (fixture, "Needs a look: Disk"));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), test_find (window, "GtkEntry")));
}

static void
test_dialogs_close (Fixture *fixture,
                    gconstpointer data)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint before = g_list_model_get_n_items (windows);

  gtk_widget_activate_action (GTK_WIDGET (fixture->panel.window), "win.rules", NULL);
  test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, before + 1);
  lock (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, before);
}

static void
test_right_pin (Fixture *fixture,
                gconstpointer data)
{
  tempo_window_show_place (fixture->panel.window, "guests");
  lock (fixture);
  type_pin (fixture, PIN);
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
  g_assert_false (g_settings_get_boolean (fixture->settings, "locked"));
  g_assert_cmpstr (tempo_window_get_place (fixture->panel.window), ==, "guests");
  g_assert_true (gtk_widget_get_mapped (find (fixture, "TempoGuestsPage")));
  gtk_widget_activate_action (GTK_WIDGET (fixture->panel.window), "win.approve-all", NULL);
  test_settle ();
  g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_APPROVE);
}

static void
test_wrong_pin (Fixture *fixture,
                gconstpointer data)
{
  static const char *const wrong[] = { "", "0000", "258", "25800", "12345678" };

  lock (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      type_pin (fixture, wrong[i]);
      g_assert_true (tempo_window_get_locked (fixture->panel.window));
      g_assert_true (says (fixture, "That is not the PIN. Try again."));
    }
  for (guint i = 0; i < 2; i++)
    type_pin (fixture, "0000");
  g_assert_true (says (fixture, "Too many tries. Wait 1 second, then try again."));
  /* Even the right one waits. */
  type_pin (fixture, PIN);
  g_assert_true (tempo_window_get_locked (fixture->panel.window));
  tempo_clock_advance (tempo_twin_get_clock (fixture->panel.twin), 2 * G_USEC_PER_SEC);
  type_pin (fixture, PIN);
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
}

static void
test_idle (Fixture *fixture,
           gconstpointer data)
{
  TempoClock *clock = tempo_twin_get_clock (fixture->panel.twin);

  tempo_clock_advance (clock, 500 * MINUTE);
  tempo_window_check_idle (fixture->panel.window);
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
  g_settings_set_int (fixture->settings, "lock-after-minutes", 5);
  lock (fixture);
  type_pin (fixture, PIN);
  tempo_clock_advance (clock, 4 * MINUTE);
  tempo_window_check_idle (fixture->panel.window);
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
  tempo_clock_advance (clock, MINUTE);
  tempo_window_check_idle (fixture->panel.window);
  g_assert_true (tempo_window_get_locked (fixture->panel.window));
  type_pin (fixture, PIN);
  /* Without a PIN nobody would get in again. */
  tempo_twin_set_pin (fixture->panel.twin, NULL);
  tempo_clock_advance (clock, 10 * MINUTE);
  tempo_window_check_idle (fixture->panel.window);
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
}

static void
test_restart (Fixture *fixture,
              gconstpointer data)
{
  lock (fixture);
  test_panel_close_window (&fixture->panel);
  test_panel_open_window (&fixture->panel);
  test_panel_show (&fixture->panel, NULL, NULL);
  g_assert_true (tempo_window_get_locked (fixture->panel.window));
  g_assert_true (gtk_widget_get_mapped (find (fixture, "TempoLockPage")));
  g_assert_true (tempo_link_get_locked (fixture->panel.link));
  walk_actions (fixture);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 0);
  type_pin (fixture, PIN);
  test_panel_close_window (&fixture->panel);
  test_panel_open_window (&fixture->panel);
  test_panel_show (&fixture->panel, NULL, NULL);
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
}

/* "tempod member pin --reset" is for who forgot it. */
static void
test_reset_meanwhile (Fixture *fixture,
                      gconstpointer data)
{
  lock (fixture);
  test_panel_close_window (&fixture->panel);
  tempo_twin_set_pin (fixture->panel.twin, NULL);
  test_panel_open_window (&fixture->panel);
  test_panel_show (&fixture->panel, NULL, NULL);
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
  g_assert_false (tempo_link_get_locked (fixture->panel.link));
}

static GtkWidget *
find_row (GtkWidget *group,
          guint nth)
{
  return test_find_nth (group, "AdwPasswordEntryRow", nth);
}

static void
fill_pin (GtkWidget *group,
          const char *old,
          const char *fresh,
          const char *again)
{
  gtk_editable_set_text (GTK_EDITABLE (find_row (group, 0)), old);
  gtk_editable_set_text (GTK_EDITABLE (find_row (group, 1)), fresh);
  gtk_editable_set_text (GTK_EDITABLE (find_row (group, 2)), again);
}

/* Without a PIN the key leads to where one is set. */
static void
test_set_pin (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *group;

  tempo_twin_set_pin (fixture->panel.twin, NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->panel.window), "win.lock", NULL);
  test_settle ();
  g_assert_false (tempo_window_get_locked (fixture->panel.window));
  g_assert_cmpstr (tempo_window_get_place (fixture->panel.window), ==, "settings");
  group = find (fixture, "TempoPinGroup");
  g_assert_true (test_has_text (group, "None: the window cannot be locked"));
  g_assert_false (gtk_widget_get_visible (find_row (group, 0)));
  fill_pin (group, "", "123", "123");
  g_assert_false (gtk_widget_is_sensitive (test_find_button (group, "Set PIN")));
  g_assert_true (test_has_text (group, "A PIN is 4 to 12 digits."));
  fill_pin (group, "", "1234", "1243");
  g_assert_false (gtk_widget_is_sensitive (test_find_button (group, "Set PIN")));
  g_assert_true (test_has_text (group, "The two are not the same."));
  g_assert_null (tempo_twin_get_pin (fixture->panel.twin));
  fill_pin (group, "", "1234", "1234");
  test_press (group, "Set PIN");
  g_assert_cmpstr (tempo_twin_get_pin (fixture->panel.twin), ==, "1234");
  g_assert_true (test_has_text (group, "Set"));
}

static void
test_change_pin (Fixture *fixture,
                 gconstpointer data)
{
  GtkWidget *group;

  tempo_window_show_place (fixture->panel.window, "settings");
  test_settle ();
  group = find (fixture, "TempoPinGroup");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (test_find (group, "AdwExpanderRow")), TRUE);
  test_settle ();
  fill_pin (group, "", "1234", "1234");
  g_assert_false (gtk_widget_is_sensitive (test_find_button (group, "Change PIN")));
  g_assert_cmpstr (tempo_twin_get_pin (fixture->panel.twin), ==, PIN);
  fill_pin (group, "1111", "1234", "1234");
  test_press (group, "Change PIN");
  g_assert_cmpstr (tempo_twin_get_pin (fixture->panel.twin), ==, PIN);
  g_assert_true (test_has_text (group, "That is not the PIN. Try again."));
  fill_pin (group, PIN, "123456", "123456");
  test_press (group, "Change PIN");
  g_assert_cmpstr (tempo_twin_get_pin (fixture->panel.twin), ==, "123456");
  fill_pin (group, "000000", "", "");
  test_press (group, "Remove PIN");
  g_assert_cmpstr (tempo_twin_get_pin (fixture->panel.twin), ==, "123456");
  fill_pin (group, "123456", "", "");
  test_press (group, "Remove PIN");
  g_assert_null (tempo_twin_get_pin (fixture->panel.twin));
  g_assert_false (gtk_widget_get_visible (find_row (group, 0)));
}

/* Its engine is never started and so cannot be stopped: the process just ends. */
static void
walk_application (void)
{
  static const char *const left[] = { "activate", "quit", "start", NULL };
  TempoApplication *application = tempo_application_new ();
  g_auto (GStrv) names = NULL;
  TempoLink *link;

  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  link = tempo_desk_get_link (tempo_application_get_desk (application));
  names = g_action_group_list_actions (G_ACTION_GROUP (application));
  for (guint locked = 0; locked < 3; locked++)
    {
      tempo_link_set_locked (link, locked == 1);
      for (guint i = 0; names[i] != NULL; i++)
        g_assert_cmpint (g_action_group_get_action_enabled (G_ACTION_GROUP (application), names[i]), ==,
                         locked != 1 || g_strv_contains (left, names[i]));
    }
  _exit (0);
}

/* The application's own actions, which notifications name. */
static void
test_application (void)
{
  if (g_test_subprocess ())
    walk_application ();
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

#define ADD(path, func) g_test_add ("/panel/lock/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("open", test_open);
  ADD ("no-action-passes", test_no_action_passes);
  ADD ("pages-behind", test_pages_behind);
  ADD ("link-shut", test_link_shut);
  ADD ("shows-little", test_shows_little);
  ADD ("dialogs-close", test_dialogs_close);
  ADD ("right-pin", test_right_pin);
  ADD ("wrong-pin", test_wrong_pin);
  ADD ("idle", test_idle);
  ADD ("restart", test_restart);
  ADD ("reset-meanwhile", test_reset_meanwhile);
  ADD ("set-pin", test_set_pin);
  ADD ("change-pin", test_change_pin);
  g_test_add_func ("/panel/lock/application", test_application);
  return g_test_run ();
}
