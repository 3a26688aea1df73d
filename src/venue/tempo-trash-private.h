/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What goes at the end of a night may be a hundred thousand songs, which take longer to free than anybody should wait for
 * the engine: much is let go of by a worker. What is in it must not mind which thread that is. */

/* @array, @items, @table: (transfer full) (nullable): nobody else's. */
void tempo_trash_array (GPtrArray *array);
void tempo_trash_items (GArray *items);
void tempo_trash_table (GHashTable *table);

G_END_DECLS
