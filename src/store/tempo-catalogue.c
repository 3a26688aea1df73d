/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-catalogue-private.h"

#include <string.h>

#include "tempo-sqlite-private.h"

/* What is put together in this file are names out of the schema, never values; all other SQL
 * in Tempo comes from files as it is. */

#define TENANT_FILTER " WHERE tenant_id = tempo_tenant ()"

typedef struct
{
  char *name;     /* (owned) */
  char *fallback; /* (owned) (nullable) the default as SQL, of a column that may not be NULL */
  gboolean key;
} Column;

static void
free_column (gpointer data)
{
  Column *column = data;

  g_clear_pointer (&column->name, g_free);
  g_clear_pointer (&column->fallback, g_free);
  g_free (column);
}

static gpointer
copy_name (sqlite3_stmt *stmt)
{
  return g_strdup ((const char *) sqlite3_column_text (stmt, 0));
}

static gpointer
copy_column (sqlite3_stmt *stmt)
{
  Column *column = g_new0 (Column, 1);

  column->name = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  column->fallback = g_strdup ((const char *) sqlite3_column_text (stmt, 1));
  column->key = sqlite3_column_int (stmt, 2) != 0;
  return column;
}

static GPtrArray *
read_catalogue (sqlite3 *db, const char *file, const char *parameter,
                gpointer (*copy) (sqlite3_stmt *stmt), GDestroyNotify free_item, GError **error)
{
  g_autoptr (GBytes) sql = tempo_sqlite_load (file, error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int rc = SQLITE_OK;

  if (sql == NULL)
    return NULL;
  rc = sqlite3_prepare_v2 (db, g_bytes_get_data (sql, NULL), -1, &stmt, NULL);
  if (rc == SQLITE_OK && parameter != NULL)
    rc = sqlite3_bind_text (stmt, 1, parameter, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  for (; rc == SQLITE_ROW; rc = sqlite3_step (stmt))
    g_ptr_array_add (items, copy (stmt));
  if (rc == SQLITE_DONE)
    return g_steal_pointer (&items);
  tempo_sqlite_fail (db, rc, "Reading the schema", error);
  return NULL;
}

static GPtrArray *
read_columns (sqlite3 *db, const char *table, GError **error)
{
  g_autofree char *base = g_strconcat ("base_", table, NULL);

  return read_catalogue (db, "connection/catalogue-columns.sql", base, copy_column, free_column, error);
}

/* What the scope puts into a column whatever the caller says; NULL for the caller's own. */
static const char *
find_filled (const char *table, const char *column)
{
  static const struct { const char *table, *column, *sql; } filled[] = {
    { "audit", "seq", "last.seq + 1" },
    { "audit", "prev", "last.head" },
    { "audit", "hlc", "last.hlc" },
    { NULL, "tenant_id", "tempo_tenant ()" },
    { NULL, "origin", "tempo_origin ()" },
    { NULL, "hlc", "tempo_hlc ()" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (filled); i++)
    if (strcmp (filled[i].column, column) == 0 && (filled[i].table == NULL || strcmp (filled[i].table, table) == 0))
      return filled[i].sql;
  return NULL;
}

static void
append_value (GString *sql, const char *table, const Column *column)
{
  const char *filled = find_filled (table, column->name);

  if (filled != NULL)
    g_string_append (sql, filled);
  else if (column->fallback != NULL)
    g_string_append_printf (sql, "ifnull (NEW.\"%s\", %s)", column->name, column->fallback);
  else
    g_string_append_printf (sql, "NEW.\"%s\"", column->name);
}

/* Names the columns in the order of statements/audit-verify.sql, which checks rows of all ages. */
static void
append_audit_hash (GString *sql, GPtrArray *columns)
{
  static const char *const left_out[] = { "tenant_id", "prev", "hash", "hlc", NULL };

  g_string_append (sql, "tempo_audit_hash (last.head");
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = columns->pdata[i];

      if (g_strv_contains (left_out, column->name))
        continue;
      g_string_append (sql, ", ");
      append_value (sql, "audit", column);
    }
  g_string_append (sql, ", last.hlc, last.salt) || '.' || last.salt");
}

/* The row that is being changed: of this tenant, with the key it has. */
static void
append_row_filter (GString *sql, GPtrArray *columns, TempoGuardWeakness weakness)
{
  g_string_append (sql, weakness & TEMPO_GUARD_NO_TRIGGER_FILTER ? " WHERE 1" : TENANT_FILTER);
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = columns->pdata[i];

      if (column->key && strcmp (column->name, "tenant_id") != 0)
        g_string_append_printf (sql, " AND \"%s\" = OLD.\"%s\"", column->name, column->name);
    }
}

static void
append_names (GString *sql, GPtrArray *columns, gboolean with_tenant)
{
  const char *comma = "";

  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = columns->pdata[i];

      if (!with_tenant && strcmp (column->name, "tenant_id") == 0)
        continue;
      g_string_append_printf (sql, "%s\"%s\"", comma, column->name);
      comma = ", ";
    }
}

