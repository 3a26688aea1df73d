/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "venue/tempo-command.h"

/* Engine thread, until the turn's commit; immutable afterwards. */
TempoOutcome *tempo_outcome_new (void);
