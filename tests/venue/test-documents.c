/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What phones, staff and displays read. */
#include "fixture.h"

static JsonObject *
parse (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);

  g_assert_no_error (error);

  return object;
}

static JsonObject *
member (JsonObject *object,
        const char *name)
{
  g_assert_true (json_object_has_member (object, name));

  return json_object_get_object_member (object, name);
}

static guint
count (JsonObject *object,
       const char *name)
{
  g_assert_true (json_object_has_member (object, name));

  return json_array_get_length (json_object_get_array_member (object, name));
}

static JsonObject *
item (JsonObject *object,
      const char *list,
      guint index)
{
  return json_array_get_object_element (json_object_get_array_member (object, list), index);
}

/* The names every page relies on, also when there is nothing to tell. */
static void
test_empty (void)
{
  static const char *const members[] = { "organization", "room", "event", "nowPlaying", "queue",
                                         "mine", "votes", "left", "revision" };
  Fixture f = { 0 };
  g_autoptr (JsonObject) state = NULL;

  fixture_set_up (&f, NULL);
  state = fixture_state (&f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    g_assert_true (json_object_has_member (state, members[i]));
  g_assert_true (json_object_get_null_member (state, "event"));
  g_assert_true (json_object_get_null_member (state, "nowPlaying"));
  g_assert_cmpint (json_object_get_int_member (member (state, "left"), "requests"), ==, 0);
  g_assert_cmpstr (json_object_get_string_member (member (state, "organization"), "slug"), ==, "acme-bar");
  fixture_tear_down (&f);
}

/* Mine are mine, voted is voted, places and times add up; a stranger sees none of it. */
static void
test_guest_state (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  g_autoptr (JsonObject) ann = NULL, stranger = NULL;

  fixture_set_up (&f, "{\"approval\":false,\"order\":\"first\"}");
  a = fixture_ask (&f, "max", "s1");
  tempo_clock_advance (f.clock, G_USEC_PER_SEC);
  b = fixture_ask (&f, "ann", "s2");
  tempo_clock_advance (f.clock, G_USEC_PER_SEC);
  c = fixture_ask (&f, "max", "s3");
  fixture_vote (&f, "ann", c);

  ann = fixture_state (&f, "ann");
  g_assert_cmpuint (count (ann, "queue"), ==, 2);
  g_assert_true (json_object_get_boolean_member (item (ann, "queue", 0), "mine"));
  g_assert_false (json_object_get_boolean_member (item (ann, "queue", 0), "voted"));
  g_assert_false (json_object_get_boolean_member (item (ann, "queue", 1), "mine"));
  g_assert_true (json_object_get_boolean_member (item (ann, "queue", 1), "voted"));
  g_assert_cmpint (json_object_get_int_member (item (ann, "queue", 0), "position"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (item (ann, "queue", 0), "etaSeconds"), ==, 198);
  g_assert_cmpint (json_object_get_int_member (item (ann, "queue", 1), "etaSeconds"), ==, 398);
  g_assert_cmpuint (count (ann, "mine"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (item (ann, "mine", 0), "position"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (member (ann, "nowPlaying"), "requestId"), ==, a);

  stranger = fixture_state (&f, "stranger");
  g_assert_false (json_object_get_boolean_member (item (stranger, "queue", 0), "mine"));
  g_assert_cmpuint (count (stranger, "mine"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (member (stranger, "left"), "requests"), ==, 3);
  fixture_tear_down (&f);
}

static void
read_you (Fixture *f,
          TempoRoom *room,
          gpointer data)
{
  g_autoptr (GBytes) bytes = tempo_room_get_you (room, "ann");

  *(JsonObject **) data = parse (bytes);
}

/* A declined wish tells its guest why. */
static void
test_you (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) you = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  id = fixture_ask (&f, "ann", "s1");
  command = fixture_command (&f, TEMPO_ACTION_DECLINE);
  command->request_id = g_strdup (id);
  command->reason_code = g_strdup ("nonsense");
  fixture_refuse (&f, command, TEMPO_REFUSAL_INVALID);
  command = fixture_command (&f, TEMPO_ACTION_DECLINE);
  command->request_id = g_strdup (id);
  command->reason_code = g_strdup ("not_tonight");
  command->reason_text = g_strdup ("It is a jazz night");
  outcome = fixture_do (&f, command);
  g_assert_true (outcome->can_undo);

  fixture_on_engine (&f, read_you, &you);
  g_assert_cmpuint (count (you, "mine"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (item (you, "mine", 0), "status"), ==, "declined");
  g_assert_cmpstr (json_object_get_string_member (member (item (you, "mine", 0), "reason"), "code"), ==, "not_tonight");
  g_assert_cmpstr (json_object_get_string_member (member (item (you, "mine", 0), "reason"), "text"), ==,
                   "It is a jazz night");
  g_assert_cmpint (json_object_get_int_member (member (you, "left"), "requests"), ==, 3);
  fixture_tear_down (&f);
}

static void
read_display (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  *(JsonObject **) data = parse (tempo_room_get_display_state (room));
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

static void
set_address (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  tempo_host_set_address (f->host, data);
}

static void
submit_with_message (Fixture *f,
                     const char *guest,
                     const char *song,
                     char **id)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, guest);
  g_autoptr (TempoOutcome) outcome = NULL;

  command->song_id = g_strdup (song);
  command->message = g_strdup ("for the birthday table");
  outcome = fixture_do (f, command);
  *id = g_strdup (outcome->request->id);
}

/* The display names the way in, and shows a dedication only when staff let it through. */
static void
test_display_state (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (JsonObject) hidden = NULL, shown = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{\"approval\":false,\"perGuest\":0}");
  submit_with_message (&f, "ann", "s1", &a);
  submit_with_message (&f, "max", "s2", &b);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *song = g_strdup_printf ("s1%u", i);
      g_autofree char *id = fixture_ask (&f, "eva", song);

      g_assert_nonnull (id);
    }
  fixture_on_engine (&f, set_address, (gpointer) "http://192.0.2.9:8080");
  fixture_on_engine (&f, read_display, &hidden);
  g_assert_cmpuint (count (hidden, "queue"), ==, 8);
  g_assert_true (json_object_get_null_member (item (hidden, "queue", 0), "message"));
  g_assert_cmpstr (json_object_get_string_member (member (hidden, "join"), "text"), ==, "192.0.2.9:8080");
  g_assert_true (g_str_has_prefix (json_object_get_string_member (member (hidden, "join"), "url"), "http://192.0.2.9:8080/j/"));
  g_assert_cmpint (json_object_get_int_member (member (member (hidden, "join"), "qr"), "size"), >, 20);
  g_assert_true (json_object_get_null_member (member (hidden, "join"), "wifi"));

  command = fixture_command (&f, TEMPO_ACTION_SHOW_MESSAGE);
  command->request_id = g_strdup (b);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));
  tempo_outcome_unref (fixture_do (&f, edit (&f, "{\"wifiSsid\":\"Guests\",\"wifiPassword\":\"open;sesame\","
                                                 "\"wifiShown\":true,\"announcement\":\"Pizza is ready\"}")));
  fixture_on_engine (&f, read_display, &shown);
  g_assert_cmpstr (json_object_get_string_member (item (shown, "queue", 0), "message"), ==, "for the birthday table");
  g_assert_cmpstr (json_object_get_string_member (shown, "announcement"), ==, "Pizza is ready");
  g_assert_cmpstr (json_object_get_string_member (member (member (shown, "join"), "wifi"), "ssid"), ==, "Guests");
  fixture_tear_down (&f);
}

/* By the clock of the house: in its zone, over midnight, and only while it holds; then the standing words again. */
static void
test_announcements (void)
{
  static const struct
  {
    gint64 minutes; /* from 21:00 in London, a Thursday */
    const char *shown;
  } rows[] = {
    { 0, "Pizza is ready" }, { 59, "Pizza is ready" }, { 60, "Quiz" },         { 89, "Quiz" },
    { 90, "Pizza is ready" }, { 150, "Bus" },          { 209, "Bus" },         { 210, "Pizza is ready" },
    { 1500, "Quiz" },         { 1590, "Pizza is ready" },
  };
  static const char *const wrong[] = { "21:00 Quiz", "21:00-21:00 Quiz", "24:00-01:00 Quiz", "Fry 21:00-22:00 Quiz",
                                       "21:00-22:60 Quiz", "21:00-22:00 ", "Fri,21:00-22:00 Quiz", "9:00-10:00 Quiz" };
  Fixture f = { 0 };
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  command = fixture_command (&f, TEMPO_ACTION_SETTING);
  command->patch = tempo_json_parse ("{\"timezone\":\"Europe/London\"}", 28, NULL);
  tempo_outcome_unref (fixture_do (&f, command));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *patch = g_strdup_printf ("{\"announcements\":[\"%s\"]}", wrong[i]);

      fixture_refuse (&f, edit (&f, patch), TEMPO_REFUSAL_INVALID);
    }
  tempo_outcome_unref (fixture_do (&f, edit (&f, "{\"announcement\":\"Pizza is ready\",\"announcements\":"
                                                 "[\"22:00-22:30 Quiz\",\"Thu 23:30-00:30 Bus\"]}")));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonObject) shown = NULL;
      gint64 wanted = FIXTURE_NOW + rows[i].minutes * 60 * G_USEC_PER_SEC;

      tempo_clock_advance (f.clock, wanted - tempo_clock_now (f.clock));
      fixture_tick (&f);
      fixture_on_engine (&f, read_display, &shown);
      g_test_message ("after %d minutes", (int) rows[i].minutes);
      g_assert_cmpstr (json_object_get_string_member (shown, "announcement"), ==, rows[i].shown);
    }
  fixture_tear_down (&f);
}

