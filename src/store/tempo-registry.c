/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-registry-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/tempo-store.h"
#include "tempo-batch-private.h"
#include "store/tempo-files.h"
#include "tempo-migration-private.h"
#include "tempo-sqlite-private.h"

#define FILE_NAME "registry.db"
#define ORGANIZATIONS "organizations"

G_DEFINE_FINAL_TYPE (TempoRegistry, tempo_registry, G_TYPE_OBJECT)

static void
tempo_registry_finalize (GObject *object)
{
  TempoRegistry *self = TEMPO_REGISTRY (object);

  tempo_registry_close (self);
  g_mutex_clear (&self->writing);
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->data_dir, g_free);
  g_ptr_array_unref (self->organizations);
  g_hash_table_unref (self->settings);
  g_hash_table_unref (self->super_admins);
  g_hash_table_unref (self->room_codes);
  g_hash_table_unref (self->planned);
  g_hash_table_unref (self->old_slugs);

  G_OBJECT_CLASS (tempo_registry_parent_class)->finalize (object);
}

static void
tempo_registry_class_init (TempoRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tempo_registry_finalize;
}

static void
tempo_registry_init (TempoRegistry *self)
{
  g_mutex_init (&self->writing);
  g_mutex_init (&self->mutex);
  self->organizations = g_ptr_array_new_with_free_func (g_object_unref);
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->super_admins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->room_codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->planned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->old_slugs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* Statements */

static sqlite3_stmt *
prepare (TempoRegistry *self, const char *name, GError **error)
{
  g_autofree char *file = g_strconcat ("registry/statements/", name, ".sql", NULL);
  g_autoptr (GBytes) sql = tempo_sqlite_load (file, error);
  sqlite3_stmt *stmt = NULL;
  int rc = SQLITE_OK;

  if (sql == NULL)
    return NULL;
  rc = sqlite3_prepare_v2 (self->db, g_bytes_get_data (sql, NULL), -1, &stmt, NULL);
  if (rc != SQLITE_OK)
    tempo_sqlite_fail (self->db, rc, name, error);
  return stmt;
}

/**
 * tempo_registry_run: writes with one named statement, which is one transaction
 * @name: of a file below registry/statements
 * @format: a letter for each value, as in tempo_batch_add()
 *
 * With the lock of the file. Blocks for an fsync.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_run (TempoRegistry *self, GError **error, const char *name, const char *format, ...)
{
  g_autoptr (TempoBatch) values = tempo_batch_new ();
  g_autoptr (sqlite3_stmt) stmt = NULL;
  va_list list;
  int rc = SQLITE_OK;

  va_start (list, format);
  tempo_batch_add_valist (values, name, format, list);
  va_end (list);
  if (self->db == NULL)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED, "The registry is closed");
      return FALSE;
    }
  stmt = prepare (self, name, error);
  if (stmt == NULL)
    return FALSE;
  rc = tempo_batch_bind (values, 0, stmt);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, name, error);
}

static const char *
get_text (sqlite3_stmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt, column);
}

/**
 * tempo_registry_load: reads with one named statement
 * @load_row: is called for each row
 *
 * With the lock of the file.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_load (TempoRegistry *self, const char *name, TempoRegistryLoadFunc load_row, gpointer user_data, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (self, name, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
    load_row (self, stmt, user_data);
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, name, error);
}

static void
load_organization (TempoRegistry *self, sqlite3_stmt *stmt, gpointer user_data)
{
  TempoOrganization *organization = tempo_organization_new (get_text (stmt, 0), get_text (stmt, 1),
                                                            get_text (stmt, 2), get_text (stmt, 3));

  organization->active = sqlite3_column_int (stmt, 4) != 0;
  organization->created_at = sqlite3_column_int64 (stmt, 5);
  if (get_text (stmt, 6) != NULL)
    {
      g_clear_pointer (&organization->accent, g_free);
      organization->accent = g_strdup (get_text (stmt, 6));
    }
  organization->logo = g_strdup (get_text (stmt, 7));
  organization->welcome = g_strdup (get_text (stmt, 8));
  g_ptr_array_add (self->organizations, organization);
}

static void
load_setting (TempoRegistry *self, sqlite3_stmt *stmt, gpointer user_data)
{
  g_hash_table_insert (self->settings, g_strdup (get_text (stmt, 0)), g_strdup (get_text (stmt, 1)));
}

static char *
make_admin_key (const char *organization_id, const char *member_id)
{
  return g_strconcat (organization_id, "/", member_id, NULL);
}

static void
load_super_admin (TempoRegistry *self, sqlite3_stmt *stmt, gpointer user_data)
{
  g_hash_table_add (self->super_admins, make_admin_key (get_text (stmt, 0), get_text (stmt, 1)));
}

static void
load_room_code (TempoRegistry *self, sqlite3_stmt *stmt, gpointer user_data)
{
  g_hash_table_insert (self->room_codes, g_strdup (get_text (stmt, 0)), g_strdup (get_text (stmt, 1)));
  if (sqlite3_column_int (stmt, 2) != 0)
    g_hash_table_insert (self->planned, g_strdup (get_text (stmt, 0)), g_strdup (get_text (stmt, 1)));
}

static void
load_old_slug (TempoRegistry *self, sqlite3_stmt *stmt, gpointer user_data)
{
  g_hash_table_insert (self->old_slugs, g_strdup (get_text (stmt, 0)), g_strdup (get_text (stmt, 1)));
}

/**
 * tempo_registry_load_old_slugs: reads again what organizations were called before
 *
 * With both locks. A trigger of the file keeps those names, so memory asks it; what cannot be read is said and missing.
 */
void
tempo_registry_load_old_slugs (TempoRegistry *self)
{
  g_autoptr (GError) error = NULL;

  g_hash_table_remove_all (self->old_slugs);
  if (!tempo_registry_load (self, "old-slug-list", load_old_slug, NULL, &error))
    g_message ("Former names of organizations cannot be read: %s", error->message);
}

/* Opening */

static gboolean
open_file (TempoRegistry *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->data_dir, FILE_NAME, NULL);

  self->lock = tempo_lock_take (path, error);
  if (self->lock == NULL || !tempo_files_make_private (path, error)
      || !tempo_migration_inspect (&tempo_migration_registry, path, error))
    return FALSE;
  self->db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, error);
  return self->db != NULL && tempo_migration_apply (&tempo_migration_registry, self->db, error)
         && tempo_registry_load (self, "organization-list", load_organization, NULL, error)
         && tempo_registry_load (self, "setting-list", load_setting, NULL, error)
         && tempo_registry_load (self, "super-admin-list", load_super_admin, NULL, error)
         && tempo_registry_load (self, "room-code-list", load_room_code, NULL, error)
         && tempo_registry_load (self, "old-slug-list", load_old_slug, NULL, error);
}

