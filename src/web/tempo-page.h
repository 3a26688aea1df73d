/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A page with fields. {{name}} is filled with HTML-escaped text, good in text and in quoted attributes;
 * {{{name}}} with a block as it is, which the caller made safe. Nothing else: no loops, no conditions.
 * Parsed once, filled often. Immutable: any thread. */
typedef struct _TempoPage TempoPage;

typedef enum
{
  TEMPO_PAGE_ERROR_MALFORMED, /* a brace is left open or a name is not [a-z0-9_]+: the message has the line */
} TempoPageError;
#define TEMPO_PAGE_ERROR (tempo_page_error_quark ())
GQuark tempo_page_error_quark (void);

TempoPage *tempo_page_new (GBytes *template, GError **error);
void tempo_page_free (TempoPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoPage, tempo_page_free)

/* Pairs of name and value, then NULL; a NULL value, or a field not named, is empty. (transfer full). */
GBytes *tempo_page_fill (TempoPage *self, ...) G_GNUC_NULL_TERMINATED;
/* The same from a table of char* to char*. (transfer full). */
GBytes *tempo_page_fill_table (TempoPage *self, GHashTable *values);
gboolean tempo_page_has_field (TempoPage *self, const char *name);

/* & < > " ' as entities. */
void tempo_page_append_escaped (GString *html, const char *text);
/* JSON for a <script type="application/json"> block: '<', '>', '&' and the two line separators as \u escapes.
 * (transfer full). */
char *tempo_page_json (const char *json, gssize length);

G_END_DECLS
