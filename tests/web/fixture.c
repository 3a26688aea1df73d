/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "access/tempo-certificate.h"

Server *
server_new (const TempoRoute *routes,
            gsize n_routes,
            const TempoListenerOptions *options)
{
  Server *self = g_new0 (Server, 1);
  g_autoptr (GError) error = NULL;

  self->router = tempo_router_new ();
  tempo_router_add (self->router, routes, n_routes, self);
  self->listener = tempo_listener_new (self->router, NULL, options);
  tempo_listener_listen (self->listener, "127.0.0.1", 0, 0, &error);
  g_assert_no_error (error);
  self->port = tempo_listener_get_port (self->listener);
  g_assert_cmpuint (self->port, >, 0);
  return self;
}

void
server_add_tls (Server *self)
{
  static const char *const names[] = { "localhost", "127.0.0.1", NULL };
  g_autofree char *key = NULL;
  g_autoptr (TempoTls) tls = NULL;
  g_autoptr (GError) error = NULL;

  tempo_certificate_make (names, g_get_real_time () / G_USEC_PER_SEC, &self->certificate, &key, &error);
  g_assert_no_error (error);
  tls = tempo_tls_new (self->certificate, key, &error);
  g_assert_no_error (error);
  tempo_listener_listen_tls (self->listener, "127.0.0.1", 0, 0, tls, &error);
  g_assert_no_error (error);
  self->tls_port = tempo_listener_get_tls_port (self->listener);
  g_assert_cmpuint (self->tls_port, >, 0);
}

void
server_free (Server *self)
{
  tempo_listener_close (self->listener);
  settle ();
  g_assert_cmpuint (tempo_listener_get_n_connections (self->listener), ==, 0);
  g_assert_cmpuint (tempo_listener_get_n_streams (self->listener), ==, 0);
  g_assert_finalize_object (self->listener);
  tempo_router_unref (self->router);
  g_free (self->certificate);
  g_free (self);
}