/**
 * tempo_registry_open: opens the registry of a data folder, which is this process's until closed
 * @data_dir: made when missing, readable for its owner only
 *
 * Returns: (transfer full): the registry, or NULL with a TEMPO_STORE_ERROR (BUSY: another process has the folder)
 */
TempoRegistry *
tempo_registry_open (const char *data_dir, GError **error)
{
  g_autoptr (TempoRegistry) self = NULL;

  g_return_val_if_fail (data_dir != NULL, NULL);

  if (!tempo_files_make_folder (data_dir, error))
    return NULL;
  self = g_object_new (TEMPO_TYPE_REGISTRY, NULL);
  self->data_dir = g_strdup (data_dir);
  return open_file (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * tempo_registry_close: lets the data folder go
 *
 * What is in memory can still be read; writes are refused with CLOSED.
 * The WAL is small: the writer's closing carries it over. A second call does nothing.
 */
void
tempo_registry_close (TempoRegistry *self)
{
  g_return_if_fail (TEMPO_IS_REGISTRY (self));

  g_mutex_lock (&self->writing);
  g_clear_pointer (&self->db, tempo_sqlite_close);
  g_clear_pointer (&self->lock, tempo_lock_release);
  g_mutex_unlock (&self->writing);
}

const char *
tempo_registry_get_data_dir (TempoRegistry *self)
{
  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);

  return self->data_dir;
}

/* Organizations */

/* With one of both. */
static guint
find_index (TempoRegistry *self, const char *id)
{
  for (guint i = 0; i < self->organizations->len; i++)
    if (strcmp (((TempoOrganization *) self->organizations->pdata[i])->id, id) == 0)
      return i;
  return G_MAXUINT;
}

static gboolean
store_organization (TempoRegistry *self, const char *statement, TempoOrganization *organization, GError **error)
{
  return tempo_registry_run (self, error, statement, "ssssiisss", organization->id, organization->slug, organization->code,
              organization->name, (gint64) organization->active, organization->created_at,
              organization->accent, organization->logo, organization->welcome);
}

/**
 * tempo_registry_add_organization: notes a new organization
 * @organization: copied, so it may be changed afterwards
 *
 * Returns: FALSE with CONSTRAINT when its id, slug or code is taken, or another TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_add_organization (TempoRegistry *self, TempoOrganization *organization, GError **error)
{
  gboolean added = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (organization != NULL, FALSE);

  g_mutex_lock (&self->writing);
  added = store_organization (self, "organization-add", organization, error);
  g_mutex_lock (&self->mutex);
  if (added)
    g_ptr_array_add (self->organizations, tempo_organization_copy (organization));
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return added;
}

/**
 * tempo_registry_update_organization: notes what changed about an organization
 * @organization: copied; found by its id
 *
 * Returns: FALSE with NOT_FOUND, CONSTRAINT or another TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_update_organization (TempoRegistry *self, TempoOrganization *organization, GError **error)
{
  gboolean updated = FALSE;
  guint index = 0;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (organization != NULL, FALSE);

  g_mutex_lock (&self->writing);
  index = find_index (self, organization->id);
  if (index == G_MAXUINT)
    g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND, "There is no organization “%s”", organization->id);
  else
    updated = store_organization (self, "organization-update", organization, error);
  g_mutex_lock (&self->mutex);
  if (updated)
    {
      g_ptr_array_remove_index (self->organizations, index);
      g_ptr_array_insert (self->organizations, (int) index, tempo_organization_copy (organization));
      tempo_registry_load_old_slugs (self);
    }
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return updated;
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  const TempoOrganization *first = *(TempoOrganization *const *) a;
  const TempoOrganization *second = *(TempoOrganization *const *) b;

  if (first->created_at != second->created_at)
    return first->created_at < second->created_at ? -1 : 1;
  return strcmp (first->id, second->id);
}

static gpointer
ref_item (gconstpointer item, gpointer user_data)
{
  return g_object_ref ((gpointer) item);
}

/**
 * tempo_registry_list_organizations: all of them, the oldest first
 *
 * The objects are immutable; the list is the caller's.
 *
 * Returns: (transfer full) (element-type TempoOrganization): the list
 */
GPtrArray *
tempo_registry_list_organizations (TempoRegistry *self)
{
  GPtrArray *list = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);

  g_mutex_lock (&self->mutex);
  list = g_ptr_array_copy (self->organizations, ref_item, NULL);
  g_mutex_unlock (&self->mutex);
  g_ptr_array_sort (list, compare_age);
  return list;
}

