/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-import-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "store/tempo-store.h"
#include "tempo-audit-private.h"
#include "store/tempo-files.h"
#include "tempo-migration-private.h"
#include "tempo-pace-private.h"
#include "tempo-sqlite-private.h"
#include "tempo-tar-private.h"

/* An archive comes from anywhere. Nothing of it is believed: names are ours or refused, sizes are announced first and
 * held to, digests are compared, and all goes into a folder of its own that becomes an organization only when
 * everything was right. */

#define BUFFER (64 * 1024)
#define MAX_MANIFEST (32 << 20)
/* Rows pack about one to twelve; nothing honest packs better than this, beyond a first part. */
#define MAX_RATIO 250
#define FREE_BYTES (8 << 20)
#define MAX_NOTES 100
/* Of a transaction, so that never much waits to be written back. */
#define COMMIT_BYTES (8 << 20)

typedef struct
{
  const TempoImport *what;
  GInputStream *stream; /* (unowned) */
  GSeekable *packed;    /* (unowned) (nullable) */
  guint64 unpacked;
  guint64 uncommitted;
  sqlite3 *db;            /* (owned) */
  TempoManifest *manifest; /* (owned) */
  TempoImported *result;  /* (owned) */
  char *tenant_id;        /* (owned) */
  GPtrArray *indexes;     /* (owned) (element utf8) to be made again when all rows are there */
  TempoPace pace;         /* of the database */
} Import;

static void
clear_import (Import *self)
{
  tempo_pace_clear (&self->pace);
  g_clear_pointer (&self->db, tempo_sqlite_close);
  g_clear_pointer (&self->manifest, tempo_manifest_free);
  g_clear_pointer (&self->result, tempo_imported_free);
  g_clear_pointer (&self->tenant_id, g_free);
  g_clear_pointer (&self->indexes, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, clear_import)

void
tempo_imported_free (TempoImported *self)
{
  g_clear_object (&self->organization);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_clear_pointer (&self->rooms, g_ptr_array_unref);
  g_free (self);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "The archive %s", what);
  return FALSE;
}

static void
note (Import *self, const char *format, const char *first, const char *second)
{
  g_autoptr (GString) text = g_string_new (format);

  if (self->result->notes->len >= MAX_NOTES)
    return;
  g_string_replace (text, "%1", first, 0);
  g_string_replace (text, "%2", second, 0);
  g_ptr_array_add (self->result->notes, g_string_free (g_steal_pointer (&text), FALSE));
}

/* Reading on: everything passes here. */
static gboolean
count (Import *self, gsize length, GError **error)
{
  goffset packed = self->packed != NULL ? g_seekable_tell (self->packed) : G_MAXINT64;

  self->unpacked += length;
  if (self->unpacked > FREE_BYTES && packed < G_MAXINT64 / MAX_RATIO && self->unpacked > (guint64) packed * MAX_RATIO)
    return fail (error, "grows more than anything honest does");
  return self->unpacked <= TEMPO_PORTABLE_MAX_BYTES || fail (error, "grows to more than is allowed");
}

static gboolean
next_entry (Import *self, TempoTarEntry *entry, gboolean *end, GError **error)
{
  return tempo_tar_read_head (self->stream, entry, end, error) && count (self, TEMPO_TAR_BLOCK, error);
}

typedef gboolean (*TakeFunc) (gpointer to, const char *data, gsize length, GError **error);

static gboolean
take_all (Import *self, guint64 bytes, GChecksum *sum, TakeFunc take, gpointer to, GError **error)
{
  g_autofree char *buffer = g_malloc (BUFFER);

  for (guint64 rest = bytes; rest > 0;)
    {
      gsize want = (gsize) MIN (rest, BUFFER);
      gsize length = 0;

      if (!g_input_stream_read_all (self->stream, buffer, want, &length, NULL, error))
        return FALSE;
      if (length < want)
        return fail (error, "is cut off");
      g_checksum_update (sum, (const guchar *) buffer, (gssize) length);
      if (!count (self, length, error) || (take != NULL && !take (to, buffer, length, error)))
        return FALSE;
      rest -= length;
    }
  return tempo_tar_read_fill (self->stream, bytes, error);
}

static gboolean
take_text (gpointer to, const char *data, gsize length, GError **error)
{
  g_string_append_len (to, data, (gssize) length);
  return TRUE;
}

