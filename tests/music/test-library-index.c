/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "music-fixture.h"
#include "music/library/tempo-library-choice.h"
#include "music/library/tempo-library-index-private.h"

/* The index by itself: what is found and in which order, and what happens to the
 * file. Songs are written as the scanner writes them, without any audio. */

static void
put (TempoLibraryIndex *index, gint64 dir_row, const char *dir, const char *name, const char *artist,
     const char *title, const char *album)
{
  g_autoptr (TempoReading) reading = tempo_reading_new ();
  g_autoptr (GError) error = NULL;
  const TempoIndexFile file = { dir_row, dir, name, 1, 2 };

  reading->title = g_strdup (title);
  reading->artist = g_strdup (artist);
  reading->album = g_strdup (album);
  reading->duration_ms = 180000;
  tempo_library_index_put (index, &file, reading, NULL, &error);
  g_assert_no_error (error);
}

static TempoLibraryIndex *
open_filled (MusicFixture *fixture)
{
  static const char *const songs[][3] = {
    { "The Beatniks", "Let It Bee", "Let It Bee" },
    { "The Beatniks", "Yesterdays", "Helpers!" },
    { "Queenie", "Bohemian Raspberry", "A Night Off" },
    { "Queenie", "Killer Quiche", NULL },
    { "Dance Band", "Dancing Queenie", NULL },
    { "Beyanc\xc3\xa9lla", "D\xc3\xa9j\xc3\xa0 Vu", NULL },
    { "Motörsäge", "Ace of Shades", NULL },
    { "", "Untitled Tape", NULL },
    { "AC/BC", "Thunderstuck", NULL },
    { "\xe6\x96\xb0\xe6\x9d\xb1\xe4\xba\xac\xe6\xa5\xbd\xe5\x9b\xa3", "\xe9\x9b\xa8", NULL },
    { "Q", "A", NULL },
  };
  g_autoptr (GError) error = NULL;
  TempoLibraryIndex *index = tempo_library_index_open (fixture->index, TRUE, &error);
  TempoIndexDir dir;

  g_assert_no_error (error);
  g_assert_true (tempo_library_index_begin (index, &error));
  g_assert_true (tempo_library_index_set_folder (index, "/music", &error));
  g_assert_true (tempo_library_index_visit_dir (index, "", 0, &dir, &error));
  g_assert_true (dir.is_new);
  for (guint i = 0; i < G_N_ELEMENTS (songs); i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.mp3", i);

      put (index, dir.row, "", name, songs[i][0], songs[i][1], songs[i][2]);
    }
  g_assert_true (tempo_library_index_commit (index, &error));
  g_assert_no_error (error);
  return index;
}

static char *
find (TempoLibraryIndex *index, const char *query, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) songs = tempo_library_index_search (index, query, limit, &error);
  GString *titles = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < songs->len; i++)
    g_string_append_printf (titles, "%s%s", i > 0 ? "|" : "", ((TempoSong *) songs->pdata[i])->title);
  return g_string_free (titles, FALSE);
}

/* Each statement is right on the schema as it is. */
static void
test_statements (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);

  for (TempoIndexSql sql = 0; sql < N_SQL; sql++)
    g_assert_nonnull (tempo_library_index_prepare (index, sql));
}

static void
test_search (void)
{
  static const struct
  {
    const char *query;
    const char *titles;
  } cases[] = {
    { "let it bee", "Let It Bee" },
    { "bee it let", "Let It Bee" },
    { "LET beat", "Let It Bee" },
    { "helpers", "Yesterdays" },
    { "queenie", "Bohemian Raspberry|Killer Quiche|Dancing Queenie" },
    { "q", "A|Killer Quiche|Bohemian Raspberry|Dancing Queenie" },
    { "killer q", "Killer Quiche" },
    { "beyancella", "D\xc3\xa9j\xc3\xa0 Vu" },
    { "deja VU", "D\xc3\xa9j\xc3\xa0 Vu" },
    { "d\xc3\xa9ja", "D\xc3\xa9j\xc3\xa0 Vu" },
    { "motorsage", "Ace of Shades" },
    { "ac/bc", "Thunderstuck" },
    { "\xe4\xba\xac", "\xe9\x9b\xa8" },
    { "untitled", "Untitled Tape" },
    { "queenie beatniks", "" },
    { "zzz", "" },
    { "", "" },
    { "\"\"\"", "" },
    { "let* OR killer", "" },
    { "title:killer", "" },
    { "killer\" OR \"let", "" },
    { "NEAR(let it)", "" },
  };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *titles = find (index, cases[i].query, 20);

      g_assert_cmpstr (titles, ==, cases[i].titles);
    }
}

static void
test_limit (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);
  g_autofree char *one = find (index, "queenie", 1);
  g_autofree char *none = find (index, "queenie", 0);

  g_assert_cmpstr (one, ==, "Bohemian Raspberry");
  g_assert_cmpstr (none, ==, "");
}

