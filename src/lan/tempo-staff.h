/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lan/tempo-lan-private.h"

G_BEGIN_DECLS

/* What the staff route files share. Engine thread. */

/* The room that @room_id means within the visit's organization: that one, or the only one when it is NULL.
 * Sets the visit's room. FALSE when it answered 404, or 422 when there are several. */
gboolean tempo_staff_choose_room (TempoExchange *exchange, const char *room_id);
/* The same for calls that work without a room: NULL leaves the visit without one. */
gboolean tempo_staff_narrow_room (TempoExchange *exchange, const char *room_id);
/* The room that a body's roomId means. FALSE when it answered. */
gboolean tempo_staff_choose_room_of (TempoExchange *exchange, JsonObject *body);
/* {"id","code","name","switch",…} as staff see a room. */
void tempo_staff_write_room (TempoLanServer *server, TempoRoom *room, TempoJson *json, const char *key);
/* {"room":…} of the visit's room, or of the one just made. */
void tempo_staff_answer_room (TempoExchange *exchange, TempoOutcome *outcome);
/* {"canUndo","request"}. */
void tempo_staff_answer_done (TempoExchange *exchange, TempoOutcome *outcome);
/* Answers with a stored list; roomId, cursor and limit come from the query. */
void tempo_staff_answer_list (TempoExchange *exchange, const char *list);
/* A time member: absent leaves @wall_us alone, null gives 0. */
gboolean tempo_staff_get_time (JsonObject *body, const char *member, gint64 *wall_us, GError **error);
/* A number member within [@min, @max]. */
gboolean tempo_staff_get_number (JsonObject *body, const char *member, double min, double max, double *value, GError **error);

G_END_DECLS
