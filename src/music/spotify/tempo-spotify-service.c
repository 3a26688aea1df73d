/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-service.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "music/spotify/tempo-spotify-account-private.h"
#include "secrets/tempo-secrets.h"

#define MAX_CODE 4096

struct _TempoSpotifyService
{
  GObject parent_instance;

  TempoSpotifyOptions options; /* texts and objects owned */
  TempoSpotifyAlarms *alarms;  /* (owned) */
  TempoSpotifySignIns *sign_ins; /* (owned) */
  GHashTable *accounts; /* (owned) organization → TempoSpotifyAccount */
  GHashTable *gates;    /* (owned) client id → TempoSpotifyGate */
};

G_DEFINE_FINAL_TYPE (TempoSpotifyService, tempo_spotify_service, G_TYPE_OBJECT)

static void
end_account (gpointer data)
{
  g_object_run_dispose (data);
  g_object_unref (data);
}

/* Accounts hold on to the service until the last call of theirs has ended. */
static void
tempo_spotify_service_dispose (GObject *object)
{
  g_hash_table_remove_all (TEMPO_SPOTIFY_SERVICE (object)->accounts);

  G_OBJECT_CLASS (tempo_spotify_service_parent_class)->dispose (object);
}

static void
tempo_spotify_service_finalize (GObject *object)
{
  TempoSpotifyService *self = TEMPO_SPOTIFY_SERVICE (object);

  g_clear_pointer (&self->accounts, g_hash_table_unref);
  g_clear_pointer (&self->gates, g_hash_table_unref);
  g_clear_pointer (&self->sign_ins, tempo_spotify_sign_ins_free);
  g_clear_pointer (&self->alarms, tempo_spotify_alarms_free);
  g_free ((char *) self->options.accounts_url);
  g_free ((char *) self->options.api_url);
  g_clear_object (&self->options.clock);
  g_clear_object (&self->options.secrets);

  G_OBJECT_CLASS (tempo_spotify_service_parent_class)->finalize (object);
}

static void
tempo_spotify_service_class_init (TempoSpotifyServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_spotify_service_dispose;
  object_class->finalize = tempo_spotify_service_finalize;
}

static void
tempo_spotify_service_init (TempoSpotifyService *self)
{
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, end_account);
  self->gates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) tempo_spotify_gate_free);
}

static char *
trim_address (const char *address)
{
  gsize length = strlen (address);

  while (length > 0 && address[length - 1] == '/')
    length--;

  return g_strndup (address, length);
}

/* An address of a server alone means the version we speak: who writes one down leaves it out or not. */
static char *
complete_api_address (const char *address)
{
  g_autofree char *trimmed = trim_address (address);
  g_autoptr (GUri) uri = g_uri_parse (trimmed, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && *g_uri_get_path (uri) == '\0' ? g_strconcat (trimmed, "/v1", NULL) : g_steal_pointer (&trimmed);
}

/**
 * tempo_spotify_service_new:
 * @options: copied
 *
 * Made on the thread that uses it.
 *
 * Returns: (transfer full): a service that has asked nothing yet
 */
TempoSpotifyService *
tempo_spotify_service_new (const TempoSpotifyOptions *options)
{
  TempoSpotifyService *self = g_object_new (TEMPO_TYPE_SPOTIFY_SERVICE, NULL);

  self->options = *options;
  self->options.accounts_url = trim_address (options->accounts_url);
  self->options.api_url = complete_api_address (options->api_url);
  g_object_ref (self->options.clock);
  g_object_ref (self->options.secrets);
  self->alarms = tempo_spotify_alarms_new (options->clock);
  self->sign_ins = tempo_spotify_sign_ins_new (options->clock);

  return self;
}

/**
 * tempo_spotify_service_close:
 * @self: (transfer full): the service
 *
 * Nothing is asked any more; what is under way is given up, and the rest goes when the last of it has ended.
 */
void
tempo_spotify_service_close (TempoSpotifyService *self)
{
  g_object_run_dispose (G_OBJECT (self));
  g_object_unref (self);
}

TempoSpotifyAlarms *
tempo_spotify_service_get_alarms (TempoSpotifyService *self)
{
  return self->alarms;
}

const TempoSpotifyOptions *
tempo_spotify_service_get_options (TempoSpotifyService *self)
{
  return &self->options;
}

/**
 * tempo_spotify_service_get_gate:
 * @self: the service
 * @client_id: whose calls
 *
 * Returns: (transfer none): the gate, as it was kept from the last time
 */
TempoSpotifyGate *
tempo_spotify_service_get_gate (TempoSpotifyService *self, const char *client_id)
{
  TempoSpotifyGate *gate = g_hash_table_lookup (self->gates, client_id);
  g_autofree char *reason = NULL;
  gint64 not_before = 0;

  if (gate != NULL)
    return gate;
  if (self->options.load_gate != NULL)
    not_before = self->options.load_gate (client_id, &reason, self->options.user_data);
  gate = tempo_spotify_gate_new (self->options.clock, client_id, not_before, reason, self->options.save_gate,
                                 self->options.user_data);
  g_hash_table_insert (self->gates, g_strdup (client_id), gate);

  return gate;
}

TempoSpotifyAccount *
tempo_spotify_service_get_account (TempoSpotifyService *self, const char *organization)
{
  TempoSpotifyAccount *account = g_hash_table_lookup (self->accounts, organization);
  g_autoptr (TempoSpotifyProfile) profile = NULL;

  if (account != NULL)
    return account;
  if (self->options.load_profile != NULL)
    profile = self->options.load_profile (organization, self->options.user_data);
  account = tempo_spotify_account_new (self, organization, profile);
  g_hash_table_insert (self->accounts, g_strdup (organization), account);

  return account;
}

void
tempo_spotify_service_forget (TempoSpotifyService *self, const char *organization)
{
  tempo_spotify_sign_ins_forget (self->sign_ins, organization);
  g_hash_table_remove (self->accounts, organization);
}

gboolean
tempo_spotify_service_is_signing_in (TempoSpotifyService *self, const char *organization)
{
  return tempo_spotify_sign_ins_has (self->sign_ins, organization);
}

void
tempo_spotify_service_forget_sign_ins (TempoSpotifyService *self, const char *organization)
{
  tempo_spotify_sign_ins_forget (self->sign_ins, organization);
}

static gboolean
is_client_id (const char *text)
{
  return *text != '\0' && strlen (text) <= TEMPO_SPOTIFY_MAX_CLIENT_ID
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") == strlen (text);
}

char *
tempo_spotify_service_begin_sign_in (TempoSpotifyService *self, const char *organization, const char *client_id,
                                     const char *redirect, GError **error)
{
  TempoSpotifyAccount *account = tempo_spotify_service_get_account (self, organization);
  char *address;

  if (client_id == NULL && account->profile != NULL)
    client_id = account->profile->client_id;
  if (client_id == NULL || !is_client_id (client_id))
    {
      g_set_error_literal (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_INVALID,
                           "A client id is needed, as Spotify's dashboard shows it");
      return NULL;
    }
  address = tempo_spotify_sign_ins_begin (self->sign_ins, self->options.accounts_url, organization, client_id,
                                          redirect);
  tempo_spotify_account_check (account);

  return address;
}

/* --- what the browser brought back --- */

static void
installed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoSpotifySignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;

  if (tempo_spotify_account_install_finish (TEMPO_SPOTIFY_ACCOUNT (source), result, &error))
    g_task_return_pointer (task, g_strdup (sign_in->organization), g_free);
  else
    g_task_return_error (task, error);
}

