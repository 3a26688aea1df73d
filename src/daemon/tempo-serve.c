/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif

#include "daemon/tempo-control.h"
#include "daemon/tempo-daemon.h"
#include "lan/tempo-lan-server.h"
#include "music/spotify/tempo-spotify-service.h"
#include "secrets/tempo-secrets.h"
#include "store/tempo-store.h"
#include "venue/tempo-host.h"
#include "web/tempo-listener.h"

#define TRIM_SECONDS 3

typedef struct
{
  char *data_dir; /* (owned) */
  char *address;  /* (owned) (nullable) */
  char *music;    /* (owned) (nullable) */
  char *spotify_accounts_url; /* (owned) (nullable) */
  char *spotify_api_url;      /* (owned) (nullable) */
  int port;
  char *tls; /* (owned) (nullable) as given */
  int tls_port;
  gboolean demo;
  gboolean no_rate_limit;

  GMainLoop *loop;        /* (owned) */
  TempoSecrets *secrets;  /* (owned) */
  TempoHost *host;        /* (owned) */
  TempoLanServer *server; /* (owned) (nullable) */
  TempoControl *control;  /* (owned) (nullable) */
  gboolean started;
  gboolean stopping;
  int code;
} Serve;

static void
clear_serve (Serve *self)
{
  g_clear_object (&self->control);
  g_clear_object (&self->server);
  g_clear_object (&self->host);
  g_clear_object (&self->secrets);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->music, g_free);
  g_clear_pointer (&self->spotify_accounts_url, g_free);
  g_clear_pointer (&self->spotify_api_url, g_free);
  g_clear_pointer (&self->tls, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Serve, clear_serve)

static void
host_stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Serve *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!tempo_host_stop_finish (self->host, result, &error))
    self->code = tempo_daemon_fail (TEMPO_EXIT_FAILED, "%s", error->message);
  g_main_loop_quit (self->loop);
}

static void
server_stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Serve *self = user_data;

  tempo_lan_server_stop_finish (self->server, result, NULL);
  tempo_host_stop_async (self->host, host_stopped_cb, self);
}

/* First the door, then the engine: what a guest was promised is answered and
 * stored before the files close. */
static void
stop (Serve *self)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  if (self->control != NULL)
    tempo_control_close (self->control);
  if (self->server != NULL)
    tempo_lan_server_stop_async (self->server, server_stopped_cb, self);
  else if (self->started)
    tempo_host_stop_async (self->host, host_stopped_cb, self);
  else
    g_main_loop_quit (self->loop);
}

static gboolean
signal_cb (gpointer user_data)
{
  stop (user_data);
  return G_SOURCE_CONTINUE;
}

static void
open_control (Serve *self)
{
  g_autoptr (GError) error = NULL;

  self->control = tempo_control_new (self->host, self->data_dir,
                                     tempo_lan_server_get_port (self->server), &error);
  if (self->control == NULL)
    tempo_daemon_fail (TEMPO_EXIT_DONE, _ ("other tempod commands will not reach this one: %s"),
                       error->message);
}

/* The port that is in the way, of the two that can be asked for exactly. */
static int
find_taken (Serve *self)
{
  return self->port > 0 ? self->port : self->tls_port;
}

static int
tell_door_error (Serve *self, const GError *error)
{
  if (g_error_matches (error, TEMPO_LISTENER_ERROR, TEMPO_LISTENER_ERROR_IN_USE))
    return tempo_daemon_fail (
      TEMPO_EXIT_FAILED,
      _ ("Port %d is taken by another program. Choose another with --port, or leave --port out."),
      find_taken (self));
  if (g_error_matches (error, TEMPO_LISTENER_ERROR, TEMPO_LISTENER_ERROR_ADDRESS))
    return tempo_daemon_fail (
      TEMPO_EXIT_FAILED,
      _ ("This computer has no address %s. \"tempod selftest\" lists those it has."),
      self->address);
  if (g_error_matches (error, TEMPO_LISTENER_ERROR, TEMPO_LISTENER_ERROR_DENIED))
    return tempo_daemon_fail (TEMPO_EXIT_FAILED,
                              _ ("Port %d is not allowed here. Choose one from 1024 on."),
                              self->port);
  return tempo_daemon_fail (TEMPO_EXIT_FAILED, "%s", error->message);
}

