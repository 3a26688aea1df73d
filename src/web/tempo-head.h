/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The head of one HTTP/1 request, read strictly before libsoup sees anything of it: CRLF line ends, no
 * folded lines, no NUL or other control, one Host, at most one Content-Length, no Transfer-Encoding, at
 * most one of each header that decides something. What two servers could read differently is refused.
 * Immutable; its texts live as long as it does. */
typedef struct _TempoHead TempoHead;

#define TEMPO_HEAD_MAX_BYTES 16384
#define TEMPO_HEAD_MAX_FIELDS 64
#define TEMPO_HEAD_MAX_TARGET 4096

/* The length of the head at the start of @data with its empty line, or 0 when it is not all there.
 * @scanned: (inout) how far it was looked at before, 0 at first, so that a byte at a time costs no more. */
gsize tempo_head_find_end (const char *data, gsize length, gsize *scanned);

/* Parses @length bytes, a whole head. NULL and @status (out) 400, 411, 414, 417, 431, 501 or 505, the
 * answer to give, when it is not sound. (transfer full). */
TempoHead *tempo_head_parse (const char *data, gsize length, guint *status);
TempoHead *tempo_head_ref (TempoHead *self);
void tempo_head_unref (TempoHead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoHead, tempo_head_unref)

const char *tempo_head_get_method (const TempoHead *self);
/* As it came, but without scheme and authority when it came in absolute form: "/path?query", or "*". */
const char *tempo_head_get_target (const TempoHead *self);
const char *tempo_head_get_host (const TempoHead *self);
/* -1 when there is none. */
gint64 tempo_head_get_content_length (const TempoHead *self);
/* The first header of that name in any case, NULL when there is none. */
const char *tempo_head_get_field (const TempoHead *self, const char *name);
gboolean tempo_head_keeps_alive (const TempoHead *self);
/* What libsoup gets in its place: the method, "/" and the headers that frame the message, so that none of
 * its parsers reads what a guest wrote. (transfer full). */
GString *tempo_head_to_plain (const TempoHead *self);

G_END_DECLS
