/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-poller.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

#define BATCH 64

struct _TempoPoller
{
  GSource *source; /* (owned) */
  int epoll;
  /* The batch being dispatched, so that a watch taken away meanwhile is not called. */
  struct epoll_event batch[BATCH];
  int n_batch;
  int next;
};

typedef struct
{
  GSource parent;
  TempoPoller *poller; /* (unowned): destroyed with it */
} PollerSource;

static gboolean
dispatch_source (GSource *source,
                 GSourceFunc callback,
                 gpointer user_data)
{
  g_autoptr (TempoPoller) self = tempo_poller_ref (((PollerSource *) source)->poller);

  /* A callback may iterate the context itself (a test waiting inside a handler): the outer batch ends then. */
  self->next = 0;
  self->n_batch = epoll_wait (self->epoll, self->batch, BATCH, 0);
  while (self->next < self->n_batch)
    {
      struct epoll_event *event = &self->batch[self->next++];
      TempoWatch *watch = event->data.ptr;

      if (watch != NULL)
        watch->func (watch, event->events);
    }
  self->n_batch = 0;
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .dispatch = dispatch_source };

/** Makes a poller on the thread-default context of the calling thread. */
TempoPoller *
tempo_poller_new (void)
{
  TempoPoller *self = g_rc_box_new0 (TempoPoller);

  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll < 0)
    g_error ("cannot make an epoll instance: %s", g_strerror (errno));
  self->source = g_source_new (&source_funcs, sizeof (PollerSource));
  ((PollerSource *) self->source)->poller = self;
  g_source_set_static_name (self->source, "tempo-poller");
  g_source_add_unix_fd (self->source, self->epoll, G_IO_IN);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

TempoPoller *
tempo_poller_ref (TempoPoller *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_all (gpointer data)
{
  TempoPoller *self = data;

  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  close (self->epoll);
}

void
tempo_poller_unref (TempoPoller *self)
{
  g_rc_box_release_full (self, clear_all);
}

/** Adds @watch or changes what it waits for; asks the kernel only when that differs from now. */
gboolean
tempo_poller_watch (TempoPoller *self,
                    TempoWatch *watch,
                    guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  if (watch->added && watch->events == events)
    return TRUE;
  if (epoll_ctl (self->epoll, watch->added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watch->fd, &event) < 0)
    return FALSE;
  watch->added = TRUE;
  watch->events = events;
  return TRUE;
}

/** Takes @watch out, also out of the batch that is being worked off. */
void
tempo_poller_unwatch (TempoPoller *self,
                      TempoWatch *watch)
{
  if (!watch->added)
    return;
  epoll_ctl (self->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
  watch->added = FALSE;
  for (int i = self->next; i < self->n_batch; i++)
    if (self->batch[i].data.ptr == watch)
      self->batch[i].data.ptr = NULL;
}
