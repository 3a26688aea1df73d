/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "music-fixture.h"
#include "music/tempo-artwork.h"

static void
test_probe (void)
{
  static const guint8 gif[] = "GIF89a\x10\x00\x10\x00";
  static const guint8 huge_png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H',
                                     'D',  'R', 0,   1,   0,    0,    0,    0,    0, 9, 8, 2,  0 };
  static const guint8 flat_png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H',
                                     'D',  'R', 0,   0,   0,    0,    0,    0,    0, 9, 8, 2,  0 };
  g_autoptr (GBytes) png = music_fixture_image ("png", 40);
  g_autoptr (GBytes) jpeg = music_fixture_image ("jpeg", 48);
  guint width = 0;
  guint height = 0;

  g_assert_cmpstr (tempo_artwork_probe (g_bytes_get_data (png, NULL), g_bytes_get_size (png), &width, &height), ==,
                   "image/png");
  g_assert_cmpuint (width, ==, 40);
  g_assert_cmpuint (height, ==, 40);
  g_assert_cmpstr (tempo_artwork_probe (g_bytes_get_data (jpeg, NULL), g_bytes_get_size (jpeg), &width, &height),
                   ==, "image/jpeg");
  g_assert_cmpuint (width, ==, 48);
  g_assert_null (tempo_artwork_probe (NULL, 0, NULL, NULL));
  g_assert_null (tempo_artwork_probe (gif, sizeof gif, NULL, NULL));
  g_assert_null (tempo_artwork_probe (huge_png, sizeof huge_png, NULL, NULL));
  g_assert_null (tempo_artwork_probe (flat_png, sizeof flat_png, NULL, NULL));
  g_assert_null (tempo_artwork_probe ("<svg onload=alert(1)>", 21, NULL, NULL));
}

/* Every prefix and many a damaged copy: no byte behind the end is read. */
static void
test_probe_noise (void)
{
  g_autoptr (GBytes) jpeg = music_fixture_image ("jpeg", 16);
  gsize length;
  const guint8 *data = g_bytes_get_data (jpeg, &length);

  for (gsize n = 0; n <= length; n++)
    {
      g_autofree guint8 *part = g_memdup2 (data, n);

      tempo_artwork_probe (part, n, NULL, NULL);
    }
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree guint8 *damaged = g_memdup2 (data, length);

      for (guint n = 0; n < 4; n++)
        damaged[g_test_rand_int_range (2, MIN (length, 200))] = (guint8) g_test_rand_int_range (0, 256);
      tempo_artwork_probe (damaged, length, NULL, NULL);
    }
}

static void
test_fit (void)
{
  g_autoptr (GBytes) small = music_fixture_image ("png", 32);
  g_autoptr (GBytes) large = music_fixture_image ("png", 700);
  g_autoptr (GBytes) kept = tempo_artwork_fit (small);
  g_autoptr (GBytes) shrunk = NULL;
  g_autoptr (GBytes) none = g_bytes_new_static ("no picture", 10);
  g_autofree char *cut_data = NULL;
  g_autoptr (GBytes) cut = NULL;
  guint width;

  g_assert_true (kept == small);
  /* Snow does not compress: 700 pixels of it are above the limit. */
  g_assert_cmpuint (g_bytes_get_size (large), >, TEMPO_ARTWORK_MAX_BYTES);
  shrunk = tempo_artwork_fit (large);
  g_assert_nonnull (shrunk);
  g_assert_cmpuint (g_bytes_get_size (shrunk), <=, TEMPO_ARTWORK_MAX_BYTES);
  g_assert_cmpstr (tempo_artwork_probe (g_bytes_get_data (shrunk, NULL), g_bytes_get_size (shrunk), &width, NULL),
                   ==, "image/jpeg");
  g_assert_cmpuint (width, <=, 640);
  g_assert_null (tempo_artwork_fit (none));
  /* Looks like a picture and is none: left out, and nothing hangs. */
  cut_data = g_malloc0 (TEMPO_ARTWORK_MAX_BYTES + 1);
  memcpy (cut_data, g_bytes_get_data (large, NULL), 64);
  cut = g_bytes_new_static (cut_data, TEMPO_ARTWORK_MAX_BYTES + 1);
  g_assert_null (tempo_artwork_fit (cut));
}

/* One wrong byte among the pixels of a PNG, and a PNG and a JPEG that end too soon.
 * What a decoder makes of half a JPEG is its own affair; it has to end. */
static void
test_fit_damaged (void)
{
  g_autoptr (GBytes) png = music_fixture_image ("png", 700);
  g_autoptr (GBytes) jpeg = music_fixture_image ("jpeg", 1400);
  gsize length = g_bytes_get_size (png);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (png, NULL), length);
  g_autoptr (GBytes) wrong = g_bytes_new_static (copy, length);
  g_autoptr (GBytes) short_png = g_bytes_new_from_bytes (png, 0, length - 12);
  g_autoptr (GBytes) short_jpeg = g_bytes_new_from_bytes (jpeg, 0, g_bytes_get_size (jpeg) - 4096);
  g_autoptr (GBytes) drawn = NULL;

  copy[length / 2] ^= 1;
  g_assert_null (tempo_artwork_fit (wrong));
  copy[length / 2] ^= 1;
  drawn = tempo_artwork_fit (wrong);
  g_assert_nonnull (drawn);
  g_assert_null (tempo_artwork_fit (short_png));

  g_assert_cmpuint (g_bytes_get_size (short_jpeg), >, TEMPO_ARTWORK_MAX_BYTES);
  g_bytes_unref (g_steal_pointer (&drawn));
  drawn = tempo_artwork_fit (short_jpeg);
}

static void
test_store (void)
{
  g_autoptr (MusicFixture) fixture = music_fixture_new ();
  g_autoptr (GBytes) image = music_fixture_image ("png", 20);
  g_autoptr (GBytes) none = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = tempo_artwork_store (fixture->folder, image, &error);
  g_autofree char *again = tempo_artwork_store (fixture->folder, image, &error);
  g_autofree char *path = tempo_artwork_path (fixture->folder, id);
  g_autofree char *missing = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (id), ==, 64);
  g_assert_cmpstr (id, ==, again);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_assert_null (tempo_artwork_store (fixture->folder, none, &error));
  g_assert_no_error (error);
  missing = tempo_artwork_store ("/nonexistent/folder", image, &error);
  g_assert_null (missing);
  g_assert_nonnull (error);
}

static void
test_path (void)
{
  static const char *const bad[] = {
    "", "abc", "../../etc/passwd", "..", "/",
    "ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
    "0123456789abcdef0123456789abcdef/../456789abcdef0123456789abcdef", NULL,
  };

  for (guint i = 0; bad[i] != NULL; i++)
    g_assert_null (tempo_artwork_path ("/folder", bad[i]));
  g_assert_null (tempo_artwork_path ("/folder", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/music/artwork/probe", test_probe);
  g_test_add_func ("/music/artwork/probe-noise", test_probe_noise);
  g_test_add_func ("/music/artwork/fit", test_fit);
  g_test_add_func ("/music/artwork/fit-damaged", test_fit_damaged);
  g_test_add_func ("/music/artwork/store", test_store);
  g_test_add_func ("/music/artwork/path", test_path);
  return g_test_run ();
}
