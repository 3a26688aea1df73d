/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A load of guests against one server on this machine, bounded in count and time.
 *
 *   load --port P --count N [--workers W] [--listeners L] [--method GET|POST] --path PATH
 *        [--body TEXT with %d] [--cookie-from PATH] [--stream PATH] [--fanout] [--half-open H]
 *
 * Workers send one request at a time each on kept connections; listeners hold
 * streams. --fanout sends one request after the other and waits each time until
 * every listener has heard of it. Prints one line of JSON: rate and latencies in
 * microseconds. Loopback only: every address of 127.0.0.0/8 is this machine, and
 * guests are spread over them, as phones have addresses of their own. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define DEADLINE_SECONDS 120
#define BUFFER 65536
#define CARRY 128

typedef enum
{
  WORKER,
  LISTENER,
  HALF_OPEN
} Kind;

typedef struct
{
  Kind kind;
  int fd;
  guint number;
  char *cookie; /* (owned) (nullable) */
  GString *in;  /* (owned) answer so far, or the stream's tail */
  gint64 sent_at;
  gboolean ready; /* listener: the first event is here */
  guint heard;    /* listener: fan-out round it has heard */
} Peer;

static int watched, port, count = 1000, workers = 32, listeners, half_open;
static gboolean fanout;
static const char *method = "GET", *path = "/", *body, *cookie_from, *stream_path = "/stream";

static const GOptionEntry entries[] = {
  { "watch", 0, 0, G_OPTION_ARG_INT, &watched, NULL, NULL },
  { "port", 0, 0, G_OPTION_ARG_INT, &port, NULL, NULL },
  { "count", 0, 0, G_OPTION_ARG_INT, &count, NULL, NULL },
  { "workers", 0, 0, G_OPTION_ARG_INT, &workers, NULL, NULL },
  { "listeners", 0, 0, G_OPTION_ARG_INT, &listeners, NULL, NULL },
  { "half-open", 0, 0, G_OPTION_ARG_INT, &half_open, NULL, NULL },
  { "fanout", 0, 0, G_OPTION_ARG_NONE, &fanout, NULL, NULL },
  { "method", 0, 0, G_OPTION_ARG_STRING, &method, NULL, NULL },
  { "path", 0, 0, G_OPTION_ARG_STRING, &path, NULL, NULL },
  { "body", 0, 0, G_OPTION_ARG_STRING, &body, NULL, NULL },
  { "cookie-from", 0, 0, G_OPTION_ARG_STRING, &cookie_from, NULL, NULL },
  { "stream", 0, 0, G_OPTION_ARG_STRING, &stream_path, NULL, NULL },
  { NULL },
};

static int poll_fd;
static double memory; /* MiB of the watched process while everything is still open */
static GArray *latencies; /* gint64 us */
static int started, finished, refused, rounds;
static gint64 round_at;

static int
open_connection (guint number)
{
  struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (0x7f000002u + number % 4000) };
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_port = htons (port),
                            .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *) &from, sizeof from) != 0 ||
      connect (fd, (struct sockaddr *) &to, sizeof to) != 0)
    g_error ("connect: %s", g_strerror (errno));
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
  return fd;
}

static void
send_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = send (fd, data, length, MSG_NOSIGNAL);

      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        continue;
      if (n <= 0)
        g_error ("send: %s", g_strerror (errno));
      data += n;
      length -= n;
    }
}

/* The cookie that the server gives a new guest: the value of its first Set-Cookie. */
static char *
fetch_cookie (guint number)
{
  g_autofree char *request =
    g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", cookie_from, port);
  g_autoptr (GString) answer = g_string_new (NULL);
  int fd = open_connection (number);
  char chunk[4096];
  ssize_t n;
  char *start, *end;

  send_all (fd, request, strlen (request));
  while ((n = recv (fd, chunk, sizeof chunk, 0)) > 0 && strstr (answer->str, "\r\n\r\n") == NULL)
    g_string_append_len (answer, chunk, n);
  close (fd);
  start = strcasestr (answer->str, "\r\nset-cookie: tempo_guest=");
  if (start == NULL)
    g_error ("no guest cookie from %s", cookie_from);
  start += strlen ("\r\nset-cookie: ");
  end = start + strcspn (start, ";\r");
  return g_strndup (start, end - start);
}

