/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk-item.h"

G_BEGIN_DECLS

/* A GListModel of TempoDeskItem kept in step with arrays of immutable values by
 * their ids: what stays keeps its item, and only what came, went or moved is
 * signalled. Main thread only. */
#define TEMPO_TYPE_DESK_LIST (tempo_desk_list_get_type ())
G_DECLARE_FINAL_TYPE (TempoDeskList, tempo_desk_list, TEMPO, DESK_LIST, GObject)

typedef const char *(*TempoDeskIdFunc) (gconstpointer value);

/* @get_id gives the id of a value. */
TempoDeskList *tempo_desk_list_new (TempoDeskIdFunc get_id);
/* @values: (nullable) (element GObject): NULL is an empty list. */
void tempo_desk_list_update (TempoDeskList *self, GPtrArray *values);
/* While held, nothing that is shown moves: what went stays as "gone", what came is put behind. */
void tempo_desk_list_set_held (TempoDeskList *self, gboolean held);
gboolean tempo_desk_list_get_held (TempoDeskList *self);
/* (transfer none) (nullable). @index: (out) (optional). */
TempoDeskItem *tempo_desk_list_find (TempoDeskList *self, const char *id, guint *index);
/* How many are not gone. */
guint tempo_desk_list_count (TempoDeskList *self);

G_END_DECLS
