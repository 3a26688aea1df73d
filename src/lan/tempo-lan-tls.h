/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lan/tempo-lan-private.h"

G_BEGIN_DECLS

/* The certificate of staff's address. The owner's own one counts first: the settings "tls_certificate" and "tls_key"
 * name two files, or systemd hands "tls-certificate" and "tls-key" over as credentials. Otherwise one is made: its key
 * lives in the secrets of the installation, the certificate in the data folder. Without a keyring both are new at each
 * start. Engine thread. */

/* Finds or makes it, then calls @next with @task (transfer full); never fails, TLS is then off. */
void tempo_lan_tls_prepare (TempoLanServer *self, GTask *task, void (*next) (GTask *task));
/* Puts a new one away. Not at the start: a keyring never used asks its owner for a password then. */
void tempo_lan_tls_keep (TempoLanServer *self);

G_END_DECLS
