/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-answers.h"

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-sentences.h"
#include "model/tempo-guest.h"
#include "store/tempo-store.h"
#include "web/tempo-problem.h"

#define RETRY_BUSY_SECONDS 5
#define RETRY_RATE_SECONDS 10
#define RETRY_MAX_SECONDS 3600

/* Only where waiting helps: a client that is told to retry a closed list would. */
static guint
find_retry_seconds (TempoLanServer *server, guint status, const TempoRefusalDetail *detail)
{
  gint64 wait;

  if (status != 429 && status != 503)
    return 0;
  if (detail == NULL || detail->until <= 0)
    return status == 503 ? RETRY_BUSY_SECONDS : RETRY_RATE_SECONDS;

  wait =
    (detail->until - tempo_clock_now (tempo_host_get_clock (server->host)) + G_USEC_PER_SEC - 1)
    / G_USEC_PER_SEC;
  return (guint) CLAMP (wait, 1, RETRY_MAX_SECONDS);
}

static void
answer_problem (TempoExchange *exchange,
                guint status,
                const char *code,
                const TempoRefusalDetail *detail,
                const char *message)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autofree char *title =
    tempo_sentence_new (code, detail, visit->server->catalog, visit->language);
  TempoJson *problem = tempo_problem_begin (status, code, title, message);
  guint retry = find_retry_seconds (visit->server, status, detail);

  if (detail != NULL && detail->until > 0 && detail->until != G_MAXINT64)
    tempo_json_time (problem, "until", detail->until);
  if (detail != NULL && detail->since > 0)
    tempo_json_time (problem, "since", detail->since);
  if (detail != NULL && detail->count > 0)
    tempo_json_int (problem, "count", detail->count);
  if (status == 422 && detail != NULL && detail->subject[0] != '\0')
    tempo_json_string (problem, "field", detail->subject);
  if (retry > 0)
    tempo_exchange_set_retry_after (exchange, retry);
  tempo_exchange_answer_problem_writer (exchange, status, problem);
}

/* By the route, not the path: an address may hold a token. */
static void
log_fault (TempoExchange *exchange, const GError *error)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const TempoRoute *route = tempo_exchange_get_route (exchange);
  g_autofree char *text = g_strdup_printf ("%s %s: %s", tempo_exchange_get_method (exchange),
                                           route != NULL ? route->pattern : "-", error->message);

  tempo_host_log_fault (visit->server->host, visit->organization_id, text);
}

/* Refusals speak for themselves; every other domain is folded into what a
 * client can act on. The message of an unexpected error stays in the log: it
 * may name files.
 */
void
tempo_answer_error (TempoExchange *exchange, const GError *error)
{
  if (error->domain == TEMPO_REFUSAL)
    {
      if (error->code == TEMPO_REFUSAL_FORBIDDEN)
        tempo_checks_record_refusal (exchange, "role");
      answer_problem (exchange, tempo_refusal_status (error->code),
                      tempo_refusal_code (error->code), tempo_refusal_detail (error),
                      error->message);
    }
  else if (error->domain == TEMPO_JSON_ERROR)
    {
      answer_problem (exchange, error->code == TEMPO_JSON_ERROR_MEMBER ? 422 : 400,
                      error->code == TEMPO_JSON_ERROR_MEMBER ? "invalid" : "bad_request", NULL,
                      error->message);
    }
  else if (error->domain == TEMPO_STORE_ERROR)
    {
      log_fault (exchange, error);
      answer_problem (exchange, 503, "storage", NULL, NULL);
    }
  else
    {
      log_fault (exchange, error);
      answer_problem (exchange, 500, "internal", NULL, NULL);
    }
}

/* A refusal of the server itself, for which the engine was not asked. The
 * sentence comes from the same table. Who came by a browser, with the code of
 * an old card perhaps, reads it on a page; below /api/ programs ask.
 */
void
tempo_answer_code (TempoExchange *exchange, guint status, const char *code, const char *detail)
{
  gboolean page = tempo_exchange_wants_html (exchange) && !g_str_has_prefix (tempo_exchange_get_path (exchange), "/api/");

  if (page && tempo_page_refuse (exchange, status, code, detail, tempo_visit_get (exchange)->server))
    return;
  answer_problem (exchange, status, code, NULL, detail);
}

/* Bodies that parse but say something impossible. The message of the JSON layer
 * names the member, which is what the developer of a client needs.
 */
void
tempo_answer_invalid (TempoExchange *exchange, GError *error)
{
  answer_problem (exchange, 422, "invalid", NULL, error->message);
  g_error_free (error);
}

/* play, pause, skip and undo work without a body too: an organization with one
 * room has nothing to say there.
 */
JsonObject *
tempo_answer_optional_json (TempoExchange *exchange)
{
  JsonObject *object;

  if (g_bytes_get_size (tempo_exchange_get_body (exchange)) == 0)
    return json_object_new ();
  object = tempo_exchange_need_json (exchange);
  return object != NULL ? json_object_ref (object) : NULL;
}

