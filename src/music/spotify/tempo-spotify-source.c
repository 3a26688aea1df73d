/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-source.h"

#include <math.h>

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-song.h"
#include "music/spotify/tempo-spotify-source-private.h"

static void source_iface_init (TempoSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TempoSpotifySource, tempo_spotify_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEMPO_TYPE_SOURCE, source_iface_init))

static void
tempo_spotify_source_dispose (GObject *object)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (object);

  if (self->account != NULL)
    {
      tempo_spotify_account_watch (self->account, self, FALSE);
      g_signal_handlers_disconnect_by_data (self->account, self);
      tempo_spotify_alarms_clear (self->alarms, &self->next_alarm);
    }
  self->attempt++;
  g_clear_object (&self->account);

  G_OBJECT_CLASS (tempo_spotify_source_parent_class)->dispose (object);
}

static void
tempo_spotify_source_finalize (GObject *object)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (object);

  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->playlist, g_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->order, g_array_unref);
  g_clear_object (&self->clock);
  g_clear_object (&self->song);
  g_clear_object (&self->next);

  G_OBJECT_CLASS (tempo_spotify_source_parent_class)->finalize (object);
}

static void
tempo_spotify_source_class_init (TempoSpotifySourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_spotify_source_dispose;
  object_class->finalize = tempo_spotify_source_finalize;
}

static void
tempo_spotify_source_init (TempoSpotifySource *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->volume = -1;
}

static void
playlist_changed_cb (TempoSpotifySource *self)
{
  g_array_set_size (self->order, 0);
  g_signal_emit_by_name (self, "catalogue-changed");
}

static void
status_changed_cb (TempoSpotifySource *self)
{
  g_signal_emit_by_name (self, "health-changed");
}

/**
 * tempo_spotify_source_new:
 * @service: outlives it
 * @organization: whose account
 *
 * Returns: (transfer full): a source; nobody watches it yet
 */
TempoSource *
tempo_spotify_source_new (TempoSpotifyService *service, const char *organization)
{
  TempoSpotifySource *self = g_object_new (TEMPO_TYPE_SPOTIFY_SOURCE, NULL);

  self->account = g_object_ref (tempo_spotify_service_get_account (service, organization));
  self->alarms = tempo_spotify_service_get_alarms (service);
  self->clock = g_object_ref (tempo_spotify_service_get_options (service)->clock);
  g_signal_connect_swapped (self->account, "playing-changed", G_CALLBACK (tempo_spotify_source_follow), self);
  g_signal_connect_swapped (self->account, "status-changed", G_CALLBACK (status_changed_cb), self);
  g_signal_connect_swapped (self->account, "playlist-changed", G_CALLBACK (playlist_changed_cb), self);
  /* So that a room that only looks at the health learns it. */
  tempo_spotify_account_load_async (self->account, NULL, NULL);

  return TEMPO_SOURCE (self);
}

/* Ours goes on at the place where it is; what others play is not Tempo's to move. */
static void
transfer (TempoSpotifySource *self)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "PUT", "/me/player", NULL, FALSE };

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "device_ids");
  tempo_json_string (json, NULL, self->device);
  tempo_json_end_array (json);
  tempo_json_bool (json, "play", self->running);
  tempo_json_end_object (json);
  call.body = tempo_json_peek (json, NULL);
  tempo_spotify_account_call_async (self->account, &call, NULL, NULL, NULL);
}

/**
 * tempo_spotify_source_set_device:
 * @self: a source
 * @device_id: (nullable): where its songs play; NULL or "" is whichever plays
 *
 * A song of Tempo's that sounds on another device is taken there.
 */
void
tempo_spotify_source_set_device (TempoSpotifySource *self, const char *device_id)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);

  if (g_strcmp0 (self->device, device_id != NULL && *device_id != '\0' ? device_id : NULL) == 0)
    return;
  g_clear_pointer (&self->device, g_free);
  self->device = device_id != NULL && *device_id != '\0' ? g_strdup (device_id) : NULL;
  if (self->device != NULL && self->turn == TEMPO_SPOTIFY_OURS
      && (playback == NULL || playback->device == NULL || g_strcmp0 (playback->device->id, self->device) != 0))
    transfer (self);
}

TempoSpotifyAccount *
tempo_spotify_source_get_account (TempoSpotifySource *self)
{
  return self->account;
}

