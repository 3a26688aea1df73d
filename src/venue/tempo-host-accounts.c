/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Organizations and people: making them, signing in. Passwords are checked in their own pool, files are made by a
 * worker; the engine only decides. */
#include "venue/tempo-host-private.h"

#include "access/tempo-password.h"
#include "access/tempo-permission.h"
#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-care-private.h"
#include "venue/tempo-room-private.h"

#define CODE_LENGTH 5
#define MAX_TRIES 50
/* Each costs as much as a wrong password. */
#define MAX_CANDIDATES 8

typedef struct
{
  TempoActor *actor;     /* (owned) (nullable) */
  char *name;            /* (owned) */
  char *slug;            /* (owned) (nullable) */
  char *username;        /* (owned) */
  char *password;        /* (owned) (nullable) */
  char *password_hash;   /* (owned) (nullable) */
  char *organization;    /* (owned) (nullable) */
  char *address;         /* (owned) (nullable) */
  TempoRole role;
  TempoMember *member;   /* (owned) (nullable) whose password is being checked */
  GPtrArray *candidates; /* (owned) (nullable) who it may be */
  guint tried;           /* how many of them */
  TempoVenue *venue;     /* (owned) (nullable) */
} Account;

static void
free_account (gpointer data)
{
  g_autofree Account *account = data;

  g_clear_pointer (&account->actor, tempo_actor_unref);
  g_clear_pointer (&account->name, g_free);
  g_clear_pointer (&account->slug, g_free);
  g_clear_pointer (&account->username, g_free);
  if (account->password != NULL)
    memset (account->password, 0, strlen (account->password));
  g_clear_pointer (&account->password, g_free);
  g_clear_pointer (&account->password_hash, g_free);
  g_clear_pointer (&account->organization, g_free);
  g_clear_pointer (&account->address, g_free);
  g_clear_object (&account->member);
  g_clear_pointer (&account->candidates, g_ptr_array_unref);
  g_clear_pointer (&account->venue, tempo_venue_free);
}

static void
refuse (GTask *task,
        TempoRefusal refusal,
        const char *subject,
        const char *what)
{
  TempoRefusalDetail detail = { 0 };

  g_strlcpy (detail.subject, subject, sizeof detail.subject);
  g_task_return_error (task, tempo_refusal_new (refusal, &detail, "%s", what));
}

static char *
clean_username (const char *username)
{
  g_autofree char *lower = username != NULL ? g_utf8_strdown (username, -1) : g_strdup ("");

  return g_strdup (g_strstrip (lower));
}

static gboolean
is_username (const char *username)
{
  if (*username == '\0' || g_utf8_strlen (username, -1) > TEMPO_MEMBER_MAX_USERNAME)
    return FALSE;
  for (const char *p = username; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isalnum (g_utf8_get_char (p)) && strchr ("._-@+", *p) == NULL)
      return FALSE;

  return TRUE;
}

static GTask *
make_task (TempoHost *self,
           Account *account,
           gpointer tag,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, account, free_account);

  return task;
}

/* New organizations. */

/* Letters that lead human numbers: three of the name, else two of them and another. */
char *
tempo_accounts_find_code (TempoRegistry *registry,
                          const char *name)
{
  g_autofree char *code = tempo_organization_make_code (name);

  for (guint i = 0; i < 26 * 26; i++)
    {
      g_autoptr (TempoOrganization) there = tempo_registry_find_organization (registry, code);

      if (there == NULL)
        return g_steal_pointer (&code);
      g_clear_pointer (&code, g_free);
      code = tempo_organization_make_code (name);
      code[2] = (char) ('A' + i % 26);
      if (i >= 26)
        code[1] = (char) ('A' + i / 26);
    }

  return g_steal_pointer (&code);
}

