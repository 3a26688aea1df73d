/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/tempo-json.h"
#include "web/tempo-page.h"
#include "web/tempo-problem.h"

static void
test_fill (void)
{
  static const struct
  {
    const char *template;
    const char *html;
  } cases[] = {
    { "", "" },
    { "plain", "plain" },
    { "<p title=\"{{title}}\">{{title}}</p>", "<p title=\"&lt;b&gt; &amp; &quot;&#39;\">&lt;b&gt; &amp; &quot;&#39;</p>" },
    { "{{{raw}}}", "<i>" },
    { "{{raw}}{{{raw}}}{{raw}}", "&lt;i&gt;<i>&lt;i&gt;" },
    { "a{{absent}}b{{{absent}}}c{{null}}d", "abcd" },
    { "{ {x} }", "{ {x} }" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) template = g_bytes_new_static (cases[i].template, strlen (cases[i].template));
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoPage) page = tempo_page_new (template, &error);
      g_autoptr (GBytes) html = NULL;
      g_autoptr (GBytes) expected = g_bytes_new_static (cases[i].html, strlen (cases[i].html));

      g_assert_no_error (error);
      html = tempo_page_fill (page, "title", "<b> & \"'", "raw", "<i>", "null", NULL, NULL);
      g_assert_cmpmem (g_bytes_get_data (html, NULL), g_bytes_get_size (html),
                       g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
    }
}

/* What a value says is never taken for a field. */
static void
test_not_twice (void)
{
  g_autoptr (GBytes) template = g_bytes_new_static ("{{a}}{{b}}", 10);
  g_autoptr (TempoPage) page = tempo_page_new (template, NULL);
  g_autoptr (GBytes) html = tempo_page_fill (page, "a", "{{b}}", "b", "x", NULL);

  g_assert_cmpmem (g_bytes_get_data (html, NULL), g_bytes_get_size (html), "{{b}}x", 6);
  g_assert_true (tempo_page_has_field (page, "a"));
  g_assert_false (tempo_page_has_field (page, "c"));
}

static void
test_malformed (void)
{
  static const char *const cases[] = { "a\n{{b", "a\n{{}}", "a\n{{B}}", "a\n{{b c}}", "a\n{{{b}}", "a\n{{{{b}}}}" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) template = g_bytes_new_static (cases[i], strlen (cases[i]));
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoPage) page = tempo_page_new (template, &error);

      g_assert_null (page);
      g_assert_error (error, TEMPO_PAGE_ERROR, TEMPO_PAGE_ERROR_MALFORMED);
      g_assert_true (g_str_has_prefix (error->message, "line 2:"));
    }
}

static void
test_json (void)
{
  g_autofree char *safe = tempo_page_json ("{\"a\":\"</script><!--&\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\"}", -1);

  g_assert_cmpstr (safe, ==, "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\\u2029\xe2\x80\"}");
}

static void
test_problem (void)
{
  g_autoptr (GBytes) plain = tempo_problem_new (404, "not_found", "Nothing \"here\"", NULL);
  TempoJson *json = tempo_problem_begin (429, "cooldown", "Wait", "Three so far");
  g_autoptr (GBytes) full = NULL;

  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain),
                   "{\"type\":\"about:blank\",\"title\":\"Nothing \\\"here\\\"\",\"status\":404,\"code\":\"not_found\"}", 81);
  tempo_json_int (json, "count", 3);
  full = tempo_problem_end (json);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (full, NULL), g_bytes_get_size (full), "\"detail\":\"Three so far\",\"count\":3}"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/fill", test_fill);
  g_test_add_func ("/page/not-twice", test_not_twice);
  g_test_add_func ("/page/malformed", test_malformed);
  g_test_add_func ("/page/json", test_json);
  g_test_add_func ("/page/problem", test_problem);
  return g_test_run ();
}
