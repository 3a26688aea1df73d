/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-desk-list.h"

/* Past this many moves in one update one signal for the whole list is cheaper
 * for everybody than the moves one by one. */
#define MAX_MOVES 32

struct _TempoDeskList
{
  GObject parent_instance;

  TempoDeskIdFunc get_id;
  GPtrArray *items;   /* (owned) (element TempoDeskItem) as shown */
  GHashTable *by_id;  /* (owned) id of the item -> item, both of items */
  GPtrArray *pending; /* (owned) (nullable) newest values, while held */
  gboolean held;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TempoDeskList, tempo_desk_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return TEMPO_TYPE_DESK_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return TEMPO_DESK_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model,
          guint position)
{
  TempoDeskList *self = TEMPO_DESK_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
tempo_desk_list_finalize (GObject *object)
{
  TempoDeskList *self = TEMPO_DESK_LIST (object);

  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->pending, g_ptr_array_unref);

  G_OBJECT_CLASS (tempo_desk_list_parent_class)->finalize (object);
}

static void
tempo_desk_list_class_init (TempoDeskListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tempo_desk_list_finalize;
}

static void
tempo_desk_list_init (TempoDeskList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

static GHashTable *
index_values (TempoDeskList *self,
              GPtrArray *values)
{
  GHashTable *wanted = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < values->len; i++)
    g_hash_table_add (wanted, (gpointer) self->get_id (g_ptr_array_index (values, i)));
  return wanted;
}

static void
number_items (TempoDeskList *self)
{
  guint position = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      TempoDeskItem *item = g_ptr_array_index (self->items, i);

      if (!tempo_desk_item_get_gone (item))
        tempo_desk_item_set_position (item, ++position);
    }
}

/* Takes out what is no longer wanted, a run at a time. */
static void
remove_missing (TempoDeskList *self,
                GHashTable *wanted)
{
  guint i = 0;

  while (i < self->items->len)
    {
      guint run = 0;

      while (i + run < self->items->len)
        {
          const char *id = tempo_desk_item_get_id (g_ptr_array_index (self->items, i + run));

          if (g_hash_table_contains (wanted, id))
            break;
          g_hash_table_remove (self->by_id, id);
          run++;
        }
      if (run > 0)
        {
          g_ptr_array_remove_range (self->items, i, run);
          g_list_model_items_changed (G_LIST_MODEL (self), i, run, 0);
        }
      else
        {
          i++;
        }
    }
}

static TempoDeskItem *
make_item (TempoDeskList *self,
           gpointer value)
{
  TempoDeskItem *item = tempo_desk_item_new (self->get_id (value), value);

  g_hash_table_insert (self->by_id, (gpointer) tempo_desk_item_get_id (item), item);
  return item;
}

/* How many items stand elsewhere than the values want; new ones do not count. */
static guint
count_moves (TempoDeskList *self,
             GPtrArray *values)
{
  guint moves = 0;
  guint at = 0;

  for (guint i = 0; i < values->len; i++)
    {
      TempoDeskItem *item = g_hash_table_lookup (self->by_id, self->get_id (g_ptr_array_index (values, i)));

      if (item == NULL)
        continue;
      if (item != g_ptr_array_index (self->items, at))
        moves++;
      at++;
    }
  return moves;
}

static void
replace_all (TempoDeskList *self,
             GPtrArray *values)
{
  guint old_length = self->items->len;
  g_autoptr (GPtrArray) items = g_ptr_array_new_full (values->len, g_object_unref);

  for (guint i = 0; i < values->len; i++)
    {
      gpointer value = g_ptr_array_index (values, i);
      TempoDeskItem *item = g_hash_table_lookup (self->by_id, self->get_id (value));

      g_ptr_array_add (items, item != NULL ? g_object_ref (item) : make_item (self, value));
      tempo_desk_item_set_value (g_ptr_array_index (items, i), value);
    }
  g_ptr_array_unref (self->items);
  self->items = g_steal_pointer (&items);
  number_items (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, old_length, self->items->len);
}

/* Inserts the run of unknown values that begins at values[@index]; returns its length. */
static guint
insert_run (TempoDeskList *self,
            GPtrArray *values,
            guint index)
{
  guint run = 0;

  while (index + run < values->len)
    {
      gpointer value = g_ptr_array_index (values, index + run);

      if (g_hash_table_contains (self->by_id, self->get_id (value)))
        break;
      g_ptr_array_insert (self->items, (int) (index + run), make_item (self, value));
      run++;
    }
  number_items (self);
  g_list_model_items_changed (G_LIST_MODEL (self), index, 0, run);
  return run;
}

static void
move_item (TempoDeskList *self,
           TempoDeskItem *item,
           guint to)
{
  guint from = 0;

  if (!g_ptr_array_find (self->items, item, &from) || from == to)
    return;
  g_object_ref (item);
  g_ptr_array_remove_index (self->items, from);
  g_list_model_items_changed (G_LIST_MODEL (self), from, 1, 0);
  g_ptr_array_insert (self->items, (int) to, item);
  number_items (self);
  g_list_model_items_changed (G_LIST_MODEL (self), to, 0, 1);
}

