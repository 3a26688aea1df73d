/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two houses on one host. Whatever one of them names that belongs to the other is not there, and nothing is written. */
#include "fixture.h"

#include "base/tempo-id.h"

/* What house B has: every kind of id that a command can carry. */
typedef struct
{
  Fixture f; /* house A is the fixture's own */
  TempoOrganization *b; /* (owned) */
  char *room, *code, *event, *planned, *pending, *queued, *guest, *display, *token;
} Houses;

static char *
b_sql (Houses *h,
       const char *sql)
{
  fixture_settle (&h->f);

  return fixture_sql (&h->f, h->b->id, sql);
}

static TempoCommand *
b_command (Houses *h,
           TempoAction action)
{
  return tempo_command_new (action, h->f.desktop, h->b->id, h->room);
}

static void
b_ask (Houses *h,
       const char *guest,
       const char *song)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_guest (guest, NULL, "192.0.2.8", "test");
  TempoCommand *command = tempo_command_new (TEMPO_ACTION_SUBMIT, actor, h->b->id, h->room);

  command->song_id = g_strdup (song);
  tempo_outcome_unref (fixture_do (&h->f, command));
}

static void
houses_set_up (Houses *h)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) display = NULL;
  TempoCommand *command;

  fixture_set_up (&h->f, "{\"perGuest\":0}");
  h->b = fixture_found (&h->f, "Blue Room", "blue", "berta", NULL, &error);
  g_assert_no_error (error);
  h->room = b_sql (h, "SELECT id FROM base_room");
  h->code = b_sql (h, "SELECT code FROM base_room");
  command = b_command (h, TEMPO_ACTION_EVENT_CREATE);
  command->name = g_strdup ("Blue night");
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&h->f, command));
  command = b_command (h, TEMPO_ACTION_EVENT_CREATE);
  command->name = g_strdup ("Blue plan");
  tempo_outcome_unref (fixture_do (&h->f, command));
  command = b_command (h, TEMPO_ACTION_DISPLAY_CREATE);
  command->name = g_strdup ("Blue wall");
  display = fixture_do (&h->f, command);
  h->display = g_strdup (display->target_id);
  h->token = g_strdup (display->token);
  b_ask (h, "bea", "s1");
  b_ask (h, "bea", "s2");
  b_ask (h, "ben", "s3");
  h->event = b_sql (h, "SELECT id FROM base_event WHERE state = 'active'");
  h->planned = b_sql (h, "SELECT id FROM base_event WHERE state = 'scheduled'");
  h->pending = b_sql (h, "SELECT id FROM base_request WHERE title = 'Title s1'");
  h->queued = b_sql (h, "SELECT id FROM base_request WHERE title = 'Title s3'");
  command = b_command (h, TEMPO_ACTION_APPROVE);
  command->request_id = b_sql (h, "SELECT id FROM base_request WHERE title = 'Title s2'");
  tempo_outcome_unref (fixture_do (&h->f, command));
  command = b_command (h, TEMPO_ACTION_APPROVE);
  command->request_id = g_strdup (h->queued);
  tempo_outcome_unref (fixture_do (&h->f, command));
  h->guest = b_sql (h, "SELECT guest_id FROM base_request WHERE title = 'Title s3'");
}

static void
houses_tear_down (Houses *h)
{
  fixture_tear_down (&h->f);
  g_clear_object (&h->b);
  g_clear_pointer (&h->room, g_free);
  g_clear_pointer (&h->code, g_free);
  g_clear_pointer (&h->event, g_free);
  g_clear_pointer (&h->planned, g_free);
  g_clear_pointer (&h->pending, g_free);
  g_clear_pointer (&h->queued, g_free);
  g_clear_pointer (&h->guest, g_free);
  g_clear_pointer (&h->display, g_free);
  g_clear_pointer (&h->token, g_free);
}

/* All rows of a house that say something, as one text: equal before and after means nothing was written. */
static char *
fingerprint (Houses *h,
             const char *org)
{
  static const char *const statements[] = {
    "SELECT id || status || name || ifnull (message, '') || votes || pinned || rank || hlc FROM base_request ORDER BY id",
    "SELECT id || name || token_digest || held || muted_until || banned_until || hlc FROM base_guest ORDER BY id",
    "SELECT id || state || name || rules || last_call_at || hlc FROM base_event ORDER BY id",
    "SELECT id || name || switch_state || source || hlc FROM base_room ORDER BY id",
    "SELECT count(*) FROM base_audit", "SELECT count(*) FROM base_vote", "SELECT count(*) FROM base_display WHERE revoked_at = 0",
    "SELECT count(*) FROM base_setting", "SELECT count(*) FROM base_idempotency",
  };
  GString *text = g_string_new (NULL);

  fixture_settle (&h->f);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autofree char *rows = fixture_sql (&h->f, org, statements[i]);

      g_string_append_printf (text, "%s\n", rows);
    }

  return g_string_free (text, FALSE);
}

