/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spotify's routes: the contract, who may what, the browser that comes back, and that no token is ever in a file. */
#define _GNU_SOURCE
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "lan-fixture.h"

static char *stand_in; /* (owned) "http://127.0.0.1:PORT" */

/* Reads from the stand-in. (transfer full): the head of its answer. */
static char *
ask_stand_in (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_to_host (client, g_uri_get_host (uri), (guint16) g_uri_get_port (uri), NULL, NULL);
  g_autofree char *request = g_strdup_printf ("GET %s?%s HTTP/1.1\r\nHost: stand-in\r\nConnection: close\r\n\r\n", g_uri_get_path (uri), g_uri_get_query (uri));
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  g_assert_nonnull (connection);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request, strlen (request), NULL, NULL, NULL));
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (text, buffer, n);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* (transfer full): the target on our server that Spotify sends the browser to. */
static char *
choose (const char *authorize_url, const char *user, const char *choice)
{
  g_autofree char *address = g_strdup_printf ("%s&choice=%s&user=%s", authorize_url, choice, user);
  g_autofree char *head = ask_stand_in (address);
  const char *at = strstr (head, "Location: ");

  g_assert_nonnull (at);
  at = strstr (at, "/spotify/callback");
  g_assert_nonnull (at);

  return g_strndup (at, strcspn (at, "\r"));
}

/* (transfer full): the address to sign in at. */
static char *
begin (LanFixture *self, const char *organization, const char *session)
{
  g_autofree char *target = g_strdup_printf ("/api/organizations/%s/spotify/auth", organization);
  g_autoptr (LanAnswer) answer = lan_call (self, "POST", target, session, "{\"clientId\":\"client1\"}");

  g_assert_cmpuint (answer->status, ==, 200);

  return g_strdup (lan_answer_get_text (answer, "authorizeUrl"));
}

static char *
get_state (LanFixture *self, const char *organization, const char *session)
{
  g_autofree char *target = g_strdup_printf ("/api/organizations/%s/spotify/status", organization);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, session, NULL);

  g_assert_cmpuint (answer->status, ==, 200);

  return g_strdup (lan_answer_get_text (answer, "state"));
}

#define assert_state(self, organization, session, wanted) \
  G_STMT_START                                            \
  {                                                       \
    g_autofree char *state_ = get_state (self, organization, session); \
    g_assert_cmpstr (state_, ==, wanted);                 \
  }                                                       \
  G_STMT_END

static void
test_contract (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *address = NULL;
  g_autofree char *target = NULL;
  g_autoptr (LanAnswer) page = NULL;
  g_autoptr (LanAnswer) again = NULL;
  g_autoptr (LanAnswer) status = NULL;
  g_autoptr (LanAnswer) gone = NULL;
  g_autoptr (LanAnswer) audit = NULL;

  assert_state (self, "usera", ann, "disconnected");
  address = begin (self, "usera", ann);
  g_assert_true (g_str_has_prefix (address, stand_in));
  assert_state (self, "usera", ann, "connecting");
  target = choose (address, "ann", "yes");
  page = lan_call (self, "GET", target, "Accept-Language: de\r\nAccept: text/html\r\n", NULL);
  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->body, "<html lang=\"de\">"));
  /* The state is good once. */
  again = lan_call (self, "GET", target, NULL, NULL);
  g_assert_cmpuint (again->status, ==, 400);

  status = lan_call (self, "GET", "/api/organizations/usera/spotify/status", ann, NULL);
  g_assert_cmpstr (lan_answer_get_text (status, "state"), ==, "ready");
  g_assert_cmpstr (lan_answer_get_text (status, "account.id"), ==, "acc-ann");
  g_assert_cmpstr (lan_answer_get_text (status, "account.name"), ==, "ann's account");
  g_assert_cmpstr (lan_answer_get_text (status, "expiresAt"), ==, "2027-05-21T20:00:00.000Z");
  g_assert_cmpstr (lan_answer_get_text (status, "notice"), ==, "unconfirmed");
  audit = lan_call (self, "GET", "/api/usera/audit", ann, NULL);
  g_assert_nonnull (strstr (audit->body, "spotify_sign_in"));
  g_assert_nonnull (strstr (audit->body, "spotify_connected"));

  gone = lan_call (self, "DELETE", "/api/organizations/usera/spotify", ann, NULL);
  g_assert_cmpuint (gone->status, ==, 204);
  assert_state (self, "usera", ann, "disconnected");
}

