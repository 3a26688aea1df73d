/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "secrets/tempo-secrets.h"

#include <libsecret/secret.h>
#include "secrets/tempo-secrets-private.h"

#define PROBE_SECONDS 2
/* A person may have to type the keyring's password first; where nobody is, the
 * host must go on nevertheless. */
#define OPERATION_SECONDS 30

static const SecretSchema schema = {
  TEMPO_APP_ID,
  SECRET_SCHEMA_NONE,
  {
    { "organization", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

#define TEMPO_TYPE_KEYRING_SECRETS (tempo_keyring_secrets_get_type ())
G_DECLARE_FINAL_TYPE (TempoKeyringSecrets, tempo_keyring_secrets, TEMPO, KEYRING_SECRETS, TempoSecrets)

struct _TempoKeyringSecrets
{
  TempoSecrets parent_instance;

  SecretService *service; /* (owned) (nullable) NULL until one answered, and when none did */
  gboolean probing;
  gboolean durable;
  GQueue waiting;         /* (owned) (element GTask) asked for while probing */
  GHashTable *overlay;    /* (owned) what the keyring did not take; it counts before the keyring */
};

G_DEFINE_FINAL_TYPE (TempoKeyringSecrets, tempo_keyring_secrets, TEMPO_TYPE_SECRETS)

/* One call on its way. */
typedef struct
{
  char *organization; /* (owned) */
  char *name;         /* (owned) */
  char *secret;       /* (owned) (nullable) to store; NULL clears */
  gboolean lookup;
  gboolean all;       /* of the organization, whatever its name */
  gboolean look_only; /* they are counted and stay */
  gssize found;
  GCancellable *limit; /* (owned) ends the keyring's part: out of time, or given up by the caller */
  GSource *timer;      /* (owned) (nullable) */
  gulong cancelled_id;
} Operation;

static void
operation_free (Operation *operation)
{
  g_clear_pointer (&operation->organization, g_free);
  g_clear_pointer (&operation->name, g_free);
  g_clear_pointer (&operation->secret, tempo_secret_wipe);
  g_clear_object (&operation->limit);
  g_assert (operation->timer == NULL);
  g_clear_pointer (&operation, g_free);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

/* Cancels @limit after @seconds, in the context this runs in. (transfer full). */
static GSource *
start_timer (GCancellable *limit,
             guint seconds)
{
  GSource *timer = g_timeout_source_new_seconds (seconds);

  g_source_set_callback (timer, cancel_cb, g_object_ref (limit), g_object_unref);
  g_source_attach (timer, g_main_context_get_thread_default ());

  return timer;
}

static void
stop_timer (GSource **timer)
{
  g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static void
forward_cancel_cb (GCancellable *cancellable,
                   gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
end_limits (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);

  g_cancellable_disconnect (g_task_get_cancellable (task), operation->cancelled_id);
  operation->cancelled_id = 0;
  stop_timer (&operation->timer);
}

static void
set_durable (TempoKeyringSecrets *self,
             gboolean durable)
{
  if (self->durable == durable)
    return;

  self->durable = durable;
  tempo_secrets_durable_changed (TEMPO_SECRETS (self));
}

/* The keyring did not take it: memory does, so that the night goes on, and
 * "durable" tells. What the caller itself gave up is not kept. */
static void
keep_in_memory (TempoKeyringSecrets *self,
                GTask *task)
{
  Operation *operation = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;

  tempo_secret_table_set (self->overlay, operation->organization, operation->name, operation->secret);
  set_durable (self, FALSE);
  g_task_return_boolean (task, TRUE);
}

static void
end_store (GTask *task,
           gboolean kept,
           const GError *error)
{
  TempoKeyringSecrets *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  end_limits (task);
  if (!kept)
    {
      g_debug ("The keyring does not take a secret: %s", error->message);
      keep_in_memory (self, task);
      return;
    }

  tempo_secret_table_forget (self->overlay, operation->organization, operation->name);
  set_durable (self, g_hash_table_size (self->overlay) == 0);
  g_task_return_boolean (task, TRUE);
}

static void
stored_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  gboolean kept = secret_service_store_finish (SECRET_SERVICE (source), result, &error);

  end_store (task, kept, error);
}

/* FALSE without an error: there was nothing to clear. */
static void
cleared_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_service_clear_finish (SECRET_SERVICE (source), result, &error);
  end_store (task, error == NULL, error);
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  SecretValue *value = secret_service_lookup_finish (SECRET_SERVICE (source), result, &error);
  TempoKeyringSecrets *self = g_task_get_source_object (task);

  end_limits (task);
  if (error != NULL)
    {
      /* As if it was not there: whoever needs it makes a new one or asks the host
       * to sign in again, and that one is kept in memory. */
      g_debug ("The keyring does not give a secret: %s", error->message);
      if (!g_task_return_error_if_cancelled (task))
        {
          set_durable (self, FALSE);
          g_task_return_pointer (task, NULL, NULL);
        }
      return;
    }

  g_task_return_pointer (task, value != NULL ? g_strdup (secret_value_get_text (value)) : NULL, tempo_secret_wipe);
  g_clear_pointer (&value, secret_value_unref);
}

/* All of an organization's: what memory has goes with what the keyring has, so nothing is counted twice by being in
 * both; a keyring that does not answer is told. */
static void
end_forgetting (GTask *task,
                gboolean asked)
{
  TempoKeyringSecrets *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;

  operation->found = MAX (operation->found, tempo_secret_table_forget_all (self->overlay, operation->organization, operation->look_only));
  g_task_return_int (task, asked ? operation->found : -1);
}

static void
all_cleared_cb (GObject *source,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_service_clear_finish (SECRET_SERVICE (source), result, &error);
  end_limits (task);
  end_forgetting (task, error == NULL);
}

static GHashTable *
build_attributes (Operation *operation)
{
  return operation->all ? secret_attributes_build (&schema, "organization", operation->organization, NULL)
                        : secret_attributes_build (&schema, "organization", operation->organization,
                                                   "name", operation->name, NULL);
}

static void
all_found_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *operation = g_task_get_task_data (task);
  g_autoptr (GHashTable) attributes = build_attributes (operation);
  g_autoptr (GError) error = NULL;
  GList *items = secret_service_search_finish (SECRET_SERVICE (source), result, &error);

  operation->found = g_list_length (items);
  g_list_free_full (items, g_object_unref);
  if (error == NULL && !operation->look_only)
    {
      secret_service_clear (SECRET_SERVICE (source), &schema, attributes, operation->limit, all_cleared_cb,
                            g_object_ref (task));
      return;
    }
  if (error != NULL)
    g_debug ("The keyring does not list an organization's secrets: %s", error->message);
  end_limits (task);
  end_forgetting (task, error == NULL);
}

static void
ask_keyring (TempoKeyringSecrets *self,
             GTask *task)
{
  Operation *operation = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GHashTable) attributes = build_attributes (operation);

  operation->timer = start_timer (operation->limit, OPERATION_SECONDS);
  if (cancellable != NULL)
    operation->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel_cb),
                                                     g_object_ref (operation->limit), g_object_unref);

  if (operation->all)
    {
      secret_service_search (self->service, &schema, attributes, SECRET_SEARCH_ALL, operation->limit, all_found_cb,
                             g_object_ref (task));
    }
  else if (operation->lookup)
    {
      secret_service_lookup (self->service, &schema, attributes, operation->limit, found_cb, g_object_ref (task));
    }
  else if (operation->secret == NULL)
    {
      secret_service_clear (self->service, &schema, attributes, operation->limit, cleared_cb, g_object_ref (task));
    }
  else
    {
      g_autofree char *label = g_strdup_printf ("Tempo: %s", operation->name);
      SecretValue *value = secret_value_new (operation->secret, -1, "text/plain");

      secret_service_store (self->service, &schema, attributes, SECRET_COLLECTION_DEFAULT, label, value,
                            operation->limit, stored_cb, g_object_ref (task));
      secret_value_unref (value);
    }
}

