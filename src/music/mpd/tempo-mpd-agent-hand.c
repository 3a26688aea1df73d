/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-agent-private.h"

#include "model/tempo-song.h"
#include "music/mpd/tempo-mpd-song.h"

/* What is Tempo's in the daemon's queue: at most the song that sounds and the one after it. They are known
 * by their ids, put in by place, and taken out again; the house's own list stays as it was. Priorities are
 * not used: the daemon heeds them in random order only. */

#define MAX_REHANDS 3 /* how often a song is put back that somebody takes out or moves */

static gboolean
is_at (TempoMpdPlace *place, guint id, TempoSong *there)
{
  return id != 0 && place->song != NULL && there != NULL && g_strcmp0 (place->song->uri, there->uri) == 0;
}

static void
clear_place (TempoMpdPlace *place)
{
  g_clear_object (&place->song);
  place->id = 0;
}

static struct mpd_connection *
wire (TempoMpdAgent *self)
{
  return self->command ? tempo_mpd_link_get (self->command) : NULL;
}

/* FALSE when the link is gone or the daemon will not. */
static gboolean
done (TempoMpdAgent *self)
{
  GError *error = NULL;

  self->calls++;
  if (self->command != NULL && tempo_mpd_link_check (self->command, &error))
    return TRUE;
  if (error != NULL)
    tempo_mpd_agent_fault (self, error);
  return FALSE;
}

/* Out of the queue. That it is out already, by another hand or because the daemon consumes, is as good. */
static void
take_out (TempoMpdAgent *self, TempoMpdPlace *place)
{
  if (place->id != 0 && self->command != NULL)
    {
      g_autoptr (GError) error = NULL;

      mpd_run_delete_id (wire (self), place->id);
      if (!tempo_mpd_link_check (self->command, &error) && tempo_mpd_error_is_fatal (error))
        tempo_mpd_agent_fault (self, g_steal_pointer (&error));
    }
  clear_place (place);
}

void
tempo_mpd_agent_forget (TempoMpdAgent *self)
{
  clear_place (&self->current);
  clear_place (&self->next);
  self->begun = FALSE;
  self->wanted = FALSE;
  self->taken_back = FALSE;
}

void
tempo_mpd_agent_fail (TempoMpdAgent *self, TempoSourceError code, const char *text)
{
  take_out (self, &self->current);
  take_out (self, &self->next);
  tempo_mpd_agent_forget (self);
  tempo_mpd_agent_tell (self, (TempoMpdNews) { .kind = TEMPO_MPD_TOLD_FAILED,
                                               .error = g_error_new_literal (TEMPO_SOURCE_ERROR, code, text) });
}

static void
fail_with (TempoMpdAgent *self, const GError *error)
{
  gboolean theirs = error->domain == TEMPO_MPD_ERROR && error->code != TEMPO_MPD_ERROR_NOT_THERE;

  tempo_mpd_agent_fail (self, theirs ? TEMPO_SOURCE_ERROR_GONE : TEMPO_SOURCE_ERROR_UNPLAYABLE, error->message);
}

/* One command begins a song at its place: a seek that follows the beginning is refused while the daemon still opens the
 * file. A song that cannot be sought in plays from its beginning, and the refusal is not its fault. */
static gboolean
start_at (TempoMpdAgent *self, guint id, gint64 position_ms)
{
  g_autoptr (GError) error = NULL;

  mpd_run_seek_id_float (wire (self), id, (float) ((double) position_ms / 1000));
  if (tempo_mpd_link_check (self->command, &error))
    {
      /* A daemon that was halted stays so when it seeks. */
      mpd_run_pause (wire (self), false);
      return done (self);
    }
  if (tempo_mpd_error_is_fatal (error))
    {
      tempo_mpd_agent_fault (self, g_steal_pointer (&error));
      return FALSE;
    }
  mpd_run_clearerror (wire (self));
  if (!done (self))
    return FALSE;
  mpd_run_play_id (wire (self), id);
  return done (self);
}

static gboolean
start (TempoMpdAgent *self, guint id, gint64 position_ms)
{
  mpd_run_clearerror (wire (self));
  if (!done (self))
    return FALSE;
  if (position_ms <= 0)
    mpd_run_play_id (wire (self), id);
  if (position_ms > 0 ? !start_at (self, id, position_ms) : !done (self))
    return FALSE;
  self->asked_at = g_get_monotonic_time ();
  return TRUE;
}

