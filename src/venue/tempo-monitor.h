/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-room-view.h"
#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* A room as another thread sees it: property "view" always holds the newest
 * TempoRoomView (NULL before the first) and notifies in the context the monitor was
 * made in, at most once per dispatch however many commits there were. Use on that thread only. */

#define TEMPO_TYPE_MONITOR (tempo_monitor_get_type ())
GType tempo_monitor_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoMonitor, g_object_unref)
#define TEMPO_MONITOR(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_MONITOR, TempoMonitor))

TempoMonitor *tempo_monitor_new (TempoHost *host, const char *organization_id, const char *room_id);
/* (transfer none) (nullable). */
TempoRoomView *tempo_monitor_get_view (TempoMonitor *self);
TempoHost *tempo_monitor_get_host (TempoMonitor *self);
const char *tempo_monitor_get_organization_id (TempoMonitor *self);
const char *tempo_monitor_get_room_id (TempoMonitor *self);

/* Search, artwork and the order's explanation from any thread, for screens. */
void tempo_monitor_search_async (TempoMonitor *self, const char *query, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (element TempoSong) (transfer full). */
GPtrArray *tempo_monitor_search_finish (TempoMonitor *self, GAsyncResult *result, GError **error);
void tempo_monitor_artwork_async (TempoMonitor *self, const char *artwork, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_monitor_artwork_finish (TempoMonitor *self, GAsyncResult *result, GError **error);

/* Where the music comes from, for first run and preferences. "library" or "manual"; @folder for the library. */
void tempo_monitor_set_music_async (TempoMonitor *self, const char *source, const char *folder, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_monitor_set_music_finish (TempoMonitor *self, GAsyncResult *result, GError **error);
/* A snapshot of the library's scan. Any number may be NULL. Any thread. */
void tempo_monitor_get_scan (TempoMonitor *self, gboolean *scanning, guint *scanned, guint *total, guint *songs, guint *broken);

G_END_DECLS
