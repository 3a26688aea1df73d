/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <time.h>

#include "store/tempo-store-private.h"

/* Files that nobody needs are closed, and nobody who needs them again notices. */

#define SHORT_US 500
#define OPEN_AT_ONCE 50

static void
wait_for_rest (TempoStore *store)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (!tempo_store_is_resting (store))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
}

static gboolean
has_wal (StoreFixture *fixture)
{
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);

  return g_file_test (wal, G_FILE_TEST_EXISTS);
}

static void
test_rest (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->folder, "copy.db", NULL);
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_add_setting (fixture->store, "a", "1");
  tempo_store_set_idle (fixture->store, SHORT_US);
  wait_for_rest (fixture->store);
  g_assert_false (has_wal (fixture));
  /* It is closed, but nobody else's. */
  g_assert_null (tempo_store_open (fixture->path, ACME, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY);
  g_clear_error (&error);

  value = store_fixture_get_setting (fixture->store, "a");
  g_assert_cmpstr (value, ==, "1");
  wait_for_rest (fixture->store);
  store_fixture_add_setting (fixture->store, "b", "2");
  wait_for_rest (fixture->store);
  g_assert_true (tempo_store_backup (fixture->store, copy, &error));
  g_assert_no_error (error);
  wait_for_rest (fixture->store);
  g_assert_true (tempo_store_check (fixture->store, &error));
  g_assert_no_error (error);
  g_clear_pointer (&value, g_free);
  value = store_fixture_get_setting (fixture->store, "b");
  g_assert_cmpstr (value, ==, "2");
}

/* What was damaged or taken away meanwhile is an error of those who ask, and of nobody else. */
static void
test_gone (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  g_autoptr (GError) error = NULL;

  store_fixture_add_setting (fixture->store, "a", "1");
  tempo_store_set_idle (fixture->store, SHORT_US);
  wait_for_rest (fixture->store);
  g_assert_true (g_file_set_contents (fixture->path, "this is no database at all, is it?", -1, NULL));
  tempo_batch_add (batch, "setting-set", "ss", "b", "2");
  g_assert_false (tempo_store_write (fixture->store, batch, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
}

static void
test_many (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) stores = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  guint open = G_MAXUINT;

  for (guint i = 0; i < OPEN_AT_ONCE + 10; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/many-%u.db", fixture->folder, i);
      g_autoptr (GError) error = NULL;
      TempoStore *store = tempo_store_open (path, ACME, &error);

      g_assert_no_error (error);
      g_ptr_array_add (stores, store);
    }
  while (open > OPEN_AT_ONCE)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      open = 0;
      for (guint i = 0; i < stores->len; i++)
        open += tempo_store_is_resting (g_ptr_array_index (stores, i)) ? 0 : 1;
      g_thread_yield ();
    }
  /* The oldest went, the newest stayed; each still answers. */
  g_assert_true (tempo_store_is_resting (g_ptr_array_index (stores, 0)));
  g_assert_false (tempo_store_is_resting (g_ptr_array_index (stores, stores->len - 1)));
  store_fixture_add_setting (g_ptr_array_index (stores, 0), "a", "1");
  g_assert_false (tempo_store_is_resting (g_ptr_array_index (stores, 0)));
}

typedef struct
{
  TempoStore *store;
  guint n;
} Worker;

static gpointer
work_thread (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u-%u", worker->n, i);
      g_autofree char *value = NULL;

      store_fixture_add_setting (worker->store, key, "x");
      value = store_fixture_get_setting (worker->store, key);
      g_assert_cmpstr (value, ==, "x");
    }
  return NULL;
}

/* A file that falls asleep at every breath, and six who will not let it. */
static void
test_restless (StoreFixture *fixture, gconstpointer data)
{
  Worker workers[6];
  GThread *threads[6];

  tempo_store_set_idle (fixture->store, 1);
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    {
      workers[i] = (Worker) { fixture->store, i };
      threads[i] = g_thread_new ("worker", work_thread, &workers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    g_thread_join (threads[i]);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 difference = *(const gint64 *) a - *(const gint64 *) b;

  return difference < 0 ? -1 : difference > 0;
}

static gint64
get_processor_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* Told, not judged: how long a read waits for a file that was closed. */
static void
test_cost (StoreFixture *fixture, gconstpointer data)
{
  gint64 times[40], processor = 0;

  store_fixture_add_setting (fixture->store, "a", "1");
  tempo_store_set_idle (fixture->store, SHORT_US);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *value = NULL;

      wait_for_rest (fixture->store);
      processor -= get_processor_time ();
      times[i] = g_get_monotonic_time ();
      value = store_fixture_get_setting (fixture->store, "a");
      times[i] = g_get_monotonic_time () - times[i];
      processor += get_processor_time ();
    }
  qsort (times, G_N_ELEMENTS (times), sizeof *times, compare_times);
  g_test_message ("opening again and one read: median %.2f ms, longest %.2f ms, %.2f ms of them work",
                  (double) times[G_N_ELEMENTS (times) / 2] / 1000, (double) times[G_N_ELEMENTS (times) - 1] / 1000,
                  (double) processor / 1000 / G_N_ELEMENTS (times));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  store_fixture_add ("/rest/rest", test_rest);
  store_fixture_add ("/rest/gone", test_gone);
  store_fixture_add ("/rest/many", test_many);
  store_fixture_add ("/rest/restless", test_restless);
  store_fixture_add ("/rest/cost", test_cost);
  return g_test_run ();
}
