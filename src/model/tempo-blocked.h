/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* What a house never plays, ready to be compared. Immutable, any thread. */
typedef struct _TempoBlocked TempoBlocked;

/* @artists, @titles, @words: (nullable) (array zero-terminated=1). (transfer full). */
TempoBlocked *tempo_blocked_new (char **artists, char **titles, char **words);
void tempo_blocked_free (TempoBlocked *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoBlocked, tempo_blocked_free)
/* The entry that @song meets, as it was written, or NULL. Whole words, accent- and case-blind. */
const char *tempo_blocked_find (TempoBlocked *self, TempoSong *song);

G_END_DECLS
