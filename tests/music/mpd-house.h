/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <mpd/client.h>

#include "music-fixture.h"
#include "music/mpd/tempo-mpd-source.h"

/* A real daemon in a fresh folder, with a null output that takes the time a device would take, another client that
 * interferes, and the source under test. */
typedef struct
{
  MusicFixture *files; /* (owned) the music, and the events of the source */
  char *conf;          /* (owned) */
  char *socket;        /* (owned) */
  GSubprocess *daemon; /* (owned) (nullable) */
  TempoSource *source; /* (owned) (nullable) */
} MpdHouse;

/* @extra: (nullable) lines for the daemon's configuration. The music is three songs of @ms each and a fourth file without tags. */
MpdHouse *mpd_house_new (guint ms, const char *extra);
void mpd_house_free (MpdHouse *self);
/* Runs the daemon and waits until it answers and knows its songs. */
void mpd_house_start (MpdHouse *self);
/* Ends it as a power cut would, or as a service manager would. */
void mpd_house_stop (MpdHouse *self, gboolean kill);
/* The source over it; waits until its health is @health. */
void mpd_house_open (MpdHouse *self, const char *password, TempoSourceHealth health);
/* Notes what a source says that was not opened by the house. */
void mpd_house_watch (MpdHouse *self);
void mpd_house_close (MpdHouse *self);
void mpd_house_wait_health (MpdHouse *self, TempoSourceHealth health);
/* Somebody else's client. */
struct mpd_connection *mpd_house_client (MpdHouse *self);
/* The one song that @query finds first. (transfer full). */
TempoSong *mpd_house_find (MpdHouse *self, const char *query);
void mpd_house_wait_event (MpdHouse *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpdHouse, mpd_house_free)
