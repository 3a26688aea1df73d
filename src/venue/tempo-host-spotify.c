/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The organizations' Spotify accounts: what is kept of them in files (never a token), and the use cases around them. */
#include "venue/tempo-host-spotify.h"

#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "music/spotify/tempo-spotify-source.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-outcome-private.h"

/* Settings of an organization that nobody sets by hand. */
#define ACCOUNT "spotify_account"
#define NOTICE "spotify_notice"
#define MAX_TEXT 512
#define REDIRECT "http://127.0.0.1:%u/spotify/callback"

/* --- what is kept --- */

static void
write_setting (TempoVenue *venue,
               const char *key,
               const char *text)
{
  if (text == NULL)
    {
      tempo_batch_add (tempo_venue_write (venue), "setting-remove", "s", key);
      g_hash_table_remove (venue->settings, key);
      return;
    }
  tempo_batch_add (tempo_venue_write (venue), "setting-set", "ss", key, text);
  g_hash_table_insert (venue->settings, g_strdup (key), g_strdup (text));
}

static TempoSpotifyProfile *
load_profile (const char *organization,
              gpointer user_data)
{
  TempoVenue *venue = tempo_host_find_venue (user_data, organization);
  const char *text = venue != NULL ? g_hash_table_lookup (venue->settings, ACCOUNT) : NULL;
  g_autoptr (JsonObject) json = text != NULL ? tempo_json_parse (text, strlen (text), NULL) : NULL;
  g_autoptr (TempoSpotifyProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  if (json == NULL)
    return NULL;
  profile = g_new0 (TempoSpotifyProfile, 1);
  profile->client_id = g_strdup (tempo_json_get_string (json, "clientId", MAX_TEXT, NULL, &error));
  profile->account_id = g_strdup (tempo_json_get_string (json, "accountId", MAX_TEXT, NULL, &error));
  profile->user_id = g_strdup (tempo_json_get_string (json, "userId", MAX_TEXT, NULL, &error));
  profile->name = g_strdup (tempo_json_get_string (json, "name", MAX_TEXT, NULL, &error));
  profile->authorized_at = tempo_json_get_int (json, "authorizedAt", 0, G_MAXINT64, 0, &error);

  return error == NULL && profile->client_id != NULL ? g_steal_pointer (&profile) : NULL;
}

static void
save_profile (const char *organization,
              const TempoSpotifyProfile *profile,
              gpointer user_data)
{
  TempoVenue *venue = tempo_host_find_venue (user_data, organization);
  g_autoptr (TempoJson) json = tempo_json_new ();

  if (venue == NULL || venue->closing)
    return;
  if (profile == NULL)
    {
      write_setting (venue, ACCOUNT, NULL);
      return;
    }
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "clientId", profile->client_id);
  tempo_json_string (json, "accountId", profile->account_id);
  tempo_json_string (json, "userId", profile->user_id);
  tempo_json_string (json, "name", profile->name);
  tempo_json_int (json, "authorizedAt", profile->authorized_at);
  tempo_json_end_object (json);
  write_setting (venue, ACCOUNT, tempo_json_peek (json, NULL));
}

static gint64
load_gate (const char *client,
           char **reason,
           gpointer user_data)
{
  TempoHost *self = user_data;

  for (guint i = 0; self->gates != NULL && i < self->gates->len; i++)
    {
      TempoRegistryGate *gate = g_ptr_array_index (self->gates, i);

      if (!g_str_equal (gate->client, client))
        continue;
      *reason = g_strdup (gate->reason);
      return gate->not_before;
    }

  return 0;
}

static void
free_gate (gpointer data)
{
  tempo_registry_gate_free (data);
}

