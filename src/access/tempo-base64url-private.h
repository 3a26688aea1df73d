/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 4648 section 5 without padding. One text has one meaning: padding, line ends,
 * the other alphabet and stray last bits are refused, so a token cannot be written
 * in two ways. */

/* (transfer full). */
char *tempo_base64url_encode (const guint8 *bytes, gsize length);
/* (transfer full) (nullable), NULL when @text is not of that form. */
GBytes *tempo_base64url_decode (const char *text, gsize length);

G_END_DECLS
