/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going along with a player that has a will of its own: it takes the next song before this one ends, others put songs on
 * it, or it takes no songs at all and a person plays what guests wish for. What somebody else put on is shown and left
 * alone until it ends; only then, or when the host says so, does Tempo go on. */
#include "venue/tempo-player-parts.h"

#include "venue/tempo-host-private.h"

#define JUMP_MS 1500

void
tempo_player_forget_next (TempoPlayer *self)
{
  g_clear_object (&self->handed);
  g_clear_pointer (&self->handed_id, g_free);
  self->wanted = FALSE;
  self->fixed = FALSE;
}

/* The house's next song; nothing while somebody else's list goes on by itself. */
static TempoSong *
pick_filler (TempoPlayer *self)
{
  if (self->foreign || !self->room->filler || !tempo_player_can (self, TEMPO_SOURCE_FILLER))
    return NULL;
  if (self->next_filler == NULL)
    self->next_filler = tempo_source_next_filler (self->source);

  return self->next_filler;
}

/* The source wants the next song: it gets it, and the song is next whatever the list does until it begins. */
void
tempo_player_offer_next (TempoPlayer *self)
{
  TempoSong *song = NULL;
  TempoRequest *request;

  if (!self->engaged || self->blocked || self->chosen != NULL)
    return;

  request = tempo_player_pick (self, &song);
  if (request == NULL)
    song = pick_filler (self);
  if (song == NULL || !tempo_source_hand_over (self->source, song))
    return;

  g_set_object (&self->handed, song);
  g_free (self->handed_id);
  self->handed_id = request != NULL ? g_strdup (request->id) : NULL;
  if (request != NULL)
    tempo_room_lock (self->room, request->id);
  else
    g_clear_object (&self->next_filler);
}

/**
 * tempo_player_review:
 * @self: a player
 *
 * The list may have changed after the next song was handed over: takes it back and gives the right one, or, when the
 * source cannot, holds the song in its place and says so.
 */
void
tempo_player_review (TempoPlayer *self)
{
  TempoSong *song = NULL;
  TempoRequest *next;
  TempoRequest *handed;

  if (!self->wanted || !tempo_player_can_write (self))
    return;
  if (self->handed == NULL)
    {
      tempo_player_offer_next (self);
      return;
    }

  next = tempo_player_pick (self, &song);
  if (self->chosen == NULL && (self->handed_id == NULL ? next == NULL
                               : next != NULL && g_str_equal (next->id, self->handed_id)))
    return;
  if (!self->fixed && tempo_source_take_back (self->source))
    {
      g_clear_object (&self->handed);
      g_clear_pointer (&self->handed_id, g_free);
      tempo_player_offer_next (self);
      return;
    }

  self->fixed = TRUE;
  handed = tempo_room_find_request (self->room, self->handed_id);
  if (handed != NULL && handed->status == TEMPO_REQUEST_APPROVED)
    {
      tempo_room_lock (self->room, handed->id);
      tempo_player_set_trouble (self, TEMPO_HEALTH_WARNING, "the player already has the next song");
    }
}

/* What was handed over sounds now. */
void
tempo_player_take_advance (TempoPlayer *self)
{
  g_autoptr (TempoSong) song = g_steal_pointer (&self->handed);
  g_autofree char *id = g_steal_pointer (&self->handed_id);
  g_autofree char *key = song != NULL ? tempo_song_key (song->artist, song->title) : NULL;
  TempoRequest *request = tempo_room_find_request (self->room, id);
  gint64 position;

  if (song == NULL)
    {
      tempo_player_displace (self);
      return;
    }

  tempo_player_close (self, self->system, "ended", NULL);
  tempo_player_forget_next (self);
  tempo_player_set_trouble (self, TEMPO_HEALTH_GOOD, NULL);
  g_free (self->seen_key);
  self->seen_key = g_strdup (key);
  self->loaded = TRUE;
  /* Withdrawn or declined too late for the player, but not for us. */
  if (id != NULL && (request == NULL || request->status != TEMPO_REQUEST_APPROVED))
    {
      tempo_player_advance (self);
      return;
    }

  position = tempo_source_get_position (self->source);
  if (request != NULL)
    tempo_player_begin_request (self, request, song, position, self->system, "start", TRUE);
  else
    tempo_player_begin (self, song, NULL, key, position, TRUE);
}

static void
show_foreign (TempoPlayer *self,
              TempoNowPlaying *now)
{
  gint64 position = tempo_now_playing_position (now, tempo_player_now (self));
  g_autofree char *key = tempo_song_key (now->song->artist, now->song->title);

  tempo_player_begin (self, now->song, NULL, key, position, TRUE);
  self->foreign = TRUE;
  if (!now->playing)
    tempo_player_show (self, NULL, position, FALSE);
}

/* Somebody else put something on: what Tempo played waits for its next chance, or was nearly over. */
void
tempo_player_displace (TempoPlayer *self)
{
  g_autoptr (TempoNowPlaying) playing = tempo_source_dup_playing (self->source);
  TempoNowPlaying *now = self->room->now;

  if (now != NULL && now->request != NULL
      && (now->song->duration_ms <= 0
          || tempo_now_playing_position (now, tempo_player_now (self)) * 3 < now->song->duration_ms * 2))
    {
      tempo_player_forget_play (self);
      tempo_player_put_back (self);
      tempo_player_forget_song (self);
      tempo_room_set_now (self->room, NULL);
    }
  else
    {
      tempo_player_close (self, self->system, "displaced", "displaced");
    }
  tempo_player_forget_next (self);
  g_clear_pointer (&self->seen_key, g_free);
  if (playing != NULL)
    {
      self->seen_key = tempo_song_key (playing->song->artist, playing->song->title);
      show_foreign (self, playing);
    }
}

