/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpris-house.h"
#include "music-fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/tempo-now-playing.h"
#include "music/mpris/tempo-mpris-metadata.h"
#include "music/mpris/tempo-mpris-pictures.h"
#include "music/mpris/tempo-mpris-source.h"
#include "music/tempo-artwork.h"

/* On a private bus: a sloppy player of ours, players that hang, vanish and crowd, and mpv as a real one. */

typedef struct
{
  MprisHouse *house;
  const char *title; /* NULL: nothing sounds */
  const char *code;
} Wanted;

static gboolean
is_shown (gpointer data)
{
  Wanted *wanted = data;
  g_autoptr (TempoNowPlaying) now = tempo_source_dup_playing (wanted->house->source);
  TempoSourceStatus status;

  tempo_source_get_status (wanted->house->source, &status);
  return g_strcmp0 (now ? now->song->title : NULL, wanted->title) == 0 && g_str_equal (status.code, wanted->code);
}

static void
wait_shown (MprisHouse *house, const char *title, const char *code)
{
  Wanted wanted = { house, title, code };

  music_fixture_wait (is_shown, &wanted);
}

static const struct
{
  const char *text;
  const char *title; /* NULL: no song */
  const char *artist;
  gint64 ms;
} metadata_cases[] = {
  { "{'mpris:trackid': <objectpath '/a'>, 'mpris:length': <int64 3000000>, 'xesam:title': <'T'>, 'xesam:artist': <['A', 'B']>}", "T", "A, B", 3000 },
  { "{'mpris:trackid': <'spotify:track:x'>, 'mpris:length': <uint64 3000000>, 'xesam:title': <'T'>, 'xesam:artist': <'A'>}", "T", "A", 3000 },
  { "{'mpris:length': <int32 3000000>, 'xesam:title': <'T'>}", "T", "", 3000 },
  { "{'mpris:length': <3000000.5>, 'xesam:title': <'T'>, 'xesam:artist': <@as []>}", "T", "", 3000 },
  { "{'mpris:length': <int64 -1>, 'xesam:title': <'T'>}", "T", "", 0 },
  { "{'mpris:length': <int64 9223372036854775807>, 'xesam:title': <'T'>}", "T", "", 0 },
  { "{'mpris:length': <'long'>, 'xesam:title': <['T']>, 'xesam:albumArtist': <['Z']>}", "T", "Z", 0 },
  { "{'mpris:trackid': <objectpath '/org/mpris/MediaPlayer2/TrackList/NoTrack'>, 'xesam:title': <'T'>}", NULL, NULL, 0 },
  { "{'xesam:url': <'file:///m/Ada%20L%20-%20Song.ogg'>}", "Song", "Ada L", 0 },
  { "{'xesam:title': <5>, 'xesam:artist': <{'a': <1>}>}", NULL, NULL, 0 },
  { "{'xesam:title': <' two\\nlines '>}", "two lines", "", 0 },
  { "@a{sv} {}", NULL, NULL, 0 },
};

static void
test_metadata (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (metadata_cases); i++)
    {
      g_autoptr (GVariant) metadata = g_variant_parse (G_VARIANT_TYPE_VARDICT, metadata_cases[i].text, NULL, NULL,
                                                       NULL);
      g_autoptr (TempoSong) song = tempo_mpris_read_song (metadata);

      g_test_message ("%s", metadata_cases[i].text);
      g_assert_nonnull (metadata);
      g_assert_cmpstr (song ? song->title : NULL, ==, metadata_cases[i].title);
      g_assert_cmpstr (song ? song->artist : NULL, ==, metadata_cases[i].artist);
      g_assert_cmpint (song ? song->duration_ms : 0, ==, metadata_cases[i].ms);
      g_assert_true (song == NULL || g_str_has_prefix (song->id, "mpris:"));
    }
  g_assert_null (tempo_mpris_read_song (NULL));
}

