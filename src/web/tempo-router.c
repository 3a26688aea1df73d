/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-router.h"

#include <string.h>

#include "web/tempo-exchange-private.h"
#include "web/tempo-fields.h"
#include "web/tempo-gate.h"
#include "web/tempo-metrics.h"
#include "web/tempo-router-private.h"

/* The bits of TempoMatch.methods, and the places of a node's entries. */
static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
#define N_METHODS G_N_ELEMENTS (methods)
enum { GET, HEAD };

typedef struct
{
  const TempoRoute *route;
  gpointer user_data;
  GStrv names;          /* (owned): of the params, in their order */
  TempoMetric *seconds; /* (unowned) (nullable) */
} Entry;

/* A place in the tree of segments. */
typedef struct _Node Node;
struct _Node
{
  GHashTable *literals; /* (owned) (nullable): char* to Node */
  Node *param;          /* (owned) (nullable): {name} */
  Node *rest;           /* (owned) (nullable): {name...} */
  Entry *entries[N_METHODS];
};

struct _TempoRouter
{
  Node *root;       /* (owned) */
  GPtrArray *order; /* (owned): every Entry as added */
  TempoAuthorize authorize;
  gpointer authorize_data;
  TempoRefuse refuse;
  gpointer refuse_data;
  TempoMetrics *metrics;   /* (owned) (nullable) */
  TempoMetric *answers[6]; /* (unowned): by the status's first digit */
};

static G_DEFINE_QUARK (tempo-exchange, tempo_exchange)

static void
free_node (Node *node)
{
  if (node == NULL)
    return;
  g_clear_pointer (&node->literals, g_hash_table_unref);
  g_clear_pointer (&node->param, free_node);
  g_clear_pointer (&node->rest, free_node);
  g_free (node);
}

static void
free_entry (Entry *entry)
{
  g_clear_pointer (&entry->names, g_strfreev);
  g_free (entry);
}

static int
method_index (const char *method)
{
  for (guint i = 0; i < N_METHODS; i++)
    if (g_strcmp0 (methods[i], method) == 0)
      return (int) i;
  return -1;
}

/* --- building the tree --- */

static Node *
descend (Node *node,
         const char *segment)
{
  Node **place = NULL;
  Node *next;

  if (*segment == '{')
    {
      place = g_str_has_suffix (segment, "...}") ? &node->rest : &node->param;
      if (*place == NULL)
        *place = g_new0 (Node, 1);
      return *place;
    }
  if (node->literals == NULL)
    node->literals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) free_node);
  next = g_hash_table_lookup (node->literals, segment);
  if (next == NULL)
    {
      next = g_new0 (Node, 1);
      g_hash_table_insert (node->literals, g_strdup (segment), next);
    }
  return next;
}

static void
name_metric (TempoRouter *self,
             Entry *entry)
{
  g_autofree char *labels = g_strdup_printf ("method=\"%s\",route=\"%s\"", entry->route->method, entry->route->pattern);

  if (self->metrics != NULL)
    entry->seconds = tempo_metrics_histogram (self->metrics, "tempo_http_answer_seconds",
                                              "Time from a request's head to its answer", labels);
}

static void
add_route (TempoRouter *self,
           const TempoRoute *route,
           gpointer user_data)
{
  g_auto (GStrv) segments = g_strsplit (route->pattern + 1, "/", -1);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  Node *node = self->root;
  Entry *entry = g_new0 (Entry, 1);
  int method = method_index (route->method);

  for (guint i = 0; segments[i] != NULL && *segments[i] != '\0'; i++)
    {
      node = descend (node, segments[i]);
      if (*segments[i] == '{')
        {
          g_autofree char *name = g_strndup (segments[i] + 1, strcspn (segments[i] + 1, ".}"));

          g_strv_builder_add (names, name);
        }
    }
  if (method < 0 || *route->pattern != '/' || route->handler == NULL || node->entries[MAX (method, 0)] != NULL)
    g_error ("route %s %s is malformed or there twice", route->method, route->pattern);
  entry->route = route;
  entry->user_data = user_data;
  entry->names = g_strv_builder_end (names);
  g_assert (g_strv_length (entry->names) <= TEMPO_MAX_PARAMS);
  name_metric (self, entry);
  node->entries[method] = entry;
  g_ptr_array_add (self->order, entry);
}

