/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to people: who may, what is asked of a password's pool first, then the change, its row in the log and the
 * answer after the commit. What each act does is in tempo-people-members.c and its neighbours. */
#include "venue/tempo-people-private.h"

#include <string.h>

#include "access/tempo-password.h"
#include "access/tempo-permission.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-outcome-private.h"

static const TempoPeopleHandler handlers[TEMPO_PEOPLE_N_ACTS] = {
  [TEMPO_PEOPLE_CREATE] = { "manage_members", FALSE, tempo_people_check_create, tempo_people_apply_create },
  [TEMPO_PEOPLE_CHANGE] = { "manage_members", FALSE, tempo_people_check_change, tempo_people_apply_change },
  [TEMPO_PEOPLE_REMOVE] = { "manage_members", FALSE, tempo_people_check_remove, tempo_people_apply_remove },
  [TEMPO_PEOPLE_INVITE] = { "manage_members", FALSE, tempo_people_check_invite, tempo_people_apply_invite },
  [TEMPO_PEOPLE_REVOKE_INVITATION] = { "manage_members", FALSE, tempo_people_check_revoke, tempo_people_apply_revoke },
  [TEMPO_PEOPLE_RESET] = { "manage_members", FALSE, tempo_people_check_reset, tempo_people_apply_reset },
  [TEMPO_PEOPLE_ACCEPT] = { NULL, FALSE, tempo_people_check_accept, tempo_people_apply_accept },
  [TEMPO_PEOPLE_USE_RESET] = { NULL, FALSE, tempo_people_check_use_reset, tempo_people_apply_use_reset },
  [TEMPO_PEOPLE_CHANGE_OWN] = { NULL, FALSE, tempo_people_check_own, tempo_people_apply_own },
  [TEMPO_PEOPLE_FACTOR_BEGIN] = { NULL, FALSE, tempo_people_check_factor_begin, tempo_people_apply_factor_begin },
  [TEMPO_PEOPLE_FACTOR_CONFIRM] = { NULL, FALSE, tempo_people_check_factor_confirm, tempo_people_apply_factor_confirm },
  [TEMPO_PEOPLE_FACTOR_DROP] = { NULL, FALSE, tempo_people_check_factor_drop, tempo_people_apply_factor_drop },
  [TEMPO_PEOPLE_FACTOR_RESET] = { "reset_factor", FALSE, tempo_people_check_factor_reset, tempo_people_apply_factor_reset },
  /* Sessions are of this host, whoever looks after the members. */
  [TEMPO_PEOPLE_END_SESSIONS] = { NULL, TRUE, tempo_people_check_end_sessions, tempo_people_apply_end_sessions },
};

static void
free_work (gpointer data)
{
  g_autofree TempoPeopleWork *work = data;

  g_clear_pointer (&work->command, tempo_people_command_unref);
  g_clear_pointer (&work->hash, g_free);
  g_clear_pointer (&work->outcome, tempo_people_outcome_free);
}

/* The one place where it is decided whether this host may change its people. */
static gboolean
is_open (TempoVenue *venue,
         const TempoPeopleHandler *handler,
         GError **error)
{
  if (venue->people->managed && !handler->local)
    return tempo_refuse (error, TEMPO_REFUSAL_MANAGED, "member", "people are looked after at the central instance");

  return TRUE;
}

static TempoVenue *
find_venue (TempoHost *host,
            TempoPeopleCommand *command)
{
  if (command->token != NULL)
    return tempo_people_find_token (host, command->token, NULL);

  return tempo_host_find_venue (host, command->organization_id);
}

/* (nullable): where it happens, when it may. */
static TempoVenue *
check (TempoHost *host,
       TempoPeopleWork *work,
       GError **error)
{
  const TempoPeopleHandler *handler = &handlers[work->command->act];
  TempoActor *actor = work->command->actor;
  TempoVenue *venue;

  if (!host->running || host->stopping)
    {
      tempo_refuse (error, TEMPO_REFUSAL_SHUTTING_DOWN, "member", "the engine does not run");
      return NULL;
    }
  venue = find_venue (host, work->command);
  if (venue == NULL && work->command->token != NULL)
    tempo_refuse (error, TEMPO_REFUSAL_USED_UP, "token", "no such link, or it was used");
  else if (venue == NULL)
    tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "organization", "no such organization");
  else if (venue->closing || venue->reloading || venue->broken)
    tempo_refuse (error, TEMPO_REFUSAL_STORAGE, "member", venue->trouble != NULL ? venue->trouble : "the file is being read");
  else if (handler->word != NULL && !tempo_people_may (venue, actor, handler->word, TEMPO_ROLE_NONE))
    tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");
  else if (is_open (venue, handler, error) && handler->check (venue, work, error))
    return venue;

  return NULL;
}

static void
committed_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoPeopleWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (TempoOutcome) outcome = g_task_propagate_pointer (G_TASK (result), &error);

  if (outcome == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&work->outcome), (GDestroyNotify) tempo_people_outcome_free);
}

