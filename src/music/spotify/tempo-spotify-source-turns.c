/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose turn it is at the account's player, told from looks that are seconds apart. */
#include "music/spotify/tempo-spotify-source-private.h"

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "model/tempo-song.h"

/* The next song is handed over that long before the end: early enough for a slow answer, late enough
 * that it is still the next one. */
#define HAND_OVER_MS 15000
/* Too late to queue anything. */
#define TOO_LATE_MS 3000
/* A place that differs by less is the difference of two clocks. */
#define JUMP_MS 1500
/* Ended by itself, as far as looks can tell. */
#define END_MS 3000
#define BEGIN_MS 5000
#define MAX_LOOKS 3
#define LOOK_AGAIN_US (2 * G_TIME_SPAN_SECOND)

static gint64
now_us (TempoSpotifySource *self)
{
  return tempo_clock_now (self->clock);
}

gint64
tempo_spotify_source_get_place (TempoSpotifySource *self)
{
  gint64 gone = self->running ? (now_us (self) - self->as_of) / G_TIME_SPAN_MILLISECOND : 0;

  return self->position_ms + MAX (gone, 0);
}

void
tempo_spotify_source_set_place (TempoSpotifySource *self, gint64 position_ms, gboolean running)
{
  self->position_ms = MAX (position_ms, 0);
  self->as_of = now_us (self);
  self->running = running;
}

gboolean
tempo_spotify_source_is_same (TempoSong *a, TempoSong *b)
{
  g_autofree char *key_a = NULL;
  g_autofree char *key_b = NULL;

  if (a == NULL || b == NULL)
    return FALSE;
  if (a->id != NULL && g_strcmp0 (a->id, b->id) == 0)
    return TRUE;
  /* Another recording of the same song has another id, and nothing tells the two together any more. */
  if (ABS (a->duration_ms - b->duration_ms) > END_MS)
    return FALSE;
  key_a = tempo_song_key (a->artist, a->title);
  key_b = tempo_song_key (b->artist, b->title);

  return g_str_equal (key_a, key_b);
}

void
tempo_spotify_source_update_watch (TempoSpotifySource *self)
{
  tempo_spotify_account_watch (self->account, self, self->watching || self->turn != TEMPO_SPOTIFY_THEIRS);
}

GError *
tempo_spotify_source_make_error (const GError *error)
{
  TempoSourceError code = TEMPO_SOURCE_ERROR_GONE;

  if (error->domain != TEMPO_SPOTIFY_ERROR)
    return g_error_copy (error);

  switch ((TempoSpotifyError) error->code)
    {
    case TEMPO_SPOTIFY_ERROR_NO_DEVICE:
    case TEMPO_SPOTIFY_ERROR_RESTRICTED:
      code = TEMPO_SOURCE_ERROR_NO_DEVICE;
      break;
    case TEMPO_SPOTIFY_ERROR_NOT_FOUND:
    case TEMPO_SPOTIFY_ERROR_INVALID:
      code = TEMPO_SOURCE_ERROR_UNPLAYABLE;
      break;
    case TEMPO_SPOTIFY_ERROR_LIMITED:
      code = TEMPO_SOURCE_ERROR_LIMITED;
      break;
    case TEMPO_SPOTIFY_ERROR_DISCONNECTED:
    case TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN:
    case TEMPO_SPOTIFY_ERROR_PREMIUM_REQUIRED:
    case TEMPO_SPOTIFY_ERROR_NOT_ALLOWED:
    case TEMPO_SPOTIFY_ERROR_UNREACHABLE:
    default:
      break;
    }

  return g_error_new_literal (TEMPO_SOURCE_ERROR, (int) code, error->message);
}

char *
tempo_spotify_source_make_path (TempoSpotifySource *self, const char *command, const char *query)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);
  const char *device = self->device != NULL ? self->device
                       : playback != NULL && playback->device != NULL ? playback->device->id : NULL;
  g_autofree char *escaped = device != NULL ? g_uri_escape_string (device, NULL, FALSE) : NULL;

  if (escaped == NULL)
    return g_strconcat ("/me/player/", command, *query != '\0' ? "?" : "", query, NULL);

  return g_strconcat ("/me/player/", command, "?", query, *query != '\0' ? "&" : "", "device_id=", escaped, NULL);
}

void
tempo_spotify_source_let_go (TempoSpotifySource *self)
{
  self->turn = TEMPO_SPOTIFY_THEIRS;
  self->attempt++;
  g_clear_object (&self->song);
  self->running = FALSE;
  tempo_spotify_source_update_watch (self);
}

