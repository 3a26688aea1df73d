/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-synth.h"

#include <math.h>

#define TABLE 2048
#define TARGET_RMS 0.126 /* -18 dBFS */
#define CEILING 0.82     /* -1.7 dBFS: an encoder's overshoot stays below -1 */
#define FADE_OUT 3.0

/* One cycle of a timbre made of a few harmonics: no aliasing that could be heard. */
typedef struct
{
  float values[TABLE + 1];
} Cycle;

typedef struct
{
  double attack;
  double decay; /* time constant towards @sustain */
  double sustain;
  double release;
  double level;
  double room;
  double echo;
} Shape;

static const Shape shapes[] = {
  [DEMO_PAD] = { 0.45, 1.5, 0.75, 1.10, 0.060, 0.55, 0.00 },
  [DEMO_REED] = { 0.05, 0.8, 0.80, 0.14, 0.090, 0.30, 0.05 },
  [DEMO_EPIANO] = { 0.004, 0.9, 0.05, 0.35, 0.150, 0.30, 0.10 },
  [DEMO_GUITAR] = { 0.001, 0.0, 1.00, 0.25, 0.430, 0.28, 0.08 },
  [DEMO_BELL] = { 0.002, 1.1, 0.00, 0.90, 0.095, 0.60, 0.25 },
  [DEMO_LEAD] = { 0.030, 0.5, 0.60, 0.18, 0.115, 0.35, 0.28 },
  [DEMO_BASS] = { 0.008, 0.6, 0.55, 0.08, 0.190, 0.04, 0.00 },
  [DEMO_KICK] = { 0.001, 0.0, 1.00, 0.05, 0.420, 0.03, 0.00 },
  [DEMO_SNARE] = { 0.001, 0.0, 1.00, 0.05, 0.160, 0.30, 0.00 },
  [DEMO_HAT] = { 0.001, 0.0, 1.00, 0.02, 0.085, 0.10, 0.00 },
  [DEMO_SHAKER] = { 0.015, 0.0, 1.00, 0.03, 0.080, 0.15, 0.00 },
};

static Cycle pad_cycle;
static Cycle reed_cycle;
static Cycle lead_cycle;
static Cycle sine_cycle;

static void
fill_cycle (Cycle *cycle, const double *harmonics, guint n)
{
  for (guint i = 0; i <= TABLE; i++)
    {
      double value = 0;

      for (guint h = 0; h < n; h++)
        value += harmonics[h] * sin (2 * G_PI * (h + 1) * i / TABLE);
      cycle->values[i] = (float) value;
    }
}

static void
fill_cycles (void)
{
  static const double pad[] = { 1.0, 0.42, 0.22, 0.12, 0.06, 0.03 };
  static const double reed[] = { 0.7, 0.5, 0.45, 0.22, 0.25, 0.1, 0.08, 0.04 };
  static const double lead[] = { 1.0, 0.12, 0.3, 0.05, 0.11, 0.02, 0.05 };
  static const double sine[] = { 1.0 };

  if (sine_cycle.values[TABLE / 4] > 0.5f)
    return;
  fill_cycle (&pad_cycle, pad, G_N_ELEMENTS (pad));
  fill_cycle (&reed_cycle, reed, G_N_ELEMENTS (reed));
  fill_cycle (&lead_cycle, lead, G_N_ELEMENTS (lead));
  fill_cycle (&sine_cycle, sine, G_N_ELEMENTS (sine));
}

static inline float
read_cycle (const Cycle *cycle, double phase)
{
  double at = (phase - floor (phase)) * TABLE;
  guint index = (guint) at;
  float part = (float) (at - index);

  return cycle->values[index] * (1 - part) + cycle->values[index + 1] * part;
}

static inline float
next_noise (DemoMix *mix)
{
  mix->noise = mix->noise * 1664525u + 1013904223u;
  return (float) (gint32) mix->noise / 2147483648.0f;
}

