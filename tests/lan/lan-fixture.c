/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan-fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "licence-fixture.h"
#include "base/tempo-json.h"
#include "model/tempo-organization.h"
#include "model/tempo-room-info.h"
#include "secrets/tempo-secrets.h"

#define DEADLINE_SECONDS 60
#define START_US G_GINT64_CONSTANT (1795291200000000) /* 2026-11-21 20:00 UTC */

void
lan_answer_free (LanAnswer *self)
{
  g_free (self->head);
  g_free (self->body);
  g_clear_pointer (&self->json, json_object_unref);
  g_free (self);
}

static gboolean
out_of_time_cb (gpointer user_data)
{
  g_error ("waited for %d seconds", DEADLINE_SECONDS);
  return G_SOURCE_REMOVE;
}

void
lan_wait_for (const gboolean *flag)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_SECONDS, out_of_time_cb, NULL);

  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

typedef struct
{
  GAsyncResult *result;
  gboolean done;
} Waiter;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_object_ref (result);
  waiter->done = TRUE;
}

static GAsyncResult *
wait_for_result (Waiter *waiter)
{
  lan_wait_for (&waiter->done);
  waiter->done = FALSE;
  return g_steal_pointer (&waiter->result);
}

static void
add_organization (LanFixture *self, const char *slug, const char *username, char **id)
{
  Waiter waiter = { NULL };
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOrganization) organization = NULL;

  tempo_host_create_organization_async (self->host, actor, slug, slug, NULL, username, LAN_PASSWORD,
                                        done_cb, &waiter);
  result = wait_for_result (&waiter);
  organization = tempo_host_create_organization_finish (self->host, result, &error);
  g_assert_no_error (error);
  if (id != NULL)
    *id = g_strdup (organization->id);
}

static void
start_server (LanFixture *self, const TempoLanOptions *options)
{
  Waiter waiter = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  self->server = tempo_lan_server_new (self->host, options);
  tempo_lan_server_start_async (self->server, NULL, done_cb, &waiter);
  result = wait_for_result (&waiter);
  tempo_lan_server_start_finish (self->server, result, &error);
  g_assert_no_error (error);
  self->port = tempo_lan_server_get_port (self->server);
}

static void
start_host (LanFixture *self, TempoHostOptions *options)
{
  Waiter waiter = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  options->data_dir = self->dir;
  options->clock = self->clock;
  self->host = tempo_host_new (options);
  tempo_host_start_async (self->host, NULL, done_cb, &waiter);
  result = wait_for_result (&waiter);
  tempo_host_start_finish (self->host, result, &error);
  g_assert_no_error (error);
}

static LanFixture *
make_fixture (gboolean rate_limit, gboolean music, const char *spotify)
{
  LanFixture *self = g_new0 (LanFixture, 1);
  g_autoptr (TempoSecrets) secrets = tempo_secrets_new_memory ();
  TempoHostOptions options = { .secrets = secrets, .audio_sink = "fakesink sync=true" };
  TempoLanOptions lan = { .address = "127.0.0.1", .port = 0, .no_rate_limit = !rate_limit };
  g_autofree char *licence_keys = licence_fixture_make_key_text ();
  g_autofree char *api_url = spotify != NULL ? g_strconcat (spotify, "/v1", NULL) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = NULL;
  TempoRoomInfo *room;

  self->dir = g_dir_make_tmp ("tempo-lan-XXXXXX", &error);
  g_assert_no_error (error);
  self->clock = tempo_clock_new_fixed (START_US);
  options.spotify_accounts_url = spotify;
  options.spotify_api_url = api_url;
  options.licence_keys = licence_keys;
  options.music_folder = music ? g_getenv ("TEMPO_TEST_MUSIC") : NULL;
  start_host (self, &options);

  add_organization (self, "usera", "ann", &self->organization_id);
  rooms = tempo_host_list_rooms (self->host, self->organization_id);
  g_assert_cmpuint (rooms->len, ==, 1);
  room = g_ptr_array_index (rooms, 0);
  self->room_id = g_strdup (room->id);
  self->room_code = g_strdup (room->code);
  start_server (self, &lan);
  return self;
}

