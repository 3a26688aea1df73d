/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures for staff: usage by day, statistics, and what a night leaves behind, as JSON and as files. */
#include "config.h"

#include "lan/tempo-answers.h"
#include "lan/tempo-staff.h"

static const struct
{
  const char *list, *type;
} files[] = {
  { "setlist.csv", "text/csv; charset=utf-8" },
  { "setlist.m3u", "audio/x-mpegurl; charset=utf-8" },
  { "report.csv", "text/csv; charset=utf-8" },
};

static void
get_usage (TempoExchange *exchange, gpointer user_data)
{
  g_autofree char *list = g_strconcat ("usage?", tempo_exchange_get_query_string (exchange), NULL);

  tempo_staff_answer_list (exchange, list);
}

static void
get_stats (TempoExchange *exchange, gpointer user_data)
{
  g_autofree char *list = g_strconcat ("stats?", tempo_exchange_get_query_string (exchange), NULL);

  tempo_staff_answer_list (exchange, list);
}

/* "setlist?event=ID" of the path's last word and event. */
static char *
make_list (TempoExchange *exchange)
{
  const char *path = tempo_exchange_get_path (exchange);
  g_autofree char *event = g_uri_escape_string (tempo_exchange_get_param (exchange, "id"), NULL, FALSE);

  return g_strconcat (strrchr (path, '/') + 1, "?event=", event, NULL);
}

static void
get_setlist (TempoExchange *exchange, gpointer user_data)
{
  g_autofree char *list = make_list (exchange);

  tempo_staff_answer_list (exchange, list);
}

static void
file_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_host_list_finish (TEMPO_HOST (source), result, &error);
  const char *name = strrchr (tempo_exchange_get_path (exchange), '/') + 1;
  g_autofree char *disposition = g_strdup_printf ("attachment; filename=\"%s\"", name);

  if (bytes == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  tempo_exchange_set_header (exchange, "Content-Disposition", disposition);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (g_str_equal (files[i].list, name))
      tempo_exchange_answer_bytes (exchange, 200, files[i].type, bytes);
}

static void
get_file (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autofree char *list = make_list (exchange);

  tempo_host_list_async (visit->server->host, visit->organization_id, list, NULL, NULL, 1, NULL, file_done_cb,
                         tempo_exchange_ref (exchange));
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/usage", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_usage },
  { "GET", "/api/{org}/stats", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_stats },
  { "GET", "/api/{org}/events/{id}/setlist", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_setlist },
  { "GET", "/api/{org}/events/{id}/setlist.csv", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_file },
  { "GET", "/api/{org}/events/{id}/setlist.m3u", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_file },
  { "GET", "/api/{org}/events/{id}/report.csv", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, get_file },
};

void
tempo_report_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
