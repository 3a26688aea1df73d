/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-link.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <mpd/async.h>
#include <sys/select.h>
#include <unistd.h>

#include "music/mpd/tempo-mpd-song.h"
#include "music/tempo-artwork.h"

#define DEFAULT_PORT 6600
#define DEFAULT_ANSWER_MS 5000
#define MAX_GREETING 200 /* bytes */
#define CHUNK (64 * 1024)
#define MAX_OUTPUTS 100
/* Fields over this in one answer: no daemon, or one gone mad. */
#define MAX_FIELDS (TEMPO_MPD_MAX_READ * 40)

struct _TempoMpdLink
{
  GSocketConnection *stream; /* (owned) */
  struct mpd_connection *connection; /* (owned) (nullable) */
};

G_DEFINE_QUARK (tempo-mpd-error-quark, tempo_mpd_error)

/**
 * tempo_mpd_error_is_fatal:
 *
 * A refusal leaves the link as it was.
 */
gboolean
tempo_mpd_error_is_fatal (const GError *error)
{
  return error != NULL && !g_error_matches (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_REFUSED)
         && !g_error_matches (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_PERMISSION)
         && !g_error_matches (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_NOT_THERE);
}

static TempoMpdError
sort_refusal (enum mpd_server_error code)
{
  switch (code)
    {
    case MPD_SERVER_ERROR_PASSWORD:
      return TEMPO_MPD_ERROR_PASSWORD;
    case MPD_SERVER_ERROR_PERMISSION:
      return TEMPO_MPD_ERROR_PERMISSION;
    case MPD_SERVER_ERROR_NO_EXIST:
      return TEMPO_MPD_ERROR_NOT_THERE;
    default:
      return TEMPO_MPD_ERROR_REFUSED;
    }
}

/**
 * tempo_mpd_link_check:
 *
 * Also ends a refused command, so that the next may be sent. The daemon's words are cut: they
 * go to logs, never to guests.
 */
gboolean
tempo_mpd_link_check (TempoMpdLink *self, GError **error)
{
  enum mpd_error kind = mpd_connection_get_error (self->connection);
  TempoMpdError code = TEMPO_MPD_ERROR_UNREACHABLE;
  const char *message;
  g_autofree char *text = NULL;

  if (kind == MPD_ERROR_SUCCESS)
    return TRUE;
  message = mpd_connection_get_error_message (self->connection);
  text = g_utf8_make_valid (message ? message : "", message ? (gssize) strnlen (message, 200) : 0);
  if (kind == MPD_ERROR_SERVER)
    code = sort_refusal (mpd_connection_get_server_error (self->connection));
  else if (kind == MPD_ERROR_MALFORMED)
    code = TEMPO_MPD_ERROR_GARBLED;
  else if (kind == MPD_ERROR_ARGUMENT)
    code = TEMPO_MPD_ERROR_REFUSED;
  g_set_error (error, TEMPO_MPD_ERROR, code, "the player answers: %s", text);
  if (kind == MPD_ERROR_SERVER || kind == MPD_ERROR_ARGUMENT)
    mpd_connection_clear_error (self->connection);
  return FALSE;
}

static GSocketConnectable *
make_address (const TempoMpdOptions *options)
{
  if (options->socket != NULL && *options->socket == '@')
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new_with_type (options->socket + 1, -1,
                                                                      G_UNIX_SOCKET_ADDRESS_ABSTRACT));
  if (options->socket != NULL)
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (options->socket));
  return g_network_address_new (options->host && *options->host ? options->host : "localhost",
                                options->port ? options->port : DEFAULT_PORT);
}

/* Byte by byte: what follows the line belongs to libmpdclient. */
static gboolean
read_greeting (GInputStream *input, char *line, guint answer_ms, GCancellable *cancellable, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) answer_ms * 1000;

  for (guint i = 0; i < MAX_GREETING && g_get_monotonic_time () < deadline; i++)
    {
      gssize n = g_input_stream_read (input, line + i, 1, cancellable, error);

      if (n < 0)
        return FALSE;
      if (n == 0)
        break;
      if (line[i] != '\n')
        continue;
      line[i] = '\0';
      return TRUE;
    }
  g_set_error_literal (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_GARBLED, "what listens there is no player");
  return FALSE;
}

