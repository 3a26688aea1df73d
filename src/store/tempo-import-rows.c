/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-import-private.h"

#include <string.h>

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "store/tempo-store.h"
#include "tempo-catalogue-private.h"
#include "tempo-sqlite-private.h"

#define MAX_UNKNOWN 20

#define UUID_LENGTH 36

/* What texts of a column become in another organization. */
typedef enum
{
  STAYS,
  IS_ID,
  IS_DIGEST, /* of what opens a door */
} Change;

typedef struct
{
  Change change;
  char from[UUID_LENGTH + 1]; /* the last id, as rows that follow each other often name the same */
  char to[UUID_LENGTH + 1];
} Column;

struct _TempoRowImport
{
  sqlite3 *db;         /* (unowned) */
  sqlite3_stmt *stmt;  /* (owned) */
  char *table;         /* (owned) */
  char *tenant_id;     /* (owned) */
  GPtrArray *columns;  /* (owned) (element utf8) */
  Column *changes;     /* (owned) of each */
  GPtrArray *unknown;  /* (owned) (element utf8) */
  GString *line;       /* (owned) what came of a line so far */
  guint64 rows;
  gboolean as_new;
  gboolean credentials;
};

static gboolean
fail (TempoRowImport *self, const char *what, GError **error)
{
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "Line %" G_GUINT64_FORMAT " of tables/%s.jsonl %s",
               self->rows + 1, self->table, what);
  return FALSE;
}

static gboolean
is_id_column (const char *name)
{
  return strcmp (name, "id") == 0 || (g_str_has_suffix (name, "_id") && strcmp (name, "song_id") != 0);
}

static void
look_at_columns (TempoRowImport *self)
{
  self->changes = g_new0 (Column, self->columns->len);
  for (guint i = 0; i < self->columns->len; i++)
    {
      const char *name = self->columns->pdata[i];

      if (self->as_new && is_id_column (name))
        self->changes[i].change = IS_ID;
      else if (self->as_new && strcmp (name, "token_digest") == 0)
        self->changes[i].change = IS_DIGEST;
    }
}

/**
 * tempo_row_import_new: gets a table ready for rows
 * @db: outlives it; triggers and references are off
 *
 * Returns: (transfer full) (nullable): NULL when there is no such table, or with an error
 */