LanFixture *
lan_fixture_new (gboolean rate_limit)
{
  return make_fixture (rate_limit, FALSE, NULL);
}

LanFixture *
lan_fixture_new_with_music (void)
{
  return make_fixture (FALSE, TRUE, NULL);
}

LanFixture *
lan_fixture_new_with_spotify (const char *address)
{
  return make_fixture (FALSE, FALSE, address);
}

void
lan_fixture_add_userb (LanFixture *self)
{
  add_organization (self, "userb", "bob", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
stop_server (LanFixture *self)
{
  Waiter waiter = { NULL };
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GError) error = NULL;

  tempo_lan_server_stop_async (self->server, done_cb, &waiter);
  closed = wait_for_result (&waiter);
  tempo_lan_server_stop_finish (self->server, closed, &error);
  g_assert_no_error (error);
  g_clear_object (&closed);
  g_clear_object (&self->server);
}

void
lan_fixture_restart (LanFixture *self, const TempoLanOptions *options)
{
  stop_server (self);
  start_server (self, options);
}

static void
stop_host (LanFixture *self)
{
  Waiter waiter = { NULL };
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GError) error = NULL;

  tempo_host_stop_async (self->host, done_cb, &waiter);
  stopped = wait_for_result (&waiter);
  tempo_host_stop_finish (self->host, stopped, &error);
  g_assert_no_error (error);
  g_clear_object (&stopped);
  g_clear_object (&self->host);
}

void
lan_fixture_break (LanFixture *self, const char *organization_id)
{
  g_autoptr (TempoSecrets) secrets = tempo_secrets_new_memory ();
  TempoHostOptions options = { .secrets = secrets, .audio_sink = "fakesink sync=true" };
  const TempoLanOptions lan = { .address = "127.0.0.1", .port = 0, .no_rate_limit = TRUE };
  g_autofree char *path = g_build_filename (self->dir, "organizations", organization_id, "tempo.db", NULL);

  stop_server (self);
  stop_host (self);
  g_assert_true (g_file_set_contents (path, "no database, however long one looks at it", -1, NULL));
  start_host (self, &options);
  start_server (self, &lan);
}

void
lan_fixture_free (LanFixture *self)
{
  stop_server (self);
  stop_host (self);
  g_clear_object (&self->clock);
  remove_tree (self->dir);
  g_free (self->dir);
  g_free (self->organization_id);
  g_free (self->room_id);
  g_free (self->room_code);
  g_free (self);
}

static GSocketConnection *
connect_to_server (LanFixture *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, DEADLINE_SECONDS);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static LanAnswer *
parse_answer (GString *text)
{
  LanAnswer *answer = g_new0 (LanAnswer, 1);
  const char *end = strstr (text->str, "\r\n\r\n");

  if (end == NULL)
    return answer; /* cut off: status 0 */
  answer->status = (guint) g_ascii_strtoull (text->str + strlen ("HTTP/1.1 "), NULL, 10);
  answer->head = g_strndup (text->str, end + 2 - text->str);
  answer->length = text->len - (end + 4 - text->str);
  answer->body = g_memdup2 (end + 4, answer->length + 1);
  answer->json = tempo_json_parse (answer->body, answer->length, NULL);
  return answer;
}

