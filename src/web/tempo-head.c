/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-head.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *value;
} Field;

struct _TempoHead
{
  char *text; /* (owned): a copy cut into texts by NULs; all below point into it */
  const char *method;
  const char *target;
  const char *host;
  gint64 content_length;
  gboolean http_1_0;
  gboolean close;
  gboolean keep_alive;
  gboolean expects_continue;
  guint n_fields;
  Field fields[TEMPO_HEAD_MAX_FIELDS];
};

static const char *const known_methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", NULL };
/* Twice one of these and two readers may act on different ones. */
static const char *const single_fields[] = {
  "host", "content-length", "content-type", "origin", "sec-fetch-site", "authorization",
  "cookie", "expect", "last-event-id", "idempotency-key", NULL
};

static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Cuts the line that starts at @line at its CRLF; the next one starts behind. NULL: no CRLF, or a control. */
static char *
cut_line (char *line,
          char *end)
{
  for (char *p = line; p < end; p++)
    {
      if (*p == '\r')
        {
          if (p + 1 >= end || p[1] != '\n')
            return NULL;
          *p = '\0';
          return p + 2;
        }
      if ((guchar) *p < 0x20 && *p != '\t')
        return NULL;
      if (*p == 0x7f)
        return NULL;
    }
  return NULL;
}

/* "http://host:80/path" into its path; the authority must say what Host says. */
static gboolean
strip_absolute (TempoHead *self)
{
  const char *authority;
  gsize length;

  if (g_ascii_strncasecmp (self->target, "http://", 7) == 0)
    authority = self->target + 7;
  else if (g_ascii_strncasecmp (self->target, "https://", 8) == 0)
    authority = self->target + 8;
  else
    return FALSE;
  length = strcspn (authority, "/?");
  if (length != strlen (self->host) || g_ascii_strncasecmp (authority, self->host, length) != 0)
    return FALSE;
  self->target = authority + length;
  if (*self->target == '\0')
    self->target = "/";
  return *self->target == '/';
}

static gboolean
is_sound_target (const char *target)
{
  for (const char *p = target; *p != '\0'; p++)
    {
      if ((guchar) *p <= 0x20 || (guchar) *p >= 0x7f || *p == '#')
        return FALSE;
      if (*p == '%' && (!g_ascii_isxdigit (p[1]) || !g_ascii_isxdigit (p[2])))
        return FALSE;
    }
  return *target != '\0';
}

static guint
parse_request_line (TempoHead *self,
                    char *line)
{
  char *space = strchr (line, ' ');
  char *version;

  if (space == NULL || space == line)
    return 400;
  *space = '\0';
  self->method = line;
  self->target = space + 1;
  version = strchr (space + 1, ' ');
  if (version == NULL)
    return 400;
  *version++ = '\0';
  for (const char *p = self->method; *p != '\0'; p++)
    if (!is_token_char (*p))
      return 400;
  if (g_strcmp0 (version, "HTTP/1.0") == 0)
    self->http_1_0 = TRUE;
  else if (g_strcmp0 (version, "HTTP/1.1") != 0)
    return strlen (version) == 8 && g_str_has_prefix (version, "HTTP/") ? 505 : 400;
  if (strlen (self->target) > TEMPO_HEAD_MAX_TARGET)
    return 414;
  if (!is_sound_target (self->target))
    return 400;
  if (!g_strv_contains (known_methods, self->method))
    return 501;
  return 0;
}

static guint
add_field (TempoHead *self,
           char *line)
{
  char *colon = strchr (line, ':');
  char *value;

  if (self->n_fields == TEMPO_HEAD_MAX_FIELDS)
    return 431;
  /* A space before the colon, or a line that goes on the one before: read differently by different servers. */
  if (colon == NULL || colon == line)
    return 400;
  for (const char *p = line; p < colon; p++)
    if (!is_token_char (*p))
      return 400;
  *colon = '\0';
  value = colon + 1;
  g_strchug (value);
  g_strchomp (value);
  for (char *p = line; p < colon; p++)
    *p = g_ascii_tolower (*p);
  if (g_strv_contains (single_fields, line) && tempo_head_get_field (self, line) != NULL)
    return 400;
  self->fields[self->n_fields].name = line;
  self->fields[self->n_fields].value = value;
  self->n_fields++;
  return 0;
}

static gboolean
has_token (const char *list,
           const char *token)
{
  g_auto (GStrv) tokens = NULL;

  if (list == NULL)
    return FALSE;
  tokens = g_strsplit (list, ",", 16);
  for (guint i = 0; tokens[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (tokens[i]), token) == 0)
      return TRUE;
  return FALSE;
}

static guint
read_length (TempoHead *self)
{
  const char *text = tempo_head_get_field (self, "content-length");

  self->content_length = -1;
  if (tempo_head_get_field (self, "transfer-encoding") != NULL)
    return text != NULL ? 400 : 411;
  if (text == NULL)
    return 0;
  if (*text == '\0' || strlen (text) > 15 || strspn (text, "0123456789") != strlen (text))
    return 400;
  self->content_length = g_ascii_strtoll (text, NULL, 10);
  return 0;
}

