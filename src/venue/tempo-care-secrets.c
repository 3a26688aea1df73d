/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Care: the secrets of organizations that were erased. Engine thread. */
#include "venue/tempo-care-private.h"

#include "music/spotify/tempo-spotify-service.h"
#include "secrets/tempo-secrets.h"

/* In the registry, that an erased organization left nothing in the keyring. Who was erased is known from the
 * receipts; so a crash, or a keyring that did not answer, is made good at a later start. */
#define NOTE "secretsGone."

typedef struct
{
  TempoHost *host; /* (unowned) lives longer: it waits for its jobs */
  char *id;        /* (owned) the organization's */
  GSourceFunc done; /* (nullable) */
  gpointer user_data;
} Leaving;

static void
free_leaving (gpointer data)
{
  g_autofree Leaving *self = data;

  g_free (self->id);
}

static void
note_thread (GTask *task,
             gpointer source_object,
             gpointer task_data,
             GCancellable *cancellable)
{
  Leaving *leaving = task_data;
  g_autofree char *key = g_strconcat (NOTE, leaving->id, NULL);
  GError *error = NULL;

  if (tempo_registry_set (leaving->host->registry, key, "1", &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
end_cb (GObject *object,
        GAsyncResult *result,
        gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  Leaving *leaving = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("Secrets of an erased organization are looked for again at the next start: %s", error->message);
  if (leaving->done != NULL)
    leaving->done (leaving->user_data);
  self->jobs--;
  tempo_host_venue_idle (self);
}

static void
forgotten_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoSecrets *secrets = TEMPO_SECRETS (object);
  gssize found = tempo_secrets_forget_finish (secrets, result, NULL);

  /* What is only in memory says nothing of a keyring that is not there now. */
  if (found >= 0 && tempo_secrets_is_durable (secrets))
    g_task_run_in_thread (task, note_thread);
  else if (found >= 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the keyring did not answer");
}

void
tempo_care_forget_secrets (TempoHost *self,
                           const char *organization_id,
                           GSourceFunc done,
                           gpointer user_data)
{
  Leaving *leaving = g_new0 (Leaving, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, end_cb, NULL);

  *leaving = (Leaving) { self, g_strdup (organization_id), done, user_data };
  g_task_set_source_tag (task, tempo_care_forget_secrets);
  g_task_set_task_data (task, leaving, free_leaving);
  self->jobs++;
  /* Nothing may put a fresh token there afterwards. */
  if (self->spotify != NULL)
    tempo_spotify_service_forget (self->spotify, organization_id);
  tempo_secrets_forget_async (self->secrets, organization_id, FALSE, NULL, forgotten_cb, g_object_ref (task));
}

static void
list_thread (GTask *task,
             gpointer source_object,
             gpointer task_data,
             GCancellable *cancellable)
{
  TempoRegistry *registry = TEMPO_HOST (source_object)->registry;
  g_autoptr (GPtrArray) erased = tempo_registry_list_erased (registry, NULL);
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; erased != NULL && i < erased->len; i++)
    {
      g_autofree char *key = g_strconcat (NOTE, erased->pdata[i], NULL);
      g_autofree char *gone = tempo_registry_get (registry, key);
      g_autoptr (TempoOrganization) again = tempo_registry_find_organization (registry, erased->pdata[i]);

      /* It may have come back from an archive, and have secrets again. */
      if (gone == NULL && again == NULL)
        g_ptr_array_add (left, g_strdup (erased->pdata[i]));
    }
  g_task_return_pointer (task, g_steal_pointer (&left), (GDestroyNotify) g_ptr_array_unref);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GPtrArray) left = g_task_propagate_pointer (G_TASK (result), NULL);

  for (guint i = 0; left != NULL && i < left->len && !self->stopping; i++)
    tempo_care_forget_secrets (self, left->pdata[i], NULL, NULL);
  self->jobs--;
  tempo_host_venue_idle (self);
}

void
tempo_care_recover_secrets (TempoHost *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, listed_cb, NULL);

  g_task_set_source_tag (task, tempo_care_recover_secrets);
  self->jobs++;
  g_task_run_in_thread (task, list_thread);
}
