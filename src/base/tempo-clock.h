/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Time as a seam: everything that decides by time asks a TempoClock, so tests
 * set it. Wall time is microseconds since 1970 UTC (what is stored and shown);
 * monotonic time is microseconds of an unspecified origin (what is measured).
 * Any thread. */

#define TEMPO_TYPE_CLOCK (tempo_clock_get_type ())
G_DECLARE_DERIVABLE_TYPE (TempoClock, tempo_clock, TEMPO, CLOCK, GObject)

struct _TempoClockClass
{
  GObjectClass parent_class;

  gint64 (*now) (TempoClock *self);
  gint64 (*monotonic) (TempoClock *self);
};

/* The machine's clock. Returns: (transfer full). */
TempoClock *tempo_clock_new_system (void);
/* A clock that stands still until told. @now_us: wall time. (transfer full). */
TempoClock *tempo_clock_new_fixed (gint64 now_us);
/* Moves a fixed clock, wall and monotonic alike; no-op type error otherwise. */
void tempo_clock_advance (TempoClock *self, gint64 by_us);

gint64 tempo_clock_now (TempoClock *self);
gint64 tempo_clock_monotonic (TempoClock *self);

/* RFC 3339, UTC, milliseconds: 2026-11-20T21:00:00.000Z. (transfer full). */
char *tempo_time_format (gint64 wall_us);
/* The same into a caller's buffer, for the paths that write thousands. */
#define TEMPO_TIME_LENGTH 24
void tempo_time_write (gint64 wall_us, char buffer[TEMPO_TIME_LENGTH + 1]);
/* Parses RFC 3339 with any offset. Returns FALSE and leaves @wall_us alone when @text is not one. */
gboolean tempo_time_parse (const char *text, gint64 *wall_us);

G_END_DECLS
