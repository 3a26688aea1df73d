/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-lan-server.h"

#include <stdlib.h>
#include <string.h>

#include "base/tempo-id.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-lan-private.h"
#include "lan/tempo-lan-tls.h"
#include "secrets/tempo-secrets.h"
#include "tempo-lan-resources.h"
#include "tempo-web.h"
#include "web/tempo-addresses.h"

#define RESOURCES "/io/github/tempo_venue/Tempo"
#define SESSION_KEY "session-key"
#define PORT_SETTING "port"
#define TLS_PORT_SETTING "tls_port"
#define PORT_FALLBACKS 20
#define DRAIN_MS 5000
#define ADDRESS_SECONDS 10
#define VISIT_MINUTES 10 /* a super admin in another organization: one row in so long */
#define THROTTLE_KEYS 4096
#define ASKS_PER_MINUTE 10
#define ASKS_PER_MINUTE_OF_ADDRESS 60
#define ACTS_PER_MINUTE 60
#define SEARCHES_PER_MINUTE 240
#define REFUSALS_PER_MINUTE 30

G_DEFINE_FINAL_TYPE (TempoLanServer, tempo_lan_server, G_TYPE_OBJECT)

/* What the engine thread made is taken down on the engine thread, by stop; only
 * what is plain memory is left for here, where the last exchange may let go. */
static void
tempo_lan_server_finalize (GObject *object)
{
  TempoLanServer *self = TEMPO_LAN_SERVER (object);

  if (self->listener != NULL)
    g_critical ("the LAN server was dropped without being stopped");
  g_clear_pointer (&self->metrics, tempo_metrics_unref);
  g_clear_pointer (&self->assets, tempo_assets_free);
  g_clear_pointer (&self->catalog, tempo_catalog_free);
  g_clear_pointer (&self->guest_catalog, tempo_catalog_free);
  g_clear_pointer (&self->display_catalog, tempo_catalog_free);
  g_clear_pointer (&self->staff_catalog, tempo_catalog_free);
  g_clear_pointer (&self->templates, g_hash_table_unref);
  g_clear_pointer (&self->openapi, g_bytes_unref);
  g_clear_pointer (&self->guest_throttle, tempo_throttle_free);
  g_clear_pointer (&self->address_throttle, tempo_throttle_free);
  g_clear_pointer (&self->act_throttle, tempo_throttle_free);
  g_clear_pointer (&self->search_throttle, tempo_throttle_free);
  g_clear_pointer (&self->licence_throttle, tempo_throttle_free);
  g_clear_pointer (&self->refusal_throttle, tempo_throttle_free);
  g_clear_pointer (&self->session_key, g_bytes_unref);
  g_clear_pointer (&self->form_key, g_bytes_unref);
  g_clear_pointer (&self->tls, tempo_tls_unref);
  g_clear_pointer (&self->tls_certificate, g_free);
  g_clear_pointer (&self->tls_key, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->visit_throttle, tempo_throttle_free);
  g_clear_pointer (&self->listen_address, g_free);
  g_clear_pointer (&self->public_address, g_free);
  g_clear_object (&self->host);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (tempo_lan_server_parent_class)->finalize (object);
}

static void
tempo_lan_server_class_init (TempoLanServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tempo_lan_server_finalize;
}

static void
tempo_lan_server_init (TempoLanServer *self)
{
  g_mutex_init (&self->lock);
}

/* 256 bits of the system's random source, hashed from their text form back to bytes. */
static GBytes *
make_random_key (void)
{
  g_autofree char *text = tempo_token_random (TEMPO_TOKEN_KEY_BYTES);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 bytes[TEMPO_TOKEN_KEY_BYTES];
  gsize length = sizeof bytes;

  g_checksum_update (sum, (const guchar *) text, -1);
  g_checksum_get_digest (sum, bytes, &length);
  return g_bytes_new (bytes, sizeof bytes);
}

