/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

/* Many sockets on one main context for the price of one GSource. A GSource per socket makes every turn
 * of the loop walk all of them: with 3,000 quiet connections that walk alone costs more than a request.
 * One thread: that of the context which was thread-default when it was made. */
typedef struct _TempoPoller TempoPoller;
typedef struct _TempoWatch TempoWatch;

/* @events: EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR as they came. May unwatch or free any watch. */
typedef void (*TempoWatchFunc) (TempoWatch *watch, guint32 events);

/* Embedded in what is watched. */
struct _TempoWatch
{
  TempoWatchFunc func;
  int fd;
  guint32 events;
  gboolean added;
};

TempoPoller *tempo_poller_new (void);
TempoPoller *tempo_poller_ref (TempoPoller *self);
void tempo_poller_unref (TempoPoller *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoPoller, tempo_poller_unref)

/* Adds, or changes what is waited for. Hang-up and error are reported whatever @events says. FALSE when
 * the kernel refuses (no memory, too many watches). */
gboolean tempo_poller_watch (TempoPoller *self, TempoWatch *watch, guint32 events);
/* Before its descriptor is closed. Nothing happens when it is not watched. */
void tempo_poller_unwatch (TempoPoller *self, TempoWatch *watch);

G_END_DECLS
