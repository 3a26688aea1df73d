/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

#include "fixture.h"
#include "web/tempo-feed.h"

/* The second door: the handshake, what never gets past it, and that all behind it is as on the first. */

#define BIG (4 * 1024 * 1024)

static TempoFeed *feed;

static void
hello_cb (TempoExchange *exchange,
          gpointer user_data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (tempo_exchange_is_secure (exchange) ? "secure" : "plain",
                                                 tempo_exchange_is_secure (exchange) ? 6 : 5);

  tempo_exchange_set_cookie (exchange, "tempo_session", "s", 60);
  tempo_exchange_set_lax_cookie (exchange, "tempo_guest", "g", 60);
  tempo_exchange_answer_bytes (exchange, 200, "text/plain", bytes);
}

static void
echo_cb (TempoExchange *exchange,
         gpointer user_data)
{
  tempo_exchange_answer_bytes (exchange, 200, "application/octet-stream", tempo_exchange_get_body (exchange));
}

static void
big_cb (TempoExchange *exchange,
        gpointer user_data)
{
  g_autoptr (GString) text = g_string_sized_new (BIG);
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; text->len < BIG; i++)
    g_string_append_printf (text, "%07u\n", i);
  bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  tempo_exchange_answer_bytes (exchange, 200, "application/octet-stream", bytes);
}

static GBytes *
first_cb (TempoFeed *feed_,
          gboolean resumed,
          gpointer user_data)
{
  return tempo_feed_frame ("state", 7, "{}", -1);
}

static void
stream_cb (TempoExchange *exchange,
           gpointer user_data)
{
  tempo_feed_take (feed, exchange, "key", first_cb, NULL);
}

static const TempoRoute routes[] = {
  { "GET", "/hello", 0, 0, TEMPO_ROUTE_DEFAULT, hello_cb },
  { "POST", "/echo", 0, 1024 * 1024, TEMPO_ROUTE_ANY_TYPE, echo_cb },
  { "GET", "/big", 0, 0, TEMPO_ROUTE_DEFAULT, big_cb },
  { "GET", "/stream", 0, 0, TEMPO_ROUTE_DEFAULT, stream_cb },
};

static Server *
start (const TempoListenerOptions *options)
{
  Server *server = server_new (routes, G_N_ELEMENTS (routes), options);

  server_add_tls (server);
  return server;
}

static Server *
start_impatient (void)
{
  TempoListenerOptions options;

  tempo_listener_options_init (&options);
  options.handshake_timeout_ms = 100;
  options.header_timeout_ms = 100;
  options.idle_timeout_ms = 150;
  options.body_timeout_ms = 100;
  options.stall_timeout_ms = 100;
  return start (&options);
}

static gboolean
has_no_connection (gpointer data)
{
  return tempo_listener_get_n_connections (((Server *) data)->listener) == 0;
}

#define GET_HELLO "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

static void
check_hello (Client *client,
             const char *body)
{
  g_autofree char *answer = NULL;

  client_send (client, GET_HELLO, -1);
  answer = client_read_answer (client, FALSE);
  g_assert_nonnull (answer);
  g_assert_cmpuint (status_of (answer), ==, 200);
  g_assert_cmpstr (body_of (answer), ==, body);
}

/* --- what works --- */

static void
test_requests (void)
{
  g_autoptr (Server) server = start (NULL);
  g_autoptr (Client) client = client_new_tls (server);
  g_autoptr (Client) plain = client_new (server->port);

  g_assert_nonnull (client);
  g_assert_cmpint (SSL_version (client->ssl), ==, TLS1_3_VERSION);
  for (guint i = 0; i < 50; i++)
    {
      check_hello (client, "secure");
      check_hello (plain, "plain");
    }
  /* One connection each: kept, and nothing negotiated again. */
  g_assert_cmpuint (tempo_listener_get_n_connections (server->listener), ==, 2);
}

static void
test_pipelined (void)
{
  g_autoptr (Server) server = start (NULL);
  g_autoptr (Client) client = client_new_tls (server);
  g_autoptr (GString) many = g_string_new (NULL);

  /* All in one record: the socket is empty when the first is answered. */
  for (guint i = 0; i < 100; i++)
    g_string_append (many, GET_HELLO);
  client_send (client, many->str, many->len);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *answer = client_read_answer (client, FALSE);

      g_assert_cmpuint (status_of (answer), ==, 200);
    }
}

