/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/tempo-artwork.h"

#include <gio/gio.h>
#include <string.h>

#define FIT_TIMEOUT (5 * GST_SECOND)

static guint
read_be16 (const guint8 *p)
{
  return (guint) p[0] << 8 | p[1];
}

static gboolean
probe_png (const guint8 *data, gsize length, guint *width, guint *height)
{
  static const guint8 head[16] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };

  if (length < 24 || memcmp (data, head, sizeof head) != 0 || data[16] || data[17] || data[20] || data[21])
    return FALSE;
  *width = read_be16 (data + 18);
  *height = read_be16 (data + 22);
  return TRUE;
}

static guint32
read_be32 (const guint8 *p)
{
  return (guint32) read_be16 (p) << 16 | read_be16 (p + 2);
}

/* The sum at the end of each of a PNG's chunks. */
static guint32
sum_chunk (const guint8 *data, gsize length)
{
  static const guint32 steps[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  guint32 sum = G_MAXUINT32;

  for (gsize i = 0; i < length; i++)
    {
      sum ^= data[i];
      sum = sum >> 4 ^ steps[sum & 15];
      sum = sum >> 4 ^ steps[sum & 15];
    }
  return ~sum;
}

/* A damaged PNG makes GStreamer's decoder give up without freeing the frame, all its
 * pixels with it, so damage is found before. Only chunks named with a capital
 * letter are needed to draw it; libpng forgives the others, and so do we. */
static gboolean
png_is_whole (const guint8 *data, gsize length)
{
  gsize at = 8;

  while (length - at >= 12)
    {
      const guint8 *name = data + at + 4;
      guint32 size = read_be32 (data + at);

      if (size > length - at - 12)
        return FALSE;
      if (g_ascii_isupper (*name) && sum_chunk (name, size + 4) != read_be32 (name + 4 + size))
        return FALSE;
      if (memcmp (name, "IEND", 4) == 0)
        return TRUE;
      at += (gsize) size + 12;
    }
  return FALSE;
}

/* Walks the segments to the start of frame, which holds the size. */
static gboolean
probe_jpeg (const guint8 *data, gsize length, guint *width, guint *height)
{
  gsize at = 2;

  if (length < 4 || data[0] != 0xff || data[1] != 0xd8 || data[2] != 0xff)
    return FALSE;
  while (at + 9 < length && data[at] == 0xff)
    {
      guint8 marker = data[at + 1];

      if (marker == 0xff)
        {
          at++;
          continue;
        }
      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          *height = read_be16 (data + at + 5);
          *width = read_be16 (data + at + 7);
          return TRUE;
        }
      if (marker == 0xda || marker == 0xd9)
        return FALSE;
      at += 2 + MAX (read_be16 (data + at + 2), 2);
    }
  return FALSE;
}

/**
 * tempo_artwork_probe:
 *
 * Tells a picture by its head. Nothing is decoded, so it is safe on any bytes and
 * a picture of a hundred thousand pixels a side costs nothing to refuse.
 */
const char *
tempo_artwork_probe (gconstpointer data, gsize length, guint *width, guint *height)
{
  const char *type = NULL;
  guint w = 0;
  guint h = 0;

  if (data == NULL)
    return NULL;
  if (probe_png (data, length, &w, &h))
    type = "image/png";
  else if (probe_jpeg (data, length, &w, &h))
    type = "image/jpeg";
  if (type == NULL || w == 0 || h == 0 || w > TEMPO_ARTWORK_MAX_SIDE || h > TEMPO_ARTWORK_MAX_SIDE)
    return NULL;
  if (width)
    *width = w;
  if (height)
    *height = h;
  return type;
}

/* Pulls the one buffer that @pipeline makes. */
static GBytes *
pull_bytes (GstElement *pipeline, GBytes *image)
{
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  g_autoptr (GstSample) sample = NULL;
  g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped_bytes (image);
  GstFlowReturn flow;
  gpointer bytes = NULL;
  gsize size = 0;

  /* Decoders take a buffer with a time for a whole picture. */
  GST_BUFFER_PTS (buffer) = 0;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
  g_signal_emit_by_name (source, "end-of-stream", &flow);
  g_signal_emit_by_name (sink, "try-pull-sample", (guint64) FIT_TIMEOUT, &sample);
  if (sample != NULL && gst_sample_get_buffer (sample) != NULL)
    gst_buffer_extract_dup (gst_sample_get_buffer (sample), 0, -1, &bytes, &size);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return bytes ? g_bytes_new_take (bytes, size) : NULL;
}

