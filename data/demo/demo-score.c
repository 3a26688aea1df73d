/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-score.h"

#include <stdlib.h>

/* Invented people, invented records. */
const DemoScore demo_scores[] = {
  { "01-kettle-at-seven.ogg", "Kettle at Seven", "The Kettle Cartographers", "Maps for a Small Kitchen", 11, 78, 4, 9, 60, DEMO_MAJOR,
    { 0, 5, 1, 4, -1 }, 4, 0.30, DEMO_PAD, DEMO_EPIANO, DEMO_NO_VOICE, DEMO_BELL, 1, DEMO_BASS, DEMO_BRUSHES, 0.80 },
  { "02-harbour-lanterns.ogg", "Harbour Lanterns", "Mirabel Oakhollow", "Letters to the Lighthouse", 23, 96, 4, 12, 62, DEMO_MAJOR,
    { 0, 4, 5, 3, -1 }, 3, 0.0, DEMO_PAD, DEMO_NO_VOICE, DEMO_GUITAR, DEMO_LEAD, 1, DEMO_BASS, DEMO_NO_DRUMS, 0.84 },
  { "03-copper-sky.ogg", "Copper Sky", "Northbound Ferrymen", "Eleven Crossings", 35, 110, 4, 13, 57, DEMO_MINOR,
    { 0, 5, 2, 6, -1 }, 3, 0.0, DEMO_PAD, DEMO_NO_VOICE, DEMO_LEAD, DEMO_EPIANO, 2, DEMO_BASS, DEMO_FOUR, 0.82 },
  { "04-velvet-elevator.ogg", "Velvet Elevator", "The Quiet Engineers' Club", "Between Two Floors", 47, 126, 4, 14, 65, DEMO_MAJOR,
    { 1, 4, 0, 5, -1 }, 4, 0.0, DEMO_NO_VOICE, DEMO_EPIANO, DEMO_NO_VOICE, DEMO_GUITAR, 1, DEMO_BASS, DEMO_BOSSA, 0.76 },
  { "05-snow-on-the-antenna.ogg", "Snow on the Antenna", "Halla Brimsdóttir", "Weather Station", 59, 60, 4, 7, 64, DEMO_MAJOR,
    { 0, 3, 5, 4, -1 }, 4, 0.0, DEMO_PAD, DEMO_NO_VOICE, DEMO_BELL, DEMO_BELL, 1, DEMO_NO_VOICE, DEMO_NO_DRUMS, 0.90 },
  { "06-neon-orchard.ogg", "Neon Orchard", "Saturn Bus Parade", "Last Stop, Everybody Dance", 61, 120, 4, 14, 55, DEMO_DORIAN,
    { 0, 3, 0, 6, -1 }, 4, 0.0, DEMO_PAD, DEMO_EPIANO, DEMO_LEAD, DEMO_LEAD, 2, DEMO_BASS, DEMO_FOUR, 0.78 },
  { "07-little-tin-waltz.ogg", "Little Tin Waltz", "Otto Clockwisely", "The Wind-Up Museum", 73, 138, 3, 20, 60, DEMO_MAJOR,
    { 0, 5, 3, 4, 0, 1, 4, 0 }, 3, 0.0, DEMO_NO_VOICE, DEMO_NO_VOICE, DEMO_GUITAR, DEMO_BELL, 2, DEMO_NO_VOICE, DEMO_NO_DRUMS, 0.82 },
  { "08-postcard-from-the-dunes.ogg", "Postcard from the Dunes", "Sol Marrowbone", "Four Hundred Miles of Radio", 89, 88, 4, 11, 57, DEMO_DORIAN,
    { 0, 3, 0, 6, -1 }, 3, 0.12, DEMO_PAD, DEMO_GUITAR, DEMO_NO_VOICE, DEMO_GUITAR, 1, DEMO_BASS, DEMO_SLOW, 0.84 },
  { "09-cafe-a-laube.ogg", "Café à l'aube", "Les Réverbères timides", "Trottoirs mouillés", 97, 144, 3, 22, 57, DEMO_MINOR,
    { 0, 3, 6, 2, 5, 3, 4, 0 }, 3, 0.0, DEMO_NO_VOICE, DEMO_GUITAR, DEMO_NO_VOICE, DEMO_REED, 1, DEMO_BASS, DEMO_WALTZ, 0.78 },
  { NULL },
};

