/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-csv.h"

static void
test_cells (void)
{
  static const struct { const char *text, *cell; } cases[] = {
    { NULL, "\"\"" }, { "", "\"\"" }, { "plain", "\"plain\"" }, { "a,b", "\"a,b\"" }, { "say \"hi\"", "\"say \"\"hi\"\"\"" },
    { "=1+1", "\"'=1+1\"" }, { "+1", "\"'+1\"" }, { "-1", "\"'-1\"" }, { "@SUM(A1)", "\"'@SUM(A1)\"" },
    { "\t=1", "\"'\t=1\"" }, { "\r=1", "\"'\r=1\"" }, { "\n=1", "\"'\n=1\"" }, { "1=1", "\"1=1\"" }, { "two\nlines", "\"two\nlines\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) csv = g_string_new (NULL);

      tempo_csv_append (csv, cases[i].text);
      g_assert_cmpstr (csv->str, ==, cases[i].cell);
    }
}

static void
test_lines (void)
{
  g_autoptr (GString) csv = g_string_new (NULL);

  tempo_csv_append (csv, "a");
  tempo_csv_append_int (csv, -7);
  tempo_csv_end_line (csv);
  tempo_csv_append_int (csv, 3);
  tempo_csv_append (csv, "");
  tempo_csv_end_line (csv);
  g_assert_cmpstr (csv->str, ==, "\"a\",-7\r\n3,\"\"\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/csv/cells", test_cells);
  g_test_add_func ("/base/csv/lines", test_lines);

  return g_test_run ();
}
