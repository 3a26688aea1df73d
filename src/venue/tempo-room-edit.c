/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room itself: its name, its music, its Wi-Fi, what the display announces; and the buttons of the player bar. */
#include "venue/tempo-room-private.h"

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-secrets-private.h"


typedef struct
{
  TempoRoomInfo *info;
  gboolean wifi_shown, filler;
  char *music_folder, *filler_folder;
} Draft;

static void
clear_draft (Draft *draft)
{
  g_clear_object (&draft->info);
  g_clear_pointer (&draft->music_folder, g_free);
  g_clear_pointer (&draft->filler_folder, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, clear_draft)

static gboolean
refuse_member (GError **error,
               const char *member,
               const char *what)
{
  TempoRefusalDetail detail = { 0 };

  g_strlcpy (detail.subject, member, sizeof detail.subject);
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID, &detail, "%s: %s", member, what));

  return FALSE;
}

/* A member of the patch that is text, checked before; null and "" empty the field. */
static void
take_text (JsonObject *patch,
           const char *member,
           char **field)
{
  JsonNode *node = json_object_get_member (patch, member);
  g_autofree char *text = NULL;

  if (node == NULL)
    return;

  text = JSON_NODE_HOLDS_VALUE (node) ? g_strstrip (json_node_dup_string (node)) : NULL;
  g_clear_pointer (field, g_free);
  if (text != NULL && *text != '\0')
    *field = g_steal_pointer (&text);
}

static void
take_flag (JsonObject *patch,
           const char *member,
           gboolean *field)
{
  *field = json_object_get_boolean_member_with_default (patch, member, *field);
}

/* A whole path, as a file chooser gives it, becomes one inside the music folder. */
static gboolean
place_filler_folder (TempoRoom *self,
                     Draft *draft,
                     GError **error)
{
  const char *music = draft->music_folder != NULL ? draft->music_folder : self->venue->host->music_folder;
  g_autoptr (GFile) root = NULL;
  g_autoptr (GFile) folder = NULL;
  g_autofree char *inside = NULL;

  /* A music folder that was changed leaves an old choice behind, which matches nothing. */
  if (draft->filler_folder == NULL || g_strcmp0 (draft->filler_folder, self->filler_folder) == 0)
    return TRUE;
  if (music != NULL)
    {
      root = g_file_new_for_path (music);
      folder = g_file_resolve_relative_path (root, draft->filler_folder);
      inside = g_file_get_relative_path (root, folder);
    }
  if (inside == NULL)
    return refuse_member (error, "fillerFolder", "not inside the music folder");
  g_free (draft->filler_folder);
  draft->filler_folder = g_steal_pointer (&inside);

  return TRUE;
}

/* "sources", or "source" alone, which makes it the only one. */
static gboolean
take_sources (JsonObject *patch,
              TempoRoomInfo *info,
              GError **error)
{
  const char *kinds[TEMPO_ROOM_MAX_SOURCES + 1] = { NULL };
  JsonNode *node = json_object_get_member (patch, "sources");
  JsonArray *array;

  if (node == NULL && !json_object_has_member (patch, "source"))
    return TRUE;
  if (node == NULL)
    {
      kinds[0] = json_object_get_string_member_with_default (patch, "source", NULL);
      if (!tempo_source_kind_is_known (kinds[0]))
        return refuse_member (error, "source", "library, manual, mpd, mpris or spotify");
      tempo_room_info_set_sources (info, kinds);
      return TRUE;
    }

  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) == 0)
    return refuse_member (error, "sources", "at least one is needed");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *kind = json_array_get_string_element (array, i);

      if (!tempo_source_kind_is_known (kind))
        return refuse_member (error, "sources", "library, manual, mpd, mpris or spotify");
      if (g_strv_contains (kinds, kind))
        return refuse_member (error, "sources", "each only once");
      kinds[i] = kind;
    }
  tempo_room_info_set_sources (info, kinds);

  return TRUE;
}

