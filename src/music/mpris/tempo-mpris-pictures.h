/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The pictures of the songs that a desktop's player played last, read ahead while the song sounds: players write them to
 * one file after the other and take them away again. One thread with a main context; the reading is done on another. */

#define TEMPO_MPRIS_MAX_PICTURES 8 /* kept, of TEMPO_ARTWORK_MAX_BYTES at most */

typedef struct _TempoMprisPictures TempoMprisPictures;
typedef void (*TempoMprisPicturesFunc) (gpointer user_data);

/* @changed is called when a picture has come. (transfer full). */
TempoMprisPictures *tempo_mpris_pictures_new (TempoMprisPicturesFunc changed, gpointer user_data);
/* Does not wait for a read under way; @changed is not called any more. NULL is allowed. */
void tempo_mpris_pictures_free (TempoMprisPictures *self);
/* Has the file @path read as picture @id unless it is here, or is no picture; both NULL: none is wanted now. */
void tempo_mpris_pictures_want (TempoMprisPictures *self, const char *id, const char *path);
/* JPEG or PNG, NULL when it is not here (yet). @id: (nullable) any text. (transfer none) (nullable). */
GBytes *tempo_mpris_pictures_get (TempoMprisPictures *self, const char *id);

G_END_DECLS
