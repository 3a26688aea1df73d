/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real music player daemon, and a desktop player of ours on a bus of its own. */
#include "conformance.h"

#include "mpd-house.h"
#include "mpris-house.h"

#define SONG_MS 1500
#define PLAYER "org.mpris.MediaPlayer2.sloppy"

static gpointer
mpd_open (TempoSource **source)
{
  MpdHouse *house = mpd_house_new (SONG_MS, NULL);

  mpd_house_start (house);
  mpd_house_open (house, NULL, TEMPO_SOURCE_READY);
  g_signal_handlers_disconnect_by_data (house->source, house);
  *source = g_steal_pointer (&house->source);

  return house;
}

static void
mpd_close (gpointer house)
{
  mpd_house_free (house);
}

static void
mpd_lose (gpointer house)
{
  mpd_house_stop (house, TRUE);
}

static double
mpd_get_volume (gpointer house)
{
  struct mpd_connection *client = mpd_house_client (house);
  struct mpd_status *status = mpd_run_status (client);
  double volume;

  g_assert_nonnull (status);
  volume = mpd_status_get_volume (status) / 100.0;
  mpd_status_free (status);
  mpd_connection_free (client);

  return volume;
}

const ConformanceAdapter conformance_mpd = {
  .name = "mpd",
  .abilities = TEMPO_SOURCE_SEARCH | TEMPO_SOURCE_PLAY | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_FILLER | TEMPO_SOURCE_ARTWORK
               | TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_HAND_OVER | TEMPO_SOURCE_PLAYLISTS | TEMPO_SOURCE_VOLUME,
  .query = "halo",
  .open = mpd_open,
  .close = mpd_close,
  .lose = mpd_lose,
  .get_volume = mpd_get_volume,
};

typedef struct
{
  MprisHouse *bus;       /* (owned) */
  SloppyPlayer *player;  /* (owned) (nullable) */
} Desktop;

static gpointer
mpris_open (TempoSource **source)
{
  Desktop *house = g_new0 (Desktop, 1);

  house->bus = mpris_house_new ();
  house->player = sloppy_new (house->bus, PLAYER, "Playing",
                              "{'mpris:trackid': <'/t/1'>, 'mpris:length': <uint64 600000000>, 'xesam:title': <'One'>}", FALSE);
  mpris_house_open (house->bus, NULL);
  g_signal_handlers_disconnect_by_data (house->bus->source, house->bus);
  *source = g_steal_pointer (&house->bus->source);
  while (tempo_source_get_health (*source, NULL) != TEMPO_SOURCE_READY)
    g_main_context_iteration (NULL, TRUE);

  return house;
}

static void
mpris_lose (gpointer house)
{
  g_clear_pointer (&((Desktop *) house)->player, sloppy_free);
}

static void
mpris_close (gpointer house)
{
  mpris_lose (house);
  mpris_house_free (((Desktop *) house)->bus);
  g_free (house);
}

static double
mpris_get_volume (gpointer house)
{
  return ((Desktop *) house)->player->volume;
}

const ConformanceAdapter conformance_mpris = {
  .name = "mpris",
  .abilities = TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_VOLUME | TEMPO_SOURCE_ARTWORK,
  .open = mpris_open,
  .close = mpris_close,
  .lose = mpris_lose,
  .get_volume = mpris_get_volume,
};
