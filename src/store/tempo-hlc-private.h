/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Hybrid logical time: wall milliseconds in the upper 48 bits, a counter in the
 * lower 16, so it orders rows as they were written and still tells when. Never
 * goes backwards, whatever the wall clock does. One thread. */

#define TEMPO_HLC_COUNTER_BITS 16

gint64 tempo_hlc_next (gint64 last, gint64 wall_us);
gint64 tempo_hlc_reserve (gint64 last);

G_END_DECLS
