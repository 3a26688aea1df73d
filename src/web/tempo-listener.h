/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"
#include "web/tempo-hosts.h"
#include "web/tempo-tls.h"

G_BEGIN_DECLS

/* The open door: binds, accepts, and reads each request's head itself. libsoup sees a connection only
 * when one whole head has come and was found sound (see tempo-head.h), because SoupServer 3.2
 *  - stops accepting for ever after one EMFILE and has a backlog of 10,
 *  - has no timeout of any kind, no body limit, and costs 20 KB per connection that says nothing,
 *  - takes the last of two Host headers and obeys Content-Length and Transfer-Encoding together,
 *  - does not release the GSocket of a connection it accepted itself (fixed in 3.4),
 *  - never lets go of a kept connection that its peer closes between two messages.
 * So every message is given to libsoup as a connection of its own, and keeping the real one is done here.
 * A half-open or idle connection costs a few hundred bytes and no GSource.
 *
 * Everything happens on the thread-default context of the thread that called tempo_listener_new();
 * call it only from there. */
#define TEMPO_TYPE_LISTENER (tempo_listener_get_type ())
G_DECLARE_FINAL_TYPE (TempoListener, tempo_listener, TEMPO, LISTENER, GObject)

typedef struct
{
  guint max_connections;         /* in all, without streams: 2000; past them the one that kept us waiting longest goes */
  guint max_streams;             /* feeds' listeners in all: 4000; the next gets 503 */
  guint max_per_address;         /* connections of one address: 32 */
  guint max_streams_per_address; /* feeds' listeners of one address: 16 */
  gboolean limit_loopback;       /* do the two limits per address hold for loopback too: FALSE, because a
                                  * proxy, the projector and benches share that address */
  guint backlog;                 /* 256 */
  guint handshake_timeout_ms;    /* from accept to the end of TLS's handshake: 10,000 */
  guint header_timeout_ms;       /* from accept, or from the first byte of a later head, to its end: 10,000 */
  guint idle_timeout_ms;         /* between two requests: 60,000 */
  guint body_timeout_ms;         /* from the end of the head to the end of the body: 30,000 */
  guint stall_timeout_ms;        /* an answer of which the peer takes nothing: 20,000 */
  guint fd_reserve;              /* descriptors kept back from guests for files and databases: 128 */
  guint handshakes_burst;        /* handshakes of one address at once: 60; they cost us a signature each */
  guint handshakes_per_minute;   /* and how many a minute after that: 120; as limit_loopback says */
  gboolean any_port;             /* behind a proxy: a Host header may carry any port */
} TempoListenerOptions;
/* Fills in the values named above. */
void tempo_listener_options_init (TempoListenerOptions *options);

typedef enum
{
  TEMPO_LISTENER_ERROR_IN_USE,   /* the port, and those tried after it, are taken */
  TEMPO_LISTENER_ERROR_DENIED,   /* not allowed: a port under 1024, or a sandbox */
  TEMPO_LISTENER_ERROR_ADDRESS,  /* no interface has that address */
  TEMPO_LISTENER_ERROR_FAILED,
} TempoListenerError;
#define TEMPO_LISTENER_ERROR (tempo_listener_error_quark ())
GQuark tempo_listener_error_quark (void);

/* @hosts: (nullable) for tempo_hosts_new(); @options: (nullable) for the defaults. Raises the soft
 * limit of open files to the hard one and unsets SOUP_SERVER_HTTP2. */
TempoListener *tempo_listener_new (TempoRouter *router, TempoHosts *hosts, const TempoListenerOptions *options);

/* Starts to accept. @address: (nullable) for every IPv4 interface, or "127.0.0.1", "192.168.1.20", "::1".
 * @port 0 takes any free one; if @port is taken, up to @fallbacks ports after it are tried.
 * May be called several times. Blocks for no longer than bind(2). */
gboolean tempo_listener_listen (TempoListener *self, const char *address, guint16 port, guint fallbacks, GError **error);
/* The same, for TLS: nothing of HTTP is read before the handshake is over. */
gboolean tempo_listener_listen_tls (TempoListener *self, const char *address, guint16 port, guint fallbacks, TempoTls *tls, GError **error);
/* The port of the first tempo_listener_listen() that worked, else 0. */
guint16 tempo_listener_get_port (TempoListener *self);
/* The same of tempo_listener_listen_tls(). */
guint16 tempo_listener_get_tls_port (TempoListener *self);
TempoRouter *tempo_listener_get_router (TempoListener *self);
TempoHosts *tempo_listener_get_hosts (TempoListener *self);

guint tempo_listener_get_n_connections (TempoListener *self);
guint tempo_listener_get_n_streams (TempoListener *self);
/* Since the start: closed for a cap, and cut for a deadline. */
guint64 tempo_listener_get_n_turned_away (TempoListener *self);
guint64 tempo_listener_get_n_timed_out (TempoListener *self);

/* Accepts no more, closes what is idle, ends streams, waits until what was accepted is answered or
 * @timeout_ms are over, then closes the rest. */
void tempo_listener_drain_async (TempoListener *self, guint timeout_ms, GAsyncReadyCallback callback, gpointer user_data);
/* TRUE when everything was answered; FALSE when time ran out (no error is set: there is nothing to do about it). */
gboolean tempo_listener_drain_finish (TempoListener *self, GAsyncResult *result);
/* At once. Also done by dispose. */
void tempo_listener_close (TempoListener *self);

G_END_DECLS
