/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings as they are kept: read with their types, checked before they change, told with their defaults. */
#include "venue/tempo-settings-private.h"

#include "access/tempo-permission.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"

static JsonNode *
read_node (GHashTable *values,
           TempoSettingScope scope,
           const char *key)
{
  const TempoSetting *setting = tempo_setting_find (scope, key);
  const char *text = g_hash_table_lookup (values, key);

  g_return_val_if_fail (setting != NULL, json_node_new (JSON_NODE_NULL));

  return json_from_string (text != NULL ? text : setting->fallback, NULL);
}

/* What a file of an older or a newer Tempo holds must not stop the evening: it counts as not set. */
static JsonNode *
read_value (GHashTable *values,
            TempoSettingScope scope,
            const char *key,
            GType type)
{
  const TempoSetting *setting = tempo_setting_find (scope, key);
  g_autoptr (JsonNode) node = read_node (values, scope, key);
  gboolean fits = node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;

  return fits || setting == NULL ? g_steal_pointer (&node) : json_from_string (setting->fallback, NULL);
}

/**
 * tempo_settings_dup_text:
 * @values: what was set
 * @scope: whose
 * @key: a setting of text, a colour, a zone or a choice
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
tempo_settings_dup_text (GHashTable *values,
                         TempoSettingScope scope,
                         const char *key)
{
  g_autoptr (JsonNode) node = read_value (values, scope, key, G_TYPE_STRING);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_dup_string (node) : NULL;
}

/**
 * tempo_settings_get_int:
 * @values: what was set
 * @scope: whose
 * @key: a setting that is a number
 *
 * Returns: its value
 */
gint64
tempo_settings_get_int (GHashTable *values,
                        TempoSettingScope scope,
                        const char *key)
{
  g_autoptr (JsonNode) node = read_value (values, scope, key, G_TYPE_INT64);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
}

/**
 * tempo_settings_get_flag:
 * @values: what was set
 * @scope: whose
 * @key: a setting that is true or false
 *
 * Returns: its value
 */
gboolean
tempo_settings_get_flag (GHashTable *values,
                         TempoSettingScope scope,
                         const char *key)
{
  g_autoptr (JsonNode) node = read_value (values, scope, key, G_TYPE_BOOLEAN);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
}

/**
 * tempo_settings_dup_list:
 * @values: what was set
 * @scope: whose
 * @key: a setting that is a list
 *
 * Returns: (transfer full) (array zero-terminated=1): its lines
 */
char **
tempo_settings_dup_list (GHashTable *values,
                         TempoSettingScope scope,
                         const char *key)
{
  g_autoptr (JsonNode) node = read_node (values, scope, key);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *line = json_array_get_element (array, i);

      if (json_node_get_value_type (line) == G_TYPE_STRING)
        g_strv_builder_add (lines, json_node_get_string (line));
    }

  return g_strv_builder_end (lines);
}

static gboolean
may_change (TempoActor *actor,
            const TempoSetting *setting)
{
  if (actor->kind != TEMPO_ACTOR_MEMBER)
    return TRUE;
  if ((setting->flags & TEMPO_SETTING_LOCAL) != 0)
    return FALSE;

  return actor->super_admin || tempo_permission_allows (actor->role, setting->action);
}

/**
 * tempo_settings_check:
 * @scope: whose
 * @actor: who wants it
 * @patch: key and value of what is to change
 * @error: TEMPO_REFUSAL_INVALID or TEMPO_REFUSAL_FORBIDDEN, naming the key
 *
 * All or nothing: one wrong key and nothing is changed.
 *
 * Returns: (transfer full) (nullable): key → JSON text to keep, or %NULL for what is not set any more
 */
GHashTable *
tempo_settings_check (TempoSettingScope scope,
                      TempoActor *actor,
                      JsonObject *patch,
                      GError **error)
{
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GList) members = json_object_get_members (patch);

  for (GList *l = members; l != NULL; l = l->next)
    {
      const TempoSetting *setting = tempo_setting_find (scope, l->data);
      g_autoptr (GError) wrong = NULL;
      char *text = NULL;

      if (setting == NULL)
        {
          tempo_refuse (error, TEMPO_REFUSAL_INVALID, l->data, "there is no such setting");
          return NULL;
        }
      if (!may_change (actor, setting))
        {
          tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, l->data, "not yours to change");
          return NULL;
        }
      if (!tempo_setting_normalize (setting, json_object_get_member (patch, l->data), &text, &wrong))
        {
          tempo_refuse (error, TEMPO_REFUSAL_INVALID, l->data, wrong->message);
          return NULL;
        }
      g_hash_table_insert (values, g_strdup (l->data), text);
    }

  return g_steal_pointer (&values);
}

/**
 * tempo_settings_redact:
 * @setting: a setting
 * @text: (nullable): its value
 *
 * Returns: (transfer none) (nullable): what of @text may be logged
 */
const char *
tempo_settings_redact (const TempoSetting *setting,
                       const char *text)
{
  return text != NULL && (setting->flags & TEMPO_SETTING_SECRET) != 0 ? "(secret)" : text;
}

/**
 * tempo_settings_write_one:
 * @setting: a setting
 * @text: (nullable): its value as JSON
 * @json: inside an object
 *
 * A member with the value or the default; of a secret, only whether there is one.
 */
void
tempo_settings_write_one (const TempoSetting *setting,
                          const char *text,
                          TempoJson *json)
{
  g_autofree char *set = NULL;

  if ((setting->flags & TEMPO_SETTING_SECRET) == 0)
    {
      tempo_json_raw (json, setting->key, text != NULL ? text : setting->fallback, -1);
      return;
    }
  set = g_strconcat (setting->key, "Set", NULL);
  tempo_json_bool (json, set, text != NULL);
}

/**
 * tempo_settings_write:
 * @values: what was set
 * @scope: whose
 * @json: inside an object
 *
 * Every setting with its value or its default; what is needed and not set has none, and is the caller's to tell. What lies in a room's row its room writes, and what
 * concerns this machine only is not told.
 */
void
tempo_settings_write (GHashTable *values,
                      TempoSettingScope scope,
                      TempoJson *json)
{
  guint elsewhere = TEMPO_SETTING_COLUMN | TEMPO_SETTING_LOCAL | TEMPO_SETTING_KEYRING;
  guint n;
  const TempoSetting *settings = tempo_setting_list (&n);

  for (guint i = 0; i < n; i++)
    {
      const char *text = g_hash_table_lookup (values, settings[i].key);

      if (settings[i].scope != scope || (settings[i].flags & elsewhere) != 0)
        continue;
      if (text != NULL || (settings[i].flags & TEMPO_SETTING_NEEDED) == 0)
        tempo_settings_write_one (&settings[i], text, json);
    }
}
