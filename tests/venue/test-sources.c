/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room with several sources: who has its turn, who takes over, and players that have a will of their own. */
#include "fixture.h"

#include "model/tempo-source-state.h"

#define RULES "{\"approval\":false,\"noRepeatMinutes\":0,\"perGuest\":50,\"freeText\":true}"

static void
edit_room (Fixture *f,
           const char *patch)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_ROOM_EDIT);

  command->patch = fixture_json (patch);
  tempo_outcome_unref (fixture_do (f, command));
}

static void
choose (Fixture *f,
        const char *kind)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_SOURCE);

  command->name = g_strdup (kind);
  tempo_outcome_unref (fixture_do (f, command));
}

static FakeSource *
get_fake (Fixture *f,
          const char *kind)
{
  FakeSource *fake = g_hash_table_lookup (f->fakes, kind);

  g_assert_nonnull (fake);

  return fake;
}

typedef struct
{
  const char *kind;
  const char *signal; /* (nullable) */
  const char *song;   /* (nullable) that sounds at the player */
  gboolean sounds;    /* the song is to be told of */
  int health;         /* -1 as it was */
} Say;

static void
say_on_engine (Fixture *f,
               TempoRoom *room,
               gpointer data)
{
  Say *say = data;
  FakeSource *fake = get_fake (f, say->kind);

  if (say->health >= 0)
    fake_source_set_health (fake, (TempoSourceHealth) say->health);
  if (say->sounds)
    fake_source_sound (fake, say->song, tempo_clock_now (f->clock));
  if (say->signal != NULL)
    g_signal_emit_by_name (fake, say->signal);
}

static void
say_signal (Fixture *f,
            const char *kind,
            const char *signal)
{
  Say say = { kind, signal, NULL, FALSE, -1 };

  fixture_on_engine (f, say_on_engine, &say);
  fixture_settle (f);
}

static void
say_health (Fixture *f,
            const char *kind,
            TempoSourceHealth health)
{
  Say say = { kind, NULL, NULL, FALSE, (int) health };

  fixture_on_engine (f, say_on_engine, &say);
  fixture_settle (f);
}

static void
say_song (Fixture *f,
          const char *kind,
          const char *song)
{
  Say say = { kind, NULL, song, TRUE, -1 };

  fixture_on_engine (f, say_on_engine, &say);
  fixture_settle (f);
}

static void
pass (Fixture *f,
      gint64 seconds)
{
  tempo_clock_advance (f->clock, seconds * G_TIME_SPAN_SECOND);
  fixture_tick (f);
}

static void
read_now (Fixture *f,
          TempoRoom *room,
          gpointer data)
{
  TempoNowPlaying *now = room->shown_now;

  g_string_append_printf (data, "%s ", tempo_player_get_kind (room->player));
  if (now == NULL)
    g_string_append (data, "-");
  else
    g_string_append_printf (data, "%s%s%s", now->song->id != NULL ? now->song->id : now->song->title,
                            now->request != NULL ? "!" : "", now->playing ? "" : " paused");
}

