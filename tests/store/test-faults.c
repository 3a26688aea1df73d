/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault-disk.h"
#include "store/tempo-store-private.h"

#define CUTS "200" /* TEMPO_CUTS sets another number */
#define CUTS_PER_FILE 20
#define NORMAL_CUTS_AT_MOST 200
#define KILLS 20
#define MOST_CALLS 2500
#define WRITERS 4
#define VALUE_SIZE 12000

static const char *own_path;

/* The same program as another process: "write PATH LEVEL CALLS SEED FIRST" writes until the power is cut
 * or it is killed, and says what was acknowledged; "hold PATH" has the store until its input ends;
 * "open PATH" says how opening went. */

typedef struct
{
  TempoStore *store;
  gint next; /* (atomic) */
} Writing;

static gpointer
write_until_gone (gpointer data)
{
  Writing *writing = data;
  g_autofree char *value = g_strnfill (VALUE_SIZE, 'v');

  for (;;)
    {
      g_autoptr (TempoBatch) batch = tempo_batch_new ();
      gint number = g_atomic_int_add (&writing->next, 1);
      char first[32], second[32], line[32];

      g_snprintf (first, sizeof first, "a%d", number);
      g_snprintf (second, sizeof second, "b%d", number);
      tempo_batch_add (batch, "setting-set", "ss", first, value);
      tempo_batch_add (batch, "audit-insert", "isnnssnnnnnn", (gint64) number, "system", "write", first);
      tempo_batch_add (batch, "setting-set", "ss", second, value);
      if (!tempo_store_write (writing->store, batch, NULL))
        return NULL;
      g_snprintf (line, sizeof line, "%d\n", number);
      if (write (STDOUT_FILENO, line, strlen (line)) < 0)
        return NULL;
    }
}

static int
run_write (char **argv)
{
  guint calls = (guint) atoi (argv[4]);
  Writing writing = { NULL, atoi (argv[6]) };
  GThread *threads[WRITERS];

  if (calls > 0)
    fault_disk_cut_power (calls, (guint32) atoi (argv[5]));
  writing.store = strcmp (argv[3], "full") == 0 ? tempo_store_open (argv[2], ACME, NULL)
                                                : tempo_store_open_undurable (argv[2], ACME, NULL);
  if (writing.store == NULL)
    return EXIT_FAILURE;
  for (gsize i = 0; i < WRITERS; i++)
    threads[i] = g_thread_new ("writer", write_until_gone, &writing);
  for (gsize i = 0; i < WRITERS; i++)
    g_thread_join (threads[i]);
  return EXIT_FAILURE;
}

static int
run_open (char **argv, gboolean hold)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoStore) store = NULL;
  char rest = 0;

  /* Nobody is stopped by permissions who is root. */
  if (!hold && geteuid () == 0 && setuid (65534) != 0)
    return EXIT_FAILURE;
  store = tempo_store_open (argv[2], ACME, &error);
  printf ("%d\n", error != NULL ? error->code : -1);
  fflush (stdout);
  while (hold && read (STDIN_FILENO, &rest, 1) > 0)
    ;
  return EXIT_SUCCESS;
}

/* The tests' side */

static GSubprocess *
start (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process = NULL;

  g_ptr_array_add (argv, (gpointer) own_path);
  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  return process;
}

/* Reads one line of the other process's answer; -2 when there is none. */
static int
read_number (GSubprocess *process)
{
  GInputStream *output = g_subprocess_get_stdout_pipe (process);
  char text[16] = "";

  for (gsize i = 0; i + 1 < sizeof text; i++)
    if (g_input_stream_read (output, text + i, 1, NULL, NULL) != 1 || text[i] == '\n')
      break;
  return *text != '\0' ? atoi (text) : -2;
}

typedef struct
{
  const char *path;
  const char *level;
  GArray *acknowledged; /* (owned) (element int) */
  guint lost;
  guint torn;
  guint next;
} Ordeal;

