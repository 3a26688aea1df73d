/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What keeps a connection to one organization. Three fences, each tested by taking it away:
 *  - temp views named as code knows the tables, filtered by tempo_tenant(), and INSTEAD OF
 *    triggers for writes, both generated from the schema, so a new table cannot be forgotten;
 *  - an authorizer that refuses base tables unless such a view or trigger is what reads them,
 *    and ATTACH, PRAGMA, transactions, changes of the schema and other files altogether;
 *  - a rule on the text: SQL that says "base_" is refused, because a common table expression
 *    that is named like a view looks to the authorizer as if it were the view. */

/* For the isolation suite: a fence left out must be noticed. */
typedef enum
{
  TEMPO_GUARD_WHOLE = 0,
  TEMPO_GUARD_NO_TEXT_RULE = 1 << 0,
  TEMPO_GUARD_NO_AUTHORIZER = 1 << 1,
  TEMPO_GUARD_NO_VIEW_FILTER = 1 << 2,
  TEMPO_GUARD_NO_TRIGGER_FILTER = 1 << 3,
} TempoGuardWeakness;

typedef struct _TempoGuard TempoGuard;

TempoGuard *tempo_guard_new (sqlite3 *db, gboolean writable, TempoGuardWeakness weakness, GError **error);
void tempo_guard_free (TempoGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoGuard, tempo_guard_free)

sqlite3_stmt *tempo_guard_prepare (TempoGuard *self, const char *sql, GError **error);
sqlite3_stmt *tempo_guard_prepare_trusted (TempoGuard *self, const char *sql, GError **error);

G_END_DECLS
