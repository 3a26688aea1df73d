/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-fields.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A value that comes out could be sent back in a header as it is. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *header = g_strndup ((const char *) data, size);
  g_autofree char *value = tempo_cookie_find (header, "tempo_guest");

  if (value != NULL)
    {
      g_assert_null (strpbrk (value, " \t\r\n\",;\\"));
      g_assert_true (g_str_is_ascii (value));
    }
  return 0;
}
