/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives the source of one room. The engine owns the queue and hands over one song late; the source
 * says when it ended. Music never waits for the disk: a song is handed over at once, what it means for
 * the queue is written beside it, and if that fails the song still sounds and is recorded later. */
#include "venue/tempo-player-private.h"

#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "model/tempo-room-view.h"
#include "music/library/tempo-library.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"

#define SAVE_US (5 * G_TIME_SPAN_SECOND)
/* So many songs in a row that cannot be played mean that it is not the songs. */
#define MAX_FAILURES 10
/* A jump smaller than this is the clock's, not somebody's. */
#define JUMP_MS 1500
#define OPEN_PLAYS_US G_TIME_SPAN_DAY

struct _TempoPlayer
{
  TempoRoom *room;        /* (unowned) owns the player */
  TempoSource *source;    /* (owned) (nullable) before set up */
  char *kind;             /* (owned) (nullable) */
  TempoActor *system;     /* (owned) */
  TempoSong *song;        /* (owned) (nullable) what the source was handed, or the DJ plays */
  char *request_id;       /* (owned) (nullable) */
  TempoSong *next_filler; /* (owned) (nullable) */
  GHashTable *sounded;    /* (owned) requests that were handed over since the start */
  gboolean engaged;       /* the host wants music */
  gboolean loaded;        /* the source holds the song */
  gboolean blocked;       /* nothing can be played until the source says otherwise */
  gboolean ended_early;   /* the song ended while nothing could be written */
  guint failures;
  gint64 saved_at;
  char *trouble;          /* (owned) (nullable) */
  TempoHealthLevel level;
};

static void advance (TempoPlayer *self);

static gboolean
can_write (TempoPlayer *self)
{
  TempoVenue *venue = self->room->venue;

  return !venue->reloading && !venue->broken && !venue->closing;
}

static void
set_trouble (TempoPlayer *self,
             TempoHealthLevel level,
             const char *text)
{
  if (g_strcmp0 (self->trouble, text) == 0)
    return;

  g_clear_pointer (&self->trouble, g_free);
  self->trouble = g_strdup (text);
  self->level = level;
  tempo_room_tell (self->room, TEMPO_DIRTY_HEALTH);
}

static gint64
now_us (TempoPlayer *self)
{
  return tempo_venue_now (self->room->venue);
}

static void
show_now (TempoPlayer *self,
          TempoRequest *request,
          gint64 position_ms,
          gboolean playing)
{
  tempo_room_set_now (self->room, tempo_now_playing_new (self->song, request, position_ms,
                                                         now_us (self), playing));
}

static void
forget_song (TempoPlayer *self)
{
  g_clear_object (&self->song);
  g_clear_pointer (&self->request_id, g_free);
  self->loaded = FALSE;
}

static void
hand_over (TempoPlayer *self,
           gint64 position_ms)
{
  if (!tempo_player_can (self, TEMPO_SOURCE_PLAY))
    return;

  self->loaded = TRUE;
  tempo_source_set_volume (self->source, self->room->info->volume);
  tempo_source_play (self->source, self->song, position_ms);
}

/* @request: (nullable) NULL for filler. Its state is the caller's. */
static void
begin_song (TempoPlayer *self,
            TempoSong *song,
            TempoRequest *request,
            const char *song_key,
            gint64 position_ms)
{
  TempoRoom *room = self->room;
  g_autofree char *play_id = tempo_id_new (room->venue->host->clock);

  g_set_object (&self->song, song);
  g_clear_pointer (&self->request_id, g_free);
  self->request_id = request != NULL ? g_strdup (request->id) : NULL;
  if (request != NULL)
    g_hash_table_add (self->sounded, g_strdup (request->id));

  tempo_batch_add (tempo_venue_write (room->venue), "play-insert", "ssssssssi", play_id, room->info->id,
                   room->event != NULL ? room->event->id : NULL, self->request_id, song->id,
                   song->title, song->artist,
                   song_key, now_us (self));
  tempo_room_note_play (room, song_key, now_us (self));
  show_now (self, request, position_ms, TRUE);
  tempo_player_save (self);
  hand_over (self, position_ms);
}

