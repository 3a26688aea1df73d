/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-many: how long what is done to all songs at once takes with 100,000 of them, until it is durable. */
#include "fixture.h"

#include <time.h>

#define SONGS "100000"
#define GUESTS "1000"

/* Wishes as guests would have left them, past the engine, which would need minutes for them. */
static void
fill (Fixture *f,
      const char *status)
{
  g_autofree char *guests = NULL, *requests = NULL, *said = NULL, *done = NULL;

  guests = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " GUESTS ")"
                            " INSERT INTO base_guest (tenant_id, id, token_digest, name, first_seen_at, last_seen_at, origin, hlc)"
                            " SELECT '%s', printf ('01900000-0000-7000-8000-%%012x', i), 'guest' || i, 'guest ' || i,"
                            " %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", 'bench', 1 FROM n",
                            f->org, FIXTURE_NOW, FIXTURE_NOW);
  requests = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " SONGS ")"
                              " INSERT INTO base_request (tenant_id, id, number, room_id, event_id, guest_id, status, title, artist,"
                              " song_key, created_at, origin, hlc)"
                              " SELECT '%s', printf ('01900000-0000-7000-9000-%%012x', i), 'REQ-9-' || i, '%s', e.id,"
                              " printf ('01900000-0000-7000-8000-%%012x', 1 + i %% " GUESTS "), '%s', 'Song ' || i, 'Bench', 'song ' || i,"
                              " %" G_GINT64_FORMAT " + i, 'bench', 1 FROM n, base_event e WHERE e.state = 'active'",
                              f->org, f->room, status, FIXTURE_NOW);
  fixture_settle (f);
  fixture_stop (f);
  said = fixture_sql (f, NULL, guests);
  done = fixture_sql (f, NULL, requests);
  fixture_start (f);
}

static void
measure (const char *what,
         const char *status,
         TempoAction action)
{
  Fixture f = { 0 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoCommand) command = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;
  g_autofree char *rows = NULL;
  gint64 begin;
  clock_t spent;

  fixture_set_up (&f, "{}");
  fill (&f, status);
  fixture_settle (&f);
  command = fixture_command (&f, action);
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
  g_clear_object (&result);
  fixture_settle (&f);
  rows = fixture_sql (&f, NULL, "SELECT count(*) FROM base_audit");
  g_print (", %s rows in the log\n", rows);
  fixture_tear_down (&f);
}

int
main (void)
{
  measure ("end, all in the queue", "approved", TEMPO_ACTION_EVENT_END);
  measure ("end, all in the inbox", "pending", TEMPO_ACTION_EVENT_END);
  measure ("approve all", "pending", TEMPO_ACTION_APPROVE);
  measure ("clear the queue", "approved", TEMPO_ACTION_CLEAR);

  return 0;
}