/* A slug the caller chose is taken or refused; one made of the name gets a number when somebody has it. */
char *
tempo_accounts_find_slug (TempoRegistry *registry,
                          const char *name,
                          const char *slug,
                          GError **error)
{
  g_autofree char *base = slug != NULL ? g_strdup (slug) : tempo_slug_from_name (name);

  if (!tempo_slug_is_valid (base))
    {
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID,
                                                   &(TempoRefusalDetail) { .subject = "slug" },
                                                   "not a slug"));
      return NULL;
    }
  for (guint i = 1; i < MAX_TRIES; i++)
    {
      g_autofree char *candidate = i == 1 ? g_strdup (base) : g_strdup_printf ("%.36s-%u", base, i);
      g_autoptr (TempoOrganization) there = tempo_registry_find_organization (registry, candidate);

      if (there == NULL)
        return g_steal_pointer (&candidate);
      if (slug != NULL)
        break;
    }
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_CONFLICT,
                                               &(TempoRefusalDetail) { .subject = "slug" },
                                               "another organization has this slug"));

  return NULL;
}

char *
tempo_accounts_find_room_code (TempoRegistry *registry)
{
  for (;;)
    {
      g_autofree char *code = tempo_code_new (CODE_LENGTH);
      g_autofree char *taken = tempo_registry_find_room_code (registry, code);

      if (taken == NULL)
        return g_steal_pointer (&code);
    }
}

/* The first rows of an organization: a room, an owner, a line in the log. */
static gboolean
write_first_rows (TempoHost *self,
                  TempoOrganization *organization,
                  const char *room_id,
                  const char *code,
                  const char *member_id,
                  const Account *account,
                  const char *music_folder,
                  GError **error)
{
  g_autofree char *path = tempo_registry_get_store_path (self->registry, organization->id);
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  g_autoptr (TempoStore) store = tempo_store_open (path, organization->id, error);
  gint64 now = organization->created_at;
  gboolean written;

  if (store == NULL)
    return FALSE;

  tempo_batch_add (batch, "room-insert", "sssssdisi", room_id, code, "Main", "library", "open",
                   1.0, (gint64) 1, music_folder, now);
  tempo_batch_add (batch, "member-insert", "ssssi", member_id, account->username,
                   account->password_hash != NULL ? account->password_hash : "", "owner", now);
  tempo_batch_add (batch, "audit-insert", "isssssssssss", now, "console", NULL, "console",
                   "organization_create", "organization",
                   organization->id, NULL, organization->name, NULL, NULL, NULL);
  written = tempo_store_write (store, batch, error);
  tempo_store_close (store);

  return written;
}

/* The folder's registry learns of it last: a half-made organization is a file nobody opens. */
static TempoOrganization *
install (TempoHost *self,
         const Account *account,
         const char *music_folder,
         GError **error)
{
  g_autofree char *id = tempo_id_new (self->clock);
  g_autofree char *room_id = tempo_id_new (self->clock);
  g_autofree char *member_id = tempo_id_new (self->clock);
  g_autofree char *slug = tempo_accounts_find_slug (self->registry, account->name, account->slug, error);
  g_autofree char *letters = NULL;
  g_autofree char *code = NULL;
  g_autoptr (TempoOrganization) organization = NULL;
  gboolean first = !tempo_registry_has_super_admin (self->registry);

  if (slug == NULL)
    return NULL;

  letters = tempo_accounts_find_code (self->registry, account->name);
  code = tempo_accounts_find_room_code (self->registry);
  organization = tempo_organization_new (id, slug, letters, account->name);
  organization->created_at = tempo_clock_now (self->clock);
  if (!write_first_rows (self, organization, room_id, code, member_id, account, music_folder, error)
      || !tempo_registry_add_organization (self->registry, organization, error)
      || !tempo_registry_add_room_code (self->registry, code, id, room_id, error)
      || (first && !tempo_registry_add_super_admin (self->registry, id, member_id, error)))
    return NULL;

  return g_steal_pointer (&organization);
}