static Peer *
add_peer (Kind kind, guint number, const char *cookie)
{
  Peer *peer = g_new0 (Peer, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };

  peer->kind = kind;
  peer->number = number;
  peer->fd = open_connection (number);
  peer->in = g_string_sized_new (1024);
  peer->cookie = g_strdup (cookie);
  fcntl (peer->fd, F_SETFL, O_NONBLOCK);
  epoll_ctl (poll_fd, EPOLL_CTL_ADD, peer->fd, &event);
  return peer;
}

static void
send_request (Peer *peer)
{
  g_autoptr (GString) out = g_string_sized_new (512);
  g_autofree char *content = NULL;

  if (started >= count)
    return;
  if (body != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (body, "%d", 2);
      content = parts[1] != NULL ? g_strdup_printf ("%s%d%s", parts[0], started, parts[1]) : g_strdup (body);
    }
  started++;
  g_string_append_printf (out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", method, path, port);
  if (peer->cookie != NULL)
    g_string_append_printf (out, "Cookie: %s\r\n", peer->cookie);
  if (content != NULL)
    g_string_append_printf (out, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                            strlen (content));
  g_string_append (out, "\r\n");
  if (content != NULL)
    g_string_append (out, content);
  peer->sent_at = g_get_monotonic_time ();
  if (fanout)
    round_at = peer->sent_at;
  send_all (peer->fd, out->str, out->len);
}

/* TRUE when @in holds a whole answer; it is taken out then. */
static gboolean
take_answer (GString *in)
{
  char *head_end = strstr (in->str, "\r\n\r\n");
  char *length_at;
  gsize total;

  if (head_end == NULL)
    return FALSE;
  length_at = strcasestr (in->str, "\r\ncontent-length:");
  total = head_end + 4 - in->str +
          (length_at != NULL && length_at < head_end ? strtoul (length_at + 17, NULL, 10) : 0);
  if (in->len < total)
    return FALSE;
  if (in->str[9] != '2')
    {
      if (refused++ == 0)
        fprintf (stderr, "%s\n", in->str);
    }
  g_string_erase (in, 0, total);
  return TRUE;
}

static void
read_worker (Peer *peer)
{
  gint64 taken;

  while (take_answer (peer->in))
    {
      finished++;
      if (!fanout)
        {
          taken = g_get_monotonic_time () - peer->sent_at;
          g_array_append_val (latencies, taken);
          send_request (peer);
        }
    }
}

static void
read_listener (Peer *peer)
{
  g_autofree char *marker = g_strdup_printf ("Song %d", started - 1);
  gint64 taken;

  peer->ready = peer->ready || strstr (peer->in->str, "\n\n") != NULL;
  if (fanout && started > 0 && peer->heard < (guint) started && strstr (peer->in->str, marker) != NULL)
    {
      peer->heard = started;
      rounds++;
      taken = g_get_monotonic_time () - round_at;
      g_array_append_val (latencies, taken);
    }
  if (peer->in->len > CARRY)
    g_string_erase (peer->in, 0, peer->in->len - CARRY);
}

static void
turn (int timeout_ms)
{
  static char chunk[BUFFER];
  struct epoll_event events[256];
  int n = epoll_wait (poll_fd, events, 256, timeout_ms);

  for (int i = 0; i < n; i++)
    {
      Peer *peer = events[i].data.ptr;
      ssize_t got = recv (peer->fd, chunk, sizeof chunk, 0);

      if (got <= 0)
        {
          if (peer->kind == HALF_OPEN) /* let go by the server, as it may */
            {
              epoll_ctl (poll_fd, EPOLL_CTL_DEL, peer->fd, NULL);
              continue;
            }
          if (got == 0)
            g_error ("the server closed %s %u", peer->kind == WORKER ? "worker" : "listener", peer->number);
          continue;
        }
      g_string_append_len (peer->in, chunk, got);
      if (peer->kind == WORKER)
        read_worker (peer);
      else if (peer->kind == LISTENER)
        read_listener (peer);
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static gint64
percentile (double part)
{
  return latencies->len == 0 ? 0 : g_array_index (latencies, gint64, (guint) ((latencies->len - 1) * part));
}

static void
open_listeners (GPtrArray *peers, GPtrArray *cookies)
{
  int ready = 0;

  for (int i = 0; i < listeners; i++)
    {
      const char *cookie = cookies->len > 0 ? g_ptr_array_index (cookies, i % cookies->len) : NULL;
      Peer *peer = add_peer (LISTENER, i, cookie);
      g_autofree char *request = g_strdup_printf (
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n%s%s\r\n\r\n", stream_path,
        port, cookie != NULL ? "Cookie: " : "X-None: ", cookie != NULL ? cookie : "");
      send_all (peer->fd, request, strlen (request));
      g_ptr_array_add (peers, peer);
    }
  for (gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
       ready < listeners && g_get_monotonic_time () < end;)
    {
      turn (100);
      ready = 0;
      for (guint i = 0; i < peers->len; i++)
        ready += ((Peer *) g_ptr_array_index (peers, i))->ready;
    }
  if (ready < listeners)
    g_error ("only %d of %d listeners heard a first event", ready, listeners);
}

static double
read_memory (void)
{
  g_autofree char *file = g_strdup_printf ("/proc/%d/status", watched);
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents (file, &status, NULL, NULL) || (line = strstr (status, "VmRSS:")) == NULL)
    return 0;
  return g_ascii_strtoull (line + 6, NULL, 10) / 1024.0;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) peers = g_ptr_array_new (), first = g_ptr_array_new (), cookies = g_ptr_array_new ();
  struct rlimit files;
  gint64 begin, end, deadline;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  getrlimit (RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files);
  poll_fd = epoll_create1 (EPOLL_CLOEXEC);
  latencies = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (int i = 0; cookie_from != NULL && i < MAX (1, MIN (50, MAX (workers, listeners))); i++)
    g_ptr_array_add (cookies, fetch_cookie (i));
  for (int i = 0; i < half_open; i++)
    send_all (add_peer (HALF_OPEN, 2000 + i, NULL)->fd, "GET / HTT", 9);
  open_listeners (peers, cookies);

  for (int i = 0; i < workers; i++)
    g_ptr_array_add (
      first,
      add_peer (WORKER, 1000 + i, cookies->len > 0 ? g_ptr_array_index (cookies, i % cookies->len) : NULL));
  begin = g_get_monotonic_time ();
  deadline = begin + DEADLINE_SECONDS * G_USEC_PER_SEC;
  if (fanout)
    while (started < count && g_get_monotonic_time () < deadline)
      {
        rounds = 0;
        send_request (g_ptr_array_index (first, 0));
        while ((rounds < listeners || finished < started) && g_get_monotonic_time () < deadline)
          turn (100);
      }
  else
    {
      for (guint i = 0; i < first->len; i++)
        send_request (g_ptr_array_index (first, i));
      while (finished < count && g_get_monotonic_time () < deadline)
        turn (100);
    }
  end = g_get_monotonic_time ();
  if (watched > 0)
    memory = read_memory ();

  g_array_sort (latencies, compare);
  printf ("{\"count\":%d,\"refused\":%d,\"seconds\":%.3f,\"rate\":%.1f,\"p50\":%" G_GINT64_FORMAT ",\"p95\":%" G_GINT64_FORMAT
          ",\"p99\":%" G_GINT64_FORMAT ",\"memory\":%.1f}\n",
          finished, refused, (end - begin) / 1e6, finished / ((end - begin) / 1e6), percentile (0.5), percentile (0.95),
          percentile (0.99), memory);
  return finished == count && refused == 0 ? 0 : 1;
}
