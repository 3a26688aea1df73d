/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-event.h"

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"
#include "model/tempo-rules.h"

G_DEFINE_ENUM_TYPE (TempoEventState, tempo_event_state,
                    G_DEFINE_ENUM_VALUE (TEMPO_EVENT_SCHEDULED, "scheduled"),
                    G_DEFINE_ENUM_VALUE (TEMPO_EVENT_ACTIVE, "active"),
                    G_DEFINE_ENUM_VALUE (TEMPO_EVENT_ENDED, "ended"))

TEMPO_DEFINE_WORDS (TempoEventState, tempo_event_state, TEMPO_TYPE_EVENT_STATE)

static const TempoField event_fields[] = {
  TEMPO_FIELD (TempoEvent, id, TEXT),
  TEMPO_FIELD (TempoEvent, number, TEXT),
  TEMPO_FIELD (TempoEvent, room_id, TEXT),
  TEMPO_FIELD (TempoEvent, name, TEXT),
  TEMPO_FIELD_OF (TempoEvent, state, ENUM, tempo_event_state_get_type),
  TEMPO_FIELD_OF (TempoEvent, rules, BOXED, tempo_rules_get_type),
  TEMPO_FIELD (TempoEvent, starts_at, INT64),
  TEMPO_FIELD (TempoEvent, started_at, INT64),
  TEMPO_FIELD (TempoEvent, last_call_at, INT64),
  TEMPO_FIELD (TempoEvent, ended_at, INT64),
  TEMPO_FIELD (TempoEvent, created_at, INT64),
};

TEMPO_DEFINE_RECORD (TempoEvent, tempo_event, event_fields)

/**
 * tempo_event_new:
 * @id: its id
 * @room_id: where it takes place
 * @name: how the host calls it
 * @rules: (nullable): what it allows; NULL for the defaults
 *
 * Returns: (transfer full): an unshared scheduled event
 */
TempoEvent *
tempo_event_new (const char *id,
                 const char *room_id,
                 const char *name,
                 TempoRules *rules)
{
  TempoEvent *self = g_object_new (TEMPO_TYPE_EVENT, NULL);

  self->id = g_strdup (id);
  self->number = g_strdup ("");
  self->room_id = g_strdup (room_id);
  self->name = g_strdup (name);
  self->rules = rules != NULL ? tempo_rules_ref (rules) : tempo_rules_new_default ();

  return self;
}

/**
 * tempo_event_copy:
 * @self: an event
 *
 * Returns: (transfer full): an unshared event with the same fields
 */
TempoEvent *
tempo_event_copy (TempoEvent *self)
{
  return tempo_record_copy (self, event_fields, G_N_ELEMENTS (event_fields));
}

/**
 * tempo_event_to_json:
 * @self: an event
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes the event with its rules, the same for guests and staff.
 */
void
tempo_event_to_json (TempoEvent *self,
                     TempoJson *json,
                     const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", self->id);
  tempo_json_string (json, "number", self->number);
  tempo_json_string (json, "roomId", self->room_id);
  tempo_json_string (json, "name", self->name);
  tempo_json_string (json, "state", tempo_event_state_to_string (self->state));
  tempo_json_time (json, "startsAt", self->starts_at);
  tempo_json_time (json, "startedAt", self->started_at);
  tempo_json_time (json, "lastCallAt", self->last_call_at);
  tempo_json_time (json, "endedAt", self->ended_at);
  tempo_rules_to_json (self->rules, json, "rules");
  tempo_json_end_object (json);
}
