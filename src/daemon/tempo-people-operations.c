/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tempod member …: the same door that routes and panel use, with the console as the actor. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"
#include "daemon/tempo-work-private.h"
#include "venue/tempo-people.h"
#include "venue/tempo-room.h"

#define MEMBERS_MAX 200

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoWork *work = g_task_get_task_data (task);
  const char *operation = tempo_work_get_text (work, "operation");
  GError *error = NULL;
  g_autoptr (TempoPeopleOutcome) outcome = tempo_people_execute_finish (TEMPO_HOST (source), result, &error);
  char *text;

  if (outcome == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_str_equal (operation, "member_password"))
    text = g_strdup (_ ("The password is changed; older sessions are void."));
  else if (g_str_equal (operation, "member_remove"))
    text = g_strdup_printf (_ ("%s is not a member any more."), outcome->member->username);
  else if (g_str_equal (operation, "member_invite"))
    /* The page's address is the reader's to complete: which name phones reach this host by, it does not know. */
    text = g_strdup_printf ("/invite/%s", outcome->token);
  else
    text = g_strdup_printf ("%s %s", outcome->member->username, tempo_role_to_string (outcome->member->role));
  g_task_return_pointer (task, text, g_free);
}

/* A line a member: name, role, what is special. */
static char *
format_members (GBytes *list, GError **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (list, &length);
  g_autoptr (JsonObject) object = tempo_json_parse (bytes, length, error);
  g_autoptr (GString) lines = g_string_new (NULL);
  JsonArray *members;

  if (object == NULL)
    return NULL;
  members = json_object_get_array_member (object, "members");
  for (guint i = 0; i < json_array_get_length (members); i++)
    {
      JsonObject *member = json_array_get_object_element (members, i);

      g_string_append_printf (lines, "%s%-24s %-7s %-24s%s%s", i > 0 ? "\n" : "",
                              json_object_get_string_member (member, "username"),
                              json_object_get_string_member (member, "role"),
                              json_object_get_string_member_with_default (member, "lastSeenAt", "-"),
                              json_object_get_boolean_member (member, "active") ? "" : " off",
                              json_object_get_boolean_member (member, "secondFactor") ? " 2fa" : "");
    }
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) list = tempo_host_list_finish (TEMPO_HOST (source), result, &error);
  char *text = list != NULL ? format_members (list, &error) : NULL;

  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

static gboolean
list_cb (gpointer user_data)
{
  GTask *task = user_data;
  TempoWork *work = g_task_get_task_data (task);

  tempo_host_list_async (work->host, work->organization_id, "members", NULL, NULL, MEMBERS_MAX, NULL, listed_cb,
                         g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static void
pin_gone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (tempo_pin_set_finish (TEMPO_HOST (source), result, &error))
    g_task_return_pointer (task, g_strdup (_ ("The desktop has no PIN any more.")), g_free);
  else
    g_task_return_error (task, error);
}

static const struct
{
  const char *operation;
  TempoPeopleAct act;
} acts[] = {
  { "member_add", TEMPO_PEOPLE_CREATE },   { "member_password", TEMPO_PEOPLE_CHANGE }, { "member_role", TEMPO_PEOPLE_CHANGE },
  { "member_remove", TEMPO_PEOPLE_REMOVE }, { "member_invite", TEMPO_PEOPLE_INVITE },
};

static gboolean
read_role (TempoWork *work, const char *operation, TempoRole *role, GError **error)
{
  const char *word = tempo_work_get_text (work, "role");

  *role = g_str_equal (operation, "member_add") || g_str_equal (operation, "member_invite") ? TEMPO_ROLE_MEMBER : TEMPO_ROLE_NONE;
  if (word == NULL || (tempo_role_from_string (word, role) && *role != TEMPO_ROLE_NONE))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("\"%s\" is not owner, admin, member or viewer."), word);
  return FALSE;
}

static void
run_act (GTask *task, TempoPeopleAct act)
{
  TempoWork *work = g_task_get_task_data (task);
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);
  g_autoptr (TempoPeopleCommand) command = tempo_people_command_new (act, actor, work->organization_id);
  GError *error = NULL;

  command->username = g_strdup (tempo_work_get_text (work, "username"));
  command->password = g_strdup (tempo_work_get_text (work, "password"));
  command->note = g_strdup (tempo_work_get_text (work, "note"));
  if (!read_role (work, tempo_work_get_text (work, "operation"), &command->role, &error))
    g_task_return_error (task, error);
  else
    tempo_people_execute_async (work->host, command, done_cb, g_object_ref (task));
}

/* The PIN is the installation's, all else is of an organization.
 */
void
tempo_people_operation_run (GTask *task)
{
  TempoWork *work = g_task_get_task_data (task);
  const char *operation = tempo_work_get_text (work, "operation");
  GError *error = NULL;

  if (g_str_equal (operation, "member_pin"))
    {
      g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);

      tempo_pin_set_async (work->host, actor, NULL, pin_gone_cb, g_object_ref (task));
      return;
    }
  if (!tempo_work_choose_organization (work, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (acts[i].operation, operation))
      {
        run_act (task, acts[i].act);
        return;
      }
  g_main_context_invoke_full (tempo_host_get_context (work->host), G_PRIORITY_DEFAULT, list_cb, g_object_ref (task),
                              g_object_unref);
}
