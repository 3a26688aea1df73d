/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"

G_BEGIN_DECLS

/* The manual source: no abilities; the DJ plays and marks. (transfer full). */
TempoSource *tempo_manual_source_new (void);

G_END_DECLS
