/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log as the panel shows it. */
#include "model/tempo-rules.h"
#include "model/tempo-setting.h"
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

static void
set_up (TestPanel *panel,
        gconstpointer data)
{
  test_panel_begin (panel);
  tempo_twin_fill (panel->twin, 3, 6, 10);
}

static void
tear_down (TestPanel *panel,
           gconstpointer data)
{
  test_panel_end (panel);
}

/* Pages follow each other by themselves; what people wrote is text; a word nobody knows is shown as it is. */
static void
test_page (TestPanel *panel,
           gconstpointer data)
{
  GtkWidget *page, *search;

  tempo_twin_set_folder (panel->twin, "/nowhere/logs");
  page = test_panel_show (panel, "log", "TempoLogPage");
  /* The first is inside the drop-down. */
  search = test_find_nth (page, "GtkSearchEntry", 1);
  wait_for (page, "brand_new");
  g_assert_true (test_has_text (page, "When something went wrong, Tempo writes it down too."));
  g_assert_true (test_has_text (page, "Asked for a song: Zombie <b>Walk</b>"));
  g_assert_true (test_has_text (page, "Ann <i>"));
  g_assert_true (test_has_text (page, "Approved a request: Take On You · A-Who"));
  g_assert_true (test_has_text (page, "<b>max</b> · Waiting → On the list"));
  g_assert_true (test_has_text (page, "Changed a setting: Language of the display"));
  g_assert_true (test_has_text (page, "This computer · English → Deutsch"));
  g_assert_true (test_has_text (page, "192.168.1.44 · Firefox · Android"));
  g_assert_true (test_has_text (page, "Was refused access: /api/tin-heron/members"));
  gtk_editable_set_text (GTK_EDITABLE (search), "nobody");
  g_signal_emit_by_name (search, "search-changed");
  wait_for (page, "Not Found");
  gtk_editable_set_text (GTK_EDITABLE (search), "brand");
  g_signal_emit_by_name (search, "search-changed");
  wait_for (page, "brand_new");
  g_assert_false (test_has_text (page, "Changed a setting: Language of the display"));
}

/* A kind narrows the list; keys and codes come as words, and so does what is gone. */
static void
test_kind (TestPanel *panel,
           gconstpointer data)
{
  static const char *const texts[] = {
    "Changed the rules of the night: Friday", "olga · Votes: On → Off · Order: Fair → First come",
    "Changed a room: Yard · Password of the Wi-Fi", "olga · kept secret",
    "Changed a room: Order of the music", "olga · Music folder → Music folder, I play it myself",
    "Changed a setting: Greeting", "olga · on",
    "Changed a setting: Without Tempo’s name", "olga · Off → On",
    "Changed a person’s role: somebody who left", "olga · Member → Admin",
    "Changed the volume: Yard", "olga · 100 % → 40 %",
    "Declined a request: a song that is no longer kept", "olga · Waiting → Declined · Not tonight",
    "Set a password", "olga",
  };
  GtkWidget *page;

  page = test_panel_show (panel, "log", "TempoLogPage");
  wait_for (page, "brand_new");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (test_find (page, "GtkDropDown")), TEMPO_LOG_SETTINGS);
  wait_for (page, texts[0]);
  g_assert_false (test_has_text (page, "brand_new"));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!test_has_text (page, texts[i]))
      g_error ("nobody can read \"%s\"", texts[i]);
}

/* The headings that are shown, top to bottom. (transfer full). */
static char *
join_days (GtkWidget *page)
{
  GString *days = g_string_new (NULL);

  for (guint i = 0; i < test_count (page, "TempoLogRow"); i++)
    {
      GtkWidget *label = test_find (test_find_nth (page, "TempoLogRow", i), "GtkLabel");

      if (gtk_widget_get_visible (label))
        g_string_append_printf (days, "%s%s", days->len > 0 ? "; " : "", gtk_label_get_text (GTK_LABEL (label)));
    }
  return g_string_free (days, FALSE);
}

