/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/tempo-worker.h"

struct _TempoWorker
{
  int references; /* (atomic) the owner's and the running thread's */
  GThread *thread; /* (owned) (nullable) NULL once joined */
  GMainContext *context; /* (owned) */
  GMainLoop *loop; /* (owned) */
  GMutex lock;
  GCond ended_cond;
  int ended; /* (atomic) also under @lock for the condition */
};

typedef struct
{
  TempoPostFunc func;
  gpointer data;
  GDestroyNotify destroy; /* (nullable) */
} Post;

static gboolean
run_post_cb (gpointer data)
{
  Post *post = data;

  post->func (post->data);
  return G_SOURCE_REMOVE;
}

static void
free_post (gpointer data)
{
  g_autofree Post *post = data;

  if (post->destroy)
    post->destroy (post->data);
}

static gpointer
run_thread (gpointer data)
{
  TempoWorker *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->ended, 1);
  g_cond_broadcast (&self->ended_cond);
  g_mutex_unlock (&self->lock);
  tempo_worker_unref (self);
  return NULL;
}

static void
quit_func (gpointer data)
{
  g_main_loop_quit (data);
}

/**
 * tempo_post:
 *
 * Not g_main_context_invoke(): that runs the function at once, in the calling
 * thread, whenever nobody happens to own @context.
 */
void
tempo_post (GMainContext *context, TempoPostFunc func, gpointer data, GDestroyNotify destroy)
{
  Post *post = g_new (Post, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  *post = (Post) { func, data, destroy };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "tempo-post");
  g_source_set_callback (source, run_post_cb, post, free_post);
  g_source_attach (source, context);
}

/**
 * tempo_worker_new:
 *
 * Starts a thread that runs until tempo_worker_stop(). Any thread may make one;
 * whoever makes it also stops it, because dropping the last reference does not.
 */
TempoWorker *
tempo_worker_new (const char *name)
{
  TempoWorker *self = g_new0 (TempoWorker, 1);

  self->references = 2;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->lock);
  g_cond_init (&self->ended_cond);
  self->thread = g_thread_new (name, run_thread, self);
  return self;
}

/**
 * tempo_worker_ref:
 *
 * Keeps the worker's memory, not its thread. Any thread.
 */
TempoWorker *
tempo_worker_ref (TempoWorker *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

/**
 * tempo_worker_unref:
 *
 * Any thread. The thread holds a reference of its own while it runs, so a worker
 * that did not end in time is freed by itself later.
 */
void
tempo_worker_unref (TempoWorker *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_clear_pointer (&self->thread, g_thread_unref);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended_cond);
  g_free (self);
}

/**
 * tempo_worker_get_context:
 *
 * For sources that belong on the worker. Any thread.
 */
GMainContext *
tempo_worker_get_context (TempoWorker *self)
{
  return self->context;
}

/**
 * tempo_worker_post:
 *
 * Runs @func on the worker's thread after everything posted before. Any thread.
 */
void
tempo_worker_post (TempoWorker *self, TempoPostFunc func, gpointer data, GDestroyNotify destroy)
{
  tempo_post (self->context, func, data, destroy);
}

/**
 * tempo_worker_stop:
 *
 * The wait is bounded because the work at hand may hang in a sound server or on a
 * disk that was pulled out; the owner goes on and the thread is left to itself.
 */
gboolean
tempo_worker_stop (TempoWorker *self, gint64 wait_us)
{
  gint64 deadline = g_get_monotonic_time () + wait_us;
  gboolean ended;

  tempo_worker_post (self, quit_func, g_main_loop_ref (self->loop), (GDestroyNotify) g_main_loop_unref);
  g_mutex_lock (&self->lock);
  while (!g_atomic_int_get (&self->ended))
    {
      if (!g_cond_wait_until (&self->ended_cond, &self->lock, deadline))
        break;
    }
  ended = g_atomic_int_get (&self->ended);
  g_mutex_unlock (&self->lock);
  /* Only its last steps are left. */
  if (ended && self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  return ended;
}
