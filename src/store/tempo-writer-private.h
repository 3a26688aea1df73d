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
/* How the file is let go while nobody needs it, and opened again. In the writer's thread. */
typedef struct
{
  TempoScope *(*open) (gpointer data, GError **error); /* (transfer full) */
  gboolean (*let_go) (gpointer data); /* closes every other connection; FALSE while one is in use */
  gpointer data;
} TempoWriterRest;
/* Before the first batch. After @idle_us without work the file is let go; so it is earlier when too many are open. */
void tempo_writer_set_rest (TempoWriter *self, const TempoWriterRest *rest, gint64 idle_us);
/* Makes sure the file is open; blocks while it is being opened. Any thread but the writer's. */
gboolean tempo_writer_wake (TempoWriter *self, GError **error);
/* Now, if nothing waits and no other connection is in use. Any thread. */
void tempo_writer_ask_rest (TempoWriter *self);
gboolean tempo_writer_is_resting (TempoWriter *self);
void tempo_writer_stop (TempoWriter *self);
void tempo_writer_free (TempoWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoWriter, tempo_writer_free)

void tempo_writer_get_counts (TempoWriter *self, TempoWriterCounts *counts);
GError *tempo_writer_dup_fault (TempoWriter *self);

G_END_DECLS
