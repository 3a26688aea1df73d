/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music-fixture.h"

#include <glib/gstdio.h>

/* The player against real files and GStreamer's fakesink; with sync=true it takes
 * the time a device would take. */

static TempoSong *
prepare_two (MusicFixture *fixture, guint ms)
{
  music_fixture_make_tone (fixture, &(Tone) { "one.flac", ms, "title=One;artist=Ada", NULL });
  music_fixture_make_tone (fixture, &(Tone) { "two.ogg", ms, "title=Two;artist=Bob", NULL });
  music_fixture_open (fixture, "fakesink sync=true", TRUE);
  return music_fixture_find (fixture, "one");
}

static void
test_order (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 300);
  g_autoptr (TempoSong) two = music_fixture_find (fixture, "two");

  g_assert_cmpint (tempo_library_get_last_gap (TEMPO_LIBRARY (fixture->source)), ==, -1);
  g_string_truncate (fixture->events, 0);
  tempo_source_play (fixture->source, one, 0);
  /* Nothing is told inside the call. */
  g_assert_cmpstr (fixture->events->str, ==, "");
  music_fixture_wait_event (fixture, "ended", 1);
  tempo_source_play (fixture->source, two, 0);
  music_fixture_wait_event (fixture, "ended", 2);
  g_assert_cmpstr (fixture->events->str, ==, "started ended started ended ");
  g_assert_cmpint (tempo_library_get_last_gap (TEMPO_LIBRARY (fixture->source)), >=, 0);
  g_assert_cmpint (tempo_source_get_position (fixture->source), ==, 0);
}

static void
test_start_inside (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 4000);

  tempo_source_play (fixture->source, one, 2500);
  g_assert_cmpint (tempo_source_get_position (fixture->source), ==, 2500);
  music_fixture_wait_event (fixture, "started", 1);
  g_assert_cmpint (tempo_source_get_position (fixture->source), >=, 2400);
  g_assert_cmpint (tempo_source_get_position (fixture->source), <=, 4000);
  tempo_source_seek (fixture->source, 3800);
  music_fixture_wait_event (fixture, "position", 1);
  g_assert_cmpint (tempo_source_get_position (fixture->source), >=, 3700);
  music_fixture_wait_event (fixture, "ended", 1);
}

static void
test_pause (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 1500);
  gint64 held;

  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "started", 1);
  tempo_source_pause (fixture->source);
  held = tempo_source_get_position (fixture->source);
  tempo_source_seek (fixture->source, 1000);
  music_fixture_wait_event (fixture, "position", 1);
  g_assert_cmpint (held, <, 1000);
  /* A seek while held moves the position, and it stays there. */
  held = tempo_source_get_position (fixture->source);
  g_assert_cmpint (held, >=, 900);
  g_assert_cmpint (tempo_source_get_position (fixture->source), ==, held);
  tempo_source_resume (fixture->source);
  music_fixture_wait_event (fixture, "position", 2);
  music_fixture_wait_event (fixture, "ended", 1);
  g_assert_cmpuint (music_fixture_count_event (fixture, "started"), ==, 1);
}

static void
test_replaced (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 400);
  g_autoptr (TempoSong) two = music_fixture_find (fixture, "two");

  g_string_truncate (fixture->events, 0);
  for (guint i = 0; i < 10; i++)
    tempo_source_play (fixture->source, i % 2 ? one : two, 0);
  music_fixture_wait_event (fixture, "ended", 1);
  /* Of ten songs handed over at once only the last one counts. */
  g_assert_cmpstr (fixture->events->str, ==, "started ended ");
}

/* An end that is on its way when the next song is handed over is not told: the
 * engine would take it for the end of the new one and skip it. */
static void
test_overtaken_end (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 300);
  g_autoptr (TempoSong) two = music_fixture_find (fixture, "two");

  for (guint i = 0; i < 2; i++)
    {
      tempo_source_play (fixture->source, one, 0);
      g_string_truncate (fixture->events, 0);
      music_fixture_wait_event (fixture, "started", 1);
      while (!g_main_context_pending (NULL))
        g_thread_yield ();
      g_string_truncate (fixture->events, 0);
      if (i == 0)
        tempo_source_play (fixture->source, two, 0);
      else
        tempo_source_stop (fixture->source);
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (music_fixture_count_event (fixture, "ended"), ==, 0);
      if (i == 0)
        music_fixture_wait_event (fixture, "ended", 1);
    }
  g_assert_cmpstr (fixture->events->str, ==, "");
}

