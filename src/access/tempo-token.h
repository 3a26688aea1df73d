/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Session tokens: compact JWS, HS256 only, over OpenSSL EVP, after RFC 8725: the algorithm is
 * fixed in code and the header must equal it byte for byte, typ "tempo-session+jwt", iss, aud, exp, nbf, iat checked. */
typedef struct
{
  char *subject;         /* (owned) member id */
  char *organization_id; /* (owned) */
  char *session_id;      /* (owned) jti */
  guint version;         /* the member's token_version */
  gint64 issued_at;      /* seconds */
  gint64 expires_at;
} TempoClaims;
void tempo_claims_free (TempoClaims *claims);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoClaims, tempo_claims_free)

#define TEMPO_TOKEN_KEY_BYTES 32
#define TEMPO_TOKEN_MAX_LENGTH 1024
#define TEMPO_SESSION_SECONDS 3600

/* @key: exactly TEMPO_TOKEN_KEY_BYTES. (transfer full). */
char *tempo_token_sign (const TempoClaims *claims, GBytes *key);
/* @now: seconds. Errors: TEMPO_ACCESS_ERROR_TOKEN, _EXPIRED. (transfer full). */
TempoClaims *tempo_token_verify (const char *token, GBytes *key, gint64 now, GError **error);

G_END_DECLS
