/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "model/tempo-member.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-organization.h"
#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "model/tempo-room-view.h"
#include "model/tempo-rules.h"
#include "model/tempo-song.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)
#define EVENING (G_GINT64_CONSTANT (1795208400) * SECOND) /* 2026-11-20T21:00:00Z */

/* Every record is a GObject whose properties all read, also when nothing is set. */
static void
test_properties (void)
{
  const GType types[] = {
    TEMPO_TYPE_SONG, TEMPO_TYPE_REQUEST, TEMPO_TYPE_GUEST, TEMPO_TYPE_EVENT, TEMPO_TYPE_MEMBER,
    TEMPO_TYPE_ORGANIZATION, TEMPO_TYPE_ROOM_INFO, TEMPO_TYPE_NOW_PLAYING, TEMPO_TYPE_ROOM_VIEW,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GObject) record = g_object_new (types[i], NULL);
      guint n;
      g_autofree GParamSpec **specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (record), &n);

      g_assert_cmpuint (n, >, 4);
      for (guint j = 0; j < n; j++)
        {
          g_auto (GValue) value = G_VALUE_INIT;

          g_assert_cmpint (specs[j]->flags & G_PARAM_READWRITE, ==, G_PARAM_READABLE);
          g_object_get_property (record, specs[j]->name, &value);
          g_assert_true (g_param_value_defaults (specs[j], &value));
        }
    }
}

static void
test_request_properties (void)
{
  g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", "Lanterns");
  g_autoptr (TempoRequest) request = tempo_request_new ("r", song);
  g_autoptr (TempoSong) found = NULL;
  g_autofree char *id = NULL;
  TempoRequestStatus status;
  gboolean pinned;
  gint64 rank, created_at;
  guint votes;

  request->status = TEMPO_REQUEST_PLAYED;
  request->pinned = TRUE;
  request->rank = -5;
  request->created_at = EVENING;
  request->votes = 4000000000;
  g_object_get (request, "id", &id, "song", &found, "status", &status, "pinned", &pinned, "rank", &rank,
                "created-at", &created_at, "votes", &votes, NULL);

  g_assert_cmpstr (id, ==, "r");
  g_assert_true (found == song);
  g_assert_cmpint (status, ==, TEMPO_REQUEST_PLAYED);
  g_assert_true (pinned);
  g_assert_cmpint (rank, ==, -5);
  g_assert_cmpint (created_at, ==, EVENING);
  g_assert_cmpuint (votes, ==, 4000000000);
}

/* Fills every property-backed field with something and compares the copy. */
static void
test_copies (void)
{
  g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", "Lanterns");
  g_autoptr (TempoRequest) request = tempo_request_new ("r", song);
  g_autoptr (TempoRoomInfo) room = tempo_room_info_new ("r", "K7PX", "Main");
  g_autoptr (TempoEvent) event = tempo_event_new ("e", "r", "Friday", NULL);
  g_autoptr (TempoGuest) guest = tempo_guest_new ("g", "digest", "Amber Otter");
  g_autoptr (TempoMember) member = tempo_member_new ("m", "Owner", TEMPO_ROLE_OWNER);
  g_autoptr (TempoOrganization) organization = tempo_organization_new ("o", "blue", "BLU", "Blue");
  gpointer copies[] = {
    tempo_request_copy (request), tempo_room_info_copy (room), tempo_event_copy (event),
    tempo_guest_copy (guest), tempo_member_copy (member), tempo_organization_copy (organization),
  };
  gpointer originals[] = { request, room, event, guest, member, organization };

  for (guint i = 0; i < G_N_ELEMENTS (originals); i++)
    {
      guint n;
      g_autofree GParamSpec **specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (originals[i]), &n);

      g_assert_true (originals[i] != copies[i]);
      for (guint j = 0; j < n; j++)
        {
          g_auto (GValue) one = G_VALUE_INIT;
          g_auto (GValue) other = G_VALUE_INIT;

          g_object_get_property (originals[i], specs[j]->name, &one);
          g_object_get_property (copies[i], specs[j]->name, &other);
          if (G_VALUE_HOLDS (&one, G_TYPE_STRV))
            g_assert_cmpstrv (g_value_get_boxed (&one), g_value_get_boxed (&other));
          else
            g_assert_cmpint (g_param_values_cmp (specs[j], &one, &other), ==, 0);
        }
      g_assert_finalize_object (copies[i]);
    }
}