static void
run_operation (TempoKeyringSecrets *self,
               GTask *task)
{
  Operation *operation = g_task_get_task_data (task);
  const char *secret = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (operation->lookup &&
      (tempo_secret_table_get (self->overlay, operation->organization, operation->name, &secret) ||
       self->service == NULL))
    g_task_return_pointer (task, g_strdup (secret), tempo_secret_wipe);
  else if (self->service != NULL)
    ask_keyring (self, task);
  else if (operation->all)
    end_forgetting (task, FALSE);
  else
    keep_in_memory (self, task);
}

/* The probe's own state; its ref keeps the object until the keyring answered. */
typedef struct
{
  TempoKeyringSecrets *self; /* (owned) */
  GSource *timer;            /* (owned) */
} Probe;

static void
opened_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autofree Probe *probe = user_data;
  g_autoptr (TempoKeyringSecrets) self = probe->self;
  g_autoptr (GError) error = NULL;
  GTask *waiting;

  stop_timer (&probe->timer);
  self->service = secret_service_open_finish (result, &error);
  if (self->service == NULL)
    g_debug ("No keyring: %s", error->message);
  self->probing = FALSE;
  set_durable (self, self->service != NULL);

  while ((waiting = g_queue_pop_head (&self->waiting)) != NULL)
    {
      g_autoptr (GTask) task = waiting;

      run_operation (self, task);
    }
}

/* Opening a session, not only a proxy: a proxy is there even when nobody answers. */
static void
probe_keyring (TempoKeyringSecrets *self)
{
  g_autoptr (GCancellable) limit = g_cancellable_new ();
  Probe *probe = g_new0 (Probe, 1);

  probe->self = g_object_ref (self);
  probe->timer = start_timer (limit, PROBE_SECONDS);
  self->probing = TRUE;
  secret_service_open (SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION, limit, opened_cb, probe);
}

