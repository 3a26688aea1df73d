/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "store/tempo-store.h"
#include "store/tempo-files.h"
#include "tempo-lock-private.h"
#include "tempo-migration-private.h"
#include "tempo-pace-private.h"
#include "tempo-scope-private.h"
#include "tempo-store-private.h"

/* Copies of an organization's file: a backup counts when it was opened and checked. */

/* VACUUM INTO as one prepared statement, the name bound. */
static gboolean
copy_into (sqlite3 *db, const char *to_path, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_sqlite_prepare (db, "connection/backup.sql", error);
  g_auto (TempoPaceWatch) watch = { TEMPO_PACE_INIT, NULL, NULL };
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  tempo_pace_watch (&watch, db, to_path);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, to_path, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  return rc == SQLITE_DONE || tempo_sqlite_fail (db, rc, "Copying the database", error);
}

static gboolean
make_copy (const char *from_path, const char *to_path, GError **error)
{
  sqlite3 *db = tempo_sqlite_open (from_path, TEMPO_SQLITE_READER, error);
  gboolean copied = db != NULL && copy_into (db, to_path, error);

  tempo_sqlite_close (db);
  if (copied && g_chmod (to_path, 0600) != 0)
    return tempo_files_fail ("Protecting", to_path, errno, error);
  return copied && tempo_files_sync (to_path, error);
}

static gboolean
verify_connection (sqlite3 *db, GError **error)
{
  int version = 0;

  if (!tempo_migration_check (&tempo_migration_organization, db, &version, error)
      || !tempo_sqlite_check (db, "PRAGMA integrity_check (1)", error)
      || !tempo_sqlite_check (db, "PRAGMA foreign_key_check", error))
    return FALSE;
  if (version != TEMPO_SCHEMA_EMPTY)
    return TRUE;
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "The copy is empty");
  return FALSE;
}

static gboolean
verify_tenant (const char *path, const char *tenant_id, GError **error)
{
  g_autoptr (TempoScope) scope = tempo_scope_open (path, TEMPO_SQLITE_PLAIN, tenant_id, TEMPO_GUARD_WHOLE, error);

  return scope != NULL;
}

/**
 * tempo_store_verify_file: checks a copy that nobody has open; any worker thread, blocks
 * @tenant_id: whose it must be
 *
 * Header, schema version, SQLite's integrity check, references, owner.
 *
 * Returns: FALSE with CORRUPT, NEWER, NOT_FOUND (no such file, or not this organization's) or another
 */
gboolean
tempo_store_verify_file (const char *path, const char *tenant_id, GError **error)
{
  sqlite3 *db = NULL;
  gboolean sound = FALSE;

  g_return_val_if_fail (path != NULL && tenant_id != NULL, FALSE);

  if (g_access (path, F_OK) != 0)
    return tempo_files_fail ("Opening", path, errno, error);
  if (!tempo_migration_inspect (&tempo_migration_organization, path, error))
    return FALSE;
  db = tempo_sqlite_open (path, TEMPO_SQLITE_PLAIN, error);
  sound = db != NULL && verify_connection (db, error);
  tempo_sqlite_close (db);
  return sound && verify_tenant (path, tenant_id, error);
}

/**
 * tempo_store_backup: copies the file while it is in use; any worker thread, blocks
 * @to_path: replaced when it is there, but only by a copy that was checked
 *
 * The copy is made through a connection of its own that reads one snapshot and cannot checkpoint: the
 * writer would keep everybody waiting for the length of the copy. While it runs the WAL is not
 * started over, so it grows by what is written meanwhile.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR, and then nothing is left behind
 */