static void
test_stop (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 400);
  g_autoptr (TempoSong) two = music_fixture_find (fixture, "two");

  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "started", 1);
  tempo_source_stop (fixture->source);
  g_assert_cmpint (tempo_source_get_position (fixture->source), ==, 0);
  g_string_truncate (fixture->events, 0);
  tempo_source_play (fixture->source, two, 0);
  music_fixture_wait_event (fixture, "ended", 1);
  g_assert_cmpstr (fixture->events->str, ==, "started ended ");
}

static void
test_volume (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 300);

  tempo_source_set_volume (fixture->source, 0.5);
  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "started", 1);
  tempo_source_set_volume (fixture->source, 0.0);
  tempo_source_set_volume (fixture->source, 7.0);
  music_fixture_wait_event (fixture, "ended", 1);
}

static void
test_vanished (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 600);
  g_autofree char *path = music_fixture_path (fixture, "one.flac");

  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "started", 1);
  g_assert_cmpint (g_unlink (path), ==, 0);
  music_fixture_wait_songs (fixture, 1);
  /* What is open plays to its end, or fails: the queue goes on either way. */
  if (music_fixture_count_event (fixture, "failed") == 0)
    music_fixture_wait_event (fixture, "ended", 1);
  g_string_truncate (fixture->events, 0);
  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "failed", 1);
  g_assert_error (fixture->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE);
  g_assert_cmpuint (music_fixture_count_event (fixture, "started"), ==, 0);
}

/* A file that was fine when it was read and is not when it is played. */
static void
test_unplayable (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 300);
  g_autoptr (TempoSong) two = music_fixture_find (fixture, "two");
  g_autoptr (TempoSong) again = NULL;
  g_autofree char *path = music_fixture_path (fixture, "one.flac");
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_clear_object (&again);
  tempo_library_set_folder (TEMPO_LIBRARY (fixture->source), fixture->folder);
  music_fixture_write (fixture, "one.flac", "this is no music", 16);
  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "failed", 1);
  g_assert_error (fixture->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE);
  /* It is not offered any more, at once. */
  again = tempo_source_lookup (fixture->source, one->id);
  g_assert_null (again);
  tempo_source_play (fixture->source, two, 0);
  music_fixture_wait_event (fixture, "ended", 1);
}

static void
test_folder_away (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 300);
  g_autofree char *elsewhere = g_build_filename (fixture->root, "elsewhere", NULL);

  g_assert_cmpint (g_rename (fixture->folder, elsewhere), ==, 0);
  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "failed", 1);
  g_assert_error (fixture->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE);
}

static void
test_unknown_song (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 100);
  g_autoptr (TempoSong) stored = tempo_song_new (one->id, "One", "Ada");
  g_autoptr (TempoSong) unknown = tempo_song_new ("00", "Nothing", "Nobody");

  /* A stored request knows the id only. */
  tempo_source_play (fixture->source, stored, 0);
  music_fixture_wait_event (fixture, "ended", 1);
  tempo_source_play (fixture->source, unknown, 0);
  music_fixture_wait_event (fixture, "failed", 1);
  g_assert_error (fixture->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND);
}

static gboolean
has_no_device (gpointer data)
{
  MusicFixture *fixture = data;

  return tempo_source_get_health (fixture->source, NULL) == TEMPO_SOURCE_NO_DEVICE;
}

static void
test_no_device (gconstpointer data)
{
  const char *sink = data;
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = NULL;
  const char *text;

  music_fixture_make_tone (fixture, &(Tone) { "one.flac", 100, "title=One;artist=Ada", NULL });
  music_fixture_make_tone (fixture, &(Tone) { "two.flac", 100, "title=Two;artist=Ada", NULL });
  music_fixture_open (fixture, sink, TRUE);
  /* Told before the first song is tried. */
  music_fixture_wait (has_no_device, fixture);
  g_assert_cmpint (tempo_source_get_health (fixture->source, &text), ==, TEMPO_SOURCE_NO_DEVICE);
  g_assert_cmpstr (text, !=, "");
  /* Searching works all the same. */
  one = music_fixture_find (fixture, "one");
  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "failed", 1);
  g_assert_error (fixture->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE);
  g_assert_cmpuint (music_fixture_count_event (fixture, "started"), ==, 0);
  /* The song is not to blame. */
  g_clear_object (&one);
  one = music_fixture_find (fixture, "one");
}

static gboolean
has_device (gpointer data)
{
  MusicFixture *fixture = data;

  return tempo_source_get_health (fixture->source, NULL) == TEMPO_SOURCE_READY;
}

