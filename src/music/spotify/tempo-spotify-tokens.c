/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-tokens.h"

#include <string.h>

#include "base/tempo-json.h"

#define NAME "spotify"
#define MAX_TEXT 8192
/* An access token that ends sooner is renewed first; of one that never lived long, the last tenth. */
#define EARLY_US (60 * G_TIME_SPAN_SECOND)

char *
tempo_spotify_secret_name (const char *account_id)
{
  return account_id != NULL ? g_strconcat (NAME "/", account_id, NULL) : g_strdup (NAME);
}

TempoSpotifyTokens *
tempo_spotify_tokens_new (const char *client_id, const char *refresh, const char *access, gint64 expires_at, gint64 authorized_at)
{
  TempoSpotifyTokens *self = g_new0 (TempoSpotifyTokens, 1);

  self->client_id = g_strdup (client_id);
  self->refresh = g_strdup (refresh);
  self->access = g_strdup (access != NULL ? access : "");
  self->expires_at = expires_at;
  self->authorized_at = authorized_at;
  self->early = EARLY_US;

  return self;
}

void
tempo_spotify_tokens_set_life (TempoSpotifyTokens *self, gint64 life_us)
{
  self->early = MIN (EARLY_US, life_us / 10);
}

TempoSpotifyTokens *
tempo_spotify_tokens_renew (TempoSpotifyTokens *before, TempoSpotifyGrant *grant, gint64 now)
{
  TempoSpotifyTokens *self = tempo_spotify_tokens_new (before->client_id, grant->refresh != NULL ? grant->refresh : before->refresh, grant->access,
                                                       now + grant->expires_in * G_TIME_SPAN_SECOND, before->authorized_at);

  tempo_spotify_tokens_set_life (self, grant->expires_in * G_TIME_SPAN_SECOND);

  return self;
}

TempoSpotifyTokens *
tempo_spotify_tokens_read (const char *secret)
{
  g_autoptr (JsonObject) json = secret != NULL ? tempo_json_parse (secret, strlen (secret), NULL) : NULL;
  GError *error = NULL;
  const char *client, *refresh, *access;
  gint64 expires_at, authorized_at;

  if (json == NULL)
    return NULL;
  client = tempo_json_get_string (json, "clientId", MAX_TEXT, NULL, &error);
  refresh = tempo_json_get_string (json, "refreshToken", MAX_TEXT, NULL, &error);
  access = tempo_json_get_string (json, "accessToken", MAX_TEXT, "", &error);
  expires_at = tempo_json_get_int (json, "expiresAt", 0, G_MAXINT64, 0, &error);
  authorized_at = tempo_json_get_int (json, "authorizedAt", 0, G_MAXINT64, 0, &error);
  if (error != NULL || client == NULL || refresh == NULL || *refresh == '\0')
    {
      g_clear_error (&error);
      return NULL;
    }

  return tempo_spotify_tokens_new (client, refresh, access, expires_at, authorized_at);
}

char *
tempo_spotify_tokens_write (TempoSpotifyTokens *self)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "clientId", self->client_id);
  tempo_json_string (json, "refreshToken", self->refresh);
  tempo_json_string (json, "accessToken", self->access);
  tempo_json_int (json, "expiresAt", self->expires_at);
  tempo_json_int (json, "authorizedAt", self->authorized_at);
  tempo_json_end_object (json);

  return g_strdup (tempo_json_peek (json, NULL));
}

void
tempo_spotify_wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
tempo_spotify_tokens_free (TempoSpotifyTokens *self)
{
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->refresh, tempo_spotify_wipe);
  g_clear_pointer (&self->access, tempo_spotify_wipe);
  g_free (self);
}
