/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives the sources of one room. The engine owns the queue and hands over one song late; the source
 * says when it ended. Music never waits for the disk: a song is handed over at once, what it means for
 * the queue is written beside it, and if that fails the song still sounds and is recorded later. */
#include "venue/tempo-player-parts.h"

#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-host-private.h"

#define SAVE_US (5 * G_TIME_SPAN_SECOND)
#define OPEN_PLAYS_US G_TIME_SPAN_DAY
/* A fallback looks up so many waiting songs for one it has; with more it would be the searching that is heard. */
#define MAX_LOOKED_AT 100

gboolean
tempo_player_can_write (TempoPlayer *self)
{
  TempoVenue *venue = self->room->venue;

  return !venue->reloading && !venue->broken && !venue->closing;
}

void
tempo_player_set_trouble (TempoPlayer *self,
                          TempoHealthLevel level,
                          const char *text)
{
  if (g_strcmp0 (self->trouble, text) == 0)
    return;

  g_clear_pointer (&self->trouble, g_free);
  self->trouble = g_strdup (text);
  self->level = level;
  if (text != NULL)
    tempo_host_log (self->room->venue->host, self->room->venue->organization, G_LOG_LEVEL_MESSAGE, "Room \"%s\", %s: %s",
                    self->room->info->name, self->active != NULL ? self->active->kind : "music", text);
  tempo_room_tell (self->room, TEMPO_DIRTY_HEALTH);
}

gint64
tempo_player_now (TempoPlayer *self)
{
  return tempo_venue_now (self->room->venue);
}

void
tempo_player_show (TempoPlayer *self,
                   TempoRequest *request,
                   gint64 position_ms,
                   gboolean playing)
{
  tempo_room_set_now (self->room, tempo_now_playing_new (self->song, request, position_ms,
                                                         tempo_player_now (self), playing));
}

void
tempo_player_forget_song (TempoPlayer *self)
{
  g_clear_object (&self->song);
  g_clear_pointer (&self->request_id, g_free);
  self->loaded = FALSE;
  self->foreign = FALSE;
}

static void
hand_over (TempoPlayer *self,
           gint64 position_ms)
{
  if (!tempo_player_can (self, TEMPO_SOURCE_PLAY))
    return;

  tempo_player_forget_next (self);
  self->loaded = TRUE;
  /* A player of its own has a loudness of its own, until the host moves the slider. */
  if (!tempo_player_can (self, TEMPO_SOURCE_NOW_PLAYING))
    tempo_source_set_volume (self->source, self->room->info->volume);
  tempo_source_play (self->source, self->song, position_ms);
}

void
tempo_player_begin (TempoPlayer *self,
                    TempoSong *song,
                    TempoRequest *request,
                    const char *song_key,
                    gint64 position_ms,
                    gboolean sounding)
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
                   song_key, tempo_player_now (self));
  tempo_room_note_play (room, song_key, tempo_player_now (self));
  tempo_player_show (self, request, position_ms, TRUE);
  tempo_player_save (self);
  if (sounding)
    self->loaded = TRUE;
  else
    hand_over (self, position_ms);
}

static void
end_play (TempoPlayer *self)
{
  gint64 now = tempo_player_now (self);

  tempo_batch_add (tempo_venue_write (self->room->venue), "play-end", "sii", self->room->info->id,
                   now, now - OPEN_PLAYS_US);
}

void
tempo_player_forget_play (TempoPlayer *self)
{
  g_autofree char *key = self->song != NULL ? tempo_song_key (self->song->artist, self->song->title) : NULL;

  if (key != NULL)
    g_hash_table_remove (self->room->plays, key);
  tempo_batch_add (tempo_venue_write (self->room->venue), "play-forget", "si", self->room->info->id,
                   tempo_player_now (self) - OPEN_PLAYS_US);
}

void
tempo_player_fall_silent (TempoPlayer *self)
{
  /* What a player of its own goes on with after Tempo's song is not Tempo's to stop. */
  gboolean ours = self->loaded || !tempo_player_can (self, TEMPO_SOURCE_NOW_PLAYING);

  tempo_batch_add (tempo_venue_write (self->room->venue), "playback-clear", "s", self->room->info->id);
  if (ours && tempo_player_can (self, TEMPO_SOURCE_PLAY))
    tempo_source_stop (self->source);
  tempo_player_forget_next (self);
  tempo_player_forget_song (self);
  if (self->room->now != NULL)
    tempo_room_set_now (self->room, NULL);
}

