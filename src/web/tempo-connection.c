/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/tempo-listener-private.h"
#include "web/tempo-problem.h"
#include "web/tempo-security.h"
#include "web/tempo-wire.h"

/* How long, and for how much, a refused peer is listened to so that it can read why. */
#define LINGER_US (1 * G_TIME_SPAN_SECOND)
#define LINGER_BYTES (256 * 1024)
/* What a feed's listener may say; it has nothing to say. */
#define STREAM_BYTES (16 * 1024)
#define STREAM_SEND_BUFFER (64 * 1024)

struct _TempoConnection
{
  TempoWatch watch; /* first: the poller hands it back */
  int n_references;
  TempoListener *listener; /* (unowned) (nullable): cleared when closed */
  TempoPoller *poller;     /* (owned) */
  TempoWire wire;          /* its socket */
  gboolean secure;
  TempoPhase phase;
  gint64 deadline;       /* monotonic µs, 0 for none */
  gint64 write_deadline; /* the same, while the peer takes nothing */
  GByteArray *in;        /* (owned) (nullable): read and not yet passed on */
  gsize scanned;         /* of in, by tempo_head_find_end() */
  gsize pass;            /* bytes of in that belong to the message */
  gint64 body_left;      /* bytes of the message still in the socket */
  gsize discarded;
  TempoHead *head;      /* (owned) (nullable) */
  GByteArray *held;     /* (owned) (nullable): the answer's head, until its body comes */
  gint64 answer_left;   /* bytes of the answer's body still to come from libsoup */
  GSource *read_ready;  /* (unowned) (nullable): what libsoup waits on */
  GSource *write_ready; /* (unowned) (nullable) */
  GSource *next;        /* (owned) (nullable): takes up a head that came with the one before */
  GSocketAddress *remote; /* (owned) (nullable): leads back here */
  gboolean handed_over; /* libsoup has a stream of it */
  gboolean answering;   /* the next that libsoup writes is the answer's head */
  gboolean answered;    /* the head was written */
  gboolean gone;
  gboolean eof;
  gboolean served; /* one message at least is over */
  TempoStreamFunc stream_func;
  gpointer stream_data;
  char *address; /* (owned) */
  guint8 address_key[16];
  gboolean loopback;
};

static G_DEFINE_QUARK (tempo-connection, tempo_connection)

static void ready_cb (TempoWatch *watch,
                      guint32 events);

/* --- the GSource libsoup waits on: becomes ready when the poller says so --- */

typedef struct
{
  GSource parent;
  GSource **place; /* where the connection remembers it; NULL once the connection is closed */
  TempoConnection *connection; /* (owned) */
} ReadySource;

