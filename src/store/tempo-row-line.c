/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-row-line-private.h"

#include <string.h>

/* As many certainly fit 64 bits. */
#define MAX_DIGITS 18

/* The character each short escape stands for; 0: none that is read here. */
static char
get_escaped (char letter)
{
  switch (letter)
    {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
    }
}

/* Past the opening quote of a text. NULL, or the closing one. */
static char *
find_quote (char *at, gboolean *escaped)
{
  *escaped = FALSE;
  for (; *at != '"'; at++)
    {
      if ((guchar) *at < 0x20)
        return NULL;
      if (*at != '\\')
        continue;
      if (get_escaped (at[1]) == 0)
        return NULL;
      *escaped = TRUE;
      at++;
    }
  return at;
}

/* NULL, or what follows the number. */
static char *
read_number (char *at, TempoRowValue *value)
{
  gboolean negative = *at == '-';
  char *first = at += negative;
  gint64 number = 0;

  for (; g_ascii_isdigit (*at) && at - first < MAX_DIGITS; at++)
    number = number * 10 + (*at - '0');
  if (at == first || (*first == '0' && (at > first + 1 || negative)))
    return NULL;
  value->kind = TEMPO_ROW_NUMBER;
  value->number = negative ? -number : number;
  return at;
}

static char *
read_value (char *at, TempoRowValue *value)
{
  char *end = NULL;

  if (*at != '"')
    return read_number (at, value);
  end = find_quote (++at, &value->escaped);
  if (end == NULL)
    return NULL;
  value->kind = TEMPO_ROW_TEXT;
  value->text = at;
  value->length = (gsize) (end - at);
  return end + 1;
}

/* Columns mostly come in their order, some of them left out. */
static TempoRowValue *
find_column (const char *name, gsize length, GPtrArray *columns, TempoRowValue *values, guint *next)
{
  for (guint i = 0; i < columns->len; i++, *next = *next + 1 < columns->len ? *next + 1 : 0)
    {
      const char *column = g_ptr_array_index (columns, *next);

      if (strncmp (column, name, length) == 0 && column[length] == '\0')
        return &values[*next];
    }
  return NULL;
}

gboolean
tempo_row_line_read (char *line, gsize length, GPtrArray *columns, TempoRowValue *values)
{
  char *at = line;
  char *end = line + length;
  guint next = 0;

  memset (values, 0, columns->len * sizeof *values);
  if (*at != '{' || !g_utf8_validate_len (line, length, NULL))
    return FALSE;
  do
    {
      gboolean escaped = FALSE;
      char *name = at + 2;
      char *quote = at[1] == '"' ? find_quote (name, &escaped) : NULL;
      TempoRowValue *value = quote != NULL && quote[1] == ':'
        ? find_column (name, (gsize) (quote - name), columns, values, &next) : NULL;

      /* What stands there twice is not for us to choose from. */
      if (value == NULL || value->kind != TEMPO_ROW_ABSENT)
        return FALSE;
      at = read_value (quote + 2, value);
    }
  while (at != NULL && *at == ',');
  return at != NULL && *at == '}' && at + 1 == end;
}

const char *
tempo_row_value_end_text (TempoRowValue *self)
{
  char *to = self->text;
  const char *from = self->text;
  const char *end = self->text + self->length;

  if (self->escaped)
    {
      while (from < end)
        {
          gboolean escape = *from == '\\';

          *to++ = escape ? get_escaped (from[1]) : *from;
          from += escape ? 2 : 1;
        }
      self->length = (gsize) (to - self->text);
    }
  self->text[self->length] = '\0';
  return self->text;
}
