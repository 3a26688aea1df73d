/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules that depend on time: each as a story, told step by step with the clock in the test's hand. */
#include "fixture.h"

#define MAX_STEPS 14

/* "30 ann s1 ok" … : seconds from the start, who, what, and the answer: ok, merged, or the refusal's code;
 * "@" steps are the house's: "@end" ends the song, "@decline s1", "@withdraw ann s1", "@restart", "@tick",
 * "@rules {…}", "@approve s1". Behind a refusal: until= and since= in seconds from the start, count=, subject=. */
typedef struct
{
  const char *name;
  const char *rules;
  const char *steps[MAX_STEPS];
} Story;

static const Story stories[] = {
  { "waiting-at-once", "{\"perGuest\":2}",
    { "0 ann s1 ok", "0 ann s2 ok", "1 ann s3 limit count=2", "2 @decline s1", "3 ann s3 ok", "4 ann s4 limit",
      "5 @withdraw ann s2", "6 ann s4 ok", "7 @restart", "8 ann s5 limit count=2", NULL } },
  { "waiting-until-played", "{\"perGuest\":1,\"approval\":false}",
    { "0 max s9 ok", "0 ann s1 ok", "1 ann s2 limit", "200 @end", "200 ann s2 ok", "201 ann s3 limit", NULL } },
  { "window", "{\"perGuest\":2,\"perGuestWindowMinutes\":10}",
    { "0 ann s1 ok", "60 ann s2 ok", "61 ann s3 limit until=600 count=2", "599 ann s3 limit until=600", "600 ann s3 ok",
      "601 ann s4 limit until=660", "660 ann s4 ok", "661 max s5 ok", NULL } },
  { "window-survives-restart", "{\"perGuest\":1,\"perGuestWindowMinutes\":10}",
    { "0 ann s1 ok", "300 @restart", "301 ann s2 limit until=600", "600 ann s2 ok", NULL } },
  { "window-counts-played", "{\"perGuest\":1,\"perGuestWindowMinutes\":10,\"approval\":false}",
    { "0 ann s1 ok", "200 @end", "201 ann s2 limit until=600", "600 ann s2 ok", NULL } },
  { "window-spares-declined", "{\"perGuest\":1,\"perGuestWindowMinutes\":10}",
    { "0 ann s1 ok", "1 @decline s1", "2 ann s2 ok", "3 @withdraw ann s2", "4 ann s3 ok", "5 ann s4 limit until=604",
      NULL } },
  { "window-lowered", "{\"perGuest\":3,\"perGuestWindowMinutes\":10}",
    { "0 ann s1 ok", "10 ann s2 ok", "20 ann s3 ok", "21 @rules {\"perGuest\":1}", "22 ann s4 limit until=620 count=1",
      "620 ann s4 ok", NULL } },
  { "cooldown", "{\"cooldownSeconds\":90}",
    { "0 ann s1 ok", "30 ann s2 cooldown until=90", "89 ann s2 cooldown until=90", "90 ann s2 ok",
      "91 ann s3 cooldown until=180", "92 max s3 ok", NULL } },
  { "cooldown-restart", "{\"cooldownSeconds\":90}",
    { "0 ann s1 ok", "30 @restart", "31 ann s2 cooldown until=90", "90 ann s2 ok", NULL } },
  { "cooldown-spares-withdrawn", "{\"cooldownSeconds\":90}",
    { "0 ann s1 ok", "1 @withdraw ann s1", "2 ann s2 ok", "3 ann s3 cooldown until=92", NULL } },
  { "cooldown-counts-declined", "{\"cooldownSeconds\":90}",
    { "0 ann s1 ok", "1 @decline s1", "2 ann s2 cooldown until=90", NULL } },
  { "cooldown-spares-votes", "{\"cooldownSeconds\":90}",
    { "0 max s1 ok", "0 ann s2 ok", "1 ann s1 merged", "2 ann s3 cooldown until=90", NULL } },
  { "limit-before-cooldown", "{\"perGuest\":1,\"cooldownSeconds\":90}",
    { "0 ann s1 ok", "1 ann s2 limit count=1", "100 @decline s1", "100 ann s2 ok", NULL } },
  { "no-repeat", "{\"noRepeatMinutes\":60,\"approval\":false}",
    { "0 ann s1 ok", "10 max s1 duplicate", "200 @end", "300 max s1 played_recently since=0 until=3600",
      "3599 max s1 played_recently since=0 until=3600", "3600 max s1 ok", NULL } },
  { "no-repeat-restart", "{\"noRepeatMinutes\":60,\"approval\":false}",
    { "0 ann s1 ok", "200 @end", "201 @restart", "300 max s1 played_recently since=0 until=3600", "3600 max s1 ok", NULL } },
  { "no-repeat-off", "{\"noRepeatMinutes\":0,\"approval\":false}", { "0 ann s1 ok", "200 @end", "201 max s1 ok", NULL } },
  { "no-repeat-spares-declined", "{\"noRepeatMinutes\":60}", { "0 ann s1 ok", "1 @decline s1", "2 max s1 ok", NULL } },
  { "no-repeat-is-changed", "{\"noRepeatMinutes\":60,\"approval\":false}",
    { "0 ann s1 ok", "200 @end", "201 @rules {\"noRepeatMinutes\":5}", "299 max s1 played_recently until=300", "300 max s1 ok",
      NULL } },
  { "duplicate-own", "{}", { "0 ann s1 ok", "60 ann s1 duplicate since=0", NULL } },
  { "duplicate-place", "{\"duplicates\":\"refuse\",\"approval\":false}",
    { "0 ann s1 ok", "1 max s2 ok", "2 eva s3 ok", "3 zoe s3 duplicate since=2 count=2", NULL } },
  { "duplicate-playing", "{\"approval\":false}", { "0 ann s1 ok", "1 max s1 duplicate since=0", NULL } },
  { "duplicate-votes-off", "{\"votes\":false}", { "0 ann s1 ok", "1 max s1 duplicate since=0", NULL } },
  { "merged-vote-twice", "{}", { "0 ann s1 ok", "1 max s1 merged", "2 max s1 merged", NULL } },
  { "explicit-switched", "{}",
    { "0 ann x1 ok", "1 @rules {\"allowExplicit\":false}", "2 ann x2 explicit", "3 ann s2 ok",
      "4 @rules {\"allowExplicit\":true}", "5 max x2 ok", NULL } },
  { "blocked-word", "{\"blocked\":[\"ARTIST s7\",\"Title s8\"]}",
    { "0 ann s7 blocked", "1 ann s8 blocked", "2 ann s9 ok", "3 @rules {\"blocked\":[]}", "4 ann s7 ok", NULL } },
  { "too-long", "{\"maxDurationSeconds\":199}",
    { "0 ann s1 too_long count=199", "1 ann l1 too_long count=199", "2 @rules {\"maxDurationSeconds\":200}", "3 ann s1 ok",
      "4 ann l1 too_long count=200", "5 @rules {\"maxDurationSeconds\":0}", "6 ann l1 ok", NULL } },
  { "full", "{\"maxQueue\":2}",
    { "0 ann s1 ok", "1 max s2 ok", "2 eva s3 full count=2", "3 eva s2 merged", "4 @decline s1", "5 eva s3 ok",
      "6 zoe s4 full count=2", NULL } },
  { "full-counts-what-waits", "{\"maxQueue\":1,\"approval\":false}",
    { "0 ann s1 ok", "1 max s2 ok", "2 eva s3 full count=1", "200 @end", "201 eva s3 ok", NULL } },
  { "order-of-answers", "{\"perGuest\":1,\"allowExplicit\":false,\"maxQueue\":1}",
    { "0 ann s1 ok", "1 ann x1 explicit", "2 ann s2 limit", "3 max s2 full", "4 max s1 merged", "5 max zzz no_song", NULL } },
};

