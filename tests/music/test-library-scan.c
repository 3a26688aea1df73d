/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tempo-clock.h"
#include "music/library/tempo-library-index.h"

/* The library over real folders: what is read, what is left out, what is noticed. */

/* A reader in GStreamer's place that counts. */
typedef struct
{
  int reads; /* (atomic) */
  int block; /* (atomic) waits until it is cancelled */
} FakeReader;

static TempoReading *
fake_read (const char *path, GCancellable *cancellable, gpointer user_data, GError **error)
{
  FakeReader *fake = user_data;
  TempoReading *reading;

  g_atomic_int_inc (&fake->reads);
  if (g_atomic_int_get (&fake->block))
    {
      GPollFD fd;

      if (g_cancellable_make_pollfd (cancellable, &fd))
        {
          g_poll (&fd, 1, 20000);
          g_cancellable_release_fd (cancellable);
        }
    }
  if (strstr (path, "bad") != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it is bad");
      return NULL;
    }
  reading = tempo_reading_new ();
  reading->artist = g_strdup ("Fake");
  return reading;
}

static MusicFixture *
open_fake (FakeReader *fake, gboolean wait)
{
  MusicFixture *fixture = music_fixture_new ();

  music_fixture_write (fixture, "a.mp3", "a", 1);
  music_fixture_write (fixture, "b.mp3", "b", 1);
  music_fixture_write (fixture, "deep/er/c.ogg", "c", 1);
  music_fixture_write (fixture, "bad.flac", "d", 1);
  music_fixture_write (fixture, "notes.txt", "e", 1);
  music_fixture_write (fixture, ".hidden.mp3", "f", 1);
  music_fixture_write (fixture, ".trash/g.mp3", "g", 1);
  music_fixture_open (fixture, "fakesink", FALSE);
  tempo_library_set_reader (TEMPO_LIBRARY (fixture->source), fake_read, fake);
  if (wait)
    music_fixture_scan (fixture);
  else
    tempo_library_set_folder (TEMPO_LIBRARY (fixture->source), fixture->folder);
  return fixture;
}

static void
test_tags (void)
{
  static const struct
  {
    Tone tone;
    const char *query;
    const char *artist;
    const char *album;
    gboolean explicit_content;
  } cases[] = {
    { { "one.flac", 300, "title=First Song;artist=Ada;album=Record", NULL }, "first", "Ada", "Record", FALSE },
    { { "two.ogg", 300, "title=Zweites Lied;artist=Bj\xc3\xb6rn", NULL }, "zweites", "Bj\xc3\xb6rn", NULL, FALSE },
    { { "three.mp3", 300, "title=Third Song;artist=Cyd;album=Record", NULL }, "third", "Cyd", "Record", FALSE },
    { { "Dan - Fourth Song.wav", 300, NULL, NULL }, "fourth", "Dan", NULL, FALSE },
    { { "deep/down/05 Fifth Song.flac", 300, NULL, NULL }, "fifth", "", NULL, FALSE },
    { { "\xd0\x96\xd1\x83\xd0\xba.flac", 300, NULL, NULL }, "\xd0\xb6\xd1\x83\xd0\xba", "", NULL, FALSE },
    { { "seven.flac", 300, "title=Seventh;artist=Eve;extended-comment=ITUNESADVISORY=1", NULL },
      "seventh",
      "Eve",
      NULL,
      TRUE },
    { { "eight.ogg", 300, "title=Eighth (Explicit);artist=Eve", NULL }, "eighth", "Eve", NULL, TRUE },
  };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    music_fixture_make_tone (fixture, &cases[i].tone);
  music_fixture_open (fixture, "fakesink", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoSong) song = music_fixture_find (fixture, cases[i].query);
      g_autoptr (TempoSong) looked_up = tempo_source_lookup (fixture->source, song->id);
      g_autofree char *path = g_filename_from_uri (song->uri, NULL, NULL);

      g_assert_cmpstr (song->artist, ==, cases[i].artist);
      g_assert_cmpstr (song->album, ==, cases[i].album);
      g_assert_cmpint (song->explicit_content, ==, cases[i].explicit_content);
      g_assert_cmpint (ABS (song->duration_ms - 300), <=, 80);
      g_assert_cmpstr (looked_up->title, ==, song->title);
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
  g_assert_cmpint (tempo_source_get_health (fixture->source, NULL), ==, TEMPO_SOURCE_READY);
}