static void
save_gate_thread (GTask *task,
                  gpointer source_object,
                  gpointer task_data,
                  GCancellable *cancellable)
{
  TempoHost *self = TEMPO_HOST (source_object);
  TempoRegistryGate *gate = task_data;
  GError *error = NULL;

  if (tempo_registry_set_gate (self->registry, gate->client, gate->not_before, gate->reason, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* A gate that could not be kept still holds while Tempo runs. */
static void
gate_saved_cb (GObject *object,
               GAsyncResult *result,
               gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GError) error = NULL;

  self->jobs--;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_debug ("A gate of Spotify could not be kept: %s", error->message);
  tempo_host_venue_idle (self);
}

static void
save_gate (const char *client,
           gint64 not_before,
           const char *reason,
           gpointer user_data)
{
  TempoHost *self = user_data;
  g_autoptr (GTask) task = NULL;
  TempoRegistryGate *gate;

  if (self->stopping)
    return;
  gate = g_new0 (TempoRegistryGate, 1);
  gate->client = g_strdup (client);
  gate->not_before = not_before;
  gate->reason = g_strdup (reason);
  task = g_task_new (self, NULL, gate_saved_cb, NULL);
  g_task_set_source_tag (task, save_gate);
  g_task_set_task_data (task, gate, free_gate);
  self->jobs++;
  g_task_run_in_thread (task, save_gate_thread);
}

void
tempo_host_load_gates (TempoHost *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->gates, g_ptr_array_unref);
  if (self->spotify_api_url != NULL)
    self->gates = tempo_registry_list_gates (self->registry, &error);
  if (error != NULL)
    g_debug ("Gates of Spotify could not be read: %s", error->message);
}

void
tempo_host_start_spotify (TempoHost *self)
{
  const TempoSpotifyOptions options = {
    .accounts_url = self->spotify_accounts_url,
    .api_url = self->spotify_api_url,
    .clock = self->clock,
    .secrets = self->secrets,
    .load_profile = load_profile,
    .save_profile = save_profile,
    .load_gate = load_gate,
    .save_gate = save_gate,
    .user_data = self,
  };

  if (self->spotify_accounts_url != NULL && self->spotify_api_url != NULL)
    self->spotify = tempo_spotify_service_new (&options);
}

void
tempo_host_stop_spotify (TempoHost *self)
{
  g_clear_pointer (&self->spotify, tempo_spotify_service_close);
}

TempoSource *
tempo_host_make_spotify_source (TempoHost *self,
                                const char *organization_id)
{
  return self->spotify != NULL ? tempo_spotify_source_new (self->spotify, organization_id) : NULL;
}

/* --- the use cases --- */

/* What a call of any thread brings to the engine thread. */
typedef struct
{
  TempoActor *actor;  /* (owned) (nullable) */
  char *organization; /* (owned) (nullable) */
  char *client_id;    /* (owned) (nullable) */
  char *state;        /* (owned) (nullable) */
  char *code;         /* (owned) (nullable) */
  char *refusal;      /* (owned) (nullable) */
  gboolean noticed;
  guint16 port;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *self = data;

  g_clear_pointer (&self->actor, tempo_actor_unref);
  g_clear_pointer (&self->organization, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->state, g_free);
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->refusal, g_free);
  g_free (self);
}

/* @ask: (transfer full). */
static void
invoke (TempoHost *self,
        gpointer tag,
        Ask *ask,
        TempoEngineFunc func,
        GCancellable *cancellable,
        GAsyncReadyCallback callback,
        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, ask, ask_free);
  tempo_host_invoke (self, task, func);
}

static Ask *
ask_new (TempoActor *actor,
         const char *organization)
{
  Ask *self = g_new0 (Ask, 1);

  self->actor = actor != NULL ? tempo_actor_ref (actor) : NULL;
  self->organization = g_strdup (organization);

  return self;
}

/* The venue that is asked about; NULL after answering @task. */
static TempoVenue *
find_venue (TempoHost *self,
            GTask *task)
{
  Ask *ask = g_task_get_task_data (task);
  TempoVenue *venue = self->running ? tempo_host_find_venue (self, ask->organization) : NULL;

  if (self->running && self->spotify == NULL)
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SOURCE, NULL, "this installation has no Spotify"));
  else if (!self->running || self->stopping)
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SHUTTING_DOWN, NULL, "the engine does not run"));
  else if (venue == NULL)
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such organization"));
  else
    return venue;

  return NULL;
}

