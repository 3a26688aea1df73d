/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room with the real library over real tunes, played into nothing, and the screen that looks at it. */
#include <glib/gstdio.h>

#include "fixture.h"
#include "venue/tempo-monitor.h"

#define TUNES 9

typedef gboolean (*Predicate) (Fixture *f, gpointer data);

static void
wait_until (Fixture *f,
            Predicate predicate,
            gpointer data)
{
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;

  while (!predicate (f, data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      fixture_turn ();
    }
}

static gboolean
is_scanned (Fixture *f,
            gpointer data)
{
  gboolean scanning = TRUE;
  guint songs = 0, broken = 0;

  tempo_monitor_get_scan (data, &scanning, NULL, NULL, &songs, &broken);

  return !scanning && songs + broken > 0;
}

static gboolean
has_view (Fixture *f,
          gpointer data)
{
  return tempo_monitor_get_view (data) != NULL;
}

/* The tunes are copied: a test may take one away. */
static void
copy_tunes (const char *folder)
{
  const char *from = g_getenv ("TEMPO_DEMO_TUNES");
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *one = g_build_filename (from, name, NULL);
      g_autofree char *other = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (g_file_test (one, G_FILE_TEST_IS_REGULAR) && g_file_get_contents (one, &bytes, &length, NULL))
        g_assert_true (g_file_set_contents (other, bytes, (gssize) length, NULL));
    }
}

static TempoMonitor *
open_house (Fixture *f)
{
  TempoMonitor *monitor;

  f->music_folder = g_dir_make_tmp ("tempo-tunes-XXXXXX", NULL);
  copy_tunes (f->music_folder);
  fixture_set_up (f, NULL);
  monitor = tempo_monitor_new (f->host, f->org, f->room);
  wait_until (f, has_view, monitor);
  wait_until (f, is_scanned, monitor);

  return monitor;
}

static void
close_house (Fixture *f,
             TempoMonitor *monitor)
{
  g_autofree char *folder = g_strdup (f->music_folder);

  g_object_unref (monitor);
  fixture_tear_down (f);
  fixture_remove (folder);
}

static GPtrArray *
search (TempoMonitor *monitor,
        const char *query,
        guint limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *songs;

  tempo_monitor_search_async (monitor, query, limit, NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);
  songs = tempo_monitor_search_finish (monitor, result, &error);
  g_assert_no_error (error);

  return songs;
}

static void
begin_event (Fixture *f,
             const char *rules)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_EVENT_CREATE);

  command->flag = TRUE;
  command->patch = fixture_json (rules);
  tempo_outcome_unref (fixture_do (f, command));
}

/* What the scan found is searched without accents, its pictures are there, and wrong asks are refused. */
static void
test_catalogue (void)
{
  Fixture f = { 0 };
  TempoMonitor *monitor = open_house (&f);
  g_autoptr (GPtrArray) found = NULL, all = NULL, none = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) error = NULL;
  TempoSong *song;
  guint scanned, total, songs, broken;
  gboolean scanning;

  tempo_monitor_get_scan (monitor, &scanning, &scanned, &total, &songs, &broken);
  g_assert_false (scanning);
  {
    g_autofree char *path = tempo_host_dup_log_path (f.host, f.org);
    g_autofree char *expected = g_strdup_printf ("library: %u songs, %u that cannot be played\n", songs, broken);
    g_autofree char *text = NULL;

    tempo_logbook_flush (f.host->logbook);
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_nonnull (strstr (text, expected));
  }
  g_assert_cmpuint (songs, ==, TUNES);
  g_assert_cmpuint (broken, ==, 0);
  g_assert_cmpstr (tempo_monitor_get_room_id (monitor), ==, f.room);
  g_assert_cmpstr (tempo_monitor_get_organization_id (monitor), ==, f.org);
  g_assert_true (tempo_monitor_get_host (monitor) == f.host);

  found = search (monitor, "cafe reverberes", 5);
  g_assert_cmpuint (found->len, ==, 1);
  song = g_ptr_array_index (found, 0);
  g_assert_nonnull (song->artwork);
  all = search (monitor, NULL, 5);
  g_assert_cmpuint (all->len, ==, 5);
  none = search (monitor, "nothing is called this", 5);
  g_assert_cmpuint (none->len, ==, 0);

  tempo_monitor_artwork_async (monitor, song->artwork, NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);
  picture = tempo_monitor_artwork_finish (monitor, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (picture), >, 100);
  g_clear_object (&result);
  tempo_monitor_artwork_async (monitor, "../../registry.db", NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);
  g_assert_null (tempo_monitor_artwork_finish (monitor, result, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_clear_object (&result);
  close_house (&f, monitor);
}

static gboolean
all_played (Fixture *f,
            gpointer data)
{
  g_autofree char *n = fixture_sql (f, NULL, "SELECT count(*) FROM base_request WHERE status IN ('played', 'failed')");

  return atoi (n) == GPOINTER_TO_INT (data);
}

static gboolean
plays_filler (Fixture *f,
              gpointer data)
{
  TempoRoomView *view = tempo_monitor_get_view (data);

  return view->now_playing != NULL && view->now_playing->request == NULL && view->queue->len == 0;
}

static void
ask_for (Fixture *f,
         TempoSong *song,
         const char *guest)
{
  g_free (fixture_ask (f, guest, song->id));
}

/* Three songs of three guests are played in their order to the end, and then the house's own music goes on. */
static void
test_plays_through (void)
{
  Fixture f = { 0 };
  TempoMonitor *monitor = open_house (&f);
  g_autoptr (GPtrArray) songs = search (monitor, NULL, 4);
  g_autofree char *asked = NULL, *played = NULL;
  TempoCommand *command;

  begin_event (&f, "{\"approval\":false,\"order\":\"first\",\"noRepeatMinutes\":0}");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *guest = g_strdup_printf ("guest%u", i);

      ask_for (&f, songs->pdata[i], guest);
      tempo_clock_advance (f.clock, G_USEC_PER_SEC);
    }
  command = fixture_command (&f, TEMPO_ACTION_FILLER);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));
  wait_until (&f, all_played, GINT_TO_POINTER (3));
  asked = fixture_sql (&f, NULL, "SELECT title FROM base_request ORDER BY number");
  played = fixture_sql (&f, NULL, "SELECT request.title FROM base_request AS request, base_play AS play"
                                  " WHERE play.request_id = request.id ORDER BY play.rowid");
  g_assert_cmpstr (played, ==, asked);
  fixture_check_sql (&f, "SELECT count(*) FROM base_request WHERE status = 'played'", "3");
  wait_until (&f, plays_filler, monitor);
  close_house (&f, monitor);
}

