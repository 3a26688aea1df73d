/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The thread sanitizer, with what tempo-tsan-glib.c tells it, says nothing where GLib
 * orders two threads, and still sees a race, be it right beside a hand-over. Each case
 * runs in a process of its own, which the sanitizer ends at its report. */

#include <gio/gio.h>

static int counter;

static gpointer
count_plain_thread (gpointer data)
{
  counter++;
  return NULL;
}

static gpointer
count_locked_thread (gpointer data)
{
  g_mutex_lock (data);
  counter++;
  g_mutex_unlock (data);
  return NULL;
}

static void
run_two (GThreadFunc func, gpointer data)
{
  GThread *one = g_thread_new ("one", func, data);
  GThread *two = g_thread_new ("two", func, data);

  g_thread_join (one);
  g_thread_join (two);
}

static void
race_of_plain_counters (void)
{
  run_two (count_plain_thread, NULL);
}

static void
race_under_different_mutexes (void)
{
  GMutex mutexes[2] = { 0 };
  GThread *one = g_thread_new ("one", count_locked_thread, &mutexes[0]);
  GThread *two = g_thread_new ("two", count_locked_thread, &mutexes[1]);

  g_thread_join (one);
  g_thread_join (two);
}

static gpointer
lock_both_thread (gpointer data)
{
  GMutex **mutexes = data;

  g_mutex_lock (mutexes[0]);
  g_mutex_lock (mutexes[1]);
  g_mutex_unlock (mutexes[1]);
  g_mutex_unlock (mutexes[0]);
  return NULL;
}

/* One thread after the other: nothing locks up here, but could. */
static void
lock_in_two_orders (void)
{
  GMutex a = { 0 }, b = { 0 };
  GMutex *there[] = { &a, &b }, *back[] = { &b, &a };

  g_thread_join (g_thread_new ("there", lock_both_thread, there));
  g_thread_join (g_thread_new ("back", lock_both_thread, back));
}

static void
order_by_mutex (void)
{
  GMutex mutex = { 0 };

  run_two (count_locked_thread, &mutex);
  g_assert_cmpint (counter, ==, 2);
}

static void
add_thread (gpointer data, gpointer user_data)
{
  *(int *) data += 1;
}

static void
push_to_pool (gboolean touch_after)
{
  GThreadPool *pool = g_thread_pool_new (add_thread, NULL, 1, FALSE, NULL);
  int first = 1, second = 2;

  /* The second goes to a thread that already runs: its start orders nothing. */
  g_thread_pool_push (pool, &first, NULL);
  second++;
  g_thread_pool_push (pool, &second, NULL);
  if (touch_after)
    second++;
  g_thread_pool_free (pool, FALSE, TRUE);
  g_assert_cmpint (second, ==, touch_after ? 5 : 4);
}

static void
race_after_push (void)
{
  push_to_pool (TRUE);
}

static void
order_by_pool (void)
{
  push_to_pool (FALSE);
}

typedef struct
{
  GMainContext *context;
  GMainLoop *loop;
  int value;
} Room;

static gpointer
run_room_thread (gpointer data)
{
  Room *room = data;

  g_main_context_push_thread_default (room->context);
  g_main_loop_run (room->loop);
  g_main_context_pop_thread_default (room->context);
  return NULL;
}