static gboolean
draft_room (TempoRoom *self,
            JsonObject *patch,
            Draft *draft,
            GError **error)
{
  TempoRoomInfo *info = tempo_room_info_copy (self->info);

  draft->info = info;
  draft->wifi_shown = self->wifi_shown;
  draft->filler = self->filler;
  draft->music_folder = g_strdup (self->music_folder);
  draft->filler_folder = g_strdup (self->filler_folder);

  take_text (patch, "name", &info->name);
  take_text (patch, "wifiSsid", &info->wifi_ssid);
  take_text (patch, "wifiPassword", &info->wifi_password);
  take_text (patch, "announcement", &info->announcement);
  take_text (patch, "musicFolder", &draft->music_folder);
  take_text (patch, "fillerFolder", &draft->filler_folder);
  take_flag (patch, "wifiHidden", &info->wifi_hidden);
  take_flag (patch, "wifiShown", &draft->wifi_shown);
  take_flag (patch, "filler", &draft->filler);

  info->fallback_seconds = (guint) json_object_get_int_member_with_default (patch, "fallbackSeconds",
                                                                            info->fallback_seconds);
  if (!take_sources (patch, info, error))
    return FALSE;
  if (draft->music_folder != NULL && !g_path_is_absolute (draft->music_folder))
    return refuse_member (error, "musicFolder", "a whole path is needed");

  return place_filler_folder (self, draft, error);
}

/* What the room's row, a setting or this machine's folders are now, as the log has it. (transfer full) (nullable). */
static char *
dup_before (TempoRoom *self,
            const TempoSetting *setting)
{
  const struct
  {
    const char *key;
    const char *text;
  } columns[] = {
    { "name", self->info->name },
    { "source", self->info->source },
    { "wifiSsid", self->info->wifi_ssid },
    { "wifiPassword", self->info->wifi_password },
    { "announcement", self->info->announcement },
    { "musicFolder", self->music_folder },
    { "fillerFolder", self->filler_folder },
    { "wifiHidden", self->info->wifi_hidden ? "true" : "false" },
    { "wifiShown", self->wifi_shown ? "true" : "false" },
    { "filler", self->filler ? "true" : "false" },
  };
  g_autoptr (TempoJson) json = NULL;

  if ((setting->flags & TEMPO_SETTING_KEYRING) != 0)
    return tempo_room_quote_secret (self, setting->key);
  if (g_str_equal (setting->key, "sources"))
    return tempo_room_write_sources (self->info);
  if (g_str_equal (setting->key, "fallbackSeconds"))
    return g_strdup_printf ("%u", self->info->fallback_seconds);
  if ((setting->flags & TEMPO_SETTING_COLUMN) == 0)
    return g_strdup (g_hash_table_lookup (self->settings, setting->key));

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (!g_str_equal (columns[i].key, setting->key) || columns[i].text == NULL)
        continue;
      if (setting->type == TEMPO_SETTING_FLAG)
        return g_strdup (columns[i].text);
      json = tempo_json_new ();
      tempo_json_string (json, NULL, columns[i].text);
      return g_strdup (tempo_json_peek (json, NULL));
    }

  return NULL;
}

/* One row of the log for each that is another one now; a Wi-Fi password has no place in it. What has no
 * column of its own is written here, too. */
