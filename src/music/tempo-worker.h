/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A thread with a main context of its own, for work that may block: reading
 * files, searching, opening sound devices. Work is posted to it and answers are
 * posted back, so that what belongs to the thread needs no lock. */

typedef struct _TempoWorker TempoWorker;
typedef void (*TempoPostFunc) (gpointer data);

/* Starts the thread. @name: at most 15 characters, for debuggers. (transfer full). */
TempoWorker *tempo_worker_new (const char *name);
TempoWorker *tempo_worker_ref (TempoWorker *self);
void tempo_worker_unref (TempoWorker *self);
GMainContext *tempo_worker_get_context (TempoWorker *self);
/* Runs @func on the worker, in the order posted. @destroy runs after it, or without it when
 * the worker ends first. Any thread. */
void tempo_worker_post (TempoWorker *self, TempoPostFunc func, gpointer data, GDestroyNotify destroy);
/* Ends the thread after the work at hand and waits for it at most @wait_us; TRUE when it ended in time. */
gboolean tempo_worker_stop (TempoWorker *self, gint64 wait_us);

/* Runs @func in @context, never in the calling thread, in the order posted. Any thread. */
void tempo_post (GMainContext *context, TempoPostFunc func, gpointer data, GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoWorker, tempo_worker_unref)

G_END_DECLS
