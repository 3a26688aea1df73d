/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room's music from a Spotify account, against the stand-in's player: what begins, ends and is handed over, what is
 * somebody else's, and what goes wrong at the device. */
#include <string.h>

#include "base/tempo-clock.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-song.h"
#include "music/spotify/tempo-spotify-account-private.h"
#include "music/spotify/tempo-spotify-source.h"
#include "secrets/tempo-secrets.h"
#include "spotify-stand-in.h"

#define START_US G_GINT64_CONSTANT (1795291200000000) /* 2026-11-21 20:00 UTC */
#define SECOND G_TIME_SPAN_SECOND

typedef struct
{
  TempoClock *clock;            /* (owned) */
  SpotifyStandIn *stand_in;     /* (owned) */
  TempoSecrets *secrets;        /* (owned) */
  TempoSpotifyService *service; /* (owned) */
  TempoSource *source;          /* (owned) */
  SpotifyStandInUser *user;
  GString *told; /* (owned) the signals that came, "started advanced …" */
  TempoSong *next; /* (owned) (nullable) to be handed over when it is asked for */
  gboolean taken;
} Fixture;

static gboolean
late_cb (gpointer user_data)
{
  g_error ("waited too long");
  return G_SOURCE_REMOVE;
}

static void
settle (Fixture *f)
{
  TempoSpotifyAccount *account = tempo_spotify_service_get_account (f->service, "house");
  guint deadline = g_timeout_add_seconds (20, late_cb, NULL);

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      if (tempo_spotify_client_get_busy (account->client) > 0)
        g_main_context_iteration (NULL, TRUE);
    }
  while (tempo_spotify_client_get_busy (account->client) > 0 || g_main_context_pending (NULL));
  g_source_remove (deadline);
}

static void
pass (Fixture *f, gint64 time_us)
{
  TempoSpotifyAlarms *alarms = tempo_spotify_service_get_alarms (f->service);
  gint64 end = tempo_clock_monotonic (f->clock) + time_us;

  settle (f);
  for (;;)
    {
      gint64 delay = tempo_spotify_alarms_get_delay (alarms);
      gint64 left = end - tempo_clock_monotonic (f->clock);

      if (delay < 0 || delay > left)
        {
          tempo_clock_advance (f->clock, left);
          settle (f);
          return;
        }
      tempo_clock_advance (f->clock, delay);
      tempo_spotify_alarms_run (alarms);
      settle (f);
    }
}

static void
tell (Fixture *f, const char *what)
{
  g_string_append_printf (f->told, "%s%s", f->told->len > 0 ? " " : "", what);
}

static void
ended_cb (Fixture *f)
{
  tell (f, "ended");
}

static void
started_cb (Fixture *f)
{
  tell (f, "started");
}

static void
advanced_cb (Fixture *f)
{
  tell (f, "advanced");
}

static void
displaced_cb (Fixture *f)
{
  tell (f, "displaced");
}

static void
failed_cb (Fixture *f, GError *error)
{
  g_autofree char *what = g_strdup_printf ("failed:%d", error->code);

  g_assert_cmpint (error->domain, ==, TEMPO_SOURCE_ERROR);
  tell (f, what);
}

static void
wants_next_cb (Fixture *f)
{
  tell (f, "wants");
  if (f->next != NULL)
    f->taken = tempo_source_hand_over (f->source, f->next);
  g_clear_object (&f->next);
}

static void
expect (Fixture *f, const char *told)
{
  g_assert_cmpstr (f->told->str, ==, told);
  g_string_truncate (f->told, 0);
}

static void
sign_in (Fixture *f)
{
  g_autofree char *address = tempo_spotify_service_begin_sign_in (f->service, "house", "client", "http://127.0.0.1:8080/spotify/callback", NULL);
  g_autofree char *back = spotify_stand_in_consent (f->stand_in, address, "ann", TRUE);
  g_autoptr (GUri) uri = g_uri_parse (back, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GHashTable) query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  SpotifyWaiter waiter = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *whose = NULL;

  tempo_spotify_service_end_sign_in_async (f->service, NULL, g_hash_table_lookup (query, "state"), g_hash_table_lookup (query, "code"), NULL,
                                           spotify_waiter_done, &waiter);
  result = spotify_waiter_wait (&waiter);
  whose = tempo_spotify_service_end_sign_in_finish (f->service, result, NULL);
  g_assert_cmpstr (whose, ==, "house");
}