static void
apply_settings (TempoRoom *self,
                TempoCommand *command,
                GHashTable *values)
{
  GHashTableIter iter;
  gpointer key, text;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, &text))
    {
      const TempoSetting *setting = tempo_setting_find (TEMPO_SETTING_OF_ROOM, key);
      g_autofree char *before = dup_before (self, setting);

      if (g_strcmp0 (before, text) == 0)
        continue;
      tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "room_edit", "room", self->info->id,
                                                      tempo_settings_redact (setting, before),
                                                      tempo_settings_redact (setting, text), key });
      if ((setting->flags & TEMPO_SETTING_COLUMN) != 0)
        continue;
      if ((setting->flags & TEMPO_SETTING_KEYRING) != 0)
        {
          tempo_room_keep_secret (self, key, text);
          continue;
        }
      if (text != NULL)
        {
          tempo_batch_add (tempo_venue_write (self->venue), "room-setting-set", "sss", self->info->id, key, text);
          g_hash_table_insert (self->settings, g_strdup (key), g_strdup (text));
        }
      else
        {
          tempo_batch_add (tempo_venue_write (self->venue), "room-setting-remove", "ss", self->info->id, key);
          g_hash_table_remove (self->settings, key);
        }
    }
}

/**
 * tempo_room_write_settings:
 * @self: a room
 * @here: with what is this machine's own affair, for who sits at it
 * @json: inside an object
 *
 * Everything that is set for the room.
 */
void
tempo_room_write_settings (TempoRoom *self,
                           gboolean here,
                           TempoJson *json)
{
  guint n;
  const TempoSetting *settings = tempo_setting_list (&n);

  for (guint i = 0; i < n; i++)
    {
      const TempoSetting *setting = &settings[i];
      gboolean local = (setting->flags & TEMPO_SETTING_LOCAL) != 0;
      g_autofree char *text = NULL;

      if (setting->scope != TEMPO_SETTING_OF_ROOM || (local && !here)
          || (!local && (setting->flags & (TEMPO_SETTING_COLUMN | TEMPO_SETTING_KEYRING)) == 0))
        continue;
      text = dup_before (self, setting);
      tempo_settings_write_one (setting, text, json);
    }
  tempo_settings_write (self->settings, TEMPO_SETTING_OF_ROOM, json);
}

/* Where a player is, not what the room is called. */
static gboolean
changes_players (GHashTable *values)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, "mp") || g_str_has_prefix (key, "spotify"))
      return TRUE;

  return FALSE;
}

/**
 * tempo_room_edit:
 * @self: a room
 * @command: patch
 * @outcome: (inout): the room
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_edit (TempoRoom *self,
                 TempoCommand *command,
                 TempoOutcome *outcome,
                 GError **error)
{
  g_auto (Draft) draft = { 0 };
  g_autoptr (GHashTable) values = NULL;
  gboolean music;

  if (command->patch == NULL)
    return refuse_member (error, "patch", "nothing to change");
  values = tempo_settings_check (TEMPO_SETTING_OF_ROOM, command->actor, command->patch, error);
  if (values == NULL || !draft_room (self, command->patch, &draft, error))
    return FALSE;

  music = changes_players (values)
          || !g_strv_equal ((const char *const *) draft.info->sources, (const char *const *) self->info->sources)
          || g_strcmp0 (draft.music_folder, self->music_folder) != 0
          || g_strcmp0 (draft.filler_folder, self->filler_folder) != 0;
  apply_settings (self, command, values);
  g_set_object (&self->info, draft.info);
  tempo_room_announce (self);
  self->wifi_shown = draft.wifi_shown;
  self->filler = draft.filler;
  g_clear_pointer (&self->music_folder, g_free);
  g_clear_pointer (&self->filler_folder, g_free);
  self->music_folder = g_steal_pointer (&draft.music_folder);
  self->filler_folder = g_steal_pointer (&draft.filler_folder);
  tempo_room_write (self);
  if (music)
    {
      tempo_player_set_up (self->player);
      tempo_room_allow_words (self, command->actor);
    }
  tempo_player_wake (self->player);
  g_set_object (&outcome->room, self->info);

  return TRUE;
}

static void
set_volume (TempoRoom *self,
            double level)
{
  TempoRoomInfo *info = tempo_room_info_copy (self->info);

  info->volume = CLAMP (level, 0.0, 1.0);
  g_clear_object (&self->info);
  self->info = info;
  tempo_room_write (self);
  tempo_player_set_volume (self->player, info->volume);
}

/* What a button is about, in a word: "paused", "61000", "0.40", "on". (transfer full). */
static char *
describe_transport (TempoRoom *self,
                    TempoAction action)
{
  switch (action)
    {
    case TEMPO_ACTION_SEEK:
      return g_strdup_printf ("%" G_GINT64_FORMAT, tempo_player_get_position (self->player));
    case TEMPO_ACTION_VOLUME:
      return g_strdup_printf ("%.2f", self->info->volume);
    case TEMPO_ACTION_FILLER:
      return g_strdup (self->filler ? "on" : "off");
    case TEMPO_ACTION_SKIP:
      return g_strdup (self->now != NULL ? self->now->song->title : NULL);
    default:
      return g_strdup (self->now == NULL ? "silent" : self->now->playing ? "playing" : "paused");
    }
}

