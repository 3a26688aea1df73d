/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tempo-source.h promises, asked of every kind of source there is. */
#include <math.h>
#include <string.h>

#include "conformance.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-song.h"

#define DEADLINE_US (40 * G_TIME_SPAN_SECOND)
/* Longer than any song of the houses whose clock is the machine's. */
#define SILENCE_US (2 * G_TIME_SPAN_SECOND)
/* The same where the clock is the test's: longer than 180 s. */
#define SILENT_TURNS 400

static const ConformanceAdapter *const adapters[] = {
  &conformance_library, &conformance_manual, &conformance_mpd, &conformance_mpris, &conformance_spotify,
};

typedef struct
{
  const ConformanceAdapter *with;
  gpointer house;
  TempoSource *source; /* (owned) (nullable) */
  GString *told;       /* (owned) "started ended " */
} Case;

typedef struct
{
  GAsyncResult *result; /* (owned) (nullable) */
  guint answers;
} Answer;

static void
tell (Case *c, const char *what)
{
  g_string_append_printf (c->told, "%s ", what);
}

static void started_cb (Case *c) { tell (c, "started"); }
static void ended_cb (Case *c) { tell (c, "ended"); }
static void failed_cb (Case *c) { tell (c, "failed"); }
static void advanced_cb (Case *c) { tell (c, "advanced"); }
static void displaced_cb (Case *c) { tell (c, "displaced"); }

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* A little time, by whichever clock the source has. */
static void
pass_turn (Case *c)
{
  if (c->with->turn != NULL)
    {
      c->with->turn (c->house);
    }
  else
    {
      guint wake = g_timeout_add (20, wake_cb, NULL);

      g_main_context_iteration (NULL, TRUE);
      g_source_remove (wake);
    }
}

static void
pass_silence (Case *c)
{
  gint64 end = g_get_monotonic_time () + SILENCE_US;

  if (c->with->turn != NULL)
    for (guint i = 0; i < SILENT_TURNS; i++)
      pass_turn (c);
  else
    while (g_get_monotonic_time () < end)
      pass_turn (c);
}

static void
wait_told (Case *c, const char *what)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_US;

  while (strstr (c->told->str, what) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      pass_turn (c);
    }
}

static void
answer_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  g_set_object (&answer->result, result);
  answer->answers++;
}

static GAsyncResult *
wait_answer (Answer *answer)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  guint wake = g_timeout_add (250, wake_cb, NULL);

  while (answer->answers == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);
  g_assert_cmpuint (answer->answers, ==, 1);

  return answer->result;
}

static gboolean
can (Case *c, TempoSourceAbilities abilities)
{
  return (c->with->abilities & abilities) == abilities;
}

/* Begins the asynchronous call number @which, of four. */
#define CALLS 4
static void
begin_call (Case *c, guint which, GCancellable *cancellable, Answer *answer)
{
  switch (which)
    {
    case 0: tempo_source_search_async (c->source, c->with->query ? c->with->query : "one", 5, cancellable, answer_cb, answer); break;
    case 1: tempo_source_artwork_async (c->source, "../../etc/passwd", cancellable, answer_cb, answer); break;
    case 2: tempo_source_list_playlists_async (c->source, cancellable, answer_cb, answer); break;
    default: tempo_source_command_async (c->source, TEMPO_SOURCE_RESUME, 0, cancellable, answer_cb, answer); break;
    }
}

static gboolean
finish_call (Case *c, guint which, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GBytes) picture = NULL;

  switch (which)
    {
    case 0: list = tempo_source_search_finish (c->source, result, error); return list != NULL;
    case 1: picture = tempo_source_artwork_finish (c->source, result, NULL, error); return picture != NULL;
    case 2: list = tempo_source_list_playlists_finish (c->source, result, error); return list != NULL;
    default: return tempo_source_command_finish (c->source, result, error);
    }
}

static const TempoSourceAbilities needed[CALLS] = { TEMPO_SOURCE_SEARCH, TEMPO_SOURCE_ARTWORK, TEMPO_SOURCE_PLAYLISTS, TEMPO_SOURCE_TRANSPORT };

