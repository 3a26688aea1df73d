/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/tempo-portable.h"
#include "store/tempo-store-private.h"
#include "store/tempo-files.h"
#include "store/tempo-import-private.h"
#include "store/tempo-migration-private.h"
#include "store/tempo-sqlite-private.h"
#include "store/tempo-tar-private.h"

#define ROOM "01900000-0000-7000-8000-0000000000c1"
#define EVENT "01900000-0000-7000-8000-0000000000c2"
#define GUEST "01900000-0000-7000-8000-0000000000c3"
#define MEMBER "01900000-0000-7000-8000-0000000000c4"
#define NOW G_GINT64_CONSTANT (1763672400000000)
#define PNG "\x89PNG picture of the house"

typedef struct
{
  StoreFixture store;
  char *archive; /* (owned) */
  char *target;  /* (owned) folder to import to */
} Portable;

static void
fill (const char *path)
{
  g_autoptr (TempoScope) scope = tempo_store_open_scope (path, ACME, FALSE, TEMPO_GUARD_WHOLE, NULL);

  store_fixture_try (scope, "INSERT INTO room (id, code, name, volume, created_at) VALUES ('" ROOM "', 'ABCDE', 'Main', 0.5, 1)");
  store_fixture_try (scope, "INSERT INTO event (id, room_id, number, name, created_at) VALUES ('" EVENT "', '" ROOM "', 'ACM-EVT-001', 'N', 1)");
  store_fixture_try (scope, "INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES ('" GUEST "', 'cookie', 'Zoë \"x\"\n', 1, 1)");
  store_fixture_try (scope, "INSERT INTO member (id, username, password_hash, role, created_at) VALUES ('" MEMBER "', 'ada', '$2b$secret', 'owner', 1)");
  store_fixture_try (scope, "INSERT INTO second_factor (member_id, secret, created_at) VALUES ('" MEMBER "', 'totpsecret', 1)");
  store_fixture_try (scope, "INSERT INTO setting (key, value) VALUES ('k', '{\"a\":[1,2]}')");
  store_fixture_try (scope, "INSERT INTO counter (kind, next) VALUES ('REQ', 31)");
  store_fixture_try (scope, "INSERT INTO session (id, member_id, created_at, used_at, expires_at) VALUES ('s', '" MEMBER "', 1, 1, 2)");
  store_fixture_try (scope, "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)"
                            " INSERT INTO request (id, number, room_id, event_id, guest_id, status, title, created_at)"
                            " SELECT printf ('01900000-0000-7000-8000-0000000001%02d', i), printf ('ACM-REQ-0%02d', i), '" ROOM "', '" EVENT "',"
                            " '" GUEST "', 'played', 'S', 1 FROM n");
  store_fixture_try (scope, "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)"
                            " INSERT INTO audit (at, actor_kind, actor_id, action, object_id) SELECT i, 'guest', '" GUEST "', 'submit', 'x' || i FROM n");
}

static void
set_up (Portable *f, gconstpointer data)
{
  g_autofree char *media = NULL, *picture = NULL;

  store_fixture_set_up (&f->store, NULL);
  store_fixture_close (&f->store);
  fill (f->store.path);
  f->archive = g_build_filename (f->store.folder, "acme.tar.gz", NULL);
  f->target = g_build_filename (f->store.folder, "imported", NULL);
  media = g_build_filename (f->store.folder, "media", "logo", NULL);
  picture = g_build_filename (media, "house.png", NULL);
  g_assert_cmpint (g_mkdir_with_parents (media, 0700), ==, 0);
  g_assert_true (g_file_set_contents (picture, PNG, -1, NULL));
}

static void
tear_down (Portable *f, gconstpointer data)
{
  g_autofree char *media = g_build_filename (f->store.folder, "media", NULL);

  tempo_files_remove_tree (media, NULL);
  tempo_files_remove_tree (f->target, NULL);
  g_clear_pointer (&f->archive, g_free);
  g_clear_pointer (&f->target, g_free);
  store_fixture_tear_down (&f->store, NULL);
}

static void
export_it (Portable *f, gboolean credentials)
{
  g_autoptr (TempoOrganization) organization = tempo_organization_new (ACME, "acme", "ACM", "Acme");
  TempoExport what = { .db_path = f->store.path, .tenant_id = ACME, .organization = organization,
                       .folder = f->store.folder, .credentials = credentials, .now = NOW };
  g_autoptr (GError) error = NULL;

  organization->created_at = NOW;
  organization->welcome = g_strdup ("Hello");
  tempo_export_write (&what, f->archive, &error);
  g_assert_no_error (error);
}

