/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-index-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "model/tempo-song.h"
#include "music/library/tempo-library-words.h"

#define APPLICATION_ID 0x54504c49 /* "TPLI" */
#define SCHEMA_VERSION 1

/* A broken file has no words, so no search, prefix or key can find it. detail=none:
 * a word's place in the title is looked at in C, for the few candidates only.
 * prefix='1 ... 6': the first letters that are typed match tens of thousands of songs,
 * and without its own list a beginning is put together from those of all its words. */
static const char *const schema =
  "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
  "CREATE TABLE dir (dir_id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL, path BLOB NOT NULL UNIQUE,"
  " artwork TEXT, cover_mtime INTEGER NOT NULL DEFAULT 0, cover_size INTEGER NOT NULL DEFAULT 0);"
  "CREATE INDEX dir_by_parent ON dir (parent_id);"
  "CREATE TABLE song (song_id INTEGER PRIMARY KEY, dir_id INTEGER NOT NULL, name BLOB NOT NULL,"
  " mtime INTEGER NOT NULL, size INTEGER NOT NULL, id TEXT NOT NULL UNIQUE,"
  " title TEXT NOT NULL, artist TEXT NOT NULL, album TEXT, artwork TEXT, duration_ms INTEGER NOT NULL,"
  " explicit INTEGER NOT NULL, song_key TEXT NOT NULL,"
  " title_words TEXT NOT NULL, artist_words TEXT NOT NULL, album_words TEXT NOT NULL, broken TEXT,"
  " UNIQUE (dir_id, name));"
  "CREATE INDEX song_by_key ON song (song_key) WHERE broken IS NULL;"
  "CREATE INDEX song_by_title ON song (title_words) WHERE broken IS NULL;"
  "CREATE INDEX song_by_artist ON song (artist_words, title_words) WHERE broken IS NULL;"
  "CREATE INDEX song_broken ON song (song_id) WHERE broken IS NOT NULL;"
  "CREATE VIRTUAL TABLE song_text USING fts5 (title_words, artist_words, album_words, content='song',"
  " content_rowid='song_id', tokenize='ascii', prefix='1 2 3 4 5 6', detail=none, columnsize=0);"
  "CREATE TRIGGER song_added AFTER INSERT ON song BEGIN"
  " INSERT INTO song_text (rowid, title_words, artist_words, album_words)"
  " VALUES (new.song_id, new.title_words, new.artist_words, new.album_words); END;"
  "CREATE TRIGGER song_removed AFTER DELETE ON song BEGIN"
  " INSERT INTO song_text (song_text, rowid, title_words, artist_words, album_words)"
  " VALUES ('delete', old.song_id, old.title_words, old.artist_words, old.album_words); END;"
  "CREATE TRIGGER song_changed AFTER UPDATE OF title_words, artist_words, album_words ON song BEGIN"
  " INSERT INTO song_text (song_text, rowid, title_words, artist_words, album_words)"
  " VALUES ('delete', old.song_id, old.title_words, old.artist_words, old.album_words);"
  " INSERT INTO song_text (rowid, title_words, artist_words, album_words)"
  " VALUES (new.song_id, new.title_words, new.artist_words, new.album_words); END;";

/* In the order read_song() expects. */
#define SONG_COLUMNS \
  "s.song_id, s.id, s.title, s.artist, s.album, coalesce(s.artwork, d.artwork), s.duration_ms, s.explicit," \
  " d.path, s.name, (SELECT value FROM meta WHERE name = 'folder'), s.title_words, s.artist_words"
#define SONG_TABLES " FROM song s JOIN dir d ON d.dir_id = s.dir_id "
#define BELOW \
  "(WITH RECURSIVE below (i) AS (SELECT ?1 UNION ALL SELECT dir_id FROM dir JOIN below ON parent_id = i)" \
  " SELECT i FROM below)"

