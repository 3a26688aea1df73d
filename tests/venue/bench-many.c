/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-many: how long what is done to all songs at once takes with 100,000 of them, until it is durable; and how long
 * it keeps the engine from everybody else. */
#include "fixture.h"

#include <time.h>

#define SONGS 100000
#define GUESTS 1000

typedef struct
{
  gint64 longest; /* us of processor time that the engine was busy with one thing */
  gint64 spent;   /* us of the engine's processor time, all in all */
} Turns;

static gboolean
turn_cb (gpointer user_data)
{
  Turns *turns = user_data;
  struct timespec now;
  gint64 spent;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  spent = now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
  if (turns->spent != 0)
    turns->longest = MAX (turns->longest, spent - turns->spent);
  turns->spent = spent;

  return G_SOURCE_CONTINUE;
}

/* Somebody else's call, every millisecond. */
static GSource *
watch_turns (Fixture *f,
             Turns *turns)
{
  GSource *source = g_timeout_source_new (1);

  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, turn_cb, turns, NULL);
  g_source_attach (source, f->host->context);

  return source;
}

static void
heard_cb (TempoRoom *room,
          guint64 revision,
          GBytes *change,
          GBytes *staff,
          GPtrArray *touched,
          gpointer user_data)
{
}

/* What is told is written only when somebody listens. */
static void
listen (Fixture *f,
        TempoRoom *room,
        gpointer data)
{
  tempo_room_watch (room, heard_cb, NULL);
}

static void
measure (const char *what,
         const char *status,
         TempoAction action,
         gboolean heard)
{
  Fixture f = { 0 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoCommand) command = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;
  g_autofree char *rows = NULL;
  g_autoptr (GSource) watch = NULL;
  Turns turns = { 0 };
  gint64 begin, before;
  clock_t spent;

  fixture_set_up (&f, "{}");
  fixture_fill (&f, status, SONGS, GUESTS);
  fixture_settle (&f);
  if (heard)
    fixture_on_engine (&f, listen, NULL);
  command = fixture_command (&f, action);
  watch = watch_turns (&f, &turns);
  g_usleep (100000);
  before = turns.spent;
  begin = g_get_monotonic_time ();
  spent = clock ();
  tempo_host_execute_async (f.host, command, NULL, fixture_result_cb, &result);
  /* Longer than the fixture waits, if need be. */
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  outcome = tempo_host_execute_finish (f.host, result, &error);
  g_assert_no_error (error);
  g_print ("%-24s %u songs in %.2f s, %.2f s of processor time", what, outcome->count,
           (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC, (double) (clock () - spent) / CLOCKS_PER_SEC);
  g_usleep (100000);
  g_print (" (the engine %.2f s, longest turn %.0f ms)", (double) (turns.spent - before) / G_USEC_PER_SEC,
           (double) turns.longest / 1000);
  g_source_destroy (watch);
  g_clear_object (&result);
  fixture_settle (&f);
  rows = fixture_sql (&f, NULL, "SELECT count(*) FROM base_audit");
  g_print (", %s rows in the log\n", rows);
  fixture_tear_down (&f);
}

int
main (void)
{
  measure ("end, all in the queue", "approved", TEMPO_ACTION_EVENT_END, FALSE);
  measure ("end, all in the inbox", "pending", TEMPO_ACTION_EVENT_END, FALSE);
  measure ("approve all", "pending", TEMPO_ACTION_APPROVE, FALSE);
  measure ("clear the queue", "approved", TEMPO_ACTION_CLEAR, FALSE);
  measure ("approve all, listened to", "pending", TEMPO_ACTION_APPROVE, TRUE);
  measure ("clear, listened to", "approved", TEMPO_ACTION_CLEAR, TRUE);

  return 0;
}
