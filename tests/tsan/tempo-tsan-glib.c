/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the thread sanitizer must know of GLib. Debian builds GLib without it, and
 * GLib locks by futexes and hands data over by atomics of its own: the sanitizer
 * sees two threads at the same memory and nothing between them. This library is
 * loaded before GLib (LD_PRELOAD, see tests/meson.build), stands in front of the
 * functions that order threads, and says for each what it orders, by the address
 * of the one lock, object or source concerned, never more: a race beside them is
 * still a race. test-tsan-race.c proves that.
 *
 * Calls inside of libglib or libgobject do not come past here, those of libgio and
 * of others do. So GTask, GDBus and the sockets are seen by what they call, while
 * what GLib does with its own parts (g_idle_add() attaches a source) is said again
 * here with public parts.
 *
 * It is not instrumented itself, and does nothing in a process without the
 * sanitizer. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <link.h>
#include <string.h>

#define EXPORT __attribute__ ((visibility ("default")))

extern void __tsan_acquire (void *address) __attribute__ ((weak));
extern void __tsan_release (void *address) __attribute__ ((weak));
extern void __tsan_mutex_pre_lock (void *address, unsigned flags) __attribute__ ((weak));
extern void __tsan_mutex_post_lock (void *address, unsigned flags, int recursion) __attribute__ ((weak));
extern int __tsan_mutex_pre_unlock (void *address, unsigned flags) __attribute__ ((weak));
extern void __tsan_mutex_post_unlock (void *address, unsigned flags) __attribute__ ((weak));
extern void __tsan_mutex_destroy (void *address, unsigned flags) __attribute__ ((weak));
extern void AnnotateIgnoreSyncBegin (const char *file, int line) __attribute__ ((weak));
extern void AnnotateIgnoreSyncEnd (const char *file, int line) __attribute__ ((weak));
extern void AnnotateIgnoreReadsBegin (const char *file, int line) __attribute__ ((weak));
extern void AnnotateIgnoreReadsEnd (const char *file, int line) __attribute__ ((weak));
extern void AnnotateIgnoreWritesBegin (const char *file, int line) __attribute__ ((weak));
extern void AnnotateIgnoreWritesEnd (const char *file, int line) __attribute__ ((weak));

