/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-tally-private.h"

#include <string.h>

#include "model/tempo-song.h"

#define MIN_MISS 3
#define MAX_MISS 60
#define SEPARATOR "\n"

struct _TempoTally
{
  GHashTable *counts; /* (owned) metric → gint64 */
  GHashTable *peaks;  /* (owned) metric → gint64 */
  GHashTable *misses; /* (owned) "room\nwords" → gint64 */
};

static GHashTable *
make_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* NULL when the table is full. */
static gint64 *
get_slot (GHashTable *table,
          const char *key,
          guint max)
{
  gint64 *slot = g_hash_table_lookup (table, key);

  if (slot == NULL && g_hash_table_size (table) < max)
    {
      slot = g_new0 (gint64, 1);
      g_hash_table_insert (table, g_strdup (key), slot);
    }

  return slot;
}

/**
 * tempo_tally_new:
 *
 * Returns: (transfer full): nothing counted yet
 */
TempoTally *
tempo_tally_new (void)
{
  TempoTally *self = g_new0 (TempoTally, 1);

  self->counts = make_table ();
  self->peaks = make_table ();
  self->misses = make_table ();

  return self;
}

/**
 * tempo_tally_free:
 * @self: (nullable): a tally
 */
void
tempo_tally_free (TempoTally *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->counts, g_hash_table_unref);
  g_clear_pointer (&self->peaks, g_hash_table_unref);
  g_clear_pointer (&self->misses, g_hash_table_unref);
  g_free (self);
}

/**
 * tempo_tally_count:
 * @self: a tally
 * @metric: what happened once more
 */
void
tempo_tally_count (TempoTally *self,
                   const char *metric)
{
  gint64 *slot = get_slot (self->counts, metric, TEMPO_TALLY_MAX_METRICS);

  if (slot != NULL)
    (*slot)++;
}

/**
 * tempo_tally_raise:
 * @self: a tally
 * @metric: what there is at the same time
 * @value: how many
 */
void
tempo_tally_raise (TempoTally *self,
                   const char *metric,
                   gint64 value)
{
  gint64 *slot = value > 0 ? get_slot (self->peaks, metric, TEMPO_TALLY_MAX_METRICS) : NULL;

  if (slot != NULL)
    *slot = MAX (*slot, value);
}

/**
 * tempo_tally_miss:
 * @self: a tally
 * @room_id: where
 * @query: what a guest typed
 *
 * As pages search while somebody types, the beginning of a longer text that finds nothing either is not
 * counted beside it.
 */
void
tempo_tally_miss (TempoTally *self,
                  const char *room_id,
                  const char *query)
{
  g_autofree char *words = tempo_text_fold (query);
  g_autofree char *cut = g_utf8_substring (words, 0, MIN (g_utf8_strlen (words, -1), MAX_MISS));
  g_autofree char *key = g_strconcat (room_id, SEPARATOR, cut, NULL);
  gint64 *slot;

  if (g_utf8_strlen (cut, -1) < MIN_MISS)
    return;
  for (char *end = key + strlen (key); end > key + strlen (room_id) + 1;)
    {
      g_autofree char *shorter = NULL;

      end = g_utf8_prev_char (end);
      shorter = g_strndup (key, (gsize) (end - key));
      g_hash_table_remove (self->misses, shorter);
    }
  slot = get_slot (self->misses, key, TEMPO_TALLY_MAX_MISSES);
  if (slot != NULL)
    (*slot)++;
}

static void
drain_table (GHashTable *table,
             const char *statement,
             const char *day,
             TempoBatch *batch)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    tempo_batch_add (batch, statement, "ssi", day, (const char *) key, *(gint64 *) value);
  g_hash_table_remove_all (table);
}

/**
 * tempo_tally_drain:
 * @self: a tally, empty afterwards
 * @day: "2026-11-27"
 * @batch: to add to
 *
 * Returns: %FALSE when nothing had been counted
 */
gboolean
tempo_tally_drain (TempoTally *self,
                   const char *day,
                   TempoBatch *batch)
{
  GHashTableIter iter;
  gpointer key, value;

  drain_table (self->counts, "usage-add", day, batch);
  drain_table (self->peaks, "usage-raise", day, batch);
  g_hash_table_iter_init (&iter, self->misses);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_auto (GStrv) parts = g_strsplit (key, SEPARATOR, 2);

      tempo_batch_add (batch, "search-miss-add", "sssi", parts[0], day, parts[1], *(gint64 *) value);
    }
  g_hash_table_remove_all (self->misses);

  return !tempo_batch_is_empty (batch);
}