static const struct
{
  const char *url; /* text of a GVariant, NULL: not told */
  const char *path; /* NULL: none */
} url_cases[] = {
  { "'file:///m/a.png'", "/m/a.png" },
  { "'file://localhost/m/a%20b%C3%A4.png'", "/m/a b\xc3\xa4.png" },
  { NULL, NULL },
  { "''", NULL },
  { "5", NULL },
  { "['file:///m/a.png']", NULL },
  { "objectpath '/m/a'", NULL },
  { "'/m/a.png'", NULL },
  { "'a.png'", NULL },
  { "'file:a.png'", NULL },
  { "'file://elsewhere/m/a.png'", NULL },
  { "'file:///m/a%00.png'", NULL },
  { "'file:///m/%zz.png'", NULL },
  { "'http://127.0.0.1/a.png'", NULL },
  { "'https://i.scdn.co/image/a'", NULL },
  { "'data:image/png;base64,iVBORw0KGgo='", NULL },
  { "'javascript:alert(1)'", NULL },
};

static void
test_picture_urls (void)
{
  g_autofree char *endless = g_strnfill (TEMPO_MPRIS_MAX_TEXT, 'a');
  g_autofree char *long_url = g_strdup_printf ("{'mpris:artUrl': <'file:///%s'>}", endless);
  g_autoptr (GVariant) too_long = g_variant_parse (G_VARIANT_TYPE_VARDICT, long_url, NULL, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (url_cases); i++)
    {
      g_autofree char *text = url_cases[i].url ? g_strdup_printf ("{'mpris:artUrl': <%s>}", url_cases[i].url)
                                               : g_strdup ("@a{sv} {}");
      g_autoptr (GVariant) metadata = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);
      g_autofree char *path = tempo_mpris_read_picture (metadata);

      g_test_message ("%s", text);
      g_assert_nonnull (metadata);
      g_assert_cmpstr (path, ==, url_cases[i].path);
    }
  g_assert_null (tempo_mpris_read_picture (too_long));
  g_assert_null (tempo_mpris_read_picture (NULL));
}

#define SONG(title) "{'mpris:trackid': <'/t/1'>, 'mpris:length': <uint64 60000000>, 'xesam:title': <'" title "'>, 'xesam:artist': <'A'>}"
#define NAME "org.mpris.MediaPlayer2."

/* There before, comes later, changes, falls silent, vanishes, comes again. */
static void
test_life (void)
{
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *player = sloppy_new (house, NAME "sloppy.instance7", "Playing", SONG ("One"), FALSE);
  g_autoptr (TempoNowPlaying) now = NULL;

  player->position = 5 * G_USEC_PER_SEC;
  mpris_house_open (house, NULL);
  wait_shown (house, "One", "ready");
  now = tempo_source_dup_playing (house->source);
  g_assert_true (now->playing && now->position_ms >= 5000 && now->position_ms < 20000);
  g_assert_cmpint (now->song->duration_ms, ==, 60000);
  sloppy_set (player, "Playing", SONG ("Two"));
  wait_shown (house, "Two", "ready");
  sloppy_set (player, "Stopped", "@a{sv} {}");
  wait_shown (house, NULL, "idle");
  sloppy_free (player);
  wait_shown (house, NULL, "gone");
  g_assert_cmpint (tempo_source_get_health (house->source, NULL), ==, TEMPO_SOURCE_GONE);
  player = sloppy_new (house, NAME "sloppy.instance8", "Paused", SONG ("Three"), FALSE);
  wait_shown (house, "Three", "ready");
  sloppy_free (player);
}

static gboolean
is_beyond (gpointer data)
{
  return tempo_source_get_position (data) >= 40000;
}

static guint
count_calls (MprisHouse *house)
{
  TempoSourceFigures figures;

  g_assert_true (tempo_source_get_figures (house->source, &figures));
  return (guint) figures.calls;
}

