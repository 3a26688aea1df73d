/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ceiling: what libsoup and SQLite give when they do only this work. One row
 * and one fsync a POST, one send() per change and listener on connections taken
 * from libsoup, "hello" for a GET. No rules, no checks, no isolation. Tempo's
 * figures are read as ratios to this program's, measured beside it. */

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/socket.h>

static sqlite3_stmt *insert;
static GPtrArray *streams; /* GIOStream, kept alive */
static GArray *sockets;    /* int, theirs */
static guint64 revision;

/* What libsoup hands over wraps the connection that was accepted. */
static int
get_fd (GIOStream *stream)
{
  g_autoptr (GIOStream) accepted = NULL;

  g_object_get (stream, "base-iostream", &accepted, NULL);
  return g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (accepted)));
}

static void
tell_all (const char *text, gsize length)
{
  g_autoptr (GString) event = g_string_sized_new (length + 64);

  g_string_append_printf (event, "event: change\nid: %" G_GUINT64_FORMAT "\ndata: ", ++revision);
  g_string_append_len (event, text, length);
  g_string_append (event, "\n\n");
  for (guint i = 0; i < streams->len; i++)
    (void) !send (g_array_index (sockets, int, i), event->str, event->len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
hello (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "hello", 5);
}

static void
submit (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  sqlite3_bind_text (insert, 1, body->data, (int) body->length, SQLITE_STATIC);
  sqlite3_step (insert);
  sqlite3_reset (insert);
  soup_server_message_set_status (message, 201, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body->data, body->length);
  tell_all (body->data, body->length);
}

static void
stream (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: "
                             "no-store\r\n\r\nevent: state\ndata: {}\n\n";
  GIOStream *connection = soup_server_message_steal_connection (message);

  int fd = get_fd (connection);

  (void) !send (fd, head, strlen (head), MSG_NOSIGNAL);
  g_ptr_array_add (streams, connection);
  g_array_append_val (sockets, fd);
}

static gboolean
incoming (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer server)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  g_socket_set_option (g_socket_connection_get_socket (connection), 6, 1, 1, NULL);
  soup_server_accept_iostream (server, G_IO_STREAM (connection), local, remote, NULL);
  return TRUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  sqlite3 *db;
  guint16 port;

  if (argc != 2 || sqlite3_open (argv[1], &db) != SQLITE_OK)
    return 2;
  sqlite3_exec (
    db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE r(id INTEGER PRIMARY KEY, body TEXT)",
    NULL, NULL, NULL);
  sqlite3_prepare_v2 (db, "INSERT INTO r(body) VALUES (?1)", -1, &insert, NULL);
  sockets = g_array_new (FALSE, FALSE, sizeof (int));
  streams = g_ptr_array_new_with_free_func (g_object_unref);

  soup_server_add_handler (server, "/hello", hello, NULL, NULL);
  soup_server_add_handler (server, "/submit", submit, NULL, NULL);
  soup_server_add_handler (server, "/stream", stream, NULL, NULL);
  /* Without one listener of its own libsoup closes after every answer. */
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (service), 1024);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming), server);
  g_print ("Listening on http://127.0.0.1:%u\n", port);
  g_main_loop_run (loop);
  return 0;
}
