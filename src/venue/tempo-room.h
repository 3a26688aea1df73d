/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-order.h"
#include "model/tempo-room-view.h"
#include "music/tempo-source.h"
#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* The live state of one room, for servers that live on the engine thread: LAN
 * routes answer from here, from memory. Engine thread only; pointers are valid
 * until control returns to the main loop. Nothing here changes anything: changes
 * go through tempo_host_execute_async(). */

/* Finds a room of @organization (slug or id; NULL: any) by id or join code. NULL when there is none. (transfer none). */
TempoRoom *tempo_host_find_room (TempoHost *self, const char *organization, const char *room);
/* The same, also one that is closed: for staff. */
TempoRoom *tempo_host_find_any_room (TempoHost *self, const char *organization, const char *room);
/* By slug or id, closed or not. (transfer none) (nullable). */
TempoOrganization *tempo_host_find_organization (TempoHost *self, const char *organization);
/* (element TempoRoom, none) (transfer container): all open rooms of all open organizations, or of one. */
GPtrArray *tempo_host_get_rooms (TempoHost *self, const char *organization);
/* The same with those that are closed: for staff. */
GPtrArray *tempo_host_get_all_rooms (TempoHost *self, const char *organization);
/* Members by id, for sessions; checks active and token version are the caller's. (transfer none) (nullable). */
TempoMember *tempo_host_find_member (TempoHost *self, const char *organization_id, const char *member_id);
/* The room a display token opens, or NULL. @display_id: (out) (optional) (transfer full). */
TempoRoom *tempo_host_find_display (TempoHost *self, const char *token, char **display_id);

/* A fresh, complete view (as monitors get). (transfer full). */
TempoRoomView *tempo_room_get_view (TempoRoom *self);
TempoRoomInfo *tempo_room_get_info (TempoRoom *self);
TempoOrganization *tempo_room_get_organization (TempoRoom *self);
TempoEvent *tempo_room_get_event (TempoRoom *self);
TempoSource *tempo_room_get_source (TempoRoom *self);
guint64 tempo_room_get_revision (TempoRoom *self);
/* What following each of its players cost so far, for those that follow one. */
typedef void (*TempoFiguresFunc) (const char *kind, const TempoSourceFigures *figures, gpointer user_data);
void tempo_room_tell_figures (TempoRoom *self, TempoFiguresFunc func, gpointer user_data);

/* The part of `GET /api/rooms/{room}` that is the same for every guest, complete and
 * serialized once per revision, for a guest without requests and votes. (transfer none). */
GBytes *tempo_room_get_shared_state (TempoRoom *self);
/* The whole document for one guest; the shared bytes themselves when the guest is unknown or has nothing here.
 * @token_digest: (nullable). (transfer full). */
GBytes *tempo_room_get_state (TempoRoom *self, const char *token_digest);
/* {"requests":[…mine…],"left":{…},"votes":[ids]} for the stream's `you` event. (transfer full). */
GBytes *tempo_room_get_you (TempoRoom *self, const char *token_digest);
/* Only the "left" of it, for answers: {"requests":n|null,"nextAt":time|null}. @token_digest: (nullable) somebody new. */
void tempo_room_write_left (TempoRoom *self, const char *token_digest, TempoJson *json, const char *key);
/* What the display shows. (transfer none). */
GBytes *tempo_room_get_display_state (TempoRoom *self);
/* What the staff stream says of this room: one element of its "rooms". (transfer none). */
GBytes *tempo_room_get_staff_state (TempoRoom *self);
/* Whether @song is on the list or played lately, for search results: "queued", "played" or NULL (static).
 * @request_id: (out) (optional) (transfer none) (nullable): the live request of it. */
const char *tempo_room_get_song_state (TempoRoom *self, TempoSong *song, const char **request_id);
/* Why a queued request stands where it stands; FALSE when it is not queued. @place, @turn, @votes: (out) (optional). */
gboolean tempo_room_explain (TempoRoom *self, const char *request_id, TempoPlace *place, guint *turn, guint *votes);
/* One request of the active event by id, or NULL. (transfer none). */
TempoRequest *tempo_room_find_request (TempoRoom *self, const char *request_id);
/* 1-based, 0 when not queued. */
guint tempo_room_get_position (TempoRoom *self, const char *request_id);
TempoGuest *tempo_room_find_guest (TempoRoom *self, const char *token_digest);

/* Feeds. A change is told after its commit, once per turn of the writer:
 * @change: the `change` event for guests (JSON, serialized once; NULL when guests see no difference);
 * @staff: the same for staff (with inbox, guests, health);
 * @touched: (element utf8) token digests of guests whose own part changed. All (transfer none). */
typedef void (*TempoRoomChangeFunc) (TempoRoom *room, guint64 revision, GBytes *change, GBytes *staff, GPtrArray *touched, gpointer user_data);
guint tempo_room_watch (TempoRoom *self, TempoRoomChangeFunc func, gpointer user_data);
void tempo_room_unwatch (TempoRoom *self, guint watch_id);
/* A search of a guest that found nothing, for the statistics. */
void tempo_room_note_miss (TempoRoom *self, const char *query);
/* Connected phones and displays, told by the LAN server for the views. */
void tempo_room_set_audience (TempoRoom *self, guint listeners, guint displays);

/* Stored requests beyond the live ones, for staff lists: newest first, keyset pages. @status: (nullable). @cursor: (nullable).
 * Answers {"requests":[…],"next":cursor|null}. (transfer full). */
void tempo_room_list_requests_async (TempoRoom *self, const char *event_id, const char *status, const char *cursor, guint limit,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_room_list_requests_finish (TempoRoom *self, GAsyncResult *result, GError **error);

/* Lists of an organization, newest first, keyset pages; serialized as in DESIGN section 6, e.g. {"events":[…],"next":cursor|null}.
 * @list: "events", "displays", "members", "audit", or "settings" (then {"settings":{…}}). @room_id: (nullable) narrows events and displays.
 * @cursor: (nullable). (transfer full). */
void tempo_host_list_async (TempoHost *self, const char *organization_id, const char *list, const char *room_id, const char *cursor, guint limit,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_host_list_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* An audit row, action "refused", for a signed-in person who was turned away (403): in the log of @organization_id, which is the person's
 * own when the other one does not exist. @object: what was asked for. Does not wait and never fails. */
void tempo_host_record_refusal (TempoHost *self, TempoActor *actor, const char *organization_id, const char *action, const char *object);
/* A super admin looked into another organization: "act_as" in its log. */
void tempo_host_record_visit (TempoHost *self, TempoActor *actor, const char *organization_id, const char *object);

G_END_DECLS
