/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-reading.h"

#include <string.h>

#include "model/tempo-song.h"

/* A picture above this is not looked at: nobody needs it for a phone. */
#define MAX_IMAGE_BYTES (4 * 1024 * 1024)
#define FRONT_COVER 1 /* of GstTagImageType, whose library is not needed for anything else */

/**
 * tempo_reading_new:
 *
 * A reading that knows nothing yet.
 * Returns: (transfer full)
 */
TempoReading *
tempo_reading_new (void)
{
  return g_new0 (TempoReading, 1);
}

/**
 * tempo_reading_free:
 *
 * Frees the reading and all it owns; NULL is allowed,
 * so a reading that was never made needs no question.
 */
void
tempo_reading_free (TempoReading *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->artist, g_free);
  g_clear_pointer (&self->album, g_free);
  g_clear_pointer (&self->image, g_bytes_unref);
  g_free (self);
}

/* Characters that would let a title break out of its line or turn the text
 * around it: controls, line separators, direction overrides and isolates. */
static gboolean
is_unwanted (gunichar c)
{
  return g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/**
 * tempo_reading_clean_text:
 *
 * Tags come from files of every origin. Whatever the bytes are, the answer is valid
 * UTF-8 in NFC, one line, without controls, with single spaces, not too long.
 */
char *
tempo_reading_clean_text (const char *bytes, gssize length)
{
  g_autofree char *valid = NULL;
  g_autofree char *normal = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean gap = FALSE;
  guint characters = 0;

  if (bytes == NULL)
    return NULL;
  /* A tag may be megabytes of nothing: four bytes a character is all that is kept. */
  valid = g_utf8_make_valid (bytes, length < 0 ? (gssize) strnlen (bytes, 16 * TEMPO_SONG_MAX_TEXT)
                                               : MIN (length, 16 * TEMPO_SONG_MAX_TEXT));
  normal = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  for (const char *p = normal ? normal : valid; *p != '\0' && characters < TEMPO_SONG_MAX_TEXT;
       p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || is_unwanted (c))
        {
          gap = TRUE;
          continue;
        }
      if (gap && text->len > 0)
        {
          /* The joining space must not be the last. */
          if (characters + 2 > TEMPO_SONG_MAX_TEXT)
            break;
          g_string_append_c (text, ' ');
          characters++;
        }
      gap = FALSE;
      g_string_append_unichar (text, c);
      characters++;
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/* All values of a tag, joined by ", ". */
static char *
read_text_tag (const GstTagList *tags, const char *name)
{
  guint n = gst_tag_list_get_tag_size (tags, name);
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, 8); i++)
    {
      const char *value = NULL;
      g_autofree char *clean = NULL;

      if (!gst_tag_list_peek_string_index (tags, name, i, &value))
        continue;
      clean = tempo_reading_clean_text (value, -1);
      if (clean == NULL)
        continue;
      g_string_append_printf (joined, "%s%s", joined->len > 0 ? ", " : "", clean);
    }
  return tempo_reading_clean_text (joined->str, joined->len);
}

/* iTunes and its followers: 1 and 4 are explicit, 2 is the clean version. GStreamer
 * hands unknown comments on as "NAME=value". */
static gboolean
is_marked_explicit (const GstTagList *tags)
{
  guint n = gst_tag_list_get_tag_size (tags, GST_TAG_EXTENDED_COMMENT);

  for (guint i = 0; i < MIN (n, 256); i++)
    {
      const char *value = NULL;

      if (!gst_tag_list_peek_string_index (tags, GST_TAG_EXTENDED_COMMENT, i, &value))
        continue;
      if (g_ascii_strncasecmp (value, "ITUNESADVISORY", strlen ("ITUNESADVISORY")) != 0)
        continue;
      value = strrchr (value, '=');
      if (value != NULL && (value[1] == '1' || value[1] == '4') && value[2] == '\0')
        return TRUE;
    }
  return FALSE;
}

static gboolean
says_explicit (const char *title)
{
  g_autofree char *lower = g_utf8_strdown (title, -1);

  return strstr (lower, "(explicit") != NULL || strstr (lower, "[explicit") != NULL;
}

