/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room itself: its name, its music, its Wi-Fi, what the display announces; and the buttons of the player bar. */
#include "venue/tempo-room-private.h"

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-host-private.h"

#define MAX_NAME 80
#define MAX_SSID 32
#define MAX_WIFI_PASSWORD 63
#define MAX_ANNOUNCEMENT 200
#define MAX_PATH 4096

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

/* A member of the patch that is text; null and "" empty the field. */
static gboolean
take_text (JsonObject *patch,
           const char *member,
           gsize max,
           char **field,
           GError **error)
{
  g_autoptr (GError) wrong = NULL;
  const char *text;

  if (!json_object_has_member (patch, member))
    return TRUE;

  text = tempo_json_get_string (patch, member, max, NULL, &wrong);
  if (wrong != NULL)
    return refuse_member (error, member, wrong->message);

  g_clear_pointer (field, g_free);
  *field = text != NULL && *text != '\0' ? g_strdup (text) : NULL;

  return TRUE;
}

static gboolean
take_flag (JsonObject *patch,
           const char *member,
           gboolean *field,
           GError **error)
{
  g_autoptr (GError) wrong = NULL;
  gboolean value = tempo_json_get_bool (patch, member, *field, &wrong);

  if (wrong != NULL)
    return refuse_member (error, member, wrong->message);
  *field = value;

  return TRUE;
}

static gboolean
check_members (JsonObject *patch,
               GError **error)
{
  static const char *const known[] = { "name", "source", "musicFolder", "fillerFolder", "filler",
                                       "wifiSsid", "wifiPassword",
                                       "wifiHidden", "wifiShown", "announcement", NULL };
  g_autoptr (GList) members = json_object_get_members (patch);

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (known, l->data))
      return refuse_member (error, l->data, "no such setting of a room");

  return TRUE;
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

  if (!check_members (patch, error)
      || !take_text (patch, "name", MAX_NAME, &info->name, error)
      || !take_text (patch, "source", 16, &info->source, error)
      || !take_text (patch, "wifiSsid", MAX_SSID, &info->wifi_ssid, error)
      || !take_text (patch, "wifiPassword", MAX_WIFI_PASSWORD, &info->wifi_password, error)
      || !take_text (patch, "announcement", MAX_ANNOUNCEMENT, &info->announcement, error)
      || !take_text (patch, "musicFolder", MAX_PATH, &draft->music_folder, error)
      || !take_text (patch, "fillerFolder", MAX_PATH, &draft->filler_folder, error)
      || !take_flag (patch, "wifiHidden", &info->wifi_hidden, error)
      || !take_flag (patch, "wifiShown", &draft->wifi_shown, error)
      || !take_flag (patch, "filler", &draft->filler, error))
    return FALSE;

  if (info->name == NULL)
    return refuse_member (error, "name", "a name is needed");
  if (g_strcmp0 (info->source, "library") != 0 && g_strcmp0 (info->source, "manual") != 0)
    return refuse_member (error, "source", "library or manual");
  if (draft->music_folder != NULL && !g_path_is_absolute (draft->music_folder))
    return refuse_member (error, "musicFolder", "a whole path is needed");

  return place_filler_folder (self, draft, error);
}

static void
audit_edit (TempoRoom *self,
            TempoCommand *command)
{
  g_autoptr (GList) members = json_object_get_members (command->patch);
  g_autoptr (GString) names = g_string_new (NULL);

  /* The names only: a Wi-Fi password has no place in a log. */
  for (GList *l = members; l != NULL; l = l->next)
    g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", (const char *) l->data);
  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "room_edit", "room",
                                                  self->info->id, NULL, names->str, NULL });
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
  gboolean music;

  if (command->patch == NULL)
    return refuse_member (error, "patch", "nothing to change");
  if (!draft_room (self, command->patch, &draft, error))
    return FALSE;

  music = g_strcmp0 (draft.info->source, self->info->source) != 0
          || g_strcmp0 (draft.music_folder, self->music_folder) != 0
          || g_strcmp0 (draft.filler_folder, self->filler_folder) != 0;
  audit_edit (self, command);
  g_set_object (&self->info, draft.info);
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
  g_autofree char *number = NULL;
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
      audit.after = number = g_strdup_printf ("%" G_GINT64_FORMAT, command->number);
      break;
    case TEMPO_ACTION_VOLUME:
      set_volume (self, command->level);
      audit.after = number = g_strdup_printf ("%.2f", self->info->volume);
      break;
    default:
      self->filler = command->flag;
      tempo_room_write (self);
      audit.after = command->flag ? "on" : "off";
      tempo_player_wake (self->player);
      break;
    }
  if (!done)
    return FALSE;

  audit.object_id = self->info->id;
  tempo_venue_audit (self->venue, &audit);
  if (self->now != NULL && self->now->request != NULL)
    g_set_object (&outcome->request, self->now->request);
  g_set_object (&outcome->room, self->info);

  return TRUE;
}
