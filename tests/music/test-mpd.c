/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpd-house.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "model/tempo-now-playing.h"
#include "music/mpd/tempo-mpd-hand.h"
#include "music/mpd/tempo-mpd-song.h"
#include "music/tempo-artwork.h"

/* The source against a real daemon, with another client at work, and against things that are no daemon. */

static MpdHouse *
open_house (guint ms)
{
  MpdHouse *house = mpd_house_new (ms, NULL);

  mpd_house_start (house);
  mpd_house_open (house, NULL, TEMPO_SOURCE_READY);
  return house;
}

static void
keep_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

/* Everything ordered before is done. */
static void
settle (MpdHouse *house)
{
  g_autoptr (TempoSong) any = mpd_house_find (house, "halo");
}

/* Shorter than the time before its end at which the next is wanted, and so long that a busy machine hands over in time. */
#define LONG_MS 14000

/* Near the end of the song that plays. */
static void
hasten (MpdHouse *house)
{
  tempo_source_seek (house->source, LONG_MS - 400);
}

static void
test_order (void)
{
  g_autoptr (MpdHouse) house = open_house (LONG_MS);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  g_autoptr (TempoSong) two = mpd_house_find (house, "two tons");
  g_autoptr (TempoNowPlaying) now = NULL;
  struct mpd_connection *client;
  struct mpd_status *status;

  tempo_source_play (house->source, one, 0);
  g_assert_cmpstr (house->files->events->str, ==, "");
  mpd_house_wait_event (house, "wants-next");
  now = tempo_source_dup_playing (house->source);
  g_assert_cmpstr (now->song->id, ==, one->id);
  g_assert_true (now->playing);
  g_assert_true (tempo_source_hand_over (house->source, two));
  settle (house);
  hasten (house);
  mpd_house_wait_event (house, "advanced");
  music_fixture_wait_event (house->files, "wants-next", 2);
  hasten (house);
  mpd_house_wait_event (house, "ended");
  g_assert_cmpstr (house->files->events->str, ==, "started wants-next position advanced wants-next position ended ");
  g_assert_cmpint (tempo_source_get_position (house->source), ==, 0);
  /* What Tempo put in, it takes out. */
  settle (house);
  client = mpd_house_client (house);
  status = mpd_run_status (client);
  g_assert_cmpuint (mpd_status_get_queue_length (status), ==, 0);
  mpd_status_free (status);
  mpd_connection_free (client);
}

/* The house's own list stays, and does not begin when ours is over. */
static void
test_house_list (void)
{
  g_autoptr (MpdHouse) house = open_house (1500);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  struct mpd_connection *client = mpd_house_client (house);
  struct mpd_status *status;

  mpd_run_add (client, "b/two.ogg");
  mpd_run_add (client, "c/three.flac");
  tempo_source_play (house->source, one, 0);
  mpd_house_wait_event (house, "ended");
  status = mpd_run_status (client);
  g_assert_cmpint (mpd_status_get_state (status), ==, MPD_STATE_STOP);
  g_assert_cmpuint (mpd_status_get_queue_length (status), ==, 2);
  g_assert_false (mpd_status_get_consume (status));
  mpd_status_free (status);
  mpd_connection_free (client);
}

static const struct
{
  const char *query;
  const char *title; /* the first answer, NULL: none */
} searches[] = {
  { "halo", "One Halo" },
  { "HALO one", "One Halo" },
  { "beyance", "One Halo" },
  { "Beyanc\303\251", "One Halo" },
  { "motorhead", "Two Tons" },
  { "M\303\226T\303\226RHEAD two", "Two Tons" },
  { "plain", "Plain Tune" },
  { "nobody tune", "Plain Tune" },
  { "quoted", "Three 'Quoted\\" },
  { "ac dc", "Three 'Quoted\\" },
  { "ac/dc \\ ' \" )", "Three 'Quoted\\" },
  { "') OR (file != '", NULL },
  { "nothing of the kind", NULL },
  { "", NULL },
  { "\"'\\()", NULL },
  { "\xff\xfe", NULL },
  { "one\nstatus", NULL },
};

