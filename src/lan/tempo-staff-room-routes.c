/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-staff.h"

#define CODE_MAX_CHARACTERS 12
#define NAME_MAX_CHARACTERS 80

static void
list_rooms (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (GPtrArray) rooms = tempo_host_get_all_rooms (visit->server->host, visit->organization_id);
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "rooms");
  for (guint i = 0; i < rooms->len; i++)
    tempo_staff_write_room (visit->server, g_ptr_array_index (rooms, i), json, NULL);
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

/* The name members of rooms and displays: there and not blank. NULL when it answered. */
static const char *
need_name (TempoExchange *exchange, JsonObject *body)
{
  GError *error = NULL;
  const char *name = tempo_json_get_string (body, "name", NAME_MAX_CHARACTERS, NULL, &error);

  if (error == NULL && (name == NULL || *name == '\0'))
    g_set_error (&error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"name\" is missing");
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return NULL;
    }
  return name;
}

static void
create_room (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  const char *name = body != NULL ? need_name (exchange, body) : NULL;
  const char *code;
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;

  if (name == NULL)
    return;
  code = tempo_json_get_string (body, "code", CODE_MAX_CHARACTERS, NULL, &error);
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  command = tempo_make_command (exchange, TEMPO_ACTION_ROOM_CREATE);
  command->name = g_strdup (name);
  if (code != NULL)
    {
      command->patch = json_object_new ();
      json_object_set_string_member (command->patch, "code", code);
    }
  tempo_run_command (exchange, g_steal_pointer (&command), tempo_staff_answer_room);
}

/* Opening and closing is an act of the night and another permission than
 * naming a room or choosing where its music comes from: two commands. */
static gboolean
add_switch (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  const char *text = tempo_json_get_string (body, "switch", 20, NULL, &wrong);
  TempoSwitch state;
  TempoCommand *command;

  if (text == NULL && wrong == NULL)
    return TRUE;
  if (text == NULL || !tempo_switch_from_string (text, &state))
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                   "\"switch\" is not open, restricted or closed");
      return FALSE;
    }
  command = tempo_make_command (exchange, TEMPO_ACTION_SWITCH);
  command->switch_state = state;
  g_ptr_array_add (commands, command);
  return TRUE;
}

static gboolean
add_filler (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  GError *wrong = NULL;
  gboolean flag = tempo_json_get_bool (body, "filler", FALSE, &wrong);
  TempoCommand *command;

  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (json_object_has_member (body, "filler"))
    {
      command = tempo_make_command (exchange, TEMPO_ACTION_FILLER);
      command->flag = flag;
      g_ptr_array_add (commands, command);
    }
  return TRUE;
}

/* Closing a room for good and opening it again. */
static gboolean
add_active (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  GError *wrong = NULL;
  gboolean flag = tempo_json_get_bool (body, "active", FALSE, &wrong);
  TempoCommand *command;

  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (json_object_has_member (body, "active"))
    {
      command = tempo_make_command (exchange, TEMPO_ACTION_ROOM_ACTIVE);
      command->flag = flag;
      g_ptr_array_add (commands, command);
    }
  return TRUE;
}

static const char *const patch_texts[] = { "name", "source", "announcement", "wifiSsid",
                                           "wifiPassword" };
static const char *const patch_flags[] = { "wifiHidden", "wifiShown" };

/* These the engine judges itself. */
static const char *const patch_nodes[] = { "sources", "fallbackSeconds" };

/* Only known members reach the engine: what a body carries beyond them is not
 * stored anywhere. */