/* "mpd mpd:s1!": the source that has its turn, what is shown; "!" when it is a guest's wish. */
static void
check_now (Fixture *f,
           const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_settle (f);
  fixture_on_engine (f, read_now, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
check_filler (Fixture *f,
              const char *beginning)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_settle (f);
  fixture_on_engine (f, read_now, text);
  g_test_message ("%s", text->str);
  g_assert_true (g_str_has_prefix (text->str, beginning));
}

static void
check_queue (Fixture *f,
             const char *expected)
{
  g_autofree char *queue = fixture_queue (f);

  g_assert_cmpstr (queue, ==, expected);
}

static void
read_states (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  g_autoptr (TempoRoomView) view = tempo_room_get_view (room);

  for (guint i = 0; i < view->sources->len; i++)
    {
      TempoSourceState *state = g_ptr_array_index (view->sources, i);

      g_string_append_printf (data, "%s%s:%s%s%s%s", i > 0 ? " " : "", state->kind, state->state,
                              state->active ? "*" : "", state->coming ? ">" : "", state->fallback ? "~" : "");
    }
}

/* "mpd:gone library:ready*~": active *, chosen >, standing in ~. */
static void
check_states (Fixture *f,
              const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_on_engine (f, read_states, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
open_house (Fixture *f,
            const char *patch)
{
  fixture_set_up (f, RULES);
  edit_room (f, patch);
}

#define MPD_FIRST "{\"sources\":[\"mpd\",\"library\"],\"fallbackSeconds\":10}"

/* A daemon dies under a song; the library has the same one and goes on with it; back it is the host who says so. */
static void
test_fallback (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL, *two = NULL, *line = NULL;
  guint level = 0;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  two = fixture_ask (&f, "max", "mpd:s2");
  check_now (&f, "mpd mpd:s1!");
  g_assert_true (get_fake (&f, "mpd")->watched);
  g_assert_false (get_fake (&f, "library")->watched);

  pass (&f, 20);
  say_health (&f, "mpd", TEMPO_SOURCE_GONE);
  pass (&f, 9);
  check_now (&f, "mpd mpd:s1!");
  pass (&f, 1);
  check_now (&f, "library s1!");
  check_queue (&f, "mpd:s2");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYING);
  check_states (&f, "mpd:gone library:ready*~");
  line = fixture_health (&f, "fallback", &level);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_WARNING);
  fixture_check_sql (&f, "SELECT before || ' ' || after FROM base_audit WHERE action = 'source_fallback'", "mpd library");

  /* There again, but a song is not cut for it; nor is it taken back without being asked. */
  say_health (&f, "mpd", TEMPO_SOURCE_READY);
  pass (&f, 60);
  check_now (&f, "library s1!");
  choose (&f, NULL);
  check_states (&f, "mpd:ready> library:ready*~");
  check_now (&f, "library s1!");
  say_signal (&f, "library", "ended");
  check_now (&f, "mpd mpd:s2!");
  check_states (&f, "mpd:ready* library:ready");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYED);
  fixture_tear_down (&f);
}

/* A song that was nearly over is not played a second time. */
static void
test_nearly_over (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL, *two = NULL;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  two = fixture_ask (&f, "max", "mpd:s2");
  pass (&f, 150);
  say_health (&f, "mpd", TEMPO_SOURCE_NO_DEVICE);
  pass (&f, 10);
  check_now (&f, "library s2!");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYED);
  fixture_tear_down (&f);
}

/* Back before anybody would have noticed: nothing happens. */
static void
test_short_absence (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  for (guint i = 0; i < 5; i++)
    {
      say_health (&f, "mpd", TEMPO_SOURCE_GONE);
      pass (&f, 8);
      say_health (&f, "mpd", TEMPO_SOURCE_READY);
      pass (&f, 8);
    }
  check_now (&f, "mpd mpd:s1!");
  fixture_tear_down (&f);
}

/* All are away: the one that has its turn keeps it, and the first that comes takes over. */
static void
test_nobody_there (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  say_health (&f, "library", TEMPO_SOURCE_GONE);
  say_health (&f, "mpd", TEMPO_SOURCE_GONE);
  pass (&f, 100);
  check_now (&f, "mpd mpd:s1!");
  say_health (&f, "library", TEMPO_SOURCE_READY);
  pass (&f, 1);
  check_now (&f, "library s1!");
  fixture_tear_down (&f);
}

/* Spotify's songs are nobody else's: they wait, and the house's own music fills the time. A service that does not
 * listen any more goes on with the song it has. */
static void
test_spotify_waits (void)
{
  Fixture f = { .filler = TRUE };
  g_autofree char *one = NULL, *two = NULL;
  g_autoptr (JsonObject) state = NULL;

  open_house (&f, "{\"sources\":[\"spotify\",\"library\"],\"fallbackSeconds\":10,\"filler\":true}");
  check_states (&f, "spotify:ready> library:ready*");
  say_signal (&f, "library", "ended");
  check_filler (&f, "spotify spotify:s9");
  one = fixture_ask (&f, "ann", "spotify:s1");
  two = fixture_ask (&f, "max", "spotify:s2");
  say_signal (&f, "spotify", "ended");
  check_now (&f, "spotify spotify:s1!");
  state = fixture_state (&f, "ann");
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (state, "source"), "search"), ==, "submit");
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (state, "source"), "name"), ==, "Spotify");

  say_health (&f, "spotify", TEMPO_SOURCE_NEEDS_SIGN_IN);
  pass (&f, 100);
  check_now (&f, "spotify spotify:s1!");
  pass (&f, 100);
  check_filler (&f, "library s9");
  check_queue (&f, "spotify:s2");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYED);
  say_health (&f, "spotify", TEMPO_SOURCE_READY);
  choose (&f, "spotify");
  say_signal (&f, "library", "ended");
  check_now (&f, "spotify spotify:s2!");
  fixture_tear_down (&f);
}

