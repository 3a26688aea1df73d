/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "music-fixture.h"
#include "music/library/tempo-library-reader.h"

/* Real files through GStreamer: whole ones, damaged ones, and ones that only look like
 * music. */

static TempoReading *
read_file (MusicFixture *fixture, TempoLibraryReader *reader, const char *name, GError **error)
{
  g_autofree char *path = music_fixture_path (fixture, name);

  return tempo_library_reader_read (reader, path, NULL, error);
}

static void
test_formats (void)
{
  static const char *const names[] = { "a.flac", "a.ogg", "a.mp3", "a.wav" };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryReader) reader = tempo_library_reader_new (10, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (TempoReading) reading = NULL;
      g_autoptr (GError) error = NULL;

      music_fixture_make_tone (fixture, &(Tone) { names[i], 500, "title=T\xc3\xb6ne;artist=Ada", NULL });
      reading = read_file (fixture, reader, names[i], &error);
      g_assert_no_error (error);
      g_assert_cmpstr (reading->title, ==, "T\xc3\xb6ne");
      g_assert_cmpstr (reading->artist, ==, "Ada");
      g_assert_cmpint (ABS (reading->duration_ms - 500), <, 100);
    }
}

static void
test_pictures (void)
{
  static const char *const names[] = { "a.flac", "a.ogg", "a.mp3" };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryReader) reader = tempo_library_reader_new (10, NULL);
  g_autoptr (GBytes) image = music_fixture_image ("jpeg", 64);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (TempoReading) reading = NULL;
      g_autoptr (GError) error = NULL;

      music_fixture_make_tone (fixture, &(Tone) { names[i], 500, "title=T", image });
      reading = read_file (fixture, reader, names[i], &error);
      g_assert_no_error (error);
      g_assert_nonnull (reading->image);
      g_assert_true (g_bytes_equal (reading->image, image));
    }
}

static void
test_no_music (void)
{
  static const struct
  {
    const char *name;
    const char *content;
    gsize length;
  } cases[] = {
    { "empty.mp3", "", 0 },
    { "text.mp3", "Dear diary, this is not music at all.", 37 },
    { "zero.flac", "\0\0\0\0\0\0\0\0\0\0\0\0", 12 },
    { "head.flac", "fLaC\0\0\0\x22", 8 },
    { "head.ogg", "OggS\0\x02\0\0\0\0\0\0", 12 },
    { "head.wav", "RIFF\xff\xff\xff\xffWAVEfmt ", 16 },
    { "tag.mp3", "ID3\x03\0\0\x7f\x7f\x7f\x7f", 10 },
    { "page.ogg", "<html><script>alert(1)</script></html>", 38 },
  };
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryReader) reader = tempo_library_reader_new (10, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoReading) reading = NULL;
      g_autoptr (GError) error = NULL;

      music_fixture_write (fixture, cases[i].name, cases[i].content, cases[i].length);
      reading = read_file (fixture, reader, cases[i].name, &error);
      g_assert_null (reading);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_cmpstr (error->message, !=, "");
    }
}

/* Every good file with holes in it is read or refused, never hung on for longer than
 * the timeout, and the next good file is read as if nothing had been. */
static void
test_damaged (gconstpointer data)
{
  const char *name = data;
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryReader) reader = tempo_library_reader_new (1, NULL);
  /* The same damage every time: what decoders of others leak is not ours to find. */
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autofree char *path = music_fixture_path (fixture, name);
  g_autofree char *content = NULL;
  g_autoptr (TempoReading) last = NULL;
  g_autoptr (GError) last_error = NULL;
  gsize length;

  music_fixture_make_tone (fixture, &(Tone) { name, 400, "title=Whole;artist=Ada", NULL });
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *damaged = g_memdup2 (content, length);
      g_autoptr (TempoReading) reading = NULL;
      g_autoptr (GError) error = NULL;
      gsize cut = i % 3 == 0 ? length * (i + 1) / 14 : length;

      for (guint n = 0; n < 6; n++)
        damaged[g_rand_int_range (random, 0, MIN (length, i % 2 ? 300 : length))] ^= (char) (1 << g_rand_int_range (random, 0, 8));
      music_fixture_write (fixture, "damaged.bin", damaged, cut);
      reading = read_file (fixture, reader, "damaged.bin", &error);
      g_assert_true ((reading != NULL) != (error != NULL));
    }
  last = read_file (fixture, reader, name, &last_error);
  g_assert_no_error (last_error);
  g_assert_cmpstr (last->title, ==, "Whole");
}

static void
test_not_there (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryReader) reader = tempo_library_reader_new (10, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) folder_error = NULL;
  g_autoptr (GError) relative_error = NULL;

  g_assert_null (read_file (fixture, reader, "nothing.mp3", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_null (read_file (fixture, reader, "", &folder_error));
  g_assert_nonnull (folder_error);
  g_assert_null (tempo_library_reader_read (reader, "relative.mp3", NULL, &relative_error));
  g_assert_nonnull (relative_error);
}

static void
test_cancelled (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (TempoLibraryReader) reader = tempo_library_reader_new (10, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *path = music_fixture_path (fixture, "a.flac");
  g_autoptr (GError) error = NULL;

  music_fixture_make_tone (fixture, &(Tone) { "a.flac", 500, NULL, NULL });
  g_cancellable_cancel (cancellable);
  g_assert_null (tempo_library_reader_read (reader, path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/reader/formats", test_formats);
  g_test_add_func ("/music/reader/pictures", test_pictures);
  g_test_add_func ("/music/reader/no-music", test_no_music);
  g_test_add_data_func ("/music/reader/damaged/flac", "a.flac", test_damaged);
  g_test_add_data_func ("/music/reader/damaged/ogg", "a.ogg", test_damaged);
  g_test_add_data_func ("/music/reader/damaged/mp3", "a.mp3", test_damaged);
  g_test_add_data_func ("/music/reader/damaged/wav", "a.wav", test_damaged);
  g_test_add_func ("/music/reader/not-there", test_not_there);
  g_test_add_func ("/music/reader/cancelled", test_cancelled);
  return g_test_run ();
}
