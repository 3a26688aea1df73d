/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo"

#include "config.h"

#include "app/tempo-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "lan/tempo-lan-server.h"
#include "music/spotify/tempo-spotify-service.h"
#include "panel/desk/tempo-host-link.h"
#include "panel/notify/tempo-notifier.h"
#include "secrets/tempo-secrets.h"
#include "venue/tempo-host.h"

struct _TempoApplication
{
  AdwApplication parent_instance;

  TempoHost *host;         /* (owned) (nullable) */
  TempoLanServer *server;  /* (owned) (nullable) while it listens or tries to */
  TempoDesk *desk;         /* (owned) (nullable) */
  TempoNotifier *notifier; /* (owned) (nullable) */
  char *data_dir;          /* (owned) (nullable) */
  char *spotify_accounts_url; /* (owned) (nullable) */
  char *spotify_api_url;   /* (owned) (nullable) */
  int port;
  gboolean demo;
  guint inhibit_cookie;
  gboolean inhibited;
  gboolean starting;
  gboolean stopping;
};

G_DEFINE_FINAL_TYPE (TempoApplication, tempo_application, ADW_TYPE_APPLICATION)

static TempoWindow *
get_window (TempoApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (TEMPO_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

/* While a night runs the computer neither sleeps nor locks the projector away. */
static void
keep_awake (TempoApplication *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  gboolean wanted = view != NULL && view->event != NULL && !self->stopping;

  if (wanted == self->inhibited)
    return;
  self->inhibited = wanted;
  if (wanted)
    self->inhibit_cookie = gtk_application_inhibit (GTK_APPLICATION (self), GTK_WINDOW (get_window (self)),
                                                    GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_IDLE,
                                                    _("A night is running"));
  else if (self->inhibit_cookie != 0)
    gtk_application_uninhibit (GTK_APPLICATION (self), self->inhibit_cookie);
  if (!wanted)
    self->inhibit_cookie = 0;
}

static void
make_desk (TempoApplication *self)
{
  /* What a locked desktop does not do; to start, to come to the front and to quit are left. */
  static const char *const shut[] = { "approve", "decline", "reveal", "open-data-folder", "about" };
  g_autoptr (TempoLink) link = tempo_host_link_new (self->host);

  self->desk = tempo_desk_new (link);
  for (guint i = 0; i < G_N_ELEMENTS (shut); i++)
    g_object_bind_property (link, "locked", g_action_map_lookup_action (G_ACTION_MAP (self), shut[i]), "enabled",
                            G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  self->notifier = tempo_notifier_new (GTK_APPLICATION (self), self->desk);
  g_signal_connect_object (self->desk, "notify::view", G_CALLBACK (keep_awake), self, G_CONNECT_SWAPPED);
}

static void
show_failure (TempoApplication *self,
              const GError *error)
{
  TempoWindow *window = get_window (self);

  self->starting = FALSE;
  g_warning ("Cannot start: %s", error->message);
  if (window != NULL)
    tempo_window_show_failure (window, error);
}

static void
show_staff_door (TempoApplication *self,
                 TempoWindow *window)
{
  g_autofree char *fingerprint = tempo_lan_server_get_fingerprint (self->server);
  guint16 port = tempo_lan_server_get_tls_port (self->server);

  tempo_desk_set_staff_door (tempo_window_get_desk (window), port, fingerprint);
  tempo_desk_set_staff_plain (tempo_window_get_desk (window), port == 0 && tempo_lan_server_admits_staff (self->server));
}

static void
server_started_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (TempoApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  TempoWindow *window = get_window (self);

  self->starting = FALSE;
  /* Without the network the host can still play and see the list; the health strip says what is wrong. */
  if (!tempo_lan_server_start_finish (TEMPO_LAN_SERVER (object), result, &error))
    {
      g_warning ("No guests can join: %s", error->message);
      g_clear_object (&self->server);
    }
  if (window != NULL && self->server != NULL)
    show_staff_door (self, window);
  if (window != NULL && !self->stopping)
    tempo_window_show_ready (window);
  g_application_release (G_APPLICATION (self));
}

static void
host_started_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (TempoApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  /* Any port for guests, which tests ask for, is any port for staff too. */
  TempoLanOptions options = { .port = self->port,
                              .tls_port = self->port == 0 ? 0 : TEMPO_LAN_PORT_DEFAULT };

  if (!tempo_host_start_finish (TEMPO_HOST (object), result, &error))
    {
      show_failure (self, error);
      g_application_release (G_APPLICATION (self));
      return;
    }
  self->server = tempo_lan_server_new (self->host, &options);
  tempo_lan_server_start_async (self->server, NULL, server_started_cb, g_object_ref (self));
}

static char *
find_demo_folder (void)
{
  static const char *const places[] = { TEMPO_PKGDATADIR "/demo", TEMPO_BUILD_DIR "/data/demo" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_file_test (places[i], G_FILE_TEST_IS_DIR))
      return g_strdup (places[i]);
  return NULL;
}

static void
make_host (TempoApplication *self)
{
  g_autofree char *folder = self->data_dir != NULL ? g_strdup (self->data_dir) : g_build_filename (g_get_user_data_dir (), "tempo", NULL);
  g_autofree char *demo = find_demo_folder ();
  g_autoptr (TempoSecrets) secrets = tempo_secrets_new_keyring ();
  const TempoHostOptions options = {
    .data_dir = folder,
    .secrets = secrets,
    .audio_sink = g_getenv ("TEMPO_AUDIO_SINK"),
    .demo = self->demo,
    .spotify_accounts_url = self->spotify_accounts_url != NULL ? self->spotify_accounts_url : TEMPO_SPOTIFY_ACCOUNTS_URL,
    .spotify_api_url = self->spotify_api_url != NULL ? self->spotify_api_url : TEMPO_SPOTIFY_API_URL,
    .demo_folder = demo,
  };

  self->host = tempo_host_new (&options);
}

/* The engine is made and started once; after a failure the button tries again with a new one. */
static void
start_engine (TempoApplication *self)
{
  TempoWindow *window = get_window (self);

  if (self->starting || self->server != NULL)
    return;
  self->starting = TRUE;
  if (window != NULL)
    tempo_window_show_starting (window);
  g_application_hold (G_APPLICATION (self));
  tempo_host_start_async (self->host, NULL, host_started_cb, g_object_ref (self));
}

static void
open_window (TempoApplication *self)
{
  TempoWindow *window = get_window (self);
  g_autoptr (GtkBuilder) builder = NULL;

  if (window == NULL)
    {
      window = tempo_window_new (GTK_APPLICATION (self), self->desk);
      builder = gtk_builder_new_from_resource ("/io/github/tempo_venue/Tempo/panel/window/help-overlay.ui");
      gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (window),
                                               GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
      if (self->server != NULL)
        tempo_window_show_ready (window);
    }
  gtk_window_present (GTK_WINDOW (window));
}

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/tempo_venue/Tempo/panel/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
activate_cb (GSimpleAction *action,
             GVariant *parameter,
             gpointer user_data)
{
  g_application_activate (G_APPLICATION (user_data));
}

static void
start_cb (GSimpleAction *action,
          GVariant *parameter,
          gpointer user_data)
{
  start_engine (user_data);
}

static void
approve_cb (GSimpleAction *action,
            GVariant *parameter,
            gpointer user_data)
{
  TempoApplication *self = user_data;

  if (self->desk != NULL)
    tempo_desk_act_on_request (self->desk, TEMPO_ACTION_APPROVE, g_variant_get_string (parameter, NULL));
}

static void
decline_cb (GSimpleAction *action,
            GVariant *parameter,
            gpointer user_data)
{
  TempoApplication *self = user_data;

  if (self->desk != NULL)
    tempo_desk_decline (self->desk, g_variant_get_string (parameter, NULL), "not_tonight", NULL);
}

static void
reveal_cb (GSimpleAction *action,
           GVariant *parameter,
           gpointer user_data)
{
  TempoApplication *self = user_data;

  open_window (self);
  tempo_window_reveal_request (get_window (self), g_variant_get_string (parameter, NULL));
}

static void
open_data_folder_cb (GSimpleAction *action,
                     GVariant *parameter,
                     gpointer user_data)
{
  TempoApplication *self = user_data;
  g_autofree char *uri = NULL;

  if (self->host == NULL)
    return;
  uri = g_filename_to_uri (tempo_host_get_data_dir (self->host), NULL, NULL);
  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (get_window (self)), uri, GDK_CURRENT_TIME);
}

static void
about_cb (GSimpleAction *action,
          GVariant *parameter,
          gpointer user_data)
{
  TempoApplication *self = user_data;
  static const char *developers[] = { "The Tempo project", NULL };

  adw_show_about_window (GTK_WINDOW (get_window (self)),
                         "application-name", _("Tempo"),
                         "application-icon", TEMPO_APP_ID,
                         "version", TEMPO_VERSION,
                         "comments", _("Guests ask for songs; you stay in charge."),
                         "developer-name", developers[0],
                         "developers", developers,
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: your own name, one per line. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
quit_cb (GSimpleAction *action,
         GVariant *parameter,
         gpointer user_data)
{
  TempoWindow *window = get_window (user_data);

  if (window != NULL)
    gtk_window_close (GTK_WINDOW (window));
  else
    g_application_quit (G_APPLICATION (user_data));
}

static void
add_actions (TempoApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "activate", .activate = activate_cb },
    { .name = "start", .activate = start_cb },
    { .name = "approve", .activate = approve_cb, .parameter_type = "s" },
    { .name = "decline", .activate = decline_cb, .parameter_type = "s" },
    { .name = "reveal", .activate = reveal_cb, .parameter_type = "s" },
    { .name = "open-data-folder", .activate = open_data_folder_cb },
    { .name = "about", .activate = about_cb },
    { .name = "quit", .activate = quit_cb },
  };
  static const struct
  {
    const char *action;
    const char *keys[3];
  } accels[] = {
    { "app.quit", { "<Primary>q" } },
    { "win.undo", { "<Primary>z" } },
    { "win.find", { "<Primary>k", "<Primary>f" } },
    { "win.add", { "<Primary>n" } },
    { "win.approve-all", { "<Primary><Shift>Return" } },
    { "win.skip", { "<Primary>Right" } },
    { "win.show-projector", { "F11" } },
    { "win.lock", { "<Primary>l" } },
    { "win.show-help-overlay", { "<Primary>question" } },
    { "win.show-place::tonight", { "<Alt>1" } },
    { "win.show-place::room", { "<Alt>2" } },
    { "win.show-place::history", { "<Alt>3" } },
    { "win.show-place::guests", { "<Alt>4" } },
    { "win.show-place::display", { "<Alt>5" } },
    { "win.show-place::settings", { "<Primary>comma", "<Alt>6" } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, accels[i].keys);
}

/* Being told to go by the session or the shell is no reason to lose anything. */
static gboolean
terminated_cb (gpointer data)
{
  g_application_quit (G_APPLICATION (data));
  return G_SOURCE_CONTINUE;
}

static void
tempo_application_startup (GApplication *application)
{
  TempoApplication *self = TEMPO_APPLICATION (application);

  G_APPLICATION_CLASS (tempo_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (TEMPO_APP_ID);
  g_unix_signal_add (SIGTERM, terminated_cb, self);
  g_unix_signal_add (SIGINT, terminated_cb, self);
  load_style ();
  add_actions (self);
  make_host (self);
  make_desk (self);
}

static void
tempo_application_activate (GApplication *application)
{
  TempoApplication *self = TEMPO_APPLICATION (application);

  open_window (self);
  if (self->server == NULL)
    start_engine (self);
}

static gboolean
read_options (TempoApplication *self,
              GVariantDict *options)
{
  gint32 port = 0;

  g_variant_dict_lookup (options, "data-dir", "^ay", &self->data_dir);
  self->demo = g_variant_dict_contains (options, "demo");
  g_variant_dict_lookup (options, "spotify-accounts-url", "s", &self->spotify_accounts_url);
  g_variant_dict_lookup (options, "spotify-api-url", "s", &self->spotify_api_url);
  if (!g_variant_dict_lookup (options, "port", "i", &port))
    return TRUE;
  if (port < 0 || port > G_MAXUINT16)
    return FALSE;
  self->port = port;
  return TRUE;
}

static int
tempo_application_handle_local_options (GApplication *application,
                                        GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("tempo %s\n", TEMPO_VERSION);
      return 0;
    }
  if (!read_options (TEMPO_APPLICATION (application), options))
    {
      g_printerr ("%s\n", _("A port is a number from 0 to 65535."));
      return 2;
    }
  return -1;
}

typedef struct
{
  gboolean done;
} Wait;

static void
stopped_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  ((Wait *) user_data)->done = TRUE;
}

static void
wait_for (Wait *wait)
{
  while (!wait->done)
    g_main_context_iteration (NULL, TRUE);
}

/* Nothing that was accepted is lost: first the desk's own commands come back, then the
 * server answers its last guests, then the engine writes and closes. The windows are
 * gone already, so the main loop only turns for this. */
static void
stop_engine (TempoApplication *self)
{
  Wait server = { FALSE };
  Wait host = { FALSE };

  while (self->desk != NULL && tempo_desk_get_waiting (self->desk) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&self->notifier);
  g_clear_object (&self->desk);
  if (self->server != NULL)
    {
      tempo_lan_server_stop_async (self->server, stopped_cb, &server);
      wait_for (&server);
      g_clear_object (&self->server);
    }
  if (self->host != NULL)
    {
      tempo_host_stop_async (self->host, stopped_cb, &host);
      wait_for (&host);
      g_clear_object (&self->host);
    }
}

static void
tempo_application_shutdown (GApplication *application)
{
  TempoApplication *self = TEMPO_APPLICATION (application);
  TempoWindow *window = get_window (self);

  self->stopping = TRUE;
  if (window != NULL)
    gtk_window_destroy (GTK_WINDOW (window));
  stop_engine (self);

  G_APPLICATION_CLASS (tempo_application_parent_class)->shutdown (application);
}

static void
tempo_application_finalize (GObject *object)
{
  g_clear_pointer (&TEMPO_APPLICATION (object)->data_dir, g_free);
  g_clear_pointer (&TEMPO_APPLICATION (object)->spotify_accounts_url, g_free);
  g_clear_pointer (&TEMPO_APPLICATION (object)->spotify_api_url, g_free);

  G_OBJECT_CLASS (tempo_application_parent_class)->finalize (object);
}

static void
tempo_application_class_init (TempoApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tempo_application_finalize;
  application_class->startup = tempo_application_startup;
  application_class->activate = tempo_application_activate;
  application_class->shutdown = tempo_application_shutdown;
  application_class->handle_local_options = tempo_application_handle_local_options;
}

static void
tempo_application_init (TempoApplication *self)
{
  static const GOptionEntry entries[] = {
    { "data-dir", 'd', 0, G_OPTION_ARG_FILENAME, NULL, N_("Folder of the data"), N_("FOLDER") },
    { "port", 'p', 0, G_OPTION_ARG_INT, NULL, N_("Port for guests; 0 takes any free one"), N_("PORT") },
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Try Tempo with demonstration tunes"), NULL },
    { "spotify-accounts-url", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Where Spotify's sign-in is, for tests"), N_("ADDRESS") },
    { "spotify-api-url", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Where Spotify's Web API is, for tests"), N_("ADDRESS") },
    { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_("Show the version"), NULL },
    { NULL }
  };

  self->port = TEMPO_LAN_PORT_DEFAULT;
  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

/* The application under its one id: a second start
 * brings the first one's window to the front.
 */
TempoApplication *
tempo_application_new (void)
{
  return g_object_new (TEMPO_TYPE_APPLICATION,
                       "application-id", TEMPO_APP_ID,
                       "flags", G_APPLICATION_DEFAULT_FLAGS,
                       NULL);
}

/* For tests: the desk that the window works at,
 * NULL before startup and after shutdown.
 */
TempoDesk *
tempo_application_get_desk (TempoApplication *self)
{
  g_return_val_if_fail (TEMPO_IS_APPLICATION (self), NULL);
  return self->desk;
}