TempoRowImport *
tempo_row_import_new (
  sqlite3 *db, const char *table, const char *tenant_id, gboolean as_new, gboolean credentials, GError **error)
{
  g_autoptr (TempoRowImport) self = g_new0 (TempoRowImport, 1);
  g_autoptr (GPtrArray) tables = tempo_catalogue_list_tables (db, error);
  g_autofree char *sql = NULL;

  if (tables == NULL || !g_ptr_array_find_with_equal_func (tables, table, g_str_equal, NULL)
      || !tempo_portable_has_table (table, TRUE))
    return NULL;
  self->db = db;
  self->table = g_strdup (table);
  self->tenant_id = g_strdup (tenant_id);
  self->as_new = as_new;
  self->credentials = credentials;
  self->line = g_string_new (NULL);
  self->unknown = g_ptr_array_new_with_free_func (g_free);
  self->columns = tempo_catalogue_list_columns (db, table, error);
  sql = self->columns != NULL ? tempo_catalogue_make_insert (db, table, error) : NULL;
  if (sql == NULL)
    return NULL;
  look_at_columns (self);
  if (sqlite3_prepare_v2 (db, sql, -1, &self->stmt, NULL) != SQLITE_OK)
    {
      tempo_sqlite_fail (db, sqlite3_extended_errcode (db), table, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
tempo_row_import_free (TempoRowImport *self)
{
  g_clear_pointer (&self->stmt, sqlite3_finalize);
  g_clear_pointer (&self->table, g_free);
  g_clear_pointer (&self->tenant_id, g_free);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->changes, g_free);
  g_clear_pointer (&self->unknown, g_ptr_array_unref);
  if (self->line != NULL)
    g_string_free (self->line, TRUE);
  g_free (self);
}

/**
 * tempo_import_map_id: what an id becomes in another organization
 * @tenant_id: the other organization
 * @id: a UUID
 *
 * Its time stays, so rows keep their age and their order; the rest follows from both, so that every place that names
 * the same row says the same again without a list of them all.
 *
 * Returns: (transfer full): a UUIDv7
 */
char *
tempo_import_map_id (const char *tenant_id, const char *id)
{
  g_autofree char *both = g_strconcat (tenant_id, " ", id, NULL);
  g_autofree char *digest = tempo_token_digest (both);
  static const char variants[] = "89ab";
  char *made = g_strdup (id);

  /* 8-4-, then -7xxx-vxxx-xxxxxxxxxxxx: by hand, as there are some for every row of years. */
  memcpy (made + 13, "-7", 2);
  memcpy (made + 15, digest, 3);
  made[18] = '-';
  made[19] = variants[g_ascii_xdigit_value (digest[3]) & 3];
  memcpy (made + 20, digest + 4, 3);
  made[23] = '-';
  memcpy (made + 24, digest + 7, 12);
  return made;
}

static const char *
map_id (TempoRowImport *self, Column *column, const char *id)
{
  if (strcmp (column->from, id) != 0)
    {
      g_autofree char *made = tempo_import_map_id (self->tenant_id, id);

      g_strlcpy (column->from, id, sizeof column->from);
      g_strlcpy (column->to, made, sizeof column->to);
    }
  return column->to;
}

/* @text, @id: stay until the row is in. */
static int
bind_text (TempoRowImport *self, guint i, const char *text, const char *id)
{
  Column *column = &self->changes[i];

  if (column->change == IS_ID && tempo_id_is_valid (text))
    return sqlite3_bind_text (self->stmt, (int) i + 2, map_id (self, column, text), -1, SQLITE_STATIC);
  /* Cookies and displays of the one organization do not open the other. */
  if (column->change == IS_DIGEST && id != NULL && !g_str_has_prefix (text, "gone:"))
    return sqlite3_bind_text (self->stmt, (int) i + 2, g_strconcat ("gone:", id, NULL), -1, g_free);
  return sqlite3_bind_text (self->stmt, (int) i + 2, text, -1, SQLITE_STATIC);
}

static gboolean
bind_object (TempoRowImport *self, int place, JsonObject *object)
{
  const char *text = tempo_json_get_string (object, "base64", TEMPO_PORTABLE_MAX_LINE, NULL, NULL);
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (text == NULL || json_object_get_size (object) != 1)
    return FALSE;
  bytes = g_base64_decode (text, &length);
  return sqlite3_bind_blob64 (self->stmt, place, bytes, length, SQLITE_TRANSIENT) == SQLITE_OK;
}

static gboolean
bind_node (TempoRowImport *self, guint i, JsonNode *node, const char *id)
{
  int place = (int) i + 2;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return sqlite3_bind_null (self->stmt, place) == SQLITE_OK;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return bind_object (self, place, json_node_get_object (node));
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return bind_text (self, i, json_node_get_string (node), id) == SQLITE_OK;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return sqlite3_bind_int64 (self->stmt, place, json_node_get_int (node)) == SQLITE_OK;
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return sqlite3_bind_double (self->stmt, place, json_node_get_double (node)) == SQLITE_OK;
  return FALSE;
}

static void
note_unknown (TempoRowImport *self, JsonObject *row)
{
  JsonObjectIter iter;
  const char *name = NULL;

  json_object_iter_init (&iter, row);
  while (json_object_iter_next (&iter, &name, NULL))
    if (!g_ptr_array_find_with_equal_func (self->columns, name, g_str_equal, NULL) && self->unknown->len < MAX_UNKNOWN
        && !g_ptr_array_find_with_equal_func (self->unknown, name, g_str_equal, NULL))
      g_ptr_array_add (self->unknown, g_strdup (name));
}

static gboolean
bind_row (TempoRowImport *self, JsonObject *row, GError **error)
{
  const char *id = tempo_json_get_string (row, "id", G_MAXSSIZE, NULL, NULL);
  guint known = 0;

  for (guint i = 0; i < self->columns->len; i++)
    {
      JsonNode *node = json_object_get_member (row, self->columns->pdata[i]);

      known += node != NULL;
      if (!bind_node (self, i, node, id))
        return fail (self, "has a value of a wrong kind", error);
    }
  if (known < json_object_get_size (row))
    note_unknown (self, row);
  return TRUE;
}

static gboolean
insert (TempoRowImport *self, GError **error)
{
  int rc = sqlite3_bind_text (self->stmt, 1, self->tenant_id, -1, SQLITE_STATIC);

  if (rc == SQLITE_OK)
    rc = sqlite3_step (self->stmt);
  sqlite3_reset (self->stmt);
  sqlite3_clear_bindings (self->stmt);
  if ((rc & 0xff) == SQLITE_CONSTRAINT || (rc & 0xff) == SQLITE_MISMATCH)
    return fail (self, "is not a row that can be", error);
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, self->table, error);
}

static gboolean
end_line (TempoRowImport *self, GError **error)
{
  g_autoptr (JsonObject) row = tempo_json_parse (self->line->str, self->line->len, NULL);

  if (row == NULL)
    return fail (self, "is not JSON", error);
  if (!bind_row (self, row, error) || !insert (self, error))
    return FALSE;
  self->rows++;
  g_string_truncate (self->line, 0);
  return TRUE;
}

gboolean
tempo_row_import_feed (TempoRowImport *self, const char *data, gsize length, GError **error)
{
  while (length > 0)
    {
      const char *end = memchr (data, '\n', length);
      gsize part = end != NULL ? (gsize) (end - data) : length;

      if (self->line->len + part > TEMPO_PORTABLE_MAX_LINE)
        return fail (self, "is too long", error);
      g_string_append_len (self->line, data, (gssize) part);
      if (end == NULL)
        return TRUE;
      if (!end_line (self, error))
        return FALSE;
      data += part + 1;
      length -= part + 1;
    }
  return TRUE;
}

gboolean
tempo_row_import_end (TempoRowImport *self, guint64 rows, GError **error)
{
  if (self->line->len > 0)
    return fail (self, "has no end", error);
  if (self->rows != rows)
    return fail (self, "is not the last that was announced, or one too many", error);
  return TRUE;
}

GPtrArray *
tempo_row_import_get_unknown (TempoRowImport *self)
{
  return self->unknown;
}
