/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "music/library/tempo-library-index.h"
#include "music/library/tempo-library-words.h"

/* How typed and stored text become words, on tables and on noise. */

static void
test_words (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { NULL, "" },
    { "", "" },
    { "   ", "" },
    { "Hello World", "hello world" },
    { "  Beyancé -- Déjà  Vu ", "beyance deja vu" },
    { "AC/DC", "ac dc" },
    { "Don't Stop", "dont stop" },
    { "Don\xe2\x80\x99t Stop", "dont stop" },
    { "(I Can't Get No)", "i cant get no" },
    { "99 Balloons", "99 balloons" },
    { "\xe6\x9d\xb1\xe4\xba\xac" "Night", "\xe6\x9d\xb1 \xe4\xba\xac night" },
    { "\"quoted\" AND NEAR(x)", "quoted and near x" },
    { "bro\xff" "ken", "bro ken" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = tempo_library_words (cases[i].text);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_expression (void)
{
  static const struct
  {
    const char *query;
    const char *expression;
  } cases[] = {
    { "", NULL },
    { "*", NULL },
    { "\"", NULL },
    { "^:(){}", NULL },
    { "a", "\"a\"*" },
    { "let it be", "\"let\"* \"it\"* \"be\"*" },
    { "x OR y", "\"x\"* \"or\"* \"y\"*" },
    { "title:love*", "\"title\"* \"love\"*" },
    { "1 2 3 4 5 6 7 8 9 10", "\"1\"* \"2\"* \"3\"* \"4\"* \"5\"* \"6\"* \"7\"* \"8\"*" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = tempo_library_query_words (cases[i].query);
      g_autofree char *expression = tempo_library_match_expression (words);

      g_assert_cmpstr (expression, ==, cases[i].expression);
    }
}

static void
test_limits (void)
{
  g_autofree char *long_word = g_strnfill (5000, 'x');
  g_autofree char *words = tempo_library_query_words (long_word);
  GString *accents = g_string_new (NULL);
  g_autofree char *cut = NULL;

  g_assert_cmpuint (strlen (words), ==, TEMPO_LIBRARY_MAX_WORD_BYTES);
  /* Cyrillic: two bytes a letter, and 47 is in the middle of one. */
  g_string_append_c (accents, 'x');
  for (guint i = 0; i < 100; i++)
    g_string_append (accents, "\xd0\xb6");
  cut = tempo_library_query_words (accents->str);
  g_assert_true (g_utf8_validate (cut, -1, NULL));
  g_assert_cmpuint (strlen (cut), ==, TEMPO_LIBRARY_MAX_WORD_BYTES - 1);
  g_string_free (accents, TRUE);
}

/* The order in which results stand. */
static void
test_score (void)
{
  static const struct
  {
    const char *query;
    const char *better_title, *better_artist;
    const char *worse_title, *worse_artist;
  } cases[] = {
    { "help", "help", "ada", "helpless", "ada" },
    { "help", "help me", "ada", "helpless", "ada" },
    { "help", "helpless", "ada", "do help", "ada" },
    { "queen", "queen", "ada", "fire", "queen" },
    { "queen", "fire", "queen", "dancing queen", "ada" },
    { "be let", "let it be", "ada", "letter to beth", "ada" },
    { "ada fire", "fire", "ada", "fireflies", "adam" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (tempo_library_score (cases[i].query, cases[i].better_title, cases[i].better_artist), >,
                       tempo_library_score (cases[i].query, cases[i].worse_title, cases[i].worse_artist));
    }
}

/* Whatever a guest sends: valid, bounded, and FTS5 takes it. */
static void
test_noise (void)
{
  static const char *const pieces[] = { "\"",
                                        "*",
                                        "a",
                                        "OR ",
                                        "NEAR(",
                                        "\xff",
                                        "\xcc\x81",
                                        "\xe2\x80\xae",
                                        "'",
                                        "--",
                                        " ",
                                        "\xf0\x9f\x8e\xb5",
                                        "\xef\xb7\xba",
                                        "0",
                                        "\x01" };
  g_autofree char *path = NULL;
  g_autoptr (TempoLibraryIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tempo-words-XXXXXX", NULL);

  path = g_build_filename (folder, "index.db", NULL);
  index = tempo_library_index_open (path, TRUE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *words = NULL;
      g_autoptr (GPtrArray) songs = NULL;

      for (int n = g_test_rand_int_range (0, 40); n > 0; n--)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      words = tempo_library_query_words (text->str);
      g_assert_true (g_utf8_validate (words, -1, NULL));
      g_assert_cmpuint (strlen (words), <=, TEMPO_LIBRARY_MAX_QUERY_WORDS * (TEMPO_LIBRARY_MAX_WORD_BYTES + 1));
      g_assert_null (strpbrk (words, "\"*'()^:-+"));
      songs = tempo_library_index_search (index, text->str, 20, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (songs->len, ==, 0);
    }
  g_clear_pointer (&index, tempo_library_index_close);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/words/table", test_words);
  g_test_add_func ("/music/words/expression", test_expression);
  g_test_add_func ("/music/words/limits", test_limits);
  g_test_add_func ("/music/words/score", test_score);
  g_test_add_func ("/music/words/noise", test_noise);
  return g_test_run ();
}
