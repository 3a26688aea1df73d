/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault-disk.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define SECTOR 512

/* What is needed to undo a write that no sync has reached. */
typedef struct
{
  dev_t device;
  ino_t inode;
  int fd;        /* a duplicate, never closed: closing would drop SQLite's locks */
  off_t offset;
  gsize length;  /* of what was written */
  gsize had;     /* bytes of old content; beyond them the file ended */
  guint8 *old;
} Undo;

static struct
{
  GMutex lock;
  int writes_left; /* before writes fail; -1: they do not */
  int syncs_left;
  int write_error;
  int sync_error;
  gboolean once;
  guint calls;
  guint cut_at; /* 0: never */
  GCond released;
  gboolean holding;
  dev_t held_device;
  ino_t held_inode;
  guint held;
  GRand *dice;
  GPtrArray *undos; /* (element Undo) oldest first; NULL: not recorded */
} disk = { .writes_left = -1, .syncs_left = -1 };

static ssize_t (*real_write) (int fd, const void *data, size_t length);
static ssize_t (*real_pwrite) (int fd, const void *data, size_t length, off_t offset);
static int (*real_ftruncate) (int fd, off_t length);
static int (*real_fdatasync) (int fd);
static int (*real_fsync) (int fd);
static int (*real_unlink) (const char *path);

/* Before main(): afterwards threads could race for it. */
static void __attribute__ ((constructor))
find_real_calls (void)
{
  real_write = (ssize_t (*) (int, const void *, size_t)) dlsym (RTLD_NEXT, "write");
  real_pwrite = (ssize_t (*) (int, const void *, size_t, off_t)) dlsym (RTLD_NEXT, "pwrite64");
  real_ftruncate = (int (*) (int, off_t)) dlsym (RTLD_NEXT, "ftruncate64");
  real_fdatasync = (int (*) (int)) dlsym (RTLD_NEXT, "fdatasync");
  real_fsync = (int (*) (int)) dlsym (RTLD_NEXT, "fsync");
  real_unlink = (int (*) (const char *)) dlsym (RTLD_NEXT, "unlink");
}

/* With the lock. Keeps what is about to be overwritten. */
static void
record (int fd, gsize length, off_t offset)
{
  Undo *undo = NULL;
  struct stat info;
  ssize_t had = 0;

  if (disk.undos == NULL || fstat (fd, &info) != 0)
    return;
  undo = g_new0 (Undo, 1);
  undo->device = info.st_dev;
  undo->inode = info.st_ino;
  undo->fd = dup (fd);
  undo->offset = offset;
  undo->length = length;
  undo->old = g_malloc0 (length);
  had = pread (fd, undo->old, length, offset);
  undo->had = had > 0 ? (gsize) had : 0;
  g_ptr_array_add (disk.undos, undo);
}

/* With the lock. What a sync has reached is safe. */
static void
forget (const struct stat *info)
{
  for (guint i = 0; disk.undos != NULL && i < disk.undos->len;)
    {
      Undo *undo = disk.undos->pdata[i];

      if (undo->device == info->st_dev && undo->inode == info->st_ino)
        {
          close (undo->fd);
          g_free (undo->old);
          g_free (g_ptr_array_remove_index (disk.undos, i));
        }
      else
        i++;
    }
}

static void
undo_write (const Undo *undo)
{
  guint32 fate = g_rand_int_range (disk.dice, 0, 3);
  gsize from = 0;

  if (fate == 0)
    return;
  /* Torn: the first sectors made it. Beyond the old end the file may have grown with nothing in it. */
  if (fate == 1 && undo->length > SECTOR)
    from = SECTOR * (gsize) g_rand_int_range (disk.dice, 1, (gint32) (undo->length / SECTOR) + 1);
  if (from < undo->length)
    (void) !real_pwrite (undo->fd, undo->old + from, undo->length - from, undo->offset + (off_t) from);
}

static void
count_call (void)
{
  disk.calls++;
  if (disk.cut_at == 0 || disk.calls < disk.cut_at)
    return;
  for (guint i = disk.undos->len; i > 0; i--)
    undo_write (disk.undos->pdata[i - 1]);
  _exit (FAULT_DISK_CUT_STATUS);
}

/* With the lock. Whether this call fails. */
static gboolean
runs_out (int *left)
{
  if (*left < 0)
    return FALSE;
  if (*left > 0)
    {
      (*left)--;
      return FALSE;
    }
  if (disk.once)
    *left = -1;
  return TRUE;
}

