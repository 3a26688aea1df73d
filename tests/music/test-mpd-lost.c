/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "mpd-house.h"
#include "mpd-stand-in.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What is in the daemon's hand when the link to it is lost, or when it tells late. */

static MpdHouse *
open_house (MpdStandIn *daemon)
{
  MpdHouse *house = g_new0 (MpdHouse, 1);
  TempoMpdOptions options = { .host = "127.0.0.1", .port = daemon->port, .retry_ms = 10 };

  house->files = music_fixture_new ();
  house->source = tempo_mpd_source_new (&options);
  mpd_house_watch (house);
  mpd_house_wait_health (house, TEMPO_SOURCE_READY);
  return house;
}

static TempoSong *
play (MpdHouse *house)
{
  TempoSong *song = mpd_house_find (house, "halo");

  tempo_source_play (house->source, song, 20000);
  mpd_house_wait_event (house, "started");
  return song;
}

/* The daemon is gone, and back with a queue of @theirs. Called with its lock. */
static void
forget_all (MpdStandIn *daemon, guint theirs)
{
  daemon->playing = FALSE;
  daemon->song = daemon->next = 0;
  daemon->theirs = daemon->last_id = theirs;
}

/* Tempo sought the end itself, so that the song is over is no other's doing, though no look came between. */
static void
test_late_look (void)
{
  g_autoptr (MpdStandIn) daemon = mpd_stand_in_new ();
  g_autoptr (MpdHouse) house = open_house (daemon);
  g_autoptr (TempoSong) song = play (house);
  g_autoptr (TempoSong) again = NULL;

  /* The news of the beginning was told and looked after. */
  mpd_stand_in_wait (daemon, "idle", 2);
  again = mpd_house_find (house, "halo");
  g_mutex_lock (&daemon->lock);
  daemon->silent = TRUE;
  g_mutex_unlock (&daemon->lock);
  tempo_source_seek (house->source, (MPD_STAND_IN_SECONDS - 1) * 1000);
  mpd_stand_in_wait (daemon, "seekid", 2);
  mpd_stand_in_stop (daemon);
  mpd_house_wait_event (house, "ended");
  g_assert_cmpstr (house->files->events->str, ==, "started position ended ");
}

/* It comes back and goes away again while it is given the song anew. */
static void
test_lost_again (gconstpointer data)
{
  g_autoptr (MpdStandIn) daemon = mpd_stand_in_new ();
  g_autoptr (MpdHouse) house = open_house (daemon);
  g_autoptr (TempoSong) song = play (house);
  g_autoptr (TempoSong) again = NULL;

  g_mutex_lock (&daemon->lock);
  forget_all (daemon, 0);
  daemon->cut = data;
  g_mutex_unlock (&daemon->lock);
  mpd_stand_in_hang_up (daemon);
  mpd_stand_in_wait (daemon, data, 3);
  mpd_stand_in_wait (daemon, "seekid", 2);
  mpd_house_wait_health (house, TEMPO_SOURCE_READY);
  /* Answered when all is settled. */
  again = mpd_house_find (house, "halo");
  g_mutex_lock (&daemon->lock);
  /* Where it was at the first loss. */
  g_assert_true (daemon->playing);
  g_assert_cmpfloat (daemon->elapsed, >=, 20);
  g_assert_cmpuint (daemon->last_id, <=, 2);
  g_mutex_unlock (&daemon->lock);
  mpd_stand_in_stop (daemon);
  music_fixture_wait_event (house->files, "displaced", 1);
  g_assert_cmpuint (music_fixture_count_event (house->files, "failed"), ==, 0);
}

/* It answers before it has read what it has. */
static void
test_reading (gconstpointer data)
{
  gboolean found = GPOINTER_TO_INT (data);
  g_autoptr (MpdStandIn) daemon = mpd_stand_in_new ();
  g_autoptr (MpdHouse) house = open_house (daemon);
  g_autoptr (TempoSong) song = play (house);

  g_mutex_lock (&daemon->lock);
  forget_all (daemon, 0);
  daemon->updating = TRUE;
  daemon->refused = "addid";
  g_mutex_unlock (&daemon->lock);
  mpd_stand_in_hang_up (daemon);
  mpd_stand_in_wait (daemon, "addid", 3);
  g_assert_cmpuint (music_fixture_count_event (house->files, "failed"), ==, 0);
  g_mutex_lock (&daemon->lock);
  daemon->updating = FALSE;
  daemon->refused = found ? NULL : "addid";
  g_mutex_unlock (&daemon->lock);
  if (found)
    {
      mpd_stand_in_wait (daemon, "seekid", 2);
      g_assert_cmpuint (music_fixture_count_event (house->files, "failed"), ==, 0);
      return;
    }
  mpd_house_wait_event (house, "failed");
  g_assert_error (house->files->error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE);
}