/* A player that shouts all the time is not asked as often; a jump is seen. */
static void
test_shouts (void)
{
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  static const char *const invalid[] = { "Metadata", NULL };
  guint before;

  mpris_house_open (house, NULL);
  wait_shown (house, "One", "ready");
  before = count_calls (house);
  for (guint i = 0; i < 1000; i++)
    g_dbus_connection_emit_signal (player->bus, NULL, "/org/mpris/MediaPlayer2", "org.freedesktop.DBus.Properties",
                                   "PropertiesChanged",
                                   g_variant_new ("(sa{sv}^as)", "org.mpris.MediaPlayer2.Player", NULL, invalid), NULL);
  g_dbus_connection_emit_signal (player->bus, NULL, "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.Player",
                                 "Seeked",
                                 g_variant_new ("(x)", (gint64) 40 * G_USEC_PER_SEC), NULL);
  music_fixture_wait (is_beyond, house->source);
  sloppy_set_metadata (player, SONG ("Two"));
  sloppy_say (player, "Metadata", player->metadata);
  wait_shown (house, "Two", "ready");
  g_assert_cmpuint (count_calls (house) - before, <, 50);
  sloppy_free (player);
}

/* A change that comes in parts is told once. */
static void
test_settles (void)
{
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  guint before;

  mpris_house_open (house, NULL);
  wait_shown (house, "One", "ready");
  before = house->changes;
  sloppy_set (player, "Paused", "{'xesam:title': <'Two'>}");
  sloppy_set (player, "Playing", "{'xesam:title': <'Two'>, 'xesam:artist': <'A'>}");
  sloppy_set (player, "Playing", SONG ("Two"));
  wait_shown (house, "Two", "ready");
  music_fixture_wait (is_shown, &(Wanted) { house, "Two", "ready" });
  g_assert_cmpuint (house->changes - before, <=, 2);
  sloppy_free (player);
}