static TempoSpotifyReport *
make_report (TempoVenue *venue,
             TempoSpotifyAccount *account)
{
  TempoSpotifyReport *report = g_new0 (TempoSpotifyReport, 1);
  TempoSpotifyStatus status;

  tempo_spotify_account_get_status (account, &status);
  report->state = g_strdup (status.state);
  report->account_id = g_strdup (status.account_id);
  report->name = g_strdup (status.name);
  report->client_id = g_strdup (status.client_id);
  report->device = g_strdup (status.device);
  report->until = status.until;
  report->expires_at = status.expires_at;
  report->expires_soon = status.expires_soon;
  report->quota = status.quota;
  report->noticed = g_hash_table_contains (venue->settings, NOTICE);

  return report;
}

/* An answer that waits for what was written about it. */
typedef struct
{
  GTask *task;            /* (owned) */
  gpointer value;         /* (owned) (nullable) NULL answers TRUE */
  GDestroyNotify destroy; /* of value */
} Later;

static void
committed_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autofree Later *later = user_data;
  g_autoptr (GTask) task = later->task;
  GError *error = NULL;
  g_autoptr (TempoOutcome) outcome = g_task_propagate_pointer (G_TASK (result), &error);

  if (outcome == NULL)
    {
      if (later->value != NULL)
        later->destroy (later->value);
      g_task_return_error (task, error);
    }
  else if (later->value != NULL)
    {
      g_task_return_pointer (task, later->value, later->destroy);
    }
  else
    {
      g_task_return_boolean (task, TRUE);
    }
}

/* @value: (transfer full) (nullable). */
static void
answer_after_commit (TempoVenue *venue,
                     GTask *task,
                     gpointer value,
                     GDestroyNotify destroy)
{
  Later *later = g_new0 (Later, 1);
  g_autoptr (GTask) wait = g_task_new (venue->host, NULL, committed_cb, later);

  later->task = g_object_ref (task);
  later->value = value;
  later->destroy = destroy;
  g_task_set_source_tag (wait, answer_after_commit);
  tempo_venue_answer_later (venue, wait, tempo_outcome_new (), NULL, NULL);
}

/* Confirmed once for the organization, and written down who did. */
static void
note_notice (TempoVenue *venue,
             TempoActor *actor)
{
  g_autofree char *text = NULL;

  if (g_hash_table_contains (venue->settings, NOTICE))
    return;
  text = g_strdup_printf ("%" G_GINT64_FORMAT, tempo_venue_now (venue));
  tempo_venue_audit (venue, &(TempoAudit) { actor, "spotify_notice", "organization", venue->organization->id, NULL, text, NULL });
  write_setting (venue, NOTICE, text);
}

static void
sign_in_on_engine (TempoHost *self,
                   GTask *task)
{
  Ask *ask = g_task_get_task_data (task);
  TempoVenue *venue = find_venue (self, task);
  g_autofree char *redirect = g_strdup_printf (REDIRECT, (guint) ask->port);
  g_autofree char *address = NULL;
  GError *error = NULL;

  if (venue == NULL)
    return;
  address = tempo_spotify_service_begin_sign_in (self->spotify, venue->organization->id, ask->client_id, redirect, &error);
  if (address == NULL)
    {
      TempoRefusalDetail detail = { .subject = "clientId" };

      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_INVALID, &detail, "%s", error->message));
      g_clear_error (&error);
      return;
    }
  g_clear_pointer (&venue->connecting, tempo_actor_unref);
  venue->connecting = tempo_actor_ref (ask->actor);
  if (ask->noticed)
    note_notice (venue, ask->actor);
  tempo_venue_audit (venue, &(TempoAudit) { ask->actor, "spotify_sign_in", "organization", venue->organization->id, NULL,
                                            ask->client_id, NULL });
  answer_after_commit (venue, task, g_steal_pointer (&address), g_free);
}