/**
 * tempo_player_pick:
 * @self: a player
 * @song: (out) (transfer none): the song as the active source has it
 *
 * Returns: (transfer none) (nullable): the first request of the queue that can be played
 *   now and whose guest is not on hold
 */
TempoRequest *
tempo_player_pick (TempoPlayer *self,
                   TempoSong **song)
{
  TempoRoom *room = self->room;

  tempo_room_sort (room);
  for (guint i = 0, looked_at = 0; i < room->queue->len && looked_at < MAX_LOOKED_AT; i++)
    {
      TempoRequest *request = g_ptr_array_index (room->queue, i);

      if (request->song->id == NULL || tempo_room_is_held (room, request)
          || g_hash_table_contains (self->sounded, request->id))
        continue;
      *song = tempo_player_find_song (self, request);
      if (*song != NULL)
        return request;
      looked_at++;
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
  tempo_player_begin (self, song, NULL, key, 0, FALSE);

  return TRUE;
}

void
tempo_player_advance (TempoPlayer *self)
{
  TempoRequest *next;
  TempoSong *song = NULL;

  if (tempo_player_take_choice (self))
    return;
  if (!self->engaged || self->blocked || !tempo_player_can (self, TEMPO_SOURCE_PLAY))
    {
      tempo_player_fall_silent (self);
      return;
    }

  next = tempo_player_pick (self, &song);
  if (next != NULL)
    tempo_player_begin_request (self, next, song, 0, self->system, "start", FALSE);
  else if (!begin_filler (self))
    tempo_player_fall_silent (self);
}

void
tempo_player_put_back (TempoPlayer *self)
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
  self->seats = g_ptr_array_new ();
  self->matches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

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
  tempo_player_free_seats (self);
  tempo_player_forget_song (self);
  tempo_player_forget_next (self);
  g_clear_pointer (&self->seats, g_ptr_array_unref);
  g_clear_pointer (&self->chosen, g_free);
  g_clear_pointer (&self->seen_key, g_free);
  g_clear_pointer (&self->matches, g_hash_table_unref);
  g_clear_pointer (&self->system, tempo_actor_unref);
  g_clear_pointer (&self->sounded, g_hash_table_unref);
  g_clear_pointer (&self->trouble, g_free);
  g_free (self);
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
  if (self->source != NULL)
    tempo_source_set_watching (self->source, self->room->event != NULL);
  if (song == NULL)
    return;

  g_set_object (&self->song, song);
  self->request_id = request != NULL ? g_strdup (request->id) : NULL;
  tempo_player_show (self, request, position_ms, playing);
  self->saved_at = tempo_player_now (self);
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
    tempo_player_show (self, request, tempo_player_get_position (self), self->loaded);
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
      after->started_at = tempo_player_now (self);
      tempo_room_audit_request (self->room, self->system, "start", request, after);
      tempo_room_change (self->room, after);
      tempo_player_show (self, after, tempo_player_get_position (self), TRUE);
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
  TempoSong *song = NULL;

  if (!self->engaged || self->blocked || self->room->now != NULL || !tempo_player_can_write (self))
    return;
  tempo_player_follow (self);
  if (self->room->now != NULL || !tempo_player_can (self, TEMPO_SOURCE_PLAY))
    return;

  if (self->room->filler && self->next_filler == NULL && tempo_player_can (self, TEMPO_SOURCE_FILLER))
    self->next_filler = tempo_source_next_filler (self->source);
  /* With nothing at all to play there is nothing to write either. */
  if (tempo_player_pick (self, &song) != NULL || (self->room->filler && self->next_filler != NULL))
    tempo_player_advance (self);
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
  if (self->source != NULL)
    tempo_source_set_watching (self->source, TRUE);
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
  if (self->loaded)
    return tempo_source_get_position (self->source);

  return self->room->now != NULL ? tempo_now_playing_position (self->room->now, tempo_player_now (self)) : 0;
}

void
tempo_player_close (TempoPlayer *self,
                    TempoActor *actor,
                    const char *action,
                    const char *reason)
{
  TempoRequest *request = self->room->now != NULL ? self->room->now->request : NULL;

  if (self->room->now != NULL)
    end_play (self);
  if (request != NULL)
    tempo_room_finish (self->room, request, TEMPO_REQUEST_PLAYED, actor, action, reason, NULL);
  tempo_player_forget_song (self);
  if (self->room->now != NULL)
    tempo_room_set_now (self->room, NULL);
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
  gboolean loaded = self->loaded;

  tempo_player_close (self, actor, action, reason);
  /* It sounds until something else is put on, or silence is. */
  self->loaded = loaded;
  if (advance_now)
    tempo_player_advance (self);
  else
    tempo_player_fall_silent (self);
}

