/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/queue/tempo-queue-row.h"

#include <glib/gi18n.h>

#include "model/tempo-order.h"
#include "panel/common/tempo-popover.h"
#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-cover.h"

struct _TempoQueueRow
{
  GtkBox parent_instance;

  TempoDesk *desk;     /* (owned) (nullable) */
  TempoDeskItem *item; /* (owned) (nullable) */

  GSimpleActionGroup *actions; /* (owned) */
  GtkStack *place_stack;
  GtkLabel *place;
  TempoCover *cover;
  GtkLabel *title;
  GtkLabel *artist;
  GtkLabel *meta;
  GtkWidget *votes_box;
  GtkLabel *votes;
  GtkWidget *pin;
  GtkWidget *menu;
};

G_DEFINE_FINAL_TYPE (TempoQueueRow, tempo_queue_row, GTK_TYPE_BOX)

static char *
describe (TempoQueueRow *self,
          TempoRequest *request)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  TempoGuest *guest = tempo_desk_find_guest (self->desk, request->guest_id);
  g_autofree char *eta = NULL;
  guint position = tempo_desk_item_get_position (self->item);

  if (request->name != NULL && *request->name != '\0')
    g_ptr_array_add (parts, g_strdup (request->name));
  if (guest != NULL && guest->held)
    g_ptr_array_add (parts, g_strdup (C_ ("guest", "on hold")));
  if (view != NULL && position > 0 && position <= view->queue->len)
    eta = tempo_words_eta_short (tempo_room_view_eta (view, position - 1, tempo_desk_get_now (self->desk)));
  if (eta != NULL && *eta != '\0')
    g_ptr_array_add (parts, g_steal_pointer (&eta));
  else if (request->song->duration_ms > 0)
    g_ptr_array_add (parts, tempo_words_length (request->song->duration_ms));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static GSimpleAction *
get_action (TempoQueueRow *self,
            const char *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name));
}

static void
show_place (TempoQueueRow *self)
{
  guint position = tempo_desk_item_get_position (self->item);
  g_autofree char *text = g_strdup_printf ("%u", position);
  gboolean locked = position == 1;

  gtk_label_set_text (self->place, text);
  gtk_stack_set_visible_child_name (self->place_stack, locked ? "locked" : "number");
  g_simple_action_set_enabled (get_action (self, "up"), position > 2);
  g_simple_action_set_enabled (get_action (self, "top"), position > 2);
  g_simple_action_set_enabled (get_action (self, "down"), !locked);
  g_simple_action_set_enabled (get_action (self, "pin"), !locked);
  gtk_widget_set_visible (self->pin, !locked);
}

static void
show_state (TempoQueueRow *self,
            TempoRequest *request)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  gboolean has_message = request->message != NULL && *request->message != '\0';
  gboolean manual = view != NULL && g_strcmp0 (view->room->source, "manual") == 0;
  g_autofree char *link = tempo_song_dup_link (request->song);

  g_simple_action_set_enabled (get_action (self, "listen"), link != NULL);
  g_simple_action_set_state (get_action (self, "pin"), g_variant_new_boolean (request->pinned));
  g_simple_action_set_state (get_action (self, "message"), g_variant_new_boolean (request->message_shown));
  g_simple_action_set_enabled (get_action (self, "message"), has_message);
  g_simple_action_set_enabled (get_action (self, "playing"), manual);
  if (request->pinned)
    gtk_widget_add_css_class (GTK_WIDGET (self), "pinned");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "pinned");
}

static void
update (TempoQueueRow *self)
{
  TempoRequest *request = tempo_desk_item_get_value (self->item);
  g_autofree char *meta = describe (self, request);
  g_autofree char *credit = tempo_song_dup_credit (request->song);
  g_autofree char *votes = g_strdup_printf ("%u", request->votes);
  /* Translators: %s is a song's title. */
  g_autofree char *menu = g_strdup_printf (_("More for “%s”"), request->song->title);

  gtk_label_set_text (self->title, request->song->title);
  gtk_label_set_text (self->artist, credit);
  gtk_widget_set_visible (GTK_WIDGET (self->artist), *credit != '\0');
  gtk_label_set_text (self->meta, meta);
  gtk_label_set_text (self->votes, votes);
  gtk_widget_set_visible (self->votes_box, request->votes > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu), GTK_ACCESSIBLE_PROPERTY_LABEL, menu, -1);
  tempo_cover_set_song (self->cover, self->desk, request->song);
  show_place (self);
  show_state (self, request);
}

