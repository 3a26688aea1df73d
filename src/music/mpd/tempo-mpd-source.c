/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-source.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-song.h"
#include "music/mpd/tempo-mpd-agent.h"
#include "music/mpd/tempo-mpd-catalogue.h"
#include "music/mpd/tempo-mpd-song.h"
#include "music/tempo-artwork.h"

/* The source as the engine sees it: answers at once from what the agent told last, and passes orders on. Engine
 * thread only. */

#define MAX_SEARCH_RESULTS 100
#define MAX_PLAYLISTS 200
#define MAX_PENDING 64   /* questions under way */
#define FILLER_LOW 5
#define FILLER_BATCH 40
#define JUMP_MS 1000     /* a difference below is the daemon's rounding */

struct _TempoMpdSource
{
  GObject parent_instance;

  TempoClock *clock;     /* (owned) */
  TempoMpdAgent *agent;  /* (owned) */
  TempoMpdCatalogue *catalogue; /* (owned) */
  guint generation;      /* of the last play() or stop() */
  guint pending;

  TempoSourceHealth health;
  const char *code;
  char *text;            /* (owned) */
  const char *last_error;
  guint64 calls;
  guint64 failures;

  TempoMpdLook look;     /* the last the agent told */
  TempoSong *song;       /* (owned) (nullable) what sounds */
  gboolean ours;
  gboolean loaded;       /* the engine's song is in the daemon's hands */
  gboolean begun;
  gint64 asked_ms;       /* where play() wanted to begin */

  GPtrArray *house;      /* (owned) songs to suggest */
  char *playlist;        /* (owned) (nullable) filler comes from */
  GQueue filler;         /* songs (owned) */
  gboolean filler_asked;
};

#define TEMPO_TYPE_MPD_SOURCE (tempo_mpd_source_get_type ())
G_DECLARE_FINAL_TYPE (TempoMpdSource, tempo_mpd_source, TEMPO, MPD_SOURCE, GObject)

static void source_iface_init (TempoSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TempoMpdSource, tempo_mpd_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEMPO_TYPE_SOURCE, source_iface_init))

static void
order (TempoMpdSource *self, TempoMpdOrderKind kind, TempoSong *song, double value)
{
  TempoMpdOrder *it = tempo_mpd_order_new (kind);

  it->generation = self->generation;
  it->song = song ? g_object_ref (song) : NULL;
  it->value = value;
  tempo_mpd_agent_order (self->agent, it);
}

/* Takes @it; its answer ends @task. */
static void
ask (TempoMpdSource *self, TempoMpdOrder *it, GTask *task)
{
  if (self->pending >= MAX_PENDING)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "too many questions to the player at once");
      tempo_mpd_order_free (it);
      return;
    }
  self->pending++;
  it->task = g_object_ref (task);
  tempo_mpd_agent_order (self->agent, it);
}

static void
ask_filler (TempoMpdSource *self)
{
  TempoMpdOrder *it;

  if (self->filler_asked || self->health == TEMPO_SOURCE_GONE)
    return;
  self->filler_asked = TRUE;
  it = tempo_mpd_order_new (TEMPO_MPD_FILLER);
  it->text = g_strdup (self->playlist);
  it->limit = FILLER_BATCH;
  tempo_mpd_agent_order (self->agent, it);
}

/* What the agent tells */

static void
take_filler (TempoMpdSource *self, TempoMpdOrder *it)
{
  self->filler_asked = FALSE;
  /* The host chose another list meanwhile. */
  if (g_strcmp0 (it->text, self->playlist) != 0)
    {
      ask_filler (self);
      return;
    }
  if (it->songs == NULL || it->songs->len == 0)
    return;
  tempo_mpd_catalogue_add_all (self->catalogue, it->songs);
  for (guint left = it->songs->len; left > 0; left--)
    {
      guint i = (guint) g_random_int_range (0, (gint32) left);

      g_queue_push_tail (&self->filler, g_ptr_array_steal_index_fast (it->songs, i));
    }
  g_signal_emit_by_name (self, "catalogue-changed");
}

