/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Care: the log's proof, exports, imports, restoring. Worker threads. */
#include "venue/tempo-care-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/tempo-id.h"
#include "model/tempo-refusal.h"
#include "store/tempo-files.h"
#include "store/tempo-portable.h"

/* The log */

static char *
note_key (const char *organization_id)
{
  return g_strconcat ("audit.", organization_id, NULL);
}

gboolean
tempo_care_note_log (TempoRegistry *registry,
                     TempoStore *store,
                     GError **error)
{
  g_autofree char *key = note_key (tempo_store_get_tenant_id (store));
  g_autofree char *noted = tempo_registry_get (registry, key);
  g_autofree char *now = NULL;

  if (!tempo_store_verify_audit (store, noted, NULL, NULL, error))
    return FALSE;
  now = tempo_store_note_audit (store, error);

  return now != NULL && tempo_registry_set (registry, key, now, error);
}

gboolean
tempo_care_verify_log (TempoCareJob *job,
                       GError **error)
{
  g_autofree char *key = note_key (job->organization->id);
  g_autofree char *noted = tempo_registry_get (job->host->registry, key);
  g_autofree char *head = NULL;
  guint64 rows = 0;

  if (!tempo_store_verify_audit (job->store, noted, &rows, &head, error))
    return FALSE;
  job->text = g_strdup_printf ("%" G_GUINT64_FORMAT " %s", rows, head != NULL ? head : "-");

  return TRUE;
}

/* Exports */

static char *
make_export_path (TempoCareJob *job)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (job->now / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (time, "%Y%m%dT%H%M%SZ");
  g_autofree char *name = g_strdup_printf ("%s-%s.tar.gz", job->organization->slug, stamp);

  return g_build_filename (job->folder, "exports", name, NULL);
}

/* From a copy, so that however long it takes nobody waits for it and it is all of one moment. */
gboolean
tempo_care_export (TempoCareJob *job,
                   GError **error)
{
  g_autofree char *exports = tempo_registry_get_folder (job->host->registry, job->organization->id, "exports");
  g_autofree char *copy = g_build_filename (exports, "copy.db", NULL);
  g_autofree char *path = job->path != NULL ? g_strdup (job->path) : make_export_path (job);
  TempoExport what = { .db_path = copy, .tenant_id = job->organization->id, .organization = job->organization,
                       .folder = job->folder, .credentials = job->credentials, .now = job->now };
  gboolean written;

  written = tempo_store_copy (job->store, copy, error) && tempo_export_write (&what, path, error);
  tempo_files_remove_database (copy);
  if (written)
    job->text = g_steal_pointer (&path);

  return written;
}

/* Imports */

static char *
make_place (TempoCareJob *job,
            const char *name)
{
  return g_build_filename (job->host->data_dir, "organizations", name, NULL);
}

static void
add_conflict (GString *conflicts,
              const char *what,
              const char *name,
              TempoOrganization *whose)
{
  g_string_append_printf (conflicts, "%s%s “%s” is “%s”’s", conflicts->len > 0 ? "; " : "", what, name,
                          whose != NULL ? whose->name : "another organization");
}

/* All of them at once, so that who imports need not find them one by one. */
static gboolean
check_conflicts (TempoCareJob *job,
                 TempoImported *found,
                 GError **error)
{
  TempoRegistry *registry = job->host->registry;
  const char *const names[] = { found->organization->id, found->organization->slug, found->organization->code };
  static const char *const whats[] = { "the id", "the address", "the code" };
  g_autoptr (GString) conflicts = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (TempoOrganization) there = tempo_registry_find_organization (registry, names[i]);

      if (there != NULL)
        add_conflict (conflicts, whats[i], names[i], there);
    }
  for (guint i = 0; i + 1 < found->rooms->len; i += 2)
    {
      g_autofree char *owner = tempo_registry_find_room_code (registry, found->rooms->pdata[i]);
      g_autoptr (TempoOrganization) there = owner != NULL ? tempo_registry_find_organization (registry, owner) : NULL;

      if (owner != NULL)
        add_conflict (conflicts, "the join code", found->rooms->pdata[i], there);
    }
  if (conflicts->len == 0)
    return TRUE;
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_CONFLICT, NULL, "%s", conflicts->str));

  return FALSE;
}

/* Another organization has names of its own; its rooms keep their doors where those are free. */
static gboolean
make_new (TempoCareJob *job,
          const char *folder,
          TempoImported *found,
          GError **error)
{
  TempoRegistry *registry = job->host->registry;
  TempoOrganization *organization = found->organization;
  g_autofree char *slug = tempo_accounts_find_slug (registry, organization->name, job->slug, error);
  g_autofree char *db = g_build_filename (folder, "tempo.db", NULL);

  if (slug == NULL)
    return FALSE;
  g_clear_pointer (&organization->slug, g_free);
  organization->slug = g_steal_pointer (&slug);
  g_clear_pointer (&organization->code, g_free);
  organization->code = tempo_accounts_find_code (registry, organization->name);
  for (guint i = 0; i + 1 < found->rooms->len; i += 2)
    {
      g_autofree char *owner = tempo_registry_find_room_code (registry, found->rooms->pdata[i]);
      char *code;

      if (owner == NULL)
        continue;
      code = tempo_accounts_find_room_code (registry);
      g_ptr_array_add (found->notes, g_strdup_printf ("Join code %s is taken here: the room has %s now",
                                                      (char *) found->rooms->pdata[i], code));
      g_free (found->rooms->pdata[i]);
      found->rooms->pdata[i] = code;
      if (!tempo_import_set_room_code (db, organization->id, found->rooms->pdata[i + 1], code, error))
        return FALSE;
    }

  return TRUE;
}

