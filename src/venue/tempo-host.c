/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine of one installation: its thread, its open organizations, starting and stopping. */
#include "venue/tempo-host-private.h"

#include "model/tempo-refusal.h"
#include "model/tempo-room-view.h"
#include "secrets/tempo-secrets.h"
#include "venue/tempo-care-private.h"
#include "venue/tempo-people-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-steps-private.h"
#include "venue/tempo-usage-private.h"

#define TICK_SECONDS 1
/* Sign-in failures are remembered for so many names and addresses at once. */
#define MAX_THROTTLED 4096

G_DEFINE_TYPE (TempoHost, tempo_host, G_TYPE_OBJECT)

typedef struct
{
  TempoHost *host;
  GTask *task;
  TempoEngineFunc func;
} Invocation;

static gboolean
invoked_cb (gpointer user_data)
{
  Invocation *invocation = user_data;

  invocation->func (invocation->host, invocation->task);

  return G_SOURCE_REMOVE;
}

static void
free_invocation (gpointer data)
{
  g_autofree Invocation *invocation = data;

  g_clear_object (&invocation->task);
  g_clear_object (&invocation->host);
}

/* Everything that lives on the engine thread ends there. */
static void
close_all (TempoHost *self)
{
  if (self->tick != NULL)
    g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  tempo_steps_abandon (self);
  g_hash_table_remove_all (self->rooms_by_id);
  g_hash_table_remove_all (self->rooms_by_code);
  g_hash_table_remove_all (self->venues_by_name);
  g_ptr_array_set_size (self->venues, 0);
  tempo_host_stop_spotify (self);
  /* While the folder is ours. */
  tempo_logbook_flush (self->logbook);
  if (self->registry != NULL)
    tempo_registry_close (self->registry);
  g_clear_object (&self->registry);
  g_clear_pointer (&self->by_account, tempo_throttle_free);
  g_clear_pointer (&self->by_address, tempo_throttle_free);
  self->running = FALSE;
}

static gpointer
engine_thread (gpointer data)
{
  GMainContext *context = g_main_loop_get_context (data);

  g_main_context_push_thread_default (context);
  g_main_loop_run (data);
  /* What was returned to tasks of this thread while it ended. */
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_main_loop_unref (data);

  return NULL;
}

static void
join_thread (TempoHost *self)
{
  GThread *thread = g_steal_pointer (&self->thread);

  if (thread == NULL)
    return;

  if (thread == g_thread_self ())
    g_thread_unref (thread);
  else
    g_thread_join (thread);
}

static gboolean
abandon_cb (gpointer user_data)
{
  TempoHost *self = user_data;

  close_all (self);
  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

static void
tempo_host_dispose (GObject *object)
{
  TempoHost *self = TEMPO_HOST (object);

  if (self->thread != NULL)
    {
      g_main_context_invoke (self->context, abandon_cb, self);
      join_thread (self);
    }

  G_OBJECT_CLASS (tempo_host_parent_class)->dispose (object);
}

static void
tempo_host_finalize (GObject *object)
{
  TempoHost *self = TEMPO_HOST (object);

  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->audio_sink, g_free);
  g_clear_pointer (&self->music_folder, g_free);
  g_clear_pointer (&self->demo_folder, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->spotify_accounts_url, g_free);
  g_clear_pointer (&self->spotify_api_url, g_free);
  g_clear_pointer (&self->gates, g_ptr_array_unref);
  g_clear_pointer (&self->logbook, tempo_logbook_free);
  g_clear_object (&self->clock);
  g_clear_object (&self->secrets);
  g_clear_pointer (&self->venues_by_name, g_hash_table_unref);
  g_clear_pointer (&self->venues, g_ptr_array_unref);
  g_clear_pointer (&self->rooms_by_id, g_hash_table_unref);
  g_clear_pointer (&self->rooms_by_code, g_hash_table_unref);
  g_clear_pointer (&self->health, g_ptr_array_unref);
  g_clear_pointer (&self->licences, tempo_licences_free);
  g_clear_pointer (&self->organizations, g_ptr_array_unref);
  g_clear_pointer (&self->room_infos, g_hash_table_unref);
  g_clear_pointer (&self->scans, g_hash_table_unref);
  g_clear_pointer (&self->unopened, g_ptr_array_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tempo_host_parent_class)->finalize (object);
}

