/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-catalogue.h"

#include "model/tempo-song.h"

#define MAX_SONGS 8000    /* some 4 MB */
#define MAX_PICTURES 2000 /* most are empty: known to be missing */
#define MAX_PICTURE_BYTES (16 * 1024 * 1024)

struct _TempoMpdCatalogue
{
  GHashTable *songs;    /* (owned) id -> song (owned) */
  GHashTable *keys;     /* (owned) key of artist and title -> song */
  GHashTable *titles;   /* (owned) key of the title alone -> song, NULL when two artists have it */
  GHashTable *artworks; /* (owned) artwork id -> song */
  GHashTable *pictures; /* (owned) artwork id -> GBytes or NULL */
  gsize picture_bytes;
};

static void
free_picture (gpointer picture)
{
  if (picture != NULL)
    g_bytes_unref (picture);
}

TempoMpdCatalogue *
tempo_mpd_catalogue_new (void)
{
  TempoMpdCatalogue *self = g_new0 (TempoMpdCatalogue, 1);

  self->songs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->artworks = g_hash_table_new (g_str_hash, g_str_equal);
  self->pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_picture);
  return self;
}

static void
forget_songs (TempoMpdCatalogue *self)
{
  g_hash_table_remove_all (self->keys);
  g_hash_table_remove_all (self->titles);
  g_hash_table_remove_all (self->artworks);
  g_hash_table_remove_all (self->songs);
}

void
tempo_mpd_catalogue_free (TempoMpdCatalogue *self)
{
  forget_songs (self);
  g_hash_table_unref (self->keys);
  g_hash_table_unref (self->titles);
  g_hash_table_unref (self->artworks);
  g_hash_table_unref (self->songs);
  g_hash_table_unref (self->pictures);
  g_free (self);
}

static void
add_title (TempoMpdCatalogue *self, TempoSong *song)
{
  char *key = tempo_song_key (NULL, song->title);
  gpointer other;

  if (!g_hash_table_lookup_extended (self->titles, key, NULL, &other))
    g_hash_table_insert (self->titles, key, song);
  else
    {
      g_autofree char *folded = tempo_text_fold (song->artist);
      g_autofree char *theirs = other ? tempo_text_fold (((TempoSong *) other)->artist) : NULL;

      if (g_strcmp0 (folded, theirs) != 0)
        g_hash_table_insert (self->titles, key, NULL);
      else
        g_free (key);
    }
}

/**
 * tempo_mpd_catalogue_add:
 *
 * A song that is here stays as it was; when the catalogue is full it starts anew, which is
 * simpler than ageing and costs the next guest one search.
 */
void
tempo_mpd_catalogue_add (TempoMpdCatalogue *self, TempoSong *song)
{
  char *key;

  if (g_hash_table_contains (self->songs, song->id))
    return;
  if (g_hash_table_size (self->songs) >= MAX_SONGS)
    forget_songs (self);
  g_hash_table_insert (self->songs, song->id, g_object_ref (song));
  key = tempo_song_key (song->artist, song->title);
  if (g_hash_table_contains (self->keys, key))
    g_free (key);
  else
    g_hash_table_insert (self->keys, key, song);
  add_title (self, song);
  if (song->artwork != NULL && !g_hash_table_contains (self->artworks, song->artwork))
    g_hash_table_insert (self->artworks, song->artwork, song);
}

void
tempo_mpd_catalogue_add_all (TempoMpdCatalogue *self, GPtrArray *songs)
{
  for (guint i = 0; i < songs->len; i++)
    tempo_mpd_catalogue_add (self, songs->pdata[i]);
}

TempoSong *
tempo_mpd_catalogue_lookup (TempoMpdCatalogue *self, const char *id)
{
  return g_hash_table_lookup (self->songs, id);
}

TempoSong *
tempo_mpd_catalogue_match (TempoMpdCatalogue *self, const char *artist, const char *title)
{
  gboolean alone = artist == NULL || *artist == '\0';
  g_autofree char *key = tempo_song_key (alone ? NULL : artist, title);

  return g_hash_table_lookup (alone ? self->titles : self->keys, key);
}

TempoSong *
tempo_mpd_catalogue_of_artwork (TempoMpdCatalogue *self, const char *artwork)
{
  return g_hash_table_lookup (self->artworks, artwork);
}

gboolean
tempo_mpd_catalogue_get_picture (TempoMpdCatalogue *self, const char *artwork, GBytes **picture)
{
  return g_hash_table_lookup_extended (self->pictures, artwork, NULL, (gpointer *) picture);
}

void
tempo_mpd_catalogue_set_picture (TempoMpdCatalogue *self, const char *artwork, GBytes *picture)
{
  gsize size = picture ? g_bytes_get_size (picture) : 0;

  if (g_hash_table_size (self->pictures) >= MAX_PICTURES || self->picture_bytes + size > MAX_PICTURE_BYTES)
    tempo_mpd_catalogue_forget_pictures (self);
  self->picture_bytes += size;
  g_hash_table_insert (self->pictures, g_strdup (artwork), picture ? g_bytes_ref (picture) : NULL);
}

void
tempo_mpd_catalogue_forget_pictures (TempoMpdCatalogue *self)
{
  g_hash_table_remove_all (self->pictures);
  self->picture_bytes = 0;
}
