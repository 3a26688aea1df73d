/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A use case as a value, and what came of it. */
#include "venue/tempo-command.h"

#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "venue/tempo-outcome-private.h"

G_DEFINE_BOXED_TYPE (TempoCommand, tempo_command, tempo_command_ref, tempo_command_unref)
G_DEFINE_BOXED_TYPE (TempoOutcome, tempo_outcome, tempo_outcome_ref, tempo_outcome_unref)

/* The words are stored in audit rows: a released one never changes. */
static const char *const action_words[TEMPO_N_ACTIONS] = {
  [TEMPO_ACTION_SUBMIT] = "submit",
  [TEMPO_ACTION_WITHDRAW] = "withdraw",
  [TEMPO_ACTION_VOTE] = "vote",
  [TEMPO_ACTION_UNVOTE] = "unvote",
  [TEMPO_ACTION_RENAME_SELF] = "rename_self",
  [TEMPO_ACTION_FORGET_SELF] = "forget_self",
  [TEMPO_ACTION_APPROVE] = "approve",
  [TEMPO_ACTION_DECLINE] = "decline",
  [TEMPO_ACTION_REMOVE] = "remove",
  [TEMPO_ACTION_CLEAR] = "clear",
  [TEMPO_ACTION_MOVE] = "move",
  [TEMPO_ACTION_PIN] = "pin",
  [TEMPO_ACTION_SHOW_MESSAGE] = "show_message",
  [TEMPO_ACTION_MARK_PLAYING] = "mark_playing",
  [TEMPO_ACTION_MARK_PLAYED] = "mark_played",
  [TEMPO_ACTION_UNDO] = "undo",
  [TEMPO_ACTION_PLAY] = "play",
  [TEMPO_ACTION_PAUSE] = "pause",
  [TEMPO_ACTION_SKIP] = "skip",
  [TEMPO_ACTION_SEEK] = "seek",
  [TEMPO_ACTION_VOLUME] = "volume",
  [TEMPO_ACTION_FILLER] = "filler",
  [TEMPO_ACTION_SWITCH] = "switch",
  [TEMPO_ACTION_EVENT_CREATE] = "event_create",
  [TEMPO_ACTION_EVENT_START] = "event_start",
  [TEMPO_ACTION_EVENT_END] = "event_end",
  [TEMPO_ACTION_EVENT_RULES] = "event_rules",
  [TEMPO_ACTION_GUEST_HOLD] = "guest_hold",
  [TEMPO_ACTION_GUEST_MUTE] = "guest_mute",
  [TEMPO_ACTION_GUEST_BAN] = "guest_ban",
  [TEMPO_ACTION_GUEST_RENAME] = "guest_rename",
  [TEMPO_ACTION_GUEST_CLEAR] = "guest_clear",
  [TEMPO_ACTION_ROOM_CREATE] = "room_create",
  [TEMPO_ACTION_ROOM_EDIT] = "room_edit",
  [TEMPO_ACTION_DISPLAY_CREATE] = "display_create",
  [TEMPO_ACTION_DISPLAY_REVOKE] = "display_revoke",
  [TEMPO_ACTION_SETTING] = "setting",
  [TEMPO_ACTION_EVENT_RENAME] = "event_rename",
  [TEMPO_ACTION_LICENCE] = "licence",
  [TEMPO_ACTION_ROOM_CODE] = "room_code",
  [TEMPO_ACTION_ROOM_ACTIVE] = "room_active",
  [TEMPO_ACTION_SOURCE] = "source",
};

/**
 * tempo_action_to_string:
 * @action: an action
 *
 * Returns: (transfer none): its word in the audit log and the permission table
 */
const char *
tempo_action_to_string (TempoAction action)
{
  g_return_val_if_fail ((guint) action < TEMPO_N_ACTIONS, "");

  return action_words[action];
}

/**
 * tempo_command_new:
 * @action: what to do
 * @actor: who does it
 * @organization_id: where
 * @room_id: (nullable): in which room
 *
 * The caller sets the other fields before giving the command away.
 *
 * Returns: (transfer full): the command
 */
TempoCommand *
tempo_command_new (TempoAction action,
                   TempoActor *actor,
                   const char *organization_id,
                   const char *room_id)
{
  TempoCommand *self;

  g_return_val_if_fail ((guint) action < TEMPO_N_ACTIONS, NULL);
  g_return_val_if_fail (actor != NULL, NULL);

  self = g_new0 (TempoCommand, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->action = action;
  self->actor = tempo_actor_ref (actor);
  self->organization_id = g_strdup (organization_id);
  self->room_id = g_strdup (room_id);

  return self;
}

/**
 * tempo_command_ref:
 * @self: a command
 *
 * Returns: (transfer full): @self
 */
TempoCommand *
tempo_command_ref (TempoCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * tempo_command_unref:
 * @self: (transfer full): a command
 *
 * Frees it with the last reference.
 */
void
tempo_command_unref (TempoCommand *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->actor, tempo_actor_unref);
  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->room_id, g_free);
  g_clear_pointer (&self->request_id, g_free);
  g_clear_pointer (&self->event_id, g_free);
  g_clear_pointer (&self->guest_id, g_free);
  g_clear_pointer (&self->target_id, g_free);
  g_clear_pointer (&self->song_id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->artist, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->reason_code, g_free);
  g_clear_pointer (&self->reason_text, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->patch, json_object_unref);
  g_free (self);
}

/**
 * tempo_outcome_new:
 *
 * An empty answer, for handlers to fill before their turn is committed.
 *
 * Returns: (transfer full): the outcome
 */
TempoOutcome *
tempo_outcome_new (void)
{
  TempoOutcome *self = g_new0 (TempoOutcome, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->eta_seconds = -1;

  return self;
}

/**
 * tempo_outcome_ref:
 * @self: an outcome
 *
 * Returns: (transfer full): @self
 */
TempoOutcome *
tempo_outcome_ref (TempoOutcome *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * tempo_outcome_unref:
 * @self: (transfer full): an outcome
 *
 * Frees it with the last reference.
 */
void
tempo_outcome_unref (TempoOutcome *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->request);
  g_clear_object (&self->event);
  g_clear_object (&self->guest);
  g_clear_object (&self->room);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->target_id, g_free);
  g_free (self);
}
