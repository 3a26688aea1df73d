/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-readers-private.h"

#include "tempo-scope-private.h"

/* Threads for callers who do not wait; the third connection is for those who do. */
#define MAX_THREADS 2

typedef struct
{
  TempoReadFunc func;
  gpointer data;
  GDestroyNotify data_free; /* (nullable) */
  GTask *task;              /* (owned) */
} Read;

struct _TempoReaders
{
  char *path;        /* (owned) */
  char *tenant_id;   /* (owned) */
  GThreadPool *pool; /* (owned) */
  TempoReadersWake wake; /* (nullable) */
  gpointer wake_data;

  GMutex lock; /* of everything below */
  GCond freed; /* a connection came back */
  GPtrArray *idle; /* (owned) (element TempoScope) */
  guint n_scopes;
  gboolean stopping;
  gboolean resting; /* the writer let the file go */
  guint holds;      /* connections of others that need the file open */
};

static void
read_free (Read *read)
{
  if (read->data_free != NULL)
    read->data_free (read->data);
  g_clear_object (&read->task);
  g_free (read);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Read, read_free)

/* With the lock, let go of meanwhile. The writer's connection is the first to come and the last to go. */
static gboolean
get_up (TempoReaders *self, GError **error)
{
  gboolean up = TRUE;

  while (up && self->resting && !self->stopping)
    {
      g_mutex_unlock (&self->lock);
      up = self->wake (self->wake_data, error);
      g_mutex_lock (&self->lock);
    }
  return up;
}

/* An idle connection, or leave (TRUE and NULL) to open one. Waits while all are in use. */
static gboolean
take_scope (TempoReaders *self, TempoScope **scope, GError **error)
{
  gboolean closed = FALSE;

  g_mutex_lock (&self->lock);
  if (!get_up (self, error))
    {
      g_mutex_unlock (&self->lock);
      return FALSE;
    }
  while (self->idle->len == 0 && self->n_scopes >= TEMPO_READERS_MAX && !self->stopping)
    g_cond_wait (&self->freed, &self->lock);
  closed = self->stopping;
  *scope = NULL;
  if (!closed && self->idle->len > 0)
    *scope = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  else if (!closed)
    self->n_scopes++;
  g_mutex_unlock (&self->lock);
  if (closed)
    g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED, "The store is closing");
  return !closed;
}

/* @scope: (nullable) NULL when the connection could not be opened or is no good. */
static void
give_back (TempoReaders *self, TempoScope *scope)
{
  g_mutex_lock (&self->lock);
  if (scope != NULL)
    g_ptr_array_add (self->idle, scope);
  else
    self->n_scopes--;
  g_cond_broadcast (&self->freed);
  g_mutex_unlock (&self->lock);
}

/* One snapshot for all the function reads. */
static gpointer
run_in_transaction (TempoScope *scope, TempoReadFunc func, gpointer data, GError **error)
{
  gpointer result = NULL;

  if (!tempo_scope_control (scope, "BEGIN", error))
    return NULL;
  result = func (scope, data, error);
  tempo_scope_control (scope, "COMMIT", NULL);
  return result;
}

static void
read_thread (gpointer item, gpointer user_data)
{
  TempoReaders *self = user_data;
  g_autoptr (Read) read = item;
  g_autoptr (GError) error = NULL;
  gpointer result = NULL;

  if (g_task_return_error_if_cancelled (read->task))
    return;
  result = tempo_readers_run (self, read->func, read->data, &error);
  if (error != NULL)
    g_task_return_error (read->task, g_steal_pointer (&error));
  else
    g_task_return_pointer (read->task, result, NULL);
}

/**
 * tempo_readers_new: no connection is opened before the first read
 * @path: a file that its writer has open already
 *
 * Returns: (transfer full): the readers
 */
TempoReaders *
tempo_readers_new (const char *path, const char *tenant_id)
{
  TempoReaders *self = g_new0 (TempoReaders, 1);

  self->path = g_strdup (path);
  self->tenant_id = g_strdup (tenant_id);
  g_mutex_init (&self->lock);
  g_cond_init (&self->freed);
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_scope_free);
  self->pool = g_thread_pool_new (read_thread, self, MAX_THREADS, FALSE, NULL);
  return self;
}

