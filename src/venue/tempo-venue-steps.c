/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that need the registry first: a join code is everybody's on this host, a licence no other organization's. A
 * worker writes it, for that waits for the disk; then the command is handled like any other. One at a time, in the order
 * they came, so that memory and file agree on which was last. */
#include "venue/tempo-steps-private.h"

#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"

#define CODE_LENGTH 5
#define CODE_TRIES 20
/* Of all organizations: each is one wait for the disk. */
#define MAX_STEPS 64

#define STEP_KEY "tempo-step"

static void
free_step (gpointer data)
{
  g_autofree TempoStep *step = data;

  g_clear_pointer (&step->organization_id, g_free);
  g_clear_pointer (&step->room_id, g_free);
  g_clear_pointer (&step->code, g_free);
  g_clear_pointer (&step->licence, tempo_registry_licence_free);
  g_clear_pointer (&step->before, g_free);
  g_clear_pointer (&step->after, g_free);
}

/* Codes are unique on the host; a clash is another throw of the dice, unless the code was chosen. */
static gboolean
take_code (TempoStep *step,
           TempoRegistry *registry,
           GError **error)
{
  for (guint i = 0; i < CODE_TRIES; i++)
    {
      g_autofree char *code = step->code != NULL ? g_strdup (step->code) : tempo_code_new (CODE_LENGTH);
      g_autoptr (GError) failure = NULL;

      if (tempo_registry_plan_room_code (registry, code, step->organization_id, step->room_id, &failure))
        {
          g_free (step->code);
          step->code = g_steal_pointer (&code);
          return TRUE;
        }
      if (!g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT))
        return tempo_refuse (error, TEMPO_REFUSAL_STORAGE, "code", failure->message);
      if (step->code != NULL)
        return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "code", "another room has or had this code");
    }

  return tempo_refuse (error, TEMPO_REFUSAL_STORAGE, "code", "no join code is free");
}

static gboolean
keep_licence (TempoStep *step,
              TempoRegistry *registry,
              GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (step->licence != NULL ? tempo_registry_set_licence (registry, step->licence, &failure)
      : tempo_registry_remove_licence (registry, step->organization_id, &failure))
    return TRUE;
  if (g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT))
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "key", "another organization here has this licence");

  return tempo_refuse (error, TEMPO_REFUSAL_STORAGE, "licence", failure->message);
}

static gboolean
write_step (TempoStep *step,
            TempoRegistry *registry,
            GError **error)
{
  switch (step->kind)
    {
    case TEMPO_STEP_CODE:
      return take_code (step, registry, error);
    case TEMPO_STEP_LICENCE:
      return keep_licence (step, registry, error);
    default:
      return tempo_registry_settle_room_code (registry, step->code, step->kind == TEMPO_STEP_KEEP, error);
    }
}

static void
step_thread (GTask *work,
             gpointer source_object,
             gpointer task_data,
             GCancellable *cancellable)
{
  TempoHost *host = TEMPO_HOST (source_object);
  GError *error = NULL;

  if (write_step (task_data, host->registry, &error))
    g_task_return_boolean (work, TRUE);
  else
    g_task_return_error (work, error);
}

static gboolean
is_settling (TempoStep *step)
{
  return step->kind == TEMPO_STEP_KEEP || step->kind == TEMPO_STEP_RELEASE;
}

static void start_next (TempoHost *self);

static void
stepped_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  TempoStep *step = g_object_get_data (G_OBJECT (task), STEP_KEY);
  TempoVenue *venue = tempo_host_find_venue (self, step->organization_id);
  GError *error = NULL;

  self->stepping = FALSE;
  /* The engine was dropped meanwhile. */
  if (venue == NULL)
    {
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SHUTTING_DOWN, NULL, "the engine does not run"));
      return;
    }
  venue->steps--;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (is_settling (step))
        g_ptr_array_add (venue->unsettled, g_strdup (step->code));
      g_task_return_error (task, error);
    }
  else if (is_settling (step))
    g_task_return_boolean (task, TRUE);
  else
    {
      /* True from now on, whatever becomes of the command. */
      if (step->kind == TEMPO_STEP_LICENCE)
        tempo_venue_take_licence (venue, step);
      tempo_venue_handle (venue, task);
    }
  start_next (self);
  if (venue->closing && !tempo_venue_is_busy (venue))
    tempo_host_venue_idle (self);
}

static void
start_next (TempoHost *self)
{
  g_autoptr (GTask) task = self->stepping ? NULL : g_queue_pop_head (&self->steps);
  g_autoptr (GTask) work = NULL;

  if (task == NULL)
    return;
  self->stepping = TRUE;
  work = g_task_new (self, NULL, stepped_cb, g_object_ref (task));
  g_task_set_source_tag (work, start_next);
  g_task_set_task_data (work, g_object_get_data (G_OBJECT (task), STEP_KEY), NULL);
  g_task_run_in_thread (work, step_thread);
}

