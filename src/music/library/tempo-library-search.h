/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Searches the index on a worker with a connection of its own, so that neither the
 * engine nor the scanner waits for it or is waited for. Used by the engine thread. */

typedef struct _TempoLibrarySearch TempoLibrarySearch;

#define TEMPO_LIBRARY_SEARCH_MAX_WAITING 256

TempoLibrarySearch *tempo_library_search_new (const char *index_path);
void tempo_library_search_free (TempoLibrarySearch *self);
/* Answers @task (taken over) with a GPtrArray of TempoSong, in the task's context. The newest query is
 * answered first: who types on has no use for what was typed before. */
void tempo_library_search_run (TempoLibrarySearch *self, const char *query, guint limit, GTask *task);

G_END_DECLS