/* The cable is plugged in again: nobody has to tell Tempo. */
static void
test_device_returns (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autofree char *folder = g_build_filename (fixture->root, "device", NULL);
  g_autofree char *sink = g_strdup_printf ("filesink location=%s/sound", folder);
  g_autoptr (TempoSong) one = NULL;

  music_fixture_make_tone (fixture, &(Tone) { "one.flac", 300, "title=One;artist=Ada", NULL });
  music_fixture_make_tone (fixture, &(Tone) { "two.flac", 300, "title=Two;artist=Ada", NULL });
  music_fixture_open (fixture, sink, TRUE);
  music_fixture_wait (has_no_device, fixture);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  music_fixture_wait (has_device, fixture);
  one = music_fixture_find (fixture, "one");
  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "ended", 1);
  g_assert_cmpuint (music_fixture_count_event (fixture, "failed"), ==, 0);
}

/* Transport without a song, in every order, does nothing and breaks nothing. */
static void
test_idle_transport (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 300);

  g_string_truncate (fixture->events, 0);
  for (guint i = 0; i < 50; i++)
    {
      switch (g_test_rand_int_range (0, 4))
        {
        case 0:
          tempo_source_pause (fixture->source);
          break;
        case 1:
          tempo_source_resume (fixture->source);
          break;
        case 2:
          tempo_source_seek (fixture->source, g_test_rand_int_range (0, 5000));
          break;
        default:
          tempo_source_stop (fixture->source);
          break;
        }
    }
  g_assert_cmpint (tempo_source_get_position (fixture->source), ==, 0);
  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "ended", 1);
  g_assert_cmpstr (fixture->events->str, ==, "started ended ");
}

/* Behind the end there is the end. */
static void
test_seek_behind_end (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 2000);

  tempo_source_play (fixture->source, one, 0);
  music_fixture_wait_event (fixture, "started", 1);
  tempo_source_seek (fixture->source, 60 * 60 * 1000);
  music_fixture_wait_event (fixture, "ended", 1);
  /* Started behind the end: a start or not, but an end. */
  tempo_source_play (fixture->source, one, 60 * 60 * 1000);
  music_fixture_wait_event (fixture, "ended", 2);
}

/* Held before the first note: it starts when the host lets go. */
static void
test_pause_before_start (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoSong) one = prepare_two (fixture, 400);

  for (guint i = 0; i < 2; i++)
    {
      g_string_truncate (fixture->events, 0);
      tempo_source_play (fixture->source, one, i * 100);
      tempo_source_pause (fixture->source);
      tempo_source_resume (fixture->source);
      music_fixture_wait_event (fixture, "ended", 1);
      g_assert_cmpuint (music_fixture_count_event (fixture, "started"), ==, 1);
    }
}

/* Closing in the middle of everything: nothing hangs, nothing comes after. */
static void
test_close_while_playing (void)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (MusicFixture) fixture = music_fixture_new ();
      g_autoptr (TempoSong) one = prepare_two (fixture, 500);

      tempo_source_play (fixture->source, one, i % 2 ? 100 : 0);
      if (i > 2)
        music_fixture_wait_event (fixture, "started", 1);
      g_string_truncate (fixture->events, 0);
      music_fixture_close (fixture);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      g_assert_cmpstr (fixture->events->str, ==, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/player/order", test_order);
  g_test_add_func ("/music/player/start-inside", test_start_inside);
  g_test_add_func ("/music/player/pause", test_pause);
  g_test_add_func ("/music/player/replaced", test_replaced);
  g_test_add_func ("/music/player/overtaken-end", test_overtaken_end);
  g_test_add_func ("/music/player/stop", test_stop);
  g_test_add_func ("/music/player/volume", test_volume);
  g_test_add_func ("/music/player/vanished", test_vanished);
  g_test_add_func ("/music/player/unplayable", test_unplayable);
  g_test_add_func ("/music/player/folder-away", test_folder_away);
  g_test_add_func ("/music/player/unknown-song", test_unknown_song);
  g_test_add_data_func ("/music/player/no-device/bad-description", "nosuchelement ! fakesink", test_no_device);
  g_test_add_data_func ("/music/player/no-device/cannot-open", "filesink location=/nonexistent/folder/file",
                        test_no_device);
  g_test_add_data_func ("/music/player/no-device/breaks", "fakesink state-error=null-to-ready", test_no_device);
  g_test_add_func ("/music/player/no-device/returns", test_device_returns);
  g_test_add_func ("/music/player/idle-transport", test_idle_transport);
  g_test_add_func ("/music/player/seek-behind-end", test_seek_behind_end);
  g_test_add_func ("/music/player/pause-before-start", test_pause_before_start);
  g_test_add_func ("/music/player/close", test_close_while_playing);
  return g_test_run ();
}
