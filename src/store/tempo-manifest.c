/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-portable-private.h"

#include <string.h>

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "base/tempo-clock.h"
#include "store/tempo-store.h"
#include "tempo-migration-private.h"
#include "tempo-tar-private.h"

#define FORMAT "tempo-export"
#define SHA256_LENGTH 64

/* Of this host, of this moment, or whose file it is. Bookkeeping of syncing begins anew elsewhere. */
static const char *const left_out[] = { "tenant", "session", "playback", "idempotency", NULL };
static const char *const for_signing_in[] = { "second_factor", "recovery_code", "invitation", NULL };

gboolean
tempo_portable_has_table (const char *table, gboolean credentials)
{
  if (g_strv_contains (left_out, table) || g_str_has_prefix (table, "sync_"))
    return FALSE;
  return credentials || !g_strv_contains (for_signing_in, table);
}

const char *
tempo_portable_replacement (const char *table, const char *column, gboolean credentials)
{
  if (!credentials && strcmp (table, "member") == 0 && strcmp (column, "password_hash") == 0)
    return "";
  return NULL;
}

static void
free_file (gpointer data)
{
  g_autofree TempoPortableFile *file = data;

  g_clear_pointer (&file->path, g_free);
  g_clear_pointer (&file->sha256, g_free);
}

TempoManifest *
tempo_manifest_new (void)
{
  TempoManifest *self = g_new0 (TempoManifest, 1);

  self->files = g_ptr_array_new_with_free_func (free_file);
  return self;
}

void
tempo_manifest_free (TempoManifest *self)
{
  g_clear_object (&self->organization);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

/* (transfer none): the file, to be filled. */
TempoPortableFile *
tempo_manifest_add (TempoManifest *self, const char *path)
{
  TempoPortableFile *file = g_new0 (TempoPortableFile, 1);

  file->path = g_strdup (path);
  g_ptr_array_add (self->files, file);
  return file;
}

static void
write_organization (TempoOrganization *organization, TempoJson *json)
{
  tempo_json_begin_object (json, "organization");
  tempo_json_string (json, "id", organization->id);
  tempo_json_string (json, "slug", organization->slug);
  tempo_json_string (json, "code", organization->code);
  tempo_json_string (json, "name", organization->name);
  tempo_json_bool (json, "active", organization->active);
  tempo_json_time (json, "createdAt", organization->created_at);
  tempo_json_string (json, "accent", organization->accent);
  tempo_json_string (json, "logo", organization->logo);
  tempo_json_string (json, "welcome", organization->welcome);
  tempo_json_end_object (json);
}

GBytes *
tempo_manifest_to_json (TempoManifest *self)
{
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "format", FORMAT);
  tempo_json_int (json, "formatVersion", TEMPO_PORTABLE_VERSION);
  tempo_json_int (json, "schemaVersion", self->schema_version);
  tempo_json_time (json, "createdAt", self->created_at);
  tempo_json_bool (json, "credentials", self->credentials);
  tempo_json_int (json, "hlc", self->hlc);
  write_organization (self->organization, json);
  tempo_json_begin_array (json, "files");
  for (guint i = 0; i < self->files->len; i++)
    {
      TempoPortableFile *file = self->files->pdata[i];

      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "path", file->path);
      tempo_json_int (json, "bytes", (gint64) file->bytes);
      if (g_str_has_prefix (file->path, "tables/"))
        tempo_json_int (json, "rows", (gint64) file->rows);
      tempo_json_string (json, "sha256", file->sha256);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  return tempo_json_finish (json);
}

/* Reading */

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "The archive's manifest %s", what);
  return FALSE;
}

