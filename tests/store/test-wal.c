/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>

#include "store/tempo-store-private.h"

/* Who may checkpoint: two connections that do at once can damage a file in SQLite before 3.51.3. */

#define WAL_BOUND (24 * 1024 * 1024)

static gint64
measure_wal (StoreFixture *fixture)
{
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  GStatBuf info;

  return g_stat (wal, &info) == 0 ? info.st_size : -1;
}

static void
test_settings (StoreFixture *fixture, gconstpointer data)
{
  static const struct { const char *pragma; gint64 writer, reader; } cases[] = {
    { "PRAGMA wal_autocheckpoint", 0, 0 },
    { "PRAGMA mmap_size", 0, 0 },
    { "PRAGMA busy_timeout", 5000, 5000 },
    { "PRAGMA synchronous", 2, 2 },
    { "PRAGMA foreign_keys", 1, 0 },
    { "PRAGMA journal_size_limit", 67108864, -1 },
  };

  for (TempoSqliteKind kind = TEMPO_SQLITE_WRITER; kind <= TEMPO_SQLITE_PLAIN; kind++)
    {
      sqlite3 *db = tempo_sqlite_open (fixture->path, kind, NULL);
      int stays_on_close = 0;

      for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        g_assert_cmpint (store_fixture_count (db, cases[i].pragma), ==, kind == TEMPO_SQLITE_WRITER ? cases[i].writer : cases[i].reader);
      sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &stays_on_close);
      g_assert_cmpint (stays_on_close, ==, kind != TEMPO_SQLITE_WRITER);
      g_assert_cmpint (sqlite3_db_readonly (db, "main"), ==, kind != TEMPO_SQLITE_WRITER);
      tempo_sqlite_close (db);
    }
}

static gpointer
checkpoint_in_read (TempoScope *scope, gpointer user_data, GError **error)
{
  sqlite3 *db = tempo_scope_get_db (scope);
  int moved = 0;

  tempo_scope_control (scope, "COMMIT", NULL);
  for (int mode = SQLITE_CHECKPOINT_PASSIVE; mode <= SQLITE_CHECKPOINT_TRUNCATE; mode++)
    g_assert_cmpint (sqlite3_wal_checkpoint_v2 (db, NULL, mode, NULL, &moved), !=, SQLITE_OK);
  g_assert_false (tempo_scope_control (scope, "CREATE TABLE x (a)", NULL));
  tempo_scope_control (scope, "BEGIN", NULL);
  return scope;
}

/* A reader cannot checkpoint, cannot write past its scope, and its closing leaves the WAL as it is. */
static void
test_reader (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoScope) reader = NULL;
  gint64 size = 0;

  store_fixture_add_setting (fixture->store, "k", "v");
  size = measure_wal (fixture);
  g_assert_cmpint (size, >, 0);
  g_assert_nonnull (tempo_store_read (fixture->store, checkpoint_in_read, NULL, NULL));
  g_assert_cmpint (measure_wal (fixture), ==, size);
  reader = tempo_scope_open (fixture->path, TEMPO_SQLITE_READER, ACME, TEMPO_GUARD_WHOLE, NULL);
  g_clear_pointer (&reader, tempo_scope_free);
  g_assert_cmpint (measure_wal (fixture), ==, size);
}

/* Even the last connection to close, when the writer is gone without a word. */
static void
test_last_reader (StoreFixture *fixture, gconstpointer data)
{
  TempoScope *writer = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  TempoScope *reader = NULL;
  gint64 size = 0;

  store_fixture_fill (writer, "x");
  reader = tempo_scope_open (fixture->path, TEMPO_SQLITE_READER, ACME, TEMPO_GUARD_WHOLE, NULL);
  store_fixture_try (reader, "SELECT * FROM room");
  size = measure_wal (fixture);
  sqlite3_db_config (tempo_scope_get_db (writer), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  tempo_scope_free (writer);
  tempo_scope_free (reader);
  g_assert_cmpint (size, >, 0);
  g_assert_cmpint (measure_wal (fixture), ==, size);
  store_fixture_open (fixture);
  g_assert_true (tempo_store_was_unclean (fixture->store));
}

static void
write_much (TempoStore *store, guint megabytes)
{
  g_autofree char *value = g_strnfill (64 * 1024, 'v');

  for (guint i = 0; i < megabytes * 16; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i % 8);

      store_fixture_add_setting (store, key, value);
    }
}

/* The writer keeps the WAL short by itself. */
static void
test_bounded (StoreFixture *fixture, gconstpointer data)
{
  write_much (fixture->store, 96);
  g_assert_cmpint (measure_wal (fixture), <, WAL_BOUND);
}

/* A reader that looks at an old moment holds the WAL back, and only as long as it looks. */
static void
test_old_reader (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoScope) reader = NULL;
  gint64 held = 0;

  store_fixture_add_setting (fixture->store, "k", "v");
  reader = tempo_scope_open (fixture->path, TEMPO_SQLITE_READER, ACME, TEMPO_GUARD_WHOLE, NULL);
  g_assert_true (tempo_scope_control (reader, "BEGIN", NULL));
  store_fixture_try (reader, "SELECT * FROM setting");
  write_much (fixture->store, 40);
  held = measure_wal (fixture);
  g_assert_cmpint (held, >, WAL_BOUND);
  g_assert_true (tempo_scope_control (reader, "COMMIT", NULL));
  write_much (fixture->store, 40);
  g_assert_cmpint (measure_wal (fixture), <, held + WAL_BOUND);
}

static void
test_one_writer (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tempo_store_open (fixture->path, ACME, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  store_fixture_add ("/wal/settings", test_settings);
  store_fixture_add ("/wal/reader", test_reader);
  store_fixture_add_closed ("/wal/last-reader", test_last_reader);
  store_fixture_add ("/wal/bounded", test_bounded);
  store_fixture_add ("/wal/old-reader", test_old_reader);
  store_fixture_add ("/wal/one-writer", test_one_writer);
  return g_test_run ();
}
