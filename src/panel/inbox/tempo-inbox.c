/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/inbox/tempo-inbox.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-desk-rows.h"
#include "panel/inbox/tempo-inbox-row.h"

struct _TempoInbox
{
  GtkBox parent_instance;

  TempoDesk *desk;               /* (owned) (nullable) */
  GtkSingleSelection *selection; /* (owned) (nullable) */
  gboolean refocus;

  GtkLabel *count;
  GtkWidget *approve_all;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkWidget *open_button;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (TempoInbox, tempo_inbox, GTK_TYPE_BOX)

/* The request the keys are about: the selected one, unless it is only a shadow. */
static TempoDeskItem *
get_current (TempoInbox *self)
{
  TempoDeskItem *item;

  if (self->selection == NULL)
    return NULL;
  item = gtk_single_selection_get_selected_item (self->selection);
  return item != NULL && !tempo_desk_item_get_gone (item) ? item : NULL;
}

static GtkWidget *
find_row (GtkWidget *widget,
          TempoDeskItem *item)
{
  if (TEMPO_IS_INBOX_ROW (widget))
    return tempo_inbox_row_get_item (TEMPO_INBOX_ROW (widget)) == item ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, item);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
refocus_in_idle (gpointer data)
{
  TempoInbox *self = data;
  TempoDeskItem *item = get_current (self);
  GtkWidget *row = item != NULL ? find_row (GTK_WIDGET (self->list), item) : NULL;

  if (row != NULL)
    gtk_widget_grab_focus (gtk_widget_get_parent (row));
  return G_SOURCE_REMOVE;
}

/* The keyboard goes on to what comes after the decided row instead of falling out of the list. */
static void
keep_focus (TempoInbox *self)
{
  if (!self->refocus)
    return;
  self->refocus = FALSE;
  g_idle_add_full (G_PRIORITY_HIGH_IDLE + 30, refocus_in_idle, g_object_ref (self), g_object_unref);
}

static void
update (TempoInbox *self)
{
  TempoDeskList *inbox = tempo_desk_get_inbox (self->desk);
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  guint count = tempo_desk_list_count (inbox);
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (inbox)) > 0;
  g_autofree char *number = g_strdup_printf ("%u", count);
  /* Translators: %u is how many requests wait. Read out by screen readers. */
  g_autofree char *spoken = g_strdup_printf (ngettext ("%u request waits", "%u requests wait", count), count);

  gtk_label_set_text (self->count, number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->count), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count > 0);
  gtk_widget_set_visible (self->approve_all, count > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inbox.approve-all", count > 0);
  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "empty");
  gtk_widget_set_visible (self->open_button, view != NULL && view->event == NULL);
  if (view == NULL || view->event == NULL)
    {
      adw_status_page_set_title (self->empty, _("Before the Doors"));
      adw_status_page_set_description (self->empty, _("Open the doors, and guests’ requests arrive here."));
    }
  else if (!view->event->rules->approval)
    {
      adw_status_page_set_title (self->empty, _("Straight to the List"));
      adw_status_page_set_description (self->empty, _("Requests need no approval tonight."));
    }
  else
    {
      adw_status_page_set_title (self->empty, _("All Decided"));
      adw_status_page_set_description (self->empty, _("New requests arrive here."));
    }
  keep_focus (self);
}

/* By keyboard the list may move at once: the hand is not on the pointer. */
static void
decide (TempoInbox *self)
{
  self->refocus = TRUE;
  tempo_desk_list_set_held (tempo_desk_get_inbox (self->desk), FALSE);
}

static void
activated_cb (TempoInbox *self,
              guint position)
{
  g_autoptr (TempoDeskItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item == NULL || tempo_desk_item_get_gone (item))
    return;
  decide (self);
  tempo_desk_act_on_request (self->desk, TEMPO_ACTION_APPROVE, tempo_desk_item_get_id (item));
}

static void
approve (GtkWidget *widget,
         const char *action_name,
         GVariant *parameter)
{
  TempoInbox *self = TEMPO_INBOX (widget);
  TempoDeskItem *item = get_current (self);

  if (item == NULL)
    return;
  decide (self);
  tempo_desk_act_on_request (self->desk, TEMPO_ACTION_APPROVE, tempo_desk_item_get_id (item));
}

static void
approve_all (GtkWidget *widget,
             const char *action_name,
             GVariant *parameter)
{
  TempoInbox *self = TEMPO_INBOX (widget);

  if (self->desk != NULL && tempo_desk_list_count (tempo_desk_get_inbox (self->desk)) > 0)
    tempo_desk_act (self->desk, TEMPO_ACTION_APPROVE);
}

