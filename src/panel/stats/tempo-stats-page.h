/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* What was asked for, when, by how many, and what nobody found; the setlist as a file, the night on paper. Asks
 * the engine when it is shown and when told to, never by itself. Main thread only. */
#define TEMPO_TYPE_STATS_PAGE (tempo_stats_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoStatsPage, tempo_stats_page, TEMPO, STATS_PAGE, GtkBox)

/* NULL lets go of everything. */
void tempo_stats_page_set_desk (TempoStatsPage *self, TempoDesk *desk);

G_END_DECLS
