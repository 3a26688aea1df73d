/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* What an account's songs are remembered by: for a while and in memory only, as Spotify's terms allow. Every part has a
 * named maximum. One thread. */
typedef struct _TempoSpotifyCatalog TempoSpotifyCatalog;

#define TEMPO_SPOTIFY_MAX_SONGS 4000
#define TEMPO_SPOTIFY_MAX_SEARCHES 200
#define TEMPO_SPOTIFY_MAX_PICTURES 64
#define TEMPO_SPOTIFY_SEARCH_US (5 * G_TIME_SPAN_MINUTE)

TempoSpotifyCatalog *tempo_spotify_catalog_new (TempoClock *clock);
void tempo_spotify_catalog_free (TempoSpotifyCatalog *self);
void tempo_spotify_catalog_forget (TempoSpotifyCatalog *self);
/* digest → address, for the readers. */
GHashTable *tempo_spotify_catalog_get_artwork (TempoSpotifyCatalog *self);
void tempo_spotify_catalog_add (TempoSpotifyCatalog *self, TempoSong *song);
void tempo_spotify_catalog_add_all (TempoSpotifyCatalog *self, GPtrArray *songs);
/* (transfer full) (nullable). */
TempoSong *tempo_spotify_catalog_lookup (TempoSpotifyCatalog *self, const char *uri);
/* (element TempoSong) (transfer full) (nullable): of the last five minutes. @key: folded words. */
GPtrArray *tempo_spotify_catalog_find_search (TempoSpotifyCatalog *self, const char *key);
void tempo_spotify_catalog_keep_search (TempoSpotifyCatalog *self, const char *key, GPtrArray *songs);
/* (transfer none) (nullable). */
const char *tempo_spotify_catalog_get_address (TempoSpotifyCatalog *self, const char *artwork);
GBytes *tempo_spotify_catalog_find_picture (TempoSpotifyCatalog *self, const char *artwork);
void tempo_spotify_catalog_keep_picture (TempoSpotifyCatalog *self, const char *artwork, GBytes *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoSpotifyCatalog, tempo_spotify_catalog_free)

G_END_DECLS
