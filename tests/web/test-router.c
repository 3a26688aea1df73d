/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/tempo-json.h"
#include "fixture.h"
#include "web/tempo-gate.h"
#include "web/tempo-metrics.h"

/* Where a request goes, and what keeps it from going there. */

static void
name_cb (TempoExchange *exchange,
         gpointer user_data)
{
  static const char *const names[] = { "org", "room", "id", "code", "rest" };
  g_autoptr (GString) text = g_string_new (tempo_exchange_get_route (exchange)->pattern);
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (tempo_exchange_get_param (exchange, names[i]) != NULL)
      g_string_append_printf (text, " %s=%s", names[i], tempo_exchange_get_param (exchange, names[i]));
  bytes = g_bytes_new (text->str, text->len);
  tempo_exchange_answer_bytes (exchange, 200, "text/plain", bytes);
}

/* What a handler sees of a request, as text. */
static void
show_cb (TempoExchange *exchange,
         gpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  g_string_append_printf (text, "q=%s", tempo_exchange_get_query (exchange, "q"));
  g_string_append_printf (text, " n=%d", (int) tempo_exchange_get_query_int (exchange, "n", 1, 50, 20));
  g_string_append_printf (text, " cookie=%s", tempo_exchange_get_cookie (exchange, "tempo_guest"));
  g_string_append_printf (text, " bearer=%s", tempo_exchange_get_bearer (exchange));
  g_string_append_printf (text, " lang=%s", tempo_exchange_get_language (exchange));
  g_string_append_printf (text, " html=%d", tempo_exchange_wants_html (exchange));
  g_string_append_printf (text, " address=%s", tempo_exchange_get_address (exchange));
  bytes = g_bytes_new (text->str, text->len);
  tempo_exchange_set_cookie (exchange, "tempo_session", "abc", 3600);
  tempo_exchange_set_lax_cookie (exchange, "tempo_guest", "def", 0);
  tempo_exchange_set_cookie (exchange, "old", "", -1);
  tempo_exchange_answer_bytes (exchange, 200, "text/plain", bytes);
}

static void
json_cb (TempoExchange *exchange,
         gpointer user_data)
{
  JsonObject *object = tempo_exchange_need_json (exchange);
  TempoJson *json;

  if (object == NULL)
    return;
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_int (json, "members", json_object_get_size (object));
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 201, json);
}

static void
form_cb (TempoExchange *exchange,
         gpointer user_data)
{
  if (g_strcmp0 (tempo_exchange_get_form (exchange, "title"), "Über & out") == 0)
    tempo_exchange_answer_redirect (exchange, 303, "/acme/main?said=thanks");
  else
    tempo_exchange_answer_problem (exchange, 422, "no_title", "No title", NULL);
}

static void
tag_cb (TempoExchange *exchange,
        gpointer user_data)
{
  g_autoptr (GBytes) html = g_bytes_new_static ("<p>", 3);

  if (!tempo_exchange_not_modified (exchange, "v1"))
    tempo_exchange_answer_html (exchange, 200, html);
}

static void
busy_cb (TempoExchange *exchange,
         gpointer user_data)
{
  TempoJson *problem;

  tempo_exchange_set_retry_after (exchange, 7);
  problem = tempo_json_new ();
  tempo_json_begin_object (problem, NULL);
  tempo_json_string (problem, "code", "cooldown");
  tempo_json_int (problem, "count", 3);
  tempo_exchange_answer_problem_writer (exchange, 429, problem);
}

enum { ANYONE, STAFF };

