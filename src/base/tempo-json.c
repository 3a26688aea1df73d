/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/tempo-clock.h"

G_DEFINE_QUARK (tempo-json-error-quark, tempo_json_error)

/* Integers that a double holds exactly; json-glib reads 1e3 and 5.0 as doubles. */
#define MAX_EXACT_DOUBLE 9007199254740992.0

struct _TempoJson
{
  GString *text; /* (owned) */
};

/* --- writing --- */

/* Which bytes end a run that can be copied as it is. '<' and U+2028/2029 (which
 * start with 0xe2) are legal in JSON but not inside a script element, where the
 * guest page carries its first state. */
static gboolean
needs_care (guchar byte)
{
  return byte < 0x20 || byte == '"' || byte == '\\' || byte == '<' || byte == 0x7f || byte == 0xe2;
}

/* The first byte of U+2028 and U+2029, and of many others, stands at @at. */
static gsize
append_e2 (GString *out,
           const guchar *at)
{
  if (at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9))
    {
      g_string_append (out, at[2] == 0xa8 ? "\\u2028" : "\\u2029");
      return 3;
    }

  g_string_append_c (out, (char) *at);

  return 1;
}

/* Appends the escape of what stands at @at and tells how many bytes it was. */
static gsize
append_escape (GString *out,
               const guchar *at)
{
  static const char hex[] = "0123456789abcdef";
  static const char short_names[] = "btn\0fr"; /* 0x08 to 0x0d; 0x0b has none */

  if (*at == 0xe2)
    return append_e2 (out, at);

  if (*at == '"' || *at == '\\')
    {
      g_string_append_c (out, '\\');
      g_string_append_c (out, (char) *at);
    }
  else if (*at >= 0x08 && *at <= 0x0d && short_names[*at - 0x08] != '\0')
    {
      g_string_append_c (out, '\\');
      g_string_append_c (out, short_names[*at - 0x08]);
    }
  else
    {
      g_string_append (out, "\\u00");
      g_string_append_c (out, hex[*at >> 4]);
      g_string_append_c (out, hex[*at & 0xf]);
    }

  return 1;
}

/* Nearly all keys and values are plain ASCII, which is written in one go. @length: (out): of @value. */
static gboolean
is_plain (const char *value,
          gsize *length)
{
  const guchar *at = (const guchar *) value;

  while (*at < 0x80 && *at != '\0' && !needs_care (*at))
    at++;
  *length = (gsize) (at - (const guchar *) value);

  return *at == '\0';
}

static void
append_quoted (GString *out,
               const char *value)
{
  g_autofree char *repaired = NULL;
  const guchar *at;
  gsize length;

  if (is_plain (value, &length))
    {
      g_string_append_c (out, '"');
      g_string_append_len (out, value, (gssize) length);
      g_string_append_c (out, '"');
      return;
    }
  if (!g_utf8_validate (value, -1, NULL))
    value = repaired = g_utf8_make_valid (value, -1);

  g_string_append_c (out, '"');
  for (at = (const guchar *) value; *at != '\0';)
    {
      const guchar *start = at;

      while (*at != '\0' && !needs_care (*at))
        at++;
      g_string_append_len (out, (const char *) start, at - start);
      if (*at != '\0')
        at += append_escape (out, at);
    }
  g_string_append_c (out, '"');
}

/* Everything before a value: the comma, unless it is the first of its
 * container (what was written before tells that), and the key. */
static GString *
begin_value (TempoJson *self,
             const char *key)
{
  GString *out = self->text;
  char last = out->len > 0 ? out->str[out->len - 1] : '{';

  if (last != '{' && last != '[')
    g_string_append_c (out, ',');
  if (key != NULL)
    {
      append_quoted (out, key);
      g_string_append_c (out, ':');
    }

  return out;
}

/**
 * tempo_json_new:
 *
 * Returns: (transfer full): an empty writer
 */
TempoJson *
tempo_json_new (void)
{
  TempoJson *self = g_new0 (TempoJson, 1);

  self->text = g_string_sized_new (1024);

  return self;
}

/**
 * tempo_json_free:
 * @self: (nullable): a writer
 *
 * Throws the text away; tempo_json_finish() is the other way to end a writer.
 */
void
tempo_json_free (TempoJson *self)
{
  if (self != NULL)
    {
      g_string_free (self->text, TRUE);
      g_free (self);
    }
}

void
tempo_json_clear (TempoJson *self)
{
  g_string_truncate (self->text, 0);
}

void
tempo_json_begin_object (TempoJson *self,
                         const char *key)
{
  g_string_append_c (begin_value (self, key), '{');
}

