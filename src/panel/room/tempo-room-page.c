/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/room/tempo-room-page.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-entry.h"
#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"
#include "panel/room/tempo-announcements.h"

struct _TempoRoomPage
{
  AdwBin parent_instance;

  TempoDesk *desk; /* (owned) (nullable) */
  gboolean updating;
  gboolean call_planned;

  AdwActionRow *event_row;
  GtkWidget *end_button;
  GtkWidget *open_button;
  GtkWidget *name_row;
  GtkWidget *rules_row;
  GtkWidget *requests_group;
  GtkWidget *open_row;
  GtkWidget *restricted_row;
  GtkWidget *closed_row;
  GtkCheckButton *open_check;
  GtkCheckButton *restricted_check;
  GtkCheckButton *closed_check;
  AdwActionRow *call_row;
  GtkEditable *call_time;
  GtkButton *call_button;
  GtkSwitch *filler;
  GtkWidget *announcement_row;
  TempoAnnouncements *announcements;
};

G_DEFINE_FINAL_TYPE (TempoRoomPage, tempo_room_page, ADW_TYPE_BIN)

static GtkCheckButton *
get_check (TempoRoomPage *self,
           TempoSwitch value)
{
  switch (value)
    {
    case TEMPO_SWITCH_RESTRICTED:
      return self->restricted_check;
    case TEMPO_SWITCH_CLOSED:
      return self->closed_check;
    case TEMPO_SWITCH_OPEN:
    default:
      return self->open_check;
    }
}

static void
show_event (TempoRoomPage *self,
            TempoRoomView *view)
{
  g_autofree char *clock = tempo_words_clock (view->event != NULL ? view->event->started_at : 0);
  g_autofree char *subtitle = NULL;

  if (view->event != NULL)
    /* Translators: %s is a time of day. */
    subtitle = g_strdup_printf (_("Open since %s"), clock);
  else
    subtitle = g_strdup (_("Guests see that the night has not started."));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->event_row),
                                 view->event != NULL ? view->event->name : _("Doors closed"));
  adw_action_row_set_subtitle (self->event_row, subtitle);
  gtk_widget_set_visible (self->end_button, view->event != NULL);
  gtk_widget_set_visible (self->open_button, view->event == NULL);
  gtk_widget_set_visible (self->name_row, view->event != NULL);
  gtk_widget_set_visible (self->rules_row, view->event != NULL);
  gtk_widget_set_visible (self->requests_group, view->event != NULL);
}

static void
show_last_call (TempoRoomPage *self,
                TempoRoomView *view)
{
  gint64 at = view->event != NULL ? view->event->last_call_at : 0;
  g_autofree char *clock = tempo_words_clock (at);
  g_autofree char *subtitle = NULL;

  self->call_planned = at > 0;
  /* Translators: %s is a time of day. */
  subtitle = at > 0 ? g_strdup_printf (_("At %s; phones and display count down"),
                                       clock) : g_strdup (_("Requests close by themselves then"));
  adw_action_row_set_subtitle (self->call_row, subtitle);
  gtk_button_set_label (self->call_button, at > 0 ? _("Take Back") : _("Plan"));
  gtk_widget_set_visible (GTK_WIDGET (self->call_time), at == 0);
}

static void
update (TempoRoomPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  if (view == NULL)
    return;
  self->updating = TRUE;
  show_event (self, view);
  show_last_call (self, view);
  tempo_entry_show (self->name_row, view->event != NULL ? view->event->name : NULL);
  tempo_entry_show (self->announcement_row, view->room->announcement);
  gtk_check_button_set_active (get_check (self, view->room->switch_state), TRUE);
  gtk_switch_set_active (self->filler, view->filler);
  self->updating = FALSE;
}

static void
switch_toggled_cb (TempoRoomPage *self,
                   GtkCheckButton *check)
{
  if (self->updating || self->desk == NULL || !gtk_check_button_get_active (check))
    return;
  for (int value = TEMPO_SWITCH_OPEN; value <= TEMPO_SWITCH_CLOSED; value++)
    if (get_check (self, value) == check)
      tempo_desk_set_switch (self->desk, value);
}

