/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

/* Bridges, tunnels and containers: a phone on the Wi-Fi cannot reach their addresses. */
static const char *const virtual_prefixes[] = {
  "docker", "br-", "virbr", "veth", "tun", "tap", "wg", "tailscale", "zt", "vnet", "lxc", "lxd",
  "cni", "flannel", "podman", "vmnet", "vboxnet", "ppp", "ipsec", "nordlynx", "mullvad", NULL
};

/** Describes one address; what it is follows from its text and the interface's name alone. */
TempoAddress *
tempo_address_new (const char *interface,
                   const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  TempoAddress *self;

  if (address == NULL)
    return NULL;
  self = g_new0 (TempoAddress, 1);
  self->interface = g_strdup (interface);
  self->text = g_inet_address_to_string (address);
  self->ipv6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  self->loopback = g_inet_address_get_is_loopback (address);
  self->site_local = g_inet_address_get_is_site_local (address) || g_inet_address_get_is_link_local (address) ||
                     (self->ipv6 && (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc);
  for (guint i = 0; virtual_prefixes[i] != NULL; i++)
    if (g_str_has_prefix (interface, virtual_prefixes[i]))
      self->is_virtual = TRUE;
  return self;
}

/** Frees one address. */
void
tempo_address_free (TempoAddress *self)
{
  g_clear_pointer (&self->interface, g_free);
  g_clear_pointer (&self->text, g_free);
  g_free (self);
}

/** Lists the addresses of all interfaces that are up. */
GPtrArray *
tempo_addresses_list (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_address_free);
  struct ifaddrs *first = NULL;

  if (getifaddrs (&first) < 0)
    return list;
  for (struct ifaddrs *item = first; item != NULL; item = item->ifa_next)
    {
      g_autoptr (GInetAddress) address = NULL;
      g_autofree char *text = NULL;

      if (item->ifa_addr == NULL || (item->ifa_flags & IFF_UP) == 0)
        continue;
      if (item->ifa_addr->sa_family == AF_INET)
        address = g_inet_address_new_from_bytes ((const guint8 *) &((struct sockaddr_in *) item->ifa_addr)->sin_addr,
                                                 G_SOCKET_FAMILY_IPV4);
      else if (item->ifa_addr->sa_family == AF_INET6)
        address = g_inet_address_new_from_bytes (((struct sockaddr_in6 *) item->ifa_addr)->sin6_addr.s6_addr,
                                                 G_SOCKET_FAMILY_IPV6);
      else
        continue;
      text = g_inet_address_to_string (address);
      g_ptr_array_add (list, tempo_address_new (item->ifa_name, text));
    }
  freeifaddrs (first);
  return list;
}

static guint
rank (const TempoAddress *address)
{
  gboolean wireless = g_str_has_prefix (address->interface, "wl");

  if (address->loopback || address->ipv6 || address->is_virtual)
    return 0;
  /* 169.254: the machine asked for an address and got none; better than nothing on a bare cable. */
  if (g_str_has_prefix (address->text, "169.254."))
    return 1;
  if (!address->site_local)
    return 2;
  return wireless ? 4 : 3;
}

/** Ranks and takes the best; the first of equals, in the kernel's order, so that the QR code stays the same. */
const TempoAddress *
tempo_addresses_pick (GPtrArray *list)
{
  const TempoAddress *best = NULL;

  for (guint i = 0; i < list->len; i++)
    {
      const TempoAddress *address = g_ptr_array_index (list, i);

      if (rank (address) > (best != NULL ? rank (best) : 0))
        best = address;
    }
  return best;
}

/** Guesses the address the guests can reach; asked again whenever it is shown, for it changes. */
char *
tempo_addresses_best (void)
{
  g_autoptr (GPtrArray) list = tempo_addresses_list ();
  const TempoAddress *best = tempo_addresses_pick (list);

  return best != NULL ? g_strdup (best->text) : NULL;
}

/** Makes the name that multicast DNS announces for this machine. */
char *
tempo_addresses_local_name (void)
{
  g_autofree char *name = g_ascii_strdown (g_get_host_name (), -1);

  /* "bar.example.org" announces itself as "bar.local". */
  *strchrnul (name, '.') = '\0';
  return g_strconcat (name, ".local", NULL);
}
