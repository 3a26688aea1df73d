/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "music/library/tempo-reading.h"

G_BEGIN_DECLS

/* Reads one audio file after the other with GstDiscoverer, which goes as far as
 * the first decoded sound: what it accepts can be played. One thread, the one that
 * made it. */

typedef struct _TempoLibraryReader TempoLibraryReader;

#define TEMPO_LIBRARY_READ_TIMEOUT 10 /* seconds */

/* The seam: what reads a file. Tests and benches put their own in its place. @path: absolute, in the
 * file system's bytes. @error: G_IO_ERROR_CANCELLED, or anything else for a file that cannot be read. */
typedef TempoReading *(*TempoLibraryReadFunc) (const char *path, GCancellable *cancellable, gpointer user_data,
                                               GError **error);

/* @timeout: seconds a file may take, at least 1; the scanner gives TEMPO_LIBRARY_READ_TIMEOUT. (transfer full). */
TempoLibraryReader *tempo_library_reader_new (guint timeout, GError **error);
void tempo_library_reader_free (TempoLibraryReader *self);
/* (transfer full). */
TempoReading *tempo_library_reader_read (TempoLibraryReader *self, const char *path, GCancellable *cancellable,
                                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLibraryReader, tempo_library_reader_free)

G_END_DECLS
