/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "music/library/tempo-library-index.h"

G_BEGIN_DECLS

/* Shared by the two halves of the index: tempo-library-index.c (file, statements,
 * writing) and tempo-library-index-read.c. */

typedef enum
{
  SQL_BEGIN,
  SQL_COMMIT,
  SQL_ROLLBACK,
  SQL_GET_FOLDER,
  SQL_SET_FOLDER,
  SQL_FIND_DIR,
  SQL_ADD_DIR,
  SQL_SET_COVER,
  SQL_LIST_FILES,
  SQL_LIST_DIRS,
  SQL_PUT,
  SQL_REMOVE_FILE,
  SQL_REMOVE_SONGS_BELOW,
  SQL_REMOVE_DIRS_BELOW,
  SQL_MARK_BROKEN,
  SQL_LOOKUP,
  SQL_MATCH_KEY,
  SQL_MATCH_TITLE,
  SQL_AT,
  SQL_LAST_ROW,
  SQL_ROWS_BELOW,
  SQL_TITLE_START,
  SQL_ARTIST_START,
  SQL_FULL_TEXT,
  SQL_COUNT_SONGS,
  SQL_COUNT_BROKEN,
  SQL_LIST_BROKEN,
  SQL_ARTWORK,
  N_SQL,
} TempoIndexSql;

struct _TempoLibraryIndex
{
  sqlite3 *db; /* (owned) */
  char *path; /* (owned) */
  sqlite3_stmt *statements[N_SQL]; /* (owned) (nullable) prepared when first used */
};

/* The statement, reset and without bindings; NULL when the file is damaged. */
sqlite3_stmt *tempo_library_index_prepare (TempoLibraryIndex *self, TempoIndexSql sql);
/* Runs a statement that gives no rows. */
gboolean tempo_library_index_run (TempoLibraryIndex *self, sqlite3_stmt *statement, GError **error);
/* Turns an SQLite result into a GError; FALSE, for returning. */
gboolean tempo_library_index_fail (TempoLibraryIndex *self, int result, GError **error);

G_END_DECLS
