/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-sqlite-private.h"

#include <errno.h>

#include "store/tempo-store.h"
#include "tempo-sql.h"

#define PREFIX "/io/github/tempo_venue/Tempo/sql/"
#define BUSY_TIMEOUT_MS 5000

G_DEFINE_QUARK (tempo-store-error-quark, tempo_store_error)

/* A write that the file system refused for want of room: ENOSPC is SQLITE_FULL already, but a
 * quota or a size limit arrives as a plain I/O error, and so does a full disk under the -shm. */
static gboolean
is_out_of_room (int rc, int system_errno)
{
  if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC)
    return FALSE;
  return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

static TempoStoreError
translate_cantopen (int system_errno)
{
  switch (system_errno)
    {
    case EACCES:
    case EPERM:
    case EROFS:
      return TEMPO_STORE_ERROR_READ_ONLY;
    case ENOENT:
    case ENOTDIR:
      return TEMPO_STORE_ERROR_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
      return TEMPO_STORE_ERROR_FULL;
    default:
      return TEMPO_STORE_ERROR_IO;
    }
}

static TempoStoreError
translate (int rc, int system_errno)
{
  switch (rc & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return TEMPO_STORE_ERROR_BUSY;
    case SQLITE_FULL:
      return TEMPO_STORE_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return TEMPO_STORE_ERROR_CORRUPT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return TEMPO_STORE_ERROR_READ_ONLY;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return TEMPO_STORE_ERROR_CONSTRAINT;
    case SQLITE_AUTH:
      return TEMPO_STORE_ERROR_DENIED;
    case SQLITE_CANTOPEN:
      return translate_cantopen (system_errno);
    case SQLITE_IOERR:
      return is_out_of_room (rc, system_errno) ? TEMPO_STORE_ERROR_FULL : TEMPO_STORE_ERROR_IO;
    default:
      return TEMPO_STORE_ERROR_FAILED;
    }
}

/**
 * tempo_sqlite_fail: turns an SQLite result into a GError; the only place that does.
 * @db: (nullable): the connection, for its words and the system's error number
 * @rc: extended result code
 * @what: what failed, the subject of the message
 *
 * SQLite forgets the system's error number when it is a COMMIT that fails; errno still has it,
 * if it was 0 before the call.
 *
 * Returns: always FALSE, so that callers can return it
 */
gboolean
tempo_sqlite_fail (sqlite3 *db, int rc, const char *what, GError **error)
{
  int left_errno = errno;
  int system_errno = db != NULL ? sqlite3_system_errno (db) : 0;
  const char *words = db != NULL && sqlite3_errcode (db) != SQLITE_OK ? sqlite3_errmsg (db) : sqlite3_errstr (rc);
  TempoStoreError code = translate (rc, system_errno != 0 ? system_errno : left_errno);

  /* The same words for a full disk, wherever it was met. */
  if (code == TEMPO_STORE_ERROR_FULL)
    words = sqlite3_errstr (SQLITE_FULL);
  g_set_error (error, TEMPO_STORE_ERROR, code, "%s failed: %s", what, words);
  return FALSE;
}

/**
 * tempo_sqlite_load: the text of a file of data/sql
 * @name: path below data/sql, with its ending
 *
 * Returns: (transfer full): the text, zero-terminated; NULL with NOT_FOUND
 */
GBytes *
tempo_sqlite_load (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  GBytes *text = NULL;

  text = g_resource_lookup_data (tempo_sql_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (text == NULL)
    g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND, "There is no SQL named “%s”", name);
  return text;
}

/**
 * tempo_sqlite_prepare: a statement of data/sql on a connection past the guard
 * @name: path below data/sql, with its ending; one statement
 *
 * Returns: (transfer full): ready to be bound; NULL with a TEMPO_STORE_ERROR
 */
sqlite3_stmt *
tempo_sqlite_prepare (sqlite3 *db, const char *name, GError **error)
{
  g_autoptr (GBytes) sql = tempo_sqlite_load (name, error);
  sqlite3_stmt *stmt = NULL;
  int rc = SQLITE_OK;

  if (sql == NULL)
    return NULL;
  rc = sqlite3_prepare_v2 (db, g_bytes_get_data (sql, NULL), -1, &stmt, NULL);
  if (rc != SQLITE_OK)
    tempo_sqlite_fail (db, rc, name, error);
  return stmt;
}