/* The old one stays as it was. */
static void
test_copy_is_apart (void)
{
  g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", "Lanterns");
  g_autoptr (TempoRequest) request = tempo_request_new ("r", song);
  g_autoptr (TempoRequest) copy = NULL;

  request->message = g_strdup ("for Sam");
  copy = tempo_request_copy (request);
  copy->message[0] = 'F';
  g_free (copy->name);
  copy->name = g_strdup ("Kim");

  g_assert_cmpstr (request->message, ==, "for Sam");
  g_assert_cmpstr (request->name, ==, "");
  g_assert_true (request->song == copy->song);
}

#define SONG_JSON \
  "{\"id\":\"s\",\"title\":\"Boats\",\"artist\":\"Lanterns\",\"album\":null,\"durationMs\":null,\"explicit\":false,\"artworkUrl\":null}"

static const struct
{
  const char *name;
  TempoRequestJson how;
  gboolean message_shown;
  const char *tail; /* from the name on */
} request_cases[] = {
  { "somebody", { NULL, 3, 120, FALSE, TRUE, FALSE }, FALSE,
    "\"name\":\"Kim\",\"message\":null,\"votes\":2,\"voted\":true,\"mine\":false,\"position\":3,\"etaSeconds\":120,"
    "\"reason\":null,\"createdAt\":\"2026-11-20T21:00:00.000Z\"}" },
  { "somebody-shown", { NULL, 0, -1, FALSE, FALSE, FALSE }, TRUE,
    "\"name\":\"Kim\",\"message\":\"for Sam\",\"votes\":2,\"voted\":false,\"mine\":false,\"position\":null,\"etaSeconds\":null,"
    "\"reason\":null,\"createdAt\":\"2026-11-20T21:00:00.000Z\"}" },
  { "own", { NULL, 1, 0, TRUE, FALSE, FALSE }, FALSE,
    "\"name\":\"Kim\",\"message\":\"for Sam\",\"votes\":2,\"voted\":false,\"mine\":true,\"position\":1,\"etaSeconds\":0,"
    "\"reason\":null,\"createdAt\":\"2026-11-20T21:00:00.000Z\"}" },
  { "staff", { NULL, 1, 0, FALSE, FALSE, TRUE }, FALSE,
    "\"name\":\"Kim\",\"message\":\"for Sam\",\"votes\":2,\"voted\":false,\"mine\":false,\"position\":1,\"etaSeconds\":0,"
    "\"reason\":null,\"createdAt\":\"2026-11-20T21:00:00.000Z\",\"guestId\":\"g\",\"pinned\":false,\"byStaff\":false,"
    "\"messageShown\":false,\"decidedAt\":null,\"startedAt\":null,\"endedAt\":null}" },
};

static void
test_request_json (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", "Lanterns");
  g_autoptr (TempoRequest) request = tempo_request_new ("r", song);
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autofree char *expected = g_strconcat ("{\"id\":\"r\",\"number\":\"\",\"status\":\"pending\",\"song\":" SONG_JSON ",",
                                           request_cases[i].tail, NULL);

  request->name = (g_free (request->name), g_strdup ("Kim"));
  request->message = g_strdup ("for Sam");
  request->guest_id = g_strdup ("g");
  request->votes = 2;
  request->created_at = EVENING;
  request->message_shown = request_cases[i].message_shown;
  tempo_request_to_json (request, &request_cases[i].how, json, NULL);

  g_assert_cmpstr (tempo_json_peek (json, NULL), ==, expected);
}

static void
test_request_reason (void)
{
  g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", "Lanterns");
  g_autoptr (TempoRequest) request = tempo_request_new ("r", song);
  g_autoptr (TempoJson) json = tempo_json_new ();

  request->reason_code = g_strdup ("not_tonight");
  tempo_request_to_json (request, &(TempoRequestJson) { 0 }, json, NULL);
  g_assert_nonnull (strstr (tempo_json_peek (json, NULL), "\"reason\":{\"code\":\"not_tonight\",\"text\":null}"));
}

