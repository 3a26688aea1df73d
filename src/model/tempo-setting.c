/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of everything that can be set for an organization or a room. */
#include "config.h"

#include "model/tempo-setting.h"

#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-organization.h"
#include "model/tempo-rules.h"
#include "model/tempo-schedule.h"
#include "model/tempo-song.h"

#define ORGANIZATION TEMPO_SETTING_OF_ORGANIZATION
#define ROOM TEMPO_SETTING_OF_ROOM
#define LANGUAGES "en de es fr"
#define MAX_PATH 4096

static const TempoSetting settings[] = {
  /* What the house is called and looks like. "logo" is set by the upload. */
  { "name", ORGANIZATION, TEMPO_SETTING_TEXT, "null", 1, TEMPO_ORGANIZATION_MAX_NAME, NULL, "setting", TEMPO_SETTING_NEEDED },
  { "accent", ORGANIZATION, TEMPO_SETTING_COLOUR, "\"" TEMPO_DEFAULT_ACCENT "\"", 0, 0, NULL, "setting", 0 },
  { "accentDark", ORGANIZATION, TEMPO_SETTING_COLOUR, "null", 0, 0, NULL, "setting", 0 },
  { "logo", ORGANIZATION, TEMPO_SETTING_TEXT, "null", 0, 80, NULL, "setting", 0 },
  { "welcome", ORGANIZATION, TEMPO_SETTING_TEXT, "null", 0, 200, NULL, "setting", 0 },
  { "whiteLabel", ORGANIZATION, TEMPO_SETTING_FLAG, "false", 0, 0, NULL, "setting", 0 },
  { "contact", ORGANIZATION, TEMPO_SETTING_TEXT, "null", 0, 200, NULL, "setting", 0 },
  /* Where and in which language. */
  { "language", ORGANIZATION, TEMPO_SETTING_CHOICE, "null", 0, 0, LANGUAGES, "setting", 0 },
  { "displayLanguage", ORGANIZATION, TEMPO_SETTING_CHOICE, "null", 0, 0, LANGUAGES, "setting", 0 },
  { "timezone", ORGANIZATION, TEMPO_SETTING_ZONE, "null", 0, 64, NULL, "setting", 0 },
  /* What nobody may ask for, whatever the night's rules are. */
  { "blockedArtists", ORGANIZATION, TEMPO_SETTING_LIST, "[]", 0, TEMPO_RULES_MAX_BLOCKED, NULL, "setting", 0 },
  { "blockedTitles", ORGANIZATION, TEMPO_SETTING_LIST, "[]", 0, TEMPO_RULES_MAX_BLOCKED, NULL, "setting", 0 },
  { "blockedWords", ORGANIZATION, TEMPO_SETTING_LIST, "[]", 0, TEMPO_RULES_MAX_BLOCKED, NULL, "setting", 0 },
  /* Care. */
  { "forgetGuestsDays", ORGANIZATION, TEMPO_SETTING_NUMBER, "30", 0, 3650, NULL, "setting", 0 },
  { "quotaStorageMegabytes", ORGANIZATION, TEMPO_SETTING_NUMBER, "0", 0, 10000000, NULL, "setting", 0 },
  { "quotaRequestsPerMonth", ORGANIZATION, TEMPO_SETTING_NUMBER, "0", 0, 1000000000, NULL, "setting", 0 },
  { "backupKeepDays", ORGANIZATION, TEMPO_SETTING_NUMBER, "7", 1, 366, NULL, "setting", 0 },
  { "backupKeepWeeks", ORGANIZATION, TEMPO_SETTING_NUMBER, "4", 0, 104, NULL, "setting", 0 },
  { "backupKeepMonths", ORGANIZATION, TEMPO_SETTING_NUMBER, "12", 0, 120, NULL, "setting", 0 },
  /* Who needs a second factor to get in. */
  { "requireSecondFactor", ORGANIZATION, TEMPO_SETTING_CHOICE, "\"none\"", 0, 0, "none admins all", "manage_members", 0 },

  /* A room. */
  { "name", ROOM, TEMPO_SETTING_TEXT, "null", 1, 80, NULL, "room_edit", TEMPO_SETTING_NEEDED | TEMPO_SETTING_COLUMN },
  { "source", ROOM, TEMPO_SETTING_TEXT, "\"library\"", 1, 16, NULL, "room_edit",
    TEMPO_SETTING_NEEDED | TEMPO_SETTING_COLUMN },
  { "sources", ROOM, TEMPO_SETTING_LIST, "[\"library\"]", 1, 5, NULL, "room_edit", TEMPO_SETTING_COLUMN },
  { "fallbackSeconds", ROOM, TEMPO_SETTING_NUMBER, "10", 3, 600, NULL, "room_edit", TEMPO_SETTING_COLUMN },
  { "musicFolder", ROOM, TEMPO_SETTING_TEXT, "null", 0, MAX_PATH, NULL, "room_edit",
    TEMPO_SETTING_LOCAL | TEMPO_SETTING_COLUMN },
  { "filler", ROOM, TEMPO_SETTING_FLAG, "false", 0, 0, NULL, "room_edit", TEMPO_SETTING_COLUMN },
  { "fillerFolder", ROOM, TEMPO_SETTING_TEXT, "null", 0, MAX_PATH, NULL, "room_edit",
    TEMPO_SETTING_LOCAL | TEMPO_SETTING_COLUMN },
  { "wifiSsid", ROOM, TEMPO_SETTING_TEXT, "null", 0, 32, NULL, "room_edit", TEMPO_SETTING_COLUMN },
  { "wifiPassword", ROOM, TEMPO_SETTING_TEXT, "null", 0, 63, NULL, "room_edit",
    TEMPO_SETTING_SECRET | TEMPO_SETTING_COLUMN },
  { "wifiHidden", ROOM, TEMPO_SETTING_FLAG, "false", 0, 0, NULL, "room_edit", TEMPO_SETTING_COLUMN },
  { "wifiShown", ROOM, TEMPO_SETTING_FLAG, "false", 0, 0, NULL, "room_edit", TEMPO_SETTING_COLUMN },
  { "announcement", ROOM, TEMPO_SETTING_TEXT, "null", 0, 200, NULL, "room_edit", TEMPO_SETTING_COLUMN },
  { "announcements", ROOM, TEMPO_SETTING_LIST, "[]", 0, 20, NULL, "room_edit", TEMPO_SETTING_CLOCK },
  /* Where its players are. A socket's address holds no more than 107 bytes. */
  { "mpdHost", ROOM, TEMPO_SETTING_TEXT, "null", 0, 255, NULL, "room_edit", 0 },
  { "mpdPort", ROOM, TEMPO_SETTING_NUMBER, "6600", 1, 65535, NULL, "room_edit", 0 },
  { "mpdSocket", ROOM, TEMPO_SETTING_TEXT, "null", 0, 107, NULL, "room_edit", TEMPO_SETTING_LOCAL },
  { "mpdPassword", ROOM, TEMPO_SETTING_TEXT, "null", 0, 256, NULL, "room_edit",
    TEMPO_SETTING_SECRET | TEMPO_SETTING_KEYRING },
  { "mpdFillerPlaylist", ROOM, TEMPO_SETTING_TEXT, "null", 0, 500, NULL, "room_edit", 0 },
  { "mprisPlayer", ROOM, TEMPO_SETTING_TEXT, "null", 0, 200, NULL, "room_edit", 0 },
  { "spotifyDevice", ROOM, TEMPO_SETTING_TEXT, "null", 0, 128, NULL, "room_edit", 0 },
  { "spotifyFillerPlaylist", ROOM, TEMPO_SETTING_TEXT, "null", 0, 200, NULL, "room_edit", 0 },
};

