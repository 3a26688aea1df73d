/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "daemon/tempo-operations.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "base/tempo-json.h"
#include "daemon/tempo-control.h"
#include "daemon/tempo-daemon.h"
#include "daemon/tempo-work-private.h"
#include "model/tempo-event.h"
#include "model/tempo-room-info.h"
#include "music/spotify/tempo-spotify-tokens.h"
#include "secrets/tempo-secrets.h"
#include "store/tempo-store.h"
#include "venue/tempo-actor.h"
#include "venue/tempo-care.h"
#include "venue/tempo-command.h"
#include "venue/tempo-room.h"

#define EVENTS_MAX 50

typedef TempoWork Work;

static void
free_work (gpointer data)
{
  Work *work = data;

  g_clear_object (&work->host);
  g_clear_pointer (&work->request, json_object_unref);
  g_clear_pointer (&work->organization_id, g_free);
  g_clear_pointer (&work->room_id, g_free);
  g_free (work);
}

const char *
tempo_work_get_text (TempoWork *work, const char *member)
{
  return tempo_json_get_string (work->request, member, 4096, NULL, NULL);
}

/* By slug or id; without a name the only one there is. (transfer none). */
TempoOrganization *
tempo_operation_find_organization (GPtrArray *all, const char *name, GError **error)
{
  for (guint i = 0; i < all->len; i++)
    {
      TempoOrganization *organization = g_ptr_array_index (all, i);

      if (name == NULL
            ? all->len == 1
            : g_str_equal (organization->slug, name) || g_str_equal (organization->id, name))
        return organization;
    }
  if (all->len == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no organization yet. Make one with tempod init."));
  else if (name != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no organization \"%s\"."),
                 name);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("There are several organizations. Say which: --organization SLUG"));
  return NULL;
}

gboolean
tempo_work_choose_organization (TempoWork *work, GError **error)
{
  g_autoptr (GPtrArray) all = tempo_host_list_organizations (work->host);
  TempoOrganization *found = tempo_operation_find_organization (all, tempo_work_get_text (work, "organization"), error);

  work->organization_id = found != NULL ? g_strdup (found->id) : NULL;
  return found != NULL;
}

/* Also one whose file cannot be opened has said something. */
static void
find_log (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autoptr (GPtrArray) all = tempo_host_list_organizations (work->host);
  g_autoptr (GPtrArray) unopened = tempo_host_list_unopened (work->host);
  TempoOrganization *found = NULL;
  GError *error = NULL;

  g_ptr_array_extend_and_steal (all, g_steal_pointer (&unopened));
  found = tempo_operation_find_organization (all, tempo_work_get_text (work, "organization"), &error);
  if (found != NULL)
    g_task_return_pointer (task, g_strdup (found->id), g_free);
  else
    g_task_return_error (task, error);
}

/* By name, code or id; without one the only room there is. */
static gboolean
choose_room (Work *work, GError **error)
{
  g_autoptr (GPtrArray) all = tempo_host_list_rooms (work->host, work->organization_id);
  const char *name = tempo_work_get_text (work, "room");

  for (guint i = 0; i < all->len; i++)
    {
      TempoRoomInfo *room = g_ptr_array_index (all, i);

      if (name == NULL
            ? all->len == 1
            : g_str_equal (room->name, name) || g_ascii_strcasecmp (room->code, name) == 0
                || g_str_equal (room->id, name))
        {
          work->room_id = g_strdup (room->id);
          return TRUE;
        }
    }
  if (name != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no room \"%s\"."), name);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("There are several rooms. Say which: --room NAME"));
  return FALSE;
}

static void
event_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (TempoOutcome) outcome =
    tempo_host_execute_finish (TEMPO_HOST (source), result, &error);

  if (outcome == NULL)
    g_task_return_error (task, error);
  else if (outcome->event == NULL)
    g_task_return_pointer (task, g_strdup (_ ("Done.")), g_free);
  else
    g_task_return_pointer (task,
                           g_strdup_printf ("%s %s %s", outcome->event->number,
                                            tempo_event_state_to_string (outcome->event->state),
                                            outcome->event->name),
                           g_free);
}

