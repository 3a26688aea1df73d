/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to care: who may, is the organization free, who does it, what the engine does before and after. */
#include "venue/tempo-care-private.h"

#include "access/tempo-permission.h"
#include "model/tempo-refusal.h"
#include "secrets/tempo-secrets.h"
#include "store/tempo-erase.h"
#include "venue/tempo-outcome-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-usage-private.h"

/* How often it is looked whether an organization that is to be closed has come to rest. */
#define REST_MS 5

typedef struct
{
  const char *action; /* word of the permission table and of the log */
  gboolean everywhere; /* concerns the installation: its super admins, desktop and console only */
  gboolean closes;     /* the organization's file is closed meanwhile */
  TempoCareWork work;
} Kind;

static const Kind kinds[TEMPO_N_CARE] = {
  [TEMPO_CARE_VERIFY_LOG] = { "audit", FALSE, FALSE, tempo_care_verify_log },
  [TEMPO_CARE_EXPORT] = { "export", FALSE, FALSE, tempo_care_export },
  [TEMPO_CARE_IMPORT] = { "import", TRUE, FALSE, tempo_care_import },
  [TEMPO_CARE_ERASE_GUEST] = { "guest_erase", FALSE, FALSE, tempo_care_erase_guest },
  [TEMPO_CARE_ERASE_ORGANIZATION] = { "erase", FALSE, TRUE, tempo_care_erase_organization },
  [TEMPO_CARE_RESTORE] = { "restore", TRUE, TRUE, tempo_care_restore },
  [TEMPO_CARE_MOVE_ROOM] = { "room_move", TRUE, TRUE, tempo_care_move_room },
  [TEMPO_CARE_TAKE_SINGLE] = { "import_single", TRUE, TRUE, tempo_care_take_single },
  [TEMPO_CARE_DROP_SINGLE] = { "import_single_undo", TRUE, TRUE, tempo_care_drop_single },
  [TEMPO_CARE_GIVE_SINGLE] = { "export_single", TRUE, TRUE, tempo_care_give_single },
};

static void
free_job (gpointer data)
{
  g_autofree TempoCareJob *job = data;

  g_clear_pointer (&job->actor, tempo_actor_unref);
  g_clear_pointer (&job->name, g_free);
  g_clear_pointer (&job->path, g_free);
  g_clear_pointer (&job->slug, g_free);
  g_clear_pointer (&job->target, g_free);
  g_clear_pointer (&job->title, g_free);
  g_clear_object (&job->organization);
  g_clear_object (&job->made);
  g_clear_object (&job->other);
  g_clear_object (&job->store);
  g_clear_object (&job->other_store);
  g_clear_pointer (&job->folder, g_free);
  g_clear_pointer (&job->opened, g_ptr_array_unref);
  g_clear_pointer (&job->text, g_free);
  g_clear_pointer (&job->object, g_free);
}

static gboolean
may_do (const Kind *kind,
        TempoCareJob *job)
{
  TempoActor *actor = job->actor;

  if (actor->kind == TEMPO_ACTOR_DESKTOP || actor->kind == TEMPO_ACTOR_CONSOLE)
    return TRUE;
  if (actor->kind != TEMPO_ACTOR_MEMBER)
    return FALSE;
  if (actor->super_admin)
    return TRUE;

  return !kind->everywhere && job->organization != NULL
         && g_strcmp0 (actor->organization_id, job->organization->id) == 0
         && tempo_permission_allows (actor->role, kind->action);
}

/* Storage that says no is told as such; what the work itself refuses is told as it is. */
static GError *
translate (GError *error)
{
  GError *told;
  TempoRefusal refusal = TEMPO_REFUSAL_STORAGE;

  if (error->domain == TEMPO_REFUSAL)
    return error;
  if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND))
    refusal = TEMPO_REFUSAL_NOT_FOUND;
  else if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT)
           || g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER))
    refusal = TEMPO_REFUSAL_INVALID;
  else if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT))
    refusal = TEMPO_REFUSAL_CONFLICT;
  told = tempo_refusal_new (refusal, NULL, "%s", error->message);
  g_error_free (error);

  return told;
}

