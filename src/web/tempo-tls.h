/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a listening socket needs to speak TLS: a certificate, its key, and what we are willing to speak (1.2 and
 * 1.3, no renegotiation). OpenSSL itself and not GIO's TLS, because that one makes every handshake block a thread of
 * the pool that all GTasks of the process share: ten peers who say nothing would stop the searches of a whole house.
 * Here a handshake is one more state of a connection, and costs no thread. One thread. */
typedef struct _TempoTls TempoTls;

/* @certificate: PEM, with intermediate ones after it if there are any. @key: PEM. Errors: G_TLS_ERROR_BAD_CERTIFICATE. */
TempoTls *tempo_tls_new (const char *certificate, const char *key, GError **error);
TempoTls *tempo_tls_ref (TempoTls *self);
void tempo_tls_unref (TempoTls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoTls, tempo_tls_unref)

/* Private to the library: the server's end of one connection on @fd, which stays the caller's. (transfer full) (nullable). */
struct ssl_st *tempo_tls_start (TempoTls *self, int fd);

G_END_DECLS