static char *
get_handed (Fixture *f)
{
  FakeSource *fake = get_fake (f, "mpd");

  return g_strdup (fake->handed != NULL ? fake->handed->id : "");
}

static void
check_handed (Fixture *f,
              const char *expected)
{
  g_autofree char *handed = get_handed (f);

  g_assert_cmpstr (handed, ==, expected);
}

static void
move_first (Fixture *f,
            const char *request_id)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_MOVE);

  command->request_id = g_strdup (request_id);
  command->position = 1;
  tempo_outcome_unref (fixture_do (f, command));
  fixture_settle (f);
}

/* The next song goes to the player shortly before it is its turn; a change of mind reaches it; it begins by itself. */
static void
test_hand_over (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL, *two = NULL, *three = NULL;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  say_signal (&f, "mpd", "wants-next");
  check_handed (&f, "");
  two = fixture_ask (&f, "max", "mpd:s2");
  check_handed (&f, "mpd:s2");
  three = fixture_ask (&f, "eva", "mpd:s3");
  move_first (&f, three);
  check_queue (&f, "mpd:s3 mpd:s2");
  check_handed (&f, "mpd:s3");

  say_signal (&f, "mpd", "advanced");
  check_now (&f, "mpd mpd:s3!");
  check_queue (&f, "mpd:s2");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYED);
  g_assert_cmpuint (get_fake (&f, "mpd")->handed_over, ==, 1);
  fixture_check_sql (&f, "SELECT count(*) FROM base_play", "2");

  /* Nothing was handed over: the song ends, and Tempo puts the next one on. */
  say_signal (&f, "mpd", "ended");
  check_now (&f, "mpd mpd:s2!");
  g_assert_cmpuint (get_fake (&f, "mpd")->handed_over, ==, 2);
  fixture_tear_down (&f);
}

/* A player that does not give a song back: it stays next, and the host hears why. */
static void
test_fixed (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL, *two = NULL, *three = NULL, *line = NULL;
  guint level = 0;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  two = fixture_ask (&f, "max", "mpd:s2");
  three = fixture_ask (&f, "eva", "mpd:s3");
  get_fake (&f, "mpd")->keeps_handed = TRUE;
  say_signal (&f, "mpd", "wants-next");
  check_handed (&f, "mpd:s2");
  move_first (&f, three);
  check_queue (&f, "mpd:s2 mpd:s3");
  line = fixture_health (&f, "source", &level);
  g_assert_cmpstr (line, ==, "the player already has the next song");
  say_signal (&f, "mpd", "advanced");
  check_now (&f, "mpd mpd:s2!");
  fixture_tear_down (&f);
}

/* Taken from the list after the player had it: it begins, and is replaced at once. */
static void
test_withdrawn_late (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL, *two = NULL, *three = NULL;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  two = fixture_ask (&f, "max", "mpd:s2");
  three = fixture_ask (&f, "eva", "mpd:s3");
  get_fake (&f, "mpd")->keeps_handed = TRUE;
  say_signal (&f, "mpd", "wants-next");
  fixture_act (&f, TEMPO_ACTION_REMOVE, two);
  say_signal (&f, "mpd", "advanced");
  check_now (&f, "mpd mpd:s3!");
  g_assert_cmpstr (get_fake (&f, "mpd")->song->id, ==, "mpd:s3");
  g_assert_cmpint (fixture_status (&f, two), ==, TEMPO_REQUEST_DECLINED);
  fixture_tear_down (&f);
}