/* libmpdclient waits with select(), which ends the process at a descriptor over its limit. */
static gboolean
adopt_socket (TempoMpdLink *self, const char *greeting, guint answer_ms, GError **error)
{
  int fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (self->stream)), F_DUPFD_CLOEXEC, 3);
  struct mpd_async *async = fd >= 0 && fd < FD_SETSIZE ? mpd_async_new (fd) : NULL;

  if (async == NULL)
    {
      if (fd >= 0)
        close (fd);
      g_set_error_literal (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_UNREACHABLE,
                           "too many files are open to reach the player");
      return FALSE;
    }
  self->connection = mpd_connection_new_async (async, greeting);
  if (self->connection == NULL)
    {
      mpd_async_free (async);
      g_set_error_literal (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_UNREACHABLE, "no memory to reach the player");
      return FALSE;
    }
  mpd_connection_set_timeout (self->connection, answer_ms);
  return tempo_mpd_link_check (self, error);
}

/* A port of this machine where nobody listens, out of the range that the kernel gives to callers, may be given to us as our own:
 * then we are connected with ourselves, wait for our own greeting, and the daemon cannot have its port back. */
static gboolean
is_another (TempoMpdLink *self, GError **error)
{
  GSocket *socket = g_socket_connection_get_socket (self->stream);
  g_autoptr (GSocketAddress) ours = g_socket_get_local_address (socket, NULL);
  g_autoptr (GSocketAddress) theirs = g_socket_get_remote_address (socket, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (ours) || !G_IS_INET_SOCKET_ADDRESS (theirs)
      || g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (ours)) != g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (theirs))
      || !g_inet_address_equal (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (ours)),
                                g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (theirs))))
    return TRUE;
  g_set_error_literal (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_UNREACHABLE, "the player cannot be reached: nobody listens there");
  return FALSE;
}

static gboolean
greet (TempoMpdLink *self, const TempoMpdOptions *options, guint answer_ms, GCancellable *cancellable, GError **error)
{
  char greeting[MAX_GREETING + 1] = { 0 };

  if (!read_greeting (g_io_stream_get_input_stream (G_IO_STREAM (self->stream)), greeting, answer_ms, cancellable,
                      error)
      || !adopt_socket (self, greeting, answer_ms, error))
    return FALSE;
  if (options->password == NULL || *options->password == '\0')
    return TRUE;
  mpd_run_password (self->connection, options->password);
  if (tempo_mpd_link_check (self, error))
    return TRUE;
  /* One that cannot even be sent is as wrong. */
  if (error != NULL && *error != NULL && !tempo_mpd_error_is_fatal (*error))
    (*error)->code = TEMPO_MPD_ERROR_PASSWORD;
  return FALSE;
}

/**
 * tempo_mpd_link_open:
 *
 * GIO connects, because it can be cancelled while a name is looked up or nobody answers.
 */
TempoMpdLink *
tempo_mpd_link_open (const TempoMpdOptions *options, GCancellable *cancellable, GError **error)
{
  guint answer_ms = options->answer_ms ? options->answer_ms : DEFAULT_ANSWER_MS;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = make_address (options);
  g_autoptr (TempoMpdLink) self = g_new0 (TempoMpdLink, 1);
  g_autoptr (GError) trouble = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, MAX (1, answer_ms / 1000));
  self->stream = g_socket_client_connect (client, address, cancellable, &trouble);
  if (self->stream == NULL || !is_another (self, &trouble) || !greet (self, options, answer_ms, cancellable, &trouble))
    {
      if (trouble->domain == TEMPO_MPD_ERROR)
        g_propagate_error (error, g_steal_pointer (&trouble));
      else
        g_set_error (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_UNREACHABLE, "the player cannot be reached: %s",
                     trouble->message);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * tempo_mpd_link_free:
 *
 * NULL is allowed.
 */
void
tempo_mpd_link_free (TempoMpdLink *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->connection, mpd_connection_free);
  g_clear_object (&self->stream);
  g_free (self);
}

/**
 * tempo_mpd_link_abort:
 *
 * The descriptor stays open until the link is freed, so nobody else's is hit.
 */
void
tempo_mpd_link_abort (TempoMpdLink *self)
{
  g_socket_shutdown (g_socket_connection_get_socket (self->stream), TRUE, TRUE, NULL);
}

/**
 * tempo_mpd_link_get:
 *
 * For libmpdclient's own calls.
 */
struct mpd_connection *
tempo_mpd_link_get (TempoMpdLink *self)
{
  return self->connection;
}

