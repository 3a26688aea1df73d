/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Organizations' Spotify accounts against the stand-in, by a clock that moves as told: who signs in, refreshes, watches,
 * fails and recovers, and that nobody's fault is anybody else's. */
#include <string.h>
#include <sys/resource.h>
#include <malloc.h>

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "model/tempo-song.h"
#include "music/spotify/tempo-spotify-account-private.h"
#include "secrets/tempo-secrets.h"
#include "spotify-stand-in.h"

#define START_US G_GINT64_CONSTANT (1795291200000000) /* 2026-11-21 20:00 UTC */
#define SECOND G_TIME_SPAN_SECOND
#define REDIRECT "http://127.0.0.1:8080/spotify/callback"
#define MOST 10

typedef struct
{
  TempoClock *clock;            /* (owned) fixed */
  SpotifyStandIn *stand_in;     /* (owned) */
  TempoSecrets *secrets;        /* (owned) in memory: what is in it is what was stored before a crash */
  TempoSpotifyService *service; /* (owned) */
  GHashTable *profiles;         /* (owned) organization → TempoSpotifyProfile */
  GHashTable *gates;            /* (owned) client → not before (boxed) */
  guint saves;
} Fixture;

static TempoSpotifyProfile *
load_profile (const char *organization, gpointer user_data)
{
  Fixture *f = user_data;
  TempoSpotifyProfile *profile = g_hash_table_lookup (f->profiles, organization);

  return profile != NULL ? tempo_spotify_profile_copy (profile) : NULL;
}

static void
save_profile (const char *organization, const TempoSpotifyProfile *profile, gpointer user_data)
{
  Fixture *f = user_data;

  f->saves++;
  if (profile != NULL)
    g_hash_table_insert (f->profiles, g_strdup (organization), tempo_spotify_profile_copy (profile));
  else
    g_hash_table_remove (f->profiles, organization);
}

static gint64
load_gate (const char *client, char **reason, gpointer user_data)
{
  gint64 *not_before = g_hash_table_lookup (((Fixture *) user_data)->gates, client);

  return not_before != NULL ? *not_before : 0;
}

static void
save_gate (const char *client, gint64 not_before, const char *reason, gpointer user_data)
{
  g_hash_table_insert (((Fixture *) user_data)->gates, g_strdup (client), g_memdup2 (&not_before, sizeof not_before));
}

static void
start_service (Fixture *f)
{
  const TempoSpotifyOptions options = {
    .accounts_url = spotify_stand_in_get_accounts_url (f->stand_in),
    .api_url = spotify_stand_in_get_api_url (f->stand_in),
    .clock = f->clock,
    .secrets = f->secrets,
    .load_profile = load_profile,
    .save_profile = save_profile,
    .load_gate = load_gate,
    .save_gate = save_gate,
    .user_data = f,
  };

  f->service = tempo_spotify_service_new (&options);
}

static Fixture *
fixture_new (void)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->clock = tempo_clock_new_fixed (START_US);
  f->stand_in = spotify_stand_in_new (f->clock);
  f->secrets = tempo_secrets_new_memory ();
  f->profiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) tempo_spotify_profile_free);
  f->gates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  start_service (f);

  return f;
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
fixture_free (Fixture *f)
{
  g_clear_pointer (&f->service, tempo_spotify_service_close);
  drain ();
  spotify_stand_in_free (f->stand_in);
  drain ();
  g_object_unref (f->secrets);
  g_hash_table_unref (f->profiles);
  g_hash_table_unref (f->gates);
  g_assert_finalize_object (f->clock);
  g_free (f);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static TempoSpotifyAccount *
get_account (Fixture *f, const char *organization)
{
  return tempo_spotify_service_get_account (f->service, organization);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("waited too long");
  return G_SOURCE_REMOVE;
}

/* Iterates until no account but @hanging waits for an answer. */
static void
settle (Fixture *f, guint organizations, int hanging)
{
  guint deadline = g_timeout_add_seconds (20, late_cb, NULL);
  gboolean busy = TRUE;

  while (busy)
    {
      drain ();
      busy = FALSE;
      for (guint i = 0; i < organizations; i++)
        {
          g_autofree char *name = g_strdup_printf ("org%u", i);

          busy |= (int) i != hanging && tempo_spotify_client_get_busy (get_account (f, name)->client) > 0;
        }
      if (busy)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (deadline);
}

/* Time goes by, alarm by alarm. */
static void
pass (Fixture *f, gint64 time_us, guint organizations, int hanging)
{
  TempoSpotifyAlarms *alarms = tempo_spotify_service_get_alarms (f->service);
  gint64 end = tempo_clock_monotonic (f->clock) + time_us;

  for (;;)
    {
      gint64 delay = tempo_spotify_alarms_get_delay (alarms);
      gint64 left = end - tempo_clock_monotonic (f->clock);

      if (delay < 0 || delay > left)
        {
          tempo_clock_advance (f->clock, left);
          settle (f, organizations, hanging);
          return;
        }
      tempo_clock_advance (f->clock, delay);
      tempo_spotify_alarms_run (alarms);
      settle (f, organizations, hanging);
    }
}

/* (transfer full): NULL when it failed with @error. */
static char *
end_sign_in (Fixture *f, const char *redirected, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (redirected, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GHashTable) query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  SpotifyWaiter waiter = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  tempo_spotify_service_end_sign_in_async (f->service, NULL, g_hash_table_lookup (query, "state"), g_hash_table_lookup (query, "code"),
                                           g_hash_table_lookup (query, "error"), spotify_waiter_done, &waiter);
  result = spotify_waiter_wait (&waiter);

  return tempo_spotify_service_end_sign_in_finish (f->service, result, error);
}

static void
sign_in (Fixture *f, const char *organization, const char *user, const char *client)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = tempo_spotify_service_begin_sign_in (f->service, organization, client, REDIRECT, &error);
  g_autofree char *redirected = NULL;
  g_autofree char *whose = NULL;

  g_assert_no_error (error);
  redirected = spotify_stand_in_consent (f->stand_in, address, user, TRUE);
  g_assert_nonnull (redirected);
  whose = end_sign_in (f, redirected, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (whose, ==, organization);
}

/* Organizations org0 … with accounts user0 …, each its own client id, all watching. */
static void
open_houses (Fixture *f, guint n, gboolean one_client)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *organization = g_strdup_printf ("org%u", i);
      g_autofree char *user = g_strdup_printf ("user%u", i);
      g_autofree char *client = g_strdup_printf ("client%u", one_client ? 0 : i);

      sign_in (f, organization, user, client);
      tempo_spotify_account_watch (get_account (f, organization), f, TRUE);
    }
}