static gboolean
ask_command (Case *c, TempoSourceCommand command, double value, GError **error)
{
  Answer answer = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  tempo_source_command_async (c->source, command, value, NULL, answer_cb, &answer);
  g_assert_cmpuint (answer.answers, ==, 0);
  result = wait_answer (&answer);

  return tempo_source_command_finish (c->source, result, error);
}

static GPtrArray *
search (Case *c, const char *query)
{
  Answer answer = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *songs;

  tempo_source_search_async (c->source, query, 5, NULL, answer_cb, &answer);
  result = wait_answer (&answer);
  songs = tempo_source_search_finish (c->source, result, &error);
  g_assert_no_error (error);

  return songs;
}

/* Begins the house's song and waits until it sounds. */
static void
begin_song (Case *c)
{
  g_autoptr (GPtrArray) songs = search (c, c->with->query);

  g_assert_cmpuint (songs->len, >=, 1);
  g_string_truncate (c->told, 0);
  tempo_source_play (c->source, songs->pdata[0], 0);
  g_assert_cmpstr (c->told->str, ==, "");
  wait_told (c, "started");
}

/* The behaviours */

/* What a source says it can do is so, and what it says it cannot does nothing or says so. */
static void
check_abilities (Case *c)
{
  static const TempoSourceCommand commands[] = { TEMPO_SOURCE_PAUSE, TEMPO_SOURCE_RESUME, TEMPO_SOURCE_SEEK, TEMPO_SOURCE_SET_VOLUME };
  g_autoptr (TempoSong) song = tempo_song_new ("nobody:1", "Nobody's", "Nobody");

  g_assert_cmpuint (tempo_source_get_abilities (c->source), ==, c->with->abilities);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (GError) error = NULL;

      if (can (c, commands[i] == TEMPO_SOURCE_SET_VOLUME ? TEMPO_SOURCE_VOLUME : TEMPO_SOURCE_TRANSPORT))
        continue;
      g_assert_false (ask_command (c, commands[i], 0, &error));
      g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE);
    }
  if (!can (c, TEMPO_SOURCE_PLAY))
    {
      tempo_source_play (c->source, song, 0);
      tempo_source_stop (c->source);
    }
  if (!can (c, TEMPO_SOURCE_HAND_OVER))
    {
      g_assert_false (tempo_source_hand_over (c->source, song));
      g_assert_false (tempo_source_take_back (c->source));
    }
  if (!can (c, TEMPO_SOURCE_FILLER))
    g_assert_null (tempo_source_next_filler (c->source));
  if (!can (c, TEMPO_SOURCE_NOW_PLAYING))
    g_assert_null (tempo_source_dup_playing (c->source));
  if (!can (c, TEMPO_SOURCE_PLAYLISTS))
    tempo_source_set_filler_playlist (c->source, "nobody:1");
  for (guint i = 0; i < 10; i++)
    pass_turn (c);
  g_assert_cmpstr (c->told->str, ==, "");
  g_assert_cmpuint (tempo_source_get_abilities (c->source), ==, c->with->abilities);
}

/* No answer comes inside the call, each comes once, and without the ability it is a refusal. */
static void
check_answers (Case *c)
{
  for (guint i = 0; i < CALLS; i++)
    {
      Answer answer = { NULL };
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      gboolean done;

      begin_call (c, i, NULL, &answer);
      g_assert_cmpuint (answer.answers, ==, 0);
      result = wait_answer (&answer);
      done = finish_call (c, i, result, &error);
      g_test_message ("call %u: %s", i, done ? "done" : error->message);
      g_assert_true (done == (error == NULL));
      if (error != NULL)
        g_assert_true (error->domain == TEMPO_SOURCE_ERROR);
      if (!can (c, needed[i]))
        g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE);
      else if (i == 1)
        g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND);
      else
        g_assert_true (i == 3 || done);
    }
}

