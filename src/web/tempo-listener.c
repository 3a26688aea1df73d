/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "access/tempo-throttle.h"
#include "base/tempo-clock.h"
#include "web/tempo-listener-private.h"
#include "web/tempo-router-private.h"

/* After an accept() that failed for want of descriptors or memory: trying again at once would only spin. */
#define ACCEPT_PAUSE_MS 200
/* Accepted in one turn, so that a burst does not keep those already in from their answers. */
#define ACCEPT_BATCH 64
#define MAX_DOORS 8
/* Addresses whose handshakes are counted. */
#define MAX_ADDRESSES 4096

G_DEFINE_QUARK (tempo-listener-error-quark, tempo_listener_error)

/* One listening socket. */
typedef struct
{
  TempoWatch watch; /* first */
  TempoListener *listener;
  TempoTls *tls; /* (owned) (nullable): plain */
} Door;

/* What one address has open. */
typedef struct
{
  guint8 key[16]; /* first: hashed */
  guint connections;
  guint streams;
} Peer;

struct _TempoListener
{
  GObject parent_instance;
  TempoRouter *router; /* (owned) */
  TempoHosts *hosts;   /* (owned) */
  TempoListenerOptions options;
  TempoPoller *poller;   /* (owned) */
  GMainContext *context; /* (owned) */
  SoupServer *server;    /* (owned) */
  Door doors[MAX_DOORS];
  guint n_doors;
  guint16 port;
  guint16 tls_port;
  TempoThrottle *handshakes; /* (owned) (nullable): by address, once there is a door for TLS */
  GPtrArray *connections; /* (owned): references, in no order, for the deadlines */
  GHashTable *peers;      /* (owned): Peer to itself */
  guint n_connections;
  guint n_streams;
  guint64 n_turned_away;
  guint64 n_timed_out;
  guint max_descriptors;
  GSource *sweep;   /* (owned) (nullable): while there is a connection */
  GSource *pause;   /* (owned) (nullable): after a failed accept() */
  GTask *drain;     /* (owned) (nullable) */
  GSource *drained; /* (owned) (nullable): its deadline */
  gboolean draining;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (TempoListener, tempo_listener, G_TYPE_OBJECT)

/** Fills in the defaults, so that a caller names only what differs. */
void
tempo_listener_options_init (TempoListenerOptions *options)
{
  *options = (TempoListenerOptions) {
    .max_connections = 2000,
    .max_streams = 4000,
    .max_per_address = 32,
    .max_streams_per_address = 16,
    .limit_loopback = FALSE,
    .backlog = 256,
    .handshake_timeout_ms = 10000,
    .header_timeout_ms = 10000,
    .idle_timeout_ms = 60000,
    .body_timeout_ms = 30000,
    .stall_timeout_ms = 20000,
    .fd_reserve = 128,
    .handshakes_burst = 60,
    .handshakes_per_minute = 120,
  };
}

/* --- books --- */

static guint
hash_peer (gconstpointer peer)
{
  const guint32 *words = peer;

  /* The peer's choice only within its own network; a room full of phones differs in the last bytes. */
  return words[0] * 31 + words[1] * 37 + words[2] * 41 + words[3] * 2654435761u;
}

static gboolean
equal_peer (gconstpointer a,
            gconstpointer b)
{
  return memcmp (a, b, 16) == 0;
}

static Peer *
find_peer (TempoListener *self,
           TempoConnection *connection,
           gboolean make)
{
  const guint8 *key = tempo_connection_get_address_key (connection);
  Peer *peer = g_hash_table_lookup (self->peers, key);

  if (peer == NULL && make)
    {
      peer = g_new0 (Peer, 1);
      memcpy (peer->key, key, sizeof peer->key);
      g_hash_table_add (self->peers, peer);
    }
  return peer;
}

static gboolean
is_limited (TempoListener *self,
            TempoConnection *connection)
{
  return self->options.limit_loopback || !tempo_connection_is_loopback (connection);
}

static void
count_peer (TempoListener *self,
            TempoConnection *connection,
            int connections,
            int streams)
{
  Peer *peer = find_peer (self, connection, connections > 0 || streams > 0);

  if (peer == NULL)
    return;
  peer->connections += connections;
  peer->streams += streams;
  if (peer->connections == 0 && peer->streams == 0)
    g_hash_table_remove (self->peers, peer);
}

static void
finish_drain (TempoListener *self,
              gboolean all)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->drain);

  if (self->drained != NULL)
    g_source_destroy (self->drained);
  g_clear_pointer (&self->drained, g_source_unref);
  if (task == NULL)
    return;
  tempo_listener_close (self);
  g_task_return_boolean (task, all);
}

