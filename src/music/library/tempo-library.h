/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"

G_BEGIN_DECLS

/* The library source: a folder of audio files on this machine, read by GStreamer.
 * Its index (SQLite + FTS5) is a cache beside the organization's data: losing it costs one scan. */

#define TEMPO_TYPE_LIBRARY (tempo_library_get_type ())
GType tempo_library_get_type (void);
#define TEMPO_LIBRARY(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_LIBRARY, TempoLibrary))
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLibrary, g_object_unref)

/* Properties: "folder" (string), "scanning" (bool), "scanned" (uint), "total" (uint, files found so far),
 * "songs" (uint, playable), "broken" (uint). All notify on the engine thread. */

/* @index_path: the index file, made when missing. @artwork_dir: cache of pictures, this
 * library's alone: what it does not show any more is removed from there.
 * @sink: (nullable) GStreamer element description for output, e.g. "fakesink sync=true";
 * NULL for the desktop's. (transfer full). */
TempoSource *tempo_library_new (const char *index_path, const char *artwork_dir, const char *sink);
/* Scans @folder in the background (unchanged files are not read again) and watches it from then on.
 * NULL: no folder. Any folder set before is dropped from the index. */
void tempo_library_set_folder (TempoLibrary *self, const char *folder);
const char *tempo_library_get_folder (TempoLibrary *self);
/* Where filler comes from: a folder inside the library, or NULL for anything at random. */
void tempo_library_set_filler_folder (TempoLibrary *self, const char *folder);
/* Files that could not be read: (element-type utf8 char*) "path: reason", at most 200. (transfer full). */
GPtrArray *tempo_library_list_broken (TempoLibrary *self);
/* Tells the index that @song_id could not be played; it is not offered until its file changes. */
void tempo_library_mark_broken (TempoLibrary *self, const char *song_id, const char *reason);
/* ms; how long the silence between two songs was last time, -1 before the first. */
gint64 tempo_library_get_last_gap (TempoLibrary *self);

G_END_DECLS