/**
 * tempo_registry_find_organization: by what people or addresses call it
 * @id_or_slug: id, slug or code; upper or lower case
 *
 * Returns: (transfer full) (nullable): the organization
 */
TempoOrganization *
tempo_registry_find_organization (TempoRegistry *self, const char *id_or_slug)
{
  TempoOrganization *found = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (id_or_slug != NULL, NULL);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; found == NULL && i < self->organizations->len; i++)
    {
      TempoOrganization *organization = self->organizations->pdata[i];

      if (g_ascii_strcasecmp (organization->id, id_or_slug) == 0
          || g_ascii_strcasecmp (organization->slug, id_or_slug) == 0
          || g_ascii_strcasecmp (organization->code, id_or_slug) == 0)
        found = g_object_ref (organization);
    }
  g_mutex_unlock (&self->mutex);
  return found;
}

/**
 * tempo_registry_find_old_slug: who was called so before
 * @slug: a name in addresses that nobody has now; upper or lower case
 *
 * Returns: (transfer full) (nullable): the organization that left it behind last
 */
TempoOrganization *
tempo_registry_find_old_slug (TempoRegistry *self, const char *slug)
{
  g_autofree char *key = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (slug != NULL, NULL);

  key = g_ascii_strdown (slug, -1);
  g_mutex_lock (&self->mutex);
  id = g_strdup (g_hash_table_lookup (self->old_slugs, key));
  g_mutex_unlock (&self->mutex);
  return id != NULL ? tempo_registry_find_organization (self, id) : NULL;
}