static void
execute_on_room (GTask *task, TempoAction action)
{
  Work *work = g_task_get_task_data (task);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;
  const char *name = tempo_work_get_text (work, "name");

  if (!tempo_work_choose_organization (work, &error) || !choose_room (work, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  command = tempo_command_new (action, actor, work->organization_id, work->room_id);
  command->event_id = g_strdup (tempo_work_get_text (work, "event"));
  if (action == TEMPO_ACTION_EVENT_CREATE)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();

      command->name = name != NULL ? g_strdup (name) : g_date_time_format (now, "%A %F");
      command->flag = TRUE;
    }
  tempo_host_execute_async (work->host, command, NULL, event_done_cb, g_object_ref (task));
}

static void
start_event (GTask *task)
{
  Work *work = g_task_get_task_data (task);

  execute_on_room (task, tempo_work_get_text (work, "event") != NULL ? TEMPO_ACTION_EVENT_START
                                                          : TEMPO_ACTION_EVENT_CREATE);
}

static void
end_event (GTask *task)
{
  execute_on_room (task, TEMPO_ACTION_EVENT_END);
}

/* A line an event: number, state, start, name. */
static char *
format_events (GBytes *list, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (list, &length);
  g_autoptr (JsonObject) object = tempo_json_parse (text, length, error);
  g_autoptr (GString) lines = g_string_new (NULL);
  JsonArray *events;

  if (object == NULL)
    return NULL;
  events = json_object_get_array_member (object, "events");
  for (guint i = 0; events != NULL && i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);

      g_string_append_printf (lines, "%s%s %-9s %-24s %s", i > 0 ? "\n" : "",
                              json_object_get_string_member_with_default (event, "number", "-"),
                              json_object_get_string_member_with_default (event, "state", "-"),
                              json_object_get_string_member_with_default (event, "startedAt", "-"),
                              json_object_get_string_member_with_default (event, "name", ""));
    }
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

static void
events_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) list = tempo_host_list_finish (TEMPO_HOST (source), result, &error);
  char *text = list != NULL ? format_events (list, &error) : NULL;

  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

/* Lists are asked for on the engine thread; the answer goes back through the task. */
static gboolean
list_events_cb (gpointer user_data)
{
  GTask *task = user_data;
  Work *work = g_task_get_task_data (task);

  tempo_host_list_async (work->host, work->organization_id, "events", NULL, NULL, EVENTS_MAX, NULL,
                         events_listed_cb, g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static void
list_events (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (!tempo_work_choose_organization (work, &error))
    g_task_return_error (task, error);
  else
    g_main_context_invoke_full (tempo_host_get_context (work->host), G_PRIORITY_DEFAULT,
                                list_events_cb, g_object_ref (task), g_object_unref);
}

static void
organization_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (TempoOrganization) organization =
    tempo_host_create_organization_finish (TEMPO_HOST (source), result, &error);
  g_autoptr (GPtrArray) rooms = NULL;
  TempoRoomInfo *room;

  if (organization == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  rooms = tempo_host_list_rooms (TEMPO_HOST (source), organization->id);
  room = rooms->len > 0 ? g_ptr_array_index (rooms, 0) : NULL;
  g_task_return_pointer (task,
                         g_strdup_printf (_ ("Made \"%s\" (%s), room code %s"), organization->name,
                                          organization->slug, room != NULL ? room->code : "-"),
                         g_free);
}

static void
make_organization (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);

  tempo_host_create_organization_async (work->host, actor, tempo_work_get_text (work, "name"),
                                        tempo_work_get_text (work, "slug"), tempo_work_get_text (work, "code"),
                                        tempo_work_get_text (work, "username"), tempo_work_get_text (work, "password"), organization_made_cb,
                                        g_object_ref (task));
}

/* Settings of the installation that a host may change; others are the program's own. */
static const char *const settings[] = { "staff_over_http", "port",    "tls_port", "tls_certificate",
                                        "tls_key",         NULL };

static const char *
find_fault (const char *key, const char *value)
{
  gint64 port = value != NULL ? g_ascii_strtoll (value, NULL, 10) : 0;

  if (value == NULL)
    return NULL;
  if ((g_str_equal (key, "port") || g_str_equal (key, "tls_port")) && (port < 1 || port > 65535))
    return N_ ("A port is a number from 1 to 65535.");
  if (g_str_equal (key, "staff_over_http") && !g_str_equal (value, "true") && !g_str_equal (value, "false"))
    return N_ ("\"staff_over_http\" is true or false.");
  if (g_str_has_prefix (key, "tls_") && !g_str_equal (key, "tls_port")
      && !(g_path_is_absolute (value) && g_file_test (value, G_FILE_TEST_IS_REGULAR)))
    return N_ ("Give the whole path of a file that is there.");
  return NULL;
}

static gboolean
is_good_setting (const char *key, const char *value, GError **error)
{
  const char *fault;

  if (key == NULL || !g_strv_contains (settings, key))
    {
      g_autofree char *names = g_strjoinv (", ", (GStrv) settings);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("There is no setting \"%s\". There are: %s."),
                   key != NULL ? key : "", names);
      return FALSE;
    }
  fault = find_fault (key, value);
  if (fault != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ (fault));
  return fault == NULL;
}

