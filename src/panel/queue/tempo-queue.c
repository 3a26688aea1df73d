/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/queue/tempo-queue.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-frame.h"
#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-desk-rows.h"
#include "panel/queue/tempo-queue-row.h"

struct _TempoQueue
{
  GtkBox parent_instance;

  TempoDesk *desk;               /* (owned) (nullable) */
  GtkSingleSelection *selection; /* (owned) (nullable) */
  char *follow;                  /* (owned) (nullable) the moved song, which keeps the keyboard */
  gboolean updating;
  guint going_up;                /* times the beginning will be gone to */

  GtkLabel *summary;
  GtkDropDown *order;
  GtkStack *stack;
  GtkWidget *add_button;
  GtkScrolledWindow *scroller;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (TempoQueue, tempo_queue, GTK_TYPE_BOX)

static TempoDeskItem *
get_current (TempoQueue *self)
{
  return self->selection != NULL ? gtk_single_selection_get_selected_item (self->selection) : NULL;
}

static GtkWidget *
find_row (GtkWidget *widget,
          const char *id)
{
  if (TEMPO_IS_QUEUE_ROW (widget))
    {
      TempoDeskItem *item = tempo_queue_row_get_item (TEMPO_QUEUE_ROW (widget));

      return item != NULL && g_strcmp0 (tempo_desk_item_get_id (item), id) == 0 ? widget : NULL;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, id);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
focus_in_idle (gpointer data)
{
  TempoQueue *self = data;
  g_autofree char *id = g_steal_pointer (&self->follow);
  GtkWidget *row = id != NULL && self->list != NULL ? find_row (GTK_WIDGET (self->list), id) : NULL;

  if (row != NULL)
    gtk_widget_grab_focus (gtk_widget_get_parent (row));
  return G_SOURCE_REMOVE;
}

/* A moved row is a new widget to GTK; the keyboard goes with the song. */
static void
follow_song (TempoQueue *self)
{
  guint index = 0;

  if (self->follow == NULL || tempo_desk_list_find (tempo_desk_get_queue (self->desk), self->follow, &index) == NULL)
    return;
  gtk_single_selection_set_selected (self->selection, index);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", index);
  g_idle_add_full (G_PRIORITY_HIGH_IDLE + 30, focus_in_idle, g_object_ref (self), g_object_unref);
}

static void
go_to_top (GtkWidget *widget)
{
  TempoQueue *self = TEMPO_QUEUE (widget);

  self->going_up--;
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/* GTK keeps the row that was first where it is, so that a song put before it came in out of sight. Who looks at the
 * beginning of the list goes on doing so. */
static void
items_changed_cb (TempoQueue *self,
                  guint position)
{
  double value = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller));

  if (position != 0 || (value >= 1 && self->going_up == 0))
    return;
  self->going_up++;
  tempo_frame_after_layout (GTK_WIDGET (self), go_to_top);
}

static char *
summarize (TempoRoomView *view)
{
  gint64 length = 0;
  g_autofree char *time = NULL;
  g_autofree char *songs = NULL;

  if (view == NULL || view->queue->len == 0)
    return g_strdup ("");
  for (guint i = 0; i < view->queue->len; i++)
    length += ((TempoRequest *) g_ptr_array_index (view->queue, i))->song->duration_ms;
  /* Translators: %u is how many songs are in the queue. */
  songs = g_strdup_printf (ngettext ("%u song", "%u songs", view->queue->len), view->queue->len);
  if (length < 60000)
    return g_steal_pointer (&songs);
  /* Translators: %d is the length of the queue in minutes. */
  time = g_strdup_printf (ngettext ("%d min", "%d min", (gulong) (length / 60000)), (int) (length / 60000));
  return g_strjoin (" · ", songs, time, NULL);
}

static void
update (TempoQueue *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  g_autofree char *summary = summarize (view);
  gboolean any = view != NULL && view->queue->len > 0;

  self->updating = TRUE;
  gtk_label_set_text (self->summary, summary);
  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "empty");
  gtk_widget_set_visible (self->add_button, view != NULL && view->event != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->order), view != NULL && view->event != NULL);
  gtk_drop_down_set_selected (self->order, view != NULL && view->event != NULL ? view->event->rules->order : TEMPO_ORDER_FAIR);
  self->updating = FALSE;
  follow_song (self);
}

