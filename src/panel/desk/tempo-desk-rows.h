/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk-item.h"
#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Shows @item in @row from now on; both NULL: the row waits to be used again. */
typedef void (*TempoDeskRowBind) (gpointer row, TempoDesk *desk, TempoDeskItem *item);

/* Lets @list make rows of that type and bind them with @bind to the items of its model, and to the desk that is in @place
 * then. @place is a field of the widget that owns the list. Main thread only. */
void tempo_desk_rows_set_up (GtkListView *list, GType row_type, TempoDeskRowBind bind, TempoDesk **place);

G_END_DECLS
