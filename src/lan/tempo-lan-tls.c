/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-lan-tls.h"

#include <string.h>

#include "access/tempo-certificate.h"
#include "base/tempo-clock.h"
#include "lan/tempo-checks.h"
#include "secrets/tempo-secrets.h"
#include "web/tempo-addresses.h"

#define KEY_SECRET "tls-key"
#define CERTIFICATE_FILE "tls-certificate.pem"
#define CERTIFICATE_SETTING "tls_certificate"
#define KEY_SETTING "tls_key"
#define CERTIFICATE_CREDENTIAL "tls-certificate"
#define KEY_CREDENTIAL "tls-key"
#define PEM_MAX_BYTES (64 * 1024)

typedef struct
{
  GTask *task; /* (owned) */
  void (*next) (GTask *task);
} Waiting;

static gint64
get_now_seconds (TempoLanServer *self)
{
  return tempo_clock_now (tempo_host_get_clock (self->host)) / G_USEC_PER_SEC;
}

/* Few and small, and only at the start: read in place. (transfer full) (nullable). */
static char *
read_pem (const char *path)
{
  char *text = NULL;
  gsize length = 0;

  if (path == NULL || !g_file_get_contents (path, &text, &length, NULL) || length > PEM_MAX_BYTES)
    g_clear_pointer (&text, g_free);
  return text;
}

static char *
get_certificate_path (TempoLanServer *self)
{
  return g_build_filename (tempo_host_get_data_dir (self->host), CERTIFICATE_FILE, NULL);
}

/* FALSE with @why when the two cannot be used. */
static gboolean
use (TempoLanServer *self, const char *certificate, const char *key, const char **why)
{
  g_autoptr (GError) error = NULL;

  if (!tempo_certificate_check (certificate, key, get_now_seconds (self), why))
    return FALSE;
  self->tls = tempo_tls_new (certificate, key, &error);
  if (self->tls == NULL)
    {
      *why = "TLS does not take the certificate";
      return FALSE;
    }
  g_mutex_lock (&self->lock);
  self->fingerprint = tempo_certificate_get_fingerprint (certificate);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* --- the owner's own --- */

static gboolean
use_files (TempoLanServer *self, const char *certificate_path, const char *key_path)
{
  g_autofree char *certificate = read_pem (certificate_path);
  g_autofree char *key = read_pem (key_path);
  const char *why = "one of its files cannot be read";

  if (certificate != NULL && key != NULL && use (self, certificate, key, &why))
    return TRUE;
  g_message ("the certificate in \"%s\" is not used: %s", certificate_path, why);
  tempo_host_set_health (self->host, "tls", TEMPO_HEALTH_WARNING, why);
  return FALSE;
}

/* TRUE when there is one and it is good; a bad one is said, and staff are served with one of ours. */
static gboolean
use_own (TempoLanServer *self)
{
  g_autofree char *certificate = tempo_host_get_setting (self->host, CERTIFICATE_SETTING);
  g_autofree char *key = tempo_host_get_setting (self->host, KEY_SETTING);
  const char *folder = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *given = folder != NULL ? g_build_filename (folder, CERTIFICATE_CREDENTIAL, NULL) : NULL;
  g_autofree char *given_key = folder != NULL ? g_build_filename (folder, KEY_CREDENTIAL, NULL) : NULL;

  if (certificate != NULL)
    return use_files (self, certificate, key);
  return given != NULL && g_file_test (given, G_FILE_TEST_EXISTS) && use_files (self, given, given_key);
}

/* --- one of ours --- */

/* What a browser may be told to go to. (transfer full). */
static GStrv
list_names (TempoLanServer *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GPtrArray) addresses = tempo_addresses_list ();
  g_autofree char *local = tempo_addresses_local_name ();

  g_strv_builder_add_many (names, "localhost", local, "127.0.0.1", "::1", NULL);
  for (guint i = 0; i < addresses->len; i++)
    {
      TempoAddress *address = g_ptr_array_index (addresses, i);

      if (!address->loopback && !address->is_virtual)
        g_strv_builder_add (names, address->text);
    }
  return g_strv_builder_end (names);
}