static void
order_changed_cb (TempoQueue *self)
{
  static const char *const orders[] = { "fair", "votes", "first" };
  JsonNode *node;
  guint selected = gtk_drop_down_get_selected (self->order);

  if (self->updating || self->desk == NULL || selected >= G_N_ELEMENTS (orders))
    return;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, orders[selected]);
  tempo_desk_set_rule (self->desk, "order", node);
}

/* Keys go to the row's own actions, so that a key and the menu can never differ. */
static void
activate_row_action (GtkWidget *widget,
                     const char *action_name,
                     GVariant *parameter)
{
  TempoQueue *self = TEMPO_QUEUE (widget);
  TempoDeskItem *item = get_current (self);
  g_autofree char *name = g_strconcat ("row.", action_name + strlen ("queue."), NULL);
  GtkWidget *row;

  if (item == NULL)
    return;
  row = find_row (GTK_WIDGET (self->list), tempo_desk_item_get_id (item));
  if (row == NULL)
    return;
  g_free (self->follow);
  self->follow = g_strdup (tempo_desk_item_get_id (item));
  gtk_widget_activate_action (row, name, NULL);
}

static void
activated_cb (TempoQueue *self,
              guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self), "queue.explain", NULL);
}

static void
tempo_queue_dispose (GObject *object)
{
  TempoQueue *self = TEMPO_QUEUE (object);

  tempo_queue_set_desk (self, NULL);
  g_clear_pointer (&self->follow, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_QUEUE);

  G_OBJECT_CLASS (tempo_queue_parent_class)->dispose (object);
}

static void
tempo_queue_class_init (TempoQueueClass *klass)
{
  static const struct
  {
    const char *action;
    guint key;
    GdkModifierType modifiers;
  } keys[] = {
    { "queue.explain", 0, 0 },
    { "queue.top", GDK_KEY_Home, GDK_ALT_MASK },
    { "queue.up", GDK_KEY_Up, GDK_ALT_MASK },
    { "queue.down", GDK_KEY_Down, GDK_ALT_MASK },
    { "queue.pin", GDK_KEY_p, 0 },
    { "queue.playing", 0, 0 },
    { "queue.remove", GDK_KEY_Delete, 0 },
  };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_queue_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/queue/tempo-queue.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoQueue, summary);
  gtk_widget_class_bind_template_child (widget_class, TempoQueue, order);
  gtk_widget_class_bind_template_child (widget_class, TempoQueue, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoQueue, add_button);
  gtk_widget_class_bind_template_child (widget_class, TempoQueue, list);
  gtk_widget_class_bind_template_child (widget_class, TempoQueue, scroller);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, order_changed_cb);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_install_action (widget_class, keys[i].action, NULL, activate_row_action);
      if (keys[i].key != 0)
        gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
    }
}

static void
tempo_queue_init (TempoQueue *self)
{

  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  tempo_desk_rows_set_up (self->list, TEMPO_TYPE_QUEUE_ROW, (TempoDeskRowBind) tempo_queue_row_bind, &self->desk);
}

/* Shows the queue of @desk. NULL lets go of everything, so that
 * closing the window leaves nothing connected.
 */
void
tempo_queue_set_desk (TempoQueue *self,
                      TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_QUEUE (self));

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
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (tempo_desk_get_queue (desk))));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
}

/* Scrolls to a song and gives it the keyboard,
 * for the search.
 */
gboolean
tempo_queue_reveal (TempoQueue *self,
                    const char *request_id)
{
  g_return_val_if_fail (TEMPO_IS_QUEUE (self), FALSE);

  if (self->desk == NULL || tempo_desk_list_find (tempo_desk_get_queue (self->desk), request_id, NULL) == NULL)
    return FALSE;
  g_free (self->follow);
  self->follow = g_strdup (request_id);
  follow_song (self);
  return TRUE;
}
