/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-reader.h"

#include <string.h>

#include "base/tempo-id.h"
#include "model/tempo-song.h"
#include "music/spotify/tempo-spotify-tokens.h"
#include "music/tempo-source.h"

#define MAX_ID 128
#define MAX_TOKEN 8192
#define MAX_ADDRESS 2048
#define MAX_ITEMS 100
#define MAX_ARTISTS 10
#define MAX_DURATION_MS (24 * 3600 * 1000)
/* The smallest picture that still fills a card on a phone. */
#define WANTED_WIDTH 300
#define TRACK "spotify:track:"
#define EPISODE "spotify:episode:"

static JsonNode *
get_node (JsonObject *json, const char *name)
{
  return json != NULL ? json_object_get_member (json, name) : NULL;
}

static JsonObject *
get_object (JsonObject *json, const char *name)
{
  JsonNode *node = get_node (json, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *json, const char *name)
{
  JsonNode *node = get_node (json, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static guint
count (JsonArray *array)
{
  return array != NULL ? MIN (json_array_get_length (array), MAX_ITEMS) : 0;
}

static JsonObject *
get_element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_text (JsonObject *json, const char *name)
{
  JsonNode *node = get_node (json, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node) : NULL;
}

static gint64
get_number (JsonObject *json, const char *name, gint64 min, gint64 max, gint64 fallback)
{
  JsonNode *node = get_node (json, name);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  double value;

  if (type == G_TYPE_INT64)
    value = (double) json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    value = json_node_get_double (node);
  else
    return fallback;

  /* Written so that what is no number at all is outside, too. */
  return value >= (double) min && value <= (double) max ? (gint64) value : fallback;
}

static gboolean
get_flag (JsonObject *json, const char *name, gboolean fallback)
{
  JsonNode *node = get_node (json, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN
           ? json_node_get_boolean (node) : fallback;
}

/* At most @max characters of a text. (transfer full). */
static char *
cut_text (const char *text, glong max)
{
  if (text == NULL)
    return g_strdup ("");

  return g_utf8_strlen (text, -1) > max ? g_utf8_substring (text, 0, max) : g_strdup (text);
}

static gboolean
is_plain_id (const char *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= MAX_ID
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == strlen (text);
}

/**
 * tempo_spotify_uri_is_track:
 * @uri: (nullable): maybe from a guest
 *
 * Returns: whether it names a track, and nothing but its id follows
 */
gboolean
tempo_spotify_uri_is_track (const char *uri)
{
  return uri != NULL && g_str_has_prefix (uri, TRACK) && is_plain_id (uri + strlen (TRACK));
}

static gboolean
is_playable_uri (const char *uri)
{
  return tempo_spotify_uri_is_track (uri)
         || (uri != NULL && g_str_has_prefix (uri, EPISODE) && is_plain_id (uri + strlen (EPISODE)));
}

/* The narrowest picture that is wide enough; the list runs from wide to narrow. */
static const char *
choose_image (JsonArray *images)
{
  const char *best = NULL;

  for (guint i = 0; i < count (images); i++)
    {
      JsonObject *image = get_element (images, i);
      const char *address = get_text (image, "url");

      if (address == NULL || strlen (address) > MAX_ADDRESS)
        continue;
      if (best == NULL || get_number (image, "width", 0, 100000, 0) >= WANTED_WIDTH)
        best = address;
    }

  return best;
}

static char *
join_artists (JsonObject *track)
{
  JsonArray *artists = get_array (track, "artists");
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < MIN (count (artists), MAX_ARTISTS); i++)
    {
      const char *name = get_text (get_element (artists, i), "name");

      if (name == NULL || *name == '\0')
        continue;
      if (out->len > 0)
        g_string_append (out, ", ");
      g_string_append (out, name);
    }
  /* An episode has a show in the artist's place. */
  if (out->len == 0 && get_text (get_object (track, "show"), "name") != NULL)
    g_string_append (out, get_text (get_object (track, "show"), "name"));

  return cut_text (out->str, TEMPO_SONG_MAX_TEXT);
}

static void
read_artwork (TempoSong *song, JsonObject *track, GHashTable *artwork)
{
  JsonArray *images = get_array (get_object (track, "album"), "images");
  const char *address = choose_image (images != NULL ? images : get_array (track, "images"));

  if (address == NULL)
    return;
  song->artwork = tempo_token_digest (address);
  song->uri = g_strdup (address);
  if (artwork != NULL)
    g_hash_table_replace (artwork, g_strdup (song->artwork), g_strdup (address));
}

/**
 * tempo_spotify_read_track:
 * @track: (nullable): a track or an episode
 * @artwork: (nullable): takes the picture's address
 *
 * A file of somebody's own disk, which has no id, is a song that only sounds: its id is NULL.
 *
 * Returns: (transfer full) (nullable): NULL when it has no title
 */
TempoSong *
tempo_spotify_read_track (JsonObject *track, GHashTable *artwork)
{
  g_autofree char *title = cut_text (get_text (track, "name"), TEMPO_SONG_MAX_TEXT);
  g_autofree char *artist = NULL;
  g_autofree char *uri = g_strdup (get_text (track, "uri"));
  TempoSong *song;

  if (*title == '\0')
    return NULL;
  if (uri == NULL && is_plain_id (get_text (track, "id")))
    uri = g_strconcat (TRACK, get_text (track, "id"), NULL);
  artist = join_artists (track);

  song = tempo_song_new (is_playable_uri (uri) ? uri : NULL, title, artist);
  song->album = get_text (get_object (track, "album"), "name") != NULL
                  ? cut_text (get_text (get_object (track, "album"), "name"), TEMPO_SONG_MAX_TEXT) : NULL;
  song->duration_ms = get_number (track, "duration_ms", 0, MAX_DURATION_MS, 0);
  song->explicit_content = get_flag (track, "explicit", FALSE);
  read_artwork (song, track, artwork);

  return song;
}

/* What may be asked for: a track that the account's country has. */
static TempoSong *
read_wish (JsonObject *track, GHashTable *artwork)
{
  g_autoptr (TempoSong) song = NULL;

  if (track == NULL || get_flag (track, "is_local", FALSE) || !get_flag (track, "is_playable", TRUE)
      || get_object (track, "restrictions") != NULL)
    return NULL;
  song = tempo_spotify_read_track (track, artwork);

  return song != NULL && tempo_spotify_uri_is_track (song->id) ? g_steal_pointer (&song) : NULL;
}

static TempoSpotifyDevice *
read_device (JsonObject *json)
{
  TempoSpotifyDevice *self;

  if (json == NULL)
    return NULL;
  self = g_new0 (TempoSpotifyDevice, 1);
  self->id = get_text (json, "id") != NULL ? cut_text (get_text (json, "id"), MAX_ID) : NULL;
  self->name = cut_text (get_text (json, "name"), TEMPO_SONG_MAX_TEXT);
  self->kind = cut_text (get_text (json, "type"), MAX_ID);
  self->active = get_flag (json, "is_active", FALSE);
  self->restricted = get_flag (json, "is_restricted", FALSE);
  self->supports_volume = get_flag (json, "supports_volume", FALSE);
  self->volume = (int) get_number (json, "volume_percent", 0, 100, -1);

  return self;
}

/* @json: (nullable): 204 has none. (transfer full). Never NULL. */
TempoSpotifyPlayback *
tempo_spotify_read_playback (JsonObject *json, GHashTable *artwork)
{
  TempoSpotifyPlayback *self = g_new0 (TempoSpotifyPlayback, 1);

  if (json == NULL)
    return self;
  if (get_object (json, "item") != NULL)
    self->song = tempo_spotify_read_track (get_object (json, "item"), artwork);
  self->device = read_device (get_object (json, "device"));
  self->playing = get_flag (json, "is_playing", FALSE);
  self->progress_ms = get_number (json, "progress_ms", 0, MAX_DURATION_MS, 0);

  return self;
}

GPtrArray *
tempo_spotify_read_search (JsonObject *json, GHashTable *artwork)
{
  GPtrArray *songs = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *items = get_array (get_object (json, "tracks"), "items");

  for (guint i = 0; i < count (items); i++)
    {
      TempoSong *song = read_wish (get_element (items, i), artwork);

      if (song != NULL)
        g_ptr_array_add (songs, song);
    }

  return songs;
}

/* An entry's track is called "item" since February 2026 and was called "track" before. */
GPtrArray *
tempo_spotify_read_playlist_items (JsonObject *json, GHashTable *artwork)
{
  GPtrArray *songs = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *items = get_array (json, "items");

  for (guint i = 0; i < count (items); i++)
    {
      JsonObject *entry = get_element (items, i);
      JsonObject *track = get_object (entry, "item") != NULL ? get_object (entry, "item") : get_object (entry, "track");
      TempoSong *song = read_wish (track, artwork);

      if (song != NULL)
        g_ptr_array_add (songs, song);
    }

  return songs;
}

GPtrArray *
tempo_spotify_read_playlists (JsonObject *json, const char *user_id)
{
  GPtrArray *playlists = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_playlist_free);
  JsonArray *items = get_array (json, "items");

  for (guint i = 0; i < count (items); i++)
    {
      JsonObject *entry = get_element (items, i);
      const char *owner = get_text (get_object (entry, "owner"), "id");
      JsonObject *songs = get_object (entry, "items") != NULL ? get_object (entry, "items") : get_object (entry, "tracks");
      g_autofree char *name = cut_text (get_text (entry, "name"), TEMPO_SONG_MAX_TEXT);

      if (!is_plain_id (get_text (entry, "id")))
        continue;
      if (user_id != NULL && owner != NULL && !g_str_equal (owner, user_id) && !get_flag (entry, "collaborative", FALSE))
        continue;
      g_ptr_array_add (playlists, tempo_playlist_new (get_text (entry, "id"), name,
                                                      (guint) get_number (songs, "total", 0, 1000000, 0)));
    }

  return playlists;
}

GPtrArray *
tempo_spotify_read_devices (JsonObject *json)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_spotify_device_free);
  JsonArray *array = get_array (json, "devices");

  for (guint i = 0; i < count (array); i++)
    {
      TempoSpotifyDevice *device = read_device (get_element (array, i));

      if (device != NULL)
        g_ptr_array_add (devices, device);
    }

  return devices;
}

