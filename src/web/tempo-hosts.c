/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-hosts.h"

#include <string.h>

#include "web/tempo-addresses.h"

#define REFRESH_US (10 * G_TIME_SPAN_SECOND)

struct _TempoHosts
{
  GHashTable *fixed; /* (owned): names that stay */
  GHashTable *own;   /* (owned): addresses of the interfaces */
  gint64 refreshed;  /* monotonic µs */
};

/** Starts with the names every installation has. */
TempoHosts *
tempo_hosts_new (void)
{
  TempoHosts *self = g_rc_box_new0 (TempoHosts);
  g_autofree char *local = tempo_addresses_local_name ();
  g_autofree char *plain = g_ascii_strdown (g_get_host_name (), -1);

  self->fixed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tempo_hosts_add (self, "localhost");
  tempo_hosts_add (self, "127.0.0.1");
  tempo_hosts_add (self, "::1");
  tempo_hosts_add (self, local);
  tempo_hosts_add (self, plain);
  tempo_hosts_refresh (self);
  return self;
}

TempoHosts *
tempo_hosts_ref (TempoHosts *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_all (gpointer data)
{
  TempoHosts *self = data;

  g_clear_pointer (&self->fixed, g_hash_table_unref);
  g_clear_pointer (&self->own, g_hash_table_unref);
}

void
tempo_hosts_unref (TempoHosts *self)
{
  g_rc_box_release_full (self, clear_all);
}

/** Adds a configured name for good. */
void
tempo_hosts_add (TempoHosts *self,
                 const char *name)
{
  if (name != NULL && *name != '\0')
    g_hash_table_add (self->fixed, g_ascii_strdown (name, -1));
}

/** Reads the interfaces: a laptop changes its Wi-Fi while the party goes on. */
void
tempo_hosts_refresh (TempoHosts *self)
{
  g_autoptr (GPtrArray) list = tempo_addresses_list ();

  self->refreshed = g_get_monotonic_time ();
  g_hash_table_remove_all (self->own);
  for (guint i = 0; i < list->len; i++)
    g_hash_table_add (self->own, g_strdup (((TempoAddress *) g_ptr_array_index (list, i))->text));
}

/* Cuts "name:port" or "[v6]:port". FALSE when it is neither. @port: 0 when there is none. */
static gboolean
split_host (char *host,
            const char **name,
            guint64 *port)
{
  char *colon = NULL;

  *name = host;
  *port = 0;
  if (*host == '[')
    {
      char *bracket = strchr (host, ']');

      if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':'))
        return FALSE;
      *name = host + 1;
      colon = bracket[1] == ':' ? bracket + 1 : NULL;
      *bracket = '\0';
    }
  else
    colon = strchr (host, ':');
  if (colon == NULL)
    return **name != '\0';
  *colon = '\0';
  return **name != '\0' && g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, port, NULL);
}

static gboolean
is_known (TempoHosts *self,
          const char *name)
{
  return g_hash_table_contains (self->fixed, name) || g_hash_table_contains (self->own, name);
}

/** Is @host, a Host header, one of our names with our port or none? */
gboolean
tempo_hosts_allow (TempoHosts *self,
                   const char *host,
                   guint16 port)
{
  g_autofree char *text = g_ascii_strdown (host, -1);
  const char *name;
  guint64 named_port;
  gsize length;

  if (!split_host (text, &name, &named_port))
    return FALSE;
  if (named_port != 0 && port != 0 && named_port != port)
    return FALSE;
  /* A fully qualified name may end with the root's dot. */
  length = strlen (name);
  if (length > 1 && name[length - 1] == '.')
    ((char *) name)[length - 1] = '\0';
  if (is_known (self, name))
    return TRUE;
  if (g_get_monotonic_time () - self->refreshed < REFRESH_US || !g_hostname_is_ip_address (name))
    return FALSE;
  tempo_hosts_refresh (self);
  return is_known (self, name);
}
