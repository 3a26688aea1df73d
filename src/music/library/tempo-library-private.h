/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/library/tempo-library-reader.h"
#include "music/library/tempo-library.h"

G_BEGIN_DECLS

/* For tests and benches, before a folder is set. */

/* What reads a file in GStreamer's place, on the scanner's worker. */
void tempo_library_set_reader (TempoLibrary *self, TempoLibraryReadFunc func, gpointer user_data);
/* How long the folder must be quiet before changes in it are looked at. */
void tempo_library_set_quiet_ms (TempoLibrary *self, guint quiet_ms);
/* Whose night decides what is suggested. */
void tempo_library_set_clock (TempoLibrary *self, TempoClock *clock);

G_END_DECLS
