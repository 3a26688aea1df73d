/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "web/tempo-listener.h"
#include "web/tempo-router.h"

/* A real server on port 0 and raw clients, all on the main context of the test: nothing sleeps, whoever waits
 * iterates the context until a socket or a deadline says go on. */

typedef struct
{
  TempoRouter *router;
  TempoListener *listener;
  guint16 port;
  guint16 tls_port;
  char *certificate; /* PEM */
} Server;

/* Starts a server on loopback. @options: (nullable). */
Server *server_new (const TempoRoute *routes, gsize n_routes, const TempoListenerOptions *options);
/* Opens the second door, with a certificate made for it. */
void server_add_tls (Server *self);
void server_free (Server *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

typedef struct
{
  int fd;
  struct ssl_st *ssl; /* (nullable): speaks TLS */
  GByteArray *in;
  gboolean closed; /* the peer has closed, or reset */
} Client;

Client *client_new (guint16 port);
/* The same through TLS, after the handshake; NULL when that failed. */
Client *client_new_tls (Server *server);
void client_free (Client *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)
/* @n < 0: all of @data. */
void client_send (Client *self, const char *data, gssize n);
/* Takes what has come; waits for nothing. */
void client_pump (Client *self);
/* Waits for one whole answer by its Content-Length (HEAD: @head_only) and takes it off. NULL: closed before. (transfer full) */
char *client_read_answer (Client *self, gboolean head_only);
/* Waits until @text has come; TRUE and all up to its end is taken off. */
gboolean client_wait_text (Client *self, const char *text);
/* Waits for the peer to close. */
void client_wait_closed (Client *self);

/* One exchange on a connection of its own: the status; @answer (out)(optional)(transfer full). @request: the whole text,
 * in which "$PORT" is the port. */
guint ask (Server *server, const char *request, char **answer);
/* GET @path with a sound head. */
guint get (Server *server, const char *path, char **answer);
guint status_of (const char *answer);
/* A header's value, NULL when absent. (transfer full) */
char *header_of (const char *answer, const char *name);
const char *body_of (const char *answer);

/* Iterates until *@flag, or fails after @ms. */
void wait_for (const gboolean *flag, guint ms);
typedef gboolean (*Condition) (gpointer data);
void wait_until (Condition condition, gpointer data);
/* Iterates for as long as something is ready. */
void settle (void);

#define DEADLINE_MS 30000
