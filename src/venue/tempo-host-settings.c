/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What any thread may ask the engine for: settings of the installation, how far a scan is. */
#include "venue/tempo-host-private.h"

#include "venue/tempo-turn-private.h"

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

static void
free_strv (gpointer data)
{
  g_strfreev (data);
}

static void
set_thread (GTask *work,
            gpointer source_object,
            gpointer task_data,
            GCancellable *cancellable)
{
  char **pair = task_data;
  GError *error = NULL;

  if (tempo_host_set_setting (TEMPO_HOST (source_object), pair[0], pair[1], &error))
    g_task_return_boolean (work, TRUE);
  else
    g_task_return_error (work, error);
}

static void
set_cb (GObject *object,
        GAsyncResult *result,
        gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  self->jobs--;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  tempo_host_venue_idle (self);
}

/**
 * tempo_host_set_setting_async:
 * @self: a running engine
 * @key: its name
 * @value: (nullable): removes
 * @callback: (nullable): when it is durable
 * @user_data: for @callback
 *
 * Engine thread, which goes on: a worker waits for the disk.
 */
void
tempo_host_set_setting_async (TempoHost *self,
                              const char *key,
                              const char *value,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  const char *pair[] = { key, value, NULL };
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) work = g_task_new (self, NULL, set_cb, g_object_ref (task));

  g_task_set_source_tag (task, tempo_host_set_setting_async);
  g_task_set_source_tag (work, tempo_host_set_setting_async);
  g_task_set_task_data (work, g_strdupv ((char **) pair), free_strv);
  self->jobs++;
  g_task_run_in_thread (work, set_thread);
}

/**
 * tempo_host_set_setting_finish:
 * @self: the engine
 * @result: of the call
 * @error: the store's
 *
 * Returns: %FALSE when it could not be saved
 */
gboolean
tempo_host_set_setting_finish (TempoHost *self,
                               GAsyncResult *result,
                               GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tempo_host_log_setting:
 * @self: a running engine
 * @actor: who
 * @key: changed which setting of the installation
 * @before: (nullable): its value as JSON, or "(secret)"
 * @after: (nullable): the same
 *
 * Engine thread. Every organization of the installation lives by it, so it is in the log of each.
 */
void
tempo_host_log_setting (TempoHost *self,
                        TempoActor *actor,
                        const char *key,
                        const char *before,
                        const char *after)
{
  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      if (!venue->reloading && !venue->broken && !venue->closing)
        tempo_venue_audit (venue, &(TempoAudit) { actor, "installation", "setting", key, before, after, NULL });
    }
}

typedef struct
{
  TempoActor *actor; /* (owned) */
  char *key;         /* (owned) */
  char *before;      /* (owned) (nullable) */
  char *after;       /* (owned) (nullable) */
} Change;

static void
free_change (gpointer data)
{
  g_autofree Change *change = data;

  g_clear_pointer (&change->actor, tempo_actor_unref);
  g_clear_pointer (&change->key, g_free);
  g_clear_pointer (&change->before, g_free);
  g_clear_pointer (&change->after, g_free);
}

static void
log_on_engine (TempoHost *self,
               GTask *task)
{
  Change *change = g_task_get_task_data (task);

  if (self->running && !self->stopping)
    tempo_host_log_setting (self, change->actor, change->key, change->before, change->after);
  g_task_return_boolean (task, TRUE);
}

/**
 * tempo_host_change_setting:
 * @self: a running engine
 * @actor: who
 * @key: its name
 * @value: (nullable): removes
 * @error: the store's
 *
 * As tempo_host_set_setting(), with a row in the log of each organization. For what may be read there.
 *
 * Returns: %FALSE when it could not be saved
 */
gboolean
tempo_host_change_setting (TempoHost *self,
                           TempoActor *actor,
                           const char *key,
                           const char *value,
                           GError **error)
{
  g_autofree char *before = tempo_host_get_setting (self, key);
  g_autoptr (GTask) task = NULL;
  Change *change;

  if (!tempo_host_set_setting (self, key, value, error))
    return FALSE;
  if (g_strcmp0 (before, value) == 0)
    return TRUE;

  change = g_new0 (Change, 1);
  change->actor = tempo_actor_ref (actor);
  change->key = g_strdup (key);
  change->before = g_steal_pointer (&before);
  change->after = g_strdup (value);
  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, tempo_host_change_setting);
  g_task_set_task_data (task, change, free_change);
  tempo_host_invoke (self, task, log_on_engine);

  return TRUE;
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
