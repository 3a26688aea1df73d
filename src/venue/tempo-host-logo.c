/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of a room for its screens: those of its music, and the organization's own sign. The sign lies in
 * the organization's folder "media/logo" under the digest of its bytes, as covers do; the setting "logo" names it. */
#include "venue/tempo-host-private.h"

#include <glib/gstdio.h>

#include "model/tempo-refusal.h"
#include "music/tempo-artwork.h"
#include "venue/tempo-player-private.h"
#include "venue/tempo-room-private.h"

typedef struct
{
  TempoActor *actor;     /* (owned) */
  char *organization_id; /* (owned) */
  GBytes *image;         /* (owned) (nullable) */
  char *folder;          /* (owned) (nullable) */
  char *id;              /* (owned) (nullable) of what was stored */
  GError *error;         /* (owned) (nullable) why it was not set */
} Change;

static void
free_change (gpointer data)
{
  g_autofree Change *change = data;

  g_clear_pointer (&change->actor, tempo_actor_unref);
  g_clear_pointer (&change->organization_id, g_free);
  g_clear_pointer (&change->image, g_bytes_unref);
  g_clear_pointer (&change->folder, g_free);
  g_clear_pointer (&change->id, g_free);
  g_clear_error (&change->error);
}

/* (transfer full). */
static char *
get_folder (TempoHost *self,
            const char *organization_id)
{
  g_autofree char *media = tempo_registry_get_folder (self->registry, organization_id, "media");
  char *folder = g_build_filename (media, "logo", NULL);

  g_mkdir (folder, 0700);

  return folder;
}

/* The worker answers in the engine's context, in which @work was made. */
static void
work_on (TempoHost *self,
         GTask *asked,
         GTaskThreadFunc func,
         GAsyncReadyCallback done)
{
  g_autoptr (GTask) work = g_task_new (self, NULL, done, g_object_ref (asked));

  g_task_set_source_tag (work, work_on);
  g_task_set_task_data (work, g_task_get_task_data (asked), NULL);
  g_task_run_in_thread (work, func);
}

static void
swept_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  Change *change = g_task_get_task_data (task);
  TempoVenue *venue = tempo_host_find_venue (self, change->organization_id);

  if (venue != NULL)
    g_clear_pointer (&venue->new_logo, g_free);
  if (change->error != NULL)
    g_task_return_error (task, g_steal_pointer (&change->error));
  else
    g_task_return_boolean (task, TRUE);
  self->jobs--;
  tempo_host_venue_idle (self);
}

/* Whatever is no longer shown goes: what was there before, or what could not be set. */
static void
sweep_thread (GTask *work,
              gpointer source,
              gpointer task_data,
              GCancellable *cancellable)
{
  Change *change = task_data;
  g_autoptr (GDir) dir = g_dir_open (change->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = tempo_artwork_path (change->folder, name);

      if (path != NULL && g_strcmp0 (name, change->id) != 0)
        g_unlink (path);
    }
  g_task_return_boolean (work, TRUE);
}

/* From here on only what the organization shows now is kept. */
static void
sweep (TempoHost *self,
       GTask *task)
{
  Change *change = g_task_get_task_data (task);
  TempoVenue *venue = tempo_host_find_venue (self, change->organization_id);

  g_free (change->id);
  change->id = g_strdup (venue != NULL ? venue->organization->logo : NULL);
  work_on (self, task, sweep_thread, swept_cb);
}

static void
set_cb (GObject *object,
        GAsyncResult *result,
        gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Change *change = g_task_get_task_data (task);
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (object), result, &change->error);

  sweep (TEMPO_HOST (object), task);
}

static void
stored_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  Change *change = g_task_get_task_data (task);
  TempoVenue *venue = tempo_host_find_venue (self, change->organization_id);
  g_autoptr (TempoCommand) command = NULL;
  JsonNode *value;

  if (!g_task_propagate_boolean (G_TASK (result), &change->error) || venue == NULL)
    {
      sweep (self, task);
      return;
    }
  g_free (venue->new_logo);
  venue->new_logo = g_strdup (change->id != NULL ? change->id : "");
  value = json_node_new (change->id != NULL ? JSON_NODE_VALUE : JSON_NODE_NULL);
  if (change->id != NULL)
    json_node_set_string (value, change->id);
  command = tempo_command_new (TEMPO_ACTION_SETTING, change->actor, change->organization_id, NULL);
  command->patch = json_object_new ();
  json_object_set_member (command->patch, "logo", value);
  tempo_host_execute_async (self, command, NULL, set_cb, g_steal_pointer (&task));
}