/* Looked up at the first call: GObject's constructor runs before ours. */
#define REAL(function) \
  (__extension__ ({ \
    static __typeof__ (function) *real; \
    if (G_UNLIKELY (real == NULL)) \
      real = (__typeof__ (function) *) dlsym (RTLD_NEXT, #function); \
    real; \
  }))

static void
acquire (gconstpointer address)
{
  if (__tsan_acquire != NULL && address != NULL)
    __tsan_acquire ((void *) address);
}

static void
release (gconstpointer address)
{
  if (__tsan_release != NULL && address != NULL)
    __tsan_release ((void *) address);
}

/* Around a call that only changes GLib's own lists, under a lock inside of GLib: the
 * sanitizer would still see malloc(), free() and memcpy() there. */
static void
hide (void)
{
  if (AnnotateIgnoreReadsBegin == NULL)
    return;
  AnnotateIgnoreReadsBegin (__FILE__, __LINE__);
  AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
}

static void
show (void)
{
  if (AnnotateIgnoreReadsEnd == NULL)
    return;
  AnnotateIgnoreWritesEnd (__FILE__, __LINE__);
  AnnotateIgnoreReadsEnd (__FILE__, __LINE__);
}

/* Mutexes and conditions. GRecMutex and GRWLock are pthread's and seen without us. */

#define ANY_TIME 1u /* __tsan_mutex_linker_init: known from the first lock, for static ones */
#define TRIED 0x10u /* __tsan_mutex_try_lock: cannot wait, so its order cannot lock up */
#define FAILED 0x20u /* __tsan_mutex_try_lock_failed */

static gsize program_start, program_end;

static int
find_program_cb (struct dl_phdr_info *info, gsize size, gpointer data)
{
  program_start = G_MAXSIZE;
  for (guint i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_LOAD)
      {
        gsize start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;

        program_start = MIN (program_start, start);
        program_end = MAX (program_end, start + info->dlpi_phdr[i].p_memsz);
      }
  return 1; /* the program comes first */
}

/* Mutexes that the program itself takes are mutexes to the sanitizer, which then also
 * sees in which order they are taken. Of others it hears only what they order: in
 * which order GStreamer takes its own is not for us. Libraries end functions with a
 * jump to g_mutex_unlock(), as if their caller had called it; so each thread remembers
 * which it holds by a call of ours. */
static __thread GMutex *held[16];

static gboolean
is_ours (gconstpointer caller)
{
  if (program_end == 0)
    dl_iterate_phdr (find_program_cb, NULL);
  return __tsan_mutex_pre_lock != NULL && (gsize) caller >= program_start && (gsize) caller < program_end;
}

static gboolean
swap_held (GMutex *from, GMutex *to)
{
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    if (held[i] == from)
      {
        held[i] = to;
        return TRUE;
      }
  return FALSE;
}

static void
before_lock (GMutex *mutex, unsigned flags, gboolean ours)
{
  if (ours)
    __tsan_mutex_pre_lock (mutex, ANY_TIME | flags);
}

static void
after_lock (GMutex *mutex, unsigned flags, gboolean ours)
{
  gboolean failed = (flags & FAILED) != 0;

  if (ours)
    __tsan_mutex_post_lock (mutex, ANY_TIME | flags, 0);
  if (ours && !failed && !swap_held (NULL, mutex))
    g_error ("more than %u mutexes at once", (guint) G_N_ELEMENTS (held));
  if (!ours && !failed)
    acquire (mutex);
}

static gboolean
before_unlock (GMutex *mutex)
{
  gboolean ours = swap_held (mutex, NULL);

  if (ours)
    __tsan_mutex_pre_unlock (mutex, ANY_TIME);
  else
    release (mutex);
  return ours;
}

static void
after_unlock (GMutex *mutex, gboolean ours)
{
  if (ours)
    __tsan_mutex_post_unlock (mutex, ANY_TIME);
}

EXPORT void
g_mutex_lock (GMutex *mutex)
{
  gboolean ours = is_ours (__builtin_return_address (0));

  before_lock (mutex, 0, ours);
  REAL (g_mutex_lock) (mutex);
  after_lock (mutex, 0, ours);
}

EXPORT gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean ours = is_ours (__builtin_return_address (0)), locked;

  before_lock (mutex, TRIED, ours);
  locked = REAL (g_mutex_trylock) (mutex);
  after_lock (mutex, locked ? TRIED : TRIED | FAILED, ours);
  return locked;
}

EXPORT void
g_mutex_unlock (GMutex *mutex)
{
  gboolean ours = before_unlock (mutex);

  REAL (g_mutex_unlock) (mutex);
  after_unlock (mutex, ours);
}

EXPORT void
g_mutex_clear (GMutex *mutex)
{
  REAL (g_mutex_clear) (mutex);
  if (is_ours (__builtin_return_address (0)))
    __tsan_mutex_destroy (mutex, ANY_TIME);
}

EXPORT void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  gboolean ours = before_unlock (mutex);

  after_unlock (mutex, ours);
  REAL (g_cond_wait) (cond, mutex);
  before_lock (mutex, TRIED, ours);
  after_lock (mutex, TRIED, ours);
}

EXPORT gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean ours = before_unlock (mutex), signalled;

  after_unlock (mutex, ours);
  signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  before_lock (mutex, TRIED, ours);
  after_lock (mutex, TRIED, ours);
  return signalled;
}

/* What is made once. The fast path is an atomic read in the caller, which the
 * sanitizer sees; the write it belongs to is GLib's. */

EXPORT gboolean (g_once_init_enter) (volatile void *location)
{
  gboolean first = REAL (g_once_init_enter) (location);

  if (!first)
    acquire ((gconstpointer) location);
  return first;
}

EXPORT void (g_once_init_leave) (volatile void *location, gsize result)
{
  release ((gconstpointer) location);
  REAL (g_once_init_leave) (location, result);
}

/* References: whoever drops the last one frees what the others wrote. GLib counts a moment after we spoke, and another thread
 * may speak and count in between; then it would be the first to be done and the last to be heard. So those who drop one of the
 * same take turns. What is freed may wait for others who drop some: a turn is not waited for longer than a moment. */

#define MAX_YIELDS 200

static int *
take_turn (gconstpointer address)
{
  static int turns[4096];
  int *turn = &turns[(GPOINTER_TO_SIZE (address) >> 4) % G_N_ELEMENTS (turns)];

  for (guint i = 0; i < MAX_YIELDS; i++)
    {
      if (g_atomic_int_compare_and_exchange (turn, 0, 1))
        return turn;
      g_thread_yield ();
    }
  return NULL;
}