static gboolean
parse_organization (TempoManifest *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "organization");
  JsonObject *from = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  GError *wrong = NULL;
  const char *id, *slug, *code, *name, *accent, *created;

  if (from == NULL)
    return fail (error, "does not say whose it is");
  id = tempo_json_get_string (from, "id", TEMPO_ID_LENGTH, NULL, &wrong);
  slug = tempo_json_get_string (from, "slug", 40, NULL, &wrong);
  code = tempo_json_get_string (from, "code", 8, NULL, &wrong);
  name = tempo_json_get_string (from, "name", TEMPO_ORGANIZATION_MAX_NAME, NULL, &wrong);
  accent = tempo_json_get_string (from, "accent", 7, NULL, &wrong);
  created = tempo_json_get_string (from, "createdAt", 40, NULL, &wrong);
  if (wrong != NULL || !tempo_id_is_valid (id) || slug == NULL || !tempo_slug_is_valid (slug) || name == NULL
      || *name == '\0' || code == NULL || strlen (code) < 3
      || strspn (code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen (code))
    {
      g_clear_error (&wrong);
      return fail (error, "does not say whose it is");
    }
  self->organization = tempo_organization_new (id, slug, code, name);
  self->organization->active = tempo_json_get_bool (from, "active", TRUE, NULL);
  if (accent != NULL)
    {
      g_clear_pointer (&self->organization->accent, g_free);
      self->organization->accent = g_strdup (accent);
    }
  self->organization->logo = g_strdup (tempo_json_get_string (from, "logo", 128, NULL, NULL));
  self->organization->welcome = g_strdup (tempo_json_get_string (from, "welcome", 400, NULL, NULL));
  if (created != NULL)
    tempo_time_parse (created, &self->organization->created_at);
  return TRUE;
}

static gboolean
is_digest (const char *text)
{
  return text != NULL && strlen (text) == SHA256_LENGTH && strspn (text, "0123456789abcdef") == SHA256_LENGTH;
}

static gboolean
parse_file (TempoManifest *self, JsonNode *node, guint64 *sum, GError **error)
{
  JsonObject *from = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *path = from != NULL ? tempo_json_get_string (from, "path", TEMPO_TAR_MAX_NAME, NULL, NULL) : NULL;
  const char *digest = from != NULL ? tempo_json_get_string (from, "sha256", SHA256_LENGTH, NULL, NULL) : NULL;
  TempoPortableFile *file = NULL;

  if (path == NULL || !tempo_tar_is_good_name (path) || !is_digest (digest))
    return fail (error, "names a file that is not allowed");
  file = tempo_manifest_add (self, path);
  file->sha256 = g_strdup (digest);
  file->bytes = (guint64) tempo_json_get_int (from, "bytes", 0, (gint64) TEMPO_PORTABLE_MAX_BYTES, G_MAXINT64, NULL);
  file->rows = (guint64) tempo_json_get_int (from, "rows", 0, G_MAXINT64, 0, NULL);
  if (file->bytes > TEMPO_PORTABLE_MAX_BYTES || *sum + file->bytes > TEMPO_PORTABLE_MAX_BYTES)
    return fail (error, "announces more than is allowed");
  *sum += file->bytes;
  return TRUE;
}

static gboolean
parse_files (TempoManifest *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "files");
  JsonArray *files = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint64 sum = 0;

  if (files == NULL)
    return fail (error, "lists no files");
  if (json_array_get_length (files) > TEMPO_PORTABLE_MAX_FILES)
    return fail (error, "lists more files than are allowed");
  for (guint i = 0; i < json_array_get_length (files); i++)
    if (!parse_file (self, json_array_get_element (files, i), &sum, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_versions (JsonObject *object, GError **error)
{
  const char *format = tempo_json_get_string (object, "format", 40, NULL, NULL);
  gint64 version = tempo_json_get_int (object, "formatVersion", 1, G_MAXINT32, 0, NULL);
  gint64 schema = tempo_json_get_int (object, "schemaVersion", 1, G_MAXINT32, 0, NULL);

  if (g_strcmp0 (format, FORMAT) != 0 || version == 0 || schema == 0)
    return fail (error, "is not one of Tempo's");
  if (version <= TEMPO_PORTABLE_VERSION && schema <= TEMPO_SCHEMA_NEWEST)
    return TRUE;
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NEWER, "The archive was made by a newer Tempo");
  return FALSE;
}

TempoManifest *
tempo_manifest_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (TempoManifest) self = tempo_manifest_new ();
  g_autoptr (JsonObject) object = tempo_json_parse (text, length, NULL);

  if (object == NULL)
    {
      fail (error, "cannot be read");
      return NULL;
    }
  if (!check_versions (object, error) || !parse_organization (self, object, error)
      || !parse_files (self, object, error))
    return NULL;
  self->schema_version = tempo_json_get_int (object, "schemaVersion", 1, G_MAXINT32, 0, NULL);
  self->hlc = tempo_json_get_int (object, "hlc", 0, G_MAXINT64, 0, NULL);
  self->credentials = tempo_json_get_bool (object, "credentials", FALSE, NULL);
  return g_steal_pointer (&self);
}