typedef struct
{
  TempoExchange *exchange; /* (owned) */
  GPtrArray *commands;     /* (owned) */
  guint next;
  TempoAnswerFunc answer;
} Run;

static void
free_run (Run *run)
{
  tempo_exchange_unref (run->exchange);
  g_ptr_array_unref (run->commands);
  g_free (run);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, free_run)

static void execute_next (Run *run);

static void
command_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome =
    tempo_host_execute_finish (TEMPO_HOST (source), result, &error);

  if (outcome == NULL)
    tempo_answer_error (run->exchange, error);
  else if (run->next < run->commands->len)
    execute_next (g_steal_pointer (&run));
  else
    run->answer (run->exchange, outcome);
}

static void
execute_next (Run *run)
{
  TempoCommand *command = g_ptr_array_index (run->commands, run->next++);

  tempo_host_execute_async (tempo_visit_get (run->exchange)->server->host, command, NULL,
                            command_done_cb, run);
}

/* A PATCH with several members is several use cases, each with its own
 * permission and audit row; they run in the order of the document's schema and
 * what was done before a refusal stays done, as the audit then shows.
 */
void
tempo_run_commands (TempoExchange *exchange, GPtrArray *commands, TempoAnswerFunc answer)
{
  Run *run;

  if (commands->len == 0)
    {
      g_ptr_array_unref (commands);
      tempo_answer_code (exchange, 422, "invalid", "the body has no member that this call knows");
      return;
    }
  run = g_new0 (Run, 1);
  run->exchange = tempo_exchange_ref (exchange);
  run->commands = commands;
  run->answer = answer;
  execute_next (run);
}

/* The ordinary case of one use case a call. Takes @command, also when it is
 * refused.
 */
void
tempo_run_command (TempoExchange *exchange, TempoCommand *command, TempoAnswerFunc answer)
{
  GPtrArray *commands = tempo_make_commands ();

  g_ptr_array_add (commands, command);
  tempo_run_commands (exchange, commands, answer);
}

/* Organization and room come from the checks, never from the body: what the
 * visitor may not reach cannot be named here.
 */
TempoCommand *
tempo_make_command (TempoExchange *exchange, TempoAction action)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (TempoActor) actor = tempo_visit_make_actor (exchange);

  return tempo_command_new (action, actor, visit->organization_id, visit->room_id);
}

/* A list that lets its commands go with itself, for tempo_run_commands().
 */
GPtrArray *
tempo_make_commands (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_command_unref);
}

static guint
find_status (TempoExchange *exchange, TempoOutcome *outcome)
{
  if (g_strcmp0 (tempo_exchange_get_method (exchange), "POST") != 0)
    return 200;
  /* A call that is repeated with its key hears what the first one heard. */
  return outcome->merged ? 200 : 201;
}

/* The request as it is after the commit, with the reader's own place in it.
 * Guests also hear what they have left, staff whether it can be undone.
 */
void
tempo_answer_request (TempoExchange *exchange, TempoOutcome *outcome)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoRoom *room = tempo_visit_get_room (visit);
  TempoJson *json = tempo_json_new ();
  gboolean staff = visit->member != NULL;
  gboolean own = !staff && outcome->request != NULL && outcome->guest != NULL
                 && g_strcmp0 (outcome->guest->id, outcome->request->guest_id) == 0;

  tempo_json_begin_object (json, NULL);
  if (outcome->request != NULL)
    {
      TempoRequestJson how = {
        .room_code = room != NULL ? tempo_room_get_info (room)->code : "",
        .position = outcome->position,
        .eta_seconds = outcome->eta_seconds,
        .mine = own,
        .voted =
          !own && (outcome->merged || g_str_equal (tempo_exchange_get_method (exchange), "PUT")),
        .staff = staff,
      };

      tempo_request_to_json (outcome->request, &how, json, "request");
    }
  else
    {
      tempo_json_null (json, "request");
    }
  tempo_json_bool (json, "merged", outcome->merged);
  if (!staff && room != NULL)
    tempo_room_write_left (room, visit->guest_digest, json, "left");
  if (staff)
    tempo_json_bool (json, "canUndo", outcome->can_undo);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, find_status (exchange, outcome), json);
}

/* 204, for what leaves nothing to tell.
 */
void
tempo_answer_empty (TempoExchange *exchange, TempoOutcome *outcome)
{
  tempo_exchange_answer_empty (exchange, 204);
}

/* The code under which the sentences table knows what happened.
 */
const char *
tempo_outcome_said (TempoOutcome *outcome)
{
  if (outcome->merged)
    return "merged";
  return outcome->request != NULL && outcome->request->status == TEMPO_REQUEST_PENDING ? "asked"
                                                                                       : "listed";
}
