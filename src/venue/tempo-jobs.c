/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done once a day, by itself: a verified backup of each organization, thinned, and the forgetting of
 * guests whose nights are long over. */
#include "venue/tempo-host-private.h"

#include <glib/gstdio.h>

#include "model/tempo-refusal.h"
#include "model/tempo-room-view.h"
#include "store/tempo-files.h"
#include "venue/tempo-care-private.h"
#include "venue/tempo-forget-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-usage-private.h"

/* The machine has just been switched on and people wait: care comes later. */
#define QUIET_US (60 * G_TIME_SPAN_SECOND)
/* Whoever makes a copy by hand is told its path and wants to find it there, whatever else is
 * copied that day. */
#define KEEP_TODAY 24
#define KEYS_US (2 * G_TIME_SPAN_DAY)

typedef struct
{
  TempoStore *store; /* (owned) */
  TempoOrganization *organization; /* (owned) */
  char *folder;      /* (owned) */
  TempoKeep keep;
  gint64 now;
  gboolean daily;
} Job;

static void
free_job (gpointer data)
{
  g_autofree Job *job = data;

  g_clear_object (&job->store);
  g_clear_object (&job->organization);
  g_clear_pointer (&job->folder, g_free);
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  return g_strcmp0 (*(const char **) b, *(const char **) a);
}

/* 2026-11-20T210000Z.db */
static GPtrArray *
list_backups (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".db") && strlen (name) == strlen ("2026-11-20T210000Z.db"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_newest_first);

  return names;
}

static char *
week_of (const char *name)
{
  g_autoptr (GDateTime) day = g_date_time_new_utc ((int) g_ascii_strtoll (name, NULL, 10),
                                                   (int) g_ascii_strtoll (name + 5, NULL, 10),
                                                   (int) g_ascii_strtoll (name + 8, NULL, 10), 0, 0, 0);

  return day != NULL ? g_date_time_format (day, "%G-%V") : g_strdup ("");
}

/* Whether @name is the newest of a span that still has room. */
static gboolean
keeps (GHashTable *spans,
       char *span,
       guint limit)
{
  if (g_hash_table_contains (spans, span) || g_hash_table_size (spans) >= limit)
    {
      g_free (span);
      return FALSE;
    }

  return g_hash_table_add (spans, span);
}

/* The pictures of a backup lie beside it. */
static char *
media_of (const char *path)
{
  g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".db"));

  return g_strconcat (stem, ".media", NULL);
}

static void
remove_backup (const char *path)
{
  g_autofree char *media = media_of (path);

  g_unlink (path);
  tempo_files_remove_tree (media, NULL);
}

static void
thin (const char *folder,
      const TempoKeep *keep)
{
  g_autoptr (GPtrArray) names = list_backups (folder);
  g_autoptr (GHashTable) days = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) weeks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) months = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      gboolean day = keeps (days, g_strndup (name, 10), keep->days);
      gboolean week = keeps (weeks, week_of (name), keep->weeks);
      gboolean month = keeps (months, g_strndup (name, 7), keep->months);
      gboolean today = i < KEEP_TODAY && strncmp (name, g_ptr_array_index (names, 0), 10) == 0;
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!today && !day && !week && !month)
        remove_backup (path);
    }
}

static gboolean
has_backup_of_day (const char *folder,
                   gint64 now)
{
  g_autofree char *time = tempo_time_format (now);
  g_autoptr (GPtrArray) names = list_backups (folder);

  return names->len > 0 && strncmp (g_ptr_array_index (names, 0), time, 10) == 0;
}

static void
backup_thread (GTask *task,
               gpointer source_object,
               gpointer task_data,
               GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  char *path;

  if (job->daily && has_backup_of_day (job->folder, job->now))
    {
      g_task_return_pointer (task, g_strdup (""), g_free);
      return;
    }

  path = tempo_jobs_backup (job->store, job->folder, job->now, &job->keep, &error);
  if (path == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, path, g_free);
}

/* @path: "" when there was one of the day. */
static void
note_backup (TempoHost *self,
             Job *job,
             const char *path,
             const GError *error)
{
  TempoVenue *venue = tempo_host_find_venue (self, job->organization->id);
  g_autofree char *name = path != NULL && *path != '\0' ? g_path_get_basename (path) : NULL;

  if (error != NULL)
    tempo_host_log (self, job->organization, G_LOG_LEVEL_MESSAGE, "No backup was made: %s", error->message);
  else if (name != NULL)
    tempo_host_log (self, job->organization, G_LOG_LEVEL_INFO, "A backup was made: %s", name);
  if (venue == NULL)
    return;
  venue->backed_up = TRUE;
  g_free (venue->no_backup);
  venue->no_backup = error != NULL ? g_strdup (error->message) : NULL;
  for (guint i = 0; i < venue->rooms->len; i++)
    tempo_room_tell (g_ptr_array_index (venue->rooms, i), TEMPO_DIRTY_HEALTH);
}