typedef struct
{
  const char *song;
  char *id;
} Find;

static void
find_newest (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  Find *find = data;
  GHashTableIter iter;
  gpointer slot;
  gint64 newest = -1;

  g_hash_table_iter_init (&iter, room->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    {
      TempoRequest *request = ((TempoSlot *) slot)->request;

      if (g_strcmp0 (request->song->id, find->song) != 0 || request->created_at <= newest)
        continue;
      newest = request->created_at;
      g_clear_pointer (&find->id, g_free);
      find->id = g_strdup (request->id);
    }
}

static char *
request_of (Fixture *f,
            const char *song)
{
  Find find = { song, NULL };

  fixture_settle (f);
  fixture_on_engine (f, find_newest, &find);
  g_assert_nonnull (find.id);

  return find.id;
}

static void
check_detail (const GError *error,
              const char *word)
{
  const TempoRefusalDetail *detail = tempo_refusal_detail (error);
  const char *value = strchr (word, '=');
  gint64 seconds = g_ascii_strtoll (value + 1, NULL, 10);

  if (g_str_has_prefix (word, "until="))
    g_assert_cmpint ((detail->until - FIXTURE_NOW) / G_USEC_PER_SEC, ==, seconds);
  else if (g_str_has_prefix (word, "since="))
    g_assert_cmpint ((detail->since - FIXTURE_NOW) / G_USEC_PER_SEC, ==, seconds);
  else
    g_assert_cmpuint (detail->count, ==, seconds);
}

static void
act_as_house (Fixture *f,
              char **words)
{
  if (g_str_equal (words[1], "@end"))
    {
      fixture_end_song (f);
    }
  else if (g_str_equal (words[1], "@restart"))
    {
      fixture_restart (f);
    }
  else if (g_str_equal (words[1], "@rules"))
    {
      fixture_rules (f, words[2]);
    }
  else if (g_str_equal (words[1], "@decline"))
    {
      g_autofree char *id = request_of (f, words[2]);

      fixture_act (f, TEMPO_ACTION_DECLINE, id);
    }
  else
    {
      TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_WITHDRAW, words[2]);

      g_assert_cmpstr (words[1], ==, "@withdraw");
      command->request_id = request_of (f, words[3]);
      tempo_outcome_unref (fixture_do (f, command));
    }
}

