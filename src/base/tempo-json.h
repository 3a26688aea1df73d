/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Writing: an append-only writer straight into one GString. json-glib's builder
 * makes a tree of boxed nodes first; on the path of every request and every
 * change that tree costs more than the rest of the work.
 * Reading: json-glib behind a guard, because json-glib 1.6 recurses without a
 * limit (200 KB of '[' end the process). */

/* A key is NULL inside an array and at the top. Commas are the writer's work. */
TempoJson *tempo_json_new (void);
void tempo_json_free (TempoJson *self);
/* Empty again, as new: for one after the other. */
void tempo_json_clear (TempoJson *self);
void tempo_json_begin_object (TempoJson *self, const char *key);
void tempo_json_end_object (TempoJson *self);
void tempo_json_begin_array (TempoJson *self, const char *key);
void tempo_json_end_array (TempoJson *self);
/* NULL text is written as null; invalid UTF-8 is replaced, never passed on. */
void tempo_json_string (TempoJson *self, const char *key, const char *value);
void tempo_json_int (TempoJson *self, const char *key, gint64 value);
void tempo_json_double (TempoJson *self, const char *key, double value);
void tempo_json_bool (TempoJson *self, const char *key, gboolean value);
void tempo_json_null (TempoJson *self, const char *key);
/* Wall time in microseconds as RFC 3339; 0 is written as null. */
void tempo_json_time (TempoJson *self, const char *key, gint64 wall_us);
/* Already serialized JSON, trusted. */
void tempo_json_raw (TempoJson *self, const char *key, const char *json, gssize length);
/* Ends the writer and hands its bytes over. (transfer full) */
GBytes *tempo_json_finish (TempoJson *self);
/* The text so far, valid until the next call. */
const char *tempo_json_peek (TempoJson *self, gsize *length);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoJson, tempo_json_free)

#define TEMPO_JSON_MAX_DEPTH 32

typedef enum
{
  TEMPO_JSON_ERROR_TOO_DEEP, /* nesting over TEMPO_JSON_MAX_DEPTH: refuse the peer's body */
  TEMPO_JSON_ERROR_INVALID,  /* not JSON or not UTF-8: refuse the peer's body */
  TEMPO_JSON_ERROR_MEMBER,   /* a member is missing or of the wrong kind: the message names it */
} TempoJsonError;
#define TEMPO_JSON_ERROR (tempo_json_error_quark ())
GQuark tempo_json_error_quark (void);

/* Parses outside text: UTF-8, depth <= TEMPO_JSON_MAX_DEPTH checked by a byte scan
 * before json-glib sees it. The top must be an object. (transfer full). Any thread. */
JsonObject *tempo_json_parse (const char *data, gsize length, GError **error);
/* Typed members. Absent or null gives @fallback; a wrong kind, or text over
 * @max_chars characters, sets @error (TEMPO_JSON_ERROR_MEMBER) and gives @fallback.
 * When @error is set already they give @fallback and leave it, so several members can be
 * read in a row and the error looked at once. */
const char *tempo_json_get_string (JsonObject *object, const char *member, gsize max_chars, const char *fallback, GError **error);
gint64 tempo_json_get_int (JsonObject *object, const char *member, gint64 min, gint64 max, gint64 fallback, GError **error);
gboolean tempo_json_get_bool (JsonObject *object, const char *member, gboolean fallback, GError **error);

G_END_DECLS