static const TempoRoute routes[] = {
  { "GET", "/", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "GET", "/{org}", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "GET", "/{org}/{room}", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "GET", "/j/{code}", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "GET", "/api/rooms/{room}", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "POST", "/api/rooms/create", ANYONE, 0, TEMPO_ROUTE_DEFAULT, json_cb },
  { "GET", "/api/{org}/rooms", STAFF, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "GET", "/api/{org}/requests", STAFF, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "PATCH", "/api/{org}/requests/{id}", STAFF, 0, TEMPO_ROUTE_DEFAULT, json_cb },
  { "PUT", "/api/rooms/{room}/requests/{id}/vote", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "DELETE", "/api/rooms/{room}/requests/{id}/vote", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
  { "POST", "/form", ANYONE, 0, TEMPO_ROUTE_FORM, form_cb },
  { "POST", "/import", ANYONE, 65536, TEMPO_ROUTE_ANY_TYPE | TEMPO_ROUTE_ANY_ORIGIN, name_cb },
  { "GET", "/show", ANYONE, 0, TEMPO_ROUTE_DEFAULT, show_cb },
  { "GET", "/tag", ANYONE, 0, TEMPO_ROUTE_DEFAULT, tag_cb },
  { "GET", "/busy", ANYONE, 0, TEMPO_ROUTE_DEFAULT, busy_cb },
  { "GET", "/metrics", ANYONE, 0, TEMPO_ROUTE_LOCAL, name_cb },
  { "GET", "/assets/{rest...}", ANYONE, 0, TEMPO_ROUTE_DEFAULT, name_cb },
};

static const struct
{
  const char *method;
  const char *target;
  const char *pattern; /* NULL: @status */
  guint status;
} lookups[] = {
  { "GET", "/", "/", 0 },
  { "GET", "/?x=1", "/", 0 },
  { "GET", "/acme", "/{org}", 0 },
  { "GET", "/acme/main", "/{org}/{room}", 0 },
  { "GET", "/j/ABCD", "/j/{code}", 0 },
  { "GET", "/j", "/{org}", 0 },
  { "HEAD", "/j/ABCD", "/j/{code}", 0 },
  { "GET", "/api/rooms/main", "/api/rooms/{room}", 0 },
  { "POST", "/api/rooms/create", "/api/rooms/create", 0 },
  { "GET", "/api/rooms/create", "/api/rooms/{room}", 0 },
  { "GET", "/api/rooms/rooms", "/api/rooms/{room}", 0 },
  { "GET", "/api/acme/rooms", "/api/{org}/rooms", 0 },
  { "DELETE", "/api/rooms/a/requests/b/vote", "/api/rooms/{room}/requests/{id}/vote", 0 },
  { "GET", "/assets/guest/app.js", "/assets/{rest...}", 0 },
  { "GET", "/assets/a/b/c", "/assets/{rest...}", 0 },
  { "GET", "/assets/../secret", NULL, 400 },
  { "GET", "/assets/%2e%2e/secret", NULL, 400 },
  { "GET", "/api/../userb/requests", NULL, 400 },
  { "GET", "/api/userb%2F../usera/requests", NULL, 400 },
  { "GET", "/api/userb/../usera/requests", NULL, 400 },
  { "GET", "/api/userb/./requests", NULL, 400 },
  { "GET", "/api/userb%5c..%5cusera/requests", NULL, 400 },
  { "GET", "/api//requests", NULL, 400 },
  { "GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r", NULL, 400 },
  { "GET", "/acme/", NULL, 404 },
  { "GET", "/one/two/three/four", NULL, 404 },
  { "DELETE", "/show", NULL, 405 },
  { "BREW", "/show", NULL, 400 },
  { "GET", "*", NULL, 400 },
  { "GET", "", NULL, 400 },
};

static void
test_lookup (void)
{
  g_autoptr (TempoRouter) router = tempo_router_new ();

  tempo_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lookups); i++)
    {
      guint status = 999;
      const TempoRoute *route = tempo_router_lookup (router, lookups[i].method, lookups[i].target, &status);

      g_test_message ("%s %s", lookups[i].method, lookups[i].target);
      g_assert_cmpstr (route != NULL ? route->pattern : NULL, ==, lookups[i].pattern);
      g_assert_cmpuint (status, ==, lookups[i].status);
    }
}

static void
count_cb (const TempoRoute *route,
          gpointer user_data)
{
  guint *n = user_data;

  g_assert_true (route == &routes[*n]);
  (*n)++;
}

static void
test_walk (void)
{
  g_autoptr (TempoRouter) router = tempo_router_new ();
  guint n = 0;

  tempo_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  tempo_router_walk (router, count_cb, &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (routes));
}