static void
set_busy (TempoHost *self,
          TempoOrganization *organization,
          gboolean busy)
{
  TempoVenue *venue = organization != NULL ? tempo_host_find_venue (self, organization->id) : NULL;

  if (venue != NULL)
    venue->in_care = busy;
}

/* How much went where; where a file lies on the disk is nobody's business. */
static const char *
tell_log (TempoCareJob *job)
{
  switch (job->kind)
    {
    case TEMPO_CARE_MOVE_ROOM:
      return job->other != NULL ? job->other->slug : NULL;
    case TEMPO_CARE_EXPORT:
    case TEMPO_CARE_GIVE_SINGLE:
      return job->credentials ? "with credentials" : "without credentials";
    default:
      return job->text;
    }
}

/* Looking changes nothing, and the erasure of a guest has its row in the log already. */
static void
write_log (TempoHost *self,
           TempoCareJob *job,
           TempoOrganization *whose)
{
  TempoVenue *venue = whose != NULL ? tempo_host_find_venue (self, whose->id) : NULL;

  if (job->kind == TEMPO_CARE_VERIFY_LOG || job->kind == TEMPO_CARE_ERASE_GUEST || job->dry_run)
    return;
  if (venue == NULL || venue->reloading || venue->broken || venue->closing)
    return;

  tempo_venue_audit (venue,
                     &(TempoAudit){ job->actor, kinds[job->kind].action,
                                    job->kind == TEMPO_CARE_MOVE_ROOM ? "room" : "organization",
                                    job->object != NULL ? job->object : venue->organization->id, NULL, tell_log (job), NULL });
}

/* How it ended, for the logbooks of those it concerned; of an erased organization there is none. */
static void
note_end (TempoHost *self,
          TempoCareJob *job,
          const GError *error)
{
  TempoOrganization *concerned[] = { job->organization, job->made, job->other };

  for (guint i = 0; i < G_N_ELEMENTS (concerned); i++)
    if (concerned[i] != NULL && error != NULL)
      tempo_host_log (self, concerned[i], G_LOG_LEVEL_MESSAGE, "Work on the data failed (%s)", kinds[job->kind].action);
    else if (concerned[i] != NULL)
      tempo_host_log (self, concerned[i], G_LOG_LEVEL_INFO, "Work on the data is done (%s)", kinds[job->kind].action);
}

static gboolean
answer_cb (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoCareJob *job = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&job->text), g_free);

  return G_SOURCE_REMOVE;
}

static void
done_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  TempoCareJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  while (job->opened->len > 0)
    {
      TempoVenue *venue = g_ptr_array_steal_index (job->opened, 0);

      if (self->stopping)
        tempo_venue_free (venue);
      else
        tempo_host_add_venue (self, venue);
    }
  set_busy (self, job->organization, FALSE);
  set_busy (self, job->other, FALSE);
  tempo_host_publish_directory (self);
  note_end (self, job, g_task_propagate_boolean (G_TASK (result), &error) ? NULL : error);
  if (error == NULL)
    {
      write_log (self, job, job->organization);
      write_log (self, job, job->made);
      write_log (self, job, job->other);
      if (job->kind == TEMPO_CARE_ERASE_ORGANIZATION)
        tempo_care_forget_secrets (self, job->organization->id, answer_cb, g_object_ref (task));
      else
        answer_cb (g_object_ref (task));
    }
  else
    {
      g_task_return_error (task, translate (error));
    }
  self->jobs--;
  tempo_host_venue_idle (self);
}

static void
work_thread (GTask *work,
             gpointer source_object,
             gpointer task_data,
             GCancellable *cancellable)
{
  TempoCareJob *job = task_data;
  GError *error = NULL;

  if (kinds[job->kind].closes && job->store != NULL)
    tempo_store_close (job->store);
  if (job->other_store != NULL)
    tempo_store_close (job->other_store);
  if (kinds[job->kind].work (job, &error))
    g_task_return_boolean (work, TRUE);
  else
    g_task_return_error (work, error);
}

