/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every action there is, and what its line in the log says: who, what, on which object, what was before and what is
 * after, from where and with what. An action that is not in the table makes the test fail. */
#include "access/tempo-licence-key.h"
#include "access/tempo-totp.h"
#include "fixture.h"
#include "venue/tempo-people.h"

#define ADDRESS "192.0.2.7"
#define AGENT "test"
#define PASSWORD "correct horse battery"
#define NEW_PASSWORD "staple of a new horse"
#define HOUR G_TIME_SPAN_HOUR

typedef enum
{
  GUEST = 1 << 0,   /* a guest does it, else the owner */
  NO_BEFORE = 1 << 1, /* what it tells of was not there */
  NO_AFTER = 1 << 2,  /* or is not any more */
} Flags;

typedef enum
{
  NOTHING,
  A, B, C, D, /* requests */
  HOLD,     /* the guest of A, with the flag */
  UNTIL,    /* the guest of A, for an hour */
  THEIRS,   /* the guest of A */
  EVENT,    /* the event that was made last */
  DISPLAY,  /* the display */
} On;

typedef struct
{
  TempoAction action;
  On on;
  Flags flags;
  const char *name;  /* (nullable) */
  const char *patch; /* (nullable) JSON */
  gboolean flag;
  gint64 number;
  const char *before, *after; /* (nullable) what exactly it says */
} Row;