/* Signed in, watching; nothing plays. */
static Fixture *
fixture_new (void)
{
  Fixture *f = g_new0 (Fixture, 1);
  TempoSpotifyOptions options = { NULL };

  f->clock = tempo_clock_new_fixed (START_US);
  f->stand_in = spotify_stand_in_new (f->clock);
  f->secrets = tempo_secrets_new_memory ();
  options.accounts_url = spotify_stand_in_get_accounts_url (f->stand_in);
  options.api_url = spotify_stand_in_get_api_url (f->stand_in);
  options.clock = f->clock;
  options.secrets = f->secrets;
  f->service = tempo_spotify_service_new (&options);
  f->user = spotify_stand_in_get_user (f->stand_in, "ann");
  f->told = g_string_new (NULL);
  sign_in (f);
  f->source = tempo_spotify_source_new (f->service, "house");
  g_signal_connect_swapped (f->source, "ended", G_CALLBACK (ended_cb), f);
  g_signal_connect_swapped (f->source, "started", G_CALLBACK (started_cb), f);
  g_signal_connect_swapped (f->source, "advanced", G_CALLBACK (advanced_cb), f);
  g_signal_connect_swapped (f->source, "displaced", G_CALLBACK (displaced_cb), f);
  g_signal_connect_swapped (f->source, "failed", G_CALLBACK (failed_cb), f);
  g_signal_connect_swapped (f->source, "wants-next", G_CALLBACK (wants_next_cb), f);
  tempo_source_set_watching (f->source, TRUE);
  pass (f, SECOND);

  return f;
}

