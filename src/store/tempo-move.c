/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/tempo-move.h"

#include <string.h>

#include "store/tempo-store.h"
#include "tempo-catalogue-private.h"
#include "tempo-migration-private.h"
#include "tempo-sqlite-private.h"

/* What belongs to a room, parents first. ?1 and ?2 are the organizations it goes from and to, ?3 the room, ?4 its code;
 * s is the row. */
static const struct { const char *table, *which;
} parts[] = {
  { "room", "s.id = ?3" },
  { "room_setting", "s.room_id = ?3" },
  { "event", "s.room_id = ?3" },
  { "guest", "s.id IN (SELECT guest_id FROM gone.base_request WHERE tenant_id = ?1 AND room_id = ?3"
             " UNION SELECT v.guest_id FROM gone.base_vote v JOIN gone.base_request q ON q.tenant_id = v.tenant_id AND "
             "q.id = v.request_id"
             " WHERE v.tenant_id = ?1 AND q.room_id = ?3)"
             " AND NOT EXISTS (SELECT 1 FROM main.base_guest WHERE tenant_id = ?2 AND id = s.id)" },
  { "request", "s.room_id = ?3" },
  { "vote", "s.request_id IN (SELECT id FROM gone.base_request WHERE tenant_id = ?1 AND room_id = ?3)" },
  { "play", "s.room_id = ?3" },
  { "playback", "s.room_id = ?3" },
  { "display", "s.room_id = ?3" },
  { "search_miss", "s.room_id = ?3" },
};

/* A guest with the same phone in both is two people until the phone asks the next time. */
static const TempoCatalogueValue values[] = {
  { "event", "number",
    "iif (EXISTS (SELECT 1 FROM main.base_event WHERE tenant_id = ?2 AND number = s.number), s.number || '-' || ?4, "
    "s.number)" },
  { "request", "number",
    "iif (EXISTS (SELECT 1 FROM main.base_request WHERE tenant_id = ?2 AND number = s.number), s.number || '-' || ?4, "
    "s.number)" },
  { "guest", "token_digest",
    "iif (EXISTS (SELECT 1 FROM main.base_guest WHERE tenant_id = ?2 AND token_digest = s.token_digest), 'gone:' || "
    "s.id, s.token_digest)" },
  { NULL, NULL, NULL },
};

static gboolean
run (sqlite3 *db,
     const char *sql,
     const char *first,
     const char *second,
     const char *third,
     const char *fourth,
     GError **error)
{
  const char *texts[] = { first, second, third, fourth };
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int rc = sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL);

  for (int i = 0; rc == SQLITE_OK && i < (int) G_N_ELEMENTS (texts) && i < sqlite3_bind_parameter_count (stmt); i++)
    rc = sqlite3_bind_text (stmt, i + 1, texts[i], -1, SQLITE_STATIC);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  return rc == SQLITE_DONE || tempo_sqlite_fail (db, rc, "Moving the room", error);
}

static gboolean
run_file (sqlite3 *db, const char *name, const char *first, const char *second, const char *third, GError **error)
{
  g_autoptr (GBytes) sql = tempo_sqlite_load (name, error);

  return sql != NULL && run (db, g_bytes_get_data (sql, NULL), first, second, third, NULL, error);
}

static gboolean
remove_in (sqlite3 *db, const char *tenant_id, const char *room_id, GError **error)
{
  return run_file (db, "connection/move-guests.sql", tenant_id, room_id, NULL, error)
         && run_file (db, "connection/move-room.sql", tenant_id, room_id, NULL, error);
}

static gboolean
copy_parts (const TempoMove *self, sqlite3 *db, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *sql = tempo_catalogue_make_copy (db, parts[i].table, values, parts[i].which, error);

      if (sql == NULL || !run (db, sql, self->from_tenant, self->to_tenant, self->room_id, self->code, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
end (sqlite3 *db, gboolean good, GError **error)
{
  if (good && tempo_sqlite_exec (db, "COMMIT", error))
    return TRUE;
  tempo_sqlite_exec (db, "ROLLBACK", NULL);
  return FALSE;
}

/* Both are brought to the newest schema first: the columns are named by one of them. */
static sqlite3 *
open_file (const char *path, GError **error)
{
  sqlite3 *db = NULL;

  if (!tempo_migration_inspect (&tempo_migration_organization, path, error))
    return NULL;
  db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, error);
  if (db != NULL && tempo_migration_apply (&tempo_migration_organization, db, error))
    return db;
  tempo_sqlite_close (db);
  return NULL;
}

static void
close_file (sqlite3 *db)
{
  if (db != NULL)
    sqlite3_wal_checkpoint_v2 (db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  tempo_sqlite_close (db);
}

gboolean
tempo_move_copy (const TempoMove *self, GError **error)
{
  sqlite3 *from = open_file (self->from_path, error);
  sqlite3 *db = from != NULL ? open_file (self->to_path, error) : NULL;
  gboolean done = FALSE;

  close_file (from);
  done = db != NULL && run_file (db, "connection/move-attach.sql", self->from_path, NULL, NULL, error)
         && tempo_sqlite_exec (db, "BEGIN IMMEDIATE", error)
         && end (db, remove_in (db, self->to_tenant, self->room_id, error) && copy_parts (self, db, error), error);
  close_file (db);
  return done;
}

gboolean
tempo_move_remove (const char *path, const char *tenant_id, const char *room_id, GError **error)
{
  sqlite3 *db = open_file (path, error);
  gboolean done = db != NULL && tempo_sqlite_exec (db, "BEGIN IMMEDIATE", error)
                  && end (db, remove_in (db, tenant_id, room_id, error), error);

  close_file (db);
  return done;
}
