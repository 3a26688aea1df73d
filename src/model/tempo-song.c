/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-song.h"

#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"
#include "model/tempo-text-private.h"

#define SPOTIFY_TRACK "spotify:track:"

static const TempoField song_fields[] = {
  TEMPO_FIELD (TempoSong, id, TEXT),
  TEMPO_FIELD (TempoSong, title, TEXT),
  TEMPO_FIELD (TempoSong, artist, TEXT),
  TEMPO_FIELD (TempoSong, album, TEXT),
  TEMPO_FIELD (TempoSong, artwork, TEXT),
  TEMPO_FIELD (TempoSong, uri, TEXT),
  TEMPO_FIELD (TempoSong, duration_ms, INT64),
  TEMPO_FIELD (TempoSong, explicit_content, FLAG),
};

TEMPO_DEFINE_RECORD (TempoSong, tempo_song, song_fields)

/* Words after a dash which name another cut of the same song. */
static const char *const cut_words[] = {
  "edit", "live", "mono", "remaster", "remastered", "stereo", "version", NULL
};
/* Words after which guests of the recording are named. */
static const char *const guest_words[] = { "feat", "featuring", "ft", NULL };
/* Words people leave out: "The Lanterns", "Rain & Snow". */
static const char *const idle_words[] = { "and", "the", NULL };

/* @folded without its bracketed parts. A bracket that nothing closes is text. */
static char *
strip_brackets (const char *folded)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *at = folded; *at != '\0';)
    {
      const char *open = strchr ("([{", *at);
      const char *close = open != NULL ? strchr (at, ")]}"[open - "([{"]) : NULL;

      if (close == NULL)
        {
          g_string_append_c (out, *at++);
          continue;
        }
      g_string_append_c (out, ' ');
      at = close + 1;
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The last of the dashes that stand between spaces, of whatever length. (nullable). */
static char *
find_last_dash (char *text)
{
  static const char *const dashes[] = { " - ", " \342\200\223 ", " \342\200\224 " };
  char *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (dashes); i++)
    {
      char *dash = g_strrstr (text, dashes[i]);

      if (dash != NULL && (last == NULL || dash > last))
        last = dash;
    }

  return last;
}

static gboolean
names_cut (const char *text)
{
  g_autoptr (GPtrArray) words = tempo_text_words (text);

  for (guint i = 0; i < words->len; i++)
    if (g_strv_contains (cut_words, g_ptr_array_index (words, i)))
      return TRUE;

  return FALSE;
}

/* Cuts " - live - remastered 2011" and its like off. */
static void
strip_cut (char *text)
{
  char *dash;

  while ((dash = find_last_dash (text)) != NULL && dash != text && names_cut (dash))
    *dash = '\0';
}

/* What counts of an artist or a title. When nothing would be left ("(…)"), all
 * of it counts. */
static GPtrArray *
essential_words (const char *text)
{
  g_autofree char *folded = tempo_text_fold (text);
  g_autofree char *bare = strip_brackets (folded);
  g_autoptr (GPtrArray) words = NULL;

  strip_cut (bare);
  words = tempo_text_words (bare);
  if (words->len == 0)
    {
      g_ptr_array_unref (words);
      words = tempo_text_words (folded);
    }
  if (words->len == 0 && *folded != '\0')
    g_ptr_array_add (words, g_strdup (folded));

  for (guint i = 1; i < words->len; i++)
    {
      if (g_strv_contains (guest_words, g_ptr_array_index (words, i)))
        g_ptr_array_set_size (words, (int) i);
    }

  return g_steal_pointer (&words);
}

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_words (GPtrArray *words,
            gboolean idle_too)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      const char *word = g_ptr_array_index (words, i);

      if (!idle_too && g_strv_contains (idle_words, word))
        continue;
      if (out->len > 0)
        g_string_append_c (out, ' ');
      g_string_append (out, word);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * tempo_song_new:
 * @id: (nullable): the source's own id, NULL for what a guest typed
 * @title: the title
 * @artist: (nullable): the artist
 *
 * Returns: (transfer full): an unshared song; the maker may fill other fields
 */
TempoSong *
tempo_song_new (const char *id,
                const char *title,
                const char *artist)
{
  TempoSong *self = g_object_new (TEMPO_TYPE_SONG, NULL);

  self->id = g_strdup (id);
  self->title = g_strdup (title != NULL ? title : "");
  self->artist = g_strdup (artist != NULL ? artist : "");

  return self;
}

/**
 * tempo_song_key:
 * @artist: (nullable): the artist
 * @title: (nullable): the title
 *
 * Two songs with one key are the same wish, however they were typed: the words of
 * artist and title count together, sorted, so "Rain Parade" in the field of the
 * artist or before the title is the same. Guests of the recording, bracketed parts
 * and "- Remastered" do not count.
 *
 * Returns: (transfer full): the key; "" only when both are empty
 */