static TempoSourceAbilities
get_abilities (TempoSource *source)
{
  return TEMPO_SOURCE_SEARCH | TEMPO_SOURCE_SEARCH_COSTS | TEMPO_SOURCE_PLAY | TEMPO_SOURCE_TRANSPORT
         | TEMPO_SOURCE_VOLUME | TEMPO_SOURCE_FILLER | TEMPO_SOURCE_ARTWORK | TEMPO_SOURCE_NOW_PLAYING
         | TEMPO_SOURCE_HAND_OVER | TEMPO_SOURCE_PLAYLISTS;
}

static void
get_status (TempoSource *source, TempoSourceStatus *status)
{
  static const struct
  {
    const char *state, *code;
    TempoSourceHealth health;
  } healths[] = {
    { "ready", "ready", TEMPO_SOURCE_READY },
    { "idle", "idle", TEMPO_SOURCE_READY },
    { "connecting", "connecting", TEMPO_SOURCE_CONNECTING },
    { "disconnected", "disconnected", TEMPO_SOURCE_NEEDS_SIGN_IN },
    { "needs_sign_in", "needs_sign_in", TEMPO_SOURCE_NEEDS_SIGN_IN },
    { "limited", "limited", TEMPO_SOURCE_LIMITED },
    { "no_device", "no_device", TEMPO_SOURCE_NO_DEVICE },
    { "premium_required", "premium_required", TEMPO_SOURCE_REFUSED },
    { "not_allowed", "not_allowed", TEMPO_SOURCE_REFUSED },
    { "unreachable", "unreachable", TEMPO_SOURCE_GONE },
  };
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  TempoSpotifyStatus own;

  tempo_spotify_account_get_status (self->account, &own);
  *status = (TempoSourceStatus){ TEMPO_SOURCE_GONE, "unreachable", tempo_spotify_account_get_sentence (self->account),
                                 own.until };
  for (guint i = 0; i < G_N_ELEMENTS (healths); i++)
    {
      if (!g_str_equal (healths[i].state, own.state))
        continue;
      status->health = healths[i].health;
      status->code = healths[i].code;
    }
}

static TempoSourceHealth
get_health (TempoSource *source, const char **text)
{
  TempoSourceStatus status;

  get_status (source, &status);
  if (text != NULL)
    *text = status.text;

  return status.health;
}

/* --- catalogue --- */

/* The part of a search that was asked for. (transfer full). */
static GPtrArray *
take_first (GPtrArray *songs, guint limit)
{
  GPtrArray *first = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < MIN (songs->len, limit); i++)
    g_ptr_array_add (first, g_object_ref (g_ptr_array_index (songs, i)));

  return first;
}

static void
searched_cb (GObject *account, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) songs = tempo_spotify_account_search_finish (TEMPO_SPOTIFY_ACCOUNT (account), result, &error);

  if (songs == NULL)
    g_task_return_error (task, tempo_spotify_source_make_error (error));
  else
    g_task_return_pointer (task, take_first (songs, GPOINTER_TO_UINT (g_task_get_task_data (task))),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
search_async (TempoSource *source, const char *query, guint limit, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, search_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (limit), NULL);
  tempo_spotify_account_search_async (self->account, query, cancellable, searched_cb, g_steal_pointer (&task));
}

static GPtrArray *
search_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static TempoSong *
lookup (TempoSource *source, const char *song_id)
{
  return tempo_spotify_account_lookup (TEMPO_SPOTIFY_SOURCE (source)->account, song_id);
}

static void
remember (TempoSource *source, TempoSong *song)
{
  tempo_spotify_account_remember (TEMPO_SPOTIFY_SOURCE (source)->account, song);
}

static void
artwork_cb (GObject *account, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *type = NULL;
  GError *error = NULL;
  GBytes *picture = tempo_spotify_account_artwork_finish (TEMPO_SPOTIFY_ACCOUNT (account), result, &type, &error);

  g_task_set_task_data (task, g_steal_pointer (&type), g_free);
  if (picture == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, picture, (GDestroyNotify) g_bytes_unref);
}

static void
artwork_async (TempoSource *source, const char *artwork, GCancellable *cancellable, GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, artwork_async);
  tempo_spotify_account_artwork_async (TEMPO_SPOTIFY_SOURCE (source)->account, artwork, cancellable, artwork_cb,
                                       g_steal_pointer (&task));
}

static GBytes *
artwork_finish (TempoSource *source, GAsyncResult *result, char **content_type, GError **error)
{
  GBytes *picture = g_task_propagate_pointer (G_TASK (result), error);

  if (picture != NULL && content_type != NULL)
    *content_type = g_strdup (g_task_get_task_data (G_TASK (result)));

  return picture;
}

