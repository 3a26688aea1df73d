/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of the Web API: past the gate, with a token, commands one after another, and what a refusal means. */
#include "music/spotify/tempo-spotify-account-private.h"

#include <string.h>

/* Whoever presses a button that often is not waiting for an answer. */
#define MAX_COMMANDS 16
/* Spotify's own state follows a command that late. */
#define AFTER_COMMAND_US (1500 * G_TIME_SPAN_MILLISECOND)
/* A good token is refused for a moment now and then (since July 2026); what is asked again at once meets the same moment. */
#define BREATH_US G_TIME_SPAN_SECOND

/* One call on its way. */
typedef struct
{
  TempoSpotifyPriority priority;
  char *method; /* (owned) */
  char *path;   /* (owned) */
  GBytes *body; /* (owned) (nullable) */
  gboolean forgiving;
  gboolean repeated;
  gboolean waited; /* before it was repeated */
  char *used; /* (owned) (nullable) the access token it went out with */
} Calling;

static void ensure_token (TempoSpotifyAccount *self, GTask *task, const char *refused);

static void
calling_free (Calling *calling)
{
  g_clear_pointer (&calling->method, g_free);
  g_clear_pointer (&calling->path, g_free);
  g_clear_pointer (&calling->body, g_bytes_unref);
  g_clear_pointer (&calling->used, tempo_spotify_wipe);
  g_free (calling);
}

static gboolean
is_command (Calling *calling)
{
  return !g_str_equal (calling->method, "GET");
}

/**
 * tempo_spotify_account_note_error:
 * @self: an account
 * @error: how a call ended
 *
 * For the figures, which name kinds of errors and nothing else.
 */
void
tempo_spotify_account_note_error (TempoSpotifyAccount *self, const GError *error)
{
  if (error->domain != TEMPO_SPOTIFY_ERROR)
    return;

  switch ((TempoSpotifyError) error->code)
    {
    case TEMPO_SPOTIFY_ERROR_DISCONNECTED:
    case TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN:
      self->last_error = "auth";
      break;
    case TEMPO_SPOTIFY_ERROR_LIMITED:
      self->last_error = "limited";
      break;
    case TEMPO_SPOTIFY_ERROR_UNREACHABLE:
      self->last_error = strstr (error->message, "timeout") != NULL ? "timeout" : "network";
      break;
    case TEMPO_SPOTIFY_ERROR_NO_DEVICE:
    case TEMPO_SPOTIFY_ERROR_PREMIUM_REQUIRED:
    case TEMPO_SPOTIFY_ERROR_NOT_ALLOWED:
    case TEMPO_SPOTIFY_ERROR_RESTRICTED:
    case TEMPO_SPOTIFY_ERROR_NOT_FOUND:
    case TEMPO_SPOTIFY_ERROR_INVALID:
    default:
      self->last_error = "refused";
      break;
    }
}

static GError *
make_error (TempoSpotifyError code, const char *text)
{
  return g_error_new_literal (TEMPO_SPOTIFY_ERROR, (int) code, text);
}

static GError *
judge_forbidden (Calling *calling, TempoSpotifyComplaint *complaint)
{
  if (g_str_equal (complaint->reason, "PREMIUM_REQUIRED"))
    return make_error (TEMPO_SPOTIFY_ERROR_PREMIUM_REQUIRED, "The Spotify account has no Premium");
  if (*complaint->reason != '\0')
    return make_error (TEMPO_SPOTIFY_ERROR_RESTRICTED, "Spotify does not take this command now");
  if (calling->forgiving)
    return make_error (TEMPO_SPOTIFY_ERROR_NOT_FOUND, "Spotify does not show this");

  return make_error (TEMPO_SPOTIFY_ERROR_NOT_ALLOWED, "The Spotify account may not use this app");
}

/* What was wanted is so already. */
static gboolean
is_done_already (TempoSpotifyComplaint *complaint)
{
  return g_str_equal (complaint->reason, "ALREADY_PAUSED") || g_str_equal (complaint->reason, "NOT_PAUSED");
}

/* Refused with a token that was given a moment ago: signing in again would bring just another such one, so it is taken
 * for Spotify's trouble until it has lasted. The grant ends at the token endpoint, not here. (transfer full). */
static GError *
judge_refusal (TempoSpotifyAccount *self)
{
  if (self->refused_since == 0)
    self->refused_since = tempo_spotify_account_monotonic (self);

  return make_error (TEMPO_SPOTIFY_ERROR_UNREACHABLE, "Spotify does not take the token it gave");
}

