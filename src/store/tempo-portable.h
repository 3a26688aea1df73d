/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/tempo-organization.h"

G_BEGIN_DECLS

/* An organization as one file that other hosts and other programs can read: a gzipped tar of
 *
 *   manifest.json       what it is, of whom, and for each other file its bytes, its SHA-256 and its rows
 *   tables/NAME.jsonl   a JSON object a row, a line each; the members are the columns of data/sql/migrations without
 *                       tenant_id, NULL is left out, a blob is {"base64": …}
 *   media/…             the organization's own files
 *
 * Not in it: whose file it is, sessions, answers to repeated requests, what sounds now; and, unless asked for, all that
 * lets somebody sign in. All functions block: worker threads. Memory does not grow with the number of rows. */

#define TEMPO_PORTABLE_VERSION 1
/* What one archive may grow to when it is unpacked, and how many files it may have. */
#define TEMPO_PORTABLE_MAX_BYTES (G_GUINT64_CONSTANT (32) << 30)
#define TEMPO_PORTABLE_MAX_FILES 100000
#define TEMPO_PORTABLE_MAX_LINE (1 << 20)

typedef struct
{
  const char *db_path;             /* a copy that nobody writes, as tempo_store_backup() makes */
  const char *tenant_id;
  TempoOrganization *organization;
  const char *folder;              /* (nullable) of the organization, whose media go along */
  gboolean credentials;
  gint64 now;
} TempoExport;

/* Written beside and renamed at the end; on failure nothing is left. Errors: TEMPO_STORE_ERROR. */
gboolean tempo_export_write (const TempoExport *self, const char *to_path, GError **error);

typedef struct
{
  const char *from_path;
  const char *folder;       /* made for it: gets tempo.db and media; the caller removes it on failure */
  const char *as_tenant_id; /* (nullable) a new organization: all ids become others, human numbers stay */
  gint64 now;
} TempoImport;

/* What an archive held. */
typedef struct
{
  TempoOrganization *organization; /* (owned) with the id, slug and code of the archive, or the new id */
  guint64 rows;
  guint64 media;
  GPtrArray *notes; /* (owned) (element utf8) what was left out, and why */
  GPtrArray *rooms; /* (owned) (element utf8) code, id, code, id, … */
} TempoImported;

void tempo_imported_free (TempoImported *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoImported, tempo_imported_free)

/* Reads and checks all of it. CORRUPT: not one, damaged, cut off, or made to do harm; NEWER: by a newer Tempo.
 * (transfer full). */
TempoImported *tempo_import_read (const TempoImport *self, GError **error);
/* Gives a room of a file that nobody has open another join code. */
gboolean tempo_import_set_room_code (
  const char *db_path, const char *tenant_id, const char *room_id, const char *code, GError **error);

G_END_DECLS