static const char *const texts[N_SQL] = {
  [SQL_BEGIN] = "BEGIN IMMEDIATE",
  [SQL_COMMIT] = "COMMIT",
  [SQL_ROLLBACK] = "ROLLBACK",
  [SQL_GET_FOLDER] = "SELECT value FROM meta WHERE name = 'folder'",
  [SQL_SET_FOLDER] = "INSERT OR REPLACE INTO meta (name, value) VALUES ('folder', ?1)",
  [SQL_FIND_DIR] = "SELECT dir_id, cover_mtime, cover_size FROM dir WHERE path = ?1",
  [SQL_ADD_DIR] = "INSERT INTO dir (path, parent_id) VALUES (?1, ?2)",
  [SQL_SET_COVER] = "UPDATE dir SET artwork = ?2, cover_mtime = ?3, cover_size = ?4 WHERE dir_id = ?1",
  [SQL_LIST_FILES] = "SELECT name, song_id, mtime, size FROM song WHERE dir_id = ?1",
  [SQL_LIST_DIRS] = "SELECT path, dir_id FROM dir WHERE parent_id = ?1",
  [SQL_PUT] =
    "INSERT INTO song (dir_id, name, mtime, size, id, title, artist, album, artwork, duration_ms, explicit,"
    " song_key, title_words, artist_words, album_words, broken)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    " ON CONFLICT (dir_id, name) DO UPDATE SET mtime = excluded.mtime, size = excluded.size, title = excluded.title,"
    " artist = excluded.artist, album = excluded.album, artwork = excluded.artwork, duration_ms = excluded.duration_ms,"
    " explicit = excluded.explicit, song_key = excluded.song_key, title_words = excluded.title_words,"
    " artist_words = excluded.artist_words, album_words = excluded.album_words, broken = excluded.broken",
  [SQL_REMOVE_FILE] = "DELETE FROM song WHERE song_id = ?1",
  [SQL_REMOVE_SONGS_BELOW] = "DELETE FROM song WHERE dir_id IN " BELOW,
  [SQL_REMOVE_DIRS_BELOW] = "DELETE FROM dir WHERE dir_id IN " BELOW,
  [SQL_MARK_BROKEN] =
    "UPDATE song SET broken = ?2, title_words = '', artist_words = '', album_words = '' WHERE id = ?1",
  [SQL_LOOKUP] = "SELECT " SONG_COLUMNS SONG_TABLES "WHERE s.id = ?1 AND s.broken IS NULL",
  [SQL_MATCH_KEY] =
    "SELECT " SONG_COLUMNS SONG_TABLES "WHERE s.song_key = ?1 AND s.broken IS NULL ORDER BY s.song_id LIMIT 1",
  [SQL_MATCH_TITLE] =
    "SELECT " SONG_COLUMNS SONG_TABLES "WHERE s.title_words = ?1 AND s.broken IS NULL ORDER BY s.song_id LIMIT 20",
  [SQL_AT] =
    "SELECT " SONG_COLUMNS SONG_TABLES "WHERE s.song_id >= ?1 AND s.broken IS NULL ORDER BY s.song_id LIMIT 1",
  [SQL_LAST_ROW] = "SELECT coalesce(max(song_id), 0) FROM song",
  [SQL_ROWS_BELOW] = "SELECT s.song_id" SONG_TABLES
                     "WHERE (d.path = ?1 OR (d.path > ?2 AND d.path < ?3)) AND s.broken IS NULL LIMIT ?4",
  [SQL_TITLE_START] =
    "SELECT song_id, title_words, artist_words FROM song"
    " WHERE title_words >= ?1 AND title_words < ?2 AND broken IS NULL ORDER BY title_words LIMIT ?3",
  [SQL_ARTIST_START] =
    "SELECT song_id, title_words, artist_words FROM song"
    " WHERE artist_words >= ?1 AND artist_words < ?2 AND broken IS NULL ORDER BY artist_words, title_words LIMIT ?3",
  [SQL_FULL_TEXT] =
    "SELECT song_id, title_words, artist_words"
    " FROM (SELECT rowid AS r FROM song_text WHERE song_text MATCH ?1 LIMIT ?2)"
    " CROSS JOIN song ON song_id = r WHERE broken IS NULL",
  [SQL_COUNT_SONGS] = "SELECT count(*) FROM song INDEXED BY song_by_key WHERE broken IS NULL",
  [SQL_COUNT_BROKEN] = "SELECT count(*) FROM song INDEXED BY song_broken WHERE broken IS NOT NULL",
  [SQL_LIST_BROKEN] =
    "SELECT d.path, s.name, s.broken" SONG_TABLES "WHERE s.broken IS NOT NULL ORDER BY s.song_id LIMIT ?1",
  [SQL_ARTWORK] =
    "SELECT artwork FROM song WHERE artwork IS NOT NULL UNION SELECT artwork FROM dir WHERE artwork IS NOT NULL",
};