static gboolean
commit_some (Import *self, guint64 bytes, GError **error)
{
  self->uncommitted += bytes;
  if (self->uncommitted < COMMIT_BYTES)
    return TRUE;
  self->uncommitted = 0;
  if (!tempo_sqlite_exec (self->db, "COMMIT; BEGIN", error))
    return FALSE;
  tempo_pace_step (&self->pace, self->unpacked);
  return TRUE;
}

typedef struct
{
  Import *import;
  TempoRowImport *rows;
} Rows;

static gboolean
take_rows (gpointer to, const char *data, gsize length, GError **error)
{
  Rows *self = to;

  return tempo_row_import_feed (self->rows, data, length, error) && commit_some (self->import, length, error);
}

static gboolean
take_bytes (gpointer to, const char *data, gsize length, GError **error)
{
  return g_output_stream_write_all (to, data, length, NULL, NULL, error);
}

/* The manifest */

static gboolean
read_manifest (Import *self, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  TempoTarEntry entry;
  gboolean end = FALSE;

  if (!next_entry (self, &entry, &end, error))
    return FALSE;
  if (end || strcmp (entry.name, "manifest.json") != 0 || entry.size > MAX_MANIFEST)
    return fail (error, "does not begin with a manifest");
  if (!take_all (self, entry.size, sum, take_text, text, error))
    return FALSE;
  self->manifest = tempo_manifest_parse (text->str, text->len, error);
  return self->manifest != NULL;
}

/* The file to be */

static gboolean
run (Import *self, const char *name, const char *format, const char *text, gint64 number, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_sqlite_prepare (self->db, name, error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, self->tenant_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK && text != NULL)
    rc = sqlite3_bind_text (stmt, 2, text, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_int64 (stmt, text != NULL ? 3 : 2, number);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, name, error);
}

/* Rows come in the order of their keys, and of no other index: each would have a page of every index read and written
 * again. Made of all rows at the end they are sorted once. */
