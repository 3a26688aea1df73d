/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words of a folded text: letters, digits and what belongs to them, without
 * punctuation. (transfer full) (element-type utf8). */
GPtrArray *tempo_text_words (const char *folded);
/* The words of any text with single spaces between and one at either end, so that
 * strstr() finds whole words only. (transfer full). */
char *tempo_text_fence (const char *text);

G_END_DECLS