static void
test_search (void)
{
  g_autoptr (MpdHouse) house = open_house (300);

  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) songs = NULL;
      g_autofree char *shown = g_strescape (searches[i].query, NULL);
      TempoSong *first;

      tempo_source_search_async (house->source, searches[i].query, 5, NULL, keep_result_cb, &result);
      music_fixture_wait (has_result, &result);
      songs = tempo_source_search_finish (house->source, result, &error);
      g_assert_no_error (error);
      first = songs->len > 0 ? songs->pdata[0] : NULL;
      g_test_message ("%s", shown);
      g_assert_cmpstr (first ? first->title : NULL, ==, searches[i].title);
      if (first != NULL)
        {
          g_autoptr (TempoSong) looked_up = tempo_source_lookup (house->source, first->id);
          g_autoptr (TempoSong) matched = tempo_source_match (house->source, first->artist, first->title);

          g_assert_true (looked_up != NULL && matched != NULL);
          g_assert_cmpstr (matched->id, ==, first->id);
          g_assert_null (strstr (first->id, "/"));
        }
    }
  g_assert_null (tempo_source_lookup (house->source, "/etc/passwd"));
  g_assert_null (tempo_source_lookup (house->source, "a/one.flac"));
}

/* After a restart of Tempo a stored request knows id and words; a song of another source is not the daemon's. */
static void
test_resolve (void)
{
  g_autoptr (MpdHouse) house = open_house (600);
  g_autoptr (TempoSong) three = mpd_house_find (house, "quoted");
  g_autoptr (TempoSong) plain = mpd_house_find (house, "plain");
  g_autoptr (TempoSong) stored = tempo_song_new (three->id, three->title, three->artist);
  g_autoptr (TempoSong) untagged = tempo_song_new (plain->id, plain->title, plain->artist);
  g_autoptr (TempoSong) foreign = tempo_song_new ("abc", "Halo", "Somebody");

  mpd_house_close (house);
  mpd_house_open (house, NULL, TEMPO_SOURCE_READY);
  tempo_source_play (house->source, stored, 0);
  mpd_house_wait_event (house, "ended");
  tempo_source_play (house->source, untagged, 0);
  music_fixture_wait_event (house->files, "ended", 2);
  foreign->uri = g_strdup ("/etc/passwd");
  tempo_source_play (house->source, foreign, 0);
  mpd_house_wait_event (house, "failed");
  g_assert_error (house->files->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE);
}

static void
take_out (struct mpd_connection *client)
{
  struct mpd_status *status = mpd_run_status (client);

  mpd_run_delete_id (client, mpd_status_get_song_id (status));
  mpd_status_free (status);
}

static void
put_on (struct mpd_connection *client)
{
  mpd_run_play_id (client, mpd_run_add_id (client, "c/three.flac"));
}

static void
stop (struct mpd_connection *client)
{
  mpd_run_stop (client);
}

static void
clear (struct mpd_connection *client)
{
  mpd_run_clear (client);
}

static void
test_displaced (void)
{
  static void (*const deeds[]) (struct mpd_connection *) = { take_out, put_on, stop, clear };
  g_autoptr (MpdHouse) house = open_house (20000);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  struct mpd_connection *client = mpd_house_client (house);

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_string_truncate (house->files->events, 0);
      tempo_source_play (house->source, one, 0);
      mpd_house_wait_event (house, "started");
      deeds[i] (client);
      mpd_house_wait_event (house, "displaced");
      g_assert_cmpstr (house->files->events->str, ==, "started displaced ");
      g_assert_cmpint (tempo_source_get_position (house->source), ==, 0);
    }
  mpd_connection_free (client);
}

