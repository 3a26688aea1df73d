/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-gate.h"
#include "web/tempo-head.h"

static void
test_find_end (void)
{
  static const struct
  {
    const char *text;
    gsize end;
  } cases[] = {
    { "", 0 }, { "GET / HTTP/1.1\r\n", 0 }, { "a\r\n\r\n", 5 }, { "a\r\n\r\nbody", 5 }, { "a\n\nb", 3 }, { "a\r\n\r", 0 }, { "a\n\r\nb", 4 },
    { "\r\n\r\n", 4 }, { "a\rb\r\n\r\n", 7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);
      gsize scanned = 0;
      gsize found = 0;

      g_assert_cmpuint (tempo_head_find_end (cases[i].text, length, &scanned), ==, cases[i].end);
      /* A byte at a time finds the same. */
      scanned = 0;
      for (gsize n = 1; n <= length && found == 0; n++)
        found = tempo_head_find_end (cases[i].text, n, &scanned);
      g_assert_cmpuint (found, ==, cases[i].end);
    }
}

static void
test_fields (void)
{
  const char *text = "GET http://Venue.local:80/a?b=c HTTP/1.1\r\nHOST: venue.local:80\r\nX-Empty:\r\nX-Padded: \t a b \t\r\n"
                     "accept: one\r\nAccept: two\r\nContent-Length: 12\r\nConnection: Upgrade, Close\r\n\r\n";
  guint status = 999;
  g_autoptr (TempoHead) head = tempo_head_parse (text, strlen (text), &status);

  g_assert_nonnull (head);
  g_assert_cmpuint (status, ==, 0);
  g_assert_cmpstr (tempo_head_get_method (head), ==, "GET");
  g_assert_cmpstr (tempo_head_get_target (head), ==, "/a?b=c");
  g_assert_cmpstr (tempo_head_get_host (head), ==, "venue.local:80");
  g_assert_cmpstr (tempo_head_get_field (head, "x-empty"), ==, "");
  g_assert_cmpstr (tempo_head_get_field (head, "X-PADDED"), ==, "a b");
  g_assert_cmpstr (tempo_head_get_field (head, "Accept"), ==, "one");
  g_assert_null (tempo_head_get_field (head, "absent"));
  g_assert_cmpint (tempo_head_get_content_length (head), ==, 12);
  g_assert_false (tempo_head_keeps_alive (head));
}

/* What libsoup is given holds nothing a guest wrote but the method and numbers. */
static void
test_plain (void)
{
  static const struct
  {
    const char *text;
    const char *plain;
  } cases[] = {
    { "GET /secret?x HTTP/1.1\r\nHost: a\r\nCookie: b\r\nRange: bytes=0-\r\n\r\n", "GET / HTTP/1.1\r\nHost: tempo\r\n\r\n" },
    { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\nExpect: 100-Continue\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: tempo\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n" },
    { "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", "GET / HTTP/1.0\r\nHost: tempo\r\nConnection: keep-alive\r\n\r\n" },
    { "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.1\r\nHost: tempo\r\nConnection: close\r\n\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint status;
      g_autoptr (TempoHead) head = tempo_head_parse (cases[i].text, strlen (cases[i].text), &status);
      g_autoptr (GString) plain = tempo_head_to_plain (head);

      g_assert_cmpstr (plain->str, ==, cases[i].plain);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    guint status;
  } cases[] = {
    { "\r\n\r\n", 400 },
    { "GET\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\n\r\nmore", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nCookie: a\r\nCookie: b\r\n\r\n", 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nOrigin: a\r\norigin: b\r\n\r\n", 400 },
    { "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET http://ab/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET http://a?x HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    { "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505 },
    { "GET / SIP/2.0\r\nHost: a\r\n\r\n", 400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint status = 0;

      g_test_message ("%s", cases[i].text);
      g_assert_null (tempo_head_parse (cases[i].text, strlen (cases[i].text), &status));
      g_assert_cmpuint (status, ==, cases[i].status);
    }
}

/* Text with a NUL in it ends nowhere early. */
static void
test_nul (void)
{
  const char text[] = "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n";
  guint status = 0;

  g_assert_null (tempo_head_parse (text, sizeof text - 1, &status));
  g_assert_cmpuint (status, ==, 400);
}

static void
test_gate (void)
{
  g_assert_true (tempo_gate_is_type ("application/json", "application/json"));
  g_assert_true (tempo_gate_is_type ("Application/Json ;x", "application/json"));
  g_assert_false (tempo_gate_is_type ("application/json2", "application/json"));
  g_assert_false (tempo_gate_is_type (NULL, "application/json"));
  g_assert_true (tempo_gate_is_safe ("HEAD"));
  g_assert_false (tempo_gate_is_safe ("DELETE"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/head/find-end", test_find_end);
  g_test_add_func ("/head/fields", test_fields);
  g_test_add_func ("/head/plain", test_plain);
  g_test_add_func ("/head/refused", test_refused);
  g_test_add_func ("/head/nul", test_nul);
  g_test_add_func ("/head/gate", test_gate);
  return g_test_run ();
}