/* --- beginning --- */

/* An answer to a command of play() or hand_over(), and for which of them. */
typedef struct
{
  TempoSpotifySource *source; /* (owned) */
  guint attempt;
  TempoSong *song; /* (owned) (nullable) */
} Step;

static Step *
step_new (TempoSpotifySource *self, TempoSong *song)
{
  Step *step = g_new0 (Step, 1);

  step->source = g_object_ref (self);
  step->attempt = self->attempt;
  step->song = song != NULL ? g_object_ref (song) : NULL;

  return step;
}

static void
step_free (Step *step)
{
  g_clear_object (&step->source);
  g_clear_object (&step->song);
  g_free (step);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

static void ask_devices (TempoSpotifySource *self);

/* @error: (transfer full). */
static void
fail (TempoSpotifySource *self, GError *error)
{
  g_autoptr (GError) own = error;

  tempo_spotify_source_let_go (self);
  g_signal_emit_by_name (self, "failed", own);
}

static void
told_to_play_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  TempoSpotifySource *self = step->source;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (TEMPO_SPOTIFY_ACCOUNT (source), result, &error);

  if (step->attempt != self->attempt)
    return;
  if (error == NULL)
    tempo_spotify_source_set_place (self, self->position_ms, TRUE);
  else if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_NO_DEVICE) && !self->listed)
    ask_devices (self);
  else
    fail (self, tempo_spotify_source_make_error (error));
}

/* @device: (nullable): where; NULL leaves it to Spotify. */
static void
tell_to_play (TempoSpotifySource *self, const char *device)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autofree char *escaped = device != NULL ? g_uri_escape_string (device, NULL, FALSE) : NULL;
  g_autofree char *path = escaped != NULL ? g_strconcat ("/me/player/play?device_id=", escaped, NULL)
                                          : g_strdup ("/me/player/play");
  TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "PUT", path, NULL, FALSE };

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "uris");
  tempo_json_string (json, NULL, self->song->id);
  tempo_json_end_array (json);
  if (self->position_ms > 0)
    tempo_json_int (json, "position_ms", self->position_ms);
  tempo_json_end_object (json);
  call.body = tempo_json_peek (json, NULL);
  tempo_spotify_account_call_async (self->account, &call, NULL, told_to_play_cb, step_new (self, NULL));
}

/* The one that was chosen, the one that plays, or the only one: music does not begin just anywhere. */
static const char *
choose_device (TempoSpotifySource *self, GPtrArray *devices)
{
  const char *only = NULL;
  guint usable = 0;

  for (guint i = 0; i < devices->len; i++)
    {
      TempoSpotifyDevice *device = g_ptr_array_index (devices, i);

      if (device->id == NULL || device->restricted)
        continue;
      if (self->device != NULL ? g_str_equal (device->id, self->device) : device->active)
        return device->id;
      only = device->id;
      usable++;
    }

  return usable == 1 && self->device == NULL ? only : NULL;
}

static void
devices_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  TempoSpotifySource *self = step->source;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = tempo_spotify_account_list_devices_finish (TEMPO_SPOTIFY_ACCOUNT (source), result,
                                                                             &error);
  const char *device;

  if (step->attempt != self->attempt)
    return;
  if (devices == NULL)
    {
      fail (self, tempo_spotify_source_make_error (error));
      return;
    }
  device = choose_device (self, devices);
  if (device != NULL)
    {
      tell_to_play (self, device);
      return;
    }
  tempo_spotify_account_miss_device (self->account);
  fail (self, g_error_new_literal (TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE,
                                   devices->len > 1 ? "Choose the device that plays Spotify"
                                                    : "No device plays Spotify: press play once in a Spotify app"));
}

static void
ask_devices (TempoSpotifySource *self)
{
  self->listed = TRUE;
  tempo_spotify_account_list_devices_async (self->account, NULL, devices_cb, step_new (self, NULL));
}

/**
 * tempo_spotify_source_begin:
 * @self: a source
 * @song: what to play
 * @position_ms: from where
 *
 * Tells Spotify to play; whether it does is seen at the looks that follow.
 */
