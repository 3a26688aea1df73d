/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nights: planning, opening the doors, last call, the end. And the switch between open, votes only and closed. */
#include "venue/tempo-room-private.h"

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "model/tempo-rules.h"
#include "model/tempo-schedule.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-outcome-private.h"
#include "venue/tempo-settings-private.h"
#include "venue/tempo-usage-private.h"

static TempoRules *
patch_rules (TempoRules *base,
             JsonObject *patch,
             GError **error)
{
  g_autoptr (GError) wrong = NULL;
  TempoRules *rules;

  if (patch == NULL)
    return base != NULL ? tempo_rules_ref (base) : tempo_rules_new_default ();

  rules = tempo_rules_patch (base, patch, &wrong);
  if (rules == NULL)
    tempo_refuse (error, TEMPO_REFUSAL_INVALID, "rules", wrong->message);

  return rules;
}

/* What the host wants for the night, unless it says otherwise: where there is no catalogue, words are all guests have. */
static TempoRules *
make_rules (TempoRoom *self,
            JsonObject *patch,
            GError **error)
{
  g_autoptr (TempoRules) base = tempo_rules_new_default ();

  base->free_text = !tempo_player_can (self->player, TEMPO_SOURCE_SEARCH);

  return patch_rules (base, patch, error);
}

static TempoEvent *
find_event (TempoRoom *self,
            const char *event_id,
            GError **error)
{
  TempoEvent *event = NULL;

  if (event_id == NULL || (self->event != NULL && g_strcmp0 (self->event->id, event_id) == 0))
    event = self->event;
  else
    event = g_hash_table_lookup (self->venue->scheduled, event_id);

  if (event == NULL || g_strcmp0 (event->room_id, self->info->id) != 0)
    {
      tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "event", "no such event that is not over");
      return NULL;
    }

  return event;
}

static void
audit_event (TempoRoom *self,
             TempoActor *actor,
             const char *action,
             TempoEvent *event,
             const char *before,
             const char *after)
{
  tempo_venue_audit (self->venue, &(TempoAudit) { actor, action, "event", event->id, before, after, NULL });
}

/* Takes the changed event to where it belongs. @event: (transfer full). */
static void
keep_event (TempoRoom *self,
            TempoEvent *event)
{
  if (event->state == TEMPO_EVENT_SCHEDULED)
    {
      g_hash_table_replace (self->venue->scheduled, event->id, event);
    }
  else
    {
      g_clear_object (&self->event);
      self->event = event;
      tempo_room_resort (self);
    }
  tempo_room_mark (self, TEMPO_DIRTY_EVENT);
}

/* Whether the licence allows one more event at the same time. */
static gboolean
may_start (TempoRoom *self,
           GError **error)
{
  GPtrArray *rooms = self->venue->rooms;
  guint active = 0;

  for (guint i = 0; i < rooms->len; i++)
    active += ((TempoRoom *) g_ptr_array_index (rooms, i))->event != NULL;

  return tempo_venue_allows (self->venue, TEMPO_LIMIT_EVENTS, active, error);
}

static void
audit_switch (TempoRoom *self,
              TempoSwitch state,
              TempoActor *actor,
              const char *reason)
{
  tempo_venue_audit (self->venue, &(TempoAudit) { actor, "switch", "room", self->info->id,
                                                  tempo_switch_to_string (self->info->switch_state),
                                                  tempo_switch_to_string (state), reason });
}

static void
start_event (TempoRoom *self,
             TempoEvent *event,
             TempoActor *actor)
{
  g_autoptr (TempoEvent) active = tempo_event_copy (event);
  TempoRoomInfo *info = tempo_room_info_copy (self->info);

  active->state = TEMPO_EVENT_ACTIVE;
  active->started_at = tempo_venue_now (self->venue);
  g_hash_table_remove (self->venue->scheduled, active->id);
  tempo_room_forget_event (self);
  self->event = g_object_ref (active);
  tempo_room_write_event (self, active);
  audit_event (self, actor, "event_start", active, "scheduled", "active");

  if (info->switch_state != TEMPO_SWITCH_OPEN)
    audit_switch (self, TEMPO_SWITCH_OPEN, actor, "event_start");
  info->switch_state = TEMPO_SWITCH_OPEN;
  g_clear_object (&self->info);
  self->info = info;
  tempo_room_write (self);
  tempo_player_engage (self->player);
}