static void
filler_changed_cb (TempoRoomPage *self)
{
  if (!self->updating && self->desk != NULL)
    tempo_desk_set_flag (self->desk, TEMPO_ACTION_FILLER, NULL, gtk_switch_get_active (self->filler));
}

static void
name_applied_cb (TempoRoomPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  TempoCommand *command;

  if (view == NULL || view->event == NULL || *name == '\0')
    return;
  command = tempo_desk_command (self->desk, TEMPO_ACTION_EVENT_RENAME);
  command->event_id = g_strdup (view->event->id);
  command->name = g_steal_pointer (&name);
  tempo_desk_send (self->desk, command);
}

static void
announcement_applied_cb (TempoRoomPage *self)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, gtk_editable_get_text (GTK_EDITABLE (self->announcement_row)));
  tempo_desk_set_setting (self->desk, TRUE, "announcement", node);
}

/* The next time the clock shows hour and minute: at 23:50, "0:30" is tonight, not this morning. */
static gint64
find_next (gint64 now,
           int hour,
           int minute)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autoptr (GDateTime) at = g_date_time_new_local (g_date_time_get_year (local), g_date_time_get_month (local),
                                                    g_date_time_get_day_of_month (local), hour, minute, 0);
  gint64 when = g_date_time_to_unix (at) * G_USEC_PER_SEC;

  return when > now ? when : when + 24 * 3600 * (gint64) G_USEC_PER_SEC;
}

static void
call_time_changed_cb (TempoRoomPage *self)
{
  int hour = 0;
  int minute = 0;
  gboolean valid = tempo_words_read_clock (gtk_editable_get_text (self->call_time), &hour, &minute);

  gtk_widget_set_sensitive (GTK_WIDGET (self->call_button), valid);
  if (valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->call_time), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->call_time), "error");
}

static void
call_clicked_cb (TempoRoomPage *self)
{
  int hour = 0;
  int minute = 0;

  if (self->desk == NULL)
    return;
  if (self->call_planned)
    tempo_desk_plan_last_call (self->desk, 0);
  else if (tempo_words_read_clock (gtk_editable_get_text (self->call_time), &hour, &minute))
    tempo_desk_plan_last_call (self->desk, find_next (tempo_desk_get_now (self->desk), hour, minute));
}

static void
tempo_room_page_dispose (GObject *object)
{
  TempoRoomPage *self = TEMPO_ROOM_PAGE (object);

  tempo_room_page_set_desk (self, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_ROOM_PAGE);

  G_OBJECT_CLASS (tempo_room_page_parent_class)->dispose (object);
}

static void
tempo_room_page_class_init (TempoRoomPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_room_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/room/tempo-room-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, event_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, end_button);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, open_button);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, rules_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, requests_group);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, open_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, restricted_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, closed_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, open_check);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, restricted_check);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, closed_check);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, call_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, call_time);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, call_button);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, filler);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, announcement_row);
  gtk_widget_class_bind_template_child (widget_class, TempoRoomPage, announcements);
  gtk_widget_class_bind_template_callback (widget_class, switch_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, filler_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, announcement_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, call_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, call_time_changed_cb);
}

static void
tempo_room_page_init (TempoRoomPage *self)
{
  GtkWidget *rows[3];

  self->updating = TRUE;
  g_type_ensure (TEMPO_TYPE_ANNOUNCEMENTS);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  rows[TEMPO_SWITCH_OPEN] = self->open_row;
  rows[TEMPO_SWITCH_RESTRICTED] = self->restricted_row;
  rows[TEMPO_SWITCH_CLOSED] = self->closed_row;
  for (int value = TEMPO_SWITCH_OPEN; value <= TEMPO_SWITCH_CLOSED; value++)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (rows[value]), tempo_words_switch (value));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (rows[value]), tempo_words_switch_detail (value));
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->event_row), FALSE);
}

/* Shows and changes the room of @desk.
 * NULL lets go of it.
 */
void
tempo_room_page_set_desk (TempoRoomPage *self,
                          TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_ROOM_PAGE (self));

  if (self->announcements != NULL)
    tempo_announcements_set_desk (self->announcements, desk);
  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}
