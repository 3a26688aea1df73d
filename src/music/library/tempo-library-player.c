/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-player.h"

#include "music/library/tempo-library-deck.h"
#include "music/tempo-worker.h"

#define STOP_WAIT (2 * G_USEC_PER_SEC)

struct _TempoLibraryPlayer
{
  int references; /* (atomic) the owner's, the deck's and one for each event on its way */
  GMainContext *engine; /* (owned) */
  TempoWorker *worker; /* (owned) */
  TempoLibraryDeck *deck; /* (owned by the worker) */
  const TempoPlayerEvents *events; /* (nullable) NULL once freed */
  gpointer user_data;
  guint song; /* number of the song that counts; events of another are dropped */
  gboolean running; /* it sounds, so the position moves */
  gboolean held;    /* paused by the host */
  gint64 anchor_ms;   /* where the song was ... */
  gint64 anchor_time; /* ... at this monotonic time, and it goes on from there while @running */
  gint64 last_gap;
};

typedef enum
{
  PROBE,
  PLAY,
  PAUSE,
  RESUME,
  STOP,
  SEEK,
  VOLUME,
} CommandKind;

typedef struct
{
  CommandKind kind;
  TempoLibraryDeck *deck;
  guint song;
  char *uri; /* (owned) (nullable) */
  char *folder; /* (owned) (nullable) */
  gint64 position_ms;
  double volume;
} Command;

typedef struct
{
  TempoLibraryPlayer *player; /* (owned) */
  TempoDeckEvent event;
  guint song;
  gint64 position_ms;
  gint64 gap_ms;
  gint64 time; /* monotonic */
  GError *error; /* (owned) (nullable) */
} Told;

static void
player_unref (TempoLibraryPlayer *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_main_context_unref (self->engine);
  g_free (self);
}

static void
set_anchor (TempoLibraryPlayer *self, gint64 position_ms, gint64 time)
{
  self->anchor_ms = position_ms;
  self->anchor_time = time;
}

static void
take_event (TempoLibraryPlayer *self, const Told *told)
{
  switch (told->event)
    {
    case TEMPO_DECK_STARTED:
      set_anchor (self, told->position_ms, told->time);
      self->running = !self->held;
      if (told->gap_ms >= 0)
        self->last_gap = told->gap_ms;
      self->events->device (TRUE, "", self->user_data);
      self->events->started (self->user_data);
      break;
    case TEMPO_DECK_ENDED:
      self->running = FALSE;
      set_anchor (self, 0, told->time);
      self->events->ended (self->user_data);
      break;
    case TEMPO_DECK_FAILED:
      self->running = FALSE;
      set_anchor (self, 0, told->time);
      self->events->failed (told->error, self->user_data);
      break;
    case TEMPO_DECK_JUMPED:
      set_anchor (self, told->position_ms, told->time);
      self->running = !self->held;
      self->events->jumped (told->position_ms, self->user_data);
      break;
    case TEMPO_DECK_AT:
      set_anchor (self, told->position_ms, told->time);
      break;
    case TEMPO_DECK_DEVICE:
    default:
      self->events->device (told->error == NULL, told->error ? told->error->message : "", self->user_data);
      break;
    }
}

static void
told_func (gpointer data)
{
  Told *told = data;
  TempoLibraryPlayer *self = told->player;

  if (self->events == NULL)
    return;
  if (told->event == TEMPO_DECK_DEVICE || told->song == self->song)
    take_event (self, told);
}

static void
free_told (gpointer data)
{
  g_autofree Told *told = data;

  g_clear_error (&told->error);
  player_unref (told->player);
}

/* On the worker. */
static void
tell_cb (TempoDeckEvent event, guint song, gint64 position_ms, gint64 gap_ms, const GError *error, gpointer user_data)
{
  TempoLibraryPlayer *self = user_data;
  Told *told = g_new0 (Told, 1);

  g_atomic_int_inc (&self->references);
  *told = (Told){
    self, event, song, position_ms, gap_ms, g_get_monotonic_time (), error ? g_error_copy (error) : NULL
  };
  tempo_post (self->engine, told_func, told, free_told);
}

static void
command_func (gpointer data)
{
  Command *command = data;

  switch (command->kind)
    {
    case PROBE:
      tempo_library_deck_probe (command->deck);
      break;
    case PLAY:
      tempo_library_deck_play (command->deck, command->song, command->uri, command->folder, command->position_ms);
      break;
    case PAUSE:
      tempo_library_deck_pause (command->deck);
      break;
    case RESUME:
      tempo_library_deck_resume (command->deck);
      break;
    case STOP:
      tempo_library_deck_stop (command->deck);
      break;
    case SEEK:
      tempo_library_deck_seek (command->deck, command->position_ms);
      break;
    case VOLUME:
    default:
      tempo_library_deck_set_volume (command->deck, command->volume);
      break;
    }
}

static void
free_command (gpointer data)
{
  g_autofree Command *command = data;

  g_clear_pointer (&command->uri, g_free);
  g_clear_pointer (&command->folder, g_free);
}