static void
make (TempoLanServer *self)
{
  g_auto (GStrv) names = list_names (self);
  g_autoptr (GError) error = NULL;
  const char *why = NULL;

  if (!tempo_certificate_make ((const char *const *) names, get_now_seconds (self), &self->tls_certificate,
                               &self->tls_key, &error))
    why = error->message;
  else if (use (self, self->tls_certificate, self->tls_key, &why))
    return;
  g_message ("staff cannot come by TLS: %s", why);
  tempo_host_set_health (self->host, "tls", TEMPO_HEALTH_WARNING, why);
}

static void
key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  TempoLanServer *self = g_task_get_source_object (waiting->task);
  g_autofree char *key = tempo_secrets_lookup_finish (TEMPO_SECRETS (source), result, NULL);
  g_autofree char *path = get_certificate_path (self);
  g_autofree char *certificate = read_pem (path);
  const char *why;

  self->tls_kept = key != NULL && certificate != NULL && use (self, certificate, key, &why);
  if (!self->tls_kept)
    make (self);
  waiting->next (waiting->task);
  g_object_unref (waiting->task);
}

void
tempo_lan_tls_prepare (TempoLanServer *self, GTask *task, void (*next) (GTask *task))
{
  Waiting *waiting;

  if (self->wished_tls_port == TEMPO_LAN_PORT_NONE || use_own (self))
    {
      self->tls_kept = TRUE;
      next (task);
      g_object_unref (task);
      return;
    }
  waiting = g_new (Waiting, 1);
  *waiting = (Waiting) { task, next };
  tempo_secrets_lookup_async (tempo_host_get_secrets (self->host), "", KEY_SECRET, NULL, key_found_cb, waiting);
}

static void
certificate_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_warning ("the certificate of staff's address was not kept: %s", error->message);
}

/* The certificate follows the key, so that a cut between the two leaves one that is made anew, not one that fits
 * nothing. */
static void
key_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoLanServer) self = user_data;
  g_autofree char *path = get_certificate_path (self);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GBytes) certificate = NULL;
  g_autoptr (GError) error = NULL;

  if (!tempo_secrets_store_finish (TEMPO_SECRETS (source), result, &error))
    {
      g_warning ("the key of staff's address is kept in memory only: %s", error->message);
      return;
    }
  certificate = g_bytes_new_take (self->tls_certificate, strlen (self->tls_certificate));
  self->tls_certificate = NULL;
  g_file_replace_contents_bytes_async (file, certificate, NULL, FALSE, G_FILE_CREATE_NONE, NULL, certificate_written_cb,
                                       NULL);
}

void
tempo_lan_tls_keep (TempoLanServer *self)
{
  g_autofree char *key = NULL;

  if (self->tls_kept || self->tls_key == NULL)
    return;
  self->tls_kept = TRUE;
  key = g_steal_pointer (&self->tls_key);
  tempo_secrets_store_async (tempo_host_get_secrets (self->host), "", KEY_SECRET, key, NULL, key_stored_cb,
                             g_object_ref (self));
}

/**
 * tempo_lan_server_get_tls_url:
 * @self: a server
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): the address staff use, %NULL while TLS is off
 */
char *
tempo_lan_server_get_tls_url (TempoLanServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const char *address = self->public_address != NULL ? self->public_address : "127.0.0.1";

  if (self->tls_port == 0)
    return NULL;
  return g_strdup_printf (strchr (address, ':') != NULL ? "https://[%s]:%u" : "https://%s:%u", address, self->tls_port);
}

/**
 * tempo_lan_server_get_tls_port:
 * @self: a server
 *
 * Any thread.
 *
 * Returns: the port staff use, 0 while TLS is off
 */
guint16
tempo_lan_server_get_tls_port (TempoLanServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->tls_port;
}

/**
 * tempo_lan_server_admits_staff:
 * @self: a server
 *
 * Any thread.
 *
 * Returns: whether staff can come in from another machine
 */
gboolean
tempo_lan_server_admits_staff (TempoLanServer *self)
{
  g_autofree char *setting = tempo_host_get_setting (self->host, TEMPO_STAFF_OVER_HTTP);

  return tempo_lan_server_get_tls_port (self) != 0 || tempo_auth_allows (FALSE, setting);
}

/**
 * tempo_lan_server_get_fingerprint:
 * @self: a server
 *
 * Any thread. What a browser shows of the certificate, for people to compare once.
 *
 * Returns: (transfer full) (nullable): the SHA-256, "A1:B2:…"
 */
char *
tempo_lan_server_get_fingerprint (TempoLanServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->fingerprint);
}
