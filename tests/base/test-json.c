/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"

#include <math.h>
#include <string.h>

static void
test_nested (void)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "empty");
  tempo_json_end_array (json);
  tempo_json_begin_object (json, "object");
  tempo_json_end_object (json);
  tempo_json_begin_array (json, "list");
  tempo_json_string (json, NULL, "[");
  tempo_json_string (json, NULL, "{");
  tempo_json_begin_object (json, NULL);
  tempo_json_int (json, "a", -1);
  tempo_json_bool (json, "b", TRUE);
  tempo_json_end_object (json);
  tempo_json_null (json, NULL);
  tempo_json_raw (json, NULL, "[1]xx", 3);
  tempo_json_raw (json, NULL, "{}", -1);
  tempo_json_end_array (json);
  tempo_json_string (json, "none", NULL);
  tempo_json_time (json, "never", 0);
  tempo_json_time (json, "once", 1500);
  tempo_json_end_object (json);

  g_assert_cmpstr (tempo_json_peek (json, NULL), ==,
                   "{\"empty\":[],\"object\":{},\"list\":[\"[\",\"{\",{\"a\":-1,\"b\":true},null,[1],{}],"
                   "\"none\":null,\"never\":null,\"once\":\"1970-01-01T00:00:00.001Z\"}");
}