static void
playlists_cb (GObject *account, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *playlists = tempo_spotify_account_list_playlists_finish (TEMPO_SPOTIFY_ACCOUNT (account), result, &error);

  if (playlists == NULL)
    g_task_return_error (task, tempo_spotify_source_make_error (error));
  else
    g_task_return_pointer (task, playlists, (GDestroyNotify) g_ptr_array_unref);
}

static void
list_playlists_async (TempoSource *source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, list_playlists_async);
  tempo_spotify_account_list_playlists_async (TEMPO_SPOTIFY_SOURCE (source)->account, cancellable, playlists_cb,
                                              g_steal_pointer (&task));
}

static GPtrArray *
list_playlists_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
set_filler_playlist (TempoSource *source, const char *playlist_id)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);

  if (g_strcmp0 (self->playlist, playlist_id) == 0)
    return;
  g_clear_pointer (&self->playlist, g_free);
  self->playlist = g_strdup (playlist_id);
  g_array_set_size (self->order, 0);
  if (self->playlist != NULL)
    tempo_spotify_account_get_playlist (self->account, self->playlist);
}

/* Fisher and Yates: each song once before any comes again. */
static void
shuffle (GArray *order, guint length)
{
  g_array_set_size (order, 0);
  for (guint i = 0; i < length; i++)
    {
      guint at = (guint) g_random_int_range (0, (gint32) i + 1);

      g_array_append_val (order, i);
      g_array_index (order, guint, i) = g_array_index (order, guint, at);
      g_array_index (order, guint, at) = i;
    }
}

static TempoSong *
next_filler (TempoSource *source)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  GPtrArray *songs = self->playlist != NULL ? tempo_spotify_account_get_playlist (self->account, self->playlist) : NULL;
  guint index;

  if (songs == NULL || songs->len == 0)
    return NULL;
  if (self->order->len == 0)
    shuffle (self->order, songs->len);
  index = g_array_index (self->order, guint, self->order->len - 1);
  g_array_set_size (self->order, self->order->len - 1);

  return index < songs->len ? g_object_ref (g_ptr_array_index (songs, index)) : NULL;
}

/* --- transport --- */

static void
play (TempoSource *source, TempoSong *song, gint64 position_ms)
{
  tempo_spotify_source_begin (TEMPO_SPOTIFY_SOURCE (source), song, position_ms);
}

/* One command of the host, and what it makes of our place. */
typedef struct
{
  TempoSourceCommand command;
  double value;
  guint attempt;
} Command;

static void
note_command (TempoSpotifySource *self, const Command *command)
{
  gint64 place = tempo_spotify_source_get_place (self);

  if (self->turn != TEMPO_SPOTIFY_OURS || command->attempt != self->attempt)
    return;
  if (command->command == TEMPO_SOURCE_PAUSE)
    tempo_spotify_source_set_place (self, place, FALSE);
  else if (command->command == TEMPO_SOURCE_RESUME)
    tempo_spotify_source_set_place (self, place, TRUE);
  else if (command->command == TEMPO_SOURCE_SEEK)
    tempo_spotify_source_set_place (self, (gint64) command->value, self->running);
  else
    return;
  g_signal_emit_by_name (self, "position", tempo_spotify_source_get_place (self));
}

static void
commanded_cb (GObject *account, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (TEMPO_SPOTIFY_ACCOUNT (account), result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, tempo_spotify_source_make_error (error));
      return;
    }
  note_command (g_task_get_source_object (task), g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

/* (transfer full) (nullable): the path of a command, NULL for one that this device does not take. */
static char *
make_command_path (TempoSpotifySource *self, const Command *command)
{
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);
  g_autofree char *query = NULL;

  switch (command->command)
    {
    case TEMPO_SOURCE_PAUSE:
    case TEMPO_SOURCE_STOP:
      return tempo_spotify_source_make_path (self, "pause", "");
    case TEMPO_SOURCE_RESUME:
      return tempo_spotify_source_make_path (self, "play", "");
    case TEMPO_SOURCE_SEEK:
      query = g_strdup_printf ("position_ms=%" G_GINT64_FORMAT, (gint64) command->value);
      return tempo_spotify_source_make_path (self, "seek", query);
    case TEMPO_SOURCE_SET_VOLUME:
      if (playback == NULL || playback->device == NULL || !playback->device->supports_volume)
        return NULL;
      query = g_strdup_printf ("volume_percent=%d", (int) lround (CLAMP (command->value, 0, 1) * 100));
      return tempo_spotify_source_make_path (self, "volume", query);
    default:
      g_assert_not_reached ();
    }
}

