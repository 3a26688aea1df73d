/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-guard-private.h"

#include <string.h>

#include "store/tempo-store.h"
#include "tempo-catalogue-private.h"
#include "tempo-sqlite-private.h"

#define BASE_PREFIX "base_"

struct _TempoGuard
{
  sqlite3 *db;           /* not owned */
  GHashTable *views;     /* (owned) name to TempoViewRights */
  GHashTable *triggers;  /* (owned) names that may touch base tables */
  gboolean writable;
  gboolean trusted;      /* the guard itself is preparing */
  gboolean cascading;    /* a trigger of ours has written in the statement being prepared */
  TempoGuardWeakness weakness;
};

/* The authorizer */

static gboolean
is_base (const char *table)
{
  return g_ascii_strncasecmp (table, BASE_PREFIX, strlen (BASE_PREFIX)) == 0;
}

/* @accessor is the innermost view or trigger at work; NULL for the statement itself, but also for
 * what a foreign key's cascade does, which can only follow on a write by one of our triggers. */
static gboolean
may_touch_base (TempoGuard *self, const char *accessor)
{
  if (accessor == NULL)
    return self->cascading;
  return g_hash_table_contains (self->views, accessor) || g_hash_table_contains (self->triggers, accessor);
}

static gboolean
may_read (TempoGuard *self, const char *table, const char *database, const char *accessor)
{
  if (is_base (table))
    return may_touch_base (self, accessor);
  if (g_strcmp0 (database, "temp") == 0)
    return g_hash_table_contains (self->views, table);
  return strcmp (table, "json_each") == 0 || strcmp (table, "json_tree") == 0;
}

static gboolean
may_write (TempoGuard *self, int action, const char *table, const char *database, const char *accessor)
{
  guint rights = 0;

  if (is_base (table))
    {
      if (!may_touch_base (self, accessor))
        return FALSE;
      self->cascading = TRUE;
      return TRUE;
    }
  if (g_strcmp0 (database, "temp") != 0)
    return FALSE;
  rights = GPOINTER_TO_UINT (g_hash_table_lookup (self->views, table));
  return (rights & (action == SQLITE_INSERT ? TEMPO_VIEW_MAY_INSERT : TEMPO_VIEW_MAY_CHANGE)) != 0;
}

/* Functions that reach out of the database, should a build of SQLite have them. */
static gboolean
may_call (const char *name)
{
  static const char *const refused[] = { "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", NULL };

  return !g_strv_contains (refused, name);
}

static int
authorize_cb (void *data, int action, const char *first, const char *second, const char *database, const char *accessor)
{
  TempoGuard *self = data;
  gboolean allowed = FALSE;

  if (self->trusted)
    return SQLITE_OK;
  switch (action)
    {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      allowed = TRUE;
      break;
    case SQLITE_FUNCTION:
      allowed = may_call (second);
      break;
    case SQLITE_READ:
      allowed = may_read (self, first, database, accessor);
      break;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      allowed = may_write (self, action, first, database, accessor);
      break;
    default:
      break;
    }
  return allowed ? SQLITE_OK : SQLITE_DENY;
}

static gboolean
says_base (const char *sql)
{
  for (const char *at = sql; *at != '\0'; at++)
    if (is_base (at))
      return TRUE;
  return FALSE;
}

/* An eponymous table is declared on its first use, which writes to the schema in memory and would
 * be refused then; so json_each and json_tree are used once before the fence stands. */
static gboolean
declare_tables (TempoGuard *self, GError **error)
{
  return tempo_sqlite_exec (self->db, "SELECT 1 FROM json_each ('[]'); SELECT 1 FROM json_tree ('[]')", error);
}

static gboolean
learn_triggers (TempoGuard *self, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_sqlite_prepare (self->db, "connection/catalogue-triggers.sql", error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  while (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      g_hash_table_add (self->triggers, g_strdup ((const char *) sqlite3_column_text (stmt, 0)));
      rc = SQLITE_OK;
    }
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, "Reading the schema", error);
}

