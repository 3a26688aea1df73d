/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/tempo-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/tempo-store.h"
#include "tempo-pace-private.h"

#define COPY_BLOCK (256 * 1024)

static TempoStoreError
translate (int number)
{
  switch (number)
    {
    case EACCES:
    case EPERM:
    case EROFS:
      return TEMPO_STORE_ERROR_READ_ONLY;
    case ENOSPC:
    case EDQUOT:
      return TEMPO_STORE_ERROR_FULL;
    case ENOENT:
    case ENOTDIR:
      return TEMPO_STORE_ERROR_NOT_FOUND;
    default:
      return TEMPO_STORE_ERROR_IO;
    }
}

/**
 * tempo_files_fail: turns a failed system call into a GError
 * @what: the call, as the message begins
 * @number: errno
 *
 * Returns: always FALSE, so that callers can return it
 */
gboolean
tempo_files_fail (const char *what, const char *path, int number, GError **error)
{
  g_set_error (error, TEMPO_STORE_ERROR, translate (number), "%s “%s” failed: %s", what, path, g_strerror (number));
  return FALSE;
}

/**
 * tempo_files_make_folder: makes a folder and those above it
 * @path: left alone when it is there
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_files_make_folder (const char *path, GError **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 || tempo_files_fail ("Making the folder", path, errno, error);
}

/**
 * tempo_files_make_private: makes an empty file for its owner alone, if it is missing
 * @path: a database to be; SQLite would make it readable for all, and its -wal and -shm follow it
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR, also when the file is there and cannot be written
 */
gboolean
tempo_files_make_private (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    return tempo_files_fail ("Opening", path, errno, error);
  close (fd);
  return TRUE;
}

/**
 * tempo_files_sync: waits until a file, or a folder's list of names, is on the disk
 * @path: the file or folder
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_files_sync (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  int number = fd < 0 || fsync (fd) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  return number == 0 || tempo_files_fail ("Syncing", path, number, error);
}

/**
 * tempo_files_sync_folder_of: waits until a file's name is on the disk
 * @path: the file
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_files_sync_folder_of (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return tempo_files_sync (folder, error);
}

/**
 * tempo_files_remove_tree: removes a folder and all in it, or a file
 * @path: what is not there is fine; links are removed, never followed
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR; what could be removed is gone
 */
gboolean
tempo_files_remove_tree (const char *path, GError **error)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name = NULL;
  gboolean removed = TRUE;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      removed = tempo_files_remove_tree (below, removed ? error : NULL) && removed;
    }
  if (!removed)
    return FALSE;
  return g_remove (path) == 0 || errno == ENOENT || tempo_files_fail ("Removing", path, errno, error);
}

/**
 * tempo_files_remove_database: removes a database and what SQLite may have left beside it
 * @path: what is not there is fine
 */
void
tempo_files_remove_database (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);

      g_unlink (name);
    }
}

static gboolean
copy_bytes (int from, int to)
{
  g_autofree char *block = g_malloc (COPY_BLOCK);
  TempoPace pace = { to, 0 };
  guint64 written = 0;
  gssize length = 0;

  while ((length = read (from, block, COPY_BLOCK)) > 0)
    {
      for (gssize done = 0, step = 0; done < length; done += step)
        {
          step = write (to, block + done, (gsize) (length - done));
          if (step < 0)
            return FALSE;
        }
      written += (guint64) length;
      tempo_pace_step (&pace, written);
    }
  return length == 0;
}

/**
 * tempo_files_copy: copies a file's bytes, durably
 * @to_path: replaced; readable for its owner alone
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR, and then nothing is left behind
 */
gboolean
tempo_files_copy (const char *from_path, const char *to_path, GError **error)
{
  int from = open (from_path, O_RDONLY | O_CLOEXEC);
  int to = open (to_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean copied = from >= 0 && to >= 0 && copy_bytes (from, to);
  int number = errno;

  if (from >= 0)
    close (from);
  if (to >= 0)
    close (to);
  if (copied && tempo_files_sync (to_path, error))
    return TRUE;
  if (to >= 0)
    g_unlink (to_path);
  return copied ? FALSE : tempo_files_fail ("Copying to", to_path, number, error);
}

static gboolean
link_file (const char *from, const char *to, GError **error)
{
  if (link (from, to) == 0 || errno == EEXIST)
    return TRUE;
  return tempo_files_copy (from, to, error);
}

/**
 * tempo_files_link_tree: makes a copy of a folder that takes no room where the disk can do that
 * @from_path: a folder whose files are never changed in place
 * @to_path: made when missing; what is there stays
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_files_link_tree (const char *from_path, const char *to_path, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (from_path, 0, NULL);
  const char *name = NULL;

  if (!tempo_files_make_folder (to_path, error))
    return FALSE;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (from_path, name, NULL);
      g_autofree char *to = g_build_filename (to_path, name, NULL);
      GStatBuf info;

      if (g_lstat (from, &info) != 0)
        continue;
      if (S_ISDIR (info.st_mode) && !tempo_files_link_tree (from, to, error))
        return FALSE;
      if (S_ISREG (info.st_mode) && !link_file (from, to, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * tempo_files_measure_tree: counts files and bytes below a path, links not followed
 * @files: (inout): gets so many more
 * @bytes: (inout): the same
 */
void
tempo_files_measure_tree (const char *path, guint64 *files, guint64 *bytes)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name = NULL;
  GStatBuf info;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      tempo_files_measure_tree (below, files, bytes);
    }
  if (g_lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return;
  *files += 1;
  *bytes += (guint64) info.st_size;
}
