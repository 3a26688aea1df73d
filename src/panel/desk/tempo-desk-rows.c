/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-desk-rows.h"

typedef struct
{
  GType row_type;
  TempoDeskRowBind bind;
  TempoDesk **place; /* (unowned) */
} Rows;

static void
setup_cb (Rows *rows,
          GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, g_object_new (rows->row_type, NULL));
}

static void
bind_cb (Rows *rows,
         GtkListItem *list_item)
{
  rows->bind (gtk_list_item_get_child (list_item), *rows->place, gtk_list_item_get_item (list_item));
}

static void
unbind_cb (Rows *rows,
           GtkListItem *list_item)
{
  rows->bind (gtk_list_item_get_child (list_item), NULL, NULL);
}

/* Gives @list its factory.
 */
void
tempo_desk_rows_set_up (GtkListView *list,
                        GType row_type,
                        TempoDeskRowBind bind,
                        TempoDesk **place)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  Rows *rows = g_new (Rows, 1);

  *rows = (Rows) { row_type, bind, place };
  g_object_set_data_full (G_OBJECT (factory), "rows", rows, g_free);
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), rows);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cb), rows);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind_cb), rows);
  gtk_list_view_set_factory (list, factory);
}
