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


/* Three ask; staff approve all at once, in the order asked. */
static void
test_approve_all (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOutcome) outcome = NULL;
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  fixture_set_up (&f, "{}");
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "max", "s2");
  c = fixture_ask (&f, "eva", "s3");
  outcome = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_APPROVE));
  g_assert_cmpuint (outcome->count, ==, 3);
  check_sounds (&f, "s1");
  check_queue (&f, "s2 s3");
  fixture_tear_down (&f);
}

/* The least served guest first; the next song is locked; a vote moves what is not. */
static void
test_fair_order (void)
{
  Fixture f = { 0 };
  g_autofree char *a1 = NULL, *a2 = NULL, *a3 = NULL, *b1 = NULL, *c1 = NULL;

  fixture_set_up (&f, NO_APPROVAL);
  a1 = fixture_ask (&f, "ann", "s1");
  check_sounds (&f, "s1");
  tempo_clock_advance (f.clock, G_USEC_PER_SEC);
  a2 = fixture_ask (&f, "ann", "s2");
  tempo_clock_advance (f.clock, G_USEC_PER_SEC);
  a3 = fixture_ask (&f, "ann", "s3");
  tempo_clock_advance (f.clock, G_USEC_PER_SEC);
  b1 = fixture_ask (&f, "max", "s4");
  tempo_clock_advance (f.clock, G_USEC_PER_SEC);
  c1 = fixture_ask (&f, "eva", "s5");
  /* s2 was first when it came, and stays. */
  check_queue (&f, "s2 s4 s5 s3");
  fixture_vote (&f, "max", c1);
  check_queue (&f, "s2 s5 s4 s3");
  fixture_vote (&f, "zoe", a3);
  check_queue (&f, "s2 s5 s4 s3");

  fixture_end_song (&f);
  check_sounds (&f, "s2");
  check_queue (&f, "s5 s4 s3");
  fixture_tear_down (&f);
}

static void
move (Fixture *f,
      const char *id,
      guint position)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_MOVE);
  g_autoptr (TempoOutcome) outcome = NULL;

  command->request_id = g_strdup (id);
  command->position = position;
  outcome = fixture_do (f, command);
  g_assert_cmpuint (outcome->position, ==, position);
}

/* The host overrules every order, and gives back. */
static void
test_move_and_pin (void)
{
  Fixture f = { 0 };
  g_autofree char *ids[6] = { NULL };
  TempoCommand *command;
  g_autoptr (TempoOutcome) outcome = NULL;

  fixture_set_up (&f, "{\"approval\":false,\"order\":\"first\"}");
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *guest = g_strdup_printf ("guest%u", i);
      g_autofree char *song = g_strdup_printf ("s%u", i);

      ids[i] = fixture_ask (&f, guest, song);
      tempo_clock_advance (f.clock, G_USEC_PER_SEC);
    }
  check_queue (&f, "s1 s2 s3 s4");
  move (&f, ids[4], 1);
  check_queue (&f, "s4 s1 s2 s3");
  move (&f, ids[4], 3);
  check_queue (&f, "s1 s2 s4 s3");
  move (&f, ids[3], 2);
  check_queue (&f, "s1 s3 s2 s4");

  command = fixture_command (&f, TEMPO_ACTION_PIN);
  command->request_id = g_strdup (ids[3]);
  outcome = fixture_do (&f, command);
  check_queue (&f, "s1 s2 s4 s3");
  fixture_tear_down (&f);
  for (guint i = 0; i < 6; i++)
    g_clear_pointer (&ids[i], g_free);
}

/* Decline, remove and clear come back to their old places. */
static void
test_undo (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *d = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  fixture_set_up (&f, "{}");
  fixture_refuse (&f, fixture_command (&f, TEMPO_ACTION_UNDO), TEMPO_REFUSAL_NOTHING_TO_UNDO);
  a = fixture_ask (&f, "ann", "s1");
  fixture_act (&f, TEMPO_ACTION_DECLINE, a);
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_DECLINED);
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_UNDO)));
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_PENDING);

  fixture_act (&f, TEMPO_ACTION_APPROVE, a);
  b = fixture_ask (&f, "max", "s2");
  tempo_clock_advance (f.clock, 1);
  c = fixture_ask (&f, "eva", "s3");
  tempo_clock_advance (f.clock, 1);
  d = fixture_ask (&f, "zoe", "s4");
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_APPROVE)));
  check_queue (&f, "s2 s3 s4");
  fixture_act (&f, TEMPO_ACTION_REMOVE, c);
  check_queue (&f, "s2 s4");
  outcome = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_CLEAR));
  g_assert_cmpuint (outcome->count, ==, 2);
  g_assert_true (outcome->can_undo);
  check_queue (&f, "");
  g_clear_pointer (&outcome, tempo_outcome_unref);

  outcome = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_UNDO));
  g_assert_cmpuint (outcome->count, ==, 2);
  check_queue (&f, "s2 s4");
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_UNDO)));
  check_queue (&f, "s2 s3 s4");
  fixture_tear_down (&f);
}

