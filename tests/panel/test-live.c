/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panel on the real engine: what a host does in the first minutes, by the actions
 * the buttons and keys start, and what the engine's view says of it afterwards. */
#include <glib/gstdio.h>

#include "base/tempo-clock.h"
#include "model/tempo-refusal.h"
#include "panel/desk/tempo-host-link.h"
#include "panel/house/tempo-house-window.h"
#include "panel/setup/tempo-setup.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#ifdef TEST_HAS_MPD
#include "mpd-house.h"
#endif
#include "spotify-stand-in.h"
#include "venue/tempo-host-spotify.h"
#include "venue/tempo-host.h"

/* Friday, 20 November 2026, 21:00 UTC. */
#define NOW G_GINT64_CONSTANT (1795208400000000)

typedef struct
{
  char *folder;
  TempoClock *clock;
  SpotifyStandIn *stand_in;
  TempoHost *host;
  TempoLink *link;
  TempoDesk *desk;
  TempoWindow *window;
} Fixture;

static void
done_cb (GObject *object,
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

static void
open_host (Fixture *fixture)
{
  const TempoHostOptions options = { .data_dir = fixture->folder, .clock = fixture->clock, .audio_sink = "fakesink",
                                     .spotify_accounts_url = spotify_stand_in_get_accounts_url (fixture->stand_in),
                                     .spotify_api_url = spotify_stand_in_get_api_url (fixture->stand_in) };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fixture->host = tempo_host_new (&options);
  tempo_host_start_async (fixture->host, NULL, done_cb, &result);
  test_wait (has_result, &result);
  g_assert_true (tempo_host_start_finish (fixture->host, result, &error));
  g_assert_no_error (error);
  fixture->link = tempo_host_link_new (fixture->host);
  fixture->desk = tempo_desk_new (fixture->link);
  fixture->window = tempo_window_new (NULL, fixture->desk);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  tempo_window_show_ready (fixture->window);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
close_host (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gtk_window_destroy (GTK_WINDOW (fixture->window));
  test_wait (is_gone, &fixture->window);
  test_settle ();
  test_wait_alone (fixture->desk);
  g_assert_finalize_object (fixture->desk);
  test_wait_alone (fixture->link);
  g_assert_finalize_object (fixture->link);
  tempo_host_stop_async (fixture->host, done_cb, &result);
  test_wait (has_result, &result);
  g_assert_true (tempo_host_stop_finish (fixture->host, result, &error));
  g_assert_no_error (error);
  g_clear_object (&fixture->host);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("tempo-panel-XXXXXX", NULL);
  fixture->clock = tempo_clock_new_fixed (NOW);
  fixture->stand_in = spotify_stand_in_new (fixture->clock);
  open_host (fixture);
}

static void
remove_below (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_below (child);
      g_remove (child);
    }
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  close_host (fixture);
  spotify_stand_in_free (fixture->stand_in);
  g_clear_object (&fixture->clock);
  remove_below (fixture->folder);
  g_rmdir (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
}

static TempoRoomView *
view (Fixture *fixture)
{
  return tempo_desk_get_view (fixture->desk);
}

static gboolean
is_idle (gpointer data)
{
  return tempo_desk_get_waiting (data) == 0;
}

static void
act (Fixture *fixture,
     const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL);
  test_wait (is_idle, fixture->desk);
}

static gboolean
setup_shows_music (gpointer data)
{
  return g_str_equal (tempo_setup_get_page (data), "music");
}

static gboolean
setup_shows_ready (gpointer data)
{
  return g_str_equal (tempo_setup_get_page (data), "ready");
}

static gboolean
night_runs (gpointer data)
{
  TempoRoomView *now = tempo_desk_get_view (data);

  return now != NULL && now->event != NULL;
}

static void
go_through_setup (Fixture *fixture)
{
  GtkWidget *setup = test_find (GTK_WIDGET (fixture->window), "TempoSetup");

  g_assert_cmpstr (tempo_setup_get_page (TEMPO_SETUP (setup)), ==, "name");
  gtk_editable_set_text (GTK_EDITABLE (test_find (setup, "GtkEntry")), "  The Tin Heron ");
  gtk_widget_activate_action (setup, "setup.create", NULL);
  test_wait (setup_shows_music, setup);
  gtk_widget_activate_action (setup, "setup.use-manual", NULL);
  test_wait (setup_shows_ready, setup);
  gtk_widget_activate_action (setup, "setup.finish", NULL);
  test_wait (night_runs, fixture->desk);
}

typedef struct
{
  TempoDesk *desk;
  guint inbox;
  guint queue;
} Lists;

static gboolean
lists_are (gpointer data)
{
  Lists *lists = data;

  return tempo_desk_list_count (tempo_desk_get_inbox (lists->desk)) == lists->inbox
         && tempo_desk_list_count (tempo_desk_get_queue (lists->desk)) == lists->queue;
}

static void
expect (Fixture *fixture,
        guint inbox,
        guint queue)
{
  Lists lists = { fixture->desk, inbox, queue };

  test_wait (lists_are, &lists);
}

/* A guest's phone, as the LAN server would speak for it. */
static void
ask (Fixture *fixture,
     const char *guest,
     const char *title)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, guest, -1);
  g_autoptr (TempoActor) actor = tempo_actor_new_guest (digest, guest, "192.168.1.30", "test");
  g_autoptr (TempoCommand) command = tempo_command_new (TEMPO_ACTION_SUBMIT, actor, view (fixture)->organization->id, view (fixture)->room->id);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  command->title = g_strdup (title);
  command->artist = g_strdup ("The Cranes");
  command->name = g_strdup (guest);
  tempo_host_execute_async (fixture->host, command, NULL, done_cb, &result);
  test_wait (has_result, &result);
  outcome = tempo_host_execute_finish (fixture->host, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (outcome);
}