static void
test_broken (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (GPtrArray) broken = NULL;
  g_autofree char *path = music_fixture_path (fixture, "cut.flac");
  g_autofree char *content = NULL;
  g_autofree char *all = NULL;
  gsize length;
  guint songs;
  guint n_broken;

  music_fixture_make_tone (fixture, &(Tone) { "good.flac", 300, "title=Good;artist=Ada", NULL });
  music_fixture_make_tone (fixture, &(Tone) { "cut.flac", 300, "title=Cut;artist=Ada", NULL });
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  music_fixture_write (fixture, "cut.flac", content, 60);
  music_fixture_write (fixture, "text.mp3", "Dear diary, today I was renamed to music.", 41);
  music_fixture_write (fixture, "empty.ogg", "", 0);
  music_fixture_open (fixture, "fakesink", TRUE);
  g_object_get (fixture->source, "songs", &songs, "broken", &n_broken, NULL);
  g_assert_cmpuint (songs, ==, 1);
  g_assert_cmpuint (n_broken, ==, 3);
  broken = tempo_library_list_broken (TEMPO_LIBRARY (fixture->source));
  g_assert_cmpuint (broken->len, ==, 3);
  for (guint i = 0; i < broken->len; i++)
    {
      const char *reason = strstr (broken->pdata[i], ": ");

      g_assert_nonnull (reason);
      g_assert_cmpuint (strlen (reason), >, 5);
    }
  all = music_fixture_search (fixture, "cut", 20);
  g_assert_cmpstr (all, ==, "");
}

/* Names as an old system wrote them. */
static void
test_strange_names (void)
{
  static const char *const names[]
    = { "caf\xe9.mp3", "line\nbreak.mp3", "\xff\xfe.mp3", "100%25.mp3", "a#b?c.mp3", "-rf.mp3" };
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    music_fixture_write (fixture, names[i], "x", 1);
  music_fixture_scan (fixture);
  music_fixture_wait_songs (fixture, 3 + G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *id = tempo_library_index_make_id ("", names[i]);
      g_autoptr (TempoSong) song = tempo_source_lookup (fixture->source, id);
      g_autofree char *path = song ? g_filename_from_uri (song->uri, NULL, NULL) : NULL;
      g_autofree char *expected = music_fixture_path (fixture, names[i]);

      g_assert_nonnull (song);
      g_assert_true (g_utf8_validate (song->title, -1, NULL));
      g_assert_cmpstr (path, ==, expected);
    }
}

static void
test_unchanged (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autoptr (TempoSong) before = music_fixture_find (fixture, "b");
  g_autoptr (TempoSong) after = NULL;
  guint scanned;
  guint total;

  g_assert_cmpint (g_atomic_int_get (&fake.reads), ==, 4);
  music_fixture_scan (fixture);
  /* Broken files are not opened again either. */
  g_assert_cmpint (g_atomic_int_get (&fake.reads), ==, 4);
  music_fixture_write (fixture, "b.mp3", "longer", 6);
  music_fixture_scan (fixture);
  g_assert_cmpint (g_atomic_int_get (&fake.reads), ==, 5);
  after = music_fixture_find (fixture, "b");
  g_assert_cmpstr (before->id, ==, after->id);
  g_object_get (fixture->source, "scanned", &scanned, "total", &total, NULL);
  g_assert_cmpuint (scanned, ==, total);

  /* Nor after the program was started anew. */
  music_fixture_close (fixture);
  music_fixture_open (fixture, "fakesink", FALSE);
  tempo_library_set_reader (TEMPO_LIBRARY (fixture->source), fake_read, &fake);
  tempo_library_set_folder (TEMPO_LIBRARY (fixture->source), fixture->folder);
  /* The songs of the last run are there at once. */
  g_assert_cmpint (tempo_source_get_health (fixture->source, NULL), ==, TEMPO_SOURCE_READY);
  music_fixture_scan (fixture);
  g_assert_cmpint (g_atomic_int_get (&fake.reads), ==, 5);
}

