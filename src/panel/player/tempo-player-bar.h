/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* What sounds, how far, and the buttons. The position is interpolated from the last
 * view and drawn once a second, and only while somebody can see it. Main thread only. */
#define TEMPO_TYPE_PLAYER_BAR (tempo_player_bar_get_type ())
G_DECLARE_FINAL_TYPE (TempoPlayerBar, tempo_player_bar, TEMPO, PLAYER_BAR, GtkBox)

void tempo_player_bar_set_desk (TempoPlayerBar *self, TempoDesk *desk);
/* Narrow: a thin line instead of the scale, and the volume is the computer's own. */
void tempo_player_bar_set_narrow (TempoPlayerBar *self, gboolean narrow);
/* TRUE while the second hand runs, for tests. */
gboolean tempo_player_bar_is_ticking (TempoPlayerBar *self);

G_END_DECLS
