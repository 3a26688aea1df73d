/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "store/tempo-import-private.h"
#include "store/tempo-migration-private.h"
#include "store/tempo-sqlite-private.h"
#include "store/tempo-tar-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define ACME "01900000-0000-7000-8000-00000000000a"

static sqlite3 *
get_database (void)
{
  static sqlite3 *db = NULL;

  if (db == NULL)
    {
      db = tempo_sqlite_open (":memory:", TEMPO_SQLITE_WRITER, NULL);
      g_assert_true (tempo_migration_apply (&tempo_migration_organization, db, NULL));
    }
  return db;
}

/* Whatever a manifest says, what is taken of it leads nowhere else. */
static void
try_manifest (const char *text, gsize length)
{
  g_autoptr (TempoManifest) manifest = tempo_manifest_parse (text, length, NULL);

  for (guint i = 0; manifest != NULL && i < manifest->files->len; i++)
    {
      TempoPortableFile *file = manifest->files->pdata[i];

      g_assert_true (tempo_tar_is_good_name (file->path));
      g_assert_null (strstr (file->path, "/."));
      g_assert_true (*file->path != '/' && file->bytes <= TEMPO_PORTABLE_MAX_BYTES);
    }
}

static void
try_entry (const char *text, gsize length)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  TempoTarEntry entry = { { 0 }, 0 };
  gboolean end = FALSE;

  while (tempo_tar_read_head (stream, &entry, &end, NULL) && !end)
    {
      g_assert_true (tempo_tar_is_good_name (entry.name));
      if (entry.size > length || g_input_stream_skip (stream, (gsize) entry.size, NULL, NULL) != (gssize) entry.size
          || !tempo_tar_read_fill (stream, entry.size, NULL))
        break;
    }
}

/* Into the table of guests, as it is and as another organization's; undone at the end. */
static void
try_rows (const char *text, gsize length, gboolean as_new)
{
  sqlite3 *db = get_database ();
  g_autoptr (TempoRowImport) rows = NULL;

  g_assert_true (tempo_sqlite_exec (db, "PRAGMA foreign_keys = OFF; BEGIN", NULL));
  rows = tempo_row_import_new (db, "guest", ACME, as_new, FALSE, NULL);
  g_assert_nonnull (rows);
  if (tempo_row_import_feed (rows, text, length / 2, NULL) && tempo_row_import_feed (rows, text + length / 2, length - length / 2, NULL))
    tempo_row_import_end (rows, 1, NULL);
  g_clear_pointer (&rows, tempo_row_import_free);
  g_assert_true (tempo_sqlite_exec (db, "ROLLBACK", NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *) data + 1;

  if (size < 2)
    return 0;
  if (*data == 'm')
    try_manifest (text, size - 1);
  else if (*data == 't')
    try_entry (text, size - 1);
  else
    try_rows (text, size - 1, *data == 'n');
  return 0;
}
