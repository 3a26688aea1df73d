/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the music comes from, as the panel shows and changes it. */
#include "base/tempo-json.h"
#include "panel/music/tempo-music-words.h"
#include "panel/music/tempo-spotify-settings.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

/* Every word a source may say has a sentence of its own and, where something helps, a button. */
static void
test_words (void)
{
  static const struct
  {
    const char *kind, *state, *remedy;
  } cases[] = {
    { "library", "ready", NULL },
    { "library", "connecting", NULL },
    { "library", "gone", "set-up" },
    { "manual", "ready", NULL },
    { "mpd", "unreachable", "set-up" },
    { "mpd", "bad_password", "set-up" },
    { "mpd", "no_output", NULL },
    { "mpd", "restricted", "set-up" },
    { "mpris", "gone", "set-up" },
    { "spotify", "idle", NULL },
    { "spotify", "needs_sign_in", "sign-in" },
    { "spotify", "disconnected", "sign-in" },
    { "spotify", "limited", NULL },
    { "spotify", "no_device", "set-up" },
    { "spotify", "premium_required", "sign-in" },
    { "spotify", "not_allowed", "dashboard" },
    { "spotify", "unreachable", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TempoSourceState *state = tempo_source_state_new (cases[i].kind, cases[i].state, "untranslated", 0);
      g_autofree char *text = tempo_music_words_state (state);
      const char *remedy = NULL;
      const char *label = tempo_music_words_remedy (state, &remedy);

      g_assert_cmpstr (text, !=, "untranslated");
      g_assert_cmpstr (remedy, ==, cases[i].remedy);
      g_assert_true ((label == NULL) == (remedy == NULL));
      tempo_source_state_free (state);
    }
}

typedef struct
{
  TestPanel panel;
  GtkWidget *page;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer user_data)
{
  test_panel_begin (&fixture->panel);
  tempo_twin_fill (fixture->panel.twin, 1, 2, 3);
  tempo_twin_add_source (fixture->panel.twin, "spotify", "needs_sign_in");
  tempo_twin_add_source (fixture->panel.twin, "library", "ready");
  fixture->page = test_panel_show (&fixture->panel, "music", "TempoMusicPage");
}

static void
tear_down (Fixture *fixture,
           gconstpointer user_data)
{
  test_panel_end (&fixture->panel);
}

/* The order as the last command has it. */
static void
assert_order (Fixture *fixture,
              const char *order)
{
  TempoCommand *command = tempo_twin_get_last (fixture->panel.twin);
  g_autofree char *text = NULL;

  test_settle ();
  command = tempo_twin_get_last (fixture->panel.twin);
  g_assert_cmpint (command->action, ==, TEMPO_ACTION_ROOM_EDIT);
  text = json_to_string (json_object_get_member (command->patch, "sources"), FALSE);
  g_assert_cmpstr (text, ==, order);
}

static void
test_order (Fixture *fixture,
            gconstpointer user_data)
{
  g_assert_cmpuint (test_count (fixture->page, "TempoSourceRow"), ==, 2);
  g_assert_true (test_has_text (fixture->page, "Spotify wants you to sign in again."));
  g_assert_true (test_has_text (fixture->page, "Reconnect Spotify"));
  gtk_widget_activate_action (test_find_nth (fixture->page, "TempoSourceRow", 1), "source.up", NULL);
  assert_order (fixture, "[\"library\",\"spotify\"]");
  gtk_widget_activate_action (fixture->page, "music.add", "s", "mpd");
  assert_order (fixture, "[\"library\",\"spotify\",\"mpd\"]");
  gtk_widget_activate_action (test_find_nth (fixture->page, "TempoSourceRow", 0), "source.down", NULL);
  assert_order (fixture, "[\"spotify\",\"library\",\"mpd\"]");
  gtk_widget_activate_action (test_find_nth (fixture->page, "TempoSourceRow", 1), "source.remove", NULL);
  assert_order (fixture, "[\"spotify\",\"mpd\"]");
  gtk_widget_activate_action (test_find_nth (fixture->page, "TempoSourceRow", 1), "source.take", NULL);
  test_settle ();
  g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_SOURCE);
  g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->name, ==, "mpd");
}

