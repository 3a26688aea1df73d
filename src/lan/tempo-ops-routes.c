/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan/tempo-lan-private.h"
#include "store/tempo-store.h"

static void
answer_text (TempoExchange *exchange, guint status, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  tempo_exchange_set_header (exchange, "Cache-Control", "no-store");
  tempo_exchange_answer_bytes (exchange, status, "text/plain; charset=utf-8", bytes);
}

static void
get_health (TempoExchange *exchange, gpointer user_data)
{
  answer_text (exchange, 200, "ok\n");
}

/* The storage of a room that cannot be written, NULL when all can. (transfer full). */
static char *
find_trouble (TempoLanServer *server)
{
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (server->host, NULL);

  for (guint i = 0; i < rooms->len; i++)
    {
      g_autoptr (TempoRoomView) view = tempo_room_get_view (g_ptr_array_index (rooms, i));

      for (guint j = 0; view->health != NULL && j < view->health->len; j++)
        {
          TempoHealth *health = g_ptr_array_index (view->health, j);

          if (health->level == TEMPO_HEALTH_BAD
              && (g_str_equal (health->code, "store") || g_str_equal (health->code, "disk")))
            return g_strdup (health->code);
        }
    }
  return NULL;
}

/* Alive is not ready: a host with a full disk still shows the queue, but takes
 * no request. The word says what, never where. */
static void
get_ready (TempoExchange *exchange, gpointer user_data)
{
  g_autofree char *trouble = find_trouble (user_data);
  g_autofree char *text = NULL;

  if (trouble == NULL)
    {
      answer_text (exchange, 200, "ready\n");
      return;
    }
  text = g_strdup_printf ("not ready: %s\n", trouble);
  tempo_exchange_set_retry_after (exchange, 10);
  answer_text (exchange, 503, text);
}

static void
get_metrics (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  g_autoptr (GBytes) text = tempo_metrics_to_bytes (server->metrics);

  tempo_exchange_set_header (exchange, "Cache-Control", "no-store");
  tempo_exchange_answer_bytes (exchange, 200, "text/plain; version=0.0.4; charset=utf-8", text);
}

static void
get_openapi (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;

  tempo_exchange_set_header (exchange, "Cache-Control", "no-cache");
  tempo_exchange_answer_json (exchange, 200, server->openapi);
}

static void
sample_store (TempoLanServer *server, TempoMetrics *metrics)
{
  g_autoptr (GPtrArray) organizations = tempo_host_list_organizations (server->host);
  guint64 batches = 0, commits = 0, failures = 0;

  for (guint i = 0; i < organizations->len; i++)
    {
      TempoStore *store =
        tempo_host_get_store (server->host,
                              ((TempoOrganization *) g_ptr_array_index (organizations, i))->id);
      guint64 b = 0, c = 0, f = 0;

      if (store == NULL)
        continue;
      tempo_store_get_counts (store, &b, &c, &f);
      batches += b;
      commits += c;
      failures += f;
    }
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_store_batches",
                                         "Writes committed since the start", NULL),
                    batches);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_store_commits",
                                         "Transactions, each one fsync, since the start", NULL),
                    commits);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_store_failures",
                                         "Failed transactions since the start", NULL),
                    failures);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_organizations", "Open organizations",
                                         NULL),
                    organizations->len);
}

typedef struct
{
  TempoMetrics *metrics;
  const char *room_id;
  gint64 now;
} Sample;

