/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Pictures from files that anybody may have made: recognized by their bytes, never
 * by their name, limited in size, kept in a folder under the SHA-256 of their bytes. */

#define TEMPO_ARTWORK_MAX_BYTES (512 * 1024)         /* what a phone is sent */
#define TEMPO_ARTWORK_MAX_SOURCE (4 * 1024 * 1024)   /* what is made smaller; above that it is left out */
#define TEMPO_ARTWORK_MAX_SIDE 8000                  /* pixels; above that it is left out, unread */

/* image/jpeg or image/png and its size, read from its head only. @data is any bytes.
 * Returns NULL when it is neither. Any thread. (transfer none) (nullable). */
const char *tempo_artwork_probe (gconstpointer data, gsize length, guint *width, guint *height);
/* @image when it is small enough, else a smaller JPEG of it; NULL when it is no picture. Blocks for
 * the time of one decoding, 5 s at most: worker only. (transfer full) (nullable). */
GBytes *tempo_artwork_fit (GBytes *image);
/* The picture goes on to its end: nobody is still writing it. */
gboolean tempo_artwork_is_whole (GBytes *image);
/* Keeps @image (fitted) in @folder and gives its id. Worker only. (transfer full) (nullable). */
char *tempo_artwork_store (const char *folder, GBytes *image, GError **error);
/* The file of artwork @id in @folder, NULL unless @id is 64 lower-case hex digits. Any thread.
 * (transfer full) (nullable). */
char *tempo_artwork_path (const char *folder, const char *id);

G_END_DECLS