static void
end_turn (int *turn)
{
  if (turn != NULL)
    g_atomic_int_set (turn, 0);
}

#define UNREF(function, type) \
  EXPORT void (function) (type *self) \
  { \
    int *turn = take_turn (self); \
    release (self); \
    acquire (self); \
    REAL (function) (self); \
    end_turn (turn); \
  }

UNREF (g_object_unref, void)
UNREF (g_bytes_unref, GBytes)
UNREF (g_ptr_array_unref, GPtrArray)
UNREF (g_hash_table_unref, GHashTable)
UNREF (g_variant_unref, GVariant)
UNREF (g_date_time_unref, GDateTime)
UNREF (g_main_context_unref, GMainContext)
UNREF (g_ref_string_release, char)
UNREF (g_atomic_rc_box_release, void)

EXPORT void
g_atomic_rc_box_release_full (gpointer self, GDestroyNotify clear)
{
  int *turn = take_turn (self);

  release (self);
  acquire (self);
  REAL (g_atomic_rc_box_release_full) (self, clear);
  end_turn (turn);
}

EXPORT gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  int *turn = take_turn (count);
  gboolean last;

  release (count);
  acquire (count);
  last = REAL (g_atomic_ref_count_dec) (count);
  end_turn (turn);
  return last;
}

/* Sources: what was written before attaching is seen by dispatch, and what dispatch
 * wrote by whoever destroys. So every GSourceFuncs gets a wrapper around it. */

typedef struct
{
  GSourceFuncs funcs; /* what GLib calls */
  GSourceFuncs real;  /* what it is to reach */
} Wrapped;

static __thread gboolean dropping;

static gboolean
dispatch_cb (GSource *source, GSourceFunc callback, gpointer user_data)
{
  const Wrapped *wrapped = (const Wrapped *) source->source_funcs;
  gboolean again;

  acquire (source);
  again = wrapped->real.dispatch (source, callback, user_data);
  release (source);
  acquire (source);
  return again;
}

static void
finalize_cb (GSource *source)
{
  const Wrapped *wrapped = (const Wrapped *) source->source_funcs;

  acquire (source);
  if (wrapped->real.finalize == NULL)
    return;
  if (dropping)
    show ();
  wrapped->real.finalize (source);
  if (dropping)
    hide ();
}

/* The last reference takes a source off its context's table, under the context's lock, and makes the table smaller: two
 * threads that attach and drop free each other's. By then its callback is gone, so of ours only its finalize() is called. */
EXPORT void
(g_source_unref) (GSource *source)
{
  gboolean attached = source->context != NULL;
  int *turn = take_turn (source);

  release (source);
  acquire (source);
  if (attached)
    hide ();
  dropping = attached;
  REAL (g_source_unref) (source);
  dropping = FALSE;
  if (attached)
    show ();
  end_turn (turn);
}

EXPORT GSource *
g_source_new (GSourceFuncs *funcs, guint size)
{
  static GMutex lock;
  static GHashTable *table; /* GSourceFuncs → Wrapped, both for the life of the process */
  Wrapped *wrapped;

  REAL (g_mutex_lock) (&lock);
  if (table == NULL)
    table = g_hash_table_new (NULL, NULL);
  wrapped = g_hash_table_lookup (table, funcs);
  if (wrapped == NULL)
    {
      wrapped = g_new0 (Wrapped, 1);
      wrapped->funcs = *funcs;
      wrapped->real = *funcs;
      wrapped->funcs.dispatch = dispatch_cb;
      wrapped->funcs.finalize = finalize_cb;
      g_hash_table_insert (table, funcs, wrapped);
    }
  REAL (g_mutex_unlock) (&lock);
  return REAL (g_source_new) (&wrapped->funcs, size);
}

/* GLib's own sources are known by the addresses of their functions: those are
 * changed in place. */