static TempoImported *
import_it (Portable *f, const char *as_new, GError **error)
{
  TempoImport what = { .from_path = f->archive, .folder = f->target, .as_tenant_id = as_new, .now = NOW };

  tempo_files_remove_tree (f->target, NULL);
  return tempo_import_read (&what, error);
}

/* One table of a file as text, hybrid times and hosts included. */
static char *
dump (const char *path, const char *sql)
{
  GString *rows = g_string_new (NULL);
  sqlite3 *db = tempo_sqlite_open (path, TEMPO_SQLITE_PLAIN, NULL);
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (stmt); i++)
        g_string_append_printf (rows, "%s|", (const char *) sqlite3_column_text (stmt, i));
      g_string_append_c (rows, '\n');
    }
  sqlite3_finalize (stmt);
  tempo_sqlite_close (db);
  return g_string_free (rows, FALSE);
}

static void
check_same (Portable *f, const char *sql)
{
  g_autofree char *path = g_build_filename (f->target, "tempo.db", NULL);
  g_autofree char *before = dump (f->store.path, sql);
  g_autofree char *after = dump (path, sql);

  g_assert_cmpstr (before, ==, after);
}

static void
check_sql (Portable *f, const char *sql, const char *expected)
{
  g_autofree char *path = g_build_filename (f->target, "tempo.db", NULL);
  g_autofree char *found = dump (path, sql);

  g_assert_cmpstr (found, ==, expected);
}

static void
check_log (Portable *f, const char *tenant_id)
{
  g_autofree char *path = g_build_filename (f->target, "tempo.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoStore) store = tempo_store_open (path, tenant_id, &error);
  guint64 rows = 0;

  g_assert_no_error (error);
  tempo_store_verify_audit (store, NULL, &rows, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows, ==, 30);
  tempo_store_close (store);
}

static void
test_same (Portable *f, gconstpointer data)
{
  static const char *const tables[] = { "room", "event", "guest", "request", "setting", "counter", "audit" };
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoImported) imported = NULL;
  g_autofree char *picture = NULL, *content = NULL;

  export_it (f, FALSE);
  imported = import_it (f, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strconcat ("SELECT * FROM base_", tables[i], NULL);

      check_same (f, sql);
    }
  check_log (f, ACME);
  g_assert_cmpstr (imported->organization->slug, ==, "acme");
  g_assert_cmpstr (imported->organization->welcome, ==, "Hello");
  g_assert_cmpint (imported->organization->created_at, ==, NOW);
  g_assert_cmpuint (imported->notes->len, ==, 0);
  g_assert_cmpuint (imported->media, ==, 1);
  g_assert_cmpstr (imported->rooms->pdata[0], ==, "ABCDE");
  picture = g_build_filename (f->target, "media", "logo", "house.png", NULL);
  g_assert_true (g_file_get_contents (picture, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, PNG);
  check_sql (f, "SELECT count (*) FROM base_session", "0|\n");
}

/* Who finds the file must not be able to sign in, unless the host asked for it. */
static void
test_credentials (Portable *f, gconstpointer data)
{
  g_autoptr (TempoImported) without = NULL, with = NULL;

  export_it (f, FALSE);
  without = import_it (f, NULL, NULL);
  check_sql (f, "SELECT username, password_hash, (SELECT count (*) FROM base_second_factor) FROM base_member", "ada||0|\n");
  export_it (f, TRUE);
  with = import_it (f, NULL, NULL);
  check_sql (f, "SELECT username, password_hash, (SELECT secret FROM base_second_factor) FROM base_member", "ada|$2b$secret|totpsecret|\n");
}

static void
test_as_new (Portable *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoImported) imported = NULL;
  g_autofree char *guest = tempo_import_map_id (BLUE, GUEST);
  g_autofree char *expected = g_strconcat (guest, "|ACM-REQ-000|1|\n", NULL);

  export_it (f, FALSE);
  imported = import_it (f, BLUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imported->organization->id, ==, BLUE);
  check_sql (f, "SELECT q.guest_id, q.number, q.guest_id = g.id FROM base_request q, base_guest g LIMIT 1", expected);
  check_sql (f, "SELECT count (*) FROM base_request WHERE id LIKE '%-8000-0000000001%' OR tenant_id <> '" BLUE "'", "0|\n");
  check_sql (f, "SELECT token_digest LIKE 'gone:%' FROM base_guest", "1|\n");
  check_sql (f, "SELECT count (DISTINCT actor_id), actor_id = (SELECT id FROM base_guest) FROM base_audit", "1|1|\n");
  check_log (f, BLUE);
  g_assert_cmpint (strncmp (guest, GUEST, 13), ==, 0);
}