static void
test_watch (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autofree char *a = music_fixture_path (fixture, "a.mp3");
  g_autofree char *deep = music_fixture_path (fixture, "deep");
  g_autofree char *moved = music_fixture_path (fixture, "moved");
  g_autofree char *outside = g_build_filename (fixture->root, "outside", NULL);
  g_autofree char *found = NULL;

  music_fixture_wait_songs (fixture, 3);
  music_fixture_write (fixture, "new.mp3", "x", 1);
  music_fixture_wait_songs (fixture, 4);
  g_assert_cmpint (g_unlink (a), ==, 0);
  music_fixture_wait_songs (fixture, 3);
  /* A folder that comes with content, and below it. */
  music_fixture_write (fixture, "album/one.mp3", "x", 1);
  music_fixture_write (fixture, "album/disc 2/two.mp3", "x", 1);
  music_fixture_wait_songs (fixture, 5);
  /* One that is new is watched as well. */
  music_fixture_write (fixture, "album/disc 2/three.mp3", "x", 1);
  music_fixture_wait_songs (fixture, 6);
  /* Renamed: other paths, so other songs. */
  g_assert_cmpint (g_rename (deep, moved), ==, 0);
  music_fixture_write (fixture, "marker1.mp3", "x", 1);
  music_fixture_wait_songs (fixture, 7);
  found = music_fixture_search (fixture, "c", 5);
  g_assert_cmpstr (found, ==, "c");
  /* Moved out of sight. */
  g_assert_cmpint (g_rename (moved, outside), ==, 0);
  music_fixture_wait_songs (fixture, 6);
  g_assert_cmpuint (music_fixture_count_event (fixture, "catalogue"), >, 4);
}

static void
test_watch_repair (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autofree char *good = music_fixture_path (fixture, "good.flac");
  g_autofree char *bad = music_fixture_path (fixture, "bad.flac");
  g_autoptr (TempoSong) song = NULL;

  music_fixture_wait_songs (fixture, 3);
  g_assert_cmpint (g_rename (bad, good), ==, 0);
  music_fixture_wait_songs (fixture, 4);
  /* Marked by hand, and back when its file changes. */
  song = music_fixture_find (fixture, "good");
  tempo_library_mark_broken (TEMPO_LIBRARY (fixture->source), song->id, "it skips");
  g_assert_null (tempo_source_lookup (fixture->source, song->id));
  music_fixture_wait_songs (fixture, 3);
  music_fixture_write (fixture, "good.flac", "other content", 13);
  music_fixture_wait_songs (fixture, 4);
  g_clear_object (&song);
  song = music_fixture_find (fixture, "good");
}

static gboolean
is_gone (gpointer data)
{
  MusicFixture *fixture = data;

  return tempo_source_get_health (fixture->source, NULL) == TEMPO_SOURCE_GONE;
}

