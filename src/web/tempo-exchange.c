/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-exchange.h"

#include <string.h>

#include "base/tempo-json.h"
#include "web/tempo-catalog.h"
#include "web/tempo-exchange-private.h"
#include "web/tempo-fields.h"
#include "web/tempo-gate.h"

/* --- private to the library --- */

/** Makes the exchange of a message whose head is sound, and looks its route up. */
TempoExchange *
tempo_exchange_new (TempoRouter *router,
                    SoupServerMessage *message,
                    TempoConnection *connection)
{
  TempoExchange *self = g_new0 (TempoExchange, 1);
  const char *target;
  gsize length;

  self->n_references = 1;
  self->router = tempo_router_ref (router);
  self->message = message;
  self->connection = tempo_connection_ref (connection);
  self->head = tempo_head_ref (tempo_connection_get_head (connection));
  self->started = g_get_monotonic_time ();
  target = tempo_head_get_target (self->head);
  length = strcspn (target, "?");
  self->path = g_strndup (target, length);
  self->query = target[length] == '?' ? target + length + 1 : "";
  tempo_router_match (router, tempo_head_get_method (self->head), self->path, length, &self->match);
  return self;
}

/** Marks the end of libsoup's message: there is no answering any more. */
void
tempo_exchange_detach (TempoExchange *self)
{
  self->message = NULL;
}

/** Lets a handler answer later: the message waits unless nobody is left who could answer. */
void
tempo_exchange_dispatched (TempoExchange *self)
{
  self->dispatched = TRUE;
  if (self->answered || self->message == NULL)
    return;
  /* Only libsoup and the caller know it: nobody is left who could answer. */
  if (self->n_references <= 2)
    {
      g_debug ("the handler of %s did not answer", self->match.route->pattern);
      tempo_router_refuse (self->router, self, 500, "no_answer", "Something went wrong");
      return;
    }
  self->paused = TRUE;
  soup_server_message_pause (self->message);
}

/** Keeps a text for as long as the exchange, so that accessors can hand out plain pointers. */
const char *
tempo_exchange_keep (TempoExchange *self,
                     char *text)
{
  if (text == NULL)
    return NULL;
  if (self->texts == NULL)
    self->texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->texts, text);
  return text;
}

/* --- public --- */

/** Keeps the exchange for a later answer. */
TempoExchange *
tempo_exchange_ref (TempoExchange *self)
{
  self->n_references++;
  return self;
}

/** Lets go. When the handler's last reference goes before an answer, the guest gets 500 instead of silence. */
void
tempo_exchange_unref (TempoExchange *self)
{
  if (--self->n_references > 0)
    {
      if (self->n_references == 1 && self->dispatched && !self->answered && self->message != NULL)
        tempo_router_refuse (self->router, self, 500, "no_answer", "Something went wrong");
      return;
    }
  if (self->destroy_data != NULL)
    self->destroy_data (self->data);
  tempo_match_clear (&self->match);
  g_clear_pointer (&self->router, tempo_router_unref);
  g_clear_pointer (&self->connection, tempo_connection_unref);
  g_clear_pointer (&self->head, tempo_head_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->fields, g_hash_table_unref);
  g_clear_pointer (&self->form, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->json, json_object_unref);
  g_free (self);
}

const char *
tempo_exchange_get_method (TempoExchange *self)
{
  return tempo_head_get_method (self->head);
}

const char *
tempo_exchange_get_path (TempoExchange *self)
{
  return self->path;
}

const TempoRoute *
tempo_exchange_get_route (TempoExchange *self)
{
  return self->match.route;
}

/** Looks a pattern's parameter up by name; there are eight at most. */
const char *
tempo_exchange_get_param (TempoExchange *self,
                          const char *name)
{
  for (guint i = 0; i < self->match.n_values; i++)
    if (g_strcmp0 (self->match.names[i], name) == 0)
      return self->match.values[i];
  return NULL;
}

/** Looks a query field up; the query is read when first asked for. */
const char *
tempo_exchange_get_query (TempoExchange *self,
                          const char *name)
{
  if (*self->query == '\0')
    return NULL;
  if (self->fields == NULL)
    self->fields = tempo_query_parse (self->query, strlen (self->query));
  return g_hash_table_lookup (self->fields, name);
}

/** Reads a number of the query; nonsense counts as absent, pages must not break on it. */
gint64
tempo_exchange_get_query_int (TempoExchange *self,
                              const char *name,
                              gint64 min,
                              gint64 max,
                              gint64 fallback)
{
  const char *text = tempo_exchange_get_query (self, name);
  gint64 value;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, min, max, &value, NULL))
    return fallback;
  return value;
}

const char *
tempo_exchange_get_query_string (TempoExchange *self)
{
  return self->query;
}

