/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-song.h"
#include "music/spotify/tempo-spotify-reader.h"
#include "music/spotify/tempo-spotify-tokens.h"
#include "music/tempo-source.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What may be asked for is a track with an id that may stand in an address; texts have an end. */
static void
check_song (TempoSong *song)
{
  g_assert_cmpstr (song->title, !=, "");
  g_assert_cmpint (g_utf8_strlen (song->title, -1), <=, TEMPO_SONG_MAX_TEXT);
  g_assert_cmpint (g_utf8_strlen (song->artist, -1), <=, TEMPO_SONG_MAX_TEXT);
  g_assert_cmpint (song->duration_ms, >=, 0);
  g_assert_true (song->id == NULL || (strlen (song->id) < 200 && strpbrk (song->id, "/?#& \r\n") == NULL));
}

static void
check_songs (GPtrArray *songs)
{
  g_assert_cmpuint (songs->len, <=, 100);
  for (guint i = 0; i < songs->len; i++)
    {
      TempoSong *song = g_ptr_array_index (songs, i);

      g_assert_true (tempo_spotify_uri_is_track (song->id));
      check_song (song);
    }
}

static void
check_lists (JsonObject *json)
{
  g_autoptr (GHashTable) artwork = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) found = tempo_spotify_read_search (json, artwork);
  g_autoptr (GPtrArray) items = tempo_spotify_read_playlist_items (json, artwork);
  g_autoptr (GPtrArray) playlists = tempo_spotify_read_playlists (json, "me");
  g_autoptr (GPtrArray) devices = tempo_spotify_read_devices (json);

  check_songs (found);
  check_songs (items);
  g_assert_cmpuint (playlists->len, <=, 100);
  g_assert_cmpuint (devices->len, <=, 100);
  tempo_spotify_read_queue_has (json, "spotify:track:x");
  tempo_spotify_read_has_more (json);
}

static void
check_player (JsonObject *json)
{
  g_autoptr (TempoSpotifyPlayback) playback = tempo_spotify_read_playback (json, NULL);
  g_autoptr (TempoSong) song = tempo_spotify_read_track (json, NULL);

  g_assert_cmpint (playback->progress_ms, >=, 0);
  if (playback->song != NULL)
    check_song (playback->song);
  if (song != NULL)
    check_song (song);
  if (playback->device != NULL)
    g_assert_cmpint (playback->device->volume, <=, 100);
}

/* Nothing that is put into a header brings a line of its own. */
static void
check_account (JsonObject *json)
{
  g_autoptr (TempoSpotifyGrant) grant = tempo_spotify_read_grant (json);
  g_autoptr (TempoSpotifyPerson) person = tempo_spotify_read_person (json);
  g_autoptr (TempoSpotifyComplaint) complaint = tempo_spotify_read_complaint (json);

  if (grant != NULL)
    g_assert_null (strpbrk (grant->access, " \r\n"));
  if (person != NULL)
    g_assert_cmpstr (person->account_id, !=, "");
  g_assert_nonnull (complaint->reason);
}

/* An answer of Spotify, taken for each of those it could be. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (JsonObject) json = tempo_json_parse ((const char *) data, size, NULL);
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (TempoSpotifyTokens) tokens = tempo_spotify_tokens_read (text);

  if (json == NULL)
    return 0;
  check_lists (json);
  check_player (json);
  check_account (json);
  return 0;
}
