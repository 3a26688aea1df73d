/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>

#define DEADLINE_S 60

void
store_fixture_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        store_fixture_remove_folder (path);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

void
store_fixture_set_up_closed (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tempo-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "tempo.db", NULL);
}

void
store_fixture_set_up (StoreFixture *fixture, gconstpointer data)
{
  store_fixture_set_up_closed (fixture, data);
  store_fixture_open (fixture);
}

void
store_fixture_open (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = tempo_store_open (fixture->path, ACME, &error);
  g_assert_no_error (error);
}

void
store_fixture_close (StoreFixture *fixture)
{
  if (fixture->store == NULL)
    return;
  tempo_store_close (fixture->store);
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
}

void
store_fixture_tear_down (StoreFixture *fixture, gconstpointer data)
{
  store_fixture_close (fixture);
  store_fixture_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

void
store_fixture_try (TempoScope *scope, const char *sql)
{
  g_autoptr (GError) error = NULL;

  tempo_scope_try_sql (scope, sql, &error);
  g_assert_no_error (error);
}

/* One row in each table but tenant; @mark sets two organizations' texts apart, ids are the same. */
void
store_fixture_fill (TempoScope *scope, const char *mark)
{
  static const char *const rows[] = {
    "INSERT INTO room (id, code, name, wifi_password, created_at) VALUES ('r1', 'C1', '%s', '%s', 1)",
    "INSERT INTO event (id, room_id, number, name, state, created_at) VALUES ('e1', 'r1', 'EVT-1', '%s', 'active', 1)",
    "INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES ('g1', '%s', '%s', 1, 1)",
    "INSERT INTO request (id, number, room_id, event_id, guest_id, status, title, created_at)"
    " VALUES ('q1', 'REQ-1', 'r1', 'e1', 'g1', 'pending', '%s', 1)",
    "INSERT INTO vote (request_id, guest_id, created_at) VALUES ('q1', 'g1', 1)",
    "INSERT INTO play (id, room_id, event_id, request_id, title, started_at) VALUES ('p1', 'r1', 'e1', 'q1', '%s', 1)",
    "INSERT INTO playback (room_id, song, as_of) VALUES ('r1', '%s', 1)",
    "INSERT INTO display (id, room_id, name, token_digest, created_at) VALUES ('d1', 'r1', '%s', '%s', 1)",
    "INSERT INTO member (id, username, password_hash, role, created_at) VALUES ('m1', '%s', '%s', 'owner', 1)",
    "INSERT INTO setting (key, value) VALUES ('k1', '%s')",
    "INSERT INTO counter (kind, next) VALUES ('REQ', 2)",
    "INSERT INTO audit (at, actor_kind, action, after) VALUES (1, 'system', 'start', '%s')",
    "INSERT INTO idempotency (actor_id, key, request_id, created_at) VALUES ('g1', 'k1', '%s', 1)",
    "INSERT INTO room_setting (room_id, key, value) VALUES ('r1', 'k1', '%s')",
    "INSERT INTO second_factor (member_id, secret, created_at) VALUES ('m1', '%s', 1)",
    "INSERT INTO recovery_code (member_id, digest) VALUES ('m1', '%s')",
    "INSERT INTO session (id, member_id, created_at, used_at, expires_at, agent) VALUES ('s1', 'm1', 1, 1, 2, '%s')",
    "INSERT INTO invitation (id, token_digest, role, note, created_at, expires_at) VALUES ('i1', '%s', 'member', '%s', 1, 2)",
    "INSERT INTO usage (day, metric, value) VALUES ('2026-01-01', '%s', 1)",
    "INSERT INTO search_miss (room_id, day, words, count) VALUES ('r1', '2026-01-01', '%s', 1)",
    "INSERT INTO receipt (id, kind, at, body) VALUES ('x1', 'erasure', 1, '%s')",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GStrv) parts = g_strsplit (rows[i], "%s", -1);
      g_autofree char *sql = g_strjoinv (mark, parts);

      store_fixture_try (scope, sql);
    }
}

gint64
store_fixture_count (sqlite3 *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value = -1;

  tempo_sqlite_get_int (db, sql, &value, &error);
  g_assert_no_error (error);
  return value;
}

void
store_fixture_add_setting (TempoStore *store, const char *key, const char *value)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  g_autoptr (GError) error = NULL;

  tempo_batch_add (batch, "setting-set", "ss", key, value);
  tempo_store_write (store, batch, &error);
  g_assert_no_error (error);
}

static gpointer
find_setting (TempoScope *scope, gpointer user_data, GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "setting-list", "");

  g_assert_nonnull (rows);
  while (tempo_rows_next (rows, error))
    if (g_str_equal (tempo_rows_text (rows, 0), user_data))
      return g_strdup (tempo_rows_text (rows, 1));
  return NULL;
}

/* NULL when there is none. */
char *
store_fixture_get_setting (TempoStore *store, const char *key)
{
  g_autoptr (GError) error = NULL;
  char *value = tempo_store_read (store, find_setting, (gpointer) key, &error);

  g_assert_no_error (error);
  return value;
}

static gboolean
time_out_cb (gpointer data)
{
  g_error ("nothing happened for %d s", DEADLINE_S);
  return G_SOURCE_REMOVE;
}

/* Runs the main context until @done. */
void
store_fixture_iterate (gboolean *done)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_S, time_out_cb, NULL);

  while (!*done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}
