/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-licence-key.h"

#include <openssl/rand.h>
#include <string.h>

#define PREFIX "TEMPO"
#define MODULUS 36
#define MIN_YEAR 2000
#define MAX_YEAR 2999
/* So that nobody's list of plain SHA-256 sums of keys fits. */
#define DIGEST_DOMAIN "tempo licence key 1\n"

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum
{
  PART_PREFIX,
  PART_CODE,
  PART_YEAR,
  PART_RANDOM,
  N_PARTS,
};

G_DEFINE_QUARK (tempo-licence-error-quark, tempo_licence_error)

static guint
get_value (char character)
{
  return g_ascii_isdigit (character) ? (guint) (character - '0') : (guint) (character - 'A') + 10;
}

/* ISO 7064, the hybrid system MOD 37,36: its check characters are the 36 it checks. */
static char
compute_check (const char *text)
{
  guint product = MODULUS, sum;

  for (; *text != '\0'; text++)
    {
      sum = (product + get_value (*text)) % MODULUS;
      product = (sum == 0 ? MODULUS : sum) * 2 % (MODULUS + 1);
    }
  sum = (MODULUS + 1 - product) % MODULUS;

  return (char) (sum < 10 ? '0' + sum : 'A' + sum - 10);
}

/* The check that belongs to a key whose random part begins with @random. */
static char
check_parts (const char *code,
             const char *year,
             const char *random)
{
  g_autofree char *text = g_strconcat (code, year, random, NULL);

  return compute_check (text);
}

static gboolean
fail (GError **error,
      TempoLicenceError code,
      const char *message)
{
  g_set_error_literal (error, TEMPO_LICENCE_ERROR, (int) code, message);
  return FALSE;
}

static gboolean
is_made_of (const char *text,
            const char *alphabet,
            gsize min,
            gsize max)
{
  gsize length = strlen (text);

  return length >= min && length <= max && strspn (text, alphabet) == length;
}

/* Letters that look like digits, and the one left out for decency, mean what they look like. */
static void
fold_random (char *text)
{
  for (; *text != '\0'; text++)
    switch (*text)
      {
      case 'I':
      case 'L':
        *text = '1';
        break;
      case 'O':
        *text = '0';
        break;
      case 'U':
        *text = 'V';
        break;
      default:
        break;
      }
}

static gboolean
are_parts (char **parts)
{
  if (g_strv_length (parts) != N_PARTS || strcmp (parts[PART_PREFIX], PREFIX) != 0)
    return FALSE;

  fold_random (parts[PART_RANDOM]);
  return is_made_of (parts[PART_CODE], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2, 8) &&
         is_made_of (parts[PART_YEAR], "0123456789", 4, 4) && parts[PART_YEAR][0] == '2' &&
         is_made_of (parts[PART_RANDOM], crockford, TEMPO_LICENCE_KEY_MIN_RANDOM, TEMPO_LICENCE_KEY_MAX_RANDOM);
}

/**
 * tempo_licence_key_normalize:
 * @text: (nullable): as typed or pasted
 * @error: KEY_SHAPE or KEY_CHECK of TEMPO_LICENCE_ERROR
 *
 * Returns: (transfer full) (nullable): the key in its one spelling
 */
char *
tempo_licence_key_normalize (const char *text,
                             GError **error)
{
  g_autofree char *key = NULL;
  g_auto (GStrv) parts = NULL;
  gsize last;
  char check;

  if (text == NULL || strnlen (text, TEMPO_LICENCE_KEY_MAX_LENGTH + 1) > TEMPO_LICENCE_KEY_MAX_LENGTH)
    return fail (error, TEMPO_LICENCE_ERROR_KEY_SHAPE, "A licence key has four parts and at most 40 characters"), NULL;

  key = g_ascii_strup (text, -1);
  g_strstrip (key);
  g_strdelimit (key, "_ ", '-');
  parts = g_strsplit (key, "-", N_PARTS + 1);
  if (!are_parts (parts))
    return fail (error, TEMPO_LICENCE_ERROR_KEY_SHAPE, "A licence key looks like TEMPO-NAME-2026-ABCDEFGHJK"), NULL;

  last = strlen (parts[PART_RANDOM]) - 1;
  check = parts[PART_RANDOM][last];
  parts[PART_RANDOM][last] = '\0';
  if (check_parts (parts[PART_CODE], parts[PART_YEAR], parts[PART_RANDOM]) != check)
    return fail (error, TEMPO_LICENCE_ERROR_KEY_CHECK, "A character of the licence key is wrong"), NULL;
  parts[PART_RANDOM][last] = check;

  return g_strjoinv ("-", parts);
}

/**
 * tempo_licence_key_new:
 * @org_code: 2 to 8 letters and digits
 * @year: 2000 to 2999
 *
 * Returns: (transfer full): a key nobody can guess, normalized
 */
char *
tempo_licence_key_new (const char *org_code,
                       guint year)
{
  g_autofree char *code = g_ascii_strup (org_code, -1);
  g_autofree char *year_text = g_strdup_printf ("%04u", year);
  char random[TEMPO_LICENCE_KEY_RANDOM + 1] = { 0 };
  char check;

  g_return_val_if_fail (is_made_of (code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2, 8), NULL);
  g_return_val_if_fail (year >= MIN_YEAR && year <= MAX_YEAR, NULL);

  /* The check may be one of the four letters that fold into others: then another key is drawn. */
  do
    {
      guint8 bytes[TEMPO_LICENCE_KEY_RANDOM - 1];

      if (RAND_bytes (bytes, sizeof bytes) != 1)
        g_error ("No randomness to be had");
      for (gsize i = 0; i < sizeof bytes; i++)
        random[i] = crockford[bytes[i] % 32];
      random[sizeof bytes] = '\0';
      check = check_parts (code, year_text, random);
    }
  while (strchr (crockford, check) == NULL);
  random[TEMPO_LICENCE_KEY_RANDOM - 1] = check;

  return g_strjoin ("-", PREFIX, code, year_text, random, NULL);
}

/**
 * tempo_licence_key_digest:
 * @key: a normalized key
 *
 * Returns: (transfer full): what is stored and compared in its place
 */
char *
tempo_licence_key_digest (const char *key)
{
  g_autofree char *text = g_strconcat (DIGEST_DOMAIN, key, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/**
 * tempo_licence_key_last_four:
 * @key: a normalized key
 *
 * Returns: the end of @key
 */
const char *
tempo_licence_key_last_four (const char *key)
{
  gsize length = strlen (key);

  return key + (length > 4 ? length - 4 : 0);
}