/* The journal too: SQLite would play an old one into a new file. */
static void
unlink_all (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);

  g_unlink (path);
  g_unlink (wal);
  g_unlink (shm);
}

gboolean
tempo_library_index_fail (TempoLibraryIndex *self, int result, GError **error)
{
  GIOErrorEnum code = G_IO_ERROR_FAILED;

  switch (result & 0xff)
    {
    case SQLITE_FULL:
      code = G_IO_ERROR_NO_SPACE;
      break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      code = G_IO_ERROR_READ_ONLY;
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      code = G_IO_ERROR_BUSY;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      code = G_IO_ERROR_INVALID_DATA;
      /* Whoever has it open goes on with what it holds; the next start makes a new one. */
      unlink_all (self->path);
      break;
    default:
      break;
    }
  g_set_error (error, G_IO_ERROR, code, "library index \"%s\": %s", self->path, sqlite3_errstr (result));
  return FALSE;
}

sqlite3_stmt *
tempo_library_index_prepare (TempoLibraryIndex *self, TempoIndexSql sql)
{
  sqlite3_stmt *statement = self->statements[sql];

  if (statement == NULL)
    {
      int result = sqlite3_prepare_v3 (self->db, texts[sql], -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

      if (result != SQLITE_OK)
        {
          g_debug ("cannot prepare statement %d of \"%s\": %s", sql, self->path, sqlite3_errmsg (self->db));
          return NULL;
        }
      self->statements[sql] = statement;
    }
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return statement;
}

gboolean
tempo_library_index_run (TempoLibraryIndex *self, sqlite3_stmt *statement, GError **error)
{
  int result = statement ? sqlite3_step (statement) : sqlite3_extended_errcode (self->db);

  if (statement)
    sqlite3_reset (statement);
  return result == SQLITE_DONE || result == SQLITE_ROW || tempo_library_index_fail (self, result, error);
}

static gboolean
execute (TempoLibraryIndex *self, const char *sql, GError **error)
{
  int result = sqlite3_exec (self->db, sql, NULL, NULL, NULL);

  return result == SQLITE_OK || tempo_library_index_fail (self, result, error);
}

static int
read_pragma (TempoLibraryIndex *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  int value = -1;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

static gboolean
is_ours (TempoLibraryIndex *self)
{
  return read_pragma (self, "PRAGMA application_id") == APPLICATION_ID
         && read_pragma (self, "PRAGMA user_version") == SCHEMA_VERSION;
}

static TempoLibraryIndex *
connect_file (const char *path, gboolean writer, GError **error)
{
  g_autoptr (TempoLibraryIndex) self = g_new0 (TempoLibraryIndex, 1);
  /* One thread a connection, so its mutex would only cost time. Readers of a WAL file write to its shared memory. */
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writer ? SQLITE_OPEN_CREATE : 0);
  int result;

  self->path = g_strdup (path);
  result = sqlite3_open_v2 (path, &self->db, flags, NULL);
  if (result != SQLITE_OK)
    {
      tempo_library_index_fail (self, result, error);
      return NULL;
    }
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, writer ? 5000 : 250);
  return g_steal_pointer (&self);
}

