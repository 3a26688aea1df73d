/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "access/tempo-certificate.h"
#include "base/tempo-clock.h"
#include "lan-fixture.h"
#include "web/tempo-addresses.h"

/* Staff's door, met by a client that is not OpenSSL: whose certificate it shows, how long that one lasts, and what is
 * refused at the other door. */

static const TempoLanOptions local = { .address = "127.0.0.1", .port = 0, .tls_port = 0 };

/* What a browser shows, from the certificate that really came. */
static gboolean
accept_cb (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags wrong, gpointer user_data)
{
  char **shown = user_data;
  g_autofree char *pem = NULL;

  g_object_get (certificate, "certificate-pem", &pem, NULL);
  g_clear_pointer (shown, g_free);
  *shown = tempo_certificate_get_fingerprint (pem);
  /* Nobody vouches for it, and nothing else is wrong with it: the names fit. The time is that of the test's clock. */
  wrong &= ~(G_TLS_CERTIFICATE_NOT_ACTIVATED | G_TLS_CERTIFICATE_EXPIRED);
  g_assert_cmpuint (wrong, ==, G_TLS_CERTIFICATE_UNKNOWN_CA);
  return TRUE;
}

static void
event_cb (GSocketClient *client,
          GSocketClientEvent event,
          GSocketConnectable *to,
          GIOStream *connection,
          gpointer user_data)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    g_signal_connect (connection, "accept-certificate", G_CALLBACK (accept_cb), user_data);
}

/* @shown: (out) the fingerprint. (transfer full) everything that came until the peer closed. */
static char *
ask (LanFixture *fixture, const char *method, const char *path, const char *body, char **shown)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) answer = g_memory_output_stream_new_resizable ();
  g_autofree char *request = NULL;

  g_socket_client_set_timeout (client, 10);
  g_socket_client_set_tls (client, TRUE);
  g_signal_connect (client, "event", G_CALLBACK (event_cb), shown);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1",
                                                tempo_lan_server_get_tls_port (fixture->server), NULL, &error);
  g_assert_no_error (error);
  request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                             "Content-Type: application/json\r\nContent-Length: %u\r\n\r\n%s",
                             method, path, (guint) strlen (body), body);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request, strlen (request), NULL,
                             NULL, &error);
  g_assert_no_error (error);
  g_output_stream_splice (answer, g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                          G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (answer)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (answer)));
}

static char *
sign_in (LanFixture *fixture, char **shown)
{
  return ask (fixture, "POST", "/api/auth/login",
              "{\"username\":\"ann\",\"password\":\"" LAN_PASSWORD "\"}", shown);
}

static void
check_shown (LanFixture *fixture, const char *shown)
{
  g_autofree char *said = tempo_lan_server_get_fingerprint (fixture->server);

  g_assert_nonnull (said);
  g_assert_cmpstr (shown, ==, said);
}

static void
test_sign_in (void)
{
  g_autoptr (LanFixture) fixture = lan_fixture_new (FALSE);
  g_autofree char *shown = NULL;
  g_autofree char *answer = sign_in (fixture, &shown);
  g_autofree char *url = tempo_lan_server_get_tls_url (fixture->server);
  g_autofree char *wanted =
    g_strdup_printf ("https://127.0.0.1:%u", tempo_lan_server_get_tls_port (fixture->server));

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (answer, "Secure"));
  check_shown (fixture, shown);
  g_assert_cmpstr (url, ==, wanted);
  g_assert_cmpuint (tempo_lan_server_get_tls_port (fixture->server), !=, fixture->port);
}

/* Kept from the first sign-in on, and not before: nothing asks for a keyring's password at the start. */
static void
test_kept (void)
{
  g_autoptr (LanFixture) fixture = lan_fixture_new (FALSE);
  g_autofree char *path = g_build_filename (fixture->dir, "tls-certificate.pem", NULL);
  g_autofree char *first = tempo_lan_server_get_fingerprint (fixture->server);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *answer = NULL;
  gint64 deadline = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  lan_fixture_restart (fixture, &local);
  second = tempo_lan_server_get_fingerprint (fixture->server);
  g_assert_cmpstr (first, !=, second);

  answer = sign_in (fixture, &shown);
  /* Whoever signs in does not wait for the file. */
  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
  lan_fixture_restart (fixture, &local);
  third = tempo_lan_server_get_fingerprint (fixture->server);
  g_assert_cmpstr (third, ==, second);
  g_assert_true (g_file_get_contents (path, &pem, NULL, NULL));
  g_assert_null (strstr (pem, "PRIVATE"));
}