static void
store_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static void
test_missing (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autofree char *away = g_build_filename (fixture->root, "away", NULL);
  g_autoptr (TempoSong) song = music_fixture_find (fixture, "a");
  g_autoptr (TempoSong) known = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;

  g_assert_cmpint (tempo_source_get_health (fixture->source, NULL), ==, TEMPO_SOURCE_READY);
  g_assert_cmpint (g_rename (fixture->folder, away), ==, 0);
  music_fixture_wait (is_gone, fixture);
  tempo_source_get_health (fixture->source, &text);
  g_assert_cmpstr (text, !=, "");
  /* What is in the queue keeps its name; nothing more is offered. */
  known = tempo_source_lookup (fixture->source, song->id);
  g_assert_nonnull (known);
  g_assert_null (tempo_source_next_filler (fixture->source));
  tempo_source_search_async (fixture->source, "a", 5, NULL, store_result_cb, &result);
  music_fixture_wait (has_result, &result);
  g_assert_null (tempo_source_search_finish (fixture->source, result, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE);
  /* An empty mount point is no reason to forget a library. */
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  music_fixture_scan (fixture);
  music_fixture_wait (is_gone, fixture);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_assert_cmpint (g_rename (away, fixture->folder), ==, 0);
  music_fixture_scan (fixture);
  g_assert_cmpint (tempo_source_get_health (fixture->source, NULL), ==, TEMPO_SOURCE_READY);
  g_assert_cmpint (g_atomic_int_get (&fake.reads), ==, 4);
}

static void
test_never_there (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  TempoLibrary *library = music_fixture_open (fixture, "fakesink", FALSE);

  g_assert_cmpint (tempo_source_get_health (fixture->source, NULL), ==, TEMPO_SOURCE_GONE);
  g_assert_null (tempo_library_get_folder (library));
  tempo_library_set_folder (library, "/nonexistent/music");
  g_assert_cmpstr (tempo_library_get_folder (library), ==, "/nonexistent/music");
  music_fixture_wait (is_gone, fixture);
  tempo_library_set_folder (library, NULL);
  g_assert_null (tempo_library_get_folder (library));
}

static void
test_no_index (void)
{
  g_autoptr (TempoSource) source = tempo_library_new ("/nonexistent/folder/index.db", "/nonexistent/art", "fakesink");
  g_autoptr (GPtrArray) broken = tempo_library_list_broken (TEMPO_LIBRARY (source));
  g_autoptr (GPtrArray) suggestions = tempo_source_suggest (source, 5);
  const char *text;

  tempo_library_set_folder (TEMPO_LIBRARY (source), "/tmp");
  g_assert_cmpint (tempo_source_get_health (source, &text), ==, TEMPO_SOURCE_GONE);
  g_assert_nonnull (strstr (text, "index.db"));
  g_assert_null (tempo_source_lookup (source, "x"));
  g_assert_null (tempo_source_match (source, "a", "b"));
  g_assert_null (tempo_source_next_filler (source));
  g_assert_cmpuint (broken->len + suggestions->len, ==, 0);
}

static void
test_other_folder (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autofree char *album = music_fixture_path (fixture, "deep");
  g_autofree char *found = NULL;

  tempo_library_set_folder (TEMPO_LIBRARY (fixture->source), album);
  music_fixture_wait_songs (fixture, 1);
  found = music_fixture_search (fixture, "a", 5);
  g_assert_cmpstr (found, ==, "");
}

static void
test_loops (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autofree char *self_link = music_fixture_path (fixture, "deep/here");
  g_autofree char *up_link = music_fixture_path (fixture, "deep/er/up");
  g_autofree char *dangling = music_fixture_path (fixture, "dangling.mp3");
  g_autofree char *alias = music_fixture_path (fixture, "alias.mp3");
  g_autofree char *pipe = music_fixture_path (fixture, "pipe.mp3");

  g_assert_cmpint (symlink (".", self_link), ==, 0);
  g_assert_cmpint (symlink ("../..", up_link), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_cmpint (symlink ("a.mp3", alias), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  music_fixture_scan (fixture);
  /* The link to a file is a song; nothing else came. */
  music_fixture_wait_songs (fixture, 4);
}

static void
test_artwork (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (GBytes) embedded = music_fixture_image ("png", 30);
  g_autoptr (GBytes) cover = music_fixture_image ("jpeg", 31);
  g_autoptr (TempoSong) inside = NULL;
  g_autoptr (TempoSong) beside = NULL;
  g_autoptr (TempoSong) without = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *type = NULL;

  music_fixture_make_tone (fixture, &(Tone) { "in.flac", 300, "title=Inside;artist=Ada", embedded });
  music_fixture_make_tone (fixture, &(Tone) { "album/by.flac", 300, "title=Beside;artist=Ada", NULL });
  music_fixture_make_tone (fixture, &(Tone) { "no.flac", 300, "title=Without;artist=Ada", NULL });
  music_fixture_write (fixture, "album/Cover.JPG", g_bytes_get_data (cover, NULL), g_bytes_get_size (cover));
  music_fixture_write (fixture, "cover.png", "<svg onload=\"alert(1)\"/>", 24);
  music_fixture_open (fixture, "fakesink", TRUE);
  inside = music_fixture_find (fixture, "inside");
  beside = music_fixture_find (fixture, "beside");
  without = music_fixture_find (fixture, "without");
  g_assert_nonnull (inside->artwork);
  g_assert_nonnull (beside->artwork);
  g_assert_null (without->artwork);
  tempo_source_artwork_async (fixture->source, inside->artwork, NULL, store_result_cb, &result);
  music_fixture_wait (has_result, &result);
  bytes = tempo_source_artwork_finish (fixture->source, result, &type, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, embedded));
  g_assert_cmpstr (type, ==, "image/png");
}

static void
test_artwork_ids (void)
{
  static const char *const ids[] = {
    "", "../../etc/passwd", "0123", "zz",
    "0000000000000000000000000000000000000000000000000000000000000000",
  };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();

  music_fixture_open (fixture, "fakesink", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      tempo_source_artwork_async (fixture->source, ids[i], NULL, store_result_cb, &result);
      music_fixture_wait (has_result, &result);
      g_assert_null (tempo_source_artwork_finish (fixture->source, result, NULL, &error));
      g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND);
    }
}

/* A cover that changes shows for its songs; pictures nobody shows are removed. */
static void
test_artwork_changes (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autoptr (GBytes) first = music_fixture_image ("png", 10);
  g_autoptr (GBytes) second = music_fixture_image ("png", 12);
  g_autoptr (TempoSong) before = NULL;
  g_autoptr (TempoSong) after = NULL;
  g_autofree char *old = NULL;

  music_fixture_write (fixture, "cover.png", g_bytes_get_data (first, NULL), g_bytes_get_size (first));
  music_fixture_scan (fixture);
  before = music_fixture_find (fixture, "a");
  g_assert_nonnull (before->artwork);
  old = g_build_filename (fixture->artwork, before->artwork, NULL);
  g_assert_true (g_file_test (old, G_FILE_TEST_EXISTS));
  music_fixture_write (fixture, "cover.png", g_bytes_get_data (second, NULL), g_bytes_get_size (second));
  music_fixture_scan (fixture);
  music_fixture_scan (fixture);
  after = music_fixture_find (fixture, "a");
  g_assert_cmpstr (after->artwork, !=, before->artwork);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_atomic_int_get (&fake.reads), ==, 4);
}