static guint
next_id (struct mpd_connection *client)
{
  struct mpd_status *status = mpd_run_status (client);
  int id = mpd_status_get_next_song_id (status);

  mpd_status_free (status);
  return MAX (id, 0);
}

typedef struct
{
  struct mpd_connection *client;
  guint other_than;
} NextWanted;

static gboolean
has_next (gpointer data)
{
  NextWanted *wanted = data;
  guint id = next_id (wanted->client);

  return id != 0 && id != wanted->other_than;
}

/* What was handed over is taken out, then moved behind another song: each time it is put back. */
static void
test_handed_over_lost (void)
{
  g_autoptr (MpdHouse) house = open_house (LONG_MS);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  g_autoptr (TempoSong) two = mpd_house_find (house, "two");
  g_autoptr (TempoNowPlaying) now = NULL;
  struct mpd_connection *client = mpd_house_client (house);
  NextWanted wanted = { client, 0 };

  tempo_source_play (house->source, one, 0);
  mpd_house_wait_event (house, "wants-next");
  g_assert_true (tempo_source_hand_over (house->source, two));
  music_fixture_wait (has_next, &wanted);
  wanted.other_than = next_id (client);
  mpd_run_delete_id (client, wanted.other_than);
  music_fixture_wait (has_next, &wanted);
  /* In between. */
  wanted.other_than = (guint) mpd_run_add_id_whence (client, "c/three.flac", 0, MPD_POSITION_AFTER_CURRENT);
  music_fixture_wait (has_next, &wanted);
  hasten (house);
  mpd_house_wait_event (house, "advanced");
  now = tempo_source_dup_playing (house->source);
  g_assert_cmpstr (now->song->id, ==, two->id);
  g_assert_cmpuint (music_fixture_count_event (house->files, "displaced"), ==, 0);
  mpd_connection_free (client);
}

static gboolean
is_alone (gpointer data)
{
  return next_id (data) == 0;
}

static void
test_take_back (void)
{
  g_autoptr (MpdHouse) house = open_house (LONG_MS);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  g_autoptr (TempoSong) two = mpd_house_find (house, "two");
  struct mpd_connection *client = mpd_house_client (house);
  NextWanted wanted = { client, 0 };

  g_assert_false (tempo_source_hand_over (house->source, two));
  tempo_source_play (house->source, one, 0);
  mpd_house_wait_event (house, "wants-next");
  tempo_source_hand_over (house->source, two);
  music_fixture_wait (has_next, &wanted);
  g_assert_true (tempo_source_take_back (house->source));
  music_fixture_wait (is_alone, client);
  hasten (house);
  mpd_house_wait_event (house, "ended");
  g_assert_cmpuint (music_fixture_count_event (house->files, "advanced"), ==, 0);
  mpd_connection_free (client);
}

/* In random order, or with "single", the daemon does not go on with the song after this one. */
static void
test_modes (void)
{
  g_autoptr (MpdHouse) house = open_house (LONG_MS);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  g_autoptr (TempoSong) two = mpd_house_find (house, "two");
  g_autoptr (TempoNowPlaying) now = NULL;
  struct mpd_connection *client = mpd_house_client (house);

  mpd_run_random (client, true);
  mpd_run_single (client, true);
  tempo_source_play (house->source, one, 0);
  mpd_house_wait_event (house, "wants-next");
  tempo_source_hand_over (house->source, two);
  settle (house);
  hasten (house);
  mpd_house_wait_event (house, "advanced");
  hasten (house);
  mpd_house_wait_event (house, "ended");
  g_assert_cmpuint (music_fixture_count_event (house->files, "displaced"), ==, 0);
  mpd_connection_free (client);
}