static void
backed_up_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) asked = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);
  Job *job = g_task_get_task_data (G_TASK (result));

  self->jobs--;
  note_backup (self, job, path, error);
  if (asked != NULL && path != NULL)
    g_task_return_pointer (asked, g_steal_pointer (&path), g_free);
  else if (asked != NULL)
    g_task_return_error (asked, tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL, "no backup: %s",
                                                   error->message));
  tempo_host_venue_idle (self);
}

static void
read_keep (TempoVenue *venue,
           TempoKeep *keep)
{
  keep->days = (guint) tempo_settings_get_int (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "backupKeepDays");
  keep->weeks = (guint) tempo_settings_get_int (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "backupKeepWeeks");
  keep->months = (guint) tempo_settings_get_int (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "backupKeepMonths");
}

/* @asked: (nullable): who waits for it; nobody for the daily one. */
static void
start_backup (TempoHost *self,
              TempoVenue *venue,
              GTask *asked)
{
  Job *job = g_new0 (Job, 1);
  g_autoptr (GTask) work = g_task_new (self, NULL, backed_up_cb, asked != NULL ? g_object_ref (asked) : NULL);

  job->store = g_object_ref (venue->store);
  job->organization = g_object_ref (venue->organization);
  job->folder = tempo_registry_get_folder (self->registry, venue->organization->id, "backups");
  job->now = tempo_clock_now (self->clock);
  read_keep (venue, &job->keep);
  job->daily = asked == NULL;
  g_task_set_source_tag (work, start_backup);
  g_task_set_task_data (work, job, free_job);
  self->jobs++;
  g_task_run_in_thread (work, backup_thread);
}

static void
check_thread (GTask *task,
              gpointer source_object,
              gpointer task_data,
              GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (tempo_store_check (job->store, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The organization is still there: it closes only when no job is under way. */
static void
checked_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  TempoVenue *venue = user_data;
  g_autoptr (GError) error = NULL;

  self->jobs--;
  g_task_propagate_boolean (G_TASK (result), &error);
  if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT))
    {
      tempo_host_log (self, venue->organization, G_LOG_LEVEL_MESSAGE, "The data are damaged: %s", error->message);
      venue->damage = g_strdup (error->message);
      for (guint i = 0; i < venue->rooms->len; i++)
        tempo_room_tell (g_ptr_array_index (venue->rooms, i), TEMPO_DIRTY_HEALTH);
    }
  tempo_host_venue_idle (self);
}

static gboolean
is_old_guest (gpointer key,
              gpointer value,
              gpointer user_data)
{
  gint64 *limit = user_data;
  TempoGuest *guest = value;

  return guest->last_seen_at < *limit && guest->banned_until < *limit;
}

/* What memory still knows must not bring back what the file forgot. */
static void
forget_in_memory (TempoVenue *venue,
                  gint64 limit)
{
  GHashTableIter iter;
  gpointer id, guest;

  g_hash_table_iter_init (&iter, venue->guests);
  while (g_hash_table_iter_next (&iter, &id, &guest))
    {
      gboolean here = FALSE;

      for (guint i = 0; i < venue->rooms->len && !here; i++)
        here = tempo_room_find_part (g_ptr_array_index (venue->rooms, i), id) != NULL;
      if (here || !is_old_guest (id, guest, &limit))
        continue;
      g_hash_table_remove (venue->digests, ((TempoGuest *) guest)->token_digest);
      g_hash_table_iter_remove (&iter);
    }
}

static gint64
get_forget_days (TempoVenue *venue)
{
  return tempo_settings_get_int (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "forgetGuestsDays");
}

static void
forget_guests (TempoVenue *venue)
{
  gint64 now = tempo_venue_now (venue);
  /* With no days at all, what ended this very moment is old. */
  gint64 limit = now - get_forget_days (venue) * G_TIME_SPAN_DAY + 1;
  TempoBatch *batch = tempo_venue_write (venue);

  tempo_batch_add (batch, "guest-forget-old", "i", limit);
  tempo_batch_add (batch, "request-forget-old", "i", limit);
  tempo_batch_add (batch, "idempotency-forget-old", "i", now - KEYS_US);
  forget_in_memory (venue, limit);
}

