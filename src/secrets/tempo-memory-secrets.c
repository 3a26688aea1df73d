/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "secrets/tempo-secrets.h"

#include <string.h>

#include "secrets/tempo-secrets-private.h"

#define TEMPO_TYPE_MEMORY_SECRETS (tempo_memory_secrets_get_type ())
G_DECLARE_FINAL_TYPE (TempoMemorySecrets, tempo_memory_secrets, TEMPO, MEMORY_SECRETS, TempoSecrets)

struct _TempoMemorySecrets
{
  TempoSecrets parent_instance;

  GHashTable *table; /* (owned) */
  char *credentials; /* (owned) (nullable) folder of what the service manager brought: read, never written */
};

G_DEFINE_FINAL_TYPE (TempoMemorySecrets, tempo_memory_secrets, TEMPO_TYPE_SECRETS)

/* Organizations are ids and hold no line end, so two pairs never make one key. */
static char *
make_key (const char *organization,
          const char *name)
{
  return g_strdup_printf ("%s\n%s", organization, name);
}

/* "mpd_password/ID" of an organization is the file "ORGANIZATION.mpd_password.ID": names of credentials hold no slash. */
static char *
read_credential (TempoMemorySecrets *self,
                 const char *organization,
                 const char *name)
{
  g_autofree char *file = *organization != '\0' ? g_strdup_printf ("%s.%s", organization, name) : g_strdup (name);
  g_autofree char *path = NULL;
  char *text = NULL;
  gsize length = 0;

  if (self->credentials == NULL)
    return NULL;

  g_strdelimit (file, "/", '.');
  path = g_build_filename (self->credentials, file, NULL);
  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  if (length > 0 && text[length - 1] == '\n')
    text[length - 1] = '\0';

  return text;
}

static void
tempo_memory_secrets_store_async (TempoSecrets *secrets,
                                  const char *organization,
                                  const char *name,
                                  const char *secret,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TempoMemorySecrets *self = TEMPO_MEMORY_SECRETS (secrets);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tempo_memory_secrets_store_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  tempo_secret_table_set (self->table, organization, name, secret);
  g_task_return_boolean (task, TRUE);
}

static gboolean
tempo_memory_secrets_store_finish (TempoSecrets *secrets,
                                   GAsyncResult *result,
                                   GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
tempo_memory_secrets_lookup_async (TempoSecrets *secrets,
                                   const char *organization,
                                   const char *name,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TempoMemorySecrets *self = TEMPO_MEMORY_SECRETS (secrets);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *secret = NULL;

  g_task_set_source_tag (task, tempo_memory_secrets_lookup_async);
  if (tempo_secret_table_get (self->table, organization, name, &secret))
    g_task_return_pointer (task, g_strdup (secret), tempo_secret_wipe);
  else
    g_task_return_pointer (task, read_credential (self, organization, name), tempo_secret_wipe);
}

static char *
tempo_memory_secrets_lookup_finish (TempoSecrets *secrets,
                                    GAsyncResult *result,
                                    GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
tempo_memory_secrets_forget_async (TempoSecrets *secrets,
                                   const char *organization,
                                   gboolean look_only,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TempoMemorySecrets *self = TEMPO_MEMORY_SECRETS (secrets);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tempo_memory_secrets_forget_async);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_int (task, tempo_secret_table_forget_all (self->table, organization, look_only));
}

static gssize
tempo_memory_secrets_forget_finish (TempoSecrets *secrets,
                                    GAsyncResult *result,
                                    GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
tempo_memory_secrets_is_durable (TempoSecrets *secrets)
{
  return FALSE;
}

static void
tempo_memory_secrets_finalize (GObject *object)
{
  TempoMemorySecrets *self = TEMPO_MEMORY_SECRETS (object);

  g_clear_pointer (&self->table, g_hash_table_unref);
  g_clear_pointer (&self->credentials, g_free);

  G_OBJECT_CLASS (tempo_memory_secrets_parent_class)->finalize (object);
}

static void
tempo_memory_secrets_class_init (TempoMemorySecretsClass *klass)
{
  TempoSecretsClass *secrets_class = TEMPO_SECRETS_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tempo_memory_secrets_finalize;
  secrets_class->store_async = tempo_memory_secrets_store_async;
  secrets_class->store_finish = tempo_memory_secrets_store_finish;
  secrets_class->lookup_async = tempo_memory_secrets_lookup_async;
  secrets_class->lookup_finish = tempo_memory_secrets_lookup_finish;
  secrets_class->forget_async = tempo_memory_secrets_forget_async;
  secrets_class->forget_finish = tempo_memory_secrets_forget_finish;
  secrets_class->is_durable = tempo_memory_secrets_is_durable;
}

static void
tempo_memory_secrets_init (TempoMemorySecrets *self)
{
  self->table = tempo_secret_table_new ();
}

/**
 * tempo_secret_wipe:
 * @secret: (transfer full) (nullable): a text
 *
 * Frees a text that must not be found in memory afterwards.
 */
void
tempo_secret_wipe (gpointer secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_clear_pointer (&secret, g_free);
}

/**
 * tempo_secret_table_new:
 *
 * Returns: (transfer full): an empty table, which wipes what leaves it
 */
GHashTable *
tempo_secret_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, tempo_secret_wipe);
}

