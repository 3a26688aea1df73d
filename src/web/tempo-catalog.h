/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Sentences for guests in their own language, from <prefix>/<lang>.json in a GResource, made of the po
 * files at build time: {"": {"plural": "n != 1"}, "msgid": "text", "context\u0004msgid": "text",
 * "msgid": ["one", "many"]}. A plural entry is keyed by its singular. The rules known are "n != 1" (en, de,
 * es), "n > 1" (fr) and "0" (one form). A message not in the catalog is itself the English.
 * Immutable after construction: any thread. */
typedef struct _TempoCatalog TempoCatalog;

#define TEMPO_CATALOG_PREFIX "/io/github/tempo_venue/Tempo/catalog"

/* Loads every catalog beneath @prefix (nullable for TEMPO_CATALOG_PREFIX) of @resources (nullable for the
 * registered ones). None at all is no error: then all is English. */
TempoCatalog *tempo_catalog_new (GResource *resources, const char *prefix, GError **error);
void tempo_catalog_free (TempoCatalog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoCatalog, tempo_catalog_free)

/* @context: (nullable). The text, or @msgid itself. (transfer none). */
const char *tempo_catalog_lookup (TempoCatalog *self, const char *language, const char *context, const char *msgid);
/* The form for @n, or @msgid / @plural by the English rule. (transfer none). */
const char *tempo_catalog_plural (TempoCatalog *self, const char *language, const char *context,
                                  const char *msgid, const char *plural, guint64 n);
/* The whole catalog as JSON for the page's script; "{}" when there is none. (transfer none). */
GBytes *tempo_catalog_get_json (TempoCatalog *self, const char *language);

/* The first of @choice (?lang=), @cookie and the best of @accept (Accept-Language, by its weights) that is
 * one of our languages; else "en". All nullable. A static text. */
const char *tempo_catalog_negotiate (const char *choice, const char *cookie, const char *accept);
/* NULL-terminated: en, de, es, fr. */
const char *const *tempo_catalog_languages (void);

G_END_DECLS