/**
 * tempo_sqlite_exec: runs SQL that gives no rows, or whose rows do not matter
 * @sql: one or more statements
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_sqlite_exec (sqlite3 *db, const char *sql, GError **error)
{
  int rc = sqlite3_exec (db, sql, NULL, NULL, NULL);

  return rc == SQLITE_OK || tempo_sqlite_fail (db, rc, "Database command", error);
}

/**
 * tempo_sqlite_exec_file: runs a whole file of data/sql
 * @name: path below data/sql, with its ending
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_sqlite_exec_file (sqlite3 *db, const char *name, GError **error)
{
  g_autoptr (GBytes) text = tempo_sqlite_load (name, error);

  return text != NULL && tempo_sqlite_exec (db, g_bytes_get_data (text, NULL), error);
}

/**
 * tempo_sqlite_get_int: the first value of the first row
 * @sql: a query without parameters
 * @value: (out): untouched on failure and when there is no row
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_sqlite_get_int (sqlite3 *db, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int rc = sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL);

  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  if (rc == SQLITE_ROW)
    *value = sqlite3_column_int64 (stmt, 0);
  else if (rc != SQLITE_DONE)
    return tempo_sqlite_fail (db, rc, "Database query", error);
  return TRUE;
}

/**
 * tempo_sqlite_check: runs one of SQLite's own checks, CORRUPT unless it finds nothing
 * @pragma: a check that answers "ok" (integrity_check, quick_check) or no row (foreign_key_check)
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_sqlite_check (sqlite3 *db, const char *pragma, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int rc = sqlite3_prepare_v2 (db, pragma, -1, &stmt, NULL);
  const char *answer = NULL;

  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  if (rc == SQLITE_DONE)
    return TRUE;
  if (rc != SQLITE_ROW)
    return tempo_sqlite_fail (db, rc, "Database check", error);
  answer = (const char *) sqlite3_column_text (stmt, 0);
  if (g_strcmp0 (answer, "ok") == 0)
    return TRUE;
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "Database check found damage: %s",
               answer != NULL ? answer : "unknown");
  return FALSE;
}

static gboolean
configure (sqlite3 *db, TempoSqliteKind kind, GError **error)
{
  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  if (kind != TEMPO_SQLITE_WRITER)
    sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return tempo_sqlite_exec_file (db, kind == TEMPO_SQLITE_WRITER ? "connection/writer.sql" : "connection/reader.sql", error);
}

/* SQLite's tally of memory is read by nobody, and costs a lock at each allocation. Too late once a library has used
 * SQLite, which does no harm. */
static void
stop_counting (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  g_once_init_leave (&once, 1);
}

/**
 * tempo_sqlite_open: opens and configures a connection; the only function that does
 * @path: the file; a writer makes it when missing
 * @kind: what the connection may do
 *
 * Connections are used by one thread at a time, so SQLite's own mutexes are left out.
 *
 * Returns: (transfer full): the connection, or NULL with a TEMPO_STORE_ERROR
 */
sqlite3 *
tempo_sqlite_open (const char *path, TempoSqliteKind kind, GError **error)
{
  sqlite3 *db = NULL;
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int rc = SQLITE_OK;

  flags |= kind == TEMPO_SQLITE_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  stop_counting ();
  rc = sqlite3_open_v2 (path, &db, flags, NULL);
  if (rc != SQLITE_OK)
    tempo_sqlite_fail (db, rc, "Opening the database", error);
  else if (configure (db, kind, error))
    return db;
  tempo_sqlite_close (db);
  return NULL;
}

/**
 * tempo_sqlite_close: closes a connection
 * @db: (transfer full) (nullable): all its statements must be finalized
 *
 * A statement that is still open would keep the file open unseen, so that is a programming error.
 */
void
tempo_sqlite_close (sqlite3 *db)
{
  int rc = sqlite3_close (db);

  g_assert (rc != SQLITE_BUSY);
}
