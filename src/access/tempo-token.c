/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "access/tempo-base64url-private.h"
#include "access/tempo-jws-private.h"
#include "access/tempo-password.h"
#include "base/tempo-json.h"

/* The header of every token of ours, and of none of anybody else's. It is compared
 * as bytes, so nothing in it is ever a choice of the sender. */
#define HEADER_JSON "{\"alg\":\"HS256\",\"typ\":\"tempo-session+jwt\"}"
#define ISSUER "tempo"
#define AUDIENCE "tempo-host"
#define MAC_BYTES 32
#define MAX_ID 64
/* Time may have been set back a little since the token was made. */
#define LEEWAY_SECONDS 60

static gboolean
refuse (GError **error,
        const char *why)
{
  g_set_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_TOKEN, "Token %s", why);

  return FALSE;
}

static gboolean
compute_mac (const char *text,
             gsize length,
             GBytes *key,
             guint8 mac[MAC_BYTES])
{
  gsize key_length;
  const guint8 *key_bytes = g_bytes_get_data (key, &key_length);
  guint mac_length = 0;

  return HMAC (EVP_sha256 (), key_bytes, (int) key_length, (const guint8 *) text, length, mac, &mac_length) != NULL &&
         mac_length == MAC_BYTES;
}

/* (transfer full). What is signed. */
static char *
compose (const TempoClaims *claims)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  gsize length;

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "iss", ISSUER);
  tempo_json_string (json, "aud", AUDIENCE);
  tempo_json_string (json, "sub", claims->subject);
  tempo_json_string (json, "org", claims->organization_id);
  tempo_json_string (json, "jti", claims->session_id);
  tempo_json_int (json, "ver", claims->version);
  tempo_json_int (json, "iat", claims->issued_at);
  tempo_json_int (json, "nbf", claims->issued_at);
  tempo_json_int (json, "exp", claims->expires_at);
  tempo_json_end_object (json);

  return tempo_jws_compose (HEADER_JSON, tempo_json_peek (json, &length));
}

/* Whether the header is ours and the signature belongs to what it signs. */
static gboolean
check_signature (const TempoJws *jws,
                 GBytes *key,
                 GError **error)
{
  g_autoptr (GBytes) given = tempo_base64url_decode (jws->signature, strlen (jws->signature));
  guint8 mac[MAC_BYTES];

  if (!tempo_jws_has_header (jws, HEADER_JSON))
    return refuse (error, "is of another kind");
  if (given == NULL || g_bytes_get_size (given) != MAC_BYTES)
    return refuse (error, "has no signature of ours");
  if (!compute_mac (jws->text, jws->signed_length, key, mac) ||
      CRYPTO_memcmp (mac, g_bytes_get_data (given, NULL), MAC_BYTES) != 0)
    return refuse (error, "is forged or signed by another host");

  return TRUE;
}

/* A text that must be there. */
static char *
read_id (JsonObject *object,
         const char *member,
         GError **error)
{
  const char *text = tempo_json_get_string (object, member, MAX_ID, "", error);

  if (*text == '\0' && *error == NULL)
    g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" is missing", member);

  return g_strdup (text);
}

static gboolean
is_text (JsonObject *object,
         const char *member,
         const char *wanted,
         GError **error)
{
  return g_str_equal (tempo_json_get_string (object, member, MAX_ID, "", error), wanted);
}

/* Reads and judges what the signature vouches for. */
static TempoClaims *
read_claims (JsonObject *object,
             gint64 now,
             GError **error)
{
  g_autoptr (TempoClaims) claims = g_new0 (TempoClaims, 1);
  g_autoptr (GError) local_error = NULL;
  gboolean ours = is_text (object, "iss", ISSUER, &local_error) && is_text (object, "aud", AUDIENCE, &local_error);
  gint64 not_before;

  claims->subject = read_id (object, "sub", &local_error);
  claims->organization_id = read_id (object, "org", &local_error);
  claims->session_id = read_id (object, "jti", &local_error);
  claims->version = (guint) tempo_json_get_int (object, "ver", 0, G_MAXUINT, -1, &local_error);
  claims->issued_at = tempo_json_get_int (object, "iat", 0, G_MAXINT64, -1, &local_error);
  claims->expires_at = tempo_json_get_int (object, "exp", 0, G_MAXINT64, -1, &local_error);
  not_before = tempo_json_get_int (object, "nbf", 0, G_MAXINT64, -1, &local_error);

  if (local_error != NULL || !ours || !json_object_has_member (object, "ver") ||
      claims->issued_at < 0 || claims->expires_at < 0 || not_before < 0)
    refuse (error, local_error != NULL ? local_error->message : "lacks what it must say");
  else if (now >= claims->expires_at)
    g_set_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_EXPIRED, "Token has expired");
  else if (now < not_before - LEEWAY_SECONDS || now < claims->issued_at - LEEWAY_SECONDS)
    refuse (error, "is from the future");
  else
    return g_steal_pointer (&claims);

  return NULL;
}

/**
 * tempo_claims_free:
 * @claims: (nullable): claims
 *
 * Gives up what @claims own, and themselves.
 */
void
tempo_claims_free (TempoClaims *claims)
{
  if (claims == NULL)
    return;

  g_clear_pointer (&claims->subject, g_free);
  g_clear_pointer (&claims->organization_id, g_free);
  g_clear_pointer (&claims->session_id, g_free);
  g_clear_pointer (&claims, g_free);
}

/**
 * tempo_token_sign:
 * @claims: who for how long
 * @key: exactly TEMPO_TOKEN_KEY_BYTES
 *
 * Returns: (transfer full) (nullable): the token; NULL with a key of another
 *   length or when the library fails
 */
char *
tempo_token_sign (const TempoClaims *claims,
                  GBytes *key)
{
  g_autofree char *text = compose (claims);
  g_autofree char *signature = NULL;
  guint8 mac[MAC_BYTES];

  g_return_val_if_fail (g_bytes_get_size (key) == TEMPO_TOKEN_KEY_BYTES, NULL);

  if (!compute_mac (text, strlen (text), key, mac))
    return NULL;
  signature = tempo_base64url_encode (mac, sizeof mac);

  return g_strconcat (text, ".", signature, NULL);
}

/**
 * tempo_token_verify:
 * @token: (nullable): what came from outside
 * @key: exactly TEMPO_TOKEN_KEY_BYTES
 * @now: wall time in seconds
 * @error: TEMPO_ACCESS_ERROR_TOKEN or TEMPO_ACCESS_ERROR_EXPIRED
 *
 * Nothing a token says is looked at before its signature was found good. Whether
 * the version is still the member's, the caller asks.
 *
 * Returns: (transfer full) (nullable): what the token says
 */
TempoClaims *
tempo_token_verify (const char *token,
                    GBytes *key,
                    gint64 now,
                    GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  TempoJws jws;

  if (g_bytes_get_size (key) != TEMPO_TOKEN_KEY_BYTES || !tempo_jws_split (token, TEMPO_TOKEN_MAX_LENGTH, &jws))
    {
      refuse (error, "is none");
      return NULL;
    }
  if (!check_signature (&jws, key, error))
    return NULL;

  object = tempo_jws_read_payload (&jws);
  if (object == NULL)
    {
      refuse (error, "says nothing readable");
      return NULL;
    }

  return read_claims (object, now, error);
}
