/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-room-info.h"

#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"

G_DEFINE_ENUM_TYPE (TempoSwitch, tempo_switch,
                    G_DEFINE_ENUM_VALUE (TEMPO_SWITCH_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (TEMPO_SWITCH_RESTRICTED, "restricted"),
                    G_DEFINE_ENUM_VALUE (TEMPO_SWITCH_CLOSED, "closed"))

TEMPO_DEFINE_WORDS (TempoSwitch, tempo_switch, TEMPO_TYPE_SWITCH)

static const TempoField room_fields[] = {
  TEMPO_FIELD (TempoRoomInfo, id, TEXT),
  TEMPO_FIELD (TempoRoomInfo, code, TEXT),
  TEMPO_FIELD (TempoRoomInfo, name, TEXT),
  TEMPO_FIELD (TempoRoomInfo, source, TEXT),
  TEMPO_FIELD_OF (TempoRoomInfo, sources, BOXED, g_strv_get_type),
  TEMPO_FIELD (TempoRoomInfo, fallback_seconds, COUNT),
  TEMPO_FIELD_OF (TempoRoomInfo, switch_state, ENUM, tempo_switch_get_type),
  TEMPO_FIELD (TempoRoomInfo, volume, REAL),
  TEMPO_FIELD (TempoRoomInfo, wifi_ssid, TEXT),
  TEMPO_FIELD (TempoRoomInfo, wifi_password, TEXT),
  TEMPO_FIELD (TempoRoomInfo, wifi_hidden, FLAG),
  TEMPO_FIELD (TempoRoomInfo, announcement, TEXT),
  TEMPO_FIELD_OF (TempoRoomInfo, announcements, BOXED, g_strv_get_type),
  TEMPO_FIELD (TempoRoomInfo, announced, TEXT),
  TEMPO_FIELD (TempoRoomInfo, created_at, INT64),
  TEMPO_FIELD (TempoRoomInfo, active, FLAG),
};

TEMPO_DEFINE_RECORD (TempoRoomInfo, tempo_room_info, room_fields)

/* Appends a value of the code; what would end it is escaped. */
static void
append_wifi_value (GString *code,
                   const char *name,
                   const char *value)
{
  g_string_append (code, name);
  for (; *value != '\0'; value++)
    {
      if (strchr ("\\;,\":", *value) != NULL)
        g_string_append_c (code, '\\');
      g_string_append_c (code, *value);
    }
  g_string_append_c (code, ';');
}

/**
 * tempo_room_info_new:
 * @id: its id
 * @code: its permanent join code
 * @name: how the host calls it
 *
 * Returns: (transfer full): an unshared open room which plays the library
 */
TempoRoomInfo *
tempo_room_info_new (const char *id,
                     const char *code,
                     const char *name)
{
  TempoRoomInfo *self = g_object_new (TEMPO_TYPE_ROOM_INFO, NULL);

  self->id = g_strdup (id);
  self->code = g_strdup (code);
  self->name = g_strdup (name);
  tempo_room_info_set_sources (self, (const char *const[]) { "library", NULL });
  self->fallback_seconds = 10;
  self->volume = 1.0;
  self->active = TRUE;

  return self;
}

/**
 * tempo_room_info_copy:
 * @self: a room
 *
 * Returns: (transfer full): an unshared room with the same fields
 */
TempoRoomInfo *
tempo_room_info_copy (TempoRoomInfo *self)
{
  return tempo_record_copy (self, room_fields, G_N_ELEMENTS (room_fields));
}

/**
 * tempo_source_kind_is_known:
 * @kind: (nullable): a word from outside
 *
 * Returns: %TRUE when music can come from there
 */
gboolean
tempo_source_kind_is_known (const char *kind)
{
  static const char *const kinds[] = { "library", "manual", "mpd", "mpris", "spotify", NULL };

  return kind != NULL && g_strv_contains (kinds, kind);
}

/**
 * tempo_room_info_set_sources:
 * @self: an unshared room
 * @sources: kinds, at least one
 *
 * Where the music comes from, in the order it is tried.
 */
void
tempo_room_info_set_sources (TempoRoomInfo *self,
                             const char *const *sources)
{
  g_auto (GStrv) copy = g_strdupv ((char **) sources);

  g_return_if_fail (copy != NULL && copy[0] != NULL);

  g_free (self->source);
  self->source = g_strdup (copy[0]);
  g_strfreev (self->sources);
  self->sources = g_steal_pointer (&copy);
}

/**
 * tempo_room_info_to_json:
 * @self: a room
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes what guests may know: never the Wi-Fi, which only displays show.
 */
void
tempo_room_info_to_json (TempoRoomInfo *self,
                         TempoJson *json,
                         const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", self->id);
  tempo_json_string (json, "code", self->code);
  tempo_json_string (json, "name", self->name);
  tempo_json_string (json, "switch", tempo_switch_to_string (self->switch_state));
  tempo_json_end_object (json);
}

/**
 * tempo_wifi_code:
 * @ssid: (nullable): the network's name
 * @password: (nullable): NULL or "" for an open network
 * @hidden: whether the network does not tell its name
 *
 * What phones' cameras read to join a Wi-Fi.
 *
 * Returns: (transfer full) (nullable): the code's text; NULL without a network
 */
char *
tempo_wifi_code (const char *ssid,
                 const char *password,
                 gboolean hidden)
{
  gboolean open = password == NULL || *password == '\0';
  g_autoptr (GString) code = NULL;

  if (ssid == NULL || *ssid == '\0')
    return NULL;

  code = g_string_new (open ? "WIFI:T:nopass;" : "WIFI:T:WPA;");
  append_wifi_value (code, "S:", ssid);
  if (!open)
    append_wifi_value (code, "P:", password);
  if (hidden)
    g_string_append (code, "H:true;");
  g_string_append_c (code, ';');

  return g_string_free (g_steal_pointer (&code), FALSE);
}
