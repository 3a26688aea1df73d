/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/tempo-files.h"
#include "store/tempo-single.h"
#include "store/tempo-sqlite-private.h"

#define ROOM "01900000-0000-7000-8000-0000000000c1"
#define JSON \
  "{\"requests\":[{\"id\":7,\"song\":\"Windmill\",\"artist\":\"ANNO\",\"requestedBy\":\"Zoë\",\"note\":\"now!\",\"status\":\"played\",\"timestamp\":1700000000},"\
  "{\"title\":\"One\",\"status\":\"pending\",\"createdAt\":\"2024-05-06T07:08:09Z\",\"mood\":\"blue\"},{\"artist\":\"nobody\"}],"\
  "\"settings\":{\"venueName\":\"The Bar\",\"spotify_access_token\":\"SECRET-A\",\"maxRequests\":5},"\
  "\"users\":[{\"username\":\"DJ\",\"password_hash\":\"$2b$10$abc\",\"role\":\"admin\"}],\"playlists\":[]}"

typedef struct
{
  StoreFixture store;
  char *from; /* (owned) */
  TempoSingle what;
} Single;

static void
set_up (Single *f, gconstpointer data)
{
  g_autoptr (TempoScope) scope = NULL;

  store_fixture_set_up (&f->store, NULL);
  store_fixture_close (&f->store);
  scope = tempo_scope_open (f->store.path, TEMPO_SQLITE_WRITER, ACME, TEMPO_GUARD_WHOLE, NULL);
  store_fixture_try (scope, "INSERT INTO room (id, code, name, created_at) VALUES ('" ROOM "', 'ABCDE', 'Main', 1)");
  f->from = g_build_filename (f->store.folder, "old", NULL);
  f->what = (TempoSingle) { f->store.path, ACME, "DEF", 1800000000000000 };
}

static void
tear_down (Single *f, gconstpointer data)
{
  g_autofree char *back = g_build_filename (f->store.folder, "back.db", NULL);

  tempo_files_remove_tree (back, NULL);
  tempo_files_remove_tree (f->from, NULL);
  g_clear_pointer (&f->from, g_free);
  store_fixture_tear_down (&f->store, NULL);
}

static char *
dump (const char *path, const char *sql)
{
  GString *rows = g_string_new (NULL);
  sqlite3 *db = tempo_sqlite_open (path, TEMPO_SQLITE_PLAIN, NULL);
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (stmt); i++)
        g_string_append_printf (rows, "%s|", sqlite3_column_text (stmt, i) != NULL ? (const char *) sqlite3_column_text (stmt, i) : "-");
      g_string_append_c (rows, '\n');
    }
  sqlite3_finalize (stmt);
  tempo_sqlite_close (db);
  return g_string_free (rows, FALSE);
}

/* Everything an import could touch. */
static char *
dump_all (Single *f)
{
  static const char *const tables[] = { "room", "event", "request", "setting", "counter", "member", "guest", "audit", "tenant" };
  g_autoptr (GString) all = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strconcat ("SELECT * FROM base_", tables[i], NULL);
      g_autofree char *rows = dump (f->store.path, sql);

      g_string_append (all, rows);
    }
  return g_string_free (g_steal_pointer (&all), FALSE);
}

static void
check (Single *f, const char *sql, const char *expected)
{
  g_autofree char *found = dump (f->store.path, sql);

  g_assert_cmpstr (found, ==, expected);
}

static gboolean
notes_hold (TempoSingleResult *result, const char *text)
{
  for (guint i = 0; i < result->notes->len; i++)
    if (strstr (result->notes->pdata[i], text) != NULL)
      return TRUE;
  return FALSE;
}

