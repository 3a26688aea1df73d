/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"
#include "tempo-scope-private.h"

G_BEGIN_DECLS

/* For tests of durability alone: the only way to a level below FULL. */
TempoStore *tempo_store_open_undurable (const char *path, const char *tenant_id, GError **error);

/* A file's writing scope, of the newest schema; who has the file is the caller's care. */
TempoScope *tempo_store_open_scope (const char *path, const char *tenant_id, TempoGuardWeakness weakness, GError **error);

/* An fsync of a file, or of the folder it is in, so that its name survives too. */
gboolean tempo_store_sync_path (const char *path, GError **error);

G_END_DECLS
