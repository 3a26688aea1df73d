/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"
#include "music/library/tempo-reading.h"

G_BEGIN_DECLS

/* One connection to the index file of a library. Each thread opens its own and
 * uses it alone: the scanner's writes, those of the engine and the search only read.
 *
 * The file is a cache. It is written with synchronous=NORMAL, because what a power
 * cut takes from it comes back with the next scan; a file of another schema, or a damaged
 * one, is thrown away and made anew. Nothing a guest or the host decided is in it.
 *
 * Errors: G_IO_ERROR with NO_SPACE, READ_ONLY, BUSY, INVALID_DATA (damaged: the file
 * was unlinked, the next start makes a new one) or FAILED. */

typedef struct _TempoLibraryIndex TempoLibraryIndex;

/* What the index knows of a file without opening it. */
typedef struct
{
  gint64 row;
  gint64 mtime; /* ns */
  gint64 size;
  gboolean seen; /* for the scanner */
} TempoIndexStamp;

/* A folder of the library. */
typedef struct
{
  gint64 row;
  gboolean is_new;
  gint64 cover_mtime; /* ns, 0: no cover file */
  gint64 cover_size;
} TempoIndexDir;

/* A file as the scanner stores it; @dir and @name in the file system's bytes, @dir relative to the library. */
typedef struct
{
  gint64 dir_row;
  const char *dir;
  const char *name;
  gint64 mtime; /* ns */
  gint64 size;
  const char *reason; /* (nullable) why it could not be read */
} TempoIndexFile;

typedef struct
{
  guint songs;
  guint broken;
} TempoIndexCounts;

/* @writer: makes the file and its tables. */
TempoLibraryIndex *tempo_library_index_open (const char *path, gboolean writer, GError **error);
void tempo_library_index_close (TempoLibraryIndex *self);

/* Reading. */
char *tempo_library_index_get_folder (TempoLibraryIndex *self);
TempoSong *tempo_library_index_lookup (TempoLibraryIndex *self, const char *song_id);
TempoSong *tempo_library_index_match (TempoLibraryIndex *self, const char *artist, const char *title);
/* The first playable song at or after @row, its row in @found. */
TempoSong *tempo_library_index_at (TempoLibraryIndex *self, gint64 row, gint64 *found);
gint64 tempo_library_index_last_row (TempoLibraryIndex *self);
/* Rows of playable songs below folder @dir (relative), at most @limit. (element-type gint64) (transfer full). */
GArray *tempo_library_index_list_rows (TempoLibraryIndex *self, const char *dir, guint limit);
/* (element-type TempoSong) (transfer full). */
GPtrArray *tempo_library_index_search (TempoLibraryIndex *self, const char *query, guint limit, GError **error);
TempoIndexCounts tempo_library_index_count (TempoLibraryIndex *self);
/* "path: reason". (element-type utf8) (transfer full). */
GPtrArray *tempo_library_index_list_broken (TempoLibraryIndex *self, guint limit);

/* Writing; each is part of the transaction between begin and commit. */
gboolean tempo_library_index_begin (TempoLibraryIndex *self, GError **error);
gboolean tempo_library_index_commit (TempoLibraryIndex *self, GError **error);
/* Makes @folder the one the index is about; all songs go when it was another. */
gboolean tempo_library_index_set_folder (TempoLibraryIndex *self, const char *folder, GError **error);
/* The row of folder @dir ("" is the library itself), made when it is new. @parent: its parent's row, 0 for none,
 * -1 to find it only. */
gboolean tempo_library_index_visit_dir (TempoLibraryIndex *self, const char *dir, gint64 parent, TempoIndexDir *out,
                                        GError **error);
gboolean tempo_library_index_set_cover (TempoLibraryIndex *self, gint64 dir_row, const char *artwork, gint64 mtime,
                                        gint64 size, GError **error);
/* File name -> TempoIndexStamp. (transfer full). */
GHashTable *tempo_library_index_list_files (TempoLibraryIndex *self, gint64 dir_row);
/* Names of folders directly below -> their row (gint64). (transfer full). */
GHashTable *tempo_library_index_list_dirs (TempoLibraryIndex *self, gint64 dir_row);
/* Stores a song, or a broken file when @reading is NULL. */
gboolean tempo_library_index_put (TempoLibraryIndex *self, const TempoIndexFile *file, const TempoReading *reading,
                                  const char *artwork, GError **error);
gboolean tempo_library_index_remove_file (TempoLibraryIndex *self, gint64 row, GError **error);
/* The folder, all below it and their songs. */
gboolean tempo_library_index_remove_dir (TempoLibraryIndex *self, gint64 dir_row, GError **error);
gboolean tempo_library_index_mark_broken (TempoLibraryIndex *self, const char *song_id, const char *reason,
                                          GError **error);
/* Calls @func with every artwork id in use. */
void tempo_library_index_foreach_artwork (TempoLibraryIndex *self,
                                          void (*func) (const char *artwork, gpointer user_data),
                                          gpointer user_data);

/* The id of a file: half a SHA-256 of its path inside the library, so it outlives every rescan. (transfer full). */
char *tempo_library_index_make_id (const char *dir, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLibraryIndex, tempo_library_index_close)

G_END_DECLS
