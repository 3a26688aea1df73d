/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-erase-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/tempo-files.h"
#include "tempo-scrub-private.h"

/* Nobody else has the file: what is found is all there is. */
#define MAX_ROUNDS 2

/* Whether a guest is in a copy. Who was taken out of it, or came later, is not. */
static gboolean
look_into (const char *path, const char *tenant_id, const TempoGuestErasure *erasure, gboolean *present, GError **error)
{
  g_auto (TempoErasing) erasing = { NULL };
  TempoErased ignored = { 0 };
  sqlite3 *db = tempo_sqlite_open (path, TEMPO_SQLITE_PLAIN, error);
  gboolean looked = FALSE;

  tempo_erasing_init (&erasing, erasure, &ignored);
  looked = db != NULL && tempo_erasing_look (&erasing, db, tenant_id, error);
  tempo_sqlite_close (db);
  *present = !tempo_traces_is_empty (erasing.traces);
  return looked;
}

static gboolean
scrub (sqlite3 *db, TempoTraces *traces, GError **error)
{
  g_autoptr (GArray) pages = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint shared = 0;

  for (guint round = 0; round < MAX_ROUNDS; round++)
    {
      g_array_set_size (pages, 0);
      if (!tempo_scrub_find (db, traces, pages, &shared, error))
        return FALSE;
      if (pages->len == 0)
        return TRUE;
      if (!tempo_scrub_pages (db, (const guint32 *) pages->data, pages->len, error))
        return FALSE;
    }
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "What was erased is still in the copy");
  return FALSE;
}

static gboolean
rewrite (const char *path, const char *tenant_id, const TempoGuestErasure *erasure, GError **error)
{
  g_auto (TempoErasing) erasing = { NULL };
  TempoErased ignored = { 0 };
  sqlite3 *db = tempo_sqlite_open (path, TEMPO_SQLITE_WRITER, error);
  gboolean done = FALSE;

  tempo_erasing_init (&erasing, erasure, &ignored);
  done = db != NULL && tempo_erasing_run (&erasing, db, tenant_id, error)
         && tempo_sqlite_exec (db, "PRAGMA journal_mode = DELETE", error) && scrub (db, erasing.traces, error);
  tempo_sqlite_close (db);
  return done && tempo_store_verify_file (path, tenant_id, error);
}

static gboolean
replace_backup (const char *path, const char *tenant_id, const TempoGuestErasure *erasure, GError **error)
{
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);

  if (!tempo_files_remove_tree (partial, error) || !tempo_files_copy (path, partial, error))
    return FALSE;
  if (rewrite (partial, tenant_id, erasure, error) && tempo_files_sync (partial, error)
      && g_rename (partial, path) == 0)
    {
      tempo_files_remove_database (partial);
      return tempo_files_sync_folder_of (path, error);
    }
  tempo_files_remove_database (partial);
  return FALSE;
}

/* A copy of which nothing can be taken out must not be kept: the disk being full is no such reason. */
static gboolean
erase_from_backup (
  const char *path, const char *tenant_id, const TempoGuestErasure *erasure, TempoErased *erased, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean present = FALSE;

  if (look_into (path, tenant_id, erasure, &present, &failure)
      && (present ? replace_backup (path, tenant_id, erasure, &failure) : tempo_store_verify_file (path, tenant_id, &failure)))
    {
      erased->backups += present;
      return TRUE;
    }
  if (!g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT)
      && !g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER)
      && !g_error_matches (failure, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  erased->destroyed++;
  return tempo_files_remove_tree (path, error);
}

static gboolean
destroy (const char *path, TempoErased *erased, GError **error)
{
  erased->destroyed++;
  return tempo_files_remove_tree (path, error);
}

typedef gboolean (*EachFunc) (const char *path, const char *name, gpointer data, GError **error);

static gboolean
each_file (const char *folder, EachFunc func, gpointer data, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

      if (!func (path, names->pdata[i], data, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  const char *tenant_id;
  const TempoGuestErasure *erasure;
  TempoErased *erased;
} Copies;

static gboolean
each_backup (const char *path, const char *name, gpointer data, GError **error)
{
  Copies *copies = data;

  if (g_str_has_suffix (name, ".media"))
    return TRUE;
  if (g_str_has_suffix (name, ".db"))
    return erase_from_backup (path, copies->tenant_id, copies->erasure, copies->erased, error);
  return destroy (path, copies->erased, error);
}

static gboolean
each_export (const char *path, const char *name, gpointer data, GError **error)
{
  return destroy (path, ((Copies *) data)->erased, error);
}

static gboolean
each_kept (const char *path, const char *name, gpointer data, GError **error)
{
  if (strstr (name, ".before-restore-") == NULL && !g_str_has_suffix (name, ".restoring"))
    return TRUE;
  return destroy (path, ((Copies *) data)->erased, error);
}

gboolean
tempo_copies_erase_guest (
  const char *folder, const char *tenant_id, const TempoGuestErasure *erasure, TempoErased *erased, GError **error)
{
  Copies copies = { tenant_id, erasure, erased };
  g_autofree char *backups = g_build_filename (folder, "backups", NULL);
  g_autofree char *exports = g_build_filename (folder, "exports", NULL);

  return each_file (backups, each_backup, &copies, error) && each_file (exports, each_export, &copies, error)
         && each_file (folder, each_kept, &copies, error);
}
