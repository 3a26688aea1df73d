/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "music/spotify/tempo-spotify-client.h"

#include <libsoup/soup.h>

#include "base/tempo-json.h"

#define CONNECTIONS 3 /* watching, a command, a search */
#define IDLE_SECONDS 60
/* The kernel's view of a dead peer, behind our own deadline. */
#define SOCKET_SECONDS 30
#define CHUNK 16384

struct _TempoSpotifyClient
{
  GObject parent_instance;

  SoupSession *session;       /* (owned) */
  TempoSpotifyAlarms *alarms; /* (unowned) */
  guint busy;
};

G_DEFINE_FINAL_TYPE (TempoSpotifyClient, tempo_spotify_client, G_TYPE_OBJECT)
G_DEFINE_QUARK (tempo-spotify-error-quark, tempo_spotify_error)

/* One message on its way. */
typedef struct
{
  TempoSpotifyAlarms *alarms; /* (unowned) */
  SoupMessage *message;       /* (owned) */
  GInputStream *stream;       /* (owned) (nullable) */
  GByteArray *body;           /* (owned) */
  gsize max_bytes;
  gboolean picture;
  GCancellable *limit; /* (owned) ends it: out of time, or given up by the caller */
  gulong cancelled_id;
  guint alarm;
  gboolean late;
} Sending;

static void
sending_free (Sending *self)
{
  g_assert (self->alarm == 0);
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_object (&self->limit);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_free (self);
}

static void
tempo_spotify_client_finalize (GObject *object)
{
  TempoSpotifyClient *self = TEMPO_SPOTIFY_CLIENT (object);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (tempo_spotify_client_parent_class)->finalize (object);
}

static void
tempo_spotify_client_class_init (TempoSpotifyClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tempo_spotify_client_finalize;
}

static void
tempo_spotify_client_init (TempoSpotifyClient *self)
{
  self->session = soup_session_new_with_options ("user-agent", "Tempo/" TEMPO_VERSION, "max-conns", CONNECTIONS,
                                                 "max-conns-per-host", CONNECTIONS, "idle-timeout", IDLE_SECONDS,
                                                 "timeout", SOCKET_SECONDS, NULL);
}

static void
late_cb (gpointer data)
{
  Sending *sending = data;

  sending->late = TRUE;
  g_cancellable_cancel (sending->limit);
}

static void
forward_cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
end_limits (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);

  TEMPO_SPOTIFY_CLIENT (g_task_get_source_object (task))->busy--;
  tempo_spotify_alarms_clear (sending->alarms, &sending->alarm);
  g_cancellable_disconnect (g_task_get_cancellable (task), sending->cancelled_id);
  sending->cancelled_id = 0;
}

static void
fail (GTask *task, const char *why)
{
  Sending *sending = g_task_get_task_data (task);

  end_limits (task);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE, "Spotify did not answer: %s",
                             sending->late ? "timeout" : why);
}

/* Player commands have come with texts that are no JSON; only what was asked for must be read. */
static void
finish_reply (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);
  guint status = soup_message_get_status (sending->message);
  g_autoptr (TempoSpotifyReply) reply = g_new0 (TempoSpotifyReply, 1);
  g_autoptr (GError) error = NULL;

  reply->status = status;
  reply->retry_after = g_strdup (
    soup_message_headers_get_one (soup_message_get_response_headers (sending->message), "Retry-After"));
  if (sending->body->len > 0)
    reply->json = tempo_json_parse ((const char *) sending->body->data, sending->body->len, &error);
  if (reply->json == NULL && sending->body->len > 0 && SOUP_STATUS_IS_SUCCESSFUL (status)
      && g_str_equal (soup_message_get_method (sending->message), "GET"))
    {
      fail (task, error->message);
      return;
    }
  end_limits (task);
  g_task_return_pointer (task, g_steal_pointer (&reply), (GDestroyNotify) tempo_spotify_reply_free);
}