static void
end_play (TempoPlayer *self)
{
  gint64 now = now_us (self);

  tempo_batch_add (tempo_venue_write (self->room->venue), "play-end", "sii", self->room->info->id,
                   now, now - OPEN_PLAYS_US);
}

/* It never sounded: nobody is to hear that it played lately. */
static void
forget_play (TempoPlayer *self)
{
  g_autofree char *key = self->song != NULL ? tempo_song_key (self->song->artist, self->song->title) : NULL;

  if (key != NULL)
    g_hash_table_remove (self->room->plays, key);
  tempo_batch_add (tempo_venue_write (self->room->venue), "play-forget", "si", self->room->info->id,
                   now_us (self) - OPEN_PLAYS_US);
}

static void
fall_silent (TempoPlayer *self)
{
  tempo_batch_add (tempo_venue_write (self->room->venue), "playback-clear", "s", self->room->info->id);
  if (self->loaded || tempo_player_can (self, TEMPO_SOURCE_PLAY))
    tempo_source_stop (self->source);
  forget_song (self);
  if (self->room->now != NULL)
    tempo_room_set_now (self->room, NULL);
}

/* The first song of the queue that the source has and whose guest is not on hold. */
static TempoRequest *
pick_next (TempoPlayer *self)
{
  TempoRoom *room = self->room;

  tempo_room_sort (room);
  for (guint i = 0; i < room->queue->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (room->queue, i);

      if (request->song->id == NULL || tempo_room_is_held (room, request)
          || g_hash_table_contains (self->sounded, request->id))
        continue;
      return request;
    }

  return NULL;
}

static gboolean
begin_filler (TempoPlayer *self)
{
  g_autoptr (TempoSong) song = g_steal_pointer (&self->next_filler);
  g_autofree char *key = NULL;

  if (!self->room->filler || !tempo_player_can (self, TEMPO_SOURCE_FILLER))
    return FALSE;
  if (song == NULL)
    song = tempo_source_next_filler (self->source);
  if (song == NULL)
    return FALSE;

  key = tempo_song_key (song->artist, song->title);
  begin_song (self, song, NULL, key, 0);

  return TRUE;
}

/* Nothing plays: the next wish, else the house's own music, else silence. */
static void
advance (TempoPlayer *self)
{
  TempoRequest *next;

  if (!self->engaged || self->blocked || !tempo_player_can (self, TEMPO_SOURCE_PLAY))
    {
      fall_silent (self);
      return;
    }

  next = pick_next (self);
  if (next != NULL)
    tempo_player_start (self, next, 0, self->system, "start");
  else if (!begin_filler (self))
    fall_silent (self);
}

/* The song goes back to where it was, first in line. */
static void
put_back (TempoPlayer *self)
{
  TempoRequest *request = self->room->now != NULL ? self->room->now->request : NULL;
  TempoRequest *after;

  if (request == NULL)
    return;

  after = tempo_request_copy (request);
  after->status = TEMPO_REQUEST_APPROVED;
  after->started_at = 0;
  after->pinned = TRUE;
  after->rank = 0;
  g_hash_table_remove (self->sounded, request->id);
  tempo_room_audit_request (self->room, self->system, "put_back", request, after);
  tempo_room_change (self->room, after);
  tempo_room_lock (self->room, NULL);
}

static void
ended_cb (TempoSource *source,
          TempoPlayer *self)
{
  if (!self->loaded)
    return;

  self->loaded = FALSE;
  if (can_write (self))
    tempo_player_finish (self, self->system, "ended", NULL, TRUE);
  else
    self->ended_early = TRUE;
}

static void
fail_song (TempoPlayer *self,
           const GError *error)
{
  TempoRequest *request = self->room->now != NULL ? self->room->now->request : NULL;

  if (request != NULL)
    tempo_room_finish (self->room, request, TEMPO_REQUEST_FAILED, self->system, "failed", "unplayable", NULL);
  if (self->song != NULL && self->song->id != NULL
      && G_TYPE_CHECK_INSTANCE_TYPE (self->source, TEMPO_TYPE_LIBRARY))
    tempo_library_mark_broken (TEMPO_LIBRARY (self->source), self->song->id, error->message);
  forget_play (self);
  forget_song (self);
  tempo_room_set_now (self->room, NULL);
  if (++self->failures >= MAX_FAILURES)
    self->blocked = TRUE;
  set_trouble (self, self->blocked ? TEMPO_HEALTH_BAD : TEMPO_HEALTH_WARNING, error->message);
  advance (self);
}

