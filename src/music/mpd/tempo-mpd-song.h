/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Words there and back between Tempo and a music player daemon: what a guest typed as a
 * filter, and what the daemon answered as songs. Pure; any thread. */

#define TEMPO_MPD_MAX_URI 1024  /* bytes; a song with a longer one is not offered */
#define TEMPO_MPD_MAX_WORDS 8   /* of a search */
#define TEMPO_MPD_MAX_WORD 64   /* bytes of each */
#define TEMPO_MPD_MAX_PAIRS 200 /* read of one song */

/* One song in the making. */
typedef struct
{
  char *uri;       /* (owned) (nullable) between songs */
  GString *title;  /* (owned) */
  GString *artist; /* (owned) */
  GString *album;  /* (owned) */
  gint64 duration_ms;
  guint pairs;
} TempoMpdReading;

TempoMpdReading *tempo_mpd_reading_new (void);
void tempo_mpd_reading_free (TempoMpdReading *self);
/* Takes one pair of an answer. The song before it when @name begins another. (transfer full) (nullable). */
TempoSong *tempo_mpd_reading_feed (TempoMpdReading *self, const char *name, const char *value);
/* The song read last. (transfer full) (nullable). */
TempoSong *tempo_mpd_reading_end (TempoMpdReading *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoMpdReading, tempo_mpd_reading_free)

typedef enum
{
  TEMPO_MPD_MATCH_TAGS,  /* every word in some tag */
  TEMPO_MPD_MATCH_NAMES, /* every word in the file's name: for songs without tags */
  TEMPO_MPD_MATCH_BLIND, /* every word in some tag, whatever its accents; needs a daemon with regular expressions */
} TempoMpdMatch;

/* The filter expression of a search; NULL when @query has no words. @query: any text. (transfer full) (nullable). */
char *tempo_mpd_filter (const char *query, TempoMpdMatch match);
/* "(@what @op 'value')" with @value quoted. (transfer full). */
char *tempo_mpd_condition (const char *what, const char *op, const char *value);
/* Sorts @songs (element TempoSong), best first, drops what is there twice and what is over @limit. */
void tempo_mpd_rank (GPtrArray *songs, const char *query, guint limit);
/* The id that guests see in @uri's place. (transfer full). */
char *tempo_mpd_song_id (const char *uri);

G_END_DECLS