/**
 * tempo_secret_table_set:
 * @table: a table of secrets
 * @organization: whose
 * @name: which
 * @secret: (nullable): NULL says that it was cleared
 *
 * Remembers a secret in place of the one before.
 */
void
tempo_secret_table_set (GHashTable *table,
                        const char *organization,
                        const char *name,
                        const char *secret)
{
  g_hash_table_replace (table, make_key (organization, name), g_strdup (secret));
}

void
tempo_secret_table_forget (GHashTable *table,
                           const char *organization,
                           const char *name)
{
  g_autofree char *key = make_key (organization, name);

  g_hash_table_remove (table, key);
}

/**
 * tempo_secret_table_forget_all:
 * @table: a table
 * @organization: whose
 * @look_only: they are counted and stay
 *
 * Returns: how many secrets there were
 */
guint
tempo_secret_table_forget_all (GHashTable *table,
                               const char *organization,
                               gboolean look_only)
{
  g_autofree char *prefix = make_key (organization, "");
  GHashTableIter iter;
  gpointer key, secret;
  guint n = 0;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &secret))
    {
      if (!g_str_has_prefix (key, prefix))
        continue;
      n += secret != NULL;
      if (!look_only)
        g_hash_table_iter_remove (&iter);
    }

  return n;
}

/**
 * tempo_secret_table_get:
 * @table: a table of secrets
 * @organization: whose
 * @name: which
 * @secret: (out) (transfer none) (nullable): NULL when it was cleared
 *
 * Returns: whether the table knows of it at all
 */
gboolean
tempo_secret_table_get (GHashTable *table,
                        const char *organization,
                        const char *name,
                        const char **secret)
{
  g_autofree char *key = make_key (organization, name);
  gpointer found;

  if (!g_hash_table_lookup_extended (table, key, NULL, &found))
    return FALSE;

  *secret = found;

  return TRUE;
}

/**
 * tempo_secrets_new_memory:
 *
 * For tests, and for hosts without a keyring.
 *
 * Returns: (transfer full): secrets that end with the program
 */
TempoSecrets *
tempo_secrets_new_memory (void)
{
  return g_object_new (TEMPO_TYPE_MEMORY_SECRETS, NULL);
}

/**
 * tempo_secrets_new_credentials:
 * @folder: (nullable): what systemd names in CREDENTIALS_DIRECTORY
 *
 * Secrets of a service without a keyring: those the service manager brought are there at every start,
 * others last as long as the program.
 *
 * Returns: (transfer full): secrets in memory over the files of @folder
 */
TempoSecrets *
tempo_secrets_new_credentials (const char *folder)
{
  TempoMemorySecrets *self = g_object_new (TEMPO_TYPE_MEMORY_SECRETS, NULL);

  self->credentials = g_strdup (folder);

  return TEMPO_SECRETS (self);
}