static void
test_other_json (void)
{
  g_autoptr (TempoRoomInfo) room = tempo_room_info_new ("r", "K7PX", "Main");
  g_autoptr (TempoEvent) event = tempo_event_new ("e", "r", "Friday", NULL);
  g_autoptr (TempoGuest) guest = tempo_guest_new ("g", "secret-digest", "Amber Otter");
  g_autoptr (TempoMember) member = tempo_member_new ("m", "OWNER", TEMPO_ROLE_OWNER);
  g_autoptr (TempoOrganization) organization = tempo_organization_new ("o", "blue", "BLU", "Blue");
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autofree char *rules = tempo_rules_to_text (event->rules);
  g_autofree char *light = tempo_colour_readable (NULL, TEMPO_PAPER);
  g_autofree char *expected = NULL;

  room->wifi_password = g_strdup ("secret-wifi");
  room->switch_state = TEMPO_SWITCH_RESTRICTED;
  event->state = TEMPO_EVENT_ACTIVE;
  event->started_at = EVENING;
  guest->muted_until = G_MAXINT64;
  member->password_hash = g_strdup ("secret-hash");
  member->super_admin = TRUE;
  organization->welcome = g_strdup ("Hi");

  tempo_json_begin_object (json, NULL);
  tempo_room_info_to_json (room, json, "room");
  tempo_event_to_json (event, json, "event");
  tempo_guest_to_json (guest, json, "guest");
  tempo_member_to_json (member, json, "member");
  tempo_organization_to_json (organization, json, "organization");
  tempo_json_end_object (json);

  expected = g_strconcat ("{\"room\":{\"id\":\"r\",\"code\":\"K7PX\",\"name\":\"Main\",\"switch\":\"restricted\"},"
                          "\"event\":{\"id\":\"e\",\"number\":\"\",\"roomId\":\"r\",\"name\":\"Friday\",\"state\":\"active\",\"startsAt\":null,"
                          "\"startedAt\":\"2026-11-20T21:00:00.000Z\",\"lastCallAt\":null,\"endedAt\":null,\"rules\":", rules, "},"
                          "\"guest\":{\"id\":\"g\",\"name\":\"Amber Otter\",\"held\":false,\"mutedUntil\":\"9999-12-31T23:59:59.999Z\","
                          "\"bannedUntil\":null,\"firstSeenAt\":null,\"lastSeenAt\":null,\"asked\":0,\"served\":0},"
                          "\"member\":{\"id\":\"m\",\"username\":\"owner\",\"role\":\"owner\",\"active\":true,\"superAdmin\":true},"
                          "\"organization\":{\"id\":\"o\",\"slug\":\"blue\",\"name\":\"Blue\",\"branding\":{\"accent\":\"" TEMPO_DEFAULT_ACCENT "\","
                          "\"accentDark\":\"" TEMPO_DEFAULT_ACCENT "\",\"accentLight\":\"", light, "\",\"logo\":null,\"welcome\":\"Hi\",\"whiteLabel\":false},\"contact\":null}}", NULL);
  g_assert_cmpstr (tempo_json_peek (json, NULL), ==, expected);
  g_assert_null (strstr (tempo_json_peek (json, NULL), "secret"));
}

static const struct
{
  gint64 position;
  gint64 duration;
  gboolean playing;
  gint64 after_us;
  gint64 expected;
} positions[] = {
  { 1000, 200000, TRUE, 0, 1000 },
  { 1000, 200000, TRUE, 5 * SECOND, 6000 },
  { 1000, 200000, FALSE, 5 * SECOND, 1000 },
  { 1000, 200000, TRUE, -5 * SECOND, 1000 },
  { 1000, 200000, TRUE, 900 * SECOND, 200000 },
  { 1000, 0, TRUE, 900 * SECOND, 901000 },
};