/* In the order of one evening: each finds what it needs. */
static const Row rows[] = {
  { TEMPO_ACTION_SUBMIT, NOTHING, GUEST | NO_BEFORE, "s9", NULL, FALSE, 0, NULL, NULL },
  { TEMPO_ACTION_RENAME_SELF, NOTHING, GUEST, "Ann", NULL, FALSE, 0, NULL, "Ann" },
  { TEMPO_ACTION_VOTE, B, GUEST, NULL, NULL, FALSE, 0, "0", "1" },
  { TEMPO_ACTION_UNVOTE, B, GUEST, NULL, NULL, FALSE, 0, "1", "0" },
  { TEMPO_ACTION_APPROVE, A, 0, NULL, NULL, FALSE, 0, "pending", "approved" },
  { TEMPO_ACTION_APPROVE, B, 0, NULL, NULL, FALSE, 0, "pending", "approved" },
  { TEMPO_ACTION_APPROVE, D, 0, NULL, NULL, FALSE, 0, "pending", "approved" },
  { TEMPO_ACTION_MOVE, D, 0, NULL, NULL, FALSE, 0, "2", "1" },
  { TEMPO_ACTION_PIN, B, 0, NULL, NULL, TRUE, 0, "free", "pinned" },
  { TEMPO_ACTION_PIN, B, 0, NULL, NULL, FALSE, 0, "pinned", "free" },
  { TEMPO_ACTION_SHOW_MESSAGE, C, 0, NULL, NULL, TRUE, 0, "hidden", "shown" },
  { TEMPO_ACTION_DECLINE, C, 0, NULL, NULL, FALSE, 0, "pending", "declined" },
  { TEMPO_ACTION_UNDO, NOTHING, 0, NULL, NULL, FALSE, 0, "declined", "pending" },
  { TEMPO_ACTION_REMOVE, C, 0, NULL, NULL, FALSE, 0, "pending", "declined" },
  { TEMPO_ACTION_UNDO, NOTHING, 0, NULL, NULL, FALSE, 0, "declined", "pending" },
  { TEMPO_ACTION_WITHDRAW, C, GUEST, NULL, NULL, FALSE, 0, "pending", "withdrawn" },
  { TEMPO_ACTION_PAUSE, NOTHING, 0, NULL, NULL, FALSE, 0, "playing", "paused" },
  { TEMPO_ACTION_PLAY, NOTHING, 0, NULL, NULL, FALSE, 0, "paused", "playing" },
  { TEMPO_ACTION_SEEK, NOTHING, 0, NULL, NULL, FALSE, 61000, "0", "61000" },
  { TEMPO_ACTION_VOLUME, NOTHING, 0, NULL, NULL, FALSE, 0, "1.00", "0.40" },
  { TEMPO_ACTION_FILLER, NOTHING, 0, NULL, NULL, FALSE, 0, "on", "off" },
  { TEMPO_ACTION_MARK_PLAYING, B, 0, NULL, NULL, FALSE, 0, "approved", "playing" },
  { TEMPO_ACTION_MARK_PLAYED, NOTHING, 0, NULL, NULL, FALSE, 0, "playing", "played" },
  { TEMPO_ACTION_SKIP, NOTHING, NO_AFTER, NULL, NULL, FALSE, 0, NULL, NULL },
  { TEMPO_ACTION_GUEST_HOLD, HOLD, 0, NULL, NULL, TRUE, 0, "free", "held" },
  { TEMPO_ACTION_GUEST_MUTE, UNTIL, 0, NULL, NULL, FALSE, 0, "lifted", "2025-11-20T22:00:00.000Z" },
  { TEMPO_ACTION_GUEST_RENAME, THEIRS, 0, "Ann B", NULL, FALSE, 0, "Ann", "Ann B" },
  { TEMPO_ACTION_SUBMIT, NOTHING, NO_BEFORE, "s8", NULL, FALSE, 0, NULL, NULL },
  { TEMPO_ACTION_SUBMIT, NOTHING, NO_BEFORE, "s7", NULL, FALSE, 0, NULL, NULL },
  { TEMPO_ACTION_CLEAR, NOTHING, 0, NULL, NULL, FALSE, 0, "approved", "declined" },
  { TEMPO_ACTION_GUEST_CLEAR, THEIRS, 0, NULL, NULL, FALSE, 0, "pending", "declined" },
  { TEMPO_ACTION_GUEST_BAN, UNTIL, 0, NULL, NULL, FALSE, 0, "lifted", "2025-11-20T22:00:00.000Z" },
  { TEMPO_ACTION_FORGET_SELF, NOTHING, GUEST, NULL, NULL, FALSE, 0, "known", "forgotten" },
  { TEMPO_ACTION_SWITCH, NOTHING, 0, NULL, NULL, FALSE, 0, "open", "closed" },
  { TEMPO_ACTION_SWITCH, NOTHING, NO_BEFORE, NULL, NULL, TRUE, FIXTURE_NOW + HOUR, NULL, "2025-11-20T22:00:00.000Z" },
  { TEMPO_ACTION_SWITCH, NOTHING, NO_AFTER, NULL, NULL, TRUE, 0, "2025-11-20T22:00:00.000Z", NULL },
  { TEMPO_ACTION_EVENT_RULES, NOTHING, 0, NULL, "{\"perGuest\":7,\"approval\":true}", FALSE, 0, "{\"perGuest\":3}", "{\"perGuest\":7}" },
  { TEMPO_ACTION_EVENT_END, NOTHING, 0, NULL, NULL, FALSE, 0, "active", "ended" },
  { TEMPO_ACTION_EVENT_CREATE, NOTHING, NO_BEFORE, "Friday", NULL, FALSE, 0, NULL, "Friday" },
  { TEMPO_ACTION_EVENT_RENAME, EVENT, 0, "Saturday", NULL, FALSE, 0, "Friday", "Saturday" },
  { TEMPO_ACTION_EVENT_START, EVENT, 0, NULL, NULL, FALSE, 0, "scheduled", "active" },
  { TEMPO_ACTION_DISPLAY_CREATE, NOTHING, NO_BEFORE, "Wall", NULL, FALSE, 0, NULL, "Wall" },
  { TEMPO_ACTION_DISPLAY_REVOKE, DISPLAY, NO_AFTER, NULL, NULL, FALSE, 0, "Wall", NULL },
  { TEMPO_ACTION_SETTING, NOTHING, NO_BEFORE, NULL, "{\"contact\":\"555\"}", FALSE, 0, NULL, "\"555\"" },
  { TEMPO_ACTION_SETTING, NOTHING, 0, NULL, "{\"contact\":\"556\"}", FALSE, 0, "\"555\"", "\"556\"" },
  { TEMPO_ACTION_ROOM_EDIT, NOTHING, 0, NULL, "{\"name\":\"Bar\"}", FALSE, 0, "\"Main\"", "\"Bar\"" },
  { TEMPO_ACTION_ROOM_EDIT, NOTHING, NO_BEFORE, NULL, "{\"wifiPassword\":\"open sesame\"}", FALSE, 0, NULL, "(secret)" },
  { TEMPO_ACTION_ROOM_EDIT, NOTHING, 0, NULL, "{\"sources\":[\"library\",\"manual\"]}", FALSE, 0, "[\"library\"]", "[\"library\",\"manual\"]" },
  { TEMPO_ACTION_ROOM_CODE, NOTHING, 0, NULL, NULL, FALSE, 0, NULL, NULL },
  { TEMPO_ACTION_SOURCE, NOTHING, 0, "manual", NULL, FALSE, 0, NULL, "manual" },
  { TEMPO_ACTION_ROOM_CREATE, NOTHING, NO_BEFORE, "Yard", NULL, FALSE, 0, NULL, "Yard" },
  { TEMPO_ACTION_EVENT_END, NOTHING, 0, NULL, NULL, FALSE, 0, "active", "ended" },
  { TEMPO_ACTION_LICENCE, NOTHING, NO_BEFORE, NULL, "{\"key\":\"@\"}", FALSE, 0, NULL, NULL },
  { TEMPO_ACTION_LICENCE, NOTHING, NO_AFTER, NULL, "{}", FALSE, 0, NULL, NULL },
  { TEMPO_ACTION_ROOM_ACTIVE, NOTHING, 0, NULL, NULL, FALSE, 0, "active", "closed" },
};

