/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The difference of two lists of requests. Requests are immutable, so an unchanged one is the same
 * object; equal heads and tails cost one comparison a song, and of what stays between them a longest
 * rising subsequence of old places is kept: every other song is sent, none is sent for having shifted. */
#include "venue/tempo-delta-private.h"

#include "venue/tempo-trash-private.h"

/* So many that are gone are told one by one. */
#define MAX_GONE 256

static void
clear_put (gpointer data)
{
  TempoDeltaPut *put = data;

  g_clear_object (&put->request);
}

static TempoDelta *
make_delta (void)
{
  TempoDelta *self = g_new0 (TempoDelta, 1);

  self->remove = g_ptr_array_new_with_free_func (g_free);
  self->put = g_array_new (FALSE, FALSE, sizeof (TempoDeltaPut));
  g_array_set_clear_func (self->put, clear_put);

  return self;
}

static void
add_put (TempoDelta *self,
         guint index,
         TempoRequest *request)
{
  TempoDeltaPut put = { index, g_object_ref (request) };

  g_array_append_val (self->put, put);
}

/* Marks in @keep the places of @old_index (-1: new here) that form a longest rising subsequence. */
static void
mark_longest_rising (const int *old_index,
                     guint n,
                     gboolean *keep)
{
  g_autofree int *tails = g_new (int, n + 1);
  g_autofree int *before = g_new (int, n + 1);
  guint length = 0;

  for (guint i = 0; i < n; i++)
    {
      guint low = 0, high = length;

      keep[i] = FALSE;
      if (old_index[i] < 0)
        continue;

      while (low < high)
        {
          guint middle = (low + high) / 2;

          if (old_index[tails[middle]] < old_index[i])
            low = middle + 1;
          else
            high = middle;
        }
      before[i] = low > 0 ? tails[low - 1] : -1;
      tails[low] = (int) i;
      length = MAX (length, low + 1);
    }

  for (int i = length > 0 ? tails[length - 1] : -1; i >= 0; i = before[i])
    keep[i] = TRUE;
}

/* The part between equal head and equal tail. */
static void
compare_middle (TempoDelta *self,
                GPtrArray *before,
                GPtrArray *after,
                guint head,
                guint tail)
{
  guint n_before = before->len - head - tail;
  guint n_after = after->len - head - tail;
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree int *old_index = g_new (int, n_after + 1);
  g_autofree gboolean *keep = g_new (gboolean, n_after + 1);

  for (guint i = 0; i < n_before; i++)
    {
      TempoRequest *request = g_ptr_array_index (before, head + i);

      g_hash_table_insert (places, request->id, GUINT_TO_POINTER (i + 1));
    }

  for (guint i = 0; i < n_after; i++)
    {
      TempoRequest *request = g_ptr_array_index (after, head + i);

      old_index[i] = GPOINTER_TO_INT (g_hash_table_lookup (places, request->id)) - 1;
      g_hash_table_remove (places, request->id);
    }

  mark_longest_rising (old_index, n_after, keep);

  for (guint i = 0; i < n_before; i++)
    {
      TempoRequest *request = g_ptr_array_index (before, head + i);

      if (g_hash_table_contains (places, request->id))
        g_ptr_array_add (self->remove, g_strdup (request->id));
    }

  for (guint i = 0; i < n_after; i++)
    {
      TempoRequest *request = g_ptr_array_index (after, head + i);

      if (keep[i] && g_ptr_array_index (before, head + old_index[i]) == (gpointer) request)
        continue;
      /* One that moved is taken out first: left in, it would shift the places of the puts before it. */
      if (old_index[i] >= 0 && !keep[i])
        g_ptr_array_add (self->remove, g_strdup (request->id));
      add_put (self, head + i, request);
    }
}

/**
 * tempo_delta_new:
 * @before: (element-type TempoRequest): a list
 * @after: (element-type TempoRequest): what became of it
 *
 * Returns: (transfer full) (nullable): the difference, %NULL when there is none
 */
TempoDelta *
tempo_delta_new (GPtrArray *before,
                 GPtrArray *after)
{
  g_autoptr (TempoDelta) self = NULL;
  guint shorter = MIN (before->len, after->len);
  guint head = 0, tail = 0;

  while (head < shorter && before->pdata[head] == after->pdata[head])
    head++;
  while (tail < shorter - head
         && before->pdata[before->len - 1 - tail] == after->pdata[after->len - 1 - tail])
    tail++;

  if (head == before->len && head == after->len)
    return NULL;

  self = make_delta ();
  self->all = after->len == 0 && before->len > MAX_GONE;
  /* Only new ones, as when all that waited are let in at once: there is nothing to compare. */
  if (head + tail == before->len)
    for (guint i = head; i < after->len - tail; i++)
      add_put (self, i, g_ptr_array_index (after, i));
  else if (!self->all)
    compare_middle (self, before, after, head, tail);

  return g_steal_pointer (&self);
}

/**
 * tempo_delta_free:
 * @self: (transfer full): a difference
 *
 * Frees it.
 */
void
tempo_delta_free (TempoDelta *self)
{
  tempo_trash_array (self->gone);
  tempo_trash_array (self->remove);
  tempo_trash_items (self->put);
  g_free (self);
}

static void
drop_id (GPtrArray *list,
         const char *id)
{
  /* From the end: what changes most often stands there. */
  for (guint i = list->len; i > 0; i--)
    {
      TempoRequest *request = g_ptr_array_index (list, i - 1);

      if (g_str_equal (request->id, id))
        {
          g_ptr_array_remove_index (list, i - 1);
          return;
        }
    }
}

/* One pass for many: "clear all" must not be quadratic. */
static void
drop_all (GPtrArray *list,
          GPtrArray *ids)
{
  g_autoptr (GHashTable) gone = g_hash_table_new (g_str_hash, g_str_equal);
  guint kept = 0;

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (gone, g_ptr_array_index (ids, i));

  for (guint i = 0; i < list->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (list, i);

      if (g_hash_table_contains (gone, request->id))
        continue;
      /* Those that stay close up in their order; those that go gather behind them. */
      list->pdata[i] = list->pdata[kept];
      list->pdata[kept++] = request;
    }
  g_ptr_array_set_size (list, (int) kept);
}

/**
 * tempo_delta_apply:
 * @self: a difference
 * @list: (element-type TempoRequest): the list it was made from
 *
 * Does to @list what every client does to its own.
 */
void
tempo_delta_apply (TempoDelta *self,
                   GPtrArray *list)
{
  if (self->all)
    {
      /* They go with the difference, and not here. */
      self->gone = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_extend_and_steal (self->gone, g_ptr_array_ref (list));
    }
  if (self->remove->len > 8)
    drop_all (list, self->remove);
  else
    for (guint i = 0; i < self->remove->len; i++)
      drop_id (list, g_ptr_array_index (self->remove, i));

  for (guint i = 0; i < self->put->len; i++)
    {
      TempoDeltaPut *put = &g_array_index (self->put, TempoDeltaPut, i);
      TempoRequest *there = put->index < list->len ? g_ptr_array_index (list, put->index) : NULL;

      if (there != NULL && g_str_equal (there->id, put->request->id))
        g_ptr_array_remove_index (list, put->index);
      g_ptr_array_insert (list, (int) put->index, g_object_ref (put->request));
    }
}
