/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Organizations whose file could not be opened: damaged, locked, of a newer Tempo, on a full disk. The others go
 * on without them; they are tried again every minute, because most of that can be put right while Tempo runs. */
#include "venue/tempo-host-private.h"

#define TRY_US (60 * G_TIME_SPAN_SECOND)

/**
 * tempo_unopened_free:
 * @data: (transfer full): a #TempoUnopened
 *
 * Frees it.
 */
void
tempo_unopened_free (gpointer data)
{
  g_autofree TempoUnopened *unopened = data;

  g_clear_object (&unopened->organization);
  g_clear_pointer (&unopened->reason, g_free);
}

/* With the lock. */
static TempoUnopened *
find (TempoHost *self,
      const char *organization)
{
  for (guint i = 0; organization != NULL && i < self->unopened->len; i++)
    {
      TempoUnopened *unopened = g_ptr_array_index (self->unopened, i);

      if (g_str_equal (unopened->organization->id, organization) || g_str_equal (unopened->organization->slug, organization))
        return unopened;
    }

  return NULL;
}

/**
 * tempo_host_note_unopened:
 * @self: the engine
 * @organization: which one
 * @error: a TEMPO_STORE_ERROR: why its file could not be opened
 *
 * Any thread.
 */
void
tempo_host_note_unopened (TempoHost *self,
                          TempoOrganization *organization,
                          const GError *error)
{
  TempoUnopened *unopened;

  tempo_host_log (self, organization, G_LOG_LEVEL_MESSAGE, "The data cannot be opened: %s", error->message);
  g_mutex_lock (&self->lock);
  unopened = find (self, organization->id);
  if (unopened == NULL)
    {
      unopened = g_new0 (TempoUnopened, 1);
      unopened->organization = g_object_ref (organization);
      g_ptr_array_add (self->unopened, unopened);
    }
  g_free (unopened->reason);
  unopened->reason = g_strdup (error->message);
  unopened->code = error->domain == TEMPO_STORE_ERROR ? error->code : TEMPO_STORE_ERROR_FAILED;
  g_mutex_unlock (&self->lock);
}

static void
forget (TempoHost *self,
        const char *organization_id)
{
  TempoUnopened *unopened;

  g_mutex_lock (&self->lock);
  unopened = find (self, organization_id);
  if (unopened != NULL)
    g_ptr_array_remove (self->unopened, unopened);
  g_mutex_unlock (&self->lock);
}

static void
free_venues (gpointer data)
{
  g_ptr_array_unref (data);
}

/* All of them, one after the other: they are few. */
static void
try_thread (GTask *task,
            gpointer source_object,
            gpointer task_data,
            GCancellable *cancellable)
{
  TempoHost *self = TEMPO_HOST (source_object);
  g_autoptr (GPtrArray) organizations = tempo_host_list_unopened (self);
  GPtrArray *venues = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_venue_free);

  for (guint i = 0; i < organizations->len; i++)
    {
      g_autoptr (GError) error = NULL;
      TempoVenue *venue = tempo_venue_open (self, g_ptr_array_index (organizations, i), &error);

      if (venue != NULL)
        g_ptr_array_add (venues, venue);
    }
  g_task_return_pointer (task, venues, free_venues);
}

static void
tried_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  TempoHost *self = TEMPO_HOST (object);
  g_autoptr (GPtrArray) venues = g_task_propagate_pointer (G_TASK (result), NULL);

  self->jobs--;
  self->trying = FALSE;
  while (!self->stopping && venues->len > 0)
    {
      TempoVenue *venue = g_ptr_array_steal_index (venues, 0);

      forget (self, venue->organization->id);
      tempo_host_add_venue (self, venue);
    }
  tempo_host_venue_idle (self);
}

/**
 * tempo_host_try_unopened:
 * @self: the engine
 *
 * Engine thread.
 */
void
tempo_host_try_unopened (TempoHost *self)
{
  gint64 now = tempo_clock_now (self->clock);
  g_autoptr (GTask) work = NULL;

  if (self->unopened->len == 0 || self->trying || now < self->next_try)
    return;

  self->next_try = now + TRY_US;
  self->trying = TRUE;
  self->jobs++;
  work = g_task_new (self, NULL, tried_cb, NULL);
  g_task_set_source_tag (work, tempo_host_try_unopened);
  g_task_run_in_thread (work, try_thread);
}

/**
 * tempo_host_dup_unopened:
 * @self: the engine
 * @organization_id: slug or id
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): why its file could not be opened; %NULL when it could
 */
char *
tempo_host_dup_unopened (TempoHost *self,
                         const char *organization_id)
{
  TempoUnopened *unopened;
  char *reason;

  g_mutex_lock (&self->lock);
  unopened = find (self, organization_id);
  reason = unopened != NULL ? g_strdup (unopened->reason) : NULL;
  g_mutex_unlock (&self->lock);

  return reason;
}

/**
 * tempo_host_get_unopened:
 * @self: the engine
 * @organization_id: slug or id
 *
 * Any thread.
 *
 * Returns: the #TempoStoreError its file could not be opened for, by which a remedy is found; -1 when it could
 */
int
tempo_host_get_unopened (TempoHost *self,
                         const char *organization_id)
{
  TempoUnopened *unopened;
  int code;

  g_mutex_lock (&self->lock);
  unopened = find (self, organization_id);
  code = unopened != NULL ? unopened->code : -1;
  g_mutex_unlock (&self->lock);

  return code;
}

/**
 * tempo_host_find_unopened:
 * @self: the engine
 * @organization: (nullable): slug or id
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): the organization, while its file cannot be opened
 */
TempoOrganization *
tempo_host_find_unopened (TempoHost *self,
                          const char *organization)
{
  TempoUnopened *unopened;
  TempoOrganization *found;

  g_mutex_lock (&self->lock);
  unopened = find (self, organization);
  found = unopened != NULL ? g_object_ref (unopened->organization) : NULL;
  g_mutex_unlock (&self->lock);

  return found;
}

/**
 * tempo_host_find_unopened_room:
 * @self: a running engine
 * @code: a join code
 *
 * Engine thread.
 *
 * Returns: (transfer full) (nullable): the organization that has the code, while its file cannot be opened
 */
TempoOrganization *
tempo_host_find_unopened_room (TempoHost *self,
                               const char *code)
{
  g_autofree char *upper = g_ascii_strup (code, -1);
  g_autofree char *organization = NULL;

  if (self->unopened->len == 0)
    return NULL;
  organization = tempo_registry_find_room_code (self->registry, upper);

  return tempo_host_find_unopened (self, organization);
}

/**
 * tempo_host_list_unopened:
 * @self: the engine
 *
 * Any thread.
 *
 * Returns: (transfer full) (element-type TempoOrganization): those whose file could not be opened
 */
GPtrArray *
tempo_host_list_unopened (TempoHost *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->unopened->len; i++)
    g_ptr_array_add (list, g_object_ref (((TempoUnopened *) g_ptr_array_index (self->unopened, i))->organization));
  g_mutex_unlock (&self->lock);

  return list;
}