/* One line of each for every player that a room follows: whose fault it is when one lags. */
static void
sample_source (const char *kind, const TempoSourceFigures *figures, gpointer user_data)
{
  static const char *const classes[] = { "", "timeout", "limited", "auth", "network", "protocol", "refused" };
  Sample *sample = user_data;
  guint error = 0;
  g_autofree char *labels = g_strdup_printf ("room=\"%s\",kind=\"%s\"", sample->room_id, kind);

  tempo_metric_set (tempo_metrics_gauge (sample->metrics, "tempo_source_calls",
                                         "Asked of a player or service since the start", labels),
                    figures->calls);
  tempo_metric_set (tempo_metrics_gauge (sample->metrics, "tempo_source_failures",
                                         "Of these, without the answer hoped for", labels),
                    figures->failures);
  tempo_metric_set (tempo_metrics_gauge (sample->metrics, "tempo_source_gate_seconds",
                                         "Until the service may be asked again", labels),
                    MAX (0, figures->gate_until - sample->now) / G_USEC_PER_SEC);
  tempo_metric_set (tempo_metrics_gauge (sample->metrics, "tempo_source_lag_milliseconds",
                                         "How late the last change at the player was seen", labels),
                    figures->lag_us / 1000);
  while (error < G_N_ELEMENTS (classes) && g_strcmp0 (figures->last_error, classes[error]) != 0)
    error++;
  /* A number, not a label: series are bounded, rooms may be many. */
  tempo_metric_set (tempo_metrics_gauge (sample->metrics, "tempo_source_last_error",
                                         "The newest failure: 0 none, 1 timeout, 2 limited, 3 auth, "
                                         "4 network, 5 protocol, 6 refused, 7 another", labels),
                    error);
}

static void
sample_sources (TempoLanServer *server, TempoMetrics *metrics)
{
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (server->host, NULL);

  for (guint i = 0; i < rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (rooms, i);
      Sample sample = { metrics, tempo_room_get_info (room)->id, g_get_real_time () };

      tempo_room_tell_figures (room, sample_source, &sample);
    }
}

static void
sample_cb (TempoMetrics *metrics, gpointer user_data)
{
  TempoLanServer *server = user_data;
  guint guests, displays, staff;
  guint64 dropped;

  tempo_room_feeds_count (server->feeds, &guests, &displays, &staff, &dropped);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_listeners", "Open streams",
                                         "who=\"guest\""),
                    guests);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_listeners", "Open streams",
                                         "who=\"display\""),
                    displays);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_listeners", "Open streams",
                                         "who=\"staff\""),
                    staff);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_listeners_dropped",
                                         "Streams dropped for being slow", NULL),
                    dropped);
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_connections", "Open connections", NULL),
                    tempo_listener_get_n_connections (server->listener));
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_turned_away",
                                         "Connections closed for a cap", NULL),
                    tempo_listener_get_n_turned_away (server->listener));
  tempo_metric_set (tempo_metrics_gauge (metrics, "tempo_timed_out",
                                         "Connections cut for a deadline", NULL),
                    tempo_listener_get_n_timed_out (server->listener));
  sample_store (server, metrics);
  sample_sources (server, metrics);
}

static const TempoRoute routes[] = {
  { "GET", "/healthz", TEMPO_WHO (OPEN, 0), 0, 0, get_health },
  { "GET", "/readyz", TEMPO_WHO (OPEN, 0), 0, 0, get_ready },
  { "GET", "/api/openapi.json", TEMPO_WHO (OPEN, 0), 0, 0, get_openapi },
};

static const TempoRoute metrics_here[] = {
  { "GET", "/metrics", TEMPO_WHO (OPEN, 0), 0, TEMPO_ROUTE_LOCAL, get_metrics },
};

static const TempoRoute metrics_everywhere[] = {
  { "GET", "/metrics", TEMPO_WHO (OPEN, 0), 0, 0, get_metrics },
};

/* What an operator's machines ask. Numbers name no guest and no song, but how
 * busy a venue is stays its own business: this machine only, unless allowed.
 */
void
tempo_ops_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
  if (server->metrics_everywhere)
    tempo_router_add (server->router, metrics_everywhere, G_N_ELEMENTS (metrics_everywhere),
                      server);
  else
    tempo_router_add (server->router, metrics_here, G_N_ELEMENTS (metrics_here), server);
  tempo_metrics_add_sampler (server->metrics, sample_cb, server);
}
