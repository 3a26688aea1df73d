/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-trash-private.h"

/* As many are freed in less time than another thread takes to wake up. */
#define FEW 256

typedef struct
{
  gpointer data; /* (owned) */
  GDestroyNotify destroy;
} Trash;

static void
free_thread (gpointer data,
             gpointer user_data)
{
  g_autofree Trash *trash = data;

  trash->destroy (trash->data);
}

static void
throw_away (gpointer data,
            guint length,
            GDestroyNotify destroy)
{
  static GThreadPool *pool = NULL;
  static gsize once = 0;
  Trash *trash;

  if (length <= FEW)
    {
      destroy (data);
      return;
    }

  if (g_once_init_enter (&once))
    {
      pool = g_thread_pool_new (free_thread, NULL, 1, FALSE, NULL);
      g_once_init_leave (&once, 1);
    }
  trash = g_new0 (Trash, 1);
  trash->data = data;
  trash->destroy = destroy;
  g_thread_pool_push (pool, trash, NULL);
}

void
tempo_trash_array (GPtrArray *array)
{
  if (array != NULL)
    throw_away (array, array->len, (GDestroyNotify) g_ptr_array_unref);
}

void
tempo_trash_items (GArray *items)
{
  if (items != NULL)
    throw_away (items, items->len, (GDestroyNotify) g_array_unref);
}

void
tempo_trash_table (GHashTable *table)
{
  if (table != NULL)
    throw_away (table, g_hash_table_size (table), (GDestroyNotify) g_hash_table_unref);
}
