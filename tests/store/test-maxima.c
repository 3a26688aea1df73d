/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file from outside, or too many at once, may make grow: at the number that is named it still goes, one above it
 * does not. */
#include "store-fixture.h"

#include <string.h>

#include "fault-disk.h"
#include "store/tempo-import-private.h"
#include "store/tempo-migration-private.h"
#include "store/tempo-sqlite-private.h"
#include "store/tempo-tar-private.h"
#include "store/tempo-traces-private.h"

/* The words of the sources that nobody outside them is told. */
#define PARTS 8
#define SIZE ((G_GUINT64_CONSTANT (1) << 33) - 1)
#define UNKNOWN 20
#define WAITING 16384
#define PER_COMMIT 1024
#define SHORTEST_TRACE 4

static char *
repeat (const char *text, guint times)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (all, text);
  return g_string_free (all, FALSE);
}

/* Names and sizes in an archive, as it is written and as it is read. */

static gboolean
write_head (const char *name, guint64 size, TempoTarEntry *entry)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;
  gboolean written = tempo_tar_write_head (stream, name, size, 0, &error);

  if (!written)
    g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);
  else
    tempo_tar_parse_head (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)), entry, &error);
  if (written)
    g_assert_no_error (error);
  return written;
}

static void
test_tar (void)
{
  const struct { const char *part; guint times; const char *end; guint64 size; gboolean good; } rows[] = {
    { "a", 1, "", 0, TRUE },
    { "a", TEMPO_TAR_MAX_NAME, "", 0, TRUE },
    { "a", TEMPO_TAR_MAX_NAME + 1, "", 0, FALSE },
    { "a/", PARTS - 1, "b", 0, TRUE },
    { "a/", PARTS, "b", 0, FALSE },
    { "a", 1, "", SIZE, TRUE },
    { "a", 1, "", SIZE + 1, FALSE },
    { "a/", 1, "", 0, FALSE },
    { "/", 1, "a", 0, FALSE },
    { "a//", 1, "b", 0, FALSE },
    { ".", 1, "a", 0, FALSE },
    { "a/.", 1, "b", 0, FALSE },
    { "a-_.", 1, "9Z", 0, TRUE },
    { "a b", 1, "", 0, FALSE },
    { "é", 1, "", 0, FALSE },
    { "", 0, "", 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *first = repeat (rows[i].part, rows[i].times);
      g_autofree char *name = g_strconcat (first, rows[i].end, NULL);
      TempoTarEntry entry = { { 0 }, 0 };

      g_test_message ("%s %" G_GUINT64_FORMAT, name, rows[i].size);
      g_assert_cmpint (write_head (name, rows[i].size, &entry), ==, rows[i].good);
      g_assert_cmpstr (entry.name, ==, rows[i].good ? name : "");
      g_assert_cmpuint (entry.size, ==, rows[i].good ? rows[i].size : 0);
    }
}

/* What a manifest announces. */

static TempoManifest *
parse_manifest (const char *files, GError **error)
{
  g_autofree char *text
    = g_strconcat ("{\"format\":\"tempo-export\",\"formatVersion\":1,\"schemaVersion\":1,\"organization\":{\"id\":\"" ACME
                   "\",\"slug\":\"acme\",\"code\":\"ACM\",\"name\":\"Acme\"},\"files\":[", files, "]}", NULL);

  return tempo_manifest_parse (text, strlen (text), error);
}

static void
test_manifest (void)
{
  g_autofree char *digest = repeat ("a", 64);
  const struct { guint path, digest; guint64 bytes, more; gboolean good; } rows[] = {
    { 1, 64, 0, 0, TRUE },
    { TEMPO_TAR_MAX_NAME, 64, 0, 0, TRUE },
    { TEMPO_TAR_MAX_NAME + 1, 64, 0, 0, FALSE },
    { 1, 63, 0, 0, FALSE },
    { 1, 64, TEMPO_PORTABLE_MAX_BYTES, 0, TRUE },
    { 1, 64, TEMPO_PORTABLE_MAX_BYTES + 1, 0, FALSE },
    { 1, 64, TEMPO_PORTABLE_MAX_BYTES - 1, 1, TRUE },
    { 1, 64, TEMPO_PORTABLE_MAX_BYTES, 1, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = repeat ("p", rows[i].path);
      g_autofree char *files
        = g_strdup_printf ("{\"path\":\"%s\",\"bytes\":%" G_GUINT64_FORMAT ",\"sha256\":\"%s\"},"
                           "{\"path\":\"q\",\"bytes\":%" G_GUINT64_FORMAT ",\"sha256\":\"%s\"}",
                           path, rows[i].bytes, digest + 64 - rows[i].digest, rows[i].more, digest);
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoManifest) manifest = parse_manifest (files, &error);

      g_test_message ("%u: %s", i, error != NULL ? error->message : "good");
      g_assert_cmpint (manifest != NULL, ==, rows[i].good);
      if (manifest == NULL)
        g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
    }
}

static void
test_files (void)
{
  g_autofree char *digest = repeat ("a", 64);
  g_autofree char *one = g_strconcat (",{\"path\":\"p\",\"bytes\":0,\"sha256\":\"", digest, "\"}", NULL);

  for (guint over = 0; over < 2; over++)
    {
      g_autofree char *files = repeat (one, TEMPO_PORTABLE_MAX_FILES + over);
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoManifest) manifest = parse_manifest (files + 1, &error);

      g_assert_cmpint (manifest != NULL, ==, over == 0);
      if (over == 0)
        g_assert_cmpuint (manifest->files->len, ==, TEMPO_PORTABLE_MAX_FILES);
      else
        g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
    }
}

