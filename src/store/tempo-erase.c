/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-erase-private.h"

#include <string.h>

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "tempo-audit-private.h"
#include "store/tempo-files.h"
#include "tempo-scrub-private.h"
#include "tempo-store-private.h"

/* How long the writer may wait for those who read an older state, each time, and how long it is left alone afterwards. */
#define BUSY_MS 50
#define PAUSE_US (200 * G_TIME_SPAN_MILLISECOND)
/* Longer than anybody reads a file of some gigabytes. */
#define PATIENCE_US (30 * G_TIME_SPAN_MINUTE)
/* Pages of one turn of the writer: some milliseconds. */
#define SLICE 64
/* While it is looked through, rows move: what moved is found in the next round. */
#define MAX_ROUNDS 16

typedef struct
{
  gint64 rowid, seq;
  char *origin; /* (owned) */
} LogRow;

static void
log_row_free (gpointer data)
{
  LogRow *row = data;

  g_free (row->origin);
  g_free (row);
}

void
tempo_erasing_init (TempoErasing *self, const TempoGuestErasure *what, TempoErased *erased)
{
  *self = (TempoErasing){ what, erased, tempo_traces_new (), g_ptr_array_new_with_free_func (log_row_free), 0, FALSE, NULL };
}

void
tempo_erasing_clear (TempoErasing *self)
{
  g_clear_pointer (&self->traces, tempo_traces_free);
  g_clear_pointer (&self->log_rows, g_ptr_array_unref);
  g_clear_pointer (&self->note, g_free);
}

/* Statements of connection/erase-*.sql: ?1 tenant, ?2 guest, and what each says. */
static sqlite3_stmt *
prepare (sqlite3 *db, const char *name, const char *tenant_id, const char *guest_id, GError **error)
{
  g_autofree char *file = g_strconcat ("connection/", name, ".sql", NULL);
  sqlite3_stmt *stmt = tempo_sqlite_prepare (db, file, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return NULL;
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
run (TempoErasing *self, sqlite3 *db, const char *name, const char *tenant_id, gint64 *changes, GError **error)
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

/* The texts in columns of a row; the first @n_counted are a person's words, the others may be anybody's. */
static void
add_texts (TempoErasing *self, sqlite3_stmt *stmt, int from, int to, int n_counted)
{
  for (int i = from; i < to; i++)
    {
      const char *text = (const char *) sqlite3_column_text (stmt, i);

      if (text != NULL)
        tempo_traces_add (self->traces, text, i < from + n_counted);
    }
}

static gboolean
collect_texts (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "erase-texts", tenant_id, self->what->guest_id, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      self->known = self->known || sqlite3_column_int (stmt, 3) != 0;
      add_texts (self, stmt, 0, 3, 2);
    }
  return rc == SQLITE_DONE || tempo_sqlite_fail (db, rc, "Looking for what to erase", error);
}

/* Those after the last that was looked at before. */
static gboolean
collect_log (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "erase-log-rows", tenant_id, self->what->guest_id, error);
  g_autoptr (GBytes) last = tempo_sqlite_load ("connection/erase-log-last.sql", error);
  int rc = SQLITE_OK;

  if (stmt == NULL || last == NULL)
    return FALSE;
  rc = sqlite3_bind_int64 (stmt, 3, self->log_seen);
  while (rc == SQLITE_OK || rc == SQLITE_ROW)
    {
      LogRow *row = NULL;

      rc = sqlite3_step (stmt);
      if (rc != SQLITE_ROW)
        break;
      row = g_new0 (LogRow, 1);
      row->rowid = sqlite3_column_int64 (stmt, 0);
      row->origin = g_strdup ((const char *) sqlite3_column_text (stmt, 1));
      row->seq = sqlite3_column_int64 (stmt, 2);
      g_ptr_array_add (self->log_rows, row);
      add_texts (self, stmt, 3, sqlite3_column_count (stmt), 2);
    }
  if (rc != SQLITE_DONE)
    return tempo_sqlite_fail (db, rc, "Looking through the log", error);
  return tempo_sqlite_get_int (db, g_bytes_get_data (last, NULL), &self->log_seen, error);
}

gboolean
tempo_erasing_look (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  return collect_texts (self, db, tenant_id, error) && collect_log (self, db, tenant_id, error);
}

/* The log */

