/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

#define TEMPO_ID_LENGTH 36

/* A UUIDv7 (RFC 9562 section 5.7) in canonical lower-case text; ids made by one
 * process never go backwards, also within a millisecond. Any thread. (transfer full). */
char *tempo_id_new (TempoClock *clock);
/* TRUE when @text is a canonical lower-case UUID. NULL is not. */
gboolean tempo_id_is_valid (const char *text);
/* @n_bytes (16..64) from the system's random source as unpadded base64url. (transfer full). */
char *tempo_token_random (gsize n_bytes);
/* A join code: @length characters of Crockford base 32 without vowels, upper case. (transfer full). */
char *tempo_code_new (gsize length);
/* TRUE for a join code somebody chose: 4 to 12 letters and digits, a-z in any case. NULL is not. */
gboolean tempo_code_is_valid (const char *code);
/* A public name made from any text: lower case, a-z 0-9 and single hyphens, at
 * most 40 characters, never empty ("venue" if nothing is left). (transfer full). */
char *tempo_slug_from_name (const char *name);
gboolean tempo_slug_is_valid (const char *slug);
/* SHA-256 of @text as lower-case hex; how tokens are stored. (transfer full). */
char *tempo_token_digest (const char *text);

G_END_DECLS
