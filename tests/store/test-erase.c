/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "fault-disk.h"
#include "store/tempo-erase.h"
#include "store/tempo-files.h"
#include "store/tempo-sqlite-private.h"
#include "store/tempo-traces-private.h"

#define CUTS "40" /* TEMPO_CUTS sets another number */

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

static const char *own_path;

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
  found = tempo_store_prepare_erasure (f->store, "ACM-REQ-000", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, GUEST);
  g_assert_null (tempo_store_prepare_erasure (f->store, "ACM-REQ-999", &error));
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

/* What deleted rows left behind: in pages that are free, in those that list them, and in gaps between rows. */
static void
leave_behind (StoreFixture *f)
{
  static const char sql[] =
    "PRAGMA secure_delete = OFF; CREATE TABLE left_behind (id INTEGER PRIMARY KEY, text TEXT);"
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO left_behind SELECT i, '" WORDS "' || i FROM n;"
    "DELETE FROM left_behind WHERE id % 100; DROP TABLE left_behind;"
    "CREATE TABLE gaps (id INTEGER PRIMARY KEY, text TEXT);"
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO gaps SELECT i, 'of " NAME " ' || i FROM n;"
    "DELETE FROM gaps WHERE id % 3; UPDATE gaps SET text = 'x';";
  sqlite3 *db = NULL;

  store_fixture_close (f);
  db = tempo_sqlite_open (f->path, TEMPO_SQLITE_WRITER, NULL);
  g_assert_true (tempo_sqlite_exec (db, sql, NULL));
  tempo_sqlite_close (db);
  store_fixture_open (f);
}

static void
test_left_over (StoreFixture *f, gconstpointer data)
{
  fill (f);
  leave_behind (f);
  g_assert_nonnull (find_in (f->folder, WORDS "7"));
  g_assert_nonnull (find_in (f->folder, "of " NAME));
  g_assert_cmpint (erase (f, "receipt-1").shared, ==, 0);
  check_gone (f->folder);
  check_log (f);
  g_assert_true (tempo_store_check (f->store, NULL));
}

/* The engine takes the name off what it knows before the file is cleaned, and a run may be cut off: it is known all the same
 * what to look for. */
static void
test_noted (StoreFixture *f, gconstpointer data)
{
  static const char *const rows[] = { "UPDATE guest SET name = '', token_digest = 'gone:' || id WHERE id = '" GUEST "'",
                                      "UPDATE request SET name = '', message = NULL WHERE guest_id = '" GUEST "'",
                                      "DELETE FROM idempotency WHERE actor_id = '" COOKIE "'", NULL };
  g_autofree char *found = NULL;

  fill (f);
  leave_behind (f);
  found = tempo_store_prepare_erasure (f->store, GUEST, NULL);
  g_assert_cmpstr (found, ==, GUEST);
  write_rows (f, rows);
  g_assert_nonnull (find_in (f->folder, "of " NAME));
  erase (f, "receipt-1");
  check_gone (f->folder);
  g_assert_null (find_in (f->folder, ".erasing-"));
}

/* Who was forgotten before: nobody knows any more what to look for, so nothing at all is left over. */
static void
test_forgotten (StoreFixture *f, gconstpointer data)
{
  static const char *const rows[] = { "UPDATE guest SET name = '', token_digest = 'gone:' || id WHERE id = '" GUEST "'",
                                      "UPDATE request SET name = '', message = NULL WHERE guest_id = '" GUEST "'",
                                      "DELETE FROM idempotency WHERE actor_id = '" COOKIE "'", NULL };
  g_autofree char *found = NULL;

  fill (f);
  leave_behind (f);
  write_rows (f, rows);
  found = tempo_store_prepare_erasure (f->store, GUEST, NULL);
  g_assert_cmpstr (found, ==, GUEST);
  g_assert_nonnull (find_in (f->folder, "of " NAME));
  erase (f, "receipt-1");
  check_gone (f->folder);
  check_log (f);
  g_assert_true (tempo_store_check (f->store, NULL));
}

/* Somebody copies the file meanwhile, which takes its time, and the night goes on. */

typedef struct
{
  StoreFixture *f;
  gint reading, go, writes, stop; /* (atomic) */
} Beside;

static gpointer
read_long (TempoScope *scope, gpointer data, GError **error)
{
  Beside *beside = data;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "setting-list", "");

  tempo_rows_next (rows, error);
  g_atomic_int_set (&beside->reading, 1);
  while (!g_atomic_int_get (&beside->go))
    g_thread_yield ();
  return beside;
}

static gpointer
read_thread (gpointer data)
{
  g_assert_nonnull (tempo_store_read (((Beside *) data)->f->store, read_long, data, NULL));
  return NULL;
}

static gpointer
write_thread (gpointer data)
{
  Beside *beside = data;

  for (guint i = 0; !g_atomic_int_get (&beside->stop); i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i % 50);

      store_fixture_add_setting (beside->f->store, key, "v");
      /* So many tries of the erasure have come to nothing. */
      if (g_atomic_int_add (&beside->writes, 1) == 200)
        g_atomic_int_set (&beside->go, 1);
    }
  return NULL;
}

static void
test_beside (StoreFixture *f, gconstpointer data)
{
  Beside beside = { f, 0, 0, 0, 0 };
  GThread *reader = NULL, *writer = NULL;

  fill (f);
  leave_behind (f);
  reader = g_thread_new ("reader", read_thread, &beside);
  while (!g_atomic_int_get (&beside.reading))
    g_thread_yield ();
  writer = g_thread_new ("writer", write_thread, &beside);
  erase (f, "receipt-1");
  g_assert_cmpint (g_atomic_int_get (&beside.writes), >, 200);
  g_atomic_int_set (&beside.stop, 1);
  g_thread_join (reader);
  g_thread_join (writer);
  check_gone (f->folder);
  check_log (f);
  g_assert_true (tempo_store_check (f->store, NULL));
}

