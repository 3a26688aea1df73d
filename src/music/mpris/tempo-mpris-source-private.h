/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/mpris/tempo-mpris-pictures.h"
#include "music/mpris/tempo-mpris-player.h"
#include "music/mpris/tempo-mpris-source.h"

G_BEGIN_DECLS

#define TEMPO_TYPE_MPRIS_SOURCE (tempo_mpris_source_get_type ())
G_DECLARE_FINAL_TYPE (TempoMprisSource, tempo_mpris_source, TEMPO, MPRIS_SOURCE, GObject)

struct _TempoMprisSource
{
  GObject parent_instance;

  GDBusConnection *bus;   /* (owned) (nullable) until it is connected */
  GCancellable *cancellable; /* (owned) */
  TempoClock *clock;      /* (owned) */
  char *chosen;           /* (owned) (nullable) */
  GHashTable *players;    /* (owned) name -> TempoMprisState */
  TempoMprisState *active; /* (unowned) (nullable) */
  TempoMprisPictures *pictures; /* (owned) */
  guint subscriptions[3];
  GSource *settle;        /* (owned) (nullable) */
  char *shown;            /* (owned) (nullable) what was told last, as one text */

  TempoSourceHealth health;
  const char *code;
  const char *text;
  guint64 calls;
  guint64 failures;
  const char *last_error;
};

/* tempo-mpris-source-follow.c: who is on the bus and what they say. */
/* Begins, on the bus that is there or on the session's when it was found. */
void tempo_mpris_source_follow (TempoMprisSource *self);
/* Something changed: in a moment, when the parts of it are here, it is told. */
void tempo_mpris_source_settle (TempoMprisSource *self);
gboolean tempo_mpris_source_has_picture (TempoMprisSource *self);

G_END_DECLS
