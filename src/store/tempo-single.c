/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/tempo-single.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "store/tempo-files.h"
#include "store/tempo-store.h"
#include "tempo-migration-private.h"
#include "tempo-sqlite-private.h"

#define MAX_JSON (256 << 20)
#define MAX_NOTES 100
#define MAX_TEXT 400
#define PREFIX "singleTenant."

/* What the predecessors called things. The first that is there counts. */
static const char *const ids[] = { "id", "_id", "uuid", "request_id", "requestId", NULL };
static const char *const titles[]
  = { "title", "song_title", "songTitle", "song", "track_name", "trackName", "track", "song_name", NULL };
static const char *const artists[]
  = { "artist", "artist_name", "artistName", "song_artist", "artists", "performer", NULL };
static const char *const albums[] = { "album", "album_name", "albumName", NULL };
static const char *const names[]
  = { "requester_name", "requesterName", "requester", "requested_by", "requestedBy", "guest_name",
      "guestName",      "nickname",      "name",      "user_name",    NULL };
static const char *const messages[] = { "message", "dedication", "note", "notes", "comment", NULL };
static const char *const states[] = { "status", "state", NULL };
static const char *const times[]
  = { "created_at", "createdAt", "requested_at", "requestedAt", "timestamp", "time", "date", NULL };
static const char *const usernames[] = { "username", "user_name", "login", "email", "name", NULL };
static const char *const passwords[] = { "password_hash", "passwordHash", "password", NULL };
static const char *const roles[] = { "role", NULL };
static const char *const keys[] = { "key", "name", "setting", NULL };
static const char *const setting_values[] = { "value", "val", "data", NULL };
/* Known and of no use here: whose it was, and what Tempo keeps in the keyring or asks the music source for. */
static const char *const passed_over[] = { "user_id",
                                           "userId",
                                           "event_id",
                                           "eventId",
                                           "updated_at",
                                           "updatedAt",
                                           "spotify_access_token",
                                           "spotify_refresh_token",
                                           "spotify_token_expires_at",
                                           "access_token",
                                           "refresh_token",
                                           NULL };

typedef struct
{
  const TempoSingle *what;
  TempoSingleResult *result;
  sqlite3 *db;
  GHashTable *noted; /* (owned) */
  char *room_id;     /* (owned) */
  char *event_id;    /* (owned) */
  guint row;
} Work;

