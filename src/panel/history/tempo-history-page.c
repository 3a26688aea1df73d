/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/history/tempo-history-page.h"

#include <glib/gi18n.h>

#include "panel/desk/tempo-desk-rows.h"
#include "panel/history/tempo-history-row.h"

struct _TempoHistoryPage
{
  GtkBox parent_instance;

  TempoDesk *desk;             /* (owned) (nullable) */
  GtkCustomFilter *filter;     /* (owned) (nullable) */
  GtkFilterListModel *matches; /* (owned) (nullable) */
  char *needle;                /* (owned) folded */

  GtkLabel *summary;
  GtkEditable *search;
  GtkStack *stack;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (TempoHistoryPage, tempo_history_page, GTK_TYPE_BOX)

static gboolean
match_cb (gpointer object,
          gpointer user_data)
{
  TempoHistoryPage *self = user_data;
  TempoRequest *request = tempo_desk_item_get_value (TEMPO_DESK_ITEM (object));
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;

  if (self->needle == NULL || *self->needle == '\0')
    return TRUE;
  text = g_strjoin (" ", request->song->title, request->song->artist, request->name != NULL ? request->name : "", NULL);
  folded = tempo_text_fold (text);
  return strstr (folded, self->needle) != NULL;
}

static void
update (TempoHistoryPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  guint played = 0;
  guint declined = 0;
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; view != NULL && i < view->history->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (view->history, i);

      played += request->status == TEMPO_REQUEST_PLAYED;
      declined += request->status == TEMPO_REQUEST_DECLINED;
    }
  /* Translators: %u is how many songs played in this night. */
  left = g_strdup_printf (ngettext ("%u played", "%u played", played), played);
  /* Translators: %u is how many requests were declined in this night. */
  right = g_strdup_printf (ngettext ("%u declined", "%u declined", declined), declined);
  text = declined > 0 ? g_strjoin (" · ", left, right, NULL) : g_strdup (left);
  gtk_label_set_text (self->summary, text);
  if (view == NULL || view->history->len == 0)
    gtk_stack_set_visible_child_name (self->stack, "empty");
  else
    gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->matches)) > 0 ? "list" : "nothing");
}

static void
search_changed_cb (TempoHistoryPage *self)
{
  g_free (self->needle);
  self->needle = tempo_text_fold (gtk_editable_get_text (self->search));
  if (self->filter == NULL)
    return;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

static void
tempo_history_page_dispose (GObject *object)
{
  TempoHistoryPage *self = TEMPO_HISTORY_PAGE (object);

  tempo_history_page_set_desk (self, NULL);
  g_clear_pointer (&self->needle, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_HISTORY_PAGE);

  G_OBJECT_CLASS (tempo_history_page_parent_class)->dispose (object);
}

static void
tempo_history_page_class_init (TempoHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_history_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/history/tempo-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryPage, search);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryPage, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
}

static void
tempo_history_page_init (TempoHistoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tempo_desk_rows_set_up (self->list, TEMPO_TYPE_HISTORY_ROW, (TempoDeskRowBind) tempo_history_row_bind, &self->desk);
}

/* Shows what happened in the room of @desk.
 * NULL lets go of everything.
 */
void
tempo_history_page_set_desk (TempoHistoryPage *self,
                             TempoDesk *desk)
{
  GtkNoSelection *selection;

  g_return_if_fail (TEMPO_IS_HISTORY_PAGE (self));

  if (self->desk == desk)
    return;
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->matches);
  g_clear_object (&self->filter);
  g_set_object (&self->desk, desk);
  if (desk == NULL)
    return;
  self->filter = gtk_custom_filter_new (match_cb, self, NULL);
  self->matches = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (tempo_desk_get_history (desk))),
                                             g_object_ref (GTK_FILTER (self->filter)));
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->matches)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
}