static int
empty_row (TempoErasing *self, sqlite3_stmt *empty, const LogRow *row, GChecksum *left)
{
  int rc = sqlite3_bind_int64 (empty, 3, row->rowid);

  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (empty, 4, self->what->receipt_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (empty);
  if (rc == SQLITE_ROW)
    {
      tempo_audit_add_left (left, row->origin, row->seq, (const char *) sqlite3_column_text (empty, 0));
      rc = sqlite3_step (empty);
    }
  sqlite3_reset (empty);
  return rc;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const LogRow *one = *(const LogRow *const *) a, *other = *(const LogRow *const *) b;
  int order = strcmp (one->origin, other->origin);

  return order != 0 ? order : one->seq < other->seq ? -1 : one->seq > other->seq;
}

/* By the order of the chains, which no change here touches. */
static gboolean
empty_log (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  g_autoptr (sqlite3_stmt) empty = prepare (db, "erase-log-row", tenant_id, self->what->guest_id, error);
  g_autoptr (GChecksum) left = g_checksum_new (G_CHECKSUM_SHA256);

  if (empty == NULL)
    return FALSE;
  g_ptr_array_sort (self->log_rows, compare_rows);
  for (guint i = 0; i < self->log_rows->len; i++)
    {
      int rc = empty_row (self, empty, self->log_rows->pdata[i], left);

      if (rc != SQLITE_DONE)
        return tempo_sqlite_fail (db, rc, "Emptying the log", error);
      self->erased->log_rows++;
    }
  g_strlcpy (self->erased->digest, g_checksum_get_string (left), sizeof self->erased->digest);
  return TRUE;
}

static char *
make_claim (TempoErasing *self)
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
add_claim (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
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
erase_from_log (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  gboolean emptied = FALSE;

  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  emptied = empty_log (self, db, tenant_id, error);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
  return emptied && add_claim (self, db, tenant_id, error);
}

static gboolean
erase_rows (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  return run (self, db, "erase-time", tenant_id, NULL, error)
         && run (self, db, "erase-answers", tenant_id, &self->erased->answers, error)
         && erase_from_log (self, db, tenant_id, error)
         && run (self, db, "erase-votes", tenant_id, &self->erased->votes, error)
         && run (self, db, "erase-requests", tenant_id, &self->erased->requests, error)
         && run (self, db, "erase-guest", tenant_id, NULL, error);
}

/* What was looked for before is looked for once more, for what came meanwhile. */
gboolean
tempo_erasing_run (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error)
{
  int rc = tempo_audit_add_function (db, tenant_id);

  if (rc != SQLITE_OK)
    return tempo_sqlite_fail (db, rc, "Preparing the connection", error);
  if (!tempo_sqlite_exec (db, "PRAGMA secure_delete = ON; BEGIN IMMEDIATE", error))
    return FALSE;
  if (tempo_erasing_look (self, db, tenant_id, error) && erase_rows (self, db, tenant_id, error)
      && (self->note == NULL || tempo_traces_save (self->traces, self->note, error))
      && tempo_sqlite_exec (db, "COMMIT", error))
    return TRUE;
  tempo_sqlite_exec (db, "ROLLBACK", NULL);
  return FALSE;
}

/* What is left over in a file in use */

typedef struct
{
  TempoErasing *erasing;
  TempoStore *store; /* (unowned) (nullable) held open */
  sqlite3 *reader; /* (owned) */
  GArray *pages;   /* (owned) (element guint32) */
  guint done;      /* of them */
  gboolean everything; /* that is left over, as nobody knows what to look for */
} Cleaning;

static void
cleaning_clear (Cleaning *self)
{
  g_clear_pointer (&self->reader, tempo_sqlite_close);
  g_clear_pointer (&self->pages, g_array_unref);
  if (self->store != NULL)
    tempo_store_release (self->store);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cleaning, cleaning_clear)

static gboolean
cleaning_hold (Cleaning *self, TempoStore *store, GError **error)
{
  if (!tempo_store_hold (store, error))
    return FALSE;
  self->store = store;
  self->pages = g_array_new (FALSE, FALSE, sizeof (guint32));
  return TRUE;
}

static gboolean
erase_job (sqlite3 *db, const char *tenant_id, gpointer data, GError **error)
{
  return tempo_erasing_run (((Cleaning *) data)->erasing, db, tenant_id, error);
}

/* Everything into the file, nothing beside it. */
static gboolean
settle (sqlite3 *db, GError **error)
{
  int rc = SQLITE_OK;

  sqlite3_busy_timeout (db, BUSY_MS);
  rc = sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  return rc == SQLITE_OK || tempo_sqlite_fail (db, rc, "Checkpoint", error);
}

/* From here on the file stays as it is, whoever writes, until the reader's transaction ends. */
static gboolean
freeze_job (sqlite3 *db, const char *tenant_id, gpointer data, GError **error)
{
  Cleaning *self = data;
  gint64 tables = 0;

  return settle (db, error) && tempo_sqlite_exec (self->reader, "BEGIN", error)
         && tempo_sqlite_get_int (self->reader, "SELECT count (*) FROM sqlite_schema", &tables, error);
}

static gboolean
scrub_job (sqlite3 *db, const char *tenant_id, gpointer data, GError **error)
{
  Cleaning *self = data;
  guint n = MIN (SLICE, self->pages->len - self->done);

  if (!settle (db, error) || !tempo_scrub_pages (db, &g_array_index (self->pages, guint32, self->done), n, error))
    return FALSE;
  self->done += n;
  return TRUE;
}

/* A job that needs everybody to be done with older states: somebody who copies the file reads one for minutes. Commits
 * go on between the tries. */
static gboolean
run_patiently (Cleaning *self, TempoMaintainFunc job, GError **error)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US;

  for (;;)
    {
      g_autoptr (GError) failure = NULL;

      if (tempo_store_maintain (self->store, job, self, &failure))
        return TRUE;
      if (!g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY) || g_get_monotonic_time () > until)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      g_usleep (PAUSE_US);
    }
}

