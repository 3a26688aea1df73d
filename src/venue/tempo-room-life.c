/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room's own life: another join code, being closed for good and opened again. Its history stays. */
#include "venue/tempo-room-private.h"

#include "model/tempo-refusal.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-steps-private.h"

/* Takes the changed room. @info: (transfer full). */
static void
keep_info (TempoRoom *self,
           TempoRoomInfo *info,
           TempoOutcome *outcome)
{
  g_clear_object (&self->info);
  self->info = info;
  tempo_room_mark (self, TEMPO_DIRTY_ROOM);
  g_set_object (&outcome->room, info);
}

/**
 * tempo_room_new_code:
 * @self: a room
 * @command: nothing more
 * @outcome: (inout): the room
 * @error: why not
 *
 * For a code that became known where it should not: it opens nothing any more, and no other room
 * is ever given it, so that an old card leads nowhere rather than to somebody else.
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_new_code (TempoRoom *self,
                     TempoCommand *command,
                     TempoOutcome *outcome,
                     GError **error)
{
  g_autofree char *code = g_strdup (tempo_steps_use_code (self->venue));
  TempoRoomInfo *info = tempo_room_info_copy (self->info);

  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "room_code", "room", info->id, info->code, code, NULL });
  tempo_batch_add (tempo_venue_write (self->venue), "room-code-update", "ss", info->id, code);
  g_clear_pointer (&info->code, g_free);
  info->code = g_steal_pointer (&code);
  keep_info (self, info, outcome);

  return TRUE;
}

static guint
count_active (TempoVenue *venue)
{
  guint n = 0;

  for (guint i = 0; i < venue->rooms->len; i++)
    n += ((TempoRoom *) g_ptr_array_index (venue->rooms, i))->info->active ? 1 : 0;

  return n;
}

/**
 * tempo_room_set_active:
 * @self: a room
 * @command: flag
 * @outcome: (inout): the room
 * @error: why not
 *
 * A closed room is found by nobody but staff, its displays go dark, and its music stops. What it was is kept.
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_set_active (TempoRoom *self,
                       TempoCommand *command,
                       TempoOutcome *outcome,
                       GError **error)
{
  TempoRoomInfo *info;

  if (command->flag == self->info->active)
    {
      g_set_object (&outcome->room, self->info);
      return TRUE;
    }
  if (!command->flag && self->event != NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_EVENT_ACTIVE, "room", "an event is on in this room: end it first");
  if (!command->flag && count_active (self->venue) == 1)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "room", "it is the only room");

  info = tempo_room_info_copy (self->info);
  info->active = command->flag;
  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "room_active", "room", info->id,
                                                  command->flag ? "closed" : "active",
                                                  command->flag ? "active" : "closed", NULL });
  tempo_batch_add (tempo_venue_write (self->venue), "room-active-update", "si", info->id, (gint64) info->active);
  keep_info (self, info, outcome);
  if (info->active)
    tempo_player_set_up (self->player);
  else
    tempo_player_rest (self->player);

  return TRUE;
}