static void
import_well (Single *f, guint requests, guint settings, guint members, guint there)
{
  g_auto (TempoSingleResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  tempo_single_import (&f->what, f->from, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result.requests, ==, requests);
  g_assert_cmpuint (result.settings, ==, settings);
  g_assert_cmpuint (result.members, ==, members);
  g_assert_cmpuint (result.there, ==, there);
  g_assert_cmpint (tempo_store_verify_file (f->store.path, ACME, &error), ==, TRUE);
}

static void
roll_back (Single *f, const char *before)
{
  g_auto (TempoSingleResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;

  tempo_single_rollback (&f->what, &result, &error);
  g_assert_no_error (error);
  after = dump_all (f);
  g_assert_cmpstr (before, ==, after);
}

static void
test_json (Single *f, gconstpointer data)
{
  g_autofree char *before = dump_all (f);
  g_autofree char *once = NULL, *twice = NULL;
  g_auto (TempoSingleResult) again = { 0 };

  g_assert_true (g_file_set_contents (f->from, JSON, -1, NULL));
  import_well (f, 2, 2, 1, 0);
  check (f, "SELECT number, status, title, artist, name, message, created_at FROM base_request ORDER BY number",
         "DEF-REQ-001|played|Windmill|ANNO|Zoë|now!|1700000000000000|\nDEF-REQ-002|expired|One|||-|1714979289000000|\n");
  check (f, "SELECT key, value FROM base_setting ORDER BY key", "singleTenant.maxRequests|5|\nsingleTenant.venueName|\"The Bar\"|\n");
  check (f, "SELECT username, password_hash, role FROM base_member", "dj|$2b$10$abc|admin|\n");
  check (f, "SELECT state, room_id FROM base_event", "ended|" ROOM "|\n");
  once = dump_all (f);
  g_assert_true (tempo_single_import (&f->what, f->from, &again, NULL));
  g_assert_cmpuint (again.requests + again.settings + again.members, ==, 0);
  g_assert_cmpuint (again.there, ==, 5);
  g_assert_true (notes_hold (&again, "mood"));
  g_assert_true (notes_hold (&again, "playlists"));
  g_assert_true (notes_hold (&again, "no title"));
  g_assert_true (notes_hold (&again, "secret"));
  twice = dump_all (f);
  g_assert_cmpstr (once, ==, twice);
  g_assert_null (strstr (twice, "SECRET-A"));
  roll_back (f, before);
}

/* The form of the second seed: tables of one owner, then with columns of users beside them. */
static void
make_database (const char *path)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE requests (id TEXT PRIMARY KEY, track_name TEXT, artist_name TEXT, requester_name TEXT, status"
                                     " TEXT, created_at TEXT, user_id TEXT, event_id TEXT, spotify_uri TEXT);"
                                     "INSERT INTO requests VALUES ('a', 'Song A', 'X', 'Bob', 'rejected', '2025-01-02 03:04:05', 'u', 'e', 'spotify:track:1'),"
                                     " ('b', 'Song B', 'Y', NULL, 'completed', 1735700000000, 'u', 'e', NULL);"
                                     "CREATE TABLE settings (key TEXT, value TEXT); INSERT INTO settings VALUES ('page_title', 'Hi');"
                                     "CREATE TABLE cache (x); CREATE TABLE users (id, username, spotify_access_token);"
                                     "INSERT INTO users VALUES (1, 'johnsmith', 'SECRET-A')",
                                     NULL, NULL, NULL),
                   ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_database (Single *f, gconstpointer data)
{
  g_autofree char *before = dump_all (f);
  g_autofree char *back = g_build_filename (f->store.folder, "back.db", NULL);
  g_autofree char *given = NULL, *settings = NULL;
  g_autoptr (GError) error = NULL;

  make_database (f->from);
  import_well (f, 2, 1, 1, 0);
  check (f, "SELECT title, artist, name, status, created_at FROM base_request ORDER BY title",
         "Song A|X|Bob|declined|1735787045000000|\nSong B|Y||played|1735700000000000|\n");
  import_well (f, 0, 0, 0, 4);
  tempo_single_export (&f->what, back, &error);
  g_assert_no_error (error);
  given = dump (back, "SELECT title, requester_name, status, created_at FROM requests ORDER BY title");
  g_assert_cmpstr (given, ==, "Song A|Bob|declined|2025-01-02T03:04:05.000Z|\nSong B||played|2025-01-01T02:53:20.000Z|\n");
  settings = dump (back, "SELECT * FROM settings");
  g_assert_cmpstr (settings, ==, "page_title|Hi|\n");
  roll_back (f, before);
}

static void
test_neither (Single *f, gconstpointer data)
{
  static const char *const texts[] = { "", "hello", "[1,2]", "{\"requests\":", "SQLite format 3" };
  g_autofree char *before = dump_all (f);
  g_autofree char *after = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (TempoSingleResult) result = { 0 };

      g_assert_true (g_file_set_contents (f->from, texts[i], -1, NULL));
      g_assert_false (tempo_single_import (&f->what, f->from, &result, NULL));
    }
  after = dump_all (f);
  g_assert_cmpstr (before, ==, after);
}

#define add_test(path, function) g_test_add (path, Single, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/single/json", test_json);
  add_test ("/single/database", test_database);
  add_test ("/single/neither", test_neither);
  return g_test_run ();
}
