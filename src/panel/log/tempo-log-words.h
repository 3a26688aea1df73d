/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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
/* A value before or after of an object of that kind, as people call it. */
const char *tempo_log_words_value (const char *object_kind, const char *value);

G_END_DECLS