char *
tempo_song_key (const char *artist,
                const char *title)
{
  g_autoptr (GPtrArray) words = essential_words (artist);
  g_autoptr (GPtrArray) title_words = essential_words (title);
  g_autofree char *key = NULL;

  g_ptr_array_extend_and_steal (words, g_steal_pointer (&title_words));
  g_ptr_array_sort (words, compare_words);
  key = join_words (words, FALSE);

  return *key != '\0' ? g_steal_pointer (&key) : join_words (words, TRUE);
}

/* What counts of a text, as one. (transfer full). */
static char *
make_gist (const char *text)
{
  g_autoptr (GPtrArray) words = essential_words (text);
  g_autofree char *gist = join_words (words, FALSE);

  return *gist != '\0' ? g_steal_pointer (&gist) : join_words (words, TRUE);
}

/* The people of an artist's name, each as make_gist() has them. (transfer full). */
static GStrv
split_artist (const char *artist)
{
  g_autofree char *folded = tempo_text_fold (artist);
  g_auto (GStrv) people = g_strsplit_set (folded, ",;/&+", -1);

  for (guint i = 0; people[i] != NULL; i++)
    {
      char *gist = make_gist (people[i]);

      g_free (people[i]);
      people[i] = gist;
    }

  return g_steal_pointer (&people);
}

static gboolean
share_artist (TempoSong *one,
              TempoSong *other)
{
  g_auto (GStrv) people = split_artist (one->artist);
  g_auto (GStrv) others = split_artist (other->artist);

  for (guint i = 0; people[i] != NULL; i++)
    if (*people[i] != '\0' && g_strv_contains ((const char *const *) others, people[i]))
      return TRUE;

  return FALSE;
}

/**
 * tempo_song_fits:
 * @self: a wish
 * @sounding: what a player says that it plays
 *
 * Players name all who sing where a guest names one, or the other way round. The title must be the same, and one of
 * the artists.
 *
 * Returns: %TRUE when the wish is fulfilled by it
 */
gboolean
tempo_song_fits (TempoSong *self,
                 TempoSong *sounding)
{
  g_autofree char *key = tempo_song_key (self->artist, self->title);
  g_autofree char *sounding_key = tempo_song_key (sounding->artist, sounding->title);
  g_autofree char *title = make_gist (self->title);
  g_autofree char *sounding_title = make_gist (sounding->title);

  return g_str_equal (key, sounding_key) || (*title != '\0' && g_str_equal (title, sounding_title) && share_artist (self, sounding));
}

static gboolean
is_of_spotify (TempoSong *self)
{
  return self->id != NULL && g_str_has_prefix (self->id, SPOTIFY_TRACK);
}

/**
 * tempo_song_dup_credit:
 * @self: a song
 *
 * Returns: (transfer full): what stands below its title, wherever it is shown
 */
char *
tempo_song_dup_credit (TempoSong *self)
{
  if (!is_of_spotify (self))
    return g_strdup (self->artist);

  return *self->artist != '\0' ? g_strconcat (self->artist, " · Spotify", NULL) : g_strdup ("Spotify");
}

/**
 * tempo_song_dup_link:
 * @self: a song
 *
 * Whoever shows a song of Spotify's leads back to it (its developer terms): the id has all that takes.
 *
 * Returns: (transfer full) (nullable): an https address
 */
char *
tempo_song_dup_link (TempoSong *self)
{
  return is_of_spotify (self) ? g_strconcat ("https://open.spotify.com/track/", self->id + strlen (SPOTIFY_TRACK), NULL) : NULL;
}

static void
write_origin (TempoSong *self,
              TempoJson *json)
{
  g_autofree char *link = tempo_song_dup_link (self);

  if (link == NULL)
    return;
  tempo_json_string (json, "source", "spotify");
  tempo_json_string (json, "link", link);
}

/**
 * tempo_song_to_json:
 * @self: a song
 * @room_code: (nullable): whose address serves the artwork
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes what everybody may know; the source's address stays here. An unknown
 * length is null.
 */
void
tempo_song_to_json (TempoSong *self,
                    const char *room_code,
                    TempoJson *json,
                    const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", self->id);
  tempo_json_string (json, "title", self->title);
  tempo_json_string (json, "artist", self->artist);
  tempo_json_string (json, "album", self->album);
  if (self->duration_ms > 0)
    tempo_json_int (json, "durationMs", self->duration_ms);
  else
    tempo_json_null (json, "durationMs");
  tempo_json_bool (json, "explicit", self->explicit_content);
  if (self->artwork != NULL && room_code != NULL)
    {
      g_autofree char *url = g_strdup_printf ("/api/rooms/%s/artwork/%s", room_code, self->artwork);

      tempo_json_string (json, "artworkUrl", url);
    }
  else
    {
      tempo_json_null (json, "artworkUrl");
    }
  write_origin (self, json);
  tempo_json_end_object (json);
}