Client *
client_new (guint16 port)
{
  Client *self = g_new0 (Client, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int on = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (self->fd, >=, 0);
  /* The kernel completes it from the backlog; nobody need accept. */
  g_assert_cmpint (connect (self->fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (fcntl (self->fd, F_SETFL, O_NONBLOCK), ==, 0);
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  self->in = g_byte_array_new ();
  return self;
}

void
client_free (Client *self)
{
  g_clear_pointer (&self->ssl, SSL_free);
  close (self->fd);
  g_byte_array_unref (self->in);
  g_free (self);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
ready_cb (int fd,
          GIOCondition condition,
          gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Iterates until @fd is ready for @condition. */
static void
wait_fd (int fd,
         GIOCondition condition)
{
  gboolean ready = FALSE;
  gboolean late = FALSE;
  g_autoptr (GSource) source = g_unix_fd_source_new (fd, condition);
  g_autoptr (GSource) timeout = g_timeout_source_new (DEADLINE_MS);

  g_source_set_callback (source, G_SOURCE_FUNC (ready_cb), &ready, NULL);
  g_source_set_callback (timeout, timed_out_cb, &late, NULL);
  g_source_attach (source, NULL);
  g_source_attach (timeout, NULL);
  while (!ready && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (source);
  g_source_destroy (timeout);
  g_assert_false (late);
}

/* Trusts the server's own certificate and no other, and asks it for its name. */
static SSL *
start_tls (Client *self,
           Server *server)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  BIO *text = BIO_new_mem_buf (server->certificate, -1);
  X509 *certificate = PEM_read_bio_X509 (text, NULL, NULL, NULL);
  SSL *ssl;

  X509_STORE_add_cert (SSL_CTX_get_cert_store (context), certificate);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ssl = SSL_new (context);
  SSL_set_fd (ssl, self->fd);
  SSL_set1_host (ssl, "127.0.0.1");
  SSL_set_connect_state (ssl);
  X509_free (certificate);
  BIO_free (text);
  SSL_CTX_free (context);
  return ssl;
}

Client *
client_new_tls (Server *server)
{
  g_autoptr (Client) self = client_new (server->tls_port);
  int result;

  self->ssl = start_tls (self, server);
  while ((result = SSL_do_handshake (self->ssl)) != 1)
    {
      if (SSL_get_error (self->ssl, result) != SSL_ERROR_WANT_READ)
        return NULL;
      wait_fd (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
    }
  return g_steal_pointer (&self);
}

/* As send() and recv(): TLS's wish to wait is EAGAIN. */
static ssize_t
put (Client *self,
     const char *data,
     gsize n)
{
  int result;

  if (self->ssl == NULL)
    return send (self->fd, data, n, MSG_NOSIGNAL);
  result = SSL_write (self->ssl, data, n);
  if (result <= 0)
    errno = SSL_get_error (self->ssl, result) == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
  return result > 0 ? result : -1;
}

static ssize_t
get_some (Client *self,
          void *buffer,
          gsize n)
{
  int result, code;

  if (self->ssl == NULL)
    return recv (self->fd, buffer, n, 0);
  result = SSL_read (self->ssl, buffer, n);
  if (result > 0)
    return result;
  code = SSL_get_error (self->ssl, result);
  errno = code == SSL_ERROR_WANT_READ ? EAGAIN : EPIPE;
  return code == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

void
client_send (Client *self,
             const char *data,
             gssize n)
{
  gsize left = n < 0 ? strlen (data) : (gsize) n;

  while (left > 0)
    {
      ssize_t sent = put (self, data, left);

      if (sent < 0 && errno == EAGAIN)
        {
          wait_fd (self->fd, G_IO_OUT | G_IO_HUP);
          continue;
        }
      if (sent < 0)
        {
          self->closed = TRUE;
          return;
        }
      data += sent;
      left -= sent;
    }
}

void
client_pump (Client *self)
{
  guint8 buffer[65536];
  ssize_t n;

  while ((n = get_some (self, buffer, sizeof buffer)) > 0)
    g_byte_array_append (self->in, buffer, n);
  if (n == 0 || (n < 0 && errno != EAGAIN))
    self->closed = TRUE;
}

static void
wait_more (Client *self)
{
  if (!self->closed)
    wait_fd (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  client_pump (self);
}

static gssize
find_text (Client *self,
           const char *text)
{
  const char *found = self->in->len == 0 ? NULL : memmem (self->in->data, self->in->len, text, strlen (text));

  return found != NULL ? found - (const char *) self->in->data : -1;
}

static char *
take (Client *self,
      gsize n)
{
  char *text = g_strndup ((const char *) self->in->data, n);

  g_byte_array_remove_range (self->in, 0, n);
  return text;
}

char *
client_read_answer (Client *self,
                    gboolean head_only)
{
  g_autofree char *head = NULL;
  g_autofree char *length = NULL;
  gsize total;

  while (find_text (self, "\r\n\r\n") < 0 && !self->closed)
    wait_more (self);
  if (find_text (self, "\r\n\r\n") < 0)
    return NULL;
  total = find_text (self, "\r\n\r\n") + 4;
  head = g_strndup ((const char *) self->in->data, total);
  length = header_of (head, "Content-Length");
  if (length != NULL && !head_only && status_of (head) != 304)
    total += g_ascii_strtoull (length, NULL, 10);
  while (self->in->len < total && !self->closed)
    wait_more (self);
  g_assert_cmpuint (self->in->len, >=, total);
  return take (self, total);
}

gboolean
client_wait_text (Client *self,
                  const char *text)
{
  g_autofree char *taken = NULL;

  client_pump (self);
  while (find_text (self, text) < 0 && !self->closed)
    wait_more (self);
  if (find_text (self, text) < 0)
    return FALSE;
  taken = take (self, find_text (self, text) + strlen (text));
  return TRUE;
}

void
client_wait_closed (Client *self)
{
  while (!self->closed)
    wait_more (self);
}

guint
ask (Server *server,
     const char *request,
     char **answer)
{
  g_autoptr (Client) client = client_new (server->port);
  g_autofree char *port = g_strdup_printf ("%u", server->port);
  g_autoptr (GString) text = g_string_new (request);
  g_autofree char *got = NULL;
  guint status;

  g_string_replace (text, "$PORT", port, 0);
  client_send (client, text->str, text->len);
  got = client_read_answer (client, g_str_has_prefix (request, "HEAD "));
  status = got != NULL ? status_of (got) : 0;
  if (answer != NULL)
    *answer = g_steal_pointer (&got);
  return status;
}

guint
get (Server *server,
     const char *path,
     char **answer)
{
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", path, server->port);

  return ask (server, request, answer);
}

guint
status_of (const char *answer)
{
  return g_str_has_prefix (answer, "HTTP/1.") ? (guint) g_ascii_strtoull (answer + 9, NULL, 10) : 0;
}

char *
header_of (const char *answer,
           const char *name)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);

  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      const char *colon = strchr (lines[i], ':');

      if (colon != NULL && (gsize) (colon - lines[i]) == strlen (name) &&
          g_ascii_strncasecmp (lines[i], name, strlen (name)) == 0)
        return g_strstrip (g_strdup (colon + 1));
    }
  return NULL;
}

const char *
body_of (const char *answer)
{
  const char *empty = strstr (answer, "\r\n\r\n");

  return empty != NULL ? empty + 4 : "";
}

void
wait_for (const gboolean *flag,
          guint ms)
{
  gboolean late = FALSE;
  g_autoptr (GSource) timeout = g_timeout_source_new (ms);

  g_source_set_callback (timeout, timed_out_cb, &late, NULL);
  g_source_attach (timeout, NULL);
  while (!*flag && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (timeout);
  g_assert_true (*flag);
}

void
wait_until (Condition condition,
            gpointer data)
{
  gboolean late = FALSE;
  g_autoptr (GSource) timeout = g_timeout_source_new (DEADLINE_MS);

  g_source_set_callback (timeout, timed_out_cb, &late, NULL);
  g_source_attach (timeout, NULL);
  while (!condition (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (timeout);
  g_assert_true (condition (data));
}

void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}