static void
finish_picture (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);

  if (soup_message_get_status (sending->message) != SOUP_STATUS_OK)
    {
      fail (task, "no picture");
      return;
    }
  end_limits (task);
  g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&sending->body)),
                         (GDestroyNotify) g_bytes_unref);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      fail (task, error->message);
      return;
    }
  if (g_bytes_get_size (bytes) > 0 && sending->body->len + g_bytes_get_size (bytes) > sending->max_bytes)
    {
      /* The connection is not to be used again with the rest still in it. */
      g_cancellable_cancel (sending->limit);
      fail (task, "the answer is too long");
      return;
    }
  if (g_bytes_get_size (bytes) > 0)
    {
      g_byte_array_append (sending->body, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
      g_input_stream_read_bytes_async (sending->stream, CHUNK, G_PRIORITY_DEFAULT, sending->limit, read_cb,
                                       g_steal_pointer (&task));
      return;
    }

  if (sending->picture)
    finish_picture (task);
  else
    finish_reply (task);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  sending->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (sending->stream == NULL)
    fail (task, error->message);
  else
    g_input_stream_read_bytes_async (sending->stream, CHUNK, G_PRIORITY_DEFAULT, sending->limit, read_cb,
                                     g_steal_pointer (&task));
}

/* Takes @message. No redirects: a token goes where it was meant to go. */
static void
begin (TempoSpotifyClient *self, GTask *task, SoupMessage *message, gsize max_bytes, gboolean picture)
{
  Sending *sending = g_new0 (Sending, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->busy++;
  sending->alarms = self->alarms;
  sending->message = message;
  sending->body = g_byte_array_new ();
  sending->max_bytes = max_bytes;
  sending->picture = picture;
  sending->limit = g_cancellable_new ();
  g_task_set_task_data (task, sending, (GDestroyNotify) sending_free);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  tempo_spotify_alarms_set (self->alarms, &sending->alarm, TEMPO_SPOTIFY_DEADLINE_US, late_cb, sending);
  if (cancellable != NULL)
    sending->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel_cb),
                                                   g_object_ref (sending->limit), g_object_unref);
  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, sending->limit, sent_cb, g_object_ref (task));
}

/**
 * tempo_spotify_client_new:
 * @alarms: for deadlines; outlive the client
 *
 * Returns: (transfer full): a client without a connection yet
 */
TempoSpotifyClient *
tempo_spotify_client_new (TempoSpotifyAlarms *alarms)
{
  TempoSpotifyClient *self = g_object_new (TEMPO_TYPE_SPOTIFY_CLIENT, NULL);

  self->alarms = alarms;

  return self;
}

/**
 * tempo_spotify_client_send_async:
 * @self: a client
 * @method: "GET" …
 * @address: whole, with its query
 * @bearer: (nullable): access token
 * @type: (nullable): content type of @body
 * @body: (nullable): what to send
 * @cancellable: (nullable): gives up
 * @callback: in this thread
 * @user_data: for @callback
 *
 * Sends one message and reads its answer whole.
 */
void
tempo_spotify_client_send_async (TempoSpotifyClient *self, const char *method, const char *address, const char *bearer,
                                 const char *type, GBytes *body, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SoupMessage *message = soup_message_new (method, address);

  g_task_set_source_tag (task, tempo_spotify_client_send_async);
  if (message == NULL)
    {
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE, "\"%s\" is no address",
                               address);
      return;
    }
  if (bearer != NULL)
    {
      g_autofree char *value = g_strconcat ("Bearer ", bearer, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
    }
  /* A PUT or POST without a body says so: some proxies in between refuse one that says nothing. */
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, type, body);
  else if (!g_str_equal (method, "GET"))
    soup_message_headers_replace (soup_message_get_request_headers (message), "Content-Length", "0");
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "application/json");
  begin (self, task, message, TEMPO_SPOTIFY_MAX_BODY, FALSE);
}

TempoSpotifyReply *
tempo_spotify_client_send_finish (TempoSpotifyClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

guint
tempo_spotify_client_get_busy (TempoSpotifyClient *self)
{
  return self->busy;
}

void
tempo_spotify_client_fetch_async (TempoSpotifyClient *self, const char *address, gsize max_bytes,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SoupMessage *message = soup_message_new ("GET", address);

  g_task_set_source_tag (task, tempo_spotify_client_fetch_async);
  if (message == NULL)
    g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE, "the picture has no address");
  else
    begin (self, task, message, max_bytes, TRUE);
}

GBytes *
tempo_spotify_client_fetch_finish (TempoSpotifyClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
tempo_spotify_reply_free (TempoSpotifyReply *self)
{
  g_clear_pointer (&self->json, json_object_unref);
  g_clear_pointer (&self->retry_after, g_free);
  g_free (self);
}
