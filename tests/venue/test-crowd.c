/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fifty clients of ten houses at once, on the real engine and its files. Every text a house writes bears its stamp;
 * no answer may ever bear another's. TEMPO_CROWD_OPS=100000 for the whole crowd; a fifth of it by default. */
#include "fixture.h"

#include <stdlib.h>

#define HOUSES 10
#define CLIENTS 50
#define OPS 20000

typedef struct
{
  Fixture f;
  char *ids[HOUSES];   /* (owned) */
  char *rooms[HOUSES]; /* (owned) */
  guint begun, ended, total;
  guint answers[3]; /* submissions, decisions, lists */
  GRand *random;    /* (owned) */
} Crowd;

typedef struct
{
  Crowd *crowd;
  guint house, number;
  char *pending; /* (owned) (nullable) a request of it that waits */
} Client;

static void go_on (Client *client);

/* Whether every stamp in @text is @house's. */
static void
check_stamps (const char *text,
              gsize length,
              guint house)
{
  const char *end = text + length;
  guint found = 0;

  for (const char *p = text; (p = g_strstr_len (p, end - p, "stamp-")) != NULL; p += 8, found++)
    g_assert_cmpint (strtol (p + strlen ("stamp-"), NULL, 10), ==, (long) house);
  g_assert_cmpuint (found, <, 100000);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  Client *client = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = tempo_host_list_finish (TEMPO_HOST (object), result, &error);

  g_assert_no_error (error);
  check_stamps (g_bytes_get_data (list, NULL), g_bytes_get_size (list), client->house);
  client->crowd->answers[2]++;
  go_on (client);
}

static void
list (Client *client)
{
  static const char *const lists[] = { "audit", "events", "settings", "displays", "audit" };
  Crowd *crowd = client->crowd;

  tempo_host_list_async (crowd->f.host, crowd->ids[client->house],
                         lists[g_rand_int_range (crowd->random, 0, G_N_ELEMENTS (lists))], NULL, NULL, 20, NULL, listed_cb, client);
}

static void
decided_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  Client *client = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (object), result, &error);

  g_assert_no_error (error);
  check_stamps (outcome->request->song->title, strlen (outcome->request->song->title), client->house);
  g_clear_pointer (&client->pending, g_free);
  client->crowd->answers[1]++;
  go_on (client);
}

static void
submitted_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  Client *client = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (object), result, &error);

  g_assert_no_error (error);
  check_stamps (outcome->request->song->title, strlen (outcome->request->song->title), client->house);
  check_stamps (outcome->request->name, strlen (outcome->request->name), client->house);
  client->pending = g_strdup (outcome->request->id);
  client->crowd->answers[0]++;
  go_on (client);
}

static void
decide (Client *client)
{
  Crowd *crowd = client->crowd;
  g_autoptr (TempoCommand) command =
    tempo_command_new (TEMPO_ACTION_DECLINE, crowd->f.desktop, crowd->ids[client->house], crowd->rooms[client->house]);

  command->request_id = g_strdup (client->pending);
  tempo_host_execute_async (crowd->f.host, command, NULL, decided_cb, client);
}

static void
submit (Client *client)
{
  Crowd *crowd = client->crowd;
  g_autofree char *cookie = g_strdup_printf ("cookie-%u", client->number);
  g_autoptr (TempoActor) actor = tempo_actor_new_guest (cookie, NULL, "192.0.2.7", "test");
  g_autoptr (TempoCommand) command =
    tempo_command_new (TEMPO_ACTION_SUBMIT, actor, crowd->ids[client->house], crowd->rooms[client->house]);

  command->title = g_strdup_printf ("stamp-%02u song %u", client->house, crowd->begun);
  command->name = g_strdup_printf ("stamp-%02u", client->house);
  tempo_host_execute_async (crowd->f.host, command, NULL, submitted_cb, client);
}

static void
go_on (Client *client)
{
  Crowd *crowd = client->crowd;

  if (crowd->begun >= crowd->total)
    {
      crowd->ended++;
      g_main_context_wakeup (NULL);
      return;
    }
  crowd->begun++;
  /* No evening happens in one microsecond: a log whose rows all have the same time would be sorted whole for each list. */
  tempo_clock_advance (crowd->f.clock, G_TIME_SPAN_MILLISECOND);
  if (client->pending != NULL)
    decide (client);
  else if (g_rand_int_range (crowd->random, 0, 10) < 4)
    submit (client);
  else
    list (client);
}

static void
found_houses (Crowd *crowd)
{
  static const char rules[] = "{\"perGuest\":0,\"freeText\":true,\"maxQueue\":0,\"approval\":true}";

  for (guint i = 0; i < HOUSES; i++)
    {
      g_autofree char *name = g_strdup_printf ("stamp-%02u house", i);
      g_autofree char *slug = g_strdup_printf ("house-%02u", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoOrganization) house = fixture_found (&crowd->f, name, slug, "olga", NULL, &error);
      g_autoptr (GPtrArray) rooms = NULL;
      TempoCommand *command;

      g_assert_no_error (error);
      rooms = tempo_host_list_rooms (crowd->f.host, house->id);
      crowd->ids[i] = g_strdup (house->id);
      crowd->rooms[i] = g_strdup (((TempoRoomInfo *) g_ptr_array_index (rooms, 0))->id);
      command = tempo_command_new (TEMPO_ACTION_EVENT_CREATE, crowd->f.desktop, crowd->ids[i], crowd->rooms[i]);
      command->name = g_strdup (name);
      command->flag = TRUE;
      command->patch = tempo_json_parse (rules, strlen (rules), NULL);
      tempo_outcome_unref (fixture_do (&crowd->f, command));
    }
}

static void
test_crowd (void)
{
  Crowd crowd = { 0 };
  Client clients[CLIENTS] = { 0 };
  const char *wished = g_getenv ("TEMPO_CROWD_OPS");
  gint64 begin;

  crowd.total = wished != NULL ? (guint) atoi (wished) : OPS;
  crowd.random = g_rand_new_with_seed (4711);
  fixture_set_up (&crowd.f, NULL);
  found_houses (&crowd);
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < CLIENTS; i++)
    {
      clients[i] = (Client) { &crowd, i % HOUSES, i, NULL };
      go_on (&clients[i]);
    }
  while (crowd.ended < CLIENTS)
    g_main_context_iteration (NULL, TRUE);
  g_test_message ("%u operations (%u submissions, %u decisions, %u lists) in %.1f s", crowd.begun, crowd.answers[0],
                  crowd.answers[1], crowd.answers[2], (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC);
  g_assert_cmpuint (crowd.answers[0] + crowd.answers[1] + crowd.answers[2], ==, crowd.total);

  for (guint i = 0; i < CLIENTS; i++)
    g_free (clients[i].pending);
  for (guint i = 0; i < HOUSES; i++)
    {
      g_free (crowd.ids[i]);
      g_free (crowd.rooms[i]);
    }
  g_rand_free (crowd.random);
  fixture_tear_down (&crowd.f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/crowd", test_crowd);
  return g_test_run ();
}