/* Archives as somebody might send them */

typedef struct
{
  const char *name;    /* for the report */
  const char *path;    /* in the manifest and the archive */
  const char *content; /* of the file */
  const char *rows;    /* announced */
  const char *entry;   /* another name in the archive, or NULL */
  const char *manifest; /* instead of a good one, or NULL */
  TempoStoreError code;
  const char *notes;   /* NULL: must fail */
} Hostile;

static char *
make_manifest (const Hostile *item)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, item->content, -1);

  return g_strdup_printf ("{\"format\":\"tempo-export\",\"formatVersion\":1,\"schemaVersion\":1,\"hlc\":5,"
                          "\"organization\":{\"id\":\"" ACME "\",\"slug\":\"acme\",\"code\":\"ACM\",\"name\":\"Acme\"},"
                          "\"files\":[{\"path\":\"%s\",\"bytes\":%" G_GSIZE_FORMAT ",\"rows\":%s,\"sha256\":\"%s\"}]}",
                          item->path, strlen (item->content), item->rows, digest);
}

static void
put_entry (GOutputStream *stream, const char *name, const char *content)
{
  gsize length = strlen (content);
  char head[TEMPO_TAR_BLOCK] = { 0 };
  guint sum = 0;

  /* By hand, because the product refuses such names. */
  g_snprintf (head, 100, "%s", name);
  g_snprintf (head + 124, 12, "%011" G_GSIZE_MODIFIER "o", length);
  head[156] = '0';
  memcpy (head + 257, "ustar\00000", 8);
  memset (head + 148, ' ', 8);
  for (int i = 0; i < TEMPO_TAR_BLOCK; i++)
    sum += (guint8) head[i];
  g_snprintf (head + 148, 8, "%06o", sum);
  g_output_stream_write_all (stream, head, sizeof head, NULL, NULL, NULL);
  g_output_stream_write_all (stream, content, length, NULL, NULL, NULL);
  tempo_tar_write_fill (stream, length, NULL);
}

static GOutputStream *
open_archive (Portable *f)
{
  g_autoptr (GFile) file = g_file_new_for_path (f->archive);
  g_autoptr (GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GFileOutputStream) out = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);

  return g_converter_output_stream_new (G_OUTPUT_STREAM (out), packer);
}

static void
write_hostile (Portable *f, const Hostile *item)
{
  g_autoptr (GOutputStream) stream = open_archive (f);
  g_autofree char *manifest = item->manifest != NULL ? g_strdup (item->manifest) : make_manifest (item);

  put_entry (stream, "manifest.json", manifest);
  put_entry (stream, item->entry != NULL ? item->entry : item->path, item->content);
  tempo_tar_write_end (stream, NULL);
  g_output_stream_close (stream, NULL, NULL);
}

#define SETTING "{\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}\n"
#define GOOD_HEAD "{\"format\":\"tempo-export\",\"formatVersion\":1,\"schemaVersion\":1,"
#define ORGANIZATION "\"organization\":{\"id\":\"" ACME "\",\"slug\":\"acme\",\"code\":\"ACM\",\"name\":\"Acme\"},"