static gboolean
drained_cb (gpointer user_data)
{
  TempoListener *self = user_data;

  finish_drain (self, self->n_connections == 0);
  return G_SOURCE_REMOVE;
}

/* From the loop, because a connection that closes is in the middle of its own work. */
static void
schedule_drained (TempoListener *self,
                  guint ms)
{
  if (self->drain == NULL)
    return;
  if (self->drained != NULL)
    g_source_destroy (self->drained);
  g_clear_pointer (&self->drained, g_source_unref);
  self->drained = g_timeout_source_new (ms);
  g_source_set_callback (self->drained, drained_cb, self, NULL);
  g_source_attach (self->drained, self->context);
}

/** Takes a closing connection off the books. */
void
tempo_listener_forget (TempoListener *self,
                       TempoConnection *connection)
{
  gboolean stream = tempo_connection_get_phase (connection) == TEMPO_PHASE_STREAM;

  if (stream)
    self->n_streams--;
  else
    self->n_connections--;
  count_peer (self, connection, stream ? 0 : -1, stream ? -1 : 0);
  /* What is swept looks at the phase, not at this list: see sweep_cb(). */
  g_ptr_array_remove_fast (self->connections, connection);
  if (self->draining && self->n_connections == 0)
    schedule_drained (self, 0);
}

/* --- deadlines --- */

