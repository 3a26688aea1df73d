/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-store-private.h"

#include <glib/gstdio.h>

#include "tempo-audit-private.h"
#include "store/tempo-files.h"
#include "tempo-lock-private.h"
#include "tempo-migration-private.h"
#include "tempo-readers-private.h"
#include "tempo-writer-private.h"

struct _TempoStore
{
  GObject parent_instance;

  char *path;            /* (owned) */
  char *tenant_id;       /* (owned) */
  gboolean was_unclean;  /* immutable after opening */
  TempoLock *lock;       /* (owned) (nullable) until closed, as below */
  TempoReaders *readers; /* (owned) (nullable) */
  TempoWriter *writer;   /* (owned) (nullable) */
  GMutex closing;
};

G_DEFINE_FINAL_TYPE (TempoStore, tempo_store, G_TYPE_OBJECT)

static void
tempo_store_finalize (GObject *object)
{
  TempoStore *self = TEMPO_STORE (object);

  tempo_store_close (self);
  g_clear_pointer (&self->readers, tempo_readers_free);
  g_clear_pointer (&self->writer, tempo_writer_free);
  g_clear_pointer (&self->lock, tempo_lock_release);
  g_mutex_clear (&self->closing);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->tenant_id, g_free);

  G_OBJECT_CLASS (tempo_store_parent_class)->finalize (object);
}

static void
tempo_store_class_init (TempoStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tempo_store_finalize;
}

static void
tempo_store_init (TempoStore *self)
{
  g_mutex_init (&self->closing);
}

/* Opening */

/* The folder is the owner's alone, and so is the file: it holds password hashes and the Wi-Fi's password. */
static gboolean
make_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return tempo_files_make_folder (folder, error) && tempo_files_make_private (path, error);
}

/* Closing cleanly leaves no WAL with anything in it. */
static gboolean
has_wal (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return g_stat (wal, &info) == 0 && info.st_size > 0;
}

/* A file is one organization's. That one is noted by the scope, if the file is new. */
static gboolean
check_owner (sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (GBytes) count = tempo_sqlite_load ("connection/tenant-count.sql", error);
  g_autoptr (GBytes) load = tempo_sqlite_load ("connection/tenant-load.sql", error);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  gint64 owners = 0;
  int rc = SQLITE_OK;

  if (count == NULL || load == NULL || !tempo_sqlite_get_int (db, g_bytes_get_data (count, NULL), &owners, error))
    return FALSE;
  if (owners == 0)
    return TRUE;
  rc = sqlite3_prepare_v2 (db, g_bytes_get_data (load, NULL), -1, &stmt, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, tenant_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  if (rc == SQLITE_ROW)
    return TRUE;
  if (rc != SQLITE_DONE)
    return tempo_sqlite_fail (db, rc, "Reading whose file it is", error);
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_DENIED, "The file is another organization's");
  return FALSE;
}

TempoScope *
tempo_store_open_scope (const char *path, const char *tenant_id, gboolean shared, TempoGuardWeakness weakness, GError **error)
{
  sqlite3 *db = NULL;

  if (!tempo_migration_inspect (&tempo_migration_organization, path, error))
    return NULL;
  db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, error);
  if (db == NULL)
    return NULL;
  if (!tempo_migration_apply (&tempo_migration_organization, db, error)
      || (!shared && !check_owner (db, tenant_id, error)))
    {
      tempo_sqlite_close (db);
      return NULL;
    }
  return tempo_scope_new (db, TEMPO_SQLITE_WRITER, tenant_id, weakness, error);
}

/* One hour after the last guest nobody will miss the few milliseconds of opening the file again. */
#define IDLE_US (60 * G_TIME_SPAN_MINUTE)

static TempoScope *
open_again (gpointer data, GError **error)
{
  TempoStore *self = data;
  /* Its schema and its owner were looked at the first time, and the lock was never let go. */
  TempoScope *scope = tempo_scope_open (self->path, TEMPO_SQLITE_WRITER, self->tenant_id, TEMPO_GUARD_WHOLE, error);

  if (scope != NULL)
    tempo_readers_come_back (self->readers);
  return scope;
}

