/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/tempo-json.h"
#include "base/tempo-qr.h"

/* The three finder patterns of any code: a dark ring of seven around a light one. */
static void
check_finder (TempoQr *qr, guint left, guint top)
{
  for (guint i = 0; i < 7; i++)
    {
      g_assert_true (tempo_qr_is_dark (qr, left + i, top));
      g_assert_true (tempo_qr_is_dark (qr, left, top + i));
      g_assert_true (tempo_qr_is_dark (qr, left + 6, top + i));
    }
  g_assert_false (tempo_qr_is_dark (qr, left + 1, top + 1));
  g_assert_true (tempo_qr_is_dark (qr, left + 3, top + 3));
}

static void
test_shape (void)
{
  g_autoptr (TempoQr) qr = tempo_qr_new ("http://192.168.1.20:8080/j/7KQX3");
  guint size = tempo_qr_get_size (qr);

  g_assert_cmpuint (size, ==, 29); /* version 3 holds 42 bytes at level M */
  check_finder (qr, 0, 0);
  check_finder (qr, size - 7, 0);
  check_finder (qr, 0, size - 7);
  g_assert_false (tempo_qr_is_dark (qr, size, 0));
  g_assert_false (tempo_qr_is_dark (qr, 0, G_MAXUINT));
}

static void
test_level (void)
{
  /* 14 bytes fit version 1 at level M; one more does not. */
  g_autoptr (TempoQr) small = tempo_qr_new ("http://a.b/c/d");
  g_autoptr (TempoQr) large = tempo_qr_new ("http://a.b/c/de");

  g_assert_cmpuint (tempo_qr_get_size (small), ==, 21);
  g_assert_cmpuint (tempo_qr_get_size (large), ==, 25);
}

static void
test_limits (void)
{
  g_autofree char *longest = g_strnfill (TEMPO_QR_MAX_TEXT, 'x');
  g_autofree char *longer = g_strnfill (TEMPO_QR_MAX_TEXT + 1, 'x');
  g_autoptr (TempoQr) qr = tempo_qr_new (longest);

  g_assert_nonnull (qr);
  g_assert_null (tempo_qr_new (longer));
  g_assert_null (tempo_qr_new (""));
  g_assert_null (tempo_qr_new (NULL));
}

static void
test_json (void)
{
  g_autoptr (TempoQr) qr = tempo_qr_new ("tempo");
  TempoJson *json = tempo_json_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonObject) object = NULL;
  JsonObject *code;
  JsonArray *rows;

  tempo_json_begin_object (json, NULL);
  tempo_qr_to_json (qr, json, "qr");
  tempo_qr_text_to_json (NULL, json, "none");
  tempo_json_end_object (json);
  bytes = tempo_json_finish (json);
  object = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  g_assert_nonnull (object);
  g_assert_true (json_object_get_null_member (object, "none"));
  code = json_object_get_object_member (object, "qr");
  rows = json_object_get_array_member (code, "rows");
  g_assert_cmpint (json_object_get_int_member (code, "size"), ==, json_array_get_length (rows));
  for (guint y = 0; y < json_array_get_length (rows); y++)
    {
      const char *row = json_array_get_string_element (rows, y);

      g_assert_cmpuint (strlen (row), ==, tempo_qr_get_size (qr));
      for (guint x = 0; row[x] != '\0'; x++)
        g_assert_cmpint (row[x] == '1', ==, tempo_qr_is_dark (qr, x, y));
    }
}

/* Every dark module lies in exactly one run of the path. */
static void
test_svg (void)
{
  g_autoptr (TempoQr) qr = tempo_qr_new ("tempo");
  g_autofree char *svg = tempo_qr_to_svg (qr);
  const char *path = strstr (svg, "#000\" d=\"") + strlen ("#000\" d=\"");
  guint dark = 0, drawn = 0, x, y, width;

  for (y = 0; y < tempo_qr_get_size (qr); y++)
    for (x = 0; x < tempo_qr_get_size (qr); x++)
      dark += tempo_qr_is_dark (qr, x, y);
  while (sscanf (path, "M%u %uh%uv1", &x, &y, &width) == 3)
    {
      for (guint i = 0; i < width; i++)
        g_assert_true (tempo_qr_is_dark (qr, x + i - TEMPO_QR_QUIET, y - TEMPO_QR_QUIET));
      drawn += width;
      path = strchr (path, 'z') + 1;
    }
  g_assert_cmpuint (drawn, ==, dark);
  g_assert_true (g_str_has_suffix (svg, "</svg>\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/qr/shape", test_shape);
  g_test_add_func ("/base/qr/level", test_level);
  g_test_add_func ("/base/qr/limits", test_limits);
  g_test_add_func ("/base/qr/json", test_json);
  g_test_add_func ("/base/qr/svg", test_svg);
  return g_test_run ();
}
