/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* A guest and what the host can do about one: hold, mute, ban, rename, clear. Everything
 * can be taken back. Main thread only. */
#define TEMPO_TYPE_GUEST_ROW (tempo_guest_row_get_type ())
G_DECLARE_FINAL_TYPE (TempoGuestRow, tempo_guest_row, TEMPO, GUEST_ROW, GtkBox)

TempoGuestRow *tempo_guest_row_new (void);
/* @item: (nullable) lets go of the last one. */
void tempo_guest_row_bind (TempoGuestRow *self, TempoDesk *desk, TempoDeskItem *item);

G_END_DECLS
