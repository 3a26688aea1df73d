/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-usage-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/tempo-json.h"
#include "venue/tempo-days-private.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"

/* Whoever was away for longer has a gap in the figures and nothing else. */
#define MAX_CATCH_UP 400
#define WARN_PERCENT 80

typedef struct
{
  char *day; /* (owned) */
  gint64 requests, plays, guests;
} Day;

typedef struct
{
  GTimeZone *zone; /* (owned) */
  gint64 now;
  char *folder;    /* (owned) of the organization, for its size */
} Question;

typedef struct
{
  GPtrArray *days; /* (owned) (element Day) */
  gint64 storage;
} Answer;

static void
free_question (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->zone, g_time_zone_unref);
  g_clear_pointer (&question->folder, g_free);
  g_free (question);
}

static void
free_day (gpointer data)
{
  Day *day = data;

  g_clear_pointer (&day->day, g_free);
  g_free (day);
}

static void
free_answer (Answer *answer)
{
  g_clear_pointer (&answer->days, g_ptr_array_unref);
  g_free (answer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, free_answer)

/**
 * tempo_usage_get_zone:
 * @venue: an organization
 *
 * Returns: (transfer full): its time zone, the computer's when none is set
 */
GTimeZone *
tempo_usage_get_zone (TempoVenue *venue)
{
  g_autofree char *name = tempo_settings_dup_text (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "timezone");
  GTimeZone *zone = name != NULL && *name != '\0' ? g_time_zone_new_identifier (name) : NULL;

  return zone != NULL ? zone : g_time_zone_new_local ();
}

/* Bytes of all files below @path. */
static gint64
measure (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  gint64 size = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      GStatBuf status;

      if (g_lstat (child, &status) != 0)
        continue;
      size += S_ISDIR (status.st_mode) ? measure (child) : S_ISREG (status.st_mode) ? status.st_size : 0;
    }

  return size;
}

/* (transfer full) (nullable) the day to begin with; NULL without error when nothing happened yet. */
static char *
find_first_day (TempoScope *scope,
                Question *question,
                GError **error)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "usage-last", "");
  g_autofree char *today = tempo_day_of (question->zone, question->now);
  g_autofree char *oldest = tempo_day_add (today, -MAX_CATCH_UP);
  g_autofree char *first = NULL;

  if (rows == NULL || !tempo_rows_next (rows, error))
    return NULL;
  if (!tempo_rows_is_null (rows, 0))
    first = g_strdup (tempo_rows_text (rows, 0));
  else if (tempo_rows_int (rows, 1) > 0)
    first = tempo_day_of (question->zone, tempo_rows_int (rows, 1));
  else
    return NULL;

  return g_strdup (g_strcmp0 (first, oldest) < 0 || !tempo_day_is_valid (first) ? oldest : first);
}

static Day *
count_day (TempoScope *scope,
           Question *question,
           const char *name,
           GError **error)
{
  g_autoptr (TempoRows) rows = NULL;
  gint64 from, to;
  Day *day;

  tempo_day_bounds (question->zone, name, &from, &to);
  rows = tempo_scope_query (scope, error, "usage-day", "ii", from, to);
  if (rows == NULL || !tempo_rows_next (rows, error))
    return NULL;

  day = g_new0 (Day, 1);
  day->day = g_strdup (name);
  day->requests = tempo_rows_int (rows, 0);
  day->plays = tempo_rows_int (rows, 1);
  day->guests = tempo_rows_int (rows, 2);

  return day;
}

static gpointer
read_days (TempoScope *scope,
           gpointer user_data,
           GError **error)
{
  Question *question = user_data;
  g_autoptr (Answer) answer = g_new0 (Answer, 1);
  g_autofree char *today = tempo_day_of (question->zone, question->now);
  g_autoptr (GError) failure = NULL;
  g_autofree char *name = find_first_day (scope, question, &failure);

  answer->days = g_ptr_array_new_with_free_func (free_day);
  answer->storage = measure (question->folder);
  while (failure == NULL && name != NULL && strcmp (name, today) <= 0)
    {
      Day *day = count_day (scope, question, name, &failure);
      char *next = tempo_day_add (name, 1);

      if (day != NULL)
        g_ptr_array_add (answer->days, day);
      g_free (name);
      name = next;
    }
  if (failure == NULL)
    return g_steal_pointer (&answer);
  g_propagate_error (error, g_steal_pointer (&failure));

  return NULL;
}

static void
add_day (TempoBatch *batch,
         const Day *day)
{
  const struct { const char *metric; gint64 value; } figures[] = {
    { "requests", day->requests }, { "plays", day->plays }, { "guests", day->guests },
  };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    if (figures[i].value > 0 || i == 0)
      tempo_batch_add (batch, "usage-raise", "ssi", day->day, figures[i].metric, figures[i].value);
}

static void
written_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoHost) host = user_data;

  /* Counted again tomorrow. */
  tempo_store_write_finish (TEMPO_STORE (object), result, NULL);
  host->jobs--;
  tempo_host_venue_idle (host);
}

