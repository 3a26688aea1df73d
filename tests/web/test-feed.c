/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/socket.h>

#include "fixture.h"
#include "web/tempo-feed.h"

/* Streams: first frames, order, resuming, listeners who are slow or gone. */

static TempoFeed *feed;
static gboolean resumed_last;
static guint n_changed;

static GBytes *
first_cb (TempoFeed *feed_,
          gboolean resumed,
          gpointer user_data)
{
  resumed_last = resumed;
  return resumed ? tempo_feed_frame ("you", 0, "{}", -1) : tempo_feed_frame ("state", 7, "{\"revision\":7}", -1);
}

static void
stream_cb (TempoExchange *exchange,
           gpointer user_data)
{
  tempo_exchange_set_cookie (exchange, "tempo_guest", "new", 0);
  tempo_feed_take (feed, exchange, tempo_exchange_get_query (exchange, "key"), first_cb, NULL);
}

static GBytes *
large_cb (TempoFeed *feed_,
          gboolean resumed,
          gpointer user_data)
{
  g_autofree char *data = g_strnfill (2 * 1024 * 1024, 'x');

  return tempo_feed_frame ("state", 1, data, -1);
}

static void
large_stream_cb (TempoExchange *exchange,
                 gpointer user_data)
{
  tempo_feed_take (feed, exchange, NULL, large_cb, NULL);
}

static TempoExchange *parked;

static void
later_stream_cb (TempoExchange *exchange,
                 gpointer user_data)
{
  parked = tempo_exchange_ref (exchange);
}

static const TempoRoute routes[] = {
  { "GET", "/later", 0, 0, TEMPO_ROUTE_DEFAULT, later_stream_cb },
  { "GET", "/stream", 0, 0, TEMPO_ROUTE_DEFAULT, stream_cb },
  { "GET", "/large", 0, 0, TEMPO_ROUTE_DEFAULT, large_stream_cb },
};

static void
changed_cb (TempoFeed *feed_,
            guint n_listeners,
            gpointer user_data)
{
  n_changed++;
  g_assert_cmpuint (n_listeners, ==, tempo_feed_get_n_listeners (feed_));
}

static Server *
start (const TempoFeedOptions *feed_options,
       const TempoListenerOptions *options)
{
  feed = tempo_feed_new (feed_options);
  tempo_feed_set_changed (feed, changed_cb, NULL);
  n_changed = 0;
  return server_new (routes, G_N_ELEMENTS (routes), options);
}

static void
end (Server *server)
{
  g_clear_pointer (&feed, tempo_feed_unref);
  server_free (server);
}

static Client *
listen_to (Server *server,
           const char *target,
           const char *last_event_id)
{
  Client *client = client_new (server->port);
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s%s%s\r\n", target, server->port,
                                              last_event_id != NULL ? "Last-Event-ID: " : "",
                                              last_event_id != NULL ? last_event_id : "",
                                              last_event_id != NULL ? "\r\n" : "");

  client_send (client, request, -1);
  return client;
}

static void
publish (guint64 id)
{
  g_autofree char *data = g_strdup_printf ("{\"revision\":%" G_GUINT64_FORMAT "}", id);
  g_autoptr (GBytes) frame = tempo_feed_frame ("change", id, data, -1);

  tempo_feed_publish (feed, id, frame);
}

static void
test_frame (void)
{
  static const struct
  {
    const char *event;
    guint64 id;
    const char *data;
    const char *frame;
  } cases[] = {
    { "change", 5, "{}", "event: change\nid: 5\ndata: {}\n\n" },
    { NULL, 0, "", "data: \n\n" },
    { "a", 0, "one\ntwo", "event: a\ndata: one\ndata: two\n\n" },
    { "a", 0, "one\n", "event: a\ndata: one\ndata: \n\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) frame = tempo_feed_frame (cases[i].event, cases[i].id, cases[i].data, -1);
      g_autoptr (GBytes) expected = g_bytes_new_static (cases[i].frame, strlen (cases[i].frame));

      g_assert_true (g_bytes_equal (frame, expected));
    }
}

static void
test_head (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) client = listen_to (server, "/stream", NULL);
  g_autofree char *head = client_read_answer (client, TRUE);
  static const struct
  {
    const char *name;
    const char *value;
  } headers[] = {
    { "Content-Type", "text/event-stream" },
    { "Cache-Control", "no-store" },
    { "X-Content-Type-Options", "nosniff" },
    { "Set-Cookie", "tempo_guest=new; Path=/; HttpOnly; SameSite=Strict" },
    { "Content-Length", NULL },
    { "Transfer-Encoding", NULL },
  };

  g_assert_cmpuint (status_of (head), ==, 200);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *value = header_of (head, headers[i].name);

      g_assert_cmpstr (value, ==, headers[i].value);
    }
  g_assert_true (client_wait_text (client, "retry: 2000\nevent: state\nid: 7\ndata: {\"revision\":7}\n\n"));
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 1);
  g_assert_cmpuint (tempo_listener_get_n_streams (server->listener), ==, 1);
  g_assert_cmpuint (tempo_listener_get_n_connections (server->listener), ==, 0);
  end (server);
}

