/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-metrics.h"

#define MAX_SERIES 1024

typedef enum
{
  KIND_COUNTER,
  KIND_GAUGE,
  KIND_HISTOGRAM,
} Kind;

static const char *const kind_names[] = { "counter", "gauge", "histogram" };

/* Upper bounds in microseconds: from an answer out of memory to one that waited for a password. */
static const gint64 bounds[] = {
  500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 10000000
};
#define N_BOUNDS G_N_ELEMENTS (bounds)

struct _TempoMetric
{
  char *labels; /* (owned): "" for none */
  gint64 value; /* (atomic): of a histogram, the sum in microseconds */
  gint64 *buckets; /* (owned) (nullable) (atomic): N_BOUNDS + 1 counts */
};

/* All series of one name. */
typedef struct
{
  char *name; /* (owned) */
  char *help; /* (owned) */
  Kind kind;
  GPtrArray *series; /* (owned) */
} Family;

typedef struct
{
  TempoMetricsSample sample;
  gpointer user_data;
} Sampler;

struct _TempoMetrics
{
  GPtrArray *families; /* (owned) */
  GArray *samplers;    /* (owned) */
  guint n_series;
};

static void
free_metric (gpointer data)
{
  TempoMetric *metric = data;

  g_clear_pointer (&metric->labels, g_free);
  g_clear_pointer (&metric->buckets, g_free);
  g_free (metric);
}

static void
free_family (gpointer data)
{
  Family *family = data;

  g_clear_pointer (&family->name, g_free);
  g_clear_pointer (&family->help, g_free);
  g_clear_pointer (&family->series, g_ptr_array_unref);
  g_free (family);
}

/** Makes an empty set. */
TempoMetrics *
tempo_metrics_new (void)
{
  TempoMetrics *self = g_rc_box_new0 (TempoMetrics);

  self->families = g_ptr_array_new_with_free_func (free_family);
  self->samplers = g_array_new (FALSE, FALSE, sizeof (Sampler));
  return self;
}

