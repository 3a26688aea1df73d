/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"
#include "tempo-scope-private.h"

G_BEGIN_DECLS

/* For tests of durability alone: the only way to a level below FULL. */
TempoStore *tempo_store_open_undurable (const char *path, const char *tenant_id, GError **error);

/* The file stays open for a connection of the caller's own, until it is released. */
gboolean tempo_store_hold (TempoStore *self, GError **error);
void tempo_store_release (TempoStore *self);

/* After how long without work the file is let go, in microseconds. */
void tempo_store_set_idle (TempoStore *self, gint64 idle_us);

/* A file's writing scope, of the newest schema; who has the file is the caller's care. @shared: the file
 * may have other organizations too. */
TempoScope *tempo_store_open_scope (const char *path, const char *tenant_id, gboolean shared, TempoGuardWeakness weakness, GError **error);

/* Work on the file itself, in the writer's thread, with the one connection there is meanwhile; guarded ones come back after it. */
typedef gboolean (*TempoMaintainFunc) (sqlite3 *db, const char *tenant_id, gpointer data, GError **error);
gboolean tempo_store_maintain (TempoStore *self, TempoMaintainFunc func, gpointer data, GError **error);

G_END_DECLS
