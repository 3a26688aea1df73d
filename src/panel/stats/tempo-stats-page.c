/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/stats/tempo-stats-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/tempo-json.h"
#include "panel/stats/tempo-figures.h"
#include "panel/stats/tempo-night-report.h"

#define MICROSECONDS_A_DAY (24 * G_TIME_SPAN_HOUR)

/* As in the template. */
static const int span_days[] = { 0, 7, 30, 90 };

struct _TempoStatsPage
{
  GtkBox parent_instance;

  TempoDesk *desk;           /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) of what was asked last */
  JsonObject *stats;         /* (owned) (nullable) as shown */
  char *night;               /* (owned) (nullable) id of the event that is or was on */
  char *night_name;          /* (owned) (nullable) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) */

  GtkDropDown *span;
  GtkStack *stack;
  AdwStatusPage *status;
  GtkBox *figures;
};

G_DEFINE_FINAL_TYPE (TempoStatsPage, tempo_stats_page, GTK_TYPE_BOX)

/* What an answer is for: nobody any more when it was cancelled. */
typedef struct
{
  TempoStatsPage *page; /* (unowned) lives while the question is not cancelled */
  char *path;           /* (owned) (nullable) where to save to */
} Question;

static Question *
make_question (TempoStatsPage *self,
               const char *path)
{
  Question *question = g_new0 (Question, 1);

  question->page = self;
  question->path = g_strdup (path);
  return question;
}

static void
free_question (Question *question)
{
  g_clear_pointer (&question->path, g_free);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, free_question)

/* (transfer full) (nullable). The page is there only when @bytes or an error other than CANCELLED came. */
static JsonObject *
finish (GObject *link,
        GAsyncResult *result,
        gboolean *cancelled)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_link_list_finish (TEMPO_LINK (link), result, &error);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  *cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return text != NULL ? tempo_json_parse (text, length, NULL) : NULL;
}

static void
ask (TempoStatsPage *self,
     const char *list,
     GAsyncReadyCallback callback,
     const char *path)
{
  tempo_link_list_async (tempo_desk_get_link (self->desk), list, self->cancellable, callback,
                         make_question (self, path));
}

static char *
make_event_list (TempoStatsPage *self,
                 const char *list)
{
  g_autofree char *event = g_uri_escape_string (self->night, NULL, FALSE);

  return g_strconcat (list, "?event=", event, NULL);
}

static void
set_file_actions (TempoStatsPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stats.save-setlist", self->night != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stats.print", self->night != NULL);
}

/* Showing */

static void
usage_came_cb (GObject *link,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  gboolean cancelled;
  g_autoptr (JsonObject) usage = finish (link, result, &cancelled);

  if (!cancelled && usage != NULL)
    tempo_figures_add_usage (question->page->figures, usage);
}

static void
ask_for_usage (TempoStatsPage *self,
               int days)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (tempo_desk_get_now (self->desk) / G_USEC_PER_SEC);
  g_autoptr (GDateTime) then = g_date_time_add_days (now, 1 - days);
  g_autofree char *from = g_date_time_format (then, "usage?from=%F");

  ask (self, from, usage_came_cb, NULL);
}

static void
stats_came_cb (GObject *link,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  gboolean cancelled;
  g_autoptr (JsonObject) answer = finish (link, result, &cancelled);
  TempoStatsPage *self = question->page;
  int days;
  gboolean shown;

  if (cancelled)
    return;
  g_clear_pointer (&self->stats, json_object_unref);
  if (answer != NULL && json_object_has_member (answer, "stats"))
    self->stats = json_object_ref (json_object_get_object_member (answer, "stats"));
  shown = self->stats != NULL && tempo_figures_show_stats (self->figures, self->stats);
  gtk_stack_set_visible_child_name (self->stack, shown ? "figures" : "empty");
  days = span_days[MIN (gtk_drop_down_get_selected (self->span), G_N_ELEMENTS (span_days) - 1)];
  if (shown && days > 1)
    ask_for_usage (self, days);
}

static void
ask_for_stats (TempoStatsPage *self)
{
  guint selected = MIN (gtk_drop_down_get_selected (self->span), G_N_ELEMENTS (span_days) - 1);
  g_autofree char *list = NULL;

  set_file_actions (self);
  if (span_days[selected] > 0)
    {
      g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (tempo_desk_get_now (self->desk) / G_USEC_PER_SEC);
      g_autoptr (GDateTime) then = g_date_time_add_days (now, 1 - span_days[selected]);

      list = g_date_time_format (then, "stats?from=%F");
    }
  else if (self->night != NULL)
    list = make_event_list (self, "stats");
  if (list != NULL)
    ask (self, list, stats_came_cb, NULL);
  else
    gtk_stack_set_visible_child_name (self->stack, "empty");
}