static void
command_async (TempoSource *source, TempoSourceCommand command, double value, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const Command own = { command, value, self->attempt };
  g_autofree char *path = make_command_path (self, &own);
  TempoSpotifyCall call = { TEMPO_SPOTIFY_HOST, "PUT", path, NULL, FALSE };

  g_task_set_source_tag (task, command_async);
  g_task_set_task_data (task, g_memdup2 (&own, sizeof own), g_free);
  if (path == NULL)
    {
      g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE,
                               "The volume of this device is set on the device");
      return;
    }
  tempo_spotify_account_call_async (self->account, &call, cancellable, commanded_cb, g_steal_pointer (&task));
}

static gboolean
command_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pause_song (TempoSource *source)
{
  command_async (source, TEMPO_SOURCE_PAUSE, 0, NULL, NULL, NULL);
}

static void
resume_song (TempoSource *source)
{
  command_async (source, TEMPO_SOURCE_RESUME, 0, NULL, NULL, NULL);
}

static void
seek_song (TempoSource *source, gint64 position_ms)
{
  command_async (source, TEMPO_SOURCE_SEEK, (double) position_ms, NULL, NULL, NULL);
}

/* Only what Tempo put on is silenced: other music on the account is not Tempo's to stop. */
static void
stop_song (TempoSource *source)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  gboolean ours = self->turn != TEMPO_SPOTIFY_THEIRS && self->running;

  g_clear_object (&self->next);
  self->next_refused = FALSE;
  tempo_spotify_source_let_go (self);
  if (ours)
    command_async (source, TEMPO_SOURCE_STOP, 0, NULL, NULL, NULL);
}

/* The engine tells its volume with every song. The first time it is only noted: the device's own is the host's choice. */
static void
set_volume (TempoSource *source, double volume)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  gboolean changed = self->volume >= 0 && fabs (self->volume - volume) > 0.005;

  self->volume = volume;
  if (changed)
    command_async (source, TEMPO_SOURCE_SET_VOLUME, volume, NULL, NULL, NULL);
}

static gint64
get_position (TempoSource *source)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  gint64 place = self->turn != TEMPO_SPOTIFY_THEIRS ? tempo_spotify_source_get_place (self) : 0;

  return self->song != NULL && self->song->duration_ms > 0 ? MIN (place, self->song->duration_ms) : place;
}

/* --- what sounds --- */

static TempoNowPlaying *
dup_playing (TempoSource *source)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);
  const TempoSpotifyPlayback *playback = tempo_spotify_account_get_playback (self->account);

  if (self->turn != TEMPO_SPOTIFY_THEIRS)
    return tempo_now_playing_new (self->song, NULL, self->position_ms, self->as_of, self->running);
  if (playback == NULL || playback->song == NULL)
    return NULL;

  return tempo_now_playing_new (playback->song, NULL, playback->progress_ms, playback->as_of, playback->playing);
}

static gboolean
hand_over (TempoSource *source, TempoSong *song)
{
  return tempo_spotify_source_pass_on (TEMPO_SPOTIFY_SOURCE (source), song);
}

static gboolean
get_figures (TempoSource *source, TempoSourceFigures *figures)
{
  tempo_spotify_account_get_figures (TEMPO_SPOTIFY_SOURCE (source)->account, figures);

  return TRUE;
}

static void
set_watching (TempoSource *source, gboolean watching)
{
  TempoSpotifySource *self = TEMPO_SPOTIFY_SOURCE (source);

  self->watching = watching;
  tempo_spotify_source_update_watch (self);
}

static void
source_iface_init (TempoSourceInterface *iface)
{
  iface->get_abilities = get_abilities;
  iface->get_health = get_health;
  iface->get_status = get_status;
  iface->search_async = search_async;
  iface->search_finish = search_finish;
  iface->lookup = lookup;
  iface->remember = remember;
  iface->artwork_async = artwork_async;
  iface->artwork_finish = artwork_finish;
  iface->list_playlists_async = list_playlists_async;
  iface->list_playlists_finish = list_playlists_finish;
  iface->set_filler_playlist = set_filler_playlist;
  iface->next_filler = next_filler;
  iface->play = play;
  iface->command_async = command_async;
  iface->command_finish = command_finish;
  iface->pause = pause_song;
  iface->resume = resume_song;
  iface->seek = seek_song;
  iface->stop = stop_song;
  iface->set_volume = set_volume;
  iface->get_position = get_position;
  iface->dup_playing = dup_playing;
  iface->hand_over = hand_over;
  iface->get_figures = get_figures;
  iface->set_watching = set_watching;
}