static void
test_hostile (Portable *f, gconstpointer data)
{
  static const Hostile items[] = {
    { "good", "tables/setting.jsonl", SETTING, "1", NULL, NULL, 0, "" },
    { "unknown table", "tables/passwords.jsonl", SETTING, "1", NULL, NULL, 0, "passwords" },
    { "unknown column", "tables/setting.jsonl", "{\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1,\"colour\":\"red\"}\n", "1", NULL, NULL, 0, "colour" },
    { "unknown file", "other.bin", "x", "0", NULL, NULL, 0, "other.bin" },
    { "whose file it is", "tables/tenant.jsonl", "{\"origin\":\"o\"}\n", "1", NULL, NULL, 0, "tenant" },
    { "schema table", "tables/sqlite_schema.jsonl", "{\"sql\":\"o\"}\n", "1", NULL, NULL, 0, "sqlite_schema" },
    { "wrong kind", "tables/setting.jsonl", "{\"key\":[1],\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}\n", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "text as number", "tables/setting.jsonl", "{\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":\"one\"}\n", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "missing value", "tables/setting.jsonl", "{\"key\":\"k\"}\n", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "against a rule", "tables/member.jsonl", "{\"id\":\"m\",\"username\":\"u\",\"role\":\"king\",\"created_at\":1,\"origin\":\"o\",\"hlc\":1}\n", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "the same twice", "tables/setting.jsonl", SETTING SETTING, "2", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "no such parent", "tables/vote.jsonl", "{\"request_id\":\"q\",\"guest_id\":\"g\",\"created_at\":1,\"origin\":\"o\",\"hlc\":1}\n", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "not JSON", "tables/setting.jsonl", "{\"key\"\n", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "no line end", "tables/setting.jsonl", "{\"key\":\"k\"}", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "fewer rows", "tables/setting.jsonl", SETTING, "2", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "out of the folder", "media/../../../etc/x", "x", "0", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "absolute", "/etc/x", "x", "0", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "hidden", "media/.profile", "x", "0", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "backslash", "media/a\\\\b", "x", "0", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "entry out of the folder", "media/x", "x", "0", "media/../../x", NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "entry of another name", "media/x", "x", "0", "media/y", NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "over the database", "tempo.db", "x", "0", NULL, NULL, 0, "tempo.db" },
    { "room without a door", "tables/room.jsonl", "{\"id\":\"r\",\"code\":\"<b>\",\"name\":\"n\",\"created_at\":1,\"origin\":\"o\",\"hlc\":1}\n", "1", NULL, NULL, TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "another digest", "media/x", "x", "0", NULL, GOOD_HEAD ORGANIZATION "\"files\":[{\"path\":\"media/x\",\"bytes\":1,\"sha256\":\"" "00000000000000000000000000000000" "00000000000000000000000000000000" "\"}]}", TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "larger than said", "media/x", "xx", "0", NULL, GOOD_HEAD ORGANIZATION "\"files\":[{\"path\":\"media/x\",\"bytes\":1,\"sha256\":\"" "00000000000000000000000000000000" "00000000000000000000000000000000" "\"}]}", TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "too large", "media/x", "x", "0", NULL, GOOD_HEAD ORGANIZATION "\"files\":[{\"path\":\"media/x\",\"bytes\":99999999999999,\"sha256\":\"" "00000000000000000000000000000000" "00000000000000000000000000000000" "\"}]}", TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "not listed", "media/x", "x", "0", NULL, GOOD_HEAD ORGANIZATION "\"files\":[]}", TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "newer format", "media/x", "x", "0", NULL, "{\"format\":\"tempo-export\",\"formatVersion\":2,\"schemaVersion\":1}", TEMPO_STORE_ERROR_NEWER, NULL },
    { "newer schema", "media/x", "x", "0", NULL, "{\"format\":\"tempo-export\",\"formatVersion\":1,\"schemaVersion\":9999}", TEMPO_STORE_ERROR_NEWER, NULL },
    { "no organization", "media/x", "x", "0", NULL, GOOD_HEAD "\"files\":[]}", TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "another format", "media/x", "x", "0", NULL, "{}", TEMPO_STORE_ERROR_CORRUPT, NULL },
    { "no manifest", "media/x", "x", "0", NULL, "", TEMPO_STORE_ERROR_CORRUPT, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      const Hostile *item = &items[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoImported) imported = NULL;

      g_test_message ("%s", item->name);
      write_hostile (f, item);
      imported = import_it (f, NULL, &error);
      if (item->notes == NULL)
        {
          g_assert_null (imported);
          g_assert_error (error, TEMPO_STORE_ERROR, (int) item->code);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (imported->notes->len, ==, *item->notes != '\0' ? 1 : 0);
      if (*item->notes != '\0')
        g_assert_nonnull (strstr (imported->notes->pdata[0], item->notes));
    }
}

/* Lines of one table, as our own export writes them and otherwise. */
static const struct
{
  const char *line;     /* past the first brace */
  const char *expected; /* the row, or NULL */
} row_lines[] = {
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}", "k|v|o|1|" },
  { "\"hlc\":1,\"origin\":\"o\",\"value\":\"v\",\"key\":\"k\"}", "k|v|o|1|" },
  { "\"key\":\"\",\"value\":\"\",\"origin\":\"\",\"hlc\":0}", "|||0|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":-1}", "k|v|o|-1|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":999999999999999999}", "k|v|o|999999999999999999|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":9223372036854775807}", "k|v|o|9223372036854775807|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":-9223372036854775808}", "k|v|o|-9223372036854775808|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":9223372036854775808}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":2.0}", "k|v|o|2|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":2e0}", "k|v|o|2|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":2.5}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":-0}", "k|v|o|0|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":01}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":-}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1x}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":\"7\"}", "k|v|o|7|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":\"seven\"}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":null}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":true}", NULL },
  { "\"key\":\"k\",\"value\":5,\"origin\":\"o\",\"hlc\":1}", "k|5|o|1|" },
  { "\"key\":\"k\",\"value\":{\"base64\":\"dg==\"},\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":{},\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":[\"v\"],\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":\"a\\\"b\\\\c\\/d\",\"origin\":\"o\",\"hlc\":1}", "k|a\"b\\c/d|o|1|" },
  { "\"key\":\"k\",\"value\":\"\\b\\f\\n\\r\\t\",\"origin\":\"\\\\\",\"hlc\":1}", "k|\b\f\n\r\t|\\|1|" },
  { "\"key\":\"k\",\"value\":\"\\u00e9\\ud83c\\udfb5 \xc3\xa9\xf0\x9f\x8e\xb5\",\"origin\":\"o\",\"hlc\":1}",
    "k|\xc3\xa9\xf0\x9f\x8e\xb5 \xc3\xa9\xf0\x9f\x8e\xb5|o|1|" },
  { "\"key\":\"k\",\"value\":\"\\u0000\",\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":\"\\ud83c\",\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":\"\\x\",\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":\"\\", NULL },
  { "\"key\":\"k\",\"value\":\"a\tb\",\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":\"\xff\",\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":\"\xc3\",\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1,\"key\":\"last\"}", "last|v|o|1|" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1,\"colour\":\"red\"}", "k|v|o|1|colour" },
  { "\"\":\"\",\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}", "k|v|o|1|" },
  { "\"ke\\u0079\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}", "k|v|o|1|" },
  { "\"ke\":\"k\",\"keys\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"tenant_id\":\"another\",\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}", "k|v|o|1|tenant_id" },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1}}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1,}", NULL },
  { "\"key\":\"k\",\"value\":\"v\",\"origin\":\"o\",\"hlc\":1", NULL },
  { "\"key\":\"k\",\"value\":\"v\" \"origin\":\"o\",\"hlc\":1}", NULL },
  { "\"key\" \"k\"}", NULL },
  { "key:\"k\"}", NULL },
  { "}", NULL },
  { "", NULL },
};

