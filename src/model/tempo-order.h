/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-request.h"
#include "model/tempo-rules.h"

G_BEGIN_DECLS

/* The order of a queue, as a pure function, and why a song stands where it stands. */

/* How often a guest was served: songs played or playing in this event. */
typedef guint (*TempoServedFunc) (const char *guest_id, gpointer user_data);
/* TRUE when the guest is held: passed over, place kept at the end of its turn. */
typedef gboolean (*TempoHeldFunc) (const char *guest_id, gpointer user_data);

/* Sorts approved @requests in place. @locked_id (nullable) stays first whatever
 * else holds; pinned ones keep their rank places next; the rest by @order.
 * Fair: (songs of the guest served + own songs ahead), then votes, then time, then id.
 * A request without guest counts as its own guest. Requests are replaced by
 * copies only where `turn` changes. @requests owns its elements. @served, @held: (nullable). O(n log n). */
void tempo_order_sort (GPtrArray *requests, TempoOrder order, const char *locked_id,
                       TempoServedFunc served, TempoHeldFunc held, gpointer user_data);

typedef enum
{
  TEMPO_PLACE_LOCKED,   /* next, does not change any more */
  TEMPO_PLACE_PINNED,   /* the host put it here */
  TEMPO_PLACE_TURN,     /* fair: its guest had fewer songs than those behind */
  TEMPO_PLACE_VOTES,    /* more votes than those behind */
  TEMPO_PLACE_TIME,     /* asked earlier than those behind */
  TEMPO_PLACE_HELD,     /* its guest is on hold */
} TempoPlace;
#define TEMPO_TYPE_PLACE (tempo_place_get_type ())
GType tempo_place_get_type (void);
/* How two requests of a queue whose turns are set compare: what tempo_order_sort() sorts by, for those who place a single song. */
gint tempo_order_compare (TempoRequest *a, gboolean a_held, TempoRequest *b, gboolean b_held, TempoOrder order, const char *locked_id);
/* Why requests[@index] is ahead of the one behind it. @turn, @votes (out)(optional): the numbers of the sentence. */
TempoPlace tempo_order_explain (GPtrArray *requests, guint index, TempoOrder order, const char *locked_id, guint *turn, guint *votes);
/* "locked", "pinned", … as the API says it. */
const char *tempo_place_to_string (TempoPlace place);

G_END_DECLS
