/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What else guests do: take back a song or a vote, change the name, leave without a trace. */
#include "venue/tempo-room-private.h"

#include "model/tempo-refusal.h"
#include "venue/tempo-care-private.h"

static gboolean
waits (TempoRequest *request)
{
  return request->status == TEMPO_REQUEST_PENDING || request->status == TEMPO_REQUEST_APPROVED;
}

/* The name on songs that wait follows the guest. */
static void
rename_waiting (TempoRoom *self,
                TempoGuest *guest)
{
  TempoPart *part = tempo_room_find_part (self, guest->id);
  g_autoptr (GPtrArray) mine = NULL;

  if (part == NULL)
    return;

  mine = g_ptr_array_copy (part->mine, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (mine, g_object_unref);
  for (guint i = 0; i < mine->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (mine, i);
      TempoRequest *after;

      if (!waits (request) && request->status != TEMPO_REQUEST_PLAYING)
        continue;
      if (tempo_room_find_slot (self, request->id) == NULL)
        continue;
      after = tempo_request_copy (request);
      g_clear_pointer (&after->name, g_free);
      after->name = g_strdup (guest->name);
      tempo_room_change (self, after);
    }
  tempo_room_touch_guest (self, guest->id);
}

/* Takes back what waits, and the name and words off everything: a song that is written once more, played
 * or undone, must not bring back what was forgotten. The rows are a statement of the caller's. */
static guint
leave_room (TempoRoom *self,
            TempoGuest *guest,
            TempoActor *actor)
{
  TempoPart *part = tempo_room_find_part (self, guest->id);
  g_autoptr (GPtrArray) mine = NULL;
  guint n = 0;

  if (part == NULL)
    return 0;

  mine = g_ptr_array_copy (part->mine, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (mine, g_object_unref);
  for (guint i = 0; i < mine->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (mine, i);
      TempoRequest *after;

      if (tempo_room_find_slot (self, request->id) == NULL)
        continue;
      if (waits (request))
        {
          tempo_room_finish (self, request, TEMPO_REQUEST_WITHDRAWN, actor, "withdraw", NULL, NULL);
          n++;
        }
      after = tempo_request_copy (tempo_room_find_slot (self, request->id)->request);
      g_clear_pointer (&after->name, g_free);
      g_clear_pointer (&after->message, g_free);
      after->name = g_strdup ("");
      tempo_room_replace (self, after);
    }
  tempo_room_touch_guest (self, guest->id);

  return n;
}

/**
 * tempo_room_rename_guest:
 * @self: a room
 * @guest: a guest
 * @name: the new name
 * @actor: who wishes it
 * @action: word of the log
 *
 * Renames a guest and its waiting songs.
 *
 * Returns: (transfer none): the guest now
 */
TempoGuest *
tempo_room_rename_guest (TempoRoom *self,
                         TempoGuest *guest,
                         const char *name,
                         TempoActor *actor,
                         const char *action)
{
  TempoGuest *after = tempo_guest_copy (guest);

  g_clear_pointer (&after->name, g_free);
  after->name = g_strdup (name);
  tempo_venue_audit (self->venue, &(TempoAudit) { actor, action, "guest", guest->id, guest->name, name, NULL });
  tempo_venue_put_guest (self->venue, after);
  rename_waiting (self, after);

  return after;
}

/**
 * tempo_room_withdraw:
 * @self: a room
 * @command: request_id
 * @outcome: (inout): the request
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_withdraw (TempoRoom *self,
                     TempoCommand *command,
                     TempoOutcome *outcome,
                     GError **error)
{
  TempoGuest *guest = tempo_venue_find_digest (self->venue, command->actor->id);
  TempoRequest *request = tempo_room_need_request (self, command, error);

  if (request == NULL)
    return FALSE;
  if (guest == NULL || g_strcmp0 (request->guest_id, guest->id) != 0)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_YOURS, NULL, "somebody else asked for it");
  if (request->status == TEMPO_REQUEST_WITHDRAWN)
    {
      g_set_object (&outcome->request, request);
      return TRUE;
    }
  if (!waits (request))
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it no longer waits");

  tempo_room_finish (self, request, TEMPO_REQUEST_WITHDRAWN, command->actor, "withdraw", NULL, NULL);
  g_set_object (&outcome->guest, guest);

  return TRUE;
}

/**
 * tempo_room_unvote:
 * @self: a room
 * @command: request_id
 * @outcome: (inout): the request
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_unvote (TempoRoom *self,
                   TempoCommand *command,
                   TempoOutcome *outcome,
                   GError **error)
{
  TempoGuest *guest = tempo_venue_find_digest (self->venue, command->actor->id);
  TempoPart *part = guest != NULL ? tempo_room_find_part (self, guest->id) : NULL;
  TempoRequest *request = tempo_room_need_request (self, command, error);
  TempoRequest *after;

  if (request == NULL)
    return FALSE;
  if (!waits (request))
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it no longer waits");

  g_set_object (&outcome->request, request);
  if (part == NULL || !g_hash_table_remove (part->votes, request->id))
    return TRUE;

  after = tempo_request_copy (request);
  after->votes -= after->votes > 0 ? 1 : 0;
  tempo_batch_add (tempo_venue_write (self->venue), "vote-delete", "ss", request->id, guest->id);
  tempo_batch_add (tempo_venue_write (self->venue), "request-votes", "si", request->id, (gint64) after->votes);
  tempo_room_audit_votes (self, command->actor, "unvote", request, after);
  tempo_room_touch_guest (self, guest->id);
  g_set_object (&outcome->guest, guest);
  g_set_object (&outcome->request, after);
  tempo_room_replace (self, after);

  return TRUE;
}

/**
 * tempo_room_rename_self:
 * @self: a room
 * @command: name
 * @outcome: (inout): the guest
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_rename_self (TempoRoom *self,
                        TempoCommand *command,
                        TempoOutcome *outcome,
                        GError **error)
{
  g_autofree char *name = NULL;
  TempoGuest *guest;

  if (!tempo_room_clean_text (command->name, TEMPO_REQUEST_MAX_NAME, "name", &name, error))
    return FALSE;

  guest = tempo_venue_ensure_guest (self->venue, command->actor, NULL);
  tempo_room_ensure_part (self, guest->id);
  tempo_room_touch_guest (self, guest->id);
  if (name == NULL)
    name = tempo_guest_make_name (guest->id);
  if (g_strcmp0 (guest->name, name) != 0)
    guest = tempo_room_rename_guest (self, guest, name, command->actor, "rename_self");
  g_set_object (&outcome->guest, guest);

  return TRUE;
}

/**
 * tempo_venue_forget_guest:
 * @self: an organization that can be written
 * @guest: one of its guests
 * @actor: who wishes it
 *
 * Takes back what waits and the name off everything, in memory and in the gathering turn.
 *
 * Returns: how many songs were taken back
 */
guint
tempo_venue_forget_guest (TempoVenue *self,
                          TempoGuest *guest,
                          TempoActor *actor)
{
  TempoGuest *after = tempo_guest_copy (guest);
  guint count = 0;

  for (guint i = 0; i < self->rooms->len; i++)
    count += leave_room (g_ptr_array_index (self->rooms, i), guest, actor);
  tempo_batch_add (tempo_venue_write (self), "request-unname", "s", guest->id);
  tempo_batch_add (tempo_venue_write (self), "idempotency-forget-one", "s", guest->token_digest);
  g_clear_pointer (&after->token_digest, g_free);
  g_clear_pointer (&after->name, g_free);
  after->token_digest = g_strconcat ("gone:", after->id, NULL);
  after->name = g_strdup ("");
  tempo_venue_put_guest (self, after);

  return count;
}

/**
 * tempo_room_forget_self:
 * @self: a room
 * @command: nothing more
 * @outcome: (inout): how many songs were taken back
 * @error: never set
 *
 * What waits is taken back; the row stays without name and cookie, because the night's figures rest on it.
 *
 * Returns: %TRUE
 */
gboolean
tempo_room_forget_self (TempoRoom *self,
                        TempoCommand *command,
                        TempoOutcome *outcome,
                        GError **error)
{
  TempoGuest *guest = tempo_venue_find_digest (self->venue, command->actor->id);

  if (guest == NULL)
    return TRUE;

  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "forget_self", "guest",
                                                  guest->id, "known", "forgotten", NULL });
  outcome->count = tempo_venue_forget_guest (self->venue, guest, command->actor);

  return TRUE;
}
