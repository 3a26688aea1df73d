/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>

#include "store/tempo-hlc-private.h"
#include "store/tempo-store-private.h"

typedef struct
{
  guint expected;
  guint written;
  guint refused;
  gboolean done;
} Answers;

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answers *answers = user_data;
  g_autoptr (GError) error = NULL;

  if (tempo_store_write_finish (TEMPO_STORE (source), result, &error))
    answers->written++;
  else
    answers->refused++;
  answers->done = answers->written + answers->refused == answers->expected;
}

static TempoBatch *
make_setting (const char *key, const char *value)
{
  TempoBatch *batch = tempo_batch_new ();

  tempo_batch_add (batch, "setting-set", "ss", key, value);
  return batch;
}

static void
test_write_read (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *value = NULL;
  g_autofree char *missing = NULL;

  store_fixture_add_setting (fixture->store, "tone", "amber");
  value = store_fixture_get_setting (fixture->store, "tone");
  g_assert_cmpstr (value, ==, "amber");
  missing = store_fixture_get_setting (fixture->store, "other");
  g_assert_null (missing);
}

static void
test_reopen (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *value = NULL;
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);

  store_fixture_add_setting (fixture->store, "tone", "amber");
  store_fixture_close (fixture);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
  store_fixture_open (fixture);
  g_assert_false (tempo_store_was_unclean (fixture->store));
  value = store_fixture_get_setting (fixture->store, "tone");
  g_assert_cmpstr (value, ==, "amber");
}

static void
test_private_file (StoreFixture *fixture, gconstpointer data)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

/* Sixty-four writers at once, every eighth of whom breaks a rule: the others get through. */
static void
test_group_commit (StoreFixture *fixture, gconstpointer data)
{
  Answers answers = { 64, 0, 0, FALSE };
  guint64 batches = 0, commits = 0, failures = 0;

  for (guint i = 0; i < answers.expected; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autoptr (TempoBatch) batch = make_setting (key, "v");

      if (i % 8 == 3)
        tempo_batch_add (batch, "setting-set", "sn", "null is refused");
      tempo_store_write_async (fixture->store, batch, NULL, answer_cb, &answers);
    }
  store_fixture_iterate (&answers.done);
  g_assert_cmpuint (answers.written, ==, 56);
  g_assert_cmpuint (answers.refused, ==, 8);
  for (guint i = 0; i < answers.expected; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autofree char *value = store_fixture_get_setting (fixture->store, key);

      g_assert_cmpstr (value, ==, i % 8 == 3 ? NULL : "v");
    }
  tempo_store_get_counts (fixture->store, &batches, &commits, &failures);
  g_assert_cmpuint (batches, ==, 56);
  g_assert_cmpuint (commits, <, 56);
  g_assert_cmpuint (failures, ==, 0);
}

static void
test_alone_refused (StoreFixture *fixture, gconstpointer data)
{
  static const struct { const char *name, *format, *value; TempoStoreError code; } cases[] = {
    { "setting-set", "sn", "k", TEMPO_STORE_ERROR_CONSTRAINT },
    { "no-such-statement", "s", "k", TEMPO_STORE_ERROR_NOT_FOUND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoBatch) batch = make_setting ("before", "x");
      g_autoptr (GError) error = NULL;
      g_autofree char *value = NULL;
      g_autoptr (GError) fault = NULL;

      tempo_batch_add (batch, cases[i].name, cases[i].format, cases[i].value);
      g_assert_false (tempo_store_write (fixture->store, batch, &error));
      g_assert_error (error, TEMPO_STORE_ERROR, (int) cases[i].code);
      value = store_fixture_get_setting (fixture->store, "before");
      g_assert_null (value);
      fault = tempo_store_dup_fault (fixture->store);
      g_assert_no_error (fault);
    }
}

static void
test_cancel (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (TempoBatch) batch = make_setting ("k", "v");
  g_autofree char *value = NULL;
  Answers answers = { 1, 0, 0, FALSE };

  g_cancellable_cancel (cancellable);
  tempo_store_write_async (fixture->store, batch, cancellable, answer_cb, &answers);
  store_fixture_iterate (&answers.done);
  g_assert_cmpuint (answers.refused, ==, 1);
  value = store_fixture_get_setting (fixture->store, "k");
  g_assert_null (value);
}

/* Closing answers everything that was accepted, and refuses what comes later. */
static void
test_close_finishes (StoreFixture *fixture, gconstpointer data)
{
  Answers answers = { 200, 0, 0, FALSE };
  g_autoptr (TempoBatch) late = make_setting ("late", "v");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < answers.expected; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autoptr (TempoBatch) batch = make_setting (key, "v");

      tempo_store_write_async (fixture->store, batch, NULL, answer_cb, &answers);
    }
  tempo_store_close (fixture->store);
  g_assert_false (tempo_store_write (fixture->store, late, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED);
  store_fixture_iterate (&answers.done);
  g_assert_cmpuint (answers.written, ==, 200);
}