static gboolean
add_patch (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  g_autoptr (JsonObject) patch = json_object_new ();
  GError *wrong = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (patch_texts) && wrong == NULL; i++)
    {
      const char *text =
        tempo_json_get_string (body, patch_texts[i], TEMPO_REQUEST_MAX_MESSAGE, NULL, &wrong);

      if (text != NULL)
        json_object_set_string_member (patch, patch_texts[i], text);
      else if (json_object_has_member (body, patch_texts[i]))
        json_object_set_null_member (patch, patch_texts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (patch_flags) && wrong == NULL; i++)
    {
      gboolean flag = tempo_json_get_bool (body, patch_flags[i], FALSE, &wrong);

      if (json_object_has_member (body, patch_flags[i]))
        json_object_set_boolean_member (patch, patch_flags[i], flag);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (patch_nodes); i++)
    if (json_object_has_member (body, patch_nodes[i]))
      json_object_set_member (patch, patch_nodes[i], json_object_dup_member (body, patch_nodes[i]));
  if (json_object_get_size (patch) > 0)
    {
      TempoCommand *command = tempo_make_command (exchange, TEMPO_ACTION_ROOM_EDIT);

      command->patch = g_steal_pointer (&patch);
      g_ptr_array_add (commands, command);
    }
  return TRUE;
}

static void
edit_room (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (GPtrArray) commands = NULL;
  GError *error = NULL;

  if (body == NULL
      || !tempo_staff_choose_room (exchange, tempo_exchange_get_param (exchange, "id")))
    return;
  commands = tempo_make_commands ();
  if (add_switch (exchange, body, commands, &error) && add_filler (exchange, body, commands, &error)
      && add_patch (exchange, body, commands, &error)
      && add_active (exchange, body, commands, &error))
    tempo_run_commands (exchange, g_steal_pointer (&commands), tempo_staff_answer_room);
  else
    tempo_answer_invalid (exchange, error);
}

static void
make_room_code (TempoExchange *exchange, gpointer user_data)
{
  if (tempo_staff_choose_room (exchange, tempo_exchange_get_param (exchange, "id")))
    tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_ROOM_CODE),
                       tempo_staff_answer_room);
}

/* For the calls whose body only names the room. FALSE when it answered. */
static gboolean
choose_room_by_body (TempoExchange *exchange)
{
  g_autoptr (JsonObject) body = tempo_answer_optional_json (exchange);

  return body != NULL && tempo_staff_choose_room_of (exchange, body);
}

static void
play (TempoExchange *exchange, gpointer user_data)
{
  if (choose_room_by_body (exchange))
    tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_PLAY),
                       tempo_staff_answer_done);
}

static void
pause_playback (TempoExchange *exchange, gpointer user_data)
{
  if (choose_room_by_body (exchange))
    tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_PAUSE),
                       tempo_staff_answer_done);
}

static void
skip (TempoExchange *exchange, gpointer user_data)
{
  if (choose_room_by_body (exchange))
    tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_SKIP),
                       tempo_staff_answer_done);
}

static void
undo (TempoExchange *exchange, gpointer user_data)
{
  if (choose_room_by_body (exchange))
    tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_UNDO),
                       tempo_staff_answer_done);
}

static void
set_volume (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;
  double level;

  if (body == NULL)
    return;
  /* "volume" as the room says it; "level" was its name before. */
  if (!tempo_staff_get_number (body, json_object_has_member (body, "level") ? "level" : "volume", 0,
                               1, &level, &error))
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  if (!choose_room_by_body (exchange))
    return;
  command = tempo_make_command (exchange, TEMPO_ACTION_VOLUME);
  command->level = level;
  tempo_run_command (exchange, g_steal_pointer (&command), tempo_staff_answer_room);
}

static void
choose_source (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;
  const char *kind;

  if (body == NULL)
    return;
  kind = tempo_json_get_string (body, "kind", 16, NULL, &error);
  if (error != NULL)
    {
      tempo_answer_invalid (exchange, error);
      return;
    }
  if (!choose_room_by_body (exchange))
    return;
  command = tempo_make_command (exchange, TEMPO_ACTION_SOURCE);
  command->name = g_strdup (kind);
  tempo_run_command (exchange, g_steal_pointer (&command), tempo_staff_answer_room);
}

