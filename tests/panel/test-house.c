/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The organizations of a computer in the panel: one that cannot be opened, and a new one with its letters. */
#include "config.h"

#include "model/tempo-refusal.h"
#include "panel/common/tempo-notice.h"
#include "panel/house/tempo-house-window.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

typedef struct
{
  TestPanel panel;
  GtkWidget *house; /* (nullable) */
} Fixture;

static void
set_up (Fixture *f,
        gconstpointer data)
{
  test_panel_begin (&f->panel);
  tempo_twin_fill (f->panel.twin, 2, 2, 2);
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  if (f->house != NULL)
    gtk_window_destroy (GTK_WINDOW (f->house));
  test_panel_end (&f->panel);
}

/* The first is that of the first run. */
static TempoNotice *
find_notice (Fixture *f)
{
  return TEMPO_NOTICE (test_find_nth (GTK_WIDGET (f->panel.window), "TempoNotice", 1));
}

static const char *
get_notice (Fixture *f)
{
  return tempo_notice_get_text (find_notice (f));
}

static gboolean
has_no_notice (gpointer data)
{
  return get_notice (data) == NULL;
}

static gboolean
shows_main (gpointer data)
{
  GtkWidget *inbox = test_find (GTK_WIDGET (((Fixture *) data)->panel.window), "TempoInbox");

  return gtk_widget_get_mapped (inbox);
}

static const struct
{
  TempoStoreError why;
  const char *says;
} reasons[] = {
  { TEMPO_STORE_ERROR_FULL, "“<b>Blue</b> Note” cannot be opened. The disk is full. Free some space; nothing that was accepted is lost." },
  { TEMPO_STORE_ERROR_CORRUPT, "“<b>Blue</b> Note” cannot be opened. The data file is damaged. Restore a backup." },
  { TEMPO_STORE_ERROR_DENIED, "“<b>Blue</b> Note” cannot be opened. The data file is another organization’s. Put the right one back." },
  { TEMPO_STORE_ERROR_NOT_FOUND, "“<b>Blue</b> Note” cannot be opened. The data file is gone. Put it back, or restore a backup." },
  { TEMPO_STORE_ERROR_NEWER, "“<b>Blue</b> Note” cannot be opened. This folder was written by a newer Tempo. Update this one." },
};

/* The host hears of it wherever it is, and that it is over without asking. */
static void
test_banner (Fixture *f,
             gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      tempo_twin_set_unopened (f->panel.twin, "<b>Blue</b> Note", reasons[i].why);
      tempo_window_show_ready (f->panel.window);
      g_assert_cmpstr (get_notice (f), ==, reasons[i].says);
      tempo_twin_set_unopened (f->panel.twin, NULL, 0);
      tempo_twin_ask (f->panel.twin, "Blue Monday", "Ann");
      g_assert_null (get_notice (f));
    }
  /* One more is news; who closed it has read it. */
  tempo_twin_set_unopened (f->panel.twin, "Blue Kettle", TEMPO_STORE_ERROR_CORRUPT);
  tempo_twin_ask (f->panel.twin, "Blue Monday", "Ann");
  tempo_notice_hide (find_notice (f));
  tempo_twin_ask (f->panel.twin, "Blue Monday", "Ben");
  g_assert_null (get_notice (f));
  tempo_twin_set_unopened (f->panel.twin, "Cellar", TEMPO_STORE_ERROR_CORRUPT);
  tempo_twin_ask (f->panel.twin, "Blue Monday", "Cleo");
  g_assert_cmpstr (get_notice (f), ==, "2 organizations cannot be opened.");
  /* Nothing happens in the open room, and still it is seen. */
  tempo_twin_set_unopened (f->panel.twin, NULL, 0);
  test_wait (has_no_notice, f);
}

/* What breaks under the host's hands comes before all that. */
static void
test_broken_here (Fixture *f,
                  gconstpointer data)
{
  tempo_window_show_ready (f->panel.window);
  tempo_twin_set_health (f->panel.twin, "licence_over", TEMPO_HEALTH_WARNING);
  g_assert_cmpstr (get_notice (f), ==, "The licence is over. What you have goes on; more rooms and people need a new one.");
  tempo_twin_set_unopened (f->panel.twin, "Blue Kettle", TEMPO_STORE_ERROR_CORRUPT);
  tempo_twin_ask (f->panel.twin, "Blue Monday", "Ann");
  g_assert_cmpstr (get_notice (f), ==, "“Blue Kettle” cannot be opened. The data file is damaged. Restore a backup.");
  tempo_twin_set_health (f->panel.twin, "store", TEMPO_HEALTH_BAD);
  g_assert_cmpstr (get_notice (f), ==, "Saving does not work. New requests are turned away until it does.");
  tempo_twin_set_health (f->panel.twin, "store", TEMPO_HEALTH_GOOD);
  g_assert_cmpstr (get_notice (f), ==, "“Blue Kettle” cannot be opened. The data file is damaged. Restore a backup.");
}

/* With no other organization to show this is not the first run, and when the file is there again the evening is. */
static void
test_alone (Fixture *f,
            gconstpointer data)
{
  Fixture other = { { 0 }, NULL };
  TempoTwin *twin;
  TempoWindow *window;

  test_panel_begin (&other.panel);
  twin = other.panel.twin;
  window = other.panel.window;
  tempo_twin_set_unopened (twin, "Blue Kettle", TEMPO_STORE_ERROR_FULL);
  tempo_twin_close_rooms (twin, TRUE);
  test_panel_show (&other.panel, NULL, NULL);
  g_assert_true (test_has_text (GTK_WIDGET (window),
                                "“Blue Kettle” cannot be opened. The disk is full. Free some space; nothing that was accepted is lost."));
  g_assert_false (gtk_widget_get_mapped (test_find (GTK_WIDGET (window), "TempoSetup")));
  tempo_twin_set_unopened (twin, NULL, 0);
  tempo_twin_close_rooms (twin, FALSE);
  tempo_twin_fill (twin, 1, 1, 1);
  tempo_window_show_ready (window);
  test_wait (shows_main, &other);
  test_panel_end (&other.panel);
}

