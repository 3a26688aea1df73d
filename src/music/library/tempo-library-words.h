/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How text becomes words that can be searched: one function for what is stored
 * and for what is typed, so that both always agree. Pure; any thread. */

#define TEMPO_LIBRARY_MAX_QUERY_WORDS 8
#define TEMPO_LIBRARY_MAX_WORD_BYTES 48

/* Folded words of @text (any bytes, NULL is "") with single spaces between. (transfer full). */
char *tempo_library_words (const char *text);
/* The words of a query, at most TEMPO_LIBRARY_MAX_QUERY_WORDS, each at most
 * TEMPO_LIBRARY_MAX_WORD_BYTES long. (transfer full). */
char *tempo_library_query_words (const char *query);
/* The full text expression of query words: "one"* "two"*, or NULL when there is none. (transfer full) (nullable). */
char *tempo_library_match_expression (const char *query_words);
/* How well a song with @title and @artist (words) answers @query_words; more is better, 0 is "somewhere in it". */
int tempo_library_score (const char *query_words, const char *title, const char *artist);

G_END_DECLS
