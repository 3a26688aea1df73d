/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Why Tempo says no. One domain from the rules to the page: the code's nick is
 * the problem document's `code` and the key of the sentence in every language;
 * the HTTP status belongs to the code too. The GError message is English, for logs. */
typedef enum
{
  TEMPO_REFUSAL_INVALID,          /* "invalid" 422 what was sent cannot be used; the message says which part */
  TEMPO_REFUSAL_NOT_FOUND,        /* "not_found" 404 */
  TEMPO_REFUSAL_UNAUTHENTICATED,  /* "unauthenticated" 401 */
  TEMPO_REFUSAL_FORBIDDEN,        /* "forbidden" 403 */
  TEMPO_REFUSAL_CONFLICT,         /* "conflict" 409 what is there already does not go with it */
  TEMPO_REFUSAL_NOT_STARTED,      /* "not_started" 409 no active event in the room */
  TEMPO_REFUSAL_CLOSED,           /* "closed" 409 */
  TEMPO_REFUSAL_RESTRICTED,       /* "restricted" 409 votes only */
  TEMPO_REFUSAL_LIMIT,            /* "limit" 429 the guest has all songs waiting; Retry-After when known */
  TEMPO_REFUSAL_COOLDOWN,         /* "cooldown" 429 */
  TEMPO_REFUSAL_DUPLICATE,        /* "duplicate" 409 already on the list */
  TEMPO_REFUSAL_PLAYED_RECENTLY,  /* "played_recently" 409 */
  TEMPO_REFUSAL_EXPLICIT,         /* "explicit" 409 */
  TEMPO_REFUSAL_BLOCKED,          /* "blocked" 409 */
  TEMPO_REFUSAL_TOO_LONG,         /* "too_long" 409 song over the maximum length */
  TEMPO_REFUSAL_FULL,             /* "full" 409 the queue is full */
  TEMPO_REFUSAL_FREE_TEXT,        /* "free_text" 409 catalogue only */
  TEMPO_REFUSAL_NO_SONG,          /* "no_song" 404 not in the catalogue */
  TEMPO_REFUSAL_VOTES_OFF,        /* "votes_off" 409 */
  TEMPO_REFUSAL_OWN_VOTE,         /* "own_vote" 409 */
  TEMPO_REFUSAL_NOT_YOURS,        /* "not_yours" 403 another guest asked for it */
  TEMPO_REFUSAL_MUTED,            /* "muted" 403 for a time */
  TEMPO_REFUSAL_BANNED,           /* "banned" 403 */
  TEMPO_REFUSAL_STATE,            /* "state" 409 the request is past that step */
  TEMPO_REFUSAL_RATE,             /* "rate" 429 too many calls */
  TEMPO_REFUSAL_NOTHING_TO_UNDO,  /* "nothing_to_undo" 409 */
  TEMPO_REFUSAL_SOURCE,           /* "source_unavailable" 501/503 the source cannot do this now */
  TEMPO_REFUSAL_STORAGE,          /* "storage" 503 disk full, read-only, corrupt: nothing was lost, try later */
  TEMPO_REFUSAL_SHUTTING_DOWN,    /* "shutting_down" 503 */
  TEMPO_REFUSAL_LICENCE,          /* "licence_limit" 403 the licence allows no more of the subject; count tells how many */
  TEMPO_REFUSAL_EVENT_ACTIVE,     /* "event_active" 409 a room has one event at a time */
  TEMPO_REFUSAL_LAST_OWNER,       /* "last_owner" 409 somebody must be left who may do everything */
  TEMPO_REFUSAL_MANAGED,          /* "managed_centrally" 409 people are looked after at the central instance */
  TEMPO_REFUSAL_SECOND_FACTOR,    /* "second_factor_required" 401 the password was right, a code is needed too */
  TEMPO_REFUSAL_WRONG_CODE,       /* "wrong_code" 422 */
  TEMPO_REFUSAL_USED_UP,          /* "used_up" 410 an invitation or reset link that was used, taken back or is too old */
  TEMPO_REFUSAL_WEAK_PASSWORD,    /* "weak_password" 422 too short, or longer than can be kept */
} TempoRefusal;
#define TEMPO_REFUSAL (tempo_refusal_quark ())
GQuark tempo_refusal_quark (void);

/* The stable code ("played_recently"). */
const char *tempo_refusal_code (TempoRefusal refusal);
guint tempo_refusal_status (TempoRefusal refusal);

/* Details that a sentence needs ride beside the code: a time (wall us), a count.
 * They live in an extended GError, so callers that only print stay simple. */
typedef struct
{
  gint64 until;  /* when it may be tried again, 0 unknown */
  gint64 since;  /* when the other one played, 0 unknown */
  guint count;   /* the limit that was met */
  char subject[64]; /* the member or word concerned */
} TempoRefusalDetail;
/* (transfer full). */
GError *tempo_refusal_new (TempoRefusal refusal, const TempoRefusalDetail *detail, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The same about no more than a member or word. @subject: (nullable). (transfer full). */
GError *tempo_refusal_about (TempoRefusal refusal, const char *subject, const char *what);
/* Sets that as @error and gives FALSE, for callers to return. */
gboolean tempo_refuse (GError **error, TempoRefusal refusal, const char *subject, const char *what);
/* Returns that as the task's error. */
void tempo_refuse_task (GTask *task, TempoRefusal refusal, const char *subject, const char *what);
/* NULL when @error is not of this domain. Valid as long as @error. */
const TempoRefusalDetail *tempo_refusal_detail (const GError *error);

G_END_DECLS
