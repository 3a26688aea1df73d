/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/inbox/tempo-reason-popover.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-popover.h"
#include "panel/common/tempo-words.h"

struct _TempoReasonPopover
{
  GtkPopover parent_instance;

  TempoDesk *desk;    /* (owned) */
  char *request_id;   /* (owned) */
  GtkWidget *entry;
};

G_DEFINE_FINAL_TYPE (TempoReasonPopover, tempo_reason_popover, GTK_TYPE_POPOVER)

static void
choose_reason (GtkWidget *widget,
               const char *action_name,
               GVariant *parameter)
{
  TempoReasonPopover *self = TEMPO_REASON_POPOVER (widget);
  const char *code = tempo_words_reason_code (g_variant_get_uint32 (parameter) - 1);

  if (code == NULL)
    return;
  if (g_str_equal (code, "other"))
    {
      gtk_widget_grab_focus (self->entry);
      return;
    }
  tempo_desk_decline (self->desk, self->request_id, code, NULL);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
own_words_cb (TempoReasonPopover *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  if (*text == '\0')
    return;
  tempo_desk_decline (self->desk, self->request_id, "other", text);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
tempo_reason_popover_dispose (GObject *object)
{
  TempoReasonPopover *self = TEMPO_REASON_POPOVER (object);

  g_clear_object (&self->desk);
  g_clear_pointer (&self->request_id, g_free);

  G_OBJECT_CLASS (tempo_reason_popover_parent_class)->dispose (object);
}

static void
tempo_reason_popover_class_init (TempoReasonPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_reason_popover_dispose;

  gtk_widget_class_install_action (widget_class, "reason.choose", "u", choose_reason);
  for (guint i = 0; i < 5; i++)
    {
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + i, 0, "reason.choose", "u", i + 1);
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_1 + i, 0, "reason.choose", "u", i + 1);
    }
}

static GtkWidget *
make_choice (guint index)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *digit = g_strdup_printf ("%u", index + 1);
  GtkWidget *key = gtk_label_new (digit);
  GtkWidget *label = gtk_label_new (tempo_words_reason (tempo_words_reason_code (index)));

  gtk_widget_add_css_class (key, "key");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), key);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "reason");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "reason.choose");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", index + 1);
  return button;
}

static void
tempo_reason_popover_init (TempoReasonPopover *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  for (guint i = 0; i < 4; i++)
    gtk_box_append (GTK_BOX (box), make_choice (i));
  self->entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), tempo_words_reason ("other"));
  gtk_entry_set_max_length (GTK_ENTRY (self->entry), TEMPO_REQUEST_MAX_MESSAGE);
  gtk_widget_set_margin_top (self->entry, 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("A reason in your own words"), -1);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (own_words_cb), self);
  gtk_box_append (GTK_BOX (box), self->entry);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Why not?"), -1);
}

/* Opens the reasons for @request_id. The popover belongs to @parent until it is
 * closed; a reason, Escape or a click elsewhere closes it.
 */
TempoReasonPopover *
tempo_reason_popover_open (GtkWidget *parent,
                           TempoDesk *desk,
                           const char *request_id,
                           gboolean own_words)
{
  TempoReasonPopover *self = g_object_new (TEMPO_TYPE_REASON_POPOVER, NULL);

  self->desk = g_object_ref (desk);
  self->request_id = g_strdup (request_id);
  tempo_popover_open_once (GTK_POPOVER (self), parent);
  if (own_words)
    gtk_widget_grab_focus (self->entry);
  return self;
}