static gboolean
make_schema (TempoLibraryIndex *self, GError **error)
{
  return execute (self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE;", error) &&
         execute (self, schema, error) &&
         execute (self, "PRAGMA application_id = 1414548553; PRAGMA user_version = 1; COMMIT;", error);
}

/* Opens the file for writing; what is not this version of the index goes. */
static TempoLibraryIndex *
open_writer (const char *path, GError **error)
{
  g_autoptr (TempoLibraryIndex) self = connect_file (path, TRUE, error);

  G_STATIC_ASSERT (APPLICATION_ID == 1414548553 && SCHEMA_VERSION == 1);
  if (self == NULL)
    return NULL;
  if (!is_ours (self))
    {
      g_clear_pointer (&self, tempo_library_index_close);
      unlink_all (path);
      self = connect_file (path, TRUE, error);
      if (self == NULL || !make_schema (self, error))
        return NULL;
    }
  if (!execute (self, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -8192;",
                error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tempo_library_index_open:
 *
 * A reader needs the file to be there, so the owner opens the writer's side once
 * before any thread opens a reader's.
 * Returns: (transfer full) (nullable)
 */
TempoLibraryIndex *
tempo_library_index_open (const char *path, gboolean writer, GError **error)
{
  g_autoptr (TempoLibraryIndex) self = NULL;

  if (writer)
    return open_writer (path, error);
  self = connect_file (path, FALSE, error);
  if (self == NULL || !execute (self, "PRAGMA query_only = 1; PRAGMA cache_size = -4096;", error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tempo_library_index_close:
 *
 * Ends an open transaction without keeping it. NULL is allowed;
 * otherwise on the thread that uses the connection.
 */
void
tempo_library_index_close (TempoLibraryIndex *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_SQL; i++)
    sqlite3_finalize (self->statements[i]);
  sqlite3_close (self->db);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

/**
 * tempo_library_index_begin:
 *
 * Starts the scanner's transaction; readers go on with what was committed
 * before, because the file is in WAL mode.
 */
gboolean
tempo_library_index_begin (TempoLibraryIndex *self, GError **error)
{
  return tempo_library_index_run (self, tempo_library_index_prepare (self, SQL_BEGIN), error);
}

/**
 * tempo_library_index_commit:
 *
 * Readers see the changes from here on. On failure the transaction is
 * undone, so that the connection can be used again.
 */
gboolean
tempo_library_index_commit (TempoLibraryIndex *self, GError **error)
{
  if (tempo_library_index_run (self, tempo_library_index_prepare (self, SQL_COMMIT), error))
    return TRUE;
  tempo_library_index_run (self, tempo_library_index_prepare (self, SQL_ROLLBACK), NULL);
  return FALSE;
}

static void
bind_bytes (sqlite3_stmt *statement, int index, const char *bytes)
{
  sqlite3_bind_blob (statement, index, bytes, strlen (bytes), SQLITE_TRANSIENT);
}

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

/**
 * tempo_library_index_set_folder:
 *
 * Songs of another folder are dropped at once: their files may be out of reach, and
 * a search must not offer what nobody chose any more.
 */
gboolean
tempo_library_index_set_folder (TempoLibraryIndex *self, const char *folder, GError **error)
{
  g_autofree char *before = tempo_library_index_get_folder (self);
  sqlite3_stmt *statement;

  if (g_strcmp0 (before, folder) == 0)
    return TRUE;
  if (!execute (self, "DELETE FROM song; DELETE FROM dir;", error))
    return FALSE;
  statement = tempo_library_index_prepare (self, SQL_SET_FOLDER);
  if (statement != NULL)
    bind_bytes (statement, 1, folder ? folder : "");
  return tempo_library_index_run (self, statement, error);
}

/**
 * tempo_library_index_visit_dir:
 *
 * Finds or makes the row of a folder; without a parent to put it under (-1) it is
 * only found, and @out->row is 0 when it is not. @out->is_new tells the scanner that nothing
 * below it can be known either.
 */
gboolean
tempo_library_index_visit_dir (TempoLibraryIndex *self, const char *dir, gint64 parent, TempoIndexDir *out,
                               GError **error)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_FIND_DIR);

  if (statement == NULL)
    return tempo_library_index_fail (self, sqlite3_extended_errcode (self->db), error);
  *out = (TempoIndexDir) { 0 };
  bind_bytes (statement, 1, dir);
  if (sqlite3_step (statement) == SQLITE_ROW)
    {
      out->row = sqlite3_column_int64 (statement, 0);
      out->cover_mtime = sqlite3_column_int64 (statement, 1);
      out->cover_size = sqlite3_column_int64 (statement, 2);
      sqlite3_reset (statement);
      return TRUE;
    }
  sqlite3_reset (statement);
  if (parent < 0)
    return TRUE;
  statement = tempo_library_index_prepare (self, SQL_ADD_DIR);
  bind_bytes (statement, 1, dir);
  sqlite3_bind_int64 (statement, 2, parent);
  if (!tempo_library_index_run (self, statement, error))
    return FALSE;
  out->row = sqlite3_last_insert_rowid (self->db);
  out->is_new = TRUE;
  return TRUE;
}

/**
 * tempo_library_index_set_cover:
 *
 * The cover file beside the songs; it shows for every song of the folder that
 * brings no picture of its own. NULL when there is none any more.
 */
gboolean
tempo_library_index_set_cover (TempoLibraryIndex *self, gint64 dir_row, const char *artwork, gint64 mtime,
                               gint64 size, GError **error)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_SET_COVER);

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, dir_row);
      bind_text (statement, 2, artwork);
      sqlite3_bind_int64 (statement, 3, mtime);
      sqlite3_bind_int64 (statement, 4, size);
    }
  return tempo_library_index_run (self, statement, error);
}

static char *
dup_bytes (sqlite3_stmt *statement, int column)
{
  const char *bytes = sqlite3_column_blob (statement, column);

  return g_strndup (bytes ? bytes : "", sqlite3_column_bytes (statement, column));
}

/**
 * tempo_library_index_list_files:
 *
 * What is known of one folder's files. One folder at a time keeps the memory of a
 * rescan at the size of the largest folder, not of the library.
 */
GHashTable *
tempo_library_index_list_files (TempoLibraryIndex *self, gint64 dir_row)
{
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_LIST_FILES);

  if (statement == NULL)
    return g_steal_pointer (&files);
  sqlite3_bind_int64 (statement, 1, dir_row);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      TempoIndexStamp *stamp = g_new0 (TempoIndexStamp, 1);

      stamp->row = sqlite3_column_int64 (statement, 1);
      stamp->mtime = sqlite3_column_int64 (statement, 2);
      stamp->size = sqlite3_column_int64 (statement, 3);
      g_hash_table_insert (files, dup_bytes (statement, 0), stamp);
    }
  sqlite3_reset (statement);
  return g_steal_pointer (&files);
}