static gboolean
build_table (TempoGuard *self, const char *table, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  TempoViewRights rights = tempo_catalogue_get_rights (table, self->writable);

  if (!tempo_catalogue_append_view (self->db, table, rights, self->weakness, sql, error)
      || !tempo_sqlite_exec (self->db, sql->str, error))
    return FALSE;
  g_hash_table_insert (self->views, g_strdup (table), GUINT_TO_POINTER (rights));
  if (rights & TEMPO_VIEW_MAY_INSERT)
    g_hash_table_add (self->triggers, g_strconcat ("guard_", table, "_insert", NULL));
  if (rights & TEMPO_VIEW_MAY_CHANGE)
    {
      g_hash_table_add (self->triggers, g_strconcat ("guard_", table, "_update", NULL));
      g_hash_table_add (self->triggers, g_strconcat ("guard_", table, "_delete", NULL));
    }
  return TRUE;
}

static gboolean
build_tables (TempoGuard *self, GError **error)
{
  g_autoptr (GPtrArray) tables = tempo_catalogue_list_tables (self->db, error);

  if (tables == NULL)
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    if (!build_table (self, tables->pdata[i], error))
      return FALSE;
  return TRUE;
}

static sqlite3_stmt *
prepare (TempoGuard *self, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  const char *rest = NULL;
  int rc = sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &rest);

  if (rc != SQLITE_OK)
    {
      tempo_sqlite_fail (self->db, rc, "Preparing a statement", error);
      return NULL;
    }
  if (stmt == NULL)
    g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FAILED, "Preparing a statement failed: it is empty");
  return stmt;
}

/**
 * tempo_guard_prepare: prepares a statement that sees one organization's rows
 * @sql: text that may come from anywhere
 *
 * Returns: (transfer full): the statement, or NULL with DENIED when a fence refuses it,
 *   FAILED when it is wrong
 */
sqlite3_stmt *
tempo_guard_prepare (TempoGuard *self, const char *sql, GError **error)
{
  if (says_base (sql) && !(self->weakness & TEMPO_GUARD_NO_TEXT_RULE))
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_DENIED, "Preparing a statement failed: it names a base table");
      return NULL;
    }
  self->cascading = FALSE;
  return prepare (self, sql, error);
}

/**
 * tempo_guard_prepare_trusted: prepares one of the store's own statements, without the fences
 * @sql: BEGIN, COMMIT and the like, or a file of data/sql/connection
 *
 * Returns: (transfer full): the statement, or NULL with a TEMPO_STORE_ERROR
 */
sqlite3_stmt *
tempo_guard_prepare_trusted (TempoGuard *self, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = NULL;

  self->trusted = TRUE;
  stmt = prepare (self, sql, error);
  self->trusted = FALSE;
  return stmt;
}

/**
 * tempo_guard_new: fences a connection in; the functions the views use must be there already
 * @db: the connection; outlives the guard
 * @writable: whether views take writes
 * @weakness: fences to leave out, for tests
 *
 * Returns: (transfer full): the guard, or NULL with a TEMPO_STORE_ERROR
 */
TempoGuard *
tempo_guard_new (sqlite3 *db, gboolean writable, TempoGuardWeakness weakness, GError **error)
{
  g_autoptr (TempoGuard) self = g_new0 (TempoGuard, 1);

  self->db = db;
  self->writable = writable;
  self->weakness = weakness;
  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->triggers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!build_tables (self, error) || !learn_triggers (self, error) || !declare_tables (self, error))
    return NULL;
  if (!(weakness & TEMPO_GUARD_NO_AUTHORIZER))
    sqlite3_set_authorizer (db, authorize_cb, self);
  return g_steal_pointer (&self);
}

/**
 * tempo_guard_free: ends the guard
 * @self: (transfer full): the guard
 *
 * The authorizer stays pointing here no longer than this; the connection is closed next.
 */
void
tempo_guard_free (TempoGuard *self)
{
  sqlite3_set_authorizer (self->db, NULL, NULL);
  g_hash_table_unref (self->views);
  g_hash_table_unref (self->triggers);
  g_free (self);
}