static gboolean
takes_free_text (gpointer data)
{
  return tempo_desk_get_view (data)->event->rules->free_text;
}

static void
allow_free_text (Fixture *fixture)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_boolean (node, TRUE);
  tempo_desk_set_rule (fixture->desk, "freeText", node);
  test_wait (takes_free_text, fixture->desk);
}

static void
test_first_minutes (Fixture *fixture,
                    gconstpointer data)
{
  GtkWidget *inbox;

  go_through_setup (fixture);
  g_assert_cmpstr (view (fixture)->organization->name, ==, "The Tin Heron");
  g_assert_cmpstr (view (fixture)->room->source, ==, "manual");
  g_assert_cmpstr (view (fixture)->event->name, ==, "Friday, 20 November");
  allow_free_text (fixture);

  ask (fixture, "Ann", "Zombie Walk");
  ask (fixture, "Max", "Copper Wire");
  ask (fixture, "Jo", "Slow Satellite");
  expect (fixture, 3, 0);
  inbox = test_find (GTK_WIDGET (fixture->window), "TempoInbox");
  g_assert_true (test_has_text (inbox, "Zombie Walk"));

  gtk_widget_activate_action (inbox, "inbox.approve", NULL);
  expect (fixture, 2, 1);
  gtk_widget_activate_action (inbox, "inbox.decline", "u", 2);
  expect (fixture, 1, 1);
  g_assert_cmpstr (((TempoRequest *) view (fixture)->history->pdata[0])->reason_code, ==, "played_enough");
  act (fixture, "win.undo");
  expect (fixture, 2, 1);
  act (fixture, "win.approve-all");
  expect (fixture, 0, 3);
}

static gboolean
is_restricted (gpointer data)
{
  return tempo_desk_get_view (data)->room->switch_state == TEMPO_SWITCH_RESTRICTED;
}

static void
test_night (Fixture *fixture,
            gconstpointer data)
{
  go_through_setup (fixture);
  allow_free_text (fixture);
  ask (fixture, "Ann", "Zombie Walk");
  ask (fixture, "Max", "Copper Wire");
  expect (fixture, 2, 0);
  act (fixture, "win.approve-all");
  expect (fixture, 0, 2);
  act (fixture, "win.skip");
  expect (fixture, 0, 1);
  g_assert_true (test_has_text (test_find (GTK_WIDGET (fixture->window), "TempoPlayerBar"), "Zombie Walk"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.switch", "s", "restricted");
  test_wait (is_restricted, fixture->desk);
  g_assert_true (test_has_text (test_find (GTK_WIDGET (fixture->window), "TempoSwitchButton"), "Votes only"));
}

/* Closed and opened again the same night goes on, and no first run is asked for. */
static void
test_comes_back (Fixture *fixture,
                 gconstpointer data)
{
  go_through_setup (fixture);
  allow_free_text (fixture);
  ask (fixture, "Ann", "Zombie Walk");
  expect (fixture, 1, 0);
  close_host (fixture);
  open_host (fixture);
  test_wait (night_runs, fixture->desk);
  expect (fixture, 1, 0);
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "Zombie Walk"));
}