/* A fresh grant on its way into the secrets. */
typedef struct
{
  GTask *task;                  /* (owned) */
  TempoSpotifyAccount *account; /* (owned) */
  TempoSpotifyTokens *tokens;   /* (owned) */
} Fresh;

static void
fresh_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Fresh *fresh = user_data;

  tempo_secrets_store_finish (TEMPO_SECRETS (source), result, NULL);
  tempo_spotify_account_install_async (fresh->account, g_steal_pointer (&fresh->tokens), installed_cb,
                                       g_steal_pointer (&fresh->task));
  g_clear_object (&fresh->account);
}

static void
granted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *account = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autoptr (GTask) task = user_data;
  TempoSpotifyService *self = g_task_get_source_object (task);
  TempoSpotifySignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (TempoSpotifyGrant) grant = tempo_spotify_account_ask_token_finish (account, result, &error);
  g_autofree char *name = tempo_spotify_secret_name (NULL);
  gint64 now = tempo_clock_now (self->options.clock);
  char *secret;
  Fresh *fresh;

  if (grant != NULL && grant->refresh == NULL)
    error = g_error_new_literal (TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE,
                                 "Spotify gave no token to go on with");
  if (error != NULL)
    {
      tempo_spotify_account_check (account);
      g_task_return_error (task, error);
      return;
    }
  fresh = g_new0 (Fresh, 1);
  fresh->account = g_object_ref (account);
  fresh->tokens = tempo_spotify_tokens_new (sign_in->client_id, grant->refresh, grant->access,
                                            now + grant->expires_in * G_TIME_SPAN_SECOND, now);
  tempo_spotify_tokens_set_life (fresh->tokens, grant->expires_in * G_TIME_SPAN_SECOND);
  fresh->task = g_steal_pointer (&task);
  secret = tempo_spotify_tokens_write (fresh->tokens);
  tempo_secrets_store_async (self->options.secrets, sign_in->organization, name, secret, NULL, fresh_stored_cb, fresh);
  tempo_spotify_wipe (secret);
}

void
tempo_spotify_service_end_sign_in_async (TempoSpotifyService *self, const char *organization, const char *state,
                                         const char *code, const char *refusal, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  TempoSpotifySignIn *sign_in = tempo_spotify_sign_ins_take (self->sign_ins, state, organization);
  TempoSpotifyAccount *account;
  char *form;

  g_task_set_source_tag (task, tempo_spotify_service_end_sign_in_async);
  if (sign_in == NULL)
    {
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_INVALID,
                               "This sign-in was not begun here, or is over");
      return;
    }
  g_task_set_task_data (task, sign_in, (GDestroyNotify) tempo_spotify_sign_in_free);
  account = tempo_spotify_service_get_account (self, sign_in->organization);
  tempo_spotify_account_check (account);
  if (refusal != NULL || code == NULL || *code == '\0' || strlen (code) > MAX_CODE)
    {
      g_task_return_new_error (task, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN,
                               "The sign-in at Spotify was not finished");
      return;
    }
  form = soup_form_encode ("grant_type", "authorization_code", "code", code, "redirect_uri", sign_in->redirect,
                           "client_id", sign_in->client_id, "code_verifier", sign_in->verifier, NULL);
  tempo_spotify_account_ask_token_async (account, sign_in->client_id, form, granted_cb, g_steal_pointer (&task));
  tempo_spotify_wipe (form);
}

char *
tempo_spotify_service_end_sign_in_finish (TempoSpotifyService *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
