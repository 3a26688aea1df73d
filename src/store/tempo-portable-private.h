/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-portable.h"

G_BEGIN_DECLS

/* What export and import both know. */

/* One file of an archive, as its manifest says. */
typedef struct
{
  char *path;     /* (owned) "tables/room.jsonl", "media/…" */
  char *sha256;   /* (owned) 64 characters */
  guint64 bytes;
  guint64 rows;
} TempoPortableFile;

typedef struct
{
  TempoOrganization *organization; /* (owned) */
  gint64 schema_version;
  gint64 hlc;
  gint64 created_at;
  gboolean credentials;
  GPtrArray *files; /* (owned) (element TempoPortableFile) */
} TempoManifest;

TempoManifest *tempo_manifest_new (void);
void tempo_manifest_free (TempoManifest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoManifest, tempo_manifest_free)
TempoPortableFile *tempo_manifest_add (TempoManifest *self, const char *path);
GBytes *tempo_manifest_to_json (TempoManifest *self);
/* Outside text. Errors: CORRUPT, NEWER. */
TempoManifest *tempo_manifest_parse (const char *text, gsize length, GError **error);

/* Whether a table belongs into an archive. */
gboolean tempo_portable_has_table (const char *table, gboolean credentials);
/* What stands in a column instead of what lets somebody sign in; NULL: the value itself. */
const char *tempo_portable_replacement (const char *table, const char *column, gboolean credentials);

G_END_DECLS
