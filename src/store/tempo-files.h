/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Files and folders around databases, with errors of TEMPO_STORE_ERROR. Block: worker threads. */

gboolean tempo_files_fail (const char *what, const char *path, int number, GError **error);
gboolean tempo_files_make_folder (const char *path, GError **error);
gboolean tempo_files_make_private (const char *path, GError **error);
gboolean tempo_files_sync (const char *path, GError **error);
gboolean tempo_files_copy (const char *from_path, const char *to_path, GError **error);
gboolean tempo_files_remove_tree (const char *path, GError **error);
/* The file, and what looking at it may have left beside it. */
void tempo_files_remove_database (const char *path);
/* A copy of a folder that takes no room where the disk can do that: files are never changed in place. What is there
 * stays. */
gboolean tempo_files_link_tree (const char *from_path, const char *to_path, GError **error);
void tempo_files_measure_tree (const char *path, guint64 *files, guint64 *bytes);
gboolean tempo_files_sync_folder_of (const char *path, GError **error);

G_END_DECLS
