/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Opens @popover at @parent for once: it goes when it is closed or when @parent does,
 * whichever is first. Takes the floating reference. Main thread only. */
void tempo_popover_open_once (GtkPopover *popover, GtkWidget *parent);

G_END_DECLS
