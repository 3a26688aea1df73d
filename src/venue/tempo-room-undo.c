/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking back the last decline, skip, remove or clear: the requests are put back as they were, which
 * gives them their old places, because places follow from what a request is. */
#include "venue/tempo-room-private.h"

#include "model/tempo-refusal.h"

/* TRUE when the song sounded and can sound again at once. */
static gboolean
restore_one (TempoRoom *self,
             TempoRequest *before,
             TempoActor *actor)
{
  TempoSlot *slot = tempo_room_find_slot (self, before->id);
  gboolean sounded = before->status == TEMPO_REQUEST_PLAYING;
  /* Another source stands in: the song is first in line for when its own is back. */
  gboolean waits = sounded && !tempo_player_can_start (self->player, slot->request);
  TempoRequest *after;

  /* Votes and the guest's name may have changed since; only the state goes back. */
  after = tempo_request_copy (slot->request);
  after->status = sounded ? TEMPO_REQUEST_APPROVED : before->status;
  after->pinned = before->pinned || waits;
  after->rank = waits ? 0 : before->rank;
  after->decided_at = before->decided_at;
  after->started_at = sounded && !waits ? before->started_at : 0;
  after->ended_at = 0;
  g_clear_pointer (&after->reason_code, g_free);
  g_clear_pointer (&after->reason_text, g_free);
  after->reason_code = g_strdup (before->reason_code);
  after->reason_text = g_strdup (before->reason_text);
  tempo_room_audit_request (self, actor, "undo", slot->request, after);
  tempo_room_change (self, after);
  if (waits)
    tempo_player_let_wait (self->player, before->id);

  return sounded && !waits;
}

/* Somebody may have asked for the same song since, or approved it again by hand. */
static gboolean
can_restore (TempoRoom *self,
             TempoRequest *before)
{
  TempoSlot *slot = tempo_room_find_slot (self, before->id);

  return slot != NULL && slot->request->ended_at != 0 && !g_hash_table_contains (self->live, slot->song_key);
}

/* A skipped song sounds again where it was cut; the one that came instead is next. */
static void
resume_skipped (TempoRoom *self,
                TempoUndo *undo,
                TempoRequest *skipped,
                TempoActor *actor)
{
  g_autoptr (TempoRequest) instead = self->now != NULL && self->now->request != NULL
    ? g_object_ref (self->now->request) : NULL;
  TempoRequest *request;

  tempo_player_release (self->player);
  if (instead != NULL)
    {
      TempoRequest *after = tempo_request_copy (instead);

      after->status = TEMPO_REQUEST_APPROVED;
      after->started_at = 0;
      tempo_room_audit_request (self, actor, "undo", instead, after);
      tempo_room_change (self, after);
      tempo_room_lock (self, instead->id);
    }

  request = tempo_room_find_request (self, skipped->id);
  tempo_player_start (self->player, request, undo->position_ms, actor, "undo");
}

/**
 * tempo_undo_new:
 * @self: a room with an event
 * @label: (transfer none): static word of what would be taken back
 *
 * Returns: (transfer full): an act without requests
 */
TempoUndo *
tempo_undo_new (TempoRoom *self,
                const char *label)
{
  TempoUndo *undo = g_new0 (TempoUndo, 1);

  undo->label = label;
  undo->event_id = g_strdup (self->event->id);
  undo->locked_id = g_strdup (self->locked_id);
  undo->requests = g_ptr_array_new_with_free_func (g_object_unref);

  return undo;
}

/**
 * tempo_undo_add:
 * @undo: an act
 * @request: a request as it was before
 *
 * Remembers it.
 */
void
tempo_undo_add (TempoUndo *undo,
                TempoRequest *request)
{
  g_ptr_array_add (undo->requests, g_object_ref (request));
}

/**
 * tempo_undo_free:
 * @undo: (transfer full): an act
 *
 * Forgets it.
 */
void
tempo_undo_free (TempoUndo *undo)
{
  g_clear_pointer (&undo->event_id, g_free);
  g_clear_pointer (&undo->locked_id, g_free);
  g_clear_pointer (&undo->requests, g_ptr_array_unref);
  g_free (undo);
}

/**
 * tempo_room_push_undo:
 * @self: a room
 * @undo: (transfer full): what was just done
 *
 * The oldest of too many is forgotten.
 */
void
tempo_room_push_undo (TempoRoom *self,
                      TempoUndo *undo)
{
  g_queue_push_head (&self->undo, undo);
  if (self->undo.length > TEMPO_ROOM_MAX_UNDO)
    tempo_undo_free (g_queue_pop_tail (&self->undo));
  tempo_room_mark (self, TEMPO_DIRTY_UNDO);
}

/**
 * tempo_room_undo:
 * @self: a room
 * @command: nothing more
 * @outcome: (inout): how many came back
 * @error: TEMPO_REFUSAL_NOTHING_TO_UNDO
 *
 * Returns: %FALSE when there is nothing
 */
gboolean
tempo_room_undo (TempoRoom *self,
                 TempoCommand *command,
                 TempoOutcome *outcome,
                 GError **error)
{
  TempoUndo *undo = g_queue_pop_head (&self->undo);

  if (undo == NULL || self->event == NULL || g_strcmp0 (undo->event_id, self->event->id) != 0)
    {
      g_clear_pointer (&undo, tempo_undo_free);
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_NOTHING_TO_UNDO, NULL, "nothing to undo"));
      return FALSE;
    }

  for (guint i = 0; i < undo->requests->len; i++)
    {
      TempoRequest *before = g_ptr_array_index (undo->requests, i);
      gboolean sounds;

      if (!can_restore (self, before))
        continue;
      sounds = restore_one (self, before, command->actor);
      outcome->count++;
      if (g_strcmp0 (undo->locked_id, before->id) == 0 && self->now != NULL
          && before->status == TEMPO_REQUEST_APPROVED)
        tempo_room_lock (self, before->id);
      if (sounds)
        resume_skipped (self, undo, before, command->actor);
      g_set_object (&outcome->request, tempo_room_find_request (self, before->id));
    }

  tempo_undo_free (undo);
  tempo_room_mark (self, TEMPO_DIRTY_UNDO);
  tempo_player_wake (self->player);

  return TRUE;
}
