/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/log/tempo-log-page.h"

#include "panel/common/tempo-frame.h"
#include "panel/common/tempo-words.h"
#include "panel/log/tempo-log-row.h"
#include "panel/log/tempo-log-words.h"

/* Nobody scrolls further; searching finds what is older. */
#define MAX_ENTRIES 5000

/* JSON in a box, which a list can hold. */
#define TEMPO_TYPE_LOG_ENTRY (tempo_log_entry_get_type ())
G_DECLARE_FINAL_TYPE (TempoLogEntry, tempo_log_entry, TEMPO, LOG_ENTRY, GObject)

struct _TempoLogEntry
{
  GObject parent_instance;

  JsonObject *json; /* (owned) */
  char *day;        /* (owned) (nullable) the heading, of the first of a day */
};

G_DEFINE_FINAL_TYPE (TempoLogEntry, tempo_log_entry, G_TYPE_OBJECT)

struct _TempoLogPage
{
  GtkBox parent_instance;

  TempoDesk *desk;           /* (owned) (nullable) */
  GListStore *entries;       /* (owned) of TempoLogEntry */
  GCancellable *cancellable; /* (owned) (nullable) of what was asked last */
  char *next;                /* (owned) (nullable) where the page after begins */
  char *day;                 /* (owned) (nullable) of the last entry */
  gboolean asking;

  GtkDropDown *kind;
  GtkEditable *search;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkWidget *faults;
};

G_DEFINE_FINAL_TYPE (TempoLogPage, tempo_log_page, GTK_TYPE_BOX)

static void
tempo_log_entry_finalize (GObject *object)
{
  TempoLogEntry *self = TEMPO_LOG_ENTRY (object);

  g_clear_pointer (&self->json, json_object_unref);
  g_clear_pointer (&self->day, g_free);

  G_OBJECT_CLASS (tempo_log_entry_parent_class)->finalize (object);
}

static void
tempo_log_entry_class_init (TempoLogEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tempo_log_entry_finalize;
}

static void
tempo_log_entry_init (TempoLogEntry *self)
{
}

/* Asking */

static void ask (TempoLogPage *self);

/* (transfer full): the newest come first, and each day has a heading above its first. */
static TempoLogEntry *
make_entry (TempoLogPage *self,
            JsonObject *json)
{
  TempoLogEntry *entry = g_object_new (TEMPO_TYPE_LOG_ENTRY, NULL);
  g_autofree char *day = tempo_words_day (tempo_log_row_read_time (json), tempo_desk_get_now (self->desk));

  entry->json = json_object_ref (json);
  if (*day != '\0' && g_strcmp0 (self->day, day) != 0)
    {
      entry->day = g_strdup (day);
      g_free (self->day);
      self->day = g_steal_pointer (&day);
    }
  return entry;
}

static void
add_entries (TempoLogPage *self,
             JsonArray *array)
{
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        g_ptr_array_add (added, make_entry (self, json_node_get_object (node)));
    }
  g_list_store_splice (self->entries, g_list_model_get_n_items (G_LIST_MODEL (self->entries)), 0, added->pdata, added->len);
}

static gboolean
is_narrowed (TempoLogPage *self)
{
  return *gtk_editable_get_text (self->search) != '\0' || gtk_drop_down_get_selected (self->kind) != TEMPO_LOG_EVERYTHING;
}

static gboolean
wants_more (TempoLogPage *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double page = gtk_adjustment_get_page_size (adjustment);

  return self->next != NULL && !self->asking && g_list_model_get_n_items (G_LIST_MODEL (self->entries)) < MAX_ENTRIES
         && gtk_adjustment_get_value (adjustment) + 2 * page >= gtk_adjustment_get_upper (adjustment);
}

static void
scrolled_cb (TempoLogPage *self)
{
  if (wants_more (self))
    ask (self);
}

/* A list that is filled anew may come out as long as it was: its adjustment says nothing then. */
static void
filled_cb (GtkWidget *widget)
{
  scrolled_cb (TEMPO_LOG_PAGE (widget));
}

