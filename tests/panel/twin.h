/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk.h"
#include "store/tempo-store.h"

G_BEGIN_DECLS

/* The engine's twin for the panel's tests: a room in memory that does at once what
 * commands say, roughly as the engine does, and answers in the next turn of the main loop. */
#define TEMPO_TYPE_TWIN (tempo_twin_get_type ())
G_DECLARE_FINAL_TYPE (TempoTwin, tempo_twin, TEMPO, TWIN, TempoLink)

TempoLink *tempo_twin_new (void);
/* A lively evening: @inbox waiting, @queue approved, some history and guests. */
void tempo_twin_fill (TempoTwin *self, guint inbox, guint queue, guint history);
/* The room before its first event, for empty states. */
void tempo_twin_open_empty (TempoTwin *self);
/* The last command that was executed, or NULL. (transfer none). */
TempoCommand *tempo_twin_get_last (TempoTwin *self);
guint tempo_twin_get_executed (TempoTwin *self);
/* The next command is refused with this. Takes @error. */
void tempo_twin_refuse_next (TempoTwin *self, GError *error);
/* A song that is playing, next on the list or waiting, asked for by @name (NULL: nobody). @song_id: (nullable). (transfer none) (nullable): a request that waits. */
TempoRequest *tempo_twin_put (TempoTwin *self, TempoRequestStatus status, const char *song_id, const char *title, const char *artist,
                              const char *name);
/* A new request comes in. (transfer none) its id. */
const char *tempo_twin_ask (TempoTwin *self, const char *title, const char *name);
/* Somebody else decides the request at @index of the inbox. */
void tempo_twin_decide_elsewhere (TempoTwin *self, guint index);
void tempo_twin_set_source (TempoTwin *self, const char *source);
void tempo_twin_set_health (TempoTwin *self, const char *code, TempoHealthLevel level);
TempoClock *tempo_twin_get_clock (TempoTwin *self);
/* One more source of the room; the first that is "ready" has its turn. */
void tempo_twin_add_source (TempoTwin *self, const char *kind, const char *state);
/* How the account of Spotify is, whatever anybody does. */
void tempo_twin_set_spotify (TempoTwin *self, const char *state);
/* What somebody signed in to Spotify with, or NULL. */
const char *tempo_twin_get_spotify_client (TempoTwin *self);
/* One more organization of this computer, whose file cannot be opened for that reason; NULL: all can be opened again. */
void tempo_twin_set_unopened (TempoTwin *self, const char *name, TempoStoreError why);
/* No room is there to be opened, though there is an organization. */
void tempo_twin_close_rooms (TempoTwin *self, gboolean closed);
/* A folder for get_folder(). */
void tempo_twin_set_folder (TempoTwin *self, const char *folder);
/* The desktop's PIN, NULL for none. */
void tempo_twin_set_pin (TempoTwin *self, const char *pin);
const char *tempo_twin_get_pin (TempoTwin *self);

G_END_DECLS