static gboolean
let_readers_go (gpointer data)
{
  return tempo_readers_let_go (((TempoStore *) data)->readers);
}

static gboolean
wake_writer (gpointer data, GError **error)
{
  return tempo_writer_wake (((TempoStore *) data)->writer, error);
}

gboolean
tempo_store_hold (TempoStore *self, GError **error)
{
  return tempo_readers_hold (self->readers, error);
}

void
tempo_store_release (TempoStore *self)
{
  tempo_readers_release (self->readers);
}

/* For tests too, which do not wait an hour. */
void
tempo_store_set_idle (TempoStore *self, gint64 idle_us)
{
  TempoWriterRest rest = { open_again, let_readers_go, self };

  tempo_writer_set_rest (self->writer, &rest, idle_us);
}

static TempoStore *
open_store (const char *path, const char *tenant_id, gboolean durable, GError **error)
{
  g_autoptr (TempoStore) self = g_object_new (TEMPO_TYPE_STORE, NULL);
  g_autoptr (TempoScope) scope = NULL;

  self->path = g_strdup (path);
  self->tenant_id = g_strdup (tenant_id);
  if (!make_file (path, error))
    return NULL;
  self->lock = tempo_lock_take (path, error);
  if (self->lock == NULL)
    return NULL;
  self->was_unclean = has_wal (path);
  scope = tempo_store_open_scope (path, tenant_id, FALSE, TEMPO_GUARD_WHOLE, error);
  if (scope == NULL)
    return NULL;
  if (!durable && !tempo_scope_control (scope, "PRAGMA synchronous = NORMAL", error))
    return NULL;
  self->writer = tempo_writer_new (g_steal_pointer (&scope));
  self->readers = tempo_readers_new (path, tenant_id);
  tempo_readers_set_wake (self->readers, wake_writer, self);
  if (durable)
    tempo_store_set_idle (self, IDLE_US);
  return g_steal_pointer (&self);
}

TempoStore *
tempo_store_open_undurable (const char *path, const char *tenant_id, GError **error)
{
  return open_store (path, tenant_id, FALSE, error);
}

/**
 * tempo_store_open: opens an organization's file
 * @path: made, with its folder, when missing
 * @tenant_id: whose it is; a file of somebody else is refused (DENIED)
 *
 * Blocks for a few fsyncs, longer when the file must be brought to a newer schema or
 * recovered after a power cut.
 *
 * Returns: (transfer full): the store, or NULL with a TEMPO_STORE_ERROR
 */
TempoStore *
tempo_store_open (const char *path, const char *tenant_id, GError **error)
{
  g_return_val_if_fail (path != NULL && tenant_id != NULL && *tenant_id != '\0', NULL);

  return open_store (path, tenant_id, TRUE, error);
}

/**
 * tempo_store_rest: lets the file go now; any thread
 *
 * For a house that is quiet when Tempo starts.
 */
void
tempo_store_rest (TempoStore *self)
{
  g_return_if_fail (TEMPO_IS_STORE (self));

  tempo_writer_ask_rest (self->writer);
}

/**
 * tempo_store_is_resting: whether the file is closed because nobody needed it; any thread
 *
 * It is opened again by the next write or read, in their threads. The lock on it stays.
 *
 * Returns: TRUE while it is closed
 */
gboolean
tempo_store_is_resting (TempoStore *self)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), FALSE);

  return tempo_writer_is_resting (self->writer);
}

const char *
tempo_store_get_path (TempoStore *self)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), NULL);

  return self->path;
}

const char *
tempo_store_get_tenant_id (TempoStore *self)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), NULL);

  return self->tenant_id;
}

/**
 * tempo_store_was_unclean: whether the file was not closed in order the last time
 *
 * Nothing acknowledged was lost then; it is a good moment for tempo_store_check() in a worker.
 *
 * Returns: TRUE after a crash, a kill or a power cut
 */