static void
run_in_thread (TempoHost *self,
               GTask *task,
               GTaskThreadFunc func,
               GAsyncReadyCallback callback)
{
  g_autoptr (GTask) work = g_task_new (self, NULL, callback, g_object_ref (task));

  g_task_set_source_tag (work, run_in_thread);
  g_task_set_task_data (work, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (work, func);
}

static void
start_work (TempoHost *self,
            GTask *task)
{
  run_in_thread (self, task, work_thread, done_cb);
}

/* Taking an organization out: it accepts nothing more, comes to rest, and its rooms end; the worker closes its file. */

static TempoStore *
take_out (TempoHost *self,
          TempoVenue *venue)
{
  TempoStore *store = g_steal_pointer (&venue->store);

  for (guint i = 0; i < venue->rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (venue->rooms, i);
      g_autofree char *code = g_ascii_strup (room->info->code, -1);

      g_hash_table_remove (self->rooms_by_id, room->info->id);
      g_hash_table_remove (self->rooms_by_code, code);
    }
  /* Frees it, and what it had in memory. */
  g_ptr_array_remove (self->venues, venue);
  tempo_host_publish_directory (self);

  return store;
}

static gboolean
is_at_rest (TempoHost *self,
            TempoOrganization *organization)
{
  TempoVenue *venue = organization != NULL ? tempo_host_find_venue (self, organization->id) : NULL;

  return venue == NULL || !tempo_venue_is_busy (venue);
}

static void
counted_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoCareJob *job = g_task_get_task_data (task);

  job->secrets = tempo_secrets_forget_finish (TEMPO_SECRETS (object), result, NULL);
  job->in_keyring = tempo_secrets_is_durable (TEMPO_SECRETS (object));
  start_work (g_task_get_source_object (task), task);
}

static gboolean
rest_cb (gpointer user_data)
{
  GTask *task = user_data;
  TempoHost *self = g_task_get_source_object (task);
  TempoCareJob *job = g_task_get_task_data (task);
  TempoVenue *venue, *other;

  if (!is_at_rest (self, job->organization) || !is_at_rest (self, job->other))
    return G_SOURCE_CONTINUE;
  venue = tempo_host_find_venue (self, job->organization->id);
  if (venue != NULL)
    job->store = take_out (self, venue);
  other = job->other != NULL ? tempo_host_find_venue (self, job->other->id) : NULL;
  if (other != NULL)
    job->other_store = take_out (self, other);
  /* Counted before, for the receipt, which is kept in the step that counts; taken away after it. */
  if (job->kind == TEMPO_CARE_ERASE_ORGANIZATION)
    tempo_secrets_forget_async (self->secrets, job->organization->id, TRUE, NULL, counted_cb, g_object_ref (task));
  else
    start_work (self, task);

  return G_SOURCE_REMOVE;
}

/* As when Tempo stops: where a song is, is kept. */
static void
close_doors (TempoVenue *venue)
{
  if (venue == NULL)
    return;
  for (guint i = 0; i < venue->rooms->len && !venue->reloading && !venue->broken; i++)
    tempo_player_save (((TempoRoom *) g_ptr_array_index (venue->rooms, i))->player);
  tempo_usage_flush (venue, TRUE);
  venue->closing = TRUE;
}

static void
wait_for_rest (TempoHost *self,
               GTask *task)
{
  TempoCareJob *job = g_task_get_task_data (task);
  TempoVenue *venue = tempo_host_find_venue (self, job->organization->id);
  TempoVenue *other = job->other != NULL ? tempo_host_find_venue (self, job->other->id) : NULL;
  g_autoptr (GSource) source = g_timeout_source_new (REST_MS);

  close_doors (venue);
  close_doors (other);
  g_source_set_callback (source, rest_cb, g_object_ref (task), g_object_unref);
  g_source_attach (source, self->context);
}

/* A guest who is here is forgotten by the engine first, or a later write would bring the name back. */

/* @error: (transfer full). */
static void
give_up (TempoHost *self,
         GTask *task,
         GError *error)
{
  TempoCareJob *job = g_task_get_task_data (task);

  self->jobs--;
  set_busy (self, job->organization, FALSE);
  g_task_return_error (task, translate (error));
  tempo_host_venue_idle (self);
}

