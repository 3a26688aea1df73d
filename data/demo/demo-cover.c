/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-cover.h"

#include <math.h>

/* Sky, ground and three colours for what stands in between. */
typedef struct
{
  guint32 top;
  guint32 bottom;
  guint32 ink[3];
} Palette;

static const Palette palettes[] = {
  { 0xf6d9b8, 0xe79a6b, { 0x7a3b2e, 0xfff3e0, 0xc65f3c } },
  { 0x0b2545, 0x3a6ea5, { 0xffd166, 0xf4f1de, 0x134074 } },
  { 0xf07b3f, 0x6a2c70, { 0xffd460, 0xea5455, 0x2d1b33 } },
  { 0x7b2d43, 0x2a0a18, { 0xe8b4bc, 0xd4a373, 0xf2e9e4 } },
  { 0xdfe9f3, 0x8fa9c4, { 0xffffff, 0x5c7a99, 0xb8d0e8 } },
  { 0x12002b, 0x3d0066, { 0x00f5d4, 0xff3d9a, 0xfee440 } },
  { 0xcfe8d5, 0x6fae8f, { 0xf6f1d1, 0x2f5d50, 0xe8a87c } },
  { 0xf9e4b7, 0xd68c45, { 0x8c4a2f, 0xf4f1bb, 0x4a7c7e } },
  { 0x2f3e5c, 0xc98f8f, { 0xf7d9c4, 0x1b263b, 0xe0b1a4 } },
};

typedef struct
{
  double red;
  double green;
  double blue;
} Colour;

static Colour
unpack (guint32 rgb)
{
  return (Colour) { rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff };
}

static Colour
blend (Colour a, Colour b, double part)
{
  part = CLAMP (part, 0.0, 1.0);
  return (Colour) { a.red + (b.red - a.red) * part, a.green + (b.green - a.green) * part, a.blue + (b.blue - a.blue) * part };
}

/* 1 inside, 0 outside, soft over a pixel and a half. */
static double
cover_edge (double distance)
{
  return CLAMP (0.5 - distance * DEMO_COVER_SIDE / 1.5, 0.0, 1.0);
}

typedef struct
{
  double x, y, radius; /* the sun */
  double height[3], size[3], waves[3], phase[3]; /* the hills */
  guint style;
} Plan;

static Plan
make_plan (guint index, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  Plan plan = { 0 };

  plan.style = index % 3;
  plan.x = g_rand_double_range (random, 0.3, 0.7);
  plan.y = g_rand_double_range (random, 0.28, 0.46);
  plan.radius = g_rand_double_range (random, 0.13, 0.22);
  for (guint i = 0; i < 3; i++)
    {
      plan.height[i] = 0.56 + 0.14 * i + g_rand_double_range (random, -0.03, 0.03);
      plan.size[i] = g_rand_double_range (random, 0.02, 0.06);
      plan.waves[i] = g_rand_double_range (random, 0.8, 2.2);
      plan.phase[i] = g_rand_double_range (random, 0, 6.28);
    }
  return plan;
}

/* The sun: a disc, rings, or a disc cut by blinds. */
static double
draw_sun (const Plan *plan, double x, double y)
{
  double distance = hypot (x - plan->x, y - plan->y);

  if (plan->style == 1)
    return MAX (cover_edge (fabs (distance - plan->radius) - 0.008), MAX (cover_edge (fabs (distance - plan->radius * 1.5) - 0.005), cover_edge (distance - plan->radius * 0.55)));
  if (plan->style == 2)
    return cover_edge (distance - plan->radius) * (fmod ((y - plan->y) * 22 + 40, 1.0) < 0.62 ? 1 : 0);
  return cover_edge (distance - plan->radius);
}

static Colour
draw_point (const Palette *palette, const Plan *plan, double x, double y)
{
  Colour colour = blend (unpack (palette->top), unpack (palette->bottom), y);

  /* A glow around, then the sun itself. */
  colour = blend (colour, unpack (palette->ink[0]), 0.35 * exp (-6 * hypot (x - plan->x, y - plan->y)));
  colour = blend (colour, unpack (palette->ink[0]), draw_sun (plan, x, y));
  for (guint i = 0; i < 3; i++)
    {
      double edge = plan->height[i] + plan->size[i] * sin (6.28 * plan->waves[i] * x + plan->phase[i]);
      Colour hill = blend (unpack (palette->ink[1 + i % 2]), unpack (palette->bottom), 0.25 * (2 - i));

      colour = blend (colour, hill, 0.85 * cover_edge (edge - y));
    }
  return colour;
}

guint8 *
demo_cover_draw (guint index, guint32 seed)
{
  const Palette *palette = &palettes[index % G_N_ELEMENTS (palettes)];
  Plan plan = make_plan (index, seed);
  guint8 *pixels = g_new (guint8, DEMO_COVER_SIDE * DEMO_COVER_SIDE * 3);
  guint8 *p = pixels;

  for (guint y = 0; y < DEMO_COVER_SIDE; y++)
    {
      for (guint x = 0; x < DEMO_COVER_SIDE; x++)
        {
          Colour colour = draw_point (palette, &plan, (x + 0.5) / DEMO_COVER_SIDE, (y + 0.5) / DEMO_COVER_SIDE);

          *p++ = (guint8) lrint (colour.red);
          *p++ = (guint8) lrint (colour.green);
          *p++ = (guint8) lrint (colour.blue);
        }
    }
  return pixels;
}
