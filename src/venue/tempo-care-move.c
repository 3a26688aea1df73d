/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Care: a room that goes to another organization. Worker threads. */
#include "venue/tempo-care-private.h"

#include "base/tempo-json.h"
#include "store/tempo-move.h"

/* The registry's step, which gives the room's door to the other organization, is the one that counts: until then the
 * copy in the other file is undone, from then on the room in the first is what is left over. So this note, made before
 * and taken back after, is all that a start after a crash needs. */
#define NOTE "move."

static char *
make_note (TempoCareJob *job)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "from", job->organization->id);
  tempo_json_string (json, "to", job->other->id);
  tempo_json_string (json, "code", job->target);
  tempo_json_end_object (json);

  return g_strdup (tempo_json_peek (json, NULL));
}

static gboolean
finish_move (TempoRegistry *registry,
             const char *key,
             GError **error)
{
  g_autofree char *text = tempo_registry_get (registry, key);
  g_autoptr (JsonObject) note = tempo_json_parse (text, strlen (text), error);
  const char *from, *to, *code, *left;
  g_autofree char *owner = NULL;
  g_autofree char *path = NULL;

  if (note == NULL)
    return FALSE;
  from = tempo_json_get_string (note, "from", 64, "", NULL);
  to = tempo_json_get_string (note, "to", 64, "", NULL);
  code = tempo_json_get_string (note, "code", 16, "", NULL);
  owner = tempo_registry_find_room_code (registry, code);
  left = g_strcmp0 (owner, to) == 0 ? from : to;
  path = tempo_registry_get_store_path (registry, left);

  return tempo_move_remove (path, left, key + strlen (NOTE), error) && tempo_registry_set (registry, key, NULL, error);
}

gboolean
tempo_care_recover_moves (TempoRegistry *registry,
                          GError **error)
{
  g_autoptr (GPtrArray) keys = tempo_registry_list_keys (registry, NOTE);

  for (guint i = 0; i < keys->len; i++)
    if (!finish_move (registry, g_ptr_array_index (keys, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
move (TempoCareJob *job,
      GError **error)
{
  TempoRegistry *registry = job->host->registry;
  g_autofree char *from = tempo_registry_get_store_path (registry, job->organization->id);
  g_autofree char *to = tempo_registry_get_store_path (registry, job->other->id);
  g_autofree char *key = g_strconcat (NOTE, job->object, NULL);
  g_autofree char *note = make_note (job);
  TempoMove what = { from, job->organization->id, to, job->other->id, job->object, job->target };
  g_autoptr (GError) failure = NULL;

  if (!tempo_registry_set (registry, key, note, error))
    return FALSE;
  if (tempo_move_copy (&what, &failure))
    tempo_registry_move_room (registry, job->target, job->object, job->other->id, &failure);
  /* Whichever of both it is now not in: as a start would do it. */
  if (!finish_move (registry, key, failure == NULL ? &failure : NULL) || failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  job->text = g_strdup_printf ("%s %s", job->target, job->other->slug);

  return TRUE;
}

gboolean
tempo_care_move_room (TempoCareJob *job,
                      GError **error)
{
  gboolean moved = move (job, error);

  /* Both come back, whatever happened. */
  tempo_care_open (job, job->organization, NULL);
  tempo_care_open (job, job->other, NULL);

  return moved;
}
