/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "daemon/tempo-control.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/tempo-json.h"
#include "daemon/tempo-operations.h"

#define ASK_SECONDS 60
/* An export of many years, on a slow disk. */
#define CARE_SECONDS 3600

struct _TempoControl
{
  GObject parent_instance;

  TempoHost *host;         /* (owned) */
  GSocketService *service; /* (owned) (nullable) */
  char *path;              /* (owned) */
  guint16 port;
};

G_DEFINE_FINAL_TYPE (TempoControl, tempo_control, G_TYPE_OBJECT)

static void
tempo_control_dispose (GObject *object)
{
  TempoControl *self = TEMPO_CONTROL (object);

  tempo_control_close (self);
  g_clear_object (&self->host);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (tempo_control_parent_class)->dispose (object);
}

static void
tempo_control_class_init (TempoControlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tempo_control_dispose;
}

static void
tempo_control_init (TempoControl *self)
{
}

/* One question of one connection. */
typedef struct
{
  TempoControl *control;         /* (owned) */
  GSocketConnection *connection; /* (owned) */
  GDataInputStream *input;       /* (owned) */
  GBytes *answer;                /* (owned) (nullable) */
} Question;

static void
free_question (Question *question)
{
  g_clear_object (&question->control);
  g_clear_object (&question->connection);
  g_clear_object (&question->input);
  g_clear_pointer (&question->answer, g_bytes_unref);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, free_question)

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (question->connection), NULL, NULL);
}

static void
answer_question (Question *question, const char *text, const GError *error)
{
  TempoJson *json = tempo_json_new ();
  GString *line;
  g_autoptr (GBytes) object = NULL;
  gsize length;
  const char *bytes;

  tempo_json_begin_object (json, NULL);
  tempo_json_bool (json, "ok", error == NULL);
  if (error != NULL)
    tempo_json_string (json, "error", error->message);
  else
    tempo_json_string (json, "text", text);
  tempo_json_end_object (json);
  object = tempo_json_finish (json);
  bytes = g_bytes_get_data (object, &length);
  line = g_string_new_len (bytes, length);
  g_string_append_c (line, '\n');
  question->answer = g_string_free_to_bytes (line);
  bytes = g_bytes_get_data (question->answer, &length);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (
                                     G_IO_STREAM (question->connection)),
                                   bytes, length, G_PRIORITY_DEFAULT, NULL, written_cb, question);
}

static void
operation_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tempo_operation_run_finish (result, &error);

  answer_question (user_data, text, error);
}

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (question->input, result, &length, &error);
  g_autoptr (JsonObject) request = NULL;
  TempoHost *host;

  if (line == NULL || length > TEMPO_CONTROL_MAX_LINE)
    return;
  request = tempo_json_parse (line, length, &error);
  if (request == NULL)
    {
      answer_question (g_steal_pointer (&question), NULL, error);
      return;
    }
  if (g_strcmp0 (tempo_json_get_string (request, "operation", 40, NULL, NULL), "ping") == 0)
    {
      g_autofree char *port = g_strdup_printf ("%u", question->control->port);

      answer_question (g_steal_pointer (&question), port, NULL);
      return;
    }
  host = question->control->host;
  tempo_operation_run_async (host, request, operation_done_cb, g_steal_pointer (&question));
}

/* The folder is 0700 and the socket 0600 already; the kernel's own word on who
 * is there costs nothing and holds when somebody loosens the folder. */
static gboolean
is_same_user (GSocketConnection *connection)
{
  g_autoptr (GCredentials) credentials =
    g_socket_get_credentials (g_socket_connection_get_socket (connection), NULL);
  uid_t user = credentials != NULL ? g_credentials_get_unix_user (credentials, NULL) : (uid_t) -1;

  return user == getuid () || user == 0;
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Question *question;

  if (!is_same_user (connection))
    return TRUE;
  g_socket_set_timeout (g_socket_connection_get_socket (connection), ASK_SECONDS);
  question = g_new0 (Question, 1);
  question->control = g_object_ref (user_data);
  question->connection = g_object_ref (connection);
  question->input =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_set_newline_type (question->input, G_DATA_STREAM_NEWLINE_TYPE_LF);
  g_data_input_stream_read_line_async (question->input, G_PRIORITY_DEFAULT, NULL, line_read_cb,
                                       question);
  return TRUE;
}

/* A socket address has 108 bytes: a data folder deeper than that is served
 * without a control socket, which the error says. */
static GSocketAddress *
make_address (const char *path, GError **error)
{
  if (strlen (path) >= sizeof ((struct sockaddr_un *) 0)->sun_path)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                   "the folder's name is too long for a control socket");
      return NULL;
    }
  return g_unix_socket_address_new (path);
}

/* Whoever opens it holds the folder's lock, so a socket that lies there is one
 * of a process that was killed. umask keeps others out also between bind() and chmod().
 */
TempoControl *
tempo_control_new (TempoHost *host, const char *data_dir, guint16 port, GError **error)
{
  g_autoptr (TempoControl) self = g_object_new (TEMPO_TYPE_CONTROL, NULL);
  g_autoptr (GSocketAddress) address = NULL;
  gboolean bound;
  mode_t before;

  self->host = g_object_ref (host);
  self->port = port;
  self->path = g_build_filename (data_dir, TEMPO_CONTROL_NAME, NULL);
  address = make_address (self->path, error);
  if (address == NULL)
    {
      g_clear_pointer (&self->path, g_free);
      return NULL;
    }
  g_unlink (self->path);
  self->service = g_socket_service_new ();
  before = umask (0177);
  bound =
    g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                   G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
  umask (before);
  if (!bound)
    return NULL;
  g_chmod (self->path, 0600);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_service_start (self->service);
  return g_steal_pointer (&self);
}

/* Questions that are on their way are still answered: each holds the engine.
 * Safe to call twice.
 */
void
tempo_control_close (TempoControl *self)
{
  if (self->service == NULL)
    return;
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
  g_unlink (self->path);
}

static char *
read_answer (GSocketConnection *connection, GError **error)
{
  g_autoptr (GDataInputStream) input =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autoptr (JsonObject) answer = NULL;
  g_autofree char *line = NULL;
  gsize length;
  const char *refusal;

  line = g_data_input_stream_read_line (input, &length, NULL, error);
  if (line == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Tempo ended before it answered");
      return NULL;
    }
  answer = tempo_json_parse (line, length, error);
  if (answer == NULL)
    return NULL;
  refusal = json_object_get_string_member_with_default (answer, "error", NULL);
  if (refusal != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, refusal);
      return NULL;
    }
  return g_strdup (json_object_get_string_member_with_default (answer, "text", ""));
}

static gboolean
is_care (JsonObject *request)
{
  return g_strcmp0 (tempo_json_get_string (request, "operation", 40, NULL, NULL), "care") == 0;
}

/* Blocks for at most a minute, or an hour, on the command line's own thread. That nobody
 * listens is told apart from a refusal, because then the command does the work itself.
 */
char *
tempo_control_ask (const char *data_dir, JsonObject *request, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, TEMPO_CONTROL_NAME, NULL);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), request);
  g_autofree char *text = json_to_string (node, FALSE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  address = make_address (path, NULL);
  g_socket_client_set_timeout (client, is_care (request) ? CARE_SECONDS : ASK_SECONDS);
  if (address != NULL)
    connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (connection == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nobody serves \"%s\"", data_dir);
      return NULL;
    }
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                                  strlen (line), NULL, NULL, error))
    return NULL;
  return read_answer (connection, error);
}