gboolean
tempo_spotify_read_queue_has (JsonObject *json, const char *uri)
{
  JsonArray *queue = get_array (json, "queue");

  for (guint i = 0; i < count (queue); i++)
    if (g_strcmp0 (get_text (get_element (queue, i), "uri"), uri) == 0)
      return TRUE;

  return FALSE;
}

gboolean
tempo_spotify_read_has_more (JsonObject *json)
{
  return get_text (json, "next") != NULL;
}

/* Tokens go into a header: whatever else a line could bring along is refused. */
static char *
read_token (JsonObject *json, const char *name)
{
  const char *text = get_text (json, name);

  if (text == NULL || *text == '\0' || strlen (text) > MAX_TOKEN)
    return NULL;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return NULL;

  return g_strdup (text);
}

TempoSpotifyGrant *
tempo_spotify_read_grant (JsonObject *json)
{
  g_autofree char *access = read_token (json, "access_token");
  TempoSpotifyGrant *self;

  if (access == NULL)
    return NULL;
  self = g_new0 (TempoSpotifyGrant, 1);
  self->access = g_steal_pointer (&access);
  self->refresh = read_token (json, "refresh_token");
  self->expires_in = get_number (json, "expires_in", 0, 366 * 24 * 3600, 3600);

  return self;
}