void
tempo_spotify_source_begin (TempoSpotifySource *self, TempoSong *song, gint64 position_ms)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);
  const char *device = self->device;

  g_set_object (&self->song, song);
  self->turn = TEMPO_SPOTIFY_STARTING;
  self->attempt++;
  self->looks = 0;
  self->listed = FALSE;
  self->next_refused = FALSE;
  tempo_spotify_source_set_place (self, position_ms, FALSE);
  if (tempo_spotify_source_is_same (self->next, song))
    g_clear_object (&self->next);
  tempo_spotify_source_update_watch (self);

  if (device == NULL && playback != NULL && playback->device != NULL && playback->device->active
      && !playback->device->restricted)
    device = playback->device->id;
  if (device != NULL)
    tell_to_play (self, device);
  else
    ask_devices (self);
}

/* --- handing over --- */

static void
confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  TempoSpotifySource *self = step->source;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (TEMPO_SPOTIFY_ACCOUNT (source), result, NULL);

  if (self->next == step->song && json != NULL)
    self->next_seen = tempo_spotify_read_queue_has (json, step->song->id);
}

static void
queued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  TempoSpotifySource *self = step->source;
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "GET", "/me/player/queue", NULL, FALSE };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (TEMPO_SPOTIFY_ACCOUNT (source), result, &error);

  if (self->next != step->song)
    return;
  if (error == NULL)
    {
      tempo_spotify_account_call_async (self->account, &call, NULL, confirmed_cb, g_steal_pointer (&step));
      return;
    }
  /* No answer may mean that it was taken nevertheless: then it is seen when it begins. */
  if (g_error_matches (error, TEMPO_SPOTIFY_ERROR, TEMPO_SPOTIFY_ERROR_UNREACHABLE))
    return;
  g_clear_object (&self->next);
  self->next_refused = TRUE;
}

gboolean
tempo_spotify_source_pass_on (TempoSpotifySource *self, TempoSong *song)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);
  g_autofree char *escaped = NULL;
  g_autofree char *query = NULL;
  g_autofree char *path = NULL;
  TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "POST", NULL, NULL, FALSE };

  if (self->next != NULL)
    return tempo_spotify_source_is_same (self->next, song);
  if (!tempo_spotify_uri_is_track (song->id) || playback == NULL || !playback->playing
      || self->turn == TEMPO_SPOTIFY_STARTING)
    return FALSE;

  escaped = g_uri_escape_string (song->id, NULL, FALSE);
  query = g_strconcat ("uri=", escaped, NULL);
  path = tempo_spotify_source_make_path (self, "queue", query);
  call.path = path;
  self->next = g_object_ref (song);
  self->next_seen = self->next_refused = FALSE;
  tempo_spotify_account_call_async (self->account, &call, NULL, queued_cb, step_new (self, song));

  return TRUE;
}

/* --- following --- */

static void
wants_next_cb (gpointer data)
{
  TempoSpotifySource *self = data;

  if (self->next == NULL && self->turn != TEMPO_SPOTIFY_STARTING)
    g_signal_emit_by_name (self, "wants-next");
}

/* Asks for the next once for each song that comes near its end. */
static void
arm (TempoSpotifySource *self)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);
  const char *item = playback != NULL && playback->song != NULL ? playback->song->id : NULL;
  gint64 place, left;

  tempo_spotify_alarms_clear (self->alarms, &self->next_alarm);
  if (item == NULL || !playback->playing || playback->song->duration_ms == 0)
    return;
  place = playback->progress_ms + (now_us (self) - playback->as_of) / G_TIME_SPAN_MILLISECOND;
  left = playback->song->duration_ms - place;
  /* Seen again from its beginning, it will end again. */
  if (g_strcmp0 (self->wanted, item) == 0 && place + BEGIN_MS < self->wanted_ms)
    g_clear_pointer (&self->wanted, g_free);
  self->wanted_ms = place;
  if (g_strcmp0 (self->wanted, item) == 0 || left < TOO_LATE_MS)
    return;
  if (left <= HAND_OVER_MS)
    {
      g_clear_pointer (&self->wanted, g_free);
      self->wanted = g_strdup (item);
      tempo_spotify_alarms_set (self->alarms, &self->next_alarm, 0, wants_next_cb, self);
      return;
    }
  tempo_spotify_alarms_set (self->alarms, &self->next_alarm, (left - HAND_OVER_MS) * G_TIME_SPAN_MILLISECOND,
                            (TempoSpotifyAlarmFunc) (void (*) (void)) arm, self);
}

static void
take_next (TempoSpotifySource *self, const TempoSpotifyPlayback *playback)
{
  g_set_object (&self->song, self->next);
  g_clear_object (&self->next);
  self->turn = TEMPO_SPOTIFY_OURS;
  self->attempt++;
  self->position_ms = playback->progress_ms;
  self->as_of = playback->as_of;
  self->running = playback->playing;
  tempo_spotify_source_update_watch (self);
  g_signal_emit_by_name (self, "advanced");
}