static void
clear_work (Work *work)
{
  g_clear_pointer (&work->noted, g_hash_table_unref);
  g_clear_pointer (&work->room_id, g_free);
  g_clear_pointer (&work->event_id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, clear_work)

void
tempo_single_result_clear (TempoSingleResult *self)
{
  g_clear_pointer (&self->notes, g_ptr_array_unref);
}

static void
note (Work *work, const char *format, const char *first, const char *second)
{
  g_autofree char *text = g_strconcat (first, " “", second, "” ", format, NULL);

  if (work->result->notes->len < MAX_NOTES && g_hash_table_add (work->noted, g_strdup (text)))
    g_ptr_array_add (work->result->notes, g_steal_pointer (&text));
}

/* Statements: s text, i number, in the order of ?1 …; the first row's first value as text. */
static gboolean
run (Work *work, char **answer, GError **error, const char *name, const char *format, ...)
{
  g_autofree char *file = g_strconcat ("connection/", name, ".sql", NULL);
  g_autoptr (GBytes) sql = tempo_sqlite_load (file, error);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  va_list list;
  int rc = SQLITE_OK;

  if (sql == NULL)
    return FALSE;
  rc = sqlite3_prepare_v2 (work->db, g_bytes_get_data (sql, NULL), -1, &stmt, NULL);
  va_start (list, format);
  for (int i = 0; rc == SQLITE_OK && format[i] != '\0'; i++)
    rc = format[i] == 'i' ? sqlite3_bind_int64 (stmt, i + 1, va_arg (list, gint64))
                          : sqlite3_bind_text (stmt, i + 1, va_arg (list, const char *), -1, SQLITE_TRANSIENT);
  va_end (list);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  if (rc == SQLITE_ROW && answer != NULL)
    *answer = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  return rc == SQLITE_ROW || rc == SQLITE_DONE || tempo_sqlite_fail (work->db, rc, name, error);
}

/* Version 8 (RFC 9562): made of what it stands for, so the same row has the same id the next time, and no other row of
 * Tempo's looks like it. */
static char *
make_id (const char *kind, const char *of)
{
  g_autofree char *both = g_strconcat ("single ", kind, " ", of, NULL);
  g_autofree char *digest = tempo_token_digest (both);

  return g_strdup_printf ("%.8s-%.4s-8%.3s-8%.3s-%.12s", digest, digest + 8, digest + 12, digest + 15, digest + 18);
}

/* Members of a row */

static JsonNode *
find (JsonObject *row, const char *const *aliases, const char **found)
{
  for (; *aliases != NULL; aliases++)
    {
      JsonNode *node = json_object_get_member (row, *aliases);

      if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
        continue;
      if (found != NULL)
        *found = *aliases;
      return node;
    }
  return NULL;
}

static char *
get_text (JsonObject *row, const char *const *aliases)
{
  JsonNode *node = find (row, aliases, NULL);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;
  g_autofree char *text = NULL;

  if (type == G_TYPE_STRING)
    text = g_strdup (json_node_get_string (node));
  else if (type == G_TYPE_INT64)
    text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    return NULL;
  g_strstrip (text);
  return *text != '\0' ? g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_TEXT)) : NULL;
}

/* Seconds, milliseconds or microseconds since 1970, or text as SQL and JSON have it. */
static gint64
get_time (JsonObject *row, gint64 fallback)
{
  g_autofree char *text = get_text (row, times);
  gint64 number = text != NULL && strspn (text, "0123456789") == strlen (text) ? g_ascii_strtoll (text, NULL, 10) : 0;
  g_autofree char *whole = NULL;

  if (number > G_GINT64_CONSTANT (100000000000000))
    return number;
  if (number > G_GINT64_CONSTANT (100000000000))
    return number * 1000;
  if (number > 0)
    return number * G_USEC_PER_SEC;
  if (text == NULL || tempo_time_parse (text, &fallback))
    return fallback;
  if (strlen (text) > 10 && text[10] == ' ')
    text[10] = 'T';
  whole = g_strconcat (text, strlen (text) == 10 ? "T00:00:00Z" : "Z", NULL);
  tempo_time_parse (whole, &fallback);
  return fallback;
}

/* The night they are of is over: what still waited then is over, too. */
static const char *
get_state (JsonObject *row)
{
  static const struct { const char *theirs, *ours; } words[] = {
    { "played", "played" },     { "completed", "played" },   { "done", "played" },      { "rejected", "declined" },
    { "declined", "declined" }, { "denied", "declined" },    { "cancelled", "withdrawn" }, { "withdrawn", "withdrawn" },
  };
  g_autofree char *text = get_text (row, states);

  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (words[i].theirs, text) == 0)
      return words[i].ours;
  return "expired";
}

static void
note_members (Work *work, const char *table, JsonObject *row, const char *const *const *known)
{
  JsonObjectIter iter;
  const char *name = NULL;

  json_object_iter_init (&iter, row);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      gboolean understood = g_strv_contains (passed_over, name);

      for (guint i = 0; !understood && known[i] != NULL; i++)
        understood = g_strv_contains (known[i], name);
      if (!understood)
        note (work, "was not understood and left out", table, name);
    }
}

/* Rows */

static gboolean
is_elsewhere (Work *work, const char *id)
{
  return work->what->elsewhere != NULL && g_hash_table_contains (work->what->elsewhere, id);
}

