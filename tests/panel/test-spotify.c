/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spotify's songs in the panel: each leads back to where it is from, and what people wrote is text. */
#include <string.h>

#include "panel/player/tempo-player-bar.h"
#include "shared.h"

#define TRACK "4uLU6hMCjMI75M1A2tKUQC"
#define SONG "spotify:track:" TRACK
#define ADDRESS "https://open.spotify.com/track/" TRACK

typedef struct
{
  TestPanel panel;
  GtkWidget *bar;
} Fixture;

static void
set_up (Fixture *f,
        gconstpointer data)
{
  test_panel_begin (&f->panel);
  tempo_twin_fill (f->panel.twin, 1, 3, 1);
  f->bar = test_panel_show (&f->panel, NULL, "TempoPlayerBar");
  test_wait_mapped (test_find (GTK_WIDGET (f->panel.window), "TempoQueue"));
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  test_panel_end (&f->panel);
}

static const struct
{
  const char *song_id, *artist, *name;
  const char *words; /* NULL: none are shown */
  gboolean linked;
} playing[] = {
  { "library:1", "Salt Choir", NULL, "Salt Choir", FALSE },
  { "library:1", "Salt Choir", "Ann", "Salt Choir · asked by Ann", FALSE },
  { "library:1", "", NULL, NULL, FALSE },
  { NULL, "", "Ann", "asked by Ann", FALSE },
  { SONG, "Salt Choir", NULL, "Salt Choir", TRUE },
  { SONG, "Salt Choir", "", "Salt Choir", TRUE },
  { SONG, "Salt Choir", "Ann", "Salt Choir · asked by Ann", TRUE },
  { SONG, "", NULL, NULL, TRUE },
  { SONG, "Moth & <b>Flame</b>", "<a href=\"http://x\">Max</a> & Jo", "Moth & <b>Flame</b> · asked by <a href=\"http://x\">Max</a> & Jo", TRUE },
  { "spotify:episode:" TRACK, "Salt Choir", NULL, "Salt Choir", FALSE },
};

/* The link is a thing of its own, so that a long name cannot push it out of sight. */
static void
test_bar (Fixture *f,
          gconstpointer data)
{
  GtkLinkButton *link = GTK_LINK_BUTTON (test_find (f->bar, "GtkLinkButton"));

  for (guint i = 0; i < G_N_ELEMENTS (playing); i++)
    {
      tempo_twin_put (f->panel.twin, TEMPO_REQUEST_PLAYING, playing[i].song_id, "Midnight <i>Ferry</i>", playing[i].artist, playing[i].name);
      test_settle ();
      g_assert_true (test_has_text (f->bar, "Midnight <i>Ferry</i>"));
      if (playing[i].words != NULL && !test_has_text (f->bar, playing[i].words))
        g_error ("not \"%s\"", playing[i].words);
      g_assert_false (test_has_text (f->bar, ""));
      g_assert_cmpint (gtk_widget_get_mapped (GTK_WIDGET (link)), ==, playing[i].linked);
      g_assert_cmpint (test_has_text (f->bar, "Spotify"), ==, playing[i].linked);
      if (playing[i].linked)
        g_assert_cmpstr (gtk_link_button_get_uri (link), ==, ADDRESS);
    }
}

/* At any width it can be seen whole, whatever the song and the guest are called. */
static void
test_narrow (Fixture *f,
             gconstpointer data)
{
  GtkWidget *link = test_find (f->bar, "GtkLinkButton");
  g_autofree char *longest = g_strnfill (200, 'w');
  graphene_rect_t at;

  tempo_twin_put (f->panel.twin, TEMPO_REQUEST_PLAYING, SONG, longest, longest, longest);
  tempo_player_bar_set_narrow (TEMPO_PLAYER_BAR (f->bar), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (f->panel.window), 360, 740);
  test_wait_ms (100);
  g_assert_true (gtk_widget_compute_bounds (link, f->bar, &at));
  g_assert_cmpfloat (at.origin.x + at.size.width, <, gtk_widget_get_width (f->bar));
  g_assert_cmpint (gtk_widget_get_width (link), >=, 40);
}

/* By the keyboard as by the pointer it opens the song's page. */
static void
test_follow (Fixture *f,
             gconstpointer data)
{
  GtkWidget *link = test_find (f->bar, "GtkLinkButton");
  g_autofree char *browser = test_take_browser ();
  g_autofree char *by_bar = NULL;
  g_autofree char *by_menu = NULL;
  GtkWidget *row;

  tempo_twin_put (f->panel.twin, TEMPO_REQUEST_PLAYING, SONG, "Midnight Ferry", "Salt Choir", NULL);
  test_settle ();
  g_assert_true (gtk_widget_get_focusable (link));
  g_assert_true (gtk_widget_grab_focus (link));
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (link)), ==, GTK_ACCESSIBLE_ROLE_LINK);
  g_assert_true (gtk_widget_activate (link));
  by_bar = test_wait_visit (browser);
  g_assert_cmpstr (by_bar, ==, ADDRESS);

  tempo_twin_put (f->panel.twin, TEMPO_REQUEST_APPROVED, SONG, "Velvet Static", "Moth & Flame", "Max");
  test_settle ();
  row = gtk_widget_get_ancestor (test_find_label (GTK_WIDGET (f->panel.window), "Moth & Flame · Spotify"), g_type_from_name ("TempoQueueRow"));
  gtk_widget_activate_action (row, "row.listen", NULL);
  by_menu = test_wait_visit (browser);
  g_assert_cmpstr (by_menu, ==, ADDRESS);
}

/* The menu offers it for Spotify's songs and for no others. */
static void
test_menu (Fixture *f,
           gconstpointer data)
{
  guint offered = 0, rows;

  tempo_twin_put (f->panel.twin, TEMPO_REQUEST_APPROVED, SONG, "Velvet Static", "Moth & Flame", "Max");
  test_settle ();
  rows = test_count (GTK_WIDGET (f->panel.window), "TempoQueueRow");
  g_assert_cmpuint (rows, >=, 4);
  for (guint i = 0; i < rows; i++)
    {
      GtkWidget *row = test_find_nth (GTK_WIDGET (f->panel.window), "TempoQueueRow", i);
      GtkWidget *button = test_find (row, "GtkMenuButton");
      gboolean spotify = test_has_text (row, "Moth & Flame · Spotify");

      gtk_menu_button_popup (GTK_MENU_BUTTON (button));
      test_settle ();
      g_assert_cmpint (test_has_text (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button))), "Listen on Spotify"), ==, spotify);
      gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
      offered += spotify;
    }
  g_assert_cmpuint (offered, ==, 1);
}

#define ADD(name, function) g_test_add ("/panel/spotify/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("bar", test_bar);
  ADD ("narrow", test_narrow);
  ADD ("follow", test_follow);
  ADD ("menu", test_menu);
  return g_test_run ();
}
