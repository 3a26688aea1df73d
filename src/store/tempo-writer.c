/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-writer-private.h"

#include "store/tempo-store.h"

/* Bounds: waiting batches in all, and in one commit (so that the first does not wait for ever). */
#define MAX_WAITING 16384
#define MAX_PER_COMMIT 1024
/* The WAL is carried over into the file when it has more pages than this (16 MiB): a page that many commits
 * wrote is then written to the file once. */
#define CHECKPOINT_PAGES 4096

/* Files open at once in this process; beyond it the one that rested longest is let go. */
#define MAX_OPEN 50

/* Writers whose file is open, the least used first. */
static GMutex open_lock;
static GQueue open_writers = G_QUEUE_INIT; /* (element TempoWriter, none) */

/* One batch on its way. Who pushed it waits by @task or by watching @done. */
typedef struct
{
  TempoBatch *batch; /* (owned) (nullable) NULL for a job */
  TempoWriterJob job; /* (nullable) */
  gpointer job_data;
  GTask *task;       /* (owned) (nullable) */
  GError *error;     /* (owned) (nullable) */
  gboolean done;     /* under the writer's lock */
} Write;

struct _TempoWriter
{
  TempoScope *scope; /* (owned) the writer thread's alone */
  GThread *thread;   /* (owned) */
  int wal_pages;     /* the writer thread's alone, as below */
  int checkpoint_at;
  TempoWriterRest rest; /* immutable after the start, as below */
  gint64 idle_us;       /* 0: never rests */

  GMutex lock; /* of everything below */
  GCond wake;  /* something waits, or stop */
  GCond done;  /* a commit is over */
  GQueue waiting; /* (element Write) */
  gboolean stopping;
  gboolean failed;   /* the disk failed: nothing is written any more */
  gboolean resting;  /* the file is closed until somebody needs it */
  gboolean rest_asked; /* too many are open */
  GError *fault;     /* (owned) (nullable) why the last commit failed */
  TempoWriterCounts counts;
};

static Write *
write_new (TempoBatch *batch, GTask *task)
{
  Write *write = g_new0 (Write, 1);

  write->batch = batch != NULL ? tempo_batch_ref (batch) : NULL;
  write->task = task != NULL ? g_object_ref (task) : NULL;
  return write;
}

static void
write_free (Write *write)
{
  g_clear_pointer (&write->batch, tempo_batch_unref);
  g_clear_object (&write->task);
  g_clear_error (&write->error);
  g_free (write);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Write, write_free)

/* Whether an error is the batch's own fault, so that the others of its commit may go on. */
static gboolean
is_of_batch (const GError *error)
{
  return g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT)
         || g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND)
         || g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_DENIED)
         || g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FAILED);
}

/* Rest: a house nobody enters costs a thread that sleeps and nothing else. */

/* With the lock of the open ones. Who comes to the front while there is one too many is asked to go. */
static void
ask_oldest (void)
{
  TempoWriter *oldest = open_writers.length > MAX_OPEN ? g_queue_peek_head (&open_writers) : NULL;

  if (oldest == NULL)
    return;
  g_mutex_lock (&oldest->lock);
  oldest->rest_asked = TRUE;
  g_cond_signal (&oldest->wake);
  g_mutex_unlock (&oldest->lock);
}

static void
note_closed (TempoWriter *self)
{
  g_mutex_lock (&open_lock);
  g_queue_remove (&open_writers, self);
  ask_oldest ();
  g_mutex_unlock (&open_lock);
}

static void
note_used (TempoWriter *self)
{
  g_mutex_lock (&open_lock);
  if (g_queue_peek_tail (&open_writers) != self)
    {
      g_queue_remove (&open_writers, self);
      g_queue_push_tail (&open_writers, self);
    }
  ask_oldest ();
  g_mutex_unlock (&open_lock);
}