static gboolean
refuse (const TempoSetting *self,
        GError **error,
        const char *what)
{
  g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" is not %s", self->key, what);

  return FALSE;
}

static char *
quote (const char *value)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_string (json, NULL, value);

  return g_strdup (tempo_json_peek (json, NULL));
}

static gboolean
is_line (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_iscntrl (g_utf8_get_char (text)))
      return FALSE;

  return TRUE;
}

static gboolean
is_colour (const char *text)
{
  return strlen (text) == 7 && text[0] == '#' && strspn (text + 1, "0123456789abcdef") == 6;
}

/* A zone is a name of the system's list, never a path that happens to be readable. */
static gboolean
is_zone (const char *text)
{
  g_autoptr (GTimeZone) zone = NULL;

  if (*text == '/' || strstr (text, "..") != NULL)
    return FALSE;
  zone = g_time_zone_new_identifier (text);

  return zone != NULL;
}

static gboolean
check_text (const TempoSetting *self,
            const char *value,
            GError **error)
{
  g_auto (GStrv) choices = self->choices != NULL ? g_strsplit (self->choices, " ", -1) : NULL;
  glong length = g_utf8_strlen (value, -1);
  g_autofree char *what = NULL;

  switch (self->type)
    {
    case TEMPO_SETTING_COLOUR:
      return is_colour (value) || refuse (self, error, "a colour like #f5a524");
    case TEMPO_SETTING_ZONE:
      return (length <= self->max && is_zone (value)) || refuse (self, error, "a time zone like Europe/Madrid");
    case TEMPO_SETTING_CHOICE:
      what = g_strdup_printf ("one of %s", self->choices);
      return g_strv_contains ((const char *const *) choices, value) || refuse (self, error, what);
    case TEMPO_SETTING_TEXT:
      what = g_strdup_printf ("one line of %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " characters", self->min, self->max);
      return (length >= self->min && length <= self->max && is_line (value)) || refuse (self, error, what);
    case TEMPO_SETTING_FLAG:
    case TEMPO_SETTING_NUMBER:
    case TEMPO_SETTING_LIST:
    default:
      return refuse (self, error, "text");
    }
}

static gboolean
normalize_text (const TempoSetting *self,
                const char *value,
                char **text,
                GError **error)
{
  g_autofree char *trimmed = g_strstrip (self->type == TEMPO_SETTING_COLOUR ? g_ascii_strdown (value, -1) : g_strdup (value));

  if (*trimmed == '\0' && (self->flags & TEMPO_SETTING_NEEDED) == 0)
    {
      *text = NULL;
      return TRUE;
    }
  if (!check_text (self, trimmed, error))
    return FALSE;
  *text = quote (trimmed);

  return TRUE;
}

static gboolean
normalize_list (const TempoSetting *self,
                JsonArray *array,
                char **text,
                GError **error)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = json_array_get_length (array);

  if (n > self->max)
    return refuse (self, error, "a list that short");

  tempo_json_begin_array (json, NULL);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      char *line;

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        return refuse (self, error, "a list of texts");
      line = g_strstrip (g_strdup (json_node_get_string (node)));
      if (g_utf8_strlen (line, -1) > TEMPO_SONG_MAX_TEXT || !is_line (line))
        {
          g_free (line);
          return refuse (self, error, "a list of short lines");
        }
      if (*line != '\0' && (self->flags & TEMPO_SETTING_CLOCK) != 0 && !tempo_schedule_is_line (line))
        {
          g_free (line);
          return refuse (self, error, "a list of lines like \"21:00-23:00 Kitchen closes at eleven\"");
        }
      if (*line != '\0' && !g_hash_table_contains (seen, line))
        tempo_json_string (json, NULL, line);
      g_hash_table_add (seen, line);
    }
  tempo_json_end_array (json);
  *text = g_strdup (tempo_json_peek (json, NULL));

  return TRUE;
}

