/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lan/tempo-lan-private.h"

G_BEGIN_DECLS

/* The guest page for browsers that run no scripts: what plays, what is next, a
 * search and forms to ask, as HTML. Engine thread. */

/* @songs: (element TempoSong) (nullable) results of @query. @said: (nullable) a code of the sentences table. (transfer full). */
char *tempo_fallback_new (TempoExchange *exchange, TempoRoom *room, GPtrArray *songs, const char *query, const char *said);
/* One message of the pages' catalog in the reader's language. (transfer none). */
const char *tempo_fallback_text (TempoVisit *visit, const char *msgid);

G_END_DECLS