static gboolean
says_backed_up (gpointer data)
{
  return test_has_text (data, "Backed up and checked");
}

static gboolean
is_red (gpointer data)
{
  return g_str_equal (tempo_desk_get_view (data)->organization->name, "The Red Note");
}

static void
test_settings (Fixture *fixture,
               gconstpointer data)
{
  JsonNode *name = json_node_new (JSON_NODE_VALUE);

  go_through_setup (fixture);
  json_node_set_string (name, "The Red Note");
  tempo_desk_set_setting (fixture->desk, FALSE, "name", name);
  test_wait (is_red, fixture->desk);
  act (fixture, "win.backup");
  test_wait (says_backed_up, fixture->window);
}

static GtkWidget *
find_entry (GtkWidget *window,
            const char *title)
{
  GtkWidget *row;

  for (guint i = 0; (row = test_find_nth (window, "AdwEntryRow", i)) != NULL; i++)
    if (g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title))
      return row;
  g_assert_not_reached ();
}

static void
wish (GtkWidget *window,
      const char *title,
      const char *text)
{
  GtkWidget *row = find_entry (window, title);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, adw_entry_row_get_show_apply_button (ADW_ENTRY_ROW (row)) ? "apply" : "entry-activated");
}

static gboolean
shows_yard (gpointer data)
{
  return test_has_text (data, "Yard");
}

static gboolean
shows_terrace (gpointer data)
{
  return test_has_text (data, "Terrace");
}

static gboolean
is_cellar (gpointer data)
{
  TempoRoomView *now = tempo_desk_get_view (data);

  return now != NULL && g_str_equal (now->organization->name, "Cellar");
}

static gboolean
shows_both (gpointer data)
{
  return test_has_text (data, "Cellar") && test_has_text (data, "The Tin Heron");
}

static GtkWidget *
find_side_row (GtkWidget *window,
               const char *room_id)
{
  GtkWidget *row;

  for (guint i = 0; (row = test_find_nth (window, "GtkListBoxRow", i)) != NULL; i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "room-id"), room_id) == 0)
      return row;
  g_assert_not_reached ();
}

static gboolean
is_hidden (gpointer data)
{
  return !gtk_widget_get_visible (data);
}

static GtkWidget *
find_switch (GtkWidget *window,
             const char *id)
{
  GtkWidget *control;

  for (guint i = 0; (control = test_find_nth (window, "GtkSwitch", i)) != NULL; i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (control), "tempo-id"), id) == 0)
      return control;
  g_assert_not_reached ();
}

static gboolean
offers_to_end (gpointer data)
{
  return test_has_text (data, "A night is running there. End it first.");
}

static gboolean
is_closed (gpointer data)
{
  g_autoptr (GPtrArray) all = tempo_host_list_organizations (data);

  for (guint i = 0; i < all->len; i++)
    if (!((TempoOrganization *) g_ptr_array_index (all, i))->active)
      return TRUE;
  return FALSE;
}

/* A house with a night on is not closed, and the way to it stands beside the refusal. */
static void
check_closing (Fixture *fixture,
               GtkWidget *window)
{
  g_autoptr (GPtrArray) all = tempo_host_list_organizations (fixture->host);
  const char *id = ((TempoOrganization *) g_ptr_array_index (all, 0))->id;

  gtk_switch_set_active (GTK_SWITCH (find_switch (window, id)), FALSE);
  test_wait (offers_to_end, window);
  test_settle ();
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (find_switch (window, id))));
  if (g_getenv ("TEMPO_SHOTS") != NULL)
    {
      g_autofree char *file = g_build_filename (g_getenv ("TEMPO_SHOTS"), "close-refused.png", NULL);

      test_wait_ms (500);
      test_shoot (GTK_NATIVE (window), file);
    }
  test_press (window, "End It and Close");
  test_wait (is_closed, fixture->host);
}

