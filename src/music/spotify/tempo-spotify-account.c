/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account itself: how it is, who it is, its beginning and its end. */
#include "music/spotify/tempo-spotify-account-private.h"

#include "base/tempo-clock.h"
#include "secrets/tempo-secrets.h"

/* From the day somebody signed in, whatever is refreshed meanwhile. */
#define LIFE_MONTHS 6
#define WARNING_DAYS 150

G_DEFINE_FINAL_TYPE (TempoSpotifyAccount, tempo_spotify_account, G_TYPE_OBJECT)

enum
{
  STATUS_CHANGED,
  PLAYING_CHANGED,
  PLAYLIST_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tempo_spotify_account_dispose (GObject *object)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (object);

  g_cancellable_cancel (self->cancellable);
  if (self->service != NULL)
    {
      tempo_spotify_alarms_clear (tempo_spotify_service_get_alarms (self->service), &self->gate_alarm);
      tempo_spotify_alarms_clear (tempo_spotify_service_get_alarms (self->service), &self->adopt_alarm);
      tempo_spotify_account_stop_breathing (self);
    }
  g_clear_pointer (&self->watcher, tempo_spotify_watcher_free);

  G_OBJECT_CLASS (tempo_spotify_account_parent_class)->dispose (object);
}

static void
tempo_spotify_account_finalize (GObject *object)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (object);

  g_assert (g_queue_is_empty (&self->commands));
  g_clear_pointer (&self->organization, g_free);
  g_clear_pointer (&self->profile, tempo_spotify_profile_free);
  g_clear_pointer (&self->tokens, tempo_spotify_tokens_free);
  g_clear_pointer (&self->load_waiters, g_ptr_array_unref);
  g_clear_pointer (&self->breathing, g_ptr_array_unref);
  g_clear_pointer (&self->refresh_waiters, g_ptr_array_unref);
  g_clear_pointer (&self->catalog, tempo_spotify_catalog_free);
  g_clear_pointer (&self->searching, g_hash_table_unref);
  g_clear_pointer (&self->playlists, g_hash_table_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (tempo_spotify_account_parent_class)->finalize (object);
}

static void
tempo_spotify_account_class_init (TempoSpotifyAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_spotify_account_dispose;
  object_class->finalize = tempo_spotify_account_finalize;

  signals[STATUS_CHANGED] = g_signal_new ("status-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  signals[PLAYING_CHANGED] = g_signal_new ("playing-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  signals[PLAYLIST_CHANGED] = g_signal_new ("playlist-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 0);
}

static void
tempo_spotify_account_init (TempoSpotifyAccount *self)
{
  self->load_waiters = g_ptr_array_new_with_free_func (g_object_unref);
  self->breathing = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
  self->last_state = "";
  self->last_error = "";
  self->searching = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->playlists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, tempo_spotify_account_free_playlist);
  g_queue_init (&self->commands);
}

/**
 * tempo_spotify_account_new:
 * @service: outlives it
 * @organization: whose
 * @profile: (nullable): what is known from before
 *
 * Returns: (transfer full): an account; its secrets are asked for when it is used first
 */
TempoSpotifyAccount *
tempo_spotify_account_new (TempoSpotifyService *service, const char *organization, const TempoSpotifyProfile *profile)
{
  TempoSpotifyAccount *self = g_object_new (TEMPO_TYPE_SPOTIFY_ACCOUNT, NULL);
  TempoSpotifyAlarms *alarms = tempo_spotify_service_get_alarms (service);

  self->service = g_object_ref (service);
  self->organization = g_strdup (organization);
  self->profile = profile != NULL ? tempo_spotify_profile_copy (profile) : NULL;
  self->client = tempo_spotify_client_new (alarms);
  self->catalog = tempo_spotify_catalog_new (tempo_spotify_alarms_get_clock (alarms));
  self->watcher = tempo_spotify_watcher_new (self);

  return self;
}

gint64
tempo_spotify_account_now (TempoSpotifyAccount *self)
{
  return tempo_clock_now (tempo_spotify_service_get_options (self->service)->clock);
}

gint64
tempo_spotify_account_monotonic (TempoSpotifyAccount *self)
{
  return tempo_clock_monotonic (tempo_spotify_service_get_options (self->service)->clock);
}

/* Wall us, 0 when open. */
static gint64
get_gate (TempoSpotifyAccount *self)
{
  return self->profile != NULL && self->profile->client_id != NULL
           ? tempo_spotify_gate_get_until (tempo_spotify_service_get_gate (self->service, self->profile->client_id))
           : 0;
}

/* What the player tells, when nothing is wrong. */
static const char *
get_playing_state (TempoSpotifyAccount *self)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_watcher_get_playback (self->watcher);

  return playback != NULL && playback->song == NULL && !playback->playing ? "idle" : "ready";
}