/* The ids of before are songs of the house now. */
static void
test_their_list (void)
{
  g_autoptr (MpdStandIn) daemon = mpd_stand_in_new ();
  g_autoptr (MpdHouse) house = open_house (daemon);
  g_autoptr (TempoSong) song = play (house);

  g_assert_true (tempo_source_hand_over (house->source, song));
  mpd_stand_in_wait (daemon, "addid", 2);
  g_mutex_lock (&daemon->lock);
  forget_all (daemon, 5);
  g_mutex_unlock (&daemon->lock);
  mpd_stand_in_hang_up (daemon);
  /* Ours, and the one after it. */
  mpd_stand_in_wait (daemon, "addid", 4);
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *line = g_strdup_printf ("deleteid \"%u\"", i);

      g_assert_cmpuint (mpd_stand_in_count (daemon, line), ==, 0);
    }
}

/* What was taken back while the daemon was away is taken out of its queue when it is there again. */
static void
test_taken_back (void)
{
  g_autoptr (MpdStandIn) daemon = mpd_stand_in_new ();
  g_autoptr (MpdHouse) house = open_house (daemon);
  g_autoptr (TempoSong) song = play (house);

  g_assert_true (tempo_source_hand_over (house->source, song));
  mpd_stand_in_wait (daemon, "addid", 2);
  g_mutex_lock (&daemon->lock);
  daemon->away = TRUE;
  g_mutex_unlock (&daemon->lock);
  mpd_stand_in_hang_up (daemon);
  mpd_house_wait_health (house, TEMPO_SOURCE_GONE);
  g_assert_true (tempo_source_take_back (house->source));
  g_mutex_lock (&daemon->lock);
  daemon->away = FALSE;
  g_mutex_unlock (&daemon->lock);
  mpd_stand_in_wait (daemon, "deleteid \"2\"", 1);
  mpd_house_wait_health (house, TEMPO_SOURCE_READY);
  g_assert_cmpuint (mpd_stand_in_count (daemon, "addid"), ==, 2);
}

#define ONLY_PORT 40000

/* In a net of our own, where every call to ONLY_PORT comes from it. FALSE where that is not allowed. */
static gboolean
enter_own_net (void)
{
  struct ifreq loopback = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
  int fd = unshare (CLONE_NEWUSER | CLONE_NEWNET) == 0 ? socket (AF_INET, SOCK_DGRAM, 0) : -1;
  gboolean up = fd >= 0 && ioctl (fd, SIOCSIFFLAGS, &loopback) == 0;

  if (fd >= 0)
    close (fd);
  return up
         && g_file_set_contents_full ("/proc/sys/net/ipv4/ip_local_port_range",
                                      G_STRINGIFY (ONLY_PORT) " " G_STRINGIFY (ONLY_PORT), -1,
                                      G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

static void
keep_first_cb (TempoSource *source, char **first)
{
  TempoSourceStatus status;

  tempo_source_get_status (source, &status);
  *first = *first ? *first : g_strdup (status.text);
}

static gboolean
is_told (gpointer data)
{
  return *(char **) data != NULL;
}

/* A call to a port where nobody listens, answered by the caller. */
static void
test_oneself (void)
{
  TempoMpdOptions options = { .host = "127.0.0.1", .port = ONLY_PORT, .retry_ms = 10 };
  g_autoptr (TempoSource) source = NULL;
  g_autofree char *first = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  if (!enter_own_net ())
    {
      g_test_skip ("no net of one's own");
      return;
    }
  source = tempo_mpd_source_new (&options);
  g_signal_connect (source, "health-changed", G_CALLBACK (keep_first_cb), &first);
  music_fixture_wait (is_told, &first);
  g_assert_cmpstr (first, ==, "the player cannot be reached: nobody listens there");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpd/lost/late-look", test_late_look);
  g_test_add_data_func ("/mpd/lost/again/adding", "addid", test_lost_again);
  g_test_add_data_func ("/mpd/lost/again/beginning", "seekid", test_lost_again);
  g_test_add_data_func ("/mpd/lost/reading/has-it", GINT_TO_POINTER (TRUE), test_reading);
  g_test_add_data_func ("/mpd/lost/reading/has-it-not", GINT_TO_POINTER (FALSE), test_reading);
  g_test_add_func ("/mpd/lost/their-list", test_their_list);
  g_test_add_func ("/mpd/lost/taken-back", test_taken_back);
  g_test_add_func ("/mpd/lost/oneself", test_oneself);
  return g_test_run ();
}