static void
forgotten_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = g_task_propagate_pointer (G_TASK (result), &error);
  TempoHost *self = TEMPO_HOST (object);

  if (outcome != NULL)
    {
      start_work (self, task);
      return;
    }
  give_up (self, task, g_steal_pointer (&error));
}

static void
found_guest_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *self = g_task_get_source_object (task);
  TempoCareJob *job = g_task_get_task_data (task);
  TempoVenue *venue = tempo_host_find_venue (self, job->organization->id);
  GError *error = NULL;
  g_autofree char *guest_id = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GTask) wait = NULL;
  TempoGuest *guest;

  if (guest_id != NULL && (venue == NULL || venue->closing || venue->reloading || venue->broken))
    error = tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL, "the file is being read");
  if (error != NULL)
    {
      give_up (self, task, error);
      return;
    }
  g_clear_pointer (&job->target, g_free);
  job->target = g_steal_pointer (&guest_id);
  guest = tempo_venue_find_guest (venue, job->target);
  if (guest != NULL)
    tempo_venue_forget_guest (venue, guest, job->actor);
  wait = g_task_new (self, NULL, forgotten_cb, g_object_ref (task));
  g_task_set_source_tag (wait, found_guest_cb);
  tempo_venue_answer_later (venue, wait, tempo_outcome_new (), NULL, NULL);
}

static void
prepare_thread (GTask *task,
                gpointer source_object,
                gpointer task_data,
                GCancellable *cancellable)
{
  TempoCareJob *job = task_data;
  GError *error = NULL;
  char *guest_id = tempo_store_prepare_erasure (job->store, job->target, &error);

  if (guest_id == NULL && g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      error = tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such guest");
    }
  if (guest_id != NULL)
    g_task_return_pointer (task, guest_id, g_free);
  else
    g_task_return_error (task, error);
}

/* The order */

static gboolean
check_room (TempoHost *self,
            TempoCareJob *job,
            GTask *task)
{
  TempoVenue *venue = job->organization != NULL ? tempo_host_find_venue (self, job->organization->id) : NULL;
  TempoVenue *other = tempo_host_find_venue (self, job->slug);
  TempoRoom *room = venue != NULL ? tempo_venue_find_room (venue, job->target) : NULL;

  if (room == NULL || other == NULL || other == venue)
    tempo_refuse_task (task, TEMPO_REFUSAL_NOT_FOUND, NULL, room == NULL ? "no such room" : "no other organization of that name");
  else if (room->event != NULL)
    tempo_refuse_task (task, TEMPO_REFUSAL_CONFLICT, NULL, "an event is on in this room: end it first");
  else if (other->in_care || other->closing)
    tempo_refuse_task (task, TEMPO_REFUSAL_CONFLICT, NULL, "the other organization is being worked on");
  else
    {
      job->other = g_object_ref (other->organization);
      job->object = g_strdup (room->info->id);
      return TRUE;
    }

  return FALSE;
}

static TempoVenue *
find_concerned (TempoHost *self,
                TempoCareJob *job)
{
  g_autofree char *owner = NULL;

  /* A room is known by its code, wherever it is. */
  if (job->kind == TEMPO_CARE_MOVE_ROOM && job->name == NULL && job->target != NULL)
    {
      owner = tempo_registry_find_room_code (self->registry, job->target);
      return tempo_host_find_venue (self, owner);
    }

  return tempo_host_find_venue (self, job->kind >= TEMPO_CARE_TAKE_SINGLE ? "default" : job->name);
}

