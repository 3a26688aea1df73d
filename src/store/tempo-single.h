/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The predecessors' data, which had one owner and did not say whose they are: an SQLite file with tables "requests",
 * "settings" and perhaps "users", or a JSON object with members of those names. Columns go by many names; what is not
 * understood is told, not guessed. Into a file that nobody has open; block: worker threads. */

typedef struct
{
  const char *db_path, *tenant_id;
  const char *code; /* leads human numbers, DEF */
  gint64 now;
  GHashTable *elsewhere; /* (nullable) ids of what another import added and is in other organizations now */
} TempoSingle;

typedef struct
{
  guint requests, settings, members; /* added, or taken out */
  guint there;                       /* that were there from an earlier time */
  GPtrArray *notes;                  /* (owned) (element utf8) */
} TempoSingleResult;

void tempo_single_result_clear (TempoSingleResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TempoSingleResult, tempo_single_result_clear)

/* Adds what is not there yet, all or nothing: a second time adds nothing. Needs a room. CORRUPT: neither of both forms.
 */
gboolean
tempo_single_import (const TempoSingle *self, const char *from_path, TempoSingleResult *result, GError **error);
/* Adds to @elsewhere what imports have added to a file; it may be open. */
gboolean tempo_single_collect (const char *db_path, GHashTable *elsewhere, GError **error);
/* Takes out again what an import added, and nothing else. */
gboolean tempo_single_rollback (const TempoSingle *self, TempoSingleResult *result, GError **error);
/* Whether nothing happened in the organization but imports and their taking back: no request, no night. */
gboolean tempo_single_is_alone (const TempoSingle *self, GError **error);
/* Writes requests and settings back as the predecessors had them. @to_path: a new SQLite file. */
gboolean tempo_single_export (const TempoSingle *self, const char *to_path, GError **error);

G_END_DECLS
