/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every rule of a night, and the refusal with the figures a helpful sentence needs. */
#include "fixture.h"

/* What was asked before by whom, then the wish that is refused. Songs: s normal, x explicit, l an hour long. */
typedef struct
{
  const char *name;
  const char *rules;
  const char *before[6]; /* "guest song", … */
  const char *guest;
  const char *song;
  int refusal; /* -1: accepted, -2: merged into a vote */
  guint count;
  gint64 until; /* seconds from now, 0 none */
} Case;

static const Case cases[] = {
  { "open", "{}", { NULL }, "ann", "s1", -1, 0, 0 },
  { "per-guest", "{\"perGuest\":2}", { "ann s1", "ann s2", NULL }, "ann", "s3", TEMPO_REFUSAL_LIMIT, 2, 0 },
  { "per-guest-other", "{\"perGuest\":2}", { "ann s1", "ann s2", NULL }, "max", "s3", -1, 0, 0 },
  { "per-guest-eta", "{\"perGuest\":1,\"approval\":false}", { "max s1", "ann s2", NULL }, "ann",
    "s3", TEMPO_REFUSAL_LIMIT, 1, 200 },
  { "window", "{\"perGuest\":2,\"perGuestWindowMinutes\":10}", { "ann s1", "ann s2", NULL }, "ann",
    "s3", TEMPO_REFUSAL_LIMIT, 2, 600 },
  { "unlimited", "{\"perGuest\":0}", { "ann s1", "ann s2", "ann s3", "ann s4", NULL }, "ann", "s5", -1, 0, 0 },
  { "cooldown", "{\"cooldownSeconds\":90}", { "ann s1", NULL }, "ann", "s2", TEMPO_REFUSAL_COOLDOWN, 0, 90 },
  { "cooldown-other", "{\"cooldownSeconds\":90}", { "ann s1", NULL }, "max", "s2", -1, 0, 0 },
  { "duplicate-vote", "{}", { "ann s1", NULL }, "max", "s1", -2, 0, 0 },
  { "duplicate-own", "{}", { "ann s1", NULL }, "ann", "s1", TEMPO_REFUSAL_DUPLICATE, 0, 0 },
  { "duplicate-refuse", "{\"duplicates\":\"refuse\"}", { "ann s1", NULL }, "max", "s1",
    TEMPO_REFUSAL_DUPLICATE, 0, 0 },
  { "duplicate-no-votes", "{\"votes\":false}", { "ann s1", NULL }, "max", "s1", TEMPO_REFUSAL_DUPLICATE, 0, 0 },
  { "duplicate-beats-limit", "{\"perGuest\":1}", { "ann s1", "max s2", NULL }, "ann", "s2", -2, 0, 0 },
  { "explicit", "{\"allowExplicit\":false}", { NULL }, "ann", "x1", TEMPO_REFUSAL_EXPLICIT, 0, 0 },
  { "explicit-allowed", "{}", { NULL }, "ann", "x1", -1, 0, 0 },
  { "blocked", "{\"blocked\":[\"artist s7\"]}", { NULL }, "ann", "s7", TEMPO_REFUSAL_BLOCKED, 0, 0 },
  { "too-long", "{\"maxDurationSeconds\":300}", { NULL }, "ann", "l1", TEMPO_REFUSAL_TOO_LONG, 300, 0 },
  { "full", "{\"maxQueue\":2}", { "ann s1", "max s2", NULL }, "eva", "s3", TEMPO_REFUSAL_FULL, 2, 0 },
  { "no-song", "{}", { NULL }, "ann", "zzz", TEMPO_REFUSAL_NO_SONG, 0, 0 },
};

static void
check_detail (const GError *error,
              const Case *c)
{
  const TempoRefusalDetail *detail = tempo_refusal_detail (error);

  if (c->count > 0)
    g_assert_cmpuint (detail->count, ==, c->count);
  if (c->until > 0)
    g_assert_cmpint ((detail->until - FIXTURE_NOW) / G_USEC_PER_SEC, ==, c->until);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  fixture_set_up (&f, c->rules);
  for (guint i = 0; c->before[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (c->before[i], " ", 2);
      g_autofree char *id = fixture_ask (&f, words[0], words[1]);

      g_assert_nonnull (id);
    }

  outcome = fixture_ask_full (&f, c->guest, c->song, &error);
  if (c->refusal < 0)
    {
      g_assert_no_error (error);
      g_assert_cmpint (outcome->merged, ==, c->refusal == -2);
      g_assert_cmpuint (outcome->request->votes, ==, c->refusal == -2 ? 1 : 0);
    }
  else
    {
      g_assert_error (error, TEMPO_REFUSAL, c->refusal);
      check_detail (error, c);
    }
  fixture_tear_down (&f);
}

static TempoCommand *
switch_command (Fixture *f,
                TempoSwitch state,
                gint64 last_call)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_SWITCH);

  command->switch_state = state;
  command->number = last_call;
  command->flag = last_call > 0;

  return command;
}

