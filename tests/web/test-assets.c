/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fixture.h"
#include "web/tempo-assets.h"

static TempoAssets *assets;

static void
asset_cb (TempoExchange *exchange,
          gpointer user_data)
{
  tempo_assets_answer (assets, exchange, tempo_exchange_get_param (exchange, "name"));
}

static const TempoRoute routes[] = {
  { "GET", "/assets/{name...}", 0, 0, TEMPO_ROUTE_DEFAULT, asset_cb },
};

static void
load (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "web", "test-web.gresource", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GResource) resources = g_resource_load (path, &error);

  g_assert_no_error (error);
  assets = tempo_assets_new (resources, "/test/web", &error);
  g_assert_no_error (error);
}

static void
test_urls (void)
{
  GBytes *bytes;

  g_assert_true (g_str_has_prefix (tempo_assets_get_url (assets, "guest/app.js"), "/assets/guest/app.js?v="));
  g_assert_null (tempo_assets_get_url (assets, "guest/absent.js"));
  bytes = tempo_assets_get_bytes (assets, "guest/page.html");
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "{{title}}"));
}

static void
check (Server *server,
       const char *target,
       const char *extra,
       guint status,
       const char *const *headers)
{
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", target, extra);
  g_autofree char *answer = NULL;

  g_test_message ("%s %s", target, extra);
  g_assert_cmpuint (ask (server, request, &answer), ==, status);
  for (guint i = 0; headers[i] != NULL; i += 2)
    {
      g_autofree char *value = header_of (answer, headers[i]);

      g_assert_cmpstr (value != NULL ? value : "", ==, headers[i + 1]);
    }
}

#define FOR_EVER "public, max-age=31536000, immutable"
#define HEADERS(...) ((const char *const[]) { __VA_ARGS__, NULL })

static void
test_answers (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  const char *url = tempo_assets_get_url (assets, "guest/app.js");
  g_autofree char *tag = g_strdup_printf ("If-None-Match: \"%s\"\r\n", strstr (url, "?v=") + 3);

  check (server, url, "", 200,
         HEADERS ("Content-Type", "text/javascript; charset=utf-8", "Cache-Control", FOR_EVER, "Content-Encoding", "", "Vary", "Accept-Encoding"));
  check (server, url, "Accept-Encoding: gzip, br\r\n", 200, HEADERS ("Content-Encoding", "gzip", "X-Content-Type-Options", "nosniff"));
  check (server, url, "Accept-Encoding: gzip;q=0\r\n", 200, HEADERS ("Content-Encoding", ""));
  check (server, url, tag, 304, HEADERS ("Cache-Control", FOR_EVER));
  check (server, "/assets/guest/app.js", "", 200, HEADERS ("Cache-Control", "no-cache"));
  check (server, "/assets/guest/app.js?v=old", "", 200, HEADERS ("Cache-Control", "no-cache"));
  check (server, tempo_assets_get_url (assets, "small.css"), "Accept-Encoding: gzip\r\n", 200,
         HEADERS ("Content-Type", "text/css; charset=utf-8", "Content-Encoding", ""));
  check (server, "/assets/guest/page.html", "", 404, HEADERS ("Content-Type", "application/problem+json"));
  check (server, "/assets/absent", "", 404, HEADERS ("Content-Type", "application/problem+json"));
  check (server, "/assets/guest/%2e%2e/small.css", "", 400, HEADERS ("Content-Type", "application/problem+json"));
}

static void
test_gzip_unpacks (void)
{
  g_autoptr (Server) server = server_new (routes, G_N_ELEMENTS (routes), NULL);
  g_autoptr (Client) client = client_new (server->port);
  g_autoptr (GConverter) unzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  GBytes *bytes = tempo_assets_get_bytes (assets, "guest/app.js");
  char unpacked[8192];
  gsize in;
  gsize out;
  const char *body;

  client_send (client, "GET /assets/guest/app.js HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n", -1);
  client_wait_closed (client);
  body = memmem (client->in->data, client->in->len, "\r\n\r\n", 4);
  body += 4;
  g_assert_cmpint (g_converter_convert (unzip, body, client->in->len - (body - (char *) client->in->data), unpacked, sizeof unpacked,
                                        G_CONVERTER_INPUT_AT_END, &in, &out, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_assert_cmpmem (unpacked, out, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpuint (in, <, out / 2);
}

static void
test_no_such_prefix (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoAssets) none = tempo_assets_new (NULL, "/nowhere", &error);

  g_assert_null (none);
  g_assert_error (error, G_RESOURCE_ERROR, G_RESOURCE_ERROR_NOT_FOUND);
}

int
main (int argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  load ();
  g_test_add_func ("/assets/urls", test_urls);
  g_test_add_func ("/assets/answers", test_answers);
  g_test_add_func ("/assets/gzip-unpacks", test_gzip_unpacks);
  g_test_add_func ("/assets/no-such-prefix", test_no_such_prefix);
  result = g_test_run ();
  g_clear_pointer (&assets, tempo_assets_free);
  return result;
}