/* --- matching --- */

typedef struct
{
  const char *const *segments;
  guint n_segments;
  int method;
  TempoMatch *match;
} Search;

static gboolean
arrive (Search *search,
        Node *node)
{
  Entry *entry = node->entries[search->method];

  for (guint i = 0; i < N_METHODS; i++)
    if (node->entries[i] != NULL)
      search->match->methods |= 1u << i;
  if (entry == NULL && search->method == HEAD)
    entry = node->entries[GET];
  if (entry == NULL)
    return FALSE;
  search->match->route = entry->route;
  search->match->user_data = entry->user_data;
  search->match->seconds = entry->seconds;
  search->match->names = (const char *const *) entry->names;
  return TRUE;
}

/* Depth first, literals before params; goes back and tries the next when a branch has the path but not the
 * method, so that /api/rooms/create does not hide a room called "create". */
static gboolean
search_from (Search *search,
             Node *node,
             guint i)
{
  TempoMatch *match = search->match;
  Node *next;

  if (i == search->n_segments)
    return arrive (search, node);
  next = node->literals != NULL ? g_hash_table_lookup (node->literals, search->segments[i]) : NULL;
  if (next != NULL && search_from (search, next, i + 1))
    return TRUE;
  if (*search->segments[i] == '\0')
    return FALSE;
  if (node->param != NULL)
    {
      match->values[match->n_values++] = g_strdup (search->segments[i]);
      if (search_from (search, node->param, i + 1))
        return TRUE;
      g_clear_pointer (&match->values[--match->n_values], g_free);
    }
  if (node->rest != NULL)
    {
      match->values[match->n_values++] = g_strjoinv ("/", (GStrv) search->segments + i);
      if (arrive (search, node->rest))
        return TRUE;
      g_clear_pointer (&match->values[--match->n_values], g_free);
    }
  return FALSE;
}

/** Frees the decoded parameters. */
void
tempo_match_clear (TempoMatch *self)
{
  for (guint i = 0; i < self->n_values; i++)
    g_clear_pointer (&self->values[i], g_free);
  self->n_values = 0;
}

/** Splits, decodes and looks a path up; fills @match whatever comes out. */
void
tempo_router_match (TempoRouter *self,
                    const char *method,
                    const char *path,
                    gsize length,
                    TempoMatch *match)
{
  g_auto (GStrv) segments = tempo_path_split (path, length);
  Search search = { (const char *const *) segments, 0, method_index (method), match };

  *match = (TempoMatch) { .status = 400 };
  if (segments == NULL || search.method < 0)
    return;
  search.n_segments = g_strv_length (segments);
  if (search_from (&search, self->root, 0))
    {
      match->status = 0;
      return;
    }
  match->status = match->methods != 0 ? 405 : 404;
}