void
tempo_json_end_object (TempoJson *self)
{
  g_string_append_c (self->text, '}');
}

void
tempo_json_begin_array (TempoJson *self,
                        const char *key)
{
  g_string_append_c (begin_value (self, key), '[');
}

void
tempo_json_end_array (TempoJson *self)
{
  g_string_append_c (self->text, ']');
}

/**
 * tempo_json_string:
 * @self: a writer
 * @key: (nullable): the member, NULL inside an array
 * @value: (nullable): text; NULL is written as null
 *
 * Invalid UTF-8 is replaced by U+FFFD. What is written may stand inside a
 * script element of a page.
 */
void
tempo_json_string (TempoJson *self,
                   const char *key,
                   const char *value)
{
  GString *out = begin_value (self, key);

  if (value != NULL)
    append_quoted (out, value);
  else
    g_string_append (out, "null");
}

void
tempo_json_int (TempoJson *self,
                const char *key,
                gint64 value)
{
  char digits[24];
  char *at = digits + sizeof digits;
  guint64 left = value < 0 ? - (guint64) value : (guint64) value;

  do
    {
      *--at = '0' + left % 10;
      left /= 10;
    }
  while (left > 0);
  if (value < 0)
    *--at = '-';

  g_string_append_len (begin_value (self, key), at, digits + sizeof digits - at);
}

/**
 * tempo_json_double:
 * @self: a writer
 * @key: (nullable): the member
 * @value: a number; JSON has no infinities, so those become null
 *
 * Always with a point, whatever the locale says.
 */
void
tempo_json_double (TempoJson *self,
                   const char *key,
                   double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (begin_value (self, key),
                   isfinite (value) ? g_ascii_dtostr (digits, sizeof digits, value) : "null");
}

void
tempo_json_bool (TempoJson *self,
                 const char *key,
                 gboolean value)
{
  g_string_append (begin_value (self, key), value ? "true" : "false");
}

void
tempo_json_null (TempoJson *self,
                 const char *key)
{
  g_string_append (begin_value (self, key), "null");
}

/**
 * tempo_json_time:
 * @self: a writer
 * @key: (nullable): the member
 * @wall_us: wall time; 0, which means "not yet", is written as null
 *
 * Writes a time as RFC 3339.
 */
void
tempo_json_time (TempoJson *self,
                 const char *key,
                 gint64 wall_us)
{
  GString *out = begin_value (self, key);
  char text[TEMPO_TIME_LENGTH + 3];

  if (wall_us == 0)
    {
      g_string_append (out, "null");
      return;
    }

  text[0] = '"';
  tempo_time_write (wall_us, text + 1);
  text[TEMPO_TIME_LENGTH + 1] = '"';
  g_string_append_len (out, text, TEMPO_TIME_LENGTH + 2);
}

void
tempo_json_raw (TempoJson *self,
                const char *key,
                const char *json,
                gssize length)
{
  g_string_append_len (begin_value (self, key), json, length);
}

/**
 * tempo_json_finish:
 * @self: (transfer full): a writer
 *
 * Returns: (transfer full): all that was written; the writer is gone
 */
GBytes *
tempo_json_finish (TempoJson *self)
{
  GBytes *bytes;

  g_return_val_if_fail (self != NULL, NULL);

  bytes = g_string_free_to_bytes (self->text);
  g_free (self);

  return bytes;
}

/**
 * tempo_json_peek:
 * @self: a writer
 * @length: (out) (optional): bytes
 *
 * Returns: the text so far, valid until the next call
 */
const char *
tempo_json_peek (TempoJson *self,
                 gsize *length)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (length != NULL)
    *length = self->text->len;

  return self->text->str;
}

/* --- reading --- */

/* A strict check of RFC 8259 before json-glib, which also takes comments,
 * assignments and text after the end, and recurses without a limit. */
typedef struct
{
  const char *at;
  const char *end;
  gboolean too_deep;
} Scan;

static gboolean scan_value (Scan *scan, guint depth);

static char
scan_peek (Scan *scan)
{
  return scan->at < scan->end ? *scan->at : '\0';
}

static gboolean
scan_take (Scan *scan,
           char wanted)
{
  if (scan_peek (scan) != wanted || wanted == '\0')
    return FALSE;

  scan->at++;

  return TRUE;
}

static void
scan_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL && *scan->at != '\0')
    scan->at++;
}

static gboolean
scan_word (Scan *scan,
           const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return FALSE;

  scan->at += length;

  return TRUE;
}

