/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/tempo-catalogue-private.h"
#include "store/tempo-migration-private.h"
#include "store/tempo-store-private.h"

#define STATEMENTS "/io/github/tempo_venue/Tempo/sql/statements"

/* Tables of this host only: no origin, no hlc. */
static const char *const local_tables[] = { "tenant", "playback", "counter", "idempotency", "session", "search_miss", NULL };

static sqlite3 *
open_raw (StoreFixture *fixture, TempoSqliteKind kind)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db = tempo_sqlite_open (fixture->path, kind, &error);

  g_assert_no_error (error);
  return db;
}

static void
run (sqlite3 *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  tempo_sqlite_exec (db, sql, &error);
  g_assert_no_error (error);
}

static char *
dump_schema (sqlite3 *db)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  GString *text = g_string_new (NULL);

  sqlite3_prepare_v2 (db, "SELECT name, sql FROM sqlite_schema ORDER BY name", -1, &stmt, NULL);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    g_string_append_printf (text, "%s: %s\n", (const char *) sqlite3_column_text (stmt, 0),
                            sqlite3_column_text (stmt, 1) != NULL ? (const char *) sqlite3_column_text (stmt, 1) : "");
  return g_string_free (text, FALSE);
}

/* Up, down, up: the same schema, and nothing left in between. */
static void
test_round_trip (StoreFixture *fixture, const TempoMigration *migration)
{
  sqlite3 *db = open_raw (fixture, TEMPO_SQLITE_WRITER);
  g_autofree char *empty = dump_schema (db);
  g_autofree char *first = NULL;
  g_autofree char *between = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;

  tempo_migration_apply (migration, db, &error);
  g_assert_no_error (error);
  first = dump_schema (db);
  g_assert_cmpstr (first, !=, empty);
  g_assert_cmpint (store_fixture_count (db, "PRAGMA user_version"), ==, migration->newest);
  g_assert_cmpint (store_fixture_count (db, "PRAGMA application_id"), ==, migration->application_id);
  tempo_migration_revert (migration, db, 0, &error);
  g_assert_no_error (error);
  between = dump_schema (db);
  g_assert_cmpstr (between, ==, empty);
  g_assert_cmpint (store_fixture_count (db, "PRAGMA application_id"), ==, 0);
  tempo_migration_apply (migration, db, &error);
  g_assert_no_error (error);
  second = dump_schema (db);
  g_assert_cmpstr (second, ==, first);
  tempo_sqlite_close (db);
}

static void
test_round_trip_organization (StoreFixture *fixture, gconstpointer data)
{
  test_round_trip (fixture, &tempo_migration_organization);
}

static void
test_round_trip_registry (StoreFixture *fixture, gconstpointer data)
{
  test_round_trip (fixture, &tempo_migration_registry);
}

/* Going back with rows in every table. */
static void
test_revert_filled (StoreFixture *fixture, gconstpointer data)
{
  TempoScope *scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  sqlite3 *db = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_fill (scope, "x");
  tempo_scope_free (scope);
  db = open_raw (fixture, TEMPO_SQLITE_WRITER);
  tempo_migration_revert (&tempo_migration_organization, db, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (store_fixture_count (db, "SELECT count (*) FROM sqlite_schema"), ==, 0);
  tempo_sqlite_close (db);
}

/* A file of each released version, made by make-fixture then, opens today with all its rows. */
static void
test_fixture_version_1 (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *from = g_test_build_filename (G_TEST_DIST, "store", "fixtures", "version-1.db", NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *value = NULL;
  g_autofree char *head = NULL;
  g_autoptr (GError) error = NULL;
  guint64 rows = 0;
  gsize length = 0;

  g_assert_true (g_file_get_contents (from, &bytes, &length, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, &error));
  store_fixture_open (fixture);
  value = store_fixture_get_setting (fixture->store, "k1");
  g_assert_cmpstr (value, ==, "fixture");
  tempo_store_verify_audit (fixture->store, NULL, &rows, &head, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows, ==, 3);
  g_assert_true (tempo_store_check (fixture->store, &error));
  store_fixture_add_setting (fixture->store, "new", "row");
}

/* The steps that made the fixture make the same schema today: a released step is frozen. Before its
 * release a changed step wants a fixture made anew: make-fixture FILE. */
static void
test_fixture_frozen (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "store", "fixtures", "version-1.db", NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *frozen = NULL;
  g_autofree char *today = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  sqlite3 *db = open_raw (fixture, TEMPO_SQLITE_WRITER);

  tempo_migration_apply (&tempo_migration_organization, db, &error);
  g_assert_no_error (error);
  tempo_migration_revert (&tempo_migration_organization, db, 1, &error);
  g_assert_no_error (error);
  today = dump_schema (db);
  tempo_sqlite_close (db);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, NULL));
  db = open_raw (fixture, TEMPO_SQLITE_PLAIN);
  frozen = dump_schema (db);
  tempo_sqlite_close (db);
  g_assert_cmpstr (today, ==, frozen);
}

