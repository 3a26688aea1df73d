/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-song.h"

#include <string.h>

#include "model/tempo-song.h"
#include "music/library/tempo-reading.h"

#define MAX_JOINED 1024 /* bytes of a tag that comes more than once */
#define MAX_SECONDS (7 * 24 * 3600.0)

/**
 * tempo_mpd_song_id:
 *
 * Its kind and a digest, so that no guest sees how the house keeps its files, and no string that a
 * guest sends can ever be taken for a file's name.
 */
char *
tempo_mpd_song_id (const char *uri)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, uri, -1);

  return g_strconcat ("mpd:", digest, NULL);
}

/* Songs of one album in one folder share their picture. */
static char *
make_artwork_id (const char *uri, const char *album)
{
  g_autofree char *folder = g_path_get_dirname (uri);
  g_autofree char *both = g_strconcat (folder, "\n", album, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
}

/**
 * tempo_mpd_reading_new:
 *
 * Reads one answer after the other.
 * Returns: (transfer full)
 */
TempoMpdReading *
tempo_mpd_reading_new (void)
{
  TempoMpdReading *self = g_new0 (TempoMpdReading, 1);

  self->title = g_string_new (NULL);
  self->artist = g_string_new (NULL);
  self->album = g_string_new (NULL);
  return self;
}

/**
 * tempo_mpd_reading_free:
 *
 * NULL is allowed.
 */
void
tempo_mpd_reading_free (TempoMpdReading *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->uri, g_free);
  g_string_free (self->title, TRUE);
  g_string_free (self->artist, TRUE);
  g_string_free (self->album, TRUE);
  g_free (self);
}

/**
 * tempo_mpd_reading_end:
 *
 * What tags leave open is taken from the file's name, as in the library.
 */
TempoSong *
tempo_mpd_reading_end (TempoMpdReading *self)
{
  g_autofree char *uri = g_steal_pointer (&self->uri);
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autoptr (TempoReading) reading = tempo_reading_new ();
  TempoSong *song = NULL;

  if (uri != NULL)
    {
      reading->title = tempo_reading_clean_text (self->title->str, self->title->len);
      reading->artist = tempo_reading_clean_text (self->artist->str, self->artist->len);
      reading->album = tempo_reading_clean_text (self->album->str, self->album->len);
      name = g_path_get_basename (uri);
      tempo_reading_complete (reading, name);
      id = tempo_mpd_song_id (uri);
      song = tempo_song_new (id, reading->title, reading->artist);
      song->artwork = reading->album ? make_artwork_id (uri, reading->album) : g_strdup (strchr (id, ':') + 1);
      song->album = g_steal_pointer (&reading->album);
      song->uri = g_steal_pointer (&uri);
      song->duration_ms = self->duration_ms;
    }
  g_string_truncate (self->title, 0);
  g_string_truncate (self->artist, 0);
  g_string_truncate (self->album, 0);
  self->duration_ms = 0;
  self->pairs = 0;
  return song;
}

static void
join (GString *text, const char *value)
{
  if (text->len + strlen (value) + 2 > MAX_JOINED)
    return;
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", value);
}

static void
read_duration (TempoMpdReading *self, const char *value)
{
  double seconds = g_ascii_strtod (value, NULL);

  if (seconds > 0 && seconds <= MAX_SECONDS)
    self->duration_ms = (gint64) (seconds * 1000);
}

/**
 * tempo_mpd_reading_feed:
 *
 * A song begins with "file"; what comes before the first one, and names we do not
 * know, are passed over.
 */
