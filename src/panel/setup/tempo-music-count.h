/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Counts the audio files below a folder by their names, on a worker, so that the
 * first run can say "1,204 songs" before anything is read. Looks at no more than
 * TEMPO_MUSIC_COUNT_MAX files and does not follow links. */
#define TEMPO_MUSIC_COUNT_MAX 200000

void tempo_music_count_async (const char *folder,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* -1 with @error when there is no such folder. */
gssize tempo_music_count_finish (GAsyncResult *result, GError **error);
/* TRUE for names that look like music. */
gboolean tempo_music_is_audio_name (const char *name);

G_END_DECLS
