/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-licences-private.h"

#include "model/tempo-refusal.h"
#include "store/tempo-store.h"
#include "venue/tempo-host.h"

#define TIME_SEEN "time_seen"

typedef struct
{
  TempoRegistryLicence *row;   /* (owned) */
  TempoLicence *licence;       /* (owned) (nullable) only a key is known, or it is not trusted */
  TempoLicenceState state;     /* as last told */
} Entry;

struct _TempoLicences
{
  TempoLicenceKeys *keys; /* (owned) */
  GHashTable *entries;    /* (owned) organization id → Entry */
  gint64 seen;            /* seconds: the latest time this installation ever knew of */
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->row, tempo_registry_licence_free);
  g_clear_pointer (&entry->licence, tempo_licence_free);
  g_free (entry);
}

/**
 * tempo_licences_new:
 * @more_keys: (nullable): public keys beside those of the build
 *
 * Returns: (transfer full): no licences yet
 */
TempoLicences *
tempo_licences_new (const char *more_keys)
{
  TempoLicences *self = g_new0 (TempoLicences, 1);

  self->keys = tempo_licence_keys_new ();
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entry);
  if (more_keys != NULL && !tempo_licence_keys_add_text (self->keys, more_keys))
    g_warning ("A public key for licences cannot be read");

  return self;
}

/**
 * tempo_licences_free:
 * @self: (nullable): licences
 */
void
tempo_licences_free (TempoLicences *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->keys, tempo_licence_keys_free);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_free (self);
}

static void
note_time (TempoLicences *self,
           gint64 seconds)
{
  self->seen = MAX (self->seen, seconds);
}

/* @row: (transfer full). */
static void
put_row (TempoLicences *self,
         TempoRegistryLicence *row,
         gint64 now)
{
  Entry *entry = g_new0 (Entry, 1);
  TempoLicenceStanding standing;

  entry->row = row;
  /* Long ago it was taken; that the clock is behind since is the judge's business. */
  if (*row->document != '\0')
    entry->licence = tempo_licence_read (row->document, self->keys, G_MAXINT64 - G_MAXINT32, NULL);
  if (entry->licence != NULL)
    note_time (self, entry->licence->issued_at);
  g_hash_table_replace (self->entries, row->organization_id, entry);
  tempo_licence_judge (entry->licence, now / G_USEC_PER_SEC, self->seen, &standing);
  entry->state = standing.state;
}

/**
 * tempo_licences_load:
 * @self: licences
 * @registry: of the installation
 * @now: wall us
 * @error: the store's
 *
 * Blocks: worker threads, before the engine uses @self.
 *
 * Returns: %FALSE when the registry cannot be read
 */
gboolean
tempo_licences_load (TempoLicences *self,
                     TempoRegistry *registry,
                     gint64 now,
                     GError **error)
{
  g_autoptr (GPtrArray) rows = tempo_registry_list_licences (registry, error);
  g_autofree char *seen = tempo_registry_get (registry, TIME_SEEN);

  if (rows == NULL)
    return FALSE;

  note_time (self, seen != NULL ? g_ascii_strtoll (seen, NULL, 10) : 0);
  while (rows->len > 0)
    {
      TempoRegistryLicence *row = g_ptr_array_steal_index_fast (rows, 0);

      note_time (self, row->installed_at / G_USEC_PER_SEC);
      put_row (self, row, now);
    }

  return TRUE;
}

/**
 * tempo_licences_tick:
 * @self: licences
 * @now: wall us
 *
 * Returns: whether the standing of one changed since it was last asked
 */
gboolean
tempo_licences_tick (TempoLicences *self,
                     gint64 now)
{
  GHashTableIter iter;
  gpointer value;
  gboolean changed = FALSE;

  note_time (self, now / G_USEC_PER_SEC);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;
      TempoLicenceStanding standing;

      tempo_licence_judge (entry->licence, now / G_USEC_PER_SEC, self->seen, &standing);
      changed = changed || standing.state != entry->state;
      entry->state = standing.state;
    }

  return changed;
}

/**
 * tempo_licences_save_time:
 * @self: licences
 * @host: the engine
 *
 * That it could not be saved costs nothing but the memory of a day.
 */
void
tempo_licences_save_time (TempoLicences *self,
                          TempoHost *host)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, self->seen);

  if (g_hash_table_size (self->entries) > 0)
    tempo_host_set_setting_async (host, TIME_SEEN, text, NULL, NULL);
}

/**
 * tempo_licences_find:
 * @self: licences
 * @organization_id: whose
 * @row: (out) (optional) (transfer none) (nullable): as the registry keeps it
 *
 * Returns: (transfer none) (nullable): what was agreed
 */
const TempoLicence *
tempo_licences_find (TempoLicences *self,
                     const char *organization_id,
                     const TempoRegistryLicence **row)
{
  Entry *entry = g_hash_table_lookup (self->entries, organization_id);

  if (row != NULL)
    *row = entry != NULL ? entry->row : NULL;

  return entry != NULL ? entry->licence : NULL;
}