static void
read_staff (Fixture *f,
            TempoRoom *room,
            gpointer data)
{
  *(JsonObject **) data = parse (tempo_room_get_staff_state (room));
}

/* Staff see who asked, what waits, how the house is; never the Wi-Fi password. */
static void
test_staff_state (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL;
  g_autoptr (JsonObject) state = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  fixture_set_up (&f, "{}");
  submit_with_message (&f, "ann", "s1", &a);
  tempo_outcome_unref (fixture_do (&f, edit (&f, "{\"wifiSsid\":\"Guests\",\"wifiPassword\":\"opensesame\"}")));
  fixture_on_engine (&f, read_staff, &state);
  g_assert_cmpuint (count (state, "inbox"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (item (state, "inbox", 0), "message"), ==, "for the birthday table");
  g_assert_true (json_object_has_member (item (state, "inbox", 0), "guestId"));
  g_assert_cmpuint (count (state, "guests"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (item (state, "guests", 0), "asked"), ==, 1);
  g_assert_cmpuint (count (state, "health"), >=, 2);
  g_assert_cmpstr (json_object_get_string_member (member (state, "settings"), "source"), ==, "library");
  json_node_set_object (node, state);
  text = json_to_string (node, FALSE);
  g_assert_null (strstr (text, "opensesame"));
  fixture_tear_down (&f);
}

/* Rooms are edited whole or not at all. */
static void
test_edit_refused (void)
{
  static const char *const wrong[] = { "{\"nonsense\":1}", "{\"name\":\"\"}", "{\"source\":\"radio\"}",
                                       "{\"name\":7}", "{\"musicFolder\":\"not/absolute\"}",
                                       "{\"announcement\":\"fine\",\"wifiHidden\":\"yes\"}" };
  Fixture f = { 0 };
  g_autoptr (JsonObject) display = NULL;

  fixture_set_up (&f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    fixture_refuse (&f, edit (&f, wrong[i]), TEMPO_REFUSAL_INVALID);
  fixture_on_engine (&f, read_display, &display);
  g_assert_true (json_object_get_null_member (display, "announcement"));
  fixture_tear_down (&f);
}

typedef struct
{
  const char *song;
  const char *state;
  char *request_id;
} SongState;

static void
read_song_state (Fixture *f,
                 TempoRoom *room,
                 gpointer data)
{
  SongState *of = data;
  g_autoptr (TempoSong) song = tempo_source_lookup (tempo_room_get_source (room), of->song);
  const char *id = NULL;

  of->state = tempo_room_get_song_state (room, song, &id);
  of->request_id = g_strdup (id);
}

static void
check_song_state (Fixture *f,
                  const char *song,
                  const char *state,
                  const char *request_id)
{
  SongState of = { song, NULL, NULL };

  fixture_settle (f);
  fixture_on_engine (f, read_song_state, &of);
  g_assert_cmpstr (of.state, ==, state);
  g_assert_cmpstr (of.request_id, ==, request_id);
  g_clear_pointer (&of.request_id, g_free);
}

/* Search results say what is queued and what played. */
static void
test_song_state (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL;

  fixture_set_up (&f, "{\"approval\":false}");
  check_song_state (&f, "s1", NULL, NULL);
  a = fixture_ask (&f, "ann", "s1");
  check_song_state (&f, "s1", "queued", a);
  fixture_end_song (&f);
  check_song_state (&f, "s1", "played", NULL);
  tempo_clock_advance (f.clock, G_TIME_SPAN_HOUR);
  check_song_state (&f, "s1", NULL, NULL);
  fixture_tear_down (&f);
}

typedef struct
{
  const char *id;
  gboolean queued;
  TempoPlace place;
} Why;

static void
explain (Fixture *f,
         TempoRoom *room,
         gpointer data)
{
  Why *why = data;

  why->queued = tempo_room_explain (room, why->id, &why->place, NULL, NULL);
}

static void
check_why (Fixture *f,
           const char *id,
           TempoPlace place)
{
  Why why = { id, FALSE, 0 };

  fixture_settle (f);
  fixture_on_engine (f, explain, &why);
  g_assert_true (why.queued);
  g_assert_cmpint (why.place, ==, place);
}

/* Every place has a reason. */
static void
test_explain (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *d = NULL;
  Why none = { "nothing", TRUE, 0 };

  fixture_set_up (&f, "{\"approval\":false}");
  a = fixture_ask (&f, "ann", "s1");
  tempo_clock_advance (f.clock, 1);
  b = fixture_ask (&f, "max", "s2");
  tempo_clock_advance (f.clock, 1);
  c = fixture_ask (&f, "eva", "s3");
  tempo_clock_advance (f.clock, 1);
  d = fixture_ask (&f, "ann", "s4");
  check_why (&f, b, TEMPO_PLACE_LOCKED);
  check_why (&f, c, TEMPO_PLACE_TURN);
  fixture_on_engine (&f, explain, &none);
  g_assert_false (none.queued);
  fixture_tear_down (&f);
}

/* A planned night tells when to come back. */
static void
test_scheduled (void)
{
  Fixture f = { 0 };
  g_autoptr (JsonObject) state = NULL;
  g_autoptr (TempoOutcome) planned = NULL, started = NULL;
  g_autoptr (GError) error = NULL;
  TempoCommand *command;

  fixture_set_up (&f, NULL);
  command = fixture_command (&f, TEMPO_ACTION_EVENT_CREATE);
  command->name = g_strdup ("Saturday");
  command->number = FIXTURE_NOW + G_TIME_SPAN_DAY;
  planned = fixture_do (&f, command);
  g_assert_cmpint (planned->event->state, ==, TEMPO_EVENT_SCHEDULED);
  fixture_restart (&f);
  state = fixture_state (&f, NULL);
  g_assert_cmpstr (json_object_get_string_member (member (state, "event"), "state"), ==, "scheduled");
  g_assert_null (fixture_ask_full (&f, "ann", "s1", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_NOT_STARTED);
  g_assert_cmpint (tempo_refusal_detail (error)->until, ==, FIXTURE_NOW + G_TIME_SPAN_DAY);

  command = fixture_command (&f, TEMPO_ACTION_EVENT_RENAME);
  command->event_id = g_strdup (planned->event->id);
  command->name = g_strdup ("Grand Saturday");
  tempo_outcome_unref (fixture_do (&f, command));
  /* Without the room: the event knows where it is. */
  command = tempo_command_new (TEMPO_ACTION_EVENT_START, f.desktop, f.org, NULL);
  command->event_id = g_strdup (planned->event->id);
  started = fixture_do (&f, command);
  g_assert_cmpint (started->event->state, ==, TEMPO_EVENT_ACTIVE);
  g_assert_cmpstr (started->event->name, ==, "Grand Saturday");
  fixture_restart (&f);
  {
    g_autofree char *id = fixture_ask (&f, "ann", "s1");

    g_assert_nonnull (id);
  }
  fixture_tear_down (&f);
}

static void
find_display (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  char **token = data;
  g_autofree char *id = NULL;
  TempoRoom *found = tempo_host_find_display (f->host, *token, &id);

  g_assert_true (found == NULL || found == room);
  g_clear_pointer (token, g_free);
  *token = g_steal_pointer (&id);
}

/* A display's token opens its room until it is revoked. */
static void
test_displays (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOutcome) outcome = NULL;
  g_autofree char *token = NULL, *again = NULL;
  TempoCommand *command;

  fixture_set_up (&f, NULL);
  command = fixture_command (&f, TEMPO_ACTION_DISPLAY_CREATE);
  command->name = g_strdup ("Above the bar");
  outcome = fixture_do (&f, command);
  fixture_restart (&f);
  token = g_strdup (outcome->token);
  fixture_on_engine (&f, find_display, &token);
  g_assert_cmpstr (token, ==, outcome->target_id);
  again = g_strdup ("guessed");
  fixture_on_engine (&f, find_display, &again);
  g_assert_null (again);

  command = tempo_command_new (TEMPO_ACTION_DISPLAY_REVOKE, f.desktop, f.org, NULL);
  command->target_id = g_strdup (outcome->target_id);
  tempo_outcome_unref (fixture_do (&f, command));
  again = g_strdup (outcome->token);
  fixture_on_engine (&f, find_display, &again);
  g_assert_null (again);
  fixture_tear_down (&f);
}

/* Settings brand every page at once. */
static void
test_settings (void)
{
  Fixture f = { 0 };
  g_autoptr (JsonObject) state = NULL;
  g_autofree char *long_value = g_strnfill (5000, 'x');
  TempoCommand *command;

  fixture_set_up (&f, NULL);
  command = fixture_command (&f, TEMPO_ACTION_SETTING);
  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "accent", "#336699");
  json_object_set_string_member (command->patch, "welcome", "Good evening");
  tempo_outcome_unref (fixture_do (&f, command));
  command = fixture_command (&f, TEMPO_ACTION_SETTING);
  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "accent", long_value);
  fixture_refuse (&f, command, TEMPO_REFUSAL_INVALID);
  fixture_restart (&f);
  state = fixture_state (&f, NULL);
  g_assert_cmpstr (json_object_get_string_member (member (member (state, "organization"), "branding"), "accent"), ==, "#336699");
  g_assert_cmpstr (json_object_get_string_member (member (member (state, "organization"), "branding"), "welcome"), ==,
                   "Good evening");
  fixture_tear_down (&f);
}

/* A second room has its own code, queue and night. */
static void
test_rooms (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOutcome) outcome = NULL;
  g_autoptr (GPtrArray) rooms = NULL;
  g_autofree char *main_room = NULL, *id = NULL, *queue = NULL, *sound = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{\"approval\":false}");
  command = tempo_command_new (TEMPO_ACTION_ROOM_CREATE, f.desktop, f.org, NULL);
  fixture_refuse (&f, command, TEMPO_REFUSAL_INVALID);
  command = tempo_command_new (TEMPO_ACTION_ROOM_CREATE, f.desktop, f.org, NULL);
  command->name = g_strdup ("Yard");
  outcome = fixture_do (&f, command);
  rooms = tempo_host_list_rooms (f.host, f.org);
  g_assert_cmpuint (rooms->len, ==, 2);
  main_room = g_steal_pointer (&f.room);
  f.room = g_strdup (outcome->target_id);
  fixture_refuse (&f, fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann"), TEMPO_REFUSAL_NOT_STARTED);
  command = fixture_command (&f, TEMPO_ACTION_EVENT_CREATE);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));
  id = fixture_ask (&f, "ann", "s1");
  fixture_restart (&f);
  g_assert_cmpint (fixture_status (&f, id), ==, TEMPO_REQUEST_PENDING);
  g_clear_pointer (&f.room, g_free);
  f.room = g_steal_pointer (&main_room);
  queue = fixture_queue (&f);
  g_assert_cmpstr (queue, ==, "");
  fixture_tear_down (&f);
}

