/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/common/tempo-popover.h"

static void
unparent (GtkWidget *popover)
{
  if (gtk_widget_get_parent (popover) != NULL)
    gtk_widget_unparent (popover);
}

static gboolean
unparent_in_idle (gpointer data)
{
  unparent (data);
  return G_SOURCE_REMOVE;
}

/* Not at once: GTK still works on the popover when it says "closed". */
static void
closed_cb (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, unparent_in_idle, g_object_ref (popover), g_object_unref);
}

/* GTK does not let go of a popover by itself when a plain widget that carries
 * one is finalized; rows of a list are finalized all evening.
 */
void
tempo_popover_open_once (GtkPopover *popover,
                         GtkWidget *parent)
{
  g_return_if_fail (GTK_IS_POPOVER (popover));

  gtk_widget_set_parent (GTK_WIDGET (popover), parent);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  g_signal_connect_object (parent, "destroy", G_CALLBACK (unparent), popover, G_CONNECT_SWAPPED);
  gtk_popover_popup (popover);
}
