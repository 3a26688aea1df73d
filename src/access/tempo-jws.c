/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-jws-private.h"

#include <string.h>

#include "access/tempo-base64url-private.h"
#include "base/tempo-json.h"

/**
 * tempo_jws_split:
 * @text: (nullable): what came from outside
 * @max_length: of it, in bytes
 * @jws: (out): its parts
 *
 * Returns: %FALSE when it cannot be a compact JWS
 */
gboolean
tempo_jws_split (const char *text,
                 gsize max_length,
                 TempoJws *jws)
{
  const char *payload, *signature;

  if (text == NULL || strnlen (text, max_length + 1) > max_length ||
      (payload = strchr (text, '.')) == NULL || (signature = strchr (payload + 1, '.')) == NULL)
    return FALSE;

  *jws = (TempoJws) {
    .text = text,
    .header_length = (gsize) (payload - text),
    .payload = payload + 1,
    .payload_length = (gsize) (signature - payload - 1),
    .signature = signature + 1,
    .signed_length = (gsize) (signature - text),
  };

  return TRUE;
}

/**
 * tempo_jws_has_header:
 * @jws: the parts
 * @json: the header it must have
 *
 * The header is compared as bytes, so nothing in it is ever a choice of the sender (RFC 8725, 3.1).
 */
gboolean
tempo_jws_has_header (const TempoJws *jws,
                      const char *json)
{
  g_autofree char *header = tempo_base64url_encode ((const guint8 *) json, strlen (json));

  return jws->header_length == strlen (header) && strncmp (jws->text, header, jws->header_length) == 0;
}

/**
 * tempo_jws_read_payload:
 * @jws: the parts of a text whose signature is good
 *
 * Returns: (transfer full) (nullable): what it says; %NULL when that is no JSON object
 */
JsonObject *
tempo_jws_read_payload (const TempoJws *jws)
{
  g_autoptr (GBytes) json = tempo_base64url_decode (jws->payload, jws->payload_length);
  gsize length = 0;
  const char *text = json != NULL ? g_bytes_get_data (json, &length) : NULL;

  return text != NULL ? tempo_json_parse (text, length, NULL) : NULL;
}

/**
 * tempo_jws_compose:
 * @header: JSON
 * @payload: JSON
 *
 * Returns: (transfer full): both as they are signed
 */
char *
tempo_jws_compose (const char *header,
                   const char *payload)
{
  g_autofree char *first = tempo_base64url_encode ((const guint8 *) header, strlen (header));
  g_autofree char *second = tempo_base64url_encode ((const guint8 *) payload, strlen (payload));

  return g_strconcat (first, ".", second, NULL);
}
