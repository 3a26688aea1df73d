/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/tempo-fields.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  guint64 id = 7;

  if (!tempo_event_id_parse (text, &id))
    g_assert_cmpuint (id, ==, 7);
  return 0;
}