/* The list goes away under the keys, because one room is left. GTK moves a focus that was lost when it draws the next
 * frame, and trips over a label when it comes to one. */
static void
check_focus_stays (Fixture *fixture,
                   GtkWidget *window)
{
  TempoRoomView *view = tempo_desk_get_view (fixture->desk);
  GtkWidget *row = find_side_row (GTK_WIDGET (fixture->window), view->room->id);
  GtkWidget *rooms = gtk_widget_get_parent (row);
  TempoCommand *command = tempo_desk_command (fixture->desk, TEMPO_ACTION_SETTING);

  g_assert_true (gtk_widget_grab_focus (row));
  check_closing (fixture, window);
  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "welcome", "Down the stairs.");
  tempo_desk_send (fixture->desk, command);
  test_wait (is_hidden, rooms);
  test_wait_ms (100);
  g_assert_true (GTK_IS_LIST_BOX_ROW (gtk_window_get_focus (GTK_WINDOW (fixture->window))));
}

/* A second room and a second house: the sidebar has them, under the names of their houses, and turns to them. */
static void
test_house (Fixture *fixture,
            gconstpointer data)
{
  TempoHouseWindow *window;
  GtkWidget *widget;
  g_autoptr (GPtrArray) rooms = NULL;
  g_autofree char *shot = g_strdup (g_getenv ("TEMPO_SHOTS"));

  go_through_setup (fixture);
  g_assert_false (test_has_text (GTK_WIDGET (fixture->window), "Yard"));
  window = tempo_house_window_new (GTK_WINDOW (fixture->window), fixture->desk);
  widget = GTK_WIDGET (window);
  gtk_window_present (GTK_WINDOW (window));
  wish (widget, "Add a room", "Yard");
  test_wait (shows_yard, widget);
  test_wait (shows_yard, fixture->window);
  rooms = tempo_link_list_rooms (fixture->link);
  g_assert_cmpuint (rooms->len, ==, 2);

  wish (widget, "Add an organization", "Cellar");
  test_wait (is_cellar, fixture->desk);
  test_wait (shows_both, fixture->window);
  test_settle ();
  if (shot != NULL)
    {
      g_autofree char *panel = g_build_filename (shot, "houses.png", NULL);

      test_wait_ms (500);
      test_shoot (GTK_NATIVE (fixture->window), panel);
    }
  check_focus_stays (fixture, widget);
  wish (widget, "Add a room", "Terrace");
  test_wait (shows_terrace, widget);
  gtk_window_destroy (GTK_WINDOW (window));
  test_settle ();
}

static gboolean
set_pin (Fixture *fixture,
         const char *old,
         const char *pin,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_link_set_pin_async (fixture->link, old, pin, done_cb, &result);
  test_wait (has_result, &result);
  return tempo_link_set_pin_finish (fixture->link, result, error);
}

/* The engine's PIN and what it says of the licence, as the pages ask for them. */
static void
test_pin_and_licence (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) checked = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  tempo_link_create_venue_async (fixture->link, "The Tin Heron", NULL, NULL, done_cb, &created);
  test_wait (has_result, &created);
  g_assert_true (tempo_link_create_venue_finish (fixture->link, created, NULL));
  tempo_link_list_async (fixture->link, "licence", NULL, done_cb, &listed);
  test_wait (has_result, &listed);
  bytes = tempo_link_list_finish (fixture->link, listed, &error);
  g_assert_no_error (error);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), "\"community\""));

  g_assert_false (tempo_link_has_pin (fixture->link));
  g_assert_false (set_pin (fixture, NULL, "12", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID);
  g_clear_error (&error);
  g_assert_true (set_pin (fixture, NULL, "2580", NULL));
  g_assert_true (tempo_link_has_pin (fixture->link));
  g_assert_false (set_pin (fixture, "1111", "1234", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_WRONG_CODE);
  tempo_link_check_pin_async (fixture->link, "2580", done_cb, &checked);
  test_wait (has_result, &checked);
  g_assert_true (tempo_link_check_pin_finish (fixture->link, checked, NULL));
  g_assert_true (set_pin (fixture, "2580", NULL, NULL));
  g_assert_false (tempo_link_has_pin (fixture->link));
}

/* --- the music's place, with a real mpd and Spotify's stand-in --- */

static void
shoot (Fixture *fixture,
       const char *name)
{
  static const struct
  {
    const char *suffix;
    int width, height;
    AdwColorScheme scheme;
  } looks[] = { { "wide", 1200, 800, ADW_COLOR_SCHEME_FORCE_LIGHT }, { "narrow", 360, 740, ADW_COLOR_SCHEME_FORCE_DARK } };
  const char *folder = g_getenv ("TEMPO_SHOTS");

  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (looks); i++)
    {
      g_autofree char *file = g_strdup_printf ("%s/music-%s-%s.png", folder, name, looks[i].suffix);

      adw_style_manager_set_color_scheme (adw_style_manager_get_default (), looks[i].scheme);
      gtk_window_set_default_size (GTK_WINDOW (fixture->window), looks[i].width, looks[i].height);
      test_wait_ms (700);
      test_shoot (GTK_NATIVE (fixture->window), file);
    }
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1200, 800);
}

