/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Numbers for an operator, as Prometheus text. A metric is asked for by name once and kept: counting is an
 * addition. The number of series is bounded (1,024): labels come from our own tables, never from a guest.
 * Adding and observing: any thread. The rest: one thread. */
typedef struct _TempoMetric TempoMetric;

TempoMetrics *tempo_metrics_new (void);
TempoMetrics *tempo_metrics_ref (TempoMetrics *self);
void tempo_metrics_unref (TempoMetrics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoMetrics, tempo_metrics_unref)

/* @labels: (nullable) "route=\"/healthz\",status=\"200\"", written by us. The same name and labels give the
 * same metric. (transfer none): lives as long as @self. NULL when there are too many. */
TempoMetric *tempo_metrics_counter (TempoMetrics *self, const char *name, const char *help, const char *labels);
TempoMetric *tempo_metrics_gauge (TempoMetrics *self, const char *name, const char *help, const char *labels);
/* Seconds, in buckets from 0.5 ms to 10 s. */
TempoMetric *tempo_metrics_histogram (TempoMetrics *self, const char *name, const char *help, const char *labels);

/* All take NULL and do nothing. */
void tempo_metric_add (TempoMetric *self, gint64 n);
void tempo_metric_set (TempoMetric *self, gint64 value);
void tempo_metric_observe (TempoMetric *self, gint64 microseconds);
gint64 tempo_metric_get (TempoMetric *self);

/* Called before each tempo_metrics_to_bytes(), to set gauges to what they are now. */
typedef void (*TempoMetricsSample) (TempoMetrics *metrics, gpointer user_data);
void tempo_metrics_add_sampler (TempoMetrics *self, TempoMetricsSample sample, gpointer user_data);
/* The text, "text/plain; version=0.0.4". (transfer full). */
GBytes *tempo_metrics_to_bytes (TempoMetrics *self);

G_END_DECLS