/* A default of the schema applies when the column is left out of an INSERT, but a trigger cannot
 * tell left out from NULL: so NULL in a column that may not be NULL means its default. */
static void
append_insert (GString *sql, const char *table, GPtrArray *columns)
{
  gboolean audit = strcmp (table, "audit") == 0;

  g_string_append_printf (sql,
                          "CREATE TEMP TRIGGER guard_%s_insert INSTEAD OF INSERT ON %s BEGIN INSERT INTO base_%s (",
                          table, table, table);
  append_names (sql, columns, TRUE);
  g_string_append (sql, ") SELECT ");
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = columns->pdata[i];

      g_string_append (sql, i > 0 ? ", " : "");
      if (audit && strcmp (column->name, "hash") == 0)
        append_audit_hash (sql, columns);
      else
        append_value (sql, table, column);
    }
  if (audit)
    g_string_append (
      sql, " FROM (SELECT seq, substr (hash, 1, 64) AS head, lower (hex (randomblob (16))) AS salt, tempo_hlc () AS "
           "hlc FROM base_audit"
           " WHERE tenant_id = tempo_tenant () AND origin = tempo_origin ()"
           " UNION ALL SELECT 0, '', lower (hex (randomblob (16))), tempo_hlc () ORDER BY seq DESC LIMIT 1) AS last");
  g_string_append (sql, "; END;\n");
}

/* What is in an index and the same for the life of a row. Were it named in the UPDATE, each change of a song would rewrite
 * every index of the songs. */
static gboolean
is_lasting (const char *table, const char *column)
{
  static const char *const of_requests[] = { "number", "room_id", "event_id", "guest_id", "created_at", NULL };

  return strcmp (table, "request") == 0 && g_strv_contains (of_requests, column);
}

/* Keys never change, nor what is lasting: a separate trigger refuses it, which costs nothing unless a statement tries. */
static void
append_update (GString *sql, const char *table, GPtrArray *columns, TempoGuardWeakness weakness)
{
  g_autoptr (GString) keys = g_string_new (NULL);
  const char *comma = "";

  g_string_append_printf (sql, "CREATE TEMP TRIGGER guard_%s_update INSTEAD OF UPDATE ON %s BEGIN UPDATE base_%s SET ",
                          table, table, table);
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = columns->pdata[i];

      if (column->key || is_lasting (table, column->name))
        {
          if (strcmp (column->name, "tenant_id") != 0)
            g_string_append_printf (keys, "%s\"%s\"", keys->len > 0 ? ", " : "", column->name);
          continue;
        }
      g_string_append_printf (sql, "%s\"%s\" = ", comma, column->name);
      append_value (sql, table, column);
      comma = ", ";
    }
  append_row_filter (sql, columns, weakness);
  g_string_append (sql, "; END;\n");
  g_string_append_printf (sql, "CREATE TEMP TRIGGER guard_%s_key INSTEAD OF UPDATE OF %s ON %s"
                               " BEGIN SELECT RAISE (ABORT, 'the key of a row never changes, nor what it belongs to'); END;\n",
                          table, keys->str, table);
}

