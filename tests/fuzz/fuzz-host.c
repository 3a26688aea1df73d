/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-hosts.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Whatever is let in has one of our names in it. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  static TempoHosts *hosts;
  g_autofree char *host = g_strndup ((const char *) data, size);

  if (hosts == NULL)
    hosts = tempo_hosts_new ();
  if (tempo_hosts_allow (hosts, host, 8080))
    g_assert_null (strpbrk (host, "/@ \r\n"));
  return 0;
}
