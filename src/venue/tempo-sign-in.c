/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in: who may it be, the password in its own pool, the second factor. Guessing is slowed down per account and
 * per address, and never shuts anyone out for good. */
#include "venue/tempo-people-private.h"

#include "access/tempo-password.h"
#include "venue/tempo-host-private.h"

/* Each costs as much as a wrong password. */
#define MAX_CANDIDATES 8

typedef struct
{
  char *username;        /* (owned) */
  char *password;        /* (owned) */
  char *code;            /* (owned) (nullable) */
  char *organization;    /* (owned) (nullable) */
  char *address;         /* (owned) (nullable) the key its failures count under */
  char *from, *agent;    /* (owned) (nullable) for the log */
  gboolean local;
  TempoMember *member;   /* (owned) (nullable) whose password is being checked */
  GPtrArray *candidates; /* (owned) (nullable) who it may be */
  guint tried;           /* how many of them */
} Account;

static void
free_account (gpointer data)
{
  g_autofree Account *account = data;

  g_clear_pointer (&account->username, g_free);
  tempo_people_clear_secret (&account->password);
  tempo_people_clear_secret (&account->code);
  g_clear_pointer (&account->organization, g_free);
  g_clear_pointer (&account->address, g_free);
  g_clear_pointer (&account->from, g_free);
  g_clear_pointer (&account->agent, g_free);
  g_clear_object (&account->member);
  g_clear_pointer (&account->candidates, g_ptr_array_unref);
}

/* By the house the person belongs to, not by how the caller spelled it: id, slug and nothing at all
 * must not be three accounts with three lots of guesses. */
static char *
account_key (Account *account,
             TempoMember *member)
{
  const char *house = account->organization != NULL ? account->organization : "";

  if (member != NULL)
    house = member->organization_id;

  return g_strdup_printf ("%s/%s", house, account->username);
}

/* Two houses may each have an "owner": who does not say which house is meant is told apart by the password. */
static GPtrArray *
find_candidates (TempoHost *self,
                 Account *account)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->venues->len && found->len < MAX_CANDIDATES; i++)
    {
      TempoVenue *venue = g_ptr_array_index (self->venues, i);
      TempoMember *member;

      if (account->organization != NULL && venue != tempo_host_find_venue (self, account->organization))
        continue;
      member = tempo_venue_find_username (venue, account->username);
      /* Somebody who was switched off is nobody here. */
      if (member != NULL && member->active && member->password_hash != NULL && *member->password_hash != '\0')
        g_ptr_array_add (found, g_object_ref (member));
    }

  return g_steal_pointer (&found);
}

static void verified_cb (GObject *object, GAsyncResult *result, gpointer user_data);

/* The same work for a name nobody has: the time of an answer tells nothing. */
static void
verify_next (GTask *task)
{
  Account *account = g_task_get_task_data (task);

  g_clear_object (&account->member);
  if (account->tried < account->candidates->len)
    account->member = g_object_ref (g_ptr_array_index (account->candidates, account->tried++));
  tempo_password_verify_async (account->password, account->member != NULL
                               ? account->member->password_hash : NULL, NULL,
                               verified_cb, g_object_ref (task));
}

/* Whose name it was is in that house's log; what was typed for a name is in none, it may be a password. */
static void
log_failure (TempoHost *self,
             Account *account,
             TempoMember *member,
             const char *reason)
{
  TempoVenue *venue = tempo_host_find_venue (self, member->organization_id);
  g_autoptr (TempoActor) stranger = tempo_actor_new_guest (NULL, NULL, account->from, account->agent);

  if (venue != NULL)
    tempo_host_log (self, venue->organization, G_LOG_LEVEL_INFO, "Refused a sign-in as %s at %s: %s", member->username,
                    account->from != NULL ? account->from : "this machine", reason);
  if (venue != NULL && !venue->reloading && !venue->broken && !venue->closing)
    tempo_venue_audit (venue, &(TempoAudit) { stranger, "refused", "member", member->id, NULL, NULL, reason });
}

/* A guess that fits nobody was a guess at each of them. @reason: for the log. */
static void
note_failure (TempoHost *self,
              Account *account,
              const char *reason)
{
  guint i = 0;

  g_message ("Refused a sign-in at %s: %s", account->from != NULL ? account->from : "this machine", reason);

  do
    {
      TempoMember *member = i < account->candidates->len ? g_ptr_array_index (account->candidates, i) : NULL;
      g_autofree char *key = account_key (account, member);

      tempo_throttle_failed (self->by_account, key);
      if (member != NULL)
        log_failure (self, account, member, reason);
    }
  while (++i < account->candidates->len);
  if (account->address != NULL)
    tempo_throttle_failed (self->by_address, account->address);
}

static void
rehashed_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *self = g_task_get_source_object (task);
  Account *account = g_task_get_task_data (task);
  g_autofree char *hash = tempo_password_hash_finish (result, NULL);
  TempoVenue *venue = self->running ? tempo_host_find_venue (self, account->member->organization_id) : NULL;

  /* A pool that is busy will have time at the next sign-in. */
  if (hash != NULL && venue != NULL)
    tempo_people_rehash (venue, account->member->id, account->member->password_hash, hash);
}

