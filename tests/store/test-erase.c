/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/tempo-erase.h"
#include "store/tempo-files.h"
#include "store/tempo-sqlite-private.h"

#define GUEST "01900000-0000-7000-8000-0000000000c3"
#define OTHER "01900000-0000-7000-8000-0000000000c5"
#define NAME "Quetzalcoatlus"
#define WORDS "for my grandmother Hildegunde"
#define COOKIE "cookie-of-the-phone-0815"
#define AGENT "PhoneBrowser/47.11"

static void
write_rows (StoreFixture *f, const char *const *rows)
{
  g_autoptr (TempoScope) scope = NULL;

  store_fixture_close (f);
  scope = tempo_scope_open (f->path, TEMPO_SQLITE_WRITER, ACME, TEMPO_GUARD_WHOLE, NULL);
  for (guint i = 0; rows[i] != NULL; i++)
    store_fixture_try (scope, rows[i]);
  g_clear_pointer (&scope, tempo_scope_free);
  store_fixture_open (f);
}

/* A night of a guest; rows of others between, so that pages split and text moves. */
static void
fill (StoreFixture *f)
{
  static const char *const rows[] = {
    "INSERT INTO room (id, code, name, created_at) VALUES ('r1', 'ABCDE', 'Main', 1)",
    "INSERT INTO event (id, room_id, number, name, created_at) VALUES ('e1', 'r1', 'ACM-EVT-001', 'N', 1)",
    "INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES ('" GUEST "', '" COOKIE "', '" NAME "', 1, 1)",
    "INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES ('" OTHER "', 'another', 'Bob', 1, 1)",
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 399)"
    " INSERT INTO request (id, number, room_id, event_id, guest_id, status, title, name, message, created_at)"
    " SELECT printf ('q%05d', (i * 7919) % 400), printf ('ACM-REQ-%03d', i), 'r1', 'e1', iif (i % 4, '" OTHER "', '" GUEST "'), 'played',"
    " 'Song', iif (i % 4, 'Bob', '" NAME "'), iif (i % 4, 'hello', '" WORDS "'), i FROM n",
    "INSERT INTO vote (request_id, guest_id, created_at) SELECT id, '" GUEST "', 1 FROM request WHERE guest_id = '" OTHER "'",
    "INSERT INTO idempotency (actor_id, key, request_id, created_at) VALUES ('" COOKIE "', 'k', 'q00000', 1)",
    "INSERT INTO audit (at, actor_kind, actor_id, action, object_kind, object_id, address, agent)"
    " SELECT created_at, 'guest', guest_id, 'submit', 'request', id, iif (guest_id = '" GUEST "', '192.168.77.66', '10.0.0.1'),"
    " iif (guest_id = '" GUEST "', '" AGENT "', 'x') FROM request",
    "INSERT INTO audit (at, actor_kind, actor_id, action, object_kind, object_id, before, after) VALUES (500, 'guest', '" GUEST "',"
    " 'rename_self', 'guest', '" GUEST "', 'Archaeopteryx', '" NAME "')",
    "INSERT INTO audit (at, actor_kind, actor_id, actor_name, action, object_kind, object_id, reason, address) VALUES (501, 'member', 'm1', 'ada',"
    " 'decline', 'request', 'q00000', 'not again, " NAME "', '127.0.0.1')",
    "UPDATE request SET name = name || '' WHERE id < 'q00200'",
    NULL,
  };

  write_rows (f, rows);
}

static gboolean
holds (const char *path, const char *text)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &bytes, &length, NULL))
    return FALSE;
  for (gsize i = 0; i + strlen (text) <= length; i++)
    if (memcmp (bytes + i, text, strlen (text)) == 0)
      return TRUE;
  return FALSE;
}

static const char *
find_in (const char *folder, const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) ? find_in (path, text) != NULL : holds (path, text))
        return g_intern_string (path);
    }
  return NULL;
}

