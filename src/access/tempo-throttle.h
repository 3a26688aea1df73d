/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Two ways to slow peers down, each bounded in memory (oldest keys leave first). One thread. */
typedef struct _TempoThrottle TempoThrottle;

/* A token bucket per key: @burst at once, @per_minute refill. @max_keys: e.g. 4096. */
TempoThrottle *tempo_throttle_new (TempoClock *clock, guint burst, double per_minute, guint max_keys);
void tempo_throttle_free (TempoThrottle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoThrottle, tempo_throttle_free)
/* Takes one. FALSE when empty; @retry_seconds: (out)(optional) when one is back. */
gboolean tempo_throttle_take (TempoThrottle *self, const char *key, guint *retry_seconds);

/* Failures per key: five in five minutes are free, then the wait doubles from 1 s to 15 min; never for ever. */
gboolean tempo_throttle_may_try (TempoThrottle *self, const char *key, guint *retry_seconds);
void tempo_throttle_failed (TempoThrottle *self, const char *key);
void tempo_throttle_succeeded (TempoThrottle *self, const char *key);

/* What one peer can call itself at will counts as one: of an IPv6 address its /64, link-local ones aside (those are
 * the house's own wire, where a /64 is everybody). (transfer full). */
char *tempo_throttle_address_key (const char *address);

G_END_DECLS