typedef struct
{
  Fixture f;
  TempoActor *owner; /* (owned) */
  char *requests[4]; /* (owned) */
  char *guest;       /* (owned) */
  char *event;       /* (owned) (nullable) */
  char *display;     /* (owned) (nullable) */
  char *key;         /* (owned) */
} Evening;

static TempoCommand *
make_command (Evening *e, const Row *row)
{
  TempoCommand *command = row->flags & GUEST ? fixture_guest_command (&e->f, row->action, "ann")
                                             : tempo_command_new (row->action, e->owner, e->f.org, e->f.room);
  g_auto (GStrv) parts = row->patch != NULL ? g_strsplit (row->patch, "@", 2) : NULL;
  g_autofree char *patch = parts != NULL ? g_strjoinv (e->key, parts) : NULL;

  if (row->action == TEMPO_ACTION_SUBMIT)
    command->song_id = g_strdup (row->name);
  else
    command->name = g_strdup (row->name);
  command->patch = patch != NULL ? fixture_json (patch) : NULL;
  command->flag = row->flag;
  command->number = row->on == UNTIL ? FIXTURE_NOW + HOUR : row->number;
  command->position = 1;
  command->level = 0.4;
  command->switch_state = TEMPO_SWITCH_CLOSED;
  if (row->on >= A && row->on <= D)
    command->request_id = g_strdup (e->requests[row->on - A]);
  if (row->on >= HOLD && row->on <= THEIRS)
    command->guest_id = g_strdup (e->guest);
  if (row->on == EVENT)
    command->event_id = g_strdup (e->event);
  if (row->on == DISPLAY)
    command->target_id = g_strdup (e->display);
  return command;
}

/* The lines since @seq with @action; "" for none. (transfer full). */
static char *
read_lines (Fixture *f, const char *seq, const char *action, const char *column)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM base_audit WHERE seq > %s AND action = '%s' AND actor_kind <> 'system' ORDER BY seq DESC LIMIT 1",
                                          column, seq, action);

  return fixture_sql (f, NULL, sql);
}

