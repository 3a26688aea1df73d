/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One row of a list the panel shows: it keeps its identity while the immutable
 * value behind it is replaced, so that a row under the pointer or with the focus
 * stays the same widget when a vote comes in. Main thread only. */
#define TEMPO_TYPE_DESK_ITEM (tempo_desk_item_get_type ())
G_DECLARE_FINAL_TYPE (TempoDeskItem, tempo_desk_item, TEMPO, DESK_ITEM, GObject)

TempoDeskItem *tempo_desk_item_new (const char *id, gpointer value);
const char *tempo_desk_item_get_id (TempoDeskItem *self);
/* (transfer none): a TempoRequest or a TempoGuest, as the list has it. */
gpointer tempo_desk_item_get_value (TempoDeskItem *self);
void tempo_desk_item_set_value (TempoDeskItem *self, gpointer value);
/* 1-based place in its list. */
guint tempo_desk_item_get_position (TempoDeskItem *self);
void tempo_desk_item_set_position (TempoDeskItem *self, guint position);
/* TRUE: decided already, still shown because the pointer is on the list. */
gboolean tempo_desk_item_get_gone (TempoDeskItem *self);
void tempo_desk_item_set_gone (TempoDeskItem *self, gboolean gone);

G_END_DECLS