/**
 * tempo_library_index_list_dirs:
 *
 * The folders that were directly below at the last scan, to tell which are gone
 * and which are new. Keys are relative paths.
 */
GHashTable *
tempo_library_index_list_dirs (TempoLibraryIndex *self, gint64 dir_row)
{
  g_autoptr (GHashTable) dirs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_LIST_DIRS);

  if (statement == NULL)
    return g_steal_pointer (&dirs);
  sqlite3_bind_int64 (statement, 1, dir_row);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      gint64 *row = g_new (gint64, 1);

      *row = sqlite3_column_int64 (statement, 1);
      g_hash_table_insert (dirs, dup_bytes (statement, 0), row);
    }
  sqlite3_reset (statement);
  return g_steal_pointer (&dirs);
}

/**
 * tempo_library_index_make_id:
 *
 * Made of the path alone, so a retagged file stays the song that guests have in
 * their queue, and a library that was scanned anew gives the same ids.
 */
char *
tempo_library_index_make_id (const char *dir, const char *name)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (*dir != '\0')
    {
      g_checksum_update (checksum, (const guchar *) dir, -1);
      g_checksum_update (checksum, (const guchar *) "/", 1);
    }
  g_checksum_update (checksum, (const guchar *) name, -1);
  return g_strndup (g_checksum_get_string (checksum), 32);
}