static const struct
{
  const char *name;
  const char *text;
  const char *json;
} texts[] = {
  { "plain", "plain", "\"plain\"" },
  { "empty", "", "\"\"" },
  { "quotes", "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
  { "controls", "\b\t\n\f\r\x01\x1f\x0b\x7f", "\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u000b\\u007f\"" },
  { "script", "</script><!--", "\"\\u003c/script>\\u003c!--\"" },
  { "line-ends", "a\u2028b\u2029c\u2027\u202a", "\"a\\u2028b\\u2029c\u2027\u202a\"" },
  { "letters", "Größe 日本 🎵 â€", "\"Größe 日本 🎵 â€\"" },
  { "cut-letter", "a\xe2\x80", "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
  { "wrong-bytes", "a\xff\"b", "\"a\xef\xbf\xbd\\\"b\"" },
  { "surrogate", "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
};

static void
test_text (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autoptr (TempoJson) member = tempo_json_new ();
  g_autofree char *expected = g_strdup_printf ("{%s:1}", texts[index].json);

  tempo_json_string (json, NULL, texts[index].text);
  g_assert_cmpstr (tempo_json_peek (json, NULL), ==, texts[index].json);

  tempo_json_begin_object (member, NULL);
  tempo_json_int (member, texts[index].text, 1);
  tempo_json_end_object (member);
  g_assert_cmpstr (tempo_json_peek (member, NULL), ==, expected);
}

static void
test_numbers (void)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_array (json, NULL);
  tempo_json_int (json, NULL, 0);
  tempo_json_int (json, NULL, G_MAXINT64);
  tempo_json_int (json, NULL, G_MININT64);
  tempo_json_double (json, NULL, 0.5);
  tempo_json_double (json, NULL, -1e300);
  tempo_json_double (json, NULL, NAN);
  tempo_json_double (json, NULL, INFINITY);
  tempo_json_end_array (json);

  g_assert_cmpstr (tempo_json_peek (json, NULL), ==,
                   "[0,9223372036854775807,-9223372036854775808,0.5,-1.0000000000000001e+300,null,null]");
}

static void
test_finish (void)
{
  TempoJson *json = tempo_json_new ();
  g_autoptr (GBytes) bytes = NULL;
  gsize length;

  tempo_json_string (json, NULL, "x");
  tempo_json_peek (json, &length);
  g_assert_cmpuint (length, ==, 3);
  bytes = tempo_json_finish (json);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\"x\"", 3);
}

#define JSON(literal) literal, sizeof literal - 1

static const struct
{
  const char *name;
  const char *json;
  gsize length;
  int code; /* -1: good */
} bodies[] = {
  { "empty-object", JSON ("{}"), -1 },
  { "all-kinds", JSON (" { \"a\" : [ 1 , -0 , 0.5 , 1e3 , 2E-2, \"t\" , true , false , null , { } , [ ] ] } \r\n\t"), -1 },
  { "escapes", JSON ("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83c\\udfb5\"}"), -1 },
  { "brackets-in-text", JSON ("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{\\\"{{{{\"}"), -1 },
  { "greatest", JSON ("{\"a\":9223372036854775807,\"b\":-9223372036854775808}"), -1 },
  { "nothing", JSON (""), TEMPO_JSON_ERROR_INVALID },
  { "blank", JSON ("  "), TEMPO_JSON_ERROR_INVALID },
  { "array", JSON ("[]"), TEMPO_JSON_ERROR_INVALID },
  { "text", JSON ("\"a\""), TEMPO_JSON_ERROR_INVALID },
  { "null", JSON ("null"), TEMPO_JSON_ERROR_INVALID },
  { "open", JSON ("{\"a\":1"), TEMPO_JSON_ERROR_INVALID },
  { "open-text", JSON ("{\"a\":\"b"), TEMPO_JSON_ERROR_INVALID },
  { "open-escape", JSON ("{\"a\":\"\\"), TEMPO_JSON_ERROR_INVALID },
  { "open-unicode", JSON ("{\"a\":\"\\u00"), TEMPO_JSON_ERROR_INVALID },
  { "open-number", JSON ("{\"a\":12"), TEMPO_JSON_ERROR_INVALID },
  { "more", JSON ("{}{}"), TEMPO_JSON_ERROR_INVALID },
  { "trailing-comma", JSON ("{\"a\":1,}"), TEMPO_JSON_ERROR_INVALID },
  { "trailing-comma-in-list", JSON ("{\"a\":[1,]}"), TEMPO_JSON_ERROR_INVALID },
  { "no-colon", JSON ("{\"a\" 1}"), TEMPO_JSON_ERROR_INVALID },
  { "no-quotes", JSON ("{a:1}"), TEMPO_JSON_ERROR_INVALID },
  { "single-quotes", JSON ("{'a':1}"), TEMPO_JSON_ERROR_INVALID },
  { "comment", JSON ("{/* a */}"), TEMPO_JSON_ERROR_INVALID },
  { "assignment", JSON ("var a = {}"), TEMPO_JSON_ERROR_INVALID },
  { "mixed-brackets", JSON ("{\"a\":[}]"), TEMPO_JSON_ERROR_INVALID },
  { "word", JSON ("{\"a\":yes}"), TEMPO_JSON_ERROR_INVALID },
  { "leading-nought", JSON ("{\"a\":01}"), TEMPO_JSON_ERROR_INVALID },
  { "plus", JSON ("{\"a\":+1}"), TEMPO_JSON_ERROR_INVALID },
  { "bare-point", JSON ("{\"a\":.5}"), TEMPO_JSON_ERROR_INVALID },
  { "point-at-end", JSON ("{\"a\":1.}"), TEMPO_JSON_ERROR_INVALID },
  { "bare-exponent", JSON ("{\"a\":1e}"), TEMPO_JSON_ERROR_INVALID },
  { "hexadecimal", JSON ("{\"a\":0x10}"), TEMPO_JSON_ERROR_INVALID },
  { "too-great", JSON ("{\"a\":9223372036854775808}"), TEMPO_JSON_ERROR_INVALID },
  { "far-too-great", JSON ("{\"a\":100000000000000000000000000000000000}"), TEMPO_JSON_ERROR_INVALID },
  { "raw-line-end", JSON ("{\"a\":\"b\nc\"}"), TEMPO_JSON_ERROR_INVALID },
  { "wrong-escape", JSON ("{\"a\":\"\\x41\"}"), TEMPO_JSON_ERROR_INVALID },
  { "nul", JSON ("{\"a\":\"b\0c\"}"), TEMPO_JSON_ERROR_INVALID },
  { "nul-after", JSON ("{}\0"), TEMPO_JSON_ERROR_INVALID },
  { "escaped-nul", JSON ("{\"a\":\"b\\u0000c\"}"), TEMPO_JSON_ERROR_INVALID },
  { "high-surrogate", JSON ("{\"a\":\"\\ud83c\"}"), TEMPO_JSON_ERROR_INVALID },
  { "high-surrogate-twice", JSON ("{\"a\":\"\\ud83c\\ud83c\"}"), TEMPO_JSON_ERROR_INVALID },
  { "low-surrogate", JSON ("{\"a\":\"\\udfb5\"}"), TEMPO_JSON_ERROR_INVALID },
  { "latin-1", JSON ("{\"a\":\"\xe9\"}"), TEMPO_JSON_ERROR_INVALID },
  { "overlong", JSON ("{\"a\":\"\xc0\xaf\"}"), TEMPO_JSON_ERROR_INVALID },
  { "byte-order-mark", JSON ("\xef\xbb\xbf{}"), TEMPO_JSON_ERROR_INVALID },
};

static void
test_body (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  /* Just the bytes: a reader past the end is seen by the address sanitizer. */
  g_autofree char *exact = g_memdup2 (bodies[index].json, bodies[index].length);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = tempo_json_parse (exact != NULL ? exact : "", bodies[index].length, &error);

  if (bodies[index].code < 0)
    {
      g_assert_no_error (error);
      g_assert_nonnull (object);
    }
  else
    {
      g_assert_error (error, TEMPO_JSON_ERROR, bodies[index].code);
      g_assert_null (object);
    }
}

static void
parse_nested (guint depth,
              int code)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;

  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, ']');
  g_string_append (text, depth > 1 ? "}" : "1}");
  object = tempo_json_parse (text->str, text->len, &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, TEMPO_JSON_ERROR, code);
}

