/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "tempo-audit-private.h"

#include <string.h>

#include "store/tempo-scope.h"
#include "store/tempo-store.h"

/* Each value goes in with its kind and length, so that no two rows give the same bytes. */
static void
add_to_hash (GChecksum *checksum, sqlite3_value *value)
{
  char head[32];
  int type = sqlite3_value_type (value);
  const guchar *text = type == SQLITE_NULL ? NULL : sqlite3_value_text (value);
  int length = text == NULL ? 0 : sqlite3_value_bytes (value);

  g_snprintf (head, sizeof head, "%d:%d:", type, length);
  g_checksum_update (checksum, (const guchar *) head, -1);
  if (length > 0)
    g_checksum_update (checksum, text, length);
}

static void
hash_row (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *tenant_id = sqlite3_user_data (context);

  g_checksum_update (checksum, (const guchar *) tenant_id, -1);
  for (int i = 0; i < n_values; i++)
    add_to_hash (checksum, values[i]);
  sqlite3_result_text (context, g_checksum_get_string (checksum), -1, SQLITE_TRANSIENT);
}

/**
 * tempo_audit_add_function: gives a connection tempo_audit_hash()
 * @tenant_id: goes into each hash, so a row cannot be moved to another organization; outlives @db
 *
 * Returns: an SQLite result
 */
int
tempo_audit_add_function (sqlite3 *db, const char *tenant_id)
{
  return sqlite3_create_function_v2 (db, "tempo_audit_hash", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                     (gpointer) tenant_id, hash_row, NULL, NULL, NULL);
}

static void
set_text (char **place, const char *text)
{
  g_clear_pointer (place, g_free);
  *place = g_strdup (text);
}

static gboolean
check_row (TempoRows *rows, const char *origin, gint64 seq, const char *prev, GError **error)
{
  const char *hash = tempo_rows_text (rows, 3);
  gint64 found = tempo_rows_int (rows, 1);
  const char *what = NULL;

  if (found != seq)
    what = "is missing";
  else if (strcmp (tempo_rows_text (rows, 2), prev) != 0)
    what = "does not follow on the one before";
  else if (strcmp (hash, tempo_rows_text (rows, 4)) != 0)
    what = "was changed";
  if (what == NULL)
    return TRUE;
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT,
               "Audit row %" G_GINT64_FORMAT " of host “%s” %s", seq, origin, what);
  return FALSE;
}

/**
 * tempo_audit_verify_func: a TempoReadFunc that walks every chain from its first row
 * @user_data: (out): a TempoAuditResult
 *
 * Rows cut off at the end of a chain leave no trace in it: who wants to notice that
 * compares the number of rows and the head with what was noted elsewhere.
 *
 * Returns: not NULL when all is well; NULL with CORRUPT, whose message names the row
 */
gpointer
tempo_audit_verify_func (TempoScope *scope, gpointer user_data, GError **error)
{
  TempoAuditResult *result = user_data;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "audit-verify", "");
  g_autoptr (GError) failure = NULL;
  g_autofree char *origin = g_strdup ("");
  g_autofree char *prev = g_strdup ("");
  gint64 seq = 0;

  if (rows == NULL)
    return NULL;
  while (tempo_rows_next (rows, &failure))
    {
      if (strcmp (origin, tempo_rows_text (rows, 0)) != 0)
        {
          set_text (&origin, tempo_rows_text (rows, 0));
          set_text (&prev, "");
          seq = 0;
        }
      if (!check_row (rows, origin, ++seq, prev, error))
        return NULL;
      set_text (&prev, tempo_rows_text (rows, 3));
      result->rows++;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  result->head = *prev != '\0' ? g_steal_pointer (&prev) : NULL;
  return result;
}
