/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-base64url-private.h"

#include <string.h>

static int
value_of (char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '-')
    return 62;

  return c == '_' ? 63 : -1;
}

/**
 * tempo_base64url_encode:
 * @bytes: (array length=length): what to write
 * @length: how many
 *
 * Returns: (transfer full): the text
 */
char *
tempo_base64url_encode (const guint8 *bytes,
                        gsize length)
{
  char *text = g_base64_encode (bytes, length);

  text[strcspn (text, "=")] = '\0';
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');

  return text;
}

/**
 * tempo_base64url_decode:
 * @text: (array length=length): what came from outside
 * @length: how many characters
 *
 * Returns: (transfer full) (nullable): the bytes
 */
GBytes *
tempo_base64url_decode (const char *text,
                        gsize length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (length);
  guint32 bits = 0;
  guint n_bits = 0;

  if (length % 4 == 1)
    return NULL;

  for (gsize i = 0; i < length; i++)
    {
      int value = value_of (text[i]);

      if (value < 0)
        return NULL;
      bits = (bits << 6 | (guint32) value) & 0xffff;
      n_bits += 6;
      if (n_bits >= 8)
        {
          guint8 byte = (guint8) (bits >> (n_bits - 8));

          n_bits -= 8;
          g_byte_array_append (bytes, &byte, 1);
        }
    }

  if ((bits & ((1u << n_bits) - 1)) != 0)
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
