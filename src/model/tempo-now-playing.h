/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* What sounds at a moment. The position of any later moment is interpolated,
 * so nothing ticks. Never set after sharing; then any thread. */
struct _TempoNowPlaying
{
  GObject parent_instance;

  TempoSong *song;       /* (owned) */
  TempoRequest *request; /* (owned) (nullable) NULL for filler */
  gint64 position_ms;    /* at as_of */
  gint64 as_of;          /* wall us */
  gboolean playing;      /* FALSE: paused */
};

#define TEMPO_TYPE_NOW_PLAYING (tempo_now_playing_get_type ())
GType tempo_now_playing_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoNowPlaying, g_object_unref)
#define TEMPO_NOW_PLAYING(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_NOW_PLAYING, TempoNowPlaying))

TempoNowPlaying *tempo_now_playing_new (TempoSong *song, TempoRequest *request, gint64 position_ms, gint64 as_of, gboolean playing);
/* Position at wall time @now, never past the song's end when that is known. */
gint64 tempo_now_playing_position (TempoNowPlaying *self, gint64 now);
void tempo_now_playing_to_json (TempoNowPlaying *self, const char *room_code, TempoJson *json, const char *key);

G_END_DECLS
