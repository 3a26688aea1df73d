/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/setup/tempo-music-count.h"

#define MAX_DEPTH 16

typedef struct
{
  GCancellable *cancellable; /* (unowned) */
  gssize seen;
  gssize songs;
} Count;

static void
count_below (Count *count,
             GFile *folder,
             int depth)
{
  g_autoptr (GFileEnumerator) files = NULL;

  if (depth > MAX_DEPTH)
    return;
  files = g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                     G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, count->cancellable, NULL);
  while (files != NULL && count->seen < TEMPO_MUSIC_COUNT_MAX)
    {
      GFileInfo *info = NULL;
      GFile *child = NULL;

      if (!g_file_enumerator_iterate (files, &info, &child, count->cancellable, NULL) || info == NULL)
        break;
      count->seen++;
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        count_below (count, child, depth + 1);
      else if (tempo_music_is_audio_name (g_file_info_get_name (info)))
        count->songs++;
    }
}

static void
count_thread (GTask *task,
              gpointer source,
              gpointer task_data,
              GCancellable *cancellable)
{
  g_autoptr (GFile) folder = g_file_new_for_path (task_data);
  Count count = { .cancellable = cancellable };

  if (g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, cancellable) != G_FILE_TYPE_DIRECTORY)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY, "no folder \"%s\"",
                               (const char *) task_data);
      return;
    }
  count_below (&count, folder, 0);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_int (task, count.songs);
}

/* Starts counting below @folder. A large collection takes a second or two;
 * cancel it when nobody waits for the number any more.
 */
void
tempo_music_count_async (const char *folder,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tempo_music_count_async);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, count_thread);
}

/* Ends tempo_music_count_async() with
 * the number of files that look like music.
 */
gssize
tempo_music_count_finish (GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), -1);
  return g_task_propagate_int (G_TASK (result), error);
}

/* Whether a file's name has an ending of music that
 * the library reads.
 */
gboolean
tempo_music_is_audio_name (const char *name)
{
  static const char *const endings[] = { ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac", ".wav",
                                        ".wma", ".aiff", ".aif" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]) && strlen (lower) > strlen (endings[i]))
      return TRUE;
  return FALSE;
}
