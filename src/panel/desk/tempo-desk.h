/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-organization.h"
#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "model/tempo-room-view.h"
#include "model/tempo-rules.h"
#include "panel/desk/tempo-desk-list.h"
#include "panel/desk/tempo-link.h"

G_BEGIN_DECLS

/* What the person at the panel works at: the newest view of the room, its lists
 * kept in step, and the commands. Every widget of the panel has the desk and
 * nothing else. Main thread only.
 *
 * Property "view" (TempoRoomView, nullable) notifies after the lists were brought in step.
 * Signals: "done" (TempoCommand *, TempoOutcome *) after a command came back;
 *          "refused" (TempoCommand *, GError *) when it was refused. */
#define TEMPO_TYPE_DESK (tempo_desk_get_type ())
G_DECLARE_FINAL_TYPE (TempoDesk, tempo_desk, TEMPO, DESK, GObject)

TempoDesk *tempo_desk_new (TempoLink *link);
TempoLink *tempo_desk_get_link (TempoDesk *self);
/* (transfer none) (nullable). */
TempoRoomView *tempo_desk_get_view (TempoDesk *self);
/* Of TempoDeskItem, with TempoRequest values; guests with TempoGuest. (transfer none). */
TempoDeskList *tempo_desk_get_inbox (TempoDesk *self);
TempoDeskList *tempo_desk_get_queue (TempoDesk *self);
TempoDeskList *tempo_desk_get_history (TempoDesk *self);
TempoDeskList *tempo_desk_get_guests (TempoDesk *self);
/* Wall microseconds. */
gint64 tempo_desk_get_now (TempoDesk *self);
/* The guest of a request, or NULL. (transfer none) (nullable). */
TempoGuest *tempo_desk_find_guest (TempoDesk *self, const char *guest_id);
/* Commands not answered yet. */
guint tempo_desk_get_waiting (TempoDesk *self);

/* A command of the person at the desk for the open room; fill it and send it. NULL without a room. (transfer full). */
TempoCommand *tempo_desk_command (TempoDesk *self, TempoAction action);
/* Takes @command. The answer comes as "done" or "refused". */
void tempo_desk_send (TempoDesk *self, TempoCommand *command);
/* The same with the answer to the caller as well; takes @command. */
void tempo_desk_send_async (TempoDesk *self, TempoCommand *command, GAsyncReadyCallback callback, gpointer user_data);
TempoOutcome *tempo_desk_send_finish (TempoDesk *self, GAsyncResult *result, GError **error);

/* The commands that a single key or button means. */
void tempo_desk_act (TempoDesk *self, TempoAction action);
void tempo_desk_act_on_request (TempoDesk *self, TempoAction action, const char *request_id);
void tempo_desk_set_flag (TempoDesk *self, TempoAction action, const char *request_id, gboolean flag);
void tempo_desk_decline (TempoDesk *self, const char *request_id, const char *reason_code, const char *reason_text);
void tempo_desk_move (TempoDesk *self, const char *request_id, guint position);
void tempo_desk_set_switch (TempoDesk *self, TempoSwitch value);
/* @when: wall us, 0 takes the plan back. */
void tempo_desk_plan_last_call (TempoDesk *self, gint64 when);
/* Changes one rule of the active event; @value is taken. */
void tempo_desk_set_rule (TempoDesk *self, const char *rule, JsonNode *value);
/* Changes one setting of the organization or (@room) of the room; @value is taken. */
void tempo_desk_set_setting (TempoDesk *self, gboolean room, const char *key, JsonNode *value);

/* The picture of an artwork id, decoded on a worker, remembered. (transfer full). */
void tempo_desk_load_cover_async (TempoDesk *self, const char *artwork,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GdkTexture *tempo_desk_load_cover_finish (TempoDesk *self, GAsyncResult *result, GError **error);

/* Staff's door: its port, 0 for none, and its certificate's fingerprint. Property "staff-port" notifies of both. */
void tempo_desk_set_staff_door (TempoDesk *self, guint port, const char *fingerprint);
guint tempo_desk_get_staff_door (TempoDesk *self, const char **fingerprint);
/* The owner allows staff to come in without encryption. */
void tempo_desk_set_staff_plain (TempoDesk *self, gboolean allowed);
gboolean tempo_desk_get_staff_plain (TempoDesk *self);

G_END_DECLS
