/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The night so far, newest first. Main thread only. */
#define TEMPO_TYPE_HISTORY_PAGE (tempo_history_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoHistoryPage, tempo_history_page, TEMPO, HISTORY_PAGE, GtkBox)

void tempo_history_page_set_desk (TempoHistoryPage *self, TempoDesk *desk);

G_END_DECLS
