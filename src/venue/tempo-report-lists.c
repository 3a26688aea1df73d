/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sounded in a night, for people, for tables and for players. */
#include "venue/tempo-report-private.h"

#include "base/tempo-clock.h"
#include "base/tempo-csv.h"
#include "base/tempo-json.h"

enum
{
  TITLE,
  ARTIST,
  STARTED,
  ENDED,
  NAME,
  VOTES,
  NUMBER,
  DURATION,
};

static void
write_json (TempoRows *rows,
            TempoJson *json)
{
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "title", tempo_rows_text (rows, TITLE));
  tempo_json_string (json, "artist", tempo_rows_text (rows, ARTIST));
  tempo_json_time (json, "startedAt", tempo_rows_int (rows, STARTED));
  tempo_json_time (json, "endedAt", tempo_rows_int (rows, ENDED));
  tempo_json_string (json, "number", tempo_rows_text (rows, NUMBER));
  tempo_json_string (json, "name", tempo_rows_text (rows, NAME));
  tempo_json_int (json, "votes", tempo_rows_int (rows, VOTES));
  tempo_json_end_object (json);
}

static GBytes *
read_json (TempoRows *rows,
           GError **error)
{
  TempoJson *json = tempo_json_new ();
  GError *failure = NULL;

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "setlist");
  while (tempo_rows_next (rows, &failure))
    write_json (rows, json);
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  if (failure == NULL)
    return tempo_json_finish (json);
  tempo_json_free (json);
  g_propagate_error (error, failure);

  return NULL;
}

static void
append_csv (GString *text,
            TempoRows *rows)
{
  g_autofree char *started = tempo_time_format (tempo_rows_int (rows, STARTED));

  tempo_csv_append (text, started);
  tempo_csv_append (text, tempo_rows_text (rows, TITLE));
  tempo_csv_append (text, tempo_rows_text (rows, ARTIST));
  tempo_csv_append (text, tempo_rows_text (rows, NAME));
  tempo_csv_append_int (text, tempo_rows_int (rows, VOTES));
  tempo_csv_append (text, tempo_rows_text (rows, NUMBER));
  tempo_csv_end_line (text);
}

/* Where a file lies is this computer's business: a player finds the song by its name. */
static void
append_m3u (GString *text,
            TempoRows *rows)
{
  g_autofree char *title = g_strdup (tempo_rows_text (rows, TITLE));
  g_autofree char *artist = g_strdup (tempo_rows_text (rows, ARTIST));
  g_autofree char *file = NULL;

  g_strdelimit (title, "\r\n", ' ');
  g_strdelimit (artist, "\r\n", ' ');
  file = g_strdup_printf ("%s%s%s", artist, *artist != '\0' ? " - " : "", title);
  g_string_append_printf (text, "#EXTINF:%" G_GINT64_FORMAT ",%s\n", tempo_rows_int (rows, DURATION) / 1000, file);
  g_strdelimit (file, "/\\", '-');
  g_string_append_printf (text, "%s%s\n", *file == '#' || *file == '.' ? "_" : "", file);
}

static GBytes *
read_lines (TempoRows *rows,
            const char *head,
            void (*append) (GString *text, TempoRows *rows),
            GError **error)
{
  g_autoptr (GString) text = g_string_new (head);
  GError *failure = NULL;

  while (tempo_rows_next (rows, &failure))
    append (text, rows);
  if (failure == NULL)
    return g_string_free_to_bytes (g_steal_pointer (&text));
  g_propagate_error (error, failure);

  return NULL;
}

/**
 * tempo_report_read_setlist:
 * @scope: the organization's data
 * @list: "setlist", "setlist.csv" or "setlist.m3u"
 * @event_id: which night
 * @error: the store's
 *
 * Returns: (transfer full) (nullable): GBytes of JSON, CSV (with a byte order mark, for table programs) or M3U
 */
gpointer
tempo_report_read_setlist (TempoScope *scope,
                           const char *list,
                           const char *event_id,
                           GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "stats-setlist", "si", event_id,
                                                  (gint64) TEMPO_REPORT_MAX_SETLIST);

  if (rows == NULL)
    return NULL;
  if (g_str_equal (list, "setlist.csv"))
    return read_lines (rows, "\xef\xbb\xbfstarted,title,artist,\"asked by\",votes,number\r\n", append_csv, error);
  if (g_str_equal (list, "setlist.m3u"))
    return read_lines (rows, "#EXTM3U\n", append_m3u, error);

  return read_json (rows, error);
}
