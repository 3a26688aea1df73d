/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-throttle.h"
#include "access/tempo-totp.h"

#include <string.h>

/* The secret of RFC 6238 appendix B, "12345678901234567890", and the last six digits of its codes. */
#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static const struct
{
  gint64 at;
  const char *code;
} vectors[] = {
  { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" }, { 2000000000, "279037" },
};

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *code = tempo_totp_generate (SECRET, vectors[i].at);
      gint64 step = 0;

      g_assert_cmpstr (code, ==, vectors[i].code);
      g_assert_true (tempo_totp_verify (SECRET, code, vectors[i].at, 0, &step));
      g_assert_cmpint (step, ==, vectors[i].at / 30);
      /* A neighbour's clock, and no further. */
      g_assert_true (tempo_totp_verify (SECRET, code, vectors[i].at + 30, 0, NULL));
      g_assert_false (tempo_totp_verify (SECRET, code, vectors[i].at + 60, 0, NULL));
      /* Once. */
      g_assert_false (tempo_totp_verify (SECRET, code, vectors[i].at, step, NULL));
    }
}

static void
test_typed (void)
{
  static const char *const wrong[] = { NULL, "", "28708", "2870822", "28708a", "-87082", "٢٨٧٠٨٢", "287082\n" };

  g_assert_true (tempo_totp_verify (SECRET, "287 082", 59, 0, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (tempo_totp_verify (SECRET, wrong[i], 59, 0, NULL));
  g_assert_false (tempo_totp_verify ("not base 32!", "287082", 59, 0, NULL));
}

static void
test_secrets (void)
{
  g_autofree char *one = tempo_totp_new_secret ();
  g_autofree char *other = tempo_totp_new_secret ();
  g_autofree char *uri = tempo_totp_make_uri (one, "The Blue: Note & Bar", "ann@example.org");

  g_assert_cmpuint (strlen (one), ==, 32);
  g_assert_cmpstr (one, !=, other);
  g_assert_nonnull (strstr (uri, "The%20Blue%3A%20Note%20%26%20Bar"));
  g_assert_nonnull (strstr (uri, one));
}

static void
test_recovery (void)
{
  g_autofree char *code = tempo_recovery_code_new ();
  g_autofree char *digest = tempo_recovery_code_digest (code);
  g_autofree char *lower = g_ascii_strdown (code, -1);
  g_autofree char *typed = tempo_recovery_code_digest (lower);
  g_autofree char *blank = g_strconcat (" ", code, " ", NULL);
  g_autofree char *blanks = tempo_recovery_code_digest (blank);

  g_assert_cmpstr (digest, ==, typed);
  g_assert_cmpstr (digest, ==, blanks);
  g_assert_null (strstr (digest, code));
  g_assert_null (tempo_recovery_code_digest ("287082"));
  g_assert_null (tempo_recovery_code_digest (NULL));
}

static void
test_address_key (void)
{
  static const struct
  {
    const char *address, *key;
  } rows[] = {
    { "192.0.2.1", "192.0.2.1" },
    { "::ffff:192.0.2.1", "192.0.2.1" },
    { "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64" },
    { "2001:db8:1:2::9", "2001:db8:1:2::/64" },
    { "2001:db8:1:3::9", "2001:db8:1:3::/64" },
    { "fe80::1", "fe80::1" },
    { "nonsense", "nonsense" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *key = tempo_throttle_address_key (rows[i].address);

      g_assert_cmpstr (key, ==, rows[i].key);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/access/totp/vectors", test_vectors);
  g_test_add_func ("/access/totp/typed", test_typed);
  g_test_add_func ("/access/totp/secrets", test_secrets);
  g_test_add_func ("/access/totp/recovery", test_recovery);
  g_test_add_func ("/access/totp/address-key", test_address_key);

  return g_test_run ();
}