static gpointer
count_kept (TempoScope *scope, gpointer user_data, GError **error)
{
  Ordeal *ordeal = user_data;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "setting-list", "");
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (tempo_rows_next (rows, error))
    g_hash_table_add (keys, g_strdup (tempo_rows_text (rows, 0)));
  for (guint i = 0; i < ordeal->next; i++)
    {
      char first[32], second[32];

      g_snprintf (first, sizeof first, "a%u", i);
      g_snprintf (second, sizeof second, "b%u", i);
      ordeal->torn += g_hash_table_contains (keys, first) != g_hash_table_contains (keys, second);
    }
  for (guint i = 0; i < ordeal->acknowledged->len; i++)
    {
      char first[32];

      g_snprintf (first, sizeof first, "a%d", g_array_index (ordeal->acknowledged, int, i));
      ordeal->lost += !g_hash_table_contains (keys, first);
    }
  return ordeal;
}

static void
inspect (Ordeal *ordeal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoStore) store = tempo_store_open (ordeal->path, ACME, &error);

  g_assert_no_error (error);
  g_assert_nonnull (tempo_store_read (store, count_kept, ordeal, &error));
  g_assert_no_error (error);
  tempo_store_check (store, &error);
  g_assert_no_error (error);
  tempo_store_verify_audit (store, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  tempo_store_close (store);
}

/* One life: writes until the power goes (@calls) or we kill it (after @kill_after answers). */
static void
live (Ordeal *ordeal, guint calls, guint seed, guint kill_after)
{
  g_autofree char *calls_text = g_strdup_printf ("%u", calls);
  g_autofree char *seed_text = g_strdup_printf ("%u", seed);
  g_autofree char *next_text = g_strdup_printf ("%u", ordeal->next);
  const char *const arguments[] = { "write", ordeal->path, ordeal->level, calls_text, seed_text, next_text, NULL };
  g_autoptr (GSubprocess) process = start (arguments);
  int number = 0;

  for (guint answers = 0; (number = read_number (process)) >= 0; answers++)
    {
      g_array_append_val (ordeal->acknowledged, number);
      ordeal->next = MAX (ordeal->next, (guint) number + 1);
      if (kill_after > 0 && answers == kill_after)
        g_subprocess_send_signal (process, SIGKILL);
    }
  ordeal->next += WRITERS;
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  if (calls > 0)
    {
      g_assert_true (g_subprocess_get_if_exited (process));
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, FAULT_DISK_CUT_STATUS);
    }
}

typedef struct
{
  guint acknowledged;
  guint lost;
  guint torn;
} Toll;

/* @cuts power cuts, at random calls, a fresh file now and then; ends early when something was lost and @until_lost. */
static Toll
cut_power (const char *level, guint cuts, gboolean until_lost)
{
  Toll toll = { 0, 0, 0 };

  for (guint done = 0; done < cuts && !(until_lost && toll.lost > 0);)
    {
      StoreFixture fixture = { NULL, NULL, NULL };
      Ordeal ordeal = { NULL, level, g_array_new (FALSE, FALSE, sizeof (int)), 0, 0, 0 };

      store_fixture_set_up_closed (&fixture, NULL);
      ordeal.path = fixture.path;
      for (guint i = 0; i < CUTS_PER_FILE && done < cuts && ordeal.lost == 0; i++, done++)
        {
          live (&ordeal, (guint) g_test_rand_int_range (1, MOST_CALLS), (guint) g_test_rand_int_range (0, G_MAXINT32), 0);
          inspect (&ordeal);
        }
      toll.acknowledged += ordeal.acknowledged->len;
      toll.lost += ordeal.lost;
      toll.torn += ordeal.torn;
      g_array_unref (ordeal.acknowledged);
      store_fixture_tear_down (&fixture, NULL);
    }
  g_test_message ("%s: %u acknowledged, %u lost, %u torn", level, toll.acknowledged, toll.lost, toll.torn);
  return toll;
}

static void
test_power_cuts (void)
{
  const char *wanted = g_getenv ("TEMPO_CUTS");
  guint cuts = (guint) atoi (wanted != NULL ? wanted : CUTS);
  Toll toll = cut_power ("full", cuts, FALSE);

  g_assert_cmpuint (toll.acknowledged, >, 5 * cuts);
  g_assert_cmpuint (toll.lost, ==, 0);
  g_assert_cmpuint (toll.torn, ==, 0);
}