static void
ask (Fixture *f,
     char **words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = fixture_ask_full (f, words[1], words[2], &error);

  if (g_str_equal (words[3], "ok") || g_str_equal (words[3], "merged"))
    {
      g_assert_no_error (error);
      g_assert_cmpint (outcome->merged, ==, g_str_equal (words[3], "merged"));
      return;
    }

  g_assert_null (outcome);
  g_assert_true (error->domain == TEMPO_REFUSAL);
  g_assert_cmpstr (tempo_refusal_code (error->code), ==, words[3]);
  for (guint i = 4; words[i] != NULL; i++)
    check_detail (error, words[i]);
}

static void
test_story (gconstpointer data)
{
  const Story *story = data;
  Fixture f = { 0 };

  fixture_set_up (&f, story->rules);
  for (guint i = 0; story->steps[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (story->steps[i], " ", -1);
      gint64 at = FIXTURE_NOW + g_ascii_strtoll (words[0], NULL, 10) * G_USEC_PER_SEC;

      g_test_message ("%s", story->steps[i]);
      tempo_clock_advance (f.clock, at - tempo_clock_now (f.clock));
      if (*words[1] == '@')
        act_as_house (&f, words);
      else
        ask (&f, words);
    }
  fixture_tear_down (&f);
}

static TempoCommand *
guest_command (Fixture *f,
               TempoAction action,
               const char *digest,
               gint64 until)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM base_guest WHERE token_digest = '%s'", digest);
  TempoCommand *command = fixture_command (f, action);

  fixture_settle (f);
  command->guest_id = fixture_sql (f, NULL, sql);
  command->number = until;

  return command;
}