static gboolean
count_cb (gpointer data)
{
  Room *room = data;

  room->value++;
  g_main_loop_quit (room->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
return_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
invoke_in_room (gboolean touch_after)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  Room room = { context, loop, 0 };
  GThread *thread = g_thread_new ("room", run_room_thread, &room);

  room.value = 1;
  g_main_context_invoke (context, count_cb, &room);
  if (touch_after)
    room.value++;
  g_thread_join (thread);
  g_assert_cmpint (room.value, ==, touch_after ? 3 : 2);
}

static void
race_after_invoke (void)
{
  invoke_in_room (TRUE);
}

static void
order_by_context (void)
{
  invoke_in_room (FALSE);
}

/* Destroyed once the starter has touched what it gave away; asking whether it is orders nothing. */
static GSource *touched;

static void
work_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  int *value = data;

  /* One that is faster than its starter would be ordered by the reference it drops. */
  while (touched != NULL && !g_source_is_destroyed (touched))
    g_thread_yield ();
  *value += 1;
  g_task_return_pointer (task, g_memdup2 (value, sizeof *value), g_free);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  int **answer = user_data;

  *answer = g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
run_task (gboolean touch_after)
{
  for (int i = 0; i < 20; i++)
    {
      g_autofree int *answer = NULL;
      g_autoptr (GTask) task = g_task_new (NULL, NULL, done_cb, &answer);
      int *value = g_new (int, 1);

      *value = 1;
      touched = touch_after ? g_idle_source_new () : NULL;
      g_task_set_task_data (task, value, g_free);
      g_task_run_in_thread (task, work_thread);
      if (touch_after)
        {
          *value += 1;
          g_source_destroy (touched);
        }
      while (answer == NULL)
        g_main_context_iteration (NULL, TRUE);
      *value += 1;
      *answer += 1;
    }
}

static void
race_after_run_in_thread (void)
{
  run_task (TRUE);
}

static void
order_by_task (void)
{
  run_task (FALSE);
}

static gpointer
read_bytes_thread (gpointer data)
{
  g_autoptr (GBytes) bytes = data;
  const char *text = g_bytes_get_data (bytes, NULL);

  return GINT_TO_POINTER (text[0]);
}

/* The last reference frees what the other thread has read. */
static void
order_by_references (void)
{
  for (int i = 0; i < 20; i++)
    {
      GBytes *bytes = g_bytes_new ("one song", 9);
      GThread *thread = g_thread_new ("bytes", read_bytes_thread, g_bytes_ref (bytes));

      g_bytes_unref (bytes);
      g_thread_join (thread);
    }
}

/* Two threads drop the last references of sources, and GLib's table of them shrinks in one and then in the other. */
static void
order_by_sources (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  Room room = { context, loop, 0 };
  GSource *kept[41] = { NULL };
  GThread *thread;

  for (guint i = 0; i < 400; i++)
    {
      GSource *source = g_idle_source_new ();

      g_source_set_callback (source, return_cb, NULL, NULL);
      g_source_attach (source, context);
      if (i < 40 || i == 399)
        kept[MIN (i, 40)] = source;
      else
        g_source_unref (source);
    }
  thread = g_thread_new ("room", run_room_thread, &room);
  /* That the room's thread is through is looked up in a way that orders nothing. */
  while (!g_source_is_destroyed (kept[40]))
    g_thread_yield ();
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    g_source_unref (kept[i]);
  g_main_context_invoke (context, count_cb, &room);
  g_thread_join (thread);
}

static void
count_finalize (GSource *source)
{
  counter++;
}

static gpointer
unref_source_thread (gpointer data)
{
  g_source_unref (data);
  return NULL;
}

static void
race_in_finalize (void)
{
  static GSourceFuncs funcs = { .finalize = count_finalize };
  g_autoptr (GMainContext) context = g_main_context_new ();
  GSource *source = g_source_new (&funcs, sizeof (GSource));
  GThread *thread;

  g_source_attach (source, context);
  g_source_destroy (source);
  thread = g_thread_new ("unref", unref_source_thread, source);
  counter++;
  g_thread_join (thread);
}

#define RACE "*ThreadSanitizer: data race*"

static const struct
{
  const char *name;
  void (*run) (void);
  const char *report; /* (nullable) NULL where there is to be none */
} cases[] = {
  { "/tsan/race/plain-counters", race_of_plain_counters, RACE },
  { "/tsan/race/different-mutexes", race_under_different_mutexes, RACE },
  { "/tsan/race/after-push", race_after_push, RACE },
  { "/tsan/race/after-invoke", race_after_invoke, RACE },
  { "/tsan/race/after-run-in-thread", race_after_run_in_thread, RACE },
  { "/tsan/race/finalize", race_in_finalize, RACE },
  { "/tsan/race/lock-order", lock_in_two_orders, "*ThreadSanitizer: lock-order-inversion*" },
  { "/tsan/order/mutex", order_by_mutex, NULL },
  { "/tsan/order/pool", order_by_pool, NULL },
  { "/tsan/order/context", order_by_context, NULL },
  { "/tsan/order/task", order_by_task, NULL },
  { "/tsan/order/sources", order_by_sources, NULL },
  { "/tsan/order/references", order_by_references, NULL },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  if (g_test_subprocess ())
    {
      cases[i].run ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  if (cases[i].report != NULL)
    {
      g_test_trap_assert_failed ();
      g_test_trap_assert_stderr (cases[i].report);
    }
  else
    {
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr_unmatched ("*ThreadSanitizer*");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].name, GUINT_TO_POINTER (i), test_case);
  return g_test_run ();
}
