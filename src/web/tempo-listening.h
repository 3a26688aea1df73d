/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "web/tempo-connection.h"

G_BEGIN_DECLS

/* One listener of a feed: its connection and what still waits for it. Private to the library. */
typedef struct
{
  TempoConnection *connection; /* (owned) */
  TempoFeed *feed;             /* (unowned): it owns this */
  char *key;                   /* (owned) (nullable) */
  GQueue waiting;              /* (element-type GBytes): not yet sent, the first perhaps in part */
  gsize sent_of_first;
  gsize pending;   /* bytes in waiting */
  gsize allowance; /* the most that may wait */
  guint index;     /* in the feed's array */
} TempoListening;

/* (transfer full) of @connection. */
TempoListening *tempo_listening_new (TempoFeed *feed, TempoConnection *connection, const char *key);
/* Closes its connection too. */
void tempo_listening_free (TempoListening *self);
void tempo_listening_push (TempoListening *self, GBytes *bytes);
/* Sends what the socket takes. FALSE when the peer is gone. */
gboolean tempo_listening_flush (TempoListening *self);

G_END_DECLS
