/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account's grant: kept before it is used, refreshed by one caller for all, given up when Spotify gives it up. */
#include "music/spotify/tempo-spotify-account-private.h"

#include <libsoup/soup.h>
#include <string.h>

#include "secrets/tempo-secrets.h"

/* After an outage of the token endpoint, or a refresh that did not help. */
#define OUTAGE_US (30 * G_TIME_SPAN_SECOND)
/* Whoever was not on the list of people may be put there meanwhile. */
#define ADOPT_AGAIN_US (60 * G_TIME_SPAN_SECOND)
#define FORM "application/x-www-form-urlencoded"

/* --- the token endpoint --- */

static void
token_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoSpotifyAccount *self = g_task_get_source_object (task);
  TempoSpotifyGate *gate = tempo_spotify_service_get_gate (self->service, g_task_get_task_data (task));
  GError *error = NULL;
  g_autoptr (TempoSpotifyReply) reply = tempo_spotify_client_send_finish (TEMPO_SPOTIFY_CLIENT (source), result, &error);
  g_autoptr (TempoSpotifyComplaint) complaint = NULL;
  TempoSpotifyGrant *grant;

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  complaint = tempo_spotify_read_complaint (reply->json);
  grant = reply->status == 200 ? tempo_spotify_read_grant (reply->json) : NULL;
  if (grant != NULL)
    {
      tempo_spotify_gate_succeed (gate);
      g_task_return_pointer (task, grant, (GDestroyNotify) tempo_spotify_grant_free);
    }
  else if (reply->status == 429)
    {
      tempo_spotify_gate_close (gate, reply->retry_after, g_str_equal (complaint->reason, "QUOTA_EXCEEDED"));
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_LIMITED, "Spotify asks for a pause");
    }
  else if ((reply->status == 400 || reply->status == 401 || reply->status == 403) && *complaint->code != '\0')
    {
      /* invalid_grant, and a client id that is gone: a person must look at both. */
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN, "Spotify does not take the sign-in: %s",
                               complaint->code);
    }
  else
    {
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE, "Spotify gave no token: status %u", reply->status);
    }
}

void
tempo_spotify_account_ask_token_async (TempoSpotifyAccount *self, const char *client_id, const char *form, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  const TempoSpotifyOptions *options = tempo_spotify_service_get_options (self->service);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, callback, user_data);
  g_autofree char *address = g_strconcat (options->accounts_url, "/api/token", NULL);
  g_autoptr (GBytes) body = g_bytes_new (form, strlen (form));
  gint64 until;

  g_task_set_source_tag (task, tempo_spotify_account_ask_token_async);
  g_task_set_task_data (task, g_strdup (client_id), g_free);
  if (!tempo_spotify_gate_pass (tempo_spotify_service_get_gate (self->service, client_id), TEMPO_SPOTIFY_TOKEN, &until))
    {
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_LIMITED, "Spotify asks for a pause");
      return;
    }
  self->calls++;
  tempo_spotify_client_send_async (self->client, "POST", address, NULL, FORM, body, self->cancellable, token_answered_cb, g_object_ref (task));
}

TempoSpotifyGrant *
tempo_spotify_account_ask_token_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- refreshing --- */

/* One refresh on its way. */
typedef struct
{
  TempoSpotifyAccount *account; /* (owned) */
  TempoSpotifyTokens *tokens;   /* (owned) what is refreshed, then what came of it */
  guint generation;
  gboolean again; /* it is the second try, with what another writer left */
} Refresh;

static void ask_refresh (Refresh *refresh);

static void
refresh_free (Refresh *refresh)
{
  g_clear_object (&refresh->account);
  g_clear_pointer (&refresh->tokens, tempo_spotify_tokens_free);
  g_free (refresh);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Refresh, refresh_free)

/* @error: (transfer full) (nullable). An access token that is still good serves through an outage. */
static void
finish_refresh (TempoSpotifyAccount *self, GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->refresh_waiters);
  g_autoptr (GError) own = error;

  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);
      const char *refused = g_task_get_task_data (task);

      if (own == NULL || (refused == NULL && !self->dead && self->tokens != NULL && *self->tokens->access != '\0'
                          && self->tokens->expires_at > tempo_spotify_account_now (self)))
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, g_error_copy (own));
    }
  tempo_spotify_account_check (self);
}

/* Whatever was found out about a grant that is no longer the account's counts for nothing: who waited is
 * served by the new one. TRUE when that is so. */
