/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"

G_BEGIN_DECLS

/* Any player on the desktop that speaks MPRIS, the Spotify client and browsers among them: what it plays is seen, and
 * its buttons can be pressed. It takes no songs: a wish is shown to the host, who plays it by hand. */

#define TEMPO_MPRIS_MAX_PLAYERS 32 /* followed at a time */

/* @bus: (nullable) NULL: the session's. @player: (nullable) the bus name of the one to follow, whole or without its
 * instance; NULL: whichever plays. (transfer full). */
TempoSource *tempo_mpris_source_new (GDBusConnection *bus, const char *player, TempoClock *clock);

typedef struct
{
  char *name;     /* (owned) bus name, what tempo_mpris_source_new() takes */
  char *identity; /* (owned) what people call it */
} TempoMprisPlayer;
void tempo_mpris_player_free (TempoMprisPlayer *self);

/* The players there are now: (element TempoMprisPlayer) (transfer full), at most TEMPO_MPRIS_MAX_PLAYERS; one that does not
 * answer within two seconds goes by its bus name. Any thread with a main context. */
void tempo_mpris_list_players_async (GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *tempo_mpris_list_players_finish (GAsyncResult *result, GError **error);

G_END_DECLS