/* In the writer's thread, with nothing to write. */
static void
let_go (TempoWriter *self)
{
  gboolean done = self->scope != NULL && !self->failed && self->rest.let_go (self->rest.data);

  if (done)
    {
      sqlite3_wal_checkpoint_v2 (tempo_scope_get_db (self->scope), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
      g_clear_pointer (&self->scope, tempo_scope_free);
      note_closed (self);
    }
  g_mutex_lock (&self->lock);
  self->rest_asked = FALSE;
  self->resting = done;
  g_mutex_unlock (&self->lock);
}

static void watch_wal (TempoWriter *self);

/* In the writer's thread. What could not be opened may be there again next time. */
static gboolean
get_up (TempoWriter *self, GError **error)
{
  if (self->scope == NULL)
    {
      self->scope = self->rest.open (self->rest.data, error);
      if (self->scope == NULL)
        return FALSE;
      watch_wal (self);
      g_mutex_lock (&self->lock);
      self->resting = FALSE;
      g_mutex_unlock (&self->lock);
    }
  if (self->idle_us > 0)
    note_used (self);
  return TRUE;
}

static gboolean
is_in_transaction (TempoWriter *self)
{
  return sqlite3_get_autocommit (tempo_scope_get_db (self->scope)) == 0;
}

/* Runs one batch inside the transaction. Its savepoint costs little, as SQLite keeps the old
 * pages of each statement anyway; alone in the commit, undoing it is undoing the commit. */
static gboolean
run_batch (TempoWriter *self, Write *write, gboolean alone, GError **error)
{
  if (!alone && !tempo_scope_control (self->scope, "SAVEPOINT batch", error))
    return FALSE;
  if (tempo_scope_execute (self->scope, write->batch, &write->error))
    return alone || tempo_scope_control (self->scope, "RELEASE batch", error);
  /* SQLite may have rolled back by itself: then all of the commit is gone. */
  if (!is_of_batch (write->error) || !is_in_transaction (self))
    {
      g_propagate_error (error, g_steal_pointer (&write->error));
      return FALSE;
    }
  if (alone)
    return tempo_scope_control (self->scope, "ROLLBACK", error);
  return tempo_scope_control (self->scope, "ROLLBACK TO batch", error)
         && tempo_scope_control (self->scope, "RELEASE batch", error);
}

static gboolean
run_transaction (TempoWriter *self, GPtrArray *writes, GError **error)
{
  if (!tempo_scope_control (self->scope, "BEGIN IMMEDIATE", error))
    return FALSE;
  for (guint i = 0; i < writes->len; i++)
    if (!run_batch (self, writes->pdata[i], writes->len == 1, error))
      return FALSE;
  return !is_in_transaction (self) || tempo_scope_commit (self->scope, error);
}

/* After a failed fsync the system may have thrown the pages away and call the next fsync a
 * success: so the file is not written again before it was opened again. Damage likewise. */
static gboolean
is_for_good (const GError *fault)
{
  return g_error_matches (fault, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO)
         || g_error_matches (fault, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
}

static void
note_fault (TempoWriter *self, const GError *fault)
{
  g_mutex_lock (&self->lock);
  g_clear_error (&self->fault);
  self->fault = g_error_copy (fault);
  self->failed = self->failed || is_for_good (fault);
  self->counts.failures++;
  g_mutex_unlock (&self->lock);
}

static void
note_success (TempoWriter *self, GPtrArray *writes)
{
  guint64 batches = 0;

  for (guint i = 0; i < writes->len; i++)
    batches += ((Write *) writes->pdata[i])->error == NULL;
  g_mutex_lock (&self->lock);
  g_clear_error (&self->fault);
  self->counts.batches += batches;
  self->counts.commits += batches > 0;
  g_mutex_unlock (&self->lock);
}

static void
commit_writes (TempoWriter *self, GPtrArray *writes)
{
  g_autoptr (GError) fault = NULL;

  if (self->failed)
    fault = tempo_writer_dup_fault (self);
  else if (!get_up (self, &fault))
    note_fault (self, fault);
  else if (!run_transaction (self, writes, &fault))
    {
      if (is_in_transaction (self))
        tempo_scope_control (self->scope, "ROLLBACK", NULL);
      note_fault (self, fault);
    }
  else
    note_success (self, writes);

  /* What the commit failed with is everybody's error; who failed alone keeps theirs. */
  for (guint i = 0; fault != NULL && i < writes->len; i++)
    {
      Write *write = writes->pdata[i];

      if (write->error == NULL)
        write->error = g_error_copy (fault);
    }
}

static void
answer (TempoWriter *self, GPtrArray *writes)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < writes->len; i++)
    {
      Write *write = writes->pdata[i];

      /* From here on it is the waiting thread's, which may free it at once. */
      if (write->task == NULL)
        {
          write->done = TRUE;
          writes->pdata[i] = NULL;
        }
    }
  g_cond_broadcast (&self->done);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < writes->len; i++)
    {
      Write *write = writes->pdata[i];

      if (write == NULL)
        continue;
      if (write->error != NULL)
        g_task_return_error (write->task, g_steal_pointer (&write->error));
      else
        g_task_return_boolean (write->task, TRUE);
      write_free (write);
    }
}

static int
wal_grew_cb (void *data, sqlite3 *db, const char *name, int pages)
{
  TempoWriter *self = data;

  /* It was started over from its beginning. */
  if (pages < self->wal_pages)
    self->checkpoint_at = CHECKPOINT_PAGES;
  self->wal_pages = pages;
  return SQLITE_OK;
}

/* Only here, so never two at once. Old readers may hold a part back: then the next try is
 * a WAL's worth later, not after each commit. */
