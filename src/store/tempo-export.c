/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/tempo-json.h"
#include "store/tempo-store.h"
#include "tempo-catalogue-private.h"
#include "store/tempo-files.h"
#include "tempo-migration-private.h"
#include "tempo-pace-private.h"
#include "tempo-portable-private.h"
#include "tempo-sqlite-private.h"
#include "tempo-tar-private.h"

/* The manifest goes first and tells what follows, so that who reads can refuse before unpacking: everything is
 * therefore walked twice, once to know its size and digest and once to write it. */

#define BUFFER (64 * 1024)
/* A third of the size at a quarter of the time of the strongest. */
#define STRENGTH 4

/* Where bytes go: counted always, written the second time. */
typedef struct
{
  GOutputStream *stream; /* (unowned) (nullable) */
  TempoPace *pace;       /* (unowned) of the file it ends up in; with @stream */
  GChecksum *sum;        /* (owned) */
  guint64 bytes;
  guint64 rows;
} Sink;

static void
clear_sink (Sink *sink)
{
  g_clear_pointer (&sink->sum, g_checksum_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sink, clear_sink)

static gboolean
put (Sink *sink, const void *data, gsize length, GError **error)
{
  gboolean look = sink->bytes / BUFFER != (sink->bytes + length) / BUFFER;

  sink->bytes += length;
  g_checksum_update (sink->sum, data, (gssize) length);
  if (sink->stream == NULL)
    return TRUE;
  if (look)
    tempo_pace_follow (sink->pace);
  return g_output_stream_write_all (sink->stream, data, length, NULL, NULL, error);
}

/* Rows */

static void
write_blob (sqlite3_stmt *stmt, int column, TempoJson *json, const char *name)
{
  g_autofree char *text
    = g_base64_encode (sqlite3_column_blob (stmt, column), (gsize) sqlite3_column_bytes (stmt, column));

  tempo_json_begin_object (json, name);
  tempo_json_string (json, "base64", text);
  tempo_json_end_object (json);
}

static void
write_value (sqlite3_stmt *stmt, int column, TempoJson *json, const char *name)
{
  switch (sqlite3_column_type (stmt, column))
    {
    case SQLITE_INTEGER:
      tempo_json_int (json, name, sqlite3_column_int64 (stmt, column));
      break;
    case SQLITE_FLOAT:
      tempo_json_double (json, name, sqlite3_column_double (stmt, column));
      break;
    case SQLITE_TEXT:
      tempo_json_string (json, name, (const char *) sqlite3_column_text (stmt, column));
      break;
    case SQLITE_BLOB:
      write_blob (stmt, column, json, name);
      break;
    default:
      break;
    }
}

/* What is the same for all rows of a table is asked once. */
typedef struct
{
  const char *name, *instead; /* (unowned) of the statement and (nullable) static */
} Part;

static GArray *
list_parts (const TempoExport *self, const char *table, sqlite3_stmt *stmt)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (Part));

  for (int i = 0; i < sqlite3_column_count (stmt); i++)
    {
      Part part = { sqlite3_column_name (stmt, i), NULL };

      part.instead = tempo_portable_replacement (table, part.name, self->credentials);
      g_array_append_val (parts, part);
    }
  return parts;
}

static gboolean
write_row (GArray *parts, sqlite3_stmt *stmt, TempoJson *json, Sink *sink, GError **error)
{
  const char *text = NULL;
  gsize length = 0;

  tempo_json_clear (json);
  tempo_json_begin_object (json, NULL);
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);

      if (part->instead != NULL)
        tempo_json_string (json, part->name, part->instead);
      else
        write_value (stmt, (int) i, json, part->name);
    }
  tempo_json_end_object (json);
  text = tempo_json_peek (json, &length);
  sink->rows++;
  return put (sink, text, length, error) && put (sink, "\n", 1, error);
}

static gboolean
write_table (const TempoExport *self, sqlite3 *db, const char *table, Sink *sink, GError **error)
{
  g_autofree char *sql = tempo_catalogue_make_select (db, table, error);
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autoptr (GArray) parts = NULL;
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int rc = SQLITE_OK;

  if (sql == NULL)
    return FALSE;
  rc = sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text (stmt, 1, self->tenant_id, -1, SQLITE_STATIC);
  parts = list_parts (self, table, stmt);
  while (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      if (!write_row (parts, stmt, json, sink, error))
        return FALSE;
      rc = SQLITE_OK;
    }
  return rc == SQLITE_DONE || tempo_sqlite_fail (db, rc, "Reading for the export", error);
}