static guint
read_meaning (TempoHead *self)
{
  const char *expect = tempo_head_get_field (self, "expect");
  const char *connection = tempo_head_get_field (self, "connection");
  guint status = read_length (self);

  if (status != 0)
    return status;
  self->host = tempo_head_get_field (self, "host");
  if (self->host == NULL || *self->host == '\0')
    return 400;
  for (const char *p = self->host; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (".-_:[]", *p) == NULL)
      return 400;
  if (g_strcmp0 (self->target, "*") == 0)
    {
      if (g_strcmp0 (self->method, "OPTIONS") != 0)
        return 400;
    }
  else if (*self->target != '/' && !strip_absolute (self))
    return 400;
  if (expect != NULL && g_ascii_strcasecmp (expect, "100-continue") != 0)
    return 417;
  self->expects_continue = expect != NULL && !self->http_1_0 && self->content_length > 0;
  self->close = has_token (connection, "close");
  self->keep_alive = has_token (connection, "keep-alive");
  return 0;
}

static guint
parse_lines (TempoHead *self,
             char *end)
{
  char *line = self->text;
  char *next = cut_line (line, end);
  guint status;

  if (next == NULL)
    return 400;
  status = parse_request_line (self, line);
  for (line = next; status == 0; line = next)
    {
      next = cut_line (line, end);
      if (next == NULL)
        return 400;
      if (*line == '\0')
        return next == end ? read_meaning (self) : 400;
      status = add_field (self, line);
    }
  return status;
}

/**
 * tempo_head_find_end:
 * @scanned: (inout): how far an earlier call looked
 *
 * Finds the first empty line, whatever its line ends: a head with bare line feeds is found, then refused
 * by tempo_head_parse(), instead of being waited for until the deadline.
 */
gsize
tempo_head_find_end (const char *data,
                     gsize length,
                     gsize *scanned)
{
  /* Three bytes of what was seen before may belong to the end. */
  gsize from = *scanned > 3 ? *scanned - 3 : 0;

  for (const char *p = data + from; p < data + length; p++)
    {
      gsize left = data + length - p;

      p = memchr (p, '\n', left);
      if (p == NULL)
        break;
      left = data + length - p;
      if (left >= 2 && p[1] == '\n')
        return p + 2 - data;
      if (left >= 3 && p[1] == '\r' && p[2] == '\n')
        return p + 3 - data;
    }
  *scanned = length;
  return 0;
}

/**
 * tempo_head_parse:
 * @status: (out): what to answer when it is not sound
 *
 * Reads one whole head. Nothing is repaired: an unsound head is refused and its connection closed,
 * because what follows it on the wire cannot be trusted to be another head.
 */
TempoHead *
tempo_head_parse (const char *data,
                  gsize length,
                  guint *status)
{
  g_autoptr (TempoHead) self = g_atomic_rc_box_new0 (TempoHead);

  if (length > TEMPO_HEAD_MAX_BYTES)
    {
      *status = 431;
      return NULL;
    }
  self->text = g_malloc (length + 1);
  memcpy (self->text, data, length);
  self->text[length] = '\0';
  *status = parse_lines (self, self->text + length);
  return *status == 0 ? g_steal_pointer (&self) : NULL;
}

/** Keeps the head and all texts in it. */
TempoHead *
tempo_head_ref (TempoHead *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_head (gpointer data)
{
  TempoHead *self = data;

  g_clear_pointer (&self->text, g_free);
}

void
tempo_head_unref (TempoHead *self)
{
  g_atomic_rc_box_release_full (self, clear_head);
}

const char *
tempo_head_get_method (const TempoHead *self)
{
  return self->method;
}

const char *
tempo_head_get_target (const TempoHead *self)
{
  return self->target;
}

const char *
tempo_head_get_host (const TempoHead *self)
{
  return self->host;
}

gint64
tempo_head_get_content_length (const TempoHead *self)
{
  return self->content_length;
}

/** Looks @name up; linear, because a head has a dozen fields and most are never asked for. */
const char *
tempo_head_get_field (const TempoHead *self,
                      const char *name)
{
  for (guint i = 0; i < self->n_fields; i++)
    if (g_ascii_strcasecmp (self->fields[i].name, name) == 0)
      return self->fields[i].value;
  return NULL;
}

/** What the client wishes; the server may still close. */
gboolean
tempo_head_keeps_alive (const TempoHead *self)
{
  return !self->close && (!self->http_1_0 || self->keep_alive);
}

/** Writes the head libsoup is given: always the path "/", because routes are matched on the target as it came. */
GString *
tempo_head_to_plain (const TempoHead *self)
{
  GString *plain = g_string_sized_new (128);

  g_string_append (plain, self->method);
  g_string_append (plain, self->http_1_0 ? " / HTTP/1.0\r\nHost: tempo\r\n" : " / HTTP/1.1\r\nHost: tempo\r\n");
  if (self->content_length >= 0)
    g_string_append_printf (plain, "Content-Length: %" G_GINT64_FORMAT "\r\n", self->content_length);
  if (self->close)
    g_string_append (plain, "Connection: close\r\n");
  else if (self->http_1_0 && self->keep_alive)
    g_string_append (plain, "Connection: keep-alive\r\n");
  if (self->expects_continue)
    g_string_append (plain, "Expect: 100-continue\r\n");
  g_string_append (plain, "\r\n");
  return plain;
}