static void
checkpoint (TempoWriter *self)
{
  sqlite3 *db = NULL;
  g_autoptr (GError) fault = NULL;
  int rc = SQLITE_OK;

  if (self->wal_pages < self->checkpoint_at || self->failed || self->scope == NULL)
    return;
  db = tempo_scope_get_db (self->scope);
  rc = sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  self->checkpoint_at = self->wal_pages + CHECKPOINT_PAGES;
  if (rc != SQLITE_OK && rc != SQLITE_BUSY)
    {
      tempo_sqlite_fail (db, rc, "Checkpoint", &fault);
      note_fault (self, fault);
    }
}

static gboolean
is_job (Write *write)
{
  return write->job != NULL;
}

static void
watch_wal (TempoWriter *self)
{
  self->wal_pages = 0;
  self->checkpoint_at = CHECKPOINT_PAGES;
  sqlite3_wal_hook (tempo_scope_get_db (self->scope), wal_grew_cb, self);
}

/* What was queued before is committed, what comes after waits: so the job may have a connection of its own, as long as it
 * is the only one. */
static void
run_job (TempoWriter *self, Write *write)
{
  if (self->failed)
    {
      write->error = tempo_writer_dup_fault (self);
      return;
    }
  if (!get_up (self, &write->error))
    return;
  self->scope = write->job (self->scope, write->job_data);
  if (self->scope != NULL)
    {
      watch_wal (self);
      return;
    }
  g_set_error (&write->error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO, "The file could not be opened again");
  note_fault (self, write->error);
}

/* With the lock. FALSE when there was nothing to do for so long that the file can be let go. */
static gboolean
wait_for_work (TempoWriter *self)
{
  gint64 since = g_get_monotonic_time ();

  while (g_queue_is_empty (&self->waiting) && !self->stopping)
    {
      if (self->rest_asked && !self->resting)
        return FALSE;
      if (self->idle_us == 0 || self->resting)
        g_cond_wait (&self->wake, &self->lock);
      else if (!g_cond_wait_until (&self->wake, &self->lock, since + self->idle_us))
        return FALSE;
    }
  return TRUE;
}

/* Waits for work and takes what there is, up to a commit's worth, or one job alone. Empty: stop. */
static void
take_writes (TempoWriter *self, GPtrArray *writes)
{
  g_mutex_lock (&self->lock);
  while (!wait_for_work (self))
    {
      g_mutex_unlock (&self->lock);
      let_go (self);
      g_mutex_lock (&self->lock);
    }
  while (writes->len < MAX_PER_COMMIT && !g_queue_is_empty (&self->waiting)
         && (writes->len == 0 || (!is_job (writes->pdata[0]) && !is_job (g_queue_peek_head (&self->waiting)))))
    g_ptr_array_add (writes, g_queue_pop_head (&self->waiting));
  g_mutex_unlock (&self->lock);
}

/* Whoever gave up before their batch was begun gets their wish; after that it is written. */
static void
drop_cancelled (GPtrArray *writes)
{
  for (guint i = 0; i < writes->len;)
    {
      Write *write = writes->pdata[i];

      if (write->task != NULL && g_task_return_error_if_cancelled (write->task))
        write_free (g_ptr_array_remove_index (writes, i));
      else
        i++;
    }
}

static gpointer
write_thread (gpointer data)
{
  TempoWriter *self = data;
  g_autoptr (GPtrArray) writes = g_ptr_array_new ();

  for (;;)
    {
      take_writes (self, writes);
      if (writes->len == 0)
        break;
      drop_cancelled (writes);
      if (writes->len > 0 && is_job (writes->pdata[0]))
        run_job (self, writes->pdata[0]);
      else if (writes->len > 0)
        commit_writes (self, writes);
      answer (self, writes);
      g_ptr_array_set_size (writes, 0);
      /* Those who wait have their answers before this takes its time. */
      checkpoint (self);
    }
  return NULL;
}

/* With the lock. Says why a batch cannot be taken. */
static gboolean
refuse (TempoWriter *self, GError **error)
{
  if (self->stopping)
    g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED, "The store is closing");
  else if (g_queue_get_length (&self->waiting) >= MAX_WAITING)
    g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FAILED, "Too many writes are waiting");
  else
    return FALSE;
  return TRUE;
}

static gboolean
enqueue (TempoWriter *self, Write *write, GError **error)
{
  gboolean refused = FALSE;

  g_mutex_lock (&self->lock);
  refused = refuse (self, error);
  if (!refused)
    {
      g_queue_push_tail (&self->waiting, write);
      g_cond_signal (&self->wake);
    }
  g_mutex_unlock (&self->lock);
  return !refused;
}

/**
 * tempo_writer_new: starts the thread
 * @scope: (transfer full): the file's one writing scope, the thread's alone from now on
 *
 * Returns: (transfer full): the writer
 */
