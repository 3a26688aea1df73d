/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the machinery of each organization had to say, in files of its own: organizations/ID/logs/tempo.log, the older
 * ones tempo.1.log and so on. A thread writes them, so no caller ever waits for the disk; a disk that takes nothing
 * costs lines and no more. Who did what is not here but in the log of the organization's database.
 *
 * Any thread, unless it says that it blocks. */

#define TEMPO_LOGBOOK_FILE_BYTES (256 * 1024) /* no file is ever longer */
#define TEMPO_LOGBOOK_FILES 4                 /* of one organization, the newest included */
#define TEMPO_LOGBOOK_MAX_LINES 10000         /* that are read at once */
#define TEMPO_LOGBOOK_LINE_BYTES 1000         /* of what is said; the rest is cut off */

typedef struct _TempoLogbook TempoLogbook;

TempoLogbook *tempo_logbook_new (const char *data_dir);
/* Blocks: what waits is written first. */
void tempo_logbook_free (TempoLogbook *self);
/* Only of organizations that were let in anything is kept. */
void tempo_logbook_admit (TempoLogbook *self, const char *organization_id);
/* Blocks until the thread is not at its files. They stay; nothing is added to them before it is admitted again. */
void tempo_logbook_dismiss (TempoLogbook *self, const char *organization_id);
/* @at: wall time. @level: a word. @text: may hold anything; one line comes of it. */
void tempo_logbook_add (TempoLogbook *self, const char *organization_id, gint64 at, const char *level, const char *text);
/* Blocks until everything added before was written, or could not be. */
void tempo_logbook_flush (TempoLogbook *self);
/* Where the newest lines are. (transfer full). */
char *tempo_logbook_get_path (const char *data_dir, const char *organization_id);
/* Blocks. The newest @lines, oldest first, "" when nothing was said; NULL with a TEMPO_STORE_ERROR. (transfer full). */
char *tempo_logbook_read (const char *data_dir, const char *organization_id, guint lines, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLogbook, tempo_logbook_free)

G_END_DECLS