static void
install_thread (GTask *task,
                gpointer source_object,
                gpointer task_data,
                GCancellable *cancellable)
{
  TempoHost *self = TEMPO_HOST (source_object);
  Account *account = task_data;
  GError *error = NULL;
  g_autoptr (TempoOrganization) organization = install (self, account, NULL, &error);

  if (organization != NULL)
    account->venue = tempo_venue_open (self, organization, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&organization), g_object_unref);
}

static void
installed_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GTask) task = user_data;
  Account *account = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOrganization) organization = g_task_propagate_pointer (G_TASK (result), &error);

  self->jobs--;
  if (organization == NULL)
    {
      if (error->domain == TEMPO_REFUSAL)
        g_task_return_error (task, g_steal_pointer (&error));
      else if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT))
        refuse (task, TEMPO_REFUSAL_CONFLICT, "slug", error->message);
      else
        refuse (task, TEMPO_REFUSAL_STORAGE, "organization", error->message);
    }
  else if (self->stopping)
    {
      refuse (task, TEMPO_REFUSAL_SHUTTING_DOWN, "organization", "Tempo is being stopped");
    }
  else
    {
      TempoVenue *venue = g_steal_pointer (&account->venue);

      tempo_host_add_venue (self, venue);
      g_task_return_pointer (task, g_object_ref (venue->organization), g_object_unref);
    }
  tempo_host_venue_idle (self);
}

static void
install_account (TempoHost *self,
                 GTask *task)
{
  Account *account = g_task_get_task_data (task);
  Account *copy = g_new0 (Account, 1);
  g_autoptr (GTask) work = make_task (self, copy, install_account, installed_cb, g_object_ref (task));

  copy->name = g_strdup (account->name);
  copy->slug = g_strdup (account->slug);
  copy->username = g_strdup (account->username);
  copy->password_hash = g_strdup (account->password_hash);
  self->jobs++;
  g_task_run_in_thread (work, install_thread);
}

static void
refuse_password (GTask *task,
                 const GError *error)
{
  if (g_error_matches (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_BUSY))
    refuse (task, TEMPO_REFUSAL_RATE, "password", error->message);
  else
    refuse (task, TEMPO_REFUSAL_INVALID, "password", error->message);
}

static void
first_password_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Account *account = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  account->password_hash = tempo_password_hash_finish (result, &error);
  if (account->password_hash == NULL)
    refuse_password (task, error);
  else
    install_account (g_task_get_source_object (task), task);
}

static void
create_on_engine (TempoHost *self,
                  GTask *task)
{
  Account *account = g_task_get_task_data (task);
  g_autofree char *name = NULL;
  GError *error = NULL;

  if (!self->running || self->stopping)
    refuse (task, TEMPO_REFUSAL_SHUTTING_DOWN, "organization", "the engine does not run");
  else if (!tempo_room_clean_text (account->name, TEMPO_ORGANIZATION_MAX_NAME, "name", &name, &error))
    g_task_return_error (task, error);
  else if (name == NULL)
    refuse (task, TEMPO_REFUSAL_INVALID, "name", "a name is needed");
  else if (!is_username (account->username))
    refuse (task, TEMPO_REFUSAL_INVALID, "username", "not a username");
  else if (account->password != NULL)
    tempo_password_hash_async (account->password, NULL, first_password_cb, g_object_ref (task));
  else
    install_account (self, task);
}

/* Signing in. */

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
      if (member != NULL && member->password_hash != NULL && *member->password_hash != '\0')
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

/* A guess that fits nobody was a guess at each of them. */
static void
note_failure (TempoHost *self,
              Account *account)
{
  guint i = 0;

  do
    {
      TempoMember *member = i < account->candidates->len ? g_ptr_array_index (account->candidates, i) : NULL;
      g_autofree char *key = account_key (account, member);

      tempo_throttle_failed (self->by_account, key);
    }
  while (++i < account->candidates->len);
  if (account->address != NULL)
    tempo_throttle_failed (self->by_address, account->address);
}