static void
test_restart (gconstpointer data)
{
  gboolean kill = GPOINTER_TO_INT (data);
  g_autoptr (MpdHouse) house = open_house (6000);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  g_autoptr (TempoSong) two = mpd_house_find (house, "two");

  tempo_source_play (house->source, one, 0);
  mpd_house_wait_event (house, "wants-next");
  tempo_source_hand_over (house->source, two);
  settle (house);
  mpd_house_stop (house, kill);
  mpd_house_wait_health (house, TEMPO_SOURCE_GONE);
  mpd_house_start (house);
  mpd_house_wait_health (house, TEMPO_SOURCE_READY);
  tempo_source_seek (house->source, 5000);
  mpd_house_wait_event (house, "ended");
  g_assert_cmpuint (music_fixture_count_event (house->files, "displaced"), ==, 0);
  g_assert_cmpuint (music_fixture_count_event (house->files, "failed"), ==, 0);
  g_assert_cmpuint (music_fixture_count_event (house->files, "started"), ==, 1);
}

static void
test_transport (void)
{
  g_autoptr (MpdHouse) house = open_house (20000);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  struct mpd_connection *client = mpd_house_client (house);
  struct mpd_status *status;

  g_assert_true (tempo_source_get_abilities (house->source) & TEMPO_SOURCE_VOLUME);
  tempo_source_play (house->source, one, 9000);
  mpd_house_wait_event (house, "started");
  g_assert_cmpint (tempo_source_get_position (house->source), >=, 9000);
  tempo_source_command_async (house->source, TEMPO_SOURCE_PAUSE, 0, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  g_assert_true (tempo_source_command_finish (house->source, result, &error));
  tempo_source_set_volume (house->source, 0.37);
  tempo_source_resume (house->source);
  mpd_house_wait_event (house, "position");
  tempo_source_seek (house->source, 2000);
  music_fixture_wait_event (house->files, "position", 2);
  g_assert_cmpint (tempo_source_get_position (house->source), <, 6000);
  status = mpd_run_status (client);
  g_assert_cmpint (mpd_status_get_volume (status), ==, 37);
  mpd_status_free (status);
  tempo_source_stop (house->source);
  g_clear_object (&result);
  tempo_source_command_async (house->source, TEMPO_SOURCE_SET_VOLUME, 1, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  status = mpd_run_status (client);
  g_assert_cmpint (mpd_status_get_state (status), ==, MPD_STATE_STOP);
  mpd_status_free (status);
  g_assert_cmpuint (music_fixture_count_event (house->files, "ended") + music_fixture_count_event (house->files,
                                                                                                   "displaced"), ==, 0);
  mpd_connection_free (client);
}

static void
test_unplayable (void)
{
  g_autoptr (MpdHouse) house = open_house (600);
  g_autoptr (TempoSong) one = mpd_house_find (house, "halo");
  g_autofree char *path = music_fixture_path (house->files, "a/one.flac");

  g_assert_cmpint (g_unlink (path), ==, 0);
  tempo_source_play (house->source, one, 0);
  mpd_house_wait_event (house, "failed");
  g_assert_error (house->files->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE);
  g_assert_cmpuint (music_fixture_count_event (house->files, "started"), ==, 0);
}

static void
test_outputs (void)
{
  g_autoptr (MpdHouse) house = open_house (300);
  struct mpd_connection *client = mpd_house_client (house);
  TempoSourceStatus status;

  mpd_run_disable_output (client, 0);
  mpd_house_wait_health (house, TEMPO_SOURCE_NO_DEVICE);
  tempo_source_get_status (house->source, &status);
  g_assert_cmpstr (status.code, ==, "no_output");
  mpd_run_enable_output (client, 0);
  mpd_house_wait_health (house, TEMPO_SOURCE_READY);
  mpd_connection_free (client);
}

static GBytes *
fetch_picture (MpdHouse *house, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *type = NULL;
  GBytes *picture;

  tempo_source_artwork_async (house->source, id, NULL, keep_result_cb, &result);
  g_assert_null (result);
  music_fixture_wait (has_result, &result);
  picture = tempo_source_artwork_finish (house->source, result, &type, error);
  g_assert_cmpstr (type, ==, picture ? "image/png" : NULL);
  return picture;
}

static void
test_artwork (void)
{
  static const struct { const char *query; gboolean has; } cases[] = { { "halo", TRUE }, { "quoted", TRUE }, { "two",
                                                                                                              FALSE } };
  g_autoptr (MpdHouse) house = open_house (300);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      guint n = i % G_N_ELEMENTS (cases);
      g_autoptr (TempoSong) song = mpd_house_find (house, cases[n].query);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) picture = fetch_picture (house, song->artwork, &error);

      g_assert_true ((picture != NULL) == cases[n].has);
      if (!cases[n].has)
        g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (fetch_picture (house, i ? "../../etc/passwd" : "a/one.flac", &error));
      g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND);
    }
}