static double
envelope (const Shape *shape, double t, double seconds)
{
  double level = 1;

  if (t < shape->attack)
    level = t / shape->attack;
  else if (shape->decay > 0)
    level = shape->sustain + (1 - shape->sustain) * exp (-(t - shape->attack) / shape->decay);
  if (t > seconds)
    level *= exp (-(t - seconds) / (shape->release / 4));
  return level;
}

static double
frequency_of (double pitch)
{
  return 440.0 * pow (2, (pitch - 69) / 12);
}

/* Adds one sample where it belongs: two speakers, the room, the echo. */
static inline void
put (DemoMix *mix, guint at, float value, double pan, const Shape *shape)
{
  float right = (float) (0.5 + 0.4 * pan);

  mix->left[at] += value * (1 - right);
  mix->right[at] += value * right;
  mix->room[at] += value * (float) shape->room;
  mix->echo[at] += value * (float) shape->echo;
}

static void
add_cycle_note (DemoMix *mix, DemoVoice voice, const Cycle *cycle, guint from, guint to, double seconds, double pitch, double gain, double pan)
{
  const Shape *shape = &shapes[voice];
  double step = frequency_of (pitch) / DEMO_RATE;
  double detune = voice == DEMO_LEAD || voice == DEMO_BASS ? 1.0 : 1.0035;
  double vibrato = voice == DEMO_LEAD ? 0.003 : 0;
  double phase = 0.13 * pitch;
  double other = 0.37 * pitch;
  double smooth = 0;

  for (guint i = from; i < to; i++)
    {
      double t = (double) (i - from) / DEMO_RATE;
      double bend = 1 + vibrato * MIN (t * 3, 1) * sin (2 * G_PI * 5.2 * t);
      double value;

      phase += step * bend;
      other += step * detune;
      value = detune > 1 ? 0.5 * (read_cycle (cycle, phase) + read_cycle (cycle, other)) : read_cycle (cycle, phase);
      if (voice == DEMO_BASS)
        value = tanh (1.6 * (value + 0.25 * read_cycle (cycle, 2 * phase)));
      /* A slow opening takes the edge off the attack. */
      smooth += (value - smooth) * (voice == DEMO_PAD ? 0.12 + 0.10 * MIN (t, 1) : 0.6);
      put (mix, i, (float) (smooth * gain * envelope (shape, t, seconds)), pan, shape);
    }
}

/* Two operators: the second colours the first, most at the moment it is struck. */
static void
add_struck_note (DemoMix *mix, DemoVoice voice, guint from, guint to, double seconds, double pitch, double gain, double pan)
{
  const Shape *shape = &shapes[voice];
  double step = frequency_of (pitch) / DEMO_RATE;
  double ratio = voice == DEMO_BELL ? 3.51 : 1.0;
  double depth = voice == DEMO_BELL ? 0.22 : 0.16;
  double tine = voice == DEMO_EPIANO ? 0.10 : 0;
  double phase = 0;

  for (guint i = from; i < to; i++)
    {
      double t = (double) (i - from) / DEMO_RATE;
      double colour = depth * exp (-t * (voice == DEMO_BELL ? 1.8 : 3.2));
      double value;

      phase += step;
      value = read_cycle (&sine_cycle, phase + colour * read_cycle (&sine_cycle, phase * ratio) + 1);
      value += tine * exp (-t * 14) * read_cycle (&sine_cycle, phase * 7.0);
      put (mix, i, (float) (value * gain * envelope (shape, t, seconds)), pan, shape);
    }
}

/* A string: noise in a loop that loses its highs (Karplus and Strong). */
static void
add_string_note (DemoMix *mix, guint from, guint to, double seconds, double pitch, double gain, double pan)
{
  const Shape *shape = &shapes[DEMO_GUITAR];
  double period = DEMO_RATE / frequency_of (pitch) - 0.5;
  guint length = MAX ((guint) period, 2);
  double part = period - length;
  g_autofree float *string = g_new0 (float, length + 1);
  float soft = 0;
  float last = 0;
  guint at = 0;

  for (guint i = 0; i < length; i++)
    {
      soft += (next_noise (mix) - soft) * 0.45f;
      string[i] = soft;
    }
  for (guint i = from; i < to; i++)
    {
      double t = (double) (i - from) / DEMO_RATE;
      float now = string[at];
      float tuned = (float) ((1 - part) * now + part * last);

      string[at] = 0.996f * 0.5f * (tuned + last);
      last = now;
      at = (at + 1) % length;
      put (mix, i, (float) (now * gain * envelope (shape, t, seconds)), pan, shape);
    }
}

