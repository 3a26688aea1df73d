/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-addresses.h"
#include "web/tempo-hosts.h"

static void
test_allow (void)
{
  g_autoptr (TempoHosts) hosts = tempo_hosts_new ();
  static const struct
  {
    const char *host;
    gboolean allowed;
  } cases[] = {
    { "localhost", TRUE }, { "LOCALHOST:8080", TRUE }, { "localhost.", TRUE }, { "127.0.0.1:8080", TRUE }, { "[::1]:8080", TRUE }, { "[::1]", TRUE },
    { "party.example", TRUE }, { "party.example:8080", TRUE },
    { "party.example:80", FALSE }, { "localhost:0", FALSE }, { "localhost:", FALSE }, { "localhost:8080x", FALSE }, { "localhost:99999", FALSE },
    { "evil.example", FALSE }, { "localhost.evil.example", FALSE }, { "evillocalhost", FALSE }, { "203.0.113.9", FALSE }, { "[::1", FALSE },
    { "[::1]x", FALSE }, { "", FALSE }, { ":8080", FALSE }, { ".", FALSE }, { "::1", FALSE },
  };
  g_autofree char *local = tempo_addresses_local_name ();

  tempo_hosts_add (hosts, "Party.Example");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].host);
      g_assert_cmpint (tempo_hosts_allow (hosts, cases[i].host, 8080), ==, cases[i].allowed);
    }
  g_assert_true (tempo_hosts_allow (hosts, local, 8080));
  g_assert_true (tempo_hosts_allow (hosts, "party.example:443", 0));
}

/* Every address we have is a name of ours. */
static void
test_own (void)
{
  g_autoptr (TempoHosts) hosts = tempo_hosts_new ();
  g_autoptr (GPtrArray) list = tempo_addresses_list ();

  g_assert_cmpuint (list->len, >, 0);
  for (guint i = 0; i < list->len; i++)
    {
      const TempoAddress *address = g_ptr_array_index (list, i);
      g_autofree char *host = g_strdup_printf (address->ipv6 ? "[%s]:80" : "%s:80", address->text);

      g_assert_true (tempo_hosts_allow (hosts, host, 80));
    }
}

static void
test_pick (void)
{
  static const struct
  {
    const char *interfaces[6];
    const char *picked;
  } cases[] = {
    { { "lo", "127.0.0.1", NULL }, NULL },
    { { "eth0", "192.168.1.5", NULL }, "192.168.1.5" },
    { { "eth0", "192.168.1.5", "wlan0", "10.0.0.5", NULL }, "10.0.0.5" },
    { { "docker0", "172.17.0.1", "eth0", "192.168.1.5", NULL }, "192.168.1.5" },
    { { "virbr0", "192.168.122.1", "br-123", "172.18.0.1", NULL }, NULL },
    { { "eth0", "8.8.4.4", "eth1", "192.168.1.5", NULL }, "192.168.1.5" },
    { { "eth0", "8.8.4.4", NULL }, "8.8.4.4" },
    { { "eth0", "169.254.3.4", "wlp2s0", "172.16.4.4", NULL }, "172.16.4.4" },
    { { "eth0", "169.254.3.4", NULL }, "169.254.3.4" },
    { { "wlan0", "fe80::1", "wlan0", "fd00::1", NULL }, NULL },
    { { "tun0", "10.8.0.2", "wg0", "10.9.0.2", NULL }, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_address_free);
      const TempoAddress *picked;

      for (guint j = 0; cases[i].interfaces[j] != NULL; j += 2)
        g_ptr_array_add (list, tempo_address_new (cases[i].interfaces[j], cases[i].interfaces[j + 1]));
      picked = tempo_addresses_pick (list);
      g_assert_cmpstr (picked != NULL ? picked->text : NULL, ==, cases[i].picked);
    }
  g_assert_null (tempo_address_new ("eth0", "not an address"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts/allow", test_allow);
  g_test_add_func ("/hosts/own", test_own);
  g_test_add_func ("/hosts/pick", test_pick);
  return g_test_run ();
}