static void
write_batch (TempoVenue *venue,
             TempoBatch *batch)
{
  venue->host->jobs++;
  tempo_store_write_async (venue->store, batch, NULL, written_cb, g_object_ref (venue->host));
}

typedef struct
{
  TempoHost *host;       /* (owned) */
  char *organization_id; /* (owned) */
  char *today;           /* (owned) */
} Waiting;

static void
counted_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  Waiting *waiting = user_data;
  TempoHost *host = waiting->host;
  g_autoptr (Answer) answer = tempo_store_read_finish (TEMPO_STORE (object), result, NULL);
  TempoVenue *venue = tempo_host_find_venue (host, waiting->organization_id);

  /* Whoever stops waits for jobs: what was counted is written all the same. */
  if (answer != NULL && venue != NULL)
    {
      g_autoptr (TempoBatch) batch = tempo_batch_new ();

      for (guint i = 0; i < answer->days->len; i++)
        add_day (batch, g_ptr_array_index (answer->days, i));
      tempo_batch_add (batch, "usage-raise", "ssi", waiting->today, "storageBytes", answer->storage);
      venue->storage_bytes = answer->storage;
      write_batch (venue, batch);
    }
  host->jobs--;
  tempo_host_venue_idle (host);
  g_clear_object (&waiting->host);
  g_clear_pointer (&waiting->organization_id, g_free);
  g_clear_pointer (&waiting->today, g_free);
  g_free (waiting);
}

/**
 * tempo_usage_count_days:
 * @venue: an open organization
 */
void
tempo_usage_count_days (TempoVenue *venue)
{
  Question *question = g_new0 (Question, 1);
  Waiting *waiting = g_new0 (Waiting, 1);

  question->zone = tempo_usage_get_zone (venue);
  question->now = tempo_venue_now (venue);
  question->folder = g_path_get_dirname (tempo_store_get_path (venue->store));
  waiting->host = g_object_ref (venue->host);
  waiting->organization_id = g_strdup (venue->organization->id);
  waiting->today = tempo_day_of (question->zone, question->now);
  venue->host->jobs++;
  tempo_store_read_async (venue->store, read_days, question, free_question, NULL, counted_cb, waiting);
}

/* FALSE when nothing was tallied. */
static gboolean
drain (TempoVenue *venue,
       TempoBatch *batch)
{
  g_autoptr (GTimeZone) zone = tempo_usage_get_zone (venue);
  g_autofree char *day = tempo_day_of (zone, tempo_venue_now (venue));

  return tempo_tally_drain (venue->tally, day, batch);
}

/**
 * tempo_usage_flush:
 * @venue: an open organization
 * @at_once: also before ten minutes are over
 */
void
tempo_usage_flush (TempoVenue *venue,
                   gboolean at_once)
{
  g_autoptr (TempoBatch) batch = NULL;
  gint64 now = tempo_venue_now (venue);

  if (!at_once && now - venue->tallied_at < TEMPO_TALLY_FLUSH_US)
    return;

  venue->tallied_at = now;
  batch = tempo_batch_new ();
  if (drain (venue, batch))
    write_batch (venue, batch);
}

/**
 * tempo_usage_close:
 * @venue: an organization that is about to be closed
 */
void
tempo_usage_close (TempoVenue *venue)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();

  if (drain (venue, batch))
    tempo_store_write (venue->store, batch, NULL);
}

/* Quotas */

static const char *
judge_quota (gint64 used,
             gint64 limit)
{
  if (limit <= 0 || used * 100 < limit * WARN_PERCENT)
    return NULL;

  return used >= limit ? "over" : "near";
}

/**
 * tempo_usage_get_trouble:
 * @venue: an open organization
 * @text: (out): English, static
 *
 * Nothing is refused for a quota; whoever pays for the space is told at 80 and at 100 per cent.
 *
 * Returns: (nullable): a health code
 */
const char *
tempo_usage_get_trouble (TempoVenue *venue,
                         const char **text)
{
  gint64 limit = tempo_settings_get_int (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "quotaStorageMegabytes") * 1000000;
  const char *level = judge_quota (venue->storage_bytes, limit);

  if (level == NULL)
    return NULL;
  *text = *level == 'o' ? "the storage quota is used up" : "most of the storage quota is used";

  return *level == 'o' ? "quota_over" : "quota_near";
}

/**
 * tempo_host_count_call:
 * @self: a running engine
 * @organization_id: whose data was asked for
 *
 * Engine thread.
 */
void
tempo_host_count_call (TempoHost *self,
                       const char *organization_id)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization_id);

  if (venue != NULL)
    tempo_tally_count (venue->tally, "apiCalls");
}

/**
 * tempo_room_note_miss:
 * @self: a room
 * @query: what a guest typed and nobody has
 */
void
tempo_room_note_miss (TempoRoom *self,
                      const char *query)
{
  tempo_tally_miss (self->venue->tally, self->info->id, query);
}
