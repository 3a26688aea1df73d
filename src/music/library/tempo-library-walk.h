/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "music/library/tempo-library-index.h"
#include "music/library/tempo-library-watch.h"

G_BEGIN_DECLS

/* Compares the folder with the index by names, times and sizes alone: what went is
 * taken out, what is new or changed is listed for reading. On the scanner's worker. */

typedef struct _TempoLibraryWalk TempoLibraryWalk;

/* A file to open. */
typedef struct
{
  gint64 dir_row;
  char *dir; /* (owned) a GRefString: shared by the files of a folder */
  char *name; /* (owned) */
  gint64 mtime;
  gint64 size;
} TempoPendingFile;

/* Called now and then, inside the index's transaction; may commit and begin anew. */
typedef gboolean (*TempoWalkStepFunc) (TempoLibraryWalk *walk, gpointer user_data, GError **error);

struct _TempoLibraryWalk
{
  TempoLibraryIndex *index;
  TempoLibraryWatch *watch; /* (nullable) */
  const char *folder;
  const char *artwork_dir;
  GCancellable *cancellable;
  TempoWalkStepFunc step; /* (nullable) */
  gpointer step_data;
  GPtrArray *pending; /* (owned) (element-type TempoPendingFile) */
  guint found;      /* audio files seen */
  gboolean changed; /* songs were taken out, or show another picture */
  gboolean missing; /* the library's folder is not there, or empty where songs were */
};

#define TEMPO_LIBRARY_MAX_DEPTH 32
#define TEMPO_LIBRARY_MAX_FILES 1000000

void tempo_library_walk_init (TempoLibraryWalk *self, TempoLibraryIndex *index, TempoLibraryWatch *watch,
                              const char *folder, const char *artwork_dir, GCancellable *cancellable);
void tempo_library_walk_clear (TempoLibraryWalk *self);
/* The whole library. */
gboolean tempo_library_walk_all (TempoLibraryWalk *self, GError **error);
/* Folder @dir, and what is new below it. */
gboolean tempo_library_walk_again (TempoLibraryWalk *self, const char *dir, GError **error);
/* TRUE when @name ends like an audio file. */
gboolean tempo_library_walk_is_audio (const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TempoLibraryWalk, tempo_library_walk_clear)

G_END_DECLS
