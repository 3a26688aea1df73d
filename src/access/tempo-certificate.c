/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "access/tempo-password.h"

/* 126 bits: positive, and never more than the 20 bytes RFC 5280 allows. */
#define SERIAL_BYTES 16
#define MAX_NAME 253

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

static gboolean
fail (GError **error,
      const char *what)
{
  g_set_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_FAILED, "the certificate could not be made: %s", what);
  ERR_clear_error ();
  return FALSE;
}

/* The text goes into a list that OpenSSL parses: nothing may end an entry of it. */
static gboolean
is_host_name (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && length <= MAX_NAME
         && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == length;
}

static char *
write_names (const char *const *names)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL && i < TEMPO_CERTIFICATE_MAX_NAMES; i++)
    {
      const char *kind = "DNS";

      if (g_hostname_is_ip_address (names[i]))
        kind = "IP";
      else if (!is_host_name (names[i]))
        continue;
      g_string_append_printf (list, "%s%s:%s", list->len > 0 ? "," : "", kind, names[i]);
    }
  return g_string_free (list, FALSE);
}

static gboolean
add_extension (X509 *certificate,
               int kind,
               const char *value)
{
  X509V3_CTX context;
  g_autoptr (X509_EXTENSION) extension = NULL;

  X509V3_set_ctx (&context, certificate, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, kind, value);
  return extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
}

static gboolean
set_serial (X509 *certificate)
{
  guint8 bytes[SERIAL_BYTES];
  BIGNUM *number;
  gboolean set;

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return FALSE;
  bytes[0] = (bytes[0] & 0x3f) | 0x20;
  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  set = number != NULL && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
  BN_free (number);
  return set;
}

static gboolean
set_times (X509 *certificate,
           gint64 now)
{
  time_t start = (time_t) now;

  /* A phone whose clock is a day behind must not take it for one of the future. */
  return X509_time_adj_ex (X509_getm_notBefore (certificate), -1, 0, &start) != NULL
         && X509_time_adj_ex (X509_getm_notAfter (certificate), TEMPO_CERTIFICATE_YEARS * 365, 0, &start) != NULL;
}

/* (transfer full) (nullable). */
static X509 *
sign (EVP_PKEY *key,
      const char *names,
      gint64 now)
{
  g_autoptr (X509) certificate = X509_new ();
  X509_NAME *subject;

  if (certificate == NULL || X509_set_version (certificate, X509_VERSION_3) != 1 || !set_serial (certificate)
      || !set_times (certificate, now) || X509_set_pubkey (certificate, key) != 1)
    return NULL;
  subject = X509_get_subject_name (certificate);
  if (X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guchar *) "Tempo", -1, -1, 0) != 1
      || X509_set_issuer_name (certificate, subject) != 1)
    return NULL;
  /* No authority over others, in case somebody adds it to the trusted ones. */
  if (!add_extension (certificate, NID_basic_constraints, "critical,CA:FALSE")
      || !add_extension (certificate, NID_key_usage, "critical,digitalSignature")
      || !add_extension (certificate, NID_ext_key_usage, "serverAuth")
      || !add_extension (certificate, NID_subject_alt_name, names))
    return NULL;
  if (X509_sign (certificate, key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static char *
read_out (BIO *memory)
{
  char *data;
  long length = BIO_get_mem_data (memory, &data);

  return g_strndup (data, length);
}

static X509 *
parse_certificate (const char *pem)
{
  g_autoptr (BIO) memory = BIO_new_mem_buf (pem, -1);
  X509 *certificate = memory != NULL ? PEM_read_bio_X509 (memory, NULL, NULL, NULL) : NULL;

  ERR_clear_error ();
  return certificate;
}

/* A file with a passphrase would have OpenSSL ask on the terminal. */
static int
no_passphrase (char *buffer,
               int size,
               int writing,
               void *user_data)
{
  return -1;
}

static EVP_PKEY *
parse_key (const char *pem)
{
  g_autoptr (BIO) memory = BIO_new_mem_buf (pem, -1);
  EVP_PKEY *key = memory != NULL ? PEM_read_bio_PrivateKey (memory, NULL, no_passphrase, NULL) : NULL;

  ERR_clear_error ();
  return key;
}

/** Makes a certificate that nobody but its own key vouches for. */
gboolean
tempo_certificate_make (const char *const *names,
                        gint64 now,
                        char **certificate,
                        char **key,
                        GError **error)
{
  g_autofree char *list = write_names (names);
  g_autoptr (EVP_PKEY) pair = EVP_EC_gen ("P-256");
  g_autoptr (X509) made = NULL;
  g_autoptr (BIO) certificate_text = BIO_new (BIO_s_mem ());
  g_autoptr (BIO) key_text = BIO_new (BIO_s_secmem ());

  if (*list == '\0')
    return fail (error, "it has no name");
  if (pair == NULL || certificate_text == NULL || key_text == NULL)
    return fail (error, "no key");
  made = sign (pair, list, now);
  if (made == NULL || PEM_write_bio_X509 (certificate_text, made) != 1
      || PEM_write_bio_PrivateKey (key_text, pair, NULL, NULL, 0, NULL, NULL) != 1)
    return fail (error, "it could not be signed");
  *certificate = read_out (certificate_text);
  *key = read_out (key_text);
  return TRUE;
}

/** Tells what would make every browser turn away, before the door is opened with it. */
gboolean
tempo_certificate_check (const char *certificate,
                         const char *key,
                         gint64 now,
                         const char **why)
{
  g_autoptr (X509) parsed = parse_certificate (certificate);
  g_autoptr (EVP_PKEY) pair = parse_key (key);
  time_t when = (time_t) now;
  const char *wrong = NULL;

  if (parsed == NULL)
    wrong = "the certificate is not one in PEM form";
  else if (pair == NULL)
    wrong = "the key is not one in PEM form without a passphrase";
  else if (X509_check_private_key (parsed, pair) != 1)
    wrong = "the key is not that of the certificate";
  else if (X509_cmp_time (X509_get0_notAfter (parsed), &when) <= 0)
    wrong = "the certificate is over";
  ERR_clear_error ();
  if (wrong != NULL && why != NULL)
    *why = wrong;
  return wrong == NULL;
}

/** Writes the fingerprint the way certificate dialogs do, so that it can be compared by eye. */
char *
tempo_certificate_get_fingerprint (const char *certificate)
{
  g_autoptr (X509) parsed = parse_certificate (certificate);
  guint8 digest[EVP_MAX_MD_SIZE];
  guint length = 0;
  GString *text;

  if (parsed == NULL || X509_digest (parsed, EVP_sha256 (), digest, &length) != 1)
    return NULL;
  text = g_string_sized_new (length * 3);
  for (guint i = 0; i < length; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", digest[i]);
  return g_string_free (text, FALSE);
}
