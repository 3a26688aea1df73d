/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Widgets for the API's statistics and usage. Main thread only. */

/* Fills @box anew with @stats, {"totals","byHour","songs",…}. FALSE when there is nothing to show. */
gboolean tempo_figures_show_stats (GtkBox *box, JsonObject *stats);
/* Adds the days of @usage, {"usage","quotas"}, at the end. */
void tempo_figures_add_usage (GtkBox *box, JsonObject *usage);

G_END_DECLS
