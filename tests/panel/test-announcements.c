/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Announcements by the clock: what adding, refusing and removing send. */
#include "model/tempo-refusal.h"
#include "panel/common/tempo-words.h"
#include "panel/room/tempo-announcements.h"
#include "shared.h"
#include "twin.h"

#define WEEK "MTWTFSS"

typedef struct
{
  TestPanel panel;
  GtkWidget *group;
  GtkWidget *text;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  test_panel_begin (&fixture->panel);
  tempo_twin_fill (fixture->panel.twin, 1, 1, 1);
  fixture->group = test_panel_show (&fixture->panel, "room", "TempoAnnouncements");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (test_find (fixture->group, "AdwExpanderRow")), TRUE);
  fixture->text = test_find (fixture->group, "AdwEntryRow");
  test_settle ();
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  test_panel_end (&fixture->panel);
}

/* @days: a dot for each that is off. */
static void
add (Fixture *fixture,
     const char *days,
     const char *from,
     const char *until,
     const char *text)
{
  for (guint day = 0; days[day] != '\0'; day++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (test_find_nth (fixture->group, "GtkToggleButton", day)), days[day] != '.');
  gtk_editable_set_text (GTK_EDITABLE (test_find_nth (fixture->group, "GtkEntry", 0)), from);
  gtk_editable_set_text (GTK_EDITABLE (test_find_nth (fixture->group, "GtkEntry", 1)), until);
  gtk_editable_set_text (GTK_EDITABLE (fixture->text), text);
  g_signal_emit_by_name (fixture->text, "entry-activated");
  test_settle ();
}

/* The lines of the last command, "|" between them. */
static char *
dup_sent (Fixture *fixture)
{
  TempoCommand *command = tempo_twin_get_last (fixture->panel.twin);
  GString *text = g_string_new (NULL);
  JsonArray *list;

  g_assert_cmpint (command->action, ==, TEMPO_ACTION_ROOM_EDIT);
  list = json_object_get_array_member (command->patch, "announcements");
  for (guint i = 0; i < json_array_get_length (list); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", json_array_get_string_element (list, i));
  return g_string_free (text, FALSE);
}

static void
test_add (Fixture *fixture,
          gconstpointer data)
{
  static const struct
  {
    const char *days, *from, *until, *text;
    const char *sent; /* the line, NULL when there is nothing to send */
    const char *says; /* the row's second line, or what has to change */
  } cases[] = {
    { WEEK, "21:00", "23:00", " Kitchen closes at eleven ", "21:00-23:00 Kitchen closes at eleven", "Every day · 21:00–23:00" },
    { "....FS.", "23.00", "1", "Night bus at one", "Fri,Sat 23:00-01:00 Night bus at one", "Fri, Sat · 23:00–01:00" },
    { "M......", "9:05", "9:06", "<b>Now</b>", "Mon 09:05-09:06 <b>Now</b>", "Mon · 09:05–09:06" },
    { WEEK, "21:00", "23:00", "Kitchen closes at eleven", NULL, "The list has this announcement already." },
    { WEEK, "21:00", "23:00", "  ", NULL, "Write what the display should say." },
    { ".......", "21:00", "23:00", "Never", NULL, "Choose at least one day." },
    { WEEK, "21:00", "24:00", "Late", NULL, "Write both times as hours and minutes, like 23:00." },
    { WEEK, "nine", "23:00", "Late", NULL, "Write both times as hours and minutes, like 23:00." },
    { WEEK, "23:00", "23", "Late", NULL, "Choose an end that is not the beginning." },
  };
  guint rows = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint before = tempo_twin_get_executed (fixture->panel.twin);

      add (fixture, cases[i].days, cases[i].from, cases[i].until, cases[i].text);
      g_assert_true (test_has_text (fixture->group, cases[i].says));
      if (cases[i].sent == NULL)
        {
          g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, before);
          g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->text)), ==, cases[i].text);
        }
      else
        {
          g_autofree char *sent = dup_sent (fixture);

          g_assert_true (g_str_has_suffix (sent, cases[i].sent));
          g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, before + 1);
          g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->text)), ==, "");
          rows++;
        }
    }
  g_assert_cmpuint (rows, ==, 3);
}

static void
test_most (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (195, 'a');

  add (fixture, WEEK, "21:00", "23:00", long_text);
  g_assert_true (test_has_text (fixture->group, "Write a shorter text."));
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("Number %u", i);

      add (fixture, WEEK, "21:00", "23:00", text);
    }
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 20);
  add (fixture, WEEK, "21:00", "23:00", "One more");
  g_assert_true (test_has_text (fixture->group, "There is no place for more. Remove one first."));
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 20);
}

/* What the engine refuses stays to be mended, and the sentence goes with the next key. */
static void
test_refused (Fixture *fixture,
              gconstpointer data)
{
  GError *error = g_error_new_literal (TEMPO_REFUSAL, TEMPO_REFUSAL_FORBIDDEN, "no");
  g_autofree char *words = tempo_words_refusal (error);

  tempo_twin_refuse_next (fixture->panel.twin, error);
  add (fixture, WEEK, "21:00", "23:00", "Kitchen");
  g_assert_true (test_has_text (fixture->group, words));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->text)), ==, "Kitchen");
  g_assert_false (test_has_text (fixture->group, "Every day · 21:00–23:00"));
  gtk_editable_set_text (GTK_EDITABLE (fixture->text), "Kitchen closes");
  g_assert_false (test_has_text (fixture->group, words));
  g_signal_emit_by_name (fixture->text, "entry-activated");
  test_settle ();
  g_assert_true (test_has_text (fixture->group, "Every day · 21:00–23:00"));
}

static void
test_remove (Fixture *fixture,
             gconstpointer data)
{
  static const char *const left[] = { "21:00-23:00 Two|Sun 21:00-23:00 Three", "Sun 21:00-23:00 Three", "" };

  add (fixture, "M......", "21:00", "23:00", "One");
  add (fixture, WEEK, "21:00", "23:00", "Two");
  add (fixture, "......S", "21:00", "23:00", "Three");
  for (guint i = 0; i < G_N_ELEMENTS (left); i++)
    {
      GtkWidget *button = NULL;
      g_autofree char *sent = NULL;

      for (guint nth = 0; button == NULL; nth++)
        {
          GtkWidget *found = test_find_nth (fixture->group, "GtkButton", nth);

          g_assert_nonnull (found);
          if (g_strcmp0 (gtk_widget_get_tooltip_text (found), "Remove") == 0)
            button = found;
        }
      g_signal_emit_by_name (button, "clicked");
      test_settle ();
      sent = dup_sent (fixture);
      g_assert_cmpstr (sent, ==, left[i]);
    }
  g_assert_false (test_has_text (fixture->group, "Two"));
}

#define ADD(name, func) g_test_add ("/panel/announcements/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("add", test_add);
  ADD ("most", test_most);
  ADD ("refused", test_refused);
  ADD ("remove", test_remove);
  return g_test_run ();
}
