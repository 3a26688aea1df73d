/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Care: erasing people and organizations, and the proof of it. Worker threads. */
#include "venue/tempo-care-private.h"

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "store/tempo-erase.h"
#include "store/tempo-files.h"

static const char *
kind_of (TempoActor *actor)
{
  return actor->kind == TEMPO_ACTOR_MEMBER ? "member" : actor->kind == TEMPO_ACTOR_DESKTOP ? "desktop" : "console";
}

static TempoJson *
begin_receipt (TempoCareJob *job,
               const char *id,
               const char *kind)
{
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "id", id);
  tempo_json_string (json, "kind", kind);
  tempo_json_time (json, "at", job->now);
  tempo_json_begin_object (json, "by");
  tempo_json_string (json, "kind", kind_of (job->actor));
  tempo_json_string (json, "id", job->actor->id);
  tempo_json_string (json, "name", job->actor->name);
  tempo_json_end_object (json);
  tempo_json_begin_object (json, "organization");
  tempo_json_string (json, "id", job->organization->id);
  tempo_json_string (json, "slug", job->organization->slug);
  tempo_json_end_object (json);

  return json;
}

/* The receipt with a digest over everything before it. */
static char *
end_receipt (TempoJson *json)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, tempo_json_peek (json, NULL), -1);

  tempo_json_string (json, "digest", digest);
  tempo_json_end_object (json);
  bytes = tempo_json_finish (json);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
write_guest_receipt (TempoCareJob *job,
                     const char *id,
                     const TempoErased *erased)
{
  TempoJson *json = begin_receipt (job, id, "guest");

  tempo_json_string (json, "guest", job->target);
  tempo_json_begin_object (json, "erased");
  tempo_json_int (json, "requests", erased->requests);
  tempo_json_int (json, "votes", erased->votes);
  tempo_json_int (json, "answers", erased->answers);
  tempo_json_int (json, "logRows", erased->log_rows);
  tempo_json_int (json, "backupsRewritten", erased->backups);
  tempo_json_int (json, "copiesDestroyed", erased->destroyed);
  tempo_json_end_object (json);
  tempo_json_int (json, "textsOthersWroteToo", erased->shared);
  tempo_json_string (json, "logDigest", erased->digest);

  return end_receipt (json);
}

/* Kept in the organization, and so found in its exports too, and in the registry, where a restore does not reach. */
static gboolean
keep_receipt (TempoCareJob *job,
              const char *id,
              GError **error)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();
  TempoErasure receipt = { id, "guest", job->now, job->text };

  tempo_batch_add (batch, "receipt-insert", "ssis", id, "guest_erase", job->now, job->text);

  return tempo_store_write (job->store, batch, error)
         && tempo_registry_add_erasure (job->host->registry, job->organization->id, &receipt, error);
}

gboolean
tempo_care_erase_guest (TempoCareJob *job,
                        GError **error)
{
  g_autofree char *id = tempo_id_new (job->host->clock);
  TempoGuestErasure what = { job->target, id, job->now, kind_of (job->actor), job->actor->id, job->actor->name,
                             job->actor->address, job->actor->agent };
  TempoErased erased = { 0 };

  if (!tempo_store_erase_guest (job->store, &what, &erased, error)
      || !tempo_copies_erase_guest (job->folder, job->organization->id, &what, &erased, error))
    return FALSE;
  job->text = write_guest_receipt (job, id, &erased);

  return keep_receipt (job, id, error);
}

gboolean
tempo_care_finish_removal (TempoCareJob *job,
                           GError **error)
{
  g_autoptr (GError) failure = NULL;

  /* Nobody writes there any more. */
  tempo_logbook_dismiss (job->host->logbook, job->organization->id);
  if (tempo_registry_finish_erasures (job->host->registry, &failure) && tempo_files_remove_tree (job->folder, &failure))
    return TRUE;
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL,
                                               "the organization is removed, but not all of it is gone from the disk:"
                                               " that is done when Tempo starts again (%s)", failure->message));

  return FALSE;
}

/* The registry forgets it and keeps the proof in one step, then the bytes go: a crash before leaves the organization as
 * it was, one after is finished at the next start. */
gboolean
tempo_care_erase_organization (TempoCareJob *job,
                               GError **error)
{
  g_autofree char *id = tempo_id_new (job->host->clock);
  TempoJson *json = begin_receipt (job, id, "organization");
  TempoErasure receipt = { id, "organization", job->now, NULL };
  g_autofree char *text = NULL;
  guint64 bytes = 0, files = 0;

  tempo_files_measure_tree (job->folder, &files, &bytes);
  tempo_json_begin_object (json, "erased");
  tempo_json_int (json, "files", (gint64) files);
  tempo_json_int (json, "bytes", (gint64) bytes);
  tempo_json_int (json, "secrets", MAX (job->secrets, 0));
  tempo_json_end_object (json);
  /* Without an answer they are taken away when Tempo starts with the keyring there. */
  tempo_json_string (json, "keyring",
                     job->secrets < 0 ? "notAsked" : job->in_keyring ? "cleared" : "none");
  receipt.text = text = end_receipt (json);
  if (!tempo_registry_remove_organization (job->host->registry, job->organization->id, &receipt, error))
    {
      tempo_care_open (job, job->organization, NULL);
      return FALSE;
    }
  if (!tempo_care_finish_removal (job, error))
    return FALSE;
  job->text = g_steal_pointer (&text);

  return TRUE;
}

static gboolean
is_known (TempoRegistry *registry,
          const char *name)
{
  g_autoptr (TempoOrganization) organization = tempo_registry_find_organization (registry, name);

  return organization != NULL && g_str_equal (organization->id, name);
}

/* Never by what the registry does not know: it might be the registry that is wrong. */
static gboolean
clear_up (TempoRegistry *registry,
          const char *folder,
          const char *name,
          GPtrArray *erased,
          GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *mark = g_build_filename (path, TEMPO_CARE_MARK, NULL);
  /* What an export reads from, if a kill left it there. */
  g_autofree char *copy = g_build_filename (path, "exports", "copy.db", NULL);
  gboolean marked = g_file_test (mark, G_FILE_TEST_EXISTS);

  if (g_str_has_prefix (name, ".import-"))
    return tempo_files_remove_tree (path, error);
  if (is_known (registry, name))
    return tempo_files_remove_tree (copy, error) && (!marked || tempo_files_remove_tree (mark, error));
  if (!marked && !g_ptr_array_find_with_equal_func (erased, name, g_str_equal, NULL))
    return TRUE;
  g_message ("Removing what is left of \"%s\"", path);

  return tempo_files_remove_tree (path, error);
}

gboolean
tempo_care_recover (TempoRegistry *registry,
                    GError **error)
{
  g_autofree char *folder = g_build_filename (tempo_registry_get_data_dir (registry), "organizations", NULL);
  g_autoptr (GPtrArray) erased = tempo_registry_list_erased (registry, error);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  if (erased == NULL || !tempo_registry_finish_erasures (registry, error))
    return FALSE;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!clear_up (registry, folder, name, erased, error))
      return FALSE;

  return tempo_care_recover_moves (registry, error);
}
