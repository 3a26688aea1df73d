/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

typedef enum
{
  TEMPO_EVENT_SCHEDULED,
  TEMPO_EVENT_ACTIVE, /* at most one per room */
  TEMPO_EVENT_ENDED,
} TempoEventState;
#define TEMPO_TYPE_EVENT_STATE (tempo_event_state_get_type ())
GType tempo_event_state_get_type (void);
const char *tempo_event_state_to_string (TempoEventState state);
gboolean tempo_event_state_from_string (const char *text, TempoEventState *state);

/* A night in a room. Fields are never set after sharing; then any thread. */
struct _TempoEvent
{
  GObject parent_instance;

  char *id;          /* (owned) */
  char *number;      /* (owned) ACM-EVT-001 */
  char *room_id;     /* (owned) */
  char *name;        /* (owned) */
  TempoEventState state;
  TempoRules *rules; /* (owned) */
  gint64 starts_at;    /* planned, 0 when not */
  gint64 started_at;
  gint64 last_call_at; /* requests close then by themselves, 0 when not planned */
  gint64 ended_at;
  gint64 created_at;
};

#define TEMPO_TYPE_EVENT (tempo_event_get_type ())
GType tempo_event_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoEvent, g_object_unref)
#define TEMPO_EVENT(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_EVENT, TempoEvent))

#define TEMPO_EVENT_MAX_NAME 80

TempoEvent *tempo_event_new (const char *id, const char *room_id, const char *name, TempoRules *rules);
TempoEvent *tempo_event_copy (TempoEvent *self);
void tempo_event_to_json (TempoEvent *self, TempoJson *json, const char *key);

G_END_DECLS
