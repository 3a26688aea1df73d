/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Days as an organization lives them: "2026-11-27" in its own time zone, whose midnights are
 * 23 to 25 hours apart. Pure; any thread. */

#define TEMPO_DAY_LENGTH 10

/* (transfer full). */
char *tempo_day_of (GTimeZone *zone, gint64 wall_us);
gboolean tempo_day_is_valid (const char *day);
/* The day after @n days, which may be negative. (transfer full). */
char *tempo_day_add (const char *day, int n);
/* Wall us of its first moment, and of the next day's. */
void tempo_day_bounds (GTimeZone *zone, const char *day, gint64 *from, gint64 *to);
