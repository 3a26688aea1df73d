/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-migration-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/tempo-store.h"
#include "tempo-sqlite-private.h"

/* SQLite's file format, section 1.3: the header's magic words and two of its fields. */
#define HEADER_SIZE 100
#define HEADER_MAGIC "SQLite format 3"
#define HEADER_USER_VERSION 60
#define HEADER_APPLICATION_ID 68

const TempoMigration tempo_migration_organization = { "migrations", 0x546d706f, TEMPO_SCHEMA_NEWEST };
const TempoMigration tempo_migration_registry = { "registry/migrations", 0x546d7265, 2 };

static guint32
read_field (const guint8 *header, int offset)
{
  guint32 value = 0;

  memcpy (&value, header + offset, sizeof value);
  return GUINT32_FROM_BE (value);
}

static gboolean
judge (const TempoMigration *self, guint32 application_id, gint64 version, GError **error)
{
  if (application_id != self->application_id && (application_id != 0 || version != 0))
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "The file is not one of Tempo's databases");
      return FALSE;
    }
  if (version > self->newest)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER,
                   "The file has schema version %" G_GINT64_FORMAT ", this Tempo knows up to %d", version, self->newest);
      return FALSE;
    }
  return TRUE;
}

static gboolean
run_step (const TempoMigration *self, sqlite3 *db, int version, const char *direction, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s/%04d.%s.sql", self->folder, version, direction);

  if (!tempo_sqlite_exec (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (tempo_sqlite_exec_file (db, name, error)
      && tempo_sqlite_check (db, "PRAGMA foreign_key_check", error)
      && tempo_sqlite_exec (db, "COMMIT", error))
    return TRUE;
  tempo_sqlite_exec (db, "ROLLBACK", NULL);
  return FALSE;
}

/* Steps may rebuild tables, which references must not follow; each step ends with a check of them
 * all instead. The pragma does nothing inside a transaction, so it stands around them. */
static gboolean
run_steps (const TempoMigration *self, sqlite3 *db, int from, int to, GError **error)
{
  gboolean done = tempo_sqlite_exec (db, "PRAGMA foreign_keys = OFF", error);

  for (int version = from; done && version < to; version++)
    done = run_step (self, db, version + 1, "up", error);
  for (int version = from; done && version > to; version--)
    done = run_step (self, db, version, "down", error);
  return done && tempo_sqlite_exec (db, "PRAGMA foreign_keys = ON", error);
}

/**
 * tempo_migration_inspect: looks at a file's first bytes before SQLite may touch it
 * @path: the file; missing and empty ones are fine
 *
 * Opening a file with SQLite can already write to it, and one made by a newer Tempo
 * must stay as it is.
 *
 * Returns: FALSE with NEWER, CORRUPT, READ_ONLY or IO
 */
gboolean
tempo_migration_inspect (const TempoMigration *self, const char *path, GError **error)
{
  guint8 header[HEADER_SIZE];
  gssize length = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd >= 0)
    {
      length = read (fd, header, sizeof header);
      close (fd);
    }
  if (fd < 0 || length < 0)
    {
      g_set_error (error, TEMPO_STORE_ERROR, errno == EACCES ? TEMPO_STORE_ERROR_READ_ONLY : TEMPO_STORE_ERROR_IO,
                   "Reading “%s” failed: %s", path, g_strerror (errno));
      return FALSE;
    }
  if (length == 0)
    return TRUE;
  if (length < HEADER_SIZE || memcmp (header, HEADER_MAGIC, sizeof HEADER_MAGIC) != 0)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "“%s” is not a database", path);
      return FALSE;
    }
  return judge (self, read_field (header, HEADER_APPLICATION_ID), read_field (header, HEADER_USER_VERSION), error);
}

/**
 * tempo_migration_check: the same through SQLite, which also sees what is still in the WAL
 * @version: (out) (optional): the version found
 *
 * Returns: FALSE with NEWER or CORRUPT, or what reading failed with
 */
gboolean
tempo_migration_check (const TempoMigration *self, sqlite3 *db, int *version, GError **error)
{
  gint64 application_id = 0;
  gint64 found = 0;

  if (!tempo_sqlite_get_int (db, "PRAGMA application_id", &application_id, error)
      || !tempo_sqlite_get_int (db, "PRAGMA user_version", &found, error)
      || !judge (self, (guint32) application_id, found, error))
    return FALSE;
  if (version != NULL)
    *version = (int) found;
  return TRUE;
}

/**
 * tempo_migration_apply: brings a file to the newest version, one transaction a step
 * @db: the writing connection
 *
 * A step that fails leaves the file at the version before it.
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_migration_apply (const TempoMigration *self, sqlite3 *db, GError **error)
{
  int version = 0;

  return tempo_migration_check (self, db, &version, error)
         && (version == self->newest || run_steps (self, db, version, self->newest, error));
}

/**
 * tempo_migration_revert: goes back, one transaction a step
 * @db: the writing connection
 * @to_version: an older version, 0 for an empty file
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_migration_revert (const TempoMigration *self, sqlite3 *db, int to_version, GError **error)
{
  int version = 0;

  return tempo_migration_check (self, db, &version, error) && run_steps (self, db, version, to_version, error);
}
