/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-song.h"

#include <string.h>

#include "base/tempo-json.h"

static const struct
{
  const char *text;
  const char *folded;
} folds[] = {
  { NULL, "" },
  { "", "" },
  { "  Two\t Words\n", "two words" },
  { "Café", "cafe" },
  { "Cafe\u0301", "cafe" },
  { "STRASSE Straße ẞ", "strasse strasse ss" },
  { "Øre Æble Œuvre Łódź Đak þing ðe ħ ŧ", "ore aeble oeuvre lodz dak thing de h t" },
  { "İstanbul ıı", "istanbul ii" },
  { "ﬁn ™ Ⅳ ½", "fin tm iv 1⁄2" },
  { "ΆΛΦΑ Ёлка", "αλφα елка" },
  { "کِتاب", "کتاب" },
  { "हिन्दी", "हिन्दी" },   /* vowel signs are no accents */
  { "がか", "か\u3099か" }, /* neither is the voicing mark */
  { "zero\u200bwidth\ufeff", "zerowidth" },
  { "a\u00a0b\u3000c", "a b c" },
  { "it´s", "it's" },
  { "AC/DC!", "ac/dc!" },
};

static void
test_fold (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (folds); i++)
    {
      g_autofree char *folded = tempo_text_fold (folds[i].text);

      g_assert_cmpstr (folded, ==, folds[i].folded);
    }
}

/* Any text, also one that is no UTF-8: folding ends, gives UTF-8, and folding
 * again changes nothing. */
static void
test_fold_twice (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *once = NULL;
      g_autofree char *twice = NULL;

      for (gint n = g_rand_int_range (rand, 1, 12); n > 0; n--)
        {
          gunichar c = (gunichar) g_rand_int_range (rand, 1, i % 2 ? 0x600 : 0x30000);

          if (g_unichar_validate (c))
            g_string_append_unichar (text, c);
          else
            g_string_append_c (text, (char) 0xed);
        }
      once = tempo_text_fold (text->str);
      twice = tempo_text_fold (once);
      g_assert_true (g_utf8_validate (once, -1, NULL));
      g_assert_cmpstr (once, ==, twice);
    }
}

typedef struct
{
  const char *artist;
  const char *title;
} Wish;

/* Each row is one wish typed in two ways. */
static const struct
{
  const char *name;
  Wish one;
  Wish other;
} same[] = {
  { "case", { "The Lanterns", "Paper Boats" }, { "the lanterns", "PAPER BOATS" } },
  { "accents", { "Zoë Brück", "Déjà" }, { "Zoe Bruck", "Deja" } },
  { "special-letters", { "Sørën Łuk", "Straße" }, { "Soren Luk", "Strasse" } },
  { "swapped", { "The Lanterns", "Paper Boats" }, { "Paper Boats", "The Lanterns" } },
  { "all-in-title", { "The Lanterns", "Paper Boats" }, { NULL, "The Lanterns - Paper Boats" } },
  { "title-first", { "Lanterns", "Paper Boats" }, { "", "paper boats lanterns" } },
  { "feat-in-title", { "Lanterns", "Boats" }, { "Lanterns", "Boats feat. Somebody Else" } },
  { "feat-in-brackets", { "Lanterns", "Boats" }, { "Lanterns", "Boats (ft. Somebody) [Live]" } },
  { "feat-in-artist", { "Lanterns", "Boats" }, { "Lanterns featuring Nobody", "Boats" } },
  { "brackets", { "Lanterns", "Boats" }, { "Lanterns", "Boats (Remastered 2011) {x}" } },
  { "remastered", { "Lanterns", "Boats" }, { "Lanterns", "Boats - Remastered 2011" } },
  { "dashes", { "Lanterns", "Boats" }, { "Lanterns", "Boats – 2011 Remaster" } },
  { "long-dashes", { "Lanterns", "Boats" }, { "Lanterns", "Boats — Mono Version" } },
  { "two-cuts", { "Lanterns", "Boats" }, { "Lanterns", "Boats - Live at Home - Remastered" } },
  { "radio-edit", { "Lanterns", "Boats" }, { "Lanterns", "Boats - Radio Edit" } },
  { "ampersand", { "Rain & Snow", "Boats" }, { "Rain and Snow", "Boats" } },
  { "article", { "The Lanterns", "Boats" }, { "Lanterns", "Boats" } },
  { "apostrophe", { "Lanterns", "Don’t Go" }, { "Lanterns", "dont go" } },
  { "punctuation", { "Lan-terns!", "Boats?" }, { "Lan terns", "Boats" } },
  { "spaces", { "Lanterns", "Paper  Boats " }, { " Lanterns", "Paper Boats" } },
  { "open-bracket", { "Lanterns", "Boats (live" }, { "Lanterns", "Boats Live" } },
};

