/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of Spotify that need no server: gate, Retry-After, sign-ins, readers. */
#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "model/tempo-song.h"
#include "music/spotify/tempo-spotify-catalog.h"
#include "music/spotify/tempo-spotify-gate.h"
#include "music/spotify/tempo-spotify-reader.h"
#include "music/spotify/tempo-spotify-sign-ins.h"
#include "music/spotify/tempo-spotify-tokens.h"
#include "music/tempo-source.h"

#define START_US G_GINT64_CONSTANT (1795291200000000) /* 2026-11-21 20:00 UTC */
#define SECOND G_TIME_SPAN_SECOND

static void
test_retry_after (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds; /* -1: neither */
  } cases[] = {
    { "7", 7 },
    { " 20520", 20520 },
    { "79892", 79892 },
    { "0", 1 },
    { "99999999999999999999", 7 * 24 * 3600 },
    { "Sat, 21 Nov 2026 20:01:30 GMT", 90 },
    { "Sat, 21 Nov 2026 19:00:00 GMT", 1 },
    { "Saturday, 21-Nov-26 20:00:10 GMT", 10 },
    { "", -1 },
    { "soon", -1 },
    { "-5", -1 },
    { "1.5", -1 },
    { "7 s", -1 },
    { NULL, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 wait = tempo_spotify_read_retry_after (cases[i].text, START_US);

      g_test_message ("%s", cases[i].text != NULL ? cases[i].text : "(none)");
      g_assert_cmpint (wait, ==, cases[i].seconds < 0 ? -1 : cases[i].seconds * SECOND);
    }
}

/* What a gate was last kept as. */
typedef struct
{
  gint64 not_before;
  char *reason; /* (owned) */
  guint times;
} Kept;

static void
keep (const char *client, gint64 not_before, const char *reason, gpointer user_data)
{
  Kept *kept = user_data;

  g_assert_cmpstr (client, ==, "client");
  kept->not_before = not_before;
  g_free (kept->reason);
  kept->reason = g_strdup (reason);
  kept->times++;
}

static void
test_gate_holds_for_hours (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (START_US);
  Kept kept = { 0 };
  g_autoptr (TempoSpotifyGate) gate = tempo_spotify_gate_new (clock, "client", 0, NULL, keep, &kept);
  g_autoptr (TempoSpotifyGate) after = NULL;
  gint64 until = 0;

  g_assert_true (tempo_spotify_gate_pass (gate, TEMPO_SPOTIFY_SEARCH, &until));
  tempo_spotify_gate_close (gate, "20520", FALSE);
  g_assert_cmpuint (kept.times, ==, 1);
  g_assert_cmpint (kept.not_before, ==, START_US + 20520 * SECOND);
  /* Nothing passes, however much it matters, and nothing shortens it. */
  tempo_spotify_gate_close (gate, "5", FALSE);
  g_assert_cmpuint (kept.times, ==, 1);
  tempo_clock_advance (clock, 20519 * SECOND);
  g_assert_false (tempo_spotify_gate_pass (gate, TEMPO_SPOTIFY_TOKEN, &until));
  g_assert_cmpint (until, ==, START_US + 20520 * SECOND);
  /* Nor does a restart. */
  after = tempo_spotify_gate_new (clock, "client", kept.not_before, kept.reason, NULL, NULL);
  g_assert_false (tempo_spotify_gate_pass (after, TEMPO_SPOTIFY_TOKEN, &until));
  tempo_clock_advance (clock, SECOND);
  g_assert_true (tempo_spotify_gate_pass (gate, TEMPO_SPOTIFY_TOKEN, &until));
  g_assert_true (tempo_spotify_gate_pass (after, TEMPO_SPOTIFY_SEARCH, &until));
  g_free (kept.reason);
}

static void
test_gate_guesses (void)
{
  static const guint seconds[] = { 5, 10, 20, 40 };
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (START_US);
  g_autoptr (TempoSpotifyGate) gate = tempo_spotify_gate_new (clock, "client", 0, NULL, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      tempo_spotify_gate_close (gate, NULL, FALSE);
      g_assert_cmpint (tempo_spotify_gate_get_until (gate), ==, tempo_clock_now (clock) + seconds[i] * SECOND);
      tempo_clock_advance (clock, seconds[i] * SECOND);
    }
  tempo_spotify_gate_succeed (gate);
  tempo_spotify_gate_close (gate, "nonsense", FALSE);
  g_assert_cmpint (tempo_spotify_gate_get_until (gate), ==, tempo_clock_now (clock) + 5 * SECOND);
}

