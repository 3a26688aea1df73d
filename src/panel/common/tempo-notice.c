/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/common/tempo-notice.h"

#include <glib/gi18n.h>

struct _TempoNotice
{
  GtkWidget parent_instance;

  GtkWidget *revealer;
  GtkWidget *label;
  GtkWidget *button;
  GtkWidget *close;
};

G_DEFINE_FINAL_TYPE (TempoNotice, tempo_notice, GTK_TYPE_WIDGET)

static void
tempo_notice_dispose (GObject *object)
{
  g_clear_pointer (&TEMPO_NOTICE (object)->revealer, gtk_widget_unparent);

  G_OBJECT_CLASS (tempo_notice_parent_class)->dispose (object);
}

static void
tempo_notice_class_init (TempoNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_notice_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "notice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
tempo_notice_init (TempoNotice *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_set_hexpand (self->label, TRUE);
  self->button = gtk_button_new ();
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  self->close = gtk_button_new_from_icon_name ("window-close-symbolic");
  gtk_widget_add_css_class (self->close, "flat");
  gtk_widget_add_css_class (self->close, "circular");
  gtk_widget_set_valign (self->close, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->close, _("Close"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Close"), -1);
  g_signal_connect_swapped (self->close, "clicked", G_CALLBACK (tempo_notice_hide), self);
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_box_append (GTK_BOX (box), self->button);
  gtk_box_append (GTK_BOX (box), self->close);
  gtk_widget_add_css_class (box, "notice-box");
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), box);
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
}

/* Says @text until it is closed or something else is said.
 * @label and @action make the remedy a button.
 */
void
tempo_notice_show (TempoNotice *self,
                   const char *text,
                   const char *label,
                   const char *action)
{
  g_return_if_fail (TEMPO_IS_NOTICE (self));

  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_widget_set_visible (self->button, label != NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), label != NULL ? action : NULL);
  if (label != NULL)
    gtk_button_set_label (GTK_BUTTON (self->button), label);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

/* Takes the sentence away,
 * because it is no longer true or was read.
 */
void
tempo_notice_hide (TempoNotice *self)
{
  g_return_if_fail (TEMPO_IS_NOTICE (self));

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
}

/* What is being said now,
 * NULL while nothing is.
 * (transfer none) (nullable).
 */
const char *
tempo_notice_get_text (TempoNotice *self)
{
  g_return_val_if_fail (TEMPO_IS_NOTICE (self), NULL);

  return gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer)) ? gtk_label_get_text (GTK_LABEL (self->label)) : NULL;
}
