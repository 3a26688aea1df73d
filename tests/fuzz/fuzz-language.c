/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/tempo-catalog.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *accept = g_strndup ((const char *) data, size);

  g_assert_true (g_strv_contains (tempo_catalog_languages (), tempo_catalog_negotiate (NULL, NULL, accept)));
  g_assert_true (g_strv_contains (tempo_catalog_languages (), tempo_catalog_negotiate (accept, accept, NULL)));
  return 0;
}
