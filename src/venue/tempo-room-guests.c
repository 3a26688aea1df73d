/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What staff do with guests rather than with single songs. */
#include "venue/tempo-room-private.h"

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"

/* All that waits of one guest, as one act that can be undone. */
static guint
decline_waiting (TempoRoom *self,
                 TempoGuest *guest,
                 TempoActor *actor,
                 const char *action)
{
  TempoPart *part = tempo_room_find_part (self, guest->id);
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);
  TempoUndo *undo;

  for (guint i = 0; part != NULL && i < part->mine->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (part->mine, i);

      if (request->status == TEMPO_REQUEST_PENDING || request->status == TEMPO_REQUEST_APPROVED)
        g_ptr_array_add (waiting, g_object_ref (request));
    }
  if (waiting->len == 0)
    return 0;

  undo = tempo_undo_new (self, action);
  for (guint i = 0; i < waiting->len; i++)
    {
      tempo_undo_add (undo, g_ptr_array_index (waiting, i));
      tempo_room_finish (self, g_ptr_array_index (waiting, i), TEMPO_REQUEST_DECLINED, actor,
                         action, "guest_cleared", NULL);
    }
  tempo_room_push_undo (self, undo);

  return waiting->len;
}

/* How long a guest is muted or banned. (transfer full). */
static char *
describe_until (gint64 until,
                gint64 now)
{
  if (until <= now)
    return g_strdup ("lifted");

  return until == G_MAXINT64 ? g_strdup ("until lifted") : tempo_time_format (until);
}

static void
audit_guest (TempoRoom *self,
             TempoCommand *command,
             TempoGuest *before,
             TempoGuest *after)
{
  gint64 now = tempo_venue_now (self->venue);
  gboolean mute = command->action == TEMPO_ACTION_GUEST_MUTE;
  g_autofree char *from = describe_until (mute ? before->muted_until : before->banned_until, now);
  g_autofree char *to = describe_until (mute ? after->muted_until : after->banned_until, now);
  gboolean hold = command->action == TEMPO_ACTION_GUEST_HOLD;

  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, tempo_action_to_string (command->action), "guest", after->id,
                                                  hold ? (before->held ? "held" : "free") : from,
                                                  hold ? (after->held ? "held" : "free") : to, command->reason_text });
}

/* A guest on hold keeps its place in the fair order but is passed over; the lock does not protect it. */
static void
set_state (TempoRoom *self,
           TempoCommand *command,
           TempoGuest *guest)
{
  TempoGuest *after = tempo_guest_copy (guest);
  TempoSlot *locked = tempo_room_find_slot (self, self->locked_id);

  if (command->action == TEMPO_ACTION_GUEST_HOLD)
    after->held = command->flag;
  else if (command->action == TEMPO_ACTION_GUEST_MUTE)
    after->muted_until = command->number;
  else
    after->banned_until = command->number;
  audit_guest (self, command, guest, after);
  tempo_venue_put_guest (self->venue, after);

  if (after->held && locked != NULL && g_strcmp0 (locked->request->guest_id, after->id) == 0)
    tempo_room_lock (self, NULL);
}

/* Hold, mute and ban follow the person through all rooms of the house. */
static void
touch_everywhere (TempoRoom *self,
                  const char *guest_id)
{
  for (guint i = 0; i < self->venue->rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (self->venue->rooms, i);

      if (tempo_room_find_part (room, guest_id) == NULL)
        continue;
      tempo_room_resort (room);
      tempo_room_mark (room, TEMPO_DIRTY_QUEUE);
      tempo_room_touch_guest (room, guest_id);
      tempo_player_wake (room->player);
    }
}

/**
 * tempo_room_guest_act:
 * @self: a room
 * @command: hold, mute, ban, rename or clear of guest_id
 * @outcome: (inout): the guest, how many songs were declined
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_guest_act (TempoRoom *self,
                      TempoCommand *command,
                      TempoOutcome *outcome,
                      GError **error)
{
  TempoGuest *guest = tempo_venue_find_guest (self->venue, command->guest_id);
  g_autofree char *name = NULL;

  if (guest == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "guest", "no such guest tonight");
  if (!tempo_room_clean_text (command->name, TEMPO_REQUEST_MAX_NAME, "name", &name, error))
    return FALSE;

  switch (command->action)
    {
    case TEMPO_ACTION_GUEST_RENAME:
      if (name == NULL)
        return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "name", "a name is needed");
      tempo_room_rename_guest (self, guest, name, command->actor, "guest_rename");
      break;
    case TEMPO_ACTION_GUEST_CLEAR:
      if (tempo_room_need_event (self, error) == NULL)
        return FALSE;
      outcome->count = decline_waiting (self, guest, command->actor, "guest_clear");
      break;
    case TEMPO_ACTION_GUEST_BAN:
      if (command->number > tempo_venue_now (self->venue) && self->event != NULL)
        outcome->count = decline_waiting (self, guest, command->actor, "guest_ban");
      set_state (self, command, guest);
      break;
    default:
      set_state (self, command, guest);
      break;
    }

  touch_everywhere (self, command->guest_id);
  g_set_object (&outcome->guest, tempo_venue_find_guest (self->venue, command->guest_id));

  return TRUE;
}
