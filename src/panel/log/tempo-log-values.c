/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/log/tempo-log-values.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "model/tempo-request.h"
#include "panel/common/tempo-words.h"
#include "panel/music/tempo-music-words.h"

typedef struct
{
  const char *key;
  const char *text;
} Name;

/* Settings of organizations and rooms, and the rules of a night. */
static const Name names[] = {
  { "name", NC_ ("setting", "Name") },
  { "accent", NC_ ("setting", "Colour") },
  { "accentDark", NC_ ("setting", "Colour for dark screens") },
  { "logo", NC_ ("setting", "Logo") },
  { "welcome", NC_ ("setting", "Greeting") },
  { "whiteLabel", NC_ ("setting", "Without Tempo’s name") },
  { "contact", NC_ ("setting", "Contact") },
  { "language", NC_ ("setting", "Language") },
  { "displayLanguage", NC_ ("setting", "Language of the display") },
  { "timezone", NC_ ("setting", "Time zone") },
  { "blockedArtists", NC_ ("setting", "Artists never played") },
  { "blockedTitles", NC_ ("setting", "Titles never played") },
  { "blockedWords", NC_ ("setting", "Words never taken") },
  { "forgetGuestsDays", NC_ ("setting", "Days until guests are forgotten") },
  { "quotaStorageMegabytes", NC_ ("setting", "Most space, in MB") },
  { "quotaRequestsPerMonth", NC_ ("setting", "Most requests a month") },
  { "backupKeepDays", NC_ ("setting", "Daily backups kept") },
  { "backupKeepWeeks", NC_ ("setting", "Weekly backups kept") },
  { "backupKeepMonths", NC_ ("setting", "Monthly backups kept") },
  { "requireSecondFactor", NC_ ("setting", "Who needs a second step at sign-in") },
  { "source", NC_ ("setting", "Music") },
  { "sources", NC_ ("setting", "Order of the music") },
  { "fallbackSeconds", NC_ ("setting", "Seconds until other music stands in") },
  { "musicFolder", NC_ ("setting", "Music folder") },
  { "filler", NC_ ("setting", "Music between requests") },
  { "fillerFolder", NC_ ("setting", "Folder of the music between requests") },
  { "wifiSsid", NC_ ("setting", "Name of the Wi-Fi") },
  { "wifiPassword", NC_ ("setting", "Password of the Wi-Fi") },
  { "wifiHidden", NC_ ("setting", "Hidden Wi-Fi") },
  { "wifiShown", NC_ ("setting", "Wi-Fi on the display") },
  { "announcement", NC_ ("setting", "Announcement") },
  { "announcements", NC_ ("setting", "Announcements by the clock") },
  { "mpdHost", NC_ ("setting", "Address of MPD") },
  { "mpdPort", NC_ ("setting", "Port of MPD") },
  { "mpdSocket", NC_ ("setting", "Socket of MPD") },
  { "mpdPassword", NC_ ("setting", "Password of MPD") },
  { "mpdFillerPlaylist", NC_ ("setting", "Playlist between requests") },
  { "mprisPlayer", NC_ ("setting", "Player on this computer") },
  { "spotifyDevice", NC_ ("setting", "Spotify’s device") },
  { "spotifyFillerPlaylist", NC_ ("setting", "Playlist between requests") },

  { "desktop_pin", NC_ ("setting", "PIN of this computer") },
  { "staff_over_http", NC_ ("setting", "Staff without encryption") },
  { "port", NC_ ("setting", "Port for guests") },
  { "tls_port", NC_ ("setting", "Port for staff") },
  { "tls_certificate", NC_ ("setting", "Certificate for staff") },
  { "tls_key", NC_ ("setting", "Key of the certificate") },

  { "approval", NC_ ("setting", "Approval by the host") },
  { "perGuest", NC_ ("setting", "Songs for each guest") },
  { "perGuestWindowMinutes", NC_ ("setting", "Minutes in which they count") },
  { "cooldownSeconds", NC_ ("setting", "Seconds between two requests") },
  { "duplicates", NC_ ("setting", "The same song again") },
  { "noRepeatMinutes", NC_ ("setting", "Minutes before a song may play again") },
  { "allowExplicit", NC_ ("setting", "Explicit songs") },
  { "blocked", NC_ ("setting", "Never played") },
  { "maxDurationSeconds", NC_ ("setting", "Seconds of the longest song") },
  { "maxQueue", NC_ ("setting", "Longest list") },
  { "votes", NC_ ("setting", "Votes") },
  { "freeText", NC_ ("setting", "Songs the house does not have") },
  { "messages", NC_ ("setting", "Dedications") },
  { "order", NC_ ("setting", "Order") },
};

