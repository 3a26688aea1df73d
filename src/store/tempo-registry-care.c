/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-registry-private.h"

#include <string.h>

#include "store/tempo-store.h"
#include "tempo-sqlite-private.h"

/* Organizations that come and go whole. */

/* A note: what rows of an erased organization left behind is still in the file. */
#define UNSCRUBBED "unscrubbed"

/* With @writing. */
static gboolean
begin (TempoRegistry *self, GError **error)
{
  if (self->db != NULL)
    return tempo_sqlite_exec (self->db, "BEGIN IMMEDIATE", error);
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED, "The registry is closed");
  return FALSE;
}

/* With @writing. TRUE when all of it is durable, FALSE when nothing is. */
static gboolean
end (TempoRegistry *self, gboolean good, GError **error)
{
  if (good && tempo_sqlite_exec (self->db, "COMMIT", error))
    return TRUE;
  tempo_sqlite_exec (self->db, "ROLLBACK", NULL);
  return FALSE;
}

static gboolean
add_all (TempoRegistry *self, TempoOrganization *organization, GPtrArray *rooms, GError **error)
{
  gboolean added
    = tempo_registry_run (self, error, "organization-add", "ssssiisss", organization->id, organization->slug,
                          organization->code, organization->name, (gint64) organization->active,
                          organization->created_at, organization->accent, organization->logo, organization->welcome);

  for (guint i = 0; added && i + 1 < rooms->len; i += 2)
    added = tempo_registry_run (self, error, "room-code-add", "sss", rooms->pdata[i], organization->id,
                                rooms->pdata[i + 1]);
  return added;
}

/**
 * tempo_registry_take_organization: notes an organization that came with its rooms, all or nothing
 * @organization: copied
 * @rooms: (element-type utf8): join code, room id, join code, room id, …
 *
 * Returns: FALSE with CONSTRAINT when its id, slug, code or a join code is taken, or another TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_take_organization (TempoRegistry *self,
                                  TempoOrganization *organization,
                                  GPtrArray *rooms,
                                  GError **error)
{
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->writing);
  done = begin (self, error) && end (self, add_all (self, organization, rooms, error), error);
  g_mutex_lock (&self->mutex);
  if (done)
    g_ptr_array_add (self->organizations, tempo_organization_copy (organization));
  for (guint i = 0; done && i + 1 < rooms->len; i += 2)
    g_hash_table_insert (self->room_codes, g_strdup (rooms->pdata[i]), g_strdup (organization->id));
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return done;
}

static gboolean
is_of (gpointer key, gpointer value, gpointer id)
{
  return g_str_equal (value, id);
}

static gboolean
is_admin_of (gpointer key, gpointer value, gpointer id)
{
  return g_str_has_prefix (key, id) && ((const char *) key)[strlen (id)] == '/';
}

static gboolean
is_setting_of (gpointer key, gpointer value, gpointer id)
{
  return strstr (key, id) != NULL;
}

static void
forget_organization (TempoRegistry *self, const char *id)
{
  for (guint i = 0; i < self->organizations->len; i++)
    if (g_str_equal (((TempoOrganization *) self->organizations->pdata[i])->id, id))
      g_ptr_array_remove_index (self->organizations, i--);
  g_hash_table_foreach_remove (self->room_codes, is_of, (gpointer) id);
  g_hash_table_foreach_remove (self->planned, is_of, (gpointer) id);
  g_hash_table_foreach_remove (self->old_slugs, is_of, (gpointer) id);
  g_hash_table_foreach_remove (self->super_admins, is_admin_of, (gpointer) id);
  g_hash_table_foreach_remove (self->settings, is_setting_of, (gpointer) id);
}

/* With @writing. */
static gboolean
remove_rows (TempoRegistry *self, const char *id, const TempoErasure *receipt, GError **error)
{
  return (receipt == NULL
          || tempo_registry_run (self, error, "erasure-add", "sssis", receipt->id, id, receipt->kind, receipt->at,
                                 receipt->text))
         && tempo_registry_run (self, error, "organization-remove", "s", id)
         && tempo_registry_run (self, error, "setting-remove-of", "s", id)
         && tempo_registry_run (self, error, "setting-set", "ss", UNSCRUBBED, "1");
}

