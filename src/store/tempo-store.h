/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"
#include "store/tempo-batch.h"
#include "store/tempo-scope.h"

G_BEGIN_DECLS

/* The database file of one organization: one process (lock file + flock), one writer
 * thread with the one writing connection, which alone checkpoints; a few read-only
 * connections for the pool. Writes that wait together share one transaction and one fsync.
 * WAL, synchronous=FULL, foreign keys, no mmap. Any thread unless said otherwise. */

typedef enum
{
  TEMPO_STORE_ERROR_BUSY,       /* another process has the file: say so, do not wait */
  TEMPO_STORE_ERROR_NEWER,      /* written by a newer Tempo: update Tempo */
  TEMPO_STORE_ERROR_CORRUPT,    /* not a database or damaged: restore a backup */
  TEMPO_STORE_ERROR_FULL,       /* no space: free some, then go on; nothing acknowledged was lost */
  TEMPO_STORE_ERROR_READ_ONLY,  /* the file or folder cannot be written */
  TEMPO_STORE_ERROR_CONSTRAINT, /* a rule of the schema says no */
  TEMPO_STORE_ERROR_IO,         /* the disk failed */
  TEMPO_STORE_ERROR_NOT_FOUND,  /* no such file, statement or row */
  TEMPO_STORE_ERROR_DENIED,     /* the scope refuses this SQL */
  TEMPO_STORE_ERROR_CLOSED,     /* the store is closing */
  TEMPO_STORE_ERROR_FAILED,     /* anything else; the message tells */
} TempoStoreError;
#define TEMPO_STORE_ERROR (tempo_store_error_quark ())
GQuark tempo_store_error_quark (void);

#define TEMPO_TYPE_STORE (tempo_store_get_type ())
G_DECLARE_FINAL_TYPE (TempoStore, tempo_store, TEMPO, STORE, GObject)

/* Opens (and makes or migrates) the file for the organization @tenant_id. Blocks: call it off the main
 * and engine threads, or from tests. (transfer full). */
TempoStore *tempo_store_open (const char *path, const char *tenant_id, GError **error);
const char *tempo_store_get_path (TempoStore *self);
const char *tempo_store_get_tenant_id (TempoStore *self);

/* Queues @batch; the callback comes in the caller's thread-default context after the
 * commit that holds it. A batch is all or nothing; a batch that fails by a constraint does
 * not harm the others of its commit (each has its own savepoint). Storage errors
 * (full, read-only, I/O, corrupt) fail the whole commit. */
void tempo_store_write_async (TempoStore *self, TempoBatch *batch, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_store_write_finish (TempoStore *self, GAsyncResult *result, GError **error);
/* The same, waiting. For command line and tests. */
gboolean tempo_store_write (TempoStore *self, TempoBatch *batch, GError **error);

/* Runs @func with a read-only scope on a reader thread, in one read transaction of at most 2 s by convention.
 * Its result (or error) goes to the callback in the caller's context. */
typedef gpointer (*TempoReadFunc) (TempoScope *scope, gpointer user_data, GError **error);
void tempo_store_read_async (TempoStore *self, TempoReadFunc func, gpointer func_data, GDestroyNotify func_data_free,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gpointer tempo_store_read_finish (TempoStore *self, GAsyncResult *result, GError **error);
/* The same, waiting. */
gpointer tempo_store_read (TempoStore *self, TempoReadFunc func, gpointer func_data, GError **error);

/* Copies the file consistently while it is in use (VACUUM INTO), opens the copy and checks it
 * (integrity_check, schema, tenant). A copy that fails is removed. Any worker thread; blocks. */
gboolean tempo_store_backup (TempoStore *self, const char *to_path, GError **error);
/* The same without the check, for who reads all of the copy at once. */
gboolean tempo_store_copy (TempoStore *self, const char *to_path, GError **error);
/* Checks a backup as above without an open store. Blocks. */
gboolean tempo_store_verify_file (const char *path, const char *tenant_id, GError **error);
/* Puts the verified @backup_path in place of @path (which is kept beside as .before-restore-TIME). The store must be closed. */
gboolean tempo_store_restore (const char *path, const char *backup_path, const char *tenant_id, GError **error);

/* Looks for damage while the file is in use (quick_check); CORRUPT when there is some. Any worker thread; blocks. */
gboolean tempo_store_check (TempoStore *self, GError **error);
/* TRUE when the file was not closed in order the last time: a good moment for tempo_store_check(). */
gboolean tempo_store_was_unclean (TempoStore *self);
/* What is wrong with the storage now, for the panel and for 503: (transfer full) (nullable). FULL goes away with the
 * next commit that works; IO and CORRUPT stay until the file is opened again. Any thread. */
GError *tempo_store_dup_fault (TempoStore *self);
/* Walks the audit log's hash chains; CORRUPT names the first bad row. @noted: (nullable) figures of tempo_store_note_audit() of
 * some earlier time, kept elsewhere: with them also rows cut off at the end are missed. @rows, @head (the last hash): (out) (optional).
 * Any worker thread; blocks. */
gboolean tempo_store_verify_audit (TempoStore *self, const char *noted, guint64 *rows, char **head, GError **error);
/* The length and the last hash of each chain, as text for tempo_store_verify_audit(). Any worker thread; blocks. (transfer full). */
char *tempo_store_note_audit (TempoStore *self, GError **error);

/* Finishes what was queued, checkpoints, closes, releases the lock. Blocks; the object may then only be unreffed. */
void tempo_store_close (TempoStore *self);

/* A file that nobody used for an hour, or the least used beyond 50 open ones, is closed (checkpointed, its lock kept) and opened again
 * by the next write or read: those only wait a few milliseconds longer. Any thread. */
/* Closes it now instead of in an hour, if it is not in use. Does not wait. */
void tempo_store_rest (TempoStore *self);
gboolean tempo_store_is_resting (TempoStore *self);

/* Counts since opening, for metrics: committed batches, commits (= fsyncs), failed commits. Any may be NULL. */
void tempo_store_get_counts (TempoStore *self, guint64 *batches, guint64 *commits, guint64 *failures);

G_END_DECLS
