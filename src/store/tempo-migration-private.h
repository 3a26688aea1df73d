/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Versions of an organization's schema, PRAGMA user_version. What a new one must carry:
 * a line here, data/sql/migrations/NNNN.up.sql and .down.sql, and once released a frozen
 * fixture of it in tests/store/fixtures. */
typedef enum
{
  TEMPO_SCHEMA_EMPTY = 0,
  TEMPO_SCHEMA_FIRST = 1, /* rooms, events, guests, requests, votes, plays, staff, audit */
  TEMPO_SCHEMA_PEOPLE = 2, /* second factors, sessions, invitations, several sources, usage */
  TEMPO_SCHEMA_NEWEST = TEMPO_SCHEMA_PEOPLE,
} TempoSchema;

/* A line of numbered steps, each an "up" and a "down" script in one transaction. */
typedef struct
{
  const char *folder;    /* below data/sql */
  guint32 application_id; /* PRAGMA application_id of files at version 1 and above */
  int newest;
} TempoMigration;

extern const TempoMigration tempo_migration_organization;
extern const TempoMigration tempo_migration_registry;

gboolean tempo_migration_inspect (const TempoMigration *self, const char *path, GError **error);
gboolean tempo_migration_check (const TempoMigration *self, sqlite3 *db, int *version, GError **error);
gboolean tempo_migration_apply (const TempoMigration *self, sqlite3 *db, GError **error);
gboolean tempo_migration_revert (const TempoMigration *self, sqlite3 *db, int to_version, GError **error);

G_END_DECLS