static void
count_notify_cb (GObject *object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_notify (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  guint songs = 0;
  guint folders = 0;

  g_signal_connect (fixture->source, "notify::songs", G_CALLBACK (count_notify_cb), &songs);
  g_signal_connect (fixture->source, "notify::folder", G_CALLBACK (count_notify_cb), &folders);
  music_fixture_scan (fixture);
  /* Nothing changed, so nothing is told. */
  g_assert_cmpuint (songs + folders, ==, 0);
  music_fixture_write (fixture, "new.mp3", "x", 1);
  music_fixture_wait_songs (fixture, 4);
  g_assert_cmpuint (songs, ==, 1);
}

/* Closing or turning away while a file is being read. */
static void
test_interrupted (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = NULL;
  gint64 begun = g_get_monotonic_time ();

  g_atomic_int_set (&fake.block, 1);
  fixture = open_fake (&fake, FALSE);
  while (g_atomic_int_get (&fake.reads) == 0)
    g_main_context_iteration (NULL, FALSE);
  /* Another look begins while the first hangs in a file. */
  tempo_library_set_folder (TEMPO_LIBRARY (fixture->source), fixture->folder);
  while (g_atomic_int_get (&fake.reads) == 1)
    g_main_context_iteration (NULL, FALSE);
  music_fixture_close (fixture);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 15 * G_USEC_PER_SEC);
}

/* The same with GStreamer at work, at many a moment. */
static void
test_interrupted_reading (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.flac", i);

      music_fixture_make_tone (fixture, &(Tone) { name, 200, "title=Song;artist=Ada", NULL });
    }
  for (guint i = 0; i < 10; i++)
    {
      music_fixture_open (fixture, "fakesink", FALSE);
      tempo_library_set_folder (TEMPO_LIBRARY (fixture->source), fixture->folder);
      for (guint n = 0; n < i; n++)
        {
          tempo_library_set_folder (TEMPO_LIBRARY (fixture->source), n % 2 ? fixture->folder : NULL);
          g_main_context_iteration (NULL, FALSE);
        }
      music_fixture_close (fixture);
    }
  music_fixture_open (fixture, "fakesink", TRUE);
  music_fixture_wait_songs (fixture, 12);
}

