/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences and closures, without a display. */
#include <stdio.h>

#include "base/tempo-clock.h"
#include "model/tempo-refusal.h"
#include "panel/common/tempo-words.h"
#include "panel/setup/tempo-music-count.h"
#include "store/tempo-store.h"

#define MINUTE (60 * (gint64) G_USEC_PER_SEC)

static void
test_length (void)
{
  static const struct
  {
    gint64 ms;
    const char *text;
  } cases[] = {
    { 0, "" }, { -5, "" }, { 999, "0:00" }, { 1000, "0:01" }, { 225000, "3:45" }, { 3599999, "59:59" }, { 3723000, "1:02:03" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = tempo_words_length (cases[i].ms);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_eta (void)
{
  static const struct
  {
    int seconds;
    const char *text;
    const char *brief;
  } cases[] = {
    { -1, "", "" },
    { 0, "in a moment", "in a moment" },
    { 29, "in a moment", "in a moment" },
    { 31, "in about 1 minute", "~1 min" },
    { 840, "in about 14 minutes", "~14 min" },
    { 7200, "in about 2 hours", "~120 min" },
    { 10000, "in about 3 hours", "~167 min" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = tempo_words_eta (cases[i].seconds);
      g_autofree char *brief = tempo_words_eta_short (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (brief, ==, cases[i].brief);
    }
}

static void
test_times (void)
{
  const gint64 now = G_GINT64_CONSTANT (1795214820000000);
  g_autofree char *clock = tempo_words_clock (now);
  g_autofree char *never = tempo_words_clock (0);
  g_autofree char *just = tempo_words_ago (now - MINUTE / 2, now);
  g_autofree char *some = tempo_words_ago (now - 4 * MINUTE, now);
  g_autofree char *old = tempo_words_ago (now - 95 * MINUTE, now);
  g_autofree char *none = tempo_words_ago (0, now);

  g_assert_cmpstr (clock, ==, "22:47");
  g_assert_cmpstr (never, ==, "");
  g_assert_cmpstr (just, ==, "just now");
  g_assert_cmpstr (some, ==, "4 min ago");
  g_assert_cmpstr (old, ==, "at 21:12");
  g_assert_cmpstr (none, ==, "");
}

/* No value of an enum is without words. */
static void
test_complete (void)
{
  for (int i = TEMPO_REQUEST_PENDING; i <= TEMPO_REQUEST_FAILED; i++)
    g_assert_cmpstr (tempo_words_status (i), !=, "");
  for (int i = TEMPO_SWITCH_OPEN; i <= TEMPO_SWITCH_CLOSED; i++)
    {
      g_assert_cmpstr (tempo_words_switch (i), !=, "");
      g_assert_cmpstr (tempo_words_switch_detail (i), !=, "");
    }
  for (int i = TEMPO_PLACE_LOCKED; i <= TEMPO_PLACE_HELD; i++)
    {
      g_autofree char *none = tempo_words_place (i, 0, 0);
      g_autofree char *some = tempo_words_place (i, 2, 3);

      g_assert_cmpstr (none, !=, "");
      g_assert_cmpstr (some, !=, "");
    }
  for (guint i = 0; i < 5; i++)
    g_assert_nonnull (tempo_words_reason (tempo_words_reason_code (i)));
  g_assert_null (tempo_words_reason_code (5));
  g_assert_null (tempo_words_reason ("unheard_of"));
}

static void
test_refusals (void)
{
  for (int code = TEMPO_REFUSAL_INVALID; code <= TEMPO_REFUSAL_WEAK_PASSWORD; code++)
    {
      g_autoptr (GError) error = g_error_new (TEMPO_REFUSAL, code, "because");
      g_autofree char *text = tempo_words_refusal (error);

      g_assert_cmpstr (text, !=, "");
    }
  for (int code = TEMPO_STORE_ERROR_BUSY; code <= TEMPO_STORE_ERROR_FAILED; code++)
    {
      g_autoptr (GError) error = g_error_new (TEMPO_STORE_ERROR, code, "SQL said no");
      g_autofree char *text = tempo_words_refusal (error);

      g_assert_null (strstr (text, "SQL"));
    }
}

static void
test_health (void)
{
  static const char *const codes[] = { "address", "backup", "disk", "display", "secrets", "source", "store" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      TempoHealth good = { codes[i], TEMPO_HEALTH_GOOD, (char *) "" };
      TempoHealth bad = { codes[i], TEMPO_HEALTH_BAD, (char *) "english" };
      g_autofree char *well = tempo_words_health (&good);
      g_autofree char *ill = tempo_words_health (&bad);
      const char *action = "left";
      const char *label = tempo_words_health_remedy (codes[i], &action);

      g_assert_cmpstr (well, ==, "Good");
      g_assert_cmpstr (ill, !=, "english");
      g_assert_cmpstr (tempo_words_health_name (codes[i]), !=, codes[i]);
      g_assert_true ((label == NULL) == (action == NULL));
    }
  {
    TempoHealth odd = { "tape", TEMPO_HEALTH_WARNING, (char *) "the tape is torn" };
    g_autofree char *text = tempo_words_health (&odd);

    g_assert_cmpstr (text, ==, "the tape is torn");
    g_assert_cmpstr (tempo_words_health_name ("tape"), ==, "tape");
  }
}

static void
test_done (void)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  g_autoptr (TempoSong) song = tempo_song_new (NULL, "Zombie Walk", "The Cranes");
  g_autoptr (TempoRequest) request = tempo_request_new ("id", song);
  static const struct
  {
    TempoAction action;
    gboolean one;
    guint count;
    const char *text;
  } cases[] = {
    { TEMPO_ACTION_APPROVE, TRUE, 0, "“Zombie Walk” approved" },
    { TEMPO_ACTION_APPROVE, FALSE, 1, "1 request approved" },
    { TEMPO_ACTION_APPROVE, FALSE, 7, "7 requests approved" },
    { TEMPO_ACTION_DECLINE, TRUE, 0, "“Zombie Walk” declined" },
    { TEMPO_ACTION_REMOVE, TRUE, 0, "“Zombie Walk” taken off the list" },
    { TEMPO_ACTION_CLEAR, FALSE, 3, "3 songs taken off the list" },
    { TEMPO_ACTION_SKIP, FALSE, 0, "Song skipped" },
    { TEMPO_ACTION_MOVE, TRUE, 0, NULL },
    { TEMPO_ACTION_VOLUME, FALSE, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoCommand) command = tempo_command_new (cases[i].action, actor, "org", "room");
      TempoOutcome outcome = { .request = cases[i].one ? request : NULL, .count = cases[i].count };
      g_autofree char *text = NULL;

      command->request_id = cases[i].one ? g_strdup ("id") : NULL;
      text = tempo_words_done (command, &outcome);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_song (void)
{
  g_autoptr (TempoSong) full = tempo_song_new (NULL, "Zombie Walk", "The Cranes");
  g_autoptr (TempoSong) bare = tempo_song_new (NULL, "Zombie Walk", NULL);
  g_autofree char *one = tempo_words_song (full);
  g_autofree char *two = tempo_words_song (bare);
  g_autofree char *none = tempo_words_song (NULL);

  g_assert_cmpstr (one, ==, "Zombie Walk · The Cranes");
  g_assert_cmpstr (two, ==, "Zombie Walk");
  g_assert_cmpstr (none, ==, "");
}

static void
test_audio_names (void)
{
  static const struct
  {
    const char *name;
    gboolean audio;
  } cases[] = {
    { "song.mp3", TRUE }, { "SONG.FLAC", TRUE }, { "a.b.Ogg", TRUE }, { "x.opus", TRUE },
    { "cover.jpg", FALSE }, { "mp3", FALSE }, { ".mp3", FALSE }, { "song.mp3.part", FALSE }, { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (tempo_music_is_audio_name (cases[i].name), ==, cases[i].audio);
}

static void
counted_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gssize
count (const char *folder,
       GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_music_count_async (folder, NULL, counted_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return tempo_music_count_finish (result, error);
}

static void
test_count (void)
{
  static const char *const files[] = { "a.mp3", "b.txt", "below/c.flac", "below/deeper/d.ogg" };
  g_autofree char *folder = g_dir_make_tmp ("tempo-count-XXXXXX", NULL);
  g_autofree char *deeper = g_build_filename (folder, "below", "deeper", NULL);
  g_autofree char *below = g_build_filename (folder, "below", NULL);
  g_autofree char *link = g_build_filename (deeper, "round", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "nowhere", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) round = g_file_new_for_path (link);

  g_assert_cmpint (g_mkdir_with_parents (deeper, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
    }
  /* A link back up must not make it walk for ever. */
  g_assert_true (g_file_make_symbolic_link (round, folder, NULL, NULL));
  g_assert_cmpint (count (folder, NULL), ==, 3);
  g_assert_cmpint (count (nowhere, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);

  g_file_delete (round, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_assert_cmpint (remove (path), ==, 0);
    }
  g_assert_cmpint (remove (deeper), ==, 0);
  g_assert_cmpint (remove (below), ==, 0);
  g_assert_cmpint (remove (folder), ==, 0);
}

static void
test_day (void)
{
  static const struct
  {
    const char *then, *now, *says;
  } cases[] = {
    { "2026-11-20T21:00:00Z", "2026-11-20T23:59:59Z", "Today" },
    { "2026-11-20T00:00:00Z", "2026-11-20T00:00:01Z", "Today" },
    /* A clock that was put back. */
    { "2026-11-20T21:00:00Z", "2026-11-20T20:00:00Z", "Today" },
    { "2026-11-21T01:00:00Z", "2026-11-20T20:00:00Z", "Saturday, 21 November" },
    { "2026-11-19T23:59:59Z", "2026-11-20T00:00:01Z", "Yesterday" },
    { "2026-11-19T00:00:00Z", "2026-11-20T23:00:00Z", "Yesterday" },
    { "2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z", "Yesterday" },
    { "2028-02-29T23:00:00Z", "2028-03-01T01:00:00Z", "Yesterday" },
    { "2026-11-18T23:00:00Z", "2026-11-20T01:00:00Z", "Wednesday, 18 November" },
    { "2026-01-05T23:00:00Z", "2026-11-20T01:00:00Z", "Monday, 5 January" },
    { "2025-12-30T23:00:00Z", "2026-01-01T01:00:00Z", "Tuesday, 30 December 2025" },
  };
  g_autofree char *never = tempo_words_day (0, MINUTE);

  g_assert_cmpstr (never, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 then = 0;
      gint64 now = 0;
      g_autofree char *text = NULL;

      g_assert_true (tempo_time_parse (cases[i].then, &then));
      g_assert_true (tempo_time_parse (cases[i].now, &now));
      text = tempo_words_day (then, now);
      g_assert_cmpstr (text, ==, cases[i].says);
    }
}

int
main (int argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/words/length", test_length);
  g_test_add_func ("/panel/words/eta", test_eta);
  g_test_add_func ("/panel/words/times", test_times);
  g_test_add_func ("/panel/words/day", test_day);
  g_test_add_func ("/panel/words/complete", test_complete);
  g_test_add_func ("/panel/words/refusals", test_refusals);
  g_test_add_func ("/panel/words/health", test_health);
  g_test_add_func ("/panel/words/done", test_done);
  g_test_add_func ("/panel/words/song", test_song);
  g_test_add_func ("/panel/setup/audio-names", test_audio_names);
  g_test_add_func ("/panel/setup/count", test_count);
  return g_test_run ();
}
