/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"
#include "web/tempo-exchange.h"

G_BEGIN_DECLS

/* The one table of what the server answers. Matched on the path as it came: split at '/', every segment
 * percent-decoded once; a segment that decodes to "." or "..", or holds '/', '\', a control character or
 * invalid UTF-8, is refused with 400, so /api/../userb/requests and /api/userb%2F../usera/requests never
 * reach a handler. A literal segment wins over a {param}; a last segment {rest...} takes all that follow.
 * Unknown path: 404. Known path, other method: 405 with Allow. HEAD runs GET without sending the body.
 * OPTIONS: 204 with Allow and no CORS header, ever. One slash too many at the end of a GET: 308.
 * Engine thread only. */

#define TEMPO_BODY_LIMIT 16384

typedef void (*TempoHandler) (TempoExchange *exchange, gpointer user_data);

typedef enum
{
  TEMPO_ROUTE_DEFAULT = 0,
  TEMPO_ROUTE_FORM = 1 << 0,       /* takes application/x-www-form-urlencoded too; the handler checks the form's token */
  TEMPO_ROUTE_ANY_TYPE = 1 << 1,   /* takes a body of any type (import, sync) */
  TEMPO_ROUTE_ANY_ORIGIN = 1 << 2, /* no same-origin proof: for machines that bring a token and no cookie */
  TEMPO_ROUTE_LOCAL = 1 << 3,      /* answered to loopback only; 404 to others (metrics) */
} TempoRouteFlags;

/* Tables are static: kept by address. */
struct _TempoRoute
{
  const char *method;  /* "GET", "POST", … */
  const char *pattern; /* "/api/rooms/{room}/requests" */
  guint who;           /* the caller's own enum of who may; handed to the authorizer */
  guint body_limit;    /* bytes; 0 is TEMPO_BODY_LIMIT */
  TempoRouteFlags flags;
  TempoHandler handler;
};

TempoRouter *tempo_router_new (void);
TempoRouter *tempo_router_ref (TempoRouter *self);
void tempo_router_unref (TempoRouter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRouter, tempo_router_unref)

/* Adds @n_routes of a static table; two routes of the same method and shape are a programming error. */
void tempo_router_add (TempoRouter *self, const TempoRoute *routes, gsize n_routes, gpointer user_data);

/* Asked as soon as the head has come, before any body is read. Returns FALSE when it refused, having
 * answered. It must not wait: what it needs is in memory. */
typedef gboolean (*TempoAuthorize) (TempoExchange *exchange, const TempoRoute *route, gpointer user_data);
void tempo_router_set_authorize (TempoRouter *self, TempoAuthorize authorize, gpointer user_data);

/* The router's own refusals (404, 405, 415, 403 cross-origin, 500 …) as a page for people: returns TRUE when
 * it answered, FALSE for the problem document. @title: English. */
typedef gboolean (*TempoRefuse) (TempoExchange *exchange, guint status, const char *code, const char *title, gpointer user_data);
void tempo_router_set_refuse (TempoRouter *self, TempoRefuse refuse, gpointer user_data);

/* Counts and times of each answer go there. */
void tempo_router_set_metrics (TempoRouter *self, TempoMetrics *metrics);

/* Every route in the order added: for tests that hold the table against the API's description. */
typedef void (*TempoRouteFunc) (const TempoRoute *route, gpointer user_data);
void tempo_router_walk (TempoRouter *self, TempoRouteFunc func, gpointer user_data);

/* What would answer: NULL and @status (out)(optional) 400, 404, 405 when nothing does. Also how the
 * listener learns the body limit. @target: "/path?query" as it came. */
const TempoRoute *tempo_router_lookup (TempoRouter *self, const char *method, const char *target, guint *status);

G_END_DECLS