static void
check_gone (const char *folder)
{
  static const char *const texts[] = { NAME, WORDS, COOKIE, AGENT, "192.168.77.66", "Archaeopteryx", "not again" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (find_in (folder, texts[i]) != NULL)
      g_error ("\"%s\" is still in %s", texts[i], find_in (folder, texts[i]));
}

static TempoErased
erase (StoreFixture *f, const char *receipt)
{
  TempoGuestErasure what = { GUEST, receipt, 777, "member", "m1", "ada", "127.0.0.1", "test" };
  TempoErased erased = { 0 };
  g_autoptr (GError) error = NULL;

  tempo_store_erase_guest (f->store, &what, &erased, &error);
  g_assert_no_error (error);
  tempo_copies_erase_guest (f->folder, ACME, &what, &erased, &error);
  g_assert_no_error (error);
  return erased;
}

static void
check_number (StoreFixture *f, const char *sql, gint64 expected)
{
  sqlite3 *db = tempo_sqlite_open (f->path, TEMPO_SQLITE_READER, NULL);

  g_assert_cmpint (store_fixture_count (db, sql), ==, expected);
  tempo_sqlite_close (db);
}

static void
check_log (StoreFixture *f)
{
  g_autoptr (GError) error = NULL;

  tempo_store_verify_audit (f->store, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_guest (StoreFixture *f, gconstpointer data)
{
  g_autofree char *backups = g_build_filename (f->folder, "backups", NULL);
  g_autofree char *backup = g_build_filename (backups, "2025-01-01T000000Z.db", NULL);
  g_autofree char *kept = g_strconcat (f->path, ".before-restore-1", NULL);
  g_autofree char *noted = NULL, *found = NULL;
  g_autoptr (GError) error = NULL;
  TempoErased erased;

  fill (f);
  g_mkdir_with_parents (backups, 0700);
  g_assert_true (tempo_store_backup (f->store, backup, NULL));
  g_assert_true (tempo_files_copy (f->path, kept, NULL));
  noted = tempo_store_note_audit (f->store, NULL);
  g_assert_nonnull (find_in (f->folder, WORDS));
  found = tempo_store_find_guest (f->store, "ACM-REQ-000", NULL);
  g_assert_cmpstr (found, ==, GUEST);
  g_assert_null (tempo_store_find_guest (f->store, "ACM-REQ-999", &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  erased = erase (f, "receipt-1");
  check_gone (f->folder);
  g_assert_cmpint (erased.requests, ==, 100);
  g_assert_cmpint (erased.votes, ==, 300);
  g_assert_cmpint (erased.answers, ==, 1);
  g_assert_cmpint (erased.log_rows, ==, 102);
  g_assert_cmpint (erased.backups, ==, 1);
  g_assert_cmpint (erased.destroyed, ==, 1);
  g_assert_cmpint (erased.shared, ==, 0);
  check_log (f);
  g_assert_true (tempo_store_verify_audit (f->store, noted, NULL, NULL, &error));
  g_assert_true (tempo_store_verify_file (backup, ACME, &error));
  check_number (f, "SELECT count (*) FROM base_request WHERE name = 'Bob' AND message = 'hello'", 300);
  check_number (f, "SELECT count (*) FROM base_audit WHERE actor_name = 'ada' AND address = '127.0.0.1'", 2);
  check_number (f, "SELECT count (*) FROM sqlite_schema WHERE name IN ('base_audit_unchanged', 'base_audit_undeleted')", 2);
  store_fixture_add_setting (f->store, "after", "1");
  check_log (f);
}

/* Said once more it does nothing more, and its row accounts for nothing. */
static void
test_twice (StoreFixture *f, gconstpointer data)
{
  TempoErased erased;

  fill (f);
  erase (f, "receipt-1");
  erased = erase (f, "receipt-2");
  g_assert_cmpint (erased.log_rows, ==, 0);
  check_log (f);
  check_gone (f->folder);
}

/* What others wrote alike stays, and is told. */
static void
test_shared (StoreFixture *f, gconstpointer data)
{
  static const char *const rows[] = { "UPDATE guest SET name = '" NAME "' WHERE id = '" OTHER "'", NULL };
  TempoErased erased;

  fill (f);
  write_rows (f, rows);
  erased = erase (f, "receipt-1");
  g_assert_cmpint (erased.shared, ==, 1);
  check_number (f, "SELECT count (*) FROM base_guest WHERE name = '" NAME "'", 1);
}

/* An emptied row can neither be changed further nor another be passed off as emptied. */
static void
test_tampering (StoreFixture *f, gconstpointer data)
{
  static const char *const changes[] = {
    "UPDATE base_audit SET action = 'x' WHERE seq = (SELECT min (seq) FROM base_audit WHERE reason LIKE 'erased:%')",
    "UPDATE base_audit SET before = 'x' WHERE seq = (SELECT max (seq) FROM base_audit WHERE reason LIKE 'erased:%')",
    "UPDATE base_audit SET hash = substr (hash, 1, 64), reason = 'erased:receipt-1', address = NULL WHERE seq = 2",
    "UPDATE base_audit SET after = replace (after, 'rows', 'Rows') WHERE action = 'guest_erase'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      StoreFixture fresh = { NULL, NULL, NULL };
      sqlite3 *db = NULL;

      store_fixture_set_up (&fresh, NULL);
      fill (&fresh);
      erase (&fresh, "receipt-1");
      store_fixture_close (&fresh);
      db = tempo_sqlite_open (fresh.path, TEMPO_SQLITE_WRITER, NULL);
      sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
      g_assert_true (tempo_sqlite_exec (db, changes[i], NULL));
      tempo_sqlite_close (db);
      store_fixture_open (&fresh);
      g_assert_false (tempo_store_verify_audit (fresh.store, NULL, NULL, NULL, NULL));
      store_fixture_tear_down (&fresh, NULL);
    }
}

static void
tear_down (StoreFixture *f, gconstpointer data)
{
  g_autofree char *backups = g_build_filename (f->folder, "backups", NULL);

  tempo_files_remove_tree (backups, NULL);
  store_fixture_tear_down (f, NULL);
}

#define add_test(path, function) g_test_add (path, StoreFixture, NULL, store_fixture_set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/erase/guest", test_guest);
  add_test ("/erase/twice", test_twice);
  add_test ("/erase/shared", test_shared);
  add_test ("/erase/tampering", test_tampering);
  return g_test_run ();
}
