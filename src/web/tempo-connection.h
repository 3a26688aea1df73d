/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/socket.h>

#include "base/tempo-types.h"
#include "web/tempo-head.h"
#include "web/tempo-poller.h"
#include "web/tempo-tls.h"

G_BEGIN_DECLS

/* One accepted socket, private to this library: reads heads, lets libsoup have the sound ones, keeps the
 * deadlines, and can be taken over by a feed. Engine thread only. */
typedef struct _TempoConnection TempoConnection;

typedef enum
{
  TEMPO_PHASE_HANDSHAKE, /* agreeing on keys, nothing of HTTP yet */
  TEMPO_PHASE_HEAD,   /* waiting for, or reading, a head */
  TEMPO_PHASE_BODY,   /* libsoup is being given the message */
  TEMPO_PHASE_ANSWER, /* the message is libsoup's, nothing more is read */
  TEMPO_PHASE_FLUSH,  /* libsoup is done, the end of the answer's head is not yet sent */
  TEMPO_PHASE_STREAM, /* a feed's */
  TEMPO_PHASE_LINGER, /* refused: what still comes is thrown away so that the answer arrives */
  TEMPO_PHASE_CLOSED,
} TempoPhase;

/* What a feed is told of its connection: EPOLLOUT it takes more, EPOLLHUP it is gone. */
typedef void (*TempoStreamFunc) (TempoConnection *connection, guint32 events, gpointer user_data);

/* Takes @fd. @remote: its peer. @tls: (nullable) plain. */
TempoConnection *tempo_connection_new (TempoListener *listener, TempoPoller *poller, int fd, const struct sockaddr *remote,
                                       TempoTls *tls);
TempoConnection *tempo_connection_ref (TempoConnection *self);
void tempo_connection_unref (TempoConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoConnection, tempo_connection_unref)
/* Starts to read; may close at once. */
void tempo_connection_start (TempoConnection *self);

TempoListener *tempo_connection_get_listener (TempoConnection *self);
TempoPhase tempo_connection_get_phase (TempoConnection *self);
/* The peer: text and, for counting, 16 bytes (a mapped IPv4, or the /64 of an IPv6). */
const char *tempo_connection_get_address (TempoConnection *self);
const guint8 *tempo_connection_get_address_key (TempoConnection *self);
gboolean tempo_connection_is_loopback (TempoConnection *self);
/* It speaks TLS. */
gboolean tempo_connection_is_secure (TempoConnection *self);
/* The peer has closed while its answer was made. */
gboolean tempo_connection_is_gone (TempoConnection *self);
/* Nothing of a message is under way: may be closed without loss. */
gboolean tempo_connection_is_idle (TempoConnection *self);
/* The head of the message libsoup has now. (transfer none) (nullable). */
TempoHead *tempo_connection_get_head (TempoConnection *self);
/* Will another message be served after this one? */
gboolean tempo_connection_is_kept (TempoConnection *self);
/* An answer begins, with so much body to be sent. */
void tempo_connection_begin_answer (TempoConnection *self, gsize body_length);
/* Monotonic µs until which the peer may take its time, 0 for ever. */
gint64 tempo_connection_get_deadline (TempoConnection *self);
/* @now: monotonic µs. Cuts it when its deadline is over; TRUE when it did. */
gboolean tempo_connection_check (TempoConnection *self, gint64 now);
/* Closes the socket now. */
void tempo_connection_close (TempoConnection *self);

/* For the streams libsoup sees. */
gssize tempo_connection_read (TempoConnection *self, void *buffer, gsize count, GError **error);
gssize tempo_connection_write (TempoConnection *self, const void *buffer, gsize count, GError **error);
gboolean tempo_connection_is_readable (TempoConnection *self);
GSource *tempo_connection_create_read_source (TempoConnection *self);
GSource *tempo_connection_create_write_source (TempoConnection *self);
/* libsoup let go. */
void tempo_connection_release (TempoConnection *self);

/* For feeds: libsoup must not use it any more. */
void tempo_connection_become_stream (TempoConnection *self, TempoStreamFunc func, gpointer user_data);
/* Sends what fits of @vectors; the number of bytes, 0 when full, -1 when it is gone. */
gssize tempo_connection_send (TempoConnection *self, const GOutputVector *vectors, guint n_vectors);
/* Tells the feed that it is gone; closes it when the feed does not. */
void tempo_connection_end_stream (TempoConnection *self);
/* Ask for EPOLLOUT, or no more. */
void tempo_connection_want_write (TempoConnection *self, gboolean want);

/* The GIOStream given to libsoup; holds a reference. (transfer full). */
GIOStream *tempo_connection_stream_new (TempoConnection *connection);
/* The connection of a message: libsoup gives back the remote address object it was given, which leads
 * to it. (transfer none) (nullable). */
TempoConnection *tempo_connection_from_address (GSocketAddress *address);

G_END_DECLS
