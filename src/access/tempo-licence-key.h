/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a person types: TEMPO-{ORG_CODE}-{YEAR}-{RANDOM}, for example TEMPO-ACME-2026-… RANDOM is written in
 * Crockford's base 32 (no I, L, O, U) and its last character checks all before it, by ISO 7064
 * MOD 37,36: every wrong character and nearly every swap of neighbours is seen before anything is asked of anybody. */

#define TEMPO_LICENCE_KEY_MAX_LENGTH 40
#define TEMPO_LICENCE_KEY_MIN_RANDOM 6
#define TEMPO_LICENCE_KEY_MAX_RANDOM 12
/* What tempo_licence_key_new() makes: 45 random bits and the check. */
#define TEMPO_LICENCE_KEY_RANDOM 10

typedef enum
{
  TEMPO_LICENCE_ERROR_KEY_SHAPE, /* not of the form of a key */
  TEMPO_LICENCE_ERROR_KEY_CHECK, /* a character is wrong: look again */
  TEMPO_LICENCE_ERROR_DOCUMENT,  /* not a licence document, or not signed by a known key */
  TEMPO_LICENCE_ERROR_FOREIGN,   /* for another organization, host or key */
  TEMPO_LICENCE_ERROR_CLOCK,     /* issued in the future: this computer's clock is behind */
} TempoLicenceError;
#define TEMPO_LICENCE_ERROR (tempo_licence_error_quark ())
GQuark tempo_licence_error_quark (void);

/* @text: as typed: any case, with dashes, underscores or spaces, with I, L for 1, O for 0 and U for V.
 * The key as it is stored and compared. Errors: KEY_SHAPE, KEY_CHECK. (transfer full). */
char *tempo_licence_key_normalize (const char *text, GError **error);
/* A new key of @org_code (2 to 8 letters and digits) and @year. (transfer full). */
char *tempo_licence_key_new (const char *org_code, guint year);
/* What may be stored and compared in place of a normalized key, 64 hexadecimal digits. (transfer full). */
char *tempo_licence_key_digest (const char *key);
/* The last four characters, by which people tell keys apart. Points into @key. */
const char *tempo_licence_key_last_four (const char *key);

G_END_DECLS