static void
test_head_method (void)
{
  Server *server = start (NULL, NULL);
  g_autofree char *answer = NULL;

  g_assert_cmpuint (ask (server, "HEAD /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", &answer), ==, 200);
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 0);
  end (server);
}

static void
test_publish (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) one = listen_to (server, "/stream?key=one", NULL);
  g_autoptr (Client) two = listen_to (server, "/stream?key=two", NULL);
  g_autoptr (GBytes) you = tempo_feed_frame ("you", 0, "{\"mine\":[]}", -1);
  g_autoptr (GPtrArray) keys = NULL;

  g_assert_true (client_wait_text (one, "\"revision\":7}\n\n"));
  g_assert_true (client_wait_text (two, "\"revision\":7}\n\n"));
  publish (8);
  tempo_feed_send_to (feed, "two", you);
  tempo_feed_send_to (feed, "nobody", you);
  publish (9);
  g_assert_true (client_wait_text (one, "id: 9\ndata: {\"revision\":9}\n\n"));
  /* In the order of publishing, the personal one in between. */
  g_assert_true (client_wait_text (two, "event: change\nid: 8\ndata: {\"revision\":8}\n\n"
                                        "event: you\ndata: {\"mine\":[]}\n\n"
                                        "event: change\nid: 9\ndata: {\"revision\":9}\n\n"));
  g_assert_true (tempo_feed_has_key (feed, "one"));
  keys = tempo_feed_get_keys (feed);
  g_assert_cmpuint (keys->len, ==, 2);
  tempo_feed_drop_key (feed, "one");
  client_wait_closed (one);
  g_assert_false (tempo_feed_has_key (feed, "one"));
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 1);
  g_assert_cmpuint (n_changed, ==, 3);
  end (server);
}

/* What is published in one turn arrives in one piece. */
static void
test_one_send_a_turn (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) client = listen_to (server, "/stream", NULL);
  guint8 buffer[8192];
  gssize n;

  g_assert_true (client_wait_text (client, "\"revision\":7}\n\n"));
  for (guint64 id = 8; id < 12; id++)
    publish (id);
  g_assert_cmpint (recv (client->fd, buffer, sizeof buffer, 0), <, 0);
  g_main_context_iteration (NULL, FALSE);
  n = recv (client->fd, buffer, sizeof buffer - 1, 0);
  g_assert_cmpint (n, >, 0);
  buffer[n] = '\0';
  g_assert_nonnull (strstr ((char *) buffer, "\"revision\":8}"));
  g_assert_nonnull (strstr ((char *) buffer, "\"revision\":11}"));
  end (server);
}

static void
test_resume (void)
{
  TempoFeedOptions options;
  Server *server;
  /* Ten events with ids 11 to 20, of which the ring keeps four; it starts at 10. */
  static const struct
  {
    const char *id;
    gboolean resumed;
    const char *text;
  } cases[] = {
    { "18", TRUE, "retry: 2000\nevent: change\nid: 19\ndata: {\"revision\":19}\n\nevent: change\nid: 20\ndata: {\"revision\":20}\n\nevent: you\ndata: {}\n\n" },
    { "20", TRUE, "retry: 2000\nevent: you\ndata: {}\n\n" },
    { "16", TRUE, "retry: 2000\nevent: change\nid: 17\n" },
    { "15", FALSE, "retry: 2000\nevent: state\n" },
    { "10", FALSE, "retry: 2000\nevent: state\n" },
    { "21", FALSE, "retry: 2000\nevent: state\n" },
    { "99999999999999999999999", FALSE, "event: state\n" },
    { "-1", FALSE, "event: state\n" },
    { "18 or so", FALSE, "event: state\n" },
  };

  tempo_feed_options_init (&options);
  options.ring = 4;
  server = start (&options, NULL);
  tempo_feed_start (feed, 10);
  for (guint64 id = 11; id <= 20; id++)
    publish (id);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Client) client = listen_to (server, "/stream", cases[i].id);

      g_test_message ("%s", cases[i].id);
      g_assert_true (client_wait_text (client, cases[i].text));
      g_assert_cmpint (resumed_last, ==, cases[i].resumed);
    }
  tempo_feed_forget (feed);
  {
    g_autoptr (Client) client = listen_to (server, "/stream", "20");

    g_assert_true (client_wait_text (client, "event: state\n"));
  }
  end (server);
}

