/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-fixture FILE: writes a small file of the newest schema with a row in every table, to be
 * kept as fixtures/version-N.db when version N is released, and never made again. */
#include "store-fixture.h"

#include "store/tempo-store-private.h"

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  TempoScope *scope = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (argc, ==, 2);
  g_assert_false (g_file_test (argv[1], G_FILE_TEST_EXISTS));
  scope = tempo_store_open_scope (argv[1], ACME, FALSE, TEMPO_GUARD_WHOLE, &error);
  g_assert_no_error (error);
  store_fixture_fill (scope, "fixture");
  store_fixture_try (scope, "INSERT INTO audit (at, actor_kind, actor_name, action, before, reason, address, agent)"
                            " VALUES (2, 'member', 'Käthe', 'change', '{\"a\":1}', '', '127.0.0.1', 'x')");
  store_fixture_try (scope, "INSERT INTO audit (at, actor_kind, action) VALUES (3, 'system', 'stop')");
  tempo_scope_free (scope);
  db = tempo_sqlite_open (argv[1], TEMPO_SQLITE_WRITER, &error);
  g_assert_no_error (error);
  tempo_sqlite_exec (db, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM", &error);
  g_assert_no_error (error);
  tempo_sqlite_close (db);
  return 0;
}
