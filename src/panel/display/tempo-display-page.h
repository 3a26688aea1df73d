/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* How guests join, and what the room sees: code and cards, the projector window,
 * displays in browsers, Wi-Fi. Main thread only. */
#define TEMPO_TYPE_DISPLAY_PAGE (tempo_display_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoDisplayPage, tempo_display_page, TEMPO, DISPLAY_PAGE, AdwBin)

void tempo_display_page_set_desk (TempoDisplayPage *self, TempoDesk *desk);
/* Shows the projector window on the screen used last, or on the first that is not this window's. */
void tempo_display_page_show_projector (TempoDisplayPage *self);

G_END_DECLS
