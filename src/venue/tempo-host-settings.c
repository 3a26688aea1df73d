/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What any thread may ask the engine for: settings of the installation, how far a scan is. */
#include "venue/tempo-host-private.h"

/**
 * tempo_host_get_setting:
 * @self: a running engine
 * @key: its name
 *
 * Returns: (transfer full) (nullable): a setting of the installation
 */
char *
tempo_host_get_setting (TempoHost *self,
                        const char *key)
{
  return self->registry != NULL ? tempo_registry_get (self->registry, key) : NULL;
}

/**
 * tempo_host_set_setting:
 * @self: a running engine
 * @key: its name
 * @value: (nullable): removes
 * @error: the store's
 *
 * Waits for one fsync: any thread but the desktop's main one.
 *
 * Returns: %FALSE when it could not be saved
 */
gboolean
tempo_host_set_setting (TempoHost *self,
                        const char *key,
                        const char *value,
                        GError **error)
{
  if (self->registry == NULL)
    {
      g_set_error_literal (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED, "the engine does not run");
      return FALSE;
    }

  return tempo_registry_set (self->registry, key, value, error);
}

/**
 * tempo_host_get_scan:
 * @self: the engine
 * @room_id: a room
 * @scan: (out): how far the scan of its library is
 *
 * Any thread.
 */
void
tempo_host_get_scan (TempoHost *self,
                     const char *room_id,
                     TempoScan *scan)
{
  TempoScan *found;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup (self->scans, room_id);
  *scan = found != NULL ? *found : (TempoScan) { 0 };
  g_mutex_unlock (&self->lock);
}

/**
 * tempo_host_set_scan:
 * @self: the engine
 * @room_id: a room
 * @scan: how far the scan of its library is
 *
 * Engine thread.
 */
void
tempo_host_set_scan (TempoHost *self,
                     const char *room_id,
                     const TempoScan *scan)
{
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->scans, g_strdup (room_id), g_memdup2 (scan, sizeof *scan));
  g_mutex_unlock (&self->lock);
}
