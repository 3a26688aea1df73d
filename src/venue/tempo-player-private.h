/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"
#include "venue/tempo-command.h"

/* Drives the source of one room: hands over one song late, writes what was played. Engine thread only. */
typedef struct _TempoPlayer TempoPlayer;

TempoPlayer *tempo_player_new (TempoRoom *room);
void tempo_player_free (TempoPlayer *self);
/* Makes or replaces the sources after the room's settings. */
void tempo_player_set_up (TempoPlayer *self);
/* Lets the source go, until it is set up again. Nothing may sound. */
void tempo_player_rest (TempoPlayer *self);
/* Which of them has its turn. (transfer none). */
const char *tempo_player_get_kind (TempoPlayer *self);
/* The host's choice, after this song; NULL: the room's first. */
gboolean tempo_player_choose (TempoPlayer *self, const char *kind, TempoActor *actor, GError **error);
gboolean tempo_player_has_fallen_back (TempoPlayer *self);
/* (element TempoSourceState) (transfer full): all of them, in the room's order. */
GPtrArray *tempo_player_list_states (TempoPlayer *self);
/* The list changed: what was handed over to a player may not be next any more. */
void tempo_player_review (TempoPlayer *self);
TempoSource *tempo_player_get_source (TempoPlayer *self);
gboolean tempo_player_can (TempoPlayer *self, TempoSourceAbilities abilities);
/* Continues @song as the file has it; @request_id (nullable). */
void tempo_player_continue (TempoPlayer *self, TempoSong *song, const char *request_id,
                            gint64 position_ms, gboolean playing);
/* After a reload: what sounds goes on, whatever the file had. */
void tempo_player_reconcile (TempoPlayer *self);
/* Something became playable: starts it if nothing sounds and the host wants music. */
void tempo_player_wake (TempoPlayer *self);
/* The event began: the host wants music. */
void tempo_player_engage (TempoPlayer *self);
gint64 tempo_player_get_position (TempoPlayer *self);
/* Ends what plays as @status and goes on with the next (or nothing when @advance is FALSE). */
void tempo_player_finish (TempoPlayer *self, TempoActor *actor, const char *action,
                          const char *reason, gboolean advance);
/* Starts @request at a place, as @actor wishes. */
void tempo_player_start (TempoPlayer *self, TempoRequest *request, gint64 position_ms,
                         TempoActor *actor, const char *action);
/* FALSE while the source that has @request's song is not the one that has its turn. */
gboolean tempo_player_can_start (TempoPlayer *self, TempoRequest *request);
/* A request that sounded waits for its turn again. */
void tempo_player_let_wait (TempoPlayer *self, const char *request_id);
/* Stops a song that returns to the queue; nothing of it is written as played. */
void tempo_player_release (TempoPlayer *self);
gboolean tempo_player_play (TempoPlayer *self, TempoActor *actor, GError **error);
gboolean tempo_player_pause (TempoPlayer *self, GError **error);
gboolean tempo_player_seek (TempoPlayer *self, gint64 position_ms, GError **error);
void tempo_player_set_volume (TempoPlayer *self, double volume);
/* The request that sounds is no longer one (its event ended): the song goes on as the house's. */
void tempo_player_disown (TempoPlayer *self);
/* No event is on any more: what others put on is nobody's interest, the house's own music goes on. */
void tempo_player_look_away (TempoPlayer *self);
void tempo_player_tick (TempoPlayer *self);
/* Saves where it is; the turn that holds it is the caller's to wait for. */
void tempo_player_save (TempoPlayer *self);
/* (nullable) what is wrong with the source; @level as TempoHealthLevel. */
const char *tempo_player_get_trouble (TempoPlayer *self, guint *level);
TempoSong *tempo_player_peek_filler (TempoPlayer *self);