/* The power goes while it is erased, anywhere: nothing is damaged, all of it happened or nothing, and then it ends. */

static int
run_erase (char **argv)
{
  TempoGuestErasure what = { GUEST, "receipt-0", 777, "member", "m1", "ada", "127.0.0.1", "test" };
  TempoErased erased = { 0 };
  g_autoptr (TempoStore) store = tempo_store_open (argv[2], ACME, NULL);

  fault_disk_cut_power ((guint) atoi (argv[3]), (guint32) atoi (argv[4]));
  return tempo_store_erase_guest (store, &what, &erased, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static gboolean
cut_once (StoreFixture *f, guint calls, guint seed)
{
  g_autofree char *calls_text = g_strdup_printf ("%u", calls);
  g_autofree char *seed_text = g_strdup_printf ("%u", seed);
  const char *argv[] = { own_path, "erase", f->path, calls_text, seed_text, NULL };
  int status = 0;

  store_fixture_close (f);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_true (WIFEXITED (status) && (WEXITSTATUS (status) == 0 || WEXITSTATUS (status) == FAULT_DISK_CUT_STATUS));
  store_fixture_open (f);
  return WEXITSTATUS (status) != 0;
}

static void
test_power_cuts (StoreFixture *f, gconstpointer data)
{
  g_autofree char *before = g_strconcat (f->path, ".before", NULL);
  g_autoptr (GError) error = NULL;
  const char *number = g_getenv ("TEMPO_CUTS");
  guint cuts = 0, tries = (guint) atoi (number != NULL ? number : CUTS);

  fill (f);
  leave_behind (f);
  store_fixture_close (f);
  g_assert_true (tempo_files_copy (f->path, before, NULL));
  for (guint i = 0; i < tries; i++)
    {
      tempo_files_remove_database (f->path);
      g_assert_true (tempo_files_copy (before, f->path, NULL));
      store_fixture_open (f);
      cuts += cut_once (f, 1 + i * 400 / tries, i);
      tempo_store_check (f->store, &error);
      g_assert_no_error (error);
      check_log (f);
      check_number (f, "SELECT count (*) FROM base_request WHERE name = '" NAME "' AND message = '" WORDS "'"
                       " OR (SELECT name FROM base_guest WHERE id = '" GUEST "') = '' AND guest_id = '" GUEST "' AND name = ''", 100);
      erase (f, "receipt-1");
      check_log (f);
      store_fixture_close (f);
      g_assert_false (holds (f->path, WORDS) || holds (f->path, "of " NAME));
    }
  g_test_message ("%u cuts", cuts);
  g_assert_cmpuint (cuts, >, tries / 4);
  store_fixture_open (f);
}

/* Ends of a text are looked for too, because of what was half written over; what is noted finds the same. */

typedef struct
{
  guint whole, pieces;
} Found;

static void
found_cb (gsize offset, gsize length, guint which, gboolean counted, gpointer data)
{
  if (counted)
    ((Found *) data)->whole++;
  else
    ((Found *) data)->pieces++;
}

static void
test_traces (void)
{
  static const struct { const char *bytes; guint whole, pieces; } cases[] = {
    { "Hildegunde Maier", 1, 2 }, { "xxHildegunde Maierxx", 1, 2 }, { "Hildegundexxxxxx", 0, 1 }, { "nde Maier", 0, 1 },
    { "Hildegu", 0, 0 }, { "Otto", 1, 0 }, { "OttoOtto", 2, 0 }, { "Ott", 0, 0 }, { "", 0, 0 }, { "iPhone", 0, 1 },
  };
  g_autofree char *path = NULL;
  g_autoptr (TempoTraces) first = tempo_traces_new (), second = tempo_traces_new ();
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("tempo-traces-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  tempo_traces_add (first, "Hildegunde Maier", TRUE);
  tempo_traces_add (first, "Otto", FALSE);
  tempo_traces_add (first, "Otto", TRUE);
  tempo_traces_add (first, "iPhone", FALSE);
  tempo_traces_add (first, "Bob", TRUE);
  g_assert_true (tempo_traces_save (first, path, NULL));
  g_assert_false (holds (path, "Otto") || holds (path, "Hild"));
  g_assert_true (tempo_traces_load (second, path, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < 2; j++)
      {
        Found found = { 0, 0 };

        tempo_traces_search (j == 0 ? first : second, (const guint8 *) cases[i].bytes, strlen (cases[i].bytes), found_cb, &found);
        g_assert_cmpuint (found.whole, ==, cases[i].whole);
        g_assert_cmpuint (found.pieces, ==, cases[i].pieces);
      }
  g_assert_true (g_file_set_contents (path, "something else", -1, NULL));
  g_clear_pointer (&second, tempo_traces_free);
  second = tempo_traces_new ();
  g_assert_false (tempo_traces_load (second, path, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
  g_unlink (path);
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
  if (argc == 5 && strcmp (argv[1], "erase") == 0)
    return run_erase (argv);

  own_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  add_test ("/erase/guest", test_guest);
  add_test ("/erase/twice", test_twice);
  add_test ("/erase/shared", test_shared);
  add_test ("/erase/tampering", test_tampering);
  add_test ("/erase/left-over", test_left_over);
  add_test ("/erase/noted", test_noted);
  add_test ("/erase/forgotten", test_forgotten);
  add_test ("/erase/beside", test_beside);
  add_test ("/erase/power-cuts", test_power_cuts);
  g_test_add_func ("/erase/traces", test_traces);
  return g_test_run ();
}