/**
 * tempo_registry_get_store_path: where an organization's database lies
 * @organization_id: a file there may be none yet
 *
 * Returns: (transfer full): organizations/ID/tempo.db of the data folder
 */
char *
tempo_registry_get_store_path (TempoRegistry *self, const char *organization_id)
{
  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (organization_id != NULL && strchr (organization_id, '/') == NULL, NULL);

  return g_build_filename (self->data_dir, ORGANIZATIONS, organization_id, "tempo.db", NULL);
}

/**
 * tempo_registry_get_folder: a folder of an organization's own
 * @name: what for: "artwork", "backups"
 *
 * Made when missing; that it could not be made shows in the use of it.
 *
 * Returns: (transfer full): its path
 */
char *
tempo_registry_get_folder (TempoRegistry *self, const char *organization_id, const char *name)
{
  char *path = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (organization_id != NULL && strchr (organization_id, '/') == NULL, NULL);
  g_return_val_if_fail (name != NULL && strchr (name, '/') == NULL, NULL);

  path = g_build_filename (self->data_dir, ORGANIZATIONS, organization_id, name, NULL);
  g_mkdir_with_parents (path, 0700);
  return path;
}

/* Super admins */

/**
 * tempo_registry_add_super_admin: lets a member run the installation
 * @member_id: a member of @organization_id, which must be noted here
 *
 * Returns: FALSE with CONSTRAINT for an unknown organization, or another TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_add_super_admin (TempoRegistry *self, const char *organization_id, const char *member_id, GError **error)
{
  gboolean added = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (organization_id != NULL && member_id != NULL, FALSE);

  g_mutex_lock (&self->writing);
  added = tempo_registry_run (self, error, "super-admin-add", "ss", organization_id, member_id);
  g_mutex_lock (&self->mutex);
  if (added)
    g_hash_table_add (self->super_admins, make_admin_key (organization_id, member_id));
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return added;
}

/**
 * tempo_registry_has_super_admin: whether anybody runs the installation
 *
 * Any thread; from memory.
 */
gboolean
tempo_registry_has_super_admin (TempoRegistry *self)
{
  gboolean any = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);

  g_mutex_lock (&self->mutex);
  any = g_hash_table_size (self->super_admins) > 0;
  g_mutex_unlock (&self->mutex);
  return any;
}

/**
 * tempo_registry_is_super_admin: whether a member runs the installation
 * @member_id: a member of @organization_id
 *
 * Any thread; from memory.
 */
gboolean
tempo_registry_is_super_admin (TempoRegistry *self, const char *organization_id, const char *member_id)
{
  g_autofree char *key = NULL;
  gboolean is = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (organization_id != NULL && member_id != NULL, FALSE);

  key = make_admin_key (organization_id, member_id);
  g_mutex_lock (&self->mutex);
  is = g_hash_table_contains (self->super_admins, key);
  g_mutex_unlock (&self->mutex);
  return is;
}

/* Settings and codes */

/**
 * tempo_registry_set: keeps a setting of the installation
 * @value: (nullable): NULL removes it
 *
 * Blocks for an fsync.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_set (TempoRegistry *self, const char *key, const char *value, GError **error)
{
  gboolean done = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  g_mutex_lock (&self->writing);
  if (value != NULL)
    done = tempo_registry_run (self, error, "setting-set", "ss", key, value);
  else
    done = tempo_registry_run (self, error, "setting-remove", "s", key);
  g_mutex_lock (&self->mutex);
  if (done && value != NULL)
    g_hash_table_insert (self->settings, g_strdup (key), g_strdup (value));
  else if (done)
    g_hash_table_remove (self->settings, key);
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return done;
}

/**
 * tempo_registry_get: a setting of the installation
 *
 * Any thread; from memory, where a setting is when it is durable.
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
tempo_registry_get (TempoRegistry *self, const char *key)
{
  char *value = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  g_mutex_lock (&self->mutex);
  value = g_strdup (g_hash_table_lookup (self->settings, key));
  g_mutex_unlock (&self->mutex);
  return value;
}

/**
 * tempo_registry_find_room_code: whose room a join code opens
 * @code: as a guest may type it, upper or lower case
 *
 * Returns: (transfer full) (nullable): the organization's id
 */