TempoSong *
tempo_mpd_reading_feed (TempoMpdReading *self, const char *name, const char *value)
{
  TempoSong *before = NULL;

  if (g_str_equal (name, "file") || g_str_equal (name, "directory") || g_str_equal (name, "playlist"))
    {
      before = tempo_mpd_reading_end (self);
      if (*name == 'f' && *value != '\0' && strlen (value) <= TEMPO_MPD_MAX_URI)
        self->uri = g_strdup (value);
      return before;
    }
  if (self->uri == NULL || ++self->pairs > TEMPO_MPD_MAX_PAIRS)
    return NULL;
  if (g_str_equal (name, "Title"))
    join (self->title, value);
  else if (g_str_equal (name, "Artist"))
    join (self->artist, value);
  else if (g_str_equal (name, "Name") && self->title->len == 0)
    join (self->title, value); /* a station on the net has no more */
  else if (g_str_equal (name, "Album") && self->album->len == 0)
    join (self->album, value);
  else if (g_str_equal (name, "duration"))
    read_duration (self, value);
  else if (g_str_equal (name, "Time") && self->duration_ms == 0)
    read_duration (self, value);
  return NULL;
}

/* The filter's own quoting; the protocol's around it is libmpdclient's work. */
static void
append_quoted (GString *out, const char *value)
{
  g_string_append_c (out, '\'');
  for (; *value != '\0'; value++)
    {
      if (strchr ("'\"\\", *value) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, g_ascii_iscntrl (*value) ? ' ' : *value);
    }
  g_string_append_c (out, '\'');
}

/**
 * tempo_mpd_condition:
 *
 * The value may be any text: it cannot end its quotes.
 */
char *
tempo_mpd_condition (const char *what, const char *op, const char *value)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "(%s %s ", what, op);
  append_quoted (out, value);
  g_string_append_c (out, ')');
  return g_string_free (out, FALSE);
}

/* Letters that people type without their marks, and the forms they may have in a tag. A regular
 * expression there sees bytes, so each form is an alternative of its own. */
static const struct
{
  char plain;
  const char *forms;
} letters[] = {
  { 'a', "a|A|à|á|â|ã|ä|å|ā|ą|À|Á|Â|Ã|Ä|Å|Ā|Ą" },
  { 'c', "c|C|ç|ć|č|Ç|Ć|Č" },
  { 'e', "e|E|è|é|ê|ë|ē|ę|ě|È|É|Ê|Ë|Ē|Ę|Ě" },
  { 'i', "i|I|ì|í|î|ï|ī|İ|ı|Ì|Í|Î|Ï|Ī" },
  { 'l', "l|L|ł|Ł" },
  { 'n', "n|N|ñ|ń|ň|Ñ|Ń|Ň" },
  { 'o', "o|O|ò|ó|ô|õ|ö|ø|ō|ő|Ò|Ó|Ô|Õ|Ö|Ø|Ō|Ő" },
  { 'r', "r|R|ř|Ř" },
  { 's', "s|S|ś|š|ş|Ś|Š|Ş" },
  { 'u', "u|U|ù|ú|û|ü|ū|ů|ű|Ù|Ú|Û|Ü|Ū|Ů|Ű" },
  { 'y', "y|Y|ý|ÿ|Ý" },
  { 'z', "z|Z|ź|ž|ż|Ź|Ž|Ż" },
};
#define MAX_BLIND 1500 /* bytes of an expression: a line of the protocol has 4096, and quotes double */

static char *
make_blind (const char *word)
{
  g_autofree char *folded = tempo_text_fold (word);
  GString *out = g_string_new ("(?i)");

  for (const char *p = folded; *p != '\0'; p++)
    {
      guint i = 0;

      while (i < G_N_ELEMENTS (letters) && letters[i].plain != *p)
        i++;
      if (i < G_N_ELEMENTS (letters))
        g_string_append_printf (out, "(?:%s)", letters[i].forms);
      else
        g_string_append_c (out, *p);
    }
  return g_string_free (out, FALSE);
}

/* Words of letters and digits, as typed; the daemon folds capitals by itself. */
static GPtrArray *
split_words (const char *query)
{
  g_autofree char *valid = g_utf8_make_valid (query, -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) word = g_string_new (NULL);

  for (const char *p = valid;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c) || g_unichar_ismark (c))
        {
          if (word->len + 6 <= TEMPO_MPD_MAX_WORD)
            g_string_append_unichar (word, c);
        }
      else if (word->len > 0)
        {
          g_ptr_array_add (words, g_strdup (word->str));
          g_string_truncate (word, 0);
        }
      if (c == '\0' || words->len == TEMPO_MPD_MAX_WORDS)
        return g_steal_pointer (&words);
    }
}