static void
take_answer (TempoMpdSource *self, TempoMpdOrder *it)
{
  if (it->error != NULL && !g_error_matches (it->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->last_error = it->error->code == TEMPO_SOURCE_ERROR_GONE ? "network" : "refused";
  if (it->kind == TEMPO_MPD_FILLER)
    {
      take_filler (self, it);
      return;
    }
  self->pending--;
  if (it->kind == TEMPO_MPD_PICTURE && it->error == NULL)
    tempo_mpd_catalogue_set_picture (self->catalogue, it->song->artwork, it->picture);
  if (it->error != NULL)
    g_task_return_error (it->task, g_steal_pointer (&it->error));
  else if (it->kind == TEMPO_MPD_PICTURE && it->picture == NULL)
    g_task_return_new_error (it->task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND, "there is no such picture");
  else if (it->kind == TEMPO_MPD_PICTURE)
    g_task_return_pointer (it->task, g_steal_pointer (&it->picture), (GDestroyNotify) g_bytes_unref);
  else if (it->songs != NULL)
    {
      if (it->kind == TEMPO_MPD_SEARCH)
        tempo_mpd_catalogue_add_all (self->catalogue, it->songs);
      g_task_return_pointer (it->task, g_steal_pointer (&it->songs), (GDestroyNotify) g_ptr_array_unref);
    }
  else
    g_task_return_boolean (it->task, TRUE);
}

static void
take_health (TempoMpdSource *self, TempoMpdNews *news)
{
  if (news->health == self->health && g_strcmp0 (news->text, self->text) == 0)
    return;
  self->health = news->health;
  self->code = news->code;
  g_clear_pointer (&self->text, g_free);
  self->text = g_strdup (news->text);
  if (news->health == TEMPO_SOURCE_NEEDS_SIGN_IN)
    self->last_error = "auth";
  else if (news->health != TEMPO_SOURCE_READY)
    self->last_error = "network";
  g_signal_emit_by_name (self, "health-changed");
}

static void
take_playing (TempoMpdSource *self, TempoMpdNews *news)
{
  TempoMpdLook before = self->look;
  gint64 expected = tempo_mpd_look_position (&before, news->look.at);
  gboolean same = before.song == news->look.song;
  gboolean jumped = same && ABS (news->look.elapsed_ms - expected) > JUMP_MS;
  gboolean resumed = same && before.state == TEMPO_MPD_PAUSED && news->look.state == TEMPO_MPD_PLAYING;
  gboolean changed = !same || before.state != news->look.state || jumped
                     || g_strcmp0 (self->song ? self->song->title : NULL, news->song ? news->song->title : NULL) != 0;

  self->look = news->look;
  self->ours = news->ours;
  g_set_object (&self->song, news->song);
  if (self->song != NULL)
    tempo_mpd_catalogue_add (self->catalogue, self->song);
  if (changed)
    g_signal_emit_by_name (self, "playing-changed");
  if (self->loaded && self->begun && self->ours && (jumped || resumed))
    g_signal_emit_by_name (self, "position", news->look.elapsed_ms);
}

static void
take_end (TempoMpdSource *self, TempoMpdNews *news)
{
  gboolean was_loaded = self->loaded;

  self->loaded = FALSE;
  self->begun = FALSE;
  if (!was_loaded)
    return;
  if (news->kind == TEMPO_MPD_TOLD_FAILED)
    g_signal_emit_by_name (self, "failed", news->error);
  else
    g_signal_emit_by_name (self, news->kind == TEMPO_MPD_TOLD_ENDED ? "ended" : "displaced");
}

static void
take_hand_news (TempoMpdSource *self, TempoMpdNews *news)
{
  /* Of a song that play() or stop() made us forget meanwhile. */
  if (news->generation != self->generation || !self->loaded)
    return;
  switch (news->kind)
    {
    case TEMPO_MPD_TOLD_STARTED:
      self->begun = TRUE;
      g_signal_emit_by_name (self, "started");
      break;
    case TEMPO_MPD_TOLD_ADVANCED:
      self->begun = TRUE;
      g_signal_emit_by_name (self, "advanced");
      break;
    case TEMPO_MPD_TOLD_WANTS_NEXT:
      g_signal_emit_by_name (self, "wants-next");
      break;
    default:
      take_end (self, news);
      break;
    }
}

static void
news_cb (TempoMpdNews *news, gpointer user_data)
{
  g_autoptr (TempoMpdSource) self = g_object_ref (user_data);

  self->calls = news->calls;
  self->failures = news->failures;
  switch (news->kind)
    {
    case TEMPO_MPD_TOLD_ANSWER:
      take_answer (self, news->order);
      break;
    case TEMPO_MPD_TOLD_HEALTH:
      take_health (self, news);
      break;
    case TEMPO_MPD_TOLD_PLAYING:
      take_playing (self, news);
      break;
    case TEMPO_MPD_TOLD_CATALOGUE:
      g_clear_pointer (&self->house, g_ptr_array_unref);
      self->house = g_ptr_array_ref (news->songs);
      tempo_mpd_catalogue_add_all (self->catalogue, self->house);
      tempo_mpd_catalogue_forget_pictures (self->catalogue);
      g_queue_clear_full (&self->filler, g_object_unref);
      ask_filler (self);
      g_signal_emit_by_name (self, "catalogue-changed");
      break;
    default:
      take_hand_news (self, news);
      break;
    }
}

/* TempoSource */

static TempoSourceAbilities
mpd_get_abilities (TempoSource *source)
{
  TempoSourceAbilities abilities = TEMPO_SOURCE_SEARCH | TEMPO_SOURCE_PLAY | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_FILLER
                                   | TEMPO_SOURCE_ARTWORK | TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_HAND_OVER
                                   | TEMPO_SOURCE_PLAYLISTS;

  /* A daemon whose output has no mixer cannot be turned down from here. */
  return TEMPO_MPD_SOURCE (source)->look.volume >= 0 ? abilities | TEMPO_SOURCE_VOLUME : abilities;
}

static TempoSourceHealth
mpd_get_health (TempoSource *source, const char **text)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);

  if (text)
    *text = self->text;
  return self->health;
}