static void
list_displays (TempoExchange *exchange, gpointer user_data)
{
  tempo_staff_answer_list (exchange, "displays");
}

static void
answer_display (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  JsonObject *body = tempo_exchange_get_json (exchange, NULL);
  g_autofree char *base = tempo_lan_server_get_url (visit->server);
  g_autofree char *url = g_strdup_printf ("%s/d/%s", base, outcome->token);
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, "display");
  tempo_json_string (json, "id", outcome->target_id);
  tempo_json_string (json, "roomId", visit->room_id);
  tempo_json_string (json, "name",
                     tempo_json_get_string (body, "name", NAME_MAX_CHARACTERS, "", NULL));
  tempo_json_string (json, "token", outcome->token);
  tempo_json_string (json, "url", url);
  tempo_json_end_object (json);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 201, json);
}

static void
create_display (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  const char *name = body != NULL ? need_name (exchange, body) : NULL;
  g_autoptr (TempoCommand) command = NULL;

  if (name == NULL || !choose_room_by_body (exchange))
    return;
  command = tempo_make_command (exchange, TEMPO_ACTION_DISPLAY_CREATE);
  command->name = g_strdup (name);
  tempo_run_command (exchange, g_steal_pointer (&command), answer_display);
}

static void
answer_revoked (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  tempo_room_feeds_drop_display (visit->server->feeds, tempo_exchange_get_param (exchange, "id"));
  tempo_exchange_answer_empty (exchange, 204);
}

static void
revoke_display (TempoExchange *exchange, gpointer user_data)
{
  g_autoptr (TempoCommand) command = tempo_make_command (exchange, TEMPO_ACTION_DISPLAY_REVOKE);

  command->target_id = g_strdup (tempo_exchange_get_param (exchange, "id"));
  tempo_run_command (exchange, g_steal_pointer (&command), answer_revoked);
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/rooms", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, list_rooms },
  { "POST", "/api/{org}/rooms", TEMPO_WHO (OWN, TEMPO_ACTION_ROOM_CREATE), 0, 0, create_room },
  { "PATCH", "/api/{org}/rooms/{id}", TEMPO_WHO (OWN, TEMPO_ACTION_SWITCH), 0, 0, edit_room },
  { "POST", "/api/{org}/rooms/{id}/code", TEMPO_WHO (OWN, TEMPO_ACTION_ROOM_CODE), 0, 0,
    make_room_code },
  { "POST", "/api/{org}/playback/play", TEMPO_WHO (OWN, TEMPO_ACTION_PLAY), 0, 0, play },
  { "POST", "/api/{org}/playback/pause", TEMPO_WHO (OWN, TEMPO_ACTION_PAUSE), 0, 0,
    pause_playback },
  { "POST", "/api/{org}/playback/skip", TEMPO_WHO (OWN, TEMPO_ACTION_SKIP), 0, 0, skip },
  { "POST", "/api/{org}/playback/volume", TEMPO_WHO (OWN, TEMPO_ACTION_VOLUME), 0, 0, set_volume },
  { "POST", "/api/{org}/playback/source", TEMPO_WHO (OWN, TEMPO_ACTION_SOURCE), 0, 0, choose_source },
  { "POST", "/api/{org}/undo", TEMPO_WHO (OWN, TEMPO_ACTION_UNDO), 0, 0, undo },
  { "GET", "/api/{org}/displays", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, list_displays },
  { "POST", "/api/{org}/displays", TEMPO_WHO (OWN, TEMPO_ACTION_DISPLAY_CREATE), 0, 0,
    create_display },
  { "DELETE", "/api/{org}/displays/{id}", TEMPO_WHO (OWN, TEMPO_ACTION_DISPLAY_REVOKE), 0, 0,
    revoke_display },
};

/* Rooms, what they play and where they are shown. A route names the least
 * permission; the engine checks the one of each command again.
 */
void
tempo_staff_room_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
