/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"

/* How the conformance test reaches what is behind one kind of source. */
typedef struct
{
  const char *name;
  TempoSourceAbilities abilities;
  const char *query;                           /* (nullable) finds the song to play */
  /* A house whose source is ready; nothing sounds, where Tempo puts things on. @source: (out) (transfer full). */
  gpointer (*open) (TempoSource **source);
  void (*close) (gpointer house);              /* the source is let go of already */
  void (*turn) (gpointer house);               /* (nullable) lets some time pass where the clock is not the machine's */
  void (*lose) (gpointer house);               /* (nullable) what is behind the source goes away */
  double (*get_volume) (gpointer house);       /* (nullable) as the player has it, 0..1; below 0: not said */
} ConformanceAdapter;

extern const ConformanceAdapter conformance_library;
extern const ConformanceAdapter conformance_manual;
extern const ConformanceAdapter conformance_mpd;
extern const ConformanceAdapter conformance_mpris;
extern const ConformanceAdapter conformance_spotify;
