/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-song.h"

G_BEGIN_DECLS

/* The life of a request. Every change has an actor, a reason and an audit row. */
typedef enum
{
  TEMPO_REQUEST_PENDING,   /* the host has not decided */
  TEMPO_REQUEST_APPROVED,  /* in the queue */
  TEMPO_REQUEST_PLAYING,
  TEMPO_REQUEST_PLAYED,    /* final */
  TEMPO_REQUEST_DECLINED,  /* final, can be undone by staff */
  TEMPO_REQUEST_WITHDRAWN, /* final, by its guest */
  TEMPO_REQUEST_EXPIRED,   /* final, the event ended */
  TEMPO_REQUEST_FAILED,    /* final, the source could not play it */
} TempoRequestStatus;
#define TEMPO_TYPE_REQUEST_STATUS (tempo_request_status_get_type ())
GType tempo_request_status_get_type (void);
/* "pending" …; the words of API and database. */
const char *tempo_request_status_to_string (TempoRequestStatus status);
gboolean tempo_request_status_from_string (const char *text, TempoRequestStatus *status);

/* One wish of one guest. A changed request is a new object (tempo_request_copy);
 * the old one stays as it was for whoever holds it. Fields are never set after
 * the object was shared; then any thread. Each is a read-only property too. */
struct _TempoRequest
{
  GObject parent_instance;

  char *id;           /* (owned) UUIDv7 */
  char *number;       /* (owned) ACM-REQ-001 */
  char *event_id;     /* (owned) */
  char *guest_id;     /* (owned) (nullable) NULL when staff added it for nobody in particular */
  char *name;         /* (owned) who asked, as shown; "" when unnamed */
  char *message;      /* (owned) (nullable) dedication */
  TempoSong *song;    /* (owned) */
  TempoRequestStatus status;
  gboolean message_shown; /* staff let the dedication through to the display */
  gboolean pinned;        /* keeps its place whatever the order says */
  gboolean by_staff;      /* added by staff for a guest */
  gint64 rank;            /* host's explicit place among pinned ones; smaller is earlier */
  guint votes;
  guint turn;             /* songs of this guest already served or ahead when it was ordered: fair order's first key */
  char *reason_code;      /* (owned) (nullable) stable code of the refusal or decision */
  char *reason_text;      /* (owned) (nullable) the host's own words, if any */
  gint64 created_at;      /* wall microseconds; as all below; 0 when it has not happened */
  gint64 decided_at;
  gint64 started_at;
  gint64 ended_at;
};

#define TEMPO_TYPE_REQUEST (tempo_request_get_type ())
GType tempo_request_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRequest, g_object_unref)
#define TEMPO_REQUEST(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_REQUEST, TempoRequest))
#define TEMPO_IS_REQUEST(o) (G_TYPE_CHECK_INSTANCE_TYPE ((o), TEMPO_TYPE_REQUEST))

#define TEMPO_REQUEST_MAX_NAME 40     /* characters */
#define TEMPO_REQUEST_MAX_MESSAGE 140 /* characters */

/* An empty request with @id; the maker fills the fields before sharing it. (transfer full). */
TempoRequest *tempo_request_new (const char *id, TempoSong *song);
/* A new, unshared object with the same fields. (transfer full). */
TempoRequest *tempo_request_copy (TempoRequest *self);

/* What JSON says beyond the object: the reader's place in it. */
typedef struct
{
  const char *room_code; /* for artworkUrl */
  guint position;        /* 1-based in the queue, 0 when not in it */
  gint eta_seconds;      /* until it starts, -1 when unknown */
  gboolean mine;
  gboolean voted;
  gboolean staff;        /* adds guestId, pinned, byStaff, messageShown; hides nothing */
} TempoRequestJson;
/* The request object of DESIGN section 6. */
void tempo_request_to_json (TempoRequest *self, const TempoRequestJson *how, TempoJson *json, const char *key);

G_END_DECLS
