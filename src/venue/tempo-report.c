/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-report-private.h"

#include <string.h>

#include "base/tempo-csv.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-days-private.h"

#define DEFAULT_USAGE_DAYS 30
#define DEFAULT_STATS_DAYS 7

struct _TempoReport
{
  char *list;  /* (owned) */
  char *from;  /* (owned) (nullable) day */
  char *to;    /* (owned) (nullable) day, included */
  char *event; /* (owned) (nullable) */
  char *room;  /* (owned) (nullable) */
  GTimeZone *zone; /* (owned) (nullable) */
  gint64 begin, end; /* wall us, end not included */
  char *today;       /* (owned) (nullable) */
  gint64 requests_limit, storage_limit, storage;
};

/**
 * tempo_report_free:
 * @self: (nullable): a report
 */
void
tempo_report_free (TempoReport *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->list, g_free);
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->event, g_free);
  g_clear_pointer (&self->room, g_free);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->today, g_free);
  g_free (self);
}

static gboolean
set_filter (TempoReport *self,
            const char *name,
            const char *value,
            GError **error)
{
  const struct { const char *name; char **place; gboolean is_day; } filters[] = {
    { "from", &self->from, TRUE }, { "to", &self->to, TRUE }, { "event", &self->event, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (strcmp (filters[i].name, name) == 0 && *value != '\0')
      {
        if (filters[i].is_day ? !tempo_day_is_valid (value) : strlen (value) > 64)
          return tempo_refuse (error, TEMPO_REFUSAL_INVALID, name,
                               filters[i].is_day ? "not a day, as 2026-11-27" : "not an id");
        g_free (*filters[i].place);
        *filters[i].place = g_strdup (value);
      }

  return TRUE;
}

static gboolean
set_filters (TempoReport *self,
             const char *query,
             GError **error)
{
  GUriParamsIter iter;
  g_autofree char *name = NULL, *value = NULL;
  g_autoptr (GError) failure = NULL;

  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &name, &value, &failure))
    {
      if (!set_filter (self, name, value, error))
        return FALSE;
      g_clear_pointer (&name, g_free);
      g_clear_pointer (&value, g_free);
    }

  return failure == NULL || tempo_refuse (error, TEMPO_REFUSAL_INVALID, "query", "not a query");
}

/**
 * tempo_report_new:
 * @list: which, with a URI query behind a question mark
 * @error: TEMPO_REFUSAL_INVALID
 *
 * Returns: (transfer full) (nullable): %NULL without error when it is no report
 */
TempoReport *
tempo_report_new (const char *list,
                  GError **error)
{
  static const char *const lists[] = { "usage", "stats", "setlist", "setlist.csv", "setlist.m3u", "report.csv", NULL };
  g_autoptr (TempoReport) self = g_new0 (TempoReport, 1);
  const char *query = strchr (list, '?');

  self->list = query != NULL ? g_strndup (list, (gsize) (query - list)) : g_strdup (list);
  if (!g_strv_contains (lists, self->list))
    return NULL;
  if (query != NULL && !set_filters (self, query + 1, error))
    return NULL;
  if (self->event == NULL && !g_str_equal (self->list, "usage") && !g_str_equal (self->list, "stats"))
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "event", "say which event"), NULL;

  return g_steal_pointer (&self);
}

/**
 * tempo_report_set_zone:
 * @self: a report
 * @zone: in which days are meant
 * @now: wall us
 */
void
tempo_report_set_zone (TempoReport *self,
                       GTimeZone *zone,
                       gint64 now)
{
  int days = g_str_equal (self->list, "usage") ? DEFAULT_USAGE_DAYS : DEFAULT_STATS_DAYS;
  gint64 ignored;

  self->zone = g_time_zone_ref (zone);
  self->today = tempo_day_of (zone, now);
  if (self->to == NULL)
    self->to = g_strdup (self->today);
  if (self->from == NULL)
    self->from = tempo_day_add (self->to, 1 - days);
  tempo_day_bounds (zone, self->from, &self->begin, &ignored);
  tempo_day_bounds (zone, self->to, &ignored, &self->end);
}

/**
 * tempo_report_set_room:
 * @self: a report
 * @room_id: (nullable): a room of the organization, %NULL for all of them
 */
void
tempo_report_set_room (TempoReport *self,
                       const char *room_id)
{
  g_free (self->room);
  self->room = g_strdup (room_id);
}

/**
 * tempo_report_set_quotas:
 * @self: a report
 * @requests_limit: of a month, 0 none
 * @storage_limit: bytes, 0 none
 * @storage: bytes
 */
