/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first run: a name with its letters, where the music comes from, ready. */
#include "model/tempo-refusal.h"
#include "panel/setup/tempo-setup.h"
#include "shared.h"

typedef struct
{
  TestPanel panel;
  GtkWidget *setup;
  GtkEditable *name;
  GtkEditable *letters;
  GtkWidget *next;
} Fixture;

static void
set_up (Fixture *f,
        gconstpointer data)
{
  test_panel_begin (&f->panel);
  f->setup = test_panel_show (&f->panel, NULL, "TempoSetup");
  f->name = GTK_EDITABLE (test_find (f->setup, "GtkEntry"));
  f->letters = GTK_EDITABLE (test_find (f->setup, "TempoLettersRow"));
  f->next = test_find_button (f->setup, "Continue");
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  test_panel_end (&f->panel);
}

static void
assert_page (Fixture *f,
             const char *page)
{
  test_settle ();
  g_assert_cmpstr (tempo_setup_get_page (TEMPO_SETUP (f->setup)), ==, page);
}

static const struct
{
  const char *name, *letters; /* NULL: nobody touches them */
  const char *shows, *code;   /* NULL: there is no way on */
} cases[] = {
  { "", NULL, NULL, NULL },
  { "   ", NULL, NULL, NULL },
  { "The Blue Note", NULL, "Its requests get numbers such as THE-REQ-001. The letters stay.", "THE" },
  { "Ö", NULL, "Its requests get numbers such as OXX-REQ-001. The letters stay.", "OXX" },
  { "Offbeat", NULL, "Its requests get numbers such as OFA-REQ-001. The letters stay.", "OFA" },
  { "The Blue Note", "blu", "Its requests get numbers such as BLU-REQ-001. The letters stay.", "BLU" },
  { "The Blue Note", " Note ", "Its requests get numbers such as NOTE-REQ-001. The letters stay.", "NOTE" },
  { "The Blue Note", "", "Its requests get numbers such as THE-REQ-001. The letters stay.", "THE" },
  { "The Blue Note", "off", "“<b>Cellar</b>” has these letters. Choose others.", NULL },
  { "The Blue Note", "b", "3 or 4 letters from A to Z.", NULL },
  { "The Blue Note", "b-n", "3 or 4 letters from A to Z.", NULL },
};

/* Most never look at the letters; who does hears at once what comes of them. */
static void
test_name (Fixture *f,
           gconstpointer data)
{
  tempo_twin_set_unopened (f->panel.twin, "<b>Cellar</b>", TEMPO_STORE_ERROR_CORRUPT);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gtk_editable_set_text (f->name, "");
      gtk_editable_set_text (f->name, cases[i].name);
      if (cases[i].letters != NULL)
        gtk_editable_set_text (f->letters, cases[i].letters);
      test_settle ();
      if (cases[i].shows != NULL && !test_has_text (f->setup, cases[i].shows))
        g_error ("\"%s\", \"%s\": not \"%s\"", cases[i].name, cases[i].letters, cases[i].shows);
      g_assert_cmpint (gtk_widget_get_visible (GTK_WIDGET (f->letters)), ==, cases[i].shows != NULL);
      g_assert_cmpint (gtk_widget_get_sensitive (f->next), ==, cases[i].code != NULL);
      if (cases[i].code == NULL)
        {
          g_signal_emit_by_name (f->name, "activate");
          assert_page (f, "name");
        }
    }
}

/* What is made has the letters that were seen, whichever field Enter was pressed in. */
static void
test_made (Fixture *f,
           gconstpointer data)
{
  TempoRefusalDetail detail = { .subject = "code" };

  gtk_editable_set_text (f->name, "  The Blue Note ");
  gtk_editable_set_text (f->letters, "blu");
  tempo_twin_refuse_next (f->panel.twin, tempo_refusal_new (TEMPO_REFUSAL_CONFLICT, &detail, "taken"));
  g_signal_emit_by_name (f->name, "activate");
  assert_page (f, "name");
  g_assert_true (test_has_text (f->setup, "Somebody has these letters. Choose others."));
  g_assert_false (gtk_widget_get_sensitive (f->next));
  gtk_editable_set_text (f->letters, "bnt");
  tempo_twin_refuse_next (f->panel.twin, tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL, "full"));
  g_signal_emit_by_name (f->letters, "entry-activated");
  assert_page (f, "name");
  /* It is not the letters' fault, so trying again is possible. */
  g_assert_true (test_has_text (f->setup, "It could not be saved. Nothing that was accepted is lost; try again."));
  g_assert_true (gtk_widget_get_sensitive (f->next));
  g_signal_emit_by_name (f->letters, "entry-activated");
  assert_page (f, "music");
  g_assert_cmpstr (tempo_desk_get_view (f->panel.desk)->organization->name, ==, "The Blue Note");
  g_assert_cmpstr (tempo_desk_get_view (f->panel.desk)->organization->code, ==, "BNT");
}

static const struct
{
  const char *action, *source, *place;
} choices[] = {
  { "setup.use-folder", "library", "tonight" },
  { "setup.use-manual", "manual", "tonight" },
  { "setup.use-demo", "library", "tonight" },
  { "setup.connect-player", "manual", "music" },
};

/* Each answer is taken back until the doors are open. */
static void
test_music (Fixture *f,
            gconstpointer data)
{
  gtk_editable_set_text (f->name, "The Blue Note");
  g_signal_emit_by_name (f->name, "activate");
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      assert_page (f, "music");
      gtk_widget_activate_action (f->setup, choices[i].action, NULL);
      assert_page (f, "ready");
      g_assert_cmpstr (tempo_desk_get_view (f->panel.desk)->room->source, ==, choices[i].source);
      g_assert_true (gtk_widget_get_visible (test_find (f->setup, "GtkButton")));
      gtk_widget_activate_action (f->setup, "setup.back", NULL);
    }
}

/* The last click opens the doors, and leads to where the chosen music wants more words. */
static void
test_finish (Fixture *f,
             gconstpointer choice)
{
  guint i = GPOINTER_TO_UINT (choice);

  gtk_editable_set_text (f->name, "The Blue Note");
  g_signal_emit_by_name (f->name, "activate");
  assert_page (f, "music");
  gtk_widget_activate_action (f->setup, choices[i].action, NULL);
  assert_page (f, "ready");
  gtk_widget_activate_action (f->setup, "setup.finish", NULL);
  g_assert_cmpint (test_panel_get_last (&f->panel)->action, ==, TEMPO_ACTION_EVENT_CREATE);
  g_assert_cmpstr (tempo_window_get_place (f->panel.window), ==, choices[i].place);
  g_assert_false (gtk_widget_get_mapped (f->setup));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  g_test_add ("/panel/setup/name", Fixture, NULL, set_up, test_name, tear_down);
  g_test_add ("/panel/setup/made", Fixture, NULL, set_up, test_made, tear_down);
  g_test_add ("/panel/setup/music", Fixture, NULL, set_up, test_music, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autofree char *path = g_strconcat ("/panel/setup/finish/", strchr (choices[i].action, '.') + 1, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_finish, tear_down);
    }
  return g_test_run ();
}