static void
failed_cb (TempoSource *source,
           GError *error,
           TempoPlayer *self)
{
  if (!can_write (self))
    {
      self->ended_early = TRUE;
      return;
    }
  if (!g_error_matches (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE)
      && !g_error_matches (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE))
    {
      fail_song (self, error);
      return;
    }

  /* Nothing is wrong with the song: it keeps its turn until there is something to sound on. */
  self->blocked = TRUE;
  forget_play (self);
  put_back (self);
  fall_silent (self);
  set_trouble (self, TEMPO_HEALTH_BAD, error->message);
}

static void
started_cb (TempoSource *source,
            TempoPlayer *self)
{
  self->failures = 0;
  set_trouble (self, TEMPO_HEALTH_GOOD, NULL);
}

static void
position_cb (TempoSource *source,
             gint64 position_ms,
             TempoPlayer *self)
{
  TempoNowPlaying *now = self->room->now;

  if (now == NULL || !self->loaded || !can_write (self))
    return;
  if (ABS (tempo_now_playing_position (now, now_us (self)) - position_ms) < JUMP_MS)
    return;

  show_now (self, now->request, position_ms, now->playing);
  tempo_player_save (self);
}

static void
health_changed_cb (TempoSource *source,
                   TempoPlayer *self)
{
  if (tempo_source_get_health (source, NULL) == TEMPO_SOURCE_READY && self->blocked)
    {
      self->blocked = FALSE;
      self->failures = 0;
      set_trouble (self, TEMPO_HEALTH_GOOD, NULL);
      tempo_player_wake (self);
    }
  tempo_room_tell (self->room, TEMPO_DIRTY_HEALTH);
}

static void
catalogue_changed_cb (TempoSource *source,
                      TempoPlayer *self)
{
  tempo_player_wake (self);
}

/* Screens on other threads follow the scan by these figures. */
static void
scan_changed_cb (GObject *library,
                 GParamSpec *pspec,
                 TempoPlayer *self)
{
  TempoScan scan;

  g_object_get (library, "scanning", &scan.scanning, "scanned", &scan.scanned, "total",
                &scan.total, "songs", &scan.songs,
                "broken", &scan.broken, NULL);
  tempo_host_set_scan (self->room->venue->host, self->room->info->id, &scan);
}

static void
drop_source (TempoPlayer *self)
{
  if (self->source == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->source, self);
  if (tempo_player_can (self, TEMPO_SOURCE_PLAY))
    tempo_source_stop (self->source);
  g_clear_object (&self->source);
  g_clear_object (&self->next_filler);
}

static void
set_folders (TempoPlayer *self)
{
  TempoRoom *room = self->room;
  const char *folder = room->music_folder != NULL ? room->music_folder : room->venue->host->music_folder;

  if (!G_TYPE_CHECK_INSTANCE_TYPE (self->source, TEMPO_TYPE_LIBRARY))
    return;

  tempo_library_set_filler_folder (TEMPO_LIBRARY (self->source), room->filler_folder);
  if (g_strcmp0 (tempo_library_get_folder (TEMPO_LIBRARY (self->source)), folder) != 0)
    tempo_library_set_folder (TEMPO_LIBRARY (self->source), folder);
}

static gboolean
refuse (GError **error,
        TempoRefusal refusal,
        const char *what)
{
  g_propagate_error (error, tempo_refusal_new (refusal, NULL, "%s", what));

  return FALSE;
}

/**
 * tempo_player_new:
 * @room: the room, which owns it
 *
 * Returns: (transfer full): a player without a source
 */
