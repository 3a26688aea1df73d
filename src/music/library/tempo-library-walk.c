/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "music/tempo-artwork.h"

static const char *const audio_endings[] = {
  "aac", "aif", "aiff", "ape", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "mp4",
  "mpc", "oga", "ogg", "opus", "spx", "wav", "webm", "wma", "wv", NULL,
};

/* In this order. */
static const char *const cover_names[] = {
  "cover.jpg", "cover.jpeg", "cover.png", "folder.jpg", "folder.jpeg", "folder.png",
  "front.jpg", "front.jpeg", "front.png", "album.jpg", "album.jpeg", "album.png", NULL,
};

/* What stands in one folder. */
typedef struct
{
  char *name; /* (owned) */
  gint64 mtime;
  gint64 size;
} Entry;

typedef struct
{
  GArray *files; /* (element-type Entry) */
  GPtrArray *dirs; /* (element-type filename) */
  Entry cover; /* name is NULL when there is none */
  guint cover_rank;
  gboolean empty; /* nothing at all */
} Listing;

static void
clear_entry (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->name, g_free);
}

static void
clear_listing (Listing *listing)
{
  g_clear_pointer (&listing->files, g_array_unref);
  g_clear_pointer (&listing->dirs, g_ptr_array_unref);
  clear_entry (&listing->cover);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, clear_listing)

static void
free_pending (gpointer data)
{
  g_autofree TempoPendingFile *file = data;

  g_ref_string_release (file->dir);
  g_clear_pointer (&file->name, g_free);
}

/**
 * tempo_library_walk_is_audio:
 *
 * By the ending of the name only; a file that only looks like music is found out
 * when it is opened.
 */