static const int scales[][7] = {
  [DEMO_MAJOR] = { 0, 2, 4, 5, 7, 9, 11 },
  [DEMO_MINOR] = { 0, 2, 3, 5, 7, 8, 10 },
  [DEMO_DORIAN] = { 0, 2, 3, 5, 7, 9, 10 },
};

typedef struct
{
  const DemoScore *score;
  DemoMix *mix;
  GRand *random;
  double beat; /* seconds */
} Band;

/* The pitch of a step of the scale, below and above the octave too. */
static int
pitch_of (const DemoScore *score, int step)
{
  int octave = (step >= 0 ? step : step - 6) / 7;

  return score->root + 12 * octave + scales[score->scale][step - 7 * octave];
}

static int
chord_at (const DemoScore *score, guint bar)
{
  guint n = 0;

  /* Home at the end. */
  if (bar + 1 >= score->bars)
    return 0;
  while (n < G_N_ELEMENTS (score->chords) && score->chords[n] >= 0)
    n++;
  return score->chords[bar % n];
}

/* Off-beats come late in swing, and nobody plays exactly on time. */
static double
time_at (Band *band, guint bar, double beat)
{
  double whole = (double) (int) beat;
  double part = beat - whole;

  if (part > 0.4 && part < 0.6)
    part += band->score->swing * 0.5;
  return 0.1 + (bar * band->score->beats + whole + part) * band->beat + g_rand_double_range (band->random, -0.004, 0.004);
}

static void
play (Band *band, DemoVoice voice, guint bar, double beat, double beats, double pitch, double velocity, double pan)
{
  double human = g_rand_double_range (band->random, 0.9, 1.05);

  demo_mix_note (band->mix, voice, time_at (band, bar, beat), beats * band->beat, pitch, velocity * human, pan);
}

/* Chord tone @i in the octave around the root, so that chords move little. */
static int
close_tone (const DemoScore *score, int chord, guint i)
{
  int pitch = pitch_of (score, chord + 2 * (int) i);

  while (pitch > score->root + 9)
    pitch -= 12;
  return pitch;
}

static void
play_chords (Band *band, guint bar)
{
  const DemoScore *score = band->score;
  static const double bossa[] = { 0, 1.5, 3 };
  static const double keys[] = { 0, 2.5 };
  static const double waltz[] = { 1, 2 };
  static const double stabs[] = { 0.5, 1.5, 2.5, 3.5 };
  const double *hits = keys;
  guint n = G_N_ELEMENTS (keys);
  int chord = chord_at (score, bar);
  gboolean last = bar + 1 >= score->bars;

  if (score->drums == DEMO_BOSSA)
    {
      hits = bossa;
      n = G_N_ELEMENTS (bossa);
    }
  else if (score->beats == 3)
    {
      hits = waltz;
      n = G_N_ELEMENTS (waltz);
    }
  else if (score->drums == DEMO_FOUR)
    {
      hits = stabs;
      n = G_N_ELEMENTS (stabs);
    }
  for (guint i = 0; i < score->chord_size; i++)
    {
      int pitch = close_tone (score, chord, i);
      double pan = -0.4 + 0.8 * i / (score->chord_size - 1);

      if (score->pad != DEMO_NO_VOICE)
        play (band, score->pad, bar, 0, score->beats, pitch, 1, pan);
      for (guint h = 0; h < (last ? 1 : n) && score->comp != DEMO_NO_VOICE; h++)
        play (band, score->comp, bar, last ? 0 : hits[h] + 0.012 * i, last ? score->beats : 0.9, pitch, h == 0 ? 0.7 : 0.55, pan);
    }
}

