/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem() */
#include "store/tempo-erase.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "tempo-audit-private.h"
#include "store/tempo-files.h"
#include "tempo-migration-private.h"
#include "tempo-sqlite-private.h"
#include "tempo-store-private.h"

#define SCAN_BLOCK (1 << 20)
/* Shorter ones are in every file by chance. */
#define MIN_NEEDLE 4
#define MAX_NEEDLE 4096
/* Each waits for the busy time-out of five seconds. */
#define CHECKPOINT_TRIES 50

typedef struct
{
  const TempoGuestErasure *what;
  TempoErased *erased;
  GPtrArray *needles; /* (owned) (element utf8) what must not be in the file any more */
  const char *path;
} Erasing;

/* Statements of connection/erase-*.sql: ?1 tenant, ?2 guest, and what each says. */
static sqlite3_stmt *
prepare (sqlite3 *db, const char *name, const char *tenant_id, const char *guest_id, GError **error)
{
  g_autofree char *file = g_strconcat ("connection/", name, ".sql", NULL);
  g_autoptr (GBytes) sql = tempo_sqlite_load (file, error);
  sqlite3_stmt *stmt = NULL;
  int rc = SQLITE_OK;

  if (sql == NULL)
    return NULL;
  rc = sqlite3_prepare_v2 (db, g_bytes_get_data (sql, NULL), -1, &stmt, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, tenant_id, -1, SQLITE_TRANSIENT);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 2, guest_id, -1, SQLITE_TRANSIENT);
  if (rc == SQLITE_OK)
    return stmt;
  tempo_sqlite_fail (db, rc, name, error);
  sqlite3_finalize (stmt);
  return NULL;
}

/* Runs it to its end; @changes: (out) (optional) how many rows it changed. */
static gboolean
run (Erasing *self, sqlite3 *db, const char *name, const char *tenant_id, gint64 *changes, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, name, tenant_id, self->what->guest_id, error);
  gint64 before = sqlite3_total_changes64 (db);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
    ;
  if (rc != SQLITE_DONE)
    return tempo_sqlite_fail (db, rc, name, error);
  if (changes != NULL)
    *changes += sqlite3_total_changes64 (db) - before;
  return TRUE;
}

static gboolean
collect_needles (Erasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "erase-texts", tenant_id, self->what->guest_id, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      const char *text = (const char *) sqlite3_column_text (stmt, 0);
      gsize length = text != NULL ? strlen (text) : 0;

      if (length >= MIN_NEEDLE && length <= MAX_NEEDLE)
        g_ptr_array_add (self->needles, g_strdup (text));
    }
  return rc == SQLITE_DONE || tempo_sqlite_fail (db, rc, "Looking for what to erase", error);
}

/* The log */

static int
empty_row (Erasing *self, sqlite3_stmt *empty, sqlite3_stmt *list, GChecksum *left)
{
  int rc = sqlite3_bind_int64 (empty, 3, sqlite3_column_int64 (list, 0));

  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (empty, 4, self->what->receipt_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (empty);
  if (rc == SQLITE_ROW)
    {
      tempo_audit_add_left (left, (const char *) sqlite3_column_text (list, 1), sqlite3_column_int64 (list, 2),
                            (const char *) sqlite3_column_text (empty, 0));
      rc = sqlite3_step (empty);
    }
  sqlite3_reset (empty);
  return rc;
}

/* By the order of the chains, which no change here touches. */
static gboolean
empty_log (Erasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (sqlite3_stmt) list = prepare (db, "erase-log-rows", tenant_id, self->what->guest_id, error);
  g_autoptr (sqlite3_stmt) empty
    = list != NULL ? prepare (db, "erase-log-row", tenant_id, self->what->guest_id, error) : NULL;
  g_autoptr (GChecksum) left = g_checksum_new (G_CHECKSUM_SHA256);
  int rc = SQLITE_OK;

  if (empty == NULL)
    return FALSE;
  while ((rc = sqlite3_step (list)) == SQLITE_ROW)
    {
      rc = empty_row (self, empty, list, left);
      if (rc != SQLITE_DONE)
        break;
      self->erased->log_rows++;
    }
  if (rc != SQLITE_DONE)
    return tempo_sqlite_fail (db, rc, "Emptying the log", error);
  g_strlcpy (self->erased->digest, g_checksum_get_string (left), sizeof self->erased->digest);
  return TRUE;
}

static char *
make_claim (Erasing *self)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_int (json, "rows", self->erased->log_rows);
  tempo_json_string (json, "digest", self->erased->digest);
  tempo_json_end_object (json);
  return g_strdup (tempo_json_peek (json, NULL));
}