static SpotifyStandInUser *
get_user (Fixture *f, guint i)
{
  g_autofree char *name = g_strdup_printf ("user%u", i);

  return spotify_stand_in_get_user (f->stand_in, name);
}

static const char *
get_state (Fixture *f, guint i)
{
  g_autofree char *name = g_strdup_printf ("org%u", i);
  TempoSpotifyStatus status;

  tempo_spotify_account_get_status (get_account (f, name), &status);

  return status.state;
}

/* What the watcher of an organization saw last; NULL nothing. */
static const char *
get_seen (Fixture *f, guint i)
{
  g_autofree char *name = g_strdup_printf ("org%u", i);
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (get_account (f, name));

  return playback != NULL && playback->song != NULL ? playback->song->title : NULL;
}

static void
play (Fixture *f, guint i, const char *track)
{
  spotify_stand_in_play (f->stand_in, get_user (f, i), track);
}

/* --- the seeds' scenarios --- */

/* Scenario 1: single user active. */
static void
test_scenario_single_user_active (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  open_houses (f, 1, FALSE);
  play (f, 0, "TrackA");
  pass (f, 31 * SECOND, 1, -1);
  g_assert_cmpstr (get_seen (f, 0), ==, "TrackA");
  g_assert_cmpstr (get_state (f, 0), ==, "ready");
  play (f, 0, "TrackB");
  pass (f, 21 * SECOND, 1, -1);
  g_assert_cmpstr (get_seen (f, 0), ==, "TrackB");
  get_user (f, 0)->active = FALSE;
  pass (f, 21 * SECOND, 1, -1);
  g_assert_null (get_seen (f, 0));
  g_assert_cmpstr (get_state (f, 0), ==, "idle");
}

/* Scenario 2: two users active simultaneously, no cross-contamination over 100 changes of track. */
static void
test_scenario_two_users_active (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  open_houses (f, 2, FALSE);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *a = g_strdup_printf ("A%u", i);
      g_autofree char *b = g_strdup_printf ("B%u", i);

      play (f, 0, a);
      play (f, 1, b);
      pass (f, 31 * SECOND, 2, -1);
      g_assert_cmpstr (get_seen (f, 0), ==, a);
      g_assert_cmpstr (get_seen (f, 1), ==, b);
    }
  g_assert_cmpuint (spotify_stand_in_get_refusals (f->stand_in), ==, 0);
}