/* Ten years later there is a new one. */
static void
test_over (void)
{
  g_autoptr (LanFixture) fixture = lan_fixture_new (FALSE);
  g_autofree char *first = tempo_lan_server_get_fingerprint (fixture->server);
  g_autofree char *second = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *answer = sign_in (fixture, &shown);

  tempo_clock_advance (fixture->clock, (gint64) (TEMPO_CERTIFICATE_YEARS + 1) * 365 * G_TIME_SPAN_DAY);
  lan_fixture_restart (fixture, &local);
  second = tempo_lan_server_get_fingerprint (fixture->server);
  g_assert_cmpstr (first, !=, second);
}

static char *
write_file (LanFixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

/* The owner's own certificate is shown; when it stops being good, ours is, and the house stays open. */
static void
test_own (void)
{
  static const char *const names[] = { "127.0.0.1", NULL };
  g_autoptr (LanFixture) fixture = lan_fixture_new (FALSE);
  g_autofree char *pem = NULL, *key = NULL, *own = NULL, *shown = NULL, *said = NULL;
  g_autofree char *pem_path = NULL, *key_path = NULL, *answer = NULL;
  g_autoptr (GError) error = NULL;

  tempo_certificate_make (names, tempo_clock_now (fixture->clock) / G_USEC_PER_SEC, &pem, &key, &error);
  g_assert_no_error (error);
  own = tempo_certificate_get_fingerprint (pem);
  pem_path = write_file (fixture, "own.pem", pem);
  key_path = write_file (fixture, "own.key", key);
  g_assert_true (tempo_host_set_setting (fixture->host, "tls_certificate", pem_path, NULL));
  g_assert_true (tempo_host_set_setting (fixture->host, "tls_key", key_path, NULL));
  lan_fixture_restart (fixture, &local);
  answer = ask (fixture, "GET", "/healthz", "", &shown);
  g_assert_cmpstr (shown, ==, own);

  g_unlink (key_path);
  lan_fixture_restart (fixture, &local);
  said = tempo_lan_server_get_fingerprint (fixture->server);
  g_assert_nonnull (said);
  g_assert_cmpstr (said, !=, own);
}

static void
test_ports (void)
{
  const TempoLanOptions remembered = { .address = "127.0.0.1", .port = 0, .tls_port = TEMPO_LAN_PORT_DEFAULT };
  const TempoLanOptions none = { .address = "127.0.0.1", .port = 0, .tls_port = TEMPO_LAN_PORT_NONE };
  g_autoptr (LanFixture) fixture = lan_fixture_new (FALSE);
  g_autofree char *setting = tempo_host_get_setting (fixture->host, "tls_port");
  g_autofree char *url = NULL;
  guint16 first;

  g_assert_null (setting);
  lan_fixture_restart (fixture, &remembered);
  first = tempo_lan_server_get_tls_port (fixture->server);
  g_assert_cmpuint (first, >=, TEMPO_LAN_TLS_PORT_PREFERRED);
  lan_fixture_restart (fixture, &remembered);
  g_assert_cmpuint (tempo_lan_server_get_tls_port (fixture->server), ==, first);
  lan_fixture_restart (fixture, &none);
  g_assert_cmpuint (tempo_lan_server_get_tls_port (fixture->server), ==, 0);
  url = tempo_lan_server_get_tls_url (fixture->server);
  g_assert_null (url);
}

/* An invitation leads to where the invited can come in, or says that they cannot. */
static void
test_invitation (void)
{
  static const struct
  {
    int tls_port;
    const char *over_http, *begins;
    gboolean here_only;
  } cases[] = {
    { 0, NULL, "https://", FALSE },
    { TEMPO_LAN_PORT_NONE, NULL, "http://", TRUE },
    { TEMPO_LAN_PORT_NONE, "false", "http://", TRUE },
    { TEMPO_LAN_PORT_NONE, "true", "http://", FALSE },
  };
  g_autoptr (LanFixture) fixture = lan_fixture_new (TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TempoLanOptions options = { .address = "127.0.0.1", .port = 0, .tls_port = cases[i].tls_port };
      g_autofree char *ann = NULL;
      g_autoptr (LanAnswer) made = NULL;
      g_autofree char *begins = NULL;

      lan_fixture_restart (fixture, &options);
      g_assert_true (tempo_host_set_setting (fixture->host, "staff_over_http", cases[i].over_http, NULL));
      ann = lan_sign_in (fixture, "ann");
      made = lan_call (fixture, "POST", "/api/usera/invitations", ann, "{\"role\":\"member\"}");
      g_assert_cmpuint (made->status, ==, 201);
      begins = g_strdup_printf ("%s127.0.0.1:%u/invite/", cases[i].begins,
                                cases[i].tls_port == 0 ? tempo_lan_server_get_tls_port (fixture->server) : fixture->port);
      g_assert_true (g_str_has_prefix (lan_answer_get_text (made, "url"), begins));
      g_assert_cmpint (json_node_get_boolean (lan_answer_get_node (made, "hereOnly")), ==, cases[i].here_only);
    }
}

/* --- the other door --- */

static guint
ask_plainly (LanFixture *fixture, const char *address, const char *method, const char *path, const char *session)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_to_host (client, address, fixture->port, NULL, &error);
  g_autofree char *request =
    g_strdup_printf ("%s %s HTTP/1.1\r\nHost: %s:%u\r\nConnection: close\r\nContent-Type: application/json\r\n"
                     "%sContent-Length: 2\r\n\r\n{}",
                     method, path, address, fixture->port, session);
  char answer[2048] = "";

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request, strlen (request), NULL,
                             NULL, NULL);
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer, sizeof answer - 1, NULL,
                           NULL, NULL);
  if (strstr (answer, "\"code\":\"https_required\"") == NULL)
    g_assert_null (strstr (answer, "https_required"));
  return (guint) g_ascii_strtoull (answer + strlen ("HTTP/1.1 "), NULL, 10);
}