static void
fixture_free (Fixture *f)
{
  g_clear_object (&f->source);
  g_clear_object (&f->next);
  g_clear_pointer (&f->service, tempo_spotify_service_close);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  spotify_stand_in_free (f->stand_in);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (f->secrets);
  g_string_free (f->told, TRUE);
  g_assert_finalize_object (f->clock);
  g_free (f);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static TempoSong *
make_song (const char *name)
{
  g_autofree char *id = g_strconcat ("spotify:track:", name, NULL);
  TempoSong *song = tempo_song_new (id, name, "The Stand-ins");

  song->duration_ms = 180000;

  return song;
}

static void
play (Fixture *f, const char *name)
{
  g_autoptr (TempoSong) song = make_song (name);

  tempo_source_play (f->source, song, 0);
}

static const char *
get_code (Fixture *f)
{
  TempoSourceStatus status;

  tempo_source_get_status (f->source, &status);

  return status.code;
}

/* The only device there is begins to play, and the song ends by itself. */
static void
test_plays_and_ends (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  play (f, "One");
  pass (f, 2 * SECOND);
  expect (f, "started");
  g_assert_cmpstr (f->user->uri, ==, "spotify:track:One");
  pass (f, 60 * SECOND);
  g_assert_cmpint (tempo_source_get_position (f->source), >, 61000);
  g_assert_cmpint (tempo_source_get_position (f->source), <, 63000);
  pass (f, 121 * SECOND);
  expect (f, "wants ended");
  g_assert_false (f->user->playing);
}

/* Handed over between twenty and ten seconds before the end, confirmed, and begun by Spotify. */
static void
test_hands_over (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (TempoNowPlaying) now = NULL;
  gint64 left;

  f->next = make_song ("Two");
  play (f, "One");
  while (f->user->queue->len == 0)
    pass (f, SECOND);
  left = 180 * SECOND - (tempo_clock_now (f->clock) - f->user->as_of);
  g_assert_cmpint (left, <=, 20 * SECOND);
  g_assert_cmpint (left, >=, 10 * SECOND);
  g_assert_true (f->taken);
  /* What was handed over stays: Spotify takes nothing out of its queue. */
  g_assert_false (tempo_source_take_back (f->source));
  expect (f, "started wants");
  pass (f, 20 * SECOND);
  expect (f, "advanced");
  now = tempo_source_dup_playing (f->source);
  g_assert_cmpstr (now->song->title, ==, "Two");
  g_assert_true (now->playing);
  pass (f, 181 * SECOND);
  expect (f, "wants ended");
}

/* Somebody picks up a phone and plays something else: that is theirs, and is shown. */
static void
test_is_displaced (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (TempoNowPlaying) now = NULL;

  play (f, "One");
  pass (f, 30 * SECOND);
  spotify_stand_in_play (f->stand_in, f->user, "Theirs");
  pass (f, 21 * SECOND);
  expect (f, "started displaced");
  now = tempo_source_dup_playing (f->source);
  g_assert_cmpstr (now->song->title, ==, "Theirs");
  /* It is not Tempo's to stop. */
  tempo_source_stop (f->source);
  pass (f, 5 * SECOND);
  g_assert_true (f->user->playing);
  /* Near its end the next may be handed over, and comes after it. */
  f->next = make_song ("Ours");
  pass (f, 180 * SECOND);
  expect (f, "wants advanced");
}

/* Spotify takes the song and plays another one of its queue first. */
static void
test_waits_behind_theirs (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  play (f, "One");
  pass (f, 20 * SECOND);
  g_ptr_array_add (f->user->queue, g_strdup ("spotify:track:Theirs"));
  f->next = make_song ("Two");
  pass (f, 170 * SECOND);
  expect (f, "started wants displaced");
  pass (f, 185 * SECOND);
  g_assert_cmpstr (f->user->uri, ==, "spotify:track:Two");
  expect (f, "advanced");
}

static void
test_queue_refused (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  f->next = make_song ("Two");
  play (f, "One");
  pass (f, 150 * SECOND);
  f->user->premium = FALSE;
  pass (f, 40 * SECOND);
  expect (f, "started wants ended");
  g_assert_cmpstr (get_code (f), ==, "premium_required");
}

static void
test_no_device (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  f->user->device = FALSE;
  play (f, "One");
  pass (f, 5 * SECOND);
  expect (f, "failed:3");
  g_assert_cmpstr (get_code (f), ==, "no_device");
  /* Somebody presses play once in an app: it is there again. */
  spotify_stand_in_play (f->stand_in, f->user, "Theirs");
  pass (f, 61 * SECOND);
  g_assert_cmpstr (get_code (f), ==, "ready");
}

static void
test_device_goes (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  play (f, "One");
  pass (f, 30 * SECOND);
  f->user->device = f->user->active = FALSE;
  pass (f, 30 * SECOND);
  expect (f, "started failed:3");
}

static void
test_restricted_device (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  f->user->restricted = TRUE;
  play (f, "One");
  pass (f, 5 * SECOND);
  expect (f, "failed:3");
}

static void
test_no_premium (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  TempoSourceStatus status;

  f->user->premium = FALSE;
  play (f, "One");
  pass (f, 5 * SECOND);
  expect (f, "failed:4");
  tempo_source_get_status (f->source, &status);
  g_assert_cmpint (status.health, ==, TEMPO_SOURCE_REFUSED);
  g_assert_cmpstr (status.code, ==, "premium_required");
}

static gboolean
command (Fixture *f, TempoSourceCommand what, double value, GError **error)
{
  SpotifyWaiter waiter = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  tempo_source_command_async (f->source, what, value, NULL, spotify_waiter_done, &waiter);
  result = spotify_waiter_wait (&waiter);

  return tempo_source_command_finish (f->source, result, error);
}

static void
test_transport (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GError) error = NULL;

  play (f, "One");
  pass (f, 30 * SECOND);
  g_assert_true (command (f, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_false (f->user->playing);
  /* Already so: no error. */
  g_assert_true (command (f, TEMPO_SOURCE_PAUSE, 0, &error));
  pass (f, 300 * SECOND);
  g_assert_cmpint (tempo_source_get_position (f->source), <, 32000);
  g_assert_true (command (f, TEMPO_SOURCE_RESUME, 0, &error));
  g_assert_true (f->user->playing);
  g_assert_true (command (f, TEMPO_SOURCE_SEEK, 90000, &error));
  pass (f, 2 * SECOND);
  g_assert_cmpint (tempo_source_get_position (f->source), >, 91000);
  g_assert_true (command (f, TEMPO_SOURCE_SET_VOLUME, 0.25, &error));
  g_assert_cmpint (f->user->volume, ==, 25);
  f->user->supports_volume = FALSE;
  pass (f, 25 * SECOND);
  g_assert_false (command (f, TEMPO_SOURCE_SET_VOLUME, 0.5, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE);
  expect (f, "started");
}

/* Another device: Tempo's song goes on there, nobody else's is moved. */
static void
test_moves_to_a_device (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  tempo_spotify_source_set_device (TEMPO_SPOTIFY_SOURCE (f->source), "elsewhere");
  pass (f, 5 * SECOND);
  g_assert_cmpuint (f->user->transfers, ==, 0);
  tempo_spotify_source_set_device (TEMPO_SPOTIFY_SOURCE (f->source), "");
  play (f, "One");
  pass (f, 30 * SECOND);
  expect (f, "started");
  tempo_spotify_source_set_device (TEMPO_SPOTIFY_SOURCE (f->source), "elsewhere");
  tempo_spotify_source_set_device (TEMPO_SPOTIFY_SOURCE (f->source), "elsewhere");
  pass (f, 5 * SECOND);
  g_assert_cmpuint (f->user->transfers, ==, 1);
  g_assert_cmpint (tempo_source_get_position (f->source), >, 30000);
  expect (f, "");
}

/* The engine tells its volume with every song: the host's own is not touched by the first. */
static void
test_volume_is_the_hosts (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  play (f, "One");
  pass (f, 5 * SECOND);
  tempo_source_set_volume (f->source, 1.0);
  tempo_source_set_volume (f->source, 1.0);
  pass (f, 5 * SECOND);
  g_assert_cmpint (f->user->volume, ==, 60);
  tempo_source_set_volume (f->source, 0.5);
  pass (f, 5 * SECOND);
  g_assert_cmpint (f->user->volume, ==, 50);
}

static void
test_stops_ours (void)
{
  g_autoptr (Fixture) f = fixture_new ();

  play (f, "One");
  pass (f, 30 * SECOND);
  tempo_source_stop (f->source);
  pass (f, 5 * SECOND);
  g_assert_false (f->user->playing);
  expect (f, "started");
}

/* Without anybody who wants to know, nothing is asked. */
static void
test_rests (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  guint calls;

  tempo_source_set_watching (f->source, FALSE);
  calls = spotify_stand_in_get_calls (f->stand_in);
  pass (f, 3600 * SECOND);
  g_assert_cmpuint (spotify_stand_in_get_calls (f->stand_in), ==, calls);
}

static void
test_catalogue (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  SpotifyWaiter waiter = { NULL };
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GAsyncResult) drawn = NULL;
  g_autoptr (GAsyncResult) nothing = NULL;
  g_autoptr (GPtrArray) songs = NULL;
  g_autoptr (TempoSong) song = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GBytes) none = NULL;
  g_autofree char *type = NULL;
  g_autoptr (GError) error = NULL;

  tempo_source_search_async (f->source, "lanterns", 4, NULL, spotify_waiter_done, &waiter);
  found = spotify_waiter_wait (&waiter);
  songs = tempo_source_search_finish (f->source, found, NULL);
  g_assert_cmpuint (songs->len, ==, 4);
  song = tempo_source_lookup (f->source, ((TempoSong *) g_ptr_array_index (songs, 0))->id);
  g_assert_nonnull (song);
  tempo_source_artwork_async (f->source, song->artwork, NULL, spotify_waiter_done, &waiter);
  drawn = spotify_waiter_wait (&waiter);
  picture = tempo_source_artwork_finish (f->source, drawn, &type, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (type, ==, "image/png");
  tempo_source_artwork_async (f->source, "00", NULL, spotify_waiter_done, &waiter);
  nothing = spotify_waiter_wait (&waiter);
  none = tempo_source_artwork_finish (f->source, nothing, NULL, &error);
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND);
}

static void
test_filler (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_null (tempo_source_next_filler (f->source));
  tempo_source_set_filler_playlist (f->source, "mine");
  pass (f, SECOND);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (TempoSong) song = tempo_source_next_filler (f->source);

      g_assert_nonnull (song);
      g_hash_table_add (seen, g_strdup (song->id));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 3);
}