static void
fill_look (TempoMpdLook *look, const struct mpd_status *status)
{
  const char *trouble = mpd_status_get_error (status);
  enum mpd_state state = mpd_status_get_state (status);

  *look = (TempoMpdLook) {
    .state = state == MPD_STATE_PLAY ? TEMPO_MPD_PLAYING : state == MPD_STATE_PAUSE ? TEMPO_MPD_PAUSED : TEMPO_MPD_STOPPED,
    .song = MAX (mpd_status_get_song_id (status), 0),
    .next = MAX (mpd_status_get_next_song_id (status), 0),
    .elapsed_ms = mpd_status_get_elapsed_ms (status),
    .duration_ms = (gint64) mpd_status_get_total_time (status) * 1000,
    .crossfade_ms = (gint64) mpd_status_get_crossfade (status) * 1000,
    .at = g_get_monotonic_time (),
    .volume = mpd_status_get_volume (status),
    .sounds = mpd_status_get_audio_format (status) != NULL,
    .random = mpd_status_get_random (status),
    .updating = mpd_status_get_update_id (status) != 0,
  };
  if (trouble != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (trouble, strnlen (trouble, sizeof look->error / 4));

      g_strlcpy (look->error, valid, sizeof look->error);
    }
}

/**
 * tempo_mpd_link_look:
 *
 * What the daemon does now.
 */
gboolean
tempo_mpd_link_look (TempoMpdLink *self, TempoMpdLook *look, GError **error)
{
  struct mpd_status *status = mpd_run_status (self->connection);

  if (status == NULL)
    return tempo_mpd_link_check (self, error)
           && (g_set_error_literal (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_GARBLED,
                                    "the player does not say how it is"), FALSE);
  fill_look (look, status);
  mpd_status_free (status);
  return TRUE;
}

/* An answer without an end, or the link is broken: it is of no more use. */
static GPtrArray *
give_up (GPtrArray *songs, GError **error)
{
  g_ptr_array_unref (songs);
  g_set_error_literal (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_GARBLED, "the player's answer has no end");
  return NULL;
}

/**
 * tempo_mpd_link_read_songs:
 *
 * More than @max are read past and dropped, to a limit.
 */
GPtrArray *
tempo_mpd_link_read_songs (TempoMpdLink *self, guint max, GError **error)
{
  g_autoptr (GPtrArray) songs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TempoMpdReading) reading = tempo_mpd_reading_new ();
  struct mpd_pair *pair;
  TempoSong *song;

  for (guint fields = 0; (pair = mpd_recv_pair (self->connection)) != NULL; fields++)
    {
      song = tempo_mpd_reading_feed (reading, pair->name, pair->value);
      mpd_return_pair (self->connection, pair);
      if (song != NULL && songs->len < max)
        g_ptr_array_add (songs, song);
      else
        g_clear_object (&song);
      if (fields > MAX_FIELDS)
        return give_up (g_steal_pointer (&songs), error);
    }
  song = tempo_mpd_reading_end (reading);
  if (song != NULL && songs->len < max)
    g_ptr_array_add (songs, song);
  else
    g_clear_object (&song);
  if (!tempo_mpd_link_check (self, error))
    return NULL;
  mpd_response_finish (self->connection);
  return tempo_mpd_link_check (self, error) ? g_steal_pointer (&songs) : NULL;
}

/**
 * tempo_mpd_link_search:
 *
 * Never without a window: the daemon would answer with the whole catalogue.
 */
GPtrArray *
tempo_mpd_link_search (TempoMpdLink *self, const char *filter, guint start, guint count, GError **error)
{
  if (!mpd_search_db_songs (self->connection, false) || !mpd_search_add_expression (self->connection, filter)
      || !mpd_search_add_window (self->connection, start, start + count) || !mpd_search_commit (self->connection))
    {
      mpd_search_cancel (self->connection);
      return tempo_mpd_link_check (self, error) ? g_ptr_array_new_with_free_func (g_object_unref) : NULL;
    }
  return tempo_mpd_link_read_songs (self, count, error);
}

/**
 * tempo_mpd_link_queued:
 *
 * What stands in the daemon's queue under an id may be another song after it was restarted.
 */