static void
check_cancel (Case *c)
{
  for (guint i = 0; i < CALLS; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Answer answer = { NULL };
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      begin_call (c, i, cancellable, &answer);
      g_cancellable_cancel (cancellable);
      g_assert_cmpuint (answer.answers, ==, 0);
      result = wait_answer (&answer);
      g_assert_false (finish_call (c, i, result, &error));
      g_test_message ("call %u: %s", i, error->message);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

static gboolean
is_known_code (const char *code)
{
  static const char *const codes[] = { "ready", "connecting", "idle", "disconnected", "needs_sign_in", "limited", "no_device", "unreachable", "gone",
                                       "premium_required", "not_allowed", "restricted", "bad_password", "no_output", NULL };

  return g_strv_contains (codes, code);
}

/* Ready says nothing more; whatever else is a known word and a sentence. */
static void
check_status (Case *c)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  TempoSourceStatus status;

  tempo_source_get_status (c->source, &status);
  g_assert_cmpint (status.health, ==, TEMPO_SOURCE_READY);
  g_assert_true (is_known_code (status.code));
  g_assert_cmpstr (status.text, ==, "");
  if (c->with->lose == NULL)
    return;

  c->with->lose (c->house);
  while (tempo_source_get_health (c->source, NULL) == TEMPO_SOURCE_READY)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      pass_turn (c);
    }
  tempo_source_get_status (c->source, &status);
  g_test_message ("%s: %s", status.code, status.text);
  g_assert_cmpint (status.health, ==, tempo_source_get_health (c->source, NULL));
  g_assert_true (is_known_code (status.code));
  g_assert_cmpstr (status.code, !=, "ready");
  g_assert_cmpstr (status.text, !=, "");
}

static gboolean
moves (Case *c)
{
  g_autoptr (TempoNowPlaying) now = tempo_source_dup_playing (c->source);

  return can (c, TEMPO_SOURCE_PLAY) || (now != NULL && now->playing);
}

/* Where it is grows by itself while it sounds. */
static void
check_position (Case *c)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  gint64 before;

  if (can (c, TEMPO_SOURCE_PLAY))
    {
      g_assert_cmpint (tempo_source_get_position (c->source), ==, 0);
      begin_song (c);
    }
  if (!moves (c))
    {
      g_assert_cmpint (tempo_source_get_position (c->source), ==, 0);
      return;
    }
  before = tempo_source_get_position (c->source);
  g_assert_cmpint (before, >=, 0);
  while (tempo_source_get_position (c->source) < before + 100)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      pass_turn (c);
    }
}

static void
check_plays (Case *c)
{
  if (!can (c, TEMPO_SOURCE_PLAY))
    return;

  begin_song (c);
  wait_told (c, "ended");
  g_assert_cmpstr (c->told->str, ==, "started ended ");
}

/* The one who asks for silence knows that the song is over. */
static void
check_stop (Case *c)
{
  if (!can (c, TEMPO_SOURCE_PLAY))
    return;

  begin_song (c);
  tempo_source_stop (c->source);
  pass_silence (c);
  g_assert_cmpstr (c->told->str, ==, "started ");
  g_assert_cmpint (tempo_source_get_position (c->source), ==, 0);
  /* Nothing to stop, and before anything sounds. */
  begin_song (c);
  wait_told (c, "ended");
  tempo_source_stop (c->source);
  tempo_source_stop (c->source);
  pass_turn (c);
  g_assert_cmpstr (c->told->str, ==, "started ended ");
}

/* Ids come from guests' browsers. */
static void
check_unknown (Case *c)
{
  static const char *const ids[] = { "", "x", ":", "library:", "mpd:", "mpd:../../x", "spotify:track:", "spotify:track:zzzz",
                                     "mpris:1", "\xff\xfe", "'; DROP TABLE song; --" };
  g_autofree char *endless = g_strnfill (100000, 'a');

  g_assert_null (tempo_source_lookup (c->source, NULL));
  g_assert_null (tempo_source_lookup (c->source, endless));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_null (tempo_source_lookup (c->source, ids[i]));
  g_assert_null (tempo_source_match (c->source, "Nobody", "Nothing at all"));
  g_assert_null (tempo_source_match (c->source, NULL, ""));
}