static void
test_searches (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  GAsyncResult *results[64] = { NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    tempo_source_search_async (fixture->source, "a", 5, i % 2 ? cancellable : NULL, store_result_cb, &results[i]);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) songs = NULL;

      music_fixture_wait (has_result, &results[i]);
      songs = tempo_source_search_finish (fixture->source, results[i], &error);
      if (i % 2)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_cmpuint (songs->len, ==, 1);
      g_object_unref (results[i]);
    }
}

/* More than can wait: each is answered once, the newest with songs. */
static void
test_search_flood (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  GAsyncResult *results[2000] = { NULL };
  guint refused = 0;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    tempo_source_search_async (fixture->source, "a", 5, NULL, store_result_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) songs = NULL;

      music_fixture_wait (has_result, &results[i]);
      songs = tempo_source_search_finish (fixture->source, results[i], &error);
      g_assert_true ((songs != NULL) != (error != NULL));
      if (error != NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
      refused += error != NULL;
      if (i + 1 == G_N_ELEMENTS (results))
        g_assert_no_error (error);
      g_object_unref (results[i]);
    }
  g_test_message ("%u of 2000 were refused", refused);
}

/* The clock decides the night; everybody sees the same choice. */
static void
test_suggest (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (G_GINT64_CONSTANT (1700000000000000));
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  g_autoptr (GPtrArray) none = NULL;

  tempo_library_set_clock (TEMPO_LIBRARY (fixture->source), clock);
  first = tempo_source_suggest (fixture->source, 3);
  second = tempo_source_suggest (fixture->source, 3);
  none = tempo_source_suggest (fixture->source, 0);
  g_assert_cmpuint (first->len, ==, 3);
  for (guint i = 0; i < first->len; i++)
    g_assert_cmpstr (((TempoSong *) first->pdata[i])->id, ==, ((TempoSong *) second->pdata[i])->id);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_filler (void)
{
  FakeReader fake = { 0 };
  g_autoptr (MusicFixture) fixture = open_fake (&fake, TRUE);
  g_autoptr (TempoSong) any = tempo_source_next_filler (fixture->source);
  g_autoptr (TempoSong) deep = NULL;
  g_autoptr (TempoSong) none = NULL;

  g_assert_nonnull (any);
  tempo_library_set_filler_folder (TEMPO_LIBRARY (fixture->source), "deep");
  deep = tempo_source_next_filler (fixture->source);
  g_assert_cmpstr (deep->title, ==, "c");
  /* Marked as broken it is gone from there at once. */
  tempo_library_mark_broken (TEMPO_LIBRARY (fixture->source), deep->id, "hiss");
  none = tempo_source_next_filler (fixture->source);
  g_assert_null (none);
  tempo_library_set_filler_folder (TEMPO_LIBRARY (fixture->source), NULL);
  g_assert_true (g_set_object (&any, NULL));
  any = tempo_source_next_filler (fixture->source);
  g_assert_nonnull (any);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/library/tags", test_tags);
  g_test_add_func ("/music/library/broken", test_broken);
  g_test_add_func ("/music/library/strange-names", test_strange_names);
  g_test_add_func ("/music/library/unchanged", test_unchanged);
  g_test_add_func ("/music/library/watch", test_watch);
  g_test_add_func ("/music/library/watch-repair", test_watch_repair);
  g_test_add_func ("/music/library/missing", test_missing);
  g_test_add_func ("/music/library/never-there", test_never_there);
  g_test_add_func ("/music/library/no-index", test_no_index);
  g_test_add_func ("/music/library/other-folder", test_other_folder);
  g_test_add_func ("/music/library/loops", test_loops);
  g_test_add_func ("/music/library/artwork", test_artwork);
  g_test_add_func ("/music/library/artwork-ids", test_artwork_ids);
  g_test_add_func ("/music/library/artwork-changes", test_artwork_changes);
  g_test_add_func ("/music/library/notify", test_notify);
  g_test_add_func ("/music/library/interrupted", test_interrupted);
  g_test_add_func ("/music/library/interrupted-reading", test_interrupted_reading);
  g_test_add_func ("/music/library/searches", test_searches);
  g_test_add_func ("/music/library/search-flood", test_search_flood);
  g_test_add_func ("/music/library/suggest", test_suggest);
  g_test_add_func ("/music/library/filler", test_filler);
  return g_test_run ();
}
