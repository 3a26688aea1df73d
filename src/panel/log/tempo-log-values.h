/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/tempo-json.h"

G_BEGIN_DECLS

/* What was before and after, as the log tells it to people. Pure functions, main thread (local time). */

/* How a value of an action is written in the log. */
typedef enum
{
  TEMPO_LOG_TEXT,    /* what somebody typed: shown as it is */
  TEMPO_LOG_WORD,    /* a word of the engine, a number or a time */
  TEMPO_LOG_SETTING, /* JSON; the setting is the row's object or reason */
  TEMPO_LOG_RULES,   /* a JSON object, a rule a member */
  TEMPO_LOG_LENGTH,  /* milliseconds */
  TEMPO_LOG_SHARE,   /* 0.00 to 1.00 */
  TEMPO_LOG_SONG,    /* a JSON object with title and artist */
  TEMPO_LOG_HIDDEN,  /* nothing that says more than the action does */
} TempoLogValue;

/* What a setting of the organization or a room, or a rule, is called; NULL for one that is not known. */
const char *tempo_log_setting_name (const char *key);
/* "A → B". @key: (nullable) of a setting. (transfer full) (nullable) when there is nothing to say. */
char *tempo_log_describe_change (TempoLogValue kind, const char *object_kind, const char *key, const char *before, const char *after);
/* A time as a row has room for it: "20 Nov, 21:40". (transfer full). */
char *tempo_log_describe_time (gint64 wall_us);
/* "Firefox · Android" of what a browser says of itself; what it says when nothing of it is known. @agent: (nullable).
 * (transfer full) (nullable). */
char *tempo_log_describe_agent (const char *agent);

G_END_DECLS