static void
check_nothing (Case *c)
{
  static const char *const queries[] = { NULL, "", "   ", "\t\n" };

  if (!can (c, TEMPO_SOURCE_SEARCH))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GPtrArray) songs = search (c, queries[i]);

      g_assert_cmpuint (songs->len, ==, 0);
    }
}

/* Too loud is as loud as it goes, or refused. */
static void
check_volume (Case *c)
{
  static const double asked[] = { -1, 2, 1e300, -INFINITY, INFINITY };

  if (can (c, TEMPO_SOURCE_PLAY))
    begin_song (c);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError) error = NULL;

      tempo_source_set_volume (c->source, asked[i]);
      if (ask_command (c, TEMPO_SOURCE_SET_VOLUME, asked[i], &error))
        g_assert_true (can (c, TEMPO_SOURCE_VOLUME));
      else
        g_assert_true (error->domain == TEMPO_SOURCE_ERROR);
      if (error == NULL && c->with->get_volume != NULL)
        g_assert_cmpfloat_with_epsilon (c->with->get_volume (c->house), asked[i] < 0 ? 0 : 1, 0.001);
    }
}

/* Let go of in the middle of everything: every answer comes once, nothing is left, nothing is told. */
static void
check_goes (Case *c)
{
  Answer answers[CALLS] = { { NULL } };
  gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  TempoSource *gone;
  guint count = 0;

  if (can (c, TEMPO_SOURCE_PLAY))
    begin_song (c);
  for (guint i = 0; i < CALLS; i++)
    begin_call (c, i, NULL, &answers[i]);
  gone = c->source;
  g_object_add_weak_pointer (G_OBJECT (gone), (gpointer *) &gone);
  g_clear_object (&c->source);
  while (gone != NULL || count < CALLS)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      pass_turn (c);
      count = 0;
      for (guint i = 0; i < CALLS; i++)
        {
          count += answers[i].answers;
          /* The result itself holds the source. */
          g_clear_object (&answers[i].result);
        }
    }
  g_string_truncate (c->told, 0);
  for (guint i = 0; i < 10; i++)
    pass_turn (c);
  g_assert_cmpstr (c->told->str, ==, "");
  for (guint i = 0; i < CALLS; i++)
    g_assert_cmpuint (answers[i].answers, ==, 1);
}

static const struct
{
  const char *name;
  void (*check) (Case *c);
} behaviours[] = {
  { "abilities", check_abilities },
  { "answers", check_answers },
  { "cancel", check_cancel },
  { "status", check_status },
  { "position", check_position },
  { "plays", check_plays },
  { "stop", check_stop },
  { "unknown", check_unknown },
  { "nothing", check_nothing },
  { "volume", check_volume },
  { "goes", check_goes },
};

static void
test_behaviour (gconstpointer data)
{
  guint number = GPOINTER_TO_UINT (data);
  Case c = { .with = adapters[number / G_N_ELEMENTS (behaviours)], .told = g_string_new (NULL) };

  c.house = c.with->open (&c.source);
  g_signal_connect_swapped (c.source, "started", G_CALLBACK (started_cb), &c);
  g_signal_connect_swapped (c.source, "ended", G_CALLBACK (ended_cb), &c);
  g_signal_connect_swapped (c.source, "failed", G_CALLBACK (failed_cb), &c);
  g_signal_connect_swapped (c.source, "advanced", G_CALLBACK (advanced_cb), &c);
  g_signal_connect_swapped (c.source, "displaced", G_CALLBACK (displaced_cb), &c);
  behaviours[number % G_N_ELEMENTS (behaviours)].check (&c);
  if (c.source != NULL)
    g_signal_handlers_disconnect_by_data (c.source, &c);
  g_clear_object (&c.source);
  c.with->close (c.house);
  g_string_free (c.told, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (adapters); i++)
    for (guint j = 0; j < G_N_ELEMENTS (behaviours); j++)
      {
        g_autofree char *path = g_strdup_printf ("/conformance/%s/%s", adapters[i]->name, behaviours[j].name);

        g_test_add_data_func (path, GUINT_TO_POINTER (i * G_N_ELEMENTS (behaviours) + j), test_behaviour);
      }

  return g_test_run ();
}