/**
 * tempo_registry_remove_organization: forgets an organization whole, and keeps the proof of it
 * @receipt: (nullable): what outlives it; NULL for one that was never meant to stay
 *
 * Join codes, licence, super admins and notes of the organization go with it. What they leave behind in the file goes
 * with tempo_registry_finish_erasures().
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR, and then nothing is forgotten
 */
gboolean
tempo_registry_remove_organization (TempoRegistry *self, const char *id, const TempoErasure *receipt, GError **error)
{
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  g_mutex_lock (&self->writing);
  done = begin (self, error) && end (self, remove_rows (self, id, receipt, error), error);
  g_mutex_lock (&self->mutex);
  if (done)
    {
      forget_organization (self, id);
      g_hash_table_insert (self->settings, g_strdup (UNSCRUBBED), g_strdup ("1"));
    }
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return done;
}

/**
 * tempo_registry_finish_erasures: takes what removed rows left behind out of free pages and the WAL
 *
 * Does nothing where that was done. To be called after each removal, and at the start for one that was cut off.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_finish_erasures (TempoRegistry *self, GError **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->writing);
  if (g_hash_table_contains (self->settings, UNSCRUBBED))
    {
      done = tempo_sqlite_exec (self->db, "VACUUM; PRAGMA wal_checkpoint (TRUNCATE)", error)
             && tempo_registry_run (self, error, "setting-remove", "s", UNSCRUBBED);
      g_mutex_lock (&self->mutex);
      if (done)
        g_hash_table_remove (self->settings, UNSCRUBBED);
      g_mutex_unlock (&self->mutex);
    }
  g_mutex_unlock (&self->writing);
  return done;
}

/**
 * tempo_registry_add_erasure: keeps the proof of an erasure
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_add_erasure (TempoRegistry *self,
                            const char *organization_id,
                            const TempoErasure *receipt,
                            GError **error)
{
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->writing);
  done = tempo_registry_run (self, error, "erasure-add", "sssis", receipt->id, organization_id, receipt->kind,
                             receipt->at, receipt->text);
  g_mutex_unlock (&self->writing);
  return done;
}

/**
 * tempo_registry_move_room: a room's door leads into another organization from now on, in one step
 * @room_id: whose codes there are
 * @to_id: an organization that is noted here
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_move_room (TempoRegistry *self, const char *code, const char *room_id, const char *to_id, GError **error)
{
  g_autofree char *upper = g_ascii_strup (code, -1);
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->writing);
  done = tempo_registry_run (self, error, "room-code-move", "sss", upper, room_id, to_id);
  g_mutex_lock (&self->mutex);
  if (done)
    g_hash_table_insert (self->room_codes, g_steal_pointer (&upper), g_strdup (to_id));
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return done;
}

static void
load_id (TempoRegistry *self, sqlite3_stmt *stmt, gpointer data)
{
  g_ptr_array_add (data, g_strdup ((const char *) sqlite3_column_text (stmt, 0)));
}

/**
 * tempo_registry_list_erased: which organizations are proved to be erased
 *
 * From the file: for start-up.
 *
 * Returns: (transfer full) (element-type utf8): their ids, or NULL with a TEMPO_STORE_ERROR
 */
GPtrArray *
tempo_registry_list_erased (TempoRegistry *self, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);

  g_mutex_lock (&self->writing);
  done = tempo_registry_load (self, "erasure-organizations", load_id, ids, error);
  g_mutex_unlock (&self->writing);
  return done ? g_steal_pointer (&ids) : NULL;
}

/**
 * tempo_registry_list_keys: which settings of a kind there are
 * @prefix: how their keys begin
 *
 * Returns: (transfer full) (element-type utf8): the keys
 */
GPtrArray *
tempo_registry_list_keys (TempoRegistry *self, const char *prefix)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, self->settings);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, prefix))
      g_ptr_array_add (keys, g_strdup (key));
  g_mutex_unlock (&self->mutex);
  return keys;
}
