/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Requests that wait for a decision. Enter approves, Delete declines, 1 to 5 decline
 * with a ready reason. While the pointer is on the list nothing in it moves. Main thread only. */
#define TEMPO_TYPE_INBOX (tempo_inbox_get_type ())
G_DECLARE_FINAL_TYPE (TempoInbox, tempo_inbox, TEMPO, INBOX, GtkBox)

void tempo_inbox_set_desk (TempoInbox *self, TempoDesk *desk);
/* Goes to a request and gives it the keyboard; FALSE when it is not here. */
gboolean tempo_inbox_reveal (TempoInbox *self, const char *request_id);

G_END_DECLS
