/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-catalog.h"

#include "base/tempo-clock.h"
#include "model/tempo-song.h"

/* A table that lets go of what was put in first. */
typedef struct
{
  GHashTable *table; /* (owned) text → anything */
  GQueue order;      /* (element utf8, the table's keys) oldest first */
  guint most;
} Shelf;

typedef struct
{
  GPtrArray *songs; /* (owned) */
  gint64 until;     /* monotonic us */
} Search;

struct _TempoSpotifyCatalog
{
  TempoClock *clock; /* (owned) */
  Shelf songs;       /* uri → TempoSong */
  Shelf searches;    /* words → Search */
  Shelf pictures;    /* artwork → GBytes */
  GHashTable *artwork; /* (owned) digest → address */
};

static void
search_free (gpointer data)
{
  Search *self = data;

  g_clear_pointer (&self->songs, g_ptr_array_unref);
  g_free (self);
}

static void
shelf_init (Shelf *shelf, guint most, GDestroyNotify destroy)
{
  shelf->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, destroy);
  g_queue_init (&shelf->order);
  shelf->most = most;
}

static void
shelf_empty (Shelf *shelf)
{
  g_queue_clear (&shelf->order);
  g_hash_table_remove_all (shelf->table);
}

/* @value: (transfer full). A key that is there keeps its place in line. */
static void
shelf_put (Shelf *shelf, const char *key, gpointer value)
{
  char *own;

  if (g_hash_table_contains (shelf->table, key))
    {
      /* The key that is there stays, because the line points to it; the one given is freed. */
      g_hash_table_insert (shelf->table, g_strdup (key), value);
      return;
    }
  if (g_hash_table_size (shelf->table) >= shelf->most)
    g_hash_table_remove (shelf->table, g_queue_pop_head (&shelf->order));
  own = g_strdup (key);
  g_hash_table_insert (shelf->table, own, value);
  g_queue_push_tail (&shelf->order, own);
}

TempoSpotifyCatalog *
tempo_spotify_catalog_new (TempoClock *clock)
{
  TempoSpotifyCatalog *self = g_new0 (TempoSpotifyCatalog, 1);

  self->clock = g_object_ref (clock);
  shelf_init (&self->songs, TEMPO_SPOTIFY_MAX_SONGS, g_object_unref);
  shelf_init (&self->searches, TEMPO_SPOTIFY_MAX_SEARCHES, search_free);
  shelf_init (&self->pictures, TEMPO_SPOTIFY_MAX_PICTURES, (GDestroyNotify) g_bytes_unref);
  self->artwork = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
tempo_spotify_catalog_forget (TempoSpotifyCatalog *self)
{
  shelf_empty (&self->songs);
  shelf_empty (&self->searches);
  shelf_empty (&self->pictures);
  g_hash_table_remove_all (self->artwork);
}

void
tempo_spotify_catalog_free (TempoSpotifyCatalog *self)
{
  tempo_spotify_catalog_forget (self);
  g_clear_pointer (&self->songs.table, g_hash_table_unref);
  g_clear_pointer (&self->searches.table, g_hash_table_unref);
  g_clear_pointer (&self->pictures.table, g_hash_table_unref);
  g_clear_pointer (&self->artwork, g_hash_table_unref);
  g_clear_object (&self->clock);
  g_free (self);
}

/* Addresses of songs that were forgotten go when they outnumber the songs by far; those of songs come again. */
GHashTable *
tempo_spotify_catalog_get_artwork (TempoSpotifyCatalog *self)
{
  if (g_hash_table_size (self->artwork) > 2 * TEMPO_SPOTIFY_MAX_SONGS)
    g_hash_table_remove_all (self->artwork);

  return self->artwork;
}

void
tempo_spotify_catalog_add (TempoSpotifyCatalog *self, TempoSong *song)
{
  if (song->id != NULL)
    shelf_put (&self->songs, song->id, g_object_ref (song));
}

void
tempo_spotify_catalog_add_all (TempoSpotifyCatalog *self, GPtrArray *songs)
{
  for (guint i = 0; i < songs->len; i++)
    tempo_spotify_catalog_add (self, g_ptr_array_index (songs, i));
}

TempoSong *
tempo_spotify_catalog_lookup (TempoSpotifyCatalog *self, const char *uri)
{
  TempoSong *song = g_hash_table_lookup (self->songs.table, uri);

  return song != NULL ? g_object_ref (song) : NULL;
}

GPtrArray *
tempo_spotify_catalog_find_search (TempoSpotifyCatalog *self, const char *key)
{
  Search *search = g_hash_table_lookup (self->searches.table, key);

  return search != NULL && search->until > tempo_clock_monotonic (self->clock) ? g_ptr_array_ref (search->songs) : NULL;
}

void
tempo_spotify_catalog_keep_search (TempoSpotifyCatalog *self, const char *key, GPtrArray *songs)
{
  Search *search = g_new0 (Search, 1);

  search->songs = g_ptr_array_ref (songs);
  search->until = tempo_clock_monotonic (self->clock) + TEMPO_SPOTIFY_SEARCH_US;
  shelf_put (&self->searches, key, search);
}

const char *
tempo_spotify_catalog_get_address (TempoSpotifyCatalog *self, const char *artwork)
{
  return g_hash_table_lookup (self->artwork, artwork);
}

GBytes *
tempo_spotify_catalog_find_picture (TempoSpotifyCatalog *self, const char *artwork)
{
  GBytes *picture = g_hash_table_lookup (self->pictures.table, artwork);

  return picture != NULL ? g_bytes_ref (picture) : NULL;
}

void
tempo_spotify_catalog_keep_picture (TempoSpotifyCatalog *self, const char *artwork, GBytes *picture)
{
  shelf_put (&self->pictures, artwork, g_bytes_ref (picture));
}