/* Delete says the first reason; 1 to 4 theirs; 5 opens the field for own words. */
static void
decline (GtkWidget *widget,
         const char *action_name,
         GVariant *parameter)
{
  TempoInbox *self = TEMPO_INBOX (widget);
  TempoDeskItem *item = get_current (self);
  const char *code = tempo_words_reason_code (g_variant_get_uint32 (parameter) - 1);

  if (item == NULL || code == NULL)
    return;
  if (g_str_equal (code, "other"))
    {
      GtkWidget *row = find_row (GTK_WIDGET (self->list), item);

      if (row != NULL)
        tempo_inbox_row_ask_reason (TEMPO_INBOX_ROW (row), TRUE);
      return;
    }
  decide (self);
  tempo_desk_decline (self->desk, tempo_desk_item_get_id (item), code, NULL);
}

static void
ask_reason (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  TempoInbox *self = TEMPO_INBOX (widget);
  TempoDeskItem *item = get_current (self);
  GtkWidget *row = item != NULL ? find_row (GTK_WIDGET (self->list), item) : NULL;

  if (row != NULL)
    tempo_inbox_row_ask_reason (TEMPO_INBOX_ROW (row), FALSE);
}

static void
pointer_entered_cb (TempoInbox *self)
{
  if (self->desk != NULL)
    tempo_desk_list_set_held (tempo_desk_get_inbox (self->desk), TRUE);
}

static void
pointer_left_cb (TempoInbox *self)
{
  if (self->desk == NULL)
    return;
  tempo_desk_list_set_held (tempo_desk_get_inbox (self->desk), FALSE);
  update (self);
}

static void
tempo_inbox_dispose (GObject *object)
{
  TempoInbox *self = TEMPO_INBOX (object);

  tempo_inbox_set_desk (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_INBOX);

  G_OBJECT_CLASS (tempo_inbox_parent_class)->dispose (object);
}

static void
tempo_inbox_class_init (TempoInboxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_inbox_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/inbox/tempo-inbox.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoInbox, count);
  gtk_widget_class_bind_template_child (widget_class, TempoInbox, approve_all);
  gtk_widget_class_bind_template_child (widget_class, TempoInbox, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoInbox, empty);
  gtk_widget_class_bind_template_child (widget_class, TempoInbox, open_button);
  gtk_widget_class_bind_template_child (widget_class, TempoInbox, list);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);

  gtk_widget_class_install_action (widget_class, "inbox.approve", NULL, approve);
  gtk_widget_class_install_action (widget_class, "inbox.approve-all", NULL, approve_all);
  gtk_widget_class_install_action (widget_class, "inbox.decline", "u", decline);
  gtk_widget_class_install_action (widget_class, "inbox.ask-reason", NULL, ask_reason);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "inbox.decline", "u", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "inbox.decline", "u", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, GDK_SHIFT_MASK, "inbox.ask-reason", NULL);
  for (guint i = 0; i < 5; i++)
    {
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + i, 0, "inbox.decline", "u", i + 1);
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_1 + i, 0, "inbox.decline", "u", i + 1);
    }
}

static void
tempo_inbox_init (TempoInbox *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  tempo_desk_rows_set_up (self->list, TEMPO_TYPE_INBOX_ROW, (TempoDeskRowBind) tempo_inbox_row_bind, &self->desk);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (pointer_entered_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (pointer_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), motion);
}

/* Shows the inbox of @desk. NULL lets go of everything, so that
 * closing the window leaves nothing connected.
 */
void
tempo_inbox_set_desk (TempoInbox *self,
                      TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_INBOX (self));

  if (self->desk == desk)
    return;
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_set_object (&self->desk, desk);
  if (desk == NULL)
    return;
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (tempo_desk_get_inbox (desk))));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
}

/* Scrolls to a request and gives it the keyboard,
 * for the search and for notifications.
 */
gboolean
tempo_inbox_reveal (TempoInbox *self,
                    const char *request_id)
{
  guint index = 0;

  g_return_val_if_fail (TEMPO_IS_INBOX (self), FALSE);

  if (self->desk == NULL || tempo_desk_list_find (tempo_desk_get_inbox (self->desk), request_id, &index) == NULL)
    return FALSE;
  gtk_single_selection_set_selected (self->selection, index);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", index);
  self->refocus = TRUE;
  keep_focus (self);
  return TRUE;
}
