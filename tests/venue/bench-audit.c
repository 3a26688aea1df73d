/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-audit [FOLDER]: how long a page of the log takes with 1,000,000 rows in it, for what is there, rare and not there at all. */
#include "store/tempo-store-private.h"
#include "venue/tempo-audit-search-private.h"

#include <glib/gstdio.h>

#define ROWS 1000000
#define PAGES 400
#define ACME "01900000-0000-7000-8000-00000000000a"
#define TO_STRING_(x) #x
#define TO_STRING(x) TO_STRING_ (x)

static void
fill (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoScope) scope = tempo_store_open_scope (path, ACME, FALSE, TEMPO_GUARD_WHOLE, &error);

  g_assert_no_error (error);
  tempo_scope_control (scope, "BEGIN", &error);
  tempo_scope_try_sql (scope,
                       "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " TO_STRING (ROWS) ")"
                       " INSERT INTO audit (at, actor_kind, actor_id, actor_name, action, object_kind, object_id, after, address, agent)"
                       " SELECT 1700000000000000 + i * 1000000, iif (i % 3, 'guest', 'member'),"
                       " printf ('01900000-0000-7000-8000-%012x', i % 5000), 'person ' || (i % 5000),"
                       " iif (i % 1000 = 7, 'event_end', iif (i % 2, 'submit', 'vote')), 'request',"
                       " printf ('01900000-0000-7000-9000-%012x', i), 'song number ' || i, '192.168.1.' || (i % 250),"
                       " 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)' FROM n",
                       &error);
  g_assert_no_error (error);
  g_assert_true (tempo_scope_commit (scope, &error));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : *(const gint64 *) a > *(const gint64 *) b;
}

static void
measure (TempoStore *store, const char *what, const char *filters)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gint64 spans[PAGES];

  for (int i = 0; i < PAGES; i++)
    {
      g_autofree char *cursor = g_strdup_printf ("%" G_GINT64_FORMAT ".0.~", G_GINT64_CONSTANT (1700000000000000)
                                                 + (gint64) g_rand_int_range (random, 1, ROWS) * 1000000);
      gint64 begin = g_get_monotonic_time ();
      g_autoptr (TempoAuditSearch) search = tempo_audit_search_new (filters, cursor, 50, NULL);
      g_autoptr (GBytes) page = tempo_store_read (store, tempo_audit_search_read, search, NULL);

      spans[i] = g_get_monotonic_time () - begin;
      g_assert_nonnull (page);
    }
  qsort (spans, PAGES, sizeof *spans, compare);
  g_print ("%-28s p50 %.2f ms, p99 %.2f ms\n", what, (double) spans[PAGES / 2] / 1000, (double) spans[PAGES * 99 / 100] / 1000);
}

int
main (int argc, char **argv)
{
  g_autofree char *pattern = g_build_filename (argc > 1 ? argv[1] : g_get_tmp_dir (), "bench-audit-XXXXXX", NULL);
  const char *folder = g_mkdtemp (pattern);
  g_autofree char *path = g_build_filename (folder, "tempo.db", NULL);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  g_autoptr (GError) error = NULL;
  TempoStore *store = NULL;
  gint64 begin = g_get_monotonic_time ();
  guint64 rows = 0;

  fill (path);
  g_print ("%d rows in %.1f s\n", ROWS, (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC);
  store = tempo_store_open (path, ACME, &error);
  g_assert_no_error (error);
  measure (store, "a page", "");
  measure (store, "words on every row", "q=iphone");
  measure (store, "words on one row", "q=number+424242");
  measure (store, "words on no row", "q=nowhere");
  measure (store, "one action of a thousand", "action=event_end");
  measure (store, "one person of 5000", "actor=01900000-0000-7000-8000-00000000002a");
  measure (store, "person and words, none", "actor=01900000-0000-7000-8000-00000000002a&q=nowhere");
  begin = g_get_monotonic_time ();
  g_assert_true (tempo_store_verify_audit (store, NULL, &rows, NULL, &error));
  g_print ("verified %" G_GUINT64_FORMAT " rows in %.1f s\n", rows, (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC);
  tempo_store_close (store);
  g_object_unref (store);
  g_unlink (path);
  g_unlink (lock);
  g_rmdir (folder);
  return 0;
}