TempoSong *
tempo_mpd_link_queued (TempoMpdLink *self, guint id, GError **error)
{
  g_autoptr (GPtrArray) songs = NULL;
  g_autoptr (GError) trouble = NULL;

  if (id == 0)
    mpd_send_current_song (self->connection);
  else
    mpd_send_get_queue_song_id (self->connection, id);
  songs = tempo_mpd_link_read_songs (self, 1, &trouble);
  if (songs == NULL && !g_error_matches (trouble, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_NOT_THERE))
    g_propagate_error (error, g_steal_pointer (&trouble));
  return songs != NULL && songs->len > 0 ? g_object_ref (songs->pdata[0]) : NULL;
}

/**
 * tempo_mpd_link_has_output:
 *
 * A daemon with all its outputs switched off plays on into nothing.
 */
gboolean
tempo_mpd_link_has_output (TempoMpdLink *self, gboolean *has, GError **error)
{
  struct mpd_output *output;
  gboolean enabled = FALSE;

  mpd_send_outputs (self->connection);
  for (guint i = 0; i < MAX_OUTPUTS && (output = mpd_recv_output (self->connection)) != NULL; i++)
    {
      enabled = enabled || mpd_output_get_enabled (output);
      mpd_output_free (output);
    }
  if (!tempo_mpd_link_check (self, error))
    return FALSE;
  mpd_response_finish (self->connection);
  if (!tempo_mpd_link_check (self, error))
    return FALSE;
  *has = enabled;
  return TRUE;
}

typedef int (*PictureFunc) (struct mpd_connection *connection, const char *uri, unsigned offset, void *buffer,
                            size_t size);

static GBytes *
read_picture (TempoMpdLink *self, PictureFunc func, const char *uri, GError **error)
{
  g_autoptr (GByteArray) picture = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  int n;

  while ((n = func (self->connection, uri, picture->len, chunk, CHUNK)) > 0)
    {
      g_byte_array_append (picture, chunk, n);
      if (picture->len > TEMPO_ARTWORK_MAX_SOURCE)
        return NULL;
    }
  if (n < 0 && !tempo_mpd_link_check (self, error))
    return NULL;
  return picture->len > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&picture)) : NULL;
}

/**
 * tempo_mpd_link_picture:
 *
 * The one in the file first, then the one beside it. A picture over the limit is none.
 */
GBytes *
tempo_mpd_link_picture (TempoMpdLink *self, const char *uri, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  GBytes *picture = read_picture (self, mpd_run_readpicture, uri, &trouble);

  if (picture == NULL && !tempo_mpd_error_is_fatal (trouble))
    {
      g_clear_error (&trouble);
      picture = read_picture (self, mpd_run_albumart, uri, &trouble);
    }
  if (tempo_mpd_error_is_fatal (trouble))
    g_propagate_error (error, g_steal_pointer (&trouble));
  return picture;
}

/* How many songs a list has. */
static guint
count_songs (TempoMpdLink *self, const char *name, GError **error)
{
  struct mpd_pair *pair;
  guint songs = 0;

  mpd_send_list_playlist (self->connection, name);
  while (songs <= MAX_FIELDS && (pair = mpd_recv_pair_named (self->connection, "file")) != NULL)
    {
      songs++;
      mpd_return_pair (self->connection, pair);
    }
  if (tempo_mpd_link_check (self, error))
    mpd_response_finish (self->connection);
  return songs;
}

/**
 * tempo_mpd_link_playlists:
 *
 * Lists of the daemon's own folder, by name.
 */
GPtrArray *
tempo_mpd_link_playlists (TempoMpdLink *self, guint max, GError **error)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_playlist_free);
  struct mpd_playlist *playlist;

  mpd_send_list_playlists (self->connection);
  for (guint i = 0; i < TEMPO_MPD_MAX_READ && (playlist = mpd_recv_playlist (self->connection)) != NULL; i++)
    {
      const char *name = mpd_playlist_get_path (playlist);

      if (lists->len < max && g_utf8_validate (name, -1, NULL))
        g_ptr_array_add (lists, tempo_playlist_new (name, name, 0));
      mpd_playlist_free (playlist);
    }
  if (!tempo_mpd_link_check (self, error))
    return NULL;
  mpd_response_finish (self->connection);
  for (guint i = 0; i < lists->len; i++)
    {
      TempoPlaylist *list = lists->pdata[i];
      g_autoptr (GError) trouble = NULL;

      list->songs = count_songs (self, list->id, &trouble);
      if (tempo_mpd_error_is_fatal (trouble))
        {
          g_propagate_error (error, g_steal_pointer (&trouble));
          return NULL;
        }
    }
  return g_steal_pointer (&lists);
}
