/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "access/tempo-token.h"
#include "venue/tempo-host.h"
#include "venue/tempo-room.h"
#include "web/tempo-feed.h"

G_BEGIN_DECLS

/* The streams of all rooms: guests, displays and staff. A room is watched from
 * its first listener on; its commits become events, serialized once each by the engine. Engine thread only. */
typedef struct _TempoRoomFeeds TempoRoomFeeds;

TempoRoomFeeds *tempo_room_feeds_new (TempoHost *host);
/* Ends every stream and stops watching. */
void tempo_room_feeds_free (TempoRoomFeeds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRoomFeeds, tempo_room_feeds_free)

/* Answers @exchange with the room's stream for one guest. */
void tempo_room_feeds_take_guest (TempoRoomFeeds *self, TempoRoom *room, const char *token_digest, TempoExchange *exchange);
void tempo_room_feeds_take_display (TempoRoomFeeds *self, TempoRoom *room, const char *display_id, TempoExchange *exchange);
/* All rooms of an organization in one stream, as long as @session is good: its end, or a new password, ends it. */
void tempo_room_feeds_take_staff (TempoRoomFeeds *self, const char *organization_id, const TempoClaims *session, TempoExchange *exchange);

/* A room was added: sends the whole to the staff of @organization_id. */
void tempo_room_feeds_refresh_staff (TempoRoomFeeds *self, const char *organization_id);

/* The display was revoked: its streams end. */
void tempo_room_feeds_drop_display (TempoRoomFeeds *self, const char *display_id);
/* The session was signed out. */
void tempo_room_feeds_drop_session (TempoRoomFeeds *self, const char *session);
/* Listening now, for metrics. Any may be NULL. */
void tempo_room_feeds_count (TempoRoomFeeds *self, guint *guests, guint *displays, guint *staff, guint64 *dropped);

G_END_DECLS