static gboolean
sweep_cb (gpointer user_data)
{
  TempoListener *self = user_data;
  gint64 now = g_get_monotonic_time ();

  /* Backwards: what is closed leaves by having the last put in its place, which was looked at already. */
  for (guint i = self->connections->len; i > 0; i--)
    {
      TempoConnection *connection;

      if (i > self->connections->len)
        continue;
      connection = g_ptr_array_index (self->connections, i - 1);
      if (tempo_connection_check (connection, now))
        self->n_timed_out++;
    }
  if (self->connections->len > 0)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->sweep, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void
start_sweep (TempoListener *self)
{
  guint shortest = MIN (MIN (self->options.header_timeout_ms, self->options.idle_timeout_ms),
                        MIN (self->options.body_timeout_ms, self->options.stall_timeout_ms));

  shortest = MIN (shortest, self->options.handshake_timeout_ms);
  if (self->sweep != NULL)
    return;
  /* A deadline is kept within a fifth of the shortest, and within a second. */
  self->sweep = g_timeout_source_new (CLAMP (shortest / 5, 10, 1000));
  g_source_set_static_name (self->sweep, "tempo-deadlines");
  g_source_set_callback (self->sweep, sweep_cb, self, NULL);
  g_source_attach (self->sweep, self->context);
}

/* --- accepting --- */

/* Who has not yet said what it wants. */
static gboolean
is_silent (TempoConnection *connection)
{
  TempoPhase phase = tempo_connection_get_phase (connection);

  return phase == TEMPO_PHASE_HANDSHAKE || phase == TEMPO_PHASE_HEAD;
}

/* Full: who has kept us waiting for a head and is nearest to the deadline gives the place up. So a
 * thousand half-open connections cost a guest nothing, where turning the guest away would shut the house. */
static void
make_room (TempoListener *self)
{
  TempoConnection *nearest = NULL;

  for (guint i = 0; i < self->connections->len; i++)
    {
      TempoConnection *connection = g_ptr_array_index (self->connections, i);

      if (is_silent (connection)
          && (nearest == NULL || tempo_connection_get_deadline (connection) < tempo_connection_get_deadline (nearest)))
        nearest = connection;
    }
  if (nearest == NULL)
    return;
  self->n_turned_away++;
  tempo_connection_close (nearest);
}

/* May @connection stay? Its descriptor's number tells how many are open: the kernel gives the lowest free. */
static gboolean
admit (TempoListener *self,
       TempoConnection *connection,
       int fd)
{
  Peer *peer = find_peer (self, connection, FALSE);

  if (self->n_connections >= self->options.max_connections)
    return FALSE;
  if (self->max_descriptors > 0 && (guint) fd >= self->max_descriptors)
    return FALSE;
  if (!is_limited (self, connection))
    return TRUE;
  if (peer != NULL && peer->connections >= self->options.max_per_address)
    return FALSE;
  /* A phone makes a handshake now and then; who makes hundreds is after our processor. */
  return !tempo_connection_is_secure (connection)
         || tempo_throttle_take (self->handshakes, tempo_connection_get_address (connection), NULL);
}

static void
take (TempoListener *self,
      int fd,
      const struct sockaddr *remote,
      TempoTls *tls)
{
  TempoConnection *connection;
  int on = 1;
  gboolean admitted;

  /* Without it the kernel waits 40 ms for the acknowledgement of the answer before. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (self->n_connections >= self->options.max_connections)
    make_room (self);
  connection = tempo_connection_new (self, self->poller, fd, remote, tls);
  admitted = admit (self, connection, fd);
  self->n_connections++;
  count_peer (self, connection, 1, 0);
  /* The list's reference is the one made here. */
  g_ptr_array_add (self->connections, connection);
  if (!admitted)
    {
      self->n_turned_away++;
      tempo_connection_close (connection);
      return;
    }
  start_sweep (self);
  tempo_connection_start (connection);
}

static gboolean
resume_cb (gpointer user_data)
{
  TempoListener *self = user_data;

  for (guint i = 0; i < self->n_doors; i++)
    tempo_poller_watch (self->poller, &self->doors[i].watch, EPOLLIN);
  g_clear_pointer (&self->pause, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void
pause_accepting (TempoListener *self)
{
  if (self->pause != NULL)
    return;
  for (guint i = 0; i < self->n_doors; i++)
    tempo_poller_watch (self->poller, &self->doors[i].watch, 0);
  self->pause = g_timeout_source_new (ACCEPT_PAUSE_MS);
  g_source_set_callback (self->pause, resume_cb, self, NULL);
  g_source_attach (self->pause, self->context);
}

static void
accept_cb (TempoWatch *watch,
           guint32 events)
{
  Door *door = (Door *) watch;
  g_autoptr (TempoListener) self = g_object_ref (door->listener);

  for (guint i = 0; i < ACCEPT_BATCH && !self->closed && !self->draining; i++)
    {
      struct sockaddr_storage remote;
      socklen_t length = sizeof remote;
      int fd = accept4 (watch->fd, (struct sockaddr *) &remote, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);

      if (fd >= 0)
        take (self, fd, (struct sockaddr *) &remote, door->tls);
      else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        {
          g_debug ("accepting pauses: %s", g_strerror (errno));
          pause_accepting (self);
          return;
        }
      else if (errno == EAGAIN)
        return;
      /* ECONNABORTED and the like belong to the one connection that is gone. */
    }
}

/* --- binding --- */

static gboolean
parse_address (const char *address,
               guint16 port,
               struct sockaddr_storage *out,
               socklen_t *length)
{
  struct sockaddr_in *v4 = (struct sockaddr_in *) out;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) out;

  memset (out, 0, sizeof *out);
  if (address == NULL || inet_pton (AF_INET, address, &v4->sin_addr) == 1)
    {
      v4->sin_family = AF_INET;
      v4->sin_port = htons (port);
      *length = sizeof *v4;
      return TRUE;
    }
  if (inet_pton (AF_INET6, address, &v6->sin6_addr) != 1)
    return FALSE;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons (port);
  *length = sizeof *v6;
  return TRUE;
}

/* A listening socket, or -1 and errno. */
static int
bind_one (TempoListener *self,
          const struct sockaddr_storage *address,
          socklen_t length)
{
  int fd = socket (address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int on = 1;

  if (fd < 0)
    return -1;
  /* Else a restart within a minute finds its own port taken by connections that are closing. */
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address->ss_family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind (fd, (const struct sockaddr *) address, length) < 0 || listen (fd, self->options.backlog) < 0)
    {
      int saved = errno;

      close (fd);
      errno = saved;
      return -1;
    }
  return fd;
}

static guint16
port_of (int fd)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;

  if (getsockname (fd, (struct sockaddr *) &address, &length) < 0)
    return 0;
  return ntohs (address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *) &address)->sin6_port
                                              : ((struct sockaddr_in *) &address)->sin_port);
}