static void
check_line (Fixture *f, const char *seq, const char *action, const char *kind, Flags flags, const char *before, const char *after)
{
  g_autofree char *who = read_lines (f, seq, action, "actor_kind || ' ' || (actor_id IS NOT NULL) || ' ' || address || ' ' || agent"
                                                     " || ' ' || (object_kind IS NOT NULL AND object_id IS NOT NULL)");
  g_autofree char *expected = g_strdup_printf ("%s 1 " ADDRESS " " AGENT " 1", kind);
  g_autofree char *was = read_lines (f, seq, action, "before");
  g_autofree char *is = read_lines (f, seq, action, "after");

  g_test_message ("%s: %s, %s > %s", action, who, was, is);
  g_assert_cmpstr (who, ==, expected);
  g_assert_cmpstr (was, !=, is);
  g_assert_cmpint (g_str_equal (was, "-"), ==, (flags & NO_BEFORE) != 0);
  g_assert_cmpint (g_str_equal (is, "-"), ==, (flags & NO_AFTER) != 0);
  if (before != NULL)
    g_assert_cmpstr (was, ==, before);
  if (after != NULL)
    g_assert_cmpstr (is, ==, after);
}

static TempoActor *
make_owner (Fixture *f, const char *id)
{
  g_autoptr (TempoMember) member = tempo_member_new (id, "olga", TEMPO_ROLE_OWNER);

  g_clear_pointer (&member->organization_id, g_free);
  member->organization_id = g_strdup (f->org);
  return tempo_actor_new_member (member, ADDRESS, AGENT);
}

static char *
last_seq (Fixture *f)
{
  return fixture_sql (f, NULL, "SELECT max(seq) FROM base_audit");
}

static void
run_row (Evening *e, const Row *row)
{
  g_autofree char *seq = last_seq (&e->f);
  g_autoptr (TempoOutcome) outcome = NULL;

  g_test_message ("%s", tempo_action_to_string (row->action));
  outcome = fixture_do (&e->f, make_command (e, row));
  if (row->action == TEMPO_ACTION_EVENT_CREATE)
    e->event = g_strdup (outcome->event->id);
  if (row->action == TEMPO_ACTION_DISPLAY_CREATE)
    e->display = g_strdup (outcome->target_id);
  check_line (&e->f, seq, tempo_action_to_string (row->action), row->flags & GUEST ? "guest" : "member", row->flags, row->before,
              row->after);
}

static void
begin (Evening *e)
{
  g_autofree char *olga = NULL;

  fixture_set_up (&e->f, "{\"approval\":true,\"perGuest\":3,\"messages\":true}");
  olga = fixture_sql (&e->f, NULL, "SELECT id FROM base_member");
  e->owner = make_owner (&e->f, olga);
  e->key = tempo_licence_key_new ("TMP", 2026);
  e->requests[0] = fixture_ask (&e->f, "ann", "s1");
  e->requests[1] = fixture_ask (&e->f, "bea", "s2");
  e->requests[3] = fixture_ask (&e->f, "cem", "s4");
  {
    TempoCommand *command = fixture_guest_command (&e->f, TEMPO_ACTION_SUBMIT, "ann");
    g_autoptr (TempoOutcome) outcome = NULL;

    command->song_id = g_strdup ("s3");
    command->message = g_strdup ("For Bea");
    outcome = fixture_do (&e->f, command);
    e->requests[2] = g_strdup (outcome->request->id);
    e->guest = g_strdup (outcome->request->guest_id);
  }
}

static void
end (Evening *e)
{
  g_clear_pointer (&e->owner, tempo_actor_unref);
  for (guint i = 0; i < G_N_ELEMENTS (e->requests); i++)
    g_clear_pointer (&e->requests[i], g_free);
  g_clear_pointer (&e->guest, g_free);
  g_clear_pointer (&e->event, g_free);
  g_clear_pointer (&e->display, g_free);
  g_clear_pointer (&e->key, g_free);
  fixture_tear_down (&e->f);
}

