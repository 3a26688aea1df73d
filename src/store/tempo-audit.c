/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "tempo-audit-private.h"

#include <string.h>

#include "store/tempo-scope.h"
#include "store/tempo-store.h"
#include "tempo-sqlite-private.h"

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

  g_assert (n_values > 2);
  g_checksum_update (checksum, (const guchar *) tenant_id, -1);
  /* The last two are the hybrid time and the salt: rows of the first schema, and emptied ones, go without. */
  if (sqlite3_value_bytes (values[n_values - 1]) == 0)
    n_values -= 2;
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

/* Verifying */

#define HASH_LENGTH 64 /* SHA-256 in hexadecimal; the row's salt follows behind a point until the row is emptied */
#define ERASED "erased:" /* what the reason of an emptied row begins with; the receipt's id follows */

typedef struct
{
  gint64 rows;
  char *head; /* (owned) */
} Noted;

/* Rows emptied by one erasure: what is left of them, and what the log itself says that must be. */
typedef struct
{
  GChecksum *left; /* (owned) (nullable) */
  char *claimed;   /* (owned) (nullable) */
  gint64 first;    /* the first such row, for the message */
} Erasure;

typedef struct
{
  GHashTable *noted;    /* (owned) origin to Noted */
  GHashTable *erasures; /* (owned) receipt id to Erasure */
  char *origin;         /* (owned) */
  char *prev;           /* (owned) */
  gint64 seq;
} Walk;

static void
free_noted (gpointer data)
{
  g_autofree Noted *noted = data;

  g_clear_pointer (&noted->head, g_free);
}

static void
free_erasure (gpointer data)
{
  g_autofree Erasure *erasure = data;

  g_clear_pointer (&erasure->left, g_checksum_free);
  g_clear_pointer (&erasure->claimed, g_free);
}

static void
clear_walk (Walk *walk)
{
  g_clear_pointer (&walk->noted, g_hash_table_unref);
  g_clear_pointer (&walk->erasures, g_hash_table_unref);
  g_clear_pointer (&walk->origin, g_free);
  g_clear_pointer (&walk->prev, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, clear_walk)

static void
set_text (char **place, const char *text, gssize length)
{
  g_clear_pointer (place, g_free);
  *place = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
}

static gboolean
fail (GError **error, const char *origin, gint64 seq, const char *what)
{
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT,
               "Audit row %" G_GINT64_FORMAT " of host “%s” %s", seq, origin, what);
  return FALSE;
}

/* Lines of tempo_store_note_audit(): origin, rows, head. */
static GHashTable *
parse_noted (const char *text)
{
  GHashTable *noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_noted);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);
      Noted *one = NULL;

      if (g_strv_length (words) != 3)
        continue;
      one = g_new0 (Noted, 1);
      one->rows = g_ascii_strtoll (words[1], NULL, 10);
      one->head = g_strdup (words[2]);
      g_hash_table_replace (noted, g_strdup (words[0]), one);
    }
  return noted;
}

static Erasure *
ensure_erasure (Walk *walk, const char *receipt_id)
{
  Erasure *erasure = g_hash_table_lookup (walk->erasures, receipt_id);

  if (erasure == NULL)
    {
      erasure = g_new0 (Erasure, 1);
      g_hash_table_insert (walk->erasures, g_strdup (receipt_id), erasure);
    }
  return erasure;
}

/**
 * tempo_audit_add_left: adds what is left of an emptied row to the digest of its erasure
 * @digest: SHA-256, over all rows of the erasure by origin and number
 * @left: the row's hash as it comes out without what was erased
 */
void
tempo_audit_add_left (GChecksum *digest, const char *origin, gint64 seq, const char *left)
{
  g_autofree char *line = g_strdup_printf ("%s %" G_GINT64_FORMAT " %s\n", origin, seq, left);

  g_checksum_update (digest, (const guchar *) line, -1);
}

/* A row that lost its text lost the salt with it, so the hash it had tells nothing of the text; it says which erasure
 * took it, and that one's own row in the log holds a digest of all that may be left. */