/* A body and the next head in the same records as each other's. */
static void
test_bodies (void)
{
  static const gsize sizes[] = { 1, 16383, 16384, 16385, 100000, 1024 * 1024 };
  g_autoptr (Server) server = start (NULL);
  g_autoptr (Client) client = client_new_tls (server);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *body = g_strnfill (sizes[i], 'a' + i);
      g_autofree char *text = g_strdup_printf ("POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %" G_GSIZE_FORMAT
                                               "\r\n\r\n%s" GET_HELLO,
                                               sizes[i], body);
      g_autofree char *answer = NULL;
      g_autofree char *next = NULL;

      client_send (client, text, -1);
      answer = client_read_answer (client, FALSE);
      g_assert_cmpuint (status_of (answer), ==, 200);
      g_assert_cmpstr (body_of (answer), ==, body);
      next = client_read_answer (client, FALSE);
      g_assert_cmpstr (body_of (next), ==, "secure");
    }
}

static void
test_big_answer (void)
{
  g_autoptr (Server) server = start (NULL);
  g_autoptr (Client) client = client_new_tls (server);
  g_autofree char *answer = NULL;
  const char *body;

  client_send (client, "GET /big HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", -1);
  answer = client_read_answer (client, FALSE);
  body = body_of (answer);
  g_assert_cmpuint (strlen (body), ==, BIG);
  for (guint i = 0; i < BIG / 8; i++)
    g_assert_cmpuint (g_ascii_strtoull (body + (gsize) i * 8, NULL, 10), ==, i);
  check_hello (client, "secure");
}

static void
test_stalled_answer (void)
{
  g_autoptr (Server) server = start_impatient ();
  g_autoptr (Client) client = client_new_tls (server);

  client_send (client, "GET /big HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", -1);
  wait_until (has_no_connection, server);
  g_assert_cmpuint (tempo_listener_get_n_timed_out (server->listener), ==, 1);
}

static void
test_refused_head (void)
{
  g_autoptr (Server) server = start (NULL);
  g_autoptr (Client) client = client_new_tls (server);
  g_autofree char *answer = NULL;
  g_autofree char *foreign = g_strdup_printf ("GET /hello HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", server->port);

  /* The other door's port is not this one's. */
  client_send (client, foreign, -1);
  answer = client_read_answer (client, FALSE);
  g_assert_cmpuint (status_of (answer), ==, 421);
  client_wait_closed (client);
  g_assert_cmpint (SSL_get_shutdown (client->ssl) & SSL_RECEIVED_SHUTDOWN, !=, 0);
}

static void
test_cookies (void)
{
  g_autoptr (Server) server = start (NULL);
  g_autoptr (Client) client = client_new_tls (server);
  g_autofree char *plain = NULL;
  g_autofree char *answer = NULL;

  client_send (client, GET_HELLO, -1);
  answer = client_read_answer (client, FALSE);
  g_assert_nonnull (strstr (answer, "tempo_session=s; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=60"));
  g_assert_nonnull (strstr (answer, "tempo_guest=g; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"));
  g_assert_cmpuint (get (server, "/hello", &plain), ==, 200);
  g_assert_null (strstr (plain, "Secure"));
}

/* --- what never gets past the handshake --- */

static void
test_half_open (void)
{
  static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
  g_autoptr (Server) server = start_impatient ();
  g_autoptr (Client) silent = client_new (server->tls_port);
  g_autoptr (Client) begun = client_new (server->tls_port);

  client_send (begun, hello, sizeof hello - 1);
  client_wait_closed (silent);
  client_wait_closed (begun);
  g_assert_cmpuint (silent->in->len, ==, 0);
  g_assert_cmpuint (tempo_listener_get_n_timed_out (server->listener), ==, 2);
  g_assert_cmpuint (tempo_listener_get_n_connections (server->listener), ==, 0);
}

