/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* One request and its answer. A handler answers at once, or keeps a reference and answers later, from
 * the same thread: if the guest is gone by then, the answer goes nowhere and nothing breaks. The first
 * answer counts, later ones are ignored. An exchange let go of unanswered answers 500.
 * The texts it hands out live as long as the exchange. Engine thread only. */

TempoExchange *tempo_exchange_ref (TempoExchange *self);
void tempo_exchange_unref (TempoExchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoExchange, tempo_exchange_unref)

/* The request. Everything was checked: paths and queries are valid UTF-8 without NUL. */
const char *tempo_exchange_get_method (TempoExchange *self);
/* As it came, undecoded, without the query. */
const char *tempo_exchange_get_path (TempoExchange *self);
/* NULL only where nothing matched. */
const TempoRoute *tempo_exchange_get_route (TempoExchange *self);
/* A {param} of the pattern, decoded. NULL when the pattern has none of that name. */
const char *tempo_exchange_get_param (TempoExchange *self, const char *name);
/* The first value of that name in the query, decoded ('+' is a space); NULL when absent. */
const char *tempo_exchange_get_query (TempoExchange *self, const char *name);
/* A whole number of the query within [@min, @max]; @fallback when absent, malformed or outside. */
gint64 tempo_exchange_get_query_int (TempoExchange *self, const char *name, gint64 min, gint64 max, gint64 fallback);
/* The query as it came, "" when there is none. */
const char *tempo_exchange_get_query_string (TempoExchange *self);
const char *tempo_exchange_get_header (TempoExchange *self, const char *name);
const char *tempo_exchange_get_cookie (TempoExchange *self, const char *name);
/* The token of "Authorization: Bearer …", NULL when there is none. */
const char *tempo_exchange_get_bearer (TempoExchange *self);
/* Host as sent, known to be one of ours: for links back to us. "192.168.1.20:8080" */
const char *tempo_exchange_get_host (TempoExchange *self);
/* "en", "de", "es" or "fr": ?lang=, else the cookie tempo_lang, else Accept-Language, else "en". */
const char *tempo_exchange_get_language (TempoExchange *self);
/* The peer: "192.168.1.34". For throttles, logs and audit, never an identity. */
const char *tempo_exchange_get_address (TempoExchange *self);
gboolean tempo_exchange_is_loopback (TempoExchange *self);
gboolean tempo_exchange_is_secure (TempoExchange *self);
/* Does the client ask for a page (Accept names text/html) rather than data? */
gboolean tempo_exchange_wants_html (TempoExchange *self);

/* The body: (transfer none), empty when there is none. */
GBytes *tempo_exchange_get_body (TempoExchange *self);
/* The body as a JSON object, parsed once: (transfer none). Errors: TEMPO_JSON_ERROR. */
JsonObject *tempo_exchange_get_json (TempoExchange *self, GError **error);
/* The same; when it is not one, answers 400 (code "invalid_json") by itself and returns NULL: just return. */
JsonObject *tempo_exchange_need_json (TempoExchange *self);
/* A field of an application/x-www-form-urlencoded body, decoded; NULL when absent or not such a body. */
const char *tempo_exchange_get_form (TempoExchange *self, const char *name);

/* What the authorizer found out, for the handler: one pointer. */
void tempo_exchange_set_data (TempoExchange *self, gpointer data, GDestroyNotify destroy);
gpointer tempo_exchange_get_data (TempoExchange *self);

/* Before the answer: headers of it. A later value of the same name replaces. */
void tempo_exchange_set_header (TempoExchange *self, const char *name, const char *value);
/* HttpOnly; SameSite=Strict; Path=/, and Secure when it goes out by TLS. @max_age: seconds, 0 for the browser's session, negative removes it. */
void tempo_exchange_set_cookie (TempoExchange *self, const char *name, const char *value, gint64 max_age);
/* SameSite=Lax: for the guest's cookie, which must come along when a link is followed. */
void tempo_exchange_set_lax_cookie (TempoExchange *self, const char *name, const char *value, gint64 max_age);
void tempo_exchange_set_retry_after (TempoExchange *self, guint seconds);

/* Sets ETag to "@tag"; if the client has that already, answers 304 and returns TRUE: just return. */
gboolean tempo_exchange_not_modified (TempoExchange *self, const char *tag);

/* The answers. JSON is never stored by caches unless Cache-Control was set before. */
void tempo_exchange_answer_json (TempoExchange *self, guint status, GBytes *json);
/* Finishes @json (which must be complete) and takes it. */
void tempo_exchange_answer_writer (TempoExchange *self, guint status, TempoJson *json);
/* application/problem+json of @code, @title, @detail (nullable); see tempo-problem.h. */
void tempo_exchange_answer_problem (TempoExchange *self, guint status, const char *code, const char *title, const char *detail);
/* The same with extra members: @problem comes from tempo_problem_begin(), still open; is taken. */
void tempo_exchange_answer_problem_writer (TempoExchange *self, guint status, TempoJson *problem);
void tempo_exchange_answer_html (TempoExchange *self, guint status, GBytes *html);
/* Any other type; sets no Cache-Control. */
void tempo_exchange_answer_bytes (TempoExchange *self, guint status, const char *type, GBytes *bytes);
/* @location: a path of ours ("/acme/main?said=thanks") or a whole address. */
void tempo_exchange_answer_redirect (TempoExchange *self, guint status, const char *location);
void tempo_exchange_answer_empty (TempoExchange *self, guint status);

gboolean tempo_exchange_is_answered (TempoExchange *self);
/* The client closed: work for it may be dropped. */
gboolean tempo_exchange_is_gone (TempoExchange *self);

G_END_DECLS
