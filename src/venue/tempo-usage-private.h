/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "venue/tempo-venue-private.h"

/* How much an organization uses of Tempo, by day. What can be counted from the tables is counted once
 * a day, also for days when Tempo did not run, and again without harm; what only happens is tallied.
 * Engine thread. */

/* The zone days are meant in. (transfer full). */
GTimeZone *tempo_usage_get_zone (TempoVenue *venue);
/* Counts every day since the last one that was counted, in a reader. */
void tempo_usage_count_days (TempoVenue *venue);
/* Writes what was tallied, if ten minutes are over or @at_once. */
void tempo_usage_flush (TempoVenue *venue, gboolean at_once);
/* Hands what was tallied to the store, which is closed next and waits for it. */
void tempo_usage_close (TempoVenue *venue);
/* (nullable) a health code when a quota is nearly or wholly used up; @text: (out) static. */
const char *tempo_usage_get_trouble (TempoVenue *venue, const char **text);