static void
set_position (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  FAKE_SOURCE (tempo_room_get_source (room))->position_ms = GPOINTER_TO_INT (data);
}

static void
check_position (Fixture *f,
                TempoRoom *room,
                gpointer data)
{
  g_assert_cmpint (FAKE_SOURCE (tempo_room_get_source (room))->position_ms, ==, GPOINTER_TO_INT (data));
  g_assert_cmpint (room->shown_now->position_ms, ==, GPOINTER_TO_INT (data));
}

/* A skip by mistake: the song goes on where it was cut, the one that came instead is next again. */
static void
test_undo_skip (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  fixture_set_up (&f, NO_APPROVAL);
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "max", "s2");
  c = fixture_ask (&f, "eva", "s3");
  fixture_on_engine (&f, set_position, GINT_TO_POINTER (61000));
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_SKIP)));
  check_sounds (&f, "s2");
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_PLAYED);

  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_UNDO)));
  check_sounds (&f, "s1");
  fixture_on_engine (&f, check_position, GINT_TO_POINTER (61000));
  check_queue (&f, "s2 s3");
  fixture_end_song (&f);
  check_sounds (&f, "s2");
  fixture_tear_down (&f);
}

static void
guest_act (Fixture *f,
           TempoAction action,
           const char *request_id,
           gboolean flag,
           gint64 number)
{
  TempoCommand *command = fixture_command (f, action);
  g_autoptr (TempoOutcome) outcome = NULL;

  fixture_settle (f);
  command->guest_id = g_strdup (tempo_room_find_request (tempo_host_find_room (f->host, NULL,
                                                                               f->room),
                                                                               request_id)->guest_id);
  command->flag = flag;
  command->number = number;
  outcome = fixture_do (f, command);
  g_assert_nonnull (outcome->guest);
}

/* A guest on hold is passed over even when next, and keeps its turn. */
static void
test_hold (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  fixture_set_up (&f, NO_APPROVAL);
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "max", "s2");
  tempo_clock_advance (f.clock, 1);
  c = fixture_ask (&f, "eva", "s3");
  check_queue (&f, "s2 s3");
  guest_act (&f, TEMPO_ACTION_GUEST_HOLD, b, TRUE, 0);
  check_queue (&f, "s3 s2");
  fixture_end_song (&f);
  check_sounds (&f, "s3");
  fixture_end_song (&f);
  check_sounds (&f, "");
  guest_act (&f, TEMPO_ACTION_GUEST_HOLD, b, FALSE, 0);
  check_sounds (&f, "s2");
  fixture_tear_down (&f);
}

/* What the guest's own document says of the guest; unknown ones are nobody yet. */
static void
check_me (Fixture *f,
          const char *guest,
          gboolean known,
          gboolean muted,
          gboolean banned)
{
  g_autoptr (JsonObject) state = fixture_state (f, guest);
  JsonObject *me;

  g_assert_cmpint (json_object_get_null_member (state, "me"), ==, !known);
  if (!known)
    return;
  me = json_object_get_object_member (state, "me");
  g_assert_cmpstr (json_object_get_string_member (me, "name"), !=, "");
  g_assert_cmpint (json_object_get_null_member (me, "mutedUntil"), ==, !muted);
  g_assert_cmpint (json_object_get_null_member (me, "bannedUntil"), ==, !banned);
}