static void
signed_in_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autofree char *organization = tempo_spotify_service_end_sign_in_finish (TEMPO_SPOTIFY_SERVICE (object), result, &error);
  TempoVenue *venue = organization != NULL ? tempo_host_find_venue (self, organization) : NULL;
  g_autoptr (TempoActor) system = tempo_actor_new_local (TEMPO_ACTOR_SYSTEM);
  g_autoptr (TempoSpotifyReport) report = NULL;

  if (error == NULL && (venue == NULL || venue->closing))
    error = tempo_refusal_new (TEMPO_REFUSAL_SHUTTING_DOWN, NULL, "the organization was closed");
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  report = make_report (venue, tempo_spotify_service_get_account (self->spotify, organization));
  tempo_venue_audit (venue, &(TempoAudit) { venue->connecting != NULL ? venue->connecting : system, "spotify_connected", "organization", venue->organization->id, NULL, report->account_id, NULL });
  g_clear_pointer (&venue->connecting, tempo_actor_unref);
  answer_after_commit (venue, task, g_steal_pointer (&report), (GDestroyNotify) tempo_spotify_report_free);
}

static void
callback_on_engine (TempoHost *self,
                    GTask *task)
{
  Ask *ask = g_task_get_task_data (task);
  TempoVenue *venue = ask->organization != NULL ? find_venue (self, task) : NULL;

  if (ask->organization != NULL && venue == NULL)
    return;
  if (self->spotify == NULL || self->stopping)
    {
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SOURCE, NULL, "this installation has no Spotify"));
      return;
    }
  tempo_spotify_service_end_sign_in_async (self->spotify, venue != NULL ? venue->organization->id : NULL, ask->state, ask->code, ask->refusal,
                                           signed_in_cb, g_object_ref (task));
}

static void
report_loaded_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoVenue *venue = find_venue (g_task_get_source_object (task), task);

  tempo_spotify_account_load_finish (TEMPO_SPOTIFY_ACCOUNT (object), result);
  if (venue != NULL)
    g_task_return_pointer (task, make_report (venue, TEMPO_SPOTIFY_ACCOUNT (object)), (GDestroyNotify) tempo_spotify_report_free);
}

static void
report_on_engine (TempoHost *self,
                  GTask *task)
{
  TempoVenue *venue = find_venue (self, task);

  if (venue != NULL)
    tempo_spotify_account_load_async (tempo_spotify_service_get_account (self->spotify, venue->organization->id), report_loaded_cb,
                                      g_object_ref (task));
}

static void
disconnected_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  TempoVenue *venue = find_venue (g_task_get_source_object (task), task);

  tempo_spotify_account_disconnect_finish (TEMPO_SPOTIFY_ACCOUNT (object), result, NULL);
  if (venue != NULL)
    answer_after_commit (venue, task, NULL, NULL);
}

static void
disconnect_on_engine (TempoHost *self,
                      GTask *task)
{
  Ask *ask = g_task_get_task_data (task);
  TempoVenue *venue = find_venue (self, task);
  TempoSpotifyAccount *account;
  TempoSpotifyStatus status;

  if (venue == NULL)
    return;
  account = tempo_spotify_service_get_account (self->spotify, venue->organization->id);
  tempo_spotify_account_get_status (account, &status);
  tempo_venue_audit (venue, &(TempoAudit) { ask->actor, "spotify_disconnect", "organization", venue->organization->id, status.account_id, NULL, NULL });
  tempo_spotify_account_disconnect_async (account, disconnected_cb, g_object_ref (task));
}