static void
test_position (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
    {
      g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", "Lanterns");
      g_autoptr (TempoNowPlaying) now = NULL;

      song->duration_ms = positions[i].duration;
      now = tempo_now_playing_new (song, NULL, positions[i].position, EVENING, positions[i].playing);
      g_assert_cmpint (tempo_now_playing_position (now, EVENING + positions[i].after_us), ==, positions[i].expected);
    }
}

static void
test_now_playing_json (void)
{
  g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", "Lanterns");
  g_autoptr (TempoRequest) request = tempo_request_new ("r", song);
  g_autoptr (TempoNowPlaying) wish = tempo_now_playing_new (song, request, 5, EVENING, TRUE);
  g_autoptr (TempoNowPlaying) filler = tempo_now_playing_new (song, NULL, 5, EVENING, FALSE);
  g_autoptr (TempoJson) json = tempo_json_new ();

  request->message = g_strdup ("for Sam");
  tempo_json_begin_array (json, NULL);
  tempo_now_playing_to_json (wish, NULL, json, NULL);
  request->message_shown = TRUE;
  tempo_now_playing_to_json (wish, NULL, json, NULL);
  tempo_now_playing_to_json (filler, NULL, json, NULL);
  tempo_json_end_array (json);

  g_assert_cmpstr (tempo_json_peek (json, NULL), ==,
                   "[{\"song\":" SONG_JSON ",\"requestId\":\"r\",\"name\":\"\",\"message\":null,\"positionMs\":5,\"asOf\":\"2026-11-20T21:00:00.000Z\",\"playing\":true},"
                   "{\"song\":" SONG_JSON ",\"requestId\":\"r\",\"name\":\"\",\"message\":\"for Sam\",\"positionMs\":5,\"asOf\":\"2026-11-20T21:00:00.000Z\",\"playing\":true},"
                   "{\"song\":" SONG_JSON ",\"requestId\":null,\"name\":null,\"message\":null,\"positionMs\":5,\"asOf\":\"2026-11-20T21:00:00.000Z\",\"playing\":false}]");
}

static const struct
{
  const char *name;
  gint64 playing_ms; /* length of the song that plays; -1: nothing plays */
  gint64 position_ms;
  gint64 lengths[3]; /* of the queue */
  gint etas[4];      /* of its places, and of one past its end */
} etas[] = {
  { "playing", 200000, 50000, { 60000, 90000, 1000 }, { 150, 210, 300, -1 } },
  { "playing-unknown", 0, 10000, { 60000, 0, 1000 }, { 200, 260, 470, -1 } },
  { "playing-too-long-already", 0, 300000, { 60000, 60000, 60000 }, { 0, 60, 120, -1 } },
  { "nothing-plays", -1, 0, { 60000, 90000, 1000 }, { 0, 60, 150, -1 } },
  { "nothing-plays-unknown", -1, 0, { 60000, 0, 1000 }, { 0, 60, -1, -1 } },
};

static void
test_eta (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr (TempoRoomView) view = tempo_room_view_new ();

  if (etas[row].playing_ms >= 0)
    {
      g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", NULL);

      song->duration_ms = etas[row].playing_ms;
      view->now_playing = tempo_now_playing_new (song, NULL, etas[row].position_ms, EVENING, TRUE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (etas[row].lengths); i++)
    {
      g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", NULL);

      song->duration_ms = etas[row].lengths[i];
      g_ptr_array_add (view->queue, tempo_request_new ("r", song));
    }
  for (guint i = 0; i < G_N_ELEMENTS (etas[row].etas); i++)
    g_assert_cmpint (tempo_room_view_eta (view, i, EVENING), ==, etas[row].etas[i]);
}

static void
test_view (void)
{
  TempoRoomView *view = tempo_room_view_new ();
  g_autoptr (TempoSong) song = tempo_song_new ("s", "Boats", NULL);
  g_autoptr (GPtrArray) queue = NULL;

  g_ptr_array_add (view->queue, tempo_request_new ("r", song));
  g_ptr_array_add (view->guests, tempo_guest_new ("g", "d", NULL));
  g_ptr_array_add (view->health, tempo_health_new ("disk", TEMPO_HEALTH_WARNING, NULL));
  g_assert_cmpstr (((TempoHealth *) g_ptr_array_index (view->health, 0))->text, ==, "");
  g_object_get (view, "queue", &queue, NULL);
  g_assert_true (queue == view->queue);
  g_assert_finalize_object (view);
  g_assert_cmpuint (queue->len, ==, 1);
}

static const struct
{
  const char *ssid;
  const char *password;
  gboolean hidden;
  const char *code;
} wifis[] = {
  { "Bar", "open sesame", FALSE, "WIFI:T:WPA;S:Bar;P:open sesame;;" },
  { "Bar", NULL, FALSE, "WIFI:T:nopass;S:Bar;;" },
  { "Bar", "", TRUE, "WIFI:T:nopass;S:Bar;H:true;;" },
  { "B;a,r:", "\"p\\;", TRUE, "WIFI:T:WPA;S:B\\;a\\,r\\:;P:\\\"p\\\\\\;;H:true;;" },
  { "", "x", FALSE, NULL },
  { NULL, "x", FALSE, NULL },
};

static void
test_wifi (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wifis); i++)
    {
      g_autofree char *code = tempo_wifi_code (wifis[i].ssid, wifis[i].password, wifis[i].hidden);

      g_assert_cmpstr (code, ==, wifis[i].code);
    }
}

