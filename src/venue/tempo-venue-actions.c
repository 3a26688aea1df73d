/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What concerns the organization rather than one room's night: new rooms, displays, settings. */
#include "venue/tempo-venue-private.h"

#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-steps-private.h"

#define MAX_ROOM_NAME 80
/* Each room has a source with its workers, each display a stream. */
#define MAX_ROOMS 64
#define MAX_DISPLAYS 200

static gboolean
check_room (TempoVenue *self,
            TempoCommand *command,
            char **name,
            GError **error)
{
  if (!tempo_room_clean_text (command->name, MAX_ROOM_NAME, "name", name, error))
    return FALSE;
  if (*name == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "name", "a name is needed");
  if (self->rooms->len >= MAX_ROOMS)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "room", "there are too many rooms");

  return tempo_venue_allows (self, TEMPO_LIMIT_ROOMS, self->rooms->len, error);
}

/**
 * tempo_venue_plan_room:
 * @self: an organization
 * @command: name, patch with a "code" that was chosen
 * @step: (inout): what the registry is to keep
 * @error: why not
 *
 * Returns: %FALSE when there will be no such room
 */
gboolean
tempo_venue_plan_room (TempoVenue *self,
                       TempoCommand *command,
                       TempoStep *step,
                       GError **error)
{
  const char *wanted = command->patch != NULL
    ? json_object_get_string_member_with_default (command->patch, "code", NULL) : NULL;
  g_autofree char *name = NULL;

  if (!check_room (self, command, &name, error))
    return FALSE;
  if (wanted != NULL && !tempo_code_is_valid (wanted))
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "code", "a code is 4 to 12 letters and digits");
  step->room_id = tempo_id_new (self->host->clock);
  step->code = wanted != NULL ? g_ascii_strup (wanted, -1) : NULL;

  return TRUE;
}

static gboolean
create_room (TempoVenue *self,
             TempoCommand *command,
             TempoOutcome *outcome,
             GError **error)
{
  g_autofree char *id = g_strdup (self->step->room_id);
  g_autofree char *name = NULL;
  const char *code;
  TempoLoadedRoom loaded = { 0 };
  TempoRoom *room;

  /* Others may have been made meanwhile. */
  if (!check_room (self, command, &name, error))
    return FALSE;

  code = tempo_steps_use_code (self);
  room = tempo_room_new (self);
  loaded.info = tempo_room_info_new (id, code, name);
  loaded.info->created_at = tempo_venue_now (self);
  loaded.info->volume = 1.0;
  loaded.requests = g_ptr_array_new ();
  loaded.votes = g_ptr_array_new ();
  loaded.asked = g_hash_table_new (g_str_hash, g_str_equal);
  loaded.served = g_hash_table_new (g_str_hash, g_str_equal);
  loaded.plays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  loaded.settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  tempo_batch_add (tempo_venue_write (self), "room-insert", "sssssdisi", id, code, name, "library",
                   "open", 1.0, (gint64) 0,
                   NULL, loaded.info->created_at);
  tempo_venue_audit (self, &(TempoAudit) { command->actor, "room_create", "room", id, NULL, name, NULL });
  g_ptr_array_add (self->rooms, room);
  tempo_room_take (room, &loaded);
  g_set_object (&outcome->room, loaded.info);
  outcome->target_id = g_steal_pointer (&id);
  g_clear_object (&loaded.info);
  g_clear_pointer (&loaded.requests, g_ptr_array_unref);
  g_clear_pointer (&loaded.votes, g_ptr_array_unref);
  g_clear_pointer (&loaded.asked, g_hash_table_unref);
  g_clear_pointer (&loaded.served, g_hash_table_unref);
  tempo_player_set_up (room->player);

  return TRUE;
}

static gboolean
create_display (TempoVenue *self,
                TempoRoom *room,
                TempoCommand *command,
                TempoOutcome *outcome,
                GError **error)
{
  g_autofree char *token = tempo_token_random (24);
  g_autofree char *digest = tempo_token_digest (token);
  g_autofree char *name = NULL;
  TempoDisplay *display;

  if (room == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "room", "a display belongs to a room");
  if (!tempo_room_clean_text (command->name, MAX_ROOM_NAME, "name", &name, error))
    return FALSE;
  if (g_hash_table_size (self->displays) >= MAX_DISPLAYS)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "display", "there are too many displays: revoke one");
  if (!tempo_venue_allows (self, TEMPO_LIMIT_DISPLAYS, g_hash_table_size (self->displays), error))
    return FALSE;

  display = g_new0 (TempoDisplay, 1);
  display->id = tempo_id_new (self->host->clock);
  display->room_id = g_strdup (room->info->id);
  display->name = g_strdup (name != NULL ? name : "");
  tempo_batch_add (tempo_venue_write (self), "display-insert", "ssssi", display->id,
                   display->room_id, display->name,
                   digest, tempo_venue_now (self));
  tempo_venue_audit (self, &(TempoAudit) { command->actor, "display_create", "display",
                                           display->id, NULL, display->name, NULL });
  outcome->target_id = g_strdup (display->id);
  outcome->token = g_steal_pointer (&token);
  g_hash_table_insert (self->displays, g_steal_pointer (&digest), display);

  return TRUE;
}

