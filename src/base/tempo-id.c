/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-id.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/tempo-clock.h"

#define MAX_SLUG 40

/* Crockford's alphabet without the vowels that are left in it: codes are read
 * aloud and printed on cards, so nothing ambiguous and no accidental words. */
static const char code_alphabet[] = "0123456789BCDFGHJKMNPQRSTVWXYZ";

/* First parts of addresses that belong to the server itself. */
static const char *const reserved_slugs[] = {
  "api", "assets", "d", "healthz", "j", "metrics", "readyz", "staff", NULL
};

/* Fills @bytes from the kernel. There is no lesser source to fall back to: a
 * guessable token is worse than no service. */
static void
fill_random (guint8 *bytes,
             gsize length)
{
  gsize filled = 0;

  while (filled < length)
    {
      gssize got = getrandom (bytes + filled, length - filled, 0);

      if (got < 0 && errno != EINTR)
        g_error ("The system has no random source: %s", g_strerror (errno));
      if (got > 0)
        filled += (gsize) got;
    }
}

/* The time of an id and, within a millisecond, its counter. The counter starts
 * in its lower half so that there is room to count, and borrows from the next
 * millisecond when it is used up; a clock set back does not take ids back. */
static void
next_stamp (gint64 now_ms,
            guint seed,
            guint64 *stamp_ms,
            guint *stamp_counter)
{
  static GMutex lock;
  static gint64 last_ms = 0;
  static guint last_counter = 0;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (now_ms > last_ms)
    {
      last_ms = now_ms;
      last_counter = seed & 0x7ff;
    }
  else if (++last_counter > 0xfff)
    {
      last_ms++;
      last_counter = seed & 0x7ff;
    }

  *stamp_ms = (guint64) last_ms;
  *stamp_counter = last_counter;
}

static gboolean
is_lower_hex (char c)
{
  return g_ascii_isdigit (c) || (c >= 'a' && c <= 'f');
}

/**
 * tempo_id_new:
 * @clock: tells the time that leads the id
 *
 * Returns: (transfer full): a new UUIDv7, after all others of this process
 */
char *
tempo_id_new (TempoClock *clock)
{
  static const char hex[] = "0123456789abcdef";
  guint8 bytes[16];
  guint64 stamp_ms;
  guint counter;
  char *text, *at;

  g_return_val_if_fail (clock != NULL, NULL);

  fill_random (bytes, sizeof bytes);
  next_stamp (tempo_clock_now (clock) / 1000, ((guint) bytes[0] << 8) | bytes[1], &stamp_ms, &counter);

  for (guint i = 0; i < 6; i++)
    bytes[i] = (guint8) (stamp_ms >> (40 - 8 * i));
  bytes[6] = 0x70 | (guint8) (counter >> 8);
  bytes[7] = (guint8) counter;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);

  at = text = g_malloc (TEMPO_ID_LENGTH + 1);
  for (guint i = 0; i < sizeof bytes; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *at++ = '-';
      *at++ = hex[bytes[i] >> 4];
      *at++ = hex[bytes[i] & 0xf];
    }
  *at = '\0';

  return text;
}

/**
 * tempo_id_is_valid:
 * @text: (nullable): what came from outside
 *
 * Any version of UUID passes: rows made elsewhere keep their ids.
 *
 * Returns: whether @text is a canonical lower-case UUID
 */
gboolean
tempo_id_is_valid (const char *text)
{
  if (text == NULL || strnlen (text, TEMPO_ID_LENGTH + 1) != TEMPO_ID_LENGTH)
    return FALSE;

  for (guint i = 0; i < TEMPO_ID_LENGTH; i++)
    {
      gboolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;

      if (hyphen ? text[i] != '-' : !is_lower_hex (text[i]))
        return FALSE;
    }

  return TRUE;
}

/**
 * tempo_token_random:
 * @n_bytes: 16 to 64
 *
 * Returns: (transfer full): @n_bytes of the kernel's randomness as base64url
 */
char *
tempo_token_random (gsize n_bytes)
{
  guint8 bytes[64];
  char *text;
  gsize length;

  g_return_val_if_fail (n_bytes >= 16 && n_bytes <= sizeof bytes, NULL);

  fill_random (bytes, n_bytes);
  text = g_base64_encode (bytes, n_bytes);
  length = strcspn (text, "=");
  text[length] = '\0';
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');

  return text;
}

/**
 * tempo_code_new:
 * @length: characters, up to 64
 *
 * Returns: (transfer full): a code a person can read aloud and type
 */
char *
tempo_code_new (gsize length)
{
  const guint n_symbols = sizeof code_alphabet - 1;
  const guint fair = 256 / n_symbols * n_symbols;
  g_autofree char *code = NULL;

  g_return_val_if_fail (length > 0 && length <= 64, NULL);

  code = g_malloc0 (length + 1);
  for (gsize i = 0; i < length;)
    {
      guint8 byte;

      fill_random (&byte, 1);
      /* What is over a whole number of alphabets would favour its start. */
      if (byte < fair)
        code[i++] = code_alphabet[byte % n_symbols];
    }

  return g_steal_pointer (&code);
}

/**
 * tempo_code_is_valid:
 * @code: (nullable): what somebody wants to print on cards
 *
 * Other letters than those of codes made here: who chooses one wants a word.
 *
 * Returns: whether it can be a join code, in upper case
 */
gboolean
tempo_code_is_valid (const char *code)
{
  gsize length = code != NULL ? strlen (code) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (code[i]))
      return FALSE;

  return length >= 4 && length <= 12;
}

/**
 * tempo_slug_from_name:
 * @name: (nullable): any text
 *
 * Accents fall away ("Café Zoë" gives "cafe-zoe"); what has no ASCII likeness
 * becomes a hyphen. A name that would hide one of the server's own addresses
 * is told apart from it.
 *
 * Returns: (transfer full): a valid slug
 */
char *
tempo_slug_from_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  g_autofree char *ascii = g_str_to_ascii (valid, "C");
  g_autoptr (GString) slug = g_string_new (NULL);

  for (const char *at = ascii; *at != '\0' && slug->len < MAX_SLUG; at++)
    {
      if (g_ascii_isalnum (*at))
        g_string_append_c (slug, g_ascii_tolower (*at));
      else if (*at != '\'' && slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
    }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);

  if (slug->len == 0)
    g_string_assign (slug, "venue");
  else if (g_strv_contains (reserved_slugs, slug->str))
    g_string_append (slug, "-venue");

  return g_strdup (slug->str);
}

/**
 * tempo_slug_is_valid:
 * @slug: (nullable): what came from outside
 *
 * Returns: whether @slug is a-z, 0-9 and single inner hyphens, at most 40
 *   characters, and none of the server's own addresses
 */
gboolean
tempo_slug_is_valid (const char *slug)
{
  gsize length;

  if (slug == NULL || *slug == '\0')
    return FALSE;

  length = strnlen (slug, MAX_SLUG + 1);
  if (length > MAX_SLUG || slug[0] == '-' || slug[length - 1] == '-')
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_islower (slug[i]) && !g_ascii_isdigit (slug[i]) &&
          (slug[i] != '-' || slug[i - 1] == '-'))
        return FALSE;
    }

  return !g_strv_contains (reserved_slugs, slug);
}

/**
 * tempo_token_digest:
 * @text: a token
 *
 * Tokens are stored as this, so that a read database opens no door. They are
 * random and long, so a plain digest is enough: there is nothing to guess.
 *
 * Returns: (transfer full): SHA-256 in lower-case hex
 */
char *
tempo_token_digest (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}