static gboolean
dispatch_ready (GSource *source,
                GSourceFunc callback,
                gpointer user_data)
{
  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

static void
finalize_ready (GSource *source)
{
  ReadySource *ready = (ReadySource *) source;

  if (*ready->place == source)
    *ready->place = NULL;
  g_clear_pointer (&ready->connection, tempo_connection_unref);
}

/* Wrapped in a pollable source, it gets a closure that does nothing; GLib asks for something to call it with. */
static gboolean
call_closure (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs ready_funcs = {
  .dispatch = dispatch_ready,
  .finalize = finalize_ready,
  .closure_callback = call_closure,
};

static GSource *
create_ready (TempoConnection *self,
              GSource **place)
{
  GSource *source = g_source_new (&ready_funcs, sizeof (ReadySource));

  ((ReadySource *) source)->place = place;
  ((ReadySource *) source)->connection = tempo_connection_ref (self);
  *place = source;
  return source;
}

static void
make_ready (GSource *source)
{
  if (source != NULL)
    g_source_set_ready_time (source, 0);
}

/* --- reading heads --- */

static void
set_deadline (TempoConnection *self,
              guint ms)
{
  self->deadline = g_get_monotonic_time () + (gint64) ms * 1000;
}

static void
watch (TempoConnection *self,
       guint32 events)
{
  /* Refused only when the kernel is out of memory: the connection cannot be served then. */
  if (!tempo_poller_watch (self->poller, &self->watch, events))
    self->eof = TRUE;
}

/* Sends a refusal past libsoup, which has written everything before it or never saw this connection. */
static void
refuse (TempoConnection *self,
        guint status,
        const char *code,
        const char *title)
{
  g_autoptr (GBytes) body = tempo_problem_new (status, code, title, NULL);
  g_autoptr (GString) answer = g_string_new (NULL);
  gsize length;
  const char *data = g_bytes_get_data (body, &length);

  g_string_append_printf (answer, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  tempo_security_append (answer);
  g_string_append_printf (answer,
                          "Cache-Control: no-store\r\nContent-Type: " TEMPO_PROBLEM_TYPE "\r\nContent-Length: %" G_GSIZE_FORMAT
                          "\r\nConnection: close\r\n\r\n",
                          length);
  if (self->head == NULL || g_strcmp0 (tempo_head_get_method (self->head), "HEAD") != 0)
    g_string_append_len (answer, data, length);
  /* A fresh socket takes a kilobyte; if it does not, there is nobody to tell. */
  tempo_wire_send (&self->wire, &(GOutputVector) { answer->str, answer->len }, 1);
  tempo_wire_end (&self->wire);
  g_clear_pointer (&self->in, g_byte_array_unref);
  self->phase = TEMPO_PHASE_LINGER;
  self->discarded = 0;
  self->deadline = g_get_monotonic_time () + LINGER_US;
  watch (self, EPOLLIN);
}

/* Puts the plain head where the guest's was, in front of what came of the body. */
static void
accept_head (TempoConnection *self,
             gsize length)
{
  g_autoptr (GString) plain = tempo_head_to_plain (self->head);
  gint64 body = MAX (tempo_head_get_content_length (self->head), 0);
  gint64 have = MIN ((gint64) (self->in->len - length), body);

  if (plain->len <= length)
    g_byte_array_remove_range (self->in, 0, length - plain->len);
  else
    {
      gsize more = plain->len - length;

      g_byte_array_set_size (self->in, self->in->len + more);
      memmove (self->in->data + more, self->in->data, self->in->len - more);
    }
  memcpy (self->in->data, plain->str, plain->len);
  self->pass = plain->len + have;
  self->body_left = body - have;
  self->phase = TEMPO_PHASE_BODY;
  if (self->body_left > 0)
    set_deadline (self, tempo_listener_get_options (self->listener)->body_timeout_ms);
  else
    self->deadline = 0;
}

static const char *
code_of_status (guint status)
{
  switch (status)
    {
    case 411:
      return "length_required";
    case 414:
      return "target_too_long";
    case 417:
      return "expectation_failed";
    case 431:
      return "head_too_large";
    case 501:
      return "method_unknown";
    case 505:
      return "version_unsupported";
    default:
      return "bad_request";
    }
}

/* Looks at what was read. TRUE when a head was accepted. */
static gboolean
try_head (TempoConnection *self)
{
  const char *code = NULL;
  const char *title = NULL;
  guint status;
  gsize length;

  /* Some old clients send an empty line after a body; RFC 9112 asks to overlook it. */
  while (self->in->len >= 2 && memcmp (self->in->data, "\r\n", 2) == 0)
    {
      g_byte_array_remove_range (self->in, 0, 2);
      self->scanned = 0;
    }
  length = tempo_head_find_end ((const char *) self->in->data, self->in->len, &self->scanned);
  if (length == 0 && self->in->len <= TEMPO_HEAD_MAX_BYTES)
    return FALSE;
  g_clear_pointer (&self->head, tempo_head_unref);
  if (length == 0)
    status = 431;
  else
    self->head = tempo_head_parse ((const char *) self->in->data, length, &status);
  if (self->head == NULL)
    {
      refuse (self, status, code_of_status (status), soup_status_get_phrase (status));
      return FALSE;
    }
  status = tempo_listener_check_head (self->listener, self, self->head, &code, &title);
  if (status != 0)
    {
      refuse (self, status, code, title);
      return FALSE;
    }
  accept_head (self, length);
  return TRUE;
}

/* Reads once into @in. FALSE when the peer has closed or broken the connection. */
static gboolean
fill (TempoConnection *self)
{
  /* One thread, one buffer: a quiet connection keeps none. */
  static _Thread_local char buffer[TEMPO_HEAD_MAX_BYTES];
  gssize n = tempo_wire_read (&self->wire, buffer, sizeof buffer);

  if (n > 0)
    {
      if (self->in == NULL)
        self->in = g_byte_array_sized_new (n);
      if (self->in->len == 0 && self->served)
        set_deadline (self, tempo_listener_get_options (self->listener)->header_timeout_ms);
      g_byte_array_append (self->in, (const guint8 *) buffer, n);
      return TRUE;
    }
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return TRUE;
  self->eof = TRUE;
  return FALSE;
}

/* Gives the message to libsoup as if it were a connection of its own with one message on it. Keeping a
 * connection for the next message is our work: libsoup 3.2.3 never lets go of one that its peer closes in
 * between, and holds 20 KB for each. */
static void
hand_over (TempoConnection *self)
{
  g_autoptr (GIOStream) stream = tempo_connection_stream_new (self);
  g_autoptr (GError) error = NULL;

  if (self->remote == NULL)
    {
      self->remote = g_inet_socket_address_new_from_string (self->address, 1);
      g_object_set_qdata (G_OBJECT (self->remote), tempo_connection_quark (), self);
    }
  self->handed_over = TRUE;
  self->answering = self->answered = FALSE;
  self->answer_left = 0;
  /* The message is read, and often answered, before this returns. */
  if (!soup_server_accept_iostream (tempo_listener_get_server (self->listener), stream, self->remote, self->remote, &error))
    g_debug ("a connection was not taken: %s", error->message);
}

static void
head_ready (TempoConnection *self)
{
  /* next_cb() comes first, in this very turn. */
  if (self->next != NULL)
    return;
  if (!fill (self))
    tempo_connection_close (self);
  else if (self->in != NULL && self->in->len > 0 && try_head (self))
    hand_over (self);
}

/* The next head lies in memory already: taken up from the loop, else a hundred of them were a hundred calls deep. */
static gboolean
next_cb (gpointer user_data)
{
  g_autoptr (TempoConnection) self = tempo_connection_ref (user_data);

  g_clear_pointer (&self->next, g_source_unref);
  if (self->phase != TEMPO_PHASE_HEAD)
    return G_SOURCE_REMOVE;
  if (tempo_wire_has_pending (&self->wire) && !fill (self))
    tempo_connection_close (self);
  else if (self->in != NULL && try_head (self))
    hand_over (self);
  return G_SOURCE_REMOVE;
}

/* A peer that speaks no TLS, plain HTTP perhaps, is not answered: what it said was meant for nobody here. */
static void
handshake_ready (TempoConnection *self)
{
  switch (tempo_wire_handshake (&self->wire))
    {
    case TEMPO_WIRE_OPEN:
      self->phase = TEMPO_PHASE_HEAD;
      set_deadline (self, tempo_listener_get_options (self->listener)->header_timeout_ms);
      watch (self, EPOLLIN);
      break;
    case TEMPO_WIRE_READ:
      watch (self, EPOLLIN);
      break;
    case TEMPO_WIRE_WRITE:
      watch (self, EPOLLOUT);
      break;
    case TEMPO_WIRE_FAILED:
    default:
      tempo_connection_close (self);
      break;
    }
}

/* The answer is out: on to the next message, or the end. */
static void
begin_head (TempoConnection *self)
{
  const TempoListenerOptions *options = tempo_listener_get_options (self->listener);
  gboolean keep = tempo_connection_is_kept (self) && !self->gone;

  if (!keep)
    {
      tempo_connection_close (self);
      return;
    }
  self->phase = TEMPO_PHASE_HEAD;
  self->scanned = 0;
  self->served = TRUE;
  self->write_deadline = 0;
  g_clear_pointer (&self->head, tempo_head_unref);
  g_clear_pointer (&self->held, g_byte_array_unref);
  watch (self, EPOLLIN);
  if ((self->in != NULL && self->in->len > 0) || tempo_wire_has_pending (&self->wire))
    {
      set_deadline (self, options->header_timeout_ms);
      self->next = g_idle_source_new ();
      g_source_set_priority (self->next, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->next, next_cb, self, NULL);
      g_source_attach (self->next, g_main_context_get_thread_default ());
      return;
    }
  g_clear_pointer (&self->in, g_byte_array_unref);
  set_deadline (self, options->idle_timeout_ms);
}

/* --- the other phases --- */

static void
discard (TempoConnection *self)
{
  char buffer[4096];
  gssize n = tempo_wire_read (&self->wire, buffer, sizeof buffer);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  self->discarded += MAX (n, 0);
  if (self->phase == TEMPO_PHASE_LINGER)
    {
      if (n <= 0 || self->discarded > LINGER_BYTES)
        tempo_connection_close (self);
    }
  else if (n <= 0 || self->discarded > STREAM_BYTES)
    self->stream_func (self, EPOLLHUP, self->stream_data);
}

static void
stream_ready (TempoConnection *self,
              guint32 events)
{
  if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0)
    self->stream_func (self, EPOLLHUP, self->stream_data);
  else if ((events & EPOLLIN) != 0)
    discard (self);
  else if ((events & EPOLLOUT) != 0)
    self->stream_func (self, EPOLLOUT, self->stream_data);
}

/* Sends what is left of the answer's head. */
static gboolean
flush_held (TempoConnection *self)
{
  gssize n;

  if (self->held == NULL || self->held->len == 0)
    return TRUE;
  n = tempo_wire_send (&self->wire, &(GOutputVector) { self->held->data, self->held->len }, 1);
  if (n < 0 && errno != EAGAIN && errno != EINTR)
    self->gone = TRUE;
  if (n > 0)
    g_byte_array_remove_range (self->held, 0, n);
  return self->held->len == 0;
}

static void
flush_ready (TempoConnection *self)
{
  if (flush_held (self))
    begin_head (self);
  else if (self->gone)
    tempo_connection_close (self);
}

/* While an answer is made nobody reads. Level-triggered, so what is there must be asked about no more. */
static void
answer_ready (TempoConnection *self,
              guint32 events)
{
  if ((events & EPOLLOUT) != 0)
    make_ready (self->write_ready);
  if ((events & (EPOLLHUP | EPOLLERR)) != 0)
    {
      self->gone = TRUE;
      tempo_poller_unwatch (self->poller, &self->watch);
      make_ready (self->write_ready);
      make_ready (self->read_ready);
    }
  else
    watch (self, 0);
}

static void
body_ready (TempoConnection *self,
            guint32 events)
{
  if ((events & EPOLLOUT) != 0)
    make_ready (self->write_ready);
  make_ready (self->read_ready);
  /* Asked for again when libsoup has read and wants more. */
  if ((events & (EPOLLHUP | EPOLLERR)) != 0)
    tempo_poller_unwatch (self->poller, &self->watch);
  else
    watch (self, 0);
}

static void
ready_cb (TempoWatch *watch_,
          guint32 events)
{
  g_autoptr (TempoConnection) self = tempo_connection_ref ((TempoConnection *) watch_);

  switch (self->phase)
    {
    case TEMPO_PHASE_HANDSHAKE:
      handshake_ready (self);
      break;
    case TEMPO_PHASE_HEAD:
      head_ready (self);
      break;
    case TEMPO_PHASE_BODY:
      body_ready (self, events);
      break;
    case TEMPO_PHASE_ANSWER:
      answer_ready (self, events);
      break;
    case TEMPO_PHASE_FLUSH:
      flush_ready (self);
      break;
    case TEMPO_PHASE_STREAM:
      stream_ready (self, events);
      break;
    case TEMPO_PHASE_LINGER:
      discard (self);
      break;
    case TEMPO_PHASE_CLOSED:
    default:
      break;
    }
}

static void
read_remote (TempoConnection *self,
             const struct sockaddr *remote)
{
  const struct sockaddr_in *v4 = (const struct sockaddr_in *) remote;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) remote;
  g_autoptr (GInetAddress) address = NULL;

  if (remote->sa_family == AF_INET)
    {
      address = g_inet_address_new_from_bytes ((const guint8 *) &v4->sin_addr, G_SOCKET_FAMILY_IPV4);
      self->address_key[10] = self->address_key[11] = 0xff;
      memcpy (self->address_key + 12, &v4->sin_addr, 4);
    }
  else if (IN6_IS_ADDR_V4MAPPED (&v6->sin6_addr))
    {
      address = g_inet_address_new_from_bytes (v6->sin6_addr.s6_addr + 12, G_SOCKET_FAMILY_IPV4);
      memcpy (self->address_key, &v6->sin6_addr, 16);
    }
  else
    {
      address = g_inet_address_new_from_bytes (v6->sin6_addr.s6_addr, G_SOCKET_FAMILY_IPV6);
      /* One phone has a whole /64 of addresses to choose from. */
      memcpy (self->address_key, &v6->sin6_addr, 8);
    }
  self->loopback = g_inet_address_get_is_loopback (address);
  self->address = g_inet_address_to_string (address);
}

/** Takes the accepted socket @fd, which must not block, to speak TLS on it if @tls is given. */
TempoConnection *
tempo_connection_new (TempoListener *listener,
                      TempoPoller *poller,
                      int fd,
                      const struct sockaddr *remote,
                      TempoTls *tls)
{
  TempoConnection *self = g_new0 (TempoConnection, 1);
  const TempoListenerOptions *options = tempo_listener_get_options (listener);

  self->n_references = 1;
  self->listener = listener;
  self->poller = tempo_poller_ref (poller);
  self->watch.fd = fd;
  self->watch.func = ready_cb;
  tempo_wire_init (&self->wire, fd, tls);
  self->secure = tls != NULL;
  self->phase = self->secure ? TEMPO_PHASE_HANDSHAKE : TEMPO_PHASE_HEAD;
  set_deadline (self, self->secure ? options->handshake_timeout_ms : options->header_timeout_ms);
  read_remote (self, remote);
  return self;
}

TempoConnection *
tempo_connection_ref (TempoConnection *self)
{
  self->n_references++;
  return self;
}

/** Lets go; whoever closes it is not the last holder, so it is closed by then. */
void
tempo_connection_unref (TempoConnection *self)
{
  if (--self->n_references > 0)
    return;
  g_assert (self->phase == TEMPO_PHASE_CLOSED);
  g_clear_pointer (&self->in, g_byte_array_unref);
  g_clear_pointer (&self->held, g_byte_array_unref);
  g_clear_pointer (&self->head, tempo_head_unref);
  if (self->remote != NULL)
    g_object_set_qdata (G_OBJECT (self->remote), tempo_connection_quark (), NULL);
  g_clear_object (&self->remote);
  g_clear_pointer (&self->poller, tempo_poller_unref);
  g_clear_pointer (&self->address, g_free);
  g_free (self);
}

/** Waits for the first head; a connection the kernel will not watch is closed. */
void
tempo_connection_start (TempoConnection *self)
{
  watch (self, EPOLLIN);
  if (self->eof)
    tempo_connection_close (self);
}

/** The listener that accepted it, NULL once it is closed. */
TempoListener *
tempo_connection_get_listener (TempoConnection *self)
{
  return self->listener;
}

TempoPhase
tempo_connection_get_phase (TempoConnection *self)
{
  return self->phase;
}

const char *
tempo_connection_get_address (TempoConnection *self)
{
  return self->address;
}

/** What connections of one guest have in common, for the caps. */
const guint8 *
tempo_connection_get_address_key (TempoConnection *self)
{
  return self->address_key;
}

gboolean
tempo_connection_is_loopback (TempoConnection *self)
{
  return self->loopback;
}

/** Did it come by TLS? */
gboolean
tempo_connection_is_secure (TempoConnection *self)
{
  return self->secure;
}

/** Tells work that is still going on that nobody waits for it. */
gboolean
tempo_connection_is_gone (TempoConnection *self)
{
  return self->gone || self->phase == TEMPO_PHASE_CLOSED;
}

/** Tells a listener that ends which connections owe nobody anything. */
gboolean
tempo_connection_is_idle (TempoConnection *self)
{
  return self->phase == TEMPO_PHASE_HANDSHAKE || self->phase == TEMPO_PHASE_HEAD || self->phase == TEMPO_PHASE_LINGER;
}

TempoHead *
tempo_connection_get_head (TempoConnection *self)
{
  return self->head;
}

/** Will the connection serve another message after this one? */
gboolean
tempo_connection_is_kept (TempoConnection *self)
{
  return self->head != NULL && tempo_head_keeps_alive (self->head) && self->listener != NULL &&
         !tempo_listener_is_draining (self->listener);
}

/**
 * tempo_connection_begin_answer:
 *
 * What libsoup writes next is the answer's head. It waits for the body it announces, because two small
 * segments cost the peer and us twice; and who counts the body knows when the answer is complete.
 */
void
tempo_connection_begin_answer (TempoConnection *self,
                               gsize body_length)
{
  self->answering = TRUE;
  self->answer_left = body_length;
}

/** When the peer's time is over, whatever it is in the middle of. */
gint64
tempo_connection_get_deadline (TempoConnection *self)
{
  return self->deadline;
}

/** Cuts the connection when one of its two deadlines is over. */
gboolean
tempo_connection_check (TempoConnection *self,
                        gint64 now)
{
  gboolean over = (self->deadline != 0 && now >= self->deadline) ||
                  (self->write_deadline != 0 && now >= self->write_deadline);

  if (!over)
    return FALSE;
  self->deadline = self->write_deadline = 0;
  if (!self->handed_over)
    {
      tempo_connection_close (self);
      return TRUE;
    }
  /* libsoup takes this for the peer's closing, and lets go. */
  self->eof = TRUE;
  self->gone = TRUE;
  shutdown (self->watch.fd, SHUT_RDWR);
  make_ready (self->read_ready);
  make_ready (self->write_ready);
  return TRUE;
}

/** Closes the socket and leaves the listener's books. Whoever holds a reference finds it closed. */
void
tempo_connection_close (TempoConnection *self)
{
  TempoListener *listener = self->listener;

  if (self->phase == TEMPO_PHASE_CLOSED)
    return;
  tempo_poller_unwatch (self->poller, &self->watch);
  tempo_wire_close (&self->wire);
  self->watch.fd = -1;
  self->deadline = self->write_deadline = 0;
  self->listener = NULL;
  if (self->next != NULL)
    g_source_destroy (self->next);
  g_clear_pointer (&self->next, g_source_unref);
  make_ready (self->read_ready);
  make_ready (self->write_ready);
  tempo_connection_ref (self);
  /* The listener's books still want to know what it was. */
  tempo_listener_forget (listener, self);
  self->phase = TEMPO_PHASE_CLOSED;
  tempo_connection_unref (self);
}

/* --- libsoup's side --- */

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "operation would block");
  return -1;
}