/* Every state of the account has its word and its health here. */
static void
test_health (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  TempoSourceFigures figures;

  g_assert_cmpstr (get_code (f), ==, "idle");
  f->user->revoked = TRUE;
  pass (f, 61 * SECOND);
  g_assert_cmpstr (get_code (f), ==, "needs_sign_in");
  g_assert_cmpint (tempo_source_get_health (f->source, NULL), ==, TEMPO_SOURCE_NEEDS_SIGN_IN);
  g_assert_true (tempo_source_get_figures (f->source, &figures));
  g_assert_cmpuint (figures.calls, >, 0);
  g_assert_cmpstr (figures.last_error, ==, "auth");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spotify/source/plays-and-ends", test_plays_and_ends);
  g_test_add_func ("/spotify/source/hands-over", test_hands_over);
  g_test_add_func ("/spotify/source/is-displaced", test_is_displaced);
  g_test_add_func ("/spotify/source/waits-behind-theirs", test_waits_behind_theirs);
  g_test_add_func ("/spotify/source/queue-refused", test_queue_refused);
  g_test_add_func ("/spotify/source/no-device", test_no_device);
  g_test_add_func ("/spotify/source/device-goes", test_device_goes);
  g_test_add_func ("/spotify/source/restricted-device", test_restricted_device);
  g_test_add_func ("/spotify/source/no-premium", test_no_premium);
  g_test_add_func ("/spotify/source/transport", test_transport);
  g_test_add_func ("/spotify/source/moves-to-a-device", test_moves_to_a_device);
  g_test_add_func ("/spotify/source/volume-is-the-hosts", test_volume_is_the_hosts);
  g_test_add_func ("/spotify/source/stops-ours", test_stops_ours);
  g_test_add_func ("/spotify/source/rests", test_rests);
  g_test_add_func ("/spotify/source/catalogue", test_catalogue);
  g_test_add_func ("/spotify/source/filler", test_filler);
  g_test_add_func ("/spotify/source/health", test_health);

  return g_test_run ();
}
