/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/tempo-metrics.h"

static char *
text_of (TempoMetrics *metrics)
{
  g_autoptr (GBytes) bytes = tempo_metrics_to_bytes (metrics);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_text (void)
{
  g_autoptr (TempoMetrics) metrics = tempo_metrics_new ();
  TempoMetric *requests = tempo_metrics_counter (metrics, "requests_total", "Requests", "kind=\"a\"");
  TempoMetric *guests = tempo_metrics_gauge (metrics, "guests", "Guests", NULL);
  TempoMetric *seconds = tempo_metrics_histogram (metrics, "seconds", "Time", NULL);
  g_autofree char *text = NULL;

  g_assert_true (requests == tempo_metrics_counter (metrics, "requests_total", "Requests", "kind=\"a\""));
  tempo_metric_add (requests, 2);
  tempo_metric_add (requests, 1);
  tempo_metric_set (guests, -4);
  tempo_metric_observe (seconds, 500);
  tempo_metric_observe (seconds, 3000);
  tempo_metric_observe (seconds, 20000000);
  text = text_of (metrics);
  g_assert_cmpstr (text, ==,
                   "# HELP requests_total Requests\n# TYPE requests_total counter\nrequests_total{kind=\"a\"} 3\n"
                   "# HELP guests Guests\n# TYPE guests gauge\nguests -4\n"
                   "# HELP seconds Time\n# TYPE seconds histogram\n"
                   "seconds_bucket{le=\"0.0005\"} 1\nseconds_bucket{le=\"0.001\"} 1\nseconds_bucket{le=\"0.0025\"} 1\n"
                   "seconds_bucket{le=\"0.005\"} 2\nseconds_bucket{le=\"0.01\"} 2\nseconds_bucket{le=\"0.025\"} 2\n"
                   "seconds_bucket{le=\"0.05\"} 2\nseconds_bucket{le=\"0.1\"} 2\nseconds_bucket{le=\"0.25\"} 2\n"
                   "seconds_bucket{le=\"1\"} 2\nseconds_bucket{le=\"10\"} 2\nseconds_bucket{le=\"+Inf\"} 3\n"
                   "seconds_sum{} 20.003500\nseconds_count{} 3\n");
}

static void
sample_cb (TempoMetrics *metrics,
           gpointer user_data)
{
  tempo_metric_set (user_data, 42);
}

static void
test_sampler (void)
{
  g_autoptr (TempoMetrics) metrics = tempo_metrics_new ();
  TempoMetric *gauge = tempo_metrics_gauge (metrics, "now", "Now", NULL);
  g_autofree char *text = NULL;

  tempo_metrics_add_sampler (metrics, sample_cb, gauge);
  text = text_of (metrics);
  g_assert_nonnull (g_strrstr (text, "\nnow 42\n"));
}

static void
test_bounded (void)
{
  g_autoptr (TempoMetrics) metrics = tempo_metrics_new ();
  TempoMetric *last = NULL;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *labels = g_strdup_printf ("i=\"%u\"", i);

      last = tempo_metrics_counter (metrics, "many", "Many", labels);
      tempo_metric_add (last, 1);
    }
  g_assert_null (last);
  g_assert_cmpint (tempo_metric_get (NULL), ==, 0);
  tempo_metric_observe (NULL, 1);
}

static gpointer
add_thread (gpointer data)
{
  for (guint i = 0; i < 10000; i++)
    {
      tempo_metric_add (((TempoMetric **) data)[0], 1);
      tempo_metric_observe (((TempoMetric **) data)[1], 1);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (TempoMetrics) metrics = tempo_metrics_new ();
  TempoMetric *both[] = {
    tempo_metrics_counter (metrics, "n", "N", NULL),
    tempo_metrics_histogram (metrics, "t", "T", NULL),
  };
  GThread *threads[4];

  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("adder", add_thread, both);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (tempo_metric_get (both[0]), ==, 40000);
  g_assert_cmpint (tempo_metric_get (both[1]), ==, 40000);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/text", test_text);
  g_test_add_func ("/metrics/sampler", test_sampler);
  g_test_add_func ("/metrics/bounded", test_bounded);
  g_test_add_func ("/metrics/threads", test_threads);
  return g_test_run ();
}