static const struct
{
  const char *name;
  Wish one;
  Wish other;
} different[] = {
  { "title", { "Lanterns", "Boats" }, { "Lanterns", "Goats" } },
  { "artist", { "Lanterns", "Boats" }, { "Candles", "Boats" } },
  { "part", { "Lanterns", "Boats" }, { "Lanterns", "Boats Pt. 2" } },
  { "remix", { "Lanterns", "Boats" }, { "Lanterns", "Boats - Harbour Remix" } },
  { "dash-in-title", { "Lanterns", "Boats" }, { "Lanterns", "Boats – Oars" } },
  { "only-brackets", { "Lanterns", "(One)" }, { "Lanterns", "(Two)" } },
  { "only-signs", { "Lanterns", "???" }, { "Lanterns", "!!!" } },
  { "only-pictures", { "Lanterns", "🎵" }, { "Lanterns", "🔥" } },
  { "feat-at-start", { "Lanterns", "Feat" }, { "Lanterns", "Feature" } },
  { "kana", { "Lanterns", "か" }, { "Lanterns", "が" } },
  { "only-idle-words", { "The", "The" }, { "And", "And" } },
  { "repeated-word", { "Lanterns", "Boats" }, { "Lanterns", "Boats Boats" } },
};

/* Each row is a wish and what a player says that sounds. */
static const struct
{
  Wish wish, sounding;
  gboolean fits;
} sounding[] = {
  { { "Lanterns", "Boats" }, { "Lanterns", "Boats" }, TRUE },
  { { "Lanterns", "Boats" }, { "Lanterns, Candles", "Boats" }, TRUE },
  { { "Candles", "Boats" }, { "Lanterns, Candles", "Boats" }, TRUE },
  { { "Lanterns", "Boats" }, { "Lanterns; Candles", "Boats (feat. Candles)" }, TRUE },
  { { "Lanterns feat. Candles", "Boats" }, { "Lanterns, Candles", "Boats - Remastered 2011" }, TRUE },
  { { "Lanterns & Candles", "Boats" }, { "Lanterns", "Boats (with Candles)" }, TRUE },
  { { "lantérns", "BOATS" }, { "Candles / The Lanterns", "Boats – Radio Edit" }, TRUE },
  { { "", "Lanterns - Boats" }, { "Lanterns", "Boats" }, TRUE },
  { { "Lanterns", "Boats" }, { "Lanterns, Candles", "Goats" }, FALSE },
  { { "Lanterns", "Boats" }, { "Candles, Torches", "Boats" }, FALSE },
  { { "Lanterns", "Boats" }, { "Lanterns Revival, Candles", "Boats" }, FALSE },
  { { "", "Boats" }, { "Lanterns", "Boats" }, FALSE },
  { { "Lanterns", "Boats" }, { "", "Boats" }, FALSE },
  { { "Lanterns", "Boats" }, { "Lanterns, Candles", "Boats Pt. 2" }, FALSE },
  { { "Lanterns", "Boats" }, { "Lanterns, Candles", "Boats - Harbour Remix" }, FALSE },
  { { "Lanterns", "" }, { "Lanterns, Candles", "" }, FALSE },
};

