/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-setting.h"
#include "venue/tempo-actor.h"

/* Settings as an organization or a room keeps them: @values holds key → JSON text of what was set, and the
 * table of model/tempo-setting.h says what holds otherwise. Engine thread. */

/* (transfer full) (nullable). */
char *tempo_settings_dup_text (GHashTable *values, TempoSettingScope scope, const char *key);
gint64 tempo_settings_get_int (GHashTable *values, TempoSettingScope scope, const char *key);
gboolean tempo_settings_get_flag (GHashTable *values, TempoSettingScope scope, const char *key);
/* (transfer full) (array zero-terminated=1). */
char **tempo_settings_dup_list (GHashTable *values, TempoSettingScope scope, const char *key);

/* Whether @actor may set everything of @patch to what it says: what is stored then, key → JSON text or NULL.
 * Refuses unknown keys, wrong values and what is not the actor's to change, naming the key. (transfer full). */
GHashTable *tempo_settings_check (TempoSettingScope scope, TempoActor *actor, JsonObject *patch, GError **error);
/* What of a value may stand in the log. (nullable). */
const char *tempo_settings_redact (const TempoSetting *setting, const char *text);
void tempo_settings_write_one (const TempoSetting *setting, const char *text, TempoJson *json);
/* Members for all settings of @scope that are kept in @values. */
void tempo_settings_write (GHashTable *values, TempoSettingScope scope, TempoJson *json);
