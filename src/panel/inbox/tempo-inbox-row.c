/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/inbox/tempo-inbox-row.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-cover.h"
#include "panel/inbox/tempo-reason-popover.h"

struct _TempoInboxRow
{
  GtkBox parent_instance;

  TempoDesk *desk;     /* (owned) (nullable) */
  TempoDeskItem *item; /* (owned) (nullable) */
  gboolean updating;

  TempoCover *cover;
  GtkLabel *title;
  GtkLabel *artist;
  GtkLabel *meta;
  GtkWidget *message_box;
  GtkLabel *message;
  GtkToggleButton *message_button;
  GtkLabel *verdict;
  GtkWidget *buttons;
  GtkWidget *approve_button;
  GtkWidget *decline_button;
};

G_DEFINE_FINAL_TYPE (TempoInboxRow, tempo_inbox_row, GTK_TYPE_BOX)

/* "Ann · song 3 tonight · 4 min ago": facts in a row, each of which can be missing. */
static char *
describe (TempoInboxRow *self,
          TempoRequest *request)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  TempoGuest *guest = tempo_desk_find_guest (self->desk, request->guest_id);

  if (request->name != NULL && *request->name != '\0')
    g_ptr_array_add (parts, g_strdup (request->name));
  if (guest != NULL && guest->asked > 1)
    /* Translators: %u is how many songs the guest has asked for in this event. */
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u song tonight", "%u songs tonight", guest->asked),
                                             guest->asked));
  if (request->song->explicit_content)
    g_ptr_array_add (parts, g_strdup (C_ ("song", "explicit")));
  if (request->song->duration_ms > 0)
    g_ptr_array_add (parts, tempo_words_length (request->song->duration_ms));
  g_ptr_array_add (parts, tempo_words_ago (request->created_at, tempo_desk_get_now (self->desk)));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

/* A decided row that waits for the pointer to go says what became of it. */
static void
show_verdict (TempoInboxRow *self)
{
  gboolean gone = tempo_desk_item_get_gone (self->item);
  const char *id = tempo_desk_item_get_id (self->item);
  const char *text = "";

  if (gone)
    {
      TempoDeskItem *item = tempo_desk_list_find (tempo_desk_get_queue (self->desk), id, NULL);

      if (item == NULL)
        item = tempo_desk_list_find (tempo_desk_get_history (self->desk), id, NULL);
      text = item != NULL
               ? tempo_words_status (((TempoRequest *) tempo_desk_item_get_value (item))->status)
               : tempo_words_status (TEMPO_REQUEST_APPROVED);
    }
  gtk_label_set_text (self->verdict, text);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), gone);
  gtk_widget_set_visible (self->buttons, !gone);
  if (gone)
    gtk_widget_add_css_class (GTK_WIDGET (self), "gone");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "gone");
}

static void
name_buttons (TempoInboxRow *self,
              TempoRequest *request)
{
  /* Translators: %s is a song's title. */
  g_autofree char *approve = g_strdup_printf (_("Approve “%s”"), request->song->title);
  /* Translators: %s is a song's title. */
  g_autofree char *decline = g_strdup_printf (_("Decline “%s”"), request->song->title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->approve_button), GTK_ACCESSIBLE_PROPERTY_LABEL, approve, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->decline_button), GTK_ACCESSIBLE_PROPERTY_LABEL, decline, -1);
}

static void
update (TempoInboxRow *self)
{
  TempoRequest *request = tempo_desk_item_get_value (self->item);
  gboolean has_message = request->message != NULL && *request->message != '\0';
  g_autofree char *meta = describe (self, request);
  g_autofree char *credit = tempo_song_dup_credit (request->song);
  /* Translators: %s is what a guest wrote for the room; these are quotation marks. */
  g_autofree char *quote = has_message ? g_strdup_printf (C_ ("dedication", "“%s”"), request->message) : g_strdup ("");

  self->updating = TRUE;
  gtk_label_set_text (self->title, request->song->title);
  gtk_label_set_text (self->artist, credit);
  gtk_widget_set_visible (GTK_WIDGET (self->artist), *credit != '\0');
  gtk_label_set_text (self->meta, meta);
  gtk_label_set_text (self->message, quote);
  gtk_widget_set_visible (self->message_box, has_message);
  gtk_toggle_button_set_active (self->message_button, request->message_shown);
  tempo_cover_set_song (self->cover, self->desk, request->song);
  name_buttons (self, request);
  show_verdict (self);
  self->updating = FALSE;
}

static void
approve_clicked_cb (TempoInboxRow *self)
{
  if (self->item != NULL)
    tempo_desk_act_on_request (self->desk, TEMPO_ACTION_APPROVE, tempo_desk_item_get_id (self->item));
}

static void
decline_clicked_cb (TempoInboxRow *self)
{
  tempo_inbox_row_ask_reason (self, FALSE);
}

static void
message_toggled_cb (TempoInboxRow *self)
{
  if (!self->updating && self->item != NULL)
    tempo_desk_set_flag (self->desk, TEMPO_ACTION_SHOW_MESSAGE, tempo_desk_item_get_id (self->item),
                         gtk_toggle_button_get_active (self->message_button));
}

static void
tempo_inbox_row_dispose (GObject *object)
{
  TempoInboxRow *self = TEMPO_INBOX_ROW (object);

  tempo_inbox_row_bind (self, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_INBOX_ROW);

  G_OBJECT_CLASS (tempo_inbox_row_parent_class)->dispose (object);
}

static void
tempo_inbox_row_class_init (TempoInboxRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_inbox_row_dispose;

  g_type_ensure (TEMPO_TYPE_COVER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/inbox/tempo-inbox-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, cover);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, title);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, artist);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, meta);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, message_box);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, message);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, message_button);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, verdict);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, buttons);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, approve_button);
  gtk_widget_class_bind_template_child (widget_class, TempoInboxRow, decline_button);
  gtk_widget_class_bind_template_callback (widget_class, approve_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, decline_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_toggled_cb);
}

static void
tempo_inbox_row_init (TempoInboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An empty row,
 * for a list view's factory.
 */
TempoInboxRow *
tempo_inbox_row_new (void)
{
  return g_object_new (TEMPO_TYPE_INBOX_ROW, NULL);
}

/* Shows @item from now on, and every newer value it gets.
 * Rows are used again, so everything is set anew.
 */
void
tempo_inbox_row_bind (TempoInboxRow *self,
                      TempoDesk *desk,
                      TempoDeskItem *item)
{
  g_return_if_fail (TEMPO_IS_INBOX_ROW (self));

  g_set_object (&self->desk, desk);
  if (tempo_follow (&self->item, item, "notify::value", G_CALLBACK (update), self) && item != NULL)
    g_signal_connect_swapped (item, "notify::gone", G_CALLBACK (show_verdict), self);
}

/* What the row shows now,
 * NULL while it waits to be used again.
 * (transfer none) (nullable).
 */
TempoDeskItem *
tempo_inbox_row_get_item (TempoInboxRow *self)
{
  g_return_val_if_fail (TEMPO_IS_INBOX_ROW (self), NULL);
  return self->item;
}

/* Opens the reasons beside the row's cross, with the keyboard in them,
 * so that one more key decides.
 */
void
tempo_inbox_row_ask_reason (TempoInboxRow *self,
                            gboolean own_words)
{
  g_return_if_fail (TEMPO_IS_INBOX_ROW (self));

  if (self->item != NULL)
    tempo_reason_popover_open (self->decline_button, self->desk, tempo_desk_item_get_id (self->item), own_words);
}
