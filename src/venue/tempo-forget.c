/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-forget-private.h"

/* As request-forget-some has it. */
#define SOME 500

typedef struct
{
  gint64 limit;
  const char *statement;
  char *last;     /* (owned) where the next part begins */
  GArray *counts; /* (owned) (element gint64) 0 where the statement tells none */
} Part;

/* (element utf8) (transfer full): ids, none at the end. */
static gpointer
read_part (TempoScope *scope,
           gpointer user_data,
           GError **error)
{
  Part *part = user_data;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) failure = NULL;
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, &failure, part->statement, "is", part->limit, part->last);

  g_array_set_size (part->counts, 0);
  while (rows != NULL && tempo_rows_next (rows, &failure))
    {
      gint64 n = g_str_equal (part->statement, "event-list-named") ? tempo_rows_int (rows, 1) : 0;

      g_ptr_array_add (ids, g_strdup (tempo_rows_text (rows, 0)));
      g_array_append_val (part->counts, n);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  return g_steal_pointer (&ids);
}

static gboolean
forget_songs (TempoStore *store,
              const char *event_id,
              gint64 n,
              GError **error)
{
  for (gint64 done = 0; done < n; done += SOME)
    {
      g_autoptr (TempoBatch) batch = tempo_batch_new ();

      tempo_batch_add (batch, "request-forget-some", "s", event_id);
      if (!tempo_store_write (store, batch, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
forget_events (TempoStore *store,
               Part *part,
               GPtrArray *ids,
               GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    if (!forget_songs (store, ids->pdata[i], g_array_index (part->counts, gint64, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
forget_people (TempoStore *store,
               Part *part,
               GPtrArray *ids,
               GError **error)
{
  g_autoptr (TempoBatch) batch = tempo_batch_new ();

  for (guint i = 0; i < ids->len; i++)
    tempo_batch_add (batch, "guest-forget-one", "si", ids->pdata[i], part->limit);

  return tempo_store_write (store, batch, error);
}

typedef gboolean (*ForgetFunc) (TempoStore *store, Part *part, GPtrArray *ids, GError **error);

static gboolean
forget_all (TempoStore *store,
            gint64 limit,
            const char *statement,
            ForgetFunc func,
            GError **error)
{
  Part part = { limit, statement, g_strdup (""), g_array_new (FALSE, FALSE, sizeof (gint64)) };
  gboolean going_on = TRUE, done = FALSE;

  while (going_on)
    {
      g_autoptr (GPtrArray) ids = tempo_store_read (store, read_part, &part, error);

      done = ids != NULL && ids->len == 0;
      going_on = ids != NULL && ids->len > 0 && func (store, &part, ids, error);
      if (!going_on)
        break;
      g_free (part.last);
      part.last = g_strdup (ids->pdata[ids->len - 1]);
    }
  g_free (part.last);
  g_array_unref (part.counts);

  return done;
}

gboolean
tempo_forget_guests (TempoStore *store,
                     gint64 limit,
                     GError **error)
{
  return forget_all (store, limit, "guest-list-old", forget_people, error)
         && forget_all (store, limit, "event-list-named", forget_events, error);
}