static const char *const templates[] = {
  "guest/page.html",          "guest/home.html",         "guest/home-room.html",
  "guest/home-way.html",
  "guest/home-contact.html",
  "guest/fallback.html",      "guest/fallback-row.html", "guest/fallback-form.html",
  "guest/fallback-free.html", "display/page.html",
  "staff/page.html",
};

static gboolean
load_templates (TempoLanServer *self, GError **error)
{
  self->templates =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) tempo_page_free);
  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      GBytes *text = tempo_assets_get_bytes (self->assets, templates[i]);
      TempoPage *page;

      if (text == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the program lacks its page \"%s\"",
                       templates[i]);
          return FALSE;
        }
      page = tempo_page_new (text, error);
      if (page == NULL)
        return FALSE;
      g_hash_table_insert (self->templates, (gpointer) templates[i], page);
    }
  return TRUE;
}

/* The linker leaves out the resources of a library that nobody names, so they
 * are registered by hand, once. Any thread.
 */
void
tempo_lan_register_resources (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      g_resources_register (tempo_lan_get_resource ());
      g_resources_register (tempo_web_get_resource ());
      g_once_init_leave (&once, 1);
    }
}

static gboolean
load_resources (TempoLanServer *self, GError **error)
{
  tempo_lan_register_resources ();
  self->openapi =
    g_resources_lookup_data (RESOURCES "/openapi.json", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (self->openapi == NULL)
    return FALSE;
  self->catalog = tempo_catalog_new (NULL, NULL, error);
  if (self->catalog == NULL)
    return FALSE;
  self->guest_catalog = tempo_catalog_new (NULL, RESOURCES "/catalog-guest", error);
  if (self->guest_catalog == NULL)
    return FALSE;
  self->display_catalog = tempo_catalog_new (NULL, RESOURCES "/catalog-display", error);
  if (self->display_catalog == NULL)
    return FALSE;
  self->staff_catalog = tempo_catalog_new (NULL, RESOURCES "/catalog-staff", error);
  if (self->staff_catalog == NULL)
    return FALSE;
  self->assets = tempo_assets_new (NULL, RESOURCES "/web", error);
  return self->assets != NULL && load_templates (self, error);
}

static void
make_throttles (TempoLanServer *self)
{
  TempoClock *clock = tempo_host_get_clock (self->host);

  self->guest_throttle =
    tempo_throttle_new (clock, ASKS_PER_MINUTE, ASKS_PER_MINUTE, THROTTLE_KEYS);
  self->address_throttle = tempo_throttle_new (clock, ASKS_PER_MINUTE_OF_ADDRESS,
                                               ASKS_PER_MINUTE_OF_ADDRESS, THROTTLE_KEYS);
  self->act_throttle = tempo_throttle_new (clock, ACTS_PER_MINUTE, ACTS_PER_MINUTE, THROTTLE_KEYS);
  self->licence_throttle = tempo_throttle_new (clock, 5, 5, THROTTLE_KEYS);
  self->search_throttle =
    tempo_throttle_new (clock, SEARCHES_PER_MINUTE / 4, SEARCHES_PER_MINUTE, THROTTLE_KEYS);
  self->refusal_throttle =
    tempo_throttle_new (clock, REFUSALS_PER_MINUTE, REFUSALS_PER_MINUTE, THROTTLE_KEYS);
  self->visit_throttle = tempo_throttle_new (clock, 1, 1.0 / VISIT_MINUTES, THROTTLE_KEYS);
}

static void
make_router (TempoLanServer *self)
{
  self->router = tempo_router_new ();
  self->metrics = tempo_metrics_new ();
  tempo_router_set_metrics (self->router, self->metrics);
  tempo_router_set_authorize (self->router, tempo_checks_authorize, self);
  tempo_router_set_refuse (self->router, tempo_page_refuse, self);
  tempo_guest_routes_add (self);
  tempo_auth_routes_add (self);
  tempo_people_routes_add (self);
  tempo_staff_room_routes_add (self);
  tempo_staff_event_routes_add (self);
  tempo_staff_request_routes_add (self);
  tempo_staff_house_routes_add (self);
  tempo_staff_care_routes_add (self);
  tempo_licence_routes_add (self);
  tempo_report_routes_add (self);
  tempo_spotify_routes_add (self);
  tempo_display_routes_add (self);
  tempo_ops_routes_add (self);
  tempo_page_routes_add (self);
  tempo_staff_page_routes_add (self);
  tempo_operator_routes_add (self);
}

/* One of the two doors. */
typedef struct
{
  const char *setting;
  int wished;
  guint16 preferred;
  TempoTls *tls; /* (nullable): guests' */
} Door;

static gboolean
listen_at (TempoLanServer *self, const Door *door, guint16 port, guint fallbacks, GError **error)
{
  if (door->tls != NULL)
    return tempo_listener_listen_tls (self->listener, self->listen_address, port, fallbacks, door->tls, error);
  return tempo_listener_listen (self->listener, self->listen_address, port, fallbacks, error);
}

static guint16
get_port_of (TempoLanServer *self, const Door *door)
{
  return door->tls != NULL ? tempo_listener_get_tls_port (self->listener) : tempo_listener_get_port (self->listener);
}

/* Printed codes name the port, so the first one that worked is kept; when it is
 * taken one evening, another one serves that evening only. */
static gboolean
listen_remembered (TempoLanServer *self, const Door *door, GError **error)
{
  g_autofree char *setting = tempo_host_get_setting (self->host, door->setting);
  int remembered = setting != NULL ? atoi (setting) : 0;
  int wished = remembered > 0 && remembered < 65536 ? remembered : door->preferred;
  g_autoptr (GError) taken = NULL;

  if (!listen_at (self, door, wished, PORT_FALLBACKS, &taken))
    {
      if (!g_error_matches (taken, TEMPO_LISTENER_ERROR, TEMPO_LISTENER_ERROR_IN_USE))
        {
          g_propagate_error (error, g_steal_pointer (&taken));
          return FALSE;
        }
      if (!listen_at (self, door, 0, 0, error))
        return FALSE;
    }
  if (setting != NULL && door->tls == NULL && get_port_of (self, door) != wished)
    tempo_host_set_health (self->host, "address", TEMPO_HEALTH_WARNING,
                           "the port of the printed codes is taken by another program");
  return TRUE;
}

static void
remembered_cb (GObject *host, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!tempo_host_set_setting_finish (TEMPO_HOST (host), result, &error))
    g_warning ("the port could not be remembered: %s", error->message);
}

