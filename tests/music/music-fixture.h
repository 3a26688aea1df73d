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
  gint64 since; /* monotonic, of its making */
  GString *history; /* (owned) when which signal came, for the explanation of a wait in vain */
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
typedef void (*MusicExplain) (gpointer data, GString *text);
/* Iterates the default context until @predicate holds. After two minutes the test fails, and says what was waited for, what
 * those know who offered to explain, and where. */
#define music_fixture_wait(predicate, ...) music_fixture_wait_for (G_STRLOC, #predicate, predicate, __VA_ARGS__)
void music_fixture_wait_for (const char *place, const char *what, MusicPredicate predicate, gpointer data);
/* @func adds to the text of a wait in vain, until the same is taken back by @data. */
void music_fixture_offer (MusicExplain func, gpointer data);
void music_fixture_take_back (gpointer data);
/* Sets the fixture's folder (again) and waits for the look at it. */
void music_fixture_scan (MusicFixture *self);
void music_fixture_wait_songs (MusicFixture *self, guint songs);
/* For whoever connects to signals: an event came, to be compared (@event) or only to be told of. */
void music_fixture_note (MusicFixture *self, const char *name, gboolean event);
/* Until the signal @name was seen @count times. */
void music_fixture_wait_event (MusicFixture *self, const char *name, guint count);
guint music_fixture_count_event (MusicFixture *self, const char *name);
/* "title|title" of the answer. (transfer full). */
char *music_fixture_search (MusicFixture *self, const char *query, guint limit);
/* The one song that @query finds. (transfer full). */
TempoSong *music_fixture_find (MusicFixture *self, const char *query);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusicFixture, music_fixture_free)
