/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-fields.h"

static void
test_path (void)
{
  static const struct
  {
    const char *path;
    const char *segments; /* joined by '|', NULL when refused */
  } cases[] = {
    { "/", "" }, { "/a", "a" }, { "/a/b", "a|b" }, { "/a/", "a|" }, { "/%61", "a" }, { "/a%20b", "a b" }, { "/%C3%A9", "é" },
    { "/a+b", "a+b" }, { "/%252e%252e", "%2e%2e" }, { "/...", "..." }, { "/a:b@c", "a:b@c" },
    { "", NULL }, { "a", NULL }, { "//", NULL }, { "/a//b", NULL }, { "/.", NULL }, { "/..", NULL }, { "/a/../b", NULL },
    { "/%2e%2e", NULL }, { "/.%2E", NULL }, { "/a%2fb", NULL }, { "/a%5Cb", NULL }, { "/a\\b", NULL }, { "/a%00", NULL }, { "/a%0a", NULL },
    { "/%7f", NULL }, { "/%c3", NULL }, { "/%c0%ae", NULL }, { "/%ed%a0%80", NULL }, { "/%", NULL }, { "/%4", NULL }, { "/%g1", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) segments = tempo_path_split (cases[i].path, strlen (cases[i].path));
      g_autofree char *joined = segments != NULL ? g_strjoinv ("|", segments) : NULL;

      g_test_message ("%s", cases[i].path);
      g_assert_cmpstr (joined, ==, cases[i].segments);
    }
}

static void
test_query (void)
{
  static const struct
  {
    const char *query;
    guint n;
    const char *a;
  } cases[] = {
    { "", 0, NULL }, { "a=1", 1, "1" }, { "a", 1, "" }, { "a=", 1, "" }, { "a=1&a=2", 1, "1" }, { "a=b+c%2B", 1, "b c+" }, { "&&a=1&", 1, "1" },
    { "=x&a=1", 1, "1" }, { "a=%ff&a=2", 1, "2" }, { "a=%00", 0, NULL }, { "a=1=2", 1, "1=2" }, { "%61=1", 1, "1" }, { "a=%zz&b=1", 1, NULL },
    { "a=x%0D%0Ay", 1, "x\r\ny" },
  };
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GHashTable) bounded = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) fields = tempo_query_parse (cases[i].query, strlen (cases[i].query));

      g_test_message ("%s", cases[i].query);
      g_assert_cmpuint (g_hash_table_size (fields), ==, cases[i].n);
      g_assert_cmpstr (g_hash_table_lookup (fields, "a"), ==, cases[i].a);
    }
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (many, "k%u=v&", i);
  bounded = tempo_query_parse (many->str, many->len);
  g_assert_cmpuint (g_hash_table_size (bounded), ==, TEMPO_MAX_FIELDS);
}

static void
test_cookie (void)
{
  static const struct
  {
    const char *header;
    const char *value;
  } cases[] = {
    { "g=1", "1" }, { "a=b; g=1", "1" }, { "a=b;g=1;c=d", "1" }, { "xg=1; g=2", "2" }, { "g=1; g=2", "1" }, { "g=\"1\"", "1" }, { "g=", "" },
    { " ; ;g=1 ", "1" }, { "", NULL }, { "g", NULL }, { "G=1", NULL }, { "g=a b", NULL }, { "g=a\"b", NULL }, { "g=\xc3\xa9", NULL },
    { "a=g=1", NULL }, { "g=a=b", "a=b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *value = tempo_cookie_find (cases[i].header, "g");

      g_test_message ("%s", cases[i].header);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_event_id (void)
{
  guint64 id = 5;

  g_assert_true (tempo_event_id_parse ("18446744073709551615", &id));
  g_assert_cmpuint (id, ==, G_MAXUINT64);
  g_assert_true (tempo_event_id_parse ("0", &id));
  g_assert_cmpuint (id, ==, 0);
  g_assert_false (tempo_event_id_parse ("18446744073709551616", &id));
  g_assert_false (tempo_event_id_parse ("", &id));
  g_assert_false (tempo_event_id_parse (NULL, &id));
  g_assert_false (tempo_event_id_parse ("+1", &id));
  g_assert_false (tempo_event_id_parse (" 1", &id));
  g_assert_cmpuint (id, ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fields/path", test_path);
  g_test_add_func ("/fields/query", test_query);
  g_test_add_func ("/fields/cookie", test_cookie);
  g_test_add_func ("/fields/event-id", test_event_id);
  return g_test_run ();
}
