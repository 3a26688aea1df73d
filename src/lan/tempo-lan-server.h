/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* The LAN server: guests' pages and calls, staff, displays, and what the
 * operator watches. Lives on the host's engine thread; start, stop and the
 * getters may be called from any thread. The host must be started before and stopped after. */

#define TEMPO_TYPE_LAN_SERVER (tempo_lan_server_get_type ())
G_DECLARE_FINAL_TYPE (TempoLanServer, tempo_lan_server, TEMPO, LAN_SERVER, GObject)

/* Choose the port: the remembered one, else 8080, else the next free one. */
#define TEMPO_LAN_PORT_DEFAULT (-1)
#define TEMPO_LAN_PORT_PREFERRED 8080
#define TEMPO_LAN_TLS_PORT_PREFERRED 8443
/* No door of that kind. */
#define TEMPO_LAN_PORT_NONE (-2)

typedef struct
{
  const char *address;     /* (nullable) to listen on; NULL: every IPv4 address */
  int port;                /* TEMPO_LAN_PORT_DEFAULT, 0: any free one (not remembered), else exactly this one */
  int tls_port;            /* of staff's door, the same: the remembered one, else 8443; also TEMPO_LAN_PORT_NONE */
  gboolean no_rate_limit;
  gboolean metrics_everywhere; /* /metrics also for other machines */
} TempoLanOptions;

/* @options: (nullable) everything by default. (transfer full). */
TempoLanServer *tempo_lan_server_new (TempoHost *host, const TempoLanOptions *options);
/* Errors: G_IO_ERROR_ADDRESS_IN_USE and friends; the message says what to do. */
void tempo_lan_server_start_async (TempoLanServer *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_lan_server_start_finish (TempoLanServer *self, GAsyncResult *result, GError **error);
/* Takes no more connections, answers what was accepted, ends the streams. */
void tempo_lan_server_stop_async (TempoLanServer *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_lan_server_stop_finish (TempoLanServer *self, GAsyncResult *result, GError **error);

/* After start. The address phones are to use, "192.168.1.20"; (transfer full). */
char *tempo_lan_server_get_address (TempoLanServer *self);
guint16 tempo_lan_server_get_port (TempoLanServer *self);
/* "http://192.168.1.20:8080". (transfer full). */
char *tempo_lan_server_get_url (TempoLanServer *self);
/* "https://192.168.1.20:8443", for staff. (transfer full) (nullable): TLS is off. */
char *tempo_lan_server_get_tls_url (TempoLanServer *self);
guint16 tempo_lan_server_get_tls_port (TempoLanServer *self);
/* Whether staff can come in from another machine at all: by TLS, or because the owner allows plain HTTP. */
gboolean tempo_lan_server_admits_staff (TempoLanServer *self);
/* SHA-256 of its certificate, "A1:B2:…", to be compared with what a browser shows. (transfer full) (nullable). */
char *tempo_lan_server_get_fingerprint (TempoLanServer *self);

G_END_DECLS