/**
 * tempo_setting_list:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the table
 */
const TempoSetting *
tempo_setting_list (guint *n)
{
  *n = G_N_ELEMENTS (settings);

  return settings;
}

/**
 * tempo_setting_find:
 * @scope: whose
 * @key: (nullable): its name
 *
 * Returns: (transfer none) (nullable): the row of the table
 */
const TempoSetting *
tempo_setting_find (TempoSettingScope scope,
                    const char *key)
{
  for (guint i = 0; key != NULL && i < G_N_ELEMENTS (settings); i++)
    if (settings[i].scope == scope && strcmp (settings[i].key, key) == 0)
      return &settings[i];

  return NULL;
}

/**
 * tempo_setting_normalize:
 * @self: a setting
 * @value: what somebody wants it to be; null takes it back
 * @text: (out) (transfer full) (nullable): the JSON to keep; %NULL when nothing is to be kept
 * @error: TEMPO_JSON_ERROR_MEMBER, naming the key
 *
 * Returns: %FALSE when it cannot be that
 */
gboolean
tempo_setting_normalize (const TempoSetting *self,
                         JsonNode *value,
                         char **text,
                         GError **error)
{
  GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;
  gint64 number;

  if (JSON_NODE_HOLDS_NULL (value) && (self->flags & TEMPO_SETTING_NEEDED) == 0)
    {
      *text = NULL;
      return TRUE;
    }

  switch (self->type)
    {
    case TEMPO_SETTING_FLAG:
      if (type != G_TYPE_BOOLEAN)
        return refuse (self, error, "true or false");
      *text = g_strdup (json_node_get_boolean (value) ? "true" : "false");
      return TRUE;
    case TEMPO_SETTING_NUMBER:
      number = type == G_TYPE_INT64 ? json_node_get_int (value) : self->min - 1;
      if (number < self->min || number > self->max)
        {
          g_autofree char *what = g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                                                   self->min, self->max);

          return refuse (self, error, what);
        }
      *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
      return TRUE;
    case TEMPO_SETTING_LIST:
      if (!JSON_NODE_HOLDS_ARRAY (value))
        return refuse (self, error, "a list of texts");
      return normalize_list (self, json_node_get_array (value), text, error);
    case TEMPO_SETTING_TEXT:
    case TEMPO_SETTING_COLOUR:
    case TEMPO_SETTING_ZONE:
    case TEMPO_SETTING_CHOICE:
    default:
      return type == G_TYPE_STRING ? normalize_text (self, json_node_get_string (value), text, error)
                                   : refuse (self, error, "text");
    }
}
