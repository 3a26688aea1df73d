/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* What a player on the desktop says about its song, as sloppy as players say it. Pure; any thread. */

#define TEMPO_MPRIS_MAX_ENTRIES 200 /* looked at; the specification knows about thirty */
#define TEMPO_MPRIS_MAX_TEXT 4096   /* bytes of one text */

/* The song of @metadata: any value at all. NULL when it names none. (transfer full) (nullable). */
TempoSong *tempo_mpris_read_song (GVariant *metadata);
/* The file of the picture that @metadata, any value at all, names; NULL when it names none of this computer. It need
 * not exist. (transfer full) (nullable) (type filename). */
char *tempo_mpris_read_picture (GVariant *metadata);
/* An integer or a double of any kind, else @fallback. */
gint64 tempo_mpris_read_int (GVariant *value, gint64 fallback);
/* A text, or the first of several; valid UTF-8. (transfer full) (nullable). */
char *tempo_mpris_read_text (GVariant *value);

G_END_DECLS
