/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The night and the room: open and end it, the switch, the last call, filler, the
 * announcement. Main thread only. */
#define TEMPO_TYPE_ROOM_PAGE (tempo_room_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoRoomPage, tempo_room_page, TEMPO, ROOM_PAGE, AdwBin)

void tempo_room_page_set_desk (TempoRoomPage *self, TempoDesk *desk);

G_END_DECLS