TempoPlayer *
tempo_player_new (TempoRoom *room)
{
  TempoPlayer *self = g_new0 (TempoPlayer, 1);

  self->room = room;
  self->system = tempo_actor_new_local (TEMPO_ACTOR_SYSTEM);
  self->sounded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/**
 * tempo_player_free:
 * @self: (transfer full): a player
 *
 * Silence.
 */
void
tempo_player_free (TempoPlayer *self)
{
  drop_source (self);
  forget_song (self);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->system, tempo_actor_unref);
  g_clear_pointer (&self->sounded, g_hash_table_unref);
  g_clear_pointer (&self->trouble, g_free);
  g_free (self);
}

/**
 * tempo_player_set_up:
 * @self: a player
 *
 * Makes the source the room asks for, or gives the present one its new folders.
 */
void
tempo_player_set_up (TempoPlayer *self)
{
  TempoRoom *room = self->room;
  TempoHost *host = room->venue->host;

  if (g_strcmp0 (self->kind, room->info->source) != 0)
    {
      if (self->source != NULL && room->now != NULL)
        tempo_player_finish (self, self->system, "source_changed", NULL, FALSE);
      drop_source (self);
      g_clear_pointer (&self->kind, g_free);
      self->kind = g_strdup (room->info->source);
      self->source = host->source_factory (host, room->venue->organization->id, room->info->id,
                                           self->kind, host->source_factory_data);
      g_signal_connect (self->source, "ended", G_CALLBACK (ended_cb), self);
      g_signal_connect (self->source, "failed", G_CALLBACK (failed_cb), self);
      g_signal_connect (self->source, "started", G_CALLBACK (started_cb), self);
      g_signal_connect (self->source, "position", G_CALLBACK (position_cb), self);
      g_signal_connect (self->source, "health-changed", G_CALLBACK (health_changed_cb), self);
      g_signal_connect (self->source, "catalogue-changed", G_CALLBACK (catalogue_changed_cb), self);
      if (G_TYPE_CHECK_INSTANCE_TYPE (self->source, TEMPO_TYPE_LIBRARY))
        g_signal_connect (self->source, "notify", G_CALLBACK (scan_changed_cb), self);
    }
  set_folders (self);
}

/**
 * tempo_player_rest:
 * @self: a player
 *
 * Lets the source go with its files, watches and threads; what sounds ends. tempo_player_set_up() makes a new one.
 */
void
tempo_player_rest (TempoPlayer *self)
{
  if (self->source != NULL && self->room->now != NULL)
    tempo_player_finish (self, self->system, "room_closed", NULL, FALSE);
  drop_source (self);
  g_clear_pointer (&self->kind, g_free);
}

/**
 * tempo_player_get_source:
 * @self: a player
 *
 * Returns: (transfer none): its source
 */
TempoSource *
tempo_player_get_source (TempoPlayer *self)
{
  return self->source;
}

/**
 * tempo_player_can:
 * @self: a player
 * @abilities: what is needed
 *
 * Returns: %TRUE when the source has all of them
 */
gboolean
tempo_player_can (TempoPlayer *self,
                  TempoSourceAbilities abilities)
{
  return self->source != NULL && (tempo_source_get_abilities (self->source) & abilities) == abilities;
}

/**
 * tempo_player_continue:
 * @self: a player with nothing to play
 * @song: (nullable): what sounded when Tempo stopped
 * @request_id: (nullable): whose wish it was
 * @position_ms: how far it was when that was last saved
 * @playing: %FALSE when it was paused
 *
 * Goes on where the file says. Nothing is written: nothing changed.
 */
void
tempo_player_continue (TempoPlayer *self,
                       TempoSong *song,
                       const char *request_id,
                       gint64 position_ms,
                       gboolean playing)
{
  TempoRequest *request = tempo_room_find_request (self->room, request_id);

  self->engaged = self->room->event != NULL || playing;
  if (song == NULL)
    return;

  g_set_object (&self->song, song);
  self->request_id = request != NULL ? g_strdup (request->id) : NULL;
  show_now (self, request, position_ms, playing);
  self->saved_at = now_us (self);
  if (playing)
    hand_over (self, position_ms);
}

/**
 * tempo_player_reconcile:
 * @self: a player
 *
 * What is in memory was just read anew from the file, because a commit failed. What sounds, sounds.
 */
