/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account is asked for: songs, pictures, devices, playlists. */
#include "music/spotify/tempo-spotify-account-private.h"

#include <string.h>

#include "base/tempo-id.h"
#include "model/tempo-song.h"
#include "music/tempo-artwork.h"

#define MIN_QUERY 3
#define MAX_QUERY 100
#define SEARCH_LIMIT 10 /* Spotify's most since February 2026 */
#define PLAYLISTS_LIMIT 50
#define MAX_PLAYLISTS 200
#define ITEMS_LIMIT 50
#define MAX_ITEMS 500
#define MAX_KEPT_PLAYLISTS 16
#define PLAYLIST_US (60 * G_TIME_SPAN_MINUTE)

/* --- search --- */

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autofree char *key = user_data;
  GError *error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (self, result, &error);
  g_autoptr (GPtrArray) songs = NULL;
  g_autoptr (GPtrArray) waiters = NULL;
  gpointer waiting_key = NULL;

  g_hash_table_steal_extended (self->searching, key, &waiting_key, (gpointer *) &waiters);
  g_free (waiting_key);
  if (error == NULL)
    {
      songs = tempo_spotify_read_search (json, tempo_spotify_catalog_get_artwork (self->catalog));
      tempo_spotify_catalog_add_all (self->catalog, songs);
      tempo_spotify_catalog_keep_search (self->catalog, key, songs);
    }
  for (guint i = 0; waiters != NULL && i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_pointer (task, g_ptr_array_ref (songs), (GDestroyNotify) g_ptr_array_unref);
    }
  g_clear_error (&error);
}

static void
ask_search (TempoSpotifyAccount *self, const char *query, const char *key)
{
  g_autofree char *escaped = g_uri_escape_string (query, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/search?q=%s&type=track&limit=%d", escaped, SEARCH_LIMIT);
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_SEARCH, "GET", path, NULL, FALSE };

  tempo_spotify_account_call_async (self, &call, NULL, searched_cb, g_strdup (key));
}

/**
 * tempo_spotify_account_search_async:
 * @self: an account
 * @query: what a guest typed
 * @cancellable: (nullable): gives up waiting
 * @callback: in this thread
 * @user_data: for @callback
 *
 * However many ask for the same words, one call goes out, and none for five minutes after it.
 */
void
tempo_spotify_account_search_async (TempoSpotifyAccount *self, const char *query, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *whole = g_utf8_make_valid (query, -1);
  g_autofree char *words = g_strstrip (g_utf8_substring (whole, 0, MIN (g_utf8_strlen (whole, -1), MAX_QUERY)));
  g_autofree char *key = tempo_text_fold (words);
  GPtrArray *songs = g_utf8_strlen (words, -1) < MIN_QUERY ? g_ptr_array_new_with_free_func (g_object_unref)
                                                           : tempo_spotify_catalog_find_search (self->catalog, key);
  GPtrArray *waiters;

  g_task_set_source_tag (task, tempo_spotify_account_search_async);
  if (songs != NULL)
    {
      g_task_return_pointer (task, songs, (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  waiters = g_hash_table_lookup (self->searching, key);
  if (waiters != NULL)
    {
      g_ptr_array_add (waiters, g_steal_pointer (&task));
      return;
    }
  waiters = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (waiters, g_steal_pointer (&task));
  g_hash_table_insert (self->searching, g_strdup (key), waiters);
  ask_search (self, words, key);
}

GPtrArray *
tempo_spotify_account_search_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

TempoSong *
tempo_spotify_account_lookup (TempoSpotifyAccount *self, const char *uri)
{
  return tempo_spotify_catalog_lookup (self->catalog, uri);
}

/* --- pictures --- */

static void
return_picture (GTask *task, GBytes *picture)
{
  g_task_return_pointer (task, g_bytes_ref (picture), (GDestroyNotify) g_bytes_unref);
}

static void
picture_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoSpotifyAccount *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) picture = tempo_spotify_client_fetch_finish (TEMPO_SPOTIFY_CLIENT (source), result, &error);
  guint width, height;

  if (picture != NULL
      && tempo_artwork_probe (g_bytes_get_data (picture, NULL), g_bytes_get_size (picture), &width, &height) == NULL)
    error = g_error_new_literal (TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND, "Spotify's picture is none");
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  tempo_spotify_catalog_keep_picture (self->catalog, g_task_get_task_data (task), picture);
  return_picture (task, picture);
}

/* Where Spotify keeps its pictures. What the Web API names is good as well; what a file names is not. */
static gboolean
is_picture_host (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL
         && (g_str_has_suffix (g_uri_get_host (uri), ".scdn.co") || g_str_has_suffix (g_uri_get_host (uri), ".spotifycdn.com"));
}

/* Pictures come by TLS. Only where the API itself was moved to this machine may they be there too. */
static gboolean
is_at_the_api (TempoSpotifyAccount *self, const char *address)
{
  g_autoptr (GUri) api = NULL;
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL)
    return FALSE;
  api = g_uri_parse (tempo_spotify_service_get_options (self->service)->api_url, G_URI_FLAGS_NONE, NULL);

  return api != NULL && g_str_equal (g_uri_get_scheme (uri), g_uri_get_scheme (api))
         && g_strcmp0 (g_uri_get_host (uri), g_uri_get_host (api)) == 0 && g_uri_get_port (uri) == g_uri_get_port (api);
}