static void
test_actions (void)
{
  Evening e = { 0 };
  gboolean seen[TEMPO_N_ACTIONS] = { FALSE };
  g_autofree char *secrets = NULL;

  begin (&e);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      run_row (&e, &rows[i]);
      seen[rows[i].action] = TRUE;
    }
  for (guint i = 0; i < TEMPO_N_ACTIONS; i++)
    if (!seen[i])
      g_error ("nobody knows what the log says of %s", tempo_action_to_string (i));
  secrets = g_strdup_printf ("SELECT count(*) FROM base_audit WHERE ifnull (before, '') || ifnull (after, '') || ifnull (reason, '')"
                             " LIKE '%%sesame%%' OR after LIKE '%%%s%%'", e.key);
  fixture_check_sql (&e.f, secrets, "0");
  end (&e);
}

/* People */

typedef struct
{
  TempoPeopleAct act;
  const char *word;
  Flags flags;
  const char *username; /* (nullable) */
  const char *before, *after;
} PeopleRow;

static const PeopleRow people_rows[] = {
  { TEMPO_PEOPLE_CREATE, "member_create", NO_BEFORE, "mia", NULL, "mia, member" },
  { TEMPO_PEOPLE_CHANGE, "member_role", 0, "mia", "member", "admin" },
  { TEMPO_PEOPLE_CHANGE, "member_deactivate", 0, "mia", "active", "inactive" },
  { TEMPO_PEOPLE_CHANGE, "member_activate", 0, "mia", "inactive", "active" },
  { TEMPO_PEOPLE_CHANGE, "password_set", 0, "mia", NULL, NULL },
  { TEMPO_PEOPLE_INVITE, "invite", NO_BEFORE, NULL, NULL, "member" },
  { TEMPO_PEOPLE_REVOKE_INVITATION, "invite_revoke", NO_AFTER, NULL, "member", NULL },
  { TEMPO_PEOPLE_INVITE, "invite", NO_BEFORE, NULL, NULL, "member" },
  { TEMPO_PEOPLE_ACCEPT, "invite_accept", 0, "zoe", "open", "zoe" },
  { TEMPO_PEOPLE_RESET, "password_reset", NO_BEFORE, "mia", NULL, NULL },
  { TEMPO_PEOPLE_RESET, "invite_revoke", NO_AFTER, "mia", "password", NULL },
  { TEMPO_PEOPLE_USE_RESET, "password_set", 0, NULL, NULL, NULL },
  { TEMPO_PEOPLE_CHANGE_OWN, "password_set", 0, NULL, NULL, NULL },
  { TEMPO_PEOPLE_FACTOR_BEGIN, "second_factor_begin", 0, NULL, "off", "begun" },
  { TEMPO_PEOPLE_FACTOR_CONFIRM, "second_factor_on", 0, NULL, "off", "on" },
  { TEMPO_PEOPLE_FACTOR_RESET, "second_factor_reset", 0, "olga", "on", "off" },
  { TEMPO_PEOPLE_FACTOR_BEGIN, "second_factor_begin", 0, NULL, "off", "begun" },
  { TEMPO_PEOPLE_FACTOR_DROP, "second_factor_off", 0, NULL, "begun", "off" },
  { TEMPO_PEOPLE_END_SESSIONS, "sessions_end", 0, NULL, "1", "0" },
  { TEMPO_PEOPLE_REMOVE, "member_remove", NO_AFTER, "mia", "mia", NULL },
};

typedef struct
{
  Fixture f;
  TempoActor *owner;
  char *token, *target, *secret; /* (owned) (nullable) of what was made last */
} House;

static void
open_session_cb (Fixture *f, TempoRoom *room, gpointer data)
{
  House *h = data;
  TempoMember *olga = tempo_host_find_member (f->host, f->org, h->owner->id);

  g_assert_nonnull (tempo_sessions_open (f->host, olga, ADDRESS, AGENT, FIXTURE_NOW + HOUR));
}