const char *
tempo_exchange_get_header (TempoExchange *self,
                           const char *name)
{
  return tempo_head_get_field (self->head, name);
}

/** Finds a cookie; one with characters no cookie has counts as absent. */
const char *
tempo_exchange_get_cookie (TempoExchange *self,
                           const char *name)
{
  const char *header = tempo_head_get_field (self->head, "cookie");

  return header != NULL ? tempo_exchange_keep (self, tempo_cookie_find (header, name)) : NULL;
}

/** The token of a client that is no browser. */
const char *
tempo_exchange_get_bearer (TempoExchange *self)
{
  const char *header = tempo_head_get_field (self->head, "authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "bearer ", 7) != 0)
    return NULL;
  header += 7;
  header += strspn (header, " ");
  return *header != '\0' ? header : NULL;
}

/** The name the client knows us by, for addresses that lead it back. */
const char *
tempo_exchange_get_host (TempoExchange *self)
{
  return tempo_head_get_host (self->head);
}

/** Chooses the guest's language once. */
const char *
tempo_exchange_get_language (TempoExchange *self)
{
  if (self->language == NULL)
    self->language = tempo_catalog_negotiate (tempo_exchange_get_query (self, "lang"),
                                              tempo_exchange_get_cookie (self, "tempo_lang"),
                                              tempo_head_get_field (self->head, "accept-language"));
  return self->language;
}

/** The peer's address as text; behind a proxy that of the proxy. */
const char *
tempo_exchange_get_address (TempoExchange *self)
{
  return tempo_connection_get_address (self->connection);
}

/** Is the peer on this machine? What is not for guests is asked this. */
gboolean
tempo_exchange_is_loopback (TempoExchange *self)
{
  return tempo_connection_is_loopback (self->connection);
}

/** Did the request come by TLS? */
gboolean
tempo_exchange_is_secure (TempoExchange *self)
{
  return tempo_connection_is_secure (self->connection);
}

/** Browsers that navigate name text/html; scripts and programs do not. */
gboolean
tempo_exchange_wants_html (TempoExchange *self)
{
  const char *accept = tempo_head_get_field (self->head, "accept");

  return accept != NULL && strstr (accept, "text/html") != NULL;
}

/** The body in one piece; it is within the route's limit. */
GBytes *
tempo_exchange_get_body (TempoExchange *self)
{
  SoupMessageBody *body;

  if (self->body != NULL)
    return self->body;
  body = self->message != NULL ? soup_server_message_get_request_body (self->message) : NULL;
  self->body = body != NULL ? soup_message_body_flatten (body) : NULL;
  if (self->body == NULL)
    self->body = g_bytes_new_static ("", 0);
  return self->body;
}

/** Reads the body as JSON behind the depth guard, once. */
JsonObject *
tempo_exchange_get_json (TempoExchange *self,
                         GError **error)
{
  if (self->json == NULL)
    {
      gsize length;
      const char *data = g_bytes_get_data (tempo_exchange_get_body (self), &length);

      self->json = tempo_json_parse (data != NULL ? data : "", length, error);
    }
  return self->json;
}

/** Reads the body as JSON or refuses it, so that handlers have one line for both. */
JsonObject *
tempo_exchange_need_json (TempoExchange *self)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = tempo_exchange_get_json (self, &error);

  if (object == NULL)
    tempo_exchange_answer_problem (self, 400, "invalid_json", "The body is not a JSON object", error->message);
  return object;
}

/** Reads a field of a form; a body of another type has none. */
const char *
tempo_exchange_get_form (TempoExchange *self,
                         const char *name)
{
  if (self->form == NULL)
    {
      gsize length;
      const char *data = g_bytes_get_data (tempo_exchange_get_body (self), &length);

      if (!tempo_gate_is_type (tempo_head_get_field (self->head, "content-type"), "application/x-www-form-urlencoded"))
        length = 0;
      self->form = tempo_query_parse (data != NULL ? data : "", length);
    }
  return g_hash_table_lookup (self->form, name);
}

/** Leaves something for the handler; what was there before is freed. */
void
tempo_exchange_set_data (TempoExchange *self,
                         gpointer data,
                         GDestroyNotify destroy)
{
  if (self->destroy_data != NULL)
    self->destroy_data (self->data);
  self->data = data;
  self->destroy_data = destroy;
}

gpointer
tempo_exchange_get_data (TempoExchange *self)
{
  return self->data;
}

gboolean
tempo_exchange_is_answered (TempoExchange *self)
{
  return self->answered;
}

/** Lets long work stop early; answering is harmless all the same. */
gboolean
tempo_exchange_is_gone (TempoExchange *self)
{
  return !self->answered && (self->message == NULL || tempo_connection_is_gone (self->connection));
}
