/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <string.h>

#include "store/tempo-store-private.h"

static void
add_rows (StoreFixture *fixture, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (TempoBatch) batch = tempo_batch_new ();
      g_autoptr (GError) error = NULL;

      tempo_batch_add (batch, "audit-insert", "isssssssssss", (gint64) i, "member", "m1", "Ada", "request.approve", "request", "q1",
                       NULL, "{\"status\":\"approved\"}", "", "127.0.0.1", "test");
      tempo_store_write (fixture->store, batch, &error);
      g_assert_no_error (error);
    }
}

/* What somebody with the file and a tool could do, past both fences. */
static void
tamper (StoreFixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db = tempo_sqlite_open (fixture->path, TEMPO_SQLITE_WRITER, &error);

  g_assert_no_error (error);
  g_assert_false (tempo_sqlite_exec (db, "UPDATE base_audit SET action = 'x'", NULL));
  g_assert_false (tempo_sqlite_exec (db, "DELETE FROM base_audit", NULL));
  tempo_sqlite_exec (db, "DROP TRIGGER base_audit_unchanged; DROP TRIGGER base_audit_undeleted", &error);
  g_assert_no_error (error);
  tempo_sqlite_exec (db, sql, &error);
  g_assert_no_error (error);
  tempo_sqlite_close (db);
}

static void
test_chain (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *head = NULL;
  g_autofree char *longer = NULL;
  g_autoptr (GError) error = NULL;
  guint64 rows = 99;

  g_assert_true (tempo_store_verify_audit (fixture->store, NULL, &rows, &head, &error));
  g_assert_cmpuint (rows, ==, 0);
  g_assert_null (head);
  add_rows (fixture, 5);
  g_assert_true (tempo_store_verify_audit (fixture->store, NULL, &rows, &head, &error));
  g_assert_cmpuint (rows, ==, 5);
  g_assert_cmpuint (strlen (head), ==, 64);
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  add_rows (fixture, 1);
  g_assert_true (tempo_store_verify_audit (fixture->store, NULL, &rows, &longer, &error));
  g_assert_cmpuint (rows, ==, 6);
  g_assert_cmpstr (longer, !=, head);
}

