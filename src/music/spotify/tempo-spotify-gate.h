/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* When Spotify may be asked, one for all calls of a client id. Spotify answers who asks too much with waits of
 * hours, and lengthens them for who goes on asking: so nothing passes before the time it named, and a budget
 * keeps us far from there. It never waits: what may not pass is refused at once with the time when it may.
 * One thread. */
typedef struct _TempoSpotifyGate TempoSpotifyGate;

/* The more important, the more of the budget is open to it. */
typedef enum
{
  TEMPO_SPOTIFY_TOKEN,
  TEMPO_SPOTIFY_WATCHER,
  TEMPO_SPOTIFY_HOST,
  TEMPO_SPOTIFY_SEARCH,
} TempoSpotifyPriority;

#define TEMPO_SPOTIFY_BUDGET 60 /* calls in 30 s; Spotify does not tell its own number */
#define TEMPO_SPOTIFY_WINDOW_US (30 * G_TIME_SPAN_SECOND)

/* Keeps a gate beyond this process. @not_before: wall us. @reason: "" or "quota". */
typedef void (*TempoSpotifyGateFunc) (const char *client, gint64 not_before, const char *reason, gpointer user_data);

/* @not_before, @reason: as they were kept, 0 and NULL for none. @save: (nullable). */
TempoSpotifyGate *tempo_spotify_gate_new (TempoClock *clock, const char *client, gint64 not_before, const char *reason,
                                          TempoSpotifyGateFunc save, gpointer user_data);
void tempo_spotify_gate_free (TempoSpotifyGate *self);

/* TRUE and counted when a call may go out now; else @until is the wall time to ask again. */
gboolean tempo_spotify_gate_pass (TempoSpotifyGate *self, TempoSpotifyPriority priority, gint64 *until);
/* A 429 came. @retry_after: (nullable) the header as it came. @quota: its reason was QUOTA_EXCEEDED. */
void tempo_spotify_gate_close (TempoSpotifyGate *self, const char *retry_after, gboolean quota);
/* A call went well: the next 429 without a time begins at five seconds again. */
void tempo_spotify_gate_succeed (TempoSpotifyGate *self);
/* Wall us, 0 when open. */
gint64 tempo_spotify_gate_get_until (TempoSpotifyGate *self);
/* Was the whole developer account over its quota? */
gboolean tempo_spotify_gate_is_quota (TempoSpotifyGate *self);
guint tempo_spotify_gate_get_spent (TempoSpotifyGate *self);

/* Microseconds that a Retry-After of seconds or an HTTP date asks for, seen at wall time @now; -1 when it is neither. */
gint64 tempo_spotify_read_retry_after (const char *text, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyGate, tempo_spotify_gate_free)

G_END_DECLS