static gssize
pass_on (TempoConnection *self,
         void *buffer,
         gsize count)
{
  gsize n = MIN (count, self->pass);

  memcpy (buffer, self->in->data, n);
  g_byte_array_remove_range (self->in, 0, n);
  self->pass -= n;
  return n;
}

/** Gives libsoup its message and never a byte of the next. */
gssize
tempo_connection_read (TempoConnection *self,
                       void *buffer,
                       gsize count,
                       GError **error)
{
  gssize n = 0;

  if (self->phase != TEMPO_PHASE_BODY)
    return 0;
  if (self->pass > 0)
    n = pass_on (self, buffer, count);
  else if (!self->eof)
    {
      n = tempo_wire_read (&self->wire, buffer, MIN ((gint64) count, self->body_left));
      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return would_block (error);
      if (n <= 0)
        {
          self->eof = TRUE;
          return 0;
        }
      self->body_left -= n;
    }
  if (self->pass == 0 && self->body_left == 0)
    {
      self->phase = TEMPO_PHASE_ANSWER;
      self->deadline = 0;
    }
  return n;
}

/** Would a read give something, or the end, without waiting? */
gboolean
tempo_connection_is_readable (TempoConnection *self)
{
  return self->eof || self->phase != TEMPO_PHASE_BODY || self->pass > 0 || tempo_wire_has_pending (&self->wire);
}

