/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New organizations: a name, letters and a code nobody has, a file with its first rows. The password is hashed in
 * its own pool and the file is made by a worker; the engine only decides. */
#include "venue/tempo-host-private.h"

#include "access/tempo-password.h"
#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-care-private.h"
#include "venue/tempo-people-private.h"
#include "venue/tempo-room-private.h"

#define CODE_LENGTH 5
#define MAX_TRIES 50

typedef struct
{
  TempoActor *actor;   /* (owned) */
  char *name;          /* (owned) */
  char *slug;          /* (owned) (nullable) */
  char *letters;       /* (owned) (nullable) that lead its numbers */
  char *username;      /* (owned) */
  char *password;      /* (owned) (nullable) */
  char *password_hash; /* (owned) (nullable) */
  TempoVenue *venue;   /* (owned) (nullable) */
} Founding;

static void
free_founding (gpointer data)
{
  g_autofree Founding *founding = data;

  g_clear_pointer (&founding->actor, tempo_actor_unref);
  g_clear_pointer (&founding->name, g_free);
  g_clear_pointer (&founding->slug, g_free);
  g_clear_pointer (&founding->letters, g_free);
  g_clear_pointer (&founding->username, g_free);
  tempo_people_clear_secret (&founding->password);
  g_clear_pointer (&founding->password_hash, g_free);
  g_clear_pointer (&founding->venue, tempo_venue_free);
}

static GTask *
make_task (TempoHost *self,
           Founding *founding,
           gpointer tag,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, founding, free_founding);

  return task;
}

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
      g_autoptr (TempoOrganization) before = tempo_registry_find_old_slug (registry, candidate);

      /* Old links of somebody else must not lead to strangers. */
      if (there == NULL && before == NULL)
        return g_steal_pointer (&candidate);
      if (slug != NULL)
        break;
    }
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_CONFLICT,
                                               &(TempoRefusalDetail) { .subject = "slug" },
                                               "another organization has this slug"));

  return NULL;
}

/* Letters the caller chose are taken or refused, as a slug is. Numbers of two houses with the same letters could not be
 * told apart, and an address may name a house by its letters too. */
static char *
choose_letters (TempoRegistry *registry,
                const Founding *founding,
                GError **error)
{
  g_autofree char *letters = NULL;
  g_autoptr (TempoOrganization) there = NULL;

  if (founding->letters == NULL)
    return tempo_accounts_find_code (registry, founding->name);

  letters = g_ascii_strup (founding->letters, -1);
  there = tempo_registry_find_organization (registry, letters);
  if (there == NULL)
    return g_steal_pointer (&letters);
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_CONFLICT, &(TempoRefusalDetail) { .subject = "code" },
                                               "another organization has these letters"));

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
                  const Founding *founding,
                  const char *music_folder,
                  GError **error)
{
  g_autofree char *path = tempo_registry_get_store_path (self->registry, organization->id);
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  g_autoptr (TempoStore) store = tempo_store_open (path, organization->id, error);
  TempoActor *actor = founding->actor;
  gint64 now = organization->created_at;
  gboolean written;

  if (store == NULL)
    return FALSE;

  tempo_batch_add (batch, "room-insert", "sssssdisi", room_id, code, "Main", "library", "open",
                   1.0, (gint64) 1, music_folder, now);
  tempo_batch_add (batch, "member-insert", "ssssi", member_id, founding->username,
                   founding->password_hash != NULL ? founding->password_hash : "", "owner", now);
  tempo_batch_add (batch, "audit-insert", "isssssssssss", now, tempo_actor_kind_to_string (actor->kind), actor->id,
                   actor->name, "organization_create", "organization",
                   organization->id, NULL, organization->name, NULL, actor->address, actor->agent);
  written = tempo_store_write (store, batch, error);
  tempo_store_close (store);

  return written;
}

/* The folder's registry learns of it last: a half-made organization is a file nobody opens. */
static TempoOrganization *
install (TempoHost *self,
         const Founding *founding,
         const char *music_folder,
         GError **error)
{
  g_autofree char *id = tempo_id_new (self->clock);
  g_autofree char *room_id = tempo_id_new (self->clock);
  g_autofree char *member_id = tempo_id_new (self->clock);
  g_autofree char *slug = tempo_accounts_find_slug (self->registry, founding->name, founding->slug, error);
  g_autofree char *letters = NULL;
  g_autofree char *code = NULL;
  g_autoptr (TempoOrganization) organization = NULL;
  gboolean first = !tempo_registry_has_super_admin (self->registry);

  if (slug == NULL)
    return NULL;

  letters = choose_letters (self->registry, founding, error);
  if (letters == NULL)
    return NULL;
  code = tempo_accounts_find_room_code (self->registry);
  organization = tempo_organization_new (id, slug, letters, founding->name);
  organization->created_at = tempo_clock_now (self->clock);
  if (!write_first_rows (self, organization, room_id, code, member_id, founding, music_folder, error)
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
  Founding *founding = task_data;
  GError *error = NULL;
  g_autoptr (TempoOrganization) organization = install (self, founding, NULL, &error);

  if (organization != NULL)
    founding->venue = tempo_venue_open (self, organization, &error);
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
  Founding *founding = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOrganization) organization = g_task_propagate_pointer (G_TASK (result), &error);

  self->jobs--;
  if (organization == NULL)
    {
      if (error->domain == TEMPO_REFUSAL)
        g_task_return_error (task, g_steal_pointer (&error));
      else if (g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT))
        tempo_refuse_task (task, TEMPO_REFUSAL_CONFLICT, "slug", error->message);
      else
        tempo_refuse_task (task, TEMPO_REFUSAL_STORAGE, "organization", error->message);
    }
  else if (self->stopping)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, "organization", "Tempo is being stopped");
    }
  else
    {
      TempoVenue *venue = g_steal_pointer (&founding->venue);

      tempo_host_add_venue (self, venue);
      g_task_return_pointer (task, g_object_ref (venue->organization), g_object_unref);
    }
  tempo_host_venue_idle (self);
}

