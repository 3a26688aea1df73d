/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/log/tempo-log-values.h"

G_BEGIN_DECLS

/* The log's sentences, in one table. Pure functions, any thread. */

typedef enum
{
  TEMPO_LOG_EVERYTHING,
  TEMPO_LOG_REQUESTS,
  TEMPO_LOG_PEOPLE,
  TEMPO_LOG_SETTINGS,
  TEMPO_LOG_REFUSED,
} TempoLogKind;

/* What was done, translated; the word itself for one the table does not have. */
const char *tempo_log_words_action (const char *action);
/* The words of @kind with commas between them, as the engine takes them; NULL for everything. (transfer full) (nullable). */
char *tempo_log_words_list (TempoLogKind kind);
/* Who did it, where there is no better name. @kind: as in the log. */
const char *tempo_log_words_actor (const char *kind);
/* How its values before and after are written. */
TempoLogValue tempo_log_words_value (const char *action);
/* What a thing is called that has no name (any more); (nullable) for kinds that need none. */
const char *tempo_log_words_nameless (const char *object_kind);
/* Why, in words; (nullable) for a code that tells people nothing. */
const char *tempo_log_words_reason (const char *reason);

G_END_DECLS
