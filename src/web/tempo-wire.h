/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "web/tempo-tls.h"

G_BEGIN_DECLS

/* The bytes of one connection, plain or through TLS: who reads heads, answers and streams does not know which.
 * Embedded, private to the library. Nothing here waits. Results are those of recv() and send(): the number of bytes,
 * 0 at the end (of reading), or -1 and errno, EAGAIN when the socket has to become ready first.
 *
 * Through TLS, what was refused with EAGAIN must be offered again, from the same byte on and not shorter, before
 * anything else is sent: a record that is half in the socket cannot be taken back. */
typedef struct
{
  int fd;
  struct ssl_st *ssl; /* (owned) (nullable): NULL when plain */
  gboolean open;      /* the handshake is over, or there is none */
  gboolean broken;    /* after an error nothing more can be said */
} TempoWire;

typedef enum
{
  TEMPO_WIRE_OPEN,   /* go on */
  TEMPO_WIRE_READ,   /* when the socket is readable */
  TEMPO_WIRE_WRITE,  /* when the socket takes more */
  TEMPO_WIRE_FAILED, /* not TLS, or none that we speak */
} TempoWireState;

/* @fd becomes its own. @tls: (nullable) plain. */
void tempo_wire_init (TempoWire *self, int fd, TempoTls *tls);
/* Goes on with the handshake; OPEN at once when there is none. */
TempoWireState tempo_wire_handshake (TempoWire *self);
gssize tempo_wire_read (TempoWire *self, void *buffer, gsize count);
gssize tempo_wire_send (TempoWire *self, const GOutputVector *vectors, guint n_vectors);
/* Was more decrypted than read? The socket does not become readable for it. */
gboolean tempo_wire_has_pending (TempoWire *self);
/* Says that no more comes; what the peer still sends can be read. */
void tempo_wire_end (TempoWire *self);
/* Closes the socket. */
void tempo_wire_close (TempoWire *self);

G_END_DECLS