static void
test_fits (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sounding); i++)
    {
      g_autoptr (TempoSong) wish = tempo_song_new (NULL, sounding[i].wish.title, sounding[i].wish.artist);
      g_autoptr (TempoSong) song = tempo_song_new (NULL, sounding[i].sounding.title, sounding[i].sounding.artist);

      g_test_message ("%s / %s", song->artist, song->title);
      g_assert_cmpint (tempo_song_fits (wish, song), ==, sounding[i].fits);
    }
}

static void
test_credit (void)
{
  static const struct
  {
    const char *id, *artist, *credit, *link;
  } cases[] = {
    { "spotify:track:0", "Lanterns", "Lanterns · Spotify", "https://open.spotify.com/track/0" },
    { "spotify:track:0", NULL, "Spotify", "https://open.spotify.com/track/0" },
    { "mpd:0", "Lanterns", "Lanterns" },
    { NULL, "Lanterns", "Lanterns" },
    { NULL, NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoSong) song = tempo_song_new (cases[i].id, "Boats", cases[i].artist);
      g_autofree char *credit = tempo_song_dup_credit (song);
      g_autofree char *link = tempo_song_dup_link (song);

      g_assert_cmpstr (credit, ==, cases[i].credit);
      g_assert_cmpstr (link, ==, cases[i].link);
    }
}

static void
test_same (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *one = tempo_song_key (same[i].one.artist, same[i].one.title);
  g_autofree char *other = tempo_song_key (same[i].other.artist, same[i].other.title);

  g_assert_cmpstr (one, ==, other);
  g_assert_cmpstr (one, !=, "");
}

static void
test_different (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *one = tempo_song_key (different[i].one.artist, different[i].one.title);
  g_autofree char *other = tempo_song_key (different[i].other.artist, different[i].other.title);

  g_assert_cmpstr (one, !=, other);
}

static void
test_empty_key (void)
{
  g_autofree char *none = tempo_song_key (NULL, NULL);
  g_autofree char *blank = tempo_song_key ("", " \t");
  g_autofree char *broken = tempo_song_key ("\xff", "\xc3(");

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (blank, ==, "");
  g_assert_true (g_utf8_validate (broken, -1, NULL));
}

static void
test_json (void)
{
  g_autoptr (TempoSong) song = tempo_song_new ("s1", "Boats", NULL);
  g_autoptr (TempoJson) json = tempo_json_new ();

  song->artwork = g_strdup ("ab12");
  song->uri = g_strdup ("file:///never");
  tempo_json_begin_array (json, NULL);
  tempo_song_to_json (song, "K7PX", json, NULL);
  song->duration_ms = 1500;
  song->album = g_strdup ("Sea");
  tempo_song_to_json (song, NULL, json, NULL);
  tempo_json_end_array (json);

  g_assert_cmpstr (tempo_json_peek (json, NULL), ==,
                   "[{\"id\":\"s1\",\"title\":\"Boats\",\"artist\":\"\",\"album\":null,\"durationMs\":null,\"explicit\":false,"
                   "\"artworkUrl\":\"/api/rooms/K7PX/artwork/ab12\"},"
                   "{\"id\":\"s1\",\"title\":\"Boats\",\"artist\":\"\",\"album\":\"Sea\",\"durationMs\":1500,\"explicit\":false,"
                   "\"artworkUrl\":null}]");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/text/fold", test_fold);
  g_test_add_func ("/model/text/fold-twice", test_fold_twice);
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/song/same/%s", same[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_same);
    }
  for (guint i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/song/different/%s", different[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_different);
    }
  g_test_add_func ("/model/song/empty-key", test_empty_key);
  g_test_add_func ("/model/song/fits", test_fits);
  g_test_add_func ("/model/song/credit", test_credit);
  g_test_add_func ("/model/song/json", test_json);

  return g_test_run ();
}