void
tempo_report_set_quotas (TempoReport *self,
                         gint64 requests_limit,
                         gint64 storage_limit,
                         gint64 storage)
{
  self->requests_limit = requests_limit;
  self->storage_limit = storage_limit;
  self->storage = storage;
}

static GBytes *
end_json (TempoJson *json,
          GError *failure,
          GError **error)
{
  if (failure != NULL)
    {
      tempo_json_free (json);
      g_propagate_error (error, failure);
      return NULL;
    }
  tempo_json_end_object (json);

  return tempo_json_finish (json);
}

/* Usage */

typedef GHashTable Figures; /* day → (metric → gint64) */

static void
set_figure (Figures *figures,
            const char *day,
            const char *metric,
            gint64 value)
{
  GHashTable *metrics = g_hash_table_lookup (figures, day);

  if (metrics == NULL)
    {
      metrics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_insert (figures, g_strdup (day), metrics);
    }
  g_hash_table_replace (metrics, g_strdup (metric), g_memdup2 (&value, sizeof value));
}

static gboolean
read_counted (TempoReport *self,
              TempoScope *scope,
              Figures *figures,
              GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "usage-list", "ss", self->from, self->to);
  g_autoptr (GError) failure = NULL;

  while (rows != NULL && tempo_rows_next (rows, &failure))
    set_figure (figures, tempo_rows_text (rows, 0), tempo_rows_text (rows, 1), tempo_rows_int (rows, 2));
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));

  return rows != NULL && (error == NULL || *error == NULL);
}

/* Today is not over: it is counted as it is now. */
static gboolean
read_today (TempoReport *self,
            TempoScope *scope,
            Figures *figures,
            GError **error)
{
  static const char *const metrics[] = { "requests", "plays", "guests" };
  g_autoptr (TempoRows) rows = NULL;
  gint64 from, to;

  if (strcmp (self->from, self->today) > 0 || strcmp (self->today, self->to) > 0)
    return TRUE;
  tempo_day_bounds (self->zone, self->today, &from, &to);
  rows = tempo_scope_query (scope, error, "usage-day", "ii", from, to);
  if (rows == NULL || !tempo_rows_next (rows, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++)
    set_figure (figures, self->today, metrics[i], tempo_rows_int (rows, (int) i));

  return TRUE;
}

static void
write_days (Figures *figures,
            TempoJson *json)
{
  g_autoptr (GList) days = g_list_sort (g_hash_table_get_keys (figures), (GCompareFunc) strcmp);

  tempo_json_begin_array (json, "usage");
  for (GList *day = days; day != NULL; day = day->next)
    {
      GHashTable *metrics = g_hash_table_lookup (figures, day->data);
      g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (metrics), (GCompareFunc) strcmp);

      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "day", day->data);
      for (GList *name = names; name != NULL; name = name->next)
        tempo_json_int (json, name->data, *(gint64 *) g_hash_table_lookup (metrics, name->data));
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
}

static void
write_quota (TempoJson *json,
             const char *metric,
             gint64 used,
             gint64 limit)
{
  if (limit <= 0)
    return;

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "metric", metric);
  tempo_json_int (json, "used", used);
  tempo_json_int (json, "limit", limit);
  tempo_json_string (json, "level", used >= limit ? "over" : used * 100 >= limit * 80 ? "near" : "good");
  tempo_json_end_object (json);
}

/* Of the month today is in, as far as the span that was asked for reaches. */
static gint64
sum_month (TempoReport *self,
           Figures *figures)
{
  GHashTableIter iter;
  gpointer day, metrics;
  gint64 sum = 0;

  g_hash_table_iter_init (&iter, figures);
  while (g_hash_table_iter_next (&iter, &day, &metrics))
    {
      gint64 *value = g_hash_table_lookup (metrics, "requests");

      if (value != NULL && strncmp (day, self->today, strlen ("2026-11")) == 0)
        sum += *value;
    }

  return sum;
}

static GBytes *
read_usage (TempoReport *self,
            TempoScope *scope,
            GError **error)
{
  g_autoptr (GHashTable) figures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          (GDestroyNotify) g_hash_table_unref);
  TempoJson *json;

  if (!read_counted (self, scope, figures, error) || !read_today (self, scope, figures, error))
    return NULL;

  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "from", self->from);
  tempo_json_string (json, "to", self->to);
  write_days (figures, json);
  tempo_json_begin_array (json, "quotas");
  write_quota (json, "requestsPerMonth", sum_month (self, figures), self->requests_limit);
  write_quota (json, "storageBytes", self->storage, self->storage_limit);
  tempo_json_end_array (json);

  return end_json (json, NULL, error);
}

/* Statistics: each list is a statement over the same span and a writer of one row. */

typedef void (*WriteFunc) (TempoRows *rows, TempoJson *json);

