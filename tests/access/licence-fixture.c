/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "licence-fixture.h"

#include <openssl/evp.h>
#include <string.h>

#include "access/tempo-base64url-private.h"
#include "access/tempo-jws-private.h"

#define DAY G_GINT64_CONSTANT (86400)

static const guint8 private_key[TEMPO_LICENCE_PRIVATE_BYTES] = "a key that is nobody's secret...";

static void
get_public (guint8 *bytes)
{
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key (EVP_PKEY_ED25519, NULL, private_key, sizeof private_key);
  gsize length = TEMPO_LICENCE_PUBLIC_BYTES;

  g_assert_cmpint (EVP_PKEY_get_raw_public_key (key, bytes, &length), ==, 1);
  EVP_PKEY_free (key);
}

TempoLicenceKeys *
licence_fixture_make_keys (void)
{
  TempoLicenceKeys *keys = tempo_licence_keys_new ();
  guint8 bytes[TEMPO_LICENCE_PUBLIC_BYTES];

  get_public (bytes);
  g_assert_true (tempo_licence_keys_add (keys, LICENCE_FIXTURE_KEY_NAME, bytes));
  return keys;
}

char *
licence_fixture_make_key_text (void)
{
  GString *text = g_string_new (LICENCE_FIXTURE_KEY_NAME ":");
  guint8 bytes[TEMPO_LICENCE_PUBLIC_BYTES];

  get_public (bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

TempoLicence *
licence_fixture_make (const char *organization_id,
                      const char *key,
                      gint64 start)
{
  TempoLicence *self = g_new0 (TempoLicence, 1);

  self->serial = g_strdup ("serial-1");
  self->organization_id = g_strdup (organization_id);
  self->organization_name = g_strdup ("The Tin Heron");
  self->host_id = g_strdup ("");
  self->key_digest = tempo_licence_key_digest (key);
  self->last_four = g_strdup (tempo_licence_key_last_four (key));
  self->tier = TEMPO_TIER_MEDIUM;
  self->limits = *tempo_tier_get_limits (TEMPO_TIER_MEDIUM);
  self->issued_at = start;
  self->starts_at = start;
  self->ends_at = start + 365 * DAY;
  self->renew_until = start + 30 * DAY;
  self->grace_days = TEMPO_LICENCE_GRACE_DAYS;
  return self;
}

char *
licence_fixture_sign (const TempoLicence *licence)
{
  return tempo_licence_sign (licence, LICENCE_FIXTURE_KEY_NAME, private_key);
}

char *
licence_fixture_sign_payload (const char *payload)
{
  g_autofree char *text = tempo_jws_compose ("{\"alg\":\"EdDSA\",\"kid\":\"" LICENCE_FIXTURE_KEY_NAME "\",\"typ\":\"tempo-licence+jwt\"}", payload);
  g_autofree char *tail = NULL;
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key (EVP_PKEY_ED25519, NULL, private_key, sizeof private_key);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 signature[64];
  gsize length = sizeof signature;

  g_assert_cmpint (EVP_DigestSignInit (context, NULL, NULL, NULL, key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, signature, &length, (const guint8 *) text, strlen (text)), ==, 1);
  EVP_MD_CTX_free (context);
  EVP_PKEY_free (key);
  tail = tempo_base64url_encode (signature, length);
  return g_strconcat (text, ".", tail, NULL);
}
