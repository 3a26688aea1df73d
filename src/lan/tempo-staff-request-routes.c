/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-staff.h"
#include "model/tempo-guest.h"

#define LIST_DEFAULT 50
#define LIST_MAX 200

static void
list_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list =
    room != NULL ? tempo_room_list_requests_finish (room, result, &error) : NULL;

  if (list != NULL)
    tempo_exchange_answer_json (exchange, 200, list);
  else if (error != NULL)
    tempo_answer_error (exchange, error);
  else
    tempo_answer_code (exchange, 404, "not_found", "the room went away");
}

static void
list_requests (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *room_id = tempo_exchange_get_query (exchange, "roomId");
  const char *status = tempo_exchange_get_query (exchange, "status");
  TempoRequestStatus known;

  if (status != NULL && !tempo_request_status_from_string (status, &known))
    {
      tempo_answer_code (exchange, 422, "invalid", "\"status\" is not a status of requests");
      return;
    }
  if (!tempo_staff_choose_room (exchange, room_id))
    return;
  tempo_room_list_requests_async (tempo_visit_get_room (visit),
                                  tempo_exchange_get_query (exchange, "eventId"), status,
                                  tempo_exchange_get_query (exchange, "cursor"),
                                  (guint) tempo_exchange_get_query_int (exchange, "limit", 1,
                                                                        LIST_MAX, LIST_DEFAULT),
                                  NULL, list_done_cb, tempo_exchange_ref (exchange));
}

static void
add_request (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (TempoCommand) command = NULL;

  if (body == NULL)
    return;
  if (!tempo_staff_choose_room_of (exchange, body))
    return;
  command = tempo_make_command (exchange, TEMPO_ACTION_SUBMIT);
  if (tempo_submission_read (exchange, body, command))
    tempo_run_command (exchange, g_steal_pointer (&command), tempo_answer_request);
}

static TempoCommand *
make_request_command (TempoExchange *exchange, TempoAction action)
{
  TempoCommand *command = tempo_make_command (exchange, action);

  command->request_id = g_strdup (tempo_exchange_get_param (exchange, "id"));
  return command;
}

static const char *const reason_codes[] = { "not_tonight", "played_enough", "not_here",
                                            "later",       "other",         NULL };

/* A reason is one of the ready ones by its code, the host's own words, or both
 * as an object. */
static gboolean
read_reason (JsonObject *body, TempoCommand *command, GError **error)
{
  JsonNode *node = json_object_get_member (body, "reason");
  GError *wrong = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *reason = json_node_get_object (node);

      command->reason_code = g_strdup (tempo_json_get_string (reason, "code", 40, "other", &wrong));
      if (wrong == NULL)
        command->reason_text = g_strdup (
          tempo_json_get_string (reason, "text", TEMPO_REQUEST_MAX_MESSAGE, NULL, &wrong));
    }
  else
    {
      const char *text =
        tempo_json_get_string (body, "reason", TEMPO_REQUEST_MAX_MESSAGE, NULL, &wrong);
      gboolean ready = text != NULL && g_strv_contains (reason_codes, text);

      command->reason_code = g_strdup (ready ? text : "other");
      command->reason_text = ready ? NULL : g_strdup (text);
    }
  if (wrong == NULL && !g_strv_contains (reason_codes, command->reason_code))
    g_set_error (&wrong, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                 "\"reason\" has an unknown code");
  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  return TRUE;
}

/* Declining what already stands in the queue is taking it out: the engine keeps
 * the two apart, because only one of them moves other songs. */
static gboolean
find_status_action (TempoExchange *exchange, const char *status, TempoAction *action)
{
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));
  TempoRequest *request =
    room != NULL ? tempo_room_find_request (room, tempo_exchange_get_param (exchange, "id")) : NULL;

  if (g_str_equal (status, "approved"))
    *action = TEMPO_ACTION_APPROVE;
  else if (g_str_equal (status, "declined"))
    *action = request != NULL && request->status == TEMPO_REQUEST_APPROVED ? TEMPO_ACTION_REMOVE
                                                                           : TEMPO_ACTION_DECLINE;
  else if (g_str_equal (status, "playing"))
    *action = TEMPO_ACTION_MARK_PLAYING;
  else if (g_str_equal (status, "played"))
    *action = TEMPO_ACTION_MARK_PLAYED;
  else
    return FALSE;
  return TRUE;
}

static gboolean
add_status (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  const char *status = tempo_json_get_string (body, "status", 20, NULL, &wrong);
  TempoAction action;
  TempoCommand *command;

  if (status == NULL && wrong == NULL)
    return TRUE;
  if (status == NULL || !find_status_action (exchange, status, &action))
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                   "\"status\" is not approved, declined, playing or played");
      return FALSE;
    }
  command = make_request_command (exchange, action);
  g_ptr_array_add (commands, command);
  return read_reason (body, command, error);
}

static gboolean
add_flag (TempoExchange *exchange,
          JsonObject *body,
          const char *member,
          TempoAction action,
          GPtrArray *commands,
          GError **error)
{
  GError *wrong = NULL;
  gboolean flag = tempo_json_get_bool (body, member, FALSE, &wrong);

  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (json_object_has_member (body, member))
    {
      TempoCommand *command = make_request_command (exchange, action);

      command->flag = flag;
      g_ptr_array_add (commands, command);
    }
  return TRUE;
}

static gboolean
add_position (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  GError *wrong = NULL;
  gint64 position = tempo_json_get_int (body, "position", 1, 100000, 0, &wrong);

  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (position > 0)
    {
      TempoCommand *command = make_request_command (exchange, TEMPO_ACTION_MOVE);

      command->position = (guint) position;
      g_ptr_array_add (commands, command);
    }
  return TRUE;
}