/* Scenario 3: token expiry, user1 only. */
static void
test_scenario_token_expiry (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  guint looks;

  open_houses (f, 2, FALSE);
  play (f, 0, "A");
  play (f, 1, "B");
  pass (f, 31 * SECOND, 2, -1);
  get_user (f, 0)->revoked = TRUE;
  pass (f, 31 * SECOND, 2, -1);
  g_assert_cmpstr (get_state (f, 0), ==, "needs_sign_in");
  g_assert_cmpstr (tempo_spotify_account_get_sentence (get_account (f, "org0")), ==, "Reconnect Spotify");
  g_assert_cmpstr (get_state (f, 1), ==, "ready");
  /* It stops asking; the other goes on as before. */
  looks = get_user (f, 0)->calls;
  play (f, 1, "B2");
  pass (f, 600 * SECOND, 2, -1);
  g_assert_cmpuint (get_user (f, 0)->calls, ==, looks);
  g_assert_cmpstr (get_seen (f, 1), ==, "B2");
  /* A fresh sign-in beats what is known about the dead one. */
  sign_in (f, "org0", "user0", "client0");
  pass (f, SECOND, 2, -1);
  g_assert_cmpstr (get_seen (f, 0), ==, "A");
}

/* Scenario 4: five watchers without a 429 … */
static void
test_scenario_rate_limiting_five_watchers (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  open_houses (f, 5, FALSE);
  for (guint i = 0; i < 5; i++)
    play (f, i, "A");
  spotify_stand_in_limit (f->stand_in, 10, 60, FALSE);
  pass (f, 600 * SECOND, 5, -1);
  g_assert_cmpuint (spotify_stand_in_get_refusals (f->stand_in), ==, 0);
}

/* … and when Spotify does limit them, all of them wait as told and recover. */
static void
test_scenario_rate_limiting_recovers (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  gint64 *kept;
  TempoSpotifyStatus status;
  guint refused;

  open_houses (f, 5, TRUE);
  for (guint i = 0; i < 5; i++)
    play (f, i, "A");
  spotify_stand_in_limit (f->stand_in, 3, 20520, FALSE);
  pass (f, 62 * SECOND, 5, -1);
  g_assert_cmpstr (get_state (f, 0), ==, "limited");
  refused = spotify_stand_in_get_refusals (f->stand_in);
  g_assert_cmpuint (refused, >, 0);
  tempo_spotify_account_get_status (get_account (f, "org0"), &status);
  g_assert_cmpint (status.until, >, tempo_clock_now (f->clock) + 20000 * SECOND);
  kept = g_hash_table_lookup (f->gates, "client0");
  g_assert_cmpint (*kept, ==, status.until);
  /* Hours, through a restart, and not one call into them. */
  pass (f, 10000 * SECOND, 5, -1);
  g_clear_pointer (&f->service, tempo_spotify_service_close);
  start_service (f);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *organization = g_strdup_printf ("org%u", i);

      tempo_spotify_account_watch (get_account (f, organization), f, TRUE);
    }
  pass (f, 10000 * SECOND, 5, -1);
  g_assert_cmpstr (get_state (f, 3), ==, "limited");
  spotify_stand_in_limit (f->stand_in, 0, 20520, FALSE);
  for (guint i = 0; i < 5; i++)
    play (f, i, "Later");
  pass (f, 700 * SECOND, 5, -1);
  g_assert_cmpuint (spotify_stand_in_get_rude (f->stand_in), ==, 0);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpstr (get_seen (f, i), ==, "Later");
}

/* OAuth per user: each organization has its own grant and nobody else's. */
static char *
look_up (Fixture *f, const char *organization, const char *account)
{
  g_autofree char *name = tempo_spotify_secret_name (account);
  SpotifyWaiter waiter = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  tempo_secrets_lookup_async (f->secrets, organization, name, NULL, spotify_waiter_done, &waiter);
  result = spotify_waiter_wait (&waiter);

  return tempo_secrets_lookup_finish (f->secrets, result, NULL);
}

static void
test_scenario_oauth_for_two_users (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *crossed = NULL;
  g_autofree char *unnamed = NULL;

  sign_in (f, "org0", "user0", "client0");
  sign_in (f, "org1", "user1", "client1");
  a = look_up (f, "org0", "acc-user0");
  b = look_up (f, "org1", "acc-user1");
  crossed = look_up (f, "org1", "acc-user0");
  unnamed = look_up (f, "org0", NULL);
  g_assert_nonnull (strstr (a, "CANARY-refresh-user0"));
  g_assert_nonnull (strstr (b, "CANARY-refresh-user1"));
  g_assert_null (crossed);
  g_assert_null (unnamed);
}

/* --- one house's fault is nobody else's --- */