static void
test_depth (void)
{
  parse_nested (1, -1);
  parse_nested (TEMPO_JSON_MAX_DEPTH, -1);
  parse_nested (TEMPO_JSON_MAX_DEPTH + 1, TEMPO_JSON_ERROR_TOO_DEEP);
  parse_nested (200000, TEMPO_JSON_ERROR_TOO_DEEP);
}

/* What was written is read back, whatever the text is. */
static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261120);

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (TempoJson) json = tempo_json_new ();
      g_autoptr (JsonObject) object = NULL;
      g_autoptr (GError) error = NULL;
      const char *written;
      gsize length;

      for (gint n = g_rand_int_range (rand, 0, 30); n > 0; n--)
        {
          gunichar c = (gunichar) g_rand_int_range (rand, 1, g_rand_boolean (rand) ? 0x80 : 0x11000);

          if (g_unichar_validate (c))
            g_string_append_unichar (text, c);
        }
      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "text", text->str);
      tempo_json_int (json, "number", i);
      tempo_json_end_object (json);
      written = tempo_json_peek (json, &length);
      object = tempo_json_parse (written, length, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (tempo_json_get_string (object, "text", 100, NULL, &error), ==, text->str);
      g_assert_cmpint (tempo_json_get_int (object, "number", 0, 5000, -1, &error), ==, i);
      g_assert_no_error (error);
    }
}

/* Bytes changed at random neither crash the reader nor get past it unread. */
static void
test_mutations (void)
{
  static const char seed[] = "{\"a\":[1,-2.5e3,true,null,\"x\\u00e9\\n\"],\"b\":{\"c\":\"\xc3\xa9\"}}";
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint good = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *text = g_memdup2 (seed, sizeof seed - 1);
      gsize length = (gsize) g_rand_int_range (rand, 1, sizeof seed);
      g_autoptr (JsonObject) object = NULL;

      for (gint n = g_rand_int_range (rand, 0, 4); n > 0; n--)
        text[g_rand_int_range (rand, 0, (gint) length)] = (char) g_rand_int_range (rand, 0, 256);
      if (g_rand_boolean (rand))
        length = sizeof seed - 1;
      object = tempo_json_parse (text, length, NULL);
      good += object != NULL;
    }
  g_assert_cmpuint (good, >, 100);
  g_assert_cmpuint (good, <, 15000);
}

static JsonObject *
parse (const char *text)
{
  JsonObject *object = tempo_json_parse (text, strlen (text), NULL);

  g_assert_nonnull (object);

  return object;
}

