/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "store/tempo-batch.h"
#include "store/tempo-scope.h"
#include "tempo-guard-private.h"
#include "tempo-sqlite-private.h"

G_BEGIN_DECLS

/* What the store itself does with a scope. Tests open two of different organizations on one file. */

TempoScope *tempo_scope_new (sqlite3 *db, TempoSqliteKind kind, const char *tenant_id, TempoGuardWeakness weakness, GError **error);
TempoScope *tempo_scope_open (const char *path, TempoSqliteKind kind, const char *tenant_id, TempoGuardWeakness weakness, GError **error);
void tempo_scope_free (TempoScope *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoScope, tempo_scope_free)

sqlite3 *tempo_scope_get_db (TempoScope *self);
gboolean tempo_scope_control (TempoScope *self, const char *sql, GError **error);
gboolean tempo_scope_execute (TempoScope *self, TempoBatch *batch, GError **error);
gboolean tempo_scope_commit (TempoScope *self, GError **error);
gboolean tempo_scope_try_sql_rows (TempoScope *self, const char *sql, GString *rows, GError **error);

G_END_DECLS