static void
bind_reading (sqlite3_stmt *statement, const TempoReading *reading)
{
  g_autofree char *key = tempo_song_key (reading->artist, reading->title);
  g_autofree char *title = tempo_library_words (reading->title);
  g_autofree char *artist = tempo_library_words (reading->artist);
  g_autofree char *album = tempo_library_words (reading->album);

  bind_text (statement, 6, reading->title);
  bind_text (statement, 7, reading->artist);
  bind_text (statement, 8, reading->album);
  sqlite3_bind_int64 (statement, 10, reading->duration_ms);
  sqlite3_bind_int (statement, 11, reading->explicit_content);
  bind_text (statement, 12, key);
  bind_text (statement, 13, title);
  bind_text (statement, 14, artist);
  bind_text (statement, 15, album);
}

/* Nothing to be found by. */
static void
bind_no_reading (sqlite3_stmt *statement, const char *reason)
{
  g_autofree char *clean = tempo_reading_clean_text (reason, -1);

  for (int i = 6; i <= 7; i++)
    bind_text (statement, i, "");
  for (int i = 12; i <= 15; i++)
    bind_text (statement, i, "");
  sqlite3_bind_int64 (statement, 10, 0);
  sqlite3_bind_int (statement, 11, 0);
  bind_text (statement, 16, clean ? clean : "unknown");
}

/**
 * tempo_library_index_put:
 *
 * A file that was there before keeps its row and its id; a broken one that
 * changed and can be read now is an ordinary song again.
 */
gboolean
tempo_library_index_put (TempoLibraryIndex *self, const TempoIndexFile *file, const TempoReading *reading,
                         const char *artwork, GError **error)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_PUT);
  g_autofree char *id = tempo_library_index_make_id (file->dir, file->name);

  if (statement == NULL)
    return tempo_library_index_run (self, NULL, error);
  sqlite3_bind_int64 (statement, 1, file->dir_row);
  bind_bytes (statement, 2, file->name);
  sqlite3_bind_int64 (statement, 3, file->mtime);
  sqlite3_bind_int64 (statement, 4, file->size);
  bind_text (statement, 5, id);
  bind_text (statement, 9, artwork);
  if (reading != NULL)
    bind_reading (statement, reading);
  else
    bind_no_reading (statement, file->reason);
  return tempo_library_index_run (self, statement, error);
}

static gboolean
run_with_row (TempoLibraryIndex *self, TempoIndexSql sql, gint64 row, GError **error)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, sql);

  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, row);
  return tempo_library_index_run (self, statement, error);
}

/**
 * tempo_library_index_remove_file:
 *
 * The file is gone from the folder. A row that is not there
 * is no error: the aim is reached.
 */
gboolean
tempo_library_index_remove_file (TempoLibraryIndex *self, gint64 row, GError **error)
{
  return run_with_row (self, SQL_REMOVE_FILE, row, error);
}

/**
 * tempo_library_index_remove_dir:
 *
 * The folder is gone, and with it everything that was below it, however deep;
 * the songs go first, because they name the folder's row.
 */
gboolean
tempo_library_index_remove_dir (TempoLibraryIndex *self, gint64 dir_row, GError **error)
{
  return run_with_row (self, SQL_REMOVE_SONGS_BELOW, dir_row, error) &&
         run_with_row (self, SQL_REMOVE_DIRS_BELOW, dir_row, error);
}

/**
 * tempo_library_index_mark_broken:
 *
 * For a file that could be read and yet not be played. It comes back when its
 * file changes, because then it is read again.
 */
gboolean
tempo_library_index_mark_broken (TempoLibraryIndex *self, const char *song_id, const char *reason, GError **error)
{
  sqlite3_stmt *statement = tempo_library_index_prepare (self, SQL_MARK_BROKEN);
  g_autofree char *clean = tempo_reading_clean_text (reason, -1);

  if (statement != NULL)
    {
      bind_text (statement, 1, song_id);
      bind_text (statement, 2, clean ? clean : "it could not be played");
    }
  return tempo_library_index_run (self, statement, error);
}
