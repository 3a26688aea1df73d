/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-index-private.h"

#include <string.h>

#include "model/tempo-song.h"
#include "music/library/tempo-library-words.h"

/* The reading half of the index. A damaged file reads like an empty one: the
 * writer meets the same damage and reports it. */

/* More full text matches than this are not compared: whoever typed so little
 * gets what begins with it, and types on. */
#define MAX_CANDIDATES 200

/* A song that may be in the answer; it is read in full only when it is. */
typedef struct
{
  gint64 row;
  int score;
  char *sort_key; /* (owned) */
} Candidate;

static void
free_candidate (gpointer data)
{
  g_autofree Candidate *candidate = data;

  g_clear_pointer (&candidate->sort_key, g_free);
}

static const char *
column_text (sqlite3_stmt *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

static char *
dup_bytes (sqlite3_stmt *statement, int column)
{
  const char *bytes = sqlite3_column_blob (statement, column);

  return g_strndup (bytes ? bytes : "", sqlite3_column_bytes (statement, column));
}

/* A row of SONG_COLUMNS. */
static TempoSong *
read_song (sqlite3_stmt *statement)
{
  TempoSong *song = tempo_song_new (column_text (statement, 1), column_text (statement, 2), column_text (statement, 3));
  g_autofree char *dir = dup_bytes (statement, 8);
  g_autofree char *name = dup_bytes (statement, 9);
  g_autofree char *folder = dup_bytes (statement, 10);
  g_autofree char *path = g_build_filename (folder, dir, name, NULL);

  song->album = g_strdup (column_text (statement, 4));
  song->artwork = g_strdup (column_text (statement, 5));
  song->duration_ms = sqlite3_column_int64 (statement, 6);
  song->explicit_content = sqlite3_column_int (statement, 7);
  song->uri = g_filename_to_uri (path, NULL, NULL);
  return song;
}

static TempoSong *
read_one (TempoLibraryIndex *self, TempoIndexSql sql, const char *text)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, sql);
  TempoSong *song = NULL;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, text, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW)
    song = read_song (statement);
  tempo_library_index_prepare (self, sql);
  return song;
}

/**
 * tempo_library_index_get_folder:
 *
 * The folder the index is about, NULL before the first scan
 * and when there is none.
 */
char *
tempo_library_index_get_folder (TempoLibraryIndex *self)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_GET_FOLDER);
  g_autofree char *folder = NULL;

  if (statement == NULL)
    return NULL;
  if (sqlite3_step (statement) == SQLITE_ROW)
    folder = dup_bytes (statement, 0);
  sqlite3_reset (statement);
  return folder && *folder ? g_steal_pointer (&folder) : NULL;
}

/**
 * tempo_library_index_lookup:
 *
 * The playable song of an id, by the unique index: a few microseconds.
 * Returns: (transfer full) (nullable)
 */
TempoSong *
tempo_library_index_lookup (TempoLibraryIndex *self, const char *song_id)
{
  return read_one (self, SQL_LOOKUP, song_id);
}

/* A title without an artist is only clear when one artist alone has it. */
static TempoSong *
match_title (TempoLibraryIndex *self, const char *title)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_MATCH_TITLE);
  g_autofree char *words = tempo_library_words (title);
  g_autofree char *first = NULL;
  g_autoptr (TempoSong) song = NULL;

  if (statement == NULL || *words == '\0')
    return NULL;
  sqlite3_bind_text (statement, 1, words, -1, SQLITE_STATIC);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *artist = column_text (statement, 12);

      if (song == NULL)
        {
          song = read_song (statement);
          first = g_strdup (artist);
        }
      else if (g_strcmp0 (first, artist) != 0)
        {
          g_clear_object (&song);
          break;
        }
    }
  tempo_library_index_prepare (self, SQL_MATCH_TITLE);
  return g_steal_pointer (&song);
}

/**
 * tempo_library_index_match:
 *
 * The song that artist and title mean together, by their common key; with a title
 * alone, the only song of that name.
 * Returns: (transfer full) (nullable)
 */
