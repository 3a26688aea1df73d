/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-lock-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/tempo-store.h"
#include "store/tempo-files.h"

struct _TempoLock
{
  int fd;
};

/**
 * tempo_lock_take: becomes the one who has @path, or says at once that somebody else does
 * @path: the file to be guarded; the lock is the file "@path.lock", which stays
 *
 * The lock file is not removed on release: a process between opening and locking it would
 * then lock a file that nobody else can see.
 *
 * Returns: (transfer full): the lock, or NULL with BUSY, READ_ONLY, FULL, NOT_FOUND or IO
 */
TempoLock *
tempo_lock_take (const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  TempoLock *self = NULL;
  int fd = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      tempo_files_fail ("Locking", path, errno, error);
      return NULL;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      int number = errno;

      close (fd);
      if (number == EWOULDBLOCK)
        g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY, "“%s” is in use by another process", path);
      else
        tempo_files_fail ("Locking", path, number, error);
      return NULL;
    }
  self = g_new0 (TempoLock, 1);
  self->fd = fd;
  return self;
}

/**
 * tempo_lock_release: lets others have the file
 * @self: (transfer full): the lock
 *
 * Closing the descriptor releases it, as the end of the process would.
 */
void
tempo_lock_release (TempoLock *self)
{
  close (self->fd);
  g_free (self);
}