/* Proof that the cuts bite: with a level below FULL acknowledged writes are seen to be lost. */
static void
test_power_cuts_bite (void)
{
  g_assert_cmpuint (cut_power ("normal", NORMAL_CUTS_AT_MOST, TRUE).lost, >, 0);
}

static void
test_kills (StoreFixture *fixture, gconstpointer data)
{
  Ordeal ordeal = { fixture->path, "full", g_array_new (FALSE, FALSE, sizeof (int)), 0, 0, 0 };

  for (guint i = 0; i < KILLS; i++)
    {
      live (&ordeal, 0, 0, (guint) g_test_rand_int_range (1, 40));
      inspect (&ordeal);
    }
  g_assert_cmpuint (ordeal.lost, ==, 0);
  g_assert_cmpuint (ordeal.torn, ==, 0);
  g_array_unref (ordeal.acknowledged);
}

static gboolean
try_setting (TempoStore *store, const char *key, GError **error)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();

  tempo_batch_add (batch, "setting-set", "ss", key, "v");
  return tempo_store_write (store, batch, error);
}

static void
assert_setting (TempoStore *store, const char *key, gboolean there)
{
  g_autofree char *value = store_fixture_get_setting (store, key);

  g_assert_true ((value != NULL) == there);
}

/* No room: refused and said so, reads go on, nothing acknowledged is lost; room again: it goes on by itself. */
static void
test_full_disk (StoreFixture *fixture, gconstpointer data)
{
  static const int errors[] = { ENOSPC, EDQUOT, EFBIG };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *before = g_strdup_printf ("before%zu", i);
      g_autofree char *during = g_strdup_printf ("during%zu", i);
      g_autofree char *after = g_strdup_printf ("after%zu", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) fault = NULL;
      g_autoptr (GError) healed = NULL;

      g_assert_true (try_setting (fixture->store, before, NULL));
      fault_disk_fail_writes (0, errors[i]);
      g_assert_false (try_setting (fixture->store, during, &error));
      g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FULL);
      fault = tempo_store_dup_fault (fixture->store);
      g_assert_error (fault, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FULL);
      assert_setting (fixture->store, before, TRUE);
      fault_disk_heal ();
      g_assert_true (try_setting (fixture->store, after, NULL));
      healed = tempo_store_dup_fault (fixture->store);
      g_assert_no_error (healed);
      store_fixture_close (fixture);
      store_fixture_open (fixture);
      assert_setting (fixture->store, before, TRUE);
      assert_setting (fixture->store, during, FALSE);
      assert_setting (fixture->store, after, TRUE);
    }
}

/* Each write in turn is the one that finds no room. */
static void
test_each_write_fails (StoreFixture *fixture, gconstpointer data)
{
  for (int after = 0; after < 24; after++)
    {
      g_autofree char *first = g_strdup_printf ("first%d", after);
      g_autofree char *second = g_strdup_printf ("second%d", after);
      gboolean had_first = FALSE, had_second = FALSE;

      fault_disk_fail_one_write (after, ENOSPC);
      had_first = try_setting (fixture->store, first, NULL);
      had_second = try_setting (fixture->store, second, NULL);
      fault_disk_heal ();
      g_assert_true (had_first || had_second);
      store_fixture_close (fixture);
      store_fixture_open (fixture);
      assert_setting (fixture->store, first, had_first);
      assert_setting (fixture->store, second, had_second);
    }
}

