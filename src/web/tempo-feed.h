/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"
#include "web/tempo-exchange.h"

G_BEGIN_DECLS

/* A stream of server-sent events to many listeners, on connections taken away from libsoup: its chunked
 * body costs three send() per event and listener, and holds 20 KB each.
 * An event's bytes exist once and are shared by all listeners. What is published in one turn of the main
 * loop leaves in one send() per listener, at the turn's end. A listener that does not take what it is
 * sent keeps at most max_pending bytes waiting, then is dropped (its browser comes back by itself and
 * resumes). One that is gone is noticed at once. A comment every beat keeps the rest alive.
 * Engine thread only. */

typedef struct
{
  guint ring;        /* events kept for Last-Event-ID: 256 */
  gsize ring_bytes;  /* and at most so many bytes of them: 1 MiB */
  gsize max_pending; /* bytes waiting for one listener: 65,536 (beyond its first event) */
  guint beat_ms;     /* 15,000 */
  guint retry_ms;    /* what browsers are told to wait before coming back: 2,000 */
} TempoFeedOptions;
void tempo_feed_options_init (TempoFeedOptions *options);

/* @options: (nullable) for the defaults. */
TempoFeed *tempo_feed_new (const TempoFeedOptions *options);
TempoFeed *tempo_feed_ref (TempoFeed *self);
/* The last one ends every stream. */
void tempo_feed_unref (TempoFeed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoFeed, tempo_feed_unref)

/* One event as it goes over the wire. @event: (nullable); @id: 0 for none; @data: UTF-8, each of its lines
 * becomes a data: line. (transfer full). */
GBytes *tempo_feed_frame (const char *event, guint64 id, const char *data, gssize length);
/* The same of a finished JSON document. (transfer full). */
GBytes *tempo_feed_frame_bytes (const char *event, guint64 id, GBytes *data);

/* What a new listener gets first: a frame (transfer full) or NULL for nothing. @resumed: it came with a
 * Last-Event-ID still in the ring, and the events after that one go out before this frame. */
typedef GBytes *(*TempoFeedFirst) (TempoFeed *feed, gboolean resumed, gpointer user_data);

/* Answers @exchange with the stream: takes its connection, sends the head, what @first gives, and all that
 * is published from now on. @key: (nullable) whose stream this is, for tempo_feed_send_to().
 * Cookies and headers set on @exchange before go out with the head. If the caps of the listener are
 * reached, answers 503 with Retry-After and returns FALSE. @first is called before it returns. */
gboolean tempo_feed_take (TempoFeed *self, TempoExchange *exchange, const char *key, TempoFeedFirst first, gpointer user_data);

/* To all, and into the ring. @id: that of the frame, growing; 0 keeps it out of the ring. */
void tempo_feed_publish (TempoFeed *self, guint64 id, GBytes *frame);
/* To the listeners of @key alone; never in the ring. */
void tempo_feed_send_to (TempoFeed *self, const char *key, GBytes *frame);
gboolean tempo_feed_has_key (TempoFeed *self, const char *key);
/* Every key with a listener, once: to send each guest its own. (transfer container) */
GPtrArray *tempo_feed_get_keys (TempoFeed *self);
/* Ends the streams of @key: a guest banned, a display token revoked. */
void tempo_feed_drop_key (TempoFeed *self, const char *key);
/* What a listener had who knew @id is known from here on: a feed that starts at a stored revision says so, and
 * those who come back with exactly that id resume with nothing missed. Empties the ring. */
void tempo_feed_start (TempoFeed *self, guint64 id);
/* Forgets the ring: after a jump that changes cannot describe, all resume by the first frame. */
void tempo_feed_forget (TempoFeed *self);
/* Sends now instead of at the end of the turn. */
void tempo_feed_flush (TempoFeed *self);
/* Ends every stream. */
void tempo_feed_close (TempoFeed *self);

guint tempo_feed_get_n_listeners (TempoFeed *self);
/* Since the start: dropped for being slow. */
guint64 tempo_feed_get_n_dropped (TempoFeed *self);
/* Bytes waiting for listeners now, as each of them counts (shared bytes count once per listener). */
gsize tempo_feed_get_pending (TempoFeed *self);

/* Called after the number of listeners changed. */
typedef void (*TempoFeedChanged) (TempoFeed *feed, guint n_listeners, gpointer user_data);
void tempo_feed_set_changed (TempoFeed *self, TempoFeedChanged changed, gpointer user_data);

G_END_DECLS
