/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-password.h"
#include "access/tempo-token.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795208400)
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"tempo-session+jwt\"}"
#define CLAIMS \
  "\"iss\":\"tempo\",\"aud\":\"tempo-host\",\"sub\":\"m\",\"org\":\"o\",\"jti\":\"s\",\"ver\":3,\"iat\":1795208400,\"nbf\":1795208400,\"exp\":1795212000"

static GBytes *
make_key (guint8 filler,
          gsize length)
{
  guint8 bytes[64];

  memset (bytes, filler, sizeof bytes);

  return g_bytes_new (bytes, length);
}

static char *
encode (const guint8 *bytes,
        gsize length)
{
  char *text = g_base64_encode (bytes, length);

  text[strcspn (text, "=")] = '\0';
  g_strdelimit (text, "+", '-');

  return g_strdelimit (text, "/", '_');
}

/* A token signed with our key, whatever it says: made by GLib, so that the module
 * is checked against another hand. */
static char *
forge (const char *header,
       const char *payload,
       GChecksumType digest)
{
  g_autoptr (GBytes) key = make_key (7, TEMPO_TOKEN_KEY_BYTES);
  g_autofree char *first = encode ((const guint8 *) header, strlen (header));
  g_autofree char *second = encode ((const guint8 *) payload, strlen (payload));
  g_autofree char *text = g_strconcat (first, ".", second, NULL);
  g_autoptr (GHmac) hmac = g_hmac_new (digest, g_bytes_get_data (key, NULL), TEMPO_TOKEN_KEY_BYTES);
  guint8 mac[64];
  gsize length = sizeof mac;
  g_autofree char *third = NULL;

  g_hmac_update (hmac, (const guchar *) text, -1);
  g_hmac_get_digest (hmac, mac, &length);
  third = encode (mac, length);

  return g_strconcat (text, ".", third, NULL);
}

static void
expect_refused (const char *token,
                gint64 now,
                int code)
{
  g_autoptr (GBytes) key = make_key (7, TEMPO_TOKEN_KEY_BYTES);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoClaims) claims = tempo_token_verify (token, key, now, &error);

  if (claims != NULL)
    g_error ("Token was taken: %s", token);
  g_assert_error (error, TEMPO_ACCESS_ERROR, code);
}

static char *
sign (void)
{
  g_autoptr (GBytes) key = make_key (7, TEMPO_TOKEN_KEY_BYTES);
  TempoClaims claims = { (char *) "m", (char *) "o", (char *) "s", 3, NOW, NOW + TEMPO_SESSION_SECONDS };

  return tempo_token_sign (&claims, key);
}

static void
test_round_trip (void)
{
  g_autoptr (GBytes) key = make_key (7, TEMPO_TOKEN_KEY_BYTES);
  g_autoptr (GError) error = NULL;
  g_autofree char *token = sign ();
  g_autofree char *by_hand = forge (HEADER, "{" CLAIMS "}", G_CHECKSUM_SHA256);
  g_autoptr (TempoClaims) claims = tempo_token_verify (token, key, NOW, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token, ==, by_hand);
  g_assert_cmpstr (claims->subject, ==, "m");
  g_assert_cmpstr (claims->organization_id, ==, "o");
  g_assert_cmpstr (claims->session_id, ==, "s");
  g_assert_cmpuint (claims->version, ==, 3);
  g_assert_cmpint (claims->issued_at, ==, NOW);
  g_assert_cmpint (claims->expires_at, ==, NOW + TEMPO_SESSION_SECONDS);
}

static void
test_time (void)
{
  g_autoptr (GBytes) key = make_key (7, TEMPO_TOKEN_KEY_BYTES);
  g_autofree char *token = sign ();
  const gint64 good[] = { NOW - 60, NOW, NOW + TEMPO_SESSION_SECONDS - 1 };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (TempoClaims) claims = tempo_token_verify (token, key, good[i], NULL);

      g_assert_nonnull (claims);
    }
  expect_refused (token, NOW + TEMPO_SESSION_SECONDS, TEMPO_ACCESS_ERROR_EXPIRED);
  expect_refused (token, NOW + 86400 * 365, TEMPO_ACCESS_ERROR_EXPIRED);
  expect_refused (token, NOW - 61, TEMPO_ACCESS_ERROR_TOKEN);
}