static void
store_thread (GTask *work,
              gpointer source,
              gpointer task_data,
              GCancellable *cancellable)
{
  Change *change = task_data;
  g_autoptr (GError) error = NULL;

  if (change->image != NULL)
    change->id = tempo_artwork_store (change->folder, change->image, &error);
  if (error != NULL)
    g_task_return_error (work, tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL, "the logo was not saved: %s",
                                                  error->message));
  else if (change->image != NULL && change->id == NULL)
    g_task_return_error (work, tempo_refusal_new (TEMPO_REFUSAL_INVALID,
                                                  &(TempoRefusalDetail) { .subject = "logo" },
                                                  "not a PNG or JPEG picture, or too large"));
  else
    g_task_return_boolean (work, TRUE);
}

static void
set_logo_on_engine (TempoHost *self,
                    GTask *task)
{
  Change *change = g_task_get_task_data (task);
  TempoVenue *venue = self->running && !self->stopping
    ? tempo_host_find_venue (self, change->organization_id) : NULL;
  GError *error = NULL;

  if (venue == NULL)
    error = tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such organization");
  else if (!tempo_venue_may (venue, change->actor, TEMPO_ACTION_SETTING))
    error = tempo_refusal_new (TEMPO_REFUSAL_FORBIDDEN, NULL, "not allowed");
  else if (venue->new_logo != NULL)
    error = tempo_refusal_new (TEMPO_REFUSAL_CONFLICT, NULL, "another logo is being set");
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  venue->new_logo = g_strdup ("");
  g_free (change->organization_id);
  change->organization_id = g_strdup (venue->organization->id);
  change->folder = get_folder (self, change->organization_id);
  self->jobs++;
  work_on (self, task, store_thread, stored_cb);
}

/**
 * tempo_host_set_logo_async:
 * @self: a running engine
 * @actor: who
 * @organization_id: slug or id
 * @image: (nullable): a PNG or JPEG file, made smaller when it is large; %NULL removes
 * @callback: when it is durable
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_set_logo_async (TempoHost *self,
                           TempoActor *actor,
                           const char *organization_id,
                           GBytes *image,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->actor = tempo_actor_ref (actor);
  change->organization_id = g_strdup (organization_id);
  change->image = image != NULL ? g_bytes_ref (image) : NULL;
  g_task_set_source_tag (task, tempo_host_set_logo_async);
  g_task_set_task_data (task, change, free_change);
  tempo_host_invoke (self, task, set_logo_on_engine);
}

/**
 * tempo_host_set_logo_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL: forbidden, invalid, conflict, storage
 *
 * Returns: %FALSE when it was not set
 */
gboolean
tempo_host_set_logo_finish (TempoHost *self,
                            GAsyncResult *result,
                            GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
logo_read_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (object), result, NULL, NULL);

  if (bytes != NULL && g_bytes_get_size (bytes) <= TEMPO_ARTWORK_MAX_BYTES)
    g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such picture"));
}

static void
source_read_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GBytes *bytes = tempo_source_artwork_finish (TEMPO_SOURCE (object), result, NULL, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tempo_host_load_artwork_async:
 * @self: a running engine
 * @room: whose screens show it
 * @id: the sign of the room's organization, or a song's picture
 * @callback: with the picture
 * @user_data: for @callback
 *
 * Engine thread; the file is read by a worker.
 */
void
tempo_host_load_artwork_async (TempoHost *self,
                               TempoRoom *room,
                               const char *id,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  TempoOrganization *organization = room->venue->organization;

  g_task_set_source_tag (task, tempo_host_load_artwork_async);
  if (g_strcmp0 (organization->logo, id) == 0)
    {
      g_autofree char *folder = get_folder (self, organization->id);
      g_autofree char *path = tempo_artwork_path (folder, id);
      g_autoptr (GFile) file = g_file_new_for_path (path != NULL ? path : folder);

      g_file_load_bytes_async (file, NULL, logo_read_cb, g_steal_pointer (&task));
    }
  else if (tempo_player_can (room->player, TEMPO_SOURCE_ARTWORK))
    {
      TempoSource *source = tempo_player_get_source (room->player);

      tempo_room_recall (room, source, NULL, id);
      tempo_source_artwork_async (source, id, NULL, source_read_cb, g_steal_pointer (&task));
    }
  else
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SOURCE, NULL, "the source cannot do this"));
}

/**
 * tempo_host_load_artwork_finish:
 * @self: the engine
 * @result: of the call
 * @content_type: (out) (optional) (transfer none): image/jpeg or image/png
 * @error: TEMPO_REFUSAL or TEMPO_SOURCE_ERROR
 *
 * Returns: (transfer full) (nullable): the picture
 */
GBytes *
tempo_host_load_artwork_finish (TempoHost *self,
                                GAsyncResult *result,
                                const char **content_type,
                                GError **error)
{
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), error);
  const char *type = bytes != NULL ? tempo_artwork_probe (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                                          NULL, NULL) : NULL;

  if (bytes == NULL)
    return NULL;
  /* Between being stored and being asked for, anything can happen to a file. */
  if (type == NULL)
    {
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such picture"));
      return NULL;
    }
  if (content_type != NULL)
    *content_type = type;

  return g_steal_pointer (&bytes);
}