static gboolean
is_there (Work *work, const char *table, const char *id, gboolean *there, GError **error)
{
  g_autofree char *name = g_strconcat ("single-has-", table, NULL);
  g_autofree char *answer = NULL;

  if (!run (work, &answer, error, name, "ss", work->what->tenant_id, id))
    return FALSE;
  *there = answer != NULL;
  work->result->there += *there;
  return TRUE;
}

static gboolean
ensure_event (Work *work, gint64 at, GError **error)
{
  gboolean there = FALSE;

  if (work->event_id != NULL)
    return TRUE;
  work->event_id = make_id ("event", work->what->tenant_id);
  /* It went with its room, and may come back with it: what comes now is another night's. */
  if (is_elsewhere (work, work->event_id))
    {
      g_autofree char *gone = g_steal_pointer (&work->event_id);

      work->event_id = make_id ("event", work->room_id);
    }
  if (!is_there (work, "event", work->event_id, &there, error))
    return FALSE;
  work->result->there -= there;
  return there
         || (run (work, NULL, error, "single-event", "sssis", work->what->tenant_id, work->event_id, work->room_id, at,
                  work->what->code)
             && run (work, NULL, error, "single-count", "ss", work->what->tenant_id, "EVT"));
}

static gboolean
add_request (Work *work, JsonObject *row, GError **error)
{
  static const char *const *const known[] = { ids, titles, artists, albums, names, messages, states, times, NULL };
  g_autofree char *old = get_text (row, ids);
  g_autofree char *title = get_text (row, titles);
  g_autofree char *artist = get_text (row, artists);
  g_autofree char *album = get_text (row, albums);
  g_autofree char *name = get_text (row, names);
  g_autofree char *message = get_text (row, messages);
  gint64 at = get_time (row, work->what->now);
  g_autofree char *key = old != NULL ? g_strdup (old) : g_strdup_printf ("%u %s %s", work->row, title, name);
  g_autofree char *id = make_id ("request", key);
  gboolean there = FALSE;

  note_members (work, "requests:", row, known);
  if (title == NULL)
    {
      note (work, "has no title and was left out", "requests: row", key);
      return TRUE;
    }
  if (is_elsewhere (work, id))
    {
      work->result->there++;
      return TRUE;
    }
  if (!is_there (work, "request", id, &there, error) || there)
    return there;
  work->result->requests++;
  return ensure_event (work, at, error)
         && run (work, NULL, error, "single-request", "ssssssssssis", work->what->tenant_id, id, work->room_id,
                 work->event_id, get_state (row), title, artist != NULL ? artist : "", album, name != NULL ? name : "",
                 message, at, work->what->code)
         && run (work, NULL, error, "single-count", "ss", work->what->tenant_id, "REQ");
}

static gboolean
add_setting (Work *work, const char *name, JsonNode *value, GError **error)
{
  g_autofree char *key = g_strconcat (PREFIX, name, NULL);
  g_autofree char *text = json_to_string (value, FALSE);
  gboolean there = FALSE;

  /* A secret is not for a database: the command line takes tokens from its environment into the keyring. */
  if (g_strv_contains (passed_over, name) || strstr (name, "token") != NULL || strstr (name, "secret") != NULL)
    {
      note (work, "is a secret and was left out", "settings:", name);
      return TRUE;
    }
  if (!is_there (work, "setting", key, &there, error) || there)
    return there;
  work->result->settings++;
  return run (work, NULL, error, "single-setting", "sss", work->what->tenant_id, key, text);
}

/* A row of key and value, or one wide row with a column a setting. */
static gboolean
add_settings (Work *work, JsonObject *row, GError **error)
{
  const char *found = NULL;
  JsonNode *key = find (row, keys, NULL);
  JsonNode *value = find (row, setting_values, &found);
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *node = NULL;

  if (key != NULL && value != NULL && json_node_get_value_type (key) == G_TYPE_STRING)
    return add_setting (work, json_node_get_string (key), value, error);
  json_object_iter_init (&iter, row);
  while (json_object_iter_next (&iter, &name, &node))
    if (strcmp (name, "id") != 0 && !JSON_NODE_HOLDS_NULL (node) && !add_setting (work, name, node, error))
      return FALSE;
  return TRUE;
}