/* What plays when nobody asks is chosen where the folder is. */
static void
test_library (Fixture *fixture,
              gconstpointer user_data)
{
  GtkWidget *group = test_find (fixture->page, "TempoLibrarySettings");
  GtkWidget *filler = test_find_nth (group, "AdwActionRow", 1);

  g_assert_true (test_has_text (filler, "Anything at random"));
  g_signal_emit_by_name (test_find (filler, "GtkButton"), "clicked");
  test_settle ();
  g_assert_cmpstr (json_object_get_string_member (tempo_twin_get_last (fixture->panel.twin)->patch, "fillerFolder"), ==, "");
}

static gboolean
is_signed_in (gpointer data)
{
  return tempo_twin_get_spotify_client (data) != NULL;
}

/* Nobody is sent to Spotify who has not confirmed what it allows. */
static void
test_spotify (Fixture *fixture,
              gconstpointer user_data)
{
  GtkWidget *group = test_find (fixture->page, "TempoSpotifySettings");
  GtkWidget *check = test_find (group, "GtkCheckButton");
  GtkWidget *entry = test_find (group, "AdwEntryRow");
  GtkWidget *button = test_find_button (entry, "Sign In");

  gtk_editable_set_text (GTK_EDITABLE (entry), " 0123456789abcdef ");
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  test_wait (is_signed_in, fixture->panel.link);
  g_assert_cmpstr (tempo_twin_get_spotify_client (fixture->panel.twin), ==, "0123456789abcdef");
}

/* Each state of an account, as the row, the account and the health strip tell it. */
static void
test_spotify_states (Fixture *fixture,
                     gconstpointer user_data)
{
  static const struct
  {
    const char *state, *account, *label;
    gboolean form; /* of the sign-in */
  } cases[] = {
    { "disconnected", "Not connected.", "Connect Spotify", TRUE },
    { "connecting", "Connecting.", NULL, TRUE },
    { "ready", "Ada · Ready.", NULL, FALSE },
    { "idle", "Ada · Ready. Nothing plays there.", NULL, FALSE },
    { "needs_sign_in", "Ada · Spotify wants you to sign in again.", "Reconnect Spotify", TRUE },
    { "limited", "Ada · Spotify asks for a pause.", NULL, FALSE },
    { "no_device", "Ada · No device plays. Open Spotify on one and press play once.", "Choose Device", FALSE },
    { "premium_required", "Ada · This account has no Premium, and Spotify plays only with it.", "Use Another Account", FALSE },
    { "not_allowed",
      "Ada · Spotify does not know this account in your app. Add it under User Management; the app's owner needs Premium.",
      "Open Spotify's Dashboard", FALSE },
    { "unreachable", "Ada · Spotify does not answer. Tempo tries again by itself.", NULL, FALSE },
  };
  GtkWidget *group = test_find (fixture->page, "TempoSpotifySettings");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TempoTwin *twin = fixture->panel.twin;
      TempoHealth health = { "source", TEMPO_HEALTH_BAD, (char *) "english" };
      g_autoptr (TempoRoomView) view = NULL;
      g_autofree char *trouble = NULL;
      const char *label = NULL;

      g_test_message ("%s", cases[i].state);
      tempo_twin_set_spotify (twin, cases[i].state);
      tempo_spotify_settings_look (TEMPO_SPOTIFY_SETTINGS (group));
      test_settle ();
      g_assert_true (test_has_text (group, cases[i].account));
      g_assert_cmpint (test_has_text (group, "How to get a client ID"), ==, cases[i].form);

      view = tempo_room_view_new ();
      g_ptr_array_add (view->sources, tempo_source_state_new ("spotify", cases[i].state, "untranslated", 0));
      ((TempoSourceState *) g_ptr_array_index (view->sources, 0))->active = TRUE;
      trouble = tempo_music_words_trouble (view, &health, &label);
      g_assert_cmpstr (label, ==, cases[i].label);
      g_assert_cmpint (trouble == NULL, ==, g_strv_contains ((const char *const[]) { "ready", "idle", NULL }, cases[i].state));
      health.code = "store";
      g_assert_null (tempo_music_words_trouble (view, &health, &label));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  g_test_add_func ("/panel/music/words", test_words);
  g_test_add ("/panel/music/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/panel/music/library", Fixture, NULL, set_up, test_library, tear_down);
  g_test_add ("/panel/music/spotify", Fixture, NULL, set_up, test_spotify, tear_down);
  g_test_add ("/panel/music/spotify-states", Fixture, NULL, set_up, test_spotify_states, tear_down);

  return g_test_run ();
}