/* Looks through the file as it is at one moment, with nothing in the WAL. */
static gboolean
look_through (Cleaning *self, GError **error)
{
  guint shared = 0;
  gboolean looked = FALSE;

  g_array_set_size (self->pages, 0);
  self->done = 0;
  looked = run_patiently (self, freeze_job, error)
           && tempo_scrub_find (self->reader, self->everything ? NULL : self->erasing->traces, self->pages, &shared, error);
  tempo_sqlite_exec (self->reader, "ROLLBACK", NULL);
  if (looked)
    self->erasing->erased->shared = shared;
  return looked;
}

static gboolean
set_restless (GError **error)
{
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY, "What was erased still moves about the file: erase it again");
  return FALSE;
}

/* It is clean once it was looked through and nothing was found: nothing brings back what is nowhere. Everything is never
 * found gone, because others go on; what moved from a page to come to one that was done is met in the second round. */
static gboolean
clean (Cleaning *self, GError **error)
{
  for (guint round = 0; round < (self->everything ? 2 : MAX_ROUNDS); round++)
    {
      if (!look_through (self, error))
        return FALSE;
      if (self->pages->len == 0)
        return TRUE;
      while (self->done < self->pages->len)
        if (!run_patiently (self, scrub_job, error))
          return FALSE;
    }
  return self->everything || set_restless (error);
}

/* The log of years is looked through here and not in the writer's turn. */
static gboolean
look_ahead (Cleaning *self, GError **error)
{
  TempoErasing *erasing = self->erasing;
  gboolean looked = FALSE;

  self->reader = tempo_sqlite_open (tempo_store_get_path (self->store), TEMPO_SQLITE_READER, error);
  if (self->reader == NULL || !tempo_sqlite_exec (self->reader, "BEGIN", error))
    return FALSE;
  looked = tempo_erasing_look (erasing, self->reader, tempo_store_get_tenant_id (self->store), error);
  tempo_sqlite_exec (self->reader, "ROLLBACK", NULL);
  return looked;
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

static char *
make_note_path (TempoStore *self, const char *guest_id)
{
  g_autofree char *digest = tempo_token_digest (guest_id);

  return g_strconcat (tempo_store_get_path (self), ".erasing-", digest, NULL);
}

char *
tempo_store_prepare_erasure (TempoStore *self, const char *what, GError **error)
{
  TempoGuestErasure erasure = { NULL };
  TempoErased ignored = { 0 };
  g_auto (TempoErasing) erasing = { NULL };
  g_auto (Cleaning) cleaning = { &erasing, NULL, NULL, NULL, 0, FALSE };
  g_autofree char *guest_id = tempo_store_read (self, find_guest, (gpointer) what, error);

  if (guest_id == NULL || !cleaning_hold (&cleaning, self, error))
    return NULL;
  erasure.guest_id = guest_id;
  tempo_erasing_init (&erasing, &erasure, &ignored);
  erasing.note = make_note_path (self, guest_id);
  if (!tempo_traces_load (erasing.traces, erasing.note, error) || !look_ahead (&cleaning, error)
      || (erasing.known && !tempo_traces_save (erasing.traces, erasing.note, error)))
    return NULL;
  return g_steal_pointer (&guest_id);
}

gboolean
tempo_store_erase_guest (TempoStore *self, const TempoGuestErasure *erasure, TempoErased *erased, GError **error)
{
  g_auto (TempoErasing) erasing = { NULL };
  g_auto (Cleaning) cleaning = { &erasing, NULL, NULL, NULL, 0, FALSE };
  g_autofree char *note = make_note_path (self, erasure->guest_id);

  if (!cleaning_hold (&cleaning, self, error))
    return FALSE;
  tempo_erasing_init (&erasing, erasure, erased);
  /* Rows that are emptied tell no more what to look for. So what a run that was cut off did not come to is noted. */
  if (!tempo_traces_load (erasing.traces, note, error))
    return FALSE;
  erasing.known = !tempo_traces_is_empty (erasing.traces);
  if (!look_ahead (&cleaning, error))
    return FALSE;
  cleaning.everything = !erasing.known;
  erasing.note = erasing.known ? g_strdup (note) : NULL;
  return tempo_store_maintain (self, erase_job, &cleaning, error) && clean (&cleaning, error)
         && tempo_files_remove_tree (note, error);
}
