/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "venue/tempo-room.h"

/* Passwords of a room's players: in the keyring as "<setting>/<room id>" of the organization, in memory while Tempo
 * runs, never in the file. Engine thread. */

/* The value as JSON, as other settings have theirs. (transfer full) (nullable). */
char *tempo_room_quote_secret (TempoRoom *self, const char *key);
/* @text: (nullable) JSON; NULL forgets. */
void tempo_room_keep_secret (TempoRoom *self, const char *key, const char *text);
/* Looks in the keyring; sources that need what is found are made anew. */
void tempo_room_load_secrets (TempoRoom *self);
