/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-backup FOLDER MIB: how long a commit takes while a file of MIB megabytes is copied, while a guest is erased from
 * it, and while it is left alone. One commit at a time, a hundred a second, as a busy evening has them. FOLDER must be on
 * the disk in question. */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "store/tempo-erase.h"
#include "store/tempo-store-private.h"

#define QUIET_US (5 * G_USEC_PER_SEC)
#define PAUSE_US (10 * G_TIME_SPAN_MILLISECOND)
#define ROW "hex (randomblob (500))"
#define GUEST "01900000-0000-7000-8000-0000000000c3"

typedef struct
{
  TempoStore *store;
  gint stop;     /* (atomic) */
  GArray *times; /* (owned) (element gint64) us */
} Commits;

static gpointer
commit_thread (gpointer data)
{
  Commits *self = data;

  for (guint i = 0; !g_atomic_int_get (&self->stop); i++)
    {
      g_autoptr (TempoBatch) batch = tempo_batch_new ();
      g_autofree char *key = g_strdup_printf ("evening-%u", i);
      gint64 before = g_get_monotonic_time (), took = 0;

      tempo_batch_add (batch, "setting-set", "ss", key, "value");
      tempo_batch_add (batch, "audit-insert", "isnnssnnnnnn", before, "system", "write", key);
      g_assert_true (tempo_store_write (self->store, batch, NULL));
      took = g_get_monotonic_time () - before;
      g_array_append_val (self->times, took);
      g_usleep (PAUSE_US);
    }
  return NULL;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 *one = a, *other = b;

  return *one < *other ? -1 : *one > *other;
}

static void
print (const char *what, GArray *times)
{
  const gint64 *sorted = (const gint64 *) times->data;

  g_array_sort (times, compare);
  g_print ("%s: %u commits, p50 %.1f ms, p99 %.1f ms, worst %.1f ms\n", what, times->len, (double) sorted[times->len / 2] / 1000,
           (double) sorted[times->len * 99 / 100] / 1000, (double) sorted[times->len - 1] / 1000);
}

typedef void (*Deed) (TempoStore *store, const char *path, GError **error);

static void
rest (TempoStore *store, const char *path, GError **error)
{
  g_usleep (QUIET_US);
}

static void
back_up (TempoStore *store, const char *path, GError **error)
{
  tempo_store_backup (store, path, error);
}

static void
erase (TempoStore *store, const char *path, GError **error)
{
  TempoGuestErasure what = { GUEST, "receipt", 777, "member", "m1", "ada", "127.0.0.1", "test" };
  TempoErased erased = { 0 };

  if (tempo_store_erase_guest (store, &what, &erased, error))
    g_print ("erased: %d requests, %d rows of the log\n", (int) erased.requests, (int) erased.log_rows);
}

/* Commits while something else is done. */
static void
measure (TempoStore *store, const char *name, Deed deed, const char *path)
{
  Commits commits = { store, 0, g_array_new (FALSE, FALSE, sizeof (gint64)) };
  GThread *thread = g_thread_new ("commits", commit_thread, &commits);
  g_autoptr (GError) error = NULL;
  gint64 before = g_get_monotonic_time ();

  deed (store, path, &error);
  g_assert_no_error (error);
  g_atomic_int_set (&commits.stop, 1);
  g_thread_join (thread);
  g_print ("%s: %.1f s\n", name, (double) (g_get_monotonic_time () - before) / G_USEC_PER_SEC);
  print (name, commits.times);
  g_array_unref (commits.times);
}

/* A guest with songs among those of others, in the order of chance, so that rows move. */
static void
add_guests (TempoScope *scope, guint n)
{
  g_autofree char *requests = g_strdup_printf (
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
    " INSERT INTO request (id, number, room_id, event_id, guest_id, status, title, name, message, created_at)"
    " SELECT printf ('q%%08x', (i * 7919) %% 1000003), 'REQ-9-' || i, 'r9', 'e9', iif (i %% 100, 'o9', '" GUEST "'), 'played', 'Song ' || i,"
    " iif (i %% 100, 'Bob', 'Quetzalcoatlus'), iif (i %% 100, 'hello', 'for my grandmother Hildegunde ' || i), i FROM n", n - 1);
  const char *rows[] = {
    "INSERT INTO room (id, code, name, created_at) VALUES ('r9', 'BENCH', 'Main', 1)",
    "INSERT INTO event (id, room_id, number, name, created_at) VALUES ('e9', 'r9', 'EVT-9-1', 'N', 1)",
    "INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES ('" GUEST "', 'cookie-of-the-phone', 'Quetzalcoatlus', 1, 1)",
    "INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES ('o9', 'another', 'Bob', 1, 1)", requests,
    "INSERT INTO audit (at, actor_kind, actor_id, action, object_kind, object_id, address, agent)"
    " SELECT created_at, 'guest', guest_id, 'submit', 'request', id, '10.0.0.1', 'Mozilla/5.0 (iPhone)' FROM request",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    store_fixture_try (scope, rows[i]);
}

static void
fill (const char *path, int mib)
{
  TempoScope *scope = tempo_store_open_scope (path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);
  sqlite3 *db = tempo_scope_get_db (scope);

  store_fixture_fill (scope, "x");
  add_guests (scope, (guint) mib * 200);
  for (int done = 0; done < mib; done++)
    {
      g_autofree char *sql = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 950) "
                                              "INSERT INTO setting (key, value) SELECT 'k-%d-' || i, " ROW " FROM n", done);

      store_fixture_try (scope, sql);
      if (done % 16 == 0)
        sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
  tempo_scope_free (scope);
}

int
main (int argc, char **argv)
{
  g_autofree char *pattern = g_build_filename (argc > 1 ? argv[1] : g_get_tmp_dir (), "bench-backup-XXXXXX", NULL);
  const char *folder = g_mkdtemp (pattern);
  g_autofree char *path = g_build_filename (folder, "tempo.db", NULL);
  g_autofree char *backup = g_build_filename (folder, "backup.db", NULL);
  g_autoptr (TempoStore) store = NULL;
  GStatBuf info;

  fill (path, argc > 2 ? atoi (argv[2]) : 500);
  store = tempo_store_open (path, ACME, NULL);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_print ("file: %.0f MiB\n", (double) info.st_size / (1 << 20));
  measure (store, "quiet", rest, NULL);
  measure (store, "backup", back_up, backup);
  measure (store, "quiet again", rest, NULL);
  measure (store, "erase", erase, NULL);
  tempo_store_close (store);
  store_fixture_remove_folder (folder);
  return 0;
}
