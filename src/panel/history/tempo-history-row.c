/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/history/tempo-history-row.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-cover.h"

struct _TempoHistoryRow
{
  GtkBox parent_instance;

  TempoDesk *desk;     /* (owned) (nullable) */
  TempoDeskItem *item; /* (owned) (nullable) */

  GtkLabel *time;
  TempoCover *cover;
  GtkLabel *title;
  GtkLabel *detail;
  GtkLabel *status;
  GtkWidget *again;
};

G_DEFINE_FINAL_TYPE (TempoHistoryRow, tempo_history_row, GTK_TYPE_BOX)

static const char *
get_reason (TempoRequest *request)
{
  const char *reason;

  if (request->reason_text != NULL && *request->reason_text != '\0')
    return request->reason_text;
  reason = tempo_words_reason (request->reason_code);
  return reason != NULL && g_strcmp0 (request->reason_code, "other") != 0 ? reason : NULL;
}

static char *
describe (TempoRequest *request)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  const char *reason = request->status == TEMPO_REQUEST_DECLINED ? get_reason (request) : NULL;

  if (request->song->artist != NULL && *request->song->artist != '\0')
    g_ptr_array_add (parts, request->song->artist);
  if (request->name != NULL && *request->name != '\0')
    g_ptr_array_add (parts, request->name);
  if (reason != NULL)
    g_ptr_array_add (parts, (gpointer) reason);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
update (TempoHistoryRow *self)
{
  TempoRequest *request = tempo_desk_item_get_value (self->item);
  gint64 when = request->ended_at > 0 ? request->ended_at : request->decided_at;
  g_autofree char *clock = tempo_words_clock (when > 0 ? when : request->created_at);
  g_autofree char *detail = describe (request);
  /* Translators: %s is a song's title. */
  g_autofree char *again = g_strdup_printf (_("Put “%s” on the list again"), request->song->title);
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  gtk_label_set_text (self->time, clock);
  gtk_label_set_text (self->title, request->song->title);
  gtk_label_set_text (self->detail, detail);
  gtk_label_set_text (self->status, tempo_words_status (request->status));
  /* What most of them did is said above the list; here it would take the titles' room. */
  gtk_widget_set_visible (GTK_WIDGET (self->status), request->status != TEMPO_REQUEST_PLAYED);
  tempo_cover_set_song (self->cover, self->desk, request->song);
  gtk_widget_set_sensitive (self->again, view != NULL && view->event != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->again), GTK_ACCESSIBLE_PROPERTY_LABEL, again, -1);
}

static void
again_clicked_cb (TempoHistoryRow *self)
{
  TempoRequest *request;
  TempoCommand *command;

  if (self->item == NULL)
    return;
  request = tempo_desk_item_get_value (self->item);
  command = tempo_desk_command (self->desk, TEMPO_ACTION_SUBMIT);
  if (command == NULL)
    return;
  command->song_id = g_strdup (request->song->id);
  command->title = g_strdup (request->song->title);
  command->artist = g_strdup (request->song->artist);
  command->name = g_strdup (request->name);
  tempo_desk_send (self->desk, command);
}

static void
tempo_history_row_dispose (GObject *object)
{
  TempoHistoryRow *self = TEMPO_HISTORY_ROW (object);

  tempo_history_row_bind (self, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_HISTORY_ROW);

  G_OBJECT_CLASS (tempo_history_row_parent_class)->dispose (object);
}

static void
tempo_history_row_class_init (TempoHistoryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_history_row_dispose;

  g_type_ensure (TEMPO_TYPE_COVER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/history/tempo-history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryRow, time);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryRow, cover);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryRow, title);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryRow, detail);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryRow, status);
  gtk_widget_class_bind_template_child (widget_class, TempoHistoryRow, again);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked_cb);
}

static void
tempo_history_row_init (TempoHistoryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An empty row,
 * for a list view's factory.
 */
TempoHistoryRow *
tempo_history_row_new (void)
{
  return g_object_new (TEMPO_TYPE_HISTORY_ROW, NULL);
}

/* Shows @item from now on.
 * Rows are used again, so everything is set anew.
 */
void
tempo_history_row_bind (TempoHistoryRow *self,
                        TempoDesk *desk,
                        TempoDeskItem *item)
{
  g_return_if_fail (TEMPO_IS_HISTORY_ROW (self));

  g_set_object (&self->desk, desk);
  tempo_follow (&self->item, item, "notify::value", G_CALLBACK (update), self);
}
