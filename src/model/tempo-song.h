/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* A piece of music as a source knows it, or as a guest typed it. Fields are set
 * by whoever makes the object and never after it was shared; then any thread.
 * Every field is also a read-only property of the same name for templates. */
struct _TempoSong
{
  GObject parent_instance;

  char *id;           /* (owned) (nullable) the source's own id; NULL for free text */
  char *title;        /* (owned) */
  char *artist;       /* (owned) "" when unknown */
  char *album;        /* (owned) (nullable) */
  char *artwork;      /* (owned) (nullable) artwork id, [0-9a-f]{1,64}; the pages ask /api/rooms/{room}/artwork/{id} */
  char *uri;          /* (owned) (nullable) where the source finds it, or, where the id is enough for that, its picture;
                         never leaves the host */
  gint64 duration_ms; /* 0 when unknown */
  gboolean explicit_content;
};

#define TEMPO_TYPE_SONG (tempo_song_get_type ())
GType tempo_song_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSong, g_object_unref)
#define TEMPO_SONG(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_SONG, TempoSong))
#define TEMPO_IS_SONG(o) (G_TYPE_CHECK_INSTANCE_TYPE ((o), TEMPO_TYPE_SONG))

#define TEMPO_SONG_MAX_TEXT 200 /* characters of a title, artist or album that a guest may send */

/* @artist: (nullable). (transfer full). */
TempoSong *tempo_song_new (const char *id, const char *title, const char *artist);
/* Case-, accent- and order-blind key of artist and title: two songs with the same
 * key are the same wish. "feat." parts, brackets and punctuation do not count. (transfer full). */
char *tempo_song_key (const char *artist, const char *title);
/* The artist, and the service that wants to be named beside its songs: "The Cranes · Spotify"; "" when there is neither.
 * (transfer full). */
char *tempo_song_dup_credit (TempoSong *self);
/* Where the service that wants it is led back to; NULL for other songs. (transfer full) (nullable). */
char *tempo_song_dup_link (TempoSong *self);
/* @sounding fulfils the wish @self: the same song by tempo_song_key(), or its title and one of its artists. */
gboolean tempo_song_fits (TempoSong *self, TempoSong *sounding);
/* One text folded for search and rules: NFKD, no marks, lower case, single spaces. (transfer full). */
char *tempo_text_fold (const char *text);
/* The JSON of DESIGN: {"id","title","artist","album","durationMs","explicit","artworkUrl"}, and "source" and "link" where
 * a service wants to be named. @room_code makes artworkUrl. */
void tempo_song_to_json (TempoSong *self, const char *room_code, TempoJson *json, const char *key);

G_END_DECLS
