/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sources say. Only the one that has its turn moves the queue; of the others only how they are matters. */
#include "venue/tempo-player-parts.h"

#include "music/library/tempo-library.h"
#include "venue/tempo-host-private.h"

/* So many songs in a row that cannot be played mean that it is not the songs. */
#define MAX_FAILURES 10
/* A jump smaller than this is the clock's, not somebody's. */
#define JUMP_MS 1500

static TempoPlayer *
get_player (TempoSeat *seat)
{
  return seat->player->active == seat ? seat->player : NULL;
}

static void
ended_cb (TempoSource *source,
          TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL || !self->loaded)
    return;

  self->loaded = FALSE;
  if (!tempo_player_can_write (self))
    self->ended_early = TRUE;
  else if (self->foreign)
    tempo_player_end_foreign (self);
  else
    tempo_player_finish (self, self->system, "ended", NULL, TRUE);
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
  tempo_player_forget_play (self);
  tempo_player_forget_song (self);
  tempo_room_set_now (self->room, NULL);
  if (++self->failures >= MAX_FAILURES)
    self->blocked = TRUE;
  tempo_player_set_trouble (self, self->blocked ? TEMPO_HEALTH_BAD : TEMPO_HEALTH_WARNING, error->message);
  tempo_player_advance (self);
}

static void
failed_cb (TempoSource *source,
           GError *error,
           TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL)
    return;
  if (!tempo_player_can_write (self))
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
  tempo_player_forget_play (self);
  tempo_player_put_back (self);
  tempo_player_fall_silent (self);
  tempo_player_set_trouble (self, TEMPO_HEALTH_BAD, error->message);
  tempo_player_check_sources (self);
}

static void
started_cb (TempoSource *source,
            TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL)
    return;
  self->failures = 0;
  tempo_player_set_trouble (self, TEMPO_HEALTH_GOOD, NULL);
}

static void
position_cb (TempoSource *source,
             gint64 position_ms,
             TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);
  TempoNowPlaying *now = self != NULL ? self->room->now : NULL;

  if (now == NULL || !self->loaded || !tempo_player_can_write (self))
    return;
  if (ABS (tempo_now_playing_position (now, tempo_player_now (self)) - position_ms) < JUMP_MS)
    return;

  tempo_player_show (self, now->request, position_ms, now->playing);
  tempo_player_save (self);
}

static void
note_health (TempoSeat *seat)
{
  TempoRoom *room = seat->player->room;
  TempoSourceStatus status;
  gboolean good;

  tempo_source_get_status (seat->source, &status);
  if (g_strcmp0 (status.code, seat->noted) == 0)
    return;
  good = status.health == TEMPO_SOURCE_READY || status.health == TEMPO_SOURCE_CONNECTING;
  seat->noted = status.code;
  tempo_host_log (room->venue->host, room->venue->organization, good ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_MESSAGE,
                  "Room \"%s\", %s is %s%s%s", room->info->name, seat->kind, status.code,
                  *status.text != '\0' ? ": " : "", status.text);
}

static void
health_changed_cb (TempoSource *source,
                   TempoSeat *seat)
{
  TempoPlayer *self = seat->player;

  note_health (seat);

  if (self->active == seat && tempo_source_get_health (source, NULL) == TEMPO_SOURCE_READY && self->blocked)
    {
      self->blocked = FALSE;
      self->failures = 0;
      tempo_player_set_trouble (self, TEMPO_HEALTH_GOOD, NULL);
      tempo_player_wake (self);
    }
  tempo_player_check_sources (self);
  tempo_room_tell (self->room, TEMPO_DIRTY_HEALTH);
}

static void
catalogue_changed_cb (TempoSource *source,
                      TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL)
    return;
  g_hash_table_remove_all (self->matches);
  tempo_player_wake (self);
}

/* Screens on other threads follow the scan by these figures. */
static void
scan_changed_cb (GObject *library,
                 GParamSpec *pspec,
                 TempoSeat *seat)
{
  TempoRoom *room = seat->player->room;
  TempoScan before, scan;

  tempo_host_get_scan (room->venue->host, room->info->id, &before);
  g_object_get (library, "scanning", &scan.scanning, "scanned", &scan.scanned, "total",
                &scan.total, "songs", &scan.songs,
                "broken", &scan.broken, NULL);
  tempo_host_set_scan (room->venue->host, room->info->id, &scan);
  if (before.scanning && !scan.scanning)
    tempo_host_log (room->venue->host, room->venue->organization, G_LOG_LEVEL_INFO,
                    "Room \"%s\", library: %u songs, %u that cannot be played", room->info->name, scan.songs, scan.broken);
}

static void
playing_changed_cb (TempoSource *source,
                    TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL)
    return;
  if (tempo_player_can_write (self))
    tempo_player_follow (self);
  else
    self->look_again = TRUE;
}

static void
wants_next_cb (TempoSource *source,
               TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL)
    return;
  self->wanted = TRUE;
  if (tempo_player_can_write (self))
    tempo_player_offer_next (self);
}

static void
advanced_cb (TempoSource *source,
             TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL)
    return;
  if (tempo_player_can_write (self))
    tempo_player_take_advance (self);
  else
    self->advanced_early = TRUE;
}

static void
displaced_cb (TempoSource *source,
              TempoSeat *seat)
{
  TempoPlayer *self = get_player (seat);

  if (self == NULL)
    return;
  if (tempo_player_can_write (self))
    tempo_player_displace (self);
  else
    self->look_again = TRUE;
}

void
tempo_player_connect (TempoSeat *seat)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } signals[] = {
    { "ended", G_CALLBACK (ended_cb) },
    { "failed", G_CALLBACK (failed_cb) },
    { "started", G_CALLBACK (started_cb) },
    { "position", G_CALLBACK (position_cb) },
    { "health-changed", G_CALLBACK (health_changed_cb) },
    { "catalogue-changed", G_CALLBACK (catalogue_changed_cb) },
    { "playing-changed", G_CALLBACK (playing_changed_cb) },
    { "wants-next", G_CALLBACK (wants_next_cb) },
    { "advanced", G_CALLBACK (advanced_cb) },
    { "displaced", G_CALLBACK (displaced_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect (seat->source, signals[i].signal, signals[i].callback, seat);
  if (G_TYPE_CHECK_INSTANCE_TYPE (seat->source, TEMPO_TYPE_LIBRARY))
    g_signal_connect (seat->source, "notify", G_CALLBACK (scan_changed_cb), seat);
}

/* What sources said while nothing could be written. */
void
tempo_player_catch_up (TempoPlayer *self)
{
  if (self->advanced_early)
    {
      self->advanced_early = FALSE;
      tempo_player_take_advance (self);
    }
  if (self->look_again)
    {
      self->look_again = FALSE;
      tempo_player_follow (self);
    }
}
