/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <string.h>

#include "store/tempo-catalogue-private.h"
#include "store/tempo-store-private.h"

/* Two organizations in one file, with rows of the same ids. Everything one of them tries must
 * leave the other's rows unseen and unchanged. The suite counts what went wrong instead of
 * asserting it, so that it can be run against a guard with a fence left out, where something must. */

#define OWN "alpha"
#define FOREIGN "beta"
#define CLIENTS 50
#define ROUNDS 10

typedef struct
{
  TempoScope *own;     /* (owned) */
  TempoScope *foreign; /* (owned) */
  sqlite3 *raw;        /* (owned) */
  guint leaks;
  gboolean loud;
  const char *table;  /* (nullable) the one being tried */
  GHashTable *leaky;  /* (owned) names of tables that let something through */
} Suite;

static void
report (Suite *suite, const char *what, const char *sql)
{
  suite->leaks++;
  if (suite->table != NULL)
    g_hash_table_add (suite->leaky, g_strdup (suite->table));
  if (suite->loud)
    g_test_message ("%s: %s", what, sql);
}

/* Every row of the other organization, in all tables, as the file has them. */
static char *
take_digest (Suite *suite)
{
  g_autoptr (GPtrArray) tables = tempo_catalogue_list_tables (suite->raw, NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < tables->len; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM base_%s WHERE tenant_id = '" BLUE "'", (char *) tables->pdata[i]);
      g_autoptr (sqlite3_stmt) stmt = NULL;

      g_assert_cmpint (sqlite3_prepare_v2 (suite->raw, sql, -1, &stmt, NULL), ==, SQLITE_OK);
      while (sqlite3_step (stmt) == SQLITE_ROW)
        for (int column = 0; column < sqlite3_column_count (stmt); column++)
          {
            const char *text = (const char *) sqlite3_column_text (stmt, column);

            g_checksum_update (checksum, (const guchar *) (text != NULL ? text : "-"), -1);
          }
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/* Runs what is allowed or not, but must neither show nor change anything foreign. Returns: whether it ran. */
static gboolean
try_harmless (Suite *suite, const char *sql)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autofree char *before = take_digest (suite);
  g_autofree char *after = NULL;
  gboolean ran = FALSE;

  ran = tempo_scope_try_sql_rows (suite->own, sql, rows, NULL);
  after = take_digest (suite);
  if (strstr (rows->str, FOREIGN) != NULL || strstr (rows->str, BLUE) != NULL)
    report (suite, "seen", sql);
  if (strcmp (before, after) != 0)
    report (suite, "changed", sql);
  return ran;
}

static void
try_refused (Suite *suite, const char *sql)
{
  if (try_harmless (suite, sql))
    report (suite, "not refused", sql);
}

/* By number, as not every table has a text that tells whose it is. */
static void
try_count (Suite *suite, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", table);
  g_autofree char *own = g_strdup_printf ("SELECT count (*) FROM base_%s WHERE tenant_id = '" ACME "'", table);
  g_autofree char *foreign = g_strdup_printf ("SELECT count (*) FROM base_%s WHERE tenant_id = '" BLUE "'", table);
  g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT "\n", store_fixture_count (suite->raw, own));
  g_autoptr (GString) rows = g_string_new (NULL);

  /* A new table gets its row in store_fixture_fill(). */
  if (store_fixture_count (suite->raw, foreign) == 0)
    g_error ("There is nothing foreign in %s to be seen", table);
  tempo_scope_try_sql_rows (suite->own, sql, rows, NULL);
  if (strcmp (rows->str, expected) != 0)
    report (suite, "counted", sql);
}

