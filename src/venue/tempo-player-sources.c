/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of a room's sources has its turn. All of them are kept ready in the host's order; one plays. When it goes away
 * for as long as the host allows, the next that is there takes over; back again it is the host who says so,
 * because a song is never cut for the better player. */
#include "venue/tempo-player-parts.h"

#include "model/tempo-refusal.h"
#include "model/tempo-source-state.h"
#include "music/library/tempo-library.h"
#include "venue/tempo-host-private.h"

#define MAX_MATCHES 1000

static void
free_seat (TempoPlayer *self,
           TempoSeat *seat)
{
  g_signal_handlers_disconnect_by_data (seat->source, seat);
  if (seat == self->active && !self->foreign
      && (tempo_source_get_abilities (seat->source) & TEMPO_SOURCE_PLAY) != 0
      && (self->loaded || (tempo_source_get_abilities (seat->source) & TEMPO_SOURCE_NOW_PLAYING) == 0))
    tempo_source_stop (seat->source);
  tempo_source_set_watching (seat->source, FALSE);
  if (seat == self->active)
    {
      self->active = NULL;
      self->source = NULL;
      g_clear_object (&self->next_filler);
    }
  g_object_unref (seat->source);
  g_free (seat->kind);
  g_free (seat->made_of);
  g_free (seat);
}

void
tempo_player_free_seats (TempoPlayer *self)
{
  for (guint i = 0; i < self->seats->len; i++)
    free_seat (self, g_ptr_array_index (self->seats, i));
  g_ptr_array_set_size (self->seats, 0);
}

/**
 * tempo_player_rest:
 * @self: a player
 *
 * Lets the sources go with their files, watches and threads; what sounds ends. tempo_player_set_up() makes new ones.
 */
void
tempo_player_rest (TempoPlayer *self)
{
  if (self->source != NULL && self->room->now != NULL)
    tempo_player_finish (self, self->system, "room_closed", NULL, FALSE);
  tempo_player_free_seats (self);
}

static TempoSeat *
find_seat (TempoPlayer *self,
           const char *kind)
{
  for (guint i = 0; i < self->seats->len; i++)
    {
      TempoSeat *seat = g_ptr_array_index (self->seats, i);

      if (g_strcmp0 (seat->kind, kind) == 0)
        return seat;
    }

  return NULL;
}

static TempoSeat *
make_seat (TempoPlayer *self,
           const char *kind,
           const char *made_of)
{
  TempoHost *host = self->room->venue->host;
  TempoSeat *seat = g_new0 (TempoSeat, 1);

  seat->player = self;
  seat->kind = g_strdup (kind);
  seat->made_of = g_strdup (made_of);
  seat->source = host->source_factory (self->room, kind, host->source_factory_data);
  tempo_player_connect (seat);

  return seat;
}

static void
set_library (TempoPlayer *self,
             TempoLibrary *library)
{
  TempoRoom *room = self->room;
  const char *folder = room->music_folder != NULL ? room->music_folder : room->venue->host->music_folder;

  tempo_library_set_filler_folder (library, room->filler_folder);
  if (g_strcmp0 (tempo_library_get_folder (library), folder) != 0)
    tempo_library_set_folder (library, folder);
}

static void
set_options (TempoPlayer *self)
{
  for (guint i = 0; i < self->seats->len; i++)
    {
      TempoSeat *seat = g_ptr_array_index (self->seats, i);
      g_autofree char *playlist = tempo_host_get_filler_playlist (self->room, seat->kind);

      if (G_TYPE_CHECK_INSTANCE_TYPE (seat->source, TEMPO_TYPE_LIBRARY))
        set_library (self, TEMPO_LIBRARY (seat->source));
      else
        tempo_source_set_filler_playlist (seat->source, playlist);
      tempo_host_set_source_options (self->room, seat->source);
    }
}

/* What sounds on a source that loses its turn: nearly over counts as played, else the wish waits for its next chance. */
static void
leave_song (TempoPlayer *self,
            TempoActor *actor,
            const char *reason)
{
  TempoNowPlaying *now = self->room->now;
  gboolean nearly;

  if (now == NULL)
    return;

  nearly = now->song->duration_ms > 0
           && tempo_now_playing_position (now, tempo_player_now (self)) * 3 >= now->song->duration_ms * 2;
  if (now->request == NULL || nearly)
    {
      tempo_player_close (self, actor, reason, reason);
      return;
    }
  tempo_player_forget_play (self);
  tempo_player_put_back (self);
  tempo_room_set_now (self->room, NULL);
}

