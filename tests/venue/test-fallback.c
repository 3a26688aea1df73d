/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room whose music is a real daemon, with the library behind it: the daemon is killed in the middle of a song. */
#include "fixture.h"

#include "model/tempo-source-state.h"
#include "mpd-house.h"

#define RULES "{\"approval\":false,\"noRepeatMinutes\":0,\"perGuest\":50}"
#define FALLBACK_SECONDS 3
#define SILENCE_SECONDS 3
/* So long that the next is not handed over meanwhile. */
#define SONG_MS 60000

static void
read_states (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  g_autoptr (TempoRoomView) view = tempo_room_get_view (room);

  g_string_truncate (data, 0);
  for (guint i = 0; i < view->sources->len; i++)
    {
      TempoSourceState *state = g_ptr_array_index (view->sources, i);

      g_string_append_printf (data, "%s%s:%s%s%s%s", i > 0 ? " " : "", state->kind, state->state,
                              state->active ? "*" : "", state->coming ? ">" : "", state->fallback ? "~" : "");
    }
}

static void
read_now (Fixture *f,
          TempoRoom *room,
          gpointer data)
{
  TempoNowPlaying *now = room->shown_now;

  g_string_printf (data, "%s %s%s", tempo_player_get_kind (room->player), now != NULL ? now->song->title : "-",
                   now != NULL && now->request != NULL ? "!" : "");
}

/* @func writes a text of the room: waits until it is @expected. */
static void
wait_text (Fixture *f,
           FixtureFunc func,
           const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *before = NULL;
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;

  for (;;)
    {
      fixture_on_engine (f, func, text);
      if (g_strcmp0 (text->str, before) != 0)
        {
          g_test_message ("%s", text->str);
          g_free (before);
          before = g_strdup (text->str);
        }
      if (g_str_equal (text->str, expected))
        return;
      if (g_get_monotonic_time () > deadline)
        g_error ("\"%s\" in place of \"%s\"", text->str, expected);
      fixture_tick (f);
      fixture_turn ();
    }
}

static void
read_sounding (Fixture *f,
               TempoRoom *room,
               gpointer data)
{
  g_string_printf (data, "%s", tempo_player_get_position (room->player) > 100 ? "sounds" : "silent");
}

typedef struct
{
  const char *artist, *title;
  char *id; /* (owned) (nullable) */
} Wish;

static void
match_on_engine (Fixture *f,
                 TempoRoom *room,
                 gpointer data)
{
  Wish *wish = data;
  g_autoptr (TempoSong) song = tempo_source_match (tempo_player_get_source (room->player), wish->artist, wish->title);

  wish->id = song != NULL ? g_strdup (song->id) : NULL;
}

/* (transfer full): the request for a song that the active source has by now. */
static char *
ask (Fixture *f,
     const char *guest,
     const char *artist,
     const char *title)
{
  Wish wish = { artist, title, NULL };
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;
  char *request;

  while (wish.id == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      fixture_on_engine (f, match_on_engine, &wish);
    }
  request = fixture_ask (f, guest, wish.id);
  g_free (wish.id);

  return request;
}

static MpdHouse *
open_rooms (Fixture *f)
{
  MpdHouse *house = mpd_house_new (SONG_MS, NULL);
  TempoCommand *command;
  g_autofree char *patch = g_strdup_printf ("{\"sources\":[\"mpd\",\"library\"],\"filler\":false,\"fallbackSeconds\":%d,\"mpdSocket\":\"%s\"}",
                                            FALLBACK_SECONDS, house->socket);

  mpd_house_start (house);
  f->music_folder = g_strdup (house->files->folder);
  f->takes_time = TRUE;
  fixture_set_up (f, NULL);
  command = fixture_command (f, TEMPO_ACTION_ROOM_EDIT);
  command->patch = fixture_json (patch);
  tempo_outcome_unref (fixture_do (f, command));
  command = fixture_command (f, TEMPO_ACTION_EVENT_CREATE);
  command->flag = TRUE;
  command->patch = fixture_json (RULES);
  tempo_outcome_unref (fixture_do (f, command));
  wait_text (f, read_states, "mpd:ready* library:ready");

  return house;
}

static void
test_killed (void)
{
  Fixture f = { 0 };
  g_autoptr (MpdHouse) house = open_rooms (&f);
  g_autofree char *one = ask (&f, "ann", "Beyanc\303\251", "One Halo");
  g_autofree char *two = ask (&f, "max", "Mot\303\266rhead", "Two Tons");
  g_autofree char *line = NULL, *after = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  TempoCommand *command;
  guint seconds = 0, level = 0;

  wait_text (&f, read_now, "mpd One Halo!");
  wait_text (&f, read_sounding, "sounds");
  mpd_house_stop (house, TRUE);
  wait_text (&f, read_states, "mpd:unreachable* library:ready");
  line = fixture_health (&f, "source", &level);
  g_assert_nonnull (line);
  g_test_message ("%s", line);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_BAD);

  /* The same song goes on from the library, no later than three seconds after what the host allows. */
  do
    {
      tempo_clock_advance (f.clock, G_TIME_SPAN_SECOND);
      fixture_tick (&f);
      fixture_on_engine (&f, read_now, text);
      g_assert_cmpuint (++seconds, <=, FALLBACK_SECONDS + SILENCE_SECONDS);
    }
  while (!g_str_has_prefix (text->str, "library "));
  g_test_message ("after %u s", seconds);
  wait_text (&f, read_now, "library One Halo!");
  wait_text (&f, read_sounding, "sounds");
  wait_text (&f, read_states, "mpd:unreachable library:ready*~");
  g_clear_pointer (&line, g_free);
  line = fixture_health (&f, "fallback", &level);
  g_assert_nonnull (line);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_WARNING);
  fixture_check_sql (&f, "SELECT before || ' ' || after || ' ' || reason FROM base_audit WHERE action = 'source_fallback'",
                     "mpd library source_gone");

  /* It is there again, and has its turn when the host says so and the song is over. */
  mpd_house_start (house);
  wait_text (&f, read_states, "mpd:ready library:ready*~");
  command = fixture_command (&f, TEMPO_ACTION_SOURCE);
  tempo_outcome_unref (fixture_do (&f, command));
  wait_text (&f, read_states, "mpd:ready> library:ready*~");
  wait_text (&f, read_now, "library One Halo!");
  command = fixture_command (&f, TEMPO_ACTION_SEEK);
  command->number = SONG_MS - 500;
  tempo_outcome_unref (fixture_do (&f, command));
  wait_text (&f, read_now, "mpd Two Tons!");
  wait_text (&f, read_sounding, "sounds");
  wait_text (&f, read_states, "mpd:ready* library:ready");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYED);
  g_assert_cmpint (fixture_status (&f, two), ==, TEMPO_REQUEST_PLAYING);
  after = fixture_health (&f, "fallback", &level);
  g_assert_null (after);
  fixture_tear_down (&f);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/fallback/killed", test_killed);

  return g_test_run ();
}