/* Mute and ban end by themselves; a ban takes the waiting songs along, and that can be undone. */
static void
test_mute_and_ban (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&f, NO_APPROVAL);
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "max", "s2");
  guest_act (&f, TEMPO_ACTION_GUEST_MUTE, b, FALSE, FIXTURE_NOW + G_TIME_SPAN_MINUTE);
  check_me (&f, "ann", TRUE, FALSE, FALSE);
  check_me (&f, "max", TRUE, TRUE, FALSE);
  check_me (&f, "eva", FALSE, FALSE, FALSE);
  g_assert_null (fixture_ask_full (&f, "max", "s3", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_MUTED);
  g_assert_cmpint (tempo_refusal_detail (error)->until, ==, FIXTURE_NOW + G_TIME_SPAN_MINUTE);
  g_clear_error (&error);
  tempo_clock_advance (f.clock, G_TIME_SPAN_MINUTE);

  guest_act (&f, TEMPO_ACTION_GUEST_BAN, b, FALSE, G_MAXINT64);
  check_me (&f, "max", TRUE, TRUE, TRUE);
  check_queue (&f, "");
  g_assert_null (fixture_ask_full (&f, "max", "s3", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_BANNED);
  g_assert_cmpint (tempo_refusal_detail (error)->until, ==, 0);
  g_clear_error (&error);
  fixture_restart (&f);
  g_assert_null (fixture_ask_full (&f, "max", "s3", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_BANNED);
  fixture_tear_down (&f);
}

/* The house's own music fills the gaps, and gives way at the end of its song. */
static void
test_filler (void)
{
  Fixture f = { .filler = TRUE };
  g_autofree char *a = NULL;

  fixture_set_up (&f, NO_APPROVAL);
  check_sounds (&f, "s90");
  a = fixture_ask (&f, "ann", "s1");
  check_sounds (&f, "s90");
  check_queue (&f, "s1");
  fixture_end_song (&f);
  check_sounds (&f, "s1");
  fixture_end_song (&f);
  check_sounds (&f, "s91");
  fixture_tear_down (&f);
}

/* One bad file is passed over with a reason; no sound card keeps everything. */
static void
test_failures (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  fixture_set_up (&f, NO_APPROVAL);
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "max", "s2");
  c = fixture_ask (&f, "eva", "s3");
  fixture_fail_song (&f, TEMPO_SOURCE_ERROR_UNPLAYABLE);
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_FAILED);
  check_sounds (&f, "s2");

  fixture_fail_song (&f, TEMPO_SOURCE_ERROR_NO_DEVICE);
  g_assert_cmpint (fixture_status (&f, b), ==, TEMPO_REQUEST_APPROVED);
  check_sounds (&f, "");
  check_queue (&f, "s2 s3");
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_PLAY)));
  check_sounds (&f, "s2");
  /* What never sounded has not "played lately". */
  g_clear_pointer (&a, g_free);
  fixture_restart (&f);
  a = fixture_ask (&f, "zoe", "s1");
  fixture_tear_down (&f);
}

/* The end of the night: what waits expires, what sounds goes on. */
static void
test_event_end (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  fixture_set_up (&f, "{}");
  a = fixture_ask (&f, "ann", "s1");
  fixture_act (&f, TEMPO_ACTION_APPROVE, a);
  b = fixture_ask (&f, "max", "s2");
  fixture_act (&f, TEMPO_ACTION_APPROVE, b);
  c = fixture_ask (&f, "eva", "s3");
  outcome = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END));
  g_assert_cmpuint (outcome->count, ==, 2);
  g_assert_cmpint (outcome->event->state, ==, TEMPO_EVENT_ENDED);
  check_queue (&f, "");
  check_sounds (&f, "s1");
  fixture_end_song (&f);
  check_sounds (&f, "");
  fixture_refuse (&f, fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann"), TEMPO_REFUSAL_NOT_STARTED);
  fixture_tear_down (&f);
}

static TempoCommand *
edit (Fixture *f,
      const char *patch)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_ROOM_EDIT);

  command->patch = tempo_json_parse (patch, strlen (patch), NULL);
  g_assert_nonnull (command->patch);

  return command;
}