static char *
make_condition (const char *word, TempoMpdMatch match)
{
  g_autofree char *blind = NULL;

  if (match == TEMPO_MPD_MATCH_TAGS)
    return tempo_mpd_condition ("any", "contains", word);
  if (match == TEMPO_MPD_MATCH_NAMES)
    return tempo_mpd_condition ("file", "contains", word);
  blind = make_blind (word);
  return tempo_mpd_condition ("any", "=~", blind);
}

/**
 * tempo_mpd_filter:
 *
 * All words in any order; the daemon's filters know AND and nothing else.
 */
char *
tempo_mpd_filter (const char *query, TempoMpdMatch match)
{
  g_autoptr (GPtrArray) words = split_words (query ? query : "");
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      g_autofree char *condition = make_condition (words->pdata[i], match);

      if (match == TEMPO_MPD_MATCH_BLIND && out->len + strlen (condition) > MAX_BLIND)
        break;
      g_string_append_printf (out, "%s%s", out->len > 0 ? " AND " : "", condition);
    }
  if (out->len == 0)
    return NULL;
  return g_strdup_printf (words->len > 1 ? "(%s)" : "%s", out->str);
}

/* How well a folded text answers one word. */
static int
weigh (const char *text, const char *word, int weight)
{
  gsize length = strlen (word);
  int best = 0;

  for (const char *p = strstr (text, word); p != NULL; p = strstr (p + 1, word))
    {
      gboolean begins = p == text || !g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (p)));
      gboolean ends = !g_unichar_isalnum (g_utf8_get_char (p + length));

      best = MAX (best, weight * (begins ? (ends ? 4 : 3) : 1));
    }
  return best;
}

typedef struct
{
  TempoSong *song; /* (owned) */
  int score;
  guint place;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *left = a;
  const Ranked *right = b;

  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  return left->place < right->place ? -1 : 1;
}

static int
score_song (TempoSong *song, GPtrArray *words)
{
  g_autofree char *title = tempo_text_fold (song->title);
  g_autofree char *artist = tempo_text_fold (song->artist);
  g_autofree char *album = tempo_text_fold (song->album);
  int score = 0;

  for (guint i = 0; i < words->len; i++)
    {
      const char *word = words->pdata[i];

      score += MAX (MAX (weigh (title, word, 4), weigh (artist, word, 3)), weigh (album, word, 1));
    }
  return score;
}

/**
 * tempo_mpd_rank:
 *
 * The daemon answers in the order of its folders; a guest wants the title that begins
 * with what was typed. Equal songs stay in the daemon's order.
 */
void
tempo_mpd_rank (GPtrArray *songs, const char *query, guint limit)
{
  g_autofree char *folded = tempo_text_fold (query);
  g_autoptr (GPtrArray) words = split_words (folded);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) ranked = g_array_sized_new (FALSE, FALSE, sizeof (Ranked), songs->len);

  for (guint i = 0; i < songs->len; i++)
    {
      TempoSong *song = songs->pdata[i];
      Ranked one = { song, 0, i };

      if (!g_hash_table_add (seen, song->id))
        continue;
      one.score = score_song (song, words);
      g_object_ref (song);
      g_array_append_val (ranked, one);
    }
  g_hash_table_remove_all (seen);
  g_ptr_array_set_size (songs, 0);
  g_array_sort (ranked, compare_ranked);
  for (guint i = 0; i < ranked->len; i++)
    {
      Ranked *one = &g_array_index (ranked, Ranked, i);

      if (i < limit)
        g_ptr_array_add (songs, one->song);
      else
        g_object_unref (one->song);
    }
}
