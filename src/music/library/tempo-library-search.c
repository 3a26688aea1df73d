/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-search.h"

#include "music/library/tempo-library-index.h"
#include "music/tempo-worker.h"

#define STOP_WAIT (2 * G_USEC_PER_SEC)

/* What lives on the worker. */
typedef struct
{
  char *index_path; /* (owned) */
  TempoLibraryIndex *index; /* (owned) (nullable) */
  GQueue waiting; /* (element-type Query) newest first */
  GMainContext *context; /* (owned) the worker's */
  gboolean scheduled;
} Searcher;

typedef struct
{
  Searcher *searcher;
  GTask *task; /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) */
  GMainContext *engine; /* (owned) */
  char *text; /* (owned) */
  guint limit;
  GPtrArray *songs; /* (owned) (nullable) the answer */
  GError *error; /* (owned) (nullable) */
} Query;

struct _TempoLibrarySearch
{
  TempoWorker *worker; /* (owned) (nullable) started by the first search */
  Searcher *searcher; /* (owned by the worker) */
  char *index_path; /* (owned) */
};

static void
free_query (gpointer data)
{
  g_autofree Query *query = data;

  g_clear_object (&query->task);
  g_clear_object (&query->cancellable);
  g_clear_pointer (&query->songs, g_ptr_array_unref);
  g_clear_error (&query->error);
  g_main_context_unref (query->engine);
  g_clear_pointer (&query->text, g_free);
}

static void
answer_func (gpointer data)
{
  Query *query = data;

  if (query->error != NULL)
    g_task_return_error (query->task, g_steal_pointer (&query->error));
  else
    g_task_return_pointer (query->task, g_steal_pointer (&query->songs), (GDestroyNotify) g_ptr_array_unref);
}

static void
answer (Query *query)
{
  tempo_post (query->engine, answer_func, query, free_query);
}

static void
run_query (Searcher *self, Query *query)
{
  if (g_cancellable_set_error_if_cancelled (query->cancellable, &query->error))
    return;
  if (self->index == NULL)
    self->index = tempo_library_index_open (self->index_path, FALSE, &query->error);
  if (self->index == NULL)
    return;
  query->songs = tempo_library_index_search (self->index, query->text, query->limit, &query->error);
  /* A damaged file was unlinked; should the scanner make a new one, it is opened next time. */
  if (g_error_matches (query->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    g_clear_pointer (&self->index, tempo_library_index_close);
}

static gboolean
work_cb (gpointer data)
{
  Searcher *self = data;
  Query *query = g_queue_pop_head (&self->waiting);

  if (query != NULL)
    {
      run_query (self, query);
      answer (query);
    }
  self->scheduled = !g_queue_is_empty (&self->waiting);
  return self->scheduled;
}

/* Takes a query in. Those that arrived meanwhile are taken in before the next is
 * answered, because this runs at a higher priority than the work. */
static void
take_func (gpointer data)
{
  Query *query = data;
  Searcher *self = query->searcher;

  g_queue_push_head (&self->waiting, query);
  if (g_queue_get_length (&self->waiting) > TEMPO_LIBRARY_SEARCH_MAX_WAITING)
    {
      Query *oldest = g_queue_pop_tail (&self->waiting);

      g_set_error_literal (&oldest->error, G_IO_ERROR, G_IO_ERROR_BUSY, "too many searches at once");
      answer (oldest);
    }
  if (!self->scheduled)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, work_cb, self, NULL);
      g_source_attach (source, self->context);
      self->scheduled = TRUE;
    }
}

static void
close_func (gpointer data)
{
}

static void
close_searcher (gpointer data)
{
  g_autofree Searcher *self = data;

  g_queue_clear_full (&self->waiting, free_query);
  g_clear_pointer (&self->index, tempo_library_index_close);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->index_path, g_free);
}

/**
 * tempo_library_search_new:
 *
 * Opens nothing and starts no thread before the first search: most organizations
 * of an installation have no event tonight.
 */
TempoLibrarySearch *
tempo_library_search_new (const char *index_path)
{
  TempoLibrarySearch *self = g_new0 (TempoLibrarySearch, 1);

  self->index_path = g_strdup (index_path);
  return self;
}

/**
 * tempo_library_search_free:
 *
 * No search may be waiting: each holds its source, which holds this.
 * NULL is allowed.
 */
void
tempo_library_search_free (TempoLibrarySearch *self)
{
  if (self == NULL)
    return;
  if (self->worker != NULL)
    {
      tempo_worker_post (self->worker, close_func, self->searcher, close_searcher);
      tempo_worker_stop (self->worker, STOP_WAIT);
      tempo_worker_unref (self->worker);
    }
  g_clear_pointer (&self->index_path, g_free);
  g_free (self);
}

/**
 * tempo_library_search_run:
 *
 * The number of searches waiting is limited; the oldest is answered with
 * G_IO_ERROR_BUSY when there are more. A cancelled one costs nothing.
 */
void
tempo_library_search_run (TempoLibrarySearch *self, const char *query_text, guint limit, GTask *task)
{
  Query *query = g_new0 (Query, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (self->worker == NULL)
    {
      self->worker = tempo_worker_new ("tempo-search");
      self->searcher = g_new0 (Searcher, 1);
      self->searcher->index_path = g_strdup (self->index_path);
      self->searcher->context = g_main_context_ref (tempo_worker_get_context (self->worker));
    }
  query->searcher = self->searcher;
  query->task = task;
  query->cancellable = cancellable ? g_object_ref (cancellable) : NULL;
  query->engine = g_main_context_ref (g_task_get_context (task));
  query->text = g_strdup (query_text);
  query->limit = limit;
  tempo_worker_post (self->worker, take_func, query, NULL);
}