static void
run_setting (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  const char *key = tempo_work_get_text (work, "key");
  const char *value = tempo_work_get_text (work, "value");
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);
  g_autofree char *stored = NULL;
  GError *error = NULL;

  if (!is_good_setting (key, value, &error)
      || (value != NULL && !tempo_host_change_setting (work->host, actor, key, value, &error)))
    {
      g_task_return_error (task, error);
      return;
    }
  stored = tempo_host_get_setting (work->host, key);
  g_task_return_pointer (
    task, stored != NULL ? g_strdup_printf ("%s %s", key, stored) : g_strdup_printf (_ ("%s is not set"), key), g_free);
}

/* "medium valid until 2027-11-27T00:00:00Z, key …D4H7" or "community", and a line for each limit: "rooms: 2 of 10".
 * For programs too, so in one language. */
static char *
describe_licence (JsonObject *licence)
{
  GString *text = g_string_new (json_object_get_string_member (licence, "tier"));
  const char *state = json_object_get_string_member (licence, "state");
  const char *until = json_object_get_string_member_with_default (licence, "until", NULL);
  const char *last_four = json_object_get_string_member_with_default (licence, "lastFour", NULL);
  JsonObject *limits = json_object_get_object_member (licence, "limits");
  JsonObject *used = json_object_get_object_member (licence, "used");
  g_autoptr (GList) names = json_object_get_members (limits);

  if (!g_str_equal (state, "none"))
    g_string_append_printf (text, " %s", state);
  if (until != NULL)
    g_string_append_printf (text, " until %s", until);
  if (last_four != NULL)
    g_string_append_printf (text, ", key …%s", last_four);
  for (GList *name = names; name != NULL; name = name->next)
    {
      if (!json_object_has_member (used, name->data))
        continue;
      g_string_append_printf (text, "\n%s: %" G_GINT64_FORMAT " of ", (const char *) name->data,
                              json_object_get_int_member (used, name->data));
      if (json_object_get_null_member (limits, name->data))
        g_string_append (text, "any");
      else
        g_string_append_printf (text, "%" G_GINT64_FORMAT, json_object_get_int_member (limits, name->data));
    }
  return g_string_free (text, FALSE);
}

static gboolean
show_licence_cb (gpointer user_data)
{
  GTask *task = user_data;
  Work *work = g_task_get_task_data (task);
  g_autoptr (GBytes) json = tempo_host_describe_licence (work->host, work->organization_id);
  gsize length = 0;
  const char *text = json != NULL ? g_bytes_get_data (json, &length) : NULL;
  g_autoptr (JsonObject) answer = text != NULL ? tempo_json_parse (text, length, NULL) : NULL;
  JsonObject *licence = answer != NULL ? json_object_get_object_member (answer, "licence") : NULL;

  if (licence == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no licence to be shown."));
  else
    g_task_return_pointer (task, describe_licence (licence), g_free);
  return G_SOURCE_REMOVE;
}

static void
show_licence (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (work->organization_id == NULL && !tempo_work_choose_organization (work, &error))
    g_task_return_error (task, error);
  else
    g_main_context_invoke_full (tempo_host_get_context (work->host), G_PRIORITY_DEFAULT, show_licence_cb,
                                g_object_ref (task), g_object_unref);
}

static void
licence_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (source), result, &error);

  if (outcome == NULL)
    g_task_return_error (task, error);
  else
    show_licence (task);
}