static const char *
get_id (TempoQueueRow *self)
{
  return self->item != NULL ? tempo_desk_item_get_id (self->item) : NULL;
}

static void
explain_cb (GSimpleAction *action,
            GVariant *parameter,
            gpointer user_data)
{
  tempo_queue_row_explain (user_data);
}

static void
listen_cb (GSimpleAction *action,
           GVariant *parameter,
           gpointer user_data)
{
  TempoQueueRow *self = user_data;
  TempoRequest *request = self->item != NULL ? tempo_desk_item_get_value (self->item) : NULL;
  g_autofree char *link = request != NULL ? tempo_song_dup_link (request->song) : NULL;

  if (link != NULL)
    gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), link, GDK_CURRENT_TIME);
}

static void
top_cb (GSimpleAction *action,
        GVariant *parameter,
        gpointer user_data)
{
  TempoQueueRow *self = user_data;

  if (self->item != NULL)
    tempo_desk_move (self->desk, get_id (self), 2);
}

static void
up_cb (GSimpleAction *action,
       GVariant *parameter,
       gpointer user_data)
{
  TempoQueueRow *self = user_data;

  if (self->item != NULL)
    tempo_desk_move (self->desk, get_id (self), tempo_desk_item_get_position (self->item) - 1);
}

static void
down_cb (GSimpleAction *action,
         GVariant *parameter,
         gpointer user_data)
{
  TempoQueueRow *self = user_data;

  if (self->item != NULL)
    tempo_desk_move (self->desk, get_id (self), tempo_desk_item_get_position (self->item) + 1);
}

static void
pin_cb (GSimpleAction *action,
        GVariant *value,
        gpointer user_data)
{
  TempoQueueRow *self = user_data;

  if (self->item != NULL)
    tempo_desk_set_flag (self->desk, TEMPO_ACTION_PIN, get_id (self), g_variant_get_boolean (value));
}

static void
message_cb (GSimpleAction *action,
            GVariant *value,
            gpointer user_data)
{
  TempoQueueRow *self = user_data;

  if (self->item != NULL)
    tempo_desk_set_flag (self->desk, TEMPO_ACTION_SHOW_MESSAGE, get_id (self), g_variant_get_boolean (value));
}

static void
playing_cb (GSimpleAction *action,
            GVariant *parameter,
            gpointer user_data)
{
  TempoQueueRow *self = user_data;

  if (self->item != NULL)
    tempo_desk_act_on_request (self->desk, TEMPO_ACTION_MARK_PLAYING, get_id (self));
}

static void
remove_cb (GSimpleAction *action,
           GVariant *parameter,
           gpointer user_data)
{
  TempoQueueRow *self = user_data;

  if (self->item != NULL)
    tempo_desk_act_on_request (self->desk, TEMPO_ACTION_REMOVE, get_id (self));
}

static GdkContentProvider *
drag_prepare_cb (TempoQueueRow *self,
                 double x,
                 double y)
{
  if (self->item == NULL || tempo_desk_item_get_position (self->item) == 1)
    return NULL;
  return gdk_content_provider_new_typed (TEMPO_TYPE_DESK_ITEM, self->item);
}

static void
drag_begin_cb (TempoQueueRow *self,
               GdkDrag *drag,
               GtkDragSource *source)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 24, 24);
}

static void
mark_drop (TempoQueueRow *self,
           int side)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-above");
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-below");
  if (side < 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "drop-above");
  if (side > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "drop-below");
}

/* Above the locked song nothing can go. */
static int
get_drop_side (TempoQueueRow *self,
               double y)
{
  if (self->item != NULL && tempo_desk_item_get_position (self->item) == 1)
    return 1;
  return y < gtk_widget_get_height (GTK_WIDGET (self)) / 2.0 ? -1 : 1;
}

static GdkDragAction
drop_motion_cb (TempoQueueRow *self,
                double x,
                double y)
{
  mark_drop (self, get_drop_side (self, y));
  return GDK_ACTION_MOVE;
}

static void
drop_leave_cb (TempoQueueRow *self)
{
  mark_drop (self, 0);
}

