/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What every connection of this layer shares: opening, files of SQL, errors. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

typedef enum
{
  TEMPO_SQLITE_WRITER, /* reads, writes and checkpoints: one per file */
  TEMPO_SQLITE_READER, /* opened read-only, cannot checkpoint, not even by closing */
  TEMPO_SQLITE_PLAIN,  /* looks at a file nobody else has open, as a backup to check */
} TempoSqliteKind;

sqlite3 *tempo_sqlite_open (const char *path, TempoSqliteKind kind, GError **error);
void tempo_sqlite_close (sqlite3 *db);
gboolean tempo_sqlite_fail (sqlite3 *db, int rc, const char *what, GError **error);
gboolean tempo_sqlite_exec (sqlite3 *db, const char *sql, GError **error);
gboolean tempo_sqlite_exec_file (sqlite3 *db, const char *name, GError **error);
gboolean tempo_sqlite_get_int (sqlite3 *db, const char *sql, gint64 *value, GError **error);
gboolean tempo_sqlite_check (sqlite3 *db, const char *pragma, GError **error);
GBytes *tempo_sqlite_load (const char *name, GError **error);
sqlite3_stmt *tempo_sqlite_prepare (sqlite3 *db, const char *name, GError **error);

G_END_DECLS
