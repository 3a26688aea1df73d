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
void tempo_readers_stop (TempoReaders *self);

G_END_DECLS