static gboolean
is_overtaken (Refresh *refresh)
{
  TempoSpotifyAccount *self = refresh->account;

  if (refresh->generation == self->generation)
    return FALSE;
  if (self->refresh_waiters != NULL)
    finish_refresh (self, self->tokens != NULL ? NULL
                                               : g_error_new_literal (TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_DISCONNECTED, "Spotify is not connected"));

  return TRUE;
}

static void
refreshed_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Refresh) refresh = user_data;
  TempoSpotifyAccount *self = refresh->account;

  tempo_secrets_store_finish (TEMPO_SECRETS (source), result, NULL);
  if (is_overtaken (refresh))
    return;
  g_clear_pointer (&self->tokens, tempo_spotify_tokens_free);
  self->tokens = g_steal_pointer (&refresh->tokens);
  self->refreshed_at = tempo_spotify_account_monotonic (self);
  self->outage_until = 0;
  finish_refresh (self, NULL);
}

/* While it is not known whose the grant is, it stays under the name of those nobody knows. (transfer full). */
static char *
make_name (TempoSpotifyAccount *self)
{
  return tempo_spotify_secret_name (self->adopting || self->profile == NULL ? NULL : self->profile->account_id);
}

/* Takes @refresh, whose tokens are the new ones. */
static void
store_refreshed (Refresh *refresh)
{
  TempoSpotifyAccount *self = refresh->account;
  g_autofree char *name = make_name (self);
  char *secret = tempo_spotify_tokens_write (refresh->tokens);

  tempo_secrets_store_async (tempo_spotify_service_get_options (self->service)->secrets, self->organization, name, secret, NULL,
                             refreshed_stored_cb, refresh);
  tempo_spotify_wipe (secret);
}

static void
give_up (TempoSpotifyAccount *self)
{
  self->dead = TRUE;
  self->last_error = "auth";
  tempo_spotify_watcher_restart (self->watcher);
  finish_refresh (self, g_error_new_literal (TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN, "Reconnect Spotify"));
}

/* Spotify took the grant back. Once, it is looked whether another writer has left a newer one. */
static void
read_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Refresh) refresh = user_data;
  char *secret = tempo_secrets_lookup_finish (TEMPO_SECRETS (source), result, NULL);
  g_autoptr (TempoSpotifyTokens) stored = tempo_spotify_tokens_read (secret);

  tempo_spotify_wipe (secret);
  if (is_overtaken (refresh))
    return;
  if (stored == NULL || g_str_equal (stored->refresh, refresh->tokens->refresh))
    {
      give_up (refresh->account);
      return;
    }
  g_clear_pointer (&refresh->tokens, tempo_spotify_tokens_free);
  refresh->tokens = g_steal_pointer (&stored);
  refresh->again = TRUE;
  ask_refresh (g_steal_pointer (&refresh));
}

static void
refresh_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autoptr (Refresh) refresh = user_data;
  GError *error = NULL;
  g_autoptr (TempoSpotifyGrant) grant = tempo_spotify_account_ask_token_finish (self, result, &error);

  if (is_overtaken (refresh))
    {
      g_clear_error (&error);
      return;
    }
  if (grant != NULL)
    {
      TempoSpotifyTokens *renewed = tempo_spotify_tokens_renew (refresh->tokens, grant, tempo_spotify_account_now (self));

      g_clear_pointer (&refresh->tokens, tempo_spotify_tokens_free);
      refresh->tokens = renewed;
      store_refreshed (g_steal_pointer (&refresh));
      return;
    }
  self->failures++;
  if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN))
    {
      g_autofree char *name = make_name (self);

      g_clear_error (&error);
      if (refresh->again)
        {
          give_up (self);
          return;
        }
      tempo_secrets_lookup_async (tempo_spotify_service_get_options (self->service)->secrets, self->organization, name, NULL, read_again_cb,
                                  g_steal_pointer (&refresh));
      return;
    }
  if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE))
    self->outage_until = tempo_spotify_account_monotonic (self) + OUTAGE_US;
  tempo_spotify_account_note_error (self, error);
  finish_refresh (self, error);
}

/* Takes @refresh. */
static void
ask_refresh (Refresh *refresh)
{
  char *form = soup_form_encode ("grant_type", "refresh_token", "refresh_token", refresh->tokens->refresh, "client_id",
                                 refresh->tokens->client_id, NULL);

  tempo_spotify_account_ask_token_async (refresh->account, refresh->tokens->client_id, form, refresh_answered_cb, refresh);
  tempo_spotify_wipe (form);
}

