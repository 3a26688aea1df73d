/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What tokens and licence documents share: the outer form of a compact JWS (RFC 7515), header.payload.signature.
 * What is signed and by what is each kind's own business, so that no text of one kind passes for the other. */
typedef struct
{
  const char *text;      /* the whole, as it came */
  gsize header_length;
  const char *payload;
  gsize payload_length;
  const char *signature; /* to the end of the text */
  gsize signed_length;   /* header and payload with the dot between them */
} TempoJws;

/* Points into @text. FALSE when it is longer than @max_length or not of that form. */
gboolean tempo_jws_split (const char *text, gsize max_length, TempoJws *jws);
/* TRUE when the header is the bytes of @json and nothing else. */
gboolean tempo_jws_has_header (const TempoJws *jws, const char *json);
/* Only after the signature was found good. (transfer full) (nullable). */
JsonObject *tempo_jws_read_payload (const TempoJws *jws);
/* header.payload of two JSON texts, ready to be signed. (transfer full). */
char *tempo_jws_compose (const char *header, const char *payload);

G_END_DECLS