TempoWriter *
tempo_writer_new (TempoScope *scope)
{
  TempoWriter *self = g_new0 (TempoWriter, 1);

  self->scope = scope;
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  g_cond_init (&self->done);
  g_queue_init (&self->waiting);
  watch_wal (self);
  self->thread = g_thread_new ("tempo-writer", write_thread, self);
  return self;
}

/**
 * tempo_writer_push: queues a batch; any thread
 * @task: is returned TRUE after the commit, or the error
 *
 * Also a refusal goes to @task.
 */
void
tempo_writer_push (TempoWriter *self, TempoBatch *batch, GTask *task)
{
  g_autoptr (Write) write = write_new (batch, task);
  g_autoptr (GError) error = NULL;

  if (enqueue (self, write, &error))
    (void) g_steal_pointer (&write);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * tempo_writer_set_rest: lets the file go while nobody needs it
 * @rest: how
 * @idle_us: after so long without work, in microseconds
 */
void
tempo_writer_set_rest (TempoWriter *self, const TempoWriterRest *rest, gint64 idle_us)
{
  g_mutex_lock (&self->lock);
  self->rest = *rest;
  self->idle_us = idle_us;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  note_used (self);
}

void
tempo_writer_ask_rest (TempoWriter *self)
{
  g_mutex_lock (&self->lock);
  self->rest_asked = self->idle_us > 0;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

gboolean
tempo_writer_is_resting (TempoWriter *self)
{
  gboolean resting = FALSE;

  g_mutex_lock (&self->lock);
  resting = self->resting;
  g_mutex_unlock (&self->lock);
  return resting;
}

static TempoScope *
stay_job (TempoScope *scope, gpointer data)
{
  return scope;
}

/**
 * tempo_writer_wake: makes sure the file is open; any thread but the writer's
 *
 * Returns: FALSE with why it could not be opened
 */
gboolean
tempo_writer_wake (TempoWriter *self, GError **error)
{
  return tempo_writer_run_job (self, stay_job, NULL, error);
}

static gboolean
run_write (TempoWriter *self, Write *write, GError **error)
{
  g_assert (g_thread_self () != self->thread);
  if (!enqueue (self, write, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  while (!write->done)
    g_cond_wait (&self->done, &self->lock);
  g_mutex_unlock (&self->lock);
  if (write->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&write->error));
  return FALSE;
}

/**
 * tempo_writer_run: queues a batch and waits for its commit; any thread but the writer's
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR
 */
gboolean
tempo_writer_run (TempoWriter *self, TempoBatch *batch, GError **error)
{
  g_autoptr (Write) write = write_new (batch, NULL);

  return run_write (self, write, error);
}

/**
 * tempo_writer_run_job: queues a job and waits for its end; any thread but the writer's
 *
 * Returns: FALSE with a TEMPO_STORE_ERROR when it could not be run, or took the file with it
 */
gboolean
tempo_writer_run_job (TempoWriter *self, TempoWriterJob job, gpointer data, GError **error)
{
  g_autoptr (Write) write = write_new (NULL, NULL);

  write->job = job;
  write->job_data = data;
  return run_write (self, write, error);
}

/**
 * tempo_writer_stop: finishes what was queued, carries the WAL over into the file, closes the connection
 *
 * Whoever pushes later is refused with CLOSED. After the disk failed the WAL stays for the
 * next opening to recover from. Blocks; a second call does nothing.
 */
void
tempo_writer_stop (TempoWriter *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  if (self->thread == NULL)
    return;
  g_thread_join (g_steal_pointer (&self->thread));
  note_closed (self);
  if (self->scope == NULL)
    return;
  if (self->failed)
    sqlite3_db_config (tempo_scope_get_db (self->scope), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  else
    sqlite3_wal_checkpoint_v2 (tempo_scope_get_db (self->scope), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  g_clear_pointer (&self->scope, tempo_scope_free);
}

void
tempo_writer_free (TempoWriter *self)
{
  tempo_writer_stop (self);
  g_clear_error (&self->fault);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->done);
  g_free (self);
}

void
tempo_writer_get_counts (TempoWriter *self, TempoWriterCounts *counts)
{
  g_mutex_lock (&self->lock);
  *counts = self->counts;
  g_mutex_unlock (&self->lock);
}

/**
 * tempo_writer_dup_fault: what is wrong with the storage now
 *
 * Set when a commit fails as a whole, cleared by the next that does not.
 *
 * Returns: (transfer full) (nullable): the error, NULL when all is well
 */
GError *
tempo_writer_dup_fault (TempoWriter *self)
{
  GError *fault = NULL;

  g_mutex_lock (&self->lock);
  fault = self->fault != NULL ? g_error_copy (self->fault) : NULL;
  g_mutex_unlock (&self->lock);
  return fault;
}
