/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"

/* A source without sound: 100,000 songs "s<n>", all of them 200 s long ("x<n>" explicit, "l<n>" an hour),
 * that remembers what it was told and ends songs when the test says so. */

#define FAKE_TYPE_SOURCE (fake_source_get_type ())
G_DECLARE_FINAL_TYPE (FakeSource, fake_source, FAKE, SOURCE, GObject)

struct _FakeSource
{
  GObject parent_instance;

  TempoSourceAbilities abilities;
  TempoSong *song; /* (owned) (nullable) what it was handed last */
  gint64 position_ms;
  gboolean playing;
  guint handed_over;
  guint fillers;
  gboolean has_filler;
  char *kind;                 /* (owned) */
  TempoSourceHealth health;
  const char *health_text;    /* static */
  TempoNowPlaying *sounding;  /* (owned) (nullable) what the player tells of */
  TempoSong *handed;          /* (owned) (nullable) */
  gboolean keeps_handed;      /* what was handed over cannot be taken back */
  gboolean watched, stopped;
};

FakeSource *fake_source_new (const char *kind);
void fake_source_end (FakeSource *self);
void fake_source_set_health (FakeSource *self, TempoSourceHealth health);
/* Somebody at the player puts @id on; NULL: it stops. */
void fake_source_sound (FakeSource *self, const char *id, gint64 now);
/* The same with any words. */
void fake_source_sound_song (FakeSource *self, TempoSong *song, gint64 now);
void fake_source_fail (FakeSource *self, TempoSourceError code);