static void
set_bind_error (const char *address,
                guint16 port,
                int saved,
                GError **error)
{
  TempoListenerError code = TEMPO_LISTENER_ERROR_FAILED;

  if (saved == EADDRINUSE)
    code = TEMPO_LISTENER_ERROR_IN_USE;
  else if (saved == EACCES || saved == EPERM)
    code = TEMPO_LISTENER_ERROR_DENIED;
  else if (saved == EADDRNOTAVAIL)
    code = TEMPO_LISTENER_ERROR_ADDRESS;
  g_set_error (error, TEMPO_LISTENER_ERROR, code, "cannot listen on \"%s\" port %u: %s",
               address != NULL ? address : "every address", port, g_strerror (saved));
}

/* --- libsoup --- */

static void
raise_descriptors (TempoListener *self)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return;
  if (limit.rlim_cur < limit.rlim_max)
    {
      rlim_t before = limit.rlim_cur;

      limit.rlim_cur = limit.rlim_max;
      if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
        limit.rlim_cur = before;
    }
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur > 2 * self->options.fd_reserve)
    self->max_descriptors = (guint) MIN (limit.rlim_cur - self->options.fd_reserve, G_MAXINT);
}

static void
tempo_listener_dispose (GObject *object)
{
  TempoListener *self = TEMPO_LISTENER (object);

  tempo_listener_close (self);
  G_OBJECT_CLASS (tempo_listener_parent_class)->dispose (object);
}

static void
tempo_listener_finalize (GObject *object)
{
  TempoListener *self = TEMPO_LISTENER (object);

  g_clear_object (&self->server);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_pointer (&self->handshakes, tempo_throttle_free);
  g_clear_pointer (&self->router, tempo_router_unref);
  g_clear_pointer (&self->hosts, tempo_hosts_unref);
  g_clear_pointer (&self->poller, tempo_poller_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  G_OBJECT_CLASS (tempo_listener_parent_class)->finalize (object);
}

static void
tempo_listener_class_init (TempoListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tempo_listener_dispose;
  G_OBJECT_CLASS (klass)->finalize = tempo_listener_finalize;
}

static void
tempo_listener_init (TempoListener *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->poller = tempo_poller_new ();
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_connection_unref);
  self->peers = g_hash_table_new_full (hash_peer, equal_peer, g_free, NULL);
}

/* --- private to the library --- */

const TempoListenerOptions *
tempo_listener_get_options (TempoListener *self)
{
  return &self->options;
}

SoupServer *
tempo_listener_get_server (TempoListener *self)
{
  return self->server;
}

gboolean
tempo_listener_is_draining (TempoListener *self)
{
  return self->draining;
}

/** Judges what can be judged of a sound head without its route's handler. */
guint
tempo_listener_check_head (TempoListener *self,
                           TempoConnection *connection,
                           TempoHead *head,
                           const char **code,
                           const char **title)
{
  const TempoRoute *route;
  gint64 limit = TEMPO_BODY_LIMIT;
  guint16 port = tempo_connection_is_secure (connection) ? self->tls_port : self->port;

  if (!tempo_hosts_allow (self->hosts, tempo_head_get_host (head), self->options.any_port ? 0 : port))
    {
      *code = "wrong_host";
      *title = "This server does not answer to that name";
      return 421;
    }
  if (tempo_head_get_content_length (head) <= 0)
    return 0;
  route = tempo_router_lookup (self->router, tempo_head_get_method (head), tempo_head_get_target (head), NULL);
  if (route != NULL && route->body_limit > 0)
    limit = route->body_limit;
  if (tempo_head_get_content_length (head) <= limit)
    return 0;
  *code = "body_too_large";
  *title = "The body is too large";
  return 413;
}