static void
set_switch (TempoRoom *self,
            TempoSwitch state,
            TempoActor *actor,
            const char *reason)
{
  TempoRoomInfo *info = tempo_room_info_copy (self->info);

  audit_switch (self, state, actor, reason);
  info->switch_state = state;
  g_clear_object (&self->info);
  self->info = info;
  tempo_room_write (self);
}

static void
set_last_call (TempoRoom *self,
               gint64 at,
               TempoActor *actor)
{
  TempoEvent *event = tempo_event_copy (self->event);
  g_autofree char *before = event->last_call_at > 0 ? tempo_time_format (event->last_call_at) : NULL;
  g_autofree char *after = at > 0 ? tempo_time_format (at) : NULL;

  audit_event (self, actor, "switch", event, before, after);
  event->last_call_at = at;
  tempo_room_write_event (self, event);
  keep_event (self, event);
}

/* All that waits, in the file by one statement and in the log by one row; the event takes its songs out of memory with it. */
static void
expire_waiting (TempoRoom *self,
                TempoActor *actor,
                TempoOutcome *outcome)
{
  g_autofree char *count = NULL;

  outcome->count = self->queue->len + self->inbox->len;
  if (outcome->count == 0)
    return;

  count = g_strdup_printf ("%u", outcome->count);
  audit_event (self, actor, "expire", self->event, NULL, count);
  tempo_batch_add (tempo_venue_write (self->venue), "request-expire", "si", self->event->id, tempo_venue_now (self->venue));
}

