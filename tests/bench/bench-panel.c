/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-panel COUNT: the real panel on the real engine while COUNT requests arrive, 32 at a time, from a thread of
 * their own. Prints one line of JSON: the longest turns of the main loop, drawing and all, on the clock and in
 * processor time (another program's turn on this processor is no stall of ours), in microseconds.
 * Wants a display: see tests/panel/run-with-display.sh. */
#include <glib/gstdio.h>
#include <time.h>

#include "base/tempo-json.h"
#include "panel/desk/tempo-host-link.h"
#include "panel/window/tempo-window.h"
#include "tests/panel/shared.h"
#include "venue/tempo-host.h"

#define RULES "{\"perGuest\":0,\"maxQueue\":0,\"freeText\":true,\"cooldownSeconds\":0}"
#define IN_FLIGHT 32
/* So many rows GTK makes for a list of any length; they are made once, before what is measured. */
#define FIRST_ROWS 300
#define GUESTS 200

typedef struct
{
  TempoHost *host;
  const char *organization;
  const char *room;
  guint count;  /* in all, when this load is over */
  guint sent;
  guint answered;
  gboolean done;
} Load;

/* Turns of the main loop, from one wait to the next. */
static struct
{
  gint64 began;
  clock_t spent;
  GArray *walls, *works; /* (owned) (element gint64) */
} turns;

static clock_t
read_work (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static int
poll_and_note (GPollFD *fds,
               guint n_fds,
               int timeout_ms)
{
  gint64 wall = g_get_monotonic_time () - turns.began;
  gint64 work = read_work () - turns.spent;
  int n;

  if (turns.began > 0)
    {
      g_array_append_val (turns.walls, wall);
      g_array_append_val (turns.works, work);
    }
  n = g_poll (fds, n_fds, timeout_ms);
  turns.spent = read_work ();
  turns.began = g_get_monotonic_time ();

  return n;
}

static void
result_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static void ask (Load *load);

static void
asked_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  Load *load = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (load->host, result, &error);

  g_assert_no_error (error);
  load->answered++;
  ask (load);
}

static void
ask (Load *load)
{
  g_autoptr (TempoActor) actor = NULL;
  g_autoptr (TempoCommand) command = NULL;
  g_autofree char *guest = g_strdup_printf ("guest %u", load->sent % GUESTS);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, guest, -1);

  if (load->sent == load->count)
    return;

  actor = tempo_actor_new_guest (digest, guest, "192.168.1.30", "bench");
  command = tempo_command_new (TEMPO_ACTION_SUBMIT, actor, load->organization, load->room);
  command->title = g_strdup_printf ("Song %u", load->sent++);
  command->artist = g_strdup ("Bench");
  command->name = g_strdup (guest);
  tempo_host_execute_async (load->host, command, NULL, asked_cb, load);
}

static gpointer
arrive (gpointer data)
{
  Load *load = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < MIN (IN_FLIGHT, load->count - load->answered); i++)
    ask (load);
  while (load->answered < load->count)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_atomic_int_set (&load->done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

typedef struct
{
  TempoDesk *desk;
  Load *load;
} Arrival;

static gboolean
all_are_shown (gpointer data)
{
  Arrival *arrival = data;

  return g_atomic_int_get (&arrival->load->done)
         && tempo_desk_list_count (tempo_desk_get_inbox (arrival->desk)) == arrival->load->count;
}

static gboolean
has_night (gpointer data)
{
  TempoRoomView *view = tempo_desk_get_view (data);

  return view != NULL && view->event != NULL;
}

static TempoOrganization *
found (TempoHost *host)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  g_autoptr (GAsyncResult) started = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TempoOrganization *organization;

  tempo_host_start_async (host, NULL, result_cb, &started);
  test_wait (has_result, &started);
  g_assert_true (tempo_host_start_finish (host, started, &error));
  tempo_host_create_organization_async (host, actor, "Bench", NULL, NULL, "owner", NULL, result_cb, &result);
  test_wait (has_result, &result);
  organization = tempo_host_create_organization_finish (host, result, &error);
  g_assert_no_error (error);

  return organization;
}

static void
open_doors (TempoHost *host,
            const char *organization,
            const char *room)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  g_autoptr (TempoCommand) command = tempo_command_new (TEMPO_ACTION_EVENT_CREATE, actor, organization, room);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  command->name = g_strdup ("Bench");
  command->flag = TRUE;
  command->patch = tempo_json_parse (RULES, strlen (RULES), &error);
  g_assert_no_error (error);
  tempo_host_execute_async (host, command, NULL, result_cb, &result);
  test_wait (has_result, &result);
  outcome = tempo_host_execute_finish (host, result, &error);
  g_assert_no_error (error);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return one < other ? -1 : one > other;
}

static void
let_arrive (Load *load,
            TempoDesk *desk,
            guint more)
{
  GThread *thread;

  load->done = FALSE;
  load->count += more;
  thread = g_thread_new ("guests", arrive, load);
  test_wait (all_are_shown, &(Arrival){ desk, load });
  g_thread_join (thread);
}

static void
print_turns (guint count,
             gint64 took)
{
  guint long_ones = 0, n = turns.works->len;

  g_array_sort (turns.walls, compare);
  g_array_sort (turns.works, compare);
  for (guint i = 0; i < n; i++)
    long_ones += g_array_index (turns.works, gint64, i) > 16000;
  g_print ("{\"count\":%u,\"seconds\":%.2f,\"turns\":%u,\"over16\":%u,\"wall\":%" G_GINT64_FORMAT ",\"work\":%" G_GINT64_FORMAT
           ",\"work99\":%" G_GINT64_FORMAT "}\n",
           count, took / 1e6, n, long_ones, g_array_index (turns.walls, gint64, n - 1), g_array_index (turns.works, gint64, n - 1),
           g_array_index (turns.works, gint64, n * 99 / 100));
}

int
main (int argc,
      char *argv[])
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "bench-panel", NULL);
  const TempoHostOptions options = { .data_dir = folder, .audio_sink = "fakesink" };
  TempoHost *host = tempo_host_new (&options);
  g_autoptr (TempoOrganization) organization = NULL;
  g_autoptr (GPtrArray) rooms = NULL;
  g_autoptr (TempoLink) link = NULL;
  g_autoptr (TempoDesk) desk = NULL;
  TempoWindow *window;
  Load load = { .host = host };
  guint count = argc > 1 ? (guint) atoi (argv[1]) : 10000;
  gint64 begin;

  g_mkdir_with_parents (folder, 0700);
  test_init_gtk ();
  organization = found (host);
  rooms = tempo_host_list_rooms (host, organization->id);
  load.organization = organization->id;
  load.room = ((TempoRoomInfo *) g_ptr_array_index (rooms, 0))->id;
  open_doors (host, load.organization, load.room);
  link = tempo_host_link_new (host);
  desk = tempo_desk_new (link);
  window = tempo_window_new (NULL, desk);
  gtk_window_present (GTK_WINDOW (window));
  tempo_window_show_ready (window);
  test_wait (has_night, desk);
  let_arrive (&load, desk, FIRST_ROWS);
  test_wait_ms (500);

  turns.walls = g_array_new (FALSE, FALSE, sizeof (gint64));
  turns.works = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_main_context_set_poll_func (NULL, poll_and_note);
  begin = g_get_monotonic_time ();
  let_arrive (&load, desk, count);
  print_turns (count, g_get_monotonic_time () - begin);
  g_main_context_set_poll_func (NULL, NULL);

  /* The folder goes with the display's; nothing is measured of the way down. */
  return 0;
}
