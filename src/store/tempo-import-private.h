/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "tempo-portable-private.h"

G_BEGIN_DECLS

/* Lines of one table on their way into a file nobody else has open. */
typedef struct _TempoRowImport TempoRowImport;

/* NULL without an error when this Tempo has no such table. @as_new: ids become others. */
TempoRowImport *tempo_row_import_new (
  sqlite3 *db, const char *table, const char *tenant_id, gboolean as_new, gboolean credentials, GError **error);
void tempo_row_import_free (TempoRowImport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRowImport, tempo_row_import_free)
/* Bytes as they come; lines may be cut anywhere. Outside text. */
gboolean tempo_row_import_feed (TempoRowImport *self, const char *data, gsize length, GError **error);
gboolean tempo_row_import_end (TempoRowImport *self, guint64 rows, GError **error);
/* Members that are no column here. (transfer none) (element utf8). */
GPtrArray *tempo_row_import_get_unknown (TempoRowImport *self);
/* What an id becomes in another organization: the same each time, and as old. (transfer full). */
char *tempo_import_map_id (const char *tenant_id, const char *id);

/* The archive from a stream; @packed: (nullable) seekable source of it, for the limit of what it may grow to. For tests
 * too. */
TempoImported *
tempo_import_read_stream (const TempoImport *self, GInputStream *stream, GSeekable *packed, GError **error);

G_END_DECLS