/* What a status other than 2xx means, a 401 the second time; NULL when all is well. (transfer full). */
static GError *
judge (TempoSpotifyAccount *self, Calling *calling, TempoSpotifyReply *reply)
{
  g_autoptr (TempoSpotifyComplaint) complaint = tempo_spotify_read_complaint (reply->json);

  if (reply->status == 401)
    return judge_refusal (self);
  if (reply->status == 429)
    {
      tempo_spotify_gate_close (tempo_spotify_service_get_gate (self->service, self->profile->client_id),
                                reply->retry_after, g_str_equal (complaint->reason, "QUOTA_EXCEEDED"));
      return make_error (TEMPO_SPOTIFY_ERROR_LIMITED, "Spotify asks for a pause");
    }
  if (is_done_already (complaint))
    return NULL;
  if (reply->status == 403)
    return judge_forbidden (calling, complaint);
  if (g_str_equal (complaint->reason, "NO_ACTIVE_DEVICE") || (reply->status == 404 && is_command (calling)))
    return make_error (TEMPO_SPOTIFY_ERROR_NO_DEVICE, "No device plays Spotify");
  if (reply->status == 404)
    return make_error (TEMPO_SPOTIFY_ERROR_NOT_FOUND, "Spotify has no such thing");
  if (reply->status == 400)
    return make_error (TEMPO_SPOTIFY_ERROR_INVALID, "Spotify does not understand this");

  return g_error_new (TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE, "Spotify answered with status %u",
                      reply->status);
}

/* The state that an error of a call puts the account in; NULL for those that say nothing about it. */
static const char *
get_problem (const GError *error)
{
  if (error->domain != TEMPO_SPOTIFY_ERROR)
    return NULL;

  switch ((TempoSpotifyError) error->code)
    {
    case TEMPO_SPOTIFY_ERROR_NO_DEVICE:
      return "no_device";
    case TEMPO_SPOTIFY_ERROR_PREMIUM_REQUIRED:
      return "premium_required";
    case TEMPO_SPOTIFY_ERROR_NOT_ALLOWED:
      return "not_allowed";
    case TEMPO_SPOTIFY_ERROR_UNREACHABLE:
      return "unreachable";
    case TEMPO_SPOTIFY_ERROR_DISCONNECTED:
    case TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN:
    case TEMPO_SPOTIFY_ERROR_LIMITED:
    case TEMPO_SPOTIFY_ERROR_RESTRICTED:
    case TEMPO_SPOTIFY_ERROR_NOT_FOUND:
    case TEMPO_SPOTIFY_ERROR_INVALID:
    default:
      return NULL;
    }
}

/* Commands in line go on with the next. */
static void
leave_line (TempoSpotifyAccount *self, GTask *task)
{
  GTask *next;

  if (!is_command (g_task_get_task_data (task)) || g_queue_peek_head (&self->commands) != task)
    return;
  g_object_unref (g_queue_pop_head (&self->commands));
  next = g_queue_peek_head (&self->commands);
  if (next != NULL)
    ensure_token (self, next, NULL);
}

/* @error: (transfer full). */
static void
fail_call (TempoSpotifyAccount *self, GTask *task, GError *error)
{
  Calling *calling = g_task_get_task_data (task);
  const char *problem = get_problem (error);

  self->failures++;
  tempo_spotify_account_note_error (self, error);
  if (problem != NULL)
    *(is_command (calling) ? &self->command_problem : &self->read_problem) = problem;
  leave_line (self, task);
  tempo_spotify_account_check (self);
  g_task_return_error (task, error);
}

static void
succeed (TempoSpotifyAccount *self, GTask *task, TempoSpotifyReply *reply)
{
  Calling *calling = g_task_get_task_data (task);

  tempo_spotify_gate_succeed (tempo_spotify_service_get_gate (self->service, self->profile->client_id));
  if (is_command (calling))
    self->command_problem = NULL;
  else
    self->read_problem = NULL;
  leave_line (self, task);
  tempo_spotify_account_check (self);
  if (is_command (calling))
    tempo_spotify_account_look_again (self, AFTER_COMMAND_US);
  g_task_return_pointer (task, g_steal_pointer (&reply->json), (GDestroyNotify) json_object_unref);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoSpotifyAccount *self = g_task_get_source_object (task);
  Calling *calling = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (TempoSpotifyReply) reply = tempo_spotify_client_send_finish (TEMPO_SPOTIFY_CLIENT (source), result,
                                                                          &error);

  if (reply != NULL && self->profile == NULL)
    error = make_error (TEMPO_SPOTIFY_ERROR_DISCONNECTED, "Spotify is not connected");
  else if (reply != NULL && reply->status == 401 && !calling->repeated)
    {
      calling->repeated = TRUE;
      ensure_token (self, task, calling->used);
      return;
    }
  if (reply != NULL && reply->status != 401 && reply->status < 500)
    self->refused_since = 0;
  if (error == NULL && reply != NULL && (reply->status < 200 || reply->status > 299))
    error = judge (self, calling, reply);

  if (error != NULL)
    fail_call (self, task, error);
  else
    succeed (self, task, reply);
}