static gboolean
admit (TempoHost *self,
       TempoCareJob *job,
       GTask *task)
{
  const Kind *kind = &kinds[job->kind];
  TempoVenue *venue = find_concerned (self, job);
  gboolean alone = job->kind == TEMPO_CARE_IMPORT || (job->kind == TEMPO_CARE_TAKE_SINGLE && venue == NULL);

  if (venue != NULL && !alone)
    job->organization = g_object_ref (venue->organization);
  if (!may_do (kind, job))
    tempo_refuse_task (task, TEMPO_REFUSAL_FORBIDDEN, NULL, "not allowed");
  else if (venue == NULL && !alone)
    tempo_refuse_task (task, TEMPO_REFUSAL_NOT_FOUND, NULL, job->kind == TEMPO_CARE_MOVE_ROOM ? "no such room" : "no such organization");
  else if (venue != NULL && !alone && (venue->in_care || venue->closing))
    tempo_refuse_task (task, TEMPO_REFUSAL_CONFLICT, NULL, "other such work is under way: try again when it is done");
  else if (venue != NULL && !alone && kind->closes == FALSE && (venue->reloading || venue->broken))
    tempo_refuse_task (task, TEMPO_REFUSAL_STORAGE, NULL, venue->trouble != NULL ? venue->trouble : "the file is being read");
  else
    return job->kind != TEMPO_CARE_MOVE_ROOM || check_room (self, job, task);

  return FALSE;
}

static void
care_on_engine (TempoHost *self,
                GTask *task)
{
  TempoCareJob *job = g_task_get_task_data (task);
  TempoVenue *venue;

  if (!self->running || self->stopping)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, NULL, "the engine does not run");
      return;
    }
  if (!admit (self, job, task))
    return;

  job->now = tempo_clock_now (self->clock);
  venue = job->organization != NULL ? tempo_host_find_venue (self, job->organization->id) : NULL;
  set_busy (self, job->organization, TRUE);
  set_busy (self, job->other, TRUE);
  if (job->organization != NULL)
    {
      g_autofree char *path = tempo_registry_get_store_path (self->registry, job->organization->id);

      job->folder = g_path_get_dirname (path);
    }
  self->jobs++;
  if (kinds[job->kind].closes && venue != NULL && !(job->kind == TEMPO_CARE_RESTORE && job->as_new))
    {
      wait_for_rest (self, task);
      return;
    }
  if (venue != NULL && job->kind != TEMPO_CARE_RESTORE)
    job->store = g_object_ref (venue->store);
  if (job->kind == TEMPO_CARE_ERASE_GUEST)
    run_in_thread (self, task, prepare_thread, found_guest_cb);
  else
    start_work (self, task);
}

/**
 * tempo_care_open:
 * @job: the order
 * @organization: noted in the registry
 * @error: the store's
 *
 * Blocks: worker threads. The organization comes to life when the job ends, also when it fails. Where that cannot
 * be, because the disk is still full, it is tried again every minute.
 *
 * Returns: %FALSE when its file could not be opened
 */
gboolean
tempo_care_open (TempoCareJob *job,
                 TempoOrganization *organization,
                 GError **error)
{
  GError *failure = NULL;
  TempoVenue *venue = tempo_venue_open (job->host, organization, &failure);

  if (venue != NULL)
    {
      g_ptr_array_add (job->opened, venue);
      return TRUE;
    }
  tempo_host_note_unopened (job->host, organization, failure);
  g_propagate_error (error, failure);

  return FALSE;
}

/**
 * tempo_host_care_async:
 * @self: a running engine
 * @order: copied
 * @callback: when it is done
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_care_async (TempoHost *self,
                       const TempoCareOrder *order,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  TempoCareJob *job = g_new0 (TempoCareJob, 1);

  job->host = self;
  job->kind = order->kind;
  job->actor = tempo_actor_ref (order->actor);
  job->name = g_strdup (order->organization);
  job->path = g_strdup (order->path);
  job->slug = g_strdup (order->slug);
  job->target = g_strdup (order->target != NULL ? order->target : "");
  job->title = g_strdup (order->title);
  job->as_new = order->as_new;
  job->dry_run = order->dry_run;
  job->credentials = order->credentials;
  job->opened = g_ptr_array_new ();
  g_task_set_source_tag (task, tempo_host_care_async);
  g_task_set_task_data (task, job, free_job);
  tempo_host_invoke (self, task, care_on_engine);
}

/**
 * tempo_host_care_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): what to tell
 */
char *
tempo_host_care_finish (TempoHost *self,
                        GAsyncResult *result,
                        GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