static TempoPeopleCommand *
make_people (House *h, const PeopleRow *row)
{
  gboolean linked = row->act == TEMPO_PEOPLE_ACCEPT || row->act == TEMPO_PEOPLE_USE_RESET;
  TempoPeopleCommand *command = tempo_people_command_new (row->act, linked ? NULL : h->owner, linked ? NULL : h->f.org);

  command->username = g_strdup (row->username);
  command->address = g_strdup (ADDRESS);
  command->agent = g_strdup (AGENT);
  if (linked)
    command->token = g_strdup (h->token);
  if (row->act == TEMPO_PEOPLE_REVOKE_INVITATION)
    command->target_id = g_strdup (h->target);
  if (row->act == TEMPO_PEOPLE_CREATE || row->act == TEMPO_PEOPLE_INVITE)
    command->role = TEMPO_ROLE_MEMBER;
  if (g_str_equal (row->word, "member_role"))
    command->role = TEMPO_ROLE_ADMIN;
  command->set_active = g_str_has_suffix (row->word, "activate");
  command->active = g_str_equal (row->word, "member_activate");
  if (row->act == TEMPO_PEOPLE_CREATE || linked || g_str_equal (row->word, "password_set"))
    command->password = g_strdup (NEW_PASSWORD);
  if (row->act == TEMPO_PEOPLE_CHANGE_OWN)
    command->old_password = g_strdup (PASSWORD);
  if (row->act == TEMPO_PEOPLE_FACTOR_DROP)
    command->old_password = g_strdup (NEW_PASSWORD);
  if (row->act == TEMPO_PEOPLE_FACTOR_CONFIRM)
    command->code = tempo_totp_generate (h->secret, tempo_clock_now (h->f.clock) / G_USEC_PER_SEC);
  return command;
}

static void
keep (char **place, const char *text)
{
  if (text == NULL)
    return;
  g_free (*place);
  *place = g_strdup (text);
}

static void
run_people (House *h, const PeopleRow *row)
{
  g_autofree char *seq = last_seq (&h->f);
  g_autoptr (TempoPeopleCommand) command = NULL;
  g_autoptr (TempoPeopleOutcome) outcome = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", row->word);
  tempo_clock_advance (h->f.clock, G_TIME_SPAN_MINUTE);
  if (row->act == TEMPO_PEOPLE_END_SESSIONS)
    fixture_on_engine (&h->f, open_session_cb, h);
  command = make_people (h, row);
  tempo_people_execute_async (h->f.host, command, fixture_result_cb, &result);
  fixture_wait_result (&result);
  outcome = tempo_people_execute_finish (h->f.host, result, &error);
  g_assert_no_error (error);
  keep (&h->token, outcome->token);
  keep (&h->target, outcome->target_id);
  keep (&h->secret, outcome->secret);
  check_line (&h->f, seq, row->word, "member", row->flags, row->before, row->after);
}

static void
test_people (void)
{
  House h = { 0 };
  gboolean seen[TEMPO_PEOPLE_N_ACTS] = { FALSE };
  g_autofree char *olga = NULL;

  fixture_set_up (&h.f, "{}");
  olga = fixture_sql (&h.f, NULL, "SELECT id FROM base_member");
  h.owner = make_owner (&h.f, olga);
  {
    g_autoptr (TempoPeopleCommand) first = tempo_people_command_new (TEMPO_PEOPLE_CHANGE, h.f.desktop, h.f.org);
    g_autoptr (GAsyncResult) result = NULL;

    first->member_id = g_strdup (olga);
    first->password = g_strdup (PASSWORD);
    tempo_people_execute_async (h.f.host, first, fixture_result_cb, &result);
    fixture_wait_result (&result);
    tempo_people_outcome_free (tempo_people_execute_finish (h.f.host, result, NULL));
  }
  for (guint i = 0; i < G_N_ELEMENTS (people_rows); i++)
    {
      run_people (&h, &people_rows[i]);
      seen[people_rows[i].act] = TRUE;
    }
  for (guint i = 0; i < TEMPO_PEOPLE_N_ACTS; i++)
    g_assert_true (seen[i]);
  fixture_check_sql (&h.f, "SELECT count(*) FROM base_audit WHERE ifnull (before, '') || ifnull (after, '') || ifnull (reason, '')"
                           " LIKE '%horse%' OR after LIKE '$2%' OR before LIKE '$2%'", "0");
  g_clear_pointer (&h.owner, tempo_actor_unref);
  g_clear_pointer (&h.token, g_free);
  g_clear_pointer (&h.target, g_free);
  g_clear_pointer (&h.secret, g_free);
  fixture_tear_down (&h.f);
}