static void
append_delete (GString *sql, const char *table, GPtrArray *columns, TempoGuardWeakness weakness)
{
  g_string_append_printf (sql, "CREATE TEMP TRIGGER guard_%s_delete INSTEAD OF DELETE ON %s BEGIN DELETE FROM base_%s",
                          table, table, table);
  append_row_filter (sql, columns, weakness);
  g_string_append (sql, "; END;\n");
}

/**
 * tempo_catalogue_list_tables: which tables there are to guard
 * @db: a connection that is not guarded yet
 *
 * Returns: (transfer full) (element-type utf8): names without "base_", or NULL with an error
 */
GPtrArray *
tempo_catalogue_list_tables (sqlite3 *db, GError **error)
{
  return read_catalogue (db, "connection/catalogue-tables.sql", NULL, copy_name, g_free, error);
}

/**
 * tempo_catalogue_get_rights: what statements may do to a table through its view
 * @table: without "base_"
 * @writable: whether the connection writes at all
 *
 * Returns: nothing for whose file it is, adding only for the audit log, everything else otherwise
 */
TempoViewRights
tempo_catalogue_get_rights (const char *table, gboolean writable)
{
  if (!writable || strcmp (table, "tenant") == 0)
    return TEMPO_VIEW_READ_ONLY;
  if (strcmp (table, "audit") == 0)
    return TEMPO_VIEW_MAY_INSERT;
  return TEMPO_VIEW_MAY_INSERT | TEMPO_VIEW_MAY_CHANGE;
}

/**
 * tempo_catalogue_append_view: the view of a table and its triggers
 * @table: without "base_"
 * @sql: the commands are added here
 *
 * Columns come from the schema as it is, so a new one is guarded and visible at once.
 *
 * Returns: FALSE with an error
 */
gboolean
tempo_catalogue_append_view (sqlite3 *db, const char *table, TempoViewRights rights, TempoGuardWeakness weakness,
                             GString *sql, GError **error)
{
  g_autofree char *base = g_strconcat ("base_", table, NULL);
  g_autoptr (GPtrArray) columns = read_columns (db, table, error);

  if (columns == NULL)
    return FALSE;
  g_string_append_printf (sql, "CREATE TEMP VIEW %s AS SELECT ", table);
  append_names (sql, columns, FALSE);
  g_string_append_printf (sql, " FROM %s%s;\n", base, weakness & TEMPO_GUARD_NO_VIEW_FILTER ? "" : TENANT_FILTER);
  if (rights & TEMPO_VIEW_MAY_INSERT)
    append_insert (sql, table, columns);
  if (rights & TEMPO_VIEW_MAY_CHANGE)
    {
      append_update (sql, table, columns, weakness);
      append_delete (sql, table, columns, weakness);
    }
  return TRUE;
}

/**
 * tempo_catalogue_list_columns: the columns of a table in their order, but tenant_id
 * @table: without "base_"
 *
 * Returns: (transfer full) (element-type utf8): the names, or NULL with an error
 */
GPtrArray *
tempo_catalogue_list_columns (sqlite3 *db, const char *table, GError **error)
{
  g_autoptr (GPtrArray) columns = read_columns (db, table, error);
  GPtrArray *names = columns != NULL ? g_ptr_array_new_with_free_func (g_free) : NULL;

  for (guint i = 0; columns != NULL && i < columns->len; i++)
    if (strcmp (((Column *) columns->pdata[i])->name, "tenant_id") != 0)
      g_ptr_array_add (names, g_strdup (((Column *) columns->pdata[i])->name));
  return names;
}