TempoMetrics *
tempo_metrics_ref (TempoMetrics *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_all (gpointer data)
{
  TempoMetrics *self = data;

  g_clear_pointer (&self->families, g_ptr_array_unref);
  g_clear_pointer (&self->samplers, g_array_unref);
}

void
tempo_metrics_unref (TempoMetrics *self)
{
  g_rc_box_release_full (self, clear_all);
}

static Family *
find_family (TempoMetrics *self,
             const char *name,
             const char *help,
             Kind kind)
{
  Family *family;

  for (guint i = 0; i < self->families->len; i++)
    {
      family = g_ptr_array_index (self->families, i);
      if (g_strcmp0 (family->name, name) == 0)
        return family->kind == kind ? family : NULL;
    }
  family = g_new0 (Family, 1);
  family->name = g_strdup (name);
  family->help = g_strdup (help);
  family->kind = kind;
  family->series = g_ptr_array_new_with_free_func (free_metric);
  g_ptr_array_add (self->families, family);
  return family;
}

static TempoMetric *
find_metric (TempoMetrics *self,
             Kind kind,
             const char *name,
             const char *help,
             const char *labels)
{
  Family *family = find_family (self, name, help, kind);
  TempoMetric *metric;

  g_return_val_if_fail (family != NULL, NULL);
  if (labels == NULL)
    labels = "";
  for (guint i = 0; i < family->series->len; i++)
    {
      metric = g_ptr_array_index (family->series, i);
      if (g_strcmp0 (metric->labels, labels) == 0)
        return metric;
    }
  if (self->n_series >= MAX_SERIES)
    return NULL;
  self->n_series++;
  metric = g_new0 (TempoMetric, 1);
  metric->labels = g_strdup (labels);
  if (kind == KIND_HISTOGRAM)
    metric->buckets = g_new0 (gint64, N_BOUNDS + 1);
  g_ptr_array_add (family->series, metric);
  return metric;
}

/** Finds or makes a number that only grows. */
TempoMetric *
tempo_metrics_counter (TempoMetrics *self,
                       const char *name,
                       const char *help,
                       const char *labels)
{
  return find_metric (self, KIND_COUNTER, name, help, labels);
}

/** Finds or makes a number that goes up and down. */
TempoMetric *
tempo_metrics_gauge (TempoMetrics *self,
                     const char *name,
                     const char *help,
                     const char *labels)
{
  return find_metric (self, KIND_GAUGE, name, help, labels);
}

/** Finds or makes a distribution of times. */
TempoMetric *
tempo_metrics_histogram (TempoMetrics *self,
                         const char *name,
                         const char *help,
                         const char *labels)
{
  return find_metric (self, KIND_HISTOGRAM, name, help, labels);
}

/* GLib's atomics stop at pointers; these are 64 bits on 32-bit machines too. */
void
tempo_metric_add (TempoMetric *self,
                  gint64 n)
{
  if (self != NULL)
    __atomic_fetch_add (&self->value, n, __ATOMIC_RELAXED);
}

/** Sets a gauge. */
void
tempo_metric_set (TempoMetric *self,
                  gint64 value)
{
  if (self != NULL)
    __atomic_store_n (&self->value, value, __ATOMIC_RELAXED);
}

/** Counts one time into its bucket. */
void
tempo_metric_observe (TempoMetric *self,
                      gint64 microseconds)
{
  guint i = 0;

  if (self == NULL || self->buckets == NULL)
    return;
  while (i < N_BOUNDS && microseconds > bounds[i])
    i++;
  __atomic_fetch_add (&self->buckets[i], 1, __ATOMIC_RELAXED);
  __atomic_fetch_add (&self->value, microseconds, __ATOMIC_RELAXED);
}

/** Reads a counter or gauge; of a histogram the sum in microseconds. */
gint64
tempo_metric_get (TempoMetric *self)
{
  return self != NULL ? __atomic_load_n (&self->value, __ATOMIC_RELAXED) : 0;
}

/** Adds somebody who is asked before each reading, for numbers that are looked up, not counted. */
void
tempo_metrics_add_sampler (TempoMetrics *self,
                           TempoMetricsSample sample,
                           gpointer user_data)
{
  Sampler sampler = { sample, user_data };

  g_array_append_val (self->samplers, sampler);
}

static void
write_histogram (GString *text,
                 const char *name,
                 TempoMetric *metric)
{
  const char *comma = *metric->labels != '\0' ? "," : "";
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 count = 0;

  for (guint i = 0; i < N_BOUNDS; i++)
    {
      count += __atomic_load_n (&metric->buckets[i], __ATOMIC_RELAXED);
      g_ascii_formatd (number, sizeof number, "%g", bounds[i] / 1e6);
      g_string_append_printf (text, "%s_bucket{%s%sle=\"%s\"} %" G_GINT64_FORMAT "\n",
                              name, metric->labels, comma, number, count);
    }
  count += __atomic_load_n (&metric->buckets[N_BOUNDS], __ATOMIC_RELAXED);
  g_string_append_printf (text, "%s_bucket{%s%sle=\"+Inf\"} %" G_GINT64_FORMAT "\n", name, metric->labels, comma, count);
  g_ascii_formatd (number, sizeof number, "%.6f", tempo_metric_get (metric) / 1e6);
  g_string_append_printf (text, "%s_sum{%s} %s\n", name, metric->labels, number);
  g_string_append_printf (text, "%s_count{%s} %" G_GINT64_FORMAT "\n", name, metric->labels, count);
}

static gboolean
is_unused (Family *family,
           TempoMetric *metric)
{
  /* A hundred routes of a dozen lines each, most of them zero, hide the few that matter. */
  return family->kind == KIND_HISTOGRAM && tempo_metric_get (metric) == 0;
}

/** Writes everything as Prometheus text; histograms that saw nothing are left out. */
GBytes *
tempo_metrics_to_bytes (TempoMetrics *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->samplers->len; i++)
    {
      const Sampler *sampler = &g_array_index (self->samplers, Sampler, i);

      sampler->sample (self, sampler->user_data);
    }
  for (guint i = 0; i < self->families->len; i++)
    {
      Family *family = g_ptr_array_index (self->families, i);

      g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n",
                              family->name, family->help, family->name, kind_names[family->kind]);
      for (guint j = 0; j < family->series->len; j++)
        {
          TempoMetric *metric = g_ptr_array_index (family->series, j);

          if (is_unused (family, metric))
            continue;
          if (family->kind == KIND_HISTOGRAM)
            write_histogram (text, family->name, metric);
          else if (*metric->labels != '\0')
            g_string_append_printf (text, "%s{%s} %" G_GINT64_FORMAT "\n",
                                    family->name, metric->labels, tempo_metric_get (metric));
          else
            g_string_append_printf (text, "%s %" G_GINT64_FORMAT "\n", family->name, tempo_metric_get (metric));
        }
    }
  return g_string_free_to_bytes (text);
}