/* What a label of the page says. */
typedef struct
{
  GtkWidget *page;
  const char *text;
} Wanted;

static gboolean
says (gpointer data)
{
  Wanted *wanted = data;

  return test_has_text (wanted->page, wanted->text);
}

static void
wait_text (GtkWidget *page,
           const char *text)
{
  Wanted wanted = { page, text };

  g_test_message ("waiting for: %s", text);
  test_wait (says, &wanted);
}

static gboolean
has_two_rows (gpointer data)
{
  return test_count (data, "TempoSourceRow") == 2;
}

/* The window at the place of music, with @kind before what there was. (transfer none). */
static GtkWidget *
open_music (Fixture *fixture,
            const char *kind)
{
  GtkWidget *page = test_find (GTK_WIDGET (fixture->window), "TempoMusicPage");

  go_through_setup (fixture);
  tempo_window_show_place (fixture->window, "music");
  gtk_widget_activate_action (page, "music.add", "s", kind);
  test_wait (is_idle, fixture->desk);
  test_wait (has_two_rows, page);
  gtk_widget_activate_action (test_find_nth (page, "TempoSourceRow", 1), "source.up", NULL);
  test_wait (is_idle, fixture->desk);
  return page;
}

/* (transfer full): Spotify's answer to the panel. */
static char *
ask_spotify (Fixture *fixture,
             const char *act)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  tempo_link_spotify_async (fixture->link, act, "client1", done_cb, &result);
  test_wait (has_result, &result);
  bytes = tempo_link_spotify_finish (fixture->link, result, &error);
  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* The panel asks with the port of the LAN server, which is not here. (transfer full). */
static char *
begin_sign_in (Fixture *fixture,
               TempoActor *desktop)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *address;

  tempo_host_spotify_sign_in_async (fixture->host, desktop, view (fixture)->organization->id, "client1", TRUE, 8080, NULL, done_cb, &result);
  test_wait (has_result, &result);
  address = tempo_host_spotify_sign_in_finish (fixture->host, result, &error);
  g_assert_no_error (error);
  return address;
}

/* What the person and the browser do between them. */
static void
sign_in (Fixture *fixture)
{
  g_autoptr (TempoActor) desktop = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  g_autofree char *address = begin_sign_in (fixture, desktop);
  g_autofree char *back = spotify_stand_in_consent (fixture->stand_in, address, "ann", TRUE);
  g_autoptr (GHashTable) query = g_uri_parse_params (strchr (back, '?') + 1, -1, "&", G_URI_PARAMS_NONE, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoSpotifyReport) report = NULL;

  tempo_host_spotify_callback_async (fixture->host, NULL, g_hash_table_lookup (query, "state"), g_hash_table_lookup (query, "code"), NULL, NULL,
                                     done_cb, &result);
  test_wait (has_result, &result);
  report = tempo_host_spotify_callback_finish (fixture->host, result, &error);
  g_assert_no_error (error);
}

static void
look_again (GtkWidget *page)
{
  g_signal_emit_by_name (test_find (test_find (test_find (page, "TempoSpotifySettings"), "AdwComboRow"), "GtkButton"), "clicked");
}