static const char *
get_state (TempoSpotifyAccount *self)
{
  if (self->tokens == NULL)
    {
      if (tempo_spotify_service_is_signing_in (self->service, self->organization))
        return "connecting";
      if (self->profile != NULL && self->load != TEMPO_SPOTIFY_LOADED)
        return "connecting";
      /* It was there once: where secrets live in memory only, that is every restart. */
      return self->profile != NULL ? "needs_sign_in" : "disconnected";
    }
  if (self->dead)
    return "needs_sign_in";
  if (get_gate (self) != 0)
    return "limited";
  if (self->refused_since != 0
      && tempo_spotify_account_monotonic (self) - self->refused_since >= 2 * TEMPO_SPOTIFY_PATIENCE_US)
    return "needs_sign_in";
  if (self->read_problem != NULL)
    return self->read_problem;
  if (self->command_problem != NULL)
    return self->command_problem;
  if (self->adopting || self->profile == NULL || self->profile->account_id == NULL)
    return "connecting";

  return get_playing_state (self);
}

/* Months, not days: that is how the six of them are counted. */
static gint64
get_end (TempoSpotifyAccount *self)
{
  gint64 begin = self->tokens != NULL ? self->tokens->authorized_at : 0;
  g_autoptr (GDateTime) from = begin != 0 ? g_date_time_new_from_unix_utc (begin / G_USEC_PER_SEC) : NULL;
  g_autoptr (GDateTime) to = from != NULL ? g_date_time_add_months (from, LIFE_MONTHS) : NULL;

  return to != NULL ? g_date_time_to_unix (to) * G_USEC_PER_SEC + begin % G_USEC_PER_SEC : 0;
}

/**
 * tempo_spotify_account_get_status:
 * @self: an account
 * @status: (out): how it is
 *
 * The one answer for routes, panel and staff.
 */
void
tempo_spotify_account_get_status (TempoSpotifyAccount *self, TempoSpotifyStatus *status)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_watcher_get_playback (self->watcher);
  gint64 begin = self->tokens != NULL ? self->tokens->authorized_at : 0;

  *status = (TempoSpotifyStatus) { .state = get_state (self) };
  status->client_id = self->profile != NULL ? self->profile->client_id : NULL;
  if (self->profile != NULL)
    {
      status->account_id = self->profile->account_id;
      status->name = self->profile->name;
    }
  if (g_str_equal (status->state, "limited"))
    {
      status->until = get_gate (self);
      status->quota = tempo_spotify_gate_is_quota (
        tempo_spotify_service_get_gate (self->service, self->profile->client_id));
    }
  status->expires_at = get_end (self);
  status->expires_soon = begin != 0 && tempo_spotify_account_now (self) - begin >= WARNING_DAYS * G_TIME_SPAN_DAY;
  if (playback != NULL && playback->device != NULL)
    status->device = playback->device->name;
}

const char *
tempo_spotify_account_get_sentence (TempoSpotifyAccount *self)
{
  static const struct
  {
    const char *state, *text;
  } sentences[] = {
    { "ready", "" },
    { "idle", "" },
    { "disconnected", "Spotify is not connected" },
    { "connecting", "Spotify is being connected" },
    { "needs_sign_in", "Reconnect Spotify" },
    { "limited", "Spotify asks for a pause" },
    { "no_device", "No device plays Spotify: press play once in a Spotify app" },
    { "premium_required", "The Spotify account has no Premium" },
    { "not_allowed", "The Spotify account is not on the list of the app's users, or the app's owner has no Premium" },
    { "unreachable", "Spotify does not answer" },
  };
  TempoSpotifyStatus status;

  tempo_spotify_account_get_status (self, &status);
  if (status.quota)
    return "Spotify's quota is used up; other apps of the same developer account count too";
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (sentences[i].state, status.state))
      return sentences[i].text;

  return "";
}