static void
tempo_host_class_init (TempoHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_host_dispose;
  object_class->finalize = tempo_host_finalize;
}

static void
tempo_host_init (TempoHost *self)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->venues = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_venue_free);
  self->venues_by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rooms_by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rooms_by_code = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->health = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_health_free);
  self->organizations = g_ptr_array_new_with_free_func (g_object_unref);
  self->room_infos = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) g_ptr_array_unref);
  self->scans = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->unopened = g_ptr_array_new_with_free_func (tempo_unopened_free);
  self->source_factory = tempo_host_make_source;
  g_mutex_init (&self->lock);
}

static gboolean
tick_cb (gpointer user_data)
{
  tempo_host_tick (user_data);

  return G_SOURCE_CONTINUE;
}

/* Start: files are opened by a worker, then the rooms come to life on the engine thread. */

static void
open_all_thread (GTask *task,
                 gpointer source_object,
                 gpointer task_data,
                 GCancellable *cancellable)
{
  TempoHost *self = TEMPO_HOST (source_object);
  g_autoptr (GPtrArray) venues = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_venue_free);
  g_autoptr (GPtrArray) organizations = NULL;
  GError *error = NULL;

  self->registry = tempo_registry_open (self->data_dir, &error);
  if (self->registry != NULL && tempo_care_recover (self->registry, &error)
      && tempo_licences_load (self->licences, self->registry, tempo_clock_now (self->clock), &error)
      && self->demo)
    tempo_demo_install (self, &error);
  if (error == NULL)
    tempo_host_load_gates (self);
  if (error == NULL)
    organizations = tempo_registry_list_organizations (self->registry);

  for (guint i = 0; organizations != NULL && i < organizations->len; i++)
    {
      TempoOrganization *organization = g_ptr_array_index (organizations, i);
      g_autoptr (GError) failure = NULL;
      TempoVenue *venue = tempo_venue_open (self, organization, &failure);

      if (venue != NULL)
        {
          g_ptr_array_add (venues, venue);
          continue;
        }
      tempo_host_note_unopened (self, organization, failure);
      if (error == NULL)
        error = g_steal_pointer (&failure);
    }
  /* One house with a broken file does not keep the others shut. */
  if (venues->len > 0)
    g_clear_error (&error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&venues), (GDestroyNotify) g_ptr_array_unref);
}

static void
demo_opened_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (GTask) start = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (object), result, &error);

  if (outcome != NULL || g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_EVENT_ACTIVE))
    g_task_return_boolean (start, TRUE);
  else
    g_task_return_error (start, g_steal_pointer (&error));
}

/* The doors of the demonstration are open, whoever comes first. */
static void
open_demo (TempoHost *self,
           GTask *start)
{
  TempoVenue *venue = g_ptr_array_index (self->venues, 0);
  TempoRoom *room = g_ptr_array_index (venue->rooms, 0);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  g_autoptr (TempoCommand) command = NULL;

  command = tempo_command_new (TEMPO_ACTION_EVENT_CREATE, actor, venue->organization->id, room->info->id);
  command->name = g_strdup ("Open evening");
  command->flag = TRUE;
  command->patch = json_object_new ();
  json_object_set_boolean_member (command->patch, "approval", FALSE);
  json_object_set_boolean_member (command->patch, "freeText", FALSE);
  tempo_host_execute_async (self, command, NULL, demo_opened_cb, g_object_ref (start));
}