static void
test_keys (void)
{
  g_autofree char *token = sign ();
  g_autoptr (GBytes) other = make_key (8, TEMPO_TOKEN_KEY_BYTES);
  g_autoptr (GBytes) shorter = make_key (7, 31);
  g_autoptr (GBytes) longer = make_key (7, 33);
  GBytes *keys[] = { other, shorter, longer };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (tempo_token_verify (token, keys[i], NOW, &error));
      g_assert_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_TOKEN);
    }
}

/* Each change of one character, at every place, is seen: also of the last one of
 * the signature, whose lowest bits mean nothing. */
static void
test_every_character (void)
{
  g_autofree char *token = sign ();
  const char *const others = "AQgw_-.=+ ~";
  const char *const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const gsize last = strlen (token) - 1;
  const char right = token[last];

  for (gsize at = 0; token[at] != '\0'; at++)
    {
      char kept = token[at];

      for (const char *other = others; *other != '\0'; other++)
        {
          token[at] = *other;
          if (*other != kept)
            expect_refused (token, NOW, TEMPO_ACCESS_ERROR_TOKEN);
        }
      token[at] = kept ^ 1;
      expect_refused (token, NOW, TEMPO_ACCESS_ERROR_TOKEN);
      token[at] = kept;
    }

  for (const char *other = alphabet; *other != '\0'; other++)
    {
      token[last] = *other;
      if (*other != right)
        expect_refused (token, NOW, TEMPO_ACCESS_ERROR_TOKEN);
    }
}

/* Cut anywhere, or with something after it. */
static void
test_lengths (void)
{
  g_autofree char *token = sign ();
  g_autofree char *padded = g_strconcat (token, "=", NULL);
  g_autofree char *fourth = g_strconcat (token, ".x", NULL);
  g_autofree char *filler = g_strnfill (TEMPO_TOKEN_MAX_LENGTH, 'a');
  g_autofree char *endless = g_strconcat (token, filler, NULL);

  expect_refused (padded, NOW, TEMPO_ACCESS_ERROR_TOKEN);
  expect_refused (fourth, NOW, TEMPO_ACCESS_ERROR_TOKEN);
  expect_refused (endless, NOW, TEMPO_ACCESS_ERROR_TOKEN);
  expect_refused (filler, NOW, TEMPO_ACCESS_ERROR_TOKEN);
  expect_refused (NULL, NOW, TEMPO_ACCESS_ERROR_TOKEN);
  for (gsize length = strlen (token); length-- > 0;)
    {
      token[length] = '\0';
      expect_refused (token, NOW, TEMPO_ACCESS_ERROR_TOKEN);
    }
}

