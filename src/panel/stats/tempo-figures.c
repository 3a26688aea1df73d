/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/stats/tempo-figures.h"

#include <glib/gi18n.h>

#include "base/tempo-clock.h"
#include "panel/common/tempo-words.h"
#include "panel/stats/tempo-bar-chart.h"

#define MAX_ROWS 10

static guint
get_number (JsonObject *object,
            const char *member)
{
  return (guint) CLAMP (json_object_get_int_member_with_default (object, member, 0), 0, G_MAXINT32);
}

static JsonArray *
get_list (JsonObject *object,
          const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static void
add_total (GtkBox *box,
           guint value,
           const char *label)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *text = g_strdup_printf ("%u", value);
  GtkWidget *number = gtk_label_new (text);
  GtkWidget *words = gtk_label_new (label);

  gtk_widget_add_css_class (number, "title-1");
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (words, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (cell), number);
  gtk_box_append (GTK_BOX (cell), words);
  gtk_widget_set_hexpand (cell, TRUE);
  gtk_box_append (box, cell);
}

static void
add_totals (GtkBox *box,
            JsonObject *totals)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  add_total (GTK_BOX (line), get_number (totals, "requests"), C_ ("statistics", "requests"));
  add_total (GTK_BOX (line), get_number (totals, "played"), C_ ("statistics", "played"));
  add_total (GTK_BOX (line), get_number (totals, "guests"), C_ ("statistics", "guests"));
  add_total (GTK_BOX (line), get_number (totals, "votes"), C_ ("statistics", "votes"));
  gtk_box_append (box, line);
}

static GtkWidget *
add_chart (GtkBox *box,
           const char *title,
           const char *detail)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *chart = tempo_bar_chart_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), chart);
  gtk_box_append (box, group);
  return chart;
}

/* "22:00", with the day in front when there are several. */
static char *
format_hour (const char *text,
             gboolean with_day)
{
  gint64 wall_us = 0;
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (text == NULL || !tempo_time_parse (text, &wall_us))
    return g_strdup ("");
  utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  local = g_date_time_to_local (utc);
  return g_date_time_format (local, with_day ? "%a %H:00" : "%H:00");
}

static void
add_hours (GtkBox *box,
           JsonArray *hours)
{
  gboolean long_span = json_array_get_length (hours) > 24;
  GtkWidget *chart = add_chart (box, C_ ("statistics", "Requests by Hour"),
                                C_ ("statistics", "The grey part was declined."));

  for (guint i = 0; i < json_array_get_length (hours); i++)
    {
      JsonObject *hour = json_array_get_object_element (hours, i);
      g_autofree char *label = format_hour (json_object_get_string_member_with_default (hour, "hour", NULL), long_span);

      tempo_bar_chart_add (TEMPO_BAR_CHART (chart), label, get_number (hour, "requests"),
                           get_number (hour, "declined"));
    }
}

/* A row of a list: what, and how often. Texts are guests' and songs': no markup. */
static void
add_row (AdwPreferencesGroup *group,
         const char *title,
         const char *subtitle,
         guint count)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = g_strdup_printf ("%u", count);
  GtkWidget *number = gtk_label_new (text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_add_css_class (number, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), number);
  adw_preferences_group_add (group, row);
}

static const char *
get_text (JsonObject *object,
          const char *member)
{
  const char *text = json_object_get_string_member_with_default (object, member, "");

  return text != NULL ? text : "";
}

/* Of a code the sentence a guest reads would be too long: its own short name. */
static const char *
name_code (const char *code)
{
  static const struct { const char *code, *name;
  } names[] = {
    { "not_tonight", NC_ ("statistics", "Not tonight") },
    { "played_enough", NC_ ("statistics", "Played enough") },
    { "not_here", NC_ ("statistics", "Not here") },
    { "later", NC_ ("statistics", "Later") },
    { "other", NC_ ("statistics", "Another reason") },
    { "unplayable", NC_ ("statistics", "Could not be played") },
    { "limit", NC_ ("statistics", "Had all their songs waiting") },
    { "cooldown", NC_ ("statistics", "Too soon after the last") },
    { "duplicate", NC_ ("statistics", "Already on the list") },
    { "played_recently", NC_ ("statistics", "Played a little before") },
    { "explicit", NC_ ("statistics", "Explicit") },
    { "blocked", NC_ ("statistics", "Blocked") },
    { "too_long", NC_ ("statistics", "Too long") },
    { "full", NC_ ("statistics", "The list was full") },
    { "free_text", NC_ ("statistics", "Not from the search") },
    { "no_song", NC_ ("statistics", "Not in the house") },
    { "not_started", NC_ ("statistics", "Before the start") },
    { "closed", NC_ ("statistics", "Requests were closed") },
    { "restricted", NC_ ("statistics", "Votes only") },
    { "muted", NC_ ("statistics", "Muted") },
    { "banned", NC_ ("statistics", "Banned") },
    { "removed", NC_ ("statistics", "Removed from the queue") },
    { "cleared", NC_ ("statistics", "Queue was cleared") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].code, code))
      return g_dpgettext2 (NULL, "statistics", names[i].name);
  return code;
}