static void
send (TempoLibraryPlayer *self, CommandKind kind, gint64 position_ms, double volume, const char *uri,
      const char *folder)
{
  Command *command = g_new0 (Command, 1);

  *command = (Command) { kind, self->deck, self->song, g_strdup (uri), g_strdup (folder), position_ms, volume };
  tempo_worker_post (self->worker, command_func, command, free_command);
}

static void
close_func (gpointer data)
{
  TempoLibraryPlayer *self = data;

  tempo_library_deck_free (self->deck);
}

static void
close_player (gpointer data)
{
  player_unref (data);
}

/**
 * tempo_library_player_new:
 *
 * Touches no device until tempo_library_player_probe() or a song.
 * gst_init() must have been called.
 */
TempoLibraryPlayer *
tempo_library_player_new (const char *sink, const TempoPlayerEvents *events, gpointer user_data)
{
  TempoLibraryPlayer *self = g_new0 (TempoLibraryPlayer, 1);

  self->references = 2;
  self->engine = g_main_context_ref_thread_default ();
  self->events = events;
  self->user_data = user_data;
  self->last_gap = -1;
  self->deck = tempo_library_deck_new (sink, tell_cb, self);
  self->worker = tempo_worker_new ("tempo-sound");
  return self;
}

/**
 * tempo_library_player_probe:
 *
 * Looks whether the output can be opened, on the worker; the "device" event comes
 * when it cannot. Not done for a library without music: the plugins that know
 * every sound server cost 6 MiB of memory.
 */
void
tempo_library_player_probe (TempoLibraryPlayer *self)
{
  send (self, PROBE, 0, 0, NULL, NULL);
}

/**
 * tempo_library_player_free:
 *
 * Silence. Waits for the device to be closed, but not for a sound server that
 * hangs: then the thread is left to end by itself. NULL is allowed.
 */
void
tempo_library_player_free (TempoLibraryPlayer *self)
{
  if (self == NULL)
    return;
  self->events = NULL;
  tempo_worker_post (self->worker, close_func, self, close_player);
  tempo_worker_stop (self->worker, STOP_WAIT);
  tempo_worker_unref (self->worker);
  player_unref (self);
}

/**
 * tempo_library_player_play:
 *
 * Replaces whatever plays; from now on nothing of the song before is told, not even
 * an end that was on its way.
 */
void
tempo_library_player_play (TempoLibraryPlayer *self, const char *uri, const char *folder, gint64 position_ms)
{
  self->song++;
  self->running = FALSE;
  self->held = FALSE;
  set_anchor (self, position_ms, 0);
  send (self, PLAY, position_ms, 0, uri, folder);
}

/**
 * tempo_library_player_pause:
 *
 * The position stands still at once,
 * the sound when the device has taken notice.
 */
void
tempo_library_player_pause (TempoLibraryPlayer *self)
{
  set_anchor (self, tempo_library_player_get_position (self), 0);
  self->running = FALSE;
  self->held = TRUE;
  send (self, PAUSE, 0, 0, NULL, NULL);
}

/**
 * tempo_library_player_resume:
 *
 * The position runs on when it sounds again,
 * which the "jumped" event tells.
 */
void
tempo_library_player_resume (TempoLibraryPlayer *self)
{
  self->held = FALSE;
  send (self, RESUME, 0, 0, NULL, NULL);
}

/**
 * tempo_library_player_stop:
 *
 * Nothing of the song is told any more:
 * neither an end nor a failure.
 */
void
tempo_library_player_stop (TempoLibraryPlayer *self)
{
  self->song++;
  self->running = FALSE;
  self->held = FALSE;
  set_anchor (self, 0, 0);
  send (self, STOP, 0, 0, NULL, NULL);
}

/**
 * tempo_library_player_seek:
 *
 * "jumped" tells where it sounds from, which need not be
 * exactly where it was asked to.
 */
void
tempo_library_player_seek (TempoLibraryPlayer *self, gint64 position_ms)
{
  send (self, SEEK, position_ms, 0, NULL, NULL);
}

/**
 * tempo_library_player_set_volume:
 *
 * 0..1 on the cubic scale,
 * for this song and those that follow.
 */
void
tempo_library_player_set_volume (TempoLibraryPlayer *self, double volume)
{
  send (self, VOLUME, 0, volume, NULL, NULL);
}

/**
 * tempo_library_player_get_position:
 *
 * Reckoned from the last position the device told, at most two seconds ago, so
 * that asking costs nothing and cannot hang.
 */
gint64
tempo_library_player_get_position (TempoLibraryPlayer *self)
{
  if (!self->running)
    return self->anchor_ms;
  return self->anchor_ms + MAX (g_get_monotonic_time () - self->anchor_time, 0) / 1000;
}

/**
 * tempo_library_player_get_last_gap:
 *
 * From the end of a song to the first sound of the next one, when that was handed
 * over within a second; -1 before the first such pair.
 */
gint64
tempo_library_player_get_last_gap (TempoLibraryPlayer *self)
{
  return self->last_gap;
}