static void
set_version (StoreFixture *fixture, const char *pragma)
{
  sqlite3 *db = NULL;

  store_fixture_open (fixture);
  store_fixture_close (fixture);
  db = open_raw (fixture, TEMPO_SQLITE_WRITER);
  run (db, pragma);
  tempo_sqlite_close (db);
}

/* A file from a newer Tempo is refused and not a byte of it changes. */
static void
test_newer (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  g_autoptr (GError) error = NULL;
  gsize length_before = 0, length_after = 0;

  set_version (fixture, "PRAGMA user_version = 999");
  g_assert_true (g_file_get_contents (fixture->path, &before, &length_before, NULL));
  g_assert_null (tempo_store_open (fixture->path, ACME, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER);
  g_assert_true (g_file_get_contents (fixture->path, &after, &length_after, NULL));
  g_assert_cmpmem (before, length_before, after, length_after);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
}

/* The same when the newer version is still in the WAL, where the first bytes do not show it. */
static void
test_newer_in_wal (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  store_fixture_open (fixture);
  store_fixture_close (fixture);
  db = open_raw (fixture, TEMPO_SQLITE_WRITER);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  run (db, "PRAGMA user_version = 999");
  tempo_sqlite_close (db);
  g_assert_true (tempo_migration_inspect (&tempo_migration_organization, fixture->path, NULL));
  g_assert_null (tempo_store_open (fixture->path, ACME, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER);
}

static void
test_not_ours (StoreFixture *fixture, gconstpointer data)
{
  static const char *const contents[] = { "x", "SQLite format 2 and more, but a whole page is not here" };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) garbage = NULL;

      g_assert_true (g_file_set_contents (fixture->path, contents[i], -1, NULL));
      g_assert_null (tempo_store_open (fixture->path, ACME, &garbage));
      g_assert_error (garbage, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
    }
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  set_version (fixture, "PRAGMA application_id = 7");
  g_assert_null (tempo_store_open (fixture->path, ACME, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
}

/* The catalogue */

/* @sql counts what is wrong with the table ?1. */
static gboolean
has_fault (sqlite3 *db, const char *sql, const char *table)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  sqlite3_bind_text (stmt, 1, table, -1, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  return sqlite3_column_int (stmt, 0) != 0;
}

static gboolean
is_guarded (sqlite3 *db, TempoScope *scope, const char *table)
{
  static const char *const faults[] = {
    /* The tenant leads the primary key, every other key and index, and every reference. */
    "SELECT count (*) = 0 FROM pragma_table_info (?1) WHERE name = 'tenant_id' AND pk = 1 AND \"notnull\"",
    "SELECT count (*) FROM pragma_index_list (?1) l, pragma_index_info (l.name) i WHERE i.seqno = 0 AND i.name <> 'tenant_id'",
    "SELECT count (*) FROM pragma_foreign_key_list (?1) WHERE seq = 0 AND (\"from\" <> 'tenant_id' OR \"to\" <> 'tenant_id')",
  };
  const char *name = table + strlen ("base_");
  g_autofree char *view = NULL;

  if (!g_str_has_prefix (table, "base_"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (has_fault (db, faults[i], table))
      return FALSE;
  if (!g_strv_contains (local_tables, name)
      && has_fault (db, "SELECT count (*) <> 2 FROM pragma_table_info (?1) WHERE name IN ('hlc', 'origin')", table))
    return FALSE;
  view = g_strdup_printf ("SELECT * FROM %s", name);
  return tempo_scope_try_sql (scope, view, NULL);
}

static guint
count_unguarded (StoreFixture *fixture)
{
  g_autoptr (TempoScope) scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  sqlite3 *db = open_raw (fixture, TEMPO_SQLITE_PLAIN);
  guint unguarded = 0;

  /* A table that no view can be made for keeps the file from being opened at all. */
  if (scope == NULL)
    unguarded = 1;
  sqlite3_prepare_v2 (db, "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &stmt, NULL);
  while (scope != NULL && sqlite3_step (stmt) == SQLITE_ROW)
    if (!is_guarded (db, scope, (const char *) sqlite3_column_text (stmt, 0)))
      unguarded++;
  g_clear_pointer (&stmt, sqlite3_finalize);
  tempo_sqlite_close (db);
  return unguarded;
}

static void
test_catalogue (StoreFixture *fixture, gconstpointer data)
{
  static const char *const strays[] = {
    "CREATE TABLE stray (tenant_id TEXT NOT NULL, id TEXT, origin TEXT, hlc INTEGER, PRIMARY KEY (tenant_id, id))",
    "CREATE TABLE base_stray (id TEXT PRIMARY KEY, origin TEXT, hlc INTEGER)",
    "CREATE TABLE base_stray (tenant_id TEXT NOT NULL, id TEXT, origin TEXT, hlc INTEGER, PRIMARY KEY (id, tenant_id))",
    "CREATE TABLE base_stray (tenant_id TEXT NOT NULL, id TEXT UNIQUE, origin TEXT, hlc INTEGER, PRIMARY KEY (tenant_id, id))",
    "CREATE TABLE base_stray (tenant_id TEXT NOT NULL, id TEXT, room TEXT REFERENCES base_room (id), origin TEXT, hlc INTEGER,"
    " PRIMARY KEY (tenant_id, id))",
    "CREATE TABLE base_stray (tenant_id TEXT NOT NULL, id TEXT, PRIMARY KEY (tenant_id, id))",
  };

  g_assert_cmpuint (count_unguarded (fixture), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (strays); i++)
    {
      sqlite3 *db = open_raw (fixture, TEMPO_SQLITE_WRITER);

      run (db, "DROP TABLE IF EXISTS stray; DROP TABLE IF EXISTS base_stray");
      run (db, strays[i]);
      tempo_sqlite_close (db);
      g_assert_cmpuint (count_unguarded (fixture), ==, 1);
    }
}

/* A table that comes later is guarded without anybody writing a view for it. */
static void
test_new_table (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoScope) scope = NULL;
  g_autoptr (GString) rows = g_string_new (NULL);
  sqlite3 *db = NULL;

  store_fixture_open (fixture);
  store_fixture_close (fixture);
  db = open_raw (fixture, TEMPO_SQLITE_WRITER);
  run (db, "CREATE TABLE base_later (tenant_id TEXT NOT NULL, id TEXT NOT NULL, note TEXT NOT NULL DEFAULT 'none',"
           " origin TEXT NOT NULL, hlc INTEGER NOT NULL, PRIMARY KEY (tenant_id, id));"
           "INSERT INTO base_later VALUES ('" BLUE "', '1', 'theirs', 'x', 1)");
  tempo_sqlite_close (db);
  scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  store_fixture_try (scope, "INSERT INTO later (id) VALUES ('1')");
  tempo_scope_try_sql_rows (scope, "SELECT id, note FROM later", rows, NULL);
  g_assert_cmpstr (rows->str, ==, "1|none\n");
}

/* Statements */

static gboolean
replaces_a_parent (const char *sql)
{
  static const char *const parents[] = { "room", "event", "guest", "request", "display", "member" };

  for (gsize i = 0; i < G_N_ELEMENTS (parents); i++)
    {
      g_autofree char *pattern = g_strdup_printf ("\\bREPLACE\\s+INTO\\s+%s\\b", parents[i]);

      if (g_regex_match_simple (pattern, sql, G_REGEX_CASELESS, 0))
        return TRUE;
    }
  return FALSE;
}

static void
test_statements (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoScope) scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  g_auto (GStrv) names = g_resources_enumerate_children (STATEMENTS, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert_cmpuint (g_strv_length (names), >, 0);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (STATEMENTS "/", names[i], NULL);
      g_autofree char *name = g_strndup (names[i], strlen (names[i]) - strlen (".sql"));
      g_autoptr (GBytes) text = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autoptr (TempoRows) rows = NULL;
      g_autoptr (sqlite3_stmt) first = NULL;
      g_autoptr (sqlite3_stmt) second = NULL;
      g_autoptr (GError) error = NULL;
      const char *rest = NULL;

      rows = tempo_scope_query (scope, &error, name, "");
      g_assert_no_error (error);
      sqlite3_prepare_v2 (tempo_scope_get_db (scope), g_bytes_get_data (text, NULL), -1, &first, &rest);
      sqlite3_prepare_v2 (tempo_scope_get_db (scope), rest, -1, &second, NULL);
      if (second != NULL)
        g_error ("%s has more than one statement", name);
      if (replaces_a_parent (g_bytes_get_data (text, NULL)))
        g_error ("%s replaces a row that others reference, and would delete them", name);
    }
}

static void
test_replace_rule (void)
{
  g_assert_true (replaces_a_parent ("insert or replace into request (id) VALUES (1)"));
  g_assert_false (replaces_a_parent ("INSERT OR REPLACE INTO request_note (id) VALUES (1)"));
  g_assert_false (replaces_a_parent ("INSERT INTO request (id) VALUES (1)"));
}

/* Rules of the schema */

static void
assert_constraint (TempoScope *scope, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (tempo_scope_try_sql (scope, sql, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);
}

static void
test_rules (StoreFixture *fixture, gconstpointer data)
{
  static const char *const refused[] = {
    "INSERT INTO event (id, room_id, number, name, state, created_at) VALUES ('e2', 'r1', 'EVT-2', 'x', 'active', 1)",
    "INSERT INTO event (id, room_id, number, name, created_at) VALUES ('e2', 'r1', 'EVT-1', 'x', 1)",
    "UPDATE event SET state = 'over'", "UPDATE request SET status = 'lost'", "UPDATE room SET switch_state = 'ajar'",
    "UPDATE member SET role = 'king'", "UPDATE request SET created_at = 'noon'", "UPDATE request SET id = 'q7'",
    "INSERT INTO member (id, username, role, created_at) VALUES ('m2', 'x', 'viewer', 1)",
    "INSERT INTO room (id, code, name, created_at) VALUES ('r2', 'C1', 'x', 1)",
    "INSERT INTO setting (key, value) VALUES ('k2', NULL)",
  };
  g_autoptr (TempoScope) scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);

  store_fixture_fill (scope, "x");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_constraint (scope, refused[i]);
  /* A second active event is fine once the first is over, or in another room. */
  store_fixture_try (scope, "UPDATE event SET state = 'ended'");
  store_fixture_try (scope, "INSERT INTO event (id, room_id, number, name, state, created_at) VALUES ('e2', 'r1', 'EVT-2', 'x', 'active', 1)");
}

/* What a statement leaves out or says NULL for, and what it may not say. */
static void
test_filled_in (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoScope) scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  g_autoptr (GString) rows = g_string_new (NULL);

  store_fixture_try (scope, "INSERT INTO room (id, code, name, volume, origin, hlc, created_at) VALUES ('r1', 'C1', 'x', NULL, 'me', -1, 1)");
  tempo_scope_try_sql_rows (scope, "SELECT switch_state, volume, wifi_ssid IS NULL, length (origin), hlc > 0 FROM room", rows, NULL);
  g_assert_cmpstr (rows->str, ==, "open|1.0|1|36|1\n");
  store_fixture_try (scope, "UPDATE room SET name = 'y', hlc = -1");
  store_fixture_try (scope, "INSERT OR REPLACE INTO setting (key, value) VALUES ('k', '1')");
  store_fixture_try (scope, "INSERT OR REPLACE INTO setting (key, value) VALUES ('k', '2')");
  store_fixture_try (scope, "INSERT OR IGNORE INTO setting (key, value) VALUES ('k', '3')");
  g_string_truncate (rows, 0);
  tempo_scope_try_sql_rows (scope, "SELECT r.name, r.hlc > 0, s.value FROM room r, setting s", rows, NULL);
  g_assert_cmpstr (rows->str, ==, "y|1|2\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  store_fixture_add_closed ("/schema/round-trip/organization", test_round_trip_organization);
  store_fixture_add_closed ("/schema/round-trip/registry", test_round_trip_registry);
  store_fixture_add_closed ("/schema/revert-filled", test_revert_filled);
  store_fixture_add_closed ("/schema/fixture/version-1", test_fixture_version_1);
  store_fixture_add_closed ("/schema/fixture/frozen", test_fixture_frozen);
  store_fixture_add_closed ("/schema/newer", test_newer);
  store_fixture_add_closed ("/schema/newer-in-wal", test_newer_in_wal);
  store_fixture_add_closed ("/schema/not-ours", test_not_ours);
  store_fixture_add_closed ("/schema/catalogue", test_catalogue);
  store_fixture_add_closed ("/schema/new-table", test_new_table);
  store_fixture_add_closed ("/schema/statements", test_statements);
  g_test_add_func ("/schema/replace-rule", test_replace_rule);
  store_fixture_add_closed ("/schema/rules", test_rules);
  store_fixture_add_closed ("/schema/filled-in", test_filled_in);
  return g_test_run ();
}