static void
opened_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) start = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) venues = g_task_propagate_pointer (G_TASK (result), &error);

  if (venues == NULL)
    {
      close_all (self);
      g_task_return_error (start, error);
      g_main_loop_quit (self->loop);
      return;
    }

  self->by_account = tempo_throttle_new (self->clock, 5, 5, MAX_THROTTLED);
  self->by_address = tempo_throttle_new (self->clock, 5, 5, MAX_THROTTLED);
  self->running = TRUE;
  tempo_host_start_spotify (self);
  while (venues->len > 0)
    tempo_host_add_venue (self, g_ptr_array_steal_index (venues, 0));
  self->started_at = tempo_clock_now (self->clock);
  self->tick = g_timeout_source_new_seconds (TICK_SECONDS);
  g_source_set_callback (self->tick, tick_cb, self, NULL);
  g_source_attach (self->tick, self->context);
  tempo_care_recover_secrets (self);

  if (self->demo_fresh)
    open_demo (self, start);
  else
    g_task_return_boolean (start, TRUE);
}

static void
start_on_engine (TempoHost *self,
                 GTask *task)
{
  g_autoptr (GTask) open = g_task_new (self, NULL, opened_cb, g_object_ref (task));

  g_task_set_source_tag (open, start_on_engine);
  g_task_run_in_thread (open, open_all_thread);
}

static gboolean
finish_stop_cb (gpointer user_data)
{
  TempoHost *self = user_data;
  GTask *task;

  for (guint i = 0; i < self->venues->len; i++)
    if (tempo_venue_is_busy (g_ptr_array_index (self->venues, i)))
      return G_SOURCE_REMOVE;
  if (self->stop_task == NULL || self->jobs > 0)
    return G_SOURCE_REMOVE;

  task = g_steal_pointer (&self->stop_task);
  close_all (self);
  g_main_loop_quit (self->loop);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);

  return G_SOURCE_REMOVE;
}

static void
stop_on_engine (TempoHost *self,
                GTask *task)
{
  if (!self->running || self->stop_task != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the engine does not run");
      return;
    }

  self->stopping = TRUE;
  self->stop_task = g_object_ref (task);
  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      if (!venue->reloading && !venue->broken)
        tempo_usage_flush (venue, FALSE);
      for (guint j = 0; j < venue->rooms->len && !venue->reloading && !venue->broken; j++)
        tempo_player_save (((TempoRoom *) g_ptr_array_index (venue->rooms, j))->player);
      venue->closing = TRUE;
    }
  tempo_host_venue_idle (self);
}

static void
execute_on_engine (TempoHost *self,
                   GTask *task)
{
  TempoCommand *command = g_task_get_task_data (task);
  TempoVenue *venue = self->running ? tempo_host_find_venue (self, command->organization_id) : NULL;

  if (!self->running || self->stopping)
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SHUTTING_DOWN, NULL,
                                                  "the engine does not run"));
  else if (venue == NULL)
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such organization"));
  else
    tempo_venue_execute (venue, task);
}

/**
 * tempo_host_is_engine:
 * @self: the engine
 *
 * Returns: %TRUE on the engine thread
 */
gboolean
tempo_host_is_engine (TempoHost *self)
{
  return g_main_context_is_owner (self->context);
}

/**
 * tempo_host_invoke:
 * @self: the engine
 * @task: for @func
 * @func: what to do on the engine thread
 *
 * At once when this is the engine thread, so that a command of the LAN server costs no round of the main loop.
 */
void
tempo_host_invoke (TempoHost *self,
                   GTask *task,
                   TempoEngineFunc func)
{
  Invocation *invocation;

  if (tempo_host_is_engine (self))
    {
      func (self, task);
      return;
    }

  invocation = g_new0 (Invocation, 1);
  invocation->host = g_object_ref (self);
  invocation->task = g_object_ref (task);
  invocation->func = func;
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, invoked_cb, invocation, free_invocation);
}

/**
 * tempo_host_find_venue:
 * @self: the engine
 * @organization: (nullable): slug or id
 *
 * Returns: (transfer none) (nullable): the open organization
 */
TempoVenue *
tempo_host_find_venue (TempoHost *self,
                       const char *organization)
{
  return organization != NULL ? g_hash_table_lookup (self->venues_by_name, organization) : NULL;
}

