/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/tempo-certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "access/tempo-password.h"

#define NOW 1795000000
#define DAY (24 * 60 * 60)

static const char *const names[] = { "localhost", "127.0.0.1", "tin-heron.local", "192.168.1.20", "fd00::1", NULL };

static void
make (const char *const *of, char **certificate, char **key)
{
  g_autoptr (GError) error = NULL;

  tempo_certificate_make (of, NOW, certificate, key, &error);
  g_assert_no_error (error);
}

static X509 *
parse (const char *pem)
{
  BIO *memory = BIO_new_mem_buf (pem, -1);
  X509 *certificate = PEM_read_bio_X509 (memory, NULL, NULL, NULL);

  BIO_free (memory);
  g_assert_nonnull (certificate);
  return certificate;
}

static void
test_names (void)
{
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;
  X509 *certificate;

  make (names, &pem, &key);
  certificate = parse (pem);
  g_assert_cmpint (X509_check_host (certificate, "localhost", 0, 0, NULL), ==, 1);
  g_assert_cmpint (X509_check_host (certificate, "tin-heron.local", 0, 0, NULL), ==, 1);
  g_assert_cmpint (X509_check_ip_asc (certificate, "192.168.1.20", 0), ==, 1);
  g_assert_cmpint (X509_check_ip_asc (certificate, "fd00::1", 0), ==, 1);
  g_assert_cmpint (X509_check_host (certificate, "example.org", 0, 0, NULL), ==, 0);
  g_assert_cmpint (X509_check_ip_asc (certificate, "192.168.1.21", 0), ==, 0);
  g_assert_cmpint (X509_check_ca (certificate), ==, 0);
  g_assert_cmpint (X509_self_signed (certificate, 1), ==, 1);
  X509_free (certificate);
}

/* Names come from the machine; one that would end its entry in OpenSSL's list is left out. */
static void
test_hostile_names (void)
{
  static const char *const hostile[] = { "a,DNS:example.org", "b\nc", "", "ü.local", "good.local", NULL };
  static const char *const nothing[] = { "a b", NULL };
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;
  X509 *certificate;

  make (hostile, &pem, &key);
  certificate = parse (pem);
  g_assert_cmpint (X509_check_host (certificate, "good.local", 0, 0, NULL), ==, 1);
  g_assert_cmpint (X509_check_host (certificate, "example.org", 0, 0, NULL), ==, 0);
  X509_free (certificate);
  g_clear_pointer (&pem, g_free);
  g_clear_pointer (&key, g_free);
  g_assert_false (tempo_certificate_make (nothing, NOW, &pem, &key, &error));
  g_assert_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_FAILED);
  g_assert_null (pem);
}

static void
test_check (void)
{
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;
  g_autofree char *other = NULL;
  g_autofree char *other_key = NULL;
  const gint64 end = NOW + (gint64) TEMPO_CERTIFICATE_YEARS * 365 * DAY;
  const char *why = NULL;

  make (names, &pem, &key);
  make (names, &other, &other_key);
  const struct
  {
    const char *certificate;
    const char *key;
    gint64 now;
    const char *why;
  } cases[] = {
    { pem, key, NOW, NULL },
    { pem, key, NOW - DAY / 2, NULL },
    { pem, key, end - 1, NULL },
    { pem, key, end + 1, "the certificate is over" },
    { pem, other_key, NOW, "the key is not that of the certificate" },
    { "", key, NOW, "the certificate is not one in PEM form" },
    { key, key, NOW, "the certificate is not one in PEM form" },
    { pem, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", NOW,
      "the key is not one in PEM form without a passphrase" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      why = NULL;
      g_assert_cmpint (tempo_certificate_check (cases[i].certificate, cases[i].key, cases[i].now, &why), ==,
                       cases[i].why == NULL);
      g_assert_cmpstr (why, ==, cases[i].why);
    }
}

static void
test_fingerprint (void)
{
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;
  g_autofree char *other = NULL;
  g_autofree char *other_key = NULL;
  g_autofree char *print = NULL;
  g_autofree char *again = NULL;
  g_autofree char *of_other = NULL;

  make (names, &pem, &key);
  make (names, &other, &other_key);
  print = tempo_certificate_get_fingerprint (pem);
  again = tempo_certificate_get_fingerprint (pem);
  of_other = tempo_certificate_get_fingerprint (other);
  g_assert_cmpuint (strlen (print), ==, 32 * 3 - 1);
  g_assert_cmpuint (strspn (print, "0123456789ABCDEF:"), ==, strlen (print));
  g_assert_cmpstr (print, ==, again);
  g_assert_cmpstr (print, !=, of_other);
  g_assert_null (tempo_certificate_get_fingerprint ("nonsense"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/certificate/names", test_names);
  g_test_add_func ("/certificate/hostile-names", test_hostile_names);
  g_test_add_func ("/certificate/check", test_check);
  g_test_add_func ("/certificate/fingerprint", test_fingerprint);
  return g_test_run ();
}
