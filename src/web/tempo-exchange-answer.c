/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/tempo-json.h"
#include "web/tempo-exchange-private.h"
#include "web/tempo-listener-private.h"
#include "web/tempo-problem.h"
#include "web/tempo-security.h"

/* The half of an exchange that answers. */

static SoupMessageHeaders *
get_headers (TempoExchange *self)
{
  return soup_server_message_get_response_headers (self->message);
}

static gboolean
is_header_value (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return FALSE;
  return TRUE;
}

static gboolean
has_body (TempoExchange *self,
          guint status)
{
  return g_strcmp0 (tempo_head_get_method (self->head), "HEAD") != 0 && status != 204 && status != 304;
}

/* Takes the answer into account: TRUE when there is still somebody to send it to. */
static gboolean
begin_answer (TempoExchange *self,
              guint status)
{
  if (self->answered)
    return FALSE;
  self->answered = TRUE;
  self->status = status;
  tempo_router_count (self->router, &self->match, status, g_get_monotonic_time () - self->started);
  return self->message != NULL;
}

static void
set_common_headers (TempoExchange *self,
                    const char *type)
{
  SoupMessageHeaders *headers = get_headers (self);

  for (const TempoSecurityHeader *header = tempo_security_headers (); header->name != NULL; header++)
    soup_message_headers_append (headers, header->name, header->value);
  if (type != NULL)
    soup_message_headers_append (headers, "Content-Type", type);
  /* libsoup thinks every message is the last of its connection, and says nothing of it. */
  if (!tempo_connection_is_kept (self->connection))
    soup_message_headers_replace (headers, "Connection", "close");
  else if (g_strcmp0 (tempo_head_get_field (self->head, "connection"), "keep-alive") == 0)
    soup_message_headers_replace (headers, "Connection", "keep-alive");
}

static void
answer (TempoExchange *self,
        guint status,
        const char *type,
        GBytes *body)
{
  gsize length = body != NULL ? g_bytes_get_size (body) : 0;

  if (!begin_answer (self, status))
    return;
  set_common_headers (self, type);
  if (length > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), body);
  tempo_connection_begin_answer (self->connection, has_body (self, status) ? length : 0);
  soup_server_message_set_status (self->message, status, NULL);
  if (self->paused)
    {
      self->paused = FALSE;
      soup_server_message_unpause (self->message);
    }
}

/* What is about somebody, or about now, is not for caches, unless the handler said otherwise. */
static void
forbid_storing (TempoExchange *self)
{
  if (self->message != NULL && soup_message_headers_get_one (get_headers (self), "Cache-Control") == NULL)
    soup_message_headers_append (get_headers (self), "Cache-Control", "no-store");
}

/** Sets a header of the answer; a value with control characters is a fault of ours and left out. */
void
tempo_exchange_set_header (TempoExchange *self,
                           const char *name,
                           const char *value)
{
  g_return_if_fail (value != NULL && is_header_value (value));

  if (self->message != NULL && !self->answered)
    soup_message_headers_replace (get_headers (self), name, value);
}

static void
set_cookie (TempoExchange *self,
            const char *name,
            const char *value,
            gint64 max_age,
            const char *flags)
{
  g_autoptr (GString) cookie = g_string_new (NULL);

  g_string_append_printf (cookie, "%s=%s; Path=/; HttpOnly; %s", name, max_age < 0 ? "" : value, flags);
  if (max_age != 0)
    g_string_append_printf (cookie, "; Max-Age=%" G_GINT64_FORMAT, MAX (max_age, 0));
  g_return_if_fail (is_header_value (cookie->str));
  if (self->message != NULL && !self->answered)
    soup_message_headers_append (get_headers (self), "Set-Cookie", cookie->str);
}

/** Sets a cookie that no other site's link or form brings along, and that is never said aloud once it came by TLS. */
void
tempo_exchange_set_cookie (TempoExchange *self,
                           const char *name,
                           const char *value,
                           gint64 max_age)
{
  set_cookie (self, name, value, max_age,
              tempo_connection_is_secure (self->connection) ? "SameSite=Strict; Secure" : "SameSite=Strict");
}

/** Sets a cookie that comes along when a link is followed. Never Secure: guests come by plain HTTP, and browsers do not
 * let that address replace what the other one made secure. */
void
tempo_exchange_set_lax_cookie (TempoExchange *self,
                               const char *name,
                               const char *value,
                               gint64 max_age)
{
  set_cookie (self, name, value, max_age, "SameSite=Lax");
}

/** Tells the client how many seconds to leave us alone. */
void
tempo_exchange_set_retry_after (TempoExchange *self,
                                guint seconds)
{
  g_autofree char *text = g_strdup_printf ("%u", seconds);

  tempo_exchange_set_header (self, "Retry-After", text);
}

/* Is @tag in a list of the kind of If-None-Match? */
static gboolean
names_tag (const char *list,
           const char *tag)
{
  const char *found;

  if (list == NULL)
    return FALSE;
  if (g_strcmp0 (list, "*") == 0)
    return TRUE;
  found = strstr (list, tag);
  return found != NULL && found > list && found[-1] == '"' && found[strlen (tag)] == '"';
}