/* Media */

/* A file that was there when the manifest was made and changed since fails the export: it can be repeated. */
static gboolean
write_media (const char *path, Sink *sink, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *buffer = g_malloc (BUFFER);
  gssize length = 0;

  if (stream == NULL)
    return FALSE;
  while ((length = g_input_stream_read (G_INPUT_STREAM (stream), buffer, BUFFER, NULL, error)) > 0)
    if (!put (sink, buffer, (gsize) length, error))
      return FALSE;
  return length == 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
list_media (const char *folder, const char *inside, GPtrArray *paths, GError **error)
{
  g_autofree char *here = g_build_filename (folder, inside, NULL);
  g_autoptr (GDir) dir = g_dir_open (here, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *below = g_build_filename (inside, names->pdata[i], NULL);
      g_autofree char *path = g_build_filename (folder, below, NULL);
      GStatBuf info;

      /* Links are nobody's media; nothing that is not plain leaves the house. */
      if (g_lstat (path, &info) != 0)
        continue;
      if (S_ISDIR (info.st_mode) && !list_media (folder, below, paths, error))
        return FALSE;
      if (S_ISREG (info.st_mode) && tempo_tar_is_good_name (below) && strlen (below) <= TEMPO_TAR_MAX_NAME)
        g_ptr_array_add (paths, g_steal_pointer (&below));
    }
  return TRUE;
}

/* The whole */

/* What is named in the manifest, once more: into @stream, or only counted. */
static gboolean
write_content (const TempoExport *self, sqlite3 *db, const char *path, Sink *sink, GError **error)
{
  g_autofree char *media = NULL;
  g_autofree char *table = NULL;

  sink->sum = g_checksum_new (G_CHECKSUM_SHA256);
  if (g_str_has_prefix (path, "media/"))
    {
      media = g_build_filename (self->folder, path, NULL);
      return write_media (media, sink, error);
    }
  table = g_strndup (path + strlen ("tables/"), strlen (path) - strlen ("tables/.jsonl"));
  return write_table (self, db, table, sink, error);
}

static gboolean
measure (const TempoExport *self, sqlite3 *db, TempoManifest *manifest, const char *path, GError **error)
{
  TempoPortableFile *file = tempo_manifest_add (manifest, path);
  g_auto (Sink) sink = { NULL };

  if (!write_content (self, db, path, &sink, error))
    return FALSE;
  file->bytes = sink.bytes;
  file->rows = sink.rows;
  file->sha256 = g_strdup (g_checksum_get_string (sink.sum));
  return TRUE;
}

static TempoManifest *
make_manifest (const TempoExport *self, sqlite3 *db, GError **error)
{
  g_autoptr (TempoManifest) manifest = tempo_manifest_new ();
  g_autoptr (GPtrArray) tables = tempo_catalogue_list_tables (db, error);
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func (g_free);

  manifest->organization = g_object_ref (self->organization);
  manifest->created_at = self->now;
  manifest->credentials = self->credentials;
  if (tables == NULL || !tempo_sqlite_get_int (db, "PRAGMA user_version", &manifest->schema_version, error)
      || !tempo_sqlite_get_int (db, "SELECT max (hlc) FROM base_tenant", &manifest->hlc, error))
    return NULL;
  for (guint i = 0; i < tables->len; i++)
    {
      g_autofree char *path = g_strconcat ("tables/", tables->pdata[i], ".jsonl", NULL);

      if (tempo_portable_has_table (tables->pdata[i], self->credentials) && !measure (self, db, manifest, path, error))
        return NULL;
    }
  if (self->folder != NULL && !list_media (self->folder, "media", media, error))
    return NULL;
  for (guint i = 0; i < media->len; i++)
    if (!measure (self, db, manifest, media->pdata[i], error))
      return NULL;
  return g_steal_pointer (&manifest);
}

static gboolean
write_file (
  const TempoExport *self, sqlite3 *db, TempoPortableFile *file, GOutputStream *stream, TempoPace *pace, GError **error)
{
  g_auto (Sink) sink = { .stream = stream, .pace = pace };

  if (!tempo_tar_write_head (stream, file->path, file->bytes, self->now, error)
      || !write_content (self, db, file->path, &sink, error))
    return FALSE;
  if (sink.bytes == file->bytes && strcmp (g_checksum_get_string (sink.sum), file->sha256) == 0)
    return tempo_tar_write_fill (stream, file->bytes, error);
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FAILED, "“%s” changed while it was read: try again",
               file->path);
  return FALSE;
}