void
tempo_player_reconcile (TempoPlayer *self)
{
  TempoRequest *request = tempo_room_find_request (self->room, self->request_id);

  if (request != NULL && request->status != TEMPO_REQUEST_PLAYING)
    request = NULL;
  if (self->song != NULL)
    show_now (self, request, tempo_player_get_position (self), self->loaded);
  else
    tempo_room_set_now (self->room, NULL);
}

/* Songs that sounded, or sound, without the file knowing. */
static void
record_late (TempoPlayer *self)
{
  g_autoptr (GPtrArray) late = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->sounded);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      TempoRequest *request = tempo_room_find_request (self->room, id);
      gboolean current = g_strcmp0 (id, self->request_id) == 0;

      if (request == NULL || request->ended_at != 0)
        g_hash_table_iter_remove (&iter);
      else if (!current || request->status != TEMPO_REQUEST_PLAYING)
        g_ptr_array_add (late, g_object_ref (request));
    }

  for (guint i = 0; i < late->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (late, i);
      TempoRequest *after;

      if (g_strcmp0 (request->id, self->request_id) != 0)
        {
          tempo_room_finish (self->room, request, TEMPO_REQUEST_PLAYED, self->system, "ended", NULL, NULL);
          continue;
        }
      after = tempo_request_copy (request);
      after->status = TEMPO_REQUEST_PLAYING;
      after->started_at = now_us (self);
      tempo_room_audit_request (self->room, self->system, "start", request, after);
      tempo_room_change (self->room, after);
      show_now (self, after, tempo_player_get_position (self), TRUE);
      tempo_player_save (self);
    }
}

/**
 * tempo_player_wake:
 * @self: a player
 *
 * Something became playable: starts it if nothing sounds and the host wants music.
 */
void
tempo_player_wake (TempoPlayer *self)
{
  if (!self->engaged || self->blocked || self->room->now != NULL || !can_write (self))
    return;
  if (!tempo_player_can (self, TEMPO_SOURCE_PLAY))
    return;

  if (self->room->filler && self->next_filler == NULL && tempo_player_can (self, TEMPO_SOURCE_FILLER))
    self->next_filler = tempo_source_next_filler (self->source);
  /* With nothing at all to play there is nothing to write either. */
  if (pick_next (self) != NULL || (self->room->filler && self->next_filler != NULL))
    advance (self);
}

/**
 * tempo_player_engage:
 * @self: a player
 *
 * The doors are open: the host wants music from now on.
 */
void
tempo_player_engage (TempoPlayer *self)
{
  self->engaged = TRUE;
  g_hash_table_remove_all (self->sounded);
  tempo_player_wake (self);
}

/**
 * tempo_player_get_position:
 * @self: a player
 *
 * Returns: milliseconds into the song
 */
gint64
tempo_player_get_position (TempoPlayer *self)
{
  if (self->loaded && tempo_player_can (self, TEMPO_SOURCE_PLAY))
    return tempo_source_get_position (self->source);

  return self->room->now != NULL ? tempo_now_playing_position (self->room->now, now_us (self)) : 0;
}

/**
 * tempo_player_finish:
 * @self: a player
 * @actor: who ends the song
 * @action: word of the log
 * @reason: (nullable): code
 * @advance_now: go on with the next
 *
 * The song was played.
 */
void
tempo_player_finish (TempoPlayer *self,
                     TempoActor *actor,
                     const char *action,
                     const char *reason,
                     gboolean advance_now)
{
  TempoRequest *request = self->room->now != NULL ? self->room->now->request : NULL;

  if (self->room->now != NULL)
    end_play (self);
  if (request != NULL)
    tempo_room_finish (self->room, request, TEMPO_REQUEST_PLAYED, actor, action, reason, NULL);
  forget_song (self);
  if (self->room->now != NULL)
    tempo_room_set_now (self->room, NULL);
  if (advance_now)
    advance (self);
  else
    fall_silent (self);
}

/**
 * tempo_player_start:
 * @self: a player
 * @request: what to play
 * @position_ms: from where
 * @actor: who wants it
 * @action: word of the log
 *
 * Hands the song over.
 */
