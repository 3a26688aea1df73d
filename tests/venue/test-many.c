/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that wait, at once: done in pieces, seen whole, in order, and before everything that was asked for later. */
#include "fixture.h"

#define SONGS 1500 /* several pieces */
#define GUESTS 30
/* As many as the history keeps can come back. */
#define CLEARED 900

typedef struct
{
  guint changes;
  GString *seen; /* (owned) "waiting/queued" at each change */
  guint watch;
} Told;

static void
told_cb (TempoRoom *room,
         guint64 revision,
         GBytes *change,
         GBytes *staff,
         GPtrArray *touched,
         gpointer user_data)
{
  Told *told = user_data;

  told->changes++;
  g_string_append_printf (told->seen, "%u/%u ", room->shown_inbox->len, room->shown_queue->len);
}

static void
watch (Fixture *f,
       TempoRoom *room,
       gpointer data)
{
  Told *told = data;

  told->watch = tempo_room_watch (room, told_cb, told);
}

static guint
served_by (const char *guest_id,
           gpointer user_data)
{
  TempoPart *part = tempo_room_find_part (user_data, guest_id);

  return part != NULL ? part->served : 0;
}

/* As if everything had been sorted anew. */
static void
check_order (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < room->queue->len; i++)
    g_ptr_array_add (sorted, g_object_ref (room->queue->pdata[i]));
  tempo_order_sort (sorted, room->event->rules->order, room->locked_id, served_by, NULL, room);
  g_assert_cmpuint (room->shown_queue->len, ==, sorted->len);
  for (guint i = 0; i < sorted->len; i++)
    {
      TempoRequest *kept = g_ptr_array_index (room->shown_queue, i);

      g_assert_cmpstr (kept->id, ==, ((TempoRequest *) sorted->pdata[i])->id);
      g_assert_true (tempo_room_find_slot (room, kept->id)->request == kept);
    }
}

static guint
finish (Fixture *f,
        GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  fixture_wait_result (result);
  outcome = tempo_host_execute_finish (f->host, *result, &error);
  g_assert_no_error (error);
  g_clear_object (result);

  return outcome->count;
}

static void
begin (Fixture *f,
       TempoCommand *command,
       GAsyncResult **result)
{
  tempo_host_execute_async (f->host, command, NULL, fixture_result_cb, result);
  tempo_command_unref (command);
}

/* What is asked for while all are let in comes after that, and nobody sees some of them in and some not. */
static void
test_approve (gconstpointer data)
{
  Fixture f = { 0 };
  Told told = { 0, g_string_new (NULL), 0 };
  GAsyncResult *all = NULL, *declined = NULL, *again = NULL, *asked = NULL;
  g_autofree char *rules = g_strdup_printf ("{\"perGuest\":0,\"maxQueue\":0,\"order\":\"%s\"}", (const char *) data);
  g_autofree char *before = NULL, *after = NULL;
  TempoCommand *command;

  fixture_set_up (&f, rules);
  fixture_fill (&f, "pending", SONGS, GUESTS);
  fixture_on_engine (&f, watch, &told);

  begin (&f, fixture_command (&f, TEMPO_ACTION_APPROVE), &all);
  command = fixture_command (&f, TEMPO_ACTION_DECLINE);
  command->request_id = g_strdup_printf ("01900000-0000-7000-9000-%012x", SONGS - 1);
  begin (&f, command, &declined);
  command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "guest7");
  command->song_id = g_strdup ("s1");
  begin (&f, command, &asked);
  begin (&f, fixture_command (&f, TEMPO_ACTION_APPROVE), &again);
  g_assert_cmpuint (finish (&f, &all), ==, SONGS);
  g_assert_cmpuint (finish (&f, &declined), ==, 1);
  finish (&f, &asked);
  g_assert_cmpuint (finish (&f, &again), ==, 1);

  fixture_settle (&f);
  fixture_on_engine (&f, check_order, NULL);
  g_test_message ("%s", told.seen->str);
  for (const char *seen = told.seen->str; *seen != '\0'; seen = strchr (seen, ' ') + 1)
    g_assert_true (g_str_has_prefix (seen, "1500/0 ") || g_str_has_prefix (seen, "0/") || g_str_has_prefix (seen, "1/"));
  before = fixture_queue (&f);
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE action = 'approve' AND before = 'pending' AND after = 'approved'", "1501");
  fixture_check_sql (&f, "SELECT count(*) FROM base_request WHERE status IN ('approved', 'playing') AND decided_at > 0", "1500");
  fixture_check_sql (&f, "SELECT count(*) FROM base_request WHERE status = 'declined'", "1");
  fixture_restart (&f);
  after = fixture_queue (&f);
  g_assert_cmpstr (after, ==, before);
  fixture_on_engine (&f, check_order, NULL);
  g_string_free (told.seen, TRUE);
  fixture_tear_down (&f);
}

