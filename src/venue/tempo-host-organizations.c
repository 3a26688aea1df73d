/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Organizations as the installation knows them: what they are called in addresses, and whether they are open at all.
 * The registry's file is written by a worker; what readers see changes when that is durable. */
#include "venue/tempo-host-private.h"

#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-room-private.h"

typedef struct
{
  TempoActor *actor; /* (owned) */
  char *id;          /* (owned) slug or id as it was asked for, then the id */
  char *name;        /* (owned) (nullable) */
  char *slug;        /* (owned) (nullable) */
  int active;        /* -1: as it is */
  TempoOrganization *after; /* (owned) (nullable) what the registry is to hold */
} Update;

static void
free_update (gpointer data)
{
  g_autofree Update *update = data;

  g_clear_pointer (&update->actor, tempo_actor_unref);
  g_clear_pointer (&update->id, g_free);
  g_clear_pointer (&update->name, g_free);
  g_clear_pointer (&update->slug, g_free);
  g_clear_object (&update->after);
}

static void
save_thread (GTask *task,
             gpointer source_object,
             gpointer task_data,
             GCancellable *cancellable)
{
  TempoHost *self = TEMPO_HOST (source_object);
  GError *error = NULL;

  if (tempo_registry_update_organization (self->registry, task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
audit_change (TempoVenue *venue,
              TempoActor *actor,
              const char *what,
              const char *before,
              const char *after)
{
  if (g_strcmp0 (before, after) != 0 && !venue->reloading && !venue->broken)
    tempo_venue_audit (venue, &(TempoAudit) { actor, "organization_edit", "organization", venue->organization->id,
                                              before, after, what });
}

/* Whoever looks on is told, and those who may not any more find nothing the next time they ask. */
static void
show_change (TempoHost *self,
             TempoVenue *venue,
             Update *update)
{
  TempoOrganization *shown = tempo_organization_copy (venue->organization);

  audit_change (venue, update->actor, "slug", shown->slug, update->after->slug);
  audit_change (venue, update->actor, "active", shown->active ? "true" : "false", update->after->active ? "true" : "false");
  g_clear_pointer (&shown->slug, g_free);
  shown->slug = g_strdup (update->after->slug);
  shown->active = update->after->active;
  g_clear_object (&venue->organization);
  venue->organization = shown;
  tempo_host_publish_directory (self);
  for (guint i = 0; i < venue->rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (venue->rooms, i);

      tempo_room_tell (room, TEMPO_DIRTY_ORGANIZATION);
      if (shown->active && room->info->active)
        tempo_player_set_up (room->player);
      else
        tempo_player_rest (room->player);
    }
}

static void
saved_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  Update *update = g_task_get_task_data (task);
  TempoVenue *venue = tempo_host_find_venue (self, update->id);
  g_autoptr (GError) error = NULL;

  self->jobs--;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT))
        tempo_refuse_task (task, TEMPO_REFUSAL_CONFLICT, "slug", "another organization has this slug");
      else
        tempo_refuse_task (task, TEMPO_REFUSAL_STORAGE, "organization", error->message);
    }
  else if (venue != NULL)
    {
      show_change (self, venue, update);
      g_task_return_pointer (task, g_object_ref (venue->organization), g_object_unref);
    }
  else
    {
      g_task_return_pointer (task, g_object_ref (update->after), g_object_unref);
    }
  tempo_host_venue_idle (self);
}

static gboolean
has_active_event (TempoVenue *venue)
{
  for (guint i = 0; i < venue->rooms->len; i++)
    if (((TempoRoom *) g_ptr_array_index (venue->rooms, i))->event != NULL)
      return TRUE;

  return FALSE;
}

/* Takes what was asked for; a refusal is answered. */
static gboolean
draft (TempoHost *self,
       TempoVenue *venue,
       GTask *task)
{
  Update *update = g_task_get_task_data (task);
  g_autoptr (TempoOrganization) other = NULL;

  update->after = tempo_organization_copy (venue->organization);
  if (update->active >= 0)
    update->after->active = update->active != 0;
  if (venue->organization->active && !update->after->active && has_active_event (venue))
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_EVENT_ACTIVE, "active", "an event is on: end it first");
      return FALSE;
    }
  /* Nobody saws off the branch the installation is run from. */
  if (!update->after->active && g_strcmp0 (update->actor->organization_id, update->after->id) == 0)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_CONFLICT, "active", "it is your own organization");
      return FALSE;
    }
  if (update->slug == NULL || g_str_equal (update->slug, update->after->slug))
    return TRUE;
  if (!tempo_slug_is_valid (update->slug))
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_INVALID, "slug", "not a slug");
      return FALSE;
    }
  other = tempo_registry_find_organization (self->registry, update->slug);
  if (other == NULL)
    other = tempo_registry_find_old_slug (self->registry, update->slug);
  if (other != NULL && !g_str_equal (other->id, update->after->id))
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_CONFLICT, "slug", "another organization has this slug");
      return FALSE;
    }
  g_clear_pointer (&update->after->slug, g_free);
  update->after->slug = g_strdup (update->slug);

  return TRUE;
}

