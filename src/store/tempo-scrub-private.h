/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "tempo-traces-private.h"

G_BEGIN_DECLS

/* What is left of deleted rows in a file's pages. SQLite overwrites what is deleted (secure_delete), but not where a row
 * was that has moved: those bytes belong to nothing, until something needs the room. Built anew (VACUUM) a file is without
 * them, which keeps its writer for minutes; here just the pages that hold one of the texts have their unused bytes made
 * zero. No page means anything else then than before, so neither readers nor a power cut halfway through mind. */

/* Looks through the whole file. @db: must keep it as it is meanwhile, by a read transaction that was begun with an empty
 * WAL, or because nobody else has it. @traces: (nullable): NULL for whatever is in unused bytes. @pages: (element guint32): those with a text in unused bytes are added. @shared:
 * how many counted texts are in somebody's row. Blocks, and leaves the disk to others half of the time. */
gboolean tempo_scrub_find (sqlite3 *db, TempoTraces *traces, GArray *pages, guint *shared, GError **error);
/* Makes the unused bytes of pages zero. @db: the WAL must be empty, nobody may write, and no other connection that will
 * may have been open before, because it would write what it still has in memory. */
gboolean tempo_scrub_pages (sqlite3 *db, const guint32 *pages, guint n_pages, GError **error);

G_END_DECLS
