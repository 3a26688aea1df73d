/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-choice.h"

#include <string.h>

#include "model/tempo-song.h"

#define MAX_RECENT 50         /* fillers that do not come again */
#define MAX_FILLER_ROWS 20000 /* of a filler folder, held in memory */
#define TRIES 16              /* a song: random rows that may be gaps, repeats or recent */
#define DAY_US (24 * 3600 * G_TIME_SPAN_SECOND)

struct _TempoLibraryChoice
{
  GRand *random; /* (owned) */
  char *library; /* (owned) (nullable) */
  char *filler; /* (owned) as it was set; "" for all */
  GArray *rows; /* (owned) (nullable) of the filler folder, read when first needed */
  GQueue recent; /* (element-type char*) ids of the last fillers, newest first */
};

/**
 * tempo_library_choice_new:
 *
 * Chooses from all of the library
 * until a folder is set.
 */
TempoLibraryChoice *
tempo_library_choice_new (void)
{
  TempoLibraryChoice *self = g_new0 (TempoLibraryChoice, 1);

  self->random = g_rand_new ();
  self->filler = g_strdup ("");
  return self;
}

/**
 * tempo_library_choice_free:
 *
 * Frees the choice;
 * NULL is allowed.
 */
void
tempo_library_choice_free (TempoLibraryChoice *self)
{
  if (self == NULL)
    return;
  g_rand_free (self->random);
  g_clear_pointer (&self->rows, g_array_unref);
  g_queue_clear_full (&self->recent, g_free);
  g_clear_pointer (&self->library, g_free);
  g_clear_pointer (&self->filler, g_free);
  g_free (self);
}

/**
 * tempo_library_choice_set_folder:
 *
 * The filler folder outlives a change of the library's: a host who plugs the disk
 * in elsewhere has it again.
 */
void
tempo_library_choice_set_folder (TempoLibraryChoice *self, const char *library, const char *filler)
{
  g_autofree char *new_library = g_strdup (library);
  g_autofree char *new_filler = g_strdup (filler ? filler : self->filler);

  g_clear_pointer (&self->library, g_free);
  self->library = g_steal_pointer (&new_library);
  g_clear_pointer (&self->filler, g_free);
  self->filler = g_steal_pointer (&new_filler);
  tempo_library_choice_forget (self);
}

/**
 * tempo_library_choice_forget:
 *
 * What was read of the catalogue is old. What was played
 * lately is not.
 */
void
tempo_library_choice_forget (TempoLibraryChoice *self)
{
  g_clear_pointer (&self->rows, g_array_unref);
}

/* The same night from noon to noon, UTC: an evening's guests see one choice. */
static guint32
night_of (gint64 now_us)
{
  return (guint32) ((now_us - DAY_US / 2) / DAY_US);
}

static gboolean
is_new_for_guests (GHashTable *artists, GHashTable *ids, const TempoSong *song, gboolean any_artist)
{
  if (g_hash_table_contains (ids, song->id))
    return FALSE;
  return any_artist || *song->artist == '\0' || !g_hash_table_contains (artists, song->artist);
}

/**
 * tempo_library_choice_suggest:
 *
 * Random rows from a generator seeded by the night. One song an artist first, and
 * only then more of the same.
 */
GPtrArray *
tempo_library_choice_suggest (TempoLibraryChoice *self, TempoLibraryIndex *index, gint64 now_us, guint limit)
{
  GPtrArray *songs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GRand) random = g_rand_new_with_seed (night_of (now_us));
  g_autoptr (GHashTable) artists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 last = tempo_library_index_last_row (index);
  guint tries = limit * TRIES;

  for (guint i = 0; i < tries && songs->len < limit && last > 0; i++)
    {
      gint64 row = 1 + (gint64) (g_rand_double (random) * (double) last);
      g_autoptr (TempoSong) song = tempo_library_index_at (index, row, NULL);

      if (song == NULL || !is_new_for_guests (artists, ids, song, i > tries / 2))
        continue;
      g_hash_table_add (artists, g_strdup (song->artist));
      g_hash_table_add (ids, g_strdup (song->id));
      g_ptr_array_add (songs, g_steal_pointer (&song));
    }
  return songs;
}

/* The filler folder relative to the library; NULL when it is not inside it. */
static char *
relative_filler (TempoLibraryChoice *self)
{
  g_autofree char *path = NULL;
  gsize length;

  if (self->library == NULL)
    return NULL;
  path = g_canonicalize_filename (self->filler, self->library);
  length = strlen (self->library);
  if (strncmp (path, self->library, length) != 0)
    return NULL;
  if (path[length] == '\0')
    return g_strdup ("");
  return path[length] == '/' ? g_strdup (path + length + 1) : NULL;
}

static TempoSong *
draw (TempoLibraryChoice *self, TempoLibraryIndex *index)
{
  gint64 last;

  if (self->rows != NULL)
    {
      if (self->rows->len == 0)
        return NULL;
      last = g_array_index (self->rows, gint64, g_rand_int_range (self->random, 0, self->rows->len));
      return tempo_library_index_at (index, last, NULL);
    }
  last = tempo_library_index_last_row (index);
  if (last == 0)
    return NULL;
  return tempo_library_index_at (index, 1 + (gint64) (g_rand_double (self->random) * (double) last), NULL);
}

/* How long ago it was a filler, in fillers; G_MAXINT: not lately. */
static gint
find_recent (TempoLibraryChoice *self, const char *id)
{
  GList *found = g_queue_find_custom (&self->recent, id, (GCompareFunc) strcmp);

  return found ? g_queue_link_index (&self->recent, found) : G_MAXINT;
}

static void
remember (TempoLibraryChoice *self, const char *id)
{
  GList *found = g_queue_find_custom (&self->recent, id, (GCompareFunc) strcmp);

  if (found != NULL)
    {
      g_clear_pointer (&found->data, g_free);
      g_queue_delete_link (&self->recent, found);
    }
  g_queue_push_head (&self->recent, g_strdup (id));
  if (g_queue_get_length (&self->recent) > MAX_RECENT)
    {
      g_autofree char *oldest = g_queue_pop_tail (&self->recent);

      g_debug ("filler \"%s\" may come again", oldest);
    }
}

/**
 * tempo_library_choice_next:
 *
 * Draws until a song comes that was not among the last fillers; in a library of a
 * few songs that is the one that was longest ago.
 */
TempoSong *
tempo_library_choice_next (TempoLibraryChoice *self, TempoLibraryIndex *index)
{
  g_autoptr (TempoSong) best = NULL;
  gint best_ago = -1;

  if (*self->filler != '\0' && self->rows == NULL)
    {
      g_autofree char *dir = relative_filler (self);

      if (dir == NULL)
        self->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
      else if (*dir != '\0')
        self->rows = tempo_library_index_list_rows (index, dir, MAX_FILLER_ROWS);
    }
  for (guint i = 0; i < 4 * TRIES && best_ago < G_MAXINT; i++)
    {
      g_autoptr (TempoSong) song = draw (self, index);
      gint ago;

      if (song == NULL)
        continue;
      ago = find_recent (self, song->id);
      if (ago > best_ago)
        {
          best_ago = ago;
          g_set_object (&best, song);
        }
    }
  if (best != NULL)
    remember (self, best->id);
  return g_steal_pointer (&best);
}