/* Opening the houses leaves a tenth of the memory in holes that nobody fills while it is quiet. */
static gboolean
trim_cb (gpointer user_data)
{
#ifdef HAVE_MALLOC_TRIM
  malloc_trim (0);
#endif
  return G_SOURCE_REMOVE;
}

static void
server_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Serve *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  if (!tempo_lan_server_start_finish (self->server, result, &error))
    {
      self->code = tell_door_error (self, error);
      stop (self);
      return;
    }
  if (self->stopping)
    return;
  open_control (self);
  url = tempo_lan_server_get_url (self->server);
  printf ("Listening on %s\n", url);
  fflush (stdout);
  g_timeout_add_seconds (TRIM_SECONDS, trim_cb, NULL);
}

static int
tell_host_error (Serve *self, const GError *error)
{
  if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY))
    return tempo_daemon_fail (
      TEMPO_EXIT_FAILED,
      _ ("Tempo is running with \"%s\" already: stop that one, or choose another folder."),
      self->data_dir);
  if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER))
    return tempo_daemon_fail (TEMPO_EXIT_FAILED,
                              _ ("\"%s\" was written by a newer Tempo: update this one."),
                              self->data_dir);
  if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT))
    return tempo_daemon_fail (TEMPO_EXIT_FAILED,
                              _ ("\"%s\" is damaged: %s. Bring a backup back with tempod restore."),
                              self->data_dir, error->message);
  return tempo_daemon_fail (TEMPO_EXIT_FAILED, "%s", error->message);
}

static void
host_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Serve *self = user_data;
  TempoLanOptions options = { .address = self->address,
                              .port = self->port,
                              .tls_port = self->tls_port,
                              .no_rate_limit = self->no_rate_limit };
  g_autoptr (GPtrArray) organizations = NULL;
  g_autoptr (GError) error = NULL;

  if (!tempo_host_start_finish (self->host, result, &error))
    {
      self->code = tell_host_error (self, error);
      g_main_loop_quit (self->loop);
      return;
    }
  self->started = TRUE;
  organizations = tempo_host_list_organizations (self->host);
  if (organizations->len == 0)
    {
      self->code =
        tempo_daemon_fail (TEMPO_EXIT_FAILED,
                           _ ("There is no organization in \"%s\". Make one with tempod init."),
                           self->data_dir);
      stop (self);
    }
  if (self->stopping)
    return;
  self->server = tempo_lan_server_new (self->host, &options);
  tempo_lan_server_start_async (self->server, NULL, server_started_cb, self);
}

/* A box behind the bar has no session bus; asking for a keyring there would
 * only make the start wait. */
TempoSecrets *
tempo_daemon_find_secrets (void)
{
  g_autofree char *bus = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  if (g_getenv ("DBUS_SESSION_BUS_ADDRESS") == NULL && !g_file_test (bus, G_FILE_TEST_EXISTS))
    return tempo_secrets_new_credentials (g_getenv ("CREDENTIALS_DIRECTORY"));
  return tempo_secrets_new_keyring ();
}