/* Where the foreign id stands in the command. */
typedef enum
{
  REQUEST = 1 << 0,
  EVENT = 1 << 1,
  PLANNED = 1 << 2,
  GUEST = 1 << 3,
  DISPLAY = 1 << 4,
} Foreign;

typedef struct
{
  TempoAction action;
  Foreign foreign;
} Case;

static const Case cases[] = {
  { TEMPO_ACTION_APPROVE, REQUEST },      { TEMPO_ACTION_DECLINE, REQUEST },
  { TEMPO_ACTION_REMOVE, REQUEST },       { TEMPO_ACTION_MOVE, REQUEST },
  { TEMPO_ACTION_PIN, REQUEST },          { TEMPO_ACTION_SHOW_MESSAGE, REQUEST },
  { TEMPO_ACTION_MARK_PLAYING, REQUEST }, { TEMPO_ACTION_MARK_PLAYED, REQUEST },
  { TEMPO_ACTION_EVENT_START, PLANNED },  { TEMPO_ACTION_EVENT_END, EVENT },
  { TEMPO_ACTION_EVENT_END, PLANNED },    { TEMPO_ACTION_EVENT_RULES, EVENT },
  { TEMPO_ACTION_EVENT_RENAME, EVENT },   { TEMPO_ACTION_EVENT_RENAME, PLANNED },
  { TEMPO_ACTION_GUEST_HOLD, GUEST },     { TEMPO_ACTION_GUEST_MUTE, GUEST },
  { TEMPO_ACTION_GUEST_BAN, GUEST },      { TEMPO_ACTION_GUEST_RENAME, GUEST },
  { TEMPO_ACTION_GUEST_CLEAR, GUEST },    { TEMPO_ACTION_DISPLAY_REVOKE, DISPLAY },
};

static void
fill (Houses *h,
      TempoCommand *command,
      Foreign foreign)
{
  if (foreign & REQUEST)
    command->request_id = g_strdup (h->queued);
  if (foreign & EVENT)
    command->event_id = g_strdup (h->event);
  if (foreign & PLANNED)
    command->event_id = g_strdup (h->planned);
  if (foreign & GUEST)
    command->guest_id = g_strdup (h->guest);
  if (foreign & DISPLAY)
    command->target_id = g_strdup (h->display);
  command->flag = TRUE;
  command->position = 1;
  command->number = G_MAXINT64;
  command->name = g_strdup ("Taken over");
  if (command->action == TEMPO_ACTION_EVENT_RULES)
    command->patch = fixture_json ("{\"votes\":false}");
}

/* House A's own staff, in A's room, in no room, and with B's room: "not found" each time, and not a byte anywhere. */
static void
test_foreign_ids (void)
{
  Houses h = { 0 };
  g_autofree char *a_before = NULL, *b_before = NULL;

  houses_set_up (&h);
  a_before = fingerprint (&h, h.f.org);
  b_before = fingerprint (&h, h.b->id);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *rooms[] = { h.f.room, NULL, h.room, h.code };

      for (guint j = 0; j < G_N_ELEMENTS (rooms); j++)
        {
          TempoCommand *command = tempo_command_new (cases[i].action, h.f.desktop, h.f.org, rooms[j]);

          fill (&h, command, cases[i].foreign);
          g_test_message ("%s with room %u", tempo_action_to_string (cases[i].action), j);
          fixture_refuse (&h.f, command, TEMPO_REFUSAL_NOT_FOUND);
        }
    }
  {
    g_autofree char *a_after = fingerprint (&h, h.f.org);
    g_autofree char *b_after = fingerprint (&h, h.b->id);

    g_assert_cmpstr (a_after, ==, a_before);
    g_assert_cmpstr (b_after, ==, b_before);
  }
  houses_tear_down (&h);
}

