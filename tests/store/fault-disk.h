/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk that fails on demand. The program that links this has its own write, pwrite64, ftruncate64,
 * fdatasync, fsync and unlink; libsqlite3 finds them first, so nothing needs to be preloaded
 * and sanitizers stay happy. Data only: a folder's entries are never lost. */

/* The next @after writes work, those that follow fail with @error until fault_disk_heal(). */
void fault_disk_fail_writes (int after, int error);
void fault_disk_fail_syncs (int after, int error);
/* Only the write number @after fails. */
void fault_disk_fail_one_write (int after, int error);
void fault_disk_heal (void);
guint fault_disk_get_calls (void);
/* Syncs of the file at @path wait until fault_disk_release(), as on a disk that is busy with something else. */
void fault_disk_hold_syncs (const char *path);
void fault_disk_release (void);
/* How many wait now. */
guint fault_disk_get_held (void);

/* At call number @calls the power goes: of what no sync has reached, each write is lost, torn at a
 * sector or kept, as @seed decides; then the process is gone. */
void fault_disk_cut_power (guint calls, guint32 seed);

#define FAULT_DISK_CUT_STATUS 42

G_END_DECLS