/* At the end of the queue: when ours is over, the daemon falls silent and does not begin somebody else's song
 * in the moment before Tempo says what is next. */
static guint
append (TempoMpdAgent *self, const char *uri, GError **error)
{
  int id = mpd_run_add_id (wire (self), uri);

  return tempo_mpd_link_check (self->command, error) ? (guint) MAX (id, 0) : 0;
}

void
tempo_mpd_agent_play (TempoMpdAgent *self, TempoMpdOrder *order)
{
  TempoMpdPlace before = self->current;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoSong) song = NULL;

  self->current = (TempoMpdPlace) { NULL, 0 };
  take_out (self, &self->next);
  self->begun = self->wanted = FALSE;
  self->rehands = 0;
  song = self->command ? tempo_mpd_agent_resolve (self, order->song, &error) : NULL;
  if (song != NULL)
    self->current.id = append (self, song->uri, &error);
  if (self->current.id == 0)
    {
      take_out (self, &before);
      if (error != NULL)
        fail_with (self, error);
      else
        tempo_mpd_agent_fail (self, TEMPO_SOURCE_ERROR_GONE, "the player went away");
      if (tempo_mpd_error_is_fatal (error))
        tempo_mpd_agent_fault (self, g_steal_pointer (&error));
      return;
    }
  self->current.song = g_steal_pointer (&song);
  if (!start (self, self->current.id, (gint64) order->value))
    {
      take_out (self, &before);
      tempo_mpd_agent_fail (self, self->command ? TEMPO_SOURCE_ERROR_UNPLAYABLE : TEMPO_SOURCE_ERROR_GONE,
                            "the player does not take the song");
      return;
    }
  take_out (self, &before);
  if (self->command == NULL)
    return;
  /* Judged against a look in which it was there. */
  self->look = (TempoMpdLook) { .state = TEMPO_MPD_PLAYING, .song = self->current.id, .at = self->asked_at };
  tempo_mpd_agent_look (self, TRUE);
}

/* Right after the current song; where there is none, at the end. */
static guint
insert (TempoMpdAgent *self, const char *uri, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  int id = mpd_run_add_id_whence (wire (self), uri, 0, MPD_POSITION_AFTER_CURRENT);

  if (tempo_mpd_link_check (self->command, &trouble))
    return (guint) MAX (id, 0);
  if (tempo_mpd_error_is_fatal (trouble))
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return 0;
    }
  return append (self, uri, error);
}

gboolean
tempo_mpd_agent_hand_over (TempoMpdAgent *self, TempoSong *song, GError **error)
{
  g_autoptr (TempoSong) known = NULL;

  take_out (self, &self->next);
  self->rehands = 0;
  if (self->command == NULL || self->current.id == 0)
    return TRUE;
  known = tempo_mpd_agent_resolve (self, song, error);
  if (known != NULL)
    self->next.id = insert (self, known->uri, error);
  if (self->next.id == 0)
    return FALSE;
  self->next.song = g_steal_pointer (&known);
  return TRUE;
}

void
tempo_mpd_agent_take_back (TempoMpdAgent *self)
{
  take_out (self, &self->next);
}

/* In the song it was meant for: the daemon may have gone on meanwhile. A refusal is answered and does not stay with the
 * daemon, where it would look like the reason why the song ends. What was sought is known before the daemon tells: on a
 * busy machine the next look may come when the song is over already. */
gboolean
tempo_mpd_agent_seek (TempoMpdAgent *self, TempoMpdOrder *order, GError **error)
{
  GError *refusal = NULL;

  if (self->current.id == 0
      || (order->song != NULL && self->current.song != NULL && g_strcmp0 (order->song->id, self->current.song->id) != 0))
    return TRUE;
  mpd_run_seek_id_float (wire (self), self->current.id, (float) (order->value / 1000));
  if (tempo_mpd_link_check (self->command, &refusal))
    {
      if (self->look.song == self->current.id)
        {
          self->look.elapsed_ms = (gint64) order->value;
          self->look.at = g_get_monotonic_time ();
          tempo_mpd_agent_tell_playing (self, g_object_ref (self->current.song));
        }
      return TRUE;
    }
  if (!tempo_mpd_error_is_fatal (refusal))
    {
      mpd_run_clearerror (wire (self));
      tempo_mpd_link_check (self->command, NULL);
    }
  g_propagate_error (error, refusal);
  return FALSE;
}

