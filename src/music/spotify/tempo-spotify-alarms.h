/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Things to do later, by a TempoClock: what polls, waits for a gate or gives a call up asks here, so
 * that tests move ten minutes in a moment. One thread: that whose default context made it. */
typedef struct _TempoSpotifyAlarms TempoSpotifyAlarms;
typedef void (*TempoSpotifyAlarmFunc) (gpointer data);

TempoSpotifyAlarms *tempo_spotify_alarms_new (TempoClock *clock);
void tempo_spotify_alarms_free (TempoSpotifyAlarms *self);
TempoClock *tempo_spotify_alarms_get_clock (TempoSpotifyAlarms *self);
/* Runs @func once, @delay_us from now, never inside this call. An alarm that *@id names is replaced; 0 is stored there first when it rings. */
void tempo_spotify_alarms_set (TempoSpotifyAlarms *self, guint *id, gint64 delay_us, TempoSpotifyAlarmFunc func, gpointer data);
void tempo_spotify_alarms_clear (TempoSpotifyAlarms *self, guint *id);
/* For tests with a clock of their own: runs what is due, as of the clock. */
void tempo_spotify_alarms_run (TempoSpotifyAlarms *self);
/* Microseconds until the next one rings; -1 when none is set. */
gint64 tempo_spotify_alarms_get_delay (TempoSpotifyAlarms *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyAlarms, tempo_spotify_alarms_free)

G_END_DECLS
