/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-fields.h"

#include <string.h>

/**
 * tempo_decode:
 * @plus: '+' is a space
 *
 * Decodes once and only once: what is still encoded afterwards stays text. A '%' without two digits makes the
 * whole text unacceptable rather than being kept, so that no two readers see different values.
 */
char *
tempo_decode (const char *text,
              gsize length,
              gboolean plus)
{
  g_autofree char *decoded = g_malloc (length + 1);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (c == '%')
        {
          if (i + 2 >= length || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]))
            return NULL;
          c = (char) (g_ascii_xdigit_value (text[i + 1]) * 16 + g_ascii_xdigit_value (text[i + 2]));
          i += 2;
        }
      else if (plus && c == '+')
        c = ' ';
      /* Form fields hold line breaks; nothing else below the space is text. */
      if (((guchar) c < 0x20 && !(plus && (c == '\n' || c == '\r' || c == '\t'))) || c == 0x7f)
        return NULL;
      decoded[n++] = c;
    }
  decoded[n] = '\0';
  if (!g_utf8_validate_len (decoded, n, NULL))
    return NULL;
  return g_steal_pointer (&decoded);
}

static gboolean
is_acceptable_segment (const char *segment)
{
  return g_strcmp0 (segment, ".") != 0 && g_strcmp0 (segment, "..") != 0 && strpbrk (segment, "/\\") == NULL;
}

/**
 * tempo_path_split:
 *
 * Splits first and decodes after, so that an encoded slash never makes a segment, and looks at what each
 * segment decodes to, so that an encoded ".." is seen.
 */
GStrv
tempo_path_split (const char *path,
                  gsize length)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *end = path + length;
  guint n = 0;

  if (length == 0 || *path != '/')
    return NULL;
  for (const char *from = path + 1; from < end || (from == end && n > 0);)
    {
      const char *to = memchr (from, '/', end - from);
      g_autofree char *segment = NULL;

      if (to == NULL)
        to = end;
      segment = tempo_decode (from, to - from, FALSE);
      if (segment == NULL || !is_acceptable_segment (segment) || ++n > TEMPO_MAX_SEGMENTS)
        return NULL;
      if (*segment == '\0' && to < end)
        return NULL;
      g_strv_builder_add (builder, segment);
      if (to == end)
        break;
      from = to + 1;
    }
  return g_strv_builder_end (builder);
}

/** Reads a query or a form; at most TEMPO_MAX_FIELDS of it, the first of each name. */
GHashTable *
tempo_query_parse (const char *text,
                   gsize length)
{
  GHashTable *fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *end = text + length;

  for (const char *from = text; from < end && g_hash_table_size (fields) < TEMPO_MAX_FIELDS;)
    {
      const char *to = memchr (from, '&', end - from);
      const char *equals;
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (to == NULL)
        to = end;
      equals = memchr (from, '=', to - from);
      if (equals == NULL)
        equals = to;
      name = tempo_decode (from, equals - from, TRUE);
      value = equals < to ? tempo_decode (equals + 1, to - equals - 1, TRUE) : g_strdup ("");
      if (name != NULL && *name != '\0' && value != NULL && !g_hash_table_contains (fields, name))
        g_hash_table_insert (fields, g_steal_pointer (&name), g_steal_pointer (&value));
      from = to + 1;
    }
  return fields;
}

static gboolean
is_cookie_value (const char *value,
                 gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar) value[i] <= 0x20 || (guchar) value[i] >= 0x7f || strchr ("\",;\\", value[i]) != NULL)
      return FALSE;
  return TRUE;
}

/** Finds one cookie; a value with anything in it that RFC 6265 does not allow counts as absent. */
char *
tempo_cookie_find (const char *header,
                   const char *name)
{
  gsize name_length = strlen (name);

  for (const char *p = header; p != NULL && *p != '\0';)
    {
      gsize length;

      p += strspn (p, "; \t");
      length = strcspn (p, ";");
      if (length > name_length && strncmp (p, name, name_length) == 0 && p[name_length] == '=')
        {
          const char *value = p + name_length + 1;
          gsize n = length - name_length - 1;

          while (n > 0 && g_ascii_isspace (value[n - 1]))
            n--;
          if (n >= 2 && value[0] == '"' && value[n - 1] == '"')
            {
              value++;
              n -= 2;
            }
          return is_cookie_value (value, n) ? g_strndup (value, n) : NULL;
        }
      p += length;
    }
  return NULL;
}

/** Reads an id this server may have given out; anything else means a fresh start. */
gboolean
tempo_event_id_parse (const char *text,
                      guint64 *id)
{
  guint64 value;

  if (text == NULL || *text == '\0' || strspn (text, "0123456789") != strlen (text))
    return FALSE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &value, NULL))
    return FALSE;
  *id = value;
  return TRUE;
}
