/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpd-house.h"

#include <glib/gstdio.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define LOG_TAIL 4000 /* bytes of the daemon's log in an explanation */

static const char conf_text[] =
  "music_directory \"%s\"\n"
  "playlist_directory \"%s\"\n"
  "db_file \"%s/db\"\n"
  "state_file \"%s/state\"\n"
  "bind_to_address \"%s\"\n"
  "zeroconf_enabled \"no\"\n"
  "auto_update \"yes\"\n"
  "log_file \"%s/log\"\n"
  "log_level \"verbose\"\n"
  "audio_output {\n type \"null\"\n name \"test\"\n mixer_type \"null\"\n sync \"yes\"\n}\n"
  "%s\n";

static void
make_music (MpdHouse *self, guint ms)
{
  g_autoptr (GBytes) cover = music_fixture_image ("png", 64);
  gsize length;
  gconstpointer data = g_bytes_get_data (cover, &length);

  music_fixture_make_tone (self->files, &(Tone) { "a/one.flac", ms, "title=One Halo;artist=Beyanc\303\251;album=Fierce", cover });
  music_fixture_make_tone (self->files, &(Tone) { "b/two.ogg", ms, "title=Two Tons;artist=Mot\303\266rhead", NULL });
  music_fixture_make_tone (self->files, &(Tone) { "c/three.flac", ms, "title=Three 'Quoted\\;artist=AC/DC;album=Loud", NULL });
  music_fixture_make_tone (self->files, &(Tone) { "c/Nobody - Plain Tune.wav", ms, NULL, NULL });
  music_fixture_write (self->files, "c/cover.png", data, length);
}

static void
explain (gpointer data, GString *text)
{
  MpdHouse *self = data;
  g_autofree char *path = g_build_filename (self->files->root, "log", NULL);
  g_autofree char *log = NULL;
  TempoSourceStatus status;
  gsize length = 0;

  if (self->source != NULL)
    {
      tempo_source_get_status (self->source, &status);
      g_string_append_printf (text, "the source is %s: %s, at %" G_GINT64_FORMAT " ms\n", status.code, status.text,
                              tempo_source_get_position (self->source));
    }
  if (g_file_get_contents (path, &log, &length, NULL))
    g_string_append_printf (text, "the daemon's log, %srunning:\n%s\n", self->daemon ? "" : "not ",
                            log + (length > LOG_TAIL ? length - LOG_TAIL : 0));
}

MpdHouse *
mpd_house_new (guint ms, const char *extra)
{
  MpdHouse *self = g_new0 (MpdHouse, 1);
  g_autofree char *lists = NULL;
  g_autofree char *text = NULL;

  self->files = music_fixture_new ();
  make_music (self, ms);
  lists = g_build_filename (self->files->root, "lists", NULL);
  g_assert_cmpint (g_mkdir (lists, 0700), ==, 0);
  self->conf = g_build_filename (self->files->root, "mpd.conf", NULL);
  self->socket = g_build_filename (self->files->root, "socket", NULL);
  text = g_strdup_printf (conf_text, self->files->folder, lists, self->files->root, self->files->root, self->socket,
                          self->files->root, extra ? extra : "");
  g_assert_true (g_file_set_contents (self->conf, text, -1, NULL));
  music_fixture_offer (explain, self);
  return self;
}

void
mpd_house_close (MpdHouse *self)
{
  if (self->source == NULL)
    return;
  g_assert_finalize_object (self->source);
  self->source = NULL;
}

void
mpd_house_free (MpdHouse *self)
{
  mpd_house_close (self);
  if (self->daemon != NULL)
    mpd_house_stop (self, TRUE);
  music_fixture_take_back (self);
  music_fixture_free (self->files);
  g_clear_pointer (&self->conf, g_free);
  g_clear_pointer (&self->socket, g_free);
  g_free (self);
}

/* It knows its songs, and has written down that it does: one that is killed before that comes back without them. */
static gboolean
has_songs (gpointer data)
{
  struct mpd_connection *client = mpd_connection_new (data, 0, 10000);
  gboolean known = FALSE;

  if (mpd_connection_get_error (client) == MPD_ERROR_SUCCESS)
    {
      struct mpd_stats *stats = mpd_run_stats (client);
      /* A daemon with a password does not say; then its songs matter to no test. */
      struct mpd_status *status = stats ? mpd_run_status (client) : NULL;

      known = stats == NULL
              || (status != NULL && mpd_stats_get_number_of_songs (stats) >= 4 && mpd_status_get_update_id (status) == 0);
      g_clear_pointer (&stats, mpd_stats_free);
      g_clear_pointer (&status, mpd_status_free);
    }
  mpd_connection_free (client);
  return known;
}