gboolean
tempo_store_was_unclean (TempoStore *self)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), FALSE);

  return self->was_unclean;
}

/**
 * tempo_store_write_async: queues a batch; any thread
 * @batch: the writer's from now on, the caller does not touch it again
 * @cancellable: (nullable): drops the batch if its turn has not come; later it is written, and said so
 * @callback: comes in the caller's thread-default context after the commit
 *
 * Batches are committed in the order they were queued.
 */
void
tempo_store_write_async (TempoStore *self, TempoBatch *batch, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEMPO_IS_STORE (self));
  g_return_if_fail (batch != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tempo_store_write_async);
  g_task_set_check_cancellable (task, FALSE);
  tempo_writer_push (self->writer, batch, task);
}

gboolean
tempo_store_write_finish (TempoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tempo_store_write: queues a batch and waits for its commit; any thread but main and engine
 * @batch: the writer's from now on
 *
 * Shares its commit with whoever else waits.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR, and then nothing of @batch is in the file
 */
gboolean
tempo_store_write (TempoStore *self, TempoBatch *batch, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), FALSE);
  g_return_val_if_fail (batch != NULL, FALSE);

  return tempo_writer_run (self->writer, batch, error);
}

/**
 * tempo_store_read_async: runs @func on a reader thread; any thread
 * @func: reads; returns NULL with an error set when it fails
 * @func_data_free: (nullable): called on the reader thread afterwards
 * @callback: comes in the caller's thread-default context
 *
 * @func sees what was committed when it starts, all of it at one moment.
 */
void
tempo_store_read_async (TempoStore *self, TempoReadFunc func, gpointer func_data, GDestroyNotify func_data_free,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEMPO_IS_STORE (self));
  g_return_if_fail (func != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tempo_store_read_async);
  g_task_set_check_cancellable (task, FALSE);
  tempo_readers_push (self->readers, func, func_data, func_data_free, task);
}

gpointer
tempo_store_read_finish (TempoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_store_read: runs @func in this thread; any thread but main and engine
 * @func: as in tempo_store_read_async()
 *
 * Waits while all reading connections are in use.
 *
 * Returns: what @func returns, or NULL with a TEMPO_STORE_ERROR
 */
gpointer
tempo_store_read (TempoStore *self, TempoReadFunc func, gpointer func_data, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return tempo_readers_run (self->readers, func, func_data, error);
}

typedef struct
{
  TempoStore *store;
  TempoMaintainFunc func;
  gpointer data;
  GError *error; /* (owned) (nullable) */
} Maintenance;

static TempoScope *
maintain_job (TempoScope *scope, gpointer data)
{
  Maintenance *work = data;
  TempoStore *self = work->store;
  sqlite3 *db = NULL;

  tempo_scope_free (scope);
  db = tempo_sqlite_open (self->path, TEMPO_SQLITE_WRITER, &work->error);
  if (db != NULL)
    work->func (db, self->tenant_id, work->data, &work->error);
  tempo_sqlite_close (db);
  /* As after a commit that failed so: what the disk has is not known until the file is opened anew. */
  if (g_error_matches (work->error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO))
    return NULL;
  return tempo_store_open_scope (self->path, self->tenant_id, FALSE, TEMPO_GUARD_WHOLE, NULL);
}

/**
 * tempo_store_maintain: works on the file past the guard; any worker thread, blocks
 * @func: with a plain connection in no transaction; writes of others wait until it is done
 *
 * Returns: FALSE with what @func said, or a TEMPO_STORE_ERROR
 */
gboolean
tempo_store_maintain (TempoStore *self, TempoMaintainFunc func, gpointer data, GError **error)
{
  Maintenance work = { self, func, data, NULL };

  if (!tempo_writer_run_job (self->writer, maintain_job, &work, work.error == NULL ? error : NULL))
    {
      g_clear_error (&work.error);
      return FALSE;
    }
  if (work.error == NULL)
    return TRUE;
  g_propagate_error (error, work.error);
  return FALSE;
}

/**
 * tempo_store_verify_audit: checks the hash chains of the audit log; any worker thread, blocks
 * @noted: (nullable): what tempo_store_note_audit() said some time before, kept where who changes the file does not reach
 * @rows: (out) (optional): how many rows there are
 * @head: (out) (optional) (nullable) (transfer full): the last hash
 *
 * Without @noted, rows cut off at the end leave no trace.
 *
 * Returns: FALSE with CORRUPT, whose message names the row
 */
gboolean
tempo_store_verify_audit (TempoStore *self, const char *noted, guint64 *rows, char **head, GError **error)
{
  TempoAuditResult result = { noted, 0, NULL };
  g_autofree char *found = NULL;

  g_return_val_if_fail (TEMPO_IS_STORE (self), FALSE);

  if (tempo_readers_run (self->readers, tempo_audit_verify_func, &result, error) == NULL)
    return FALSE;
  found = result.head;
  if (rows != NULL)
    *rows = result.rows;
  if (head != NULL)
    *head = g_steal_pointer (&found);
  return TRUE;
}

/**
 * tempo_store_note_audit: how far the audit log goes now; any worker thread, blocks
 *
 * Returns: (transfer full): text for a later tempo_store_verify_audit(), or NULL with a TEMPO_STORE_ERROR
 */
char *
tempo_store_note_audit (TempoStore *self, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), NULL);

  return tempo_readers_run (self->readers, tempo_audit_note_func, NULL, error);
}

