/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows @text (nullable) in the entry @row, unless somebody is typing there: that is never overwritten by news from
 * elsewhere. Main thread only. */
void tempo_entry_show (GtkWidget *row, const char *text);

G_END_DECLS