static void
apply (TempoVenue *venue,
       GTask *task)
{
  TempoPeopleWork *work = g_task_get_task_data (task);
  g_autoptr (GTask) commit = g_task_new (venue->host, NULL, committed_cb, g_object_ref (task));

  g_task_set_source_tag (commit, apply);
  work->outcome = g_new0 (TempoPeopleOutcome, 1);
  g_set_object (&work->outcome->organization, venue->organization);
  handlers[work->command->act].apply (venue, work);
  tempo_venue_answer_later (venue, commit, tempo_outcome_new (), NULL, NULL);
}

static void go_on (TempoHost *host, GTask *task);

static void
hashed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoPeopleWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  work->hash = tempo_password_hash_finish (result, &error);
  if (work->hash == NULL)
    tempo_people_refuse_password (task, error);
  else
    go_on (g_task_get_source_object (task), task);
}

/* Whoever sits at a machine somebody left signed in must not get to guess, either. */
static char *
guess_key (TempoPeopleCommand *command)
{
  return g_strconcat ("own/", command->actor->id, NULL);
}

static void
proved_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoPeopleWork *work = g_task_get_task_data (task);
  TempoHost *host = g_task_get_source_object (task);
  g_autofree char *key = guess_key (work->command);
  g_autoptr (GError) error = NULL;

  work->proved = tempo_password_verify_finish (result, &error);
  if (error != NULL)
    {
      tempo_people_refuse_password (task, error);
    }
  else if (!work->proved)
    {
      if (host->running)
        tempo_throttle_failed (host->by_account, key);
      tempo_refuse_task (task, TEMPO_REFUSAL_WRONG_CODE, "password", "not the password");
    }
  else
    {
      go_on (host, task);
    }
}

/* One step nearer: the old password is proved, the new one hashed, then it is done. */
static void
go_on (TempoHost *host,
       GTask *task)
{
  TempoPeopleWork *work = g_task_get_task_data (task);
  TempoPeopleCommand *command = work->command;
  GError *error = NULL;
  TempoVenue *venue = check (host, work, &error);

  if (venue == NULL)
    {
      g_task_return_error (task, error);
    }
  else if (command->old_password != NULL && !work->proved)
    {
      TempoMember *own = g_hash_table_lookup (venue->members, command->actor->id);

      tempo_password_verify_async (command->old_password, own->password_hash, NULL, proved_cb, g_object_ref (task));
    }
  else if (command->password != NULL && work->hash == NULL)
    {
      tempo_password_hash_async (command->password, NULL, hashed_cb, g_object_ref (task));
    }
  else
    {
      apply (venue, task);
    }
}

static gboolean
may_guess (TempoHost *host,
           TempoPeopleCommand *command,
           GTask *task)
{
  g_autofree char *key = NULL;
  TempoRefusalDetail detail = { .subject = "code" };
  guint seconds;

  if (!host->running || (command->old_password == NULL && command->act != TEMPO_PEOPLE_FACTOR_DROP))
    return TRUE;
  key = guess_key (command);
  if (tempo_throttle_may_try (host->by_account, key, &seconds))
    return TRUE;

  detail.until = tempo_clock_now (host->clock) + seconds * G_TIME_SPAN_SECOND;
  g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_RATE, &detail, "too many wrong ones"));

  return FALSE;
}

static void
execute_on_engine (TempoHost *host,
                   GTask *task)
{
  TempoPeopleWork *work = g_task_get_task_data (task);
  TempoActor *actor = work->command->actor;
  gboolean own = handlers[work->command->act].word == NULL && work->command->token == NULL;

  if (own && work->command->member_id == NULL && (actor == NULL || actor->kind != TEMPO_ACTOR_MEMBER))
    tempo_refuse_task (task, TEMPO_REFUSAL_FORBIDDEN, "member", "only a signed-in person has these");
  else if (may_guess (host, work->command, task))
    go_on (host, task);
}

/**
 * tempo_people_execute_async:
 * @host: a running engine
 * @command: (transfer none): what to do; not changed afterwards
 * @callback: after the commit
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_people_execute_async (TempoHost *host,
                            TempoPeopleCommand *command,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (host, NULL, callback, user_data);
  TempoPeopleWork *work = g_new0 (TempoPeopleWork, 1);

  work->command = tempo_people_command_ref (command);
  g_task_set_source_tag (task, tempo_people_execute_async);
  g_task_set_task_data (task, work, free_work);
  tempo_host_invoke (host, task, execute_on_engine);
}

/**
 * tempo_people_execute_finish:
 * @host: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): what came of it
 */
