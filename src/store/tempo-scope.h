/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* The only way to tenant data: a connection bound to one organization. Its SQL names the
 * views (request, guest, …), never the base tables and never tenant_id; a guard refuses the rest.
 * One thread at a time.
 *
 * How statements are written:
 *  - Views show every column but tenant_id. origin and hlc (and seq, prev, hash of audit) are filled by the
 *    scope whatever a statement says. NULL for a column with a default that may not be NULL means the default.
 *  - UPSERT (ON CONFLICT … DO) does not work on views. "Insert or update" is either INSERT OR REPLACE, whose OR
 *    reaches the table behind the view, or an UPDATE followed by INSERT … SELECT … WHERE NOT EXISTS (SELECT …).
 *    OR REPLACE removes the old row first, with all that references it by ON DELETE CASCADE: so only for
 *    setting, counter, playback, vote, idempotency, never for room, event, guest, request, display, member
 *    (a test refuses it). INSERT OR IGNORE works everywhere.
 *  - Columns left out of OR REPLACE go back to their defaults.
 *  - changes() is 0 through views: count with a SELECT before, or let a constraint refuse.
 *  - A row's key never changes, nor whose song, of which night and room it is, its number and when it was wished for: an
 *    UPDATE that names them is refused (CONSTRAINT).
 *  - RETURNING gives the values the statement said, not what the scope filled in. */

/* Starts the named statement with bound values (letters as in tempo_batch_add()).
 * One cursor of a name at a time per scope. (transfer full). NULL on error. */
TempoRows *tempo_scope_query (TempoScope *self, GError **error, const char *name, const char *format, ...);
/* Steps. FALSE at the end or on error. */
gboolean tempo_rows_next (TempoRows *self, GError **error);
/* Columns of the current row; text is valid until the next step. */
const char *tempo_rows_text (TempoRows *self, int column);
gint64 tempo_rows_int (TempoRows *self, int column);
double tempo_rows_double (TempoRows *self, int column);
GBytes *tempo_rows_bytes (TempoRows *self, int column); /* (transfer full) (nullable) */
gboolean tempo_rows_is_null (TempoRows *self, int column);
void tempo_rows_free (TempoRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRows, tempo_rows_free)

/* For the isolation suite and its mutation checks only: prepares free SQL under the same guard. */
gboolean tempo_scope_try_sql (TempoScope *self, const char *sql, GError **error);

G_END_DECLS
