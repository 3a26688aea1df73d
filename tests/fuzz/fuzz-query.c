/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/tempo-fields.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (GHashTable) fields = tempo_query_parse ((const char *) data, size);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_assert_cmpuint (g_hash_table_size (fields), <=, TEMPO_MAX_FIELDS);
  g_hash_table_iter_init (&iter, fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_assert_true (g_utf8_validate (name, -1, NULL) && *(char *) name != '\0');
      g_assert_true (g_utf8_validate (value, -1, NULL));
    }
  return 0;
}