/* The notice is confirmed once for the organization and written down. */
static void
test_notice (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) begun = lan_call (self, "POST", "/api/organizations/usera/spotify/auth", ann, "{\"clientId\":\"client1\",\"noticeConfirmed\":true}");
  g_autoptr (LanAnswer) status = lan_call (self, "GET", "/api/organizations/usera/spotify/status", ann, NULL);
  g_autoptr (LanAnswer) audit = lan_call (self, "GET", "/api/usera/audit", ann, NULL);

  g_assert_cmpuint (begun->status, ==, 200);
  g_assert_cmpstr (lan_answer_get_text (status, "notice"), ==, "confirmed");
  g_assert_nonnull (strstr (audit->body, "spotify_notice"));
}

static void
test_bad_client_ids (void)
{
  static const char *const bodies[] = { "{}", "{\"clientId\":\"\"}", "{\"clientId\":\"a b\"}", "{\"clientId\":5}", "{\"clientId\":\"a\\nb\"}" };
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "POST", "/api/organizations/usera/spotify/auth", ann, bodies[i]);

      g_assert_cmpuint (answer->status, ==, 422);
    }
}

/* The seeds' address works too, and only for its own organization's state. */
static void
test_callback_of_the_organization (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *address = begin (self, "usera", ann);
  g_autofree char *target = choose (address, "ann", "yes");
  g_autofree char *wrong = NULL;
  g_autofree char *right = NULL;
  g_autoptr (LanAnswer) refused = NULL;
  g_autoptr (LanAnswer) taken = NULL;
  g_autoptr (LanAnswer) guessed = NULL;

  lan_fixture_add_userb (self);
  wrong = g_strconcat ("/api/organizations/userb", target, NULL);
  right = g_strconcat ("/api/organizations/usera", target, NULL);
  refused = lan_call (self, "GET", wrong, NULL, NULL);
  g_assert_cmpuint (refused->status, ==, 400);
  assert_state (self, "usera", ann, "connecting");
  guessed = lan_call (self, "GET", "/spotify/callback?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL, NULL);
  g_assert_cmpuint (guessed->status, ==, 400);
  taken = lan_call (self, "GET", right, NULL, NULL);
  g_assert_cmpuint (taken->status, ==, 200);
  assert_state (self, "usera", ann, "ready");
}

static void
test_said_no (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *address = begin (self, "usera", ann);
  g_autofree char *target = choose (address, "ann", "no");
  g_autoptr (LanAnswer) page = lan_call (self, "GET", target, NULL, NULL);

  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->body, "not connected"));
  assert_state (self, "usera", ann, "disconnected");
}

/* Two organizations, two accounts, on one host: neither sees the other's. */
static void
test_two_organizations (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *bob = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *first_back = NULL;
  g_autofree char *second_back = NULL;
  g_autoptr (LanAnswer) a = NULL;
  g_autoptr (LanAnswer) b = NULL;
  g_autoptr (LanAnswer) status_a = NULL;
  g_autoptr (LanAnswer) status_b = NULL;
  g_autoptr (LanAnswer) peek = NULL;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  first = begin (self, "usera", ann);
  second = begin (self, "userb", bob);
  first_back = choose (first, "ann", "yes");
  second_back = choose (second, "ben", "yes");
  b = lan_call (self, "GET", second_back, NULL, NULL);
  a = lan_call (self, "GET", first_back, NULL, NULL);
  status_a = lan_call (self, "GET", "/api/organizations/usera/spotify/status", ann, NULL);
  status_b = lan_call (self, "GET", "/api/organizations/userb/spotify/status", bob, NULL);
  g_assert_cmpstr (lan_answer_get_text (status_a, "account.id"), ==, "acc-ann");
  g_assert_cmpstr (lan_answer_get_text (status_b, "account.id"), ==, "acc-ben");
  peek = lan_call (self, "GET", "/api/organizations/usera/spotify/status", bob, NULL);
  g_assert_cmpuint (peek->status, ==, 403);
}