#define BUILT_IN(name) \
  static gboolean (*name##_real) (GSource *, GSourceFunc, gpointer); \
  static gboolean name##_dispatch_cb (GSource *source, GSourceFunc callback, gpointer user_data) \
  { \
    gboolean again; \
    acquire (source); \
    again = name##_real (source, callback, user_data); \
    release (source); \
    acquire (source); \
    return again; \
  }

BUILT_IN (g_idle_funcs)
BUILT_IN (g_timeout_funcs)
BUILT_IN (g_unix_fd_source_funcs)
BUILT_IN (g_unix_signal_funcs)
BUILT_IN (g_child_watch_funcs)

#define WRAP(name) (name##_real = name.dispatch, name.dispatch = name##_dispatch_cb)

__attribute__ ((constructor)) static void
wrap_built_in (void)
{
  WRAP (g_idle_funcs);
  WRAP (g_timeout_funcs);
  WRAP (g_unix_fd_source_funcs);
  WRAP (g_unix_signal_funcs);
  WRAP (g_child_watch_funcs);
  /* Made here, before there are threads, rather than in the first that happens to
   * ask: its file descriptor is used by all. */
  if (__tsan_acquire != NULL)
    g_main_context_default ();
}

EXPORT guint
g_source_attach (GSource *source, GMainContext *context)
{
  guint id;

  release (source);
  hide ();
  /* Waking the context writes to a descriptor: that too would order all before it. */
  if (AnnotateIgnoreSyncBegin != NULL)
    AnnotateIgnoreSyncBegin (__FILE__, __LINE__);
  id = REAL (g_source_attach) (source, context);
  if (AnnotateIgnoreSyncEnd != NULL)
    AnnotateIgnoreSyncEnd (__FILE__, __LINE__);
  show ();
  return id;
}

EXPORT void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  release (source);
  REAL (g_source_set_callback) (source, func, data, notify);
}

EXPORT void
g_source_set_ready_time (GSource *source, gint64 ready_time)
{
  release (source);
  REAL (g_source_set_ready_time) (source, ready_time);
}

EXPORT void
g_source_destroy (GSource *source)
{
  release (source);
  acquire (source);
  REAL (g_source_destroy) (source);
}

static guint
add_source (GSource *source, GMainContext *context, int priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  guint id;

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, notify);
  id = g_source_attach (source, context);
  REAL (g_source_unref) (source); /* unseen: else whoever adds would be ordered after a quick dispatch */
  return id;
}

EXPORT guint
g_idle_add_full (int priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  return add_source (g_idle_source_new (), NULL, priority, func, data, notify);
}

EXPORT guint
g_idle_add (GSourceFunc func, gpointer data)
{
  return g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, func, data, NULL);
}

EXPORT guint
g_timeout_add_full (int priority, guint ms, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  return add_source (g_timeout_source_new (ms), NULL, priority, func, data, notify);
}

EXPORT guint
g_timeout_add (guint ms, GSourceFunc func, gpointer data)
{
  return g_timeout_add_full (G_PRIORITY_DEFAULT, ms, func, data, NULL);
}

EXPORT guint
g_timeout_add_seconds_full (int priority, guint seconds, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  return add_source (g_timeout_source_new_seconds (seconds), NULL, priority, func, data, notify);
}

EXPORT guint
g_timeout_add_seconds (guint seconds, GSourceFunc func, gpointer data)
{
  return g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, seconds, func, data, NULL);
}

/* As GLib documents it: at once where the context is ours, else as an idle source. */
EXPORT void
g_main_context_invoke_full (GMainContext *context, int priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  GMainContext *target = context != NULL ? context : g_main_context_default ();
  GMainContext *own = g_main_context_get_thread_default ();
  gboolean owner = g_main_context_is_owner (target);
  gboolean acquired = !owner && target == (own != NULL ? own : g_main_context_default ()) && g_main_context_acquire (target);

  if (!owner && !acquired)
    {
      add_source (g_idle_source_new (), target, priority, func, data, notify);
      return;
    }
  while (func (data))
    ;
  if (acquired)
    g_main_context_release (target);
  if (notify != NULL)
    notify (data);
}

EXPORT void
g_main_context_invoke (GMainContext *context, GSourceFunc func, gpointer data)
{
  g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, func, data, NULL);
}

/* Whoever waits in a loop sees what was written before it was told to quit. */

EXPORT void
g_main_loop_run (GMainLoop *loop)
{
  REAL (g_main_loop_run) (loop);
  acquire (loop);
}

EXPORT void
g_main_loop_quit (GMainLoop *loop)
{
  release (loop);
  REAL (g_main_loop_quit) (loop);
}

/* Threads of GStreamer run none of our code and read none of our data: what it does
 * there with objects of its own, by atomics of its own, is not looked at. */

