/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library over real files, and the source that is none. */
#include "conformance.h"

#include <glib/gstdio.h>

#include "music-fixture.h"
#include "music/manual/tempo-manual-source.h"

#define SONG_MS 1500

static gpointer
library_open (TempoSource **source)
{
  MusicFixture *files = music_fixture_new ();

  music_fixture_make_tone (files, &(Tone) { "one.flac", SONG_MS, "title=One Halo;artist=Ada", NULL });
  music_fixture_make_tone (files, &(Tone) { "two.flac", SONG_MS, "title=Two Tons;artist=Bob", NULL });
  music_fixture_open (files, "fakesink sync=true", TRUE);
  *source = g_steal_pointer (&files->source);

  return files;
}

static void
library_close (gpointer house)
{
  music_fixture_free (house);
}

static void
library_lose (gpointer house)
{
  MusicFixture *files = house;
  g_autofree char *away = g_strconcat (files->folder, ".away", NULL);

  g_assert_cmpint (g_rename (files->folder, away), ==, 0);
}

const ConformanceAdapter conformance_library = {
  .name = "library",
  .abilities = TEMPO_SOURCE_SEARCH | TEMPO_SOURCE_PLAY | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_VOLUME
               | TEMPO_SOURCE_FILLER | TEMPO_SOURCE_ARTWORK,
  .query = "halo",
  .open = library_open,
  .close = library_close,
  .lose = library_lose,
};

static gpointer
manual_open (TempoSource **source)
{
  *source = tempo_manual_source_new ();

  return NULL;
}

static void
manual_close (gpointer house)
{
}

const ConformanceAdapter conformance_manual = { .name = "manual", .open = manual_open, .close = manual_close };