void
tempo_player_start (TempoPlayer *self,
                    TempoRequest *request,
                    gint64 position_ms,
                    TempoActor *actor,
                    const char *action)
{
  TempoRequest *after = tempo_request_copy (request);
  TempoSlot *slot = tempo_room_find_slot (self->room, request->id);

  after->status = TEMPO_REQUEST_PLAYING;
  after->started_at = now_us (self);
  if (after->decided_at == 0)
    after->decided_at = after->started_at;
  self->engaged = TRUE;
  tempo_room_audit_request (self->room, actor, action, request, after);
  tempo_room_change (self->room, after);
  begin_song (self, after->song, after, slot->song_key, position_ms);
}

/**
 * tempo_player_release:
 * @self: a player
 *
 * Lets go of the song without calling it played: the caller knows what becomes of it.
 */
void
tempo_player_release (TempoPlayer *self)
{
  if (self->request_id != NULL)
    g_hash_table_remove (self->sounded, self->request_id);
  if (self->room->now != NULL)
    end_play (self);
  forget_song (self);
  tempo_room_set_now (self->room, NULL);
}

/**
 * tempo_player_play:
 * @self: a player
 * @actor: who wants it
 * @error: nothing to play
 *
 * Goes on, or begins with the next song.
 *
 * Returns: %FALSE when there is nothing
 */
gboolean
tempo_player_play (TempoPlayer *self,
                   TempoActor *actor,
                   GError **error)
{
  TempoNowPlaying *now = self->room->now;
  gint64 position = tempo_player_get_position (self);

  self->engaged = TRUE;
  self->blocked = FALSE;
  if (now != NULL && now->playing)
    return TRUE;

  if (now != NULL)
    {
      if (self->loaded && tempo_player_can (self, TEMPO_SOURCE_TRANSPORT))
        tempo_source_resume (self->source);
      else
        hand_over (self, position);
      show_now (self, now->request, position, TRUE);
      tempo_player_save (self);
      return TRUE;
    }

  if (tempo_player_can (self, TEMPO_SOURCE_PLAY))
    {
      advance (self);
    }
  else
    {
      tempo_room_sort (self->room);
      if (self->room->queue->len > 0)
        tempo_player_start (self, g_ptr_array_index (self->room->queue, 0), 0, actor, "mark_playing");
    }

  return self->room->now != NULL || refuse (error, TEMPO_REFUSAL_STATE, "there is nothing to play");
}

/**
 * tempo_player_pause:
 * @self: a player
 * @error: nothing plays
 *
 * Returns: %FALSE when nothing plays
 */
gboolean
tempo_player_pause (TempoPlayer *self,
                    GError **error)
{
  TempoNowPlaying *now = self->room->now;
  gint64 position = tempo_player_get_position (self);

  if (now == NULL)
    return refuse (error, TEMPO_REFUSAL_STATE, "nothing plays");
  if (!now->playing)
    return TRUE;
  if (tempo_player_can (self, TEMPO_SOURCE_PLAY) && !tempo_player_can (self, TEMPO_SOURCE_TRANSPORT))
    return refuse (error, TEMPO_REFUSAL_SOURCE, "the source cannot pause");

  if (self->loaded)
    tempo_source_pause (self->source);
  show_now (self, now->request, position, FALSE);
  tempo_player_save (self);

  return TRUE;
}

/**
 * tempo_player_seek:
 * @self: a player
 * @position_ms: where to
 * @error: why not
 *
 * Returns: %FALSE when it cannot
 */
gboolean
tempo_player_seek (TempoPlayer *self,
                   gint64 position_ms,
                   GError **error)
{
  TempoNowPlaying *now = self->room->now;

  if (now == NULL)
    return refuse (error, TEMPO_REFUSAL_STATE, "nothing plays");
  if (!tempo_player_can (self, TEMPO_SOURCE_TRANSPORT))
    return refuse (error, TEMPO_REFUSAL_SOURCE, "the source cannot seek");
  if (position_ms < 0 || (now->song->duration_ms > 0 && position_ms > now->song->duration_ms))
    return refuse (error, TEMPO_REFUSAL_INVALID, "outside the song");

  if (self->loaded)
    tempo_source_seek (self->source, position_ms);
  show_now (self, now->request, position_ms, now->playing);
  tempo_player_save (self);

  return TRUE;
}

