/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What anybody can make grow ends somewhere: at the number that is named it still goes, one above it does not. */
#include "fixture.h"
#include "venue/tempo-people.h"

#include <sqlite3.h>

/* The words of the source that nobody outside it is told. */
#define ROOMS 64
#define DISPLAYS 200
#define KEY 80
#define NAME 80
#define PAGE 200
#define DISPLAY_QUEUE 8
#define STAFF_GUESTS 1000
#define MINE_TOLD 20

/* Things of a house */

typedef struct
{
  const char *name;
  const char *fill;     /* one row; %1 the house, %2 its room, %3 which */
  guint there;          /* without any filling */
  guint max;
  TempoAction action;   /* makes one more; TEMPO_N_ACTIONS: it is the people's door */
  TempoPeopleAct act;
  gboolean licensed;    /* so many need a licence, which says no until the house itself does */
} Growth;

static const Growth growths[] = {
  { "rooms",
    "INSERT INTO base_room (tenant_id, id, code, name, created_at, origin, hlc)"
    " VALUES ('%1', printf ('01900000-0000-7000-b000-%012x', %3), 'FILL%3', 'Room %3', 1, 'test', 1)",
    1, ROOMS, TEMPO_ACTION_ROOM_CREATE, 0, TRUE },
  { "displays",
    "INSERT INTO base_display (tenant_id, id, room_id, token_digest, created_at, origin, hlc)"
    " VALUES ('%1', printf ('01900000-0000-7000-b000-%012x', %3), '%2', 'digest %3', 1, 'test', 1)",
    0, DISPLAYS, TEMPO_ACTION_DISPLAY_CREATE, 0, TRUE },
  { "members",
    "INSERT INTO base_member (tenant_id, id, username, role, created_at, origin, hlc)"
    " VALUES ('%1', printf ('01900000-0000-7000-b000-%012x', %3), 'user%3', 'member', 1, 'test', 1)",
    1, TEMPO_MAX_MEMBERS, TEMPO_N_ACTIONS, TEMPO_PEOPLE_CREATE, TRUE },
  { "invitations",
    "INSERT INTO base_invitation (tenant_id, id, token_digest, role, created_at, expires_at, origin, hlc)"
    " VALUES ('%1', printf ('01900000-0000-7000-b000-%012x', %3), 'digest %3', 'member', 1, 9000000000000000, 'test', 1)",
    0, TEMPO_MAX_INVITATIONS, TEMPO_N_ACTIONS, TEMPO_PEOPLE_INVITE, FALSE },
};