/* People keep their passwords where those are bcrypt; others are set anew by the owner. */
static gboolean
add_member (Work *work, JsonObject *row, GError **error)
{
  static const char *const *const known[] = { ids, usernames, passwords, roles, times, NULL };
  g_autofree char *raw = get_text (row, usernames);
  g_autofree char *username = raw != NULL ? g_utf8_strdown (raw, -1) : NULL;
  g_autofree char *hash = get_text (row, passwords);
  g_autofree char *role = get_text (row, roles);
  g_autofree char *id = username != NULL ? make_id ("member", username) : NULL;
  gboolean there = FALSE;

  note_members (work, "users:", row, known);
  if (username == NULL)
    return TRUE;
  if (!is_there (work, "member", id, &there, error) || there)
    return there;
  if (hash != NULL && !g_str_has_prefix (hash, "$2"))
    g_clear_pointer (&hash, g_free);
  work->result->members++;
  return run (work, NULL, error, "single-member", "ssssis", work->what->tenant_id, id, username,
              hash != NULL ? hash : "", get_time (row, work->what->now),
              role != NULL && strstr (role, "admin") != NULL ? "admin" : "member");
}

typedef gboolean (*AddFunc) (Work *work, JsonObject *row, GError **error);

static AddFunc
find_part (const char *table)
{
  static const struct { const char *name; AddFunc add;
  } parts[] = {
    { "requests", add_request },
    { "song_requests", add_request },
    { "settings", add_settings },
    { "users", add_member },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_ascii_strcasecmp (parts[i].name, table) == 0)
      return parts[i].add;
  return NULL;
}

/* The two forms */

static JsonObject *
row_to_object (sqlite3_stmt *stmt)
{
  JsonObject *row = json_object_new ();

  for (int i = 0; i < sqlite3_column_count (stmt); i++)
    {
      const char *name = sqlite3_column_name (stmt, i);

      if (sqlite3_column_type (stmt, i) == SQLITE_INTEGER)
        json_object_set_int_member (row, name, sqlite3_column_int64 (stmt, i));
      else if (sqlite3_column_type (stmt, i) == SQLITE_FLOAT)
        json_object_set_double_member (row, name, sqlite3_column_double (stmt, i));
      else if (sqlite3_column_type (stmt, i) == SQLITE_TEXT)
        {
          g_autofree char *text = g_utf8_make_valid ((const char *) sqlite3_column_text (stmt, i), -1);

          json_object_set_string_member (row, name, text);
        }
    }
  return row;
}

static gboolean
read_table (Work *work, sqlite3 *from, const char *table, AddFunc add, GError **error)
{
  /* The name is one of ours, found in the file; there is no way to bind it. */
  g_autofree char *sql = g_strconcat ("SELECT * FROM \"", table, "\"", NULL);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int rc = sqlite3_prepare_v2 (from, sql, -1, &stmt, NULL);

  for (work->row = 0; rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW; work->row++)
    {
      g_autoptr (JsonObject) row = row_to_object (stmt);

      if (!add (work, row, error))
        return FALSE;
      rc = SQLITE_OK;
    }
  return rc == SQLITE_DONE || tempo_sqlite_fail (from, rc, table, error);
}