/** A source that is ready when tempo_connection_read() has something to give. (transfer full). */
GSource *
tempo_connection_create_read_source (TempoConnection *self)
{
  GSource *source = create_ready (self, &self->read_ready);

  if (tempo_connection_is_readable (self))
    make_ready (source);
  else
    watch (self, EPOLLIN | (self->write_ready != NULL ? EPOLLOUT : 0));
  return source;
}

/** A source that is ready when the socket takes more. (transfer full). */
GSource *
tempo_connection_create_write_source (TempoConnection *self)
{
  GSource *source = create_ready (self, &self->write_ready);

  if (self->phase == TEMPO_PHASE_CLOSED || self->gone)
    make_ready (source);
  else
    watch (self, (self->watch.events & EPOLLIN) | EPOLLOUT);
  return source;
}

/* Takes the answer's head, which libsoup writes in one call. */
static void
hold_head (TempoConnection *self,
           const void *buffer,
           gsize count)
{
  self->answering = FALSE;
  self->answered = TRUE;
  if (self->held == NULL)
    self->held = g_byte_array_sized_new (count);
  g_byte_array_append (self->held, buffer, count);
  if (self->answer_left == 0)
    flush_held (self);
}

/* Sends what is held and @buffer behind it. The bytes taken of @buffer, or -1 and errno. */
static gssize
send_behind_held (TempoConnection *self,
                  const void *buffer,
                  gsize count)
{
  gsize held = self->held != NULL ? self->held->len : 0;
  GOutputVector vectors[] = { { held > 0 ? self->held->data : NULL, held }, { buffer, count } };
  gssize n = held > 0 ? tempo_wire_send (&self->wire, vectors, 2) : tempo_wire_send (&self->wire, vectors + 1, 1);
  gsize of_held = n > 0 ? MIN ((gsize) n, held) : 0;

  if (n > 0)
    self->write_deadline = 0;
  if (of_held > 0)
    g_byte_array_remove_range (self->held, 0, of_held);
  return n > 0 ? n - (gssize) of_held : n;
}