static void
test_match (void)
{
  static const struct
  {
    const char *artist;
    const char *title;
    const char *found;
  } cases[] = {
    { "Queenie", "Killer Quiche", "Killer Quiche" },
    { "QUEENIE", "killer quiche!", "Killer Quiche" },
    { "beyancella", "Deja Vu", "D\xc3\xa9j\xc3\xa0 Vu" },
    { "Queenie", "Let It Bee", NULL },
    { NULL, "Let it bee", "Let It Bee" },
    { "", "Let it bee", "Let It Bee" },
    { NULL, "Let it", NULL },
    { NULL, "", NULL },
    { "", "***", NULL },
  };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoSong) song = tempo_library_index_match (index, cases[i].artist, cases[i].title);

      g_assert_cmpstr (song ? song->title : NULL, ==, cases[i].found);
    }
}

/* Two artists with a song of one name: a title alone does not say which. */
static void
test_match_unclear (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);

  put (index, 1, "", "twin.mp3", "Somebody Else", "Let It Bee", NULL);
  g_assert_null (tempo_library_index_match (index, NULL, "Let It Bee"));
  put (index, 1, "", "twin.mp3", "The Beatniks", "Let It Bee", NULL);
  {
    g_autoptr (TempoSong) song = tempo_library_index_match (index, NULL, "Let It Bee");

    g_assert_nonnull (song);
  }
}

static void
test_broken (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);
  g_autoptr (TempoSong) song = tempo_library_index_match (index, "Queenie", "Killer Quiche");
  g_autoptr (GPtrArray) broken = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *back = NULL;
  TempoIndexCounts counts = tempo_library_index_count (index);

  g_assert_cmpuint (counts.songs, ==, 11);
  g_assert_true (tempo_library_index_mark_broken (index, song->id, "it\nhisses", NULL));
  counts = tempo_library_index_count (index);
  g_assert_cmpuint (counts.songs, ==, 10);
  g_assert_cmpuint (counts.broken, ==, 1);
  g_assert_null (tempo_library_index_lookup (index, song->id));
  g_assert_null (tempo_library_index_match (index, "Queenie", "Killer Quiche"));
  gone = find (index, "killer", 5);
  g_assert_cmpstr (gone, ==, "");
  broken = tempo_library_index_list_broken (index, 200);
  g_assert_cmpuint (broken->len, ==, 1);
  g_assert_cmpstr (broken->pdata[0], ==, "03.mp3: it hisses");
  /* Read again and found good. */
  put (index, 1, "", "03.mp3", "Queenie", "Killer Quiche", NULL);
  back = find (index, "killer", 5);
  g_assert_cmpstr (back, ==, "Killer Quiche");
}

static void
test_remove_dir (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);
  g_autoptr (GHashTable) below = NULL;
  TempoIndexDir root;
  TempoIndexDir a;
  TempoIndexDir b;

  tempo_library_index_visit_dir (index, "", 0, &root, NULL);
  g_assert_false (root.is_new);
  tempo_library_index_visit_dir (index, "a", root.row, &a, NULL);
  tempo_library_index_visit_dir (index, "a/b", a.row, &b, NULL);
  put (index, a.row, "a", "x.mp3", "Deep", "Xylo", NULL);
  put (index, b.row, "a/b", "y.mp3", "Deeper", "Xylo Two", NULL);
  below = tempo_library_index_list_dirs (index, root.row);
  g_assert_cmpuint (g_hash_table_size (below), ==, 1);
  g_assert_true (tempo_library_index_remove_dir (index, a.row, NULL));
  g_assert_cmpuint (tempo_library_index_count (index).songs, ==, 11);
  tempo_library_index_visit_dir (index, "a/b", -1, &b, NULL);
  g_assert_cmpint (b.row, ==, 0);
}

static void
test_ids (void)
{
  g_autofree char *id = tempo_library_index_make_id ("", "a.mp3");
  g_autofree char *same = tempo_library_index_make_id ("", "a.mp3");
  g_autofree char *below = tempo_library_index_make_id ("a", "b.mp3");
  g_autofree char *other = tempo_library_index_make_id ("ab", ".mp3");

  g_assert_cmpstr (id, ==, same);
  g_assert_cmpuint (strlen (id), ==, 32);
  g_assert_cmpstr (below, !=, other);
}

/* Whatever is in the place of the file, the library starts. */
static void
test_file (gconstpointer data)
{
  const char *content = data;
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->index, content, -1, NULL));
  index = open_filled (fixture);
  g_assert_cmpuint (tempo_library_index_count (index).songs, ==, 11);
  g_clear_pointer (&index, tempo_library_index_close);
  /* And what was written is there the next time. */
  index = tempo_library_index_open (fixture->index, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tempo_library_index_count (index).songs, ==, 11);
}

