/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web/tempo-connection.h"
#include "web/tempo-exchange.h"
#include "web/tempo-head.h"
#include "web/tempo-router-private.h"

G_BEGIN_DECLS

struct _TempoExchange
{
  int n_references;
  TempoRouter *router;         /* (owned) */
  SoupServerMessage *message;  /* (unowned) (nullable): NULL once it is over */
  TempoConnection *connection; /* (owned) */
  TempoHead *head;             /* (owned) */
  TempoMatch match;
  char *path;           /* (owned) */
  const char *query;    /* of head */
  GHashTable *fields;   /* (owned) (nullable): of the query */
  GHashTable *form;     /* (owned) (nullable) */
  GPtrArray *texts;     /* (owned) (nullable): handed out */
  GBytes *body;         /* (owned) (nullable) */
  JsonObject *json;     /* (owned) (nullable) */
  const char *language; /* static */
  gpointer data;        /* (owned): the authorizer's */
  GDestroyNotify destroy_data;
  gint64 started; /* monotonic µs */
  guint status;
  gboolean dispatched; /* the handler was called and returned */
  gboolean answered;
  gboolean paused;
};

/* (transfer full). Takes nothing; @message must have come through a TempoConnection. */
TempoExchange *tempo_exchange_new (TempoRouter *router, SoupServerMessage *message, TempoConnection *connection);
/* The message is over: answers go nowhere from now on. */
void tempo_exchange_detach (TempoExchange *self);
/* The handler returned: pauses the message if it still owes its answer. */
void tempo_exchange_dispatched (TempoExchange *self);
/* Keeps @text for as long as the exchange lives. (transfer full) @text; (transfer none). */
const char *tempo_exchange_keep (TempoExchange *self, char *text);
/* Takes the connection away from libsoup for a stream, the answer's head with it: NULL, having answered, when
 * there are too many streams; NULL when it is gone or answered. (transfer full). @head: (out). */
TempoConnection *tempo_exchange_take_connection (TempoExchange *self, const char *type, GString **head,
                                                 TempoStreamFunc func, gpointer user_data);

G_END_DECLS