char *
tempo_registry_find_room_code (TempoRegistry *self, const char *code)
{
  g_autofree char *upper = NULL;
  char *organization_id = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (code != NULL, NULL);

  upper = g_ascii_strup (code, -1);
  g_mutex_lock (&self->mutex);
  organization_id = g_strdup (g_hash_table_lookup (self->room_codes, upper));
  g_mutex_unlock (&self->mutex);
  return organization_id;
}

static gboolean
add_room_code (TempoRegistry *self, const char *code, const char *organization_id, const char *room_id, gboolean planned, GError **error)
{
  g_autofree char *upper = NULL;
  gboolean added = FALSE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (code != NULL && organization_id != NULL && room_id != NULL, FALSE);

  upper = g_ascii_strup (code, -1);
  g_mutex_lock (&self->writing);
  added = tempo_registry_run (self, error, planned ? "room-code-plan" : "room-code-add", "sss", upper, organization_id, room_id);
  g_mutex_lock (&self->mutex);
  if (added && planned)
    g_hash_table_insert (self->planned, g_strdup (upper), g_strdup (organization_id));
  if (added)
    g_hash_table_insert (self->room_codes, g_steal_pointer (&upper), g_strdup (organization_id));
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->writing);
  return added;
}

/**
 * tempo_registry_add_room_code: takes a join code for a room, for ever
 * @code: kept in upper case
 *
 * Returns: FALSE with CONSTRAINT when it is taken: make another; or another TEMPO_STORE_ERROR
 */
gboolean
tempo_registry_add_room_code (TempoRegistry *self, const char *code, const char *organization_id, const char *room_id, GError **error)
{
  return add_room_code (self, code, organization_id, room_id, FALSE, error);
}

/**
 * tempo_registry_plan_room_code: takes a join code for a room that its organization's file is still to learn of
 * @code: kept in upper case
 *
 * Nobody else gets it meanwhile. To be followed by tempo_registry_settle_room_code(), if need be after a restart.
 *
 * Returns: as tempo_registry_add_room_code()
 */
gboolean
tempo_registry_plan_room_code (TempoRegistry *self, const char *code, const char *organization_id, const char *room_id, GError **error)
{
  return add_room_code (self, code, organization_id, room_id, TRUE, error);
}

/**
 * tempo_registry_settle_room_code: what became of a code that was planned
 * @code: in upper case
 * @keep: it is its room's for ever; or it was never seen by anybody and is free again
 *
 * Blocks for an fsync. Does nothing with a code that is not planned.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR; it is still planned then
 */
gboolean
tempo_registry_settle_room_code (TempoRegistry *self, const char *code, gboolean keep, GError **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (code != NULL, FALSE);

  g_mutex_lock (&self->writing);
  if (g_hash_table_contains (self->planned, code))
    {
      done = tempo_registry_run (self, error, keep ? "room-code-keep" : "room-code-release", "s", code);
      g_mutex_lock (&self->mutex);
      if (done && !keep)
        g_hash_table_remove (self->room_codes, code);
      if (done)
        g_hash_table_remove (self->planned, code);
      g_mutex_unlock (&self->mutex);
    }
  g_mutex_unlock (&self->writing);
  return done;
}

/**
 * tempo_registry_list_planned_codes: join codes of an organization that wait for tempo_registry_settle_room_code()
 *
 * Any thread; from memory.
 *
 * Returns: (transfer full) (element-type utf8): the codes
 */
GPtrArray *
tempo_registry_list_planned_codes (TempoRegistry *self, const char *organization_id)
{
  GPtrArray *codes = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer code = NULL, owner = NULL;

  g_return_val_if_fail (TEMPO_IS_REGISTRY (self), NULL);

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, self->planned);
  while (g_hash_table_iter_next (&iter, &code, &owner))
    if (g_str_equal (owner, organization_id))
      g_ptr_array_add (codes, g_strdup (code));
  g_mutex_unlock (&self->mutex);
  return codes;
}