/**
 * tempo_player_set_volume:
 * @self: a player
 * @volume: 0 to 1
 *
 * Now and for every song to come.
 */
void
tempo_player_set_volume (TempoPlayer *self,
                         double volume)
{
  if (tempo_player_can (self, TEMPO_SOURCE_VOLUME))
    tempo_source_set_volume (self->source, volume);
}

/**
 * tempo_player_disown:
 * @self: a player
 *
 * The event ended: the wish is fulfilled, the song goes on as the house's.
 */
void
tempo_player_disown (TempoPlayer *self)
{
  TempoNowPlaying *now = self->room->now;

  if (now == NULL || now->request == NULL)
    return;

  g_clear_pointer (&self->request_id, g_free);
  /* Finishing the request leaves the song in "now", without it. */
  tempo_room_finish (self->room, now->request, TEMPO_REQUEST_PLAYED, self->system, "event_end", NULL, NULL);
  tempo_player_save (self);
}

/**
 * tempo_player_save:
 * @self: a player
 *
 * Writes where it is, for the day the lights go out.
 */
void
tempo_player_save (TempoPlayer *self)
{
  TempoNowPlaying *now = self->room->now;
  g_autofree char *song = NULL;

  if (now == NULL)
    return;

  song = tempo_song_to_text (now->song, self->room->locked_id);
  g_clear_pointer (&self->room->saved_lock, g_free);
  self->room->saved_lock = g_strdup (self->room->locked_id);
  self->saved_at = now_us (self);
  tempo_batch_add (tempo_venue_write (self->room->venue), "playback-set", "sssiii",
                   self->room->info->id, self->request_id,
                   song, self->loaded
                     ? tempo_player_get_position (self) : tempo_now_playing_position (now,
                                                                                      self->saved_at),
                   self->saved_at, (gint64) now->playing);
}

/**
 * tempo_player_tick:
 * @self: a player
 *
 * Saves the place every five seconds, and makes up for what could not be written.
 */
void
tempo_player_tick (TempoPlayer *self)
{
  if (!can_write (self))
    return;

  record_late (self);
  if (self->ended_early)
    {
      self->ended_early = FALSE;
      tempo_player_finish (self, self->system, "ended", NULL, TRUE);
    }
  if (self->room->now != NULL && self->room->now->playing && now_us (self) - self->saved_at >= SAVE_US)
    tempo_player_save (self);
}

/**
 * tempo_player_get_trouble:
 * @self: a player
 * @level: (out): how bad it is
 *
 * Returns: (nullable): what is wrong with the source
 */
const char *
tempo_player_get_trouble (TempoPlayer *self,
                          guint *level)
{
  static const TempoHealthLevel levels[] = { [TEMPO_SOURCE_READY] = TEMPO_HEALTH_GOOD,
                                             [TEMPO_SOURCE_CONNECTING] = TEMPO_HEALTH_WARNING,
                                             [TEMPO_SOURCE_NEEDS_SIGN_IN] = TEMPO_HEALTH_BAD,
                                             [TEMPO_SOURCE_LIMITED] = TEMPO_HEALTH_WARNING,
                                             [TEMPO_SOURCE_NO_DEVICE] = TEMPO_HEALTH_BAD,
                                             [TEMPO_SOURCE_GONE] = TEMPO_HEALTH_BAD };
  const char *text = NULL;
  TempoSourceHealth health;

  *level = TEMPO_HEALTH_GOOD;
  if (self->trouble != NULL)
    {
      *level = self->level;
      return self->trouble;
    }
  if (self->source == NULL)
    return NULL;

  health = tempo_source_get_health (self->source, &text);
  *level = levels[health];

  return health == TEMPO_SOURCE_READY ? NULL : text;
}

/**
 * tempo_player_peek_filler:
 * @self: a player
 *
 * Returns: (transfer full) (nullable): the house's next song
 */
TempoSong *
tempo_player_peek_filler (TempoPlayer *self)
{
  if (self->next_filler == NULL && tempo_player_can (self, TEMPO_SOURCE_FILLER))
    self->next_filler = tempo_source_next_filler (self->source);

  return self->next_filler != NULL ? g_object_ref (self->next_filler) : NULL;
}