/* An older or newer index is not repaired but made anew. */
static void
test_other_schema (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);
  sqlite3 *db = NULL;

  g_clear_pointer (&index, tempo_library_index_close);
  g_assert_cmpint (sqlite3_open (fixture->index, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA user_version = 99", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  index = tempo_library_index_open (fixture->index, TRUE, NULL);
  g_assert_cmpuint (tempo_library_index_count (index).songs, ==, 0);
}

/* Damage in the middle: reported as such, and gone at the next start. */
static void
test_damaged (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);
  g_autofree char *content = NULL;
  g_autofree char *song = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_clear_pointer (&index, tempo_library_index_close);
  g_assert_true (g_file_get_contents (fixture->index, &content, &length, NULL));
  memset (content + 4096, 0x5a, length - 4096);
  g_assert_true (g_file_set_contents (fixture->index, content, length, NULL));
  index = tempo_library_index_open (fixture->index, TRUE, &error);
  if (index != NULL && tempo_library_index_begin (index, &error))
    {
      const TempoIndexFile file = { 1, "", "x.mp3", 1, 1 };

      tempo_library_index_put (index, &file, NULL, NULL, &error);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_pointer (&index, tempo_library_index_close);
  index = open_filled (fixture);
  song = find (index, "killer", 5);
  g_assert_cmpstr (song, ==, "Killer Quiche");
}

static void
test_cannot_open (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tempo_library_index_open ("/nonexistent/folder/index.db", TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
}

static void
test_suggestions (void)
{
  const gint64 hour = 3600 * G_TIME_SPAN_SECOND;
  const gint64 noon = 19675 * 24 * hour + 12 * hour;
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);
  TempoLibraryChoice *choice = tempo_library_choice_new ();
  g_autoptr (GPtrArray) evening = tempo_library_choice_suggest (choice, index, noon + 8 * hour, 5);
  g_autoptr (GPtrArray) midnight = tempo_library_choice_suggest (choice, index, noon + 16 * hour, 5);
  g_autoptr (GHashTable) artists = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean another = FALSE;

  g_assert_cmpuint (evening->len, ==, 5);
  for (guint i = 0; i < evening->len; i++)
    {
      const TempoSong *song = evening->pdata[i];

      g_assert_cmpstr (song->id, ==, ((TempoSong *) midnight->pdata[i])->id);
      g_assert_true (g_hash_table_add (artists, song->artist));
    }
  for (guint day = 1; day < 5 && !another; day++)
    {
      g_autoptr (GPtrArray) later = tempo_library_choice_suggest (choice, index, noon + (24 * day + 8) * hour, 5);

      another = g_strcmp0 (((TempoSong *) later->pdata[0])->id, ((TempoSong *) evening->pdata[0])->id) != 0;
    }
  g_assert_true (another);
  tempo_library_choice_free (choice);
}

static void
test_filler (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryIndex) index = open_filled (fixture);
  TempoLibraryChoice *choice = tempo_library_choice_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *last = NULL;
  TempoIndexDir dir;

  /* All eleven come before one comes again. */
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (TempoSong) song = tempo_library_choice_next (choice, index);

      g_assert_true (g_hash_table_add (seen, g_strdup (song->id)));
    }
  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (TempoSong) song = tempo_library_choice_next (choice, index);

      g_assert_cmpstr (song->id, !=, last);
      g_free (last);
      last = g_strdup (song->id);
    }
  tempo_library_index_visit_dir (index, "quiet", 1, &dir, NULL);
  put (index, dir.row, "quiet", "one.mp3", "Ada", "Quiet One", NULL);
  tempo_library_index_visit_dir (index, "quiet music", 1, &dir, NULL);
  put (index, dir.row, "quiet music", "two.mp3", "Ada", "Other", NULL);
  tempo_library_choice_set_folder (choice, "/music", "quiet");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (TempoSong) song = tempo_library_choice_next (choice, index);

      g_assert_cmpstr (song->title, ==, "Quiet One");
    }
  tempo_library_choice_set_folder (choice, "/music", "/music/quiet/");
  {
    g_autoptr (TempoSong) song = tempo_library_choice_next (choice, index);

    g_assert_cmpstr (song->title, ==, "Quiet One");
  }
  tempo_library_choice_set_folder (choice, "/music", "/elsewhere");
  g_assert_null (tempo_library_choice_next (choice, index));
  tempo_library_choice_set_folder (choice, "/music", "../musicals");
  g_assert_null (tempo_library_choice_next (choice, index));
  tempo_library_choice_free (choice);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/index/statements", test_statements);
  g_test_add_func ("/music/index/search", test_search);
  g_test_add_func ("/music/index/limit", test_limit);
  g_test_add_func ("/music/index/match", test_match);
  g_test_add_func ("/music/index/match-unclear", test_match_unclear);
  g_test_add_func ("/music/index/broken", test_broken);
  g_test_add_func ("/music/index/remove-dir", test_remove_dir);
  g_test_add_func ("/music/index/ids", test_ids);
  g_test_add_data_func ("/music/index/file/empty", "", test_file);
  g_test_add_data_func ("/music/index/file/text", "this is not a database, but it is long enough to be looked at",
                        test_file);
  g_test_add_data_func ("/music/index/file/header", "SQLite format 3", test_file);
  g_test_add_func ("/music/index/other-schema", test_other_schema);
  g_test_add_func ("/music/index/damaged", test_damaged);
  g_test_add_func ("/music/index/cannot-open", test_cannot_open);
  g_test_add_func ("/music/index/suggestions", test_suggestions);
  g_test_add_func ("/music/index/filler", test_filler);
  return g_test_run ();
}
