/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/lock/tempo-pin-group.h"

#include <glib/gi18n.h>

#include "model/tempo-refusal.h"
#include "panel/common/tempo-words.h"

struct _TempoPinGroup
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk;     /* (owned) (nullable) */
  GSettings *settings; /* (owned) */
  gboolean removing;
  gboolean waiting;

  AdwExpanderRow *row;
  GtkWidget *lock_button;
  GtkEditable *old;
  GtkEditable *fresh;
  GtkEditable *again;
  GtkLabel *message;
  GtkWidget *remove_button;
  GtkWidget *set_button;
  AdwActionRow *minutes_row;
  GtkSpinButton *minutes;
};

G_DEFINE_FINAL_TYPE (TempoPinGroup, tempo_pin_group, ADW_TYPE_PREFERENCES_GROUP)

static gboolean
has_pin (TempoPinGroup *self)
{
  return self->desk != NULL && tempo_link_has_pin (tempo_desk_get_link (self->desk));
}

static gboolean
is_complete (TempoPinGroup *self)
{
  const char *fresh = gtk_editable_get_text (self->fresh);

  return tempo_pin_is_valid (fresh) && g_str_equal (fresh, gtk_editable_get_text (self->again));
}

static void
update_buttons (TempoPinGroup *self)
{
  gboolean known = !has_pin (self) || *gtk_editable_get_text (self->old) != '\0';

  gtk_widget_set_sensitive (self->set_button, !self->waiting && known && is_complete (self));
  gtk_widget_set_sensitive (self->remove_button, !self->waiting && known);
}

static void
update (TempoPinGroup *self)
{
  gboolean set = has_pin (self);

  adw_expander_row_set_subtitle (self->row, set ? _("Set") : _("None: the window cannot be locked"));
  gtk_widget_set_visible (self->lock_button, set);
  gtk_widget_set_visible (GTK_WIDGET (self->old), set);
  gtk_widget_set_visible (self->remove_button, set);
  gtk_button_set_label (GTK_BUTTON (self->set_button), set ? _("Change PIN") : _("Set PIN"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->minutes_row), set);
  update_buttons (self);
}

static void
say (TempoPinGroup *self,
     const char *text)
{
  gtk_label_set_text (self->message, text);
  gtk_widget_set_visible (GTK_WIDGET (self->message), *text != '\0');
}

static void
clear_entries (TempoPinGroup *self)
{
  gtk_editable_set_text (self->old, "");
  gtk_editable_set_text (self->fresh, "");
  gtk_editable_set_text (self->again, "");
}

/* What is wrong is said when the hand rests on the last entry, not digit by digit. */
static void
typed_cb (TempoPinGroup *self)
{
  const char *fresh = gtk_editable_get_text (self->fresh);
  const char *again = gtk_editable_get_text (self->again);

  if (*fresh != '\0' && !tempo_pin_is_valid (fresh) && *again != '\0')
    say (self, _("A PIN is 4 to 12 digits."));
  else if (*again != '\0' && strlen (again) >= strlen (fresh) && !g_str_equal (fresh, again))
    say (self, _("The two are not the same."));
  else
    say (self, "");
  update_buttons (self);
}

static void
set_cb (GObject *object,
        GAsyncResult *result,
        gpointer user_data)
{
  g_autoptr (TempoPinGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean done = tempo_link_set_pin_finish (TEMPO_LINK (object), result, &error);

  self->waiting = FALSE;
  if (self->row == NULL || self->desk == NULL)
    return;
  if (done)
    {
      clear_entries (self);
      adw_expander_row_set_expanded (self->row, FALSE);
      gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s",
                                  self->removing ? _("The PIN is gone") : _("PIN set. Ctrl+L locks the window."));
      update (self);
      return;
    }
  text = tempo_words_pin_refusal (error, tempo_desk_get_now (self->desk));
  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_WRONG_CODE))
    gtk_editable_set_text (self->old, "");
  say (self, text);
  update_buttons (self);
}

static void
send (TempoPinGroup *self,
      const char *pin)
{
  if (self->desk == NULL || self->waiting)
    return;
  self->waiting = TRUE;
  self->removing = pin == NULL;
  update_buttons (self);
  tempo_link_set_pin_async (tempo_desk_get_link (self->desk), gtk_editable_get_text (self->old), pin, set_cb,
                            g_object_ref (self));
}

static void
set_clicked_cb (TempoPinGroup *self)
{
  if (is_complete (self))
    send (self, gtk_editable_get_text (self->fresh));
}

static void
remove_clicked_cb (TempoPinGroup *self)
{
  send (self, NULL);
}

/* Enter in the last entry does what the button does. */
static void
entered_cb (TempoPinGroup *self)
{
  if (gtk_widget_get_sensitive (self->set_button))
    set_clicked_cb (self);
}

/* Half a PIN is not left lying about in a closed row. */
static void
expanded_cb (TempoPinGroup *self)
{
  if (adw_expander_row_get_expanded (self->row))
    return;
  clear_entries (self);
  say (self, "");
}

static void
tempo_pin_group_map (GtkWidget *widget)
{
  TempoPinGroup *self = TEMPO_PIN_GROUP (widget);

  update (self);
  GTK_WIDGET_CLASS (tempo_pin_group_parent_class)->map (widget);
}

static void
tempo_pin_group_dispose (GObject *object)
{
  TempoPinGroup *self = TEMPO_PIN_GROUP (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_PIN_GROUP);

  G_OBJECT_CLASS (tempo_pin_group_parent_class)->dispose (object);
}

static void
tempo_pin_group_class_init (TempoPinGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_pin_group_dispose;
  widget_class->map = tempo_pin_group_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/lock/tempo-pin-group.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, row);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, lock_button);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, old);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, fresh);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, again);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, message);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, remove_button);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, set_button);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, minutes_row);
  gtk_widget_class_bind_template_child (widget_class, TempoPinGroup, minutes);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, set_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
}

static void
tempo_pin_group_init (TempoPinGroup *self)
{
  self->settings = g_settings_new (TEMPO_APP_ID);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_settings_bind (self->settings, "lock-after-minutes", self->minutes, "value", G_SETTINGS_BIND_DEFAULT);
}

/* Keeps the PIN of the computer that @desk works on. NULL lets go of it.
 */
void
tempo_pin_group_set_desk (TempoPinGroup *self,
                          TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_PIN_GROUP (self));

  if (g_set_object (&self->desk, desk) && self->row != NULL)
    update (self);
}

static gboolean
focus_cb (GtkWidget *widget,
          GdkFrameClock *clock,
          gpointer user_data)
{
  TempoPinGroup *self = TEMPO_PIN_GROUP (widget);
  GtkWidget *first = GTK_WIDGET (has_pin (self) ? self->old : self->fresh);

  if (!gtk_widget_get_mapped (first) || gtk_widget_get_height (first) == 0)
    return adw_expander_row_get_expanded (self->row) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  gtk_widget_grab_focus (first);
  return G_SOURCE_REMOVE;
}

/* For somebody who wants to lock and has no PIN yet. The rows can have the keyboard, and the page can turn to them,
 * once they have a place.
 */
void
tempo_pin_group_begin (TempoPinGroup *self)
{
  g_return_if_fail (TEMPO_IS_PIN_GROUP (self));

  update (self);
  adw_expander_row_set_expanded (self->row, TRUE);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), focus_cb, NULL, NULL);
}