static void
mpd_get_status (TempoSource *source, TempoSourceStatus *status)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);

  *status = (TempoSourceStatus) { self->health, self->code, self->text, 0 };
}

static gboolean
mpd_get_figures (TempoSource *source, TempoSourceFigures *figures)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);

  *figures = (TempoSourceFigures) { self->calls, self->failures, 0, 0, self->last_error };
  return TRUE;
}

static GTask *
begin (TempoSource *source, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

static void
mpd_search_async (TempoSource *source, const char *query, guint limit, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = begin (source, mpd_search_async, cancellable, callback, user_data);
  TempoMpdOrder *it = tempo_mpd_order_new (TEMPO_MPD_SEARCH);

  it->text = g_strdup (query ? query : "");
  it->limit = MIN (limit, MAX_SEARCH_RESULTS);
  ask (TEMPO_MPD_SOURCE (source), it, task);
}

static gpointer
finish_pointer (TempoSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GPtrArray *
mpd_search_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static TempoSong *
ref_or_null (TempoSong *song)
{
  return song ? g_object_ref (song) : NULL;
}

static TempoSong *
mpd_lookup (TempoSource *source, const char *song_id)
{
  return ref_or_null (tempo_mpd_catalogue_lookup (TEMPO_MPD_SOURCE (source)->catalogue, song_id));
}

/* The daemon's own names of files only: over its socket it would read any file it is told. */
static void
mpd_remember (TempoSource *source, TempoSong *song)
{
  g_autofree char *id = song->uri != NULL && *song->uri != '/' && strstr (song->uri, "://") == NULL
                          ? tempo_mpd_song_id (song->uri) : NULL;

  if (id != NULL && g_strcmp0 (id, song->id) == 0)
    tempo_mpd_catalogue_add (TEMPO_MPD_SOURCE (source)->catalogue, song);
}

static TempoSong *
mpd_match (TempoSource *source, const char *artist, const char *title)
{
  return ref_or_null (tempo_mpd_catalogue_match (TEMPO_MPD_SOURCE (source)->catalogue, artist, title));
}

static GPtrArray *
mpd_suggest (TempoSource *source, guint limit)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  GPtrArray *songs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; self->house != NULL && i < self->house->len && i < limit; i++)
    g_ptr_array_add (songs, g_object_ref (self->house->pdata[i]));
  return songs;
}

static void
mpd_play (TempoSource *source, TempoSong *song, gint64 position_ms)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  TempoSong *known = song->id ? tempo_mpd_catalogue_lookup (self->catalogue, song->id) : NULL;

  self->generation++;
  self->loaded = TRUE;
  self->begun = FALSE;
  self->ours = FALSE;
  self->asked_ms = position_ms;
  order (self, TEMPO_MPD_PLAY, known ? known : song, (double) position_ms);
}

static void
mpd_pause (TempoSource *source)
{
  if (TEMPO_MPD_SOURCE (source)->loaded)
    order (TEMPO_MPD_SOURCE (source), TEMPO_MPD_PAUSE, NULL, 0);
}

static void
mpd_resume (TempoSource *source)
{
  if (TEMPO_MPD_SOURCE (source)->loaded)
    order (TEMPO_MPD_SOURCE (source), TEMPO_MPD_RESUME, NULL, 0);
}

static void
mpd_stop (TempoSource *source)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);

  self->generation++;
  self->loaded = FALSE;
  self->begun = FALSE;
  order (self, TEMPO_MPD_STOP, NULL, 0);
}

/* What is sought in, as far as is known here. (nullable). */
static TempoSong *
get_ours (TempoMpdSource *self)
{
  return self->ours ? self->song : NULL;
}