/* @seat has its turn. What sounds on the one before was left already. */
static void
activate (TempoPlayer *self,
          TempoSeat *seat)
{
  if (self->source != NULL)
    tempo_source_set_watching (self->source, FALSE);
  self->active = seat;
  self->source = seat->source;
  self->lost_at = 0;
  self->blocked = FALSE;
  self->failures = 0;
  g_clear_object (&self->next_filler);
  g_clear_pointer (&self->chosen, g_free);
  g_clear_pointer (&self->seen_key, g_free);
  g_hash_table_remove_all (self->matches);
  tempo_player_forget_next (self);
  if (self->engaged && self->room->event != NULL)
    tempo_source_set_watching (self->source, TRUE);
}

static void
change_to (TempoPlayer *self,
           TempoSeat *seat,
           TempoActor *actor,
           const char *reason)
{
  gboolean sounds = self->loaded && !self->foreign && tempo_player_can (self, TEMPO_SOURCE_PLAY);
  TempoSource *left = self->source;

  tempo_batch_add (tempo_venue_write (self->room->venue), "playback-clear", "s", self->room->info->id);
  leave_song (self, actor, reason);
  if (sounds)
    tempo_source_stop (left);
  tempo_player_forget_song (self);
  activate (self, seat);
  tempo_player_set_trouble (self, TEMPO_HEALTH_GOOD, NULL);
  tempo_room_resort (self->room);
  tempo_room_mark (self->room, TEMPO_DIRTY_ROOM | TEMPO_DIRTY_HEALTH);
  tempo_room_allow_words (self->room, self->system);
  tempo_player_wake (self);
}

/* The seats in the room's order, those kept that need not be made anew. TRUE when the active one is not among them. */
static gboolean
arrange_seats (TempoPlayer *self)
{
  TempoRoom *room = self->room;
  g_autoptr (GPtrArray) before = self->seats;
  GPtrArray *kept = g_ptr_array_new ();
  gboolean lost = self->active != NULL;

  for (guint i = 0; room->info->sources[i] != NULL; i++)
    {
      const char *kind = room->info->sources[i];
      g_autofree char *made_of = tempo_host_describe_source (room, kind);
      TempoSeat *seat = find_seat (self, kind);

      if (seat != NULL && g_strcmp0 (seat->made_of, made_of) == 0)
        g_ptr_array_remove (before, seat);
      else
        seat = make_seat (self, kind, made_of);
      if (seat == self->active)
        lost = FALSE;
      g_ptr_array_add (kept, seat);
    }
  if (lost && room->now != NULL)
    tempo_player_finish (self, self->system, "source_changed", NULL, FALSE);
  for (guint i = 0; i < before->len; i++)
    free_seat (self, g_ptr_array_index (before, i));
  self->seats = kept;

  return self->active == NULL;
}

static gboolean
is_usable (TempoSeat *seat)
{
  return tempo_source_get_health (seat->source, NULL) == TEMPO_SOURCE_READY;
}

static gboolean
is_away (TempoPlayer *self)
{
  switch (tempo_source_get_health (self->source, NULL))
    {
    case TEMPO_SOURCE_NEEDS_SIGN_IN:
    case TEMPO_SOURCE_LIMITED:
    case TEMPO_SOURCE_NO_DEVICE:
    case TEMPO_SOURCE_GONE:
    case TEMPO_SOURCE_REFUSED:
      return TRUE;
    case TEMPO_SOURCE_READY:
    case TEMPO_SOURCE_CONNECTING:
    default:
      return self->blocked;
    }
}

/* A song of Tempo's sounds and can come to its end where it is. */
static gboolean
has_song_to_end (TempoPlayer *self)
{
  return self->room->now != NULL && self->room->now->playing && self->loaded && !self->foreign && !is_away (self)
         && tempo_player_can (self, TEMPO_SOURCE_PLAY);
}

/* After the song that sounds, or now. */
static void
prefer (TempoPlayer *self,
        TempoSeat *seat,
        TempoActor *actor)
{
  g_clear_pointer (&self->chosen, g_free);
  if (has_song_to_end (self))
    {
      self->chosen = g_strdup (seat->kind);
      tempo_player_review (self);
      return;
    }
  self->fell_back = FALSE;
  change_to (self, seat, actor, "chosen");
}

/**
 * tempo_player_set_up:
 * @self: a player
 *
 * Makes the sources the room asks for, and gives those it has their new options. The first has its turn
 * unless the one that has it stays.
 */
void
tempo_player_set_up (TempoPlayer *self)
{
  g_autofree char *before = self->seats->len > 0
    ? g_strdup (((TempoSeat *) g_ptr_array_index (self->seats, 0))->kind) : NULL;
  TempoSeat *first;

  if (arrange_seats (self))
    {
      self->fell_back = FALSE;
      activate (self, g_ptr_array_index (self->seats, 0));
    }
  first = g_ptr_array_index (self->seats, 0);
  if (self->active == first)
    self->fell_back = FALSE;
  else if (g_strcmp0 (before, first->kind) != 0)
    prefer (self, first, self->system);
  if (self->chosen != NULL && find_seat (self, self->chosen) == NULL)
    g_clear_pointer (&self->chosen, g_free);
  set_options (self);
}