/** Writes for libsoup, the kept-back head of an answer together with the start of its body. */
gssize
tempo_connection_write (TempoConnection *self,
                        const void *buffer,
                        gsize count,
                        GError **error)
{
  gssize n;

  if (self->phase == TEMPO_PHASE_CLOSED || self->gone)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "the peer is gone");
      return -1;
    }
  if (self->answering)
    {
      hold_head (self, buffer, count);
      return count;
    }
  n = send_behind_held (self, buffer, count);
  if (n < 0 && errno != EAGAIN && errno != EINTR)
    {
      self->gone = TRUE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, g_strerror (errno));
      return -1;
    }
  if (n > 0)
    {
      self->answer_left -= n;
      return n;
    }
  if (self->write_deadline == 0)
    self->write_deadline = g_get_monotonic_time () +
                           (gint64) tempo_listener_get_options (self->listener)->stall_timeout_ms * 1000;
  return would_block (error);
}

/** libsoup has closed its stream: on to the next message, if this one was read and answered to its end. */
void
tempo_connection_release (TempoConnection *self)
{
  self->handed_over = FALSE;
  if (self->phase == TEMPO_PHASE_STREAM || self->phase == TEMPO_PHASE_CLOSED)
    return;
  if (self->phase != TEMPO_PHASE_ANSWER || !self->answered || self->answer_left != 0 || self->gone)
    tempo_connection_close (self);
  else if (flush_held (self))
    begin_head (self);
  else
    {
      self->phase = TEMPO_PHASE_FLUSH;
      set_deadline (self, tempo_listener_get_options (self->listener)->stall_timeout_ms);
      watch (self, EPOLLOUT);
    }
}