LanAnswer *
lan_call_raw (LanFixture *self, const char *request, gsize length)
{
  g_autoptr (GSocketConnection) connection = connect_to_server (self);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[8192];
  gssize n;

  /* A server that refuses by the head may close before it has read all. */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             length, NULL, NULL, NULL);
  while ((n = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (text, buffer, n);
  return parse_answer (text);
}

LanAnswer *
lan_call (
  LanFixture *self, const char *method, const char *target, const char *headers, const char *body)
{
  g_autoptr (GString) request = g_string_new (NULL);

  g_string_printf (request, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n%s",
                   method, target, self->port, headers != NULL ? headers : "");
  if (body != NULL)
    {
      if (headers == NULL || strstr (headers, "Content-Type:") == NULL)
        g_string_append (request, "Content-Type: application/json\r\n");
      g_string_append_printf (request, "Content-Length: %zu\r\n", strlen (body));
    }
  g_string_append_printf (request, "\r\n%s", body != NULL ? body : "");
  return lan_call_raw (self, request->str, request->len);
}

char *
lan_answer_get_header (LanAnswer *answer, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (answer->head != NULL ? answer->head : "", "\r\n", 0);
  gsize length = strlen (name);

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      if (g_ascii_strncasecmp (lines[i], name, length) == 0 && lines[i][length] == ':')
        return g_strdup (g_strstrip (lines[i] + length + 1));
    }
  return NULL;
}

char *
lan_answer_get_cookie (LanAnswer *answer, const char *name)
{
  g_autofree char *wanted = g_strdup_printf ("%s=", name);
  g_auto (GStrv) lines = g_strsplit (answer->head, "\r\n", 0);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *value =
        g_ascii_strncasecmp (lines[i], "Set-Cookie:", 11) == 0 ? strstr (lines[i], wanted) : NULL;

      if (value != NULL)
        return g_strndup (value + strlen (wanted), strcspn (value + strlen (wanted), ";"));
    }
  return NULL;
}

JsonNode *
lan_answer_get_node (LanAnswer *answer, const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", 0);
  JsonObject *object = answer->json;

  for (guint i = 0; object != NULL; i++)
    {
      JsonNode *node = json_object_get_member (object, steps[i]);

      if (node == NULL || steps[i + 1] == NULL)
        return node;
      object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    }
  return NULL;
}

const char *
lan_answer_get_text (LanAnswer *answer, const char *path)
{
  JsonNode *node = lan_answer_get_node (answer, path);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

gint64
lan_answer_get_int (LanAnswer *answer, const char *path)
{
  JsonNode *node = lan_answer_get_node (answer, path);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : G_MININT64;
}

char *
lan_sign_in (LanFixture *self, const char *username)
{
  g_autofree char *body =
    g_strdup_printf ("{\"username\":\"%s\",\"password\":\"" LAN_PASSWORD "\"}", username);
  g_autoptr (LanAnswer) answer = lan_call (self, "POST", "/api/auth/login", NULL, body);

  g_assert_cmpuint (answer->status, ==, 200);
  return g_strdup_printf ("Authorization: Bearer %s\r\n", lan_answer_get_text (answer, "token"));
}

char *
lan_meet_guest (LanFixture *self)
{
  g_autofree char *target = g_strdup_printf ("/api/rooms/%s", self->room_code);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, NULL, NULL);
  g_autofree char *cookie = NULL;

  g_assert_cmpuint (answer->status, ==, 200);
  cookie = lan_answer_get_cookie (answer, "tempo_guest");
  g_assert_nonnull (cookie);
  return g_strdup_printf ("Cookie: tempo_guest=%s\r\n", cookie);
}

char *
lan_start_event (LanFixture *self, const char *session, const char *rules)
{
  g_autofree char *body = g_strdup_printf ("{\"name\":\"Friday\",\"state\":\"active\",\"rules\":{"
                                           "\"approval\":false,\"freeText\":true%s%s}}",
                                           *rules != '\0' ? "," : "", rules);
  g_autoptr (LanAnswer) answer = lan_call (self, "POST", "/api/usera/events", session, body);

  g_assert_cmpuint (answer->status, ==, 201);
  g_assert_cmpstr (lan_answer_get_text (answer, "event.state"), ==, "active");
  return g_strdup (lan_answer_get_text (answer, "event.id"));
}

