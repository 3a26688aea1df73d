/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates of music services: what a service asked for outlives the process that was told. */
#include "store/tempo-registry.h"

#include "tempo-registry-private.h"

void
tempo_registry_gate_free (TempoRegistryGate *self)
{
  g_clear_pointer (&self->client, g_free);
  g_clear_pointer (&self->reason, g_free);
  g_free (self);
}

/**
 * tempo_registry_set_gate: keeps until when a client may not ask
 * @not_before: wall microseconds
 *
 * Blocks for an fsync.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_set_gate (TempoRegistry *self, const char *client, gint64 not_before, const char *reason, GError **error)
{
  gboolean done;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->writing);
  done = tempo_registry_run (self, error, "gate-set", "sis", client, not_before, reason);
  g_mutex_unlock (&self->writing);
  return done;
}

static void
load_gate (TempoRegistry *self, sqlite3_stmt *stmt, gpointer user_data)
{
  TempoRegistryGate *gate = g_new0 (TempoRegistryGate, 1);

  gate->client = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  gate->not_before = sqlite3_column_int64 (stmt, 1);
  gate->reason = g_strdup ((const char *) sqlite3_column_text (stmt, 2));
  g_ptr_array_add (user_data, gate);
}

/**
 * tempo_registry_list_gates: until when which client may not ask
 *
 * From the file: for start-up.
 *
 * Returns: (transfer full) (element-type TempoRegistryGate): the list, or NULL with a TEMPO_STORE_ERROR
 */
GPtrArray *
tempo_registry_list_gates (TempoRegistry *self, GError **error)
{
  g_autoptr (GPtrArray) gates = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_registry_gate_free);
  gboolean done;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);

  g_mutex_lock (&self->writing);
  done = self->db != NULL && tempo_registry_load (self, "gate-list", load_gate, gates, error);
  g_mutex_unlock (&self->writing);
  return done ? g_steal_pointer (&gates) : NULL;
}