static TempoCommand *
wish (Fixture *f,
      const char *guest,
      const char *song)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, guest);

  command->song_id = g_strdup (song);

  return command;
}

static TempoCommand *
vote (Fixture *f,
      const char *guest,
      const char *request_id)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_VOTE, guest);

  command->request_id = g_strdup (request_id);

  return command;
}

static void
test_switch (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL;

  fixture_set_up (&f, "{}");
  id = fixture_ask (&f, "ann", "s1");
  tempo_outcome_unref (fixture_do (&f, switch_command (&f, TEMPO_SWITCH_RESTRICTED, 0)));
  fixture_refuse (&f, wish (&f, "max", "s2"), TEMPO_REFUSAL_RESTRICTED);
  tempo_outcome_unref (fixture_do (&f, vote (&f, "max", id)));
  tempo_outcome_unref (fixture_do (&f, switch_command (&f, TEMPO_SWITCH_CLOSED, 0)));
  fixture_refuse (&f, wish (&f, "max", "s2"), TEMPO_REFUSAL_CLOSED);
  fixture_refuse (&f, vote (&f, "eva", id), TEMPO_REFUSAL_CLOSED);
  tempo_outcome_unref (fixture_do (&f, switch_command (&f, TEMPO_SWITCH_OPEN, 0)));
  tempo_outcome_unref (fixture_do (&f, wish (&f, "max", "s2")));
  fixture_tear_down (&f);
}

/* The last call closes by itself; opening again ends it. */
static void
test_last_call (void)
{
  Fixture f = { 0 };
  g_autoptr (JsonObject) state = NULL;

  fixture_set_up (&f, "{}");
  fixture_refuse (&f, switch_command (&f, TEMPO_SWITCH_OPEN, FIXTURE_NOW - 1), TEMPO_REFUSAL_INVALID);
  tempo_outcome_unref (fixture_do (&f, switch_command (&f, TEMPO_SWITCH_OPEN,
                                                       FIXTURE_NOW + G_TIME_SPAN_MINUTE)));
  fixture_tick (&f);
  tempo_outcome_unref (fixture_do (&f, wish (&f, "max", "s2")));
  fixture_restart (&f);
  tempo_clock_advance (f.clock, G_TIME_SPAN_MINUTE);
  fixture_tick (&f);
  fixture_refuse (&f, wish (&f, "ann", "s1"), TEMPO_REFUSAL_CLOSED);
  state = fixture_state (&f, NULL);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (state, "room"),
                                                  "switch"), ==, "closed");
  tempo_outcome_unref (fixture_do (&f, switch_command (&f, TEMPO_SWITCH_OPEN, 0)));
  fixture_tick (&f);
  tempo_outcome_unref (fixture_do (&f, wish (&f, "ann", "s1")));
  fixture_tear_down (&f);
}

static void
test_votes (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;
  g_autoptr (JsonObject) state = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  id = fixture_ask (&f, "ann", "s1");
  fixture_refuse (&f, vote (&f, "ann", id), TEMPO_REFUSAL_OWN_VOTE);
  fixture_refuse (&f, vote (&f, "max", "nothing"), TEMPO_REFUSAL_NOT_FOUND);
  tempo_outcome_unref (fixture_do (&f, vote (&f, "max", id)));
  outcome = fixture_do (&f, vote (&f, "max", id));
  g_assert_cmpuint (outcome->request->votes, ==, 1);
  state = fixture_state (&f, "max");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "votes")), ==, 1);

  command = fixture_guest_command (&f, TEMPO_ACTION_UNVOTE, "max");
  command->request_id = g_strdup (id);
  g_clear_pointer (&outcome, tempo_outcome_unref);
  outcome = fixture_do (&f, command);
  g_assert_cmpuint (outcome->request->votes, ==, 0);
  fixture_act (&f, TEMPO_ACTION_DECLINE, id);
  fixture_refuse (&f, vote (&f, "max", id), TEMPO_REFUSAL_STATE);
  fixture_tear_down (&f);
}

/* What played, of a guest or of the house, is not played again too soon. */
static void
test_no_repeat (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&f, "{\"approval\":false,\"noRepeatMinutes\":60}");
  id = fixture_ask (&f, "ann", "s1");
  fixture_refuse (&f, wish (&f, "max", "s1"), TEMPO_REFUSAL_DUPLICATE);
  fixture_end_song (&f);
  fixture_restart (&f);
  tempo_clock_advance (f.clock, 10 * G_TIME_SPAN_MINUTE);
  g_assert_null (fixture_ask_full (&f, "max", "s1", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_PLAYED_RECENTLY);
  g_assert_cmpint (tempo_refusal_detail (error)->since, ==, FIXTURE_NOW);
  g_assert_cmpint (tempo_refusal_detail (error)->until, ==, FIXTURE_NOW + 60 * G_TIME_SPAN_MINUTE);
  tempo_clock_advance (f.clock, 50 * G_TIME_SPAN_MINUTE);
  tempo_outcome_unref (fixture_do (&f, wish (&f, "max", "s1")));
  fixture_tear_down (&f);
}