static void
try_table (Suite *suite, const char *table)
{
  static const char *const forms[] = {
    "SELECT * FROM %s", "SELECT count (*), '" FOREIGN "' IS NULL FROM %s", "SELECT * FROM %s WHERE 1 OR origin = 'x'",
    "SELECT a.*, b.* FROM %s a, %s b", "SELECT * FROM (SELECT * FROM %s)", "WITH x AS (SELECT * FROM %s) SELECT * FROM x",
    "SELECT * FROM %s UNION ALL SELECT * FROM %s", "SELECT EXISTS (SELECT 1 FROM %s)",
    "SELECT * FROM %s LEFT JOIN setting ON 1", "SELECT group_concat (x.c) FROM (SELECT json_array (a.rowid) AS c FROM %s a) x",
    "EXPLAIN SELECT * FROM %s",
  };
  static const char *const bases[] = {
    "SELECT * FROM base_%s", "SELECT * FROM main.base_%s", "SELECT * FROM \"BASE_%s\"", "SELECT count (*) FROM [Base_%s]",
    "WITH %s AS MATERIALIZED (SELECT * FROM base_%s) SELECT * FROM %s",
    "WITH guard_%s_insert AS MATERIALIZED (SELECT * FROM base_%s) SELECT * FROM guard_%s_insert",
    "WITH %s AS (SELECT * FROM base_%s) SELECT (SELECT group_concat (origin) FROM %s)",
    "SELECT * FROM setting WHERE value IN (SELECT tenant_id FROM base_%s)",
    "DELETE FROM base_%s", "UPDATE base_%s SET origin = 'x'", "INSERT INTO base_%s (tenant_id) VALUES ('" BLUE "')",
    "INSERT INTO base_%s DEFAULT VALUES", "DROP TABLE base_%s", "DROP VIEW %s", "DROP TRIGGER guard_%s_insert",
    "CREATE TRIGGER main.base_%s_x AFTER INSERT ON base_%s BEGIN SELECT 1; END",
    "CREATE TEMP TRIGGER %s_x INSTEAD OF INSERT ON %s BEGIN SELECT 1; END",
    "SELECT tenant_id FROM %s", "INSERT INTO %s (tenant_id) VALUES ('" BLUE "')", "UPDATE %s SET tenant_id = '" BLUE "'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms) + G_N_ELEMENTS (bases); i++)
    {
      gboolean harmless = i < G_N_ELEMENTS (forms);
      g_auto (GStrv) parts = g_strsplit (harmless ? forms[i] : bases[i - G_N_ELEMENTS (forms)], "%s", -1);
      g_autofree char *sql = g_strjoinv (table, parts);

      if (harmless)
        try_harmless (suite, sql);
      else
        try_refused (suite, sql);
    }
}

/* Each column of it, as text and as number: one of both fits. */
static void
try_columns (Suite *suite, const char *table)
{
  static const char *const values[] = { "\"%s\" || 'x'", "\"%s\" + 1" };
  g_autoptr (GPtrArray) columns = tempo_catalogue_list_columns (suite->raw, table, NULL);

  for (guint i = 0; i < columns->len; i++)
    for (gsize form = 0; form < G_N_ELEMENTS (values); form++)
      {
        g_auto (GStrv) parts = g_strsplit (values[form], "%s", -1);
        g_autofree char *value = g_strjoinv (columns->pdata[i], parts);
        g_autofree char *sql = g_strdup_printf ("UPDATE %s SET \"%s\" = %s", table, (char *) columns->pdata[i], value);

        try_harmless (suite, sql);
      }
}

/* What would leave the organization by another door. */
static void
try_doors (Suite *suite)
{
  static const char *const refused[] = {
    "ATTACH ':memory:' AS x", "DETACH main", "VACUUM", "VACUUM INTO '/no-such-folder/x.db'", "REINDEX", "ANALYZE",
    "PRAGMA table_info (request)", "PRAGMA writable_schema = ON", "PRAGMA foreign_keys = OFF", "PRAGMA query_only = OFF",
    "PRAGMA journal_mode = DELETE", "PRAGMA wal_checkpoint", "PRAGMA synchronous = OFF", "PRAGMA user_version = 99",
    "SELECT * FROM sqlite_schema", "SELECT * FROM main.sqlite_master", "SELECT * FROM sqlite_temp_schema",
    "SELECT * FROM pragma_table_list", "SELECT * FROM pragma_table_info ('request')",
    "CREATE TABLE x (a)", "CREATE TEMP TABLE x (a)", "CREATE VIEW x AS SELECT 1", "CREATE TEMP VIEW x AS SELECT 1",
    "CREATE VIRTUAL TABLE x USING fts5 (a)", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT x", "RELEASE x",
    "SELECT load_extension ('x')", "UPDATE audit SET action = 'x'", "DELETE FROM audit", "INSERT OR REPLACE INTO tenant (origin) VALUES ('x')",
    "UPDATE tenant SET origin = 'x'", "DELETE FROM tenant", "UPDATE request SET id = 'q2'", "UPDATE vote SET guest_id = 'g2'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    try_refused (suite, refused[i]);
}

/* Ids that only the other organization has: as parents they do not exist, as targets neither. */
static void
try_foreign_ids (Suite *suite)
{
  static const char *const refused[] = {
    "INSERT INTO event (id, room_id, number, name, created_at) VALUES ('e9', 'r2', 'EVT-9', 'x', 1)",
    "INSERT INTO request (id, number, room_id, event_id, status, title, created_at) VALUES ('q9', 'REQ-9', 'r1', 'e2', 'pending', 'x', 1)",
    "INSERT INTO request (id, number, room_id, event_id, guest_id, status, title, created_at)"
    " VALUES ('q9', 'REQ-9', 'r1', 'e1', 'g2', 'pending', 'x', 1)",
    "INSERT INTO vote (request_id, guest_id, created_at) VALUES ('q2', 'g1', 1)",
    "INSERT INTO play (id, room_id, request_id, title, started_at) VALUES ('p9', 'r1', 'q2', 'x', 1)",
    "INSERT INTO display (id, room_id, name, token_digest, created_at) VALUES ('d9', 'r2', 'x', 'x', 1)",
    "INSERT INTO playback (room_id, song, as_of) VALUES ('r2', 'x', 1)",
    "UPDATE event SET room_id = 'r2'", "UPDATE request SET guest_id = 'g2'",
  };
  static const char *const harmless[] = {
    "SELECT * FROM room WHERE id = 'r2'", "DELETE FROM room WHERE id = 'r2'", "UPDATE room SET name = 'x' WHERE id = 'r2'",
    "DELETE FROM request WHERE id IN ('q1', 'q2')", "INSERT OR REPLACE INTO setting (key, value) VALUES ('k1', 'x')",
    "INSERT OR IGNORE INTO setting (key, value) VALUES ('k2', 'x')",
    "INSERT INTO room (id, code, name, created_at) VALUES ('r2', 'C2', 'x', 1)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    try_refused (suite, refused[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    try_harmless (suite, harmless[i]);
}

static void
try_changes (Suite *suite, GPtrArray *tables)
{
  static const char *const changes[] = { "UPDATE %s SET origin = origin", "UPDATE %s SET hlc = 0 WHERE 1", "DELETE FROM %s" };

  for (gsize form = 0; form < G_N_ELEMENTS (changes); form++)
    for (guint i = 0; i < tables->len; i++)
      {
        g_auto (GStrv) parts = g_strsplit (changes[form], "%s", -1);
        g_autofree char *sql = g_strjoinv (tables->pdata[i], parts);

        suite->table = tables->pdata[i];
        try_harmless (suite, sql);
      }
  suite->table = NULL;
  try_harmless (suite, "UPDATE setting SET value = 'x'");
  try_harmless (suite, "UPDATE counter SET next = 99");
}

static void
add_foreign_rows (TempoScope *scope)
{
  store_fixture_try (scope, "INSERT INTO room (id, code, name, created_at) VALUES ('r2', 'C2', '" FOREIGN "', 1)");
  store_fixture_try (scope, "INSERT INTO event (id, room_id, number, name, created_at) VALUES ('e2', 'r2', 'EVT-2', '" FOREIGN "', 1)");
  store_fixture_try (scope, "INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES ('g2', 'x', '" FOREIGN "', 1, 1)");
  store_fixture_try (scope, "INSERT INTO request (id, number, room_id, event_id, guest_id, status, title, created_at)"
                            " VALUES ('q2', 'REQ-2', 'r2', 'e2', 'g2', 'pending', '" FOREIGN "', 1)");
}

/* Where the mark is part of the key, a row of the same key in both: else a change could not hit the wrong one. */
static void
add_same_rows (TempoScope *scope)
{
  store_fixture_try (scope, "INSERT INTO recovery_code (member_id, digest) VALUES ('m1', 'same')");
  store_fixture_try (scope, "INSERT INTO usage (day, metric, value) VALUES ('2026-01-01', 'same', 1)");
  store_fixture_try (scope, "INSERT INTO search_miss (room_id, day, words, count) VALUES ('r1', '2026-01-01', 'same', 1)");
}

/* Who wrote a row is part of this key, and the view's triggers fill it in. */
static void
level_origins (const char *path)
{
  sqlite3 *db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, NULL);

  g_assert_true (tempo_sqlite_exec (db, "UPDATE base_usage SET origin = 'same' WHERE metric = 'same'", NULL));
  tempo_sqlite_close (db);
}

/* Of the tables the catalogue has today, each must have noticed the missing fence; a filter of writes is missed
 * only where rows may be changed. */
static void
check_each (Suite *suite, TempoGuardWeakness weakness, GPtrArray *tables)
{
  for (guint i = 0; i < tables->len; i++)
    {
      gboolean changeable = (tempo_catalogue_get_rights (tables->pdata[i], TRUE) & TEMPO_VIEW_MAY_CHANGE) != 0;

      if ((changeable || !(weakness & TEMPO_GUARD_NO_TRIGGER_FILTER)) && !g_hash_table_contains (suite->leaky, tables->pdata[i]))
        {
          g_test_message ("%s did not notice", (char *) tables->pdata[i]);
          g_test_fail ();
        }
    }
}

/* Returns: how many ways there are out. */
static guint
run_suite (StoreFixture *fixture, TempoGuardWeakness weakness)
{
  Suite suite = { .loud = weakness == TEMPO_GUARD_WHOLE };
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GError) error = NULL;

  suite.foreign = tempo_store_open_scope (fixture->path, BLUE, TRUE, TEMPO_GUARD_WHOLE, &error);
  g_assert_no_error (error);
  store_fixture_fill (suite.foreign, FOREIGN);
  add_foreign_rows (suite.foreign);
  add_same_rows (suite.foreign);
  suite.own = tempo_store_open_scope (fixture->path, ACME, TRUE, weakness, &error);
  g_assert_no_error (error);
  store_fixture_fill (suite.own, OWN);
  add_same_rows (suite.own);
  level_origins (fixture->path);
  suite.raw = tempo_sqlite_open (fixture->path, TEMPO_SQLITE_PLAIN, &error);
  g_assert_no_error (error);
  tables = tempo_catalogue_list_tables (suite.raw, &error);
  g_assert_no_error (error);

  suite.leaky = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < tables->len; i++)
    {
      suite.table = tables->pdata[i];
      try_count (&suite, tables->pdata[i]);
      try_columns (&suite, tables->pdata[i]);
      try_table (&suite, tables->pdata[i]);
    }
  suite.table = NULL;
  try_doors (&suite);
  try_foreign_ids (&suite);
  try_harmless (&suite, "DELETE FROM room WHERE id = 'r1'");
  try_changes (&suite, tables);

  tempo_scope_free (suite.own);
  tempo_scope_free (suite.foreign);
  tempo_sqlite_close (suite.raw);
  if (weakness != TEMPO_GUARD_WHOLE)
    check_each (&suite, weakness, tables);
  g_hash_table_unref (suite.leaky);
  return suite.leaks;
}