/* "enter" brings a key or a document, "remove" neither. */
static void
set_licence (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);
  g_autoptr (TempoCommand) command = NULL;
  GError *error = NULL;

  if (!tempo_work_choose_organization (work, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  command = tempo_command_new (TEMPO_ACTION_LICENCE, actor, work->organization_id, NULL);
  command->patch = json_object_ref (work->request);
  tempo_host_execute_async (work->host, command, NULL, licence_set_cb, g_object_ref (task));
}

static void
backed_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *path = tempo_host_backup_finish (TEMPO_HOST (source), result, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

static void
back_up (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (!tempo_work_choose_organization (work, &error))
    g_task_return_error (task, error);
  else
    tempo_host_backup_async (work->host, work->organization_id, NULL, backed_up_cb,
                             g_object_ref (task));
}

/* The predecessors had one account of Spotify, in the environment: what the command found there goes to the keyring of the
 * organization, and nowhere else. */

typedef struct
{
  GTask *task; /* (owned) */
  char *text;  /* (owned) */
} Keeping;

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Keeping *keeping = user_data;
  g_autoptr (GTask) task = keeping->task;
  g_autofree char *text = keeping->text;
  g_autoptr (GError) error = NULL;
  gboolean kept = tempo_secrets_store_finish (TEMPO_SECRETS (source), result, &error)
                  && tempo_secrets_is_durable (TEMPO_SECRETS (source));

  g_free (keeping);
  g_task_return_pointer (
    task,
    g_strconcat (text, "\n",
                 kept ? _ ("Spotify's tokens are in the keyring.")
                      : _ ("There is no keyring here, so Spotify's tokens were not kept: connect Spotify anew."),
                 NULL),
    g_free);
}

static gboolean
keep_tokens (GTask *task, char *text)
{
  Work *work = g_task_get_task_data (task);
  const char *refresh = tempo_json_get_string (work->request, "refreshToken", 8192, NULL, NULL);
  g_autoptr (GPtrArray) all = tempo_host_list_organizations (work->host);
  const char *organization_id = NULL;
  g_autoptr (TempoSpotifyTokens) tokens = NULL;
  g_autofree char *name = tempo_spotify_secret_name (NULL);
  char *secret = NULL;
  Keeping *keeping = NULL;

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((TempoOrganization *) g_ptr_array_index (all, i))->slug, "default"))
      organization_id = ((TempoOrganization *) g_ptr_array_index (all, i))->id;
  if (refresh == NULL || organization_id == NULL)
    return FALSE;
  tokens = tempo_spotify_tokens_new (tempo_json_get_string (work->request, "clientId", 200, "", NULL), refresh,
                                     tempo_json_get_string (work->request, "accessToken", 8192, NULL, NULL), 0, 0);
  secret = tempo_spotify_tokens_write (tokens);
  keeping = g_new0 (Keeping, 1);
  keeping->task = g_object_ref (task);
  keeping->text = text;
  tempo_secrets_store_async (tempo_host_get_secrets (work->host), organization_id, name, secret, NULL, kept_cb,
                             keeping);
  tempo_spotify_wipe (secret);
  return TRUE;
}

static void
cared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *text = tempo_host_care_finish (TEMPO_HOST (source), result, &error);

  if (text == NULL)
    g_task_return_error (task, error);
  else if (!keep_tokens (task, text))
    g_task_return_pointer (task, text, g_free);
}

static gboolean
find_care (const char *word, TempoCareKind *kind)
{
  static const char *const words[TEMPO_N_CARE] = {
    [TEMPO_CARE_VERIFY_LOG] = "verify",
    [TEMPO_CARE_EXPORT] = "export",
    [TEMPO_CARE_IMPORT] = "import",
    [TEMPO_CARE_ERASE_GUEST] = "erase_guest",
    [TEMPO_CARE_ERASE_ORGANIZATION] = "erase_organization",
    [TEMPO_CARE_RESTORE] = "restore",
    [TEMPO_CARE_MOVE_ROOM] = "move_room",
    [TEMPO_CARE_TAKE_SINGLE] = "take_single",
    [TEMPO_CARE_DROP_SINGLE] = "drop_single",
    [TEMPO_CARE_GIVE_SINGLE] = "give_single",
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i], word) == 0)
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static void
take_care (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);
  TempoCareOrder order = { .actor = actor,
                           .path = tempo_work_get_text (work, "path"),
                           .slug = tempo_work_get_text (work, "slug"),
                           .target = tempo_work_get_text (work, "target"),
                           .title = tempo_work_get_text (work, "title") };
  GError *error = NULL;

  if (!find_care (tempo_work_get_text (work, "kind"), &order.kind))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               _ ("This Tempo does not know how to do that."));
      return;
    }
  if (order.kind != TEMPO_CARE_IMPORT && order.kind < TEMPO_CARE_MOVE_ROOM
      && !tempo_work_choose_organization (work, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  order.organization = work->organization_id;
  order.as_new = tempo_json_get_bool (work->request, "asNew", FALSE, NULL);
  order.dry_run = tempo_json_get_bool (work->request, "dryRun", FALSE, NULL);
  order.credentials = tempo_json_get_bool (work->request, "credentials", FALSE, NULL);
  tempo_host_care_async (work->host, &order, cared_cb, g_object_ref (task));
}

static const struct
{
  const char *name;
  void (*run) (GTask *task);
} operations[] = {
  { "organization_create", make_organization },
  { "event_start", start_event },
  { "event_end", end_event },
  { "event_list", list_events },
  { "member_list", tempo_people_operation_run },
  { "member_password", tempo_people_operation_run },
  { "member_add", tempo_people_operation_run },
  { "member_role", tempo_people_operation_run },
  { "member_remove", tempo_people_operation_run },
  { "member_invite", tempo_people_operation_run },
  { "member_pin", tempo_people_operation_run },
  { "licence_show", show_licence },
  { "licence_enter", set_licence },
  { "licence_remove", set_licence },
  { "setting", run_setting },
  { "backup", back_up },
  { "log", find_log },
  { "care", take_care },
};

/* Each operation ends its task exactly once, on whatever thread it came to
 * know the outcome; the task brings it back to the caller's context.
 */
void
tempo_operation_run_async (TempoHost *host,
                           JsonObject *request,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Work *work = g_new0 (Work, 1);
  const char *name;

  work->host = g_object_ref (host);
  work->request = json_object_ref (request);
  g_task_set_source_tag (task, tempo_operation_run_async);
  g_task_set_task_data (task, work, free_work);
  name = tempo_work_get_text (work, "operation");
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      if (g_strcmp0 (operations[i].name, name) == 0)
        {
          operations[i].run (task);
          return;
        }
    }
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("This Tempo does not know \"%s\"; it may be older than the command."),
                           name != NULL ? name : "");
}

