/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-batch.h"

/* What is counted as it happens and can be found in no table afterwards: calls, refusals at the door, the
 * most listeners at a time, searches that found nothing. Kept in memory and added to the day's figures
 * every ten minutes and at the end; what a power cut takes is ten minutes of counting. Engine thread. */
typedef struct _TempoTally TempoTally;

#define TEMPO_TALLY_FLUSH_US (10 * G_TIME_SPAN_MINUTE)
/* Different texts that found nothing, and different kinds of figures, between two flushes. */
#define TEMPO_TALLY_MAX_MISSES 500
#define TEMPO_TALLY_MAX_METRICS 64

TempoTally *tempo_tally_new (void);
void tempo_tally_free (TempoTally *self);
/* One more. @metric: static, or "refused." and a code. */
void tempo_tally_count (TempoTally *self, const char *metric);
/* At least @value at the same time. */
void tempo_tally_raise (TempoTally *self, const char *metric, gint64 value);
/* A search of at least three characters that found nothing; folded here. */
void tempo_tally_miss (TempoTally *self, const char *room_id, const char *query);
/* Moves everything to @batch as figures of @day. FALSE when there was nothing. */
gboolean tempo_tally_drain (TempoTally *self, const char *day, TempoBatch *batch);