/* A service that does not listen goes on with the song it has: a second music over it would be worse than waiting. */
static gboolean
sounds_still (TempoPlayer *self)
{
  TempoNowPlaying *now = self->room->now;
  TempoSourceHealth health = tempo_source_get_health (self->source, NULL);

  if (health != TEMPO_SOURCE_LIMITED && health != TEMPO_SOURCE_NEEDS_SIGN_IN && health != TEMPO_SOURCE_REFUSED)
    return FALSE;

  return now != NULL && now->playing && now->song->duration_ms > 0
         && tempo_now_playing_position (now, tempo_player_now (self)) < now->song->duration_ms;
}

/**
 * tempo_player_check_sources:
 * @self: a player
 *
 * Once a second and whenever a source says how it is: gives the turn to the next that is there when the
 * active one was away for the room's fallback seconds, with or without a song.
 */
void
tempo_player_check_sources (TempoPlayer *self)
{
  gint64 now = tempo_player_now (self);

  if (self->active == NULL)
    return;
  if (!is_away (self))
    {
      self->lost_at = 0;
      return;
    }
  if (self->lost_at == 0)
    self->lost_at = now;
  if (!self->engaged || !tempo_player_can_write (self) || sounds_still (self)
      || now - self->lost_at < self->room->info->fallback_seconds * G_TIME_SPAN_SECOND)
    return;

  for (guint i = 0; i < self->seats->len; i++)
    {
      TempoSeat *seat = g_ptr_array_index (self->seats, i);

      if (seat == self->active || !is_usable (seat))
        continue;
      self->fell_back = i > 0;
      tempo_host_log (self->room->venue->host, self->room->venue->organization, G_LOG_LEVEL_MESSAGE,
                      "Room \"%s\", %s stands in for %s", self->room->info->name, seat->kind, self->active->kind);
      tempo_venue_audit (self->room->venue,
                         &(TempoAudit) { self->system, "source_fallback", "room", self->room->info->id,
                                         self->active->kind, seat->kind, "source_gone" });
      change_to (self, seat, self->system, "source_gone");
      return;
    }
}

gboolean
tempo_player_take_choice (TempoPlayer *self)
{
  g_autofree char *kind = g_steal_pointer (&self->chosen);
  TempoSeat *seat = kind != NULL ? find_seat (self, kind) : NULL;

  if (seat == NULL || seat == self->active)
    return FALSE;

  self->fell_back = FALSE;
  change_to (self, seat, self->system, "chosen");

  return TRUE;
}

/**
 * tempo_player_choose:
 * @self: a player
 * @kind: (nullable): which source is to have its turn, NULL the first
 * @actor: who wants it
 * @error: why not
 *
 * A song that sounds is played to its end first; where none does, the change is at once.
 *
 * Returns: %FALSE when the room has no such source, or it is not there
 */
gboolean
tempo_player_choose (TempoPlayer *self,
                     const char *kind,
                     TempoActor *actor,
                     GError **error)
{
  TempoSeat *seat = find_seat (self, kind != NULL ? kind : self->room->info->source);

  g_clear_pointer (&self->chosen, g_free);
  if (seat == NULL || (seat != self->active && !is_usable (seat)))
    {
      g_propagate_error (error, tempo_refusal_new (seat == NULL ? TEMPO_REFUSAL_NOT_FOUND : TEMPO_REFUSAL_SOURCE,
                                                   NULL, "the source is not there"));
      return FALSE;
    }
  if (seat == self->active)
    self->fell_back = FALSE;
  else
    prefer (self, seat, actor);
  tempo_room_mark (self->room, TEMPO_DIRTY_ROOM | TEMPO_DIRTY_HEALTH);

  return TRUE;
}

/* The kind in front of the colon; a library's songs have none. */
static gboolean
is_of_kind (TempoSong *song,
            const char *kind)
{
  const char *colon = strchr (song->id, ':');
  gsize length = colon != NULL ? (gsize) (colon - song->id) : 0;

  if (g_str_equal (kind, "library"))
    return colon == NULL;

  return strlen (kind) == length && strncmp (song->id, kind, length) == 0;
}

/**
 * tempo_player_find_song:
 * @self: a player
 * @request: a request
 *
 * A source that stands in plays another's song when it has the same one. Spotify's are never matched with
 * anybody else's, in neither direction: its terms forbid the mixing.
 *
 * Returns: (transfer none) (nullable): what to hand to the active source
 */
