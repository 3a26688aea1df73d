/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "music-fixture.h"
#include "music/library/tempo-library-walk.h"
#include "music/library/tempo-library-watch.h"

/* The watch and the walk by themselves: which folders are named, and what is seen
 * in them. */

typedef struct
{
  GString *dirs; /* sorted, each followed by a space */
  guint reports;
  guint lost;
} Reports;

static int
compare_dirs (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
report_cb (GPtrArray *dirs, gpointer user_data)
{
  Reports *reports = user_data;

  reports->reports++;
  if (dirs == NULL)
    {
      reports->lost++;
      return;
    }
  g_ptr_array_sort (dirs, compare_dirs);
  for (guint i = 0; i < dirs->len; i++)
    g_string_append_printf (reports->dirs, "<%s>", (const char *) dirs->pdata[i]);
}

static gboolean
has_report (gpointer data)
{
  return ((Reports *) data)->reports > 0;
}

static void
test_events (void)
{
  static const struct
  {
    const char *write;  /* below the music folder */
    const char *remove;
    const char *make;
    const char *dirs;
  } cases[] = {
    { "new.mp3", NULL, NULL, "<>" },
    { "album/new.mp3", NULL, NULL, "<album>" },
    { NULL, "album/old.mp3", NULL, "<album>" },
    { NULL, NULL, "album/disc", "<album>" },
    { "a.mp3", "album/new.mp3", NULL, "<><album>" },
  };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryWatch) watch = NULL;
  Reports reports = { g_string_new (NULL), 0, 0 };

  music_fixture_write (fixture, "album/old.mp3", "x", 1);
  watch = tempo_library_watch_new (g_main_context_default (), fixture->folder, 10, report_cb, &reports);
  g_assert_true (tempo_library_watch_add (watch, ""));
  g_assert_true (tempo_library_watch_add (watch, "album"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *removed = cases[i].remove ? music_fixture_path (fixture, cases[i].remove) : NULL;
      g_autofree char *made = cases[i].make ? music_fixture_path (fixture, cases[i].make) : NULL;

      reports.reports = 0;
      g_string_truncate (reports.dirs, 0);
      if (cases[i].write)
        music_fixture_write (fixture, cases[i].write, "x", 1);
      if (removed)
        g_assert_cmpint (g_unlink (removed), ==, 0);
      if (made)
        g_assert_cmpint (g_mkdir (made, 0700), ==, 0);
      music_fixture_wait (has_report, &reports);
      g_assert_cmpstr (reports.dirs->str, ==, cases[i].dirs);
    }
  g_assert_cmpuint (reports.lost, ==, 0);
  g_assert_cmpuint (tempo_library_watch_get_unwatched (watch), ==, 0);
  g_string_free (reports.dirs, TRUE);
}

/* A thousand files are one report, or a few; not a thousand. */
static void
test_many (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryWatch) watch = NULL;
  Reports reports = { g_string_new (NULL), 0, 0 };

  watch = tempo_library_watch_new (g_main_context_default (), fixture->folder, 50, report_cb, &reports);
  g_assert_true (tempo_library_watch_add (watch, ""));
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.mp3", i);
      g_autofree char *path = music_fixture_path (fixture, name);
      int fd = g_open (path, O_CREAT | O_WRONLY, 0600);

      g_assert_true (g_close (fd, NULL));
    }
  music_fixture_wait (has_report, &reports);
  g_assert_true (g_str_has_prefix (reports.dirs->str, "<>"));
  g_assert_cmpuint (reports.reports, <, 10);
  g_string_free (reports.dirs, TRUE);
}

/* Hidden files are nobody's music. */
static void
test_hidden (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryWatch) watch = NULL;
  g_autofree char *path = music_fixture_path (fixture, ".part");
  Reports reports = { g_string_new (NULL), 0, 0 };
  int fd;

  watch = tempo_library_watch_new (g_main_context_default (), fixture->folder, 10, report_cb, &reports);
  g_assert_true (tempo_library_watch_add (watch, ""));
  fd = g_open (path, O_CREAT | O_WRONLY, 0600);
  g_assert_true (g_close (fd, NULL));
  music_fixture_write (fixture, "album/x", "x", 1);
  music_fixture_wait (has_report, &reports);
  g_assert_cmpuint (reports.reports, ==, 1);
  g_string_free (reports.dirs, TRUE);
}

