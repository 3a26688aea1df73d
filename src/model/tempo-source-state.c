/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-source-state.h"

#include "base/tempo-json.h"

/**
 * tempo_source_state_new:
 * @kind: which source
 * @state: a static word
 * @text: (nullable): why, in English
 * @until: wall time of its own recovery, 0 unknown
 *
 * Returns: (transfer full): an unshared state of a source that waits for its turn
 */
TempoSourceState *
tempo_source_state_new (const char *kind,
                        const char *state,
                        const char *text,
                        gint64 until)
{
  TempoSourceState *self = g_new0 (TempoSourceState, 1);

  self->kind = g_strdup (kind);
  self->state = state;
  self->text = g_strdup (text != NULL ? text : "");
  self->until = until;

  return self;
}

void
tempo_source_state_free (TempoSourceState *self)
{
  g_free (self->kind);
  g_free (self->text);
  g_free (self);
}

/**
 * tempo_source_state_to_json:
 * @self: a state
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes what staff may know of it.
 */
void
tempo_source_state_to_json (TempoSourceState *self,
                            TempoJson *json,
                            const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "kind", self->kind);
  tempo_json_string (json, "state", self->state);
  tempo_json_string (json, "text", self->text);
  tempo_json_time (json, "until", self->until);
  tempo_json_bool (json, "usable", self->usable);
  tempo_json_bool (json, "active", self->active);
  tempo_json_bool (json, "coming", self->coming);
  tempo_json_bool (json, "fallback", self->fallback);
  tempo_json_end_object (json);
}

/**
 * tempo_source_states_find_active:
 * @states: (nullable) (element-type TempoSourceState): of one room
 *
 * Returns: (transfer none) (nullable): the one that has its turn
 */
TempoSourceState *
tempo_source_states_find_active (GPtrArray *states)
{
  for (guint i = 0; states != NULL && i < states->len; i++)
    {
      TempoSourceState *state = g_ptr_array_index (states, i);

      if (state->active)
        return state;
    }

  return NULL;
}
