/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* sync_file_range() */
#include "tempo-pace-private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a commit may have to wait for: seven thousandths of a second on a disk of 40 MB/s. */
#define STEP (256 << 10)
#define MAX_PAUSE_US (500 * G_TIME_SPAN_MILLISECOND)
/* Of SQLite's virtual machine: some dozen rows. */
#define WATCH_STEPS 500

void
tempo_pace_open (TempoPace *self, const char *path)
{
  *self = (TempoPace){ open (path, O_RDONLY | O_CLOEXEC), 0 };
}

void
tempo_pace_clear (TempoPace *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

void
tempo_pace_rest (gint64 since)
{
  g_usleep ((gulong) CLAMP (g_get_monotonic_time () - since, 0, MAX_PAUSE_US));
}

/* Not fsync(): that would make the file system note, and the disk empty its cache, each time. */
void
tempo_pace_step (TempoPace *self, guint64 written)
{
  gint64 before = 0;

  if (self->fd < 0 || written < self->settled + STEP)
    return;
  before = g_get_monotonic_time ();
  sync_file_range (self->fd, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  self->settled = written;
  tempo_pace_rest (before);
}

void
tempo_pace_follow (TempoPace *self)
{
  struct stat info;

  if (self->fd >= 0 && fstat (self->fd, &info) == 0)
    tempo_pace_step (self, (guint64) info.st_size);
}

static int
watch_cb (gpointer data)
{
  TempoPaceWatch *self = data;

  if (self->pace.fd < 0)
    tempo_pace_open (&self->pace, self->path);
  tempo_pace_follow (&self->pace);
  return 0;
}

void
tempo_pace_watch (TempoPaceWatch *self, sqlite3 *db, const char *path)
{
  *self = (TempoPaceWatch){ TEMPO_PACE_INIT, path, db };
  sqlite3_progress_handler (db, WATCH_STEPS, watch_cb, self);
}

void
tempo_pace_watch_clear (TempoPaceWatch *self)
{
  if (self->db != NULL)
    sqlite3_progress_handler (self->db, 0, NULL, NULL);
  self->db = NULL;
  tempo_pace_clear (&self->pace);
}
