/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists that are not live state: read by the store's readers, serialized there, never on the engine thread. */
#include "venue/tempo-host-private.h"

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-audit-search-private.h"
#include "venue/tempo-outcome-private.h"
#include "venue/tempo-people-private.h"
#include "venue/tempo-report-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-usage-private.h"

#define MAX_LIMIT 200
/* Sorts behind every id. */
#define LAST_ID "~"

typedef struct
{
  char *list;      /* (owned) */
  char *room_id;   /* (owned) (nullable) */
  char *room_code; /* (owned) (nullable) */
  char *organization; /* (owned) (nullable) */
  char *event_id;  /* (owned) (nullable) */
  char *status;    /* (owned) (nullable) */
  gint64 before;   /* the cursor: newest first, what is older than this */
  char *before_id; /* (owned) */
  guint limit;
  gboolean waited; /* for what was still on its way to the file */
  TempoAuditSearch *audit; /* (owned) (nullable) */
  TempoReport *report;     /* (owned) (nullable) */
} Query;

static void
free_query (gpointer data)
{
  g_autofree Query *query = data;

  g_clear_pointer (&query->list, g_free);
  g_clear_pointer (&query->room_id, g_free);
  g_clear_pointer (&query->room_code, g_free);
  g_clear_pointer (&query->organization, g_free);
  g_clear_pointer (&query->event_id, g_free);
  g_clear_pointer (&query->status, g_free);
  g_clear_pointer (&query->before_id, g_free);
  g_clear_pointer (&query->audit, tempo_audit_search_free);
  g_clear_pointer (&query->report, tempo_report_free);
}

/* A cursor is the key of the last row of the page before: "1763672400000000.ID". */
static gboolean
parse_cursor (Query *query,
              const char *cursor)
{
  char *end = NULL;

  query->before = G_MAXINT64;
  query->before_id = g_strdup (LAST_ID);
  if (cursor == NULL || *cursor == '\0')
    return TRUE;

  query->before = g_ascii_strtoll (cursor, &end, 10);
  if (end == cursor || *end != '.' || strlen (end) > 64)
    return FALSE;
  g_clear_pointer (&query->before_id, g_free);
  query->before_id = g_strdup (end + 1);

  return TRUE;
}

/* An event of another organization is not an empty one of ours. */
static gboolean
has_event (TempoScope *scope,
           const char *event_id,
           GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, &failure, "event-by-id", "s", event_id);

  if (rows != NULL && tempo_rows_next (rows, &failure))
    return TRUE;
  if (failure == NULL)
    failure = tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such event");
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

/* One row more than asked for tells whether there is a next page. */

/* Each narrowing has its index, and its statement: one with all of them as conditions would walk through everything. */
static TempoRows *
query_requests (Query *query,
                TempoScope *scope,
                GError **error)
{
  gint64 rows = (gint64) query->limit + 1;

  if (query->event_id != NULL)
    return tempo_scope_query (scope, error, "request-list-event", "sisiss", query->room_id, query->before,
                              query->before_id, rows, query->status, query->event_id);
  if (query->status != NULL)
    return tempo_scope_query (scope, error, "request-list-status", "sisis", query->room_id, query->before,
                              query->before_id, rows, query->status);

  return tempo_scope_query (scope, error, "request-list", "sisi", query->room_id, query->before, query->before_id,
                            rows);
}

/* Writes a row. Returns its time; @id: (out) (transfer full) its id: both make the cursor. */
typedef gint64 (*WriteRow) (Query *query, TempoRows *rows, TempoJson *json, char **id);