/* Mute and ban for a time: refused until then and not longer, over a restart, and lifted before by hand. */
static void
test_silenced (gconstpointer data)
{
  gboolean ban = GPOINTER_TO_INT (data);
  TempoAction action = ban ? TEMPO_ACTION_GUEST_BAN : TEMPO_ACTION_GUEST_MUTE;
  TempoRefusal refusal = ban ? TEMPO_REFUSAL_BANNED : TEMPO_REFUSAL_MUTED;
  gint64 until = FIXTURE_NOW + 30 * G_TIME_SPAN_MINUTE;
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL;
  TempoCommand *vote;

  fixture_set_up (&f, "{\"perGuest\":0}");
  a = fixture_ask (&f, "max", "s1");
  b = fixture_ask (&f, "ann", "s2");
  tempo_outcome_unref (fixture_do (&f, guest_command (&f, action, "ann", until)));
  g_assert_cmpint (fixture_status (&f, b), ==, ban ? TEMPO_REQUEST_DECLINED : TEMPO_REQUEST_PENDING);
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_PENDING);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (fixture_ask_full (&f, "ann", "s3", &error));
      g_assert_error (error, TEMPO_REFUSAL, (int) refusal);
      g_assert_cmpint (tempo_refusal_detail (error)->until, ==, until);
      /* Neither may it vote. */
      vote = fixture_guest_command (&f, TEMPO_ACTION_VOTE, "ann");
      vote->request_id = g_strdup (a);
      fixture_refuse (&f, vote, refusal);
      g_free (fixture_ask (&f, "eva", i == 0 ? "s4" : "s5"));
      fixture_restart (&f);
      tempo_clock_advance (f.clock, 29 * G_TIME_SPAN_MINUTE + 59 * G_TIME_SPAN_SECOND - i * 29 * G_TIME_SPAN_MINUTE
                           - i * 59 * G_TIME_SPAN_SECOND);
    }
  tempo_clock_advance (f.clock, G_TIME_SPAN_SECOND);
  g_free (fixture_ask (&f, "ann", "s6"));

  tempo_outcome_unref (fixture_do (&f, guest_command (&f, action, "ann", G_MAXINT64)));
  tempo_clock_advance (f.clock, 1000 * G_TIME_SPAN_DAY);
  fixture_refuse (&f, fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann"), refusal);
  tempo_outcome_unref (fixture_do (&f, guest_command (&f, action, "ann", 0)));
  g_free (fixture_ask (&f, "ann", "s7"));
  fixture_check_sql (&f, ban ? "SELECT after FROM base_audit WHERE action = 'guest_ban' AND object_kind = 'guest' ORDER BY seq"
                             : "SELECT after FROM base_audit WHERE action = 'guest_mute' ORDER BY seq",
                     "2025-11-20T21:30:00.000Z until lifted lifted");
  fixture_tear_down (&f);
}

/* On hold over a restart: still passed over, still there, and free again in its old place. */
static void
test_held (void)
{
  Fixture f = { 0 };
  g_autofree char *held = NULL, *again = NULL, *freed = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{\"approval\":false,\"perGuest\":0}");
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *guest = g_strdup_printf ("guest%u", i);
      g_autofree char *song = g_strdup_printf ("s%u", i);

      g_free (fixture_ask (&f, guest, song));
      tempo_clock_advance (f.clock, G_USEC_PER_SEC);
    }
  command = guest_command (&f, TEMPO_ACTION_GUEST_HOLD, "guest1", 0);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));
  held = fixture_queue (&f);
  g_assert_cmpstr (held, ==, "s2 s3 s1");
  fixture_restart (&f);
  again = fixture_queue (&f);
  g_assert_cmpstr (again, ==, "s2 s3 s1");
  tempo_outcome_unref (fixture_do (&f, guest_command (&f, TEMPO_ACTION_GUEST_HOLD, "guest1", 0)));
  freed = fixture_queue (&f);
  /* s2 was promised to come next. */
  g_assert_cmpstr (freed, ==, "s2 s1 s3");
  fixture_tear_down (&f);
}

