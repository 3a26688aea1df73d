/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The room's switch in words, with the time of the last call. Icon, colour and word
 * say the same, so that none of them is needed alone. Main thread only. */
#define TEMPO_TYPE_SWITCH_BUTTON (tempo_switch_button_get_type ())
G_DECLARE_FINAL_TYPE (TempoSwitchButton, tempo_switch_button, TEMPO, SWITCH_BUTTON, AdwBin)

void tempo_switch_button_set_desk (TempoSwitchButton *self, TempoDesk *desk);

G_END_DECLS
