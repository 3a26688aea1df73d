/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A QR code, dark on white with its quiet zone in light and dark alike: a code in
 * the theme's colours would look better and fail on half the phones. Main thread only. */
#define TEMPO_TYPE_CODE_VIEW (tempo_code_view_get_type ())
G_DECLARE_FINAL_TYPE (TempoCodeView, tempo_code_view, TEMPO, CODE_VIEW, GtkWidget)

/* Property "text": what the code holds; NULL or "" draws an empty field. */
void tempo_code_view_set_text (TempoCodeView *self, const char *text);
const char *tempo_code_view_get_text (TempoCodeView *self);
/* The same on paper: a square of @side with its quiet zone inside. FALSE when @text makes no code. */
gboolean tempo_code_view_draw (cairo_t *cr, const char *text, double side);

G_END_DECLS
