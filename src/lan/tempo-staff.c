/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-staff.h"

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "model/tempo-event.h"
#include "model/tempo-source-state.h"

#define LIST_DEFAULT 50
#define LIST_MAX 200

static gboolean
set_room (TempoExchange *exchange, TempoRoom *room)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  if (room == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "no such room in this organization");
      return FALSE;
    }
  g_clear_pointer (&visit->room_id, g_free);
  visit->room_id = g_strdup (tempo_room_get_info (room)->id);
  return TRUE;
}

/* Most organizations have one room, and their staff should not have to say
 * which; with several, guessing would skip a song in the wrong one.
 */
gboolean
tempo_staff_choose_room (TempoExchange *exchange, const char *room_id)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (GPtrArray) rooms = NULL;

  if (room_id != NULL)
    return set_room (exchange,
                     tempo_host_find_any_room (visit->server->host, visit->organization_id, room_id));

  rooms = tempo_host_get_rooms (visit->server->host, visit->organization_id);
  if (rooms->len == 1)
    return set_room (exchange, g_ptr_array_index (rooms, 0));
  tempo_answer_code (exchange, 422, "invalid", "\"roomId\" is missing");
  return FALSE;
}

/* What the body asks for beside it is read afterwards.
 */
gboolean
tempo_staff_choose_room_of (TempoExchange *exchange, JsonObject *body)
{
  GError *error = NULL;
  const char *room_id = tempo_json_get_string (body, "roomId", 64, NULL, &error);

  if (error == NULL)
    return tempo_staff_choose_room (exchange, room_id);
  tempo_answer_invalid (exchange, error);
  return FALSE;
}

/* For lists, where no room means all of them.
 */
gboolean
tempo_staff_narrow_room (TempoExchange *exchange, const char *room_id)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  return room_id == NULL
         || set_room (exchange,
                      tempo_host_find_any_room (visit->server->host, visit->organization_id, room_id));
}

static void
write_wifi (TempoRoomInfo *info, gboolean shown, TempoJson *json)
{
  if (info->wifi_ssid == NULL)
    {
      tempo_json_null (json, "wifi");
      return;
    }
  /* The password stays out: who may see it looks at the display or the panel. */
  tempo_json_begin_object (json, "wifi");
  tempo_json_string (json, "ssid", info->wifi_ssid);
  tempo_json_bool (json, "hidden", info->wifi_hidden);
  tempo_json_bool (json, "shown", shown);
  tempo_json_end_object (json);
}

static void
write_sources (TempoRoomView *view, TempoJson *json)
{
  tempo_json_begin_array (json, "sources");
  for (guint i = 0; view->room->sources[i] != NULL; i++)
    tempo_json_string (json, NULL, view->room->sources[i]);
  tempo_json_end_array (json);
  tempo_json_begin_array (json, "sourceStates");
  for (guint i = 0; i < view->sources->len; i++)
    tempo_source_state_to_json (g_ptr_array_index (view->sources, i), json, NULL);
  tempo_json_end_array (json);
  tempo_json_int (json, "fallbackSeconds", view->room->fallback_seconds);
}

/* More than guests see: the address for printing, the source, the volume, and
 * who is listening.
 */
void
tempo_staff_write_room (TempoLanServer *server, TempoRoom *room, TempoJson *json, const char *key)
{
  g_autoptr (TempoRoomView) view = tempo_room_get_view (room);
  TempoRoomInfo *info = view->room;

  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", info->id);
  tempo_json_string (json, "code", info->code);
  tempo_json_string (json, "name", info->name);
  tempo_json_bool (json, "active", info->active);
  tempo_json_string (json, "switch", tempo_switch_to_string (info->switch_state));
  tempo_json_string (json, "joinUrl", view->join_url);
  tempo_json_string (json, "source", info->source);
  write_sources (view, json);
  tempo_json_double (json, "volume", info->volume);
  tempo_json_string (json, "announcement", info->announcement);
  write_wifi (info, view->wifi_shown, json);
  if (view->event != NULL)
    tempo_event_to_json (view->event, json, "event");
  else
    tempo_json_null (json, "event");
  tempo_json_int (json, "listeners", view->listeners);
  tempo_json_int (json, "displays", view->displays);
  tempo_json_end_object (json);
}

/* The room as it is after the commit. One that was just made is found by the
 * outcome, because the visit has none yet.
 */
void
tempo_staff_answer_room (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  gboolean made = visit->room_id == NULL;
  TempoRoom *room;
  TempoJson *json;

  if (made && outcome->room != NULL)
    visit->room_id = g_strdup (outcome->room->id);
  else if (made)
    visit->room_id = g_strdup (outcome->target_id);
  room = tempo_visit_get_room (visit);
  if (room == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "the room went away");
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_staff_write_room (visit->server, room, json, "room");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, made ? 201 : 200, json);
  if (made)
    tempo_room_feeds_refresh_staff (visit->server->feeds, visit->organization_id);
}

/* What a button needs to know: whether it can be taken back, and which song it
 * was about.
 */
void
tempo_staff_answer_done (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));
  TempoJson *json = tempo_json_new ();
  TempoRequestJson how = {
    .room_code = room != NULL ? tempo_room_get_info (room)->code : "",
    .position = outcome->position,
    .eta_seconds = outcome->eta_seconds,
    .staff = TRUE,
  };

  tempo_json_begin_object (json, NULL);
  tempo_json_bool (json, "canUndo", outcome->can_undo);
  if (outcome->request != NULL)
    tempo_request_to_json (outcome->request, &how, json, "request");
  else
    tempo_json_null (json, "request");
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
list_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = tempo_host_list_finish (TEMPO_HOST (source), result, &error);

  if (list == NULL)
    tempo_answer_error (exchange, error);
  else
    tempo_exchange_answer_json (exchange, 200, list);
}

/* Lists are read by the engine on a reader thread and arrive serialized; the
 * server adds nothing to them.
 */
void
tempo_staff_answer_list (TempoExchange *exchange, const char *list)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  if (!tempo_staff_narrow_room (exchange, tempo_exchange_get_query (exchange, "roomId")))
    return;
  tempo_host_list_async (visit->server->host, visit->organization_id, list, visit->room_id,
                         tempo_exchange_get_query (exchange, "cursor"),
                         (guint) tempo_exchange_get_query_int (exchange, "limit", 1, LIST_MAX,
                                                               LIST_DEFAULT),
                         NULL, list_done_cb, tempo_exchange_ref (exchange));
}

/* null is a value here: it takes a planned time back.
 */
gboolean
tempo_staff_get_time (JsonObject *body, const char *member, gint64 *wall_us, GError **error)
{
  const char *text;
  GError *wrong = NULL;

  if (!json_object_has_member (body, member))
    return TRUE;
  text = tempo_json_get_string (body, member, 40, NULL, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (text == NULL)
    *wall_us = 0;
  else if (!tempo_time_parse (text, wall_us))
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                   "\"%s\" is not an RFC 3339 time", member);
      return FALSE;
    }
  return TRUE;
}

/* Whole numbers count as well: JSON does not tell 1 from 1.0, json-glib does.
 */
gboolean
tempo_staff_get_number (
  JsonObject *body, const char *member, double min, double max, double *value, GError **error)
{
  JsonNode *node = json_object_get_member (body, member);
  GType type =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_DOUBLE || type == G_TYPE_INT64)
    {
      double number =
        type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) json_node_get_int (node);

      if (number >= min && number <= max)
        {
          *value = number;
          return TRUE;
        }
    }
  g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
               "\"%s\" is missing or not a number from %g to %g", member, min, max);
  return FALSE;
}