static char *
make_member (LanFixture *self, const char *ann, const char *name, const char *role)
{
  g_autofree char *body = g_strdup_printf ("{\"username\":\"%s\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"%s\"}", name, role);
  g_autoptr (LanAnswer) answer = lan_call (self, "POST", "/api/usera/members", ann, body);

  g_assert_cmpuint (answer->status, ==, 201);

  return lan_sign_in (self, name);
}

/* Route × role. */
static void
test_roles (void)
{
  static const struct
  {
    const char *method, *target, *body;
    guint nobody, viewer, member, admin, foreign;
  } cases[] = {
    { "GET", "/api/organizations/usera/spotify/status", NULL, 401, 200, 200, 200, 403 },
    { "POST", "/api/organizations/usera/spotify/auth", "{\"clientId\":\"client1\"}", 401, 403, 403, 200, 403 },
    { "DELETE", "/api/organizations/usera/spotify", NULL, 401, 403, 403, 204, 403 },
    { "GET", "/api/spotify/playlists?roomId={room}", NULL, 401, 501, 501, 501, 403 },
    { "GET", "/api/spotify/playlists?roomId=none", NULL, 401, 404, 404, 404, 404 },
    { "GET", "/api/spotify/playlists", NULL, 401, 422, 422, 422, 422 },
  };
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *viewer = make_member (self, ann, "vic", "viewer");
  g_autofree char *member = make_member (self, ann, "meg", "member");
  g_autofree char *admin = make_member (self, ann, "ada", "admin");
  g_autofree char *foreign = NULL;

  lan_fixture_add_userb (self);
  foreign = lan_sign_in (self, "bob");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *sessions[] = { NULL, viewer, member, admin, foreign };
      const guint wanted[] = { cases[i].nobody, cases[i].viewer, cases[i].member, cases[i].admin, cases[i].foreign };
      g_autoptr (GString) target = g_string_new (cases[i].target);

      g_string_replace (target, "{room}", self->room_id, 0);
      for (guint who = 0; who < G_N_ELEMENTS (wanted); who++)
        {
          g_autoptr (LanAnswer) answer = lan_call (self, cases[i].method, target->str, sessions[who], cases[i].body);

          g_test_message ("%s %s by %u", cases[i].method, target->str, who);
          g_assert_cmpuint (answer->status, ==, wanted[who]);
        }
    }
}

static void
test_playlists (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *address = begin (self, "usera", ann);
  g_autofree char *back = choose (address, "ann", "yes");
  g_autoptr (LanAnswer) page = lan_call (self, "GET", back, NULL, NULL);
  g_autofree char *target = g_strconcat ("/api/spotify/playlists?roomId=", self->room_id, NULL);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, ann, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  /* Somebody else's cannot be read, so it is not offered. */
  g_assert_cmpstr (answer->body, ==, "{\"playlists\":[{\"id\":\"mine\",\"name\":\"Mine\",\"songs\":3}]}");
}

/* An installation made without Spotify says so. */
static void
test_without (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", "/api/organizations/usera/spotify/status", ann, NULL);

  g_assert_cmpuint (answer->status, ==, 501);
  g_assert_cmpstr (lan_answer_get_text (answer, "code"), ==, "source_unavailable");
}

