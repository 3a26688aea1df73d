/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tempo-song.h"
#include "music/library/tempo-library.h"
#include "music/manual/tempo-manual-source.h"
#include "music/tempo-worker.h"

/* The interface's own answers, which are all of the manual source, and the worker. */

static void
store_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_manual (void)
{
  g_autoptr (TempoSource) source = tempo_manual_source_new ();
  g_autoptr (TempoSong) song = tempo_song_new (NULL, "Song", "Ada");
  g_autoptr (GPtrArray) suggestions = tempo_source_suggest (source, 5);
  const char *text = NULL;

  g_assert_cmpint (tempo_source_get_abilities (source), ==, 0);
  g_assert_cmpint (tempo_source_get_health (source, &text), ==, TEMPO_SOURCE_READY);
  g_assert_cmpstr (text, ==, "");
  g_assert_null (tempo_source_lookup (source, "x"));
  g_assert_null (tempo_source_match (source, "Ada", "Song"));
  g_assert_null (tempo_source_next_filler (source));
  g_assert_cmpuint (suggestions->len, ==, 0);
  tempo_source_play (source, song, 0);
  tempo_source_pause (source);
  tempo_source_resume (source);
  tempo_source_seek (source, 5);
  tempo_source_stop (source);
  tempo_source_set_volume (source, 0.3);
  g_assert_cmpint (tempo_source_get_position (source), ==, 0);
}

static void
test_refusal (void)
{
  g_autoptr (TempoSource) source = tempo_manual_source_new ();
  g_autoptr (GAsyncResult) search = NULL;
  g_autoptr (GAsyncResult) artwork = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) artwork_error = NULL;

  tempo_source_search_async (source, "x", 5, NULL, store_result_cb, &search);
  tempo_source_artwork_async (source, "x", NULL, store_result_cb, &artwork);
  g_assert_null (search);
  while (search == NULL || artwork == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (tempo_source_search_finish (source, search, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE);
  g_assert_null (tempo_source_artwork_finish (source, artwork, NULL, &artwork_error));
  g_assert_error (artwork_error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE);
}

typedef struct
{
  GMainContext *context;
  GThread *home;
  GString *log;
  guint seen;
} Trip;

static void
home_func (gpointer data)
{
  Trip *trip = data;

  g_assert_true (g_thread_self () == trip->home);
  trip->seen++;
}

static void
away_func (gpointer data)
{
  Trip *trip = data;

  g_assert_true (g_thread_self () != trip->home);
  g_string_append_c (trip->log, 'a');
  tempo_post (trip->context, home_func, trip, NULL);
}

static void
count_destroy (gpointer data)
{
  g_atomic_int_inc ((int *) data);
}

static void
no_func (gpointer data)
{
}

/* Posts run in order, on the other side, and come back. */
static void
test_worker (void)
{
  Trip trip = { g_main_context_default (), g_thread_self (), g_string_new (NULL), 0 };
  g_autoptr (TempoWorker) worker = tempo_worker_new ("test");
  int destroyed = 0;

  for (guint i = 0; i < 100; i++)
    tempo_worker_post (worker, away_func, &trip, NULL);
  while (trip.seen < 100)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (trip.log->len, ==, 100);
  tempo_worker_post (worker, no_func, &destroyed, count_destroy);
  g_assert_true (tempo_worker_stop (worker, 10 * G_USEC_PER_SEC));
  g_assert_cmpint (g_atomic_int_get (&destroyed), ==, 1);
  g_string_free (trip.log, TRUE);
}

static void
never_func (gpointer data)
{
  g_assert_not_reached ();
}

/* What is posted too late is not run, but what it holds is freed. */
static void
test_worker_late (void)
{
  int destroyed = 0;
  TempoWorker *worker = tempo_worker_new ("test");

  g_assert_true (tempo_worker_stop (worker, 10 * G_USEC_PER_SEC));
  tempo_worker_post (worker, never_func, &destroyed, count_destroy);
  tempo_worker_unref (worker);
  g_assert_cmpint (g_atomic_int_get (&destroyed), ==, 1);
}

static void
block_func (gpointer data)
{
  GMutex *gate = data;

  g_mutex_lock (gate);
  g_mutex_unlock (gate);
}

/* A worker that hangs does not hang its owner, and cleans up after itself. */
static void
test_worker_hangs (void)
{
  static GMutex gate;
  TempoWorker *worker = tempo_worker_new ("test");

  g_mutex_lock (&gate);
  tempo_worker_post (worker, block_func, &gate, NULL);
  g_assert_false (tempo_worker_stop (worker, 10 * 1000));
  g_mutex_unlock (&gate);
  g_assert_true (tempo_worker_stop (worker, 10 * G_USEC_PER_SEC));
  tempo_worker_unref (worker);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/source/manual", test_manual);
  g_test_add_func ("/music/source/refusal", test_refusal);
  g_test_add_func ("/music/worker/order", test_worker);
  g_test_add_func ("/music/worker/late", test_worker_late);
  g_test_add_func ("/music/worker/hangs", test_worker_hangs);
  return g_test_run ();
}