TempoSong *
tempo_player_find_song (TempoPlayer *self,
                        TempoRequest *request)
{
  TempoSong *song = request->song;
  TempoSong *match;

  if (song->id == NULL || self->active == NULL)
    return NULL;
  if (is_of_kind (song, self->active->kind))
    return song;
  if (is_of_kind (song, "spotify") || g_str_equal (self->active->kind, "spotify")
      || !tempo_player_can (self, TEMPO_SOURCE_SEARCH))
    return NULL;

  match = g_hash_table_lookup (self->matches, request->id);
  if (match == NULL)
    {
      match = tempo_source_match (self->source, song->artist, song->title);
      /* That there is none is worth remembering too. */
      if (match == NULL)
        match = tempo_song_new (NULL, "", "");
      if (g_hash_table_size (self->matches) >= MAX_MATCHES)
        g_hash_table_remove_all (self->matches);
      g_hash_table_insert (self->matches, g_strdup (request->id), match);
    }

  return match->id != NULL ? match : NULL;
}

/**
 * tempo_player_can_start:
 * @self: a player
 * @request: a request
 *
 * Returns: %TRUE when the active source has the song, or a person plays it by hand
 */
gboolean
tempo_player_can_start (TempoPlayer *self,
                        TempoRequest *request)
{
  return !tempo_player_can (self, TEMPO_SOURCE_PLAY) || tempo_player_find_song (self, request) != NULL;
}

/**
 * tempo_player_let_wait:
 * @self: a player
 * @request_id: a request that sounded once
 *
 * It may be handed over anew, when its turn comes.
 */
void
tempo_player_let_wait (TempoPlayer *self,
                       const char *request_id)
{
  g_hash_table_remove (self->sounded, request_id);
}

/**
 * tempo_player_list_states:
 * @self: a player
 *
 * Returns: (transfer full) (element-type TempoSourceState): its sources in the room's order
 */
GPtrArray *
tempo_player_list_states (TempoPlayer *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_source_state_free);

  for (guint i = 0; i < self->seats->len; i++)
    {
      TempoSeat *seat = g_ptr_array_index (self->seats, i);
      TempoSourceAbilities abilities = tempo_source_get_abilities (seat->source);
      TempoSourceStatus status;
      TempoSourceState *state;

      tempo_source_get_status (seat->source, &status);
      state = tempo_source_state_new (seat->kind, status.code, status.text, status.until);
      state->usable = status.health == TEMPO_SOURCE_READY;
      state->active = seat == self->active;
      state->coming = g_strcmp0 (seat->kind, self->chosen) == 0;
      state->fallback = seat == self->active && self->fell_back;
      state->plays = (abilities & TEMPO_SOURCE_PLAY) != 0;
      state->searches = (abilities & TEMPO_SOURCE_SEARCH) != 0;
      g_ptr_array_add (list, state);
    }

  return list;
}

/**
 * tempo_player_get_kind:
 * @self: a player
 *
 * Returns: (transfer none): which source has its turn
 */
const char *
tempo_player_get_kind (TempoPlayer *self)
{
  return self->active != NULL ? self->active->kind : "";
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
                                             [TEMPO_SOURCE_GONE] = TEMPO_HEALTH_BAD,
                                             [TEMPO_SOURCE_REFUSED] = TEMPO_HEALTH_BAD };
  TempoSourceStatus status;

  *level = TEMPO_HEALTH_GOOD;
  if (self->trouble != NULL)
    {
      *level = self->level;
      return self->trouble;
    }
  if (self->source == NULL)
    return NULL;

  tempo_source_get_status (self->source, &status);
  *level = levels[status.health];
  return status.health == TEMPO_SOURCE_READY ? NULL : status.text;
}

/**
 * tempo_player_has_fallen_back:
 * @self: a player
 *
 * Returns: %TRUE while a source stands in for one that went away
 */
gboolean
tempo_player_has_fallen_back (TempoPlayer *self)
{
  return self->fell_back;
}

/**
 * tempo_room_tell_figures:
 * @self: a room
 * @func: called for each of its sources that follows a player
 * @user_data: for @func
 *
 * Nothing of it is secret: counts and times.
 */
void
tempo_room_tell_figures (TempoRoom *self,
                         TempoFiguresFunc func,
                         gpointer user_data)
{
  for (guint i = 0; i < self->player->seats->len; i++)
    {
      TempoSeat *seat = g_ptr_array_index (self->player->seats, i);
      TempoSourceFigures figures = { 0 };

      if (tempo_source_get_figures (seat->source, &figures))
        func (seat->kind, &figures, user_data);
    }
}