/* A stored song that names no file of the daemon's is not known again: over a socket it would read any file. */
static void
test_remembers (void)
{
  static const struct
  {
    const char *uri, *id; /* NULL: the one that belongs to the other */
    gboolean known;
  } cases[] = {
    { "a/stored.flac", NULL, TRUE },
    { "a/other.flac", "mpd:00", FALSE },
    { "/etc/passwd", NULL, FALSE },
    { "file:///etc/passwd", NULL, FALSE },
    { "http://elsewhere.example/stream", NULL, FALSE },
    { NULL, "mpd:01", FALSE },
  };
  g_autoptr (MpdHouse) house = open_house (300);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = cases[i].id != NULL ? g_strdup (cases[i].id) : tempo_mpd_song_id (cases[i].uri);
      g_autoptr (TempoSong) song = tempo_song_new (id, "Stored", "Nobody");
      g_autoptr (TempoSong) known = NULL;

      song->uri = g_strdup (cases[i].uri);
      tempo_source_remember (house->source, song);
      known = tempo_source_lookup (house->source, id);
      g_assert_cmpint (known != NULL, ==, cases[i].known);
    }
}

static gboolean
has_filler (gpointer data)
{
  TempoSong **song = ((gpointer *) data)[1];

  g_clear_object (song);
  *song = tempo_source_next_filler (((gpointer *) data)[0]);
  return *song != NULL;
}

static void
test_playlists (void)
{
  g_autoptr (MpdHouse) house = open_house (300);
  struct mpd_connection *client = mpd_house_client (house);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lists = NULL;
  g_autoptr (GPtrArray) house_songs = NULL;
  g_autoptr (TempoSong) song = NULL;
  gpointer wanted[] = { house->source, &song };
  TempoPlaylist *list;

  music_fixture_wait (has_filler, wanted);
  house_songs = tempo_source_suggest (house->source, 3);
  g_assert_cmpuint (house_songs->len, ==, 3);
  mpd_run_playlist_add (client, "closing time", "b/two.ogg");
  tempo_source_list_playlists_async (house->source, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  lists = tempo_source_list_playlists_finish (house->source, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lists->len, ==, 1);
  list = lists->pdata[0];
  g_assert_cmpstr (list->name, ==, "closing time");
  g_assert_cmpuint (list->songs, ==, 1);
  tempo_source_set_filler_playlist (house->source, list->id);
  for (guint i = 0; i < 3; i++)
    {
      music_fixture_wait (has_filler, wanted);
      g_assert_cmpstr (song->title, ==, "Two Tons");
    }
  mpd_connection_free (client);
}

static void
test_password (void)
{
  static const struct
  {
    const char *password;
    TempoSourceHealth health;
    const char *code;
  } cases[] = {
    { "right", TEMPO_SOURCE_READY, "ready" },
    { "wrong", TEMPO_SOURCE_NEEDS_SIGN_IN, "bad_password" },
    { NULL, TEMPO_SOURCE_NEEDS_SIGN_IN, "bad_password" },
    { "two\nlines", TEMPO_SOURCE_NEEDS_SIGN_IN, "bad_password" },
  };
  g_autoptr (MpdHouse) house = mpd_house_new (300, "password \"right@read,add,player,control,admin\"\n"
                                                   "default_permissions \"\"\nlocal_permissions \"\"");

  mpd_house_start (house);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TempoSourceStatus status;

      mpd_house_open (house, cases[i].password, cases[i].health);
      tempo_source_get_status (house->source, &status);
      g_assert_cmpstr (status.code, ==, cases[i].code);
      if (cases[i].password != NULL)
        g_assert_null (strstr (status.text, cases[i].password));
      mpd_house_close (house);
    }
}