/* Ids last: a name that looks like somebody's id finds nobody else. */
static void
index_venues (TempoHost *self)
{
  g_hash_table_remove_all (self->venues_by_name);
  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      g_hash_table_insert (self->venues_by_name, g_strdup (venue->organization->slug), venue);
    }
  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      g_hash_table_insert (self->venues_by_name, g_strdup (venue->organization->id), venue);
    }
}

/**
 * tempo_host_add_venue:
 * @self: the engine
 * @venue: (transfer full): an opened organization
 *
 * Its rooms come to life.
 */
void
tempo_host_add_venue (TempoHost *self,
                      TempoVenue *venue)
{
  g_ptr_array_add (self->venues, venue);
  index_venues (self);
  tempo_venue_enter (venue);
  tempo_jobs_check (self, venue);
  tempo_host_publish_directory (self);
}

/**
 * tempo_host_add_room:
 * @self: the engine
 * @room: a room that is shown from now on
 * @code: what it is joined by; one it had before opens nothing any more
 *
 * Makes it findable.
 */
void
tempo_host_add_room (TempoHost *self,
                     TempoRoom *room,
                     const char *code)
{
  g_autofree char *before = room->shown_info != NULL ? g_ascii_strup (room->shown_info->code, -1) : NULL;

  if (before != NULL)
    g_hash_table_remove (self->rooms_by_code, before);
  g_hash_table_insert (self->rooms_by_id, g_strdup (room->info->id), room);
  g_hash_table_insert (self->rooms_by_code, g_ascii_strup (code, -1), room);
}

/**
 * tempo_host_publish_directory:
 * @self: the engine
 *
 * Organizations came, went or are called otherwise: finds them by their names, and copies these and those of rooms to
 * where other threads read them.
 */
void
tempo_host_publish_directory (TempoHost *self)
{
  index_venues (self);
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->organizations, 0);
  g_hash_table_remove_all (self->room_infos);
  for (guint i = 0; i < self->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);
      GPtrArray *infos = g_ptr_array_new_with_free_func (g_object_unref);

      g_ptr_array_add (self->organizations, g_object_ref (venue->organization));
      for (guint j = 0; j < venue->rooms->len; j++)
        {
          TempoRoom *room = g_ptr_array_index (venue->rooms, j);

          if (room->shown_info != NULL)
            g_ptr_array_add (infos, g_object_ref (room->shown_info));
        }
      g_hash_table_insert (self->room_infos, g_strdup (venue->organization->id), infos);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * tempo_host_venue_idle:
 * @self: the engine
 *
 * Something ended while the engine stops: looks whether all is done, from the main loop.
 */
void
tempo_host_venue_idle (TempoHost *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->stop_task == NULL)
    return;

  source = g_idle_source_new ();
  g_source_set_callback (source, finish_stop_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/**
 * tempo_host_tick:
 * @self: the engine
 *
 * Engine thread: does everything that time asks for, as of the clock.
 */
void
tempo_host_tick (TempoHost *self)
{
  for (guint i = 0; i < self->venues->len && !self->stopping; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);

      if (venue->broken)
        tempo_venue_retry (venue);
      for (guint j = 0; j < venue->rooms->len && !venue->reloading && !venue->broken; j++)
        tempo_room_tick (g_ptr_array_index (venue->rooms, j));
      tempo_sessions_tick (venue);
    }
  if (self->stopping)
    return;
  if (tempo_licences_tick (self->licences, tempo_clock_now (self->clock)))
    g_ptr_array_foreach (self->venues, (GFunc) (void (*) (void)) tempo_venue_tell_licence, NULL);
  tempo_host_try_unopened (self);
  tempo_jobs_tick (self);
}

/**
 * tempo_host_set_source_factory:
 * @self: an engine that was not started
 * @factory: makes sources
 * @user_data: for @factory
 *
 * For tests, which bring a source of their own.
 */
void
tempo_host_set_source_factory (TempoHost *self,
                               TempoSourceFactory factory,
                               gpointer user_data)
{
  self->source_factory = factory;
  self->source_factory_data = user_data;
}

