/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music-fixture.h"

#include <string.h>

#include "model/tempo-now-playing.h"
#include "music/mpris/tempo-mpris-metadata.h"
#include "music/mpris/tempo-mpris-source.h"

/* On a private bus: a sloppy player of ours, players that hang, vanish and crowd, and mpv as a real one. */

static const char xml[] =
  "<node><interface name='org.mpris.MediaPlayer2'><property name='Identity' type='s' access='read'/></interface>"
  "<interface name='org.mpris.MediaPlayer2.Player'>"
  "<method name='Play'/><method name='Pause'/><method name='Stop'/>"
  "<method name='Seek'><arg type='x' direction='in'/></method>"
  "<method name='SetPosition'><arg type='o' direction='in'/><arg type='x' direction='in'/></method>"
  "<property name='PlaybackStatus' type='s' access='read'/><property name='Metadata' type='a{sv}' access='read'/>"
  "<property name='Position' type='x' access='read'/><property name='Volume' type='d' access='readwrite'/>"
  "<property name='CanControl' type='b' access='read'/><property name='CanPause' type='b' access='read'/>"
  "<property name='CanSeek' type='b' access='read'/></interface></node>";

typedef struct
{
  GDBusConnection *bus; /* (owned) */
  char *name;           /* (owned) */
  guint id;
  guint objects[2];
  char *status;         /* (owned) */
  GVariant *metadata;   /* (owned) */
  gint64 position;
  double volume;
  gboolean hangs;
  gboolean obeys;
  GString *heard;       /* (owned) */
} Sloppy;

typedef struct
{
  GTestDBus *daemon;   /* (owned) */
  GDBusConnection *bus; /* (owned) the source's */
  TempoSource *source; /* (owned) (nullable) */
  guint changes;
} House;

static GDBusConnection *
connect_bus (House *house)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (house->daemon),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);

  g_assert_no_error (error);
  return bus;
}

static void
changed_cb (TempoSource *source, House *house)
{
  house->changes++;
}

static House *
house_new (void)
{
  House *house = g_new0 (House, 1);

  house->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (house->daemon);
  house->bus = connect_bus (house);
  return house;
}

static void
house_open (House *house, const char *player)
{
  house->source = tempo_mpris_source_new (house->bus, player, NULL);
  g_assert_cmpint (tempo_source_get_health (house->source, NULL), ==, TEMPO_SOURCE_CONNECTING);
  g_signal_connect (house->source, "playing-changed", G_CALLBACK (changed_cb), house);
}

static void
house_free (House *house)
{
  if (house->source != NULL)
    g_assert_finalize_object (house->source);
  g_dbus_connection_close_sync (house->bus, NULL, NULL);
  g_clear_object (&house->bus);
  g_test_dbus_stop (house->daemon);
  g_clear_object (&house->daemon);
  g_free (house);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (House, house_free)

static void
method_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
           GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
  Sloppy *player = data;

  g_string_append_printf (player->heard, "%s ", method);
  if (!player->obeys)
    g_dbus_method_invocation_return_dbus_error (invocation, "org.example.No", "no");
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static GVariant *
get_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name,
        GError **error, gpointer data)
{
  Sloppy *player = data;

  if (g_str_equal (name, "Identity"))
    return g_variant_new_string ("Sloppy Player");
  if (g_str_equal (name, "PlaybackStatus"))
    return g_variant_new_string (player->status);
  if (g_str_equal (name, "Metadata"))
    return g_variant_ref (player->metadata);
  if (g_str_equal (name, "Position"))
    return g_variant_new_int64 (player->position);
  if (g_str_equal (name, "Volume"))
    return g_variant_new_double (player->volume);
  return g_variant_new_boolean (player->obeys);
}

static gboolean
set_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name,
        GVariant *value,
        GError **error, gpointer data)
{
  ((Sloppy *) data)->volume = g_variant_get_double (value);
  return TRUE;
}

static void
set_metadata (Sloppy *player, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&player->metadata, g_variant_unref);
  player->metadata = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
sloppy_own (Sloppy *player, const char *name)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    player->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
    g_variant_new ("(su)", name, 4u), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_assert_nonnull (answer);
}

static Sloppy *
sloppy_new (House *house, const char *name, const char *status, const char *metadata, gboolean hangs)
{
  static const GDBusInterfaceVTable table = { method_cb, get_cb, set_cb, { 0 } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  Sloppy *player = g_new0 (Sloppy, 1);

  player->bus = connect_bus (house);
  player->status = g_strdup (status);
  player->heard = g_string_new (NULL);
  player->obeys = TRUE;
  player->hangs = hangs;
  player->volume = 1;
  set_metadata (player, metadata);
  for (guint i = 0; i < 2; i++)
    player->objects[i] = g_dbus_connection_register_object (player->bus, "/org/mpris/MediaPlayer2",
                                                            node->interfaces[i], &table, player, NULL, NULL);
  /* Nobody takes its calls from the wire any more: it hangs for whoever asks. */
  sloppy_own (player, name);
  player->name = g_strdup (name);
  return player;
}

static void
sloppy_free (Sloppy *player)
{
  for (guint i = 0; i < 2; i++)
    g_dbus_connection_unregister_object (player->bus, player->objects[i]);
  g_dbus_connection_close_sync (player->bus, NULL, NULL);
  g_clear_object (&player->bus);
  g_clear_pointer (&player->status, g_free);
  g_clear_pointer (&player->metadata, g_variant_unref);
  g_clear_pointer (&player->name, g_free);
  g_string_free (player->heard, TRUE);
  g_free (player);
}

static void
sloppy_say (Sloppy *player, const char *property, GVariant *value)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", property, value);
  g_dbus_connection_emit_signal (player->bus, NULL, "/org/mpris/MediaPlayer2", "org.freedesktop.DBus.Properties",
                                 "PropertiesChanged",
                                 g_variant_new ("(sa{sv}as)", "org.mpris.MediaPlayer2.Player", &builder, NULL), NULL);
}

