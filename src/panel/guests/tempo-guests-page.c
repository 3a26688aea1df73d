/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/guests/tempo-guests-page.h"

#include <glib/gi18n.h>

#include "panel/desk/tempo-desk-rows.h"
#include "panel/guests/tempo-guest-row.h"

struct _TempoGuestsPage
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

G_DEFINE_FINAL_TYPE (TempoGuestsPage, tempo_guests_page, GTK_TYPE_BOX)

static gboolean
match_cb (gpointer object,
          gpointer user_data)
{
  TempoGuestsPage *self = user_data;
  TempoGuest *guest = tempo_desk_item_get_value (TEMPO_DESK_ITEM (object));
  g_autofree char *folded = NULL;

  if (self->needle == NULL || *self->needle == '\0')
    return TRUE;
  folded = tempo_text_fold (guest->name);
  return strstr (folded, self->needle) != NULL;
}

static void
update (TempoGuestsPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  guint count = view != NULL ? view->guests->len : 0;
  guint listeners = view != NULL ? view->listeners : 0;
  /* Translators: %u is how many guests asked or voted tonight. */
  g_autofree char *left = g_strdup_printf (ngettext ("%u guest tonight", "%u guests tonight", count), count);
  /* Translators: %u is how many phones have the page open now. */
  g_autofree char *right = g_strdup_printf (ngettext ("%u phone connected", "%u phones connected", listeners),
                                            listeners);
  g_autofree char *text = g_strjoin (" · ", left, right, NULL);

  gtk_label_set_text (self->summary, text);
  if (count == 0)
    gtk_stack_set_visible_child_name (self->stack, "empty");
  else
    gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->matches)) > 0 ? "list" : "nothing");
}

static void
search_changed_cb (TempoGuestsPage *self)
{
  g_free (self->needle);
  self->needle = tempo_text_fold (gtk_editable_get_text (self->search));
  if (self->filter == NULL)
    return;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

static void
tempo_guests_page_dispose (GObject *object)
{
  TempoGuestsPage *self = TEMPO_GUESTS_PAGE (object);

  tempo_guests_page_set_desk (self, NULL);
  g_clear_pointer (&self->needle, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_GUESTS_PAGE);

  G_OBJECT_CLASS (tempo_guests_page_parent_class)->dispose (object);
}

static void
tempo_guests_page_class_init (TempoGuestsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_guests_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/guests/tempo-guests-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoGuestsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TempoGuestsPage, search);
  gtk_widget_class_bind_template_child (widget_class, TempoGuestsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoGuestsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
}

static void
tempo_guests_page_init (TempoGuestsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tempo_desk_rows_set_up (self->list, TEMPO_TYPE_GUEST_ROW, (TempoDeskRowBind) tempo_guest_row_bind, &self->desk);
}

/* Shows who is in the room of @desk.
 * NULL lets go of everything.
 */
void
tempo_guests_page_set_desk (TempoGuestsPage *self,
                             TempoDesk *desk)
{
  GtkNoSelection *selection;

  g_return_if_fail (TEMPO_IS_GUESTS_PAGE (self));

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
  self->matches = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (tempo_desk_get_guests (desk))),
                                             g_object_ref (GTK_FILTER (self->filter)));
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->matches)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
}