static gboolean
put_indexes_off (Import *self, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_sqlite_prepare (self->db, "connection/import-indexes.sql", error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  self->indexes = g_ptr_array_new_with_free_func (g_free);
  while (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      g_ptr_array_add (names, g_strdup ((const char *) sqlite3_column_text (stmt, 0)));
      g_ptr_array_add (self->indexes, g_strdup ((const char *) sqlite3_column_text (stmt, 1)));
      rc = SQLITE_OK;
    }
  if (rc != SQLITE_DONE)
    return tempo_sqlite_fail (self->db, rc, "Reading the schema", error);
  g_clear_pointer (&stmt, sqlite3_finalize);
  for (guint i = 0; i < names->len; i++)
    {
      /* Names of our own schema; there is no way to bind them. */
      g_autofree char *drop = g_strconcat ("DROP INDEX \"", names->pdata[i], "\"", NULL);

      if (!tempo_sqlite_exec (self->db, drop, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_indexes (Import *self, GError **error)
{
  g_autoptr (GError) failure = NULL;

  for (guint i = 0; i < self->indexes->len; i++)
    {
      if (!tempo_sqlite_exec (self->db, self->indexes->pdata[i], &failure))
        break;
      tempo_pace_step (&self->pace, self->unpacked += COMMIT_BYTES);
    }
  if (failure == NULL)
    return TRUE;
  if (g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT))
    return fail (error, "holds rows that cannot be together");
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* References are checked at the end, all at once; triggers keep books that came along. A new origin: the chain of the
 * log that this host writes is its own. No journal: what is not finished is thrown away with its folder, also by the next
 * start. */
static gboolean
make_file (Import *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->what->folder, "tempo.db", NULL);
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (self->what->now);
  g_autofree char *origin = tempo_id_new (clock);

  if (!tempo_files_make_folder (self->what->folder, error) || !tempo_files_make_private (path, error))
    return FALSE;
  self->db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, error);
  if (self->db == NULL || !tempo_migration_apply (&tempo_migration_organization, self->db, error))
    return FALSE;
  tempo_pace_open (&self->pace, path);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
  return put_indexes_off (self, error)
         && tempo_sqlite_exec (self->db,
                               "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA foreign_keys = OFF;"
                               " PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -32768; BEGIN",
                               error)
         && run (self, "connection/tenant-add.sql", "", origin, self->what->now, error)
         && run (self, "connection/tenant-reserve.sql", "", NULL, self->manifest->hlc, error);
}

static gboolean
read_table (Import *self, TempoPortableFile *file, GChecksum *sum, GError **error)
{
  g_autofree char *table = g_strndup (file->path + strlen ("tables/"), strlen (file->path) - strlen ("tables/.jsonl"));
  g_autoptr (GError) failure = NULL;
  g_autoptr (TempoRowImport) rows = tempo_row_import_new (
    self->db, table, self->tenant_id, self->what->as_tenant_id != NULL, self->manifest->credentials, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (rows == NULL)
    {
      note (self, "Table “%1” is not known here and was left out", table, "");
      return take_all (self, file->bytes, sum, NULL, NULL, error);
    }
  if (!take_all (self, file->bytes, sum, take_rows, &(Rows){ self, rows }, error)
      || !tempo_row_import_end (rows, file->rows, error))
    return FALSE;
  for (guint i = 0; i < tempo_row_import_get_unknown (rows)->len; i++)
    note (self, "Column “%2” of table “%1” is not known here and was left out", table,
          tempo_row_import_get_unknown (rows)->pdata[i]);
  self->result->rows += file->rows;
  return TRUE;
}

static gboolean
read_media (Import *self, TempoPortableFile *file, GChecksum *sum, GError **error)
{
  g_autofree char *path = g_build_filename (self->what->folder, file->path, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GFile) to = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = NULL;

  if (!tempo_files_make_folder (folder, error))
    return FALSE;
  /* Never over something: two files of one name are not honest. */
  stream = g_file_create (to, G_FILE_CREATE_PRIVATE, NULL, error);
  if (stream == NULL || !take_all (self, file->bytes, sum, take_bytes, stream, error)
      || !g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error))
    return FALSE;
  self->result->media++;
  return tempo_files_sync (path, error);
}

static gboolean
read_file (Import *self, TempoPortableFile *file, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  TempoTarEntry entry;
  gboolean end = FALSE, taken = FALSE;

  if (!next_entry (self, &entry, &end, error))
    return FALSE;
  if (end || strcmp (entry.name, file->path) != 0 || entry.size != file->bytes)
    return fail (error, "does not hold what its manifest lists");
  if (g_str_has_prefix (file->path, "tables/") && g_str_has_suffix (file->path, ".jsonl"))
    taken = read_table (self, file, sum, error);
  else if (g_str_has_prefix (file->path, "media/"))
    taken = read_media (self, file, sum, error);
  else
    {
      note (self, "“%1” is not known here and was left out", file->path, "");
      taken = take_all (self, file->bytes, sum, NULL, NULL, error);
    }
  if (taken && strcmp (g_checksum_get_string (sum), file->sha256) != 0)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "“%s” is not what its digest says", file->path);
      return FALSE;
    }
  return taken;
}

/* To the very end, where the packer's own check is. */
static gboolean
read_end (Import *self, GError **error)
{
  TempoTarEntry entry;
  gboolean end = FALSE;
  char more = 0;
  gsize length = 0;

  if (!next_entry (self, &entry, &end, error)
      || !g_input_stream_read_all (self->stream, &more, 1, &length, NULL, error))
    return FALSE;
  return (end && length == 0) || fail (error, "goes on after its end");
}

static gboolean
read_files (Import *self, GError **error)
{
  TempoTarEntry entry;
  gboolean end = FALSE;

  for (guint i = 0; i < self->manifest->files->len; i++)
    if (!read_file (self, self->manifest->files->pdata[i], error))
      return FALSE;
  if (!next_entry (self, &entry, &end, error))
    return FALSE;
  return end ? read_end (self, error) : fail (error, "holds more than its manifest lists");
}

static gboolean
is_code (const char *code)
{
  gsize length = code != NULL ? strlen (code) : 0;

  return length >= 4 && length <= 12 && strspn (code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == length;
}

static gboolean
list_rooms (Import *self, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = tempo_sqlite_prepare (self->db, "connection/room-codes.sql", error);
  int rc = SQLITE_OK;

  if (stmt == NULL)
    return FALSE;
  while (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      if (!is_code ((const char *) sqlite3_column_text (stmt, 0))
          || !tempo_id_is_valid ((const char *) sqlite3_column_text (stmt, 1)))
        return fail (error, "holds a room that can have no door");
      g_ptr_array_add (self->result->rooms, g_strdup ((const char *) sqlite3_column_text (stmt, 0)));
      g_ptr_array_add (self->result->rooms, g_strdup ((const char *) sqlite3_column_text (stmt, 1)));
      rc = SQLITE_OK;
    }
  return rc == SQLITE_DONE || tempo_sqlite_fail (self->db, rc, "Reading the rooms", error);
}

/* Everything onto the disk, and looked at as a backup is. */
static gboolean
finish_file (Import *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->what->folder, "tempo.db", NULL);

  if (self->what->as_tenant_id != NULL && !tempo_audit_chain_anew (self->db, self->tenant_id, error))
    return FALSE;
  if (!tempo_sqlite_exec (self->db, "COMMIT", error) || !make_indexes (self, error) || !list_rooms (self, error))
    return FALSE;
  g_clear_pointer (&self->db, tempo_sqlite_close);
  return tempo_files_sync (path, error) && tempo_store_verify_file (path, self->tenant_id, error);
}

static gboolean
import (Import *self, GError **error)
{
  const char *as_new = self->what->as_tenant_id;

  if (!read_manifest (self, error))
    return FALSE;
  self->tenant_id = g_strdup (as_new != NULL ? as_new : self->manifest->organization->id);
  self->result->organization = tempo_organization_copy (self->manifest->organization);
  g_clear_pointer (&self->result->organization->id, g_free);
  self->result->organization->id = g_strdup (self->tenant_id);
  return make_file (self, error) && read_files (self, error) && finish_file (self, error);
}

TempoImported *
tempo_import_read_stream (const TempoImport *self, GInputStream *stream, GSeekable *packed, GError **error)
{
  g_auto (Import) work = { .what = self, .stream = stream, .packed = packed, .pace = TEMPO_PACE_INIT };
  GError *failure = NULL;

  work.result = g_new0 (TempoImported, 1);
  work.result->notes = g_ptr_array_new_with_free_func (g_free);
  work.result->rooms = g_ptr_array_new_with_free_func (g_free);
  if (import (&work, &failure))
    return g_steal_pointer (&work.result);
  /* What does not unpack is no archive; a disk that is full says so. */
  if (failure->domain == TEMPO_STORE_ERROR)
    g_propagate_error (error, failure);
  else
    {
      gboolean full = g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NO_SPACE);

      g_set_error (error, TEMPO_STORE_ERROR, full ? TEMPO_STORE_ERROR_FULL : TEMPO_STORE_ERROR_CORRUPT,
                   full ? "Unpacking the archive failed: %s" : "The archive cannot be unpacked: %s", failure->message);
      g_error_free (failure);
    }
  return NULL;
}