/**
 * tempo_room_event_create:
 * @self: a room
 * @command: name, rules, number = planned start, flag = start now
 * @outcome: (inout): the event
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_event_create (TempoRoom *self,
                         TempoCommand *command,
                         TempoOutcome *outcome,
                         GError **error)
{
  g_autofree char *id = tempo_id_new (self->venue->host->clock);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  g_autoptr (TempoRules) rules = NULL;
  g_autoptr (TempoEvent) event = NULL;

  if (!tempo_room_clean_text (command->name, TEMPO_EVENT_MAX_NAME, "name", &name, error))
    return FALSE;
  if (command->flag && self->event != NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_EVENT_ACTIVE, "event", "another event is on in this room");
  if (command->flag && !may_start (self, error))
    return FALSE;
  rules = make_rules (self, command->patch, error);
  if (rules == NULL)
    return FALSE;

  event = tempo_event_new (id, self->info->id, name != NULL ? name : self->info->name, rules);
  g_clear_pointer (&event->number, g_free);
  event->number = tempo_venue_number_event (self->venue);
  event->starts_at = MAX (command->number, 0);
  event->created_at = tempo_venue_now (self->venue);
  text = tempo_rules_to_text (rules);
  tempo_batch_add (tempo_venue_write (self->venue), "event-insert", "ssssssiiiii", id,
                   event->room_id, event->number,
                   event->name, "scheduled", text, event->starts_at, (gint64) 0, (gint64) 0,
                   (gint64) 0, event->created_at);
  audit_event (self, command->actor, "event_create", event, NULL, event->name);
  keep_event (self, g_object_ref (event));

  g_set_object (&outcome->event, event);
  if (command->flag)
    {
      start_event (self, event, command->actor);
      g_set_object (&outcome->event, self->event);
    }
  outcome->target_id = g_steal_pointer (&id);

  return TRUE;
}

/**
 * tempo_room_event_start:
 * @self: a room
 * @command: event_id
 * @outcome: (inout): the event
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_event_start (TempoRoom *self,
                        TempoCommand *command,
                        TempoOutcome *outcome,
                        GError **error)
{
  TempoEvent *event = find_event (self, command->event_id, error);

  if (event == NULL)
    return FALSE;
  if (event->state == TEMPO_EVENT_SCHEDULED && self->event != NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_EVENT_ACTIVE, "event", "another event is on in this room");
  if (event->state == TEMPO_EVENT_SCHEDULED)
    {
      if (!may_start (self, error))
        return FALSE;
      start_event (self, event, command->actor);
    }
  g_set_object (&outcome->event, self->event);

  return TRUE;
}

/**
 * tempo_room_event_end:
 * @self: a room
 * @command: event_id, or none for the active one
 * @outcome: (inout): the event, how many songs expired
 * @error: why not
 *
 * What waits expires; what sounds goes on as the house's, and so does the filler.
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_event_end (TempoRoom *self,
                      TempoCommand *command,
                      TempoOutcome *outcome,
                      GError **error)
{
  TempoEvent *found = find_event (self, command->event_id, error);
  g_autoptr (TempoEvent) ended = NULL;

  if (found == NULL)
    return FALSE;

  ended = tempo_event_copy (found);
  ended->state = TEMPO_EVENT_ENDED;
  ended->ended_at = tempo_venue_now (self->venue);
  audit_event (self, command->actor, "event_end", ended, tempo_event_state_to_string (found->state), "ended");
  if (found == self->event)
    {
      expire_waiting (self, command->actor, outcome);
      tempo_player_disown (self->player);
      tempo_room_write_event (self, ended);
      tempo_room_forget_event (self);
      tempo_player_look_away (self->player);
      tempo_jobs_event_ended (self->venue);
    }
  else
    {
      tempo_room_write_event (self, ended);
      g_hash_table_remove (self->venue->scheduled, ended->id);
    }
  g_set_object (&outcome->event, ended);

  return TRUE;
}

/**
 * tempo_room_event_rules:
 * @self: a room
 * @command: event_id, or none for the active one; rules as patch
 * @outcome: (inout): the event
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_event_rules (TempoRoom *self,
                        TempoCommand *command,
                        TempoOutcome *outcome,
                        GError **error)
{
  TempoEvent *found = find_event (self, command->event_id, error);
  g_autoptr (TempoRules) rules = NULL;
  g_autofree char *old = NULL, *new = NULL;
  g_autofree char *before = NULL, *after = NULL;
  TempoEvent *event;

  if (found == NULL)
    return FALSE;
  rules = patch_rules (found->rules, command->patch, error);
  if (rules == NULL)
    return FALSE;

  old = tempo_rules_to_text (found->rules);
  new = tempo_rules_to_text (rules);
  if (tempo_audit_keep_changed (old, new, &before, &after))
    audit_event (self, command->actor, "event_rules", found, before, after);
  event = tempo_event_copy (found);
  g_clear_pointer (&event->rules, tempo_rules_unref);
  event->rules = g_steal_pointer (&rules);
  tempo_room_write_event (self, event);
  g_set_object (&outcome->event, event);
  keep_event (self, event);

  return TRUE;
}

/**
 * tempo_room_allow_words:
 * @self: a room whose source was changed
 * @actor: who changed it
 *
 * Without a catalogue words are all guests have: a night that goes on without one would take no wish any more.
 */
void
tempo_room_allow_words (TempoRoom *self,
                        TempoActor *actor)
{
  g_autoptr (TempoCommand) command = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  if (self->event == NULL || self->event->rules->free_text || tempo_player_can (self->player, TEMPO_SOURCE_SEARCH))
    return;

  outcome = tempo_outcome_new ();
  command = tempo_command_new (TEMPO_ACTION_EVENT_RULES, actor, self->venue->organization->id, self->info->id);
  command->patch = json_object_new ();
  json_object_set_boolean_member (command->patch, "freeText", TRUE);
  tempo_room_event_rules (self, command, outcome, NULL);
}