/* A file that is gone by the time its song comes is marked and passed over; the evening goes on. */
static void
test_vanished (void)
{
  Fixture f = { 0 };
  TempoMonitor *monitor = open_house (&f);
  g_autoptr (GPtrArray) songs = search (monitor, NULL, 3);
  g_autofree char *path = NULL;

  begin_event (&f, "{\"approval\":true,\"order\":\"first\",\"noRepeatMinutes\":0}");
  for (guint i = 0; i < 3; i++)
    {
      ask_for (&f, songs->pdata[i], i == 0 ? "ann" : i == 1 ? "max" : "eva");
      tempo_clock_advance (f.clock, G_USEC_PER_SEC);
    }
  path = g_filename_from_uri (((TempoSong *) songs->pdata[1])->uri, NULL, NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_APPROVE)));
  wait_until (&f, all_played, GINT_TO_POINTER (3));
  fixture_check_sql (&f, "SELECT status FROM base_request ORDER BY number", "played failed played");
  fixture_check_sql (&f, "SELECT count(*) FROM base_request WHERE status = 'failed' AND reason_code IS NOT NULL", "1");
  close_house (&f, monitor);
}

static gboolean
set_music (TempoMonitor *monitor,
           const char *source,
           const char *folder,
           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_monitor_set_music_async (monitor, source, folder, NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);

  return tempo_monitor_set_music_finish (monitor, result, error);
}

static gboolean
view_source_is (Fixture *f,
                gpointer data)
{
  gpointer *pair = data;
  TempoRoomView *view = tempo_monitor_get_view (pair[0]);

  return view != NULL && g_strcmp0 (view->room->source, pair[1]) == 0;
}

/* From the library to the DJ's own decks and back, in the middle of an evening: nothing that waits is lost. */
static void
test_change_source (void)
{
  Fixture f = { 0 };
  TempoMonitor *monitor = open_house (&f);
  g_autoptr (GPtrArray) songs = search (monitor, NULL, 2);
  g_autoptr (GError) error = NULL;
  gpointer manual[] = { monitor, (gpointer) "manual" };
  gpointer library[] = { monitor, (gpointer) "library" };
  TempoCommand *command;

  g_assert_false (set_music (monitor, "gramophone", NULL, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID);
  g_clear_error (&error);
  g_assert_false (set_music (monitor, "library", "not/absolute", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID);
  g_clear_error (&error);

  begin_event (&f, "{\"freeText\":true,\"noRepeatMinutes\":0}");
  ask_for (&f, songs->pdata[0], "ann");
  g_assert_true (set_music (monitor, "manual", NULL, &error));
  g_assert_no_error (error);
  wait_until (&f, view_source_is, manual);
  fixture_check_sql (&f, "SELECT status FROM base_request", "pending");
  /* No catalogue: an id means nothing, words do. */
  command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "max");
  command->song_id = g_strdup (((TempoSong *) songs->pdata[1])->id);
  fixture_refuse (&f, command, TEMPO_REFUSAL_NO_SONG);
  command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "max");
  command->title = g_strdup ("From the crate");
  tempo_outcome_unref (fixture_do (&f, command));
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_APPROVE)));
  fixture_check_sql (&f, "SELECT status FROM base_request", "approved approved");

  g_assert_true (set_music (monitor, "library", f.music_folder, &error));
  g_assert_no_error (error);
  wait_until (&f, view_source_is, library);
  wait_until (&f, is_scanned, monitor);
  /* The library plays what it has; what was only typed keeps its place until somebody plays it by hand. */
  wait_until (&f, all_played, GINT_TO_POINTER (1));
  fixture_check_sql (&f, "SELECT status FROM base_request ORDER BY number", "played approved");
  close_house (&f, monitor);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/music/catalogue", test_catalogue);
  g_test_add_func ("/venue/music/plays-through", test_plays_through);
  g_test_add_func ("/venue/music/vanished", test_vanished);
  g_test_add_func ("/venue/music/change-source", test_change_source);

  return g_test_run ();
}
