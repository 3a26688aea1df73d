/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* The hash chain of the audit log. */

int tempo_audit_add_function (sqlite3 *db, const char *tenant_id);
gpointer tempo_audit_verify_func (TempoScope *scope, gpointer user_data, GError **error);

/* What tempo_audit_verify_func() gives back. */
typedef struct
{
  guint64 rows;
  char *head; /* (owned) (nullable) the last hash of the last chain */
} TempoAuditResult;

G_END_DECLS