static void
test_doubled_route (void)
{
  if (g_test_subprocess ())
    {
      static const TempoRoute doubled[] = {
        { "GET", "/{a}", 0, 0, TEMPO_ROUTE_DEFAULT, name_cb },
        { "GET", "/{b}", 0, 0, TEMPO_ROUTE_DEFAULT, name_cb },
      };
      g_autoptr (TempoRouter) router = tempo_router_new ();

      tempo_router_add (router, doubled, 2, NULL);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*route GET /{b} is malformed or there twice*");
}

static void
test_params (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  static const struct
  {
    const char *path;
    const char *body;
  } cases[] = {
    { "/acme/main", "/{org}/{room} org=acme room=main" },
    { "/caf%C3%A9/a%20b?x=y", "/{org}/{room} org=café room=a b" },
    { "/a+b", "/{org} org=a+b" },
    { "/assets/guest/app.js?v=1", "/assets/{rest...} rest=guest/app.js" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *answer = NULL;

      g_assert_cmpuint (get (server, cases[i].path, &answer), ==, 200);
      g_assert_cmpstr (body_of (answer), ==, cases[i].body);
    }
}

static void
test_what_handlers_see (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  g_autofree char *answer = NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) lines = NULL;
  guint cookies = 0;

  ask (server,
       "GET /show?q=caf%C3%A9+noir&n=7&q=second HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: a=b; tempo_guest=xyz; tempo_lang=de\r\n"
       "Authorization: Bearer t.o.k\r\nAccept: text/html,*/*\r\nAccept-Language: fr\r\n\r\n",
       &answer);
  g_assert_cmpstr (body_of (answer), ==, "q=café noir n=7 cookie=xyz bearer=t.o.k lang=de html=1 address=127.0.0.1");
  lines = g_strsplit (answer, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      cookies += g_strcmp0 (lines[i], "Set-Cookie: tempo_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600") == 0;
      cookies += g_strcmp0 (lines[i], "Set-Cookie: tempo_guest=def; Path=/; HttpOnly; SameSite=Lax") == 0;
      cookies += g_strcmp0 (lines[i], "Set-Cookie: old=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0") == 0;
    }
  g_assert_cmpuint (cookies, ==, 3);
  get (server, "/show?n=999&%ff=1", &plain);
  g_assert_cmpstr (body_of (plain), ==, "q=(null) n=20 cookie=(null) bearer=(null) lang=en html=0 address=127.0.0.1");
}

#define HOST "Host: 127.0.0.1:$PORT\r\n"
#define JSON "Content-Type: application/json\r\n"
#define TWO "Content-Length: 2\r\n\r\n{}"

static const struct
{
  const char *name;
  const char *request;
  guint status;
} changes[] = {
  { "json", "POST /api/rooms/create HTTP/1.1\r\n" HOST JSON TWO, 201 },
  { "json-with-charset", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Content-Type: Application/JSON ; charset=utf-8\r\n" TWO, 201 },
  { "no-type", "POST /api/rooms/create HTTP/1.1\r\n" HOST TWO, 415 },
  { "text", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\n" TWO, 415 },
  { "json-like", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Content-Type: application/jsonx\r\n" TWO, 415 },
  { "form-where-json", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n" TWO, 415 },
  { "multipart", "POST /form HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=x\r\n" TWO, 415 },
  /* Past the gate: 400 is the handler that wants a body. */
  { "bodyless-post", "POST /api/rooms/create HTTP/1.1\r\n" HOST "\r\n", 400 },
  { "own-origin", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Origin: http://127.0.0.1:$PORT\r\n" JSON TWO, 201 },
  { "foreign-origin", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\n" JSON TWO, 403 },
  { "other-port", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Origin: http://127.0.0.1:1\r\n" JSON TWO, 403 },
  { "null-origin", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Origin: null\r\n" JSON TWO, 403 },
  { "cross-site", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Sec-Fetch-Site: cross-site\r\n" JSON TWO, 403 },
  { "same-site", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-site\r\n" JSON TWO, 403 },
  { "same-origin", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n" JSON TWO, 201 },
  { "foreign-delete", "DELETE /api/rooms/a/requests/b/vote HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\n\r\n", 403 },
  { "delete", "DELETE /api/rooms/a/requests/b/vote HTTP/1.1\r\n" HOST "\r\n", 200 },
  { "put", "PUT /api/rooms/a/requests/b/vote HTTP/1.1\r\n" HOST "\r\n", 200 },
  { "foreign-get", "GET /acme HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n\r\n", 200 },
  { "machine", "POST /import HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\n" TWO, 200 },
  { "form", "POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 24\r\n\r\ntitle=%C3%9Cber+%26+out&", 303 },
  { "not-json", "POST /api/rooms/create HTTP/1.1\r\n" HOST JSON "Content-Length: 3\r\n\r\n{]}", 400 },
  { "array", "POST /api/rooms/create HTTP/1.1\r\n" HOST JSON "Content-Length: 2\r\n\r\n[]", 400 },
  { "not-utf8", "POST /api/rooms/create HTTP/1.1\r\n" HOST JSON "Content-Length: 9\r\n\r\n{\"a\":\"\xff\"}", 400 },
  { "empty", "POST /api/rooms/create HTTP/1.1\r\n" HOST JSON "Content-Length: 0\r\n\r\n", 400 },
  { "bodyless-cookie", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Cookie: a=b\r\n\r\n", 415 },
  { "bodyless-cookie-json", "POST /api/rooms/create HTTP/1.1\r\n" HOST JSON "Cookie: a=b\r\n\r\n", 400 },
  { "bodyless-bearer", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Cookie: a=b\r\nAuthorization: Bearer t\r\n\r\n", 400 },
  { "bearer-text", "POST /api/rooms/create HTTP/1.1\r\n" HOST "Authorization: Bearer t\r\nContent-Type: text/plain\r\n" TWO, 415 },
};

static void
test_changes (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_test_message ("%s", changes[i].name);
      g_assert_cmpuint (ask (server, changes[i].request, NULL), ==, changes[i].status);
    }
}

static void
test_deep_json (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  g_autofree char *open = g_strnfill (16000, '[');
  g_autofree char *request = g_strdup_printf ("POST /api/rooms/create HTTP/1.1\r\n" HOST JSON "Content-Length: 16005\r\n\r\n{\"a\":%s", open);
  g_autofree char *answer = NULL;

  g_assert_cmpuint (ask (server, request, &answer), ==, 400);
  g_assert_nonnull (strstr (body_of (answer), "\"code\":\"invalid_json\""));
}

static void
test_redirects (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  g_autofree char *answer = NULL;
  g_autofree char *location = NULL;
  g_autofree char *form = NULL;
  g_autofree char *form_location = NULL;

  g_assert_cmpuint (get (server, "/acme/main/?lang=de", &answer), ==, 308);
  location = header_of (answer, "Location");
  g_assert_cmpstr (location, ==, "/acme/main?lang=de");
  g_assert_cmpuint (get (server, "//evil.example/", NULL), ==, 400);
  g_assert_cmpuint (get (server, "/one/two/three/", NULL), ==, 404);
  ask (server, changes[20].request, &form);
  form_location = header_of (form, "Location");
  g_assert_cmpstr (form_location, ==, "/acme/main?said=thanks");
}

static void
test_not_modified (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  static const struct
  {
    const char *tags;
    guint status;
  } cases[] = {
    { "\"v1\"", 304 }, { "W/\"v1\"", 304 }, { "\"a\", \"v1\"", 304 }, { "*", 304 }, { "\"v2\"", 200 }, { "v1", 200 }, { "\"xv1\"", 200 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *request = g_strdup_printf ("GET /tag HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: %s\r\n\r\n", cases[i].tags);
      g_autofree char *answer = NULL;
      g_autofree char *tag = NULL;

      g_assert_cmpuint (ask (server, request, &answer), ==, cases[i].status);
      tag = header_of (answer, "ETag");
      g_assert_cmpstr (tag, ==, "\"v1\"");
    }
}

static void
test_problem (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  g_autofree char *answer = NULL;
  g_autofree char *retry = NULL;
  g_autofree char *cache = NULL;

  g_assert_cmpuint (get (server, "/busy", &answer), ==, 429);
  retry = header_of (answer, "Retry-After");
  cache = header_of (answer, "Cache-Control");
  g_assert_cmpstr (retry, ==, "7");
  g_assert_cmpstr (cache, ==, "no-store");
  g_assert_cmpstr (body_of (answer), ==, "{\"code\":\"cooldown\",\"count\":3}");
}

/* --- who may --- */

static gboolean
authorize_cb (TempoExchange *exchange,
              const TempoRoute *route,
              gpointer user_data)
{
  const char *bearer = tempo_exchange_get_bearer (exchange);

  if (route->who == ANYONE || g_strcmp0 (bearer, "staff") == 0)
    return TRUE;
  if (bearer == NULL)
    tempo_exchange_answer_problem (exchange, 401, "sign_in", "Sign in first", NULL);
  return FALSE;
}

static gboolean
refuse_cb (TempoExchange *exchange,
           guint status,
           const char *code,
           const char *title,
           gpointer user_data)
{
  g_autoptr (GBytes) html = g_bytes_new (title, strlen (title));

  if (!tempo_exchange_wants_html (exchange))
    return FALSE;
  tempo_exchange_answer_html (exchange, status, html);
  return TRUE;
}

static void
test_authorize (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);

  tempo_router_set_authorize (server->router, authorize_cb, NULL);
  g_assert_cmpuint (get (server, "/acme", NULL), ==, 200);
  g_assert_cmpuint (get (server, "/api/acme/rooms", NULL), ==, 401);
  g_assert_cmpuint (ask (server, "GET /api/acme/rooms HTTP/1.1\r\n" HOST "Authorization: Bearer guest\r\n\r\n", NULL), ==, 403);
  g_assert_cmpuint (ask (server, "GET /api/acme/rooms HTTP/1.1\r\n" HOST "Authorization: bearer staff\r\n\r\n", NULL), ==, 200);
  /* Refused before the body is looked at. */
  g_assert_cmpuint (ask (server, "PATCH /api/acme/requests/1 HTTP/1.1\r\n" HOST JSON "Content-Length: 3\r\n\r\n{]}", NULL), ==, 401);
}

static void
test_refuse_as_page (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  g_autofree char *page = NULL;
  g_autofree char *type = NULL;
  g_autofree char *data = NULL;

  tempo_router_set_refuse (server->router, refuse_cb, NULL);
  g_assert_cmpuint (ask (server, "GET /one/two/three HTTP/1.1\r\n" HOST "Accept: text/html\r\n\r\n", &page), ==, 404);
  type = header_of (page, "Content-Type");
  g_assert_cmpstr (type, ==, "text/html; charset=utf-8");
  g_assert_cmpuint (get (server, "/one/two/three", &data), ==, 404);
  g_assert_nonnull (strstr (body_of (data), "\"not_found\""));
}

static void
test_metrics (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  g_autoptr (TempoMetrics) metrics = tempo_metrics_new ();
  g_autoptr (GBytes) bytes = NULL;
  const char *text;

  tempo_router_set_metrics (server->router, metrics);
  get (server, "/acme", NULL);
  get (server, "/acme", NULL);
  get (server, "/busy", NULL);
  bytes = tempo_metrics_to_bytes (metrics);
  text = g_bytes_get_data (bytes, NULL);
  g_assert_nonnull (g_strstr_len (text, g_bytes_get_size (bytes), "tempo_http_answers_total{status=\"2xx\"} 2\n"));
  g_assert_nonnull (g_strstr_len (text, g_bytes_get_size (bytes), "tempo_http_answers_total{status=\"4xx\"} 1\n"));
  g_assert_nonnull (g_strstr_len (text, g_bytes_get_size (bytes),
                                  "tempo_http_answer_seconds_count{method=\"GET\",route=\"/{org}\"} 2\n"));
  g_assert_null (g_strstr_len (text, g_bytes_get_size (bytes), "route=\"/j/{code}\""));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/router/lookup", test_lookup);
  g_test_add_func ("/router/walk", test_walk);
  g_test_add_func ("/router/doubled-route", test_doubled_route);
  g_test_add_func ("/router/params", test_params);
  g_test_add_func ("/router/what-handlers-see", test_what_handlers_see);
  g_test_add_func ("/router/changes", test_changes);
  g_test_add_func ("/router/deep-json", test_deep_json);
  g_test_add_func ("/router/redirects", test_redirects);
  g_test_add_func ("/router/not-modified", test_not_modified);
  g_test_add_func ("/router/problem", test_problem);
  g_test_add_func ("/router/authorize", test_authorize);
  g_test_add_func ("/router/refuse-as-page", test_refuse_as_page);
  g_test_add_func ("/router/metrics", test_metrics);
  return g_test_run ();
}