/* Somebody at the player puts on something else: it is shown, nobody's wish, and left alone until it ends. */
static void
test_displaced (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL, *two = NULL;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  pass (&f, 30);
  {
    Say say = { "mpd", "displaced", "mpd:s7", TRUE, -1 };

    fixture_on_engine (&f, say_on_engine, &say);
  }
  check_now (&f, "mpd mpd:s7");
  check_queue (&f, "mpd:s1");
  two = fixture_ask (&f, "max", "mpd:s2");
  pass (&f, 30);
  check_now (&f, "mpd mpd:s7");
  g_assert_cmpuint (get_fake (&f, "mpd")->handed_over, ==, 1);

  /* Their list goes on with another song: now it is the guests' turn. */
  say_song (&f, "mpd", "mpd:s8");
  check_now (&f, "mpd mpd:s1!");
  check_queue (&f, "mpd:s2");
  fixture_tear_down (&f);
}

/* The barkeeper's list plays before the first wish; without wishes it plays on. */
static void
test_foreign_first (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL;

  open_house (&f, MPD_FIRST);
  say_song (&f, "mpd", "mpd:s7");
  check_now (&f, "mpd mpd:s7");
  say_song (&f, "mpd", "mpd:s8");
  check_now (&f, "mpd mpd:s8");
  one = fixture_ask (&f, "ann", "mpd:s1");
  check_now (&f, "mpd mpd:s8");
  say_song (&f, "mpd", NULL);
  check_now (&f, "mpd mpd:s1!");
  /* Not Tempo's to stop: what the list goes on with after the wish. */
  get_fake (&f, "mpd")->stopped = FALSE;
  say_signal (&f, "mpd", "ended");
  say_song (&f, "mpd", "mpd:s9");
  check_now (&f, "mpd mpd:s9");
  g_assert_false (get_fake (&f, "mpd")->stopped);
  fixture_tear_down (&f);
}

/* A player that takes no songs: the host plays the wishes by hand, and they are known by title and artist. */
static void
test_by_hand (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL;
  TempoCommand *command;
  TempoOutcome *outcome;

  open_house (&f, "{\"sources\":[\"mpris\"]}");
  command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann");
  command->title = g_strdup ("title S1");
  command->artist = g_strdup ("Artist s1");
  outcome = fixture_do (&f, command);
  one = g_strdup (outcome->request->id);
  tempo_outcome_unref (outcome);
  say_song (&f, "mpris", "mpris:s5");
  check_now (&f, "mpris mpris:s5");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_APPROVED);
  say_song (&f, "mpris", "mpris:s1");
  check_now (&f, "mpris mpris:s1!");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYING);
  say_song (&f, "mpris", "mpris:s6");
  check_now (&f, "mpris mpris:s6");
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_PLAYED);
  say_song (&f, "mpris", NULL);
  check_now (&f, "mpris -");
  fixture_tear_down (&f);
}

typedef struct
{
  const char *artist, *title;
} Words;

static void
tell_on_engine (Fixture *f,
                TempoRoom *room,
                gpointer data)
{
  Words *words = data;
  g_autoptr (TempoSong) song = tempo_song_new ("mpris:it", words->title, words->artist);

  fake_source_sound_song (get_fake (f, "mpris"), song, tempo_clock_now (f->clock));
}

static char *
wish_for (Fixture *f,
          const char *title)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, "ann");
  TempoOutcome *outcome;
  char *id;

  command->title = g_strdup (title);
  command->artist = g_strdup ("The Lantérns");
  outcome = fixture_do (f, command);
  id = g_strdup (outcome->request->id);
  tempo_outcome_unref (outcome);

  return id;
}

/* As players tell it: all who sing, the year of the remaster, no accents. Only the wish it is is marked; of two that
 * it could be, neither more than one. */