static void
verified_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *self = g_task_get_source_object (task);
  Account *account = g_task_get_task_data (task);
  g_autofree char *key = account_key (account, account->member);
  g_autoptr (GError) error = NULL;
  gboolean right = tempo_password_verify_finish (result, &error);

  if (error != NULL)
    {
      refuse (task, TEMPO_REFUSAL_RATE, "password", error->message);
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
        note_failure (self, account);
      refuse (task, TEMPO_REFUSAL_UNAUTHENTICATED, "password", "unknown name or wrong password");
      return;
    }

  tempo_throttle_succeeded (self->by_account, key);
  if (account->address != NULL)
    tempo_throttle_succeeded (self->by_address, account->address);
  g_task_return_pointer (task, g_object_ref (account->member), g_object_unref);
}

/* Whoever is being guessed at waits; the others of that name need not. */
static gboolean
may_try (TempoHost *self,
         Account *account,
         guint *seconds)
{
  guint by_account = 0, by_address = 0;
  gboolean may = account->candidates->len > 0;

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
      refuse (task, TEMPO_REFUSAL_SHUTTING_DOWN, "password", "the engine does not run");
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

/* Passwords and people of an open organization. */

static void
saved_member_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Account *account = g_task_get_task_data (task);
  TempoHost *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  self->jobs--;
  if (!tempo_store_write_finish (TEMPO_STORE (object), result, &error))
    {
      gboolean conflict = g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);

      refuse (task, conflict ? TEMPO_REFUSAL_CONFLICT : TEMPO_REFUSAL_STORAGE, "username", error->message);
    }
  else
    {
      TempoVenue *venue = tempo_host_find_venue (self, account->organization);

      if (venue != NULL)
        g_hash_table_replace (venue->members, account->member->id, g_object_ref (account->member));
      g_task_return_pointer (task, g_object_ref (account->member), g_object_unref);
    }
  tempo_host_venue_idle (self);
}

static void
audit_member (TempoBatch *batch,
              Account *account,
              gint64 now,
              const char *action)
{
  TempoActor *actor = account->actor;

  tempo_batch_add (batch, "audit-insert", "isssssssssss", now, actor != NULL
                   && actor->kind == TEMPO_ACTOR_MEMBER ? "member" : "console",
                   actor != NULL ? actor->id : NULL, actor != NULL ? actor->name : "console",
                   action, "member", account->member->id,
                   NULL, tempo_role_to_string (account->member->role), NULL, actor != NULL
                     ? actor->address : NULL,
                   actor != NULL ? actor->agent : NULL);
}

static void
set_hash (TempoMember *member,
          char *hash)
{
  g_clear_pointer (&member->password_hash, g_free);
  member->password_hash = hash;
}

/* Members are their own small batch beside the turns: nothing else depends on them. */
static void
member_password_cb (GObject *object,
                    GAsyncResult *result,
                    gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *self = g_task_get_source_object (task);
  Account *account = g_task_get_task_data (task);
  TempoVenue *venue = self->running && !self->stopping
    ? tempo_host_find_venue (self, account->organization) : NULL;
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = tempo_password_hash_finish (result, &error);
  gint64 now = tempo_clock_now (self->clock);

  if (hash == NULL)
    {
      refuse_password (task, error);
      return;
    }
  if (venue == NULL)
    {
      refuse (task, TEMPO_REFUSAL_SHUTTING_DOWN, "member", "Tempo is being stopped");
      return;
    }

  if (account->member == NULL)
    {
      g_autofree char *id = tempo_id_new (self->clock);

      account->member = tempo_member_new (id, account->username, account->role);
      g_clear_pointer (&account->member->organization_id, g_free);
      account->member->organization_id = g_strdup (venue->organization->id);
      account->member->created_at = now;
      set_hash (account->member, g_steal_pointer (&hash));
      tempo_batch_add (batch, "member-insert", "ssssi", id, account->username, account->member->password_hash,
                       tempo_role_to_string (account->role), now);
      audit_member (batch, account, now, "member_create");
    }
  else
    {
      TempoMember *after = tempo_member_copy (account->member);

      set_hash (after, g_steal_pointer (&hash));
      after->token_version++;
      g_clear_object (&account->member);
      account->member = after;
      tempo_batch_add (batch, "member-update", "sssi", after->id, after->password_hash,
                       tempo_role_to_string (after->role),
                       (gint64) after->token_version);
      audit_member (batch, account, now, "password_set");
    }
  self->jobs++;
  tempo_store_write_async (venue->store, batch, NULL, saved_member_cb, g_object_ref (task));
}