static char *
find_demo_folder (void)
{
  g_autofree char *installed = g_build_filename (TEMPO_PKGDATADIR, "demo", NULL);

  if (g_file_test (installed, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&installed);
  return g_build_filename (TEMPO_BUILD_DIR, "data", "demo", "tunes", NULL);
}

static int
run (Serve *self)
{
  g_autofree char *demo_folder = self->demo ? find_demo_folder () : NULL;
  TempoHostOptions options = {
    .data_dir = self->data_dir,
    .music_folder = self->music,
    .demo = self->demo,
    .demo_folder = demo_folder,
    .audio_sink = g_getenv ("TEMPO_AUDIO_SINK"),
    .spotify_accounts_url = self->spotify_accounts_url != NULL ? self->spotify_accounts_url : TEMPO_SPOTIFY_ACCOUNTS_URL,
    .spotify_api_url = self->spotify_api_url != NULL ? self->spotify_api_url : TEMPO_SPOTIFY_API_URL,
  };

  self->loop = g_main_loop_new (NULL, FALSE);
  self->secrets = tempo_daemon_find_secrets ();
  if (!tempo_secrets_is_durable (self->secrets))
    fprintf (stderr, "tempod: %s\n", _ ("No keyring here: after a restart staff sign in again, and meet a new certificate."));
  options.secrets = self->secrets;
  self->host = tempo_host_new (&options);
  g_unix_signal_add (SIGTERM, signal_cb, self);
  g_unix_signal_add (SIGINT, signal_cb, self);
  tempo_host_start_async (self->host, NULL, host_started_cb, self);
  g_main_loop_run (self->loop);
  return self->code;
}

/* Who takes any port for guests, as tests do, does not mean to take the house's for staff. */
static gboolean
read_tls_port (Serve *self)
{
  guint64 port = 0;

  if (self->tls == NULL)
    self->tls_port = self->port == 0 ? 0 : TEMPO_LAN_PORT_DEFAULT;
  else if (g_str_equal (self->tls, "none"))
    self->tls_port = TEMPO_LAN_PORT_NONE;
  else if (g_ascii_string_to_unsigned (self->tls, 10, 0, 65535, &port, NULL))
    self->tls_port = (int) port;
  else
    return FALSE;
  return TRUE;
}

/* Prints one line on standard output when guests can come in, and nothing else
 * there ever: scripts wait for it. Ends with 0 on SIGTERM.
 */
int
tempo_daemon_serve (int argc, char **argv)
{
  g_auto (Serve) self = { .port = TEMPO_LAN_PORT_DEFAULT };
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &self.data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { "address", 0, 0, G_OPTION_ARG_STRING, &self.address,
      N_ ("The address to listen on; every one otherwise"), N_ ("ADDRESS") },
    { "port", 0, 0, G_OPTION_ARG_INT, &self.port,
      N_ ("Exactly this port, 0 for any; otherwise that of the printed codes, 8080 the first time"),
      N_ ("NUMBER") },
    { "tls-port", 0, 0, G_OPTION_ARG_STRING, &self.tls,
      N_ ("The port of staff's encrypted address, the same way; none for no such address"), N_ ("NUMBER") },
    { "music", 0, 0, G_OPTION_ARG_FILENAME, &self.music,
      N_ ("The folder of music, for rooms that have none"), N_ ("FOLDER") },
    { "spotify-accounts-url", 0, 0, G_OPTION_ARG_STRING, &self.spotify_accounts_url,
      N_ ("Where Spotify's sign-in is, for tests"), N_ ("ADDRESS") },
    { "spotify-api-url", 0, 0, G_OPTION_ARG_STRING, &self.spotify_api_url,
      N_ ("Where Spotify's Web API is, for tests"), N_ ("ADDRESS") },
    { "demo", 0, 0, G_OPTION_ARG_NONE, &self.demo, N_ ("Play the tunes that come with Tempo"),
      NULL },
    { "no-rate-limit", 0, 0, G_OPTION_ARG_NONE, &self.no_rate_limit,
      N_ ("Do not slow guests down, for measuring"), NULL },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, NULL, _ ("Serves guests, staff and displays until SIGTERM."),
                           entries)
      || !tempo_daemon_need_data_dir (self.data_dir))
    return TEMPO_EXIT_USAGE;
  if (self.port < TEMPO_LAN_PORT_DEFAULT || self.port > 65535 || !read_tls_port (&self))
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("A port is a number from 0 to 65535."));
  if (self.address != NULL && !g_hostname_is_ip_address (self.address))
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("\"%s\" is not an IP address."), self.address);
  return run (&self);
}