static void
write_hour (TempoRows *rows,
            TempoJson *json)
{
  tempo_json_time (json, "hour", tempo_rows_int (rows, 0) * G_TIME_SPAN_HOUR);
  tempo_json_int (json, "requests", tempo_rows_int (rows, 1));
  tempo_json_int (json, "declined", tempo_rows_int (rows, 2));
  tempo_json_int (json, "guests", tempo_rows_int (rows, 3));
}

static void
write_song (TempoRows *rows,
            TempoJson *json)
{
  tempo_json_string (json, "title", tempo_rows_text (rows, 0));
  tempo_json_string (json, "artist", tempo_rows_text (rows, 1));
  tempo_json_int (json, "requests", tempo_rows_int (rows, 2));
  tempo_json_int (json, "votes", tempo_rows_int (rows, 3));
  tempo_json_int (json, "played", tempo_rows_int (rows, 4));
}

static void
write_artist (TempoRows *rows,
              TempoJson *json)
{
  tempo_json_string (json, "artist", tempo_rows_text (rows, 0));
  tempo_json_int (json, "requests", tempo_rows_int (rows, 1));
  tempo_json_int (json, "votes", tempo_rows_int (rows, 2));
  tempo_json_int (json, "played", tempo_rows_int (rows, 3));
}

static void
write_refused (TempoRows *rows,
               TempoJson *json)
{
  tempo_json_string (json, "code", tempo_rows_text (rows, 0));
  tempo_json_int (json, "count", tempo_rows_int (rows, 1));
}

static void
write_miss (TempoRows *rows,
            TempoJson *json)
{
  tempo_json_string (json, "words", tempo_rows_text (rows, 0));
  tempo_json_int (json, "count", tempo_rows_int (rows, 1));
}

/* @rows: (transfer full) (nullable). Goes on only while nothing failed. */
static void
write_list (TempoJson *json,
            const char *name,
            TempoRows *rows,
            WriteFunc write,
            GError **failure)
{
  g_autoptr (TempoRows) owned = rows;

  tempo_json_begin_array (json, name);
  while (owned != NULL && *failure == NULL && tempo_rows_next (owned, failure))
    {
      tempo_json_begin_object (json, NULL);
      write (owned, json);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
}

static void
write_totals (TempoReport *self,
              TempoScope *scope,
              TempoJson *json,
              GError **failure)
{
  static const char *const names[] = { "requests", "guests",    "votes",   "played",
                                       "declined", "withdrawn", "expired", "failed" };
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, failure, "stats-totals", "ssii", self->room, self->event,
                                                  self->begin, self->end);

  tempo_json_begin_object (json, "totals");
  if (rows != NULL && tempo_rows_next (rows, failure))
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      tempo_json_int (json, names[i], tempo_rows_int (rows, (int) i));
  tempo_json_end_object (json);
}

#define SPAN self->room, self->event, self->begin, self->end
#define ROWS ((gint64) TEMPO_REPORT_MAX_ROWS)

static void
write_lists (TempoReport *self,
             TempoScope *scope,
             TempoJson *json,
             GError **failure)
{
  write_list (json, "byHour", tempo_scope_query (scope, failure, "stats-hours", "ssii", SPAN), write_hour, failure);
  write_list (json, "songs", tempo_scope_query (scope, failure, "stats-songs", "ssiii", SPAN, ROWS), write_song,
              failure);
  write_list (json, "artists", tempo_scope_query (scope, failure, "stats-artists", "ssiii", SPAN, ROWS), write_artist,
              failure);
  write_list (json, "refused", tempo_scope_query (scope, failure, "stats-refused", "ssiii", SPAN, ROWS), write_refused,
              failure);
  write_list (json, "turnedAway", tempo_scope_query (scope, failure, "stats-door", "ssi", self->from, self->to, ROWS),
              write_refused, failure);
  write_list (json, "searches",
              tempo_scope_query (scope, failure, "stats-misses", "sssi", self->room, self->from, self->to, ROWS),
              write_miss, failure);
}

static GBytes *
read_stats (TempoReport *self,
            TempoScope *scope,
            GError **error)
{
  TempoJson *json = tempo_json_new ();
  GError *failure = NULL;

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, "stats");
  tempo_json_time (json, "from", self->begin);
  tempo_json_time (json, "to", self->end);
  tempo_json_string (json, "roomId", self->room);
  tempo_json_string (json, "eventId", self->event);
  write_totals (self, scope, json, &failure);
  if (failure == NULL)
    write_lists (self, scope, json, &failure);
  tempo_json_end_object (json);

  return end_json (json, failure, error);
}

/* The night's figures as a table: a section a list, the name of the section in the first cell, and the same columns in
 * all of them. Each is a statement over the same span and a writer of one row. */