/* The DJ plays and says so. Words are all guests have, so words are allowed. */
static void
test_manual (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOutcome) outcome = NULL;
  g_autofree char *id = NULL;
  TempoCommand *command;

  fixture_set_up (&f, NULL);
  tempo_outcome_unref (fixture_do (&f, edit (&f, "{\"source\":\"manual\"}")));
  command = fixture_command (&f, TEMPO_ACTION_EVENT_CREATE);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));

  command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann");
  command->title = g_strdup ("  My\nSong ");
  command->artist = g_strdup ("Somebody");
  outcome = fixture_do (&f, command);
  g_assert_cmpstr (outcome->request->song->title, ==, "My Song");
  id = g_strdup (outcome->request->id);
  fixture_act (&f, TEMPO_ACTION_APPROVE, id);
  check_queue (&f, "My Song");
  check_sounds (&f, "");
  fixture_act (&f, TEMPO_ACTION_MARK_PLAYING, id);
  check_sounds (&f, "My Song");
  fixture_act (&f, TEMPO_ACTION_MARK_PLAYED, NULL);
  check_sounds (&f, "");
  g_assert_cmpint (fixture_status (&f, id), ==, TEMPO_REQUEST_PLAYED);
  fixture_tear_down (&f);
}

static void
test_transport (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL;
  TempoCommand *command;

  fixture_set_up (&f, NO_APPROVAL);
  fixture_refuse (&f, fixture_command (&f, TEMPO_ACTION_PAUSE), TEMPO_REFUSAL_STATE);
  fixture_refuse (&f, fixture_command (&f, TEMPO_ACTION_PLAY), TEMPO_REFUSAL_STATE);
  a = fixture_ask (&f, "ann", "s1");
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_PAUSE)));
  command = fixture_command (&f, TEMPO_ACTION_SEEK);
  command->number = 12000;
  tempo_outcome_unref (fixture_do (&f, command));
  fixture_on_engine (&f, check_position, GINT_TO_POINTER (12000));
  command = fixture_command (&f, TEMPO_ACTION_SEEK);
  command->number = 10000000;
  fixture_refuse (&f, command, TEMPO_REFUSAL_INVALID);
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_PLAY)));
  check_sounds (&f, "s1");
  fixture_tear_down (&f);
}

/* Staff ask for people without phones; they too have turns. */
static void
test_staff_adds (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOutcome) one = NULL, two = NULL, nobody = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  command = fixture_command (&f, TEMPO_ACTION_SUBMIT);
  command->song_id = g_strdup ("s1");
  command->name = g_strdup ("Grandma");
  one = fixture_do (&f, command);
  command = fixture_command (&f, TEMPO_ACTION_SUBMIT);
  command->song_id = g_strdup ("x2");
  command->name = g_strdup ("Grandma");
  two = fixture_do (&f, command);
  command = fixture_command (&f, TEMPO_ACTION_SUBMIT);
  command->song_id = g_strdup ("s3");
  nobody = fixture_do (&f, command);
  g_assert_cmpstr (one->request->guest_id, ==, two->request->guest_id);
  g_assert_null (nobody->request->guest_id);
  g_assert_true (two->request->by_staff);
  check_sounds (&f, "s1");
  command = fixture_command (&f, TEMPO_ACTION_SUBMIT);
  command->song_id = g_strdup ("s3");
  fixture_refuse (&f, command, TEMPO_REFUSAL_DUPLICATE);
  fixture_tear_down (&f);
}

/* A guest renames itself, takes back, and leaves without a trace. */
static void
test_guest_leaves (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "ann", "s2");
  command = fixture_guest_command (&f, TEMPO_ACTION_RENAME_SELF, "ann");
  command->name = g_strdup ("Anna");
  outcome = fixture_do (&f, command);
  g_assert_cmpstr (outcome->guest->name, ==, "Anna");
  command = fixture_guest_command (&f, TEMPO_ACTION_WITHDRAW, "max");
  command->request_id = g_strdup (a);
  fixture_refuse (&f, command, TEMPO_REFUSAL_NOT_YOURS);
  command = fixture_guest_command (&f, TEMPO_ACTION_WITHDRAW, "ann");
  command->request_id = g_strdup (a);
  tempo_outcome_unref (fixture_do (&f, command));
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_WITHDRAWN);
  tempo_outcome_unref (fixture_do (&f, fixture_guest_command (&f, TEMPO_ACTION_FORGET_SELF, "ann")));
  g_assert_cmpint (fixture_status (&f, b), ==, TEMPO_REQUEST_WITHDRAWN);
  fixture_restart (&f);
  {
    g_autoptr (JsonObject) state = fixture_state (&f, "ann");

    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "mine")), ==, 0);
  }
  fixture_tear_down (&f);
}