/* With a token: out it goes, if the gate is open. */
static void
send_call (TempoSpotifyAccount *self, GTask *task)
{
  Calling *calling = g_task_get_task_data (task);
  const TempoSpotifyOptions *options = tempo_spotify_service_get_options (self->service);
  g_autofree char *address = g_strconcat (options->api_url, calling->path, NULL);
  GError *error = NULL;
  gint64 until;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error) || self->tokens == NULL)
    {
      if (error == NULL)
        error = make_error (TEMPO_SPOTIFY_ERROR_DISCONNECTED, "Spotify is not connected");
      fail_call (self, task, error);
      return;
    }
  if (!tempo_spotify_gate_pass (tempo_spotify_service_get_gate (self->service, self->profile->client_id),
                                calling->priority, &until))
    {
      fail_call (self, task, make_error (TEMPO_SPOTIFY_ERROR_LIMITED, "Spotify was asked too much: it takes a pause"));
      return;
    }
  self->calls++;
  g_clear_pointer (&calling->used, tempo_spotify_wipe);
  calling->used = g_strdup (self->tokens->access);
  tempo_spotify_client_send_async (self->client, calling->method, address, calling->used, "application/json",
                                   calling->body, g_task_get_cancellable (task), answered_cb, g_object_ref (task));
}

static void
breathed_cb (gpointer data)
{
  TempoSpotifyAccount *self = data;
  g_autoptr (GPtrArray) breathing = g_steal_pointer (&self->breathing);

  self->breathing = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < breathing->len; i++)
    send_call (self, g_ptr_array_index (breathing, i));
}

/**
 * tempo_spotify_account_stop_breathing:
 * @self: an account that ends
 *
 * What waits for a moment before it is asked again has nobody to wait for.
 */
void
tempo_spotify_account_stop_breathing (TempoSpotifyAccount *self)
{
  g_autoptr (GPtrArray) breathing = g_steal_pointer (&self->breathing);

  self->breathing = g_ptr_array_new_with_free_func (g_object_unref);
  tempo_spotify_alarms_clear (tempo_spotify_service_get_alarms (self->service), &self->breath_alarm);
  for (guint i = 0; i < breathing->len; i++)
    fail_call (self, g_ptr_array_index (breathing, i),
               make_error (TEMPO_SPOTIFY_ERROR_DISCONNECTED, "Spotify is not connected"));
}

static void
ensured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autoptr (GTask) task = user_data;
  Calling *calling = g_task_get_task_data (task);
  GError *error = NULL;

  if (!tempo_spotify_account_ensure_finish (self, result, &error))
    {
      fail_call (self, task, error);
      return;
    }
  if (!calling->repeated || calling->waited || self->tokens == NULL || !g_str_equal (calling->used, self->tokens->access))
    {
      send_call (self, task);
      return;
    }
  /* It is the token that was refused. */
  calling->waited = TRUE;
  g_ptr_array_add (self->breathing, g_object_ref (task));
  if (self->breath_alarm == 0)
    tempo_spotify_alarms_set (tempo_spotify_service_get_alarms (self->service), &self->breath_alarm, BREATH_US,
                              breathed_cb, self);
}

static void
ensure_token (TempoSpotifyAccount *self, GTask *task, const char *refused)
{
  tempo_spotify_account_ensure_async (self, refused, ensured_cb, g_object_ref (task));
}

/**
 * tempo_spotify_account_call_async:
 * @self: an account
 * @call: what to ask; copied
 * @cancellable: (nullable): gives up
 * @callback: in this thread, never inside this call
 * @user_data: for @callback
 *
 * A 401 refreshes once and repeats once; where the token was renewed a moment ago, it waits instead. What the answer says about the account becomes its state.
 */
void
tempo_spotify_account_call_async (TempoSpotifyAccount *self, const TempoSpotifyCall *call, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable != NULL ? cancellable : self->cancellable, callback,
                                       user_data);
  Calling *calling = g_new0 (Calling, 1);

  calling->priority = call->priority;
  calling->method = g_strdup (call->method);
  calling->path = g_strdup (call->path);
  calling->body = call->body != NULL ? g_bytes_new (call->body, strlen (call->body)) : NULL;
  calling->forgiving = call->forgiving;
  g_task_set_source_tag (task, tempo_spotify_account_call_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, calling, (GDestroyNotify) calling_free);
  if (!is_command (calling))
    {
      ensure_token (self, task, NULL);
      return;
    }
  if (g_queue_get_length (&self->commands) >= MAX_COMMANDS)
    {
      g_task_return_error (task, make_error (TEMPO_SPOTIFY_ERROR_LIMITED, "Too many commands are waiting for Spotify"));
      return;
    }
  g_queue_push_tail (&self->commands, g_object_ref (task));
  if (g_queue_get_length (&self->commands) == 1)
    ensure_token (self, task, NULL);
}

JsonObject *
tempo_spotify_account_call_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_spotify_account_refuse_commands:
 * @self: an account
 *
 * The account is another: what waits in line was not meant for it. The one in flight ends by itself.
 */
void
tempo_spotify_account_refuse_commands (TempoSpotifyAccount *self)
{
  while (g_queue_get_length (&self->commands) > 1)
    {
      g_autoptr (GTask) task = g_queue_pop_tail (&self->commands);

      g_task_return_error (task, make_error (TEMPO_SPOTIFY_ERROR_DISCONNECTED, "Spotify was connected anew"));
    }
}
