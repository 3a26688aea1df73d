/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* The one table of (role, action). Actions are words, so that access knows nothing of venue:
 * those of tempo_action_to_string(), plus "view" (read staff pages) and "manage_members". */
/* @rank: the numeric TempoRole (0 none, 1 viewer, 2 member, 3 admin, 4 owner); access may not include model. Unknown actions are refused. */
/* A viewer may not do what a guest may (it has no songs); members and above may all of it. */
gboolean tempo_permission_allows (guint rank, const char *action);

G_END_DECLS
