/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"

/* One page of the log that was asked for: filters, place, length. */
typedef struct _TempoAuditSearch TempoAuditSearch;

/* @filters: (nullable) a URI query: q, action, actor, from, to, cursor. NULL with TEMPO_REFUSAL_INVALID. (transfer
 * full). */
TempoAuditSearch *tempo_audit_search_new (const char *filters, const char *cursor, guint limit, GError **error);
void tempo_audit_search_free (TempoAuditSearch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoAuditSearch, tempo_audit_search_free)
/* A TempoReadFunc. @search: a TempoAuditSearch. Gives GBytes {"audit":[…],"next":cursor|null}. */
gpointer tempo_audit_search_read (TempoScope *scope, gpointer search, GError **error);
