/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "venue/tempo-room-private.h"

/* Something done to all songs of a room's inbox or queue. Engine thread. While there is one, the organization's turn is not
 * sent and its commands wait. */

/* @request: a copy that is to become what it will be. */
typedef void (*TempoBulkFunc) (TempoRoom *room, TempoRequest *request, gint64 at);

void tempo_bulk_begin (TempoRoom *room, GPtrArray **list, TempoActor *actor, const char *action, TempoBulkFunc make, gint64 at, TempoOutcome *outcome, TempoUndo *undo);
void tempo_bulk_cancel (TempoVenue *venue);
