/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-room-view.h"
#include "model/tempo-source-state.h"

G_BEGIN_DECLS

/* How sources of music and their states are called, and what to do about them. Pure; any thread; translated. */

/* Every kind a room may have, in the order they are offered; NULL past the end. */
const char *tempo_music_words_kind_at (guint index);
/* "Music folder", "MPD" …; the kind itself when it is not known. (transfer none). */
const char *tempo_music_words_kind (const char *kind);
const char *tempo_music_words_icon (const char *kind);
/* One sentence for how it is. (transfer full). */
char *tempo_music_words_state (const TempoSourceState *state);
/* The label of what helps, NULL when only waiting does. (transfer none) (nullable). @remedy: (out) "sign-in", "dashboard" or
 * "set-up". */
const char *tempo_music_words_remedy (const TempoSourceState *state, const char **remedy);
/* The sentence for a line of the health strip that is about a source. (transfer full) (nullable). @label: (out) (transfer none) (nullable). */
char *tempo_music_words_trouble (TempoRoomView *view, const TempoHealth *health, const char **label);

G_END_DECLS
