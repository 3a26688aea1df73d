/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "access/tempo-base64url-private.h"
#include "access/tempo-password.h"
#include "access/tempo-token.h"

#define NOW G_GINT64_CONSTANT (1795208400)
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"tempo-session+jwt\"}"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static GBytes *
make_key (guint8 fill)
{
  guint8 key[TEMPO_TOKEN_KEY_BYTES];

  memset (key, fill, sizeof key);
  return g_bytes_new (key, sizeof key);
}

/* A token with a good signature over any payload, made without the code under test: the way past the lock, so that
 * what stands behind it is tried too. */
static char *
sign_payload (const guint8 *data,
              gsize size,
              GBytes *key)
{
  g_autofree char *header = tempo_base64url_encode ((const guint8 *) HEADER, strlen (HEADER));
  g_autofree char *payload = tempo_base64url_encode (data, size);
  g_autofree char *text = g_strconcat (header, ".", payload, NULL);
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, g_bytes_get_data (key, NULL), g_bytes_get_size (key));
  g_autofree char *signature = NULL;
  guint8 mac[32];
  gsize length = sizeof mac;

  g_hmac_update (hmac, (const guchar *) text, strlen (text));
  g_hmac_get_digest (hmac, mac, &length);
  signature = tempo_base64url_encode (mac, length);
  return g_strconcat (text, ".", signature, NULL);
}

/* Nothing is taken without a signature of this host's key. */
static void
check_refused (const char *token,
               GBytes *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoClaims) claims = tempo_token_verify (token, key, NOW, &error);

  g_assert_null (claims);
  g_assert_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_TOKEN);
}

static void
check_claims (const TempoClaims *claims,
              GBytes *key)
{
  g_autofree char *token = tempo_token_sign (claims, key);
  g_autoptr (TempoClaims) again = NULL;

  g_assert_true (*claims->subject != '\0' && *claims->organization_id != '\0' && *claims->session_id != '\0');
  g_assert_cmpint (claims->expires_at, >, NOW);
  g_assert_cmpint (claims->issued_at, >=, 0);
  g_assert_cmpint (claims->issued_at, <=, NOW + 60);
  g_assert_nonnull (token);
  if (strlen (token) > TEMPO_TOKEN_MAX_LENGTH)
    return;
  again = tempo_token_verify (token, key, NOW, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->subject, ==, claims->subject);
  g_assert_cmpstr (again->organization_id, ==, claims->organization_id);
  g_assert_cmpstr (again->session_id, ==, claims->session_id);
  g_assert_cmpuint (again->version, ==, claims->version);
  g_assert_cmpint (again->issued_at, ==, claims->issued_at);
  g_assert_cmpint (again->expires_at, ==, claims->expires_at);
}

/* The bytes are tried as a whole token, as base64url, and as what a good signature vouches for. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (GBytes) key = make_key (0x5a);
  g_autoptr (GBytes) other_key = make_key (0xa5);
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *token = sign_payload (data, size, key);
  g_autoptr (GBytes) decoded = tempo_base64url_decode ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoClaims) claims = tempo_token_verify (token, key, NOW, &error);

  if (decoded != NULL)
    {
      g_autofree char *encoded = tempo_base64url_encode (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded));

      g_assert_cmpmem (encoded, strlen (encoded), data, size);
    }
  g_assert_true ((claims != NULL) != (error != NULL));
  if (claims != NULL)
    check_claims (claims, key);
  check_refused (text, other_key);
  check_refused (token, other_key);
  return 0;
}