/* Each day is said once, above its first entry; the entries have the time of day. */
static void
test_days (TestPanel *panel,
           gconstpointer data)
{
  GtkWidget *page = test_panel_show (panel, "log", "TempoLogPage");
  g_autofree char *everything = NULL;
  g_autofree char *settings = NULL;
  g_autofree char *again = NULL;

  wait_for (page, "brand_new");
  everything = join_days (page);
  g_assert_cmpstr (everything, ==, "Today; Yesterday; Wednesday, 18 November");
  g_assert_true (test_has_text (page, "21:58"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (test_find (page, "GtkDropDown")), TEMPO_LOG_SETTINGS);
  wait_for (page, "Set a password");
  settings = join_days (page);
  g_assert_cmpstr (settings, ==, "Today; Yesterday; Tuesday, 30 December 2025");
  /* A list that is read anew begins its days anew. */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (test_find (page, "GtkDropDown")), TEMPO_LOG_EVERYTHING);
  wait_for (page, "brand_new");
  again = join_days (page);
  g_assert_cmpstr (again, ==, everything);
}

typedef struct
{
  Sought sought;
  GtkAdjustment *adjustment;
} End;

/* Somebody keeps scrolling to the end, which moves away as rows come. */
static gboolean
reached_end (gpointer data)
{
  End *end = data;

  gtk_adjustment_set_value (end->adjustment, gtk_adjustment_get_upper (end->adjustment));
  return shows (&end->sought);
}

/* The next page comes when the end of this one is near, until there is none. */
static void
test_scroll (TestPanel *panel,
             gconstpointer data)
{
  GtkWidget *page, *search, *list;
  GtkAdjustment *adjustment;
  GListModel *rows;

  page = test_panel_show (panel, "log", "TempoLogPage");
  search = test_find_nth (page, "GtkSearchEntry", 1);
  gtk_editable_set_text (GTK_EDITABLE (search), "long");
  g_signal_emit_by_name (search, "search-changed");
  wait_for (page, "Voted for a song: Song 0");
  list = test_find (page, "TempoLogRow");
  while (!GTK_IS_LIST_VIEW (list))
    list = gtk_widget_get_parent (list);
  rows = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)));
  test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 50);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (list, GTK_TYPE_SCROLLED_WINDOW)));
  test_wait (reached_end, &(End) { { page, "Voted for a song: Song 229" }, adjustment });
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 230);
  /* The day that began pages above is not said again. */
  g_assert_false (test_has_text (list, "Yesterday"));
}

/* Whatever the engine writes has a sentence, and each setting and rule a name. */
static void
test_complete (void)
{
  g_autoptr (TempoRules) rules = tempo_rules_new_default ();
  g_autofree char *text = tempo_rules_to_text (rules);
  g_autoptr (JsonObject) members = tempo_json_parse (text, strlen (text), NULL);
  g_autoptr (GList) keys = json_object_get_members (members);
  const TempoSetting *settings;
  guint n = 0;

  for (guint i = 0; i < TEMPO_N_ACTIONS; i++)
    g_assert_cmpstr (tempo_log_words_action (tempo_action_to_string (i)), !=, tempo_action_to_string (i));
  settings = tempo_setting_list (&n);
  for (guint i = 0; i < n; i++)
    if (tempo_log_setting_name (settings[i].key) == NULL)
      g_error ("what is %s called?", settings[i].key);
  for (GList *at = keys; at != NULL; at = at->next)
    if (tempo_log_setting_name (at->data) == NULL)
      g_error ("what is %s called?", (const char *) at->data);
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
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  g_test_add ("/panel/log/page", TestPanel, NULL, set_up, test_page, tear_down);
  g_test_add ("/panel/log/kind", TestPanel, NULL, set_up, test_kind, tear_down);
  g_test_add ("/panel/log/days", TestPanel, NULL, set_up, test_days, tear_down);
  g_test_add ("/panel/log/scroll", TestPanel, NULL, set_up, test_scroll, tear_down);
  g_test_add_func ("/panel/log/words", test_words);
  g_test_add_func ("/panel/log/complete", test_complete);

  return g_test_run ();
}
