/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-wire.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The most one record holds. */
#define RECORD_BYTES 16384

/** Takes the socket. Without memory for TLS the connection is there, and fails with its first word. */
void
tempo_wire_init (TempoWire *self,
                 int fd,
                 TempoTls *tls)
{
  self->fd = fd;
  self->ssl = tls != NULL ? tempo_tls_start (tls, fd) : NULL;
  self->open = tls == NULL;
  self->broken = tls != NULL && self->ssl == NULL;
}

/** One step of the handshake. */
TempoWireState
tempo_wire_handshake (TempoWire *self)
{
  int result;

  if (self->open)
    return TEMPO_WIRE_OPEN;
  if (self->broken)
    return TEMPO_WIRE_FAILED;
  ERR_clear_error ();
  result = SSL_do_handshake (self->ssl);
  if (result == 1)
    {
      self->open = TRUE;
      return TEMPO_WIRE_OPEN;
    }
  switch (SSL_get_error (self->ssl, result))
    {
    case SSL_ERROR_WANT_READ:
      return TEMPO_WIRE_READ;
    case SSL_ERROR_WANT_WRITE:
      return TEMPO_WIRE_WRITE;
    default:
      self->broken = TRUE;
      return TEMPO_WIRE_FAILED;
    }
}

/* Turns OpenSSL's answer into one of recv() or send(). @wanted: what waiting may be for. */
static gssize
translate (TempoWire *self,
           int result,
           int wanted)
{
  int code = SSL_get_error (self->ssl, result);

  if (code == SSL_ERROR_ZERO_RETURN && wanted == SSL_ERROR_WANT_READ)
    return 0;
  /* A read that first has to write is a peer that asks for new keys and takes nothing: not worth a state. */
  if (code == wanted)
    {
      errno = EAGAIN;
      return -1;
    }
  self->broken = TRUE;
  errno = EPIPE;
  return -1;
}

/** Reads what has come, at most one record of it through TLS. */
gssize
tempo_wire_read (TempoWire *self,
                 void *buffer,
                 gsize count)
{
  int n;

  if (self->ssl == NULL && !self->broken)
    return recv (self->fd, buffer, count, MSG_DONTWAIT);
  if (self->broken || !self->open)
    {
      errno = EPIPE;
      return -1;
    }
  ERR_clear_error ();
  n = SSL_read (self->ssl, buffer, (int) MIN (count, G_MAXINT));
  return n > 0 ? n : translate (self, n, SSL_ERROR_WANT_READ);
}

gboolean
tempo_wire_has_pending (TempoWire *self)
{
  return self->ssl != NULL && self->open && !self->broken && SSL_pending (self->ssl) > 0;
}

/* Copies up to a record of @vectors, beginning with byte @from of all. */
static gsize
collect (const GOutputVector *vectors,
         guint n_vectors,
         gsize from,
         char *record)
{
  gsize n = 0;

  for (guint i = 0; i < n_vectors && n < RECORD_BYTES; i++)
    {
      gsize skip = MIN (from, vectors[i].size);
      gsize part = MIN (vectors[i].size - skip, RECORD_BYTES - n);

      from -= skip;
      if (part > 0)
        memcpy (record + n, (const char *) vectors[i].buffer + skip, part);
      n += part;
    }
  return n;
}

/* Vectors are gathered first: a record for each would be a packet for each. */
static gssize
send_encrypted (TempoWire *self,
                const GOutputVector *vectors,
                guint n_vectors)
{
  static _Thread_local char record[RECORD_BYTES];
  gsize sent = 0;
  gsize length;

  while ((length = collect (vectors, n_vectors, sent, record)) > 0)
    {
      int n;

      ERR_clear_error ();
      n = SSL_write (self->ssl, record, (int) length);
      if (n <= 0)
        {
          gssize result = translate (self, n, SSL_ERROR_WANT_WRITE);

          return sent > 0 ? (gssize) sent : result;
        }
      sent += n;
    }
  return sent;
}

/** Sends what the socket takes of @vectors. */
gssize
tempo_wire_send (TempoWire *self,
                 const GOutputVector *vectors,
                 guint n_vectors)
{
  /* GOutputVector is laid out as struct iovec: GLib promises so for writev(). */
  struct msghdr message = { .msg_iov = (struct iovec *) vectors, .msg_iovlen = n_vectors };

  if (self->ssl == NULL && !self->broken)
    return sendmsg (self->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (self->broken || !self->open)
    {
      errno = EPIPE;
      return -1;
    }
  return send_encrypted (self, vectors, n_vectors);
}

/* A peer must be able to tell an end from a cut; if the word does not fit into the socket, there is no more to do. */
static void
say_goodbye (TempoWire *self)
{
  if (self->ssl == NULL || !self->open || self->broken)
    return;
  ERR_clear_error ();
  SSL_shutdown (self->ssl);
}

/** Ends our half. */
void
tempo_wire_end (TempoWire *self)
{
  say_goodbye (self);
  shutdown (self->fd, SHUT_WR);
}

/** Closes both halves and forgets the keys. */
void
tempo_wire_close (TempoWire *self)
{
  if (self->fd < 0)
    return;
  say_goodbye (self);
  g_clear_pointer (&self->ssl, SSL_free);
  close (self->fd);
  self->fd = -1;
}
