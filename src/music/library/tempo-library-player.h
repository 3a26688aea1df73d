/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"

G_BEGIN_DECLS

/* Plays one file at a time through GStreamer's playbin, with ReplayGain. The
 * pipeline lives on a worker, because opening a sound device asks a sound server that
 * may take its time; the engine thread uses this object and never waits. */

typedef struct _TempoLibraryPlayer TempoLibraryPlayer;

/* What happens, told in the context of who made the player. What belongs to a song
 * that was replaced or stopped is not told any more. */
typedef struct
{
  void (*started) (gpointer user_data);
  void (*ended) (gpointer user_data);
  void (*failed) (const GError *error, gpointer user_data); /* TEMPO_SOURCE_ERROR */
  void (*jumped) (gint64 position_ms, gpointer user_data);
  void (*device) (gboolean present, const char *text, gpointer user_data);
} TempoPlayerEvents;

/* @sink: (nullable) GStreamer description of the output. @events: static. */
TempoLibraryPlayer *tempo_library_player_new (const char *sink, const TempoPlayerEvents *events, gpointer user_data);
void tempo_library_player_probe (TempoLibraryPlayer *self);
void tempo_library_player_free (TempoLibraryPlayer *self);
/* @uri: (nullable) NULL fails as a file that is not there. @folder: (nullable) when this is
 * away too, the failure is GONE. */
void tempo_library_player_play (TempoLibraryPlayer *self, const char *uri, const char *folder, gint64 position_ms);
void tempo_library_player_pause (TempoLibraryPlayer *self);
void tempo_library_player_resume (TempoLibraryPlayer *self);
void tempo_library_player_stop (TempoLibraryPlayer *self);
void tempo_library_player_seek (TempoLibraryPlayer *self, gint64 position_ms);
void tempo_library_player_set_volume (TempoLibraryPlayer *self, double volume);
gint64 tempo_library_player_get_position (TempoLibraryPlayer *self);
/* ms between the end of a song and the sound of the next, -1 before the first. */
gint64 tempo_library_player_get_last_gap (TempoLibraryPlayer *self);

G_END_DECLS