static void
play_arpeggio (Band *band, guint bar)
{
  static const int up_down[] = { 0, 1, 2, 3, 2, 1, 2, 1 };
  const DemoScore *score = band->score;
  double step = score->arp == DEMO_BELL ? 1.0 : 0.5;
  guint n = (guint) (score->beats / step);
  int chord = chord_at (score, bar);

  if (score->arp == DEMO_NO_VOICE || bar + 1 >= score->bars)
    return;
  for (guint i = 0; i < n; i++)
    {
      int tone = up_down[i % G_N_ELEMENTS (up_down)];
      int pitch = pitch_of (score, chord + 2 * (tone % 3) + (tone == 3 ? 7 : 0));

      while (pitch > score->root + 16)
        pitch -= 12;
      play (band, score->arp, bar, i * step, step * (score->arp == DEMO_GUITAR ? 2.5 : 0.8), pitch, i == 0 ? 0.62 : 0.48, i % 2 ? 0.45 : -0.45);
    }
}

static void
play_bass (Band *band, guint bar)
{
  const DemoScore *score = band->score;
  int low = pitch_of (score, chord_at (score, bar));
  int fifth = pitch_of (score, chord_at (score, bar) + 4);

  while (low > 45)
    low -= 12;
  while (fifth > low + 9)
    fifth -= 12;
  if (score->bass == DEMO_NO_VOICE)
    return;
  if (bar + 1 >= score->bars)
    play (band, score->bass, bar, 0, score->beats, low, 0.9, 0);
  else if (score->beats == 3)
    play (band, score->bass, bar, 0, 0.9, bar % 2 ? fifth : low, 0.85, 0);
  else if (score->drums == DEMO_FOUR)
    for (guint i = 0; i < 4; i++)
      play (band, score->bass, bar, i + 0.5, 0.4, i == 3 ? fifth : low, 0.8, 0);
  else
    {
      play (band, score->bass, bar, 0, 1.4, low, 0.9, 0);
      play (band, score->bass, bar, 1.5, 0.45, low, 0.6, 0);
      play (band, score->bass, bar, 2, 1.3, fifth, 0.8, 0);
      if (bar % 2)
        play (band, score->bass, bar, 3.5, 0.4, low + 12, 0.5, 0);
    }
}

static void
play_drums (Band *band, guint bar)
{
  DemoDrums drums = band->score->drums;

  if (drums == DEMO_NO_DRUMS || bar < 2 || bar + 1 >= band->score->bars)
    return;
  for (guint beat = 0; beat < band->score->beats; beat++)
    {
      gboolean back = beat % 2 == 1;

      if (drums == DEMO_FOUR || (drums != DEMO_WALTZ && !back) || (drums == DEMO_WALTZ && beat == 0))
        play (band, DEMO_KICK, bar, beat, 0, 0, drums == DEMO_FOUR ? 0.9 : 0.55, 0);
      if (back && drums != DEMO_WALTZ && drums != DEMO_BOSSA)
        play (band, DEMO_SNARE, bar, beat, 0, 0, drums == DEMO_BRUSHES ? 0.6 : 0.8, 0.1);
      if (drums == DEMO_WALTZ && beat > 0)
        play (band, DEMO_SHAKER, bar, beat, 0, 0, 0.7, -0.2);
      if (drums == DEMO_FOUR || drums == DEMO_BRUSHES)
        play (band, DEMO_HAT, bar, beat + 0.5, 0, 0, 0.9, 0.3);
      if (drums == DEMO_BRUSHES)
        play (band, DEMO_HAT, bar, beat, 0, 0, 0.45, 0.3);
      if (drums == DEMO_BOSSA || drums == DEMO_SLOW)
        {
          play (band, DEMO_SHAKER, bar, beat, 0, 0, 0.9, 0.3);
          play (band, DEMO_SHAKER, bar, beat + 0.5, 0, 0, 0.55, 0.3);
        }
    }
}

