/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-blocked.h"
#include "model/tempo-setting.h"
#include "model/tempo-song.h"

/* Every row can be read, names itself once, and holds its own default. */
static void
test_table (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n;
  const TempoSetting *settings = tempo_setting_list (&n);

  for (guint i = 0; i < n; i++)
    {
      const TempoSetting *setting = &settings[i];
      g_autoptr (JsonNode) node = json_from_string (setting->fallback, NULL);
      g_autofree char *text = NULL;
      char *id = g_strdup_printf ("%d/%s", setting->scope, setting->key);

      g_test_message ("%s", id);
      g_assert_true (g_hash_table_add (seen, id));
      g_assert_true (tempo_setting_find (setting->scope, setting->key) == setting);
      g_assert_nonnull (node);
      g_assert_cmpuint (strlen (setting->key), <, 64);
      if (!JSON_NODE_HOLDS_NULL (node))
        {
          g_assert_true (tempo_setting_normalize (setting, node, &text, NULL));
          g_assert_cmpstr (text, ==, setting->fallback);
        }
    }
  g_assert_null (tempo_setting_find (TEMPO_SETTING_OF_ORGANIZATION, "wifiSsid"));
  g_assert_null (tempo_setting_find (TEMPO_SETTING_OF_ROOM, NULL));
}

static void
test_values (void)
{
  static const struct
  {
    const char *key;
    const char *value;
    const char *kept; /* NULL: nothing; "!": refused */
  } rows[] = {
    { "name", "\"  The Tin Heron \"", "\"The Tin Heron\"" },
    { "name", "null", "!" },
    { "name", "\" \"", "!" },
    { "name", "\"two\\nlines\"", "!" },
    { "accent", "\"#F5A524\"", "\"#f5a524\"" },
    { "accent", "\"red\"", "!" },
    { "accent", "\"#f5a52\"", "!" },
    { "accent", "\"#f5a52g\"", "!" },
    { "accent", "\"\"", NULL },
    { "accent", "null", NULL },
    { "accent", "7", "!" },
    { "welcome", "\"Say \\\"hi\\\"\"", "\"Say \\\"hi\\\"\"" },
    { "whiteLabel", "true", "true" },
    { "whiteLabel", "1", "!" },
    { "whiteLabel", "\"true\"", "!" },
    { "language", "\"de\"", "\"de\"" },
    { "language", "\"xx\"", "!" },
    { "timezone", "\"Europe/Madrid\"", "\"Europe/Madrid\"" },
    { "timezone", "\"Mars/Olympus\"", "!" },
    { "timezone", "\"../../etc/localtime\"", "!" },
    { "timezone", "\"/etc/localtime\"", "!" },
    { "forgetGuestsDays", "0", "0" },
    { "forgetGuestsDays", "-1", "!" },
    { "forgetGuestsDays", "3651", "!" },
    { "forgetGuestsDays", "1.5", "!" },
    { "blockedWords", "[\" rain \", \"\", \"rain\", \"Snow\"]", "[\"rain\",\"Snow\"]" },
    { "blockedWords", "[1]", "!" },
    { "blockedWords", "\"rain\"", "!" },
    { "blockedWords", "[\"two\\nlines\"]", "!" },
    { "blockedWords", "[]", "[]" },
    { "blockedWords", "{}", "!" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TempoSetting *setting = tempo_setting_find (TEMPO_SETTING_OF_ORGANIZATION, rows[i].key);
      g_autoptr (JsonNode) node = json_from_string (rows[i].value, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;
      gboolean done = tempo_setting_normalize (setting, node, &text, &error);

      g_test_message ("%s = %s", rows[i].key, rows[i].value);
      if (g_strcmp0 (rows[i].kept, "!") == 0)
        {
          g_assert_false (done);
          g_assert_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
          g_assert_nonnull (strstr (error->message, rows[i].key));
          g_assert_null (text);
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (done);
      g_assert_cmpstr (text, ==, rows[i].kept);
    }
}

static void
test_blocked (void)
{
  const char *artists[] = { "Björla", "...", NULL };
  const char *titles[] = { "Last Christmas", NULL };
  const char *words[] = { "rain", NULL };
  static const struct
  {
    const char *artist, *title, *met;
  } rows[] = {
    { "BJORLA", "Joga", "Björla" },
    { "The Björla Tribute", "x", "Björla" },
    { "Wham!", "Last Christmas (Live)", "Last Christmas" },
    { "Last Christmas", "Song", NULL },
    { "Nobody", "Björla", NULL },
    { "Rain", "x", "rain" },
    { "x", "Purple Rain", "rain" },
    { "x", "Terrain", NULL },
  };
  g_autoptr (TempoBlocked) blocked = tempo_blocked_new ((char **) artists, (char **) titles, (char **) words);
  g_autoptr (TempoBlocked) none = tempo_blocked_new (NULL, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TempoSong) song = tempo_song_new (NULL, rows[i].title, rows[i].artist);

      g_test_message ("%s - %s", rows[i].artist, rows[i].title);
      g_assert_cmpstr (tempo_blocked_find (blocked, song), ==, rows[i].met);
      g_assert_null (tempo_blocked_find (none, song));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/setting/table", test_table);
  g_test_add_func ("/model/setting/values", test_values);
  g_test_add_func ("/model/setting/blocked", test_blocked);
  return g_test_run ();
}