void
tempo_player_begin_request (TempoPlayer *self,
                            TempoRequest *request,
                            TempoSong *song,
                            gint64 position_ms,
                            TempoActor *actor,
                            const char *action,
                            gboolean sounding)
{
  TempoRequest *after = tempo_request_copy (request);
  TempoSlot *slot = tempo_room_find_slot (self->room, request->id);
  g_autoptr (TempoSong) kept = g_object_ref (song);

  after->status = TEMPO_REQUEST_PLAYING;
  after->started_at = tempo_player_now (self);
  if (after->decided_at == 0)
    after->decided_at = after->started_at;
  self->engaged = TRUE;
  tempo_room_audit_request (self->room, actor, action, request, after);
  tempo_room_change (self->room, after);
  tempo_player_begin (self, kept, after, slot->song_key, position_ms, sounding);
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
  TempoSong *song = tempo_player_find_song (self, request);

  tempo_player_begin_request (self, request, song != NULL ? song : request->song, position_ms, actor, action, FALSE);
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
  tempo_player_forget_song (self);
  tempo_room_set_now (self->room, NULL);
}

static void
told_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoRoom) room = user_data;
  g_autoptr (GError) error = NULL;

  if (!tempo_source_command_finish (TEMPO_SOURCE (object), result, &error) && room->player != NULL
      && tempo_player_get_source (room->player) == TEMPO_SOURCE (object))
    tempo_player_set_trouble (room->player, TEMPO_HEALTH_WARNING, error->message);
}

/* What the host sees changes at once; a player that refuses says so in the health strip, and what it does
 * instead comes with its next signal. */
static void
tell (TempoPlayer *self,
      TempoSourceCommand command,
      double value)
{
  tempo_source_command_async (self->source, command, value, NULL, told_cb, g_object_ref (self->room));
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
        tell (self, TEMPO_SOURCE_RESUME, 0);
      else
        hand_over (self, position);
      tempo_player_show (self, now->request, position, TRUE);
      tempo_player_save (self);
      return TRUE;
    }

  if (tempo_player_can (self, TEMPO_SOURCE_PLAY))
    {
      tempo_player_advance (self);
    }
  else
    {
      tempo_room_sort (self->room);
      if (self->room->queue->len > 0)
        tempo_player_start (self, g_ptr_array_index (self->room->queue, 0), 0, actor, "mark_playing");
    }

  return self->room->now != NULL || tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "there is nothing to play");
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
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "nothing plays");
  if (!now->playing)
    return TRUE;
  if (self->loaded && !tempo_player_can (self, TEMPO_SOURCE_TRANSPORT))
    return tempo_refuse (error, TEMPO_REFUSAL_SOURCE, NULL, "the source cannot pause");

  if (self->loaded)
    tell (self, TEMPO_SOURCE_PAUSE, 0);
  tempo_player_show (self, now->request, position, FALSE);
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
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "nothing plays");
  if (!tempo_player_can (self, TEMPO_SOURCE_TRANSPORT))
    return tempo_refuse (error, TEMPO_REFUSAL_SOURCE, NULL, "the source cannot seek");
  if (position_ms < 0 || (now->song->duration_ms > 0 && position_ms > now->song->duration_ms))
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, NULL, "outside the song");

  if (self->loaded)
    tell (self, TEMPO_SOURCE_SEEK, (double) position_ms);
  tempo_player_show (self, now->request, position_ms, now->playing);
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
    tell (self, TEMPO_SOURCE_SET_VOLUME, volume);
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
  self->saved_at = tempo_player_now (self);
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
  if (!tempo_player_can_write (self))
    return;

  record_late (self);
  if (self->ended_early)
    {
      self->ended_early = FALSE;
      tempo_player_finish (self, self->system, "ended", NULL, TRUE);
    }
  tempo_player_catch_up (self);
  tempo_player_check_sources (self);
  if (self->room->now != NULL && self->room->now->playing && tempo_player_now (self) - self->saved_at >= SAVE_US)
    tempo_player_save (self);
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
