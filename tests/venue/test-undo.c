/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking back: every kind of act, with the places, pins and states as they were; and what cannot come back. */
#include "fixture.h"

#define SONGS 5

/* An evening with one song playing, four queued by four guests, one of them pinned, and one in the inbox. */
typedef struct
{
  Fixture f;
  char *ids[SONGS + 1]; /* s0 plays, s1 … s4 queued, s5 waits for a decision */
  char *guests[SONGS + 1];
} Evening;

static void
evening_set_up (Evening *e)
{
  fixture_set_up (&e->f, "{\"perGuest\":0}");
  for (guint i = 0; i <= SONGS; i++)
    {
      g_autofree char *guest = g_strdup_printf ("guest%u", i);
      g_autofree char *song = g_strdup_printf ("s%u", i);
      g_autofree char *sql = g_strdup_printf ("SELECT guest_id FROM base_request WHERE title = 'Title s%u'", i);

      e->ids[i] = fixture_ask (&e->f, guest, song);
      e->guests[i] = fixture_sql (&e->f, NULL, sql);
      if (i < SONGS)
        fixture_act (&e->f, TEMPO_ACTION_APPROVE, e->ids[i]);
      tempo_clock_advance (e->f.clock, G_USEC_PER_SEC);
    }
}

static void
evening_tear_down (Evening *e)
{
  fixture_tear_down (&e->f);
  for (guint i = 0; i <= SONGS; i++)
    {
      g_clear_pointer (&e->ids[i], g_free);
      g_clear_pointer (&e->guests[i], g_free);
    }
}

static void
move (Evening *e,
      guint song,
      guint position)
{
  TempoCommand *command = fixture_command (&e->f, TEMPO_ACTION_MOVE);

  command->request_id = g_strdup (e->ids[song]);
  command->position = position;
  tempo_outcome_unref (fixture_do (&e->f, command));
}

static guint
undo (Evening *e)
{
  g_autoptr (TempoOutcome) outcome = fixture_do (&e->f, fixture_command (&e->f, TEMPO_ACTION_UNDO));

  return outcome->count;
}

static void
read_inbox (Fixture *f,
            TempoRoom *room,
            gpointer data)
{
  for (guint i = 0; i < room->shown_inbox->len; i++)
    g_string_append_printf (data, " ?%s", ((TempoRequest *) room->shown_inbox->pdata[i])->song->id);
}

/* "s0 | s1 s2 s3 s4 | ?s5" */
static char *
look (Evening *e)
{
  g_autofree char *sound = fixture_sounds (&e->f);
  g_autofree char *queue = fixture_queue (&e->f);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s | %s |", sound, queue);
  fixture_on_engine (&e->f, read_inbox, text);

  return g_string_free (text, FALSE);
}

static void
check_look (Evening *e,
            const char *expected)
{
  g_autofree char *text = look (e);

  g_assert_cmpstr (text, ==, expected);
}

typedef struct
{
  const char *name;
  TempoAction action;
  int request;   /* whose, -1 none */
  int guest;
  guint moved;   /* s4 is moved there first, 0 not */
  guint count;
  const char *after;
} Act;

#define WHOLE "s0 | s1 s2 s3 s4 | ?s5"

static const Act acts[] = {
  { "decline-pending", TEMPO_ACTION_DECLINE, 5, -1, 0, 1, "s0 | s1 s2 s3 s4 |" },
  { "decline-first", TEMPO_ACTION_DECLINE, 1, -1, 0, 1, "s0 | s2 s3 s4 | ?s5" },
  { "decline-last", TEMPO_ACTION_DECLINE, 4, -1, 0, 1, "s0 | s1 s2 s3 | ?s5" },
  { "remove-middle", TEMPO_ACTION_REMOVE, 3, -1, 0, 1, "s0 | s1 s2 s4 | ?s5" },
  { "remove-moved", TEMPO_ACTION_REMOVE, 4, -1, 2, 1, "s0 | s1 s2 s3 | ?s5" },
  { "remove-moved-to-the-front", TEMPO_ACTION_REMOVE, 4, -1, 1, 1, "s0 | s1 s2 s3 | ?s5" },
  { "clear", TEMPO_ACTION_CLEAR, -1, -1, 0, 4, "s0 |  | ?s5" },
  { "clear-moved", TEMPO_ACTION_CLEAR, -1, -1, 2, 4, "s0 |  | ?s5" },
  { "skip", TEMPO_ACTION_SKIP, -1, -1, 0, 1, "s1 | s2 s3 s4 | ?s5" },
  { "skip-moved", TEMPO_ACTION_SKIP, -1, -1, 2, 1, "s1 | s4 s2 s3 | ?s5" },
  { "guest-clear", TEMPO_ACTION_GUEST_CLEAR, -1, 2, 0, 1, "s0 | s1 s3 s4 | ?s5" },
  { "guest-clear-pending", TEMPO_ACTION_GUEST_CLEAR, -1, 5, 0, 1, "s0 | s1 s2 s3 s4 |" },
  { "guest-ban", TEMPO_ACTION_GUEST_BAN, -1, 3, 0, 1, "s0 | s1 s2 s4 | ?s5" },
};