LanAnswer *
lan_ask (LanFixture *self, const char *guest, const char *title)
{
  g_autofree char *target = g_strdup_printf ("/api/rooms/%s/requests", self->room_code);
  g_autofree char *body =
    g_strdup_printf ("{\"title\":\"%s\",\"artist\":\"The Cranes\",\"name\":\"Max\"}", title);

  return lan_call (self, "POST", target, guest, body);
}

struct _LanStream
{
  GSocketConnection *connection;
  GDataInputStream *input;
  guint status;
};

LanStream *
lan_stream_new (LanFixture *self, const char *target, const char *headers)
{
  LanStream *stream = g_new0 (LanStream, 1);
  g_autofree char *request =
    g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAccept: text/event-stream\r\n%s\r\n",
                     target, self->port, headers != NULL ? headers : "");
  char *line;

  stream->connection = connect_to_server (self);
  stream->input =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (stream->connection)));
  g_data_input_stream_set_newline_type (stream->input, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream->connection)),
                             request, strlen (request), NULL, NULL, NULL);
  while ((line = g_data_input_stream_read_line (stream->input, NULL, NULL, NULL)) != NULL
         && *line != '\0')
    {
      if (g_str_has_prefix (line, "HTTP/1.1 "))
        stream->status = (guint) g_ascii_strtoull (line + 9, NULL, 10);
      g_free (line);
    }
  g_free (line);
  return stream;
}

void
lan_stream_free (LanStream *self)
{
  g_clear_object (&self->input);
  g_clear_object (&self->connection);
  g_free (self);
}

guint
lan_stream_get_status (LanStream *self)
{
  return self->status;
}

JsonObject *
lan_stream_next (LanStream *self, char **event, char **id)
{
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *name = NULL;
  g_autofree char *number = NULL;
  char *line;

  while ((line = g_data_input_stream_read_line (self->input, NULL, NULL, NULL)) != NULL)
    {
      g_autofree char *owned = line;

      if (g_str_has_prefix (line, "event: "))
        {
          g_free (name);
          name = g_strdup (line + 7);
        }
      else if (g_str_has_prefix (line, "id: "))
        {
          g_free (number);
          number = g_strdup (line + 4);
        }
      else if (g_str_has_prefix (line, "data: "))
        {
          g_string_append (data, line + 6);
        }
      else if (*line == '\0' && data->len > 0)
        {
          g_autoptr (GError) error = NULL;
          JsonObject *object = tempo_json_parse (data->str, data->len, &error);

          g_assert_no_error (error);
          if (event != NULL)
            *event = g_steal_pointer (&name);
          if (id != NULL)
            *id = g_steal_pointer (&number);
          return object;
        }
    }
  return NULL;
}

JsonObject *
lan_stream_next_named (LanStream *self, const char *event, char **id)
{
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *number = NULL;
      JsonObject *object = lan_stream_next (self, &name, &number);

      if (object == NULL)
        return NULL;
      if (g_strcmp0 (name, event) == 0)
        {
          if (id != NULL)
            *id = g_steal_pointer (&number);
          return object;
        }
      json_object_unref (object);
    }
  g_assert_not_reached ();
}

void
lan_lift_limits (LanFixture *self, const char *session)
{
  g_autofree char *key = tempo_licence_key_new ("USR", 2026);
  g_autoptr (TempoLicence) licence =
    licence_fixture_make (self->organization_id, key, tempo_clock_now (self->clock) / G_USEC_PER_SEC);
  g_autofree char *document = NULL;
  g_autofree char *body = NULL;
  g_autoptr (LanAnswer) answer = NULL;

  licence->tier = TEMPO_TIER_INSTITUTION;
  licence->limits = *tempo_tier_get_limits (TEMPO_TIER_INSTITUTION);
  document = licence_fixture_sign (licence);
  body = g_strdup_printf ("{\"document\":\"%s\"}", document);
  answer = lan_call (self, "PUT", "/api/usera/licence", session, body);
  g_assert_cmpuint (answer->status, ==, 200);
}
