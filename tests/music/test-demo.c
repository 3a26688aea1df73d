/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music-fixture.h"

#include <gst/audio/audio.h>
#include <math.h>

/* What `--demo` plays, as the library sees it: every tune has a name, a picture and a
 * sound that is neither silent nor clipped. */

#define TUNES 9

static MusicFixture *
open_demo (void)
{
  MusicFixture *fixture = music_fixture_new ();

  g_free (fixture->folder);
  fixture->folder = g_strdup (g_getenv ("TEMPO_DEMO_TUNES"));
  g_assert_nonnull (fixture->folder);
  music_fixture_open (fixture, "fakesink", TRUE);
  return fixture;
}

static void
test_tags (void)
{
  g_autoptr (MusicFixture) fixture = open_demo ();
  g_autoptr (GPtrArray) songs = tempo_source_suggest (fixture->source, TUNES);
  g_autoptr (GHashTable) pictures = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_songs;
  guint broken;

  g_object_get (fixture->source, "songs", &n_songs, "broken", &broken, NULL);
  g_assert_cmpuint (n_songs, ==, TUNES);
  g_assert_cmpuint (broken, ==, 0);
  g_assert_cmpuint (songs->len, ==, TUNES);
  for (guint i = 0; i < songs->len; i++)
    {
      const TempoSong *song = songs->pdata[i];

      g_assert_cmpstr (song->artist, !=, "");
      g_assert_cmpstr (song->album, !=, NULL);
      g_assert_cmpint (song->duration_ms, >, 20000);
      g_assert_cmpint (song->duration_ms, <, 45000);
      g_assert_nonnull (song->artwork);
      g_assert_true (g_hash_table_add (pictures, song->artwork));
    }
}

/* People type without accents. */
static void
test_search (void)
{
  g_autoptr (MusicFixture) fixture = open_demo ();
  g_autofree char *found = music_fixture_search (fixture, "cafe reverberes", 5);

  g_assert_cmpstr (found, ==, "Caf\xc3\xa9 \xc3\xa0 l'aube");
}

typedef struct
{
  double peak;
  double sum;
  guint64 n;
  double last_second; /* sum of squares */
} Levels;

static void
measure (GstSample *sample, Levels *levels)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstMapInfo map;
  const float *values;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  values = (const float *) (const void *) map.data;
  for (gsize i = 0; i < map.size / sizeof (float); i++)
    {
      levels->peak = MAX (levels->peak, fabs (values[i]));
      levels->sum += (double) values[i] * values[i];
      levels->n++;
      levels->last_second = levels->last_second * 0.99995 + fabs (values[i]) * 0.00005;
    }
  gst_buffer_unmap (buffer, &map);
}

static void
test_levels (void)
{
  g_autoptr (MusicFixture) fixture = open_demo ();
  g_autoptr (GPtrArray) songs = tempo_source_suggest (fixture->source, TUNES);

  for (guint i = 0; i < songs->len; i++)
    {
      const TempoSong *song = songs->pdata[i];
      g_autoptr (GstElement) pipeline = gst_parse_launch ("uridecodebin name=in ! audioconvert ! audio/x-raw,format=F32LE ! appsink name=out sync=false", NULL);
      g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
      g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
      Levels levels = { 0 };
      GstSample *sample = NULL;

      gst_object_ref_sink (pipeline);
      g_object_set (in, "uri", song->uri, NULL);
      gst_element_set_state (pipeline, GST_STATE_PLAYING);
      for (g_signal_emit_by_name (out, "pull-sample", &sample); sample; g_signal_emit_by_name (out, "pull-sample", &sample))
        {
          measure (sample, &levels);
          gst_sample_unref (sample);
        }
      gst_element_set_state (pipeline, GST_STATE_NULL);
      g_assert_cmpuint (levels.n, >, 0);
      /* Below -1 dBFS, near -18 dBFS on average, and quiet at the end. */
      g_assert_cmpfloat (levels.peak, <, 0.891);
      g_assert_cmpfloat (sqrt (levels.sum / levels.n), >, 0.08);
      g_assert_cmpfloat (sqrt (levels.sum / levels.n), <, 0.2);
      g_assert_cmpfloat (levels.last_second, <, 0.01);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/demo/tags", test_tags);
  g_test_add_func ("/music/demo/search", test_search);
  g_test_add_func ("/music/demo/levels", test_levels);
  return g_test_run ();
}
