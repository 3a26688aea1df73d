/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/tempo-song.h"
#include "music/library/tempo-reading.h"

/* What tags and file names become, without any file. */

static void
test_clean_text (void)
{
  static const struct
  {
    const char *bytes;
    const char *text;
  } cases[] = {
    { NULL, NULL },
    { "", NULL },
    { " \t\r\n ", NULL },
    { "\x01\x02", NULL },
    { "Plain", "Plain" },
    { "  two\n lines  ", "two lines" },
    { "Caf\xc3\xa9", "Caf\xc3\xa9" },
    { "Cafe\xcc\x81", "Caf\xc3\xa9" },
    { "bad\xff\xfe", "bad\xef\xbf\xbd\xef\xbf\xbd" },
    { "evil\xe2\x80\xaetxt", "evil txt" },
    { "<b>bold</b>", "<b>bold</b>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = tempo_reading_clean_text (cases[i].bytes, -1);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_clean_length (void)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (bytes, "\xc3\xa9 ");
  text = tempo_reading_clean_text (bytes->str, bytes->len);
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, TEMPO_SONG_MAX_TEXT);
  g_assert_cmpint (g_utf8_strlen (text, -1), >=, TEMPO_SONG_MAX_TEXT - 1);
  g_assert_false (g_str_has_suffix (text, " "));
}

static void
test_clean_noise (void)
{
  for (guint i = 0; i < 5000; i++)
    {
      char bytes[64];
      g_autofree char *text = NULL;
      gsize length = g_test_rand_int_range (0, sizeof bytes);

      for (gsize n = 0; n < length; n++)
        bytes[n] = (char) g_test_rand_int_range (0, 256);
      text = tempo_reading_clean_text (bytes, length);
      if (text == NULL)
        continue;
      g_assert_true (g_utf8_validate (text, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (text, -1), <=, TEMPO_SONG_MAX_TEXT);
      for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
    }
}

static void
test_file_names (void)
{
  static const struct
  {
    const char *name;
    const char *artist;
    const char *title;
    gboolean explicit_content;
  } cases[] = {
    { "Song.mp3", "", "Song", FALSE },
    { "Ada - Song.mp3", "Ada", "Song", FALSE },
    { "01 Song.flac", "", "Song", FALSE },
    { "01 - Ada - Song.flac", "Ada", "Song", FALSE },
    { "1-07 Song.flac", "", "Song", FALSE },
    { "12. Song.ogg", "", "Song", FALSE },
    { "99 Balloons.ogg", "", "99 Balloons", FALSE },
    { "7.mp3", "", "7", FALSE },
    { "03.mp3", "", "03", FALSE },
    { "snake_case_name.wav", "", "snake case name", FALSE },
    { "Ada - .mp3", "", "Ada -", FALSE },
    { " - Song.mp3", "", "- Song", FALSE },
    { "Bad Word (Explicit).mp3", "", "Bad Word (Explicit)", TRUE },
    { "Bad Word [EXPLICIT Version].mp3", "", "Bad Word [EXPLICIT Version]", TRUE },
    { "Explicitly Yours.mp3", "", "Explicitly Yours", FALSE },
    { ".mp3", "", ".mp3", FALSE },
    { "\x01.mp3", "", "?", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoReading) reading = tempo_reading_new ();

      tempo_reading_complete (reading, cases[i].name);
      g_assert_cmpstr (reading->title, ==, cases[i].title);
      g_assert_cmpstr (reading->artist, ==, cases[i].artist);
      g_assert_cmpint (reading->explicit_content, ==, cases[i].explicit_content);
    }
}

static void
test_strange_file_names (void)
{
  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (TempoReading) reading = tempo_reading_new ();
      char name[40] = { 0 };

      for (int n = g_test_rand_int_range (1, 39); n > 0; n--)
        name[n - 1] = (char) (g_test_rand_bit () ? g_test_rand_int_range (1, 256)
                                                 : " -._0123456789"[g_test_rand_int_range (0, 14)]);
      tempo_reading_complete (reading, name);
      g_assert_true (g_utf8_validate (reading->title, -1, NULL));
      g_assert_true (g_utf8_validate (reading->artist, -1, NULL));
      g_assert_cmpstr (reading->title, !=, "");
    }
}

static void
test_tags (void)
{
  g_autoptr (TempoReading) reading = tempo_reading_new ();
  g_autoptr (GstTagList) stream = gst_tag_list_new (GST_TAG_TITLE, " Song\n", GST_TAG_ARTIST, "Ada", NULL);
  g_autoptr (GstTagList) container = gst_tag_list_new (GST_TAG_TITLE, "Other", GST_TAG_ALBUM, "Record",
                                                       GST_TAG_EXTENDED_COMMENT, "ITUNESADVISORY=1", NULL);

  gst_tag_list_add (stream, GST_TAG_MERGE_APPEND, GST_TAG_ARTIST, "Bob", NULL);
  tempo_reading_add_tags (reading, stream);
  tempo_reading_add_tags (reading, container);
  tempo_reading_add_tags (reading, NULL);
  tempo_reading_complete (reading, "file.mp3");
  g_assert_cmpstr (reading->title, ==, "Song");
  g_assert_cmpstr (reading->artist, ==, "Ada, Bob");
  g_assert_cmpstr (reading->album, ==, "Record");
  g_assert_true (reading->explicit_content);
}

static void
test_advisory (void)
{
  static const struct
  {
    const char *comment;
    gboolean explicit_content;
  } cases[] = {
    { "ITUNESADVISORY=1", TRUE },
    { "itunesadvisory=4", TRUE },
    { "ITUNESADVISORY[eng]=1", TRUE },
    { "ITUNESADVISORY=2", FALSE },
    { "ITUNESADVISORY=0", FALSE },
    { "ITUNESADVISORY=", FALSE },
    { "ITUNESADVISORY", FALSE },
    { "ITUNESADVISORY=10", FALSE },
    { "RATING=1", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoReading) reading = tempo_reading_new ();
      g_autoptr (GstTagList) tags = gst_tag_list_new (GST_TAG_EXTENDED_COMMENT, cases[i].comment, NULL);

      tempo_reading_add_tags (reading, tags);
      g_assert_cmpint (reading->explicit_content, ==, cases[i].explicit_content);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/music/reading/clean-text", test_clean_text);
  g_test_add_func ("/music/reading/clean-length", test_clean_length);
  g_test_add_func ("/music/reading/clean-noise", test_clean_noise);
  g_test_add_func ("/music/reading/file-names", test_file_names);
  g_test_add_func ("/music/reading/strange-file-names", test_strange_file_names);
  g_test_add_func ("/music/reading/tags", test_tags);
  g_test_add_func ("/music/reading/advisory", test_advisory);
  return g_test_run ();
}