/**
 * tempo_licences_judge:
 * @self: licences
 * @organization_id: whose
 * @now: wall us
 * @standing: (out): how it stands; without a licence the community tier's
 */
void
tempo_licences_judge (TempoLicences *self,
                      const char *organization_id,
                      gint64 now,
                      TempoLicenceStanding *standing)
{
  tempo_licence_judge (tempo_licences_find (self, organization_id, NULL), now / G_USEC_PER_SEC, self->seen, standing);
}

/**
 * tempo_licences_find_key:
 * @self: licences
 * @key: as typed
 * @error: KEY_SHAPE or KEY_CHECK of TEMPO_LICENCE_ERROR; unset when nobody has it
 *
 * Returns: (transfer none) (nullable): the organization it belongs to
 */
const char *
tempo_licences_find_key (TempoLicences *self,
                         const char *key,
                         GError **error)
{
  g_autofree char *normal = tempo_licence_key_normalize (key, error);
  g_autofree char *digest = normal != NULL ? tempo_licence_key_digest (normal) : NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (digest != NULL && g_hash_table_iter_next (&iter, NULL, &value))
    {
      TempoRegistryLicence *row = ((Entry *) value)->row;

      if (g_str_equal (row->key_digest, digest))
        return row->organization_id;
    }

  return NULL;
}

/**
 * tempo_licences_get_organizations:
 * @self: licences
 * @now: wall us
 *
 * Returns: how many organizations this installation may hold
 */
guint
tempo_licences_get_organizations (TempoLicences *self,
                                  gint64 now)
{
  guint limit = tempo_tier_get_limits (TEMPO_TIER_COMMUNITY)->of[TEMPO_LIMIT_ORGANIZATIONS];
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      TempoLicenceStanding standing;

      tempo_licences_judge (self, key, now, &standing);
      limit = MAX (limit, standing.limits.of[TEMPO_LIMIT_ORGANIZATIONS]);
    }

  return limit;
}

/* Changing */

static gboolean
fill_from_key (TempoRegistryLicence *row,
               const char *key,
               GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *normal = tempo_licence_key_normalize (key, &failure);

  if (normal == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "key", failure->message);
  row->key_digest = tempo_licence_key_digest (normal);
  row->last_four = g_strdup (tempo_licence_key_last_four (normal));
  row->document = g_strdup ("");

  return TRUE;
}

/* For this organization, or for the bearer of a key that was entered here before. */
static gboolean
is_for (TempoLicences *self,
        const TempoLicence *licence,
        const char *organization_id)
{
  const TempoRegistryLicence *before;

  if (*licence->organization_id != '\0')
    return g_str_equal (licence->organization_id, organization_id);
  tempo_licences_find (self, organization_id, &before);

  return before != NULL && g_str_equal (before->key_digest, licence->key_digest);
}

static gboolean
fill_from_document (TempoLicences *self,
                    TempoRegistryLicence *row,
                    const char *document,
                    gint64 now,
                    GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (TempoLicence) licence = tempo_licence_read (document, self->keys, now / G_USEC_PER_SEC, &failure);

  if (licence == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "document", failure->message);
  if (!is_for (self, licence, row->organization_id))
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "document", "the licence document is for another organization");
  row->key_digest = g_strdup (licence->key_digest);
  row->last_four = g_strdup (licence->last_four);
  row->document = g_strstrip (g_strdup (document));

  return TRUE;
}

/**
 * tempo_licences_read:
 * @self: licences
 * @organization_id: whose
 * @key: (nullable): as typed
 * @document: (nullable): as it came
 * @now: wall us
 * @error: TEMPO_REFUSAL
 *
 * With only a key the licence waits for its document; a document brings its key's digest along.
 *
 * Returns: (transfer full) (nullable): what the registry is to keep, before tempo_licences_take()
 */
TempoRegistryLicence *
tempo_licences_read (TempoLicences *self,
                     const char *organization_id,
                     const char *key,
                     const char *document,
                     gint64 now,
                     GError **error)
{
  g_autoptr (TempoRegistryLicence) row = g_new0 (TempoRegistryLicence, 1);

  g_return_val_if_fail ((key != NULL) != (document != NULL), NULL);

  row->organization_id = g_strdup (organization_id);
  row->installed_at = now;
  if (!(document != NULL ? fill_from_document (self, row, document, now, error) : fill_from_key (row, key, error)))
    return NULL;

  return g_steal_pointer (&row);
}

/**
 * tempo_licences_take:
 * @self: licences
 * @organization_id: whose
 * @row: (transfer full) (nullable): what the registry keeps now; %NULL: nothing any more
 * @now: wall us
 */
void
tempo_licences_take (TempoLicences *self,
                     const char *organization_id,
                     TempoRegistryLicence *row,
                     gint64 now)
{
  if (row != NULL)
    put_row (self, row, now);
  else
    g_hash_table_remove (self->entries, organization_id);
}