/**
 * tempo_catalogue_make_select: reads a whole table by its key
 * @table: without "base_"
 *
 * Returns: (transfer full): SQL with the tenant as ?1 that gives what tempo_catalogue_list_columns() names; NULL with
 * an error
 */
char *
tempo_catalogue_make_select (sqlite3 *db, const char *table, GError **error)
{
  g_autoptr (GPtrArray) columns = read_columns (db, table, error);
  g_autoptr (GString) sql = g_string_new ("SELECT ");

  if (columns == NULL)
    return NULL;
  append_names (sql, columns, FALSE);
  g_string_append_printf (sql, " FROM base_%s WHERE tenant_id = ?1 ORDER BY tenant_id", table);
  for (guint i = 0; i < columns->len; i++)
    if (((Column *) columns->pdata[i])->key && strcmp (((Column *) columns->pdata[i])->name, "tenant_id") != 0)
      g_string_append_printf (sql, ", \"%s\"", ((Column *) columns->pdata[i])->name);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/**
 * tempo_catalogue_make_insert: adds a row with every value given, also those a scope would fill in
 * @table: without "base_"
 *
 * Returns: (transfer full): SQL with the tenant as ?1 and the columns of tempo_catalogue_list_columns() from ?2 on,
 * NULL for the default; NULL with an error
 */
char *
tempo_catalogue_make_insert (sqlite3 *db, const char *table, GError **error)
{
  g_autoptr (GPtrArray) columns = read_columns (db, table, error);
  g_autoptr (GString) sql = g_string_new (NULL);
  guint place = 2;

  if (columns == NULL)
    return NULL;
  g_string_append (sql, "INSERT INTO base_");
  g_string_append_printf (sql, "%s (", table);
  append_names (sql, columns, TRUE);
  g_string_append (sql, ") VALUES (");
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = columns->pdata[i];
      guint at = strcmp (column->name, "tenant_id") == 0 ? 1 : place++;

      g_string_append (sql, i > 0 ? ", " : "");
      if (column->fallback != NULL)
        g_string_append_printf (sql, "ifnull (?%u, %s)", at, column->fallback);
      else
        g_string_append_printf (sql, "?%u", at);
    }
  g_string_append_c (sql, ')');
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static const char *
find_value (const TempoCatalogueValue *values, const char *table, const char *column)
{
  for (; values->table != NULL; values++)
    if (strcmp (values->table, table) == 0 && strcmp (values->column, column) == 0)
      return values->sql;
  return NULL;
}

/**
 * tempo_catalogue_make_copy: rows of a file attached as "gone" into this one
 * @table: without "base_"
 * @values: what some columns get instead of what they have
 * @which: SQL that chooses rows, which it calls s
 *
 * Returns: (transfer full): SQL with the organization they are of as ?1 and the one they go to as ?2; NULL with an
 * error
 */
char *
tempo_catalogue_make_copy (
  sqlite3 *db, const char *table, const TempoCatalogueValue *values, const char *which, GError **error)
{
  g_autoptr (GPtrArray) columns = read_columns (db, table, error);
  g_autoptr (GString) sql = g_string_new (NULL);

  if (columns == NULL)
    return NULL;
  g_string_append (sql, "INSERT INTO main.base_");
  g_string_append_printf (sql, "%s (", table);
  append_names (sql, columns, TRUE);
  g_string_append (sql, ") SELECT ");
  for (guint i = 0; i < columns->len; i++)
    {
      const char *name = ((Column *) columns->pdata[i])->name;
      const char *value = strcmp (name, "tenant_id") == 0 ? "?2" : find_value (values, table, name);

      g_string_append (sql, i > 0 ? ", " : "");
      if (value != NULL)
        g_string_append (sql, value);
      else
        g_string_append_printf (sql, "s.\"%s\"", name);
    }
  g_string_append_printf (sql, " FROM gone.base_%s AS s WHERE s.tenant_id = ?1 AND (%s)", table, which);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}
