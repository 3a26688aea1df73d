/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-scope-private.h"

#include <errno.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "store/tempo-store.h"
#include "tempo-audit-private.h"
#include "tempo-batch-private.h"
#include "tempo-hlc-private.h"

struct _TempoScope
{
  sqlite3 *db;            /* (owned) */
  TempoGuard *guard;      /* (owned) */
  TempoClock *clock;      /* (owned) stamps rows; what is decided by time is decided elsewhere */
  char *tenant_id;        /* (owned) */
  char *origin;           /* (owned) */
  GHashTable *statements; /* (owned) name to sqlite3_stmt, through the guard */
  GHashTable *controls;   /* (owned) text to sqlite3_stmt, the store's own */
  gint64 hlc;             /* the last hybrid time given out */
  gint64 hlc_ceiling;     /* none above it before the file says so */
};

struct _TempoRows
{
  TempoScope *scope;
  sqlite3_stmt *stmt;
  TempoBatch *values; /* (owned) what is bound */
};

/* The functions of the views and triggers */

static void
give_tenant (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  TempoScope *self = sqlite3_user_data (context);

  sqlite3_result_text (context, self->tenant_id, -1, SQLITE_STATIC);
}

static void
give_origin (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  TempoScope *self = sqlite3_user_data (context);

  sqlite3_result_text (context, self->origin, -1, SQLITE_STATIC);
}

static void
give_hlc (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  TempoScope *self = sqlite3_user_data (context);

  self->hlc = tempo_hlc_next (self->hlc, tempo_clock_now (self->clock));
  sqlite3_result_int64 (context, self->hlc);
}

/* Deterministic lets SQLite ask once per statement and use the primary key; innocuous lets views
 * and triggers call them although the schema is not trusted. */