static GBytes *
read_page (Query *query,
           TempoRows *rows,
           WriteRow write_row,
           GError **error)
{
  g_autoptr (TempoJson) json = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *id = NULL, *cursor = NULL;
  gint64 at = 0;
  guint n = 0;

  if (rows == NULL)
    return NULL;

  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, query->list);
  for (; tempo_rows_next (rows, &failure) && n <= query->limit; n++)
    if (n < query->limit)
      {
        g_clear_pointer (&id, g_free);
        at = write_row (query, rows, json, &id);
      }
  tempo_json_end_array (json);
  if (n > query->limit)
    cursor = g_strdup_printf ("%" G_GINT64_FORMAT ".%s", at, id);
  tempo_json_string (json, "next", cursor);
  tempo_json_end_object (json);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  return tempo_json_finish (g_steal_pointer (&json));
}

static gint64
write_request (Query *query,
               TempoRows *rows,
               TempoJson *json,
               char **id)
{
  g_autoptr (TempoRequest) request = tempo_rows_to_request (rows, NULL);
  TempoRequestJson how = { .room_code = query->room_code, .staff = TRUE, .eta_seconds = -1 };

  tempo_request_to_json (request, &how, json, NULL);
  *id = g_strdup (request->id);

  return request->created_at;
}

static gpointer
read_requests (TempoScope *scope,
               gpointer user_data,
               GError **error)
{
  Query *query = user_data;
  g_autoptr (TempoRows) rows = NULL;

  if (query->event_id != NULL && !has_event (scope, query->event_id, error))
    return NULL;
  rows = query_requests (query, scope, error);

  return read_page (query, rows, write_request, error);
}

static gint64
write_event (Query *query,
             TempoRows *rows,
             TempoJson *json,
             char **id)
{
  g_autoptr (TempoEvent) event = tempo_rows_to_event (rows);

  tempo_event_to_json (event, json, NULL);
  *id = g_strdup (event->id);

  return event->created_at;
}

static gpointer
read_events (TempoScope *scope,
             gpointer user_data,
             GError **error)
{
  Query *query = user_data;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "event-list", "sisi", query->room_id, query->before,
                                                  query->before_id, (gint64) query->limit + 1);

  return read_page (query, rows, write_event, error);
}

static gint64
write_display (Query *query,
               TempoRows *rows,
               TempoJson *json,
               char **id)
{
  gint64 created_at = tempo_rows_int (rows, 3);

  *id = g_strdup (tempo_rows_text (rows, 0));
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "id", *id);
  tempo_json_string (json, "roomId", tempo_rows_text (rows, 1));
  tempo_json_string (json, "name", tempo_rows_text (rows, 2));
  tempo_json_time (json, "createdAt", created_at);
  tempo_json_end_object (json);

  return created_at;
}

static gpointer
read_displays (TempoScope *scope,
               gpointer user_data,
               GError **error)
{
  Query *query = user_data;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, error, "display-list", "sisi", query->room_id, query->before,
                                                  query->before_id, (gint64) query->limit + 1);

  return read_page (query, rows, write_display, error);
}

/* Settings are in memory whole. */

static GBytes *
write_settings (TempoVenue *venue,
                const char *room_id,
                gboolean here)
{
  TempoRoom *room = room_id != NULL ? tempo_venue_find_room (venue, room_id) : NULL;
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, "settings");
  if (room != NULL)
    tempo_room_write_settings (room, here, json);
  else
    {
      /* Who never said otherwise is called what it was founded as. */
      if (!g_hash_table_contains (venue->settings, "name"))
        tempo_json_string (json, "name", venue->organization->name);
      tempo_settings_write (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, json);
    }
  tempo_json_end_object (json);
  tempo_json_end_object (json);

  return tempo_json_finish (json);
}

static void
read_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GBytes *bytes = tempo_store_read_finish (TEMPO_STORE (object), result, &error);

  if (bytes == NULL && error->domain == TEMPO_REFUSAL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (bytes == NULL)
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL, "%s", error->message));
  else
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
}

static void list_on_engine (TempoHost *self, GTask *task);

static void
caught_up_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  list_on_engine (TEMPO_HOST (object), task);
}