/* Everything that works on a room alone, with the other house's room or code. */
static void
test_foreign_rooms (void)
{
  Houses h = { 0 };
  g_autofree char *b_before = NULL, *b_after = NULL;

  houses_set_up (&h);
  b_before = fingerprint (&h, h.b->id);
  for (TempoAction action = 0; action < TEMPO_N_ACTIONS; action++)
    for (guint by_code = 0; by_code < 2; by_code++)
      {
        g_autoptr (TempoActor) guest = tempo_actor_new_guest ("ann", NULL, "192.0.2.7", "test");
        gboolean by_guest = action <= TEMPO_ACTION_FORGET_SELF;
        TempoCommand *command = tempo_command_new (action, by_guest ? guest : h.f.desktop, h.f.org,
                                                   by_code ? h.code : h.room);

        command->song_id = g_strdup ("s7");
        command->request_id = g_strdup (h.queued);
        command->name = g_strdup ("Taken over");
        command->flag = TRUE;
        fixture_refuse (&h.f, command, TEMPO_REFUSAL_NOT_FOUND);
      }
  b_after = fingerprint (&h, h.b->id);
  g_assert_cmpstr (b_after, ==, b_before);
  houses_tear_down (&h);
}

/* A's member with every role, against B: "forbidden" whether or not the thing exists, and nothing written. */
static void
test_foreign_staff (void)
{
  Houses h = { 0 };
  g_autofree char *b_before = NULL, *b_after = NULL;

  houses_set_up (&h);
  b_before = fingerprint (&h, h.b->id);
  for (TempoRole role = TEMPO_ROLE_VIEWER; role <= TEMPO_ROLE_OWNER; role++)
    {
      g_autoptr (TempoMember) member = tempo_member_new ("m", "otto", role);
      g_autoptr (TempoActor) actor = NULL;

      g_clear_pointer (&member->organization_id, g_free);
      member->organization_id = g_strdup (h.f.org);
      actor = tempo_actor_new_member (member, "192.0.2.9", "test");
      for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        for (guint there = 0; there < 2; there++)
          {
            TempoCommand *command = tempo_command_new (cases[i].action, actor, h.b->id, there ? h.room : "nothing");

            if (there)
              fill (&h, command, cases[i].foreign);
            fixture_refuse (&h.f, command, TEMPO_REFUSAL_FORBIDDEN);
          }
    }
  b_after = fingerprint (&h, h.b->id);
  g_assert_cmpstr (b_after, ==, b_before);
  houses_tear_down (&h);
}

static void
check_readers (Fixture *f,
               TempoRoom *room,
               gpointer data)
{
  Houses *h = data;
  g_autofree char *digest = tempo_token_digest (h->token);
  g_autofree char *display_id = NULL;
  g_autoptr (GPtrArray) mine = tempo_host_get_rooms (f->host, "acme-bar");
  g_autoptr (GPtrArray) theirs = tempo_host_get_rooms (f->host, h->b->id);
  g_autoptr (GPtrArray) all = tempo_host_get_rooms (f->host, NULL);
  TempoRoom *wall;

  g_assert_cmpuint (mine->len, ==, 1);
  g_assert_cmpuint (theirs->len, ==, 1);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_true (mine->pdata[0] != theirs->pdata[0]);
  g_assert_null (tempo_host_find_room (f->host, f->org, h->room));
  g_assert_null (tempo_host_find_room (f->host, "acme-bar", h->code));
  g_assert_null (tempo_host_find_room (f->host, "blue", f->room));
  g_assert_nonnull (tempo_host_find_room (f->host, "blue", h->code));
  g_assert_nonnull (tempo_host_find_room (f->host, NULL, h->code));
  g_assert_null (tempo_host_find_member (f->host, f->org, h->guest));
  g_assert_null (tempo_room_find_request (room, h->queued));
  g_assert_null (tempo_room_find_guest (room, "bea"));
  g_assert_cmpuint (tempo_room_get_position (room, h->queued), ==, 0);
  g_assert_false (tempo_room_explain (room, h->queued, NULL, NULL, NULL));
  wall = tempo_host_find_display (f->host, h->token, &display_id);
  g_assert_true (wall == theirs->pdata[0]);
  g_assert_cmpstr (display_id, ==, h->display);
  g_assert_null (tempo_host_find_display (f->host, digest, NULL));
}

static void
test_reads (void)
{
  Houses h = { 0 };
  g_autoptr (JsonObject) state = NULL;

  houses_set_up (&h);
  fixture_on_engine (&h.f, check_readers, &h);
  state = fixture_state (&h.f, "bea");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "mine")), ==, 0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "queue")), ==, 0);
  fixture_restart (&h.f);
  fixture_on_engine (&h.f, check_readers, &h);
  houses_tear_down (&h);
}

