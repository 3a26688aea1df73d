/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-page.h"

#include <stdarg.h>
#include <string.h>

G_DEFINE_QUARK (tempo-page-error-quark, tempo_page_error)

/* Text, then the field behind it. The last part has no field. */
typedef struct
{
  const char *text; /* of the template */
  gsize length;
  char *field; /* (owned) (nullable) */
  gboolean raw;
} Part;

struct _TempoPage
{
  GBytes *template; /* (owned) */
  GArray *parts;    /* (owned): Part */
  gsize size_hint;
};

static void
clear_part (gpointer data)
{
  g_clear_pointer (&((Part *) data)->field, g_free);
}

static guint
line_of (const char *start,
         const char *at)
{
  guint line = 1;

  for (const char *p = start; p < at; p++)
    line += *p == '\n';
  return line;
}

static gboolean
is_name (const char *name,
         gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (name[i]) && !g_ascii_isdigit (name[i]) && name[i] != '_')
      return FALSE;
  return length > 0;
}

/* Reads the field at @open, which is at "{{". Returns what follows it, NULL when it is malformed. */
static const char *
read_field (const char *open,
            const char *end,
            Part *part)
{
  gsize left = end - open;
  const char *close;

  part->raw = left > 2 && open[2] == '{';
  open += part->raw ? 3 : 2;
  close = g_strstr_len (open, end - open, part->raw ? "}}}" : "}}");
  if (close == NULL || !is_name (open, close - open))
    return NULL;
  part->field = g_strndup (open, close - open);
  return close + (part->raw ? 3 : 2);
}

/** Parses a template once. */
TempoPage *
tempo_page_new (GBytes *template,
                GError **error)
{
  g_autoptr (TempoPage) self = g_new0 (TempoPage, 1);
  gsize length;
  const char *start = g_bytes_get_data (template, &length);
  const char *end;

  /* Empty bytes may have no address at all. */
  if (start == NULL)
    start = "";
  end = start + length;
  self->template = g_bytes_ref (template);
  self->parts = g_array_new (FALSE, TRUE, sizeof (Part));
  g_array_set_clear_func (self->parts, clear_part);
  self->size_hint = length + 4096;
  for (const char *from = start; from < end;)
    {
      const char *open = g_strstr_len (from, end - from, "{{");
      Part part = { .text = from, .length = (open != NULL ? open : end) - from };
      const char *next = open != NULL ? read_field (open, end, &part) : end;

      if (next == NULL)
        {
          g_set_error (error, TEMPO_PAGE_ERROR, TEMPO_PAGE_ERROR_MALFORMED,
                       "line %u: a field is left open or badly named", line_of (start, open));
          return NULL;
        }
      g_array_append_val (self->parts, part);
      from = next;
    }
  return g_steal_pointer (&self);
}

/** Frees the template's parts. */
void
tempo_page_free (TempoPage *self)
{
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->template, g_bytes_unref);
  g_free (self);
}

/** Appends @text so that it stays text inside an element and inside a quoted attribute. */
void
tempo_page_append_escaped (GString *html,
                           const char *text)
{
  for (const char *p = text; *p != '\0';)
    {
      gsize plain = strcspn (p, "&<>\"'");

      g_string_append_len (html, p, plain);
      p += plain;
      switch (*p)
        {
        case '&':
          g_string_append (html, "&amp;");
          break;
        case '<':
          g_string_append (html, "&lt;");
          break;
        case '>':
          g_string_append (html, "&gt;");
          break;
        case '"':
          g_string_append (html, "&quot;");
          break;
        case '\'':
          g_string_append (html, "&#39;");
          break;
        default:
          return;
        }
      p++;
    }
}

/** Fills the template in one pass: what a value says is never read as a field. */
GBytes *
tempo_page_fill_table (TempoPage *self,
                       GHashTable *values)
{
  GString *html = g_string_sized_new (self->size_hint);

  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);
      const char *value = part->field != NULL ? g_hash_table_lookup (values, part->field) : NULL;

      g_string_append_len (html, part->text, part->length);
      if (value == NULL)
        continue;
      if (part->raw)
        g_string_append (html, value);
      else
        tempo_page_append_escaped (html, value);
    }
  return g_string_free_to_bytes (html);
}

/** Fills the template from pairs of arguments. */
GBytes *
tempo_page_fill (TempoPage *self,
                 ...)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  const char *name;
  va_list arguments;

  va_start (arguments, self);
  while ((name = va_arg (arguments, const char *)) != NULL)
    {
      char *value = va_arg (arguments, char *);

      g_hash_table_insert (values, (char *) name, value);
    }
  va_end (arguments);
  return tempo_page_fill_table (self, values);
}

/** Does the template ask for @name? Lets a caller skip costly values. */
gboolean
tempo_page_has_field (TempoPage *self,
                      const char *name)
{
  for (guint i = 0; i < self->parts->len; i++)
    if (g_strcmp0 (g_array_index (self->parts, Part, i).field, name) == 0)
      return TRUE;
  return FALSE;
}

/** Makes JSON inert inside a script element: these characters stand only inside its strings. */
char *
tempo_page_json (const char *json,
                 gssize length)
{
  gsize size = length < 0 ? strlen (json) : (gsize) length;
  g_autoptr (GString) safe = g_string_sized_new (size + 64);

  for (gsize i = 0; i < size; i++)
    {
      char c = json[i];

      if (c == '<' || c == '>' || c == '&')
        g_string_append_printf (safe, "\\u%04x", c);
      else if (size - i >= 3 && memcmp (json + i, "\xe2\x80\xa8", 3) == 0)
        {
          g_string_append (safe, "\\u2028");
          i += 2;
        }
      else if (size - i >= 3 && memcmp (json + i, "\xe2\x80\xa9", 3) == 0)
        {
          g_string_append (safe, "\\u2029");
          i += 2;
        }
      else
        g_string_append_c (safe, c);
    }
  return g_string_free (g_steal_pointer (&safe), FALSE);
}