static void
test_by_hand_as_told (void)
{
  static const struct
  {
    Words told;
    gboolean boats, goats;
  } cases[] = {
    { { "The Lantérns", "Boats" }, TRUE, FALSE },
    { { "LANTERNS", "boats" }, TRUE, FALSE },
    { { "The Lanterns, Candles", "Boats" }, TRUE, FALSE },
    { { "Candles; The Lanterns", "Goats" }, FALSE, TRUE },
    { { "The Lanterns", "Boats (feat. Candles)" }, TRUE, FALSE },
    { { "The Lanterns feat. Candles", "Boats" }, TRUE, FALSE },
    { { "The Lanterns", "Boats - 2011 Remaster" }, TRUE, FALSE },
    { { "The Lanterns & Candles", "Boats – Remastered 2011" }, TRUE, FALSE },
    { { "", "The Lanterns - Boats" }, TRUE, FALSE },
    { { "The Lanterns", "Moats" }, FALSE, FALSE },
    { { "Candles", "Boats" }, FALSE, FALSE },
    { { "Candles, Torches", "Boats" }, FALSE, FALSE },
    { { "", "Boats" }, FALSE, FALSE },
    { { "The Lanterns", "Boats Pt. 2" }, FALSE, FALSE },
    { { "The Lanterns, Candles", "Boats - Harbour Remix" }, FALSE, FALSE },
    { { "The Lanterns", "Boats and Goats" }, FALSE, FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f = { 0 };
      g_autofree char *boats = NULL;
      g_autofree char *goats = NULL;

      open_house (&f, "{\"sources\":[\"mpris\"]}");
      boats = wish_for (&f, "Boats");
      goats = wish_for (&f, "Goats");
      g_test_message ("%s / %s", cases[i].told.artist, cases[i].told.title);
      fixture_on_engine (&f, tell_on_engine, (gpointer) &cases[i].told);
      fixture_settle (&f);
      g_assert_cmpint (fixture_status (&f, boats), ==, cases[i].boats ? TEMPO_REQUEST_PLAYING : TEMPO_REQUEST_APPROVED);
      g_assert_cmpint (fixture_status (&f, goats), ==, cases[i].goats ? TEMPO_REQUEST_PLAYING : TEMPO_REQUEST_APPROVED);
      fixture_tear_down (&f);
    }
}

/* What is taken back while another source stands in is not handed to it: it is first when its own source is back. */
static void
test_undo_waits (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL, *two = NULL, *three = NULL;
  TempoCommand *command;

  open_house (&f, "{\"sources\":[\"spotify\",\"library\"],\"fallbackSeconds\":10}");
  choose (&f, "spotify");
  one = fixture_ask (&f, "ann", "spotify:s1");
  two = fixture_ask (&f, "max", "spotify:s2");
  check_now (&f, "spotify spotify:s1!");
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_SKIP)));
  check_now (&f, "spotify spotify:s2!");
  say_health (&f, "spotify", TEMPO_SOURCE_GONE);
  pass (&f, 10);
  check_states (&f, "spotify:gone library:ready*~");
  check_queue (&f, "spotify:s2");

  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_UNDO)));
  check_now (&f, "library -");
  check_queue (&f, "spotify:s1 spotify:s2");
  pass (&f, 10);
  g_assert_cmpint (fixture_status (&f, one), ==, TEMPO_REQUEST_APPROVED);
  g_assert_null (get_fake (&f, "library")->song);
  /* Nor by hand. */
  command = fixture_command (&f, TEMPO_ACTION_MARK_PLAYING);
  command->request_id = g_strdup (one);
  fixture_refuse (&f, command, TEMPO_REFUSAL_SOURCE);

  say_health (&f, "spotify", TEMPO_SOURCE_READY);
  choose (&f, NULL);
  check_now (&f, "spotify spotify:s1!");
  check_queue (&f, "spotify:s2");
  fixture_tear_down (&f);
}

/* The doors are closed: the house's own music goes on, but nobody looks what others put on. */
static void
test_looks_away (void)
{
  Fixture f = { .filler = TRUE };

  open_house (&f, "{\"sources\":[\"spotify\",\"library\"],\"filler\":true}");
  say_signal (&f, "library", "ended");
  check_filler (&f, "spotify spotify:s9");
  g_assert_true (get_fake (&f, "spotify")->watched);
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END)));
  check_filler (&f, "spotify spotify:s9");
  g_assert_false (get_fake (&f, "spotify")->watched);
  say_signal (&f, "spotify", "ended");
  check_filler (&f, "spotify spotify:s9");
  g_assert_false (get_fake (&f, "spotify")->watched);
  fixture_restart (&f);
  check_filler (&f, "spotify spotify:s9");
  g_assert_false (get_fake (&f, "spotify")->watched);
  fixture_tear_down (&f);
}