/** Moves a connection from one cap to the other, if there is room. */
gboolean
tempo_listener_admit_stream (TempoListener *self,
                             TempoConnection *connection)
{
  Peer *peer = find_peer (self, connection, FALSE);

  if (self->draining || self->n_streams >= self->options.max_streams)
    return FALSE;
  if (peer != NULL && is_limited (self, connection) && peer->streams >= self->options.max_streams_per_address)
    return FALSE;
  self->n_streams++;
  self->n_connections--;
  count_peer (self, connection, 0, 1);
  count_peer (self, connection, -1, 0);
  return TRUE;
}

/* --- public --- */

/**
 * tempo_listener_new:
 * @hosts: (nullable): the names to answer to
 * @options: (nullable): copied
 *
 * Makes a listener on the thread-default context, which must stay that thread's default for as long as the
 * listener lives: libsoup attaches its sources to whatever is the default when a message comes.
 */
TempoListener *
tempo_listener_new (TempoRouter *router,
                    TempoHosts *hosts,
                    const TempoListenerOptions *options)
{
  TempoListener *self = g_object_new (TEMPO_TYPE_LISTENER, NULL);

  self->router = tempo_router_ref (router);
  self->hosts = hosts != NULL ? tempo_hosts_ref (hosts) : tempo_hosts_new ();
  if (options != NULL)
    self->options = *options;
  else
    tempo_listener_options_init (&self->options);
  raise_descriptors (self);
  /* HTTP/2 of libsoup 3.2 has open holes and nothing here needs it. Looked at first: unsetting is not safe
   * beside other threads. */
  if (g_getenv ("SOUP_SERVER_HTTP2") != NULL)
    g_unsetenv ("SOUP_SERVER_HTTP2");
  self->server = g_object_new (SOUP_TYPE_SERVER, "raw-paths", TRUE, NULL);
  tempo_router_attach (self->router, self->server);
  return self;
}

/* Binds @address and @port, or one of the @fallbacks ports after it. -1 with @error set. */
static int
bind_first (TempoListener *self,
            const char *address,
            guint16 port,
            guint fallbacks,
            GError **error)
{
  struct sockaddr_storage place;
  socklen_t length;
  int fd = -1;
  int saved = 0;

  for (guint i = 0; fd < 0 && i <= fallbacks && port + i <= G_MAXUINT16; i++)
    {
      if (!parse_address (address, port + i, &place, &length))
        {
          set_bind_error (address, port, EADDRNOTAVAIL, error);
          return -1;
        }
      fd = bind_one (self, &place, length);
      saved = errno;
      if (fd < 0 && saved != EADDRINUSE)
        break;
    }
  if (fd < 0)
    set_bind_error (address, port, saved, error);
  return fd;
}

static void
open_door (TempoListener *self,
           int fd,
           TempoTls *tls)
{
  Door *door = &self->doors[self->n_doors++];
  guint16 *port = tls != NULL ? &self->tls_port : &self->port;

  door->listener = self;
  door->tls = tls != NULL ? tempo_tls_ref (tls) : NULL;
  door->watch = (TempoWatch) { .fd = fd, .func = accept_cb };
  tempo_poller_watch (self->poller, &door->watch, EPOLLIN);
  if (*port == 0)
    *port = port_of (fd);
}

/**
 * tempo_listener_listen:
 *
 * Binds @address and @port, or one of the @fallbacks ports after it, and starts to accept.
 */
gboolean
tempo_listener_listen (TempoListener *self,
                       const char *address,
                       guint16 port,
                       guint fallbacks,
                       GError **error)
{
  int fd;

  g_return_val_if_fail (TEMPO_IS_LISTENER (self) && !self->closed, FALSE);
  g_return_val_if_fail (self->n_doors < MAX_DOORS, FALSE);

  fd = bind_first (self, address, port, fallbacks, error);
  if (fd >= 0)
    open_door (self, fd, NULL);
  return fd >= 0;
}

/**
 * tempo_listener_listen_tls:
 *
 * The second door: the same caps and the same deadlines, and a handshake before the first head.
 */