gboolean
tempo_library_walk_is_audio (const char *name)
{
  const char *dot = strrchr (name, '.');

  if (dot == NULL || dot == name)
    return FALSE;
  for (guint i = 0; audio_endings[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (dot + 1, audio_endings[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

/* 1 for the best name of a cover, 0 for no cover. */
static guint
rank_cover (const char *name)
{
  for (guint i = 0; cover_names[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (name, cover_names[i]) == 0)
        return i + 1;
    }
  return 0;
}

static void
add_entry (Listing *listing, const char *name, const struct stat *info, guint cover_rank)
{
  Entry entry = { NULL, (gint64) info->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info->st_mtim.tv_nsec,
                  info->st_size };

  if (cover_rank == 0)
    {
      entry.name = g_strdup (name);
      g_array_append_val (listing->files, entry);
    }
  else if (listing->cover_rank == 0 || cover_rank < listing->cover_rank)
    {
      clear_entry (&listing->cover);
      entry.name = g_strdup (name);
      listing->cover = entry;
      listing->cover_rank = cover_rank;
    }
}

static gboolean
list_folder (const char *path, Listing *listing)
{
  DIR *dir = opendir (path);
  const struct dirent *item;

  if (dir == NULL)
    return FALSE;
  listing->empty = TRUE;
  while ((item = readdir (dir)) != NULL)
    {
      gboolean audio = tempo_library_walk_is_audio (item->d_name);
      guint cover_rank = audio ? 0 : rank_cover (item->d_name);
      struct stat info;

      if (g_str_equal (item->d_name, ".") || g_str_equal (item->d_name, ".."))
        continue;
      listing->empty = FALSE;
      if (item->d_name[0] == '.' || (item->d_type == DT_REG && !audio && cover_rank == 0))
        continue;
      if (fstatat (dirfd (dir), item->d_name, &info, 0) != 0)
        continue;
      if (S_ISDIR (info.st_mode))
        g_ptr_array_add (listing->dirs, g_strdup (item->d_name));
      else if (S_ISREG (info.st_mode) && (audio || cover_rank > 0))
        add_entry (listing, item->d_name, &info, cover_rank);
    }
  closedir (dir);
  return TRUE;
}

static char *
join (const char *dir, const char *name)
{
  return *dir != '\0' ? g_strconcat (dir, "/", name, NULL) : g_strdup (name);
}

/* TRUE when @dir is a link to one of the folders it stands in. */
static gboolean
is_loop (TempoLibraryWalk *self, const char *dir)
{
  g_autofree char *path = g_build_filename (self->folder, dir, NULL);
  g_autofree char *above = g_strdup (dir);
  g_autofree char *real = NULL;
  char *resolved;
  struct stat info;

  if (lstat (path, &info) != 0 || !S_ISLNK (info.st_mode))
    return FALSE;
  resolved = realpath (path, NULL);
  real = g_strdup (resolved ? resolved : "");
  free (resolved);
  for (;;)
    {
      char *slash = strrchr (above, '/');
      g_autofree char *above_path = NULL;
      struct stat a;
      struct stat b;

      above[slash ? slash - above : 0] = '\0';
      above_path = g_build_filename (self->folder, above, NULL);
      if (stat (above_path, &a) == 0 && stat (real, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
        return TRUE;
      if (*above == '\0')
        return FALSE;
    }
}

static gboolean
update_cover (TempoLibraryWalk *self, const char *path, const TempoIndexDir *known, const Listing *listing,
              GError **error)
{
  const Entry *cover = &listing->cover;
  g_autofree char *file = NULL;
  g_autofree char *artwork = NULL;
  g_autofree char *data = NULL;
  gsize length;

  if (cover->mtime == known->cover_mtime && cover->size == known->cover_size)
    return TRUE;
  if (cover->name != NULL && cover->size <= TEMPO_ARTWORK_MAX_SOURCE)
    {
      file = g_build_filename (path, cover->name, NULL);
      if (g_file_get_contents (file, &data, &length, NULL))
        {
          g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&data), length);

          artwork = tempo_artwork_store (self->artwork_dir, bytes, NULL);
        }
    }
  self->changed = TRUE;
  return tempo_library_index_set_cover (self->index, known->row, artwork, cover->mtime, cover->size, error);
}

/* Lists what has to be opened and takes out what is gone. */
static gboolean
compare_files (TempoLibraryWalk *self, const char *dir, const TempoIndexDir *known, const Listing *listing,
               GError **error)
{
  g_autoptr (GHashTable) stamps = tempo_library_index_list_files (self->index, known->row);
  g_autoptr (GRefString) shared = g_ref_string_new (dir);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < listing->files->len && self->found < TEMPO_LIBRARY_MAX_FILES; i++)
    {
      Entry *entry = &g_array_index (listing->files, Entry, i);
      TempoIndexStamp *stamp = g_hash_table_lookup (stamps, entry->name);
      TempoPendingFile *file;

      self->found++;
      if (stamp != NULL)
        stamp->seen = TRUE;
      if (stamp != NULL && stamp->mtime == entry->mtime && stamp->size == entry->size)
        continue;
      file = g_new0 (TempoPendingFile, 1);
      *file = (TempoPendingFile){ known->row, g_ref_string_acquire (shared), g_strdup (entry->name), entry->mtime,
                                  entry->size };
      g_ptr_array_add (self->pending, file);
    }
  g_hash_table_iter_init (&iter, stamps);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TempoIndexStamp *stamp = value;

      if (stamp->seen)
        continue;
      self->changed = TRUE;
      if (!tempo_library_index_remove_file (self->index, stamp->row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean walk_folder (TempoLibraryWalk *self, const char *dir, gint64 parent, gboolean deep, guint depth,
                             GError **error);

static gboolean
compare_dirs (TempoLibraryWalk *self, const char *dir, const TempoIndexDir *known, const Listing *listing,
              gboolean deep, guint depth, GError **error)
{
  g_autoptr (GHashTable) rows = tempo_library_index_list_dirs (self->index, known->row);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < listing->dirs->len; i++)
    {
      g_autofree char *below = join (dir, g_ptr_array_index (listing->dirs, i));
      gboolean is_known = g_hash_table_remove (rows, below);

      if (is_known && !deep)
        continue;
      if (!walk_folder (self, below, known->row, TRUE, depth + 1, error))
        return FALSE;
    }
  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      self->changed = TRUE;
      if (!tempo_library_index_remove_dir (self->index, *(gint64 *) value, error))
        return FALSE;
    }
  return TRUE;
}

/* A folder that may not be read keeps its songs: permissions come back. One that
 * is gone is taken out by its parent; the library itself is only missing. */
static gboolean
cannot_list (TempoLibraryWalk *self, const char *dir)
{
  if (*dir == '\0')
    self->missing = TRUE;
  else
    g_debug ("cannot read folder \"%s\": %s", dir, g_strerror (errno));
  return TRUE;
}

static gboolean
walk_folder (TempoLibraryWalk *self, const char *dir, gint64 parent, gboolean deep, guint depth, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, dir, NULL);
  g_auto (Listing) listing = { 0 };
  TempoIndexDir known;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (depth > TEMPO_LIBRARY_MAX_DEPTH || (depth > 0 && is_loop (self, dir)))
    return TRUE;
  listing.files = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (listing.files, clear_entry);
  listing.dirs = g_ptr_array_new_with_free_func (g_free);
  if (self->watch != NULL)
    tempo_library_watch_add (self->watch, dir);
  if (!list_folder (path, &listing))
    return cannot_list (self, dir);
  /* The mount point of a disk that was pulled out is an empty folder: keep what is known until it is back. */
  if (*dir == '\0' && listing.empty && tempo_library_index_last_row (self->index) > 0)
    return cannot_list (self, dir);
  if (!tempo_library_index_visit_dir (self->index, dir, parent, &known, error))
    return FALSE;
  if (known.row == 0)
    return TRUE;
  return update_cover (self, path, &known, &listing, error) &&
         compare_files (self, dir, &known, &listing, error) &&
         (self->step == NULL || self->step (self, self->step_data, error)) &&
         compare_dirs (self, dir, &known, &listing, deep || known.is_new, depth, error);
}

/**
 * tempo_library_walk_init:
 *
 * Nothing but the pending list is owned; everything else must outlive the walk.
 * @watch may be NULL.
 */
void
tempo_library_walk_init (TempoLibraryWalk *self, TempoLibraryIndex *index, TempoLibraryWatch *watch,
                         const char *folder, const char *artwork_dir, GCancellable *cancellable)
{
  *self = (TempoLibraryWalk) { 0 };
  self->index = index;
  self->watch = watch;
  self->folder = folder;
  self->artwork_dir = artwork_dir;
  self->cancellable = cancellable;
  self->pending = g_ptr_array_new_with_free_func (free_pending);
}

/**
 * tempo_library_walk_clear:
 *
 * Frees the pending list.
 * A walk that was never begun may be cleared too.
 */
void
tempo_library_walk_clear (TempoLibraryWalk *self)
{
  g_clear_pointer (&self->pending, g_ptr_array_unref);
}

/**
 * tempo_library_walk_all:
 *
 * Looks at every folder. Folders and links are followed at most
 * TEMPO_LIBRARY_MAX_DEPTH deep and never in a circle.
 */
gboolean
tempo_library_walk_all (TempoLibraryWalk *self, GError **error)
{
  return walk_folder (self, "", 0, TRUE, 0, error);
}

/**
 * tempo_library_walk_again:
 *
 * Looks at one folder that changed. A folder the index does not know is left out:
 * its parent changed too, and brings it in.
 */
gboolean
tempo_library_walk_again (TempoLibraryWalk *self, const char *dir, GError **error)
{
  guint depth = *dir != '\0' ? 1 : 0;

  for (const char *p = dir; *p != '\0'; p++)
    depth += *p == '/';
  return walk_folder (self, dir, -1, FALSE, depth, error);
}
