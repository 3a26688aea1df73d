/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* What Spotify answers, read so that nothing it leaves out or turns into another kind hurts: fields
 * came and went four times in 2026. Texts are bounded. Pure: any thread. */

/* Somewhere that Spotify can sound. */
typedef struct
{
  char *id;   /* (owned) (nullable) some devices have none */
  char *name; /* (owned) */
  char *kind; /* (owned) "Computer", "Speaker" … */
  gboolean active, restricted, supports_volume;
  int volume; /* per cent, -1 unknown */
} TempoSpotifyDevice;
void tempo_spotify_device_free (TempoSpotifyDevice *self);

/* GET /me/player. */
typedef struct
{
  TempoSong *song;            /* (owned) (nullable) nothing, an advertisement, or something unknown */
  TempoSpotifyDevice *device; /* (owned) (nullable) */
  gboolean playing;
  gint64 progress_ms;
  gint64 as_of; /* wall us at which it was true; Spotify's own timestamp is not to be trusted */
} TempoSpotifyPlayback;
void tempo_spotify_playback_free (TempoSpotifyPlayback *self);

/* The token endpoint's answer. */
typedef struct
{
  char *access;  /* (owned) */
  char *refresh; /* (owned) (nullable) the old one stays good */
  gint64 expires_in; /* seconds */
} TempoSpotifyGrant;
void tempo_spotify_grant_free (TempoSpotifyGrant *self);

/* {"error":{"status","message","reason"}} of the API, {"error","error_description"} of the accounts service. */
typedef struct
{
  char *code;    /* (owned) "" or "invalid_grant" … */
  char *message; /* (owned) "" */
  char *reason;  /* (owned) "" or "NO_ACTIVE_DEVICE" … */
} TempoSpotifyComplaint;
void tempo_spotify_complaint_free (TempoSpotifyComplaint *self);

typedef struct
{
  char *account_id; /* (owned) */
  char *user_id;    /* (owned) what owns playlists */
  char *name;       /* (owned) */
} TempoSpotifyPerson;
void tempo_spotify_person_free (TempoSpotifyPerson *self);

/* @artwork: (nullable) digest → address of the pictures met, both owned by it. */
TempoSong *tempo_spotify_read_track (JsonObject *track, GHashTable *artwork);
TempoSpotifyPlayback *tempo_spotify_read_playback (JsonObject *json, GHashTable *artwork);
/* (element TempoSong) (transfer full), what can be played only. */
GPtrArray *tempo_spotify_read_search (JsonObject *json, GHashTable *artwork);
GPtrArray *tempo_spotify_read_playlist_items (JsonObject *json, GHashTable *artwork);
/* (element TempoPlaylist) (transfer full): those of @user_id and the collaborative ones, since others cannot be read. @user_id: (nullable) all. */
GPtrArray *tempo_spotify_read_playlists (JsonObject *json, const char *user_id);
/* (element TempoSpotifyDevice) (transfer full). */
GPtrArray *tempo_spotify_read_devices (JsonObject *json);
/* Is @uri among what is queued? */
gboolean tempo_spotify_read_queue_has (JsonObject *json, const char *uri);
/* Does a list of pages go on? */
gboolean tempo_spotify_read_has_more (JsonObject *json);
/* NULL when there is no token in it. */
TempoSpotifyGrant *tempo_spotify_read_grant (JsonObject *json);
/* Never NULL. @json: (nullable). */
TempoSpotifyComplaint *tempo_spotify_read_complaint (JsonObject *json);
/* NULL when nobody is named. */
TempoSpotifyPerson *tempo_spotify_read_person (JsonObject *json);

/* "spotify:track:…" and of a form that may go into an address. */
gboolean tempo_spotify_uri_is_track (const char *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyDevice, tempo_spotify_device_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyPlayback, tempo_spotify_playback_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyGrant, tempo_spotify_grant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyComplaint, tempo_spotify_complaint_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyPerson, tempo_spotify_person_free)

G_END_DECLS