static void
run_or_wait (TempoKeyringSecrets *self,
             GTask *task)
{
  if (self->probing)
    g_queue_push_tail (&self->waiting, g_object_ref (task));
  else
    run_operation (self, task);
}

/* Gives @task what it is about, and runs it or lets it wait for the probe. */
static void
begin_operation (TempoKeyringSecrets *self,
                 GTask *task,
                 const char *organization,
                 const char *name,
                 const char *secret,
                 gboolean lookup)
{
  Operation *operation = g_new0 (Operation, 1);

  operation->organization = g_strdup (organization);
  operation->name = g_strdup (name);
  operation->secret = g_strdup (secret);
  operation->lookup = lookup;
  operation->limit = g_cancellable_new ();
  g_task_set_task_data (task, operation, (GDestroyNotify) operation_free);

  run_or_wait (self, task);
}

static void
tempo_keyring_secrets_store_async (TempoSecrets *secrets,
                                   const char *organization,
                                   const char *name,
                                   const char *secret,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (secrets, cancellable, callback, user_data);

  g_task_set_source_tag (task, tempo_keyring_secrets_store_async);
  begin_operation (TEMPO_KEYRING_SECRETS (secrets), task, organization, name, secret, FALSE);
}

static gboolean
tempo_keyring_secrets_store_finish (TempoSecrets *secrets,
                                    GAsyncResult *result,
                                    GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
tempo_keyring_secrets_lookup_async (TempoSecrets *secrets,
                                    const char *organization,
                                    const char *name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (secrets, cancellable, callback, user_data);

  g_task_set_source_tag (task, tempo_keyring_secrets_lookup_async);
  begin_operation (TEMPO_KEYRING_SECRETS (secrets), task, organization, name, NULL, TRUE);
}

static char *
tempo_keyring_secrets_lookup_finish (TempoSecrets *secrets,
                                     GAsyncResult *result,
                                     GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
tempo_keyring_secrets_forget_async (TempoSecrets *secrets,
                                    const char *organization,
                                    gboolean look_only,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (secrets, cancellable, callback, user_data);
  Operation *operation = g_new0 (Operation, 1);

  operation->organization = g_strdup (organization);
  operation->all = TRUE;
  operation->look_only = look_only;
  operation->limit = g_cancellable_new ();
  g_task_set_source_tag (task, tempo_keyring_secrets_forget_async);
  g_task_set_task_data (task, operation, (GDestroyNotify) operation_free);
  run_or_wait (TEMPO_KEYRING_SECRETS (secrets), task);
}

static gssize
tempo_keyring_secrets_forget_finish (TempoSecrets *secrets,
                                     GAsyncResult *result,
                                     GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
tempo_keyring_secrets_is_durable (TempoSecrets *secrets)
{
  return TEMPO_KEYRING_SECRETS (secrets)->durable;
}

static void
tempo_keyring_secrets_finalize (GObject *object)
{
  TempoKeyringSecrets *self = TEMPO_KEYRING_SECRETS (object);

  /* Each call on its way holds the object. */
  g_assert (g_queue_is_empty (&self->waiting));
  g_clear_object (&self->service);
  g_clear_pointer (&self->overlay, g_hash_table_unref);

  G_OBJECT_CLASS (tempo_keyring_secrets_parent_class)->finalize (object);
}

static void
tempo_keyring_secrets_class_init (TempoKeyringSecretsClass *klass)
{
  TempoSecretsClass *secrets_class = TEMPO_SECRETS_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tempo_keyring_secrets_finalize;
  secrets_class->store_async = tempo_keyring_secrets_store_async;
  secrets_class->store_finish = tempo_keyring_secrets_store_finish;
  secrets_class->lookup_async = tempo_keyring_secrets_lookup_async;
  secrets_class->lookup_finish = tempo_keyring_secrets_lookup_finish;
  secrets_class->forget_async = tempo_keyring_secrets_forget_async;
  secrets_class->forget_finish = tempo_keyring_secrets_forget_finish;
  secrets_class->is_durable = tempo_keyring_secrets_is_durable;
}

static void
tempo_keyring_secrets_init (TempoKeyringSecrets *self)
{
  g_queue_init (&self->waiting);
  self->overlay = tempo_secret_table_new ();
}

/**
 * tempo_secrets_new_keyring:
 *
 * Returns at once; what is asked for meanwhile waits until the keyring answered
 * or two seconds are over.
 *
 * Returns: (transfer full): the keyring of the desktop, with memory behind it
 */
TempoSecrets *
tempo_secrets_new_keyring (void)
{
  TempoKeyringSecrets *self = g_object_new (TEMPO_TYPE_KEYRING_SECRETS, NULL);

  probe_keyring (self);

  return TEMPO_SECRETS (self);
}