static void
begin_refresh (TempoSpotifyAccount *self)
{
  Refresh *refresh = g_new0 (Refresh, 1);
  TempoSpotifyTokens *now = self->tokens;

  refresh->account = g_object_ref (self);
  refresh->generation = self->generation;
  refresh->tokens = tempo_spotify_tokens_new (now->client_id, now->refresh, now->access, now->expires_at, now->authorized_at);
  ask_refresh (refresh);
}

/* Why there can be no access token now; NULL when it can be asked for. (transfer full). */
static GError *
find_obstacle (TempoSpotifyAccount *self)
{
  if (self->dead || (self->tokens == NULL && self->profile != NULL))
    return g_error_new_literal (TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN, "Reconnect Spotify");
  if (self->tokens == NULL)
    return g_error_new_literal (TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_DISCONNECTED, "Spotify is not connected");

  return NULL;
}

static gboolean
is_served (TempoSpotifyAccount *self, const char *refused)
{
  gint64 renewed_us = self->refused_since != 0 ? TEMPO_SPOTIFY_PATIENCE_US : OUTAGE_US;
  gboolean good = *self->tokens->access != '\0' && self->tokens->expires_at - tempo_spotify_account_now (self) > self->tokens->early;

  if (refused == NULL)
    return good;
  /* Somebody was quicker; or it was renewed a moment ago, and the refusal is one of those that are not meant. */
  return good && (!g_str_equal (self->tokens->access, refused)
                  || (self->refreshed_at != 0 && tempo_spotify_account_monotonic (self) - self->refreshed_at < renewed_us));
}

static void
ensure_loaded (TempoSpotifyAccount *self, GTask *task)
{
  const char *refused = g_task_get_task_data (task);
  GError *obstacle = find_obstacle (self);

  if (obstacle != NULL)
    {
      g_task_return_error (task, obstacle);
      return;
    }
  if (is_served (self, refused))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (self->refresh_waiters != NULL)
    {
      g_ptr_array_add (self->refresh_waiters, g_object_ref (task));
      return;
    }
  if (tempo_spotify_account_monotonic (self) < self->outage_until)
    {
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE, "Spotify's sign-in does not answer");
      return;
    }
  self->refresh_waiters = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->refresh_waiters, g_object_ref (task));
  begin_refresh (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  tempo_spotify_account_load_finish (TEMPO_SPOTIFY_ACCOUNT (source), result);
  ensure_loaded (TEMPO_SPOTIFY_ACCOUNT (source), task);
}

/**
 * tempo_spotify_account_ensure_async:
 * @self: an account
 * @refused: (nullable): the access token that the API just refused
 * @callback: when there is one to use
 * @user_data: for @callback
 *
 * However many ask, one refresh is in flight, and what came of it is stored before anybody uses it.
 */
void
tempo_spotify_account_ensure_async (TempoSpotifyAccount *self, const char *refused, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tempo_spotify_account_ensure_async);
  g_task_set_task_data (task, g_strdup (refused), (GDestroyNotify) tempo_spotify_wipe);
  if (self->load == TEMPO_SPOTIFY_LOADED)
    ensure_loaded (self, task);
  else
    tempo_spotify_account_load_async (self, loaded_cb, g_steal_pointer (&task));
}

gboolean
tempo_spotify_account_ensure_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- whose it is --- */

/* One look at whose a grant is. */
typedef struct
{
  guint generation;
  char *before; /* (owned) (nullable) whose the one before was */
} Adoption;

static void
adoption_free (gpointer data)
{
  Adoption *self = data;

  g_clear_pointer (&self->before, g_free);
  g_free (self);
}

static void
old_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  tempo_secrets_store_finish (TEMPO_SECRETS (source), result, NULL);
}

/* @account_id: (nullable): NULL the name of those nobody knows. */
static void
clear_name (TempoSpotifyAccount *self, const char *account_id)
{
  g_autofree char *name = tempo_spotify_secret_name (account_id);

  tempo_secrets_store_async (tempo_spotify_service_get_options (self->service)->secrets, self->organization, name, NULL, NULL,
                             old_cleared_cb, NULL);
}

static void
save_profile (TempoSpotifyAccount *self)
{
  const TempoSpotifyOptions *options = tempo_spotify_service_get_options (self->service);

  if (options->save_profile != NULL)
    options->save_profile (self->organization, self->profile, options->user_data);
}

