/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the stage says, in the language of the room's guests rather than of the host's desktop.
 * @language: (nullable) "en", "de" …; without one the desktop's own. @context: (nullable).
 * @text: marked for translation. Main thread. (transfer none). */
const char *tempo_stage_words (const char *language, const char *context, const char *text) G_GNUC_FORMAT (3);

G_END_DECLS