/* The account's row has the time of day at which it goes on, which is whatever it is where the test runs. */
static gboolean
says_until_when (gpointer data)
{
  GtkWidget *row = test_find (test_find (data, "TempoSpotifySettings"), "AdwActionRow");

  return g_str_has_prefix (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "ann's account · Spotify asks for a pause until ");
}

static void
test_spotify (Fixture *fixture,
              gconstpointer data)
{
  SpotifyStandInUser *ann = spotify_stand_in_get_user (fixture->stand_in, "ann");
  GtkWidget *page = open_music (fixture, "spotify");
  g_autofree char *gone = NULL;
  g_autofree char *after = NULL;

  wait_text (page, "Not connected.");
  g_assert_true (test_has_text (page, "Sign In"));
  shoot (fixture, "disconnected");

  sign_in (fixture);
  /* What somebody did in the browser is seen without coming back to the page. */
  wait_text (page, "ann's account · Ready. Nothing plays there.");
  wait_text (page, "Whichever plays");
  g_assert_false (test_has_text (page, "How to get a client ID"));
  shoot (fixture, "connected");

  ann->allowed = FALSE;
  look_again (page);
  wait_text (page, "Open Spotify's Dashboard");
  shoot (fixture, "not-allowed");
  ann->allowed = TRUE;
  look_again (page);
  wait_text (page, "ann's account · Ready. Nothing plays there.");

  ann->revoked = TRUE;
  look_again (page);
  wait_text (page, "Reconnect Spotify");
  wait_text (page, "ann's account · Spotify wants you to sign in again.");
  shoot (fixture, "needs-sign-in");
  sign_in (fixture);
  wait_text (page, "ann's account · Ready. Nothing plays there.");

  spotify_stand_in_limit (fixture->stand_in, 1, 4 * 3600, FALSE);
  look_again (page);
  look_again (page);
  test_wait (says_until_when, page);
  g_assert_false (test_has_text (page, "That did not work: Spotify asks for a pause"));
  shoot (fixture, "limited");

  gone = ask_spotify (fixture, "disconnect");
  wait_text (page, "Not connected.");
  after = ask_spotify (fixture, "report");
  g_assert_nonnull (strstr (after, "\"disconnected\""));
  g_assert_null (strstr (after, "ann"));
}

#ifdef TEST_HAS_MPD
static gboolean
has_text_now (gpointer data)
{
  return *gtk_editable_get_text (data) != '\0';
}

static void
test_mpd (Fixture *fixture,
          gconstpointer data)
{
  g_autoptr (MpdHouse) house = NULL;
  GtkWidget *page, *group, *socket;

  house = mpd_house_new (3000, NULL);
  mpd_house_start (house);
  page = open_music (fixture, "mpd");
  group = test_find (page, "TempoMpdSettings");
  socket = find_entry (group, "Or a socket on this computer, like /run/mpd/socket");
  gtk_editable_set_text (GTK_EDITABLE (socket), house->socket);
  g_signal_emit_by_name (socket, "apply");
  wait_text (page, "Has its turn now.");
  test_press (group, "Test");
  wait_text (page, "It answers. Everything is fine.");
  shoot (fixture, "mpd");

  /* It is still shown when the page is come back to, and can be cleared. */
  gtk_editable_set_text (GTK_EDITABLE (socket), "");
  tempo_window_show_place (fixture->window, "tonight");
  test_settle ();
  tempo_window_show_place (fixture->window, "music");
  test_wait (has_text_now, socket);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (socket)), ==, house->socket);
  gtk_editable_set_text (GTK_EDITABLE (socket), "");
  g_signal_emit_by_name (socket, "apply");
  wait_text (page, "MPD does not answer. Check that it runs, and its address.");
}

#endif

#define ADD(path, func) g_test_add ("/panel/live/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("first-minutes", test_first_minutes);
  ADD ("night", test_night);
  ADD ("comes-back", test_comes_back);
  ADD ("settings", test_settings);
  ADD ("house", test_house);
  ADD ("pin-and-licence", test_pin_and_licence);
  ADD ("spotify", test_spotify);
#ifdef TEST_HAS_MPD
  ADD ("mpd", test_mpd);
#endif
  return g_test_run ();
}