gboolean
tempo_listener_listen_tls (TempoListener *self,
                           const char *address,
                           guint16 port,
                           guint fallbacks,
                           TempoTls *tls,
                           GError **error)
{
  int fd;

  g_return_val_if_fail (TEMPO_IS_LISTENER (self) && !self->closed && tls != NULL, FALSE);
  g_return_val_if_fail (self->n_doors < MAX_DOORS, FALSE);

  fd = bind_first (self, address, port, fallbacks, error);
  if (fd < 0)
    return FALSE;
  if (self->handshakes == NULL)
    {
      g_autoptr (TempoClock) clock = tempo_clock_new_system ();

      self->handshakes =
        tempo_throttle_new (clock, self->options.handshakes_burst, self->options.handshakes_per_minute, MAX_ADDRESSES);
    }
  open_door (self, fd, tls);
  return TRUE;
}

/** The port to print on a QR code; 0 before listening. */
guint16
tempo_listener_get_port (TempoListener *self)
{
  return self->port;
}

/** The port of staff's address; 0 when nothing listens for TLS. */
guint16
tempo_listener_get_tls_port (TempoListener *self)
{
  return self->tls_port;
}

TempoRouter *
tempo_listener_get_router (TempoListener *self)
{
  return self->router;
}

TempoHosts *
tempo_listener_get_hosts (TempoListener *self)
{
  return self->hosts;
}

/** Connections open now, without streams. */
guint
tempo_listener_get_n_connections (TempoListener *self)
{
  return self->n_connections;
}

/** Streams open now. */
guint
tempo_listener_get_n_streams (TempoListener *self)
{
  return self->n_streams;
}

/** Connections closed for a cap. */
guint64
tempo_listener_get_n_turned_away (TempoListener *self)
{
  return self->n_turned_away;
}

/** Connections cut for a deadline. */
guint64
tempo_listener_get_n_timed_out (TempoListener *self)
{
  return self->n_timed_out;
}

static void
close_doors (TempoListener *self)
{
  for (guint i = 0; i < self->n_doors; i++)
    {
      tempo_poller_unwatch (self->poller, &self->doors[i].watch);
      close (self->doors[i].watch.fd);
      g_clear_pointer (&self->doors[i].tls, tempo_tls_unref);
    }
  self->n_doors = 0;
  if (self->pause != NULL)
    g_source_destroy (self->pause);
  g_clear_pointer (&self->pause, g_source_unref);
}

/* All of them, or those in which nothing is under way and the streams, which never end by themselves. */
static void
close_connections (TempoListener *self,
                   gboolean all)
{
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_connection_unref);

  for (guint i = 0; i < self->connections->len; i++)
    g_ptr_array_add (connections, tempo_connection_ref (g_ptr_array_index (self->connections, i)));
  for (guint i = 0; i < connections->len; i++)
    {
      TempoConnection *connection = g_ptr_array_index (connections, i);

      if (tempo_connection_get_phase (connection) == TEMPO_PHASE_STREAM)
        tempo_connection_end_stream (connection);
      else if (all || tempo_connection_is_idle (connection))
        tempo_connection_close (connection);
    }
}

/**
 * tempo_listener_drain_async:
 *
 * The orderly end: what has been accepted is answered, with "Connection: close", and nothing new is.
 */
void
tempo_listener_drain_async (TempoListener *self,
                            guint timeout_ms,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_LISTENER (self) && self->drain == NULL);

  self->drain = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->drain, tempo_listener_drain_async);
  self->draining = TRUE;
  close_doors (self);
  schedule_drained (self, timeout_ms);
  close_connections (self, FALSE);
  if (self->n_connections == 0)
    schedule_drained (self, 0);
}

/** Tells whether everybody got an answer. */
gboolean
tempo_listener_drain_finish (TempoListener *self,
                             GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

/** Closes everything at once; answers still being made go nowhere. */
void
tempo_listener_close (TempoListener *self)
{
  if (self->closed)
    return;
  self->closed = self->draining = TRUE;
  close_doors (self);
  close_connections (self, TRUE);
  if (self->sweep != NULL)
    g_source_destroy (self->sweep);
  g_clear_pointer (&self->sweep, g_source_unref);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  finish_drain (self, FALSE);
}