/**
 * tempo_host_new:
 * @options: how; copied
 *
 * Returns: (transfer full): an engine that does not run yet
 */
TempoHost *
tempo_host_new (const TempoHostOptions *options)
{
  TempoHost *self = g_object_new (TEMPO_TYPE_HOST, NULL);

  self->data_dir = g_strdup (options->data_dir);
  self->logbook = tempo_logbook_new (options->data_dir);
  self->audio_sink = g_strdup (options->audio_sink);
  /* Houses that were there before the demonstration was asked for play its tunes too, if they have none. */
  self->music_folder = g_strdup (options->demo && options->music_folder == NULL ? options->demo_folder
                                 : options->music_folder);
  self->demo_folder = g_strdup (options->demo_folder);
  self->spotify_accounts_url = g_strdup (options->spotify_accounts_url);
  self->spotify_api_url = g_strdup (options->spotify_api_url);
  self->licences = tempo_licences_new (options->licence_keys);
  self->demo = options->demo;
  self->clock = options->clock != NULL ? g_object_ref (options->clock) : tempo_clock_new_system ();
  self->secrets = options->secrets != NULL ? g_object_ref (options->secrets) : tempo_secrets_new_memory ();

  return self;
}

/**
 * tempo_host_start_async:
 * @self: an engine that does not run
 * @cancellable: (nullable): not used once files are being opened
 * @callback: when it runs
 * @user_data: for @callback
 *
 * Starts the thread, opens what is there, continues active events.
 */
void
tempo_host_start_async (TempoHost *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (self->thread == NULL);

  g_task_set_source_tag (task, tempo_host_start_async);
  self->thread = g_thread_new ("tempo-engine", engine_thread, g_main_loop_ref (self->loop));
  tempo_host_invoke (self, task, start_on_engine);
}

/**
 * tempo_host_start_finish:
 * @self: the engine
 * @result: of tempo_host_start_async()
 * @error: TEMPO_STORE_ERROR
 *
 * Returns: %TRUE when it runs
 */
gboolean
tempo_host_start_finish (TempoHost *self,
                         GAsyncResult *result,
                         GError **error)
{
  gboolean started = g_task_propagate_boolean (G_TASK (result), error);

  if (!started)
    join_thread (self);

  return started;
}

/**
 * tempo_host_stop_async:
 * @self: the engine
 * @callback: when everything is closed, or soon when there is nothing to close
 * @user_data: for @callback
 *
 * Finishes what was accepted and ends the thread.
 */
void
tempo_host_stop_async (TempoHost *self,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tempo_host_stop_async);
  /* Without its thread nobody would ever do what is asked of the engine. */
  if (self->thread == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the engine does not run");
  else
    tempo_host_invoke (self, task, stop_on_engine);
}

/**
 * tempo_host_stop_finish:
 * @self: the engine
 * @result: of tempo_host_stop_async()
 * @error: when it did not run
 *
 * Returns: %TRUE when it is stopped
 */
gboolean
tempo_host_stop_finish (TempoHost *self,
                        GAsyncResult *result,
                        GError **error)
{
  gboolean stopped = g_task_propagate_boolean (G_TASK (result), error);

  if (stopped)
    join_thread (self);

  return stopped;
}

/**
 * tempo_host_execute_async:
 * @self: the engine
 * @command: (transfer none): what to do; not changed afterwards
 * @cancellable: (nullable): only the waiting is cancelled, never the doing
 * @callback: after the commit
 * @user_data: for @callback
 *
 * The one door to every use case. Any thread.
 */
void
tempo_host_execute_async (TempoHost *self,
                          TempoCommand *command,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tempo_host_execute_async);
  g_task_set_task_data (task, tempo_command_ref (command), (GDestroyNotify) tempo_command_unref);
  tempo_host_invoke (self, task, execute_on_engine);
}

/**
 * tempo_host_execute_finish:
 * @self: the engine
 * @result: of tempo_host_execute_async()
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): what came of it
 */
TempoOutcome *
tempo_host_execute_finish (TempoHost *self,
                           GAsyncResult *result,
                           GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
