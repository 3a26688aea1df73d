/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* The hash chain of the audit log. Each row's hash goes over the one before, over its values and a salt, which stands
 * behind it. To take a person's text out of the log is to empty the row and to cut the salt off: the chain goes on over
 * the hash, which without the salt tells nothing of the text, and a row about the erasure holds the digest of what is
 * left. */

int tempo_audit_add_function (sqlite3 *db, const char *tenant_id);
gpointer tempo_audit_verify_func (TempoScope *scope, gpointer user_data, GError **error);
gpointer tempo_audit_note_func (TempoScope *scope, gpointer user_data, GError **error);
gboolean tempo_audit_chain_anew (sqlite3 *db, const char *tenant_id, GError **error);
void tempo_audit_add_left (GChecksum *digest, const char *origin, gint64 seq, const char *left);

/* What tempo_audit_verify_func() gives back. */
typedef struct
{
  const char *noted; /* (unowned) (nullable) lines of tempo_audit_note_func() */
  guint64 rows;
  char *head; /* (owned) (nullable) the last hash of the last chain */
} TempoAuditResult;

G_END_DECLS