/**
 * tempo_room_event_rename:
 * @self: a room
 * @command: event_id, name
 * @outcome: (inout): the event
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_event_rename (TempoRoom *self,
                         TempoCommand *command,
                         TempoOutcome *outcome,
                         GError **error)
{
  TempoEvent *found = find_event (self, command->event_id, error);
  g_autofree char *name = NULL;
  TempoEvent *event;

  if (found == NULL || !tempo_room_clean_text (command->name, TEMPO_EVENT_MAX_NAME, "name", &name, error))
    return FALSE;
  if (name == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "name", "a name is needed");

  audit_event (self, command->actor, "event_rename", found, found->name, name);
  event = tempo_event_copy (found);
  g_clear_pointer (&event->name, g_free);
  event->name = g_steal_pointer (&name);
  tempo_room_write_event (self, event);
  g_set_object (&outcome->event, event);
  keep_event (self, event);

  return TRUE;
}

/**
 * tempo_room_switch:
 * @self: a room
 * @command: switch_state; number = last call, flag = only plan it
 * @outcome: (inout): the room
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_switch (TempoRoom *self,
                   TempoCommand *command,
                   TempoOutcome *outcome,
                   GError **error)
{
  gint64 now = tempo_venue_now (self->venue);
  gboolean plan = command->flag || command->number > 0;

  if (plan && tempo_room_need_event (self, error) == NULL)
    return FALSE;
  if (command->number != 0 && command->number <= now)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "lastCallAt", "the last call lies in the past");

  if (plan && self->event->last_call_at != command->number)
    set_last_call (self, command->number, command->actor);
  if (!command->flag && self->info->switch_state != command->switch_state)
    set_switch (self, command->switch_state, command->actor, NULL);
  /* Opened again after the last call: that one is over. */
  if (!plan && self->event != NULL && self->event->last_call_at > 0
      && (self->event->last_call_at <= now || command->switch_state == TEMPO_SWITCH_CLOSED))
    set_last_call (self, 0, command->actor);
  g_set_object (&outcome->room, self->info);
  g_set_object (&outcome->event, self->event);

  return TRUE;
}

/**
 * tempo_room_announce:
 * @self: a room
 *
 * Puts on the display what the clock asks for.
 *
 * Returns: %TRUE when that is something else than before
 */
gboolean
tempo_room_announce (TempoRoom *self)
{
  g_auto (GStrv) lines = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  const char *text;
  TempoRoomInfo *info;

  if (g_hash_table_contains (self->settings, "announcements"))
    lines = tempo_settings_dup_list (self->settings, TEMPO_SETTING_OF_ROOM, "announcements");
  if (lines == NULL && self->info->announcements == NULL)
    return FALSE;

  zone = tempo_usage_get_zone (self->venue);
  utc = g_date_time_new_from_unix_utc (tempo_venue_now (self->venue) / G_USEC_PER_SEC);
  local = g_date_time_to_timezone (utc, zone);
  text = tempo_schedule_find ((const char *const *) lines, local);
  if (g_strcmp0 (text, self->info->announced) == 0 && lines != NULL && self->info->announcements != NULL
      && g_strv_equal ((const char *const *) lines, (const char *const *) self->info->announcements))
    return FALSE;

  info = tempo_room_info_copy (self->info);
  g_free (info->announced);
  info->announced = g_strdup (text);
  g_strfreev (info->announcements);
  info->announcements = g_steal_pointer (&lines);
  g_clear_object (&self->info);
  self->info = info;
  tempo_room_mark (self, TEMPO_DIRTY_ROOM);

  return TRUE;
}

/**
 * tempo_room_tick:
 * @self: a room
 *
 * Does what time asks for: the last call closes the doors, the player's place is saved.
 */
void
tempo_room_tick (TempoRoom *self)
{
  gint64 now = tempo_venue_now (self->venue);

  if (self->event != NULL && self->event->last_call_at > 0 && self->event->last_call_at <= now
      && self->info->switch_state != TEMPO_SWITCH_CLOSED)
    {
      g_autoptr (TempoActor) system = tempo_actor_new_local (TEMPO_ACTOR_SYSTEM);

      set_switch (self, TEMPO_SWITCH_CLOSED, system, "last_call");
    }
  /* It changes nothing in the file, but those who watch hear of it with a turn. */
  if (tempo_room_announce (self))
    tempo_venue_write (self->venue);
  tempo_player_tick (self->player);
}
