/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a request, from the wish to the last note, and what staff, guests and the player do to it. */
#include "fixture.h"

#define NO_APPROVAL "{\"approval\":false}"

static void
check_queue (Fixture *f,
             const char *expected)
{
  g_autofree char *queue = fixture_queue (f);

  g_assert_cmpstr (queue, ==, expected);
}

static void
check_sounds (Fixture *f,
              const char *expected)
{
  g_autofree char *song = fixture_sounds (f);

  g_assert_cmpstr (song, ==, expected);
}

/* Asked, approved, played. */
static void
test_path (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL;

  fixture_set_up (&f, "{}");
  id = fixture_ask (&f, "ann", "s1");
  g_assert_cmpint (fixture_status (&f, id), ==, TEMPO_REQUEST_PENDING);
  check_queue (&f, "");
  check_sounds (&f, "");

  fixture_act (&f, TEMPO_ACTION_APPROVE, id);
  g_assert_cmpint (fixture_status (&f, id), ==, TEMPO_REQUEST_PLAYING);
  check_sounds (&f, "s1");

  fixture_end_song (&f);
  g_assert_cmpint (fixture_status (&f, id), ==, TEMPO_REQUEST_PLAYED);
  check_sounds (&f, "");
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/life/path", test_path);

  return g_test_run ();
}