/* Words of the engine. @of: (nullable) the kind of thing or the setting; the first that fits counts. */
static const struct
{
  const char *of;
  const char *word;
  const char *text;
} words[] = {
  { "event", "scheduled", NC_ ("log", "Planned") },
  { "event", "active", NC_ ("log", "Running") },
  { "event", "ended", NC_ ("log", "Over") },
  { "room", "active", NC_ ("log", "Open") },
  { "room", "open", NC_ ("log", "Open") },
  { "room", "restricted", NC_ ("log", "Votes only") },
  { "room", "closed", NC_ ("log", "Closed") },
  { "invitation", "password", NC_ ("log", "New password") },
  { "invitation", "open", NC_ ("log", "Open") },
  { "organization", "true", NC_ ("log", "Open") },
  { "organization", "false", NC_ ("log", "Closed") },
  { "requireSecondFactor", "none", NC_ ("log", "Nobody") },
  { "requireSecondFactor", "admins", NC_ ("log", "Admins and owners") },
  { "requireSecondFactor", "all", NC_ ("log", "Everybody") },
  { "order", "fair", NC_ ("log", "Fair") },
  { "order", "votes", NC_ ("log", "By votes") },
  { "order", "first", NC_ ("log", "First come") },
  { "duplicates", "vote", NC_ ("log", "Becomes a vote") },
  { "duplicates", "refuse", NC_ ("log", "Is turned away") },
  { NULL, "true", NC_ ("log", "On") },
  { NULL, "false", NC_ ("log", "Off") },
  { NULL, "on", NC_ ("log", "On") },
  { NULL, "off", NC_ ("log", "Off") },
  { NULL, "begun", NC_ ("log", "Begun") },
  { NULL, "active", NC_ ("log", "May sign in") },
  { NULL, "inactive", NC_ ("log", "May not sign in") },
  { NULL, "silent", NC_ ("log", "Silent") },
  { NULL, "playing", NC_ ("log", "Playing") },
  { NULL, "paused", NC_ ("log", "Paused") },
  { NULL, "held", NC_ ("log", "On hold") },
  { NULL, "free", NC_ ("log", "Free") },
  { NULL, "pinned", NC_ ("log", "Pinned") },
  { NULL, "hidden", NC_ ("log", "Hidden") },
  { NULL, "shown", NC_ ("log", "Shown") },
  { NULL, "known", NC_ ("log", "Known") },
  { NULL, "forgotten", NC_ ("log", "Forgotten") },
  { NULL, "lifted", NC_ ("log", "Lifted") },
  { NULL, "until lifted", NC_ ("log", "Until lifted") },
  { NULL, "with credentials", NC_ ("log", "With passwords") },
  { NULL, "without credentials", NC_ ("log", "Without passwords") },
};

/* Each in its own words, as everywhere. */
static const Name languages[] = {
  { "en", "English" },
  { "de", "Deutsch" },
  { "es", "Español" },
  { "fr", "Français" },
};

const char *
tempo_log_setting_name (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i].key, key) == 0)
      return g_dpgettext2 (NULL, "setting", names[i].text);
  return NULL;
}

char *
tempo_log_describe_time (gint64 wall_us)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);

  /* Translators: a day and a time of day, kept short, in the form of g_date_time_format(). */
  return then != NULL ? g_date_time_format (then, C_ ("log", "%-d %b, %H:%M")) : g_strdup ("");
}

/* (nullable). */
static const char *
find_word (const char *of,
           const char *word)
{
  TempoRequestStatus status;

  if (g_strcmp0 (of, "request") == 0 && tempo_request_status_from_string (word, &status))
    return tempo_words_status (status);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, word) == 0 && (words[i].of == NULL || g_strcmp0 (words[i].of, of) == 0))
      return g_dpgettext2 (NULL, "log", words[i].text);
  return tempo_words_role (word) != NULL ? tempo_words_role (word) : tempo_words_tier (word);
}

