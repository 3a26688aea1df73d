/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"

G_BEGIN_DECLS

/* Takes names, cookies and dedications out of nights that ended before @limit. Years of them, as an import may
 * bring, are done bit by bit, so that no guest's commit waits for more than one bit and memory does not grow with
 * them. Blocks: worker threads. Errors: the store's. */
gboolean tempo_forget_guests (TempoStore *store, gint64 limit, GError **error);

G_END_DECLS