/* The act, seen; taken back, as it was; also after the next start, because what came back was written. */
static void
test_act (gconstpointer data)
{
  const Act *act = data;
  Evening e = { 0 };
  TempoCommand *command;
  g_autofree char *before = NULL, *after = NULL, *back = NULL, *again = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  evening_set_up (&e);
  check_look (&e, WHOLE);
  if (act->moved > 0)
    move (&e, 4, act->moved);
  before = look (&e);

  command = fixture_command (&e.f, act->action);
  command->request_id = act->request >= 0 ? g_strdup (e.ids[act->request]) : NULL;
  command->guest_id = act->guest >= 0 ? g_strdup (e.guests[act->guest]) : NULL;
  command->number = G_MAXINT64;
  outcome = fixture_do (&e.f, command);
  g_assert_true (outcome->can_undo);
  after = look (&e);
  g_assert_cmpstr (after, ==, act->after);

  g_assert_cmpuint (undo (&e), ==, act->count);
  back = look (&e);
  g_assert_cmpstr (back, ==, before);
  fixture_refuse (&e.f, fixture_command (&e.f, TEMPO_ACTION_UNDO), TEMPO_REFUSAL_NOTHING_TO_UNDO);
  fixture_restart (&e.f);
  again = look (&e);
  g_assert_cmpstr (again, ==, before);
  evening_tear_down (&e);
}

/* Places that the host gave by hand against the order of asking, all of them at once. */
static void
test_places (void)
{
  Evening e = { 0 };

  evening_set_up (&e);
  move (&e, 3, 2);
  move (&e, 4, 2);
  check_look (&e, "s0 | s1 s4 s3 s2 | ?s5");
  tempo_outcome_unref (fixture_do (&e.f, fixture_command (&e.f, TEMPO_ACTION_CLEAR)));
  check_look (&e, "s0 |  | ?s5");
  g_assert_cmpuint (undo (&e), ==, 4);
  check_look (&e, "s0 | s1 s4 s3 s2 | ?s5");
  fixture_end_song (&e.f);
  check_look (&e, "s1 | s4 s3 s2 | ?s5");
  evening_tear_down (&e);
}

/* Several, newest first, through all kinds. */
static void
test_stack (void)
{
  Evening e = { 0 };

  evening_set_up (&e);
  fixture_act (&e.f, TEMPO_ACTION_REMOVE, e.ids[2]);
  fixture_act (&e.f, TEMPO_ACTION_DECLINE, e.ids[5]);
  tempo_outcome_unref (fixture_do (&e.f, fixture_command (&e.f, TEMPO_ACTION_SKIP)));
  tempo_outcome_unref (fixture_do (&e.f, fixture_command (&e.f, TEMPO_ACTION_CLEAR)));
  check_look (&e, "s1 |  |");
  g_assert_cmpuint (undo (&e), ==, 2);
  check_look (&e, "s1 | s3 s4 |");
  g_assert_cmpuint (undo (&e), ==, 1);
  check_look (&e, "s0 | s1 s3 s4 |");
  g_assert_cmpuint (undo (&e), ==, 1);
  check_look (&e, "s0 | s1 s3 s4 | ?s5");
  g_assert_cmpuint (undo (&e), ==, 1);
  check_look (&e, WHOLE);
  evening_tear_down (&e);
}

