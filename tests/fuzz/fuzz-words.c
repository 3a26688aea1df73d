/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/tempo-song.h"
#include "music/library/tempo-library-index.h"
#include "music/library/tempo-library-words.h"

#define LIMIT 20

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
put_song (TempoLibraryIndex *index,
          gint64 dir_row,
          const char *name,
          const char *title,
          const char *artist)
{
  g_autoptr (TempoReading) reading = tempo_reading_new ();
  TempoIndexFile file = { dir_row, "", name, 1, 1, NULL };
  g_autoptr (GError) error = NULL;

  reading->title = g_strdup (title);
  reading->artist = g_strdup (artist);
  tempo_library_index_put (index, &file, reading, NULL, &error);
  g_assert_no_error (error);
}

/* A real index with a few songs, in memory, for the life of the process. */
static TempoLibraryIndex *
open_index (void)
{
  static TempoLibraryIndex *index;
  g_autoptr (GError) error = NULL;
  TempoIndexDir dir;

  if (index != NULL)
    return index;
  index = tempo_library_index_open (":memory:", TRUE, &error);
  g_assert_no_error (error);
  tempo_library_index_begin (index, &error);
  g_assert_no_error (error);
  tempo_library_index_visit_dir (index, "", 0, &dir, &error);
  g_assert_no_error (error);
  put_song (index, dir.row, "1.ogg", "Paper Lanterns", "The Quiet Harbour");
  put_song (index, dir.row, "2.ogg", "Don't Stop (near) the OR", "Title_words AND Band");
  put_song (index, dir.row, "3.ogg", "\346\235\261\344\272\254 \345\244\234", "Caf\303\251 \303\205ngstr\303\266m");
  tempo_library_index_commit (index, &error);
  g_assert_no_error (error);
  return index;
}

/* At most eight words of at most 48 bytes, letters and digits only. */
static void
check_words (const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);

  g_assert_true (g_utf8_validate (words, -1, NULL));
  g_assert_cmpuint (g_strv_length (parts), <=, TEMPO_LIBRARY_MAX_QUERY_WORDS);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_assert_cmpstr (parts[i], !=, "");
      g_assert_cmpuint (strlen (parts[i]), <=, TEMPO_LIBRARY_MAX_WORD_BYTES);
      for (const char *p = parts[i]; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_true (g_unichar_isalnum (g_utf8_get_char (p)));
    }
}

static gboolean
contains (GPtrArray *songs,
          const char *title)
{
  for (guint i = 0; i < songs->len; i++)
    {
      if (g_str_equal (((TempoSong *) g_ptr_array_index (songs, i))->title, title))
        return TRUE;
    }
  return FALSE;
}

/* The index understands every search, and finds the song that is named like it. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  TempoLibraryIndex *index = open_index ();
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *words = tempo_library_query_words (text);
  g_autofree char *expression = tempo_library_match_expression (words);
  g_autofree char *title = tempo_reading_clean_text (text, -1);
  g_autoptr (GPtrArray) songs = NULL;
  g_autoptr (GError) error = NULL;

  check_words (words);
  g_assert_true ((expression == NULL) == (*words == '\0'));
  songs = tempo_library_index_search (index, text, LIMIT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (songs->len, <=, LIMIT);
  if (title != NULL)
    {
      g_autoptr (GPtrArray) found = NULL;
      g_autofree char *title_words = tempo_library_query_words (title);
      TempoIndexDir dir;

      tempo_library_index_visit_dir (index, "", -1, &dir, &error);
      g_assert_no_error (error);
      put_song (index, dir.row, "new.ogg", title, "");
      found = tempo_library_index_search (index, title, LIMIT, &error);
      g_assert_no_error (error);
      g_assert_true (*title_words == '\0' || contains (found, title));
    }
  return 0;
}
