/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-page.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What a guest wrote stays text in a page and in the JSON inside one. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *json = tempo_page_json (text, -1);
  g_autoptr (GString) html = g_string_new (NULL);
  g_autoptr (GBytes) template = g_bytes_new (data, size);
  g_autoptr (TempoPage) page = tempo_page_new (template, NULL);

  g_assert_null (strpbrk (json, "<>&"));
  tempo_page_append_escaped (html, text);
  g_assert_null (strpbrk (html->str, "<>\"'"));
  if (page != NULL)
    {
      g_autoptr (GBytes) filled = tempo_page_fill (page, "title", "{{x}}", NULL);

      g_assert_nonnull (filled);
    }
  return 0;
}