static void
playlists_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *playlists = tempo_spotify_account_list_playlists_finish (TEMPO_SPOTIFY_ACCOUNT (object), result, &error);

  if (playlists != NULL)
    g_task_return_pointer (task, playlists, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
playlists_on_engine (TempoHost *self,
                     GTask *task)
{
  TempoVenue *venue = find_venue (self, task);

  if (venue != NULL)
    tempo_spotify_account_list_playlists_async (tempo_spotify_service_get_account (self->spotify, venue->organization->id), NULL, playlists_cb,
                                                g_object_ref (task));
}

static void
devices_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *devices = tempo_spotify_account_list_devices_finish (TEMPO_SPOTIFY_ACCOUNT (object), result, &error);

  if (devices != NULL)
    g_task_return_pointer (task, devices, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
devices_on_engine (TempoHost *self,
                   GTask *task)
{
  TempoVenue *venue = find_venue (self, task);

  if (venue != NULL)
    tempo_spotify_account_list_devices_async (tempo_spotify_service_get_account (self->spotify, venue->organization->id), NULL, devices_cb,
                                              g_object_ref (task));
}

/* --- for any thread --- */

gboolean
tempo_host_has_spotify (TempoHost *self)
{
  return self->spotify_accounts_url != NULL && self->spotify_api_url != NULL;
}

void
tempo_host_spotify_sign_in_async (TempoHost *self,
                                  TempoActor *actor,
                                  const char *organization_id,
                                  const char *client_id,
                                  gboolean noticed,
                                  guint16 port,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Ask *ask = ask_new (actor, organization_id);

  ask->client_id = g_strdup (client_id);
  ask->noticed = noticed;
  ask->port = port;
  invoke (self, tempo_host_spotify_sign_in_async, ask, sign_in_on_engine, cancellable, callback, user_data);
}

char *
tempo_host_spotify_sign_in_finish (TempoHost *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
tempo_host_spotify_callback_async (TempoHost *self,
                                   const char *organization,
                                   const char *state,
                                   const char *code,
                                   const char *refusal,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  Ask *ask = ask_new (NULL, organization);

  ask->state = g_strdup (state);
  ask->code = g_strdup (code);
  ask->refusal = g_strdup (refusal);
  invoke (self, tempo_host_spotify_callback_async, ask, callback_on_engine, cancellable, callback, user_data);
}

TempoSpotifyReport *
tempo_host_spotify_callback_finish (TempoHost *self,
                                    GAsyncResult *result,
                                    GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
tempo_host_spotify_report_async (TempoHost *self,
                                 const char *organization_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  invoke (self, tempo_host_spotify_report_async, ask_new (NULL, organization_id), report_on_engine, cancellable, callback, user_data);
}

TempoSpotifyReport *
tempo_host_spotify_report_finish (TempoHost *self,
                                  GAsyncResult *result,
                                  GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
tempo_host_spotify_disconnect_async (TempoHost *self,
                                     TempoActor *actor,
                                     const char *organization_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  invoke (self, tempo_host_spotify_disconnect_async, ask_new (actor, organization_id), disconnect_on_engine, cancellable, callback, user_data);
}

gboolean
tempo_host_spotify_disconnect_finish (TempoHost *self,
                                      GAsyncResult *result,
                                      GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
tempo_host_spotify_list_playlists_async (TempoHost *self,
                                         const char *organization_id,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  invoke (self, tempo_host_spotify_list_playlists_async, ask_new (NULL, organization_id), playlists_on_engine, cancellable, callback, user_data);
}

GPtrArray *
tempo_host_spotify_list_playlists_finish (TempoHost *self,
                                          GAsyncResult *result,
                                          GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
tempo_host_spotify_list_devices_async (TempoHost *self,
                                       const char *organization_id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  invoke (self, tempo_host_spotify_list_devices_async, ask_new (NULL, organization_id), devices_on_engine, cancellable, callback, user_data);
}

GPtrArray *
tempo_host_spotify_list_devices_finish (TempoHost *self,
                                        GAsyncResult *result,
                                        GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
tempo_spotify_report_free (TempoSpotifyReport *self)
{
  g_clear_pointer (&self->state, g_free);
  g_clear_pointer (&self->account_id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->device, g_free);
  g_free (self);
}

/**
 * tempo_spotify_report_to_bytes:
 * @self: a report
 *
 * Returns: (transfer full): the JSON of the contract, for routes and panel alike
 */
GBytes *
tempo_spotify_report_to_bytes (TempoSpotifyReport *self)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "state", self->state);
  if (self->account_id != NULL)
    {
      tempo_json_begin_object (json, "account");
      tempo_json_string (json, "id", self->account_id);
      tempo_json_string (json, "name", self->name);
      tempo_json_end_object (json);
    }
  else
    {
      tempo_json_null (json, "account");
    }
  tempo_json_time (json, "until", self->until);
  tempo_json_time (json, "expiresAt", self->expires_at);
  tempo_json_bool (json, "expiresSoon", self->expires_soon);
  tempo_json_bool (json, "quota", self->quota);
  tempo_json_string (json, "clientId", self->client_id);
  tempo_json_string (json, "device", self->device);
  tempo_json_string (json, "notice", self->noticed ? "confirmed" : "unconfirmed");
  tempo_json_end_object (json);

  return tempo_json_finish (g_steal_pointer (&json));
}
