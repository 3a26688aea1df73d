/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells which folders of a library changed. One inotify descriptor for all of
 * them rather than a GFileMonitor each, because those do not say when the system's
 * limit of watches is reached. Used on one thread, whose default context it is given;
 * files on network shares changed by other machines are not noticed by the kernel. */

typedef struct _TempoLibraryWatch TempoLibraryWatch;

#define TEMPO_LIBRARY_WATCH_MAX 50000 /* folders; the kernel's own limit is often lower */

/* @dirs: relative paths of folders whose content changed, or NULL when events were lost: look at everything. */
typedef void (*TempoLibraryWatchFunc) (GPtrArray *dirs, gpointer user_data);

/* @quiet_ms: how long it must be quiet before @func is called; after ten times that it is called anyway. */
TempoLibraryWatch *tempo_library_watch_new (GMainContext *context, const char *folder, guint quiet_ms,
                                            TempoLibraryWatchFunc func, gpointer user_data);
void tempo_library_watch_free (TempoLibraryWatch *self);
/* Watches @dir (relative, "" is the library). FALSE when no more can be watched: the rest is left to rescans. */
gboolean tempo_library_watch_add (TempoLibraryWatch *self, const char *dir);
/* Folders that could not be watched. */
guint tempo_library_watch_get_unwatched (TempoLibraryWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLibraryWatch, tempo_library_watch_free)

G_END_DECLS