static gboolean
note_emptied (Walk *walk, TempoRows *rows)
{
  const char *hash = tempo_rows_text (rows, 3);
  const char *reason = tempo_rows_text (rows, 5);
  Erasure *erasure = NULL;

  if (strlen (hash) != HASH_LENGTH || reason == NULL || !g_str_has_prefix (reason, ERASED))
    return FALSE;
  erasure = ensure_erasure (walk, reason + strlen (ERASED));
  if (erasure->left == NULL)
    {
      erasure->left = g_checksum_new (G_CHECKSUM_SHA256);
      erasure->first = walk->seq;
    }
  tempo_audit_add_left (erasure->left, walk->origin, walk->seq, tempo_rows_text (rows, 4));
  return TRUE;
}

static void
note_claim (Walk *walk, TempoRows *rows)
{
  const char *kind = tempo_rows_text (rows, 6);
  const char *id = tempo_rows_text (rows, 7);

  if (g_strcmp0 (kind, "erasure") == 0 && id != NULL)
    set_text (&ensure_erasure (walk, id)->claimed, tempo_rows_text (rows, 8), -1);
}

static gboolean
check_row (Walk *walk, TempoRows *rows, GError **error)
{
  const char *hash = tempo_rows_text (rows, 3);
  Noted *noted = g_hash_table_lookup (walk->noted, walk->origin);

  if (tempo_rows_int (rows, 1) != walk->seq)
    return fail (error, walk->origin, walk->seq, "is missing");
  if (strcmp (tempo_rows_text (rows, 2), walk->prev) != 0)
    return fail (error, walk->origin, walk->seq, "does not follow on the one before");
  if (strncmp (hash, tempo_rows_text (rows, 4), HASH_LENGTH) != 0 && !note_emptied (walk, rows))
    return fail (error, walk->origin, walk->seq, "was changed");
  if (noted != NULL && noted->rows == walk->seq && strncmp (noted->head, hash, HASH_LENGTH) != 0)
    return fail (error, walk->origin, walk->seq, "is not the one that was noted");
  return TRUE;
}

/* The part of a claim that counts: {"rows":n,"digest":"…"}. */
static gboolean
is_claimed (Erasure *erasure)
{
  const char *left = g_checksum_get_string (erasure->left);

  return erasure->claimed != NULL && strstr (erasure->claimed, left) != NULL;
}

static gboolean
check_end (Walk *walk, GHashTable *ends, GError **error)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, walk->erasures);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((Erasure *) value)->left != NULL && !is_claimed (value))
      return fail (error, walk->origin, ((Erasure *) value)->first, "was emptied, and no erasure accounts for it");
  g_hash_table_iter_init (&iter, walk->noted);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gint64 *last = g_hash_table_lookup (ends, key);

      if (last == NULL || *last < ((Noted *) value)->rows)
        return fail (error, key, last != NULL ? *last + 1 : 1, "is missing, and all after it");
    }
  return TRUE;
}

static gboolean
walk_rows (Walk *walk, TempoRows *rows, GHashTable *ends, guint64 *count, GError **error)
{
  g_autoptr (GError) failure = NULL;

  while (tempo_rows_next (rows, &failure))
    {
      if (strcmp (walk->origin, tempo_rows_text (rows, 0)) != 0)
        {
          set_text (&walk->origin, tempo_rows_text (rows, 0), -1);
          set_text (&walk->prev, "", -1);
          walk->seq = 0;
        }
      walk->seq++;
      if (!check_row (walk, rows, error))
        return FALSE;
      note_claim (walk, rows);
      set_text (&walk->prev, tempo_rows_text (rows, 3), HASH_LENGTH);
      g_hash_table_replace (ends, g_strdup (walk->origin), g_memdup2 (&walk->seq, sizeof walk->seq));
      (*count)++;
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tempo_audit_verify_func: a TempoReadFunc that walks every chain from its first row
 * @user_data: (inout): a TempoAuditResult
 *
 * Rows cut off at the end of a chain leave no trace in it: that is what the noted figures are for.
 *
 * Returns: not NULL when all is well; NULL with CORRUPT, whose message names the row
 */
gpointer
tempo_audit_verify_func (TempoScope *scope, gpointer user_data, GError **error)
{
  TempoAuditResult *result = user_data;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "audit-verify", "");
  g_autoptr (GHashTable) ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (Walk) walk = { NULL };

  if (rows == NULL)
    return NULL;
  walk.noted = parse_noted (result->noted);
  walk.erasures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_erasure);
  walk.origin = g_strdup ("");
  walk.prev = g_strdup ("");
  if (!walk_rows (&walk, rows, ends, &result->rows, error) || !check_end (&walk, ends, error))
    return NULL;
  result->head = *walk.prev != '\0' ? g_steal_pointer (&walk.prev) : NULL;
  return result;
}