gboolean
tempo_store_backup (TempoStore *self, const char *to_path, GError **error)
{
  g_autofree char *partial = NULL;
  gboolean made = FALSE;

  g_return_val_if_fail (TEMPO_IS_STORE (self), FALSE);
  g_return_val_if_fail (to_path != NULL, FALSE);

  if (!tempo_store_hold (self, error))
    return FALSE;
  partial = g_strconcat (to_path, ".partial", NULL);
  tempo_files_remove_database (partial);
  made = make_copy (tempo_store_get_path (self), partial, error);
  tempo_store_release (self);
  if (!made
      || !tempo_store_verify_file (partial, tempo_store_get_tenant_id (self), error))
    {
      tempo_files_remove_database (partial);
      return FALSE;
    }
  if (g_rename (partial, to_path) != 0)
    {
      tempo_files_fail ("Renaming to", to_path, errno, error);
      tempo_files_remove_database (partial);
      return FALSE;
    }
  tempo_files_remove_database (partial);
  return tempo_files_sync_folder_of (to_path, error);
}

/**
 * tempo_store_copy: copies the file while it is in use, without looking at the copy; any worker thread, blocks
 * @to_path: replaced
 *
 * For who reads all of it next anyhow: a backup is tempo_store_backup().
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR, and then nothing is left behind
 */
gboolean
tempo_store_copy (TempoStore *self, const char *to_path, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), FALSE);
  g_return_val_if_fail (to_path != NULL, FALSE);

  tempo_files_remove_database (to_path);
  if (make_copy (tempo_store_get_path (self), to_path, error))
    return TRUE;
  tempo_files_remove_database (to_path);
  return FALSE;
}

/* Restoring */

/* Brings what a crash left in the WAL into the file, so that the file alone can be kept. A file
 * that is too damaged for it keeps its WAL under its new name. */
static void
settle_wal (const char *path)
{
  sqlite3 *db = NULL;

  if (tempo_migration_inspect (&tempo_migration_organization, path, NULL))
    db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, NULL);
  if (db != NULL)
    sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  tempo_sqlite_close (db);
}

static char *
make_kept_path (const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%S%fZ");

  return g_strconcat (path, ".before-restore-", stamp, NULL);
}

/* The old file gets a second name before the new one takes its first: at no moment is there none,
 * which the next opening would take for a new organization. */
static gboolean
keep_old (const char *path, GError **error)
{
  g_autofree char *kept = make_kept_path (path);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *kept_wal = g_strconcat (kept, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);

  if (g_access (path, F_OK) != 0)
    return TRUE;
  settle_wal (path);
  if (link (path, kept) != 0 && !tempo_files_copy (path, kept, error))
    return FALSE;
  if (g_rename (wal, kept_wal) != 0 && errno != ENOENT)
    return tempo_files_fail ("Renaming", wal, errno, error);
  g_unlink (shm);
  return tempo_files_sync_folder_of (path, error);
}

/**
 * tempo_store_restore: puts a backup in place of a closed store's file; blocks
 * @path: the store's file; what was there stays beside it as .before-restore-TIME
 * @backup_path: stays as it is
 * @tenant_id: whose both are
 *
 * The backup is copied beside and checked there before anything is moved, so a bad
 * one changes nothing.
 *
 * Returns: FALSE with BUSY when the store is open, what tempo_store_verify_file() says, or another
 */
gboolean
tempo_store_restore (const char *path, const char *backup_path, const char *tenant_id, GError **error)
{
  g_autoptr (TempoLock) lock = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *partial = NULL;

  g_return_val_if_fail (path != NULL && backup_path != NULL && tenant_id != NULL, FALSE);

  if (g_access (backup_path, F_OK) != 0)
    return tempo_files_fail ("Opening", backup_path, errno, error);
  folder = g_path_get_dirname (path);
  if (!tempo_files_make_folder (folder, error))
    return FALSE;
  lock = tempo_lock_take (path, error);
  if (lock == NULL)
    return FALSE;
  partial = g_strconcat (path, ".restoring", NULL);
  if (!tempo_files_copy (backup_path, partial, error)
      || !tempo_store_verify_file (partial, tenant_id, error)
      || !keep_old (path, error))
    {
      tempo_files_remove_database (partial);
      return FALSE;
    }
  if (g_rename (partial, path) != 0)
    {
      tempo_files_fail ("Renaming to", path, errno, error);
      tempo_files_remove_database (partial);
      return FALSE;
    }
  tempo_files_remove_database (partial);
  return tempo_files_sync_folder_of (path, error);
}