/* Freed with events on their way: nothing is told. */
static void
test_freed (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  Reports reports = { g_string_new (NULL), 0, 0 };

  for (guint i = 0; i < 20; i++)
    {
      TempoLibraryWatch *watch = tempo_library_watch_new (g_main_context_default (), fixture->folder, 0, report_cb, &reports);

      g_assert_true (tempo_library_watch_add (watch, ""));
      g_assert_false (tempo_library_watch_add (watch, "not/there"));
      music_fixture_write (fixture, "x.mp3", "x", 1);
      tempo_library_watch_free (watch);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
  g_assert_cmpuint (reports.reports, ==, 0);
  g_string_free (reports.dirs, TRUE);
}

static void
test_is_audio (void)
{
  static const struct
  {
    const char *name;
    gboolean audio;
  } cases[] = {
    { "a.mp3", TRUE }, { "a.MP3", TRUE }, { "a.b.flac", TRUE }, { "x.Opus", TRUE }, { "caf\xe9.ogg", TRUE },
    { "mp3", FALSE }, { ".mp3", FALSE }, { "a.mp3.part", FALSE }, { "a.txt", FALSE }, { "a.", FALSE }, { "", FALSE },
    { "cover.jpg", FALSE }, { "a.mp33", FALSE }, { "a.m3u", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (tempo_library_walk_is_audio (cases[i].name), ==, cases[i].audio);
}

/* The names that a walk wants to open, sorted. */
static char *
walk (MusicFixture *fixture, TempoLibraryIndex *index, const char *again, gboolean *changed)
{
  g_auto (TempoLibraryWalk) self = { 0 };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);

  g_assert_true (tempo_library_index_begin (index, &error));
  tempo_library_walk_init (&self, index, NULL, fixture->folder, fixture->artwork, NULL);
  if (again != NULL)
    tempo_library_walk_again (&self, again, &error);
  else
    tempo_library_walk_all (&self, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < self.pending->len; i++)
    {
      const TempoPendingFile *file = self.pending->pdata[i];
      const TempoIndexFile stored = { file->dir_row, file->dir, file->name, file->mtime, file->size, "not read" };

      g_ptr_array_add (names, g_build_filename (file->dir, file->name, NULL));
      g_assert_true (tempo_library_index_put (index, &stored, NULL, NULL, &error));
    }
  g_assert_true (tempo_library_index_commit (index, &error));
  g_ptr_array_sort (names, compare_dirs);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i ? " " : "", (const char *) names->pdata[i]);
  if (changed)
    *changed = self.changed;
  return g_string_free (text, FALSE);
}

static void
expect_walk (MusicFixture *fixture, TempoLibraryIndex *index, const char *again, const char *names, gboolean changed)
{
  gboolean has_changed;
  g_autofree char *found = walk (fixture, index, again, &has_changed);

  g_assert_cmpstr (found, ==, names);
  g_assert_cmpint (has_changed, ==, changed);
}

static void
test_walk (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = tempo_library_index_open (fixture->index, TRUE, NULL);
  g_autofree char *b = music_fixture_path (fixture, "b.mp3");
  g_autofree char *album = music_fixture_path (fixture, "album");
  g_autofree char *aside = g_build_filename (fixture->root, "aside", NULL);

  music_fixture_write (fixture, "a.mp3", "x", 1);
  music_fixture_write (fixture, "b.mp3", "x", 1);
  music_fixture_write (fixture, "album/disc/c.mp3", "x", 1);
  music_fixture_write (fixture, "album/readme.txt", "x", 1);
  expect_walk (fixture, index, NULL, "a.mp3 album/disc/c.mp3 b.mp3", FALSE);
  expect_walk (fixture, index, NULL, "", FALSE);
  /* Another size is another file. */
  music_fixture_write (fixture, "a.mp3", "xx", 2);
  expect_walk (fixture, index, "", "a.mp3", FALSE);
  /* A folder the index does not know is its parent's to bring in. */
  music_fixture_write (fixture, "album/new/d.mp3", "x", 1);
  expect_walk (fixture, index, "album/new", "", FALSE);
  expect_walk (fixture, index, "", "", FALSE);
  expect_walk (fixture, index, "album", "album/new/d.mp3", FALSE);
  g_assert_cmpint (g_unlink (b), ==, 0);
  expect_walk (fixture, index, "", "", TRUE);
  g_assert_cmpint (g_rename (album, aside), ==, 0);
  expect_walk (fixture, index, "", "", TRUE);
  g_assert_cmpint (g_rename (aside, album), ==, 0);
  expect_walk (fixture, index, NULL, "album/disc/c.mp3 album/new/d.mp3", FALSE);
}

/* A folder without permission keeps what is known of it. */
static void
test_walk_forbidden (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = tempo_library_index_open (fixture->index, TRUE, NULL);
  g_autofree char *album = music_fixture_path (fixture, "album");

  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  music_fixture_write (fixture, "a.mp3", "x", 1);
  music_fixture_write (fixture, "album/b.mp3", "x", 1);
  expect_walk (fixture, index, NULL, "a.mp3 album/b.mp3", FALSE);
  g_assert_cmpint (g_chmod (album, 0), ==, 0);
  expect_walk (fixture, index, NULL, "", FALSE);
  g_assert_cmpint (g_chmod (album, 0700), ==, 0);
  expect_walk (fixture, index, NULL, "", FALSE);
}

static void
test_walk_cancelled (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = tempo_library_index_open (fixture->index, TRUE, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TempoLibraryWalk) self = { 0 };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  tempo_library_walk_init (&self, index, NULL, fixture->folder, fixture->artwork, cancellable);
  g_assert_false (tempo_library_walk_all (&self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Deeper than anybody sorts music. */
static void
test_walk_deep (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = tempo_library_index_open (fixture->index, TRUE, NULL);
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < TEMPO_LIBRARY_MAX_DEPTH + 5; i++)
    {
      g_autofree char *file = g_strconcat (name->str, "x.mp3", NULL);

      music_fixture_write (fixture, file, "x", 1);
      g_string_append (name, "d/");
    }
  {
    g_autofree char *found = walk (fixture, index, NULL, NULL);
    g_auto (GStrv) names = g_strsplit (found, " ", -1);

    g_assert_cmpuint (g_strv_length (names), ==, TEMPO_LIBRARY_MAX_DEPTH + 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/watch/events", test_events);
  g_test_add_func ("/music/watch/many", test_many);
  g_test_add_func ("/music/watch/hidden", test_hidden);
  g_test_add_func ("/music/watch/freed", test_freed);
  g_test_add_func ("/music/walk/is-audio", test_is_audio);
  g_test_add_func ("/music/walk/compare", test_walk);
  g_test_add_func ("/music/walk/forbidden", test_walk_forbidden);
  g_test_add_func ("/music/walk/cancelled", test_walk_cancelled);
  g_test_add_func ("/music/walk/deep", test_walk_deep);
  return g_test_run ();
}