/* Signed with our own key, and still none of ours. */
static const struct
{
  const char *name;
  const char *header;
  const char *payload;
  GChecksumType digest;
} forged[] = {
  { "none", "{\"alg\":\"none\",\"typ\":\"tempo-session+jwt\"}", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "other-digest", "{\"alg\":\"HS512\",\"typ\":\"tempo-session+jwt\"}", "{" CLAIMS "}", G_CHECKSUM_SHA512 },
  { "other-digest-same-header", HEADER, "{" CLAIMS "}", G_CHECKSUM_SHA512 },
  { "public-key", "{\"alg\":\"RS256\",\"typ\":\"tempo-session+jwt\"}", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "plain-type", "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "licence-type", "{\"alg\":\"HS256\",\"typ\":\"tempo-licence+jwt\"}", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "spaced-header", "{\"alg\": \"HS256\",\"typ\":\"tempo-session+jwt\"}", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "more-header", "{\"alg\":\"HS256\",\"typ\":\"tempo-session+jwt\",\"kid\":\"x\"}", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "swapped-header", "{\"typ\":\"tempo-session+jwt\",\"alg\":\"HS256\"}", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "no-header", "", "{" CLAIMS "}", G_CHECKSUM_SHA256 },
  { "no-claims", HEADER, "{}", G_CHECKSUM_SHA256 },
  { "nothing", HEADER, "", G_CHECKSUM_SHA256 },
  { "list", HEADER, "[]", G_CHECKSUM_SHA256 },
  { "no-json", HEADER, "m", G_CHECKSUM_SHA256 },
  { "issuer", HEADER, "{" CLAIMS ",\"iss\":\"other\"}", G_CHECKSUM_SHA256 },
  { "audience", HEADER, "{" CLAIMS ",\"aud\":\"tempo-central\"}", G_CHECKSUM_SHA256 },
  { "audience-list", HEADER, "{" CLAIMS ",\"aud\":[\"tempo-host\"]}", G_CHECKSUM_SHA256 },
  { "no-subject", HEADER, "{" CLAIMS ",\"sub\":\"\"}", G_CHECKSUM_SHA256 },
  { "subject-number", HEADER, "{" CLAIMS ",\"sub\":5}", G_CHECKSUM_SHA256 },
  { "no-organization", HEADER, "{" CLAIMS ",\"org\":null}", G_CHECKSUM_SHA256 },
  { "no-session", HEADER, "{" CLAIMS ",\"jti\":\"\"}", G_CHECKSUM_SHA256 },
  { "negative-version", HEADER, "{" CLAIMS ",\"ver\":-1}", G_CHECKSUM_SHA256 },
  { "great-version", HEADER, "{" CLAIMS ",\"ver\":4294967296}", G_CHECKSUM_SHA256 },
  { "no-end", HEADER, "{" CLAIMS ",\"exp\":null}", G_CHECKSUM_SHA256 },
  { "end-as-text", HEADER, "{" CLAIMS ",\"exp\":\"1795212000\"}", G_CHECKSUM_SHA256 },
  { "not-yet", HEADER, "{" CLAIMS ",\"nbf\":1795208461}", G_CHECKSUM_SHA256 },
  { "no-start", HEADER, "{" CLAIMS ",\"nbf\":null}", G_CHECKSUM_SHA256 },
  { "from-the-future", HEADER, "{" CLAIMS ",\"iat\":1795208461}", G_CHECKSUM_SHA256 },
};

static void
test_forged (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autofree char *token = forge (forged[row].header, forged[row].payload, forged[row].digest);

  expect_refused (token, NOW, TEMPO_ACCESS_ERROR_TOKEN);
}

/* A check is far under what a page may wait for it. */
static void
test_quick (void)
{
  g_autoptr (GBytes) key = make_key (7, TEMPO_TOKEN_KEY_BYTES);
  g_autofree char *token = sign ();
  gint64 started = g_get_monotonic_time ();
  const guint rounds = 2000;
  double each;

  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (TempoClaims) claims = tempo_token_verify (token, key, NOW, NULL);

      g_assert_nonnull (claims);
    }
  each = (double) (g_get_monotonic_time () - started) / rounds;
  g_test_minimized_result (each, "%.1f us for each check", each);
  g_assert_cmpfloat (each, <, 2000);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/access/token/round-trip", test_round_trip);
  g_test_add_func ("/access/token/time", test_time);
  g_test_add_func ("/access/token/keys", test_keys);
  g_test_add_func ("/access/token/every-character", test_every_character);
  g_test_add_func ("/access/token/lengths", test_lengths);
  for (guint i = 0; i < G_N_ELEMENTS (forged); i++)
    {
      g_autofree char *path = g_strdup_printf ("/access/token/forged/%s", forged[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_forged);
    }
  g_test_add_func ("/access/token/quick", test_quick);

  return g_test_run ();
}