/* What Tempo put on plays, or is held. */
static void
follow_ours (TempoSpotifySource *self, const TempoSpotifyPlayback *playback)
{
  gint64 expected = tempo_spotify_source_get_place (self);
  gint64 duration = self->song->duration_ms;
  gint64 seen = playback->progress_ms;

  if (playback->playing)
    seen += (now_us (self) - playback->as_of) / G_TIME_SPAN_MILLISECOND;
  /* At its beginning again, when its end was due: Spotify stops there, or repeats it. */
  if (duration > 0 && self->running && expected >= duration - END_MS && playback->progress_ms < BEGIN_MS
      && duration > 2 * BEGIN_MS)
    {
      tempo_spotify_source_let_go (self);
      g_signal_emit_by_name (self, "ended");
      return;
    }
  tempo_spotify_source_set_place (self, seen, playback->playing);
  if (ABS (expected - seen) > JUMP_MS)
    g_signal_emit_by_name (self, "position", seen);
}

/* What Tempo put on is gone. */
static void
follow_others (TempoSpotifySource *self, const TempoSpotifyPlayback *playback)
{
  gint64 duration = self->song->duration_ms;
  gboolean due = duration > 0 && self->running && tempo_spotify_source_get_place (self) >= duration - END_MS;
  gboolean waits = self->next != NULL && self->next_seen;

  if (playback->song == NULL && !due)
    {
      /* Held so long that the device went to sleep: the next resume tells. */
      if (!self->running)
        return;
      fail (self, g_error_new_literal (TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE,
                                       "The device that played Spotify is gone"));
      return;
    }
  tempo_spotify_source_let_go (self);
  self->next_refused = FALSE;
  if (due && !waits)
    {
      g_clear_object (&self->next);
      g_signal_emit_by_name (self, "ended");
      return;
    }
  g_signal_emit_by_name (self, "displaced");
}

static void
follow_start (TempoSpotifySource *self, const TempoSpotifyPlayback *playback)
{
  if (tempo_spotify_source_is_same (playback->song, self->song))
    {
      self->turn = TEMPO_SPOTIFY_OURS;
      self->position_ms = playback->progress_ms;
      self->as_of = playback->as_of;
      self->running = playback->playing;
      g_signal_emit_by_name (self, "started");
      return;
    }
  /* Not running: the command is still on its way. */
  if (!self->running)
    return;
  if (++self->looks < MAX_LOOKS)
    tempo_spotify_account_look_again (self->account, LOOK_AGAIN_US);
  else
    fail (self, g_error_new_literal (TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE,
                                     "Spotify did not begin to play the song"));
}

/* Others play. The song that was handed over may come up among theirs; or it was not taken, which is told at the
 * change of song, because the engine waits for that. */
static void
follow_theirs (TempoSpotifySource *self, const TempoSpotifyPlayback *playback)
{
  gboolean changed = self->wanted != NULL
                     && (playback->song == NULL || g_strcmp0 (playback->song->id, self->wanted) != 0);

  if (self->next != NULL && playback->playing && tempo_spotify_source_is_same (playback->song, self->next))
    {
      take_next (self, playback);
      return;
    }
  if (!changed || (!self->next_refused && (self->next == NULL || self->next_seen)))
    return;
  self->next_refused = FALSE;
  g_clear_object (&self->next);
  g_signal_emit_by_name (self, "ended");
}

/**
 * tempo_spotify_source_follow:
 * @self: a source
 *
 * A look at the player: whose turn it is now.
 */
void
tempo_spotify_source_follow (TempoSpotifySource *self)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);
  g_autoptr (TempoSpotifySource) keep = g_object_ref (self);

  if (playback == NULL)
    {
      tempo_spotify_alarms_clear (self->alarms, &self->next_alarm);
      g_signal_emit_by_name (self, "playing-changed");
      return;
    }
  if (self->turn == TEMPO_SPOTIFY_STARTING)
    follow_start (self, playback);
  else if (self->turn == TEMPO_SPOTIFY_THEIRS)
    follow_theirs (self, playback);
  else if (tempo_spotify_source_is_same (playback->song, self->song))
    follow_ours (self, playback);
  else if (tempo_spotify_source_is_same (playback->song, self->next))
    take_next (self, playback);
  else
    follow_others (self, playback);

  g_signal_emit_by_name (self, "playing-changed");
  arm (self);
}
