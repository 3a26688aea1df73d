/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Licences in the registry. Few and rarely asked for: they are not kept in memory here. */
#include "tempo-registry-private.h"

/**
 * tempo_registry_licence_free: gives up a row
 * @self: (nullable)
 */
void
tempo_registry_licence_free (TempoRegistryLicence *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->key_digest, g_free);
  g_clear_pointer (&self->last_four, g_free);
  g_clear_pointer (&self->document, g_free);
  g_free (self);
}

/**
 * tempo_registry_set_licence: adds or replaces the licence of an organization
 * @licence: copied
 *
 * Returns: FALSE with CONSTRAINT when another organization has the key or there is no such organization, or another
 * TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_set_licence (TempoRegistry *self, const TempoRegistryLicence *licence, GError **error)
{
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->writing);
  done = tempo_registry_run (self, error, "licence-set", "ssssi", licence->organization_id, licence->key_digest,
                             licence->last_four, licence->document, licence->installed_at);
  g_mutex_unlock (&self->writing);
  return done;
}

/**
 * tempo_registry_remove_licence: forgets the licence of an organization
 * @organization_id: one without a licence is as well
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_remove_licence (TempoRegistry *self, const char *organization_id, GError **error)
{
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->writing);
  done = tempo_registry_run (self, error, "licence-remove", "s", organization_id);
  g_mutex_unlock (&self->writing);
  return done;
}

static void
load_licence (TempoRegistry *self, sqlite3_stmt *stmt, gpointer data)
{
  TempoRegistryLicence *licence = g_new0 (TempoRegistryLicence, 1);

  licence->organization_id = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  licence->key_digest = g_strdup ((const char *) sqlite3_column_text (stmt, 1));
  licence->last_four = g_strdup ((const char *) sqlite3_column_text (stmt, 2));
  licence->document = g_strdup ((const char *) sqlite3_column_text (stmt, 3));
  licence->installed_at = sqlite3_column_int64 (stmt, 4);
  g_ptr_array_add (data, licence);
}

/**
 * tempo_registry_list_licences: all there are
 *
 * Returns: (transfer full) (element-type TempoRegistryLicence): the list, or NULL with a TEMPO_STORE_ERROR
 */
GPtrArray *
tempo_registry_list_licences (TempoRegistry *self, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_registry_licence_free);
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);

  g_mutex_lock (&self->writing);
  done = tempo_registry_load (self, "licence-list", load_licence, list, error);
  g_mutex_unlock (&self->writing);
  return done ? g_steal_pointer (&list) : NULL;
}
