/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-words.h"

#include <string.h>

#include "model/tempo-song.h"

/* Scripts that are written without spaces: each letter is a word of its own, so
 * that a name is found by its second half too. */
static gboolean
stands_alone (gunichar c)
{
  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_apostrophe (gunichar c)
{
  return c == '\'' || c == 0x2019 || c == 0x02bc || c == '`';
}

/**
 * tempo_library_words:
 *
 * Letters and digits only, so that no word can mean anything to FTS5, and ASCII
 * space as the only separator: the index's tokenizer then has nothing to decide.
 * (Its unicode61 knows the letters of Unicode 6.1; a newer script would be one
 * word here and nothing there.) "don't" is found as "dont" like phones type it.
 */
char *
tempo_library_words (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);
  g_autofree char *folded = tempo_text_fold (valid);
  GString *words = g_string_sized_new (strlen (folded) + 8);
  gboolean gap = FALSE;

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean alone;

      if (is_apostrophe (c) || g_unichar_ismark (c))
        continue;
      if (!g_unichar_isalnum (c))
        {
          gap = TRUE;
          continue;
        }
      alone = stands_alone (c);
      if ((gap || alone) && words->len > 0 && words->str[words->len - 1] != ' ')
        g_string_append_c (words, ' ');
      g_string_append_unichar (words, c);
      gap = alone;
    }
  return g_string_free (words, FALSE);
}

/* Cuts @word to at most @max bytes without cutting a character. */
static gsize
cut_length (const char *word, gsize length, gsize max)
{
  if (length <= max)
    return length;
  while (max > 0 && ((guchar) word[max] & 0xc0) == 0x80)
    max--;
  return max;
}

/**
 * tempo_library_query_words:
 *
 * The same words, with named limits: a guest may send a page of text. A word that
 * was cut still finds its song, because every word is a prefix.
 */
char *
tempo_library_query_words (const char *query)
{
  g_autofree char *short_query = NULL;
  g_autofree char *all = NULL;
  GString *words = g_string_new (NULL);
  guint count = 0;

  /* Folding is linear, but there is no reason to fold a megabyte. */
  short_query = g_strndup (query ? query : "", 1024);
  all = tempo_library_words (short_query);
  for (const char *p = all; *p != '\0' && count < TEMPO_LIBRARY_MAX_QUERY_WORDS; count++)
    {
      gsize length = strcspn (p, " ");

      if (words->len > 0)
        g_string_append_c (words, ' ');
      g_string_append_len (words, p, cut_length (p, length, TEMPO_LIBRARY_MAX_WORD_BYTES));
      p += length;
      p += strspn (p, " ");
    }
  return g_string_free (words, FALSE);
}

/**
 * tempo_library_match_expression:
 *
 * Every word quoted, so that AND, NEAR, a column's name or a quote from a guest
 * is a word like any other. Words hold letters and digits only, so no quote can be
 * inside one; the doubling is the second lock on that door.
 */
char *
tempo_library_match_expression (const char *query_words)
{
  GString *expression;

  if (query_words == NULL || *query_words == '\0')
    return NULL;
  expression = g_string_new ("\"");
  for (const char *p = query_words; *p != '\0'; p++)
    {
      if (*p == ' ')
        g_string_append (expression, "\"* \"");
      else if (*p == '"')
        g_string_append (expression, "\"\"");
      else
        g_string_append_c (expression, *p);
    }
  g_string_append (expression, "\"*");
  return g_string_free (expression, FALSE);
}

/* How the field begins: 3 the whole of it, 2 whole words, 1 a piece, 0 not. */
static int
match_start (const char *query, gsize length, const char *field)
{
  if (strncmp (field, query, length) != 0)
    return 0;
  if (field[length] == '\0')
    return 3;
  return field[length] == ' ' ? 2 : 1;
}

/* 2: @word stands in @field as a word, 1: as the beginning of one, 0: not. */
static int
match_word (const char *word, gsize length, const char *field)
{
  int best = 0;

  for (const char *p = field; *p != '\0' && best < 2;)
    {
      gsize field_length = strcspn (p, " ");

      if (field_length >= length && strncmp (p, word, length) == 0)
        best = MAX (best, field_length == length ? 2 : 1);
      p += field_length;
      p += strspn (p, " ");
    }
  return best;
}

/**
 * tempo_library_score:
 *
 * A field that begins with the query beats one that merely holds its words, the
 * title beats the artist at equal match, and whole words beat beginnings. bm25 is
 * not used: song titles are a handful of words, where it ranks by length alone, and it
 * has to visit every match of a one-letter query.
 */
int
tempo_library_score (const char *query_words, const char *title, const char *artist)
{
  gsize length = strlen (query_words);
  int in_title = match_start (query_words, length, title);
  int in_artist = match_start (query_words, length, artist);
  int words = 0;

  for (const char *p = query_words; *p != '\0';)
    {
      gsize word = strcspn (p, " ");

      words += MAX (2 * match_word (p, word, title), 2 * match_word (p, word, artist) - 1);
      p += word;
      p += strspn (p, " ");
    }
  return 1000 * MAX (2 * in_title, in_artist > 0 ? 2 * in_artist - 1 : 0) + words;
}