static TempoCommand *
words (Fixture *f,
       const char *title,
       const char *name)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, "ann");

  command->title = g_strdup (title);
  command->name = g_strdup (name);

  return command;
}

/* Typed wishes: the catalogue's song when there is one, else words where words are allowed. */
static void
test_free_text (void)
{
  Fixture f = { 0 };
  g_autofree char *long_name = g_strnfill (TEMPO_REQUEST_MAX_NAME + 1, 'n');
  g_autoptr (TempoOutcome) matched = NULL, typed = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  matched = fixture_do (&f, words (&f, "Title s4", NULL));
  g_assert_cmpstr (matched->request->song->id, ==, "s4");
  fixture_refuse (&f, words (&f, "Something rare", NULL), TEMPO_REFUSAL_FREE_TEXT);
  fixture_refuse (&f, words (&f, " \n ", NULL), TEMPO_REFUSAL_INVALID);
  fixture_refuse (&f, words (&f, "Title s5", long_name), TEMPO_REFUSAL_INVALID);
  command = fixture_command (&f, TEMPO_ACTION_EVENT_RULES);
  command->patch = tempo_json_parse ("{\"freeText\":true}", 17, NULL);
  tempo_outcome_unref (fixture_do (&f, command));
  typed = fixture_do (&f, words (&f, "Something rare", "Ann\nB"));
  g_assert_null (typed->request->song->id);
  g_assert_cmpstr (typed->request->name, ==, "Ann B");
  command = fixture_command (&f, TEMPO_ACTION_EVENT_RULES);
  command->patch = tempo_json_parse ("{\"nonsense\":true}", 17, NULL);
  fixture_refuse (&f, command, TEMPO_REFUSAL_INVALID);
  fixture_tear_down (&f);
}

/* Who may what: guests their own things, members by role, nobody another organization's. */
static void
test_permissions (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoMember) viewer = tempo_member_new ("m1", "viktor", TEMPO_ROLE_VIEWER);
  g_autoptr (TempoMember) other = tempo_member_new ("m2", "otto", TEMPO_ROLE_OWNER);
  g_autoptr (TempoActor) one = NULL, two = NULL;
  g_autofree char *id = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  g_clear_pointer (&viewer->organization_id, g_free);
  g_clear_pointer (&other->organization_id, g_free);
  viewer->organization_id = g_strdup (f.org);
  other->organization_id = g_strdup ("somewhere else");
  one = tempo_actor_new_member (viewer, NULL, NULL);
  two = tempo_actor_new_member (other, NULL, NULL);
  id = fixture_ask (&f, "ann", "s1");
  command = fixture_guest_command (&f, TEMPO_ACTION_APPROVE, "ann");
  command->request_id = g_strdup (id);
  fixture_refuse (&f, command, TEMPO_REFUSAL_FORBIDDEN);
  fixture_refuse (&f, tempo_command_new (TEMPO_ACTION_CLEAR, one, f.org, f.room), TEMPO_REFUSAL_FORBIDDEN);
  fixture_refuse (&f, tempo_command_new (TEMPO_ACTION_CLEAR, two, f.org, f.room), TEMPO_REFUSAL_FORBIDDEN);
  fixture_refuse (&f, tempo_command_new (TEMPO_ACTION_CLEAR, f.desktop, f.org, "no room"),
                  TEMPO_REFUSAL_NOT_FOUND);
  fixture_refuse (&f, tempo_command_new (TEMPO_ACTION_CLEAR, f.desktop, "nobody", f.room),
                  TEMPO_REFUSAL_NOT_FOUND);
  command = fixture_command (&f, TEMPO_ACTION_EVENT_CREATE);
  command->flag = TRUE;
  fixture_refuse (&f, command, TEMPO_REFUSAL_EVENT_ACTIVE);
  fixture_tear_down (&f);
}

/* "Left" tells what the rule will say. */
static void
test_left (void)
{
  Fixture f = { 0 };
  g_autoptr (JsonObject) fresh = NULL, used = NULL;
  g_autofree char *id = NULL;

  fixture_set_up (&f, "{\"perGuest\":2,\"cooldownSeconds\":60}");
  fresh = fixture_state (&f, "ann");
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (fresh, "left"),
                                               "requests"), ==, 2);
  id = fixture_ask (&f, "ann", "s1");
  used = fixture_state (&f, "ann");
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (used, "left"),
                                               "requests"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (used, "left"),
                                                  "nextAt"), ==, "2025-11-20T21:01:00.000Z");
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/venue/rules/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/venue/rules/switch", test_switch);
  g_test_add_func ("/venue/rules/last-call", test_last_call);
  g_test_add_func ("/venue/rules/votes", test_votes);
  g_test_add_func ("/venue/rules/no-repeat", test_no_repeat);
  g_test_add_func ("/venue/rules/free-text", test_free_text);
  g_test_add_func ("/venue/rules/permissions", test_permissions);
  g_test_add_func ("/venue/rules/left", test_left);

  return g_test_run ();
}
