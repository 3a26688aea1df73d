/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "music/library/tempo-library-index.h"
#include "music/library/tempo-library-reader.h"

G_BEGIN_DECLS

/* Keeps the index in step with the folder, on a worker of its own: one look at the
 * whole folder, then whatever the watch reports. A file whose path, modification time
 * and size are unchanged is not opened. Used by the engine thread. */

typedef struct _TempoLibraryScan TempoLibraryScan;

/* What the scanner tells, in the context of who made it. */
typedef struct
{
  gboolean scanning;
  gboolean missing; /* the folder is not there, or empty where songs were */
  gboolean changed; /* songs came, went or changed since the last report */
  guint scanned;    /* files looked at */
  guint total;      /* files found so far */
  TempoIndexCounts counts;
  char *trouble; /* (owned) (nullable) why the index cannot be kept, English */
} TempoScanReport;

typedef void (*TempoScanFunc) (const TempoScanReport *report, gpointer user_data);

TempoLibraryScan *tempo_library_scan_new (const char *index_path, const char *artwork_dir, TempoScanFunc func,
                                          gpointer user_data);
/* Ends the work at hand; no report comes any more. */
void tempo_library_scan_free (TempoLibraryScan *self);
/* Tests and benches: before the first folder is set. */
void tempo_library_scan_set_reader (TempoLibraryScan *self, TempoLibraryReadFunc func, gpointer user_data);
void tempo_library_scan_set_quiet_ms (TempoLibraryScan *self, guint quiet_ms);
/* Looks at all of @folder and watches it from then on; NULL: none. What was going on is dropped. */
void tempo_library_scan_set_folder (TempoLibraryScan *self, const char *folder);
void tempo_library_scan_mark_broken (TempoLibraryScan *self, const char *song_id, const char *reason);

G_END_DECLS