void
tempo_mpd_agent_stop (TempoMpdAgent *self)
{
  /* What others put on is theirs to stop. */
  if (self->current.id != 0 && self->look.song == self->current.id)
    {
      mpd_run_stop (wire (self));
      done (self);
    }
  take_out (self, &self->next);
  take_out (self, &self->current);
  tempo_mpd_agent_forget (self);
  if (self->command != NULL)
    tempo_mpd_agent_look (self, FALSE);
}

static void
promote (TempoMpdAgent *self, gboolean begun)
{
  take_out (self, &self->current);
  self->current = self->next;
  self->next = (TempoMpdPlace) { NULL, 0 };
  self->begun = begun;
  self->wanted = FALSE;
  self->rehands = 0;
  tempo_mpd_agent_tell_kind (self, TEMPO_MPD_TOLD_ADVANCED);
}

/* The song is over and the daemon did not go on with ours, by its modes or another's hand: it is told to. */
static void
end_song (TempoMpdAgent *self)
{
  if (!self->begun)
    tempo_mpd_agent_tell_kind (self, TEMPO_MPD_TOLD_STARTED);
  if (self->next.id != 0 && start (self, self->next.id, 0) && tempo_mpd_agent_refresh (self))
    {
      promote (self, TRUE);
      return;
    }
  take_out (self, &self->next);
  take_out (self, &self->current);
  tempo_mpd_agent_forget (self);
  tempo_mpd_agent_tell_kind (self, TEMPO_MPD_TOLD_ENDED);
}

static void
give_way (TempoMpdAgent *self)
{
  take_out (self, &self->next);
  take_out (self, &self->current);
  tempo_mpd_agent_forget (self);
  tempo_mpd_agent_tell_kind (self, TEMPO_MPD_TOLD_DISPLACED);
}

static void
fall_silent (TempoMpdAgent *self)
{
  mpd_run_stop (wire (self));
  done (self);
  self->has_output = FALSE;
  tempo_mpd_agent_tell_health (self, TEMPO_SOURCE_NO_DEVICE, "no_output", self->look.error);
  tempo_mpd_agent_fail (self, TEMPO_SOURCE_ERROR_NO_DEVICE, self->look.error);
}

void
tempo_mpd_agent_act (TempoMpdAgent *self, TempoMpdVerdict verdict)
{
  switch (verdict)
    {
    case TEMPO_MPD_BEGINS:
      self->begun = TRUE;
      tempo_mpd_agent_tell_kind (self, TEMPO_MPD_TOLD_STARTED);
      break;
    case TEMPO_MPD_ADVANCES: promote (self, TRUE); break;
    case TEMPO_MPD_ENDS: end_song (self); break;
    case TEMPO_MPD_DISPLACED: give_way (self); break;
    case TEMPO_MPD_FAILS: tempo_mpd_agent_fail (self, TEMPO_SOURCE_ERROR_UNPLAYABLE, self->look.error); break;
    case TEMPO_MPD_SILENT: fall_silent (self); break;
    case TEMPO_MPD_STAYS:
    default: break;
    }
}

/* Another client took out or moved what we had handed over: it is put back where it belongs, a few times. After
 * that it has its way; when the song ends, ours is begun by its id, or "ended" is told and Tempo plays it. */
void
tempo_mpd_agent_keep_next (TempoMpdAgent *self)
{
  GError *error = NULL;

  if (self->next.song == NULL || self->current.id == 0 || self->look.song != self->current.id || self->look.random
      || (self->next.id != 0 && self->look.next == self->next.id))
    return;
  if (self->rehands >= MAX_REHANDS)
    return;
  self->rehands++;
  if (self->next.id != 0)
    mpd_run_delete_id (wire (self), self->next.id);
  self->next.id = 0;
  if (tempo_mpd_link_check (self->command, &error) || !tempo_mpd_error_is_fatal (error))
    {
      g_clear_error (&error);
      self->next.id = insert (self, self->next.song->uri, &error);
    }
  if (self->next.id == 0)
    g_clear_object (&self->next.song);
  if (error != NULL)
    tempo_mpd_agent_fault (self, error);
}