static void
test_moods_stay_at_home (void)
{
  static const struct
  {
    SpotifyStandInMood mood;
    const char *state;
  } cases[] = {
    { SPOTIFY_STAND_IN_HANGS, "unreachable" },
    { SPOTIFY_STAND_IN_FAILS, "unreachable" },
    { SPOTIFY_STAND_IN_GARBAGE, "unreachable" },
    { SPOTIFY_STAND_IN_FLOODS, "unreachable" },
    { SPOTIFY_STAND_IN_UNMEANT, "ready" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Fixture) f = fixture_new ();
      gboolean hangs = cases[i].mood == SPOTIFY_STAND_IN_HANGS;
      guint before;

      open_houses (f, 2, FALSE);
      play (f, 0, "A");
      play (f, 1, "B");
      pass (f, 31 * SECOND, 2, -1);
      before = get_user (f, 1)->looks;
      spotify_stand_in_set_mood (f->stand_in, "user0", cases[i].mood);
      pass (f, 60 * SECOND, 2, hangs ? 0 : -1);
      drain ();
      g_test_message ("%u", cases[i].mood);
      g_assert_cmpstr (get_state (f, 0), ==, cases[i].state);
      g_assert_cmpstr (get_state (f, 1), ==, "ready");
      g_assert_cmpuint (get_user (f, 1)->looks - before, ==, 3);
      g_assert_cmpstr (get_seen (f, 1), ==, "B");
      spotify_stand_in_set_mood (f->stand_in, "user0", SPOTIFY_STAND_IN_WELL);
      play (f, 0, "Again");
      pass (f, 50 * SECOND, 2, hangs ? 0 : -1);
      settle (f, 2, -1);
      g_assert_cmpstr (get_seen (f, 0), ==, "Again");
    }
}

/* Tokens just given are refused: Spotify's trouble, for which nobody is asked to sign in before it has lasted, and
 * which ends without them. */
static void
test_refused_with_a_fresh_token (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autofree char *kept = NULL;
  guint renewed;

  open_houses (f, 1, FALSE);
  play (f, 0, "A");
  pass (f, 31 * SECOND, 1, -1);
  renewed = get_user (f, 0)->refreshes;
  spotify_stand_in_set_mood (f->stand_in, "user0", SPOTIFY_STAND_IN_REFUSES);
  pass (f, 120 * SECOND, 1, -1);
  g_assert_cmpstr (get_state (f, 0), ==, "unreachable");
  /* A token more would be refused as well. */
  g_assert_cmpuint (get_user (f, 0)->refreshes - renewed, ==, 1);
  pass (f, 400 * SECOND, 1, -1);
  g_assert_cmpstr (get_state (f, 0), ==, "unreachable");
  pass (f, 200 * SECOND, 1, -1);
  g_assert_cmpstr (get_state (f, 0), ==, "needs_sign_in");
  g_assert_cmpuint (get_user (f, 0)->refreshes - renewed, <=, 3);
  kept = look_up (f, "org0", "acc-user0");
  g_assert_nonnull (kept);

  /* Over by itself. */
  spotify_stand_in_set_mood (f->stand_in, "user0", SPOTIFY_STAND_IN_WELL);
  play (f, 0, "B");
  pass (f, 31 * SECOND, 1, -1);
  g_assert_cmpstr (get_state (f, 0), ==, "ready");
  g_assert_cmpstr (get_seen (f, 0), ==, "B");
}

/* One refusal a moment after a refresh: the call waits for a breath and goes out again, unseen. */
static void
test_refused_for_a_moment (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  guint renewed;

  get_user (f, 0)->token_seconds = 30;
  open_houses (f, 1, FALSE);
  get_user (f, 0)->token_seconds = 3600;
  play (f, 0, "A");
  pass (f, 41 * SECOND, 1, -1);
  renewed = get_user (f, 0)->refreshes;
  g_assert_cmpuint (renewed, >, 0);
  spotify_stand_in_set_mood (f->stand_in, "user0", SPOTIFY_STAND_IN_UNMEANT);
  play (f, 0, "B");
  tempo_spotify_account_look_again (get_account (f, "org0"), 0);
  pass (f, 0, 1, -1);
  g_assert_cmpstr (get_seen (f, 0), ==, "A");
  pass (f, SECOND, 1, -1);
  g_assert_cmpstr (get_seen (f, 0), ==, "B");
  g_assert_cmpstr (get_state (f, 0), ==, "ready");
  g_assert_cmpuint (get_user (f, 0)->refreshes, ==, renewed);
  /* Who waits for a breath is told when the house closes. */
  spotify_stand_in_set_mood (f->stand_in, "user0", SPOTIFY_STAND_IN_REFUSES);
  tempo_spotify_account_look_again (get_account (f, "org0"), 0);
  pass (f, 0, 1, -1);
}

/* A song kept with a request is known again; its picture only where Spotify has its pictures, whatever a file that was
 * imported says. */
