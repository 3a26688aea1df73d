/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-staff.h"
#include "model/tempo-event.h"

static void
answer_event (TempoExchange *exchange, TempoOutcome *outcome)
{
  guint status = g_str_equal (tempo_exchange_get_method (exchange), "POST") ? 201 : 200;
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  if (outcome->event != NULL)
    tempo_event_to_json (outcome->event, json, "event");
  else
    tempo_json_null (json, "event");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, status, json);
}

static void
list_events (TempoExchange *exchange, gpointer user_data)
{
  tempo_staff_answer_list (exchange, "events");
}

/* "rules" when it is an object. NULL without error when it is absent. (transfer full). */
static JsonObject *
get_rules (JsonObject *body, GError **error)
{
  JsonNode *node = json_object_get_member (body, "rules");

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"rules\" is not an object");
      return NULL;
    }
  return json_object_ref (json_node_get_object (node));
}

static gboolean
read_new_event (JsonObject *body, TempoCommand *command, GError **error)
{
  GError *wrong = NULL;
  const char *name = tempo_json_get_string (body, "name", TEMPO_EVENT_MAX_NAME, NULL, &wrong);
  const char *state = NULL;

  if (wrong == NULL && (name == NULL || *name == '\0'))
    g_set_error (&wrong, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"name\" is missing");
  if (wrong == NULL)
    state = tempo_json_get_string (body, "state", 20, "scheduled", &wrong);
  if (wrong == NULL && !g_str_equal (state, "active") && !g_str_equal (state, "scheduled"))
    g_set_error (&wrong, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                 "\"state\" is not scheduled or active");
  if (wrong == NULL)
    command->patch = get_rules (body, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  command->name = g_strdup (name);
  command->flag = g_str_equal (state, "active");
  return TRUE;
}

static void
create_event (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  if (!tempo_staff_choose_room_of (exchange, body))
    return;
  command = tempo_make_command (exchange, TEMPO_ACTION_EVENT_CREATE);
  if (read_new_event (body, command, &error))
    tempo_run_command (exchange, g_steal_pointer (&command), answer_event);
  else
    tempo_answer_invalid (exchange, error);
}

static TempoCommand *
make_event_command (TempoExchange *exchange, TempoAction action)
{
  TempoCommand *command = tempo_make_command (exchange, action);

  command->event_id = g_strdup (tempo_exchange_get_param (exchange, "id"));
  return command;
}

static gboolean
add_name (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  GError *wrong = NULL;
  const char *name = tempo_json_get_string (body, "name", TEMPO_EVENT_MAX_NAME, NULL, &wrong);

  if (wrong == NULL && name != NULL && *name == '\0')
    g_set_error (&wrong, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"name\" is empty");
  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (name != NULL)
    {
      TempoCommand *command = make_event_command (exchange, TEMPO_ACTION_EVENT_RENAME);

      command->name = g_strdup (name);
      g_ptr_array_add (commands, command);
    }
  return TRUE;
}

static gboolean
add_rules (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  GError *wrong = NULL;
  g_autoptr (JsonObject) rules = get_rules (body, &wrong);

  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (rules != NULL)
    {
      TempoCommand *command = make_event_command (exchange, TEMPO_ACTION_EVENT_RULES);

      command->patch = g_steal_pointer (&rules);
      g_ptr_array_add (commands, command);
    }
  return TRUE;
}

/* The last call belongs to the room's switch; the event only remembers it. */
static gboolean
add_last_call (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  gint64 last_call = 0;
  TempoCommand *command;

  if (!tempo_staff_get_time (body, "lastCallAt", &last_call, error))
    return FALSE;
  if (!json_object_has_member (body, "lastCallAt"))
    return TRUE;
  command = make_event_command (exchange, TEMPO_ACTION_SWITCH);
  command->flag = TRUE;
  command->number = last_call;
  g_ptr_array_add (commands, command);
  return TRUE;
}

static gboolean
add_state (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  const char *state = tempo_json_get_string (body, "state", 20, NULL, &wrong);

  if (state == NULL && wrong == NULL)
    return TRUE;
  if (g_strcmp0 (state, "active") == 0)
    g_ptr_array_add (commands, make_event_command (exchange, TEMPO_ACTION_EVENT_START));
  else if (g_strcmp0 (state, "ended") == 0)
    g_ptr_array_add (commands, make_event_command (exchange, TEMPO_ACTION_EVENT_END));
  else
    g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                 "\"state\" is not active or ended");
  return error == NULL || *error == NULL;
}

/* An event that is on belongs to a room whose live state has it; others are
 * found by the engine in the organization's own file. */
static void
find_room_of_event (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (visit->server->host, visit->organization_id);

  for (guint i = 0; i < rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (rooms, i);
      TempoEvent *event = tempo_room_get_event (room);

      if (event != NULL && g_str_equal (event->id, tempo_exchange_get_param (exchange, "id")))
        visit->room_id = g_strdup (tempo_room_get_info (room)->id);
    }
}

static void
edit_event (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (GPtrArray) commands = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  find_room_of_event (exchange);
  commands = tempo_make_commands ();
  if (add_name (exchange, body, commands, &error) && add_rules (exchange, body, commands, &error)
      && add_state (exchange, body, commands, &error)
      && add_last_call (exchange, body, commands, &error))
    tempo_run_commands (exchange, g_steal_pointer (&commands), answer_event);
  else
    tempo_answer_invalid (exchange, error);
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/events", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, list_events },
  { "POST", "/api/{org}/events", TEMPO_WHO (OWN, TEMPO_ACTION_EVENT_CREATE), 0, 0, create_event },
  { "PATCH", "/api/{org}/events/{id}", TEMPO_WHO (OWN, TEMPO_ACTION_SWITCH), 0, 0, edit_event },
};

/* The nights of the rooms.
 * Starting a second one in a room is refused by the engine and by the schema.
 */
void
tempo_staff_event_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