/* After a failed fsync nothing is written any more, even when the disk says it is well again. */
static void
test_failed_sync (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  g_autoptr (GError) fault = NULL;
  guint calls = 0;

  g_assert_true (try_setting (fixture->store, "before", NULL));
  fault_disk_fail_syncs (0, EIO);
  g_assert_false (try_setting (fixture->store, "during", &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO);
  fault_disk_heal ();
  calls = fault_disk_get_calls ();
  g_assert_false (try_setting (fixture->store, "again", &again));
  g_assert_error (again, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO);
  g_assert_cmpuint (fault_disk_get_calls (), ==, calls);
  fault = tempo_store_dup_fault (fixture->store);
  g_assert_error (fault, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO);
  assert_setting (fixture->store, "before", TRUE);
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  assert_setting (fixture->store, "before", TRUE);
  assert_setting (fixture->store, "again", FALSE);
  g_assert_true (try_setting (fixture->store, "later", NULL));
}

static void
test_failed_write (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fault_disk_fail_writes (0, EIO);
  g_assert_false (try_setting (fixture->store, "during", &error));
  fault_disk_heal ();
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO);
  g_assert_false (try_setting (fixture->store, "again", NULL));
}

/* A backup that does not fit leaves nothing behind, and the store goes on. */
static void
test_full_backup (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *to = g_build_filename (fixture->folder, "backup.db", NULL);
  g_autofree char *partial = g_strconcat (to, ".partial", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (try_setting (fixture->store, "before", NULL));
  fault_disk_fail_writes (3, ENOSPC);
  g_assert_false (tempo_store_backup (fixture->store, to, &error));
  fault_disk_heal ();
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FULL);
  g_assert_false (g_file_test (to, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
  g_assert_true (try_setting (fixture->store, "after", NULL));
}

static void
test_second_process (StoreFixture *fixture, gconstpointer data)
{
  const char *const hold[] = { "hold", fixture->path, NULL };
  g_autoptr (GSubprocess) first = start (hold);
  g_autoptr (GSubprocess) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (read_number (first), ==, -1);
  g_assert_null (tempo_store_open (fixture->path, ACME, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY);
  g_subprocess_send_signal (first, SIGKILL);
  g_subprocess_wait (first, NULL, NULL);
  store_fixture_open (fixture);
  second = start (hold);
  g_assert_cmpint (read_number (second), ==, TEMPO_STORE_ERROR_BUSY);
  g_subprocess_send_signal (second, SIGKILL);
  g_subprocess_wait (second, NULL, NULL);
}

static void
test_read_only (StoreFixture *fixture, gconstpointer data)
{
  const char *const open_it[] = { "open", fixture->path, NULL };
  g_autoptr (GSubprocess) process = NULL;

  store_fixture_close (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  process = start (open_it);
  g_assert_cmpint (read_number (process), ==, TEMPO_STORE_ERROR_READ_ONLY);
  g_subprocess_wait (process, NULL, NULL);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
}

/* Damage inside: found by the check, and by whoever comes across it. */
static void
test_corrupt (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *key = g_strdup_printf ("%0200u", i);

      store_fixture_add_setting (fixture->store, key, "v");
    }
  store_fixture_close (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  memset (bytes + length - 3 * 4096, 0x5a, 3 * 4096);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, NULL));
  store_fixture_open (fixture);
  g_assert_false (tempo_store_check (fixture->store, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
}

int
main (int argc, char **argv)
{
  if (argc == 7 && strcmp (argv[1], "write") == 0)
    return run_write (argv);
  if (argc == 3 && (strcmp (argv[1], "hold") == 0 || strcmp (argv[1], "open") == 0))
    return run_open (argv, strcmp (argv[1], "hold") == 0);

  own_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/power-cuts", test_power_cuts);
  g_test_add_func ("/faults/power-cuts-bite", test_power_cuts_bite);
  store_fixture_add_closed ("/faults/kills", test_kills);
  store_fixture_add ("/faults/full-disk", test_full_disk);
  store_fixture_add ("/faults/each-write-fails", test_each_write_fails);
  store_fixture_add ("/faults/failed-sync", test_failed_sync);
  store_fixture_add ("/faults/failed-write", test_failed_write);
  store_fixture_add ("/faults/full-backup", test_full_backup);
  store_fixture_add_closed ("/faults/second-process", test_second_process);
  store_fixture_add ("/faults/read-only", test_read_only);
  store_fixture_add ("/faults/corrupt", test_corrupt);
  return g_test_run ();
}
