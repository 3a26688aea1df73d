/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"

/* Figures of an organization that are read from the file when asked for: usage by day, statistics
 * of a night or a span, what was played in a night. Made on any thread, completed on the engine thread, read by one of the
 * store's readers. */
typedef struct _TempoReport TempoReport;

#define TEMPO_REPORT_MAX_DAYS 400    /* of usage */
#define TEMPO_REPORT_MAX_SPAN 92     /* days of statistics */
#define TEMPO_REPORT_MAX_ROWS 20     /* of each of its lists */
#define TEMPO_REPORT_MAX_SETLIST 5000

/* @list: one of "usage", "stats", "setlist", "setlist.csv", "setlist.m3u", "report.csv", and a URI query behind it: from, to (days),
 * event. NULL for another list; NULL with TEMPO_REFUSAL_INVALID for what cannot be read. (transfer full). */
TempoReport *tempo_report_new (const char *list, GError **error);
void tempo_report_free (TempoReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoReport, tempo_report_free)
/* @now: wall us: what days are when none is said. */
void tempo_report_set_zone (TempoReport *self, GTimeZone *zone, gint64 now);
void tempo_report_set_room (TempoReport *self, const char *room_id);
/* Limits of 0 are none. @storage: as last measured. */
void tempo_report_set_quotas (TempoReport *self, gint64 requests_limit, gint64 storage_limit, gint64 storage);
/* A TempoReadFunc. @report: a TempoReport. Gives GBytes. */
gpointer tempo_report_read (TempoScope *scope, gpointer report, GError **error);

/* tempo-report-lists.c: parts of the above. */
gpointer tempo_report_read_setlist (TempoScope *scope, const char *list, const char *event_id, GError **error);
