/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "tempo-guard-private.h"

G_BEGIN_DECLS

/* From the schema of a file to the SQL of its guarding views and triggers. */

/* What a view lets statements do beyond reading. */
typedef enum
{
  TEMPO_VIEW_READ_ONLY = 0,
  TEMPO_VIEW_MAY_INSERT = 1 << 0,
  TEMPO_VIEW_MAY_CHANGE = 1 << 1, /* update and delete */
} TempoViewRights;

GPtrArray *tempo_catalogue_list_tables (sqlite3 *db, GError **error);
TempoViewRights tempo_catalogue_get_rights (const char *table, gboolean writable);
gboolean tempo_catalogue_append_view (
  sqlite3 *db, const char *table, TempoViewRights rights, TempoGuardWeakness weakness, GString *sql, GError **error);

/* For whole tables of one organization, unguarded: exports and imports. Without tenant_id. */
GPtrArray *tempo_catalogue_list_columns (sqlite3 *db, const char *table, GError **error);
char *tempo_catalogue_make_select (sqlite3 *db, const char *table, GError **error);
/* SQL for a column instead of its own value, up to a NULL table. */
typedef struct
{
  const char *table, *column, *sql;
} TempoCatalogueValue;
char *tempo_catalogue_make_copy (
  sqlite3 *db, const char *table, const TempoCatalogueValue *values, const char *which, GError **error);
char *tempo_catalogue_make_insert (sqlite3 *db, const char *table, GError **error);

G_END_DECLS