static void
test_prefers (void)
{
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *quiet = sloppy_new (house, NAME "quiet", "Paused", SONG ("Quiet"), FALSE);
  SloppyPlayer *loud = sloppy_new (house, NAME "loud", "Playing", SONG ("Loud"), FALSE);
  SloppyPlayer *own = sloppy_new (house, NAME "io.github.tempo_venue.Tempo", "Playing", SONG ("Own"), FALSE);

  mpris_house_open (house, NULL);
  wait_shown (house, "Loud", "ready");
  sloppy_set (loud, "Paused", SONG ("Loud"));
  sloppy_set (quiet, "Playing", SONG ("Quiet"));
  wait_shown (house, "Quiet", "ready");
  g_assert_finalize_object (house->source);
  mpris_house_open (house, NAME "loud");
  wait_shown (house, "Loud", "ready");
  sloppy_free (loud);
  wait_shown (house, NULL, "gone");
  sloppy_free (quiet);
  sloppy_free (own);
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

static gboolean
run_command (MprisHouse *house, TempoSourceCommand command, double value, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_source_command_async (house->source, command, value, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  return tempo_source_command_finish (house->source, result, error);
}

static void
test_commands (void)
{
  g_autoptr (MprisHouse) house = mpris_house_new ();
  g_autoptr (GError) error = NULL;
  SloppyPlayer *player;

  mpris_house_open (house, NULL);
  wait_shown (house, NULL, "gone");
  g_assert_false (run_command (house, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE);
  g_clear_error (&error);
  player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  wait_shown (house, "One", "ready");
  g_assert_true (tempo_source_get_abilities (house->source) == (TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_ARTWORK
                                                                | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_VOLUME));
  g_assert_true (run_command (house, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_true (run_command (house, TEMPO_SOURCE_RESUME, 0, &error));
  g_assert_true (run_command (house, TEMPO_SOURCE_SEEK, 2000, &error));
  g_assert_true (run_command (house, TEMPO_SOURCE_SET_VOLUME, 0.25, &error));
  g_assert_cmpfloat (player->volume, ==, 0.25);
  g_assert_cmpstr (player->heard->str, ==, "Pause Play SetPosition ");
  player->obeys = FALSE;
  g_assert_false (run_command (house, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE);
  sloppy_say (player, "CanControl", g_variant_new_boolean (FALSE));
  sloppy_set (player, "Playing", SONG ("Two"));
  wait_shown (house, "Two", "ready");
  g_assert_true (tempo_source_get_abilities (house->source) == (TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_ARTWORK));
  g_clear_error (&error);
  g_assert_false (run_command (house, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE);
  sloppy_free (player);
}

/* A name on the bus behind which nobody answers; letting go does not wait, and the rest goes on. */
static void
test_hangs (void)
{
  g_autoptr (MprisHouse) house = mpris_house_new ();
  g_autoptr (GMainContext) nowhere = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) players = NULL;
  g_autoptr (GError) error = NULL;
  SloppyPlayer *hung;
  SloppyPlayer *player;
  TempoMprisPlayer *first;

  /* Its objects answer in a context that nobody runs. */
  g_main_context_push_thread_default (nowhere);
  hung = sloppy_new (house, NAME "hung", "Playing", SONG ("Never"), TRUE);
  g_main_context_pop_thread_default (nowhere);
  mpris_house_open (house, NULL);
  wait_shown (house, NULL, "gone");
  player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  wait_shown (house, "One", "ready");
  tempo_mpris_list_players_async (house->bus, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  players = tempo_mpris_list_players_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (players->len, ==, 2);
  first = players->pdata[0];
  if (g_str_equal (first->name, NAME "hung"))
    {
      g_assert_cmpstr (first->identity, ==, "hung");
      first = players->pdata[1];
    }
  g_assert_cmpstr (first->identity, ==, "SloppyPlayer Player");
  sloppy_free (player);
  sloppy_free (hung);
}

static void
test_crowd (void)
{
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *player = sloppy_new (house, NAME "a0", "Playing", SONG ("One"), FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) players = NULL;

  for (guint i = 1; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf (NAME "a%u", i);

      sloppy_own (player, name);
    }
  mpris_house_open (house, NULL);
  wait_shown (house, "One", "ready");
  tempo_mpris_list_players_async (house->bus, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  players = tempo_mpris_list_players_finish (result, NULL);
  g_assert_cmpuint (players->len, ==, TEMPO_MPRIS_MAX_PLAYERS);
  sloppy_free (player);
}

typedef enum
{
  MISSING,
  BYTES,   /* of content */
  FOLDER,
  PIPE,
  SNOW,    /* a picture of so many pixels a side */
  ENDLESS, /* a picture's head, then nothing up to above what is read */
} FileKind;

static const struct
{
  const char *name;
  FileKind kind;
  const char *content;
  const char *type; /* NULL: no picture */
} file_cases[] = {
  { "small.png", SNOW, "40", "image/png" },
  { "vanished.png", MISSING, NULL, NULL },
  { "wrong-name.txt", SNOW, "48", "image/png" },
  { "empty.png", BYTES, "", NULL },
  { "text.png", BYTES, "no picture", NULL },
  { "drawn.svg", BYTES, "<svg onload='alert(1)'/>", NULL },
  { "folder.png", FOLDER, NULL, NULL },
  { "pipe.png", PIPE, NULL, NULL },
  { "endless.png", ENDLESS, NULL, NULL },
  { "large.png", SNOW, "700", "image/jpeg" },
};

static void
make_file (MusicFixture *files, guint i)
{
  g_autofree char *path = music_fixture_path (files, file_cases[i].name);
  guint side = file_cases[i].kind == SNOW ? (guint) atoi (file_cases[i].content) : 16;
  g_autoptr (GBytes) snow = music_fixture_image ("png", side);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, g_bytes_get_data (snow, NULL), (guint) g_bytes_get_size (snow));
  if (file_cases[i].kind == ENDLESS)
    {
      guint length = bytes->len;

      g_byte_array_set_size (bytes, TEMPO_ARTWORK_MAX_SOURCE + 1);
      memset (bytes->data + length, 0, bytes->len - length);
    }
  if (file_cases[i].kind == SNOW || file_cases[i].kind == ENDLESS)
    music_fixture_write (files, file_cases[i].name, bytes->data, bytes->len);
  else if (file_cases[i].kind == BYTES)
    music_fixture_write (files, file_cases[i].name, file_cases[i].content, strlen (file_cases[i].content));
  else if (file_cases[i].kind == FOLDER)
    g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  else if (file_cases[i].kind == PIPE)
    g_assert_cmpint (mkfifo (path, 0600), ==, 0);
}

static gboolean
has_artwork (gpointer data)
{
  Wanted *wanted = data;
  g_autoptr (TempoNowPlaying) now = tempo_source_dup_playing (wanted->house->source);

  return is_shown (data) && now->song->artwork != NULL;
}

/* Shows @title with the picture @name; the id its artwork has when there is one. */
static char *
show_picture (MprisHouse *house, SloppyPlayer *player, const char *title, const char *path)
{
  g_autofree char *url = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *metadata = g_strdup_printf ("{'xesam:title': <'%s'>, 'mpris:artUrl': <'%s'>}", title, url);
  g_autoptr (TempoNowPlaying) now = NULL;
  g_autofree char *both = NULL;

  sloppy_set (player, "Playing", metadata);
  wait_shown (house, title, "ready");
  now = tempo_source_dup_playing (house->source);
  both = g_strdup_printf ("%s\n%s", now->song->id, path);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
}

static GBytes *
get_picture (MprisHouse *house, const char *id, char **type, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_source_artwork_async (house->source, id, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  return tempo_source_artwork_finish (house->source, result, type, error);
}

/* Pictures are read one after the other: when that of the song after is there, the one before was looked at. */
static void
test_pictures (void)
{
  g_autoptr (MusicFixture) files = music_fixture_new ();
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  g_autofree char *good = music_fixture_path (files, file_cases[0].name);

  make_file (files, 0);
  mpris_house_open (house, NULL);
  wait_shown (house, "One", "ready");
  for (guint i = 0; i < G_N_ELEMENTS (file_cases); i++)
    {
      g_autofree char *path = music_fixture_path (files, file_cases[i].name);
      g_autofree char *after = g_strdup_printf ("After %u", i);
      g_autofree char *title = g_strdup_printf ("Song %u", i);
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;
      g_autofree char *next = NULL;
      g_autoptr (GBytes) picture = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", file_cases[i].name);
      if (i > 0)
        make_file (files, i);
      id = show_picture (house, player, title, path);
      if (file_cases[i].type != NULL)
        music_fixture_wait (has_artwork, &(Wanted) { house, title, "ready" });
      next = show_picture (house, player, after, good);
      music_fixture_wait (has_artwork, &(Wanted) { house, after, "ready" });
      g_assert_cmpstr (id, !=, next);
      picture = get_picture (house, id, &type, &error);
      g_assert_cmpstr (type, ==, file_cases[i].type);
      if (file_cases[i].type == NULL)
        g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND);
      else
        g_assert_true (picture != NULL && g_bytes_get_size (picture) <= TEMPO_ARTWORK_MAX_BYTES);
    }
  sloppy_free (player);
}

/* What was read stays when the player takes the file away, for the last songs; the song after it has none. */
static void
test_picture_vanishes (void)
{
  g_autoptr (MusicFixture) files = music_fixture_new ();
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  g_autofree char *path = music_fixture_path (files, file_cases[0].name);
  g_autofree char *first = NULL;
  g_autoptr (TempoNowPlaying) now = NULL;

  make_file (files, 0);
  mpris_house_open (house, NULL);
  for (guint i = 0; i < TEMPO_MPRIS_MAX_PICTURES + 1; i++)
    {
      g_autofree char *title = g_strdup_printf ("Song %u", i);
      g_autofree char *id = show_picture (house, player, title, path);
      g_autoptr (GBytes) picture = NULL;

      music_fixture_wait (has_artwork, &(Wanted) { house, title, "ready" });
      if (first == NULL)
        first = g_steal_pointer (&id);
      picture = get_picture (house, first, NULL, NULL);
      g_assert_true ((picture != NULL) == (i < TEMPO_MPRIS_MAX_PICTURES));
    }
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_true (has_artwork (&(Wanted) { house, "Song 8", "ready" }));
  sloppy_set (player, "Playing", SONG ("Two"));
  wait_shown (house, "Two", "ready");
  now = tempo_source_dup_playing (house->source);
  g_assert_null (now->song->artwork);
  sloppy_free (player);
}

/* The player names the file of its picture when half of it is written, or before it has begun. */
static void
test_picture_comes_late (void)
{
  g_autoptr (MusicFixture) files = music_fixture_new ();
  g_autoptr (MprisHouse) house = mpris_house_new ();
  SloppyPlayer *player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  g_autofree char *path = music_fixture_path (files, file_cases[0].name);
  g_autofree char *data = NULL;
  gsize length;

  make_file (files, 0);
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  mpris_house_open (house, NULL);
  for (guint i = 0; i < 2; i++)
    {
      const char *title = i == 0 ? "Half" : "Late";
      g_autoptr (GBytes) picture = NULL;
      g_autofree char *id = NULL;

      if (i == 0)
        g_assert_true (g_file_set_contents (path, data, (gssize) length / 2, NULL));
      id = show_picture (house, player, title, path);
      g_assert_false (has_artwork (&(Wanted) { house, title, "ready" }));
      g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
      music_fixture_wait (has_artwork, &(Wanted) { house, title, "ready" });
      picture = get_picture (house, id, NULL, NULL);
      g_assert_cmpuint (g_bytes_get_size (picture), ==, length);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  /* A song whose picture never comes is not asked after when the next one plays. */
  g_free (show_picture (house, player, "Never", "/nowhere/cover.png"));
  wait_shown (house, "Never", "ready");
  sloppy_set (player, "Playing", SONG ("Two"));
  wait_shown (house, "Two", "ready");
  sloppy_free (player);
}

static void
test_mpv (void)
{
  g_autofree char *mpv = g_find_program_in_path ("mpv");
  const char *script = "/usr/lib/mpv-mpris/mpris.so";
  g_autoptr (MusicFixture) files = NULL;
  g_autoptr (MprisHouse) house = NULL;
  g_autofree char *path = NULL;
  g_autofree char *load = g_strdup_printf ("--script=%s", script);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoNowPlaying) now = NULL;

  if (mpv == NULL || !g_file_test (script, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("mpv with mpv-mpris is not here");
      return;
    }
  files = music_fixture_new ();
  music_fixture_make_tone (files, &(Tone) { "real.flac", 30000, "title=Real Song;artist=Real Artist", NULL });
  path = music_fixture_path (files, "real.flac");
  house = mpris_house_new ();
  mpris_house_open (house, NULL);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", g_test_dbus_get_bus_address (house->daemon),
                                TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, mpv, "--no-config", "--ao=null", "--no-terminal",
                                         "--no-video", load, path, NULL);
  g_assert_no_error (error);
  wait_shown (house, "Real Song", "ready");
  now = tempo_source_dup_playing (house->source);
  g_assert_cmpstr (now->song->artist, ==, "Real Artist");
  g_assert_true (now->playing);
  g_assert_true (run_command (house, TEMPO_SOURCE_SEEK, 10000, &error));
  g_assert_true (run_command (house, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_true (run_command (house, TEMPO_SOURCE_SET_VOLUME, 0.5, &error));
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  wait_shown (house, NULL, "gone");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpris/metadata", test_metadata);
  g_test_add_func ("/mpris/picture-urls", test_picture_urls);
  g_test_add_func ("/mpris/pictures", test_pictures);
  g_test_add_func ("/mpris/picture-vanishes", test_picture_vanishes);
  g_test_add_func ("/mpris/picture-comes-late", test_picture_comes_late);
  g_test_add_func ("/mpris/life", test_life);
  g_test_add_func ("/mpris/settles", test_settles);
  g_test_add_func ("/mpris/shouts", test_shouts);
  g_test_add_func ("/mpris/prefers", test_prefers);
  g_test_add_func ("/mpris/commands", test_commands);
  g_test_add_func ("/mpris/hangs", test_hangs);
  g_test_add_func ("/mpris/crowd", test_crowd);
  g_test_add_func ("/mpris/mpv", test_mpv);
  return g_test_run ();
}