static void
test_gate_quota (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (START_US);
  Kept kept = { 0 };
  g_autoptr (TempoSpotifyGate) gate = tempo_spotify_gate_new (clock, "client", 0, NULL, keep, &kept);

  tempo_spotify_gate_close (gate, "3", TRUE);
  g_assert_cmpint (tempo_spotify_gate_get_until (gate), ==, START_US + 15 * 60 * SECOND);
  g_assert_true (tempo_spotify_gate_is_quota (gate));
  g_assert_cmpstr (kept.reason, ==, "quota");
  g_free (kept.reason);
}

static void
test_gate_budget (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (START_US);
  g_autoptr (TempoSpotifyGate) gate = tempo_spotify_gate_new (clock, "client", 0, NULL, NULL, NULL);
  static const guint passed[] = { [TEMPO_SPOTIFY_SEARCH] = 30, [TEMPO_SPOTIFY_HOST] = 45, [TEMPO_SPOTIFY_WATCHER] = 55, [TEMPO_SPOTIFY_TOKEN] = 60 };
  gint64 until = 0;

  /* The less important stop first, and leave the rest to the others. */
  for (int priority = TEMPO_SPOTIFY_SEARCH; priority >= (int) TEMPO_SPOTIFY_TOKEN; priority--)
    {
      while (tempo_spotify_gate_pass (gate, priority, &until))
        tempo_clock_advance (clock, SECOND / 100);
      g_assert_cmpuint (tempo_spotify_gate_get_spent (gate), ==, passed[priority]);
    }
  g_assert_cmpint (until, >, tempo_clock_now (clock));
  g_assert_cmpint (until, <=, tempo_clock_now (clock) + 30 * SECOND);
  tempo_clock_advance (clock, until - tempo_clock_now (clock));
  g_assert_true (tempo_spotify_gate_pass (gate, TEMPO_SPOTIFY_TOKEN, &until));
}

/* (transfer full): the state of an address. */
static char *
get_state (const char *address)
{
  const char *at = strstr (address, "&state=");

  g_assert_nonnull (at);
  at += strlen ("&state=");

  return g_strndup (at, strcspn (at, "&"));
}

static void
test_sign_ins (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (START_US);
  g_autoptr (TempoSpotifySignIns) table = tempo_spotify_sign_ins_new (clock);
  g_autofree char *address = tempo_spotify_sign_ins_begin (table, "https://accounts.example", "house", "client", "http://127.0.0.1:8080/spotify/callback");
  g_autofree char *state = get_state (address);
  g_autofree char *late = NULL;
  g_autofree char *late_state = NULL;
  g_autoptr (TempoSpotifySignIn) found = NULL;
  g_autofree char *challenge = NULL;

  g_assert_cmpuint (strlen (state), ==, 43);
  g_assert_null (strchr (address, '+'));
  g_assert_nonnull (strstr (address, "redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fspotify%2Fcallback&"));
  g_assert_true (tempo_spotify_sign_ins_has (table, "house"));
  g_assert_false (tempo_spotify_sign_ins_has (table, "other"));
  /* Another organization's address is not the way in. */
  g_assert_null (tempo_spotify_sign_ins_take (table, state, "other"));
  g_assert_null (tempo_spotify_sign_ins_take (table, "guessed", NULL));
  g_assert_null (tempo_spotify_sign_ins_take (table, NULL, NULL));
  found = tempo_spotify_sign_ins_take (table, state, "house");
  g_assert_nonnull (found);
  g_assert_cmpuint (strlen (found->verifier), >=, 43);
  g_assert_cmpuint (strlen (found->verifier), <=, 128);
  challenge = tempo_spotify_make_challenge (found->verifier);
  g_assert_true (g_str_has_suffix (address, challenge));
  /* Once. */
  g_assert_null (tempo_spotify_sign_ins_take (table, state, "house"));

  late = tempo_spotify_sign_ins_begin (table, "https://accounts.example", "house", "client", "http://127.0.0.1:8080/spotify/callback");
  late_state = get_state (late);
  tempo_clock_advance (clock, 10 * 60 * SECOND);
  g_assert_null (tempo_spotify_sign_ins_take (table, late_state, "house"));
}

/* Whoever begins again and again pushes out nobody else's. */
static void
test_sign_ins_are_bounded (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (START_US);
  g_autoptr (TempoSpotifySignIns) table = tempo_spotify_sign_ins_new (clock);
  g_autofree char *quiet = tempo_spotify_sign_ins_begin (table, "a", "quiet", "client", "r");
  g_autofree char *state = get_state (quiet);
  g_autofree char *first_state = NULL;
  g_autoptr (TempoSpotifySignIn) found = NULL;

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *address = tempo_spotify_sign_ins_begin (table, "a", "loud", "client", "r");

      if (i == 0)
        first_state = get_state (address);
      tempo_clock_advance (clock, SECOND / 10);
    }
  g_assert_null (tempo_spotify_sign_ins_take (table, first_state, NULL));
  found = tempo_spotify_sign_ins_take (table, state, NULL);
  g_assert_nonnull (found);
}

