/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-room-view.h"

/* The engine's end of a monitor. tempo_viewer_show(): engine thread. */
typedef struct _TempoViewer TempoViewer;

void tempo_viewer_show (TempoViewer *self, TempoRoomView *view);