static void
test_tampering (void)
{
  static const struct { const char *sql, *says; } cases[] = {
    { "UPDATE base_audit SET tenant_id = '" BLUE "' WHERE seq = 5", "row 5 " },
    { "UPDATE base_audit SET origin = 'elsewhere' WHERE seq = 3", "row " },
    { "UPDATE base_audit SET seq = 99 WHERE seq = 5", "row 5 " },
    { "UPDATE base_audit SET at = at + 1 WHERE seq = 1", "row 1 " },
    { "UPDATE base_audit SET actor_kind = 'system' WHERE seq = 5", "row 5 " },
    { "UPDATE base_audit SET actor_id = NULL WHERE seq = 2", "row 2 " },
    { "UPDATE base_audit SET actor_name = 'Eve' WHERE seq = 3", "row 3 " },
    { "UPDATE base_audit SET action = 'x' WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET object_kind = 'guest' WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET object_id = 'q2' WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET before = '' WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET after = NULL WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET reason = NULL WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET address = '127.0.0.2' WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET agent = 'rest' WHERE seq = 4", "row 4 " },
    { "UPDATE base_audit SET prev = hash WHERE seq = 2", "row 2 " },
    { "UPDATE base_audit SET hash = replace (hash, substr (hash, 1, 2), 'zz') WHERE seq = 3", "row 3 " },
    { "UPDATE base_audit SET hash = substr (hash, 1, 64) WHERE seq = 3", "row 3 " },
    { "UPDATE base_audit SET hash = hash || '0' WHERE seq = 3", "row 3 " },
    { "UPDATE base_audit SET hlc = hlc + 1 WHERE seq = 5", "row 5 " },
    /* Two rows change places, and a value moves to its neighbour. */
    { "UPDATE base_audit SET seq = 2 - seq + 1000 WHERE seq IN (1, 2); UPDATE base_audit SET seq = seq - 999 WHERE seq >= 1000", "row " },
    { "UPDATE base_audit SET reason = address, address = NULL WHERE seq = 3", "row 3 " },
    /* Emptied like by an erasure that never was. */
    { "UPDATE base_audit SET actor_name = NULL, reason = 'erased:none', hash = substr (hash, 1, 64) WHERE seq = 3", "row 3 " },
    /* Removed: in the middle, the first, the end. */
    { "DELETE FROM base_audit WHERE seq = 2", "row 2 " },
    { "DELETE FROM base_audit WHERE seq = 1", "row 1 " },
    { "DELETE FROM base_audit WHERE seq = 5", "row 5 " },
    { "DELETE FROM base_audit", "row 1 " },
    /* Put in: behind the end, and in the middle, with the hash of its neighbour. */
    { "INSERT INTO base_audit SELECT tenant_id, origin, 6, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, before,"
      " after, reason, address, agent, substr (hash, 1, 64), hash, hlc FROM base_audit WHERE seq = 5", "row 6 " },
    { "INSERT INTO base_audit SELECT tenant_id, 'elsewhere', 1, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, before,"
      " after, reason, address, agent, '', hash, hlc FROM base_audit WHERE seq = 5", "row 1 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      StoreFixture fresh = { NULL, NULL, NULL };
      g_autoptr (GError) error = NULL;
      g_autofree char *noted = NULL;

      store_fixture_set_up (&fresh, NULL);
      add_rows (&fresh, 5);
      noted = tempo_store_note_audit (fresh.store, NULL);
      g_assert_true (tempo_store_verify_audit (fresh.store, noted, NULL, NULL, NULL));
      store_fixture_close (&fresh);
      tamper (&fresh, cases[i].sql);
      store_fixture_open (&fresh);
      g_assert_false (tempo_store_verify_audit (fresh.store, noted, NULL, NULL, &error));
      g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      store_fixture_tear_down (&fresh, NULL);
    }
}

/* Cutting the end off leaves a sound chain: only the noted figures tell. A log that was written anew from
 * the first row on is sound too, and not the one that was noted. */
static void
test_noted (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *noted = NULL;
  g_autoptr (GError) error = NULL;
  guint64 rows = 0;

  add_rows (fixture, 5);
  noted = tempo_store_note_audit (fixture->store, NULL);
  add_rows (fixture, 2);
  g_assert_true (tempo_store_verify_audit (fixture->store, noted, NULL, NULL, NULL));
  store_fixture_close (fixture);
  tamper (fixture, "DELETE FROM base_audit WHERE seq >= 5");
  store_fixture_open (fixture);
  g_assert_true (tempo_store_verify_audit (fixture->store, NULL, &rows, NULL, NULL));
  g_assert_cmpuint (rows, ==, 4);
  g_assert_false (tempo_store_verify_audit (fixture->store, noted, NULL, NULL, NULL));
  add_rows (fixture, 3);
  g_assert_true (tempo_store_verify_audit (fixture->store, NULL, NULL, NULL, NULL));
  g_assert_false (tempo_store_verify_audit (fixture->store, noted, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "row 5 "));
}

/* The scope has no way to change a row; past it, tamper() shows that the schema's triggers refuse too. */
static void
test_append_only (StoreFixture *fixture, gconstpointer data)
{
  static const char *const changes[] = { "UPDATE audit SET action = 'x'", "DELETE FROM audit", "INSERT OR REPLACE INTO audit"
                                         " (seq, at, actor_kind, action, hash) VALUES (1, 1, 'x', 'x', 'x')" };
  g_autoptr (TempoScope) scope = NULL;
  g_autoptr (GString) rows = g_string_new (NULL);

  add_rows (fixture, 1);
  store_fixture_close (fixture);
  scope = tempo_store_open_scope (fixture->path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    g_assert_true (tempo_scope_try_sql (scope, changes[i], NULL) == (i == 2));
  /* The third was given the next number, whatever it said. */
  tempo_scope_try_sql_rows (scope, "SELECT seq, action FROM audit ORDER BY seq", rows, NULL);
  g_assert_cmpstr (rows->str, ==, "1|request.approve\n2|x\n");
}

/* A batch that fails leaves no number behind: the next row follows on. */
static void
test_no_gap (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoBatch) failing = tempo_batch_new ();
  guint64 rows = 0;

  add_rows (fixture, 1);
  tempo_batch_add (failing, "audit-insert", "issssnnnnnnn", (gint64) 1, "system", NULL, NULL, "start");
  tempo_batch_add (failing, "setting-set", "sn", "refused");
  g_assert_false (tempo_store_write (fixture->store, failing, NULL));
  add_rows (fixture, 1);
  g_assert_true (tempo_store_verify_audit (fixture->store, NULL, &rows, NULL, NULL));
  g_assert_cmpuint (rows, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  store_fixture_add ("/audit/chain", test_chain);
  g_test_add_func ("/audit/tampering", test_tampering);
  store_fixture_add ("/audit/noted", test_noted);
  store_fixture_add ("/audit/append-only", test_append_only);
  store_fixture_add ("/audit/no-gap", test_no_gap);
  return g_test_run ();
}