static void
add_drum (DemoMix *mix, DemoVoice voice, guint from, guint to, double gain, double pan)
{
  const Shape *shape = &shapes[voice];
  double phase = 0;
  double low = 0;
  double lower = 0;

  for (guint i = from; i < to; i++)
    {
      double t = (double) (i - from) / DEMO_RATE;
      double noise = next_noise (mix);
      double value;

      low += (noise - low) * 0.55;
      lower += (low - lower) * 0.12;
      phase += (48 + 110 * exp (-t * 28)) / DEMO_RATE;
      if (voice == DEMO_KICK)
        value = read_cycle (&sine_cycle, phase) * exp (-t * 9) + 0.06 * noise * exp (-t * 180);
      else if (voice == DEMO_SNARE)
        value = (low - lower) * exp (-t * 19) + 0.4 * read_cycle (&sine_cycle, 185 * t) * exp (-t * 30);
      else if (voice == DEMO_HAT)
        value = (noise - low) * exp (-t * 48);
      else
        value = (noise - low) * MIN (t / shape->attack, 1) * exp (-MAX (t - shape->attack, 0) * 42);
      put (mix, i, (float) (value * gain), pan, shape);
    }
}

DemoMix *
demo_mix_new (double seconds, guint32 seed)
{
  DemoMix *mix = g_new0 (DemoMix, 1);

  fill_cycles ();
  mix->length = (guint) (seconds * DEMO_RATE);
  mix->left = g_new0 (float, mix->length);
  mix->right = g_new0 (float, mix->length);
  mix->room = g_new0 (float, mix->length);
  mix->echo = g_new0 (float, mix->length);
  mix->noise = seed;
  return mix;
}

void
demo_mix_free (DemoMix *mix)
{
  g_clear_pointer (&mix->left, g_free);
  g_clear_pointer (&mix->right, g_free);
  g_clear_pointer (&mix->room, g_free);
  g_clear_pointer (&mix->echo, g_free);
  g_free (mix);
}

void
demo_mix_note (DemoMix *mix, DemoVoice voice, double start, double seconds, double pitch, double velocity, double pan)
{
  guint from = (guint) (MAX (start, 0) * DEMO_RATE);
  double gain;
  guint to;

  if (voice == DEMO_NO_VOICE || from >= mix->length)
    return;
  gain = shapes[voice].level * velocity;
  if (voice >= DEMO_KICK)
    seconds = 0.5;
  to = MIN (mix->length, from + (guint) ((seconds + shapes[voice].release) * DEMO_RATE));
  switch (voice)
    {
    case DEMO_PAD:
      add_cycle_note (mix, voice, &pad_cycle, from, to, seconds, pitch, gain, pan);
      break;
    case DEMO_REED:
      add_cycle_note (mix, voice, &reed_cycle, from, to, seconds, pitch, gain, pan);
      break;
    case DEMO_LEAD:
      add_cycle_note (mix, voice, &lead_cycle, from, to, seconds, pitch, gain, pan);
      break;
    case DEMO_BASS:
      add_cycle_note (mix, voice, &sine_cycle, from, to, seconds, pitch, gain, pan);
      break;
    case DEMO_EPIANO:
    case DEMO_BELL:
      add_struck_note (mix, voice, from, to, seconds, pitch, gain, pan);
      break;
    case DEMO_GUITAR:
      add_string_note (mix, from, to, seconds, pitch, gain, pan);
      break;
    default:
      add_drum (mix, voice, from, to, gain, pan);
      break;
    }
}