/** Writes the Allow header: GET brings HEAD along, and OPTIONS is always there. */
char *
tempo_router_methods_to_string (guint bits)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if ((bits & (1u << GET)) != 0)
    bits |= 1u << HEAD;
  bits |= 1u << (N_METHODS - 1);
  for (guint i = 0; i < N_METHODS; i++)
    if ((bits & (1u << i)) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", methods[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- answering --- */

/** Refuses in the form the server prefers, a page or a problem document. */
void
tempo_router_refuse (TempoRouter *self,
                     TempoExchange *exchange,
                     guint status,
                     const char *code,
                     const char *title)
{
  if (self->refuse != NULL && self->refuse (exchange, status, code, title, self->refuse_data))
    return;
  tempo_exchange_answer_problem (exchange, status, code, title, NULL);
}

/** Counts an answer by route and by the first digit of its status. */
void
tempo_router_count (TempoRouter *self,
                    const TempoMatch *match,
                    guint status,
                    gint64 microseconds)
{
  tempo_metric_observe (match->seconds, microseconds);
  tempo_metric_add (self->answers[MIN (status / 100, G_N_ELEMENTS (self->answers) - 1)], 1);
}

/* "/acme/" is "/acme" typed by a hand. TRUE when it was sent there. */
static gboolean
send_to_plain_path (TempoRouter *self,
                    TempoExchange *exchange)
{
  const char *path = tempo_exchange_get_path (exchange);
  gsize length = strlen (path);
  g_auto (TempoMatch) match = { 0 };
  g_autofree char *location = NULL;
  const char *query = tempo_exchange_get_query_string (exchange);

  if (length < 2 || path[length - 1] != '/' || !tempo_gate_is_safe (tempo_exchange_get_method (exchange)))
    return FALSE;
  tempo_router_match (self, "GET", path, length - 1, &match);
  if (match.route == NULL)
    return FALSE;
  location = g_strdup_printf ("%.*s%s%s", (int) length - 1, path, *query != '\0' ? "?" : "", query);
  tempo_exchange_answer_redirect (exchange, 308, location);
  return TRUE;
}

static void
answer_no_route (TempoRouter *self,
                 TempoExchange *exchange)
{
  const TempoMatch *match = &exchange->match;
  g_autofree char *allow = tempo_router_methods_to_string (match->methods);

  if (match->status == 400)
    tempo_router_refuse (self, exchange, 400, "bad_path", "The address is malformed");
  else if (match->status == 405)
    {
      tempo_exchange_set_header (exchange, "Allow", allow);
      if (g_strcmp0 (tempo_exchange_get_method (exchange), "OPTIONS") == 0)
        tempo_exchange_answer_empty (exchange, 204);
      else
        tempo_router_refuse (self, exchange, 405, "method_not_allowed", "That method is not allowed here");
    }
  else if (!send_to_plain_path (self, exchange))
    tempo_router_refuse (self, exchange, 404, "not_found", "There is nothing here");
}

/* Everything that can be said before the body is read. */
static void
begin_exchange (TempoRouter *self,
                TempoExchange *exchange)
{
  const TempoRoute *route = exchange->match.route;

  if (route == NULL)
    {
      answer_no_route (self, exchange);
      return;
    }
  if ((route->flags & TEMPO_ROUTE_LOCAL) != 0 && !tempo_exchange_is_loopback (exchange))
    {
      tempo_router_refuse (self, exchange, 404, "not_found", "There is nothing here");
      return;
    }
  if (!tempo_gate_is_safe (route->method))
    {
      if ((route->flags & TEMPO_ROUTE_ANY_ORIGIN) == 0 && !tempo_gate_is_same_origin (exchange->head))
        {
          tempo_router_refuse (self, exchange, 403, "cross_origin", "Only our own pages may do that");
          return;
        }
      if (!tempo_gate_takes_type (exchange->head, route->flags))
        {
          tempo_router_refuse (self, exchange, 415, "wrong_type", "The body must be JSON (application/json)");
          return;
        }
    }
  if (self->authorize != NULL && !self->authorize (exchange, route, self->authorize_data) && !exchange->answered)
    tempo_router_refuse (self, exchange, 403, "forbidden", "That is not allowed");
}

static void
detach_cb (gpointer data)
{
  TempoExchange *exchange = data;

  tempo_exchange_detach (exchange);
  tempo_exchange_unref (exchange);
}

static void
got_head_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  TempoRouter *self = user_data;
  TempoConnection *connection = tempo_connection_from_address (soup_server_message_get_remote_address (message));
  TempoExchange *exchange;

  if (connection == NULL || tempo_connection_get_head (connection) == NULL)
    {
      soup_server_message_set_status (message, 403, NULL);
      return;
    }
  exchange = tempo_exchange_new (self, message, connection);
  g_object_set_qdata_full (G_OBJECT (message), tempo_exchange_quark (), exchange, detach_cb);
  begin_exchange (self, exchange);
}