/* Names */

static JsonObject *
read_log (Fixture *f, const char *list)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  tempo_host_list_async (f->host, f->org, list, NULL, NULL, 50, NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);
  bytes = tempo_host_list_finish (f->host, result, NULL);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return fixture_json (text);
}

/* "actor > object" of the newest line; "none" without one. @n: (out) (optional) how many there are. (transfer full). */
static char *
read_names (Fixture *f, const char *list, guint *n)
{
  g_autoptr (JsonObject) page = read_log (f, list);
  JsonArray *lines = json_object_get_array_member (page, "audit");
  JsonObject *line;

  if (n != NULL)
    *n = json_array_get_length (lines);
  if (json_array_get_length (lines) == 0)
    return g_strdup ("none");
  line = json_array_get_object_element (lines, 0);
  return g_strdup_printf ("%s > %s", json_object_get_string_member_with_default (json_object_get_object_member (line, "actor"), "name", "-"),
                          json_object_get_string_member_with_default (json_object_get_object_member (line, "object"), "name", "-"));
}

static void
check_names (Fixture *f, const char *list, const char *expected)
{
  g_autofree char *found = read_names (f, list, NULL);

  g_test_message ("%s: %s", list, found);
  g_assert_cmpstr (found, ==, expected);
}

/* People read names of today, look for them, and find none of what is gone. */
static void
test_names (void)
{
  static const Row edits[] = {
    { TEMPO_ACTION_GUEST_RENAME, THEIRS, 0, "Ann B", NULL, FALSE, 0, NULL, NULL },
    { TEMPO_ACTION_APPROVE, A, 0, NULL, NULL, FALSE, 0, NULL, NULL },
    { TEMPO_ACTION_EVENT_RENAME, NOTHING, 0, "Saturday", NULL, FALSE, 0, NULL, NULL },
    { TEMPO_ACTION_ROOM_EDIT, NOTHING, 0, NULL, "{\"name\":\"Bar\"}", FALSE, 0, NULL, NULL },
    { TEMPO_ACTION_DISPLAY_CREATE, NOTHING, NO_BEFORE, "Wall", NULL, FALSE, 0, NULL, NULL },
    { TEMPO_ACTION_SWITCH, NOTHING, 0, NULL, NULL, FALSE, 0, NULL, NULL },
  };
  static const struct { const char *list, *names; } cases[] = {
    { "audit?action=guest_rename", "olga > Ann B" },
    { "audit?action=approve", "olga > Title s1 · Artist s1" },
    { "audit?action=event_rename", "olga > Saturday" },
    { "audit?action=room_edit", "olga > Bar" },
    { "audit?action=display_create", "olga > Wall" },
    { "audit?action=switch", "olga > Bar" },
    { "audit?action=submit", "Ann B > Title s3 · Artist s3" },
    { "audit?q=TITLE%20s1&action=approve", "olga > Title s1 · Artist s1" },
    { "audit?q=ann%20b&action=submit,approve", "Ann B > Title s3 · Artist s3" },
    { "audit?q=nobody%20at%20all", "none" },
  };
  Evening e = { 0 };
  Row erase = { TEMPO_ACTION_FORGET_SELF, NOTHING, GUEST, NULL, NULL, FALSE, 0, NULL, NULL };
  g_autoptr (TempoOutcome) gone = NULL;

  begin (&e);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autoptr (TempoOutcome) outcome = fixture_do (&e.f, make_command (&e, &edits[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_names (&e.f, cases[i].list, cases[i].names);
  gone = fixture_do (&e.f, make_command (&e, &erase));
  fixture_settle (&e.f);
  check_names (&e.f, "audit?q=Ann%20B&action=submit", "none");
  check_names (&e.f, "audit?action=guest_rename", "olga > -");
  end (&e);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/actions", test_actions);
  g_test_add_func ("/audit/people", test_people);
  g_test_add_func ("/audit/names", test_names);

  return g_test_run ();
}
