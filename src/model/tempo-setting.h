/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* What can be set, and how: one table for organizations and rooms, so that a key means the same to the panel,
 * to the API and to the engine, and nothing else is ever stored. A new setting is a row of the table;
 * whoever obeys it reads it with tempo_settings_get_…() of the venue. Immutable, any thread. */

typedef enum
{
  TEMPO_SETTING_OF_ORGANIZATION,
  TEMPO_SETTING_OF_ROOM,
} TempoSettingScope;

typedef enum
{
  TEMPO_SETTING_FLAG,   /* true or false */
  TEMPO_SETTING_NUMBER, /* a whole one, min to max */
  TEMPO_SETTING_TEXT,   /* one line of min to max characters */
  TEMPO_SETTING_COLOUR, /* "#rrggbb" */
  TEMPO_SETTING_ZONE,   /* "Europe/Madrid", as the system knows them */
  TEMPO_SETTING_CHOICE, /* one of the words in choices */
  TEMPO_SETTING_LIST,   /* at most max different lines of text */
} TempoSettingType;

typedef struct
{
  const char *key; /* as in the API */
  TempoSettingScope scope;
  TempoSettingType type;
  const char *fallback; /* JSON: what holds while nothing is set */
  gint64 min, max;
  const char *choices; /* (nullable) words with spaces between */
  const char *action;  /* the word of the permission table that changing it asks for */
  guint flags;
} TempoSetting;

#define TEMPO_SETTING_NEEDED 1 /* may not be emptied */
#define TEMPO_SETTING_SECRET 2 /* never told: readers learn whether there is one, as "<key>Set" */
#define TEMPO_SETTING_LOCAL 4  /* only told to and changed at this machine: a path */
#define TEMPO_SETTING_COLUMN 8 /* kept in the room's own row */
#define TEMPO_SETTING_KEYRING 16 /* kept among the secrets, never in the file */
#define TEMPO_SETTING_CLOCK 32   /* a list whose lines say when: tempo_schedule_is_line() */

/* All of them, organization's first. @n: (out). (transfer none). */
const TempoSetting *tempo_setting_list (guint *n);
/* NULL when there is no such setting. (transfer none). */
const TempoSetting *tempo_setting_find (TempoSettingScope scope, const char *key);
/* The JSON to store for @value, or NULL in @text for "as if it was never set" (null, and text that is empty).
 * FALSE with a TEMPO_JSON_ERROR_MEMBER that names the key. @text: (out) (transfer full) (nullable). */
gboolean tempo_setting_normalize (const TempoSetting *self, JsonNode *value, char **text, GError **error);

G_END_DECLS
