/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A small synthesizer: voices that are added into a stereo mix, an echo and a room
 * around it, and a master that sets the level. Everything is computed from its
 * arguments, so the same score is the same sound on every machine. */

#define DEMO_RATE 44100

typedef enum
{
  DEMO_NO_VOICE,
  DEMO_PAD,    /* soft chords */
  DEMO_REED,   /* an accordion's cousin */
  DEMO_EPIANO, /* bell-like keys */
  DEMO_GUITAR, /* a plucked string */
  DEMO_BELL,
  DEMO_LEAD,
  DEMO_BASS,
  DEMO_KICK,
  DEMO_SNARE,
  DEMO_HAT,
  DEMO_SHAKER,
} DemoVoice;

typedef struct
{
  guint length; /* frames */
  float *left;  /* (owned) */
  float *right; /* (owned) */
  float *room;  /* (owned) what goes into the reverb */
  float *echo;  /* (owned) what goes into the echo */
  guint32 noise;
} DemoMix;

DemoMix *demo_mix_new (double seconds, guint32 seed);
void demo_mix_free (DemoMix *mix);
/* @pitch: MIDI note number; ignored by drums. @pan: -1 left .. 1 right. */
void demo_mix_note (DemoMix *mix, DemoVoice voice, double start, double seconds, double pitch, double velocity, double pan);
/* Adds echo and room, fades, and sets the level: RMS near -18 dBFS, peaks below -1.5 dBFS. */
void demo_mix_master (DemoMix *mix, double echo_seconds, double room_size);
/* Interleaved 16 bit samples. (transfer full). */
gint16 *demo_mix_samples (const DemoMix *mix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoMix, demo_mix_free)

G_END_DECLS
