/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* A QR code as plain modules, level M, without the quiet zone: whoever draws it
 * leaves TEMPO_QR_QUIET light modules on every side. Immutable; any thread. */
#define TEMPO_QR_QUIET 4
#define TEMPO_QR_MAX_TEXT 1024 /* bytes; longer text makes modules no phone reads across a room */

typedef struct _TempoQr TempoQr;

/* NULL when @text is empty or longer than TEMPO_QR_MAX_TEXT. (transfer full) (nullable). */
TempoQr *tempo_qr_new (const char *text);
void tempo_qr_free (TempoQr *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoQr, tempo_qr_free)

/* Modules on a side. */
guint tempo_qr_get_size (TempoQr *self);
/* TRUE when the module is dark; FALSE outside. */
gboolean tempo_qr_is_dark (TempoQr *self, guint x, guint y);
/* {"size":n,"rows":["0101…",…]}: what the pages draw. */
void tempo_qr_to_json (TempoQr *self, TempoJson *json, const char *key);
/* A whole SVG document, quiet zone included, dark on white, one path. (transfer full). */
char *tempo_qr_to_svg (TempoQr *self);

/* The same for NULL text or text too long: writes null. */
void tempo_qr_text_to_json (const char *text, TempoJson *json, const char *key);

G_END_DECLS
