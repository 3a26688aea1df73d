/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log as the panel shows it. */
#include "panel/log/tempo-log-words.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

typedef struct
{
  GtkWidget *page;
  const char *text;
} Sought;

static gboolean
shows (gpointer data)
{
  Sought *sought = data;

  return test_has_text (sought->page, sought->text);
}

static void
wait_for (GtkWidget *page,
          const char *text)
{
  test_wait (shows, &(Sought) { page, text });
}

/* Pages follow each other by themselves; what people wrote is text; a word nobody knows is shown as it is. */
static void
test_page (void)
{
  g_autoptr (TempoLink) link = tempo_twin_new ();
  g_autoptr (TempoDesk) desk = tempo_desk_new (link);
  TempoWindow *window = NULL;
  GtkWidget *page = NULL;
  GtkWidget *search = NULL;

  tempo_twin_fill (TEMPO_TWIN (link), 3, 6, 10);
  tempo_twin_set_folder (TEMPO_TWIN (link), "/nowhere/logs");
  window = tempo_window_new (NULL, desk);
  gtk_window_present (GTK_WINDOW (window));
  tempo_window_show_ready (window);
  tempo_window_show_place (window, "log");
  page = test_find (GTK_WIDGET (window), "TempoLogPage");
  /* The first is inside the drop-down. */
  search = test_find_nth (page, "GtkSearchEntry", 1);
  wait_for (page, "brand_new");
  g_assert_true (test_has_text (page, "When something went wrong, Tempo writes it down too."));
  g_assert_true (test_has_text (page, "Asked for a song: Zombie <b>Walk</b>"));
  g_assert_true (test_has_text (page, "<b>max</b> · Waiting → On the list"));
  g_assert_true (test_has_text (page, "Changed a setting: displayLanguage"));
  g_assert_true (test_has_text (page, "This computer · en → de"));
  g_assert_true (test_has_text (page, "192.168.1.44 · Firefox on Android"));
  g_assert_true (test_has_text (page, "Was refused access: /api/tin-heron/members"));
  gtk_editable_set_text (GTK_EDITABLE (search), "nobody");
  g_signal_emit_by_name (search, "search-changed");
  wait_for (page, "Not Found");
  gtk_editable_set_text (GTK_EDITABLE (search), "brand");
  g_signal_emit_by_name (search, "search-changed");
  wait_for (page, "brand_new");
  g_assert_false (test_has_text (page, "Changed a setting: displayLanguage"));
  gtk_window_destroy (GTK_WINDOW (window));
  test_settle ();
  test_wait_alone (desk);
}

/* What the engine takes at most, and no word twice. */
static void
test_words (void)
{
  static const struct { TempoLogKind kind; const char *has; } cases[] = {
    { TEMPO_LOG_REQUESTS, "submit" },
    { TEMPO_LOG_PEOPLE, "member_role" },
    { TEMPO_LOG_SETTINGS, "setting" },
    { TEMPO_LOG_REFUSED, "refused" },
  };

  g_assert_null (tempo_log_words_list (TEMPO_LOG_EVERYTHING));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *list = tempo_log_words_list (cases[i].kind);
      g_auto (GStrv) words = g_strsplit (list, ",", -1);

      g_assert_cmpuint (strlen (list), <=, 800);
      g_assert_true (g_strv_contains ((const char *const *) words, cases[i].has));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  g_test_add_func ("/panel/log/page", test_page);
  g_test_add_func ("/panel/log/words", test_words);

  return g_test_run ();
}