static int
sync_file (int fd, int (*real) (int fd))
{
  struct stat info;
  gboolean fails = FALSE;
  int result = -1;

  g_mutex_lock (&disk.lock);
  count_call ();
  while (disk.holding && fstat (fd, &info) == 0 && info.st_dev == disk.held_device && info.st_ino == disk.held_inode)
    {
      disk.held++;
      g_cond_wait (&disk.released, &disk.lock);
      disk.held--;
    }
  fails = runs_out (&disk.syncs_left);
  if (!fails && fstat (fd, &info) == 0)
    forget (&info);
  g_mutex_unlock (&disk.lock);
  if (!fails)
    result = real (fd);
  else
    errno = disk.sync_error;
  return result;
}

/* The calls themselves; the lock is held through the write, so that a cut sees it whole or not at all. */

ssize_t pwrite64 (int fd, const void *data, size_t length, off_t offset);
int ftruncate64 (int fd, off_t length);

ssize_t
pwrite64 (int fd, const void *data, size_t length, off_t offset)
{
  ssize_t result = -1;
  int number = 0;

  g_mutex_lock (&disk.lock);
  count_call ();
  if (runs_out (&disk.writes_left))
    number = disk.write_error;
  else
    {
      record (fd, length, offset);
      result = real_pwrite (fd, data, length, offset);
      number = errno;
    }
  g_mutex_unlock (&disk.lock);
  errno = number;
  return result;
}

/* Of files alone, and only when the disk is full: pipes and wake-ups are no disk, and the cuts are SQLite's, which
 * has no use for this call. */
ssize_t
write (int fd, const void *data, size_t length)
{
  struct stat info;
  gboolean fails = FALSE;

  if (fd > STDERR_FILENO && fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    {
      g_mutex_lock (&disk.lock);
      fails = runs_out (&disk.writes_left);
      errno = disk.write_error;
      g_mutex_unlock (&disk.lock);
    }
  return fails ? -1 : real_write (fd, data, length);
}

int
ftruncate64 (int fd, off_t length)
{
  struct stat info;
  int result = -1;

  g_mutex_lock (&disk.lock);
  count_call ();
  if (fstat (fd, &info) == 0 && info.st_size > length)
    record (fd, (gsize) (info.st_size - length), length);
  result = real_ftruncate (fd, length);
  g_mutex_unlock (&disk.lock);
  return result;
}

int
fdatasync (int fd)
{
  return sync_file (fd, real_fdatasync);
}

int
fsync (int fd)
{
  return sync_file (fd, real_fsync);
}

int
unlink (const char *path)
{
  struct stat info;

  g_mutex_lock (&disk.lock);
  count_call ();
  if (stat (path, &info) == 0)
    forget (&info);
  g_mutex_unlock (&disk.lock);
  return real_unlink (path);
}

/* Control */

static void
fail (int writes, int syncs, int error, gboolean once)
{
  g_mutex_lock (&disk.lock);
  disk.writes_left = writes;
  disk.syncs_left = syncs;
  disk.write_error = disk.sync_error = error;
  disk.once = once;
  g_mutex_unlock (&disk.lock);
}

void
fault_disk_fail_writes (int after, int error)
{
  fail (after, -1, error, FALSE);
}

void
fault_disk_fail_one_write (int after, int error)
{
  fail (after, -1, error, TRUE);
}

void
fault_disk_fail_syncs (int after, int error)
{
  fail (-1, after, error, FALSE);
}

void
fault_disk_heal (void)
{
  fail (-1, -1, 0, FALSE);
}

guint
fault_disk_get_calls (void)
{
  guint calls = 0;

  g_mutex_lock (&disk.lock);
  calls = disk.calls;
  g_mutex_unlock (&disk.lock);
  return calls;
}

void
fault_disk_hold_syncs (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  g_mutex_lock (&disk.lock);
  disk.holding = TRUE;
  disk.held_device = info.st_dev;
  disk.held_inode = info.st_ino;
  g_mutex_unlock (&disk.lock);
}

void
fault_disk_release (void)
{
  g_mutex_lock (&disk.lock);
  disk.holding = FALSE;
  g_cond_broadcast (&disk.released);
  g_mutex_unlock (&disk.lock);
}

guint
fault_disk_get_held (void)
{
  guint held = 0;

  g_mutex_lock (&disk.lock);
  held = disk.held;
  g_mutex_unlock (&disk.lock);
  return held;
}

void
fault_disk_cut_power (guint calls, guint32 seed)
{
  g_mutex_lock (&disk.lock);
  disk.dice = g_rand_new_with_seed (seed);
  disk.undos = g_ptr_array_new ();
  disk.cut_at = disk.calls + calls;
  g_mutex_unlock (&disk.lock);
}