static gboolean
write_archive (const TempoExport *self, sqlite3 *db, GOutputStream *stream, TempoPace *pace, GError **error)
{
  g_autoptr (TempoManifest) manifest = make_manifest (self, db, error);
  g_autoptr (GBytes) json = manifest != NULL ? tempo_manifest_to_json (manifest) : NULL;
  gsize length = 0;
  const char *text = json != NULL ? g_bytes_get_data (json, &length) : NULL;

  if (text == NULL || !tempo_tar_write_head (stream, "manifest.json", length, self->now, error)
      || !g_output_stream_write_all (stream, text, length, NULL, NULL, error)
      || !tempo_tar_write_fill (stream, length, error))
    return FALSE;
  for (guint i = 0; i < manifest->files->len; i++)
    if (!write_file (self, db, manifest->files->pdata[i], stream, pace, error))
      return FALSE;
  return tempo_tar_write_end (stream, error) && g_output_stream_close (stream, NULL, error);
}

static GOutputStream *
open_output (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, STRENGTH));
  g_autoptr (GFileOutputStream) stream
    = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL, error);
  g_autoptr (GOutputStream) packed = NULL;

  if (stream == NULL)
    return NULL;
  packed = g_converter_output_stream_new (G_OUTPUT_STREAM (stream), packer);
  return g_buffered_output_stream_new_sized (packed, BUFFER);
}

/* A GIO error as one of ours, so that callers tell a full disk from a broken one. */
static void
translate (GError *from, GError **error)
{
  int code = TEMPO_STORE_ERROR_IO;

  if (from->domain == TEMPO_STORE_ERROR)
    {
      g_propagate_error (error, from);
      return;
    }
  if (g_error_matches (from, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    code = TEMPO_STORE_ERROR_FULL;
  else if (g_error_matches (from, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
           || g_error_matches (from, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    code = TEMPO_STORE_ERROR_READ_ONLY;
  else if (g_error_matches (from, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
           || g_error_matches (from, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    code = TEMPO_STORE_ERROR_NOT_FOUND;
  g_set_error (error, TEMPO_STORE_ERROR, code, "The export failed: %s", from->message);
  g_error_free (from);
}

static gboolean
write_to (const TempoExport *self, const char *partial, GError **error)
{
  g_autoptr (GOutputStream) stream = open_output (partial, error);
  g_auto (TempoPace) pace = TEMPO_PACE_INIT;
  sqlite3 *db = stream != NULL ? tempo_sqlite_open (self->db_path, TEMPO_SQLITE_PLAIN, error) : NULL;
  gboolean written = FALSE;

  tempo_pace_open (&pace, partial);
  written = db != NULL && tempo_sqlite_exec (db, "BEGIN", error) && write_archive (self, db, stream, &pace, error);

  tempo_sqlite_close (db);
  return written;
}

/**
 * tempo_export_write: writes an organization into one file; blocks
 * @to_path: replaced, but only by a whole one
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR, and then nothing is left behind
 */
gboolean
tempo_export_write (const TempoExport *self, const char *to_path, GError **error)
{
  g_autofree char *partial = g_strconcat (to_path, ".partial", NULL);
  GError *failure = NULL;

  if (write_to (self, partial, &failure) && g_chmod (partial, 0600) == 0 && tempo_files_sync (partial, &failure)
      && g_rename (partial, to_path) == 0)
    return tempo_files_sync_folder_of (to_path, error);
  if (failure == NULL)
    tempo_files_fail ("Finishing", to_path, errno, &failure);
  g_unlink (partial);
  translate (failure, error);
  return FALSE;
}