/* A refused access is answered before its row is durable: who asks for the log next finds it there nevertheless. */
static gboolean
catches_up (TempoVenue *venue,
            Query *query,
            GTask *task)
{
  g_autoptr (GTask) wait = NULL;

  if (query->waited || (venue->turn == NULL && venue->sent == NULL) || venue->reloading || venue->broken)
    return FALSE;

  query->waited = TRUE;
  wait = g_task_new (venue->host, NULL, caught_up_cb, g_object_ref (task));
  g_task_set_source_tag (wait, catches_up);
  tempo_venue_answer_later (venue, wait, tempo_outcome_new (), NULL, NULL);

  return TRUE;
}

/* What the file does not know: in which zone days are meant, what was only tallied so far, the quotas. */
static TempoReadFunc
prepare_report (TempoVenue *venue,
                Query *query)
{
  g_autoptr (GTimeZone) zone = tempo_usage_get_zone (venue);

  tempo_report_set_zone (query->report, zone, tempo_venue_now (venue));
  tempo_report_set_room (query->report, query->room_id);
  tempo_report_set_quotas (
    query->report, tempo_settings_get_int (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "quotaRequestsPerMonth"),
    tempo_settings_get_int (venue->settings, TEMPO_SETTING_OF_ORGANIZATION, "quotaStorageMegabytes") * 1000000,
    venue->storage_bytes);
  tempo_usage_flush (venue, TRUE);

  return tempo_report_read;
}

static void
list_on_engine (TempoHost *self,
                GTask *task)
{
  Query *query = g_task_get_task_data (task);
  TempoVenue *venue = self->running && !self->stopping
    ? tempo_host_find_venue (self, query->organization) : NULL;
  TempoReadFunc func = NULL;

  if (venue == NULL)
    {
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such organization"));
      return;
    }

  if (query->audit != NULL && catches_up (venue, query, task))
    return;
  if (g_str_equal (query->list, "members"))
    g_task_return_pointer (task, tempo_people_list_members (venue), (GDestroyNotify) g_bytes_unref);
  else if (g_str_equal (query->list, "invitations"))
    g_task_return_pointer (task, tempo_people_list_invitations (venue), (GDestroyNotify) g_bytes_unref);
  else if (g_str_equal (query->list, "licence"))
    g_task_return_pointer (task, tempo_host_describe_licence (self, venue->organization->id),
                           (GDestroyNotify) g_bytes_unref);
  else if (g_str_equal (query->list, "settings"))
    g_task_return_pointer (task, write_settings (venue, query->room_id, FALSE), (GDestroyNotify) g_bytes_unref);
  else if (g_str_equal (query->list, "settings-here"))
    g_task_return_pointer (task, write_settings (venue, query->room_id, TRUE), (GDestroyNotify) g_bytes_unref);
  else if (g_str_equal (query->list, "events"))
    func = read_events;
  else if (g_str_equal (query->list, "displays"))
    func = read_displays;
  else if (query->audit != NULL)
    func = tempo_audit_search_read;
  else if (query->report != NULL)
    func = prepare_report (venue, query);
  else
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "no such list"));

  if (func != NULL)
    tempo_store_read_async (venue->store, func,
                            query->audit != NULL    ? (gpointer) query->audit
                            : query->report != NULL ? (gpointer) query->report
                                                    : query,
                            NULL, NULL, read_cb, g_object_ref (task));
}

/**
 * tempo_room_list_requests_async:
 * @self: a room
 * @event_id: (nullable): of one event
 * @status: (nullable): in one state
 * @cursor: (nullable): where the page before ended
 * @limit: at most 200
 * @cancellable: (nullable): unused
 * @callback: with the page
 * @user_data: for @callback
 *
 * Engine thread.
 */