static void
install_account (TempoHost *self,
                 GTask *task)
{
  Founding *founding = g_task_get_task_data (task);
  Founding *copy = g_new0 (Founding, 1);
  g_autoptr (GTask) work = make_task (self, copy, install_account, installed_cb, g_object_ref (task));

  copy->actor = tempo_actor_ref (founding->actor);
  copy->name = g_strdup (founding->name);
  copy->slug = g_strdup (founding->slug);
  copy->letters = g_strdup (founding->letters);
  copy->username = g_strdup (founding->username);
  copy->password_hash = g_strdup (founding->password_hash);
  self->jobs++;
  g_task_run_in_thread (work, install_thread);
}

static void
first_password_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Founding *founding = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  founding->password_hash = tempo_password_hash_finish (result, &error);
  if (founding->password_hash == NULL)
    tempo_people_refuse_password (task, error);
  else
    install_account (g_task_get_source_object (task), task);
}

/* The largest licence here tells how many organizations the installation may hold. */
static gboolean
has_room (TempoHost *self)
{
  g_autoptr (GPtrArray) all = tempo_registry_list_organizations (self->registry);

  return all->len < tempo_licences_get_organizations (self->licences, tempo_clock_now (self->clock));
}

static void
create_on_engine (TempoHost *self,
                  GTask *task)
{
  Founding *founding = g_task_get_task_data (task);
  g_autofree char *name = NULL;
  GError *error = NULL;

  if (!self->running || self->stopping)
    tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, "organization", "the engine does not run");
  else if (!tempo_room_clean_text (founding->name, TEMPO_ORGANIZATION_MAX_NAME, "name", &name, &error))
    g_task_return_error (task, error);
  else if (name == NULL)
    tempo_refuse_task (task, TEMPO_REFUSAL_INVALID, "name", "a name is needed");
  else if (founding->letters != NULL && !tempo_organization_code_is_valid (founding->letters))
    tempo_refuse_task (task, TEMPO_REFUSAL_INVALID, "code", "the code is 3 or 4 letters");
  else if (!tempo_people_is_username (founding->username))
    tempo_refuse_task (task, TEMPO_REFUSAL_INVALID, "username", "not a username");
  else if (!has_room (self))
    tempo_refuse_task (task, TEMPO_REFUSAL_LICENCE, "organizations", "the licences here allow no more organizations");
  else if (founding->password != NULL)
    tempo_password_hash_async (founding->password, NULL, first_password_cb, g_object_ref (task));
  else
    install_account (self, task);
}

/**
 * tempo_accounts_install:
 * @self: the engine
 * @actor: who wants it
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
                        TempoActor *actor,
                        const char *name,
                        const char *slug,
                        const char *username,
                        const char *password_hash,
                        const char *music_folder,
                        GError **error)
{
  Founding founding = { .actor = actor, .name = (char *) name, .slug = (char *) slug, .username = (char *) username };

  founding.password_hash = (char *) password_hash;

  return install (self, &founding, music_folder, error);
}

/**
 * tempo_host_create_organization_async:
 * @self: a running engine
 * @actor: who wants it; whether they may was asked before
 * @name: its name
 * @slug: (nullable): from the name
 * @code: (nullable): 3 or 4 letters that lead the numbers of its requests; from the name
 * @username: of its owner
 * @password: (nullable): an owner who only uses the desktop
 * @callback: when its room is live
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_host_create_organization_async (TempoHost *self,
                                      TempoActor *actor,
                                      const char *name,
                                      const char *slug,
                                      const char *code,
                                      const char *username,
                                      const char *password,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  Founding *founding = g_new0 (Founding, 1);
  g_autoptr (GTask) task = make_task (self, founding, tempo_host_create_organization_async, callback, user_data);

  founding->actor = tempo_actor_ref (actor);
  founding->name = g_strdup (name);
  founding->slug = g_strdup (slug);
  founding->letters = g_strdup (code);
  founding->username = tempo_people_clean_username (username);
  founding->password = g_strdup (password);
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