/* Rows past the engine, which is not there meanwhile. */
static void
fill (Fixture *f,
      const Growth *growth,
      guint first,
      guint last)
{
  g_autofree char *path = g_strdup_printf ("%s/organizations/%s/tempo.db", f->folder, f->org);
  sqlite3 *db = NULL;

  fixture_settle (f);
  fixture_stop (f);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN", NULL, NULL, NULL), ==, SQLITE_OK);
  for (guint i = first; i <= last; i++)
    {
      g_autoptr (GString) sql = g_string_new (growth->fill);
      g_autofree char *number = g_strdup_printf ("%u", i);

      g_string_replace (sql, "%1", f->org, 0);
      g_string_replace (sql, "%2", f->room, 0);
      g_string_replace (sql, "%3", number, 0);
      if (sqlite3_exec (db, sql->str, NULL, NULL, NULL) != SQLITE_OK)
        g_error ("%s: %s", sql->str, sqlite3_errmsg (db));
    }
  g_assert_cmpint (sqlite3_exec (db, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  fixture_start (f);
}

static GError *
make_person (Fixture *f,
             TempoPeopleAct act,
             const char *note)
{
  g_autoptr (TempoPeopleCommand) command = tempo_people_command_new (act, f->desktop, f->org);
  g_autoptr (TempoPeopleOutcome) outcome = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  command->username = act == TEMPO_PEOPLE_CREATE ? g_strdup ("newcomer") : NULL;
  command->password = act == TEMPO_PEOPLE_CREATE ? g_strdup ("correct horse") : NULL;
  command->role = TEMPO_ROLE_MEMBER;
  command->note = g_strdup (note);
  tempo_people_execute_async (f->host, command, fixture_result_cb, &result);
  fixture_wait_result (&result);
  outcome = tempo_people_execute_finish (f->host, result, &error);
  g_assert_true ((outcome == NULL) == (error != NULL));

  return error;
}

static GError *
make_thing (Fixture *f,
            TempoAction action,
            const char *name)
{
  TempoCommand *command = fixture_command (f, action);
  g_autoptr (TempoOutcome) outcome = NULL;
  GError *error = NULL;

  command->name = g_strdup (name);
  if (action == TEMPO_ACTION_ROOM_CREATE)
    g_clear_pointer (&command->room_id, g_free);
  outcome = fixture_run (f, command, &error);

  return error;
}

static void
check_one_more (Fixture *f,
                const Growth *growth,
                int refusal)
{
  g_autoptr (GError) error = growth->action != TEMPO_N_ACTIONS ? make_thing (f, growth->action, "One more")
                                                               : make_person (f, growth->act, NULL);

  if (refusal < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, TEMPO_REFUSAL, refusal);
}

static void
test_growth (gconstpointer data)
{
  const Growth *growth = data;
  Fixture f = { 0 };

  fixture_set_up (&f, NULL);
  fill (&f, growth, growth->there + 1, growth->max - 1);
  check_one_more (&f, growth, growth->licensed ? TEMPO_REFUSAL_LICENCE : -1);
  /* One was just made, where it could be. */
  if (growth->licensed)
    fill (&f, growth, growth->max, growth->max);
  check_one_more (&f, growth, TEMPO_REFUSAL_CONFLICT);
  fixture_tear_down (&f);
}

/* Texts */

typedef struct
{
  const char *name;
  guint max; /* characters */
  TempoAction action; /* TEMPO_N_ACTIONS: an invitation */
  enum { AS_NAME, AS_TITLE, AS_ARTIST, AS_MESSAGE, AS_REASON, AS_KEY } member;
} Text;

static const Text texts[] = {
  { "room", NAME, TEMPO_ACTION_ROOM_CREATE, AS_NAME },
  { "display", NAME, TEMPO_ACTION_DISPLAY_CREATE, AS_NAME },
  { "event", TEMPO_EVENT_MAX_NAME, TEMPO_ACTION_EVENT_RENAME, AS_NAME },
  { "title", TEMPO_SONG_MAX_TEXT, TEMPO_ACTION_SUBMIT, AS_TITLE },
  { "artist", TEMPO_SONG_MAX_TEXT, TEMPO_ACTION_SUBMIT, AS_ARTIST },
  { "message", TEMPO_REQUEST_MAX_MESSAGE, TEMPO_ACTION_SUBMIT, AS_MESSAGE },
  { "guest", TEMPO_REQUEST_MAX_NAME, TEMPO_ACTION_SUBMIT, AS_NAME },
  { "reason", TEMPO_REQUEST_MAX_MESSAGE, TEMPO_ACTION_DECLINE, AS_REASON },
  { "key", KEY, TEMPO_ACTION_SUBMIT, AS_KEY },
  { "note", TEMPO_INVITATION_MAX_NOTE, TEMPO_N_ACTIONS, AS_NAME },
};

/* Of two bytes each, unless it must be plain: it is characters that count. */
static char *
make_text (const Text *text,
           guint length)
{
  GString *made = g_string_new (NULL);

  for (guint i = 0; i < length; i++)
    g_string_append (made, text->member == AS_KEY ? "k" : "é");

  return g_string_free (made, FALSE);
}

static TempoCommand *
make_command (Fixture *f,
              const Text *text,
              const char *value,
              const char *request_id)
{
  TempoCommand *command = text->action == TEMPO_ACTION_SUBMIT ? fixture_guest_command (f, text->action, "ann")
                                                              : fixture_command (f, text->action);

  if (text->action == TEMPO_ACTION_ROOM_CREATE)
    g_clear_pointer (&command->room_id, g_free);
  if (text->action == TEMPO_ACTION_DECLINE)
    command->request_id = g_strdup (request_id);
  if (text->action == TEMPO_ACTION_SUBMIT && text->member != AS_TITLE)
    command->title = g_strdup ("Title");
  switch (text->member)
    {
    case AS_NAME:
      command->name = g_strdup (value);
      break;
    case AS_TITLE:
      command->title = g_strdup (value);
      break;
    case AS_ARTIST:
      command->artist = g_strdup (value);
      break;
    case AS_MESSAGE:
      command->message = g_strdup (value);
      break;
    case AS_REASON:
      command->reason_text = g_strdup (value);
      break;
    case AS_KEY:
      command->key = g_strdup (value);
      break;
    default:
      g_assert_not_reached ();
    }

  return command;
}

static void
test_text (gconstpointer data)
{
  const Text *text = data;
  Fixture f = { 0 };
  g_autofree char *request_id = NULL;

  fixture_set_up (&f, "{\"perGuest\":0,\"messages\":true,\"freeText\":true}");
  request_id = fixture_ask (&f, "max", "s1");
  for (guint over = 0; over < 2; over++)
    {
      /* Too long first: it changes nothing for what comes after. */
      g_autofree char *value = make_text (text, text->max + 1 - over);
      g_autoptr (GError) error = NULL;

      if (text->action == TEMPO_N_ACTIONS)
        error = make_person (&f, TEMPO_PEOPLE_INVITE, value);
      else
        {
          g_autoptr (TempoOutcome) outcome = fixture_run (&f, make_command (&f, text, value, request_id), &error);

          g_assert_true ((outcome == NULL) == (error != NULL));
        }
      if (over == 0)
        g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID);
      else
        g_assert_no_error (error);
    }
  fixture_tear_down (&f);
}

static void
test_pin (void)
{
  static const struct { const char *pin; gboolean valid; } pins[] = {
    { "123", FALSE }, { "1234", TRUE }, { "123456789012", TRUE }, { "1234567890123", FALSE }, { "12a4", FALSE }, { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pins); i++)
    g_assert_cmpint (tempo_pin_is_valid (pins[i].pin), ==, pins[i].valid);
}

/* What is told */

static void
count_told (Fixture *f,
            TempoRoom *room,
            gpointer data)
{
  g_autoptr (JsonObject) display = NULL, staff = NULL;
  gsize length;
  const char *text = g_bytes_get_data (tempo_room_get_display_state (room), &length);

  display = tempo_json_parse (text, length, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (display, "queue")), ==, DISPLAY_QUEUE);
  text = g_bytes_get_data (tempo_room_get_staff_state (room), &length);
  staff = tempo_json_parse (text, length, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (staff, "queue")), ==, room->shown_queue->len);
  g_assert_cmpuint (g_hash_table_size (room->shown_parts), >, STAFF_GUESTS);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (staff, "guests")), ==, STAFF_GUESTS);
  /* When the next ones sound is worth the count, when the five hundredth does is not. */
  g_assert_cmpint (tempo_room_eta (room, TEMPO_ROOM_MAX_ETA - 1), >, 0);
  g_assert_cmpint (tempo_room_eta (room, TEMPO_ROOM_MAX_ETA), ==, -1);
}