/**
 * tempo_readers_run: runs @func with a connection, in this thread
 *
 * Waits while all connections are in use, so keep reads short.
 *
 * Returns: what @func returns, or NULL with an error
 */
gpointer
tempo_readers_run (TempoReaders *self, TempoReadFunc func, gpointer data, GError **error)
{
  TempoScope *scope = NULL;
  gpointer result = NULL;

  if (!take_scope (self, &scope, error))
    return NULL;
  if (scope == NULL)
    scope = tempo_scope_open (self->path, TEMPO_SQLITE_READER, self->tenant_id, TEMPO_GUARD_WHOLE, error);
  if (scope != NULL)
    result = run_in_transaction (scope, func, data, error);
  give_back (self, scope);
  return result;
}

/**
 * tempo_readers_push: runs @func in a thread of the pool
 * @data_free: (nullable): called there when @func is done
 * @task: gets the result or the error
 *
 * What is queued when the store stops still runs or is answered with CLOSED.
 */
void
tempo_readers_push (TempoReaders *self, TempoReadFunc func, gpointer data, GDestroyNotify data_free, GTask *task)
{
  g_autoptr (Read) read = g_new0 (Read, 1);
  gboolean closed = FALSE;

  read->func = func;
  read->data = data;
  read->data_free = data_free;
  read->task = g_object_ref (task);
  g_mutex_lock (&self->lock);
  closed = self->stopping;
  if (!closed)
    g_thread_pool_push (self->pool, g_steal_pointer (&read), NULL);
  g_mutex_unlock (&self->lock);
  if (closed)
    g_task_return_new_error (task, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED, "The store is closing");
}

/**
 * tempo_readers_set_wake: who opens the file again after it was let go
 * @wake: blocks until it is open
 *
 * Before the first read.
 */
void
tempo_readers_set_wake (TempoReaders *self, TempoReadersWake wake, gpointer data)
{
  self->wake = wake;
  self->wake_data = data;
}

/**
 * tempo_readers_let_go: closes all connections
 *
 * Returns: FALSE while one is in use, and then all stay
 */
gboolean
tempo_readers_let_go (TempoReaders *self)
{
  gboolean unused = FALSE;

  g_mutex_lock (&self->lock);
  unused = self->idle->len == self->n_scopes && self->holds == 0;
  if (unused)
    {
      g_ptr_array_set_size (self->idle, 0);
      self->n_scopes = 0;
      self->resting = TRUE;
    }
  g_mutex_unlock (&self->lock);
  return unused;
}

/**
 * tempo_readers_hold: keeps the file open for a connection of one's own
 *
 * Ends with tempo_readers_release().
 *
 * Returns: FALSE when it could not be opened
 */
gboolean
tempo_readers_hold (TempoReaders *self, GError **error)
{
  gboolean up = FALSE;

  g_mutex_lock (&self->lock);
  up = get_up (self, error);
  if (up)
    self->holds++;
  g_mutex_unlock (&self->lock);
  return up;
}

void
tempo_readers_release (TempoReaders *self)
{
  g_mutex_lock (&self->lock);
  self->holds--;
  g_mutex_unlock (&self->lock);
}

/**
 * tempo_readers_come_back: connections may be opened again
 *
 * The writer says so, once it has its own.
 */
void
tempo_readers_come_back (TempoReaders *self)
{
  g_mutex_lock (&self->lock);
  self->resting = FALSE;
  g_mutex_unlock (&self->lock);
}

/**
 * tempo_readers_stop: closes the connections once their reads are over
 *
 * Must come before the writer closes: the last connection of a file is the one that ends its WAL.
 */
void
tempo_readers_stop (TempoReaders *self)
{
  GThreadPool *pool = NULL;

  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->freed);
  pool = g_steal_pointer (&self->pool);
  g_mutex_unlock (&self->lock);
  if (pool != NULL)
    g_thread_pool_free (pool, FALSE, TRUE);
  g_mutex_lock (&self->lock);
  while (self->idle->len < self->n_scopes)
    g_cond_wait (&self->freed, &self->lock);
  g_ptr_array_set_size (self->idle, 0);
  self->n_scopes = 0;
  g_mutex_unlock (&self->lock);
}

void
tempo_readers_free (TempoReaders *self)
{
  tempo_readers_stop (self);
  g_ptr_array_unref (self->idle);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->freed);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->tenant_id, g_free);
  g_free (self);
}
