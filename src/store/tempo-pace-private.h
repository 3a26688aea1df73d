/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Writing much without being in the way: what is left to the system to write back some time is written back all at once
 * by the first fsync on that file system, and a guest's commit is such a one. So who writes much carries every megabyte
 * onto the disk itself, and then leaves the disk to others for as long as that took. Blocks: worker threads. */
typedef struct
{
  int fd;          /* (owned) -1: it could not be opened, and nothing is paced */
  guint64 settled; /* bytes that are on the disk */
} TempoPace;

#define TEMPO_PACE_INIT { -1, 0 }

/* @path: what is written; must be there. */
void tempo_pace_open (TempoPace *self, const char *path);
void tempo_pace_clear (TempoPace *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TempoPace, tempo_pace_clear)
/* Leaves the disk to others for as long as it was used, half a second at most. @since: monotonic us. */
void tempo_pace_rest (gint64 since);
/* @written: bytes so far. */
void tempo_pace_step (TempoPace *self, guint64 written);
/* The same for a file that only grows. */
void tempo_pace_follow (TempoPace *self);
/* While statements of @db run, paces the file @path that they write, once it is there. A file nobody else has open:
 * closing ours drops SQLite's locks on it. */
typedef struct
{
  TempoPace pace;
  const char *path; /* (unowned) */
  sqlite3 *db;      /* (unowned) */
} TempoPaceWatch;

void tempo_pace_watch (TempoPaceWatch *self, sqlite3 *db, const char *path);
void tempo_pace_watch_clear (TempoPaceWatch *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TempoPaceWatch, tempo_pace_watch_clear)

G_END_DECLS