/* The busy evening's case: songs came in, and nothing else changed. */
static gboolean
is_continued (TempoDeskList *self,
              GPtrArray *values)
{
  if (values->len < self->items->len)
    return FALSE;
  for (guint i = 0; i < self->items->len; i++)
    {
      TempoDeskItem *item = g_ptr_array_index (self->items, i);

      if (tempo_desk_item_get_value (item) != g_ptr_array_index (values, i) || tempo_desk_item_get_gone (item))
        return FALSE;
    }
  return TRUE;
}

static void
apply (TempoDeskList *self,
       GPtrArray *values)
{
  g_autoptr (GHashTable) wanted = NULL;

  if (is_continued (self, values))
    {
      if (values->len > self->items->len)
        insert_run (self, values, self->items->len);
      return;
    }

  wanted = index_values (self, values);
  for (guint i = 0; i < self->items->len; i++)
    tempo_desk_item_set_gone (g_ptr_array_index (self->items, i), FALSE);
  remove_missing (self, wanted);
  if (count_moves (self, values) > MAX_MOVES)
    {
      replace_all (self, values);
      return;
    }
  for (guint i = 0; i < values->len;)
    {
      gpointer value = g_ptr_array_index (values, i);
      TempoDeskItem *item = g_hash_table_lookup (self->by_id, self->get_id (value));

      if (item == NULL)
        {
          i += insert_run (self, values, i);
          continue;
        }
      /* Looking for an item costs a walk, so only for those that stand elsewhere. */
      if (g_ptr_array_index (self->items, i) != item)
        move_item (self, item, i);
      tempo_desk_item_set_value (item, value);
      i++;
    }
  number_items (self);
}

/* The gentle way: nothing shown moves. */
static void
apply_held (TempoDeskList *self,
            GPtrArray *values)
{
  g_autoptr (GHashTable) wanted = index_values (self, values);
  guint before = self->items->len;

  for (guint i = 0; i < before; i++)
    {
      TempoDeskItem *item = g_ptr_array_index (self->items, i);

      tempo_desk_item_set_gone (item, !g_hash_table_contains (wanted, tempo_desk_item_get_id (item)));
    }
  for (guint i = 0; i < values->len; i++)
    {
      gpointer value = g_ptr_array_index (values, i);
      TempoDeskItem *item = g_hash_table_lookup (self->by_id, self->get_id (value));

      if (item != NULL)
        tempo_desk_item_set_value (item, value);
      else
        g_ptr_array_add (self->items, make_item (self, value));
    }
  number_items (self);
  if (self->items->len > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->items->len - before);
}

/* An empty list. @get_id must give the same id for every value of one thing,
 * and the id must live as long as the value.
 */
TempoDeskList *
tempo_desk_list_new (TempoDeskIdFunc get_id)
{
  TempoDeskList *self = g_object_new (TEMPO_TYPE_DESK_LIST, NULL);

  self->get_id = get_id;
  return self;
}

/* Brings the list to @values with as few signals as it takes. An update is
 * linear in the length; a reordering of more than MAX_MOVES rows is one signal.
 */
void
tempo_desk_list_update (TempoDeskList *self,
                        GPtrArray *values)
{
  g_autoptr (GPtrArray) empty = NULL;

  g_return_if_fail (TEMPO_IS_DESK_LIST (self));

  if (values == NULL)
    values = empty = g_ptr_array_new ();
  if (self->held)
    {
      g_clear_pointer (&self->pending, g_ptr_array_unref);
      self->pending = g_ptr_array_copy (values, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
      g_ptr_array_set_free_func (self->pending, g_object_unref);
      apply_held (self, values);
      return;
    }
  apply (self, values);
}

/* Holds the rows where they are, or lets them go to where they belong. Called
 * when the pointer comes to a list and when it leaves it.
 */
void
tempo_desk_list_set_held (TempoDeskList *self,
                          gboolean held)
{
  g_autoptr (GPtrArray) pending = NULL;

  g_return_if_fail (TEMPO_IS_DESK_LIST (self));

  self->held = held;
  if (held)
    return;
  pending = g_steal_pointer (&self->pending);
  if (pending != NULL)
    apply (self, pending);
}

/* Whether rows are held in place now, that is
 * whether the pointer is on the list.
 */
gboolean
tempo_desk_list_get_held (TempoDeskList *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK_LIST (self), FALSE);
  return self->held;
}

/* The item of @id, or NULL. @index is set only when there is one;
 * finding the index costs a walk, so leave it NULL when it is not needed.
 */
TempoDeskItem *
tempo_desk_list_find (TempoDeskList *self,
                      const char *id,
                      guint *index)
{
  TempoDeskItem *item;

  g_return_val_if_fail (TEMPO_IS_DESK_LIST (self), NULL);

  item = id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
  if (item != NULL && index != NULL)
    g_ptr_array_find (self->items, item, index);
  return item;
}

/* How many rows still stand for something: the number people are told,
 * which leaves out the ones that wait for the pointer to go.
 */
guint
tempo_desk_list_count (TempoDeskList *self)
{
  guint count = 0;

  g_return_val_if_fail (TEMPO_IS_DESK_LIST (self), 0);

  for (guint i = 0; i < self->items->len; i++)
    count += !tempo_desk_item_get_gone (g_ptr_array_index (self->items, i));
  return count;
}