static void
test_members (void)
{
  g_autoptr (JsonObject) object = parse ("{\"s\":\"äöü\",\"i\":5,\"d\":5.0,\"h\":5.5,\"b\":true,\"n\":null,\"l\":[1],\"e\":1e300}");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (tempo_json_get_string (object, "s", 3, NULL, &error), ==, "äöü");
  g_assert_cmpstr (tempo_json_get_string (object, "n", 3, "x", &error), ==, "x");
  g_assert_cmpstr (tempo_json_get_string (object, "absent", 3, NULL, &error), ==, NULL);
  g_assert_cmpint (tempo_json_get_int (object, "i", 5, 5, 0, &error), ==, 5);
  g_assert_cmpint (tempo_json_get_int (object, "d", 0, 9, 0, &error), ==, 5);
  g_assert_cmpint (tempo_json_get_int (object, "absent", 0, 9, -1, &error), ==, -1);
  g_assert_true (tempo_json_get_bool (object, "b", FALSE, &error));
  g_assert_true (tempo_json_get_bool (object, "n", TRUE, &error));
  g_assert_no_error (error);
}

static void
expect_member_error (GError **error,
                     const char *member)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", member);

  g_assert_error (*error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
  g_assert_nonnull (strstr ((*error)->message, quoted));
  g_clear_error (error);
}

static void
test_wrong_members (void)
{
  g_autoptr (JsonObject) object = parse ("{\"s\":\"äöü\",\"i\":5,\"h\":5.5,\"b\":true,\"l\":[1],\"o\":{},\"e\":1e300}");
  const char *const no_text[] = { "i", "h", "b", "l", "o" };
  const char *const no_number[] = { "s", "h", "b", "l", "o", "e" };
  const char *const no_truth[] = { "s", "i", "h", "l", "o" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (no_text); i++)
    {
      g_assert_cmpstr (tempo_json_get_string (object, no_text[i], 9, "x", &error), ==, "x");
      expect_member_error (&error, no_text[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (no_number); i++)
    {
      g_assert_cmpint (tempo_json_get_int (object, no_number[i], 0, 9, 7, &error), ==, 7);
      expect_member_error (&error, no_number[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (no_truth); i++)
    {
      g_assert_true (tempo_json_get_bool (object, no_truth[i], TRUE, &error));
      expect_member_error (&error, no_truth[i]);
    }
  g_assert_null (tempo_json_get_string (object, "s", 2, NULL, &error));
  expect_member_error (&error, "s");
  g_assert_cmpint (tempo_json_get_int (object, "i", 6, 9, 0, &error), ==, 0);
  expect_member_error (&error, "i");
  g_assert_cmpint (tempo_json_get_int (object, "i", 0, 4, 0, &error), ==, 0);
  expect_member_error (&error, "i");
}

/* Members are read in a row; the first error is the one that is told. */
static void
test_first_error (void)
{
  g_autoptr (JsonObject) object = parse ("{\"a\":1,\"b\":\"x\",\"c\":true}");
  g_autoptr (GError) error = NULL;

  tempo_json_get_string (object, "a", 9, NULL, &error);
  g_assert_cmpint (tempo_json_get_int (object, "b", 0, 9, 3, &error), ==, 3);
  g_assert_false (tempo_json_get_bool (object, "c", FALSE, &error));
  expect_member_error (&error, "a");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json/write/nested", test_nested);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/base/json/write/text/%s", texts[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_text);
    }
  g_test_add_func ("/base/json/write/numbers", test_numbers);
  g_test_add_func ("/base/json/write/finish", test_finish);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *path = g_strdup_printf ("/base/json/read/%s", bodies[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_body);
    }
  g_test_add_func ("/base/json/read/depth", test_depth);
  g_test_add_func ("/base/json/round-trip", test_round_trip);
  g_test_add_func ("/base/json/mutations", test_mutations);
  g_test_add_func ("/base/json/members", test_members);
  g_test_add_func ("/base/json/wrong-members", test_wrong_members);
  g_test_add_func ("/base/json/first-error", test_first_error);

  return g_test_run ();
}