static void
remember_port (TempoLanServer *self, const Door *door)
{
  g_autofree char *setting = tempo_host_get_setting (self->host, door->setting);
  g_autofree char *text = g_strdup_printf ("%u", get_port_of (self, door));

  if (door->wished == 0 || (door->wished < 0 && setting != NULL))
    return;
  if (g_strcmp0 (setting, text) != 0)
    tempo_host_set_setting_async (self->host, door->setting, text, remembered_cb, NULL);
}

static gboolean
open_door (TempoLanServer *self, const Door *door, GError **error)
{
  gboolean open;

  if (door->wished < 0)
    open = listen_remembered (self, door, error);
  else
    open = listen_at (self, door, (guint16) door->wished, 0, error);
  if (open)
    remember_port (self, door);
  return open;
}

static gboolean
open_doors (TempoLanServer *self, GError **error)
{
  const Door guests = { PORT_SETTING, self->wished_port, TEMPO_LAN_PORT_PREFERRED, NULL };
  const Door staff = { TLS_PORT_SETTING, self->wished_tls_port, TEMPO_LAN_TLS_PORT_PREFERRED, self->tls };

  self->listener = tempo_listener_new (self->router, NULL, NULL);
  return open_door (self, &guests, error) && (self->tls == NULL || open_door (self, &staff, error));
}

static gboolean
listens_everywhere (TempoLanServer *self)
{
  return self->listen_address == NULL || g_str_equal (self->listen_address, "0.0.0.0")
         || g_str_equal (self->listen_address, "::");
}