void
tempo_player_end_foreign (TempoPlayer *self)
{
  tempo_player_close (self, self->system, "ended", NULL);
  if (tempo_player_can (self, TEMPO_SOURCE_PLAY))
    tempo_player_advance (self);
  else
    tempo_player_fall_silent (self);
}

static gboolean
is_same_song (TempoSong *one,
              TempoSong *other)
{
  g_autofree char *key = tempo_song_key (one->artist, one->title);
  g_autofree char *other_key = tempo_song_key (other->artist, other->title);

  return g_strcmp0 (key, other_key) == 0;
}

/* The same song goes on: paused, resumed or moved at the player itself. */
static void
keep_in_step (TempoPlayer *self,
              TempoNowPlaying *playing)
{
  TempoNowPlaying *now = self->room->now;
  gint64 at = tempo_player_now (self);
  gint64 position = tempo_now_playing_position (playing, at);

  if (now == NULL || !self->loaded || !is_same_song (now->song, playing->song))
    return;
  if (now->playing == playing->playing && ABS (tempo_now_playing_position (now, at) - position) < JUMP_MS)
    return;

  tempo_player_show (self, now->request, position, playing->playing);
  tempo_player_save (self);
}

/* The wish that what sounds fulfils: what was just marked by hand, the very song, or the first in line whose title and
 * one of its artists it has. (nullable). */
static TempoRequest *
find_wish (TempoPlayer *self,
           TempoNowPlaying *playing,
           const char *key)
{
  TempoRoom *room = self->room;
  TempoRequest *request = tempo_room_find_request (room, g_hash_table_lookup (room->live, key));

  if (request != NULL)
    return request;
  if (room->now != NULL && room->now->request != NULL && tempo_song_fits (room->now->request->song, playing->song))
    return room->now->request;
  for (guint i = 0; i < room->queue->len; i++)
    {
      request = g_ptr_array_index (room->queue, i);
      if (tempo_song_fits (request->song, playing->song))
        return request;
    }

  return NULL;
}

/* Where a person plays the songs: the one that began is a guest's wish when it has the same title and artist. */
static void
recognize (TempoPlayer *self,
           TempoNowPlaying *playing,
           const char *key)
{
  gint64 position = tempo_now_playing_position (playing, tempo_player_now (self));
  TempoRequest *request = find_wish (self, playing, key);
  TempoNowPlaying *now = self->room->now;

  /* Marked by hand a moment before the player told of it. */
  if (now != NULL && request != NULL && now->request == request)
    {
      self->loaded = TRUE;
      keep_in_step (self, playing);
      return;
    }
  tempo_player_close (self, self->system, "ended", NULL);
  if (request != NULL)
    tempo_player_begin_request (self, request, playing->song, position, self->system, "start", TRUE);
  else
    show_foreign (self, playing);
  if (!playing->playing)
    tempo_player_show (self, self->room->now->request, position, FALSE);
}

static void
follow_foreign (TempoPlayer *self,
                TempoNowPlaying *playing)
{
  TempoSong *song = NULL;

  if (!self->foreign)
    {
      if (self->room->now == NULL && playing->playing)
        show_foreign (self, playing);
      return;
    }

  /* The song somebody put on is over; the list behind it can wait, guests do not. */
  if (self->engaged && !self->blocked && tempo_player_pick (self, &song) != NULL)
    {
      tempo_player_end_foreign (self);
      return;
    }
  tempo_player_close (self, self->system, "ended", NULL);
  show_foreign (self, playing);
}

/**
 * tempo_player_follow:
 * @self: a player
 *
 * Looks what its source says that sounds.
 */
void
tempo_player_follow (TempoPlayer *self)
{
  g_autoptr (TempoNowPlaying) playing = NULL;
  g_autofree char *key = NULL;
  gboolean plays = tempo_player_can (self, TEMPO_SOURCE_PLAY);
  gboolean same;

  if (!self->engaged || !tempo_player_can (self, TEMPO_SOURCE_NOW_PLAYING) || !tempo_player_can_write (self))
    return;

  playing = tempo_source_dup_playing (self->source);
  if (playing != NULL)
    key = tempo_song_key (playing->song->artist, playing->song->title);
  same = g_strcmp0 (key, self->seen_key) == 0;
  g_free (self->seen_key);
  self->seen_key = g_strdup (key);

  if (plays && self->loaded && !self->foreign)
    {
      /* Tempo's own song: what it is, is known; whether it goes on, the player tells. */
      if (playing != NULL)
        keep_in_step (self, playing);
    }
  else if (playing == NULL)
    {
      if (self->loaded)
        tempo_player_end_foreign (self);
    }
  else if (same)
    {
      keep_in_step (self, playing);
    }
  else if (plays)
    {
      follow_foreign (self, playing);
    }
  else
    {
      recognize (self, playing, key);
    }
}

/**
 * tempo_player_look_away:
 * @self: a player
 *
 * The event is over. A source whose looks cost calls makes none for others' music from now on, so what it told of last is
 * not shown as if it were known; it is left alone all the same. Tempo's own song a source follows by itself.
 */
void
tempo_player_look_away (TempoPlayer *self)
{
  g_autoptr (TempoNowPlaying) playing = NULL;

  if (self->source == NULL)
    return;

  tempo_source_set_watching (self->source, FALSE);
  playing = tempo_source_dup_playing (self->source);
  if (!self->foreign || playing != NULL)
    return;

  tempo_player_close (self, self->system, "event_end", NULL);
  tempo_player_fall_silent (self);
}
