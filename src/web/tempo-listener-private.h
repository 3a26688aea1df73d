/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web/tempo-connection.h"
#include "web/tempo-listener.h"

G_BEGIN_DECLS

const TempoListenerOptions *tempo_listener_get_options (TempoListener *self);
SoupServer *tempo_listener_get_server (TempoListener *self);
/* Is the listener waiting for the last answers? Then connections are not kept. */
gboolean tempo_listener_is_draining (TempoListener *self);
/* What is wrong with @head before any of its body is read: 0, or the status, with code and title of the problem. */
guint tempo_listener_check_head (TempoListener *self, TempoConnection *connection, TempoHead *head, const char **code, const char **title);
/* A connection becomes a stream: FALSE when there are too many. */
gboolean tempo_listener_admit_stream (TempoListener *self, TempoConnection *connection);
/* A connection's socket is closed: forget it. */
void tempo_listener_forget (TempoListener *self, TempoConnection *connection);

G_END_DECLS
