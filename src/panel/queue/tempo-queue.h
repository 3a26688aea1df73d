/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* What will play, in that order. Alt+Up and Alt+Down move, P pins, Delete takes off,
 * Enter says why a song stands where it stands. Main thread only. */
#define TEMPO_TYPE_QUEUE (tempo_queue_get_type ())
G_DECLARE_FINAL_TYPE (TempoQueue, tempo_queue, TEMPO, QUEUE, GtkBox)

void tempo_queue_set_desk (TempoQueue *self, TempoDesk *desk);
/* Goes to a song and gives it the keyboard; FALSE when it is not here. */
gboolean tempo_queue_reveal (TempoQueue *self, const char *request_id);

G_END_DECLS