static void
save (TempoHost *self,
      GTask *task)
{
  Update *update = g_task_get_task_data (task);
  g_autoptr (GTask) work = g_task_new (self, NULL, saved_cb, g_object_ref (task));

  g_task_set_source_tag (work, save);
  g_task_set_task_data (work, g_object_ref (update->after), g_object_unref);
  self->jobs++;
  g_task_run_in_thread (work, save_thread);
}

static void
renamed_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  Update *update = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (self, result, &error);

  if (outcome == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_clear_pointer (&update->after->name, g_free);
  update->after->name = g_strdup (update->name);
  save (self, task);
}

/* The name is a setting, which travels with the file; the registry keeps it for lists. */
static void
rename_first (TempoHost *self,
              GTask *task)
{
  Update *update = g_task_get_task_data (task);
  g_autoptr (TempoCommand) command = tempo_command_new (TEMPO_ACTION_SETTING, update->actor, update->id, NULL);

  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "name", update->name);
  tempo_host_execute_async (self, command, NULL, renamed_cb, g_object_ref (task));
}

static void
update_on_engine (TempoHost *self,
                  GTask *task)
{
  Update *update = g_task_get_task_data (task);
  TempoVenue *venue = self->running && !self->stopping ? tempo_host_find_venue (self, update->id) : NULL;

  if (!self->running || self->stopping)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, "organization", "the engine does not run");
      return;
    }
  if (update->actor->kind == TEMPO_ACTOR_GUEST || (update->actor->kind == TEMPO_ACTOR_MEMBER && !update->actor->super_admin))
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_FORBIDDEN, "organization", "not allowed");
      return;
    }
  if (venue == NULL)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_NOT_FOUND, "organization", "no such organization");
      return;
    }
  g_free (update->id);
  update->id = g_strdup (venue->organization->id);
  if (!draft (self, venue, task))
    return;
  if (update->name != NULL)
    rename_first (self, task);
  else
    save (self, task);
}

/**
 * tempo_host_update_organization_async:
 * @self: a running engine
 * @actor: the desktop, the command line or a super admin
 * @organization_id: slug or id
 * @name: (nullable): what it is called
 * @slug: (nullable): what addresses call it
 * @active: 1 or 0; -1 as it is. A closed one answers nobody but super admins, and keeps its data
 * @cancellable: (nullable): unused
 * @callback: when it is durable
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_update_organization_async (TempoHost *self,
                                      TempoActor *actor,
                                      const char *organization_id,
                                      const char *name,
                                      const char *slug,
                                      int active,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Update *update = g_new0 (Update, 1);

  g_task_set_source_tag (task, tempo_host_update_organization_async);
  g_task_set_task_data (task, update, free_update);
  update->actor = tempo_actor_ref (actor);
  update->id = g_strdup (organization_id);
  update->name = name != NULL ? g_strstrip (g_strdup (name)) : NULL;
  update->slug = g_strdup (slug);
  update->active = active;
  tempo_host_invoke (self, task, update_on_engine);
}

/**
 * tempo_host_update_organization_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL: forbidden, not_found, invalid, conflict, event_active
 *
 * Returns: (transfer full) (nullable): the organization as it is now
 */
TempoOrganization *
tempo_host_update_organization_finish (TempoHost *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_host_dup_new_slug:
 * @self: a running engine
 * @slug: what nobody is called now
 *
 * Engine thread.
 *
 * Returns: (transfer full) (nullable): what the organization is called that had this name before
 */
char *
tempo_host_dup_new_slug (TempoHost *self,
                         const char *slug)
{
  g_autoptr (TempoOrganization) organization = tempo_registry_find_old_slug (self->registry, slug);

  return organization != NULL && organization->active ? g_strdup (organization->slug) : NULL;
}