/** Spares the client what it has; FALSE means the answer is still to be given. */
gboolean
tempo_exchange_not_modified (TempoExchange *self,
                             const char *tag)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", tag);

  tempo_exchange_set_header (self, "ETag", quoted);
  if (!names_tag (tempo_head_get_field (self->head, "if-none-match"), tag))
    return FALSE;
  answer (self, 304, NULL, NULL);
  return TRUE;
}

/** Answers with JSON that is serialized already; the bytes are shared, not copied. */
void
tempo_exchange_answer_json (TempoExchange *self,
                            guint status,
                            GBytes *json)
{
  if (!self->answered)
    forbid_storing (self);
  answer (self, status, "application/json", json);
}

/** Answers with what was written, and takes the writer. */
void
tempo_exchange_answer_writer (TempoExchange *self,
                              guint status,
                              TempoJson *json)
{
  g_autoptr (GBytes) bytes = tempo_json_finish (json);

  tempo_exchange_answer_json (self, status, bytes);
}

/** Closes the document, answers with it, and takes the writer. */
void
tempo_exchange_answer_problem_writer (TempoExchange *self,
                                      guint status,
                                      TempoJson *problem)
{
  g_autoptr (GBytes) bytes = tempo_problem_end (problem);

  if (!self->answered)
    forbid_storing (self);
  answer (self, status, TEMPO_PROBLEM_TYPE, bytes);
}

/** Answers with a problem document in one call. */
void
tempo_exchange_answer_problem (TempoExchange *self,
                               guint status,
                               const char *code,
                               const char *title,
                               const char *detail)
{
  tempo_exchange_answer_problem_writer (self, status, tempo_problem_begin (status, code, title, detail));
}

/** Answers with a page; not stored, because pages carry a guest's own state. */
void
tempo_exchange_answer_html (TempoExchange *self,
                            guint status,
                            GBytes *html)
{
  if (!self->answered)
    forbid_storing (self);
  answer (self, status, "text/html; charset=utf-8", html);
}

/** Answers with any type; the caller decides about caches. */
void
tempo_exchange_answer_bytes (TempoExchange *self,
                             guint status,
                             const char *type,
                             GBytes *bytes)
{
  answer (self, status, type, bytes);
}

/** Sends the client on; to a path of ours unless the caller vouches for the address. */
void
tempo_exchange_answer_redirect (TempoExchange *self,
                                guint status,
                                const char *location)
{
  /* A path of ours never starts with two slashes: browsers take those for another host. */
  g_return_if_fail (is_header_value (location) && !g_str_has_prefix (location, "//"));

  tempo_exchange_set_header (self, "Location", location);
  if (!self->answered)
    forbid_storing (self);
  answer (self, status, NULL, NULL);
}

/** Answers with a status alone. */
void
tempo_exchange_answer_empty (TempoExchange *self,
                             guint status)
{
  if (!self->answered)
    forbid_storing (self);
  answer (self, status, NULL, NULL);
}

/* The head of a stream, with what was set on the exchange. It has no length: it ends with the connection. */
static GString *
write_stream_head (TempoExchange *self,
                   const char *type)
{
  GString *head = g_string_new ("HTTP/1.1 200 OK\r\n");
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, get_headers (self));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (head, "%s: %s\r\n", name, value);
  tempo_security_append (head);
  /* A proxy that collects a whole answer before it passes it on would collect for ever. */
  g_string_append_printf (head,
                          "Content-Type: %s\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n",
                          type);
  return head;
}

/** Gets the connection out of libsoup's hands; the message is over with it. */
TempoConnection *
tempo_exchange_take_connection (TempoExchange *self,
                                const char *type,
                                GString **head,
                                TempoStreamFunc func,
                                gpointer user_data)
{
  TempoConnection *connection = self->connection;
  g_autoptr (GIOStream) stream = NULL;

  if (self->answered || self->message == NULL || tempo_connection_get_phase (connection) == TEMPO_PHASE_CLOSED)
    return NULL;
  /* To nobody: but libsoup must hear that its message is over. */
  if (tempo_connection_is_gone (connection))
    {
      answer (self, 204, NULL, NULL);
      return NULL;
    }
  if (g_strcmp0 (tempo_head_get_method (self->head), "HEAD") == 0)
    {
      answer (self, 200, type, NULL);
      return NULL;
    }
  if (!tempo_listener_admit_stream (tempo_connection_get_listener (connection), connection))
    {
      tempo_exchange_set_retry_after (self, 5);
      tempo_exchange_answer_problem (self, 503, "too_many_streams", "Too many are listening already", NULL);
      return NULL;
    }
  begin_answer (self, 200);
  *head = write_stream_head (self, type);
  tempo_connection_become_stream (connection, func, user_data);
  /* libsoup forgets the connection; the message goes with it, at the latest when its handler returns. */
  stream = soup_server_message_steal_connection (self->message);
  self->message = NULL;
  return tempo_connection_ref (connection);
}
