/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The self-signed certificate by which staff reach a host over TLS. No authority signs a name of a venue's Wi-Fi,
 * so people compare the fingerprint once. Pure functions, any thread. */

#define TEMPO_CERTIFICATE_YEARS 10
#define TEMPO_CERTIFICATE_MAX_NAMES 32

/* Makes a key on P-256 and a certificate for @names, host names and addresses; what is neither, and what is beyond
 * TEMPO_CERTIFICATE_MAX_NAMES, is left out. @now: seconds since 1970. @certificate, @key: (out) (transfer full) PEM.
 * Errors: TEMPO_ACCESS_ERROR_FAILED. */
gboolean tempo_certificate_make (const char *const *names, gint64 now, char **certificate, char **key, GError **error);
/* Do the two belong together, and is the certificate good at @now? @why: (out) (optional) static, when not. */
gboolean tempo_certificate_check (const char *certificate, const char *key, gint64 now, const char **why);
/* SHA-256 as browsers show it, "A1:B2:…"; NULL when @certificate is none. (transfer full) (nullable). */
char *tempo_certificate_get_fingerprint (const char *certificate);

G_END_DECLS