/* A hello that never ends is cut too, however lively it is. */
static void
test_dripping_hello (void)
{
  g_autoptr (Server) server = start_impatient ();
  g_autoptr (Client) client = client_new (server->tls_port);

  client_send (client, "\x16\x03\x01\x40\x00", 5);
  while (!client->closed)
    {
      client_send (client, "\x01", 1);
      client_pump (client);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (tempo_listener_get_n_timed_out (server->listener), <=, 1);
}

/* After the handshake the deadline of heads holds, then that of idle connections. */
static void
test_silent_after_handshake (void)
{
  g_autoptr (Server) server = start_impatient ();
  g_autoptr (Client) client = client_new_tls (server);
  g_autoptr (Client) idle = client_new_tls (server);

  check_hello (idle, "secure");
  client_wait_closed (client);
  client_wait_closed (idle);
  g_assert_cmpuint (tempo_listener_get_n_timed_out (server->listener), ==, 2);
}

static void
test_not_tls (void)
{
  static const char *const texts[] = { GET_HELLO, "CONNECT x HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\x80\x2e\x01\x03\x01",
                                       "\x16\x03\x01\xff\xff\xff", "\r\n\r\n\r\n\r\n" };
  g_autoptr (Server) server = start (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (Client) client = client_new (server->tls_port);

      client_send (client, texts[i], -1);
      shutdown (client->fd, SHUT_WR);
      client_wait_closed (client);
      /* An alert perhaps, never a word of HTTP. */
      g_assert_true (client->in->len == 0 || memmem (client->in->data, client->in->len, "HTTP", 4) == NULL);
    }
  wait_until (has_no_connection, server);
}

static void
test_random_bytes (void)
{
  g_autoptr (Server) server = start (NULL);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (Client) client = client_new (server->tls_port);
      guint8 bytes[600];

      for (guint j = 0; j < sizeof bytes; j++)
        bytes[j] = (guint8) g_test_rand_int_range (0, 256);
      bytes[0] = i % 2 == 0 ? 0x16 : bytes[0];
      bytes[1] = 0x03;
      client_send (client, (const char *) bytes, sizeof bytes);
      shutdown (client->fd, SHUT_WR);
      client_wait_closed (client);
    }
  wait_until (has_no_connection, server);
  g_assert_cmpuint (get (server, "/hello", NULL), ==, 200);
}

static int
try_version (Server *server,
             int version)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  g_autoptr (Client) client = client_new (server->tls_port);
  int result;

  SSL_CTX_set_security_level (context, 0);
  SSL_CTX_set_min_proto_version (context, version);
  SSL_CTX_set_max_proto_version (context, version);
  client->ssl = SSL_new (context);
  SSL_set_fd (client->ssl, client->fd);
  SSL_CTX_free (context);
  while ((result = SSL_connect (client->ssl)) != 1 && SSL_get_error (client->ssl, result) == SSL_ERROR_WANT_READ)
    g_main_context_iteration (NULL, TRUE);
  return result == 1 ? SSL_version (client->ssl) : 0;
}

static void
test_versions (void)
{
  g_autoptr (Server) server = start (NULL);

  g_assert_cmpint (try_version (server, TLS1_VERSION), ==, 0);
  g_assert_cmpint (try_version (server, TLS1_1_VERSION), ==, 0);
  g_assert_cmpint (try_version (server, TLS1_2_VERSION), ==, TLS1_2_VERSION);
  g_assert_cmpint (try_version (server, TLS1_3_VERSION), ==, TLS1_3_VERSION);
}

/* --- caps --- */

static void
test_cap_in_all (void)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);
  g_autoptr (Server) server = NULL;
  g_autoptr (Client) staff = NULL;
  TempoListenerOptions options;

  tempo_listener_options_init (&options);
  options.max_connections = 20;
  server = start (&options);
  for (guint i = 0; i < 40; i++)
    g_ptr_array_add (clients, client_new (server->tls_port));
  settle ();
  g_assert_cmpuint (tempo_listener_get_n_connections (server->listener), ==, 20);
  /* Who speaks gets in, at either door, though the house is full of those who do not. */
  g_assert_cmpuint (get (server, "/hello", NULL), ==, 200);
  staff = client_new_tls (server);
  g_assert_nonnull (staff);
  check_hello (staff, "secure");
}

static void
test_cap_per_address (void)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);
  g_autoptr (Server) server = NULL;
  TempoListenerOptions options;

  tempo_listener_options_init (&options);
  options.max_per_address = 5;
  options.limit_loopback = TRUE;
  server = start (&options);
  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (clients, client_new (i % 2 == 0 ? server->port : server->tls_port));
  settle ();
  g_assert_cmpuint (tempo_listener_get_n_connections (server->listener), ==, 5);
}

/* Each handshake costs a signature; one address gets so many and no more. */
static void
test_handshakes_per_address (void)
{
  g_autoptr (Server) server = NULL;
  TempoListenerOptions options;
  guint through = 0;

  tempo_listener_options_init (&options);
  options.handshakes_burst = 3;
  options.handshakes_per_minute = 1;
  options.limit_loopback = TRUE;
  server = start (&options);
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (Client) client = client_new_tls (server);

      through += client != NULL;
    }
  g_assert_cmpuint (through, ==, 3);
  g_assert_cmpuint (tempo_listener_get_n_turned_away (server->listener), ==, 5);
  /* Guests are not asked. */
  g_assert_cmpuint (get (server, "/hello", NULL), ==, 200);
}

/* --- streams --- */

static gboolean
has_listener (gpointer data)
{
  return tempo_feed_get_n_listeners (feed) > 0;
}

static gboolean
has_no_listener (gpointer data)
{
  return tempo_feed_get_n_listeners (feed) == 0;
}

