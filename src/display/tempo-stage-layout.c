/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "display/tempo-stage-layout.h"

#include <string.h>

/* Parts of the screen's height, from the distance a room is read at: a code is
 * read from ten times its side, so a fifth of a 2 m picture serves 4 m. */
#define MARGIN 0.045f
#define HEADER 0.055f
#define TITLE 0.09f
#define ARTIST 0.05f
#define ROW 0.04f
#define SMALL 0.028f
#define CODE 0.285f /* with its quiet zone: the modules alone are over 0.22 */
#define BAR 0.009f
#define RIBBON 0.075f

typedef struct
{
  float x;
  float y;
  float width;
  float height;
  float unit; /* what 1.0 of the sizes above means */
} Area;

static void
place (graphene_rect_t *rect, float x, float y, float width, float height)
{
  graphene_rect_init (rect, x, y, MAX (width, 0), MAX (height, 0));
}

static void
set_sizes (TempoStageLayout *layout, float unit)
{
  layout->title_size = unit * TITLE;
  layout->artist_size = unit * ARTIST;
  layout->row_size = unit * ROW;
  layout->small_size = unit * SMALL;
}

/* The part of a very wide screen that is used: past 2.1:1 the eye would travel too far. */
static Area
choose_area (float width, float height)
{
  float used = MIN (width, height * 2.1f);
  float unit = MIN (height, width / 1.25f);
  float margin = unit * MARGIN;

  return (Area){ (width - used) / 2 + margin, margin, used - 2 * margin, height - 2 * margin, unit };
}

static void
place_header (const Area *area, TempoStageLayout *layout)
{
  float height = area->unit * HEADER;

  place (&layout->venue, area->x, area->y, area->width * 0.7f, height);
  place (&layout->clock, area->x + area->width * 0.7f, area->y, area->width * 0.3f, height);
}

static void
place_playing_wide (const Area *area, const TempoStageState *state, TempoStageLayout *layout)
{
  float gap = area->unit * MARGIN;
  float code = area->unit * CODE;
  float codes = code * (state->wifi ? 2 : 1) + (state->wifi ? gap : 0);
  float right_width = MAX (MAX (area->width * 0.3f, area->unit * 0.42f), codes);
  float left_width = area->width - right_width - gap;
  float left = state->swapped ? area->x + right_width + gap : area->x;
  float right = state->swapped ? area->x : area->x + left_width + gap;
  float top = area->y + area->unit * (HEADER + 0.045f);
  float bottom = area->y + area->height;
  float code_top = bottom - code;
  float now_height = code_top - gap - top;
  float art = MIN (now_height, left_width * 0.42f);
  float art_top = top + (now_height - art) / 2;
  float words = left + art + gap;
  float words_width = left_width - art - gap;
  /* The bar keeps to the picture's foot, so that it stays where it is from song to song. */
  float bar_top = MAX (art_top + art, top + MIN (now_height, area->unit * 0.42f)) - area->unit * 0.03f;
  float join_top = code_top + area->unit * (RIBBON + 0.015f);

  place (&layout->artwork, left, art_top, art, art);
  place (&layout->words, words, top, words_width, bar_top - area->unit * 0.02f - top);
  place (&layout->bar, words, bar_top, words_width, area->unit * BAR);
  place (&layout->ribbon, left, code_top, left_width, area->unit * RIBBON);
  place (&layout->join, left, join_top, left_width, bottom - join_top);
  place (&layout->next, right, top, right_width, code_top - top - gap / 2);
  place (&layout->code, right + right_width - code, code_top, code, code);
  if (state->wifi)
    place (&layout->wifi, right + right_width - 2 * code - gap, code_top, code, code);
}