/* Tells the engine when the address is another one than last time. */
static void
publish_address (TempoLanServer *self)
{
  g_autofree char *best =
    listens_everywhere (self) ? tempo_addresses_best () : g_strdup (self->listen_address);
  g_autofree char *url = NULL;
  gboolean changed;

  if (best == NULL)
    best = g_strdup ("127.0.0.1");
  g_mutex_lock (&self->lock);
  self->port = tempo_listener_get_port (self->listener);
  self->tls_port = tempo_listener_get_tls_port (self->listener);
  changed = g_strcmp0 (self->public_address, best) != 0;
  if (changed)
    {
      g_clear_pointer (&self->public_address, g_free);
      self->public_address = g_steal_pointer (&best);
    }
  g_mutex_unlock (&self->lock);
  if (!changed)
    return;
  url = tempo_lan_server_get_url (self);
  tempo_host_set_address (self->host, url);
}

/* Laptops join the Wi-Fi after Tempo was started; the code on the wall follows.
 * Asking the kernel costs less than a watch that needs the main thread. */
static gboolean
check_address_cb (gpointer user_data)
{
  publish_address (user_data);
  return G_SOURCE_CONTINUE;
}

static void
watch_address (TempoLanServer *self)
{
  self->address_source = g_timeout_source_new_seconds (ADDRESS_SECONDS);
  g_source_set_callback (self->address_source, check_address_cb, self, NULL);
  g_source_set_static_name (self->address_source, "tempo: own address");
  g_source_attach (self->address_source, tempo_host_get_context (self->host));
}

static void
close_door (TempoLanServer *self)
{
  if (self->address_source != NULL)
    g_source_destroy (self->address_source);
  g_clear_pointer (&self->address_source, g_source_unref);
  g_clear_pointer (&self->feeds, tempo_room_feeds_free);
  if (self->listener != NULL)
    tempo_listener_close (self->listener);
  g_clear_object (&self->listener);
  g_clear_pointer (&self->router, tempo_router_unref);
}

static void
finish_start (GTask *task)
{
  TempoLanServer *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->form_key = make_random_key ();
  if (!load_resources (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  make_throttles (self);
  make_router (self);
  self->feeds = tempo_room_feeds_new (self->host);
  if (!open_doors (self, &error))
    {
      close_door (self);
      g_task_return_error (task, error);
      return;
    }
  publish_address (self);
  watch_address (self);
  g_task_return_boolean (task, TRUE);
}

static void
key_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!tempo_secrets_store_finish (TEMPO_SECRETS (source), result, &error))
    g_warning ("the key of sessions is kept in memory only: %s", error->message);
}

static void
key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoLanServer *self = g_task_get_source_object (task);
  g_autofree char *text = tempo_secrets_lookup_finish (TEMPO_SECRETS (source), result, NULL);
  gsize length = 0;
  g_autofree guchar *bytes = text != NULL ? g_base64_decode (text, &length) : NULL;

  self->session_key_kept = length == TEMPO_TOKEN_KEY_BYTES;
  if (self->session_key_kept)
    self->session_key = g_bytes_new (bytes, length);
  else
    self->session_key = make_random_key ();
  tempo_lan_tls_prepare (self, g_steal_pointer (&task), finish_start);
}

/**
 * tempo_lan_server_keep_key: puts a new session key and certificate away, with the first sign-in
 *
 * Not when the server starts: a keyring that was never used asks its owner for a
 * password then, and most evenings nobody of the staff signs in at all.
 */
void
tempo_lan_server_keep_key (TempoLanServer *self)
{
  g_autofree char *encoded = NULL;

  tempo_lan_tls_keep (self);
  if (self->session_key_kept)
    return;
  self->session_key_kept = TRUE;
  encoded = g_base64_encode (g_bytes_get_data (self->session_key, NULL), TEMPO_TOKEN_KEY_BYTES);
  tempo_secrets_store_async (tempo_host_get_secrets (self->host), "", SESSION_KEY, encoded, NULL, key_stored_cb, NULL);
}