/**
 * tempo_audit_note_func: a TempoReadFunc for the figures to note elsewhere
 * @user_data: unused
 *
 * Returns: (transfer full): a char *, one line a chain; NULL with an error
 */
gpointer
tempo_audit_note_func (TempoScope *scope, gpointer user_data, GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "audit-heads", "");
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return NULL;
  while (tempo_rows_next (rows, &failure))
    g_string_append_printf (lines, "%s %" G_GINT64_FORMAT " %s\n", tempo_rows_text (rows, 0), tempo_rows_int (rows, 1),
                            tempo_rows_text (rows, 2));
  if (failure == NULL)
    return g_string_free (g_steal_pointer (&lines), FALSE);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static int
chain_row (sqlite3_stmt *set, sqlite3_stmt *row, char **prev)
{
  int rc = sqlite3_bind_int64 (set, 1, sqlite3_column_int64 (row, 0));

  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (set, 2, *prev, -1, SQLITE_TRANSIENT);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (set, 3, (const char *) sqlite3_column_text (row, 2), -1, SQLITE_TRANSIENT);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (set);
  if (rc == SQLITE_ROW)
    {
      set_text (prev, (const char *) sqlite3_column_text (set, 0), -1);
      rc = sqlite3_step (set);
    }
  sqlite3_reset (set);
  return rc;
}

static int
chain_rows (sqlite3_stmt *rows, sqlite3_stmt *set)
{
  g_autofree char *origin = g_strdup ("");
  g_autofree char *prev = g_strdup ("");
  int rc = SQLITE_OK;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const char *of = (const char *) sqlite3_column_text (rows, 1);

      if (strcmp (origin, of) != 0)
        set_text (&prev, "", -1);
      set_text (&origin, of, -1);
      rc = chain_row (set, rows, &prev);
      if (rc != SQLITE_DONE)
        break;
    }
  return rc;
}

/**
 * tempo_audit_chain_anew: gives a log that became another organization's the chains it has there
 * @db: a file that nobody else has open, its triggers off
 *
 * The hashes go over the organization and the ids, which are others now. What was emptied stays empty and needs no
 * erasure to account for it any more.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_audit_chain_anew (sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (GBytes) list = tempo_sqlite_load ("connection/audit-rows.sql", error);
  g_autoptr (GBytes) change = tempo_sqlite_load ("connection/audit-chain.sql", error);
  g_autoptr (sqlite3_stmt) rows = NULL;
  g_autoptr (sqlite3_stmt) set = NULL;
  int rc = tempo_audit_add_function (db, tenant_id);

  if (list == NULL || change == NULL)
    return FALSE;
  if (rc == SQLITE_OK)
    rc = sqlite3_prepare_v2 (db, g_bytes_get_data (list, NULL), -1, &rows, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_prepare_v2 (db, g_bytes_get_data (change, NULL), -1, &set, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (rows, 1, tenant_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = chain_rows (rows, set);
  return rc == SQLITE_DONE || tempo_sqlite_fail (db, rc, "Chaining the log", error);
}