TempoSong *
tempo_library_index_match (TempoLibraryIndex *self, const char *artist, const char *title)
{
  g_autofree char *key = NULL;

  if (artist == NULL || *artist == '\0')
    return match_title (self, title);
  key = tempo_song_key (artist, title);
  return *key != '\0' ? read_one (self, SQL_MATCH_KEY, key) : NULL;
}

/**
 * tempo_library_index_at:
 *
 * For taking songs at random: a random row and the first song from there on costs
 * the same in a library of ten songs and of a million.
 * Returns: (transfer full) (nullable)
 */
TempoSong *
tempo_library_index_at (TempoLibraryIndex *self, gint64 row, gint64 *found)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_AT);
  TempoSong *song = NULL;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, row);
  if (sqlite3_step (statement) == SQLITE_ROW)
    {
      song = read_song (statement);
      if (found)
        *found = sqlite3_column_int64 (statement, 0);
    }
  sqlite3_reset (statement);
  return song;
}

static gint64
read_number (TempoLibraryIndex *self, TempoIndexSql sql)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, sql);
  gint64 number = 0;

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  if (statement != NULL)
    sqlite3_reset (statement);
  return number;
}

/**
 * tempo_library_index_last_row:
 *
 * The highest row in use, 0 for an empty library. Rows below it may be missing
 * or broken.
 */
gint64
tempo_library_index_last_row (TempoLibraryIndex *self)
{
  return read_number (self, SQL_LAST_ROW);
}

/**
 * tempo_library_index_list_rows:
 *
 * The rows of one folder of the library and all below it. Paths are compared as
 * bytes: '0' follows '/', so the range holds exactly what begins with "dir/".
 */
GArray *
tempo_library_index_list_rows (TempoLibraryIndex *self, const char *dir, guint limit)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_ROWS_BELOW);
  g_autofree char *from = g_strconcat (dir, "/", NULL);
  g_autofree char *to = g_strconcat (dir, "0", NULL);

  if (statement == NULL)
    return rows;
  sqlite3_bind_blob (statement, 1, dir, strlen (dir), SQLITE_STATIC);
  sqlite3_bind_blob (statement, 2, from, strlen (from), SQLITE_STATIC);
  sqlite3_bind_blob (statement, 3, to, strlen (to), SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, limit);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      gint64 row = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rows, row);
    }
  tempo_library_index_prepare (self, SQL_ROWS_BELOW);
  return rows;
}

/* Steps through a bound statement and takes the candidates that are not there yet. */
static int
collect (sqlite3_stmt *statement, const char *query_words, GPtrArray *candidates, GHashTable *rows)
{
  int result;

  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 row = sqlite3_column_int64 (statement, 0);
      const char *title = column_text (statement, 1);
      const char *artist = column_text (statement, 2);
      Candidate *candidate;

      if (!g_hash_table_add (rows, g_memdup2 (&row, sizeof row)))
        continue;
      candidate = g_new0 (Candidate, 1);
      candidate->row = row;
      candidate->score = tempo_library_score (query_words, title, artist);
      candidate->sort_key = g_strconcat (title, "\n", artist, NULL);
      g_ptr_array_add (candidates, candidate);
    }
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

static int
collect_start (TempoLibraryIndex *self, TempoIndexSql sql, const char *query_words, guint limit,
               GPtrArray *candidates, GHashTable *rows)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, sql);
  /* Words hold no byte above 0xf4, so this closes the range of what begins with the query. */
  g_autofree char *end = g_strconcat (query_words, "\xff", NULL);
  int result;

  if (statement == NULL)
    return SQLITE_CORRUPT;
  sqlite3_bind_text (statement, 1, query_words, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, end, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, limit);
  result = collect (statement, query_words, candidates, rows);
  tempo_library_index_prepare (self, sql);
  return result;
}

