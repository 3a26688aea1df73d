/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "base/tempo-qr.h"

#include <string.h>

#define ADDRESS "http://192.168.1.20:8080/j/K7PX"

/* The three corners every reader looks for: dark ring, light ring, dark middle. */
static void
check_finder (TempoQr *qr,
              guint left,
              guint top)
{
  for (guint y = 0; y < 7; y++)
    {
      for (guint x = 0; x < 7; x++)
        {
          guint ring = MIN (MIN (x, 6 - x), MIN (y, 6 - y));

          g_assert_cmpint (tempo_qr_is_dark (qr, left + x, top + y), ==, ring != 1);
        }
    }
}

static void
test_shape (void)
{
  g_autoptr (TempoQr) qr = tempo_qr_new (ADDRESS);
  guint size = tempo_qr_get_size (qr);

  g_assert_cmpuint (size % 4, ==, 1);
  g_assert_cmpuint (size, >=, 21);
  check_finder (qr, 0, 0);
  check_finder (qr, size - 7, 0);
  check_finder (qr, 0, size - 7);
  g_assert_false (tempo_qr_is_dark (qr, size, 0));
  g_assert_false (tempo_qr_is_dark (qr, 0, size));
  g_assert_false (tempo_qr_is_dark (qr, G_MAXUINT, G_MAXUINT));
}

static void
test_json (void)
{
  g_autoptr (TempoQr) qr = tempo_qr_new (ADDRESS);
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;
  guint size = tempo_qr_get_size (qr);
  JsonArray *rows;
  const char *text;
  gsize length;

  tempo_qr_to_json (qr, json, NULL);
  text = tempo_json_peek (json, &length);
  object = tempo_json_parse (text, length, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tempo_json_get_int (object, "size", 0, 1000, -1, &error), ==, size);
  rows = json_object_get_array_member (object, "rows");
  g_assert_cmpuint (json_array_get_length (rows), ==, size);
  for (guint y = 0; y < size; y++)
    {
      const char *row = json_array_get_string_element (rows, y);

      g_assert_cmpuint (strlen (row), ==, size);
      for (guint x = 0; x < size; x++)
        g_assert_cmpint (row[x], ==, tempo_qr_is_dark (qr, x, y) ? '1' : '0');
    }
}

static void
test_refused (void)
{
  g_autofree char *longest = g_strnfill (TEMPO_QR_MAX_TEXT, 'a');
  g_autofree char *longer = g_strnfill (TEMPO_QR_MAX_TEXT + 1, 'a');
  g_autoptr (TempoQr) qr = tempo_qr_new (longest);
  g_autoptr (TempoJson) json = tempo_json_new ();

  g_assert_nonnull (qr);
  g_assert_null (tempo_qr_new (longer));
  g_assert_null (tempo_qr_new (""));
  tempo_json_begin_array (json, NULL);
  tempo_qr_text_to_json (NULL, json, NULL);
  tempo_qr_text_to_json (longer, json, NULL);
  tempo_json_end_array (json);
  g_assert_cmpstr (tempo_json_peek (json, NULL), ==, "[null,null]");
}

static void
test_svg (void)
{
  g_autoptr (TempoQr) qr = tempo_qr_new (ADDRESS);
  g_autofree char *svg = tempo_qr_to_svg (qr);
  g_autofree char *side = g_strdup_printf ("0 0 %u %u", tempo_qr_get_size (qr) + 2 * TEMPO_QR_QUIET,
                                           tempo_qr_get_size (qr) + 2 * TEMPO_QR_QUIET);

  g_assert_nonnull (strstr (svg, "<svg"));
  g_assert_nonnull (strstr (svg, side));
  g_assert_null (strstr (svg, ADDRESS));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/qr/shape", test_shape);
  g_test_add_func ("/base/qr/json", test_json);
  g_test_add_func ("/base/qr/refused", test_refused);
  g_test_add_func ("/base/qr/svg", test_svg);

  return g_test_run ();
}