static gboolean
scan_hex4 (Scan *scan,
           guint *unit)
{
  guint sum = 0;

  if (scan->end - scan->at < 4)
    return FALSE;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (*scan->at++);

      if (digit < 0)
        return FALSE;
      sum = sum << 4 | (guint) digit;
    }
  *unit = sum;

  return TRUE;
}

/* Past the backslash. \u0000 would cut the text for everyone who reads it as a
 * C string, and half a surrogate pair is no character at all: both are refused. */
static gboolean
scan_escape (Scan *scan)
{
  guint unit, low;

  if (!scan_take (scan, 'u'))
    {
      if (scan_peek (scan) == '\0' || strchr ("\"\\/bfnrt", *scan->at) == NULL)
        return FALSE;
      scan->at++;
      return TRUE;
    }

  if (!scan_hex4 (scan, &unit) || unit == 0)
    return FALSE;
  if (unit >= 0xd800 && unit <= 0xdbff)
    return scan_word (scan, "\\u") && scan_hex4 (scan, &low) && low >= 0xdc00 && low <= 0xdfff;

  return unit < 0xdc00 || unit > 0xdfff;
}

static gboolean
scan_string (Scan *scan)
{
  if (!scan_take (scan, '"'))
    return FALSE;

  while (scan->at < scan->end && *scan->at != '"')
    {
      guchar byte = (guchar) *scan->at++;

      if (byte < 0x20 || (byte == '\\' && !scan_escape (scan)))
        return FALSE;
    }

  return scan_take (scan, '"');
}

static gboolean
scan_digits (Scan *scan)
{
  const char *start = scan->at;

  while (g_ascii_isdigit (scan_peek (scan)))
    scan->at++;

  return scan->at > start;
}

/* A whole number that does not fit 64 bits would come out as another number. */
static gboolean
fits_integer (const char *start,
              gsize length)
{
  char digits[24];

  if (length >= sizeof digits)
    return FALSE;

  memcpy (digits, start, length);
  digits[length] = '\0';

  return g_ascii_string_to_signed (digits, 10, G_MININT64, G_MAXINT64, NULL, NULL);
}

static gboolean
scan_number (Scan *scan)
{
  const char *start = scan->at;
  gboolean whole = TRUE;

  scan_take (scan, '-');
  if (!scan_take (scan, '0') && !scan_digits (scan))
    return FALSE;
  if (scan_take (scan, '.'))
    {
      whole = FALSE;
      if (!scan_digits (scan))
        return FALSE;
    }
  if (scan_take (scan, 'e') || scan_take (scan, 'E'))
    {
      whole = FALSE;
      if (!scan_take (scan, '+'))
        scan_take (scan, '-');
      if (!scan_digits (scan))
        return FALSE;
    }

  return !whole || fits_integer (start, (gsize) (scan->at - start));
}

static gboolean
scan_member (Scan *scan,
             gboolean named,
             guint depth)
{
  scan_space (scan);
  if (named)
    {
      if (!scan_string (scan))
        return FALSE;
      scan_space (scan);
      if (!scan_take (scan, ':'))
        return FALSE;
    }

  return scan_value (scan, depth);
}

static gboolean
scan_container (Scan *scan,
                char close,
                guint depth)
{
  if (depth > TEMPO_JSON_MAX_DEPTH)
    {
      scan->too_deep = TRUE;
      return FALSE;
    }

  scan->at++;
  scan_space (scan);
  if (scan_take (scan, close))
    return TRUE;

  do
    {
      if (!scan_member (scan, close == '}', depth))
        return FALSE;
    }
  while (scan_take (scan, ','));

  return scan_take (scan, close);
}

/* One value and the space around it; its containers nest at @depth already. */
static gboolean
scan_value (Scan *scan,
            guint depth)
{
  gboolean good;

  scan_space (scan);
  switch (scan_peek (scan))
    {
    case '{':
      good = scan_container (scan, '}', depth + 1);
      break;
    case '[':
      good = scan_container (scan, ']', depth + 1);
      break;
    case '"':
      good = scan_string (scan);
      break;
    case 't':
      good = scan_word (scan, "true");
      break;
    case 'f':
      good = scan_word (scan, "false");
      break;
    case 'n':
      good = scan_word (scan, "null");
      break;
    default:
      good = scan_number (scan);
      break;
    }
  scan_space (scan);

  return good;
}