static void
got_body_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = g_object_get_qdata (G_OBJECT (message), tempo_exchange_quark ());

  if (exchange == NULL)
    return;
  tempo_exchange_ref (exchange);
  if (exchange->answered)
    return;
  exchange->match.route->handler (exchange, exchange->match.user_data);
  tempo_exchange_dispatched (exchange);
}

/** Makes the router answer everything @server reads. */
void
tempo_router_attach (TempoRouter *self,
                     SoupServer *server)
{
  soup_server_add_early_handler (server, NULL, got_head_cb,
                                 tempo_router_ref (self), (GDestroyNotify) tempo_router_unref);
  soup_server_add_handler (server, NULL, got_body_cb,
                           tempo_router_ref (self), (GDestroyNotify) tempo_router_unref);
}

/* --- public --- */

/** Makes a router that knows no path. */
TempoRouter *
tempo_router_new (void)
{
  TempoRouter *self = g_rc_box_new0 (TempoRouter);

  self->root = g_new0 (Node, 1);
  self->order = g_ptr_array_new_with_free_func ((GDestroyNotify) free_entry);
  return self;
}

TempoRouter *
tempo_router_ref (TempoRouter *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_all (gpointer data)
{
  TempoRouter *self = data;

  g_clear_pointer (&self->root, free_node);
  g_clear_pointer (&self->order, g_ptr_array_unref);
  g_clear_pointer (&self->metrics, tempo_metrics_unref);
}

void
tempo_router_unref (TempoRouter *self)
{
  g_rc_box_release_full (self, clear_all);
}

/** Adds the routes of a static table. A malformed or doubled one ends the program: it is ours. */
void
tempo_router_add (TempoRouter *self,
                  const TempoRoute *routes,
                  gsize n_routes,
                  gpointer user_data)
{
  for (gsize i = 0; i < n_routes; i++)
    add_route (self, &routes[i], user_data);
}

/** Sets who decides whether a request may go to its handler. */
void
tempo_router_set_authorize (TempoRouter *self,
                            TempoAuthorize authorize,
                            gpointer user_data)
{
  self->authorize = authorize;
  self->authorize_data = user_data;
}

/** Sets who turns the router's refusals into pages. */
void
tempo_router_set_refuse (TempoRouter *self,
                         TempoRefuse refuse,
                         gpointer user_data)
{
  self->refuse = refuse;
  self->refuse_data = user_data;
}

/** Counts answers from now on, those of routes added before and after alike. */
void
tempo_router_set_metrics (TempoRouter *self,
                          TempoMetrics *metrics)
{
  g_clear_pointer (&self->metrics, tempo_metrics_unref);
  self->metrics = tempo_metrics_ref (metrics);
  for (guint i = 1; i < G_N_ELEMENTS (self->answers); i++)
    {
      g_autofree char *labels = g_strdup_printf ("status=\"%uxx\"", i);

      self->answers[i] = tempo_metrics_counter (metrics, "tempo_http_answers_total", "Answers given", labels);
    }
  for (guint i = 0; i < self->order->len; i++)
    name_metric (self, g_ptr_array_index (self->order, i));
}

/** Shows every route, for tests that hold the table against something else. */
void
tempo_router_walk (TempoRouter *self,
                   TempoRouteFunc func,
                   gpointer user_data)
{
  for (guint i = 0; i < self->order->len; i++)
    func (((Entry *) g_ptr_array_index (self->order, i))->route, user_data);
}

/** Looks a target up without a request. */
const TempoRoute *
tempo_router_lookup (TempoRouter *self,
                     const char *method,
                     const char *target,
                     guint *status)
{
  g_auto (TempoMatch) match = { 0 };

  tempo_router_match (self, method, target, strcspn (target, "?"), &match);
  if (status != NULL)
    *status = match.status;
  return match.route;
}
