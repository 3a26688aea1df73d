/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-song.h"
#include "model/tempo-text-private.h"

#include <string.h>

/* Letters that Unicode does not take apart but a keyboard without them does. */
static const struct
{
  gunichar letter;
  const char *plain;
} plain_letters[] = {
  { 0x00df, "ss" }, /* ß */
  { 0x00e6, "ae" }, /* æ */
  { 0x00f0, "d" },  /* ð */
  { 0x00f8, "o" },  /* ø */
  { 0x00fe, "th" }, /* þ */
  { 0x0111, "d" },  /* đ */
  { 0x0127, "h" },  /* ħ */
  { 0x0131, "i" },  /* ı */
  { 0x0142, "l" },  /* ł */
  { 0x0153, "oe" }, /* œ */
  { 0x0167, "t" },  /* ŧ */
};

/* Marks that people leave out when they type. Not every mark: the vowel signs of
 * Indic scripts and the voicing marks of kana make another word. */
static gboolean
is_accent (gunichar c)
{
  return (c >= 0x0300 && c <= 0x036f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) ||
         (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f) || /* Latin, Greek, Cyrillic */
         (c >= 0x0591 && c <= 0x05c7 && g_unichar_ismark (c)) ||         /* Hebrew points */
         (c >= 0x064b && c <= 0x065f) || c == 0x0670;                    /* Arabic vowel marks */
}

static gboolean
is_apostrophe (gunichar c)
{
  return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x02bc || c == 0x2032;
}

static void
append_plain (GString *out,
              gunichar c)
{
  for (guint i = 0; c >= 0x00df && i < G_N_ELEMENTS (plain_letters); i++)
    {
      if (plain_letters[i].letter == c)
        {
          g_string_append (out, plain_letters[i].plain);
          return;
        }
    }

  g_string_append_unichar (out, c);
}

/* Appends @c, or a space for space and control characters when one may stand. */
static void
append_folded (GString *out,
               gunichar c)
{
  if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
    {
      if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  else if (!is_accent (c) && g_unichar_type (c) != G_UNICODE_FORMAT)
    {
      /* GLib folds small Cherokee letters to capitals and those to small ones; this
       * ends it. */
      append_plain (out, g_unichar_tolower (c));
    }
}

/* Compatibility forms hide capitals ("™" holds TM) and folding makes new marks
 * ("İ"), so the text is taken apart before and after the fold. An acute accent
 * typed for an apostrophe would fall apart into a space. */
static char *
decompose (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) parts = g_strsplit (valid, "\302\264", -1);
  g_autofree char *joined = g_strjoinv ("'", parts);
  g_autofree char *apart = g_utf8_normalize (joined, -1, G_NORMALIZE_ALL);
  g_autofree char *lower = g_utf8_casefold (apart, -1);

  return g_utf8_normalize (lower, -1, G_NORMALIZE_ALL);
}

/**
 * tempo_text_fold:
 * @text: (nullable): any text
 *
 * Makes texts comparable: no accents, no capitals, single spaces inside and none
 * around. Punctuation stays. Folding twice gives the same as once.
 *
 * Returns: (transfer full): the folded text
 */
char *
tempo_text_fold (const char *text)
{
  g_autoptr (GString) out = NULL;

  if (text == NULL)
    return g_strdup ("");

  out = g_string_sized_new (strlen (text) + 1);
  if (g_str_is_ascii (text))
    {
      for (; *text != '\0'; text++)
        append_folded (out, (gunichar) g_ascii_tolower (*text));
    }
  else
    {
      g_autofree char *apart = decompose (text);

      for (const char *at = apart; *at != '\0'; at = g_utf8_next_char (at))
        append_folded (out, g_utf8_get_char (at));
    }

  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * tempo_text_words:
 * @folded: what tempo_text_fold() gave
 *
 * An apostrophe joins ("don't" and "dont" are one word), any other punctuation
 * parts.
 *
 * Returns: (transfer full) (element-type utf8): the words in order
 */
GPtrArray *
tempo_text_words (const char *folded)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) word = g_string_new (NULL);

  for (const char *at = folded;; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isalnum (c) || g_unichar_ismark (c))
        {
          g_string_append_unichar (word, c);
        }
      else if (!is_apostrophe (c) && word->len > 0)
        {
          g_ptr_array_add (words, g_strdup (word->str));
          g_string_truncate (word, 0);
        }
      if (c == '\0')
        return g_steal_pointer (&words);
    }
}

/**
 * tempo_text_fence:
 * @text: (nullable): any text, need not be folded
 *
 * Returns: (transfer full): " its words ", or "" when it has none
 */
char *
tempo_text_fence (const char *text)
{
  g_autofree char *folded = tempo_text_fold (text);
  g_autoptr (GPtrArray) words = tempo_text_words (folded);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (out, " %s", (const char *) g_ptr_array_index (words, i));
  if (words->len > 0)
    g_string_append_c (out, ' ');

  return g_string_free (g_steal_pointer (&out), FALSE);
}