static void
show_answer (TempoLogPage *self,
             JsonObject *answer)
{
  JsonNode *rows = answer != NULL ? json_object_get_member (answer, "audit") : NULL;
  guint before = g_list_model_get_n_items (G_LIST_MODEL (self->entries));
  guint after;

  g_clear_pointer (&self->next, g_free);
  if (rows == NULL || !JSON_NODE_HOLDS_ARRAY (rows))
    {
      if (before == 0)
        gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  self->next = g_strdup (tempo_json_get_string (answer, "next", 200, NULL, NULL));
  add_entries (self, json_node_get_array (rows));
  after = g_list_model_get_n_items (G_LIST_MODEL (self->entries));
  if (after > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (self->next == NULL)
    gtk_stack_set_visible_child_name (self->stack, is_narrowed (self) ? "nothing" : "empty");
  /* A page that found nothing moves nothing, so nobody would scroll to the one after. */
  if (after == before && self->next != NULL)
    ask (self);
  tempo_frame_after_layout (GTK_WIDGET (self), filled_cb);
}

static void
came_cb (GObject *link,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoLogPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_link_list_finish (TEMPO_LINK (link), result, &error);
  g_autoptr (JsonObject) answer = NULL;

  /* Of a question that was dropped meanwhile; an answer may have been on its way already. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->desk == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  self->asking = FALSE;
  answer = tempo_link_read (bytes, NULL);
  show_answer (self, answer);
}

static void
ask (TempoLogPage *self)
{
  g_autofree char *words = g_uri_escape_string (gtk_editable_get_text (self->search), NULL, FALSE);
  g_autofree char *actions = tempo_log_words_list (gtk_drop_down_get_selected (self->kind));
  g_autofree char *cursor = self->next != NULL ? g_uri_escape_string (self->next, NULL, FALSE) : NULL;
  g_autofree char *list = g_strconcat ("audit?q=", words, "&action=", actions != NULL ? actions : "",
                                       cursor != NULL ? "&cursor=" : NULL, cursor, NULL);

  self->asking = TRUE;
  tempo_link_list_async (tempo_desk_get_link (self->desk), list, self->cancellable, came_cb, g_object_ref (self));
}

static void
forget (TempoLogPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->next, g_free);
  g_clear_pointer (&self->day, g_free);
  self->asking = FALSE;
  g_list_store_remove_all (self->entries);
}

static void
refresh (TempoLogPage *self)
{
  if (self->desk == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  forget (self);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->stack, "looking");
  ask (self);
}

/* What is in them is for the editor of the host's choice. */
static void
show_faults_cb (TempoLogPage *self)
{
  g_autofree char *path = tempo_link_get_folder (tempo_desk_get_link (self->desk), "logs");
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri, GDK_CURRENT_TIME);
}

static void
show_where (TempoLogPage *self)
{
  g_autofree char *path = self->desk != NULL ? tempo_link_get_folder (tempo_desk_get_link (self->desk), "logs") : NULL;

  gtk_widget_set_visible (self->faults, path != NULL);
  gtk_widget_set_tooltip_text (self->faults, path);
}

static void
setup_row_cb (GtkSignalListItemFactory *factory,
              GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, GTK_WIDGET (tempo_log_row_new ()));
}

static void
bind_row_cb (GtkSignalListItemFactory *factory,
             GtkListItem *list_item)
{
  TempoLogEntry *entry = gtk_list_item_get_item (list_item);

  tempo_log_row_bind (TEMPO_LOG_ROW (gtk_list_item_get_child (list_item)), entry->json, entry->day);
}

/* The log grows all the time: it is read anew when the page comes up. */
static void
tempo_log_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tempo_log_page_parent_class)->map (widget);

  show_where (TEMPO_LOG_PAGE (widget));
  refresh (TEMPO_LOG_PAGE (widget));
}

static void
tempo_log_page_dispose (GObject *object)
{
  TempoLogPage *self = TEMPO_LOG_PAGE (object);

  if (self->entries != NULL)
    tempo_log_page_set_desk (self, NULL);
  g_clear_object (&self->entries);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_LOG_PAGE);

  G_OBJECT_CLASS (tempo_log_page_parent_class)->dispose (object);
}

static void
tempo_log_page_class_init (TempoLogPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_log_page_dispose;
  widget_class->map = tempo_log_page_map;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/log/tempo-log-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoLogPage, kind);
  gtk_widget_class_bind_template_child (widget_class, TempoLogPage, search);
  gtk_widget_class_bind_template_child (widget_class, TempoLogPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoLogPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, TempoLogPage, list);
  gtk_widget_class_bind_template_child (widget_class, TempoLogPage, faults);
  gtk_widget_class_bind_template_callback (widget_class, refresh);
  gtk_widget_class_bind_template_callback (widget_class, show_faults_cb);
}

static void
tempo_log_page_init (TempoLogPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->entries = g_list_store_new (TEMPO_TYPE_LOG_ENTRY);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->entries)));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
}

void
tempo_log_page_set_desk (TempoLogPage *self,
                         TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_LOG_PAGE (self));

  if (self->desk == desk)
    return;
  forget (self);
  g_set_object (&self->desk, desk);
  refresh (self);
}