/* The ring is bounded by bytes too. */
static void
test_ring_bytes (void)
{
  TempoFeedOptions options;
  Server *server;
  g_autoptr (Client) client = NULL;

  tempo_feed_options_init (&options);
  options.ring_bytes = 100;
  server = start (&options, NULL);
  tempo_feed_start (feed, 1);
  for (guint64 id = 2; id <= 20; id++)
    publish (id);
  client = listen_to (server, "/stream", "5");
  g_assert_true (client_wait_text (client, "event: state\n"));
  end (server);
}

static gboolean
is_alone (gpointer data)
{
  return tempo_feed_get_n_listeners (feed) == *(guint *) data;
}

/* Takes nothing while much is published: dropped, and what waits stays bounded. */
static void
test_slow_listener (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) slow = listen_to (server, "/stream", NULL);
  g_autoptr (Client) quick = listen_to (server, "/stream", NULL);
  g_autofree char *pad = g_strnfill (8000, 'x');
  guint64 id = 100;

  g_assert_true (client_wait_text (quick, "\"revision\":7}\n\n"));
  while (tempo_feed_get_n_dropped (feed) == 0 && id < 5000)
    {
      g_autoptr (GBytes) frame = tempo_feed_frame ("change", ++id, pad, -1);

      tempo_feed_publish (feed, id, frame);
      tempo_feed_flush (feed);
      client_pump (quick);
      g_assert_cmpuint (tempo_feed_get_pending (feed), <=, 2 * (65536 + 9000));
    }
  g_assert_cmpuint (tempo_feed_get_n_dropped (feed), ==, 1);
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 1);
  publish (++id);
  g_assert_true (client_wait_text (quick, "event: change\nid: "));
  end (server);
}

/* A first frame over the bound is no reason to be dropped; it comes whole when it is taken. */
static void
test_large_first_frame (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) client = listen_to (server, "/large", NULL);
  guint one = 1;

  wait_until (is_alone, &one);
  publish (2);
  settle ();
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 1);
  g_assert_true (client_wait_text (client, "x\n\nevent: change\nid: 2\n"));
  g_assert_cmpuint (tempo_feed_get_pending (feed), ==, 0);
  end (server);
}

static void
test_gone_listeners (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) stays = listen_to (server, "/stream", NULL);
  Client *closes = listen_to (server, "/stream?key=k", NULL);
  Client *resets = listen_to (server, "/stream?key=k", NULL);
  struct linger reset = { 1, 0 };
  guint n = 3;

  wait_until (is_alone, &n);
  client_free (closes);
  n = 2;
  wait_until (is_alone, &n);
  setsockopt (resets->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  client_free (resets);
  n = 1;
  wait_until (is_alone, &n);
  g_assert_false (tempo_feed_has_key (feed, "k"));
  g_assert_cmpuint (tempo_feed_get_n_dropped (feed), ==, 0);
  publish (8);
  g_assert_true (client_wait_text (stays, "\"revision\":8}\n\n"));
  end (server);
}

/* A listener has nothing to say; one that talks much is cut. */
static void
test_talking_listener (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) client = listen_to (server, "/stream", NULL);
  g_autofree char *talk = g_strnfill (65536, 'x');

  g_assert_true (client_wait_text (client, "\"revision\":7}\n\n"));
  client_send (client, talk, 65536);
  client_wait_closed (client);
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 0);
  end (server);
}

static void
test_beat (void)
{
  TempoFeedOptions options;
  Server *server;
  g_autoptr (Client) client = NULL;

  tempo_feed_options_init (&options);
  options.beat_ms = 20;
  server = start (&options, NULL);
  client = listen_to (server, "/stream", NULL);
  g_assert_true (client_wait_text (client, ": beat\n\n: beat\n\n"));
  end (server);
}