static gpointer
count_in_read (TempoScope *scope, gpointer user_data, GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "setting-list", "");
  g_autoptr (TempoRows) second = NULL;
  g_autoptr (GError) busy = NULL;

  g_assert_true (tempo_rows_next (rows, error));
  second = tempo_scope_query (scope, &busy, "setting-list", "");
  g_assert_null (second);
  g_assert_error (busy, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FAILED);
  return user_data;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean *done = tempo_store_read_finish (TEMPO_STORE (source), result, &error);

  g_assert_no_error (error);
  g_assert_true (done == user_data);
  *done = TRUE;
}

static gpointer
write_in_read (TempoScope *scope, gpointer user_data, GError **error)
{
  return tempo_scope_try_sql (scope, "INSERT INTO setting (key, value) VALUES ('a', 'b')", error) ? scope : NULL;
}

static void
test_read_async (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;

  store_fixture_add_setting (fixture->store, "k", "v");
  tempo_store_read_async (fixture->store, count_in_read, &done, NULL, NULL, read_cb, &done);
  store_fixture_iterate (&done);
  g_assert_null (tempo_store_read (fixture->store, write_in_read, NULL, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_DENIED);
}

static void
test_batch_values (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  g_autoptr (TempoBatch) more = make_setting ("second", "2");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("three", 5);
  g_autoptr (GError) error = NULL;
  g_autofree char *second = NULL;

  g_assert_true (tempo_batch_is_empty (batch));
  tempo_batch_append (batch, more);
  g_assert_true (tempo_batch_is_empty (more));
  g_assert_false (tempo_batch_is_empty (batch));
  tempo_batch_add (more, "setting-set", "sb", "third", bytes);
  g_assert_true (tempo_store_write (fixture->store, batch, &error));
  second = store_fixture_get_setting (fixture->store, "second");
  g_assert_cmpstr (second, ==, "2");
  /* The table is strict: a blob is no text. */
  g_assert_false (tempo_store_write (fixture->store, more, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);
}

static void
test_hlc (void)
{
  static const struct { gint64 last, wall_us, next; } cases[] = {
    { 0, 5000, (gint64) 5 << 16 },
    { (gint64) 5 << 16, 5999, ((gint64) 5 << 16) + 1 },
    { (gint64) 9 << 16, 5000, ((gint64) 9 << 16) + 1 },      /* the clock was set back */
    { ((gint64) 5 << 16) + 65535, 5000, (gint64) 6 << 16 },  /* the counter is full */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (tempo_hlc_next (cases[i].last, cases[i].wall_us), ==, cases[i].next);
  g_assert_cmpint (tempo_hlc_reserve (0) >> 16, ==, 10000);
}

/* Time in the file goes on above what an earlier run may have given out. */
static void
test_hlc_survives (StoreFixture *fixture, gconstpointer data)
{
  sqlite3 *db = NULL;
  gint64 first = 0, reserved = 0, second = 0;

  store_fixture_add_setting (fixture->store, "a", "1");
  store_fixture_close (fixture);
  db = tempo_sqlite_open (fixture->path, TEMPO_SQLITE_PLAIN, NULL);
  first = store_fixture_count (db, "SELECT hlc FROM base_setting WHERE key = 'a'");
  reserved = store_fixture_count (db, "SELECT hlc FROM base_tenant");
  tempo_sqlite_close (db);
  g_assert_cmpint (first, <, reserved);
  store_fixture_open (fixture);
  store_fixture_add_setting (fixture->store, "b", "1");
  store_fixture_close (fixture);
  db = tempo_sqlite_open (fixture->path, TEMPO_SQLITE_PLAIN, NULL);
  second = store_fixture_count (db, "SELECT hlc FROM base_setting WHERE key = 'b'");
  tempo_sqlite_close (db);
  g_assert_cmpint (second, >, reserved);
}

static void
test_other_owner (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_close (fixture);
  g_assert_null (tempo_store_open (fixture->path, BLUE, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_DENIED);
}

static gpointer
write_thread (gpointer data)
{
  TempoStore *store = data;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *key = g_strdup_printf ("%p-%u", (gpointer) g_thread_self (), i);
      g_autofree char *value = NULL;

      store_fixture_add_setting (store, key, "v");
      value = store_fixture_get_setting (store, key);
      g_assert_cmpstr (value, ==, "v");
    }
  return NULL;
}

static void
test_threads (StoreFixture *fixture, gconstpointer data)
{
  GThread *threads[6];
  guint64 batches = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("writer", write_thread, fixture->store);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  tempo_store_get_counts (fixture->store, &batches, NULL, NULL);
  g_assert_cmpuint (batches, ==, 300);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  store_fixture_add ("/store/write-read", test_write_read);
  store_fixture_add ("/store/reopen", test_reopen);
  store_fixture_add ("/store/private-file", test_private_file);
  store_fixture_add ("/store/group-commit", test_group_commit);
  store_fixture_add ("/store/alone-refused", test_alone_refused);
  store_fixture_add ("/store/cancel", test_cancel);
  store_fixture_add ("/store/close-finishes", test_close_finishes);
  store_fixture_add ("/store/read-async", test_read_async);
  store_fixture_add ("/store/batch-values", test_batch_values);
  g_test_add_func ("/store/hlc", test_hlc);
  store_fixture_add ("/store/hlc-survives", test_hlc_survives);
  store_fixture_add ("/store/other-owner", test_other_owner);
  store_fixture_add ("/store/threads", test_threads);
  return g_test_run ();
}
