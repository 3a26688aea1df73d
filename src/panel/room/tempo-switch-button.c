/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/room/tempo-switch-button.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"

#define N_SWITCHES 3

struct _TempoSwitchButton
{
  AdwBin parent_instance;

  TempoDesk *desk;              /* (owned) (nullable) */
  GtkWidget *checks[N_SWITCHES]; /* (unowned) in the rows */

  GtkMenuButton *button;
  GtkPopover *popover;
  GtkImage *icon;
  GtkLabel *word;
  GtkListBox *choices;
  GtkLabel *last_call;
  GtkWidget *call_off;
};

G_DEFINE_FINAL_TYPE (TempoSwitchButton, tempo_switch_button, ADW_TYPE_BIN)

static const char *
get_icon_name (TempoSwitch value)
{
  switch (value)
    {
    case TEMPO_SWITCH_RESTRICTED:
      return "emote-love-symbolic";
    case TEMPO_SWITCH_CLOSED:
      return "action-unavailable-symbolic";
    case TEMPO_SWITCH_OPEN:
    default:
      return "object-select-symbolic";
    }
}

static void
set_state_class (TempoSwitchButton *self,
                 TempoSwitch value)
{
  for (int i = 0; i < N_SWITCHES; i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), tempo_switch_to_string (i));
  gtk_widget_add_css_class (GTK_WIDGET (self), tempo_switch_to_string (value));
}

static void
show_word (TempoSwitchButton *self,
           TempoRoomView *view)
{
  TempoSwitch value = view->room->switch_state;
  g_autofree char *clock = tempo_words_clock (view->event != NULL ? view->event->last_call_at : 0);
  g_autofree char *word = NULL;
  g_autofree char *label = NULL;

  if (*clock != '\0' && value != TEMPO_SWITCH_CLOSED)
    /* Translators: the first %s is Open or Votes only, the second a time of day. */
    word = g_strdup_printf (C_ ("switch", "%s until %s"), tempo_words_switch (value), clock);
  else
    word = g_strdup (tempo_words_switch (value));
  gtk_label_set_text (self->word, word);
  gtk_image_set_from_icon_name (self->icon, get_icon_name (value));
  /* Translators: %s is Open, Votes only or Closed. */
  label = g_strdup_printf (_("Requests: %s"), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), tempo_words_switch_detail (value));
  if (*clock != '\0')
    {
      /* Translators: %s is a time of day. */
      g_autofree char *text = g_strdup_printf (_("Last call at %s; then requests close."), clock);

      gtk_label_set_text (self->last_call, text);
    }
  else
    {
      gtk_label_set_text (self->last_call, _("Last call in"));
    }
  gtk_widget_set_visible (self->call_off, *clock != '\0');
}

static void
update (TempoSwitchButton *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), view != NULL && view->event != NULL);
  if (view == NULL)
    return;
  set_state_class (self, view->room->switch_state);
  for (int i = 0; i < N_SWITCHES; i++)
    gtk_widget_set_opacity (self->checks[i], i == (int) view->room->switch_state ? 1 : 0);
  show_word (self, view);
}

static void
choice_activated_cb (TempoSwitchButton *self,
                     GtkListBoxRow *row)
{
  gtk_popover_popdown (self->popover);
  if (self->desk != NULL)
    tempo_desk_set_switch (self->desk, gtk_list_box_row_get_index (row));
}

static void
plan_last_call (GtkWidget *widget,
                const char *action_name,
                GVariant *parameter)
{
  TempoSwitchButton *self = TEMPO_SWITCH_BUTTON (widget);
  gint64 minutes = g_variant_get_int32 (parameter);

  gtk_popover_popdown (self->popover);
  if (self->desk != NULL)
    tempo_desk_plan_last_call (self->desk, minutes > 0 ? tempo_desk_get_now (self->desk) + minutes * 60 * G_USEC_PER_SEC : 0);
}

static GtkWidget *
make_choice (TempoSwitchButton *self,
             TempoSwitch value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (get_icon_name (value));
  GtkWidget *title = gtk_label_new (tempo_words_switch (value));
  GtkWidget *detail = gtk_label_new (tempo_words_switch_detail (value));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), title);
  gtk_box_append (GTK_BOX (words), detail);
  self->checks[value] = gtk_image_new_from_icon_name ("object-select-symbolic");
  gtk_widget_add_css_class (self->checks[value], "accent");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), self->checks[value]);
  return box;
}

static void
tempo_switch_button_dispose (GObject *object)
{
  TempoSwitchButton *self = TEMPO_SWITCH_BUTTON (object);

  tempo_switch_button_set_desk (self, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_SWITCH_BUTTON);

  G_OBJECT_CLASS (tempo_switch_button_parent_class)->dispose (object);
}

static void
tempo_switch_button_class_init (TempoSwitchButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_switch_button_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/room/tempo-switch-button.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoSwitchButton, button);
  gtk_widget_class_bind_template_child (widget_class, TempoSwitchButton, popover);
  gtk_widget_class_bind_template_child (widget_class, TempoSwitchButton, icon);
  gtk_widget_class_bind_template_child (widget_class, TempoSwitchButton, word);
  gtk_widget_class_bind_template_child (widget_class, TempoSwitchButton, choices);
  gtk_widget_class_bind_template_child (widget_class, TempoSwitchButton, last_call);
  gtk_widget_class_bind_template_child (widget_class, TempoSwitchButton, call_off);
  gtk_widget_class_bind_template_callback (widget_class, choice_activated_cb);
  gtk_widget_class_install_action (widget_class, "switch.last-call", "i", plan_last_call);
}

static void
tempo_switch_button_init (TempoSwitchButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < N_SWITCHES; i++)
    gtk_list_box_append (self->choices, make_choice (self, i));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* Shows and turns the switch of the room of @desk. It hides itself while
 * no night is running, since there is nothing to open or close then.
 */
void
tempo_switch_button_set_desk (TempoSwitchButton *self,
                              TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_SWITCH_BUTTON (self));

  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}
