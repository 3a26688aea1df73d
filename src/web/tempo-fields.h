/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The small languages inside a request: paths, queries, forms, cookies. Pure functions over outside text,
 * each fuzzed. Any thread. */

#define TEMPO_MAX_SEGMENTS 16
#define TEMPO_MAX_FIELDS 64

/* Percent-decodes once. NULL when the result is not UTF-8 or holds a control character. @plus: '+' is a
 * space, as in queries and forms. (transfer full). */
char *tempo_decode (const char *text, gsize length, gboolean plus);
/* The segments of "/a/b%20c", decoded. NULL when the path is not acceptable: it does not start with '/', has
 * over TEMPO_MAX_SEGMENTS, an empty one that is not the last, or one that is "." or ".." or holds '/', '\'
 * or what tempo_decode() refuses. "/" has none; a slash at the end gives an empty last one. (transfer full). */
GStrv tempo_path_split (const char *path, gsize length);
/* name=value&… into a table of the first value of each name. Malformed pairs are left out; NULL never.
 * (transfer full). */
GHashTable *tempo_query_parse (const char *text, gsize length);
/* The value of the first cookie @name, as it came but for surrounding quotes. NULL when absent. (transfer full). */
char *tempo_cookie_find (const char *header, const char *name);
/* A Last-Event-ID of ours: digits only. FALSE leaves @id alone. */
gboolean tempo_event_id_parse (const char *text, guint64 *id);

G_END_DECLS
