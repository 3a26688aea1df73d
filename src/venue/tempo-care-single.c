/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Care: the predecessors' data, which had one owner, into the organization "default" and out again. Worker threads. */
#include "venue/tempo-care-private.h"

#include "model/tempo-refusal.h"
#include "store/tempo-files.h"
#include "store/tempo-single.h"

#define SLUG "default"
/* In the registry: the organization was made for an import, so that taking the import back takes it as well. */
#define NOTE "single."

static void
tell (TempoCareJob *job,
      TempoSingleResult *result)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%u requests, %u settings, %u people, %u were there", result->requests,
                          result->settings, result->members, result->there);
  for (guint i = 0; i < result->notes->len; i++)
    g_string_append_printf (text, "\n%s", (char *) g_ptr_array_index (result->notes, i));
  job->text = g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
ensure_organization (TempoCareJob *job,
                     GError **error)
{
  TempoRegistry *registry = job->host->registry;
  g_autofree char *key = NULL;

  if (job->organization != NULL)
    return TRUE;
  job->organization
    = tempo_accounts_install (job->host, job->actor, job->title != NULL ? job->title : "Default", SLUG, "owner", NULL, NULL, error);
  if (job->organization == NULL)
    return FALSE;
  key = g_strconcat (NOTE, job->organization->id, NULL);

  return tempo_registry_set (registry, key, "made", error);
}

static gboolean
with_file (TempoCareJob *job,
           TempoSingle *what,
           char **path,
           GError **error)
{
  if (job->organization == NULL)
    {
      g_propagate_error (error,
                         tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "there is no organization \"%s\"", SLUG));
      return FALSE;
    }
  *path = tempo_registry_get_store_path (job->host->registry, job->organization->id);
  what->db_path = *path;
  what->tenant_id = job->organization->id;
  what->code = job->organization->code;
  what->now = job->now;

  return TRUE;
}

/* A room that was moved took what was imported into it along. */
static GHashTable *
find_elsewhere (TempoCareJob *job,
                GError **error)
{
  TempoRegistry *registry = job->host->registry;
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) all = tempo_registry_list_organizations (registry);

  for (guint i = 0; i < all->len; i++)
    {
      TempoOrganization *other = all->pdata[i];
      g_autofree char *path = tempo_registry_get_store_path (registry, other->id);

      if (!g_str_equal (other->id, job->organization->id) && !tempo_single_collect (path, ids, error))
        return NULL;
    }

  return g_steal_pointer (&ids);
}

gboolean
tempo_care_take_single (TempoCareJob *job,
                        GError **error)
{
  TempoSingle what = { NULL };
  g_autoptr (GHashTable) elsewhere = NULL;
  g_auto (TempoSingleResult) result = { 0 };
  g_autofree char *path = NULL;
  gboolean taken = ensure_organization (job, error) && with_file (job, &what, &path, error);

  what.elsewhere = elsewhere = taken ? find_elsewhere (job, error) : NULL;
  taken = elsewhere != NULL && tempo_single_import (&what, job->path, &result, error);
  if (job->organization != NULL)
    tempo_care_open (job, job->organization, taken ? error : NULL);
  if (taken)
    tell (job, &result);

  return taken;
}

/* An organization that was made for the import and holds nothing else goes whole. */
static gboolean
is_empty (TempoCareJob *job,
          const TempoSingle *what)
{
  g_autofree char *key = g_strconcat (NOTE, what->tenant_id, NULL);
  g_autofree char *made = tempo_registry_get (job->host->registry, key);

  return made != NULL && tempo_single_is_alone (what, NULL);
}

/* It has no receipt by which a start would know what a removal that was cut off left behind: so it is marked. */
static gboolean
remove_made (TempoCareJob *job,
             GError **error)
{
  g_autofree char *mark = g_build_filename (job->folder, TEMPO_CARE_MARK, NULL);

  if (tempo_files_make_private (mark, error)
      && tempo_registry_remove_organization (job->host->registry, job->organization->id, NULL, error))
    return tempo_care_finish_removal (job, error);
  tempo_care_open (job, job->organization, NULL);

  return FALSE;
}

gboolean
tempo_care_drop_single (TempoCareJob *job,
                        GError **error)
{
  TempoSingle what = { NULL };
  g_auto (TempoSingleResult) result = { 0 };
  g_autofree char *path = NULL;
  gboolean done = with_file (job, &what, &path, error) && tempo_single_rollback (&what, &result, error);

  if (done)
    tell (job, &result);
  if (done && is_empty (job, &what))
    return remove_made (job, error);
  if (job->organization != NULL)
    tempo_care_open (job, job->organization, done ? error : NULL);

  return done;
}

gboolean
tempo_care_give_single (TempoCareJob *job,
                        GError **error)
{
  TempoSingle what = { NULL };
  g_autofree char *path = NULL;
  gboolean done = with_file (job, &what, &path, error) && tempo_single_export (&what, job->path, error);

  if (job->organization != NULL)
    tempo_care_open (job, job->organization, done ? error : NULL);
  if (done)
    job->text = g_strdup (job->path);

  return done;
}