/* "key|value|origin|hlc|" and the members that are no column; NULL with the refusal. */
static char *
take_line (sqlite3 *db, const char *line, GError **error)
{
  g_autoptr (TempoRowImport) rows = tempo_row_import_new (db, "setting", ACME, FALSE, FALSE, NULL);
  g_autofree char *whole = g_strconcat ("{", line, "\n", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint (sqlite3_exec (db, "DELETE FROM base_setting", NULL, NULL, NULL), ==, SQLITE_OK);
  /* Cut anywhere. */
  for (gsize at = 0; whole[at] != '\0'; at++)
    if (!tempo_row_import_feed (rows, whole + at, 1, error))
      return NULL;
  g_assert_true (tempo_row_import_end (rows, 1, error));
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT key, value, origin, hlc FROM base_setting WHERE tenant_id = '" ACME "'", -1, &stmt, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  for (int i = 0; i < 4; i++)
    g_string_append_printf (text, "%s|", (const char *) sqlite3_column_text (stmt, i));
  sqlite3_finalize (stmt);
  for (guint i = 0; i < tempo_row_import_get_unknown (rows)->len; i++)
    g_string_append (text, tempo_row_import_get_unknown (rows)->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_lines (Portable *f, gconstpointer data)
{
  sqlite3 *db = tempo_sqlite_open (":memory:", TEMPO_SQLITE_WRITER, NULL);

  g_assert_true (tempo_migration_apply (&tempo_migration_organization, db, NULL));
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA foreign_keys = OFF", NULL, NULL, NULL), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (row_lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *row = take_line (db, row_lines[i].line, &error);

      g_test_message ("line %" G_GSIZE_FORMAT ": %s", i, error != NULL ? error->message : "a row");
      g_assert_cmpstr (row, ==, row_lines[i].expected);
    }
  tempo_sqlite_close (db);
}

/* A depth that would end the process if the parser saw it. */
static void
test_deep (Portable *f, gconstpointer data)
{
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autofree char *line = g_strconcat ("{\"key\":", deep, "\n", NULL);
  Hostile row = { "deep row", "tables/setting.jsonl", line, "1", NULL, NULL, 0, NULL };
  Hostile manifest = { "deep manifest", "media/x", "x", "0", NULL, deep, 0, NULL };

  write_hostile (f, &row);
  g_assert_null (import_it (f, NULL, NULL));
  write_hostile (f, &manifest);
  g_assert_null (import_it (f, NULL, NULL));
}

static void
test_bomb (Portable *f, gconstpointer data)
{
  gsize size = 64 << 20;
  g_autofree char *zeros = g_strnfill (size, 'x');
  Hostile media = { "bomb", "media/x", zeros, "0", NULL, NULL, 0, NULL };
  Hostile line = { "long line", "tables/setting.jsonl", zeros, "1", NULL, NULL, 0, NULL };
  g_autoptr (GError) error = NULL;

  write_hostile (f, &media);
  g_assert_null (import_it (f, NULL, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "honest"));
  write_hostile (f, &line);
  g_assert_null (import_it (f, NULL, NULL));
}

/* Cut anywhere, and with any bit turned, it is refused or says the same. */
static void
test_damaged (Portable *f, gconstpointer data)
{
  g_autofree char *whole = NULL;
  gsize length = 0;

  export_it (f, FALSE);
  g_assert_true (g_file_get_contents (f->archive, &whole, &length, NULL));
  for (gsize n = 0; n < length; n += MAX (length / 40, 1))
    {
      g_autofree char *bent = g_memdup2 (whole, length);
      g_autoptr (TempoImported) imported = NULL;

      g_assert_true (g_file_set_contents (f->archive, whole, (gssize) n, NULL));
      g_assert_null (import_it (f, NULL, NULL));
      /* Some bits mean nothing: the time in the head, what fills up the last byte of a block. */
      bent[n] ^= 0x10;
      g_assert_true (g_file_set_contents (f->archive, bent, (gssize) length, NULL));
      imported = import_it (f, NULL, NULL);
      if (imported != NULL)
        check_same (f, "SELECT * FROM base_request");
    }
}

/* A new table or column must be thought of here: what lets somebody sign in does not leave by itself. */
static void
test_secrets (Portable *f, gconstpointer data)
{
  static const char *const known[] = { "display.token_digest", "guest.token_digest", "invitation.token_digest", "member.password_set_at",
                                       "member.token_version", "recovery_code.digest", "room.wifi_password", "second_factor.secret",
                                       "member.password_hash", "audit.hash", NULL };
  g_autofree char *columns = dump (f->store.path, "SELECT substr (m.name, 6) || '.' || c.name FROM sqlite_schema m, pragma_table_info (m.name) c"
                                                  " WHERE m.type = 'table' AND (c.name LIKE '%password%' OR c.name LIKE '%secret%' OR c.name"
                                                  " LIKE '%token%' OR c.name LIKE '%digest%' OR c.name LIKE '%hash%' OR c.name LIKE '%key_%')");
  g_auto (GStrv) lines = g_strsplit (columns, "|\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    if (!g_strv_contains (known, lines[i]))
      g_error ("May %s be in an export?", lines[i]);
  g_assert_false (tempo_portable_has_table ("second_factor", FALSE));
  g_assert_false (tempo_portable_has_table ("recovery_code", FALSE));
  g_assert_false (tempo_portable_has_table ("invitation", FALSE));
  g_assert_false (tempo_portable_has_table ("session", TRUE));
}

#define add_test(path, function) g_test_add (path, Portable, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/portable/same", test_same);
  add_test ("/portable/credentials", test_credentials);
  add_test ("/portable/as-new", test_as_new);
  add_test ("/portable/hostile", test_hostile);
  add_test ("/portable/lines", test_lines);
  add_test ("/portable/deep", test_deep);
  add_test ("/portable/bomb", test_bomb);
  add_test ("/portable/damaged", test_damaged);
  add_test ("/portable/secrets", test_secrets);
  return g_test_run ();
}