typedef enum
{
  LIST_SONGS,
  LIST_ARTISTS,
  LIST_CODES,
  LIST_WORDS,
} ListKind;

static void
add_item (AdwPreferencesGroup *group,
          JsonObject *item,
          ListKind kind)
{
  switch (kind)
    {
    case LIST_SONGS:
      add_row (group, get_text (item, "title"), get_text (item, "artist"),
               get_number (item, "requests") + get_number (item, "votes"));
      break;
    case LIST_ARTISTS:
      add_row (group, get_text (item, "artist"), NULL, get_number (item, "requests") + get_number (item, "votes"));
      break;
    case LIST_CODES:
      add_row (group, name_code (get_text (item, "code")), NULL, get_number (item, "count"));
      break;
    case LIST_WORDS:
      add_row (group, get_text (item, "words"), NULL, get_number (item, "count"));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
add_list (GtkBox *box,
          JsonObject *stats,
          const char *member,
          ListKind kind,
          const char *title,
          const char *detail)
{
  JsonArray *list = get_list (stats, member);
  guint length = list != NULL ? MIN (json_array_get_length (list), MAX_ROWS) : 0;
  GtkWidget *group;

  if (length == 0)
    return;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), detail);
  for (guint i = 0; i < length; i++)
    add_item (ADW_PREFERENCES_GROUP (group), json_array_get_object_element (list, i), kind);
  gtk_box_append (box, group);
}

/* FALSE when there is nothing to show.
 */
gboolean
tempo_figures_show_stats (GtkBox *box,
                          JsonObject *stats)
{
  JsonObject *totals = json_object_get_object_member (stats, "totals");
  JsonArray *hours = get_list (stats, "byHour");
  JsonArray *misses = get_list (stats, "searches");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  if (totals == NULL
      || (get_number (totals, "requests") == 0 && (misses == NULL || json_array_get_length (misses) == 0)))
    return FALSE;
  add_totals (box, totals);
  if (hours != NULL && json_array_get_length (hours) > 0)
    add_hours (box, hours);
  add_list (box, stats, "songs", LIST_SONGS, C_ ("statistics", "Most Wanted Songs"),
            C_ ("statistics", "Requests and votes together."));
  add_list (box, stats, "artists", LIST_ARTISTS, C_ ("statistics", "Most Wanted Artists"), NULL);
  add_list (box, stats, "refused", LIST_CODES, C_ ("statistics", "Declined"), NULL);
  add_list (box, stats, "turnedAway", LIST_CODES, C_ ("statistics", "Turned Away by the Rules"),
            C_ ("statistics", "In all rooms, on these days."));
  add_list (box, stats, "searches", LIST_WORDS, C_ ("statistics", "Searched and Not Found"),
            C_ ("statistics", "What guests would have liked to hear."));
  return TRUE;
}

static char *
format_day (const char *day)
{
  int year, month, number;
  g_autoptr (GDateTime) date = NULL;

  if (sscanf (day, "%d-%d-%d", &year, &month, &number) != 3)
    return g_strdup (day);
  date = g_date_time_new_local (year, month, number, 12, 0, 0);
  /* Translators: a day under a bar of a chart, as short as can be: 27/11. See strftime(). */
  return date != NULL ? g_date_time_format (date, C_ ("statistics", "%d/%m")) : g_strdup (day);
}

/* Days that nothing is known of have no bar.
 */
void
tempo_figures_add_usage (GtkBox *box,
                         JsonObject *usage)
{
  JsonArray *days = get_list (usage, "usage");
  GtkWidget *chart;

  if (days == NULL || json_array_get_length (days) < 2)
    return;
  chart = add_chart (box, C_ ("statistics", "Requests by Day"), C_ ("statistics", "In all rooms."));
  for (guint i = 0; i < json_array_get_length (days); i++)
    {
      JsonObject *day = json_array_get_object_element (days, i);
      g_autofree char *label = format_day (get_text (day, "day"));

      tempo_bar_chart_add (TEMPO_BAR_CHART (chart), label, get_number (day, "requests"), 0);
    }
}