static void
open_house (Fixture *f)
{
  tempo_window_show_ready (f->panel.window);
  f->house = GTK_WIDGET (tempo_house_window_new (GTK_WINDOW (f->panel.window), f->panel.desk));
  gtk_window_present (GTK_WINDOW (f->house));
  test_settle ();
}

static void
test_row (Fixture *f,
          gconstpointer data)
{
  tempo_twin_set_unopened (f->panel.twin, "<b>Blue</b> Note", TEMPO_STORE_ERROR_CORRUPT);
  open_house (f);
  g_assert_true (test_has_text (f->house, "<b>Blue</b> Note"));
  g_assert_true (test_has_text (f->house, "The data file is damaged. Restore a backup. Its guests are told to come back; "
                                          "Tempo tries again every minute."));
}

static const struct
{
  const char *name, *letters, *says;
  gboolean good;
} typed[] = {
  { "The Blue Kettle", NULL, "Its requests get numbers such as THE-REQ-001. The letters stay.", TRUE },
  { "Tin Soldier", NULL, "Its requests get numbers such as TIA-REQ-001. The letters stay.", TRUE },
  { "夜", NULL, "Its requests get numbers such as VEN-REQ-001. The letters stay.", TRUE },
  { "The Blue Kettle", "blu", "Its requests get numbers such as BLU-REQ-001. The letters stay.", TRUE },
  { "The Blue Kettle", " Blue ", "Its requests get numbers such as BLUE-REQ-001. The letters stay.", TRUE },
  { "The Blue Kettle", "tin", "“The Tin Heron” has these letters. Choose others.", FALSE },
  { "The Blue Kettle", "off", "“Cellar” has these letters. Choose others.", FALSE },
  { "The Blue Kettle", "b", "3 or 4 letters from A to Z.", FALSE },
  { "The Blue Kettle", "bluen", "3 or 4 letters from A to Z.", FALSE },
  { "The Blue Kettle", "b1u", "3 or 4 letters from A to Z.", FALSE },
  { "The Blue Kettle", "blü", "3 or 4 letters from A to Z.", FALSE },
};

static void
check_typed (GtkWidget *group,
             guint i)
{
  GtkWidget *letters = test_find (group, "TempoLettersRow");
  GtkWidget *button = test_find (test_find (group, "AdwActionRow"), "GtkButton");

  gtk_editable_set_text (GTK_EDITABLE (test_find (group, "AdwEntryRow")), typed[i].name);
  if (typed[i].letters != NULL)
    gtk_editable_set_text (GTK_EDITABLE (letters), typed[i].letters);
  test_settle ();
  if (!test_has_text (group, typed[i].says))
    g_error ("\"%s\", \"%s\": not \"%s\"", typed[i].name, typed[i].letters, typed[i].says);
  g_assert_cmpint (gtk_widget_get_sensitive (button), ==, typed[i].good);
  g_assert_cmpint (gtk_widget_has_css_class (letters, "error"), ==, !typed[i].good);
  /* Emptied, they follow the name again. */
  gtk_editable_set_text (GTK_EDITABLE (letters), "");
  gtk_editable_set_text (GTK_EDITABLE (test_find (group, "AdwEntryRow")), "");
  g_assert_false (gtk_widget_get_visible (letters));
}

static void
test_letters (Fixture *f,
              gconstpointer data)
{
  GtkWidget *group, *name, *letters, *button;
  TempoRefusalDetail detail = { .subject = "code" };

  tempo_twin_set_unopened (f->panel.twin, "Cellar", TEMPO_STORE_ERROR_CORRUPT);
  open_house (f);
  group = test_find (f->house, "TempoNewOrganization");
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    check_typed (group, i);

  /* Somebody else was faster: it is said, and what was typed is there to be put right. */
  name = test_find (group, "AdwEntryRow");
  letters = test_find (group, "TempoLettersRow");
  button = test_find (test_find (group, "AdwActionRow"), "GtkButton");
  gtk_editable_set_text (GTK_EDITABLE (name), "The Blue Kettle");
  gtk_editable_set_text (GTK_EDITABLE (letters), "blu");
  tempo_twin_refuse_next (f->panel.twin, tempo_refusal_new (TEMPO_REFUSAL_CONFLICT, &detail, "taken"));
  g_signal_emit_by_name (button, "clicked");
  test_settle ();
  g_assert_true (test_has_text (group, "Somebody has these letters. Choose others."));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "The Blue Kettle");
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_editable_set_text (GTK_EDITABLE (letters), "bnt");
  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (letters, "entry-activated");
  test_settle ();
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "");
  g_assert_cmpstr (tempo_desk_get_view (f->panel.desk)->organization->code, ==, "BNT");
  g_assert_true (test_has_text (f->house, "The Blue Kettle"));
}

#define ADD(name, function) g_test_add ("/panel/house/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("banner", test_banner);
  ADD ("broken-here", test_broken_here);
  ADD ("alone", test_alone);
  ADD ("row", test_row);
  ADD ("letters", test_letters);
  return g_test_run ();
}