static void
check_filler_folder (Fixture *f,
                     TempoRoom *room,
                     gpointer data)
{
  g_autoptr (TempoRoomView) view = tempo_room_get_view (room);

  g_assert_cmpstr (view->filler_folder, ==, data);
}

/* Whole or not, the folder is inside the music folder; "" takes anything. */
static void
test_filler_folder (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f, NULL);
  tempo_outcome_unref (fixture_do (&f, edit (&f, "{\"musicFolder\":\"/music\",\"fillerFolder\":\"/music/calm/late\"}")));
  fixture_on_engine (&f, check_filler_folder, (gpointer) "calm/late");
  fixture_refuse (&f, edit (&f, "{\"fillerFolder\":\"/elsewhere\"}"), TEMPO_REFUSAL_INVALID);
  fixture_refuse (&f, edit (&f, "{\"fillerFolder\":\"../elsewhere\"}"), TEMPO_REFUSAL_INVALID);
  tempo_outcome_unref (fixture_do (&f, edit (&f, "{\"fillerFolder\":\"calm\"}")));
  fixture_on_engine (&f, check_filler_folder, (gpointer) "calm");
  tempo_outcome_unref (fixture_do (&f, edit (&f, "{\"fillerFolder\":\"\"}")));
  fixture_on_engine (&f, check_filler_folder, NULL);
  fixture_tear_down (&f);
}

static void
check_known (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  g_assert_cmpuint (g_hash_table_size (room->venue->digests), ==, GPOINTER_TO_UINT (data));
}

/* With no days at all, the end of the event is the end of who was there. */
static void
test_forget_guests (void)
{
  static const struct { const char *patch; guint known; } cases[] = {
    { "{\"forgetGuestsDays\":30}", 2 },
    { "{\"forgetGuestsDays\":null}", 2 },
    { "{\"forgetGuestsDays\":0}", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f = { 0 };
      TempoCommand *command;

      fixture_set_up (&f, "{}");
      g_free (fixture_ask (&f, "ann", "s1"));
      g_free (fixture_ask (&f, "max", "s2"));
      command = fixture_command (&f, TEMPO_ACTION_SETTING);
      command->patch = tempo_json_parse (cases[i].patch, strlen (cases[i].patch), NULL);
      tempo_outcome_unref (fixture_do (&f, command));
      tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END)));
      fixture_settle (&f);
      fixture_on_engine (&f, check_known, GUINT_TO_POINTER (cases[i].known));
      fixture_tear_down (&f);
    }
}

/* Whoever stops what never ran is told so, and does not wait for a thread that is not there. */
static void
test_never_started (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tempo-venue-XXXXXX", NULL);
  const TempoHostOptions options = { .data_dir = folder };
  g_autoptr (TempoHost) host = tempo_host_new (&options);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tempo_host_stop_async (host, fixture_result_cb, &result);
  fixture_wait_result (&result);
  g_assert_false (tempo_host_stop_finish (host, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_object (&result);
  g_clear_object (&host);
  fixture_remove (folder);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/life/path", test_path);
  g_test_add_func ("/venue/life/approve-all", test_approve_all);
  g_test_add_func ("/venue/life/fair-order", test_fair_order);
  g_test_add_func ("/venue/life/move-and-pin", test_move_and_pin);
  g_test_add_func ("/venue/life/undo", test_undo);
  g_test_add_func ("/venue/life/undo-skip", test_undo_skip);
  g_test_add_func ("/venue/life/hold", test_hold);
  g_test_add_func ("/venue/life/mute-and-ban", test_mute_and_ban);
  g_test_add_func ("/venue/life/filler", test_filler);
  g_test_add_func ("/venue/life/failures", test_failures);
  g_test_add_func ("/venue/life/event-end", test_event_end);
  g_test_add_func ("/venue/life/manual", test_manual);
  g_test_add_func ("/venue/life/transport", test_transport);
  g_test_add_func ("/venue/life/staff-adds", test_staff_adds);
  g_test_add_func ("/venue/life/guest-leaves", test_guest_leaves);
  g_test_add_func ("/venue/life/filler-folder", test_filler_folder);
  g_test_add_func ("/venue/life/forget-guests", test_forget_guests);

  g_test_add_func ("/venue/life/never-started", test_never_started);
  return g_test_run ();
}
