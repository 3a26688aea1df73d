/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"

G_BEGIN_DECLS

/* The reading connections of a file: at most TEMPO_READERS_MAX, opened when first needed. */
typedef struct _TempoReaders TempoReaders;

#define TEMPO_READERS_MAX 3

TempoReaders *tempo_readers_new (const char *path, const char *tenant_id);
void tempo_readers_free (TempoReaders *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoReaders, tempo_readers_free)

void tempo_readers_push (TempoReaders *self, TempoReadFunc func, gpointer data, GDestroyNotify data_free, GTask *task);
gpointer tempo_readers_run (TempoReaders *self, TempoReadFunc func, gpointer data, GError **error);
/* Closes all connections, if none is in use; the next read calls @wake first. FALSE while one is in use. Any thread. */
typedef gboolean (*TempoReadersWake) (gpointer data, GError **error);
void tempo_readers_set_wake (TempoReaders *self, TempoReadersWake wake, gpointer data);
gboolean tempo_readers_let_go (TempoReaders *self);
void tempo_readers_come_back (TempoReaders *self);
gboolean tempo_readers_hold (TempoReaders *self, GError **error);
void tempo_readers_release (TempoReaders *self);
void tempo_readers_stop (TempoReaders *self);

G_END_DECLS