/* The password was right. Without the code that is asked for, that is no failure: the page asks for it then. */
static void
finish_sign_in (TempoHost *self,
                GTask *task)
{
  Account *account = g_task_get_task_data (task);
  g_autofree char *key = account_key (account, account->member);
  TempoVenue *venue = tempo_host_find_venue (self, account->member->organization_id);
  g_autoptr (TempoActor) actor = tempo_actor_new_member (account->member, account->from, account->agent);

  if (tempo_people_has_factor (self, account->member))
    {
      if (account->code == NULL || *account->code == '\0')
        {
          tempo_refuse_task (task, TEMPO_REFUSAL_SECOND_FACTOR, "code", "a code is needed too");
          return;
        }
      if (!tempo_people_take_code (venue, account->member, actor, account->code))
        {
          note_failure (self, account, "wrong_code");
          tempo_refuse_task (task, TEMPO_REFUSAL_WRONG_CODE, "code", "wrong code");
          return;
        }
    }

  tempo_throttle_succeeded (self->by_account, key);
  if (account->address != NULL)
    tempo_throttle_succeeded (self->by_address, account->address);
  if (tempo_password_needs_rehash (account->member->password_hash))
    tempo_password_hash_async (account->password, NULL, rehashed_cb, g_object_ref (task));
  g_task_return_pointer (task, g_object_ref (account->member), g_object_unref);
}

static void
verified_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *self = g_task_get_source_object (task);
  Account *account = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean right = tempo_password_verify_finish (result, &error);

  if (error != NULL)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_RATE, "password", error->message);
      return;
    }
  if (!right && self->running && account->tried < account->candidates->len)
    {
      verify_next (task);
      return;
    }
  if (!right || account->member == NULL || !self->running)
    {
      if (self->running)
        note_failure (self, account, "wrong_password");
      tempo_refuse_task (task, TEMPO_REFUSAL_UNAUTHENTICATED, "password", "unknown name or wrong password");
      return;
    }

  finish_sign_in (self, task);
}

/* Whoever is being guessed at waits; the others of that name need not. At the machine itself nobody waits: a guest's
 * guesses must not shut out the owner who stands there, and the pool of two hashes is slow enough for the rest. */
static gboolean
may_try (TempoHost *self,
         Account *account,
         guint *seconds)
{
  guint by_account = 0, by_address = 0;
  gboolean may = account->candidates->len > 0;

  if (account->local)
    return TRUE;
  if (!may)
    {
      g_autofree char *key = account_key (account, NULL);

      may = tempo_throttle_may_try (self->by_account, key, &by_account);
    }
  for (guint i = account->candidates->len; i > 0; i--)
    {
      g_autofree char *key = account_key (account, g_ptr_array_index (account->candidates, i - 1));

      if (!tempo_throttle_may_try (self->by_account, key, &by_account))
        g_ptr_array_remove_index (account->candidates, i - 1);
    }
  may = may && (account->candidates->len > 0 || by_account == 0);
  /* A colleague's typing errors at the same address must not be mixed up with the account's. */
  if (account->address != NULL && !tempo_throttle_may_try (self->by_address, account->address, &by_address))
    may = FALSE;
  *seconds = MAX (by_account, by_address);

  return may;
}

static void
sign_in_on_engine (TempoHost *self,
                   GTask *task)
{
  Account *account = g_task_get_task_data (task);
  TempoRefusalDetail detail = { 0 };
  guint seconds;

  if (!self->running || self->stopping)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, "password", "the engine does not run");
      return;
    }
  account->candidates = find_candidates (self, account);
  if (!may_try (self, account, &seconds))
    {
      detail.until = tempo_clock_now (self->clock) + seconds * G_TIME_SPAN_SECOND;
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_RATE, &detail, "too many wrong passwords"));
      return;
    }

  verify_next (task);
}

/**
 * tempo_people_sign_in_async:
 * @host: a running engine
 * @who: (transfer none): what was typed, and from where; copied
 * @callback: when it was checked
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_people_sign_in_async (TempoHost *host,
                            const TempoSignIn *who,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Account *account = g_new0 (Account, 1);
  g_autoptr (GTask) task = g_task_new (host, NULL, callback, user_data);

  account->username = tempo_people_clean_username (who->username);
  account->password = g_strdup (who->password != NULL ? who->password : "");
  account->code = g_strdup (who->code);
  account->organization = g_strdup (who->organization);
  account->address = who->address != NULL ? tempo_throttle_address_key (who->address) : NULL;
  account->from = g_strdup (who->address);
  account->agent = g_strdup (who->agent);
  account->local = who->local;
  g_task_set_source_tag (task, tempo_people_sign_in_async);
  g_task_set_task_data (task, account, free_account);
  tempo_host_invoke (host, task, sign_in_on_engine);
}

/**
 * tempo_people_sign_in_finish:
 * @host: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): who it is
 */
TempoMember *
tempo_people_sign_in_finish (TempoHost *host,
                             GAsyncResult *result,
                             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