static gboolean
read_database (Work *work, const char *path, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (g_free);
  sqlite3 *from = tempo_sqlite_open (path, TEMPO_SQLITE_PLAIN, error);
  gboolean read = from != NULL;
  int rc = SQLITE_OK;

  if (from == NULL)
    return FALSE;
  rc = sqlite3_prepare_v2 (
    from, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", -1, &stmt,
    NULL);
  while (rc == SQLITE_OK && sqlite3_step (stmt) == SQLITE_ROW)
    g_ptr_array_add (tables, g_strdup ((const char *) sqlite3_column_text (stmt, 0)));
  g_clear_pointer (&stmt, sqlite3_finalize);
  if (rc != SQLITE_OK)
    read = tempo_sqlite_fail (from, rc, path, error);
  for (guint i = 0; read && i < tables->len; i++)
    {
      AddFunc add = find_part (tables->pdata[i]);

      if (add == NULL)
        note (work, "was not understood and left out", "table", tables->pdata[i]);
      else
        read = read_table (work, from, tables->pdata[i], add, error);
    }
  tempo_sqlite_close (from);
  return read;
}

static gboolean
read_rows (Work *work, const char *name, JsonNode *node, GError **error)
{
  AddFunc add = find_part (name);
  JsonArray *rows = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (add == NULL || (rows == NULL && !JSON_NODE_HOLDS_OBJECT (node)))
    {
      note (work, "was not understood and left out", "member", name);
      return TRUE;
    }
  if (rows == NULL)
    return add (work, json_node_get_object (node), error);
  for (work->row = 0; work->row < json_array_get_length (rows); work->row++)
    {
      JsonNode *row = json_array_get_element (rows, work->row);

      if (JSON_NODE_HOLDS_OBJECT (row) && !add (work, json_node_get_object (row), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_json (Work *work, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GList) members = NULL;

  if (g_file_get_contents (path, &text, &length, NULL) && length <= MAX_JSON)
    object = tempo_json_parse (text, length, NULL);
  if (object == NULL)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "“%s” is neither a database nor a JSON object",
                   path);
      return FALSE;
    }
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    if (!read_rows (work, l->data, json_object_get_member (object, l->data), error))
      return FALSE;
  return TRUE;
}

static gboolean
is_database (const char *path)
{
  char head[16] = { 0 };
  FILE *file = g_fopen (path, "rb");
  gsize length = file != NULL ? fread (head, 1, sizeof head, file) : 0;

  if (file != NULL)
    fclose (file);
  return length == sizeof head && memcmp (head, "SQLite format 3", sizeof head) == 0;
}

gboolean
tempo_single_collect (const char *db_path, GHashTable *elsewhere, GError **error)
{
  g_autoptr (GBytes) sql = tempo_sqlite_load ("connection/single-ids.sql", error);
  sqlite3 *db = sql != NULL ? tempo_sqlite_open (db_path, TEMPO_SQLITE_READER, error) : NULL;
  sqlite3_stmt *stmt = NULL;
  int rc = SQLITE_OK;

  if (db == NULL)
    return FALSE;
  rc = sqlite3_prepare_v2 (db, g_bytes_get_data (sql, NULL), -1, &stmt, NULL);
  while (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      g_hash_table_add (elsewhere, g_strdup ((const char *) sqlite3_column_text (stmt, 0)));
      rc = SQLITE_OK;
    }
  if (rc != SQLITE_DONE)
    tempo_sqlite_fail (db, rc, "Looking for what was imported before", error);
  sqlite3_finalize (stmt);
  tempo_sqlite_close (db);
  return rc == SQLITE_DONE;
}

/* Doors */

static gboolean
open_file (Work *work, GError **error)
{
  work->db = tempo_sqlite_open (work->what->db_path, TEMPO_SQLITE_WRITER, error);
  work->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  work->result->notes = g_ptr_array_new_with_free_func (g_free);
  return work->db != NULL && tempo_migration_apply (&tempo_migration_organization, work->db, error)
         && tempo_sqlite_exec (work->db, "BEGIN IMMEDIATE", error);
}

static gboolean
close_file (Work *work, gboolean good, GError **error)
{
  gboolean done = good && tempo_sqlite_exec (work->db, "COMMIT", error);

  if (work->db != NULL && !done)
    tempo_sqlite_exec (work->db, "ROLLBACK", NULL);
  if (work->db != NULL)
    sqlite3_wal_checkpoint_v2 (work->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  g_clear_pointer (&work->db, tempo_sqlite_close);
  return done;
}

static gboolean
find_room (Work *work, GError **error)
{
  if (!run (work, &work->room_id, error, "single-room", "s", work->what->tenant_id))
    return FALSE;
  if (work->room_id != NULL)
    return TRUE;
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND, "There is no room to put the requests into");
  return FALSE;
}

gboolean
tempo_single_import (const TempoSingle *self, const char *from_path, TempoSingleResult *result, GError **error)
{
  g_auto (Work) work = { .what = self, .result = result };
  gboolean good = FALSE;

  if (g_access (from_path, R_OK) != 0)
    return tempo_files_fail ("Opening", from_path, errno, error);
  good = open_file (&work, error) && find_room (&work, error)
         && (is_database (from_path) ? read_database (&work, from_path, error) : read_json (&work, from_path, error));
  return close_file (&work, good, error);
}

static gboolean
take_out (Work *work, const char *name, guint *n, GError **error)
{
  gint64 before = sqlite3_total_changes64 (work->db);

  if (!run (work, NULL, error, name, "s", work->what->tenant_id))
    return FALSE;
  *n += (guint) (sqlite3_total_changes64 (work->db) - before);
  return TRUE;
}

gboolean
tempo_single_rollback (const TempoSingle *self, TempoSingleResult *result, GError **error)
{
  g_auto (Work) work = { .what = self, .result = result };
  guint events = 0;
  gboolean good = open_file (&work, error) && take_out (&work, "single-drop-counts", &events, error)
                  && take_out (&work, "single-drop-requests", &result->requests, error)
                  && take_out (&work, "single-drop-events", &events, error)
                  && take_out (&work, "single-drop-settings", &result->settings, error)
                  && take_out (&work, "single-drop-members", &result->members, error)
                  && take_out (&work, "single-drop-zero", &events, error);

  return close_file (&work, good, error);
}

gboolean
tempo_single_export (const TempoSingle *self, const char *to_path, GError **error)
{
  g_autofree char *partial = g_strconcat (to_path, ".partial", NULL);
  TempoSingleResult ignored = { 0 };
  g_auto (Work) work = { .what = self, .result = &ignored };
  gboolean good = FALSE;

  if (!tempo_files_remove_tree (partial, error) || !tempo_files_make_private (partial, error))
    return FALSE;
  work.db = tempo_sqlite_open (self->db_path, TEMPO_SQLITE_WRITER, error);
  good = work.db != NULL && run (&work, NULL, error, "single-attach", "s", partial)
         && tempo_sqlite_exec_file (work.db, "connection/single-schema.sql", error)
         && run (&work, NULL, error, "single-give-requests", "s", self->tenant_id)
         && run (&work, NULL, error, "single-give-settings", "s", self->tenant_id);
  tempo_sqlite_close (work.db);
  if (good && g_rename (partial, to_path) == 0)
    return tempo_files_sync_folder_of (to_path, error);
  tempo_files_remove_tree (partial, NULL);
  return good ? tempo_files_fail ("Renaming to", to_path, errno, error) : FALSE;
}

gboolean
tempo_single_is_alone (const TempoSingle *self, GError **error)
{
  TempoSingleResult ignored = { 0 };
  g_auto (Work) work = { .what = self, .result = &ignored };
  g_autofree char *answer = NULL;

  work.db = tempo_sqlite_open (self->db_path, TEMPO_SQLITE_WRITER, error);
  if (work.db != NULL)
    run (&work, &answer, error, "single-others", "s", self->tenant_id);
  tempo_sqlite_close (work.db);
  return g_strcmp0 (answer, "0") == 0;
}