static GBytes *
shrink (GBytes *image, const char *type, guint width, guint height, guint side)
{
  guint longest = MAX (width, height);
  guint small_width = MAX (1, width * side / longest);
  guint small_height = MAX (1, height * side / longest);
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GBytes) result = NULL;

  description = g_strdup_printf (
    "appsrc name=in format=time caps=%s,framerate=0/1 ! %s ! videoconvert ! videoscale ! "
    "video/x-raw,width=%u,height=%u,pixel-aspect-ratio=1/1 ! jpegenc quality=85 ! appsink name=out sync=false",
    type, g_str_equal (type, "image/png") ? "pngdec" : "jpegdec", small_width, small_height);
  pipeline = gst_parse_launch (description, NULL);
  if (pipeline == NULL)
    return NULL;
  gst_object_ref_sink (pipeline);
  result = pull_bytes (pipeline, image);
  if (result == NULL || g_bytes_get_size (result) > TEMPO_ARTWORK_MAX_BYTES)
    return NULL;
  return g_steal_pointer (&result);
}

/**
 * tempo_artwork_is_whole:
 *
 * A file that is being written has its head first, which is all that tempo_artwork_probe() reads.
 */
gboolean
tempo_artwork_is_whole (GBytes *image)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (image, &length);
  const char *type = tempo_artwork_probe (data, length, NULL, NULL);

  if (type == NULL)
    return FALSE;
  if (g_str_equal (type, "image/png"))
    return png_is_whole (data, length);
  /* Some writers leave a few bytes behind a JPEG's end. */
  for (gsize i = length; i >= 2; i--)
    if (data[i - 2] == 0xff && data[i - 1] == 0xd9)
      return TRUE;

  return FALSE;
}

/**
 * tempo_artwork_fit:
 *
 * Most embedded covers are small enough and are passed on untouched. Larger ones
 * are drawn again at 640 pixels, which is what a phone or a projector shows, by the
 * same GStreamer that reads the music.
 */
GBytes *
tempo_artwork_fit (GBytes *image)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (image, &length);
  guint width;
  guint height;
  const char *type = tempo_artwork_probe (data, length, &width, &height);
  GBytes *small;

  if (type == NULL || length > TEMPO_ARTWORK_MAX_SOURCE)
    return NULL;
  if (length <= TEMPO_ARTWORK_MAX_BYTES)
    return g_bytes_ref (image);
  if (g_str_equal (type, "image/png") && !png_is_whole (data, length))
    return NULL;
  /* Whoever needs a picture drawn need not be one who plays. The first time it takes a while, which no engine has. */
  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  small = shrink (image, type, width, height, 640);
  /* A picture of noise stays large; half the side is a quarter of it. */
  return small ? small : shrink (image, type, width, height, 320);
}

/**
 * tempo_artwork_path:
 *
 * The id may come from a browser, and it becomes a file's name: nothing but hex
 * digits passes, so there is no way out of the folder.
 */
char *
tempo_artwork_path (const char *folder, const char *id)
{
  if (folder == NULL || id == NULL || strlen (id) != 64 || strspn (id, "0123456789abcdef") != 64)
    return NULL;
  return g_build_filename (folder, id, NULL);
}

/**
 * tempo_artwork_store:
 *
 * The name is the content's digest: the thousand songs of a hundred albums keep a
 * hundred pictures, and a picture that is there is never written again.
 * Returns: (transfer full) (nullable): the id; NULL without @error when @image is no picture we show
 */
char *
tempo_artwork_store (const char *folder, GBytes *image, GError **error)
{
  g_autoptr (GBytes) fitted = tempo_artwork_fit (image);
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  gsize length;
  const char *data;

  if (fitted == NULL)
    return NULL;
  data = g_bytes_get_data (fitted, &length);
  id = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fitted);
  path = tempo_artwork_path (folder, id);
  if (!g_file_test (path, G_FILE_TEST_EXISTS) &&
      !g_file_set_contents_full (path, data, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return NULL;
  return g_steal_pointer (&id);
}