/**
 * tempo_store_check: looks for damage in the file while it is in use; any worker thread, blocks
 *
 * Has a connection of its own: the guarded ones may not run pragmas.
 *
 * Returns: FALSE with CORRUPT, or what reading failed with
 */
gboolean
tempo_store_check (TempoStore *self, GError **error)
{
  sqlite3 *db = NULL;
  gboolean sound = FALSE;

  g_return_val_if_fail (TEMPO_IS_STORE (self), FALSE);

  if (!tempo_store_hold (self, error))
    return FALSE;
  db = tempo_sqlite_open (self->path, TEMPO_SQLITE_READER, error);
  sound = db != NULL && tempo_sqlite_check (db, "PRAGMA quick_check (1)", error);
  tempo_sqlite_close (db);
  tempo_store_release (self);
  return sound;
}

/**
 * tempo_store_dup_fault: what is wrong with the storage now; any thread
 *
 * A full disk heals by itself: the next commit that works clears it. An I/O error or damage
 * stays until the file is opened again.
 *
 * Returns: (transfer full) (nullable): a TEMPO_STORE_ERROR, NULL when all is well
 */
GError *
tempo_store_dup_fault (TempoStore *self)
{
  g_return_val_if_fail (TEMPO_IS_STORE (self), NULL);

  return tempo_writer_dup_fault (self->writer);
}

void
tempo_store_get_counts (TempoStore *self, guint64 *batches, guint64 *commits, guint64 *failures)
{
  TempoWriterCounts counts;

  g_return_if_fail (TEMPO_IS_STORE (self));

  tempo_writer_get_counts (self->writer, &counts);
  if (batches != NULL)
    *batches = counts.batches;
  if (commits != NULL)
    *commits = counts.commits;
  if (failures != NULL)
    *failures = counts.failures;
}

/**
 * tempo_store_close: ends readers, then the writer, then lets the file go
 *
 * Readers first: the writer's must be the last connection, as that is the one that ends the WAL.
 * Blocks; a second call does nothing.
 */
void
tempo_store_close (TempoStore *self)
{
  g_return_if_fail (TEMPO_IS_STORE (self));

  g_mutex_lock (&self->closing);
  if (self->readers != NULL)
    tempo_readers_stop (self->readers);
  if (self->writer != NULL)
    tempo_writer_stop (self->writer);
  g_clear_pointer (&self->lock, tempo_lock_release);
  g_mutex_unlock (&self->closing);
}