static void
test_remembers (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autofree char *at_the_api = g_strconcat (spotify_stand_in_get_api_url (f->stand_in), "/picture", NULL);
  const struct
  {
    const char *id, *address;
    gboolean forged, known, shown;
  } cases[] = {
    { "spotify:track:0000000000000000000001", "https://i.scdn.co/image/ab67616d", FALSE, TRUE, TRUE },
    { "spotify:track:0000000000000000000002", "https://image-cdn-ak.spotifycdn.com/image/ab67", FALSE, TRUE, TRUE },
    { "spotify:track:0000000000000000000003", at_the_api, FALSE, TRUE, TRUE },
    { "spotify:track:0000000000000000000004", "https://i.scdn.co/image/ab67616e", TRUE, TRUE, FALSE },
    { "spotify:track:0000000000000000000005", "http://i.scdn.co/image/ab67616f", FALSE, TRUE, FALSE },
    { "spotify:track:0000000000000000000006", "https://elsewhere.example/i.scdn.co", FALSE, TRUE, FALSE },
    { "spotify:track:0000000000000000000007", "https://i.scdn.co@elsewhere.example/x", FALSE, TRUE, FALSE },
    { "spotify:track:0000000000000000000008", "http://127.0.0.1:1/private", FALSE, TRUE, FALSE },
    { "spotify:track:0000000000000000000009", "https:///x", FALSE, TRUE, FALSE },
    { "spotify:track:000000000000000000000a", NULL, FALSE, TRUE, FALSE },
    { "mpd:0001", "https://i.scdn.co/image/ab676170", FALSE, FALSE, FALSE },
  };

  sign_in (f, "org0", "user0", "client0");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TempoSpotifyAccount *account = get_account (f, "org0");
      g_autoptr (TempoSong) song = tempo_song_new (cases[i].id, "Lanterns", "The Stand-ins");
      g_autoptr (TempoSong) known = NULL;

      g_test_message ("%s", cases[i].address);
      song->uri = g_strdup (cases[i].address);
      song->artwork = tempo_token_digest (cases[i].forged || song->uri == NULL ? "another" : song->uri);
      tempo_spotify_account_remember (account, song);
      known = tempo_spotify_account_lookup (account, cases[i].id);
      g_assert_cmpint (known != NULL, ==, cases[i].known);
      g_assert_cmpint (tempo_spotify_catalog_get_address (account->catalog, song->artwork) != NULL, ==, cases[i].shown);
    }
}

static void
test_not_allowed (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  g_autofree char *redirected = NULL;
  g_autofree char *whose = NULL;
  TempoSpotifyStatus status;

  get_user (f, 0)->allowed = FALSE;
  address = tempo_spotify_service_begin_sign_in (f->service, "org0", "client0", REDIRECT, NULL);
  redirected = spotify_stand_in_consent (f->stand_in, address, "user0", TRUE);
  whose = end_sign_in (f, redirected, &error);
  g_assert_error (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NOT_ALLOWED);
  tempo_spotify_account_get_status (get_account (f, "org0"), &status);
  g_assert_cmpstr (status.state, ==, "not_allowed");
  g_assert_null (status.account_id);
  /* Put on the list meanwhile, it is found by itself. */
  get_user (f, 0)->allowed = TRUE;
  pass (f, 61 * SECOND, 1, -1);
  tempo_spotify_account_get_status (get_account (f, "org0"), &status);
  g_assert_cmpstr (status.state, ==, "ready");
  g_assert_cmpstr (status.account_id, ==, "acc-user0");
}