static gboolean
is_good_address (TempoSpotifyAccount *self, const char *address)
{
  return g_str_has_prefix (address, "https://") || is_at_the_api (self, address);
}

/**
 * tempo_spotify_account_remember:
 * @self: an account
 * @song: (transfer none): as it was kept with a request
 *
 * The catalogue ends with the program; what waits in the queue does not.
 */
void
tempo_spotify_account_remember (TempoSpotifyAccount *self, TempoSong *song)
{
  g_autofree char *digest = NULL;

  if (!tempo_spotify_uri_is_track (song->id))
    return;
  tempo_spotify_catalog_add (self->catalog, song);
  if (song->artwork == NULL || song->uri == NULL
      || !((g_str_has_prefix (song->uri, "https://") && is_picture_host (song->uri)) || is_at_the_api (self, song->uri)))
    return;
  digest = tempo_token_digest (song->uri);
  if (g_str_equal (digest, song->artwork))
    g_hash_table_replace (tempo_spotify_catalog_get_artwork (self->catalog), g_steal_pointer (&digest), g_strdup (song->uri));
}

void
tempo_spotify_account_artwork_async (TempoSpotifyAccount *self, const char *artwork, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GBytes) picture = tempo_spotify_catalog_find_picture (self->catalog, artwork);
  const char *address = tempo_spotify_catalog_get_address (self->catalog, artwork);

  g_task_set_source_tag (task, tempo_spotify_account_artwork_async);
  g_task_set_task_data (task, g_strdup (artwork), g_free);
  if (picture != NULL)
    return_picture (task, picture);
  else if (address == NULL || !is_good_address (self, address))
    g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND, "No such picture");
  else
    tempo_spotify_client_fetch_async (self->client, address, TEMPO_ARTWORK_MAX_BYTES, cancellable, picture_cb,
                                      g_object_ref (task));
}

GBytes *
tempo_spotify_account_artwork_finish (TempoSpotifyAccount *self, GAsyncResult *result, char **content_type,
                                      GError **error)
{
  GBytes *picture = g_task_propagate_pointer (G_TASK (result), error);
  guint width, height;

  if (picture != NULL && content_type != NULL)
    *content_type = g_strdup (
      tempo_artwork_probe (g_bytes_get_data (picture, NULL), g_bytes_get_size (picture), &width, &height));

  return picture;
}

/* --- devices --- */

static void
devices_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (TEMPO_SPOTIFY_ACCOUNT (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, tempo_spotify_read_devices (json), (GDestroyNotify) g_ptr_array_unref);
}

void
tempo_spotify_account_list_devices_async (TempoSpotifyAccount *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "GET", "/me/player/devices", NULL, FALSE };

  g_task_set_source_tag (task, tempo_spotify_account_list_devices_async);
  tempo_spotify_account_call_async (self, &call, cancellable, devices_cb, g_steal_pointer (&task));
}

GPtrArray *
tempo_spotify_account_list_devices_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- playlists --- */

static void ask_playlists (TempoSpotifyAccount *self, GTask *task, guint offset);

static void
playlists_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autoptr (GTask) task = user_data;
  GPtrArray *all = g_task_get_task_data (task);
  guint offset = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (task), "offset"));
  GError *error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (self, result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (json != NULL)
    {
      GPtrArray *page = tempo_spotify_read_playlists (json, self->profile != NULL ? self->profile->user_id : NULL);

      g_ptr_array_extend_and_steal (all, page);
      if (tempo_spotify_read_has_more (json) && offset + PLAYLISTS_LIMIT < MAX_PLAYLISTS)
        {
          ask_playlists (self, task, offset + PLAYLISTS_LIMIT);
          return;
        }
    }
  g_task_return_pointer (task, g_ptr_array_ref (all), (GDestroyNotify) g_ptr_array_unref);
}

