/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"
#include "web/tempo-exchange.h"

G_BEGIN_DECLS

/* The static files of the pages, from the program's GResource. An address carries the digest of the
 * content (/assets/guest/app.js?v=3f2a…), so it may be cached for ever; without it, or with an old one,
 * the file is sent with an ETag and must be asked for again. Text is sent gzipped to those who take it,
 * compressed once. Engine thread only. */
typedef struct _TempoAssets TempoAssets;

/* @resources: (nullable) for the registered ones. @prefix: "/io/github/tempo_venue/Tempo/web". */
TempoAssets *tempo_assets_new (GResource *resources, const char *prefix, GError **error);
void tempo_assets_free (TempoAssets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoAssets, tempo_assets_free)

/* @name: the path beneath @prefix, "guest/app.js". "/assets/guest/app.js?v=…", NULL when there is no such
 * file. (transfer none). */
const char *tempo_assets_get_url (TempoAssets *self, const char *name);
/* The file itself, for templates; NULL when there is none. (transfer none). */
GBytes *tempo_assets_get_bytes (TempoAssets *self, const char *name);
/* Answers with the file, 304, or 404. Templates (*.html) are not given out. For a route
 * "/assets/{name...}": tempo_exchange_get_param (exchange, "name"). */
void tempo_assets_answer (TempoAssets *self, TempoExchange *exchange, const char *name);

G_END_DECLS