static gboolean
start_cb (gpointer user_data)
{
  GTask *task = user_data;
  TempoLanServer *self = g_task_get_source_object (task);

  tempo_secrets_lookup_async (tempo_host_get_secrets (self->host), "", SESSION_KEY, NULL,
                              key_found_cb, g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static void
drained_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoLanServer *self = g_task_get_source_object (task);

  if (!tempo_listener_drain_finish (TEMPO_LISTENER (source), result))
    g_warning ("some answers were not taken in time");
  close_door (self);
  g_task_return_boolean (task, TRUE);
}

static gboolean
stop_cb (gpointer user_data)
{
  GTask *task = user_data;
  TempoLanServer *self = g_task_get_source_object (task);

  if (self->listener == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return G_SOURCE_REMOVE;
    }
  /* Streams have no end of their own: a drain would wait for them. */
  g_clear_pointer (&self->feeds, tempo_room_feeds_free);
  tempo_listener_drain_async (self->listener, DRAIN_MS, drained_cb, g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static void
invoke_on_engine (TempoLanServer *self, GSourceFunc func, GTask *task)
{
  g_main_context_invoke_full (tempo_host_get_context (self->host), G_PRIORITY_DEFAULT, func, task,
                              g_object_unref);
}

/* Nothing is opened yet: options are copied, so that the caller's texts may go.
 * Any thread.
 */
TempoLanServer *
tempo_lan_server_new (TempoHost *host, const TempoLanOptions *options)
{
  TempoLanServer *self = g_object_new (TEMPO_TYPE_LAN_SERVER, NULL);

  self->host = g_object_ref (host);
  self->wished_port = self->wished_tls_port = TEMPO_LAN_PORT_DEFAULT;
  if (options != NULL)
    {
      self->listen_address = g_strdup (options->address);
      self->wished_port = options->port;
      self->wished_tls_port = options->tls_port;
      self->no_rate_limit = options->no_rate_limit;
      self->metrics_everywhere = options->metrics_everywhere;
    }
  return self;
}

/* Templates are few and named in one place; asking for another is a mistake of
 * the program.
 */
TempoPage *
tempo_lan_server_get_template (TempoLanServer *self, const char *name)
{
  TempoPage *page = g_hash_table_lookup (self->templates, name);

  g_assert (page != NULL);
  return page;
}

/* Hops to the engine thread, reads the key of sessions, opens the door. Any
 * thread; the callback comes in the caller's context. A server starts once.
 */
void
tempo_lan_server_start_async (TempoLanServer *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tempo_lan_server_start_async);
  g_task_set_check_cancellable (task, FALSE);
  invoke_on_engine (self, start_cb, task);
}

/* TRUE when guests can come in. The error's domain is that of the listener when
 * the port or the address is the matter.
 */
gboolean
tempo_lan_server_start_finish (TempoLanServer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Closes the door to new connections, answers what was accepted, ends the
 * streams. Any thread; a server that never started stops at once.
 */
void
tempo_lan_server_stop_async (TempoLanServer *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tempo_lan_server_stop_async);
  invoke_on_engine (self, stop_cb, task);
}

/* Does not fail: what did not take its answer in time was cut off, which is
 * logged and nothing a caller could act on.
 */
gboolean
tempo_lan_server_stop_finish (TempoLanServer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The address for codes and for print, which follows the network the computer
 * is on. Any thread; NULL before the start.
 */
char *
tempo_lan_server_get_address (TempoLanServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->public_address);
}

/* The port guests come in by, 0 before the start. Any thread.
 */
guint16
tempo_lan_server_get_port (TempoLanServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->port;
}

/* Address and port as one text, with the brackets that IPv6 needs in it. Any
 * thread.
 */
char *
tempo_lan_server_get_url (TempoLanServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const char *address = self->public_address != NULL ? self->public_address : "127.0.0.1";

  if (strchr (address, ':') != NULL)
    return g_strdup_printf ("http://[%s]:%u", address, self->port);
  return g_strdup_printf ("http://%s:%u", address, self->port);
}