/* Lines of a table. */

static sqlite3 *
open_database (void)
{
  sqlite3 *db = tempo_sqlite_open (":memory:", TEMPO_SQLITE_WRITER, NULL);

  g_assert_true (tempo_migration_apply (&tempo_migration_organization, db, NULL));
  g_assert_cmpint (sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA foreign_keys = OFF", NULL, NULL, NULL), ==, SQLITE_OK);
  return db;
}

/* Both ways a line is read: as our own export writes it, and as any other JSON. */
static void
test_line (void)
{
  sqlite3 *db = open_database ();

  for (guint i = 0; i < 4; i++)
    {
      gboolean over = i % 2 != 0;
      const char *begin = i < 2 ? "{" : "{ ";
      const char *end = "\",\"origin\":\"o\",\"hlc\":1}";
      g_autofree char *head = g_strdup_printf ("%s\"key\":\"k%u\",\"value\":\"", begin, i);
      g_autofree char *value = repeat ("v", (guint) (TEMPO_PORTABLE_MAX_LINE + over - strlen (head) - strlen (end)));
      g_autofree char *line = g_strconcat (head, value, end, "\n", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoRowImport) rows = tempo_row_import_new (db, "setting", ACME, FALSE, FALSE, &error);
      gboolean fed = tempo_row_import_feed (rows, line, strlen (line), &error);

      g_assert_cmpint (fed, ==, !over);
      if (over)
        g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
      else
        g_assert_true (tempo_row_import_end (rows, 1, &error));
    }
  tempo_sqlite_close (db);
}

static void
test_unknown (void)
{
  sqlite3 *db = open_database ();

  for (guint over = 0; over < 2; over++)
    {
      g_autoptr (GString) line = g_string_new ("{\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1");
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoRowImport) rows = tempo_row_import_new (db, "setting", ACME, FALSE, FALSE, &error);

      g_assert_cmpint (sqlite3_exec (db, "DELETE FROM base_setting", NULL, NULL, NULL), ==, SQLITE_OK);
      for (guint i = 0; i < UNKNOWN + over; i++)
        g_string_append_printf (line, ",\"other%u\":%u", i, i);
      g_string_append (line, "}\n");
      g_assert_true (tempo_row_import_feed (rows, line->str, line->len, &error));
      g_assert_cmpuint (tempo_row_import_get_unknown (rows)->len, ==, UNKNOWN);
    }
  tempo_sqlite_close (db);
}

/* What is looked for after an erasure. */
static void
test_traces (void)
{
  static const struct { guint length; gboolean kept; } rows[] = {
    { SHORTEST_TRACE - 1, FALSE }, { SHORTEST_TRACE, TRUE }, { TEMPO_TRACES_MAX, TRUE }, { TEMPO_TRACES_MAX + 1, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TempoTraces) traces = tempo_traces_new ();
      g_autofree char *text = repeat ("t", rows[i].length);

      tempo_traces_add (traces, text, TRUE);
      g_assert_cmpint (tempo_traces_is_empty (traces), ==, !rows[i].kept);
    }
}

/* Writers that wait for a slow disk. */

typedef struct
{
  guint waiting, done, refused;
} Tally;

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;

  tally->waiting--;
  if (tempo_store_write_finish (TEMPO_STORE (object), result, &error))
    tally->done++;
  else
    {
      g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FAILED);
      tally->refused++;
    }
}

static void
write_one (StoreFixture *fixture, Tally *tally, guint number)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  g_autofree char *key = g_strdup_printf ("k%u", number);

  tempo_batch_add (batch, "setting-set", "ss", key, "v");
  tally->waiting++;
  tempo_store_write_async (fixture->store, batch, NULL, written_cb, tally);
}

static void
wait_until (const guint *left, guint until)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  while (*left > until)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* One is with the disk, as many wait as may, the next is told at once; then they go in full commits. */
static void
test_writers (StoreFixture *fixture, gconstpointer data)
{
  Tally tally = { 0 };
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  guint64 before = 0, after = 0;
  gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  write_one (fixture, &tally, 0);
  wait_until (&tally.waiting, 0);
  fault_disk_hold_syncs (wal);
  write_one (fixture, &tally, 1);
  while (fault_disk_get_held () == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
  for (guint i = 0; i < WAITING; i++)
    write_one (fixture, &tally, 2 + i);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (tally.refused, ==, 0);
  g_assert_cmpuint (tally.waiting, ==, WAITING + 1);
  write_one (fixture, &tally, 2 + WAITING);
  wait_until (&tally.waiting, WAITING + 1);
  g_assert_cmpuint (tally.refused, ==, 1);

  tempo_store_get_counts (fixture->store, NULL, &before, NULL);
  fault_disk_release ();
  wait_until (&tally.waiting, 0);
  tempo_store_get_counts (fixture->store, NULL, &after, NULL);
  g_assert_cmpuint (tally.done, ==, WAITING + 2);
  g_assert_cmpuint (after - before, ==, 1 + WAITING / PER_COMMIT);
  /* There is room again. */
  write_one (fixture, &tally, 3 + WAITING);
  wait_until (&tally.waiting, 0);
  g_assert_cmpuint (tally.refused, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/maxima/tar", test_tar);
  g_test_add_func ("/maxima/manifest", test_manifest);
  g_test_add_func ("/maxima/files", test_files);
  g_test_add_func ("/maxima/line", test_line);
  g_test_add_func ("/maxima/unknown", test_unknown);
  g_test_add_func ("/maxima/traces", test_traces);
  store_fixture_add ("/maxima/writers", test_writers);
  return g_test_run ();
}