static gboolean
is_of_gstreamer (gconstpointer caller)
{
  Dl_info info;
  const char *name;

  if (dladdr (caller, &info) == 0 || info.dli_fname == NULL)
    return FALSE;
  name = strrchr (info.dli_fname, '/');
  return g_str_has_prefix (name != NULL ? name + 1 : info.dli_fname, "libgst");
}

typedef struct
{
  GThreadFunc func;
  gpointer data;
} Start;

static gpointer
run_hidden_thread (gpointer data)
{
  Start start = *(Start *) data;
  gpointer result;

  g_free (data);
  hide ();
  result = start.func (start.data);
  show ();
  return result;
}

static GThread *
start_thread (const char *name, GThreadFunc func, gpointer data, gconstpointer caller, GError **error)
{
  Start *start;
  GThread *thread;

  if (!is_of_gstreamer (caller))
    return REAL (g_thread_try_new) (name, func, data, error);
  start = g_new (Start, 1);
  *start = (Start){ func, data };
  thread = REAL (g_thread_try_new) (name, run_hidden_thread, start, error);
  if (thread == NULL)
    g_free (start);
  return thread;
}

EXPORT GThread *
g_thread_try_new (const char *name, GThreadFunc func, gpointer data, GError **error)
{
  return start_thread (name, func, data, __builtin_return_address (0), error);
}

EXPORT GThread *
g_thread_new (const char *name, GThreadFunc func, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GThread *thread = start_thread (name, func, data, __builtin_return_address (0), &error);

  if (thread == NULL)
    g_error ("%s", error->message);
  return thread;
}

/* Pools of threads, GTask's among them. A task is ordered by its own address, the
 * end of the pool by the pool's. Numbers in place of pointers go by the pool. */

typedef struct
{
  GFunc func;
  gpointer user_data;
  gboolean hidden;
} Job;

static gconstpointer
token_of (gpointer data, gconstpointer other)
{
  return GPOINTER_TO_SIZE (data) >= 0x10000 ? data : other;
}

static void
job_cb (gpointer data, gpointer user_data)
{
  const Job *job = user_data;

  acquire (token_of (data, job));
  if (job->hidden)
    hide ();
  job->func (data, job->user_data);
  if (job->hidden)
    show ();
  release (job);
}

static GThreadPool *
new_pool (GFunc func, gpointer user_data, GDestroyNotify free_item, int max_threads, gboolean exclusive, gconstpointer caller, GError **error)
{
  Job *job = g_new0 (Job, 1); /* left for the life of the process: the pool may outlive every hook */

  job->func = func;
  job->user_data = user_data;
  job->hidden = is_of_gstreamer (caller);
  return REAL (g_thread_pool_new_full) (job_cb, job, free_item, max_threads, exclusive, error);
}

EXPORT GThreadPool *
g_thread_pool_new_full (GFunc func, gpointer user_data, GDestroyNotify free_item, int max_threads, gboolean exclusive, GError **error)
{
  return new_pool (func, user_data, free_item, max_threads, exclusive, __builtin_return_address (0), error);
}

EXPORT GThreadPool *
g_thread_pool_new (GFunc func, gpointer user_data, int max_threads, gboolean exclusive, GError **error)
{
  return new_pool (func, user_data, NULL, max_threads, exclusive, __builtin_return_address (0), error);
}

EXPORT gboolean
g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  gboolean pushed;

  release (token_of (data, pool->user_data));
  hide ();
  pushed = REAL (g_thread_pool_push) (pool, data, error);
  show ();
  return pushed;
}

EXPORT void
g_thread_pool_free (GThreadPool *pool, gboolean immediate, gboolean wait)
{
  gconstpointer job = pool->user_data;

  hide ();
  REAL (g_thread_pool_free) (pool, immediate, wait);
  show ();
  if (wait)
    acquire (job);
}

/* Queues between threads. */

EXPORT void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  release (token_of (data, queue));
  hide ();
  REAL (g_async_queue_push) (queue, data);
  show ();
}

#define POP(function, declaration, arguments) \
  EXPORT gpointer function declaration \
  { \
    gpointer data = REAL (function) arguments; \
    if (data != NULL) \
      acquire (token_of (data, queue)); \
    return data; \
  }

POP (g_async_queue_pop, (GAsyncQueue *queue), (queue))
POP (g_async_queue_try_pop, (GAsyncQueue *queue), (queue))
POP (g_async_queue_timeout_pop, (GAsyncQueue *queue, guint64 timeout), (queue, timeout))