/* The last call: told before, closes on time whoever looks, over a restart, and the clock may jump. */
static void
test_last_call (void)
{
  gint64 at = FIXTURE_NOW + 20 * G_TIME_SPAN_MINUTE;
  Fixture f = { 0 };
  g_autofree char *a = NULL;
  TempoCommand *command, *vote;

  fixture_set_up (&f, "{\"approval\":false}");
  a = fixture_ask (&f, "ann", "s1");
  g_free (fixture_ask (&f, "max", "s2"));
  command = fixture_command (&f, TEMPO_ACTION_SWITCH);
  command->number = at;
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));
  {
    g_autoptr (JsonObject) state = fixture_state (&f, NULL);

    g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (state, "event"), "lastCallAt"), ==,
                     "2025-11-20T21:20:00.000Z");
  }
  tempo_clock_advance (f.clock, 20 * G_TIME_SPAN_MINUTE - 1);
  fixture_tick (&f);
  g_free (fixture_ask (&f, "eva", "s3"));
  fixture_stop (&f);
  tempo_clock_advance (f.clock, 3 * G_TIME_SPAN_HOUR);
  fixture_start (&f);
  fixture_tick (&f);
  command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "zoe");
  command->song_id = g_strdup ("s4");
  fixture_refuse (&f, command, TEMPO_REFUSAL_CLOSED);
  vote = fixture_guest_command (&f, TEMPO_ACTION_VOTE, "zoe");
  vote->request_id = g_strdup (a);
  fixture_refuse (&f, vote, TEMPO_REFUSAL_CLOSED);
  /* What waits is still played; staff still add; once is enough in the log. */
  fixture_tick (&f);
  fixture_end_song (&f);
  command = fixture_command (&f, TEMPO_ACTION_SUBMIT);
  command->song_id = g_strdup ("s5");
  tempo_outcome_unref (fixture_do (&f, command));
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE action = 'switch' AND reason = 'last_call'", "1");
  fixture_tear_down (&f);
}

/* A great many songs wait when the night ends, or are let in at once: it takes time in proportion, not squared. */
static void
test_many (void)
{
  enum { N = 1500 };
  Fixture f = { 0 };
  g_autoptr (TempoOutcome) approved = NULL, ended = NULL;
  gint64 start;

  fixture_set_up (&f, "{\"perGuest\":0,\"maxQueue\":0}");
  for (guint i = 0; i < N; i++)
    {
      g_autoptr (TempoCommand) command = fixture_command (&f, TEMPO_ACTION_SUBMIT);
      g_autoptr (TempoActor) guest = NULL;
      g_autofree char *digest = g_strdup_printf ("guest%u", i % 100);

      guest = tempo_actor_new_guest (digest, NULL, NULL, NULL);
      g_clear_pointer (&command->actor, tempo_actor_unref);
      command->actor = tempo_actor_ref (guest);
      command->song_id = g_strdup_printf ("s%u", i);
      tempo_host_execute_async (f.host, command, NULL, NULL, NULL);
    }
  fixture_settle (&f);
  while (TRUE)
    {
      g_autofree char *n = fixture_sql (&f, NULL, "SELECT count(*) FROM base_request");

      if (atoi (n) == N)
        break;
      fixture_settle (&f);
    }
  start = g_get_monotonic_time ();
  approved = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_APPROVE));
  g_test_message ("approve all: %.1f ms", (g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpuint (approved->count, ==, N);
  start = g_get_monotonic_time ();
  ended = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END));
  g_test_message ("event end: %.1f ms", (g_get_monotonic_time () - start) / 1000.0);
  /* The one that sounds goes on. */
  g_assert_cmpuint (ended->count, ==, N - 1);
  fixture_check_sql (&f, "SELECT count(*) FROM base_request WHERE status = 'expired' AND reason_code = 'event_ended'"
                         " AND ended_at > 0", "1499");
  fixture_check_sql (&f, "SELECT after FROM base_audit WHERE action = 'expire'", "1499");
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE action = 'approve'", "1500");
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strconcat ("/venue/limits/", stories[i].name, NULL);

      g_test_add_data_func (path, &stories[i], test_story);
    }
  g_test_add_data_func ("/venue/limits/muted", GINT_TO_POINTER (FALSE), test_silenced);
  g_test_add_data_func ("/venue/limits/banned", GINT_TO_POINTER (TRUE), test_silenced);
  g_test_add_func ("/venue/limits/held", test_held);
  g_test_add_func ("/venue/limits/last-call", test_last_call);
  g_test_add_func ("/venue/limits/many", test_many);

  return g_test_run ();
}