static gboolean
drop_cb (TempoQueueRow *self,
         const GValue *value,
         double x,
         double y)
{
  TempoDeskItem *dragged = g_value_get_object (value);
  guint from;
  guint to;

  mark_drop (self, 0);
  if (dragged == NULL || self->item == NULL || dragged == self->item)
    return FALSE;
  from = tempo_desk_item_get_position (dragged);
  to = tempo_desk_item_get_position (self->item) + (get_drop_side (self, y) > 0 ? 1 : 0);
  /* Taking it out of its old place moves up everything behind. */
  if (from < to)
    to--;
  if (from != to)
    tempo_desk_move (self->desk, tempo_desk_item_get_id (dragged), to);
  return TRUE;
}

static void
tempo_queue_row_dispose (GObject *object)
{
  TempoQueueRow *self = TEMPO_QUEUE_ROW (object);

  tempo_queue_row_bind (self, NULL, NULL);
  g_clear_object (&self->actions);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_QUEUE_ROW);

  G_OBJECT_CLASS (tempo_queue_row_parent_class)->dispose (object);
}

static void
tempo_queue_row_class_init (TempoQueueRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_queue_row_dispose;

  g_type_ensure (TEMPO_TYPE_COVER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/queue/tempo-queue-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, place_stack);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, place);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, cover);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, title);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, artist);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, meta);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, votes_box);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, votes);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, pin);
  gtk_widget_class_bind_template_child (widget_class, TempoQueueRow, menu);
}

static void
add_drag_and_drop (TempoQueueRow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (TEMPO_TYPE_DESK_ITEM, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_swapped (source, "prepare", G_CALLBACK (drag_prepare_cb), self);
  g_signal_connect_swapped (source, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  g_signal_connect_swapped (target, "motion", G_CALLBACK (drop_motion_cb), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
tempo_queue_row_init (TempoQueueRow *self)
{
  static const GActionEntry entries[] = {
    { .name = "explain", .activate = explain_cb },
    { .name = "listen", .activate = listen_cb },
    { .name = "top", .activate = top_cb },
    { .name = "up", .activate = up_cb },
    { .name = "down", .activate = down_cb },
    { .name = "pin", .state = "false", .change_state = pin_cb },
    { .name = "message", .state = "false", .change_state = message_cb },
    { .name = "playing", .activate = playing_cb },
    { .name = "remove", .activate = remove_cb },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "row", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drag_and_drop (self);
}

/* An empty row,
 * for a list view's factory.
 */
TempoQueueRow *
tempo_queue_row_new (void)
{
  return g_object_new (TEMPO_TYPE_QUEUE_ROW, NULL);
}

/* Shows @item from now on, every newer value it gets and every place
 * it moves to.
 */
void
tempo_queue_row_bind (TempoQueueRow *self,
                      TempoDesk *desk,
                      TempoDeskItem *item)
{
  g_return_if_fail (TEMPO_IS_QUEUE_ROW (self));

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_set_object (&self->desk, desk);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect_swapped (item, "notify::value", G_CALLBACK (update), self);
  g_signal_connect_swapped (item, "notify::position", G_CALLBACK (show_place), self);
  /* Waiting times change with what others do. */
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
}

/* What the row shows now,
 * NULL while it waits to be used again.
 * (transfer none) (nullable).
 */
TempoDeskItem *
tempo_queue_row_get_item (TempoQueueRow *self)
{
  g_return_val_if_fail (TEMPO_IS_QUEUE_ROW (self), NULL);
  return self->item;
}

/* Shows, at the row, the sentence behind the song's place: what the host reads
 * out when somebody asks "why is mine only fifth?".
 */
void
tempo_queue_row_explain (TempoQueueRow *self)
{
  TempoRoomView *view;
  guint turn = 0;
  guint votes = 0;
  guint position;
  TempoPlace place;
  GtkWidget *popover;
  GtkWidget *label;
  g_autofree char *text = NULL;

  g_return_if_fail (TEMPO_IS_QUEUE_ROW (self));

  if (self->item == NULL)
    return;
  view = tempo_desk_get_view (self->desk);
  position = tempo_desk_item_get_position (self->item);
  if (view == NULL || position == 0 || position > view->queue->len)
    return;
  place = tempo_order_explain (view->queue, position - 1,
                               view->event != NULL ? view->event->rules->order : TEMPO_ORDER_FAIR,
                               ((TempoRequest *) g_ptr_array_index (view->queue, 0))->id, &turn, &votes);
  text = tempo_words_place (place, turn, votes);
  label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 34);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "explanation");
  popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), label);
  tempo_popover_open_once (GTK_POPOVER (popover), self->menu);
}
