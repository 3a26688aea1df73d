/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-trash-private.h"

/* As many are freed in less time than another thread takes to wake up. */
#define FEW 256

typedef struct
{
  GPtrArray *array;  /* (owned) (nullable) */
  GHashTable *table; /* (owned) (nullable) */
} Trash;

static void
free_thread (gpointer data,
             gpointer user_data)
{
  g_autofree Trash *trash = data;

  g_clear_pointer (&trash->array, g_ptr_array_unref);
  g_clear_pointer (&trash->table, g_hash_table_unref);
}

static void
throw_away (GPtrArray *array,
            GHashTable *table)
{
  static GThreadPool *pool = NULL;
  static gsize once = 0;
  Trash *trash = g_new0 (Trash, 1);

  if (g_once_init_enter (&once))
    {
      pool = g_thread_pool_new (free_thread, NULL, 1, FALSE, NULL);
      g_once_init_leave (&once, 1);
    }
  trash->array = array;
  trash->table = table;
  g_thread_pool_push (pool, trash, NULL);
}

void
tempo_trash_array (GPtrArray *array)
{
  if (array != NULL && array->len > FEW)
    throw_away (array, NULL);
  else
    g_clear_pointer (&array, g_ptr_array_unref);
}

void
tempo_trash_table (GHashTable *table)
{
  if (table != NULL && g_hash_table_size (table) > FEW)
    throw_away (NULL, table);
  else
    g_clear_pointer (&table, g_hash_table_unref);
}