static gboolean
scan_body (const char *data,
           gsize length,
           GError **error)
{
  Scan scan = { data, length > 0 ? data + length : data, FALSE };

  if (length > 0 && length <= G_MAXINT && g_utf8_validate_len (data, length, NULL) &&
      scan_value (&scan, 0) && scan.at == scan.end)
    return TRUE;

  if (scan.too_deep)
    g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_TOO_DEEP,
                 "JSON is nested deeper than %d", TEMPO_JSON_MAX_DEPTH);
  else
    g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_INVALID,
                 "Text is not JSON in UTF-8 near byte %" G_GSIZE_FORMAT, (gsize) (scan.at - data));

  return FALSE;
}

/**
 * tempo_json_parse:
 * @data: (array length=length): bytes from outside
 * @length: how many
 * @error: TEMPO_JSON_ERROR_TOO_DEEP or TEMPO_JSON_ERROR_INVALID
 *
 * Takes exactly the JSON of RFC 8259 whose top is an object, in UTF-8, without
 * NUL in any form, without half surrogate pairs and without whole numbers over
 * 64 bits. Of members with one name the last counts. The caller bounds @length.
 *
 * Returns: (transfer full) (nullable): the object
 */
JsonObject *
tempo_json_parse (const char *data,
                  gsize length,
                  GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) parse_error = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (!scan_body (data, length, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, data, (gssize) length, &parse_error) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_INVALID, "JSON is not an object: %s",
                   parse_error != NULL ? parse_error->message : "another kind stands at the top");
      return NULL;
    }

  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

/* The member's node, or NULL when it is absent or null, or an error waits. */
static JsonNode *
find_member (JsonObject *object,
             const char *member,
             GError **error)
{
  JsonNode *node = error != NULL && *error != NULL ? NULL : json_object_get_member (object, member);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

static GType
kind_of (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
}

/**
 * tempo_json_get_string:
 * @object: what tempo_json_parse() gave
 * @member: its name
 * @max_chars: characters allowed
 * @fallback: (nullable): what stands for an absent or null member
 * @error: TEMPO_JSON_ERROR_MEMBER
 *
 * Returns: (nullable): the text, valid as long as @object
 */
const char *
tempo_json_get_string (JsonObject *object,
                       const char *member,
                       gsize max_chars,
                       const char *fallback,
                       GError **error)
{
  JsonNode *node = find_member (object, member, error);
  const char *text;

  if (node == NULL)
    return fallback;

  if (kind_of (node) != G_TYPE_STRING)
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" must be text", member);
      return fallback;
    }

  text = json_node_get_string (node);
  if ((gsize) g_utf8_strlen (text, -1) > max_chars)
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                   "\"%s\" must be at most %" G_GSIZE_FORMAT " characters", member, max_chars);
      return fallback;
    }

  return text;
}

/**
 * tempo_json_get_int:
 * @object: what tempo_json_parse() gave
 * @member: its name
 * @min: least value allowed
 * @max: greatest value allowed
 * @fallback: what stands for an absent or null member; need not be in the range
 * @error: TEMPO_JSON_ERROR_MEMBER
 *
 * A number written with a fraction passes when the fraction is nought.
 *
 * Returns: the number
 */
gint64
tempo_json_get_int (JsonObject *object,
                    const char *member,
                    gint64 min,
                    gint64 max,
                    gint64 fallback,
                    GError **error)
{
  JsonNode *node = find_member (object, member, error);
  gint64 value;

  if (node == NULL)
    return fallback;

  if (kind_of (node) == G_TYPE_INT64)
    {
      value = json_node_get_int (node);
    }
  else if (kind_of (node) == G_TYPE_DOUBLE && fabs (json_node_get_double (node)) <= MAX_EXACT_DOUBLE &&
           trunc (json_node_get_double (node)) == json_node_get_double (node))
    {
      value = (gint64) json_node_get_double (node);
    }
  else
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" must be a whole number", member);
      return fallback;
    }

  if (value < min || value > max)
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                   "\"%s\" must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, member, min, max);
      return fallback;
    }

  return value;
}

/**
 * tempo_json_get_bool:
 * @object: what tempo_json_parse() gave
 * @member: its name
 * @fallback: what stands for an absent or null member
 * @error: TEMPO_JSON_ERROR_MEMBER
 *
 * Returns: the truth value; numbers and texts are not taken for one
 */
gboolean
tempo_json_get_bool (JsonObject *object,
                     const char *member,
                     gboolean fallback,
                     GError **error)
{
  JsonNode *node = find_member (object, member, error);

  if (node == NULL)
    return fallback;

  if (kind_of (node) != G_TYPE_BOOLEAN)
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" must be true or false", member);
      return fallback;
    }

  return json_node_get_boolean (node);
}