static Client *
listen_to (Server *server)
{
  Client *client = client_new_tls (server);

  client_send (client, "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", -1);
  wait_until (has_listener, NULL);
  return client;
}

static void
publish (guint64 id,
         gsize size)
{
  g_autofree char *data = g_strnfill (size, 'x');
  g_autoptr (GBytes) frame = tempo_feed_frame ("change", id, data, -1);

  tempo_feed_publish (feed, id, frame);
  tempo_feed_flush (feed);
}

static void
test_stream (void)
{
  g_autoptr (Server) server = NULL;
  g_autoptr (Client) client = NULL;

  feed = tempo_feed_new (NULL);
  server = start (NULL);
  client = listen_to (server);
  g_assert_true (client_wait_text (client, "event: state\nid: 7\ndata: {}\n\n"));
  for (guint64 id = 8; id < 60; id++)
    {
      g_autofree char *head = g_strdup_printf ("event: change\nid: %" G_GUINT64_FORMAT "\n", id);

      publish (id, id % 2 == 0 ? 10 : 40000);
      g_assert_true (client_wait_text (client, head));
      g_assert_true (client_wait_text (client, "x\n\n"));
    }
  SSL_shutdown (client->ssl);
  shutdown (client->fd, SHUT_WR);
  wait_until (has_no_listener, NULL);
  g_clear_pointer (&feed, tempo_feed_unref);
}

/* Who takes nothing costs what waits for it, and no more than that: then the stream ends. */
static void
test_slow_stream (void)
{
  g_autoptr (Server) server = NULL;
  g_autoptr (Client) client = NULL;
  guint64 id = 8;

  feed = tempo_feed_new (NULL);
  server = start (NULL);
  client = listen_to (server);
  while (tempo_feed_get_n_listeners (feed) > 0 && id < 10000)
    {
      publish (id++, 8000);
      g_assert_cmpuint (tempo_feed_get_pending (feed), <=, 65536 + 16384);
    }
  g_assert_cmpuint (tempo_feed_get_n_dropped (feed), ==, 1);
  /* A megabyte of the kernel's at most: the rest was refused. */
  g_assert_cmpuint (id, <, 400);
  g_clear_pointer (&feed, tempo_feed_unref);
}

/* What was held back comes in order and whole once the reader reads again. */
static void
test_late_reader (void)
{
  g_autoptr (Server) server = NULL;
  g_autoptr (Client) client = NULL;
  guint64 last = 0;

  feed = tempo_feed_new (NULL);
  server = start (NULL);
  client = listen_to (server);
  for (guint64 id = 8; tempo_feed_get_pending (feed) < 20000; id++)
    {
      publish (id, 3000);
      last = id;
    }
  for (guint64 id = 8; id <= last; id++)
    {
      g_autofree char *whole = g_strdup_printf ("event: change\nid: %" G_GUINT64_FORMAT "\ndata: xx", id);

      g_assert_true (client_wait_text (client, whole));
    }
  g_assert_true (client_wait_text (client, "x\n\n"));
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 1);
  g_clear_pointer (&feed, tempo_feed_unref);
}

static void
test_wrong_certificates (void)
{
  g_autoptr (Server) server = start (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (tempo_tls_new ("nonsense", "nonsense", &error));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_clear_error (&error);
  g_assert_null (tempo_tls_new (server->certificate, server->certificate, &error));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tls/requests", test_requests);
  g_test_add_func ("/tls/pipelined", test_pipelined);
  g_test_add_func ("/tls/bodies", test_bodies);
  g_test_add_func ("/tls/big-answer", test_big_answer);
  g_test_add_func ("/tls/stalled-answer", test_stalled_answer);
  g_test_add_func ("/tls/refused-head", test_refused_head);
  g_test_add_func ("/tls/cookies", test_cookies);
  g_test_add_func ("/tls/half-open", test_half_open);
  g_test_add_func ("/tls/dripping-hello", test_dripping_hello);
  g_test_add_func ("/tls/silent-after-handshake", test_silent_after_handshake);
  g_test_add_func ("/tls/not-tls", test_not_tls);
  g_test_add_func ("/tls/random-bytes", test_random_bytes);
  g_test_add_func ("/tls/versions", test_versions);
  g_test_add_func ("/tls/cap-in-all", test_cap_in_all);
  g_test_add_func ("/tls/cap-per-address", test_cap_per_address);
  g_test_add_func ("/tls/handshakes-per-address", test_handshakes_per_address);
  g_test_add_func ("/tls/stream", test_stream);
  g_test_add_func ("/tls/slow-stream", test_slow_stream);
  g_test_add_func ("/tls/late-reader", test_late_reader);
  g_test_add_func ("/tls/wrong-certificates", test_wrong_certificates);
  return g_test_run ();
}