static void
gate_open_cb (gpointer data)
{
  tempo_spotify_account_check (data);
}

/**
 * tempo_spotify_account_check:
 * @self: an account
 *
 * Something happened: tells listeners if the state is another one now, and again when a gate opens.
 */
void
tempo_spotify_account_check (TempoSpotifyAccount *self)
{
  const char *state;
  gint64 gate;

  if (self->watcher == NULL)
    return;
  state = get_state (self);
  gate = get_gate (self);
  if (gate != 0)
    tempo_spotify_alarms_set (tempo_spotify_service_get_alarms (self->service), &self->gate_alarm,
                              gate - tempo_spotify_account_now (self), gate_open_cb, self);
  if (g_str_equal (state, self->last_state))
    return;
  self->last_state = state;
  g_signal_emit (self, signals[STATUS_CHANGED], 0);
}

/* Loading: what the secrets have of it. */

static void
finish_load (TempoSpotifyAccount *self)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->load_waiters);

  self->load_waiters = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiters->len; i++)
    g_task_return_boolean (g_ptr_array_index (waiters, i), TRUE);
  tempo_spotify_account_check (self);
}

static void
adopted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autoptr (GError) error = NULL;

  if (!tempo_spotify_account_adopt_finish (self, result, &error))
    g_debug ("An account of Spotify could not be asked who it is: %s", error->message);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoSpotifyAccount) self = user_data;
  char *secret = tempo_secrets_lookup_finish (TEMPO_SECRETS (source), result, NULL);

  /* Somebody signed in meanwhile: that is newer. */
  if (self->load == TEMPO_SPOTIFY_LOADING)
    {
      self->load = TEMPO_SPOTIFY_LOADED;
      self->tokens = tempo_spotify_tokens_read (secret);
      if (self->tokens != NULL && self->profile == NULL)
        {
          self->profile = g_new0 (TempoSpotifyProfile, 1);
          self->profile->client_id = g_strdup (self->tokens->client_id);
        }
    }
  tempo_spotify_wipe (secret);
  finish_load (self);
  if (self->tokens != NULL && self->profile->account_id == NULL && !self->adopting)
    tempo_spotify_account_adopt_async (self, adopted_cb, NULL);
}

void
tempo_spotify_account_load_async (TempoSpotifyAccount *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *name = NULL;

  g_task_set_source_tag (task, tempo_spotify_account_load_async);
  if (self->load == TEMPO_SPOTIFY_LOADED)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_ptr_array_add (self->load_waiters, g_steal_pointer (&task));
  if (self->load == TEMPO_SPOTIFY_LOADING)
    return;

  self->load = TEMPO_SPOTIFY_LOADING;
  name = tempo_spotify_secret_name (self->profile != NULL ? self->profile->account_id : NULL);
  tempo_secrets_lookup_async (tempo_spotify_service_get_options (self->service)->secrets, self->organization, name,
                              NULL, looked_up_cb, g_object_ref (self));
}