/* Things that are no daemon */

static gboolean
answer_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, const char *script)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_auto (GStrv) parts = g_strsplit (script, "|", -1);
  char line[512];

  /* Each part follows one thing that was sent; then nothing more, until the other side hangs up. */
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (i > 0 && g_input_stream_read (input, line, sizeof line, NULL, NULL) <= 0)
        return TRUE;
      if (!g_output_stream_write_all (output, parts[i], strlen (parts[i]), NULL, NULL, NULL))
        return TRUE;
    }
  while (g_input_stream_read (input, line, sizeof line, NULL, NULL) > 0)
    continue;
  return TRUE;
}

static const struct
{
  const char *script;
  TempoSourceHealth health;
} strangers[] = {
  { "", TEMPO_SOURCE_GONE },
  { "HTTP/1.0 400 Bad Request\r\n\r\n", TEMPO_SOURCE_GONE },
  { "OK MPD", TEMPO_SOURCE_GONE },
  { "OK MPD banana\n", TEMPO_SOURCE_GONE },
  { "OK MPD 0.23.5\n|", TEMPO_SOURCE_GONE },
  { "OK MPD 0.23.5\n|outputid: 0\noutputname: x\noutputen", TEMPO_SOURCE_GONE },
  { "OK MPD 0.23.5\n|nonsense\n", TEMPO_SOURCE_GONE },
  { "OK MPD 0.23.5\n|ACK [5@0] {} unknown command\n", TEMPO_SOURCE_GONE },
  { "OK MPD 0.23.5\n|ACK [4@0] {outputs} you don't have permission for \"outputs\"\n", TEMPO_SOURCE_NEEDS_SIGN_IN },
  { "OK MPD 0.23.5\n|outputid: 0\noutputname: x\noutputenabled: 1\nOK\n|volume: 1\nstate: pl", TEMPO_SOURCE_GONE },
};

static void
test_strangers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autoptr (GSocketService) service = g_threaded_socket_service_new (20);
      guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
      TempoMpdOptions options = { .host = "127.0.0.1", .port = port, .retry_ms = 10, .answer_ms = 300 };
      MpdHouse house = { 0 };

      g_test_message ("%s", strangers[i].script);
      g_signal_connect (service, "run", G_CALLBACK (answer_cb), (gpointer) strangers[i].script);
      house.source = tempo_mpd_source_new (&options);
      mpd_house_wait_health (&house, strangers[i].health);
      /* However it hangs, letting go of it does not. */
      g_assert_finalize_object (house.source);
      g_socket_service_stop (service);
      g_socket_listener_close (G_SOCKET_LISTENER (service));
    }
}

static void
test_nobody (void)
{
  g_autoptr (MusicFixture) files = music_fixture_new ();
  g_autofree char *path = g_build_filename (files->root, "stale", NULL);
  g_autoptr (GSocket) stale = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  TempoMpdOptions options = { .socket = path, .retry_ms = 10 };
  g_autoptr (TempoSong) song = tempo_song_new ("x", "X", "Y");
  MpdHouse house = { 0 };
  TempoSourceStatus status;

  g_assert_true (g_socket_bind (stale, address, FALSE, NULL));
  g_socket_close (stale, NULL);
  house.source = tempo_mpd_source_new (&options);
  mpd_house_wait_health (&house, TEMPO_SOURCE_GONE);
  tempo_source_get_status (house.source, &status);
  g_assert_cmpstr (status.code, ==, "unreachable");
  g_assert_null (tempo_source_dup_playing (house.source));
  g_assert_null (tempo_source_next_filler (house.source));
  tempo_source_play (house.source, song, 0);
  g_assert_finalize_object (house.source);
}