/* TRUE when a newer grant, or none, has taken the place of the one that was looked at. */
static gboolean
is_outdated (TempoSpotifyAccount *self, GTask *task)
{
  Adoption *adoption = g_task_get_task_data (task);

  if (adoption->generation == self->generation)
    return FALSE;
  g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_DISCONNECTED, "Another sign-in, or none, took its place");

  return TRUE;
}

static void
named_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoSpotifyAccount *self = g_task_get_source_object (task);
  Adoption *adoption = g_task_get_task_data (task);

  tempo_secrets_store_finish (TEMPO_SECRETS (source), result, NULL);
  if (is_outdated (self, task))
    return;
  self->adopting = FALSE;
  /* Only now: a crash before it finds the grant under its first name. */
  save_profile (self);
  clear_name (self, NULL);
  if (adoption->before != NULL && !g_str_equal (adoption->before, self->profile->account_id))
    clear_name (self, adoption->before);
  tempo_spotify_watcher_restart (self->watcher);
  tempo_spotify_account_check (self);
  g_task_return_boolean (task, TRUE);
}

static void
take_person (TempoSpotifyAccount *self, TempoSpotifyPerson *person, GTask *task)
{
  TempoSpotifyProfile *profile = self->profile;
  Adoption *adoption = g_task_get_task_data (task);
  g_autofree char *name = tempo_spotify_secret_name (person->account_id);
  char *secret;

  adoption->before = g_steal_pointer (&profile->account_id);
  g_clear_pointer (&profile->user_id, g_free);
  g_clear_pointer (&profile->name, g_free);
  profile->account_id = g_strdup (person->account_id);
  profile->user_id = g_strdup (person->user_id);
  profile->name = g_strdup (person->name);
  if (self->tokens->authorized_at == 0)
    self->tokens->authorized_at = tempo_spotify_account_now (self);
  profile->authorized_at = self->tokens->authorized_at;

  secret = tempo_spotify_tokens_write (self->tokens);
  tempo_secrets_store_async (tempo_spotify_service_get_options (self->service)->secrets, self->organization, name, secret, NULL,
                             named_stored_cb, g_object_ref (task));
  tempo_spotify_wipe (secret);
}

static void
retried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!tempo_spotify_account_adopt_finish (TEMPO_SPOTIFY_ACCOUNT (source), result, &error))
    g_debug ("An account of Spotify could not be asked who it is: %s", error->message);
}

static void
retry_cb (gpointer data)
{
  TempoSpotifyAccount *self = data;

  if (self->tokens != NULL && !self->dead && !self->adopting && self->profile->account_id == NULL)
    tempo_spotify_account_adopt_async (self, retried_cb, NULL);
}

/* Takes @error. The grant stays, and it is asked again in a while: only whose it is is unknown. */
static void
stay_unknown (TempoSpotifyAccount *self, GTask *task, GError *error)
{
  self->adopting = FALSE;
  /* Nothing of an account of before may be shown or reached by this grant. */
  if (self->profile->account_id != NULL)
    clear_name (self, self->profile->account_id);
  g_clear_pointer (&self->profile->account_id, g_free);
  save_profile (self);
  tempo_spotify_alarms_set (tempo_spotify_service_get_alarms (self->service), &self->adopt_alarm, ADOPT_AGAIN_US, retry_cb, self);
  tempo_spotify_account_check (self);
  g_task_return_error (task, error);
}

static void
person_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (self, result, &error);
  g_autoptr (TempoSpotifyPerson) person = json != NULL ? tempo_spotify_read_person (json) : NULL;

  if (is_outdated (self, task))
    g_clear_error (&error);
  else if (person != NULL)
    take_person (self, person, task);
  else
    stay_unknown (self, task, error != NULL ? error : g_error_new_literal (TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE,
                                                                           "Spotify did not tell whose account it is"));
}

void
tempo_spotify_account_adopt_async (TempoSpotifyAccount *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "GET", "/me", NULL, FALSE };
  Adoption *adoption = g_new0 (Adoption, 1);

  adoption->generation = self->generation;
  g_task_set_source_tag (task, tempo_spotify_account_adopt_async);
  g_task_set_task_data (task, adoption, adoption_free);
  self->adopting = TRUE;
  tempo_spotify_account_check (self);
  tempo_spotify_account_call_async (self, &call, self->cancellable, person_cb, g_steal_pointer (&task));
}

gboolean
tempo_spotify_account_adopt_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