static void
test_whole (StoreFixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (run_suite (fixture, TEMPO_GUARD_WHOLE), ==, 0);
}

/* The suite would notice each fence's absence. */
static void
test_mutations (StoreFixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (run_suite (fixture, GPOINTER_TO_UINT (data)), >, 0);
}

/* A foreign key's cascade and the schema's own triggers work through the fences. */
static void
test_cascade_through_guard (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoScope) scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  g_autoptr (GString) rows = g_string_new (NULL);

  store_fixture_fill (scope, OWN);
  store_fixture_try (scope, "DELETE FROM guest WHERE id = 'g1'");
  tempo_scope_try_sql_rows (scope, "SELECT guest_id IS NULL, (SELECT count (*) FROM vote) FROM request", rows, NULL);
  g_assert_cmpstr (rows->str, ==, "1|0\n");
  store_fixture_try (scope, "DELETE FROM event WHERE id = 'e1'");
  g_string_truncate (rows, 0);
  tempo_scope_try_sql_rows (scope, "SELECT event_id IS NULL, request_id IS NULL, (SELECT count (*) FROM request) FROM play", rows, NULL);
  g_assert_cmpstr (rows->str, ==, "1|1|0\n");
  store_fixture_try (scope, "DELETE FROM room WHERE id = 'r1'");
  g_string_truncate (rows, 0);
  tempo_scope_try_sql_rows (scope, "SELECT (SELECT count (*) FROM play) + (SELECT count (*) FROM display) + (SELECT count (*) FROM playback)",
                            rows, NULL);
  g_assert_cmpstr (rows->str, ==, "0\n");
}