static void
forget_thread (GTask *task,
               gpointer source_object,
               gpointer task_data,
               GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (tempo_forget_guests (job->store, job->now, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
forgot_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->jobs--;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    tempo_host_log (self, job->organization, G_LOG_LEVEL_MESSAGE, "Guests of old nights are forgotten tomorrow: %s", error->message);
  tempo_host_venue_idle (self);
}

/* There may be years of them, which one turn could not take. */
static void
forget_old_nights (TempoVenue *venue)
{
  g_autoptr (GTask) task = g_task_new (venue->host, NULL, forgot_cb, NULL);
  gint64 now = tempo_venue_now (venue);
  Job *job = g_new0 (Job, 1);

  job->store = g_object_ref (venue->store);
  job->organization = g_object_ref (venue->organization);
  job->now = now - get_forget_days (venue) * G_TIME_SPAN_DAY + 1;
  tempo_batch_add (tempo_venue_write (venue), "idempotency-forget-old", "i", now - KEYS_US);
  forget_in_memory (venue, job->now);
  g_task_set_source_tag (task, forget_old_nights);
  g_task_set_task_data (task, job, free_job);
  venue->host->jobs++;
  g_task_run_in_thread (task, forget_thread);
}

static void
backup_on_engine (TempoHost *self,
                  GTask *task)
{
  TempoVenue *venue = self->running && !self->stopping
    ? tempo_host_find_venue (self, g_task_get_task_data (task)) : NULL;

  if (venue == NULL)
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such organization"));
  else
    start_backup (self, venue, task);
}

/**
 * tempo_jobs_tick:
 * @self: the engine
 *
 * Starts the work of a new day.
 */
void
tempo_jobs_tick (TempoHost *self)
{
  gint64 now = tempo_clock_now (self->clock);
  gint64 day = now / G_TIME_SPAN_DAY;

  if (now - self->started_at < QUIET_US || day == self->last_job_day)
    return;

  self->last_job_day = day;
  tempo_licences_save_time (self->licences, self);
  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      if (venue->reloading || venue->broken)
        continue;
      tempo_usage_count_days (venue);
      forget_old_nights (venue);
      start_backup (self, venue, NULL);
    }
}

/**
 * tempo_jobs_event_ended:
 * @venue: an organization whose event just ended
 *
 * Some houses keep nothing over night.
 */
void
tempo_jobs_event_ended (TempoVenue *venue)
{
  if (get_forget_days (venue) == 0)
    forget_guests (venue);
}

/**
 * tempo_jobs_check:
 * @self: the engine
 * @venue: an organization that was just opened
 *
 * After a power cut or a kill the file is read through once by a worker; what it finds is
 * told on the health strip, because the evening may well go on and a backup is near.
 */
void
tempo_jobs_check (TempoHost *self,
                  TempoVenue *venue)
{
  Job *job;
  g_autoptr (GTask) work = NULL;

  if (!tempo_store_was_unclean (venue->store))
    return;

  job = g_new0 (Job, 1);
  job->store = g_object_ref (venue->store);
  work = g_task_new (self, NULL, checked_cb, venue);
  g_task_set_source_tag (work, tempo_jobs_check);
  g_task_set_task_data (work, job, free_job);
  self->jobs++;
  g_task_run_in_thread (work, check_thread);
}

/**
 * tempo_jobs_backup:
 * @store: an open file
 * @folder: where backups are
 * @now: wall time, for the name
 * @keep: how many older ones stay
 * @error: the store's
 *
 * Blocks.
 *
 * Returns: (transfer full) (nullable): the verified copy's path
 */
char *
tempo_jobs_backup (TempoStore *store,
                   const char *folder,
                   gint64 now,
                   const TempoKeep *keep,
                   GError **error)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autofree char *name = g_date_time_format (time, "%Y-%m-%dT%H%M%SZ.db");
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *house = g_path_get_dirname (folder);
  g_autofree char *media = g_build_filename (house, "media", NULL);
  g_autofree char *copy = media_of (path);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  /* The file last: by it a backup is known to be whole. */
  if ((g_file_test (media, G_FILE_TEST_IS_DIR) && !tempo_files_link_tree (media, copy, error))
      || !tempo_store_backup (store, path, error))
    {
      tempo_files_remove_tree (copy, NULL);
      return NULL;
    }
  thin (folder, keep);

  return g_steal_pointer (&path);
}

/**
 * tempo_host_backup_async:
 * @self: a running engine
 * @organization_id: slug or id
 * @cancellable: (nullable): unused
 * @callback: when the copy is verified
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_backup_async (TempoHost *self,
                         const char *organization_id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tempo_host_backup_async);
  g_task_set_task_data (task, g_strdup (organization_id), g_free);
  tempo_host_invoke (self, task, backup_on_engine);
}

/**
 * tempo_host_backup_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): the copy's path
 */
char *
tempo_host_backup_finish (TempoHost *self,
                          GAsyncResult *result,
                          GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