static gboolean
add_functions (TempoScope *self, GError **error)
{
  const int steady = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  const int moving = SQLITE_UTF8 | SQLITE_INNOCUOUS;
  int rc = sqlite3_create_function_v2 (self->db, "tempo_tenant", 0, steady, self, give_tenant, NULL, NULL, NULL);

  if (rc == SQLITE_OK)
    rc = sqlite3_create_function_v2 (self->db, "tempo_origin", 0, steady, self, give_origin, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_function_v2 (self->db, "tempo_hlc", 0, moving, self, give_hlc, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = tempo_audit_add_function (self->db, self->tenant_id);
  return rc == SQLITE_OK || tempo_sqlite_fail (self->db, rc, "Preparing the connection", error);
}

/* The tenant's own row */

static gboolean
load_tenant (TempoScope *self, gboolean *found, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_sqlite_prepare (self->db, "connection/tenant-load.sql", error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, self->tenant_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  *found = rc == SQLITE_ROW;
  if (rc == SQLITE_DONE)
    return TRUE;
  if (rc != SQLITE_ROW)
    return tempo_sqlite_fail (self->db, rc, "Reading whose file it is", error);
  g_clear_pointer (&self->origin, g_free);
  self->origin = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  self->hlc = self->hlc_ceiling = sqlite3_column_int64 (stmt, 1);
  return TRUE;
}

static gboolean
add_tenant (TempoScope *self, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_sqlite_prepare (self->db, "connection/tenant-add.sql", error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  self->origin = tempo_id_new (self->clock);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, self->tenant_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 2, self->origin, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_int64 (stmt, 3, tempo_clock_now (self->clock));
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, "Noting whose file it is", error);
}

static gboolean
know_tenant (TempoScope *self, gboolean writable, GError **error)
{
  gboolean found = FALSE;

  if (!load_tenant (self, &found, error))
    return FALSE;
  if (found)
    return TRUE;
  if (writable)
    return add_tenant (self, error);
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND, "The file has no organization “%s”", self->tenant_id);
  return FALSE;
}

/* Statements */

static sqlite3_stmt *
find_statement (TempoScope *self, const char *name, GError **error)
{
  sqlite3_stmt *stmt = g_hash_table_lookup (self->statements, name);
  g_autofree char *file = NULL;
  g_autoptr (GBytes) sql = NULL;

  if (stmt != NULL)
    return stmt;
  file = g_strconcat ("statements/", name, ".sql", NULL);
  sql = tempo_sqlite_load (file, error);
  if (sql == NULL)
    return NULL;
  stmt = tempo_guard_prepare (self->guard, g_bytes_get_data (sql, NULL), error);
  if (stmt == NULL)
    g_prefix_error (error, "Statement “%s”: ", name);
  else
    g_hash_table_insert (self->statements, g_strdup (name), stmt);
  return stmt;
}

static sqlite3_stmt *
find_control (TempoScope *self, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = g_hash_table_lookup (self->controls, sql);

  if (stmt != NULL)
    return stmt;
  stmt = tempo_guard_prepare_trusted (self->guard, sql, error);
  if (stmt != NULL)
    g_hash_table_insert (self->controls, g_strdup (sql), stmt);
  return stmt;
}

static gboolean
run_statement (TempoScope *self, TempoBatch *batch, guint index, GError **error)
{
  const char *name = tempo_batch_get_name (batch, index);
  sqlite3_stmt *stmt = find_statement (self, name, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  rc = tempo_batch_bind (batch, index, stmt);
  errno = 0;
  if (rc == SQLITE_OK)
    while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
      ;
  if (rc != SQLITE_DONE)
    tempo_sqlite_fail (self->db, rc, name, error);
  sqlite3_reset (stmt);
  sqlite3_clear_bindings (stmt);
  return rc == SQLITE_DONE;
}

sqlite3 *
tempo_scope_get_db (TempoScope *self)
{
  return self->db;
}

/**
 * tempo_scope_control: runs one of the store's own statements: BEGIN, COMMIT, SAVEPOINT …
 * @sql: one statement; kept prepared
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_scope_control (TempoScope *self, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = find_control (self, sql, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  errno = 0;
  rc = sqlite3_step (stmt);
  if (rc != SQLITE_DONE && rc != SQLITE_ROW)
    tempo_sqlite_fail (self->db, rc, sql, error);
  sqlite3_reset (stmt);
  return rc == SQLITE_DONE || rc == SQLITE_ROW;
}

/**
 * tempo_scope_execute: runs a batch's statements in order, up to the first that fails
 * @batch: rows that statements give are left unread
 *
 * The caller has a transaction and undoes what ran when this fails.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_scope_execute (TempoScope *self, TempoBatch *batch, GError **error)
{
  guint length = tempo_batch_get_length (batch);

  for (guint i = 0; i < length; i++)
    if (!run_statement (self, batch, i, error))
      return FALSE;
  return TRUE;
}

static gboolean
reserve_time (TempoScope *self, gint64 ceiling, GError **error)
{
  g_autoptr (GBytes) sql = tempo_sqlite_load ("connection/tenant-reserve.sql", error);
  sqlite3_stmt *stmt = sql != NULL ? find_control (self, g_bytes_get_data (sql, NULL), error) : NULL;
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, self->tenant_id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, ceiling);
  rc = sqlite3_step (stmt);
  if (rc != SQLITE_DONE)
    tempo_sqlite_fail (self->db, rc, "Reserving time", error);
  sqlite3_reset (stmt);
  return rc == SQLITE_DONE;
}

/**
 * tempo_scope_commit: ends the transaction, durably
 *
 * When rows were stamped with times above what the file has reserved, the next reservation
 * is written in the same transaction.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR; the transaction may be over or not
 */
gboolean
tempo_scope_commit (TempoScope *self, GError **error)
{
  gint64 ceiling = self->hlc_ceiling;

  if (self->hlc > ceiling)
    {
      ceiling = tempo_hlc_reserve (self->hlc);
      if (!reserve_time (self, ceiling, error))
        return FALSE;
    }
  if (!tempo_scope_control (self, "COMMIT", error))
    return FALSE;
  self->hlc_ceiling = ceiling;
  return TRUE;
}

static void
finalize_statement (gpointer data)
{
  sqlite3_finalize (data);
}

/**
 * tempo_scope_new: binds a connection to an organization
 * @db: (transfer full): of the newest schema; closed also on failure
 * @kind: a writer notes a new organization in the file, a reader does not know it then
 * @weakness: fences to leave out, for tests
 *
 * Returns: (transfer full): the scope, or NULL with a TEMPO_STORE_ERROR
 */
TempoScope *
tempo_scope_new (sqlite3 *db, TempoSqliteKind kind, const char *tenant_id, TempoGuardWeakness weakness, GError **error)
{
  g_autoptr (TempoScope) self = g_new0 (TempoScope, 1);

  self->db = db;
  self->clock = tempo_clock_new_system ();
  self->tenant_id = g_strdup (tenant_id);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  self->controls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  if (!add_functions (self, error) || !know_tenant (self, kind == TEMPO_SQLITE_WRITER, error))
    return NULL;
  self->guard = tempo_guard_new (db, kind == TEMPO_SQLITE_WRITER, weakness, error);
  if (self->guard == NULL)
    return NULL;
  if (kind != TEMPO_SQLITE_WRITER && !tempo_scope_control (self, "PRAGMA query_only = ON", error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tempo_scope_open: opens a file of the newest schema and binds it
 * @path: the file; who has it is the caller's care
 *
 * Returns: (transfer full): the scope, or NULL with a TEMPO_STORE_ERROR
 */
TempoScope *
tempo_scope_open (const char *path, TempoSqliteKind kind, const char *tenant_id, TempoGuardWeakness weakness, GError **error)
{
  sqlite3 *db = tempo_sqlite_open (path, kind, error);

  return db != NULL ? tempo_scope_new (db, kind, tenant_id, weakness, error) : NULL;
}

/**
 * tempo_scope_free: closes the connection
 * @self: (transfer full): the scope; may be half made
 *
 * Statements go first: a connection with statements does not close.
 */
void
tempo_scope_free (TempoScope *self)
{
  g_clear_pointer (&self->statements, g_hash_table_unref);
  g_clear_pointer (&self->controls, g_hash_table_unref);
  g_clear_pointer (&self->guard, tempo_guard_free);
  g_clear_pointer (&self->db, tempo_sqlite_close);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->tenant_id, g_free);
  g_clear_pointer (&self->origin, g_free);
  g_free (self);
}

/**
 * tempo_scope_query: starts a named statement
 * @name: a file of data/sql/statements without ".sql"
 * @format: a letter a value, as in tempo_batch_add()
 *
 * The statement stays prepared for the next time. A second cursor of the same name while the
 * first is not freed is an error (FAILED), as they would share their place.
 *
 * Returns: (transfer full): rows before the first, or NULL with a TEMPO_STORE_ERROR
 */
TempoRows *
tempo_scope_query (TempoScope *self, GError **error, const char *name, const char *format, ...)
{
  g_autoptr (TempoBatch) values = NULL;
  TempoRows *rows = NULL;
  sqlite3_stmt *stmt = NULL;
  va_list list;
  int rc = SQLITE_OK;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL && format != NULL, NULL);

  stmt = find_statement (self, name, error);
  if (stmt == NULL)
    return NULL;
  if (sqlite3_stmt_busy (stmt))
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FAILED, "Statement “%s” is being read already", name);
      return NULL;
    }
  values = tempo_batch_new ();
  va_start (list, format);
  tempo_batch_add_valist (values, name, format, list);
  va_end (list);
  rc = tempo_batch_bind (values, 0, stmt);
  if (rc != SQLITE_OK)
    {
      tempo_sqlite_fail (self->db, rc, name, error);
      sqlite3_clear_bindings (stmt);
      return NULL;
    }
  rows = g_new0 (TempoRows, 1);
  rows->scope = self;
  rows->stmt = stmt;
  rows->values = g_steal_pointer (&values);
  return rows;
}

/**
 * tempo_rows_next: steps to the next row
 *
 * Returns: TRUE when there is one; FALSE at the end, or with a TEMPO_STORE_ERROR. Stepping on
 *   after the end starts from the beginning: stop at the first FALSE
 */
gboolean
tempo_rows_next (TempoRows *self, GError **error)
{
  int rc = SQLITE_OK;

  g_return_val_if_fail (self != NULL, FALSE);

  rc = sqlite3_step (self->stmt);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    tempo_sqlite_fail (self->scope->db, rc, tempo_batch_get_name (self->values, 0), error);
  return rc == SQLITE_ROW;
}

const char *
tempo_rows_text (TempoRows *self, int column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

gint64
tempo_rows_int (TempoRows *self, int column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

double
tempo_rows_double (TempoRows *self, int column)
{
  return sqlite3_column_double (self->stmt, column);
}

/**
 * tempo_rows_bytes: a blob of the current row
 * @column: from 0
 *
 * Returns: (transfer full) (nullable): a copy, NULL for NULL
 */
GBytes *
tempo_rows_bytes (TempoRows *self, int column)
{
  const void *data = sqlite3_column_blob (self->stmt, column);

  if (sqlite3_column_type (self->stmt, column) == SQLITE_NULL)
    return NULL;
  return g_bytes_new (data, (gsize) sqlite3_column_bytes (self->stmt, column));
}

gboolean
tempo_rows_is_null (TempoRows *self, int column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_NULL;
}

/**
 * tempo_rows_free: ends a cursor, at any place
 * @self: (transfer full): the rows
 *
 * Their statement is free for the next query then.
 */
void
tempo_rows_free (TempoRows *self)
{
  sqlite3_reset (self->stmt);
  sqlite3_clear_bindings (self->stmt);
  tempo_batch_unref (self->values);
  g_free (self);
}

static void
append_row (sqlite3_stmt *stmt, GString *rows)
{
  for (int i = 0; i < sqlite3_column_count (stmt); i++)
    {
      const char *text = (const char *) sqlite3_column_text (stmt, i);

      g_string_append_printf (rows, "%s%s", i > 0 ? "|" : "", text != NULL ? text : "");
    }
  g_string_append_c (rows, '\n');
}

/**
 * tempo_scope_try_sql_rows: runs free SQL under the guard, to its end
 * @sql: one statement
 * @rows: (nullable): what it gives is added here, a line a row
 *
 * Returns: FALSE with DENIED when a fence refuses it, or another TEMPO_STORE_ERROR
 */
gboolean
tempo_scope_try_sql_rows (TempoScope *self, const char *sql, GString *rows, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_guard_prepare (self->guard, sql, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
    if (rows != NULL)
      append_row (stmt, rows);
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, "Trying a statement", error);
}

/**
 * tempo_scope_try_sql: runs free SQL under the guard, to its end
 * @sql: one statement
 *
 * For tests: the product's SQL is files.
 *
 * Returns: FALSE with DENIED when a fence refuses it, or another TEMPO_STORE_ERROR
 */
gboolean
tempo_scope_try_sql (TempoScope *self, const char *sql, GError **error)
{
  g_return_val_if_fail (self != NULL && sql != NULL, FALSE);

  return tempo_scope_try_sql_rows (self, sql, NULL, error);
}