/* Two looks, one judgement */

static const struct
{
  const char *name;
  TempoMpdLook before;
  TempoMpdLook now;
  guint next;
  gboolean begun;
  TempoMpdVerdict verdict;
} judgements[] = {
#define OURS .song = 7, .duration_ms = 60000
  { "opened", { 1, OURS }, { 1, OURS, .sounds = TRUE }, 0, FALSE, TEMPO_MPD_BEGINS },
  { "opening", { 1, OURS }, { 1, OURS }, 0, FALSE, TEMPO_MPD_STAYS },
  { "plays", { 1, OURS }, { 1, OURS, .sounds = TRUE }, 0, TRUE, TEMPO_MPD_STAYS },
  { "paused", { 1, OURS }, { 2, OURS, .sounds = TRUE }, 0, TRUE, TEMPO_MPD_STAYS },
  { "stopped by hand", { 1, OURS }, { 0, OURS }, 0, TRUE, TEMPO_MPD_DISPLACED },
  { "stopped by single", { 1, OURS, .elapsed_ms = 59500 }, { 0, OURS }, 0, TRUE, TEMPO_MPD_ENDS },
  { "last of the list", { 1, OURS, .elapsed_ms = 59500 }, { 0 }, 0, TRUE, TEMPO_MPD_ENDS },
  { "next of theirs", { 1, OURS, .elapsed_ms = 59500 }, { 1, .song = 9 }, 0, TRUE, TEMPO_MPD_ENDS },
  { "crossfade", { 1, OURS, .elapsed_ms = 54500, .crossfade_ms = 5000 }, { 1, .song = 9 }, 0, TRUE, TEMPO_MPD_ENDS },
  { "skipped to ours", { 1, OURS }, { 1, .song = 8 }, 8, TRUE, TEMPO_MPD_ADVANCES },
  { "halted before ours", { 1, OURS }, { 2, .song = 8 }, 8, TRUE, TEMPO_MPD_ENDS },
  { "skipped to ours in a pause", { 2, OURS }, { 2, .song = 8 }, 8, TRUE, TEMPO_MPD_ADVANCES },
  { "skipped to theirs", { 1, OURS }, { 1, .song = 9 }, 8, TRUE, TEMPO_MPD_DISPLACED },
  { "cleared", { 1, OURS }, { 0 }, 8, TRUE, TEMPO_MPD_DISPLACED },
  { "unknown length", { 1, .song = 7 }, { 0 }, 0, TRUE, TEMPO_MPD_ENDS },
  { "not decoded", { 1, OURS }, { 1, .song = 9, .error = "bad" }, 0, FALSE, TEMPO_MPD_FAILS },
  { "not decoded, alone", { 1, OURS }, { 0, OURS, .error = "bad" }, 0, FALSE, TEMPO_MPD_FAILS },
  { "not decoded, begun", { 1, OURS }, { 0, OURS, .error = "bad" }, 0, TRUE, TEMPO_MPD_FAILS },
  { "ends with an old error", { 1, OURS, .error = "Not seekable" }, { 0, .error = "Not seekable" }, 0, TRUE, TEMPO_MPD_DISPLACED },
  { "its end with an old error", { 1, OURS, .elapsed_ms = 59500, .error = "Not seekable" }, { 0, OURS, .error = "Not seekable" }, 0, TRUE, TEMPO_MPD_ENDS },
  { "halts with an old error", { 1, OURS, .error = "Not seekable" }, { 2, OURS, .error = "Not seekable" }, 0, TRUE, TEMPO_MPD_STAYS },
  { "another error", { 1, OURS, .error = "Not seekable" }, { 0, OURS, .error = "bad" }, 0, TRUE, TEMPO_MPD_FAILS },
  { "no output", { 1, OURS }, { 2, OURS, .error = "bad" }, 0, TRUE, TEMPO_MPD_SILENT },
#undef OURS
};