/* The same seed, the same name; and a room full of guests has few namesakes. */
static void
test_names (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *one = tempo_guest_make_name ("01932b5c");
  g_autofree char *same = tempo_guest_make_name ("01932b5c");

  g_assert_cmpstr (one, ==, same);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *seed = g_strdup_printf ("01932b5c-7e7a-7c3d-8f00-%012u", i);
      char *name = tempo_guest_make_name (seed);

      g_assert_cmpuint (g_utf8_strlen (name, -1), <=, TEMPO_REQUEST_MAX_NAME);
      g_assert_nonnull (strchr (name, ' '));
      g_hash_table_add (names, name);
    }
  g_assert_cmpuint (g_hash_table_size (names), >, 400);
}

#define CHECK_WORDS(Type, prefix, last) \
  G_STMT_START \
  { \
    for (int value = 0; value <= (int) (last); value++) \
      { \
        Type found = (Type) -1; \
        g_assert_true (prefix##_from_string (prefix##_to_string ((Type) value), &found)); \
        g_assert_cmpint ((int) found, ==, value); \
      } \
    g_assert_cmpstr (prefix##_to_string ((Type) ((last) + 1)), ==, ""); \
  } \
  G_STMT_END

static void
test_words (void)
{
  CHECK_WORDS (TempoRequestStatus, tempo_request_status, TEMPO_REQUEST_FAILED);
  CHECK_WORDS (TempoEventState, tempo_event_state, TEMPO_EVENT_ENDED);
  CHECK_WORDS (TempoRole, tempo_role, TEMPO_ROLE_OWNER);
  CHECK_WORDS (TempoSwitch, tempo_switch, TEMPO_SWITCH_CLOSED);
  CHECK_WORDS (TempoDuplicates, tempo_duplicates, TEMPO_DUPLICATES_REFUSE);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/records/properties", test_properties);
  g_test_add_func ("/model/records/request-properties", test_request_properties);
  g_test_add_func ("/model/records/copies", test_copies);
  g_test_add_func ("/model/records/copy-is-apart", test_copy_is_apart);
  g_test_add_func ("/model/records/words", test_words);
  for (guint i = 0; i < G_N_ELEMENTS (request_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/request/json/%s", request_cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_request_json);
    }
  g_test_add_func ("/model/request/reason", test_request_reason);
  g_test_add_func ("/model/json", test_other_json);
  g_test_add_func ("/model/now-playing/position", test_position);
  g_test_add_func ("/model/now-playing/json", test_now_playing_json);
  for (guint i = 0; i < G_N_ELEMENTS (etas); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/view/eta/%s", etas[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_eta);
    }
  g_test_add_func ("/model/view/owns", test_view);
  g_test_add_func ("/model/room/wifi", test_wifi);
  g_test_add_func ("/model/guest/names", test_names);

  return g_test_run ();
}