static void
mpd_seek (TempoSource *source, gint64 position_ms)
{
  if (TEMPO_MPD_SOURCE (source)->loaded)
    order (TEMPO_MPD_SOURCE (source), TEMPO_MPD_SEEK, get_ours (TEMPO_MPD_SOURCE (source)), (double) position_ms);
}

static gint64
mpd_get_position (TempoSource *source)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);

  if (!self->loaded)
    return 0;
  return self->ours ? tempo_mpd_look_position (&self->look, g_get_monotonic_time ()) : self->asked_ms;
}

/* The daemon's scale is made for ears already, by itself or by the sound card. */
static void
mpd_set_volume (TempoSource *source, double volume)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  int percent = (int) (volume * 100 + 0.5);

  if (self->look.volume < 0)
    return;
  order (self, TEMPO_MPD_VOLUME, NULL, percent);
}

static TempoSong *
mpd_next_filler (TempoSource *source)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  TempoSong *song = g_queue_pop_head (&self->filler);

  if (g_queue_get_length (&self->filler) < FILLER_LOW)
    ask_filler (self);
  return song;
}

static void
mpd_set_filler_playlist (TempoSource *source, const char *playlist_id)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);

  if (g_strcmp0 (self->playlist, playlist_id) == 0)
    return;
  g_clear_pointer (&self->playlist, g_free);
  self->playlist = g_strdup (playlist_id);
  g_queue_clear_full (&self->filler, g_object_unref);
  ask_filler (self);
}

static void
mpd_artwork_async (TempoSource *source, const char *artwork, GCancellable *cancellable, GAsyncReadyCallback callback,
                   gpointer user_data)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  g_autoptr (GTask) task = begin (source, mpd_artwork_async, cancellable, callback, user_data);
  TempoSong *song = artwork ? tempo_mpd_catalogue_of_artwork (self->catalogue, artwork) : NULL;
  GBytes *picture = NULL;
  gboolean asked = artwork != NULL && tempo_mpd_catalogue_get_picture (self->catalogue, artwork, &picture);
  TempoMpdOrder *it;

  if (picture != NULL)
    {
      g_task_return_pointer (task, g_bytes_ref (picture), (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (song == NULL || asked)
    {
      g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND, "there is no such picture");
      return;
    }
  it = tempo_mpd_order_new (TEMPO_MPD_PICTURE);
  it->song = g_object_ref (song);
  ask (self, it, task);
}

static GBytes *
mpd_artwork_finish (TempoSource *source, GAsyncResult *result, char **content_type, GError **error)
{
  GBytes *picture = finish_pointer (source, result, error);
  gsize length;
  gconstpointer data;

  if (picture == NULL)
    return NULL;
  data = g_bytes_get_data (picture, &length);
  if (content_type)
    *content_type = g_strdup (tempo_artwork_probe (data, length, NULL, NULL));
  return picture;
}

static TempoNowPlaying *
mpd_dup_playing (TempoSource *source)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  gint64 position = tempo_mpd_look_position (&self->look, g_get_monotonic_time ());

  if (self->song == NULL || self->look.state == TEMPO_MPD_STOPPED || self->health == TEMPO_SOURCE_GONE)
    return NULL;
  return tempo_now_playing_new (self->song, NULL, position, tempo_clock_now (self->clock),
                                self->look.state == TEMPO_MPD_PLAYING);
}

static gboolean
mpd_hand_over (TempoSource *source, TempoSong *song)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  TempoSong *known = song->id ? tempo_mpd_catalogue_lookup (self->catalogue, song->id) : NULL;

  if (!self->loaded || !self->begun || song->id == NULL || self->health != TEMPO_SOURCE_READY)
    return FALSE;
  order (self, TEMPO_MPD_HAND_OVER, known ? known : song, 0);
  return TRUE;
}

static gboolean
mpd_take_back (TempoSource *source)
{
  order (TEMPO_MPD_SOURCE (source), TEMPO_MPD_TAKE_BACK, NULL, 0);
  return TRUE;
}

