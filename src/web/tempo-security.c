/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-security.h"

/* No upgrade-insecure-requests and no HSTS: on a venue's Wi-Fi there is no name a certificate could be for. */
static const TempoSecurityHeader headers[] = {
  { "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'" },
  { "X-Content-Type-Options", "nosniff" },
  { "Referrer-Policy", "same-origin" },
  { "Cross-Origin-Opener-Policy", "same-origin" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
  { NULL, NULL },
};

/** The table of headers on every answer. */
const TempoSecurityHeader *
tempo_security_headers (void)
{
  return headers;
}

/** Writes them for the answers that do not go through libsoup. */
void
tempo_security_append (GString *head)
{
  for (const TempoSecurityHeader *header = headers; header->name != NULL; header++)
    g_string_append_printf (head, "%s: %s\r\n", header->name, header->value);
}
