/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* How one source of a room is, for screens. Never set after sharing; then any thread. */
typedef struct
{
  char *kind;        /* (owned) "library", "manual", "mpd", "mpris", "spotify" */
  const char *state; /* static: "ready", "unreachable" …: the words of TempoSourceStatus */
  char *text;        /* (owned) English, for logs; "" when ready */
  gint64 until;      /* wall us when it will be better by itself, 0 unknown */
  gboolean usable;   /* it could have its turn now */
  gboolean active;   /* it has its turn */
  gboolean coming;   /* it will have it after this song, by the host's choice */
  gboolean fallback; /* it has its turn because the one before went away */
  gboolean plays, searches; /* plays what it is given; has a catalogue */
} TempoSourceState;

/* @state: static. (transfer full). */
TempoSourceState *tempo_source_state_new (const char *kind, const char *state, const char *text, gint64 until);
void tempo_source_state_free (TempoSourceState *self);
/* {"kind","state","text","until","usable","active","coming","fallback"}. */
void tempo_source_state_to_json (TempoSourceState *self, TempoJson *json, const char *key);
/* The one that has its turn, of an array of states. (transfer none) (nullable). */
TempoSourceState *tempo_source_states_find_active (GPtrArray *states);

G_END_DECLS