static gboolean
skip (TempoRoom *self,
      TempoCommand *command,
      GError **error)
{
  TempoUndo *undo = NULL;

  if (self->now == NULL)
    {
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_STATE, NULL, "nothing plays"));
      return FALSE;
    }

  if (self->now->request != NULL && self->event != NULL)
    {
      undo = tempo_undo_new (self, "skip");
      undo->position_ms = tempo_player_get_position (self->player);
      tempo_undo_add (undo, self->now->request);
    }
  tempo_player_finish (self->player, command->actor, "skip", "skipped", TRUE);
  if (undo != NULL)
    tempo_room_push_undo (self, undo);

  return TRUE;
}

/**
 * tempo_room_transport:
 * @self: a room
 * @command: play, pause, skip, seek, volume or filler
 * @outcome: (inout): what plays
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_transport (TempoRoom *self,
                      TempoCommand *command,
                      TempoOutcome *outcome,
                      GError **error)
{
  TempoAudit audit = { .actor = command->actor, .action = tempo_action_to_string (command->action),
                       .object_kind = "room" };
  g_autofree char *before = describe_transport (self, command->action);
  g_autofree char *after = NULL;
  gboolean done = TRUE;

  switch (command->action)
    {
    case TEMPO_ACTION_PLAY:
      done = tempo_player_play (self->player, command->actor, error);
      break;
    case TEMPO_ACTION_PAUSE:
      done = tempo_player_pause (self->player, error);
      break;
    case TEMPO_ACTION_SKIP:
      done = skip (self, command, error);
      break;
    case TEMPO_ACTION_SEEK:
      done = tempo_player_seek (self->player, command->number, error);
      break;
    case TEMPO_ACTION_VOLUME:
      set_volume (self, command->level);
      break;
    default:
      self->filler = command->flag;
      tempo_room_write (self);
      tempo_player_wake (self->player);
      break;
    }
  if (!done)
    return FALSE;

  after = describe_transport (self, command->action);
  audit.object_id = self->info->id;
  audit.before = before;
  audit.after = after;
  tempo_venue_audit (self->venue, &audit);
  if (self->now != NULL && self->now->request != NULL)
    g_set_object (&outcome->request, self->now->request);
  g_set_object (&outcome->room, self->info);

  return TRUE;
}

/**
 * tempo_room_choose_source:
 * @self: a room
 * @command: name: a kind, NULL the room's first
 * @outcome: (inout): the room
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_choose_source (TempoRoom *self,
                          TempoCommand *command,
                          TempoOutcome *outcome,
                          GError **error)
{
  const char *kind = command->name != NULL ? command->name : self->info->source;
  g_autofree char *before = g_strdup (tempo_player_get_kind (self->player));

  if (!tempo_player_choose (self->player, kind, command->actor, error))
    return FALSE;

  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "source", "room", self->info->id,
                                                  before, kind, NULL });
  g_set_object (&outcome->room, self->info);

  return TRUE;
}
