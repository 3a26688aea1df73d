/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-store [FOLDER]: what a guarded insert costs beside a raw one, and how many batches of four
 * statements a second are durable with 1, 16, 64 and 256 in flight. FOLDER must be on the disk in question. */
#include "store-fixture.h"

#include "store/tempo-store-private.h"

#define ROWS 100000
#define BATCHES 20000

static double
time_inserts (sqlite3 *db, sqlite3_stmt *stmt, gboolean named)
{
  gint64 start = g_get_monotonic_time ();

  sqlite3_exec (db, "BEGIN", NULL, NULL, NULL);
  for (int i = 0; i < ROWS; i++)
    {
      char key[32];

      g_snprintf (key, sizeof key, "%s-%08d", named ? "raw" : "guarded", i);
      sqlite3_bind_text (stmt, 1, key, -1, SQLITE_STATIC);
      sqlite3_bind_text (stmt, 2, "value", -1, SQLITE_STATIC);
      g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_DONE);
      sqlite3_reset (stmt);
    }
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  return (double) (g_get_monotonic_time () - start) / ROWS;
}

/* The same rows into the same table, by the view and past it. */
static void
bench_guard (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "guard.db", NULL);
  TempoScope *scope = tempo_store_open_scope (path, ACME, FALSE, TEMPO_GUARD_NO_AUTHORIZER | TEMPO_GUARD_NO_TEXT_RULE, NULL);
  sqlite3 *db = tempo_scope_get_db (scope);
  g_autoptr (sqlite3_stmt) guarded = NULL;
  g_autoptr (sqlite3_stmt) raw = NULL;
  double by_view = 0, by_table = 0;

  sqlite3_prepare_v2 (db, "INSERT INTO setting (key, value) VALUES (?1, ?2)", -1, &guarded, NULL);
  sqlite3_prepare_v2 (db, "INSERT INTO base_setting (tenant_id, key, value, origin, hlc) VALUES ('" ACME "', ?1, ?2, '" BLUE "', 1)",
                      -1, &raw, NULL);
  by_view = time_inserts (db, guarded, FALSE);
  by_table = time_inserts (db, raw, TRUE);
  g_print ("insert: guarded %.2f us, raw %.2f us\n", by_view, by_table);
  g_clear_pointer (&guarded, sqlite3_finalize);
  g_clear_pointer (&raw, sqlite3_finalize);
  tempo_scope_free (scope);
}

typedef struct
{
  TempoStore *store;
  guint pushed;
  guint answered;
  gboolean done;
} Load;

static void push (Load *load);

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Load *load = user_data;
  g_autoptr (GError) error = NULL;

  tempo_store_write_finish (TEMPO_STORE (source), result, &error);
  g_assert_no_error (error);
  if (load->pushed < BATCHES)
    push (load);
  load->done = ++load->answered == BATCHES;
}

/* Four statements, of the size of a guest's wish: three rows and an audit row. */
static void
push (Load *load)
{
  static const char *const kinds[] = { "request", "guest", "answer" };
  static const char song[] = "{\"title\":\"A song\",\"artist\":\"An artist\",\"album\":\"An album\",\"durationMs\":215000,\"status\":\"pending\"}";
  g_autoptr (TempoBatch) batch = tempo_batch_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      char key[64];

      g_snprintf (key, sizeof key, "%s-01900000-0000-7000-8000-%012u", kinds[i], load->pushed);
      tempo_batch_add (batch, "setting-set", "ss", key, song);
    }
  tempo_batch_add (batch, "audit-insert", "issssssnsnss", g_get_real_time (), "guest", "g1", "Ada", "request.submit", "request", "q1",
                   song, "127.0.0.1", "phone");
  load->pushed++;
  tempo_store_write_async (load->store, batch, NULL, answer_cb, load);
}

static void
bench_commits (const char *folder, guint in_flight)
{
  g_autofree char *name = g_strdup_printf ("commits-%u.db", in_flight);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  TempoScope *scope = tempo_store_open_scope (path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  Load load = { NULL, 0, 0, FALSE };
  guint64 commits = 0;
  gint64 start = 0;
  double seconds = 0;

  store_fixture_fill (scope, "x");
  tempo_scope_free (scope);
  load.store = tempo_store_open (path, ACME, NULL);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < in_flight; i++)
    push (&load);
  store_fixture_iterate (&load.done);
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  tempo_store_get_counts (load.store, NULL, &commits, NULL);
  g_print ("batches: %u in flight, %.0f/s, %.1f a commit\n", in_flight, BATCHES / seconds, (double) BATCHES / (double) commits);
  tempo_store_close (load.store);
  g_object_unref (load.store);
}

int
main (int argc, char **argv)
{
  static const guint in_flight[] = { 1, 16, 64, 256 };
  g_autofree char *pattern = g_build_filename (argc > 1 ? argv[1] : g_get_tmp_dir (), "bench-store-XXXXXX", NULL);
  const char *folder = g_mkdtemp (pattern);

  g_assert_nonnull (folder);
  bench_guard (folder);
  for (gsize i = 0; i < G_N_ELEMENTS (in_flight); i++)
    bench_commits (folder, in_flight[i]);
  store_fixture_remove_folder (folder);
  return 0;
}