typedef void (*WriteLine) (TempoReport *self, TempoRows *rows, GString *csv);

static void
write_hour_line (TempoReport *self,
                 TempoRows *rows,
                 GString *csv)
{
  g_autoptr (GDateTime) hour = g_date_time_new_from_unix_utc (tempo_rows_int (rows, 0) * 3600);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (hour, self->zone);
  g_autofree char *text = g_date_time_format (local, "%F %H:%M");

  tempo_csv_append (csv, "hour");
  tempo_csv_append (csv, text);
  tempo_csv_append (csv, "");
  tempo_csv_append_int (csv, tempo_rows_int (rows, 1));
  tempo_csv_append (csv, "");
  tempo_csv_append (csv, "");
  tempo_csv_append_int (csv, tempo_rows_int (rows, 2));
}

static void
write_song_line (TempoReport *self,
                 TempoRows *rows,
                 GString *csv)
{
  tempo_csv_append (csv, "song");
  tempo_csv_append (csv, tempo_rows_text (rows, 0));
  tempo_csv_append (csv, tempo_rows_text (rows, 1));
  for (int i = 2; i <= 4; i++)
    tempo_csv_append_int (csv, tempo_rows_int (rows, i));
  tempo_csv_append (csv, "");
}

/* @rows: (transfer full) (nullable) NULL with an error. */
static gboolean
write_lines (TempoReport *self,
             TempoRows *rows,
             WriteLine write_line,
             GString *csv,
             GError **error)
{
  g_autoptr (TempoRows) all = rows;
  g_autoptr (GError) failure = NULL;

  if (all == NULL)
    return FALSE;
  while (tempo_rows_next (all, &failure))
    {
      write_line (self, all, csv);
      tempo_csv_end_line (csv);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

static GBytes *
read_report_csv (TempoReport *self,
                 TempoScope *scope,
                 GError **error)
{
  g_autoptr (GString) csv = g_string_new ("\xef\xbb\xbf" "section,what,artist,requests,votes,played,declined\r\n");

  if (!write_lines (self, tempo_scope_query (scope, error, "stats-hours", "ssii", SPAN), write_hour_line, csv, error)
      || !write_lines (self, tempo_scope_query (scope, error, "stats-songs", "ssiii", SPAN, (gint64) TEMPO_REPORT_MAX_SETLIST),
                       write_song_line, csv, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&csv));
}

/* An event sets the span: what was asked in it, however long after midnight. */
static gboolean
take_event (TempoReport *self,
            TempoScope *scope,
            GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "event-span", "s", self->event);
  gint64 end;

  if (rows == NULL)
    return FALSE;
  if (!tempo_rows_next (rows, error))
    return error != NULL && *error != NULL ? FALSE : tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "event", "no such event");

  g_free (self->room);
  self->room = g_strdup (tempo_rows_text (rows, 0));
  end = tempo_rows_int (rows, 2);
  self->begin = tempo_rows_int (rows, 1);
  self->end = end > 0 ? end + G_USEC_PER_SEC : G_MAXINT64;
  g_free (self->from);
  g_free (self->to);
  self->from = tempo_day_of (self->zone, self->begin);
  self->to = end > 0 ? tempo_day_of (self->zone, end) : g_strdup ("9999-12-31");

  return TRUE;
}

static gboolean
check_span (TempoReport *self,
            GError **error)
{
  guint max = g_str_equal (self->list, "usage") ? TEMPO_REPORT_MAX_DAYS : TEMPO_REPORT_MAX_SPAN;

  if (self->event != NULL)
    return TRUE;
  if (self->end <= self->begin)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "to", "it ends before it begins");
  if (self->end - self->begin > (gint64) (max + 1) * G_TIME_SPAN_DAY)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "from", "so long a span is not read at once");

  return TRUE;
}

/**
 * tempo_report_read:
 * @scope: the organization's data
 * @report: a TempoReport, its zone set
 * @error: TEMPO_REFUSAL_INVALID, TEMPO_REFUSAL_NOT_FOUND or the store's
 *
 * Returns: (transfer full) (nullable): the text of the report
 */
gpointer
tempo_report_read (TempoScope *scope,
                   gpointer report,
                   GError **error)
{
  TempoReport *self = report;

  if ((self->event != NULL && !take_event (self, scope, error)) || !check_span (self, error))
    return NULL;
  if (g_str_equal (self->list, "usage"))
    return read_usage (self, scope, error);
  if (g_str_equal (self->list, "stats"))
    return read_stats (self, scope, error);
  if (g_str_equal (self->list, "report.csv"))
    return read_report_csv (self, scope, error);

  return tempo_report_read_setlist (scope, self->list, self->event, error);
}
