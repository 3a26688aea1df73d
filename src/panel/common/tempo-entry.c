/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/common/tempo-entry.h"

/* Sets the text only where it is another,
 * so that nobody hears of a change that is none.
 */
void
tempo_entry_show (GtkWidget *row,
                  const char *text)
{
  if (text == NULL)
    text = "";
  if (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_FOCUS_WITHIN)
    return;
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}