/* --- a feed's side --- */

/** Makes it a feed's: from now on only @func hears of it. The listener's caps were asked before. */
void
tempo_connection_become_stream (TempoConnection *self,
                                TempoStreamFunc func,
                                gpointer user_data)
{
  int bytes = STREAM_SEND_BUFFER;

  self->phase = TEMPO_PHASE_STREAM;
  self->deadline = self->write_deadline = 0;
  self->discarded = 0;
  self->stream_func = func;
  self->stream_data = user_data;
  g_clear_pointer (&self->in, g_byte_array_unref);
  g_clear_pointer (&self->held, g_byte_array_unref);
  g_clear_pointer (&self->head, tempo_head_unref);
  /* Else the kernel holds megabytes for a listener who takes nothing. */
  setsockopt (self->watch.fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  watch (self, EPOLLIN | EPOLLRDHUP);
}

/** Sends for a feed without waiting; what does not fit stays with the feed. */
gssize
tempo_connection_send (TempoConnection *self,
                       const GOutputVector *vectors,
                       guint n_vectors)
{
  gssize n = self->phase == TEMPO_PHASE_CLOSED ? -1 : tempo_wire_send (&self->wire, vectors, n_vectors);

  if (n < 0 && self->phase != TEMPO_PHASE_CLOSED && (errno == EAGAIN || errno == EINTR))
    return 0;
  return n;
}

/** The listener's way to end a stream: the feed lets go of it as if the peer had closed. */
void
tempo_connection_end_stream (TempoConnection *self)
{
  /* The feed gives its reference back. */
  tempo_connection_ref (self);
  if (self->phase == TEMPO_PHASE_STREAM)
    self->stream_func (self, EPOLLHUP, self->stream_data);
  tempo_connection_close (self);
  tempo_connection_unref (self);
}

/** Waits for room in the socket only while something is held back. */
void
tempo_connection_want_write (TempoConnection *self,
                             gboolean want)
{
  if (self->phase == TEMPO_PHASE_STREAM)
    watch (self, EPOLLIN | EPOLLRDHUP | (want ? EPOLLOUT : 0));
}

/* --- from libsoup's message back to its connection --- */

/** Finds the connection of a message in a handler of libsoup's. */
TempoConnection *
tempo_connection_from_address (GSocketAddress *address)
{
  return address != NULL ? g_object_get_qdata (G_OBJECT (address), tempo_connection_quark ()) : NULL;
}
