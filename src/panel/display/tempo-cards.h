/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Cards for the tables: four A6 cards on an A4 sheet, each with the venue's name, the
 * code and the address. They hold the room's permanent code, so they outlive the night. Main thread only. */

/* Opens the print dialog, which can also make a PDF. */
void tempo_cards_print (GtkWindow *parent, TempoDesk *desk);
/* Draws one sheet of @width × @height points with its four cards and cutting marks. @logo: (nullable). */
void tempo_cards_draw (cairo_t *cr, TempoRoomView *view, GdkTexture *logo, double width, double height);

G_END_DECLS
