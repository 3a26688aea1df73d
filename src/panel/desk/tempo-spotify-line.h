/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-room-view.h"
#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* What a host's link asks about Spotify: the engine's use cases as JSON text, in the words of the API. Main thread. */

/* @act, @client_id: as for tempo_link_spotify_async(). @view: (nullable) its join address tells the port a browser comes back to. */
void tempo_spotify_line_ask_async (TempoHost *host, const char *organization_id, TempoRoomView *view, const char *act,
                                   const char *client_id, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full). */
GBytes *tempo_spotify_line_ask_finish (GAsyncResult *result, GError **error);

G_END_DECLS
