/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the thread sanitizer only, beside the locks of tests/store: what threads hand each other through main
 * contexts, tasks and reference counts. GLib orders all of it, inside a library the sanitizer does not see. */
#include <dlfcn.h>
#include <gio/gio.h>
#include <sanitizer/tsan_interface.h>

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

typedef struct
{
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
  gpointer mark;
} Handover;

static gboolean
run_handover (gpointer data)
{
  Handover *handover = data;

  __tsan_acquire (handover);
  __tsan_acquire (handover->mark);
  return handover->func (handover->data);
}

static void
free_handover (gpointer data)
{
  g_autofree Handover *handover = data;

  __tsan_acquire (handover);
  __tsan_acquire (handover->mark);
  if (handover->notify != NULL)
    handover->notify (handover->data);
}

static Handover *
make_handover (GSourceFunc func, gpointer data, GDestroyNotify notify, gpointer mark)
{
  Handover *handover = g_new0 (Handover, 1);

  handover->func = func;
  handover->data = data;
  handover->notify = notify;
  handover->mark = mark != NULL ? mark : handover;
  __tsan_release (handover);

  return handover;
}

void
g_main_context_invoke_full (GMainContext *context, gint priority, GSourceFunc func, gpointer data,
                            GDestroyNotify notify)
{
  Handover *handover = make_handover (func, data, notify, NULL);

  __tsan_release (handover->mark);
  REAL (g_main_context_invoke_full) (context, priority, run_handover, handover, free_handover);
}

void
g_main_context_invoke (GMainContext *context, GSourceFunc func, gpointer data)
{
  g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, func, data, NULL);
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  REAL (g_source_set_callback) (source, run_handover, make_handover (func, data, notify, source),
                                free_handover);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  __tsan_release (source);
  return REAL (g_source_attach) (source, context);
}

/* Source, task and worker. */


static void
run_work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GTaskThreadFunc func = g_object_get_data (G_OBJECT (task), "tsan-work");

  __tsan_acquire (task);
  func (task, source, data, cancellable);
}

void
g_task_run_in_thread (GTask *task, GTaskThreadFunc func)
{
  g_object_set_data (G_OBJECT (task), "tsan-work", func);
  __tsan_release (task);
  REAL (g_task_run_in_thread) (task, run_work);
}

void
g_task_return_boolean (GTask *task, gboolean result)
{
  __tsan_release (task);
  REAL (g_task_return_boolean) (task, result);
}

void
g_task_return_error (GTask *task, GError *error)
{
  __tsan_release (task);
  REAL (g_task_return_error) (task, error);
}

gboolean
g_task_propagate_boolean (GTask *task, GError **error)
{
  __tsan_acquire (task);
  return REAL (g_task_propagate_boolean) (task, error);
}

/* References: whoever drops the last one sees what everyone else did before dropping theirs. */

gpointer
(g_object_ref) (gpointer object)
{
  return REAL (g_object_ref) (object);
}

void
g_object_unref (gpointer object)
{
  __tsan_release (object);
  __tsan_acquire (object);
  REAL (g_object_unref) (object);
}

gboolean
(g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  __tsan_release ((void *) count);
  __tsan_acquire ((void *) count);
  return REAL (g_atomic_ref_count_dec) (count);
}

void
g_ptr_array_unref (GPtrArray *array)
{
  __tsan_release (array);
  __tsan_acquire (array);
  REAL (g_ptr_array_unref) (array);
}

void
g_bytes_unref (GBytes *bytes)
{
  __tsan_release (bytes);
  __tsan_acquire (bytes);
  REAL (g_bytes_unref) (bytes);
}