/* The text for the person, without a line end.
 */
char *
tempo_operation_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  GAsyncResult *result; /* (owned) */
} Waiter;

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (Waiter *waiter)
{
  while (waiter->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&waiter->result);
}

/* What keeps secrets, or takes them away; all else need not wait for it. */
static gboolean
needs_keyring (JsonObject *request)
{
  return json_object_has_member (request, "refreshToken")
         || g_strcmp0 (tempo_json_get_string (request, "kind", 64, NULL, NULL), "erase_organization") == 0;
}

/* An engine of our own, for as long as one operation takes. */
static char *
run_here (const char *data_dir, JsonObject *request, GError **error)
{
  /* It may meet a night that is on, and must not play it. */
  TempoHostOptions options = { .data_dir = data_dir, .audio_sink = "fakesink sync=true" };
  g_autoptr (TempoSecrets) secrets = needs_keyring (request) ? tempo_daemon_find_secrets () : NULL;
  g_autoptr (TempoHost) host = NULL;
  Waiter waiter = { NULL };
  g_autoptr (GAsyncResult) started = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GAsyncResult) stopped = NULL;
  char *text = NULL;

  options.secrets = secrets;
  host = tempo_host_new (&options);
  tempo_host_start_async (host, NULL, store_result_cb, &waiter);
  started = wait_for_result (&waiter);
  if (!tempo_host_start_finish (host, started, error))
    return NULL;
  tempo_operation_run_async (host, request, store_result_cb, &waiter);
  done = wait_for_result (&waiter);
  text = tempo_operation_run_finish (done, error);
  tempo_host_stop_async (host, store_result_cb, &waiter);
  stopped = wait_for_result (&waiter);
  tempo_host_stop_finish (host, stopped, NULL);
  return text;
}

/* The desktop app holds the folder as well but listens to its own panel: then
 * there is nobody to ask and nothing to open, and the message says where to go.
 */
int
tempo_operation_execute (const char *data_dir, JsonObject *request)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tempo_control_ask (data_dir, request, &error);

  if (text == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      text = run_here (data_dir, request, &error);
    }
  if (text == NULL && g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY))
    return tempo_daemon_fail (
      TEMPO_EXIT_FAILED,
      _ ("Tempo is running with this folder: use its panel, or close it first."));
  if (text == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_FAILED, "%s", error->message);
  if (*text != '\0')
    printf ("%s\n", text);
  return TEMPO_EXIT_DONE;
}

/* For what may only be done, or is checked differently, while a Tempo serves
 * the folder.
 */
gboolean
tempo_operation_find_server (const char *data_dir, guint16 *port)
{
  g_autoptr (JsonObject) request = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (request, "operation", "ping");
  text = tempo_control_ask (data_dir, request, NULL);
  if (text != NULL && port != NULL)
    *port = (guint16) g_ascii_strtoull (text, NULL, 10);
  return text != NULL;
}
