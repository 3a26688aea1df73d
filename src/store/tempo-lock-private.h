/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The right to be the one process that has a file: a lock file beside it, held
 * by flock(), so that it is free again the moment its process is gone. */
typedef struct _TempoLock TempoLock;

TempoLock *tempo_lock_take (const char *path, GError **error);
void tempo_lock_release (TempoLock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLock, tempo_lock_release)

G_END_DECLS
