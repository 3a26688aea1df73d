/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tempo-csv.h"

#include <string.h>

static void
separate (GString *csv)
{
  if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
    g_string_append_c (csv, ',');
}

/**
 * tempo_csv_append:
 * @csv: lines so far
 * @text: (nullable): a cell; %NULL is an empty one
 *
 * Every cell is quoted, so an empty one is seen too.
 */
void
tempo_csv_append (GString *csv,
                  const char *text)
{
  separate (csv);
  g_string_append_c (csv, '"');
  if (text != NULL && *text != '\0' && strchr ("=+-@\t\r\n", *text) != NULL)
    g_string_append_c (csv, '\'');
  for (const char *at = text != NULL ? text : ""; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *at);
    }
  g_string_append_c (csv, '"');
}

/**
 * tempo_csv_append_int:
 * @csv: lines so far
 * @value: a number
 */
void
tempo_csv_append_int (GString *csv,
                      gint64 value)
{
  separate (csv);
  g_string_append_printf (csv, "%" G_GINT64_FORMAT, value);
}

/**
 * tempo_csv_end_line:
 * @csv: lines so far
 */
void
tempo_csv_end_line (GString *csv)
{
  g_string_append (csv, "\r\n");
}