/* The oldest acts are forgotten, the newest twenty are not. */
static void
test_depth (void)
{
  Evening e = { 0 };
  guint taken_back = 0;

  evening_set_up (&e);
  for (guint i = 0; i < TEMPO_ROOM_MAX_UNDO + 5; i++)
    {
      fixture_act (&e.f, TEMPO_ACTION_DECLINE, e.ids[5]);
      fixture_act (&e.f, TEMPO_ACTION_APPROVE, e.ids[5]);
    }
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoOutcome) outcome = fixture_run (&e.f, fixture_command (&e.f, TEMPO_ACTION_UNDO), &error);

      if (outcome == NULL)
        {
          g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_NOTHING_TO_UNDO);
          break;
        }
      /* Approved again by hand since: nothing is left to bring back. */
      g_assert_cmpuint (outcome->count, ==, 0);
      taken_back++;
    }
  g_assert_cmpuint (taken_back, ==, TEMPO_ROOM_MAX_UNDO);
  check_look (&e, "s0 | s1 s2 s3 s4 s5 |");
  evening_tear_down (&e);
}

/* The same song was asked for again meanwhile: one of it is enough. */
static void
test_asked_again (void)
{
  Evening e = { 0 };

  evening_set_up (&e);
  fixture_act (&e.f, TEMPO_ACTION_REMOVE, e.ids[2]);
  g_free (fixture_ask (&e.f, "somebody", "s2"));
  g_assert_cmpuint (undo (&e), ==, 0);
  check_look (&e, "s0 | s1 s3 s4 | ?s5 ?s2");
  g_assert_cmpint (fixture_status (&e.f, e.ids[2]), ==, TEMPO_REQUEST_DECLINED);
  evening_tear_down (&e);
}

/* Votes cast and names given between the act and its undoing stay. */
static void
test_keeps_what_came_since (void)
{
  Evening e = { 0 };
  TempoCommand *command;

  evening_set_up (&e);
  fixture_vote (&e.f, "fan", e.ids[3]);
  fixture_act (&e.f, TEMPO_ACTION_REMOVE, e.ids[3]);
  command = fixture_guest_command (&e.f, TEMPO_ACTION_RENAME_SELF, "guest3");
  command->name = g_strdup ("Three");
  tempo_outcome_unref (fixture_do (&e.f, command));
  g_assert_cmpuint (undo (&e), ==, 1);
  check_look (&e, "s0 | s1 s3 s2 s4 | ?s5");
  fixture_check_sql (&e.f, "SELECT votes FROM base_request WHERE title = 'Title s3'", "1");
  fixture_check_sql (&e.f, "SELECT name FROM base_guest WHERE token_digest = 'guest3'", "Three");
  evening_tear_down (&e);
}

/* What ended with its evening cannot be brought into the next; a restart forgets acts, not songs. */
static void
test_other_evening (void)
{
  Evening e = { 0 };
  TempoCommand *command;

  evening_set_up (&e);
  fixture_act (&e.f, TEMPO_ACTION_REMOVE, e.ids[2]);
  tempo_outcome_unref (fixture_do (&e.f, fixture_command (&e.f, TEMPO_ACTION_EVENT_END)));
  fixture_refuse (&e.f, fixture_command (&e.f, TEMPO_ACTION_UNDO), TEMPO_REFUSAL_NOTHING_TO_UNDO);
  command = fixture_command (&e.f, TEMPO_ACTION_EVENT_CREATE);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&e.f, command));
  fixture_refuse (&e.f, fixture_command (&e.f, TEMPO_ACTION_UNDO), TEMPO_REFUSAL_NOTHING_TO_UNDO);
  evening_tear_down (&e);
}

/* Who did it and who took it back stands in the log. */
static void
test_log (void)
{
  Evening e = { 0 };

  evening_set_up (&e);
  fixture_act (&e.f, TEMPO_ACTION_REMOVE, e.ids[2]);
  undo (&e);
  fixture_check_sql (&e.f, "SELECT action || ':' || before || '>' || after FROM base_audit"
                           " WHERE action IN ('remove', 'undo') ORDER BY seq",
                     "remove:approved>declined undo:declined>approved");
  fixture_check_sql (&e.f, "SELECT DISTINCT actor_kind FROM base_audit WHERE action IN ('remove', 'undo')", "desktop");
  evening_tear_down (&e);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      g_autofree char *path = g_strconcat ("/venue/undo/", acts[i].name, NULL);

      g_test_add_data_func (path, &acts[i], test_act);
    }
  g_test_add_func ("/venue/undo/places", test_places);
  g_test_add_func ("/venue/undo/stack", test_stack);
  g_test_add_func ("/venue/undo/depth", test_depth);
  g_test_add_func ("/venue/undo/asked-again", test_asked_again);
  g_test_add_func ("/venue/undo/keeps-what-came-since", test_keeps_what_came_since);
  g_test_add_func ("/venue/undo/other-evening", test_other_evening);
  g_test_add_func ("/venue/undo/log", test_log);

  return g_test_run ();
}