static void
sloppy_set (Sloppy *player, const char *status, const char *metadata)
{
  g_clear_pointer (&player->status, g_free);
  player->status = g_strdup (status);
  set_metadata (player, metadata);
  sloppy_say (player, "PlaybackStatus", g_variant_new_string (status));
  sloppy_say (player, "Metadata", player->metadata);
}

typedef struct
{
  House *house;
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
wait_shown (House *house, const char *title, const char *code)
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
    }
  g_assert_null (tempo_mpris_read_song (NULL));
}

#define SONG(title) "{'mpris:trackid': <'/t/1'>, 'mpris:length': <uint64 60000000>, 'xesam:title': <'" title "'>, 'xesam:artist': <'A'>}"
#define NAME "org.mpris.MediaPlayer2."

/* There before, comes later, changes, falls silent, vanishes, comes again. */
static void
test_life (void)
{
  g_autoptr (House) house = house_new ();
  Sloppy *player = sloppy_new (house, NAME "sloppy.instance7", "Playing", SONG ("One"), FALSE);
  g_autoptr (TempoNowPlaying) now = NULL;

  player->position = 5 * G_USEC_PER_SEC;
  house_open (house, NULL);
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
count_calls (House *house)
{
  TempoSourceFigures figures;

  g_assert_true (tempo_source_get_figures (house->source, &figures));
  return (guint) figures.calls;
}

/* A player that shouts all the time is not asked as often; a jump is seen. */
static void
test_shouts (void)
{
  g_autoptr (House) house = house_new ();
  Sloppy *player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  static const char *const invalid[] = { "Metadata", NULL };
  guint before;

  house_open (house, NULL);
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
  set_metadata (player, SONG ("Two"));
  sloppy_say (player, "Metadata", player->metadata);
  wait_shown (house, "Two", "ready");
  g_assert_cmpuint (count_calls (house) - before, <, 50);
  sloppy_free (player);
}

/* A change that comes in parts is told once. */
static void
test_settles (void)
{
  g_autoptr (House) house = house_new ();
  Sloppy *player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  guint before;

  house_open (house, NULL);
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
  g_autoptr (House) house = house_new ();
  Sloppy *quiet = sloppy_new (house, NAME "quiet", "Paused", SONG ("Quiet"), FALSE);
  Sloppy *loud = sloppy_new (house, NAME "loud", "Playing", SONG ("Loud"), FALSE);
  Sloppy *own = sloppy_new (house, NAME "io.github.tempo_venue.Tempo", "Playing", SONG ("Own"), FALSE);

  house_open (house, NULL);
  wait_shown (house, "Loud", "ready");
  sloppy_set (loud, "Paused", SONG ("Loud"));
  sloppy_set (quiet, "Playing", SONG ("Quiet"));
  wait_shown (house, "Quiet", "ready");
  g_assert_finalize_object (house->source);
  house_open (house, NAME "loud");
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
run_command (House *house, TempoSourceCommand command, double value, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_source_command_async (house->source, command, value, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  return tempo_source_command_finish (house->source, result, error);
}

static void
test_commands (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (GError) error = NULL;
  Sloppy *player;

  house_open (house, NULL);
  wait_shown (house, NULL, "gone");
  g_assert_false (run_command (house, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE);
  g_clear_error (&error);
  player = sloppy_new (house, NAME "sloppy", "Playing", SONG ("One"), FALSE);
  wait_shown (house, "One", "ready");
  g_assert_true (tempo_source_get_abilities (house->source) == (TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_VOLUME));
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
  g_assert_true (tempo_source_get_abilities (house->source) == TEMPO_SOURCE_NOW_PLAYING);
  g_clear_error (&error);
  g_assert_false (run_command (house, TEMPO_SOURCE_PAUSE, 0, &error));
  g_assert_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE);
  sloppy_free (player);
}

/* A name on the bus behind which nobody answers; letting go does not wait, and the rest goes on. */
static void
test_hangs (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (GMainContext) nowhere = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) players = NULL;
  g_autoptr (GError) error = NULL;
  Sloppy *hung;
  Sloppy *player;
  TempoMprisPlayer *first;

  /* Its objects answer in a context that nobody runs. */
  g_main_context_push_thread_default (nowhere);
  hung = sloppy_new (house, NAME "hung", "Playing", SONG ("Never"), TRUE);
  g_main_context_pop_thread_default (nowhere);
  house_open (house, NULL);
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
  g_assert_cmpstr (first->identity, ==, "Sloppy Player");
  sloppy_free (player);
  sloppy_free (hung);
}

static void
test_crowd (void)
{
  g_autoptr (House) house = house_new ();
  Sloppy *player = sloppy_new (house, NAME "a0", "Playing", SONG ("One"), FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) players = NULL;

  for (guint i = 1; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf (NAME "a%u", i);

      sloppy_own (player, name);
    }
  house_open (house, NULL);
  wait_shown (house, "One", "ready");
  tempo_mpris_list_players_async (house->bus, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  players = tempo_mpris_list_players_finish (result, NULL);
  g_assert_cmpuint (players->len, ==, TEMPO_MPRIS_MAX_PLAYERS);
  sloppy_free (player);
}

static void
test_mpv (void)
{
  g_autofree char *mpv = g_find_program_in_path ("mpv");
  const char *script = "/usr/lib/mpv-mpris/mpris.so";
  g_autoptr (MusicFixture) files = NULL;
  g_autoptr (House) house = NULL;
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
  house = house_new ();
  house_open (house, NULL);
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
