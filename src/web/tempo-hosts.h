/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* The names this server answers to: what a Host header may say. Anything else gets 421, which is
 * what stops a page on the internet whose name was re-pointed at our address (DNS rebinding).
 * Always in: localhost, loopback and the addresses of our own interfaces, <hostname>.local,
 * <hostname>. One thread. */
typedef struct _TempoHosts TempoHosts;

TempoHosts *tempo_hosts_new (void);
TempoHosts *tempo_hosts_ref (TempoHosts *self);
void tempo_hosts_unref (TempoHosts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoHosts, tempo_hosts_unref)

/* One more name or address, without a port: a configured domain. */
void tempo_hosts_add (TempoHosts *self, const char *name);
/* Reads the interfaces again. A miss does it by itself, at most once every ten seconds. */
void tempo_hosts_refresh (TempoHosts *self);
/* @host: a Host header, "name", "name:port", "[v6]:port". The port must be absent or @port
 * (0: any, for a server behind a proxy). */
gboolean tempo_hosts_allow (TempoHosts *self, const char *host, guint16 port);

G_END_DECLS