void
tempo_room_list_requests_async (TempoRoom *self,
                                const char *event_id,
                                const char *status,
                                const char *cursor,
                                guint limit,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Query *query = g_new0 (Query, 1);
  TempoRequestStatus known;

  g_task_set_source_tag (task, tempo_room_list_requests_async);
  g_task_set_task_data (task, query, free_query);
  query->list = g_strdup ("requests");
  query->room_id = g_strdup (self->info->id);
  query->room_code = g_strdup (self->info->code);
  query->event_id = g_strdup (event_id);
  query->status = g_strdup (status);
  query->limit = CLAMP (limit, 1, MAX_LIMIT);
  if (!parse_cursor (query, cursor) || (status != NULL && !tempo_request_status_from_string (status, &known)))
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_INVALID, NULL, "no such status or cursor"));
  else
    tempo_store_read_async (self->venue->store, read_requests, query, NULL, NULL, read_cb, g_object_ref (task));
}

/**
 * tempo_room_list_requests_finish:
 * @self: a room
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): {"requests":[…],"next":cursor|null}
 */
GBytes *
tempo_room_list_requests_finish (TempoRoom *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_host_list_async:
 * @self: a running engine
 * @organization_id: slug or id
 * @list: "events", "displays", "members", "invitations", "audit", "settings", "settings-here" (with what only this machine is told), or one of tempo_report_new(); "audit" may have a URI query behind it that narrows it,
 *   "audit?q=ada&action=approve"
 * @room_id: (nullable): narrows events and displays
 * @cursor: (nullable): where the page before ended
 * @limit: at most 200
 * @cancellable: (nullable): unused
 * @callback: with the page
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_list_async (TempoHost *self,
                       const char *organization_id,
                       const char *list,
                       const char *room_id,
                       const char *cursor,
                       guint limit,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Query *query = g_new0 (Query, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, tempo_host_list_async);
  g_task_set_task_data (task, query, free_query);
  query->list = g_strdup (list);
  query->organization = g_strdup (organization_id);
  query->room_id = g_strdup (room_id);
  query->limit = CLAMP (limit, 1, MAX_LIMIT);
  if (g_str_equal (list, "audit") || g_str_has_prefix (list, "audit?"))
    query->audit = tempo_audit_search_new (list[5] == '?' ? list + 6 : NULL, cursor, query->limit, &error);
  else
    query->report = tempo_report_new (list, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (query->audit == NULL && !parse_cursor (query, cursor))
    g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_INVALID, NULL, "not a cursor"));
  else
    tempo_host_invoke (self, task, list_on_engine);
}

/**
 * tempo_host_list_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): the page
 */
GBytes *
tempo_host_list_finish (TempoHost *self,
                        GAsyncResult *result,
                        GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_host_record_refusal:
 * @self: a running engine
 * @actor: who was turned away
 * @organization_id: slug or id of what was asked for
 * @action: what was tried
 * @object: (nullable): what was asked for
 *
 * Engine thread. In the log of that organization, or in the person's own when there is none.
 */
void
tempo_host_record_refusal (TempoHost *self,
                           TempoActor *actor,
                           const char *organization_id,
                           const char *action,
                           const char *object)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization_id);
  g_autofree char *valid = object != NULL ? g_utf8_make_valid (object, MIN (strlen (object), 200)) : NULL;

  if (venue == NULL && actor->organization_id != NULL)
    venue = tempo_host_find_venue (self, actor->organization_id);
  if (venue == NULL)
    return;
  tempo_host_log (self, venue->organization, G_LOG_LEVEL_INFO, "Refused a call at %s: %s",
                  actor->address != NULL ? actor->address : "this machine", action);
  if (venue->reloading || venue->broken || venue->closing)
    return;

  tempo_venue_audit (venue, &(TempoAudit) { actor, "refused", "path", valid, NULL, NULL, action });
}

/**
 * tempo_host_record_visit:
 * @self: a running engine
 * @actor: a super admin
 * @organization_id: somebody else's
 * @object: (nullable): what was asked for
 *
 * Engine thread.
 */
void
tempo_host_record_visit (TempoHost *self,
                         TempoActor *actor,
                         const char *organization_id,
                         const char *object)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization_id);

  if (venue != NULL && !venue->reloading && !venue->broken && !venue->closing)
    tempo_venue_audit (venue, &(TempoAudit) { actor, "act_as", "path", object, NULL, NULL, NULL });
}