/* Puts on the current song where it was when the link was lost. FALSE when it could not be, and then it is kept for the next
 * time the daemon comes, or told to have failed. */
static gboolean
restore_current (TempoMpdAgent *self, const TempoMpdLook *before)
{
  gint64 position = tempo_mpd_look_position (before, self->lost_at);
  g_autoptr (GError) error = NULL;

  if (self->current.id == 0)
    self->current.id = append (self, self->current.song->uri, &error);
  if (self->current.id != 0 && start (self, self->current.id, position))
    {
      self->look = (TempoMpdLook) { .state = TEMPO_MPD_PLAYING, .song = self->current.id, .at = self->asked_at };
      return TRUE;
    }
  if (g_error_matches (error, TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_NOT_THERE) && self->look.updating)
    {
      g_clear_error (&error);
      error = g_error_new_literal (TEMPO_MPD_ERROR, TEMPO_MPD_ERROR_UNREACHABLE, "the player still reads its music");
    }
  if (tempo_mpd_error_is_fatal (error))
    tempo_mpd_agent_fault (self, g_steal_pointer (&error));
  if (self->command != NULL)
    tempo_mpd_agent_fail (self, TEMPO_SOURCE_ERROR_UNPLAYABLE, "the player came back without the song");
  return self->command != NULL;
}

/* The daemon was away and had our song in hand. It may have gone on by itself, or come back from a restart with its
 * list and new ids, or with nothing. FALSE when it went away again. */
static gboolean
reconcile_current (TempoMpdAgent *self, const TempoMpdLook *before)
{
  gboolean stopped = self->look.state == TEMPO_MPD_STOPPED;
  gboolean over = before->duration_ms > 0 && tempo_mpd_look_is_over (before, self->look.at);

  if (!stopped && self->look.song != 0 && self->look.song == self->current.id)
    return TRUE;
  if (!stopped && self->look.song != 0 && self->look.song == self->next.id)
    promote (self, TRUE);
  else if (over)
    end_song (self);
  else if (!stopped)
    give_way (self);
  else
    return restore_current (self, before);
  return self->command != NULL;
}

/* Ids of before may mean other songs: the first of @ids that still is the song of @place. */
static gboolean
find_place (TempoMpdAgent *self, TempoMpdPlace *place, const guint *ids, guint n_ids, GError **error)
{
  GError *trouble = NULL;

  place->id = 0;
  for (guint i = 0; place->song != NULL && place->id == 0 && i < n_ids; i++)
    {
      g_autoptr (TempoSong) there = ids[i] ? tempo_mpd_link_queued (self->command, ids[i], &trouble) : NULL;

      if (trouble != NULL)
        {
          g_propagate_error (error, trouble);
          return FALSE;
        }
      if (is_at (place, ids[i], there))
        place->id = ids[i];
    }
  return TRUE;
}

static gboolean
find_places (TempoMpdAgent *self, GError **error)
{
  guint current[] = { self->look.song, self->current.id };
  guint next[] = { self->look.next, self->next.id, 0 };

  if (!find_place (self, &self->current, current, G_N_ELEMENTS (current), error))
    return FALSE;
  /* The daemon may be there already. */
  if (self->look.song != self->current.id)
    next[2] = self->look.song;
  return find_place (self, &self->next, next, G_N_ELEMENTS (next), error);
}

/**
 * tempo_mpd_agent_reconcile:
 *
 * After the link was lost and opened anew. @before is the last look before that.
 * Returns: FALSE when the daemon went away again, and what was in its hand still is to be settled
 */
gboolean
tempo_mpd_agent_reconcile (TempoMpdAgent *self, const TempoMpdLook *before)
{
  GError *error = NULL;

  if (self->current.song == NULL)
    return TRUE;
  if (!find_places (self, &error))
    {
      /* One that does not say what it has cannot be settled with. */
      if (!tempo_mpd_error_is_fatal (error))
        error->code = TEMPO_MPD_ERROR_GARBLED;
      tempo_mpd_agent_fault (self, error);
      return FALSE;
    }
  if (self->taken_back)
    take_out (self, &self->next);
  self->taken_back = FALSE;
  return self->command != NULL && reconcile_current (self, before);
}