/* RFC 7636, appendix B. */
static void
test_challenge (void)
{
  g_autofree char *challenge = tempo_spotify_make_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *json = tempo_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);

  return json;
}

static void
test_read_playback (void)
{
  g_autoptr (JsonObject) json = parse (
    "{\"device\":{\"id\":\"d\",\"is_active\":true,\"is_restricted\":false,\"name\":\"Bar\",\"type\":\"Speaker\",\"volume_percent\":40,\"supports_volume\":true},"
    "\"progress_ms\":1500.0,\"is_playing\":true,\"item\":{\"id\":\"4uLU6hMCjMI75M1A2tKUQC\",\"uri\":\"spotify:track:4uLU6hMCjMI75M1A2tKUQC\",\"name\":\"A\","
    "\"duration_ms\":200000,\"explicit\":true,\"artists\":[{\"name\":\"X\"},{\"name\":null},{\"name\":\"Y\"}],\"album\":{\"name\":\"L\",\"images\":["
    "{\"url\":\"https://i/640\",\"width\":640},{\"url\":\"https://i/300\",\"width\":300},{\"url\":\"https://i/64\",\"width\":64}]}}}");
  g_autoptr (GHashTable) artwork = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (TempoSpotifyPlayback) playback = tempo_spotify_read_playback (json, artwork);

  g_assert_cmpstr (playback->song->id, ==, "spotify:track:4uLU6hMCjMI75M1A2tKUQC");
  g_assert_cmpstr (playback->song->artist, ==, "X, Y");
  g_assert_cmpstr (playback->song->album, ==, "L");
  g_assert_true (playback->song->explicit_content);
  g_assert_cmpint (playback->progress_ms, ==, 1500);
  g_assert_true (playback->playing);
  g_assert_cmpint (playback->device->volume, ==, 40);
  g_assert_cmpstr (g_hash_table_lookup (artwork, playback->song->artwork), ==, "https://i/300");
}

/* Everything that Spotify left out, renamed or turned into null in 2026, and worse. */
static void
test_read_sloppy (void)
{
  static const char *const texts[] = {
    "{}",
    "{\"item\":null,\"device\":null,\"is_playing\":null,\"progress_ms\":null}",
    "{\"item\":[],\"device\":\"x\",\"is_playing\":1,\"progress_ms\":\"5\"}",
    "{\"item\":{\"name\":\"\"},\"progress_ms\":-5}",
    "{\"item\":{\"name\":\"local\",\"id\":null,\"uri\":\"spotify:local:a:b:c:1\",\"artists\":null,\"album\":null,\"duration_ms\":1e300}}",
    "{\"item\":{\"name\":\"x\",\"uri\":\"spotify:track:../../me\",\"artists\":[1,[],{}],\"album\":{\"images\":[{},1,{\"url\":5}]}}}",
    "{\"tracks\":{\"items\":[null,1,{\"name\":\"n\"},{\"item\":{}}]},\"items\":[{\"item\":null,\"track\":null},{\"track\":5},[]],\"devices\":[{},3],\"queue\":[null,{}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonObject) json = parse (texts[i]);
      g_autoptr (TempoSpotifyPlayback) playback = tempo_spotify_read_playback (json, NULL);
      g_autoptr (GPtrArray) found = tempo_spotify_read_search (json, NULL);
      g_autoptr (GPtrArray) items = tempo_spotify_read_playlist_items (json, NULL);
      g_autoptr (GPtrArray) devices = tempo_spotify_read_devices (json);

      g_assert_true (playback->song == NULL || playback->song->id == NULL);
      g_assert_cmpint (playback->progress_ms, ==, 0);
      g_assert_cmpuint (found->len, ==, 0);
      g_assert_cmpuint (items->len, ==, 0);
      g_assert_null (tempo_spotify_read_grant (json));
      g_assert_null (tempo_spotify_read_person (json));
      g_assert_false (tempo_spotify_read_queue_has (json, "spotify:track:x"));
    }
}

/* Tokens go into a header: a line of their own is not to be had. */
static void
test_read_grant (void)
{
  g_autoptr (JsonObject) good = parse ("{\"access_token\":\"a\",\"expires_in\":3600}");
  g_autoptr (JsonObject) bad = parse ("{\"access_token\":\"a\\r\\nHost: b\",\"refresh_token\":\"r\"}");
  g_autoptr (TempoSpotifyGrant) grant = tempo_spotify_read_grant (good);

  g_assert_nonnull (grant);
  g_assert_null (grant->refresh);
  g_assert_null (tempo_spotify_read_grant (bad));
}