static void
place_playing_tall (const Area *area, const TempoStageState *state, TempoStageLayout *layout)
{
  float gap = area->unit * MARGIN;
  float code = area->unit * CODE * 1.05f;
  float art = area->unit * 0.58f;
  float top = area->y + area->unit * (HEADER + 0.05f);
  float bottom = area->y + area->height;
  float words_top = top + art + gap;
  float bar_top = words_top + area->unit * 0.40f;
  float next_top = bar_top + area->unit * 0.16f;
  float code_left = state->swapped ? area->x : area->x + area->width - code;
  float codes = code * (state->wifi ? 2 : 1) + gap * (state->wifi ? 2 : 1);

  place (&layout->artwork, state->swapped ? area->x + area->width - art : area->x, top, art, art);
  place (&layout->words, area->x, words_top, area->width, area->unit * 0.38f);
  place (&layout->bar, area->x, bar_top, area->width, area->unit * BAR);
  place (&layout->ribbon, area->x, bar_top + area->unit * 0.04f, area->width, area->unit * RIBBON);
  place (&layout->next, area->x, next_top, area->width, bottom - code - gap - next_top);
  place (&layout->code, code_left, bottom - code, code, code);
  if (state->wifi)
    place (&layout->wifi, state->swapped ? code_left + code + gap : code_left - code - gap, bottom - code,
           code, code);
  place (&layout->join, state->swapped ? area->x + codes : area->x, bottom - code, area->width - codes, code);
}

/* The invitation grows to the centre and the code doubles. */
static void
place_idle (const Area *area, const TempoStageState *state, gboolean tall, TempoStageLayout *layout)
{
  float gap = area->unit * MARGIN;
  float code = area->unit * CODE * (state->wifi && tall ? 1.4f : 2.f);
  float codes = code * (state->wifi ? 2 : 1) + (state->wifi ? gap : 0);
  float top = area->y + area->unit * (HEADER + 0.05f);
  float height = area->y + area->height - top;

  if (tall || codes > area->width * 0.6f)
    {
      float left = area->x + (area->width - codes) / 2;
      code = MIN (code, tall ? code : area->unit * CODE * 1.28f);
      codes = code * (state->wifi ? 2 : 1) + (state->wifi ? gap : 0);
      left = area->x + (area->width - codes) / 2;
      place (&layout->words, area->x, top, area->width, area->unit * (tall ? 0.24f : 0.2f));
      float code_top =
        top + area->unit * (tall ? 0.24f : 0.2f) + (tall ? (height - code - area->unit * 0.5f) / 3 : 0);
      place (&layout->wifi, left, code_top, state->wifi ? code : 0, state->wifi ? code : 0);
      place (&layout->code, left + codes - code, code_top, code, code);
      place (&layout->join, area->x, code_top + code + gap / 2, area->width, area->unit * 0.165f);
    }
  else
    {
      float centre = top + (height - code) / 2;
      float left = state->swapped ? area->x : area->x + area->width - codes;
      float words = state->swapped ? area->x + codes + 2 * gap : area->x;
      float width = area->width - codes - 2 * gap;
      place (&layout->wifi, left, centre, state->wifi ? code : 0, state->wifi ? code : 0);
      place (&layout->code, left + codes - code, centre, code, code);
      place (&layout->words, words, centre + code * 0.08f, width, code * 0.56f);
      place (&layout->join, words, centre + code * 0.66f, width, code * 0.34f);
    }
  place (&layout->ribbon, area->x, area->y + area->height - area->unit * RIBBON, area->width,
         area->unit * RIBBON);
}

/**
 * tempo_stage_layout:
 * @width, @height: the screen, pixels
 * @state: what is shown
 * @layout: (out caller-allocates): every rectangle; those not shown are empty
 *
 * Shapes: portrait stacks the same blocks that landscape sets side by side. Any thread.
 */
void
tempo_stage_layout (float width, float height, const TempoStageState *state, TempoStageLayout *layout)
{
  Area area = choose_area (width, height);
  gboolean tall = height > width;

  memset (layout, 0, sizeof *layout);
  set_sizes (layout, area.unit);
  place_header (&area, layout);

  if (state->mode == TEMPO_STAGE_IDLE)
    {
      place_idle (&area, state, tall, layout);
      return;
    }

  if (tall)
    place_playing_tall (&area, state, layout);
  else
    place_playing_wide (&area, state, layout);

  if (state->mode == TEMPO_STAGE_CLOSED)
    {
      layout->code = layout->wifi = GRAPHENE_RECT_INIT (0, 0, 0, 0);
      if (tall)
        place (&layout->join, area.x, layout->join.origin.y, area.width, layout->join.size.height);
    }
  /* One row: the song, and who asked for it below. */
  layout->rows =
    (guint) MAX (0, (layout->next.size.height - area.unit * 0.06f) / (area.unit * (ROW + SMALL) * 1.5f));
}