static void
set_password_on_engine (TempoHost *self,
                        GTask *task)
{
  Account *account = g_task_get_task_data (task);
  TempoVenue *venue = self->running && !self->stopping
    ? tempo_host_find_venue (self, account->organization) : NULL;

  if (venue != NULL)
    g_set_object (&account->member, tempo_venue_find_username (venue, account->username));
  if (account->member == NULL)
    refuse (task, TEMPO_REFUSAL_NOT_FOUND, "username", "no such member");
  else
    tempo_password_hash_async (account->password, NULL, member_password_cb, g_object_ref (task));
}

static gboolean
may_manage (TempoVenue *venue,
            TempoActor *actor,
            TempoRole role)
{
  if (actor->kind == TEMPO_ACTOR_DESKTOP || actor->kind == TEMPO_ACTOR_CONSOLE || actor->super_admin)
    return TRUE;

  return actor->kind == TEMPO_ACTOR_MEMBER && g_strcmp0 (actor->organization_id, venue->organization->id) == 0
         && tempo_permission_allows (actor->role, "manage_members") && actor->role >= role;
}

static void
create_member_on_engine (TempoHost *self,
                         GTask *task)
{
  Account *account = g_task_get_task_data (task);
  TempoVenue *venue = self->running && !self->stopping
    ? tempo_host_find_venue (self, account->organization) : NULL;

  if (venue == NULL)
    refuse (task, TEMPO_REFUSAL_NOT_FOUND, "organization", "no such organization");
  else if (!may_manage (venue, account->actor, account->role))
    refuse (task, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");
  else if (!is_username (account->username))
    refuse (task, TEMPO_REFUSAL_INVALID, "username", "not a username");
  else if (account->role == TEMPO_ROLE_NONE)
    refuse (task, TEMPO_REFUSAL_INVALID, "role", "a role is needed");
  else if (tempo_venue_find_username (venue, account->username) != NULL)
    refuse (task, TEMPO_REFUSAL_CONFLICT, "username", "the name is taken");
  else
    tempo_password_hash_async (account->password, NULL, member_password_cb, g_object_ref (task));
}

/**
 * tempo_accounts_install:
 * @self: the engine
 * @name: of the organization
 * @slug: (nullable): from the name
 * @username: of its owner
 * @password_hash: (nullable): an owner who only uses the desktop
 * @music_folder: (nullable): of its room
 * @error: TEMPO_REFUSAL or the store's
 *
 * Blocks: worker threads.
 *
 * Returns: (transfer full) (nullable): the organization, not opened
 */
TempoOrganization *
tempo_accounts_install (TempoHost *self,
                        const char *name,
                        const char *slug,
                        const char *username,
                        const char *password_hash,
                        const char *music_folder,
                        GError **error)
{
  Account account = { .name = (char *) name, .slug = (char *) slug, .username = (char *) username };

  account.password_hash = (char *) password_hash;

  return install (self, &account, music_folder, error);
}

/**
 * tempo_host_create_organization_async:
 * @self: a running engine
 * @name: its name
 * @slug: (nullable): from the name
 * @username: of its owner
 * @password: (nullable): an owner who only uses the desktop
 * @cancellable: (nullable): unused
 * @callback: when its room is live
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_create_organization_async (TempoHost *self,
                                      const char *name,
                                      const char *slug,
                                      const char *username,
                                      const char *password,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  Account *account = g_new0 (Account, 1);
  g_autoptr (GTask) task = make_task (self, account, tempo_host_create_organization_async, callback, user_data);

  account->name = g_strdup (name);
  account->slug = g_strdup (slug);
  account->username = clean_username (username);
  account->password = g_strdup (password);
  tempo_host_invoke (self, task, create_on_engine);
}

/**
 * tempo_host_create_organization_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): the organization
 */
TempoOrganization *
tempo_host_create_organization_finish (TempoHost *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_host_sign_in_async:
 * @self: a running engine
 * @username: who
 * @password: the secret
 * @organization: (nullable): slug or id
 * @address: (nullable): from where
 * @cancellable: (nullable): unused
 * @callback: when it was checked
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_sign_in_async (TempoHost *self,
                          const char *username,
                          const char *password,
                          const char *organization,
                          const char *address,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Account *account = g_new0 (Account, 1);
  g_autoptr (GTask) task = make_task (self, account, tempo_host_sign_in_async, callback, user_data);

  account->username = clean_username (username);
  account->password = g_strdup (password != NULL ? password : "");
  account->organization = g_strdup (organization);
  account->address = g_strdup (address);
  tempo_host_invoke (self, task, sign_in_on_engine);
}

/**
 * tempo_host_sign_in_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): who it is
 */
TempoMember *
tempo_host_sign_in_finish (TempoHost *self,
                           GAsyncResult *result,
                           GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_host_set_password_async:
 * @self: a running engine
 * @organization_id: slug or id
 * @username: who
 * @password: the new secret
 * @cancellable: (nullable): unused
 * @callback: when it is durable
 * @user_data: for @callback
 *
 * Any thread. Tokens given out before are void.
 */
void
tempo_host_set_password_async (TempoHost *self,
                               const char *organization_id,
                               const char *username,
                               const char *password,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Account *account = g_new0 (Account, 1);
  g_autoptr (GTask) task = make_task (self, account, tempo_host_set_password_async, callback, user_data);

  account->organization = g_strdup (organization_id);
  account->username = clean_username (username);
  account->password = g_strdup (password != NULL ? password : "");
  tempo_host_invoke (self, task, set_password_on_engine);
}

/**
 * tempo_host_set_password_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: %TRUE when it is set
 */
gboolean
tempo_host_set_password_finish (TempoHost *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_autoptr (TempoMember) member = g_task_propagate_pointer (G_TASK (result), error);

  return member != NULL;
}

/**
 * tempo_host_create_member_async:
 * @self: a running engine
 * @actor: who makes the member
 * @organization_id: slug or id
 * @username: who
 * @password: the first secret
 * @role: no higher than the actor's own
 * @cancellable: (nullable): unused
 * @callback: when it is durable
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_create_member_async (TempoHost *self,
                                TempoActor *actor,
                                const char *organization_id,
                                const char *username,
                                const char *password,
                                TempoRole role,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Account *account = g_new0 (Account, 1);
  g_autoptr (GTask) task = make_task (self, account, tempo_host_create_member_async, callback, user_data);

  account->actor = tempo_actor_ref (actor);
  account->organization = g_strdup (organization_id);
  account->username = clean_username (username);
  account->password = g_strdup (password != NULL ? password : "");
  account->role = role;
  tempo_host_invoke (self, task, create_member_on_engine);
}

/**
 * tempo_host_create_member_finish:
 * @self: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: (transfer full) (nullable): the member
 */
TempoMember *
tempo_host_create_member_finish (TempoHost *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