static void
test_told (void)
{
  Fixture f = { 0 };
  g_autofree char *asked = NULL;

  fixture_set_up (&f, "{\"perGuest\":0,\"maxQueue\":0,\"approval\":false}");
  fixture_fill (&f, "approved", STAFF_GUESTS + 10, STAFF_GUESTS + 5);
  fixture_on_engine (&f, count_told, NULL);
  for (guint i = 0; i < MINE_TOLD + 1; i++)
    {
      g_autofree char *song = g_strdup_printf ("s%u", i);
      g_autoptr (JsonObject) state = NULL;

      g_free (asked);
      asked = fixture_ask (&f, "ann", song);
      state = fixture_state (&f, "ann");
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "mine")), ==, MIN (i + 1, MINE_TOLD));
    }
  fixture_tear_down (&f);
}

typedef struct
{
  const char *cursor; /* (nullable) */
  guint limit;
  GAsyncResult *result; /* (owned) */
} Page;

static void
begin_page (Fixture *f,
            TempoRoom *room,
            gpointer data)
{
  Page *page = data;

  tempo_room_list_requests_async (room, NULL, NULL, page->cursor, page->limit, NULL, fixture_result_cb, &page->result);
}

/* From page to page each row comes once, and the last page says that it is. */
static void
test_pages (void)
{
  static const struct { guint limit, first, second; } rows[] = {
    { 0, 1, 1 }, { 1, 1, 1 }, { PAGE - 1, PAGE - 1, 2 }, { PAGE, PAGE, 1 }, { PAGE + 1, PAGE, 1 }, { G_MAXUINT, PAGE, 1 },
  };
  Fixture f = { 0 };

  fixture_set_up (&f, "{\"perGuest\":0,\"maxQueue\":0}");
  fixture_fill (&f, "pending", PAGE + 1, 10);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *cursor = NULL;
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint n = 0; n < 2; n++)
        {
          Page page = { cursor, rows[i].limit, NULL };
          gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;
          g_autoptr (GError) error = NULL;
          g_autoptr (GBytes) bytes = NULL;
          g_autoptr (JsonObject) object = NULL;
          JsonArray *list;

          fixture_on_engine (&f, begin_page, &page);
          while (g_atomic_pointer_get (&page.result) == NULL)
            {
              g_assert_cmpint (g_get_monotonic_time (), <, deadline);
              fixture_turn ();
            }
          bytes = tempo_room_list_requests_finish (NULL, page.result, &error);
          g_clear_object (&page.result);
          g_assert_no_error (error);
          object = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
          g_assert_no_error (error);
          list = json_object_get_array_member (object, "requests");
          g_assert_cmpuint (json_array_get_length (list), ==, n == 0 ? rows[i].first : rows[i].second);
          for (guint j = 0; j < json_array_get_length (list); j++)
            g_assert_true (g_hash_table_add (seen, g_strdup (json_object_get_string_member (json_array_get_object_element (list, j), "id"))));
          g_free (cursor);
          cursor = g_strdup (json_object_get_string_member_with_default (object, "next", NULL));
          g_assert_true ((cursor == NULL) == (g_hash_table_size (seen) == PAGE + 1));
        }
    }
  fixture_tear_down (&f);
}