static void
mpd_command_async (TempoSource *source, TempoSourceCommand command, double value, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  static const TempoMpdOrderKind kinds[] = {
    [TEMPO_SOURCE_PAUSE] = TEMPO_MPD_PAUSE, [TEMPO_SOURCE_RESUME] = TEMPO_MPD_RESUME, [TEMPO_SOURCE_STOP] = TEMPO_MPD_STOP,
    [TEMPO_SOURCE_SEEK] = TEMPO_MPD_SEEK, [TEMPO_SOURCE_SET_VOLUME] = TEMPO_MPD_VOLUME,
  };
  TempoMpdSource *self = TEMPO_MPD_SOURCE (source);
  g_autoptr (GTask) task = begin (source, mpd_command_async, cancellable, callback, user_data);
  TempoMpdOrder *it;

  if (command == TEMPO_SOURCE_SET_VOLUME && self->look.volume < 0)
    {
      g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE, "the player has no volume");
      return;
    }
  if (command == TEMPO_SOURCE_STOP)
    {
      self->generation++;
      self->loaded = FALSE;
    }
  it = tempo_mpd_order_new (kinds[command]);
  it->generation = self->generation;
  if (command == TEMPO_SOURCE_SEEK && get_ours (self) != NULL)
    it->song = g_object_ref (get_ours (self));
  it->value = command == TEMPO_SOURCE_SET_VOLUME ? (int) (CLAMP (value, 0, 1) * 100 + 0.5) : MAX (value, 0);
  ask (self, it, task);
}

static gboolean
mpd_command_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
mpd_list_playlists_async (TempoSource *source, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = begin (source, mpd_list_playlists_async, cancellable, callback, user_data);
  TempoMpdOrder *it = tempo_mpd_order_new (TEMPO_MPD_PLAYLISTS);

  it->limit = MAX_PLAYLISTS;
  ask (TEMPO_MPD_SOURCE (source), it, task);
}

static GPtrArray *
mpd_list_playlists_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
source_iface_init (TempoSourceInterface *iface)
{
  iface->get_abilities = mpd_get_abilities;
  iface->get_health = mpd_get_health;
  iface->get_status = mpd_get_status;
  iface->get_figures = mpd_get_figures;
  iface->search_async = mpd_search_async;
  iface->search_finish = mpd_search_finish;
  iface->lookup = mpd_lookup;
  iface->remember = mpd_remember;
  iface->match = mpd_match;
  iface->suggest = mpd_suggest;
  iface->play = mpd_play;
  iface->pause = mpd_pause;
  iface->resume = mpd_resume;
  iface->stop = mpd_stop;
  iface->seek = mpd_seek;
  iface->get_position = mpd_get_position;
  iface->set_volume = mpd_set_volume;
  iface->next_filler = mpd_next_filler;
  iface->set_filler_playlist = mpd_set_filler_playlist;
  iface->artwork_async = mpd_artwork_async;
  iface->artwork_finish = mpd_artwork_finish;
  iface->dup_playing = mpd_dup_playing;
  iface->hand_over = mpd_hand_over;
  iface->take_back = mpd_take_back;
  iface->command_async = mpd_command_async;
  iface->command_finish = mpd_command_finish;
  iface->list_playlists_async = mpd_list_playlists_async;
  iface->list_playlists_finish = mpd_list_playlists_finish;
}

/* GObject */

static void
tempo_mpd_source_dispose (GObject *object)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (object);

  g_clear_pointer (&self->agent, tempo_mpd_agent_close);
  G_OBJECT_CLASS (tempo_mpd_source_parent_class)->dispose (object);
}

static void
tempo_mpd_source_finalize (GObject *object)
{
  TempoMpdSource *self = TEMPO_MPD_SOURCE (object);

  g_queue_clear_full (&self->filler, g_object_unref);
  g_clear_pointer (&self->house, g_ptr_array_unref);
  g_clear_object (&self->song);
  tempo_mpd_catalogue_free (self->catalogue);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->playlist, g_free);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (tempo_mpd_source_parent_class)->finalize (object);
}

static void
tempo_mpd_source_class_init (TempoMpdSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_mpd_source_dispose;
  object_class->finalize = tempo_mpd_source_finalize;
}

static void
tempo_mpd_source_init (TempoMpdSource *self)
{
  g_queue_init (&self->filler);
  self->catalogue = tempo_mpd_catalogue_new ();
  self->health = TEMPO_SOURCE_CONNECTING;
  self->code = "connecting";
  self->text = g_strdup ("the player is being called");
  self->last_error = "";
}

/**
 * tempo_mpd_source_new:
 *
 * Nothing is known of the daemon at first: the health says "connecting" and changes soon.
 * Returns: (transfer full)
 */
TempoSource *
tempo_mpd_source_new (const TempoMpdOptions *options)
{
  TempoMpdSource *self = g_object_new (TEMPO_TYPE_MPD_SOURCE, NULL);

  self->clock = options->clock ? g_object_ref (options->clock) : tempo_clock_new_system ();
  self->agent = tempo_mpd_agent_new (options, news_cb, self);
  return TEMPO_SOURCE (self);
}
