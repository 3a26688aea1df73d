/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a display says by the clock, a line each: "21:00-23:00 Kitchen closes at eleven" every day, "Fri,Sat 23:00-01:00
 * Night bus at one" on the days it begins on. Pure functions, any thread. */

/* Whether @line has that form: days of three English letters, two different times, and words. */
gboolean tempo_schedule_is_line (const char *line);
/* The words of the first of @lines that holds at @local, a time of the house's zone. From the first minute, until
 * before the last. (transfer none) (nullable). */
const char *tempo_schedule_find (const char *const *lines, GDateTime *local);

G_END_DECLS
