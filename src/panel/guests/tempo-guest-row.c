/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/guests/tempo-guest-row.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"

struct _TempoGuestRow
{
  GtkBox parent_instance;

  TempoDesk *desk;     /* (owned) (nullable) */
  TempoDeskItem *item; /* (owned) (nullable) */

  GSimpleActionGroup *actions; /* (owned) */
  AdwAvatar *avatar;
  GtkLabel *name;
  GtkLabel *detail;
  GtkLabel *state;
  GtkWidget *menu;
};

G_DEFINE_FINAL_TYPE (TempoGuestRow, tempo_guest_row, GTK_TYPE_BOX)

static char *
describe (TempoGuestRow *self,
          TempoGuest *guest)
{
  /* Translators: %u is how many songs the guest has asked for tonight. */
  g_autofree char *asked = g_strdup_printf (ngettext ("%u asked", "%u asked", guest->asked), guest->asked);
  /* Translators: %u is how many songs of the guest have played tonight. */
  g_autofree char *served = g_strdup_printf (ngettext ("%u played", "%u played", guest->served), guest->served);
  g_autofree char *seen = tempo_words_ago (guest->last_seen_at, tempo_desk_get_now (self->desk));

  if (*seen == '\0')
    return g_strjoin (" · ", asked, served, NULL);
  return g_strjoin (" · ", asked, served, seen, NULL);
}

static char *
describe_until (const char *forever,
                const char *until,
                gint64 when)
{
  g_autofree char *clock = NULL;

  if (when == G_MAXINT64)
    return g_strdup (forever);
  clock = tempo_words_clock (when);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (until, clock);
#pragma GCC diagnostic pop
}

static char *
describe_state (TempoGuestRow *self,
                TempoGuest *guest)
{
  gint64 now = tempo_desk_get_now (self->desk);

  if (guest->banned_until > now)
    /* Translators: %s is a time of day. */
    return describe_until (C_ ("guest", "Banned"), C_ ("guest", "Banned until %s"), guest->banned_until);
  if (guest->muted_until > now)
    /* Translators: %s is a time of day. */
    return describe_until (C_ ("guest", "Muted"), C_ ("guest", "Muted until %s"), guest->muted_until);
  return g_strdup (guest->held ? C_ ("guest", "On hold") : "");
}

static void
update (TempoGuestRow *self)
{
  TempoGuest *guest = tempo_desk_item_get_value (self->item);
  gint64 now = tempo_desk_get_now (self->desk);
  g_autofree char *detail = describe (self, guest);
  g_autofree char *state = describe_state (self, guest);
  /* Translators: %s is a guest's name. */
  g_autofree char *menu = g_strdup_printf (_("More for %s"), guest->name);
  GAction *hold = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "hold");
  GAction *lift = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "lift");

  adw_avatar_set_text (self->avatar, guest->name);
  gtk_label_set_text (self->name, guest->name);
  gtk_label_set_text (self->detail, detail);
  gtk_label_set_text (self->state, state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu), GTK_ACCESSIBLE_PROPERTY_LABEL, menu, -1);
  g_simple_action_set_state (G_SIMPLE_ACTION (hold), g_variant_new_boolean (guest->held));
  g_simple_action_set_enabled (G_SIMPLE_ACTION (lift), guest->banned_until > now || guest->muted_until > now);
}

static TempoCommand *
command_for_guest (TempoGuestRow *self,
                   TempoAction action)
{
  TempoCommand *command = self->item != NULL ? tempo_desk_command (self->desk, action) : NULL;

  if (command != NULL)
    command->guest_id = g_strdup (tempo_desk_item_get_id (self->item));
  return command;
}

static void
hold_cb (GSimpleAction *action,
         GVariant *value,
         gpointer user_data)
{
  TempoGuestRow *self = user_data;
  TempoCommand *command = command_for_guest (self, TEMPO_ACTION_GUEST_HOLD);

  if (command == NULL)
    return;
  command->flag = g_variant_get_boolean (value);
  tempo_desk_send (self->desk, command);
}

static void
send_until (TempoGuestRow *self,
            TempoAction action,
            gint64 minutes)
{
  TempoCommand *command = command_for_guest (self, action);

  if (command == NULL)
    return;
  command->number = minutes > 0 ? tempo_desk_get_now (self->desk) + minutes * 60 * G_USEC_PER_SEC : 0;
  tempo_desk_send (self->desk, command);
}