TempoPeopleOutcome *
tempo_people_execute_finish (TempoHost *host,
                             GAsyncResult *result,
                             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_people_set_managed:
 * @host: the engine
 * @organization_id: slug or id
 * @managed: whether a central instance looks after its people
 *
 * Engine thread.
 */
void
tempo_people_set_managed (TempoHost *host,
                          const char *organization_id,
                          gboolean managed)
{
  TempoVenue *venue = tempo_host_find_venue (host, organization_id);

  if (venue != NULL)
    venue->people->managed = managed;
}

/* Commands and outcomes. */

/**
 * tempo_people_command_new:
 * @act: what to do
 * @actor: (nullable): who does it
 * @organization_id: (nullable): slug or id
 *
 * Returns: (transfer full): a command, to be filled in
 */
TempoPeopleCommand *
tempo_people_command_new (TempoPeopleAct act,
                          TempoActor *actor,
                          const char *organization_id)
{
  TempoPeopleCommand *self = g_new0 (TempoPeopleCommand, 1);

  g_return_val_if_fail (act < TEMPO_PEOPLE_N_ACTS, NULL);

  g_atomic_ref_count_init (&self->ref_count);
  self->act = act;
  self->actor = actor != NULL ? tempo_actor_ref (actor) : NULL;
  self->organization_id = g_strdup (organization_id);

  return self;
}

TempoPeopleCommand *
tempo_people_command_ref (TempoPeopleCommand *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * tempo_people_command_unref:
 * @self: (transfer full): a command
 *
 * With the last reference passwords and codes are overwritten.
 */
void
tempo_people_command_unref (TempoPeopleCommand *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->actor, tempo_actor_unref);
  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->member_id, g_free);
  g_clear_pointer (&self->target_id, g_free);
  g_clear_pointer (&self->session_id, g_free);
  g_clear_pointer (&self->keep_id, g_free);
  g_clear_pointer (&self->username, g_free);
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->agent, g_free);
  tempo_people_clear_secret (&self->password);
  tempo_people_clear_secret (&self->old_password);
  tempo_people_clear_secret (&self->token);
  tempo_people_clear_secret (&self->code);
  g_free (self);
}

/**
 * tempo_people_outcome_free:
 * @self: (transfer full): an outcome
 *
 * Frees it.
 */
void
tempo_people_outcome_free (TempoPeopleOutcome *self)
{
  g_clear_object (&self->member);
  g_clear_object (&self->organization);
  g_clear_pointer (&self->target_id, g_free);
  tempo_people_clear_secret (&self->token);
  tempo_people_clear_secret (&self->secret);
  tempo_people_clear_secret (&self->uri);
  g_clear_pointer (&self->codes, g_strfreev);
  g_clear_pointer (&self->ended, g_strfreev);
  g_free (self);
}

/* What all acts share. */

void
tempo_people_clear_secret (char **text)
{
  if (*text != NULL)
    memset (*text, 0, strlen (*text));
  g_clear_pointer (text, g_free);
}

void
tempo_people_refuse_password (GTask *task,
                              const GError *error)
{
  if (g_error_matches (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_BUSY))
    tempo_refuse_task (task, TEMPO_REFUSAL_RATE, "password", error->message);
  else
    tempo_refuse_task (task, TEMPO_REFUSAL_WEAK_PASSWORD, "password", error->message);
}

char *
tempo_people_clean_username (const char *username)
{
  g_autofree char *lower = username != NULL ? g_utf8_strdown (username, -1) : g_strdup ("");

  return g_strdup (g_strstrip (lower));
}

gboolean
tempo_people_is_username (const char *username)
{
  if (*username == '\0' || g_utf8_strlen (username, -1) > TEMPO_MEMBER_MAX_USERNAME)
    return FALSE;
  for (const char *p = username; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isalnum (g_utf8_get_char (p)) && strchr ("._-@+", *p) == NULL)
      return FALSE;

  return TRUE;
}

/* The role somebody has now, not the one it had when the call came: a password was hashed meanwhile. */
static TempoRole
get_rank (TempoVenue *venue,
          TempoActor *actor)
{
  TempoMember *member = actor->id != NULL ? g_hash_table_lookup (venue->members, actor->id) : NULL;

  if (member == NULL)
    return actor->role;

  return member->active ? member->role : TEMPO_ROLE_NONE;
}

/**
 * tempo_people_may:
 * @venue: an organization
 * @actor: (nullable): who
 * @word: of the permission table
 * @role: the highest rank the act touches
 *
 * Returns: whether @actor may; nobody changes or makes a rank above the own one
 */
gboolean
tempo_people_may (TempoVenue *venue,
                  TempoActor *actor,
                  const char *word,
                  TempoRole role)
{
  TempoRole rank;

  if (actor == NULL || actor->kind == TEMPO_ACTOR_GUEST)
    return FALSE;
  if (actor->kind != TEMPO_ACTOR_MEMBER || actor->super_admin)
    return TRUE;

  rank = get_rank (venue, actor);

  return g_strcmp0 (actor->organization_id, venue->organization->id) == 0 && tempo_permission_allows (rank, word)
         && rank >= role;
}

TempoMember *
tempo_people_find_target (TempoVenue *venue,
                          TempoPeopleCommand *command)
{
  g_autofree char *username = NULL;

  if (command->member_id != NULL)
    return g_hash_table_lookup (venue->members, command->member_id);

  username = tempo_people_clean_username (command->username);

  return tempo_venue_find_username (venue, username);
}

void
tempo_people_log (TempoVenue *venue,
                  TempoActor *actor,
                  const char *action,
                  const char *member_id,
                  const char *before,
                  const char *after)
{
  tempo_venue_audit (venue, &(TempoAudit) { actor, action, "member", member_id, before, after, NULL });
}