static int
collect_full_text (TempoLibraryIndex *self, const char *query_words, GPtrArray *candidates, GHashTable *rows)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_FULL_TEXT);
  g_autofree char *expression = tempo_library_match_expression (query_words);
  int result;

  if (statement == NULL)
    return SQLITE_CORRUPT;
  sqlite3_bind_text (statement, 1, expression, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, MAX_CANDIDATES);
  result = collect (statement, query_words, candidates, rows);
  tempo_library_index_prepare (self, SQL_FULL_TEXT);
  return result;
}

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *first = *(const Candidate *const *) a;
  const Candidate *second = *(const Candidate *const *) b;

  if (first->score != second->score)
    return first->score > second->score ? -1 : 1;
  return strcmp (first->sort_key, second->sort_key);
}

/**
 * tempo_library_index_search:
 *
 * Three looks, each bounded: titles that begin with the query, artists that do, and
 * songs that hold all its words in any order. Then the best of them. A query without
 * a letter or digit finds nothing.
 * Returns: (transfer full) (element-type TempoSong) or NULL with @error set
 */
GPtrArray *
tempo_library_index_search (TempoLibraryIndex *self, const char *query, guint limit, GError **error)
{
  g_autofree char *words = tempo_library_query_words (query);
  g_autoptr (GPtrArray) candidates = g_ptr_array_new_with_free_func (free_candidate);
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GPtrArray) songs = g_ptr_array_new_with_free_func (g_object_unref);
  int result;

  if (*words == '\0' || limit == 0)
    return g_steal_pointer (&songs);
  result = collect_start (self, SQL_TITLE_START, words, limit, candidates, rows);
  if (result == SQLITE_OK)
    result = collect_start (self, SQL_ARTIST_START, words, limit, candidates, rows);
  if (result == SQLITE_OK)
    result = collect_full_text (self, words, candidates, rows);
  if (result != SQLITE_OK)
    {
      tempo_library_index_fail (self, result, error);
      return NULL;
    }
  g_ptr_array_sort (candidates, compare_candidates);
  for (guint i = 0; i < MIN (candidates->len, limit); i++)
    {
      gint64 found = 0;
      gint64 row = ((Candidate *) candidates->pdata[i])->row;
      g_autoptr (TempoSong) song = tempo_library_index_at (self, row, &found);

      /* The scanner may have taken it out just now. */
      if (found == row)
        g_ptr_array_add (songs, g_steal_pointer (&song));
    }
  return g_steal_pointer (&songs);
}

/**
 * tempo_library_index_count:
 *
 * How many songs can be played and how many files could not be read; both are
 * counted on small indexes, not on the table.
 */
TempoIndexCounts
tempo_library_index_count (TempoLibraryIndex *self)
{
  return (TempoIndexCounts) { read_number (self, SQL_COUNT_SONGS), read_number (self, SQL_COUNT_BROKEN) };
}

/**
 * tempo_library_index_list_broken:
 *
 * For the host's eyes: which files are left out, and why. Names that are not
 * UTF-8 are made readable.
 */
GPtrArray *
tempo_library_index_list_broken (TempoLibraryIndex *self, guint limit)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_LIST_BROKEN);

  if (statement == NULL)
    return list;
  sqlite3_bind_int64 (statement, 1, limit);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autofree char *dir = dup_bytes (statement, 0);
      g_autofree char *name = dup_bytes (statement, 1);
      g_autofree char *path = *dir ? g_build_filename (dir, name, NULL) : g_strdup (name);
      g_autofree char *display = g_filename_display_name (path);

      g_ptr_array_add (list, g_strdup_printf ("%s: %s", display, column_text (statement, 2)));
    }
  sqlite3_reset (statement);
  return list;
}

/**
 * tempo_library_index_foreach_artwork:
 *
 * Every picture that a song or a folder shows,
 * so that the others can be removed.
 */
void
tempo_library_index_foreach_artwork (TempoLibraryIndex *self,
                                     void (*func) (const char *artwork, gpointer user_data), gpointer user_data)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_ARTWORK);

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    func (column_text (statement, 0), user_data);
  if (statement != NULL)
    sqlite3_reset (statement);
}