static void
mute_cb (GSimpleAction *action,
         GVariant *parameter,
         gpointer user_data)
{
  send_until (user_data, TEMPO_ACTION_GUEST_MUTE, g_variant_get_int32 (parameter));
}

static void
ban_cb (GSimpleAction *action,
        GVariant *parameter,
        gpointer user_data)
{
  send_until (user_data, TEMPO_ACTION_GUEST_BAN, g_variant_get_int32 (parameter));
}

static void
lift_cb (GSimpleAction *action,
         GVariant *parameter,
         gpointer user_data)
{
  TempoGuestRow *self = user_data;
  TempoGuest *guest = self->item != NULL ? tempo_desk_item_get_value (self->item) : NULL;
  gint64 now = self->desk != NULL ? tempo_desk_get_now (self->desk) : 0;
  gboolean muted = guest != NULL && guest->muted_until > now;
  gboolean banned = guest != NULL && guest->banned_until > now;

  /* After the first command the guest may be another object. */
  if (muted)
    send_until (self, TEMPO_ACTION_GUEST_MUTE, 0);
  if (banned)
    send_until (self, TEMPO_ACTION_GUEST_BAN, 0);
}

static void
clear_cb (GSimpleAction *action,
          GVariant *parameter,
          gpointer user_data)
{
  TempoGuestRow *self = user_data;
  TempoCommand *command = command_for_guest (self, TEMPO_ACTION_GUEST_CLEAR);

  if (command != NULL)
    tempo_desk_send (self->desk, command);
}

static void
renamed_cb (TempoGuestRow *self,
            const char *response,
            AdwMessageDialog *dialog)
{
  GtkEditable *entry = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  TempoCommand *command;

  if (!g_str_equal (response, "rename") || *name == '\0')
    return;
  command = command_for_guest (self, TEMPO_ACTION_GUEST_RENAME);
  if (command == NULL)
    return;
  command->name = g_steal_pointer (&name);
  tempo_desk_send (self->desk, command);
}

static void
rename_cb (GSimpleAction *action,
           GVariant *parameter,
           gpointer user_data)
{
  TempoGuestRow *self = user_data;
  TempoGuest *guest = self->item != NULL ? tempo_desk_item_get_value (self->item) : NULL;
  GtkWidget *dialog;
  GtkWidget *entry;

  if (guest == NULL)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Rename Guest"), NULL);
  entry = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (entry), guest->name);
  gtk_entry_set_max_length (GTK_ENTRY (entry), TEMPO_REQUEST_MAX_NAME);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "rename", _("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  g_signal_connect_object (dialog, "response", G_CALLBACK (renamed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
tempo_guest_row_dispose (GObject *object)
{
  TempoGuestRow *self = TEMPO_GUEST_ROW (object);

  tempo_guest_row_bind (self, NULL, NULL);
  g_clear_object (&self->actions);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_GUEST_ROW);

  G_OBJECT_CLASS (tempo_guest_row_parent_class)->dispose (object);
}

static void
tempo_guest_row_class_init (TempoGuestRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_guest_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/guests/tempo-guest-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoGuestRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, TempoGuestRow, name);
  gtk_widget_class_bind_template_child (widget_class, TempoGuestRow, detail);
  gtk_widget_class_bind_template_child (widget_class, TempoGuestRow, state);
  gtk_widget_class_bind_template_child (widget_class, TempoGuestRow, menu);
}

static void
tempo_guest_row_init (TempoGuestRow *self)
{
  static const GActionEntry entries[] = {
    { .name = "hold", .state = "false", .change_state = hold_cb },
    { .name = "mute", .activate = mute_cb, .parameter_type = "i" },
    { .name = "ban", .activate = ban_cb, .parameter_type = "i" },
    { .name = "lift", .activate = lift_cb },
    { .name = "rename", .activate = rename_cb },
    { .name = "clear", .activate = clear_cb },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "guest", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An empty row,
 * for a list view's factory.
 */
TempoGuestRow *
tempo_guest_row_new (void)
{
  return g_object_new (TEMPO_TYPE_GUEST_ROW, NULL);
}

/* Shows @item from now on.
 * Rows are used again, so everything is set anew.
 */
void
tempo_guest_row_bind (TempoGuestRow *self,
                      TempoDesk *desk,
                      TempoDeskItem *item)
{
  g_return_if_fail (TEMPO_IS_GUEST_ROW (self));

  g_set_object (&self->desk, desk);
  tempo_follow (&self->item, item, "notify::value", G_CALLBACK (update), self);
}