/* A word, a time, or "7K2M, medium", whose end is a word. */
static char *
describe_word (const char *of,
               const char *text)
{
  const char *comma = strrchr (text, ',');
  const char *known = find_word (of, text);
  g_autofree char *clock = NULL;
  gint64 at;

  if (known != NULL)
    return g_strdup (known);
  if (tempo_time_parse (text, &at))
    {
      clock = tempo_log_describe_time (at);
      /* Translators: a day and a time. */
      return g_strdup_printf (C_ ("log", "until %s"), clock);
    }
  if (comma != NULL && comma[1] == ' ' && (known = find_word (of, comma + 2)) != NULL)
    return g_strdup_printf ("%.*s, %s", (int) (comma - text), text, known);
  return g_strdup (strcmp (text, tempo_music_words_kind (text)) != 0 ? tempo_music_words_kind (text) : text);
}

static char *
describe_text (const char *key,
               const char *text)
{
  const char *known = find_word (key, text);

  if (g_strcmp0 (key, "logo") == 0)
    return g_strdup (C_ ("log", "A picture"));
  for (gsize i = 0; g_strcmp0 (key, "language") == 0 || g_strcmp0 (key, "displayLanguage") == 0; i++)
    if (i == G_N_ELEMENTS (languages) || strcmp (languages[i].key, text) == 0)
      return g_strdup (i == G_N_ELEMENTS (languages) ? text : languages[i].text);
  if (g_strcmp0 (key, "source") == 0 || g_strcmp0 (key, "sources") == 0)
    return g_strdup (tempo_music_words_kind (text));
  /* What somebody typed may happen to be a word of ours. */
  return g_strdup (known != NULL && (g_strcmp0 (key, "requireSecondFactor") == 0 || g_strcmp0 (key, "order") == 0
                                     || g_strcmp0 (key, "duplicates") == 0) ? known : text);
}

/* (transfer full) (nullable). */
static JsonObject *
parse (const char *text)
{
  return text != NULL ? tempo_json_parse (text, strlen (text), NULL) : json_object_new ();
}

static char *describe_node (const char *key, JsonNode *node);

static char *
describe_list (const char *key,
               JsonArray *array)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (texts, describe_node (key, json_array_get_element (array, i)));
  g_ptr_array_add (texts, NULL);
  return texts->len > 1 ? g_strjoinv (", ", (char **) texts->pdata) : g_strdup (C_ ("log", "nothing"));
}

/* A value of a setting. (transfer full). */
static char *
describe_node (const char *key,
               JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (JSON_NODE_HOLDS_ARRAY (node))
    return describe_list (key, json_node_get_array (node));
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (find_word (NULL, json_node_get_boolean (node) ? "true" : "false"));
  if (type == G_TYPE_STRING)
    return describe_text (key, json_node_get_string (node));
  return JSON_NODE_HOLDS_NULL (node) ? g_strdup (C_ ("log", "nothing")) : json_to_string (node, FALSE);
}

static char *
describe_setting (const char *key,
                  const char *text)
{
  g_autofree char *wrapped = g_strdup_printf ("{\"v\":%s}", text);
  g_autoptr (JsonObject) object = NULL;

  if (strcmp (text, "(secret)") == 0)
    return g_strdup (C_ ("log", "kept secret"));
  object = parse (wrapped);
  return object != NULL && json_object_has_member (object, "v") ? describe_node (key, json_object_get_member (object, "v"))
                                                                 : g_strdup (text);
}

static char *
describe_song (const char *text)
{
  g_autoptr (JsonObject) object = parse (text);
  const char *title = object != NULL ? tempo_json_get_string (object, "title", G_MAXSSIZE, NULL, NULL) : NULL;
  const char *artist = object != NULL ? tempo_json_get_string (object, "artist", G_MAXSSIZE, NULL, NULL) : NULL;

  if (title == NULL || artist == NULL || *artist == '\0')
    return g_strdup (title);
  return g_strdup_printf (C_ ("song", "%s · %s"), title, artist);
}

