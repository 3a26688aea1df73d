/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-assets.h"

#include <string.h>

#define URL_PREFIX "/assets/"
#define DIGEST_CHARACTERS 16
/* Smaller than that, gzip's own 18 bytes and the browser's work are not worth it. */
#define GZIP_MIN 512

typedef struct
{
  GBytes *bytes; /* (owned) */
  GBytes *gzip;  /* (owned) (nullable): when it is a tenth smaller at least */
  gboolean tried_gzip;
  const char *type; /* static */
  char *digest;     /* (owned) */
  char *url;        /* (owned) */
} Asset;

struct _TempoAssets
{
  GHashTable *assets; /* (owned): name to Asset */
};

static const struct
{
  const char *suffix;
  const char *type;
  gboolean text;
} types[] = {
  { ".js", "text/javascript; charset=utf-8", TRUE },
  { ".mjs", "text/javascript; charset=utf-8", TRUE },
  { ".css", "text/css; charset=utf-8", TRUE },
  { ".svg", "image/svg+xml", TRUE },
  { ".json", "application/json", TRUE },
  { ".webmanifest", "application/manifest+json", TRUE },
  { ".txt", "text/plain; charset=utf-8", TRUE },
  { ".html", "text/html; charset=utf-8", TRUE },
  { ".png", "image/png", FALSE },
  { ".jpg", "image/jpeg", FALSE },
  { ".webp", "image/webp", FALSE },
  { ".ico", "image/x-icon", FALSE },
  { ".woff2", "font/woff2", FALSE },
};

static const char *
type_of (const char *name,
         gboolean *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      {
        *text = types[i].text;
        return types[i].type;
      }
  *text = FALSE;
  return "application/octet-stream";
}

static void
free_asset (gpointer data)
{
  Asset *asset = data;

  g_clear_pointer (&asset->bytes, g_bytes_unref);
  g_clear_pointer (&asset->gzip, g_bytes_unref);
  g_clear_pointer (&asset->digest, g_free);
  g_clear_pointer (&asset->url, g_free);
  g_free (asset);
}

static Asset *
asset_new (const char *name,
           GBytes *bytes)
{
  Asset *asset = g_new0 (Asset, 1);
  gboolean text;
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  asset->bytes = g_bytes_ref (bytes);
  asset->type = type_of (name, &text);
  asset->tried_gzip = !text || g_bytes_get_size (bytes) < GZIP_MIN;
  asset->digest = g_strndup (digest, DIGEST_CHARACTERS);
  asset->url = g_strconcat (URL_PREFIX, name, "?v=", asset->digest, NULL);
  return asset;
}

static char **
list_children (GResource *resources,
               const char *path,
               GError **error)
{
  return resources != NULL ? g_resource_enumerate_children (resources, path, 0, error)
                           : g_resources_enumerate_children (path, 0, error);
}

static GBytes *
load (GResource *resources,
      const char *path,
      GError **error)
{
  return resources != NULL ? g_resource_lookup_data (resources, path, 0, error)
                           : g_resources_lookup_data (path, 0, error);
}

static gboolean
add_folder (TempoAssets *self,
            GResource *resources,
            const char *prefix,
            const char *folder,
            GError **error)
{
  g_autofree char *path = g_strconcat (prefix, "/", folder, NULL);
  g_auto (GStrv) children = list_children (resources, path, error);

  for (guint i = 0; children != NULL && children[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat (folder, children[i], NULL);
      g_autofree char *file = g_strconcat (prefix, "/", name, NULL);
      g_autoptr (GBytes) bytes = NULL;

      if (g_str_has_suffix (name, "/"))
        {
          if (!add_folder (self, resources, prefix, name, error))
            return FALSE;
          continue;
        }
      bytes = load (resources, file, error);
      if (bytes == NULL)
        return FALSE;
      g_hash_table_insert (self->assets, g_steal_pointer (&name), asset_new (name, bytes));
    }
  return children != NULL;
}

/** Loads every file beneath @prefix: they are in the program's image already, only digests are computed. */
TempoAssets *
tempo_assets_new (GResource *resources,
                  const char *prefix,
                  GError **error)
{
  g_autoptr (TempoAssets) self = g_new0 (TempoAssets, 1);

  self->assets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_asset);
  if (!add_folder (self, resources, prefix, "", error))
    return NULL;
  return g_steal_pointer (&self);
}

/** Frees the files' books; the files themselves belong to the resource. */
void
tempo_assets_free (TempoAssets *self)
{
  g_clear_pointer (&self->assets, g_hash_table_unref);
  g_free (self);
}

/** The address to write into a page: it changes when the file does. */
const char *
tempo_assets_get_url (TempoAssets *self,
                      const char *name)
{
  const Asset *asset = g_hash_table_lookup (self->assets, name);

  return asset != NULL ? asset->url : NULL;
}

/** The file as built in, also for templates that are never given out. */
GBytes *
tempo_assets_get_bytes (TempoAssets *self,
                        const char *name)
{
  const Asset *asset = g_hash_table_lookup (self->assets, name);

  return asset != NULL ? asset->bytes : NULL;
}

static GBytes *
compress (GBytes *bytes)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);

  if (!g_output_stream_write_all (stream, data, length, NULL, NULL, NULL) ||
      !g_output_stream_close (stream, NULL, NULL))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Compressed when first asked for, so that the start is not slower for files nobody may want. */
static GBytes *
get_gzip (Asset *asset)
{
  g_autoptr (GBytes) gzip = NULL;

  if (asset->tried_gzip)
    return asset->gzip;
  asset->tried_gzip = TRUE;
  gzip = compress (asset->bytes);
  if (gzip != NULL && g_bytes_get_size (gzip) < g_bytes_get_size (asset->bytes) / 10 * 9)
    asset->gzip = g_steal_pointer (&gzip);
  return asset->gzip;
}

static gboolean
accepts_gzip (TempoExchange *exchange)
{
  const char *accept = tempo_exchange_get_header (exchange, "accept-encoding");
  const char *gzip = accept != NULL ? strstr (accept, "gzip") : NULL;

  return gzip != NULL && !g_str_has_prefix (gzip, "gzip;q=0,") && g_strcmp0 (gzip, "gzip;q=0") != 0;
}

/** Answers with the file @name. */
void
tempo_assets_answer (TempoAssets *self,
                     TempoExchange *exchange,
                     const char *name)
{
  Asset *asset = name != NULL ? g_hash_table_lookup (self->assets, name) : NULL;
  GBytes *gzip;

  if (asset == NULL || g_str_has_suffix (name, ".html"))
    {
      tempo_exchange_answer_problem (exchange, 404, "not_found", "There is nothing here", NULL);
      return;
    }
  gzip = get_gzip (asset);
  /* An address with the right digest can never mean anything else. */
  tempo_exchange_set_header (exchange, "Cache-Control",
                             g_strcmp0 (tempo_exchange_get_query (exchange, "v"), asset->digest) == 0
                               ? "public, max-age=31536000, immutable"
                               : "no-cache");
  if (gzip != NULL)
    tempo_exchange_set_header (exchange, "Vary", "Accept-Encoding");
  if (tempo_exchange_not_modified (exchange, asset->digest))
    return;
  if (gzip != NULL && accepts_gzip (exchange))
    tempo_exchange_set_header (exchange, "Content-Encoding", "gzip");
  else
    gzip = NULL;
  tempo_exchange_answer_bytes (exchange, 200, asset->type, gzip != NULL ? gzip : asset->bytes);
}
