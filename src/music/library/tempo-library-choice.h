/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "music/library/tempo-library-index.h"

G_BEGIN_DECLS

/* Songs at random: what is suggested for the empty search field, and what fills the
 * time while nobody asks. Engine thread only. */

typedef struct _TempoLibraryChoice TempoLibraryChoice;

TempoLibraryChoice *tempo_library_choice_new (void);
void tempo_library_choice_free (TempoLibraryChoice *self);
/* @library: (nullable) absolute. @filler: (nullable) absolute or relative to it; "" for all,
 * NULL for what was set last. */
void tempo_library_choice_set_folder (TempoLibraryChoice *self, const char *library, const char *filler);
/* The catalogue changed. */
void tempo_library_choice_forget (TempoLibraryChoice *self);
/* (element-type TempoSong) (transfer full). */
GPtrArray *tempo_library_choice_suggest (TempoLibraryChoice *self, TempoLibraryIndex *index, gint64 now_us,
                                         guint limit);
/* (transfer full) (nullable). */
TempoSong *tempo_library_choice_next (TempoLibraryChoice *self, TempoLibraryIndex *index);

G_END_DECLS