void
tempo_spotify_account_load_finish (TempoSpotifyAccount *self, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

/* A new grant. */

static void
renew_cancellable (TempoSpotifyAccount *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
install_adopted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (tempo_spotify_account_adopt_finish (TEMPO_SPOTIFY_ACCOUNT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * tempo_spotify_account_install_async:
 * @self: an account
 * @tokens: (transfer full): a fresh grant, stored under the name of those nobody knows yet
 * @callback: when it is known whose it is
 * @user_data: for @callback
 *
 * The fresh grant counts at once, whatever the one before is about to be told.
 */
void
tempo_spotify_account_install_async (TempoSpotifyAccount *self, TempoSpotifyTokens *tokens,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  TempoSpotifyProfile *profile = g_new0 (TempoSpotifyProfile, 1);

  g_task_set_source_tag (task, tempo_spotify_account_install_async);
  renew_cancellable (self);
  tempo_spotify_account_refuse_commands (self);
  self->generation++;
  self->load = TEMPO_SPOTIFY_LOADED;
  self->dead = FALSE;
  self->read_problem = self->command_problem = NULL;
  self->outage_until = self->refreshed_at = self->refused_since = 0;
  g_clear_pointer (&self->tokens, tempo_spotify_tokens_free);
  self->tokens = tokens;
  /* The account of before is remembered until it is known that this is the same one. */
  profile->client_id = g_strdup (tokens->client_id);
  profile->authorized_at = tokens->authorized_at;
  if (self->profile != NULL)
    profile->account_id = g_strdup (self->profile->account_id);
  g_clear_pointer (&self->profile, tempo_spotify_profile_free);
  self->profile = profile;
  tempo_spotify_account_adopt_async (self, install_adopted_cb, g_steal_pointer (&task));
}

gboolean
tempo_spotify_account_install_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The end. */

/* What is in memory goes at once; the secrets are on their way. */
void
tempo_spotify_account_drop_tokens (TempoSpotifyAccount *self)
{
  renew_cancellable (self);
  tempo_spotify_account_refuse_commands (self);
  self->generation++;
  self->load = TEMPO_SPOTIFY_LOADED;
  self->dead = self->adopting = FALSE;
  self->refused_since = 0;
  self->read_problem = self->command_problem = NULL;
  g_clear_pointer (&self->tokens, tempo_spotify_tokens_free);
  g_clear_pointer (&self->profile, tempo_spotify_profile_free);
  tempo_spotify_catalog_forget (self->catalog);
  g_hash_table_remove_all (self->playlists);
  tempo_spotify_watcher_restart (self->watcher);
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  guint left = GPOINTER_TO_UINT (g_task_get_task_data (task)) - 1;

  tempo_secrets_store_finish (TEMPO_SECRETS (source), result, NULL);
  g_task_set_task_data (task, GUINT_TO_POINTER (left), NULL);
  if (left == 0)
    g_task_return_boolean (task, TRUE);
}

void
tempo_spotify_account_disconnect_async (TempoSpotifyAccount *self, GAsyncReadyCallback callback, gpointer user_data)
{
  const TempoSpotifyOptions *options = tempo_spotify_service_get_options (self->service);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *name = tempo_spotify_secret_name (self->profile != NULL ? self->profile->account_id : NULL);
  g_autofree char *unnamed = tempo_spotify_secret_name (NULL);

  g_task_set_source_tag (task, tempo_spotify_account_disconnect_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (2), NULL);
  tempo_spotify_service_forget_sign_ins (self->service, self->organization);
  tempo_spotify_account_drop_tokens (self);
  if (options->save_profile != NULL)
    options->save_profile (self->organization, NULL, options->user_data);
  tempo_secrets_store_async (options->secrets, self->organization, name, NULL, NULL, cleared_cb, g_object_ref (task));
  tempo_secrets_store_async (options->secrets, self->organization, unnamed, NULL, NULL, cleared_cb,
                             g_object_ref (task));
  tempo_spotify_account_check (self);
}

gboolean
tempo_spotify_account_disconnect_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
tempo_spotify_account_watch (TempoSpotifyAccount *self, gpointer who, gboolean watching)
{
  tempo_spotify_watcher_set (self->watcher, who, watching);
}

void
tempo_spotify_account_look_again (TempoSpotifyAccount *self, gint64 delay_us)
{
  tempo_spotify_watcher_look_again (self->watcher, delay_us);
}

void
tempo_spotify_account_miss_device (TempoSpotifyAccount *self)
{
  self->command_problem = "no_device";
  tempo_spotify_account_check (self);
}

const TempoSpotifyPlayback *
tempo_spotify_account_get_playback (TempoSpotifyAccount *self)
{
  return tempo_spotify_watcher_get_playback (self->watcher);
}

void
tempo_spotify_account_get_figures (TempoSpotifyAccount *self, TempoSourceFigures *figures)
{
  figures->calls = self->calls;
  figures->failures = self->failures;
  figures->gate_until = get_gate (self);
  figures->lag_us = tempo_spotify_watcher_get_lag (self->watcher);
  figures->last_error = self->last_error;
}

TempoSpotifyProfile *
tempo_spotify_profile_copy (const TempoSpotifyProfile *self)
{
  TempoSpotifyProfile *copy = g_new0 (TempoSpotifyProfile, 1);

  copy->client_id = g_strdup (self->client_id);
  copy->account_id = g_strdup (self->account_id);
  copy->user_id = g_strdup (self->user_id);
  copy->name = g_strdup (self->name);
  copy->authorized_at = self->authorized_at;

  return copy;
}

void
tempo_spotify_profile_free (TempoSpotifyProfile *self)
{
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->account_id, g_free);
  g_clear_pointer (&self->user_id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_free (self);
}