static void
test_judge (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (judgements); i++)
    {
      g_test_message ("%s", judgements[i].name);
      g_assert_cmpint (tempo_mpd_judge (&judgements[i].before, &judgements[i].now, 7, judgements[i].next,
                                        judgements[i].begun), ==,
                       judgements[i].verdict);
      g_assert_cmpint (tempo_mpd_judge (&judgements[i].before, &judgements[i].now, 0, 0, FALSE), ==, TEMPO_MPD_STAYS);
    }
}

static const struct
{
  const char *query;
  TempoMpdMatch match;
  const char *filter;
} filters[] = {
  { "oona", TEMPO_MPD_MATCH_TAGS, "(any contains 'oona')" },
  { " oona  gold ", TEMPO_MPD_MATCH_TAGS, "((any contains 'oona') AND (any contains 'gold'))" },
  { "a') AND (file != 'b", TEMPO_MPD_MATCH_NAMES, "((file contains 'a') AND (file contains 'AND') AND (file contains 'file') AND (file contains 'b'))" },
  { "x9", TEMPO_MPD_MATCH_BLIND, "(any =~ '(?i)x9')" },
  { " \t", TEMPO_MPD_MATCH_TAGS, NULL },
};

static void
test_filter (void)
{
  g_autofree char *quoted = tempo_mpd_condition ("title", "==", "it's \"5\\6\"\n");
  g_autofree char *many = g_strnfill (5000, 'e');
  g_autofree char *blind = tempo_mpd_filter (many, TEMPO_MPD_MATCH_BLIND);
  g_autofree char *tags = tempo_mpd_filter (many, TEMPO_MPD_MATCH_TAGS);

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree char *filter = tempo_mpd_filter (filters[i].query, filters[i].match);

      g_assert_cmpstr (filter, ==, filters[i].filter);
    }
  g_assert_cmpstr (quoted, ==, "(title == 'it\\'s \\\"5\\\\6\\\" ')");
  g_assert_true (blind == NULL || strlen (blind) < 1600);
  g_assert_cmpuint (strlen (tags), <, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpd/judge", test_judge);
  g_test_add_func ("/mpd/filter", test_filter);
  g_test_add_func ("/mpd/order", test_order);
  g_test_add_func ("/mpd/house-list", test_house_list);
  g_test_add_func ("/mpd/search", test_search);
  g_test_add_func ("/mpd/resolve", test_resolve);
  g_test_add_func ("/mpd/displaced", test_displaced);
  g_test_add_func ("/mpd/handed-over-lost", test_handed_over_lost);
  g_test_add_func ("/mpd/take-back", test_take_back);
  g_test_add_func ("/mpd/modes", test_modes);
  g_test_add_data_func ("/mpd/restart/killed", GINT_TO_POINTER (TRUE), test_restart);
  g_test_add_data_func ("/mpd/restart/ended", GINT_TO_POINTER (FALSE), test_restart);
  g_test_add_func ("/mpd/transport", test_transport);
  g_test_add_func ("/mpd/unplayable", test_unplayable);
  g_test_add_func ("/mpd/outputs", test_outputs);
  g_test_add_func ("/mpd/artwork", test_artwork);
  g_test_add_func ("/mpd/remembers", test_remembers);
  g_test_add_func ("/mpd/playlists", test_playlists);
  g_test_add_func ("/mpd/password", test_password);
  g_test_add_func ("/mpd/strangers", test_strangers);
  g_test_add_func ("/mpd/nobody", test_nobody);
  return g_test_run ();
}
