/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "tempo-scope-private.h"

G_BEGIN_DECLS

/* The thread that has a file's writing connection. Any thread may push; what waits
 * together is committed together. */
typedef struct _TempoWriter TempoWriter;

typedef struct
{
  guint64 batches;  /* committed */
  guint64 commits;  /* that held them, each one fsync */
  guint64 failures; /* commits that failed as a whole */
} TempoWriterCounts;

TempoWriter *tempo_writer_new (TempoScope *scope);
void tempo_writer_push (TempoWriter *self, TempoBatch *batch, GTask *task);
gboolean tempo_writer_run (TempoWriter *self, TempoBatch *batch, GError **error);
/* Work that needs the file for itself: gets the writing scope, gives one back (NULL: the file is lost to this writer). */
typedef TempoScope *(*TempoWriterJob) (TempoScope *scope, gpointer data);
gboolean tempo_writer_run_job (TempoWriter *self, TempoWriterJob job, gpointer data, GError **error);
void tempo_writer_stop (TempoWriter *self);
void tempo_writer_free (TempoWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoWriter, tempo_writer_free)

void tempo_writer_get_counts (TempoWriter *self, TempoWriterCounts *counts);
GError *tempo_writer_dup_fault (TempoWriter *self);

G_END_DECLS