/* One more row in the log, which accounts for those that were emptied. */
static gboolean
add_claim (Erasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "erase-log-claim", tenant_id, self->what->receipt_id, error);
  g_autofree char *claim = make_claim (self);
  g_autofree char *random = tempo_token_random (32);
  g_autofree char *salt = tempo_token_digest (random);
  const char *values[] = { self->what->actor_kind, self->what->actor_id, self->what->actor_name,
                           self->what->address,    self->what->agent,    claim };
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  for (guint i = 0; rc == SQLITE_OK && i < G_N_ELEMENTS (values); i++)
    rc = sqlite3_bind_text (stmt, 3 + (int) i, values[i], -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 9, salt, 32, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_int64 (stmt, 10, self->what->now);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  return rc == SQLITE_DONE || tempo_sqlite_fail (db, rc, "Noting the erasure", error);
}

/* The triggers of the log forbid every change, and are right. Here they are off for these two statements, in a
 * transaction that also says why. */
static gboolean
erase_from_log (Erasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  gboolean emptied = FALSE;

  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  emptied = empty_log (self, db, tenant_id, error);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
  return emptied && add_claim (self, db, tenant_id, error);
}

static gboolean
erase_rows (Erasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  return run (self, db, "erase-time", tenant_id, NULL, error)
         && run (self, db, "erase-answers", tenant_id, &self->erased->answers, error)
         && erase_from_log (self, db, tenant_id, error)
         && run (self, db, "erase-votes", tenant_id, &self->erased->votes, error)
         && run (self, db, "erase-requests", tenant_id, &self->erased->requests, error)
         && run (self, db, "erase-guest", tenant_id, NULL, error);
}

/* Old bytes */

/* Everything into the file, nothing beside it. Somebody may still be reading an older state, and one who looks through a
 * big file for a while: each try waits as long as the connection's busy time-out. */
static gboolean
settle (sqlite3 *db, GError **error)
{
  int rc = SQLITE_BUSY;

  for (guint i = 0; rc == SQLITE_BUSY && i < CHECKPOINT_TRIES; i++)
    rc = sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  return rc == SQLITE_OK || tempo_sqlite_fail (db, rc, "Checkpoint", error);
}

static guint
count_in_block (GPtrArray *needles, const char *block, gsize length, guint8 *found)
{
  guint n = 0;

  for (guint i = 0; i < needles->len; i++)
    {
      if (!found[i] && memmem (block, length, needles->pdata[i], strlen (needles->pdata[i])) != NULL)
        found[i] = 1;
      n += found[i];
    }
  return n;
}

/* How many of the texts are somewhere among the bytes of a file. Blocks overlap, so none hides at a border. */
static gboolean
count_in_file (Erasing *self, const char *path, guint *n, GError **error)
{
  g_autofree char *block = g_malloc (SCAN_BLOCK + MAX_NEEDLE);
  g_autofree guint8 *found = g_malloc0 (self->needles->len + 1);
  FILE *file = g_fopen (path, "rb");
  gsize kept = 0, length = 0;

  *n = 0;
  if (file == NULL)
    return errno == ENOENT || tempo_files_fail ("Opening", path, errno, error);
  while ((length = fread (block + kept, 1, SCAN_BLOCK, file)) > 0)
    {
      *n = count_in_block (self->needles, block, kept + length, found);
      length += kept;
      kept = MIN (length, MAX_NEEDLE);
      memmove (block, block + length - kept, kept);
    }
  fclose (file);
  return TRUE;
}

static gboolean
count_around (Erasing *self, guint *n, GError **error)
{
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  guint more = 0;

  if (!count_in_file (self, self->path, n, error) || !count_in_file (self, wal, &more, error))
    return FALSE;
  *n += more;
  return TRUE;
}

/* Deleted text is overwritten at once (secure_delete), but rows that moved to another page may have left a copy. Only
 * then the file is built anew, which takes long; and what is there even then is in the row of somebody else. */
static gboolean
clean_bytes (Erasing *self, sqlite3 *db, gboolean anew, GError **error)
{
  guint n = 0;

  if (!settle (db, error) || !count_around (self, &n, error))
    return FALSE;
  if (n == 0 && !anew)
    return TRUE;
  /* What is built anew stands in an unlinked file meanwhile: in memory it would be as big as the house's years. */
  if (!tempo_sqlite_exec (db, "PRAGMA temp_store = FILE; VACUUM", error) || !settle (db, error) || !count_around (self, &n, error))
    return FALSE;
  self->erased->shared = MAX (self->erased->shared, n);
  return TRUE;
}

static gboolean
erase_from_file (sqlite3 *db, const char *tenant_id, Erasing *self, GError **error)
{
  int rc = tempo_audit_add_function (db, tenant_id);

  if (rc != SQLITE_OK)
    return tempo_sqlite_fail (db, rc, "Preparing the connection", error);
  if (!tempo_sqlite_exec (db, "PRAGMA secure_delete = ON; BEGIN IMMEDIATE", error))
    return FALSE;
  if (collect_needles (self, db, tenant_id, error) && erase_rows (self, db, tenant_id, error)
      && tempo_sqlite_exec (db, "COMMIT", error))
    return TRUE;
  tempo_sqlite_exec (db, "ROLLBACK", NULL);
  return FALSE;
}

