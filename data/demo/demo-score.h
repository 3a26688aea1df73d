/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "demo-synth.h"

G_BEGIN_DECLS

/* What a tune is made of; the notes themselves are composed from it. */

typedef enum
{
  DEMO_MAJOR,
  DEMO_MINOR,
  DEMO_DORIAN,
} DemoScale;

typedef enum
{
  DEMO_NO_DRUMS,
  DEMO_BRUSHES, /* soft backbeat, swung hats */
  DEMO_FOUR,    /* kick on every beat */
  DEMO_BOSSA,
  DEMO_WALTZ,
  DEMO_SLOW,
} DemoDrums;

typedef struct
{
  const char *file; /* without folder */
  const char *title;
  const char *artist;
  const char *album;
  guint seed;
  double bpm;
  guint beats; /* in a bar */
  guint bars;
  int root; /* MIDI note of the scale's first step */
  DemoScale scale;
  int chords[8]; /* steps of the scale, one a bar, repeated; -1 ends */
  guint chord_size;
  double swing; /* 0: straight, 0.33: triplets */
  DemoVoice pad;
  DemoVoice comp; /* strikes the chords */
  DemoVoice arp;  /* spells them */
  DemoVoice melody;
  int melody_octave;
  DemoVoice bass;
  DemoDrums drums;
  double room;
} DemoScore;

/* All tunes; ended by one without a file. */
extern const DemoScore demo_scores[];

/* The tune as a finished mix. (transfer full). */
DemoMix *demo_score_render (const DemoScore *score);

G_END_DECLS