static void
tell_imported (TempoCareJob *job,
               TempoImported *found)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s %s %" G_GUINT64_FORMAT " rows, %" G_GUINT64_FORMAT " media files",
                          found->organization->slug, found->organization->id, found->rows, found->media);
  for (guint i = 0; i < found->notes->len; i++)
    g_string_append_printf (text, "\n%s", (char *) found->notes->pdata[i]);
  job->text = g_string_free (g_steal_pointer (&text), FALSE);
}

/* The folder first, the registry last: a crash between leaves a folder with a mark in it, which the next start removes.
 */
gboolean
tempo_care_settle (TempoCareJob *job,
                   const char *from_folder,
                   gpointer data,
                   GError **error)
{
  TempoImported *found = data;
  g_autofree char *place = make_place (job, found->organization->id);
  g_autofree char *mark = g_build_filename (from_folder, TEMPO_CARE_MARK, NULL);
  g_autofree char *placed_mark = g_build_filename (place, TEMPO_CARE_MARK, NULL);

  if (!tempo_files_make_private (mark, error))
    return FALSE;
  if (g_rename (from_folder, place) != 0)
    return tempo_files_fail ("Renaming to", place, errno, error);
  if (!tempo_files_sync_folder_of (place, error)
      || !tempo_registry_take_organization (job->host->registry, found->organization, found->rooms, error))
    {
      tempo_files_remove_tree (place, NULL);
      return FALSE;
    }
  g_set_object (&job->made, found->organization);
  tell_imported (job, found);

  return tempo_files_remove_tree (placed_mark, error) && tempo_care_open (job, found->organization, error);
}

/* A folder beside the organizations for what is not one yet. What a crash left there is removed at the next start. */
static char *
make_work_folder (TempoCareJob *job)
{
  g_autofree char *name = g_strconcat (".import-", job->object, NULL);

  return make_place (job, name);
}

gboolean
tempo_care_import (TempoCareJob *job,
                   GError **error)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_system ();
  g_autofree char *new_id = tempo_id_new (clock);
  g_autofree char *folder = NULL;
  TempoImport what = { .from_path = job->path, .as_tenant_id = job->as_new ? new_id : NULL, .now = job->now };
  g_autoptr (TempoImported) found = NULL;
  gboolean good;

  job->object = g_strdup (new_id);
  what.folder = folder = make_work_folder (job);
  found = tempo_import_read (&what, error);
  good = found != NULL && (job->as_new ? make_new (job, folder, found, error) : check_conflicts (job, found, error));
  if (good && job->dry_run)
    tell_imported (job, found);
  else if (good)
    good = tempo_care_settle (job, folder, found, error);
  tempo_files_remove_tree (folder, NULL);
  g_clear_pointer (&job->object, g_free);

  return good;
}

/* Restoring */

/* The pictures of that day, where they are gone since. */
static gboolean
restore_media (const char *backup,
               const char *folder,
               GError **error)
{
  g_autofree char *stem
    = g_str_has_suffix (backup, ".db") ? g_strndup (backup, strlen (backup) - 3) : g_strdup (backup);
  g_autofree char *media = g_strconcat (stem, ".media", NULL);
  g_autofree char *to = g_build_filename (folder, "media", NULL);

  return !g_file_test (media, G_FILE_TEST_IS_DIR) || tempo_files_link_tree (media, to, error);
}

static gboolean
restore_into_place (TempoCareJob *job,
                    GError **error)
{
  g_autofree char *path = tempo_registry_get_store_path (job->host->registry, job->organization->id);
  g_autofree char *key = note_key (job->organization->id);
  g_autoptr (GError) failure = NULL;
  gboolean restored = tempo_store_restore (path, job->path, job->organization->id, &failure)
                      && restore_media (job->path, job->folder, &failure);

  /* What was noted is of rows that are not there any more; from here it is noted anew. */
  if (restored)
    tempo_registry_set (job->host->registry, key, NULL, NULL);
  if (!tempo_care_open (job, job->organization, failure == NULL ? &failure : NULL) || !restored)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  job->text = g_strdup (job->organization->name);

  return TRUE;
}

/* Beside: as if the backup had been exported and imported as another one. */
static gboolean
restore_beside (TempoCareJob *job,
                GError **error)
{
  g_autofree char *exports = tempo_registry_get_folder (job->host->registry, job->organization->id, "exports");
  g_autofree char *archive = g_build_filename (exports, "restore.tar.gz", NULL);
  g_autofree char *backup = g_steal_pointer (&job->path);
  TempoExport what = { .db_path = backup, .tenant_id = job->organization->id, .organization = job->organization,
                       .folder = job->folder, .credentials = TRUE, .now = job->now };
  gboolean restored
    = tempo_store_verify_file (backup, job->organization->id, error) && tempo_export_write (&what, archive, error);

  if (restored)
    {
      job->path = g_strdup (archive);
      restored = tempo_care_import (job, error);
    }
  tempo_files_remove_tree (archive, NULL);

  return restored;
}

gboolean
tempo_care_restore (TempoCareJob *job,
                    GError **error)
{
  return job->as_new ? restore_beside (job, error) : restore_into_place (job, error);
}