/**
 * tempo_import_read: makes an organization's folder out of an archive; blocks
 *
 * On failure the folder is the caller's to remove.
 *
 * Returns: (transfer full) (nullable): what it held, or NULL with a TEMPO_STORE_ERROR
 */
TempoImported *
tempo_import_read (const TempoImport *self, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->from_path);
  g_autoptr (GFileInputStream) packed = g_file_read (file, NULL, NULL);
  g_autoptr (GConverter) unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (GInputStream) plain = NULL;

  if (packed == NULL)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND, "“%s” cannot be read", self->from_path);
      return NULL;
    }
  plain = g_converter_input_stream_new (G_INPUT_STREAM (packed), unpacker);
  return tempo_import_read_stream (self, plain, G_SEEKABLE (packed), error);
}

gboolean
tempo_import_set_room_code (
  const char *db_path, const char *tenant_id, const char *room_id, const char *code, GError **error)
{
  g_autoptr (GBytes) sql = tempo_sqlite_load ("connection/room-code-set.sql", error);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  sqlite3 *db = sql != NULL ? tempo_sqlite_open (db_path, TEMPO_SQLITE_WRITER, error) : NULL;
  int rc = SQLITE_OK;

  if (db == NULL)
    return FALSE;
  rc = sqlite3_prepare_v2 (db, g_bytes_get_data (sql, NULL), -1, &stmt, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, tenant_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 2, room_id, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 3, code, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  if (rc != SQLITE_DONE)
    tempo_sqlite_fail (db, rc, "Changing a join code", error);
  g_clear_pointer (&stmt, sqlite3_finalize);
  sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  tempo_sqlite_close (db);
  return rc == SQLITE_DONE;
}
