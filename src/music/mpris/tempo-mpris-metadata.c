/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpris/tempo-mpris-metadata.h"

#include <math.h>

#include "model/tempo-song.h"
#include "music/library/tempo-reading.h"

#define MAX_LENGTH_US (7 * G_TIME_SPAN_DAY)
#define MAX_TEXTS 8 /* artists of one song */
#define NO_TRACK "/org/mpris/MediaPlayer2/TrackList/NoTrack"

/**
 * tempo_mpris_read_int:
 *
 * The specification says x; players send t, i, u and d as well.
 */
gint64
tempo_mpris_read_int (GVariant *value, gint64 fallback)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_variant_get_int64 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    return (gint64) MIN (g_variant_get_uint64 (value), (guint64) G_MAXINT64);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_variant_get_int32 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_variant_get_uint32 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    {
      double number = g_variant_get_double (value);

      return isfinite (number) && fabs (number) < 9e18 ? (gint64) number : fallback;
    }
  return fallback;
}

static char *
read_string (GVariant *value)
{
  gsize length;
  const char *text = g_variant_get_string (value, &length);

  return tempo_reading_clean_text (text, (gssize) MIN (length, TEMPO_MPRIS_MAX_TEXT));
}

/**
 * tempo_mpris_read_text:
 *
 * Artists are a list by the book, and one text in practice.
 */
char *
tempo_mpris_read_text (GVariant *value)
{
  g_autoptr (GString) joined = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) || g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH))
    return read_string (value);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return NULL;
  joined = g_string_new (NULL);
  for (gsize i = 0; i < MIN (g_variant_n_children (value), MAX_TEXTS); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
      g_autofree char *text = read_string (child);

      if (text != NULL)
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? ", " : "", text);
    }
  return tempo_reading_clean_text (joined->str, (gssize) joined->len);
}

typedef struct
{
  char *track;
  char *title;
  char *artist;
  char *album_artist;
  char *album;
  char *url;
  gint64 length_us;
} Fields;

static void
take_text (char **place, GVariant *value)
{
  if (*place == NULL)
    *place = tempo_mpris_read_text (value);
}

static void
read_entry (Fields *fields, const char *name, GVariant *value)
{
  if (g_str_equal (name, "mpris:trackid"))
    take_text (&fields->track, value);
  else if (g_str_equal (name, "mpris:length"))
    fields->length_us = tempo_mpris_read_int (value, 0);
  else if (g_str_equal (name, "xesam:title"))
    take_text (&fields->title, value);
  else if (g_str_equal (name, "xesam:artist"))
    take_text (&fields->artist, value);
  else if (g_str_equal (name, "xesam:albumArtist"))
    take_text (&fields->album_artist, value);
  else if (g_str_equal (name, "xesam:album"))
    take_text (&fields->album, value);
  else if (g_str_equal (name, "xesam:url"))
    take_text (&fields->url, value);
}

static TempoSong *
make_song (Fields *fields)
{
  g_autoptr (TempoReading) reading = tempo_reading_new ();
  g_autofree char *whole = NULL;
  g_autofree char *digest = NULL;
  g_autofree char *name = fields->url ? g_path_get_basename (fields->url) : NULL;
  g_autofree char *plain = name ? g_uri_unescape_string (name, NULL) : NULL;
  TempoSong *song;

  if (fields->title == NULL && fields->url == NULL)
    return NULL;
  reading->title = g_steal_pointer (&fields->title);
  reading->artist = fields->artist ? g_steal_pointer (&fields->artist) : g_steal_pointer (&fields->album_artist);
  tempo_reading_complete (reading, plain ? plain : name ? name : "");
  /* Many players give every song the same track id, so the words are part of it. */
  whole = g_strjoin ("\n", fields->track ? fields->track : "", reading->artist, reading->title, fields->url, NULL);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whole, -1);
  song = tempo_song_new (NULL, reading->title, reading->artist);
  song->id = g_strconcat ("mpris:", digest, NULL);
  song->album = g_steal_pointer (&fields->album);
  song->duration_ms = fields->length_us > 0 && fields->length_us <= MAX_LENGTH_US ? fields->length_us / 1000 : 0;
  return song;
}

/**
 * tempo_mpris_read_song:
 *
 * Texts are cleaned as those of files; lengths beyond a week are none.
 */
TempoSong *
tempo_mpris_read_song (GVariant *metadata)
{
  Fields fields = { 0 };
  TempoSong *song = NULL;

  if (metadata == NULL || !g_variant_is_of_type (metadata, G_VARIANT_TYPE_VARDICT))
    return NULL;
  for (gsize i = 0; i < MIN (g_variant_n_children (metadata), TEMPO_MPRIS_MAX_ENTRIES); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (metadata, i);
      g_autoptr (GVariant) value = NULL;
      const char *name;

      g_variant_get_child (entry, 0, "&s", &name);
      g_variant_get_child (entry, 1, "v", &value);
      read_entry (&fields, name, value);
    }
  if (g_strcmp0 (fields.track, NO_TRACK) != 0)
    song = make_song (&fields);
  g_clear_pointer (&fields.track, g_free);
  g_clear_pointer (&fields.title, g_free);
  g_clear_pointer (&fields.artist, g_free);
  g_clear_pointer (&fields.album_artist, g_free);
  g_clear_pointer (&fields.album, g_free);
  g_clear_pointer (&fields.url, g_free);
  return song;
}

/**
 * tempo_mpris_read_picture:
 *
 * Only file: is followed. What a player names on the network is somebody else's server, which would learn of the
 * venue's evening, or an address inside its network that anybody's web page could make us ask; and a data: address is
 * a picture of any size in every message. Neither is worth a cover.
 */
char *
tempo_mpris_read_picture (GVariant *metadata)
{
  g_autoptr (GVariant) value = NULL;
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;
  const char *url;
  gsize length;

  if (metadata == NULL || !g_variant_is_of_type (metadata, G_VARIANT_TYPE_VARDICT))
    return NULL;
  value = g_variant_lookup_value (metadata, "mpris:artUrl", G_VARIANT_TYPE_STRING);
  url = value ? g_variant_get_string (value, &length) : NULL;
  if (url == NULL || length > TEMPO_MPRIS_MAX_TEXT)
    return NULL;
  path = g_filename_from_uri (url, &host, NULL);
  return host == NULL || g_ascii_strcasecmp (host, "localhost") == 0 ? g_steal_pointer (&path) : NULL;
}
