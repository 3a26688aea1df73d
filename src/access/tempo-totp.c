/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-totp.h"

#include <liboath/oath.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "base/tempo-id.h"

#define SECRET_BYTES 20 /* RFC 4226 section 4, R6: 160 bits recommended */
#define RECOVERY_BYTES 16
#define RECOVERY_LENGTH 26 /* of base32 without padding */
#define GROUP 5
/* One step early or late: the clocks of phones and boxes behind bars differ. */
#define WINDOW 1

static void
ensure_library (void)
{
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      if (oath_init () != OATH_OK)
        g_error ("liboath could not be started");
      g_once_init_leave (&ready, 1);
    }
}

static char *
random_base32 (gsize n_bytes)
{
  guint8 bytes[SECRET_BYTES];
  g_autofree char *text = NULL;
  char *padded = NULL;
  size_t length;

  g_assert (n_bytes <= sizeof bytes);
  ensure_library ();
  if (RAND_bytes (bytes, (int) n_bytes) != 1)
    g_error ("no random bytes");
  if (oath_base32_encode ((const char *) bytes, n_bytes, &padded, &length) != OATH_OK)
    g_error ("out of memory");
  text = g_strndup (padded, strcspn (padded, "="));
  /* liboath's memory is malloc's, which GLib's is not always under a debugger. */
  free (padded);

  return g_steal_pointer (&text);
}

/* (nullable): malloc's. 160 bits are 32 letters, which need no padding. */
static char *
decode_secret (const char *secret,
               size_t *length)
{
  char *bytes = NULL;

  ensure_library ();
  if (strlen (secret) > 128 || oath_base32_decode (secret, strlen (secret), &bytes, length) != OATH_OK)
    return NULL;

  return bytes;
}

static gboolean
is_digits (const char *code)
{
  return strlen (code) == TEMPO_TOTP_DIGITS && strspn (code, "0123456789") == TEMPO_TOTP_DIGITS;
}

/* "123 456" is how authenticators show it. */
static char *
strip (const char *code)
{
  GString *text = g_string_new (NULL);

  for (const char *p = code; *p != '\0' && text->len < TEMPO_TOTP_MAX_CODE; p++)
    if (*p != ' ' && *p != '-')
      g_string_append_c (text, g_ascii_toupper (*p));

  return g_string_free (text, FALSE);
}

/**
 * tempo_totp_new_secret:
 *
 * Returns: (transfer full): what the host and the authenticator share
 */
char *
tempo_totp_new_secret (void)
{
  return random_base32 (SECRET_BYTES);
}

/**
 * tempo_totp_make_uri:
 * @secret: of tempo_totp_new_secret()
 * @issuer: the house, shown above the code
 * @account: who signs in
 *
 * Returns: (transfer full): what a QR code holds
 */
char *
tempo_totp_make_uri (const char *secret,
                     const char *issuer,
                     const char *account)
{
  g_autofree char *house = g_uri_escape_string (issuer, NULL, FALSE);
  g_autofree char *who = g_uri_escape_string (account, NULL, FALSE);

  return g_strdup_printf ("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d", house, who,
                          secret, house, TEMPO_TOTP_DIGITS, TEMPO_TOTP_STEP_SECONDS);
}

/**
 * tempo_totp_verify:
 * @secret: base32
 * @code: (nullable): what was typed
 * @now: wall time in seconds
 * @last_step: the newest step a code was taken of, 0 for none
 * @step: (out) (optional): the step @code is of
 *
 * A code is good once (RFC 6238 section 5.2): the caller keeps @step.
 *
 * Returns: whether it is good
 */
gboolean
tempo_totp_verify (const char *secret,
                   const char *code,
                   gint64 now,
                   gint64 last_step,
                   gint64 *step)
{
  g_autofree char *typed = code != NULL ? strip (code) : NULL;
  size_t length = 0;
  char *bytes;
  uint64_t counter = 0;
  int position = 0;
  int found;

  if (typed == NULL || !is_digits (typed) || now < TEMPO_TOTP_STEP_SECONDS)
    return FALSE;

  bytes = decode_secret (secret, &length);
  if (bytes == NULL)
    return FALSE;
  found = oath_totp_validate3 (bytes, length, (time_t) now, TEMPO_TOTP_STEP_SECONDS, 0, WINDOW, &position, &counter, typed);
  memset (bytes, 0, length);
  free (bytes);
  if (found < 0 || (gint64) counter <= last_step)
    return FALSE;

  if (step != NULL)
    *step = (gint64) counter;

  return TRUE;
}

/**
 * tempo_totp_generate:
 * @secret: base32
 * @now: wall time in seconds
 *
 * Returns: (transfer full) (nullable): the code of that moment
 */
char *
tempo_totp_generate (const char *secret,
                     gint64 now)
{
  char digits[TEMPO_TOTP_DIGITS + 1];
  size_t length = 0;
  char *bytes = decode_secret (secret, &length);
  gboolean made;

  if (bytes == NULL)
    return NULL;
  made = oath_totp_generate (bytes, length, (time_t) now, TEMPO_TOTP_STEP_SECONDS, 0, TEMPO_TOTP_DIGITS, digits) == OATH_OK;
  free (bytes);

  return made ? g_strdup (digits) : NULL;
}

/**
 * tempo_recovery_code_new:
 *
 * Returns: (transfer full): "ABCDE-FGHIJ-…", to be shown once
 */
char *
tempo_recovery_code_new (void)
{
  g_autofree char *letters = random_base32 (RECOVERY_BYTES);
  GString *code = g_string_new (NULL);

  for (guint i = 0; letters[i] != '\0'; i++)
    {
      if (i > 0 && i % GROUP == 0)
        g_string_append_c (code, '-');
      g_string_append_c (code, letters[i]);
    }

  return g_string_free (code, FALSE);
}

/**
 * tempo_recovery_code_digest:
 * @code: (nullable): what was typed
 *
 * The codes hold 128 random bits, so a fast digest is enough to keep them by.
 *
 * Returns: (transfer full) (nullable): what is stored of it
 */
char *
tempo_recovery_code_digest (const char *code)
{
  g_autofree char *typed = code != NULL ? strip (code) : NULL;

  if (typed == NULL || strlen (typed) != RECOVERY_LENGTH)
    return NULL;

  return tempo_token_digest (typed);
}