/* From side to side, each time quieter and duller. */
static void
add_echo (DemoMix *mix, double seconds)
{
  guint delay = (guint) (seconds * DEMO_RATE);
  g_autofree float *first = g_new0 (float, delay + 1);
  g_autofree float *second = g_new0 (float, delay + 1);
  float dull = 0;

  for (guint i = 0; delay > 0 && i < mix->length; i++)
    {
      guint at = i % delay;
      float one = first[at];
      float two = second[at];

      dull += (two - dull) * 0.5f;
      first[at] = mix->echo[i] + 0.42f * dull;
      second[at] = one;
      mix->left[i] += 0.55f * one;
      mix->right[i] += 0.55f * two;
      mix->room[i] += 0.12f * (one + two);
    }
}

/* Parallel combs with damping, then two all-passes: a room after Schroeder and Moorer. */
static void
add_room_side (const float *input, float *output, guint length, double size, guint spread)
{
  static const guint combs[] = { 1557, 1617, 1491, 1422, 1277, 1356 };
  static const guint passes[] = { 556, 225 };
  g_autofree float *wet = g_new0 (float, length);

  for (guint c = 0; c < G_N_ELEMENTS (combs); c++)
    {
      guint delay = combs[c] + spread;
      g_autofree float *line = g_new0 (float, delay);
      float damped = 0;

      for (guint i = 0; i < length; i++)
        {
          float out = line[i % delay];

          damped = out * 0.72f + damped * 0.28f;
          line[i % delay] = input[i] + damped * (float) size;
          wet[i] += out;
        }
    }
  for (guint p = 0; p < G_N_ELEMENTS (passes); p++)
    {
      guint delay = passes[p] + spread;
      g_autofree float *line = g_new0 (float, delay);

      for (guint i = 0; i < length; i++)
        {
          float old = line[i % delay];
          float in = wet[i] + 0.5f * old;

          line[i % delay] = in;
          wet[i] = old - 0.5f * in;
        }
    }
  for (guint i = 0; i < length; i++)
    output[i] += 0.13f * wet[i];
}

static void
fade (DemoMix *mix)
{
  guint in = DEMO_RATE / 50;
  guint out = (guint) (FADE_OUT * DEMO_RATE);

  for (guint i = 0; i < in; i++)
    {
      mix->left[i] *= (float) i / in;
      mix->right[i] *= (float) i / in;
    }
  for (guint i = 0; i < out; i++)
    {
      double at = (double) i / out;
      float level = (float) (at * at * (3 - 2 * at));

      mix->left[mix->length - 1 - i] *= level;
      mix->right[mix->length - 1 - i] *= level;
    }
}

static double
find_rms (const DemoMix *mix)
{
  double sum = 0;

  for (guint i = 0; i < mix->length; i++)
    sum += (double) mix->left[i] * mix->left[i] + (double) mix->right[i] * mix->right[i];
  return sqrt (sum / (2.0 * mix->length));
}

/* Straight up to half, then bending towards the ceiling, which is never reached. */
static float
soften (double value)
{
  double size = fabs (value);
  double knee = 0.5;

  if (size > knee)
    size = knee + (CEILING - knee) * tanh ((size - knee) / (CEILING - knee));
  return (float) copysign (size, value);
}

void
demo_mix_master (DemoMix *mix, double echo_seconds, double room_size)
{
  double gain;

  add_echo (mix, echo_seconds);
  add_room_side (mix->room, mix->left, mix->length, room_size, 0);
  add_room_side (mix->room, mix->right, mix->length, room_size, 23);
  gain = TARGET_RMS / MAX (find_rms (mix), 0.001);
  for (guint i = 0; i < mix->length; i++)
    {
      mix->left[i] = soften (mix->left[i] * gain);
      mix->right[i] = soften (mix->right[i] * gain);
    }
  fade (mix);
}

gint16 *
demo_mix_samples (const DemoMix *mix)
{
  gint16 *samples = g_new (gint16, (gsize) mix->length * 2);

  for (guint i = 0; i < mix->length; i++)
    {
      samples[2 * i] = (gint16) lrintf (mix->left[i] * 32767);
      samples[2 * i + 1] = (gint16) lrintf (mix->right[i] * 32767);
    }
  return samples;
}