static void
ask_playlists (TempoSpotifyAccount *self, GTask *task, guint offset)
{
  g_autofree char *path = g_strdup_printf ("/me/playlists?limit=%d&offset=%u", PLAYLISTS_LIMIT, offset);
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "GET", path, NULL, FALSE };

  g_object_set_data (G_OBJECT (task), "offset", GUINT_TO_POINTER (offset));
  tempo_spotify_account_call_async (self, &call, g_task_get_cancellable (task), playlists_cb, g_object_ref (task));
}

void
tempo_spotify_account_list_playlists_async (TempoSpotifyAccount *self, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tempo_spotify_account_list_playlists_async);
  g_task_set_task_data (task, g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_playlist_free),
                        (GDestroyNotify) g_ptr_array_unref);
  ask_playlists (self, task, 0);
}

GPtrArray *
tempo_spotify_account_list_playlists_finish (TempoSpotifyAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- the songs of a playlist --- */

/* Kept while it is of use; asked for anew after an hour, and after a failure not before that either. */
typedef struct
{
  GPtrArray *songs;   /* (owned) (nullable) */
  GPtrArray *arriving; /* (owned) (nullable) */
  gint64 until; /* monotonic us */
  guint offset;
} Playlist;

void
tempo_spotify_account_free_playlist (gpointer data)
{
  Playlist *self = data;

  g_clear_pointer (&self->songs, g_ptr_array_unref);
  g_clear_pointer (&self->arriving, g_ptr_array_unref);
  g_free (self);
}

static void ask_items (TempoSpotifyAccount *self, const char *id, Playlist *playlist);

static void
items_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TempoSpotifyAccount *self = TEMPO_SPOTIFY_ACCOUNT (source);
  g_autofree char *id = user_data;
  Playlist *playlist = g_hash_table_lookup (self->playlists, id);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (self, result, &error);

  if (playlist == NULL || playlist->arriving == NULL)
    return;
  if (json != NULL)
    g_ptr_array_extend_and_steal (
      playlist->arriving, tempo_spotify_read_playlist_items (json, tempo_spotify_catalog_get_artwork (self->catalog)));
  if (json != NULL && tempo_spotify_read_has_more (json) && playlist->offset + ITEMS_LIMIT < MAX_ITEMS)
    {
      playlist->offset += ITEMS_LIMIT;
      ask_items (self, id, playlist);
      return;
    }
  /* What came before a failure is better than nothing. */
  if (error == NULL || playlist->arriving->len > 0)
    {
      g_clear_pointer (&playlist->songs, g_ptr_array_unref);
      playlist->songs = g_steal_pointer (&playlist->arriving);
      tempo_spotify_catalog_add_all (self->catalog, playlist->songs);
      g_signal_emit_by_name (self, "playlist-changed");
    }
  g_clear_pointer (&playlist->arriving, g_ptr_array_unref);
}

static void
ask_items (TempoSpotifyAccount *self, const char *id, Playlist *playlist)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/playlists/%s/items?limit=%d&offset=%u", escaped, ITEMS_LIMIT,
                                           playlist->offset);
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "GET", path, NULL, TRUE };

  tempo_spotify_account_call_async (self, &call, NULL, items_cb, g_strdup (id));
}

GPtrArray *
tempo_spotify_account_get_playlist (TempoSpotifyAccount *self, const char *playlist_id)
{
  gint64 now = tempo_spotify_account_monotonic (self);
  Playlist *playlist = g_hash_table_lookup (self->playlists, playlist_id);

  if (playlist == NULL)
    {
      if (g_hash_table_size (self->playlists) >= MAX_KEPT_PLAYLISTS)
        g_hash_table_remove_all (self->playlists);
      playlist = g_new0 (Playlist, 1);
      playlist->until = G_MININT64;
      g_hash_table_insert (self->playlists, g_strdup (playlist_id), playlist);
    }
  if (playlist->until <= now && playlist->arriving == NULL)
    {
      playlist->until = now + PLAYLIST_US;
      playlist->offset = 0;
      playlist->arriving = g_ptr_array_new_with_free_func (g_object_unref);
      ask_items (self, playlist_id, playlist);
    }

  return playlist->songs;
}