/* One value. (transfer full) (nullable). */
static char *
describe_one (TempoLogValue kind,
              const char *object_kind,
              const char *key,
              const char *text)
{
  switch (kind)
    {
    case TEMPO_LOG_WORD:
      return describe_word (object_kind, text);
    case TEMPO_LOG_SETTING:
      return describe_setting (key, text);
    case TEMPO_LOG_LENGTH:
      return tempo_words_length (MAX (g_ascii_strtoll (text, NULL, 10), 1));
    case TEMPO_LOG_SHARE:
      /* Translators: how loud the music is, in percent. */
      return g_strdup_printf (C_ ("volume", "%d %%"), (int) (g_ascii_strtod (text, NULL) * 100 + 0.5));
    case TEMPO_LOG_SONG:
      return describe_song (text);
    case TEMPO_LOG_TEXT:
    case TEMPO_LOG_RULES:
    case TEMPO_LOG_HIDDEN:
    default:
      return g_strdup (text);
    }
}

/* @before: (transfer full) (nullable). @after: (transfer full) (nullable). (transfer full) (nullable). */
static char *
join (char *before,
      char *after)
{
  g_autofree char *from = before;
  g_autofree char *to = after;

  if (from == NULL || to == NULL || strcmp (from, to) == 0)
    return g_strdup (from != NULL ? from : to);
  return g_strdup_printf ("%s → %s", from, to);
}

/* "Votes: On → Off · Longest list: 40 → 60". */
static char *
describe_rules (const char *before,
                const char *after)
{
  g_autoptr (JsonObject) old = parse (before);
  g_autoptr (JsonObject) new = parse (after);
  g_autoptr (GList) members = NULL;
  GString *text = g_string_new (NULL);

  members = old != NULL && new != NULL ? json_object_get_members (new) : NULL;
  for (GList *at = members; at != NULL; at = at->next)
    {
      JsonNode *was = json_object_get_member (old, at->data);
      const char *name = tempo_log_setting_name (at->data);
      g_autofree char *change = join (was != NULL ? describe_node (at->data, was) : NULL,
                                      describe_node (at->data, json_object_get_member (new, at->data)));

      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? " · " : "", name != NULL ? name : (const char *) at->data, change);
    }
  return g_string_free (text, text->len == 0);
}

char *
tempo_log_describe_change (TempoLogValue kind,
                           const char *object_kind,
                           const char *key,
                           const char *before,
                           const char *after)
{
  if (kind == TEMPO_LOG_HIDDEN)
    return NULL;
  if (kind == TEMPO_LOG_RULES)
    return describe_rules (before, after);
  return join (before != NULL ? describe_one (kind, object_kind, key, before) : NULL,
               after != NULL ? describe_one (kind, object_kind, key, after) : NULL);
}

/* The first name whose mark is in @agent. (nullable). */
static const char *
find_mark (const Name *marks,
           const char *agent)
{
  for (; marks->key != NULL; marks++)
    if (strstr (agent, marks->key) != NULL)
      return marks->text;
  return NULL;
}

char *
tempo_log_describe_agent (const char *agent)
{
  /* Each says that it is all of those after it, too. */
  static const Name browsers[] = {
    { "Edg", "Edge" }, { "OPR/", "Opera" }, { "SamsungBrowser/", "Samsung Internet" }, { "Firefox/", "Firefox" }, { "FxiOS/", "Firefox" },
    { "Chrome/", "Chrome" }, { "CriOS/", "Chrome" }, { "Chromium/", "Chrome" }, { "Safari/", "Safari" }, { NULL, NULL },
  };
  static const Name systems[] = {
    { "Android", "Android" }, { "iPhone", "iPhone" }, { "iPad", "iPad" }, { "Windows", "Windows" }, { "Mac OS X", "macOS" }, { "CrOS", "ChromeOS" },
    { "Linux", "Linux" }, { NULL, NULL },
  };
  const char *browser = agent != NULL ? find_mark (browsers, agent) : NULL;
  const char *system = agent != NULL ? find_mark (systems, agent) : NULL;

  if (browser == NULL || system == NULL)
    return g_strdup (browser != NULL ? browser : system != NULL ? system : agent);
  return g_strdup_printf ("%s · %s", browser, system);
}
