/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/tempo-song.h"
#include "music/tempo-artwork.h"
#include "music/library/tempo-reading.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* One line of clean text that cleaning leaves as it is. */
static void
check_clean (const char *text)
{
  g_autofree char *again = tempo_reading_clean_text (text, -1);

  g_assert_cmpstr (text, !=, "");
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, TEMPO_SONG_MAX_TEXT);
  g_assert_false (g_str_has_prefix (text, " ") || g_str_has_suffix (text, " ") || strstr (text, "  ") != NULL);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_false (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e));
    }
  g_assert_cmpstr (text, ==, again);
}

static void
check_reading (TempoReading *reading,
               const char *file_name)
{
  tempo_reading_complete (reading, file_name);
  check_clean (reading->title);
  if (*reading->artist != '\0')
    check_clean (reading->artist);
  if (reading->album != NULL)
    check_clean (reading->album);
}

static GstTagList *
make_tags (const char *text,
           const guint8 *data,
           gsize size)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *comment = g_strconcat ("ITUNESADVISORY=", valid, NULL);
  g_autoptr (GstBuffer) buffer = size > 0 ? gst_buffer_new_memdup (data, size) : gst_buffer_new ();
  g_autoptr (GstSample) sample = gst_sample_new (buffer, NULL, NULL, NULL);
  GstTagList *tags = gst_tag_list_new (GST_TAG_EXTENDED_COMMENT, comment, GST_TAG_IMAGE, sample, NULL);

  /* GStreamer's own readers never hand on an empty tag. */
  if (*valid != '\0')
    gst_tag_list_add (tags, GST_TAG_MERGE_APPEND, GST_TAG_TITLE, valid, GST_TAG_ALBUM, valid,
                      GST_TAG_ALBUM_ARTIST, valid, GST_TAG_EXTENDED_COMMENT, valid, NULL);
  return tags;
}

/* The bytes are taken for a tag, for all tags of a file, for a file's name and for a picture. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *clean = NULL;
  g_autoptr (TempoReading) named = tempo_reading_new ();
  g_autoptr (TempoReading) tagged = tempo_reading_new ();
  g_autoptr (GstTagList) tags = NULL;
  guint width = 0;
  guint height = 0;

  gst_init (NULL, NULL);
  clean = tempo_reading_clean_text ((const char *) data, (gssize) size);
  if (clean != NULL)
    check_clean (clean);
  check_reading (named, text);
  tags = make_tags (text, data, size);
  tempo_reading_add_tags (tagged, tags);
  g_assert_true ((tagged->image != NULL) == (size > 0));
  check_reading (tagged, "07 - Nobody - Nothing.ogg");
  if (tempo_artwork_probe (data, size, &width, &height) != NULL)
    {
      g_assert_true (width > 0 && width <= TEMPO_ARTWORK_MAX_SIDE);
      g_assert_true (height > 0 && height <= TEMPO_ARTWORK_MAX_SIDE);
    }
  else
    g_assert_true (width == 0 && height == 0);
  return 0;
}