static gboolean
is_front_cover (GstSample *sample)
{
  const GstStructure *info = gst_sample_get_info (sample);
  const GValue *type = info ? gst_structure_get_value (info, "image-type") : NULL;

  return type != NULL && G_VALUE_HOLDS_ENUM (type) && g_value_get_enum (type) == FRONT_COVER;
}

static GBytes *
copy_sample (GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  gpointer data = NULL;
  gsize size = 0;

  if (buffer == NULL || gst_buffer_get_size (buffer) == 0 || gst_buffer_get_size (buffer) > MAX_IMAGE_BYTES)
    return NULL;
  gst_buffer_extract_dup (buffer, 0, gst_buffer_get_size (buffer), &data, &size);
  return g_bytes_new_take (data, size);
}

/* The front cover, or the first picture when none says that it is one. */
static GBytes *
read_image_tag (const GstTagList *tags)
{
  guint n = MIN (gst_tag_list_get_tag_size (tags, GST_TAG_IMAGE), 16);
  GBytes *image = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GstSample) sample = NULL;

      if (!gst_tag_list_get_sample_index (tags, GST_TAG_IMAGE, i, &sample))
        continue;
      if (image != NULL && !is_front_cover (sample))
        continue;
      g_clear_pointer (&image, g_bytes_unref);
      image = copy_sample (sample);
      if (is_front_cover (sample))
        break;
    }
  return image;
}

/**
 * tempo_reading_add_tags:
 *
 * What is known already stays: the caller adds the stream's tags before those of
 * the container, because the stream's are nearer to the music.
 */
void
tempo_reading_add_tags (TempoReading *self, const GstTagList *tags)
{
  if (tags == NULL)
    return;
  if (self->title == NULL)
    self->title = read_text_tag (tags, GST_TAG_TITLE);
  if (self->artist == NULL)
    self->artist = read_text_tag (tags, GST_TAG_ARTIST);
  if (self->artist == NULL)
    self->artist = read_text_tag (tags, GST_TAG_ALBUM_ARTIST);
  if (self->album == NULL)
    self->album = read_text_tag (tags, GST_TAG_ALBUM);
  if (self->image == NULL)
    self->image = read_image_tag (tags);
  self->explicit_content = self->explicit_content || is_marked_explicit (tags);
}

/* "07 - ", "07. " and "1-07 " before a title are track numbers; "99 Balloons" is a title,
 * so a bare number needs a leading zero or punctuation. */
static const char *
skip_track_number (const char *name)
{
  const char *p = name;
  gsize digits = strspn (p, "0123456789");

  if (digits == 0 || digits > 3)
    return name;
  p += digits;
  if (*p == '-' && g_ascii_isdigit (p[1]))
    p += 1 + strspn (p + 1, "0123456789");
  else if (!(name[0] == '0' && digits == 2) && *p != '.' && !g_str_has_prefix (p, " - "))
    return name;
  p += strspn (p, " .-_");
  return *p != '\0' ? p : name;
}

/**
 * tempo_reading_complete:
 *
 * Makes sure of a title, and of an artist's name if only an empty one. What the
 * file's name says is used for what the tags do not say. @file_name is in the file
 * system's bytes, which need not be UTF-8.
 */
void
tempo_reading_complete (TempoReading *self, const char *file_name)
{
  g_autofree char *display = g_filename_display_name (file_name);
  g_autofree char *name = NULL;
  char *dot = strrchr (display, '.');
  const char *rest;
  const char *dash;

  if (dot != NULL && dot != display)
    *dot = '\0';
  g_strdelimit (display, "_", ' ');
  name = tempo_reading_clean_text (display, -1);
  rest = name ? skip_track_number (name) : "?";
  dash = strstr (rest, " - ");
  if (self->title == NULL && self->artist == NULL && dash != NULL && dash > rest && dash[3] != '\0')
    {
      self->artist = tempo_reading_clean_text (rest, dash - rest);
      self->title = tempo_reading_clean_text (dash + 3, -1);
    }
  if (self->title == NULL)
    self->title = g_strdup (rest);
  if (self->artist == NULL)
    self->artist = g_strdup ("");
  self->explicit_content = self->explicit_content || says_explicit (self->title);
}