/* The entry was "track" and is "item"; what cannot be had is left out. */
static void
test_read_playlist (void)
{
  g_autoptr (JsonObject) json = parse ("{\"items\":[{\"track\":{\"name\":\"Old\",\"id\":\"old\"}},{\"item\":{\"name\":\"New\",\"id\":\"new\"}},"
                                       "{\"item\":{\"name\":\"Not here\",\"id\":\"n\",\"is_playable\":false}},"
                                       "{\"item\":{\"name\":\"Restricted\",\"id\":\"r\",\"restrictions\":{\"reason\":\"market\"}}},"
                                       "{\"item\":{\"name\":\"Mine\",\"id\":null,\"is_local\":true}}],\"next\":null}");
  g_autoptr (GPtrArray) songs = tempo_spotify_read_playlist_items (json, NULL);

  g_assert_cmpuint (songs->len, ==, 2);
  g_assert_cmpstr (((TempoSong *) g_ptr_array_index (songs, 0))->id, ==, "spotify:track:old");
  g_assert_cmpstr (((TempoSong *) g_ptr_array_index (songs, 1))->title, ==, "New");
  g_assert_false (tempo_spotify_read_has_more (json));
}

static void
test_tokens (void)
{
  g_autoptr (TempoSpotifyTokens) tokens = tempo_spotify_tokens_new ("client", "r\"1", "a", 5, 7);
  g_autofree char *text = tempo_spotify_tokens_write (tokens);
  g_autoptr (TempoSpotifyTokens) back = tempo_spotify_tokens_read (text);
  g_autoptr (TempoSpotifyTokens) brought = tempo_spotify_tokens_read ("{\"clientId\":\"c\",\"refreshToken\":\"r\"}");
  g_autofree char *name = tempo_spotify_secret_name ("acc");
  g_autofree char *unknown = tempo_spotify_secret_name (NULL);

  g_assert_cmpstr (back->refresh, ==, "r\"1");
  g_assert_cmpint (back->authorized_at, ==, 7);
  g_assert_cmpstr (brought->access, ==, "");
  g_assert_null (tempo_spotify_tokens_read ("{\"clientId\":\"c\"}"));
  g_assert_null (tempo_spotify_tokens_read ("nonsense"));
  g_assert_null (tempo_spotify_tokens_read (NULL));
  g_assert_cmpstr (name, ==, "spotify/acc");
  g_assert_cmpstr (unknown, ==, "spotify");
}

static void
test_catalog_is_bounded (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (START_US);
  g_autoptr (TempoSpotifyCatalog) catalog = tempo_spotify_catalog_new (clock);
  g_autoptr (GPtrArray) none = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TempoSong) last = NULL;
  g_autoptr (GPtrArray) found = NULL;

  for (guint i = 0; i < TEMPO_SPOTIFY_MAX_SONGS + 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("spotify:track:%u", i);
      g_autoptr (TempoSong) song = tempo_song_new (id, "t", "a");

      tempo_spotify_catalog_add (catalog, song);
      tempo_spotify_catalog_add (catalog, song);
    }
  g_assert_null (tempo_spotify_catalog_lookup (catalog, "spotify:track:0"));
  last = tempo_spotify_catalog_lookup (catalog, "spotify:track:100");
  g_assert_nonnull (last);
  for (guint i = 0; i < TEMPO_SPOTIFY_MAX_SEARCHES + 1; i++)
    {
      g_autofree char *words = g_strdup_printf ("%u", i);

      tempo_spotify_catalog_keep_search (catalog, words, none);
    }
  g_assert_null (tempo_spotify_catalog_find_search (catalog, "0"));
  found = tempo_spotify_catalog_find_search (catalog, "1");
  g_assert_nonnull (found);
  tempo_clock_advance (clock, TEMPO_SPOTIFY_SEARCH_US);
  g_assert_null (tempo_spotify_catalog_find_search (catalog, "1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spotify/retry-after", test_retry_after);
  g_test_add_func ("/spotify/gate/holds-for-hours", test_gate_holds_for_hours);
  g_test_add_func ("/spotify/gate/guesses", test_gate_guesses);
  g_test_add_func ("/spotify/gate/quota", test_gate_quota);
  g_test_add_func ("/spotify/gate/budget", test_gate_budget);
  g_test_add_func ("/spotify/sign-ins", test_sign_ins);
  g_test_add_func ("/spotify/sign-ins/bounded", test_sign_ins_are_bounded);
  g_test_add_func ("/spotify/challenge", test_challenge);
  g_test_add_func ("/spotify/read/playback", test_read_playback);
  g_test_add_func ("/spotify/read/sloppy", test_read_sloppy);
  g_test_add_func ("/spotify/read/grant", test_read_grant);
  g_test_add_func ("/spotify/read/playlist", test_read_playlist);
  g_test_add_func ("/spotify/tokens", test_tokens);
  g_test_add_func ("/spotify/catalog-is-bounded", test_catalog_is_bounded);

  return g_test_run ();
}