TempoSpotifyComplaint *
tempo_spotify_read_complaint (JsonObject *json)
{
  TempoSpotifyComplaint *self = g_new0 (TempoSpotifyComplaint, 1);
  JsonObject *error = get_object (json, "error");

  self->code = cut_text (get_text (json, "error"), MAX_ID);
  self->message = cut_text (error != NULL ? get_text (error, "message") : get_text (json, "error_description"), TEMPO_SONG_MAX_TEXT);
  self->reason = cut_text (get_text (error, "reason"), MAX_ID);

  return self;
}

/* "account_id" never changes; where it is not told yet, "id" is what there is. */
TempoSpotifyPerson *
tempo_spotify_read_person (JsonObject *json)
{
  const char *user = get_text (json, "id");
  const char *account = get_text (json, "account_id") != NULL ? get_text (json, "account_id") : user;
  const char *name = get_text (json, "display_name");
  TempoSpotifyPerson *self;

  if (account == NULL || *account == '\0' || strlen (account) > MAX_ID)
    return NULL;
  self = g_new0 (TempoSpotifyPerson, 1);
  self->account_id = g_strdup (account);
  self->user_id = cut_text (user != NULL ? user : account, MAX_ID);
  self->name = cut_text (name != NULL && *name != '\0' ? name : self->user_id, TEMPO_SONG_MAX_TEXT);

  return self;
}

void
tempo_spotify_device_free (TempoSpotifyDevice *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_free (self);
}

void
tempo_spotify_playback_free (TempoSpotifyPlayback *self)
{
  g_clear_object (&self->song);
  g_clear_pointer (&self->device, tempo_spotify_device_free);
  g_free (self);
}

void
tempo_spotify_grant_free (TempoSpotifyGrant *self)
{
  g_clear_pointer (&self->access, tempo_spotify_wipe);
  g_clear_pointer (&self->refresh, tempo_spotify_wipe);
  g_free (self);
}

void
tempo_spotify_complaint_free (TempoSpotifyComplaint *self)
{
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->reason, g_free);
  g_free (self);
}

void
tempo_spotify_person_free (TempoSpotifyPerson *self)
{
  g_clear_pointer (&self->account_id, g_free);
  g_clear_pointer (&self->user_id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_free (self);
}