/* One phone in both houses: two guests; a ban, an answered key, a limit of one say nothing in the other. */
static void
test_same_phone (void)
{
  Houses h = { 0 };
  TempoCommand *command;
  g_autofree char *here = NULL, *there = NULL;
  g_autoptr (TempoOutcome) one = NULL, two = NULL;
  g_autoptr (TempoActor) bea = tempo_actor_new_guest ("bea", NULL, "192.0.2.7", "test");

  houses_set_up (&h);
  command = fixture_guest_command (&h.f, TEMPO_ACTION_SUBMIT, "bea");
  command->song_id = g_strdup ("s1");
  command->key = g_strdup ("same key");
  one = fixture_do (&h.f, command);
  command = tempo_command_new (TEMPO_ACTION_SUBMIT, bea, h.b->id, h.room);
  command->song_id = g_strdup ("s9");
  command->key = g_strdup ("same key");
  two = fixture_do (&h.f, command);
  g_assert_false (two->replayed);
  g_assert_cmpstr (one->request->id, !=, two->request->id);
  g_assert_cmpstr (one->guest->id, !=, two->guest->id);
  g_assert_true (g_str_has_prefix (one->request->number, "ACM-REQ-"));
  g_assert_false (g_str_has_prefix (two->request->number, "ACM-REQ-"));

  command = b_command (&h, TEMPO_ACTION_GUEST_BAN);
  command->guest_id = g_strdup (two->guest->id);
  command->number = G_MAXINT64;
  tempo_outcome_unref (fixture_do (&h.f, command));
  g_free (fixture_ask (&h.f, "bea", "s5"));
  command = tempo_command_new (TEMPO_ACTION_SUBMIT, bea, h.b->id, h.room);
  command->song_id = g_strdup ("s8");
  fixture_refuse (&h.f, command, TEMPO_REFUSAL_BANNED);
  /* And "forget me" here leaves the other house's guest alone. */
  tempo_outcome_unref (fixture_do (&h.f, fixture_guest_command (&h.f, TEMPO_ACTION_FORGET_SELF, "bea")));
  here = fixture_sql (&h.f, h.f.org, "SELECT count(*) FROM base_guest WHERE token_digest = 'bea'");
  there = b_sql (&h, "SELECT count(*) FROM base_guest WHERE token_digest = 'bea'");
  g_assert_cmpstr (here, ==, "0");
  g_assert_cmpstr (there, ==, "1");
  houses_tear_down (&h);
}

/* A file that is another house's is not served as this one's: its house stays shut and says why, the other works. */
static void
test_swapped_files (void)
{
  Houses h = { 0 };
  g_autofree char *a = NULL, *b = NULL, *reason = NULL, *events = NULL;
  g_autoptr (GPtrArray) open = NULL, rooms = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  houses_set_up (&h);
  a = g_build_filename (h.f.folder, "organizations", h.f.org, "tempo.db", NULL);
  b = g_build_filename (h.f.folder, "organizations", h.b->id, "tempo.db", NULL);
  fixture_stop (&h.f);
  g_assert_true (g_file_get_contents (b, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (a, bytes, (gssize) length, NULL));
  fixture_start (&h.f);
  open = tempo_host_list_organizations (h.f.host);
  g_assert_cmpuint (open->len, ==, 1);
  g_assert_cmpstr (((TempoOrganization *) open->pdata[0])->id, ==, h.b->id);
  reason = tempo_host_dup_unopened (h.f.host, h.f.org);
  g_assert_nonnull (reason);
  g_test_message ("%s", reason);
  g_assert_null (tempo_host_dup_unopened (h.f.host, h.b->id));
  rooms = tempo_host_list_rooms (h.f.host, h.f.org);
  g_assert_true (rooms == NULL || rooms->len == 0);
  g_assert_null (fixture_ask_full (&h.f, "ann", "s5", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_NOT_FOUND);

  b_ask (&h, "ben", "s6");
  events = b_sql (&h, "SELECT title FROM base_request WHERE title = 'Title s6'");
  g_assert_cmpstr (events, ==, "Title s6");
  houses_tear_down (&h);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/isolation/foreign-ids", test_foreign_ids);
  g_test_add_func ("/venue/isolation/foreign-rooms", test_foreign_rooms);
  g_test_add_func ("/venue/isolation/foreign-staff", test_foreign_staff);
  g_test_add_func ("/venue/isolation/reads", test_reads);
  g_test_add_func ("/venue/isolation/same-phone", test_same_phone);
  g_test_add_func ("/venue/isolation/swapped-files", test_swapped_files);

  return g_test_run ();
}