/* The daemon reads its music in a thread that runs only when no other wants to: on a busy machine that is a matter of minutes.
 * So it is refused the priority it asks for. */
static void
forbid_idling (gpointer data)
{
  struct sock_filter steps[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, __NR_sched_setscheduler, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1 /* EPERM */),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = { G_N_ELEMENTS (steps), steps };

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

void
mpd_house_start (MpdHouse *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, forbid_idling, NULL, NULL);
  self->daemon = g_subprocess_launcher_spawn (launcher, &error, "mpd", "--no-daemon", self->conf, NULL);
  g_assert_no_error (error);
  music_fixture_wait (has_songs, self->socket);
}

void
mpd_house_stop (MpdHouse *self, gboolean kill)
{
  music_fixture_note (self->files, kill ? "the daemon is killed" : "the daemon is ended", FALSE);
  g_subprocess_send_signal (self->daemon, kill ? SIGKILL : SIGTERM);
  g_subprocess_wait (self->daemon, NULL, NULL);
  g_clear_object (&self->daemon);
}

static void
note_cb (MpdHouse *self, const char *name)
{
  music_fixture_note (self->files, name, TRUE);
}

static void
failed_cb (TempoSource *source, const GError *error, MpdHouse *self)
{
  g_clear_error (&self->files->error);
  self->files->error = g_error_copy (error);
  note_cb (self, "failed");
}

static void started_cb (TempoSource *source, MpdHouse *self) { note_cb (self, "started"); }
static void ended_cb (TempoSource *source, MpdHouse *self) { note_cb (self, "ended"); }
static void advanced_cb (TempoSource *source, MpdHouse *self) { note_cb (self, "advanced"); }
static void displaced_cb (TempoSource *source, MpdHouse *self) { note_cb (self, "displaced"); }
static void wants_next_cb (TempoSource *source, MpdHouse *self) { note_cb (self, "wants-next"); }
static void position_cb (TempoSource *source, gint64 ms, MpdHouse *self) { note_cb (self, "position"); }

static void
health_cb (TempoSource *source, MpdHouse *self)
{
  TempoSourceStatus status;
  g_autofree char *told = NULL;

  tempo_source_get_status (source, &status);
  told = g_strdup_printf ("is %s: %s", status.code, status.text);
  music_fixture_note (self->files, told, FALSE);
}

typedef struct
{
  TempoSource *source;
  TempoSourceHealth health;
} Wanted;

static gboolean
has_health (gpointer data)
{
  Wanted *wanted = data;

  return tempo_source_get_health (wanted->source, NULL) == wanted->health;
}

void
mpd_house_wait_health (MpdHouse *self, TempoSourceHealth health)
{
  Wanted wanted = { self->source, health };
  g_autofree char *what = g_strdup_printf ("health %d", health);

  music_fixture_wait_for (G_STRLOC, what, has_health, &wanted);
}

void
mpd_house_watch (MpdHouse *self)
{
  g_assert_cmpint (tempo_source_get_health (self->source, NULL), ==, TEMPO_SOURCE_CONNECTING);
  g_signal_connect (self->source, "started", G_CALLBACK (started_cb), self);
  g_signal_connect (self->source, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect (self->source, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->source, "advanced", G_CALLBACK (advanced_cb), self);
  g_signal_connect (self->source, "displaced", G_CALLBACK (displaced_cb), self);
  g_signal_connect (self->source, "wants-next", G_CALLBACK (wants_next_cb), self);
  g_signal_connect (self->source, "position", G_CALLBACK (position_cb), self);
  g_signal_connect (self->source, "health-changed", G_CALLBACK (health_cb), self);
}

void
mpd_house_open (MpdHouse *self, const char *password, TempoSourceHealth health)
{
  TempoMpdOptions options = { .socket = self->socket, .password = password, .retry_ms = 20 };

  self->source = tempo_mpd_source_new (&options);
  mpd_house_watch (self);
  mpd_house_wait_health (self, health);
}

struct mpd_connection *
mpd_house_client (MpdHouse *self)
{
  struct mpd_connection *client = mpd_connection_new (self->socket, 0, 10000);

  g_assert_cmpint (mpd_connection_get_error (client), ==, MPD_ERROR_SUCCESS);
  return client;
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

TempoSong *
mpd_house_find (MpdHouse *self, const char *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) songs = NULL;

  tempo_source_search_async (self->source, query, 5, NULL, keep_result_cb, &result);
  music_fixture_wait (has_result, &result);
  songs = tempo_source_search_finish (self->source, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (songs->len, >=, 1);
  return g_object_ref (songs->pdata[0]);
}

void
mpd_house_wait_event (MpdHouse *self, const char *name)
{
  music_fixture_wait_event (self->files, name, 1);
}
