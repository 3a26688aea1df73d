/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

/* Phones of the last eight years have these; all keep what was said secret when the key is lost later. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
#define MAX_CHAIN 8

struct _TempoTls
{
  SSL_CTX *context; /* (owned) */
};

/* --- a socket as OpenSSL sees it: its own BIO writes without MSG_NOSIGNAL --- */

static int
socket_of (BIO *bio)
{
  return GPOINTER_TO_INT (BIO_get_data (bio));
}

static int
write_socket (BIO *bio,
              const char *data,
              int length)
{
  ssize_t n = send (socket_of (bio), data, length, MSG_NOSIGNAL | MSG_DONTWAIT);

  BIO_clear_retry_flags (bio);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    BIO_set_retry_write (bio);
  return (int) n;
}

static int
read_socket (BIO *bio,
             char *data,
             int length)
{
  ssize_t n = recv (socket_of (bio), data, length, MSG_DONTWAIT);

  BIO_clear_retry_flags (bio);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    BIO_set_retry_read (bio);
  return (int) n;
}

static long
control_socket (BIO *bio,
                int command,
                long number,
                void *pointer)
{
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *
get_method (void)
{
  static BIO_METHOD *method = NULL;

  if (g_once_init_enter (&method))
    {
      BIO_METHOD *made = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "tempo-socket");

      BIO_meth_set_write (made, write_socket);
      BIO_meth_set_read (made, read_socket);
      BIO_meth_set_ctrl (made, control_socket);
      g_once_init_leave (&method, made);
    }
  return method;
}

/* --- the certificate --- */

static BIO *
open_text (const char *pem)
{
  return BIO_new_mem_buf (pem, -1);
}

static gboolean
add_chain (SSL_CTX *context,
           BIO *text)
{
  for (guint i = 0; i < MAX_CHAIN; i++)
    {
      X509 *certificate = PEM_read_bio_X509 (text, NULL, NULL, NULL);

      if (certificate == NULL)
        return TRUE;
      if (SSL_CTX_add0_chain_cert (context, certificate) != 1)
        {
          X509_free (certificate);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
use_certificate (SSL_CTX *context,
                 const char *pem)
{
  BIO *text = open_text (pem);
  X509 *own = PEM_read_bio_X509 (text, NULL, NULL, NULL);
  gboolean used = own != NULL && SSL_CTX_use_certificate (context, own) == 1 && add_chain (context, text);

  X509_free (own);
  BIO_free (text);
  return used;
}

static int
no_passphrase (char *buffer,
               int size,
               int writing,
               void *user_data)
{
  return -1;
}

static gboolean
use_key (SSL_CTX *context,
         const char *pem)
{
  BIO *text = open_text (pem);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (text, NULL, no_passphrase, NULL);
  gboolean used = key != NULL && SSL_CTX_use_PrivateKey (context, key) == 1 && SSL_CTX_check_private_key (context) == 1;

  EVP_PKEY_free (key);
  BIO_free (text);
  return used;
}

static SSL_CTX *
make_context (void)
{
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());

  if (context == NULL)
    return NULL;
  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list (context, CIPHERS);
  SSL_CTX_set_options (context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  /* What a listener has not taken yet stays where it is (see tempo-wire.c), and a quiet connection keeps no buffers:
   * 35 KB less for each. */
  SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  /* Sessions are resumed by tickets, which the peers keep: a cache here is what they could fill. */
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  return context;
}

/**
 * tempo_tls_new:
 *
 * Reads the certificate and the key once, for all connections of a door.
 */
TempoTls *
tempo_tls_new (const char *certificate,
               const char *key,
               GError **error)
{
  SSL_CTX *context = make_context ();
  TempoTls *self;
  const char *wrong = NULL;

  if (context == NULL)
    wrong = "TLS is not to be had";
  else if (!use_certificate (context, certificate))
    wrong = "the certificate is not one in PEM form";
  else if (!use_key (context, key))
    wrong = "the key is not that of the certificate";
  ERR_clear_error ();
  if (wrong != NULL)
    {
      SSL_CTX_free (context);
      g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, wrong);
      return NULL;
    }
  self = g_rc_box_new0 (TempoTls);
  self->context = context;
  return self;
}

TempoTls *
tempo_tls_ref (TempoTls *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_all (gpointer data)
{
  TempoTls *self = data;

  g_clear_pointer (&self->context, SSL_CTX_free);
}

void
tempo_tls_unref (TempoTls *self)
{
  g_rc_box_release_full (self, clear_all);
}

/** Begins the server's side on a socket; the handshake follows with the first read. */
struct ssl_st *
tempo_tls_start (TempoTls *self,
                 int fd)
{
  SSL *ssl = SSL_new (self->context);
  BIO *bio = ssl != NULL ? BIO_new (get_method ()) : NULL;

  if (bio == NULL)
    {
      SSL_free (ssl);
      ERR_clear_error ();
      return NULL;
    }
  BIO_set_data (bio, GINT_TO_POINTER (fd));
  BIO_set_init (bio, 1);
  SSL_set_bio (ssl, bio, bio);
  SSL_set_accept_state (ssl);
  return ssl;
}