static void
test_refused_sign_in (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *address = tempo_spotify_service_begin_sign_in (f->service, "org0", "client0", REDIRECT, NULL);
  g_autofree char *redirected = spotify_stand_in_consent (f->stand_in, address, "user0", FALSE);
  g_autofree char *whose = NULL;

  g_assert_cmpstr (get_state (f, 0), ==, "connecting");
  whose = end_sign_in (f, redirected, &error);
  g_assert_error (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpstr (get_state (f, 0), ==, "disconnected");
  g_assert_null (tempo_spotify_service_begin_sign_in (f->service, "org0", "no client\n", REDIRECT, NULL));
}

/* --- the grant --- */

/* Fifty callers meet an access token that is over: one refresh, and all are served. */
static void
test_refresh_race (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  TempoSpotifyAccount *account;
  SpotifyWaiter waiters[50] = { { NULL } };

  sign_in (f, "org0", "user0", "client0");
  account = get_account (f, "org0");
  tempo_clock_advance (f->clock, 3600 * SECOND);
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
    tempo_spotify_account_ensure_async (account, NULL, spotify_waiter_done, &waiters[i]);
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
    {
      g_autoptr (GAsyncResult) result = spotify_waiter_wait (&waiters[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (tempo_spotify_account_ensure_finish (account, result, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (get_user (f, 0)->refreshes, ==, 1);
}

/* The same when the API says so: twenty calls, which the budget lets out twice, are refused at once, and are repeated with what one refresh brought. */
static void
test_refresh_race_at_the_api (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_TOKEN, "GET", "/me", NULL, FALSE };
  TempoSpotifyAccount *account;
  SpotifyWaiter waiters[20] = { { NULL } };
  GHashTableIter iter;
  gpointer end;

  sign_in (f, "org0", "user0", "client0");
  account = get_account (f, "org0");
  tempo_clock_advance (f->clock, 60 * SECOND);
  g_hash_table_iter_init (&iter, get_user (f, 0)->access);
  while (g_hash_table_iter_next (&iter, NULL, &end))
    *(gint64 *) end = 0;
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
    tempo_spotify_account_call_async (account, &call, NULL, spotify_waiter_done, &waiters[i]);
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
    {
      g_autoptr (GAsyncResult) result = spotify_waiter_wait (&waiters[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (account, result, &error);

      g_assert_no_error (error);
      g_assert_nonnull (json);
    }
  g_assert_cmpuint (get_user (f, 0)->refreshes, ==, 1);
}

static void
ensure (Fixture *f, GError **error)
{
  TempoSpotifyAccount *account = get_account (f, "org0");
  SpotifyWaiter waiter = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  tempo_spotify_account_ensure_async (account, NULL, spotify_waiter_done, &waiter);
  result = spotify_waiter_wait (&waiter);
  tempo_spotify_account_ensure_finish (account, result, error);
}

/* Both regimes: a new refresh token with every answer, and none. */
static void
test_rotation (void)
{
  for (guint rotates = 0; rotates < 2; rotates++)
    {
      g_autoptr (Fixture) f = fixture_new ();

      get_user (f, 0)->rotates = rotates;
      sign_in (f, "org0", "user0", "client0");
      for (guint i = 0; i < 3; i++)
        {
          g_autofree char *secret = NULL;
          g_autoptr (GError) error = NULL;

          tempo_clock_advance (f->clock, 3600 * SECOND);
          ensure (f, &error);
          g_assert_no_error (error);
          secret = look_up (f, "org0", "acc-user0");
          g_assert_nonnull (strstr (secret, get_user (f, 0)->refresh_token));
        }
      g_assert_cmpuint (get_user (f, 0)->refreshes, ==, 3);
    }
}

static void
crash_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
}

/* The process ends after Spotify gave a new token and before it was stored: the old one is used up. It is told once, and
 * a person is asked; nothing was done with the token that was lost. */
static void
test_rotation_with_a_crash (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GError) error = NULL;
  gboolean given = FALSE;
  SpotifyWaiter waiter = { NULL };
  guint calls;

  sign_in (f, "org0", "user0", "client0");
  tempo_clock_advance (f->clock, 3600 * SECOND);
  spotify_stand_in_set_hook (f->stand_in, crash_cb, &given);
  tempo_spotify_account_ensure_async (get_account (f, "org0"), NULL, spotify_waiter_done, &waiter);
  while (!given)
    g_main_context_iteration (NULL, TRUE);
  calls = get_user (f, 0)->calls;
  tempo_spotify_service_close (f->service);
  g_object_unref (spotify_waiter_wait (&waiter));
  start_service (f);

  ensure (f, &error);
  g_assert_error (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpstr (get_state (f, 0), ==, "needs_sign_in");
  g_assert_cmpuint (get_user (f, 0)->calls, ==, calls);
  calls = spotify_stand_in_get_calls (f->stand_in);
  g_clear_error (&error);
  ensure (f, &error);
  g_assert_cmpuint (spotify_stand_in_get_calls (f->stand_in), ==, calls);
}

/* Another writer was quicker: what it left in the secrets is taken, once. */
static void
test_another_writer (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoSpotifyTokens) tokens = NULL;
  g_autofree char *newer = NULL;
  SpotifyWaiter waiter = { NULL };

  sign_in (f, "org0", "user0", "client0");
  g_free (get_user (f, 0)->refresh_token);
  get_user (f, 0)->refresh_token = g_strdup ("newer");
  tokens = tempo_spotify_tokens_new ("client0", "newer", "", 0, START_US);
  newer = tempo_spotify_tokens_write (tokens);
  tempo_secrets_store_async (f->secrets, "org0", "spotify/acc-user0", newer, NULL, spotify_waiter_done, &waiter);
  g_object_unref (spotify_waiter_wait (&waiter));
  tempo_clock_advance (f->clock, 3600 * SECOND);
  ensure (f, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get_state (f, 0), ==, "ready");
}

/* An outage of the token endpoint is no lost grant, and is not hammered. */
static void
test_token_outage (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GError) error = NULL;
  guint calls;

  sign_in (f, "org0", "user0", "client0");
  tempo_clock_advance (f->clock, 3600 * SECOND);
  spotify_stand_in_set_token_mood (f->stand_in, SPOTIFY_STAND_IN_FAILS);
  ensure (f, &error);
  g_assert_error (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE);
  calls = spotify_stand_in_get_calls (f->stand_in);
  for (guint i = 0; i < 10; i++)
    {
      g_clear_error (&error);
      ensure (f, &error);
    }
  g_assert_cmpuint (spotify_stand_in_get_calls (f->stand_in), ==, calls);
  spotify_stand_in_set_token_mood (f->stand_in, SPOTIFY_STAND_IN_WELL);
  tempo_clock_advance (f->clock, 30 * SECOND);
  g_clear_error (&error);
  ensure (f, &error);
  g_assert_no_error (error);
}

static void
test_six_months (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  TempoSpotifyStatus status;
  g_autofree char *end = NULL;

  sign_in (f, "org0", "user0", "client0");
  tempo_spotify_account_get_status (get_account (f, "org0"), &status);
  end = tempo_time_format (status.expires_at);
  g_assert_cmpstr (end, ==, "2027-05-21T20:00:00.000Z");
  g_assert_false (status.expires_soon);
  tempo_clock_advance (f->clock, 150 * G_TIME_SPAN_DAY);
  tempo_spotify_account_get_status (get_account (f, "org0"), &status);
  g_assert_true (status.expires_soon);
}

static void
test_disconnect (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *secret = NULL;
  SpotifyWaiter waiter = { NULL };
  guint calls;

  open_houses (f, 1, FALSE);
  play (f, 0, "A");
  pass (f, 31 * SECOND, 1, -1);
  tempo_spotify_account_disconnect_async (get_account (f, "org0"), spotify_waiter_done, &waiter);
  result = spotify_waiter_wait (&waiter);
  g_assert_true (tempo_spotify_account_disconnect_finish (get_account (f, "org0"), result, NULL));
  secret = look_up (f, "org0", "acc-user0");
  g_assert_null (secret);
  g_assert_cmpuint (g_hash_table_size (f->profiles), ==, 0);
  g_assert_cmpstr (get_state (f, 0), ==, "disconnected");
  g_assert_null (get_seen (f, 0));
  calls = spotify_stand_in_get_calls (f->stand_in);
  pass (f, 600 * SECOND, 1, -1);
  g_assert_cmpuint (spotify_stand_in_get_calls (f->stand_in), ==, calls);
}

/* Tokens that were brought from elsewhere, and a start after which only the secrets know. */
static void
test_brought_tokens (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  TempoSpotifyStatus status;
  SpotifyWaiter waiter = { NULL };

  g_free (get_user (f, 0)->refresh_token);
  get_user (f, 0)->refresh_token = g_strdup ("brought");
  tempo_secrets_store_async (f->secrets, "org0", "spotify", "{\"clientId\":\"client0\",\"refreshToken\":\"brought\"}", NULL, spotify_waiter_done, &waiter);
  g_object_unref (spotify_waiter_wait (&waiter));
  tempo_spotify_account_watch (get_account (f, "org0"), f, TRUE);
  play (f, 0, "A");
  pass (f, 31 * SECOND, 1, -1);
  tempo_spotify_account_get_status (get_account (f, "org0"), &status);
  g_assert_cmpstr (status.state, ==, "ready");
  g_assert_cmpstr (status.account_id, ==, "acc-user0");
  g_assert_cmpint (status.expires_at, >, START_US);
  g_assert_cmpstr (get_seen (f, 0), ==, "A");
}

/* Fifty guests ask for the same words: one call, and none for five minutes. */
static void
test_search (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  TempoSpotifyAccount *account;
  SpotifyWaiter waiters[50] = { { NULL } };
  SpotifyWaiter waiter = { NULL };

  sign_in (f, "org0", "user0", "client0");
  account = get_account (f, "org0");
  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
        tempo_spotify_account_search_async (account, i % 2 == 0 ? "Lanterns" : " LANTERNS ", NULL, spotify_waiter_done, &waiters[i]);
      for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
        {
          g_autoptr (GAsyncResult) result = spotify_waiter_wait (&waiters[i]);
          g_autoptr (GPtrArray) songs = tempo_spotify_account_search_finish (account, result, NULL);

          g_assert_cmpuint (songs->len, ==, 10);
        }
    }
  g_assert_cmpuint (get_user (f, 0)->searches, ==, 1);
  tempo_spotify_account_search_async (account, "la", NULL, spotify_waiter_done, &waiter);
  {
    g_autoptr (GAsyncResult) result = spotify_waiter_wait (&waiter);
    g_autoptr (GPtrArray) songs = tempo_spotify_account_search_finish (account, result, NULL);

    g_assert_cmpuint (songs->len, ==, 0);
  }
  g_assert_cmpuint (get_user (f, 0)->searches, ==, 1);
}

static gsize
get_memory (void)
{
  malloc_trim (0);

  return mallinfo2 ().uordblks;
}

/* The watchers' songs change every three minutes of @minutes. */
static void
go_on (Fixture *f, guint minutes)
{
  for (guint minute = 0; minute < minutes; minute++)
    {
      for (guint i = 0; i < MOST; i++)
        if (minute % 3 == 0)
          play (f, i, "B");
      pass (f, 60 * SECOND, MOST, -1);
    }
}

static double
get_cpu (void)
{
  struct rusage used;

  getrusage (RUSAGE_SELF, &used);

  return (double) (used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double) (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* 10 watchers for 10 minutes of their time, then for hours: what it costs. */
static void
test_ten_watchers (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  gsize before = 0, after = 0;
  guint looks = 0;

  open_houses (f, MOST, FALSE);
  for (guint i = 0; i < MOST; i++)
    play (f, i, "A");
  go_on (f, 10);
  for (guint i = 0; i < MOST; i++)
    looks += get_user (f, i)->looks;
  g_assert_cmpuint (spotify_stand_in_get_refusals (f->stand_in), ==, 0);
  g_assert_cmpuint (looks, <=, MOST * 10 * 5);
  g_test_message ("10 watchers, 10 minutes: %.1f calls a minute each", looks / 10.0 / MOST);

  /* The first of them warm what the libraries keep; the grants and tokens of two hours are there afterwards. */
  for (guint i = 0; i < 4; i++)
    {
      double cpu = get_cpu ();

      before = get_memory ();
      go_on (f, 100);
      after = get_memory ();
      cpu = get_cpu () - cpu;
      g_test_message ("100 minutes more: memory %+.1f KiB, %.3f s of CPU for watchers and stand-in together (%.4f %% of one core), "
                      "%u settings written", ((double) after - (double) before) / 1024, cpu, cpu / 6000 * 100, f->saves);
    }
  /* A look that kept its answer would be a hundred times as much. */
  g_assert_cmpint ((gssize) (after - before), <, 32 * 1024);
}

/* Refreshes leave nothing behind: after the caches of the libraries are warm, a thousand cost as much memory as a hundred. */
static void
test_refreshes_cost_nothing (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  const char *wanted = g_getenv ("TEMPO_REFRESHES");
  guint block = wanted != NULL ? (guint) atoi (wanted) : 160;
  gsize before = 0, after = 0;

  get_user (f, 0)->token_seconds = 15;
  open_houses (f, 1, FALSE);
  play (f, 0, "A");
  for (guint i = 0; i < 4; i++)
    {
      guint refreshes = get_user (f, 0)->refreshes;

      before = get_memory ();
      while (get_user (f, 0)->refreshes - refreshes < block)
        pass (f, 60 * SECOND, 1, -1);
      after = get_memory ();
      g_test_message ("%u refreshes: memory %+.1f KiB", get_user (f, 0)->refreshes - refreshes, ((double) after - (double) before) / 1024);
    }
  /* A single forgotten token would be more than this. */
  g_assert_cmpint ((gssize) (after - before), <, 100 * (gssize) block);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spotify/scenario/single-user-active", test_scenario_single_user_active);
  g_test_add_func ("/spotify/scenario/two-users-active-simultaneously", test_scenario_two_users_active);
  g_test_add_func ("/spotify/scenario/token-expiry-user1-only", test_scenario_token_expiry);
  g_test_add_func ("/spotify/scenario/rate-limiting-five-watchers", test_scenario_rate_limiting_five_watchers);
  g_test_add_func ("/spotify/scenario/rate-limiting-recovers", test_scenario_rate_limiting_recovers);
  g_test_add_func ("/spotify/scenario/oauth-for-two-users", test_scenario_oauth_for_two_users);
  g_test_add_func ("/spotify/scenario/ten-watchers", test_ten_watchers);
  g_test_add_func ("/spotify/scenario/refreshes-cost-nothing", test_refreshes_cost_nothing);
  g_test_add_func ("/spotify/moods-stay-at-home", test_moods_stay_at_home);
  g_test_add_func ("/spotify/refused-with-a-fresh-token", test_refused_with_a_fresh_token);
  g_test_add_func ("/spotify/refused-for-a-moment", test_refused_for_a_moment);
  g_test_add_func ("/spotify/remembers", test_remembers);
  g_test_add_func ("/spotify/not-allowed", test_not_allowed);
  g_test_add_func ("/spotify/refused-sign-in", test_refused_sign_in);
  g_test_add_func ("/spotify/refresh-race", test_refresh_race);
  g_test_add_func ("/spotify/refresh-race-at-the-api", test_refresh_race_at_the_api);
  g_test_add_func ("/spotify/rotation", test_rotation);
  g_test_add_func ("/spotify/rotation-with-a-crash", test_rotation_with_a_crash);
  g_test_add_func ("/spotify/another-writer", test_another_writer);
  g_test_add_func ("/spotify/token-outage", test_token_outage);
  g_test_add_func ("/spotify/six-months", test_six_months);
  g_test_add_func ("/spotify/disconnect", test_disconnect);
  g_test_add_func ("/spotify/brought-tokens", test_brought_tokens);
  g_test_add_func ("/spotify/search", test_search);

  return g_test_run ();
}
