/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web/tempo-metrics.h"
#include "web/tempo-router.h"

G_BEGIN_DECLS

#define TEMPO_MAX_PARAMS 8

/* Where a path leads. */
typedef struct
{
  const TempoRoute *route; /* NULL: nowhere */
  gpointer user_data;
  TempoMetric *seconds;           /* (unowned) (nullable) */
  const char *const *names;       /* of the params, NULL-terminated */
  char *values[TEMPO_MAX_PARAMS]; /* (owned) */
  guint n_values;
  guint status; /* 400, 404 or 405 when there is no route, else 0 */
  guint methods; /* bits: those the path knows */
} TempoMatch;
void tempo_match_clear (TempoMatch *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TempoMatch, tempo_match_clear)

/* @path: without the query. */
void tempo_router_match (TempoRouter *self, const char *method, const char *path, gsize length, TempoMatch *match);
/* "GET, HEAD, POST, OPTIONS" of the bits. (transfer full). */
char *tempo_router_methods_to_string (guint methods);

/* Answers what @server is given. */
void tempo_router_attach (TempoRouter *self, SoupServer *server);
/* Answers a refusal of the router itself. */
void tempo_router_refuse (TempoRouter *self, TempoExchange *exchange, guint status, const char *code, const char *title);
/* An answer was given: counted. */
void tempo_router_count (TempoRouter *self, const TempoMatch *match, guint status, gint64 microseconds);

G_END_DECLS
