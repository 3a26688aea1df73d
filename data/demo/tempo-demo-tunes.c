/* SPDX-License-Identifier: GPL-3.0-or-later */

/* tempo-demo-tunes FOLDER: writes the music that `--demo` plays. Run by the build;
 * needs neither display nor sound, only GStreamer's base and good plugins. */

#include <gst/gst.h>
#include <math.h>
#include <string.h>

#include "demo-cover.h"
#include "demo-score.h"

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define NATIVE_S16 "S16LE"
#else
#define NATIVE_S16 "S16BE"
#endif

#define PACKAGES "install GStreamer's base and good plugins (gstreamer1.0-plugins-base, gstreamer1.0-plugins-good)"

static gboolean
check_elements (GError **error)
{
  static const char *const elements[] = { "appsrc", "appsink", "audioconvert", "vorbisenc", "oggmux", "filesink", "videoconvert", "jpegenc", NULL };

  for (guint i = 0; elements[i] != NULL; i++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (elements[i]);

      if (factory != NULL)
        continue;
      g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, "GStreamer element \"%s\" is missing: " PACKAGES, elements[i]);
      return FALSE;
    }
  return TRUE;
}

static GstElement *
make_pipeline (const char *description, GError **error)
{
  GstElement *pipeline = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);

  return pipeline ? gst_object_ref_sink (pipeline) : NULL;
}

/* Hands all of @bytes to the pipeline's "in". */
static void
push_bytes (GstElement *pipeline, GBytes *bytes)
{
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped_bytes (bytes);
  GstFlowReturn flow;

  GST_BUFFER_PTS (buffer) = 0;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
  g_signal_emit_by_name (source, "end-of-stream", &flow);
}

static GstSample *
encode_cover (guint index, guint32 seed, GError **error)
{
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GBytes) pixels = g_bytes_new_take (demo_cover_draw (index, seed), DEMO_COVER_SIDE * DEMO_COVER_SIDE * 3);
  GstSample *sample = NULL;

  pipeline = make_pipeline ("appsrc name=in format=time caps=video/x-raw,format=RGB,width=" G_STRINGIFY (DEMO_COVER_SIDE) ",height=" G_STRINGIFY (DEMO_COVER_SIDE)
                            ",framerate=0/1 ! videoconvert ! jpegenc quality=88 ! appsink name=out sync=false",
                            error);
  if (pipeline == NULL)
    return NULL;
  push_bytes (pipeline, pixels);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  g_signal_emit_by_name (sink, "try-pull-sample", (guint64) (20 * GST_SECOND), &sample);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (sample == NULL)
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_ENCODE, "cannot encode a cover");
  return sample;
}

static GstTagList *
make_tags (const DemoScore *score, guint number, GstSample *cover)
{
  /* Only the encoded picture: the pipeline's own details would be written too. */
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("image/jpeg");
  g_autoptr (GstSample) image = gst_sample_new (gst_sample_get_buffer (cover), caps, NULL, NULL);

  return gst_tag_list_new (GST_TAG_TITLE, score->title, GST_TAG_ARTIST, score->artist, GST_TAG_ALBUM, score->album,
                           GST_TAG_TRACK_NUMBER, number, GST_TAG_COMMENT, "Made by a small program for the demonstration of Tempo",
                           GST_TAG_IMAGE, image, NULL);
}

static gboolean
wait_for_end (GstElement *pipeline, GError **error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, 120 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gboolean good = message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;

  if (message != NULL && !good)
    gst_message_parse_error (message, error, NULL);
  else if (message == NULL)
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_ENCODE, "encoding takes too long");
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return good;
}

static double
decibels (double value)
{
  return 20 * log10 (MAX (value, 1e-9));
}

static void
print_levels (const DemoScore *score, const gint16 *samples, gsize n)
{
  double sum = 0;
  int peak = 0;

  for (gsize i = 0; i < n; i++)
    {
      peak = MAX (peak, ABS (samples[i]));
      sum += (double) samples[i] * samples[i];
    }
  g_print ("%-32s %5.1f s  peak %6.2f dBFS  rms %6.2f dBFS\n", score->file, (double) n / 2 / DEMO_RATE, decibels (peak / 32768.0), decibels (sqrt (sum / n) / 32768));
}

static gboolean
write_tune (const char *folder, const DemoScore *score, guint number, GError **error)
{
  g_autofree char *path = g_build_filename (folder, score->file, NULL);
  g_autoptr (DemoMix) mix = demo_score_render (score);
  gsize n = (gsize) mix->length * 2;
  gint16 *samples = demo_mix_samples (mix);
  g_autoptr (GBytes) bytes = g_bytes_new_take (samples, n * sizeof (gint16));
  g_autoptr (GstSample) cover = encode_cover (number - 1, score->seed, error);
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) encoder = NULL;
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstTagList) tags = NULL;

  if (cover == NULL)
    return FALSE;
  print_levels (score, samples, n);
  pipeline = make_pipeline ("appsrc name=in format=time caps=audio/x-raw,format=" NATIVE_S16 ",layout=interleaved,channels=2,channel-mask=(bitmask)3,rate="
                            G_STRINGIFY (DEMO_RATE) " ! audioconvert ! vorbisenc name=encoder quality=0.4 ! oggmux ! filesink name=file",
                            error);
  if (pipeline == NULL)
    return FALSE;
  encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");
  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  tags = make_tags (score, number, cover);
  gst_tag_setter_merge_tags (GST_TAG_SETTER (encoder), tags, GST_TAG_MERGE_REPLACE);
  g_object_set (file, "location", path, NULL);
  push_bytes (pipeline, bytes);
  return wait_for_end (pipeline, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  gst_init (&argc, &argv);
  if (argc != 2)
    {
      g_printerr ("usage: tempo-demo-tunes FOLDER\n");
      return 2;
    }
  if (!check_elements (&error))
    {
      g_printerr ("tempo-demo-tunes: %s\n", error->message);
      return 1;
    }
  for (guint i = 0; demo_scores[i].file != NULL; i++)
    {
      if (!write_tune (argv[1], &demo_scores[i], i + 1, &error))
        {
          g_printerr ("tempo-demo-tunes: \"%s\": %s\n", demo_scores[i].file, error ? error->message : "unknown failure");
          return 1;
        }
    }
  return 0;
}