static void
test_clear (void)
{
  Fixture f = { 0 };
  GAsyncResult *cleared = NULL, *undone = NULL;
  g_autofree char *before = NULL, *after = NULL, *again = NULL, *sound = NULL, *still = NULL, *empty = NULL;

  fixture_set_up (&f, "{\"perGuest\":0,\"maxQueue\":0}");
  fixture_fill (&f, "approved", CLEARED, GUESTS);
  sound = fixture_sounds (&f);
  g_assert_cmpstr (sound, !=, "");
  before = fixture_queue (&f);

  begin (&f, fixture_command (&f, TEMPO_ACTION_CLEAR), &cleared);
  g_assert_cmpuint (finish (&f, &cleared), ==, CLEARED - 1);
  empty = fixture_queue (&f);
  g_assert_cmpstr (empty, ==, "");
  fixture_check_sql (&f, "SELECT count(DISTINCT object_id) FROM base_audit WHERE action = 'clear'", "899");
  fixture_check_sql (&f, "SELECT count(*) FROM base_request WHERE status = 'declined' AND ended_at > 0 AND decided_at > 0", "899");

  /* Asked for both at once, the second still finds all of the first. */
  begin (&f, fixture_command (&f, TEMPO_ACTION_UNDO), &undone);
  g_assert_cmpuint (finish (&f, &undone), ==, CLEARED - 1);
  begin (&f, fixture_command (&f, TEMPO_ACTION_CLEAR), &cleared);
  begin (&f, fixture_command (&f, TEMPO_ACTION_UNDO), &undone);
  g_assert_cmpuint (finish (&f, &cleared), ==, CLEARED - 1);
  g_assert_cmpuint (finish (&f, &undone), ==, CLEARED - 1);
  after = fixture_queue (&f);
  g_assert_cmpstr (after, ==, before);
  still = fixture_sounds (&f);
  g_assert_cmpstr (still, ==, sound);
  fixture_on_engine (&f, check_order, NULL);
  fixture_restart (&f);
  again = fixture_queue (&f);
  g_assert_cmpstr (again, ==, before);
  fixture_tear_down (&f);
}

/* A song ends in the middle of it: the next one is taken from those that are in. */
static void
test_song_ends (void)
{
  Fixture f = { 0 };
  GAsyncResult *all = NULL;
  g_autofree char *song = NULL, *sound = NULL;

  fixture_set_up (&f, "{\"perGuest\":0,\"maxQueue\":0}");
  song = fixture_ask (&f, "zoe", "s1");
  fixture_act (&f, TEMPO_ACTION_APPROVE, song);
  fixture_fill (&f, "pending", SONGS, GUESTS);
  begin (&f, fixture_command (&f, TEMPO_ACTION_APPROVE), &all);
  fixture_end_song (&f);
  g_assert_cmpuint (finish (&f, &all), ==, SONGS);
  fixture_settle (&f);
  sound = fixture_sounds (&f);
  g_assert_true (g_str_has_prefix (sound, "f"));
  fixture_check_sql (&f, "SELECT count(*) FROM base_request WHERE status = 'approved'", "1499");
  fixture_on_engine (&f, check_order, NULL);
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/venue/many/approve/fair", "fair", test_approve);
  g_test_add_data_func ("/venue/many/approve/votes", "votes", test_approve);
  g_test_add_data_func ("/venue/many/approve/first", "first", test_approve);
  g_test_add_func ("/venue/many/clear", test_clear);
  g_test_add_func ("/venue/many/song-ends", test_song_ends);

  return g_test_run ();
}