/* What a room's sources may be. */
static void
test_patches (void)
{
  static const struct
  {
    const char *patch;
    gboolean taken;
  } cases[] = {
    { "{\"sources\":[\"library\"]}", TRUE },
    { "{\"sources\":[\"spotify\",\"mpd\",\"mpris\",\"library\",\"manual\"]}", TRUE },
    { "{\"sources\":[]}", FALSE },
    { "{\"sources\":[\"library\",\"library\"]}", FALSE },
    { "{\"sources\":[\"gramophone\"]}", FALSE },
    { "{\"sources\":[\"library\",\"manual\",\"mpd\",\"mpris\",\"spotify\",\"library\"]}", FALSE },
    { "{\"sources\":\"library\"}", FALSE },
    { "{\"sources\":[1]}", FALSE },
    { "{\"sources\":null}", FALSE },
    { "{\"fallbackSeconds\":3}", TRUE },
    { "{\"fallbackSeconds\":2}", FALSE },
    { "{\"fallbackSeconds\":601}", FALSE },
    { "{\"fallbackSeconds\":\"10\"}", FALSE },
    { "{\"mpdHost\":\"music.local\",\"mpdPort\":6601,\"mpdPassword\":\"open sesame\"}", TRUE },
    { "{\"mpdPort\":0}", FALSE },
    { "{\"mpdHost\":\"a\\nb\"}", FALSE },
    { "{\"mprisPlayer\":null}", TRUE },
  };
  Fixture f = { 0 };

  fixture_set_up (&f, RULES);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TempoCommand *command = fixture_command (&f, TEMPO_ACTION_ROOM_EDIT);

      g_test_message ("%s", cases[i].patch);
      command->patch = fixture_json (cases[i].patch);
      if (cases[i].taken)
        tempo_outcome_unref (fixture_do (&f, command));
      else
        fixture_refuse (&f, command, TEMPO_REFUSAL_INVALID);
    }
  fixture_restart (&f);
  check_states (&f, "spotify:ready* mpd:ready mpris:ready library:ready manual:ready");
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE before LIKE '%sesame%' OR after LIKE '%sesame%'", "0");
  fixture_check_sql (&f, "SELECT count(*) FROM base_room_setting WHERE value LIKE '%sesame%'", "0");
  fixture_tear_down (&f);
}

/* Another address makes another source; a mere name does not. */
static void
test_remade (void)
{
  Fixture f = { 0 };
  g_autofree char *one = NULL;
  FakeSource *before;

  open_house (&f, MPD_FIRST);
  one = fixture_ask (&f, "ann", "mpd:s1");
  before = get_fake (&f, "mpd");
  edit_room (&f, "{\"name\":\"Cellar\"}");
  g_assert_true (get_fake (&f, "mpd") == before);
  check_now (&f, "mpd mpd:s1!");
  fixture_tear_down (&f);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/sources/fallback", test_fallback);
  g_test_add_func ("/venue/sources/nearly-over", test_nearly_over);
  g_test_add_func ("/venue/sources/short-absence", test_short_absence);
  g_test_add_func ("/venue/sources/nobody-there", test_nobody_there);
  g_test_add_func ("/venue/sources/spotify-waits", test_spotify_waits);
  g_test_add_func ("/venue/sources/hand-over", test_hand_over);
  g_test_add_func ("/venue/sources/fixed", test_fixed);
  g_test_add_func ("/venue/sources/withdrawn-late", test_withdrawn_late);
  g_test_add_func ("/venue/sources/displaced", test_displaced);
  g_test_add_func ("/venue/sources/foreign-first", test_foreign_first);
  g_test_add_func ("/venue/sources/by-hand", test_by_hand);
  g_test_add_func ("/venue/sources/by-hand-as-told", test_by_hand_as_told);
  g_test_add_func ("/venue/sources/undo-waits", test_undo_waits);
  g_test_add_func ("/venue/sources/looks-away", test_looks_away);
  g_test_add_func ("/venue/sources/patches", test_patches);
  g_test_add_func ("/venue/sources/remade", test_remade);

  return g_test_run ();
}