/* TRUE when @needle is in a file below @path. */
static gboolean
is_in_files (const char *path, const char *needle)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *text = NULL;
  const char *name;
  gsize length;

  if (dir == NULL)
    return g_file_get_contents (path, &text, &length, NULL) && memmem (text, length, needle, strlen (needle)) != NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (is_in_files (inner, needle))
        return TRUE;
    }

  return FALSE;
}

/* All tokens and codes of the stand-in have one word in common, and so has the player's password here: it is in no file
 * of the data folder, no answer of the room and no line of the figures. */
static void
test_no_token_in_files (void)
{
  static const char *const figures[] = { "tempo_source_calls{", "tempo_source_failures{", "tempo_source_gate_seconds{",
                                         "tempo_source_lag_milliseconds{", "tempo_source_last_error{" };
  g_autoptr (LanFixture) self = lan_fixture_new_with_spotify (stand_in);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *address = begin (self, "usera", ann);
  g_autofree char *back = choose (address, "ann", "yes");
  g_autoptr (LanAnswer) page = lan_call (self, "GET", back, NULL, NULL);
  g_autofree char *target = NULL;
  g_autofree char *place = NULL;
  g_autoptr (LanAnswer) room = NULL;
  g_autoptr (LanAnswer) set = NULL;
  g_autoptr (LanAnswer) metrics = NULL;

  g_assert_cmpuint (page->status, ==, 200);
  assert_state (self, "usera", ann, "ready");
  target = g_strdup_printf ("/api/usera/rooms/%s", self->room_id);
  room = lan_call (self, "PATCH", target, ann, "{\"sources\":[\"spotify\",\"mpd\"]}");
  g_assert_cmpuint (room->status, ==, 200);
  place = g_strconcat (target, "/settings", NULL);
  set = lan_call (self, "PUT", place, ann, "{\"settings\":{\"mpdHost\":\"127.0.0.1\",\"mpdPort\":1,\"mpdPassword\":\"CANARY-of-mpd\"}}");
  g_assert_cmpuint (set->status, ==, 200);
  g_assert_nonnull (strstr (set->body, "\"mpdPasswordSet\":true"));
  g_assert_null (strstr (set->body, "CANARY"));
  metrics = lan_call (self, "GET", "/metrics", NULL, NULL);
  g_assert_cmpuint (metrics->status, ==, 200);
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    g_assert_nonnull (strstr (metrics->body, figures[i]));
  g_assert_nonnull (strstr (metrics->body, "kind=\"spotify\""));
  g_assert_nonnull (strstr (metrics->body, "kind=\"mpd\""));
  g_assert_null (strstr (metrics->body, "CANARY"));
  g_assert_null (strstr (metrics->body, "acc-ann"));
  g_assert_true (is_in_files (self->dir, "acc-ann"));
  g_assert_false (is_in_files (self->dir, "CANARY"));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  int code;

  g_test_init (&argc, &argv, NULL);
  program = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("TEMPO_SPOTIFY_STAND_IN"), NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (program));
  stand_in = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_nonnull (stand_in);

  g_test_add_func ("/lan/spotify/contract", test_contract);
  g_test_add_func ("/lan/spotify/notice", test_notice);
  g_test_add_func ("/lan/spotify/bad-client-ids", test_bad_client_ids);
  g_test_add_func ("/lan/spotify/callback-of-the-organization", test_callback_of_the_organization);
  g_test_add_func ("/lan/spotify/said-no", test_said_no);
  g_test_add_func ("/lan/spotify/two-organizations", test_two_organizations);
  g_test_add_func ("/lan/spotify/roles", test_roles);
  g_test_add_func ("/lan/spotify/playlists", test_playlists);
  g_test_add_func ("/lan/spotify/without", test_without);
  g_test_add_func ("/lan/spotify/no-token-in-files", test_no_token_in_files);
  code = g_test_run ();
  /* The signal is sent by another thread, which an exit would not wait for. */
  g_subprocess_force_exit (program);
  g_subprocess_wait (program, NULL, NULL);
  g_free (stand_in);

  return code;
}
