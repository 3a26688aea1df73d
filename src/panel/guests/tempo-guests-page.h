/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Who is here tonight, newest first. Main thread only. */
#define TEMPO_TYPE_GUESTS_PAGE (tempo_guests_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoGuestsPage, tempo_guests_page, TEMPO, GUESTS_PAGE, GtkBox)

void tempo_guests_page_set_desk (TempoGuestsPage *self, TempoDesk *desk);

G_END_DECLS