static gboolean
revoke_display (TempoVenue *self,
                TempoCommand *command,
                GError **error)
{
  GHashTableIter iter;
  gpointer display;

  g_hash_table_iter_init (&iter, self->displays);
  while (g_hash_table_iter_next (&iter, NULL, &display))
    {
      if (g_strcmp0 (((TempoDisplay *) display)->id, command->target_id) != 0)
        continue;
      tempo_batch_add (tempo_venue_write (self), "display-revoke", "si", command->target_id,
                       tempo_venue_now (self));
      tempo_venue_audit (self, &(TempoAudit) { command->actor, "display_revoke", "display",
                                               command->target_id, ((TempoDisplay *) display)->name, NULL, NULL });
      g_hash_table_iter_remove (&iter);
      return TRUE;
    }

  return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "display", "no such display");
}

/* The setting only names a picture that has just been stored. */
static gboolean
is_new_logo (TempoVenue *self,
             JsonNode *value)
{
  const char *id = JSON_NODE_HOLDS_NULL (value) ? "" : json_node_get_value_type (value) == G_TYPE_STRING
    ? json_node_get_string (value) : NULL;

  return id != NULL && g_strcmp0 (id, self->new_logo) == 0;
}

static gboolean
change_settings (TempoVenue *self,
                 TempoCommand *command,
                 TempoOutcome *outcome,
                 GError **error)
{
  g_autoptr (GHashTable) values = NULL;
  GHashTableIter iter;
  gpointer key, text;
  JsonNode *logo;

  if (command->patch == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "patch", "nothing to change");
  logo = json_object_get_member (command->patch, "logo");
  if (logo != NULL && !is_new_logo (self, logo))
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "logo", "a logo is set by its picture");
  values = tempo_settings_check (TEMPO_SETTING_OF_ORGANIZATION, command->actor, command->patch, error);
  if (values == NULL)
    return FALSE;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, &text))
    {
      const TempoSetting *setting = tempo_setting_find (TEMPO_SETTING_OF_ORGANIZATION, key);
      const char *before = g_hash_table_lookup (self->settings, key);

      if (g_strcmp0 (before, text) == 0)
        continue;
      tempo_venue_audit (self, &(TempoAudit) { command->actor, "setting", "setting", key,
                                               tempo_settings_redact (setting, before),
                                               tempo_settings_redact (setting, text), NULL });
      if (text != NULL)
        {
          tempo_batch_add (tempo_venue_write (self), "setting-set", "ss", key, text);
          g_hash_table_insert (self->settings, g_strdup (key), g_strdup (text));
        }
      else
        {
          tempo_batch_add (tempo_venue_write (self), "setting-remove", "s", key);
          g_hash_table_remove (self->settings, key);
        }
    }

  tempo_venue_obey_settings (self);
  for (guint i = 0; i < self->rooms->len; i++)
    tempo_room_mark (g_ptr_array_index (self->rooms, i), TEMPO_DIRTY_ORGANIZATION | TEMPO_DIRTY_ROOM);

  return TRUE;
}

/**
 * tempo_venue_act:
 * @self: an organization
 * @room: (nullable): the room that was named
 * @command: an action on the organization
 * @outcome: (inout): what was made
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_venue_act (TempoVenue *self,
                 TempoRoom *room,
                 TempoCommand *command,
                 TempoOutcome *outcome,
                 GError **error)
{
  switch (command->action)
    {
    case TEMPO_ACTION_ROOM_CREATE:
      return create_room (self, command, outcome, error);
    case TEMPO_ACTION_DISPLAY_CREATE:
      return create_display (self, room, command, outcome, error);
    case TEMPO_ACTION_DISPLAY_REVOKE:
      return revoke_display (self, command, error);
    case TEMPO_ACTION_SETTING:
      return change_settings (self, command, outcome, error);
    case TEMPO_ACTION_LICENCE:
      return tempo_venue_set_licence (self, command, error);
    default:
      return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "action", "not an action of an organization");
    }
}
