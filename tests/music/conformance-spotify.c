/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account at the stand-in, by a clock of its own. */
#include "conformance.h"

#include "base/tempo-clock.h"
#include "music/spotify/tempo-spotify-account-private.h"
#include "music/spotify/tempo-spotify-source.h"
#include "secrets/tempo-secrets.h"
#include "spotify-stand-in.h"

#define START_US G_GINT64_CONSTANT (1795291200000000) /* 2026-11-21 20:00 UTC */
#define TURN_US (500 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  TempoClock *clock;            /* (owned) */
  SpotifyStandIn *stand_in;     /* (owned) */
  TempoSecrets *secrets;        /* (owned) */
  TempoSpotifyService *service; /* (owned) */
  SpotifyStandInUser *user;
} Service;

static void
settle (Service *self)
{
  TempoSpotifyAccount *account = tempo_spotify_service_get_account (self->service, "house");

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      if (tempo_spotify_client_get_busy (account->client) > 0)
        g_main_context_iteration (NULL, TRUE);
    }
  while (tempo_spotify_client_get_busy (account->client) > 0 || g_main_context_pending (NULL));
}

static void
turn (gpointer house)
{
  Service *self = house;

  settle (self);
  tempo_clock_advance (self->clock, TURN_US);
  tempo_spotify_alarms_run (tempo_spotify_service_get_alarms (self->service));
  settle (self);
}

static void
signed_in_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *whose = tempo_spotify_service_end_sign_in_finish (TEMPO_SPOTIFY_SERVICE (object), result, NULL);

  g_assert_cmpstr (whose, ==, "house");
  *(gboolean *) user_data = TRUE;
}

static void
sign_in (Service *self)
{
  g_autofree char *address = tempo_spotify_service_begin_sign_in (self->service, "house", "client", "http://127.0.0.1:8080/spotify/callback", NULL);
  g_autofree char *back = spotify_stand_in_consent (self->stand_in, address, "ann", TRUE);
  g_autoptr (GUri) uri = g_uri_parse (back, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GHashTable) query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  gboolean done = FALSE;

  tempo_spotify_service_end_sign_in_async (self->service, NULL, g_hash_table_lookup (query, "state"), g_hash_table_lookup (query, "code"), NULL,
                                           signed_in_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static gpointer
open_service (TempoSource **source)
{
  Service *self = g_new0 (Service, 1);
  TempoSpotifyOptions options = { NULL };

  self->clock = tempo_clock_new_fixed (START_US);
  self->stand_in = spotify_stand_in_new (self->clock);
  self->secrets = tempo_secrets_new_memory ();
  options.accounts_url = spotify_stand_in_get_accounts_url (self->stand_in);
  options.api_url = spotify_stand_in_get_api_url (self->stand_in);
  options.clock = self->clock;
  options.secrets = self->secrets;
  self->service = tempo_spotify_service_new (&options);
  self->user = spotify_stand_in_get_user (self->stand_in, "ann");
  sign_in (self);
  *source = tempo_spotify_source_new (self->service, "house");
  tempo_source_set_watching (*source, TRUE);
  turn (self);
  turn (self);

  return self;
}

static void
close_service (gpointer house)
{
  Service *self = house;

  g_clear_pointer (&self->service, tempo_spotify_service_close);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  spotify_stand_in_free (self->stand_in);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->secrets);
  g_assert_finalize_object (self->clock);
  g_free (self);
}

/* The grant is taken back at Spotify's own page. */
static void
lose (gpointer house)
{
  Service *self = house;

  self->user->revoked = TRUE;
  g_hash_table_remove_all (self->user->access);
}

static double
get_volume (gpointer house)
{
  return ((Service *) house)->user->volume / 100.0;
}

const ConformanceAdapter conformance_spotify = {
  .name = "spotify",
  .abilities = TEMPO_SOURCE_SEARCH | TEMPO_SOURCE_SEARCH_COSTS | TEMPO_SOURCE_PLAY | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_VOLUME
               | TEMPO_SOURCE_FILLER | TEMPO_SOURCE_ARTWORK | TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_HAND_OVER | TEMPO_SOURCE_PLAYLISTS,
  .query = "lanterns",
  .open = open_service,
  .close = close_service,
  .turn = turn,
  .lose = lose,
  .get_volume = get_volume,
};
