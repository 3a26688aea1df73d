/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display/tempo-stage-layout.h"

/* Every shape of screen in every state: what must be seen from the back of the room. */

typedef struct
{
  const char *name;
  float width;
  float height;
} Screen;

static const Screen screens[] = {
  { "full-hd", 1920, 1080 },   { "720p", 1280, 720 },      { "old-projector", 1024, 768 },
  { "ultrawide", 2560, 1080 }, { "portrait", 1080, 1920 }, { "window", 960, 540 },
};

static const TempoStageMode modes[] = { TEMPO_STAGE_PLAYING, TEMPO_STAGE_IDLE, TEMPO_STAGE_CLOSED };

static gboolean
is_empty (const graphene_rect_t *rect)
{
  return rect->size.width < 1 || rect->size.height < 1;
}

static void
assert_apart (const graphene_rect_t *a, const graphene_rect_t *b)
{
  graphene_rect_t common;

  if (is_empty (a) || is_empty (b) || !graphene_rect_intersection (a, b, &common))
    return;
  g_assert_cmpfloat (MIN (common.size.width, common.size.height), <=, 1.f);
}

static void
assert_inside (const graphene_rect_t *rect, const Screen *screen)
{
  if (is_empty (rect))
    return;
  g_assert_cmpfloat (rect->origin.x, >=, -0.5f);
  g_assert_cmpfloat (rect->origin.y, >=, -0.5f);
  g_assert_cmpfloat (rect->origin.x + rect->size.width, <=, screen->width + 0.5f);
  g_assert_cmpfloat (rect->origin.y + rect->size.height, <=, screen->height + 0.5f);
}

static void
check (const Screen *screen, const TempoStageState *state)
{
  TempoStageLayout layout;
  const graphene_rect_t *parts[] = { &layout.venue, &layout.clock, &layout.artwork, &layout.words,
                                     &layout.next,  &layout.wifi,  &layout.code };

  tempo_stage_layout (screen->width, screen->height, state, &layout);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      assert_inside (parts[i], screen);
      for (guint j = i + 1; j < G_N_ELEMENTS (parts); j++)
        assert_apart (parts[i], parts[j]);
      assert_apart (parts[i], &layout.ribbon);
    }
  assert_inside (&layout.join, screen);
  assert_inside (&layout.bar, screen);
  assert_apart (&layout.join, &layout.code);
  assert_apart (&layout.join, &layout.wifi);
  assert_apart (&layout.words, &layout.bar);

  g_assert_cmpfloat (layout.title_size, >, layout.artist_size);
  g_assert_cmpfloat (layout.artist_size, >, layout.row_size);
  g_assert_cmpfloat (layout.row_size, >, layout.small_size);
  if (state->mode == TEMPO_STAGE_CLOSED)
    g_assert_true (is_empty (&layout.code));
  else /* 22 % of the shorter use of the screen, quiet zone of a usual code (37 modules, 8 of them quiet) left
          out */
    g_assert_cmpfloat (layout.code.size.height * 29 / 37, >=,
                       MIN (screen->height, screen->width / 1.25f) * 0.22f);
  g_assert_true (is_empty (&layout.wifi) == (!state->wifi || state->mode == TEMPO_STAGE_CLOSED));
  if (state->mode == TEMPO_STAGE_PLAYING)
    g_assert_cmpuint (layout.rows, >=, 3);
}

static void
test_every_screen (gconstpointer data)
{
  const Screen *screen = data;

  for (guint i = 0; i < G_N_ELEMENTS (modes) * 4; i++)
    {
      TempoStageState state = { modes[i / 4], (i & 1) != 0, (i & 2) != 0 };

      g_test_message ("%s mode %d wifi %d swapped %d", screen->name, state.mode, state.wifi, state.swapped);
      check (screen, &state);
    }
}

static void
test_sides_change (void)
{
  TempoStageState state = { TEMPO_STAGE_PLAYING, FALSE, FALSE };
  TempoStageLayout before, after;

  tempo_stage_layout (1920, 1080, &state, &before);
  state.swapped = TRUE;
  tempo_stage_layout (1920, 1080, &state, &after);
  assert_apart (&before.artwork, &after.artwork);
  g_assert_cmpfloat (before.code.origin.x, >, after.code.origin.x + 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      g_autofree char *path = g_strdup_printf ("/display/layout/%s", screens[i].name);
      g_test_add_data_func (path, &screens[i], test_every_screen);
    }
  g_test_add_func ("/display/layout/sides-change", test_sides_change);
  return g_test_run ();
}