/* What the history forgot cannot come back, and all it keeps can. */
static void
test_history (void)
{
  static const guint counts[] = { TEMPO_ROOM_MAX_HISTORY, TEMPO_ROOM_MAX_HISTORY + 1 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Fixture f = { 0 };
      g_autoptr (TempoOutcome) cleared = NULL, undone = NULL;

      fixture_set_up (&f, "{\"perGuest\":0,\"maxQueue\":0}");
      /* The first of them sounds. */
      fixture_fill (&f, "approved", counts[i] + 1, 10);
      cleared = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_CLEAR));
      g_assert_cmpuint (cleared->count, ==, counts[i]);
      undone = fixture_do (&f, fixture_command (&f, TEMPO_ACTION_UNDO));
      g_assert_cmpuint (undone->count, ==, TEMPO_ROOM_MAX_HISTORY);
      fixture_tear_down (&f);
    }
}

/* Signed in at too many places at once, the one that was longest away is signed out. */
static void
open_sessions (Fixture *f,
               TempoRoom *room,
               gpointer data)
{
  TempoMember *member = tempo_venue_find_username (room->venue, "olga");
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < TEMPO_MAX_SESSIONS + 1; i++)
    {
      g_ptr_array_add (ids, g_strdup (tempo_sessions_open (f->host, member, "192.0.2.7", "test", FIXTURE_NOW + G_TIME_SPAN_DAY)));
      tempo_clock_advance (f->clock, G_TIME_SPAN_SECOND);
      for (guint j = 0; j <= i; j++)
        g_assert_cmpint (tempo_sessions_check (f->host, member, ids->pdata[j]), ==, i < TEMPO_MAX_SESSIONS || j > 0);
    }
}

static void
test_sessions (void)
{
  Fixture f = { 0 };

  fixture_set_up (&f, NULL);
  fixture_on_engine (&f, open_sessions, NULL);
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (growths); i++)
    {
      g_autofree char *path = g_strconcat ("/venue/maxima/growth/", growths[i].name, NULL);

      g_test_add_data_func (path, &growths[i], test_growth);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = g_strconcat ("/venue/maxima/text/", texts[i].name, NULL);

      g_test_add_data_func (path, &texts[i], test_text);
    }
  g_test_add_func ("/venue/maxima/pin", test_pin);
  g_test_add_func ("/venue/maxima/told", test_told);
  g_test_add_func ("/venue/maxima/pages", test_pages);
  g_test_add_func ("/venue/maxima/history", test_history);
  g_test_add_func ("/venue/maxima/sessions", test_sessions);

  return g_test_run ();
}