/* What is refused anyway is refused before anything is written. (transfer full) (nullable). */
static TempoStep *
make_step (TempoVenue *self,
           TempoRoom *room,
           TempoCommand *command,
           GError **error)
{
  TempoStep *step = g_new0 (TempoStep, 1);
  gboolean good = TRUE;

  step->kind = command->action == TEMPO_ACTION_LICENCE ? TEMPO_STEP_LICENCE : TEMPO_STEP_CODE;
  step->organization_id = g_strdup (self->organization->id);
  if (command->action == TEMPO_ACTION_ROOM_CODE)
    step->room_id = g_strdup (room->info->id);
  else if (command->action == TEMPO_ACTION_ROOM_CREATE)
    good = tempo_venue_plan_room (self, command, step, error);
  else
    good = tempo_venue_plan_licence (self, command, step, error);
  if (!good)
    g_clear_pointer (&step, free_step);

  return step;
}

/* @step: (transfer full). */
static void
push_step (TempoVenue *self,
           GTask *task,
           TempoStep *step)
{
  g_object_set_data_full (G_OBJECT (task), STEP_KEY, step, free_step);
  self->steps++;
  g_queue_push_tail (&self->host->steps, g_object_ref (task));
  start_next (self->host);
}

/**
 * tempo_steps_begin:
 * @self: an organization
 * @room: (nullable): where it happens
 * @task: whose data is the command
 *
 * Engine thread.
 *
 * Returns: %TRUE when the command has to wait for the registry, or was refused on the way there; it is handled again when
 *   the registry has what it needs
 */
gboolean
tempo_steps_begin (TempoVenue *self,
                   TempoRoom *room,
                   GTask *task)
{
  TempoCommand *command = g_task_get_task_data (task);
  TempoStep *step = NULL;
  GError *error = NULL;

  if (command->action != TEMPO_ACTION_ROOM_CODE && command->action != TEMPO_ACTION_ROOM_CREATE
      && command->action != TEMPO_ACTION_LICENCE)
    return FALSE;
  if (g_object_get_data (G_OBJECT (task), STEP_KEY) != NULL)
    return FALSE;

  /* First what could not be written before: it may be the code that is wanted now. */
  tempo_steps_reconcile (self);
  if (g_queue_get_length (&self->host->steps) >= MAX_STEPS)
    tempo_refuse (&error, TEMPO_REFUSAL_RATE, "registry", "too many wait for the same: try again in a moment");
  else
    step = make_step (self, room, command, &error);
  if (step == NULL)
    {
      g_task_return_error (task, error);
      return TRUE;
    }

  push_step (self, task, step);

  return TRUE;
}

/**
 * tempo_steps_end:
 * @self: an organization
 * @step: (nullable): what the registry wrote for a command that was done or refused
 *
 * A code that went into no turn is free again.
 */
void
tempo_steps_end (TempoVenue *self,
                 TempoStep *step)
{
  if (step != NULL && step->kind == TEMPO_STEP_CODE && !step->used)
    tempo_steps_settle (self, step->code, FALSE);
}

/**
 * tempo_steps_use_code:
 * @self: an organization that handles a command which got a code
 *
 * Returns: (transfer none): the code; the turn that gathers decides whether it is kept
 */
const char *
tempo_steps_use_code (TempoVenue *self)
{
  self->step->used = TRUE;
  tempo_venue_write (self);
  g_ptr_array_add (self->turn->codes, g_strdup (self->step->code));

  return self->step->code;
}

/**
 * tempo_steps_settle:
 * @self: an organization
 * @code: what the registry has planned for it
 * @keep: a room has it
 *
 * In its turn, so that whoever tries the same code again finds it free. What cannot be written then is tried again before
 * the next code is taken, and looked at when the organization is opened.
 */
void
tempo_steps_settle (TempoVenue *self,
                    const char *code,
                    gboolean keep)
{
  g_autoptr (GTask) task = g_task_new (self->host, NULL, NULL, NULL);
  TempoStep *step = g_new0 (TempoStep, 1);

  g_task_set_source_tag (task, tempo_steps_settle);
  step->kind = keep ? TEMPO_STEP_KEEP : TEMPO_STEP_RELEASE;
  step->organization_id = g_strdup (self->organization->id);
  step->code = g_strdup (code);
  push_step (self, task, step);
}

/**
 * tempo_steps_reconcile:
 * @self: an organization whose rooms are as the file has them
 */
void
tempo_steps_reconcile (TempoVenue *self)
{
  for (guint i = 0; i < self->unsettled->len; i++)
    {
      const char *code = g_ptr_array_index (self->unsettled, i);

      tempo_steps_settle (self, code, tempo_venue_find_room (self, code) != NULL);
    }
  g_ptr_array_set_size (self->unsettled, 0);
}

/**
 * tempo_steps_abandon:
 * @host: an engine that is dropped without being stopped
 *
 * Nobody writes any more.
 */
void
tempo_steps_abandon (TempoHost *host)
{
  GTask *task;

  while ((task = g_queue_pop_head (&host->steps)) != NULL)
    {
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SHUTTING_DOWN, NULL, "the engine does not run"));
      g_object_unref (task);
    }
}

/**
 * tempo_steps_get:
 * @task: a command that is being handled
 *
 * Returns: (transfer none) (nullable): what the registry has of it
 */
TempoStep *
tempo_steps_get (GTask *task)
{
  return g_object_get_data (G_OBJECT (task), STEP_KEY);
}
