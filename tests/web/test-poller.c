/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>
#include <unistd.h>

#include "web/tempo-poller.h"

typedef struct
{
  TempoWatch watch; /* first */
  TempoPoller *poller;
  TempoWatch *victim; /* taken out when this one is called */
  guint n_calls;
  guint32 events;
} Probe;

static void
ready_cb (TempoWatch *watch,
          guint32 events)
{
  Probe *probe = (Probe *) watch;

  probe->n_calls++;
  probe->events = events;
  if (probe->victim != NULL)
    tempo_poller_unwatch (probe->poller, probe->victim);
}

static void
turn (void)
{
  g_main_context_iteration (NULL, FALSE);
}

static void
test_events (void)
{
  g_autoptr (TempoPoller) poller = tempo_poller_new ();
  Probe probe = { .watch.func = ready_cb, .poller = poller };
  int pair[2];
  char byte;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), ==, 0);
  probe.watch.fd = pair[0];
  g_assert_true (tempo_poller_watch (poller, &probe.watch, EPOLLIN));
  turn ();
  g_assert_cmpuint (probe.n_calls, ==, 0);
  g_assert_cmpint (write (pair[1], "x", 1), ==, 1);
  turn ();
  g_assert_cmpuint (probe.n_calls, ==, 1);
  g_assert_cmpuint (probe.events, ==, EPOLLIN);
  /* Level-triggered: said again until it is read, or asked for no more. */
  turn ();
  g_assert_cmpuint (probe.n_calls, ==, 2);
  g_assert_true (tempo_poller_watch (poller, &probe.watch, 0));
  turn ();
  g_assert_cmpuint (probe.n_calls, ==, 2);
  g_assert_true (tempo_poller_watch (poller, &probe.watch, EPOLLIN | EPOLLOUT));
  g_assert_cmpint (read (pair[0], &byte, 1), ==, 1);
  turn ();
  g_assert_cmpuint (probe.events, ==, EPOLLOUT);
  /* A hang-up is told whatever was asked for. */
  g_assert_true (tempo_poller_watch (poller, &probe.watch, 0));
  close (pair[1]);
  turn ();
  g_assert_cmpuint (probe.events & EPOLLHUP, ==, EPOLLHUP);
  tempo_poller_unwatch (poller, &probe.watch);
  tempo_poller_unwatch (poller, &probe.watch);
  close (pair[0]);
}

/* Two are ready in one turn and each would take the other out: only one is called. */
static void
test_taken_out_meanwhile (void)
{
  g_autoptr (TempoPoller) poller = tempo_poller_new ();
  Probe one = { .watch.func = ready_cb, .poller = poller };
  Probe two = { .watch.func = ready_cb, .poller = poller };
  int pairs[2][2];

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pairs[i]), ==, 0);
      g_assert_cmpint (write (pairs[i][1], "x", 1), ==, 1);
    }
  one.watch.fd = pairs[0][0];
  one.victim = &two.watch;
  two.watch.fd = pairs[1][0];
  two.victim = &one.watch;
  g_assert_true (tempo_poller_watch (poller, &one.watch, EPOLLIN));
  g_assert_true (tempo_poller_watch (poller, &two.watch, EPOLLIN));
  turn ();
  g_assert_cmpuint (one.n_calls + two.n_calls, ==, 1);
  tempo_poller_unwatch (poller, &one.watch);
  tempo_poller_unwatch (poller, &two.watch);
  for (guint i = 0; i < 4; i++)
    close (pairs[i / 2][i % 2]);
}

static void
test_refused (void)
{
  g_autoptr (TempoPoller) poller = tempo_poller_new ();
  Probe probe = { .watch.func = ready_cb, .watch.fd = -1 };

  g_assert_false (tempo_poller_watch (poller, &probe.watch, EPOLLIN));
  g_assert_false (probe.watch.added);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/poller/events", test_events);
  g_test_add_func ("/poller/taken-out-meanwhile", test_taken_out_meanwhile);
  g_test_add_func ("/poller/refused", test_refused);
  return g_test_run ();
}