static void
test_caps (void)
{
  TempoListenerOptions options;
  Server *server;
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);
  g_autoptr (Client) refused = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *retry = NULL;

  tempo_listener_options_init (&options);
  options.max_streams_per_address = 3;
  options.limit_loopback = TRUE;
  server = start (NULL, &options);
  for (guint i = 0; i < 3; i++)
    {
      Client *client = listen_to (server, "/stream", NULL);

      g_ptr_array_add (clients, client);
      g_assert_true (client_wait_text (client, "\"revision\":7}\n\n"));
    }
  refused = listen_to (server, "/stream", NULL);
  answer = client_read_answer (refused, FALSE);
  g_assert_cmpuint (status_of (answer), ==, 503);
  retry = header_of (answer, "Retry-After");
  g_assert_nonnull (retry);
  /* One leaves, the next may come. */
  g_ptr_array_remove_index (clients, 0);
  {
    guint n = 2;

    wait_until (is_alone, &n);
  }
  g_ptr_array_add (clients, listen_to (server, "/stream", NULL));
  g_assert_true (client_wait_text (g_ptr_array_index (clients, 2), "\"revision\":7}\n\n"));
  end (server);
}

static gboolean
is_parked (gpointer data)
{
  return parked != NULL;
}

static gboolean
is_gone (gpointer data)
{
  return tempo_exchange_is_gone (parked);
}

/* The handler had to ask a database first; the guest may have left meanwhile. */
static void
test_taken_later (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) stays = listen_to (server, "/later", NULL);
  Client *leaves;
  struct linger reset = { 1, 0 };

  wait_until (is_parked, NULL);
  settle ();
  g_assert_true (tempo_feed_take (feed, parked, NULL, first_cb, NULL));
  g_assert_false (tempo_feed_take (feed, parked, NULL, first_cb, NULL));
  g_clear_pointer (&parked, tempo_exchange_unref);
  g_assert_true (client_wait_text (stays, "\"revision\":7}\n\n"));

  leaves = listen_to (server, "/later", NULL);
  wait_until (is_parked, NULL);
  setsockopt (leaves->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  client_free (leaves);
  wait_until (is_gone, NULL);
  g_assert_false (tempo_feed_take (feed, parked, NULL, first_cb, NULL));
  g_clear_pointer (&parked, tempo_exchange_unref);
  settle ();
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 1);
  g_assert_cmpuint (tempo_listener_get_n_connections (server->listener), ==, 0);
  end (server);
}

/* A hundred phones leave the Wi-Fi together; the one that stays misses nothing. */
static void
test_many_leave_at_once (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);
  g_autoptr (Client) stays = listen_to (server, "/stream?key=a", NULL);
  guint n = 101;

  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (clients, listen_to (server, i % 2 != 0 ? "/stream?key=a" : "/stream?key=b", NULL));
  wait_until (is_alone, &n);
  g_ptr_array_set_size (clients, 0);
  /* They are gone, but nobody has looked yet. */
  publish (8);
  tempo_feed_flush (feed);
  n = 1;
  wait_until (is_alone, &n);
  g_assert_false (tempo_feed_has_key (feed, "b"));
  g_assert_true (client_wait_text (stays, "\"revision\":8}\n\n"));
  end (server);
}

/* The server goes first, then the feed; and the other way round. */
static void
test_ends (void)
{
  Server *server = start (NULL, NULL);
  g_autoptr (Client) one = listen_to (server, "/stream", NULL);
  g_autoptr (Client) two = NULL;

  g_assert_true (client_wait_text (one, "\"revision\":7}\n\n"));
  tempo_listener_close (server->listener);
  g_assert_cmpuint (tempo_feed_get_n_listeners (feed), ==, 0);
  client_wait_closed (one);
  end (server);

  server = start (NULL, NULL);
  two = listen_to (server, "/stream", NULL);
  g_assert_true (client_wait_text (two, "\"revision\":7}\n\n"));
  tempo_feed_close (feed);
  client_wait_closed (two);
  end (server);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feed/frame", test_frame);
  g_test_add_func ("/feed/head", test_head);
  g_test_add_func ("/feed/head-method", test_head_method);
  g_test_add_func ("/feed/publish", test_publish);
  g_test_add_func ("/feed/one-send-a-turn", test_one_send_a_turn);
  g_test_add_func ("/feed/resume", test_resume);
  g_test_add_func ("/feed/ring-bytes", test_ring_bytes);
  g_test_add_func ("/feed/slow-listener", test_slow_listener);
  g_test_add_func ("/feed/large-first-frame", test_large_first_frame);
  g_test_add_func ("/feed/gone-listeners", test_gone_listeners);
  g_test_add_func ("/feed/talking-listener", test_talking_listener);
  g_test_add_func ("/feed/beat", test_beat);
  g_test_add_func ("/feed/caps", test_caps);
  g_test_add_func ("/feed/taken-later", test_taken_later);
  g_test_add_func ("/feed/many-leave-at-once", test_many_leave_at_once);
  g_test_add_func ("/feed/ends", test_ends);
  return g_test_run ();
}