typedef struct
{
  const char *path;
  gboolean acme;
  gint64 took[ROUNDS]; /* us */
} Reader;

static gpointer
read_thread (gpointer data)
{
  Reader *self = data;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (GString) rows = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoScope) scope = NULL;
      gint64 before;

      scope = tempo_scope_open (self->path, TEMPO_SQLITE_READER, self->acme ? ACME : BLUE, TEMPO_GUARD_WHOLE, &error);
      g_assert_no_error (error);
      before = g_get_monotonic_time ();
      tempo_scope_try_sql_rows (scope, "SELECT name FROM room JOIN setting ON 1 JOIN audit ON 1", rows, &error);
      self->took[i] = g_get_monotonic_time () - before;
      g_assert_no_error (error);
      g_assert_nonnull (strstr (rows->str, self->acme ? OWN : FOREIGN));
      g_assert_null (strstr (rows->str, self->acme ? FOREIGN : OWN));
    }
  return NULL;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *one = a, *other = b;

  return *one < *other ? -1 : *one > *other;
}

/* Fifty at once read two organizations while both are written. */
static void
test_fifty_clients (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoScope) own = tempo_store_open_scope (fixture->path, ACME, TRUE, TEMPO_GUARD_WHOLE, NULL);
  g_autoptr (TempoScope) foreign = tempo_store_open_scope (fixture->path, BLUE, TRUE, TEMPO_GUARD_WHOLE, NULL);
  Reader readers[CLIENTS];
  GThread *threads[CLIENTS];
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  store_fixture_fill (own, OWN);
  store_fixture_fill (foreign, FOREIGN);
  for (guint i = 0; i < CLIENTS; i++)
    {
      readers[i] = (Reader) { fixture->path, i % 2 == 0, { 0 } };
      threads[i] = g_thread_new ("reader", read_thread, &readers[i]);
    }
  for (guint i = 0; i < 100; i++)
    {
      store_fixture_try (own, "UPDATE setting SET value = '" OWN "'");
      store_fixture_try (foreign, "UPDATE setting SET value = '" FOREIGN "'");
    }
  for (guint i = 0; i < CLIENTS; i++)
    {
      g_thread_join (threads[i]);
      g_array_append_vals (times, readers[i].took, ROUNDS);
    }
  g_array_sort (times, compare_times);
  g_test_message ("%u clients, %u queries, no foreign row; median %.2f ms, 95th percentile %.2f ms", CLIENTS, times->len,
                  (double) g_array_index (times, gint64, times->len / 2) / 1000,
                  (double) g_array_index (times, gint64, times->len * 95 / 100) / 1000);
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; TempoGuardWeakness weakness; } mutations[] = {
    { "/isolation/without-text-rule", TEMPO_GUARD_NO_TEXT_RULE },
    { "/isolation/without-authorizer", TEMPO_GUARD_NO_AUTHORIZER },
    { "/isolation/without-view-filter", TEMPO_GUARD_NO_VIEW_FILTER },
    { "/isolation/without-trigger-filter", TEMPO_GUARD_NO_TRIGGER_FILTER },
  };

  g_test_init (&argc, &argv, NULL);
  store_fixture_add_closed ("/isolation/whole", test_whole);
  for (gsize i = 0; i < G_N_ELEMENTS (mutations); i++)
    g_test_add (mutations[i].name, StoreFixture, GUINT_TO_POINTER (mutations[i].weakness),
                store_fixture_set_up_closed, test_mutations, store_fixture_tear_down);
  store_fixture_add_closed ("/isolation/cascade-through-guard", test_cascade_through_guard);
  store_fixture_add_closed ("/isolation/fifty-clients", test_fifty_clients);
  return g_test_run ();
}
