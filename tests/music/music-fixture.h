/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "model/tempo-song.h"
#include "music/library/tempo-library-private.h"

/* What the music tests share: a fresh folder, real audio files made on the spot,
 * and waiting for an event instead of for time. */

typedef struct
{
  char *root;    /* (owned) removed at the end */
  char *folder;  /* (owned) the music */
  char *index;   /* (owned) */
  char *artwork; /* (owned) */
  TempoSource *source; /* (owned) (nullable) */
  GString *events; /* (owned) names of the signals that came, each followed by a space */
  GError *error; /* (owned) (nullable) of the last "failed" */
  guint looks; /* how often a scan came to its end */
} MusicFixture;

/* Tags are "title=A;artist=B"; names are those of GStreamer. */
typedef struct
{
  const char *name;
  guint ms;
  const char *tags; /* (nullable) */
  GBytes *image; /* (nullable) */
} Tone;

MusicFixture *music_fixture_new (void);
void music_fixture_free (MusicFixture *self);
/* The library over the fixture's folder; scanned when @wait. */
TempoLibrary *music_fixture_open (MusicFixture *self, const char *sink, gboolean wait);
void music_fixture_close (MusicFixture *self);

/* The encoder follows the name's ending: flac, ogg, mp3, wav. */
void music_fixture_make_tone (MusicFixture *self, const Tone *tone);
/* Bytes below the music folder; folders on the way are made. */
void music_fixture_write (MusicFixture *self, const char *name, gconstpointer data, gsize length);
char *music_fixture_path (MusicFixture *self, const char *name);
/* A picture of @side pixels. @type: png or jpeg. (transfer full). */
GBytes *music_fixture_image (const char *type, guint side);

typedef gboolean (*MusicPredicate) (gpointer data);
/* Iterates the default context until @predicate holds; the test fails after 30 s. */
void music_fixture_wait (MusicPredicate predicate, gpointer data);
/* Sets the fixture's folder (again) and waits for the look at it. */
void music_fixture_scan (MusicFixture *self);
void music_fixture_wait_songs (MusicFixture *self, guint songs);
/* Until the signal @name was seen @count times. */
void music_fixture_wait_event (MusicFixture *self, const char *name, guint count);
guint music_fixture_count_event (MusicFixture *self, const char *name);
/* "title|title" of the answer. (transfer full). */
char *music_fixture_search (MusicFixture *self, const char *query, guint limit);
/* The one song that @query finds. (transfer full). */
TempoSong *music_fixture_find (MusicFixture *self, const char *query);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusicFixture, music_fixture_free)
