/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a display says by the clock, a line each: "21:00-23:00 Kitchen closes at eleven" every day, "Fri,Sat 23:00-01:00
 * Night bus at one" on the days it begins on. Pure functions, any thread. */

#define TEMPO_SCHEDULE_EVERY_DAY 0x7f

typedef struct
{
  guint days;       /* a bit each, Monday first */
  int from, until;  /* minutes of the day */
  const char *text; /* (unowned) the words */
} TempoScheduleLine;

/* Takes @text apart; @line's words stay in @text. */
gboolean tempo_schedule_parse (const char *text, TempoScheduleLine *line);
/* The other way; at least one day, two different times and words are the caller's care. (transfer full). */
char *tempo_schedule_format (const TempoScheduleLine *line);
/* Whether @line has that form: days of three English letters, two different times, and words. */
gboolean tempo_schedule_is_line (const char *line);
/* The words of the first of @lines that holds at @local, a time of the house's zone. From the first minute, until
 * before the last. (transfer none) (nullable). */
const char *tempo_schedule_find (const char *const *lines, GDateTime *local);

G_END_DECLS