static void
test_plain_from_elsewhere (void)
{
  static const struct
  {
    const char *method;
    const char *path;
    guint allowed; /* when the owner allows it */
  } calls[] = {
    { "POST", "/api/auth/login", 422 },
    { "GET", "/api/auth/me", 200 },
    { "GET", "/api/usera/rooms", 200 },
    { "PUT", "/api/usera/settings", 422 },
    { "POST", "/api/usera/playback/skip", 200 },
    { "GET", "/api/nobody/rooms", 404 },
    { "POST", "/api/organizations/create", 422 },
  };
  const TempoLanOptions everywhere = { .port = 0, .tls_port = 0 };
  g_autoptr (LanFixture) fixture = lan_fixture_new (FALSE);
  g_autofree char *address = tempo_addresses_best ();
  g_autofree char *session = lan_sign_in (fixture, "ann");

  if (address == NULL)
    {
      g_test_skip ("this machine is on no network");
      return;
    }
  lan_fixture_restart (fixture, &everywhere);
  fixture->port = tempo_lan_server_get_port (fixture->server);
  for (guint allowed = 0; allowed < 2; allowed++)
    {
      tempo_host_set_setting (fixture->host, "staff_over_http", allowed ? "true" : "false", NULL);
      for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
        {
          guint status = ask_plainly (fixture, address, calls[i].method, calls[i].path, session);

          if (allowed && g_str_has_suffix (calls[i].path, "skip"))
            g_assert_cmpuint (status, !=, 403);
          else
            g_assert_cmpuint (status, ==, allowed ? calls[i].allowed : 403);
        }
      /* Guests come as ever. */
      g_assert_cmpuint (ask_plainly (fixture, address, "GET", "/healthz", ""), ==, 200);
      g_assert_cmpuint (ask_plainly (fixture, "127.0.0.1", "GET", "/api/usera/rooms", session), ==, 200);
    }
}

/* Staff's page is for anybody to see; by plain HTTP from another machine it leads to the encrypted address. */
static void
test_page (void)
{
  const TempoLanOptions everywhere = { .port = 0, .tls_port = 0 };
  g_autoptr (LanFixture) fixture = lan_fixture_new (FALSE);
  g_autofree char *address = tempo_addresses_best ();
  g_autoptr (LanAnswer) page = lan_call (fixture, "GET", "/usera/staff", NULL, NULL);
  g_autoptr (LanAnswer) nobody = lan_call (fixture, "GET", "/nobody/staff", NULL, NULL);

  g_assert_cmpuint (page->status, ==, 200);
  g_assert_null (strstr (page->body, "{{"));
  g_assert_nonnull (strstr (page->body, "\"slug\":\"usera\""));
  g_assert_nonnull (strstr (page->body, "\"https\":\"https://127.0.0.1:"));
  g_assert_cmpuint (nobody->status, ==, 404);
  if (address == NULL)
    return;
  lan_fixture_restart (fixture, &everywhere);
  fixture->port = tempo_lan_server_get_port (fixture->server);
  g_assert_cmpuint (ask_plainly (fixture, address, "GET", "/usera/staff", ""), ==, 302);
  tempo_host_set_setting (fixture->host, "staff_over_http", "true", NULL);
  g_assert_cmpuint (ask_plainly (fixture, address, "GET", "/usera/staff", ""), ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/tls/sign-in", test_sign_in);
  g_test_add_func ("/lan/tls/kept", test_kept);
  g_test_add_func ("/lan/tls/over", test_over);
  g_test_add_func ("/lan/tls/own", test_own);
  g_test_add_func ("/lan/tls/ports", test_ports);
  g_test_add_func ("/lan/tls/invitation", test_invitation);
  g_test_add_func ("/lan/tls/plain-from-elsewhere", test_plain_from_elsewhere);
  g_test_add_func ("/lan/tls/page", test_page);
  return g_test_run ();
}