static gboolean
maintain (sqlite3 *db, const char *tenant_id, gpointer data, GError **error)
{
  Erasing *self = data;

  /* Who had no text left was erased before: perhaps that run did not come to its end. */
  return erase_from_file (db, tenant_id, self, error) && clean_bytes (self, db, self->needles->len == 0, error);
}

static gpointer
find_guest (TempoScope *scope, gpointer user_data, GError **error)
{
  const char *what = user_data;
  g_autoptr (GError) failure = NULL;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "guest-find", "s", what);

  if (rows == NULL)
    return NULL;
  if (tempo_rows_next (rows, &failure))
    return g_strdup (tempo_rows_text (rows, 0));
  if (failure == NULL)
    g_set_error (&failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND, "There is no guest “%s”", what);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

char *
tempo_store_find_guest (TempoStore *self, const char *what, GError **error)
{
  return tempo_store_read (self, find_guest, (gpointer) what, error);
}

gboolean
tempo_store_erase_guest (TempoStore *self, const TempoGuestErasure *erasure, TempoErased *erased, GError **error)
{
  g_autoptr (GPtrArray) needles = g_ptr_array_new_with_free_func (g_free);
  Erasing work = { erasure, erased, needles, tempo_store_get_path (self) };

  return tempo_store_maintain (self, maintain, &work, error);
}

/* Copies */

static gboolean
rewrite (const char *path, const char *tenant_id, const TempoGuestErasure *erasure, GError **error)
{
  g_autoptr (GPtrArray) needles = g_ptr_array_new_with_free_func (g_free);
  TempoErased ignored = { 0 };
  Erasing work = { erasure, &ignored, needles, path };
  sqlite3 *db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, error);
  gboolean done = db != NULL && erase_from_file (db, tenant_id, &work, error) && clean_bytes (&work, db, TRUE, error)
                  && tempo_sqlite_exec (db, "PRAGMA journal_mode = DELETE", error);

  tempo_sqlite_close (db);
  return done && tempo_store_verify_file (path, tenant_id, error);
}

static gboolean
replace_backup (const char *path, const char *tenant_id, const TempoGuestErasure *erasure, GError **error)
{
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);

  if (!tempo_files_remove_tree (partial, error) || !tempo_files_copy (path, partial, error))
    return FALSE;
  if (rewrite (partial, tenant_id, erasure, error) && tempo_files_sync (partial, error)
      && g_rename (partial, path) == 0)
    {
      tempo_files_remove_database (partial);
      return tempo_files_sync_folder_of (path, error);
    }
  tempo_files_remove_database (partial);
  return FALSE;
}

/* A copy of which nothing can be taken out must not be kept: the disk being full is no such reason. */
static gboolean
erase_from_backup (
  const char *path, const char *tenant_id, const TempoGuestErasure *erasure, TempoErased *erased, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (replace_backup (path, tenant_id, erasure, &failure))
    {
      erased->backups++;
      return TRUE;
    }
  if (!g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT)
      && !g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER)
      && !g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  erased->destroyed++;
  return tempo_files_remove_tree (path, error);
}

static gboolean
destroy (const char *path, TempoErased *erased, GError **error)
{
  erased->destroyed++;
  return tempo_files_remove_tree (path, error);
}

typedef gboolean (*EachFunc) (const char *path, const char *name, gpointer data, GError **error);

static gboolean
each_file (const char *folder, EachFunc func, gpointer data, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

      if (!func (path, names->pdata[i], data, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  const char *tenant_id;
  const TempoGuestErasure *erasure;
  TempoErased *erased;
} Copies;

static gboolean
each_backup (const char *path, const char *name, gpointer data, GError **error)
{
  Copies *copies = data;

  if (g_str_has_suffix (name, ".media"))
    return TRUE;
  if (g_str_has_suffix (name, ".db"))
    return erase_from_backup (path, copies->tenant_id, copies->erasure, copies->erased, error);
  return destroy (path, copies->erased, error);
}

static gboolean
each_export (const char *path, const char *name, gpointer data, GError **error)
{
  return destroy (path, ((Copies *) data)->erased, error);
}

static gboolean
each_kept (const char *path, const char *name, gpointer data, GError **error)
{
  if (strstr (name, ".before-restore-") == NULL && !g_str_has_suffix (name, ".restoring"))
    return TRUE;
  return destroy (path, ((Copies *) data)->erased, error);
}

gboolean
tempo_copies_erase_guest (
  const char *folder, const char *tenant_id, const TempoGuestErasure *erasure, TempoErased *erased, GError **error)
{
  Copies copies = { tenant_id, erasure, erased };
  g_autofree char *backups = g_build_filename (folder, "backups", NULL);
  g_autofree char *exports = g_build_filename (folder, "exports", NULL);

  return each_file (backups, each_backup, &copies, error) && each_file (exports, each_export, &copies, error)
         && each_file (folder, each_kept, &copies, error);
}