/* Without an event that is on, the night is the newest one there was. */
static void
events_came_cb (GObject *link,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  gboolean cancelled;
  g_autoptr (JsonObject) answer = finish (link, result, &cancelled);
  TempoStatsPage *self = question->page;
  JsonArray *events;

  if (cancelled)
    return;
  events = answer != NULL && json_object_has_member (answer, "events") ? json_object_get_array_member (answer, "events")
                                                                       : NULL;
  if (events != NULL && json_array_get_length (events) > 0)
    {
      JsonObject *event = json_array_get_object_element (events, 0);

      self->night = g_strdup (json_object_get_string_member_with_default (event, "id", NULL));
      self->night_name = g_strdup (json_object_get_string_member_with_default (event, "name", ""));
    }
  ask_for_stats (self);
}

static void
refresh (TempoStatsPage *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->night, g_free);
  g_clear_pointer (&self->night_name, g_free);
  if (view == NULL)
    return;
  if (view->event == NULL)
    {
      ask (self, "events", events_came_cb, NULL);
      return;
    }
  self->night = g_strdup (view->event->id);
  self->night_name = g_strdup (view->event->name);
  ask_for_stats (self);
}

static void
span_changed_cb (TempoStatsPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    refresh (self);
}

/* Files */

static void
say (TempoStatsPage *self,
     const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

static void
written_cb (GObject *file,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (file), result, NULL, &error))
    say (question->page, C_ ("statistics", "The setlist could not be saved there."));
}

static void
setlist_came_cb (GObject *link,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_link_list_finish (TEMPO_LINK (link), result, &error);
  g_autoptr (GFile) file = g_file_new_for_path (question->path);
  TempoStatsPage *self = question->page;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bytes == NULL)
    say (self, C_ ("statistics", "The setlist could not be read."));
  else
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, self->cancellable,
                                         written_cb, g_steal_pointer (&question));
}

static void
chosen_cb (GtkFileChooserNative *chooser,
           int response,
           TempoStatsPage *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser))
                                                           : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *list = NULL;

  if (path != NULL && self->night != NULL)
    {
      list = make_event_list (
        self, g_str_has_suffix (path, ".m3u") || g_str_has_suffix (path, ".m3u8") ? "setlist.m3u" : "setlist.csv");
      ask (self, list, setlist_came_cb, path);
    }
  g_clear_object (&self->chooser);
}

static void
add_filter (GtkFileChooser *chooser,
            const char *name,
            const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
save_setlist (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  TempoStatsPage *self = TEMPO_STATS_PAGE (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (C_ ("statistics", "Save the Setlist"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               NULL, NULL);
  add_filter (GTK_FILE_CHOOSER (self->chooser), C_ ("statistics", "Table (CSV)"), "*.csv");
  add_filter (GTK_FILE_CHOOSER (self->chooser), C_ ("statistics", "Playlist (M3U)"), "*.m3u");
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "setlist.csv");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* Paper */

static void
night_came_cb (GObject *link,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  gboolean cancelled;
  g_autoptr (JsonObject) answer = finish (link, result, &cancelled);
  TempoStatsPage *self = question->page;
  g_autofree char *title = NULL;

  if (cancelled)
    return;
  if (answer == NULL || !json_object_has_member (answer, "setlist"))
    {
      say (self, C_ ("statistics", "The setlist could not be read."));
      return;
    }
  title = g_strdup_printf ("%s · %s", tempo_desk_get_view (self->desk)->organization->name, self->night_name);
  tempo_night_report_print (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), title, self->stats,
                            json_object_get_array_member (answer, "setlist"));
}

static void
print_report (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  TempoStatsPage *self = TEMPO_STATS_PAGE (widget);
  g_autofree char *list = make_event_list (self, "setlist");

  ask (self, list, night_came_cb, NULL);
}

static void
refresh_action (GtkWidget *widget,
                const char *action,
                GVariant *parameter)
{
  refresh (TEMPO_STATS_PAGE (widget));
}

static void
tempo_stats_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tempo_stats_page_parent_class)->map (widget);

  refresh (TEMPO_STATS_PAGE (widget));
}

static void
tempo_stats_page_dispose (GObject *object)
{
  TempoStatsPage *self = TEMPO_STATS_PAGE (object);

  tempo_stats_page_set_desk (self, NULL);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_STATS_PAGE);

  G_OBJECT_CLASS (tempo_stats_page_parent_class)->dispose (object);
}

static void
tempo_stats_page_class_init (TempoStatsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_stats_page_dispose;
  widget_class->map = tempo_stats_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/stats/tempo-stats-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoStatsPage, span);
  gtk_widget_class_bind_template_child (widget_class, TempoStatsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoStatsPage, status);
  gtk_widget_class_bind_template_child (widget_class, TempoStatsPage, figures);
  gtk_widget_class_bind_template_callback (widget_class, span_changed_cb);
  gtk_widget_class_install_action (widget_class, "stats.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "stats.save-setlist", NULL, save_setlist);
  gtk_widget_class_install_action (widget_class, "stats.print", NULL, print_report);
}

static void
tempo_stats_page_init (TempoStatsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_file_actions (self);
}

void
tempo_stats_page_set_desk (TempoStatsPage *self,
                           TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_STATS_PAGE (self));

  if (self->desk == desk)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->stats, json_object_unref);
  g_clear_pointer (&self->night, g_free);
  g_clear_pointer (&self->night_name, g_free);
  g_set_object (&self->desk, desk);
  if (desk != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    refresh (self);
}