/* The tone of the chord that is nearest to @step. */
static int
snap (int step, int chord)
{
  int best = step;
  int distance = 99;

  for (int i = -7; i <= 21; i++)
    {
      int tone = (i - chord) % 7;

      if (tone < 0)
        tone += 7;
      if ((tone == 0 || tone == 2 || tone == 4) && abs (i - step) < distance)
        {
          best = i;
          distance = abs (i - step);
        }
    }
  return best;
}

/* Rhythms of one bar: lengths in beats, 0 ends, negative is a rest. */
static const double rhythms4[][8] = {
  { 1.5, 0.5, 1, 1, 0 },
  { 1, 0.5, 0.5, 1.5, -0.5, 0 },
  { 0.5, 0.5, 1, 0.5, 1.5, 0 },
  { 2, 1, -1, 0 },
  { -0.5, 0.5, 0.5, 0.5, 2, 0 },
};
static const double rhythms3[][8] = {
  { 1, 1, 1, 0 },
  { 2, 1, 0 },
  { 1.5, 0.5, 1, 0 },
  { 3, 0 },
};

/* One idea of two bars, answered by another: a b a b', like people sing. The idea is
 * a rhythm and a line of steps; each time it is bent to the chord below it. */
static void
play_melody (Band *band)
{
  const DemoScore *score = band->score;
  guint32 ideas[2] = { score->seed * 7919u + 1, score->seed * 104729u + 5 };
  int step = 2;

  if (score->melody == DEMO_NO_VOICE)
    return;
  for (guint bar = 2; bar + 1 < score->bars; bar++)
    {
      guint32 idea = ideas[(bar / 2) % 2] + 31u * (bar % 2);
      g_autoptr (GRand) line = g_rand_new_with_seed (idea);
      const double *rhythm = score->beats == 3 ? rhythms3[g_rand_int_range (line, 0, G_N_ELEMENTS (rhythms3))]
                                               : rhythms4[g_rand_int_range (line, 0, G_N_ELEMENTS (rhythms4))];
      int chord = chord_at (score, bar);
      double at = 0;

      for (guint i = 0; rhythm[i] != 0; i++)
        {
          double length = ABS (rhythm[i]);
          int move = g_rand_int_range (line, -2, 3);

          if (rhythm[i] > 0)
            {
              /* Never far from the middle of the range. */
              step = CLAMP (step + move - (step > 6) + (step < 0), -2, 8);
              if (at == (double) (int) at)
                step = snap (step, chord);
              play (band, score->melody, bar, at, length * 0.92, pitch_of (score, step) + 12 * (score->melody_octave - 1), at == 0 ? 1.0 : 0.85, 0.12);
            }
          at += length;
        }
    }
  play (band, score->melody, score->bars - 1, 0, score->beats, pitch_of (score, 7) + 12 * (score->melody_octave - 1), 0.8, 0.12);
}

DemoMix *
demo_score_render (const DemoScore *score)
{
  double beat = 60.0 / score->bpm;
  g_autoptr (DemoMix) mix = demo_mix_new (score->bars * score->beats * beat + 3.0, score->seed);
  g_autoptr (GRand) random = g_rand_new_with_seed (score->seed);
  Band band = { score, mix, random, beat };

  for (guint bar = 0; bar < score->bars; bar++)
    {
      play_chords (&band, bar);
      play_arpeggio (&band, bar);
      if (bar >= 1)
        play_bass (&band, bar);
      play_drums (&band, bar);
    }
  play_melody (&band);
  demo_mix_master (mix, beat * 0.75, score->room);
  return g_steal_pointer (&mix);
}