/* Health is told without a commit, and only when it changed. */
typedef struct
{
  guint told;
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
  g_autoptr (JsonObject) object = parse (staff);
  Told *told = user_data;

  g_assert_null (change);
  g_assert_cmpuint (count (object, "health"), >=, 2);
  told->told++;
  if (told->told == 2)
    tempo_room_unwatch (room, told->watch);
}

static void
change_health (Fixture *f,
               TempoRoom *room,
               gpointer data)
{
  Told *told = data;

  told->watch = tempo_room_watch (room, told_cb, told);
  tempo_host_set_health (f->host, "address", TEMPO_HEALTH_WARNING, "no network");
  tempo_host_set_health (f->host, "address", TEMPO_HEALTH_WARNING, "no network");
  tempo_host_set_health (f->host, "address", TEMPO_HEALTH_GOOD, NULL);
  tempo_host_set_health (f->host, "address", TEMPO_HEALTH_BAD, "gone");
}

static void
test_health (void)
{
  Fixture f = { 0 };
  Told told = { 0 };

  fixture_set_up (&f, NULL);
  fixture_on_engine (&f, change_health, &told);
  g_assert_cmpuint (told.told, ==, 2);
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/documents/announcements", test_announcements);
  g_test_add_func ("/venue/documents/empty", test_empty);
  g_test_add_func ("/venue/documents/guest-state", test_guest_state);
  g_test_add_func ("/venue/documents/you", test_you);
  g_test_add_func ("/venue/documents/display-state", test_display_state);
  g_test_add_func ("/venue/documents/staff-state", test_staff_state);
  g_test_add_func ("/venue/documents/edit-refused", test_edit_refused);
  g_test_add_func ("/venue/documents/song-state", test_song_state);
  g_test_add_func ("/venue/documents/explain", test_explain);
  g_test_add_func ("/venue/documents/scheduled", test_scheduled);
  g_test_add_func ("/venue/documents/displays", test_displays);
  g_test_add_func ("/venue/documents/settings", test_settings);
  g_test_add_func ("/venue/documents/rooms", test_rooms);
  g_test_add_func ("/venue/documents/health", test_health);

  return g_test_run ();
}