/* The live room that has the request; one of an older night is found by the
 * engine, which then says that it is past that step. */
static void
find_room_of_request (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (visit->server->host, visit->organization_id);

  for (guint i = 0; i < rooms->len && visit->room_id == NULL; i++)
    {
      TempoRoom *room = g_ptr_array_index (rooms, i);

      if (tempo_room_find_request (room, tempo_exchange_get_param (exchange, "id")) != NULL)
        visit->room_id = g_strdup (tempo_room_get_info (room)->id);
    }
}

static void
edit_request (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (GPtrArray) commands = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  find_room_of_request (exchange);
  commands = tempo_make_commands ();
  if (add_status (exchange, body, commands, &error)
      && add_flag (exchange, body, "messageShown", TEMPO_ACTION_SHOW_MESSAGE, commands, &error)
      && add_position (exchange, body, commands, &error)
      && add_flag (exchange, body, "pinned", TEMPO_ACTION_PIN, commands, &error))
    tempo_run_commands (exchange, g_steal_pointer (&commands), tempo_answer_request);
  else
    tempo_answer_invalid (exchange, error);
}

static void
answer_count (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_int (json, "count", outcome->count);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

/* Everything that waits, as one command: one commit, and one change for everybody who watches. */
static void
edit_requests (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  GError *error = NULL;
  const char *room_id;
  const char *status;

  if (body == NULL)
    return;
  room_id = tempo_json_get_string (body, "roomId", 64, NULL, &error);
  status = error == NULL ? tempo_json_get_string (body, "status", 20, "", &error) : NULL;
  if (error == NULL && !g_str_equal (status, "approved"))
    g_set_error (&error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"status\" is not approved");
  if (error != NULL)
    tempo_answer_invalid (exchange, error);
  else if (tempo_staff_choose_room (exchange, room_id))
    tempo_run_command (exchange, tempo_make_command (exchange, TEMPO_ACTION_APPROVE), answer_count);
}

static TempoCommand *
add_guest_command (TempoExchange *exchange, TempoAction action, GPtrArray *commands)
{
  TempoCommand *command = tempo_make_command (exchange, action);

  command->guest_id = g_strdup (tempo_exchange_get_param (exchange, "id"));
  g_ptr_array_add (commands, command);
  return command;
}

static gboolean
add_guest_time (TempoExchange *exchange,
                JsonObject *body,
                const char *member,
                TempoAction action,
                GPtrArray *commands,
                GError **error)
{
  gint64 until = 0;

  if (!tempo_staff_get_time (body, member, &until, error))
    return FALSE;
  if (json_object_has_member (body, member))
    add_guest_command (exchange, action, commands)->number = until;
  return TRUE;
}

static gboolean
add_guest_rest (TempoExchange *exchange, JsonObject *body, GPtrArray *commands, GError **error)
{
  GError *wrong = NULL;
  gboolean held = tempo_json_get_bool (body, "held", FALSE, &wrong);
  const char *name = wrong == NULL
                       ? tempo_json_get_string (body, "name", TEMPO_REQUEST_MAX_NAME, NULL, &wrong)
                       : NULL;
  gboolean clear = wrong == NULL && tempo_json_get_bool (body, "clear", FALSE, &wrong);

  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (json_object_has_member (body, "held"))
    add_guest_command (exchange, TEMPO_ACTION_GUEST_HOLD, commands)->flag = held;
  if (name != NULL)
    add_guest_command (exchange, TEMPO_ACTION_GUEST_RENAME, commands)->name = g_strdup (name);
  if (clear)
    add_guest_command (exchange, TEMPO_ACTION_GUEST_CLEAR, commands);
  return TRUE;
}

static void
answer_guest (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  if (outcome->guest != NULL)
    tempo_guest_to_json (outcome->guest, json, "guest");
  else
    tempo_json_null (json, "guest");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
edit_guest (TempoExchange *exchange, gpointer user_data)
{
  JsonObject *body = tempo_exchange_need_json (exchange);
  g_autoptr (GPtrArray) commands = NULL;
  GError *error = NULL;

  if (body == NULL)
    return;
  commands = tempo_make_commands ();
  if (add_guest_time (exchange, body, "mutedUntil", TEMPO_ACTION_GUEST_MUTE, commands, &error)
      && add_guest_time (exchange, body, "bannedUntil", TEMPO_ACTION_GUEST_BAN, commands, &error)
      && add_guest_rest (exchange, body, commands, &error))
    tempo_run_commands (exchange, g_steal_pointer (&commands), answer_guest);
  else
    tempo_answer_invalid (exchange, error);
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/requests", TEMPO_WHO (OWN, TEMPO_WHO_VIEW), 0, 0, list_requests },
  { "POST", "/api/{org}/requests", TEMPO_WHO (OWN, TEMPO_ACTION_SUBMIT), 0, 0, add_request },
  { "PATCH", "/api/{org}/requests", TEMPO_WHO (OWN, TEMPO_ACTION_APPROVE), 0, 0, edit_requests },
  { "PATCH", "/api/{org}/requests/{id}", TEMPO_WHO (OWN, TEMPO_ACTION_APPROVE), 0, 0,
    edit_request },
  { "PATCH", "/api/{org}/guests/{id}", TEMPO_WHO (OWN, TEMPO_ACTION_GUEST_HOLD), 0, 0, edit_guest },
};

/* What staff decide about wishes and about who made them.
 * The engine finds ids of other organizations nowhere: they are 404.
 */
void
tempo_staff_request_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
